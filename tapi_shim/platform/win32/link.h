/* What links and their listeners share on Windows. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_WIN32_LINK_H
#define TAPI_SHIM_PLATFORM_WIN32_LINK_H

#include "tapi_shim/platform/link.h"
#include "tapi_shim/platform/win32/win.h"

enum { LINK_PIPE_BYTES = 65536 }; /* of each direction, and at most of one write */

/* One operation of the system, which answers on the hub's port. */
struct link_op {
    OVERLAPPED ov; /* first: an answer is told by it */
    void (*doneh)(struct link_op *op, DWORD bytes, DWORD error);
    void *owner;
};

struct platform_hub {
    HANDLE port;
    struct platform_thread *thread;
    uint64_t thread_id;
    struct platform_mutex lock;
    struct platform_cond accepted;       /* an accept returned */
    struct platform_link *links;         /* all that `closed` was not called for */
    struct platform_link *todo;          /* the hub's thread is to look at them */
    struct platform_listener *listeners; /* all that are open */
    struct platform_listener *accepting;
    unsigned instances; /* pipes of listeners whose last answer is not there yet */
    bool ending;
    struct platform_link *closing; /* the hub's thread only: those that wait for the other side */
};

/* Makes a link of a connected pipe, which is the link's, also on failure. */
int link_make(struct platform_hub *h, HANDLE pipe, const struct platform_peer *peer, struct platform_link **lp);
void link_wake(struct platform_hub *h);

#endif
