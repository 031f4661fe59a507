/* Many threads at once: order, one callback at a time, nothing after the end, no deadlock. SPDX-License-Identifier: MIT
 */
#include "tests/unit/tspi/host.h"

#include <stdatomic.h>
#include <stdio.h>

enum { THREADS = 6, ROUNDS = 150, CALLS_MAX = 20000 };

/* Set once TSPI_lineCloseCall has returned: an event for that call is too late. */
static atomic_bool closedv[CALLS_MAX];
static atomic_uint next_call, too_late, failures;
static _Atomic(HDRVCALL) incomingv[THREADS];

static void start(int lines)
{
    static char ini[100]; /* read again by host_init */

    (void)snprintf(ini, sizeof ini, "[lines]\ncount=%d\nfirst=1000\nmax_sessions=0\n", lines);
    host_start(ini);
    host.keep = false;
    for (int i = 0; i < CALLS_MAX; i++)
        atomic_store(&closedv[i], false);
    atomic_store(&next_call, 1);
    atomic_store(&too_late, 0);
    atomic_store(&failures, 0);
}

static void end(void)
{
    ck_assert_uint_eq(atomic_load(&too_late), 0);
    ck_assert_uint_eq(atomic_load(&failures), 0);
    host_stop();
}

static void close_and_mark(HDRVCALL hd, uintptr_t call)
{
    if (TSPI_lineCloseCall(hd))
        atomic_fetch_add(&failures, 1);
    atomic_store(&closedv[call], true);
}

/* Everybody's callbacks: new calls are handed to the thread of the line's pair. */
static void CALLBACK event(HTAPILINE line, HTAPICALL call, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    uintptr_t n = (uintptr_t)call;

    if (n && atomic_load(&closedv[n]))
        atomic_fetch_add(&too_late, 1);
    if (msg == (DWORD)LINE_NEWCALL) {
        uintptr_t id = atomic_fetch_add(&next_call, 1);

        host_line_event(line, call, msg, p1, p2, p3);
        *(HTAPICALL *)p2 = HOST_CALL(id);
        atomic_store(&incomingv[((uintptr_t)line - 0x100) / 2], (HDRVCALL)p1);
        return;
    }
    host_line_event(line, call, msg, p1, p2, p3);
}

static HDRVLINE open_line(int n)
{
    HDRVLINE hd = NULL;

    if (TSPI_lineOpen(HOST_DEVICE_BASE + (DWORD)n, HOST_LINE(n), &hd, 0x00020002, event) ||
        TSPI_lineSetDefaultMediaDetection(hd, LINEMEDIAMODE_INTERACTIVEVOICE))
        atomic_fetch_add(&failures, 1);
    return hd;
}

static void request(LONG result, DRV_REQUESTID id)
{
    if (result != (LONG)id)
        atomic_fetch_add(&failures, 1);
}

/* ---- calls on every thread ----------------------------------------------------------------------------------------
 */

static HDRVLINE linev[2 * THREADS];

static void caller(void *arg)
{
    int n = (int)(uintptr_t)arg;
    char text[16];
    WCHAR number[16];

    (void)snprintf(text, sizeof text, "%d", 1000 + 2 * n + 1);
    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)number, 16);
    for (int i = 0; i < ROUNDS; i++) {
        uintptr_t call = atomic_fetch_add(&next_call, 1);
        DRV_REQUESTID id = host_request();
        HDRVCALL out = NULL, in;

        request(TSPI_lineMakeCall(id, linev[2 * n], HOST_CALL(call), &out, number, 0, NULL), id);
        while (!(in = atomic_exchange(&incomingv[n], NULL)))
            platform_thread_yield(); /* another thread delivers */
        if (i % 3) {
            id = host_request();
            request(TSPI_lineAnswer(id, in, NULL, 0), id);
        }
        if (i % 2) {
            id = host_request();
            request(TSPI_lineDrop(id, i % 4 == 1 ? in : out, NULL, 0), id);
        }
        close_and_mark(out, call);
        if (TSPI_lineCloseCall(in))
            atomic_fetch_add(&failures, 1);
    }
}

START_TEST(calls_on_many_threads)
{
    struct platform_thread *threadv[THREADS];

    start(2 * THREADS);
    for (int i = 0; i < 2 * THREADS; i++)
        linev[i] = open_line(i);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(platform_thread_start(&threadv[i], "test", caller, (void *)(uintptr_t)i), 0);
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(threadv[i]);
    end();
}
END_TEST

/* ---- lines opened, used and closed on every thread ------------------------------------------------------------------
 */

static void opener(void *arg)
{
    int n = (int)(uintptr_t)arg;

    for (int i = 0; i < ROUNDS; i++) {
        HDRVLINE line = open_line(2 * n);

        for (int k = 0; k < 2; k++) {
            uintptr_t call = atomic_fetch_add(&next_call, 1);
            DRV_REQUESTID id = host_request();
            HDRVCALL hd;

            /* rings at another thread's line, which is perhaps closed */
            request(TSPI_lineMakeCall(id, line, HOST_CALL(call), &hd, n % 2 ? u"1000" : u"1002", 0, NULL), id);
        }
        if (TSPI_lineClose(line))
            atomic_fetch_add(&failures, 1);
    }
}

START_TEST(lines_on_many_threads)
{
    struct platform_thread *threadv[THREADS];

    start(2 * THREADS);
    for (int i = 0; i < THREADS; i++)
        ck_assert_int_eq(platform_thread_start(&threadv[i], "test", opener, (void *)(uintptr_t)i), 0);
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(threadv[i]);
    end();
}
END_TEST

/* ---- an end waits for the callback that is running
 * ------------------------------------------------------------------- */

static atomic_int stage; /* 1: a callback runs; 2: the other thread is about to end the call */
static atomic_bool inside, was_inside;
static HDRVCALL victim;
static int what;

static void stay_inside(const struct host_event *e)
{
    if (e->reply || e->msg != LINE_CALLSTATE || e->p1 != LINECALLSTATE_PROCEEDING)
        return;
    atomic_store(&inside, true);
    atomic_store(&stage, 1);
    while (atomic_load(&stage) < 2)
        platform_thread_yield();
    for (int i = 0; i < 2000; i++)
        platform_thread_yield();
    atomic_store(&inside, false);
}

static void ender(void *arg)
{
    (void)arg;
    while (atomic_load(&stage) < 1)
        platform_thread_yield();
    atomic_store(&stage, 2);
    if (what == 0   ? TSPI_lineCloseCall(victim)
        : what == 1 ? TSPI_lineClose(linev[0])
                    : TSPI_providerShutdown(0x20002, 42))
        atomic_fetch_add(&failures, 1);
    atomic_store(&was_inside, atomic_load(&inside));
    atomic_store(&stage, 3);
}

START_TEST(end_waits_for_callback)
{
    struct platform_thread *thread;
    DRV_REQUESTID id;

    start(2);
    what = _i;
    linev[0] = open_line(0);
    atomic_store(&stage, 0);
    host_hook(stay_inside);
    ck_assert_int_eq(platform_thread_start(&thread, "test", ender, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(1), &victim, u"602", 0, NULL), id);
    platform_thread_join(thread);
    ck_assert(!atomic_load(&was_inside));
    host_hook(NULL);
    if (what == 2)
        ck_assert_int_eq(host_init(2), 0); /* for host_stop */
    end();
}
END_TEST

/* While a callback of one call runs, another call is closed elsewhere: it need not wait. */
static void wait_for_other(const struct host_event *e)
{
    if (e->reply || e->msg != LINE_CALLSTATE || e->p1 != LINECALLSTATE_PROCEEDING || e->call != HOST_CALL(2))
        return;
    atomic_store(&stage, 1);
    while (atomic_load(&stage) < 3)
        platform_thread_yield();
}

static void closer(void *arg)
{
    (void)arg;
    while (atomic_load(&stage) < 1)
        platform_thread_yield();
    if (TSPI_lineCloseCall(victim))
        atomic_fetch_add(&failures, 1);
    atomic_store(&stage, 3);
}

START_TEST(end_does_not_wait_for_other_calls)
{
    struct platform_thread *thread;
    DRV_REQUESTID id;
    HDRVCALL hd;

    start(2);
    linev[0] = open_line(0);
    atomic_store(&stage, 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(1), &victim, u"602", 0, NULL), id);
    host_hook(wait_for_other);
    ck_assert_int_eq(platform_thread_start(&thread, "test", closer, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(2), &hd, u"602", 0, NULL), id);
    platform_thread_join(thread);
    host_hook(NULL);
    end();
}
END_TEST

/* The completions owed come before the return also when another thread has to make them. */
static size_t replies_seen;

static void drop_closer(void *arg)
{
    DRV_REQUESTID id = host_request();

    (void)arg;
    while (atomic_load(&stage) < 1)
        platform_thread_yield();
    request(TSPI_lineDrop(id, victim, NULL, 0), id); /* its completion is queued behind the running callback */
    atomic_store(&stage, 3);
    if (TSPI_lineCloseCall(victim))
        atomic_fetch_add(&failures, 1);
    platform_mutex_lock(&host.lock);
    replies_seen = host.replies;
    platform_mutex_unlock(&host.lock);
}

START_TEST(end_waits_for_completions)
{
    struct platform_thread *thread;
    DRV_REQUESTID id;
    HDRVCALL hd;

    start(2);
    linev[0] = open_line(0);
    atomic_store(&stage, 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(1), &victim, u"602", 0, NULL), id);
    host_hook(wait_for_other);
    ck_assert_int_eq(platform_thread_start(&thread, "test", drop_closer, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(2), &hd, u"602", 0, NULL), id);
    platform_thread_join(thread);
    host_hook(NULL);
    ck_assert_uint_eq(replies_seen, 3);
    end();
}
END_TEST

/* Who waits for a callback goes on when that is over, not when all is: the next one may be waiting for it. */
static void wait_for_ender(const struct host_event *e)
{
    if (e->reply || e->msg != LINE_CALLSTATE)
        return;
    if (e->p1 == LINECALLSTATE_PROCEEDING && e->call == HOST_CALL(1)) {
        DRV_REQUESTID id = host_request();
        HDRVCALL hd;

        request(TSPI_lineMakeCall(id, linev[1], HOST_CALL(2), &hd, u"602", 0, NULL), id); /* queued */
        atomic_store(&stage, 1);
        while (atomic_load(&stage) < 2)
            platform_thread_yield();
        for (int i = 0; i < 2000; i++)
            platform_thread_yield();
    }
    while (e->call == HOST_CALL(2) && atomic_load(&stage) < 3)
        platform_thread_yield();
}

START_TEST(end_goes_on_at_once)
{
    struct platform_thread *thread;
    DRV_REQUESTID id;

    start(2);
    what = 0;
    linev[0] = open_line(0);
    linev[1] = open_line(1);
    atomic_store(&stage, 0);
    host_hook(wait_for_ender);
    ck_assert_int_eq(platform_thread_start(&thread, "test", ender, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(1), &victim, u"602", 0, NULL), id);
    platform_thread_join(thread);
    host_hook(NULL);
    end();
}
END_TEST

/* The end of a line waits for a completion that is being made nested, inside a callback of another line. */
static void nested_end(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_PROCEEDING && e->call == HOST_CALL(2)) {
        DRV_REQUESTID id = host_request();

        request(TSPI_lineDrop(id, victim, NULL, 0), id);
        if (TSPI_lineCloseCall(victim))
            atomic_fetch_add(&failures, 1);
    }
    if (e->reply && e->depth == 1) {
        atomic_store(&inside, true);
        atomic_store(&stage, 1);
        while (atomic_load(&stage) < 2)
            platform_thread_yield();
        for (int i = 0; i < 2000; i++)
            platform_thread_yield();
        atomic_store(&inside, false);
    }
}

START_TEST(end_waits_for_nested_completion)
{
    struct platform_thread *thread;
    DRV_REQUESTID id;
    HDRVCALL hd;

    start(2);
    what = 1;
    linev[0] = open_line(0);
    linev[1] = open_line(1);
    atomic_store(&stage, 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(1), &victim, u"602", 0, NULL), id);
    host_hook(nested_end);
    ck_assert_int_eq(platform_thread_start(&thread, "test", ender, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[1], HOST_CALL(2), &hd, u"602", 0, NULL), id);
    platform_thread_join(thread);
    ck_assert(!atomic_load(&was_inside));
    host_hook(NULL);
    end();
}
END_TEST

/* A line that is being closed cannot be opened before its last callback has returned. */
static void stay_until_opened(const struct host_event *e)
{
    if (e->reply || e->msg != LINE_CALLSTATE || e->p1 != LINECALLSTATE_PROCEEDING)
        return;
    atomic_store(&stage, 1);
    while (atomic_load(&stage) < 3)
        platform_thread_yield();
}

static void reopener(void *arg)
{
    HDRVLINE hd;
    DWORD n;

    (void)arg;
    while (atomic_load(&stage) < 2)
        platform_thread_yield();
    while (!TSPI_lineGetNumAddressIDs(linev[0], &n))
        platform_thread_yield(); /* not closed yet */
    if (TSPI_lineOpen(HOST_DEVICE_BASE, HOST_LINE(0), &hd, 0x00020002, event) != ERR(ALLOCATED))
        atomic_fetch_add(&failures, 1);
    atomic_store(&stage, 3);
}

START_TEST(closing_line_is_not_opened)
{
    struct platform_thread *threadv[2];
    DRV_REQUESTID id;

    start(2);
    what = 1;
    linev[0] = open_line(0);
    atomic_store(&stage, 0);
    host_hook(stay_until_opened);
    ck_assert_int_eq(platform_thread_start(&threadv[0], "test", ender, NULL), 0);
    ck_assert_int_eq(platform_thread_start(&threadv[1], "test", reopener, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(1), &victim, u"602", 0, NULL), id);
    platform_thread_join(threadv[0]);
    platform_thread_join(threadv[1]);
    host_hook(NULL);
    linev[0] = open_line(0);
    end();
}
END_TEST

/* ---- the provider's own thread takes over -------------------------------------------------------------------------
 */

enum { BACKLOG = 200 };

static void backlog(void *arg)
{
    (void)arg;
    while (atomic_load(&stage) < 1)
        platform_thread_yield();
    for (int i = 0; i < BACKLOG; i++) {
        DRV_REQUESTID id = host_request();
        HDRVCALL hd;

        request(TSPI_lineMakeCall(id, linev[1], HOST_CALL(10 + i), &hd, u"602", 0, NULL), id);
    }
    atomic_store(&stage, 3);
}

START_TEST(worker_takes_over)
{
    struct platform_thread *thread;
    DRV_REQUESTID id;
    HDRVCALL hd;
    uint64_t self = platform_thread_id();
    size_t here = 0, there = 0;

    start(2);
    host.keep = true;
    linev[0] = open_line(0);
    linev[1] = open_line(1);
    atomic_store(&stage, 0);
    host_hook(wait_for_other);
    ck_assert_int_eq(platform_thread_start(&thread, "test", backlog, NULL), 0);
    id = host_request();
    request(TSPI_lineMakeCall(id, linev[0], HOST_CALL(2), &hd, u"602", 0, NULL), id);
    platform_thread_join(thread);
    platform_mutex_lock(&host.lock);
    while (host.eventc < 4 * (BACKLOG + 1))
        platform_cond_wait(&host.changed, &host.lock);
    for (size_t i = 0; i < host.eventc; i++) {
        if (host.eventv[i].thread == self)
            here++;
        else
            there++;
        if (i > 3) /* still in order */
            ck_assert_uint_eq(host.eventv[i].reply, i % 4 == 0);
    }
    platform_mutex_unlock(&host.lock);
    ck_assert_uint_eq(here, 256);
    ck_assert_uint_eq(there, 4 * (BACKLOG + 1) - 256);
    host_hook(NULL);
    end();
}
END_TEST

/* ---- start and stop from everywhere -------------------------------------------------------------------------------
 */

static void starter(void *arg)
{
    (void)arg;
    for (int i = 0; i < 20; i++) {
        DWORD lines, phones, options = 0;

        if (TSPI_providerInit(0x20002, 42, HOST_DEVICE_BASE, 0, 4, 0, host_completion, &options))
            atomic_fetch_add(&failures, 1);
        if (TSPI_providerEnumDevices(42, &lines, &phones, NULL, host_line_event, NULL) || lines != 4)
            atomic_fetch_add(&failures, 1);
        if (TSPI_providerShutdown(0x20002, 42))
            atomic_fetch_add(&failures, 1);
    }
}

START_TEST(started_and_stopped_on_many_threads)
{
    struct platform_thread *threadv[4];

    start(4);
    ck_assert_int_eq(TSPI_providerShutdown(0x20002, 42), 0);
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(platform_thread_start(&threadv[i], "test", starter, NULL), 0);
    for (int i = 0; i < 4; i++)
        platform_thread_join(threadv[i]);
    ck_assert_int_eq(host_init(4), 0);
    end();
}
END_TEST

Suite *suite_threads(void)
{
    Suite *s = suite_create("threads");
    TCase *c = tcase_create("threads");

    tcase_set_timeout(c, 0);
    tcase_add_test(c, calls_on_many_threads);
    tcase_add_test(c, lines_on_many_threads);
    tcase_add_loop_test(c, end_waits_for_callback, 0, 3);
    tcase_add_test(c, end_does_not_wait_for_other_calls);
    tcase_add_test(c, end_waits_for_completions);
    tcase_add_test(c, end_goes_on_at_once);
    tcase_add_test(c, end_waits_for_nested_completion);
    tcase_add_test(c, closing_line_is_not_opened);
    tcase_add_test(c, worker_takes_over);
    tcase_add_test(c, started_and_stopped_on_many_threads);
    suite_add_tcase(s, c);
    return s;
}
