/* What the files of this suite share: two ends of links that check what they get. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_LINK_SUITE_H
#define TESTS_UNIT_LINK_SUITE_H

#include <check.h>

#include "tapi_shim/platform/link.h"

/* One end. It expects the bytes of `seed` (side_byte), and counts. */
struct side {
    struct platform_link *l; /* with a reference of its own; NULL: not there yet */
    struct platform_mutex lock;
    struct platform_cond change;
    unsigned seed;
    size_t got, bad;
    unsigned closed;
    int err;
    /* What it does; set before it is started. */
    bool echo;                   /* sends back what it gets */
    size_t pause_at;             /* pauses itself when so much is there; 0: never */
    size_t close_at;             /* closes itself then */
    bool is_paused;              /* starts paused */
    platform_link_data_h *datah; /* instead of all that */
};
void side_init(struct side *s, unsigned seed);
void side_close(struct side *s); /* lets go of the link, which is closed */
void side_start(struct side *s, struct platform_link *l);
unsigned char side_byte(unsigned seed, size_t at);
/* Sends bytes from..from+size of its pattern, in pieces of any size. */
void side_send(struct side *s, unsigned seed, size_t from, size_t size, size_t piece);
void side_wait_got(struct side *s, size_t size);
void side_wait_closed(struct side *s);
size_t side_got(struct side *s);

/* A place where the links that come are given to sides in turn. */
struct server {
    struct platform_hub *h;
    struct platform_listener *listener;
    char place[PLATFORM_LINK_PLACE_MAX];
    struct platform_mutex lock;
    struct platform_cond change;
    struct side *sidev;
    size_t sidec, used;
    bool refuse; /* closes what comes */
};
void server_begin(struct server *v, struct side *sidev, size_t sidec);
void server_wait(struct server *v, size_t used);
void server_end(struct server *v);
/* Connects a client to it and starts both. */
void server_connect(struct server *v, struct platform_hub *h, struct side *client, size_t used);

void place_make(char *place, size_t size); /* a new place where nobody listens */
void place_remove(void);                   /* with all that was left there */

extern const char *program; /* this one, a path */

void basic_tests(Suite *s);
void flow_tests(Suite *s);
void spawn_tests(Suite *s);
void system_tests(Suite *s);
int spawned_main(int argc, char **argv);

#endif
