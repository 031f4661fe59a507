/* The one ordered queue that everything said to TAPI goes through. SPDX-License-Identifier: MIT */
#include "tsp/tspi/queue.h"

#include <stdlib.h>

static struct queue_chunk *chunk_alloc(struct queue *q)
{
    return q->mem->alloc ? q->mem->alloc(sizeof(struct queue_chunk), q->mem->arg)
                         : calloc(1, sizeof(struct queue_chunk));
}

enum session_err queue_init(struct queue *q, struct platform_mutex *lock, const struct session_mem *mem)
{
    q->lock = lock;
    q->mem = mem;
    q->first = q->last = chunk_alloc(q);
    q->spare = chunk_alloc(q); /* with two of them an empty queue always has room */
    q->sparec = 1;
    if (!q->first || !q->spare) {
        queue_fini(q);
        return SESSION_E_NOMEM;
    }
    q->first->base = q->head;
    return SESSION_E_OK;
}

static void chunks_free(struct queue *q, struct queue_chunk *c)
{
    while (c) {
        struct queue_chunk *next = c->next;

        if (q->mem->free)
            q->mem->free(c, q->mem->arg);
        else
            free(c);
        c = next;
    }
}

void queue_fini(struct queue *q)
{
    chunks_free(q, q->first);
    chunks_free(q, q->spare);
    q->first = q->last = q->spare = NULL;
    q->sparec = 0;
}

bool queue__more(struct queue *q)
{
    q->spare = chunk_alloc(q);
    q->sparec = q->spare ? 1 : 0;
    return q->spare != NULL;
}

static bool matches(const struct queue_match *m, uint32_t line, uint32_t session)
{
    return m->session ? m->session == session : m->line == line;
}

/* Walks the events from `cur` on. */
struct walk {
    struct queue_chunk *chunk;
    uint32_t seq;
};

static struct walk walk_begin(const struct queue *q)
{
    /* `cur` is in the first chunk, or just behind its end: the deliverer moves on to the next under the lock. */
    return (struct walk){q->first, atomic_load(&q->cur)};
}

static struct queue_event *walk_next(const struct queue *q, struct walk *w, uint32_t *seq)
{
    uint32_t at;

    if (w->seq == q->head)
        return NULL;
    at = (w->seq - w->chunk->base) & QUEUE_SEQ_MASK;
    if (at == QUEUE_CHUNK) {
        w->chunk = w->chunk->next;
        at = 0;
    }
    *seq = w->seq;
    w->seq = (w->seq + 1) & QUEUE_SEQ_MASK;
    return &w->chunk->eventv[at];
}

void queue_purge(struct queue *q, const struct queue_match *m)
{
    struct walk w = walk_begin(q);
    struct queue_event *e;
    uint32_t seq;

    while ((e = walk_next(q, &w, &seq)) != NULL) {
        if (e->type != QUEUE_REPLY && matches(m, e->line, e->session))
            atomic_store(&e->dead, 1);
    }
}

bool queue_take_reply(struct queue *q, const struct queue_match *m, struct queue_event *out)
{
    uint32_t seq, cur = atomic_load(&q->cur);
    struct walk w = walk_begin(q);
    struct queue_event *e;

    while ((e = walk_next(q, &w, &seq)) != NULL) {
        if (seq == cur || e->type != QUEUE_REPLY || atomic_load(&e->dead) || !matches(m, e->line, e->session))
            continue;
        out->type = e->type;
        out->line = e->line;
        out->session = e->session;
        out->p1 = e->p1;
        out->p2 = e->p2;
        atomic_store(&e->dead, 1);
        return true;
    }
    return false;
}

/* Whether anything of `m` may still reach the host. */
static bool owed(struct queue *q, const struct queue_match *m)
{
    struct walk w;
    struct queue_event *e;
    uint32_t seq, cur;

    /* Joins queue__give_up: either that comes first, and its `cur` is seen here, or it sees who waits. */
    (void)atomic_fetch_add(&q->word, 0);
    w = walk_begin(q);
    cur = atomic_load(&q->cur);
    for (const struct queue_frame *f = q->frames; f; f = f->next) {
        if (matches(m, f->line, f->session))
            return true;
    }
    while ((e = walk_next(q, &w, &seq)) != NULL) {
        if (matches(m, e->line, e->session) && (seq == cur || !atomic_load(&e->dead)))
            return true;
    }
    return atomic_load(&q->undrained);
}

void queue_wait(struct queue *q, const struct queue_match *m)
{
    if (!owed(q, m))
        return;
    atomic_fetch_add(&q->waiters, 1);
    while (owed(q, m))
        platform_cond_wait(&q->moved, q->lock);
    atomic_fetch_sub(&q->waiters, 1);
    queue_wake(q); /* queue_wait_idle counts waiters */
}

void queue_wait_idle(struct queue *q)
{
    atomic_fetch_add(&q->waiters, 1);
    while ((atomic_load(&q->word) & 1) || atomic_load(&q->waiters) > 1)
        platform_cond_wait(&q->moved, q->lock);
    atomic_fetch_sub(&q->waiters, 1);
}

void queue_wake(struct queue *q)
{
    if (atomic_load(&q->waiters))
        platform_cond_broadcast(&q->moved);
}

void queue__wake_unlocked(struct queue *q)
{
    platform_mutex_lock(q->lock);
    platform_cond_broadcast(&q->moved);
    platform_mutex_unlock(q->lock);
}

bool queue__give_up(struct queue *q, uint32_t cur)
{
    uint64_t self = atomic_load_explicit(&q->owner, memory_order_relaxed);
    unsigned word = cur << 1 | 1;
    bool gone;

    /* No event has this number yet, so it need not be announced with more than the exchange that follows. */
    atomic_store_explicit(&q->cur, cur, memory_order_release);
    atomic_store_explicit(&q->owner, 0, memory_order_relaxed);
    gone = atomic_compare_exchange_strong(&q->word, &word, cur << 1);
    if (!gone) {
        atomic_store_explicit(&q->owner, self, memory_order_relaxed);
        atomic_store(&q->cur, cur); /* there is one now */
    }
    if (atomic_load(&q->waiters))
        queue__wake_unlocked(q);
    return gone;
}

void queue__next_chunk(struct queue *q)
{
    struct queue_chunk *c = q->first;

    platform_mutex_lock(q->lock);
    q->first = c->next;
    if (q->sparec < QUEUE_SPARE) {
        c->next = q->spare;
        q->spare = c;
        q->sparec++;
        c = NULL;
    }
    platform_mutex_unlock(q->lock);
    if (c) {
        c->next = NULL;
        chunks_free(q, c);
    }
}
