/* What links and their listeners share on POSIX. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_POSIX_LINK_H
#define TAPI_SHIM_PLATFORM_POSIX_LINK_H

#include <sys/types.h>

#include "tapi_shim/platform/internal.h"
#include "tapi_shim/platform/link.h"

/* What the hub's epoll set points to, and what is closed in the child of a fork. */
struct link_fd {
    int fd;      /* -1: none */
    bool forked; /* in a child: everything here is the parent's */
    void (*event)(struct link_fd *f, uint32_t events);
    struct link_fd *next, **prevp;
};

void link_fd_open(struct link_fd *f, int fd, void (*event)(struct link_fd *f, uint32_t events));
/* Takes it out of the child's list and closes it, the descriptors of forked children with it. */
void link_fd_close(struct link_fd *f, bool is_socket);

struct platform_hub {
    struct link_fd epoll, wake;
    struct platform_thread *thread;
    uint64_t thread_id;
    struct platform_mutex lock;
    struct platform_cond accepted;       /* an accept returned */
    struct platform_link *links;         /* all that `closed` was not called for */
    struct platform_link *todo;          /* the hub's thread is to look at them */
    struct platform_listener *listeners; /* all that are open */
    struct platform_listener *gone;      /* closed; freed when no event can name them */
    struct platform_listener *accepting;
    bool ending;
    /* The hub's thread only. */
    struct platform_link *closing; /* those that wait for the other side to take what is queued */
    unsigned char buf[65536];
};

struct platform_listener {
    struct link_fd f; /* first: an event is told by it */
    struct platform_hub *h;
    struct platform_listener *next;
    platform_link_accept_h *accept;
    void *arg;
    bool any_user;       /* whoever the mode of the socket lets in */
    uint64_t resume_ms;  /* 0, or when it is tried again, after there were no descriptors */
    struct link_fd lock; /* none: inherited */
    char *place;         /* NULL: inherited */
    dev_t dev;
    ino_t ino;
};

/* Makes a link of a connected socket, which is the link's, also on failure. */
int link_make(struct platform_hub *h, int fd, struct platform_link **lp);
/* Wakes the hub's thread. */
void link_wake(struct platform_hub *h);
/* Closes a listener's descriptors and removes its file. Listener is out of the hub's list. */
void listener_shut(struct platform_listener *s);

#endif
