/* Structures, other functions, phones, providers, what the host adds. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#include "include/tapi_shim.h"

#include <errno.h>
#include <stdlib.h>

#undef phoneInitialize
#undef tapiRequestMakeCall

static HLINEAPP app;
static HLINE line;

static void open_all(void)
{
    fake_reset();
    app = app_open(NULL);
    line = line_open(app, 0x00020002, 1);
}

static void close_all(void)
{
    (void)lineShutdown(app);
    check_clean();
}

/* ---- structures ---- */

static HLINE info_line;

static int32_t info_out(struct channel_call *call, int32_t rc)
{
    LINECALLINFO info;

    memset(&info, 0, sizeof(info));
    info.dwTotalSize = info.dwNeededSize = info.dwUsedSize = 324;
    info.hLine = info_line;
    info.dwCallID = 42;
    info.dwCallTreatment = 7;
    fake_out(call, &info, 324);
    return rc;
}

static int32_t status_out(struct channel_call *call, int32_t rc)
{
    LINECALLSTATUS status;

    memset(&status, 0, sizeof(status));
    status.dwTotalSize = status.dwNeededSize = status.dwUsedSize = sizeof(status);
    status.dwCallPrivilege = LINECALLPRIVILEGE_MONITOR;
    status.dwCallFeatures2 = 9;
    fake_out(call, &status, sizeof(status));
    return rc;
}

/* As long as the version of the call's line says. */
START_TEST(laid_out_for_the_line)
{
    HLINE old = line_open(app, 0x00010003, 0);
    LINECALLINFO info;
    LINECALLSTATUS status;

    fake.h[CHANNEL_CALL_INFO] = info_out;
    fake.h[CHANNEL_CALL_STATUS] = status_out;
    info_line = old;
    memset(&info, 0xA5, sizeof(info));
    info.dwTotalSize = 296;
    ck_assert_int_eq(lineGetCallInfoA(5, &info), 0);
    ck_assert_uint_eq(info.dwCallID, 42);
    ck_assert_uint_eq(info.dwUsedSize, 296);
    ck_assert_uint_eq(info.dwCallTreatment, 0xA5A5A5A5);
    memset(&status, 0xA5, sizeof(status));
    status.dwTotalSize = 36;
    ck_assert_int_eq(lineGetCallStatus(5, &status), 0);
    ck_assert_uint_eq(status.dwUsedSize, 36);
    ck_assert_uint_eq(status.dwCallFeatures2, 0xA5A5A5A5);
    info_line = line;
    info.dwTotalSize = 296;
    ck_assert_int_eq(lineGetCallInfoW(5, &info), ERR(STRUCTURETOOSMALL));
    info.dwTotalSize = sizeof(info);
    ck_assert_int_eq(lineGetCallInfoW(5, &info), 0);
    ck_assert_uint_eq(info.dwCallTreatment, 7);
    status.dwTotalSize = 36;
    ck_assert_int_eq(lineGetCallStatus(5, &status), ERR(STRUCTURETOOSMALL));
    /* With no old line open nobody need be asked. */
    ck_assert_int_eq(lineClose(old), 0);
    fake.calls[CHANNEL_CALL_INFO] = 0;
    status.dwTotalSize = sizeof(status);
    ck_assert_int_eq(lineGetCallStatus(5, &status), 0);
    ck_assert_uint_eq(status.dwCallFeatures2, 9);
    ck_assert_uint_eq(fake.calls[CHANNEL_CALL_INFO], 0);
    ck_assert_int_eq(lineGetCallInfoA(5, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetCallStatus(5, NULL), ERR(INVALPOINTER));
}
END_TEST

START_TEST(engine_without_output)
{
    LINECALLINFO info = {.dwTotalSize = sizeof(info)};
    LINECALLSTATUS status = {.dwTotalSize = sizeof(status)};
    LINEDEVSTATUS dev = {.dwTotalSize = sizeof(dev)};

    ck_assert_int_eq(lineGetCallInfoA(5, &info), ERR(OPERATIONFAILED));
    ck_assert_int_eq(lineGetCallStatus(5, &status), ERR(OPERATIONFAILED));
    ck_assert_int_eq(lineGetLineDevStatusA(line, &dev), ERR(OPERATIONFAILED));
    fake.rc[CHANNEL_CALL_INFO] = ERR(INVALCALLHANDLE);
    ck_assert_int_eq(lineGetCallInfoA(5, &info), ERR(INVALCALLHANDLE));
}
END_TEST

static int32_t list_out(struct channel_call *call, int32_t rc)
{
    struct {
        LINECALLLIST head;
        HCALL call[2];
    } list;

    memset(&list, 0, sizeof(list));
    list.head.dwTotalSize = list.head.dwNeededSize = list.head.dwUsedSize = sizeof(list);
    list.head.dwCallsNumEntries = 2;
    list.head.dwCallsSize = sizeof(list.call);
    list.head.dwCallsOffset = sizeof(list.head);
    list.call[0] = 0x61;
    list.call[1] = 0x62;
    fake_out(call, &list, sizeof(list));
    return rc;
}

START_TEST(new_calls)
{
    struct {
        LINECALLLIST head;
        HCALL call[2];
    } list;

    fake.h[CHANNEL_NEW_CALLS] = list_out;
    memset(&list, 0, sizeof(list));
    list.head.dwTotalSize = sizeof(list);
    ck_assert_int_eq(lineGetNewCalls(line, 0, LINECALLSELECT_LINE, &list.head), 0);
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 2);
    ck_assert_uint_eq(list.call[1], 0x62);
    ck_assert_uint_eq(fake.calls[CHANNEL_CALL_FREE], 0);
    /* No room for all: none is handed over, and none stays behind. */
    list.head.dwTotalSize = sizeof(list) - 1;
    ck_assert_int_eq(lineGetNewCalls(line, 0, LINECALLSELECT_LINE, &list.head), 0);
    ck_assert_uint_eq(list.head.dwCallsNumEntries, 0);
    ck_assert_uint_eq(list.head.dwNeededSize, sizeof(list));
    ck_assert_uint_eq(fake.calls[CHANNEL_CALL_FREE], 2);
    ck_assert_uint_eq(fake.last[CHANNEL_CALL_FREE].arg[0], 0x62);
    list.head.dwTotalSize = sizeof(list.head) - 1;
    fake.calls[CHANNEL_NEW_CALLS] = 0;
    ck_assert_int_eq(lineGetNewCalls(line, 0, LINECALLSELECT_LINE, &list.head), ERR(STRUCTURETOOSMALL));
    ck_assert_uint_eq(fake.calls[CHANNEL_NEW_CALLS], 0);
    ck_assert_int_eq(lineGetNewCalls(line, 0, LINECALLSELECT_LINE, NULL), ERR(INVALPOINTER));
}
END_TEST

START_TEST(own_device_id)
{
    struct {
        VARSTRING head;
        DWORD room;
    } id;

    memset(&id, 0, sizeof(id));
    id.head.dwTotalSize = sizeof(id);
    ck_assert_int_eq(lineGetIDA(line, 0, 0, LINECALLSELECT_LINE, &id.head, "TAPI/line"), 0);
    ck_assert_uint_eq(id.head.dwStringFormat, STRINGFORMAT_BINARY);
    ck_assert_uint_eq(id.head.dwStringSize, 4);
    ck_assert_uint_eq(id.room, 0);
    info_line = line;
    fake.h[CHANNEL_CALL_INFO] = info_out;
    ck_assert_int_eq(lineGetIDA(0, 0, 5, LINECALLSELECT_CALL, &id.head, "tapi/line"), 0);
    fake.rc[CHANNEL_LINE_ID] = ERR(NODEVICE);
    ck_assert_int_eq(lineGetIDA(line, 0, 0, LINECALLSELECT_LINE, &id.head, "tapi/lines"), ERR(NODEVICE));
    ck_assert_int_eq(lineGetIDA(line, 3, 0, LINECALLSELECT_ADDRESS, &id.head, "wave/in"), ERR(NODEVICE));
    ck_assert_uint_eq(fake.last[CHANNEL_LINE_ID].arg[1], 3);
    ck_assert_uint_eq(fake.text0[CHANNEL_LINE_ID][5], 'i');
    ck_assert_int_eq(lineGetIDA(line + 1, 0, 0, LINECALLSELECT_LINE, &id.head, "tapi/line"), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineGetIDA(line, 0, 0, 0x40, &id.head, "tapi/line"), ERR(INVALCALLSELECT));
    ck_assert_int_eq(lineGetIDA(line, 0, 0, LINECALLSELECT_LINE, NULL, "tapi/line"), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetIDW(line, 0, 0, LINECALLSELECT_LINE, &id.head, NULL), ERR(INVALPOINTER));
}
END_TEST

/* ---- functions without substance ---- */

START_TEST(unavailable)
{
    ck_assert_int_eq(lineTranslateDialogA(app, 0, 0x00020002, NULL, "1"), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(lineTranslateDialogA(app + 1, 0, 0x00020002, NULL, "1"), ERR(INVALAPPHANDLE));
}
END_TEST

START_TEST(assisted_telephony)
{
    static const WCHAR none[1] = {0};
    char country[8], city[8];

    fake.rc[CHANNEL_REQUEST_MAKE_CALL] = TAPIERR_NOREQUESTRECIPIENT;
    ck_assert_int_eq(tapiRequestMakeCallA("100", NULL, NULL, NULL), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_int_eq(tapiRequestMakeCall("100", NULL, NULL, NULL), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_int_eq(tapiRequestMakeCallA(NULL, NULL, NULL, NULL), TAPIERR_INVALPOINTER);
    ck_assert_int_eq(tapiRequestMakeCallW(none, NULL, NULL, NULL), TAPIERR_INVALDESTADDRESS);
    ck_assert_int_lt(tapiRequestDrop(NULL, 0), 0);
    ck_assert_int_lt(tapiRequestMediaCallA(NULL, 0, "", NULL, 0, 0, "", "", "", ""), 0);
    fake.rc[CHANNEL_LOCATION_HERE] = ERR(OPERATIONFAILED);
    ck_assert_int_eq(tapiGetLocationInfoA(country, city), TAPIERR_REQUESTFAILED);
    ck_assert_int_eq(tapiGetLocationInfoA(NULL, city), TAPIERR_INVALPOINTER);
}
END_TEST

/* ---- phones ---- */

START_TEST(phones)
{
    PHONEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = PHONEINITIALIZEEXOPTION_USEEVENT};
    DWORD devices = 9, version = 0x00020002;
    PHONEEXTENSIONID extension;
    PHONEMESSAGE m;
    HPHONEAPP phone;
    HPHONE handle;

    DWORD value, second, third;
    char data[8];

    ck_assert_int_eq(phoneShutdown(1), PHONE_ERR(UNINITIALIZED));
    ck_assert_int_eq(phoneNegotiateAPIVersion(1, 0, 0x00010003, 0x00020002, &version, &extension),
                     PHONE_ERR(UNINITIALIZED));
    ck_assert_int_eq(phoneOpen(1, 0, &handle, 0x00020002, 0, 0, PHONEPRIVILEGE_OWNER), PHONE_ERR(UNINITIALIZED));
    ck_assert_int_eq(phoneSetLamp(1, 0, PHONELAMPMODE_OFF), PHONE_ERR(UNINITIALIZED));
    ck_assert_int_eq(phoneGetStatusMessages(1, &value, &second, &third), PHONE_ERR(UNINITIALIZED));
    ck_assert_int_eq(phoneInitializeExA(&phone, NULL, NULL, "p", &devices, &version, NULL), PHONE_ERR(INVALPOINTER));
    params.dwTotalSize--;
    ck_assert_int_eq(phoneInitializeExA(&phone, NULL, NULL, "p", &devices, &version, &params),
                     PHONE_ERR(STRUCTURETOOSMALL));
    params.dwTotalSize++;
    ck_assert_int_eq(phoneInitializeExA(&phone, NULL, NULL, "p", &devices, &version, &params), 0);
    ck_assert_uint_eq(devices, 2);
    ck_assert_uint_eq(version, 0x00020002);
    ck_assert(!support_native_ready((intptr_t)params.Handles.hEvent));
    ck_assert_int_eq(phoneNegotiateAPIVersion(phone, 0, 0x00010003, 0x00020001, &version, &extension), 0);
    ck_assert_uint_eq(version, 0x00020001);
    ck_assert_int_eq(phoneNegotiateAPIVersion(phone + 9, 0, 0x00010003, 0x00020001, &version, &extension),
                     PHONE_ERR(INVALAPPHANDLE));
    ck_assert_int_eq(phoneOpen(phone, 0, &handle, 0x00030000, 0, 0, PHONEPRIVILEGE_OWNER),
                     PHONE_ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(phoneOpen(phone, 0, NULL, 0x00020002, 0, 0, PHONEPRIVILEGE_OWNER), PHONE_ERR(INVALPOINTER));
    fake.rc[CHANNEL_PHONE_OPEN] = PHONE_ERR(INUSE);
    ck_assert_int_eq(phoneOpen(phone, 0, &handle, 0x00020002, 0, 0, PHONEPRIVILEGE_OWNER), PHONE_ERR(INUSE));
    fake.rc[CHANNEL_PHONE_OPEN] = 0;
    ck_assert_int_eq(phoneOpen(phone, 1, &handle, 0x00020002, 0, 88, PHONEPRIVILEGE_OWNER), 0);
    ck_assert_uint_eq(fake.last[CHANNEL_PHONE_OPEN].arg[4], PHONEPRIVILEGE_OWNER);
    /* a phone is no line */
    ck_assert_int_eq(lineClose(handle), ERR(INVALLINEHANDLE));
    fake_event(phone, PHONE_STATE, handle, fake.instance, PHONESTATE_LAMP, 4, 0, 0);
    ck_assert(support_native_ready((intptr_t)params.Handles.hEvent));
    ck_assert_int_eq(phoneGetMessage(phone, &m, 0), 0);
    ck_assert_uint_eq(m.hDevice, handle);
    ck_assert_uint_eq(m.dwMessageID, PHONE_STATE);
    ck_assert_uint_eq(m.dwCallbackInstance, 88);
    ck_assert_uint_eq(m.dwParam2, 4);
    ck_assert_int_gt(phoneSetLamp(handle, 3, PHONELAMPMODE_OFF), 0);
    ck_assert_uint_eq(fake.last[CHANNEL_PHONE_SET].arg[3], 3);
    ck_assert_uint_eq(fake.last[CHANNEL_PHONE_SET].arg[4], PHONELAMPMODE_OFF);
    ck_assert_int_gt(phoneSetDisplay(handle, 1, 2, "a", 2), 0);
    ck_assert_int_eq(phoneSetDisplay(handle, 1, 2, NULL, 2), PHONE_ERR(INVALPOINTER));
    ck_assert_int_gt(phoneSetData(handle, 1, data, 2), 0);
    ck_assert_int_gt(phoneDevSpecific(handle, data, 2), 0);
    fake.rc[CHANNEL_PHONE_SET] = ERR(NOMEM);
    ck_assert_int_eq(phoneSetRing(handle, 0, 0), PHONE_ERR(NOMEM));
    fake.rc[CHANNEL_PHONE_SET] = PHONE_ERR(NOTOWNER);
    ck_assert_int_eq(phoneSetGain(handle, 1, 0), PHONE_ERR(NOTOWNER));
    ck_assert_int_eq(phoneGetLamp(handle, 0, NULL), PHONE_ERR(INVALPOINTER));
    ck_assert_int_eq(phoneGetRing(handle, &value, NULL), PHONE_ERR(INVALPOINTER));
    ck_assert_int_eq(phoneGetStatus(handle, NULL), PHONE_ERR(INVALPOINTER));
    ck_assert_int_eq(phoneGetIconA(0, NULL, NULL), PHONE_ERR(INVALPOINTER));
    ck_assert_int_eq(phoneConfigDialogA(0, NULL, NULL), PHONE_ERR(OPERATIONUNAVAIL));
    fake_event(phone, PHONE_CLOSE, handle, fake.instance, 0, 0, 0, 0);
    ck_assert_int_eq(phoneGetMessage(phone, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, PHONE_CLOSE);
    ck_assert_int_eq(phoneClose(handle), PHONE_ERR(INVALPHONEHANDLE));
    ck_assert_int_eq(phoneGetMessage(phone, &m, 0), PHONE_ERR(OPERATIONFAILED));
    ck_assert_int_eq(phoneGetMessage(phone, NULL, 0), PHONE_ERR(INVALPOINTER));
    ck_assert_int_eq(phoneGetMessage(phone + 1, &m, 0), PHONE_ERR(INVALAPPHANDLE));
    ck_assert_int_eq(phoneShutdown(phone), 0);
    ck_assert_int_eq(phoneShutdown(phone), PHONE_ERR(UNINITIALIZED));
}
END_TEST

/* ---- providers ---- */

START_TEST(provider_added)
{
    DWORD id = 77;

    ck_assert_int_eq(lineAddProviderA(NULL, NULL, &id), ERR(INVALPOINTER));
    ck_assert_int_eq(lineAddProviderA("x.tsp", NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineAddProviderA("", NULL, &id), ERR(INVALPARAM));
    fake.rc[CHANNEL_UI_LIBRARY] = ERR(OPERATIONFAILED);
    ck_assert_int_eq(lineAddProviderA("x.tsp", NULL, &id), ERR(OPERATIONFAILED));
    ck_assert_uint_eq(fake.calls[CHANNEL_PROVIDER_ADD], 0);
    fake.rc[CHANNEL_UI_LIBRARY] = 0;
    ck_assert_int_eq(lineAddProviderA("x.tsp", NULL, &id), 0);
    ck_assert_uint_eq(fake.calls[CHANNEL_PROVIDER_ADD], 1);
    ck_assert_uint_eq(fake.text0[CHANNEL_PROVIDER_ADD][0], 'x');
    ck_assert_uint_eq(id, 0);
    fake.rc[CHANNEL_PROVIDER_ADD] = ERR(NOMULTIPLEINSTANCE);
    ck_assert_int_eq(lineAddProviderA("x.tsp", NULL, &id), ERR(NOMULTIPLEINSTANCE));
}
END_TEST

static int32_t ui_missing(struct channel_call *call, int32_t rc)
{
    static const uint16_t path[] = {'n', 'o', '.', 'd', 'l', 'l', 0};

    fake_out(call, path, sizeof(path));
    return rc;
}

/* A provider whose own part of the installation cannot even be loaded is not added. */
START_TEST(provider_ui_missing)
{
    DWORD id;
    char *said;

    fake.h[CHANNEL_UI_LIBRARY] = ui_missing;
    support_stderr_begin();
    ck_assert_int_eq(lineAddProviderA("x.tsp", NULL, &id), ERR(OPERATIONFAILED));
    ck_assert_int_eq(lineRemoveProvider(3, NULL), ERR(OPERATIONFAILED));
    said = support_stderr_end();
    free(said);
    ck_assert_uint_eq(fake.calls[CHANNEL_PROVIDER_ADD] + fake.calls[CHANNEL_PROVIDER_REMOVE], 0);
}
END_TEST

START_TEST(provider_removed)
{
    fake.rc[CHANNEL_UI_LIBRARY] = ERR(INVALPARAM);
    ck_assert_int_eq(lineRemoveProvider(3, NULL), ERR(INVALPARAM));
    ck_assert_uint_eq(fake.calls[CHANNEL_PROVIDER_REMOVE], 0);
    /* Its file is gone: what is left of it can go too. */
    fake.rc[CHANNEL_UI_LIBRARY] = ERR(NODRIVER);
    ck_assert_int_eq(lineRemoveProvider(3, NULL), 0);
    ck_assert_uint_eq(fake.last[CHANNEL_PROVIDER_REMOVE].arg[0], 3);
    /* Nobody need have initialised anything. */
    ck_assert_int_eq(lineShutdown(app), 0);
    fake.rc[CHANNEL_UI_LIBRARY] = 0;
    ck_assert_int_eq(lineRemoveProvider(4, NULL), 0);
    check_clean();
}
END_TEST

/* ---- tapi_shim.h ---- */

START_TEST(shim_names)
{
    ck_assert_str_eq(tapi_shim_strerror(0), "success");
    ck_assert_str_eq(tapi_shim_strerror(ERR(INVALCALLHANDLE)), "LINEERR_INVALCALLHANDLE");
    ck_assert_str_eq(tapi_shim_strerror(PHONE_ERR(NODEVICE)), "PHONEERR_NODEVICE");
    ck_assert_str_eq(tapi_shim_strerror(TAPIERR_REQUESTFAILED), "TAPIERR_REQUESTFAILED");
    ck_assert_str_eq(tapi_shim_strerror(12345), "unknown");
    ck_assert_str_eq(tapi_shim_strerror(-123456), "unknown");
}
END_TEST

START_TEST(shim_text)
{
    WCHAR wide[8];
    char text[8];

    ck_assert_uint_eq(tapi_shim_utf8_to_utf16(wide, 8,
                                              "\xC3\xA4"
                                              "b",
                                              TAPI_SHIM_NTS),
                      3);
    ck_assert_uint_eq(wide[0], 0x00E4);
    ck_assert_uint_eq(wide[2], 0);
    ck_assert_uint_eq(tapi_shim_utf8_to_utf16(NULL, 0, "abc", 2), 3);
    ck_assert_uint_eq(tapi_shim_utf8_to_utf16(wide, 8, "a\0bc", 4), 2);
    ck_assert_uint_eq(tapi_shim_utf16_to_utf8(text, sizeof(text), wide, TAPI_SHIM_NTS), 2);
    ck_assert_str_eq(text, "a");
    wide[0] = 0x00E4;
    wide[1] = 'x';
    ck_assert_uint_eq(tapi_shim_utf16_to_utf8(text, sizeof(text), wide, 2), 4);
    ck_assert_str_eq(text, "\xC3\xA4x");
    ck_assert_uint_eq(tapi_shim_utf16_to_utf8(NULL, 0, NULL, 5), 1);
}
END_TEST

START_TEST(shim_config)
{
    ck_assert_int_eq(tapi_shim_set_config(NULL), EBUSY);
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(tapi_shim_set_config(""), EINVAL);
    ck_assert_int_eq(tapi_shim_set_config(support_conf_nowhere()), 0);
    support_stderr_begin();
    {
        LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = LINEINITIALIZEEXOPTION_USEEVENT};
        DWORD devices, version = 0x00020002;

        ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(INIFILECORRUPT));
    }
    free(support_stderr_end());
    ck_assert_int_eq(tapi_shim_set_config(NULL), 0);
    app = app_open(NULL);
}
END_TEST

START_TEST(shim_event)
{
    HANDLE event;
    HLINEAPP other = app_open(&event);

    ck_assert_int_eq(tapi_shim_event_fd(event), (int)(intptr_t)event);
    ck_assert_int_eq(tapi_shim_event_fd((HANDLE)&event), -1);
    ck_assert_int_eq(lineShutdown(other), 0);
    ck_assert_int_eq(tapi_shim_event_fd(event), -1);
}
END_TEST

/* ---- map ---- */

START_TEST(map_like_an_array)
{
    enum { KEYS = 600 };
    static char there[KEYS + 1];
    struct client_map map = {NULL, 0, 0};
    uint32_t seed = 1, round, count = 0;

    for (round = 0; round < 60000; round++) {
        uint32_t key;
        void *value;

        seed = seed * 1103515245u + 12345u;
        key = 1 + (seed >> 8) % KEYS;
        value = client_map_find(&map, (uint64_t)key << 20);
        ck_assert_ptr_eq(value, there[key] ? &there[key] : NULL);
        if (value) {
            ck_assert_ptr_eq(client_map_remove(&map, (uint64_t)key << 20), value);
            count--;
        } else {
            ck_assert(client_map_add(&map, (uint64_t)key << 20, &there[key]));
            count++;
        }
        there[key] = !there[key];
        ck_assert_uint_eq(map.count, count);
    }
    for (round = 1; round <= KEYS; round++)
        (void)client_map_remove(&map, (uint64_t)round << 20);
    ck_assert_ptr_null(client_map_remove(&map, 1));
    client_map_trim(&map);
    ck_assert_ptr_null(map.slots);
}
END_TEST

TCase *others_tests(void)
{
    TCase *t = tcase_create("others");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_add_test(t, laid_out_for_the_line);
    tcase_add_test(t, engine_without_output);
    tcase_add_test(t, new_calls);
    tcase_add_test(t, own_device_id);
    tcase_add_test(t, unavailable);
    tcase_add_test(t, assisted_telephony);
    tcase_add_test(t, phones);
    tcase_add_test(t, provider_added);
    tcase_add_test(t, provider_ui_missing);
    tcase_add_test(t, provider_removed);
    tcase_add_test(t, shim_names);
    tcase_add_test(t, shim_text);
    tcase_add_test(t, shim_config);
    tcase_add_test(t, shim_event);
    tcase_add_test(t, map_like_an_array);
    return t;
}
