/* Two bindings as one. SPDX-License-Identifier: MIT */
#include "tsp/binding/join.h"

#include <stdlib.h>

/* A leg of ours is one of theirs with a bit behind it that says whose. */

struct join {
    struct binding base;
    struct binding_ops ops; /* base's: what the two can do differs */
    struct session_mem mem;
    struct binding *v[2]; /* lower, upper */
    uint32_t first, count; /* lines of the upper one */
    uint32_t turn; /* who is asked first: neither can keep the other waiting */
};

static uint32_t to_outer(uint32_t leg, uint32_t which)
{
    return leg ? leg << 1 | which : 0;
}

static bool upper_line(const struct join *j, uint32_t line)
{
    return line >= j->first && line - j->first < j->count;
}

static enum session_err join_line_add(struct binding *b, uint32_t line, const struct session_line_conf *conf)
{
    struct join *j = (struct join *)b;

    return upper_line(j, line) ? SESSION_E_BADPARAM : j->v[0]->ops->line_add(j->v[0], line, conf);
}

static void join_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct join *j = (struct join *)b;
    uint32_t which = cmd->leg ? cmd->leg & 1 : cmd->leg2 ? cmd->leg2 & 1 : upper_line(j, cmd->line);
    struct session_cmd inner = *cmd;

    inner.leg >>= 1;
    inner.leg2 >>= 1;
    j->v[which]->ops->command(j->v[which], now_ms, &inner);
}

static void join_taken(struct binding *b, uint32_t leg, uint32_t session)
{
    struct join *j = (struct join *)b;

    j->v[leg & 1]->ops->taken(j->v[leg & 1], leg >> 1, session);
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
    if (mem.free) {
        mem.free(j, mem.arg);
    } else {
        free(j);
    }
}

enum session_err join_alloc(struct binding **bp, struct binding *lower, struct binding *upper, uint32_t first,
                            uint32_t count, const struct session_mem *mem)
{
    struct join *j = mem->alloc ? mem->alloc(sizeof(*j), mem->arg) : calloc(1, sizeof(*j));

    if (!j) {
        return SESSION_E_NOMEM;
    }
    j->mem = *mem;
    j->v[0] = lower;
    j->v[1] = upper;
    j->first = first;
    j->count = count;
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
    *bp = &j->base;
    return SESSION_E_OK;
}
