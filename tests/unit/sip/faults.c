/* Ways that lose, double, delay and swap what is sent: registrations, calls, hold and transfers come to what they come
 * to on good ones. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/faults.h"

#include <pjlib.h>
#include <pjsip.h>
#include <pjsip_ua.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FAULT_SEEDS of the environment asks for more. */
enum { SEEDS = 4, STEP_MS = 250, REFRESHES = 2, NUMBERS = 8, TIMERS_LATE = 20 };

static struct fixture f;
static struct peer p;
static struct relay r;

/* ---- in common --------------------------------------------------------------------------------------------------- */

void faults_calm(struct fixture *fx, struct peer *peer)
{
    settle(fx);
    peer_mark(peer);
    while (peer_more(peer)) {
    }
    take(fx);
    ck_assert_uint_eq(fx->b->ops->legs(fx->b), 0);
    fx->legc = fx->donec = 0;
}

void faults_as_ever(struct fixture *fx, struct peer *peer)
{
    static unsigned count;
    const uint16_t port = sip_port(fx->b, SIP_UDP);
    char to[300];
    uint32_t b;

    count++;
    peer_send(
        peer, port,
        "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKe%u\r\nMax-Forwards: 70\r\n"
        "From: <sip:200@127.0.0.1>;tag=e\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: e%u\r\nCSeq: 1 INVITE\r\n"
        "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
        (unsigned)peer->number, count, count, (unsigned)peer->number,
        (unsigned)strlen(strstr(peer_sdp, "\r\n\r\n") + 4), peer_sdp);
    b = incoming(fx);
    ck_assert_int_eq(result(fx, order(fx, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(peer, "200");
    (void)snprintf(to, sizeof(to), "%s", peer_header(peer, "To"));
    for (int bye = 0; bye < 2; bye++) {
        peer_send(
            peer, port,
            "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKe%u%s\r\nMax-Forwards: 70\r\n"
            "From: <sip:200@127.0.0.1>;tag=e\r\nTo: %s\r\nCall-ID: e%u\r\nCSeq: %d %s\r\nContent-Length: 0\r\n\r\n",
            bye ? "BYE" : "ACK", (unsigned)peer->number, count, bye ? "b" : "a", to, count, 1 + bye,
            bye ? "BYE" : "ACK");
    }
    peer_expect(peer, "200");
    wait_state(fx, b, SESSION_DISCONNECTED);
    faults_calm(fx, peer);
}

unsigned faults_left(struct fixture *fx)
{
    static pj_thread_desc desc;
    static const uint32_t msv[] = {33000, 33000, 700000, 33000, 33000};
    pj_thread_t *thread;

    for (size_t i = 0; i < sizeof(msv) / sizeof(msv[0]); i++) {
        clock_skip(fx, msv[i]);
    }
    pj_bzero(desc, sizeof(desc));
    ck_assert_int_eq(pj_thread_register("test", desc, &thread), PJ_SUCCESS);
    /* PJSIP takes a few timers at a time */
    for (int i = 0; i < TIMERS_LATE && pjsip_ua_get_dlg_set_count(); i++) {
        clock_skip(fx, 1000);
    }
    return pjsip_ua_get_dlg_set_count();
}

static void open_way(uint32_t seed)
{
    memset(&r, 0, sizeof(r));
    relay_open(&r);
    r.seed = seed;
}

/* What is on its way arrives. */
static void arrive(void)
{
    for (int round = 0; round < 4; round++) {
        settle(&f);
        relay_settle(&r);
    }
}

/* ---- registrations ----------------------------------------------------------------------------------------------- */

static uint32_t last_cseq;

/* A registrar that is told the password; how many registrations it has seen, repeated ones counted once. */
static uint32_t registrar(void)
{
    uint32_t seen = 0;

    arrive();
    peer_mark(&p);
    while (peer_more(&p)) {
        if (strncmp(p.data, "REGISTER ", 9) != 0) {
            continue;
        }
        if (!peer_header(&p, "Authorization")[0]) {
            peer_answer(&p, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
        } else {
            char extra[300];
            uint32_t cseq = (uint32_t)strtoul(peer_header(&p, "CSeq"), NULL, 10);

            seen += cseq != last_cseq;
            last_cseq = cseq;
            (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
            peer_answer(&p, 200, extra);
        }
    }
    arrive();
    take(&f);
    return seen;
}

START_TEST(registers)
{
    uint32_t seen = 0;

    last_cseq = 0;
    open_way((uint32_t)_i);
    peer_open(&p);
    r.to = p.number;
    account_of(&f, r.number);
    f.accountv[0].password = "secret";
    relay_start(&r);
    fixture_open(&f);
    for (uint32_t i = 0; i <= REFRESHES; i++) {
        while (seen <= i || f.service[0] != IN_SERVICE) {
            seen += registrar();
            clock_skip(&f, STEP_MS);
        }
        /* it has never been out of service */
        ck_assert_uint_le(f.service_said[0], 2);
        ck_assert_str_eq(line_text(&f), "");
        for (int k = 0; k < 24; k++) {
            seen += registrar(); /* of the one before */
            clock_skip(&f, STEP_MS);
        }
        clock_skip(&f, 534000);
    }
    ck_assert_uint_gt(atomic_load(&r.lost) + atomic_load(&r.doubled) + atomic_load(&r.late), 0);
    fixture_close(&f);
    relay_stop(&r);
    peer_close(&p);
}
END_TEST

/* ---- calls ------------------------------------------------------------------------------------------------------- */

#define UNTIL_OVER(cond)                                                                                               \
    while (take(&f), !(cond)) {                                                                                        \
        arrive();                                                                                                      \
        clock_skip(&f, STEP_MS);                                                                                       \
    }

static char proxy[64], textv[NUMBERS][8];
static const char *numberv[NUMBERS];

/* Line 0 calls over the way; line 1 has the numbers 100 and on, and is reached over it. */
static void open_lines(uint32_t seed)
{
    open_way(seed);
    fixture_init(&f, 2);
    (void)snprintf(proxy, sizeof(proxy), "127.0.0.1:%u", (unsigned)r.number);
    f.accountv[0].domain = f.accountv[1].domain = proxy;
    for (uint32_t i = 0; i < NUMBERS; i++) {
        (void)snprintf(textv[i], sizeof(textv[i]), "%u", (unsigned)(100 + i));
        numberv[i] = textv[i];
    }
    f.accountv[1].addressv = numberv;
    f.accountv[1].addressc = NUMBERS;
    fixture_open(&f);
    r.to = sip_port(f.b, SIP_UDP);
    relay_start(&r);
}

/* All is over, for the core and on the wire. */
static void close_lines(void)
{
    arrive();
    take(&f);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    ck_assert_uint_eq(faults_left(&f), 0);
    take(&f);
    fixture_close(&f);
    relay_stop(&r);
}

static void done(uint32_t token)
{
    UNTIL_OVER(is_done(&f, token));
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
}

/* A call of line 0 to one of those numbers, which is taken; the index of the other leg. */
static uint32_t call(uint32_t *ap, const char *to)
{
    uint32_t b, had = f.legc;

    *ap = place(&f, 0, to);
    UNTIL_OVER(f.legc == had + 2);
    b = incoming(&f);
    done(order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX));
    UNTIL_OVER(f.legv[*ap].state == SESSION_CONNECTED);
    return b;
}

/* What a leg said in all, without that it rings there, which may have been lost, and without who is connected. */
static void said(uint32_t leg, const char *log)
{
    static const char *const lessv[] = {"RINGBACK ", "party "};
    char *at;

    take(&f);
    for (size_t i = 0; i < sizeof(lessv) / sizeof(lessv[0]); i++) {
        while ((at = strstr(f.legv[leg].log, lessv[i]))) {
            memmove(at, at + strlen(lessv[i]), strlen(at + strlen(lessv[i])) + 1);
        }
    }
    says(&f, leg, log);
}

/* Who transfers is out of it: by the word that it has worked, or by the end of the call, which may overtake that. */
static void left(uint32_t leg)
{
    take(&f);
    said(leg, f.legv[leg].gone ? "DIALING PROCEEDING CONNECTED DISCONNECTED:NORMAL" : "DIALING PROCEEDING CONNECTED");
}

START_TEST(held)
{
    uint32_t a, b;

    open_lines((uint32_t)_i);
    b = call(&a, "100");
    done(order(&f, SESSION_CMD_HOLD, a, UINT32_MAX));
    UNTIL_OVER(f.legv[b].mode == SESSION_CONNECTED_ACTIVEHELD);
    done(order(&f, SESSION_CMD_UNHOLD, a, UINT32_MAX));
    UNTIL_OVER(f.legv[b].mode == SESSION_CONNECTED_ACTIVE);
    done(order(&f, SESSION_CMD_HOLD, b, UINT32_MAX));
    UNTIL_OVER(f.legv[a].mode == SESSION_CONNECTED_ACTIVEHELD);
    done(order(&f, SESSION_CMD_UNHOLD, b, UINT32_MAX));
    UNTIL_OVER(f.legv[a].mode == SESSION_CONNECTED_ACTIVE);
    drop(&f, b);
    UNTIL_OVER(f.legv[a].gone);
    said(a, "DIALING PROCEEDING CONNECTED CONNECTED:HELD CONNECTED DISCONNECTED:NORMAL");
    said(b, "ring CONNECTED:HELD CONNECTED");
    close_lines();
}
END_TEST

START_TEST(sent_on)
{
    uint32_t a, b, c, token;

    open_lines((uint32_t)_i);
    b = call(&a, "100");
    token = dial(&f, SESSION_CMD_DEFLECT, a, "101");
    UNTIL_OVER(f.legc == 3);
    c = incoming(&f);
    done(order(&f, SESSION_CMD_ANSWER, c, UINT32_MAX));
    done(token);
    UNTIL_OVER(strstr(f.legv[b].log, "party"));
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2);
    drop(&f, c);
    UNTIL_OVER(f.legv[b].gone);
    left(a);
    said(b, "ring DISCONNECTED:NORMAL");
    said(c, "ring");
    close_lines();
}
END_TEST

START_TEST(connected_with_each_other)
{
    uint32_t a, b, c, d;

    open_lines((uint32_t)_i);
    b = call(&a, "100");
    done(order(&f, SESSION_CMD_HOLD, a, UINT32_MAX));
    UNTIL_OVER(f.legv[b].mode == SESSION_CONNECTED_ACTIVEHELD);
    d = call(&c, "101");
    done(order(&f, SESSION_CMD_TRANSFER, a, c));
    UNTIL_OVER(f.b->ops->legs(f.b) == 2 && strstr(f.legv[b].log, "party") && strstr(f.legv[d].log, "party"));
    drop(&f, b);
    UNTIL_OVER(f.legv[d].gone);
    left(a);
    left(c);
    said(d, "ring DISCONNECTED:NORMAL");
    close_lines();
}
END_TEST

/* Given up, refused, not answered: each is told once, as what it is. */
START_TEST(never_up)
{
    uint32_t a, b;

    open_lines((uint32_t)_i);
    a = place(&f, 0, "100");
    UNTIL_OVER(f.legc == 2);
    b = incoming(&f);
    drop(&f, b);
    UNTIL_OVER(f.legv[a].gone);
    said(a, "DIALING PROCEEDING DISCONNECTED:REJECT");
    said(b, "ring");
    f.legc = 0;
    a = place(&f, 0, "101");
    UNTIL_OVER(f.legc == 2);
    b = incoming(&f);
    drop(&f, a);
    UNTIL_OVER(f.legv[b].gone);
    said(b, "ring DISCONNECTED:CANCELLED");
    f.legc = 0;
    a = place(&f, 0, "999");
    UNTIL_OVER(f.legv[a].gone);
    said(a, "DIALING PROCEEDING DISCONNECTED:BADADDRESS");
    close_lines();
}
END_TEST

Suite *faults_suite(void)
{
    Suite *s = suite_create("sip faults");
    TCase *t = tcase_create("faults");
    const char *more = getenv("FAULT_SEEDS");
    int seeds = more ? atoi(more) : SEEDS;

    tcase_set_timeout(t, 0);
    tcase_add_loop_test(t, registers, 1, seeds + 1);
    tcase_add_loop_test(t, held, 1, seeds + 1);
    tcase_add_loop_test(t, sent_on, 1, seeds + 1);
    tcase_add_loop_test(t, connected_with_each_other, 0, seeds + 1);
    tcase_add_loop_test(t, never_up, 1, seeds + 1);
    suite_add_tcase(s, t);
    return s;
}
