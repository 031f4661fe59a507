/* Lines that a person types, with completion and history by libedit. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tapi_shim/tapictl/shell/prompt.h"

#include "include/tapi_shim.h"
#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <readline.h>

enum { HISTORY_LINES = 1000 };

struct prompt {
    int fd;
    prompt_complete_h *h;
    void *arg;
    char *line; /* the one that was given last */
    char history[PLATFORM_PATH_MAX];
    bool got, end, installed;
};

/* The library has no argument for its callbacks. */
static struct prompt *current;

bool prompt_is_person(void)
{
    return isatty(STDIN_FILENO);
}

/* $XDG_STATE_HOME/tapi_shim/history, its folders made. "": there is no place for it. */
static void history_place(char *path, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = 0;
    char *p;

    path[0] = 0;
    if (state && state[0] == '/')
        n = snprintf(path, size, "%s/tapi_shim/history", state);
    else if (home && home[0] == '/')
        n = snprintf(path, size, "%s/.local/state/tapi_shim/history", home);
    if (n < 0 || (size_t)n >= size)
        path[0] = 0;
    for (p = path[0] ? path + 1 : path; (p = strchr(p, '/')); p++) {
        *p = 0;
        (void)mkdir(path, 0700);
        *p = '/';
    }
}

static void on_line(char *line)
{
    current->got = line;
    current->end = !line;
    free(current->line);
    current->line = line;
    if (line && line[strspn(line, " \t")])
        add_history(line);
    /* Whatever the command writes must not have a prompt in front of it. */
    rl_callback_handler_remove();
    current->installed = false;
    if (!line)
        printf("\n");
}

/* One after the other; the library frees what it is given. */
static char *candidate(const char *prefix, int state)
{
    static unsigned n;
    const char *line = rl_line_buffer ? rl_line_buffer : "";
    size_t point = (size_t)rl_point, len = strlen(prefix);
    const char *word;

    n = state ? n + 1 : 0;
    word = current->h(line, point >= len ? point - len : 0, prefix, n, current->arg);
    return word ? strdup(word) : NULL;
}

static char **candidates(const char *prefix, int start, int end)
{
    (void)start;
    (void)end;
    rl_attempted_completion_over = 1; /* never names of files */
    return rl_completion_matches(prefix, candidate);
}

struct prompt *prompt_open(HANDLE event, prompt_complete_h *h, void *arg)
{
    struct prompt *p = calloc(1, sizeof(*p));

    if (!p)
        return NULL;
    p->fd = tapi_shim_event_fd(event);
    p->h = h;
    p->arg = arg;
    current = p;
    (void)setlocale(LC_CTYPE, "");
    rl_readline_name = "tapictl";
    rl_attempted_completion_function = candidates;
    using_history();
    stifle_history(HISTORY_LINES);
    history_place(p->history, sizeof(p->history));
    if (p->history[0])
        (void)read_history(p->history);
    return p;
}

void prompt_close(struct prompt *p)
{
    if (!p)
        return;
    if (p->installed)
        rl_callback_handler_remove();
    if (p->history[0] && write_history(p->history) == 0)
        (void)chmod(p->history, 0600);
    free(p->line);
    free(p);
    current = NULL;
}

enum prompt_got prompt_wait(struct prompt *p, char **line)
{
    struct pollfd fds[2] = {{STDIN_FILENO, POLLIN, 0}, {p->fd, POLLIN, 0}};

    p->got = false;
    if (!p->installed) {
        rl_callback_handler_install("tapi> ", on_line);
        p->installed = true;
    }
    while (!p->got && !p->end) {
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            return PROMPT_END;
        if (fds[1].revents & POLLIN)
            return PROMPT_MESSAGES;
        if (fds[0].revents)
            rl_callback_read_char();
    }
    *line = p->line;
    return p->end ? PROMPT_END : PROMPT_LINE;
}

void prompt_hide(struct prompt *p)
{
    /* Over what is being typed. */
    if (p->installed) {
        (void)fflush(stdout);
        fputs("\r\033[K", stdout);
        (void)fflush(stdout);
    }
}

void prompt_unhide(struct prompt *p)
{
    if (p->installed) {
        (void)fflush(stdout);
        rl_forced_update_display();
    }
}
