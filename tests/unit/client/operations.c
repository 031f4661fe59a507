/* Functions on calls and lines: what travels, and what replies write. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#include <stdlib.h>

static HLINEAPP app;
static HLINE line;
static uint64_t cookie;

static const WCHAR wide[] = {'7', 0xE9, 0};

static void open_all(void)
{
    fake_reset();
    app = app_open(NULL);
    line = line_open(app, 0x00020002, 1);
    cookie = fake.instance;
}

static void close_all(void)
{
    (void)lineShutdown(app);
    check_clean();
}

static LINEMESSAGE message(void)
{
    LINEMESSAGE m;

    ck_assert_int_eq(lineGetMessage(app, &m, 0), 0);
    return m;
}

/* Copied into the event: what is borrowed is gone afterwards. */
static void event_data(uint32_t what, uint32_t device, uint64_t p1, uint64_t p2, uint64_t p3, uint32_t call,
                       const void *data, uint32_t len)
{
    void *lent = malloc(len ? len : 1);

    memcpy(lent, data, len);
    fake_event_data(app, what, device, cookie, p1, p2, p3, call, lent, len);
    free(lent);
}

/* ---- what travels ------------------------------------------------------------------------------------------------ */

#define LAST(op) (fake.last[CHANNEL_##op])

START_TEST(arguments)
{
    LINEDIALPARAMS dial = {1, 2, 3, 4};
    HCALL call;

    ck_assert_int_gt(lineHold(5), 0);
    ck_assert_uint_eq(LAST(CALL_HOLD).arg[0], 5);
    ck_assert_int_gt(lineUnhold(6), 0);
    ck_assert_uint_eq(LAST(CALL_UNHOLD).arg[0], 6);
    ck_assert_int_gt(lineSwapHold(5, 6), 0);
    ck_assert_uint_eq(LAST(CALL_SWAP_HOLD).arg[2], 6);
    ck_assert_int_gt(lineRedirectA(5, "77", 43), 0);
    ck_assert_uint_eq(LAST(CALL_REDIRECT).arg[2], 43);
    ck_assert_uint_eq(LAST(CALL_REDIRECT).in0_len, 6);
    ck_assert_int_gt(lineBlindTransferW(5, wide, 1), 0);
    ck_assert_uint_eq(fake.text0[CHANNEL_CALL_BLIND_TRANSFER][1], 0xE9);
    ck_assert_int_eq(lineBlindTransferA(5, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_eq(lineRedirectW(5, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_gt(lineAddToConference(5, 6), 0);
    ck_assert_uint_eq(LAST(CONF_ADD).arg[2], 6);
    ck_assert_int_gt(lineRemoveFromConference(5), 0);
    ck_assert_int_gt(lineSecureCall(5), 0);
    ck_assert_int_gt(lineSendUserUserInfo(5, "abc", 3), 0);
    ck_assert_uint_eq(LAST(CALL_SEND_UUI).in0_len, 3);
    ck_assert_int_eq(lineSendUserUserInfo(5, NULL, 3), ERR(INVALPOINTER));
    ck_assert_int_gt(lineReleaseUserUserInfo(5), 0);
    ck_assert_int_gt(lineSetCallData(5, NULL, 0), 0);
    ck_assert_ptr_null(LAST(CALL_DATA_SET).in0);
    ck_assert_int_gt(lineSetCallParams(5, 1, 2, 3, &dial), 0);
    ck_assert_uint_eq(LAST(CALL_PARAMS_SET).arg[4], 3);
    ck_assert_uint_eq(LAST(CALL_PARAMS_SET).in0_len, sizeof(dial));
    ck_assert_int_gt(lineSetCallTreatment(5, 9), 0);
    ck_assert_uint_eq(LAST(CALL_TREATMENT_SET).arg[2], 9);
    ck_assert_int_gt(lineSetCallQualityOfService(5, &dial, 4, &dial, 8), 0);
    ck_assert_uint_eq(LAST(CALL_QOS_SET).in1_len, 8);
    ck_assert_int_eq(lineSetCallQualityOfService(5, &dial, 4, NULL, 8), ERR(INVALPOINTER));
    ck_assert_int_gt(lineUncompleteCall(line, 4), 0);
    ck_assert_uint_eq(LAST(LINE_UNCOMPLETE).arg[2], 4);
    ck_assert_int_gt(lineSetLineDevStatus(line, 2, 1), 0);
    ck_assert_uint_eq(LAST(LINE_DEVSTATUS_SET).arg[3], 1);
    ck_assert_int_gt(lineSetTerminal(line, 1, 2, 4, 5, 6, 7), 0);
    ck_assert_mem_eq(&LAST(LINE_TERMINAL_SET).arg[2], ((uint32_t[]){1, 2, 4, 5, 6, 7}), 24);
    ck_assert_int_gt(linePickupA(line, 2, &call, "7", "g"), 0);
    ck_assert_uint_eq(LAST(CALL_PICKUP).in1_len, 4);
    ck_assert_int_eq(linePickupA(line + 1, 2, &call, "7", "g"), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(linePickupW(line, 2, NULL, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_gt(lineUnparkW(line, 0, &call, wide), 0);
    ck_assert_int_eq(lineUnparkA(line, 0, &call, NULL), ERR(INVALPOINTER));
    (void)lineShutdown(app);
    ck_assert_int_eq(lineHold(5), ERR(UNINITIALIZED));
    ck_assert_int_eq(lineUnparkW(line, 0, &call, wide), ERR(UNINITIALIZED));
}
END_TEST

static LINEFORWARDLIST *forwarded;

static int32_t forward_seen(struct channel_call *call, int32_t rc)
{
    free(forwarded);
    forwarded = NULL;
    if (call->in0) {
        forwarded = malloc(call->in0_len);
        memcpy(forwarded, call->in0, call->in0_len);
    }
    return rc;
}

START_TEST(forwards)
{
    struct {
        LINEFORWARDLIST list;
        char text[16];
    } f;
    const uint32_t head = offsetof(LINEFORWARDLIST, ForwardList);
    const uint32_t at = head + offsetof(LINEFORWARD, dwDestAddressOffset) + 4;
    static const uint16_t want[] = {'1', '0', '1', 0};
    unsigned char *block = (unsigned char *)&f;
    LINEFORWARD *entry = &f.list.ForwardList[0];
    HCALL call = 7;
    LONG id;

    fake.h[CHANNEL_LINE_FORWARD] = forward_seen;
    memset(&f, 0, sizeof(f));
    f.list.dwTotalSize = at + 8;
    f.list.dwNumEntries = 1;
    entry->dwForwardMode = LINEFORWARDMODE_BUSY;
    entry->dwDestAddressSize = 4;
    entry->dwDestAddressOffset = at;
    memcpy(block + at, "101", 4);
    id = lineForwardA(line, 1, 2, &f.list, 3, &call, NULL);
    ck_assert_int_gt(id, 0);
    ck_assert_mem_eq(&LAST(LINE_FORWARD).arg[2], ((uint32_t[]){1, 2, 3}), 12);
    ck_assert_uint_eq(forwarded->dwTotalSize, LAST(LINE_FORWARD).in0_len);
    ck_assert_uint_eq(forwarded->ForwardList[0].dwForwardMode, LINEFORWARDMODE_BUSY);
    ck_assert_uint_eq(forwarded->ForwardList[0].dwDestAddressSize, sizeof(want));
    ck_assert_mem_eq((char *)forwarded + forwarded->ForwardList[0].dwDestAddressOffset, want, sizeof(want));
    ck_assert_uint_eq(forwarded->ForwardList[0].dwCallerAddressSize, 0);
    /* No call came of it. */
    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, 0, 0, 0);
    (void)message();
    ck_assert_uint_eq(call, 0);
    /* The same in UTF-16, both texts. */
    memcpy(block + at, want, sizeof(want));
    entry->dwDestAddressSize = entry->dwCallerAddressSize = sizeof(want);
    entry->dwCallerAddressOffset = at;
    ck_assert_int_gt(lineForwardW(line, 1, 2, &f.list, 3, &call, NULL), 0);
    ck_assert_mem_eq((char *)forwarded + forwarded->ForwardList[0].dwCallerAddressOffset, want, sizeof(want));
    ck_assert_int_gt(lineForwardA(line, 1, 2, NULL, 3, &call, NULL), 0);
    ck_assert_ptr_null(forwarded);
    fake.calls[CHANNEL_LINE_FORWARD] = 0;
    ck_assert_int_eq(lineForwardA(line, 1, 2, &f.list, 3, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineForwardA(line + 1, 1, 2, &f.list, 3, &call, NULL), ERR(INVALLINEHANDLE));
    entry->dwDestAddressSize = 9;
    ck_assert_int_eq(lineForwardA(line, 1, 2, &f.list, 3, &call, NULL), ERR(INVALPARAM));
    f.list.dwNumEntries = 2;
    ck_assert_int_eq(lineForwardA(line, 1, 2, &f.list, 3, &call, NULL), ERR(STRUCTURETOOSMALL));
    f.list.dwTotalSize = head - 1;
    ck_assert_int_eq(lineForwardA(line, 1, 2, &f.list, 3, &call, NULL), ERR(STRUCTURETOOSMALL));
    ck_assert_uint_eq(fake.calls[CHANNEL_LINE_FORWARD], 0);
    free(forwarded);
    forwarded = NULL;
}
END_TEST

/* ---- what replies bring ------------------------------------------------------------------------------------------ */

START_TEST(new_calls)
{
    LINECALLPARAMS params = {.dwTotalSize = 20};
    HCALL first = 1, second = 2;
    LINEMESSAGE m;
    LONG id = lineSetupConferenceA(5, 0, &first, &second, 3, NULL);

    ck_assert_int_gt(id, 0);
    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, 0, 0x66, 0x55);
    ck_assert_uint_eq(first, 1);
    m = message();
    ck_assert_uint_eq(first, 0x55);
    ck_assert_uint_eq(second, 0x66);
    ck_assert_uint_eq(m.dwParam3, 0);
    id = lineSetupTransferA(5, &first, NULL);
    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, LINEERR_CALLUNAVAIL, 0, 0x99);
    (void)message();
    ck_assert_uint_eq(first, 0x55);
    id = lineCompleteTransfer(5, 6, &first, LINETRANSFERMODE_CONFERENCE);
    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, 0, 0, 0x99);
    (void)message();
    ck_assert_uint_eq(first, 0x99);
    id = lineCompleteTransfer(5, 6, &first, LINETRANSFERMODE_TRANSFER);
    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, 0, 0, 0);
    (void)message();
    ck_assert_uint_eq(first, 0x99);
    id = linePrepareAddToConferenceW(5, &first, NULL);
    ck_assert_int_gt(id, 0);
    /* The line is closed first: nobody writes there any more. */
    ck_assert_int_eq(lineClose(line), 0);
    ck_assert_uint_eq(client.requests.count, 0);
    ck_assert_int_eq(lineSetupTransferA(5, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetupTransferA(5, &first, &params), ERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(lineCompleteTransfer(5, 6, NULL, LINETRANSFERMODE_CONFERENCE), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetupConferenceA(5, 0, &first, NULL, 3, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetupConferenceA(0, 3, &first, &second, 3, NULL), ERR(INVALLINEHANDLE));
}
END_TEST

START_TEST(park_address)
{
    struct {
        VARSTRING head;
        char room[8];
    } to;
    LINEMESSAGE m;
    LONG id;

    memset(&to, 0, sizeof(to));
    to.head.dwTotalSize = sizeof(to);
    id = lineParkA(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head);
    ck_assert_int_gt(id, 0);
    event_data(LINE_REPLY, 0, (uint64_t)id, 0, 0, 0, u"70", 6);
    m = message();
    ck_assert_uint_eq(m.dwParam2, 0);
    ck_assert_uint_eq(to.head.dwStringFormat, STRINGFORMAT_ASCII);
    ck_assert_str_eq((char *)&to + to.head.dwStringOffset, "70");
    id = lineParkW(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head);
    event_data(LINE_REPLY, 0, (uint64_t)id, 0, 0, 0, u"70", 6);
    (void)message();
    ck_assert_uint_eq(to.head.dwStringSize, 6);
    ck_assert_mem_eq((char *)&to + to.head.dwStringOffset, u"70", 6);
    /* Too small: it is lost. */
    id = lineParkW(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head);
    event_data(LINE_REPLY, 0, (uint64_t)id, 0, 0, 0, u"70001", 12);
    m = message();
    ck_assert_int_eq((LONG)m.dwParam2, ERR(STRUCTURETOOSMALL));
    to.head.dwTotalSize = sizeof(to.head) - 1;
    ck_assert_int_eq(lineParkA(5, LINEPARKMODE_NONDIRECTED, NULL, &to.head), ERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(lineParkA(5, LINEPARKMODE_NONDIRECTED, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_gt(lineParkA(5, LINEPARKMODE_DIRECTED, "71", NULL), 0);
    ck_assert_uint_eq(LAST(CALL_PARK).in0_len, 6);
}
END_TEST

START_TEST(numbers_and_bytes)
{
    unsigned char block[6] = "abcde";
    DWORD value = 5;
    LONG id = lineCompleteCall(5, &value, LINECALLCOMPLMODE_CAMPON, 0);

    fake_event(app, LINE_REPLY, 0, cookie, (uint64_t)id, 0, 4711, 0);
    (void)message();
    ck_assert_uint_eq(value, 4711);
    ck_assert_int_eq(lineCompleteCall(5, NULL, LINECALLCOMPLMODE_CAMPON, 0), ERR(INVALPOINTER));
    id = lineDevSpecific(line, 1, 2, block, 5);
    ck_assert_uint_eq(LAST(LINE_DEVSPECIFIC).in0_len, 5);
    ck_assert_uint_eq(LAST(LINE_DEVSPECIFIC).arg[3], 2);
    event_data(LINE_REPLY, 0, (uint64_t)id, 0, 0, 0, "ABCDEFGH", 8);
    ck_assert_mem_eq(block, "abcde", 5);
    (void)message();
    ck_assert_mem_eq(block, "ABCDE", 6);
    id = lineDevSpecificFeature(line, 1, block, 2);
    event_data(LINE_REPLY, 0, (uint64_t)id, (uint32_t)ERR(OPERATIONFAILED), 0, 0, "xx", 2);
    (void)message();
    ck_assert_mem_eq(block, "ABCDE", 6);
    ck_assert_int_eq(lineDevSpecific(line, 1, 2, NULL, 5), ERR(INVALPOINTER));
    ck_assert_int_gt(lineDevSpecific(line, 1, 2, NULL, 0), 0);
    /* A reply that nobody takes is freed with its data. */
    id = lineDevSpecific(line, 1, 2, block, 5);
    event_data(LINE_REPLY, 0, (uint64_t)id, 0, 0, 0, "ABCDEFGH", 8);
}
END_TEST

/* ---- digits ------------------------------------------------------------------------------------------------------ */

START_TEST(gathered)
{
    char a[4] = {'x', 'x', 'x', 'x'};
    WCHAR w[3] = {'y', 'y', 'y'};
    uint32_t first, second;
    LINEMESSAGE m;

    ck_assert_int_eq(lineGatherDigitsA(5, LINEDIGITMODE_DTMF, a, 3, "#", 100, 200), 0);
    ck_assert_mem_eq(&LAST(CALL_DIGITS_GATHER).arg[2], ((uint32_t[]){2, 3, 100, 200}), 16);
    first = LAST(CALL_DIGITS_GATHER).arg[1];
    ck_assert_int_eq(lineGatherDigitsW(5, LINEDIGITMODE_DTMF, w, 2, NULL, 100, 200), 0);
    second = LAST(CALL_DIGITS_GATHER).arg[1];
    ck_assert_uint_ne(first, second);
    event_data(LINE_GATHERDIGITS, 5, LINEGATHERTERM_CANCEL, first, 9, 0, u"12", 4);
    event_data(LINE_GATHERDIGITS, 5, LINEGATHERTERM_BUFFERFULL, second, 9, 0, u"34", 4);
    ck_assert_int_eq(a[0], 'x');
    m = message();
    ck_assert_uint_eq(m.dwParam2, 0);
    ck_assert_uint_eq(m.dwParam1, LINEGATHERTERM_CANCEL);
    ck_assert_mem_eq(a, "12\0x", 4);
    (void)message();
    ck_assert_uint_eq(w[0], '3');
    ck_assert_uint_eq(w[1], '4');
    ck_assert_uint_eq(w[2], 'y');
    ck_assert_uint_eq(client.requests.count, 0);
    /* Cancelled; refused; given back; closed. */
    ck_assert_int_eq(lineGatherDigitsA(5, 0, NULL, 0, NULL, 0, 0), 0);
    ck_assert_uint_eq(LAST(CALL_DIGITS_GATHER).arg[3], 0);
    ck_assert_int_eq(lineGatherDigitsA(5, 2, a, 0, NULL, 0, 0), ERR(INVALPARAM));
    fake.rc[CHANNEL_CALL_DIGITS_GATHER] = ERR(INVALCALLSTATE);
    ck_assert_int_eq(lineGatherDigitsA(5, 2, a, 3, NULL, 0, 0), ERR(INVALCALLSTATE));
    ck_assert_uint_eq(client.requests.count, 0);
    fake.rc[CHANNEL_CALL_DIGITS_GATHER] = 0;
    ck_assert_int_eq(lineGatherDigitsA(5, 2, a, 3, NULL, 0, 0), 0);
    ck_assert_int_eq(lineDeallocateCall(6), 0);
    ck_assert_uint_eq(client.requests.count, 1);
    ck_assert_int_eq(lineDeallocateCall(5), 0);
    ck_assert_uint_eq(client.requests.count, 0);
    ck_assert_int_eq(lineGatherDigitsA(5, 2, a, 3, NULL, 0, 0), 0);
}
END_TEST

START_TEST(synchronous)
{
    LINEGENERATETONE tone = {.dwFrequency = 440};
    LINEMONITORTONE list[2] = {{.dwDuration = 1}, {.dwDuration = 2}};
    LINEMEDIACONTROLDIGIT digit = {1, 2, 3};
    LINEMEDIACONTROLCALLSTATE state = {4, 5};
    DWORD rings = 0;

    ck_assert_int_eq(lineGenerateDigitsA(5, 2, "12", 80), 0);
    ck_assert_uint_eq(LAST(CALL_DIGITS_GENERATE).in0_len, 6);
    ck_assert_uint_eq(LAST(CALL_DIGITS_GENERATE).arg[2], 80);
    ck_assert_int_eq(lineGenerateDigitsW(5, 2, NULL, 80), 0);
    ck_assert_ptr_null(LAST(CALL_DIGITS_GENERATE).in0);
    ck_assert_int_eq(lineGenerateTone(5, LINETONEMODE_CUSTOM, 50, 1, &tone), 0);
    ck_assert_uint_eq(LAST(CALL_TONE_GENERATE).in0_len, sizeof(tone));
    ck_assert_int_eq(lineGenerateTone(5, LINETONEMODE_CUSTOM, 50, 1, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGenerateTone(5, LINETONEMODE_CUSTOM, 50, 0, &tone), ERR(INVALTONE));
    ck_assert_int_eq(lineGenerateTone(5, LINETONEMODE_BEEP, 50, 7, NULL), 0);
    ck_assert_uint_eq(LAST(CALL_TONE_GENERATE).arg[3], 0);
    ck_assert_int_eq(lineMonitorDigits(5, 3), 0);
    ck_assert_uint_eq(LAST(CALL_DIGITS_MONITOR).arg[1], 3);
    ck_assert_int_eq(lineMonitorMedia(5, 4), 0);
    ck_assert_uint_eq(LAST(CALL_MEDIA_MONITOR).arg[1], 4);
    ck_assert_int_eq(lineMonitorTones(5, list, 2), 0);
    ck_assert_uint_eq(LAST(CALL_TONES_MONITOR).in0_len, sizeof(list));
    ck_assert_int_eq(lineMonitorTones(5, list, 0x80000000), ERR(INVALTONE));
    ck_assert_int_eq(lineMonitorTones(5, NULL, 2), 0);
    ck_assert_uint_eq(LAST(CALL_TONES_MONITOR).arg[1], 0);
    ck_assert_int_eq(lineSetMediaMode(5, 4), 0);
    ck_assert_int_eq(lineSetMediaControl(line, 1, 5, 4, &digit, 1, NULL, 9, NULL, 0, &state, 1), 0);
    ck_assert_mem_eq(LAST(LINE_MEDIA_CONTROL).arg, ((uint32_t[]){line, 1, 5, 4, 1, 0, 0, 1}), 32);
    ck_assert_uint_eq(LAST(LINE_MEDIA_CONTROL).in0_len, sizeof(digit) + sizeof(state));
    ck_assert_uint_eq(fake.text0[CHANNEL_LINE_MEDIA_CONTROL][6], 4);
    ck_assert_int_eq(lineSetMediaControl(line, 1, 5, 4, &digit, 0x80000000, NULL, 9, NULL, 0, &state, 1),
                     ERR(INVALDIGITLIST));
    ck_assert_int_eq(lineSetNumRings(line, 1, 4), 0);
    ck_assert_uint_eq(LAST(RINGS_SET).arg[2], 4);
    ck_assert_int_eq(lineGetNumRings(line, 1, NULL), ERR(INVALPOINTER));
    fake.rc[CHANNEL_RINGS_GET] = ERR(INVALADDRESSID);
    ck_assert_int_eq(lineGetNumRings(line, 1, &rings), ERR(INVALADDRESSID));
}
END_TEST

static int32_t icon_out(struct channel_call *call, int32_t rc)
{
    call->ret[0] = 0x1C0;
    return rc;
}

static int32_t members_out(struct channel_call *call, int32_t rc)
{
    struct {
        LINECALLLIST head;
        uint32_t call[2];
    } list = {{sizeof(list), sizeof(list), sizeof(list), 2, 8, sizeof(list.head)}, {0x55, 0x66}};

    call->ret[0] = 2;
    if (call->arg[1] >= 2)
        fake_out(call, &list, sizeof(list));
    return rc;
}

START_TEST(outputs)
{
    struct {
        LINECALLLIST head;
        HCALL call[2];
    } list;
    HICON icon = NULL;

    ck_assert_int_eq(lineGetIconA(0, NULL, &icon), ERR(OPERATIONUNAVAIL)); /* the provider has none */
    fake.h[CHANNEL_DEV_ICON] = icon_out;
    ck_assert_int_eq(lineGetIconW(0, wide, &icon), 0);
    ck_assert_uint_eq((uintptr_t)icon, 0x1C0);
    ck_assert_int_eq(lineGetIconA(0, NULL, NULL), ERR(INVALPOINTER));
    fake.h[CHANNEL_CONF_CALLS] = members_out;
    memset(&list, 0, sizeof(list));
    list.head.dwTotalSize = sizeof(list) - 1;
    ck_assert_int_eq(lineGetConfRelatedCalls(5, &list.head), 0);
    ck_assert_uint_eq(list.head.dwNeededSize, sizeof(list));
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 0);
    list.head.dwTotalSize = sizeof(list);
    ck_assert_int_eq(lineGetConfRelatedCalls(5, &list.head), 0);
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 2);
    ck_assert_uint_eq(list.call[1], 0x66);
    ck_assert_int_eq(lineGetConfRelatedCalls(5, NULL), ERR(INVALPOINTER));
}
END_TEST

TCase *operations_tests(void)
{
    TCase *t = tcase_create("operations");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_add_test(t, arguments);
    tcase_add_test(t, forwards);
    tcase_add_test(t, new_calls);
    tcase_add_test(t, park_address);
    tcase_add_test(t, numbers_and_bytes);
    tcase_add_test(t, gathered);
    tcase_add_test(t, synchronous);
    tcase_add_test(t, outputs);
    return t;
}
