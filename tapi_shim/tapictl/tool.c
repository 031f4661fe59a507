/* What the commands of tapictl share. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/platform.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* lineGetMessage does not notice a signal, so it waits in slices. */
enum { SLICE_MS = 200 };

void tool_error(const char *fmt, ...)
{
    va_list ap;

    (void)fflush(stdout);
    fprintf(stderr, "tapictl: ");
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fprintf(stderr, "\n");
}

int tool_failed(const char *what, LONG rc)
{
    tool_error("%s: %s (0x%08lx)", what, error_name(rc), (unsigned long)rc & 0xFFFFFFFF);
    return TOOL_FAILED;
}

const char *tool_name = "tapictl";

bool tool_open(struct tool_app *app)
{
    LINEINITIALIZEEXPARAMS params;
    DWORD version = TAPI_CURRENT_VERSION;
    LONG rc;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEEVENT;
    rc = lineInitializeExA(&app->app, NULL, NULL, tool_name, &app->lines, &version, &params);
    if (rc) {
        (void)tool_failed("telephony cannot be started", rc);
        return false;
    }
    app->event = params.Handles.hEvent;
    return true;
}

void tool_close(struct tool_app *app)
{
    LONG rc = lineShutdown(app->app);

    if (rc)
        (void)tool_failed("lineShutdown", rc);
}

DWORD tool_version(const struct tool_app *app, DWORD line)
{
    LINEEXTENSIONID extension;
    DWORD version = 0;
    LONG rc = lineNegotiateAPIVersion(app->app, line, 0x00010003, TAPI_CURRENT_VERSION, &version, &extension);

    if (!rc)
        return version;
    if (rc == (LONG)LINEERR_BADDEVICEID && app->lines)
        tool_error("there is no line %lu, the last one is %lu", (unsigned long)line, (unsigned long)(app->lines - 1));
    else if (rc == (LONG)LINEERR_BADDEVICEID)
        tool_error("there is no line %lu, there are no lines at all", (unsigned long)line);
    else
        tool_error("line %lu: %s", (unsigned long)line, error_name(rc));
    return 0;
}

void *tool_fetch(const char *what, size_t size, tool_fetch_h *h, const void *arg)
{
    size_t room = size + 1024;

    for (;;) {
        DWORD *block = calloc(1, room + sizeof(DWORD));
        DWORD needed;
        LONG rc;

        if (!block) {
            tool_error("%s: out of memory", what);
            return NULL;
        }
        block[0] = (DWORD)room;
        rc = h(block, arg);
        needed = block[1];
        if (!rc && needed <= room)
            return block;
        free(block);
        if ((rc && rc != (LONG)LINEERR_STRUCTURETOOSMALL) || room > 0x1000000) {
            (void)tool_failed(what, rc ? rc : (LONG)LINEERR_STRUCTURETOOSMALL);
            return NULL;
        }
        room = needed > room ? needed : 2 * room;
    }
}

const char *tool_text(const void *block, DWORD size, DWORD offset)
{
    return size ? (const char *)block + offset : "";
}

const WCHAR *tool_wide(const void *block, DWORD size, DWORD offset)
{
    static const WCHAR none[1] = {0};

    return size ? (const WCHAR *)(const void *)((const char *)block + offset) : none;
}

const char *tool_time(uint64_t wall_ms, char text[TOOL_TIME_MAX])
{
    struct platform_date d;

    platform_wall_to_local(wall_ms, &d);
    (void)snprintf(text, TOOL_TIME_MAX, "%02d:%02d:%02d.%03d", d.hour, d.minute, d.second, d.ms);
    return text;
}

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void tool_catch_interrupt(void)
{
    (void)signal(SIGINT, on_interrupt);
    (void)signal(SIGTERM, on_interrupt);
}

bool tool_interrupted(void)
{
    return interrupted != 0;
}

LONG tool_message(const struct tool_app *app, LINEMESSAGE *m, uint64_t deadline_ms)
{
    for (;;) {
        uint64_t now = platform_mono_ms();
        uint64_t left = now < deadline_ms ? deadline_ms - now : 0;
        LONG rc = lineGetMessage(app->app, m, left < SLICE_MS ? (DWORD)left : SLICE_MS);

        if (rc != (LONG)LINEERR_OPERATIONFAILED || interrupted || left <= SLICE_MS)
            return rc;
    }
}

bool tool_number(const char *text, uint32_t max, uint32_t *value)
{
    uint64_t n = 0;
    const char *p;

    for (p = text; *p >= '0' && *p <= '9' && n <= max; p++)
        n = 10 * n + (uint64_t)(*p - '0');
    if (p == text || *p || n > max)
        return false;
    *value = (uint32_t)n;
    return true;
}
