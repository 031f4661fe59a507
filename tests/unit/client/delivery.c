/* Callbacks in the hidden window (a thread of its own on POSIX), and completion ports. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"
#include "tests/unit/client/port.h"

#include <stdatomic.h>

#undef lineInitialize

static struct app {
    HLINEAPP app;
    struct platform_event *done;
    atomic_uint calls, finished;
    uint64_t thread;
    LINEMESSAGE last;
    unsigned want;      /* messages after which `done` is set */
    HLINEAPP shut_down; /* by the first callback */
    LONG shut_down_rc;
    HLINE close; /* by the first callback */
    bool pump;
    struct support_barrier *meet;
} one, two;

static void take(struct app *a, DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                 DWORD_PTR p3)
{
    unsigned n = atomic_fetch_add(&a->calls, 1) + 1;

    a->thread = platform_thread_id();
    a->last.hDevice = device;
    a->last.dwMessageID = message;
    a->last.dwCallbackInstance = instance;
    ck_assert_uint_eq(p1, n); /* in order, each once */
    a->last.dwParam2 = p2;
    a->last.dwParam3 = p3;
    if (a->meet)
        support_barrier_wait(a->meet);
    if (a->pump && n == 1)
        support_pump();
    if (a->close && n == 1)
        ck_assert_int_eq(lineClose(a->close), 0);
    if (a->shut_down && n == 1)
        a->shut_down_rc = lineShutdown(a->shut_down);
    atomic_fetch_add(&a->finished, 1);
    if (n == a->want)
        platform_event_set(a->done);
}

static void CALLBACK callback_one(DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                                  DWORD_PTR p3)
{
    take(&one, device, message, instance, p1, p2, p3);
}

static void CALLBACK callback_two(DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                                  DWORD_PTR p3)
{
    take(&two, device, message, instance, p1, p2, p3);
}

static void window_open(struct app *a, LINECALLBACK callback, unsigned want)
{
    LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params),
                                     .dwOptions = LINEINITIALIZEEXOPTION_USEHIDDENWINDOW};
    DWORD devices, version = 0x00020002;

    memset(a, 0, sizeof(*a));
    a->want = want;
    ck_assert_int_eq(platform_event_alloc(&a->done), 0);
    ck_assert_int_eq(lineInitializeExA(&a->app, NULL, callback, "window", &devices, &version, &params), 0);
}

/* Waits until `want` callbacks have been there, and sees what they left. */
static void window_wait(struct app *a)
{
    support_wait(a->done);
    ck_assert_uint_ge(atomic_load(&a->finished), 1);
}

static void window_end(struct app *a)
{
    platform_event_free(a->done);
}

/* The thread of a callback that shut down is waited for by nobody else: it may still be on its way out. */
static void window_gone(void)
{
    for (;;) {
        bool quiet;

        platform_mutex_lock(&client.lock);
        quiet = !client.runs && !client.conn;
        platform_mutex_unlock(&client.lock);
        if (quiet)
            break;
        platform_thread_yield();
    }
}

START_TEST(window)
{
    enum { MESSAGES = 500 };
    LINEMESSAGE m;
    unsigned i;

    window_open(&one, callback_one, MESSAGES);
    (void)line_open(one.app, 0x00020002, 0xABC);
    for (i = 1; i <= MESSAGES; i++)
        fake_event(one.app, LINE_CALLSTATE, 0x33, fake.instance, i, 2, 3, 0);
    window_wait(&one);
    ck_assert_uint_eq(one.calls, MESSAGES);
    ck_assert_uint_eq(one.last.hDevice, 0x33);
    ck_assert_uint_eq(one.last.dwMessageID, LINE_CALLSTATE);
    ck_assert_uint_eq(one.last.dwCallbackInstance, 0xABC);
    ck_assert_uint_eq(one.last.dwParam2, 2);
    ck_assert_uint_eq(one.last.dwParam3, 3);
    ck_assert_int_eq(one.thread == platform_thread_id(), !support_runner_has_thread());
    ck_assert_int_eq(lineGetMessage(one.app, &m, 0), ERR(OPERATIONFAILED));
    ck_assert_int_eq(lineShutdown(one.app), 0);
    window_end(&one);
    check_clean();
}
END_TEST

START_TEST(plain_window)
{
    DWORD devices;

    memset(&one, 0, sizeof(one));
    one.want = 1;
    ck_assert_int_eq(platform_event_alloc(&one.done), 0);
    ck_assert_int_eq(lineInitialize(&one.app, NULL, callback_one, "plain", &devices), 0);
    fake_event(one.app, LINE_LINEDEVSTATE, 0, 0, 1, 0, 0, 0);
    window_wait(&one);
    ck_assert_uint_eq(one.last.dwMessageID, LINE_LINEDEVSTATE);
    ck_assert_int_eq(lineShutdown(one.app), 0);
    window_end(&one);
    check_clean();
}
END_TEST

START_TEST(callback_shuts_down)
{
    struct support_barrier meet;

    support_barrier_init(&meet, 2);
    window_open(&one, callback_one, 1);
    one.shut_down = one.app;
    one.shut_down_rc = 1;
    /* An engine sends nothing once it is closed: the second message is there before the first is taken. */
    if (support_runner_has_thread())
        one.meet = &meet;
    fake_event(one.app, LINE_CREATE, 0, 0, 1, 0, 0, 0);
    fake_event(one.app, LINE_CREATE, 0, 0, 2, 0, 0, 0);
    if (one.meet)
        support_barrier_wait(&meet);
    window_wait(&one);
    ck_assert_int_eq(one.shut_down_rc, 0);
    ck_assert_int_eq(lineShutdown(one.app), ERR(UNINITIALIZED));
    support_pump();
    ck_assert_uint_eq(one.calls, 1);
    window_gone();
    support_barrier_close(&meet);
    window_end(&one);
    check_clean();
}
END_TEST

START_TEST(callback_closes_its_line)
{
    window_open(&one, callback_one, 2);
    one.close = line_open(one.app, 0x00020002, 0);
    fake_event(one.app, LINE_CALLSTATE, 1, fake.instance, 1, 0, 0, 0);
    fake_event(one.app, LINE_CALLSTATE, 1, fake.instance, 77, 0, 0, 0); /* nobody sees it */
    fake_event(one.app, LINE_CREATE, 0, 0, 2, 0, 0, 0);
    window_wait(&one);
    ck_assert_uint_eq(one.calls, 2);
    ck_assert_int_eq(lineShutdown(one.app), 0);
    window_end(&one);
    check_clean();
}
END_TEST

/* Each callback shuts down the application of the other, at the same time where callbacks have threads of their own. */
START_TEST(callbacks_shut_down_each_other)
{
    struct support_barrier meet;

    support_barrier_init(&meet, 2);
    window_open(&one, callback_one, 1);
    window_open(&two, callback_two, 1);
    one.shut_down = two.app;
    two.shut_down = one.app;
    if (support_runner_has_thread())
        one.meet = two.meet = &meet;
    fake_event(one.app, LINE_CREATE, 0, 0, 1, 0, 0, 0);
    fake_event(two.app, LINE_CREATE, 0, 0, 1, 0, 0, 0);
    window_wait(&one);
    ck_assert_int_eq(one.shut_down_rc, 0);
    if (support_runner_has_thread()) {
        window_wait(&two);
        ck_assert_int_eq(two.shut_down_rc, 0);
    } else {
        ck_assert_int_eq(lineShutdown(one.app), 0); /* the other one never got to it */
    }
    window_gone();
    support_barrier_close(&meet);
    window_end(&one);
    window_end(&two);
    while (fake.opened != fake.closed)
        platform_thread_yield();
    check_clean();
}
END_TEST

/* A callback that pumps messages is entered again, with the next one. */
START_TEST(callback_pumps)
{
    window_open(&one, callback_one, 3);
    one.pump = true;
    fake_event(one.app, LINE_CREATE, 0, 0, 1, 0, 0, 0);
    fake_event(one.app, LINE_CREATE, 0, 0, 2, 0, 0, 0);
    fake_event(one.app, LINE_CREATE, 0, 0, 3, 0, 0, 0);
    window_wait(&one);
    ck_assert_uint_eq(one.calls, 3);
    ck_assert_int_eq(lineShutdown(one.app), 0);
    window_end(&one);
    check_clean();
}
END_TEST

/* After lineShutdown no callback comes, whatever was queued. */
START_TEST(silence_after_shutdown)
{
    unsigned calls;
    int i;

    window_open(&one, callback_one, 100000);
    for (i = 1; i <= 2000; i++)
        fake_event(one.app, LINE_CREATE, 0, 0, (uint64_t)i, 0, 0, 0);
    ck_assert_int_eq(lineShutdown(one.app), 0);
    calls = one.calls;
    for (i = 0; i < 100; i++) {
        support_pump();
        platform_thread_yield();
    }
    ck_assert_uint_eq(one.calls, calls);
    window_end(&one);
    check_clean();
}
END_TEST

START_TEST(completion_port)
{
    LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params),
                                     .dwOptions = LINEINITIALIZEEXOPTION_USECOMPLETIONPORT,
                                     .dwCompletionKey = 0x5A5A};
    DWORD devices, version = 0x00020002;
    intptr_t port = port_make();
    HLINEAPP app = 0;
    HCALL call = 0;
    LINEMESSAGE m;
    uintptr_t key;
    LONG id;
    HLINE line;

    params.Handles.hCompletionPort = port ? (HANDLE)port : (HANDLE)&params;
    if (!port) {
        ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "port", &devices, &version, &params), ERR(INVALPARAM));
        check_clean();
        return;
    }
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "port", &devices, &version, &params), 0);
    line = line_open(app, 0x00020002, 6);
    id = lineMakeCallA(line, &call, "1", 0, NULL);
    ck_assert(!port_take(port, &key, &m));
    fake_event(app, LINE_REPLY, 0, fake.instance, (uint64_t)id, 0, 0, 0x44);
    fake_event(app, LINE_CALLSTATE, 0x44, fake.instance, 2, 3, 4, 0);
    ck_assert(port_take(port, &key, &m));
    ck_assert_uint_eq(key, 0x5A5A);
    ck_assert_uint_eq(m.dwMessageID, LINE_REPLY);
    ck_assert_uint_eq(call, 0x44);
    ck_assert(port_take(port, &key, &m));
    ck_assert_uint_eq(m.dwMessageID, LINE_CALLSTATE);
    ck_assert_uint_eq(m.dwCallbackInstance, 6);
    ck_assert_uint_eq(m.dwParam3, 4);
    ck_assert(!port_take(port, &key, &m));
    ck_assert_int_eq(lineGetMessage(app, &m, 0), ERR(OPERATIONFAILED));
    ck_assert_int_eq(lineShutdown(app), 0);
    port_close(port);
    check_clean();
}
END_TEST

TCase *delivery_tests(void)
{
    TCase *t = tcase_create("delivery");

    tcase_add_checked_fixture(t, fake_reset, NULL);
    tcase_add_test(t, window);
    tcase_add_test(t, plain_window);
    tcase_add_test(t, callback_shuts_down);
    tcase_add_test(t, callback_closes_its_line);
    tcase_add_test(t, callbacks_shut_down_each_other);
    tcase_add_test(t, callback_pumps);
    tcase_add_test(t, silence_after_shutdown);
    tcase_add_test(t, completion_port);
    return t;
}
