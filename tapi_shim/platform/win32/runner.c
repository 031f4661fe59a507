/* Runs callbacks in a hidden window of the thread that made the runner, when that thread pumps messages. This file
 * alone needs USER32. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    MESSAGE_RUN = WM_APP + 0x54,
    TIMER_RUN = 1,
    TIMER_RUN_MS = 10,
    THREAD_CHECK_MS = 200, /* how often a free looks whether the window's thread has died in the callback */
};

/* One run of a callback; a callback that pumps messages itself has several, the innermost first. */
struct frame {
    struct frame *outer;
    bool freed; /* the runner was freed from within */
};

struct platform_runner {
    struct platform_runner *next;
    HWND window;
    DWORD thread_id;
    HANDLE thread;
    struct frame *frames;
    atomic_bool posted;
    platform_runner_h *h;
    void *arg;
};

static const WCHAR class_name[] = L"TapiShimRunner";
static SRWLOCK lock = SRWLOCK_INIT; /* guards all below and every `frames` */
static CONDITION_VARIABLE idle = CONDITION_VARIABLE_INIT;
static struct platform_runner *runners; /* all that are not freed */
static size_t class_users;

static LRESULT CALLBACK runner_proc(HWND window, UINT message, WPARAM wparam, LPARAM lparam);

/* The class as such knows nothing of this module's code, so a window that outlives the module does no harm. */
static bool class_get(void)
{
    bool there = true;

    AcquireSRWLockExclusive(&lock);
    if (class_users == 0) {
        WNDCLASSEXW wc = {.cbSize = sizeof(wc), .lpfnWndProc = DefWindowProcW, .lpszClassName = class_name};

        wc.hInstance = win_module();
        /* It may be left from before, when the thread of a window had not yet destroyed it. */
        there = RegisterClassExW(&wc) || GetLastError() == ERROR_CLASS_ALREADY_EXISTS;
    }
    if (there)
        class_users++;
    ReleaseSRWLockExclusive(&lock);
    return there;
}

static void class_put(void)
{
    AcquireSRWLockExclusive(&lock);
    if (--class_users == 0)
        (void)UnregisterClassW(class_name, win_module());
    ReleaseSRWLockExclusive(&lock);
}

/* Whether r->window is still that of `r`: the thread may have ended, and the handle may be another window's by now. */
static bool owns_window(const struct platform_runner *r)
{
    WCHAR name[sizeof(class_name) / sizeof(class_name[0]) + 1];

    return GetWindowThreadProcessId(r->window, NULL) == r->thread_id &&
           GetClassNameW(r->window, name, sizeof(name) / sizeof(name[0])) > 0 && lstrcmpW(name, class_name) == 0 &&
           GetWindowLongPtrW(r->window, GWLP_USERDATA) == (LONG_PTR)r;
}

static void runner_run(HWND window)
{
    struct frame frame = {0};
    struct platform_runner *r;
    platform_runner_h *h;
    void *arg;

    AcquireSRWLockExclusive(&lock);
    for (r = runners; r && r->window != window; r = r->next)
        ;
    if (!r) {
        ReleaseSRWLockExclusive(&lock);
        return;
    }
    frame.outer = r->frames;
    r->frames = &frame;
    h = r->h;
    arg = r->arg;
    /* Before the call: a post during it means another run. */
    atomic_store(&r->posted, false);
    ReleaseSRWLockExclusive(&lock);

    h(arg);

    AcquireSRWLockExclusive(&lock);
    if (!frame.freed) {
        r->frames = frame.outer;
        if (!r->frames)
            WakeAllConditionVariable(&idle);
    }
    ReleaseSRWLockExclusive(&lock);
}

static LRESULT CALLBACK runner_proc(HWND window, UINT message, WPARAM wparam, LPARAM lparam)
{
    if (message == WM_TIMER && wparam == TIMER_RUN)
        (void)KillTimer(window, TIMER_RUN);
    else if (message != MESSAGE_RUN)
        return DefWindowProcW(window, message, wparam, lparam);
    runner_run(window);
    return 0;
}

int platform_runner_alloc(struct platform_runner **rp, platform_runner_h *h, void *arg)
{
    struct platform_runner *r = calloc(1, sizeof(*r));
    int err = ENOMEM;

    if (!r)
        return ENOMEM;
    if (!class_get()) {
        free(r);
        return ENOMEM;
    }
    r->h = h;
    r->arg = arg;
    r->thread_id = GetCurrentThreadId();
    atomic_init(&r->posted, false);
    r->thread = OpenThread(SYNCHRONIZE, FALSE, r->thread_id);
    if (!r->thread)
        goto out;
    r->window = CreateWindowExW(0, class_name, NULL, 0, 0, 0, 0, 0, HWND_MESSAGE, NULL, win_module(), NULL);
    if (!r->window) {
        err = GetLastError() == ERROR_ACCESS_DENIED ? EACCES : ENOMEM;
        goto out;
    }
    (void)SetWindowLongPtrW(r->window, GWLP_USERDATA, (LONG_PTR)r);
    (void)SetWindowLongPtrW(r->window, GWLP_WNDPROC, (LONG_PTR)runner_proc);
    AcquireSRWLockExclusive(&lock);
    r->next = runners;
    runners = r;
    ReleaseSRWLockExclusive(&lock);
    *rp = r;
    return 0;
out:
    if (r->thread)
        (void)CloseHandle(r->thread);
    free(r);
    class_put();
    return err;
}

void platform_runner_post(struct platform_runner *r)
{
    if (atomic_exchange(&r->posted, true))
        return;
    if (PostMessageW(r->window, MESSAGE_RUN, 0, 0))
        return;
    /* The queue holds as many messages as it may (the application does not pump), so go by ways that need no room in
     * it. */
    if (r->thread_id == GetCurrentThreadId() ? SetTimer(r->window, TIMER_RUN, TIMER_RUN_MS, NULL) != 0
                                             : SendNotifyMessageW(r->window, MESSAGE_RUN, 0, 0) != 0)
        return;
    atomic_store(&r->posted, false);
}

void platform_runner_free(struct platform_runner *r)
{
    struct platform_runner **link;
    bool within;

    if (!r)
        return;
    within = r->thread_id == GetCurrentThreadId();
    AcquireSRWLockExclusive(&lock);
    /* From here on a message for it finds nothing. */
    for (link = &runners; *link && *link != r; link = &(*link)->next)
        ;
    if (*link)
        *link = r->next;
    if (within) {
        for (struct frame *f = r->frames; f; f = f->outer)
            f->freed = true;
    } else {
        while (r->frames && WaitForSingleObject(r->thread, 0) == WAIT_TIMEOUT)
            (void)SleepConditionVariableSRW(&idle, &lock, THREAD_CHECK_MS, 0);
    }
    ReleaseSRWLockExclusive(&lock);
    if (owns_window(r)) {
        (void)SetWindowLongPtrW(r->window, GWLP_WNDPROC, (LONG_PTR)DefWindowProcW);
        (void)SetWindowLongPtrW(r->window, GWLP_USERDATA, 0);
        /* Only its thread can destroy a window; WM_CLOSE makes DefWindowProc do it there. */
        if (within)
            (void)DestroyWindow(r->window);
        else
            (void)PostMessageW(r->window, WM_CLOSE, 0, 0);
    }
    (void)CloseHandle(r->thread);
    free(r);
    class_put();
}
