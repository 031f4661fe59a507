/* Accounts that come and go while the binding runs. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

#define IN_SERVICE (SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE)

static struct fixture f;
static struct peer p;
static uint32_t t1_ms; /* 0: as usual */

/* No account yet, with a server that will be theirs. */
static void begin(uint32_t accounts)
{
    peer_open(&p);
    fixture_init(&f, accounts);
    f.conf.t1_ms = t1_ms;
    fixture_open(&f);
    f.conf.goodbye_ms = 1;
    p.from = sip_port(f.b, SIP_UDP);
}

static void end(void)
{
    fixture_close(&f);
    peer_close(&p);
}

/* All of what it is made of is gone when it is in. */
static enum session_err add(uint32_t line, const char *user, bool registers)
{
    char domain[64], name[20], number[20];
    const char *numbers[] = {name, number};
    struct sip_account_conf c = {.line = line, .user = name, .domain = domain, .do_register = registers};
    enum session_err err;

    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    (void)snprintf(name, sizeof(name), "%s", user);
    (void)snprintf(number, sizeof(number), "%s-2", user);
    c.addressv = numbers;
    c.addressc = 2;
    c.retry_ms = 1;
    err = sip_account_add(f.b, &c);
    memset(domain, 'x', sizeof(domain));
    memset(name, 'x', sizeof(name));
    memset(number, 'x', sizeof(number));
    if (!err) {
        ck_assert_int_eq(f.b->ops->line_add(f.b, line, NULL), SESSION_E_OK);
        fixture_attend(&f, line, true);
    }
    return err;
}

static void gone(uint32_t line)
{
    struct session_cmd cmd = {.type = SESSION_CMD_LINE_REMOVE, .line = line};

    f.b->ops->command(f.b, 0, &cmd);
}

static const char *text_of(uint32_t line)
{
    static char text[300];

    sip_line_text(f.b, line, text, sizeof(text));
    return text;
}

static bool is_leave(void)
{
    return strstr(peer_header(&p, "Contact"), "expires=0") || peer_has(&p, "\r\nExpires: 0\r\n");
}

/* Waits for a REGISTER of this kind, and answers it. */
static void registers(const char *user, bool leaves)
{
    char from[40], extra[300];

    (void)snprintf(from, sizeof(from), "<sip:%s@", user);
    do {
        peer_expect(&p, "REGISTER");
    } while (is_leave() != leaves || !strstr(peer_header(&p, "From"), from));
    (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
    peer_answer(&p, 200, leaves ? NULL : extra);
}

static void invite(const char *user)
{
    p.cseq++;
    peer_send(
        &p, sip_port(f.b, SIP_UDP),
        "INVITE sip:%s@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa%u\r\nMax-Forwards: 70\r\n"
        "From: <sip:300@127.0.0.1>;tag=a%u\r\nTo: <sip:%s@127.0.0.1>\r\nCall-ID: a%u\r\nCSeq: 1 INVITE\r\n"
        "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: 0\r\n\r\n",
        user, (unsigned)p.number, (unsigned)p.cseq, (unsigned)p.cseq, user, (unsigned)p.cseq, (unsigned)p.number);
}

START_TEST(comes_and_goes)
{
    begin(0);
    invite("ann");
    peer_expect(&p, "404");
    ck_assert_int_eq(add(2, "ann", true), SESSION_E_OK);
    ck_assert_int_eq(add(2, "eve", true), SESSION_E_BADPARAM);
    ck_assert_int_eq(f.b->ops->line_add(f.b, 3, NULL), SESSION_E_BADPARAM);
    UNTIL(&f, f.service_said[2]);
    ck_assert_uint_eq(f.service[2], SESSION_STATUS_CONNECTED);
    registers("ann", false);
    UNTIL(&f, f.service[2] == IN_SERVICE);
    f.legc = 0;
    invite("ann-2");
    ck_assert_uint_eq(f.legv[incoming(&f)].line, 2);
    gone(2);
    peer_expect(&p, "603");
    registers("ann", true);
    invite("ann");
    peer_expect(&p, "404");
    gone(2);
    gone(77);
    end();
}
END_TEST

/* A call that is up ends with BYE: the core has dropped it before the line goes. */
START_TEST(goes_with_a_call)
{
    uint32_t a;

    begin(1);
    ck_assert_int_eq(add(1, "ann", false), SESSION_E_OK);
    UNTIL(&f, f.service[1] == IN_SERVICE);
    a = place(&f, 1, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    {
        struct session_cmd cmd = {.type = SESSION_CMD_DROP, .leg = f.legv[a].id, .session = f.legv[a].session};

        f.b->ops->command(f.b, 0, &cmd);
    }
    gone(1);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    /* the first account is as it was */
    f.legc = 0;
    invite("u0");
    ck_assert_uint_eq(f.legv[incoming(&f)].line, 0);
    end();
}
END_TEST

/* The same account again, under the same line: the server is told in the right order. */
START_TEST(changes)
{
    t1_ms = 60000; /* nothing is sent twice */
    begin(0);
    t1_ms = 0;
    ck_assert_int_eq(add(0, "ann", true), SESSION_E_OK);
    registers("ann", false);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    gone(0);
    ck_assert_int_eq(add(0, "ann", true), SESSION_E_OK);
    peer_expect(&p, "REGISTER");
    ck_assert(is_leave());
    UNTIL(&f, !strcmp(text_of(0), "not registered yet"));
    /* it is there, but says nothing to its server yet */
    {
        static char leave[65536];

        memcpy(leave, p.request, sizeof(leave));
        invite("ann");
        (void)incoming(&f);
        peer_expect_next(&p, "100");
        memcpy(p.request, leave, sizeof(leave));
    }
    peer_answer(&p, 200, NULL);
    registers("ann", false);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    end();
}
END_TEST

/* Many in a row of which the binding may not even have heard. */
START_TEST(faster_than_it_takes)
{
    uint32_t a;

    begin(0);
    for (int i = 0; i < 50; i++) {
        ck_assert_int_eq(add(0, i % 2 ? "ann" : "bob", false), SESSION_E_OK);
        ck_assert_int_eq(add(5 + (uint32_t)i, "eve", false), SESSION_E_OK);
        gone(0);
        if (i % 3) {
            gone(5 + (uint32_t)i);
        }
    }
    ck_assert_int_eq(add(0, "ann", false), SESSION_E_OK);
    /* the last one, too, has been heard of when it calls */
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    invite("bob");
    peer_expect(&p, "404");
    invite("ann");
    ck_assert_uint_eq(f.legv[incoming(&f)].line, 0);
    end();
}
END_TEST

/* One whose server was never reached has nobody to take leave of; one that registers just now does it afterwards. */
START_TEST(goes_before_it_is_registered)
{
    begin(0);
    ck_assert_int_eq(add(0, "ann", true), SESSION_E_OK);
    peer_expect(&p, "REGISTER");
    gone(0);
    ck_assert_int_eq(add(1, "bob", true), SESSION_E_OK);
    {
        char extra[300];

        (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
        peer_answer(&p, 200, extra);
    }
    registers("ann", true);
    registers("bob", false);
    UNTIL(&f, f.service[1] == IN_SERVICE);
    end();
}
END_TEST

/* A transport that nobody has wanted before. */
START_TEST(brings_its_transport)
{
    struct sip_account_conf c = {.line = 0, .user = "ann", .domain = "127.0.0.1", .transport = SIP_TCP};

    begin(0);
    ck_assert_uint_eq(sip_port(f.b, SIP_TCP), 0);
    ck_assert_int_eq(sip_account_add(f.b, &c), SESSION_E_OK);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    ck_assert_uint_ne(sip_port(f.b, SIP_TCP), 0);
    end();
}
END_TEST

Suite *accounts_suite(void)
{
    Suite *s = suite_create("sip accounts");
    TCase *t = tcase_create("come and go");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, comes_and_goes);
    tcase_add_test(t, goes_with_a_call);
    tcase_add_test(t, changes);
    tcase_add_test(t, faster_than_it_takes);
    tcase_add_test(t, goes_before_it_is_registered);
    tcase_add_test(t, brings_its_transport);
    suite_add_tcase(s, t);
    return s;
}
