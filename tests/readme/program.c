/* Calls the echo extension 600 of the embedded exchange, shows the states of the call, and hangs up.
 * SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <tapi.h>
#include <tapi_shim.h>

static HCALL call;
static HLINEAPP app;

/* Takes messages until one of the kind comes, with `want` as its first parameter if that is not 0. */
static DWORD_PTR wait_for(DWORD message, DWORD_PTR want)
{
    LINEMESSAGE m;

    while (lineGetMessage(app, &m, 10000) == 0) {
        if (m.dwMessageID == LINE_CALLSTATE)
            printf("call state 0x%08X\n", (unsigned)m.dwParam1);
        if (m.dwMessageID == message && (want == 0 || m.dwParam1 == want))
            return m.dwParam2;
    }
    printf("no such message within 10 s\n");
    return LINEERR_OPERATIONFAILED;
}

int main(void)
{
    LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof params, .dwOptions = LINEINITIALIZEEXOPTION_USEEVENT};
    DWORD lines, version = TAPI_CURRENT_VERSION;
    LINEEXTENSIONID extension;
    HLINE line;
    LONG rc = lineInitializeEx(&app, NULL, NULL, "example", &lines, &version, &params);

    if (rc != 0 || lines == 0) {
        printf("lineInitializeEx: %s, %u lines\n", tapi_shim_strerror(rc), (unsigned)lines);
        return 1;
    }
    rc = lineNegotiateAPIVersion(app, 0, 0x00010003, TAPI_CURRENT_VERSION, &version, &extension);
    if (rc == 0)
        rc = lineOpen(app, 0, &line, version, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL);
    if (rc == 0)
        rc = lineMakeCall(line, &call, "600", 0, NULL); /* above 0: the number of the request */
    if (rc > 0)
        rc = (LONG)wait_for(LINE_REPLY, (DWORD_PTR)rc);
    if (rc == 0) {
        wait_for(LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
        printf("connected\n");
        rc = lineDrop(call, NULL, 0);
        wait_for(LINE_CALLSTATE, LINECALLSTATE_IDLE);
        rc = lineDeallocateCall(call);
    }
    printf("%s\n", rc == 0 ? "call completed" : tapi_shim_strerror(rc));
    lineShutdown(app);
    return rc != 0;
}
