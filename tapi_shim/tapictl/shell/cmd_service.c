/* Commands of the shell that wait for something that no message of an open line tells. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdio.h>
#include <string.h>

enum { LOOK_MS = 20 };

static bool in_service(HLINE line)
{
    LINEDEVSTATUS status;

    memset(&status, 0, sizeof(status));
    status.dwTotalSize = sizeof(status);
    return lineGetLineDevStatusA(line, &status) == 0 && (status.dwDevStatusFlags & LINEDEVSTATUSFLAGS_INSERVICE);
}

/* An application of its own looks after it: its messages are none of the others', whether the line was there already
 * or not. */
enum shell_result shell_cmd_service(struct shell *sh, int argc, char **argv)
{
    uint64_t deadline = platform_mono_ms() + sh->limit_ms;
    bool in = strcmp(argv[2], "in") == 0, there = false;
    struct shell_program *program;
    struct tool_app app;
    LINEMESSAGE m;
    HLINE line = 0;
    DWORD device;
    LONG rc;

    (void)argc;
    if ((!in && strcmp(argv[2], "out") != 0) || !shell_line_parse(sh, argv[1], &program, &device))
        return SHELL_USAGE;
    if (!tool_open(&app))
        return SHELL_FAILED;
    rc = lineOpenA(app.app, device, &line, tool_version(&app, device), 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL);
    if (!rc)
        rc = lineSetStatusMessages(line, LINEDEVSTATE_INSERVICE | LINEDEVSTATE_OUTOFSERVICE, 0);
    while (!rc && !(there = in_service(line) == in))
        if (tool_message(&app, &m, deadline))
            break;
    tool_close(&app);
    if (rc)
        return shell_sync(sh, rc, "lineOpen", "line %lu", (unsigned long)device);
    return there ? SHELL_OK
                 : shell_fail(sh, "line %lu is not %s service within %lu s", (unsigned long)device,
                              in ? "in" : "out of", (unsigned long)sh->limit_ms / 1000);
}

static bool is_there(const char *path)
{
    FILE *f = fopen(path, "rb");

    if (f)
        (void)fclose(f);
    return f;
}

enum shell_result shell_cmd_await(struct shell *sh, int argc, char **argv)
{
    uint64_t deadline = platform_mono_ms() + sh->limit_ms;

    (void)argc;
    while (!is_there(argv[1])) {
        if (tool_interrupted() || platform_mono_ms() >= deadline)
            return shell_fail(sh, "there is no %.256s within %lu s", argv[1], (unsigned long)sh->limit_ms / 1000);
        shell_pass(sh, platform_mono_ms() + LOOK_MS);
    }
    return SHELL_OK;
}
