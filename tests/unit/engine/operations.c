/* Asynchronous functions on calls and lines: parameters arrive, handles are checked, replies bring what they should.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

static const uint16_t number[] = {'7', '7', 0};
static const uint16_t unended[] = {'7', '7'};

static uint32_t la, lb;            /* lines of a (owner) and b (monitor) on device 0 */
static uint32_t call, seen, other; /* calls 0 and 1 of a; the first one as b has it */

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
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    other = made_call(&a, la);
    forget(&a);
    forget(&b);
    fake_log();
}

static void states(uint32_t first, uint32_t second)
{
    fake_state(0, first, 0, VOICE);
    fake_state(1, second, 0, VOICE);
    forget(&a);
    forget(&b);
}

/* The next event of a is a reply with this result; the call that it brings. */
static const struct channel_event *expect_reply(uint32_t id, uint32_t result)
{
    const struct channel_event *e = next_event(&a);

    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->message, LINE_REPLY);
    ck_assert_uint_eq(e->p1, id);
    ck_assert_uint_eq(e->p2, result);
    return e;
}

/* ---- those that make no call ------------------------------------------------------------------------------------- */

static const struct {
    uint32_t op;
    const char *function;
    uint32_t state, second; /* in which it is in order */
    uint32_t a2, a3, a4;    /* a2 0xCA11: the other call */
    const void *in0;
    uint32_t len0;
    const char *log;
} plain[] = {
    {CHANNEL_CALL_HOLD, "TSPI_lineHold", LINECALLSTATE_CONNECTED, 0, 0, 0, 0, NULL, 0, "hold 0"},
    {CHANNEL_CALL_UNHOLD, "TSPI_lineUnhold", LINECALLSTATE_ONHOLDPENDCONF, 0, 0, 0, 0, NULL, 0, "unhold 0"},
    {CHANNEL_CALL_SWAP_HOLD, "TSPI_lineSwapHold", LINECALLSTATE_CONNECTED, LINECALLSTATE_ONHOLD, 0xCA11, 0, 0, NULL, 0,
     "swap 0 1"},
    {CHANNEL_CALL_REDIRECT, "TSPI_lineRedirect", LINECALLSTATE_OFFERING, 0, 43, 0, 0, number, sizeof(number),
     "redirect 0 77 43"},
    {CHANNEL_CALL_BLIND_TRANSFER, "TSPI_lineBlindTransfer", LINECALLSTATE_CONNECTED, 0, 1, 0, 0, number, sizeof(number),
     "blind 0 77 1"},
    {CHANNEL_CALL_SECURE, "TSPI_lineSecureCall", 0, 0, 0, 0, 0, NULL, 0, "secure 0"},
    {CHANNEL_CALL_SEND_UUI, "TSPI_lineSendUserUserInfo", LINECALLSTATE_RINGBACK, 0, 0, 0, 0, "hey", 3, "uui 0 hey"},
    {CHANNEL_CALL_RELEASE_UUI, "TSPI_lineReleaseUserUserInfo", 0, 0, 0, 0, 0, NULL, 0, "release 0"},
    {CHANNEL_CALL_DATA_SET, "TSPI_lineSetCallData", 0, 0, 0, 0, 0, "blob", 4, "data 0 blob"},
    {CHANNEL_CALL_PARAMS_SET, "TSPI_lineSetCallParams", LINECALLSTATE_CONNECTED, 0, LINEBEARERMODE_DATA, 5, 6, NULL, 0,
     "params 0 8 5 6 0"},
    {CHANNEL_CALL_TREATMENT_SET, "TSPI_lineSetCallTreatment", 0, 0, 3, 0, 0, NULL, 0, "treatment 0 3"},
    {CHANNEL_CALL_QOS_SET, "TSPI_lineSetCallQualityOfService", 0, 0, 0, 0, 0, "out", 3, "qos 0 out "},
    {CHANNEL_CALL_PARK, "TSPI_linePark", LINECALLSTATE_CONNECTED, 0, LINEPARKMODE_DIRECTED, 0, 0, number,
     sizeof(number), "park 0 1 77"},
    {CHANNEL_CALL_COMPLETE, "TSPI_lineCompleteCall", LINECALLSTATE_BUSY, 0, LINECALLCOMPLMODE_MESSAGE, 9, 0, NULL, 0,
     "complete 0 8 9"},
    {CHANNEL_CONF_ADD, "TSPI_lineAddToConference", LINECALLSTATE_ONHOLDPENDCONF, LINECALLSTATE_RINGBACK, 0xCA11, 0, 0,
     NULL, 0, "add 0 1"},
    {CHANNEL_CONF_REMOVE, "TSPI_lineRemoveFromConference", LINECALLSTATE_CONFERENCED, 0, 0, 0, 0, NULL, 0, "leave 0"},
    {CHANNEL_TRANSFER_COMPLETE, "TSPI_lineCompleteTransfer", LINECALLSTATE_ONHOLDPENDTRANSFER, LINECALLSTATE_BUSY,
     0xCA11, LINETRANSFERMODE_TRANSFER, 0, NULL, 0, "transfer 0 1 1"},
};
enum { PLAIN = sizeof(plain) / sizeof(plain[0]) };

static int32_t plain_run(int i, struct client *k, uint32_t hcall, uint32_t second)
{
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = plain[i].op;
    k->call.arg[0] = hcall;
    k->call.arg[1] = 5;
    k->call.arg[2] = plain[i].a2 == 0xCA11 ? second : plain[i].a2;
    k->call.arg[3] = plain[i].a3;
    k->call.arg[4] = plain[i].a4;
    k->call.in0 = plain[i].in0;
    k->call.in0_len = plain[i].len0;
    return channel_call(k->c, &k->call);
}

static void plain_states(int i)
{
    states(plain[i].state ? plain[i].state : LINECALLSTATE_CONNECTED, plain[i].second ? plain[i].second : 2);
}

START_TEST(arrives_and_completes)
{
    plain_states(_i);
    ck_assert_int_eq(plain_run(_i, &a, call, other), 5);
    ck_assert_str_eq(fake_log(), plain[_i].log);
    expect_none(&a);
    fake_complete(fake.last_request, 0);
    (void)expect_reply(5, 0);
    expect_none(&a);
    expect_none(&b);
    /* It completes with an error, later and at once; and by ways of its own. */
    ck_assert_int_eq(plain_run(_i, &a, call, other), 5);
    fake_complete(fake.last_request, (int32_t)LINEERR_RESOURCEUNAVAIL);
    (void)expect_reply(5, LINEERR_RESOURCEUNAVAIL);
    fake.other = FAKE_REFUSE;
    fake.refusal = (int32_t)LINEERR_INVALRATE;
    ck_assert_int_eq(plain_run(_i, &a, call, other), (int32_t)LINEERR_INVALRATE);
    expect_none(&a);
    fake.other = FAKE_EARLY;
    ck_assert_int_eq(plain_run(_i, &a, call, other), 5);
    (void)expect_reply(5, 0);
    fake.other = FAKE_ZERO;
    ck_assert_int_eq(plain_run(_i, &a, call, other), 5);
    (void)expect_reply(5, 0);
    fake_complete(fake.last_request, 0); /* once more */
    expect_none(&a);
}
END_TEST

START_TEST(handles_and_states)
{
    uint32_t lo, foreign;

    plain_states(_i);
    ck_assert_int_eq(plain_run(_i, &b, seen, seen), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(plain_run(_i, &b, call, other), plain[_i].op == CHANNEL_CONF_ADD
                                                         ? (int32_t)LINEERR_INVALCONFCALLHANDLE
                                                         : (int32_t)LINEERR_INVALCALLHANDLE);
    states(plain[_i].op == CHANNEL_CALL_PARAMS_SET ? LINECALLSTATE_DISCONNECTED : LINECALLSTATE_DIALTONE,
           plain[_i].second ? plain[_i].second : 2);
    if (plain[_i].state)
        ck_assert_int_eq(plain_run(_i, &a, call, other), (int32_t)LINEERR_INVALCALLSTATE);
    plain_states(_i);
    if (plain[_i].second) {
        int32_t bad = plain[_i].op == CHANNEL_CALL_SWAP_HOLD ? (int32_t)LINEERR_INVALCALLHANDLE
                                                             : (int32_t)LINEERR_INVALCONSULTCALLHANDLE;

        fake_state(1, LINECALLSTATE_DIALTONE, 0, 0);
        forget(&a);
        ck_assert_int_eq(plain_run(_i, &a, call, other), (int32_t)LINEERR_INVALCALLSTATE);
        ck_assert_int_eq(plain_run(_i, &a, call, call), bad);
        ck_assert_int_eq(plain_run(_i, &a, call, other + 1), bad);
        /* Of another line. */
        lo = line(&a, 1, OWNER);
        foreign = made_call(&a, lo);
        ck_assert_int_eq(plain_run(_i, &a, call, foreign), bad);
    }
}
END_TEST

START_TEST(not_exported)
{
    client_close(&a);
    client_close(&b);
    fake_reset();
    fake.missing = plain[_i].function;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    la = line(&a, 0, OWNER);
    forget(&a);
    call = made_call(&a, la);
    other = made_call(&a, la);
    ck_assert_int_eq(plain_run(_i, &a, call, other), (int32_t)LINEERR_OPERATIONUNAVAIL);
}
END_TEST

START_TEST(closed_meanwhile)
{
    plain_states(_i);
    ck_assert_int_eq(plain_run(_i, &a, call, other), 5);
    if (_i & 1) {
        fake_line_event(0, LINE_CLOSE, 0, 0, 0);
        forget(&a);
        for (unsigned i = 0; i < fake.callc; i++)
            fake.callv[i].closed = true;
        fake.line_open[0] = 0;
    } else {
        ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, la, 0, 0, 0), 0);
        expect_none(&a);
    }
    fake_complete(fake.last_request, 0);
    expect_none(&a);
}
END_TEST

START_TEST(arguments)
{
    states(LINECALLSTATE_CONNECTED, LINECALLSTATE_BUSY);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_BLIND_TRANSFER, call, 1, 0, NULL, 0, NULL, 0),
                     (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_BLIND_TRANSFER, call, 1, 0, unended, sizeof(unended), NULL, 0),
                     (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PARK, call, 1, 3, 0), (int32_t)LINEERR_INVALPARKMODE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PARK, call, 1, LINEPARKMODE_DIRECTED, 0), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_COMPLETE, other, 1, 3, 0), (int32_t)LINEERR_INVALCALLCOMPLMODE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_PARAMS_SET, call, 1, 3, 0), (int32_t)LINEERR_INVALBEARERMODE);
    ck_assert_int_eq(op(&a, CHANNEL_TRANSFER_COMPLETE, call, 1, other, 9), (int32_t)LINEERR_INVALTRANSFERMODE);
    ck_assert_str_eq(fake_log(), "");
}
END_TEST

/* ---- what replies bring ------------------------------------------------------------------------------------------ */

START_TEST(completion_id)
{
    const struct channel_event *e;

    states(LINECALLSTATE_BUSY, 2);
    fake.other = _i == 0 ? FAKE_LATER : _i == 1 ? FAKE_EARLY : FAKE_EARLIER;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_COMPLETE, call, 6, LINECALLCOMPLMODE_CALLBACK, 0), 6);
    if (!_i)
        fake_complete(fake.last_request, 0);
    e = expect_reply(6, 0);
    ck_assert_uint_eq(e->p3, 4711);
    ck_assert_uint_eq(e->reply_call, 0);
    ck_assert_uint_ne(a.call.ret[0], 0); /* the line's instance */
}
END_TEST

/* What comes of it while the provider's function runs does not overtake the reply, which waits for its return. */
START_TEST(reply_before_its_consequence)
{
    const struct channel_event *e;

    states(LINECALLSTATE_BUSY, 2);
    fake.other = _i == 0 ? FAKE_EARLY : _i == 1 ? FAKE_EARLIER : FAKE_LATER;
    fake.idle_early = true;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_COMPLETE, call, 6, LINECALLCOMPLMODE_CALLBACK, 0), 6);
    if (_i < 2)
        (void)expect_reply(6, 0);
    e = next_event(&a);
    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->message, LINE_CALLSTATE);
    ck_assert_uint_eq(e->p1, LINECALLSTATE_IDLE);
    if (_i == 2) {
        fake_complete(fake.last_request, 0);
        (void)expect_reply(6, 0);
    }
    expect_none(&a);
}
END_TEST

static char kept[64];
static uint32_t kept_len;

/* Data are there while the handler runs, no longer. */
static void keep_data(const struct channel_event *event, void *arg)
{
    kept_len = event->data ? event->data_len : UINT32_MAX;
    if (event->data)
        memcpy(kept, event->data, event->data_len < sizeof(kept) ? event->data_len : sizeof(kept));
    client_event(event, arg);
}

/* An application on device 1 whose data are kept. */
static uint32_t keeper_line(void)
{
    ck_assert_int_eq(channel_open(&d.c, keep_data, &d), 0);
    d.eventc = d.taken = 0;
    ck_assert_int_eq(client_open(&d, V2_2), 0);
    return line(&d, 1, OWNER);
}

START_TEST(park_address)
{
    uint32_t ld = keeper_line(), c = made_call(&d, ld);
    VARSTRING *to;

    fake_log();
    ck_assert_int_eq(op(&d, CHANNEL_CALL_PARK, c, 3, LINEPARKMODE_NONDIRECTED, 0), 3);
    ck_assert_str_eq(fake_log(), "park 2 2 -");
    to = fake.result;
    ck_assert_ptr_nonnull(to);
    to->dwStringFormat = STRINGFORMAT_UNICODE;
    to->dwStringSize = sizeof(number);
    to->dwStringOffset = _i == 1 ? to->dwTotalSize - 4 : sizeof(*to);
    if (_i == 2)
        to->dwStringSize = 0xFFFFFFF0;
    if (_i == 0)
        memcpy(to + 1, number, sizeof(number));
    fake_complete(fake.last_request, 0);
    expect(&d, LINE_REPLY, 0, 3, 0, 0);
    if (_i) {
        ck_assert_uint_eq(kept_len, UINT32_MAX); /* what does not lie within is not looked at */
    } else {
        ck_assert_uint_eq(kept_len, sizeof(number));
        ck_assert_mem_eq(kept, number, sizeof(number));
    }
}
END_TEST

/* The provider does all of it before it returns: the address is there, and the call has gone. */
static void park_inside(void)
{
    VARSTRING *to = fake.result;

    fake.inside = NULL;
    to->dwStringSize = sizeof(number);
    to->dwStringOffset = sizeof(*to);
    memcpy(to + 1, number, sizeof(number));
    fake_complete(fake.last_request, 0);
    fake_state(2, LINECALLSTATE_IDLE, 0, 0);
}

START_TEST(parked_before_it_returns)
{
    uint32_t ld = keeper_line(), c = made_call(&d, ld);

    fake.inside = park_inside;
    fake.other = _i ? FAKE_REFUSE : FAKE_LATER; /* too late to refuse */
    fake.refusal = LINEERR_OPERATIONFAILED;
    ck_assert_int_eq(op(&d, CHANNEL_CALL_PARK, c, 3, LINEPARKMODE_NONDIRECTED, 0), 3);
    expect(&d, LINE_REPLY, 0, 3, 0, 0);
    ck_assert_uint_eq(kept_len, UINT32_MAX); /* of the state, which came behind it */
    expect(&d, LINE_CALLSTATE, c, LINECALLSTATE_IDLE, 0, 0);
}
END_TEST

START_TEST(specific)
{
    uint32_t ld = keeper_line(), c = made_call(&d, ld);
    bool feature = _i;

    fake_log();
    if (feature)
        ck_assert_int_eq(op_data(&d, CHANNEL_LINE_DEVSPECIFIC_FEATURE, ld, 4, 8, "abcd", 4, NULL, 0), 4);
    else
        ck_assert_int_eq(op_data(&d, CHANNEL_LINE_DEVSPECIFIC, ld, 4, 2, "abcd", 4, NULL, 0), 4);
    ck_assert_str_eq(fake_log(), feature ? "feature 1 8 abcd" : "specific 1 2 -1 abcd");
    memcpy(fake.result, "ABC", 3);
    fake_complete(fake.last_request, 0);
    expect(&d, LINE_REPLY, 0, 4, 0, 0);
    ck_assert_uint_eq(kept_len, 4);
    ck_assert_mem_eq(kept, "ABCd", 4);
    ck_assert_int_eq(op(&d, CHANNEL_LINE_DEVSPECIFIC, ld, 4, 0, c), 4);
    ck_assert_str_eq(fake_log(), "specific 1 0 2 ");
    fake_complete(fake.last_request, (int32_t)LINEERR_OPERATIONFAILED);
    expect(&d, LINE_REPLY, 0, 4, LINEERR_OPERATIONFAILED, 0);
    ck_assert_uint_eq(kept_len, UINT32_MAX);
    ck_assert_int_eq(op(&d, CHANNEL_LINE_DEVSPECIFIC, ld, 4, 0, call), (int32_t)LINEERR_INVALCALLHANDLE);
    /* Closed with it under way, and completed later. */
    ck_assert_int_eq(op_data(&d, CHANNEL_LINE_DEVSPECIFIC, ld, 4, 2, "abcd", 4, NULL, 0), 4);
    client_close(&d);
    fake_complete(fake.last_request, 0);
}
END_TEST

START_TEST(of_lines)
{
    ck_assert_int_eq(op(&b, CHANNEL_LINE_UNCOMPLETE, lb, 7, 12, 0), 7);
    ck_assert_str_eq(fake_log(), "uncomplete 0 12");
    fake_complete(fake.last_request, 0);
    expect(&b, LINE_REPLY, 0, 7, 0, 0);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_DEVSTATUS_SET, la, 7, LINEDEVSTATUSFLAGS_MSGWAIT, 1), 7);
    ck_assert_str_eq(fake_log(), "devstatus 0 2 1");
    ck_assert_int_eq(op(&a, CHANNEL_LINE_DEVSTATUS_SET, la, 7, 0x80, 1), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_DEVSTATUS_SET, lb, 7, 1, 1), (int32_t)LINEERR_INVALLINEHANDLE);
    memset(&a.call, 0, sizeof(a.call));
    a.call.op = CHANNEL_LINE_TERMINAL_SET;
    memcpy(a.call.arg, (uint32_t[]){la, 8, 0, call, LINECALLSELECT_CALL, LINETERMMODE_LAMPS, 2, 1}, 32);
    ck_assert_int_eq(channel_call(a.c, &a.call), 8);
    ck_assert_str_eq(fake_log(), "terminal 0 0 0 4 2 2 1");
    a.call.arg[3] = seen;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALCALLHANDLE);
    a.call.arg[4] = LINECALLSELECT_ADDRESS;
    a.call.arg[2] = 1;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALADDRESSID);
    a.call.arg[4] = 0x40;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALCALLSELECT);
    a.call.arg[4] = LINECALLSELECT_LINE;
    a.call.arg[5] = 0;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALTERMINALMODE);
    /* One is left that the provider never completes: the end of the line is its end. */
}
END_TEST

Suite *suite_operations(void)
{
    Suite *s = suite_create("engine operations");
    TCase *t = tcase_create("operations");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_loop_test(t, arrives_and_completes, 0, PLAIN);
    tcase_add_loop_test(t, handles_and_states, 0, PLAIN);
    tcase_add_loop_test(t, not_exported, 0, PLAIN);
    tcase_add_loop_test(t, closed_meanwhile, 0, PLAIN);
    tcase_add_test(t, arguments);
    tcase_add_loop_test(t, completion_id, 0, 3);
    tcase_add_loop_test(t, reply_before_its_consequence, 0, 3);
    tcase_add_loop_test(t, park_address, 0, 3);
    tcase_add_loop_test(t, parked_before_it_returns, 0, 2);
    tcase_add_loop_test(t, specific, 0, 2);
    tcase_add_test(t, of_lines);
    suite_add_tcase(s, t);
    return s;
}
