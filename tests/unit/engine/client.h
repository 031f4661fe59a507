/* An application of the engine inside the test: calls in short, events kept in order. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_ENGINE_CLIENT_H
#define TESTS_UNIT_ENGINE_CLIENT_H

#include "include/tapi_port.h"
#include "tapi_shim/channel/channel.h"
#include "tapi_shim/platform/platform.h"

#include <stdbool.h>
#include <stdint.h>

enum { CLIENT_EVENTS = 8192, VOICE = LINEMEDIAMODE_INTERACTIVEVOICE };

#define OWNER LINECALLPRIVILEGE_OWNER
#define MONITOR LINECALLPRIVILEGE_MONITOR
#define NONE LINECALLPRIVILEGE_NONE
#define V1_3 0x00010003u
#define V1_4 0x00010004u
#define V2_0 0x00020000u
#define V2_2 0x00020002u

struct client {
    struct channel *c;
    uint32_t app, devices, instance;
    struct channel_event eventv[CLIENT_EVENTS];
    unsigned eventc, taken;
    struct platform_mutex lock;
    struct platform_cond more;
    struct channel_call call; /* the last one */
};

extern struct client a, b, d; /* three applications on connections of their own */

/* The fake provider linked in, nothing running; and afterwards: everything closed, nothing left, each call closed once.
 */
void fixture_setup(void);
void fixture_teardown(void);

/* Keeps an event for the client `arg`. */
void client_event(const struct channel_event *event, void *arg);
/* Results are those of channel_call. */
int32_t client_open(struct client *k, uint32_t version); /* connection and application */
void client_close(struct client *k);                     /* takes one that is not open */
int32_t op(struct client *k, uint32_t code, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3);
int32_t op_data(struct client *k, uint32_t code, uint32_t a0, uint32_t a1, uint32_t a2, const void *in0, uint32_t len0,
                const void *in1, uint32_t len1);
int32_t line_open(struct client *k, uint32_t device, uint32_t version, uint32_t privileges, uint32_t media,
                  uint32_t *line);
/* The same, expected to succeed. */
uint32_t line(struct client *k, uint32_t device, uint32_t privileges);
uint32_t line_of_version(struct client *k, uint32_t device, uint32_t privileges, uint32_t version);

/* The next event not yet looked at; NULL: none. */
const struct channel_event *next_event(struct client *k);
/* Waits for one. */
const struct channel_event *wait_event(struct client *k);
/* The next one must be this. */
#define expect(k, m, dev, x1, x2, x3) expect_at(__LINE__, k, m, dev, x1, x2, x3)
void expect_at(int at, struct client *k, uint32_t message, uint32_t device, uint64_t p1, uint64_t p2, uint64_t p3);
/* No event is left. */
#define expect_none(k) expect_none_at(__LINE__, k)
void expect_none_at(int at, struct client *k);
void forget(struct client *k); /* events so far */

/* Makes a call that succeeds; the reply is taken; its HCALL. */
uint32_t made_call(struct client *k, uint32_t line);
/* The HCALL of the next events, which tell of a new call (2.0) with `privilege` in `state`. */
uint32_t expect_new_call_at(int at, struct client *k, uint32_t line, uint32_t privilege, uint32_t state, uint64_t mode);
#define expect_new_call(k, line, privilege, state, mode) expect_new_call_at(__LINE__, k, line, privilege, state, mode)

/* LINECALLPARAMS that are in order. */
LINECALLPARAMS params(void);
uint32_t params_size(void);

#endif
