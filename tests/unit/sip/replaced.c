/* Calls that somebody else takes over, as RFC 3891 has it: we are its target. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p, q; /* who is replaced, and by whom */
static char domain[64];
static char id[200], ours[200], theirs[200]; /* the call of `p`: our tag, and its */

static void open_line(void)
{
    peer_open(&p);
    peer_open(&q);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.accountv[0].max_sessions = 1; /* who takes over needs no room */
    fixture_open(&f);
    p.from = q.from = sip_port(f.b, SIP_UDP);
}

static void close_line(void)
{
    fixture_close(&f);
    peer_close(&p);
    peer_close(&q);
}

static void tag_of(const char *header, char *tag, size_t size)
{
    const char *at = strstr(header, ";tag=");

    ck_assert_ptr_nonnull(at);
    (void)snprintf(tag, size, "%.*s", (int)strcspn(at + 5, ";"), at + 5);
}

/* A request of its own; `to` and `extra` as they are. */
static void ask(struct peer *from, const char *method, const char *call_id, unsigned cseq, const char *to,
                const char *extra)
{
    const char *body = strstr(extra, "\r\n\r\n");

    peer_send(
        from, from->from,
        "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%s%s%u\r\nMax-Forwards: 70\r\n"
        "From: <sip:%u@127.0.0.1>;tag=%s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\n"
        "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
        method, (unsigned)from->number, call_id, method, cseq, from == &p ? 200u : 300u, from->local_tag, to, call_id,
        cseq, method, (unsigned)from->number, body ? (unsigned)strlen(body + 4) : 0u, extra);
}

/* `p` calls, and we answer. */
static uint32_t called(void)
{
    uint32_t b;

    (void)snprintf(id, sizeof(id), "first");
    ask(&p, "INVITE", id, 1, "<sip:u0@127.0.0.1>", peer_sdp);
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(&p, "200");
    tag_of(peer_header(&p, "To"), ours, sizeof(ours));
    (void)snprintf(theirs, sizeof(theirs), "%s", p.local_tag);
    ask(&p, "ACK", id, 1, peer_header(&p, "To"), "\r\n");
    f.legv[b].log[0] = '\0';
    return b;
}

/* We call `p`, which answers. */
static uint32_t calls(void)
{
    uint32_t a = place(&f, 0, "1");

    peer_expect(&p, "INVITE");
    (void)snprintf(id, sizeof(id), "%s", peer_header(&p, "Call-ID"));
    tag_of(peer_header(&p, "From"), ours, sizeof(ours));
    (void)snprintf(theirs, sizeof(theirs), "%s", p.local_tag);
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    f.legv[a].log[0] = '\0';
    return a;
}

static void replace(const char *call_id, const char *to_tag, const char *from_tag, const char *more)
{
    char extra[2048];

    (void)snprintf(extra, sizeof(extra), "Supported: replaces\r\nReplaces: %s;to-tag=%s;from-tag=%s%s\r\n%s", call_id,
                   to_tag, from_tag, more, peer_sdp);
    q.cseq++;
    {
        char own[32];

        (void)snprintf(own, sizeof(own), "second%u", (unsigned)q.cseq);
        ask(&q, "INVITE", own, 1, "<sip:u0@127.0.0.1>", extra);
    }
}

/* It goes on as one call with another at its other end, and ends with that one. */
static void goes_on(uint32_t leg)
{
    char own[32], to[300];

    replace(id, ours, theirs, "");
    peer_expect(&q, "200");
    ck_assert(peer_has(&q, "m=audio"));
    (void)snprintf(own, sizeof(own), "second%u", (unsigned)q.cseq);
    (void)snprintf(to, sizeof(to), "%s", peer_header(&q, "To"));
    ask(&q, "ACK", own, 1, to, "\r\n");
    peer_expect(&p, "BYE");
    ck_assert_str_eq(peer_header(&p, "Call-ID"), id);
    peer_answer(&p, 200, NULL);
    UNTIL(&f, strstr(f.legv[leg].log, "party") != NULL);
    ck_assert_str_eq(f.legv[leg].connected, "300");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 1);
    ask(&q, "BYE", own, 2, to, "\r\n");
    wait_state(&f, leg, SESSION_DISCONNECTED);
    says(&f, leg, "party DISCONNECTED:NORMAL");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
}

START_TEST(who_called)
{
    open_line();
    goes_on(called());
    close_line();
}
END_TEST

START_TEST(who_was_called)
{
    open_line();
    goes_on(calls());
    close_line();
}
END_TEST

/* What was held stays held, also for who comes. */
START_TEST(while_held)
{
    uint32_t a, token;
    char own[32];

    open_line();
    a = calls();
    token = order(&f, SESSION_CMD_HOLD, a, UINT32_MAX);
    peer_expect(&p, "INVITE");
    peer_answer(&p, 200, peer_sdp);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    replace(id, ours, theirs, "");
    peer_expect(&q, "200");
    (void)snprintf(own, sizeof(own), "second%u", (unsigned)q.cseq);
    ask(&q, "ACK", own, 1, peer_header(&q, "To"), "\r\n");
    peer_expect(&q, "INVITE");
    ck_assert(peer_has(&q, "a=sendonly"));
    peer_answer(&q, 200, peer_sdp);
    peer_expect(&q, "ACK");
    says(&f, a, "party");
    close_line();
}
END_TEST

START_TEST(refused)
{
    static const char *const nonsense[] = {
        "", ";", "=;to-tag", "first", "first;to-tag=", "\"", "first;to-tag=a;to-tag=b"};
    uint32_t b;

    open_line();
    b = called();
    replace("other", ours, theirs, "");
    peer_expect(&q, "481");
    replace(id, theirs, ours, "");
    peer_expect(&q, "481");
    replace(id, "nobody", theirs, "");
    peer_expect(&q, "481");
    replace(id, ours, theirs, ";early-only");
    peer_expect(&q, "486");
    for (size_t i = 0; i < sizeof(nonsense) / sizeof(nonsense[0]); i++) {
        char extra[1024], own[32];

        (void)snprintf(extra, sizeof(extra), "Replaces: %s\r\n%s", nonsense[i], peer_sdp);
        (void)snprintf(own, sizeof(own), "nonsense%u", (unsigned)i);
        ask(&q, "INVITE", own, 1, "<sip:u0@127.0.0.1>", extra);
    }
    says(&f, b, "");
    goes_on(b);
    close_line();
}
END_TEST

/* One that only rings here is nobody's to take. */
START_TEST(while_offered)
{
    uint32_t b;

    open_line();
    ask(&p, "INVITE", "first", 1, "<sip:u0@127.0.0.1>", peer_sdp);
    b = incoming(&f);
    peer_expect(&p, "180");
    tag_of(peer_header(&p, "To"), ours, sizeof(ours));
    replace("first", ours, p.local_tag, "");
    peer_expect(&q, "481");
    drop(&f, b);
    peer_expect(&p, "603");
    close_line();
}
END_TEST

Suite *replaced_suite(void)
{
    Suite *s = suite_create("sip calls replaced");
    TCase *t = tcase_create("replaced");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, who_called);
    tcase_add_test(t, who_was_called);
    tcase_add_test(t, while_held);
    tcase_add_test(t, refused);
    tcase_add_test(t, while_offered);
    suite_add_tcase(s, t);
    return s;
}
