/* What happens inside calls of the embedded exchange. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdlib.h>
#include <string.h>

static struct fixture f;

static void setup(void)
{
    fixture_open(&f);
}

static void teardown(void)
{
    fixture_close(&f);
}

static void connected(void)
{
    says(place(&f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(command(&f, SESSION_CMD_ANSWER, 'b'), "b done=100, a CONNECTED=101");
}

START_TEST(uui_with_every_command)
{
    attach(&f, "hello", NULL);
    says(place(&f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101 uui=hello, a RINGBACK, b ring");
    attach(&f, "wait", NULL);
    says(command(&f, SESSION_CMD_ACCEPT, 'b'), "a informed uui=wait, b done");
    attach(&f, "still ringing", NULL);
    says(command(&f, SESSION_CMD_INFORM, 'a'), "b informed uui=still ringing, a done");
    attach(&f, "yes", NULL);
    says(command(&f, SESSION_CMD_ANSWER, 'b'), "a informed uui=yes, b done=100, a CONNECTED=101");
    attach(&f, "bye", NULL);
    says(command(&f, SESSION_CMD_DROP, 'a'), "a done, b informed uui=bye, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(sent_while_dialling)
{
    attach(&f, "first", "data");
    says(place(&f, 0, 0, ""), "a done, a DIALTONE");
    attach(&f, "second", NULL);
    says(command(&f, SESSION_CMD_INFORM, 'a'), "a done");
    says(dial(&f, 'a', "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101 uui=first data=data, a RINGBACK, "
                               "b informed uui=second, b ring");
    says(command(&f, SESSION_CMD_DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(not_offered_yet)
{
    says(attend(&f, 1, false), "");
    says(place(&f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    attach(&f, "one", NULL);
    says(command(&f, SESSION_CMD_INFORM, 'a'), "a done");
    attach(&f, "two", "x");
    says(command(&f, SESSION_CMD_INFORM, 'a'), "a done");
    says(attend(&f, 1, true), "b in 1.0 100>101 uui=one, b informed uui=two, b informed data=x, b ring");
    attach(&f, "no", NULL);
    says(command(&f, SESSION_CMD_DROP, 'b'), "b done, a informed uui=no, a DISCONNECTED(REJECT)");
}
END_TEST

START_TEST(call_data_both_ways)
{
    connected();
    attach(&f, NULL, "4711");
    says(command(&f, SESSION_CMD_INFORM, 'b'), "a informed data=4711, b done=100");
    attach(&f, NULL, "");
    says(command(&f, SESSION_CMD_INFORM, 'a'), "b informed data=, a done");
}
END_TEST

START_TEST(special_numbers)
{
    says(place(&f, 0, 0, "600"), "a done, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=600");
    attach(&f, "echo", "data");
    says(command(&f, SESSION_CMD_INFORM, 'a'), "a informed uui=echo, a done");
    says(place(&f, 1, 0, "602"), "b done, b DIALING, b PROCEEDING, b RINGBACK");
    attach(&f, "silence", "data");
    says(command(&f, SESSION_CMD_INFORM, 'b'), "b done");
}
END_TEST

START_TEST(no_memory)
{
    connected();
    for (long left = 0; left < 3; left++) {
        f.allowed = left;
        attach(&f, "x", NULL);
        (void)command(&f, SESSION_CMD_INFORM, 'a');
        attach(&f, "bye", NULL);
        f.allowed = -1;
    }
    f.allowed = 0;
    attach(&f, "bye", NULL);
    says(command(&f, SESSION_CMD_DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
    fixture_forget(&f);
    f.allowed = -1;
    says(place(&f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    f.allowed = 0;
    attach(&f, "x", NULL);
    says(command(&f, SESSION_CMD_ANSWER, 'b'), "b done NOMEM");
    attach(&f, "x", NULL);
    says(command(&f, SESSION_CMD_ACCEPT, 'b'), "b done NOMEM");
    f.allowed = -1;
}
END_TEST

START_TEST(freed_with_news)
{
    struct session_cmd cmd = {.type = SESSION_CMD_INFORM};

    connected();
    attach(&f, "x", "y");
    cmd.leg = f.legv[0];
    cmd.session = f.sessionv[0];
    give(&f, &cmd); /* nothing is taken */
}
END_TEST

int main(void)
{
    Suite *s = suite_create("inside");
    TCase *tc = tcase_create("inside");
    SRunner *sr;
    int failed;

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, uui_with_every_command);
    tcase_add_test(tc, sent_while_dialling);
    tcase_add_test(tc, not_offered_yet);
    tcase_add_test(tc, call_data_both_ways);
    tcase_add_test(tc, special_numbers);
    tcase_add_test(tc, no_memory);
    tcase_add_test(tc, freed_with_news);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
