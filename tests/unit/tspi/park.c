/* TSPI: park, unpark, pickup. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include <stdio.h>

static void setup(void)
{
    host_start(NULL);
    for (int i = 0; i < 4; i++)
        host_open(i, 0x00020002, false);
}

static void teardown(void)
{
    host_stop();
}

/* Call 1 of line 0 is up with call 1000 of line 1. */
static HDRVCALL connected(void)
{
    HDRVCALL call = host_make(0, 1, u"101");

    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    host_forget();
    return call;
}

struct place {
    VARSTRING head;
    WCHAR room[8];
};

static void is_at(const struct place *p, const char *number)
{
    const char *bytes = (const char *)p + p->head.dwStringOffset;
    size_t len = strlen(number);

    ck_assert_uint_eq(p->head.dwTotalSize, sizeof *p); /* not ours to write */
    ck_assert_uint_eq(p->head.dwStringFormat, STRINGFORMAT_UNICODE);
    ck_assert_uint_eq(p->head.dwStringSize, (len + 1) * sizeof(WCHAR));
    ck_assert_uint_eq(p->head.dwUsedSize, sizeof(VARSTRING) + p->head.dwStringSize);
    ck_assert_uint_eq(p->head.dwNeededSize, p->head.dwUsedSize);
    for (size_t i = 0; i <= len; i++) {
        WCHAR unit;

        memcpy(&unit, bytes + i * sizeof unit, sizeof unit);
        ck_assert_uint_eq(unit, (unsigned char)number[i]);
    }
}

START_TEST(park_and_unpark)
{
    HDRVCALL call = connected(), taken = NULL;
    struct {
        LINECALLINFO i;
        unsigned char room[400];
    } info = {.i = {.dwTotalSize = sizeof info}};

    ck_assert_int_eq(TSPI_linePark(9, call, 0, u"700", NULL), ERR(INVALPARKMODE));
    ck_assert_int_eq(TSPI_linePark(9, call, 3, u"700", NULL), ERR(INVALPARKMODE));
    ck_assert_int_eq(TSPI_linePark(0, call, LINEPARKMODE_DIRECTED, u"700", NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_linePark(9, call, LINEPARKMODE_DIRECTED, NULL, NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_linePark(9, call, LINEPARKMODE_DIRECTED, u"nowhere", NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_linePark(9, NULL, LINEPARKMODE_DIRECTED, u"700", NULL), ERR(INVALCALLHANDLE));
    ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_DIRECTED, u"999", NULL), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "reply 3 INVALADDRESS")); /* one, but not for this */
    ck_assert_int_eq(host_state(call), LINECALLSTATE_CONNECTED);
    ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_DIRECTED, u"700", NULL), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1 IDLE 0\n1000 CONNECTED 4\n1000 info 20000\n");
    ck_assert_int_eq(TSPI_linePark(9, call, LINEPARKMODE_DIRECTED, u"701", NULL), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0); /* with the handle or without it */

    ck_assert_int_eq(TSPI_lineUnpark(9, host.linev[2], 0, HOST_CALL(2), NULL, u"700"), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineUnpark(0, host.linev[2], 0, HOST_CALL(2), &taken, u"700"), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineUnpark(9, NULL, 0, HOST_CALL(2), &taken, u"700"), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineUnpark(9, host.linev[2], 1, HOST_CALL(2), &taken, u"700"), ERR(INVALADDRESSID));
    ck_assert_int_eq(TSPI_lineUnpark(9, host.linev[2], 0, HOST_CALL(2), &taken, NULL), ERR(INVALADDRESS));
    ck_assert_ptr_null(taken);
    ck_assert_int_gt(TSPI_lineUnpark(host_request(), host.linev[2], 0, HOST_CALL(2), &taken, u"700"), 0);
    ck_assert_str_eq(host_trace(), "reply 5 ok\n2 CONNECTED 1\n1000 info 20000\n1000 CONNECTED 1\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(taken, &info.i), 0);
    ck_assert_uint_eq(info.i.dwReason, LINECALLREASON_UNPARK);
    ck_assert_uint_eq(info.i.dwOrigin, LINECALLORIGIN_INTERNAL);
    ck_assert_uint_ne(info.i.dwRedirectingIDSize, 0);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), taken, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n2 IDLE 0\n1000 DISCONNECTED 1\n");
    ck_assert_int_gt(TSPI_lineUnpark(host_request(), host.linev[2], 0, HOST_CALL(3), &taken, u"700"), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(taken), 0); /* it died with its request */
}
END_TEST

START_TEST(park_where_there_is_room)
{
    HDRVCALL call = connected(), taken = NULL;
    struct place place = {.head = {.dwTotalSize = sizeof(VARSTRING) + 3 * sizeof(WCHAR)}};

    ck_assert_int_eq(TSPI_linePark(9, call, LINEPARKMODE_NONDIRECTED, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_linePark(9, call, LINEPARKMODE_NONDIRECTED, NULL, &place.head), ERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(host_state(call), LINECALLSTATE_CONNECTED); /* it is not lost */
    place.head.dwTotalSize = sizeof place;
    ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_NONDIRECTED, u"x", &place.head), 0);
    is_at(&place, "700");
    ck_assert_int_gt(TSPI_lineUnpark(host_request(), host.linev[0], 0, HOST_CALL(2), &taken, u"700"), 0);
    host_forget();
    memset(&place.head, 0, sizeof place.head);
    place.head.dwTotalSize = sizeof place;
    ck_assert_int_gt(TSPI_linePark(host_request(), taken, LINEPARKMODE_DIRECTED, u"701", &place.head), 0);
    ck_assert_uint_eq(place.head.dwUsedSize, 0); /* that is not for directed park */
    ck_assert_int_eq(TSPI_lineCloseCall(host_new(1000)), 0);
}
END_TEST

/* Without places calls can still be parked at lines; what is not there does not show. */
START_TEST(no_places)
{
    union {
        LINEADDRESSCAPS caps;
        unsigned char room[1000];
    } u = {.caps = {.dwTotalSize = sizeof u}};
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};
    struct place place = {.head = {.dwTotalSize = sizeof place}};
    HDRVCALL call;

    host_stop();
    host_start("[lines]\ncount=4\n[provider]\npark_count=0\n");
    for (int i = 0; i < 3; i++)
        host_open(i, 0x00020002, false);
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0, 0x00020002, 0, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwParkModes, LINEPARKMODE_DIRECTED);
    ck_assert_uint_eq(u.caps.dwCallFeatures2 & (LINECALLFEATURE2_PARKDIRECT | LINECALLFEATURE2_PARKNONDIRECT),
                      LINECALLFEATURE2_PARKDIRECT);
    call = connected();
    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_eq(s.dwCallFeatures2 & (LINECALLFEATURE2_PARKDIRECT | LINECALLFEATURE2_PARKNONDIRECT),
                      LINECALLFEATURE2_PARKDIRECT);
    ck_assert_int_eq(TSPI_linePark(9, call, LINEPARKMODE_NONDIRECTED, NULL, &place.head), ERR(INVALPARKMODE));
    ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_DIRECTED, u"102", NULL), 0);
    ck_assert_str_eq(host_trace(),
                     "reply 3 ok\n1 IDLE 0\n1000 CONNECTED 4\n1000 info 20000\nnew 1001\n1001 ONHOLD 0\n");
    ck_assert_int_gt(TSPI_lineUnhold(host_request(), host_new(1001)), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1001 CONNECTED 1\n1000 CONNECTED 1\n");
}
END_TEST

static bool offered(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_OFFERING && e->line == HOST_LINE(0);
}

static bool disconnected(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_DISCONNECTED && e->line == HOST_LINE(1);
}

/* After its time the call rings at who parked it, with the reason; and in the end it is over. */
START_TEST(reminder_and_end)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    HDRVCALL call;

    host_stop();
    host_start(_i ? "[provider]\npark_reminder_ms=0\npark_timeout_ms=1\n" : "[provider]\npark_reminder_ms=1\n");
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
    call = connected();
    ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_DIRECTED, u"705", NULL), 0);
    host_wait(_i ? disconnected : offered);
    if (_i)
        return;
    ck_assert_int_eq(TSPI_lineGetCallInfo(host_new(1001), &info), 0);
    ck_assert_uint_eq(info.dwReason, LINECALLREASON_REMINDER);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_int_eq(host_state(host_new(1000)), LINECALLSTATE_CONNECTED);
}
END_TEST

START_TEST(pickup)
{
    HDRVCALL taken = NULL;
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    static WCHAR longest[3000];

    for (int i = 0; i < 2999; i++)
        longest[i] = 'g';
    ck_assert_int_eq(TSPI_linePickup(9, host.linev[2], 0, HOST_CALL(2), NULL, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_linePickup(0, host.linev[2], 0, HOST_CALL(2), &taken, NULL, NULL), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_linePickup(9, NULL, 0, HOST_CALL(2), &taken, NULL, NULL), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_linePickup(9, host.linev[2], 4, HOST_CALL(2), &taken, NULL, NULL), ERR(INVALADDRESSID));
    ck_assert_int_eq(TSPI_linePickup(9, host.linev[2], 0, HOST_CALL(2), &taken, u"10;", NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_linePickup(9, host.linev[2], 0, HOST_CALL(2), &taken, longest, NULL), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_linePickup(9, host.linev[2], 0, HOST_CALL(2), &taken, NULL, longest), ERR(INVALGROUPID));
    ck_assert_int_gt(TSPI_linePickup(host_request(), host.linev[2], 0, HOST_CALL(2), &taken, NULL, NULL), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "reply 1 OPERATIONFAILED")); /* nothing rings */
    ck_assert_int_eq(TSPI_lineCloseCall(taken), 0);
    ck_assert_int_gt(TSPI_linePickup(host_request(), host.linev[2], 0, HOST_CALL(2), &taken, NULL, u"9"), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "reply 2 INVALGROUPID"));
    (void)host_make(0, 1, u"101");
    host_forget();
    ck_assert_int_gt(
        TSPI_linePickup(host_request(), host.linev[2], 0, HOST_CALL(3), &taken, _i ? u"101" : u"", _i ? NULL : u"1"),
        0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n3 CONNECTED 1\n1 info c0000\n1000 DISCONNECTED 8\n1 CONNECTED 1\n"
                                   "1 info 20000\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(taken, &info), 0);
    ck_assert_uint_eq(info.dwReason, LINECALLREASON_PICKUP);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), host_new(1000), NULL, 0), 0);
}
END_TEST

/* Groups are what the configuration says. */
START_TEST(groups)
{
    HDRVCALL taken = NULL;

    host_stop();
    host_start("[line 0]\nnumber=100\n[line 1]\nnumber=101\npickup_group=sales\n[line 2]\nnumber=102\n"
               "[line 3]\nnumber=103\npickup_group=sales\n");
    for (int i = 0; i < 4; i++)
        host_open(i, 0x00020002, false);
    (void)host_make(0, 1, u"101");
    host_forget();
    ck_assert_int_gt(TSPI_linePickup(host_request(), host.linev[2], 0, HOST_CALL(2), &taken, NULL, NULL), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "reply 2 OPERATIONFAILED"));
    ck_assert_int_gt(TSPI_linePickup(host_request(), host.linev[3], 0, HOST_CALL(3), &taken, NULL, NULL), 0);
    ck_assert_int_eq(host_state(taken), LINECALLSTATE_CONNECTED);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), taken, NULL, 0), 0);
    host_forget();
    (void)host_make(2, 4, u"103");
    ck_assert_int_gt(TSPI_linePickup(host_request(), host.linev[0], 0, HOST_CALL(5), &taken, NULL, u"sales"), 0);
    ck_assert_int_eq(host_state(taken), LINECALLSTATE_CONNECTED);
}
END_TEST

START_TEST(features)
{
    union {
        LINEADDRESSCAPS caps;
        unsigned char room[1000];
    } u = {.caps = {.dwTotalSize = sizeof u}};
    LINEADDRESSSTATUS s = {.dwTotalSize = sizeof s};
    const DWORD all = LINEADDRFEATURE_PICKUP | LINEADDRFEATURE_PICKUPGROUP | LINEADDRFEATURE_PICKUPDIRECT |
                      LINEADDRFEATURE_PICKUPWAITING | LINEADDRFEATURE_PICKUPHELD | LINEADDRFEATURE_UNPARK;

    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0, 0x00020002, 0, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwAddressFeatures & all, all & ~(DWORD)LINEADDRFEATURE_PICKUPHELD);
    ck_assert_uint_ne(u.caps.dwAddrCapFlags & LINEADDRCAPFLAGS_PICKUPCALLWAIT, 0);
    ck_assert_uint_eq(u.caps.dwAddrCapFlags & LINEADDRCAPFLAGS_PICKUPGROUPID, 0);
    ck_assert_uint_ne(u.caps.dwAddrCapFlags & LINEADDRCAPFLAGS_TRANSFERHELD, 0);
    ck_assert_uint_ne(u.caps.dwAddrCapFlags & LINEADDRCAPFLAGS_TRANSFERMAKE, 0);
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0, 0x00010004, 0, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwAddressFeatures & all, LINEADDRFEATURE_PICKUP | LINEADDRFEATURE_UNPARK);
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[0], 0, &s), 0);
    ck_assert_uint_eq(s.dwAddressFeatures & all, all & ~(DWORD)LINEADDRFEATURE_PICKUPHELD);
    (void)host_make(0, 1, u"600");
    (void)host_make(0, 2, u"602");
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[0], 0, &s), 0); /* no room for a call more */
    ck_assert_uint_eq(s.dwAddressFeatures & all, 0);
}
END_TEST

/* lineCompleteTransfer of a call that is simply held. */
START_TEST(held_call_transferred)
{
    HDRVCALL call = connected(), other, none = NULL;
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_gt(TSPI_lineHold(host_request(), call), 0);
    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_eq(s.dwCallFeatures & LINECALLFEATURE_COMPLETETRANSF, 0);
    other = host_make(0, 2, u"102");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    host_forget();
    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_ne(s.dwCallFeatures & LINECALLFEATURE_COMPLETETRANSF, 0);
    ck_assert_int_gt(TSPI_lineCompleteTransfer(host_request(), call, other, NULL, &none, LINETRANSFERMODE_TRANSFER), 0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n1 IDLE 0\n2 IDLE 0\n1000 info 20000\n1000 CONNECTED 1\n"
                                   "1001 info 200c0\n");
}
END_TEST

/* The place is there when the completion comes, and not touched after it. */
static struct place late;
static void write_inside(const struct host_event *e)
{
    if (e->reply && e->p1 == 3) {
        host_hook(NULL);
        is_at(&late, "700");
        late.head.dwUsedSize = 4711;
    }
}

START_TEST(written_before_the_completion)
{
    HDRVCALL call = connected();

    memset(&late, 0, sizeof late);
    late.head.dwTotalSize = sizeof late;
    host_hook(write_inside);
    ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_NONDIRECTED, NULL, &late.head), 0);
    ck_assert_uint_eq(late.head.dwUsedSize, 4711);
    ck_assert_int_eq(TSPI_lineCloseCall(host_new(1000)), 0);
}
END_TEST

Suite *suite_park(void)
{
    Suite *s = suite_create("park");
    TCase *tc = tcase_create("park");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, park_and_unpark);
    tcase_add_test(tc, park_where_there_is_room);
    tcase_add_test(tc, no_places);
    tcase_add_loop_test(tc, reminder_and_end, 0, 2);
    tcase_add_loop_test(tc, pickup, 0, 2);
    tcase_add_test(tc, groups);
    tcase_add_test(tc, features);
    tcase_add_test(tc, held_call_transferred);
    tcase_add_test(tc, written_before_the_completion);
    suite_add_tcase(s, tc);
    return s;
}
