/* What tests of the way to servers have around them: names, faults, connections, certificates, a clock that can be
 * moved. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SIP_NET_H
#define TESTS_UNIT_SIP_NET_H

#include "tests/unit/sip/fixture.h"

#include <stdatomic.h>

/* ---- time: PJSIP's timers go by this clock ---- */
/* It stands still but for this. The binding has looked at its timers then. */
void clock_skip(struct fixture *f, uint32_t ms);
/* The same when it has no datagram socket: whatever is due will be done soon. */
void clock_skip_only(struct fixture *f, uint32_t ms);
/* Waits until all that has been sent to its datagram socket has been looked at. IPv4 only. */
void settle(struct fixture *f);

/* ---- what has arrived at a peer, and no more ---- */
/* Everything sent to it until now is read by peer_more, which answers false when that was all. Datagrams only. */
void peer_mark(struct peer *p);
bool peer_more(struct peer *p);

/* ---- a name server ---- */
enum { DNS_RECORDS = 16 };

struct dns {
    intptr_t port;
    uint16_t number;
    char address[32]; /* 127.0.0.1:port */
    struct platform_thread *thread;
    struct dns_record {
        const char *name;
        uint16_t type; /* 1: A, at 127.0.0.1; 28: AAAA, at ::1; 33: SRV */
        uint16_t priority, weight, port;
        const char *target;
    } recordv[DNS_RECORDS]; /* before it starts */
    uint32_t recordc;
    atomic_bool stop;
    atomic_uint asked;
};

void dns_add(struct dns *d, const char *name, uint16_t type, uint16_t priority, uint16_t port, const char *target);
void dns_start(struct dns *d);
void dns_stop(struct dns *d);

/* ---- a lossy way ---- */
/* Datagrams to it go to `to`, and those of `to` back to who sent last; all of INVITE come with a Record-Route. What
 * becomes of the nth transmission of a message depends on the seed, the message and n alone. */
struct relay {
    intptr_t port;
    uint16_t number, to, other;
    struct platform_thread *thread;
    uint32_t seed; /* 0: nothing is lost */
    atomic_bool stop, dead;
    atomic_uint lost, doubled, late, passed;
    struct {
        uint32_t key, count;
    } seenv[1024];
    char held[65536];
    size_t heldc;
    uint16_t held_to;
};

void relay_open(struct relay *r); /* `to` may be set until relay_start */
void relay_start(struct relay *r);
void relay_settle(struct relay *r); /* waits until all that has arrived there has gone on */
void relay_stop(struct relay *r);

/* ---- connections: the other end of one ---- */
void stream_accept(struct peer *p, intptr_t listener);
void stream_close(struct peer *p);

/* ---- certificates, made as they are needed ---- */
struct authority; /* signs */

struct authority *authority_alloc(const char *name);
void authority_free(struct authority *a);
/* Its own certificate as a file: the path, which authority_free removes. */
const char *authority_file(struct authority *a);
/* A file as a server has it: a certificate of it, its own behind, and the key; as authority_file. */
const char *authority_chain(struct authority *a);
/* A connection whose server shows a certificate of `a` (NULL: one that has signed itself) for `host`, valid from and
 * until these days after today. False: the client went away in the middle. */
bool tls_accept(struct peer *p, intptr_t listener, struct authority *a, const char *host, int from, int until);
void tls_close(struct peer *p);

/* ---- servers ---- */
#define IN_SERVICE (SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE)
/* Waits for the next REGISTER that is no repetition. */
void next_register(struct peer *p);
/* And takes it, for 600 seconds. */
void take_register(struct peer *p);
/* An account of line 0 that registers with 127.0.0.1:number; fixture_open is still to be called. */
void account_of(struct fixture *f, uint16_t number);
const char *line_text(struct fixture *f); /* of line 0 */
/* A peer of IPv6. False: this machine has none. */
bool peer_open6(struct peer *p);

/* ---- subscriptions: of whom a peer was asked ---- */
struct subscribed {
    char call_id[300], us[300], them[300], target[300], event[64];
    uint32_t cseq;
};

/* Waits for a SUBSCRIBE that is no refresh, and takes it for 3600 seconds, or answers otherwise. */
void take_subscribe(struct peer *p, struct subscribed *s, const char *event);
void next_subscribe(struct peer *p, struct subscribed *s, const char *event);
/* Tells, and waits for the answer. `state`: as in Subscription-State. `type` NULL: nothing */
void notify(struct peer *p, struct subscribed *s, int answer, const char *state, const char *type, const char *body);

Suite *mwi_suite(void);
Suite *completion_suite(void);
Suite *watch_suite(void);
Suite *focus_suite(void);
Suite *tls_suite(void);
Suite *servers_suite(void);
Suite *dialogs_suite(void);
Suite *roam_suite(void);
Suite *trouble_suite(void);

#endif
