/* Running callbacks where the application expects them. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"

#include <stdatomic.h>
#include <string.h>

struct job {
    struct platform_runner *runner;
    struct platform_event *ran;  /* set by each run */
    struct platform_event *hold; /* the run waits for it, if there is one */
    uint64_t thread_id;
    atomic_int runs, entered, left;
    int posts_within; /* runs that post once more */
    bool free_within; /* the first run frees the runner */
    bool pump_within;
};

static void run(void *arg)
{
    struct job *j = arg;
    int n = atomic_fetch_add(&j->runs, 1) + 1;

    j->thread_id = platform_thread_id();
    atomic_fetch_add(&j->entered, 1);
    if (n <= j->posts_within)
        platform_runner_post(j->runner);
    if (j->pump_within && n == 1) {
        platform_runner_post(j->runner);
        support_pump();
    }
    if (j->free_within) {
        platform_runner_post(j->runner); /* never to run */
        platform_runner_free(j->runner);
    }
    if (n > j->posts_within)
        platform_event_set(j->ran);
    if (j->hold)
        platform_event_wait(j->hold, UINT32_MAX);
    atomic_fetch_add(&j->left, 1);
}

static void open_job(struct job *j)
{
    memset(j, 0, sizeof(*j));
    ck_assert_int_eq(platform_event_alloc(&j->ran), 0);
    ck_assert_int_eq(platform_runner_alloc(&j->runner, run, j), 0);
}

static void close_job(struct job *j)
{
    platform_event_free(j->ran);
    platform_event_free(j->hold);
}

START_TEST(runs_on_its_thread)
{
    struct job j;

    platform_runner_free(NULL);
    open_job(&j);
    support_pump();
    ck_assert_int_eq(j.runs, 0);
    platform_runner_post(j.runner);
    support_wait(j.ran);
    ck_assert_int_ge(j.runs, 1);
    platform_runner_free(j.runner);
    ck_assert((j.thread_id == platform_thread_id()) != support_runner_has_thread());
    ck_assert_int_eq(j.entered, j.left);
    close_job(&j);
}
END_TEST

START_TEST(every_post_is_followed_by_a_run)
{
    struct job j;

    open_job(&j);
    for (int i = 0; i < 100; i++) {
        platform_event_reset(j.ran);
        for (int n = 0; n <= i; n++)
            platform_runner_post(j.runner);
        support_wait(j.ran);
    }
    platform_runner_free(j.runner);
    ck_assert_int_ge(j.runs, 100);
    ck_assert_int_le(j.runs, 5050);
    close_job(&j);
}
END_TEST

/* A queue as the host has it: what is put in by many threads is taken out by the runs. */
struct queue {
    struct platform_runner *runner;
    struct platform_event *empty;
    atomic_int put, taken;
    int all;
};

enum { PUTTERS = 4, PUTS = 2000 };

static void drain(void *arg)
{
    struct queue *q = arg;

    atomic_store(&q->taken, atomic_load(&q->put));
    if (atomic_load(&q->taken) == q->all)
        platform_event_set(q->empty);
}

static void put(void *arg)
{
    struct queue *q = arg;

    for (int i = 0; i < PUTS; i++) {
        atomic_fetch_add(&q->put, 1);
        platform_runner_post(q->runner);
    }
}

START_TEST(no_post_of_any_thread_is_lost)
{
    struct queue q = {.all = PUTTERS * PUTS};
    struct platform_thread *t[PUTTERS];

    ck_assert_int_eq(platform_event_alloc(&q.empty), 0);
    ck_assert_int_eq(platform_runner_alloc(&q.runner, drain, &q), 0);
    for (int i = 0; i < PUTTERS; i++)
        t[i] = support_thread(put, &q);
    support_wait(q.empty);
    for (int i = 0; i < PUTTERS; i++)
        platform_thread_join(t[i]);
    platform_runner_free(q.runner);
    ck_assert_int_eq(q.taken, q.all);
    platform_event_free(q.empty);
}
END_TEST

START_TEST(post_within_runs_again)
{
    struct job j;

    open_job(&j);
    j.posts_within = 5;
    platform_runner_post(j.runner);
    support_wait(j.ran);
    platform_runner_free(j.runner);
    ck_assert_int_eq(j.runs, 6);
    close_job(&j);
}
END_TEST

START_TEST(callback_may_pump_itself)
{
    struct job j;

    open_job(&j);
    j.pump_within = true;
    platform_runner_post(j.runner);
    support_wait(j.ran);
    support_pump();
    platform_runner_free(j.runner);
    ck_assert_int_eq(j.entered, j.left);
    close_job(&j);
}
END_TEST

START_TEST(free_drops_a_pending_post)
{
    /* On a thread of the runner's own it may have run before; never after. */
    for (int i = 0; i < 50; i++) {
        struct job j;
        int runs;

        open_job(&j);
        platform_runner_post(j.runner);
        platform_runner_free(j.runner);
        runs = j.runs;
        ck_assert_int_eq(j.entered, j.left);
        support_pump();
        ck_assert_int_eq(j.runs, runs);
        if (!support_runner_has_thread())
            ck_assert_int_eq(j.runs, 0);
        close_job(&j);
    }
}
END_TEST

START_TEST(free_within_is_the_last_run)
{
    for (int i = 0; i < 50; i++) {
        struct job j;

        open_job(&j);
        ck_assert_int_eq(platform_event_alloc(&j.hold), 0);
        platform_event_set(j.hold);
        j.free_within = true;
        platform_runner_post(j.runner);
        support_wait(j.ran);
        while (atomic_load(&j.left) == 0)
            platform_thread_yield();
        support_pump();
        ck_assert_int_eq(j.runs, 1);
        close_job(&j);
    }
}
END_TEST

static void free_runner(void *arg)
{
    struct job *j = arg;

    platform_runner_free(j->runner);
}

START_TEST(free_from_another_thread)
{
    for (int i = 0; i < 50; i++) {
        struct job j;

        open_job(&j);
        if (i % 2 == 0)
            platform_runner_post(j.runner);
        platform_thread_join(support_thread(free_runner, &j));
        int runs = j.runs;
        support_pump();
        ck_assert_int_eq(j.runs, runs);
        ck_assert_int_eq(j.entered, j.left);
        close_job(&j);
    }
}
END_TEST

/* Frees while the callback is in the middle of a run. */
struct crossing {
    struct job j;
    struct platform_event *running;
    atomic_bool freed;
    bool freed_early;
    int left_at_free;
};

static void run_crossing(void *arg)
{
    struct crossing *c = arg;

    platform_event_set(c->running);
    /* As long as this runs the free must not return. Nobody can see that it waits, but that it returned too early can
     * be seen. */
    for (int i = 0; i < 2000; i++) {
        if (atomic_load(&c->freed))
            c->freed_early = true;
        platform_thread_yield();
    }
    atomic_fetch_add(&c->j.left, 1);
}

static void free_crossing(void *arg)
{
    struct crossing *c = arg;

    platform_event_wait(c->running, UINT32_MAX);
    platform_runner_free(c->j.runner);
    c->left_at_free = atomic_load(&c->j.left);
    atomic_store(&c->freed, true);
    platform_event_set(c->j.ran);
}

START_TEST(free_waits_for_the_run)
{
    struct crossing c;
    struct platform_thread *t;

    memset(&c, 0, sizeof(c));
    ck_assert_int_eq(platform_event_alloc(&c.running), 0);
    ck_assert_int_eq(platform_event_alloc(&c.j.ran), 0);
    ck_assert_int_eq(platform_runner_alloc(&c.j.runner, run_crossing, &c), 0);
    t = support_thread(free_crossing, &c);
    platform_runner_post(c.j.runner);
    support_wait(c.j.ran);
    platform_thread_join(t);
    ck_assert_int_eq(c.left_at_free, 1);
    ck_assert(!c.freed_early);
    platform_event_free(c.running);
    close_job(&c.j);
}
END_TEST

static void make_runner(void *arg)
{
    struct job *j = arg;

    /* Not checked here: a failed check belongs on the thread of the test. */
    if (platform_runner_alloc(&j->runner, run, j))
        j->runner = NULL;
}

START_TEST(free_after_its_thread_has_ended)
{
    struct job j;

    memset(&j, 0, sizeof(j));
    ck_assert_int_eq(platform_event_alloc(&j.ran), 0);
    platform_thread_join(support_thread(make_runner, &j));
    ck_assert_ptr_nonnull(j.runner);
    platform_runner_post(j.runner);
    platform_runner_free(j.runner);
    ck_assert_int_eq(j.entered, j.left);
    close_job(&j);
}
END_TEST

START_TEST(runs_though_the_queue_is_full)
{
    struct job j;

    open_job(&j);
    support_fill_queue();
    platform_runner_post(j.runner);
    support_wait(j.ran);
    platform_event_reset(j.ran);
    /* And the same from another thread. */
    support_fill_queue();
    struct queue q = {.runner = j.runner};
    struct platform_thread *t = support_thread(put, &q);
    support_wait(j.ran);
    platform_thread_join(t);
    platform_runner_free(j.runner);
    support_pump();
    close_job(&j);
}
END_TEST

START_TEST(many_at_once_and_again)
{
    enum { MANY = 100 };
    static struct job j[MANY];

    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < MANY; i++)
            open_job(&j[i]);
        for (int i = 0; i < MANY; i++)
            platform_runner_post(j[i].runner);
        for (int i = 0; i < MANY; i++) {
            support_wait(j[i].ran);
            platform_runner_free(j[i].runner);
            close_job(&j[i]);
        }
    }
}
END_TEST

void runner_tests(Suite *s)
{
    TCase *tc = tcase_create("runner");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, runs_on_its_thread);
    tcase_add_test(tc, every_post_is_followed_by_a_run);
    tcase_add_test(tc, no_post_of_any_thread_is_lost);
    tcase_add_test(tc, post_within_runs_again);
    tcase_add_test(tc, callback_may_pump_itself);
    tcase_add_test(tc, free_drops_a_pending_post);
    tcase_add_test(tc, free_within_is_the_last_run);
    tcase_add_test(tc, free_from_another_thread);
    tcase_add_test(tc, free_waits_for_the_run);
    tcase_add_test(tc, free_after_its_thread_has_ended);
    tcase_add_test(tc, runs_though_the_queue_is_full);
    tcase_add_test(tc, many_at_once_and_again);
    suite_add_tcase(s, tc);
}
