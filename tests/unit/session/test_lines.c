/* The session core: lines that come and go while sessions exist. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdlib.h>

static struct fake_core f;

static void setup(void)
{
    fake_start(&f, NULL);
}

static void teardown(void)
{
    fake_end(&f);
}

static enum session_err line_input(enum session_in_type type, uint32_t line)
{
    struct session_in in = {.type = type};

    in.u.line = line;
    return fake_step(&f, &in, NULL);
}

static enum session_err add(const char *number, uint32_t line)
{
    struct session_address_conf address = {number, "New", 0};
    struct session_line_conf conf = {0, 1, &address, NULL, NULL};

    return session_line_add_at(f.core, line, &conf);
}

static enum session_err use(uint32_t line, uint32_t address, uint32_t stations)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_USE;
    in.u.ind.line = line;
    in.u.ind.address = address;
    in.u.ind.mode = stations;
    return fake_step(&f, &in, NULL);
}

/* A watched URI: whether it is in use, only the binding knows. */
START_TEST(used_by_others)
{
    struct session_address_conf addressv[] = {{"500", "New", 0}, {"sip:200@x", "New", 0}};
    const uint8_t sharingv[] = {SESSION_SHARING_PRIVATE, SESSION_SHARING_MONITORED};
    struct session_line_conf conf = {0, 2, addressv, sharingv, NULL};
    struct session_in mask = {.type = SESSION_IN_LINE_MASK};
    uint32_t lines = session_line_count(f.core), line = lines;

    ck_assert_int_eq(session_line_add_at(f.core, line, &conf), SESSION_E_OK);
    /* as many as want it, each by itself */
    for (uint32_t i = 1; i <= 20; i++) {
        addressv[0].number = "501";
        ck_assert_int_eq(session_line_add_at(f.core, line + i, &conf), SESSION_E_OK);
    }
    ck_assert_int_eq(line_input(SESSION_IN_LINE_OPEN, line), SESSION_E_OK);
    mask.u.mask.line = line;
    mask.u.mask.which = SESSION_MASK_STATES;
    mask.u.mask.address_states = SESSION_ADDR_INUSEZERO | SESSION_ADDR_INUSEONE;
    ck_assert_int_eq(fake_step(&f, &mask, NULL), SESSION_E_OK);
    ck_assert_uint_eq(session_stations(f.core, line, 1), 0);
    ck_assert_int_eq(use(line, 1, 1), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->address, 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_INUSEONE);
    ck_assert_uint_eq(session_stations(f.core, line, 1), 1);
    ck_assert_uint_eq(session_stations(f.core, line + 1, 1), 0);
    ck_assert_int_eq(use(line, 1, 1), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 0);
    ck_assert_int_eq(use(line, 1, 2), SESSION_E_OK); /* nobody wants to know of many */
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 0);
    ck_assert_int_eq(use(line, 1, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_INUSEZERO);
    ck_assert_int_eq(use(line, 0, 1), SESSION_E_BADPARAM); /* it is our own */
    ck_assert_int_eq(use(line, 2, 1), SESSION_E_BADPARAM);
    ck_assert_int_eq(use(9999, 1, 1), SESSION_E_BADPARAM);
    /* there are no calls on it */
    ck_assert_uint_eq(session_address_features(f.core, line, 1, true), 0);
    ck_assert_uint_ne(session_address_features(f.core, line, 0, true), 0);
    /* one that is not open keeps it */
    ck_assert_int_eq(use(line + 1, 1, 1), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 0);
    ck_assert_uint_eq(session_stations(f.core, line + 1, 1), 1);
    ck_assert_ptr_null(session_check(f.core));
}
END_TEST

START_TEST(sessions_end_in_idle_and_wait_for_the_close)
{
    uint32_t up = fake_connected(&f, "200"), other;

    ck_assert_int_eq(fake_incoming(&f, 1, 77, "300"), SESSION_E_OK);
    other = fake_find(&f, SESSION_ACT_NEW, 0)->session;
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->state, SESSION_IDLE);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->session, up);
    ck_assert(!fake_cmd(&f, SESSION_CMD_LINE)->on);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->session, up);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_LINE_REMOVE)->line, 0);
    /* the binding hears of the line when it has nothing of it any more */
    ck_assert(fake_cmd(&f, SESSION_CMD_LINE_REMOVE) > fake_cmd(&f, SESSION_CMD_DROP));
    ck_assert_uint_eq(fake_state(&f, up), SESSION_IDLE);
    ck_assert_uint_eq(fake_state(&f, other), SESSION_OFFERING);
    ck_assert(!session_line_there(f.core, 0));
    ck_assert(!session_line_is_open(f.core, 0));
    ck_assert(session_line_there(f.core, 1));
    ck_assert(!session_line_vacant(f.core, 0)); /* not yet */
    ck_assert_int_eq(add("555", 0), SESSION_E_BADPARAM);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_uint_eq(fake_state(&f, up), 0);
    ck_assert_uint_eq(session_live(f.core), 1);
    ck_assert(session_line_vacant(f.core, 0));
    ck_assert_uint_eq(session_address_count(f.core, 0), 0);
    ck_assert_ptr_null(session_address_party(f.core, 0, 0));
    fake_release_all(&f);
}
END_TEST

/* One that was closed leaves nothing behind. */
START_TEST(closed_line_goes_at_once)
{
    ck_assert_int_eq(fake_close(&f, 0), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1);
    ck_assert_ptr_nonnull(fake_cmd(&f, SESSION_CMD_LINE_REMOVE));
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_BADLINE);
    ck_assert_int_eq(add("555", 1), SESSION_E_BADPARAM);
    ck_assert_int_eq(add("555", 3), SESSION_E_BADPARAM);
    ck_assert_int_eq(add("555", 0), SESSION_E_OK);
    ck_assert_int_eq(add("556", 0), SESSION_E_BADPARAM);
    ck_assert_uint_eq(session_line_count(f.core), 2);
    ck_assert_str_eq(session_party_number(session_address_party(f.core, 0, 0)), "555");
    ck_assert_int_eq(line_input(SESSION_IN_LINE_OPEN, 0), SESSION_E_OK);
    ck_assert_int_eq(add("556", 2), SESSION_E_OK);
}
END_TEST

/* What is only good for a close does nothing else. */
START_TEST(removed_line_answers_as_one_that_is_not_there)
{
    struct session_in mask = {.type = SESSION_IN_LINE_MASK};
    uint32_t up = fake_connected(&f, "200");
    struct session_in conf = {.type = SESSION_IN_OP};
    uint32_t idv[2];

    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 7), SESSION_E_BADLINE);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_BADLINE);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_OPEN, 0), SESSION_E_BADLINE);
    ck_assert_int_eq(fake_step(&f, &mask, NULL), SESSION_E_BADLINE);
    ck_assert_int_eq(fake_make(&f, 0, "1", NULL), SESSION_E_BADLINE);
    conf.u.op.op = SESSION_OP_SETUPCONF;
    conf.u.op.request = 1;
    ck_assert_int_eq(fake_step(&f, &conf, idv), SESSION_E_BADLINE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, up), SESSION_E_BADSTATE);
    ck_assert_int_eq(fake_incoming(&f, 0, 99, "300"), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_REJECT)->leg, 99);
    ck_assert_uint_eq(session_live(f.core), 1);
    /* released by itself, the close finds nothing */
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, up), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_BADLINE);
    ck_assert_int_eq(fake_incoming(&f, 0, 98, "300"), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_REJECT)->mode, SESSION_DISC_BADADDRESS);
}
END_TEST

/* Requests fail, and what they make is never heard of. */
START_TEST(requests_under_way_fail)
{
    uint32_t up = fake_connected(&f, "200"), making, token;

    f.answer = false;
    ck_assert_int_eq(fake_make(&f, 0, "201", &making), SESSION_E_OK);
    token = fake_cmd(&f, SESSION_CMD_PLACE)->token;
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, up), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 2);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 1)->err, SESSION_E_FAILED);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 1);
    ck_assert_uint_eq(fake_state(&f, making), 0);
    ck_assert_uint_eq(session_pending(f.core), 0);
    /* the binding carries it out after all: the leg is nobody's */
    ck_assert_int_eq(fake_done(&f, making, token, 500, SESSION_E_OK), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->leg, 500);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_OK);
}
END_TEST

/* A transfer and a conference on the way: nothing comes back to life. */
START_TEST(calls_that_hang_together_end_as_well)
{
    uint32_t first = fake_connected(&f, "200"), second;

    ck_assert_int_eq(fake_op(&f, SESSION_OP_SETUPTRANSFER, first), SESSION_E_OK);
    second = fake_connected(&f, "202");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_SETUPCONF, second), SESSION_E_OK);
    ck_assert_uint_eq(session_live(f.core), 5);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 5);
    for (unsigned i = 0; i < 5; i++)
        ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, i)->state, SESSION_IDLE);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_OK);
    ck_assert_uint_eq(session_live(f.core), 0);
}
END_TEST

/* No memory is needed to go; a line that cannot be had changes nothing. */
START_TEST(without_memory)
{
    (void)fake_connected(&f, "200");
    f.left = 0;
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_CLOSE, 0), SESSION_E_OK);
    for (long left = 0;; left++) {
        enum session_err err;

        f.left = left;
        err = add("555", 0);
        f.left = -1;
        if (!err)
            break;
        ck_assert_int_eq(err, SESSION_E_NOMEM);
        ck_assert(session_line_vacant(f.core, 0));
        ck_assert_uint_lt(left, 20);
    }
}
END_TEST

/* Freed in the middle of it all. */
START_TEST(core_freed_with_a_removed_line)
{
    (void)fake_connected(&f, "200");
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 0), SESSION_E_OK);
    ck_assert_int_eq(line_input(SESSION_IN_LINE_REMOVE, 1), SESSION_E_OK);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("session_lines");
    TCase *tc = tcase_create("lines");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, sessions_end_in_idle_and_wait_for_the_close);
    tcase_add_test(tc, closed_line_goes_at_once);
    tcase_add_test(tc, removed_line_answers_as_one_that_is_not_there);
    tcase_add_test(tc, requests_under_way_fail);
    tcase_add_test(tc, calls_that_hang_together_end_as_well);
    tcase_add_test(tc, without_memory);
    tcase_add_test(tc, used_by_others);
    tcase_add_test(tc, core_freed_with_a_removed_line);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
