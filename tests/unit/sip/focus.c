/* Conferences at a conference server (RFC 4579). SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

#define INFO "application/conference-info+xml"

static struct fixture f;
static struct peer a, b, c; /* two telephones and the conference server */
static struct subscribed sub;
static char domain[64], factory[64];
static uint32_t version;

static void open_all(void)
{
    peer_open(&a);
    peer_open(&b);
    peer_open(&c);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)a.number);
    (void)snprintf(factory, sizeof(factory), "sip:factory@127.0.0.1:%u", (unsigned)c.number);
    f.accountv[0].domain = domain;
    f.accountv[0].conference = factory;
    fixture_open(&f);
    version = 0;
}

static void close_all(void)
{
    fixture_close(&f);
    peer_close(&a);
    peer_close(&b);
    peer_close(&c);
}

/* A call to a telephone, that is up. */
static uint32_t calls(struct peer *p, const char *user)
{
    char text[100];
    uint32_t leg;

    (void)snprintf(text, sizeof(text), "sip:%s@127.0.0.1:%u", user, (unsigned)p->number);
    leg = place(&f, 0, text);
    peer_expect(p, "INVITE");
    peer_answer(p, 200, peer_sdp);
    peer_expect(p, "ACK");
    wait_state(&f, leg, SESSION_CONNECTED);
    f.legv[leg].log[0] = '\0';
    return leg;
}

/* The server answers the factory's INVITE, and takes the subscription. */
static void makes(const char *contact_params)
{
    static char invite[65536];
    char extra[2000];

    peer_expect(&c, "INVITE");
    ck_assert(!strncmp(c.data, "INVITE sip:factory@", 19));
    memcpy(invite, c.request, sizeof(invite));
    (void)snprintf(extra, sizeof(extra), "Contact: <sip:conf1@127.0.0.1:%u>%s\r\n%s", (unsigned)c.number,
                   contact_params, peer_sdp);
    peer_answer(&c, 200, extra);
    peer_expect(&c, "ACK");
}

/* REFER of the bridge: its target has this in it. */
static void refers(const char *what, int code)
{
    peer_expect(&c, "REFER");
    ck_assert_msg(strstr(peer_header(&c, "Refer-To"), what) != NULL, "%s", peer_header(&c, "Refer-To"));
    peer_answer(&c, code, code == 202 ? "Refer-Sub: false\r\n" : NULL);
}

/* The telephone has been taken over by the server. */
static void taken_over(struct peer *p)
{
    peer_expect(p, "BYE");
    peer_answer(p, 200, NULL);
}

static void inform(bool full, const char *users)
{
    char text[2000];

    (void)snprintf(
        text, sizeof(text),
        "<conference-info entity=\"sip:conf1@x\" state=\"%s\" version=\"%u\"><users>%s</users></conference-info>",
        full ? "full" : "partial", (unsigned)version++, users);
    notify(&c, &sub, 200, "active;expires=3600", INFO, text);
    settle(&f);
    take(&f);
}

static const char *user(const char *name, const struct peer *p, const char *status)
{
    static char textv[4][300];
    static int at;

    at = (at + 1) % 4;
    (void)snprintf(
        textv[at], sizeof(textv[at]),
        "<user entity=\"sip:%s@127.0.0.1:%u\"><endpoint entity=\"sip:x\"><status>%s</status></endpoint></user>", name,
        (unsigned)p->number, status);
    return textv[at];
}

static uint32_t bridge_of(uint32_t token)
{
    uint32_t i;

    for (i = 0; i < f.donec && f.donev[i].token != token; i++) {
    }
    return leg_index(&f, f.donev[i].bridge);
}

/* Both calls, put together: the conference's leg. */
static uint32_t together(uint32_t x, uint32_t y)
{
    uint32_t token = order(&f, SESSION_CMD_CONFERENCE, y, x), g;

    makes(";isfocus");
    take_subscribe(&c, &sub, "conference");
    ck_assert(!strncmp(c.data, "SUBSCRIBE sip:conf1@", 20));
    refers("Replaces", 202);
    taken_over(&b);
    refers("Replaces", 202);
    taken_over(&a);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    g = bridge_of(token);
    f.legv[g].session = 800 + token - 1;
    return g;
}

START_TEST(of_two_calls)
{
    uint32_t x, y, g;

    open_all();
    x = calls(&a, "ann");
    y = calls(&b, "bob");
    g = together(x, y);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 3);
    says(&f, x, "");
    says(&f, y, "");
    /* both are told of, and then one hangs up */
    {
        char text[700];

        (void)snprintf(text, sizeof(text), "%s%s", user("ann", &a, "connected"), user("bob", &b, "connected"));
        inform(true, text);
    }
    says(&f, x, "");
    inform(false, user("bob", &b, "disconnected"));
    wait_state(&f, y, SESSION_DISCONNECTED);
    says(&f, y, "DISCONNECTED:NORMAL");
    says(&f, x, "");
    /* the owner drops it: all are to go */
    drop(&f, g);
    refers("sip:ann@", 202);
    ck_assert_ptr_nonnull(strstr(peer_header(&c, "Refer-To"), ";method=BYE>"));
    peer_expect(&c, "BYE");
    peer_answer(&c, 200, NULL);
    drop(&f, x);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_all();
}
END_TEST

START_TEST(one_is_removed)
{
    struct session_cmd collapse = {.type = SESSION_CMD_COLLAPSE};
    uint32_t x, y, g;

    open_all();
    x = calls(&a, "ann");
    y = calls(&b, "bob");
    g = together(x, y);
    drop(&f, y);
    refers("sip:bob@", 202);
    ck_assert_ptr_nonnull(strstr(peer_header(&c, "Refer-To"), ";method=BYE>"));
    /* the other one is a call again: with the server */
    collapse.leg = f.legv[g].id;
    collapse.leg2 = f.legv[x].id;
    f.b->ops->command(f.b, 0, &collapse);
    settle(&f);
    take(&f);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 1);
    drop(&f, x);
    peer_expect(&c, "BYE");
    peer_answer(&c, 200, NULL);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_all();
}
END_TEST

/* Begun with one call; the next is called, and added. */
START_TEST(set_up_and_added)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_SETUPCONF, .dial = &d, .session2 = 701, .session3 = 801};
    char text[100];
    uint32_t x, y, token;

    open_all();
    x = calls(&a, "ann");
    (void)snprintf(text, sizeof(text), "sip:bob@127.0.0.1:%u", (unsigned)b.number);
    ck_assert_int_eq(session_dial_parse_uri(text, strlen(text), &d), SESSION_E_OK);
    cmd.leg = f.legv[x].id;
    cmd.session = f.legv[x].session;
    token = give(&f, &cmd);
    makes(";isfocus");
    take_subscribe(&c, &sub, "conference");
    refers("Replaces", 202);
    taken_over(&a);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    y = leg_index(&f, f.donev[f.donec - 1].leg2);
    f.legv[leg_index(&f, f.donev[f.donec - 1].bridge)].session = 801;
    peer_expect(&b, "INVITE");
    peer_answer(&b, 200, peer_sdp);
    peer_expect(&b, "ACK");
    wait_state(&f, y, SESSION_CONNECTED);
    token = order(&f, SESSION_CMD_ADD, bridge_of(token), y);
    refers("Replaces", 202);
    taken_over(&b);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    /* the server ends it */
    close_all();
}
END_TEST

START_TEST(server_cannot)
{
    uint32_t x, y, token;

    open_all();
    x = calls(&a, "ann");
    y = calls(&b, "bob");
    token = order(&f, SESSION_CMD_CONFERENCE, y, x);
    peer_expect(&c, "INVITE");
    peer_answer(&c, 503, NULL);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    /* it has no sound that we have */
    token = order(&f, SESSION_CMD_CONFERENCE, y, x);
    peer_expect(&c, "INVITE");
    peer_answer(&c, 200,
                "Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
                "t=0 0\r\nm=video 4000 RTP/AVP 31\r\n");
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    peer_expect(&c, "BYE");
    peer_answer(&c, 200, NULL);
    /* it is another telephone, no conference */
    token = order(&f, SESSION_CMD_CONFERENCE, y, x);
    makes("");
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    peer_expect(&c, "BYE");
    peer_answer(&c, 200, NULL);
    /* the first cannot be added: all is as it was */
    token = order(&f, SESSION_CMD_CONFERENCE, y, x);
    makes(";isfocus");
    take_subscribe(&c, &sub, "conference");
    refers("Replaces", 603);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    peer_expect(&c, "BYE");
    peer_answer(&c, 200, NULL);
    says(&f, x, "");
    says(&f, y, "");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2);
    drop(&f, x);
    taken_over(&a);
    drop(&f, y);
    taken_over(&b);
    close_all();
}
END_TEST

START_TEST(second_cannot_be_added)
{
    uint32_t x, y, token;

    open_all();
    x = calls(&a, "ann");
    y = calls(&b, "bob");
    token = order(&f, SESSION_CMD_CONFERENCE, y, x);
    makes(";isfocus");
    take_subscribe(&c, &sub, "conference");
    refers("Replaces", 202);
    taken_over(&b);
    refers("Replaces", 603);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    /* the one who is there already is reached there */
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2);
    drop(&f, y);
    peer_expect(&c, "BYE");
    peer_answer(&c, 200, NULL);
    drop(&f, x);
    taken_over(&a);
    close_all();
}
END_TEST

START_TEST(server_ends_it)
{
    uint32_t x, y, g;

    open_all();
    x = calls(&a, "ann");
    y = calls(&b, "bob");
    g = together(x, y);
    peer_send(&c, c.from,
              "BYE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKbye\r\nMax-Forwards: 70\r\n"
              "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 77 BYE\r\nContent-Length: 0\r\n\r\n",
              (unsigned)c.number, peer_header(&c, "To"), peer_header(&c, "From"), peer_header(&c, "Call-ID"));
    wait_state(&f, g, SESSION_DISCONNECTED);
    drop(&f, x);
    drop(&f, y);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_all();
}
END_TEST

/* It ends while the server is asked. */
START_TEST(end_in_the_middle)
{
    uint32_t x, y;

    open_all();
    x = calls(&a, "ann");
    y = calls(&b, "bob");
    (void)order(&f, SESSION_CMD_CONFERENCE, y, x);
    makes(";isfocus");
    take_subscribe(&c, &sub, "conference");
    peer_expect(&c, "REFER");
    close_all();
}
END_TEST

Suite *focus_suite(void)
{
    Suite *s = suite_create("sip conference server");
    TCase *t = tcase_create("focus");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, of_two_calls);
    tcase_add_test(t, one_is_removed);
    tcase_add_test(t, set_up_and_added);
    tcase_add_test(t, server_cannot);
    tcase_add_test(t, second_cannot_be_added);
    tcase_add_test(t, server_ends_it);
    tcase_add_test(t, end_in_the_middle);
    suite_add_tcase(s, t);
    return s;
}
