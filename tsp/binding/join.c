/* Two bindings as one. SPDX-License-Identifier: MIT */
#include "tsp/binding/join.h"

#include <stdlib.h>
#include <string.h>

/* A leg of the upper one has the bit that no binding uses: so the lower one can have been alone before. */
#define UPPER_LEG 0x80000000u

struct join {
    struct binding base;
    struct binding_ops ops; /* base's: what the two can do differs */
    struct session_mem mem;
    struct binding *v[2]; /* lower, upper */
    uint8_t *upperv;       /* by line: it is the upper one's */
    uint32_t upper_cap;
    uint32_t turn; /* who is asked first: neither can keep the other waiting */
};

static uint32_t to_outer(uint32_t leg, uint32_t which)
{
    return leg && which ? leg | UPPER_LEG : leg;
}

static bool upper_line(const struct join *j, uint32_t line)
{
    return line < j->upper_cap && j->upperv[line];
}

static void *join_zalloc(const struct session_mem *mem, size_t size)
{
    return mem->alloc ? mem->alloc(size, mem->arg) : calloc(1, size);
}

static void join_release(const struct session_mem *mem, void *p)
{
    if (mem->free) {
        mem->free(p, mem->arg);
    } else {
        free(p);
    }
}

enum session_err join_line(struct binding *b, uint32_t line, bool upper)
{
    struct join *j = (struct join *)b;

    if (line >= j->upper_cap && upper) {
        uint32_t cap = j->upper_cap ? j->upper_cap : 8;
        uint8_t *v;

        while (cap <= line) {
            cap *= 2;
        }
        v = join_zalloc(&j->mem, cap);
        if (!v) {
            return SESSION_E_NOMEM;
        }
        if (j->upper_cap) {
            memcpy(v, j->upperv, j->upper_cap);
        }
        join_release(&j->mem, j->upperv);
        j->upperv = v;
        j->upper_cap = cap;
    }
    if (line < j->upper_cap) {
        j->upperv[line] = upper;
    }
    return SESSION_E_OK;
}

static enum session_err join_line_add(struct binding *b, uint32_t line, const struct session_line_conf *conf)
{
    struct join *j = (struct join *)b;
    struct binding *of = j->v[upper_line(j, line)];

    return of->ops->line_add ? of->ops->line_add(of, line, conf) : SESSION_E_BADPARAM;
}

static void join_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct join *j = (struct join *)b;
    uint32_t leg = cmd->leg ? cmd->leg : cmd->leg2;
    uint32_t which = leg ? leg >> 31 : upper_line(j, cmd->line);
    struct session_cmd inner = *cmd;

    inner.leg &= ~UPPER_LEG;
    inner.leg2 &= ~UPPER_LEG;
    j->v[which]->ops->command(j->v[which], now_ms, &inner);
}

static void join_taken(struct binding *b, uint32_t leg, uint32_t session)
{
    struct join *j = (struct join *)b;

    j->v[leg >> 31]->ops->taken(j->v[leg >> 31], leg & ~UPPER_LEG, session);
}

static bool join_next(struct binding *b, uint64_t now_ms, struct session_ind *ind)
{
    struct join *j = (struct join *)b;

    for (int i = 0; i < 2; i++) {
        uint32_t which = j->turn;

        j->turn ^= 1;
        if (j->v[which]->ops->next(j->v[which], now_ms, ind)) {
            ind->leg = to_outer(ind->leg, which);
            ind->leg2 = to_outer(ind->leg2, which);
            ind->bridge = to_outer(ind->bridge, which);
            return true;
        }
    }
    return false;
}

static void join_time(struct binding *b, uint64_t now_ms)
{
    struct join *j = (struct join *)b;

    for (int i = 0; i < 2; i++) {
        j->v[i]->ops->time(j->v[i], now_ms);
    }
}

static uint64_t join_deadline(const struct binding *b)
{
    const struct join *j = (const struct join *)b;
    uint64_t lower = j->v[0]->ops->deadline(j->v[0]), upper = j->v[1]->ops->deadline(j->v[1]);

    return lower < upper ? lower : upper;
}

static const char *join_check(const struct binding *b)
{
    const struct join *j = (const struct join *)b;
    const char *text = j->v[0]->ops->check(j->v[0]);

    return text ? text : j->v[1]->ops->check(j->v[1]);
}

static uint32_t join_legs(const struct binding *b)
{
    const struct join *j = (const struct join *)b;

    return j->v[0]->ops->legs(j->v[0]) + j->v[1]->ops->legs(j->v[1]);
}

static void join_free(struct binding *b)
{
    struct join *j = (struct join *)b;
    struct session_mem mem = j->mem;

    for (int i = 0; i < 2; i++) {
        j->v[i]->ops->free(j->v[i]);
    }
    join_release(&mem, j->upperv);
    join_release(&mem, j);
}

enum session_err join_alloc(struct binding **bp, struct binding *lower, struct binding *upper, uint32_t first,
                            uint32_t count, const struct session_mem *mem)
{
    struct join *j = join_zalloc(mem, sizeof(*j));

    if (!j) {
        return SESSION_E_NOMEM;
    }
    j->mem = *mem;
    j->v[0] = lower;
    j->v[1] = upper;
    j->ops = (struct binding_ops){
        .name = "join",
        .session_ops = lower->ops->session_ops | upper->ops->session_ops,
        .line_add = lower->ops->line_add ? join_line_add : NULL,
        .command = join_command,
        .taken = join_taken,
        .next = join_next,
        .time = join_time,
        .deadline = join_deadline,
        .check = join_check,
        .legs = join_legs,
        .free = join_free,
    };
    j->base.ops = &j->ops;
    for (uint32_t i = 0; i < count; i++) {
        if (join_line(&j->base, first + count - 1 - i, true)) { /* the last one makes room for all */
            join_release(mem, j);
            return SESSION_E_NOMEM;
        }
    }
    *bp = &j->base;
    return SESSION_E_OK;
}
