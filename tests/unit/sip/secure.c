/* Calls that nothing is to disturb. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64], call_id[200], ours[300], theirs[300]; /* the dialog of the call that is up */

static void open_trunks(void)
{
    peer_open(&p);
    fixture_init(&f, 2);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = f.accountv[1].domain = domain;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
}

static void close_trunks(void)
{
    fixture_close(&f);
    peer_close(&p);
}

/* Line 0 calls, and is answered. */
static uint32_t connected(void)
{
    uint32_t a = place(&f, 0, "1");

    peer_expect(&p, "INVITE");
    (void)snprintf(call_id, sizeof(call_id), "%s", peer_header(&p, "Call-ID"));
    (void)snprintf(ours, sizeof(ours), "%s", peer_header(&p, "From"));
    (void)snprintf(theirs, sizeof(theirs), "%s;tag=%s", peer_header(&p, "To"), p.local_tag);
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    f.legv[a].log[0] = '\0';
    return a;
}

static void secure(uint32_t leg)
{
    struct session_cmd cmd = {.type = SESSION_CMD_SECURE, .leg = f.legv[leg].id, .session = f.legv[leg].session};

    f.b->ops->command(f.b, 0, &cmd);
}

/* Somebody calls a line, perhaps with one header more. */
static void invite(uint32_t line, const char *header)
{
    p.cseq++;
    peer_send(
        &p, p.from,
        "INVITE sip:u%u@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKs%u\r\nMax-Forwards: 70\r\n"
        "From: <sip:300@127.0.0.1>;tag=s%u\r\nTo: <sip:u%u@127.0.0.1>\r\nCall-ID: s%u\r\nCSeq: 1 INVITE\r\n"
        "Contact: <sip:peer@127.0.0.1:%u>\r\n%sContent-Length: %u\r\n%s",
        (unsigned)line, (unsigned)p.number, (unsigned)p.cseq, (unsigned)p.cseq, (unsigned)line, (unsigned)p.cseq,
        (unsigned)p.number, header, (unsigned)strlen(strstr(peer_sdp, "\r\n\r\n") + 4), peer_sdp);
}

/* A request of who is at the other end of the call that is up. */
static void inside(const char *method, const char *header)
{
    p.cseq++;
    peer_send(&p, p.from,
              "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKi%u\r\nMax-Forwards: 70\r\n"
              "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\nContact: <sip:peer@127.0.0.1:%u>\r\n%s"
              "Content-Length: 0\r\n\r\n",
              method, (unsigned)p.number, (unsigned)p.cseq, theirs, ours, call_id, (unsigned)p.cseq, method,
              (unsigned)p.number, header);
}

/* It answers no INVITE but with this; and the core hears nothing. */
static void turned_away(void)
{
    uint32_t had = f.legc;

    peer_expect(&p, "486");
    take(&f);
    ck_assert_uint_eq(f.legc, had);
}

START_TEST(no_call_waiting)
{
    uint32_t a, b;

    open_trunks();
    a = connected();
    secure(a);
    secure(a); /* is the same */
    invite(0, "");
    turned_away();
    says(&f, a, "");
    invite(1, ""); /* another line is not in it */
    b = incoming(&f);
    ck_assert_uint_eq(f.legv[b].line, 1);
    drop(&f, b);
    drop(&f, a);
    f.legc = 0;
    invite(0, "");
    ck_assert_uint_eq(f.legv[incoming(&f)].line, 0);
    close_trunks();
}
END_TEST

START_TEST(until_the_other_end_hangs_up)
{
    uint32_t a;

    open_trunks();
    a = connected();
    secure(a);
    inside("BYE", "");
    wait_state(&f, a, SESSION_DISCONNECTED);
    f.legc = 0;
    invite(0, "");
    ck_assert_uint_eq(f.legv[incoming(&f)].line, 0);
    close_trunks();
}
END_TEST

/* While it rings, too; and one that was offered before stays. */
START_TEST(from_the_start)
{
    uint32_t a, b;

    open_trunks();
    invite(0, "");
    b = incoming(&f);
    a = place(&f, 0, "1");
    secure(a);
    peer_expect(&p, "INVITE");
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    invite(0, "");
    turned_away();
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    close_trunks();
}
END_TEST

static const char *tag_of(const char *party)
{
    return strstr(party, ";tag=") + 5;
}

static void replace(void)
{
    char header[1000];

    (void)snprintf(header, sizeof(header), "Replaces: %s;to-tag=%s;from-tag=%s\r\n", call_id, tag_of(ours),
                   tag_of(theirs));
    invite(0, header);
}

START_TEST(nobody_takes_the_place_of_the_other_end)
{
    uint32_t a;

    open_trunks();
    a = connected();
    secure(a);
    replace();
    turned_away();
    says(&f, a, "");
    drop(&f, a);
    a = connected();
    replace(); /* of one that is not */
    peer_expect(&p, "200");
    UNTIL(&f, f.legv[a].log[0]);
    says(&f, a, "party");
    close_trunks();
}
END_TEST

START_TEST(the_other_end_sends_it_nowhere)
{
    char header[100];
    uint32_t a;

    open_trunks();
    a = connected();
    secure(a);
    (void)snprintf(header, sizeof(header), "Refer-To: <sip:400@127.0.0.1:%u>\r\n", (unsigned)p.number);
    inside("REFER", header);
    peer_expect(&p, "603");
    says(&f, a, "");
    drop(&f, a);
    a = connected();
    inside("REFER", header);
    peer_expect(&p, "202");
    close_trunks();
}
END_TEST

/* One whose call is gone by then. */
START_TEST(too_late)
{
    struct session_cmd cmd = {.type = SESSION_CMD_SECURE};
    uint32_t a;

    open_trunks();
    a = connected();
    cmd.leg = f.legv[a].id;
    drop(&f, a);
    f.b->ops->command(f.b, 0, &cmd);
    cmd.leg = 0;
    f.b->ops->command(f.b, 0, &cmd);
    invite(0, "");
    (void)incoming(&f);
    ck_assert(sip_session_ops() & SESSION_OP_BIT(SESSION_OP_SECURECALL));
    close_trunks();
}
END_TEST

Suite *secure_suite(void)
{
    Suite *s = suite_create("sip secure");
    TCase *t = tcase_create("secure");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, no_call_waiting);
    tcase_add_test(t, until_the_other_end_hangs_up);
    tcase_add_test(t, from_the_start);
    tcase_add_test(t, nobody_takes_the_place_of_the_other_end);
    tcase_add_test(t, the_other_end_sends_it_nowhere);
    tcase_add_test(t, too_late);
    suite_add_tcase(s, t);
    return s;
}
