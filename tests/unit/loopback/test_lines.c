/* The embedded exchange: lines that come and go while calls go on. SPDX-License-Identifier: MIT */
#include "tests/unit/loopback/fixture.h"
#include "tsp/binding/pump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static enum session_err line_add(uint32_t line, const char *first, const char *second)
{
    struct session_address_conf addressv[2] = {{first, "New", 0}, {second, NULL, 0}};
    struct session_line_conf conf = {0, second ? 2 : 1, addressv, NULL, NULL};
    enum session_err err = f->b->ops->line_add(f->b, line, &conf);
    const char *text = f->b->ops->check(f->b);

    ck_assert_msg(!text, "%s", text);
    return err;
}

static const char *line_remove(uint32_t line)
{
    struct session_cmd cmd = {.type = SESSION_CMD_LINE_REMOVE};
    const char *said, *text;

    cmd.line = line;
    give(f, &cmd);
    text = f->b->ops->check(f->b);
    ck_assert_msg(!text, "%s", text);
    said = take(f);
    text = f->b->ops->check(f->b);
    ck_assert_msg(!text, "%s", text);
    return said;
}

START_TEST(new_line_is_called)
{
    says(place(f, 0, 0, "120"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(BADADDRESS)");
    ck_assert_int_eq(line_add(9, "120", "121"), SESSION_E_OK);
    says(place(f, 0, 0, "121"), "b done, b DIALING, b PROCEEDING, b RINGBACK"); /* nobody attends it */
    says(attend(f, 9, true), "c in 9.1 100>121, c ring");
    says(command(f, SESSION_CMD_ANSWER, 'c'), "c done=100, b CONNECTED=121");
    says(command(f, SESSION_CMD_DROP, 'c'), "c done, b DISCONNECTED(NORMAL)");
}
END_TEST

START_TEST(removed_line_is_not)
{
    (void)attend(f, 1, false);
    says(place(f, 0, 0, "101"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    says(line_remove(1), "a DISCONNECTED(UNREACHABLE)");
    says(place(f, 0, 0, "101"), "b done, b DIALING, b PROCEEDING, b DISCONNECTED(BADADDRESS)");
    /* its number and its index are free for another */
    ck_assert_int_eq(line_add(1, "101", NULL), SESSION_E_OK);
    (void)attend(f, 1, true);
    says(place(f, 0, 0, "101"), "c done, c DIALING, c PROCEEDING, d in 1.0 100>101, c RINGBACK, d ring");
    says(line_remove(77), "");
}
END_TEST

/* The offer was not taken yet when the line went, and another line has its index by now. */
START_TEST(offer_overtaken_by_the_removal)
{
    struct session_cmd place_it = {.type = SESSION_CMD_PLACE}, remove = {.type = SESSION_CMD_LINE_REMOVE};
    struct session_cmd attend_it = {.type = SESSION_CMD_LINE};
    struct session_dial dial = {.number = "101"};

    place_it.dial = &dial;
    place_it.session = 1000;
    place_it.token = 1000;
    give(f, &place_it);
    remove.line = attend_it.line = 1;
    give(f, &remove);
    ck_assert_int_eq(line_add(1, "130", NULL), SESSION_E_OK);
    attend_it.on = true;
    give(f, &attend_it);
    says(take(f), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(UNREACHABLE)");
}
END_TEST

/* Calls that name a number that has gone go on; it is kept as long as they do. */
START_TEST(number_outlives_its_line)
{
    long blocks;

    (void)place(f, 0, 0, "101");
    says(command(f, SESSION_CMD_ANSWER, 'b'), "b done=100, a CONNECTED=101");
    blocks = f->blocks;
    for (uint32_t i = 0; i < 500; i++) {
        char number[16];

        (void)snprintf(number, sizeof number, "9%u", (unsigned)i);
        ck_assert_int_eq(line_add(20, number, NULL), SESSION_E_OK);
        says(line_remove(20), "");
    }
    ck_assert_int_lt(f->blocks - blocks, 300); /* swept now and then: two blocks for a number */
    says(line_remove(1), "");
    says(command(f, SESSION_CMD_HOLD, 'b'), "b done=100, a CONNECTED(HELD)=101");
    says(command(f, SESSION_CMD_DROP, 'a'), "a done, b DISCONNECTED(NORMAL)");
    ck_assert_int_eq(line_add(20, "90", NULL), SESSION_E_OK);
    says(line_remove(20), "");
    ck_assert_int_le(f->blocks, blocks);
}
END_TEST

/* "10" is a number as long as nothing longer begins with it. */
START_TEST(overlapping_numbers_come_and_go)
{
    ck_assert_int_eq(line_add(9, "20", NULL), SESSION_E_OK);
    says(place(f, 0, 0, "20;"), "a done, a DIALING, a PROCEEDING, a RINGBACK");
    says(command(f, SESSION_CMD_DROP, 'a'), "a done");
    ck_assert_int_eq(line_add(10, "205", "2067"), SESSION_E_OK);
    says(place(f, 0, 0, "20;"), "b done, b DIALING");
    says(dial(f, 'b', "5"), "b done, b PROCEEDING, b RINGBACK");
    says(line_remove(10), "b DISCONNECTED(UNREACHABLE)");
    says(place(f, 0, 0, "20;"), "c done, c DIALING, c PROCEEDING, c RINGBACK");
    says(command(f, SESSION_CMD_DROP, 'c'), "c done");
    /* and the other way round: the shorter one comes later */
    says(line_remove(9), "");
    ck_assert_int_eq(line_add(10, "205", NULL), SESSION_E_OK);
    ck_assert_int_eq(line_add(9, "20", NULL), SESSION_E_OK);
    says(place(f, 0, 0, "20;"), "d done, d DIALING");
    says(command(f, SESSION_CMD_DROP, 'd'), "d done");
}
END_TEST

START_TEST(what_cannot_be_added_changes_nothing)
{
    ck_assert_int_eq(line_add(9, "120", "101"), SESSION_E_BADPARAM); /* somebody has it */
    ck_assert_int_eq(line_add(9, "120", "600"), SESSION_E_BADPARAM); /* so has a special number */
    ck_assert_int_eq(line_add(9, "120", "120"), SESSION_E_BADPARAM);
    ck_assert_int_eq(line_add(9, "", NULL), SESSION_E_BADPARAM);
    ck_assert_int_eq(line_add(1, "120", NULL), SESSION_E_BADPARAM); /* the line is there */
    ck_assert_int_eq(line_add(SESSION_MAX, "120", NULL), SESSION_E_BADPARAM);
    says(place(f, 0, 0, "120"), "a done, a DIALING, a PROCEEDING, a DISCONNECTED(BADADDRESS)");
    ck_assert_int_eq(line_add(9, "120", NULL), SESSION_E_OK);
}
END_TEST

/* Many, in an order of their own, against the plainest of books. */
START_TEST(tables_stand_many_changes)
{
    static bool there[400];
    uint32_t rnd = 12345 + (uint32_t)_i;

    memset(there, 0, sizeof there);
    for (uint32_t step = 0; step < 3000; step++) {
        uint32_t n;
        char number[16];

        rnd = rnd * 1664525u + 1013904223u;
        n = (rnd >> 8) % 400;
        (void)snprintf(number, sizeof number, "7%u", (unsigned)n);
        if (there[n]) {
            says(line_remove(100 + n), "");
        } else {
            ck_assert_int_eq(line_add(100 + n, number, NULL), SESSION_E_OK);
        }
        there[n] = !there[n];
        fixture_forget(f);
    }
    for (uint32_t n = 0; n < 400; n++) {
        struct session_address_conf address = {"71000", NULL, 0};
        struct session_line_conf conf = {0, 1, &address, NULL, NULL};
        enum session_err err = f->b->ops->line_add(f->b, 100 + n, &conf);

        ck_assert_int_eq(err, there[n] ? SESSION_E_BADPARAM : SESSION_E_OK);
        if (!err)
            says(line_remove(100 + n), "");
    }
}
END_TEST

START_TEST(without_memory)
{
    for (long allowed = 0;; allowed++) {
        enum session_err err;

        f->allowed = allowed;
        err = line_add(40, "120", "121"); /* its index and its numbers are beyond what there is room for */
        f->allowed = -1;
        if (!err)
            break;
        ck_assert_int_eq(err, SESSION_E_NOMEM);
        ck_assert_int_lt(allowed, 30);
    }
    f->allowed = 0;
    says(line_remove(40), "");
    f->allowed = -1;
}
END_TEST

/* Both halves, or neither. */
START_TEST(pump_adds_to_core_and_exchange)
{
    struct session_conf conf = {.mem = f->mem, .binding_ops = f->b->ops->session_ops};
    struct session_address_conf addressv[2] = {{"150", NULL, 0}, {"600", NULL, 0}};
    struct session_line_conf line = {0, 1, addressv, NULL, NULL};
    struct session_in in = {.type = SESSION_IN_LINE_REMOVE};
    struct session_core *core;
    struct session_act act;
    struct pump *pump;

    ck_assert_int_eq(session_core_alloc(&core, &conf), SESSION_E_OK);
    fixture_forget(f);
    for (uint32_t i = 0; i < 5; i++)
        says(line_remove(i), "");
    ck_assert_int_eq(pump_alloc(&pump, core, f->b, &f->mem), SESSION_E_OK);
    line.addressc = 2;
    ck_assert_int_eq(pump_line_add(pump, 0, &line), SESSION_E_BADPARAM);
    ck_assert_uint_eq(session_line_count(core), 0);
    line.addressc = 1;
    for (long allowed = 0;; allowed++) {
        enum session_err err;

        f->allowed = allowed;
        err = pump_line_add(pump, 0, &line);
        f->allowed = -1;
        if (!err)
            break;
        ck_assert_int_eq(err, SESSION_E_NOMEM);
        ck_assert_uint_eq(session_line_count(core), 0);
        ck_assert_int_lt(allowed, 30);
    }
    ck_assert_int_eq(pump_step(pump, 1, &in, NULL), SESSION_E_OK);
    ck_assert(!pump_next(pump, &act));
    ck_assert_int_eq(pump_line_add(pump, 0, &line), SESSION_E_OK);
    pump_free(pump);
    fixture_open(f);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loopback lines");
    TCase *tc = tcase_create("lines");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, new_line_is_called);
    tcase_add_test(tc, removed_line_is_not);
    tcase_add_test(tc, offer_overtaken_by_the_removal);
    tcase_add_test(tc, number_outlives_its_line);
    tcase_add_test(tc, overlapping_numbers_come_and_go);
    tcase_add_test(tc, what_cannot_be_added_changes_nothing);
    tcase_add_loop_test(tc, tables_stand_many_changes, 0, 3);
    tcase_add_test(tc, without_memory);
    tcase_add_test(tc, pump_adds_to_core_and_exchange);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
