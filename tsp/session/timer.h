/* Timers in virtual time, in order of deadline, then of start. SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_TIMER_H
#define TSP_SESSION_TIMER_H

#include "tsp/session/session.h"

/* Embedded in the object that waits. Zeroed: not running. */
struct session_timer {
    uint64_t at_ms;
    uint64_t seq;
    uint32_t slot; /* 1 + place in the heap; 0: not running */
    uint32_t kind; /* of the owner: which of its timers it is */
};

struct session_timers {
    struct session_timer **heap;
    uint32_t count, cap;
    uint64_t seq;
    const struct session_mem *mem;
};

void session_timers_init(struct session_timers *t, const struct session_mem *mem);
void session_timers_free(struct session_timers *t);
/* Makes room for `count` running timers, so that starting cannot fail. OK, NOMEM. */
enum session_err session_timers_reserve(struct session_timers *t, uint32_t count);
/* Starts, or restarts, a timer; there must be room. */
void session_timer_start(struct session_timers *t, struct session_timer *timer, uint64_t at_ms);
void session_timer_stop(struct session_timers *t, struct session_timer *timer); /* a stopped one: nothing */
/* The first timer due by now, stopped; NULL: none. Of equal deadlines, the one started first. */
struct session_timer *session_timers_due(struct session_timers *t, uint64_t now_ms);
uint64_t session_timers_deadline(const struct session_timers *t); /* UINT64_MAX: none */

#endif
