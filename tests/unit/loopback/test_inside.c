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

static const char *play(char leg, const struct session_play *p)
{
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = p};

    cmd.leg = f.legv[leg - 'a'];
    cmd.session = f.sessionv[leg - 'a'];
    give(&f, &cmd);
    return take(&f);
}

static struct session_play digits_of(const char *digits, uint32_t mode)
{
    return (struct session_play){.kind = SESSION_PLAY_DIGITS,
                                 .serial = 1,
                                 .mode = mode,
                                 .digits = digits,
                                 .digitc = (uint32_t)strlen(digits),
                                 .digit_ms = 100,
                                 .gap_ms = 50,
                                 .pause_ms = 1000};
}

START_TEST(digits_have_their_time)
{
    struct session_play p = digits_of("1,x2", SESSION_DIGIT_DTMF);

    connected();
    says(play('a', &p), "b hears 1");
    says(later(&f, 99), "");
    says(later(&f, 1), "b heard 1");
    says(later(&f, 50), "");
    says(later(&f, 999), "");
    says(later(&f, 1), "b hears 2");
    says(later(&f, 100), "b heard 2");
    says(later(&f, 50), "a played");
    says(later(&f, 5000), "");
    p = digits_of("30", SESSION_DIGIT_PULSE);
    says(play('b', &p), "a hears pulse 3");
    says(later(&f, 299), "");
    says(later(&f, 51), "a heard pulse 3, a hears pulse 0");
    /* late: it keeps its beat */
    says(later(&f, 2000), "a heard pulse 0, b played");
    p = digits_of("", SESSION_DIGIT_PULSE);
    says(play('b', &p), "b played");
}
END_TEST

START_TEST(replaced_and_stopped)
{
    struct session_play p = digits_of("5", SESSION_DIGIT_DTMF), none = {.kind = SESSION_PLAY_NONE};

    connected();
    says(play('a', &p), "b hears 5");
    says(play('b', &p), "a hears 5"); /* both at once */
    says(play('a', &p), "b heard 5, b hears 5");
    says(play('a', &none), "b heard 5");
    says(later(&f, 1000), "a heard 5, b played");
    says(play('a', &none), "");
    says(play('a', &p), "b hears 5");
    says(command(&f, SESSION_CMD_DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
    says(later(&f, 1000), "");
}
END_TEST

START_TEST(cadences)
{
    struct session_play p = {.kind = SESSION_PLAY_TONES,
                             .serial = 1,
                             .tonec = 3,
                             .tonev = {{800, 100, 200}, {400, 0, 0}, {600, 200, 100}},
                             .total_ms = 350};

    connected();
    says(play('a', &p), "b hears 400+600+800");
    says(later(&f, 100), "b heard 400+600+800, b hears 400+600+0");
    says(later(&f, 100), "b heard 400+600+0, b hears 400+0+0");
    says(later(&f, 100), "b heard 400+0+0, b hears 400+600+800");
    says(later(&f, 50), "b heard 400+600+800, a played");
    p.total_ms = 0;
    p.tonec = 1;
    p.tonev[0] = (struct session_tone){440, 1, 1};
    says(play('a', &p), "b hears 440+0+0");
    f.now_ms += 1000000; /* nothing is made up for after a long sleep */
    f.b->ops->time(f.b, f.now_ms);
    ck_assert_uint_lt(strlen(take(&f)), 200);
}
END_TEST

START_TEST(who_hears)
{
    struct session_play p = digits_of("7", SESSION_DIGIT_DTMF);

    says(place(&f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(play('a', &p), ""); /* nobody yet */
    says(later(&f, 150), "a played");
    fixture_forget(&f);
    says(place(&f, 2, 0, "600"), "a done, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=600");
    says(play('a', &p), "a hears 7"); /* an echo */
    says(later(&f, 150), "a heard 7, a played");
    f.allowed = 0;
    says(play('a', &p), "a played not");
    f.allowed = -1;
    says(play('a', &p), "a hears 7"); /* freed while it plays */
}
END_TEST

static const char *stream(char leg, enum session_stream_state state, uint32_t rate, uint32_t volume)
{
    struct session_cmd cmd = {.type = SESSION_CMD_STREAM, .stream = {state, rate, volume}};

    cmd.leg = f.legv[leg - 'a'];
    cmd.session = f.sessionv[leg - 'a'];
    give(&f, &cmd);
    return take(&f);
}

START_TEST(streams_pause)
{
    struct session_play p = digits_of("12", SESSION_DIGIT_DTMF);

    connected();
    says(play('a', &p), "b hears 1");
    says(later(&f, 60), "");
    says(stream('a', SESSION_STREAM_PAUSED, 100, 100), "b heard 1");
    says(later(&f, 5000), "");
    says(stream('a', SESSION_STREAM_RUNNING, 100, 100), "b hears 1");
    says(later(&f, 39), "");
    says(later(&f, 1), "b heard 1"); /* 40 ms were left */
    says(stream('a', SESSION_STREAM_PAUSED, 100, 100), "");
    p.digits = "3"; /* what is played instead waits as well */
    says(play('a', &p), "");
    says(later(&f, 1000), "");
    says(stream('a', SESSION_STREAM_RUNNING, 100, 100), "b hears 3");
    says(stream('a', SESSION_STREAM_PAUSED, 100, 100), "b heard 3");
    says(play('b', &p), "a hears 3"); /* the other end is not concerned */
    says(command(&f, SESSION_CMD_DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(streams_have_a_rate)
{
    struct session_play p = digits_of("1,2", SESSION_DIGIT_DTMF);

    connected();
    says(stream('a', SESSION_STREAM_RUNNING, 200, 100), "");
    says(play('a', &p), "b hears 1");
    says(later(&f, 49), "");
    says(later(&f, 1), "b heard 1");
    says(stream('a', SESSION_STREAM_RUNNING, 25, 100), "");
    says(later(&f, 199), "");
    says(later(&f, 1), "");
    says(later(&f, 3999), "");
    says(later(&f, 1), "b hears 2");
    says(later(&f, 200), ""); /* half of it */
    says(stream('a', SESSION_STREAM_RUNNING, 100, 100), "");
    says(later(&f, 49), "");
    says(later(&f, 1), "b heard 2");
    says(later(&f, 50), "a played");
    p = (struct session_play){.kind = SESSION_PLAY_TONES,
                              .serial = 1,
                              .tonec = 1,
                              .tonev = {{800, 100, 200}},
                              .total_ms = 400};
    says(play('a', &p), "b hears 800+0+0");
    says(stream('a', SESSION_STREAM_RUNNING, 50, 100), "");
    says(later(&f, 199), "");
    says(later(&f, 1), "b heard 800+0+0");
    says(stream('a', SESSION_STREAM_PAUSED, 50, 100), "");
    says(stream('a', SESSION_STREAM_RUNNING, 300, 100), "");
    says(later(&f, 66), "");
    says(later(&f, 1), "b hears 800+0+0"); /* 200 ms at three times the rate */
    says(later(&f, 33), "b heard 800+0+0, a played");
}
END_TEST

START_TEST(streams_have_a_volume)
{
    struct session_play p = digits_of("12", SESSION_DIGIT_DTMF);

    connected();
    says(play('a', &p), "b hears 1");
    says(stream('a', SESSION_STREAM_RUNNING, 100, 10), "");
    says(stream('a', SESSION_STREAM_RUNNING, 100, 0), "b heard 1");
    says(later(&f, 120), "");
    says(later(&f, 40), ""); /* it goes on all the same */
    says(stream('a', SESSION_STREAM_RUNNING, 100, 10), "b hears 2");
    says(later(&f, 90), "b heard 2");
    says(later(&f, 50), "a played");
}
END_TEST

START_TEST(hookflash_takes_its_time)
{
    struct session_play p = digits_of("!1", SESSION_DIGIT_DTMF);

    connected();
    says(play('a', &p), "");
    says(later(&f, 999), "");
    says(later(&f, 1), "b hears 1");
}
END_TEST

START_TEST(modes_have_their_digits)
{
    struct session_play p = digits_of("A*1", SESSION_DIGIT_PULSE);

    connected();
    says(play('a', &p), "b hears pulse 1"); /* those that a mode does not have are passed over */
    p = digits_of("A*#D", SESSION_DIGIT_DTMF);
    says(play('a', &p), "b heard pulse 1, b hears A");
    says(later(&f, 150), "b heard A, b hears *");
    says(later(&f, 150), "b heard *, b hears #");
    says(later(&f, 150), "b heard #, b hears D");
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
    tcase_add_test(tc, digits_have_their_time);
    tcase_add_test(tc, replaced_and_stopped);
    tcase_add_test(tc, cadences);
    tcase_add_test(tc, who_hears);
    tcase_add_test(tc, streams_pause);
    tcase_add_test(tc, streams_have_a_rate);
    tcase_add_test(tc, streams_have_a_volume);
    tcase_add_test(tc, hookflash_takes_its_time);
    tcase_add_test(tc, modes_have_their_digits);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
