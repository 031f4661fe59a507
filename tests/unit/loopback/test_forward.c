/* The embedded exchange alone: forwarding, call completion, the status of lines. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"

#include <stdlib.h>
#include <string.h>

#define ANSWER SESSION_CMD_ANSWER
#define DROP SESSION_CMD_DROP
#define LINES(type, line, mode, on) line_command(f, SESSION_CMD_##type, line, mode, on)

enum {
    UNCOND = SESSION_FORWARD_UNCOND,
    BUSY = SESSION_FORWARD_BUSY,
    NOANSW = SESSION_FORWARD_NOANSW,
    BUSYNA = SESSION_FORWARD_BUSYNA,
    INTERNAL = 1,
    EXTERNAL = 2,
    SPECIFIC = 3
};

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

/* Line `line` sends calls on; NULL: no more. */
static const char *one(uint32_t line, uint32_t mode, const char *dest)
{
    struct forward_to to = {mode, dest, NULL};

    return forward(f, line, 0, 2, &to, mode != 0);
}

START_TEST(all_calls)
{
    says(one(1, UNCOND, "102"), "- done");
    says(place(f, 0, 0, "101"),
         "a done, a DIALING, a PROCEEDING, b in 2.0 100>101 by 101 for 8, a RINGBACK, a party by 101 to 102, b ring");
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=102");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
    fixture_forget(f);
    says(one(1, 0, NULL), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(to_a_special_number)
{
    says(one(1, UNCOND, "600"), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=600, a party by 101 to 600");
    says(command(f, DROP, 'a'), "a done");
    says(one(1, UNCOND, "601"), "- done");
    says(place(f, 0, 0, "101"), "b done, b DIALING, b PROCEEDING, b BUSY(STATION)");
    says(command(f, DROP, 'b'), "b done");
}
END_TEST

START_TEST(bad_destinations_change_nothing)
{
    struct forward_to tov[] = {{UNCOND, "102", NULL}, {BUSY, "999", NULL}};

    says(one(1, UNCOND, "999"), "- done BADADDRESS");
    says(one(1, UNCOND, "101"), "- done BADADDRESS");
    says(forward(f, 1, 0, 1, tov, 2), "- done BADADDRESS");
    says(forward(f, 9, 0, 1, tov, 1), "- done FAILED");
    says(forward(f, 1, 3, 1, tov, 1), "- done FAILED");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

/* All addresses or one of them: one of line 0's may not be the destination of both. */
START_TEST(addresses)
{
    struct forward_to to = {UNCOND, "102", NULL}, own = {UNCOND, "110", NULL};

    says(forward(f, 0, 1, 1, &to, 1), "- done");
    says(place(f, 1, 0, "100"), "a done, a DIALING, a PROCEEDING, b in 0.0 101>100, a RINGBACK, b ring");
    command(f, DROP, 'a');
    says(place(f, 1, 0, "110"),
         "c done, c DIALING, c PROCEEDING, d in 2.0 101>110 by 110 for 8, c RINGBACK, c party by 110 to 102, d ring");
    command(f, DROP, 'c');
    says(forward(f, 0, SESSION_ADDRESS_ALL, 1, &own, 1), "- done BADADDRESS");
    says(forward(f, 0, SESSION_ADDRESS_ALL, 1, &to, 1), "- done");
    fixture_forget(f);
    says(place(f, 1, 0, "100"),
         "a done, a DIALING, a PROCEEDING, b in 2.0 101>100 by 100 for 8, a RINGBACK, a party by 100 to 102, b ring");
    command(f, DROP, 'a');
    says(forward(f, 0, SESSION_ADDRESS_ALL, 1, NULL, 0), "- done");
    fixture_forget(f);
    says(place(f, 1, 0, "110"), "a done, a DIALING, a PROCEEDING, b in 0.1 101>110, a RINGBACK, b ring");
    command(f, DROP, 'a');
}
END_TEST

START_TEST(busy)
{
    struct forward_to tov[] = {{BUSYNA, "103", NULL}, {BUSY, "102", NULL}};

    says(forward(f, 1, 0, 2, tov, 2), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(reject(f, 'b', SESSION_DISC_BUSY), "c in 2.0 100>101 by 101 for 2, a RINGBACK, a party by 101 to 102, c ring");
    says(reject(f, 'c', SESSION_DISC_BUSY), "a BUSY(STATION)");
    says(command(f, DROP, 'a'), "a done");
    fixture_forget(f);
    /* one who calls the own number finds it busy as well */
    says(place(f, 1, 0, "101"),
         "a done, a DIALING, a PROCEEDING, b in 2.0 101>101 by 101 for 2, a RINGBACK, a party by 101 to 102, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
    /* what is not busy is not forwarded for it */
    fixture_forget(f);
    place(f, 0, 0, "101");
    says(reject(f, 'b', SESSION_DISC_CONGESTION), "a DISCONNECTED(CONGESTION)");
}
END_TEST

START_TEST(no_answer)
{
    says(one(1, NOANSW, "102"), "- done");
    place(f, 0, 0, "101");
    says(later(f, LOOPBACK_RING_MS), "b ring");
    says(later(f, LOOPBACK_RING_MS), "b DISCONNECTED(FORWARDED), c in 2.0 100>101 by 101 for 4, a RINGBACK, "
                                     "a party by 101 to 102, c ring");
    says(command(f, ANSWER, 'c'), "c done=100, a CONNECTED=102");
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(NORMAL)");
    /* one that is answered stays */
    fixture_forget(f);
    place(f, 0, 0, "101");
    says(command(f, ANSWER, 'b'), "b done=100, a CONNECTED=101");
    says(later(f, 10 * LOOPBACK_RING_MS), "");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
}
END_TEST

/* A line that nobody attends rings as many times, unheard; also one that is forwarded only then. */
START_TEST(no_answer_of_nobody)
{
    attend(f, 1, false);
    says(one(1, NOANSW, "102"), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    says(later(f, 2 * LOOPBACK_RING_MS - 1), "");
    says(later(f, 1), "b in 2.0 100>101 by 101 for 4, a RINGBACK, a party by 101 to 102, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
    says(one(1, 0, NULL), "- done");
    fixture_forget(f);
    place(f, 0, 0, "101");
    says(later(f, 5 * LOOPBACK_RING_MS), "");
    says(one(1, BUSYNA, NULL), "- done");
    says(later(f, 2 * LOOPBACK_RING_MS), "a DISCONNECTED(DONOTDISTURB)");
    /* attended in time, it is offered, and the rings are counted from then on */
    says(one(1, NOANSW, "102"), "- done");
    fixture_forget(f);
    place(f, 0, 0, "101");
    later(f, LOOPBACK_RING_MS);
    says(attend(f, 1, true), "b in 1.0 100>101, b ring");
    says(later(f, LOOPBACK_RING_MS), "b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(whom_it_is_for)
{
    struct forward_to tov[] = {{UNCOND, "600", NULL},
                               {UNCOND << INTERNAL, "102", NULL},
                               {UNCOND << EXTERNAL, "103", NULL},
                               {UNCOND << SPECIFIC, NULL, "100"},
                               {UNCOND << SPECIFIC, "102", "4711"}};

    /* one that names the caller goes first, hidden or not; then those for calls from inside, which all are */
    says(forward(f, 1, 0, 1, tov, 5), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(DONOTDISTURB)");
    says(place_as(f, 0, 0, "101", "100", true), "b done, b DIALING, b PROCEEDING, b DISCONNECTED(DONOTDISTURB)");
    says(place(f, 3, 0, "101"),
         "c done, c DIALING, c PROCEEDING, d in 2.0 103>101 by 101 for 8, c RINGBACK, c party by 101 to 102, d ring");
    says(command(f, DROP, 'c'), "c done, d DISCONNECTED(CANCELLED)");
    fixture_forget(f);
    says(forward(f, 1, 0, 1, tov, 1), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a RINGBACK, a CONNECTED=600, a party by 101 to 600");
    says(command(f, DROP, 'a'), "a done");
    says(forward(f, 1, 0, 1, &tov[2], 1), "- done");
    fixture_forget(f);
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(chains_and_circles)
{
    one(1, UNCOND, "102");
    one(2, UNCOND, "103");
    says(place(f, 0, 0, "101"),
         "a done, a DIALING, a PROCEEDING, b in 3.0 100>101 by 102 for 8, a RINGBACK, a party by 102 to 103, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
    fixture_forget(f);
    one(3, UNCOND, "101");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(UNREACHABLE)");
    /* of those that nobody answers: it goes round, and ends */
    one(1, NOANSW, "102");
    one(2, NOANSW, "101");
    fixture_forget(f);
    place(f, 0, 0, "101");
    for (int i = 0; i < 8; i++) {
        const char *text;

        later(f, LOOPBACK_RING_MS);
        text = later(f, LOOPBACK_RING_MS);
        ck_assert_msg(strstr(text, "DISCONNECTED(FORWARDED)") && strstr(text, " in "), "%d: %s", i, text);
    }
    later(f, LOOPBACK_RING_MS);
    says(later(f, LOOPBACK_RING_MS), "j DISCONNECTED(FORWARDED), a DISCONNECTED(UNREACHABLE)");
}
END_TEST

/* A call that was up and is sent to one who forwards. */
START_TEST(of_calls_that_are_up)
{
    struct session_dial d = {.number = "102"};
    struct session_cmd cmd = {.type = SESSION_CMD_DEFLECT, .dial = &d};

    one(2, UNCOND, "103");
    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
    cmd.session = f->sessionv[1];
    cmd.leg = f->legv[1];
    cmd.token = ++f->token;
    give(f, &cmd);
    says(take(f), "b done, c in 3.0 100>102 by 102 for 8, a party connected 103 by 102 to 103, "
                  "a party connected 103 by 102 to 103, c ring");
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(out_of_service)
{
    says(LINES(LINESTATUS, 1, SESSION_STATUS_INSERVICE, false), "- done");
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(OUTOFORDER)");
    says(LINES(LINESTATUS, 1, SESSION_STATUS_MSGWAIT, true), "- done");
    says(LINES(LINESTATUS, 9, SESSION_STATUS_INSERVICE, true), "- done FAILED");
    one(1, UNCOND, "102"); /* the exchange does that */
    says(place(f, 0, 0, "101"),
         "b done, b DIALING, b PROCEEDING, c in 2.0 100>101 by 101 for 8, b RINGBACK, b party by 101 to 102, c ring");
    says(command(f, DROP, 'b'), "b done, c DISCONNECTED(CANCELLED)");
    one(1, 0, NULL);
    says(LINES(LINESTATUS, 1, SESSION_STATUS_INSERVICE, true), "- done");
    fixture_forget(f);
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, b in 1.0 100>101, a RINGBACK, b ring");
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(CANCELLED)");
}
END_TEST

START_TEST(forwarding_without_memory)
{
    struct forward_to tov[] = {{UNCOND, "102", NULL}};

    one(0, UNCOND, "103");
    for (long n = 0; n < 2; n++) {
        f->allowed = n;
        says(forward(f, 0, SESSION_ADDRESS_ALL, 1, tov, 1), "- done NOMEM");
    }
    f->allowed = -1;
    says(place(f, 1, 0, "100"),
         "a done, a DIALING, a PROCEEDING, b in 3.0 101>100 by 100 for 8, a RINGBACK, a party by 100 to 103, b ring");
    command(f, DROP, 'a');
}
END_TEST

/* ---- call completion --------------------------------------------------------------------------------------------- */

/* 'a' finds 101 busy, whose call is not the exchange's to count. */
static void find_busy(uint32_t line)
{
    fixture_forget(f);
    place(f, line, 0, "101");
    says(reject(f, 'b', SESSION_DISC_BUSY), "a BUSY(STATION)");
}

START_TEST(call_back)
{
    find_busy(0);
    says(complete(f, 'a', SESSION_COMPL_CALLBACK, 5), "a done of 0.5, watch 1");
    says(LINES(FREE, 1, 1, true), ""); /* there is still somebody */
    says(LINES(FREE, 1, 0, true), "c in 0.0 101>100 of 5, c ring");
    says(LINES(FREE, 1, 0, true), "watch 1 off");
    says(later(f, LOOPBACK_RING_MS), "c ring");
    says(command(f, ANSWER, 'c'), "c done, d in 1.0 100>101, d ring");
    says(command(f, ANSWER, 'd'), "d done=100, c CONNECTED=101");
    says(command(f, DROP, 'd'), "d done, c DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(call_back_is_not_answered)
{
    find_busy(0);
    complete(f, 'a', SESSION_COMPL_CALLBACK, 5);
    says(LINES(FREE, 1, 0, true), "c in 0.0 101>100 of 5, c ring");
    for (int i = 1; i < 10; i++)
        says(later(f, LOOPBACK_RING_MS), "c ring");
    says(later(f, LOOPBACK_RING_MS), "c DISCONNECTED(NOANSWER)");
    says(LINES(FREE, 1, 0, true), "watch 1 off");
}
END_TEST

START_TEST(call_back_finds_it_busy)
{
    find_busy(0);
    complete(f, 'a', SESSION_COMPL_CALLBACK, 5);
    LINES(FREE, 1, 0, true);
    says(command(f, ANSWER, 'c'), "c done, d in 1.0 100>101, d ring");
    says(reject(f, 'd', SESSION_DISC_BUSY), "c DISCONNECTED(BUSY)");
}
END_TEST

/* One after the other; who does not want it any more makes way. */
START_TEST(queue)
{
    find_busy(0);
    says(complete(f, 'a', SESSION_COMPL_CALLBACK, 5), "a done of 0.5, watch 1");
    find_busy(2);
    says(complete(f, 'a', SESSION_COMPL_CAMPON, 6), "a done of 2.6, watch 1");
    find_busy(3);
    says(complete(f, 'a', SESSION_COMPL_CAMPON, 7), "a done of 3.7, watch 1");
    fixture_forget(f);
    says(LINES(FREE, 1, 1, false), "");
    says(LINES(FREE, 1, 1, true), "a in 2.0 101>102 of 6, a ring"); /* there is room for one that camps on */
    says(LINES(FREE, 1, 0, true), "b in 0.0 101>100 of 5, b ring");
    says(LINES(UNCOMPLETE, 2, 6, false), "- done"); /* too late: it is offered */
    says(command(f, DROP, 'b'), "b done, c in 3.0 101>103 of 7, c ring");
    says(command(f, DROP, 'a'), "a done");
    says(command(f, DROP, 'c'), "c done");
}
END_TEST

START_TEST(taken_back)
{
    find_busy(0);
    complete(f, 'a', SESSION_COMPL_CALLBACK, 5);
    says(LINES(UNCOMPLETE, 0, 4, false), "- done"); /* none */
    says(LINES(UNCOMPLETE, 2, 5, false), "- done"); /* not of that line */
    says(LINES(UNCOMPLETE, 0, 5, false), "- done");
    says(LINES(FREE, 1, 0, true), "watch 1 off");
    /* nobody is there any more who asked */
    find_busy(0);
    complete(f, 'a', SESSION_COMPL_CALLBACK, 6);
    attend(f, 0, false);
    says(LINES(FREE, 1, 0, true), "cancelled 0.6");
    attend(f, 0, true);
    /* or is busy */
    find_busy(0);
    complete(f, 'a', SESSION_COMPL_CALLBACK, 7);
    LINES(FREE, 1, 0, true);
    says(reject(f, 'c', SESSION_DISC_BUSY), "cancelled 0.7");
}
END_TEST

/* A number that did not answer is called back when its telephone was used since. */
START_TEST(call_back_after_no_answer)
{
    place(f, 0, 0, "101");
    says(complete(f, 'a', SESSION_COMPL_CAMPON, 5), "a done BADSTATE");
    says(complete(f, 'a', SESSION_COMPL_INTRUDE, 5), "a done BADSTATE");
    says(complete(f, 'a', SESSION_COMPL_CALLBACK, 5), "a done of 0.5, watch 1, b DISCONNECTED(CANCELLED)");
    says(LINES(FREE, 1, 0, true), "");
    fixture_forget(f);
    place(f, 1, 0, "601");
    command(f, DROP, 'a');
    says(LINES(FREE, 1, 0, true), "b in 0.0 101>100 of 5, b ring");
    says(command(f, DROP, 'b'), "b done");
    /* silent ringing is no answer either, and answering is use */
    attend(f, 1, false);
    fixture_forget(f);
    place(f, 0, 0, "101");
    says(complete(f, 'a', SESSION_COMPL_CALLBACK, 6), "a done of 0.6, watch 1");
    attend(f, 1, true);
    place(f, 2, 0, "101");
    command(f, ANSWER, 'c');
    command(f, DROP, 'b');
    says(LINES(FREE, 1, 0, true), "d in 0.0 101>100 of 6, d ring");
    says(command(f, DROP, 'd'), "d done");
}
END_TEST

START_TEST(message)
{
    find_busy(0);
    says(complete(f, 'a', SESSION_COMPL_MESSAGE, 5), "a done of 0.5, message 1");
    fixture_forget(f);
    place(f, 0, 0, "101");
    says(complete(f, 'a', SESSION_COMPL_MESSAGE, 6), "a done of 0.6, message 1, b DISCONNECTED(CANCELLED)");
}
END_TEST

/* a and b talk, c joins them. */
static void join(void)
{
    fixture_forget(f);
    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
    place(f, 2, 0, "101");
    reject(f, 'd', SESSION_DISC_BUSY);
    says(complete(f, 'c', SESSION_COMPL_INTRUDE, 5), "c done=101");
}

static const char *say_digit(char leg)
{
    struct session_play p = {.kind = SESSION_PLAY_DIGITS,
                             .serial = 1,
                             .mode = SESSION_DIGIT_DTMF,
                             .digits = "5",
                             .digitc = 1,
                             .digit_ms = 50,
                             .gap_ms = 50};
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = &p};

    cmd.leg = f->legv[leg - 'a'];
    cmd.session = f->sessionv[leg - 'a'];
    give(f, &cmd);
    return take(f);
}

START_TEST(intrude)
{
    join();
    says(say_digit('a'), "b hears 5, c hears 5");
    later(f, 1000);
    says(say_digit('b'), "a hears 5, c hears 5");
    later(f, 1000);
    says(say_digit('c'), "b hears 5, a hears 5");
    later(f, 1000);
    says(command(f, DROP, 'c'), "c done");
    says(say_digit('a'), "b hears 5");
    later(f, 1000);
    says(command(f, DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
    /* the conversation ends for all of them, whoever ends it */
    join();
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL), c DISCONNECTED(NORMAL)");
    join();
    says(command(f, DROP, 'a'), "a done, c DISCONNECTED(NORMAL), b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(nothing_to_join)
{
    find_busy(0);
    says(complete(f, 'a', SESSION_COMPL_INTRUDE, 5), "a done FAILED"); /* nobody talks there */
    says(command(f, DROP, 'a'), "a done");
    place(f, 0, 0, "601");
    says(complete(f, 'c', SESSION_COMPL_CALLBACK, 5), "c done FAILED"); /* no telephone */
    says(command(f, DROP, 'c'), "c done");
    place(f, 0, 0, "100");
    says(complete(f, 'd', SESSION_COMPL_CAMPON, 5), "d done FAILED"); /* one's own */
    says(complete(f, 'd', 0x10, 5), "d done FAILED");
    says(command(f, DROP, 'd'), "d done");
    says(complete(f, 'd', SESSION_COMPL_CAMPON, 5), "d done BADSTATE");
}
END_TEST

/* Who has joined is transferred: the other one is in the conversation then. */
START_TEST(joined_and_transferred)
{
    struct session_dial d = {.number = "101"};
    struct session_cmd cmd = {.type = SESSION_CMD_CONSULT, .dial = &d, .session2 = 70, .line = 2};

    place(f, 0, 0, "101");
    command(f, ANSWER, 'b');
    place(f, 3, 0, "102");
    command(f, ANSWER, 'd');
    cmd.leg = f->legv[3];
    cmd.session = f->sessionv[3];
    cmd.token = ++f->token;
    give(f, &cmd);
    take(f);
    reject(f, 'f', SESSION_DISC_BUSY);
    says(complete(f, 'e', SESSION_COMPL_INTRUDE, 5), "e done=101");
    cmd = (struct session_cmd){.type = SESSION_CMD_TRANSFER,
                               .leg = f->legv[3],
                               .session = f->sessionv[3],
                               .leg2 = f->legv[4],
                               .token = ++f->token};
    give(f, &cmd);
    says(take(f), "d done, c party connected 101, c CONNECTED=101");
    says(say_digit('a'), "b hears 5, c hears 5");
    later(f, 1000);
    says(command(f, DROP, 'b'), "b done, a DISCONNECTED(NORMAL), c DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(completion_without_memory)
{
    find_busy(0);
    f->allowed = 0;
    says(complete(f, 'a', SESSION_COMPL_CALLBACK, 5), "a done NOMEM");
    f->allowed = -1;
    says(complete(f, 'a', SESSION_COMPL_CALLBACK, 5), "a done of 0.5, watch 1");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loopback forward");
    TCase *tc = tcase_create("forward");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, all_calls);
    tcase_add_test(tc, to_a_special_number);
    tcase_add_test(tc, bad_destinations_change_nothing);
    tcase_add_test(tc, addresses);
    tcase_add_test(tc, busy);
    tcase_add_test(tc, no_answer);
    tcase_add_test(tc, no_answer_of_nobody);
    tcase_add_test(tc, whom_it_is_for);
    tcase_add_test(tc, chains_and_circles);
    tcase_add_test(tc, of_calls_that_are_up);
    tcase_add_test(tc, out_of_service);
    tcase_add_test(tc, forwarding_without_memory);
    tcase_add_test(tc, call_back);
    tcase_add_test(tc, call_back_is_not_answered);
    tcase_add_test(tc, call_back_finds_it_busy);
    tcase_add_test(tc, queue);
    tcase_add_test(tc, taken_back);
    tcase_add_test(tc, call_back_after_no_answer);
    tcase_add_test(tc, message);
    tcase_add_test(tc, intrude);
    tcase_add_test(tc, nothing_to_join);
    tcase_add_test(tc, joined_and_transferred);
    tcase_add_test(tc, completion_without_memory);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
