/* How lines that are accounts of SIP servers are registered. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/registration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static LONG fetch_status(void *block, const void *arg)
{
    return lineGetLineDevStatusW(*(const HLINE *)arg, block);
}

bool registration_open(const struct tool_app *app, DWORD line, HLINE *handle)
{
    static const LINEEXTENSIONID ours = {SESSIONTSP_LINE_EXT_ID0, SESSIONTSP_LINE_EXT_ID1, SESSIONTSP_LINE_EXT_ID2,
                                         SESSIONTSP_LINE_EXT_ID3};
    DWORD version, ext_version;
    LINEEXTENSIONID id;

    return lineNegotiateAPIVersion(app->app, line, 0x00010003, TAPI_CURRENT_VERSION, &version, &id) == 0 &&
           memcmp(&id, &ours, sizeof(id)) == 0 &&
           lineNegotiateExtVersion(app->app, line, version, SESSIONTSP_LINE_EXT_VERSION, SESSIONTSP_LINE_EXT_VERSION,
                                   &ext_version) == 0 &&
           lineOpenA(app->app, line, handle, version, ext_version, 0, LINECALLPRIVILEGE_NONE, 0, NULL) == 0;
}

bool registration_get(HLINE handle, struct sessiontsp_registration *r)
{
    LINEDEVSTATUS *status = tool_fetch("lineGetLineDevStatus", sizeof(*status), fetch_status, &handle);
    bool good = status && status->dwDevSpecificSize >= sizeof(*r);

    if (good)
        memcpy(r, (const char *)status + status->dwDevSpecificOffset, sizeof(*r));
    free(status);
    if (good)
        r->szText[sizeof(r->szText) / sizeof(r->szText[0]) - 1] = 0;
    return good;
}

bool registration_of(const struct tool_app *app, DWORD line, struct sessiontsp_registration *r)
{
    HLINE handle;
    bool good;

    memset(r, 0, sizeof(*r));
    if (!registration_open(app, line, &handle))
        return false;
    good = registration_get(handle, r);
    (void)lineClose(handle);
    return good && r->dwState != SESSIONTSP_REGISTRATION_NONE;
}

const char *registration_text(const struct sessiontsp_registration *r, char text[REGISTRATION_TEXT_MAX])
{
    char time[TOOL_TIME_MAX], why[REGISTRATION_TEXT_MAX - 32];

    switch (r->dwState) {
    case SESSIONTSP_REGISTRATION_TRUNK:
        (void)snprintf(text, REGISTRATION_TEXT_MAX, "a trunk");
        break;
    case SESSIONTSP_REGISTRATION_REGISTERED:
        (void)snprintf(text, REGISTRATION_TEXT_MAX, "registered until %.8s",
                       tool_time(platform_wall_ms() + 1000 * (uint64_t)r->dwSeconds, time));
        break;
    case SESSIONTSP_REGISTRATION_NOT:
        (void)platform_utf16_to_utf8((const uint16_t *)r->szText, SIZE_MAX, why, sizeof(why));
        (void)snprintf(text, REGISTRATION_TEXT_MAX, "out of service: %s", why);
        break;
    default:
        text[0] = 0;
        break;
    }
    return text;
}

void registration_wait(const struct tool_app *app, bool any, uint32_t seconds)
{
    uint64_t deadline = platform_mono_ms() + 1000 * (uint64_t)seconds;
    HLINE *handlev = calloc((size_t)app->lines + 1, sizeof(*handlev));
    struct sessiontsp_registration r;
    LINEMESSAGE m;
    DWORD count = 0, i;
    bool waiting = handlev != NULL;

    for (i = 0; handlev && i < app->lines; i++) {
        if (!registration_open(app, i, &handlev[count]))
            continue;
        if (registration_get(handlev[count], &r) && r.dwState != SESSIONTSP_REGISTRATION_NONE &&
            lineSetStatusMessages(handlev[count], LINEDEVSTATE_INSERVICE | LINEDEVSTATE_OUTOFSERVICE, 0) == 0)
            count++;
        else
            (void)lineClose(handlev[count]);
    }
    while (waiting) {
        DWORD out = 0;

        for (i = 0; i < count; i++)
            out += registration_get(handlev[i], &r) && r.dwState == SESSIONTSP_REGISTRATION_NOT;
        waiting = (any ? count && out == count : out > 0) && tool_message(app, &m, deadline) == 0;
    }
    for (i = 0; i < count; i++)
        (void)lineClose(handlev[i]);
    free(handlev);
}
