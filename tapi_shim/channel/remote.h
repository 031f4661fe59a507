/* The channel to an engine in another process: the service. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CHANNEL_REMOTE_H
#define TAPI_SHIM_CHANNEL_REMOTE_H

#include "tapi_shim/channel/channel.h"

/*
 * The client's end of what wire.h describes. Calls of several threads are under way at once; events come on a thread
 * of the connection's own, in order. A connection that is lost stays lost: its calls answer what the documents give for
 * a telephony service that is gone, until it is closed.
 */
struct remote;

/* The connection was lost. Called once, on the connection's thread, after the last event; never after remote_close. */
typedef void(remote_lost_h)(void *arg);

/*
 * Connects to the service at `place`. 0; ENOENT or ECONNREFUSED: nobody is there; EACCES: it is somebody else's;
 * EPROTONOSUPPORT: it speaks another version (`*versionp`, may be NULL); EBUSY: it takes no more clients; ECONNRESET:
 * it ended meanwhile; ETIMEDOUT: it says nothing; EPROTO, ENOMEM, ...
 */
int remote_open(struct remote **rp, const char *place, channel_event_h *h, remote_lost_h *lost, void *arg,
                uint32_t *versionp);
/* After return neither `h` nor `lost` is called. Calls under way end. Not from within `h` or `lost`. Takes NULL. */
void remote_close(struct remote *r);
/* As channel_call. `call->out` is freed with free(), as channel_free() does. Thread: any, but not from within `h` or `lost`. */
int32_t remote_call(struct remote *r, struct channel_call *call);
bool remote_is_lost(struct remote *r);
uint32_t remote_pid(const struct remote *r); /* of the service */

#endif
