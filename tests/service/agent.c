/* A program that is a proxy for agents, and one that asks it: they meet in the service. SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: service_agent proxy LINE N   takes N requests about agents on a line, answers and shows them\n"
    "       service_agent silent LINE N  takes N, and answers none of them: waits until the service goes\n"
    "       service_agent ask LINE       asks for everything there is, and shows what comes\n"
    "       service_agent watch LINE N   shows N messages of proxies\n"
    "The exit status is 0, or 1 if something fails, which it shows.\n";

enum { GROUP_NAME = 6, AGENT = 4711 };

static const WCHAR group_name[GROUP_NAME] = {'S', 'a', 'l', 'e', 's', 0};
static HLINEAPP app;

static void say(const char *what, LONG rc)
{
    printf("%s: %#lx\n", what, (unsigned long)(DWORD)rc);
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

static bool next(LINEMESSAGE *m)
{
    LONG rc = lineGetMessage(app, m, INFINITE);

    if (rc)
        say("lineGetMessage", rc);
    else if (m->dwMessageID == LINE_CLOSE)
        say("the service has gone", 0);
    return !rc && m->dwMessageID != LINE_CLOSE;
}

/* ---- the proxy ---- */

static void groups(LINEAGENTGROUPLIST *list)
{
    LINEAGENTGROUPENTRY entry = {.GroupID = {1, 2, 3, 4}};

    list->dwNeededSize = sizeof(*list) + sizeof(entry) + sizeof(group_name);
    list->dwUsedSize = sizeof(*list);
    if (list->dwTotalSize < list->dwNeededSize)
        return;
    entry.dwNameSize = sizeof(group_name);
    entry.dwNameOffset = sizeof(*list) + sizeof(entry);
    list->dwUsedSize = list->dwNeededSize;
    list->dwNumEntries = 1;
    list->dwListSize = sizeof(entry);
    list->dwListOffset = sizeof(*list);
    memcpy(list + 1, &entry, sizeof(entry));
    memcpy((char *)list + entry.dwNameOffset, group_name, sizeof(group_name));
}

static LONG answer(LINEPROXYREQUEST *r)
{
    printf("request %lu\n", (unsigned long)r->dwRequestType);
    (void)fflush(stdout);
    switch (r->dwRequestType) {
    case LINEPROXYREQUEST_GETAGENTCAPS:
        r->GetAgentCaps.AgentCaps.dwNeededSize = r->GetAgentCaps.AgentCaps.dwUsedSize = sizeof(LINEAGENTCAPS);
        r->GetAgentCaps.AgentCaps.dwStates = LINEAGENTSTATE_READY;
        r->GetAgentCaps.AgentCaps.dwFeatures = LINEAGENTFEATURE_SETAGENTSTATE | LINEAGENTFEATURE_SETAGENTGROUP;
        return 0;
    case LINEPROXYREQUEST_SETAGENTSTATE:
        return r->SetAgentState.dwAgentState == LINEAGENTSTATE_READY ? 0 : (LONG)LINEERR_INVALAGENTSTATE;
    case LINEPROXYREQUEST_CREATEAGENT:
        r->CreateAgent.hAgent = AGENT;
        return 0;
    case LINEPROXYREQUEST_GETGROUPLIST:
        groups(&r->GetGroupList.GroupList);
        return 0;
    default:
        return (LONG)LINEERR_OPERATIONFAILED;
    }
}

static int proxy(DWORD number, unsigned long count, bool silent)
{
    struct {
        LINECALLPARAMS params;
        DWORD types[4];
    } p = {.types = {LINEPROXYREQUEST_GETAGENTCAPS, LINEPROXYREQUEST_SETAGENTSTATE, LINEPROXYREQUEST_CREATEAGENT,
                     LINEPROXYREQUEST_GETGROUPLIST}};
    LINEMESSAGE m;
    HLINE line;
    LONG rc;

    p.params.dwTotalSize = sizeof(p);
    p.params.dwDevSpecificSize = sizeof(p.types);
    p.params.dwDevSpecificOffset = sizeof(p.params);
    rc = lineOpenA(app, number, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE | LINEOPENOPTION_PROXY, 0, &p.params);
    say("lineOpen", rc);
    if (rc)
        return 1;
    while (count && next(&m)) {
        if (m.dwMessageID != LINE_PROXYREQUEST)
            continue;
        count--;
        if (silent) {
            say("taken", 0);
            continue;
        }
        rc = lineProxyResponse(line, (LPLINEPROXYREQUEST)m.dwParam1, (DWORD)answer((LPLINEPROXYREQUEST)m.dwParam1));
        if (rc) {
            say("lineProxyResponse", rc);
            return 1;
        }
    }
    while (silent && next(&m))
        ;
    if (!silent && !count)
        say("lineProxyMessage",
            lineProxyMessage(line, 0, LINE_AGENTSTATUS, 0, LINEAGENTSTATUS_STATE, LINEAGENTSTATE_READY));
    return count != 0;
}

/* ---- whoever asks ---- */

static LONG reply(LONG id)
{
    LINEMESSAGE m;

    if (id <= 0)
        return id;
    while (next(&m))
        if (m.dwMessageID == LINE_REPLY && m.dwParam1 == (DWORD_PTR)id)
            return (LONG)m.dwParam2;
    return (LONG)LINEERR_OPERATIONFAILED;
}

static int ask(DWORD number)
{
    union {
        LINEAGENTGROUPLIST list;
        char room[512];
    } g;
    LINEAGENTGROUPENTRY entry;
    LINEAGENTCAPS caps;
    HAGENT agent = 0;
    HLINE line;
    LONG rc = lineOpenA(app, number, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL);

    if (rc) {
        say("lineOpen", rc);
        return 1;
    }
    memset(&caps, 0, sizeof(caps));
    caps.dwTotalSize = sizeof(caps);
    rc = reply(lineGetAgentCapsW(app, number, 0, 0x00020002, &caps));
    say("lineGetAgentCaps", rc);
    if (rc)
        return 1;
    printf("features %#lx\n", (unsigned long)caps.dwFeatures);
    say("lineSetAgentState", reply(lineSetAgentState(line, 0, LINEAGENTSTATE_READY, 0)));
    say("lineSetAgentState", reply(lineSetAgentState(line, 0, LINEAGENTSTATE_UNKNOWN, 0)));
    say("lineSetAgentGroup", reply(lineSetAgentGroup(line, 0, NULL)));
    rc = reply(lineCreateAgentA(line, (LPSTR) "meier", (LPSTR) "12", &agent));
    say("lineCreateAgent", rc);
    printf("agent %lu\n", (unsigned long)agent);
    memset(&g, 0, sizeof(g));
    g.list.dwTotalSize = sizeof(g);
    rc = reply(lineGetGroupListA(line, &g.list));
    say("lineGetGroupList", rc);
    if (rc || g.list.dwNumEntries != 1)
        return 1;
    memcpy(&entry, g.room + g.list.dwListOffset, sizeof(entry));
    printf("group %s\n", g.room + entry.dwNameOffset);
    return 0;
}

static int watch(DWORD number, unsigned long count)
{
    LINEMESSAGE m;
    HLINE line;
    LONG rc = lineOpenA(app, number, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL);

    say("lineOpen", rc);
    while (!rc && count && next(&m)) {
        if (m.dwMessageID != LINE_PROXYSTATUS && m.dwMessageID != LINE_AGENTSTATUS)
            continue;
        count--;
        printf("%s %lu %lu %lu\n", m.dwMessageID == LINE_PROXYSTATUS ? "proxy" : "agent", (unsigned long)m.dwParam1,
               (unsigned long)m.dwParam2, (unsigned long)m.dwParam3);
        (void)fflush(stdout);
    }
    return count != 0;
}

static int run(int argc, char **argv)
{
    const char *role = argc > 1 ? argv[1] : "";
    DWORD line = argc > 2 ? (DWORD)strtoul(argv[2], NULL, 10) : 0;
    unsigned long count = argc > 3 ? strtoul(argv[3], NULL, 10) : 0;

    if (argc == 4 && (strcmp(role, "proxy") == 0 || strcmp(role, "silent") == 0))
        return begin() ? proxy(line, count, role[0] == 's') : 1;
    if (argc == 3 && strcmp(role, "ask") == 0)
        return begin() ? ask(line) : 1;
    if (argc == 4 && strcmp(role, "watch") == 0)
        return begin() ? watch(line, count) : 1;
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
