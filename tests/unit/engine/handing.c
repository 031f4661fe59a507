/* What moves between applications: calls, priorities, requests; and what is told about all of them.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tapi_shim/engine/priv.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <string.h>

enum { FAX = LINEMEDIAMODE_G3FAX, MAKECALL = LINEREQUESTMODE_MAKECALL, NO_REQUEST = (int)LINEERR_NOREQUEST };

static unsigned starts;
static int start_result;

static int dialer(void)
{
    starts++;
    return start_result;
}

static uint32_t units(uint16_t *out, const char *text)
{
    return (uint32_t)(platform_utf8_to_utf16(text, SIZE_MAX, out, 300) * sizeof(*out));
}

/* Applications a, b and d are "apA" of a.exe and so on. */
static void app_named(struct client *k, const char *module)
{
    uint16_t name[300], file[300];
    char text[4] = {'a', 'p', k == &a ? 'A' : k == &b ? 'B' : 'D', 0};
    uint32_t name_len = units(name, text), file_len = units(file, module);

    if (!k->c) {
        k->eventc = k->taken = 0;
        ck_assert_int_eq(channel_open(&k->c, client_event, k), 0);
    }
    ck_assert_int_eq(op_data(k, CHANNEL_APP_OPEN, V2_2, 0, 0, name, name_len, file, file_len), 0);
    k->app = k->call.ret[0];
}

static void setup(void)
{
    fixture_setup();
    starts = 0;
    start_result = 0;
    engine_default_dialer(NULL);
    app_named(&a, "a.exe");
    app_named(&b, "b.exe");
    app_named(&d, "d.exe");
}

static void teardown(void)
{
    client_close(&a);
    client_close(&b);
    client_close(&d);
    ck_assert_uint_eq(fake_live(), 0);
    priority_clear();
    memset(&engine.assist, 0, sizeof(engine.assist));
    fixture_teardown();
}

static int32_t handoff(struct client *k, uint32_t call, const char *name, uint32_t mode)
{
    uint16_t text[300];
    uint32_t len = name ? units(text, name) : 0;

    return op_data(k, CHANNEL_CALL_HANDOFF, call, mode, 0, name ? text : NULL, len, NULL, 0);
}

static uint32_t line_media(struct client *k, uint32_t privileges, uint32_t media)
{
    uint32_t handle;

    ck_assert_int_eq(line_open(k, 0, V2_2, privileges, media, &handle), 0);
    return handle;
}

static int32_t put_first(const char *name, uint32_t media, uint32_t request, uint32_t priority)
{
    uint16_t text[300];
    uint32_t len = units(text, name);

    return op_data(&a, CHANNEL_PRIORITY_SET, media, request, priority, text, len, NULL, 0);
}

static int32_t place(const char *name, uint32_t media, uint32_t request)
{
    uint16_t text[300];
    uint32_t len = units(text, name);
    int32_t rc = op_data(&a, CHANNEL_PRIORITY_GET, media, request, 0, text, len, NULL, 0);

    return rc ? rc : (int32_t)a.call.ret[0];
}

/* ---- handing calls on -------------------------------------------------------------------------------------------- */

START_TEST(by_name)
{
    static const char *const names[] = {"b.exe", "B.EXE", "apB", "APb"};
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, OWNER), call = made_call(&a, l), seen;

    fake_state(0, LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE, VOICE);
    forget(&a);
    ck_assert_int_eq(handoff(&a, call, names[_i], 0), 0);
    seen = expect_new_call(&b, lb, OWNER, LINECALLSTATE_CONNECTED, LINECONNECTEDMODE_ACTIVE);
    expect_none(&b);
    expect(&a, LINE_CALLINFO, call, LINECALLINFOSTATE_NUMOWNERINCR, 0, 0);
    expect_none(&a);
    /* Both may do with it what they like. */
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DROP, call, 1, 0, 0), 1);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_PRIVILEGE, seen, MONITOR, 0, 0), 0);
}
END_TEST

START_TEST(to_a_monitor)
{
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, OWNER | MONITOR), call = made_call(&a, l), seen;

    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    ck_assert_int_eq(handoff(&a, call, "b.exe", 0), 0);
    /* With the handle that it has. */
    expect(&b, LINE_CALLSTATE, seen, LINECALLSTATE_UNKNOWN, 0, OWNER);
    expect_none(&b);
    expect(&a, LINE_CALLINFO, call, LINECALLINFOSTATE_NUMOWNERINCR | LINECALLINFOSTATE_NUMMONITORS, 0, 0);
    /* Once more: the numbers stay. */
    ck_assert_int_eq(handoff(&a, call, "b.exe", 0), 0);
    expect(&b, LINE_CALLSTATE, seen, LINECALLSTATE_UNKNOWN, 0, OWNER);
    expect_none(&a);
}
END_TEST

START_TEST(to_whom_it_cannot_go)
{
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, MONITOR), call = made_call(&a, l), seen;

    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    line(&d, 1, OWNER);
    ck_assert_int_eq(handoff(&a, call, "b.exe", 0), (int32_t)LINEERR_TARGETNOTFOUND);
    ck_assert_int_eq(handoff(&a, call, "d.exe", 0), (int32_t)LINEERR_TARGETNOTFOUND);
    ck_assert_int_eq(handoff(&a, call, "c:\\a.exe", 0), (int32_t)LINEERR_TARGETNOTFOUND);
    ck_assert_int_eq(handoff(&a, call, "", 0), (int32_t)LINEERR_TARGETNOTFOUND);
    ck_assert_int_eq(handoff(&b, seen, "a.exe", 0), (int32_t)LINEERR_NOTOWNER);
    ck_assert_int_eq(handoff(&b, call, "a.exe", 0), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_int_eq(handoff(&a, call + 1, NULL, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_HANDOFF, call, 0, 0, "ab", 2, NULL, 0), (int32_t)LINEERR_INVALPOINTER);
}
END_TEST

/* "This form of handoff succeeds if the call handle is handed off to the same file name." */
START_TEST(to_its_own_name)
{
    uint32_t l = line(&a, 0, OWNER), lb, call = made_call(&a, l);

    ck_assert_int_eq(handoff(&a, call, "a.exe", 0), 0);
    expect_none(&a);
    /* Another instance of the program, if there is one. */
    client_close(&b);
    app_named(&b, "a.exe");
    lb = line(&b, 0, OWNER);
    ck_assert_int_eq(handoff(&a, call, "a.exe", 0), 0);
    expect_new_call(&b, lb, OWNER, LINECALLSTATE_UNKNOWN, 0);
}
END_TEST

START_TEST(by_media_mode)
{
    uint32_t l = line_media(&a, OWNER, VOICE), lb = line_media(&b, OWNER, FAX), call = made_call(&a, l);

    ck_assert_int_eq(handoff(&a, call, NULL, 0), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(handoff(&a, call, NULL, VOICE | FAX), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(handoff(&a, call, NULL, 0x00010000), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(handoff(&a, call, NULL, LINEMEDIAMODE_TDD), (int32_t)LINEERR_TARGETNOTFOUND);
    ck_assert_int_eq(handoff(&a, call, NULL, VOICE), (int32_t)LINEERR_TARGETSELF);
    ck_assert_int_eq(handoff(&a, call, NULL, FAX), 0);
    expect_new_call(&b, lb, OWNER, LINECALLSTATE_UNKNOWN, 0);
}
END_TEST

START_TEST(by_priority)
{
    uint32_t l = line(&a, 0, OWNER), call, lb, ld = line_media(&d, OWNER, VOICE);

    lb = line_media(&b, OWNER, VOICE);
    call = made_call(&a, l);
    ck_assert_int_eq(put_first("d.exe", VOICE, 0, 1), 0);
    ck_assert_int_eq(put_first("B.exe", VOICE | FAX, 0, 1), 0);
    ck_assert_int_eq(handoff(&a, call, NULL, VOICE), 0);
    expect_new_call(&b, lb, OWNER, LINECALLSTATE_UNKNOWN, 0);
    expect_none(&d);
    ck_assert_int_eq(put_first("b.exe", VOICE, 0, 0), 0);
    ck_assert_int_eq(handoff(&a, call, NULL, VOICE), 0);
    expect_new_call(&d, ld, OWNER, LINECALLSTATE_UNKNOWN, 0);
}
END_TEST

START_TEST(incoming_by_priority)
{
    uint32_t lb;

    line(&a, 0, OWNER);
    lb = line(&b, 0, OWNER);
    ck_assert_int_eq(put_first("b.exe", VOICE, 0, 1), 0);
    (void)fake_ring(0, VOICE);
    expect_new_call(&b, lb, OWNER, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    expect_none(&a);
}
END_TEST

/* The engine ends, and another one begins. */
static void new_engine(void)
{
    client_close(&a);
    client_close(&b);
    client_close(&d);
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
    priority_clear();
    app_named(&a, "a.exe");
}

START_TEST(kept)
{
    struct platform_store *store;
    struct platform_store_value more[] = {{"InteractiveVoice.7", false, "late.exe"},
                                          {"InteractiveVoice.0", false, "never.exe"},
                                          {"InteractiveVoice.x", false, "never.exe"},
                                          {"InteractiveVoice.257", false, "never.exe"},
                                          {"Telex", false, "never.exe"},
                                          {"Telex.1", false, "\xC3\xBC.exe"},
                                          {"Polka.1", false, "never.exe"}};

    support_conf_begin();
    support_env_set("TAPI_SHIM_STATE", support_conf_place());
    engine_keep(true);
    new_engine();
    ck_assert_int_eq(put_first("d.exe", VOICE | FAX, 0, 1), 0);
    ck_assert_int_eq(put_first("b.exe", VOICE, 0, 1), 0);
    ck_assert_int_eq(put_first("gone.exe", VOICE, 0, 1), 0);
    ck_assert_int_eq(put_first("gone.exe", VOICE, 0, 0), 0);
    ck_assert_int_eq(put_first("b.exe", 0, MAKECALL, 1), 0);
    new_engine();
    ck_assert_int_eq(place("B.EXE", VOICE, 0), 1);
    ck_assert_int_eq(place("d.exe", VOICE, 0), 2);
    ck_assert_int_eq(place("gone.exe", VOICE, 0), 0);
    ck_assert_int_eq(place("d.exe", FAX, 0), 1);
    ck_assert_int_eq(place("b.exe", FAX, 0), 0);
    ck_assert_int_eq(place("b.exe", 0, MAKECALL), 1);
    ck_assert_int_eq(place("d.exe", 0, MAKECALL), 0);
    /* What another one, or a person, has written meanwhile is not lost by a change here. */
    ck_assert_int_eq(platform_state_open(&store, "Priorities", true), 0);
    ck_assert_int_eq(platform_store_write(store, more, sizeof(more) / sizeof(more[0])), 0);
    platform_store_close(store);
    ck_assert_int_eq(put_first("d.exe", VOICE, 0, 1), 0);
    new_engine();
    ck_assert_int_eq(place("d.exe", VOICE, 0), 1);
    ck_assert_int_eq(place("late.exe", VOICE, 0), 2);
    ck_assert_int_eq(place("b.exe", VOICE, 0), 0);
    ck_assert_int_eq(place("never.exe", VOICE, 0), 0);
    ck_assert_int_eq(place("never.exe", LINEMEDIAMODE_TELEX, 0), 0);
    ck_assert_int_eq(place("\xC3\x9C.exe", LINEMEDIAMODE_TELEX, 0), 1);
    /* Unless it was told to, an engine keeps nothing. */
    engine_keep(false);
    ck_assert_int_eq(put_first("a.exe", VOICE, 0, 1), 0);
    engine_keep(true);
    new_engine();
    ck_assert_int_eq(place("a.exe", VOICE, 0), 0);
    engine_keep(false);
    support_env_set("TAPI_SHIM_STATE", NULL);
    support_conf_end();
}
END_TEST

/* Those who die leave their calls to other owners, and else nobody has them. */
START_TEST(death_after_handing_on)
{
    uint32_t l = line(&a, 0, OWNER), lb = line(&b, 0, OWNER | MONITOR), call = made_call(&a, l), seen;

    fake_state(0, LINECALLSTATE_CONNECTED, 1, VOICE);
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    if (_i)
        ck_assert_int_eq(handoff(&a, call, "b.exe", 0), 0);
    forget(&b);
    fake_log();
    client_close(&a);
    ck_assert_int_eq(strstr(fake_log(), "drop 0") != NULL, !_i);
    expect(&b, LINE_CALLINFO, seen, LINECALLINFOSTATE_NUMOWNERDECR, 0, 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_DROP, seen, 1, 0, 0), _i ? 1 : (int32_t)LINEERR_NOTOWNER);
}
END_TEST

/* ---- priorities -------------------------------------------------------------------------------------------------- */

START_TEST(places)
{
    ck_assert_int_eq(place("a.exe", VOICE, 0), 0);
    ck_assert_int_eq(put_first("a.exe", VOICE | FAX, 9, 1), 0);
    ck_assert_int_eq(put_first("b.exe", VOICE, 0, 1), 0);
    ck_assert_int_eq(place("A.EXE", VOICE, 0), 2);
    ck_assert_int_eq(place("b.exe", VOICE, 0), 1);
    ck_assert_int_eq(place("a.exe", FAX, 0), 1);
    ck_assert_int_eq(place("a.exe", 0, MAKECALL), 0);
    ck_assert_int_eq(put_first("a.exe", VOICE, 0, 1), 0);
    ck_assert_int_eq(put_first("a.exe", VOICE, 0, 1), 0);
    ck_assert_int_eq(place("a.exe", VOICE, 0), 1);
    ck_assert_int_eq(place("b.exe", VOICE, 0), 2);
    ck_assert_int_eq(put_first("a.exe", VOICE, 0, 0), 0);
    ck_assert_int_eq(put_first("a.exe", VOICE, 0, 0), 0);
    ck_assert_int_eq(place("a.exe", VOICE, 0), 0);
    ck_assert_int_eq(place("b.exe", VOICE, 0), 1);
    ck_assert_int_eq(put_first("a.exe", 0, MAKECALL, 1), 0);
    ck_assert_int_eq(place("a.exe", 0, MAKECALL), 1);
}
END_TEST

START_TEST(bad_priorities)
{
    static const char *const names[] = {"", "c:\\a.exe", "x/a.exe", "a\"b"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
        ck_assert_int_eq(put_first(names[i], VOICE, 0, 1), (int32_t)LINEERR_INVALAPPNAME);
        ck_assert_int_eq(place(names[i], VOICE, 0), (int32_t)LINEERR_INVALAPPNAME);
    }
    ck_assert_int_eq(op(&a, CHANNEL_PRIORITY_SET, VOICE, 0, 1, 0), (int32_t)LINEERR_INVALAPPNAME);
    ck_assert_int_eq(put_first("a.exe", 1, 0, 1), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(put_first("a.exe", 0, 0, 1), (int32_t)LINEERR_INVALREQUESTMODE);
    ck_assert_int_eq(put_first("a.exe", 0, LINEREQUESTMODE_MEDIACALL, 1), (int32_t)LINEERR_INVALREQUESTMODE);
    ck_assert_int_eq(put_first("a.exe", VOICE, 0, 2), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(place("a.exe", VOICE | FAX, 0), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(place("a.exe", 0, 3), (int32_t)LINEERR_INVALREQUESTMODE);
}
END_TEST

START_TEST(priorities_are_bounded)
{
    char name[16];

    for (int i = 0; i < PRIORITY_NAMES_MAX; i++) {
        (void)snprintf(name, sizeof(name), "%d.exe", i);
        ck_assert_int_eq(put_first(name, VOICE, 0, 1), 0);
    }
    ck_assert_int_eq(put_first("a.exe", VOICE | FAX, 0, 1), (int32_t)LINEERR_RESOURCEUNAVAIL);
    ck_assert_int_eq(place("a.exe", FAX, 0), 0);
    ck_assert_int_eq(place("0.exe", VOICE, 0), PRIORITY_NAMES_MAX);
}
END_TEST

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static int32_t ask(struct client *k, const char *number)
{
    struct channel_make_call made;

    memset(&made, 0, sizeof(made));
    (void)platform_utf8_to_utf16(number, SIZE_MAX, made.address, CHANNEL_ADDRESS_UNITS);
    return op_data(k, CHANNEL_REQUEST_MAKE_CALL, 0, 0, 0, &made, sizeof(made), NULL, 0);
}

/* First character of the number asked for, or an error. */
static int32_t fetched(struct client *k)
{
    int32_t rc = op(k, CHANNEL_REQUEST_GET, k->app, MAKECALL, 0, 0);

    return rc ? rc : ((const struct channel_make_call *)k->call.out)->address[0];
}

static int32_t enlist(struct client *k, uint32_t instance, uint32_t modes, uint32_t enable)
{
    return op(k, CHANNEL_RECIPIENT_SET, k->app, instance, modes, enable);
}

static void expect_request(struct client *k, uint32_t instance)
{
    expect(k, LINE_REQUEST, 0, MAKECALL, 0, 0);
    ck_assert_uint_eq(k->eventv[k->taken - 1].instance, instance);
}

START_TEST(bad_requests)
{
    struct channel_make_call made;

    ck_assert_int_eq(enlist(&a, 1, 0, 1), (int32_t)LINEERR_INVALREQUESTMODE);
    ck_assert_int_eq(enlist(&a, 1, LINEREQUESTMODE_DROP, 1), (int32_t)LINEERR_INVALREQUESTMODE);
    ck_assert_int_eq(op(&a, CHANNEL_RECIPIENT_SET, b.app, 1, MAKECALL, 1), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_REQUEST_GET, b.app, MAKECALL, 0, 0), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(op(&a, CHANNEL_REQUEST_GET, a.app, 3, 0, 0), (int32_t)LINEERR_INVALREQUESTMODE);
    ck_assert_int_eq(fetched(&a), (int32_t)LINEERR_NOTREGISTERED);
    ck_assert_int_eq(ask(&a, "1"), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_int_eq(ask(&a, ""), TAPIERR_INVALDESTADDRESS);
    memset(&made, 0x41, sizeof(made));
    ck_assert_int_eq(op_data(&a, CHANNEL_REQUEST_MAKE_CALL, 0, 0, 0, &made, sizeof(made), NULL, 0),
                     (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op_data(&a, CHANNEL_REQUEST_MAKE_CALL, 0, 0, 0, &made, 5, NULL, 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(enlist(&a, 1, LINEREQUESTMODE_MEDIACALL, 1), 0);
    ck_assert_int_eq(op(&a, CHANNEL_REQUEST_GET, a.app, LINEREQUESTMODE_MEDIACALL, 0, 0), NO_REQUEST);
    ck_assert_int_eq(ask(&a, "1"), TAPIERR_NOREQUESTRECIPIENT);
}
END_TEST

START_TEST(told_once)
{
    ck_assert_int_eq(enlist(&a, 70, MAKECALL, 1), 0);
    expect_none(&a);
    ck_assert_int_eq(ask(&b, "1"), 0);
    expect_request(&a, 70);
    ck_assert_int_eq(ask(&b, "2"), 0);
    expect_none(&a);
    ck_assert_int_eq(fetched(&a), '1');
    ck_assert_int_eq(fetched(&a), '2');
    ck_assert_int_eq(fetched(&a), NO_REQUEST);
    ck_assert_int_eq(enlist(&a, 71, MAKECALL, 1), 0);
    ck_assert_int_eq(ask(&b, "3"), 0);
    expect_request(&a, 71);
    ck_assert_int_eq(fetched(&a), '3');
    ck_assert_int_eq(enlist(&a, 0, MAKECALL, 0), 0);
    ck_assert_int_eq(fetched(&a), (int32_t)LINEERR_NOTREGISTERED);
    ck_assert_int_eq(ask(&b, "4"), TAPIERR_NOREQUESTRECIPIENT);
}
END_TEST

START_TEST(requests_to_the_first)
{
    ck_assert_int_eq(enlist(&a, 1, MAKECALL, 1), 0);
    ck_assert_int_eq(enlist(&b, 2, MAKECALL, 1), 0);
    ck_assert_int_eq(ask(&d, "1"), 0);
    expect_request(&a, 1);
    ck_assert_int_eq(put_first("b.exe", 0, MAKECALL, 1), 0);
    /* What was told to one is its own. */
    ck_assert_int_eq(ask(&d, "2"), 0);
    expect_none(&b);
    ck_assert_int_eq(fetched(&b), NO_REQUEST);
    ck_assert_int_eq(fetched(&a), '1');
    ck_assert_int_eq(fetched(&a), '2');
    ck_assert_int_eq(ask(&d, "3"), 0);
    expect_none(&a);
    expect_request(&b, 2);
}
END_TEST

START_TEST(requests_go_on)
{
    ck_assert_int_eq(enlist(&a, 1, MAKECALL, 1), 0);
    ck_assert_int_eq(enlist(&b, 2, MAKECALL, 1), 0);
    ck_assert_int_eq(ask(&d, "1"), 0);
    ck_assert_int_eq(ask(&d, "2"), 0);
    ck_assert_int_eq(fetched(&a), '1');
    if (_i)
        client_close(&a);
    else
        ck_assert_int_eq(enlist(&a, 0, MAKECALL, 0), 0);
    expect_request(&b, 2);
    ck_assert_int_eq(fetched(&b), '2');
    ck_assert_int_eq(fetched(&b), NO_REQUEST);
}
END_TEST

START_TEST(requests_are_bounded)
{
    ck_assert_int_eq(enlist(&a, 1, MAKECALL, 1), 0);
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < ASSIST_MAX; i++)
            ck_assert_int_eq(ask(&b, i ? "5" : "1"), 0);
        ck_assert_int_eq(ask(&b, "9"), TAPIERR_REQUESTQUEUEFULL);
        ck_assert_int_eq(fetched(&a), '1');
        ck_assert_int_eq(ask(&b, "9"), 0);
        for (int i = 1; i < ASSIST_MAX; i++)
            ck_assert_int_eq(fetched(&a), '5');
        ck_assert_int_eq(fetched(&a), '9');
    }
}
END_TEST

START_TEST(dialer_is_started)
{
    engine_default_dialer(dialer);
    start_result = 5;
    ck_assert_int_eq(ask(&b, "1"), TAPIERR_NOREQUESTRECIPIENT);
    ck_assert_uint_eq(starts, 1);
    start_result = 0;
    ck_assert_int_eq(ask(&b, "2"), 0);
    ck_assert_int_eq(ask(&b, "3"), 0);
    ck_assert_uint_eq(starts, 2);
    ck_assert_int_eq(enlist(&a, 7, MAKECALL, 1), 0);
    expect_request(&a, 7);
    ck_assert_int_eq(fetched(&a), '2');
    ck_assert_int_eq(fetched(&a), '3');
    ck_assert_int_eq(ask(&b, "4"), 0);
    ck_assert_uint_eq(starts, 2);
}
END_TEST

START_TEST(dialer_that_does_not_come)
{
    engine_default_dialer(dialer);
    ck_assert_int_eq(ask(&b, "1"), 0);
    /* A minute later. */
    engine.assist.time_ms[0] -= ASSIST_WAIT_MS;
    engine.assist.awaited_ms -= ASSIST_WAIT_MS;
    ck_assert_int_eq(ask(&b, "2"), 0);
    ck_assert_uint_eq(starts, 2);
    ck_assert_int_eq(enlist(&a, 7, MAKECALL, 1), 0);
    ck_assert_int_eq(fetched(&a), '2');
    ck_assert_int_eq(fetched(&a), NO_REQUEST);
}
END_TEST

/* ---- limits, and what there is ----------------------------------------------------------------------------------- */

START_TEST(limits)
{
    uint32_t l, call, handle;

    channel_limits(a.c, 3);
    l = line(&a, 0, OWNER | MONITOR);
    call = made_call(&a, l);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MAKE, l, 1, 0, 0), (int32_t)LINEERR_RESOURCEUNAVAIL);
    ck_assert_int_eq(line_open(&a, 1, V2_2, OWNER, VOICE, &handle), (int32_t)LINEERR_RESOURCEUNAVAIL);
    ck_assert_int_eq(op(&a, CHANNEL_APP_OPEN, V2_2, 0, 0, 0), (int32_t)LINEERR_RESOURCEUNAVAIL);
    line(&b, 0, OWNER);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_MAKE, b.call.ret[0], 1, 0, 0), 1);
    fake_complete(fake.last_request, 0);
    expect_none(&a);
    ck_assert_int_eq(op(&a, CHANNEL_NEW_CALLS, l, 0, LINECALLSELECT_LINE, 0), (int32_t)LINEERR_RESOURCEUNAVAIL);
    /* What is given back may be had again. */
    ck_assert_int_eq(op(&a, CHANNEL_CALL_FREE, call, 0, 0, 0), 0);
    forget(&a);
    call = made_call(&a, l);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, l, 0, 0, 0), 0);
    ck_assert_uint_eq(a.c->handlec, 1);
    channel_limits(a.c, 0);
    line(&a, 1, OWNER);
    line(&a, 2, OWNER);
    line(&a, 3, OWNER);
    ck_assert_uint_eq(a.c->handlec, 4);
}
END_TEST

static const void *row(const struct channel_status *s, const struct channel_table *t, uint32_t i)
{
    ck_assert_uint_lt(i, t->count);
    ck_assert_uint_le(t->offset + t->count * t->row, s->size);
    return (const char *)s + t->offset + i * t->row;
}

static void text_check_is(const struct channel_status *s, const struct channel_text *t, const char *want)
{
    char text[64];

    ck_assert_uint_le(t->offset + t->size, s->size);
    (void)platform_utf16_to_utf8((const uint16_t *)(const void *)((const char *)s + t->offset), SIZE_MAX, text,
                                 sizeof(text));
    ck_assert_str_eq(text, want);
    ck_assert_uint_eq(t->size, 2 * (strlen(want) + 1));
}

START_TEST(status)
{
    uint32_t l = line(&a, 2, OWNER), call, i;
    const struct channel_status *s;
    const struct channel_status_provider *p;
    const struct channel_status_line *sl;
    const struct channel_status_app *sa;
    const struct channel_status_call *sc;
    const struct channel_status_handle *sh;

    line(&b, 2, MONITOR);
    call = made_call(&a, l);
    fake_state(0, LINECALLSTATE_CONNECTED, 1, VOICE);
    channel_identify(b.c, 4711);
    ck_assert_int_eq(enlist(&d, 1, MAKECALL, 1), 0);
    ck_assert_int_eq(ask(&a, "1"), 0);
    ck_assert_int_eq(op(&a, CHANNEL_SERVICE_STATUS, 0, 0, 0, 0), 0);
    s = a.call.out;
    ck_assert_uint_eq(s->version, CHANNEL_STATUS_VERSION);
    ck_assert_uint_eq(s->size, a.call.out_len);
    ck_assert_uint_eq(s->providers.count, 1);
    ck_assert_uint_eq(s->lines.count, 4);
    ck_assert_uint_eq(s->apps.count, 3);
    ck_assert_uint_eq(s->calls.count, 1);
    ck_assert_uint_eq(s->handles.count, 2);
    p = row(s, &s->providers, 0);
    ck_assert_uint_eq(p->linec, 4);
    sl = row(s, &s->lines, 2);
    ck_assert_uint_eq(sl->device, 2);
    ck_assert_uint_eq(sl->provider, p->id);
    ck_assert_uint_eq(sl->openc, 2);
    ck_assert_uint_eq(sl->callc, 1);
    for (i = 0; i < 3; i++) {
        sa = row(s, &s->apps, i);
        ck_assert_uint_eq(sa->process, sa->app == b.app ? 4711 : platform_process_id());
        ck_assert_uint_eq(sa->linec, sa->app == d.app ? 0 : 1);
        text_check_is(s, &sa->name, sa->app == a.app ? "apA" : sa->app == b.app ? "apB" : "apD");
        text_check_is(s, &sa->module, sa->app == a.app ? "a.exe" : sa->app == b.app ? "b.exe" : "d.exe");
    }
    sc = row(s, &s->calls, 0);
    ck_assert_uint_eq(sc->device, 2);
    ck_assert_uint_eq(sc->state, LINECALLSTATE_CONNECTED);
    ck_assert_uint_eq(sc->owners, 1);
    ck_assert_uint_eq(sc->monitors, 1);
    for (i = 0; i < 2; i++) {
        sh = row(s, &s->handles, i);
        ck_assert_uint_eq(sh->call, sc->call);
        ck_assert_uint_eq(sh->privilege, sh->app == a.app ? OWNER : MONITOR);
        ck_assert(sh->app == b.app || sh->hcall == call);
    }
    ck_assert_uint_eq(s->total_apps, 3);
    ck_assert_uint_eq(s->total_lines, 2);
    ck_assert_uint_eq(s->total_handles, 2);
    ck_assert_uint_eq(s->total_calls, 1);
    ck_assert_uint_eq(s->total_requests, 0);
    ck_assert_uint_eq(s->total_events, 0);
    ck_assert_uint_eq(s->total_assisted, 1);
    client_close(&b);
    client_close(&d);
    ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, a.app, 0, 0, 0), 0);
    /* Also of nothing. */
    ck_assert_int_eq(op(&a, CHANNEL_SERVICE_STATUS, 0, 0, 0, 0), 0);
    s = a.call.out;
    ck_assert_uint_eq(s->size, a.call.out_len);
    ck_assert_uint_eq(s->providers.count + s->lines.count + s->apps.count + s->calls.count + s->handles.count, 0);
}
END_TEST

Suite *suite_handing(void)
{
    Suite *s = suite_create("engine between applications");
    TCase *t = tcase_create("handing");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_loop_test(t, by_name, 0, 4);
    tcase_add_test(t, to_a_monitor);
    tcase_add_test(t, to_whom_it_cannot_go);
    tcase_add_test(t, to_its_own_name);
    tcase_add_test(t, by_media_mode);
    tcase_add_test(t, by_priority);
    tcase_add_test(t, incoming_by_priority);
    tcase_add_test(t, kept);
    tcase_add_loop_test(t, death_after_handing_on, 0, 2);
    tcase_add_test(t, places);
    tcase_add_test(t, bad_priorities);
    tcase_add_test(t, priorities_are_bounded);
    tcase_add_test(t, bad_requests);
    tcase_add_test(t, told_once);
    tcase_add_test(t, requests_to_the_first);
    tcase_add_loop_test(t, requests_go_on, 0, 2);
    tcase_add_test(t, requests_are_bounded);
    tcase_add_test(t, dialer_is_started);
    tcase_add_test(t, dialer_that_does_not_come);
    tcase_add_test(t, limits);
    tcase_add_test(t, status);
    suite_add_tcase(s, t);
    return s;
}
