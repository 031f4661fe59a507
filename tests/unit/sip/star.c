/* Codes of a PBX: what is dialled for forwarding, pickup and park. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64];

static void open_trunk(void)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.accountv[0].codev[SIP_CODE_FORWARD] = "*72";
    f.accountv[0].codev[SIP_CODE_UNFORWARD] = "*73";
    f.accountv[0].codev[SIP_CODE_FORWARD_BUSY] = "*90";
    f.accountv[0].codev[SIP_CODE_UNFORWARD_BUSY] = "*91";
    f.accountv[0].codev[SIP_CODE_DND] = "*78";
    f.accountv[0].codev[SIP_CODE_UNDND] = "*79";
    f.accountv[0].codev[SIP_CODE_PICKUP] = "*8";
    f.accountv[0].codev[SIP_CODE_PARK] = "*68";
    f.accountv[0].codev[SIP_CODE_UNPARK] = "*88";
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
}

static void close_trunk(void)
{
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    fixture_close(&f);
    peer_close(&p);
}

/* Up to two instructions; none: all is taken back. */
static uint32_t forward(uint32_t count, uint32_t mode, const char *dest, uint32_t mode2, const char *dest2)
{
    union {
        struct session_forwards f;
        char room[sizeof(struct session_forwards) + 2 * sizeof(struct session_forward)];
    } u;
    struct session_cmd cmd = {.type = SESSION_CMD_FORWARD, .forwards = count ? &u.f : NULL};

    memset(&u, 0, sizeof(u));
    u.f.count = count;
    if (count) {
        u.f.entryv[0] = (struct session_forward){.mode = mode, .caller = "", .dest = dest};
    }
    if (count > 1) {
        u.f.entryv[1] = (struct session_forward){.mode = mode2, .caller = "", .dest = dest2};
    }
    return give(&f, &cmd);
}

static void is_called(const char *number)
{
    char line[128];

    peer_expect(&p, "INVITE");
    (void)snprintf(line, sizeof(line), "INVITE sip:%s@%s SIP/2.0\r\n", number, domain);
    ck_assert_msg(!strncmp(p.data, line, strlen(line)), "%.100s", p.data);
}

/* The PBX hangs up when it has done it. */
static void hang_up(void)
{
    char from[300], to[300], id[300];

    peer_expect(&p, "ACK");
    (void)snprintf(from, sizeof(from), "%s", peer_header(&p, "To"));
    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "From"));
    (void)snprintf(id, sizeof(id), "%s", peer_header(&p, "Call-ID"));
    p.cseq++;
    peer_send(&p, p.from,
              "BYE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKs%u\r\nMax-Forwards: 70\r\n"
              "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 BYE\r\nContent-Length: 0\r\n\r\n",
              (unsigned)p.number, (unsigned)p.cseq, from, to, id);
    peer_expect(&p, "200");
}

static void does(const char *number)
{
    is_called(number);
    peer_answer(&p, 200, peer_sdp);
    hang_up();
}

START_TEST(forwarding)
{
    uint32_t token;

    open_trunk();
    token = forward(2, SESSION_FORWARD_UNCOND, "555", SESSION_FORWARD_BUSY, "666");
    does("*72555");
    does("*90666");
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    /* one is left out now */
    token = forward(1, SESSION_FORWARD_UNCOND, "777", 0, NULL);
    does("*91");
    does("*72777");
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    /* nowhere: do not disturb */
    token = forward(1, SESSION_FORWARD_UNCOND, "", 0, NULL);
    does("*73");
    does("*78");
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    /* whatever there is */
    token = forward(0, 0, NULL, 0, NULL);
    does("*73");
    does("*91");
    does("*79");
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    close_trunk();
}
END_TEST

START_TEST(forwarding_in_vain)
{
    uint32_t token;

    open_trunk();
    ck_assert_int_eq(result(&f, forward(1, SESSION_FORWARD_NOANSW, "5", 0, NULL)), SESSION_E_UNAVAIL); /* no code */
    ck_assert_int_eq(result(&f, forward(1, SESSION_FORWARD_UNCOND << 1, "5", 0, NULL)), SESSION_E_UNAVAIL);
    ck_assert_int_eq(result(&f, forward(1, SESSION_FORWARD_BUSY, "", 0, NULL)), SESSION_E_UNAVAIL);
    token = forward(1, SESSION_FORWARD_UNCOND, "5", 0, NULL);
    is_called("*725");
    peer_answer(&p, 403, NULL);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    /* it ends while a code is being dialled */
    token = forward(1, SESSION_FORWARD_UNCOND, "5", 0, NULL);
    is_called("*725");
    close_trunk();
}
END_TEST

static uint32_t fetch(enum session_cmd_type type, const char *number)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = type, .dial = &d, .session = 900, .group = ""};

    memset(&d, 0, sizeof(d));
    (void)snprintf(d.number, sizeof(d.number), "%s", number);
    return give(&f, &cmd);
}

START_TEST(pickup)
{
    uint32_t token;

    open_trunk();
    token = fetch(SESSION_CMD_PICKUP, "22");
    is_called("*822");
    peer_answer(&p, 180, NULL);
    peer_answer(&p, 200, peer_sdp);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 1);
    ck_assert_uint_eq(f.legv[0].session, 900);
    hang_up();
    wait_state(&f, 0, SESSION_DISCONNECTED);
    says(&f, 0, "DISCONNECTED:NORMAL");
    token = fetch(SESSION_CMD_PICKUP, "");
    is_called("*8");
    peer_answer(&p, 480, NULL);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    token = fetch(SESSION_CMD_UNPARK, "71");
    is_called("*8871");
    peer_answer(&p, 404, NULL);
    ck_assert_int_eq(result(&f, token), SESSION_E_BADADDRESS);
    close_trunk();
}
END_TEST

START_TEST(park)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_PARK, .dial = &d};
    uint32_t a, token;

    open_trunk();
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 200, peer_sdp);
    wait_state(&f, a, SESSION_CONNECTED);
    memset(&d, 0, sizeof(d));
    cmd.leg = f.legv[a].id;
    cmd.session = f.legv[a].session;
    ck_assert_int_eq(result(&f, give(&f, &cmd)), SESSION_E_BADADDRESS); /* where, it has to be told */
    (void)snprintf(d.number, sizeof(d.number), "71");
    token = give(&f, &cmd);
    peer_expect(&p, "REFER");
    ck_assert(strstr(peer_header(&p, "Refer-To"), "sip:*6871@") != NULL);
    peer_answer(&p, 202, "Refer-Sub: false\r\n");
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    close_trunk();
}
END_TEST

START_TEST(what_an_account_can)
{
    struct sip_account_conf c = {.user = "u"};
    const uint64_t all = SESSION_OP_BIT(SESSION_OP_FORWARD) | SESSION_OP_BIT(SESSION_OP_PICKUP) |
                         SESSION_OP_BIT(SESSION_OP_PARK) | SESSION_OP_BIT(SESSION_OP_UNPARK);
    uint32_t modes = 1;

    ck_assert(!(sip_account_ops(&c, &modes) & all) && !modes);
    c.codev[SIP_CODE_PARK] = "*68";
    ck_assert(sip_account_ops(&c, &modes) == (sip_account_ops(&c, NULL) | SESSION_OP_BIT(SESSION_OP_PARK)) && !modes);
    c.codev[SIP_CODE_FORWARD_BUSY] = c.codev[SIP_CODE_FORWARD_NOANSWER] = "*9";
    ck_assert((sip_account_ops(&c, &modes) & all) ==
              (SESSION_OP_BIT(SESSION_OP_PARK) | SESSION_OP_BIT(SESSION_OP_FORWARD)));
    ck_assert_uint_eq(modes, SESSION_FORWARD_BUSY | SESSION_FORWARD_NOANSW | SESSION_FORWARD_BUSYNA);
}
END_TEST

Suite *star_suite(void)
{
    Suite *s = suite_create("sip codes");
    TCase *t = tcase_create("codes");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, forwarding);
    tcase_add_test(t, forwarding_in_vain);
    tcase_add_test(t, pickup);
    tcase_add_test(t, park);
    tcase_add_test(t, what_an_account_can);
    suite_add_tcase(s, t);
    return s;
}
