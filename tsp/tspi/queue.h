/* The one ordered queue that everything said to TAPI goes through. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_QUEUE_H
#define TSP_TSPI_QUEUE_H

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"
#include "tsp/session/session.h"

#include <stdatomic.h>

/*
 * Events are appended under the provider's lock and delivered with no lock held, one at a time, in order.
 *
 * Who delivers. `word` holds the number of events ever published (modulo 2^31) and, in bit 0, whether somebody
 * delivers. Whoever publishes events while nobody delivers becomes the deliverer, by the same exchange; all others only
 * append. The deliverer goes on until it can turn "all published ones delivered, busy" into "idle" with one
 * compare-and-swap, so that nothing is left lying. A callback may call into the provider: that call sees the queue
 * busy, appends and returns, and the deliverer that is below it on the stack goes on with the appended events once the
 * callback is back. That is TSPI's rule that no callback is made until the current one has returned.
 *
 * Not delivering any more. `cur` is the number of the event being delivered, or of the next one. To end a call (or a
 * line), its queued events are marked dead under the lock. The deliverer announces an event in `cur` before it looks at
 * its mark; the other side sets marks before it looks at `cur`. All four are sequentially consistent, so either the
 * deliverer sees the mark, or the other side sees the event in `cur` and waits for it to pass. Completions are never
 * marked: they are owed; the other side waits for them to be delivered.
 *
 * Why waiting ends. Only a thread that is not the deliverer waits, and it waits for the deliverer alone, so there is no
 * circle inside the provider. The deliverer never waits: when it ends a call or a line from inside a callback (`owner`
 * is the calling thread), the event in `cur` is its own, below it on the stack, and is over for that call as far as the
 * host can tell; and the completions owed are taken out of the queue and delivered at once, nested, in their order.
 * That is the one exception to "no callback until the current one has returned": the document on TSPI_lineCloseCall
 * wants them before it returns. A thread that waits holds no lock of ours; a host must not hold one of its own that its
 * callbacks need, which the early completions of TSPI forbid anyway. The one thing a callback must not do is to wait
 * for another thread that ends a call or line with requests still under way: their completions have to come, and one
 * callback at a time.
 *
 * A host that adds events faster than they are delivered must not keep one of its threads for ever: after QUEUE_BUDGET
 * events to which other threads added, the deliverer passes its role to the provider's own thread.
 */

enum {
    QUEUE_CHUNK = 64,   /* events of a chunk, a power of two */
    QUEUE_SPARE = 8,    /* chunks kept for later, 2 at least */
    QUEUE_BUDGET = 256, /* events */
};

/* Event numbers count modulo 2^31, because bit 0 of `word` is taken. */
#define QUEUE_SEQ_MASK 0x7FFFFFFFu

enum queue_type {
    QUEUE_REPLY,
    QUEUE_NEW,
    QUEUE_STATE,
    QUEUE_INFO,
    QUEUE_RING,
    QUEUE_LINE,
    QUEUE_ADDRESS,
    QUEUE_CALL,
    QUEUE_MESSAGE, /* of the line: `msg` */
    QUEUE_PHONE,
    QUEUE_BUTTON,
    QUEUE_DEVICE /* p1: id, p2: place, p3: nothing is left of it then */
};

/* In place of a line: of no line that can be closed. */
#define QUEUE_NO_LINE 0xFFFFFFFEu

struct queue_event {
    enum queue_type type;
    uint32_t line;
    uint32_t session; /* 0: of no call */
    uint32_t p1, p2, p3;
    uint32_t msg; /* CALL, MESSAGE, DEVICE */
    HTAPICALL call; /* NULL: not known when it was queued */
    atomic_uint dead;
};

struct queue_chunk {
    struct queue_chunk *next;
    uint32_t base; /* number of its first event */
    struct queue_event eventv[QUEUE_CHUNK];
};

/* A nested delivery, on the deliverer's stack. */
struct queue_frame {
    struct queue_frame *next;
    uint32_t line, session;
};

struct queue {
    struct platform_mutex *lock;
    struct platform_cond moved; /* something was delivered; only signalled if somebody waits */
    const struct session_mem *mem;
    atomic_uint word;        /* events published << 1 | busy */
    atomic_uint cur;         /* modulo 2^31 */
    atomic_uint waiters;     /* threads in queue_wait */
    atomic_uint foreign;     /* times a thread that is not the deliverer added events to a busy queue */
    atomic_bool undrained;   /* actions are left in the pump for want of memory */
    _Atomic(uint64_t) owner; /* thread that delivers, 0: none */
    uint32_t head;           /* events appended; lock */
    struct queue_chunk *first, *last, *spare; /* first: where cur is. lock, but the deliverer may read `first` */
    uint32_t sparec;
    struct queue_frame *frames; /* lock */
    bool handed;                /* the worker is to deliver; lock */
};

/* `q` is zeroed (static) or was finished before: a thread that has just given up the deliverer's role may still look at
 * `waiters`, so it is never wiped. */
enum session_err queue_init(struct queue *q, struct platform_mutex *lock, const struct session_mem *mem);
void queue_fini(struct queue *q); /* it must be idle */

/* Which events belong to a call, or to a line with session 0. */
struct queue_match {
    uint32_t line, session;
};

/* Marks dead what is queued for `m`, completions excepted. Lock held. */
void queue_purge(struct queue *q, const struct queue_match *m);

/* Takes the first queued completion of `m` that is not being delivered. False: none. Lock held, queue_nested. */
bool queue_take_reply(struct queue *q, const struct queue_match *m, struct queue_event *out);

/* Waits until nothing of `m` is queued or being delivered. Lock held (and released while waiting), not queue_nested. */
void queue_wait(struct queue *q, const struct queue_match *m);

/* Waits until the queue is empty and idle, and nobody else waits. By one thread at a time, otherwise as queue_wait. */
void queue_wait_idle(struct queue *q);

void queue_wake(struct queue *q); /* after a change that queue_wait looks at; lock held */

/* ---- the steps that every event takes: in line ----------------------------------------------------------------------
 */

bool queue__more(struct queue *q);
void queue__wake_unlocked(struct queue *q);
bool queue__give_up(struct queue *q, uint32_t cur);
void queue__next_chunk(struct queue *q);

/* Makes sure that the next queue_append succeeds. False: no memory. Lock held. */
static inline bool queue_reserve(struct queue *q)
{
    return q->spare || ((q->head - q->last->base) & QUEUE_SEQ_MASK) < QUEUE_CHUNK || queue__more(q);
}

/* A free event at the end, to be filled at once; after queue_reserve. Lock held. */
static inline struct queue_event *queue_append(struct queue *q)
{
    uint32_t at = (q->head - q->last->base) & QUEUE_SEQ_MASK;
    struct queue_event *e;

    if (at == QUEUE_CHUNK) {
        struct queue_chunk *c = q->spare;

        q->spare = c->next;
        q->sparec--;
        c->next = NULL;
        c->base = q->head;
        q->last->next = c;
        q->last = c;
        at = 0;
    }
    e = &q->last->eventv[at];
    atomic_store_explicit(&e->dead, 0, memory_order_relaxed);
    q->head = (q->head + 1) & QUEUE_SEQ_MASK;
    return e;
}

/* Whether the calling thread is the deliverer, inside a callback. */
static inline bool queue_nested(const struct queue *q)
{
    return atomic_load_explicit(&q->owner, memory_order_relaxed) == platform_thread_id();
}

/* Makes the appended events visible. True: the caller is the deliverer now and must take queue_first and then
 * queue_advance until there is nothing left, without the lock. Lock held. */
static inline bool queue_publish(struct queue *q)
{
    unsigned word = atomic_load_explicit(&q->word, memory_order_relaxed);

    if (word >> 1 == q->head)
        return false;
    if (atomic_exchange(&q->word, q->head << 1 | 1) & 1) {
        if (!queue_nested(q))
            atomic_fetch_add_explicit(&q->foreign, 1, memory_order_relaxed);
        return false;
    }
    atomic_store_explicit(&q->owner, platform_thread_id(), memory_order_relaxed);
    return true;
}

/* The event that is to be delivered. By the deliverer, no lock held; there is one. */
static inline struct queue_event *queue_first(struct queue *q)
{
    uint32_t cur = atomic_load_explicit(&q->cur, memory_order_relaxed); /* only the deliverer writes it */

    if (((cur - q->first->base) & QUEUE_SEQ_MASK) == QUEUE_CHUNK)
        queue__next_chunk(q);
    return &q->first->eventv[(cur - q->first->base) & QUEUE_SEQ_MASK];
}

/* The event of queue_first is over: the next one, announced, or NULL: none, the role is given up. By the deliverer, no
 * lock held. */
static inline struct queue_event *queue_advance(struct queue *q)
{
    uint32_t cur = (atomic_load_explicit(&q->cur, memory_order_relaxed) + 1) & QUEUE_SEQ_MASK;

    if (atomic_load_explicit(&q->word, memory_order_acquire) >> 1 == cur) {
        if (queue__give_up(q, cur))
            return NULL;
    } else {
        atomic_store(&q->cur, cur);
        if (atomic_load(&q->waiters))
            queue__wake_unlocked(q);
    }
    return queue_first(q);
}

#endif
