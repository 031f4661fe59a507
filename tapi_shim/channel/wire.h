/* The channel between processes, as bytes: what a client and the service say to each other.
 * SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CHANNEL_WIRE_H
#define TAPI_SHIM_CHANNEL_WIRE_H

#include "tapi_shim/channel/channel.h"

/*
 * A stream of frames in each direction. All numbers are little-endian, of the size given, without padding but where it
 * says so; nothing depends on the machine, its word size or its compiler. A block is its bytes, with zeroes up to a
 * multiple of 4; "none" differs from "empty".
 *
 *   frame     u32 size of all of it (12 to WIRE_FRAME_MAX), u32 kind, u32 tag, body
 *
 *   kind      from     tag   body
 *   HELLO     client   0     u32 WIRE_MAGIC, u32 version, u32 process id; first, once; more may follow in later
 * versions WELCOME   service  0     u32 WIRE_MAGIC, u32 version, u32 status (enum wire_status), u32 process id; first,
 * once CALL      client   any   u32 op, u32 arg[8], u32 size of in0, u32 size of in1, in0, in1  (size 0xFFFFFFFF: none)
 *   RESULT    service  its   i32 result, u32 ret[4], u32 size of out, out
 *   EVENT     service  0     u32 app, u32 message, u32 device, u32 reply_call, u64 instance, u64 p1, u64 p2, u64 p3;
 *                            with data: u32 its size, data
 *
 * A client may have up to WIRE_CALLS_MAX calls under way, each with a tag of its own; their results come in any order.
 * Events come in the order in which they happened, each once. What is not as described here ends the connection: by
 * the service without an answer, by the client as if the service had died. A version that the service does not speak
 * is answered by WELCOME with WIRE_STATUS_VERSION and the version that it does speak, then the connection ends.
 */

enum {
    WIRE_MAGIC = 0x49504154, /* "TAPI" */
    WIRE_VERSION = 2,        /* of this description, with the operations of channel.h */
    WIRE_HEADER = 12,
    WIRE_FRAME_MAX = 4 << 20,
    WIRE_EVENT_SIZE = WIRE_HEADER + 48,
    WIRE_CALLS_MAX = 64
};
#define WIRE_NONE 0xFFFFFFFFu

enum wire_kind { WIRE_HELLO = 1, WIRE_WELCOME, WIRE_CALL, WIRE_RESULT, WIRE_EVENT };

enum wire_status {
    WIRE_STATUS_OK,
    WIRE_STATUS_VERSION, /* the service speaks another version */
    WIRE_STATUS_FULL     /* as many clients as the service takes are there */
};

struct wire_hello {
    uint32_t version, pid;
};
struct wire_welcome {
    uint32_t version, status, pid;
};
struct wire_result {
    int32_t rc;
    uint32_t ret[CHANNEL_RETS];
    const void *out; /* within the frame; NULL: none */
    uint32_t out_len;
};

/* One frame as it came. */
struct wire_frame {
    uint32_t kind, tag;
    const unsigned char *body; /* aligned to 4 bytes */
    uint32_t body_len;
};

/* ---- writing: each returns the bytes of the frame, and writes it if it fits in `cap`; 0: it would be too long -------
 */

uint32_t wire_put_hello(void *to, uint32_t cap, const struct wire_hello *hello);
uint32_t wire_put_welcome(void *to, uint32_t cap, const struct wire_welcome *welcome);
uint32_t wire_put_call(void *to, uint32_t cap, uint32_t tag, const struct channel_call *call);
uint32_t wire_put_result(void *to, uint32_t cap, uint32_t tag, int32_t rc, const struct channel_call *call);
uint32_t wire_put_event(void *to, uint32_t cap, const struct channel_event *event);

/* ---- reading: false unless the frame is of that kind and exactly as described --------------------------------------
 */

bool wire_get_hello(const struct wire_frame *frame, struct wire_hello *hello);
bool wire_get_welcome(const struct wire_frame *frame, struct wire_welcome *welcome);
/* The blocks stay in the frame, and so does the data of an event. */
bool wire_get_call(const struct wire_frame *frame, struct channel_call *call);
bool wire_get_result(const struct wire_frame *frame, struct wire_result *result);
/* Whether a RESULT of the operation may have an output block, by what channel.h says of it. */
bool wire_has_out(uint32_t op);
bool wire_get_event(const struct wire_frame *frame, struct channel_event *event);

/* ---- a stream of bytes, split anywhere, into frames
 * ------------------------------------------------------------------ */

struct wire_reader {
    unsigned char *buf;
    uint32_t len, cap;
};
/* Takes a frame. False ends the reading. */
typedef bool(wire_frame_h)(const struct wire_frame *frame, void *arg);
/*
 * Feeds bytes as they came; `h` is called for each frame that is complete. 0; EPROTO: a size that cannot be (nothing
 * after it is read), ECANCELED: `h` said false, ENOMEM. A frame's memory grows with what really came, not with the size
 * that it claims to have.
 */
int wire_feed(struct wire_reader *r, const void *data, size_t size, wire_frame_h *h, void *arg);
void wire_reader_clear(struct wire_reader *r);

#endif
