/* An embedded exchange without a core: commands in, indications out as text. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_LOOPBACK_FIXTURE_H
#define TESTS_UNIT_LOOPBACK_FIXTURE_H

#include "tsp/binding/loopback/loopback.h"

#include <check.h>

enum { FIXTURE_LEGS = 64 };

struct fixture {
    struct session_mem mem;
    long blocks;  /* held now */
    long allowed; /* allocations that still succeed, -1: all */
    struct binding *b;
    uint64_t now_ms;
    uint32_t token, session;
    uint32_t legv[FIXTURE_LEGS], sessionv[FIXTURE_LEGS], seqv[FIXTURE_LEGS]; /* leg 'a' is number 0 */
    bool endedv[FIXTURE_LEGS];
    uint32_t legc;
    uint32_t donec, tokenc; /* answered, asked */
    struct session_attach attach; /* of the next command; empty: none */
    bool outgoing;                /* what appears in a call that is up was made there */
    char text[4096];
};

/* Extensions 100 to 103 on lines 0 to 3, 110 as second address of line 0, 1010 on line 4; the special numbers. All of
 * the lines are attended. */
void fixture_open(struct fixture *f);
void fixture_open_conf(struct fixture *f, struct loopback_conf *conf);
/* Frees the exchange, whatever goes on in it; nothing may be left of it. */
void fixture_close(struct fixture *f);
void fixture_mem(struct fixture *f);
/* The next leg is 'a' again. */
void fixture_forget(struct fixture *f);

/* Commands. A leg is named by its letter, in the order of appearance. Each returns what the exchange says then. */
const char *place(struct fixture *f, uint32_t line, uint32_t address, const char *number);
const char *place_as(struct fixture *f, uint32_t line, uint32_t address, const char *number, const char *caller,
                     bool block);
const char *dial(struct fixture *f, char leg, const char *number);
const char *command(struct fixture *f, enum session_cmd_type type, char leg);
const char *reject(struct fixture *f, char leg, uint32_t mode);
const char *attend(struct fixture *f, uint32_t line, bool on);
struct forward_to {
    uint32_t mode;
    const char *dest, *caller;
};
const char *forward(struct fixture *f, uint32_t line, uint32_t address, uint32_t rings,
                    const struct forward_to *tov, uint32_t count);
const char *complete(struct fixture *f, char leg, uint32_t mode, uint32_t id);
/* UNCOMPLETE (`mode`: its id), LINESTATUS, FREE */
const char *line_command(struct fixture *f, enum session_cmd_type type, uint32_t line, uint32_t mode, bool on);
const char *later(struct fixture *f, uint64_t ms);

/* Gives a command and takes nothing. */
void give(struct fixture *f, struct session_cmd *cmd);
/* With the next command goes this; NULL: nothing. */
void attach(struct fixture *f, const char *uui, const char *data);
/* Takes all there is. */
const char *take(struct fixture *f);

#define says(call, expected) ck_assert_str_eq(call, expected)

#endif
