/* Commands of the shell: lines, and calls from their start to their release. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines ------------------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_open(struct shell *sh, int argc, char **argv)
{
    DWORD privileges = LINECALLPRIVILEGE_OWNER, media = LINEMEDIAMODE_INTERACTIVEVOICE;
    struct shell_program *program;
    DWORD_PTR bits;
    DWORD device;
    int i;

    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "monitor") == 0) {
            privileges = LINECALLPRIVILEGE_MONITOR;
            media = 0;
        } else if (strcmp(argv[i], "both") == 0) {
            privileges = LINECALLPRIVILEGE_OWNER | LINECALLPRIVILEGE_MONITOR;
        } else if (strcmp(argv[i], "media") == 0 && i + 1 < argc) {
            if (!names_value(NAMES_MEDIAMODE, argv[++i], &bits)) {
                (void)shell_fail(sh, "'%.64s' is no media mode", argv[i]);
                return SHELL_USAGE;
            }
            media = (DWORD)bits;
        }
    }
    for (i = 1; i < argc; i++) {
        if (strcmp(argv[i], "monitor") == 0 || strcmp(argv[i], "both") == 0)
            continue;
        if (strcmp(argv[i], "media") == 0) {
            i++;
            continue;
        }
        if (strcmp(argv[i], "all") == 0) {
            for (device = 0; device < sh->app.lines; device++)
                if (!shell_line_by_device(sh, NULL, device) && !shell_line_open(sh, NULL, device, privileges, media))
                    return SHELL_FAILED;
            continue;
        }
        if (!shell_line_parse(sh, argv[i], &program, &device))
            return SHELL_USAGE;
        if (shell_line_by_device(sh, program, device))
            return shell_fail(sh, "line %s is open already", argv[i]);
        if (!shell_line_open(sh, program, device, privileges, media))
            return SHELL_FAILED;
    }
    return SHELL_OK;
}

enum shell_result shell_cmd_close(struct shell *sh, int argc, char **argv)
{
    struct shell_program *program;
    enum shell_result result;
    struct shell_line *l;
    DWORD device;

    (void)argc;
    if (!shell_line_parse(sh, argv[1], &program, &device))
        return SHELL_USAGE;
    l = shell_line_by_device(sh, program, device);
    if (!l)
        return shell_fail(sh, "line %.64s is not open", argv[1]);
    result = shell_sync(sh, lineClose(l->line), "lineClose", "%s", l->object.name);
    if (result == SHELL_OK)
        shell_line_close(sh, l);
    return result;
}

enum shell_result shell_cmd_program(struct shell *sh, int argc, char **argv)
{
    struct shell_program *p;
    const char *name = tool_name;
    bool open;

    (void)argc;
    if (sh->prompt)
        return shell_fail(sh, "only in a file: start another tapictl instead");
    for (p = sh->programs; p && strcmp(p->name, argv[1]) != 0; p = p->next)
        ;
    if (!shell_name_valid(argv[1]) || p)
        return shell_fail(sh, "'%.64s' is no name for a program, or one has it", argv[1]);
    p = calloc(1, sizeof(*p));
    if (!p)
        return shell_fail(sh, "out of memory");
    strcpy(p->name, argv[1]);
    tool_name = p->name;
    open = tool_open(&p->app);
    tool_name = name;
    if (!open) {
        free(p);
        return shell_fail(sh, "the program cannot be started");
    }
    p->next = sh->programs;
    sh->programs = p;
    return SHELL_OK;
}

enum shell_result shell_cmd_watch(struct shell *sh, int argc, char **argv)
{
    const DWORD line_states = 0x01FFFFFF, address_states = 0x000001FF;
    struct shell_line *l = shell_line_find(sh, argv[1]);

    (void)argc;
    return l ? shell_sync(sh, lineSetStatusMessages(l->line, line_states, address_states), "lineSetStatusMessages",
                          "%s, all", l->object.name)
             : SHELL_FAILED;
}

enum shell_result shell_cmd_set_line(struct shell *sh, int argc, char **argv)
{
    struct shell_line *l = shell_line_find(sh, argv[1]);
    DWORD_PTR bits;
    uint32_t rings;

    (void)argc;
    if (!l)
        return SHELL_FAILED;
    if (strcmp(argv[2], "rings") == 0) {
        if (!tool_number(argv[3], 1000, &rings))
            return SHELL_USAGE;
        return shell_sync(sh, lineSetNumRings(l->line, 0, rings), "lineSetNumRings", "%s, 0, %lu", l->object.name,
                          (unsigned long)rings);
    }
    if (!names_value(NAMES_LINEDEVSTATUS, argv[2], &bits) ||
        (strcmp(argv[3], "on") != 0 && strcmp(argv[3], "off") != 0))
        return SHELL_USAGE;
    return shell_async(sh, &l->object, lineSetLineDevStatus(l->line, (DWORD)bits, strcmp(argv[3], "on") == 0),
                       "lineSetLineDevStatus", "%s, %s, %s", l->object.name, argv[2], argv[3]);
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

LINECALLPARAMS *shell_params(struct shell *sh, int argc, char **argv, int from, const char **linep)
{
    LINECALLPARAMS *params = NULL;
    size_t size = sizeof(*params);
    const char *uui = NULL;
    DWORD_PTR bits;
    int i;

    for (i = from; i < argc; i++)
        if (strcmp(argv[i], "uui") == 0 && i + 1 < argc)
            uui = argv[i + 1];
    size += uui ? strlen(uui) + 1 : 0;
    params = calloc(1, size);
    if (!params) {
        (void)shell_fail(sh, "out of memory");
        return NULL;
    }
    params->dwTotalSize = (DWORD)size;
    params->dwBearerMode = LINEBEARERMODE_VOICE;
    params->dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE;
    params->dwAddressMode = LINEADDRESSMODE_ADDRESSID;
    if (uui) {
        params->dwUserUserInfoSize = (DWORD)strlen(uui) + 1;
        params->dwUserUserInfoOffset = sizeof(*params);
        memcpy((char *)params + sizeof(*params), uui, strlen(uui) + 1);
    }
    for (i = from; i < argc; i++) {
        if (strcmp(argv[i], "secure") == 0) {
            params->dwCallParamFlags |= LINECALLPARAMFLAGS_SECURE;
            continue;
        }
        if (i + 1 >= argc)
            break;
        if (strcmp(argv[i], "on") == 0 && linep) {
            *linep = argv[++i];
        } else if (strcmp(argv[i], "uui") == 0) {
            i++;
        } else if (strcmp(argv[i], "media") == 0 && names_value(NAMES_MEDIAMODE, argv[i + 1], &bits)) {
            params->dwMediaMode = (DWORD)bits;
            i++;
        } else {
            break;
        }
    }
    if (i < argc) {
        (void)shell_fail(sh, "'%.64s' makes no sense here", argv[i]);
        free(params);
        return NULL;
    }
    return params;
}

enum shell_result shell_cmd_call(struct shell *sh, int argc, char **argv)
{
    const char *number = strcmp(argv[2], "-") == 0 ? NULL : argv[2], *line = "0";
    LINECALLPARAMS *params = shell_params(sh, argc, argv, 3, &line);
    enum shell_result result;
    struct shell_line *l;
    struct shell_call *c;

    if (!params)
        return SHELL_USAGE;
    l = shell_line_find(sh, line);
    c = l ? shell_call_new(sh, argv[1], l->program, l->device) : NULL;
    if (!c) {
        free(params);
        return SHELL_FAILED;
    }
    result = shell_made(sh, c, NULL, lineMakeCallA(l->line, &c->call, number, 0, argc > 3 ? params : NULL),
                        "lineMakeCall", "%s, %s, \"%s\"", l->object.name, argv[1], number ? number : "");
    free(params);
    return result;
}

enum shell_result shell_cmd_dial(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineDialA(c->call, argv[2], 0), "lineDial", "%s, \"%s\"", argv[1], argv[2])
             : SHELL_FAILED;
}

/* The text that goes with an operation, "uui TEXT". */
static bool uui_of(int argc, char **argv, const char **uui, DWORD *size)
{
    *uui = NULL;
    *size = 0;
    if (argc == 2)
        return true;
    if (argc != 4 || strcmp(argv[2], "uui") != 0)
        return false;
    *uui = argv[3];
    *size = (DWORD)strlen(argv[3]) + 1;
    return true;
}

enum shell_result shell_cmd_accept(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    const char *uui;
    DWORD size;

    if (!uui_of(argc, argv, &uui, &size))
        return SHELL_USAGE;
    return c ? shell_async(sh, &c->object, lineAccept(c->call, uui, size), "lineAccept", "%s", argv[1]) : SHELL_FAILED;
}

enum shell_result shell_cmd_answer(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    const char *uui;
    DWORD size;

    if (!uui_of(argc, argv, &uui, &size))
        return SHELL_USAGE;
    return c ? shell_async(sh, &c->object, lineAnswer(c->call, uui, size), "lineAnswer", "%s", argv[1]) : SHELL_FAILED;
}

enum shell_result shell_cmd_drop(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    const char *uui;
    DWORD size;

    if (!uui_of(argc, argv, &uui, &size))
        return SHELL_USAGE;
    return c ? shell_async(sh, &c->object, lineDrop(c->call, uui, size), "lineDrop", "%s", argv[1]) : SHELL_FAILED;
}

enum shell_result shell_cmd_release(struct shell *sh, int argc, char **argv)
{
    enum shell_result result = SHELL_OK;
    int i;

    for (i = 1; i < argc && result == SHELL_OK; i++) {
        struct shell_call *c = shell_call_find(sh, argv[i]);

        if (!c)
            return SHELL_FAILED;
        result = shell_sync(sh, lineDeallocateCall(c->call), "lineDeallocateCall", "%s", argv[i]);
        if (result == SHELL_OK)
            shell_call_forget(sh, c);
    }
    return result;
}

enum shell_result shell_cmd_rename(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    if (!c)
        return SHELL_FAILED;
    if (!shell_name_valid(argv[2]) || shell_call_by_name(sh, argv[2]))
        return shell_fail(sh, "'%.64s' is no name for a call, or one has it", argv[2]);
    strcpy(c->object.name, argv[2]);
    shell_call_named(c);
    return SHELL_OK;
}

enum shell_result shell_cmd_hold(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineHold(c->call), "lineHold", "%s", argv[1]) : SHELL_FAILED;
}

enum shell_result shell_cmd_unhold(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineUnhold(c->call), "lineUnhold", "%s", argv[1]) : SHELL_FAILED;
}

enum shell_result shell_cmd_swap(struct shell *sh, int argc, char **argv)
{
    struct shell_call *active = shell_call_find(sh, argv[1]), *held = active ? shell_call_find(sh, argv[2]) : NULL;

    (void)argc;
    return held ? shell_async(sh, &active->object, lineSwapHold(active->call, held->call), "lineSwapHold", "%s, %s",
                              argv[1], argv[2])
                : SHELL_FAILED;
}

enum shell_result shell_cmd_privilege(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    DWORD_PTR bits;

    (void)argc;
    if (!names_value(NAMES_PRIVILEGE, argv[2], &bits))
        return SHELL_USAGE;
    return c ? shell_sync(sh, lineSetCallPrivilege(c->call, (DWORD)bits), "lineSetCallPrivilege", "%s, %s", argv[1],
                          argv[2])
             : SHELL_FAILED;
}

enum shell_result shell_cmd_handoff(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    DWORD_PTR bits = 0;

    if (!c)
        return SHELL_FAILED;
    if (argc == 4 && strcmp(argv[2], "media") == 0 && names_value(NAMES_MEDIAMODE, argv[3], &bits))
        return shell_sync(sh, lineHandoffA(c->call, NULL, (DWORD)bits), "lineHandoff", "%s, media %s", argv[1],
                          argv[3]);
    if (argc != 3)
        return SHELL_USAGE;
    return shell_sync(sh, lineHandoffA(c->call, argv[2], 0), "lineHandoff", "%s, \"%s\"", argv[1], argv[2]);
}
