/* Local links on POSIX, inside. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_POSIX_LINK_H
#define TAPI_SHIM_PLATFORM_POSIX_LINK_H

#include "tapi_shim/platform/internal.h"
#include "tapi_shim/platform/link.h"

#include <stdatomic.h>
#include <sys/types.h>

/* Locks: a link's before the hub's. */

enum link_kind { LINK_SOURCE, LINK_LISTENER };
struct link_source {
    enum link_kind kind;
};

struct platform_hub {
    struct platform_mutex lock;
    struct platform_cond round; /* `rounds` changed */
    uint64_t rounds;
    int epoll_fd, wake_fd;
    bool quit;
    unsigned char *room; /* for what is read */
    struct platform_thread *thread;
    struct platform_link *links, *dead, *attend;
    struct platform_listener *listeners;
};

struct platform_link {
    struct link_source source; /* the first */
    atomic_uint refs;
    struct platform_hub *hub;
    struct platform_link *prev, *next; /* of the hub, under its lock */
    struct platform_link *attend_next;
    bool attended;
    struct platform_mutex lock; /* for what follows */
    int fd;
    bool watched, started, paused, closing, closed;
    int err; /* it ends by this */
    uint64_t flush_end_ms;
    platform_link_data_h *data_h;
    platform_link_closed_h *closed_h;
    void *arg;
    unsigned char *buf; /* to be sent: `len` bytes from `head` on */
    size_t head, len, cap, limit;
};

struct platform_listener {
    struct link_source source; /* the first */
    struct platform_hub *hub;
    struct platform_listener *next; /* of the hub, under its lock */
    int fd, lock_fd;                /* -1: none */
    bool inherited, any_group;
    gid_t gid;
    uint64_t retry_ms; /* 0: watched */
    char *path;
    platform_link_accept_h *accept_h;
    void *arg;
};

int link_make(struct platform_hub *h, int fd, struct platform_link **lp); /* takes `fd` only if it returns 0 */
bool link_peer_allowed(const struct platform_listener *s, int fd);
/* Waits until the hub's thread has begun anew. */
void link_round(struct platform_hub *h);

#endif
