/* Commands of the shell that change which lines there are. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tapi_shim/tapictl/shell/shell.h"

static enum shell_result change(struct shell *sh, const char *what, const char *number, const char *name)
{
    struct sessiontsp_provider result = {0, 0, 0, 0, 0, 0, 0};
    DWORD id = tool_provider();
    LONG rc;

    if (!id)
        return SHELL_FAILED;
    rc = tool_provider_line(id, what[0] == 'a', number, name, true, &result);
    if (shell_sync(sh, rc, "TSPI_providerGenericDialogData", "%s%s%s", what, number ? " " : "", number ? number : "") !=
        SHELL_OK)
        return SHELL_FAILED;
    shell_show(sh, "%lu new, %lu gone, %lu changed%s", (unsigned long)result.dwAdded, (unsigned long)result.dwRemoved,
               (unsigned long)result.dwChanged, result.dwFailed ? "; others could not be had, see the log" : "");
    return SHELL_OK;
}

enum shell_result shell_cmd_add_line(struct shell *sh, int argc, char **argv)
{
    return change(sh, "add-line", argv[1], argc > 2 ? argv[2] : NULL);
}

enum shell_result shell_cmd_remove_line(struct shell *sh, int argc, char **argv)
{
    (void)argc;
    return change(sh, "remove-line", argv[1], NULL);
}

enum shell_result shell_cmd_reload(struct shell *sh, int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return change(sh, "reload", NULL, NULL);
}
