/* Commands of the shell that wait for messages and look whether things are as they should be.
 * SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tapi_shim/tapictl/shell/shell.h"

#include "tapi_shim/client/error_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is waited for. */
struct wish {
    DWORD message;
    DWORD_PTR value, mode; /* 0: any; bits for masks */
    bool exact;            /* it is `value`, also 0 */
    bool bits;             /* all bits of `value` have to be there, others may */
    const char *text;      /* digits that were gathered, the parent of a conference; NULL: any */
};

static bool fits(struct shell *sh, const struct wish *w, const struct shell_item *item)
{
    const LINEMESSAGE *m = &item->message;
    DWORD_PTR value = m->dwMessageID == LINE_ADDRESSSTATE ? m->dwParam2 : m->dwParam1;
    struct shell_call *c;

    if (m->dwMessageID != w->message)
        return false;
    if (w->bits ? (value & w->value) != w->value : w->value && value != w->value)
        return false;
    if (w->exact && value != w->value)
        return false;
    if (w->mode && !(m->dwParam2 & w->mode))
        return false;
    if (!w->text)
        return true;
    c = shell_call_by_handle(sh, (HCALL)(m->dwMessageID == LINE_CALLSTATE ? m->dwParam2 : m->hDevice));
    if (m->dwMessageID == LINE_CALLSTATE)
        return c && strcmp(c->object.name, w->text) == 0;
    return c && strcmp(c->digits, w->text) == 0;
}

static bool wish_mode(struct wish *w, const char *word)
{
    static const struct {
        DWORD state;
        enum names_kind kind;
    } modes[] = {{LINECALLSTATE_OFFERING, NAMES_OFFERINGMODE},   {LINECALLSTATE_DIALTONE, NAMES_DIALTONEMODE},
                 {LINECALLSTATE_BUSY, NAMES_BUSYMODE},           {LINECALLSTATE_SPECIALINFO, NAMES_SPECIALINFO},
                 {LINECALLSTATE_CONNECTED, NAMES_CONNECTEDMODE}, {LINECALLSTATE_DISCONNECTED, NAMES_DISCONNECTMODE}};
    size_t i;

    if (w->value == LINECALLSTATE_CONFERENCED) {
        w->text = word;
        return true;
    }
    for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
        if (w->value == modes[i].state)
            return names_value(modes[i].kind, word, &w->mode);
    return false;
}

/* The words behind the name. */
static bool wish_of_call(struct wish *w, int argc, char **argv)
{
    const char *what = argv[0], *more = argc > 1 ? argv[1] : NULL;
    uint32_t n;

    if (names_value(NAMES_CALLSTATE, what, &w->value)) {
        w->message = LINE_CALLSTATE;
        return !more || (argc == 2 && wish_mode(w, more));
    }
    if (argc != 2)
        return false;
    if (strcmp(what, "info") == 0) {
        w->message = LINE_CALLINFO;
        w->bits = true;
        return names_value(NAMES_CALLINFOSTATE, more, &w->value);
    }
    if (strcmp(what, "digits") == 0) {
        w->message = LINE_GATHERDIGITS;
        w->text = more;
        return true;
    }
    if (strcmp(what, "gather") == 0) {
        w->message = LINE_GATHERDIGITS;
        return names_value(NAMES_GATHERTERM, more, &w->value);
    }
    if (strcmp(what, "digit") == 0) {
        w->message = LINE_MONITORDIGITS;
        w->value = (DWORD_PTR)more[0];
        return more[0] && !more[1];
    }
    if (strcmp(what, "media") == 0) {
        w->message = LINE_MONITORMEDIA;
        return names_value(NAMES_MEDIAMODE, more, &w->value);
    }
    if (strcmp(what, "stream") == 0) {
        w->message = LINE_DEVSPECIFIC;
        return names_value(NAMES_MEDIACONTROL, more, &w->mode);
    }
    if (strcmp(what, "played") == 0 && tool_number(more, UINT32_MAX - 1, &n)) {
        w->message = LINE_DEVSPECIFIC;
        w->value = SESSIONTSP_LINE_PLAY;
        w->mode = n;
        return true;
    }
    if (strcmp(what, "generate") == 0) {
        w->message = LINE_GENERATE;
        return names_value(NAMES_GENERATETERM, more, &w->value);
    }
    if (strcmp(what, "tone") == 0 && tool_number(more, UINT32_MAX - 1, &n)) {
        w->message = LINE_MONITORTONE;
        w->value = n;
        return true;
    }
    return false;
}

static bool wish_of_line(struct wish *w, int argc, char **argv)
{
    w->bits = true;
    if (argc == 2 && strcmp(argv[0], "devstate") == 0) {
        w->message = LINE_LINEDEVSTATE;
        return names_value(NAMES_LINESTATE, argv[1], &w->value);
    }
    if (argc == 2 && strcmp(argv[0], "addressstate") == 0) {
        w->message = LINE_ADDRESSSTATE;
        return names_value(NAMES_ADDRESSSTATE, argv[1], &w->value);
    }
    if (argc == 2 && shell_wish_agent(argv[0], argv[1], &w->message, &w->value, &w->mode))
        return true;
    if (argc == 1 && (strcmp(argv[0], "signal") == 0 || strcmp(argv[0], "key") == 0)) {
        w->message = argv[0][0] == 's' ? LINE_DEVSPECIFIC : LINE_DEVSPECIFICFEATURE;
        return true;
    }
    w->message = LINE_CLOSE;
    return argc == 1 && strcmp(argv[0], "close") == 0;
}

static bool wish_of_telephony(struct wish *w, int argc, char **argv)
{
    uint32_t line;

    if (argc != 2 || !tool_number(argv[1], UINT32_MAX - 1, &line))
        return false;
    w->message = strcmp(argv[0], "create") == 0 ? LINE_CREATE : strcmp(argv[0], "remove") == 0 ? LINE_REMOVE : 0;
    w->value = line;
    w->exact = true;
    return w->message;
}

/* What came instead, so that a reader need not run it again. */
static void remember(char seen[512], struct shell *sh, const struct shell_object *o, const struct shell_item *item)
{
    char text[NAMES_TEXT_MAX];
    size_t len = strlen(seen);

    (void)snprintf(seen + len, 512 - len, "%s%s", len ? "; " : "", shell_describe(sh, o, item, text));
}

static void join(char text[256], int argc, char **argv)
{
    size_t len = 0;
    int i;

    text[0] = 0;
    for (i = 0; i < argc && len < 255; i++)
        len += (size_t)snprintf(text + len, 256 - len, "%s%s", i ? " " : "", argv[i]);
}

/* Whether after this message the other one cannot come any more. */
static bool ends(const struct wish *w, const LINEMESSAGE *m)
{
    if (m->dwMessageID != LINE_CALLSTATE)
        return false;
    return m->dwParam1 == LINECALLSTATE_IDLE ||
           (m->dwParam1 == LINECALLSTATE_DISCONNECTED && w->message == LINE_CALLSTATE &&
            w->value != LINECALLSTATE_IDLE) ||
           (m->dwParam1 == LINECALLSTATE_BUSY && w->message == LINE_CALLSTATE &&
            (w->value == LINECALLSTATE_RINGBACK || w->value == LINECALLSTATE_CONNECTED));
}

enum shell_result shell_cmd_expect(struct shell *sh, int argc, char **argv)
{
    uint64_t deadline = platform_mono_ms() + sh->limit_ms;
    bool is_line = argv[1][0] >= '0' && argv[1][0] <= '9';
    struct shell_object *o = NULL;
    struct shell_line *l = NULL;
    struct shell_item *item;
    struct wish w = {0, 0, 0, false, false, NULL};
    bool is_telephony = strcmp(argv[1], "telephony") == 0;
    char seen[512] = "", what[256];

    if (is_telephony ? !wish_of_telephony(&w, argc - 2, argv + 2)
        : is_line    ? !wish_of_line(&w, argc - 2, argv + 2)
                     : !wish_of_call(&w, argc - 2, argv + 2))
        return SHELL_USAGE;
    if (is_telephony) {
        o = &sh->telephony;
    } else if (is_line) {
        l = shell_line_find(sh, argv[1]);

        o = l ? &l->object : NULL;
    } else {
        struct shell_call *c = shell_call_find(sh, argv[1]);

        o = c ? &c->object : NULL;
    }
    if (!o)
        return SHELL_FAILED;
    join(what, argc - 2, argv + 2);
    while ((item = shell_next(sh, o, deadline))) {
        bool found = fits(sh, &w, item);
        bool over = ends(&w, &item->message);

        if (!found)
            remember(seen, sh, o, item);
        free(item);
        if (found && l && w.message == LINE_CLOSE)
            shell_line_close(sh, l); /* its handle is void, and so are those of its calls */
        if (found)
            return SHELL_OK;
        if (over)
            return shell_fail(sh, "%s: expected %s, which cannot come any more; there was %s", o->name, what, seen);
    }
    if (tool_interrupted())
        return shell_fail(sh, "%s: interrupted while it waited for %s", o->name, what);
    return shell_fail(sh, "%s: expected %s, but within %lu s there was %s", o->name, what,
                      (unsigned long)sh->limit_ms / 1000, seen[0] ? seen : "nothing");
}

enum shell_result shell_cmd_incoming(struct shell *sh, int argc, char **argv)
{
    uint64_t deadline = platform_mono_ms() + sh->limit_ms;
    struct shell_line *l = shell_line_find(sh, argc == 4 ? argv[3] : argv[2]);
    struct shell_call *c;
    char text[NAMES_TEXT_MAX];

    if (argc == 4 && strcmp(argv[2], "on") != 0)
        return SHELL_USAGE;
    if (!l)
        return SHELL_FAILED;
    if (!shell_name_valid(argv[1]) || shell_call_by_name(sh, argv[1]))
        return shell_fail(sh, "'%.64s' is no name for a call, or one has it", argv[1]);
    for (;;) {
        /* The name has to be there before the message is shown. */
        struct shell_item *item = shell_take(sh, &l->object, deadline);
        bool found;

        if (!item)
            return shell_fail(sh, "no call came on line %lu within %lu s", (unsigned long)l->device,
                              (unsigned long)sh->limit_ms / 1000);
        found = item->message.dwMessageID == LINE_APPNEWCALL;
        c = found ? shell_call_by_handle(sh, (HCALL)item->message.dwParam2) : NULL;
        if (c) {
            strcpy(c->object.name, argv[1]);
            shell_call_named(c);
        }
        if (sh->trace)
            shell_say(sh, "%s", shell_describe(sh, &l->object, item, text));
        free(item);
        if (c)
            return SHELL_OK;
    }
}

enum shell_result shell_cmd_expect_error(struct shell *sh, int argc, char **argv)
{
    const char *want = argv[argc - 1];
    enum shell_result result;

    sh->rc = 0;
    sh->expecting = true;
    result = shell_run(sh, argc - 2, argv + 1);
    sh->expecting = false;
    if (result == SHELL_USAGE)
        return result;
    if (result == SHELL_FAILED && sh->rc && strcmp(error_name(sh->rc), want) == 0)
        return SHELL_OK;
    return shell_fail(sh, "%s: expected %s, but it answered %s", argv[1], want,
                      result == SHELL_FAILED && sh->rc ? error_name(sh->rc)
                      : result == SHELL_FAILED         ? "nothing"
                                                       : "success");
}

enum shell_result shell_cmd_limit(struct shell *sh, int argc, char **argv)
{
    uint32_t seconds;

    (void)argc;
    if (!tool_number(argv[1], 3600, &seconds) || !seconds)
        return SHELL_USAGE;
    sh->limit_ms = 1000 * seconds;
    return SHELL_OK;
}

enum shell_result shell_cmd_pause(struct shell *sh, int argc, char **argv)
{
    uint32_t seconds;

    (void)argc;
    if (!tool_number(argv[1], 86400, &seconds))
        return SHELL_USAGE;
    shell_pass(sh, platform_mono_ms() + 1000 * (uint64_t)seconds);
    return tool_interrupted() ? shell_fail(sh, "interrupted") : SHELL_OK;
}
