/* The ends of calls, in every order: nothing leaks, nothing is said too late. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include "tsp/tspi/queue.h"

static HDRVCALL out, in;

static void up(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
}

/* host_stop checks: no memory left, every request answered, nothing overlapped. */

static void ringing(void)
{
    out = host_make(0, 1, u"101");
    in = host_new(1000);
    host_forget();
}

static void connected(void)
{
    ringing();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), in, NULL, 0), 0);
    host_forget();
}

static void drop(HDRVCALL call)
{
    ck_assert_int_gt(TSPI_lineDrop(host_request(), call, NULL, 0), 0);
}

static void close_call(HDRVCALL call)
{
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}

START_TEST(drop_then_release)
{
    connected();
    drop(out);
    close_call(out);
    ck_assert_uint_eq(host_state(in), LINECALLSTATE_DISCONNECTED);
    drop(in);
    close_call(in);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 IDLE 0\n1000 DISCONNECTED 1\nreply 4 ok\n1000 IDLE 0\n");
}
END_TEST

START_TEST(release_only)
{
    connected();
    close_call(out);
    ck_assert_str_eq(host_trace(), "1000 DISCONNECTED 1\n");
    close_call(in);
    ck_assert_str_eq(host_trace(), "");
}
END_TEST

START_TEST(release_while_ringing)
{
    ringing();
    close_call(in);
    ck_assert_str_eq(host_trace(), "1 DISCONNECTED 4\n");
    close_call(out);
}
END_TEST

START_TEST(release_twice)
{
    connected();
    close_call(out);
    ck_assert_int_eq(TSPI_lineCloseCall(out), ERR(INVALCALLHANDLE));
    close_call(in);
    ck_assert_int_eq(TSPI_lineCloseCall(in), ERR(INVALCALLHANDLE));
}
END_TEST

START_TEST(remote_first)
{
    connected();
    drop(in);
    close_call(in);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1000 IDLE 0\n1 DISCONNECTED 1\n");
    ck_assert_uint_eq(host_state(out), LINECALLSTATE_DISCONNECTED);
    drop(out);
    ck_assert_uint_eq(host_state(out), LINECALLSTATE_IDLE);
    close_call(out);
}
END_TEST

START_TEST(never_released)
{
    connected();
    drop(out);
    drop(in);
}
END_TEST

START_TEST(shutdown_under_calls)
{
    ringing();
    (void)host_make(0, 2, u"602");
    (void)host_make(1, 3, NULL);
}
END_TEST

START_TEST(line_closed_under_calls)
{
    connected();
    ck_assert_int_eq(TSPI_lineClose(host.linev[0]), 0);
    ck_assert_str_eq(host_trace(), "1000 DISCONNECTED 1\n");
    ck_assert_int_eq(TSPI_lineDrop(99, out, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineCloseCall(out), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineClose(host.linev[0]), ERR(INVALLINEHANDLE));
    close_call(in);
}
END_TEST

/* The host closes a call before it has seen the completion of its making: inside the completion itself. */
static HDRVCALL early;

static void close_inside_completion(const struct host_event *e)
{
    if (e->reply)
        close_call(early);
}

START_TEST(release_before_reply_is_seen)
{
    DRV_REQUESTID request = host_request();

    host_hook(close_inside_completion);
    ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(1), &early, u"101", 0, NULL), (LONG)request);
    host_hook(NULL);
    /* nothing of call 1 after its completion; the called end has come and gone */
    ck_assert_str_eq(host_trace(), "reply 1 ok\nnew 1000\n1000 OFFERING 1\n1000 DISCONNECTED 80000\n");
}
END_TEST

/* Both ends dropped from inside one callback, and released there. */
static void end_both(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_CONNECTED && e->call == HOST_CALL(1)) {
        drop(out);
        drop(in);
        close_call(in);
        close_call(out);
    }
}

START_TEST(both_at_once)
{
    ringing();
    host_hook(end_both);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), in, NULL, 0), 0);
    host_hook(NULL);
    ck_assert_str_eq(host_trace(),
                     "reply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\nreply 4 ok\nreply 3 ok\n");
}
END_TEST

START_TEST(idle_call_still_answers_questions)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    DWORD address = 99;

    connected();
    drop(out);
    ck_assert_int_eq(TSPI_lineGetCallInfo(out, &info), 0);
    ck_assert_uint_eq(info.dwOrigin, LINECALLORIGIN_OUTBOUND);
    ck_assert_uint_eq(host_state(out), LINECALLSTATE_IDLE);
    ck_assert_int_eq(TSPI_lineGetCallAddressID(out, &address), 0);
    ck_assert_uint_eq(address, 0);
    ck_assert_int_eq(TSPI_lineDrop(99, out, NULL, 0), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineAnswer(99, out, NULL, 0), ERR(INVALCALLSTATE));
    close_call(out);
    close_call(in);
}
END_TEST

START_TEST(stale_and_forged_handles)
{
    static const uintptr_t forgedv[] = {0, 1, 0x7FFFFFFF, 0xFFFFFFFF, (uintptr_t)-1, (uintptr_t)-4096};
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    LINECALLSTATUS status = {.dwTotalSize = sizeof status};
    HDRVCALL hd;
    DWORD n;

    connected();
    close_call(out);
    for (size_t i = 0; i <= sizeof forgedv / sizeof *forgedv + 1; i++) {
        size_t forgedc = sizeof forgedv / sizeof *forgedv;
        HDRVCALL call = i < forgedc ? (HDRVCALL)forgedv[i] : out;
        HDRVLINE line = (HDRVLINE)(uintptr_t)call;

        if (i > forgedc) { /* valid ones with more above 32 bits, where there are any */
            if (sizeof(uintptr_t) == 4)
                break;
            call = (HDRVCALL)((uintptr_t)in | (uintptr_t)((uint64_t)1 << 32));
            line = (HDRVLINE)((uintptr_t)host.linev[0] | (uintptr_t)((uint64_t)1 << 32));
        }

        ck_assert_int_eq(TSPI_lineAccept(99, call, NULL, 0), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineAnswer(99, call, NULL, 0), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineDrop(99, call, NULL, 0), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineDial(99, call, u"1", 0), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineCloseCall(call), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineDropNoOwner(call), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineSetAppSpecific(call, 1), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineGetCallInfo(call, &info), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineGetCallStatus(call, &status), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineGetCallAddressID(call, &n), ERR(INVALCALLHANDLE));
        ck_assert_int_eq(TSPI_lineMakeCall(99, line, HOST_CALL(1), &hd, u"101", 0, NULL), ERR(INVALLINEHANDLE));
        ck_assert_int_eq(TSPI_lineClose(line), ERR(INVALLINEHANDLE));
        ck_assert_int_eq(TSPI_lineGetNumAddressIDs(line, &n), ERR(INVALLINEHANDLE));
        ck_assert_int_eq(TSPI_lineSetStatusMessages(line, 0, 0), ERR(INVALLINEHANDLE));
        ck_assert_int_eq(TSPI_lineSelectExtVersion(line, 0), ERR(INVALLINEHANDLE));
    }
    close_call(in);
}
END_TEST

/* A handle of a line that was closed and opened again is not the new one. */
START_TEST(stale_line_handle)
{
    HDRVLINE old = host.linev[0];
    DWORD n;

    ck_assert_int_eq(TSPI_lineClose(old), 0);
    host_open(0, 0x00020002, false);
    ck_assert_ptr_ne(old, host.linev[0]);
    ck_assert_int_eq(TSPI_lineGetNumAddressIDs(old, &n), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineClose(old), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineGetNumAddressIDs(host.linev[0], &n), 0);
}
END_TEST

START_TEST(handles_of_the_last_run)
{
    HDRVLINE line = host.linev[0];
    DWORD n;

    ringing();
    host_stop();
    ck_assert_int_eq(TSPI_lineClose(line), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineCloseCall(out), ERR(INVALCALLHANDLE));
    up();
    ck_assert_int_eq(TSPI_lineGetNumAddressIDs(line, &n), ERR(INVALLINEHANDLE));
}
END_TEST

/* Every allocation of a call's life fails once: an error, and still no leak. */
START_TEST(out_of_memory)
{
    int died = 0;

    for (size_t n = 0; n < 40; n++) {
        HDRVCALL hd = NULL;
        DRV_REQUESTID request;
        LONG result;

        host_stop(); /* or the pools of the last time would be there */
        up();
        request = host_request();
        platform_mutex_lock(&host_memory.lock);
        host_memory.fail_at = host_memory.total + n;
        platform_mutex_unlock(&host_memory.lock);
        result = TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(1), &hd, u"101", 0, NULL);
        if (result < 0) {
            ck_assert_int_eq(result, ERR(NOMEM));
            host.next_request--;
        } else {
            const struct host_event *e;

            for (e = host.eventv + host.eventc - 1; !e->reply || e->p1 != request;)
                e--;
            died += e->p2 != 0;
            close_call(hd); /* also if it died with its request */
            ck_assert_int_eq(TSPI_lineCloseCall(hd), ERR(INVALCALLHANDLE));
        }
        platform_mutex_lock(&host_memory.lock);
        host_memory.fail_at = SIZE_MAX;
        platform_mutex_unlock(&host_memory.lock);
    }
    ck_assert_int_gt(died, 0);
}
END_TEST

/* The queue of events cannot grow: what it has no room for waits, and nothing is lost. */
static HDRVCALL manyv[60];

static void make_many(const struct host_event *e)
{
    if (e->reply && e->p1 == 1) {
        host_memory.fail_size = sizeof(struct queue_chunk);
        for (int i = 0; i < 60; i++)
            manyv[i] = host_make(0, (uintptr_t)(2 + i), u"602");
        close_call(manyv[3]);
    }
}

START_TEST(events_without_memory)
{
    DRV_REQUESTID request;
    size_t replies = 0;

    host_stop();
    host_start("[line 0]\nnumber=100\nmax_sessions=0\n");
    host_open(0, 0x00020002, false);
    request = host_request();
    host_hook(make_many);
    ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(1), &out, u"602", 0, NULL), (LONG)request);
    host_hook(NULL);
    host_memory.fail_size = 0;
    ck_assert_uint_eq(host.replies, 61);
    ck_assert_uint_eq(host.events, 3 * 60);
    for (size_t i = 0; i < host.eventc; i++) {
        ck_assert_ptr_ne(host.eventv[i].call, HOST_CALL(5)); /* the closed one */
        if (host.eventv[i].reply)                            /* its completion came nested, before that of the others */
            ck_assert_uint_eq(host.eventv[i].p1, ++replies == 2                ? 5
                                                 : replies <= 5 && replies > 2 ? replies - 1
                                                                               : replies);
    }
    close_call(out);
    close_call(manyv[59]);
}
END_TEST

/* Every allocation of TSPI_providerInit fails once. */
START_TEST(init_out_of_memory)
{
    size_t used;
    bool ok = false;

    host_stop();
    host_start(NULL);
    used = host_memory.total;
    ck_assert_int_eq(TSPI_providerShutdown(0x00020002, 42), 0);
    for (size_t n = 0; n <= used; n++) {
        host_memory.total = 0;
        host_memory.fail_at = n;
        ok = !host_init(4);
        if (ok)
            break;
        ck_assert_uint_eq(host_memory.live, 0);
    }
    ck_assert(ok); /* host_stop shuts it down */
    host_memory.fail_at = SIZE_MAX;
}
END_TEST

Suite *suite_lifetime(void)
{
    Suite *s = suite_create("lifetime");
    TCase *c = tcase_create("lifetime");

    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, up, host_stop);
    tcase_add_test(c, drop_then_release);
    tcase_add_test(c, release_only);
    tcase_add_test(c, release_while_ringing);
    tcase_add_test(c, release_twice);
    tcase_add_test(c, remote_first);
    tcase_add_test(c, never_released);
    tcase_add_test(c, shutdown_under_calls);
    tcase_add_test(c, line_closed_under_calls);
    tcase_add_test(c, release_before_reply_is_seen);
    tcase_add_test(c, both_at_once);
    tcase_add_test(c, idle_call_still_answers_questions);
    tcase_add_test(c, stale_and_forged_handles);
    tcase_add_test(c, stale_line_handle);
    tcase_add_test(c, handles_of_the_last_run);
    tcase_add_test(c, out_of_memory);
    tcase_add_test(c, events_without_memory);
    tcase_add_test(c, init_out_of_memory);
    suite_add_tcase(s, c);
    return s;
}
