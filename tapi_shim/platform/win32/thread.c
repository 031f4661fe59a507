/* Threads, mutexes and condition variables of Windows 7 and later. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <process.h>
#include <stdlib.h>

/* A zeroed object is SRWLOCK_INIT, CONDITION_VARIABLE_INIT. */
_Static_assert(sizeof(SRWLOCK) <= sizeof(struct platform_mutex), "platform_mutex is too small");
_Static_assert(sizeof(CONDITION_VARIABLE) <= sizeof(struct platform_cond), "platform_cond is too small");

static SRWLOCK *mutex_of(struct platform_mutex *m)
{
    return (SRWLOCK *)(void *)m->u.bytes;
}

static CONDITION_VARIABLE *cond_of(struct platform_cond *c)
{
    return (CONDITION_VARIABLE *)(void *)c->u.bytes;
}

int platform_mutex_init(struct platform_mutex *m)
{
    InitializeSRWLock(mutex_of(m));
    return 0;
}

void platform_mutex_destroy(struct platform_mutex *m)
{
    (void)m;
}

void platform_mutex_lock(struct platform_mutex *m)
{
    AcquireSRWLockExclusive(mutex_of(m));
}

bool platform_mutex_trylock(struct platform_mutex *m)
{
    return TryAcquireSRWLockExclusive(mutex_of(m)) != 0;
}

void platform_mutex_unlock(struct platform_mutex *m)
{
    ReleaseSRWLockExclusive(mutex_of(m));
}

int platform_cond_init(struct platform_cond *c)
{
    InitializeConditionVariable(cond_of(c));
    return 0;
}

void platform_cond_destroy(struct platform_cond *c)
{
    (void)c;
}

void platform_cond_wait(struct platform_cond *c, struct platform_mutex *m)
{
    (void)SleepConditionVariableSRW(cond_of(c), mutex_of(m), INFINITE, 0);
}

bool platform_cond_wait_until(struct platform_cond *c, struct platform_mutex *m, uint64_t deadline_ms)
{
    uint64_t now;

    if (deadline_ms == UINT64_MAX) {
        platform_cond_wait(c, m);
        return true;
    }
    now = platform_mono_ms();
    if (now >= deadline_ms)
        return false;
    /* A day at a time: the caller of a condition variable loops anyway. */
    if (SleepConditionVariableSRW(cond_of(c), mutex_of(m),
                                  deadline_ms - now > 86400000 ? 86400000 : (DWORD)(deadline_ms - now), 0))
        return true;
    /* The system counts in ticks and may be early. */
    return platform_mono_ms() < deadline_ms;
}

void platform_cond_signal(struct platform_cond *c)
{
    WakeConditionVariable(cond_of(c));
}

void platform_cond_broadcast(struct platform_cond *c)
{
    WakeAllConditionVariable(cond_of(c));
}

struct platform_thread {
    HANDLE handle;
    unsigned id;
    platform_thread_h *h;
    void *arg;
};

static unsigned __stdcall thread_main(void *arg)
{
    struct platform_thread *t = arg;

    t->h(t->arg);
    return 0;
}

/* Names are for debuggers, and only Windows 10 and later have the function. */
static void thread_name(HANDLE thread, const char *name)
{
    typedef HRESULT(WINAPI set_description)(HANDLE, const WCHAR *);
    union {
        FARPROC proc;
        set_description *set;
    } u;
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    WCHAR wide[32];

    u.proc = kernel ? GetProcAddress(kernel, "SetThreadDescription") : NULL;
    if (!u.proc)
        return;
    (void)platform_utf8_to_utf16(name, SIZE_MAX, wide, sizeof(wide) / sizeof(wide[0]));
    (void)u.set(thread, wide);
}

int platform_thread_start(struct platform_thread **tp, const char *name, platform_thread_h *h, void *arg)
{
    struct platform_thread *t = calloc(1, sizeof(*t));

    if (!t)
        return ENOMEM;
    t->h = h;
    t->arg = arg;
    /* Suspended until the structure is complete: the thread may ask for its own join. */
    t->handle = (HANDLE)_beginthreadex(NULL, 0, thread_main, t, CREATE_SUSPENDED, &t->id);
    if (!t->handle) {
        int err = errno == EACCES ? ENOMEM : EAGAIN;

        free(t);
        return err;
    }
    if (name)
        thread_name(t->handle, name);
    *tp = t;
    (void)ResumeThread(t->handle);
    return 0;
}

void platform_thread_join(struct platform_thread *t)
{
    if (!t)
        return;
    /* From the thread itself: nothing to wait for, it ends by itself. */
    if (t->id != GetCurrentThreadId())
        (void)WaitForSingleObject(t->handle, INFINITE);
    (void)CloseHandle(t->handle);
    free(t);
}

uint64_t platform_thread_id(void)
{
    return GetCurrentThreadId();
}

void platform_thread_yield(void)
{
    if (!SwitchToThread())
        Sleep(0);
}
