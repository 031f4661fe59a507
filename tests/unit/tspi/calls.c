/* Whole calls through TSPI: what is said, and in which order. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

static void up(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
}

START_TEST(both_ways)
{
    for (int way = 0; way < 2; way++) {
        HDRVCALL out = host_make(way, 1, way ? u"100" : u"101"), in = host_new(host.next_call - 1);

        ck_assert_str_eq(host_trace(), way ? "reply 6 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1001\n1001 OFFERING 1\n"
                                             "1 RINGBACK 0\n"
                                           : "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n"
                                             "1 RINGBACK 0\n");
        ck_assert_int_gt(TSPI_lineAccept(host_request(), in, NULL, 0), 0);
        ck_assert_str_eq(host_trace(), way ? "reply 7 ok\n1001 ACCEPTED 0\n" : "reply 2 ok\n1000 ACCEPTED 0\n");
        ck_assert_int_gt(TSPI_lineAnswer(host_request(), in, NULL, 0), 0);
        ck_assert_str_eq(host_trace(), way ? "reply 8 ok\n1001 CONNECTED 1\n1001 info 20000\n1 CONNECTED 1\n"
                                             "1 info 20000\n"
                                           : "reply 3 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n"
                                             "1 info 20000\n");
        ck_assert_uint_eq(host_state(out), LINECALLSTATE_CONNECTED);
        ck_assert_int_gt(TSPI_lineDrop(host_request(), way ? in : out, NULL, 0), 0);
        ck_assert_str_eq(host_trace(), way ? "reply 9 ok\n1001 IDLE 0\n1 DISCONNECTED 1\n"
                                           : "reply 4 ok\n1 IDLE 0\n1000 DISCONNECTED 1\n");
        ck_assert_int_gt(TSPI_lineDrop(host_request(), way ? out : in, NULL, 0), 0);
        ck_assert_str_eq(host_trace(), way ? "reply 10 ok\n1 IDLE 0\n" : "reply 5 ok\n1000 IDLE 0\n");
        ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
        ck_assert_int_eq(TSPI_lineCloseCall(in), 0);
        ck_assert_str_eq(host_trace(), "");
    }
}
END_TEST

START_TEST(status_events)
{
    HDRVCALL out, in;

    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[1], LINEDEVSTATE_RINGING | LINEDEVSTATE_NUMCALLS,
                                                LINEADDRESSSTATE_INUSEZERO | LINEADDRESSSTATE_INUSEONE),
                     0);
    out = host_make(0, 1, u"101");
    in = host_new(1000);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\naddress 1.0 8\nline 1 800 0 0\n"
                                   "1000 OFFERING 1\n1 RINGBACK 0\nline 1 2 1 0\n");
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[1], 0, 0), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(in), 0);
    ck_assert_str_eq(host_trace(), "1000 DISCONNECTED 80000\n");
}
END_TEST

START_TEST(special_numbers)
{
    static const struct {
        const WCHAR *number;
        const char *trace;
    } casev[] = {
        {u"600", "1 DIALING 0\n1 PROCEEDING 0\n1 RINGBACK 0\n1 CONNECTED 1\n1 info 20000\n"},
        {u"601", "1 DIALING 0\n1 PROCEEDING 0\n1 BUSY 1\n"},
        {u"602", "1 DIALING 0\n1 PROCEEDING 0\n1 RINGBACK 0\n"},
        {u"603", "1 DIALING 0\n1 PROCEEDING 0\n1 RINGBACK 0\n1 CONNECTED 1\n1 info 20000\n"},
        {u"999", "1 DIALING 0\n1 PROCEEDING 0\n1 DISCONNECTED 80\n"},
        {u"100", "1 DIALING 0\n1 PROCEEDING 0\n1 BUSY 1\n"}, /* its own */
        {u"(10) 2", "1 DIALING 0\n1 PROCEEDING 0\n1 RINGBACK 0\n"},
    };

    for (size_t i = 0; i < sizeof casev / sizeof *casev; i++) {
        HDRVCALL call = host_make(0, 1, casev[i].number);
        const char *trace = strchr(host_trace(), '\n');

        ck_assert_str_eq(trace + 1, casev[i].trace);
        ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
        host_forget();
    }
}
END_TEST

START_TEST(dial_in_pieces)
{
    HDRVCALL call = host_make(0, 1, NULL);

    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALTONE 1\n");
    ck_assert_int_gt(TSPI_lineDial(host_request(), call, u"6;", 0), 0);
    ck_assert_str_eq(host_trace(), "1 info 10000\nreply 2 ok\n1 DIALING 0\n");
    ck_assert_int_eq(TSPI_lineDial(5, call, u"0$", 0), ERR(DIALBILLING));
    ck_assert_int_eq(TSPI_lineDial(5, call, u"0@", 0), ERR(DIALQUIET));
    ck_assert_int_eq(TSPI_lineDial(5, call, u"0W", 0), ERR(DIALDIALTONE));
    ck_assert_int_eq(TSPI_lineDial(5, call, u"0?", 0), ERR(DIALPROMPT));
    ck_assert_str_eq(host_trace(), "");
    ck_assert_int_gt(TSPI_lineDial(host_request(), call, u"02", 0), 0);
    ck_assert_str_eq(host_trace(), "1 info 10000\nreply 3 ok\n1 PROCEEDING 0\n1 RINGBACK 0\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

START_TEST(no_answer_times_out)
{
    host_stop();
    host_start("[provider]\nno_answer_ms=1\n");
    host_open(0, 0x00020002, false);
    for (int i = 0; i < 20; i++) { /* again and again: that thread may be asleep, or not yet */
        HDRVCALL call = host_make(0, 1, u"602");

        while (!strstr(host_trace(), "1 DISCONNECTED 40\n")) { /* the provider's own thread says so */
            platform_mutex_lock(&host.lock);
            while (host.tracec == host.eventc)
                platform_cond_wait(&host.changed, &host.lock);
            platform_mutex_unlock(&host.lock);
        }
        ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    }
}
END_TEST

START_TEST(rings_again)
{
    host_stop();
    host_start("[provider]\nring_ms=100\n");
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, true);
    (void)host_make(0, 1, u"101");
    while (!strstr(host_trace(), "line 1 2 1 1\n")) {
        platform_mutex_lock(&host.lock);
        while (host.tracec == host.eventc)
            platform_cond_wait(&host.changed, &host.lock);
        platform_mutex_unlock(&host.lock);
    }
}
END_TEST

/* LINE_NEWCALL answered with NULL: the call is refused, and never spoken of again. */
START_TEST(new_call_refused)
{
    HDRVCALL out;

    host.refuse = true;
    out = host_make(0, 1, u"101");
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 0\n1 RINGBACK 0\n1 DISCONNECTED 4\n");
    host.refuse = false;
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    out = host_make(0, 2, u"101");
    ck_assert_str_eq(host_trace(),
                     "reply 2 ok\n2 DIALING 0\n2 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n2 RINGBACK 0\n");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
}
END_TEST

/* The same with all status events wanted: not even a ring of it is reported. */
START_TEST(refused_call_does_not_ring)
{
    HDRVCALL out;

    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[1], LINEDEVSTATE_RINGING, 0), 0);
    host.refuse = true;
    out = host_make(0, 1, u"101");
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 0\n1 RINGBACK 0\n1 DISCONNECTED 4\n");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
}
END_TEST

/* Handles that TAPI gave to two incoming calls are kept apart. */
START_TEST(two_incoming_calls)
{
    HDRVCALL a, b;

    host_open(2, 0x00020002, false);
    a = host_make(0, 1, u"101");
    b = host_make(2, 2, u"101");
    host_forget();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\n");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1001 CONNECTED 1\n1001 info 20000\n2 CONNECTED 1\n2 info 20000\n");
    ck_assert_int_eq(TSPI_lineCloseCall(a), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(b), 0);
    ck_assert_str_eq(host_trace(), "1000 DISCONNECTED 1\n1001 DISCONNECTED 1\n");
}
END_TEST

START_TEST(not_wanted_until_asked)
{
    HDRVCALL out;

    ck_assert_int_eq(TSPI_lineSetDefaultMediaDetection(host.linev[1], 0), 0);
    out = host_make(0, 1, u"101");
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\n1 RINGBACK 0\n");
    ck_assert_int_eq(TSPI_lineSetDefaultMediaDetection(host.linev[1], LINEMEDIAMODE_INTERACTIVEVOICE), 0);
    ck_assert_str_eq(host_trace(), "new 1000\n1000 OFFERING 1\n");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
}
END_TEST

START_TEST(app_specific)
{
    HDRVCALL call = host_make(0, 1, u"602");
    LINECALLINFO info = {.dwTotalSize = sizeof info};

    host_forget();
    ck_assert_int_eq(TSPI_lineSetAppSpecific(call, 0x12345678), 0);
    ck_assert_str_eq(host_trace(), "1 info 20\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(call, &info), 0);
    ck_assert_uint_eq(info.dwAppSpecific, 0x12345678);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

START_TEST(obsolete_drops)
{
    HDRVCALL call = host_make(0, 1, u"602");

    host_forget();
    ck_assert_int_eq(TSPI_lineDropNoOwner(call), 0);
    ck_assert_str_eq(host_trace(), "1 IDLE 0\n");
    ck_assert_int_eq(TSPI_lineDropNoOwner(call), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    call = host_make(0, 1, u"602");
    host_forget();
    ck_assert_int_eq(TSPI_lineDropOnClose(call), 0);
    ck_assert_str_eq(host_trace(), "1 IDLE 0\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_int_eq(TSPI_lineDropOnClose(call), ERR(INVALCALLHANDLE));
}
END_TEST

/* ---- from inside callbacks --------------------------------------------------------------------------------------- */

static HDRVCALL in_hook;
static int hook_times;

static void answer_new_call(const struct host_event *e)
{
    if (e->msg == (DWORD)LINE_NEWCALL && !e->reply)
        ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new((uintptr_t)e->call), NULL, 0), 0);
}

/* Answered before TAPI's handle of the call is known to the provider: the events wait for it. */
START_TEST(answer_inside_new_call)
{
    HDRVCALL out;

    host_hook(answer_new_call);
    out = host_make(0, 1, u"101");
    host_hook(NULL);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n1 RINGBACK 0\n"
                                   "reply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\n");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
}
END_TEST

static void answer_offering(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_OFFERING)
        ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new((uintptr_t)e->call), NULL, 0), 0);
    ck_assert_int_eq(e->depth, 0);
}

START_TEST(answer_inside_offering)
{
    HDRVCALL out;

    host_hook(answer_offering);
    out = host_make(0, 1, u"101");
    host_hook(NULL);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n1 RINGBACK 0\n"
                                   "reply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\n");
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
}
END_TEST

static void drop_connected(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_CONNECTED && e->call == HOST_CALL(1))
        ck_assert_int_gt(TSPI_lineDrop(host_request(), in_hook, NULL, 0), 0);
}

START_TEST(drop_inside_connected)
{
    in_hook = host_make(0, 1, u"101");
    host_hook(drop_connected);
    host_forget();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    host_hook(NULL);
    ck_assert_str_eq(host_trace(), "reply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\n"
                                   "reply 3 ok\n1 IDLE 0\n1000 DISCONNECTED 1\n");
    ck_assert_int_eq(TSPI_lineCloseCall(in_hook), 0);
}
END_TEST

static void close_idle(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_IDLE) {
        ck_assert_int_eq(TSPI_lineCloseCall(in_hook), 0);
        hook_times++;
    }
}

START_TEST(close_inside_idle)
{
    hook_times = 0;
    in_hook = host_make(0, 1, u"602");
    host_hook(close_idle);
    host_forget();
    ck_assert_int_gt(TSPI_lineDrop(host_request(), in_hook, NULL, 0), 0);
    host_hook(NULL);
    ck_assert_str_eq(host_trace(), "reply 2 ok\n1 IDLE 0\n");
    ck_assert_int_eq(hook_times, 1);
    ck_assert_int_eq(TSPI_lineCloseCall(in_hook), ERR(INVALCALLHANDLE));
}
END_TEST

/* Inside a callback of one call, another is dropped and closed at once: the completion owed comes nested, before the
 * return, its events do not come at all, and what else was queued keeps its place. */
static HDRVCALL other_call;
static bool completed_inside;

static void drop_and_close_other(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_DIALING && !hook_times++) {
        size_t before = host.replies;

        ck_assert_int_gt(TSPI_lineDrop(host_request(), other_call, NULL, 0), 0);
        ck_assert_uint_eq(host.replies, before);
        ck_assert_int_eq(TSPI_lineCloseCall(other_call), 0);
        completed_inside = host.replies == before + 1;
    }
}

START_TEST(close_other_inside_callback)
{
    HDRVCALL call;

    other_call = host_make(0, 1, u"602");
    hook_times = 0;
    completed_inside = false;
    host_hook(drop_and_close_other);
    host_forget();
    call = host_make(0, 2, u"602");
    host_hook(NULL);
    ck_assert(completed_inside);
    ck_assert_str_eq(host_trace(), "reply 2 ok\n2 DIALING 0\nreply 3 ok\n2 PROCEEDING 0\n2 RINGBACK 0\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

static void close_line_inside(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_PROCEEDING && !hook_times++)
        ck_assert_int_eq(TSPI_lineClose(host.linev[0]), 0);
}

START_TEST(close_line_inside_callback)
{
    HDRVCALL hd;
    DRV_REQUESTID request = host_request();

    hook_times = 0;
    host_hook(close_line_inside);
    ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(1), &hd, u"101", 0, NULL), (LONG)request);
    host_hook(NULL);
    ck_assert_str_eq(host_trace(),
                     "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n1000 DISCONNECTED 80000\n");
    ck_assert_uint_eq(host_state(hd), 0);
    host_open(0, 0x00020002, false);
}
END_TEST

static void shutdown_inside(const struct host_event *e)
{
    (void)e;
    ck_assert_int_eq(TSPI_providerShutdown(0x00020002, 42), ERR(OPERATIONFAILED));
    hook_times++;
}

START_TEST(shutdown_inside_callback_is_refused)
{
    HDRVCALL call;

    hook_times = 0;
    host_hook(shutdown_inside);
    call = host_make(0, 1, u"601");
    host_hook(NULL);
    ck_assert_int_gt(hook_times, 3);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

/* A completion comes before TSPI_lineMakeCall returns, and the handle is written by then. */
static HDRVCALL early;

static void see_handle(const struct host_event *e)
{
    if (e->reply) {
        ck_assert_ptr_nonnull(early);
        ck_assert_uint_eq(host_state(early), LINECALLSTATE_RINGBACK); /* the core is ahead of what was said */
        hook_times++;
    }
}

START_TEST(early_completion_has_handle)
{
    DRV_REQUESTID request = host_request();

    early = NULL;
    hook_times = 0;
    host_hook(see_handle);
    ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(1), &early, u"602", 0, NULL), (LONG)request);
    host_hook(NULL);
    ck_assert_int_eq(hook_times, 1);
    ck_assert_int_eq(TSPI_lineCloseCall(early), 0);
}
END_TEST

/* Each event of a long chain makes the next call: nothing recurses, nothing is lost. */
static int chain_left;

static void chain(const struct host_event *e)
{
    ck_assert_int_eq(e->depth, 0);
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_BUSY && chain_left-- > 0) {
        ck_assert_int_eq(TSPI_lineCloseCall(in_hook), 0);
        in_hook = host_make(0, 1, u"601");
    }
}

START_TEST(long_chain_of_calls_inside_callbacks)
{
    DRV_REQUESTID request = host_request();

    chain_left = 2000;
    host_hook(chain);
    host.keep = false;
    ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[0], HOST_CALL(1), &in_hook, u"601", 0, NULL), (LONG)request);
    /* others did not add events, so that it all went on on this thread */
    ck_assert_int_eq(chain_left, -1);
    ck_assert_uint_eq(host.replies, 2001);
    host_hook(NULL);
    ck_assert_int_eq(TSPI_lineCloseCall(in_hook), 0);
}
END_TEST

Suite *suite_calls(void)
{
    Suite *s = suite_create("calls");
    TCase *c = tcase_create("calls");

    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, up, host_stop);
    tcase_add_test(c, both_ways);
    tcase_add_test(c, status_events);
    tcase_add_test(c, special_numbers);
    tcase_add_test(c, dial_in_pieces);
    tcase_add_test(c, no_answer_times_out);
    tcase_add_test(c, rings_again);
    tcase_add_test(c, new_call_refused);
    tcase_add_test(c, refused_call_does_not_ring);
    tcase_add_test(c, two_incoming_calls);
    tcase_add_test(c, not_wanted_until_asked);
    tcase_add_test(c, app_specific);
    tcase_add_test(c, obsolete_drops);
    tcase_add_test(c, answer_inside_new_call);
    tcase_add_test(c, answer_inside_offering);
    tcase_add_test(c, drop_inside_connected);
    tcase_add_test(c, close_inside_idle);
    tcase_add_test(c, close_other_inside_callback);
    tcase_add_test(c, close_line_inside_callback);
    tcase_add_test(c, shutdown_inside_callback_is_refused);
    tcase_add_test(c, early_completion_has_handle);
    tcase_add_test(c, long_chain_of_calls_inside_callbacks);
    suite_add_tcase(s, c);
    return s;
}
