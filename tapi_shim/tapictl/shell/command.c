/* The commands of the shell: their table, help, and what completes them. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdio.h>
#include <string.h>

/* clang-format off */
static const struct shell_command commands[] = {
    {"lines", "", "lists the lines", shell_cmd_lines, 0, 0},
    {"open", "LINE...|all [monitor|both] [media MODES]", "opens lines; commands that need one open it themselves", shell_cmd_open, 1, 40},
    {"close", "LINE", "closes a line, and with it its calls", shell_cmd_close, 1, 1},
    {"watch", "LINE", "has a line tell every change of its state and of its address", shell_cmd_watch, 1, 1},
    {"service", "LINE in|out", "waits until the line is in service, or out of it", shell_cmd_service, 2, 2},
    {"await", "FILE", "waits until there is a file of that name, which another program makes when it is ready", shell_cmd_await, 1, 1},
    {"line", "LINE", "shows the state of a line: calls, features, where it is forwarded to", shell_cmd_line, 1, 1},
    {"set-line", "LINE rings N | LINE MSGWAIT|LOCKED|... on|off", "sets after how many rings a call is not answered, or a state of the line", shell_cmd_set_line, 3, 3},
    {"program", "NAME", "one more application of that name in this process; its lines are LINE@NAME", shell_cmd_program, 1, 1},
    {"calls", "", "lists the calls with their names and states", shell_cmd_calls, 0, 0},
    {"call", "NAME NUMBER [on LINE] [uui TEXT] [media MODES] [secure]", "makes a call (from line 0 unless told); NUMBER - only takes the line, for 'dial'", shell_cmd_call, 2, 40},
    {"dial", "CALL NUMBER", "dials more digits of a call that is being made", shell_cmd_dial, 2, 2},
    {"incoming", "NAME on LINE", "waits for a call to come in on the line, and gives it the name", shell_cmd_incoming, 2, 3},
    {"rename", "CALL NAME", "gives a call another name", shell_cmd_rename, 2, 2},
    {"accept", "CALL [uui TEXT]", "takes responsibility for an offered call: its caller hears it ring", shell_cmd_accept, 1, 3},
    {"answer", "CALL [uui TEXT]", "answers it", shell_cmd_answer, 1, 3},
    {"drop", "CALL [uui TEXT]", "hangs it up", shell_cmd_drop, 1, 3},
    {"release", "CALL...", "forgets calls; one that is not over is dropped", shell_cmd_release, 1, 40},
    {"info", "CALL", "shows what is known of a call: who, why, its attributes", shell_cmd_info, 1, 1},
    {"status", "CALL", "shows its state, and what can be done with it now", shell_cmd_status, 1, 1},
    {"hold", "CALL", "puts it on hold", shell_cmd_hold, 1, 1},
    {"unhold", "CALL", "takes it back", shell_cmd_unhold, 1, 1},
    {"swap", "ACTIVE HELD", "exchanges the active call and one on hold", shell_cmd_swap, 2, 2},
    {"consult", "NAME CALL [NUMBER]", "puts the call on hold for a transfer, with a consultation call NAME (to NUMBER)", shell_cmd_consult, 2, 3},
    {"complete", "CALL CONSULT [conference PARENT]", "connects the two others, or makes a conference of three", shell_cmd_complete, 2, 4},
    {"blind", "CALL NUMBER", "transfers a call without asking", shell_cmd_blind, 2, 2},
    {"redirect", "CALL NUMBER", "sends an offered call elsewhere", shell_cmd_redirect, 2, 2},
    {"conference", "PARENT CONSULT CALL|on LINE [NUMBER]", "begins a conference (with CALL), and a call to the next one (NUMBER)", shell_cmd_conference, 3, 5},
    {"prepare", "NAME PARENT [NUMBER]", "begins a call to one more for the conference", shell_cmd_prepare, 2, 3},
    {"add", "PARENT CALL", "adds a call to the conference", shell_cmd_add, 2, 2},
    {"remove", "CALL", "takes a call out of its conference", shell_cmd_remove, 1, 1},
    {"park", "CALL [NUMBER]", "parks it at the number, or where there is room", shell_cmd_park, 1, 2},
    {"unpark", "NAME NUMBER|of CALL [on LINE]", "takes a parked call, from the number or from where CALL went", shell_cmd_unpark, 2, 5},
    {"pickup", "NAME [NUMBER] [on LINE] [group GROUP]", "takes a call that rings there, in the group, or anywhere", shell_cmd_pickup, 1, 6},
    {"forward", "LINE off | LINE MODE NUMBER|nobody [from CALLER] ... [rings N]", "forwards calls, or to nobody: do not disturb; UNCOND, BUSY, NOANSW, BUSYNA, each also ...INTERNAL, ...EXTERNAL, ...SPECIFIC", shell_cmd_forward, 2, 40},
    {"forwarding", "LINE", "shows where calls of a line are forwarded to", shell_cmd_forwarding, 1, 1},
    {"completion", "CALL CAMPON|CALLBACK|INTRUDE|MESSAGE [MESSAGE]", "has a call that met nobody completed", shell_cmd_completion, 2, 3},
    {"uncomplete", "CALL", "cancels that", shell_cmd_uncomplete, 1, 1},
    {"secure", "CALL", "lets nothing disturb the call", shell_cmd_secure, 1, 1},
    {"handoff", "CALL PROGRAM|media MODE", "gives it to another program", shell_cmd_handoff, 2, 3},
    {"privilege", "CALL OWNER|MONITOR", "changes what this program may do with it", shell_cmd_privilege, 2, 2},
    {"digits", "CALL DIGITS [DTMF|PULSE [MS]]", "sends digits", shell_cmd_digits, 2, 4},
    {"monitor-digits", "CALL [DTMF|DTMFEND|PULSE|off]", "tells of each digit that is heard", shell_cmd_monitor_digits, 1, 2},
    {"gather", "CALL COUNT [until DIGITS] [first MS] [between MS] | CALL off", "collects digits that are heard", shell_cmd_gather, 2, 8},
    {"tone", "CALL RINGBACK|BUSY|BEEP|BILLING [MS] | CALL CUSTOM MS HZ...", "plays a tone", shell_cmd_tone, 2, 11},
    {"monitor-tones", "CALL ID HZ... | CALL off", "tells when a tone is heard", shell_cmd_monitor_tones, 2, 5},
    {"monitor-media", "CALL MODES|off", "tells when a media mode is detected", shell_cmd_monitor_media, 2, 2},
    {"media-control", "CALL|LINE [address A] off | ... digit|digit-end|pulse D ACTION, tone HZ[+HZ] MS ACTION, media MODE MS ACTION, state STATES ACTION", "what is heard, or a state, acts upon what a call plays: START, RESET, PAUSE, RESUME, RATEUP, VOLUMEDOWN, ...", shell_cmd_media_control, 2, 60},
    {"terminal", "CALL|LINE [address A] ID MODES on|off", "routes RINGER, DISPLAY, MEDIATOLINE, ... to a terminal of the line, or takes it away", shell_cmd_terminal, 4, 6},
    {"extended", "LINE...", "opens lines with their provider's extension, which these need:", shell_cmd_extended, 1, 40},
    {"stream", "CALL [ACTION]", "shows what a call plays is at (state, rate, volume), or acts upon it", shell_cmd_stream, 1, 2},
    {"play", "CALL FILE|off [ID]", "plays a WAV file to the other end of a call; LINE_DEVSPECIFIC tells its end", shell_cmd_play, 2, 3},
    {"record", "CALL FILE|off", "records what is heard from the other end of a call", shell_cmd_record, 2, 2},
    {"signal", "LINE NUMBER", "sends LINE_DEVSPECIFIC to all that have the line open", shell_cmd_signal, 2, 2},
    {"key", "LINE HOLD|TRANSFER|CONFERENCE|DROP|REDIAL|DND|SPEAKER|MESSAGE|NUMBER", "presses a key of the line's telephone set", shell_cmd_key, 2, 2},
    {"uui", "CALL TEXT", "sends user-user information", shell_cmd_uui, 2, 2},
    {"uui-release", "CALL", "says that what came was read", shell_cmd_uui_release, 1, 1},
    {"set", "CALL media MODES|appspecific N|data TEXT|treatment T|bearer MODE MIN MAX", "sets an attribute of a call", shell_cmd_set, 3, 5},
    {"add-line", "NUMBER [NAME]", "enters a line in the configuration of SessionTSP: it comes at once", shell_cmd_add_line, 1, 2},
    {"remove-line", "NUMBER", "strikes it out: it goes, with its calls", shell_cmd_remove_line, 1, 1},
    {"reload", "", "has SessionTSP read its configuration again", shell_cmd_reload, 0, 0},
    {"proxy", "LINE", "opens a line, which must not be open in this program, to answer for agents: a small call centre", shell_cmd_proxy, 1, 1},
    {"agent", "LINE caps|status|groups|state LOGGEDOFF|NOTREADY|READY|BUSYACD|log-in GROUP...|log-out", "asks the proxy of a line about its agent", shell_cmd_agent, 2, 10},
    {"expect", "CALL STATE [MODE] | CALL info BITS | CALL digits TEXT|gather END|digit D|tone ID|media MODE|generate END|played ID|stream ACTION | LINE signal|key | LINE devstate|addressstate BITS|close|proxy OPEN|proxy CLOSE|agent STATE|agent GROUP | telephony create|remove LINE", "waits for a message; of a CONFERENCED call MODE is its parent", shell_cmd_expect, 2, 3},
    {"expect-error", "COMMAND... LINEERR_NAME", "runs a command that has to fail like that", shell_cmd_expect_error, 2, 60},
    {"check", "CALL FIELD VALUE", "compares: caller, called, connected, redirection, redirecting (also ...-name), origin, reason, media, bearer, treatment, appspecific, secure, uui, data, state, can, cannot, stream, terminals; call, related: another CALL with the same call id, or to whose id it is related", shell_cmd_check, 3, 3},
    {"limit", "SECONDS", "how long is waited for a message; 30 unless told", shell_cmd_limit, 1, 1},
    {"pause", "SECONDS", "does nothing, and shows what comes meanwhile; to wait for a message use 'expect'", shell_cmd_pause, 1, 1},
    {"echo", "WORD...", "writes the words", shell_cmd_echo, 0, 60},
    {"help", "[COMMAND]", "this", shell_cmd_help, 0, 1},
    {"quit", "", "ends; calls that are left are dropped", shell_cmd_quit, 0, 0},
};
/* clang-format on */

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

const struct shell_command *shell_command_find(const char *name)
{
    size_t i;

    for (i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static enum shell_result misused(struct shell *sh, const struct shell_command *c)
{
    bool expecting = sh->expecting;

    sh->expecting = false;
    (void)shell_fail(sh, "usage: %s%s%s", c->name, c->args[0] ? " " : "", c->args);
    sh->expecting = expecting;
    return SHELL_USAGE;
}

bool shell_check(struct shell *sh, int argc, char **argv)
{
    const struct shell_command *c = shell_command_find(argv[0]);

    if (!c) {
        (void)shell_fail(sh, "unknown command '%.64s' (try 'help')", argv[0]);
        return false;
    }
    if (argc - 1 < c->min || argc - 1 > c->max) {
        (void)misused(sh, c);
        return false;
    }
    return c->run != shell_cmd_expect_error || shell_check(sh, argc - 2, argv + 1);
}

enum shell_result shell_run(struct shell *sh, int argc, char **argv)
{
    const struct shell_command *c = shell_command_find(argv[0]);
    enum shell_result result;

    if (!c || argc - 1 < c->min || argc - 1 > c->max) {
        (void)shell_check(sh, argc, argv);
        return SHELL_USAGE;
    }
    result = c->run(sh, argc, argv);
    return result == SHELL_USAGE ? misused(sh, c) : result;
}

int shell_split(char *line, char **words)
{
    int n = 0;
    char *p = line;

    for (;;) {
        p += strspn(p, " \t\r\n");
        if (!*p || *p == '#')
            return n;
        if (n == SHELL_WORDS_MAX)
            return -1;
        if (*p == '"') {
            words[n++] = ++p;
            p = strchr(p, '"');
            if (!p)
                return -1;
        } else {
            words[n++] = p;
            p += strcspn(p, " \t\r\n");
        }
        if (!*p)
            return n;
        *p++ = 0;
    }
}

/* ---- completion -------------------------------------------------------------------------------------------------- */

const char *shell_candidate(struct shell *sh, const char *line, size_t start, const char *prefix, unsigned n)
{
    size_t len = strlen(prefix), i, blanks = strspn(line, " \t"), first = strcspn(line + blanks, " \t");
    bool is_command = start == blanks || (first == 4 && strncmp(line + blanks, "help", 4) == 0) ||
                      (first == 12 && strncmp(line + blanks, "expect-error", 12) == 0 && start <= blanks + 14);
    bool waits = first == 6 && strncmp(line + blanks, "expect", 6) == 0;
    const struct shell_call *c;
    const char *name;
    unsigned k;

    for (i = 0; is_command && i < COMMANDS; i++)
        if (strncmp(commands[i].name, prefix, len) == 0 && n-- == 0)
            return commands[i].name;
    if (is_command)
        return NULL;
    for (c = sh->calls; c; c = c->next)
        if (strncmp(c->object.name, prefix, len) == 0 && n-- == 0)
            return c->object.name;
    for (k = 0; waits && (name = names_nth(NAMES_CALLSTATE, k)); k++)
        if (strncmp(name, prefix, len) == 0 && n-- == 0)
            return name;
    for (k = 0; first == 7 && strncmp(line + blanks, "forward", 7) == 0 && (name = names_nth(NAMES_FORWARDMODE, k));
         k++)
        if (strncmp(name, prefix, len) == 0 && n-- == 0)
            return name;
    return NULL;
}

/* ---- commands about the shell itself ----------------------------------------------------------------------------- */

enum shell_result shell_cmd_help(struct shell *sh, int argc, char **argv)
{
    const struct shell_command *c;
    size_t i;

    if (argc == 2) {
        c = shell_command_find(argv[1]);
        if (!c)
            return shell_fail(sh, "unknown command '%.64s'", argv[1]);
        shell_show(sh, "%s %s", c->name, c->args);
        shell_show(sh, "    %s", c->help);
        return SHELL_OK;
    }
    for (i = 0; i < COMMANDS; i++)
        shell_show(sh, "%-15s %s", commands[i].name, commands[i].help);
    shell_show(sh,
               "'help COMMAND' tells its words. Calls have names of your own; those that come in are in1, in2, ...");
    return SHELL_OK;
}

enum shell_result shell_cmd_echo(struct shell *sh, int argc, char **argv)
{
    char text[SHELL_LINE_MAX];
    size_t len = 0;
    int i;

    text[0] = 0;
    for (i = 1; i < argc && len < sizeof(text); i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s", i > 1 ? " " : "", argv[i]);
    shell_show(sh, "%s", text);
    return SHELL_OK;
}

enum shell_result shell_cmd_quit(struct shell *sh, int argc, char **argv)
{
    (void)sh;
    (void)argc;
    (void)argv;
    return SHELL_QUIT;
}
