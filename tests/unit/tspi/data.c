/* What is kept of a call, through TSPI. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

static void up(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
}

static union {
    LINECALLINFO info;
    LINEADDRESSCAPS caps;
    unsigned char bytes[8192];
} u;

static const LINECALLINFO *info_of(HDRVCALL call)
{
    memset(&u, 0, sizeof u);
    u.info.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_lineGetCallInfo(call, &u.info), 0);
    ck_assert_uint_eq(u.info.dwNeededSize, u.info.dwUsedSize);
    return &u.info;
}

static void has(HDRVCALL call, const char *uui, const char *data)
{
    const LINECALLINFO *c = info_of(call);

    ck_assert_uint_eq(c->dwUserUserInfoSize, strlen(uui));
    ck_assert_int_eq(memcmp(u.bytes + c->dwUserUserInfoOffset, uui, strlen(uui)), 0);
    ck_assert_uint_eq(c->dwCallDataSize, strlen(data));
    ck_assert_int_eq(memcmp(u.bytes + c->dwCallDataOffset, data, strlen(data)), 0);
}

START_TEST(there_and_back)
{
    struct {
        LINECALLPARAMS p;
        char text[16];
    } p = {.p = {.dwTotalSize = sizeof p,
                 .dwAddressMode = LINEADDRESSMODE_ADDRESSID,
                 .dwCallParamFlags = LINECALLPARAMFLAGS_SECURE,
                 .dwUserUserInfoSize = 5,
                 .dwUserUserInfoOffset = sizeof p.p,
                 .dwCallDataSize = 4,
                 .dwCallDataOffset = sizeof p.p + 5,
                 .DialParams = {.dwDigitDuration = 1}},
           .text = "helloDATA"};
    HDRVCALL out = NULL, in;

    ck_assert_int_eq(TSPI_lineMakeCall(host_request(), host.linev[0], HOST_CALL(1), &out, u"101", 0, &p.p), 1);
    in = host_new(1000);
    ck_assert_str_eq(host_trace(),
                     "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n1 RINGBACK 0\n");
    has(out, "", "DATA");
    ck_assert_uint_eq(u.info.DialParams.dwDigitDuration, 20); /* the nearest there is */
    ck_assert_uint_eq(u.info.dwCallParamFlags, LINECALLPARAMFLAGS_SECURE);
    has(in, "hello", "DATA");
    ck_assert_uint_eq(u.info.DialParams.dwDigitDuration, 100);
    ck_assert_int_eq(TSPI_lineAnswer(host_request(), in, "yes", 3), 2);
    ck_assert_str_eq(host_trace(),
                     "1 info 200000\nreply 2 ok\n1000 CONNECTED 1\n1000 info 20000\n1 CONNECTED 1\n1 info 20000\n");
    has(out, "yes", "DATA");
    ck_assert_int_eq(TSPI_lineSendUserUserInfo(host_request(), in, "more", 4), 3);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n"); /* it waits behind the first */
    ck_assert_int_eq(TSPI_lineReleaseUserUserInfo(host_request(), out), 4);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1 info 200000\n");
    has(out, "more", "DATA");
    ck_assert_int_eq(TSPI_lineSetCallData(host_request(), in, (LPVOID)p.text, 2), 5);
    ck_assert_str_eq(host_trace(), "1 info 40000000\nreply 5 ok\n1000 info 40000000\n");
    has(out, "more", "he");
    ck_assert_int_eq(TSPI_lineSetCallData(host_request(), out, NULL, 0), 6);
    has(in, "hello", "");
    host_forget();
    ck_assert_int_eq(TSPI_lineReleaseUserUserInfo(host_request(), out), 7);
    ck_assert_int_eq(TSPI_lineDrop(host_request(), in, "bye", 3), 8);
    ck_assert_str_eq(host_trace(), "reply 7 ok\nreply 8 ok\n1000 IDLE 0\n1 info 200000\n1 DISCONNECTED 1\n");
    has(out, "bye", "");
    ck_assert_int_eq(TSPI_lineReleaseUserUserInfo(host_request(), in), 9);
    has(in, "", "");
}
END_TEST

START_TEST(kept_with_the_call)
{
    static const uint32_t flowspec[8] = {8000, 1, 2, 3, 4, 5, 6, 7};
    static const LINEDIALPARAMS dial = {70000, 60, 50, 1};
    HDRVCALL call = host_make(0, 1, u"600");

    host_forget();
    ck_assert_int_eq(TSPI_lineSecureCall(host_request(), call), 2);
    ck_assert_int_eq(TSPI_lineSetCallTreatment(host_request(), call, LINECALLTREATMENT_MUSIC), 3);
    ck_assert_int_eq(TSPI_lineSetCallQualityOfService(host_request(), call, (LPVOID)flowspec, sizeof flowspec, NULL, 0),
                     4);
    ck_assert_int_eq(
        TSPI_lineSetCallParams(host_request(), call, LINEBEARERMODE_VOICE, 0, 9600, (LPLINEDIALPARAMS const)&dial), 5);
    ck_assert_int_eq(TSPI_lineSetMediaMode(call, LINEMEDIAMODE_G3FAX), 0);
    ck_assert_str_eq(host_trace(), "reply 2 ok\n1 info 1\nreply 3 ok\n1 info 10000000\nreply 4 ok\n1 info 20000000\n"
                                   "reply 5 ok\n1 info 4000008\n1 info 10\n");
    info_of(call);
    ck_assert_uint_eq(u.info.dwCallParamFlags, LINECALLPARAMFLAGS_SECURE);
    ck_assert_uint_eq(u.info.dwCallTreatment, LINECALLTREATMENT_MUSIC);
    ck_assert_uint_eq(u.info.dwSendingFlowspecSize, sizeof flowspec);
    ck_assert_int_eq(memcmp(u.bytes + u.info.dwSendingFlowspecOffset, flowspec, sizeof flowspec), 0);
    ck_assert_uint_eq(u.info.dwReceivingFlowspecSize, 0);
    ck_assert_uint_eq(u.info.dwRate, 9600);
    ck_assert_uint_eq(u.info.dwMediaMode, LINEMEDIAMODE_G3FAX);
    ck_assert_uint_eq(u.info.DialParams.dwDialPause, 60000);
    ck_assert_uint_eq(u.info.DialParams.dwDialSpeed, 60);
    ck_assert_uint_eq(u.info.DialParams.dwDigitDuration, 50);
}
END_TEST

START_TEST(refused)
{
    static const uint32_t fast[8] = {8001};
    char big[5000] = {0};
    HDRVCALL call = host_make(0, 1, u"600"), none = (HDRVCALL)(uintptr_t)99;
    LINECALLPARAMS p = {.dwTotalSize = sizeof p, .dwAddressMode = LINEADDRESSMODE_ADDRESSID};

    ck_assert_int_eq(TSPI_lineSendUserUserInfo(9, call, big, 129), ERR(USERUSERINFOTOOBIG));
    ck_assert_int_eq(TSPI_lineDrop(9, call, big, 129), ERR(USERUSERINFOTOOBIG));
    ck_assert_int_eq(TSPI_lineAccept(9, call, big, 129), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineSendUserUserInfo(9, call, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineSendUserUserInfo(0, call, big, 1), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSendUserUserInfo(9, none, big, 1), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineReleaseUserUserInfo(9, none), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineSecureCall(9, none), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineSetCallData(9, call, big, 4097), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetCallData(9, call, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineSetCallTreatment(9, call, 5), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetCallQualityOfService(9, call, big, 31, NULL, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetCallQualityOfService(9, call, NULL, 0, (LPVOID)fast, 32), ERR(RATEUNAVAIL));
    ck_assert_int_eq(TSPI_lineSetCallQualityOfService(9, call, NULL, 32, NULL, 0), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineSetCallParams(9, call, 0, 0, 0, NULL), ERR(INVALBEARERMODE));
    ck_assert_int_eq(TSPI_lineSetCallParams(9, call, LINEBEARERMODE_DATA, 0, 0, NULL), ERR(BEARERMODEUNAVAIL));
    ck_assert_int_eq(TSPI_lineSetCallParams(9, call, LINEBEARERMODE_VOICE, 2, 1, NULL), ERR(INVALRATE));
    ck_assert_int_eq(TSPI_lineSetCallParams(9, call, LINEBEARERMODE_VOICE, 64001, 0, NULL), ERR(RATEUNAVAIL));
    ck_assert_int_eq(TSPI_lineSetMediaMode(call, 0), ERR(INVALMEDIAMODE));
    ck_assert_int_eq(TSPI_lineSetMediaMode(call, 0x10000), ERR(INVALMEDIAMODE));
    ck_assert_int_eq(TSPI_lineSetMediaMode(call, LINEMEDIAMODE_G3FAX | LINEMEDIAMODE_DATAMODEM), ERR(INVALMEDIAMODE));
    ck_assert_int_eq(TSPI_lineSetMediaMode(none, LINEMEDIAMODE_G3FAX), ERR(INVALCALLHANDLE));
    p.dwUserUserInfoSize = 129;
    p.dwUserUserInfoOffset = sizeof p;
    p.dwTotalSize += 129;
    memcpy(big, &p, sizeof p);
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[1], HOST_CALL(2), &none, u"600", 0, (LPLINECALLPARAMS)(void *)big),
                     ERR(USERUSERINFOTOOBIG));
    p.dwUserUserInfoSize = 0;
    p.dwSendingFlowspecSize = 8;
    p.dwSendingFlowspecOffset = sizeof p;
    memcpy(big, &p, sizeof p);
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[1], HOST_CALL(2), &none, u"600", 0, (LPLINECALLPARAMS)(void *)big),
                     ERR(INVALCALLPARAMS));
}
END_TEST

START_TEST(treatments_are_listed)
{
    LINECALLTREATMENTENTRY e;

    memset(&u, 0, sizeof u);
    u.caps.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0, 0x00020002, 0, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwNumCallTreatments, 4);
    ck_assert_uint_eq(u.caps.dwMaxCallDataSize, 4096);
    memcpy(&e, u.bytes + u.caps.dwCallTreatmentListOffset + 3 * sizeof e, sizeof e);
    ck_assert_uint_eq(e.dwCallTreatmentID, LINECALLTREATMENT_MUSIC);
    ck_assert_uint_eq(e.dwCallTreatmentNameSize, 12);
    ck_assert_int_eq(memcmp(u.bytes + e.dwCallTreatmentNameOffset, u"Music", 12), 0);
}
END_TEST

Suite *suite_data(void)
{
    Suite *s = suite_create("data");
    TCase *c = tcase_create("data");

    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, up, host_stop);
    tcase_add_test(c, there_and_back);
    tcase_add_test(c, kept_with_the_call);
    tcase_add_test(c, refused);
    tcase_add_test(c, treatments_are_listed);
    suite_add_tcase(s, c);
    return s;
}
