/* Initialisation, versions, handles. SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#include <errno.h>
#include <stdlib.h>

#undef lineInitialize

static void CALLBACK ignore(DWORD device, DWORD message, DWORD_PTR instance, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    (void)device;
    (void)message;
    (void)instance;
    (void)p1;
    (void)p2;
    (void)p3;
}

static LINEINITIALIZEEXPARAMS params_of(DWORD options)
{
    LINEINITIALIZEEXPARAMS params;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = options;
    return params;
}

START_TEST(pointers)
{
    LINEINITIALIZEEXPARAMS params = params_of(LINEINITIALIZEEXOPTION_USEEVENT);
    DWORD devices, version = 0x00020002;
    HLINEAPP app;

    ck_assert_int_eq(lineInitializeExA(NULL, NULL, NULL, "x", &devices, &version, &params), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", NULL, &version, &params), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, NULL, &params), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitializeExW(NULL, NULL, NULL, NULL, &devices, &version, &params), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitialize(&app, NULL, NULL, "x", &devices), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitialize(NULL, NULL, ignore, "x", &devices), ERR(INVALPOINTER));
    ck_assert_int_eq(lineInitialize(&app, NULL, ignore, "x", NULL), ERR(INVALPOINTER));
    params = params_of(LINEINITIALIZEEXOPTION_USEHIDDENWINDOW);
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(INVALPOINTER));
    ck_assert_int_eq(fake.opened, 0);
}
END_TEST

START_TEST(params_checked)
{
    static const DWORD bad[] = {0, 4, 5, 0xFF, 0x101, 0x40000002};
    LINEINITIALIZEEXPARAMS params;
    DWORD devices, version = 0x00020002;
    HLINEAPP app;
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        params = params_of(bad[i]);
        ck_assert_int_eq(lineInitializeExA(&app, NULL, ignore, "x", &devices, &version, &params), ERR(INVALPARAM));
    }
    params = params_of(LINEINITIALIZEEXOPTION_USEEVENT);
    params.dwTotalSize--;
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(STRUCTURETOOSMALL));
    params = params_of(LINEINITIALIZEEXOPTION_USEEVENT);
    version = 0x00010002;
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params),
                     ERR(INCOMPATIBLEAPIVERSION));
    params = params_of(LINEINITIALIZEEXOPTION_USECOMPLETIONPORT);
    version = 0x00020002;
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(INVALPARAM));
    ck_assert_int_eq(fake.opened, 0);
}
END_TEST

START_TEST(initialised)
{
    LINEINITIALIZEEXPARAMS params = params_of(LINEINITIALIZEEXOPTION_USEEVENT | LINEINITIALIZEEXOPTION_CALLHUBTRACKING);
    DWORD devices = 0, version = 0x00030001;
    HLINEAPP app = 0;

    params.dwTotalSize = sizeof(params) + 20;
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "my dialer", &devices, &version, &params), 0);
    ck_assert_uint_ne(app, 0);
    ck_assert_uint_eq(devices, 2);
    ck_assert_uint_eq(version, 0x00020002);
    ck_assert_uint_eq(params.dwNeededSize, sizeof(params));
    ck_assert_uint_eq(params.dwUsedSize, sizeof(params));
    ck_assert(params.Handles.hEvent != NULL);
    ck_assert_uint_eq(fake.last[CHANNEL_APP_OPEN].arg[0], 0x00020002);
    ck_assert_uint_eq(fake.text0[CHANNEL_APP_OPEN][0], 'm');
    ck_assert_uint_eq(fake.text0[CHANNEL_APP_OPEN][3], 'd');
    ck_assert_uint_eq(fake.text0[CHANNEL_APP_OPEN][9], 0);
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_uint_eq(fake.last[CHANNEL_APP_CLOSE].arg[0], app);
    ck_assert_int_eq(lineShutdown(app), ERR(UNINITIALIZED));
    check_clean();
}
END_TEST

/* Without a name of its own the application has that of the program. */
START_TEST(nameless)
{
    static const WCHAR wide[] = {'w', 0x00E9, 0};
    LINEINITIALIZEEXPARAMS params = params_of(LINEINITIALIZEEXOPTION_USEEVENT);
    DWORD devices, version = 0x00020000;
    HLINEAPP app;

    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, NULL, &devices, &version, &params), 0);
    ck_assert_uint_eq(fake.text0[CHANNEL_APP_OPEN][0], 't'); /* test_client */
    ck_assert_uint_eq(fake.text0[CHANNEL_APP_OPEN][5], 'c');
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineInitializeExW(&app, NULL, NULL, wide, &devices, &version, &params), 0);
    ck_assert_uint_eq(fake.text0[CHANNEL_APP_OPEN][1], 0x00E9);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

START_TEST(plain)
{
    DWORD devices = 0, version;
    LINEEXTENSIONID extension;
    HLINEAPP app;
    HLINE line;

    ck_assert_int_eq(lineInitialize(&app, NULL, ignore, "old", &devices), 0);
    ck_assert_uint_eq(devices, 2);
    ck_assert_uint_eq(fake.last[CHANNEL_APP_OPEN].arg[0], 0x00010004);
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00010000, 0x00020002, &version, &extension), 0);
    ck_assert_uint_eq(version, 0x00010004);
    ck_assert_uint_eq(fake.last[CHANNEL_DEV_NEGOTIATE].arg[3], 0x00010004);
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00020000, 0x00020002, &version, &extension),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineOpenA(app, 0, &line, 0x00020000, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

START_TEST(versions_negotiated)
{
    static const struct {
        DWORD low, high, offered;
    } good[] = {{0x00010003, 0x00010003, 0x00010003},
                {0x00010000, 0x00020001, 0x00020001},
                {0x00010004, 0x00030001, 0x00020002},
                {0x00020002, 0xFFFFFFFF, 0x00020002}};
    HLINEAPP app = app_open(NULL);
    DWORD version;
    LINEEXTENSIONID extension;
    size_t i;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        memset(&extension, 0xFF, sizeof(extension));
        ck_assert_int_eq(lineNegotiateAPIVersion(app, 1, good[i].low, good[i].high, &version, &extension), 0);
        ck_assert_uint_eq(version, good[i].offered);
        ck_assert_uint_eq(extension.dwExtensionID0 | extension.dwExtensionID3, 0);
    }
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00020001, 0x00020000, &version, &extension),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00010000, 0x00010002, &version, &extension),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00030000, 0x00030001, &version, &extension),
                     ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00010003, 0x00020002, NULL, &extension), ERR(INVALPOINTER));
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00010003, 0x00020002, &version, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineNegotiateAPIVersion(app + 1, 0, 0x00010003, 0x00020002, &version, &extension),
                     ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineShutdown(app), 0);
    ck_assert_int_eq(lineNegotiateAPIVersion(app, 0, 0x00010003, 0x00020002, &version, &extension), ERR(UNINITIALIZED));
    check_clean();
}
END_TEST

/* Versions that were never negotiated are not laid out for. */
START_TEST(versions_refused)
{
    static const DWORD bad[] = {0, 0x00010000, 0x00010005, 0x00020003, 0x00030000, 0xFFFFFFFF};
    HLINEAPP app = app_open(NULL);
    LINEDEVCAPS caps;
    HLINE line;
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        memset(&caps, 0, sizeof(caps));
        caps.dwTotalSize = sizeof(caps);
        ck_assert_int_eq(lineGetDevCapsA(app, 0, bad[i], 0, &caps), ERR(INCOMPATIBLEAPIVERSION));
        ck_assert_int_eq(lineOpenA(app, 0, &line, bad[i], 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL),
                         ERR(INCOMPATIBLEAPIVERSION));
    }
    ck_assert_uint_eq(fake.calls[CHANNEL_DEV_CAPS] + fake.calls[CHANNEL_LINE_OPEN], 0);
    ck_assert_int_eq(lineShutdown(app), 0);
    check_clean();
}
END_TEST

START_TEST(start_fails)
{
    LINEINITIALIZEEXPARAMS params = params_of(LINEINITIALIZEEXOPTION_USEEVENT);
    DWORD devices = 77, version = 0x00020002;
    HLINEAPP app = 55;

    fake.open_err = ENOMEM;
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(NOMEM));
    fake.open_err = EIO;
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(OPERATIONFAILED));
    fake.open_err = 0;
    fake.rc[CHANNEL_APP_OPEN] = ERR(REINIT);
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(REINIT));
    params = params_of(LINEINITIALIZEEXOPTION_USEHIDDENWINDOW);
    ck_assert_int_eq(lineInitializeExA(&app, NULL, ignore, "x", &devices, &version, &params), ERR(REINIT));
    ck_assert_uint_eq(app, 55);
    ck_assert_uint_eq(devices, 77);
    check_clean();
}
END_TEST

/* A configuration that was asked for and is not there. */
START_TEST(no_configuration)
{
    LINEINITIALIZEEXPARAMS params = params_of(LINEINITIALIZEEXOPTION_USEEVENT);
    DWORD devices, version = 0x00020002;
    HLINEAPP app;

    support_env_set("TAPI_SHIM_CONFIG", support_conf_nowhere());
    support_stderr_begin();
    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "x", &devices, &version, &params), ERR(INIFILECORRUPT));
    free(support_stderr_end());
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    ck_assert_int_eq(fake.opened, 0);
    check_clean();
}
END_TEST

START_TEST(two_applications)
{
    HLINEAPP a = app_open(NULL), b = app_open(NULL);

    ck_assert_uint_ne(a, b);
    ck_assert_int_eq(fake.opened, 1);
    ck_assert_int_eq(lineShutdown(a), 0);
    ck_assert_int_eq(lineShutdown(a), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(fake.closed, 0);
    ck_assert_int_eq(lineShutdown(b), 0);
    check_clean();
}
END_TEST

TCase *init_tests(void)
{
    TCase *t = tcase_create("init");

    tcase_add_checked_fixture(t, fake_reset, NULL);
    tcase_add_test(t, pointers);
    tcase_add_test(t, params_checked);
    tcase_add_test(t, initialised);
    tcase_add_test(t, nameless);
    tcase_add_test(t, plain);
    tcase_add_test(t, versions_negotiated);
    tcase_add_test(t, versions_refused);
    tcase_add_test(t, start_fails);
    tcase_add_test(t, no_configuration);
    tcase_add_test(t, two_applications);
    return t;
}
