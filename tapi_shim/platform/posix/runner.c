/* Runs callbacks on a thread of its own: POSIX has no message pump to borrow. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct platform_runner {
    struct platform_mutex lock;
    struct platform_cond wake;
    platform_runner_h *h;
    void *arg;
    pthread_t thread;
    bool posted, closing;
    bool abandoned; /* freed from within `h`: the thread frees it when it ends */
};

static void runner_destroy(struct platform_runner *r)
{
    platform_cond_destroy(&r->wake);
    platform_mutex_destroy(&r->lock);
    free(r);
}

static void *runner_main(void *arg)
{
    struct platform_runner *r = arg;
    bool abandoned;

    platform_mutex_lock(&r->lock);
    for (;;) {
        while (!r->posted && !r->closing)
            platform_cond_wait(&r->wake, &r->lock);
        if (r->closing)
            break;
        r->posted = false;
        platform_mutex_unlock(&r->lock);
        r->h(r->arg);
        platform_mutex_lock(&r->lock);
    }
    abandoned = r->abandoned;
    platform_mutex_unlock(&r->lock);
    if (abandoned)
        runner_destroy(r);
    return NULL;
}

int platform_runner_alloc(struct platform_runner **rp, platform_runner_h *h, void *arg)
{
    struct platform_runner *r = calloc(1, sizeof(*r));
    sigset_t all, old;
    int err;

    if (!r)
        return ENOMEM;
    r->h = h;
    r->arg = arg;
    err = platform_mutex_init(&r->lock);
    if (err) {
        free(r);
        return err;
    }
    err = platform_cond_init(&r->wake);
    if (err) {
        platform_mutex_destroy(&r->lock);
        free(r);
        return err;
    }
    /* Signals stay with the application's own threads. The lock keeps the thread off until r->thread is set. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    platform_mutex_lock(&r->lock);
    err = pthread_create(&r->thread, NULL, runner_main, r);
    platform_mutex_unlock(&r->lock);
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    if (err) {
        runner_destroy(r);
        return err;
    }
    *rp = r;
    return 0;
}

void platform_runner_post(struct platform_runner *r)
{
    platform_mutex_lock(&r->lock);
    if (!r->posted) {
        r->posted = true;
        platform_cond_signal(&r->wake);
    }
    platform_mutex_unlock(&r->lock);
}

void platform_runner_free(struct platform_runner *r)
{
    bool within;

    if (!r)
        return;
    within = pthread_equal(pthread_self(), r->thread) != 0;
    platform_mutex_lock(&r->lock);
    r->closing = true;
    r->abandoned = within;
    platform_cond_signal(&r->wake);
    platform_mutex_unlock(&r->lock);
    if (within) {
        (void)pthread_detach(pthread_self());
        return;
    }
    (void)pthread_join(r->thread, NULL);
    runner_destroy(r);
}
