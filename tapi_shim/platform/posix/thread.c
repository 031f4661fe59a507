/* Threads, mutexes and condition variables on pthreads. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

/* A zeroed object is PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER in every C library this is built for. */
_Static_assert(sizeof(pthread_mutex_t) <= sizeof(struct platform_mutex), "platform_mutex is too small");
_Static_assert(sizeof(pthread_cond_t) <= sizeof(struct platform_cond), "platform_cond is too small");
_Static_assert(_Alignof(pthread_mutex_t) <= _Alignof(struct platform_mutex), "platform_mutex is not aligned");
_Static_assert(_Alignof(pthread_cond_t) <= _Alignof(struct platform_cond), "platform_cond is not aligned");

static pthread_mutex_t *mutex_of(struct platform_mutex *m)
{
    return (pthread_mutex_t *)(void *)m->u.bytes;
}

static pthread_cond_t *cond_of(struct platform_cond *c)
{
    return (pthread_cond_t *)(void *)c->u.bytes;
}

int platform_mutex_init(struct platform_mutex *m)
{
    return pthread_mutex_init(mutex_of(m), NULL);
}

void platform_mutex_destroy(struct platform_mutex *m)
{
    (void)pthread_mutex_destroy(mutex_of(m));
}

void platform_mutex_lock(struct platform_mutex *m)
{
    (void)pthread_mutex_lock(mutex_of(m));
}

bool platform_mutex_trylock(struct platform_mutex *m)
{
    return pthread_mutex_trylock(mutex_of(m)) == 0;
}

void platform_mutex_unlock(struct platform_mutex *m)
{
    (void)pthread_mutex_unlock(mutex_of(m));
}

int platform_cond_init(struct platform_cond *c)
{
    return pthread_cond_init(cond_of(c), NULL);
}

void platform_cond_destroy(struct platform_cond *c)
{
    (void)pthread_cond_destroy(cond_of(c));
}

void platform_cond_wait(struct platform_cond *c, struct platform_mutex *m)
{
    (void)pthread_cond_wait(cond_of(c), mutex_of(m));
}

bool platform_cond_wait_until(struct platform_cond *c, struct platform_mutex *m, uint64_t deadline_ms)
{
    const uint64_t end = deadline_ms;
    struct timespec ts;
    uint64_t now;

    if (deadline_ms == UINT64_MAX) {
        platform_cond_wait(c, m);
        return true;
    }
    now = platform_mono_ms();
    if (now >= deadline_ms)
        return false;
    /* A day at a time: no deadline is too far for time_t, and the caller of a condition variable loops anyway. */
    if (deadline_ms - now > 86400000)
        deadline_ms = now + 86400000;
#ifdef PLATFORM_HAVE_CLOCKWAIT
    ts.tv_sec = (time_t)(deadline_ms / 1000);
    ts.tv_nsec = (long)(deadline_ms % 1000) * 1000000;
    if (pthread_cond_clockwait(cond_of(c), mutex_of(m), CLOCK_MONOTONIC, &ts) != ETIMEDOUT)
        return true;
#else
    /* Without it a zeroed condition variable waits by the wall clock: short steps, so that a clock set back delays
     * little. */
    if (deadline_ms - now > 500)
        deadline_ms = now + 500;
    (void)clock_gettime(CLOCK_REALTIME, &ts);
    ts.tv_sec += (time_t)((deadline_ms - now) / 1000);
    ts.tv_nsec += (long)((deadline_ms - now) % 1000) * 1000000;
    if (ts.tv_nsec >= 1000000000) {
        ts.tv_sec++;
        ts.tv_nsec -= 1000000000;
    }
    if (pthread_cond_timedwait(cond_of(c), mutex_of(m), &ts) != ETIMEDOUT)
        return true;
#endif
    return platform_mono_ms() < end;
}

void platform_cond_signal(struct platform_cond *c)
{
    (void)pthread_cond_signal(cond_of(c));
}

void platform_cond_broadcast(struct platform_cond *c)
{
    (void)pthread_cond_broadcast(cond_of(c));
}

struct platform_thread {
    pthread_t id;
    platform_thread_h *h;
    void *arg;
    char name[16];
};

static void *thread_main(void *arg)
{
    struct platform_thread *t = arg;

#ifdef __linux__
    if (t->name[0])
        (void)pthread_setname_np(pthread_self(), t->name);
#endif
    t->h(t->arg);
    return NULL;
}

int platform_thread_start(struct platform_thread **tp, const char *name, platform_thread_h *h, void *arg)
{
    struct platform_thread *t = calloc(1, sizeof(*t));
    sigset_t all, old;
    int err;

    if (!t)
        return ENOMEM;
    t->h = h;
    t->arg = arg;
    if (name)
        (void)platform_text_copy(t->name, sizeof(t->name), name);
    /* Signals are the application's: none is delivered on a thread that it does not know of. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    err = pthread_create(&t->id, NULL, thread_main, t);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (err) {
        free(t);
        return err;
    }
    *tp = t;
    return 0;
}

void platform_thread_join(struct platform_thread *t)
{
    if (!t)
        return;
    /* From the thread itself: nothing to wait for, it ends by itself. */
    if (pthread_equal(t->id, pthread_self()))
        (void)pthread_detach(t->id);
    else
        (void)pthread_join(t->id, NULL);
    free(t);
}

uint64_t platform_thread_id(void)
{
    return (uint64_t)(uintptr_t)pthread_self();
}

void platform_thread_yield(void)
{
    (void)sched_yield();
}
