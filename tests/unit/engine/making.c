/* Asynchronous functions that make calls: their handles are good with the reply, and not before.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tapi_shim/channel/layout.h"
#include "tapi_shim/engine/priv.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

static const uint16_t number[] = {'7', '7', 0}, group[] = {'g', 0}, unended[] = {'7', '7'};

static uint32_t la, lb;                      /* lines of a (owner) and b (monitor) on device 0 */
static uint32_t call, consult, watched_call; /* the last one is the first as b has it */

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    la = line(&a, 0, OWNER);
    lb = line(&b, 0, MONITOR);
    forget(&a);
    forget(&b);
    call = made_call(&a, la);
    watched_call = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    consult = made_call(&a, la);
    fake_state(0, LINECALLSTATE_CONNECTED, 0, VOICE);
    fake_state(1, LINECALLSTATE_CONNECTED, 0, VOICE);
    forget(&a);
    forget(&b);
    fake_log();
}

static const struct {
    uint32_t op;
    const char *function, *log;
} making[] = {
    {CHANNEL_TRANSFER_SETUP, "TSPI_lineSetupTransfer", "setup 0 4"},
    {CHANNEL_TRANSFER_COMPLETE, "TSPI_lineCompleteTransfer", "transfer 0 1 2"},
    {CHANNEL_CONF_SETUP, "TSPI_lineSetupConference", "conference 0 0 3"},
    {CHANNEL_CONF_PREPARE, "TSPI_linePrepareAddToConference", "prepare 0"},
    {CHANNEL_CALL_UNPARK, "TSPI_lineUnpark", "unpark 0 0 77"},
    {CHANNEL_CALL_PICKUP, "TSPI_linePickup", "pickup 0 0 77 g"},
    {CHANNEL_LINE_FORWARD, "TSPI_lineForward", "forward 0 1 0 0 - 4"},
};
enum { MAKING = sizeof(making) / sizeof(making[0]), CONFERENCE = 2, FORWARD = 6 };

static int32_t run(int i, struct client *k, uint32_t hcall, uint32_t hline)
{
    static LINECALLPARAMS p;

    p = params();
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = making[i].op;
    k->call.arg[0] = hcall;
    k->call.arg[1] = 5;
    switch (making[i].op) {
    case CHANNEL_TRANSFER_COMPLETE:
        k->call.arg[2] = consult;
        k->call.arg[3] = LINETRANSFERMODE_CONFERENCE;
        break;
    case CHANNEL_CONF_SETUP:
        k->call.arg[2] = hline;
        k->call.arg[3] = 3;
        break;
    case CHANNEL_CALL_PICKUP:
        k->call.in1 = group;
        k->call.in1_len = sizeof(group);
        /* fall through */
    case CHANNEL_CALL_UNPARK:
        k->call.arg[0] = hline;
        k->call.in0 = number;
        k->call.in0_len = sizeof(number);
        break;
    case CHANNEL_LINE_FORWARD:
        k->call.arg[0] = hline;
        k->call.arg[2] = 1;
        k->call.arg[4] = 4;
        break;
    default:
        break;
    }
    if (making[i].op != CHANNEL_CALL_PICKUP && making[i].op != CHANNEL_TRANSFER_COMPLETE &&
        making[i].op != CHANNEL_CALL_UNPARK) {
        k->call.in1 = &p;
        k->call.in1_len = params_size();
    }
    if (making[i].op == CHANNEL_TRANSFER_COMPLETE)
        fake_state(0, LINECALLSTATE_ONHOLDPENDTRANSFER, 0, 0);
    forget(&a);
    forget(&b);
    return channel_call(k->c, &k->call);
}

/* Number of the call that the last function made for the first handle. */
static int last_call(void)
{
    return (int)fake.callc - 1;
}

START_TEST(handle_with_reply)
{
    static const enum fake_how hows[] = {FAKE_LATER, FAKE_EARLY, FAKE_EARLIER, FAKE_ZERO};
    const struct channel_event *e;
    uint32_t made, second, watched;
    unsigned k;

    for (k = 0; k < sizeof(hows) / sizeof(hows[0]); k++) {
        fake_state(0, LINECALLSTATE_CONNECTED, 0, 0);
        fake_log();
        fake.make = hows[k];
        fake.events_early = k == 0;
        ck_assert_int_eq(run(_i, &a, call, la), 5);
        ck_assert_str_eq(fake_log(), making[_i].log);
        ck_assert_uint_ne(a.call.ret[0], 0);
        if (!k) {
            expect_none(&a);
            expect_none(&b);
            fake_complete(fake.last_request, 0);
        }
        e = next_event(&a);
        ck_assert_ptr_nonnull(e);
        ck_assert_uint_eq(e->message, LINE_REPLY);
        ck_assert_uint_eq(e->p2, 0);
        made = e->reply_call;
        second = (uint32_t)e->p3;
        ck_assert_uint_ne(made, 0);
        ck_assert_int_eq(second != 0, _i == CONFERENCE);
        watched = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
        if (!k) {
            expect(&a, LINE_CALLSTATE, made, LINECALLSTATE_DIALTONE, LINEDIALTONEMODE_NORMAL, 0);
            expect(&b, LINE_CALLSTATE, watched, LINECALLSTATE_DIALTONE, LINEDIALTONEMODE_NORMAL, 0);
        }
        fake_state(last_call(), LINECALLSTATE_RINGBACK, 0, 0);
        expect(&a, LINE_CALLSTATE, made, LINECALLSTATE_RINGBACK, 0, 0);
        if (second) {
            forget(&b);
            fake_state(last_call() - 1, LINECALLSTATE_DIALTONE, 0, 0);
            expect(&a, LINE_CALLSTATE, second, LINECALLSTATE_DIALTONE, 0, 0);
            ck_assert_int_eq(op(&a, CHANNEL_CALL_STATUS, second, 0, 0, 0), 0);
        }
        ck_assert_int_eq(op(&a, CHANNEL_CALL_STATUS, made, 0, 0, 0), 0);
        ck_assert_uint_eq(((LINECALLSTATUS *)a.call.out)->dwCallPrivilege, OWNER);
        forget(&a);
        forget(&b);
    }
}
END_TEST

START_TEST(fails)
{
    uint32_t calls = engine.calls.live, handles = engine.hcalls.live;
    unsigned made = _i == CONFERENCE ? 2 : 1;

    ck_assert_int_eq(run(_i, &a, call, la), 5);
    fake_state(last_call(), LINECALLSTATE_DIALTONE, 0, 0);
    fake_complete(fake.last_request, (int32_t)LINEERR_CALLUNAVAIL);
    expect(&a, LINE_REPLY, 0, 5, LINEERR_CALLUNAVAIL, 0);
    fake_state(last_call(), LINECALLSTATE_CONNECTED, 0, 0);
    expect_none(&a);
    expect_none(&b);
    for (unsigned i = 0; i < made; i++)
        fake.callv[fake.callc - 1 - i].closed = true;
    fake.make = FAKE_REFUSE;
    fake.refusal = (int32_t)LINEERR_INUSE;
    ck_assert_int_eq(run(_i, &a, call, la), (int32_t)LINEERR_INUSE);
    if (_i != FORWARD) {
        /* It says that it did, and made none. */
        fake.make = FAKE_ZERO_NONE;
        ck_assert_int_eq(run(_i, &a, call, la), 5);
        expect(&a, LINE_REPLY, 0, 5, LINEERR_OPERATIONFAILED, 0);
    }
    expect_none(&a);
    expect_none(&b);
    ck_assert_uint_eq(engine.calls.live, calls);
    ck_assert_uint_eq(engine.hcalls.live, handles);
    ck_assert_uint_eq(engine.requests.live, 0);
}
END_TEST

START_TEST(checked)
{
    bool by_line = _i >= 4;

    if (by_line) {
        ck_assert_int_eq(run(_i, &a, call, lb), (int32_t)LINEERR_INVALLINEHANDLE);
    } else {
        ck_assert_int_eq(run(_i, &a, call + 77, la),
                         _i == 3 ? (int32_t)LINEERR_INVALCONFCALLHANDLE : (int32_t)LINEERR_INVALCALLHANDLE);
        if (_i != 1)
            ck_assert_int_eq(run(_i, &b, watched_call, lb), (int32_t)LINEERR_NOTOWNER);
        fake_state(0, LINECALLSTATE_DIALING, 0, 0);
        if (_i != 1)
            ck_assert_int_eq(run(_i, &a, call, la), (int32_t)LINEERR_INVALCALLSTATE);
    }
    ck_assert_str_eq(fake_log(), "");
    /* There is no room for more handles. */
    fake_state(0, LINECALLSTATE_CONNECTED, 0, 0);
    channel_limits(a.c, a.c->handlec);
    ck_assert_int_eq(run(_i, &a, call, la), (int32_t)LINEERR_RESOURCEUNAVAIL);
    channel_limits(a.c, 0);
}
END_TEST

START_TEST(not_exported)
{
    client_close(&a);
    client_close(&b);
    fake_reset();
    fake.missing = making[_i].function;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    la = line(&a, 0, OWNER);
    call = made_call(&a, la);
    consult = made_call(&a, la);
    fake_state(1, LINECALLSTATE_CONNECTED, 0, 0);
    ck_assert_int_eq(run(_i, &a, call, la), (int32_t)LINEERR_OPERATIONUNAVAIL);
}
END_TEST

/* The line goes while the request is under way. */
START_TEST(closed_meanwhile)
{
    int i = _i / 3, how = _i % 3;

    ck_assert_int_eq(run(i, &a, call, la), 5);
    if (how == 0) {
        ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, la, 0, 0, 0), 0);
        ck_assert_str_ne(fake_log(), "");
        for (unsigned k = 2; k < fake.callc; k++) /* b still has the others */
            ck_assert(fake.callv[k].closed);
    } else if (how == 1) {
        fake_line_event(0, LINE_CLOSE, 0, 0, 0);
        for (unsigned k = 0; k < fake.callc; k++)
            fake.callv[k].closed = true;
        fake.line_open[0] = 0;
        forget(&a);
    } else {
        client_close(&a);
    }
    fake_complete(fake.last_request, 0);
    expect_none(&a);
}
END_TEST

static void close_line(void)
{
    fake.inside = NULL;
    ck_assert_int_eq(op(&d, CHANNEL_LINE_CLOSE, la, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    fake_line_event(0, LINE_CLOSE, 0, 0, 0);
}

/* The provider closes the line from within. */
START_TEST(voided_within)
{
    ck_assert_int_eq(client_open(&d, V2_2), 0);
    fake.inside = close_line;
    fake.make = _i % 2 ? FAKE_LATER : FAKE_EARLIER;
    ck_assert_int_eq(run(_i / 2, &a, call, la), (int32_t)LINEERR_OPERATIONFAILED);
    for (unsigned k = 0; k < fake.callc; k++)
        fake.callv[k].closed = true;
    fake.line_open[0] = 0;
    ck_assert_uint_eq(engine.calls.live, 0);
    ck_assert_uint_eq(engine.requests.live, 0);
}
END_TEST

START_TEST(forward_without_call)
{
    struct {
        LINEFORWARDLIST list;
        uint16_t text[4];
    } f;
    const uint32_t stride = offsetof(LINEFORWARD, dwDestAddressOffset) + 4;
    const uint32_t at = offsetof(LINEFORWARDLIST, ForwardList) + stride;
    unsigned char *block = (unsigned char *)&f;

    fake.no_call = true;
    memset(&f, 0, sizeof(f));
    f.list.dwTotalSize = at + sizeof(number);
    f.list.dwNumEntries = 1;
    f.list.ForwardList[0].dwForwardMode = LINEFORWARDMODE_UNCOND;
    f.list.ForwardList[0].dwDestAddressSize = sizeof(number);
    f.list.ForwardList[0].dwDestAddressOffset = at;
    memcpy(block + at, number, sizeof(number));
    ck_assert_int_eq(op_data(&a, CHANNEL_LINE_FORWARD, la, 5, 1, &f, f.list.dwTotalSize, NULL, 0), 5);
    ck_assert_str_eq(fake_log(), "forward 0 1 0 1 77 0");
    fake_complete(fake.last_request, 0);
    expect(&a, LINE_REPLY, 0, 5, 0, 0);
    expect_none(&a);
    expect_none(&b);
    ck_assert_int_eq(op_data(&a, CHANNEL_LINE_FORWARD, la, 5, 1, &f, f.list.dwTotalSize - 1, NULL, 0),
                     (int32_t)LINEERR_STRUCTURETOOSMALL);
    f.list.dwNumEntries = 1000;
    ck_assert_int_eq(op_data(&a, CHANNEL_LINE_FORWARD, la, 5, 1, &f, f.list.dwTotalSize, NULL, 0),
                     (int32_t)LINEERR_STRUCTURETOOSMALL);
    f.list.dwNumEntries = 1;
    f.list.ForwardList[0].dwDestAddressSize = 0x7FFFFFF0;
    ck_assert_int_eq(op_data(&a, CHANNEL_LINE_FORWARD, la, 5, 1, &f, f.list.dwTotalSize, NULL, 0),
                     (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(op_data(&a, CHANNEL_LINE_FORWARD, la, 5, 0, NULL, 0, NULL, 0), 5);
    a.call.arg[3] = 1;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALADDRESSID);
}
END_TEST

START_TEST(conference_without_consultation)
{
    const struct channel_event *e;

    fake.no_call = true;
    ck_assert_int_eq(op(&a, CHANNEL_CONF_SETUP, 0, 9, la, 0), 9);
    ck_assert_str_eq(fake_log(), "conference -1 0 0");
    fake_complete(fake.last_request, 0);
    e = next_event(&a);
    ck_assert_uint_ne(e->reply_call, 0);
    ck_assert_uint_eq(e->p3, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CONF_SETUP, 0, 9, lb, 0), (int32_t)LINEERR_INVALLINEHANDLE);
}
END_TEST

/* A party joins before the request that makes the conference is complete: the application hears of the conference first. */
START_TEST(conference_is_known_first)
{
    const int32_t result = _i ? (int32_t)LINEERR_OPERATIONFAILED : 0;
    const struct channel_event *e;
    unsigned n = fake.callc;
    uint32_t parent;

    ck_assert_int_eq(run(CONFERENCE, &a, call, 0), 5);
    fake_state(0, LINECALLSTATE_CONFERENCED, (uintptr_t)fake.callv[n + 1].ht, 0); /* the consultation call is made first */
    fake_info(0, LINECALLINFOSTATE_RELATEDCALLID);
    expect_none(&a);
    fake_complete(fake.last_request, result);
    e = next_event(&a);
    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->message, LINE_REPLY);
    parent = e->reply_call;
    ck_assert_int_eq(!parent, _i);
    expect(&a, LINE_CALLSTATE, call, LINECALLSTATE_CONFERENCED, parent, 0);
    expect(&a, LINE_CALLINFO, call, LINECALLINFOSTATE_RELATEDCALLID, 0, 0);
}
END_TEST

START_TEST(arguments)
{
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_UNPARK, la, 1, 0, NULL, 0, NULL, 0), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_UNPARK, la, 1, 1, number, sizeof(number), NULL, 0),
                     (int32_t)LINEERR_INVALADDRESSID);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_UNPARK, la, 1, 0, unended, sizeof(unended), NULL, 0),
                     (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_PICKUP, la, 1, 0, unended, sizeof(unended), NULL, 0),
                     (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_PICKUP, la, 1, 0, NULL, 0, unended, sizeof(unended)),
                     (int32_t)LINEERR_INVALGROUPID);
    ck_assert_int_eq(op_data(&a, CHANNEL_TRANSFER_SETUP, call, 1, 0, NULL, 0, unended, sizeof(unended)),
                     (int32_t)LINEERR_INVALCALLPARAMS);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_PICKUP, la, 1, 0, NULL, 0, NULL, 0), 1);
    ck_assert_str_eq(fake_log(), "pickup 0 0 - -");
}
END_TEST

/* ---- members of a conference ------------------------------------------------------------------------------------- */

START_TEST(members)
{
    uint32_t conf, handles[3];
    LINECALLLIST *list;

    ck_assert_int_eq(op(&a, CHANNEL_CONF_CALLS, call, 8, 0, 0), (int32_t)LINEERR_NOCONFERENCE);
    conf = made_call(&a, la);
    fake_state(2, LINECALLSTATE_CONNECTED, 0, 0);
    fake_state(0, LINECALLSTATE_CONFERENCED, (uintptr_t)fake.callv[2].ht, 0);
    fake_state(1, LINECALLSTATE_CONFERENCED, (uintptr_t)fake.callv[2].ht, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CONF_CALLS, call, 2, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 3);
    ck_assert_ptr_null(a.call.out);
    ck_assert_int_eq(op(&a, CHANNEL_CONF_CALLS, call, 3, 0, 0), 0);
    list = a.call.out;
    ck_assert_uint_eq(list->dwCallsNumEntries, 3);
    memcpy(handles, list + 1, sizeof(handles));
    ck_assert_uint_eq(handles[0], conf);
    ck_assert(handles[1] == call || handles[1] == consult);
    ck_assert_uint_ne(handles[1], handles[2]);
    /* A later one gets handles as a monitor. */
    ck_assert_int_eq(client_open(&d, V2_2), 0);
    (void)line(&d, 0, NONE);
    ck_assert_int_eq(op(&b, CHANNEL_CONF_CALLS, conf, 3, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    fake_state(0, LINECALLSTATE_CONNECTED, 0, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CONF_CALLS, conf, 3, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 2);
    fake_state(1, LINECALLSTATE_IDLE, 0, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CONF_CALLS, conf, 3, 0, 0), (int32_t)LINEERR_NOCONFERENCE);
}
END_TEST

START_TEST(rings)
{
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_GET, la, 0, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 0xFFFFFFFF);
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_SET, la, 0, 5, 0), 0);
    ck_assert_int_eq(op(&b, CHANNEL_RINGS_SET, lb, 0, 3, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_GET, la, 0, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 3);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, lb, 0, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_GET, la, 0, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 5);
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_SET, la, 1, 5, 0), (int32_t)LINEERR_INVALADDRESSID);
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_GET, la, 1, 0, 0), (int32_t)LINEERR_INVALADDRESSID);
    ck_assert_int_eq(op(&a, CHANNEL_RINGS_GET, lb, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
}
END_TEST

START_TEST(ids)
{
    static const uint16_t wave[] = {'w', 0};
    VARSTRING *id;

    ck_assert_int_eq(op_data(&a, CHANNEL_LINE_ID, la, 0, 0, wave, sizeof(wave), NULL, 0),
                     (int32_t)LINEERR_INVALCALLSELECT);
    a.call.arg[3] = LINECALLSELECT_CALL;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALCALLHANDLE);
    a.call.arg[2] = call;
    ck_assert_int_eq(channel_call(a.c, &a.call), 0);
    ck_assert_str_eq(fake_log(), "id 0 0 0 4 w");
    id = a.call.out;
    ck_assert_uint_eq(id->dwStringSize, 4);
    ck_assert_mem_eq((char *)id + id->dwStringOffset, "\xEF\xBE\x1D", 3);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_ICON, 1, 0, 0, wave, sizeof(wave), NULL, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 0x1C0);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_ICON, 100, 0, 0, 0), (int32_t)LINEERR_BADDEVICEID);
    fake.sync_result = (int32_t)LINEERR_INVALDEVICECLASS;
    ck_assert_int_eq(op(&a, CHANNEL_DEV_ICON, 1, 0, 0, 0), (int32_t)LINEERR_INVALDEVICECLASS);
}
END_TEST

Suite *suite_making(void)
{
    Suite *s = suite_create("engine functions that make calls");
    TCase *t = tcase_create("making");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_loop_test(t, handle_with_reply, 0, MAKING);
    tcase_add_loop_test(t, fails, 0, MAKING);
    tcase_add_loop_test(t, checked, 0, MAKING);
    tcase_add_loop_test(t, not_exported, 0, MAKING);
    tcase_add_loop_test(t, closed_meanwhile, 0, 3 * MAKING);
    tcase_add_loop_test(t, voided_within, 0, 2 * MAKING);
    tcase_add_test(t, forward_without_call);
    tcase_add_loop_test(t, conference_is_known_first, 0, 2);
    tcase_add_test(t, conference_without_consultation);
    tcase_add_test(t, arguments);
    tcase_add_test(t, members);
    tcase_add_test(t, rings);
    tcase_add_test(t, ids);
    suite_add_tcase(s, t);
    return s;
}
