/* A core and its binding run together. SPDX-License-Identifier: MIT */
#include "tsp/binding/pump.h"

#include <stdlib.h>
#include <string.h>

/* What is above needs no command: the part of an action before it is all that is kept. */
#define ACT_SIZE offsetof(struct session_act, cmd)

struct pump {
    struct session_core *core;
    struct binding *binding;
    const struct binding_ops *ops;
    struct session_mem mem;
    struct session_act *ring;
    uint32_t cap, first, count; /* cap is a power of two */
    bool stalled;               /* the ring was full and could not grow: actions are left in the core */
    uint64_t now_ms;            /* of the last input */
    struct session_in in;       /* of the binding, being given to the core */
    pump_watch_h *watch;
    void *watch_arg;
};

enum { PUMP_RING = 64 };

static void *zalloc(const struct session_mem *mem, size_t size)
{
    return mem->alloc ? mem->alloc(size, mem->arg) : calloc(1, size);
}

static void release(const struct session_mem *mem, void *p)
{
    if (mem->free) {
        mem->free(p, mem->arg);
    } else {
        free(p);
    }
}

enum session_err pump_alloc(struct pump **pumpp, struct session_core *core, struct binding *binding,
                            const struct session_mem *mem)
{
    struct pump *p = zalloc(mem, sizeof(*p));

    if (!p) {
        return SESSION_E_NOMEM;
    }
    p->mem = *mem;
    p->cap = PUMP_RING;
    p->ring = zalloc(mem, p->cap * sizeof(*p->ring));
    if (!p->ring) {
        release(mem, p);
        return SESSION_E_NOMEM;
    }
    p->core = core;
    p->binding = binding;
    p->ops = binding->ops;
    p->in.type = SESSION_IN_IND;
    *pumpp = p;
    return SESSION_E_OK;
}

void pump_free(struct pump *p)
{
    struct session_mem mem;

    if (!p) {
        return;
    }
    mem = p->mem;
    session_core_free(p->core); /* first: it refers to parties of the binding, never the other way round */
    p->ops->free(p->binding);
    release(&mem, p->ring);
    release(&mem, p);
}

static bool grow(struct pump *p)
{
    struct session_act *ring = zalloc(&p->mem, 2 * (size_t)p->cap * sizeof(*ring));

    if (!ring) {
        return false;
    }
    for (uint32_t i = 0; i < p->count; i++) {
        memcpy(&ring[i], &p->ring[(p->first + i) & (p->cap - 1)], ACT_SIZE);
    }
    release(&p->mem, p->ring);
    p->ring = ring;
    p->cap *= 2;
    p->first = 0;
    return true;
}

/* Until core and binding are quiet. False: stalled. */
static bool run(struct pump *p)
{
    const struct session_act *act;

    for (;;) {
        for (;;) {
            if (p->count == p->cap && !grow(p)) {
                p->stalled = true;
                return false;
            }
            act = session_take(p->core);
            if (!act) {
                break;
            }
            if (act->type == SESSION_ACT_COMMAND) {
                if (p->watch) {
                    p->watch(&act->cmd, NULL, p->watch_arg);
                }
                p->ops->command(p->binding, p->now_ms, &act->cmd);
            } else {
                if (act->type == SESSION_ACT_NEW) {
                    /* only an INCOMING makes one, and it is the input that is being drained */
                    p->ops->taken(p->binding, p->in.u.ind.leg, act->session);
                }
                memcpy(&p->ring[(p->first + p->count) & (p->cap - 1)], act, ACT_SIZE);
                p->count++;
            }
        }
        if (!p->ops->next(p->binding, p->now_ms, &p->in.u.ind)) {
            p->stalled = false;
            return true;
        }
        if (p->watch) {
            p->watch(NULL, &p->in.u.ind, p->watch_arg);
        }
        (void)session_step(p->core, p->now_ms, &p->in, NULL); /* an indication has no result */
    }
}

enum session_err pump_step(struct pump *p, uint64_t now_ms, const struct session_in *in, uint32_t *idv)
{
    enum session_err err;

    if (now_ms > p->now_ms) {
        p->now_ms = now_ms;
    }
    if (p->stalled && !run(p)) {
        return SESSION_E_NOMEM;
    }
    if (in->type == SESSION_IN_TIME) {
        p->ops->time(p->binding, p->now_ms);
    }
    err = session_step(p->core, p->now_ms, in, idv);
    (void)run(p);
    return err;
}

enum session_err pump_line_add(struct pump *p, uint32_t line, const struct session_line_conf *conf)
{
    struct session_cmd undo = {.type = SESSION_CMD_LINE_REMOVE, .line = line};
    enum session_err err;

    if (!p->ops->line_add) {
        return SESSION_E_UNAVAIL;
    }
    if (!session_line_vacant(p->core, line)) {
        return SESSION_E_BADPARAM;
    }
    err = p->ops->line_add(p->binding, line, conf);
    if (err) {
        return err;
    }
    err = session_line_add_at(p->core, line, conf);
    if (err) {
        p->ops->command(p->binding, p->now_ms, &undo);
    }
    return err;
}

struct binding *pump_binding(const struct pump *p)
{
    return p->binding;
}

void pump_binding_set(struct pump *p, struct binding *binding)
{
    p->binding = binding;
    p->ops = binding->ops;
}

const struct session_act *pump_take(struct pump *p)
{
    const struct session_act *act;

    if (p->count == 0) {
        /* all of the ring is free again, so a stalled run gets on even without more memory */
        if (!p->stalled || (run(p), p->count == 0)) {
            return NULL;
        }
    }
    act = &p->ring[p->first];
    /* an empty ring begins anew: what is near stays near */
    p->first = --p->count ? (p->first + 1) & (p->cap - 1) : 0;
    return act;
}

bool pump_next(struct pump *p, struct session_act *act)
{
    const struct session_act *first = pump_take(p);

    if (first) {
        memcpy(act, first, ACT_SIZE);
    }
    return first != NULL;
}

void pump_poll(struct pump *p, uint64_t now_ms)
{
    struct session_in in = {.type = SESSION_IN_TIME};

    (void)pump_step(p, now_ms, &in, NULL);
}

uint64_t pump_deadline(const struct pump *p)
{
    uint64_t core = session_deadline(p->core), binding = p->ops->deadline(p->binding);

    if (p->stalled) {
        return p->now_ms;
    }
    return core < binding ? core : binding;
}

void pump_watch(struct pump *p, pump_watch_h *h, void *arg)
{
    p->watch = h;
    p->watch_arg = arg;
}

struct session_core *pump_core(struct pump *p)
{
    return p->core;
}

const struct session_core *pump_core_const(const struct pump *p)
{
    return p->core;
}
