/* tapictl shell: several lines and calls at once, typed or from a file. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/shell.h"

#include "tapi_shim/platform/trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char shell_help[] =
    "usage: tapictl shell [--trace|--quiet] [FILE]\n"
    "\n"
    "Drives several lines and calls, and shows every message as it comes. A person types commands ('help' lists "
    "them);\n"
    "without one, or with a FILE (- is the standard input), they are read from there, and the first that fails ends "
    "it.\n"
    "Calls have names of their own:\n"
    "\n"
    "    call a 101 on 0          # line 0 calls 101; the call is named a\n"
    "    incoming b on 1          # the call that comes in on line 1 is named b\n"
    "    answer b\n"
    "    expect a CONNECTED       # waits for the message\n"
    "    drop a\n"
    "    expect-error hold a LINEERR_INVALCALLSTATE\n"
    "\n"
    "options:\n"
    "  --trace   shows each function with its result, and each message where the file waits for it: names instead of\n"
    "            handles and no times, so that the output of two systems can be compared\n"
    "  --quiet   shows no messages\n"
    "\n"
    "Nothing sleeps: 'expect' waits until the message is there, up to a limit of 30 s ('limit').\n"
    "\n"
    "The exit status is 0, 1 if a command failed or telephony cannot be started, 2 if the command line or a line of "
    "the\n"
    "file makes no sense; such a file is not begun.\n";

/* ---- of a file --------------------------------------------------------------------------------------------------- */

char *shell_read_all(const char *path)
{
    FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    size_t size = 0, room = 0, got;
    char *text = NULL;

    if (!f) {
        tool_error("%s: %s", path, strerror(errno));
        return NULL;
    }
    do {
        char *more = room - size < 4096 ? realloc(text, room + 65536) : text;

        if (!more || room > 0x1000000) {
            tool_error("%s: %s", path, more ? "too long" : "out of memory");
            free(more ? more : text);
            text = NULL;
            break;
        }
        if (more != text || !room)
            room += 65536;
        text = more;
        got = fread(text + size, 1, room - size - 1, f);
        size += got;
        text[size] = 0;
    } while (got);
    if (f != stdin)
        (void)fclose(f);
    return text;
}

/* The next line of the text, copied and split. False: there is none. */
static bool next_line(const char **text, char line[SHELL_LINE_MAX], size_t *lenp)
{
    size_t len = strcspn(*text, "\n");

    if (!**text)
        return false;
    *lenp = len;
    if (len >= SHELL_LINE_MAX)
        len = SHELL_LINE_MAX - 1;
    memcpy(line, *text, len);
    line[len] = 0;
    *text += strcspn(*text, "\n");
    *text += **text == '\n';
    return true;
}

/* Looks through it first: one that makes no sense is not begun. */
static bool check_all(struct shell *sh, const char *text)
{
    char line[SHELL_LINE_MAX], *words[SHELL_WORDS_MAX];
    bool good = true;
    size_t len;
    int n;

    for (sh->number = 1; next_line(&text, line, &len); sh->number++) {
        n = shell_split(line, words);
        if (n < 0 || len >= SHELL_LINE_MAX) {
            (void)shell_fail(sh, "%s",
                             len >= SHELL_LINE_MAX ? "the line is too long"
                                                   : "a quote is not closed, or there are too many words");
            good = false;
        } else if (n && !shell_check(sh, n, words)) {
            good = false;
        }
    }
    sh->number = 0;
    return good;
}

static int run_all(struct shell *sh, const char *text)
{
    char line[SHELL_LINE_MAX], *words[SHELL_WORDS_MAX];
    enum shell_result result = SHELL_OK;
    size_t len;
    int n;

    for (sh->number = 1; result == SHELL_OK && next_line(&text, line, &len); sh->number++) {
        if (tool_interrupted())
            return TOOL_FAILED;
        if (sh->trace) {
            char copy[SHELL_LINE_MAX];

            strcpy(copy, line);
            n = shell_split(copy, words);
            if (n)
                printf("> %.*s\n", (int)strcspn(line + strspn(line, " \t"), "\r#"), line + strspn(line, " \t"));
        }
        if (line[strspn(line, " \t\r#")])
            platform_trace(PLATFORM_TRACE_APPLICATION, PLATFORM_TRACE_APPLICATION, "> %s", line);
        n = shell_split(line, words);
        if (n)
            result = shell_run(sh, n, words);
        shell_drain(sh);
    }
    return result == SHELL_FAILED ? TOOL_FAILED : result == SHELL_USAGE ? TOOL_USAGE : TOOL_OK;
}

static int run_text(struct shell *sh, const char *text)
{
    struct shell_program *p;
    int exit;

    if (!check_all(sh, text))
        return TOOL_USAGE;
    if (!tool_open(&sh->app))
        return TOOL_FAILED;
    tool_catch_interrupt();
    exit = run_all(sh, text);
    for (p = sh->programs; p; p = p->next)
        tool_close(&p->app);
    tool_close(&sh->app);
    shell_end(sh);
    return exit;
}

static void begin(struct shell *sh)
{
    memset(sh, 0, sizeof(*sh));
    sh->limit_ms = SHELL_LIMIT_MS;
    strcpy(sh->telephony.name, "telephony");
}

int shell_script(const char *what, const char *text, enum shell_script_kind kind)
{
    struct shell sh;

    begin(&sh);
    sh.file = what;
    sh.quiet = kind == SHELL_SCRIPT_FILE;
    sh.flow = kind == SHELL_SCRIPT_FLOW;
    return run_text(&sh, text);
}

/* ---- of a person ------------------------------------------------------------------------------------------------- */

static const char *complete(const char *line, size_t start, const char *prefix, unsigned n, void *arg)
{
    return shell_candidate(arg, line, start, prefix, n);
}

static int talk(struct shell *sh)
{
    char *words[SHELL_WORDS_MAX], *line;
    enum prompt_got got;
    int n;

    if (!tool_open(&sh->app))
        return TOOL_FAILED;
    printf("%lu lines; 'help' tells the commands, 'quit' ends\n", (unsigned long)sh->app.lines);
    sh->prompt = prompt_open(sh->app.event, complete, sh);
    if (!sh->prompt) {
        tool_error("out of memory");
        tool_close(&sh->app);
        return TOOL_FAILED;
    }
    while (!sh->gone && (got = prompt_wait(sh->prompt, &line)) != PROMPT_END) {
        shell_drain(sh);
        if (got != PROMPT_LINE)
            continue;
        n = shell_split(line, words);
        if (n < 0)
            (void)shell_fail(sh, "a quote is not closed, or there are too many words");
        else if (n && shell_run(sh, n, words) == SHELL_QUIT)
            break;
    }
    if (sh->gone)
        (void)shell_fail(sh, "the telephony service has gone");
    prompt_close(sh->prompt);
    sh->prompt = NULL;
    tool_close(&sh->app);
    shell_end(sh);
    return sh->gone ? TOOL_FAILED : TOOL_OK;
}

int shell_command(int argc, char **argv)
{
    const char *path = NULL;
    struct shell sh;
    char *text;
    int i, exit;

    begin(&sh);
    for (i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--trace") == 0) {
            sh.trace = true;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            sh.quiet = true;
        } else if ((argv[i][0] == '-' && argv[i][1]) || path) {
            tool_error("shell: unknown argument '%.64s' (tapictl shell --help)", argv[i]);
            return TOOL_USAGE;
        } else {
            path = argv[i];
        }
    }
    if (!path && prompt_is_person())
        return talk(&sh);
    sh.file = path && strcmp(path, "-") != 0 ? path : "(input)";
    text = shell_read_all(path ? path : "-");
    if (!text)
        return TOOL_FAILED;
    exit = run_text(&sh, text);
    free(text);
    return exit;
}
