/* Media control, terminals, the extension of lines, and functions on MSPs through TSPI. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/tspi/host.h"

static HDRVCALL out, in;

static void up(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, true);
    host_open(1, 0x00020002, true);
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[1], SESSIONTSP_LINE_EXT_VERSION), 0);
    out = host_make(0, 1, u"101");
    in = host_new(1000);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), in, NULL, 0), 0);
    host_forget();
}

/* LINECALLINFO with its variable part. */
static union {
    LINECALLINFO info;
    unsigned char room[2000];
} call;

static const void *info_of(HDRVCALL hd, DWORD *size)
{
    memset(&call, 0, sizeof call);
    call.info.dwTotalSize = sizeof call;
    ck_assert_int_eq(TSPI_lineGetCallInfo(hd, &call.info), 0);
    *size = call.info.dwDevSpecificSize;
    return call.room + call.info.dwDevSpecificOffset;
}

static struct sessiontsp_stream stream_of(HDRVCALL hd)
{
    struct sessiontsp_stream s;
    DWORD size;
    const void *p = info_of(hd, &size);

    ck_assert_uint_eq(size, sizeof s);
    memcpy(&s, p, sizeof s);
    return s;
}

static LONG control(DWORD select, const LINEMEDIACONTROLDIGIT *d, DWORD dc, const LINEMEDIACONTROLMEDIA *m, DWORD mc,
                    const LINEMEDIACONTROLTONE *t, DWORD tc, const LINEMEDIACONTROLCALLSTATE *s, DWORD sc)
{
    return TSPI_lineSetMediaControl(host.linev[1], 0, in, select, (LPLINEMEDIACONTROLDIGIT const)d, dc,
                                    (LPLINEMEDIACONTROLMEDIA const)m, mc, (LPLINEMEDIACONTROLTONE const)t, tc,
                                    (LPLINEMEDIACONTROLCALLSTATE const)s, sc);
}

static LONG digit_control(DWORD digit, DWORD modes, DWORD action)
{
    const LINEMEDIACONTROLDIGIT d = {digit, modes, action};

    return control(LINECALLSELECT_CALL, &d, 1, NULL, 0, NULL, 0, NULL, 0);
}

static bool generated(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_GENERATE;
}

/* The provider's own thread may still be at it when a function returns. */
static DWORD_PTR wanted;

static bool ended(const struct host_event *e)
{
    return generated(e) && e->p2 == wanted;
}

static bool held(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_ONHOLD && e->call == HOST_CALL(wanted);
}

static bool paused(const struct host_event *e)
{
    return !e->reply && e->msg == (DWORD)LINE_CALLDEVSPECIFIC && e->p2 & LINEMEDIACONTROL_PAUSE;
}

START_TEST(media_control_acts)
{
    static const LINEMEDIACONTROLDIGIT digitv[] = {{'1', LINEDIGITMODE_DTMF, LINEMEDIACONTROL_RATEUP},
                                                   {'d', LINEDIGITMODE_DTMFEND, LINEMEDIACONTROL_VOLUMEDOWN}};
    static const LINEMEDIACONTROLTONE tone = {7, 10, 600, 0, 400, LINEMEDIACONTROL_PAUSE};
    static const LINEMEDIACONTROLCALLSTATE state = {LINECALLSTATE_ONHOLD, LINEMEDIACONTROL_RESET};
    static const LINEGENERATETONE tones[] = {{400, 0, 0, 0}, {600, 0, 0, 0}};
    struct sessiontsp_stream s;
    const char *said;

    ck_assert_int_eq(control(LINECALLSELECT_CALL, digitv, 2, NULL, 9, &tone, 1, &state, 1), 0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 5, LINEDIGITMODE_DTMF, u"1D", 20), 0);
    host_wait(generated);
    ck_assert_str_eq(host_trace(), "1000 special 1 20 0\n1000 info 2\n1000 special 1 200 0\n1000 info 2\n"
                                   "1 generated 1 5\n");
    s = stream_of(in);
    ck_assert(s.dwState == SESSIONTSP_STREAM_RUNNING && s.dwRate == 125 && s.dwVolume == 90);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 6, LINETONEMODE_CUSTOM, 0, 2, (LPLINEGENERATETONE const)tones), 0);
    host_wait(paused);
    ck_assert_uint_eq(stream_of(in).dwState, SESSIONTSP_STREAM_PAUSED);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 0, 0, 0, 0, NULL), 0);
    ck_assert_int_gt(TSPI_lineHold(host_request(), in), 0);
    ck_assert_uint_eq(stream_of(in).dwState, SESSIONTSP_STREAM_STOPPED);
    /* who has not selected the extension does not see any of it */
    ck_assert_int_eq(TSPI_lineSetMediaControl(host.linev[0], 0, out, LINECALLSELECT_CALL, NULL, 0, NULL, 0, NULL, 0,
                                              (LPLINEMEDIACONTROLCALLSTATE const)&state, 1),
                     0);
    wanted = 1000;
    host_wait(held);
    host_forget();
    ck_assert_int_gt(TSPI_lineHold(host_request(), out), 0);
    wanted = 1;
    host_wait(held);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 7, LINEDIGITMODE_DTMF, u"", 0), 0); /* behind whatever there is */
    wanted = 7;
    host_wait(ended);
    said = host_trace();
    ck_assert_ptr_null(strstr(said, "\n1 special"));
    ck_assert_ptr_null(strstr(said, "\n1 info"));
    info_of(out, &(DWORD){0});
    ck_assert_uint_eq(call.info.dwDevSpecificSize, 0);
}
END_TEST

START_TEST(media_control_is_checked)
{
    const LINEMEDIACONTROLMEDIA media = {LINEMEDIAMODE_G3FAX, 0, LINEMEDIACONTROL_RESET}, no_media = {0, 0, 2},
                                odd_media = {0x10000, 0, 2};
    const LINEMEDIACONTROLTONE tone = {0, 600000, 0, 0, 0, LINEMEDIACONTROL_PAUSE}, high = {0, 0, 4001, 0, 0, 2};
    const LINEMEDIACONTROLCALLSTATE state = {LINECALLSTATE_BUSY, LINEMEDIACONTROL_NONE}, no_state = {0, 2},
                                    odd_state = {0x10000, 2}, two = {1, 6};
    const DWORD call_of = LINECALLSELECT_CALL;

    ck_assert_int_eq(digit_control('#', LINEDIGITMODE_DTMF | LINEDIGITMODE_PULSE, LINEMEDIACONTROL_START), 0);
    ck_assert_int_eq(digit_control('#', LINEDIGITMODE_PULSE, LINEMEDIACONTROL_START), ERR(INVALDIGITLIST));
    ck_assert_int_eq(digit_control('x', LINEDIGITMODE_DTMF, LINEMEDIACONTROL_START), ERR(INVALDIGITLIST));
    ck_assert_int_eq(digit_control('1', 0, LINEMEDIACONTROL_START), ERR(INVALDIGITLIST));
    ck_assert_int_eq(digit_control('1', 8, LINEMEDIACONTROL_START), ERR(INVALDIGITLIST));
    ck_assert_int_eq(digit_control('1', LINEDIGITMODE_DTMF, 0), ERR(INVALDIGITLIST));
    ck_assert_int_eq(digit_control('1', LINEDIGITMODE_DTMF, 6), ERR(INVALDIGITLIST));
    ck_assert_int_eq(digit_control('1', LINEDIGITMODE_DTMF, 0x800), ERR(INVALDIGITLIST));
    ck_assert_int_eq(control(call_of, NULL, 0, &media, 1, NULL, 0, NULL, 0), 0);
    ck_assert_int_eq(control(call_of, NULL, 0, &media, 17, NULL, 0, NULL, 0), ERR(INVALMEDIALIST));
    ck_assert_int_eq(control(call_of, NULL, 0, &no_media, 1, NULL, 0, NULL, 0), ERR(INVALMEDIALIST));
    ck_assert_int_eq(control(call_of, NULL, 0, &odd_media, 1, NULL, 0, NULL, 0), ERR(INVALMEDIALIST));
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, &tone, 1, NULL, 0), 0);
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, &high, 1, NULL, 0), ERR(INVALTONELIST));
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, &tone, 17, NULL, 0), ERR(INVALTONELIST));
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, NULL, 0, &state, 1), 0);
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, NULL, 0, &no_state, 1), ERR(INVALCALLSTATELIST));
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, NULL, 0, &odd_state, 1), ERR(INVALCALLSTATELIST));
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, NULL, 0, &two, 1), ERR(INVALCALLSTATELIST));
    ck_assert_int_eq(control(call_of, NULL, 0, NULL, 0, NULL, 0, &state, 17), ERR(INVALCALLSTATELIST));
    ck_assert_int_eq(control(3, NULL, 0, NULL, 0, NULL, 0, NULL, 0), ERR(INVALCALLSELECT));
    ck_assert_int_eq(control(LINECALLSELECT_LINE, NULL, 0, NULL, 0, NULL, 0, &state, 1), 0);
    ck_assert_int_eq(control(LINECALLSELECT_ADDRESS, NULL, 0, NULL, 0, NULL, 0, &state, 1), 0);
    ck_assert_int_eq(TSPI_lineSetMediaControl(host.linev[1], 1, in, LINECALLSELECT_ADDRESS, NULL, 0, NULL, 0, NULL, 0,
                                              NULL, 0),
                     ERR(INVALADDRESSID));
    ck_assert_int_eq(TSPI_lineSetMediaControl(NULL, 0, NULL, LINECALLSELECT_LINE, NULL, 0, NULL, 0, NULL, 0, NULL, 0),
                     ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineSetMediaControl(host.linev[1], 0, (HDRVCALL)(uintptr_t)99, LINECALLSELECT_CALL, NULL, 0,
                                              NULL, 0, NULL, 0, NULL, 0),
                     ERR(INVALCALLHANDLE));
    ck_assert_str_eq(host_trace(), "");
}
END_TEST

/* ---- terminals --------------------------------------------------------------------------------------------------- */

static const DWORD *modes_at(const void *base, DWORD size, DWORD offset)
{
    ck_assert_uint_eq(size, 3 * sizeof(DWORD));
    return (const DWORD *)(const void *)((const char *)base + offset);
}

static LONG terminal(DWORD select, DWORD address, DWORD modes, DWORD id, DWORD on)
{
    DRV_REQUESTID request = host.next_request;
    LONG result = TSPI_lineSetTerminal(request, host.linev[1], address, in, select, modes, id, on);

    if (result > 0) {
        ck_assert_int_eq(result, (LONG)request);
        (void)host_request();
    }
    return result;
}

START_TEST(terminal_capabilities)
{
    union {
        LINEDEVCAPS caps;
        unsigned char room[2000];
    } u = {.caps = {.dwTotalSize = sizeof u}};
    LINETERMCAPS term[3];

    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, 0x20002, SESSIONTSP_LINE_EXT_VERSION, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwNumTerminals, 3);
    ck_assert_uint_eq(u.caps.dwTerminalCapsSize, sizeof term);
    memcpy(term, u.room + u.caps.dwTerminalCapsOffset, sizeof term);
    ck_assert_uint_eq(term[0].dwTermDev, LINETERMDEV_PHONE);
    ck_assert_uint_eq(term[0].dwTermModes, 0x7F);
    ck_assert_uint_eq(term[1].dwTermDev, LINETERMDEV_HEADSET);
    ck_assert_uint_eq(term[2].dwTermDev, LINETERMDEV_SPEAKER);
    ck_assert_uint_eq(term[2].dwTermSharing, LINETERMSHARING_PRIVATE);
    ck_assert_uint_eq(u.caps.dwTerminalTextSize, 3 * u.caps.dwTerminalTextEntrySize);
    ck_assert_int_eq(memcmp(u.room + u.caps.dwTerminalTextOffset + u.caps.dwTerminalTextEntrySize, u"Headset", 16), 0);
    ck_assert_uint_eq(u.caps.dwMedCtlDigitMaxListSize, 16);
    ck_assert_uint_eq(u.caps.dwMedCtlMediaMaxListSize, 16);
    ck_assert_uint_eq(u.caps.dwMedCtlToneMaxListSize, 16);
    ck_assert_uint_eq(u.caps.dwMedCtlCallStateMaxListSize, 16);
}
END_TEST

START_TEST(terminals_are_set)
{
    union {
        LINEDEVSTATUS line;
        LINEADDRESSSTATUS address;
        unsigned char room[500];
    } u;
    const DWORD *modes;
    DWORD size;

    ck_assert_int_gt(terminal(LINECALLSELECT_CALL, 0, LINETERMMODE_MEDIAFROMLINE, 1, TRUE), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1000 info 2000000\n");
    info_of(in, &size);
    modes = modes_at(&call, call.info.dwTerminalModesSize, call.info.dwTerminalModesOffset);
    ck_assert(modes[0] == 0x7F && modes[1] == LINETERMMODE_MEDIAFROMLINE && modes[2] == 0);
    ck_assert_int_gt(terminal(LINECALLSELECT_ADDRESS, 0, LINETERMMODE_RINGER, 0, FALSE), 0);
    ck_assert_str_eq(host_trace(), "reply 4 ok\naddress 1.0 80\n1000 info 2000000\n");
    ck_assert_int_gt(terminal(LINECALLSELECT_LINE, 99, LINETERMMODE_RINGER, 2, TRUE), 0);
    ck_assert_str_eq(host_trace(), "reply 5 ok\nline 1 2000 0 0\naddress 1.0 80\n1000 info 2000000\n");
    memset(&u, 0, sizeof u);
    u.line.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[1], &u.line), 0);
    modes = modes_at(&u, u.line.dwTerminalModesSize, u.line.dwTerminalModesOffset);
    ck_assert(modes[0] == 0x7F && modes[1] == 0 && modes[2] == LINETERMMODE_RINGER);
    ck_assert_uint_eq(u.line.dwLineFeatures & (LINEFEATURE_DEVSPECIFIC | LINEFEATURE_DEVSPECIFICFEAT), 3);
    memset(&u, 0, sizeof u);
    u.address.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[1], 0, &u.address), 0);
    modes = modes_at(&u, u.address.dwTerminalModesSize, u.address.dwTerminalModesOffset);
    ck_assert(modes[0] == (0x7F & ~LINETERMMODE_RINGER) && modes[2] == LINETERMMODE_RINGER);
    ck_assert_int_gt(terminal(LINECALLSELECT_LINE, 0, LINETERMMODE_RINGER, 2, TRUE), 0);
    ck_assert_str_eq(host_trace(), "reply 6 ok\n"); /* it was so */
    ck_assert_int_eq(terminal(LINECALLSELECT_LINE, 0, LINETERMMODE_RINGER, 3, TRUE), ERR(INVALTERMINALID));
    ck_assert_int_eq(terminal(LINECALLSELECT_LINE, 0, LINETERMMODE_RINGER, 1, TRUE), ERR(INVALTERMINALMODE));
    ck_assert_int_eq(terminal(LINECALLSELECT_LINE, 0, 0, 0, TRUE), ERR(INVALTERMINALMODE));
    ck_assert_int_eq(terminal(LINECALLSELECT_LINE, 0, LINETERMMODE_MEDIABIDIRECT, 0, TRUE), ERR(INVALTERMINALMODE));
    ck_assert_int_eq(terminal(LINECALLSELECT_ADDRESS, 1, LINETERMMODE_RINGER, 0, TRUE), ERR(INVALADDRESSID));
    ck_assert_int_eq(terminal(3, 0, LINETERMMODE_RINGER, 0, TRUE), ERR(INVALCALLSELECT));
    ck_assert_int_eq(TSPI_lineSetTerminal(0, host.linev[1], 0, NULL, LINECALLSELECT_LINE, 1, 0, 1), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineSetTerminal(9, NULL, 0, NULL, LINECALLSELECT_LINE, 1, 0, 1), ERR(INVALLINEHANDLE));
}
END_TEST

static void CALLBACK on_phone(HTAPIPHONE phone, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    (void)phone;
    (void)msg;
    (void)p1;
    (void)p2;
    (void)p3;
}

START_TEST(the_set_obeys)
{
    HDRVPHONE phone;
    DWORD ring, volume, lamp;

    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 1, (HTAPIPHONE)(uintptr_t)1, &phone, 0x20002, on_phone), 0);
    ck_assert_int_gt(terminal(LINECALLSELECT_LINE, 0, LINETERMMODE_RINGER | LINETERMMODE_LAMPS, 0, FALSE), 0);
    (void)host_make(0, 2, u"101");
    ck_assert_int_eq(TSPI_phoneGetRing(phone, &ring, &volume), 0);
    ck_assert_uint_eq(ring, 0);
    ck_assert_int_eq(TSPI_phoneGetLamp(phone, 21, &lamp), 0); /* the second appearance */
    ck_assert_uint_eq(lamp, PHONELAMPMODE_OFF);
    ck_assert_int_gt(terminal(LINECALLSELECT_LINE, 0, LINETERMMODE_RINGER | LINETERMMODE_LAMPS, 0, TRUE), 0);
    ck_assert_int_eq(TSPI_phoneGetRing(phone, &ring, &volume), 0);
    ck_assert_uint_eq(ring, 1);
    ck_assert_int_eq(TSPI_phoneGetLamp(phone, 21, &lamp), 0);
    ck_assert_uint_eq(lamp, PHONELAMPMODE_WINK);
    ck_assert_int_eq(TSPI_phoneClose(phone), 0);
}
END_TEST

/* ---- the extension ----------------------------------------------------------------------------------------------- */

static LONG special(HDRVCALL hd, struct sessiontsp_line *what)
{
    DRV_REQUESTID request = host.next_request;
    LONG result = TSPI_lineDevSpecific(request, host.linev[1], 0, hd, what, sizeof *what);

    if (result > 0)
        (void)host_request();
    return result;
}

START_TEST(device_specific)
{
    struct sessiontsp_line what = {SESSIONTSP_LINE_STREAM, LINEMEDIACONTROL_PAUSE | LINEMEDIACONTROL_RATEDOWN, {9, 9, 9}};

    ck_assert_int_gt(special(in, &what), 0);
    ck_assert_str_eq(host_trace(), "reply 3 ok\n1000 special 1 48 1\n1000 info 2\n");
    ck_assert(what.Stream.dwState == SESSIONTSP_STREAM_PAUSED && what.Stream.dwRate == 75);
    ck_assert_uint_eq(what.Stream.dwVolume, 100);
    what = (struct sessiontsp_line){SESSIONTSP_LINE_STREAM, 0, {9, 9, 9}};
    ck_assert_int_gt(special(in, &what), 0); /* only looks */
    ck_assert_str_eq(host_trace(), "reply 4 ok\n");
    ck_assert_uint_eq(what.Stream.dwState, SESSIONTSP_STREAM_PAUSED);
    what = (struct sessiontsp_line){SESSIONTSP_LINE_SIGNAL, 77, {0, 0, 0}};
    ck_assert_int_gt(special(NULL, &what), 0);
    ck_assert_str_eq(host_trace(), "line 1 special 2 4d 0\nreply 5 ok\n");
    what.dwCommand = 3;
    ck_assert_int_eq(special(NULL, &what), ERR(INVALPARAM));
    what.dwCommand = SESSIONTSP_LINE_STREAM;
    ck_assert_int_eq(special(NULL, &what), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(special(out, &what), ERR(INVALCALLHANDLE)); /* of another line */
    what.dwValue = 0x800;
    ck_assert_int_eq(special(in, &what), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineDevSpecific(9, host.linev[1], 0, in, &what, sizeof what - 1), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineDevSpecific(0, host.linev[1], 0, in, &what, sizeof what), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineDevSpecific(9, host.linev[1], 1, in, &what, sizeof what), ERR(INVALADDRESSID));
    ck_assert_int_eq(TSPI_lineDevSpecific(9, host.linev[0], 0, out, &what, sizeof what), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[1], 0), 0);
    ck_assert_int_eq(special(in, &what), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineDevSpecificFeature(9, host.linev[1], PHONEBUTTONFUNCTION_HOLD, NULL, 0),
                     ERR(OPERATIONUNAVAIL));
}
END_TEST

START_TEST(features_are_keys)
{
    ck_assert_int_eq(TSPI_lineDevSpecificFeature(0, host.linev[1], PHONEBUTTONFUNCTION_HOLD, NULL, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineDevSpecificFeature(9, host.linev[1], 0x77, NULL, 0), ERR(INVALFEATURE));
    ck_assert_int_eq(TSPI_lineDevSpecificFeature(9, NULL, PHONEBUTTONFUNCTION_HOLD, NULL, 0), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineDevSpecificFeature(host_request(), host.linev[1], PHONEBUTTONFUNCTION_HOLD, NULL, 0), 3);
    ck_assert_str_eq(host_trace(), "line 1 feature 4 c 0\nreply 3 ok\n1000 ONHOLD 0\naddress 1.0 20\nline 1 800 0 0\n"
                                   "1 CONNECTED 4\n");
    ck_assert_int_eq(TSPI_lineDevSpecificFeature(host_request(), host.linev[1], PHONEBUTTONFUNCTION_HOLD, NULL, 0), 4);
    ck_assert_uint_eq(host_state(in), LINECALLSTATE_CONNECTED);
}
END_TEST

START_TEST(no_memory_for_it)
{
    static const LINEMEDIACONTROLCALLSTATE state = {LINECALLSTATE_ONHOLD, LINEMEDIACONTROL_RESET};
    LONG result = 1;

    for (size_t i = 0; result != 0; i++) {
        ck_assert_uint_lt(i, 10);
        host_memory.fail_at = host_memory.total + i;
        result = control(LINECALLSELECT_CALL, NULL, 0, NULL, 0, NULL, 0, &state, 1);
        host_memory.fail_at = SIZE_MAX;
        ck_assert(result == 0 || result == ERR(NOMEM));
    }
}
END_TEST

START_TEST(no_msp)
{
    union {
        LINEDEVCAPS caps;
        unsigned char room[2000];
    } u = {.caps = {.dwTotalSize = sizeof u}};
    HDRVMSPLINE hd = (HDRVMSPLINE)(uintptr_t)5;
    GUID guid;

    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, 0x20002, 0, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwDevCapFlags & LINEDEVCAPFLAGS_MSP, 0);
    ck_assert_int_eq(TSPI_lineMSPIdentify(HOST_DEVICE_BASE, &guid), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineMSPIdentify(HOST_DEVICE_BASE, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineMSPIdentify(99, &guid), ERR(NODRIVER));
    ck_assert_int_eq(TSPI_lineCreateMSPInstance(host.linev[0], 0, 0, &hd), ERR(OPERATIONUNAVAIL));
    ck_assert_ptr_eq(hd, (HDRVMSPLINE)(uintptr_t)5);
    ck_assert_int_eq(TSPI_lineCreateMSPInstance(host.linev[0], 0, 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineCreateMSPInstance(NULL, 0, 0, &hd), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineCloseMSPInstance(hd), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineCloseMSPInstance(NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineReceiveMSPData(host.linev[0], out, hd, &guid, sizeof guid), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(TSPI_lineReceiveMSPData(host.linev[0], out, hd, NULL, 1), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineReceiveMSPData(NULL, out, hd, &guid, 1), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineSetCurrentLocation(4), 0);
}
END_TEST

START_TEST(digits_that_are_none)
{
    ck_assert_int_eq(TSPI_lineMonitorDigits(in, LINEDIGITMODE_DTMF | LINEDIGITMODE_PULSE), 0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 5, LINEDIGITMODE_DTMF, u"x\x2460 b-(/", 20), 0);
    host_wait(generated);
    ck_assert_str_eq(host_trace(), "1000 digit B 2\n1 generated 1 5\n");
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 6, LINEDIGITMODE_PULSE, u"#A*", 20), 0);
    wanted = 6;
    host_wait(ended);
    ck_assert_str_eq(host_trace(), "1 generated 1 6\n"); /* none of them is one of this mode */
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 7, LINEDIGITMODE_DTMF, u"", 20), 0);
    wanted = 7;
    host_wait(ended);
    ck_assert_str_eq(host_trace(), "1 generated 1 7\n");
}
END_TEST

static bool full(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_GATHERDIGITS && e->p1 == LINEGATHERTERM_BUFFERFULL;
}

static bool late(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_GATHERDIGITS && e->p1 == LINEGATHERTERM_INTERTIMEOUT;
}

START_TEST(pulses_are_gathered)
{
    WCHAR buffer[4] = {9, 9, 9, 9};

    ck_assert_int_eq(TSPI_lineMonitorDigits(in, LINEDIGITMODE_PULSE), 0);
    ck_assert_int_eq(TSPI_lineGatherDigits(in, 8, LINEDIGITMODE_PULSE, buffer, 2, NULL, 60000, 60000), 0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 5, LINEDIGITMODE_PULSE, u"12", 20), 0);
    host_wait(full);
    host_wait(generated);
    ck_assert_str_eq(host_trace(), "1000 digit 1 1\n1000 digit 2 1\n1000 gathered 1 8\n1 generated 1 5\n");
    ck_assert_int_eq(memcmp(buffer, u"12\x9", 6), 0);
    ck_assert_int_eq(TSPI_lineGatherDigits(in, 9, LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF, buffer, 3, u"*", 60000, 30),
                     0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 6, LINEDIGITMODE_DTMF, u"7", 20), 0);
    host_wait(late);
    ck_assert_int_eq(memcmp(buffer, u"7\0", 4), 0);
}
END_TEST

static bool heard_or_over(const struct host_event *e)
{
    return !e->reply && (e->msg == LINE_MONITORTONE || e->msg == LINE_GENERATE);
}

/* Only BILLING ends by itself: the documents have the others go on until somebody ends them. */
START_TEST(beep_goes_on)
{
    static const LINEMONITORTONE beep = {1, 600, 1400, 0, 0};

    ck_assert_int_eq(TSPI_lineMonitorTones(in, 3, (LPLINEMONITORTONE const)&beep, 1), 0);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 9, LINETONEMODE_BEEP, 0, 0, NULL), 0);
    host_wait(heard_or_over);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 0, 0, 0, 0, NULL), 0);
    wanted = 9;
    host_wait(ended);
    ck_assert_str_eq(host_trace(), "1000 tone 1 3\n1 generated 2 9\n");
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 10, LINETONEMODE_BILLING, 0, 0, NULL), 0);
}
END_TEST

Suite *suite_extra(void)
{
    Suite *s = suite_create("extra");
    TCase *c = tcase_create("extra");

    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, up, host_stop);
    tcase_add_test(c, media_control_acts);
    tcase_add_test(c, media_control_is_checked);
    tcase_add_test(c, terminal_capabilities);
    tcase_add_test(c, terminals_are_set);
    tcase_add_test(c, the_set_obeys);
    tcase_add_test(c, device_specific);
    tcase_add_test(c, features_are_keys);
    tcase_add_test(c, no_memory_for_it);
    tcase_add_test(c, no_msp);
    tcase_add_test(c, digits_that_are_none);
    tcase_add_test(c, pulses_are_gathered);
    tcase_add_test(c, beep_goes_on);
    suite_add_tcase(s, c);
    return s;
}
