/* The embedded exchange alone: who hears whom, and what reaches whom, in calls of more than two.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER SESSION_CMD_ANSWER
#define DROP SESSION_CMD_DROP
#define HOLD SESSION_CMD_HOLD
#define UNHOLD SESSION_CMD_UNHOLD
#define INFORM SESSION_CMD_INFORM

static struct fixture fix;
static struct fixture *f = &fix;
static uint32_t on_line; /* new legs of `two` */

static void setup(void)
{
    on_line = 0;
    fixture_open(f);
}

static void teardown(void)
{
    fixture_close(f);
}

/* A command on one leg or two; `new1` and `new2` are sessions to be. */
static const char *two(enum session_cmd_type type, char leg, char leg2, const char *number, uint32_t new1,
                       uint32_t new2)
{
    struct session_dial d;
    struct session_cmd cmd = {
        .type = type, .dial = &d, .session2 = new1, .session3 = new2, .call_id = new1, .line = on_line};

    ck_assert_int_eq(session_dial_parse(number, strlen(number), &d), SESSION_E_OK);
    cmd.leg = f->legv[leg - 'a'];
    cmd.session = f->sessionv[leg - 'a'];
    cmd.leg2 = leg2 ? f->legv[leg2 - 'a'] : 0;
    cmd.token = type == SESSION_CMD_COLLAPSE ? 0 : ++f->token;
    give(f, &cmd);
    return take(f);
}

/* `leg` sends a digit of 100 ms: who hears it begin. All of it is over then. */
static const char *digit(char leg)
{
    static char text[200];
    struct session_play p = {.kind = SESSION_PLAY_DIGITS,
                             .serial = 1,
                             .mode = SESSION_DIGIT_DTMF,
                             .digits = "5",
                             .digitc = 1,
                             .digit_ms = 100};
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = &p};

    cmd.leg = f->legv[leg - 'a'];
    cmd.session = f->sessionv[leg - 'a'];
    give(f, &cmd);
    strcpy(text, take(f));
    (void)later(f, 100);
    (void)later(f, 100);
    return text;
}

/* a and b are connected, of lines 0 and 1. */
static void connect(void)
{
    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
}

/* a and b, c and d are connected; e is the conference of a and c, of line 0. */
static void conference(void)
{
    connect();
    two(SESSION_CMD_CONSULT, 'a', 0, "102", 50, 0);
    command(f, ANSWER, 'd');
    says(two(SESSION_CMD_CONFERENCE, 'c', 'a', "", 0, 51), "c done bridge e, b CONNECTED=100");
    f->sessionv[4] = 51;
}

START_TEST(held_hear_nothing)
{
    connect();
    says(digit('a'), "b hears 5");
    says(digit('b'), "a hears 5");
    command(f, HOLD, 'a');
    says(digit('a'), "");
    says(digit('b'), "");
    command(f, UNHOLD, 'a');
    command(f, HOLD, 'b');
    says(digit('a'), "");
    says(digit('b'), "");
    command(f, UNHOLD, 'b');
    says(digit('a'), "b hears 5");
    fixture_forget(f);
    place(f, 2, 0, "600");
    command(f, HOLD, 'a');
    says(digit('a'), ""); /* no echo of one who holds */
}
END_TEST

START_TEST(all_of_a_conference_hear)
{
    conference();
    says(digit('b'), "a hears 5, e hears 5, d hears 5");
    says(digit('d'), "c hears 5, e hears 5, b hears 5");
    says(digit('e'), "b hears 5, d hears 5");
    says(digit('a'), "b hears 5"); /* to that one alone */
    command(f, HOLD, 'd');
    says(digit('b'), "a hears 5, e hears 5");
    says(digit('d'), "");
    command(f, UNHOLD, 'd');
    /* a held conference goes on without its owner */
    command(f, HOLD, 'e');
    says(digit('b'), "d hears 5");
    says(digit('e'), "");
    command(f, UNHOLD, 'e');
    says(digit('d'), "c hears 5, e hears 5, b hears 5");
    says(command(f, DROP, 'c'), "c done, d DISCONNECTED(NORMAL)");
    says(digit('b'), "a hears 5, e hears 5");
}
END_TEST

/* Two conferences with two calls between them: each hears it once. */
START_TEST(conferences_in_a_circle)
{
    conference();
    place(f, 0, 1, "101"); /* f, and g of line 1 */
    command(f, ANSWER, 'g');
    command(f, HOLD, 'e');
    says(two(SESSION_CMD_ADD, 'e', 'f', "", 0, 0), "e done");
    says(two(SESSION_CMD_CONFERENCE, 'b', 'g', "", 0, 52), "b done bridge h=100");
    f->sessionv[7] = 52;
    says(digit('d'), "c hears 5, e hears 5, g hears 5, h hears 5");
}
END_TEST

START_TEST(a_conference_is_told)
{
    conference();
    attach(f, "hello", "4711");
    says(command(f, INFORM, 'e'), "b informed uui=hello, b informed data=4711, d informed uui=hello, "
                                  "d informed data=4711, e done");
    attach(f, "to one", NULL);
    says(command(f, INFORM, 'c'), "d informed uui=to one, c done");
    attach(f, "from one", NULL);
    says(command(f, INFORM, 'b'), "a informed uui=from one, b done=100");
    f->allowed = 1;
    attach(f, "x", NULL);
    says(command(f, INFORM, 'e'), "b informed uui=x, e done NOMEM");
    f->allowed = -1;
}
END_TEST

/* The data of a call stays with it when one of its ends is exchanged. */
START_TEST(data_goes_along)
{
    connect();
    attach(f, NULL, "4711");
    command(f, INFORM, 'a');
    two(SESSION_CMD_CONSULT, 'a', 0, "102", 50, 0);
    attach(f, NULL, "other");
    command(f, INFORM, 'c'); /* of the consultation call, while it rings */
    command(f, ANSWER, 'd');
    says(two(SESSION_CMD_TRANSFER, 'a', 'c', "", 0, 0),
         "a done, d informed data=4711, b party connected 102, b CONNECTED=102, "
         "d party connected 101 call 1 was 50, d CONNECTED=101");
    attach(f, "now to d", NULL);
    says(command(f, INFORM, 'b'), "d informed uui=now to d, b done=102");
    says(two(SESSION_CMD_DEFLECT, 'd', 0, "103", 0, 0),
         "d done, e in 3.0 101>103 data=4711 by 102 for 100, b party connected 103 by 102 to 103, e ring");
    /* and when it is redirected before the answer */
    says(two(SESSION_CMD_DEFLECT, 'e', 0, "1010", 0, 0),
         "e done, f in 4.0 101>103 data=4711 by 103 for 40, b party connected 1010 by 103 to 1010, f ring");
}
END_TEST

START_TEST(data_of_the_consultation_call)
{
    connect();
    two(SESSION_CMD_CONSULT, 'a', 0, "102", 50, 0);
    attach(f, NULL, "other");
    command(f, INFORM, 'c');
    says(two(SESSION_CMD_TRANSFER, 'a', 'c', "", 0, 0),
         "a done, b informed data=other, b party connected 102, b CONNECTED=102, d party caller 101 by 100 to 102 call "
         "1 was 50");
    attach(f, NULL, "");
    says(command(f, INFORM, 'b'), "d informed data=, b done");
}
END_TEST

/* ---- shared addresses -------------------------------------------------------------------------------------------- */

/* 200 is on lines 1, 2 and 3, all of one kind of sharing; 100 on line 0 and 104 on line 4 are not shared. */
static void shared(uint8_t sharing)
{
    static const struct loopback_ext extv[] = {
        {0, 0, "100", "Ann"}, {1, 0, "200", "One"}, {2, 0, "200", "Two"}, {3, 0, "200", "Three"}, {4, 0, "104", NULL}};
    const uint8_t sharingv[] = {0, sharing, sharing, sharing, 0};
    struct loopback_conf conf = {.extc = 5,
                                 .extv = extv,
                                 .sharingv = sharingv,
                                 .specialc = LOOPBACK_DEFAULT_SPECIALC,
                                 .specialv = loopback_default_specialv};

    fixture_close(f);
    fixture_open_conf(f, &conf);
    for (uint32_t line = 0; line < 5; line++) {
        says(attend(f, line, true), "");
    }
}

/* a, of line 0, calls 200: b, c and d ring; `who` answers. */
static void shared_call(uint8_t sharing, char who)
{
    shared(sharing);
    place_as(f, 0, 0, "200", "100", false);
    command(f, ANSWER, who);
}

START_TEST(offered_at_all)
{
    shared(SESSION_SHARING_BRIDGEDSHARED);
    attach(f, "hi", "4711");
    says(place_as(f, 0, 0, "200", "100", false),
         "a done, a DIALING, a PROCEEDING, b in 1.0 100>200 uui=hi data=4711, c in 2.0 100>200 uui=hi data=4711, "
         "d in 3.0 100>200 uui=hi data=4711, a RINGBACK, b ring, c ring, d ring");
    says(later(f, LOOPBACK_RING_MS), "b ring, c ring, d ring");
    attach(f, "not here", NULL);
    says(command(f, DROP, 'b'), "b done");
    attach(f, "all", NULL);
    says(command(f, INFORM, 'a'), "c informed uui=all, d informed uui=all, a done");
    says(command(f, ANSWER, 'c'), "c done=100, a CONNECTED=200, d CONNECTED(INACTIVE)=100");
    says(later(f, LOOPBACK_RING_MS), "");
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(NORMAL), d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(refused_by_all)
{
    shared(SESSION_SHARING_BRIDGEDEXCL);
    place_as(f, 0, 0, "200", "100", false);
    says(command(f, DROP, 'b'), "b done");
    says(reject(f, 'c', SESSION_DISC_BUSY), "");
    says(command(f, DROP, 'd'), "d done, a DISCONNECTED(REJECT)");
    fixture_forget(f);
    place_as(f, 0, 0, "200", "100", false);
    says(reject(f, 'b', SESSION_DISC_UNAVAIL), "");
    says(command(f, DROP, 'd'), "d done");
    says(reject(f, 'c', SESSION_DISC_BUSY), "a BUSY(STATION)");
    says(command(f, DROP, 'a'), "a done");
    fixture_forget(f);
    place_as(f, 0, 0, "200", "100", false);
    says(command(f, DROP, 'a'),
         "a done, b DISCONNECTED(CANCELLED), c DISCONNECTED(CANCELLED), d DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(lines_that_are_not_attended)
{
    shared(SESSION_SHARING_BRIDGEDSHARED);
    says(attend(f, 1, false), "");
    says(attend(f, 2, false), "");
    says(place_as(f, 0, 0, "200", "100", false),
         "a done, a DIALING, a PROCEEDING, b in 3.0 100>200, a RINGBACK, b ring");
    says(attend(f, 1, true), "c in 1.0 100>200, c ring");
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=200, c CONNECTED(INACTIVE)=100");
    says(attend(f, 2, true), "d in 2.0 100>200 CONNECTED(INACTIVE)=100");
    says(command(f, ANSWER, 'd'), "d done=100");
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(NORMAL), d DISCONNECTED(NORMAL), b DISCONNECTED(NORMAL)");
    fixture_forget(f);
    says(attend(f, 1, false), "");
    place_as(f, 0, 0, "200", "100", false); /* b, c of lines 2 and 3; line 1 never hears of it */
    says(command(f, DROP, 'b'), "b done");
    says(command(f, DROP, 'c'), "c done");
    says(command(f, DROP, 'a'), "a done");
}
END_TEST

START_TEST(new_ones_are_gone)
{
    shared_call(SESSION_SHARING_BRIDGEDNEW, 'b');
    fixture_forget(f);
    shared(SESSION_SHARING_BRIDGEDNEW);
    place_as(f, 0, 0, "200", "100", false);
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=200, c DISCONNECTED(PICKUP), d DISCONNECTED(PICKUP)");
    /* another call is a call of its own */
    says(place_as(f, 2, 0, "104", "200", false),
         "e done, e DIALING, e PROCEEDING, f in 4.0 200>104, e RINGBACK, f ring");
    says(command(f, ANSWER, 'f'), "f done=200, e CONNECTED=104");
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
    says(command(f, DROP, 'e'), "e done, f DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(exclusive)
{
    shared_call(SESSION_SHARING_BRIDGEDEXCL, 'c');
    says(command(f, ANSWER, 'b'), "b done INUSE");
    says(command(f, HOLD, 'b'), "b done BADSTATE");
    says(command(f, HOLD, 'c'), "c done=100, a CONNECTED(HELD)=200");
    says(command(f, ANSWER, 'b'), "b done INUSE");
    says(command(f, UNHOLD, 'b'), "b done BADSTATE");
    says(command(f, UNHOLD, 'c'), "c done=100, a CONNECTED=200");
    says(command(f, HOLD, 'a'), "a done, b CONNECTED(INACTIVEHELD)=100, c CONNECTED(HELD)=100, "
                                "d CONNECTED(INACTIVEHELD)=100");
    says(command(f, DROP, 'b'), "b done BADSTATE");
    says(command(f, DROP, 'c'), "c done, a DISCONNECTED(NORMAL), b DISCONNECTED(NORMAL), d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(barging_in)
{
    shared_call(SESSION_SHARING_BRIDGEDSHARED, 'c');
    says(digit('a'), "c hears 5");
    says(digit('b'), ""); /* it takes no part */
    attach(f, "me too", "4711");
    says(command(f, ANSWER, 'b'), "a informed uui=me too, a informed data=4711, c informed data=4711, "
                                  "d informed data=4711, b done=100");
    says(command(f, ANSWER, 'b'), "b done BADSTATE");
    says(digit('a'), "b hears 5, c hears 5");
    says(digit('b'), "c hears 5, a hears 5");
    attach(f, "both", "x");
    says(command(f, INFORM, 'a'), "b informed uui=both, b informed data=x, c informed uui=both, c informed data=x, "
                                  "d informed data=x, a done");
    /* with others in the call it goes nowhere */
    says(two(SESSION_CMD_CONSULT, 'c', 0, "104", 50, 0), "c done BADSTATE");
    says(two(SESSION_CMD_DEFLECT, 'b', 0, "104", 0, 0), "b done BADSTATE");
    /* and does not end or wait */
    says(command(f, HOLD, 'c'), "c done(INACTIVE)=100");
    says(digit('a'), "b hears 5");
    says(command(f, ANSWER, 'c'), "c done=100");
    says(command(f, DROP, 'b'), "b done(INACTIVE)=100");
    says(command(f, DROP, 'c'), "c done, a DISCONNECTED(NORMAL), b DISCONNECTED(NORMAL), d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(taken_from_hold)
{
    shared_call(SESSION_SHARING_BRIDGEDSHARED, 'c');
    says(command(f, HOLD, 'c'), "c done=100, a CONNECTED(HELD)=200");
    says(digit('a'), "");
    says(command(f, ANSWER, 'd'), "d done=100, c CONNECTED(INACTIVE)=100, a CONNECTED=200");
    says(command(f, UNHOLD, 'c'), "c done BADSTATE");
    says(digit('a'), "d hears 5");
    /* not one that waits for a transfer */
    says(two(SESSION_CMD_CONSULT, 'd', 0, "104", 50, 0),
         "d done leg e=100, e DIALING, e PROCEEDING, f in 4.0 ->104, e RINGBACK, a CONNECTED(HELD)=200, f ring");
    says(command(f, ANSWER, 'b'), "b done INUSE");
    command(f, ANSWER, 'f');
    says(two(SESSION_CMD_TRANSFER, 'd', 'e', "", 0, 0),
         "d done, b DISCONNECTED(NORMAL), c DISCONNECTED(NORMAL), a party connected 104, a CONNECTED=104, "
         "f party connected 100 call 1 was 50, f CONNECTED=100");
    says(command(f, DROP, 'f'), "f done, a DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(outgoing_appears_when_up)
{
    shared(SESSION_SHARING_BRIDGEDSHARED);
    f->outgoing = true;
    says(place_as(f, 2, 0, "104", "200", false),
         "a done, a DIALING, a PROCEEDING, b in 4.0 200>104, a RINGBACK, b ring");
    attach(f, NULL, "4711");
    says(command(f, ANSWER, 'b'), "a informed data=4711, b done=200, a CONNECTED=104, "
                                  "c in 1.0 200>104 CONNECTED(INACTIVE)=104 data=4711, "
                                  "d in 3.0 200>104 CONNECTED(INACTIVE)=104 data=4711");
    says(command(f, ANSWER, 'd'), "d done=104");
    says(digit('b'), "a hears 5, d hears 5");
    /* the other end is sent away, and rings somewhere else */
    says(two(SESSION_CMD_DEFLECT, 'b', 0, "100", 0, 0),
         "b done, e in 0.0 200>100 data=4711 by 104 for 100, a party connected 100 by 104 to 100, "
         "c party connected 100 by 104 to 100, d party connected 100 by 104 to 100, e ring");
    says(command(f, ANSWER, 'e'), "e done=200, a CONNECTED=100, c CONNECTED(INACTIVE)=100, d CONNECTED=100");
    says(command(f, DROP, 'a'), "a done(INACTIVE)=100");
    says(command(f, DROP, 'd'), "d done, e DISCONNECTED(NORMAL), a DISCONNECTED(NORMAL), c DISCONNECTED(NORMAL)");
    fixture_forget(f);
    f->outgoing = true;
    says(place_as(f, 1, 0, "603", "200", false), "a done=603, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=603, "
                                                 "b in 2.0 200>603 CONNECTED(INACTIVE)=603, "
                                                 "c in 3.0 200>603 CONNECTED(INACTIVE)=603");
    says(digit('a'), "a hears 5");
    says(later(f, 2000), "a DISCONNECTED(NORMAL), b DISCONNECTED(NORMAL), c DISCONNECTED(NORMAL)");
}
END_TEST

/* A station does not call its own number, and both ends may be shared. */
START_TEST(both_ends_are_shared)
{
    static const struct loopback_ext extv[] = {
        {0, 0, "100", NULL}, {1, 0, "100", NULL}, {2, 0, "200", NULL}, {3, 0, "200", NULL}};
    static const uint8_t sharingv[] = {8, 8, 2, 2};
    struct loopback_conf conf = {.extc = 4, .extv = extv, .sharingv = sharingv};

    fixture_close(f);
    fixture_open_conf(f, &conf);
    for (uint32_t line = 0; line < 4; line++) {
        attend(f, line, true);
    }
    says(place_as(f, 1, 0, "100", "100", false), "a done, a DIALING, a PROCEEDING, a BUSY(STATION)");
    says(command(f, DROP, 'a'), "a done");
    fixture_forget(f);
    place_as(f, 0, 0, "200", "100", false);
    f->outgoing = true;
    says(command(f, ANSWER, 'c'), "c done=100, a CONNECTED=200, b CONNECTED(INACTIVE)=100, "
                                  "d in 1.0 100>200 CONNECTED(INACTIVE)=200");
    says(command(f, ANSWER, 'd'), "d done=200");
    says(command(f, HOLD, 'c'), "c done=100, a CONNECTED(HELD)=200, d CONNECTED(HELD)=200");
    says(command(f, DROP, 'a'), "a done(INACTIVEHELD)=200");
    says(command(f, DROP, 'd'), "d done, b DISCONNECTED(NORMAL), c DISCONNECTED(NORMAL), a DISCONNECTED(NORMAL)");
}
END_TEST

/* A call of a shared address in a conference of one of its stations: nobody joins. */
START_TEST(in_a_conference)
{
    shared_call(SESSION_SHARING_BRIDGEDSHARED, 'c');
    on_line = 2;
    says(two(SESSION_CMD_CONSULT, 'c', 0, "104", 50, 0),
         "c done leg e=100, e DIALING, e PROCEEDING, f in 4.0 ->104, e RINGBACK, a CONNECTED(HELD)=200, f ring");
    f->outgoing = true;
    command(f, ANSWER, 'f'); /* g and h: it is a call of 200 as well */
    says(two(SESSION_CMD_CONFERENCE, 'e', 'c', "", 0, 51), "e done bridge i=104, a CONNECTED=200");
    f->sessionv[8] = 51;
    says(command(f, ANSWER, 'b'), "b done INUSE");
    says(command(f, ANSWER, 'g'), "g done INUSE");
    says(digit('a'), "c hears 5, i hears 5, f hears 5");
    says(digit('i'), "a hears 5, f hears 5");
    says(two(SESSION_CMD_COLLAPSE, 'i', 'c', "", 0, 0), "f CONNECTED(HELD)=-");
    says(command(f, ANSWER, 'b'), "b done=100");
}
END_TEST

/* Any allocation fails: calls are refused or go on unshared, nothing is lost. */
START_TEST(shared_without_memory)
{
    for (long n = 0; n < 40; n++) {
        struct session_cmd cmd = {.type = SESSION_CMD_LINE};

        shared(SESSION_SHARING_BRIDGEDSHARED);
        f->allowed = n;
        attach(f, "x", "y");
        place_as(f, 0, 0, "200", "100", false);
        for (char leg = 'b'; leg < (char)('a' + f->legc); leg++) {
            if (!f->endedv[leg - 'a'] && f->sessionv[leg - 'a'] >= 1000) {
                command(f, ANSWER, leg);
                break;
            }
        }
        f->outgoing = true;
        place_as(f, 1, 0, "104", "200", true);
        f->allowed = -1;
        give(f, &cmd);
        (void)take(f);
        fixture_forget(f);
    }
}
END_TEST

START_TEST(kinds_do_not_mix)
{
    static const struct loopback_ext extv[] = {{0, 0, "200", NULL}, {1, 0, "200", NULL}};
    static const uint8_t badv[][2] = {{0, 0}, {8, 0}, {0, 8}, {8, 4}, {1, 1}, {16, 16}, {12, 12}};
    struct fixture bad;
    struct loopback_conf conf = {.extc = 2, .extv = extv};

    for (size_t i = 0; i < sizeof(badv) / sizeof(badv[0]); i++) {
        fixture_mem(&bad);
        conf.mem = bad.mem;
        conf.sharingv = badv[i];
        ck_assert_int_eq(loopback_alloc(&bad.b, &conf), SESSION_E_BADPARAM);
        ck_assert_int_eq(bad.blocks, 0);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loopback share");
    TCase *tc = tcase_create("share");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, held_hear_nothing);
    tcase_add_test(tc, all_of_a_conference_hear);
    tcase_add_test(tc, conferences_in_a_circle);
    tcase_add_test(tc, a_conference_is_told);
    tcase_add_test(tc, data_goes_along);
    tcase_add_test(tc, data_of_the_consultation_call);
    tcase_add_test(tc, offered_at_all);
    tcase_add_test(tc, refused_by_all);
    tcase_add_test(tc, lines_that_are_not_attended);
    tcase_add_test(tc, new_ones_are_gone);
    tcase_add_test(tc, exclusive);
    tcase_add_test(tc, barging_in);
    tcase_add_test(tc, taken_from_hold);
    tcase_add_test(tc, outgoing_appears_when_up);
    tcase_add_test(tc, both_ends_are_shared);
    tcase_add_test(tc, in_a_conference);
    tcase_add_test(tc, shared_without_memory);
    tcase_add_test(tc, kinds_do_not_mix);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
