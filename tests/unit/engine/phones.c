/* Phones of the engine: who has them, what reaches whom, how they end. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake_phone.h"
#include "tests/unit/engine/suites.h"

#include <string.h>

#define PERR(name) ((int32_t)PHONEERR_##name)

static void setup(void)
{
    fixture_setup();
    fake_phone.phones = 2;
}

static void teardown(void)
{
    fixture_teardown();
    ck_assert_uint_eq(fake_phone.opens, fake_phone.closes);
}

static int32_t phone_app(struct client *k, uint32_t version)
{
    int32_t rc = client_open(k, version); /* for the connection */
    uint32_t line_app = k->app;

    ck_assert_int_eq(rc, 0);
    rc = op(k, CHANNEL_PHONE_APP_OPEN, version, 0, 0, 0);
    k->app = k->call.ret[0];
    k->devices = k->call.ret[1];
    (void)op(k, CHANNEL_APP_CLOSE, line_app, 0, 0, 0);
    return rc;
}

static int32_t phone_open(struct client *k, uint32_t device, uint32_t version, uint32_t ext, uint32_t privilege,
                          uint32_t *phone)
{
    struct channel_call call = {.op = CHANNEL_PHONE_OPEN, .arg = {k->app, device, version, ext, privilege, 0, 42, 0}};
    int32_t rc = channel_call(k->c, &call);

    *phone = call.ret[0];
    return rc;
}

static uint32_t phone(struct client *k, uint32_t device, uint32_t privilege)
{
    uint32_t handle;

    ck_assert_int_eq(phone_open(k, device, V2_2, 0, privilege, &handle), 0);
    return handle;
}

START_TEST(negotiation)
{
    PHONEEXTENSIONID id;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    ck_assert_uint_eq(a.devices, 2);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_NEGOTIATE, a.app, 0, V1_3, V2_2), 0);
    ck_assert_uint_eq(a.call.ret[0], V2_2);
    memcpy(&id, a.call.out, sizeof(id));
    ck_assert_uint_eq(id.dwExtensionID2, 0xE2);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_NEGOTIATE, a.app, 2, V1_3, V2_2), PERR(BADDEVICEID));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_NEGOTIATE, a.app, 0, 0x30000, 0x40000), PERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_NEGOTIATE, a.app + 1, 0, V1_3, V2_2), PERR(INVALAPPHANDLE));
    /* handles of lines and phones are not the same */
    ck_assert_int_eq(op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 0, V1_3, V2_2), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CAPS, a.app, 0, V2_2, 0), 0);
    ck_assert_uint_eq(((PHONECAPS *)a.call.out)->dwPermanentPhoneID, 77);
    ck_assert_uint_eq(((PHONECAPS *)a.call.out)->dwPhoneStates,
                      PHONESTATE_OWNER | PHONESTATE_MONITORS | PHONESTATE_REINIT);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CAPS, a.app, 0, 7, 0), PERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_ICON, 0, 0, 0, 0), PERR(OPERATIONUNAVAIL)); /* not exported */
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_ICON, 5, 0, 0, 0), PERR(BADDEVICEID));
}
END_TEST

START_TEST(provider_fails_negotiation)
{
    uint32_t handle;

    fake_phone.negotiate_result = PERR(OPERATIONUNAVAIL);
    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_NEGOTIATE, a.app, 0, V1_3, V2_2), PERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 0, PHONEPRIVILEGE_OWNER, &handle), PERR(OPERATIONUNAVAIL));
    fake_phone.negotiate_result = 0;
    fake_phone.version = 0;
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_NEGOTIATE, a.app, 0, V1_3, V2_2), PERR(INCOMPATIBLEAPIVERSION));
}
END_TEST

START_TEST(privileges)
{
    uint32_t owner, monitor, other, handle;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    ck_assert_int_eq(phone_app(&b, V2_2), 0);
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 0, 0, &handle), PERR(INVALPRIVILEGE));
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 0, 3, &handle), PERR(INVALPRIVILEGE));
    ck_assert_int_eq(phone_open(&a, 2, V2_2, 0, 1, &handle), PERR(BADDEVICEID));
    ck_assert_int_eq(phone_open(&a, 0, 5, 0, 1, &handle), PERR(INCOMPATIBLEAPIVERSION));
    monitor = phone(&b, 0, PHONEPRIVILEGE_MONITOR);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_SET, monitor, PHONESTATE_OWNER | PHONESTATE_MONITORS, 0, 0), 0);
    ck_assert_uint_eq(fake_phone.states[0], 0); /* they are TAPI's */
    owner = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    expect(&b, PHONE_STATE, monitor, PHONESTATE_OWNER, 1, 0);
    ck_assert_int_eq(phone_open(&b, 0, V2_2, 0, PHONEPRIVILEGE_OWNER, &handle), PERR(INUSE));
    other = phone(&a, 0, PHONEPRIVILEGE_MONITOR);
    expect(&b, PHONE_STATE, monitor, PHONESTATE_MONITORS, 2, 0);
    ck_assert_uint_eq(fake_phone.opens, 1);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS, monitor, 0, 0, 0), 0);
    ck_assert_uint_eq(((PHONESTATUS *)b.call.out)->dwNumOwners, 1);
    ck_assert_uint_eq(((PHONESTATUS *)b.call.out)->dwNumMonitors, 2);
    ck_assert_uint_eq(((PHONESTATUS *)b.call.out)->dwRingMode, 3);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_SET, monitor, 9, CHANNEL_PHONE_LAMP, 1), PERR(NOTOWNER));
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_CLOSE, owner, 0, 0, 0), PERR(INVALPHONEHANDLE));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CLOSE, owner, 0, 0, 0), 0);
    expect(&b, PHONE_STATE, monitor, PHONESTATE_OWNER, 0, 0);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CLOSE, other, 0, 0, 0), 0);
    ck_assert_uint_eq(fake_phone.closes, 0);
    owner = phone(&b, 0, PHONEPRIVILEGE_OWNER);
    client_close(&b); /* as if it had died */
    ck_assert_uint_eq(fake_phone.closes, 1);
    expect_none(&a);
}
END_TEST

START_TEST(requests)
{
    uint32_t h;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    h = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 11, CHANNEL_PHONE_LAMP, 5), 11);
    expect_none(&a);
    fake.completion(fake_phone.last_request, 0);
    expect(&a, PHONE_REPLY, 0, 11, 0, 0);
    fake.completion(fake_phone.last_request, 0); /* once more */
    fake_phone.how = FAKE_EARLY;
    fake_phone.refusal = PERR(INVALPHONESTATE);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 12, CHANNEL_PHONE_LAMP, 5), 12);
    expect(&a, PHONE_REPLY, 0, 12, (uint32_t)PERR(INVALPHONESTATE), 0);
    fake_phone.how = FAKE_ZERO;
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 13, CHANNEL_PHONE_LAMP, 5), 13);
    expect(&a, PHONE_REPLY, 0, 13, 0, 0);
    fake_phone.how = FAKE_REFUSE;
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 14, CHANNEL_PHONE_LAMP, 5), PERR(INVALPHONESTATE));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 15, CHANNEL_PHONE_GAIN, 5), PERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 15, CHANNEL_PHONE_ITEMS, 5), PERR(INVALPARAM));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 0, CHANNEL_PHONE_LAMP, 5), PERR(INVALPARAM));
    fake_phone.how = FAKE_LATER;
    ck_assert_int_eq(op_data(&a, CHANNEL_PHONE_DATA_SET, h, 16, 3, "abc", 4, NULL, 0), 16);
    ck_assert_str_eq((char *)fake_phone.data, "abc");
    ck_assert_int_eq(op_data(&a, CHANNEL_PHONE_DEVSPECIFIC, h, 17, 0, "xyz", 4, NULL, 0), 17);
    ck_assert_str_eq((char *)fake_phone.data, "xyz");
    expect_none(&a);
    /* what is not answered by then gets no reply */
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CLOSE, h, 0, 0, 0), 0);
    ck_assert_uint_eq(engine.phone_requests.live, 0);
    expect_none(&a);
}
END_TEST

START_TEST(levels_are_limited)
{
    struct channel_call call = {.op = CHANNEL_PHONE_SET};
    uint32_t h;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    h = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    call.arg[0] = h;
    call.arg[1] = 5;
    call.arg[2] = CHANNEL_PHONE_VOLUME;
    call.arg[3] = 1;
    call.arg[4] = 0x12345;
    ck_assert_int_eq(channel_call(a.c, &call), 5);
    ck_assert_uint_eq(fake_phone.value[1], 0xFFFF);
}
END_TEST

START_TEST(values)
{
    uint32_t h;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    h = phone(&a, 1, PHONEPRIVILEGE_MONITOR);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_GET, h, CHANNEL_PHONE_LAMP, 3, 0), 0);
    ck_assert_uint_eq(a.call.ret[0], 103);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_GET, h, CHANNEL_PHONE_LAMP, 9, 0), PERR(INVALBUTTONLAMPID));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_GET, h, CHANNEL_PHONE_RING, 0, 0), 0);
    ck_assert_uint_eq(a.call.ret[1], 7);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_GET, h, CHANNEL_PHONE_HOOK, 0, 0), PERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_GET, h, 99, 0, 0), PERR(INVALPARAM));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_DATA_GET, h, 6, 5, 0), 0);
    ck_assert_uint_eq(a.call.out_len, 5);
    ck_assert_int_eq(((char *)a.call.out)[4], 6);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_GET, h + 1, CHANNEL_PHONE_LAMP, 3, 0), PERR(INVALPHONEHANDLE));
}
END_TEST

START_TEST(button_info_of_an_older_provider)
{
    static const uint16_t text[] = {'K', 0};
    struct {
        PHONEBUTTONINFO info;
        uint16_t text[2];
    } in;
    uint32_t h;

    fake_phone.version = V1_3;
    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    h = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    memset(&in, 0, sizeof(in));
    in.info.dwTotalSize = sizeof(in);
    in.info.dwButtonTextSize = sizeof(text);
    in.info.dwButtonTextOffset = sizeof(in.info);
    memcpy(in.text, text, sizeof(text));
    ck_assert_int_eq(op_data(&a, CHANNEL_PHONE_BUTTON_SET, h, 3, 2, &in, sizeof(in), NULL, 0), 3);
    ck_assert_uint_eq(fake_phone.data_len, sizeof(text));
    ck_assert_uint_eq(fake_phone.data[0], 'K');
    ck_assert_int_eq(op_data(&a, CHANNEL_PHONE_BUTTON_SET, h, 3, 2, &in, 8, NULL, 0), PERR(STRUCTURETOOSMALL));
    ck_assert_int_eq(op_data(&a, CHANNEL_PHONE_BUTTON_SET, h, 3, 2, NULL, 0, NULL, 0), PERR(INVALPOINTER));
}
END_TEST

START_TEST(messages_to_those_who_want_them)
{
    uint32_t owner, monitor, old;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    ck_assert_int_eq(phone_app(&b, V2_2), 0);
    ck_assert_int_eq(phone_app(&d, V1_3), 0);
    owner = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    monitor = phone(&b, 0, PHONEPRIVILEGE_MONITOR);
    ck_assert_int_eq(phone_open(&d, 0, V1_3, 0, PHONEPRIVILEGE_MONITOR, &old), 0);
    fake_phone_event(0, PHONE_STATE, PHONESTATE_LAMP, 5, 0);
    expect_none(&a);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_STATUS_SET, owner, PHONESTATE_LAMP | PHONESTATE_REMOVED, 0, 8), 0);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_SET, monitor, PHONESTATE_DISPLAY, PHONEBUTTONMODE_CALL, 2), 0);
    ck_assert_uint_eq(fake_phone.states[0], PHONESTATE_LAMP | PHONESTATE_DISPLAY | PHONESTATE_REMOVED);
    ck_assert_uint_eq(fake_phone.modes[0], PHONEBUTTONMODE_CALL);
    ck_assert_uint_eq(fake_phone.button_states[0], 2);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_GET, monitor, 0, 0, 0), 0);
    ck_assert_uint_eq(b.call.ret[1], PHONEBUTTONMODE_CALL);
    fake_phone_event(0, PHONE_STATE, PHONESTATE_LAMP, 5, 0);
    fake_phone_event(0, PHONE_STATE, PHONESTATE_LAMP | PHONESTATE_DISPLAY, 5, 0);
    expect(&a, PHONE_STATE, owner, PHONESTATE_LAMP, 5, 0);
    expect(&a, PHONE_STATE, owner, PHONESTATE_LAMP, 0, 0);
    expect(&b, PHONE_STATE, monitor, PHONESTATE_DISPLAY, 0, 0);
    fake_phone_event(0, PHONE_BUTTON, 3, PHONEBUTTONMODE_CALL, PHONEBUTTONSTATE_DOWN);
    fake_phone_event(0, PHONE_BUTTON, 3, PHONEBUTTONMODE_CALL, PHONEBUTTONSTATE_UP);
    fake_phone_event(0, PHONE_BUTTON, 4, PHONEBUTTONMODE_KEYPAD, PHONEBUTTONSTATE_DOWN);
    expect(&b, PHONE_BUTTON, monitor, 3, PHONEBUTTONMODE_CALL, PHONEBUTTONSTATE_DOWN);
    fake_phone_event(0, PHONE_DEVSPECIFIC, 1, 2, 3);
    expect(&a, PHONE_DEVSPECIFIC, owner, 1, 2, 3);
    expect(&b, PHONE_DEVSPECIFIC, monitor, 1, 2, 3);
    expect(&d, PHONE_DEVSPECIFIC, old, 1, 2, 3);
    fake_phone_event(0, PHONE_STATE, PHONESTATE_CAPSCHANGE, 0, 0);
    expect(&d, PHONE_STATE, 0, PHONESTATE_REINIT, PHONE_STATE, PHONESTATE_CAPSCHANGE);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_SET, monitor, 0x1000000, 0, 0), PERR(INVALPHONESTATE));
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_SET, monitor, 0, 0x40, 1), PERR(INVALBUTTONMODE));
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_SET, monitor, 0, 1, 0), PERR(INVALBUTTONSTATE));
    fake_phone.mask_result = PERR(OPERATIONFAILED);
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_SET, monitor, 1, 0, 0), PERR(OPERATIONFAILED));
    ck_assert_int_eq(op(&b, CHANNEL_PHONE_STATUS_GET, monitor, 0, 0, 0), 0);
    ck_assert_uint_eq(b.call.ret[0], PHONESTATE_DISPLAY);
    expect_none(&a);
    expect_none(&b);
    expect_none(&d);
}
END_TEST

START_TEST(extension_versions)
{
    uint32_t h, other, handle;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_EXT_NEGOTIATE, a.app, 0, V2_2, 0), PERR(INCOMPATIBLEEXTVERSION));
    other = phone(&a, 0, PHONEPRIVILEGE_MONITOR);
    ck_assert_uint_eq(fake_phone.ext[0], 0);
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 7, PHONEPRIVILEGE_OWNER, &h), 0);
    ck_assert_uint_eq(fake_phone.ext[0], 7);
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 8, PHONEPRIVILEGE_MONITOR, &handle), PERR(INCOMPATIBLEEXTVERSION));
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CLOSE, h, 0, 0, 0), 0);
    ck_assert_uint_eq(fake_phone.ext[0], 0);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CLOSE, other, 0, 0, 0), 0);
}
END_TEST

START_TEST(closed_by_the_provider)
{
    uint32_t h, other;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    h = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_SET, h, 11, CHANNEL_PHONE_LAMP, 5), 11);
    fake_phone_event(0, PHONE_CLOSE, 0, 0, 0);
    fake_phone.closes++; /* by itself */
    expect(&a, PHONE_REPLY, 0, 11, (uint32_t)PERR(OPERATIONFAILED), 0);
    expect(&a, PHONE_CLOSE, h, 0, 0, 0);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_CLOSE, h, 0, 0, 0), PERR(INVALPHONEHANDLE));
    fake_phone.close_in_open = true;
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 0, PHONEPRIVILEGE_OWNER, &h), PERR(OPERATIONFAILED));
    fake_phone.closes++;
    fake_phone.close_in_open = false;
    other = phone(&a, 0, PHONEPRIVILEGE_OWNER);
    ck_assert_uint_ne(h, other);
    fake_phone.open_result = PERR(RESOURCEUNAVAIL);
    ck_assert_int_eq(phone_open(&a, 1, V2_2, 0, PHONEPRIVILEGE_OWNER, &h), PERR(RESOURCEUNAVAIL));
    expect_none(&a);
}
END_TEST

START_TEST(come_and_go)
{
    const struct channel_event *e;
    uint32_t h, old;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    ck_assert_int_eq(phone_app(&b, V1_3), 0);
    ck_assert_int_eq(client_open(&d, V2_2), 0); /* of lines */
    fake_phone.event(NULL, PHONE_CREATE, (DWORD_PTR)fake.provider, 5, 0);
    e = wait_event(&a);
    ck_assert_uint_eq(e->message, PHONE_CREATE);
    ck_assert_uint_eq(e->p1, 2);
    ck_assert_uint_eq(fake_phone.last_create, 2);
    e = wait_event(&b);
    ck_assert_uint_eq(e->message, PHONE_STATE);
    ck_assert_uint_eq(e->p1, PHONESTATE_REINIT);
    h = phone(&a, 2, PHONEPRIVILEGE_MONITOR);
    ck_assert_int_eq(op(&a, CHANNEL_PHONE_STATUS_SET, h, PHONESTATE_REMOVED, 0, 0), 0);
    ck_assert_int_eq(phone_open(&b, 2, V1_3, 0, PHONEPRIVILEGE_MONITOR, &old), 0);
    fake_phone_event(2, PHONE_REMOVE, 2, 0, 0);
    fake_phone.closes++;
    expect(&a, PHONE_STATE, h, PHONESTATE_REMOVED, 0, 0);
    expect(&a, PHONE_CLOSE, h, 0, 0, 0);
    expect(&a, PHONE_REMOVE, 0, 2, 0, 0);
    expect(&b, PHONE_CLOSE, old, 0, 0, 0);
    expect_none(&b);
    ck_assert_int_eq(phone_open(&a, 2, V2_2, 0, PHONEPRIVILEGE_MONITOR, &h), PERR(NODEVICE));
    fake_phone_event(0, PHONE_REMOVE, 99, 0, 0);
    expect_none(&d);
    fake_phone_event(0, PHONE_STATE, PHONESTATE_REINIT, 0, 0);
    expect(&a, PHONE_STATE, 0, PHONESTATE_REINIT, 0, 0);
    expect(&d, LINE_LINEDEVSTATE, 0, LINEDEVSTATE_REINIT, 0, 0);
    ck_assert_int_eq(phone_open(&a, 0, V2_2, 0, PHONEPRIVILEGE_MONITOR, &h), PERR(REINIT));
}
END_TEST

START_TEST(picture)
{
    const struct channel_status *s;
    struct channel_status_phone row;
    struct channel_status_app app;
    uint32_t h;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    h = phone(&a, 1, PHONEPRIVILEGE_OWNER);
    (void)phone(&a, 1, PHONEPRIVILEGE_MONITOR);
    ck_assert_uint_ne(h, 0);
    ck_assert_int_eq(op(&a, CHANNEL_SERVICE_STATUS, 0, 0, 0, 0), 0);
    s = a.call.out;
    ck_assert_uint_eq(s->phones.count, 2);
    ck_assert_uint_eq(s->total_phones, 2);
    memcpy(&row, (char *)a.call.out + s->phones.offset + s->phones.row, sizeof(row));
    ck_assert_uint_eq(row.device, 1);
    ck_assert_uint_eq(row.monitors, 1);
    ck_assert_uint_eq(row.owner, a.app);
    memcpy(&app, (char *)a.call.out + s->apps.offset, sizeof(app));
    ck_assert_uint_eq(app.phonec, 2);
}
END_TEST

START_TEST(limit_of_handles)
{
    uint32_t h;

    ck_assert_int_eq(phone_app(&a, V2_2), 0);
    channel_limits(a.c, 2);
    (void)phone(&a, 0, PHONEPRIVILEGE_OWNER);
    ck_assert_int_eq(phone_open(&a, 1, V2_2, 0, PHONEPRIVILEGE_MONITOR, &h), PERR(RESOURCEUNAVAIL));
}
END_TEST

Suite *suite_phones(void)
{
    Suite *s = suite_create("engine phones");
    TCase *t = tcase_create("phones");

    tcase_set_timeout(t, 0);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, negotiation);
    tcase_add_test(t, provider_fails_negotiation);
    tcase_add_test(t, privileges);
    tcase_add_test(t, requests);
    tcase_add_test(t, levels_are_limited);
    tcase_add_test(t, values);
    tcase_add_test(t, button_info_of_an_older_provider);
    tcase_add_test(t, messages_to_those_who_want_them);
    tcase_add_test(t, extension_versions);
    tcase_add_test(t, closed_by_the_provider);
    tcase_add_test(t, come_and_go);
    tcase_add_test(t, picture);
    tcase_add_test(t, limit_of_handles);
    suite_add_tcase(s, t);
    return s;
}
