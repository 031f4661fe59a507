/* Commands of the shell that take more than one call: transfer, conference, park, pickup, forward, completion.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_fixed_size.h"
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- transfer ---------------------------------------------------------------------------------------------------- */

/* Dials for a consultation call that was just made; nothing without a number. */
static enum shell_result dial_for(struct shell *sh, struct shell_call *c, const char *number)
{
    return number ? shell_async(sh, &c->object, lineDialA(c->call, number, 0), "lineDial", "%s, \"%s\"", c->object.name,
                                number)
                  : SHELL_OK;
}

enum shell_result shell_cmd_consult(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[2]),
                      *consult = c ? shell_call_new(sh, argv[1], c->program, c->line) : NULL;
    enum shell_result result;

    if (!consult)
        return SHELL_FAILED;
    result = shell_made(sh, consult, NULL, lineSetupTransferA(c->call, &consult->call, NULL), "lineSetupTransfer",
                        "%s, %s", argv[2], argv[1]);
    return result == SHELL_OK ? dial_for(sh, consult, argc > 3 ? argv[3] : NULL) : result;
}

enum shell_result shell_cmd_complete(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]), *consult = c ? shell_call_find(sh, argv[2]) : NULL, *parent;

    if (argc == 3)
        return consult ? shell_async(sh, &c->object,
                                     lineCompleteTransfer(c->call, consult->call, NULL, LINETRANSFERMODE_TRANSFER),
                                     "lineCompleteTransfer", "%s, %s, TRANSFER", argv[1], argv[2])
                       : SHELL_FAILED;
    if (argc != 5 || strcmp(argv[3], "conference") != 0)
        return SHELL_USAGE;
    parent = consult ? shell_call_new(sh, argv[4], c->program, c->line) : NULL;
    if (!parent)
        return SHELL_FAILED;
    return shell_made(sh, parent, NULL,
                      lineCompleteTransfer(c->call, consult->call, &parent->call, LINETRANSFERMODE_CONFERENCE),
                      "lineCompleteTransfer", "%s, %s, %s, CONFERENCE", argv[1], argv[2], argv[4]);
}

enum shell_result shell_cmd_blind(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineBlindTransferA(c->call, argv[2], 0), "lineBlindTransfer", "%s, \"%s\"",
                           argv[1], argv[2])
             : SHELL_FAILED;
}

enum shell_result shell_cmd_redirect(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineRedirectA(c->call, argv[2], 0), "lineRedirect", "%s, \"%s\"", argv[1],
                           argv[2])
             : SHELL_FAILED;
}

/* ---- conference -------------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_conference(struct shell *sh, int argc, char **argv)
{
    bool on_line = strcmp(argv[3], "on") == 0;
    struct shell_call *parent, *consult, *first = NULL;
    struct shell_line *l = NULL;
    enum shell_result result;
    const struct shell_program *program;
    const char *number = NULL;
    DWORD line;
    LONG rc;

    if (on_line ? argc < 5 || argc > 6 : argc > 5)
        return SHELL_USAGE;
    if (on_line) {
        l = shell_line_find(sh, argv[4]);
        number = argc > 5 ? argv[5] : NULL;
    } else {
        first = shell_call_find(sh, argv[3]);
        number = argc > 4 ? argv[4] : NULL;
    }
    if (!l && !first)
        return SHELL_FAILED;
    line = l ? l->device : first->line;
    program = l ? l->program : first->program;
    parent = shell_call_new(sh, argv[1], program, line);
    consult = parent ? shell_call_new(sh, argv[2], program, line) : NULL;
    if (!consult) {
        if (parent) {
            parent->pending = false;
            shell_call_forget(sh, parent);
        }
        return SHELL_FAILED;
    }
    rc = lineSetupConferenceA(first ? first->call : 0, l ? l->line : 0, &parent->call, &consult->call, 3, NULL);
    result = shell_made(sh, parent, consult, rc, "lineSetupConference", "%s, %s, %s", l ? l->object.name : argv[3],
                        argv[1], argv[2]);
    return result == SHELL_OK ? dial_for(sh, consult, number) : result;
}

enum shell_result shell_cmd_prepare(struct shell *sh, int argc, char **argv)
{
    struct shell_call *parent = shell_call_find(sh, argv[2]);
    struct shell_call *consult = parent ? shell_call_new(sh, argv[1], parent->program, parent->line) : NULL;
    enum shell_result result;

    if (!consult)
        return SHELL_FAILED;
    result = shell_made(sh, consult, NULL, linePrepareAddToConferenceA(parent->call, &consult->call, NULL),
                        "linePrepareAddToConference", "%s, %s", argv[2], argv[1]);
    return result == SHELL_OK ? dial_for(sh, consult, argc > 3 ? argv[3] : NULL) : result;
}

enum shell_result shell_cmd_add(struct shell *sh, int argc, char **argv)
{
    struct shell_call *parent = shell_call_find(sh, argv[1]), *c = parent ? shell_call_find(sh, argv[2]) : NULL;

    (void)argc;
    return c ? shell_async(sh, &parent->object, lineAddToConference(parent->call, c->call), "lineAddToConference",
                           "%s, %s", argv[1], argv[2])
             : SHELL_FAILED;
}

enum shell_result shell_cmd_remove(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);

    (void)argc;
    return c ? shell_async(sh, &c->object, lineRemoveFromConference(c->call), "lineRemoveFromConference", "%s", argv[1])
             : SHELL_FAILED;
}

/* ---- park, pickup ------------------------------------------------------------------------------------------------ */

enum shell_result shell_cmd_park(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    enum shell_result result;
    const VARSTRING *where;

    if (!c)
        return SHELL_FAILED;
    if (argc == 3)
        return shell_async(sh, &c->object, lineParkA(c->call, LINEPARKMODE_DIRECTED, argv[2], NULL), "linePark",
                           "%s, DIRECTED, \"%s\"", argv[1], argv[2]);
    memset(&c->parked, 0, sizeof(c->parked));
    where = &c->parked.head;
    c->parked.head.dwTotalSize = sizeof(c->parked);
    result = shell_async(sh, &c->object, lineParkA(c->call, LINEPARKMODE_NONDIRECTED, NULL, &c->parked.head),
                         "linePark", "%s, NONDIRECTED", argv[1]);
    if (result == SHELL_OK)
        shell_show(sh, "%s is parked at %s", argv[1],
                   where->dwStringSize ? (const char *)where + where->dwStringOffset : "a place that is not told");
    return result;
}

/* The address, or with "of NAME" where that call was parked. */
static const char *place_of(struct shell *sh, const char *number, const char *name)
{
    struct shell_call *c;

    if (strcmp(number, "of") != 0)
        return number;
    c = shell_call_find(sh, name);
    if (c && !c->parked.head.dwStringSize) {
        (void)shell_fail(sh, "%s was not parked without an address", name);
        return NULL;
    }
    return c ? (const char *)&c->parked + c->parked.head.dwStringOffset : NULL;
}

/* The words from `from` on: [on LINE] [group GROUP]. */
static bool where_of(struct shell *sh, int argc, char **argv, int from, struct shell_line **linep, const char **group)
{
    const char *line = "0";
    int i;

    for (i = from; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "on") == 0)
            line = argv[i + 1];
        else if (strcmp(argv[i], "group") == 0 && group)
            *group = argv[i + 1];
        else
            break;
    }
    if (i != argc) {
        (void)shell_fail(sh, "'%.64s' makes no sense here", argv[i]);
        return false;
    }
    *linep = shell_line_find(sh, line);
    return *linep;
}

enum shell_result shell_cmd_unpark(struct shell *sh, int argc, char **argv)
{
    bool of = argc > 3 && strcmp(argv[2], "of") == 0;
    const char *number = place_of(sh, argv[2], of ? argv[3] : "");
    struct shell_line *l;
    struct shell_call *c;

    if (!number || !where_of(sh, argc, argv, of ? 4 : 3, &l, NULL))
        return SHELL_FAILED;
    c = shell_call_new(sh, argv[1], l->program, l->device);
    return c ? shell_made(sh, c, NULL, lineUnparkA(l->line, 0, &c->call, number), "lineUnpark", "%s, %s, \"%s\"",
                          l->object.name, argv[1], of ? "its place" : number)
             : SHELL_FAILED;
}

enum shell_result shell_cmd_pickup(struct shell *sh, int argc, char **argv)
{
    const char *number = NULL, *group = NULL;
    struct shell_line *l;
    struct shell_call *c;
    int from = 2;

    if (argc > 2 && strcmp(argv[2], "on") != 0 && strcmp(argv[2], "group") != 0)
        number = argv[from++];
    if (!where_of(sh, argc, argv, from, &l, &group))
        return SHELL_FAILED;
    c = shell_call_new(sh, argv[1], l->program, l->device);
    return c ? shell_made(sh, c, NULL, linePickupA(l->line, 0, &c->call, number, group), "linePickup",
                          "%s, %s, \"%s\", \"%s\"", l->object.name, argv[1], number ? number : "", group ? group : "")
             : SHELL_FAILED;
}

/* ---- forward ----------------------------------------------------------------------------------------------------- */

enum { FORWARD_MAX = 8, FORWARD_TEXT = 128 };

struct forward {
    LINEFORWARDLIST head; /* with the first entry */
    LINEFORWARD more[FORWARD_MAX - 1];
    char text[FORWARD_MAX][2][FORWARD_TEXT];
};

static void forward_text(struct forward *f, DWORD entry, int which, const char *text, DWORD *size, DWORD *offset)
{
    (void)snprintf(f->text[entry][which], FORWARD_TEXT, "%s", text);
    *size = (DWORD)strlen(f->text[entry][which]) + 1;
    *offset = (DWORD)(f->text[entry][which] - (char *)f);
}

/* MODE NUMBER|nobody [from CALLER] ... [rings N] */
static bool forward_fill(struct shell *sh, struct forward *f, int argc, char **argv, uint32_t *rings)
{
    LINEFORWARD *entry = NULL;
    DWORD_PTR mode;
    int i = 2;

    for (; i + 1 < argc; i += 2) {
        DWORD n = f->head.dwNumEntries;

        if (strcmp(argv[i], "rings") == 0) {
            if (!tool_number(argv[i + 1], 1000, rings))
                break;
        } else if (strcmp(argv[i], "from") == 0 && entry) {
            forward_text(f, n - 1, 0, argv[i + 1], &entry->dwCallerAddressSize, &entry->dwCallerAddressOffset);
        } else if (n < FORWARD_MAX && names_value(NAMES_FORWARDMODE, argv[i], &mode)) {
            /* The entries lie one behind the other, the first in the list itself; what came with 3.1 is not there. */
            entry = (LINEFORWARD *)(void *)((char *)&f->head + offsetof(LINEFORWARDLIST, ForwardList) +
                                            n * TAPI_FIXED_LINEFORWARD(TAPI_CURRENT_VERSION));
            entry->dwForwardMode = (DWORD)mode;
            if (strcmp(argv[i + 1], "nobody") != 0) /* no destination: do not disturb */
                forward_text(f, n, 1, argv[i + 1], &entry->dwDestAddressSize, &entry->dwDestAddressOffset);
            f->head.dwNumEntries++;
        } else {
            break;
        }
    }
    if (i == argc && f->head.dwNumEntries)
        return true;
    (void)shell_fail(sh, "'%.64s' makes no sense here", i < argc ? argv[i] : "");
    return false;
}

enum shell_result shell_cmd_forward(struct shell *sh, int argc, char **argv)
{
    struct shell_line *l = shell_line_find(sh, argv[1]);
    bool off = argc == 3 && strcmp(argv[2], "off") == 0;
    enum shell_result result;
    uint32_t rings = 0;
    struct forward *f;
    HCALL consult = 0;
    char what[256] = "off";
    size_t len = 0;
    int i;

    if (!l)
        return SHELL_FAILED;
    f = calloc(1, sizeof(*f));
    if (!f)
        return shell_fail(sh, "out of memory");
    f->head.dwTotalSize = sizeof(*f);
    if (!off && !forward_fill(sh, f, argc, argv, &rings)) {
        free(f);
        return SHELL_USAGE;
    }
    for (i = 2; i < argc && !off && len < sizeof(what); i++)
        len += (size_t)snprintf(what + len, sizeof(what) - len, "%s%s", len ? " " : "", argv[i]);
    result = shell_async(sh, &l->object, lineForwardA(l->line, 1, 0, off ? NULL : &f->head, rings, &consult, NULL),
                         "lineForward", "%s, %s", l->object.name, what);
    free(f);
    return result;
}

/* ---- completion -------------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_completion(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    enum shell_result result;
    uint32_t message = 0;
    DWORD_PTR mode;

    if (!names_value(NAMES_COMPLMODE, argv[2], &mode) || (argc > 3 && !tool_number(argv[3], UINT32_MAX - 1, &message)))
        return SHELL_USAGE;
    if (!c)
        return SHELL_FAILED;
    result = shell_async(sh, &c->object, lineCompleteCall(c->call, &c->completion, (DWORD)mode, message),
                         "lineCompleteCall", "%s, %s", argv[1], argv[2]);
    c->completing = result == SHELL_OK;
    return result;
}

enum shell_result shell_cmd_uncomplete(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    struct shell_line *l = c ? shell_line_by_device(sh, c->program, c->line) : NULL;

    (void)argc;
    if (!l)
        return SHELL_FAILED;
    if (!c->completing)
        return shell_fail(sh, "%s has no completion under way", argv[1]);
    return shell_async(sh, &l->object, lineUncompleteCall(l->line, c->completion), "lineUncompleteCall", "%s, %s",
                       l->object.name, argv[1]);
}
