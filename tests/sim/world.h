/* One simulated world, shared by those who run it (world.c) and those who use it (apps.c). SPDX-License-Identifier: MIT
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "tests/sim/sim.h"

#include <stdio.h>

enum app_op {
    APP_OPEN,
    APP_CLOSE,
    APP_MASK,
    APP_MAKE,
    APP_DIAL,
    APP_ACCEPT,
    APP_ANSWER,
    APP_DROP,
    APP_RELEASE,
    APP_SPECIFIC,
    APP_INSIDE,  /* something inside a session */
    APP_CONTROL, /* hold, transfer, conference, completion */
    APP_LINE,    /* forwarding, status */
    APP_LINES,   /* a line goes, or comes again */
    APP_OTHER,   /* any operation of the contract at all */
    APP_TIME,    /* a little later */
    APP_DUE,     /* at the next deadline */
    APP_JUMP,    /* hours later */
    APP_OPS
};

enum { APPS = 3, NUMBERS = 40, REACH_MS = 60000 };

#define SHARED "299" /* the number that several lines have, if any have one */

struct world {
    const struct sim_conf *conf;
    struct sim_result *result;
    struct rnd rnd;
    uint64_t hash;
    struct heap heap;
    struct model model;
    struct plant plant;
    struct binding *binding; /* the late one */
    struct pump *pump;
    uint64_t now_ms;
    uint32_t request;
    uint32_t fail_permille;        /* allocations, while it is on */
    uint32_t lag_permille, lagged; /* inputs after which nothing is taken; how many there are now */
    uint32_t weightv[APPS][APP_OPS];
    char numberv[NUMBERS][SESSION_NUMBER_MAX + 8];
    uint32_t numberc, extc; /* the first ones are extensions */
};

#define SAY(w, ...)                                                                                                    \
    do {                                                                                                               \
        if ((w)->conf->verbose) {                                                                                      \
            printf(__VA_ARGS__);                                                                                       \
        }                                                                                                              \
    } while (0)

bool world_failed(const struct world *w);
void world_line_input(struct world *w, struct session_in *in);
void world_change_lines(struct world *w);
enum session_err world_op(struct world *w, struct session_req *req, uint32_t *idp);
void world_time_to(struct world *w, uint64_t now_ms);
uint32_t world_pick(struct rnd *r, const uint32_t *v, uint32_t n);
void apps_open_line(struct world *w, uint32_t app);
void apps_step(struct world *w);

#endif
