/* An engine that does what the test says: the client half by itself. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CLIENT_FAKE_H
#define TESTS_UNIT_CLIENT_FAKE_H

#include "include/tapi_port.h"
#include "tapi_shim/channel/channel.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Runs inside channel_call, on the caller's thread, before the result is given. */
typedef int32_t(fake_op_h)(struct channel_call *call, int32_t rc);

struct fake {
    atomic_int opened, closed; /* connections */
    int open_err;              /* of the next channel_open */
    unsigned calls[CHANNEL_OP_COUNT];
    int32_t rc[CHANNEL_OP_COUNT]; /* what an operation answers if not 0 */
    fake_op_h *h[CHANNEL_OP_COUNT];
    struct channel_call last[CHANNEL_OP_COUNT]; /* its in0 and in1 are void by then */
    uint16_t text0[CHANNEL_OP_COUNT][64];       /* what in0 was, cut */
    uint32_t next_handle;
    uint64_t instance; /* of the last line */
    unsigned outputs;  /* made and not freed yet */
};

extern struct fake fake;

/* All as at the start. Nothing may be open. */
void fake_reset(void);
/* An event for an application; the connection must be open. */
void fake_event(uint32_t app, uint32_t message, uint32_t device, uint64_t instance, uint64_t p1, uint64_t p2,
                uint64_t p3, uint32_t reply_call);
/* The same with data. */
void fake_event_data(uint32_t app, uint32_t message, uint32_t device, uint64_t instance, uint64_t p1, uint64_t p2,
                     uint64_t p3, uint32_t reply_call, const void *data, uint32_t data_len);
/* Output of the call under way: a copy. */
void fake_out(struct channel_call *call, const void *data, uint32_t size);

#endif
