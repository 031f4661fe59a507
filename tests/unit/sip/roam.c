/* This machine gets another address. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;

/* The interface that leads out, as far as the binding can see: 127.0.0.N; 0: there is none. */
static atomic_uint here;

int __wrap_pj_getdefaultipinterface(int family, unsigned char *address); /* NOLINT: the linker's name */

int __wrap_pj_getdefaultipinterface(int family, unsigned char *address) /* NOLINT */
{
    const unsigned char v[16] = {2, 0, 0, 0, 127, 0, 0, (unsigned char)here};

    (void)family;
    memcpy(address, v, sizeof(v)); /* a struct sockaddr_in */
    return here ? 0 : 70006;       /* PJ_ENOTFOUND */
}

static void begin(const char *bind)
{
    here = 2;
    peer_open(&p);
    account_of(&f, p.number);
    f.conf.bind = bind;
    f.conf.goodbye_ms = 1;
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
}

static void end(void)
{
    fixture_close(&f);
    peer_close(&p);
}

static uint32_t connected(void)
{
    uint32_t a = place(&f, 0, "1");

    peer_expect(&p, "INVITE");
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    f.legv[a].log[0] = '\0';
    return a;
}

static bool contact_has(const char *text)
{
    return strstr(peer_header(&p, "Contact"), text) != NULL;
}

/* Where it refreshes its registration it finds out, and all others are told. */
START_TEST(moves)
{
    uint32_t a;

    begin(NULL);
    a = connected();
    here = 9;
    clock_skip(&f, 540000);
    next_register(&p);
    ck_assert(contact_has("@127.0.0.9:"));
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Via"), "127.0.0.9:"));
    peer_answer(&p, 200, "Contact: <sip:u0@127.0.0.9>;expires=600\r\n");
    peer_expect(&p, "INVITE");
    ck_assert(contact_has("@127.0.0.9:"));
    ck_assert(peer_has(&p, "c=IN IP4 127.0.0.9"));
    ck_assert(peer_has(&p, "a=sendrecv"));
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    says(&f, a, "");
    (void)connected();
    ck_assert_uint_eq(f.service[0], IN_SERVICE);
    /* there it stays */
    clock_skip(&f, 540000);
    next_register(&p);
    ck_assert(contact_has("@127.0.0.9:"));
    end();
}
END_TEST

/* A call that is on hold stays there. */
START_TEST(moves_while_held)
{
    uint32_t a, token;

    begin(NULL);
    a = connected();
    token = order(&f, SESSION_CMD_HOLD, a, UINT32_MAX);
    peer_expect(&p, "INVITE");
    peer_answer(&p, 200, peer_sdp);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    peer_expect(&p, "ACK");
    here = 9;
    clock_skip(&f, 540000);
    peer_expect(&p, "INVITE");
    ck_assert(peer_has(&p, "c=IN IP4 127.0.0.9"));
    ck_assert(peer_has(&p, "a=sendonly"));
    end();
}
END_TEST

/* Without a network everything stays as it was. */
START_TEST(no_network)
{
    begin(NULL);
    here = 0;
    clock_skip(&f, 540000);
    next_register(&p);
    ck_assert(!contact_has("@127.0.0.9:"));
    end();
}
END_TEST

/* An address that was configured is not looked for. */
START_TEST(configured)
{
    begin("127.0.0.1");
    here = 9;
    clock_skip(&f, 540000);
    next_register(&p);
    ck_assert(contact_has("@127.0.0.1:"));
    end();
}
END_TEST

/* ---- those who tell us of something ------------------------------------------------------------------------------ */

#define INFO "application/dialog-info+xml"

static struct subscribed sub[3];
static char watched[64];
static const char *const watchv[] = {watched};

/* An account that asks for messages waiting, watches 102, and waits for 123, who is busy. */
static void begin_watching(void)
{
    struct session_cmd cmd = {.type = SESSION_CMD_COMPLETE, .mode = SESSION_COMPL_CALLBACK, .completion = 7};
    uint32_t a;

    here = 2;
    peer_open(&p);
    account_of(&f, p.number);
    (void)snprintf(watched, sizeof(watched), "sip:102@127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].mwi = f.accountv[0].completion = true;
    f.conf.bind = NULL;
    f.accountv[0].watchc = 1;
    f.accountv[0].watchv = watchv;
    f.conf.goodbye_ms = 1;
    fixture_open(&f);
    take_register(&p);
    take_subscribe(&p, &sub[0], "message-summary");
    take_subscribe(&p, &sub[1], "dialog");
    notify(&p, &sub[0], 200, "active;expires=3600", NULL, NULL);
    notify(&p, &sub[1], 200, "active;expires=3600", NULL, NULL);
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_BUSY);
    cmd.leg = f.legv[a].id;
    cmd.session = f.legv[a].session;
    a = give(&f, &cmd);
    take_subscribe(&p, &sub[2], "dialog");
    ck_assert_int_eq(result(&f, a), SESSION_E_OK);
}

/* The next `count` requests to be told, each of one of those, say where we are. */
static void ask_anew(uint32_t count, const char *where)
{
    bool askedv[3] = {false, false, false};

    for (uint32_t n = 0; n < count; n++) {
        uint32_t i = 0;

        peer_expect(&p, "SUBSCRIBE");
        while (i < 3 && strcmp(peer_header(&p, "Call-ID"), sub[i].call_id) != 0) {
            i++;
        }
        ck_assert_uint_lt(i, 3);
        ck_assert(!askedv[i]);
        askedv[i] = true;
        ck_assert_ptr_nonnull(strstr(peer_header(&p, "To"), p.local_tag));
        ck_assert_str_eq(peer_header(&p, "Expires"), "3600");
        ck_assert_msg(contact_has(where), "%s", peer_header(&p, "Contact"));
        peer_answer(&p, 200, "Expires: 3600\r\n");
    }
}

static void nobody_is_asked(void)
{
    settle(&f);
    peer_mark(&p);
    while (peer_more(&p)) {
        ck_assert_msg(strncmp(p.data, "SUBSCRIBE", 9) != 0, "asked for nothing");
    }
}

/* When it is registered there, all of them are told; and only then. */
START_TEST(subscriptions_move)
{
    begin_watching();
    notify(&p, &sub[2], 200, "active;expires=3600", NULL, NULL);
    here = 9;
    clock_skip(&f, 540000);
    next_register(&p);
    nobody_is_asked();
    peer_answer(&p, 200, "Contact: <sip:u0@127.0.0.9>;expires=600\r\n");
    ask_anew(3, "@127.0.0.9:");
    /* once */
    clock_skip(&f, 540000);
    take_register(&p);
    nobody_is_asked();
    for (int i = 0; i < 3; i++) {
        notify(&p, &sub[i], 200, "active;expires=3600", NULL, NULL);
    }
    end();
}
END_TEST

/* What is being asked for meanwhile says where we were, and where we are when it is there. */
START_TEST(subscription_moves_when_it_is_there)
{
    here = 2;
    peer_open(&p);
    account_of(&f, p.number);
    (void)snprintf(watched, sizeof(watched), "sip:102@127.0.0.1:%u", (unsigned)p.number);
    f.conf.bind = NULL;
    f.accountv[0].watchc = 1;
    f.accountv[0].watchv = watchv;
    f.conf.goodbye_ms = 1;
    fixture_open(&f);
    next_register(&p);
    peer_answer(&p, 200, "Expires: 1\r\n");
    next_subscribe(&p, &sub[0], "dialog");
    peer_answer(&p, 100, NULL);
    here = 9;
    clock_skip(&f, 1000);
    next_register(&p);
    ck_assert(contact_has("@127.0.0.9:"));
    peer_answer(&p, 200, "Expires: 600\r\n");
    nobody_is_asked();
    notify(&p, &sub[0], 200, "active;expires=3600", NULL, NULL);
    ask_anew(1, "@127.0.0.9:");
    end();
}
END_TEST

/* ---- STUN -------------------------------------------------------------------------------------------------------- */

static struct peer stun;
static char where[40];
static unsigned char question[100];

static void ask_stun(void)
{
    peer_open(&stun);
    (void)snprintf(where, sizeof(where), "127.0.0.1:%u", (unsigned)stun.number);
    here = 2;
    peer_open(&p);
    account_of(&f, p.number);
    f.conf.stun = where;
    f.conf.goodbye_ms = 1;
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
}

static void asked(void)
{
    ck_assert_uint_eq(port_receive(stun.port, (char *)question, sizeof(question), &stun.from), 20);
    ck_assert(question[0] == 0 && question[1] == 1 && question[2] == 0 && question[3] == 0);
    ck_assert_int_eq(memcmp(question + 4, "\x21\x12\xA4\x42", 4), 0);
}

/* It asks again, by another request: what was said to the last one has been heard. */
static void asked_anew(void)
{
    unsigned char before[20];
    bool anew = false;

    memcpy(before, question, sizeof(before));
    while (!anew) {
        clock_skip(&f, 60000); /* it may be that it has not heard the answer before that */
        peer_mark(&stun);
        while (peer_more(&stun)) {
            memcpy(question, stun.data, 20);
            anew = memcmp(before, question, sizeof(before)) != 0;
        }
    }
}

/* Answers 192.0.2.7, in so many bytes. */
static size_t answer_of(unsigned char *v, unsigned type, unsigned attribute, unsigned size)
{
    static const unsigned char plain[8] = {0, 1, 0x0F, 0xA0, 192, 0, 2, 7};
    const unsigned char head[] = {(unsigned char)(type >> 8), (unsigned char)type, 0, (unsigned char)(size + 4)};

    memcpy(v, head, 4);
    memcpy(v + 4, question + 4, 16);
    v[20] = 0;
    v[21] = (unsigned char)attribute;
    v[22] = 0;
    v[23] = (unsigned char)size;
    for (unsigned i = 0; i < size; i++) {
        v[24 + i] = i < 8 ? plain[i] : 0;
        if (attribute == 0x20 && i > 3 && i < 8) {
            v[24 + i] ^= question[i];
        }
    }
    return 24 + size;
}

static void tell(unsigned type, unsigned attribute, unsigned size)
{
    unsigned char v[200];
    size_t len = answer_of(v, type, attribute, size);

    port_send(stun.port, stun.from, (const char *)v, len);
}

static void end_stun(void)
{
    end();
    peer_close(&stun);
}

static void now_elsewhere(void)
{
    next_register(&p);
    ck_assert(contact_has("@192.0.2.7:"));
    peer_answer(&p, 200, "Contact: <sip:u0@192.0.2.7>;expires=600\r\n");
}

START_TEST(told_by_stun)
{
    ask_stun();
    asked();
    tell(0x101, 0x20, 8);
    now_elsewhere();
    (void)place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    ck_assert(contact_has("@192.0.2.7:"));
    ck_assert(peer_has(&p, "c=IN IP4 192.0.2.7"));
    /* the same again is nothing new */
    asked_anew();
    tell(0x101, 0x01, 8);
    asked_anew();
    peer_mark(&p);
    while (peer_more(&p)) {
        ck_assert(strncmp(p.data, "REGISTER", 8) != 0);
    }
    end_stun();
}
END_TEST

/* Nobody registers a trunk: who tells it of something hears at once. */
START_TEST(subscription_of_a_trunk)
{
    peer_open(&stun);
    (void)snprintf(where, sizeof(where), "127.0.0.1:%u", (unsigned)stun.number);
    here = 2;
    peer_open(&p);
    account_of(&f, p.number);
    (void)snprintf(watched, sizeof(watched), "sip:102@127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].do_register = false;
    f.accountv[0].watchc = 1;
    f.accountv[0].watchv = watchv;
    f.conf.stun = where;
    fixture_open(&f);
    take_subscribe(&p, &sub[0], "dialog");
    ck_assert(contact_has("@127.0.0.1:"));
    notify(&p, &sub[0], 200, "active;expires=3600", NULL, NULL);
    asked();
    tell(0x101, 0x20, 8);
    ask_anew(1, "@192.0.2.7:");
    end_stun();
}
END_TEST

/* It goes on without, and asks again later. */
START_TEST(stun_is_silent)
{
    ask_stun();
    for (int i = 0; i < 7; i++) {
        asked();
        clock_skip(&f, 500u << i);
    }
    ck_assert_uint_eq(f.service[0], IN_SERVICE);
    (void)connected();
    clock_skip(&f, 60000);
    asked();
    tell(0x111, 0x09, 4); /* it refuses */
    asked_anew();
    tell(0x101, 0x01, 8);
    now_elsewhere();
    end_stun();
}
END_TEST

/* What makes no sense, or is nobody's answer, is passed over. */
START_TEST(stun_is_odd)
{
    unsigned char v[200];
    size_t len;

    ask_stun();
    asked();
    len = answer_of(v, 0x101, 0x20, 8);
    for (size_t n = 0; n < len; n++) {
        port_send(stun.port, stun.from, (const char *)v, n);
    }
    v[10] ^= 1; /* of another request */
    port_send(stun.port, stun.from, (const char *)v, len);
    port_send(p.port, stun.from, (const char *)v, len); /* of another server */
    tell(0x101, 0x20, 7);
    tell(0x101, 0x20, 20); /* no IPv6 */
    tell(0x101, 0x77, 8);
    tell(0x100, 0x20, 8);
    len = answer_of(v, 0x101, 0x20, 8);
    v[23] = 200; /* longer than it is */
    port_send(stun.port, stun.from, (const char *)v, len);
    settle(&f);
    peer_mark(&p);
    while (peer_more(&p)) {
        ck_assert(strncmp(p.data, "REGISTER", 8) != 0);
    }
    tell(0x101, 0x20, 8);
    now_elsewhere();
    end_stun();
}
END_TEST

/* A server that nobody knows. */
START_TEST(stun_is_nowhere)
{
    here = 2;
    peer_open(&p);
    account_of(&f, p.number);
    f.conf.stun = "no-such-host.invalid";
    f.conf.goodbye_ms = 1;
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    (void)connected();
    end();
}
END_TEST

Suite *roam_suite(void)
{
    Suite *s = suite_create("sip elsewhere");
    TCase *t = tcase_create("roam");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, moves);
    tcase_add_test(t, moves_while_held);
    tcase_add_test(t, subscriptions_move);
    tcase_add_test(t, subscription_moves_when_it_is_there);
    tcase_add_test(t, no_network);
    tcase_add_test(t, configured);
    tcase_add_test(t, told_by_stun);
    tcase_add_test(t, subscription_of_a_trunk);
    tcase_add_test(t, stun_is_silent);
    tcase_add_test(t, stun_is_odd);
    tcase_add_test(t, stun_is_nowhere);
    suite_add_tcase(s, t);
    return s;
}
