/* TSPI: forwarding, call completion, the status of lines. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/tspi/host.h"

#include "tsp/session/phone.h"

#include <stddef.h>
#include <stdio.h>

static void setup(void)
{
    host_start("[line 0]\nnumber=100\n[line 1]\naddresses=101, 111\nmax_sessions=1\n[line 2]\nnumber=102\n"
               "[number 600]\nbehaviour=answer\n[number 602]\nbehaviour=noanswer\n");
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, true);
    host_open(2, 0x00020002, false);
}

static void teardown(void)
{
    host_stop();
}

enum { ENTRY = offsetof(LINEFORWARD, dwDestAddressOffset) + 4, HEAD = offsetof(LINEFORWARDLIST, ForwardList) };

/* A list, entries and texts one behind the other. */
static struct list {
    unsigned char bytes[6000];
    uint32_t used, count;
} list;

static LINEFORWARDLIST *begin(uint32_t count)
{
    memset(&list, 0, sizeof list);
    list.used = HEAD + count * ENTRY;
    memcpy(list.bytes, &list.used, 4);
    memcpy(list.bytes + 4, &count, 4);
    return (LINEFORWARDLIST *)(void *)list.bytes;
}

static uint32_t text(const char *s, uint32_t *offset)
{
    uint32_t size = 0;

    *offset = list.used;
    for (; s; s++, size += 2) {
        uint16_t unit = (unsigned char)*s;

        memcpy(list.bytes + list.used + size, &unit, 2);
        if (!*s) {
            size += 2;
            break;
        }
    }
    list.used += size;
    memcpy(list.bytes, &list.used, 4);
    return size;
}

static void add(uint32_t mode, const char *dest, const char *caller)
{
    uint32_t entry[6] = {mode, 0, 0, 43, 0, 0};

    entry[1] = text(caller, &entry[2]);
    entry[4] = text(dest, &entry[5]);
    memcpy(list.bytes + HEAD + list.count++ * ENTRY, entry, ENTRY);
}

static LONG forward(int line, DWORD all, DWORD address, DWORD rings)
{
    HDRVCALL consult = (HDRVCALL)(uintptr_t)77;
    DRV_REQUESTID request = host_request();
    LONG result = TSPI_lineForward(request, host.linev[line], all, address, (LINEFORWARDLIST *)(void *)list.bytes,
                                   rings, HOST_CALL(9), &consult, NULL);

    if (result < 0)
        host.next_request--;
    else
        ck_assert_ptr_null(consult);
    return result;
}

/* Forwards all calls of line 1. */
static void send_on(uint32_t mode, const char *dest)
{
    (void)begin(1);
    add(mode, dest, NULL);
    ck_assert_int_gt(forward(1, 1, 99, 2), 0);
    host_forget();
}

static const char *units(const void *base, uint32_t size, uint32_t offset)
{
    static char out[100];

    for (uint32_t i = 0; i < size / 2 && i < sizeof out; i++)
        out[i] = ((const char *)base)[offset + 2 * i];
    return size ? out : "";
}

START_TEST(forwarding_and_its_status)
{
    union {
        LINEADDRESSSTATUS s;
        unsigned char room[600];
    } u = {.s = {.dwTotalSize = sizeof u}};
    uint32_t entry[6], total;

    (void)begin(2);
    add(LINEFORWARDMODE_NOANSW, "102", NULL);
    add(LINEFORWARDMODE_UNCONDSPECIFIC, NULL, "1-00");
    ck_assert_int_gt(forward(1, 1, 99, 2), 0);
    ck_assert_str_eq(host_trace(), "reply 1 ok\naddress 1.0 40\naddress 1.1 40\n");
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[1], 1, &u.s), 0);
    ck_assert_uint_eq(u.s.dwForwardNumEntries, 2);
    ck_assert_uint_eq(u.s.dwNumRingsNoAnswer, 2);
    memcpy(entry, u.room + u.s.dwForwardOffset, ENTRY);
    ck_assert_uint_eq(entry[0], LINEFORWARDMODE_NOANSW);
    ck_assert_uint_eq(entry[1], 0);
    ck_assert_uint_eq(entry[3], 43);
    ck_assert_str_eq(units(&u, entry[4], entry[5]), "102");
    memcpy(entry, u.room + u.s.dwForwardOffset + ENTRY, ENTRY);
    ck_assert_uint_eq(entry[0], LINEFORWARDMODE_UNCONDSPECIFIC);
    ck_assert_str_eq(units(&u, entry[1], entry[2]), "100");
    ck_assert_uint_eq(entry[4], 0);
    ck_assert_uint_eq(u.s.dwUsedSize, u.s.dwNeededSize);
    /* one that does not fit is not there at all */
    total = u.s.dwUsedSize;
    u.s.dwTotalSize = u.s.dwForwardOffset + u.s.dwForwardSize - 1;
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[1], 1, &u.s), 0);
    ck_assert_uint_eq(u.s.dwForwardSize, 0);
    ck_assert_uint_eq(u.s.dwForwardNumEntries, 0);
    ck_assert_uint_eq(u.s.dwNeededSize, total);
    u.s.dwTotalSize = sizeof u;
    /* one address; then none */
    ck_assert_int_gt(TSPI_lineForward(host_request(), host.linev[1], 0, 1, NULL, 0, NULL, NULL, NULL), 0);
    ck_assert_str_eq(host_trace(), "reply 2 ok\naddress 1.1 40\n");
    ck_assert_int_gt(TSPI_lineForward(host_request(), host.linev[1], 1, 99, begin(0), 0, NULL, NULL, NULL), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\naddress 1.0 40\n");
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[1], 0, &u.s), 0);
    ck_assert_uint_eq(u.s.dwForwardNumEntries, 0);
    ck_assert_uint_eq(u.s.dwNumRingsNoAnswer, 0);
}
END_TEST

START_TEST(forwarded_call)
{
    union {
        LINECALLINFO i;
        unsigned char room[2000];
    } u = {.i = {.dwTotalSize = sizeof u}};
    HDRVCALL call;

    send_on(LINEFORWARDMODE_UNCOND, "102");
    call = host_make(0, 1, u"101");
    ck_assert_int_eq(TSPI_lineGetCallInfo(host_new(1000), &u.i), 0);
    ck_assert_uint_eq(u.i.dwLineDeviceID, HOST_DEVICE_BASE + 2);
    ck_assert_uint_eq(u.i.dwReason, LINECALLREASON_FWDUNCOND);
    ck_assert_str_eq(units(&u, u.i.dwRedirectingIDSize, u.i.dwRedirectingIDOffset), "101");
    ck_assert_str_eq(units(&u, u.i.dwRedirectionIDSize, u.i.dwRedirectionIDOffset), "102");
    ck_assert_str_eq(units(&u, u.i.dwCalledIDSize, u.i.dwCalledIDOffset), "101");
    ck_assert_int_eq(TSPI_lineGetCallInfo(call, &u.i), 0);
    ck_assert_str_eq(units(&u, u.i.dwRedirectionIDSize, u.i.dwRedirectionIDOffset), "102");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    host_forget();
    send_on(LINEFORWARDMODE_UNCOND, NULL);
    call = host_make(0, 2, u"101");
    ck_assert_str_eq(host_trace(), "reply 4 ok\n2 DIALING 0\n2 PROCEEDING 0\n2 DISCONNECTED 40000\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

/* What comes from outside is looked at before it is believed. */
START_TEST(hostile_lists)
{
    LINEFORWARDLIST *l = begin(1);
    uint32_t entry[6], v;

    add(LINEFORWARDMODE_UNCOND, "102", NULL);
    for (uint32_t total = 0; total < HEAD + ENTRY; total++) {
        memcpy(list.bytes, &total, 4);
        ck_assert_int_eq(forward(1, 1, 0, 1), ERR(STRUCTURETOOSMALL));
    }
    v = HEAD + ENTRY; /* the text is outside */
    memcpy(list.bytes, &v, 4);
    ck_assert_int_eq(forward(1, 1, 0, 1), ERR(INVALPARAM));
    memcpy(list.bytes, &list.used, 4);
    for (int i = 0; i < 3; i++) {
        static const uint32_t countv[] = {2, 0x80000000, 0xFFFFFFFF};

        memcpy(list.bytes + 4, &countv[i], 4);
        ck_assert_int_eq(forward(1, 1, 0, 1), ERR(STRUCTURETOOSMALL));
    }
    (void)begin(33);
    for (int i = 0; i < 33; i++)
        add(LINEFORWARDMODE_UNCOND, "102", NULL);
    ck_assert_int_eq(forward(1, 1, 0, 1), ERR(INVALPARAM));
    for (int i = 0; i < 8; i++) {
        static const struct {
            uint32_t size, offset;
            LONG result;
        } v8[] = {{8, 0, ERR(INVALPARAM)},
                  {8, 4, ERR(INVALPARAM)},
                  {8, 0xFFFFFFFF, ERR(INVALPARAM)},
                  {0xFFFFFFFF, HEAD, ERR(INVALPARAM)},
                  {0x80000000, 0x80000000, ERR(INVALPARAM)},
                  {7, HEAD, ERR(INVALADDRESS)},
                  {2000, HEAD, ERR(INVALADDRESS)},
                  {40, 40, ERR(INVALPARAM)}};

        l = begin(1);
        add(LINEFORWARDMODE_UNCOND, "102", NULL);
        if (v8[i].size == 2000) {
            list.used = 3000;
            memcpy(list.bytes, &list.used, 4);
        }
        memcpy(entry, list.bytes + HEAD, ENTRY);
        entry[4] = v8[i].size;
        entry[5] = v8[i].offset;
        memcpy(list.bytes + HEAD, entry, ENTRY);
        ck_assert_msg(forward(1, 1, 0, 1) == v8[i].result, "%d", i);
        entry[0] = LINEFORWARDMODE_BUSYSPECIFIC; /* the same for the caller */
        entry[1] = v8[i].size;
        entry[2] = v8[i].offset;
        memcpy(list.bytes + HEAD, entry, ENTRY);
        ck_assert_msg(forward(1, 1, 0, 1) == v8[i].result, "caller %d", i);
    }
    /* a text in the entries themselves is a text */
    l = begin(1);
    add(LINEFORWARDMODE_UNCOND, "102", NULL);
    memcpy(entry, list.bytes + HEAD, ENTRY);
    entry[5] = HEAD;
    memcpy(list.bytes + HEAD, entry, ENTRY);
    ck_assert_int_eq(forward(1, 1, 0, 1), ERR(INVALADDRESS));
    (void)begin(1);
    add(LINEFORWARDMODE_UNCOND, "102", NULL);
    ck_assert_int_eq(TSPI_lineForward(0, host.linev[1], 1, 0, l, 1, NULL, NULL, NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineForward(9, NULL, 1, 0, l, 1, NULL, NULL, NULL), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(forward(1, 0, 2, 1), ERR(INVALADDRESSID));
    (void)begin(1);
    add(LINEFORWARDMODE_UNCOND, "102$", NULL);
    ck_assert_int_eq(forward(1, 1, 0, 1), ERR(DIALBILLING));
    (void)begin(1);
    add(LINEFORWARDMODE_UNKNOWN, "102", NULL);
    ck_assert_int_eq(forward(1, 1, 0, 1), ERR(INVALPARAM));
    ck_assert_str_eq(host_trace(), "");
    (void)begin(1);
    add(LINEFORWARDMODE_UNCOND, "999", NULL);
    ck_assert_int_gt(forward(1, 1, 0, 1), 0);
    ck_assert_str_eq(host_trace(), "reply 1 INVALADDRESS\n");
}
END_TEST

START_TEST(longest_list)
{
    char number[SESSION_NUMBER_MAX + 1];

    memset(number, '1', SESSION_NUMBER_MAX);
    number[SESSION_NUMBER_MAX] = 0;
    (void)begin(2);
    add(LINEFORWARDMODE_UNCONDSPECIFIC, "102", number);
    add(LINEFORWARDMODE_UNCOND, number, NULL);
    ck_assert_int_gt(forward(1, 1, 0, 1), 0);
    ck_assert_str_eq(host_trace(), "reply 1 INVALADDRESS\n"); /* nobody has it */
    (void)begin(32);
    for (uint32_t i = 0; i < 16; i++)
        add(1u << i, "(1) 0 - 2^Somebody with a name", "1");
    for (uint32_t i = 0; i < 12; i++) {
        (void)snprintf(number, sizeof number, "%u", 2 + i);
        add(LINEFORWARDMODE_BUSYSPECIFIC, "102", number);
    }
    list.bytes[4] = 28;
    ck_assert_int_gt(forward(1, 1, 0, 1), 0);
    ck_assert_str_eq(host_trace(), "reply 2 ok\naddress 1.0 40\naddress 1.1 40\n");
    host_memory.fail_at = host_memory.total;
    ck_assert_int_eq(forward(1, 1, 0, 1), ERR(NOMEM));
    host_memory.fail_at = SIZE_MAX;
}
END_TEST

/* ---- status ------------------------------------------------------------------------------------------------------ */

static LONG set(int line, DWORD bits, DWORD on)
{
    return TSPI_lineSetLineDevStatus(host_request(), host.linev[line], bits, on);
}

static DWORD status(int line)
{
    LINEDEVSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[line], &s), 0);
    return s.dwDevStatusFlags;
}

START_TEST(status_of_a_line)
{
    const DWORD usual = LINEDEVSTATUSFLAGS_CONNECTED | LINEDEVSTATUSFLAGS_INSERVICE;
    HDRVCALL call = NULL;

    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_MSGWAIT | LINEDEVSTATUSFLAGS_LOCKED, 0xFFFFFFFF), 0);
    ck_assert_str_eq(host_trace(), "reply 1 ok\nline 1 80010 0 0\n");
    ck_assert_uint_eq(status(1), usual | LINEDEVSTATUSFLAGS_MSGWAIT | LINEDEVSTATUSFLAGS_LOCKED);
    ck_assert_uint_eq(status(0), usual);
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[1], HOST_CALL(1), &call, u"100", 0, NULL), ERR(CALLUNAVAIL));
    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_MSGWAIT | LINEDEVSTATUSFLAGS_LOCKED, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 2 ok\nline 1 80020 0 0\n");
    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_INSERVICE, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\nline 1 80 0 0\n");
    call = host_make(0, 1, u"101");
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1 DIALING 0\n1 PROCEEDING 0\n1 DISCONNECTED 4000\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_int_eq(TSPI_lineSetLineDevStatus(9, host.linev[1], LINEDEVSTATUSFLAGS_CONNECTED, 0), ERR(INVALLINESTATE));
    ck_assert_int_eq(TSPI_lineSetLineDevStatus(9, host.linev[1], 0, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetLineDevStatus(9, host.linev[1], 0x10, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetLineDevStatus(0, host.linev[1], 2, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetLineDevStatus(9, NULL, 2, 0), ERR(INVALLINEHANDLE));
}
END_TEST

static HDRVPHONE phone;

static LONG press(DWORD id)
{
    struct sessiontsp_phone what = {SESSIONTSP_PHONE_BUTTON, id, PHONEBUTTONSTATE_DOWN | PHONEBUTTONSTATE_UP};

    return TSPI_phoneDevSpecific(host_request(), phone, &what, sizeof what) > 0 ? 0 : -1;
}

static void CALLBACK on_phone(HTAPIPHONE phone, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    (void)phone;
    (void)msg;
    (void)p1;
    (void)p2;
    (void)p3;
}

static DWORD lamp(void)
{
    DWORD mode = 0;

    ck_assert_int_eq(TSPI_phoneGetLamp(phone, SESSION_PHONE_KEY_MESSAGE, &mode), 0);
    return mode;
}

/* The message lamp of the line's telephone, and its key. */
START_TEST(message_lamp)
{
    struct sessiontsp_phone left = {SESSIONTSP_PHONE_MESSAGE, 0, 1};

    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_MSGWAIT, 1), 0);
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 1, (HTAPIPHONE)(uintptr_t)5, &phone, 0x00020002, on_phone), 0);
    ck_assert_int_eq(TSPI_phoneSelectExtVersion(phone, SESSIONTSP_PHONE_EXT_VERSION), 0);
    ck_assert_uint_eq(lamp(), PHONELAMPMODE_STEADY);
    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_MSGWAIT, 0), 0);
    ck_assert_uint_eq(lamp(), PHONELAMPMODE_OFF);
    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_MSGWAIT, 1), 0);
    ck_assert_uint_eq(lamp(), PHONELAMPMODE_STEADY);
    host_forget();
    ck_assert_int_eq(press(SESSION_PHONE_KEY_MESSAGE), 0);
    ck_assert_uint_eq(lamp(), PHONELAMPMODE_OFF);
    ck_assert_uint_eq(status(1) & LINEDEVSTATUSFLAGS_MSGWAIT, 0);
    ck_assert(strstr(host_trace(), "line 1 20 0 0\n"));
    /* also while nobody has the line */
    ck_assert_int_gt(set(1, LINEDEVSTATUSFLAGS_MSGWAIT, 1), 0);
    ck_assert_int_eq(TSPI_lineClose(host.linev[1]), 0);
    ck_assert_int_eq(press(SESSION_PHONE_KEY_MESSAGE), 0);
    host_open(1, 0x00020002, false);
    ck_assert_uint_eq(status(1) & LINEDEVSTATUSFLAGS_MSGWAIT, 0);
    /* one that is left at the telephone waits on the line */
    ck_assert_int_gt(TSPI_phoneDevSpecific(host_request(), phone, &left, sizeof left), 0);
    ck_assert_uint_ne(status(1) & LINEDEVSTATUSFLAGS_MSGWAIT, 0);
    ck_assert_uint_eq(lamp(), PHONELAMPMODE_STEADY);
}
END_TEST

/* ---- call completion --------------------------------------------------------------------------------------------- */

/* Line 1 talks with 600; call `call` of line 0 finds it busy. */
static HDRVCALL find_busy(uintptr_t call)
{
    HDRVCALL hd = host_make(0, call, u"101");

    ck_assert_uint_eq(host_state(hd), LINECALLSTATE_BUSY);
    host_forget();
    return hd;
}

static DWORD features2(HDRVCALL call)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    return s.dwCallFeatures2 & (LINECALLFEATURE2_COMPLCAMPON | LINECALLFEATURE2_COMPLCALLBACK |
                                LINECALLFEATURE2_COMPLINTRUDE | LINECALLFEATURE2_COMPLMESSAGE);
}

START_TEST(called_back)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    LINEDEVSTATUS s = {.dwTotalSize = sizeof s};
    HDRVCALL talk = host_make(1, 5, u"600"), call = find_busy(1), back;
    DWORD id = 0;

    ck_assert_uint_eq(features2(call), LINECALLFEATURE2_COMPLCAMPON | LINECALLFEATURE2_COMPLCALLBACK |
                                           LINECALLFEATURE2_COMPLINTRUDE | LINECALLFEATURE2_COMPLMESSAGE);
    ck_assert_int_gt(TSPI_lineCompleteCall(host_request(), call, &id, LINECALLCOMPLMODE_CALLBACK, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 IDLE 0\n");
    ck_assert_uint_ne(id, 0);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[0], &s), 0);
    ck_assert_uint_eq(s.dwNumCallCompletions, 1);
    ck_assert_int_eq(TSPI_lineCloseCall(talk), 0);
    back = host_new(1000);
    ck_assert_int_eq(TSPI_lineGetCallInfo(back, &info), 0);
    ck_assert_uint_eq(info.dwReason, LINECALLREASON_CALLCOMPLETION);
    ck_assert_uint_eq(info.dwCompletionID, id);
    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[0], &s), 0);
    ck_assert_uint_eq(s.dwNumCallCompletions, 0);
    host_forget();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), back, NULL, 0), 0);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_uint_eq(host_state(back), LINECALLSTATE_CONNECTED);
    ck_assert_uint_eq(host_state(host_new(1001)), LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(TSPI_lineCloseCall(back), 0);
}
END_TEST

START_TEST(taken_back)
{
    HDRVCALL talk = host_make(1, 5, u"600"), call = find_busy(1);
    DWORD id = 0;

    ck_assert_int_eq(TSPI_lineCompleteCall(9, call, NULL, LINECALLCOMPLMODE_CAMPON, 0), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineCompleteCall(0, call, &id, LINECALLCOMPLMODE_CAMPON, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineCompleteCall(9, NULL, &id, LINECALLCOMPLMODE_CAMPON, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineCompleteCall(9, call, &id, 0, 0), ERR(INVALCALLCOMPLMODE));
    ck_assert_int_eq(TSPI_lineCompleteCall(9, call, &id, 3, 0), ERR(INVALCALLCOMPLMODE));
    ck_assert_int_eq(TSPI_lineCompleteCall(9, call, &id, LINECALLCOMPLMODE_MESSAGE, 4), ERR(INVALMESSAGEID));
    ck_assert_int_eq(TSPI_lineCompleteCall(9, talk, &id, LINECALLCOMPLMODE_CAMPON, 0), ERR(INVALCALLSTATE));
    ck_assert_uint_eq(id, 0);
    ck_assert_int_gt(TSPI_lineCompleteCall(host_request(), call, &id, LINECALLCOMPLMODE_CAMPON, 0), 0);
    ck_assert_int_eq(TSPI_lineUncompleteCall(9, host.linev[1], id), ERR(INVALCOMPLETIONID));
    ck_assert_int_eq(TSPI_lineUncompleteCall(9, host.linev[0], id + 1), ERR(INVALCOMPLETIONID));
    ck_assert_int_eq(TSPI_lineUncompleteCall(0, host.linev[0], id), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineUncompleteCall(9, NULL, id), ERR(INVALLINEHANDLE));
    ck_assert_int_gt(TSPI_lineUncompleteCall(host_request(), host.linev[0], id), 0);
    ck_assert_int_eq(TSPI_lineUncompleteCall(9, host.linev[0], id), ERR(INVALCOMPLETIONID));
    ck_assert_int_eq(TSPI_lineCloseCall(talk), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 IDLE 0\nreply 4 ok\naddress 1.0 24\nline 1 800 0 0\n");
    (void)host_make(1, 6, u"600");
    for (uintptr_t i = 0; i < SESSION_COMPLETIONS_MAX; i++) {
        call = find_busy(10 + i);
        ck_assert_int_gt(TSPI_lineCompleteCall(host_request(), call, &id, LINECALLCOMPLMODE_CALLBACK, 0), 0);
        ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    }
    call = find_busy(30);
    ck_assert_int_eq(TSPI_lineCompleteCall(9, call, &id, LINECALLCOMPLMODE_CALLBACK, 0), ERR(COMPLETIONOVERRUN));
}
END_TEST

START_TEST(joined_and_left_a_message)
{
    HDRVCALL talk = host_make(1, 5, u"600"), call = find_busy(1);
    DWORD id = 0;

    ck_assert_int_gt(TSPI_lineCompleteCall(host_request(), call, &id, LINECALLCOMPLMODE_INTRUDE, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 CONNECTED 1\n1 info 20000\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    call = find_busy(2);
    ck_assert_int_gt(TSPI_lineCompleteCall(host_request(), call, &id, LINECALLCOMPLMODE_MESSAGE, 3), 0);
    ck_assert_str_eq(host_trace(), "reply 5 ok\n2 IDLE 0\nline 1 10 0 0\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(talk), 0);
    call = host_make(0, 3, u"101");
    ck_assert_uint_eq(features2(call), LINECALLFEATURE2_COMPLCALLBACK | LINECALLFEATURE2_COMPLMESSAGE);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

START_TEST(capabilities)
{
    union {
        LINEADDRESSCAPS c;
        unsigned char room[3000];
    } u = {.c = {.dwTotalSize = sizeof u}};
    static const DWORD versionv[] = {0x00010003, 0x00010004, 0x00020000, 0x00020002};

    for (int i = 0; i < 4; i++) {
        bool v2 = versionv[i] >= 0x00020000;
        LINEDEVCAPS d = {.dwTotalSize = sizeof d};

        memset(u.room + 4, 0, sizeof u - 4);
        ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0, versionv[i], 0, &u.c), 0);
        ck_assert_uint_eq(u.c.dwForwardModes, 0xFFFF);
        ck_assert_uint_eq(u.c.dwMaxForwardEntries, 32);
        ck_assert_uint_eq(u.c.dwMaxSpecificEntries, 16);
        ck_assert_uint_eq(u.c.dwMinFwdNumRings, 1);
        ck_assert_uint_eq(u.c.dwMaxFwdNumRings, 20);
        ck_assert_uint_eq(u.c.dwMaxCallCompletions, SESSION_COMPLETIONS_MAX);
        ck_assert_uint_eq(u.c.dwCallCompletionConds, LINECALLCOMPLCOND_BUSY | LINECALLCOMPLCOND_NOANSWER);
        ck_assert_uint_eq(u.c.dwCallCompletionModes, 0xF);
        ck_assert_uint_eq(u.c.dwNumCompletionMessages, 4);
        ck_assert_uint_eq(u.c.dwCompletionMsgTextSize, 4 * u.c.dwCompletionMsgTextEntrySize);
        ck_assert_str_eq(units(&u, u.c.dwCompletionMsgTextEntrySize,
                               u.c.dwCompletionMsgTextOffset + 3 * u.c.dwCompletionMsgTextEntrySize),
                         "It is urgent");
        ck_assert_uint_eq(u.c.dwAddrCapFlags & LINEADDRCAPFLAGS_FWDCONSULT, 0);
        ck_assert_uint_ne(u.c.dwAddrCapFlags & LINEADDRCAPFLAGS_FWDNUMRINGS, 0);
        if (versionv[i] >= 0x00010004)
            ck_assert_int_eq((u.c.dwAddressFeatures & LINEADDRFEATURE_FORWARDDND) != 0, v2);
        ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, versionv[i], 0, &d), 0);
        if (versionv[i] >= 0x00010004)
            ck_assert_int_eq((d.dwLineFeatures & LINEFEATURE_SETDEVSTATUS) != 0, v2);
        ck_assert_int_eq((d.dwLineStates & LINEDEVSTATE_COMPLCANCEL) != 0, versionv[i] >= 0x00010004);
    }
}
END_TEST

Suite *suite_forward(void)
{
    Suite *s = suite_create("forward");
    TCase *c = tcase_create("forward");

    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, forwarding_and_its_status);
    tcase_add_test(c, forwarded_call);
    tcase_add_test(c, hostile_lists);
    tcase_add_test(c, longest_list);
    tcase_add_test(c, status_of_a_line);
    tcase_add_test(c, message_lamp);
    tcase_add_test(c, called_back);
    tcase_add_test(c, taken_back);
    tcase_add_test(c, joined_and_left_a_message);
    tcase_add_test(c, capabilities);
    suite_add_tcase(s, c);
    return s;
}
