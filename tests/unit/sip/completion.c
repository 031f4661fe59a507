/* Calls completed later: who was busy or did not answer is watched. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

#define INFO "application/dialog-info+xml"

static struct fixture f;
static struct peer p;
static struct subscribed sub;
static char domain[64];
static uint32_t version;

static void open_trunk(void)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.accountv[0].completion = true;
    fixture_open(&f);
    version = 0;
}

static void close_trunk(void)
{
    fixture_close(&f);
    peer_close(&p);
}

/* Calls 123, who is busy. */
static uint32_t meets_busy(void)
{
    uint32_t a = place(&f, 0, "123");

    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, NULL);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_BUSY);
    says(&f, a, "DIALING PROCEEDING BUSY");
    return a;
}

static uint32_t complete(uint32_t leg, uint32_t mode, uint32_t id)
{
    struct session_cmd cmd = {.type = SESSION_CMD_COMPLETE,
                              .leg = f.legv[leg].id,
                              .session = f.legv[leg].session,
                              .mode = mode,
                              .completion = id};

    return give(&f, &cmd);
}

static uint32_t uncomplete(uint32_t id)
{
    struct session_cmd cmd = {.type = SESSION_CMD_UNCOMPLETE, .completion = id};

    return give(&f, &cmd);
}

static void took(uint32_t token, uint32_t id)
{
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    ck_assert_uint_eq(f.donev[f.donec - 1].completion, id);
    ck_assert_uint_eq(f.donev[f.donec - 1].line, 0);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
}

static uint32_t asked(uint32_t id)
{
    uint32_t a = meets_busy(), token = complete(a, SESSION_COMPL_CALLBACK, id);

    take_subscribe(&p, &sub, "dialog");
    ck_assert_str_eq(peer_header(&p, "Accept"), INFO);
    ck_assert(!strncmp(p.data, "SUBSCRIBE sip:123@127.0.0.1:", 28));
    took(token, id);
    return a;
}

/* The next document: NULL: there is no dialog. */
static const char *document(bool full, const char *state)
{
    static char text[600];
    char dialog[300] = "";

    if (state) {
        (void)snprintf(dialog, sizeof(dialog),
                       "<dialog id=\"d1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\" direction=\"recipient\">\r\n"
                       "  <state event=\"rejected\"> %s </state>\r\n</dialog>\r\n",
                       state);
    }
    (void)snprintf(
        text, sizeof(text),
        "<?xml version=\"1.0\"?>\r\n<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"%u\" "
        "state=\"%s\" entity=\"sip:123@127.0.0.1\">\r\n%s</dialog-info>\r\n",
        (unsigned)version++, full ? "full" : "partial", dialog);
    return text;
}

static void inform(bool full, const char *state)
{
    notify(&p, &sub, 200, "active;expires=3600", INFO, document(full, state));
}

/* That nothing has come of it. */
static void nothing(void)
{
    settle(&f);
    take(&f);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    ck_assert_uint_eq(f.cancelledc, 0);
}

static uint32_t called_back(uint32_t id)
{
    uint32_t b = incoming(&f);

    ck_assert_uint_eq(f.legv[b].reason, SESSION_REASON_CALLCOMPLETION);
    ck_assert_uint_eq(f.legv[b].completion, id);
    ck_assert_str_eq(f.legv[b].caller, "123");
    ck_assert_str_eq(f.legv[b].called, "u0");
    return b;
}

/* Nobody watches any more. */
static void lets_be(void)
{
    peer_expect(&p, "SUBSCRIBE");
    ck_assert_str_eq(peer_header(&p, "Call-ID"), sub.call_id);
    ck_assert_str_eq(peer_header(&p, "Expires"), "0");
    peer_answer(&p, 200, "Expires: 0\r\n");
}

START_TEST(busy_then_free)
{
    uint32_t b;

    open_trunk();
    (void)asked(7);
    inform(true, "confirmed");
    nothing();
    inform(false, "terminated");
    b = called_back(7);
    lets_be();
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:123@127.0.0.1:", 25));
    peer_answer(&p, 180, NULL);
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, b, SESSION_CONNECTED);
    says(&f, b, "ring CONNECTED");
    drop(&f, b);
    peer_expect(&p, "BYE");
    close_trunk();
}
END_TEST

START_TEST(free_at_once)
{
    uint32_t b;

    open_trunk();
    (void)asked(1);
    inform(true, NULL);
    b = called_back(1);
    lets_be();
    drop(&f, b); /* not now */
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_trunk();
}
END_TEST

START_TEST(refused)
{
    static const int codev[] = {489, 403, 404, 603};
    uint32_t a;

    open_trunk();
    a = meets_busy();
    for (size_t i = 0; i < sizeof(codev) / sizeof(codev[0]); i++) {
        uint32_t token = complete(a, SESSION_COMPL_CALLBACK, 3);

        next_subscribe(&p, &sub, "dialog");
        peer_answer(&p, codev[i], NULL);
        ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    }
    says(&f, a, ""); /* it is as it was */
    drop(&f, a);
    close_trunk();
}
END_TEST

START_TEST(not_so)
{
    uint32_t a;

    open_trunk();
    a = meets_busy();
    ck_assert_int_eq(result(&f, complete(a, SESSION_COMPL_CAMPON, 1)), SESSION_E_BADCOMPLMODE);
    ck_assert_int_eq(result(&f, complete(a, SESSION_COMPL_INTRUDE, 1)), SESSION_E_BADCOMPLMODE);
    drop(&f, a);
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    ck_assert_int_eq(result(&f, complete(a, SESSION_COMPL_CALLBACK, 1)), SESSION_E_BADSTATE); /* it does not ring yet */
    drop(&f, a);
    ck_assert_int_eq(result(&f, complete(a, SESSION_COMPL_CALLBACK, 1)), SESSION_E_BADSTATE);
    ck_assert_int_eq(result(&f, uncomplete(99)), SESSION_E_OK);
    close_trunk();
    /* where it is not allowed */
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    fixture_open(&f);
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    ck_assert_int_eq(result(&f, complete(a, SESSION_COMPL_CALLBACK, 1)), SESSION_E_UNAVAIL);
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    close_trunk();
}
END_TEST

START_TEST(nobody_answers)
{
    uint32_t a, token;

    open_trunk();
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    token = complete(a, SESSION_COMPL_CALLBACK, 5);
    take_subscribe(&p, &sub, "dialog");
    took(token, 5);
    peer_expect(&p, "CANCEL");
    peer_answer(&p, 200, NULL);
    /* our own call, and then none: nobody has been there yet */
    inform(true, "early");
    inform(false, "terminated");
    nothing();
    inform(false, "confirmed");
    nothing();
    inform(false, "terminated");
    (void)called_back(5);
    close_trunk();
}
END_TEST

START_TEST(taken_back)
{
    open_trunk();
    (void)asked(9);
    ck_assert_int_eq(result(&f, uncomplete(8)), SESSION_E_OK); /* another */
    inform(true, "confirmed");
    ck_assert_int_eq(result(&f, uncomplete(9)), SESSION_E_OK);
    lets_be();
    notify(&p, &sub, 200, "terminated", INFO, document(false, "terminated"));
    nothing();
    notify(&p, &sub, 481, "active", INFO, document(true, NULL));
    nothing();
    close_trunk();
}
END_TEST

START_TEST(goes_with_its_line)
{
    struct session_cmd gone = {.type = SESSION_CMD_LINE_REMOVE};

    open_trunk();
    (void)asked(9);
    inform(true, "confirmed");
    f.b->ops->command(f.b, 0, &gone);
    lets_be();
    notify(&p, &sub, 200, "terminated", INFO, document(false, "terminated"));
    nothing();
    notify(&p, &sub, 481, "active", INFO, document(true, NULL));
    nothing();
    close_trunk();
}
END_TEST

START_TEST(watching_ends)
{
    open_trunk();
    (void)asked(1);
    inform(true, "confirmed");
    /* these may be asked for again */
    for (int i = 0; i < 3; i++) {
        notify(&p, &sub, 200, i == 1 ? "terminated;reason=deactivated" : "terminated;reason=timeout", NULL, NULL);
        clock_skip(&f, 1000);
        take_subscribe(&p, &sub, "dialog");
        version = 0;
        inform(true, "confirmed");
    }
    nothing();
    notify(&p, &sub, 200, "terminated;reason=noresource", NULL, NULL);
    UNTIL(&f, f.cancelledc == 1);
    ck_assert_uint_eq(f.cancelled, 1);
    close_trunk();
}
END_TEST

START_TEST(watching_ends_for_ever)
{
    open_trunk();
    (void)asked(1);
    for (int i = 0; i < 5; i++) {
        notify(&p, &sub, 200, "terminated;reason=timeout", NULL, NULL);
        clock_skip(&f, 1000);
        take_subscribe(&p, &sub, "dialog");
    }
    notify(&p, &sub, 200, "terminated;reason=timeout", NULL, NULL);
    UNTIL(&f, f.cancelledc == 1);
    close_trunk();
}
END_TEST

START_TEST(refresh_in_vain)
{
    open_trunk();
    (void)asked(4);
    inform(true, "confirmed");
    clock_skip(&f, 3600000);
    peer_expect(&p, "SUBSCRIBE");
    ck_assert_str_eq(peer_header(&p, "Call-ID"), sub.call_id);
    peer_answer(&p, 481, NULL);
    UNTIL(&f, f.cancelledc == 1);
    ck_assert_uint_eq(f.cancelled, 4);
    close_trunk();
}
END_TEST

START_TEST(callback_not_answered)
{
    uint32_t b;

    open_trunk();
    (void)asked(2);
    inform(true, NULL);
    b = called_back(2);
    for (int i = 0; i < 10; i++) {
        clock_skip(&f, 3600000);
    }
    wait_state(&f, b, SESSION_DISCONNECTED);
    says(&f, b, "ring ring ring ring ring ring ring ring ring ring DISCONNECTED:NOANSWER");
    close_trunk();
}
END_TEST

START_TEST(busy_again)
{
    uint32_t b;

    open_trunk();
    (void)asked(2);
    inform(true, NULL);
    b = called_back(2);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ACCEPT, b, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, NULL);
    wait_state(&f, b, SESSION_DISCONNECTED);
    says(&f, b, "ring DISCONNECTED:BUSY");
    close_trunk();
}
END_TEST

START_TEST(no_room_for_it)
{
    struct session_cmd reject = {.type = SESSION_CMD_REJECT, .mode = SESSION_DISC_BUSY};
    uint32_t b;

    open_trunk();
    (void)asked(2);
    inform(true, NULL);
    b = called_back(2);
    reject.leg = f.legv[b].id;
    f.b->ops->command(f.b, 0, &reject);
    UNTIL(&f, f.cancelledc == 1);
    ck_assert_uint_eq(f.cancelled, 2);
    close_trunk();
}
END_TEST

START_TEST(nobody_attends)
{
    open_trunk();
    (void)asked(2);
    fixture_attend(&f, 0, false);
    inform(true, NULL);
    UNTIL(&f, f.cancelledc == 1);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    lets_be();
    close_trunk();
}
END_TEST

/* What makes no sense, is old, or is about something else, tells nothing. */
START_TEST(garbage)
{
    static const char *const v[] = {
        "",
        "<",
        "x",
        "<dialog-info",
        "<dialog-info/>",
        "<dialog-info version=\"9\"/>",
        "<dialog-info version=\"9\" state=\"some\"/>",
        "<dialog-info version=\"-1\" state=\"full\"/>",
        "<dialog-info version=\"99999999999\" state=\"full\"/>",
        "<presence version=\"9\" state=\"full\"/>",
        "<dialog-info version=\"9\" state=\"full\"><dialog></dialog-info>",
        "<dialog-info version=\"9\" state=\"full\"><dialog id=\"1\"><state>confirmed</state></dialog>",
        "<!DOCTYPE x [<!ENTITY a \"b\">]><a/>",
        "<?xml?><?xml?><!-- --><!-- <dialog-info version=\"9\" state=\"full\"/>"};
    char deep[3000];

    open_trunk();
    (void)asked(2);
    inform(true, "confirmed");
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        notify(&p, &sub, 200, "active", INFO, v[i]);
        nothing();
    }
    for (size_t i = 0; i + 4 < sizeof(deep); i += 3) {
        memcpy(deep + i, "<a>", 4);
    }
    notify(&p, &sub, 200, "active", INFO, deep);
    nothing();
    notify(&p, &sub, 200, "active", "text/plain", document(true, NULL));
    nothing();
    version = 0;
    notify(&p, &sub, 200, "active", INFO, document(true, NULL)); /* told already */
    nothing();
    inform(false, "terminated");
    (void)called_back(2);
    close_trunk();
}
END_TEST

/* It ends while an answer is waited for, and while somebody is watched. */
START_TEST(end_in_the_middle)
{
    uint32_t a;

    open_trunk();
    (void)asked(1);
    a = meets_busy();
    (void)complete(a, SESSION_COMPL_CALLBACK, 2);
    next_subscribe(&p, &sub, "dialog");
    close_trunk();
}
END_TEST

/* The call is dropped before there is an answer: what was asked for is, until the core takes it back. */
START_TEST(dropped_meanwhile)
{
    uint32_t a, token;

    open_trunk();
    a = meets_busy();
    token = complete(a, SESSION_COMPL_CALLBACK, 2);
    next_subscribe(&p, &sub, "dialog");
    drop(&f, a);
    peer_answer(&p, 200, "Expires: 3600\r\n");
    took(token, 2);
    inform(true, "confirmed");
    ck_assert_int_eq(result(&f, uncomplete(2)), SESSION_E_OK);
    lets_be();
    close_trunk();
}
END_TEST

START_TEST(what_an_account_can)
{
    struct sip_account_conf c = {.user = "u"};
    const uint64_t both = SESSION_OP_BIT(SESSION_OP_COMPLETECALL) | SESSION_OP_BIT(SESSION_OP_UNCOMPLETECALL);

    ck_assert(!(sip_account_ops(&c, NULL) & both));
    c.completion = true;
    ck_assert((sip_account_ops(&c, NULL) & both) == both);
}
END_TEST

Suite *completion_suite(void)
{
    Suite *s = suite_create("sip completion");
    TCase *t = tcase_create("completion");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, busy_then_free);
    tcase_add_test(t, free_at_once);
    tcase_add_test(t, refused);
    tcase_add_test(t, not_so);
    tcase_add_test(t, nobody_answers);
    tcase_add_test(t, taken_back);
    tcase_add_test(t, goes_with_its_line);
    tcase_add_test(t, watching_ends);
    tcase_add_test(t, watching_ends_for_ever);
    tcase_add_test(t, refresh_in_vain);
    tcase_add_test(t, callback_not_answered);
    tcase_add_test(t, busy_again);
    tcase_add_test(t, no_room_for_it);
    tcase_add_test(t, nobody_attends);
    tcase_add_test(t, garbage);
    tcase_add_test(t, end_in_the_middle);
    tcase_add_test(t, dropped_meanwhile);
    tcase_add_test(t, what_an_account_can);
    suite_add_tcase(s, t);
    return s;
}
