/* The engine with a provider that does everything wrong. SPDX-License-Identifier: MIT */
#include "tests/badtsp/badtsp.h"

#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct platform_module *module;
static badtsp_hook_h *hook;
static badtsp_fault_h *fault;

static void list_provider(unsigned n, const char *file)
{
    char name[32] = "ProviderID0", file_name[32] = "ProviderFilename0";

    name[10] = (char)('0' + n);
    file_name[16] = (char)('0' + n);
    support_providers_put_number("NumProviders", n + 1);
    support_providers_put_number("NextProviderID", n + 2);
    support_providers_put_number(name, n + 1);
    support_providers_put(file_name, file);
}

static void setup(void)
{
    const char *why = "";

    support_providers_begin();
    fake_reset();
    /* Also held here, so that it can be asked afterwards. */
    ck_assert_msg(!platform_module_load(&module, BADTSP_MODULE, &why), "%s", why);
    hook = (badtsp_hook_h *)platform_module_symbol(module, "badtsp_hook");
    fault = (badtsp_fault_h *)platform_module_symbol(module, "badtsp_fault");
    ck_assert(hook != NULL && fault != NULL);
    fault("");
    list_provider(0, BADTSP_MODULE);
}

static void teardown(void)
{
    client_close(&a);
    client_close(&b);
    client_close(&d);
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
    ck_assert_uint_eq(engine.leaked, 0);
    ck_assert_int_eq(hook(BADTSP_OPEN_LINES), 0);
    ck_assert_int_eq(hook(BADTSP_LIVE_CALLS), 0);
    ck_assert_int_eq(hook(BADTSP_DOUBLE), 0);
    platform_module_unload(module);
    support_providers_end();
}

static void open_all(void)
{
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
}

/* ---- load -------------------------------------------------------------------------------------------------------- */

START_TEST(faults_at_load)
{
    static const char *const names[] = {"version0", "versionhigh", "enumfail", "initfail", "countless"};

    fault(names[_i]);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
}
END_TEST

START_TEST(others_work_on)
{
    uint32_t l;

    list_provider(0, "no-such-provider.tsp");
    list_provider(1, BARE_MODULE);
    list_provider(2, BADTSP_MODULE);
    list_provider(3, "");
    open_all();
    ck_assert_uint_eq(a.devices, BAD_LINES);
    l = line(&a, BAD_NOTHING, OWNER);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 3, 0, 0), 3);
}
END_TEST

START_TEST(unterminated_name)
{
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(op(&a, CHANNEL_UI_LIBRARY, 1, TUISPIDLL_OBJECT_PROVIDERID, 0, 0), 0);
    ck_assert_uint_eq(a.call.out_len, 261 * 2);
}
END_TEST

/* ---- calls ------------------------------------------------------------------------------------------------------- */

/* A call on each line: exactly one reply to each request, and then all ends as usual. */
START_TEST(one_call)
{
    const struct channel_event *e;
    uint32_t l = 0, call = 0, replies = 0;
    int32_t rc;

    open_all();
    hook(BADTSP_RELEASE);
    rc = line_open(&a, (uint32_t)_i, V2_2, OWNER | MONITOR, VOICE, &l);
    switch (_i) {
    case BAD_VERSION:
        ck_assert_int_eq(rc, (int32_t)LINEERR_INCOMPATIBLEAPIVERSION);
        return;
    case BAD_SHUT_OPEN:
    case BAD_OPEN_MORE:
        ck_assert_int_eq(rc, (int32_t)LINEERR_OPERATIONFAILED);
        return;
    case BAD_CALL_FIRST:
        ck_assert_int_eq(rc, (int32_t)LINEERR_ALLOCATED);
        return;
    default:
        ck_assert_int_eq(rc, 0);
        break;
    }
    rc = op(&a, CHANNEL_CALL_MAKE, l, 3, 0, 0);
    ck_assert_int_eq(rc, _i == BAD_BOTH        ? (int32_t)LINEERR_RESOURCEUNAVAIL
                         : _i == BAD_SHUT_CALL ? (int32_t)LINEERR_OPERATIONFAILED
                                               : 3);
    while ((e = next_event(&a))) {
        if (e->message != LINE_REPLY)
            continue;
        ck_assert_uint_eq(e->p1, 3);
        replies++;
        if (_i == BAD_RESULT)
            ck_assert_uint_eq(e->p2, LINEERR_OPERATIONFAILED);
        if (!e->p2)
            call = e->reply_call;
        ck_assert(!e->p2 == !!e->reply_call);
    }
    ck_assert_uint_eq(replies, _i == BAD_NEVER || _i == BAD_LOOP || rc < 0 ? 0 : 1);
    ck_assert(!call == (_i == BAD_NEVER || _i == BAD_LOOP || _i == BAD_BOTH || _i == BAD_NO_HANDLE ||
                        _i == BAD_RESULT || _i == BAD_SHUT_CALL));
    if (!call)
        return;
    (void)op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0);
    rc = op(&a, CHANNEL_CALL_DROP, call, 4, 0, 0);
    ck_assert_int_eq(rc, 4);
    replies = 0;
    while ((e = next_event(&a)))
        replies += e->message == LINE_REPLY;
    ck_assert_uint_eq(replies, 1);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
}
END_TEST

/* The same, the line closed under it. */
START_TEST(line_closed_under_it)
{
    uint32_t l;

    open_all();
    hook(BADTSP_RELEASE);
    if (line_open(&a, (uint32_t)_i, V2_2, OWNER, VOICE, &l))
        return;
    (void)op(&a, CHANNEL_CALL_MAKE, l, 3, 0, 0);
    (void)op(&a, CHANNEL_CALL_MAKE, l, 4, 0, 0);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0),
                     _i == BAD_SHUT_CALL ? (int32_t)LINEERR_INVALLINEHANDLE : 0);
}
END_TEST

START_TEST(idle_is_final)
{
    const struct channel_event *e;
    uint32_t l, call, idles = 0, after = 0;

    open_all();
    l = line(&a, BAD_ZOMBIE, OWNER);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 3, 0, 0), 3);
    call = next_event(&a)->reply_call;
    forget(&a);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 4, 0, 0), 4);
    while ((e = next_event(&a))) {
        if (e->message == LINE_CALLSTATE && e->p1 == LINECALLSTATE_IDLE)
            idles++;
        else if (e->message != LINE_REPLY)
            after++;
    }
    ck_assert_uint_eq(idles, 1);
    ck_assert_uint_eq(after, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    expect_none(&a);
}
END_TEST

/* ---- structures -------------------------------------------------------------------------------------------------- */

static bool in_order(const struct client *k)
{
    const uint32_t *w = k->call.out;

    return w && k->call.out_len >= 12 && w[0] == k->call.out_len && w[1] == w[2] && w[2] == w[0];
}

START_TEST(structures)
{
    static const uint16_t class_name[] = {'x', 0};
    uint32_t l, call;

    open_all();
    l = line(&a, BAD_STRUCTURES, OWNER);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 3, 0, 0), 3);
    call = next_event(&a)->reply_call;
    for (unsigned i = 0; i < 40; i++) {
        ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, BAD_STRUCTURES, V2_2, 0), 0);
        ck_assert(in_order(&a));
        ck_assert_int_eq(op(&a, CHANNEL_ADDRESS_CAPS, a.app, BAD_STRUCTURES, 0, V2_2), 0);
        ck_assert(in_order(&a));
        ck_assert_int_eq(op(&a, CHANNEL_LINE_STATUS, l, 0, 0, 0), 0);
        ck_assert(in_order(&a));
        if (!op(&a, CHANNEL_ADDRESS_STATUS, l, 0, 0, 0))
            ck_assert(in_order(&a));
        ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0), 0);
        ck_assert(in_order(&a));
        ck_assert_int_eq(op(&a, CHANNEL_CALL_STATUS, call, 0, 0, 0), 0);
        ck_assert(in_order(&a));
        ck_assert_int_eq(
            op_data(&a, CHANNEL_DEV_CONFIG_GET, BAD_STRUCTURES, 0, 0, class_name, sizeof(class_name), NULL, 0), 0);
        ck_assert(in_order(&a));
    }
}
END_TEST

/* ---- time -------------------------------------------------------------------------------------------------------- */

START_TEST(calls_back_after_close)
{
    uint32_t l;

    open_all();
    l = line(&a, BAD_LATE, OWNER);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 3, 0, 0), 3);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    forget(&a);
    hook(BADTSP_LATE_NOW);
    expect_none(&a);
    /* Even when the same line is open again: those handles are of the old one. */
    l = line(&a, BAD_NOTHING, OWNER);
    hook(BADTSP_LATE_NOW);
    expect_none(&a);
    client_close(&a);
    client_close(&b);
    hook(BADTSP_LATE_NOW);
}
END_TEST

static void open_blocked(void *arg)
{
    struct client *k = arg;
    uint32_t l;

    (void)line_open(k, BAD_BLOCK, V2_2, OWNER, VOICE, &l);
}

START_TEST(blocks_in_open)
{
    struct platform_thread *first, *second;
    uint32_t l;

    open_all();
    ck_assert_int_eq(client_open(&d, V2_2), 0);
    first = support_thread(open_blocked, &a);
    hook(BADTSP_WAIT_BLOCKED);
    second = support_thread(open_blocked, &b);
    /* The others go on meanwhile. */
    l = line(&d, BAD_NOTHING, OWNER);
    ck_assert_int_eq(op(&d, CHANNEL_CALL_MAKE, l, 3, 0, 0), 3);
    ck_assert_int_eq(op(&d, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    hook(BADTSP_RELEASE);
    platform_thread_join(first);
    platform_thread_join(second);
}
END_TEST

static void close_app(void *arg)
{
    struct client *k = arg;
    struct channel_call call;

    memset(&call, 0, sizeof(call));
    call.op = CHANNEL_APP_CLOSE;
    call.arg[0] = k->app;
    (void)channel_call(k->c, &call);
}

START_TEST(shutdown_while_it_blocks)
{
    struct platform_thread *opening, *closing;
    bool waits, down;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    opening = support_thread(open_blocked, &a);
    hook(BADTSP_WAIT_BLOCKED);
    closing = support_thread(close_app, &a);
    do {
        engine_lock();
        waits = engine.state == ENGINE_STOPPING && engine.waiters;
        down = engine.state == ENGINE_DOWN;
        engine_unlock();
        platform_thread_yield();
    } while (!waits && !down);
    ck_assert(!down);
    hook(BADTSP_RELEASE);
    platform_thread_join(opening);
    platform_thread_join(closing);
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
}
END_TEST

START_TEST(storm_of_threads)
{
    uint32_t l, calls = 0;

    open_all();
    l = line(&a, BAD_STORM, OWNER);
    line(&b, BAD_STORM, MONITOR);
    hook(BADTSP_STORM_START);
    /* Handles come and go meanwhile. */
    for (unsigned i = 0; i < 500; i++) {
        const struct channel_event *e;

        while ((e = next_event(&a)))
            if (e->message == LINE_APPNEWCALL && !op(&a, CHANNEL_CALL_FREE, (uint32_t)e->p2, 0, 0, 0))
                calls++;
        if (i == 250)
            ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    }
    hook(BADTSP_STORM_END);
    (void)calls;
}
END_TEST

START_TEST(storm_of_lines)
{
    const struct channel_event *e;
    unsigned n = 0;

    open_all();
    line(&a, BAD_CREATE, OWNER);
    /* Two of three are accepted. */
    while (n < 2000) {
        e = wait_event(&a);
        if (e->message == LINE_CREATE)
            n++;
    }
    ck_assert_uint_ge((unsigned)hook(BADTSP_CREATED), 2000);
}
END_TEST

static void make_calls(void *arg)
{
    struct client *k = arg;
    uint32_t l = line(k, BAD_NOTHING, OWNER);

    for (unsigned i = 0; i < 100; i++)
        (void)op(k, CHANNEL_CALL_MAKE, l, i + 1, 0, 0);
}

START_TEST(nonreentrant)
{
    struct platform_thread *first, *second;

    fault("nonreentrant");
    open_all();
    first = support_thread(make_calls, &a);
    second = support_thread(make_calls, &b);
    platform_thread_join(first);
    platform_thread_join(second);
    client_close(&a);
    client_close(&b);
    ck_assert_int_eq(hook(BADTSP_TOGETHER), 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("engine with a misbehaving provider");
    TCase *t = tcase_create("badtsp");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, faults_at_load, 0, 5);
    tcase_add_test(t, others_work_on);
    tcase_add_test(t, unterminated_name);
    tcase_add_loop_test(t, one_call, 0, BAD_LINES);
    tcase_add_loop_test(t, line_closed_under_it, 0, BAD_LINES);
    tcase_add_test(t, idle_is_final);
    tcase_add_test(t, structures);
    tcase_add_test(t, calls_back_after_close);
    tcase_add_test(t, blocks_in_open);
    tcase_add_test(t, shutdown_while_it_blocks);
    tcase_add_test(t, storm_of_threads);
    tcase_add_test(t, storm_of_lines);
    tcase_add_test(t, nonreentrant);
    tcase_set_timeout(t, 0);
    suite_add_tcase(s, t);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
