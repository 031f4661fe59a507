/* Local byte streams between processes: Unix sockets, named pipes on Windows. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_LINK_H
#define TAPI_SHIM_PLATFORM_LINK_H

#include "tapi_shim/platform/platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A hub is one thread that serves any number of links and listeners; every callback runs on it, with no lock held, one
 * at a time. It sleeps while nothing happens.
 *
 * Lifetime of a link: the hub holds a reference until `closed` has returned (or, if the link was never started, until
 * it was closed). Whoever uses a link where `closed` may run at the same moment holds a reference of its own
 * (platform_link_ref, taken while the link is known to live: after connect, in accept, in a callback). With a reference
 * every function here may be called at any time, also after the hub was freed; once the link is closed or closing,
 * send answers EPIPE and the others do nothing.
 *
 * After a fork without exec the child's copies are closed: links there answer EPIPE, and platform_hub_free does
 * nothing.
 */
struct platform_hub;
struct platform_link;
struct platform_listener;

enum {
    PLATFORM_LINK_LIMIT = 4 << 20,     /* bytes to send that may be queued, unless platform_link_limit says otherwise */
    PLATFORM_LINK_IDLE_MS = 1000,      /* a closing link waits so long for the other side to take anything */
    PLATFORM_LINK_CLOSE_MS_MAX = 5000, /* and so long in all */
    PLATFORM_LINK_PLACE_MAX = 512      /* bytes of a place, with terminator; POSIX allows 108 */
};

/* ENOMEM, EMFILE, EAGAIN (no thread). */
int platform_hub_alloc(struct platform_hub **hp);
/* Closes all listeners, and all links as platform_link_close does; each `closed` is called; then the thread is joined.
 * Thread: not the hub's, nor with a lock held that a callback takes. Takes NULL. */
void platform_hub_free(struct platform_hub *h);

/* Bytes as they come, cut anywhere; size > 0. */
typedef void(platform_link_data_h)(struct platform_link *l, const void *data, size_t size, void *arg);
/* The last callback of a started link, exactly once. err 0: one of the two sides closed it (or died); else an errno. */
typedef void(platform_link_closed_h)(struct platform_link *l, int err, void *arg);
/* A new link. Must call platform_link_start or platform_link_close, or keep a reference and do so later. */
typedef void(platform_link_accept_h)(struct platform_link *l, void *arg);

struct platform_peer {
    uint32_t pid;   /* process at the other end; 0 if not known. A hint: that process may be gone */
    bool known;     /* who it is could be told */
    bool same_user; /* false if not known */
    bool trusted;   /* the same user, or one who may become it: root */
};

/*
 * Listens at `place`: a full path of a socket, or \\.\pipe\NAME. `group` NULL: for the same user (POSIX: and root)
 * only, else also for members of that group (its name). POSIX: a missing folder is made, 0700 (0750 and of the group);
 * a folder that others can write to, or of another user than this one and root, is refused. A lock file PLACE.lock
 * stays beside the socket. What is left of a dead process is replaced. Windows: only local clients; the name stays in
 * use while links that were accepted there are open. EADDRINUSE: somebody listens there; EACCES: not allowed, or a
 * folder as above; ENAMETOOLONG; EINVAL: no such group, not a place of this system; EEXIST: a file stands there that is
 * no socket; ENOENT: the folder above is missing; ECANCELED: the hub is being freed; EMFILE, ENOMEM, EIO, or another
 * errno.
 */
int platform_listen(struct platform_hub *h, const char *place, const char *group, platform_link_accept_h *accept,
                    void *arg, struct platform_listener **lp);
/* Takes the listening socket that the service manager passed (LISTEN_PID, LISTEN_FDS: descriptor 3) and unsets these
 * variables, so as for platform_env_set no other thread may read the environment. `group` other than NULL: whoever the
 * socket's mode lets in. ENOENT: none was passed; EINVAL: it is not a listening stream socket of this machine; ENOTSUP
 * on Windows; else as platform_listen. */
int platform_listen_inherited(struct platform_hub *h, const char *group, platform_link_accept_h *accept, void *arg,
                              struct platform_listener **lp);
/* After return there is no accept (unless called from within it), and `l` is gone; the socket's file is removed, unless
 * it was inherited. Waits for an accept that runs: not with a lock held that accept takes. Takes NULL; not after the
 * hub was freed, which closes it. */
void platform_listener_close(struct platform_listener *l);

/* Connects; may wait for a busy listener, up to some seconds. `*lp` must be started or closed. ENOENT, ECONNREFUSED:
 * nobody there; EACCES: not allowed, or who listens there is neither this user nor root (Windows: the system or an
 * administrator); EBUSY: it takes nobody; ECANCELED, EINVAL, ENAMETOOLONG, EMFILE, ENOMEM, EIO. */
int platform_connect(struct platform_hub *h, const char *place, struct platform_link **lp);

/* From now on callbacks come; once for a link. Nothing is read before. Not after platform_link_close, which for a link
 * never started calls nothing. Thread: any; callbacks may come before this returns. */
void platform_link_start(struct platform_link *l, platform_link_data_h *data, platform_link_closed_h *closed,
                         void *arg);
/* Copies and queues, or sends at once if nothing is queued; never blocks or calls back. The order of calls is kept.
 * EPIPE: closed, closing, or the other side takes no more; ENOBUFS: queued bytes would exceed the limit (nothing was
 * taken); ENOMEM: nothing was taken, or the link is broken and closes with ENOMEM. Thread: any, any lock may be held.
 */
int platform_link_send(struct platform_link *l, const void *data, size_t size);
void platform_link_limit(struct platform_link *l, size_t bytes); /* of the queue to send. Thread: any */
/* Stops and resumes reading; a data callback that runs at that moment is not waited for. While paused the end of the
 * link is not noticed. Thread: any. */
void platform_link_pause(struct platform_link *l, bool pause);
/* Reads no more (data may be running), sends what is queued as far as the other side takes it (PLATFORM_LINK_IDLE_MS),
 * then closes. Thread: any, any lock may be held. May be called again. */
void platform_link_close(struct platform_link *l);
void platform_link_peer(const struct platform_link *l,
                        struct platform_peer *out);               /* as when it connected. Thread: any */
struct platform_link *platform_link_ref(struct platform_link *l); /* answers `l`. Thread: any */
void platform_link_unref(struct platform_link *l);                /* takes NULL. Thread: any */

/* Where the service of this user listens. Environment TAPI_SHIM_SOCKET, else POSIX: $XDG_RUNTIME_DIR/tapi_shim/
 * service.sock, or /tmp/tapi_shim-UID/service.sock; Windows: \\.\pipe\tapi_shim-SID. With a configuration of its own
 * (TAPI_SHIM_CONFIG, TAPI_SHIM_PROVIDERS) a service of its own: its name has their hash. "" if it does not fit. */
void platform_service_place(char *place, size_t size);

#ifdef __cplusplus
}
#endif

#endif
