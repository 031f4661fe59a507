/* Calls that are up: hold, transfer, conference, digits. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;

static void connect_legs(uint32_t from, uint32_t to, uint32_t *a, uint32_t *b)
{
    *a = place(&f, from, uri_of(&f, to));
    f.legv[*a].line = from;
    *b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, *b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, *a, SESSION_CONNECTED);
    take(&f);
    f.legv[*a].log[0] = f.legv[*b].log[0] = '\0';
}

static void open_lines(uint32_t count)
{
    fixture_init(&f, count);
    fixture_open(&f);
}

START_TEST(held)
{
    uint32_t a, b, token;

    open_lines(2);
    connect_legs(0, 1, &a, &b);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, a, UINT32_MAX)), SESSION_E_OK);
    UNTIL(&f, f.legv[b].mode == SESSION_CONNECTED_ACTIVEHELD);
    says(&f, b, "CONNECTED:HELD");
    /* both hold, one after the other is taken back */
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, b, UINT32_MAX)), SESSION_E_OK);
    token = order(&f, SESSION_CMD_UNHOLD, a, UINT32_MAX);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    ck_assert_uint_eq(f.donev[f.donec - 1].mode, SESSION_CONNECTED_ACTIVEHELD);
    token = order(&f, SESSION_CMD_UNHOLD, b, UINT32_MAX);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    ck_assert_uint_eq(f.donev[f.donec - 1].mode, SESSION_CONNECTED_ACTIVE);
    UNTIL(&f, strstr(f.legv[a].log, "CONNECTED") != NULL);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_UNHOLD, a, UINT32_MAX)), SESSION_E_BADSTATE);
    drop(&f, b);
    wait_state(&f, a, SESSION_DISCONNECTED);
    fixture_close(&f);
}
END_TEST

START_TEST(swapped)
{
    uint32_t a, b, c, d;

    open_lines(3);
    connect_legs(0, 1, &a, &b);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, a, UINT32_MAX)), SESSION_E_OK);
    connect_legs(0, 2, &c, &d);
    UNTIL(&f, f.legv[b].mode == SESSION_CONNECTED_ACTIVEHELD);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_SWAP, c, a)), SESSION_E_OK);
    UNTIL(&f, f.legv[d].mode == SESSION_CONNECTED_ACTIVEHELD && f.legv[b].mode == SESSION_CONNECTED_ACTIVE);
    drop(&f, a);
    drop(&f, c);
    UNTIL(&f, f.b->ops->legs(f.b) == 0);
    fixture_close(&f);
}
END_TEST

START_TEST(redirected)
{
    uint32_t a, b, c;

    open_lines(3);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DEFLECT, b, uri_of(&f, 2))), SESSION_E_OK);
    c = incoming(&f);
    ck_assert_uint_eq(f.legv[c].line, 2);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, c, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2);
    fixture_close(&f);
}
END_TEST

START_TEST(blind)
{
    uint32_t a, b, c, token;

    open_lines(3);
    connect_legs(0, 1, &a, &b);
    token = dial(&f, SESSION_CMD_DEFLECT, b, uri_of(&f, 2)); /* u1 sends u0 to u2 */
    c = incoming(&f);
    ck_assert_str_eq(f.legv[c].caller, "u0");
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, c, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    UNTIL(&f, strstr(f.legv[a].log, "party") != NULL);
    ck_assert_str_eq(f.legv[a].connected, "u2");
    UNTIL(&f, f.b->ops->legs(f.b) == 2);
    drop(&f, c);
    wait_state(&f, a, SESSION_DISCONNECTED);
    fixture_close(&f);
}
END_TEST

START_TEST(blind_in_vain)
{
    uint32_t a, b, c, token;

    open_lines(3);
    connect_legs(0, 1, &a, &b);
    token = dial(&f, SESSION_CMD_DEFLECT, b, uri_of(&f, 2));
    c = incoming(&f);
    drop(&f, c);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2); /* they are as they were */
    ck_assert(!f.legv[a].gone && !f.legv[b].gone);
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    fixture_close(&f);
}
END_TEST

/* u1 has u0 on hold and calls u2: indexes of its two legs and the far ones. */
static void consult(uint32_t *a, uint32_t *b, uint32_t *b2, uint32_t *c, bool answer)
{
    uint32_t token;

    connect_legs(0, 1, a, b);
    f.legv[*b].line = 1;
    token = dial(&f, SESSION_CMD_CONSULT, *b, uri_of(&f, 2));
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    *b2 = leg_index(&f, f.donev[f.donec - 1].leg2);
    f.legv[*b2].line = 1;
    *c = incoming(&f);
    if (answer) {
        ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, *c, UINT32_MAX)), SESSION_E_OK);
        wait_state(&f, *b2, SESSION_CONNECTED);
    } else {
        wait_state(&f, *b2, SESSION_RINGBACK);
    }
    UNTIL(&f, f.legv[*a].mode == SESSION_CONNECTED_ACTIVEHELD);
}

START_TEST(attended)
{
    uint32_t a, b, b2, c;

    open_lines(3);
    consult(&a, &b, &b2, &c, true);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_TRANSFER, b, b2)), SESSION_E_OK);
    UNTIL(&f, strstr(f.legv[a].log, "party") != NULL && strstr(f.legv[c].log, "party") != NULL);
    ck_assert_str_eq(f.legv[a].connected, "u2");
    ck_assert_str_eq(f.legv[c].connected, "u0");
    UNTIL(&f, f.b->ops->legs(f.b) == 2);
    UNTIL(&f, f.legv[a].mode == SESSION_CONNECTED_ACTIVE);
    drop(&f, a);
    wait_state(&f, c, SESSION_DISCONNECTED);
    fixture_close(&f);
}
END_TEST

START_TEST(attended_while_it_rings)
{
    uint32_t a, b, b2, c, d, token;

    open_lines(3);
    consult(&a, &b, &b2, &c, false);
    ck_assert_int_eq(session_dial_parse_uri("", 0, &(struct session_dial){.number = ""}), SESSION_E_OK);
    token = order(&f, SESSION_CMD_TRANSFER, b, b2);
    wait_state(&f, c, SESSION_DISCONNECTED);
    d = incoming(&f);
    ck_assert_str_eq(f.legv[d].caller, "u0");
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, d, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    UNTIL(&f, f.b->ops->legs(f.b) == 2);
    fixture_close(&f);
}
END_TEST

START_TEST(conference)
{
    struct session_cmd cmd = {.type = SESSION_CMD_SETUPCONF};
    struct session_dial d;
    uint32_t a, b, b2, c, bridge, token;

    open_lines(3);
    connect_legs(0, 1, &a, &b);
    ck_assert_int_eq(session_dial_parse_uri(uri_of(&f, 2), strlen(uri_of(&f, 2)), &d), SESSION_E_OK);
    cmd.leg = f.legv[b].id;
    cmd.session = f.legv[b].session;
    cmd.line = 1;
    cmd.session2 = 71;
    cmd.session3 = 72;
    cmd.dial = &d;
    token = give(&f, &cmd);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    b2 = leg_index(&f, f.donev[f.donec - 1].leg2);
    bridge = leg_index(&f, f.donev[f.donec - 1].bridge);
    f.legv[bridge].session = 72;
    c = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, c, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, b2, SESSION_CONNECTED);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ADD, bridge, b2)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ADD, bridge, b2)), SESSION_E_BADSTATE);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, bridge, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_UNHOLD, bridge, UINT32_MAX)), SESSION_E_OK);
    drop(&f, c);
    wait_state(&f, b2, SESSION_DISCONNECTED);
    cmd = (struct session_cmd){.type = SESSION_CMD_COLLAPSE, .leg = f.legv[bridge].id, .leg2 = f.legv[b].id};
    f.b->ops->command(f.b, 0, &cmd);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2);
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    fixture_close(&f);
}
END_TEST

START_TEST(conference_of_two_calls)
{
    uint32_t a, b, b2, c, token, bridge;

    open_lines(3);
    consult(&a, &b, &b2, &c, true);
    token = order(&f, SESSION_CMD_CONFERENCE, b2, b);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    bridge = f.donev[f.donec - 1].bridge;
    ck_assert_uint_ne(bridge, 0);
    UNTIL(&f, f.legv[a].mode == SESSION_CONNECTED_ACTIVE);
    drop(&f, leg_index(&f, bridge));
    drop(&f, b);
    drop(&f, b2);
    UNTIL(&f, f.b->ops->legs(f.b) == 0);
    fixture_close(&f);
}
END_TEST

START_TEST(digits)
{
    struct session_play play = {
        .kind = SESSION_PLAY_DIGITS, .mode = SESSION_DIGIT_DTMF, .digits = "1#x", .digitc = 3, .serial = 7};
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = &play};
    uint32_t a, b;

    open_lines(2);
    connect_legs(0, 1, &a, &b);
    cmd.leg = f.legv[a].id;
    cmd.session = f.legv[a].session;
    f.b->ops->command(f.b, 0, &cmd);
    UNTIL(&f, strstr(f.legv[b].log, "hears:#") != NULL);
    says(&f, b, "hears:1 hears:#");
    UNTIL(&f, f.legv[a].log[0]);
    says(&f, a, "played");
    play = (struct session_play){
        .kind = SESSION_PLAY_TONES, .serial = 8, .tonec = 2, .total_ms = 60, .tonev = {{440, 100, 0}, {480, 100, 0}}};
    f.b->ops->command(f.b, 0, &cmd);
    UNTIL(&f, f.legv[a].log[0]);
    says(&f, a, "played");
    play.tonec = 3;
    f.b->ops->command(f.b, 0, &cmd);
    UNTIL(&f, f.legv[a].log[0]);
    says(&f, a, "unplayed");
    fixture_close(&f);
}
END_TEST

/* Digits get through what is encrypted only if both ends have the key. */
START_TEST(encrypted)
{
    struct session_play play = {
        .kind = SESSION_PLAY_DIGITS, .mode = SESSION_DIGIT_DTMF, .digits = "5", .digitc = 1, .serial = 1};
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = &play};
    uint32_t a, b;

    for (int optional = 0; optional < 2; optional++) {
        fixture_init(&f, 2);
        f.accountv[0].srtp = SIP_SRTP_MANDATORY;
        f.accountv[1].srtp = optional ? SIP_SRTP_OPTIONAL : SIP_SRTP_MANDATORY;
        fixture_open(&f);
        connect_legs(0, 1, &a, &b);
        ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, a, UINT32_MAX)), SESSION_E_OK);
        ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_UNHOLD, a, UINT32_MAX)), SESSION_E_OK);
        cmd.leg = f.legv[a].id;
        cmd.session = f.legv[a].session;
        f.b->ops->command(f.b, 0, &cmd);
        UNTIL(&f, strstr(f.legv[b].log, "hears:5") != NULL);
        fixture_close(&f);
    }
}
END_TEST

START_TEST(encrypted_or_not_at_all)
{
    uint32_t a, b;

    fixture_init(&f, 2);
    f.accountv[0].srtp = SIP_SRTP_MANDATORY;
    fixture_open(&f);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_FAILED);
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_INCOMPATIBLE);
    fixture_close(&f);
}
END_TEST

START_TEST(over_tcp)
{
    char text[100];
    uint32_t a, b;

    fixture_init(&f, 2);
    f.accountv[0].transport = f.accountv[1].transport = SIP_TCP;
    fixture_open(&f);
    (void)snprintf(text, sizeof(text), "sip:u1@127.0.0.1:%u;transport=tcp", (unsigned)sip_port(f.b, SIP_TCP));
    a = place(&f, 0, text);
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    drop(&f, b);
    wait_state(&f, a, SESSION_DISCONNECTED);
    fixture_close(&f);
}
END_TEST

Suite *control_suite(void)
{
    Suite *s = suite_create("sip control");
    TCase *t = tcase_create("control");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, held);
    tcase_add_test(t, swapped);
    tcase_add_test(t, redirected);
    tcase_add_test(t, blind);
    tcase_add_test(t, blind_in_vain);
    tcase_add_test(t, attended);
    tcase_add_test(t, attended_while_it_rings);
    tcase_add_test(t, conference);
    tcase_add_test(t, conference_of_two_calls);
    tcase_add_test(t, digits);
    tcase_add_test(t, encrypted);
    tcase_add_test(t, encrypted_or_not_at_all);
    tcase_add_test(t, over_tcp);
    suite_add_tcase(s, t);
    return s;
}
