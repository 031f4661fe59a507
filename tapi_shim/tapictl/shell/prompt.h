/* Lines that a person types, while messages come. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_TAPICTL_SHELL_PROMPT_H
#define TAPI_SHIM_TAPICTL_SHELL_PROMPT_H

#include "include/tapi_port.h"

#include <stdbool.h>
#include <stddef.h>

struct prompt;

/* What could stand in place of the word that begins at `start` of the line: the `n`th, NULL: no more. */
typedef const char *(prompt_complete_h)(const char *line, size_t start, const char *prefix, unsigned n, void *arg);

/* LINE: a line is there; END: there will be none; MESSAGES: telephony has messages. */
enum prompt_got { PROMPT_LINE, PROMPT_END, PROMPT_MESSAGES };

/* Whether somebody types. */
bool prompt_is_person(void);
/* `event` is that of the application (LINEINITIALIZEEXPARAMS). One at a time. NULL: no memory. */
struct prompt *prompt_open(HANDLE event, prompt_complete_h *h, void *arg);
void prompt_close(struct prompt *p); /* takes NULL */
/* Waits. `*line` is valid until the next call. */
enum prompt_got prompt_wait(struct prompt *p, char **line);
/* Around output while a line is being typed. */
void prompt_hide(struct prompt *p);
void prompt_unhide(struct prompt *p);

#endif
