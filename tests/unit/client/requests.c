/* Asynchronous functions: replies, the handle they bring, and what ends them early. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#define NO_MESSAGE ERR(OPERATIONFAILED)

static HLINEAPP app;
static HLINE line;
static uint64_t cookie;
static HANDLE event;

static void open_all(void)
{
    fake_reset();
    app = app_open(&event);
    line = line_open(app, 0x00020002, 1);
    cookie = fake.instance;
}

static void close_all(void)
{
    (void)lineShutdown(app);
    check_clean();
}

static void reply(LONG id, LONG result, HCALL call)
{
    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, (uint64_t)(int64_t)result, 0, call);
}

/* The handle is written when the reply is taken, not when it comes. */
START_TEST(handle_with_reply)
{
    HCALL call = 0;
    LINEMESSAGE m;
    LONG id = lineMakeCallA(line, &call, "100", 0, NULL);

    ck_assert_int_gt(id, 0);
    reply(id, 0, 0x77);
    fake_event(app, LINE_CALLSTATE, 0x77, cookie, LINECALLSTATE_DIALING, 0, 0, 0);
    ck_assert_uint_eq(call, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_REPLY);
    ck_assert_uint_eq(m.dwParam1, id);
    ck_assert_uint_eq(m.dwParam2, 0);
    ck_assert_uint_eq(m.dwCallbackInstance, 1);
    ck_assert_uint_eq(call, 0x77);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.hDevice, 0x77);
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

START_TEST(failed_reply)
{
    HCALL call = 5;
    LINEMESSAGE m;
    LONG id = lineMakeCallA(line, &call, "100", 0, NULL);

    reply(id, ERR(CALLUNAVAIL), 0x77);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_int_eq((LONG)m.dwParam2, ERR(CALLUNAVAIL));
    ck_assert_uint_eq(call, 5);
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

static LINEMESSAGE seen;
static LONG seen_rc;

/* The provider answers before it returns; another thread waits for messages. */
static int32_t answer_early(struct channel_call *call, int32_t rc)
{
    fake_event(app, LINE_REPLY, 0, cookie, call->arg[1], 0, 0, 0x88);
    fake_event(app, LINE_CALLSTATE, 0x88, cookie, LINECALLSTATE_CONNECTED, 0, 0, 0);
    seen_rc = lineGetMessage(app, &seen, 0);
    ck_assert(!support_native_ready((intptr_t)event));
    return rc;
}

START_TEST(reply_waits_for_return)
{
    HCALL call = 0;
    LINEMESSAGE m;
    LONG id;

    fake.h[CHANNEL_CALL_MAKE] = answer_early;
    id = lineMakeCallA(line, &call, "100", 0, NULL);
    ck_assert_int_gt(id, 0);
    ck_assert_int_eq(seen_rc, NO_MESSAGE);
    ck_assert(support_native_ready((intptr_t)event));
    ck_assert_uint_eq(call, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_REPLY);
    ck_assert_uint_eq(call, 0x88);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_CALLSTATE);
}
END_TEST

/* What came before the reply does not wait for it. */
static int32_t answer_behind(struct channel_call *call, int32_t rc)
{
    fake_event(app, LINE_CALLINFO, 0x55, cookie, 1, 0, 0, 0);
    fake_event(app, LINE_REPLY, 0, cookie, call->arg[1], 0, 0, 0);
    seen_rc = lineGetMessage(app, &seen, 0);
    return rc;
}

START_TEST(others_do_not_wait)
{
    static const uint32_t ops[] = {CHANNEL_CALL_DIAL, CHANNEL_CALL_ACCEPT, CHANNEL_CALL_ANSWER, CHANNEL_CALL_DROP};
    size_t i;

    for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        LINEMESSAGE m;
        LONG id;

        fake.h[ops[i]] = answer_behind;
        seen_rc = -1;
        id = i == 0   ? lineDialA(0x55, "1", 0)
             : i == 1 ? lineAccept(0x55, NULL, 0)
             : i == 2 ? lineAnswer(0x55, "hello", 5)
                      : lineDrop(0x55, NULL, 0);
        ck_assert_int_gt(id, 0);
        ck_assert_int_eq(seen_rc, 0);
        ck_assert_uint_eq(seen.dwMessageID, LINE_CALLINFO);
        ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
        ck_assert_uint_eq(m.dwMessageID, LINE_REPLY);
        ck_assert_uint_eq(m.dwParam1, id);
        ck_assert_uint_eq(fake.last[ops[i]].arg[0], 0x55);
    }
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

/* A thread that waits gets the reply as soon as the function has returned. */
static struct waiting {
    LONG rc;
    LINEMESSAGE m;
} waiting;

static void wait_for_reply(void *arg)
{
    (void)arg;
    waiting.rc = lineGetMessage(app, &waiting.m, INFINITE);
}

static int32_t answer_to_waiter(struct channel_call *call, int32_t rc)
{
    fake_event(app, LINE_REPLY, 0, cookie, call->arg[1], 0, 0, 0x99);
    return rc;
}

START_TEST(waiter_is_woken)
{
    struct platform_thread *thread = support_thread(wait_for_reply, NULL);
    HCALL call = 0;

    fake.h[CHANNEL_CALL_MAKE] = answer_to_waiter;
    ck_assert_int_gt(lineMakeCallA(line, &call, "100", 0, NULL), 0);
    platform_thread_join(thread);
    ck_assert_int_eq(waiting.rc, 0);
    ck_assert_uint_eq(waiting.m.dwMessageID, LINE_REPLY);
    ck_assert_uint_eq(call, 0x99);
}
END_TEST

/* Nothing is written to where the application may have no memory any more. */
START_TEST(closed_before_reply)
{
    HCALL call = 3;
    LINEMESSAGE m;
    LONG id = lineMakeCallA(line, &call, "100", 0, NULL);

    ck_assert_uint_eq(client.requests.count, 1);
    ck_assert_int_eq(lineClose(line), 0);
    ck_assert_uint_eq(client.requests.count, 0);
    reply(id, 0, 0x77);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_uint_eq(call, 3);
}
END_TEST

START_TEST(closed_with_reply_queued)
{
    HCALL call = 3;
    LINEMESSAGE m;
    LONG id = lineMakeCallA(line, &call, "100", 0, NULL);

    reply(id, 0, 0x77);
    ck_assert_int_eq(lineClose(line), 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_uint_eq(call, 3);
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

START_TEST(shut_down_before_reply)
{
    HCALL call = 3;
    LONG id = lineMakeCallA(line, &call, "100", 0, NULL);
    HLINEAPP other = app_open(NULL); /* the connection stays */

    ck_assert_int_eq(lineShutdown(app), 0);
    reply(id, 0, 0x77);
    ck_assert_uint_eq(call, 3);
    ck_assert_uint_eq(client.requests.count, 0);
    ck_assert_int_eq(lineShutdown(other), 0);
}
END_TEST

/* The line is closed by another thread while lineMakeCall is in the engine, which has answered already. */
static int32_t close_meanwhile(struct channel_call *call, int32_t rc)
{
    fake_event(app, LINE_REPLY, 0, cookie, call->arg[1], 0, 0, 0x99);
    ck_assert_int_eq(lineClose(line), 0);
    return rc;
}

START_TEST(closed_inside)
{
    HCALL call = 3;
    LINEMESSAGE m;

    fake.h[CHANNEL_CALL_MAKE] = close_meanwhile;
    (void)lineMakeCallA(line, &call, "100", 0, NULL);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_uint_eq(call, 3);
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

static int32_t shut_down_meanwhile(struct channel_call *call, int32_t rc)
{
    fake_event(app, LINE_REPLY, 0, cookie, call->arg[1], 0, 0, 0x99);
    ck_assert_int_eq(lineShutdown(app), 0);
    return rc;
}

START_TEST(shut_down_inside)
{
    HCALL call = 3;

    fake.h[CHANNEL_CALL_MAKE] = shut_down_meanwhile;
    (void)lineMakeCallA(line, &call, "100", 0, NULL);
    ck_assert_uint_eq(call, 3);
    check_clean();
}
END_TEST

START_TEST(refused)
{
    HCALL call = 3;

    fake.rc[CHANNEL_CALL_MAKE] = ERR(INVALADDRESS);
    fake.rc[CHANNEL_CALL_DROP] = ERR(NOTOWNER);
    ck_assert_int_eq(lineMakeCallA(line, &call, "?", 0, NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(lineDrop(4, NULL, 0), ERR(NOTOWNER));
    ck_assert_uint_eq(call, 3);
    ck_assert_int_eq(lineMakeCallA(line, NULL, "1", 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineMakeCallA(line + 9, &call, "1", 0, NULL), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineDialA(4, NULL, 0), ERR(INVALPOINTER));
    ck_assert_int_eq(lineDrop(4, NULL, 5), ERR(INVALPOINTER));
    ck_assert_int_eq(lineAnswer(4, NULL, 1), ERR(INVALPOINTER));
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

static int32_t zero(struct channel_call *call, int32_t rc)
{
    (void)call;
    (void)rc;
    return 0;
}

/* 0 is neither a request nor an error; the application would wait for ever. */
START_TEST(neither_id_nor_error)
{
    HCALL call = 3;

    fake.h[CHANNEL_CALL_MAKE] = zero;
    ck_assert_int_eq(lineMakeCallA(line, &call, "1", 0, NULL), ERR(OPERATIONFAILED));
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

/* Ids are positive and none is in use twice, also where they start again. */
START_TEST(ids)
{
    HCALL calls[3];
    LONG first = lineMakeCallA(line, &calls[0], "1", 0, NULL), id;
    int i;

    platform_mutex_lock(&client.lock);
    client.last_request = 0x7FFFFFFE;
    platform_mutex_unlock(&client.lock);
    ck_assert_int_eq(lineMakeCallA(line, &calls[1], "1", 0, NULL), 0x7FFFFFFF);
    for (i = 0; i < 20; i++) {
        id = lineMakeCallA(line, &calls[2], "1", 0, NULL);
        ck_assert_int_gt(id, 0);
        ck_assert_int_ne(id, first);
    }
}
END_TEST

static LINECALLPARAMS taken;
static bool taken_there;

static int32_t take_params(struct channel_call *call, int32_t rc)
{
    taken_there = call->in1 != NULL;
    if (call->in1)
        memcpy(&taken, call->in1, call->in1_len < sizeof(taken) ? call->in1_len : sizeof(taken));
    return rc;
}

START_TEST(number_and_parameters)
{
    static const WCHAR wide[] = {'5', 0x00E4, 0};
    LINECALLPARAMS params;
    HCALL call;

    fake.h[CHANNEL_CALL_MAKE] = take_params;
    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE;
    params.dwNoAnswerTimeout = 9;
    ck_assert_int_gt(lineMakeCallA(line, &call, "102", 49, &params), 0);
    ck_assert(taken_there);
    ck_assert_uint_eq(taken.dwNoAnswerTimeout, 9);
    ck_assert_uint_eq(taken.dwTotalSize, 176);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_MAKE].arg[0], line);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_MAKE].arg[2], 49);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_MAKE].in0_len, 8);
    ck_assert_uint_eq(fake.text0[CHANNEL_CALL_MAKE][2], '2');
    ck_assert_int_gt(lineMakeCallW(line, &call, wide, 0, NULL), 0);
    ck_assert(!taken_there);
    ck_assert_uint_eq(fake.text0[CHANNEL_CALL_MAKE][1], 0x00E4);
    ck_assert_int_gt(lineMakeCallA(line, &call, NULL, 0, NULL), 0);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_MAKE].in0_len, 0);
    params.dwTotalSize = 100;
    ck_assert_int_eq(lineMakeCallA(line, &call, "1", 0, &params), ERR(STRUCTURETOOSMALL));
    params.dwTotalSize = sizeof(params);
    params.dwOrigAddressSize = 5;
    params.dwOrigAddressOffset = sizeof(params);
    ck_assert_int_eq(lineMakeCallA(line, &call, "1", 0, &params), ERR(INVALCALLPARAMS));
}
END_TEST

/* The parameters of a 1.4 application end before those of 2.0 begin. */
START_TEST(old_parameters)
{
    HLINE old = line_open(app, 0x00010004, 0);
    unsigned char params[112];
    HCALL call;

    fake.h[CHANNEL_CALL_MAKE] = take_params;
    memset(params, 0, sizeof(params));
    params[0] = sizeof(params);
    memset(&taken, 0xFF, sizeof(taken));
    ck_assert_int_gt(lineMakeCallA(old, &call, "1", 0, (LPLINECALLPARAMS)(void *)params), 0);
    ck_assert_uint_eq(taken.dwTotalSize, 176);
    ck_assert_uint_eq(taken.dwNoAnswerTimeout, 0);
    ck_assert_int_eq(lineMakeCallA(line, &call, "1", 0, (LPLINECALLPARAMS)(void *)params), ERR(STRUCTURETOOSMALL));
}
END_TEST

/* The service does it, tells, and dies before it gives the result. */
static int32_t done_then_gone(struct channel_call *call, int32_t rc)
{
    (void)rc;
    fake_event(app, LINE_REPLY, 0, cookie, call->arg[1], 0, 0, 0x99);
    client_lost(client.conn);
    return ERR(INVALLINEHANDLE);
}

START_TEST(service_dies_behind_the_reply)
{
    HCALL call = 0;
    LINEMESSAGE m;
    LONG id;

    fake.h[CHANNEL_CALL_MAKE] = done_then_gone;
    id = lineMakeCallA(line, &call, "100", 0, NULL);
    ck_assert_int_gt(id, 0);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_REPLY);
    ck_assert_uint_eq(m.dwParam1, id);
    ck_assert_uint_eq(call, 0x99);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_CLOSE);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_LINEDEVSTATE);
    ck_assert_int_eq(lineGetMessage(app, &m, 0), NO_MESSAGE);
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

static int32_t only_gone(struct channel_call *call, int32_t rc)
{
    (void)call;
    (void)rc;
    client_lost(client.conn);
    return ERR(INVALLINEHANDLE);
}

START_TEST(service_dies_before_the_reply)
{
    HCALL call = 0;
    LINEMESSAGE m;

    fake.h[CHANNEL_CALL_MAKE] = only_gone;
    ck_assert_int_eq(lineMakeCallA(line, &call, "100", 0, NULL), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_CLOSE);
    ck_assert_uint_eq(client.requests.count, 0);
}
END_TEST

TCase *requests_tests(void)
{
    TCase *t = tcase_create("requests");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_add_test(t, handle_with_reply);
    tcase_add_test(t, failed_reply);
    tcase_add_test(t, reply_waits_for_return);
    tcase_add_test(t, others_do_not_wait);
    tcase_add_test(t, waiter_is_woken);
    tcase_add_test(t, closed_before_reply);
    tcase_add_test(t, closed_with_reply_queued);
    tcase_add_test(t, shut_down_before_reply);
    tcase_add_test(t, closed_inside);
    tcase_add_test(t, shut_down_inside);
    tcase_add_test(t, refused);
    tcase_add_test(t, neither_id_nor_error);
    tcase_add_test(t, ids);
    tcase_add_test(t, service_dies_behind_the_reply);
    tcase_add_test(t, service_dies_before_the_reply);
    tcase_add_test(t, number_and_parameters);
    tcase_add_test(t, old_parameters);
    return t;
}
