/* Links on named pipes, one completion port. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/link.h"
#include "tapi_shim/platform/link_queue.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { READ_BYTES = 16384 };

struct platform_link {
    struct platform_hub *h;
    atomic_uint refs;
    struct platform_peer peer;
    struct platform_link *next, **prevp; /* hub's list */
    struct platform_link *todo_next;     /* h->lock */
    bool in_todo;                        /* h->lock */
    /* The hub's thread only. */
    struct platform_link *closing_next;
    bool in_closing;
    size_t held; /* read while paused */
    /* The rest: `lock`, which is taken before h->lock. */
    struct platform_mutex lock;
    HANDLE pipe;
    uint64_t close_ms, idle_ms;
    struct link_queue out, fly; /* `fly` is being written */
    size_t limit;
    struct link_op rd, wr;
    bool reading, writing; /* the answer of `rd`, `wr` is not there yet */
    bool started, paused, closing, dead, finished;
    bool broken; /* the other side takes no more */
    int err;
    platform_link_data_h *datah;
    platform_link_closed_h *closedh;
    void *arg;
    unsigned char buf[READ_BYTES];
};

static void read_done(struct link_op *op, DWORD bytes, DWORD error);
static void write_done(struct link_op *op, DWORD bytes, DWORD error);

struct platform_link *platform_link_ref(struct platform_link *l)
{
    (void)atomic_fetch_add_explicit(&l->refs, 1, memory_order_relaxed);
    return l;
}

void platform_link_unref(struct platform_link *l)
{
    if (!l || atomic_fetch_sub_explicit(&l->refs, 1, memory_order_acq_rel) != 1)
        return;
    link_queue_clear(&l->out);
    link_queue_clear(&l->fly);
    platform_mutex_destroy(&l->lock);
    free(l);
}

void link_wake(struct platform_hub *h)
{
    (void)PostQueuedCompletionStatus(h->port, 0, 0, NULL);
}

/* l->lock is held. */
static void todo_add(struct platform_link *l)
{
    struct platform_hub *h = l->h;
    bool wake;

    platform_mutex_lock(&h->lock);
    wake = !h->todo && h->thread_id != platform_thread_id();
    if (!l->in_todo) {
        l->in_todo = true;
        l->todo_next = h->todo;
        h->todo = l;
        (void)platform_link_ref(l);
    }
    platform_mutex_unlock(&h->lock);
    if (wake)
        link_wake(h);
}

static bool is_end(DWORD error)
{
    return error == ERROR_BROKEN_PIPE || error == ERROR_PIPE_NOT_CONNECTED || error == ERROR_NO_DATA ||
           error == ERROR_HANDLE_EOF || error == ERROR_OPERATION_ABORTED;
}

/* Writes what is queued, unless a write is on its way: order is kept, and each write's memory stays until its answer.
 * l->lock is held. */
static void write_next(struct platform_link *l)
{
    DWORD n;

    if (l->writing || l->dead || l->broken)
        return;
    if (l->fly.len == 0) {
        struct link_queue empty = l->fly;

        if (l->out.len == 0)
            return;
        l->fly = l->out;
        l->out = empty;
    }
    n = l->fly.len > LINK_PIPE_BYTES ? LINK_PIPE_BYTES : (DWORD)l->fly.len;
    memset(&l->wr.ov, 0, sizeof(l->wr.ov));
    l->writing = true;
    if (!WriteFile(l->pipe, l->fly.buf + l->fly.start, n, NULL, &l->wr.ov) && GetLastError() != ERROR_IO_PENDING) {
        /* What the other side sent before it went is still to be read, and so is its end. */
        l->writing = false;
        l->broken = true;
        link_queue_clear(&l->fly);
        link_queue_clear(&l->out);
    }
}

/* The last of a link. The hub's thread, no lock held. */
static void finish(struct platform_link *l)
{
    struct platform_hub *h = l->h;
    platform_link_closed_h *closedh;
    int err;

    platform_mutex_lock(&l->lock);
    if (l->finished || l->reading || l->writing) {
        platform_mutex_unlock(&l->lock);
        return;
    }
    l->finished = true;
    (void)CloseHandle(l->pipe);
    l->pipe = INVALID_HANDLE_VALUE;
    link_queue_clear(&l->out);
    link_queue_clear(&l->fly);
    closedh = l->started ? l->closedh : NULL;
    err = l->err;
    platform_mutex_unlock(&l->lock);
    if (l->in_closing) {
        struct platform_link **p = &h->closing;

        while (*p != l)
            p = &(*p)->closing_next;
        *p = l->closing_next;
        l->in_closing = false;
    }
    if (closedh)
        closedh(l, err, l->arg);
    platform_mutex_lock(&h->lock);
    *l->prevp = l->next;
    if (l->next)
        l->next->prevp = l->prevp;
    platform_mutex_unlock(&h->lock);
    platform_link_unref(l);
}

/* Takes back what is on its way; with its last answer the link is finished. The hub's thread, no lock held. */
static void end(struct platform_link *l, int err)
{
    bool busy;

    platform_mutex_lock(&l->lock);
    if (!l->dead) {
        l->dead = true;
        if (!l->err)
            l->err = err;
        if (l->reading || l->writing)
            (void)CancelIoEx(l->pipe, NULL);
    }
    busy = l->reading || l->writing;
    platform_mutex_unlock(&l->lock);
    if (!busy)
        finish(l);
}

/* Gives on what was held, reads on, ends what is to end. The hub's thread, no lock held. */
static void go_on(struct platform_link *l)
{
    struct platform_hub *h = l->h;
    bool deliver, done, wait;
    DWORD error = 0;
    size_t n = 0;

    platform_mutex_lock(&l->lock);
    if (l->dead) {
        platform_mutex_unlock(&l->lock);
        end(l, 0);
        return;
    }
    if (l->closing)
        l->held = 0;
    deliver = l->started && !l->paused && !l->closing;
    if (deliver) {
        n = l->held;
        l->held = 0;
    }
    platform_mutex_unlock(&l->lock);
    if (n > 0)
        l->datah(l, l->buf, n, l->arg);

    platform_mutex_lock(&l->lock);
    done = l->err != 0 || (l->closing && (l->broken || (l->fly.len == 0 && l->out.len == 0)));
    wait = l->closing && !done;
    /* While closing it reads on, to let the other side get rid of its own and to see it go. */
    if (!done && !l->reading && l->held == 0 && ((l->started && !l->paused) || l->closing)) {
        memset(&l->rd.ov, 0, sizeof(l->rd.ov));
        l->reading = true;
        if (!ReadFile(l->pipe, l->buf, sizeof(l->buf), NULL, &l->rd.ov)) {
            error = GetLastError();
            if (error == ERROR_IO_PENDING || error == ERROR_MORE_DATA)
                error = 0;
            else
                l->reading = false;
        }
    }
    platform_mutex_unlock(&l->lock);
    if (wait && !error && !l->in_closing) {
        l->in_closing = true;
        l->closing_next = h->closing;
        h->closing = l;
    }
    if (done || error)
        end(l, error && !is_end(error) ? win_errno(error) : 0);
}

static void read_done(struct link_op *op, DWORD bytes, DWORD error)
{
    struct platform_link *l = op->owner;
    bool dead;

    platform_mutex_lock(&l->lock);
    l->reading = false;
    dead = l->dead;
    if (!dead && (!error || error == ERROR_MORE_DATA))
        l->held = bytes;
    platform_mutex_unlock(&l->lock);
    if (!dead && error && error != ERROR_MORE_DATA)
        end(l, is_end(error) ? 0 : win_errno(error));
    else
        go_on(l);
}

static void write_done(struct link_op *op, DWORD bytes, DWORD error)
{
    struct platform_link *l = op->owner;
    bool look;

    platform_mutex_lock(&l->lock);
    l->writing = false;
    if (error || bytes > l->fly.len) {
        l->broken = true;
        link_queue_clear(&l->fly);
        link_queue_clear(&l->out);
    } else {
        link_queue_take(&l->fly, bytes);
        l->idle_ms = platform_mono_ms() + PLATFORM_LINK_IDLE_MS;
        write_next(l);
    }
    look = l->dead || l->closing;
    platform_mutex_unlock(&l->lock);
    if (look)
        go_on(l);
}

int link_make(struct platform_hub *h, HANDLE pipe, const struct platform_peer *peer, struct platform_link **lp)
{
    struct platform_link *l = calloc(1, sizeof(*l));

    if (!l || platform_mutex_init(&l->lock)) {
        free(l);
        (void)CloseHandle(pipe);
        return ENOMEM;
    }
    l->h = h;
    l->pipe = pipe;
    l->peer = *peer;
    l->limit = PLATFORM_LINK_LIMIT;
    l->rd.owner = l->wr.owner = l;
    l->rd.doneh = read_done;
    l->wr.doneh = write_done;
    atomic_init(&l->refs, 1);
    platform_mutex_lock(&h->lock);
    if (h->ending) {
        platform_mutex_unlock(&h->lock);
        (void)CloseHandle(pipe);
        platform_link_unref(l);
        return ECANCELED;
    }
    l->next = h->links;
    l->prevp = &h->links;
    if (h->links)
        h->links->prevp = &l->next;
    h->links = l;
    platform_mutex_unlock(&h->lock);
    *lp = l;
    return 0;
}

void platform_link_start(struct platform_link *l, platform_link_data_h *data, platform_link_closed_h *closed, void *arg)
{
    platform_mutex_lock(&l->lock);
    if (!l->dead && !l->started) {
        l->datah = data;
        l->closedh = closed;
        l->arg = arg;
        l->started = true;
        todo_add(l);
    }
    platform_mutex_unlock(&l->lock);
}

int platform_link_send(struct platform_link *l, const void *data, size_t size)
{
    int err = 0;

    platform_mutex_lock(&l->lock);
    if (l->dead || l->closing || l->broken) {
        err = EPIPE;
    } else {
        size_t queued = l->fly.len + l->out.len;

        if (queued > l->limit || size > l->limit - queued)
            err = ENOBUFS;
        else if (size > 0 && !link_queue_put(&l->out, data, size))
            err = ENOMEM;
        else
            write_next(l);
        if (l->broken)
            err = EPIPE;
    }
    platform_mutex_unlock(&l->lock);
    return err;
}

void platform_link_limit(struct platform_link *l, size_t bytes)
{
    platform_mutex_lock(&l->lock);
    l->limit = bytes;
    platform_mutex_unlock(&l->lock);
}

void platform_link_pause(struct platform_link *l, bool pause)
{
    platform_mutex_lock(&l->lock);
    if (!l->dead && l->paused != pause) {
        l->paused = pause;
        if (!pause)
            todo_add(l);
    }
    platform_mutex_unlock(&l->lock);
}

void platform_link_close(struct platform_link *l)
{
    platform_mutex_lock(&l->lock);
    if (!l->dead && !l->closing) {
        l->closing = true;
        l->close_ms = platform_mono_ms() + PLATFORM_LINK_CLOSE_MS_MAX;
        l->idle_ms = platform_mono_ms() + PLATFORM_LINK_IDLE_MS;
        todo_add(l);
    }
    platform_mutex_unlock(&l->lock);
}

void platform_link_peer(const struct platform_link *l, struct platform_peer *out)
{
    *out = l->peer;
}

/* ---- the hub */

static void todo_run(struct platform_hub *h)
{
    for (;;) {
        struct platform_link *l;

        platform_mutex_lock(&h->lock);
        l = h->todo;
        if (l) {
            h->todo = l->todo_next;
            l->in_todo = false;
        }
        platform_mutex_unlock(&h->lock);
        if (!l)
            return;
        go_on(l);
        platform_link_unref(l);
    }
}

/* Ends what has waited too long; when there is something to do again. */
static uint64_t closing_run(struct platform_hub *h)
{
    uint64_t due = UINT64_MAX, now = h->closing ? platform_mono_ms() : 0;

    for (struct platform_link *l = h->closing, *next; l; l = next) {
        uint64_t at;
        bool dead;

        next = l->closing_next;
        platform_mutex_lock(&l->lock);
        at = l->close_ms < l->idle_ms ? l->close_ms : l->idle_ms;
        dead = l->dead;
        platform_mutex_unlock(&l->lock);
        if (dead)
            continue;
        if (at <= now)
            end(l, 0);
        else if (at < due)
            due = at;
    }
    return due;
}

/* Closes everything; false: some of it still waits. */
static bool end_run(struct platform_hub *h)
{
    struct platform_listener *s;
    bool done;

    do {
        platform_mutex_lock(&h->lock);
        s = h->listeners;
        platform_mutex_unlock(&h->lock);
        platform_listener_close(s);
    } while (s);
    platform_mutex_lock(&h->lock);
    /* Nothing comes anew, and only this thread takes links out. */
    for (struct platform_link *l = h->links, *next; l; l = next) {
        next = l->next;
        platform_mutex_unlock(&h->lock);
        platform_link_close(l);
        platform_mutex_lock(&h->lock);
    }
    platform_mutex_unlock(&h->lock);
    todo_run(h);
    platform_mutex_lock(&h->lock);
    done = !h->links && !h->todo && h->instances == 0;
    platform_mutex_unlock(&h->lock);
    return done;
}

static void hub_main(void *arg)
{
    struct platform_hub *h = arg;

    platform_mutex_lock(&h->lock);
    h->thread_id = platform_thread_id();
    platform_mutex_unlock(&h->lock);
    for (;;) {
        OVERLAPPED *ov = NULL;
        ULONG_PTR key;
        DWORD n = 0, error, wait = INFINITE;
        uint64_t due, now;
        bool ending;

        todo_run(h);
        platform_mutex_lock(&h->lock);
        ending = h->ending;
        platform_mutex_unlock(&h->lock);
        if (ending && end_run(h))
            break;
        due = closing_run(h);
        /* A callback of these may have asked for more, without a wake-up. */
        platform_mutex_lock(&h->lock);
        if (h->todo || (h->ending && !h->links && h->instances == 0))
            due = 0;
        platform_mutex_unlock(&h->lock);
        if (due != UINT64_MAX) {
            now = platform_mono_ms();
            wait = due <= now ? 0 : (DWORD)(due - now);
        }
        error = GetQueuedCompletionStatus(h->port, &n, &key, &ov, wait) ? 0 : GetLastError();
        if (ov) {
            struct link_op *op = (struct link_op *)(void *)ov;

            op->doneh(op, n, error);
        }
    }
}

int platform_hub_alloc(struct platform_hub **hp)
{
    struct platform_hub *h = calloc(1, sizeof(*h));
    int err;

    if (!h)
        return ENOMEM;
    (void)platform_mutex_init(&h->lock);
    (void)platform_cond_init(&h->accepted);
    h->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    err = h->port ? platform_thread_start(&h->thread, "tapi_link", hub_main, h) : ENOMEM;
    if (err) {
        if (h->port)
            (void)CloseHandle(h->port);
        free(h);
        return err;
    }
    *hp = h;
    return 0;
}

void platform_hub_free(struct platform_hub *h)
{
    if (!h)
        return;
    platform_mutex_lock(&h->lock);
    h->ending = true;
    platform_mutex_unlock(&h->lock);
    link_wake(h);
    platform_thread_join(h->thread);
    (void)CloseHandle(h->port);
    platform_cond_destroy(&h->accepted);
    platform_mutex_destroy(&h->lock);
    free(h);
}
