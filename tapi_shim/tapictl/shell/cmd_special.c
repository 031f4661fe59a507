/* Commands of the shell for media control, terminals and the extension of SessionTSP's lines.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include "include/sessiontsp.h"
#include "tapi_shim/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a command is about ------------------------------------------------------------------------------------- */

/* CALL, LINE, or LINE address A: with LINECALLSELECT_. */
struct target {
    struct shell_object *object;
    HLINE line;
    HCALL call;
    uint32_t address;
    DWORD select;
    int words; /* that it took */
};

static bool target_of(struct shell *sh, int argc, char **argv, struct target *t)
{
    struct shell_line *l;
    struct shell_call *c;

    memset(t, 0, sizeof(*t));
    t->words = 1;
    if (argv[1][0] < '0' || argv[1][0] > '9') {
        c = shell_call_find(sh, argv[1]);
        if (!c)
            return false;
        l = shell_line_by_device(sh, c->program, c->line);
        t->object = &c->object;
        t->call = c->call;
        t->line = l ? l->line : 0;
        t->select = LINECALLSELECT_CALL;
        return true;
    }
    l = shell_line_find(sh, argv[1]);
    if (!l)
        return false;
    t->object = &l->object;
    t->line = l->line;
    t->select = LINECALLSELECT_LINE;
    if (argc > 3 && strcmp(argv[2], "address") == 0 && tool_number(argv[3], UINT32_MAX - 1, &t->address)) {
        t->select = LINECALLSELECT_ADDRESS;
        t->words = 3;
    }
    return true;
}

/* ---- media control ----------------------------------------------------------------------------------------------- */

enum { ENTRIES_MAX = 20 };

struct lists {
    LINEMEDIACONTROLDIGIT digitv[ENTRIES_MAX];
    LINEMEDIACONTROLMEDIA mediav[ENTRIES_MAX];
    LINEMEDIACONTROLTONE tonev[ENTRIES_MAX];
    LINEMEDIACONTROLCALLSTATE statev[ENTRIES_MAX];
    DWORD digitc, mediac, tonec, statec;
};

static bool action_of(const char *word, DWORD *action)
{
    DWORD_PTR bits;

    if (!names_value(NAMES_MEDIACONTROL, word, &bits))
        return false;
    *action = (DWORD)bits;
    return true;
}

/* HZ, HZ+HZ or HZ+HZ+HZ; 0: silence. */
static bool frequencies_of(const char *word, DWORD *f1, DWORD *f2, DWORD *f3)
{
    unsigned a = 0, b = 0, c = 0;
    char rest;
    int n = sscanf(word, "%u+%u+%u%c", &a, &b, &c, &rest);

    *f1 = a;
    *f2 = b;
    *f3 = c;
    return n >= 1 && n <= 3 && (n == 1 ? strspn(word, "0123456789") == strlen(word) : true);
}

static bool add_digit(struct lists *l, char **v)
{
    static const struct {
        const char *word;
        DWORD mode;
    } modes[] = {{"digit", LINEDIGITMODE_DTMF}, {"digit-end", LINEDIGITMODE_DTMFEND}, {"pulse", LINEDIGITMODE_PULSE}};
    LINEMEDIACONTROLDIGIT *d = &l->digitv[l->digitc];
    size_t i;

    for (i = 0; i < 3; i++)
        if (strcmp(v[0], modes[i].word) == 0)
            break;
    if (i == 3 || l->digitc == ENTRIES_MAX || !v[1][0] || v[1][1])
        return false;
    d->dwDigit = (DWORD)(unsigned char)v[1][0];
    d->dwDigitModes = modes[i].mode;
    l->digitc++;
    return action_of(v[2], &d->dwMediaControl);
}

/* One trigger and its action: the number of its words, 0: it is none. */
static int add_entry(struct lists *l, int left, char **v)
{
    DWORD_PTR bits;
    uint32_t ms;

    if (left >= 3 && add_digit(l, v))
        return 3;
    if (left >= 3 && strcmp(v[0], "state") == 0 && l->statec < ENTRIES_MAX &&
        names_value(NAMES_CALLSTATE, v[1], &bits)) {
        l->statev[l->statec].dwCallStates = (DWORD)bits;
        return action_of(v[2], &l->statev[l->statec++].dwMediaControl) ? 3 : 0;
    }
    if (left < 4 || !tool_number(v[2], UINT32_MAX - 1, &ms))
        return 0;
    if (strcmp(v[0], "tone") == 0 && l->tonec < ENTRIES_MAX) {
        LINEMEDIACONTROLTONE *t = &l->tonev[l->tonec++];

        t->dwDuration = ms;
        return frequencies_of(v[1], &t->dwFrequency1, &t->dwFrequency2, &t->dwFrequency3) &&
                       action_of(v[3], &t->dwMediaControl)
                   ? 4
                   : 0;
    }
    if (strcmp(v[0], "media") == 0 && l->mediac < ENTRIES_MAX && names_value(NAMES_MEDIAMODE, v[1], &bits)) {
        LINEMEDIACONTROLMEDIA *m = &l->mediav[l->mediac++];

        m->dwMediaModes = (DWORD)bits;
        m->dwDuration = ms;
        return action_of(v[3], &m->dwMediaControl) ? 4 : 0;
    }
    return 0;
}

enum shell_result shell_cmd_media_control(struct shell *sh, int argc, char **argv)
{
    struct lists *l = calloc(1, sizeof(*l));
    enum shell_result result = SHELL_USAGE;
    struct target t;
    int i, n;

    if (!l)
        return shell_fail(sh, "out of memory");
    if (!target_of(sh, argc, argv, &t)) {
        free(l);
        return SHELL_FAILED;
    }
    i = 1 + t.words;
    if (i + 1 == argc && strcmp(argv[i], "off") == 0)
        i = argc;
    for (; i < argc; i += n) {
        n = add_entry(l, argc - i, argv + i);
        if (!n)
            goto out;
    }
    result = shell_sync(sh,
                        lineSetMediaControl(t.line, t.address, t.call, t.select, l->digitc ? l->digitv : NULL, l->digitc,
                                            l->mediac ? l->mediav : NULL, l->mediac, l->tonec ? l->tonev : NULL,
                                            l->tonec, l->statec ? l->statev : NULL, l->statec),
                        "lineSetMediaControl", "%s, %lu digits, %lu media, %lu tones, %lu states", t.object->name,
                        (unsigned long)l->digitc, (unsigned long)l->mediac, (unsigned long)l->tonec,
                        (unsigned long)l->statec);
out:
    free(l);
    return result;
}

/* ---- terminals --------------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_terminal(struct shell *sh, int argc, char **argv)
{
    struct target t;
    DWORD_PTR modes;
    uint32_t id;
    bool on;
    int i;

    if (!target_of(sh, argc, argv, &t))
        return SHELL_FAILED;
    i = 1 + t.words;
    if (argc != i + 3 || !tool_number(argv[i], UINT32_MAX - 1, &id) || !names_value(NAMES_TERMMODE, argv[i + 1], &modes))
        return SHELL_USAGE;
    on = strcmp(argv[i + 2], "on") == 0;
    if (!on && strcmp(argv[i + 2], "off") != 0)
        return SHELL_USAGE;
    return shell_async(sh, t.object, lineSetTerminal(t.line, t.address, t.call, t.select, (DWORD)modes, id, on),
                       "lineSetTerminal", "%s, %lu, %s, %s", t.object->name, (unsigned long)id, argv[i + 1],
                       argv[i + 2]);
}

/* ---- the extension ----------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_extended(struct shell *sh, int argc, char **argv)
{
    enum shell_result result = SHELL_OK;
    int i;

    for (i = 1; i < argc && result == SHELL_OK; i++) {
        struct shell_program *program;
        DWORD device;

        if (!shell_line_parse(sh, argv[i], &program, &device))
            return SHELL_FAILED;
        if (shell_line_by_device(sh, program, device))
            return shell_fail(sh, "line %s is open", argv[i]);
        sh->extended = true;
        if (!shell_line_open(sh, program, device, LINECALLPRIVILEGE_OWNER, LINEMEDIAMODE_INTERACTIVEVOICE))
            result = SHELL_FAILED;
        sh->extended = false;
    }
    return result;
}

static const char *stream_text(const struct sessiontsp_stream *s, char text[64])
{
    static const char *const states[] = {"running", "paused", "stopped"};

    (void)snprintf(text, 64, "%s %lu %lu", s->dwState < 3 ? states[s->dwState] : "?", (unsigned long)s->dwRate,
                   (unsigned long)s->dwVolume);
    return text;
}

enum shell_result shell_cmd_stream(struct shell *sh, int argc, char **argv)
{
    struct sessiontsp_line what = {SESSIONTSP_LINE_STREAM, 0, {0, 0, 0}};
    enum shell_result result;
    char text[64];
    struct target t;

    if (argc == 3 && !action_of(argv[2], &what.dwValue))
        return SHELL_USAGE;
    if (!target_of(sh, argc, argv, &t))
        return SHELL_FAILED;
    result = shell_async(sh, t.object, lineDevSpecific(t.line, 0, t.call, &what, sizeof(what)), "lineDevSpecific",
                         "%s, stream %s", t.object->name, argc == 3 ? argv[2] : "0");
    if (result == SHELL_OK)
        shell_show(sh, "stream %s", stream_text(&what.Stream, text));
    return result;
}

static enum shell_result file_command(struct shell *sh, int argc, char **argv, DWORD command)
{
    struct sessiontsp_file what;
    struct target t;
    uint32_t id = 0;

    if (argc == 4 && !tool_number(argv[3], UINT32_MAX - 1, &id))
        return SHELL_USAGE;
    memset(&what, 0, sizeof(what));
    what.dwCommand = command;
    what.dwValue = id;
    if (strcmp(argv[2], "off") != 0 &&
        platform_utf8_to_utf16(argv[2], SIZE_MAX, (uint16_t *)what.szPath, sizeof(what.szPath) / sizeof(WCHAR)) >
            sizeof(what.szPath) / sizeof(WCHAR))
        return shell_fail(sh, "the path is too long");
    if (!target_of(sh, argc, argv, &t))
        return SHELL_FAILED;
    return shell_async(sh, t.object, lineDevSpecific(t.line, 0, t.call, &what, sizeof(what)), "lineDevSpecific",
                       "%s, %s %s", t.object->name, argv[0], argv[2]);
}

enum shell_result shell_cmd_play(struct shell *sh, int argc, char **argv)
{
    return file_command(sh, argc, argv, SESSIONTSP_LINE_PLAY);
}

enum shell_result shell_cmd_record(struct shell *sh, int argc, char **argv)
{
    return file_command(sh, argc, argv, SESSIONTSP_LINE_RECORD);
}

enum shell_result shell_cmd_signal(struct shell *sh, int argc, char **argv)
{
    struct sessiontsp_line what = {SESSIONTSP_LINE_SIGNAL, 0, {0, 0, 0}};
    struct target t;
    uint32_t n;

    (void)argc;
    if (!tool_number(argv[2], UINT32_MAX - 1, &n))
        return SHELL_USAGE;
    what.dwValue = n;
    if (!target_of(sh, argc, argv, &t))
        return SHELL_FAILED;
    return shell_async(sh, t.object, lineDevSpecific(t.line, 0, 0, &what, sizeof(what)), "lineDevSpecific",
                       "%s, signal %lu", t.object->name, (unsigned long)n);
}

/* PHONEBUTTONFUNCTION_ of the keys that SessionTSP's sets have. */
static const struct {
    const char *word;
    DWORD function;
} keys[] = {
    {"CONFERENCE", PHONEBUTTONFUNCTION_CONFERENCE}, {"TRANSFER", PHONEBUTTONFUNCTION_TRANSFER},
    {"DROP", PHONEBUTTONFUNCTION_DROP},             {"HOLD", PHONEBUTTONFUNCTION_HOLD},
    {"SPEAKER", PHONEBUTTONFUNCTION_SPEAKERON},     {"DND", PHONEBUTTONFUNCTION_DONOTDISTURB},
    {"REDIAL", PHONEBUTTONFUNCTION_LASTNUM},        {"MESSAGE", PHONEBUTTONFUNCTION_MSGINDICATOR},
};

enum shell_result shell_cmd_key(struct shell *sh, int argc, char **argv)
{
    uint32_t function = 0;
    struct target t;
    size_t i;

    (void)argc;
    for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (strcmp(keys[i].word, argv[2]) == 0)
            function = keys[i].function;
    if (!function && !tool_number(argv[2], UINT32_MAX - 1, &function))
        return SHELL_USAGE;
    if (!target_of(sh, argc, argv, &t))
        return SHELL_FAILED;
    return shell_async(sh, t.object, lineDevSpecificFeature(t.line, function, NULL, 0), "lineDevSpecificFeature",
                       "%s, %s", t.object->name, argv[2]);
}

/* ---- messages and checks ----------------------------------------------------------------------------------------- */

bool shell_describe_special(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX])
{
    static const char *const states[] = {"running", "paused", "stopped"};
    char bits[NAMES_TEXT_MAX];

    if (m->dwMessageID == LINE_DEVSPECIFICFEATURE)
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_DEVSPECIFICFEATURE function=%lu key=%lu", (unsigned long)m->dwParam1,
                       (unsigned long)m->dwParam2);
    else if (m->dwMessageID == LINE_DEVSPECIFIC && m->dwParam1 == SESSIONTSP_LINE_STREAM && m->dwParam3 < 3)
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_DEVSPECIFIC stream %.100s %s",
                       names_bits(NAMES_MEDIACONTROL, m->dwParam2, bits), states[m->dwParam3]);
    else if (m->dwMessageID == LINE_DEVSPECIFIC && m->dwParam1 == SESSIONTSP_LINE_SIGNAL)
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_DEVSPECIFIC signal %lu address=%lu", (unsigned long)m->dwParam2,
                       (unsigned long)m->dwParam3);
    else if (m->dwMessageID == LINE_DEVSPECIFIC && m->dwParam1 == SESSIONTSP_LINE_PLAY)
        (void)snprintf(text, NAMES_TEXT_MAX, "LINE_DEVSPECIFIC played %lu %.100s", (unsigned long)m->dwParam2,
                       names_bits(NAMES_GENERATETERM, m->dwParam3, bits));
    else
        return false;
    return true;
}

static LONG fetch_info(void *block, const void *arg)
{
    return lineGetCallInfo(*(const HCALL *)arg, block);
}

enum shell_result shell_check_special(struct shell *sh, struct shell_call *c, char **argv, bool *known)
{
    bool stream = strcmp(argv[2], "stream") == 0;
    enum shell_result result = SHELL_OK;
    char text[NAMES_TEXT_MAX] = "none";
    LINECALLINFO *info;
    DWORD i, mode;

    if (!stream && strcmp(argv[2], "terminals") != 0)
        return SHELL_OK;
    info = tool_fetch("lineGetCallInfo", sizeof(*info), fetch_info, &c->call);
    if (!info)
        return SHELL_FAILED;
    *known = true;
    if (stream && info->dwDevSpecificSize >= sizeof(struct sessiontsp_stream)) {
        struct sessiontsp_stream s;

        memcpy(&s, (const char *)info + info->dwDevSpecificOffset, sizeof(s));
        (void)stream_text(&s, text);
    } else if (!stream) {
        text[0] = 0;
        for (i = 0; i < info->dwTerminalModesSize / sizeof(mode) && i < 8; i++) {
            memcpy(&mode, (const char *)info + info->dwTerminalModesOffset + i * sizeof(mode), sizeof(mode));
            (void)snprintf(text + strlen(text), 32, "%s%lx", i ? " " : "", (unsigned long)mode);
        }
    }
    free(info);
    if (strcmp(text, argv[3]) != 0)
        result = shell_fail(sh, "%s: %s is \"%s\", not \"%s\"", argv[1], argv[2], text, argv[3]);
    return result;
}
