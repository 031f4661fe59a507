/* The command language of tapictl shell: what its files share. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_TAPICTL_SHELL_SHELL_H
#define TAPI_SHIM_TAPICTL_SHELL_SHELL_H

#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/shell/prompt.h"
#include "tapi_shim/tapictl/tool.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    SHELL_NAME_MAX = 32,   /* bytes of a name, terminator included */
    SHELL_WORDS_MAX = 64,  /* of a line */
    SHELL_LINE_MAX = 4096, /* bytes of a line */
    SHELL_DIGITS_MAX = 256,
    SHELL_KEPT_MAX = 64, /* messages that a person did not wait for are remembered, per object */
    SHELL_LIMIT_MS = 30000
};

enum shell_result { SHELL_OK, SHELL_FAILED, SHELL_USAGE, SHELL_QUIT };

struct shell_item {
    LINEMESSAGE message;
    const char *function; /* LINE_REPLY: of which function */
    struct shell_item *next;
};

/* Something that messages are about: a call, a line, or telephony itself. */
struct shell_object {
    char name[SHELL_NAME_MAX];
    struct shell_item *first, *last; /* arrived, not yet waited for */
    unsigned kept;
};

struct shell_call {
    struct shell_object object;
    HCALL call; /* written when the reply is there */
    const struct shell_program *program;
    DWORD line;
    DWORD_PTR state; /* of the last LINE_CALLSTATE that arrived; 0: none */
    bool pending;    /* its request has not completed: `call` is still to be written */
    DWORD completion;
    bool completing; /* `completion` is one */
    char digits[SHELL_DIGITS_MAX];
    struct {
        VARSTRING head;
        char text[SHELL_DIGITS_MAX];
    } parked;
    struct shell_call *next;
};

/* One more application in this process. */
struct shell_program {
    char name[SHELL_NAME_MAX];
    struct tool_app app;
    struct shell_program *next;
};

struct shell_line {
    struct shell_object object;
    struct shell_program *program; /* NULL: the shell's own */
    DWORD device, version;
    HLINE line; /* 0: not open */
    DWORD agent_state, agent_groups; /* it is a proxy: LINEAGENTSTATE_, bits of groups */
    struct shell_line *next;
};

struct shell_request {
    LONG id;
    struct shell_object *object;
    const char *function;
    bool done;
    LONG result;
    struct shell_request *next;
};

struct shell {
    struct tool_app app;
    struct shell_object telephony;
    struct shell_program *programs;
    struct shell_line *lines;
    struct shell_call *calls;
    struct shell_request *requests; /* that nobody waited for to the end */
    struct prompt *prompt;          /* NULL: a file is read */
    const char *file;               /* its name, for messages */
    unsigned number;                /* of the line in it */
    bool trace, quiet, gone;
    bool flow;      /* lines have no numbers that mean anything */
    bool expecting; /* an error is what is wanted: it is not shown */
    bool extended;  /* lines are opened with their provider's extension */
    LONG rc;        /* of the last function or reply that failed */
    unsigned incoming;
    uint32_t limit_ms;
};

struct shell_command {
    const char *name, *args, *help;
    enum shell_result (*run)(struct shell *sh, int argc, char **argv);
    int min, max; /* words behind the name */
};

/* ---- object.c ---------------------------------------------------------------------------------------------------- */

/* A line of output; with the time before it unless a trace is written. */
void shell_say(struct shell *sh, const char *fmt, ...) PLATFORM_PRINTF(2, 3);
/* A line that only belongs into the output of a command, without time. */
void shell_show(struct shell *sh, const char *fmt, ...) PLATFORM_PRINTF(2, 3);
/* What failed, with the place in the file; returns SHELL_FAILED. Nothing is shown while an error is what is wanted. */
enum shell_result shell_fail(struct shell *sh, const char *fmt, ...) PLATFORM_PRINTF(2, 3);

/* An open call or NULL after saying that there is none. */
struct shell_call *shell_call_find(struct shell *sh, const char *name);
struct shell_call *shell_call_by_handle(struct shell *sh, HCALL call);
struct shell_call *shell_call_by_name(struct shell *sh, const char *name);
/* Its handle and its name belong together from now on: for diagrams. */
void shell_call_named(const struct shell_call *call);
/* A call to be. NULL after saying why not: the name is taken, or is none. */
struct shell_call *shell_call_new(struct shell *sh, const char *name, const struct shell_program *program, DWORD line);
void shell_call_forget(struct shell *sh, struct shell_call *call);
bool shell_name_valid(const char *name);
/* The line, opened if it is not. NULL after saying why not. */
struct shell_line *shell_line_find(struct shell *sh, const char *number);
struct shell_line *shell_line_open(struct shell *sh, struct shell_program *program, DWORD device, DWORD privileges,
                                   DWORD media);
struct shell_line *shell_line_by_device(struct shell *sh, const struct shell_program *program, DWORD device);
/* "2", or "2@NAME" of a program. False after saying what is wrong. */
bool shell_line_parse(struct shell *sh, const char *text, struct shell_program **programp, DWORD *devicep);
/* The parameters that the words from `from` on are: [on LINE] [uui TEXT] [media MODES] [secure]; freed by the caller.
 * NULL after saying what is wrong. */
LINECALLPARAMS *shell_params(struct shell *sh, int argc, char **argv, int from, const char **linep);
void shell_line_close(struct shell *sh, struct shell_line *line);

/* A function was called: `what` names its arguments. An asynchronous one is waited for. */
enum shell_result shell_sync(struct shell *sh, LONG rc, const char *function, const char *fmt, ...)
    PLATFORM_PRINTF(4, 5);
enum shell_result shell_async(struct shell *sh, struct shell_object *object, LONG rc, const char *function,
                              const char *fmt, ...) PLATFORM_PRINTF(5, 6);
/* The same for one that makes calls: they are forgotten if it fails. `second` may be NULL. */
enum shell_result shell_made(struct shell *sh, struct shell_call *first, struct shell_call *second, LONG rc,
                             const char *function, const char *fmt, ...) PLATFORM_PRINTF(6, 7);

/* Takes messages that are there. */
void shell_drain(struct shell *sh);
/* Takes the first message of the object, waiting for one until `deadline_ms` (platform_mono_ms); NULL: none came. The
 * caller frees it. */
struct shell_item *shell_take(struct shell *sh, struct shell_object *object, uint64_t deadline_ms);
/* The same, and shows it in a trace. */
struct shell_item *shell_next(struct shell *sh, struct shell_object *object, uint64_t deadline_ms);
/* Lets messages come until then. */
void shell_pass(struct shell *sh, uint64_t deadline_ms);
/* As it stands in traces. */
const char *shell_describe(struct shell *sh, const struct shell_object *object, const struct shell_item *item,
                           char text[NAMES_TEXT_MAX]);
/* Everything is closed and freed. */
void shell_end(struct shell *sh);

/* ---- cmd_special.c ----------------------------------------------------------------------------------------------- */

/* LINE_DEVSPECIFIC and LINE_DEVSPECIFICFEATURE of SessionTSP. False: it is another message. */
bool shell_describe_special(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX]);
/* "check CALL stream|terminals TEXT"; `known`: it is one of these. */
enum shell_result shell_check_special(struct shell *sh, struct shell_call *c, char **argv, bool *known);

/* ---- cmd_agent.c ------------------------------------------------------------------------------------------------- */

/* lineOpen of a line that serves agents. */
LONG shell_open_proxy(const struct tool_app *app, DWORD device, HLINE *line, DWORD version, DWORD privileges);
/* LINE_PROXYREQUEST: is answered. */
void shell_proxy_request(struct shell *sh, LINEMESSAGE *m);
/* Messages of and about proxies. False: it is another one. */
bool shell_describe_agent(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX]);
/* "expect LINE proxy OPEN|CLOSE", "expect LINE agent STATE|GROUP". False: it is neither. */
bool shell_wish_agent(const char *what, const char *more, DWORD *message, DWORD_PTR *p1, DWORD_PTR *p2);

/* ---- command.c --------------------------------------------------------------------------------------------------- */

/* The command of the words, NULL: there is none. */
const struct shell_command *shell_command_find(const char *name);
/* Runs it; says what is wrong with it. */
enum shell_result shell_run(struct shell *sh, int argc, char **argv);
/* Splits a line in place into words; "#" begins a comment, "..." is one word. The number of words, -1: a quote is not
 * closed, or there are too many. */
int shell_split(char *line, char **words);
/* Whether the words make a command, without running it; says why not. */
bool shell_check(struct shell *sh, int argc, char **argv);
/* What could stand in place of the word that begins at `start` of the line: the `n`th, NULL: no more. */
const char *shell_candidate(struct shell *sh, const char *line, size_t start, const char *prefix, unsigned n);

/* ---- script.c: commands that a program gives, for those of tapictl that are little scripts ------------------------
 */

/* All of a file (- is the standard input), terminated. NULL after saying why not. */
char *shell_read_all(const char *path);
/* Runs the text, which is of a file named `what` (FILE: no messages are shown), or is what the command `what` of the
 * tool does (FLOW). Exit status of the tool. */
enum shell_script_kind { SHELL_SCRIPT_FILE, SHELL_SCRIPT_FLOW };
int shell_script(const char *what, const char *text, enum shell_script_kind kind);

/* ---- the commands ------------------------------------------------------------------------------------------------ */

#define SHELL_COMMAND_MAP(C)                                                                                           \
    C(lines)                                                                                                           \
    C(open)                                                                                                            \
    C(close)                                                                                                           \
    C(watch)                                                                                                           \
    C(line)                                                                                                            \
    C(calls)                                                                                                           \
    C(call)                                                                                                            \
    C(dial) C(accept) C(answer) C(drop) C(release) C(incoming) C(rename) C(info) C(status) C(hold) C(unhold) C(swap)   \
        C(consult) C(complete) C(blind) C(redirect) C(conference) C(prepare) C(add) C(remove) C(park) C(unpark)        \
            C(pickup) C(forward) C(forwarding) C(completion) C(uncomplete) C(secure) C(handoff) C(privilege) C(digits)               \
                C(monitor_digits) C(gather) C(tone) C(monitor_tones) C(monitor_media) C(uui) C(uui_release) C(set)     \
                    C(set_line) C(expect) C(expect_error) C(check) C(limit) C(pause) C(program) C(echo) C(help)        \
                        C(quit) C(media_control) C(terminal) C(extended) C(stream) C(signal) C(play) C(record) C(key)  \
                            C(reload) C(add_line) C(remove_line) C(proxy) C(agent) C(service) C(await)
#define SHELL_COMMAND_DECLARE(name) enum shell_result shell_cmd_##name(struct shell *sh, int argc, char **argv);
SHELL_COMMAND_MAP(SHELL_COMMAND_DECLARE)
#undef SHELL_COMMAND_DECLARE

#endif
