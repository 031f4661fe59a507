/* Local links: the hub's thread, and what is sent and read. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/posix/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BATCH = 64, READ_SIZE = 65536, LIMIT_DEFAULT = 4 << 20, FLUSH_MS = 2000, RETRY_MS = 100 };

/* ---- the queue to send; with the link's lock held ------------------------------------------------------------------
 */

static int queue_add(struct platform_link *l, const unsigned char *data, size_t size)
{
    if (l->head + l->len + size > l->cap) {
        size_t cap = l->cap ? l->cap : 4096;
        unsigned char *buf;

        while (cap < l->len + size)
            cap *= 2;
        if (cap == l->cap) {
            memmove(l->buf, l->buf + l->head, l->len);
        } else {
            buf = malloc(cap);
            if (!buf)
                return ENOMEM;
            if (l->len)
                memcpy(buf, l->buf + l->head, l->len);
            free(l->buf);
            l->buf = buf;
            l->cap = cap;
        }
        l->head = 0;
    }
    memcpy(l->buf + l->head + l->len, data, size);
    l->len += size;
    return 0;
}

static void queue_sent(struct platform_link *l, size_t size)
{
    l->head += size;
    l->len -= size;
    if (l->len)
        return;
    l->head = 0;
    /* What one flood took is not kept for ever. */
    if (l->cap > READ_SIZE) {
        free(l->buf);
        l->buf = NULL;
        l->cap = 0;
    }
}

/* Bytes that the system took; 0: none now; -1: it never will again. */
static ssize_t put(struct platform_link *l, const void *data, size_t size)
{
    ssize_t n;

    do
        n = send(l->fd, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return n;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS || errno == ENOMEM ? 0 : -1;
}

/* ---- what the hub waits for ----------------------------------------------------------------------------------------
 */

static void wake(struct platform_hub *h)
{
    const uint64_t one = 1;

    while (write(h->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

/* Lock of the link held. */
static void watch(struct platform_link *l)
{
    struct epoll_event e = {.data.ptr = &l->source};

    if (l->closed || !l->watched)
        return;
    if (l->started && !l->paused && !l->closing)
        e.events |= EPOLLIN;
    if (l->len)
        e.events |= EPOLLOUT;
    (void)epoll_ctl(l->hub->epoll_fd, EPOLL_CTL_MOD, l->fd, &e);
}

/* Lock of the link held: the hub's thread is to look at it. */
static void attend(struct platform_link *l)
{
    struct platform_hub *h = l->hub;

    platform_mutex_lock(&h->lock);
    if (!l->attended) {
        l->attended = true;
        l->attend_next = h->attend;
        h->attend = l;
        wake(h);
    }
    platform_mutex_unlock(&h->lock);
}

/* ---- links ---------------------------------------------------------------------------------------------------------
 */

int link_make(struct platform_hub *h, int fd, struct platform_link **lp)
{
    struct platform_link *l = calloc(1, sizeof(*l));
    int err;

    if (!l)
        return ENOMEM;
    err = platform_mutex_init(&l->lock);
    if (err) {
        free(l);
        return err;
    }
    l->source.kind = LINK_SOURCE;
    l->hub = h;
    l->fd = fd;
    l->refs = 1;
    l->limit = LIMIT_DEFAULT;
    platform_mutex_lock(&h->lock);
    l->next = h->links;
    if (l->next)
        l->next->prev = l;
    h->links = l;
    platform_mutex_unlock(&h->lock);
    *lp = l;
    return 0;
}

void platform_link_ref(struct platform_link *l)
{
    atomic_fetch_add(&l->refs, 1);
}

void platform_link_unref(struct platform_link *l)
{
    if (!l || atomic_fetch_sub(&l->refs, 1) != 1)
        return;
    platform_mutex_destroy(&l->lock);
    free(l->buf);
    free(l);
}

void platform_link_start(struct platform_link *l, platform_link_data_h *data, platform_link_closed_h *closed, void *arg)
{
    struct epoll_event e = {.data.ptr = &l->source};

    platform_mutex_lock(&l->lock);
    l->data_h = data;
    l->closed_h = closed;
    l->arg = arg;
    l->started = true;
    /* Not before: a hang-up would be told with nobody there to hear it. */
    if (epoll_ctl(l->hub->epoll_fd, EPOLL_CTL_ADD, l->fd, &e) == 0)
        l->watched = true;
    else
        l->err = errno;
    if (l->closing || l->err)
        attend(l);
    watch(l);
    platform_mutex_unlock(&l->lock);
}

int platform_link_send(struct platform_link *l, const void *data, size_t size)
{
    const unsigned char *p = data;
    ssize_t n = 0;
    int err = 0;

    platform_mutex_lock(&l->lock);
    if (l->closed || l->closing) {
        err = EPIPE;
        goto out;
    }
    if (!l->len) {
        n = put(l, p, size);
        if (n < 0) {
            /* What the other side still sent is read first. */
            err = EPIPE;
            goto out;
        }
    } else if (l->len + size > l->limit) {
        err = ENOBUFS;
        goto out;
    }
    if ((size_t)n < size) {
        bool first = !l->len;

        err = queue_add(l, p + n, size - (size_t)n);
        if (err && n > 0) {
            /* Half a message has gone: what follows would make no sense. */
            l->err = ENOMEM;
            attend(l);
        } else if (!err && first) {
            watch(l);
        }
    }
out:
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
    if (l->paused != pause) {
        l->paused = pause;
        watch(l);
    }
    platform_mutex_unlock(&l->lock);
}

void platform_link_close(struct platform_link *l)
{
    platform_mutex_lock(&l->lock);
    if (!l->closing && !l->closed) {
        l->closing = true;
        l->flush_end_ms = platform_mono_ms() + FLUSH_MS;
        watch(l);
        attend(l);
    }
    platform_mutex_unlock(&l->lock);
}

void platform_link_abort(struct platform_link *l)
{
    platform_mutex_lock(&l->lock);
    if (!l->err && !l->closed) {
        l->err = ECONNABORTED;
        l->closing = true;
        watch(l);
        attend(l);
    }
    platform_mutex_unlock(&l->lock);
}

/* On the hub's thread, without locks. The link is gone afterwards, unless somebody else has a reference. */
static void finish(struct platform_link *l, int err)
{
    struct platform_hub *h = l->hub;
    platform_link_closed_h *closed;

    platform_mutex_lock(&l->lock);
    if (l->closed) {
        platform_mutex_unlock(&l->lock);
        return;
    }
    l->closed = true;
    closed = l->started ? l->closed_h : NULL;
    (void)epoll_ctl(h->epoll_fd, EPOLL_CTL_DEL, l->fd, NULL);
    (void)close(l->fd);
    l->fd = -1;
    platform_mutex_unlock(&l->lock);
    if (closed)
        closed(l, err, l->arg);
    platform_mutex_lock(&h->lock);
    if (l->prev)
        l->prev->next = l->next;
    else
        h->links = l->next;
    if (l->next)
        l->next->prev = l->prev;
    /* Events of this round may still name it. */
    l->next = h->dead;
    h->dead = l;
    platform_mutex_unlock(&h->lock);
}

static void write_some(struct platform_link *l)
{
    ssize_t n;

    platform_mutex_lock(&l->lock);
    while (l->len && !l->closed) {
        n = put(l, l->buf + l->head, l->len);
        if (n <= 0) {
            if (n < 0)
                queue_sent(l, l->len); /* nobody takes it; reading tells why */
            break;
        }
        queue_sent(l, (size_t)n);
    }
    watch(l);
    if (l->closing && !l->len)
        attend(l);
    platform_mutex_unlock(&l->lock);
}

static void read_some(struct platform_link *l)
{
    struct platform_hub *h = l->hub;
    bool able;
    ssize_t n;

    platform_mutex_lock(&l->lock);
    able = l->started && !l->paused && !l->closing && !l->closed;
    platform_mutex_unlock(&l->lock);
    if (!able)
        return;
    do
        n = recv(l->fd, h->room, READ_SIZE, MSG_DONTWAIT);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        l->data_h(l, h->room, (size_t)n, l->arg);
    else if (n == 0)
        finish(l, 0);
    else if (errno != EAGAIN && errno != EWOULDBLOCK)
        finish(l, errno == ECONNRESET || errno == EPIPE ? 0 : errno);
}

static void link_event(struct platform_link *l, uint32_t events)
{
    if (l->closed)
        return;
    if (events & EPOLLOUT)
        write_some(l);
    if (events & EPOLLIN) {
        read_some(l);
        return;
    }
    /* The other side has gone, and nothing is left to be read, or nobody wants to: it would be told again and again. */
    if (events & (EPOLLHUP | EPOLLERR))
        finish(l, 0);
}

/* ---- listeners -----------------------------------------------------------------------------------------------------
 */

static void listener_event(struct platform_listener *s)
{
    struct platform_link *l;
    int fd;

    for (;;) {
        platform_mutex_lock(&s->hub->lock);
        fd = s->fd < 0 ? -1 : accept4(s->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) && s->fd >= 0) {
            /* It would be told again and again. */
            struct epoll_event none = {.data.ptr = &s->source};

            (void)epoll_ctl(s->hub->epoll_fd, EPOLL_CTL_MOD, s->fd, &none);
            s->retry_ms = platform_mono_ms() + RETRY_MS;
        }
        platform_mutex_unlock(&s->hub->lock);
        if (fd < 0)
            return;
        if (!link_peer_allowed(s, fd) || link_make(s->hub, fd, &l)) {
            (void)close(fd);
            continue;
        }
        s->accept_h(l, s->arg);
    }
}

/* ---- the hub's thread
 * ------------------------------------------------------------------------------------------------ */

/* Links that somebody wants looked at. Returns when the next one is due. */
static uint64_t attend_all(struct platform_hub *h)
{
    struct platform_link *l, *list;
    struct platform_listener *s;
    uint64_t next = UINT64_MAX, now = platform_mono_ms();

    platform_mutex_lock(&h->lock);
    list = h->attend;
    h->attend = NULL;
    for (s = h->listeners; s; s = s->next) {
        struct epoll_event in = {.events = EPOLLIN, .data.ptr = &s->source};

        if (!s->retry_ms || s->fd < 0)
            continue;
        if (s->retry_ms <= now) {
            s->retry_ms = 0;
            (void)epoll_ctl(h->epoll_fd, EPOLL_CTL_MOD, s->fd, &in);
        } else if (s->retry_ms < next) {
            next = s->retry_ms;
        }
    }
    platform_mutex_unlock(&h->lock);
    while ((l = list) != NULL) {
        bool end;
        int err;

        list = l->attend_next;
        platform_mutex_lock(&l->lock);
        platform_mutex_lock(&h->lock);
        l->attended = false;
        platform_mutex_unlock(&h->lock);
        err = l->err;
        end = !l->closed && (l->err || (l->closing && (!l->len || l->flush_end_ms <= now)));
        if (!end && !l->closed && l->closing) {
            if (l->flush_end_ms < next)
                next = l->flush_end_ms;
            /* Looked at again then. */
            platform_mutex_lock(&h->lock);
            if (!l->attended) {
                l->attended = true;
                l->attend_next = h->attend;
                h->attend = l;
            }
            platform_mutex_unlock(&h->lock);
        }
        platform_mutex_unlock(&l->lock);
        if (end)
            finish(l, err);
    }
    return next;
}

static void bury(struct platform_hub *h)
{
    struct platform_link *l, **link;

    platform_mutex_lock(&h->lock);
    while ((l = h->dead) != NULL) {
        h->dead = l->next;
        for (link = &h->attend; *link; link = &(*link)->attend_next) {
            if (*link == l) {
                *link = l->attend_next;
                break;
            }
        }
        platform_mutex_unlock(&h->lock);
        platform_link_unref(l);
        platform_mutex_lock(&h->lock);
    }
    platform_mutex_unlock(&h->lock);
}

static bool quits(struct platform_hub *h)
{
    bool quit;

    platform_mutex_lock(&h->lock);
    quit = h->quit;
    platform_mutex_unlock(&h->lock);
    return quit;
}

static void hub_main(void *arg)
{
    struct platform_hub *h = arg;
    struct epoll_event events[BATCH];
    struct platform_link *l;
    int i, n;

    while (!quits(h)) {
        uint64_t next = attend_all(h), now;

        bury(h);
        now = next == UINT64_MAX ? 0 : platform_mono_ms();
        n = epoll_wait(h->epoll_fd, events, BATCH, next == UINT64_MAX ? -1 : next > now ? (int)(next - now) : 0);
        for (i = 0; i < n; i++) {
            struct link_source *source = events[i].data.ptr;
            uint64_t count;

            if (!source)
                while (read(h->wake_fd, &count, sizeof(count)) < 0 && errno == EINTR)
                    ;
            else if (source->kind == LINK_SOURCE)
                link_event((struct platform_link *)(void *)source, events[i].events);
            else
                listener_event((struct platform_listener *)(void *)source);
        }
        /* A listener that is being closed has no event in any batch from here on. */
        platform_mutex_lock(&h->lock);
        h->rounds++;
        platform_cond_broadcast(&h->round);
        platform_mutex_unlock(&h->lock);
    }
    for (;;) {
        platform_mutex_lock(&h->lock);
        l = h->links;
        platform_mutex_unlock(&h->lock);
        if (!l)
            break;
        finish(l, 0);
    }
    bury(h);
}

int platform_hub_alloc(struct platform_hub **hp)
{
    struct platform_hub *h = calloc(1, sizeof(*h));
    struct epoll_event e = {.events = EPOLLIN};
    int err = ENOMEM;

    if (!h)
        return ENOMEM;
    h->epoll_fd = h->wake_fd = -1;
    h->room = malloc(READ_SIZE);
    if (!h->room)
        goto memory;
    err = platform_mutex_init(&h->lock);
    if (err)
        goto memory;
    err = platform_cond_init(&h->round);
    if (err)
        goto mutex;
    h->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    h->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (h->epoll_fd < 0 || h->wake_fd < 0 || epoll_ctl(h->epoll_fd, EPOLL_CTL_ADD, h->wake_fd, &e) != 0) {
        err = errno;
        goto descriptors;
    }
    err = platform_thread_start(&h->thread, "links", hub_main, h);
    if (!err) {
        *hp = h;
        return 0;
    }
descriptors:
    if (h->epoll_fd >= 0)
        (void)close(h->epoll_fd);
    if (h->wake_fd >= 0)
        (void)close(h->wake_fd);
    platform_cond_destroy(&h->round);
mutex:
    platform_mutex_destroy(&h->lock);
memory:
    free(h->room);
    free(h);
    return err;
}

void platform_hub_free(struct platform_hub *h)
{
    if (!h)
        return;
    while (h->listeners)
        platform_listener_close(h->listeners);
    platform_mutex_lock(&h->lock);
    h->quit = true;
    platform_mutex_unlock(&h->lock);
    wake(h);
    platform_thread_join(h->thread);
    (void)close(h->epoll_fd);
    (void)close(h->wake_fd);
    platform_cond_destroy(&h->round);
    platform_mutex_destroy(&h->lock);
    free(h->room);
    free(h);
}

/* Once the hub's thread has been through what it had in hand. The listener's descriptor is closed. */
void link_round(struct platform_hub *h)
{
    uint64_t seen;

    platform_mutex_lock(&h->lock);
    seen = h->rounds;
    wake(h);
    while (h->rounds < seen + 2 && !h->quit) {
        platform_cond_wait(&h->round, &h->lock);
        wake(h);
    }
    platform_mutex_unlock(&h->lock);
}
