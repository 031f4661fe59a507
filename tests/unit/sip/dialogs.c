/* Calls as RFC 3262, 4028, 3311 have them, answered by several, asked for passwords, dialled bit by bit.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64];
static char to[512]; /* of the dialog that we have been called in */

static void open_trunk(void)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
}

static void close_trunk(void)
{
    fixture_close(&f);
    peer_close(&p);
}

/* A request of the other end. In a dialog: `to` is as in its answers. */
static void ask(const char *method, uint32_t cseq, const char *extra)
{
    const char *body = strstr(extra, "\r\n\r\n");

    if (!p.from) {
        p.from = sip_port(f.b, SIP_UDP);
    }
    peer_send(&p, p.from,
              "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%s%u\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:200@127.0.0.1>;tag=%s\r\nTo: %s\r\nCall-ID: c\r\nCSeq: %u %s\r\n"
              "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
              method, (unsigned)p.number, method, (unsigned)cseq, p.local_tag, to[0] ? to : "<sip:u0@127.0.0.1>",
              (unsigned)cseq, method, (unsigned)p.number, body ? (unsigned)strlen(body + 4) : 0u, extra);
}

static void remember(void)
{
    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
}

/* We are called, and answer. */
static uint32_t called(const char *extra)
{
    char all[2048];
    uint32_t b;

    to[0] = '\0';
    (void)snprintf(all, sizeof(all), "%s%s", extra, peer_sdp);
    ask("INVITE", 1, all);
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(&p, "200");
    remember();
    ask("ACK", 1, "\r\n");
    return b;
}

/* We call, and are answered with more headers. */
static uint32_t calls(const char *extra)
{
    char all[2048];
    uint32_t a = place(&f, 0, "1");

    peer_expect(&p, "INVITE");
    (void)snprintf(all, sizeof(all), "%s%s", extra, peer_sdp);
    peer_answer(&p, 200, all);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    f.legv[a].log[0] = '\0';
    return a;
}

/* ---- answers that are sure to arrive ----------------------------------------------------------------------------- */

START_TEST(sure_progress)
{
    static char invite[65536];
    char extra[1024], rack[64];
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Supported"), "100rel"));
    memcpy(invite, p.request, sizeof(invite));
    (void)snprintf(extra, sizeof(extra), "Require: 100rel\r\nRSeq: 7\r\n%s", peer_sdp);
    peer_answer(&p, 183, extra);
    peer_expect(&p, "PRACK");
    (void)snprintf(rack, sizeof(rack), "7 %s", strchr(strstr(invite, "\r\nCSeq: "), ' ') + 1);
    rack[strcspn(rack, "\r")] = '\0';
    ck_assert_str_eq(peer_header(&p, "RAck"), rack);
    peer_answer(&p, 200, NULL);
    memcpy(p.request, invite, sizeof(invite));
    peer_answer(&p, 183, extra); /* once more: nothing new */
    peer_answer(&p, 180, "Require: 100rel\r\nRSeq: 8\r\n");
    peer_expect(&p, "PRACK");
    ck_assert(!strncmp(peer_header(&p, "RAck"), "8 ", 2));
    peer_answer(&p, 200, NULL);
    memcpy(p.request, invite, sizeof(invite));
    peer_answer(&p, 200, NULL); /* it has said what it takes */
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING RINGBACK CONNECTED");
    close_trunk();
}
END_TEST

START_TEST(sure_ringing)
{
    char rack[64], extra[128];
    uint32_t b, token;

    open_trunk();
    fixture_open(&f);
    to[0] = '\0';
    (void)snprintf(extra, sizeof(extra), "Require: 100rel\r\n");
    {
        char all[2048];

        (void)snprintf(all, sizeof(all), "%s%s", extra, peer_sdp);
        ask("INVITE", 1, all);
    }
    b = incoming(&f);
    (void)order(&f, SESSION_CMD_ACCEPT, b, UINT32_MAX);
    peer_expect(&p, "180");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Require"), "100rel"));
    (void)snprintf(rack, sizeof(rack), "RAck: %s 1 INVITE\r\n\r\n", peer_header(&p, "RSeq"));
    remember();
    /* the answer has to wait until it is known that the ringing has arrived */
    token = order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    ask("PRACK", 2, rack);
    do {
        peer_expect(&p, "200");
    } while (!strstr(peer_header(&p, "CSeq"), "INVITE"));
    ask("ACK", 1, "\r\n");
    ask("BYE", 3, "\r\n");
    wait_state(&f, b, SESSION_DISCONNECTED);
    close_trunk();
}
END_TEST

/* ---- sessions that end by themselves ----------------------------------------------------------------------------- */

START_TEST(refreshed_by_update)
{
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    a = calls("Allow: INVITE, ACK, BYE, UPDATE\r\nSupported: timer\r\nRequire: timer\r\n"
              "Session-Expires: 90;refresher=uac\r\n");
    for (int i = 0; i < 3; i++) {
        clock_skip(&f, 45000);
        peer_expect_next(&p, "UPDATE");
        ck_assert_str_eq(peer_header(&p, "Session-Expires"), "90;refresher=uac");
        peer_answer(&p, 200, "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n");
    }
    drop(&f, a);
    peer_expect(&p, "BYE");
    close_trunk();
}
END_TEST

START_TEST(refreshed_by_invite)
{
    char extra[1024];
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    a = calls("Allow: INVITE, ACK, BYE\r\nSupported: timer\r\nRequire: timer\r\nSession-Expires: 90;refresher=uac\r\n");
    clock_skip(&f, 45000);
    peer_expect_next(&p, "INVITE");
    ck_assert(peer_has(&p, "m=audio"));
    (void)snprintf(extra, sizeof(extra), "Require: timer\r\nSession-Expires: 90;refresher=uac\r\n%s", peer_sdp);
    peer_answer(&p, 200, extra);
    peer_expect(&p, "ACK");
    settle(&f);
    says(&f, a, "");
    drop(&f, a);
    peer_expect(&p, "BYE");
    close_trunk();
}
END_TEST

/* Nobody is there any more to be refreshed. */
START_TEST(refresh_without_answer)
{
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    a = calls("Allow: INVITE, ACK, BYE, UPDATE\r\nSupported: timer\r\nRequire: timer\r\n"
              "Session-Expires: 90;refresher=uac\r\n");
    clock_skip(&f, 45000);
    peer_expect_next(&p, "UPDATE");
    while (take(&f), !f.legv[a].gone) {
        clock_skip(&f, 10000);
    }
    says(&f, a, "DISCONNECTED:UNREACHABLE");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_trunk();
}
END_TEST

START_TEST(nobody_refreshes)
{
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    a = calls("Supported: timer\r\nRequire: timer\r\nSession-Expires: 90;refresher=uas\r\n");
    clock_skip(&f, 90000);
    peer_expect_next(&p, "BYE");
    peer_answer(&p, 200, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DISCONNECTED:UNREACHABLE");
    close_trunk();
}
END_TEST

START_TEST(called_by_one_who_refreshes)
{
    uint32_t b;

    open_trunk();
    fixture_open(&f);
    b = called("Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n");
    ck_assert_str_eq(peer_header(&p, "Session-Expires"), "90;refresher=uac");
    for (uint32_t i = 0; i < 3; i++) {
        clock_skip(&f, 45000);
        ask("UPDATE", 2 + i, "Supported: timer\r\nSession-Expires: 90;refresher=uac\r\n\r\n");
        peer_expect(&p, "200");
    }
    says(&f, b, "ring"); /* nothing but that of the beginning */
    clock_skip(&f, 90000);
    peer_expect_next(&p, "BYE");
    peer_answer(&p, 200, NULL);
    wait_state(&f, b, SESSION_DISCONNECTED);
    says(&f, b, "DISCONNECTED:UNREACHABLE");
    close_trunk();
}
END_TEST

START_TEST(called_by_one_who_lets_refresh)
{
    open_trunk();
    fixture_open(&f);
    (void)called("Supported: timer\r\nAllow: UPDATE\r\nSession-Expires: 90;refresher=uas\r\n");
    ck_assert_str_eq(peer_header(&p, "Session-Expires"), "90;refresher=uas");
    clock_skip(&f, 45000);
    peer_expect_next(&p, "UPDATE");
    peer_answer(&p, 200, NULL);
    close_trunk();
}
END_TEST

START_TEST(too_often)
{
    char all[2048];
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    to[0] = '\0';
    (void)snprintf(all, sizeof(all), "Supported: timer\r\nSession-Expires: 30\r\n%s", peer_sdp);
    ask("INVITE", 1, all);
    peer_expect(&p, "422");
    ck_assert_str_eq(peer_header(&p, "Min-SE"), "90");
    ask("ACK", 1, "\r\n");
    f.legc = 0;
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 422, "Min-SE: 4000\r\n");
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(peer_header(&p, "Session-Expires"), "4000", 4));
    peer_answer(&p, 200, peer_sdp);
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING CONNECTED");
    close_trunk();
}
END_TEST

/* ---- UPDATE ------------------------------------------------------------------------------------------------------ */

START_TEST(held_by_update)
{
    static const char hold[] =
        "Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n";
    uint32_t b;

    open_trunk();
    fixture_open(&f);
    b = called("Allow: UPDATE\r\n");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Allow"), "UPDATE"));
    ask("UPDATE", 2, hold);
    peer_expect(&p, "200");
    ck_assert(peer_has(&p, "a=recvonly"));
    UNTIL(&f, f.legv[b].mode == SESSION_CONNECTED_ACTIVEHELD);
    ask("UPDATE", 3, peer_sdp);
    peer_expect(&p, "200");
    UNTIL(&f, f.legv[b].mode == SESSION_CONNECTED_ACTIVE);
    close_trunk();
}
END_TEST

/* ---- answered by several ----------------------------------------------------------------------------------------- */

static void answer_as(const char *tag, int code, const char *extra)
{
    (void)snprintf(p.local_tag, sizeof(p.local_tag), "%s", tag);
    peer_answer(&p, code, extra);
}

START_TEST(first_answer_wins)
{
    static char invite[65536];
    uint32_t a;

    open_trunk();
    fixture_open(&f);
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    memcpy(invite, p.request, sizeof(invite));
    answer_as("one", 180, NULL);
    answer_as("two", 183, peer_sdp);
    answer_as("three", 180, NULL);
    answer_as("two", 200, peer_sdp);
    peer_expect(&p, "ACK");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "To"), "tag=two"));
    memcpy(p.request, invite, sizeof(invite));
    answer_as("three", 200, peer_sdp);
    peer_expect(&p, "ACK");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "To"), "tag=three"));
    peer_expect(&p, "BYE");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "To"), "tag=three"));
    peer_answer(&p, 200, NULL);
    /* the one who has it goes on */
    settle(&f);
    says(&f, a, "DIALING PROCEEDING RINGBACK CONNECTED");
    drop(&f, a);
    do {
        peer_expect(&p, "BYE");
    } while (!strstr(peer_header(&p, "To"), "tag=two"));
    peer_answer(&p, 200, NULL);
    close_trunk();
}
END_TEST

/* ---- passwords --------------------------------------------------------------------------------------------------- */

static void open_with_password(void)
{
    open_trunk();
    f.accountv[0].password = "secret";
    fixture_open(&f);
}

/* `n` makes the nonce a new one each time. */
static void challenge(int code, unsigned n, bool stale)
{
    char extra[200];

    (void)snprintf(extra, sizeof(extra), "%s: Digest realm=\"r\", nonce=\"n%u\", algorithm=MD5, qop=\"auth\"%s\r\n",
                   code == 401 ? "WWW-Authenticate" : "Proxy-Authenticate", n, stale ? ", stale=true" : "");
    peer_answer(&p, code, extra);
}

START_TEST(both_ask)
{
    uint32_t a;

    open_with_password();
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    challenge(407, 1, false);
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE");
    ck_assert(peer_header(&p, "Proxy-Authorization")[0] != '\0');
    challenge(401, 2, false);
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE");
    ck_assert(peer_header(&p, "Authorization")[0] != '\0');
    ck_assert(!peer_has(&p, "secret"));
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING CONNECTED");
    /* and for its end as well */
    drop(&f, a);
    peer_expect(&p, "BYE");
    challenge(407, 3, false);
    peer_expect(&p, "BYE");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Proxy-Authorization"), "nonce=\"n3\""));
    peer_answer(&p, 200, NULL);
    close_trunk();
}
END_TEST

START_TEST(wrong_password)
{
    uint32_t a;

    open_with_password();
    a = place(&f, 0, "1");
    for (unsigned i = 0; i < 2; i++) {
        peer_expect(&p, "INVITE");
        challenge(401, 1, false);
        peer_expect(&p, "ACK");
    }
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:REJECT");
    close_trunk();
}
END_TEST

/* It says each time that only the nonce is too old. */
START_TEST(never_ending)
{
    unsigned i = 0;
    uint32_t a;

    open_with_password();
    a = place(&f, 0, "1");
    for (peer_expect(&p, "INVITE"); !f.legv[a].gone; i++) {
        ck_assert_uint_lt(i, 10);
        challenge(401, i, i > 0);
        peer_expect(&p, "ACK");
        settle(&f); /* it has gone on, or given up */
        take(&f);
        if (!f.legv[a].gone) {
            peer_expect(&p, "INVITE");
        }
    }
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:REJECT");
    close_trunk();
}
END_TEST

START_TEST(never_ending_registration)
{
    peer_open(&p);
    account_of(&f, p.number);
    f.accountv[0].password = "secret";
    fixture_open(&f);
    next_register(&p);
    for (unsigned i = 0; sip_line_fault(f.b, 0) == SIP_FAULT_NONE; i++) {
        ck_assert_uint_lt(i, 10);
        challenge(401, i, i > 0);
        settle(&f);
        if (sip_line_fault(f.b, 0) == SIP_FAULT_NONE) {
            next_register(&p);
        }
    }
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_PASSWORD);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* ---- bit by bit -------------------------------------------------------------------------------------------------- */

static void open_overlap(void)
{
    open_trunk();
    f.accountv[0].overlap = true;
    fixture_open(&f);
}

START_TEST(as_it_comes)
{
    uint32_t a;

    open_overlap();
    a = place(&f, 0, "12;");
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:12@", 14));
    peer_answer(&p, 484, NULL);
    peer_expect(&p, "ACK");
    settle(&f);
    says(&f, a, "DIALING"); /* more is waited for */
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "3;")), SESSION_E_OK);
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:123@", 15));
    peer_answer(&p, 180, NULL); /* it is complete, whatever was said */
    wait_state(&f, a, SESSION_RINGBACK);
    says(&f, a, "PROCEEDING RINGBACK");
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "4")), SESSION_E_BADSTATE);
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "CONNECTED");
    close_trunk();
}
END_TEST

/* Faster than the other end answers. */
START_TEST(overtaken)
{
    uint32_t a;

    open_overlap();
    a = place(&f, 0, "1;");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 100, NULL);
    settle(&f);
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "2")), SESSION_E_OK);
    peer_expect(&p, "CANCEL");
    peer_answer(&p, 200, NULL);
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:12@", 14));
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING CONNECTED");
    close_trunk();
}
END_TEST

START_TEST(never_complete)
{
    uint32_t a;

    open_overlap();
    a = place(&f, 0, "1;");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 484, NULL);
    peer_expect(&p, "ACK");
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "2")), SESSION_E_OK); /* all of it */
    peer_expect(&p, "INVITE");
    peer_answer(&p, 484, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:BADADDRESS");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_trunk();
}
END_TEST

START_TEST(given_up_in_the_middle)
{
    uint32_t a;

    open_overlap();
    a = place(&f, 0, "1;");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 484, NULL);
    peer_expect(&p, "ACK");
    drop(&f, a);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_trunk();
}
END_TEST

Suite *dialogs_suite(void)
{
    Suite *s = suite_create("sip dialogs");
    TCase *t = tcase_create("dialogs");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, sure_progress);
    tcase_add_test(t, sure_ringing);
    tcase_add_test(t, refreshed_by_update);
    tcase_add_test(t, refreshed_by_invite);
    tcase_add_test(t, refresh_without_answer);
    tcase_add_test(t, nobody_refreshes);
    tcase_add_test(t, called_by_one_who_refreshes);
    tcase_add_test(t, called_by_one_who_lets_refresh);
    tcase_add_test(t, too_often);
    tcase_add_test(t, held_by_update);
    tcase_add_test(t, first_answer_wins);
    tcase_add_test(t, both_ask);
    tcase_add_test(t, wrong_password);
    tcase_add_test(t, never_ending);
    tcase_add_test(t, never_ending_registration);
    tcase_add_test(t, as_it_comes);
    tcase_add_test(t, overtaken);
    tcase_add_test(t, never_complete);
    tcase_add_test(t, given_up_in_the_middle);
    suite_add_tcase(s, t);
    return s;
}
