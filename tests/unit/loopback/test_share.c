/* The embedded exchange alone: who hears whom, and what reaches whom, in calls of more than two. SPDX-License-Identifier: MIT */
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

static void setup(void)
{
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
    struct session_cmd cmd = {.type = type, .dial = &d, .session2 = new1, .session3 = new2, .call_id = new1};

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
    struct session_play p = {.kind = SESSION_PLAY_DIGITS, .serial = 1, .mode = SESSION_DIGIT_DTMF, .digits = "5",
                             .digitc = 1, .digit_ms = 100};
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
    two(SESSION_CMD_ADD, 'e', 'f', "", 0, 0);
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
         "a done, b informed data=other, b party connected 102, b CONNECTED=102, d party caller 101 by 100 to 102 call 1 was 50");
    attach(f, NULL, "");
    says(command(f, INFORM, 'b'), "d informed data=, b done");
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
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
