/* Calls that the other end leaves in the middle of something: nothing of them is left, here or on the wire.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/sip/faults.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64], to[300];
static unsigned cseq;

static void open_line(void)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
}

/* Nothing is left, after all the time that anything may take. */
static void close_line(void)
{
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    ck_assert_uint_eq(faults_left(&f), 0);
    fixture_close(&f);
    peer_close(&p);
}

static void ask(const char *method, unsigned number, const char *extra)
{
    const char *body = strstr(extra, "\r\n\r\n");

    peer_send(&p, p.from,
              "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%s%u\r\nMax-Forwards: 70\r\n"
              "From: <sip:200@127.0.0.1>;tag=p\r\nTo: %s\r\nCall-ID: c\r\nCSeq: %u %s\r\n"
              "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
              method, (unsigned)p.number, method, number, to, number, method, (unsigned)p.number,
              body ? (unsigned)strlen(body + 4) : 0u, extra);
}

static uint32_t offered(void)
{
    uint32_t b;

    cseq = 1;
    (void)snprintf(to, sizeof(to), "<sip:u0@127.0.0.1>");
    ask("INVITE", 1, peer_sdp);
    b = incoming(&f);
    peer_expect(&p, "180");
    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
    return b;
}

static uint32_t called(void)
{
    uint32_t b = offered();

    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(&p, "200");
    ask("ACK", 1, "\r\n");
    settle(&f); /* it is up for good */
    return b;
}

START_TEST(asked_whether_it_is_there)
{
    uint32_t b;

    open_line();
    b = called();
    ask("OPTIONS", ++cseq, "\r\n");
    peer_expect(&p, "200");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "CSeq"), "OPTIONS"));
    drop(&f, b);
    close_line();
}
END_TEST

START_TEST(asked_again_while_it_rings)
{
    uint32_t b;

    open_line();
    b = offered();
    ask("INVITE", ++cseq, peer_sdp);
    peer_expect(&p, "500");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "CSeq"), "2 INVITE"));
    ck_assert(peer_header(&p, "Retry-After")[0] != '\0');
    drop(&f, b);
    peer_expect(&p, "603");
    close_line();
}
END_TEST

START_TEST(asked_again_when_it_is_over)
{
    uint32_t b;

    open_line();
    b = called();
    drop(&f, b);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    settle(&f); /* the dialog is there a little longer */
    ask("INVITE", ++cseq, peer_sdp);
    peer_expect(&p, "481");
    close_line();
}
END_TEST

/* To where a call cannot even be tried. */
START_TEST(sent_where_nobody_gets)
{
    static const char *const targetv[] = {"<sip:9@127.0.0.1:9;transport=tcp>",
                                          "<sip:9@127.0.0.1:9;transport=nonsense>",
                                          "<sip:>",
                                          "<sips:9@127.0.0.1>",
                                          "nonsense",
                                          "<http://x/>",
                                          "<sip:9@[::1]>",
                                          "<tel:9>"};

    open_line();
    for (size_t i = 0; i < sizeof(targetv) / sizeof(targetv[0]); i++) {
        char extra[200];
        uint32_t b = called();

        /* also in short */
        (void)snprintf(extra, sizeof(extra), "%s: %s\r\n\r\n", i % 2 ? "r" : "Refer-To", targetv[i]);
        ask("REFER", ++cseq, extra);
        peer_expect(&p, "202");
        for (bool told = false; !told; clock_skip(&f, 10000)) {
            settle(&f);
            peer_mark(&p);
            while (peer_more(&p)) {
                if (!strncmp(p.data, "NOTIFY ", 7)) {
                    peer_answer(&p, 200, NULL);
                    told = told || strstr(peer_header(&p, "Subscription-State"), "terminated");
                    ck_assert(!peer_has(&p, "SIP/2.0 200 OK"));
                }
            }
        }
        ask("BYE", ++cseq, "\r\n");
        wait_state(&f, b, SESSION_DISCONNECTED);
        faults_calm(&f, &p);
        ck_assert_uint_eq(faults_left(&f), 0);
        faults_calm(&f, &p);
    }
    close_line();
}
END_TEST

START_TEST(sent_elsewhere_and_given_up)
{
    char extra[200];
    uint32_t b;

    open_line();
    b = called();
    (void)snprintf(extra, sizeof(extra), "Refer-To: <sip:9@127.0.0.1:%u>\r\n\r\n", (unsigned)p.number);
    ask("REFER", ++cseq, extra);
    peer_expect(&p, "INVITE");
    drop(&f, b);
    /* it is told that nothing will come of it */
    do {
        peer_expect(&p, "NOTIFY");
        peer_answer(&p, 200, NULL);
    } while (!strstr(peer_header(&p, "Subscription-State"), "terminated"));
    ck_assert(peer_has(&p, "SIP/2.0 487"));
    close_line();
}
END_TEST

/* Both ends send each other elsewhere: the first one does. */
START_TEST(sent_elsewhere_by_both)
{
    char extra[200];
    uint32_t b;

    open_line();
    b = called();
    (void)snprintf(extra, sizeof(extra), "Refer-To: <sip:9@127.0.0.1:%u>\r\n\r\n", (unsigned)p.number);
    ask("REFER", ++cseq, extra);
    peer_expect(&p, "INVITE");
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DEFLECT, b, "7")), SESSION_E_BADSTATE);
    drop(&f, b);
    close_line();
    open_line();
    b = called();
    (void)dial(&f, SESSION_CMD_DEFLECT, b, "7");
    peer_expect(&p, "REFER");
    ask("REFER", ++cseq, extra);
    peer_expect(&p, "603");
    drop(&f, b);
    close_line();
}
END_TEST

/* Transfers: who is sent elsewhere would tell of it for years. The command, when he has taken it. */
static uint32_t sent(uint32_t b)
{
    uint32_t token = dial(&f, SESSION_CMD_DEFLECT, b, "7");

    peer_expect(&p, "REFER");
    peer_answer(&p, 202, "Expires: 99999999\r\n");
    return token;
}

static void tell(const char *state, int code)
{
    char extra[300], body[40];

    (void)snprintf(body, sizeof(body), "SIP/2.0 %d X\r\n", code);
    (void)snprintf(extra, sizeof(extra),
                   "Event: refer\r\nSubscription-State: %s\r\nContent-Type: message/sipfrag\r\n\r\n%s", state, body);
    ask("NOTIFY", ++cseq, extra);
    do {
        peer_expect(&p, "200");
    } while (!strstr(peer_header(&p, "CSeq"), "NOTIFY"));
}

START_TEST(told_for_years)
{
    static const char years[] = "active;expires=99999999";
    uint32_t b, token;

    /* it has got there */
    open_line();
    b = called();
    token = sent(b);
    tell(years, 100);
    tell(years, 200);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    close_line();
    /* dropped in the middle, by this end and by the other */
    open_line();
    b = called();
    (void)sent(b);
    tell(years, 180);
    drop(&f, b);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    close_line();
    open_line();
    b = called();
    (void)sent(b);
    ask("BYE", ++cseq, "\r\n");
    wait_state(&f, b, SESSION_DISCONNECTED);
    close_line();
    /* the binding stops */
    open_line();
    b = called();
    (void)sent(b);
    tell(years, 180);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* Where somebody was sent it rings, and nobody comes: that is not waited for. */
START_TEST(sent_where_it_rings_on)
{
    uint32_t b, token;

    for (int told = 0; told < 2; told++) {
        open_line();
        b = called();
        token = dial(&f, SESSION_CMD_DEFLECT, b, "7");
        peer_expect(&p, "REFER");
        /* not before he agrees */
        clock_skip(&f, 15000);
        take(&f);
        ck_assert(!is_done(&f, token));
        peer_answer(&p, 202, NULL);
        settle(&f);
        take(&f);
        ck_assert(!is_done(&f, token));
        if (told) {
            tell("active;expires=180", 180);
        }
        clock_skip(&f, 10000);
        ck_assert_int_eq(result(&f, token), SESSION_E_OK);
        peer_expect(&p, "BYE");
        peer_answer(&p, 200, NULL);
        close_line();
    }
}
END_TEST

/* A transfer in vain leaves the call as it was: what is said of it afterwards is not refused, and the next one is told
 * from it. */
START_TEST(told_more_than_the_end)
{
    static const char years[] = "active;expires=99999999";
    uint32_t b, token;

    open_line();
    b = called();
    for (int i = 0; i < 2; i++) {
        token = sent(b);
        tell(years, 486);
        ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
        tell(i ? years : "terminated;reason=noresource", 486);
    }
    token = sent(b);
    tell(years, 100);
    take(&f);
    ck_assert(!is_done(&f, token));
    tell("terminated;reason=noresource", 200);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    close_line();
    open_line();
    b = called();
    token = sent(b);
    tell(years, 486);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    drop(&f, b);
    close_line();
}
END_TEST

/* The other end has heard that we want to hold it, and says no more. */
START_TEST(held_without_an_end)
{
    uint32_t b, token;

    open_line();
    b = called();
    token = order(&f, SESSION_CMD_HOLD, b, UINT32_MAX);
    peer_expect(&p, "INVITE");
    peer_answer(&p, 100, NULL);
    settle(&f);
    drop(&f, b);
    ck_assert_int_eq(result(&f, token), SESSION_E_BADSTATE);
    close_line();
    open_line();
    b = called();
    token = order(&f, SESSION_CMD_HOLD, b, UINT32_MAX);
    peer_expect(&p, "INVITE");
    peer_answer(&p, 100, NULL);
    /* nor does it when it is not dropped: after three minutes it is taken for gone */
    while (take(&f), !is_done(&f, token)) {
        clock_skip(&f, 60000);
    }
    ck_assert_int_ne(result(&f, token), SESSION_E_OK);
    while (take(&f), !f.legv[b].gone) {
        clock_skip(&f, 10000);
    }
    ck_assert_uint_eq(f.legv[b].mode, SESSION_DISC_UNREACHABLE);
    close_line();
}
END_TEST

/* We call, it rings, we give up, and nobody there says a word. */
START_TEST(given_up_without_an_end)
{
    uint32_t a;

    open_line();
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    drop(&f, a);
    peer_expect(&p, "CANCEL");
    close_line();
}
END_TEST

Suite *endings_suite(void)
{
    Suite *s = suite_create("sip endings");
    TCase *t = tcase_create("endings");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, asked_whether_it_is_there);
    tcase_add_test(t, asked_again_while_it_rings);
    tcase_add_test(t, asked_again_when_it_is_over);
    tcase_add_test(t, sent_where_nobody_gets);
    tcase_add_test(t, sent_elsewhere_and_given_up);
    tcase_add_test(t, sent_elsewhere_by_both);
    tcase_add_test(t, told_for_years);
    tcase_add_test(t, told_more_than_the_end);
    tcase_add_test(t, sent_where_it_rings_on);
    tcase_add_test(t, held_without_an_end);
    tcase_add_test(t, given_up_without_an_end);
    suite_add_tcase(s, t);
    return s;
}
