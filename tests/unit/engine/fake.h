/* A whole provider inside the test: does what the test tells it, counts what the engine does.
 * SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_ENGINE_FAKE_H
#define TESTS_UNIT_ENGINE_FAKE_H

#include "include/tapi_port.h"
#include "tapi_shim/engine/engine.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { FAKE_LINES = 8, FAKE_CALLS = 256 };

/* When an asynchronous function completes. */
enum fake_how {
    FAKE_LATER,     /* when the test says so: fake_complete */
    FAKE_EARLY,     /* before it returns, its handle set already */
    FAKE_EARLIER,   /* before it returns and before it sets its handle */
    FAKE_ZERO,      /* never; returns 0 */
    FAKE_ZERO_NONE, /* never; returns 0 and makes no handle */
    FAKE_REFUSE     /* returns fake.refusal */
};

struct fake_call {
    HTAPICALL ht;
    unsigned line;
    uint32_t request; /* that makes it, while pending */
    uint32_t address, app_specific;
    bool made, closed;
};

struct fake {
    /* to be set before the engine starts */
    uint32_t lines, version, options;
    uint32_t addresses[FAKE_LINES];
    int32_t enum_result, init_result;
    bool no_enum;
    const char *missing; /* name of a function it does not export */
    /* any time */
    enum fake_how make, other;
    int32_t refusal, open_result, media_result, mask_result;
    uint32_t media_modes; /* lineConditionalMediaDetection accepts these */
    uint32_t needed;      /* structures of capabilities want this many bytes, 0: what they need */
    bool overlap;         /* capabilities have two parts in the same place */
    uint32_t features;    /* of calls */
    bool ring_in_media;   /* the same while TSPI_lineSetDefaultMediaDetection runs */
    bool ring_in_open;    /* LINE_NEWCALL and a state while TSPI_lineOpen runs */
    bool events_early;    /* DIALTONE comes before the request is complete */
    bool idle_early;      /* a call that is completed otherwise is IDLE before the function returns */
    bool no_call;         /* functions that may make no call make none; the second of two is not made */
    int32_t sync_result;  /* of synchronous functions on calls */
    void *result;         /* where the last asynchronous function writes */
    uint32_t task;        /* dwEndToEndID of the last function that has one */
    uint16_t *digits;     /* where it gathers them */
    uint32_t tone_list;   /* the last one */
    void (*inside)(void); /* runs within each call of the functions that make or use calls */
    /* what happened */
    atomic_uint inits, shutdowns, opens, closes, newcalls, double_closes; /* an engine has several threads in here */
    unsigned line_open[FAKE_LINES];
    HTAPILINE htline[FAKE_LINES];
    uint32_t media[FAKE_LINES], line_mask[FAKE_LINES], address_mask[FAKE_LINES], ext[FAKE_LINES];
    uint32_t base;
    HPROVIDER provider;
    _Atomic uint32_t last_request; /* of the last asynchronous function */
    _Atomic uint32_t last_create;  /* device id */
    struct fake_call callv[FAKE_CALLS];
    atomic_uint callc;
    LINEEVENT event, create;
    ASYNC_COMPLETION completion;
};

extern struct fake fake;

void fake_reset(void);
engine_function_h *fake_lookup(const char *name);

/* What the engine called since the last fake_log, in order: "open 0 make 0 ..." */
const char *fake_log(void);
/* Waits until the log (not taken) contains `text`. */
void fake_wait(const char *text);

void fake_complete(uint32_t request, int32_t result);
/* Reports a new call; its number, or -1 if it was not taken. */
int fake_newcall(unsigned line);
void fake_state(int call, uint32_t state, uint64_t mode, uint32_t media);
void fake_info(int call, uint32_t what);
/* A new call that rings. */
int fake_ring(unsigned line, uint32_t media);
void fake_line_event(unsigned line, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3);
/* Calls that were made or taken by the engine and not given back. */
unsigned fake_live(void);

#endif
