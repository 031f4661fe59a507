/* Commands of tapictl that are little scripts in the language of the shell. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"
#include "tapi_shim/tapictl/tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FLOW_OPTIONS                                                                                                   \
    "  --line N      the line to call from; 0 if not given\n"                                                          \
    "  --seconds S   how long; 2 if not given\n"
#define FLOW_STATUS                                                                                                    \
    "\nThe exit status is 0, 1 if it failed (the message says what, and where the call was by then), 2 for a "         \
    "command\n"                                                                                                        \
    "line that makes no sense.\n"

const char hold_help[] =
    "usage: tapictl hold NUMBER [--line N] [--seconds S]\n"
    "\n"
    "Calls NUMBER, puts the call on hold when it is connected, takes it back after a while, and hangs up.\n"
    "\n"
    "options:\n" FLOW_OPTIONS FLOW_STATUS;
const char transfer_help[] = "usage: tapictl transfer NUMBER TO [--line N] [--blind]\n"
                             "\n"
                             "Calls NUMBER, then TO while NUMBER is on hold, and when both are connected connects them "
                             "with each other; this line\n"
                             "is free then.\n"
                             "\n"
                             "options:\n"
                             "  --line N      the line to call from; 0 if not given\n"
                             "  --blind       without asking TO first\n" FLOW_STATUS;
const char conference_help[] =
    "usage: tapictl conference NUMBER NUMBER... [--line N] [--seconds S]\n"
    "\n"
    "Calls the numbers one after the other, joins them in a conference, and ends it after a while.\n"
    "\n"
    "options:\n" FLOW_OPTIONS FLOW_STATUS;
const char park_help[] =
    "usage: tapictl park NUMBER [PLACE] [--line N]\n"
    "\n"
    "Calls NUMBER and parks the call when it is connected: at PLACE, or where there is room, which is then told. "
    "Another\n"
    "program takes it from there with 'tapictl pickup --parked PLACE'. What is parked stays as long as the telephony\n"
    "service does, but not for ever; after a while it rings here again.\n"
    "\n"
    "options:\n"
    "  --line N      the line to call from; 0 if not given\n" FLOW_STATUS;
const char pickup_help[] = "usage: tapictl pickup [NUMBER] [--parked PLACE] [--group GROUP] [--line N] [--seconds S]\n"
                           "\n"
                           "Takes a call that rings at NUMBER, in GROUP, or without either anywhere; or one that is "
                           "parked at PLACE. Hangs up\n"
                           "after a while.\n"
                           "\n"
                           "options:\n"
                           "  --parked PLACE  takes the call that is parked there\n"
                           "  --group GROUP   one that rings in the group\n" FLOW_OPTIONS FLOW_STATUS;
const char forward_help[] =
    "usage: tapictl forward --line N [--all NUMBER] [--busy NUMBER] [--noanswer NUMBER] [--rings R]\n"
    "       tapictl forward --line N --nobody\n"
    "       tapictl forward --line N --off\n"
    "\n"
    "Forwards the calls of line N, or ends that, and shows how the line is forwarded then. It stays like that as long "
    "as\n"
    "the telephony service runs.\n"
    "\n"
    "options:\n"
    "  --all NUMBER        all calls\n"
    "  --busy NUMBER       those that find the line busy\n"
    "  --noanswer NUMBER   those that nobody answers\n"
    "  --rings R           after how many rings that is\n"
    "  --nobody            all calls are refused: do not disturb\n"
    "  --off               no longer\n" FLOW_STATUS;
const char digits_help[] =
    "usage: tapictl digits NUMBER DIGITS [--line N] [--seconds S]\n"
    "\n"
    "Calls NUMBER, sends DIGITS (0-9 A-D * # and , for a pause) when it is connected, and hangs up after a\n"
    "while.\n"
    "\n"
    "options:\n" FLOW_OPTIONS FLOW_STATUS;

enum { FLOW_NUMBERS = 8, FLOW_TEXT = 8192 };

struct flow {
    const char *name;
    const char *numberv[FLOW_NUMBERS];
    int numberc;
    uint32_t line, seconds, rings;
    bool has_line, blind, off, nobody;
    const char *all, *busy, *noanswer, *parked, *group;
    char text[FLOW_TEXT];
    size_t len;
};

static void put(struct flow *f, const char *fmt, ...) PLATFORM_PRINTF(2, 3);
static void put(struct flow *f, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(f->text + f->len, sizeof(f->text) - f->len, fmt, ap);
    va_end(ap);
    if (n > 0)
        f->len += (size_t)n < sizeof(f->text) - f->len ? (size_t)n : sizeof(f->text) - f->len - 1;
}

/* A word that can stand in a script as it is. */
static bool word(const char *text)
{
    return text[0] && strlen(text) < 256 && !strpbrk(text, " \t\r\n\"") && text[0] != '#';
}

struct flow_option {
    const char *name;
    uint32_t *number; /* one of these three */
    const char **text;
    bool *flag;
};

static bool arguments(struct flow *f, int argc, char **argv, const struct flow_option *optionv, size_t optionc, int min,
                      int max)
{
    size_t o;
    int i;

    for (i = 0; i < argc; i++) {
        const struct flow_option *option = NULL;

        for (o = 0; o < optionc; o++)
            if (strcmp(argv[i], optionv[o].name) == 0)
                option = &optionv[o];
        if (!option && strncmp(argv[i], "--", 2) == 0) {
            tool_error("%s: unknown option '%.64s' (tapictl %s --help)", f->name, argv[i], f->name);
            return false;
        }
        if (!option) {
            if (f->numberc == max || !word(argv[i])) {
                tool_error(f->numberc == max ? "%s: '%.64s' is too much (tapictl %s --help)"
                                             : "%s: '%.64s' is no number (tapictl %s --help)",
                           f->name, argv[i], f->name);
                return false;
            }
            f->numberv[f->numberc++] = argv[i];
            continue;
        }
        if (strcmp(option->name, "--line") == 0)
            f->has_line = true;
        if (option->flag) {
            *option->flag = true;
            continue;
        }
        if (i + 1 >= argc || (option->text ? !word(argv[i + 1]) : !tool_number(argv[i + 1], 1000000, option->number))) {
            tool_error("%s: %s needs a %s", f->name, argv[i], option->text ? "value" : "number");
            return false;
        }
        if (option->text)
            *option->text = argv[i + 1];
        i++;
    }
    if (f->numberc < min) {
        tool_error("%s: which number? (tapictl %s --help)", f->name, f->name);
        return false;
    }
    return true;
}

#define ARGUMENTS(f, argc, argv, min, max, ...)                                                                        \
    arguments(f, argc, argv, (const struct flow_option[]){__VA_ARGS__},                                                \
              sizeof((const struct flow_option[]){__VA_ARGS__}) / sizeof(struct flow_option), min, max)
#define NUMBER(name, member)                                                                                           \
    {                                                                                                                  \
        "--" name, &f.member, NULL, NULL                                                                               \
    }
#define WORD(name, member)                                                                                             \
    {                                                                                                                  \
        "--" name, NULL, &f.member, NULL                                                                               \
    }
#define FLAG(name, member)                                                                                             \
    {                                                                                                                  \
        "--" name, NULL, NULL, &f.member                                                                               \
    }

/* The first call, connected. Somebody may take a minute to answer. */
static void put_call(struct flow *f)
{
    put(f, "limit 120\ncall first %s on %lu\nexpect first CONNECTED\n", f->numberv[0], (unsigned long)f->line);
}

static void put_end(struct flow *f, const char *name)
{
    put(f, "pause %lu\ndrop %s\nexpect %s IDLE\n", (unsigned long)f->seconds, name, name);
}

static int run(struct flow *f)
{
    return shell_script(f->name, f->text, SHELL_SCRIPT_FLOW);
}

int hold_command(int argc, char **argv)
{
    struct flow f = {.name = "hold", .seconds = 2};

    if (!ARGUMENTS(&f, argc, argv, 1, 1, NUMBER("line", line), NUMBER("seconds", seconds)))
        return TOOL_USAGE;
    put_call(&f);
    put(&f,
        "hold first\nexpect first ONHOLD\npause %lu\nunhold first\nexpect first CONNECTED\ndrop first\nexpect first "
        "IDLE\n",
        (unsigned long)f.seconds);
    return run(&f);
}

int transfer_command(int argc, char **argv)
{
    struct flow f = {.name = "transfer"};

    if (!ARGUMENTS(&f, argc, argv, 2, 2, NUMBER("line", line), FLAG("blind", blind)))
        return TOOL_USAGE;
    put_call(&f);
    if (f.blind)
        put(&f, "blind first %s\nexpect first IDLE\n", f.numberv[1]);
    else
        put(&f,
            "consult second first %s\nexpect second CONNECTED\ncomplete first second\nexpect first IDLE\nexpect second "
            "IDLE\n",
            f.numberv[1]);
    return run(&f);
}

int conference_command(int argc, char **argv)
{
    struct flow f = {.name = "conference", .seconds = 2};
    int i;

    if (!ARGUMENTS(&f, argc, argv, 2, FLOW_NUMBERS, NUMBER("line", line), NUMBER("seconds", seconds)))
        return TOOL_USAGE;
    put_call(&f);
    for (i = 1; i < f.numberc; i++) {
        if (i == 1)
            put(&f, "conference all call2 first %s\n", f.numberv[i]);
        else
            put(&f, "prepare call%d all %s\n", i + 1, f.numberv[i]);
        put(&f, "expect call%d CONNECTED\nadd all call%d\nexpect call%d CONFERENCED\n", i + 1, i + 1, i + 1);
    }
    put_end(&f, "all");
    return run(&f);
}

int park_command(int argc, char **argv)
{
    struct flow f = {.name = "park"};

    if (!ARGUMENTS(&f, argc, argv, 1, 2, NUMBER("line", line)))
        return TOOL_USAGE;
    put_call(&f);
    put(&f, "park first %s\nexpect first IDLE\n", f.numberc > 1 ? f.numberv[1] : "");
    return run(&f);
}

int pickup_command(int argc, char **argv)
{
    struct flow f = {.name = "pickup", .seconds = 2};

    if (!ARGUMENTS(&f, argc, argv, 0, 1, NUMBER("line", line), NUMBER("seconds", seconds), WORD("parked", parked),
                   WORD("group", group)))
        return TOOL_USAGE;
    if (f.parked && (f.group || f.numberc)) {
        tool_error("pickup: a parked call, or one that rings (tapictl pickup --help)");
        return TOOL_USAGE;
    }
    if (f.parked)
        put(&f, "unpark first %s on %lu\n", f.parked, (unsigned long)f.line);
    else
        put(&f, "pickup first %s on %lu%s%s\n", f.numberc ? f.numberv[0] : "", (unsigned long)f.line,
            f.group ? " group " : "", f.group ? f.group : "");
    put(&f, "expect first CONNECTED\n");
    put_end(&f, "first");
    return run(&f);
}

int forward_command(int argc, char **argv)
{
    struct flow f = {.name = "forward"};
    unsigned long line;

    if (!ARGUMENTS(&f, argc, argv, 0, 0, NUMBER("line", line), WORD("all", all), WORD("busy", busy),
                   WORD("noanswer", noanswer), NUMBER("rings", rings), FLAG("nobody", nobody), FLAG("off", off)))
        return TOOL_USAGE;
    line = f.line;
    if (f.nobody && !f.all)
        f.all = "nobody";
    else if (f.nobody)
        f.has_line = false; /* not both */
    if (!f.has_line || f.off == (f.all || f.busy || f.noanswer)) {
        tool_error(f.has_line ? "forward: where to, or --off? (tapictl forward --help)"
                              : "forward: which --line? (tapictl forward --help)");
        return TOOL_USAGE;
    }
    put(&f, "forward %lu", line);
    if (f.off)
        put(&f, " off");
    if (f.all)
        put(&f, " UNCOND %s", f.all);
    if (f.busy)
        put(&f, " BUSY %s", f.busy);
    if (f.noanswer)
        put(&f, " NOANSW %s", f.noanswer);
    if (f.rings)
        put(&f, " rings %lu", (unsigned long)f.rings);
    put(&f, "\nforwarding %lu\n", line);
    return run(&f);
}

int digits_command(int argc, char **argv)
{
    struct flow f = {.name = "digits", .seconds = 2};

    if (!ARGUMENTS(&f, argc, argv, 2, 2, NUMBER("line", line), NUMBER("seconds", seconds)))
        return TOOL_USAGE;
    put_call(&f);
    put(&f, "digits first %s\nexpect first generate DONE\n", f.numberv[1]);
    put_end(&f, "first");
    return run(&f);
}
