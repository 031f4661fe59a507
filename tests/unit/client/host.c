/* Lines of the embedded exchange, as it is without any configuration. SPDX-License-Identifier: MIT */
#include "tests/unit/client/host.h"

#include <stdio.h>
#include <stdlib.h>

#undef lineGetAddressCaps
#undef lineGetAddressStatus
#undef lineGetDevCaps
#undef lineGetLineDevStatus
#undef lineGetProviderList

static const DWORD versions[] = {0x00010003, 0x00010004, 0x00020000, 0x00020001, 0x00020002};
enum { VERSIONS = sizeof(versions) / sizeof(versions[0]), LINES = 4 };

START_TEST(start_and_stop)
{
    int i;

    for (i = 0; i < 20; i++) {
        DWORD devices = 0;
        HLINEAPP app = desk_start(0x00020002, &devices), other = desk_start(0x00010004, NULL);

        ck_assert_uint_eq(devices, LINES);
        ck_assert_int_eq(lineShutdown(app), 0);
        ck_assert_int_eq(lineShutdown(other), 0);
        host_clean();
    }
}
END_TEST

START_TEST(every_version)
{
    DWORD version = versions[_i], got, device;
    LINEEXTENSIONID extension;
    HLINEAPP app = desk_start(version, NULL);

    for (device = 0; device < LINES; device++) {
        ck_assert_int_eq(lineNegotiateAPIVersion(app, device, 0x00010003, 0x00020002, &got, &extension), 0);
        ck_assert_uint_eq(got, version);
    }
    ck_assert_int_eq(lineNegotiateAPIVersion(app, LINES, 0x00010003, 0x00020002, &got, &extension), ERR(BADDEVICEID));
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0xFFFFFFFE, 0x00010003, 0x00020002, &got, &extension),
                     ERR(BADDEVICEID));
    ck_assert_int_eq(lineShutdown(app), 0);
    host_clean();
}
END_TEST

/* The grow loop of every application: fixed part, then what is needed. */
START_TEST(dev_caps)
{
    DWORD version = versions[_i], fixed = layout_fixed(LAYOUT_LINEDEVCAPS, version);
    HLINEAPP app = desk_start(version, NULL);
    LINEEXTENSIONID extension;
    LINEDEVCAPS *a = calloc(1, 8192), *w = calloc(1, 8192), *plain = calloc(1, 8192);
    DWORD needed, got;
    char want[32];

    ck_assert_int_eq(lineNegotiateAPIVersion(app, 2, 0x00010003, version, &got, &extension), 0);
    a->dwTotalSize = fixed - 1;
    ck_assert_int_eq(lineGetDevCapsA(app, 2, version, 0, a), ERR(STRUCTURETOOSMALL));
    a->dwTotalSize = fixed;
    ck_assert_int_eq(lineGetDevCapsA(app, 2, version, 0, a), 0);
    needed = a->dwNeededSize;
    ck_assert_uint_gt(needed, fixed);
    ck_assert_uint_eq(a->dwUsedSize, fixed);
    a->dwTotalSize = needed;
    ck_assert_int_eq(lineGetDevCapsA(app, 2, version, 0, a), 0);
    ck_assert_uint_eq(a->dwUsedSize, needed);
    (void)snprintf(want, sizeof(want), "Extension %u", 102);
    ck_assert_str_eq(TEXT_OF(a, dwLineName), want);
    ck_assert_uint_eq(a->dwStringFormat, STRINGFORMAT_ASCII);
    ck_assert_uint_eq(a->dwNumAddresses, 1);
    ck_assert(a->dwMediaModes & LINEMEDIAMODE_INTERACTIVEVOICE);
    w->dwTotalSize = 8192;
    ck_assert_int_eq(lineGetDevCapsW(app, 2, version, 0, w), 0);
    ck_assert_uint_eq(w->dwStringFormat, STRINGFORMAT_UNICODE);
    ck_assert_uint_eq(w->dwLineNameSize, 2 * a->dwLineNameSize);
    ck_assert_uint_eq(((const WCHAR *)(const void *)TEXT_OF(w, dwLineName))[0], 'E');
    ck_assert_uint_eq(w->dwPermanentLineID, a->dwPermanentLineID);
    plain->dwTotalSize = needed;
    ck_assert_int_eq(lineGetDevCaps(app, 2, version, 0, plain), 0);
    ck_assert(memcmp(plain, a, needed) == 0);
    ck_assert_int_eq(lineGetDevCapsA(app, 99, version, 0, a), ERR(BADDEVICEID));
    ck_assert_int_eq(lineGetDevCapsA(app, 2, version, 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetDevCapsA(app + 1, 2, version, 0, a), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineShutdown(app), 0);
    free(a);
    free(w);
    free(plain);
}
END_TEST

START_TEST(address_caps)
{
    DWORD version = versions[_i], fixed = layout_fixed(LAYOUT_LINEADDRESSCAPS, version);
    HLINEAPP app = desk_start(version, NULL);
    LINEADDRESSCAPS *caps = calloc(1, 4096);

    caps->dwTotalSize = fixed;
    ck_assert_int_eq(lineGetAddressCapsA(app, 3, 0, version, 0, caps), 0);
    ck_assert_uint_gt(caps->dwNeededSize, fixed);
    caps->dwTotalSize = caps->dwNeededSize;
    ck_assert_int_eq(lineGetAddressCaps(app, 3, 0, version, 0, caps), 0);
    ck_assert_str_eq(TEXT_OF(caps, dwAddress), "103");
    ck_assert_uint_eq(caps->dwLineDeviceID, 3);
    ck_assert(caps->dwCallStates & LINECALLSTATE_UNKNOWN);
    caps->dwTotalSize = 4096;
    ck_assert_int_eq(lineGetAddressCapsW(app, 3, 0, version, 0, caps), 0);
    ck_assert_uint_eq(caps->dwAddressSize, 8);
    ck_assert_int_eq(lineGetAddressCapsA(app, 3, 1, version, 0, caps), ERR(INVALADDRESSID));
    ck_assert_int_eq(lineGetAddressCapsA(app, 3, 0, version, 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineShutdown(app), 0);
    free(caps);
}
END_TEST

START_TEST(open_errors)
{
    HLINEAPP app = desk_start(0x00020002, NULL);
    HLINE line = 5;

    ck_assert_int_eq(lineOpenA(app, LINES, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL), ERR(BADDEVICEID));
    ck_assert_int_eq(lineOpenA(app, 0, NULL, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineOpenA(app, 0, &line, 0x00020002, 0, 0, 0, 0, NULL), ERR(INVALPRIVSELECT));
    ck_assert_int_eq(
        lineOpenA(app, 0, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE | LINECALLPRIVILEGE_OWNER, 0, NULL),
        ERR(INVALPRIVSELECT));
    ck_assert_int_eq(lineOpenA(app + 1, 0, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL),
                     ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineOpenA(app, LINEMAPPER, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL),
                     ERR(INVALPOINTER));
    ck_assert_uint_eq(line, 5);
    ck_assert_uint_eq(client.lines.count, 0);
    ck_assert_int_eq(lineClose(5), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineShutdown(app), 0);
    host_clean();
}
END_TEST

START_TEST(open_by_mapper)
{
    HLINEAPP app = desk_start(0x00020002, NULL);
    LINECALLPARAMS params;
    struct {
        VARSTRING head;
        DWORD device;
    } id;
    HLINE line;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwBearerMode = LINEBEARERMODE_VOICE;
    params.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE;
    params.dwAddressMode = LINEADDRESSMODE_ADDRESSID;
    ck_assert_int_eq(lineOpenA(app, LINEMAPPER, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, &params), 0);
    memset(&id, 0xFF, sizeof(id));
    id.head.dwTotalSize = sizeof(id);
    ck_assert_int_eq(lineGetIDA(line, 0, 0, LINECALLSELECT_LINE, &id.head, "tapi/line"), 0);
    ck_assert_uint_lt(id.device, LINES);
    ck_assert_int_eq(lineShutdown(app), 0);
    host_clean();
}
END_TEST

START_TEST(status_of_line_and_address)
{
    union {
        LINEDEVSTATUS status;
        char room[4096];
    } s;
    union {
        LINEADDRESSSTATUS status;
        char room[1024];
    } a;
    struct desk one, two;

    desk_open(&one, 1, 0x00020002, LINECALLPRIVILEGE_NONE);
    desk_open(&two, 1, 0x00010004, LINECALLPRIVILEGE_MONITOR);
    memset(&s, 0, sizeof(s));
    s.status.dwTotalSize = sizeof(s);
    ck_assert_int_eq(lineGetLineDevStatusA(one.line, &s.status), 0);
    ck_assert_uint_eq(s.status.dwNumOpens, 2);
    ck_assert_uint_eq(s.status.dwNumActiveCalls, 0);
    memset(&s, 0, sizeof(s));
    s.status.dwTotalSize = 76;
    ck_assert_int_eq(lineGetLineDevStatus(two.line, &s.status), 0);
    ck_assert_uint_eq(s.status.dwNumOpens, 2);
    ck_assert_int_eq(lineGetLineDevStatusW(one.line, &s.status), ERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(lineGetLineDevStatusW(one.line, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetLineDevStatusW(one.line + 99, &s.status), ERR(INVALLINEHANDLE));
    memset(&a, 0, sizeof(a));
    a.status.dwTotalSize = sizeof(a);
    ck_assert_int_eq(lineGetAddressStatus(one.line, 0, &a.status), 0);
    ck_assert_uint_eq(a.status.dwNumActiveCalls, 0);
    ck_assert(a.status.dwAddressFeatures & LINEADDRFEATURE_MAKECALL);
    ck_assert_int_eq(lineGetAddressStatusW(one.line, 7, &a.status), ERR(INVALADDRESSID));
    desk_close(&one);
    desk_close(&two);
    host_clean();
}
END_TEST

START_TEST(status_messages)
{
    DWORD line_states = 9, address_states = 9;
    struct desk one, two;
    LINEMESSAGE m;

    desk_open(&one, 2, 0x00020002, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(lineGetStatusMessages(one.line, &line_states, &address_states), 0);
    ck_assert_uint_eq(address_states, 0);
    ck_assert_int_eq(lineSetStatusMessages(one.line, LINEDEVSTATE_OPEN | LINEDEVSTATE_CLOSE, LINEADDRESSSTATE_NUMCALLS),
                     0);
    ck_assert_int_eq(lineGetStatusMessages(one.line, &line_states, &address_states), 0);
    ck_assert(line_states & LINEDEVSTATE_OPEN);
    ck_assert_uint_eq(address_states, LINEADDRESSSTATE_NUMCALLS);
    desk_open(&two, 2, 0x00020002, LINECALLPRIVILEGE_NONE);
    m = desk_await(&one, LINE_LINEDEVSTATE, one.line, LINEDEVSTATE_OPEN);
    ck_assert_uint_eq(m.dwCallbackInstance, 2);
    /* Each application has masks of its own. */
    ck_assert_int_eq(lineGetStatusMessages(two.line, &line_states, &address_states), 0);
    ck_assert_uint_eq(address_states, 0);
    ck_assert_int_eq(lineClose(two.line), 0);
    (void)desk_await(&one, LINE_LINEDEVSTATE, one.line, LINEDEVSTATE_CLOSE);
    ck_assert_int_eq(lineGetStatusMessages(one.line, NULL, &address_states), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetStatusMessages(two.line, &line_states, &address_states), ERR(INVALLINEHANDLE));
    desk_close(&one);
    desk_close(&two);
    host_clean();
}
END_TEST

START_TEST(address_ids)
{
    static const WCHAR wide[] = {'1', '0', '1', 0};
    DWORD id = 9;
    struct desk one;

    desk_open(&one, 1, 0x00020002, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(lineGetAddressIDA(one.line, &id, LINEADDRESSMODE_DIALABLEADDR, "101", 4), 0);
    ck_assert_uint_eq(id, 0);
    id = 9;
    ck_assert_int_eq(lineGetAddressIDW(one.line, &id, LINEADDRESSMODE_DIALABLEADDR, wide, sizeof(wide)), 0);
    ck_assert_uint_eq(id, 0);
    ck_assert_int_eq(lineGetAddressIDA(one.line, &id, LINEADDRESSMODE_DIALABLEADDR, "102", 4), ERR(INVALADDRESS));
    ck_assert_int_eq(lineGetAddressIDA(one.line, &id, LINEADDRESSMODE_ADDRESSID, "101", 4), ERR(INVALADDRESSMODE));
    ck_assert_int_eq(lineGetAddressIDA(one.line, NULL, LINEADDRESSMODE_DIALABLEADDR, "101", 4), ERR(INVALPOINTER));
    ck_assert_int_eq(lineGetAddressIDA(one.line, &id, LINEADDRESSMODE_DIALABLEADDR, NULL, 4), ERR(INVALPOINTER));
    desk_close(&one);
}
END_TEST

START_TEST(extensions_and_config)
{
    HLINEAPP app = desk_start(0x00020002, NULL);
    DWORD version = 0, blob = 0;
    struct {
        VARSTRING head;
        char room[200];
    } config;

    memset(&config, 0, sizeof(config));
    config.head.dwTotalSize = sizeof(config);
    ck_assert_int_lt(lineNegotiateExtVersion(app, 0, 0x00020002, 1, 2, &version), 0); /* there are none */
    ck_assert_int_eq(lineNegotiateExtVersion(app, 0, 0x00020002, 1, 2, NULL), ERR(INVALPOINTER));
    /* Data that only the provider understands, taken back as it was given; TAPI changes nothing in it. */
    ck_assert_int_eq(lineGetDevConfigA(1, &config.head, "tapi/line"), 0);
    ck_assert_uint_eq(config.head.dwStringFormat, STRINGFORMAT_BINARY);
    ck_assert_uint_gt(config.head.dwStringSize, 0);
    ck_assert_int_eq(
        lineSetDevConfigA(1, (char *)&config + config.head.dwStringOffset, config.head.dwStringSize, "tapi/line"), 0);
    ck_assert_int_eq(lineGetDevConfigA(0, &config.head, "no such class"), ERR(INVALDEVICECLASS));
    ck_assert_int_eq(lineGetDevConfigA(99, &config.head, "tapi/line"), ERR(BADDEVICEID));
    ck_assert_int_eq(lineGetDevConfigA(0, NULL, "tapi/line"), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetDevConfigA(0, &blob, sizeof(blob), "tapi/line"), ERR(INVALPARAM));
    ck_assert_int_eq(lineSetDevConfigA(0, NULL, sizeof(blob), "tapi/line"), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetDevConfigW(0, &blob, sizeof(blob), NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineGetDevConfigA(0, &config.head, "tapi/line"), ERR(UNINITIALIZED));
    host_clean();
}
END_TEST

/* Without anybody having initialised anything, as installers do it. */
START_TEST(providers)
{
    union {
        LINEPROVIDERLIST list;
        char room[4096];
    } u;

    memset(&u, 0, sizeof(u));
    u.list.dwTotalSize = sizeof(u.list);
    ck_assert_int_eq(lineGetProviderListA(0x00020002, &u.list), 0);
    u.list.dwTotalSize = sizeof(u);
    ck_assert_int_eq(lineGetProviderList(0x00020002, &u.list), 0);
    ck_assert_uint_eq(u.list.dwNeededSize, u.list.dwUsedSize);
    ck_assert_int_eq(lineGetProviderListW(0x00010004, &u.list), 0);
    ck_assert_int_eq(lineGetProviderListA(0x00010000, &u.list), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineGetProviderListA(0x00020002, NULL), ERR(INVALPOINTER));
    u.list.dwTotalSize = sizeof(u.list) - 1;
    ck_assert_int_eq(lineGetProviderListA(0x00020002, &u.list), ERR(STRUCTURETOOSMALL));
    host_clean();
}
END_TEST

TCase *host_line_tests(void)
{
    TCase *t = tcase_create("lines");

    tcase_add_test(t, start_and_stop);
    tcase_add_loop_test(t, every_version, 0, VERSIONS);
    tcase_add_loop_test(t, dev_caps, 0, VERSIONS);
    tcase_add_loop_test(t, address_caps, 0, VERSIONS);
    tcase_add_test(t, open_errors);
    tcase_add_test(t, open_by_mapper);
    tcase_add_test(t, status_of_line_and_address);
    tcase_add_test(t, status_messages);
    tcase_add_test(t, address_ids);
    tcase_add_test(t, extensions_and_config);
    tcase_add_test(t, providers);
    return t;
}
