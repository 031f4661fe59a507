/* Ends: of calls, lines, applications and providers under each other. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
}

/* Every call the provider gave was given back once. */
static void teardown(void)
{
    client_close(&a);
    client_close(&b);
    client_close(&d);
    ck_assert_uint_eq(fake_live(), 0);
    fixture_teardown();
}

START_TEST(line_of_a_sole_owner)
{
    uint32_t l = line(&a, 0, OWNER);

    made_call(&a, l);
    fake_state(0, LINECALLSTATE_CONNECTED, 1, VOICE);
    forget(&a);
    fake_log();
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "drop 0 closecall 0 close 0");
    expect_none(&a);
}
END_TEST

START_TEST(line_of_a_sole_owner_with_monitors)
{
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, MONITOR), seen;

    made_call(&a, l);
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    fake_log();
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "drop 0 media 0 0");
    expect(&b, LINE_CALLINFO, seen, LINECALLINFOSTATE_NUMOWNERDECR, 0, 0);
    fake_state(0, LINECALLSTATE_IDLE, 0, VOICE);
    expect(&b, LINE_CALLSTATE, seen, LINECALLSTATE_IDLE, 0, 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_FREE, seen, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "closecall 0");
}
END_TEST

START_TEST(line_of_one_of_two_owners)
{
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, MONITOR), seen;

    made_call(&a, l);
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_PRIVILEGE, seen, OWNER, 0, 0), 0);
    fake_log();
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "media 0 0");
    ck_assert_int_eq(op(&b, CHANNEL_CALL_DROP, seen, 1, 0, 0), 1);
}
END_TEST

START_TEST(idle_calls_are_not_dropped)
{
    uint32_t l = line(&a, 0, OWNER);

    made_call(&a, l);
    fake_state(0, LINECALLSTATE_IDLE, 0, VOICE);
    fake_log();
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "closecall 0 close 0");
}
END_TEST

START_TEST(line_under_a_pending_call)
{
    uint32_t l = line(&a, 0, OWNER), request;

    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 1, 0, 0), 1);
    request = fake.last_request;
    fake_log();
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "closecall 0 close 0");
    fake_complete(request, 0);
    fake_state(0, LINECALLSTATE_DIALING, 0, VOICE);
    expect_none(&a);
}
END_TEST

START_TEST(replies_are_held_back)
{
    uint32_t l = line(&a, 0, OWNER), call = made_call(&a, l), request;

    line(&b, 0, MONITOR);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 5, 0, 0), 5);
    request = fake.last_request;
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    fake_complete(request, 0);
    expect_none(&a);
}
END_TEST

START_TEST(shutdown_under_calls)
{
    uint32_t l = line(&a, 0, OWNER), l1 = line(&a, 1, OWNER), request;

    made_call(&a, l);
    made_call(&a, l);
    made_call(&a, l1);
    (void)fake_ring(1, VOICE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 1, 0, 0), 1);
    request = fake.last_request;
    forget(&a);
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, a.app, 0, 0, 0), 0);
    ck_assert_uint_eq(fake_live(), 0);
    ck_assert_uint_eq(fake.closes, 2);
    fake_complete(request, 0);
    expect_none(&a);
    ck_assert_uint_eq(fake.shutdowns, 0);
    client_close(&b);
    ck_assert_uint_eq(fake.shutdowns, 1);
    fake_complete(request, 0);
    fake_line_event(0, LINE_LINEDEVSTATE, LINEDEVSTATE_REINIT, 0, 0);
    fake_state(0, LINECALLSTATE_IDLE, 0, 0);
}
END_TEST

START_TEST(orders_of_drop_and_free)
{
    uint32_t l = line(&a, 0, OWNER), call = made_call(&a, l);

    switch (_i) {
    case 0: /* drop, then free before anything came back */
        ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 1, 0, 0), 1);
        ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
        break;
    case 1: /* free only */
        ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
        break;
    case 2: /* the other end first */
        fake_state(0, LINECALLSTATE_DISCONNECTED, 1, VOICE);
        ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 1, 0, 0), 1);
        fake_state(0, LINECALLSTATE_IDLE, 0, VOICE);
        fake_complete(fake.last_request, 0);
        ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
        break;
    case 3: /* twice */
        ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
        ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
        break;
    default: /* never */
        break;
    }
}
END_TEST

START_TEST(closed_by_the_provider)
{
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, MONITOR), call, request;

    ck_assert_int_eq(op(&b, CHANNEL_STATUS_SET, lb, LINEDEVSTATE_CLOSE, 0, 0), 0);
    call = made_call(&a, l);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 5, 0, 0), 5);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 6, 0, 0), 6);
    request = fake.last_request;
    forget(&a);
    forget(&b);
    fake_log();
    fake_line_event(0, LINE_CLOSE, 0, 0, 0);
    /* What was pending is answered, then the line is gone. */
    ck_assert_uint_eq(next_event(&a)->message, LINE_REPLY);
    ck_assert_uint_eq(next_event(&a)->message, LINE_REPLY);
    expect(&a, LINE_CLOSE, l, 0, 0, 0);
    expect(&b, LINE_CLOSE, lb, 0, 0, 0);
    expect_none(&a);
    expect_none(&b);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    fake_complete(request, 0);
    fake_state(0, LINECALLSTATE_IDLE, 0, 0);
    fake_line_event(0, LINE_CLOSE, 0, 0, 0);
    expect_none(&a);
    /* The provider has closed it all itself. */
    ck_assert_str_eq(fake_log(), "");
    fake.callv[0].closed = fake.callv[1].closed = true;
    line(&a, 0, OWNER);
    ck_assert_uint_eq(fake.opens, 2);
}
END_TEST

static void close_inside(void)
{
    fake.inside = NULL;
    fake_line_event(0, LINE_CLOSE, 0, 0, 0);
}

START_TEST(closed_within_a_request)
{
    uint32_t l = line(&a, 0, OWNER), call = 0;

    fake.make = (enum fake_how)(_i % 3);
    if (_i >= 3) {
        fake.make = FAKE_EARLY;
        call = made_call(&a, l);
        fake.other = (enum fake_how)(_i % 3);
    }
    fake.inside = close_inside;
    if (_i < 3) {
        /* No reply can come any more. */
        ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 6, 0, 0), (int32_t)LINEERR_OPERATIONFAILED);
    } else {
        ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 6, 0, 0), 6);
        expect(&a, LINE_REPLY, 0, 6, LINEERR_OPERATIONFAILED, 0);
    }
    expect(&a, LINE_CLOSE, l, 0, 0, 0);
    expect_none(&a);
    fake.callv[0].closed = true;
}
END_TEST

static uint32_t inside_line;

static void shut_inside(void)
{
    fake.inside = NULL;
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, inside_line, 0, 0, 0), 0);
}

/* The line goes while another keeps the device open and TSPI_lineMakeCall runs. */
START_TEST(line_closed_within_make)
{
    uint32_t request;

    line(&a, 0, MONITOR);
    inside_line = line(&b, 0, OWNER);
    fake.make = _i ? FAKE_EARLY : FAKE_LATER;
    fake.inside = shut_inside;
    fake_log();
    memset(&d.call, 0, sizeof(d.call));
    d.call.op = CHANNEL_CALL_MAKE;
    d.call.arg[0] = inside_line;
    d.call.arg[1] = 8;
    ck_assert_int_eq(channel_call(b.c, &d.call), (int32_t)LINEERR_OPERATIONFAILED);
    request = fake.last_request;
    ck_assert_str_eq(fake_log(), "make 0 media 0 0 closecall 0");
    fake_complete(request, 0);
    expect_none(&a);
    expect_none(&b);
}
END_TEST

START_TEST(provider_removed)
{
    uint32_t l, call;

    /* The list has to hold it for that. */
    client_close(&a);
    client_close(&b);
    support_providers_put_number("NumProviders", 0);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
    client_close(&a);
    support_providers_end();
    support_providers_begin();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    l = line(&a, 0, OWNER);
    call = made_call(&a, l);
    support_providers_put_number("NumProviders", 1);
    support_providers_put_number("NextProviderID", 2);
    support_providers_put_number("ProviderID0", 1);
    support_providers_put("ProviderFilename0", "other.tsp");
    fake_log();
    ck_assert_int_eq(op(&b, CHANNEL_PROVIDER_REMOVE, 1, 0, 0, 0), 0);
    expect(&a, LINE_CLOSE, l, 0, 0, 0);
    ck_assert_str_eq(fake_log(), "drop 0 closecall 0 close 0");
    ck_assert_uint_eq(fake.shutdowns, fake.inits);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 1, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_int_eq(line_open(&a, 0, V2_2, NONE, 0, &l), (int32_t)LINEERR_NODRIVER);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 0, V2_2, 0), (int32_t)LINEERR_NODRIVER);
}
END_TEST

START_TEST(many_calls)
{
    uint32_t l = line(&a, 0, OWNER);

    fake.make = FAKE_EARLY;
    for (unsigned i = 0; i < 200; i++) {
        uint32_t call = made_call(&a, l);

        fake_state((int)i, LINECALLSTATE_CONNECTED, 1, VOICE);
        if (i % 3 == 0)
            ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
        if (i % 3 == 1)
            fake_state((int)i, LINECALLSTATE_IDLE, 0, VOICE);
        forget(&a);
    }
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_uint_eq(fake_live(), 0);
}
END_TEST

Suite *suite_closing(void)
{
    Suite *s = suite_create("engine ends");
    TCase *t = tcase_create("closing");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, line_of_a_sole_owner);
    tcase_add_test(t, line_of_a_sole_owner_with_monitors);
    tcase_add_test(t, line_of_one_of_two_owners);
    tcase_add_test(t, idle_calls_are_not_dropped);
    tcase_add_test(t, line_under_a_pending_call);
    tcase_add_test(t, replies_are_held_back);
    tcase_add_test(t, shutdown_under_calls);
    tcase_add_loop_test(t, orders_of_drop_and_free, 0, 5);
    tcase_add_test(t, closed_by_the_provider);
    tcase_add_loop_test(t, closed_within_a_request, 0, 6);
    tcase_add_loop_test(t, line_closed_within_make, 0, 2);
    tcase_add_test(t, provider_removed);
    tcase_add_test(t, many_calls);
    suite_add_tcase(s, t);
    return s;
}
