/* Programs that leave calls to each other: requests, priorities, calls handed on by media mode.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: service_assist recipient N            takes N requests to make a call, and shows them\n"
    "       service_assist ask NUMBER             asks for a call\n"
    "       service_assist priority NAME MODE 0|1 puts a program first for a media mode (0: requests), or out\n"
    "       service_assist own LINE MODE          owns calls of a line, and shows them until the first one is over\n"
    "       service_assist give LINE MODE         makes a call and hands it on by media mode\n"
    "The exit status is 0, or 1 if something fails, which it shows.\n";

enum { INSTANCE = 77 };

static HLINEAPP app;

static void say(const char *what, LONG rc)
{
    printf("%s: %#lx\n", what, (unsigned long)(DWORD)rc);
    (void)fflush(stdout);
}

static void told(const char *what)
{
    puts(what);
    (void)fflush(stdout);
}

static bool begin(void)
{
    LINEINITIALIZEEXPARAMS params;
    DWORD version = 0x00020002, lines = 0;
    LONG rc;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEEVENT;
    rc = lineInitializeExA(&app, NULL, NULL, NULL, &lines, &version, &params);
    if (rc)
        say("lineInitializeEx", rc);
    return !rc;
}

static bool open_line(HLINE *line, DWORD number, DWORD privileges, DWORD mode)
{
    LONG rc = lineOpenA(app, number, line, 0x00020002, 0, 0, privileges, mode, NULL);

    if (rc)
        say("lineOpen", rc);
    return !rc;
}

static bool next(LINEMESSAGE *m)
{
    LONG rc = lineGetMessage(app, m, INFINITE);

    if (rc)
        say("lineGetMessage", rc);
    else if (m->dwMessageID == LINE_CLOSE)
        told("the service has gone");
    return !rc && m->dwMessageID != LINE_CLOSE;
}

static int recipient(unsigned long count)
{
    LINEREQMAKECALL r;
    LINEMESSAGE m;
    LONG rc;

    rc = lineRegisterRequestRecipient(app, INSTANCE, LINEREQUESTMODE_MAKECALL, TRUE);
    if (rc) {
        say("lineRegisterRequestRecipient", rc);
        return 1;
    }
    told("registered");
    while (count && next(&m)) {
        if (m.dwMessageID != LINE_REQUEST)
            continue;
        printf("LINE_REQUEST of mode %lu for %lu\n", (unsigned long)m.dwParam1, (unsigned long)m.dwCallbackInstance);
        while (count && (rc = lineGetRequestA(app, LINEREQUESTMODE_MAKECALL, &r)) == 0) {
            printf("request %s|%s|%s|%s\n", r.szDestAddress, r.szAppName, r.szCalledParty, r.szComment);
            (void)fflush(stdout);
            count--;
        }
        if (rc && rc != (LONG)LINEERR_NOREQUEST) {
            say("lineGetRequest", rc);
            return 1;
        }
    }
    return count != 0;
}

static int own(DWORD number, DWORD mode)
{
    HLINE line;
    LINEMESSAGE m;

    if (!open_line(&line, number, LINECALLPRIVILEGE_OWNER, mode))
        return 1;
    told("open");
    while (next(&m)) {
        if (m.dwMessageID != LINE_CALLSTATE)
            continue;
        printf("state %#lx%s\n", (unsigned long)m.dwParam1, m.dwParam3 == LINECALLPRIVILEGE_OWNER ? ", mine" : "");
        (void)fflush(stdout);
        if (m.dwParam1 & (LINECALLSTATE_CONNECTED | LINECALLSTATE_DISCONNECTED))
            (void)lineDrop(m.hDevice, NULL, 0);
        if (m.dwParam1 == LINECALLSTATE_IDLE)
            return lineDeallocateCall(m.hDevice) != 0;
    }
    return 1;
}

static int give(DWORD number, DWORD mode)
{
    HCALL call = 0;
    HLINE line;
    LINEMESSAGE m;
    LONG rc;

    if (!open_line(&line, number, LINECALLPRIVILEGE_NONE, 0))
        return 1;
    rc = lineMakeCallA(line, &call, "600", 0, NULL);
    if (rc <= 0) {
        say("lineMakeCall", rc);
        return 1;
    }
    while (next(&m)) {
        if (m.dwMessageID != LINE_CALLSTATE || m.dwParam1 != LINECALLSTATE_CONNECTED)
            continue;
        rc = lineHandoffA(call, NULL, mode);
        say("lineHandoff", rc);
        if (!rc)
            rc = lineDeallocateCall(call);
        return rc != 0;
    }
    return 1;
}

static int run(int argc, char **argv)
{
    const char *role = argc > 1 ? argv[1] : "";
    unsigned long n[4] = {0};
    LONG rc;

    for (int i = 0; i < 3 && i + 2 < argc; i++)
        n[i] = strtoul(argv[i + 2], NULL, 10);
    if (argc == 3 && strcmp(role, "ask") == 0) {
        rc = tapiRequestMakeCallA(argv[2], "asker", "party", "a comment");
        say("tapiRequestMakeCall", rc);
        return rc != 0;
    }
    if (argc == 5 && strcmp(role, "priority") == 0) {
        rc = lineSetAppPriorityA(argv[2], (DWORD)n[1], NULL, n[1] ? 0 : LINEREQUESTMODE_MAKECALL, NULL, (DWORD)n[2]);
        say("lineSetAppPriority", rc);
        return rc != 0;
    }
    if (argc == 3 && strcmp(role, "recipient") == 0)
        return begin() ? recipient(n[0]) : 1;
    if (argc == 4 && strcmp(role, "own") == 0)
        return begin() ? own((DWORD)n[0], (DWORD)n[1]) : 1;
    if (argc == 4 && strcmp(role, "give") == 0)
        return begin() ? give((DWORD)n[0], (DWORD)n[1]) : 1;
    fputs(usage, stderr);
    return 2;
}

int main(int argc, char **argv)
{
    int status = run(argc, argv);

    if (app)
        (void)lineShutdown(app);
    return status;
}
