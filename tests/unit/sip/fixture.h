/* A SIP binding without a core, and a scripted other end. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SIP_FIXTURE_H
#define TESTS_UNIT_SIP_FIXTURE_H

#include "tapi_shim/platform/platform.h"
#include "tests/unit/sip/port.h"
#include "tsp/binding/sip/sip.h"

#include <check.h>

enum { FIXTURE_LEGS = 32, FIXTURE_LINES = 256, FIXTURE_DONES = 256 };

/* What was said about a leg: words with spaces between. */
struct leg {
    uint32_t id, session, seq, line;
    char log[2048];
    uint32_t state, mode;
    bool gone;
    char caller[300], called[300], connected[300], redirecting[300], name[300];
    uint32_t reason, completion;
    uint16_t freqv[3]; /* of the tone that began last */
    bool has_quality;
    struct session_quality quality;
    char uui[200];  /* that came with the call */
    uint32_t media; /* types that a machine at the other end said it is */
};

struct fixture {
    struct binding *b;
    struct platform_event *event;
    struct sip_conf conf;
    struct sip_account_conf accountv[FIXTURE_LINES];
    char textv[FIXTURE_LINES][64];
    struct leg legv[FIXTURE_LEGS];
    uint32_t legc;
    uint32_t token;
    uint32_t donec;
    struct {
        uint32_t token, leg2, bridge, mode, completion, line;
        enum session_err err;
    } donev[FIXTURE_DONES];
    uint32_t service[FIXTURE_LINES]; /* as was said last */
    uint32_t service_said[FIXTURE_LINES];
    uint32_t cancelled, cancelledc; /* the completion that was cancelled last, and how many were */
    char use[200];                  /* what was said of monitored addresses: line.address=stations */
};

/* Accounts of lines 0..count-1: "u0", "u1"... of 127.0.0.1, all trunks of our own. More can be set before fixture_open.
 */
void fixture_init(struct fixture *f, uint32_t count);
void fixture_open(struct fixture *f);
void fixture_close(struct fixture *f);
void fixture_attend(struct fixture *f, uint32_t line, bool on);

/* Takes what there is. */
void take(struct fixture *f);
/* Takes until `cond` is true: waits as long as it has to. */
#define UNTIL(f, cond)                                                                                                 \
    for (take(f); !(cond); take(f)) {                                                                                  \
        (void)platform_event_wait((f)->event, UINT32_MAX);                                                             \
    }

/* Commands; those with an answer give its number, for done(). */
uint32_t place(struct fixture *f, uint32_t line, const char *number); /* index of the leg */
uint32_t give(struct fixture *f, struct session_cmd *cmd);            /* token */
uint32_t order(struct fixture *f, enum session_cmd_type type, uint32_t leg, uint32_t leg2);
uint32_t dial(struct fixture *f, enum session_cmd_type type, uint32_t leg, const char *number);
void drop(struct fixture *f, uint32_t leg);
bool is_done(const struct fixture *f, uint32_t token);
enum session_err result(struct fixture *f, uint32_t token); /* waits */
uint32_t leg_index(struct fixture *f, uint32_t id);
/* Waits for the next incoming leg: its index. */
uint32_t incoming(struct fixture *f);
/* Number of an account of ours, to be dialled: sip:uN@127.0.0.1:PORT */
const char *uri_of(struct fixture *f, uint32_t line);
void wait_state(struct fixture *f, uint32_t leg, uint32_t state);
void says(struct fixture *f, uint32_t leg, const char *log); /* all that was said, which is forgotten then */

/* ---- the other end ---- */
struct peer {
    intptr_t port;
    /* a connection; NULL: datagrams */
    size_t (*read_h)(struct peer *p, char *data, size_t size);
    void (*write_h)(struct peer *p, const char *data, size_t len);
    void *tls;
    char ahead[65536]; /* read, and not yet taken */
    size_t aheadc;
    bool ended; /* the connection */
    uint16_t number, from;
    char data[65536]; /* the last message */
    size_t len;
    char request[65536]; /* the last request */
    uint32_t cseq;
    char local_tag[32];
};

void peer_open(struct peer *p);
void peer_close(struct peer *p);
/* Waits for a request of that method, or an answer of that code ("200"); repeats of others are passed over. */
void peer_expect(struct peer *p, const char *what);
/* The same, but the next message has to be it. */
void peer_expect_next(struct peer *p, const char *what);
/* Value of a header of the last message, into a static text; "" if there is none. */
const char *peer_header(const struct peer *p, const char *name);
bool peer_has(const struct peer *p, const char *text);
/* Answers the last request. `extra`: header lines, each with its end, then perhaps an empty line and a body. */
void peer_answer(struct peer *p, int code, const char *extra);
void peer_send(struct peer *p, uint16_t to, const char *format, ...) PLATFORM_PRINTF(3, 4);
extern const char peer_sdp[]; /* a body with its headers: audio at port 4000 */

Suite *accounts_suite(void);
Suite *dynamic_suite(void);
Suite *secure_suite(void);
Suite *star_suite(void);
Suite *replaced_suite(void);
Suite *ended_suite(void);
Suite *uui_suite(void);
Suite *media_suite(void);
Suite *codecs_suite(void);
Suite *calls_suite(void);
Suite *control_suite(void);
Suite *register_suite(void);
Suite *peer_suite(void);
Suite *probe_suite(void);

#endif
