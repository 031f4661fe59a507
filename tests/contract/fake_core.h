/* A core driven by hand: its actions are kept to be looked at, its binding is the test. SPDX-License-Identifier: MIT */
#ifndef TESTS_CONTRACT_FAKE_CORE_H
#define TESTS_CONTRACT_FAKE_CORE_H

#include "tsp/session/session.h"

enum { FAKE_ACTS = 256 };

struct fake_core {
    struct session_core *core;
    uint64_t now_ms;
    struct session_act actv[FAKE_ACTS]; /* of the last input */
    unsigned actc;
    uint32_t next_leg, next_request, seq;
    uint32_t madev[2]; /* sessions that the last fake_op made */
    bool answer;       /* commands with a token are answered with DONE at once */
    enum session_err answer_err;
    unsigned replies;       /* seen in all */
    struct session_mem mem; /* counts blocks */
    long blocks;            /* allocations not freed */
    long left;              /* allocations that may still succeed; negative: any number */
};

/* Two lines: line 0 with one address "100", line 1 with two, "101" and "102"; `conf` may be NULL. Both lines opened,
 * masks all on. Fails the test when something is wrong, as do all of these; each checks session_check(). */
void fake_start(struct fake_core *f, const struct session_conf *conf);
/* Frees the core; every block must be back. */
void fake_end(struct fake_core *f);

enum session_err fake_step(struct fake_core *f, const struct session_in *in, uint32_t *idv);
enum session_err fake_op(struct fake_core *f, enum session_op op, uint32_t session);
enum session_err fake_op2(struct fake_core *f, enum session_op op, uint32_t session, uint32_t session2, uint32_t value);
/* A call of line 0 that is up; its leg is `next_leg`. */
uint32_t fake_connected(struct fake_core *f, const char *dest);
void fake_release_all(struct fake_core *f);
enum session_err fake_make(struct fake_core *f, uint32_t line, const char *dest, uint32_t *id);
enum session_err fake_dial(struct fake_core *f, uint32_t session, const char *dest);
enum session_err fake_done(struct fake_core *f, uint32_t session, uint32_t token, uint32_t leg, enum session_err err);
enum session_err fake_progress(struct fake_core *f, uint32_t session, uint32_t leg, uint32_t state, uint32_t mode);
enum session_err fake_incoming(struct fake_core *f, uint32_t line, uint32_t leg, const char *caller);
void fake_time(struct fake_core *f, uint64_t now_ms);
enum session_err fake_close(struct fake_core *f, uint32_t line);

/* A new outgoing session whose request is done, in `state` (IDLE by dropping it), on line 0. */
uint32_t fake_in_state(struct fake_core *f, uint32_t state);

/* The nth action of a type in the last input, counted from 0; NULL: there are fewer. */
const struct session_act *fake_find(const struct fake_core *f, enum session_act_type type, unsigned nth);
const struct session_cmd *fake_cmd(const struct fake_core *f, enum session_cmd_type type);
unsigned fake_count(const struct fake_core *f, enum session_act_type type);
uint32_t fake_state(const struct fake_core *f, uint32_t session); /* 0: gone */

#endif
