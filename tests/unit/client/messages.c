/* Messages: their order, what each line and version gets, who waits for them. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#include <stdlib.h>

#define NO_MESSAGE ERR(OPERATIONFAILED)

START_TEST(in_order)
{
    HLINEAPP app = app_open(NULL);
    HLINE line = line_open(app, 0x00020002, 7);
    uint32_t sent = 0, taken = 0;
    LINEMESSAGE m;
    int round;

    /* Grows, wraps and shrinks. */
    for (round = 0; round < 300; round++) {
        int i;

        for (i = 0; i < round % 97; i++)
            fake_event(app, LINE_CALLSTATE, 5, fake.instance, ++sent, 2, 3, 0);
        for (i = 0; i < round % 89 && taken < sent; i++) {
            ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
            ck_assert_uint_eq(m.dwParam1, ++taken);
        }
    }
    while (taken < sent) {
        ck_assert_int_eq(lineGetMessage(app, &m, 1000), 0);
        ck_assert_uint_eq(m.dwParam1, ++taken);
    }
    ck_assert_uint_eq(m.hDevice, 5);
    ck_assert_uint_eq(m.dwMessageID, LINE_CALLSTATE);
    ck_assert_uint_eq(m.dwCallbackInstance, 7);
    ck_assert_uint_eq(m.dwParam2, 2);
    ck_assert_uint_eq(m.dwParam3, 3);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineClose(line), 0);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

START_TEST(whole_width)
{
    const DWORD_PTR wide = (DWORD_PTR)0x123456789ABCDEF0u;
    HLINEAPP app = app_open(NULL);
    LINEMESSAGE m;

    (void)line_open(app, 0x00020002, wide);
    fake_event(app, LINE_DEVSPECIFIC, 5, fake.instance, wide, ~wide, 1, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert(m.dwCallbackInstance == wide);
    ck_assert(m.dwParam1 == wide);
    ck_assert(m.dwParam2 == (DWORD_PTR)~wide);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

START_TEST(of_no_line)
{
    HLINEAPP app = app_open(NULL), other = app_open(NULL);
    LINEMESSAGE m;

    fake_event(other, LINE_CREATE, 0, 0, 4, 0, 0, 0);
    fake_event(app + 77, LINE_CREATE, 0, 0, 5, 0, 0, 0); /* of nobody */
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineGetMessage(other, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_CREATE);
    ck_assert_uint_eq(m.dwParam1, 4);
    ck_assert_uint_eq(m.dwCallbackInstance, 0);
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineShutdown(other), 0);
    check_clean();
}
END_TEST

static int32_t early_create(struct channel_call *call, int32_t rc)
{
    fake_event(call->ret[0], LINE_CREATE, 0, 0, 2, 0, 0, 0);
    fake_event(call->ret[0] + 1, LINE_CREATE, 0, 0, 3, 0, 0, 0);
    return rc;
}

/* A line that appears while the application is still starting. */
START_TEST(before_the_handle)
{
    HLINEAPP app;
    LINEMESSAGE m;

    fake.h[CHANNEL_APP_OPEN] = early_create;
    app = app_open(NULL);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwParam1, 2);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

static HLINEAPP opening;

static int32_t early_call(struct channel_call *call, int32_t rc)
{
    LINEMESSAGE m;

    fake_event(opening, LINE_APPNEWCALL, call->ret[0], call->arg[6], 0, 9, 4, 0);
    /* What another thread would see. */
    ck_assert_int_eq(lineGetMessage(opening, &m, 0), NO_MESSAGE);
    return rc;
}

/* A call that comes in before lineOpen has returned. */
START_TEST(before_the_line)
{
    HANDLE event;
    LINEMESSAGE m;
    HLINE line;

    opening = app_open(&event);
    fake.h[CHANNEL_LINE_OPEN] = early_call;
    line = line_open(opening, 0x00020002, 3);
    ck_assert(support_native_ready((intptr_t)event));
    ck_assert_int_eq(lineGetMessage(opening, &m, 0), 0);
    ck_assert_uint_eq(m.hDevice, line);
    ck_assert_uint_eq(m.dwCallbackInstance, 3);
    ck_assert_int_eq(lineShutdown(opening), 0);
    check_clean();
}
END_TEST

static int32_t open_refused(struct channel_call *call, int32_t rc)
{
    (void)early_call(call, rc);
    return ERR(NODEVICE);
}

START_TEST(line_that_never_was)
{
    HLINE line = 99;
    LINEMESSAGE m;

    opening = app_open(NULL);
    fake.h[CHANNEL_LINE_OPEN] = open_refused;
    ck_assert_int_eq(lineOpenA(opening, 0, &line, 0x00010004, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL), ERR(NODEVICE));
    ck_assert_uint_eq(line, 99);
    ck_assert_int_eq(lineGetMessage(opening, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineShutdown(opening), 0);
    check_clean();
}
END_TEST

START_TEST(event_tells)
{
    HANDLE event;
    HLINEAPP app = app_open(&event);
    HLINE line = line_open(app, 0x00020002, 0);
    LINEMESSAGE m;
    int i;

    ck_assert(!support_native_ready((intptr_t)event));
    for (i = 0; i < 3; i++)
        fake_event(app, LINE_CALLINFO, 5, fake.instance, 1, 0, 0, 0);
    for (i = 0; i < 3; i++) {
        ck_assert(support_native_ready((intptr_t)event));
        ck_assert_int_eq(lineGetMessage(app, &m, INFINITE), 0);
    }
    ck_assert(!support_native_ready((intptr_t)event));
    /* A line that is closed takes its messages along. */
    fake_event(app, LINE_CALLINFO, 5, fake.instance, 1, 0, 0, 0);
    ck_assert(support_native_ready((intptr_t)event));
    ck_assert_int_eq(lineClose(line), 0);
    ck_assert(!support_native_ready((intptr_t)event));
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

/* The application may free what its instance is as soon as it has closed the line. */
START_TEST(closed_line_is_silent)
{
    HLINEAPP app = app_open(NULL);
    HLINE one = line_open(app, 0x00020002, 1), two;
    uint64_t first = fake.instance;
    LINEMESSAGE m;

    two = line_open(app, 0x00020002, 2);
    fake_event(app, LINE_CALLSTATE, 5, first, 1, 0, 0, 0);
    fake_event(app, LINE_CALLSTATE, 6, fake.instance, 2, 0, 0, 0);
    fake_event(app, LINE_LINEDEVSTATE, one, first, 3, 0, 0, 0);
    ck_assert_int_eq(lineClose(one), 0);
    fake_event(app, LINE_CALLSTATE, 5, first, 4, 0, 0, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwParam1, 2);
    ck_assert_uint_eq(m.dwCallbackInstance, 2);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineClose(one), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineClose(two), 0);
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineClose(two), ERR(UNINITIALIZED));
    check_clean();
}
END_TEST

/* Who gives a call back has done with it: what was on its way about it does not come any more, other than replies. */
START_TEST(call_given_back_is_silent)
{
    HANDLE event;
    HLINEAPP app = app_open(&event);
    HLINE line = line_open(app, 0x00020002, 1);
    LINEMESSAGE m;

    fake_event(app, LINE_CALLSTATE, 5, fake.instance, 1, 0, 0, 0);
    fake_event(app, LINE_CALLINFO, 5, fake.instance, 2, 0, 0, 0);
    ck_assert(support_native_ready((intptr_t)event));
    ck_assert_int_eq(lineDeallocateCall(5), 0);
    ck_assert(!support_native_ready((intptr_t)event));
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    fake_event(app, LINE_CALLSTATE, 6, fake.instance, 3, 0, 0, 0);
    fake_event(app, LINE_REPLY, 0, fake.instance, 4, 0, 0, 0);
    fake_event(app, LINE_APPNEWCALL, line, fake.instance, 0, 6, 0, 0);
    fake_event(app, LINE_CALLSTATE, 7, fake.instance, 5, 0, 0, 0);
    ck_assert_int_eq(lineDeallocateCall(6), 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_REPLY);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.hDevice, 7);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

/* LINE_CLOSE is the last that is heard of a line. */
START_TEST(forced_close)
{
    HLINEAPP app = app_open(NULL);
    HLINE line = line_open(app, 0x00020002, 8);
    LINEMESSAGE m;

    fake_event(app, LINE_CALLSTATE, 5, fake.instance, 1, 0, 0, 0);
    fake_event(app, LINE_CLOSE, line, fake.instance, 0, 0, 0, 0);
    fake_event(app, LINE_CALLSTATE, 5, fake.instance, 2, 0, 0, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_CLOSE);
    ck_assert_uint_eq(m.hDevice, line);
    ck_assert_uint_eq(m.dwCallbackInstance, 8);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_int_eq(lineClose(line), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

/* LINE_APPNEWCALL came with 2.0. */
START_TEST(old_line)
{
    HLINEAPP app = app_open(NULL);
    uint64_t old;
    LINEMESSAGE m;

    (void)line_open(app, 0x00010004, 1);
    old = fake.instance;
    (void)line_open(app, 0x00020000, 2);
    fake_event(app, LINE_APPNEWCALL, 5, old, 0, 9, 4, 0);
    fake_event(app, LINE_CALLSTATE, 9, old, LINECALLSTATE_OFFERING, 0, 4, 0);
    fake_event(app, LINE_APPNEWCALL, 5, fake.instance, 0, 9, 4, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_CALLSTATE);
    ck_assert_uint_eq(m.dwCallbackInstance, 1);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_APPNEWCALL);
    ck_assert_uint_eq(m.dwCallbackInstance, 2);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

/* Nobody takes the messages: those that only say "look again" go first. */
START_TEST(limits)
{
    HLINEAPP app = app_open(NULL);
    uint32_t i, hints = 0, states = 0;
    LINEMESSAGE m;
    char *said;

    (void)line_open(app, 0x00020002, 0);
    support_stderr_begin();
    for (i = 0; i < CLIENT_QUEUE_SOFT + 1000; i++)
        fake_event(app, LINE_CALLINFO, 5, fake.instance, 1, 0, 0, 0);
    for (i = 0; i < CLIENT_QUEUE_HARD; i++)
        fake_event(app, LINE_CALLSTATE, 5, fake.instance, i, 0, 0, 0);
    said = support_stderr_end();
    while (lineGetMessage(app, &m, 0) == 0) {
        if (m.dwMessageID == LINE_CALLINFO)
            hints++;
        else
            ck_assert_uint_eq(m.dwParam1, states++);
    }
    ck_assert_uint_eq(hints, CLIENT_QUEUE_SOFT);
    ck_assert_uint_eq(states, CLIENT_QUEUE_HARD - CLIENT_QUEUE_SOFT);
    free(said);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

START_TEST(get_message_errors)
{
    HLINEAPP app = app_open(NULL);
    LINEMESSAGE m;
    uint64_t start = platform_mono_ms();

    ck_assert_int_eq(lineGetMessage(app, NULL, 0), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetMessage(app + 1, &m, 0), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineGetMessage(app, &m, 30), NO_MESSAGE);
    ck_assert_uint_ge(platform_mono_ms() - start, 29);
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), ERR(INVALAPPHANDLE));
    check_clean();
}
END_TEST

/* ---- threads that wait ---- */

struct waiter {
    HLINEAPP app;
    struct support_barrier *start;
    LONG rc;
    uint32_t messages;
};

static void wait_for_message(void *arg)
{
    struct waiter *w = arg;
    LINEMESSAGE m;

    support_barrier_wait(w->start);
    while ((w->rc = lineGetMessage(w->app, &m, INFINITE)) == 0)
        w->messages++;
}

START_TEST(shutdown_wakes_all)
{
    enum { WAITERS = 4, MESSAGES = 1000 };
    struct platform_thread *threads[WAITERS];
    struct waiter waiters[WAITERS];
    struct support_barrier start;
    HLINEAPP app = app_open(NULL);
    uint32_t sum = 0;
    int i;

    support_barrier_init(&start, WAITERS + 1);
    for (i = 0; i < WAITERS; i++) {
        waiters[i] = (struct waiter){app, &start, 0, 0};
        threads[i] = support_thread(wait_for_message, &waiters[i]);
    }
    support_barrier_wait(&start);
    for (i = 0; i < MESSAGES; i++)
        fake_event(app, LINE_CREATE, 0, 0, (uint64_t)i, 0, 0, 0);
    /* All are taken, by whichever of them. */
    for (;;) {
        bool empty;

        platform_mutex_lock(&client.lock);
        empty = client_app_find(app)->count == 0;
        platform_mutex_unlock(&client.lock);
        if (empty)
            break;
        platform_thread_yield();
    }
    ck_assert_int_eq(lineShutdown(app), 0);
    for (i = 0; i < WAITERS; i++) {
        platform_thread_join(threads[i]);
        ck_assert_int_eq(waiters[i].rc, ERR(INVALAPPHANDLE));
        sum += waiters[i].messages;
    }
    ck_assert_uint_eq(sum, MESSAGES);
    support_barrier_close(&start);
    check_clean();
}
END_TEST

TCase *messages_tests(void)
{
    TCase *t = tcase_create("messages");

    tcase_add_checked_fixture(t, fake_reset, NULL);
    tcase_add_test(t, in_order);
    tcase_add_test(t, whole_width);
    tcase_add_test(t, of_no_line);
    tcase_add_test(t, before_the_handle);
    tcase_add_test(t, before_the_line);
    tcase_add_test(t, line_that_never_was);
    tcase_add_test(t, event_tells);
    tcase_add_test(t, closed_line_is_silent);
    tcase_add_test(t, call_given_back_is_silent);
    tcase_add_test(t, forced_close);
    tcase_add_test(t, old_line);
    tcase_add_test(t, limits);
    tcase_add_test(t, get_message_errors);
    tcase_add_test(t, shutdown_wakes_all);
    return t;
}
