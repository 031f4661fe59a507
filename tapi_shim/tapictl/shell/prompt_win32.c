/* Lines that a person types: Windows' console edits them by itself. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/shell/prompt.h"

#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A thread reads, one line at a time and only when asked, so that messages are seen meanwhile. */
struct prompt {
    HANDLE messages, wanted, read, thread;
    volatile LONG quit;
    char text[4096];
    bool asked, end, shown;
};

bool prompt_is_person(void)
{
    return _isatty(_fileno(stdin));
}

static DWORD WINAPI reader(LPVOID arg)
{
    struct prompt *p = arg;

    for (;;) {
        WaitForSingleObject(p->wanted, INFINITE);
        if (p->quit)
            return 0;
        p->end = !fgets(p->text, sizeof(p->text), stdin);
        SetEvent(p->read);
    }
}

struct prompt *prompt_open(HANDLE event, prompt_complete_h *h, void *arg)
{
    struct prompt *p = calloc(1, sizeof(*p));

    (void)h;
    (void)arg;
    if (!p)
        return NULL;
    p->messages = event;
    p->wanted = CreateEventW(NULL, FALSE, FALSE, NULL);
    p->read = CreateEventW(NULL, FALSE, FALSE, NULL);
    p->thread = p->wanted && p->read ? CreateThread(NULL, 0, reader, p, 0, NULL) : NULL;
    if (p->thread)
        return p;
    if (p->wanted)
        CloseHandle(p->wanted);
    if (p->read)
        CloseHandle(p->read);
    free(p);
    return NULL;
}

void prompt_close(struct prompt *p)
{
    if (!p)
        return;
    /* One that still reads ends with the program. */
    if (p->asked) {
        CloseHandle(p->thread);
        return;
    }
    p->quit = 1;
    SetEvent(p->wanted);
    WaitForSingleObject(p->thread, INFINITE);
    CloseHandle(p->thread);
    CloseHandle(p->wanted);
    CloseHandle(p->read);
    free(p);
}

enum prompt_got prompt_wait(struct prompt *p, char **line)
{
    HANDLE handles[2];

    handles[0] = p->messages;
    handles[1] = p->read;
    if (p->end && !p->asked)
        return PROMPT_END;
    if (!p->asked) {
        p->asked = true;
        p->shown = false;
        prompt_unhide(p);
        SetEvent(p->wanted);
    }
    if (WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_OBJECT_0)
        return PROMPT_MESSAGES;
    p->asked = false;
    p->shown = false;
    *line = p->text;
    return p->end ? PROMPT_END : PROMPT_LINE;
}

void prompt_hide(struct prompt *p)
{
    if (p->shown)
        printf("\n");
    p->shown = false;
}

void prompt_unhide(struct prompt *p)
{
    if (!p->asked || p->shown)
        return;
    printf("tapi> ");
    (void)fflush(stdout);
    p->shown = true;
}
