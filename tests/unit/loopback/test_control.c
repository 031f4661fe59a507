/* The embedded exchange alone: hold, transfer, conference. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER SESSION_CMD_ANSWER
#define DROP SESSION_CMD_DROP
#define HOLD SESSION_CMD_HOLD
#define UNHOLD SESSION_CMD_UNHOLD

static struct fixture fix;
static struct fixture *f = &fix;

static void setup(void)
{
    fixture_open(f);
}

static void teardown(void)
{
    ck_assert_uint_eq(f->b->ops->legs(f->b), 0);
    fixture_close(f);
}

/* A command on one leg or two; `new1` and `new2` are sessions to be. */
static const char *control(enum session_cmd_type type, char leg, char leg2, const char *number, uint32_t new1,
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

/* a and b are connected, of lines 0 and 1. */
static void connect(void)
{
    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
}

START_TEST(hold)
{
    connect();
    says(command(f, HOLD, 'a'), "a done, b CONNECTED(HELD)=100");
    says(command(f, HOLD, 'a'), "a done BADSTATE");
    says(command(f, HOLD, 'b'), "b done held=100"); /* who holds as well is told when it comes back */
    says(command(f, UNHOLD, 'b'), "b done held=100");
    says(command(f, UNHOLD, 'a'), "a done, b CONNECTED=100");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(transfer_to_one_who_is_connected)
{
    connect();
    says(control(SESSION_CMD_CONSULT, 'a', 0, "102", 50, 0),
         "a done leg c, c DIALING, c PROCEEDING, d in 2.0 ->102, c RINGBACK, b CONNECTED(HELD)=100, d ring");
    command(f, ANSWER, 'd');
    says(control(SESSION_CMD_TRANSFER, 'a', 'c', "", 0, 0),
         "a done, b party connected 102, b CONNECTED=102, d party connected 101 call 1 was 50, d CONNECTED=101");
    says(command(f, DROP, 'b'), "b done, d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(transfer_to_one_who_rings)
{
    connect();
    control(SESSION_CMD_CONSULT, 'a', 0, "102", 50, 0);
    says(control(SESSION_CMD_TRANSFER, 'a', 'c', "", 0, 0),
         "a done, b party connected 102, b CONNECTED=102, d party caller 101 by 100 to 102 call 1 was 50");
    says(command(f, DROP, 'd'), "d done, b DISCONNECTED(REJECT)");
}
END_TEST

START_TEST(transfer_to_one_who_is_busy)
{
    connect();
    control(SESSION_CMD_CONSULT, 'a', 0, "601", 50, 0);
    says(control(SESSION_CMD_TRANSFER, 'a', 'c', "", 0, 0), "a done, b DISCONNECTED(BUSY)");
}
END_TEST

START_TEST(transfer_to_its_own_other_end)
{
    connect();
    says(control(SESSION_CMD_TRANSFER, 'a', 'b', "", 0, 0), "a done FAILED");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(transfer_to_and_of_special_numbers)
{
    connect();
    control(SESSION_CMD_CONSULT, 'a', 0, "603", 50, 0);
    says(control(SESSION_CMD_TRANSFER, 'a', 'c', "", 0, 0), "a done, b party connected 603, b CONNECTED=603");
    says(later(f, 2000), "b DISCONNECTED(NORMAL)");
    fixture_forget(f);
    place(f, 0, 0, "600");
    control(SESSION_CMD_CONSULT, 'a', 0, "102", 51, 0);
    command(f, ANSWER, 'c');
    says(control(SESSION_CMD_TRANSFER, 'a', 'b', "", 0, 0), "a done, c party connected 600, c CONNECTED=600");
    says(command(f, DROP, 'c'), "c done");
}
END_TEST

START_TEST(deflect)
{
    connect();
    says(control(SESSION_CMD_DEFLECT, 'b', 0, "999", 0, 0), "b done BADADDRESS");
    says(control(SESSION_CMD_DEFLECT, 'b', 0, "102", 0, 0),
         "b done, c in 2.0 100>102 by 101 for 100, a party connected 102 by 101 to 102, c ring");
    says(control(SESSION_CMD_DEFLECT, 'c', 0, "103", 0, 0),
         "c done, d in 3.0 100>102 by 102 for 40, a party connected 103 by 102 to 103, d ring");
    says(command(f, ANSWER, 'd'), "d done=100, a CONNECTED=103");
    says(command(f, DROP, 'a'), "a done, d DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(conference)
{
    connect();
    says(control(SESSION_CMD_SETUPCONF, 'a', 0, "", 50, 51), "a done leg c bridge d, c DIALTONE");
    says(control(SESSION_CMD_TRANSFER, 'd', 'a', "", 0, 0), "d done BADSTATE");
    says(command(f, HOLD, 'a'), "a done BADSTATE"); /* a member */
    dial(f, 'c', "600");
    says(control(SESSION_CMD_ADD, 'd', 'c', "", 0, 0), "d done");
    says(control(SESSION_CMD_ADD, 'd', 'c', "", 0, 0), "d done BADSTATE");
    says(command(f, DROP, 'c'), "c done");
    says(control(SESSION_CMD_COLLAPSE, 'd', 'a', "", 0, 0), "");
    says(command(f, HOLD, 'a'), "a done, b CONNECTED(HELD)=100"); /* a call of its own again */
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL)");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loopback control");
    TCase *tc = tcase_create("control");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, hold);
    tcase_add_test(tc, transfer_to_one_who_is_connected);
    tcase_add_test(tc, transfer_to_one_who_rings);
    tcase_add_test(tc, transfer_to_one_who_is_busy);
    tcase_add_test(tc, transfer_to_its_own_other_end);
    tcase_add_test(tc, transfer_to_and_of_special_numbers);
    tcase_add_test(tc, deflect);
    tcase_add_test(tc, conference);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
