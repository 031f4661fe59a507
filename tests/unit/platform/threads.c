/* Threads, mutexes, conditions, clocks, events. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"

#include <stdatomic.h>
#include <string.h>

enum { THREADS = 4, ROUNDS = 10000 };

static struct platform_mutex zeroed_lock; /* static: usable as it is */
static struct platform_cond zeroed_cond;
static struct platform_mutex macro_lock = PLATFORM_MUTEX_INIT;
static struct platform_cond macro_cond = PLATFORM_COND_INIT;
static long counter;

static void count_under_lock(void *arg)
{
    struct platform_mutex *lock = arg;

    for (int i = 0; i < ROUNDS; i++) {
        platform_mutex_lock(lock);
        counter++;
        platform_mutex_unlock(lock);
    }
}

static void contend(struct platform_mutex *lock)
{
    struct platform_thread *t[THREADS];

    counter = 0;
    for (int i = 0; i < THREADS; i++)
        t[i] = support_thread(count_under_lock, lock);
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(t[i]);
    ck_assert_int_eq(counter, (long)THREADS * ROUNDS);
}

START_TEST(mutex_zeroed_excludes)
{
    contend(&zeroed_lock);
    contend(&macro_lock);
}
END_TEST

START_TEST(mutex_initialised_excludes)
{
    struct platform_mutex lock;

    memset(&lock, 0xA5, sizeof(lock));
    ck_assert_int_eq(platform_mutex_init(&lock), 0);
    contend(&lock);
    platform_mutex_destroy(&lock);
}
END_TEST

struct
try {
    struct platform_mutex lock;
    bool got;
};

static void try_lock(void *arg)
{
    struct try *t = arg;

    t->got = platform_mutex_trylock(&t->lock);
    if (t->got)
        platform_mutex_unlock(&t->lock);
}

/* Whether another thread can take the lock now. */
static bool is_free(struct try *t)
{
    platform_thread_join(support_thread(try_lock, t));
    return t->got;
}

START_TEST(mutex_trylock)
{
    struct try t;

    ck_assert_int_eq(platform_mutex_init(&t.lock), 0);
    ck_assert(is_free(&t));
    platform_mutex_lock(&t.lock);
    ck_assert(!is_free(&t));
    platform_mutex_unlock(&t.lock);
    ck_assert(platform_mutex_trylock(&t.lock));
    ck_assert(!is_free(&t));
    platform_mutex_unlock(&t.lock);
    ck_assert(is_free(&t));
    platform_mutex_destroy(&t.lock);
}
END_TEST

/* Threads that wait until `go`, each with its own kind of wait. */
struct waiters {
    struct platform_mutex *lock;
    struct platform_cond *cond;
    uint64_t deadline; /* 0: platform_cond_wait */
    bool go;
    int waiting, woken, timed_out;
};

static void wait_for_go(void *arg)
{
    struct waiters *w = arg;

    platform_mutex_lock(w->lock);
    w->waiting++;
    while (!w->go) {
        if (w->deadline == 0)
            platform_cond_wait(w->cond, w->lock);
        else if (!platform_cond_wait_until(w->cond, w->lock, w->deadline))
            w->timed_out++;
    }
    w->woken++;
    platform_mutex_unlock(w->lock);
}

static void wake_all(struct platform_mutex *lock, struct platform_cond *cond, uint64_t deadline, int threads)
{
    struct waiters w = {lock, cond, deadline, false, 0, 0, 0};
    struct platform_thread *t[THREADS];
    bool all = false;

    for (int i = 0; i < threads; i++)
        t[i] = support_thread(wait_for_go, &w);
    while (!all) {
        platform_mutex_lock(lock);
        all = w.waiting == threads;
        platform_mutex_unlock(lock);
        platform_thread_yield();
    }
    platform_mutex_lock(lock);
    w.go = true;
    if (threads == 1)
        platform_cond_signal(cond);
    else
        platform_cond_broadcast(cond);
    platform_mutex_unlock(lock);
    for (int i = 0; i < threads; i++)
        platform_thread_join(t[i]);
    ck_assert_int_eq(w.woken, threads);
    ck_assert_int_eq(w.timed_out, 0);
}

START_TEST(cond_signal_wakes_one)
{
    wake_all(&zeroed_lock, &zeroed_cond, 0, 1);
    wake_all(&macro_lock, &macro_cond, 0, 1);
}
END_TEST

START_TEST(cond_broadcast_wakes_all)
{
    struct platform_mutex lock;
    struct platform_cond cond;

    memset(&cond, 0xA5, sizeof(cond));
    ck_assert_int_eq(platform_mutex_init(&lock), 0);
    ck_assert_int_eq(platform_cond_init(&cond), 0);
    wake_all(&lock, &cond, 0, THREADS);
    wake_all(&lock, &cond, UINT64_MAX, THREADS);
    platform_cond_destroy(&cond);
    platform_mutex_destroy(&lock);
}
END_TEST

START_TEST(cond_far_deadlines_wake_by_signal)
{
    /* None of these may be mistaken for one that is past. */
    const uint64_t now = platform_mono_ms();
    const uint64_t far[] = {UINT64_MAX,       UINT64_MAX - 1, UINT64_MAX / 2, (uint64_t)INT64_MAX + 1,
                            now + UINT32_MAX, now + 3600000};

    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++)
        wake_all(&zeroed_lock, &zeroed_cond, far[i], THREADS);
}
END_TEST

START_TEST(cond_past_deadline_is_at_once)
{
    struct try t;
    struct platform_cond cond = PLATFORM_COND_INIT;

    ck_assert_int_eq(platform_mutex_init(&t.lock), 0);
    platform_mutex_lock(&t.lock);
    ck_assert(!platform_cond_wait_until(&cond, &t.lock, 0));
    ck_assert(!platform_cond_wait_until(&cond, &t.lock, platform_mono_ms()));
    ck_assert(!is_free(&t)); /* still ours */
    platform_mutex_unlock(&t.lock);
    platform_mutex_destroy(&t.lock);
}
END_TEST

START_TEST(cond_deadline_is_never_early)
{
    struct try t;
    struct platform_cond cond = PLATFORM_COND_INIT;

    ck_assert_int_eq(platform_mutex_init(&t.lock), 0);
    platform_mutex_lock(&t.lock);
    for (int i = 0; i < 20; i++) {
        uint64_t deadline = platform_mono_ms() + (uint64_t)(i % 4);

        while (platform_cond_wait_until(&cond, &t.lock, deadline))
            ;
        ck_assert_uint_ge(platform_mono_ms(), deadline);
    }
    ck_assert(!is_free(&t));
    platform_mutex_unlock(&t.lock);
    platform_mutex_destroy(&t.lock);
}
END_TEST

struct seen {
    uint64_t id, again;
    int runs;
};

static void see(void *arg)
{
    struct seen *s = arg;

    s->id = platform_thread_id();
    platform_thread_yield();
    s->again = platform_thread_id();
    s->runs++;
}

START_TEST(thread_runs_once_with_its_own_id)
{
    struct seen s[THREADS] = {{0}};
    const char *names[THREADS] = {NULL, "", "a name that is longer than any system takes, \xC3\xA4", "short"};

    for (int i = 0; i < THREADS; i++) {
        struct platform_thread *t = NULL;

        ck_assert_int_eq(platform_thread_start(&t, names[i], see, &s[i]), 0);
        ck_assert_ptr_nonnull(t);
        platform_thread_join(t);
        ck_assert_int_eq(s[i].runs, 1);
        ck_assert_uint_ne(s[i].id, 0);
        ck_assert_uint_eq(s[i].id, s[i].again);
        ck_assert_uint_ne(s[i].id, platform_thread_id());
    }
    ck_assert_uint_eq(platform_thread_id(), platform_thread_id());
    ck_assert_uint_ne(platform_thread_id(), 0);
}
END_TEST

struct pair {
    struct support_barrier *barrier;
    uint64_t id;
};

static void see_together(void *arg)
{
    struct pair *p = arg;

    support_barrier_wait(p->barrier);
    p->id = platform_thread_id();
    support_barrier_wait(p->barrier);
}

START_TEST(thread_ids_of_living_threads_differ)
{
    struct support_barrier barrier;
    struct platform_thread *t[THREADS];
    struct pair p[THREADS];

    support_barrier_init(&barrier, THREADS);
    for (int i = 0; i < THREADS; i++) {
        p[i].barrier = &barrier;
        t[i] = support_thread(see_together, &p[i]);
    }
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(t[i]);
    for (int i = 0; i < THREADS; i++)
        for (int j = 0; j < i; j++)
            ck_assert_uint_ne(p[i].id, p[j].id);
    support_barrier_close(&barrier);
}
END_TEST

struct self_join {
    struct platform_mutex lock; /* held until `thread` is known */
    struct platform_thread *thread;
    struct platform_event *done;
};

static void join_self(void *arg)
{
    struct self_join *s = arg;

    platform_mutex_lock(&s->lock);
    platform_thread_join(s->thread);
    platform_mutex_unlock(&s->lock);
    platform_event_set(s->done);
}

START_TEST(thread_join_of_itself_or_nothing_returns)
{
    static struct self_join s; /* nobody waits for the thread, so it may outlive the test by a moment */

    platform_thread_join(NULL);
    ck_assert_int_eq(platform_mutex_init(&s.lock), 0);
    ck_assert_int_eq(platform_event_alloc(&s.done), 0);
    platform_mutex_lock(&s.lock);
    s.thread = support_thread(join_self, &s);
    platform_mutex_unlock(&s.lock);
    ck_assert(platform_event_wait(s.done, UINT32_MAX));
}
END_TEST

START_TEST(mono_never_goes_back)
{
    uint64_t ms = platform_mono_ms(), ns = platform_mono_ns();

    for (int i = 0; i < 100000; i++) {
        uint64_t m = platform_mono_ms(), n = platform_mono_ns();

        if (m < ms || n < ns)
            ck_abort_msg("back in time");
        ms = m;
        ns = n;
    }
    /* Both count from the same origin. */
    ms = platform_mono_ms();
    ns = platform_mono_ns();
    ck_assert_uint_ge(ns / 1000000, ms);
    ck_assert_uint_ge(platform_mono_ms(), ns / 1000000);
}
END_TEST

static void check_date(uint64_t ms, int year, int month, int day, int weekday)
{
    struct platform_date d;

    platform_wall_to_utc(ms, &d);
    if (d.year != year || d.month != month || d.day != day || d.weekday != weekday)
        ck_abort_msg("%d-%d-%d (%d), not %d-%d-%d (%d)", d.year, d.month, d.day, d.weekday, year, month, day, weekday);
}

START_TEST(utc_known_dates)
{
    const uint64_t day = 86400000;
    struct platform_date d;

    check_date(0, 1970, 1, 1, 4);
    check_date(day - 1, 1970, 1, 1, 4);
    check_date(day, 1970, 1, 2, 5);
    check_date(951782400000, 2000, 2, 29, 2);
    check_date(1000000000000, 2001, 9, 9, 0);
    check_date(2147483648000, 2038, 1, 19, 2);
    check_date(4107456000000, 2100, 2, 28, 0);
    check_date(4107542400000, 2100, 3, 1, 1);
    platform_wall_to_utc(1000000000123, &d);
    ck_assert(d.hour == 1 && d.minute == 46 && d.second == 40 && d.ms == 123);
    platform_wall_to_utc(UINT64_MAX, &d);
    ck_assert(d.year > 500000000 && d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31);
}
END_TEST

START_TEST(utc_every_day_for_a_thousand_years)
{
    static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year = 1970, month = 1, day = 1, weekday = 4;

    for (uint64_t n = 0; n < 366000; n++) {
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        check_date(n * 86400000 + n % 86400000, year, month, day, weekday);
        weekday = (weekday + 1) % 7;
        if (++day > length[month - 1] + (month == 2 && leap)) {
            day = 1;
            if (++month > 12) {
                month = 1;
                year++;
            }
        }
    }
}
END_TEST

START_TEST(local_time_is_near_utc)
{
    uint64_t now = platform_wall_ms();
    struct platform_date utc, local;

    ck_assert_uint_gt(now, 1700000000000); /* 2023: no clock of a test machine is before that */
    platform_wall_to_utc(now, &utc);
    platform_wall_to_local(now, &local);
    ck_assert_int_eq(local.ms, utc.ms);
    ck_assert_int_eq(local.second, utc.second);
    int days = (local.weekday - utc.weekday + 7) % 7;
    int hours = local.hour - utc.hour + 24 * (days == 6 ? -1 : days);
    ck_assert(hours >= -14 && hours <= 14);
    /* Beyond what systems convert: still a date. */
    platform_wall_to_local(UINT64_MAX, &local);
    ck_assert(local.month >= 1 && local.month <= 12);
}
END_TEST

START_TEST(event_is_manual_reset)
{
    struct platform_event *e;

    platform_event_free(NULL);
    ck_assert_int_eq(platform_event_alloc(&e), 0);
    ck_assert(!platform_event_wait(e, 0));
    platform_event_reset(e); /* not set: neither waits nor harms */
    platform_event_set(e);
    platform_event_set(e);
    platform_event_set(e);
    ck_assert(platform_event_wait(e, 0));
    ck_assert(platform_event_wait(e, 0));
    ck_assert(platform_event_wait(e, UINT32_MAX));
    platform_event_reset(e);
    ck_assert(!platform_event_wait(e, 0));
    ck_assert(!platform_event_wait(e, 1));
    platform_event_set(e);
    ck_assert(platform_event_wait(e, 1000));
    platform_event_free(e);
}
END_TEST

START_TEST(event_can_be_waited_for_natively)
{
    struct platform_event *e;

    ck_assert_int_eq(platform_event_alloc(&e), 0);
    intptr_t native = platform_event_native(e);
    ck_assert(!support_native_ready(native));
    platform_event_set(e);
    ck_assert(support_native_ready(native));
    ck_assert(support_native_ready(native));
    platform_event_reset(e);
    ck_assert(!support_native_ready(native));
    ck_assert(platform_event_native(e) == native);
    platform_event_free(e);
}
END_TEST

static void set_event(void *arg)
{
    platform_event_set(arg);
}

START_TEST(event_wakes_a_waiter)
{
    for (int i = 0; i < 200; i++) {
        struct platform_event *e;
        struct platform_thread *t;

        ck_assert_int_eq(platform_event_alloc(&e), 0);
        t = support_thread(set_event, e);
        ck_assert(platform_event_wait(e, UINT32_MAX));
        platform_thread_join(t);
        platform_event_free(e);
    }
}
END_TEST

void thread_tests(Suite *s)
{
    TCase *tc = tcase_create("threads");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, mutex_zeroed_excludes);
    tcase_add_test(tc, mutex_initialised_excludes);
    tcase_add_test(tc, mutex_trylock);
    tcase_add_test(tc, cond_signal_wakes_one);
    tcase_add_test(tc, cond_broadcast_wakes_all);
    tcase_add_test(tc, cond_far_deadlines_wake_by_signal);
    tcase_add_test(tc, cond_past_deadline_is_at_once);
    tcase_add_test(tc, cond_deadline_is_never_early);
    tcase_add_test(tc, thread_runs_once_with_its_own_id);
    tcase_add_test(tc, thread_ids_of_living_threads_differ);
    tcase_add_test(tc, thread_join_of_itself_or_nothing_returns);
    tcase_add_test(tc, mono_never_goes_back);
    tcase_add_test(tc, utc_known_dates);
    tcase_add_test(tc, utc_every_day_for_a_thousand_years);
    tcase_add_test(tc, local_time_is_near_utc);
    tcase_add_test(tc, event_is_manual_reset);
    tcase_add_test(tc, event_can_be_waited_for_natively);
    tcase_add_test(tc, event_wakes_a_waiter);
    suite_add_tcase(s, tc);
}
