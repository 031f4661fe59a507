/* TSPI: addresses that several lines have. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include <stdio.h>

enum { ACTIVE = 1, INACTIVE = 2, EXCLUSIVE = 2, NEW = 4, SHARED = 8 };

/* 200 is on lines 1 and 2; line 0 has 100 and watches 200, line 3 has 103. */
static void start(const char *sharing, DWORD version)
{
    char ini[400];

    (void)snprintf(ini, sizeof ini,
                   "[line 0]\naddresses=100,200\nsharing=private,monitored\n[line 1]\nnumber=200\nsharing=%s\n"
                   "[line 2]\nnumber=200\nsharing=%s\n[line 3]\nnumber=103\n",
                   sharing, sharing);
    host_start(ini);
    for (int i = 0; i < 4; i++)
        host_open(i, version, false);
}

static DWORD features(HDRVCALL call)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    return s.dwCallFeatures;
}

static DWORD mode(HDRVCALL call)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_eq(s.dwCallState, LINECALLSTATE_CONNECTED);
    return s.dwCallStateMode;
}

static DWORD in_use(int line, DWORD address)
{
    LINEADDRESSSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[line], address, &s), 0);
    return s.dwNumInUse;
}

static DWORD address_features(int line)
{
    LINEADDRESSSTATUS s = {.dwTotalSize = sizeof s};
    LINEDEVSTATUS d = {.dwTotalSize = sizeof d};

    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[line], 0, &s), 0);
    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[line], &d), 0);
    ck_assert_int_eq(!(s.dwAddressFeatures & LINEADDRFEATURE_MAKECALL), !(d.dwLineFeatures & LINEFEATURE_MAKECALL));
    return s.dwAddressFeatures;
}

START_TEST(shared_call)
{
    HDRVCALL a, b, c;
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    DWORD id;

    start("shared", 0x00020002);
    a = host_make(0, 1, u"200");
    b = host_new(1000);
    c = host_new(1001);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\nnew 1001\n"
                                   "1001 OFFERING 1\n1 RINGBACK 0\n");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), b, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\n"
                                   "1001 CONNECTED 2\n1001 info 20000\n");
    ck_assert_uint_eq(mode(c), LINECONNECTEDMODE_INACTIVE);
    ck_assert_uint_eq(features(c) & (LINECALLFEATURE_ANSWER | LINECALLFEATURE_DROP | LINECALLFEATURE_HOLD |
                                     LINECALLFEATURE_SETUPTRANSFER | LINECALLFEATURE_MONITORDIGITS),
                      LINECALLFEATURE_ANSWER);
    ck_assert_int_eq(TSPI_lineHold(9, c), ERR(INVALCALLSTATE));
    ck_assert_int_gt(TSPI_lineDrop(host_request(), c, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 3 INVALCALLSTATE\n");
    ck_assert_int_eq(TSPI_lineAnswer(9, b, NULL, 0), ERR(INVALCALLSTATE)); /* it is in already */
    ck_assert_int_eq(TSPI_lineGetCallInfo(a, &info), 0);
    id = info.dwCallID;
    ck_assert_int_eq(TSPI_lineGetCallInfo(c, &info), 0);
    ck_assert_uint_eq(info.dwCallID, id);

    ck_assert_uint_ne(features(b) & LINECALLFEATURE_SETUPTRANSFER, 0);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), c, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1001 CONNECTED 1\n1001 info 20000\n");
    ck_assert_uint_eq(features(b) & (LINECALLFEATURE_SETUPTRANSFER | LINECALLFEATURE_BLINDTRANSFER), 0);
    ck_assert_uint_ne(features(b) & LINECALLFEATURE_HOLD, 0);
    ck_assert_int_gt(TSPI_lineBlindTransfer(host_request(), b, u"103", 0), 0);
    ck_assert_str_eq(host_trace(), "reply 5 INVALCALLSTATE\n");
    ck_assert_int_gt(TSPI_lineHold(host_request(), b), 0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n1000 CONNECTED 2\n");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), b, NULL, 0), 0);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), c, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 7 ok\n1000 CONNECTED 1\n1000 info 20000\nreply 8 ok\n1001 CONNECTED 2\n");
    /* put on hold here, taken there */
    ck_assert_int_gt(TSPI_lineHold(host_request(), b), 0);
    ck_assert_str_eq(host_trace(), "reply 9 ok\n1000 ONHOLD 0\n1 CONNECTED 4\n");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), c, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 10 ok\n1001 CONNECTED 1\n1001 info 20000\n1000 CONNECTED 2\n1 CONNECTED 1\n");
    ck_assert_int_gt(TSPI_lineDrop(host_request(), c, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 11 ok\n1001 IDLE 0\n1 DISCONNECTED 1\n1000 DISCONNECTED 1\n");
    host_stop();
}
END_TEST

START_TEST(nobody_joins)
{
    HDRVCALL b, c, consult = NULL;

    start("shared", 0x00020002);
    (void)host_make(0, 1, u"200");
    b = host_new(1000);
    c = host_new(1001);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), b, NULL, 0), 0);
    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), b, HOST_CALL(2), &consult, NULL), 0);
    ck_assert_uint_eq(features(c) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_int_eq(TSPI_lineAnswer(9, c, NULL, 0), ERR(INUSE));
    ck_assert_int_gt(TSPI_lineUnhold(host_request(), b), 0);
    ck_assert_uint_ne(features(c) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_int_gt(TSPI_lineSecureCall(host_request(), b), 0);
    ck_assert_uint_eq(features(c) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_int_eq(TSPI_lineAnswer(9, c, NULL, 0), ERR(INUSE));
    /* the handle of one that takes no part can be given back: the call goes on */
    ck_assert_int_eq(TSPI_lineCloseCall(c), 0);
    ck_assert_uint_eq(mode(b), LINECONNECTEDMODE_ACTIVE);
    host_stop();
}
END_TEST

START_TEST(outgoing_call)
{
    HDRVCALL call;
    struct {
        LINECALLINFO i;
        unsigned char room[400];
    } u = {.i = {.dwTotalSize = sizeof u}};

    start("shared", 0x00020002);
    call = host_make(1, 1, u"103");
    host_forget();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_str_eq(host_trace(),
                     "reply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\nnew 1001\n"
                     "1001 CONNECTED 2\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(host_new(1001), &u.i), 0);
    ck_assert_uint_eq(u.i.dwOrigin, LINECALLORIGIN_OUTBOUND);
    ck_assert_uint_eq(u.i.dwCallerIDFlags & LINECALLPARTYID_ADDRESS, LINECALLPARTYID_ADDRESS);
    ck_assert_uint_eq(u.i.dwConnectedIDFlags & LINECALLPARTYID_ADDRESS, LINECALLPARTYID_ADDRESS);
    ck_assert_uint_eq(u.i.dwLineDeviceID, HOST_DEVICE_BASE + 2);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0); /* the other one has it now */
    ck_assert_uint_eq(mode(host_new(1001)), LINECONNECTEDMODE_ACTIVE);
    host_stop();
}
END_TEST

START_TEST(exclusive_use)
{
    HDRVCALL call, none = NULL;

    start("exclusive", 0x00020002);
    ck_assert_uint_ne(address_features(2) & LINEADDRFEATURE_MAKECALL, 0);
    call = host_make(1, 1, u"103");
    ck_assert_uint_eq(address_features(2) & LINEADDRFEATURE_MAKECALL, 0);
    ck_assert_uint_ne(address_features(1) & LINEADDRFEATURE_MAKECALL, 0); /* it is its own use */
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[2], HOST_CALL(2), &none, u"103", 0, NULL), ERR(CALLUNAVAIL));
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_uint_eq(mode(host_new(1001)), LINECONNECTEDMODE_INACTIVE);
    ck_assert_uint_eq(features(host_new(1001)) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_int_eq(TSPI_lineAnswer(9, host_new(1001), NULL, 0), ERR(INUSE));
    /* a second call is for who has the address; the others cannot take it */
    (void)host_make(0, 3, u"200");
    ck_assert_uint_ne(features(host_new(1002)) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_uint_eq(features(host_new(1003)) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_int_eq(TSPI_lineAnswer(9, host_new(1003), NULL, 0), ERR(INUSE));
    ck_assert_int_gt(TSPI_lineDrop(host_request(), call, NULL, 0), 0);
    ck_assert_uint_ne(features(host_new(1003)) & LINECALLFEATURE_ANSWER, 0);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1003), NULL, 0), 0);
    ck_assert_uint_eq(address_features(1) & LINEADDRFEATURE_MAKECALL, 0);
    host_stop();
}
END_TEST

START_TEST(new_calls)
{
    start("new", 0x00020002);
    (void)host_make(0, 1, u"200");
    host_forget();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 2 ok\n1001 CONNECTED 1\n1001 info 20000\n1 CONNECTED 1\n1 info 20000\n"
                                   "1000 DISCONNECTED 8\n");
    (void)host_make(1, 3, u"103"); /* a call of its own */
    host_forget();
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1002), NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1002 CONNECTED 1\n1002 info 20000\n3 CONNECTED 1\n3 info 20000\n");
    ck_assert_uint_eq(in_use(0, 1), 2);
    host_stop();
}
END_TEST

START_TEST(monitored)
{
    HDRVCALL call, none = NULL;
    LINECALLPARAMS params = {
        .dwTotalSize = sizeof params, .dwAddressMode = LINEADDRESSMODE_ADDRESSID, .dwAddressID = 1};
    LINEADDRESSSTATUS s = {.dwTotalSize = sizeof s};

    start("shared", 0x00020002);
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[0], 0, 0x1FF), 0);
    ck_assert_uint_eq(in_use(0, 1), 0);
    call = host_make(3, 1, u"200");
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\naddress 0.1 8\n1000 OFFERING 1\n"
                                   "new 1001\naddress 0.1 10\n1001 OFFERING 1\n1 RINGBACK 0\n");
    ck_assert_uint_eq(in_use(0, 1), 2);
    ck_assert_uint_eq(in_use(2, 0), 2);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "1001 CONNECTED 2\naddress 0.1 8\n"));
    ck_assert_uint_eq(in_use(0, 1), 1);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), call, NULL, 0), 0);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "address 0.1 4\n"));
    ck_assert_uint_eq(in_use(0, 1), 0);
    /* nothing else can be done with it */
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[0], HOST_CALL(2), &none, u"103", 0, &params),
                     ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[0], 1, &s), 0);
    ck_assert_uint_eq(s.dwAddressFeatures, 0);
    ck_assert_uint_eq(s.dwNumActiveCalls, 0);
    host_stop();
}
END_TEST

static LINEADDRESSCAPS caps_of(int line, DWORD address, DWORD version)
{
    LINEADDRESSCAPS c = {.dwTotalSize = sizeof c};

    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + (DWORD)line, address, version, 0, &c), 0);
    return c;
}

START_TEST(capabilities)
{
    static const char *const sharingv[] = {"exclusive", "new", "shared"};
    LINEADDRESSCAPS c;

    for (int i = 0; i < 3; i++) {
        start(sharingv[i], 0x00020002);
        ck_assert_uint_eq(caps_of(0, 0, 0x00020002).dwAddressSharing, LINEADDRESSSHARING_PRIVATE);
        ck_assert_uint_eq(caps_of(0, 0, 0x00020002).dwConnectedModes,
                          LINECONNECTEDMODE_ACTIVE | LINECONNECTEDMODE_ACTIVEHELD);
        c = caps_of(0, 1, 0x00020002);
        ck_assert_uint_eq(c.dwAddressSharing, LINEADDRESSSHARING_MONITORED);
        ck_assert_uint_eq(c.dwAddressStates,
                          LINEADDRESSSTATE_INUSEZERO | LINEADDRESSSTATE_INUSEONE | LINEADDRESSSTATE_INUSEMANY);
        ck_assert_uint_eq(c.dwMaxNumActiveCalls | c.dwCallFeatures | c.dwAddressFeatures | c.dwCallStates, 0);
        c = caps_of(1, 0, 0x00020002);
        ck_assert_uint_eq(c.dwAddressSharing, 2u << i);
        ck_assert_uint_eq(c.dwConnectedModes,
                          LINECONNECTEDMODE_ACTIVE | LINECONNECTEDMODE_ACTIVEHELD |
                              (i == 1 ? 0u : (DWORD)(LINECONNECTEDMODE_INACTIVE | LINECONNECTEDMODE_INACTIVEHELD)));
        host_stop();
    }
}
END_TEST

/* To an old version modes are what it knows. */
START_TEST(old_version)
{
    start("shared", 0x00010004);
    (void)host_make(0, 1, u"200");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    host_forget();
    ck_assert_int_gt(TSPI_lineHold(host_request(), host.newv[0]), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1000 ONHOLD 0\n1 CONNECTED 1\n");
    ck_assert_int_gt(TSPI_lineUnhold(host_request(), host.newv[0]), 0);
    host_stop();
}
END_TEST

/* A line opened later sees what goes on. */
START_TEST(opened_later)
{
    start("shared", 0x00020002);
    ck_assert_int_eq(TSPI_lineClose(host.linev[2]), 0);
    (void)host_make(0, 1, u"200");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1000), NULL, 0), 0);
    host_forget();
    host_open(2, 0x00020002, false);
    ck_assert_str_eq(host_trace(), "new 1001\n1001 CONNECTED 2\n");
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    ck_assert_int_eq(TSPI_lineClose(host.linev[1]), 0); /* its part is over; the call is not */
    ck_assert_uint_eq(mode(host_new(1001)), LINECONNECTEDMODE_ACTIVE);
    host_stop();
}
END_TEST

Suite *suite_share(void)
{
    Suite *s = suite_create("share");
    TCase *c = tcase_create("share");

    tcase_set_timeout(c, 0);
    tcase_add_test(c, shared_call);
    tcase_add_test(c, nobody_joins);
    tcase_add_test(c, outgoing_call);
    tcase_add_test(c, exclusive_use);
    tcase_add_test(c, new_calls);
    tcase_add_test(c, monitored);
    tcase_add_test(c, capabilities);
    tcase_add_test(c, old_version);
    tcase_add_test(c, opened_later);
    suite_add_tcase(s, c);
    return s;
}
