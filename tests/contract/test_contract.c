/* The contract table, tried: every operation in every state. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fake_core f;

static void setup(void)
{
    fake_start(&f, NULL);
}

static void teardown(void)
{
    fake_end(&f);
}

static const uint32_t statev[] = {
#define STATE(name, value) (value),
    SESSION_STATE_MAP(STATE)
#undef STATE
};
enum { STATES = sizeof statev / sizeof *statev };

static const char *label(int op, uint32_t state)
{
    static char text[96];

    snprintf(text, sizeof text, "%s in %s", session_contract((enum session_op)op)->name, session_state_name(state));
    return text;
}

/* What the core must answer, worked out from the table alone. */
static enum session_err expected(const struct session_contract *row, uint32_t state)
{
    if (!row->implemented)
        return SESSION_E_UNAVAIL;
    return row->states & state ? SESSION_E_OK : SESSION_E_BADSTATE;
}

/* A session in `state` that `op` can do something for, and a second session for it (0: it takes none). */
static uint32_t prepare(int op, uint32_t state, uint32_t *second)
{
    const struct session_contract *row = session_contract((enum session_op)op);
    uint32_t id, bit = 1;

    *second = 0;
    switch (op) {
    case SESSION_OP_PREPAREADDCONF:
    case SESSION_OP_ADDTOCONF:
        if (!(row->useful & state))
            break;
        ck_assert_int_eq(fake_op(&f, SESSION_OP_SETUPCONF, fake_connected(&f, "200")), SESSION_E_OK);
        id = f.madev[0];
        *second = f.madev[1];
        ck_assert_int_eq(fake_progress(&f, *second, f.next_leg - 1, SESSION_CONNECTED, 1), SESSION_E_OK);
        if (state == SESSION_ONHOLDPENDCONF)
            return id;
        ck_assert_int_eq(fake_op2(&f, SESSION_OP_ADDTOCONF, id, *second, 0), SESSION_E_OK);
        *second = op == SESSION_OP_ADDTOCONF ? fake_connected(&f, "201") : 0;
        if (state == SESSION_ONHOLD)
            ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, id), SESSION_E_OK);
        return id;
    case SESSION_OP_COMPLETETRANSFER:
        if (!(row->useful & state))
            break;
        id = fake_connected(&f, "200");
        if (state == SESSION_ONHOLD) {
            ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, id), SESSION_E_OK);
            *second = fake_connected(&f, "201");
            return id;
        }
        ck_assert_int_eq(fake_op(&f, SESSION_OP_SETUPTRANSFER, id), SESSION_E_OK);
        *second = f.madev[0];
        ck_assert_int_eq(fake_progress(&f, *second, f.next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
        return id;
    default:
        break;
    }
    if (row->states2 && row->implemented) {
        while (!(row->states2 & bit))
            bit <<= 1;
        *second = fake_in_state(&f, bit);
    }
    return fake_in_state(&f, state);
}

/* An operation on a session in `state`: result, replies, state reached, features before. */
static void try_one(int op, uint32_t state)
{
    const struct session_contract *row = session_contract((enum session_op)op);
    uint32_t second, id = prepare(op, state, &second), features = session_call_features(f.core, id);
    bool useful = row->implemented && (row->useful & state);
    enum session_err err;
    unsigned before = f.replies;

    if (row->call_feature)
        ck_assert_msg(!!(features & row->call_feature) == useful, "feature bit of %s", label(op, state));
    err = fake_op2(&f, (enum session_op)op, id, second, 0);
    ck_assert_msg(err == expected(row, state), "%s: %s", label(op, state), session_err_text(err));
    ck_assert_msg(f.replies - before == (err == SESSION_E_OK && row->async ? 1u : 0u), "replies of %s",
                  label(op, state));
    if (err)
        ck_assert_msg(fake_state(&f, id) == state && !f.actc, "%s was refused and changed something", label(op, state));
    if (!err && row->async) {
        const struct session_act *reply = fake_find(&f, SESSION_ACT_REPLY, 0);

        ck_assert_uint_eq(reply->request, f.next_request - 1);
        if (useful && state != SESSION_DISCONNECTED)
            ck_assert_msg(!reply->err, "%s is offered and then fails: %s", label(op, state),
                          session_err_text(reply->err));
        if (!reply->err && row->result)
            ck_assert_msg(fake_state(&f, id) == row->result || op == SESSION_OP_DIAL, "state after %s",
                          label(op, state));
    }
    if (!err && row->terminating && !(row->async && fake_find(&f, SESSION_ACT_REPLY, 0)->err))
        ck_assert_msg(fake_state(&f, id) == SESSION_IDLE || fake_state(&f, id) == 0, "%s did not end it",
                      label(op, state));
    fake_release_all(&f);
    ck_assert_uint_eq(session_live(f.core), 0);
}

START_TEST(every_state)
{
    if (session_contract((enum session_op)_i)->mode == SESSION_NOT_ALLOWED)
        return;
    for (int i = 0; i < STATES; i++)
        try_one(_i, statev[i]);
}
END_TEST

/* The same for the second session, in every state. */
START_TEST(every_second_state)
{
    const struct session_contract *row = session_contract((enum session_op)_i);
    uint32_t first = 1, other;

    if (!row->states2 || !row->implemented)
        return;
    while (!(row->states & first))
        first <<= 1;
    for (int i = 0; i < STATES; i++) {
        uint32_t second = fake_in_state(&f, statev[i]), id = fake_in_state(&f, first);
        enum session_err err = fake_op2(&f, (enum session_op)_i, id, second, 0);

        ck_assert_msg(err == (row->states2 & statev[i] ? SESSION_E_OK : SESSION_E_BADSTATE), "second of %s: %s",
                      label(_i, statev[i]), session_err_text(err));
        fake_release_all(&f);
    }
    other = fake_in_state(&f, first);
    ck_assert_int_eq(fake_op2(&f, (enum session_op)_i, other, 0, 0), SESSION_E_BADSESSION);
    ck_assert_int_eq(fake_op2(&f, (enum session_op)_i, other, other, 0), SESSION_E_BADSESSION);
    ck_assert_int_eq(fake_incoming(&f, 1, 77, "5"), SESSION_E_OK);
    ck_assert_int_eq(fake_op2(&f, (enum session_op)_i, other, session_first(f.core, 1), 0), SESSION_E_BADSESSION);
}
END_TEST

/* Operations that need a session refuse a made-up one and a released one; the unimplemented that need none say so. */
START_TEST(no_session)
{
    const struct session_contract *row = session_contract((enum session_op)_i);
    uint32_t stale = fake_in_state(&f, SESSION_CONNECTED);

    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, stale), SESSION_E_OK);
    if (row->mode == SESSION_REQUIRED) {
        ck_assert_int_eq(fake_op(&f, (enum session_op)_i, 0), SESSION_E_BADSESSION);
        ck_assert_int_eq(fake_op(&f, (enum session_op)_i, stale), SESSION_E_BADSESSION);
        ck_assert_int_eq(fake_op(&f, (enum session_op)_i, 0xFFFFFFFF), SESSION_E_BADSESSION);
    } else if (!row->implemented) {
        ck_assert_int_eq(fake_op(&f, (enum session_op)_i, 0), SESSION_E_UNAVAIL);
    }
    if (row->mode == SESSION_ALLOWED)
        ck_assert_int_eq(fake_op(&f, (enum session_op)_i, stale), SESSION_E_BADSESSION);
    if (row->mode != SESSION_NOT_ALLOWED)
        ck_assert_uint_eq(f.actc, 0);
}
END_TEST

/* An operation the binding cannot do has no feature bit and is refused, implemented or not. */
START_TEST(binding_cannot)
{
    struct session_conf conf = {.binding_ops = UINT64_MAX & ~SESSION_OP_BIT(_i)};
    const struct session_contract *row = session_contract((enum session_op)_i);
    struct fake_core g;
    uint32_t id = 0;

    fake_start(&g, &conf);
    ck_assert_uint_eq(session_call_features_ever(g.core) & row->call_feature, 0);
    ck_assert_uint_eq(session_line_features(g.core, 0, true) & row->line_feature, 0);
    ck_assert_uint_eq(session_address_features(g.core, 0, 0, true) & row->address_feature, 0);
    if (_i == SESSION_OP_MAKE) {
        ck_assert_int_eq(fake_make(&g, 0, "1", NULL), SESSION_E_UNAVAIL);
    } else if (row->mode == SESSION_REQUIRED) {
        ck_assert_int_eq(fake_make(&g, 0, "1", &id), SESSION_E_OK);
        ck_assert_int_eq(fake_op(&g, (enum session_op)_i, id), SESSION_E_UNAVAIL);
    }
    fake_end(&g);
}
END_TEST

/* The rows themselves: what can be said of each without running anything. */
START_TEST(row_is_sound)
{
    const struct session_contract *row = session_contract((enum session_op)_i);

    ck_assert_int_eq(strncmp(row->tspi, "TSPI_line", 9), 0);
    ck_assert_uint_eq(row->useful & ~row->states, 0);
    ck_assert((row->mode == SESSION_NOT_ALLOWED) == (row->states == 0));
    ck_assert(!row->handles || row->async);
    ck_assert(!row->handles || row->initiating);
    ck_assert_uint_eq(row->result & (row->result - 1), 0);
    ck_assert_uint_eq(row->call_feature & (row->call_feature - 1), 0);
    for (int other = 0; other < SESSION_OP_COUNT; other++) {
        const struct session_contract *o = session_contract((enum session_op)other);

        if (other == _i)
            continue;
        ck_assert_str_ne(o->tspi, row->tspi);
        ck_assert(!(o->call_feature & row->call_feature));
        ck_assert(!(o->address_feature & row->address_feature));
        ck_assert(!(o->line_feature & row->line_feature));
    }
}
END_TEST

/* A session not yet validated by its request can only be released. */
START_TEST(before_the_reply)
{
    const struct session_contract *row = session_contract((enum session_op)_i);
    uint32_t id;

    f.answer = false;
    ck_assert_int_eq(fake_make(&f, 0, "200", &id), SESSION_E_OK);
    ck_assert_uint_eq(session_call_features(f.core, id), 0);
    if (row->mode == SESSION_REQUIRED && _i != SESSION_OP_RELEASE)
        ck_assert_int_eq(fake_op(&f, (enum session_op)_i, id),
                         row->implemented ? SESSION_E_BADSTATE : SESSION_E_UNAVAIL);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 1);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("contract");
    TCase *tc = tcase_create("table");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 0);
    tcase_add_loop_test(tc, every_state, 0, SESSION_OP_COUNT);
    tcase_add_loop_test(tc, every_second_state, 0, SESSION_OP_COUNT);
    tcase_add_loop_test(tc, no_session, 0, SESSION_OP_COUNT);
    tcase_add_loop_test(tc, binding_cannot, 0, SESSION_OP_COUNT);
    tcase_add_loop_test(tc, row_is_sound, 0, SESSION_OP_COUNT);
    tcase_add_loop_test(tc, before_the_reply, 0, SESSION_OP_COUNT);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
