/* Calls on the embedded exchange, from one application to another. SPDX-License-Identifier: MIT */
#include "tests/unit/client/host.h"

#include <stdatomic.h>
#include <stdlib.h>

#undef lineInitialize

/* ---- one call, all of it ---- */

START_TEST(whole_call)
{
    struct desk caller, callee;
    union host_info info;
    HCALL call, offered;
    LINEMESSAGE m;

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    desk_open(&callee, 1, 0x00020002, LINECALLPRIVILEGE_OWNER);
    call = desk_call(&caller, "101");
    m = desk_await(&callee, LINE_APPNEWCALL, callee.line, 0);
    offered = (HCALL)m.dwParam2;
    ck_assert_uint_eq(m.dwCallbackInstance, 1);
    ck_assert_uint_eq(m.dwParam3, LINECALLPRIVILEGE_OWNER);
    m = desk_await(&callee, LINE_CALLSTATE, 0, 0);
    ck_assert_uint_eq(m.hDevice, offered);
    ck_assert_uint_eq(m.dwParam1, LINECALLSTATE_OFFERING);
    ck_assert_int_eq(desk_reply(&callee, lineAccept(offered, NULL, 0)), 0);
    ck_assert_uint_eq(host_state(offered), LINECALLSTATE_ACCEPTED);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_RINGBACK);
    ck_assert_int_gt(lineAnswer(offered, NULL, 0), 0);
    (void)desk_await(&callee, LINE_CALLSTATE, offered, LINECALLSTATE_CONNECTED);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
    ck_assert_int_gt(lineDrop(call, NULL, 0), 0);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_IDLE);
    m = desk_await(&callee, LINE_CALLSTATE, offered, LINECALLSTATE_DISCONNECTED);
    ck_assert_uint_eq(m.dwParam2, LINEDISCONNECTMODE_NORMAL);
    ck_assert_int_gt(lineDrop(offered, NULL, 0), 0);
    (void)desk_await(&callee, LINE_CALLSTATE, offered, LINECALLSTATE_IDLE);
    /* What is known of it outlives it. */
    host_info_get(call, &info);
    ck_assert_str_eq(TEXT_OF(&info.info, dwCallerID), "100");
    ck_assert_str_eq(TEXT_OF(&info.info, dwCalledID), "101");
    ck_assert_str_eq(TEXT_OF(&info.info, dwConnectedID), "101");
    ck_assert_uint_eq(info.info.dwOrigin, LINECALLORIGIN_OUTBOUND);
    ck_assert_uint_eq(info.info.hLine, caller.line);
    host_info_get(offered, &info);
    ck_assert_str_eq(TEXT_OF(&info.info, dwCallerID), "100");
    ck_assert_uint_eq(info.info.hLine, callee.line);
    ck_assert_int_eq(lineDeallocateCall(call), 0);
    ck_assert_int_eq(lineDeallocateCall(offered), 0);
    ck_assert_int_eq(lineDeallocateCall(call), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(lineDrop(offered, NULL, 0), ERR(INVALCALLHANDLE));
    desk_close(&caller);
    desk_close(&callee);
    host_clean();
}
END_TEST

START_TEST(special_numbers)
{
    static const struct {
        const char *number;
        DWORD state;
        DWORD_PTR mode;
    } numbers[] = {{"600", LINECALLSTATE_CONNECTED, 0},
                   {"601", LINECALLSTATE_BUSY, 0},
                   {"999", LINECALLSTATE_DISCONNECTED, LINEDISCONNECTMODE_BADADDRESS}};
    struct desk caller;
    size_t i;

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        HCALL call = desk_call(&caller, numbers[i].number);
        LINEMESSAGE m = desk_await(&caller, LINE_CALLSTATE, call,
                                   LINECALLSTATE_CONNECTED | LINECALLSTATE_BUSY | LINECALLSTATE_DISCONNECTED);

        ck_assert_uint_eq(m.dwParam1, numbers[i].state);
        if (numbers[i].mode)
            ck_assert_uint_eq(m.dwParam2, numbers[i].mode);
        desk_end(&caller, call);
    }
    desk_close(&caller);
    host_clean();
}
END_TEST

START_TEST(dialled_in_parts)
{
    static const WCHAR rest[] = {'0', '0', 0};
    struct desk caller;
    HCALL call = 0;

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(desk_reply(&caller, lineMakeCallA(caller.line, &call, NULL, 0, NULL)), 0);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_DIALTONE);
    ck_assert_int_eq(desk_reply(&caller, lineDialA(call, "6;", 0)), 0);
    ck_assert_int_eq(desk_reply(&caller, lineDialW(call, rest, 0)), 0);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
    desk_end(&caller, call);
    desk_close(&caller);
    host_clean();
}
END_TEST

START_TEST(rejected)
{
    struct desk caller, callee;
    HCALL call, offered;
    LINEMESSAGE m;

    desk_open(&caller, 2, 0x00020002, LINECALLPRIVILEGE_NONE);
    desk_open(&callee, 3, 0x00020002, LINECALLPRIVILEGE_OWNER);
    call = desk_call(&caller, "103");
    offered = desk_offered(&callee);
    desk_end(&callee, offered);
    m = desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_DISCONNECTED | LINECALLSTATE_BUSY);
    ck_assert_uint_eq(m.dwParam1, LINECALLSTATE_DISCONNECTED);
    ck_assert_uint_eq(m.dwParam2, LINEDISCONNECTMODE_REJECT);
    desk_end(&caller, call);
    desk_close(&caller);
    desk_close(&callee);
    host_clean();
}
END_TEST

START_TEST(call_errors)
{
    struct desk caller;
    HCALL call = 0;
    char number[600];

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    memset(number, '5', sizeof(number) - 1);
    number[sizeof(number) - 1] = 0;
    ck_assert_int_lt(lineMakeCallA(caller.line, &call, number, 0, NULL), 0);
    ck_assert_int_eq(lineMakeCallA(caller.line + 1, &call, "1", 0, NULL), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineDrop(0, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(lineAnswer(12345, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(lineDialA(12345, "1", 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(lineSetCallPrivilege(12345, LINECALLPRIVILEGE_OWNER), ERR(INVALCALLHANDLE));
    call = desk_call(&caller, "600");
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(lineAnswer(call, NULL, 0), ERR(INVALCALLSTATE));
    ck_assert_int_eq(lineUnhold(call), ERR(INVALCALLSTATE));
    ck_assert_int_eq(lineSetCallPrivilege(call, 99), ERR(INVALCALLPRIVILEGE));
    ck_assert_int_eq(lineSetCallPrivilege(call, LINECALLPRIVILEGE_MONITOR), ERR(INVALCALLSTATE)); /* sole owner */
    desk_end(&caller, call);
    desk_close(&caller);
    host_clean();
}
END_TEST

START_TEST(parameters_of_a_call)
{
    struct {
        LINECALLPARAMS params;
        char party[8], comment[8];
    } p;
    struct desk caller;
    union host_info info;
    HCALL call = 0;

    memset(&p, 0, sizeof(p));
    p.params.dwTotalSize = sizeof(p);
    p.params.dwBearerMode = LINEBEARERMODE_VOICE;
    p.params.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE;
    p.params.dwCallParamFlags = LINECALLPARAMFLAGS_IDLE;
    p.params.dwAddressMode = LINEADDRESSMODE_ADDRESSID;
    memcpy(p.party, "Anna", 5);
    memcpy(p.comment, "later", 6);
    p.params.dwCalledPartySize = 5;
    p.params.dwCalledPartyOffset = offsetof(__typeof__(p), party);
    p.params.dwCommentSize = 6;
    p.params.dwCommentOffset = offsetof(__typeof__(p), comment);
    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(desk_reply(&caller, lineMakeCallA(caller.line, &call, "600", 0, &p.params)), 0);
    host_info_get(call, &info);
    ck_assert_str_eq(TEXT_OF(&info.info, dwCalledParty), "Anna");
    ck_assert_str_eq(TEXT_OF(&info.info, dwComment), "later");
    ck_assert_str_eq(TEXT_OF(&info.info, dwAppName), "desk");
    ck_assert_int_eq(lineSetAppSpecific(call, 0x1234), 0);
    host_info_get(call, &info);
    ck_assert_uint_eq(info.info.dwAppSpecific, 0x1234);
    p.params.dwCommentOffset = 0x7FFFFFFF;
    ck_assert_int_eq(lineMakeCallA(caller.line, &call, "600", 0, &p.params), ERR(INVALCALLPARAMS));
    desk_close(&caller);
    host_clean();
}
END_TEST

/* ---- several applications ---- */

START_TEST(monitor_and_owner)
{
    struct desk caller, owner, monitor;
    HCALL call, owned, watched;
    LINEMESSAGE m;

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    desk_open(&owner, 1, 0x00020002, LINECALLPRIVILEGE_OWNER);
    desk_open(&monitor, 1, 0x00020002, LINECALLPRIVILEGE_MONITOR);
    call = desk_call(&caller, "101");
    owned = desk_offered(&owner);
    m = desk_await(&monitor, LINE_APPNEWCALL, monitor.line, 0);
    ck_assert_uint_eq(m.dwParam3, LINECALLPRIVILEGE_MONITOR);
    watched = (HCALL)m.dwParam2;
    ck_assert_uint_ne(watched, owned);
    ck_assert_int_eq(lineAnswer(watched, NULL, 0), ERR(NOTOWNER));
    ck_assert_int_eq(lineHold(watched), ERR(NOTOWNER));
    ck_assert_int_eq(lineDrop(owned + 77, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_gt(lineAnswer(owned, NULL, 0), 0);
    (void)desk_await(&monitor, LINE_CALLSTATE, watched, LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(lineSetCallPrivilege(watched, LINECALLPRIVILEGE_OWNER), 0);
    (void)desk_await(&owner, LINE_CALLINFO, owned, LINECALLINFOSTATE_NUMOWNERINCR);
    desk_end(&monitor, watched);
    (void)desk_await(&owner, LINE_CALLSTATE, owned, LINECALLSTATE_IDLE);
    ck_assert_int_eq(lineDeallocateCall(owned), 0);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_DISCONNECTED);
    desk_end(&caller, call);
    desk_close(&caller);
    desk_close(&owner);
    desk_close(&monitor);
    host_clean();
}
END_TEST

START_TEST(found_by_a_late_comer)
{
    struct desk caller, late;
    struct {
        LINECALLLIST head;
        HCALL call[4];
    } list;
    HCALL call;

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    call = desk_call(&caller, "600");
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
    desk_open(&late, 0, 0x00020002, LINECALLPRIVILEGE_MONITOR);
    memset(&list, 0, sizeof(list));
    list.head.dwTotalSize = sizeof(list.head);
    ck_assert_int_eq(lineGetNewCalls(late.line, 0, LINECALLSELECT_LINE, &list.head), 0);
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 0);
    ck_assert_uint_eq(list.head.dwNeededSize, sizeof(list.head) + sizeof(HCALL));
    list.head.dwTotalSize = sizeof(list);
    ck_assert_int_eq(lineGetNewCalls(late.line, 0, LINECALLSELECT_LINE, &list.head), 0);
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 1);
    ck_assert_uint_eq(host_state(list.call[0]), LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(lineGetNewCalls(late.line, 0, LINECALLSELECT_LINE, &list.head), 0);
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 0); /* it has that one now */
    desk_end(&caller, call);
    desk_close(&caller);
    desk_close(&late);
    host_clean();
}
END_TEST

START_TEST(closed_under_the_call)
{
    struct desk caller, callee;
    HCALL call, offered;

    desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    desk_open(&callee, 1, 0x00020002, LINECALLPRIVILEGE_OWNER);
    call = desk_call(&caller, "101");
    offered = desk_offered(&callee);
    ck_assert_int_gt(lineAnswer(offered, NULL, 0), 0);
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(lineClose(callee.line), 0);
    ck_assert_int_eq(lineDrop(offered, NULL, 0), ERR(INVALCALLHANDLE));
    (void)desk_await(&caller, LINE_CALLSTATE, call, LINECALLSTATE_DISCONNECTED);
    desk_end(&caller, call);
    desk_close(&caller);
    desk_close(&callee);
    host_clean();
}
END_TEST

START_TEST(shut_down_under_calls)
{
    int order;

    for (order = 0; order < 4; order++) {
        struct desk caller, callee;
        HCALL call = 0;

        desk_open(&caller, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
        desk_open(&callee, 1, 0x00020002, LINECALLPRIVILEGE_OWNER);
        if (order & 2) {
            call = desk_call(&caller, "101");
            ck_assert_int_gt(lineAnswer(desk_offered(&callee), NULL, 0), 0);
        } else {
            ck_assert_int_gt(lineMakeCallA(caller.line, &call, "101", 0, NULL), 0);
        }
        desk_close(order & 1 ? &caller : &callee);
        desk_close(order & 1 ? &callee : &caller);
        host_clean();
    }
}
END_TEST

/* ---- callbacks ---- */

static struct {
    struct desk caller, callee;
    HCALL call;
    struct platform_event *done;
    atomic_int caller_idle, callee_idle, newcalls, privileges;
} w;

static void window_idle(atomic_int *idle)
{
    atomic_fetch_add(idle, 1);
    if (atomic_load(&w.caller_idle) && atomic_load(&w.callee_idle))
        platform_event_set(w.done);
}

static void CALLBACK window_caller(DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                                   DWORD_PTR p3)
{
    (void)p3;
    if (message == LINE_REPLY)
        ck_assert_int_eq((LONG)p2, 0);
    if (message != LINE_CALLSTATE)
        return;
    ck_assert_uint_eq(instance, 0xC0);
    ck_assert_uint_eq(device, w.call);
    if (p1 == LINECALLSTATE_CONNECTED)
        ck_assert_int_gt(lineDrop(device, NULL, 0), 0);
    if (p1 == LINECALLSTATE_IDLE) {
        ck_assert_int_eq(lineDeallocateCall(device), 0);
        window_idle(&w.caller_idle);
    }
}

static void CALLBACK window_callee(DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                                   DWORD_PTR p3)
{
    (void)instance;
    (void)p2;
    if (message == LINE_APPNEWCALL)
        atomic_fetch_add(&w.newcalls, 1);
    if (message != LINE_CALLSTATE)
        return;
    if (p3 == LINECALLPRIVILEGE_OWNER)
        atomic_fetch_add(&w.privileges, 1);
    if (p1 == LINECALLSTATE_OFFERING)
        ck_assert_int_gt(lineAnswer(device, NULL, 0), 0);
    if (p1 == LINECALLSTATE_DISCONNECTED)
        ck_assert_int_gt(lineDrop(device, NULL, 0), 0);
    if (p1 == LINECALLSTATE_IDLE) {
        ck_assert_int_eq(lineDeallocateCall(device), 0);
        window_idle(&w.callee_idle);
    }
}

/* Two applications of the old kind: plain functions, callbacks, API 1.4. */
START_TEST(plain_call)
{
    DWORD devices, version;
    LINEEXTENSIONID extension;

    memset(&w, 0, sizeof(w));
    ck_assert_int_eq(platform_event_alloc(&w.done), 0);
    ck_assert_int_eq(lineInitialize(&w.caller.app, NULL, window_caller, "old caller", &devices), 0);
    ck_assert_int_eq(lineInitialize(&w.callee.app, NULL, window_callee, "old callee", &devices), 0);
    ck_assert_int_eq(lineNegotiateAPIVersion(w.caller.app, 0, 0x00010003, 0x00010004, &version, &extension), 0);
    ck_assert_int_eq(lineOpenA(w.caller.app, 0, &w.caller.line, version, 0, 0xC0, LINECALLPRIVILEGE_NONE, 0, NULL), 0);
    ck_assert_int_eq(lineOpenA(w.callee.app, 1, &w.callee.line, version, 0, 0xC1, LINECALLPRIVILEGE_OWNER,
                               LINEMEDIAMODE_INTERACTIVEVOICE, NULL),
                     0);
    ck_assert_int_gt(lineMakeCallA(w.caller.line, &w.call, "101", 0, NULL), 0);
    support_wait(w.done);
    ck_assert_int_eq(w.newcalls, 0);   /* LINE_APPNEWCALL came later than 1.4 */
    ck_assert_int_ge(w.privileges, 1); /* so that this tells of the new call */
    ck_assert_int_eq(lineShutdown(w.caller.app), 0);
    ck_assert_int_eq(lineShutdown(w.callee.app), 0);
    platform_event_free(w.done);
    host_clean();
}
END_TEST

/* ---- many threads ---- */

enum { THREADS = 4, CALLS = 40 };

static void call_and_drop(void *arg)
{
    struct desk d;
    int i;

    desk_open(&d, (DWORD)(uintptr_t)arg, 0x00020002, LINECALLPRIVILEGE_NONE);
    for (i = 0; i < CALLS; i++) {
        HCALL call = desk_call(&d, "600");

        (void)desk_await(&d, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
        if (i % 4 == 0) {
            /* Neither dropped nor released: the line goes first. */
            ck_assert_int_eq(lineClose(d.line), 0);
            ck_assert_int_eq(lineOpenA(d.app, d.device, &d.line, d.version, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL), 0);
        } else {
            desk_end(&d, call);
        }
    }
    desk_close(&d);
}

START_TEST(threads_with_applications)
{
    struct platform_thread *threads[THREADS];
    int i;

    for (i = 0; i < THREADS; i++)
        threads[i] = support_thread(call_and_drop, (void *)(uintptr_t)i);
    for (i = 0; i < THREADS; i++)
        platform_thread_join(threads[i]);
    host_clean();
}
END_TEST

static struct desk shared;
static atomic_bool stop;

/* Asks about whatever handles there may be; every answer but a crash is right. */
static void ask(void *arg)
{
    unsigned n = (unsigned)(uintptr_t)arg;

    while (!atomic_load(&stop)) {
        union {
            LINEDEVSTATUS status;
            char room[2048];
        } u;
        struct {
            LINECALLLIST head;
            HCALL call[8];
        } list;
        DWORD i;

        memset(&u, 0, sizeof(u));
        u.status.dwTotalSize = sizeof(u);
        ck_assert_int_eq(lineGetLineDevStatusA(shared.line, &u.status), 0);
        memset(&list, 0, sizeof(list));
        list.head.dwTotalSize = sizeof(list);
        ck_assert_int_eq(lineGetNewCalls(shared.line, 0, LINECALLSELECT_LINE, &list.head), 0);
        for (i = 0; i < list.head.dwCallsNumEntries; i++)
            (void)lineDeallocateCall(list.call[i]);
        (void)lineDrop(n++, NULL, 0);
        platform_thread_yield();
    }
}

START_TEST(threads_in_one_application)
{
    struct platform_thread *threads[2];
    int i;

    desk_open(&shared, 0, 0x00020002, LINECALLPRIVILEGE_OWNER);
    atomic_store(&stop, false);
    for (i = 0; i < 2; i++)
        threads[i] = support_thread(ask, (void *)(uintptr_t)(1000 * i));
    for (i = 0; i < CALLS; i++) {
        HCALL call = desk_call(&shared, "600");

        (void)desk_await(&shared, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
        desk_end(&shared, call);
    }
    atomic_store(&stop, true);
    for (i = 0; i < 2; i++)
        platform_thread_join(threads[i]);
    desk_close(&shared);
    host_clean();
}
END_TEST

static void take_until_shut_down(void *arg)
{
    LINEMESSAGE m;
    LONG rc;

    (void)arg;
    while ((rc = lineGetMessage(shared.app, &m, INFINITE)) == 0)
        ;
    ck_assert_int_eq(rc, ERR(INVALAPPHANDLE));
}

/* The application goes while calls come and others wait for messages. */
START_TEST(threads_at_shutdown)
{
    int round;

    for (round = 0; round < 10; round++) {
        struct platform_thread *threads[3];
        HCALL calls[2] = {0, 0};
        int i;

        desk_open(&shared, 0, 0x00020002, LINECALLPRIVILEGE_OWNER);
        for (i = 0; i < 3; i++)
            threads[i] = support_thread(take_until_shut_down, NULL);
        for (i = 0; i < 2; i++)
            (void)lineMakeCallA(shared.line, &calls[i], "600", 0, NULL);
        desk_close(&shared);
        for (i = 0; i < 3; i++)
            platform_thread_join(threads[i]);
        host_clean();
    }
}
END_TEST

TCase *host_call_tests(void)
{
    TCase *t = tcase_create("calls");

    tcase_add_test(t, whole_call);
    tcase_add_test(t, special_numbers);
    tcase_add_test(t, dialled_in_parts);
    tcase_add_test(t, rejected);
    tcase_add_test(t, call_errors);
    tcase_add_test(t, parameters_of_a_call);
    tcase_add_test(t, monitor_and_owner);
    tcase_add_test(t, found_by_a_late_comer);
    tcase_add_test(t, closed_under_the_call);
    tcase_add_test(t, shut_down_under_calls);
    tcase_add_test(t, plain_call);
    tcase_add_test(t, threads_with_applications);
    tcase_add_test(t, threads_in_one_application);
    tcase_add_test(t, threads_at_shutdown);
    return t;
}
