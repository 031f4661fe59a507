/* The embedded exchange as a binding. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <stdlib.h>

static void *libc_alloc(size_t size, void *arg)
{
    (void)arg;
    return calloc(1, size);
}

static void libc_free(void *p, void *arg)
{
    (void)arg;
    free(p);
}

void *exchange_zalloc(struct exchange *x, size_t size)
{
    return x->mem.alloc(size, x->mem.arg);
}

void exchange_release(struct exchange *x, void *p)
{
    x->mem.free(p, x->mem.arg);
}

enum { LATE_MS_MAX = 10000 };

static void loopback_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    exchange_command((struct exchange *)b, now_ms, cmd);
}

static enum session_err loopback_line_add(struct binding *b, uint32_t line, const struct session_line_conf *conf)
{
    return exchange_line_add((struct exchange *)b, line, conf);
}

static void loopback_taken(struct binding *b, uint32_t id, uint32_t session)
{
    struct exchange_leg *leg = exchange_leg_find((struct exchange *)b, id, 0);

    if (leg) {
        leg->session = session;
    }
}

static bool loopback_next(struct binding *b, uint64_t now_ms, struct session_ind *ind)
{
    struct exchange *x = (struct exchange *)b;
    struct exchange_event ev;
    struct session_timer *timer;

    for (;;) {
        while (exchange_pop(x, &ev)) {
            if (exchange_indicate(x, now_ms, &ev, ind)) {
                return true;
            }
        }
        /* One timer at a time, only when nothing else waits: any number of them needs no room for all at once. */
        if (x->timers.count == 0) {
            return false;
        }
        timer = session_timers_due(&x->timers, x->time_ms);
        if (!timer) {
            return false;
        }
        if (timer->kind == EXCHANGE_TIMER_PLAY) {
            /* a little late it keeps its beat; after a long sleep nothing is made up for */
            exchange_play_timer(x, x->time_ms - timer->at_ms > LATE_MS_MAX ? x->time_ms : timer->at_ms, timer);
        } else {
            exchange_timer(x, x->time_ms, (struct exchange_leg *)timer);
        }
    }
}

static void loopback_time(struct binding *b, uint64_t now_ms)
{
    struct exchange *x = (struct exchange *)b;

    if (now_ms > x->time_ms) {
        x->time_ms = now_ms;
    }
}

static uint64_t loopback_deadline(const struct binding *b)
{
    return session_timers_deadline(&((const struct exchange *)b)->timers);
}

static const char *loopback_check(const struct binding *b)
{
    const struct exchange *x = (const struct exchange *)b;
    const char *text = exchange_numbers_check(x);

    return text ? text : exchange_legs_check(x);
}

static uint32_t loopback_legs(const struct binding *b)
{
    return ((const struct exchange *)b)->legs;
}

static void loopback_free(struct binding *b)
{
    struct exchange *x = (struct exchange *)b;
    struct session_mem mem = x->mem;

    exchange_legs_free(x);
    exchange_completions_free(x);
    exchange_numbers_free(x);
    mem.free(x, mem.arg);
}

static const struct binding_ops loopback_ops = {
    .name = "loopback",
    .session_ops = SESSION_OP_BIT(SESSION_OP_MAKE) | SESSION_OP_BIT(SESSION_OP_DIAL) |
                   SESSION_OP_BIT(SESSION_OP_ACCEPT) | SESSION_OP_BIT(SESSION_OP_ANSWER) |
                   SESSION_OP_BIT(SESSION_OP_DROP) | SESSION_OP_BIT(SESSION_OP_RELEASE) |
                   SESSION_OP_BIT(SESSION_OP_SETAPPSPECIFIC) | SESSION_OP_BIT(SESSION_OP_SENDUSERUSER) |
                   SESSION_OP_BIT(SESSION_OP_RELEASEUSERUSER) | SESSION_OP_BIT(SESSION_OP_SECURECALL) |
                   SESSION_OP_BIT(SESSION_OP_SETCALLDATA) | SESSION_OP_BIT(SESSION_OP_SETCALLPARAMS) |
                   SESSION_OP_BIT(SESSION_OP_SETQOS) | SESSION_OP_BIT(SESSION_OP_SETTREATMENT) |
                   SESSION_OP_BIT(SESSION_OP_SETMEDIAMODE) | SESSION_OP_BIT(SESSION_OP_GATHERDIGITS) |
                   SESSION_OP_BIT(SESSION_OP_GENERATEDIGITS) | SESSION_OP_BIT(SESSION_OP_GENERATETONE) |
                   SESSION_OP_BIT(SESSION_OP_MONITORDIGITS) | SESSION_OP_BIT(SESSION_OP_MONITORMEDIA) |
                   SESSION_OP_BIT(SESSION_OP_MONITORTONES) |
                   SESSION_OP_BIT(SESSION_OP_SETMEDIACONTROL) | SESSION_OP_BIT(SESSION_OP_SETTERMINAL) |
                   SESSION_OP_BIT(SESSION_OP_DEVSPECIFIC) | SESSION_OP_BIT(SESSION_OP_DEVSPECIFICFEAT) |
                   SESSION_OP_BIT(SESSION_OP_HOLD) |
                   SESSION_OP_BIT(SESSION_OP_UNHOLD) | SESSION_OP_BIT(SESSION_OP_SWAPHOLD) |
                   SESSION_OP_BIT(SESSION_OP_SETUPTRANSFER) | SESSION_OP_BIT(SESSION_OP_COMPLETETRANSFER) |
                   SESSION_OP_BIT(SESSION_OP_BLINDTRANSFER) | SESSION_OP_BIT(SESSION_OP_REDIRECT) |
                   SESSION_OP_BIT(SESSION_OP_SETUPCONF) | SESSION_OP_BIT(SESSION_OP_PREPAREADDCONF) |
                   SESSION_OP_BIT(SESSION_OP_PARK) | SESSION_OP_BIT(SESSION_OP_UNPARK) |
                   SESSION_OP_BIT(SESSION_OP_PICKUP) |
                   SESSION_OP_BIT(SESSION_OP_ADDTOCONF) | SESSION_OP_BIT(SESSION_OP_REMOVEFROMCONF) |
                   SESSION_OP_BIT(SESSION_OP_FORWARD) | SESSION_OP_BIT(SESSION_OP_SETLINESTATUS) |
                   SESSION_OP_BIT(SESSION_OP_COMPLETECALL) | SESSION_OP_BIT(SESSION_OP_UNCOMPLETECALL),
    .line_add = loopback_line_add,
    .command = loopback_command,
    .taken = loopback_taken,
    .next = loopback_next,
    .time = loopback_time,
    .deadline = loopback_deadline,
    .check = loopback_check,
    .legs = loopback_legs,
    .free = loopback_free,
};

enum session_err loopback_alloc(struct binding **bp, const struct loopback_conf *conf)
{
    struct session_mem mem = conf->mem;
    struct exchange *x;
    enum session_err err;

    if (!mem.alloc != !mem.free) {
        return SESSION_E_BADPARAM;
    }
    if (!mem.alloc) {
        mem.alloc = libc_alloc;
        mem.free = libc_free;
    }
    x = mem.alloc(sizeof(*x), mem.arg);
    if (!x) {
        return SESSION_E_NOMEM;
    }
    x->base.ops = &loopback_ops;
    x->mem = mem;
    x->reminder_ms = conf->reminder_ms;
    x->timeout_ms = conf->timeout_ms;
    x->ring_ms = conf->ring_ms ? conf->ring_ms : LOOPBACK_RING_MS;
    session_timers_init(&x->timers, &x->mem);
    err = exchange_ring_reserve(x, EXCHANGE_RING_SPARE) ? exchange_numbers_init(x, conf) : SESSION_E_NOMEM;
    if (err) {
        loopback_free(&x->base);
        return err;
    }
    *bp = &x->base;
    return SESSION_E_OK;
}
