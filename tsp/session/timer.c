/* Timers as a binary heap in virtual time. SPDX-License-Identifier: MIT */
#include "tsp/session/timer.h"

#include <assert.h>
#include <string.h>

static bool before(const struct session_timer *a, const struct session_timer *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->seq < b->seq;
}

static void place(struct session_timers *t, uint32_t i, struct session_timer *timer)
{
    t->heap[i] = timer;
    timer->slot = i + 1;
}

static void sift_up(struct session_timers *t, uint32_t i)
{
    struct session_timer *timer = t->heap[i];

    while (i > 0 && before(timer, t->heap[(i - 1) / 2])) {
        place(t, i, t->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    place(t, i, timer);
}

static void sift_down(struct session_timers *t, uint32_t i)
{
    struct session_timer *timer = t->heap[i];

    for (;;) {
        uint32_t child = 2 * i + 1;

        if (child >= t->count)
            break;
        if (child + 1 < t->count && before(t->heap[child + 1], t->heap[child]))
            child++;
        if (!before(t->heap[child], timer))
            break;
        place(t, i, t->heap[child]);
        i = child;
    }
    place(t, i, timer);
}

void session_timers_init(struct session_timers *t, const struct session_mem *mem)
{
    memset(t, 0, sizeof *t);
    t->mem = mem;
}

void session_timers_free(struct session_timers *t)
{
    t->mem->free(t->heap, t->mem->arg);
    t->heap = NULL;
    t->count = t->cap = 0;
}

enum session_err session_timers_reserve(struct session_timers *t, uint32_t count)
{
    uint32_t cap = t->cap ? t->cap : 64;
    struct session_timer **heap;

    if (count <= t->cap)
        return SESSION_E_OK;
    while (cap < count)
        cap *= 2;
    heap = t->mem->alloc((size_t)cap * sizeof *heap, t->mem->arg);
    if (!heap)
        return SESSION_E_NOMEM;
    if (t->count)
        memcpy(heap, t->heap, t->count * sizeof(struct session_timer *));
    t->mem->free(t->heap, t->mem->arg);
    t->heap = heap;
    t->cap = cap;
    return SESSION_E_OK;
}

void session_timer_start(struct session_timers *t, struct session_timer *timer, uint64_t at_ms)
{
    session_timer_stop(t, timer);
    assert(t->count < t->cap);
    timer->at_ms = at_ms;
    timer->seq = ++t->seq;
    place(t, t->count++, timer);
    sift_up(t, timer->slot - 1);
}

void session_timer_stop(struct session_timers *t, struct session_timer *timer)
{
    uint32_t i = timer->slot - 1;
    struct session_timer *last;

    if (!timer->slot)
        return;
    timer->slot = 0;
    last = t->heap[--t->count];
    if (last == timer)
        return;
    place(t, i, last);
    sift_up(t, i);
    sift_down(t, last->slot - 1);
}

struct session_timer *session_timers_due(struct session_timers *t, uint64_t now_ms)
{
    struct session_timer *first;

    if (!t->count || t->heap[0]->at_ms > now_ms)
        return NULL;
    first = t->heap[0];
    session_timer_stop(t, first);
    return first;
}

uint64_t session_timers_deadline(const struct session_timers *t)
{
    return t->count ? t->heap[0]->at_ms : UINT64_MAX;
}
