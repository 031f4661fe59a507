/* What carries a session: the interface of a binding, seen from the pump. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_BINDING_H
#define TSP_BINDING_BINDING_H

#include "tsp/session/session.h"

struct binding;

/*
 * A binding is a state machine like the core: it is given commands and the time, and asked for indications. It must
 * not call the core. A binding with I/O of its own (sockets) calls `wake` (any thread, no lock of the caller held) when
 * it has something to say, so that its driver calls pump_poll.
 *
 * - The driver hands over all commands of one step of the core, then takes indications, one per step of the core, until
 *   there are none. What a binding has to say about a leg after one step must fit into memory it already has: a command
 *   with a token is always answered, without memory by NOMEM.
 * - The core is freed before its binding. It refers to parties of the binding; a binding keeps none of the core's.
 * Thread: all members but the use of `wake`: one thread at a time, as for the core.
 */
struct binding_ops {
    const char *name;
    uint64_t session_ops; /* SESSION_OP_BITs it can carry out */
    /* A line with this index comes while calls go on: its addresses can be called. Nothing of `conf` is kept. OK, NOMEM,
     * BADPARAM (a number that somebody has): nothing has changed. It goes with the command LINE_REMOVE. NULL: lines do
     * not come while calls go on. */
    enum session_err (*line_add)(struct binding *b, uint32_t line, const struct session_line_conf *conf);
    /* Carries out one command; answers come from `next`. The command and what it points to are valid for the call. */
    void (*command)(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd);
    /* The core has taken `session` for the INCOMING leg: PROGRESS and RING of the leg carry it from now on. Called
     * before the next indication is taken; a leg that the core has no session for gets a REJECT instead. */
    void (*taken)(struct binding *b, uint32_t leg, uint32_t session);
    /* Takes the next indication; parties in it are borrowed until the next call of any member. False: none. */
    bool (*next)(struct binding *b, uint64_t now_ms, struct session_ind *ind);
    /* Timers due by now are run. */
    void (*time)(struct binding *b, uint64_t now_ms);
    uint64_t (*deadline)(const struct binding *b); /* UINT64_MAX: never */
    /* NULL, or a text saying which rule its objects break. For tests. */
    const char *(*check)(const struct binding *b);
    /* Ends of calls (legs) it holds. For tests: 0 when nothing is going on. */
    uint32_t (*legs)(const struct binding *b);
    void (*free)(struct binding *b); /* whatever is going on */
};

/* First member of every binding's own struct. */
struct binding {
    const struct binding_ops *ops;
};

#endif
