/* Streams of bytes between processes of one machine: Unix sockets, on Windows named pipes. SPDX-License-Identifier: MIT
 */
#ifndef TAPI_SHIM_PLATFORM_LINK_H
#define TAPI_SHIM_PLATFORM_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A hub is one thread that serves any number of links and listeners. Callbacks come on that thread, one at a time, with
 * no lock held; they must not wait. A link is counted: the hub holds a reference from the beginning until after
 * `closed` has returned, whoever else wants to use it takes one of its own, and may then send, pause and close at any
 * time, also after it was closed (EPIPE). No link in use, no wake-up.
 */
struct platform_hub;
struct platform_link;
struct platform_listener;

int platform_hub_alloc(struct platform_hub **hp);
/* Closes what is open, without sending what is queued: each `closed` comes before it returns. Not on the hub's thread.
 * Takes NULL. */
void platform_hub_free(struct platform_hub *h);

/* Bytes as they came, split anywhere. The memory is aligned to 8 bytes, and the hub's. */
typedef void(platform_link_data_h)(struct platform_link *l, const void *data, size_t size, void *arg);
/* The last callback, once. 0: closed, by either side; else an errno value. */
typedef void(platform_link_closed_h)(struct platform_link *l, int err, void *arg);
/* Somebody has connected: calls platform_link_start or platform_link_close. */
typedef void(platform_link_accept_h)(struct platform_link *l, void *arg);

struct platform_peer {
    bool known;
    uint32_t pid;
    bool same_user;
};

/*
 * Listens at `place`: POSIX the path of a socket, whose folder is made (0700; with a group 0750) if need be and must
 * belong to this user and be closed to others; Windows the name of a pipe. `group`: a group whose members may connect,
 * NULL: only this user may (and root). EADDRINUSE: another process listens there; EACCES: the folder is not safe, or
 * may not be used; ENOENT: there is no such group; ENAMETOOLONG, ENOTSUP (a group, on Windows), ENOMEM, ...
 */
int platform_listen(struct platform_hub *h, const char *place, const char *group, platform_link_accept_h *accept,
                    void *arg, struct platform_listener **lp);
/* On the socket that the process was started with (systemd: LISTEN_FDS). Who may connect is its creator's choice.
 * ENOENT: there is none. */
int platform_listen_inherited(struct platform_hub *h, platform_link_accept_h *accept, void *arg,
                              struct platform_listener **lp);
/* After return `accept` is not called any more. Not on the hub's thread. Takes NULL. */
void platform_listener_close(struct platform_listener *l);

/* ENOENT, ECONNREFUSED: nobody listens there. EACCES: not allowed, or who listens is neither this user nor root nor the
 * owner of a folder that is closed to others. */
int platform_connect(struct platform_hub *h, const char *place, struct platform_link **lp);
void platform_link_start(struct platform_link *l, platform_link_data_h *data, platform_link_closed_h *closed,
                         void *arg);

void platform_link_ref(struct platform_link *l);
void platform_link_unref(struct platform_link *l);

/* Sends or queues all of it, in order. Never waits, never calls back. 0; ENOBUFS: more would be queued than the limit
 * (nothing was); EPIPE: closed; ENOMEM. Thread: any. */
int platform_link_send(struct platform_link *l, const void *data, size_t size);
void platform_link_limit(struct platform_link *l, size_t bytes); /* of what is queued; default 4 MiB */
void platform_link_pause(struct platform_link *l, bool pause);   /* stops reading, goes on reading; Thread: any */
/* What is queued is sent, for 2 seconds at most; nothing is read any more. `closed` comes on the hub's thread, if the
 * link was started. Thread: any. */
void platform_link_close(struct platform_link *l);
/* The same at once, whatever is queued. */
void platform_link_abort(struct platform_link *l);
void platform_link_peer(const struct platform_link *l, struct platform_peer *peer);

/*
 * Where the service of this user is: environment TAPI_SHIM_SOCKET, else POSIX $XDG_RUNTIME_DIR/tapi_shim/service.sock
 * or /tmp/tapi_shim-UID/service.sock, Windows \\.\pipe\tapi_shim-USER. With a configuration of its own
 * (TAPI_SHIM_CONFIG, TAPI_SHIM_PROVIDERS) a service of its own: its place has their hash in its name.
 */
void platform_service_place(char *place, size_t size);

#ifdef __cplusplus
}
#endif

#endif
