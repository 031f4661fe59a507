/* tapictl monitor: every message, as it comes. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/platform/platform.h"

#include <stdio.h>
#include <string.h>

const char monitor_help[] =
    "usage: tapictl monitor [--line N] [--seconds S]\n"
    "\n"
    "Opens the lines to monitor their calls, and shows every message that comes, with the time and with names, until\n"
    "Ctrl-C: those of the lines themselves, and of the calls of all programs that share them through the telephony\n"
    "service.\n"
    "\n"
    "options:\n"
    "  --line N      that line alone\n"
    "  --seconds S   ends after S seconds\n"
    "\n"
    "The exit status is 0, 1 if telephony cannot be started or no line can be opened, 2 for a command line that makes\n"
    "no sense.\n";

/* Opens one line and asks for all that it tells. False after saying why not. */
static bool watch(const struct tool_app *app, DWORD number)
{
    const DWORD line_states = 0x01FFFFFF, address_states = 0x000001FF;
    DWORD version = tool_version(app, number);
    HLINE line;
    LONG rc;

    if (!version)
        return false;
    rc = lineOpenA(app->app, number, &line, version, 0, number, LINECALLPRIVILEGE_MONITOR, 0, NULL);
    if (!rc)
        rc = lineSetStatusMessages(line, line_states, address_states);
    if (rc)
        (void)tool_failed("a line cannot be monitored", rc);
    return rc == 0;
}

int monitor_command(int argc, char **argv)
{
    uint32_t only = UINT32_MAX, seconds = 0;
    uint64_t deadline = UINT64_MAX;
    struct tool_app app;
    LINEMESSAGE m;
    DWORD line, opened = 0;
    int i;

    for (i = 0; i < argc; i += 2) {
        bool is_line = strcmp(argv[i], "--line") == 0;

        if (!is_line && strcmp(argv[i], "--seconds") != 0) {
            tool_error("monitor: unknown argument '%.64s' (tapictl monitor --help)", argv[i]);
            return TOOL_USAGE;
        }
        if (i + 1 >= argc ||
            !tool_number(argv[i + 1], is_line ? UINT32_MAX - 1 : 1000000, is_line ? &only : &seconds)) {
            tool_error("monitor: %s needs a number", argv[i]);
            return TOOL_USAGE;
        }
        if (!is_line)
            deadline = platform_mono_ms() + 1000 * (uint64_t)seconds;
    }
    if (!tool_open(&app))
        return TOOL_FAILED;
    tool_catch_interrupt();
    if (only != UINT32_MAX) {
        opened += watch(&app, only);
    } else {
        for (line = 0; line < app.lines; line++)
            opened += watch(&app, line);
        if (!app.lines)
            tool_error("there are no lines");
    }
    if (opened) {
        printf("monitoring %lu line%s, Ctrl-C ends\n", (unsigned long)opened, opened == 1 ? "" : "s");
        (void)fflush(stdout);
    }
    while (opened && tool_message(&app, &m, deadline) == 0) {
        char text[NAMES_TEXT_MAX], time[TOOL_TIME_MAX];

        printf("%s  line %llu  %s\n", tool_time(platform_wall_ms(), time), (unsigned long long)m.dwCallbackInstance,
               names_describe(&m, text));
        (void)fflush(stdout);
        if (m.dwMessageID == LINE_LINEDEVSTATE && !m.hDevice && m.dwParam1 == LINEDEVSTATE_REINIT) {
            tool_error("the telephony service has gone");
            opened = 0;
        }
    }
    tool_close(&app);
    return opened ? TOOL_OK : TOOL_FAILED;
}
