/* Phones from the application down to the embedded exchange. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/client/host.h"

#include <stdlib.h>

#undef phoneGetButtonInfo
#undef phoneGetDevCaps
#undef phoneGetID
#undef phoneGetStatus
#undef phoneInitialize
#undef phoneSetButtonInfo

#define PERR(name) ((LONG)PHONEERR_##name)
enum { HOLD = 12, DROP = 15, MESSAGE = 18, CALL1 = 20 };

struct booth {
    HPHONEAPP app;
    HPHONE phone;
    DWORD devices;
};

static HPHONEAPP start(DWORD version, DWORD *devices)
{
    PHONEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = PHONEINITIALIZEEXOPTION_USEEVENT};
    HPHONEAPP app = 0;

    ck_assert_int_eq(phoneInitializeExA(&app, NULL, NULL, "booth", devices, &version, &params), 0);
    return app;
}

static void booth_open(struct booth *b, DWORD device, DWORD privilege)
{
    PHONEEXTENSIONID id;
    DWORD version, ext;

    b->app = start(0x00020002, &b->devices);
    ck_assert_int_eq(phoneNegotiateAPIVersion(b->app, device, 0x00010003, 0x00020002, &version, &id), 0);
    ck_assert_uint_eq(version, 0x00020002);
    ck_assert_uint_eq(id.dwExtensionID0, SESSIONTSP_PHONE_EXT_ID0);
    ck_assert_int_eq(phoneNegotiateExtVersion(b->app, device, version, 0, 0xFFFFFFFF, &ext), 0);
    ck_assert_int_eq(phoneOpen(b->app, device, &b->phone, version, ext, 100 + device, privilege), 0);
}

static void booth_close(struct booth *b)
{
    ck_assert_int_eq(phoneShutdown(b->app), 0);
}

/* The next message of the kind. */
static PHONEMESSAGE await(const struct booth *b, DWORD message, DWORD_PTR p1)
{
    PHONEMESSAGE m;

    do {
        ck_assert_int_eq(phoneGetMessage(b->app, &m, INFINITE), 0);
    } while (m.dwMessageID != message || (p1 != (DWORD_PTR)-1 && m.dwParam1 != p1));
    return m;
}

static LONG reply(const struct booth *b, LONG request)
{
    if (request < 0)
        return request;
    ck_assert_int_gt(request, 0);
    return (LONG)(DWORD)await(b, PHONE_REPLY, (DWORD_PTR)request).dwParam2;
}

static LONG press(const struct booth *b, DWORD id)
{
    struct sessiontsp_phone what = {SESSIONTSP_PHONE_BUTTON, id, PHONEBUTTONSTATE_DOWN | PHONEBUTTONSTATE_UP};

    return reply(b, phoneDevSpecific(b->phone, &what, sizeof(what)));
}

START_TEST(devices)
{
    static const DWORD versions[] = {0x00010003, 0x00010004, 0x00020000, 0x00020001, 0x00020002};
    union {
        PHONECAPS caps;
        char room[4096];
    } a, w;
    DWORD count = 0, version = versions[_i], i;
    HPHONEAPP app = start(version, &count);

    ck_assert_uint_eq(count, 4);
    memset(&a, 0, sizeof(a));
    memset(&w, 0, sizeof(w));
    a.caps.dwTotalSize = w.caps.dwTotalSize = sizeof(a);
    ck_assert_int_eq(phoneGetDevCapsA(app, 1, version, 0, &a.caps), 0);
    ck_assert_int_eq(phoneGetDevCapsW(app, 1, version, 0, &w.caps), 0);
    ck_assert_str_eq(TEXT_OF(&a.caps, dwPhoneName), "Phone Extension 101");
    ck_assert_uint_eq(w.caps.dwPhoneNameSize, 2 * a.caps.dwPhoneNameSize);
    for (i = 0; i < a.caps.dwPhoneNameSize; i++)
        ck_assert_int_eq(w.room[w.caps.dwPhoneNameOffset + 2 * i], a.room[a.caps.dwPhoneNameOffset + i]);
    ck_assert_uint_eq(a.caps.dwStringFormat, STRINGFORMAT_UNICODE); /* of the display */
    ck_assert_uint_eq(a.caps.dwNumButtonLamps, 22);
    ck_assert_uint_eq(a.caps.dwPhoneStates & (PHONESTATE_OWNER | PHONESTATE_MONITORS | PHONESTATE_REINIT),
                      PHONESTATE_OWNER | PHONESTATE_MONITORS | PHONESTATE_REINIT);
    ck_assert_int_eq(phoneGetDevCapsA(app, 4, version, 0, &a.caps), PERR(BADDEVICEID));
    a.caps.dwTotalSize = 20;
    ck_assert_int_eq(phoneGetDevCaps(app, 1, version, 0, &a.caps), PERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(phoneGetIconA(1, NULL, (LPHICON)&a), PERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(phoneGetIconA(9, NULL, (LPHICON)&a), PERR(BADDEVICEID));
    ck_assert_int_eq(phoneConfigDialogW(9, NULL, NULL), PERR(BADDEVICEID));
    ck_assert_int_eq(phoneShutdown(app), 0);
    host_clean();
}
END_TEST

START_TEST(set_and_get)
{
    union {
        PHONESTATUS status;
        PHONEBUTTONINFO info;
        VARSTRING var;
        char room[2048];
    } u;
    static const WCHAR hello[] = {'H', 'i', 0};
    struct booth b, other;
    DWORD value, volume, id;
    char data[16] = "";

    booth_open(&b, 0, PHONEPRIVILEGE_OWNER);
    ck_assert_int_eq(reply(&b, phoneSetLamp(b.phone, MESSAGE, PHONELAMPMODE_FLASH)), 0);
    ck_assert_int_eq(phoneGetLamp(b.phone, MESSAGE, &value), 0);
    ck_assert_uint_eq(value, PHONELAMPMODE_FLASH);
    ck_assert_int_eq(reply(&b, phoneSetLamp(b.phone, 77, PHONELAMPMODE_FLASH)), PERR(INVALBUTTONLAMPID));
    ck_assert_int_eq(reply(&b, phoneSetRing(b.phone, 2, 0x99999)), 0);
    ck_assert_int_eq(phoneGetRing(b.phone, &value, &volume), 0);
    ck_assert(value == 2 && volume == 0xFFFF);
    ck_assert_int_eq(reply(&b, phoneSetVolume(b.phone, PHONEHOOKSWITCHDEV_SPEAKER, 5)), 0);
    ck_assert_int_eq(phoneGetVolume(b.phone, PHONEHOOKSWITCHDEV_SPEAKER, &value), 0);
    ck_assert_uint_eq(value, 5);
    ck_assert_int_eq(reply(&b, phoneSetGain(b.phone, PHONEHOOKSWITCHDEV_HEADSET, 6)), 0);
    ck_assert_int_eq(phoneGetGain(b.phone, PHONEHOOKSWITCHDEV_HEADSET, &value), 0);
    ck_assert_uint_eq(value, 6);
    ck_assert_int_eq(reply(&b, phoneSetHookSwitch(b.phone, PHONEHOOKSWITCHDEV_HANDSET, PHONEHOOKSWITCHMODE_MIC)), 0);
    ck_assert_int_eq(phoneGetHookSwitch(b.phone, &value), 0);
    ck_assert_uint_eq(value, PHONEHOOKSWITCHDEV_HANDSET);
    ck_assert_int_eq(reply(&b, phoneSetData(b.phone, 0, "keep", 5)), 0);
    ck_assert_int_eq(phoneGetData(b.phone, 0, data, sizeof(data)), 0);
    ck_assert_str_eq(data, "keep");
    ck_assert_int_eq(reply(&b, phoneSetDisplay(b.phone, 0, 3, (LPCSTR)hello, sizeof(hello))), 0);
    memset(&u, 0, sizeof(u));
    u.var.dwTotalSize = sizeof(u);
    ck_assert_int_eq(phoneGetDisplay(b.phone, &u.var), 0);
    ck_assert_uint_eq(u.var.dwStringFormat, STRINGFORMAT_UNICODE);
    ck_assert_int_eq(u.room[u.var.dwStringOffset + 6], 'H');
    memset(&u, 0, sizeof(u));
    u.info.dwTotalSize = sizeof(u);
    ck_assert_int_eq(phoneGetButtonInfoA(b.phone, HOLD, &u.info), 0);
    ck_assert_str_eq(TEXT_OF(&u.info, dwButtonText), "Hold");
    memcpy(u.room + u.info.dwButtonTextOffset, "Held", 5);
    ck_assert_int_eq(reply(&b, phoneSetButtonInfoA(b.phone, HOLD, &u.info)), 0);
    memset(&u, 0, sizeof(u));
    u.info.dwTotalSize = sizeof(u);
    ck_assert_int_eq(phoneGetButtonInfoW(b.phone, HOLD, &u.info), 0);
    ck_assert_uint_eq(u.info.dwButtonTextSize, 10);
    ck_assert_int_eq(u.room[u.info.dwButtonTextOffset + 2], 'e');
    memset(&u, 0, sizeof(u));
    u.var.dwTotalSize = sizeof(u);
    ck_assert_int_eq(phoneGetIDA(b.phone, &u.var, "tapi/line"), 0);
    memcpy(&id, u.room + u.var.dwStringOffset, sizeof(id));
    ck_assert_uint_eq(id, 0);
    booth_open(&other, 0, PHONEPRIVILEGE_MONITOR);
    ck_assert_int_eq(phoneSetLamp(other.phone, MESSAGE, PHONELAMPMODE_OFF), PERR(NOTOWNER));
    memset(&u, 0, sizeof(u));
    u.status.dwTotalSize = sizeof(u);
    ck_assert_int_eq(phoneGetStatusA(other.phone, &u.status), 0);
    ck_assert_uint_eq(u.status.dwNumOwners, 1);
    ck_assert_uint_eq(u.status.dwNumMonitors, 1);
    ck_assert_uint_eq(u.status.dwHandsetHookSwitchMode, PHONEHOOKSWITCHMODE_MIC);
    ck_assert_str_eq(TEXT_OF(&u.status, dwOwnerName), "booth");
    booth_close(&other);
    ck_assert_int_eq(phoneGetLamp(b.phone, MESSAGE, NULL), PERR(INVALPOINTER));
    ck_assert_int_eq(phoneClose(b.phone), 0);
    ck_assert_int_eq(phoneGetLamp(b.phone, MESSAGE, &value), PERR(INVALPHONEHANDLE));
    booth_close(&b);
    host_clean();
}
END_TEST

/* A person at the set makes a call; an application that monitors line and phone sees it all. */
START_TEST(call_by_hand)
{
    struct desk from, to;
    struct booth b, ringing;
    PHONEMESSAGE m;
    HCALL call;

    desk_open(&from, 0, 0x00020002, LINECALLPRIVILEGE_MONITOR);
    desk_open(&to, 1, 0x00020002, LINECALLPRIVILEGE_OWNER);
    booth_open(&b, 0, PHONEPRIVILEGE_MONITOR);
    booth_open(&ringing, 1, PHONEPRIVILEGE_MONITOR);
    ck_assert_int_eq(phoneSetStatusMessages(b.phone, 0, PHONEBUTTONMODE_CALL, PHONEBUTTONSTATE_DOWN), 0);
    ck_assert_int_eq(phoneSetStatusMessages(ringing.phone, PHONESTATE_LAMP | PHONESTATE_RINGMODE, 0, 0), 0);
    ck_assert_int_gt(phoneDevSpecific(b.phone, &(struct sessiontsp_phone){SESSIONTSP_PHONE_BUTTON, CALL1, 3},
                                      sizeof(struct sessiontsp_phone)),
                     0);
    m = await(&b, PHONE_BUTTON, CALL1);
    ck_assert_uint_eq(m.hDevice, b.phone);
    ck_assert_uint_eq(m.dwCallbackInstance, 100);
    ck_assert_uint_eq(m.dwParam3, PHONEBUTTONSTATE_DOWN);
    call = desk_await(&from, LINE_CALLSTATE, 0, LINECALLSTATE_DIALTONE).hDevice;
    ck_assert_int_eq(press(&b, 1), 0);
    ck_assert_int_eq(press(&b, 0), 0);
    ck_assert_int_eq(press(&b, 1), 0);
    m = await(&ringing, PHONE_STATE, PHONESTATE_LAMP);
    ck_assert_uint_eq(m.dwParam2, CALL1);
    m = await(&ringing, PHONE_STATE, PHONESTATE_RINGMODE);
    ck_assert_uint_eq(m.dwParam2, 1);
    (void)desk_offered(&to);
    ck_assert_int_eq(press(&ringing, CALL1), 0);
    (void)desk_await(&from, LINE_CALLSTATE, call, LINECALLSTATE_CONNECTED);
    (void)desk_await(&to, LINE_CALLSTATE, 0, LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(press(&b, DROP), 0);
    (void)desk_await(&from, LINE_CALLSTATE, call, LINECALLSTATE_IDLE);
    (void)desk_await(&to, LINE_CALLSTATE, 0, LINECALLSTATE_DISCONNECTED);
    booth_close(&ringing);
    booth_close(&b);
    desk_close(&from);
    desk_close(&to);
    host_clean();
}
END_TEST

static int called;

static void CALLBACK on_message(DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2,
                                DWORD_PTR p3)
{
    (void)device;
    (void)instance;
    (void)p1;
    (void)p2;
    (void)p3;
    called += message == PHONE_REPLY;
}

/* An old program with a callback. */
START_TEST(old_program)
{
    DWORD count;
    HPHONEAPP app;
    HPHONE phone;

    called = 0;
    ck_assert_int_eq(phoneInitialize(&app, NULL, on_message, "old", &count), 0);
    ck_assert_uint_eq(count, 4);
    ck_assert_int_eq(phoneOpen(app, 0, &phone, 0x00020000, 0, 0, PHONEPRIVILEGE_OWNER), PERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(phoneOpen(app, 0, &phone, 0x00010004, 0, 0, PHONEPRIVILEGE_OWNER), 0);
    ck_assert_int_eq(phoneOpen(app, 0, &phone, 0x00010004, 0, 0, PHONEPRIVILEGE_OWNER), PERR(INUSE));
    ck_assert_int_gt(phoneSetRing(phone, 1, 1), 0);
    ck_assert_int_eq(phoneShutdown(app), 0); /* with a reply on its way */
    host_clean();
}
END_TEST

TCase *host_phone_tests(void)
{
    TCase *t = tcase_create("phones");

    tcase_set_timeout(t, 0);
    tcase_add_loop_test(t, devices, 0, 5);
    tcase_add_test(t, set_and_get);
    tcase_add_test(t, call_by_hand);
    tcase_add_test(t, old_program);
    return t;
}
