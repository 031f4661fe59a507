/* Threads that run what may take long: a provider may think, clients must not wait for each other.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/service/service.h"

#include <errno.h>
#include <stdlib.h>

struct work {
    struct platform_mutex lock;
    struct platform_cond due;
    struct work_item *first, **last;
    uint32_t waiting, queued; /* threads, items */
    uint32_t threadc;
    bool quit;
    struct platform_thread *threadv[WORK_THREADS_MAX];
};

static void work_thread(void *arg)
{
    struct work *w = arg;

    platform_mutex_lock(&w->lock);
    for (;;) {
        struct work_item *item = w->first;

        if (item) {
            w->first = item->next;
            if (!w->first)
                w->last = &w->first;
            w->queued--;
            platform_mutex_unlock(&w->lock);
            item->run(item);
            platform_mutex_lock(&w->lock);
            continue;
        }
        if (w->quit)
            break;
        w->waiting++;
        platform_cond_wait(&w->due, &w->lock);
        w->waiting--;
    }
    platform_mutex_unlock(&w->lock);
}

int work_alloc(struct work **wp)
{
    struct work *w = calloc(1, sizeof(*w));
    int err;

    if (!w)
        return ENOMEM;
    w->last = &w->first;
    err = platform_mutex_init(&w->lock);
    if (err)
        goto out;
    err = platform_cond_init(&w->due);
    if (!err) {
        err = platform_thread_start(&w->threadv[0], "work", work_thread, w);
        if (!err) {
            w->threadc = 1;
            *wp = w;
            return 0;
        }
        platform_cond_destroy(&w->due);
    }
    platform_mutex_destroy(&w->lock);
out:
    free(w);
    return err;
}

void work_add(struct work *w, struct work_item *item)
{
    item->next = NULL;
    platform_mutex_lock(&w->lock);
    *w->last = item;
    w->last = &item->next;
    w->queued++;
    if (w->waiting)
        platform_cond_signal(&w->due);
    /* As many as are blocked inside providers, and those that have something to do. */
    if (w->queued > w->waiting && w->threadc < WORK_THREADS_MAX &&
        !platform_thread_start(&w->threadv[w->threadc], "work", work_thread, w))
        w->threadc++;
    platform_mutex_unlock(&w->lock);
}

void work_free(struct work *w)
{
    uint32_t i;

    if (!w)
        return;
    platform_mutex_lock(&w->lock);
    w->quit = true;
    platform_cond_broadcast(&w->due);
    platform_mutex_unlock(&w->lock);
    for (i = 0; i < w->threadc; i++)
        platform_thread_join(w->threadv[i]);
    platform_cond_destroy(&w->due);
    platform_mutex_destroy(&w->lock);
    free(w);
}
