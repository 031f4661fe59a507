/* Calls between accounts of the binding itself. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static struct fixture f;

static void open_lines(uint32_t count)
{
    fixture_init(&f, count);
    fixture_open(&f);
}

START_TEST(causes)
{
    ck_assert_int_eq(sip_cause_mode(486, 0), SESSION_DISC_BUSY);
    ck_assert_int_eq(sip_cause_mode(486, 16), SESSION_DISC_NORMAL);
    ck_assert_int_eq(sip_cause_mode(499, 0), SESSION_DISC_UNAVAIL);
    ck_assert_int_eq(sip_cause_mode(699, 0), SESSION_DISC_REJECT);
    ck_assert_int_eq(sip_cause_mode(404, 1), SESSION_DISC_BADADDRESS);
    ck_assert_int_eq(sip_cause_mode(503, 200), SESSION_DISC_CONGESTION);
    ck_assert_int_eq(sip_cause_mode(0, 0), SESSION_DISC_UNKNOWN);
}
END_TEST

START_TEST(starts_once)
{
    struct binding *b = NULL;

    open_lines(1);
    ck_assert_int_eq(sip_alloc(&b, &f.conf), SESSION_E_INUSE);
    ck_assert_ptr_null(b);
    fixture_close(&f);
    open_lines(1);
    fixture_close(&f);
}
END_TEST

START_TEST(answered)
{
    uint32_t a, b;

    open_lines(2);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_str_eq(f.legv[b].caller, "u0");
    ck_assert_str_eq(f.legv[b].called, "u1");
    ck_assert_uint_eq(f.legv[b].line, 1);
    ck_assert_uint_eq(f.legv[b].reason, SESSION_REASON_DIRECT);
    wait_state(&f, a, SESSION_RINGBACK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ACCEPT, b, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING RINGBACK CONNECTED");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 2);
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[b].mode, SESSION_DISC_NORMAL);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    fixture_close(&f);
}
END_TEST

START_TEST(called_end_hangs_up)
{
    uint32_t a, b;

    open_lines(2);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    drop(&f, b);
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_NORMAL);
    fixture_close(&f);
}
END_TEST

START_TEST(cancelled)
{
    uint32_t a, b;

    open_lines(2);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    wait_state(&f, a, SESSION_RINGBACK);
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[b].mode, SESSION_DISC_CANCELLED);
    fixture_close(&f);
}
END_TEST

START_TEST(dropped_at_once)
{
    open_lines(2);
    for (int i = 0; i < 5; i++) {
        uint32_t a = place(&f, 0, uri_of(&f, 1));

        drop(&f, a);
    }
    /* those that got through are cancelled */
    fixture_close(&f);
}
END_TEST

START_TEST(refused)
{
    uint32_t a, b;

    open_lines(3);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    drop(&f, b);
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_REJECT);
    fixture_attend(&f, 1, false);
    a = place(&f, 0, uri_of(&f, 1));
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:UNAVAIL");
    a = place(&f, 0, uri_of(&f, 7));
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:BADADDRESS");
    fixture_close(&f);
}
END_TEST

START_TEST(rejected_by_the_core)
{
    struct session_cmd cmd = {.type = SESSION_CMD_REJECT, .mode = SESSION_DISC_BUSY};
    uint32_t a, b;

    open_lines(2);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    cmd.leg = f.legv[b].id;
    f.b->ops->command(f.b, 0, &cmd);
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_BUSY);
    fixture_close(&f);
}
END_TEST

START_TEST(limits)
{
    uint32_t a, b;

    fixture_init(&f, 3);
    f.accountv[1].max_sessions = 1;
    f.conf.max_calls = 4;
    fixture_open(&f);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    a = place(&f, 2, uri_of(&f, 1));
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_BUSY);
    a = place(&f, 0, uri_of(&f, 2));
    (void)incoming(&f);
    a = place(&f, 0, uri_of(&f, 2));
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_CONGESTION);
    drop(&f, b);
    fixture_close(&f);
}
END_TEST

START_TEST(dialled_bit_by_bit)
{
    uint32_t a;

    open_lines(1);
    a = place(&f, 0, "");
    wait_state(&f, a, SESSION_DIALTONE);
    f.legv[a].log[0] = '\0';
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "1;")), SESSION_E_OK);
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "2;")), SESSION_E_OK);
    wait_state(&f, a, SESSION_DIALING);
    says(&f, a, "DIALING");
    drop(&f, a);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    fixture_close(&f);
}
END_TEST

static atomic_bool no_memory;
static atomic_int blocks;

static void *count_alloc(size_t size, void *arg)
{
    (void)arg;
    if (atomic_load(&no_memory)) {
        return NULL;
    }
    atomic_fetch_add(&blocks, 1);
    return calloc(1, size);
}

static void count_free(void *p, void *arg)
{
    (void)arg;
    if (p) {
        atomic_fetch_sub(&blocks, 1);
    }
    free(p);
}

START_TEST(out_of_memory)
{
    struct session_dial d = {.number = "1"};
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .dial = &d, .session = 1};
    uint32_t a, b, tokenv[2];

    fixture_init(&f, 2);
    f.conf.mem.alloc = count_alloc;
    f.conf.mem.free = count_free;
    fixture_open(&f);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    atomic_store(&no_memory, true);
    tokenv[0] = give(&f, &cmd);
    ck_assert_int_eq(result(&f, tokenv[0]), SESSION_E_NOMEM);
    tokenv[0] = order(&f, SESSION_CMD_HOLD, a, UINT32_MAX);
    tokenv[1] = order(&f, SESSION_CMD_HOLD, b, UINT32_MAX);
    ck_assert_int_eq(result(&f, tokenv[0]), SESSION_E_NOMEM);
    ck_assert_int_eq(result(&f, tokenv[1]), SESSION_E_NOMEM);
    /* a call ends all the same, for both */
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    atomic_store(&no_memory, false);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    fixture_close(&f);
    ck_assert_int_eq(atomic_load(&blocks), 0);
}
END_TEST

/* Starting runs out of memory at every place in turn. */
static atomic_int left;

static void *few_alloc(size_t size, void *arg)
{
    return atomic_fetch_sub(&left, 1) > 0 ? count_alloc(size, arg) : NULL;
}

START_TEST(starts_without_memory)
{
    enum session_err err = SESSION_E_NOMEM;

    for (int n = 0; err; n++) {
        fixture_init(&f, 2);
        f.conf.mem.alloc = few_alloc;
        f.conf.mem.free = count_free;
        atomic_store(&left, n);
        err = sip_alloc(&f.b, &f.conf);
        if (err) {
            ck_assert_int_eq(err, SESSION_E_NOMEM);
            ck_assert_int_eq(atomic_load(&blocks), 0);
            platform_event_free(f.event);
        }
    }
    fixture_close(&f);
    ck_assert_int_eq(atomic_load(&blocks), 0);
}
END_TEST

START_TEST(busy_ends)
{
    uint32_t legv[8];

    /* the binding goes while calls are in every state */
    open_lines(4);
    legv[0] = place(&f, 0, uri_of(&f, 1));
    legv[1] = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, legv[1], UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, legv[0], SESSION_CONNECTED);
    legv[2] = place(&f, 2, uri_of(&f, 3));
    (void)incoming(&f);
    (void)place(&f, 2, "");
    (void)place(&f, 3, uri_of(&f, 0));
    fixture_close(&f);
}
END_TEST

START_TEST(stale_legs)
{
    struct session_cmd cmd = {.type = SESSION_CMD_HOLD, .leg = 12345};
    uint32_t a, token;

    open_lines(1);
    token = give(&f, &cmd);
    ck_assert_int_eq(result(&f, token), SESSION_E_BADSTATE);
    a = place(&f, 0, "");
    drop(&f, a);
    token = order(&f, SESSION_CMD_ANSWER, a, UINT32_MAX);
    ck_assert_int_eq(result(&f, token), SESSION_E_BADSTATE);
    drop(&f, a);
    fixture_close(&f);
}
END_TEST

Suite *calls_suite(void)
{
    Suite *s = suite_create("sip calls");
    TCase *t = tcase_create("calls");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, causes);
    tcase_add_test(t, starts_once);
    tcase_add_test(t, answered);
    tcase_add_test(t, called_end_hangs_up);
    tcase_add_test(t, cancelled);
    tcase_add_test(t, dropped_at_once);
    tcase_add_test(t, refused);
    tcase_add_test(t, rejected_by_the_core);
    tcase_add_test(t, limits);
    tcase_add_test(t, dialled_bit_by_bit);
    tcase_add_test(t, out_of_memory);
    tcase_add_test(t, starts_without_memory);
    tcase_add_test(t, busy_ends);
    tcase_add_test(t, stale_legs);
    suite_add_tcase(s, t);
    return s;
}
