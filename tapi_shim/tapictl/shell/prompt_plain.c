/* Lines that a person types, without help in editing: POSIX without an editing library. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tapi_shim/tapictl/shell/prompt.h"

#include "include/tapi_shim.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct prompt {
    int fd;
    char text[4096];
    size_t len, used; /* bytes read, and those of the line that was given last */
    bool shown;
};

bool prompt_is_person(void)
{
    return isatty(STDIN_FILENO);
}

struct prompt *prompt_open(HANDLE event, prompt_complete_h *h, void *arg)
{
    struct prompt *p = calloc(1, sizeof(*p));

    (void)h;
    (void)arg;
    if (p)
        p->fd = tapi_shim_event_fd(event);
    return p;
}

void prompt_close(struct prompt *p)
{
    free(p);
}

static bool line_of(struct prompt *p, char **line, bool all)
{
    char *end = memchr(p->text, '\n', p->len);

    if (!end && !all && p->len < sizeof(p->text) - 1)
        return false;
    if (!end)
        end = p->text + p->len;
    *end = 0;
    p->used = (size_t)(end - p->text) + 1;
    if (p->used > p->len)
        p->used = p->len;
    *line = p->text;
    p->shown = false;
    return true;
}

enum prompt_got prompt_wait(struct prompt *p, char **line)
{
    struct pollfd fds[2] = {{STDIN_FILENO, POLLIN, 0}, {p->fd, POLLIN, 0}};

    memmove(p->text, p->text + p->used, p->len - p->used);
    p->len -= p->used;
    p->used = 0;
    prompt_unhide(p);
    for (;;) {
        ssize_t n;

        if (p->len && line_of(p, line, false))
            return PROMPT_LINE;
        if (poll(fds, 2, -1) < 0) {
            if (errno != EINTR)
                return PROMPT_END;
            continue;
        }
        if (fds[1].revents)
            return PROMPT_MESSAGES;
        n = read(STDIN_FILENO, p->text + p->len, sizeof(p->text) - 1 - p->len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return p->len && line_of(p, line, true) ? PROMPT_LINE : PROMPT_END;
        p->len += (size_t)n;
    }
}

void prompt_hide(struct prompt *p)
{
    if (p->shown)
        printf("\n");
    p->shown = false;
}

void prompt_unhide(struct prompt *p)
{
    if (p->shown || p->used)
        return;
    printf("tapi> ");
    (void)fflush(stdout);
    p->shown = true;
}
