/* Links on Unix sockets, one epoll thread. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/posix/link.h"
#include "tapi_shim/platform/link_queue.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

struct platform_link {
    struct link_fd f; /* first: an event is told by it */
    struct platform_hub *h;
    atomic_uint refs;
    struct platform_peer peer;
    struct platform_link *next, **prevp; /* hub's list */
    struct platform_link *todo_next;     /* h->lock */
    bool in_todo;                        /* h->lock */
    /* The hub's thread only. */
    struct platform_link *closing_next;
    bool in_closing;
    /* The rest: `lock`, which is taken before h->lock. */
    struct platform_mutex lock;
    uint64_t close_ms, idle_ms; /* when closing: to be closed then at the latest */
    struct link_queue out;
    size_t limit;
    uint32_t mask; /* what epoll watches */
    bool in_epoll;
    bool started, paused, closing, dead;
    bool broken; /* the other side takes no more */
    int err;     /* it broke by itself */
    platform_link_data_h *datah;
    platform_link_closed_h *closedh;
    void *arg;
};

/* ---- descriptors and forks */

static pthread_mutex_t fds_lock = PTHREAD_MUTEX_INITIALIZER; /* the last of all locks */
static struct link_fd *fds;

static void fork_prepare(void)
{
    (void)pthread_mutex_lock(&fds_lock);
}

static void fork_parent(void)
{
    (void)pthread_mutex_unlock(&fds_lock);
}

static void fork_child(void)
{
    for (struct link_fd *f = fds; f; f = f->next) {
        (void)close(f->fd);
        f->fd = -1;
        f->forked = true;
    }
    fds = NULL;
    (void)pthread_mutex_unlock(&fds_lock);
}

static int fork_error;

static void fork_register(void)
{
    fork_error = pthread_atfork(fork_prepare, fork_parent, fork_child);
}

void link_fd_open(struct link_fd *f, int fd, void (*event)(struct link_fd *f, uint32_t events))
{
    f->fd = fd;
    f->event = event;
    (void)pthread_mutex_lock(&fds_lock);
    f->next = fds;
    f->prevp = &fds;
    if (fds)
        fds->prevp = &f->next;
    fds = f;
    (void)pthread_mutex_unlock(&fds_lock);
}

void link_fd_close(struct link_fd *f, bool is_socket)
{
    int fd;

    (void)pthread_mutex_lock(&fds_lock);
    fd = f->fd;
    f->fd = -1;
    if (fd >= 0) {
        *f->prevp = f->next;
        if (f->next)
            f->next->prevp = f->prevp;
    }
    (void)pthread_mutex_unlock(&fds_lock);
    if (fd < 0)
        return;
    /* Also where a process that was just being started still has a copy. */
    if (is_socket)
        (void)shutdown(fd, SHUT_RDWR);
    (void)close(fd);
}

/* ---- links */

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
    platform_mutex_destroy(&l->lock);
    free(l);
}

void link_wake(struct platform_hub *h)
{
    const uint64_t one = 1;

    while (write(h->wake.fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
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

/* Watches what is to be watched now. l->lock is held. A link that nothing is wanted of is not in the set at all: the
 * system would tell of its end again and again. */
static void watch(struct platform_link *l)
{
    struct epoll_event e = {.data.ptr = &l->f};
    int op;

    if (l->closing || (l->started && !l->paused && !l->err))
        e.events |= EPOLLIN;
    if (l->out.len > 0 && !l->broken)
        e.events |= EPOLLOUT;
    if (l->dead)
        e.events = 0;
    if (e.events == l->mask)
        return;
    op = e.events == 0 ? EPOLL_CTL_DEL : l->in_epoll ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    l->mask = e.events;
    if (epoll_ctl(l->h->epoll.fd, op, l->f.fd, &e) == 0 || op == EPOLL_CTL_DEL) {
        l->in_epoll = e.events != 0;
        return;
    }
    /* No memory in the system: without being watched it cannot go on. */
    if (!l->err)
        l->err = errno;
    l->broken = true;
    todo_add(l);
}

/* Sends what is queued, as far as it goes. l->lock is held. */
static void flush(struct platform_link *l)
{
    while (l->out.len > 0 && !l->broken) {
        ssize_t n = send(l->f.fd, l->out.buf + l->out.start, l->out.len, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (n > 0) {
            link_queue_take(&l->out, (size_t)n);
            l->idle_ms = platform_mono_ms() + PLATFORM_LINK_IDLE_MS;
        } else if (n < 0 && errno == EINTR) {
            continue;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            break;
        } else {
            /* What it sent before it went is still to be read, and so is its end. */
            l->broken = true;
        }
    }
    if (l->broken)
        link_queue_clear(&l->out);
    watch(l);
}

/* The last of a link. The hub's thread, no lock held. */
static void finish(struct platform_link *l, int err)
{
    struct platform_hub *h = l->h;
    platform_link_closed_h *closedh;

    platform_mutex_lock(&l->lock);
    if (l->dead) {
        platform_mutex_unlock(&l->lock);
        return;
    }
    l->dead = true;
    watch(l);
    link_fd_close(&l->f, true);
    link_queue_clear(&l->out);
    closedh = l->started ? l->closedh : NULL;
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

/* Whether a closing or broken link can be finished now; `*errp` is then how. l->lock is held. */
static bool is_done(const struct platform_link *l, int *errp)
{
    *errp = l->err;
    return l->err != 0 || (l->closing && (l->out.len == 0 || l->broken));
}

static void link_event(struct link_fd *f, uint32_t events)
{
    struct platform_link *l = (struct platform_link *)(void *)f;
    struct platform_hub *h = l->h;
    bool deliver, drop, done;
    ssize_t n;
    int err;

    platform_mutex_lock(&l->lock);
    if (l->dead) {
        platform_mutex_unlock(&l->lock);
        return;
    }
    if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
        flush(l);
    deliver = l->started && !l->paused && !l->closing;
    drop = l->closing;
    done = is_done(l, &err);
    platform_mutex_unlock(&l->lock);

    if (!done && (deliver || drop) && (events & (EPOLLIN | EPOLLERR | EPOLLHUP))) {
        n = recv(l->f.fd, h->buf, sizeof(h->buf), MSG_DONTWAIT);
        if (n > 0) {
            if (deliver)
                l->datah(l, h->buf, (size_t)n, l->arg);
        } else if (n == 0 || errno == ECONNRESET || errno == EPIPE) {
            done = true;
        } else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
            done = true;
            err = errno;
        }
    }
    if (done)
        finish(l, err);
}

/* What another thread (or a callback) asked for. */
static void link_look(struct platform_link *l)
{
    struct platform_hub *h = l->h;
    bool done, wait = false;
    int err = 0;

    platform_mutex_lock(&l->lock);
    done = !l->dead;
    if (done) {
        if (l->closing)
            flush(l);
        done = is_done(l, &err);
        wait = !done && l->closing;
    }
    platform_mutex_unlock(&l->lock);
    if (done) {
        finish(l, err);
    } else if (wait && !l->in_closing) {
        l->in_closing = true;
        l->closing_next = h->closing;
        h->closing = l;
    }
}

int link_make(struct platform_hub *h, int fd, struct platform_link **lp)
{
    struct platform_link *l = calloc(1, sizeof(*l));
    struct ucred cred;
    socklen_t len = sizeof(cred);

    if (!l || platform_mutex_init(&l->lock)) {
        free(l);
        (void)close(fd);
        return ENOMEM;
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0) {
        l->peer.known = true;
        l->peer.pid = cred.pid > 0 ? (uint32_t)cred.pid : 0;
        l->peer.same_user = cred.uid == geteuid();
        l->peer.trusted = l->peer.same_user || cred.uid == 0;
    }
    l->h = h;
    l->limit = PLATFORM_LINK_LIMIT;
    atomic_init(&l->refs, 1);
    link_fd_open(&l->f, fd, link_event);
    platform_mutex_lock(&h->lock);
    if (h->ending) {
        platform_mutex_unlock(&h->lock);
        link_fd_close(&l->f, true);
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
    if (l->f.forked)
        return;
    platform_mutex_lock(&l->lock);
    if (!l->dead && !l->started) {
        l->datah = data;
        l->closedh = closed;
        l->arg = arg;
        l->started = true;
        watch(l);
    }
    platform_mutex_unlock(&l->lock);
}

int platform_link_send(struct platform_link *l, const void *data, size_t size)
{
    int err = 0;

    if (l->f.forked)
        return EPIPE;
    platform_mutex_lock(&l->lock);
    if (l->dead || l->closing || l->broken) {
        err = EPIPE;
    } else if (l->out.len > l->limit || size > l->limit - l->out.len) {
        err = ENOBUFS;
    } else if (size > 0) {
        ssize_t n = 0;

        if (l->out.len == 0) {
            do
                n = send(l->f.fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
            while (n < 0 && errno == EINTR);
            if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
                l->broken = true;
                err = EPIPE;
                goto out;
            }
            if (n < 0)
                n = 0;
        }
        if ((size_t)n < size && !link_queue_put(&l->out, (const char *)data + n, size - (size_t)n)) {
            err = ENOMEM;
            /* Half of it is on its way: the other side must not take what comes next for the rest. */
            if (n > 0) {
                l->err = ENOMEM;
                l->broken = true;
                todo_add(l);
            }
        }
        watch(l);
    }
out:
    platform_mutex_unlock(&l->lock);
    return err;
}

void platform_link_limit(struct platform_link *l, size_t bytes)
{
    if (l->f.forked)
        return;
    platform_mutex_lock(&l->lock);
    l->limit = bytes;
    platform_mutex_unlock(&l->lock);
}

void platform_link_pause(struct platform_link *l, bool pause)
{
    if (l->f.forked)
        return;
    platform_mutex_lock(&l->lock);
    if (!l->dead) {
        l->paused = pause;
        watch(l);
    }
    platform_mutex_unlock(&l->lock);
}

void platform_link_close(struct platform_link *l)
{
    if (l->f.forked)
        return;
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

static void wake_event(struct link_fd *f, uint32_t events)
{
    uint64_t count;

    (void)events;
    (void)!read(f->fd, &count, sizeof(count));
}

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
        link_look(l);
        platform_link_unref(l);
    }
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Ends what has waited too long; when there is something to do again. */
static uint64_t closing_run(struct platform_hub *h)
{
    uint64_t due = UINT64_MAX, now = h->closing ? platform_mono_ms() : 0;

    for (struct platform_link *l = h->closing, *next; l; l = next) {
        uint64_t end;

        next = l->closing_next;
        platform_mutex_lock(&l->lock);
        end = earlier(l->close_ms, l->idle_ms);
        platform_mutex_unlock(&l->lock);
        if (end <= now)
            finish(l, 0);
        else
            due = earlier(due, end);
    }
    return due;
}

static uint64_t listeners_run(struct platform_hub *h)
{
    struct platform_listener *gone;
    uint64_t due = UINT64_MAX;

    platform_mutex_lock(&h->lock);
    gone = h->gone;
    h->gone = NULL;
    for (struct platform_listener *s = h->listeners; s; s = s->next) {
        if (s->resume_ms > 0 && s->resume_ms <= platform_mono_ms()) {
            struct epoll_event e = {.events = EPOLLIN, .data.ptr = &s->f};

            s->resume_ms = epoll_ctl(h->epoll.fd, EPOLL_CTL_ADD, s->f.fd, &e) ? platform_mono_ms() + 100 : 0;
        }
        if (s->resume_ms > 0)
            due = earlier(due, s->resume_ms);
    }
    platform_mutex_unlock(&h->lock);
    while (gone) {
        struct platform_listener *next = gone->next;

        free(gone->place);
        free(gone);
        gone = next;
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
    done = !h->links && !h->todo;
    platform_mutex_unlock(&h->lock);
    return done;
}

static void hub_main(void *arg)
{
    struct platform_hub *h = arg;
    struct epoll_event eventv[64];

    platform_mutex_lock(&h->lock);
    h->thread_id = platform_thread_id();
    platform_mutex_unlock(&h->lock);
    for (;;) {
        uint64_t due, now;
        bool ending;
        int n, wait = -1;

        todo_run(h);
        platform_mutex_lock(&h->lock);
        ending = h->ending;
        platform_mutex_unlock(&h->lock);
        if (ending && end_run(h))
            break;
        due = earlier(closing_run(h), listeners_run(h));
        /* A callback of these may have asked for more, without a wake-up. */
        platform_mutex_lock(&h->lock);
        if (h->todo || (h->ending && !h->links))
            due = 0;
        platform_mutex_unlock(&h->lock);
        if (due != UINT64_MAX) {
            now = platform_mono_ms();
            wait = due <= now ? 0 : (int)(due - now);
        }
        n = epoll_wait(h->epoll.fd, eventv, (int)(sizeof(eventv) / sizeof(eventv[0])), wait);
        for (int i = 0; i < n; i++) {
            struct link_fd *f = eventv[i].data.ptr;

            f->event(f, eventv[i].events);
        }
    }
    (void)listeners_run(h);
}

int platform_hub_alloc(struct platform_hub **hp)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct epoll_event e = {.events = EPOLLIN};
    struct platform_hub *h = calloc(1, sizeof(*h));
    int fd, err = 0;

    (void)pthread_once(&once, fork_register);
    if (!h || fork_error) {
        free(h);
        return ENOMEM;
    }
    h->epoll.fd = h->wake.fd = -1;
    if (platform_mutex_init(&h->lock) || platform_cond_init(&h->accepted)) {
        err = ENOMEM;
        goto out;
    }
    fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) {
        err = errno;
        goto out;
    }
    link_fd_open(&h->epoll, fd, NULL);
    fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (fd < 0) {
        err = errno;
        goto out;
    }
    link_fd_open(&h->wake, fd, wake_event);
    e.data.ptr = &h->wake;
    if (epoll_ctl(h->epoll.fd, EPOLL_CTL_ADD, fd, &e)) {
        err = errno;
        goto out;
    }
    platform_mutex_lock(&h->lock);
    err = platform_thread_start(&h->thread, "tapi_link", hub_main, h);
    platform_mutex_unlock(&h->lock);
out:
    if (err) {
        link_fd_close(&h->epoll, false);
        link_fd_close(&h->wake, false);
        free(h);
        return err;
    }
    *hp = h;
    return 0;
}

void platform_hub_free(struct platform_hub *h)
{
    if (!h || h->epoll.forked)
        return;
    platform_mutex_lock(&h->lock);
    h->ending = true;
    platform_mutex_unlock(&h->lock);
    link_wake(h);
    platform_thread_join(h->thread);
    link_fd_close(&h->epoll, false);
    link_fd_close(&h->wake, false);
    platform_cond_destroy(&h->accepted);
    platform_mutex_destroy(&h->lock);
    free(h);
}
