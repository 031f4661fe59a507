/* Calls that applications make: order of reply and events, handles, privilege, information.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

static uint32_t la, lb; /* lines of a (owner) and b (monitor) on device 0 */

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    la = line(&a, 0, OWNER);
    lb = line(&b, 0, MONITOR);
    forget(&a);
    forget(&b);
    fake_log();
}

static void made_state(uint32_t state, uint64_t mode)
{
    fake_state(0, state, mode, VOICE);
}

START_TEST(reply_then_state)
{
    const struct channel_event *e;
    uint32_t call, seen;

    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 9, 0, 0), 9);
    expect_none(&a);
    expect_none(&b);
    fake_complete(fake.last_request, 0);
    e = next_event(&a);
    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->message, LINE_REPLY);
    ck_assert_uint_eq(e->p1, 9);
    call = e->reply_call;
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    made_state(LINECALLSTATE_DIALING, 0);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_DIALING, 0, 0);
    expect(&b, LINE_CALLSTATE, seen, LINECALLSTATE_DIALING, 0, 0);
    expect_none(&a);
    expect_none(&b);
}
END_TEST

/* Completed before the function returned, and even before it set its handle. */
START_TEST(early_completion)
{
    uint32_t call;

    fake.make = _i ? FAKE_EARLIER : FAKE_EARLY;
    call = made_call(&a, la);
    expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    made_state(LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE, 0);
}
END_TEST

START_TEST(early_events_wait)
{
    uint32_t call;

    fake.events_early = true;
    fake.make = _i ? FAKE_EARLY : FAKE_LATER;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 3, 0, 0), 3);
    if (!_i) {
        expect_none(&a);
        expect_none(&b);
        made_state(LINECALLSTATE_DIALING, 0);
        fake_complete(fake.last_request, 0);
    }
    call = next_event(&a)->reply_call;
    ck_assert_uint_ne(call, 0);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_DIALTONE, LINEDIALTONEMODE_NORMAL, 0);
    if (!_i)
        expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_DIALING, 0, 0);
    expect_none(&a);
}
END_TEST

START_TEST(many_early_events)
{
    uint32_t call;

    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 3, 0, 0), 3);
    for (unsigned i = 0; i < 1000; i++)
        made_state(i & 1 ? LINECALLSTATE_DIALING : LINECALLSTATE_DIALTONE, 0);
    made_state(LINECALLSTATE_BUSY, 1);
    fake_complete(fake.last_request, 0);
    call = next_event(&a)->reply_call;
    for (unsigned i = 0; i < 255; i++)
        ck_assert_ptr_nonnull(next_event(&a));
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_BUSY, 1, 0);
    expect_none(&a);
}
END_TEST

START_TEST(failing_later)
{
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 4, 0, 0), 4);
    made_state(LINECALLSTATE_DIALING, 0);
    fake_complete(fake.last_request, (int32_t)LINEERR_CALLUNAVAIL);
    expect(&a, LINE_REPLY, 0, 4, LINEERR_CALLUNAVAIL, 0);
    made_state(LINECALLSTATE_CONNECTED, 0);
    expect_none(&a);
    expect_none(&b);
    /* It is void without TSPI_lineCloseCall. */
    ck_assert_str_eq(fake_log(), "make 0");
    fake.callv[0].closed = true;
}
END_TEST

START_TEST(failing_at_once)
{
    fake.make = FAKE_REFUSE;
    fake.refusal = (int32_t)LINEERR_DIALQUIET;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 4, 0, 0), (int32_t)LINEERR_DIALQUIET);
    expect_none(&a);
    expect_none(&b);
    ck_assert_str_eq(fake_log(), "make 0");
}
END_TEST

START_TEST(completed_twice)
{
    uint32_t call, request;

    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 4, 0, 0), 4);
    request = fake.last_request;
    fake_complete(request, 0);
    fake_complete(request, 0);
    fake_complete(request, (int32_t)LINEERR_NOMEM);
    fake_complete(request ^ 5, 0);
    fake_complete(0, 0);
    call = next_event(&a)->reply_call;
    expect_none(&a);
    made_state(LINECALLSTATE_DIALING, 0);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_DIALING, 0, 0);
}
END_TEST

START_TEST(returns_zero)
{
    const struct channel_event *e;

    fake.make = _i ? FAKE_ZERO_NONE : FAKE_ZERO;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 4, 0, 0), 4);
    e = next_event(&a);
    ck_assert_uint_eq(e->message, LINE_REPLY);
    ck_assert_uint_eq(e->p2, _i ? LINEERR_OPERATIONFAILED : 0);
    fake_complete(fake.last_request, 0);
    expect_none(&a);
}
END_TEST

START_TEST(parameters_checked)
{
    static const struct {
        uint32_t bearer, media, mode, flags, min, max;
        uint32_t error;
    } table[] = {{0, 4, 1, 0, 0, 0, LINEERR_INVALBEARERMODE},     {3, 4, 1, 0, 0, 0, LINEERR_INVALBEARERMODE},
                 {1, 0, 1, 0, 0, 0, LINEERR_INVALMEDIAMODE},      {1, 1, 1, 0, 0, 0, LINEERR_INVALMEDIAMODE},
                 {1, 4, 0, 0, 0, 0, LINEERR_INVALADDRESSMODE},    {1, 4, 4, 0, 0, 0, LINEERR_INVALADDRESSMODE},
                 {1, 4, 1, 0x100, 0, 0, LINEERR_INVALCALLPARAMS}, {1, 4, 1, 0, 9, 8, LINEERR_INVALRATE}};
    static const uint16_t open_end[] = {'1', '0'};
    LINECALLPARAMS p = params();

    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++) {
        p.dwBearerMode = table[i].bearer;
        p.dwMediaMode = table[i].media;
        p.dwAddressMode = table[i].mode;
        p.dwCallParamFlags = table[i].flags;
        p.dwMinRate = table[i].min;
        p.dwMaxRate = table[i].max;
        ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, NULL, 0, &p, params_size()), (int32_t)table[i].error);
    }
    p = params();
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, NULL, 0, &p, 20), (int32_t)LINEERR_INVALCALLPARAMS);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, open_end, 4, &p, params_size()),
                     (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, lb, 1, 0, NULL, 0, NULL, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_str_eq(fake_log(), "");
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, NULL, 0, &p, params_size()), 1);
}
END_TEST

START_TEST(life_and_end)
{
    uint32_t call = made_call(&a, la), seen;

    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    made_state(LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 5, 0, 0), 5);
    forget(&a);
    fake_complete(fake.last_request, 0);
    expect(&a, LINE_REPLY, 0, 5, 0, 0);
    made_state(LINECALLSTATE_IDLE, 0);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_IDLE, 0, 0);
    /* Idle is final, and nothing is told of it any more. */
    made_state(LINECALLSTATE_CONNECTED, 0);
    made_state(LINECALLSTATE_IDLE, 0);
    fake_info(0, LINECALLINFOSTATE_OTHER);
    expect_none(&a);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 6, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0), 0);
    forget(&b);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_str_eq(fake_log(), "make 0 drop 0");
    expect_none(&b);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_FREE, seen, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "closecall 0");
    /* Whatever comes now is of no call. */
    made_state(LINECALLSTATE_CONNECTED, 0);
    fake_info(0, 1);
    expect_none(&b);
}
END_TEST

START_TEST(early_replies_of_requests)
{
    uint32_t call = made_call(&a, la);

    fake.other = FAKE_EARLY;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 5, 0, 0), 5);
    expect(&a, LINE_REPLY, 0, 5, 0, 0);
    fake.other = FAKE_ZERO;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 6, 0, 0), 6);
    expect(&a, LINE_REPLY, 0, 6, 0, 0);
    fake.other = FAKE_REFUSE;
    fake.refusal = (int32_t)LINEERR_RESOURCEUNAVAIL;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 7, 0, 0), (int32_t)LINEERR_RESOURCEUNAVAIL);
    expect_none(&a);
}
END_TEST

START_TEST(unanswered_requests_end_with_the_call)
{
    uint32_t call = made_call(&a, la), other;

    client_close(&b);
    forget(&a);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 5, 0, 0), 5);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    expect(&a, LINE_REPLY, 0, 5, LINEERR_OPERATIONFAILED, 0);
    fake_complete(fake.last_request, 0);
    expect_none(&a);
    /* Below 2.0 the application gives its replies up with its handle. */
    la = line_of_version(&a, 1, OWNER, V1_4);
    call = made_call(&a, la);
    fake_state(1, LINECALLSTATE_DISCONNECTED, 1, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 6, 0, 0), 6);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    fake_state(1, LINECALLSTATE_IDLE, 0, 0);
    other = fake.last_request;
    forget(&a);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    fake_complete(other, 0);
    expect_none(&a);
}
END_TEST

START_TEST(monitors_only_watch)
{
    uint32_t call, seen, features;

    call = made_call(&a, la);
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_DROP, seen, 5, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_ANSWER, seen, 5, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_ACCEPT, seen, 5, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op_data(&b, CHANNEL_CALL_DIAL, seen, 5, 0, "1\0\0", 4, NULL, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_APPSPECIFIC, seen, 5, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_STATUS, seen, 0, 0, 0), 0);
    features = ((LINECALLSTATUS *)b.call.out)->dwCallFeatures;
    ck_assert_uint_eq(features,
                      LINECALLFEATURE_MONITORDIGITS | LINECALLFEATURE_MONITORMEDIA | LINECALLFEATURE_MONITORTONES);
    ck_assert_uint_eq(((LINECALLSTATUS *)b.call.out)->dwCallPrivilege, MONITOR);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_STATUS, call, 0, 0, 0), 0);
    ck_assert_uint_eq(((LINECALLSTATUS *)a.call.out)->dwCallFeatures, 0xFFFFFFFF);
    ck_assert_uint_eq(((LINECALLSTATUS *)a.call.out)->dwCallPrivilege, OWNER);
    /* Each has a handle of its own. */
    ck_assert_uint_ne(call, seen);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, seen, 0, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
}
END_TEST

START_TEST(older_monitors)
{
    uint32_t old = line_of_version(&b, 0, MONITOR, V1_4);
    const struct channel_event *e;

    client_open(&d, V1_4);
    line_of_version(&d, 0, MONITOR, V1_4);
    forget(&b);
    made_call(&a, la);
    e = next_event(&d);
    ck_assert_uint_eq(e->message, LINE_CALLSTATE);
    ck_assert_uint_eq(e->p1, LINECALLSTATE_UNKNOWN);
    ck_assert_uint_eq(e->p3, MONITOR);
    expect_none(&d);
    /* Each of b's two opens has its own. */
    expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    ck_assert_uint_eq(next_event(&b)->p3, MONITOR);
    expect_none(&b);
    (void)old;
}
END_TEST

START_TEST(privilege_changes)
{
    uint32_t call = made_call(&a, la), seen;

    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    made_state(LINECALLSTATE_CONNECTED, 0);
    forget(&a);
    forget(&b);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PRIVILEGE, call, MONITOR, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PRIVILEGE, call, NONE, 0, 0), (int32_t)LINEERR_INVALCALLPRIVILEGE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PRIVILEGE, call, OWNER | MONITOR, 0, 0), (int32_t)LINEERR_INVALCALLPRIVILEGE);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_PRIVILEGE, seen, OWNER, 0, 0), 0);
    expect(&a, LINE_CALLINFO, call, LINECALLINFOSTATE_NUMOWNERINCR | LINECALLINFOSTATE_NUMMONITORS, 0, 0);
    expect_none(&b);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PRIVILEGE, call, MONITOR, 0, 0), 0);
    expect(&b, LINE_CALLINFO, seen, LINECALLINFOSTATE_NUMOWNERDECR | LINECALLINFOSTATE_NUMMONITORS, 0, 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_DROP, seen, 5, 0, 0), 5);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 5, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    expect(&b, LINE_CALLINFO, seen, LINECALLINFOSTATE_NUMMONITORS, 0, 0);
    made_state(LINECALLSTATE_IDLE, 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_PRIVILEGE, seen, MONITOR, 0, 0), 0);
}
END_TEST

START_TEST(information)
{
    static const uint16_t texts[] = {'p', 'a', 'r', 't', 'y', 0, 'c', 0};
    unsigned char buffer[512];
    LINECALLPARAMS *p = (LINECALLPARAMS *)(void *)buffer;
    const LINECALLINFO *info;
    uint32_t call, size = params_size() + (uint32_t)sizeof(texts);

    memset(buffer, 0, sizeof(buffer));
    *p = params();
    p->dwTotalSize = size;
    memcpy(buffer + params_size(), texts, sizeof(texts));
    p->dwCalledPartySize = 12;
    p->dwCalledPartyOffset = params_size();
    p->dwCommentSize = 4;
    p->dwCommentOffset = params_size() + 12;
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, NULL, 0, p, size), 1);
    fake_complete(fake.last_request, 0);
    call = next_event(&a)->reply_call;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_APPSPECIFIC, call, 4711, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0), 0);
    info = a.call.out;
    ck_assert_uint_eq(info->dwTotalSize, a.call.out_len);
    ck_assert_uint_eq((uint32_t)(uintptr_t)info->hLine, la);
    ck_assert_uint_eq(info->dwAppSpecific, 4711);
    ck_assert_uint_eq(info->dwNumOwners, 1);
    ck_assert_uint_eq(info->dwNumMonitors, 1);
    ck_assert_uint_eq(info->dwCallStates, LINECALLSTATE_IDLE | LINECALLSTATE_UNKNOWN);
    ck_assert_uint_eq(info->dwCallerIDSize, 8);
    ck_assert_mem_eq((const char *)info + info->dwCallerIDOffset, "1\0000\0001\0\0", 8);
    ck_assert_uint_eq(info->dwAppNameSize, 8);
    ck_assert_mem_eq((const char *)info + info->dwAppNameOffset, "a\0p\0A\0\0", 8);
    ck_assert_uint_eq(info->dwCalledPartySize, 12);
    ck_assert_mem_eq((const char *)info + info->dwCalledPartyOffset, texts, 12);
    ck_assert_uint_eq(info->dwCommentSize, 4);
    ck_assert_uint_eq(info->dwDisplayableAddressSize, 0);
}
END_TEST

START_TEST(time_of_state)
{
    uint32_t call = made_call(&a, la);
    SYSTEMTIME t;

    made_state(LINECALLSTATE_CONNECTED, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_STATUS, call, 0, 0, 0), 0);
    memcpy(&t, &((LINECALLSTATUS *)a.call.out)->tStateEntryTime, sizeof(t));
    ck_assert_uint_ge(t.wYear, 2024);
    ck_assert_uint_ge(t.wMonth, 1);
    made_state(LINECALLSTATE_IDLE, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_STATUS, call, 0, 0, 0), 0);
    ck_assert_uint_eq(((LINECALLSTATUS *)a.call.out)->dwCallState, LINECALLSTATE_IDLE);
    ck_assert_uint_eq(((LINECALLSTATUS *)a.call.out)->dwCallFeatures, 0);
}
END_TEST

START_TEST(states_of_operations)
{
    static const uint16_t one[] = {'1', 0};
    uint32_t call = made_call(&a, la);

    made_state(LINECALLSTATE_DISCONNECTED, 1);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_DIAL, call, 1, 0, one, 4, NULL, 0), (int32_t)LINEERR_INVALCALLSTATE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_ANSWER, call, 1, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_ACCEPT, call, 1, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    made_state(LINECALLSTATE_DIALTONE, 1);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_DIAL, call, 1, 0, one, 4, NULL, 0), 1);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_DIAL, call, 1, 0, NULL, 0, NULL, 0), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_DIAL, call, 1, 0, one, 3, NULL, 0), (int32_t)LINEERR_INVALADDRESS);
    made_state(LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_INACTIVE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_ANSWER, call, 1, 0, 0), 1);
}
END_TEST

START_TEST(unknown_states)
{
    uint32_t call = made_call(&a, la);

    made_state(0, 0);
    expect_none(&a);
    made_state(LINECALLSTATE_CONNECTED | 0x01000000, 0);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED | 0x01000000, 0, 0);
    /* Events of other kinds, of other calls, with wild parameters. */
    fake.event(fake.htline[0], (HTAPICALL)(uintptr_t)0x12345, LINE_CALLSTATE, 2, 0, 0);
    fake.event(NULL, NULL, LINE_CALLSTATE, 2, 0, 0);
    fake.event((HTAPILINE)fake.callv[0].ht, (HTAPICALL)fake.htline[0], LINE_CALLSTATE, 2, 0, 0);
    fake.event(fake.htline[0], fake.callv[0].ht, 4711, 1, 2, 3);
    fake.event(fake.htline[0], NULL, LINE_NEWCALL, 0x1000, 0, 0);
    expect_none(&a);
    fake.event(fake.htline[0], fake.callv[0].ht, LINE_CALLDEVSPECIFIC, 1, 2, 3);
    expect(&a, LINE_DEVSPECIFIC, call, 1, 2, 3);
}
END_TEST

START_TEST(conference_parent)
{
    uint32_t parent = made_call(&a, la), child = made_call(&a, la);

    forget(&b);
    fake_state(1, LINECALLSTATE_CONFERENCED, (uintptr_t)fake.callv[0].ht, VOICE);
    expect(&a, LINE_CALLSTATE, child, LINECALLSTATE_CONFERENCED, parent, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, parent, 0, 0, 0), 0);
    fake_state(1, LINECALLSTATE_CONNECTED, 1, VOICE);
    fake_state(1, LINECALLSTATE_CONFERENCED, (uintptr_t)fake.callv[0].ht, VOICE);
    expect(&a, LINE_CALLSTATE, child, LINECALLSTATE_CONNECTED, 1, 0);
    expect(&a, LINE_CALLSTATE, child, LINECALLSTATE_CONFERENCED, 0, 0);
}
END_TEST

START_TEST(new_calls)
{
    const LINECALLLIST *list;
    uint32_t call = made_call(&a, la), l, seen;

    client_open(&d, V2_2);
    l = line(&d, 0, NONE);
    made_call(&a, la);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, la, 9, 0, 0), 9); /* not yet a call */
    forget(&a);
    forget(&b);
    expect_none(&d);
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_LINE, 0), 0);
    list = d.call.out;
    ck_assert_uint_eq(list->dwCallsNumEntries, 2);
    ck_assert_uint_eq(list->dwCallsSize, 8);
    memcpy(&seen, (const char *)list + list->dwCallsOffset + 4, 4);
    for (unsigned i = 0; i < 2; i++) {
        const struct channel_event *e = next_event(&a);

        ck_assert_uint_eq(e->message, LINE_CALLINFO);
        ck_assert_uint_eq(e->p1, LINECALLINFOSTATE_NUMMONITORS);
    }
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_LINE, 0), 0);
    ck_assert_uint_eq(((LINECALLLIST *)d.call.out)->dwCallsNumEntries, 0);
    ck_assert_int_eq(op(&d, CHANNEL_CALL_DROP, seen, 1, 0, 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(op(&d, CHANNEL_CALL_PRIVILEGE, seen, OWNER, 0, 0), 0);
    ck_assert_int_eq(op(&d, CHANNEL_CALL_DROP, seen, 1, 0, 0), 1);
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_CALL, 0), (int32_t)LINEERR_INVALCALLSELECT);
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, l, 1, LINECALLSELECT_ADDRESS, 0), (int32_t)LINEERR_INVALADDRESSID);
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, call, 1, LINECALLSELECT_LINE, 0), (int32_t)LINEERR_INVALLINEHANDLE);
}
END_TEST

START_TEST(new_calls_of_an_address)
{
    LINECALLPARAMS p = params();
    uint32_t l;

    fake.addresses[1] = 3;
    la = line(&a, 1, NONE);
    for (unsigned i = 0; i < 4; i++) {
        p.dwAddressID = i ? 1 : 2;
        ck_assert_int_eq(op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, NULL, 0, &p, params_size()), 1);
        fake_complete(fake.last_request, 0);
    }
    made_call(&b, line(&b, 1, NONE)); /* address not said */
    fake.callv[4].address = 1;
    client_open(&d, V2_2);
    l = line(&d, 1, NONE);
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, l, 1, LINECALLSELECT_ADDRESS, 0), 0);
    ck_assert_uint_eq(((LINECALLLIST *)d.call.out)->dwCallsNumEntries, 4);
    ck_assert_int_eq(op(&d, CHANNEL_NEW_CALLS, l, 2, LINECALLSELECT_ADDRESS, 0), 0);
    ck_assert_uint_eq(((LINECALLLIST *)d.call.out)->dwCallsNumEntries, 1);
}
END_TEST

static uint32_t inside_call;

static void free_inside(void)
{
    fake.inside = NULL;
    ck_assert_int_eq(op(&d, CHANNEL_CALL_FREE, inside_call, 0, 0, 0), 0);
}

/* The last handle goes while the provider is asked about the call: it is closed after that, not under it. */
START_TEST(freed_while_in_use)
{
    uint32_t l;

    client_open(&d, V2_2);
    l = line(&d, 1, OWNER);
    inside_call = made_call(&d, l);
    fake_log();
    memset(&a.call, 0, sizeof(a.call));
    fake.inside = free_inside;
    a.call.op = CHANNEL_CALL_INFO;
    a.call.arg[0] = inside_call;
    ck_assert_int_eq(channel_call(d.c, &a.call), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_str_eq(fake_log(), "closecall 0");
}
END_TEST

Suite *suite_calls(void)
{
    Suite *s = suite_create("engine calls");
    TCase *t = tcase_create("calls");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_test(t, reply_then_state);
    tcase_add_loop_test(t, early_completion, 0, 2);
    tcase_add_loop_test(t, early_events_wait, 0, 2);
    tcase_add_test(t, many_early_events);
    tcase_add_test(t, failing_later);
    tcase_add_test(t, failing_at_once);
    tcase_add_test(t, completed_twice);
    tcase_add_loop_test(t, returns_zero, 0, 2);
    tcase_add_test(t, parameters_checked);
    tcase_add_test(t, life_and_end);
    tcase_add_test(t, early_replies_of_requests);
    tcase_add_test(t, unanswered_requests_end_with_the_call);
    tcase_add_test(t, monitors_only_watch);
    tcase_add_test(t, older_monitors);
    tcase_add_test(t, privilege_changes);
    tcase_add_test(t, information);
    tcase_add_test(t, time_of_state);
    tcase_add_test(t, states_of_operations);
    tcase_add_test(t, unknown_states);
    tcase_add_test(t, conference_parent);
    tcase_add_test(t, new_calls);
    tcase_add_test(t, new_calls_of_an_address);
    tcase_add_test(t, freed_while_in_use);
    suite_add_tcase(s, t);
    return s;
}
