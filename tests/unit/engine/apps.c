/* Applications, providers, devices: start and stop, versions, capabilities. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <errno.h>
#include <string.h>

START_TEST(first_starts_last_stops)
{
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 4);
    ck_assert_uint_eq(a.call.ret[2], V2_2);
    ck_assert_int_eq(client_open(&b, V2_0), 0);
    ck_assert_uint_eq(fake.inits, 1);
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, a.app, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.shutdowns, 0);
    ck_assert_int_eq(op(&b, CHANNEL_APP_CLOSE, b.app, 0, 0, 0), 0);
    ck_assert_uint_eq(fake.shutdowns, 1);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(fake.inits, 2);
}
END_TEST

START_TEST(bad_arguments)
{
    static const uint16_t open_end[] = {'x', 'y'};

    ck_assert_int_eq(channel_open(&a.c, NULL, NULL), EINVAL);
    ck_assert_int_eq(client_open(&a, 0x00010002), (int32_t)LINEERR_INCOMPATIBLEAPIVERSION);
    ck_assert_int_eq(op_data(&a, CHANNEL_APP_OPEN, V2_2, 0, 0, open_end, 4, NULL, 0), (int32_t)LINEERR_INVALAPPNAME);
    ck_assert_int_eq(op_data(&a, CHANNEL_APP_OPEN, V2_2, 0, 0, open_end, 3, NULL, 0), (int32_t)LINEERR_INVALAPPNAME);
    ck_assert_int_eq(op(&a, CHANNEL_OP_COUNT, 0, 0, 0, 0), (int32_t)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, 0, 0, 0, 0), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_uint_eq(fake.inits, 0);
}
END_TEST

START_TEST(handles_belong_to_connections)
{
    uint32_t l, call, app;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    l = line(&a, 0, OWNER);
    call = made_call(&a, l);
    ck_assert_int_eq(op(&b, CHANNEL_APP_CLOSE, a.app, 0, 0, 0), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, l, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_DROP, call, 1, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    /* Kinds do not mix. */
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, call, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, l, 1, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, l, 0, 0, 0), (int32_t)LINEERR_INVALAPPHANDLE);
    app = a.app;
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, app, 0, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, app, 0, 0, 0), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
}
END_TEST

START_TEST(connection_closes_all)
{
    uint32_t second;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    second = a.app;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_ne(second, a.app);
    made_call(&a, line(&a, 0, OWNER));
    made_call(&a, line(&a, 1, NONE));
    client_close(&a);
    ck_assert_uint_eq(fake_live(), 0);
    ck_assert_uint_eq(fake.closes, 2);
    ck_assert_uint_eq(fake.shutdowns, 1);
}
END_TEST

START_TEST(provider_fails_init)
{
    fake.init_result = (int32_t)LINEERR_RESOURCEUNAVAIL;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
}
END_TEST

START_TEST(provider_configuration_broken)
{
    fake.init_result = (int32_t)LINEERR_INIFILECORRUPT;
    ck_assert_int_eq(client_open(&a, V2_2), (int32_t)LINEERR_INIFILECORRUPT);
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
}
END_TEST

START_TEST(provider_fails_enum)
{
    fake.enum_result = (int32_t)LINEERR_NOMEM;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
    ck_assert_uint_eq(fake.inits, 0);
}
END_TEST

START_TEST(provider_of_unknown_version)
{
    fake.version = _i ? 0x00030000 : 0;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
    ck_assert_uint_eq(fake.inits, 0);
}
END_TEST

START_TEST(provider_without_enum)
{
    fake.no_enum = true;
    fake.version = V1_3;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 1);
    client_close(&a);
    fake.version = V2_0;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
}
END_TEST

START_TEST(too_many_lines)
{
    fake.lines = 0xFFFFFFFF;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 0);
    ck_assert_uint_eq(fake.inits, 0);
}
END_TEST

START_TEST(missing_functions)
{
    static const struct {
        const char *name;
        uint32_t op;
    } table[] = {{"TSPI_lineMakeCall", CHANNEL_CALL_MAKE},
                 {"TSPI_lineGetLineDevStatus", CHANNEL_LINE_STATUS},
                 {"TSPI_lineGetAddressStatus", CHANNEL_ADDRESS_STATUS}};
    uint32_t l;

    fake.missing = table[_i].name;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    l = line(&a, 0, OWNER);
    ck_assert_int_eq(op(&a, table[_i].op, l, 0, 0, 0), (int32_t)LINEERR_OPERATIONUNAVAIL);
}
END_TEST

START_TEST(negotiation)
{
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 0, 0x00010000, 0x00030001), 0);
    ck_assert_uint_eq(a.call.ret[0], V2_2);
    ck_assert_uint_eq(a.call.out_len, sizeof(LINEEXTENSIONID));
    ck_assert_uint_eq(((LINEEXTENSIONID *)a.call.out)->dwExtensionID0, 0xE0);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 3, V1_3, 0x00010FFF), 0);
    ck_assert_uint_eq(a.call.ret[0], V1_4);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 0, 0x00030000, 0x00030001),
                     (int32_t)LINEERR_INCOMPATIBLEAPIVERSION);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 0, V2_2, V1_3), (int32_t)LINEERR_INCOMPATIBLEAPIVERSION);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 4, V1_3, V2_2), (int32_t)LINEERR_BADDEVICEID);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app + 1, 4, V1_3, V2_2), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_EXT_NEGOTIATE, a.app, 0, V2_2, NULL, 0, NULL, 0),
                     (int32_t)LINEERR_INCOMPATIBLEEXTVERSION);
}
END_TEST

START_TEST(device_caps)
{
    const LINEDEVCAPS *caps;

    /* Also with a provider of another age. */
    fake.version = _i ? V1_3 : V2_2;
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 1, V2_2, 0), 0);
    caps = a.call.out;
    ck_assert_uint_eq(caps->dwTotalSize, a.call.out_len);
    ck_assert_uint_eq(caps->dwNeededSize, caps->dwUsedSize);
    ck_assert_uint_eq(caps->dwPermanentLineID, 78);
    ck_assert_uint_eq(caps->dwLineStates, LINEDEVSTATE_RINGING | LINEDEVSTATE_OPEN | LINEDEVSTATE_CLOSE |
                                              LINEDEVSTATE_REINIT | LINEDEVSTATE_TRANSLATECHANGE);
    ck_assert_uint_eq(caps->dwLineNameSize, 10);
    ck_assert_mem_eq((const char *)caps + caps->dwLineNameOffset, "l\0i\0n\0e\0\0", 10);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 9, V2_2, 0), (int32_t)LINEERR_BADDEVICEID);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 1, 0x00010005, 0), (int32_t)LINEERR_INCOMPATIBLEAPIVERSION);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, 0, 1, V2_2, 0), (int32_t)LINEERR_INVALAPPHANDLE);
}
END_TEST

START_TEST(device_caps_grow)
{
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    fake.needed = 50000;
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 1, V2_2, 0), 0);
    ck_assert_uint_eq(((LINEDEVCAPS *)a.call.out)->dwLineNameSize, 10);
    /* Parts in one place take more room apart. */
    fake.overlap = true;
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 1, V2_2, 0), 0);
    ck_assert_uint_gt(((LINEDEVCAPS *)a.call.out)->dwDevSpecificSize, 49000);
    ck_assert_uint_gt(((LINEDEVCAPS *)a.call.out)->dwTerminalCapsSize, 49000);
    ck_assert_uint_eq(((LINEDEVCAPS *)a.call.out)->dwNeededSize, ((LINEDEVCAPS *)a.call.out)->dwUsedSize);
    /* A size that nobody needs: what there is without it. */
    fake.needed = 0xFFFFFFF0;
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 1, V2_2, 0), 0);
    ck_assert_uint_eq(((LINEDEVCAPS *)a.call.out)->dwLineNameSize, 0);
    ck_assert_uint_eq(((LINEDEVCAPS *)a.call.out)->dwPermanentLineID, 78);
}
END_TEST

START_TEST(address_caps)
{
    const LINEADDRESSCAPS *caps;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(op(&a, CHANNEL_ADDRESS_CAPS, a.app, 1, 0, V2_2), 0);
    caps = a.call.out;
    ck_assert_uint_eq(caps->dwCallStates, LINECALLSTATE_IDLE | LINECALLSTATE_UNKNOWN);
    ck_assert_uint_eq(caps->dwCallInfoStates,
                      LINECALLINFOSTATE_NUMOWNERINCR | LINECALLINFOSTATE_NUMOWNERDECR | LINECALLINFOSTATE_NUMMONITORS);
    ck_assert_int_eq(op(&a, CHANNEL_ADDRESS_CAPS, a.app, 1, 1, V2_2), (int32_t)LINEERR_INVALADDRESSID);
}
END_TEST

START_TEST(device_config)
{
    static const uint16_t known[] = {'c', 'o', 'm', 'm', 0}, unknown[] = {'x', 0};
    static const unsigned char blob[] = {1, 2, 3};
    const VARSTRING *v;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_CONFIG_GET, 0, 0, 0, known, sizeof(known), NULL, 0), 0);
    v = a.call.out;
    ck_assert_uint_eq(v->dwStringSize, 3);
    ck_assert_mem_eq((const char *)v + v->dwStringOffset, blob, 3);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_CONFIG_GET, 0, 0, 0, unknown, sizeof(unknown), NULL, 0),
                     (int32_t)LINEERR_INVALDEVICECLASS);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_CONFIG_GET, 0, 0, 0, NULL, 0, NULL, 0), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_CONFIG_GET, 7, 0, 0, known, sizeof(known), NULL, 0),
                     (int32_t)LINEERR_BADDEVICEID);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_CONFIG_SET, 0, 0, 0, blob, sizeof(blob), known, sizeof(known)), 0);
    ck_assert_int_eq(op_data(&a, CHANNEL_DEV_CONFIG_SET, 0, 0, 0, blob, 2, known, sizeof(known)),
                     (int32_t)LINEERR_INVALPARAM);
}
END_TEST

START_TEST(line_created)
{
    const struct channel_event *e;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V1_3), 0);
    fake.create(NULL, NULL, LINE_CREATE, (DWORD_PTR)fake.provider, 5, 0);
    e = wait_event(&a);
    ck_assert_uint_eq(e->message, LINE_CREATE);
    ck_assert_uint_eq(e->p1, 4);
    ck_assert_uint_eq(fake.last_create, 4);
    e = wait_event(&b);
    ck_assert_uint_eq(e->message, LINE_LINEDEVSTATE);
    ck_assert_uint_eq(e->p1, LINEDEVSTATE_REINIT);
    ck_assert_uint_eq(e->p2, LINE_CREATE);
    ck_assert_uint_eq(e->p3, 4);
    line(&a, 4, OWNER);
    /* One that the provider does not know after all, and one of nobody. */
    fake.create(NULL, NULL, LINE_CREATE, (DWORD_PTR)fake.provider, 666, 0);
    fake_wait("create 666");
    fake.create(NULL, NULL, LINE_CREATE, 0x1234, 6, 0);
    fake.create(NULL, NULL, LINE_CREATE, (DWORD_PTR)fake.provider, 7, 0);
    e = wait_event(&a);
    ck_assert_uint_eq(e->message, LINE_CREATE);
    ck_assert_uint_eq(e->p1, 5);
}
END_TEST

START_TEST(line_removed)
{
    uint32_t l, old;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V1_4), 0);
    l = line(&a, 1, OWNER);
    old = line_of_version(&b, 1, NONE, V1_4);
    ck_assert_int_eq(op(&b, CHANNEL_STATUS_SET, old, LINEDEVSTATE_REMOVED, 0, 0), 0);
    fake.create(NULL, NULL, LINE_REMOVE, 1, 0, 0);
    expect(&a, LINE_CLOSE, l, 0, 0, 0);
    expect(&a, LINE_REMOVE, 0, 1, 0, 0);
    expect(&b, LINE_LINEDEVSTATE, old, LINEDEVSTATE_REMOVED, 0, 0);
    expect(&b, LINE_CLOSE, old, 0, 0, 0);
    expect_none(&b);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_int_eq(line_open(&a, 1, V2_2, NONE, 0, &l), (int32_t)LINEERR_NODEVICE);
    ck_assert_int_eq(op(&a, CHANNEL_DEV_CAPS, a.app, 1, V2_2, 0), (int32_t)LINEERR_NODEVICE);
    fake.create(NULL, NULL, LINE_REMOVE, 1, 0, 0);
    fake.create(NULL, NULL, LINE_REMOVE, 12345, 0, 0);
    expect_none(&a);
    line(&a, 2, OWNER);
}
END_TEST

START_TEST(reinit)
{
    uint32_t l;

    ck_assert_int_eq(client_open(&a, V2_2), 0);
    line(&a, 0, NONE);
    fake_line_event(0, LINE_LINEDEVSTATE, LINEDEVSTATE_REINIT, 0, 0);
    expect(&a, LINE_LINEDEVSTATE, 0, LINEDEVSTATE_REINIT, 0, 0);
    ck_assert_int_eq(line_open(&a, 1, V2_2, NONE, 0, &l), (int32_t)LINEERR_REINIT);
    ck_assert_int_eq(client_open(&b, V2_2), (int32_t)LINEERR_REINIT);
    client_close(&a);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
}
END_TEST

static void ignored(const struct channel_event *event, void *arg)
{
    (void)event;
    (void)arg;
}

START_TEST(provider_listed)
{
    static const uint16_t mine[] = {'m', 'i', 'n', 'e', '.', 't', 's', 'p', 0};
    const LINEPROVIDERLIST *list;
    LINEPROVIDERENTRY entry;
    uint32_t id;

    ck_assert_int_eq(channel_open(&a.c, ignored, NULL), 0);
    ck_assert_int_eq(op(&a, CHANNEL_PROVIDER_LIST, 0, 0, 0, 0), 0);
    list = a.call.out;
    ck_assert_uint_eq(list->dwNumProviders, 1);
    ck_assert_int_eq(op(&a, CHANNEL_UI_LIBRARY, 1, TUISPIDLL_OBJECT_PROVIDERID, 0, 0), 0);
    ck_assert_uint_eq(a.call.out_len, 14);
    ck_assert_int_eq(op(&a, CHANNEL_UI_LIBRARY, 2, TUISPIDLL_OBJECT_PROVIDERID, 0, 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op_data(&a, CHANNEL_PROVIDER_ADD, 0, 0, 0, mine, sizeof(mine), NULL, 0), 0);
    id = a.call.ret[0];
    ck_assert_uint_ne(id, 0);
    ck_assert_int_eq(op(&a, CHANNEL_PROVIDER_LIST, 0, 0, 0, 0), 0);
    list = a.call.out;
    ck_assert_uint_eq(list->dwNumProviders, 1);
    ck_assert_uint_eq(list->dwTotalSize, a.call.out_len);
    memcpy(&entry, (const char *)list + list->dwProviderListOffset, sizeof(entry));
    ck_assert_uint_eq(entry.dwPermanentProviderID, id);
    ck_assert_uint_eq(entry.dwProviderFilenameSize, sizeof(mine));
    ck_assert_mem_eq((const char *)list + entry.dwProviderFilenameOffset, mine, sizeof(mine));
    ck_assert_int_eq(op_data(&a, CHANNEL_UI_LIBRARY, 0, 0, 0, mine, sizeof(mine), NULL, 0),
                     (int32_t)LINEERR_OPERATIONFAILED);
    ck_assert_int_eq(op_data(&a, CHANNEL_PROVIDER_ADD, 0, 0, 0, mine + 8, 2, NULL, 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op_data(&a, CHANNEL_PROVIDER_ADD, 0, 0, 0, NULL, 0, NULL, 0), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(op(&a, CHANNEL_PROVIDER_REMOVE, id + 1, 0, 0, 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op(&a, CHANNEL_PROVIDER_REMOVE, id, 0, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_PROVIDER_REMOVE, id, 0, 0, 0), (int32_t)LINEERR_INVALPARAM);
}
END_TEST

Suite *suite_apps(void)
{
    Suite *s = suite_create("engine applications and devices");
    TCase *t = tcase_create("apps");

    tcase_add_checked_fixture(t, fixture_setup, fixture_teardown);
    tcase_add_test(t, first_starts_last_stops);
    tcase_add_test(t, bad_arguments);
    tcase_add_test(t, handles_belong_to_connections);
    tcase_add_test(t, connection_closes_all);
    tcase_add_test(t, provider_fails_init);
    tcase_add_test(t, provider_configuration_broken);
    tcase_add_test(t, provider_fails_enum);
    tcase_add_loop_test(t, provider_of_unknown_version, 0, 2);
    tcase_add_test(t, provider_without_enum);
    tcase_add_test(t, too_many_lines);
    tcase_add_loop_test(t, missing_functions, 0, 3);
    tcase_add_test(t, negotiation);
    tcase_add_loop_test(t, device_caps, 0, 2);
    tcase_add_test(t, device_caps_grow);
    tcase_add_test(t, address_caps);
    tcase_add_test(t, device_config);
    tcase_add_test(t, line_created);
    tcase_add_test(t, line_removed);
    tcase_add_test(t, reinit);
    tcase_add_test(t, provider_listed);
    suite_add_tcase(s, t);
    return s;
}
