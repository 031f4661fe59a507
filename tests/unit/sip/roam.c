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

Suite *roam_suite(void)
{
    Suite *s = suite_create("sip elsewhere");
    TCase *t = tcase_create("roam");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, moves);
    tcase_add_test(t, moves_while_held);
    tcase_add_test(t, no_network);
    tcase_add_test(t, configured);
    suite_add_tcase(s, t);
    return s;
}
