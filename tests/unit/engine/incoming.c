/* Calls that providers report: who gets them, and what becomes of those nobody has. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

enum { MODEM = LINEMEDIAMODE_DATAMODEM, UNKNOWN = LINEMEDIAMODE_UNKNOWN };

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    ck_assert_int_eq(client_open(&d, V2_2), 0);
}

static uint32_t line_for(struct client *k, uint32_t privileges, uint32_t media)
{
    uint32_t l;

    ck_assert_int_eq(line_open(k, 0, V2_2, privileges, media, &l), 0);
    return l;
}

START_TEST(first_opener_owns)
{
    uint32_t la = line(&a, 0, OWNER), lb = line(&b, 0, OWNER | MONITOR), ld = line(&d, 0, MONITOR), ca, cb, cd;

    (void)fake_ring(0, VOICE);
    ca = expect_new_call(&a, la, OWNER, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    cb = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    cd = expect_new_call(&d, ld, MONITOR, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    expect_none(&a);
    fake_state(0, LINECALLSTATE_CONNECTED, 1, VOICE);
    expect(&a, LINE_CALLSTATE, ca, LINECALLSTATE_CONNECTED, 1, 0);
    expect(&b, LINE_CALLSTATE, cb, LINECALLSTATE_CONNECTED, 1, 0);
    expect(&d, LINE_CALLSTATE, cd, LINECALLSTATE_CONNECTED, 1, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, ca, 0, 0, 0), 0);
    ck_assert_uint_eq(((LINECALLINFO *)a.call.out)->dwNumOwners, 1);
    ck_assert_uint_eq(((LINECALLINFO *)a.call.out)->dwNumMonitors, 2);
}
END_TEST

START_TEST(owner_by_media)
{
    uint32_t la = line_for(&a, OWNER, VOICE), lb = line_for(&b, OWNER, MODEM), ld;

    (void)fake_ring(0, MODEM);
    expect_none(&a);
    expect_new_call(&b, lb, OWNER, LINECALLSTATE_OFFERING, 1);
    /* Nobody for unknown ones: the candidates in turn. */
    (void)fake_ring(0, UNKNOWN | MODEM);
    expect_new_call(&b, lb, OWNER, LINECALLSTATE_OFFERING, 1);
    ld = line_for(&d, OWNER, UNKNOWN);
    (void)fake_ring(0, UNKNOWN | MODEM);
    expect_new_call(&d, ld, OWNER, LINECALLSTATE_OFFERING, 1);
    /* A provider that does not say. */
    (void)fake_ring(0, 0);
    expect_new_call(&d, ld, OWNER, LINECALLSTATE_OFFERING, 1);
    ck_assert_int_eq(op(&d, CHANNEL_LINE_CLOSE, ld, 0, 0, 0), 0);
    (void)fake_ring(0, 0);
    expect_new_call(&a, la, OWNER, LINECALLSTATE_OFFERING, 1);
}
END_TEST

START_TEST(older_owner)
{
    const struct channel_event *e;

    line_of_version(&a, 0, OWNER, V1_4);
    (void)fake_ring(0, VOICE);
    e = next_event(&a);
    ck_assert_uint_eq(e->message, LINE_CALLSTATE);
    ck_assert_uint_eq(e->p1, LINECALLSTATE_OFFERING);
    ck_assert_uint_eq(e->p3, OWNER);
    expect_none(&a);
}
END_TEST

START_TEST(answered)
{
    uint32_t la = line(&a, 0, OWNER), call;

    (void)fake_ring(0, VOICE);
    call = expect_new_call(&a, la, OWNER, LINECALLSTATE_OFFERING, 1);
    fake_log();
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_ACCEPT, call, 1, 0, "hello", 5, NULL, 0), 1);
    fake_complete(fake.last_request, 0);
    expect(&a, LINE_REPLY, 0, 1, 0, 0);
    fake_state(0, LINECALLSTATE_ACCEPTED, 0, VOICE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_ACCEPT, call, 1, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_ANSWER, call, 2, 0, 0), 2);
    ck_assert_str_eq(fake_log(), "accept 0 5 answer 0");
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0), 0);
    ck_assert_uint_eq(((LINECALLINFO *)a.call.out)->dwAppNameSize, 8);
}
END_TEST

START_TEST(nobody_at_all)
{
    line(&a, 0, NONE);
    fake_log();
    (void)fake_ring(0, VOICE);
    fake_wait("closecall 0");
    ck_assert_str_eq(fake_log(), "drop 0 closecall 0");
    expect_none(&a);
}
END_TEST

START_TEST(wrong_media)
{
    line_for(&a, OWNER, MODEM);
    (void)fake_ring(0, VOICE);
    fake_wait("closecall 0");
    expect_none(&a);
}
END_TEST

START_TEST(monitors_without_owner)
{
    uint32_t lb = line(&b, 0, MONITOR), call;

    (void)fake_ring(0, VOICE);
    call = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_OFFERING, 1);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_ANSWER, call, 1, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_PRIVILEGE, call, OWNER, 0, 0), 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_ANSWER, call, 1, 0, 0), 1);
    fake_log();
    ck_assert_int_eq(op(&b, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "closecall 0");
}
END_TEST

/* One that goes on already is left alone, and found by lineGetNewCalls. */
START_TEST(unowned_goes_on)
{
    uint32_t l = line(&a, 0, NONE), call;
    const LINECALLLIST *list;
    int n = fake_newcall(0);

    fake_state(n, LINECALLSTATE_CONNECTED, 1, VOICE);
    expect_none(&a);
    ck_assert_int_eq(op(&a, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_ADDRESS, 0), 0);
    list = a.call.out;
    ck_assert_uint_eq(list->dwCallsNumEntries, 1);
    memcpy(&call, (const char *)list + list->dwCallsOffset, 4);
    fake_state(n, LINECALLSTATE_DISCONNECTED, 1, VOICE);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_DISCONNECTED, 1, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    /* Another that ends by itself. */
    n = fake_newcall(0);
    fake_state(n, LINECALLSTATE_CONNECTED, 1, VOICE);
    fake_log();
    fake_state(n, LINECALLSTATE_IDLE, 0, VOICE);
    fake_wait("closecall 1");
    ck_assert_str_eq(fake_log(), "closecall 1");
}
END_TEST

START_TEST(asked_for_before_told)
{
    uint32_t l = line(&a, 0, OWNER), call;
    int n = fake_newcall(0);

    ck_assert_int_eq(op(&a, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_LINE, 0), 0);
    memcpy(&call, (const char *)a.call.out + sizeof(LINECALLLIST), 4);
    expect_none(&a);
    fake_state(n, LINECALLSTATE_OFFERING, 1, VOICE);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_OFFERING, 1, OWNER);
    expect_none(&a);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_ANSWER, call, 1, 0, 0), 1);
}
END_TEST

/* The same by one that will not own it: nothing changes for it. */
START_TEST(asked_for_before_told_by_a_monitor)
{
    uint32_t l = line(&b, 0, MONITOR), call;
    int n = fake_newcall(0);

    ck_assert_int_eq(op(&b, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_LINE, 0), 0);
    memcpy(&call, (const char *)b.call.out + sizeof(LINECALLLIST), 4);
    fake_state(n, LINECALLSTATE_OFFERING, 1, VOICE);
    expect(&b, LINE_CALLSTATE, call, LINECALLSTATE_OFFERING, 1, 0);
    expect_none(&b);
}
END_TEST

START_TEST(taken_only_while_open)
{
    HTAPILINE old;
    HTAPICALL ht = (HTAPICALL)(uintptr_t)1;
    uint32_t l = line(&a, 0, OWNER);

    old = fake.htline[0];
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    fake.event(old, NULL, LINE_NEWCALL, 0x1000, (DWORD_PTR)&ht, 0);
    ck_assert_ptr_null(ht);
    line(&a, 0, OWNER);
    ht = (HTAPICALL)(uintptr_t)1;
    fake.event(old, NULL, LINE_NEWCALL, 0x1000, (DWORD_PTR)&ht, 0);
    ck_assert_ptr_null(ht);
    /* A call whose handle is NULL is none. */
    ht = (HTAPICALL)(uintptr_t)1;
    fake.event(fake.htline[0], NULL, LINE_NEWCALL, 0, (DWORD_PTR)&ht, 0);
    ck_assert_ptr_null(ht);
}
END_TEST

START_TEST(found_while_opening)
{
    uint32_t l, call;

    fake.ring_in_open = true;
    l = line(&a, 0, OWNER);
    call = expect_new_call(&a, l, OWNER, LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 1, 0, 0), 1);
    /* And the open fails after all. */
    fake.media_result = (int32_t)LINEERR_INVALMEDIAMODE;
    ck_assert_int_eq(line_open(&b, 1, V2_2, OWNER, VOICE, &l), (int32_t)LINEERR_INVALMEDIAMODE);
    expect_none(&b);
    ck_assert_uint_eq(fake_live(), 1);
}
END_TEST

/* A call that waited for somebody to want it comes while the line is opened: whoever opens it gets it. */
START_TEST(waited_for_the_opening)
{
    uint32_t l;

    fake.ring_in_media = true;
    l = line_for(&a, OWNER, VOICE);
    (void)expect_new_call(&a, l, OWNER, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    ck_assert_uint_eq(fake_live(), 1);
    /* Another one opens it for more, and another call comes of it: it is the first one's. */
    (void)line_for(&b, OWNER, MODEM);
    (void)expect_new_call(&a, l, OWNER, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    ck_assert_uint_eq(fake_live(), 2);
}
END_TEST

/* A line with several addresses: the worker asks for the address, and everything else about the call waits. */
START_TEST(address_is_asked_for)
{
    const struct channel_event *e;
    uint32_t l, call;
    int n;

    if (_i) {
        /* One that tells it with all the rest only. */
        client_close(&a);
        client_close(&b);
        client_close(&d);
        fake.missing = "TSPI_lineGetCallAddressID";
        ck_assert_int_eq(client_open(&a, V2_2), 0);
    }
    fake.addresses[0] = 2;
    l = line(&a, 0, OWNER);
    n = fake_newcall(0);
    fake.callv[n].address = 1;
    fake_state(n, LINECALLSTATE_OFFERING, 1, VOICE);
    fake_state(n, LINECALLSTATE_CONNECTED, 1, VOICE);
    e = wait_event(&a);
    ck_assert_uint_eq(e->message, LINE_APPNEWCALL);
    ck_assert_uint_eq(e->device, l);
    ck_assert_uint_eq(e->p1, 1);
    call = (uint32_t)e->p2;
    e = wait_event(&a);
    ck_assert_uint_eq(e->device, call);
    ck_assert_uint_eq(e->p1, LINECALLSTATE_OFFERING);
    e = wait_event(&a);
    ck_assert_uint_eq(e->p1, LINECALLSTATE_CONNECTED);
}
END_TEST

START_TEST(address_of_a_made_call)
{
    const struct channel_event *e;
    uint32_t la, lb;

    fake.addresses[0] = 2;
    la = line(&a, 0, OWNER);
    lb = line(&b, 0, MONITOR);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 9, 0, 0), 9);
    fake.callv[0].address = 1;
    fake_complete(fake.last_request, 0);
    ck_assert_uint_eq(next_event(&a)->message, LINE_REPLY);
    fake_state(0, LINECALLSTATE_DIALING, 0, VOICE);
    e = wait_event(&b);
    ck_assert_uint_eq(e->message, LINE_APPNEWCALL);
    ck_assert_uint_eq(e->device, lb);
    ck_assert_uint_eq(e->p1, 1);
    ck_assert_uint_eq(wait_event(&b)->p1, LINECALLSTATE_UNKNOWN);
    ck_assert_uint_eq(wait_event(&b)->p1, LINECALLSTATE_DIALING);
    ck_assert_uint_eq(wait_event(&a)->p1, LINECALLSTATE_DIALING);
}
END_TEST

START_TEST(single_address)
{
    LINECALLPARAMS p = params();
    const struct channel_event *e;
    uint32_t l;
    int n;

    fake.addresses[0] = 2;
    p.dwAddressID = 1;
    memset(&a.call, 0, sizeof(a.call));
    a.call.op = CHANNEL_LINE_OPEN;
    a.call.arg[0] = a.app;
    a.call.arg[2] = V2_2;
    a.call.arg[4] = OWNER | LINEOPENOPTION_SINGLEADDRESS;
    a.call.arg[5] = VOICE;
    a.call.in0 = &p;
    a.call.in0_len = params_size();
    ck_assert_int_eq(channel_call(a.c, &a.call), 0);
    l = line(&b, 0, OWNER);
    n = fake_newcall(0);
    fake.callv[n].address = 0;
    fake_state(n, LINECALLSTATE_OFFERING, 1, VOICE);
    e = wait_event(&b);
    ck_assert_uint_eq(e->message, LINE_APPNEWCALL);
    ck_assert_uint_eq(e->device, l);
    n = fake_newcall(0);
    fake.callv[n].address = 1;
    fake_state(n, LINECALLSTATE_OFFERING, 1, VOICE);
    e = wait_event(&a);
    ck_assert_uint_eq(e->message, LINE_APPNEWCALL);
    ck_assert_uint_eq(e->p1, 1);
}
END_TEST

Suite *suite_incoming(void)
{
    Suite *s = suite_create("engine incoming calls");
    TCase *t = tcase_create("incoming");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_test(t, first_opener_owns);
    tcase_add_test(t, owner_by_media);
    tcase_add_test(t, older_owner);
    tcase_add_test(t, answered);
    tcase_add_test(t, nobody_at_all);
    tcase_add_test(t, wrong_media);
    tcase_add_test(t, monitors_without_owner);
    tcase_add_test(t, unowned_goes_on);
    tcase_add_test(t, asked_for_before_told);
    tcase_add_test(t, asked_for_before_told_by_a_monitor);
    tcase_add_test(t, taken_only_while_open);
    tcase_add_test(t, found_while_opening);
    tcase_add_test(t, waited_for_the_opening);
    tcase_add_loop_test(t, address_is_asked_for, 0, 2);
    tcase_add_test(t, address_of_a_made_call);
    tcase_add_test(t, single_address);
    suite_add_tcase(s, t);
    return s;
}
