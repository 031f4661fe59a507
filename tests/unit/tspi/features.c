/* TSPI: what dwCallFeatures says is what the functions do, found by trying. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

static HDRVCALL call, second; /* the one that is tried, and another one for it; NULL: none */

/* ---- calls in every state ---------------------------------------------------------------------------------------- */

static void answer(uintptr_t incoming)
{
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), host_new(incoming), NULL, 0), 0);
}

static void offered(void)
{
    (void)host_make(1, 1, u"100");
    call = host_new(1000);
}

static void accepted(void)
{
    offered();
    ck_assert_int_gt(TSPI_lineAccept(host_request(), call, NULL, 0), 0);
}

static void dialtone(void)
{
    call = host_make(0, 1, u"");
}

static void dialing(void)
{
    call = host_make(0, 1, u"1;");
}

static void ringback(void)
{
    call = host_make(0, 1, u"602");
}

static void busy(void)
{
    call = host_make(0, 1, u"601");
}

static void connected(void)
{
    call = host_make(0, 1, u"101");
    answer(1000);
}

static void held_there(void)
{
    connected();
    ck_assert_int_gt(TSPI_lineHold(host_request(), host_new(1000)), 0);
}

static void on_hold(void)
{
    connected();
    ck_assert_int_gt(TSPI_lineHold(host_request(), call), 0);
}

/* Beside one on hold, so that they can be swapped. */
static void beside_held(void)
{
    on_hold();
    second = call;
    call = host_make(0, 2, u"102");
    answer(1001);
}

static void transfer_begun(void)
{
    connected();
    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &second, NULL), 0);
}

static void transfer_ready(void)
{
    transfer_begun();
    ck_assert_int_gt(TSPI_lineDial(host_request(), second, u"102", 0), 0);
    answer(1001);
}

static void consultation(void)
{
    HDRVCALL first;

    transfer_ready();
    first = call;
    call = second;
    second = first;
}

static void conference_begun(void)
{
    HDRVCALL first;

    connected();
    first = call;
    ck_assert_int_gt(
        TSPI_lineSetupConference(host_request(), first, NULL, HOST_CALL(2), &call, HOST_CALL(3), &second, 3, NULL), 0);
    ck_assert_int_gt(TSPI_lineDial(host_request(), second, u"102", 0), 0);
    answer(1001);
}

static void conference(void)
{
    conference_begun();
    ck_assert_int_gt(TSPI_lineAddToConference(host_request(), call, second), 0);
    second = NULL;
}

static void member(void)
{
    HDRVCALL parent;

    conference_begun();
    parent = call;
    call = second;
    ck_assert_int_gt(TSPI_lineAddToConference(host_request(), parent, call), 0);
    second = NULL;
}

static void disconnected(void)
{
    connected();
    ck_assert_int_gt(TSPI_lineDrop(host_request(), host_new(1000), NULL, 0), 0);
}

static void idle(void)
{
    connected();
    ck_assert_int_gt(TSPI_lineDrop(host_request(), call, NULL, 0), 0);
}

/* Lines 4 and 5 share 200, lines 6 and 7 have 300 one at a time. */
static void inactive(void)
{
    (void)host_make(0, 1, u"200");
    answer(1000);
    call = host_new(1001);
}

static void in_company(void)
{
    inactive();
    answer(1001);
}

static void taking_part(void)
{
    inactive();
    call = host_new(1000);
}

static void secured_elsewhere(void)
{
    inactive();
    ck_assert_int_gt(TSPI_lineSecureCall(host_request(), host_new(1000)), 0);
}

static void exclusive_elsewhere(void)
{
    (void)host_make(0, 1, u"300");
    answer(1000);
    call = host_new(1001);
}

static const struct {
    const char *name;
    void (*make)(void);
} statev[] = {
    {"offered", offered},
    {"accepted", accepted},
    {"dial tone", dialtone},
    {"dialing", dialing},
    {"ringback", ringback},
    {"busy", busy},
    {"connected", connected},
    {"held by the other end", held_there},
    {"on hold", on_hold},
    {"connected beside a held one", beside_held},
    {"a transfer begun", transfer_begun},
    {"a transfer ready", transfer_ready},
    {"a consultation call", consultation},
    {"a conference begun", conference_begun},
    {"a conference", conference},
    {"in a conference", member},
    {"disconnected", disconnected},
    {"idle", idle},
    {"inactive", inactive},
    {"shared by two", in_company},
    {"shared, alone", taking_part},
    {"inactive, secured", secured_elsewhere},
    {"inactive, exclusive", exclusive_elsewhere},
};
enum { STATES = sizeof statev / sizeof *statev };

/* ---- every function that has a bit ------------------------------------------------------------------------------- */

static LONG op_accept(DRV_REQUESTID r)
{
    return TSPI_lineAccept(r, call, NULL, 0);
}

static LONG op_add(DRV_REQUESTID r)
{
    return TSPI_lineAddToConference(r, call, second);
}

static LONG op_answer(DRV_REQUESTID r)
{
    return TSPI_lineAnswer(r, call, NULL, 0);
}

static LONG op_blind(DRV_REQUESTID r)
{
    return TSPI_lineBlindTransfer(r, call, u"103", 0);
}

static LONG op_complete(DRV_REQUESTID r)
{
    return TSPI_lineCompleteTransfer(r, call, second, NULL, NULL, LINETRANSFERMODE_TRANSFER);
}

static LONG op_dial(DRV_REQUESTID r)
{
    return TSPI_lineDial(r, call, u"0", 0);
}

static LONG op_drop(DRV_REQUESTID r)
{
    return TSPI_lineDrop(r, call, NULL, 0);
}

static LONG op_hold(DRV_REQUESTID r)
{
    return TSPI_lineHold(r, call);
}

static LONG op_prepare(DRV_REQUESTID r)
{
    HDRVCALL made = NULL;

    return TSPI_linePrepareAddToConference(r, call, HOST_CALL(9), &made, NULL);
}

static LONG op_redirect(DRV_REQUESTID r)
{
    return TSPI_lineRedirect(r, call, u"103", 0);
}

static LONG op_remove(DRV_REQUESTID r)
{
    return TSPI_lineRemoveFromConference(r, call);
}

static LONG op_uui(DRV_REQUESTID r)
{
    return TSPI_lineSendUserUserInfo(r, call, "x", 1);
}

static LONG op_setup_conference(DRV_REQUESTID r)
{
    HDRVCALL parent = NULL, made = NULL;

    return TSPI_lineSetupConference(r, call, NULL, HOST_CALL(8), &parent, HOST_CALL(9), &made, 3, NULL);
}

static LONG op_setup_transfer(DRV_REQUESTID r)
{
    HDRVCALL made = NULL;

    return TSPI_lineSetupTransfer(r, call, HOST_CALL(9), &made, NULL);
}

static LONG op_swap(DRV_REQUESTID r)
{
    return TSPI_lineSwapHold(r, call, second);
}

static LONG op_unhold(DRV_REQUESTID r)
{
    return TSPI_lineUnhold(r, call);
}

static LONG op_secure(DRV_REQUESTID r)
{
    return TSPI_lineSecureCall(r, call);
}

static LONG op_params(DRV_REQUESTID r)
{
    return TSPI_lineSetCallParams(r, call, LINEBEARERMODE_VOICE, 0, 0, NULL);
}

static LONG op_release_uui(DRV_REQUESTID r)
{
    return TSPI_lineReleaseUserUserInfo(r, call);
}

static LONG op_treatment(DRV_REQUESTID r)
{
    return TSPI_lineSetCallTreatment(r, call, LINECALLTREATMENT_SILENCE);
}

static LONG op_qos(DRV_REQUESTID r)
{
    return TSPI_lineSetCallQualityOfService(r, call, NULL, 0, NULL, 0);
}

static LONG op_data(DRV_REQUESTID r)
{
    return TSPI_lineSetCallData(r, call, (void *)(uintptr_t) "x", 1);
}

/* `strict`: without its bit it fails. The others are legal by their pages in states in which they do nothing. `pair`:
 * the bit is for the call alone; the second one has to fit. */
static const struct {
    const char *name;
    DWORD bit;
    LONG (*run)(DRV_REQUESTID r);
    bool strict, pair;
} opv[] = {
    {"lineAccept", LINECALLFEATURE_ACCEPT, op_accept, true, false},
    {"lineAddToConference", LINECALLFEATURE_ADDTOCONF, op_add, true, true},
    {"lineAnswer", LINECALLFEATURE_ANSWER, op_answer, true, false},
    {"lineBlindTransfer", LINECALLFEATURE_BLINDTRANSFER, op_blind, true, false},
    {"lineCompleteTransfer", LINECALLFEATURE_COMPLETETRANSF, op_complete, true, false},
    {"lineDial", LINECALLFEATURE_DIAL, op_dial, true, false},
    {"lineDrop", LINECALLFEATURE_DROP, op_drop, true, false},
    {"lineHold", LINECALLFEATURE_HOLD, op_hold, true, false},
    {"linePrepareAddToConference", LINECALLFEATURE_PREPAREADDCONF, op_prepare, true, false},
    {"lineRedirect", LINECALLFEATURE_REDIRECT, op_redirect, true, false},
    {"lineRemoveFromConference", LINECALLFEATURE_REMOVEFROMCONF, op_remove, true, false},
    {"lineSendUserUserInfo", LINECALLFEATURE_SENDUSERUSER, op_uui, true, false},
    {"lineSetupConference", LINECALLFEATURE_SETUPCONF, op_setup_conference, true, false},
    {"lineSetupTransfer", LINECALLFEATURE_SETUPTRANSFER, op_setup_transfer, true, false},
    {"lineSwapHold", LINECALLFEATURE_SWAPHOLD, op_swap, true, true},
    {"lineUnhold", LINECALLFEATURE_UNHOLD, op_unhold, true, false},
    {"lineSecureCall", LINECALLFEATURE_SECURECALL, op_secure, false, false},
    {"lineSetCallParams", LINECALLFEATURE_SETCALLPARAMS, op_params, false, false},
    {"lineReleaseUserUserInfo", LINECALLFEATURE_RELEASEUSERUSERINFO, op_release_uui, false, false},
    {"lineSetCallTreatment", LINECALLFEATURE_SETTREATMENT, op_treatment, false, false},
    {"lineSetCallQualityOfService", LINECALLFEATURE_SETQOS, op_qos, false, false},
    {"lineSetCallData", LINECALLFEATURE_SETCALLDATA, op_data, false, false},
};
enum { OPS = sizeof opv / sizeof *opv };

static void start(void)
{
    host_start(
        "[line 0]\nnumber=100\nmax_sessions=5\n[line 1]\nnumber=101\n[line 2]\nnumber=102\n[line 3]\nnumber=103\n"
        "[line 4]\nnumber=200\nsharing=shared\nmax_sessions=5\n[line 5]\nnumber=200\nsharing=shared\n"
        "max_sessions=5\n[line 6]\nnumber=300\nsharing=exclusive\n[line 7]\nnumber=300\nsharing=exclusive\n");
    for (int i = 0; i < 8; i++)
        host_open(i, 0x00020002, false);
    call = second = NULL;
}

/* Whether an asynchronous function has succeeded. The exchange answers at once. */
static bool succeeds(LONG (*run)(DRV_REQUESTID r))
{
    DRV_REQUESTID r = host_request();
    LONG result = run(r);
    bool done = false, ok = false;

    if (result < 0) {
        host.next_request--; /* nothing was begun */
        return false;
    }
    ck_assert_int_eq(result, (LONG)r);
    for (size_t i = 0; i < host.eventc; i++) {
        if (host.eventv[i].reply && host.eventv[i].p1 == r) {
            done = true;
            ok = host.eventv[i].p2 == 0;
        }
    }
    ck_assert(done);
    return ok;
}

START_TEST(feature_words_agree)
{
    for (int state = 0; state < STATES; state++) {
        LINECALLSTATUS s = {.dwTotalSize = sizeof s};
        bool offered_now, ok;

        start();
        statev[state].make();
        ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
        offered_now = (s.dwCallFeatures & opv[_i].bit) != 0;
        if (!(opv[_i].pair && !second)) {
            ok = succeeds(opv[_i].run);
            ck_assert_msg(ok || !offered_now, "%s is offered to a call that is %s, and fails", opv[_i].name,
                          statev[state].name);
            ck_assert_msg(!ok || offered_now || !opv[_i].strict, "%s is not offered to a call that is %s, and succeeds",
                          opv[_i].name, statev[state].name);
        }
        host_stop();
    }
}
END_TEST

Suite *suite_features(void)
{
    Suite *s = suite_create("features");
    TCase *c = tcase_create("features");

    tcase_set_timeout(c, 0);
    tcase_add_loop_test(c, feature_words_agree, 0, OPS);
    suite_add_tcase(s, c);
    return s;
}
