/* Timers in virtual time. SPDX-License-Identifier: MIT */
#include "tsp/session/timer.h"

#include <check.h>
#include <stdlib.h>

static long blocks, allowed;

static void *count_alloc(size_t size, void *arg)
{
    (void)arg;
    if (allowed == 0) {
        return NULL;
    }
    allowed -= allowed > 0;
    blocks++;
    return calloc(1, size);
}

static void count_free(void *p, void *arg)
{
    (void)arg;
    blocks -= p != NULL;
    free(p);
}

static const struct session_mem mem = {count_alloc, count_free, NULL};
static struct session_timers t;

static void setup(void)
{
    blocks = 0;
    allowed = -1;
    session_timers_init(&t, &mem);
    ck_assert_int_eq(session_timers_reserve(&t, 200), SESSION_E_OK);
}

static void teardown(void)
{
    session_timers_free(&t);
    ck_assert_int_eq(blocks, 0);
}

START_TEST(none)
{
    struct session_timer a = {0};

    ck_assert(session_timers_deadline(&t) == UINT64_MAX);
    ck_assert_ptr_null(session_timers_due(&t, UINT64_MAX));
    session_timer_stop(&t, &a);
    session_timers_free(&t);
    session_timers_init(&t, &mem); /* freed by teardown without having been used */
}
END_TEST

START_TEST(due_at_its_time_and_once)
{
    struct session_timer a = {0};

    session_timer_start(&t, &a, 100);
    ck_assert(session_timers_deadline(&t) == 100);
    ck_assert_ptr_null(session_timers_due(&t, 99));
    ck_assert_ptr_eq(session_timers_due(&t, 100), &a);
    ck_assert_uint_eq(a.slot, 0);
    ck_assert_ptr_null(session_timers_due(&t, UINT64_MAX));
    ck_assert(session_timers_deadline(&t) == UINT64_MAX);
}
END_TEST

START_TEST(order_of_deadline)
{
    struct session_timer v[5] = {{0}};
    static const uint64_t at[5] = {30, 10, 50, 20, 40};
    static const int order[5] = {1, 3, 0, 4, 2};

    for (int i = 0; i < 5; i++) {
        session_timer_start(&t, &v[i], at[i]);
    }
    for (int i = 0; i < 5; i++) {
        ck_assert(session_timers_deadline(&t) == at[order[i]]);
        ck_assert_ptr_eq(session_timers_due(&t, 1000), &v[order[i]]);
    }
}
END_TEST

START_TEST(equal_deadlines_in_order_of_start)
{
    struct session_timer v[100] = {{0}};

    for (int i = 0; i < 100; i++) {
        session_timer_start(&t, &v[i], 7);
    }
    session_timer_start(&t, &v[0], 7); /* started again: behind the others */
    for (int i = 1; i < 100; i++) {
        ck_assert_ptr_eq(session_timers_due(&t, 7), &v[i]);
    }
    ck_assert_ptr_eq(session_timers_due(&t, 7), &v[0]);
}
END_TEST

START_TEST(restart_moves_both_ways)
{
    struct session_timer a = {0}, b = {0};

    session_timer_start(&t, &a, 10);
    session_timer_start(&t, &b, 20);
    session_timer_start(&t, &a, 30);
    ck_assert_uint_eq(t.count, 2);
    ck_assert(session_timers_deadline(&t) == 20);
    session_timer_start(&t, &a, 5);
    ck_assert(session_timers_deadline(&t) == 5);
    ck_assert_ptr_eq(session_timers_due(&t, 99), &a);
    ck_assert_ptr_eq(session_timers_due(&t, 99), &b);
}
END_TEST

START_TEST(stopped_is_never_due)
{
    struct session_timer v[9] = {{0}};

    for (int i = 0; i < 9; i++) {
        session_timer_start(&t, &v[i], (uint64_t)(9 - i));
    }
    for (int i = 0; i < 9; i += 2) {
        session_timer_stop(&t, &v[i]);
        session_timer_stop(&t, &v[i]);
        ck_assert_uint_eq(v[i].slot, 0);
    }
    ck_assert_uint_eq(t.count, 4);
    for (int i = 7; i > 0; i -= 2) {
        ck_assert_ptr_eq(session_timers_due(&t, 99), &v[i]);
    }
    ck_assert_ptr_null(session_timers_due(&t, 99));
}
END_TEST

START_TEST(no_memory_keeps_what_runs)
{
    static struct session_timer v[200];

    for (int i = 0; i < 200; i++) {
        v[i].slot = 0;
        session_timer_start(&t, &v[i], (uint64_t)i);
    }
    allowed = 0;
    ck_assert_int_eq(session_timers_reserve(&t, 100), SESSION_E_OK); /* there is room already */
    ck_assert_int_eq(session_timers_reserve(&t, 100000), SESSION_E_NOMEM);
    allowed = -1;
    ck_assert_int_eq(session_timers_reserve(&t, 100000), SESSION_E_OK);
    for (int i = 0; i < 200; i++) {
        ck_assert_ptr_eq(session_timers_due(&t, 1000), &v[i]);
    }
}
END_TEST

/* Against a table searched from end to end: any order of starts, stops and expiries. */
START_TEST(like_a_table)
{
    enum { TIMERS = 60 };
    static struct session_timer v[TIMERS];
    uint64_t at[TIMERS] = {0}, seq[TIMERS] = {0}, next_seq = 0, x = 88172645463325252u;
    uint32_t running = 0;

    for (int i = 0; i < TIMERS; i++) {
        v[i].slot = 0;
    }
    for (int step = 0; step < 20000; step++) {
        int i, first = -1;

        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        i = (int)((x >> 8) % TIMERS);
        for (int j = 0; j < TIMERS; j++) {
            if (seq[j] && (first < 0 || at[j] < at[first] || (at[j] == at[first] && seq[j] < seq[first]))) {
                first = j;
            }
        }
        ck_assert(session_timers_deadline(&t) == (first < 0 ? UINT64_MAX : at[first]));
        if (x % 4 == 0) {
            session_timer_stop(&t, &v[i]);
            running -= seq[i] != 0;
            seq[i] = 0;
        } else if (x % 4 == 1 && first >= 0) {
            ck_assert_ptr_eq(session_timers_due(&t, at[first]), &v[first]);
            running--;
            seq[first] = 0;
        } else {
            at[i] = (x >> 20) % 50;
            running += seq[i] == 0;
            seq[i] = ++next_seq;
            session_timer_start(&t, &v[i], at[i]);
        }
        ck_assert_uint_eq(t.count, running);
        for (uint32_t j = 0; j < t.count; j++) {
            ck_assert_uint_eq(t.heap[j]->slot, j + 1);
        }
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("timer");
    TCase *tc = tcase_create("timer");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, none);
    tcase_add_test(tc, due_at_its_time_and_once);
    tcase_add_test(tc, order_of_deadline);
    tcase_add_test(tc, equal_deadlines_in_order_of_start);
    tcase_add_test(tc, restart_moves_both_ways);
    tcase_add_test(tc, stopped_is_never_due);
    tcase_add_test(tc, no_memory_keeps_what_runs);
    tcase_add_test(tc, like_a_table);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
