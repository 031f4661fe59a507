/* TSPI: hold, transfer, conference. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include <stddef.h>

static void setup(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
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

START_TEST(hold_and_unhold)
{
    HDRVCALL call = connected();
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_gt(TSPI_lineHold(host_request(), call), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 ONHOLD 0\n1000 CONNECTED 4\n");
    ck_assert_int_eq(TSPI_lineHold(9, call), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_eq(s.dwCallFeatures & (LINECALLFEATURE_DROP | LINECALLFEATURE_HOLD | LINECALLFEATURE_UNHOLD),
                      LINECALLFEATURE_DROP | LINECALLFEATURE_UNHOLD);
    ck_assert_int_gt(TSPI_lineUnhold(host_request(), call), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1 CONNECTED 1\n1000 CONNECTED 1\n");
    ck_assert_int_eq(TSPI_lineUnhold(9, call), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineHold(0, call), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineHold(9, NULL), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

START_TEST(consultation_and_transfer)
{
    HDRVCALL call = connected(), consult = NULL, none = NULL;
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    host_open(2, 0x00020002, false);
    ck_assert_int_eq(TSPI_lineSetupTransfer(9, call, HOST_CALL(2), NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineSetupTransfer(9, NULL, HOST_CALL(2), &consult, NULL), ERR(INVALCALLHANDLE));
    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &consult, NULL), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 ONHOLDPENDTRANSFER 0\n2 DIALTONE 1\n1000 CONNECTED 4\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(consult, &info), 0);
    ck_assert_uint_ne(info.dwRelatedCallID, 0);
    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_eq(s.dwCallFeatures & LINECALLFEATURE_COMPLETETRANSF, 0); /* there is nobody yet */
    ck_assert_int_eq(TSPI_lineCompleteTransfer(9, call, consult, NULL, NULL, 7), ERR(INVALTRANSFERMODE));
    ck_assert_int_eq(TSPI_lineCompleteTransfer(9, call, consult, NULL, NULL, LINETRANSFERMODE_CONFERENCE),
                     ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineCompleteTransfer(9, call, consult, NULL, &none, LINETRANSFERMODE_TRANSFER),
                     ERR(INVALCALLSTATE));
    ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"102", 0), 0);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    host_forget();
    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    ck_assert_uint_eq(s.dwCallFeatures2, LINECALLFEATURE2_TRANSFERNORM | LINECALLFEATURE2_TRANSFERCONF);
    ck_assert_int_gt(TSPI_lineCompleteTransfer(host_request(), call, consult, NULL, &none, LINETRANSFERMODE_TRANSFER),
                     0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n1 IDLE 0\n2 IDLE 0\n1000 info 20000\n1000 CONNECTED 1\n"
                                   "1001 info 200c0\n");
    ck_assert_ptr_null(none);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), host_new(1000), NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 7 ok\n1000 IDLE 0\n1001 DISCONNECTED 1\n");
}
END_TEST

START_TEST(consultation_given_up)
{
    HDRVCALL call = connected(), consult = NULL;

    for (int how = 0; how < 3; how++) {
        ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &consult, NULL), 0);
        host_forget();
        if (how == 0) {
            ck_assert_int_gt(TSPI_lineDrop(host_request(), consult, NULL, 0), 0);
            ck_assert_str_eq(host_trace(), "reply 4 ok\n2 IDLE 0\n1 CONNECTED 1\n1000 CONNECTED 1\n");
        } else if (how == 1) {
            ck_assert_int_gt(TSPI_lineUnhold(host_request(), call), 0);
            ck_assert_str_eq(host_trace(), "reply 6 ok\n1 CONNECTED 1\n2 IDLE 0\n1000 CONNECTED 1\n");
        }
        ck_assert_int_eq(TSPI_lineCloseCall(consult), 0);
        ck_assert_str_eq(host_trace(), how == 2 ? "1 CONNECTED 1\n1000 CONNECTED 1\n" : "");
    }
    ck_assert_int_eq(host_state(call), LINECALLSTATE_CONNECTED);
}
END_TEST

struct one_step {
    LINECALLPARAMS p;
    WCHAR target[4];
};

START_TEST(one_step_transfer)
{
    struct one_step u = {.p = {.dwTotalSize = sizeof u,
                               .dwCallParamFlags = LINECALLPARAMFLAGS_ONESTEPTRANSFER,
                               .dwAddressMode = LINEADDRESSMODE_ADDRESSID,
                               .dwTargetAddressSize = sizeof u.target,
                               .dwTargetAddressOffset = offsetof(struct one_step, target)},
                         .target = {'1', '0', '3', 0}};
    HDRVCALL call = connected(), consult = NULL;

    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &consult, &u.p), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 ONHOLDPENDTRANSFER 0\n2 DIALING 0\n2 PROCEEDING 0\n2 RINGBACK 0\n"
                                   "1000 CONNECTED 4\n");
    u.p.dwTargetAddressSize = 0;
    ck_assert_int_eq(TSPI_lineSetupTransfer(9, host_new(1000), HOST_CALL(3), &consult, &u.p), ERR(INVALCALLPARAMS));
    ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[0], HOST_CALL(3), &consult, u"101", 0, &u.p),
                     ERR(INVALCALLPARAMS));
}
END_TEST

START_TEST(swap)
{
    HDRVCALL call = connected(), other;

    ck_assert_int_gt(TSPI_lineHold(host_request(), call), 0);
    other = host_make(0, 2, u"600");
    host_forget();
    ck_assert_int_eq(TSPI_lineSwapHold(9, call, other), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineSwapHold(9, other, other), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineSwapHold(9, other, host_new(1000)), ERR(INVALCALLHANDLE)); /* of another line */
    ck_assert_int_gt(TSPI_lineSwapHold(host_request(), other, call), 0);
    ck_assert_str_eq(host_trace(), "reply 5 ok\n2 ONHOLD 0\n1 CONNECTED 1\n1000 CONNECTED 1\n");
}
END_TEST

START_TEST(blind_transfer_and_redirect)
{
    HDRVCALL call = connected();
    struct {
        LINECALLINFO i;
        unsigned char room[400];
    } info = {.i = {.dwTotalSize = sizeof info}};

    host_open(2, 0x00020002, false);
    host_open(3, 0x00020002, false);
    ck_assert_int_eq(TSPI_lineBlindTransfer(9, call, u"", 0), ERR(INVALADDRESS));
    ck_assert_int_eq(TSPI_lineRedirect(9, call, u"102", 0), ERR(INVALCALLSTATE));
    ck_assert_int_gt(TSPI_lineBlindTransfer(host_request(), call, u"999", 0), 0);
    ck_assert_ptr_nonnull(strstr(host_trace(), "reply 3 ")); /* no such number: nothing has changed */
    ck_assert_int_eq(host_state(call), LINECALLSTATE_CONNECTED);
    ck_assert_int_gt(TSPI_lineBlindTransfer(host_request(), call, u"102", 0), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\n1 IDLE 0\nnew 1001\n1001 OFFERING 1\n1000 info e0000\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(host_new(1001), &info.i), 0);
    ck_assert_uint_eq(info.i.dwReason, LINECALLREASON_TRANSFER);
    ck_assert_uint_ne(info.i.dwRedirectingIDSize, 0);
    ck_assert_int_gt(TSPI_lineRedirect(host_request(), host_new(1001), u"103", 0), 0);
    ck_assert_str_eq(host_trace(), "reply 5 ok\n1001 IDLE 0\nnew 1002\n1002 OFFERING 1\n1000 info e0000\n");
    ck_assert_int_eq(TSPI_lineGetCallInfo(host_new(1002), &info.i), 0);
    ck_assert_uint_eq(info.i.dwReason, LINECALLREASON_REDIRECT);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1002), NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n1002 CONNECTED 1\n1002 info 20000\n");
}
END_TEST

START_TEST(conference_of_three)
{
    HDRVCALL call = connected(), parent = NULL, consult = NULL, none = NULL;
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    host_open(2, 0x00020002, false);
    ck_assert_int_eq(TSPI_lineSetupConference(9, call, NULL, HOST_CALL(2), &parent, HOST_CALL(3), &consult, 99, NULL),
                     ERR(CONFERENCEFULL));
    ck_assert_int_eq(TSPI_lineSetupConference(9, call, NULL, HOST_CALL(2), NULL, HOST_CALL(3), &consult, 3, NULL),
                     ERR(INVALPOINTER));
    ck_assert_int_gt(
        TSPI_lineSetupConference(host_request(), call, NULL, HOST_CALL(2), &parent, HOST_CALL(3), &consult, 3, NULL),
        0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n2 ONHOLDPENDCONF 0\n1 CONFERENCED 2\n1 info 80\n3 DIALTONE 1\n");
    ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"102", 0), 0);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    host_forget();
    ck_assert_int_gt(TSPI_lineAddToConference(host_request(), parent, consult), 0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n2 CONNECTED 1\n3 CONFERENCED 2\n");
    ck_assert_int_eq(TSPI_lineGetCallStatus(parent, &s), 0);
    ck_assert_uint_ne(s.dwCallFeatures & LINECALLFEATURE_PREPAREADDCONF, 0);
    ck_assert_uint_eq(s.dwCallFeatures & LINECALLFEATURE_SETUPTRANSFER, 0);
    ck_assert_int_gt(TSPI_linePrepareAddToConference(host_request(), parent, HOST_CALL(4), &none, NULL), 0);
    ck_assert_str_eq(host_trace(), "reply 7 ok\n2 ONHOLDPENDCONF 0\n4 DIALTONE 1\n");
    ck_assert_int_gt(TSPI_lineDrop(host_request(), none, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 8 ok\n4 IDLE 0\n2 CONNECTED 1\n");
    ck_assert_int_gt(TSPI_lineRemoveFromConference(host_request(), consult), 0);
    ck_assert_str_eq(host_trace(), "reply 9 ok\n3 IDLE 0\n2 IDLE 0\n1 CONNECTED 1\n1001 DISCONNECTED 1\n");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

START_TEST(conference_dropped)
{
    HDRVCALL call = connected(), consult = NULL, parent = NULL;

    host_open(2, 0x00020002, false);
    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &consult, NULL), 0);
    ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"102", 0), 0);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(1001), NULL, 0), 0);
    host_forget();
    ck_assert_int_gt(
        TSPI_lineCompleteTransfer(host_request(), call, consult, HOST_CALL(3), &parent, LINETRANSFERMODE_CONFERENCE),
        0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n3 CONNECTED 1\n1 CONFERENCED 3\n1 info 80\n2 CONFERENCED 3\n2 info 80\n"
                                   "1000 CONNECTED 1\n");
    ck_assert_int_gt(TSPI_lineDrop(host_request(), parent, NULL, 0), 0);
    ck_assert_str_eq(host_trace(), "reply 7 ok\n3 IDLE 0\n1 IDLE 0\n2 IDLE 0\n1000 DISCONNECTED 1\n"
                                   "1001 DISCONNECTED 1\n");
}
END_TEST

START_TEST(conference_of_nobody)
{
    HDRVCALL parent = NULL, consult = NULL;

    ck_assert_int_eq(TSPI_lineSetupConference(9, NULL, NULL, HOST_CALL(1), &parent, HOST_CALL(2), &consult, 3, NULL),
                     ERR(INVALLINEHANDLE));
    ck_assert_int_gt(TSPI_lineSetupConference(host_request(), NULL, host.linev[0], HOST_CALL(1), &parent, HOST_CALL(2),
                                              &consult, 3, NULL),
                     0);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 ONHOLDPENDCONF 0\n2 DIALTONE 1\n");
    ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"600", 0), 0);
    host_forget();
    ck_assert_int_gt(TSPI_lineAddToConference(host_request(), parent, consult), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1 CONNECTED 1\n2 CONFERENCED 1\n");
    ck_assert_int_eq(TSPI_lineCloseCall(parent), 0);
    ck_assert_str_eq(host_trace(), "2 IDLE 0\n");
}
END_TEST

Suite *suite_control(void)
{
    Suite *s = suite_create("control");
    TCase *c = tcase_create("control");

    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 0);
    tcase_add_test(c, hold_and_unhold);
    tcase_add_test(c, consultation_and_transfer);
    tcase_add_test(c, consultation_given_up);
    tcase_add_test(c, one_step_transfer);
    tcase_add_test(c, swap);
    tcase_add_test(c, blind_transfer_and_redirect);
    tcase_add_test(c, conference_of_three);
    tcase_add_test(c, conference_dropped);
    tcase_add_test(c, conference_of_nobody);
    suite_add_tcase(s, c);
    return s;
}
