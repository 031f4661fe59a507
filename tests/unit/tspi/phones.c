/* Phone devices: versions, capabilities, functions, keys that act on calls, order and end of events.
 * SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "include/tapi_fixed_size.h"
#include "tests/unit/tspi/host.h"
#include "tsp/session/phone.h"

#include <stdio.h>

#define PERR(name) ((LONG)PHONEERR_##name)
#define HOST_PHONE(n) ((HTAPIPHONE)(uintptr_t)(0x200 + (n)))

static HDRVPHONE phonev[4];
static char said[20000];

static void say(const char *text)
{
    if (strlen(said) + strlen(text) + 1 < sizeof said)
        strcat(said, text);
}

static void CALLBACK on_phone(HTAPIPHONE phone, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    char text[100];

    (void)snprintf(text, sizeof text, "%s%u:%x,%x,%x ",
                   msg == PHONE_BUTTON  ? "button"
                   : msg == PHONE_STATE ? "state"
                                        : "?",
                   (unsigned)(uintptr_t)phone - 0x200, (unsigned)p1, (unsigned)p2, (unsigned)p3);
    platform_mutex_lock(&host.lock);
    say(text);
    platform_mutex_unlock(&host.lock);
}

static const char *heard(void)
{
    static char text[sizeof said];

    memcpy(text, said, sizeof said);
    said[0] = 0;
    return text;
}

static HDRVPHONE phone_open(int n, DWORD version, DWORD states, DWORD modes)
{
    HDRVPHONE hd = NULL;

    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + (DWORD)n, HOST_PHONE(n), &hd, version, on_phone), 0);
    ck_assert_ptr_nonnull(hd);
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, states, modes, modes ? 3 : 0), 0);
    phonev[n] = hd;
    return hd;
}

static void setup(void)
{
    said[0] = 0;
    host_start(NULL);
}

static void setup_open(void)
{
    setup();
    for (int i = 0; i < 4; i++) {
        (void)host_open(i, 0x20002, false);
        (void)phone_open(i, 0x20002, 0, 0);
    }
}

static void teardown(void)
{
    host_stop();
}

/* The completion of a request that was accepted; negative results are the function's own. */
static LONG done(DRV_REQUESTID request, LONG result)
{
    if (result < 0) {
        host.replies++; /* it was never given away */
        return result;
    }
    ck_assert_int_eq(result, (LONG)request);
    for (size_t i = host.eventc; i-- > 0;)
        if (host.eventv[i].reply && host.eventv[i].p1 == request)
            return (LONG)(DWORD)host.eventv[i].p2;
    ck_abort_msg("no completion");
    return 0;
}
#define ASYNC(function, ...) (request = host_request(), done(request, function(request, __VA_ARGS__)))

static LONG touch(int n, DWORD command, DWORD item, DWORD value)
{
    struct sessiontsp_phone what = {command, item, value};
    DRV_REQUESTID request;

    ck_assert_int_eq(TSPI_phoneSelectExtVersion(phonev[n], SESSIONTSP_PHONE_EXT_VERSION), 0);
    return ASYNC(TSPI_phoneDevSpecific, phonev[n], &what, sizeof what);
}

static LONG press(int n, DWORD id)
{
    return touch(n, SESSIONTSP_PHONE_BUTTON, id, PHONEBUTTONSTATE_DOWN | PHONEBUTTONSTATE_UP);
}

START_TEST(versions)
{
    PHONEEXTENSIONID id;
    DWORD version = 0;

    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE, 0x10003, 0x30000, &version), 0);
    ck_assert_uint_eq(version, 0x20002);
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE + 4, 0x10003, 0x30000, &version), PERR(NODRIVER));
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE - 1, 0x10003, 0x30000, &version), PERR(NODRIVER));
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE, 0x30000, 0x40000, &version),
                     PERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE, 0, 1, NULL), PERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_phoneGetExtensionID(HOST_PHONE_BASE, 0x20002, &id), 0);
    ck_assert_uint_eq(id.dwExtensionID0, SESSIONTSP_PHONE_EXT_ID0);
    ck_assert_int_eq(TSPI_phoneGetExtensionID(99, 0x20002, &id), PERR(NODRIVER));
    ck_assert_int_eq(TSPI_phoneNegotiateExtVersion(HOST_PHONE_BASE, 0x20002, 0, 0xFFFFFFFF, &version), 0);
    ck_assert_uint_eq(version, SESSIONTSP_PHONE_EXT_VERSION);
    ck_assert_int_eq(TSPI_phoneNegotiateExtVersion(HOST_PHONE_BASE, 0x20002, 0x20000, 0x30000, &version),
                     PERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(TSPI_phoneNegotiateExtVersion(HOST_PHONE_BASE, 0x30000, 0, 0xFFFFFFFF, &version),
                     PERR(INCOMPATIBLEAPIVERSION));
}
END_TEST

START_TEST(open_and_close)
{
    HDRVPHONE hd = phone_open(1, 0x20002, 0, 0), again;

    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 1, HOST_PHONE(1), &again, 0x20002, on_phone), PERR(ALLOCATED));
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 2, HOST_PHONE(1), &again, 0x30000, on_phone),
                     PERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 9, HOST_PHONE(1), &again, 0x20002, on_phone), PERR(NODRIVER));
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE, HOST_PHONE(1), &again, 0x20002, NULL), PERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_phoneSelectExtVersion(hd, 77), PERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(TSPI_phoneSelectExtVersion(hd, 0), 0);
    ck_assert_int_eq(TSPI_phoneClose(hd), 0);
    ck_assert_int_eq(TSPI_phoneClose(hd), PERR(INVALPHONEHANDLE));
    ck_assert_int_eq(TSPI_phoneClose(NULL), PERR(INVALPHONEHANDLE));
    again = phone_open(1, 0x10003, 0, 0);
    ck_assert_ptr_ne(hd, again);
}
END_TEST

START_TEST(status_messages)
{
    HDRVPHONE hd = phone_open(0, 0x20002, 0, 0);
    DRV_REQUESTID request;

    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, 0x1000000, 0, 0), PERR(INVALPHONESTATE));
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, 0, 0x40, 1), PERR(INVALBUTTONMODE));
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, 0, 4, 0), PERR(INVALBUTTONSTATE));
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, 0, 4, 0x10), PERR(INVALBUTTONSTATE));
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, 0, 0, 0x10), 0);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetVolume, hd, 1, 5), 0);
    ck_assert_str_eq(heard(), "");
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(hd, PHONESTATE_HANDSETVOLUME, 0, 0), 0);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetVolume, hd, 1, 6), 0);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetGain, hd, 1, 6), 0);
    ck_assert_str_eq(heard(), "state0:400,6,0 ");
}
END_TEST

START_TEST(capabilities)
{
    static const DWORD versionv[] = {0x10003, 0x10004, 0x20000, 0x20002};
    union {
        PHONECAPS caps;
        unsigned char bytes[2048];
    } u;

    for (size_t i = 0; i < sizeof versionv / sizeof *versionv; i++) {
        memset(&u, 0xEE, sizeof u);
        u.caps.dwTotalSize = sizeof u;
        ck_assert_int_eq(TSPI_phoneGetDevCaps(HOST_PHONE_BASE, versionv[i], 0, &u.caps), 0);
        ck_assert_uint_eq(u.caps.dwTotalSize, sizeof u);
        ck_assert_uint_eq(u.caps.dwNeededSize, u.caps.dwUsedSize);
        ck_assert_uint_eq(u.caps.dwDisplayNumRows, 2);
        ck_assert_uint_eq(u.caps.dwNumRingModes, 4);
        ck_assert_uint_eq(u.caps.dwNumButtonLamps, 22);
        ck_assert_uint_eq(u.caps.dwButtonModesSize, 22 * 4);
        ck_assert_uint_eq(u.caps.dwLampModesSize, 22 * 4);
        ck_assert_uint_eq(u.caps.dwSetDataSize, 8);
        ck_assert_uint_ge(u.caps.dwPhoneNameOffset, TAPI_FIXED_PHONECAPS(versionv[i]));
    }
    ck_assert_uint_eq(u.caps.dwPhoneFeatures, 0x0FFFFFFF);
    u.caps.dwTotalSize = TAPI_FIXED_PHONECAPS(0x20002) - 1;
    ck_assert_int_eq(TSPI_phoneGetDevCaps(HOST_PHONE_BASE, 0x20002, 0, &u.caps), PERR(STRUCTURETOOSMALL));
    u.caps.dwTotalSize = TAPI_FIXED_PHONECAPS(0x20002);
    ck_assert_int_eq(TSPI_phoneGetDevCaps(HOST_PHONE_BASE, 0x20002, 0, &u.caps), 0);
    ck_assert_uint_eq(u.caps.dwPhoneNameSize, 0);
    ck_assert_uint_gt(u.caps.dwNeededSize, u.caps.dwUsedSize);
    ck_assert_int_eq(TSPI_phoneGetDevCaps(HOST_PHONE_BASE, 0x20002, 5, &u.caps), PERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(TSPI_phoneGetDevCaps(HOST_PHONE_BASE, 0x30000, 0, &u.caps), PERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(TSPI_phoneGetDevCaps(0, 0x20002, 0, &u.caps), PERR(NODRIVER));
    ck_assert_int_eq(TSPI_phoneGetDevCaps(0, 0x20002, 0, NULL), PERR(INVALPOINTER));
}
END_TEST

START_TEST(set_and_get)
{
    union {
        PHONESTATUS status;
        VARSTRING var;
        PHONEBUTTONINFO info;
        unsigned char bytes[1024];
    } u;
    static const WCHAR text[] = {'H', 'i', 0};
    unsigned char data[100];
    DRV_REQUESTID request;
    DWORD value, volume;
    HDRVPHONE hd = phone_open(0, 0x20002, 0xFFFFFF, 0);

    ck_assert_int_eq(ASYNC(TSPI_phoneSetLamp, hd, SESSION_PHONE_KEY_MESSAGE, PHONELAMPMODE_FLASH), 0);
    ck_assert_int_eq(TSPI_phoneGetLamp(hd, SESSION_PHONE_KEY_MESSAGE, &value), 0);
    ck_assert_uint_eq(value, PHONELAMPMODE_FLASH);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetLamp, hd, 99, PHONELAMPMODE_FLASH), PERR(INVALBUTTONLAMPID));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetLamp, hd, SESSION_PHONE_KEY_MESSAGE, 3), PERR(INVALLAMPMODE));
    ck_assert_int_eq(TSPI_phoneGetLamp(hd, 99, &value), PERR(INVALBUTTONLAMPID));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetRing, hd, 3, 0x20000), 0);
    ck_assert_int_eq(TSPI_phoneGetRing(hd, &value, &volume), 0);
    ck_assert_uint_eq(value, 3);
    ck_assert_uint_eq(volume, 0xFFFF);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetRing, hd, 5, 0), PERR(INVALRINGMODE));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetVolume, hd, 4, 9), 0);
    ck_assert_int_eq(TSPI_phoneGetVolume(hd, 4, &value), 0);
    ck_assert_uint_eq(value, 9);
    ck_assert_int_eq(TSPI_phoneGetVolume(hd, 5, &value), PERR(INVALHOOKSWITCHDEV));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetGain, hd, 3, 9), PERR(INVALHOOKSWITCHDEV));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetGain, hd, 2, 8), 0);
    ck_assert_int_eq(TSPI_phoneGetGain(hd, 2, &value), 0);
    ck_assert_uint_eq(value, 8);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetDisplay, hd, 1, 4, text, sizeof text), 0);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetDisplay, hd, 2, 0, text, sizeof text), PERR(INVALPARAM));
    memset(&u, 0, sizeof u);
    u.var.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_phoneGetDisplay(hd, &u.var), 0);
    ck_assert_uint_eq(u.var.dwStringFormat, STRINGFORMAT_UNICODE);
    ck_assert_uint_eq(u.var.dwStringSize, 96);
    ck_assert_uint_eq(u.bytes[u.var.dwStringOffset + 2 * 28], 'H');
    memset(data, 5, sizeof data);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetData, hd, 1, data, 64), 0);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetData, hd, 1, data, 65), PERR(INVALPARAM));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetData, hd, 2, data, 1), PERR(INVALDATAID));
    memset(data, 0, sizeof data);
    ck_assert_int_eq(TSPI_phoneGetData(hd, 1, data, 10), 0);
    ck_assert(data[9] == 5 && data[10] == 0);
    ck_assert_int_eq(TSPI_phoneGetData(hd, 1, NULL, 0), 0);
    ck_assert_int_eq(TSPI_phoneGetData(hd, 2, data, 10), PERR(INVALDATAID));
    memset(&u, 0, sizeof u);
    u.info.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_phoneGetButtonInfo(hd, 12, &u.info), 0);
    ck_assert_uint_eq(u.info.dwButtonFunction, PHONEBUTTONFUNCTION_HOLD);
    ck_assert_uint_eq(u.info.dwButtonState, PHONEBUTTONSTATE_UP);
    ck_assert_uint_eq(u.bytes[u.info.dwButtonTextOffset], 'H');
    u.info.dwButtonFunction = PHONEBUTTONFUNCTION_DROP;
    ck_assert_int_eq(ASYNC(TSPI_phoneSetButtonInfo, hd, 12, &u.info), 0);
    u.info.dwButtonFunction = PHONEBUTTONFUNCTION_COVER;
    ck_assert_int_eq(ASYNC(TSPI_phoneSetButtonInfo, hd, 12, &u.info), PERR(INVALPARAM));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetButtonInfo, hd, 1, &u.info), PERR(OPERATIONUNAVAIL));
    u.info.dwButtonTextSize = 0xFFFFFFFF;
    ck_assert_int_eq(ASYNC(TSPI_phoneSetButtonInfo, hd, 12, &u.info), PERR(INVALPARAM));
    u.info.dwTotalSize = 4;
    ck_assert_int_eq(ASYNC(TSPI_phoneSetButtonInfo, hd, 12, &u.info), PERR(STRUCTURETOOSMALL));
    u.info.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_phoneGetButtonInfo(hd, 12, &u.info), 0);
    ck_assert_uint_eq(u.info.dwButtonFunction, PHONEBUTTONFUNCTION_DROP);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetHookSwitch, hd, 8, 1), PERR(INVALHOOKSWITCHDEV));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetHookSwitch, hd, 1, 5), PERR(INVALHOOKSWITCHMODE));
    ck_assert_int_eq(ASYNC(TSPI_phoneSetHookSwitch, hd, 1, PHONEHOOKSWITCHMODE_MIC), 0); /* its line is closed */
    ck_assert_int_eq(TSPI_phoneGetHookSwitch(hd, &value), 0);
    ck_assert_uint_eq(value, 1);
    memset(&u, 0, sizeof u);
    u.status.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_phoneGetStatus(hd, &u.status), 0);
    ck_assert_uint_eq(u.status.dwHandsetHookSwitchMode, PHONEHOOKSWITCHMODE_MIC);
    ck_assert_uint_eq(u.status.dwRingMode, 3);
    ck_assert_uint_eq(u.status.dwHeadsetVolume, 9);
    ck_assert_uint_eq(u.status.dwDisplaySize, 96);
    ck_assert_uint_eq(u.status.dwLampModesSize, 22 * 4);
    ck_assert_uint_eq(u.status.dwPhoneFeatures, 0x0FFFFFFF);
    ck_assert_str_eq(heard(), "state0:40,12,0 state0:80,3,0 state0:100,ffff,0 state0:10000,9,0 state0:4000,8,0 "
                              "state0:20,0,0 state0:400000,0,0 state0:200,2,0 ");
    ck_assert_int_eq(TSPI_phoneSetRing(0, hd, 1, 1), PERR(INVALPARAM));
    ck_assert_int_eq(TSPI_phoneSetRing(0x80000000, hd, 1, 1), PERR(INVALPARAM));
}
END_TEST

START_TEST(ids_and_icons)
{
    union {
        VARSTRING v;
        unsigned char bytes[64];
    } u;
    HDRVPHONE hd = phone_open(2, 0x20002, 0, 0);
    HDRVLINE line = host_open(2, 0x20002, false);
    HICON icon = (HICON)&u;
    DWORD id;

    u.v.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_phoneGetID(hd, &u.v, u"TAPI/phone", NULL), 0);
    memcpy(&id, u.bytes + u.v.dwStringOffset, sizeof id);
    ck_assert_uint_eq(id, HOST_PHONE_BASE + 2);
    ck_assert_int_eq(TSPI_phoneGetID(hd, &u.v, u"tapi/line", NULL), 0);
    memcpy(&id, u.bytes + u.v.dwStringOffset, sizeof id);
    ck_assert_uint_eq(id, HOST_DEVICE_BASE + 2);
    ck_assert_int_eq(TSPI_phoneGetID(hd, &u.v, u"wave/in", NULL), PERR(INVALDEVICECLASS));
    ck_assert_int_eq(TSPI_lineGetID(line, 0, NULL, LINECALLSELECT_LINE, &u.v, u"tapi/phone", NULL), 0);
    memcpy(&id, u.bytes + u.v.dwStringOffset, sizeof id);
    ck_assert_uint_eq(id, HOST_PHONE_BASE + 2);
    ck_assert_int_eq(TSPI_phoneGetIcon(HOST_PHONE_BASE, u"tapi/phone", &icon), 0);
    ck_assert_ptr_null(icon);
    ck_assert_int_eq(TSPI_phoneGetIcon(HOST_PHONE_BASE, u"x", &icon), PERR(INVALDEVICECLASS));
    ck_assert_int_eq(TSPI_phoneGetIcon(0, NULL, &icon), PERR(NODRIVER));
}
END_TEST

START_TEST(extension)
{
    struct sessiontsp_phone what = {SESSIONTSP_PHONE_MESSAGE, 0, 1};
    HDRVPHONE hd = phone_open(0, 0x20002, PHONESTATE_LAMP, 0x3F);
    DRV_REQUESTID request;

    ck_assert_int_eq(ASYNC(TSPI_phoneDevSpecific, hd, &what, sizeof what), PERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_MESSAGE, 0, 1), 0);
    ck_assert_str_eq(heard(), "state0:40,12,0 ");
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_MESSAGE), 0);
    ck_assert_str_eq(heard(), "button0:12,4,2 state0:40,12,0 button0:12,4,1 ");
    ck_assert_int_eq(ASYNC(TSPI_phoneDevSpecific, hd, &what, sizeof what - 1), PERR(INVALPARAM));
    ck_assert_int_eq(touch(0, 99, 0, 1), PERR(INVALPARAM));
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_BUTTON, 0, 4), PERR(INVALPARAM));
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_BUTTON, 0, 0), PERR(INVALPARAM));
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_BUTTON, 0, PHONEBUTTONSTATE_UP), PERR(INVALPHONESTATE));
    ck_assert_int_eq(press(0, 22), PERR(INVALBUTTONLAMPID));
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_CALL), PERR(OPERATIONUNAVAIL)); /* its line is closed */
    ck_assert_str_eq(heard(), "button0:14,2,2 button0:14,2,1 ");
}
END_TEST

/* ---- calls ------------------------------------------------------------------------------------------------------- */

START_TEST(a_call_by_hand)
{
    DWORD lamp;

    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_HOOK, PHONEHOOKSWITCHDEV_HANDSET, PHONEHOOKSWITCHMODE_MICSPEAKER), 0);
    ck_assert_str_eq(host_trace(), "reply 1 ok\nnew 1000\n1000 DIALTONE 1\n");
    ck_assert_int_eq(press(0, 1), 0);
    ck_assert_int_eq(press(0, 0), 0);
    ck_assert_int_eq(press(0, 1), 0);
    ck_assert_uint_eq(host_state(host_new(1000)), LINECALLSTATE_RINGBACK);
    ck_assert_int_eq(TSPI_phoneGetLamp(phonev[1], SESSION_PHONE_KEY_CALL, &lamp), 0);
    ck_assert_uint_eq(lamp, PHONELAMPMODE_WINK);
    host_forget();
    ck_assert_int_eq(touch(1, SESSIONTSP_PHONE_HOOK, PHONEHOOKSWITCHDEV_HANDSET, PHONEHOOKSWITCHMODE_MICSPEAKER), 0);
    ck_assert_uint_eq(host_state(host_new(1000)), LINECALLSTATE_CONNECTED);
    ck_assert_uint_eq(host_state(host_new(1001)), LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(TSPI_phoneGetLamp(phonev[1], SESSION_PHONE_KEY_CALL, &lamp), 0);
    ck_assert_uint_eq(lamp, PHONELAMPMODE_STEADY);
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_HOOK, PHONEHOOKSWITCHDEV_HANDSET, PHONEHOOKSWITCHMODE_ONHOOK), 0);
    ck_assert_uint_eq(host_state(host_new(1000)), LINECALLSTATE_IDLE);
    ck_assert_uint_eq(host_state(host_new(1001)), LINECALLSTATE_DISCONNECTED);
    ck_assert_int_eq(TSPI_lineCloseCall(host_new(1000)), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(host_new(1001)), 0);
    ck_assert_int_eq(TSPI_phoneGetLamp(phonev[1], SESSION_PHONE_KEY_CALL, &lamp), 0);
    ck_assert_uint_eq(lamp, PHONELAMPMODE_OFF);
}
END_TEST

/* What an application does shows on the set. */
START_TEST(a_call_of_an_application)
{
    HDRVCALL call;
    DRV_REQUESTID request;
    DWORD value, volume;

    ck_assert_int_eq(TSPI_phoneSetStatusMessages(
                         phonev[1], PHONESTATE_LAMP | PHONESTATE_RINGMODE | PHONESTATE_SPEAKERHOOKSWITCH, 0, 0),
                     0);
    call = host_make(0, 1, u"101");
    ck_assert_str_eq(heard(), "state1:40,14,0 state1:80,1,0 ");
    ck_assert_int_eq(TSPI_phoneGetRing(phonev[1], &value, &volume), 0);
    ck_assert_uint_eq(value, 1);
    request = host_request();
    ck_assert_int_eq(TSPI_lineAnswer(request, host_new(1000), NULL, 0), (LONG)request);
    ck_assert_str_eq(heard(), "state1:40,14,0 state1:80,0,0 state1:1000,8,0 state1:40,13,0 ");
    ck_assert_int_eq(TSPI_lineCloseCall(host_new(1000)), 0); /* without a drop */
    ck_assert_str_eq(heard(), "state1:40,14,0 state1:1000,1,0 state1:40,13,0 ");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
}
END_TEST

START_TEST(set_opened_late)
{
    DWORD lamp;

    ck_assert_int_eq(TSPI_phoneClose(phonev[1]), 0);
    (void)host_make(0, 1, u"101");
    (void)phone_open(1, 0x20002, 0, 0);
    ck_assert_int_eq(TSPI_phoneGetLamp(phonev[1], SESSION_PHONE_KEY_CALL, &lamp), 0);
    ck_assert_uint_eq(lamp, PHONELAMPMODE_WINK);
    ck_assert_int_eq(press(1, SESSION_PHONE_KEY_DROP), 0);
    ck_assert_uint_eq(host_state(host_new(1000)), LINECALLSTATE_IDLE);
}
END_TEST

START_TEST(call_not_taken_by_the_host)
{
    host.refuse = true;
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_HOOK, PHONEHOOKSWITCHDEV_HANDSET, PHONEHOOKSWITCHMODE_MICSPEAKER), 0);
    ck_assert_str_eq(host_trace(), "reply 1 ok\nnew 0\n");
    ck_assert_int_eq(touch(0, SESSIONTSP_PHONE_HOOK, PHONEHOOKSWITCHDEV_HANDSET, PHONEHOOKSWITCHMODE_ONHOOK), 0);
}
END_TEST

START_TEST(no_event_after_close)
{
    ck_assert_int_eq(TSPI_phoneSetStatusMessages(phonev[0], 0xFFFFFF, 0x3F, 3), 0);
    ck_assert_int_eq(TSPI_phoneClose(phonev[0]), 0);
    (void)host_make(0, 1, u"101");
    ck_assert_str_eq(heard(), "");
    phonev[0] = phone_open(0, 0x20002, 0xFFFFFF, 0);
    ck_assert_str_eq(heard(), "");
}
END_TEST

static HDRVPHONE to_close;

static void close_in_callback(const struct host_event *e)
{
    if (e->reply && to_close) {
        HDRVPHONE hd = to_close;

        to_close = NULL;
        ck_assert_int_eq(TSPI_phoneClose(hd), 0);
    }
}

START_TEST(closed_in_a_callback)
{
    DRV_REQUESTID request;

    ck_assert_int_eq(TSPI_phoneSetStatusMessages(phonev[0], 0xFFFFFF, 0, 0), 0);
    to_close = phonev[0];
    host_hook(close_in_callback);
    ck_assert_int_eq(ASYNC(TSPI_phoneSetRing, phonev[0], 1, 1), 0);
    ck_assert_str_eq(heard(), ""); /* the change was queued behind the completion */
    ck_assert_int_eq(TSPI_phoneGetRing(phonev[0], &(DWORD){0}, &(DWORD){0}), PERR(INVALPHONEHANDLE));
}
END_TEST

START_TEST(lines_without_phones)
{
    HDRVPHONE hd;
    DWORD lines, phones;

    host_start("[line 0]\nnumber=100\nphone=0\n[line 1]\nnumber=101\n[line 2]\nnumber=102\nphone=2\n"
               "[lines]\ncount=3\nfirst=200\nphone=0");
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, NULL, NULL, NULL), 0);
    ck_assert_uint_eq(lines, 5);
    ck_assert_uint_eq(phones, 1);
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE, HOST_PHONE(0), &hd, 0x20002, on_phone), 0);
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 1, HOST_PHONE(0), &hd, 0x20002, on_phone), PERR(NODRIVER));
    host_stop();
}
END_TEST

START_TEST(no_memory)
{
    for (size_t n = 0; n < 40; n++) {
        HDRVPHONE hd = NULL;
        LONG result;

        host_start(NULL);
        host_memory.fail_at = host_memory.total + n;
        result = TSPI_phoneOpen(HOST_PHONE_BASE, HOST_PHONE(0), &hd, 0x20002, on_phone);
        if (result) {
            ck_assert_int_eq(result, PERR(NOMEM));
        } else {
            (void)TSPI_phoneSetStatusMessages(hd, 0xFFFFFF, 0x3F, 3);
            for (int i = 0; i < 300; i++) {
                DRV_REQUESTID request = host_request();
                LONG rc = TSPI_phoneSetRing(request, hd, (DWORD)i % 2, 7);

                if (rc < 0)
                    host.replies++;
            }
        }
        host_memory.fail_at = SIZE_MAX;
        said[0] = 0;
        host_stop();
    }
}
END_TEST

Suite *suite_phones(void)
{
    Suite *s = suite_create("phones");
    TCase *tc = tcase_create("devices"), *calls = tcase_create("calls"), *bare = tcase_create("bare");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, versions);
    tcase_add_test(tc, open_and_close);
    tcase_add_test(tc, status_messages);
    tcase_add_test(tc, capabilities);
    tcase_add_test(tc, set_and_get);
    tcase_add_test(tc, ids_and_icons);
    tcase_add_test(tc, extension);
    suite_add_tcase(s, tc);
    tcase_set_timeout(calls, 0);
    tcase_add_checked_fixture(calls, setup_open, teardown);
    tcase_add_test(calls, a_call_by_hand);
    tcase_add_test(calls, a_call_of_an_application);
    tcase_add_test(calls, set_opened_late);
    tcase_add_test(calls, call_not_taken_by_the_host);
    tcase_add_test(calls, no_event_after_close);
    tcase_add_test(calls, closed_in_a_callback);
    suite_add_tcase(s, calls);
    tcase_set_timeout(bare, 0);
    tcase_add_test(bare, lines_without_phones);
    tcase_add_test(bare, no_memory);
    suite_add_tcase(s, bare);
    return s;
}
