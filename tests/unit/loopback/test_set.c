/* The telephone set of an extension, with core and exchange. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/loopback.h"
#include "tsp/binding/loopback/set.h"
#include "tsp/binding/pump.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES = 3, A1 = SESSION_PHONE_KEY_CALL, A2 };

static struct pump *pump;
static struct session_core *core;
static struct set setv[LINES];
static uint64_t now = 1000;
static uint32_t request;

static void drain(void)
{
    struct session_act act;

    while (pump_next(pump, &act))
        if (act.type == SESSION_ACT_STATE)
            set_session(&setv[act.line], core, act.session);
    for (int i = 0; i < LINES; i++) {
        struct session_phone_event e;

        set_refresh(&setv[i], core);
        while (session_phone_next(&setv[i].phone, &e))
            ;
    }
}

static enum session_err step(const struct session_req *req, uint32_t *idv)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;

    in.u.op = *req;
    in.u.op.request = ++request;
    err = pump_step(pump, now, &in, idv);
    drain();
    return err;
}

static enum session_err run_wants(struct set *s)
{
    const struct session_req *req;
    enum session_err err = SESSION_E_OK;
    uint32_t idv[4];

    while (!err && (req = set_want(s)) != NULL) {
        struct session_req copy = *req;
        char dest[300] = "";

        if (req->dest) {
            (void)snprintf(dest, sizeof dest, "%s", req->dest);
            copy.dest = dest;
        }
        err = step(&copy, idv);
    }
    set_give_up(s);
    return err;
}

static enum session_phone_err press(int line, uint32_t id)
{
    enum session_phone_err err = set_press(&setv[line], core, id, true);

    drain();
    ck_assert_int_eq(run_wants(&setv[line]), SESSION_E_OK);
    ck_assert_int_eq(set_press(&setv[line], core, id, false), SESSION_PHONE_E_OK);
    return err;
}

static enum session_phone_err hook(int line, uint32_t dev, uint32_t mode)
{
    enum session_phone_err err = set_hook(&setv[line], core, dev, mode);

    ck_assert_int_eq(run_wants(&setv[line]), SESSION_E_OK);
    return err;
}

static void type(int line, const char *digits)
{
    for (; *digits; digits++)
        ck_assert_int_eq(press(line, (uint32_t)(*digits - '0')), SESSION_PHONE_E_OK);
}

static uint32_t state(int line, int appearance)
{
    return setv[line].callv[appearance].state;
}

static uint32_t lamp(int line, uint32_t id)
{
    return setv[line].phone.buttonv[id].lamp;
}

static const char *row(int line, int number)
{
    static char text[SESSION_PHONE_COLUMNS + 1];
    int end = SESSION_PHONE_COLUMNS;

    for (int i = 0; i < SESSION_PHONE_COLUMNS; i++)
        text[i] = (char)setv[line].phone.display[number * SESSION_PHONE_COLUMNS + i];
    while (end && text[end - 1] == ' ')
        end--;
    text[end] = 0;
    return text;
}

static void open_line(uint32_t line, bool open)
{
    struct session_in in = {.type = open ? SESSION_IN_LINE_OPEN : SESSION_IN_LINE_CLOSE, .u.line = line};

    ck_assert_int_eq(pump_step(pump, now, &in, NULL), SESSION_E_OK);
    if (open) {
        in.type = SESSION_IN_LINE_MASK;
        memset(&in.u, 0, sizeof in.u);
        in.u.mask.line = line;
        in.u.mask.which = SESSION_MASK_MEDIA;
        in.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
        ck_assert_int_eq(pump_step(pump, now, &in, NULL), SESSION_E_OK);
    }
    drain();
}

static void setup(void)
{
    static const char *const numberv[LINES] = {"100", "101", "102"};
    static const struct session_mem mem = {NULL, NULL, NULL};
    struct loopback_ext extv[LINES];
    struct loopback_conf conf = {.extc = LINES, .extv = extv, .ring_ms = 6000};
    struct session_conf core_conf = {.max_sessions = 0};
    struct binding *binding;

    for (uint32_t i = 0; i < LINES; i++)
        extv[i] = (struct loopback_ext){i, 0, numberv[i], NULL};
    ck_assert_int_eq(loopback_alloc(&binding, &conf), SESSION_E_OK);
    core_conf.binding_ops = binding->ops->session_ops;
    ck_assert_int_eq(session_core_alloc(&core, &core_conf), SESSION_E_OK);
    for (uint32_t i = 0; i < LINES; i++) {
        struct session_address_conf address = {numberv[i], "Name", 0};
        struct session_line_conf line = {2, 1, &address, NULL, NULL};

        ck_assert_int_eq(session_line_add(core, &line, NULL), SESSION_E_OK);
        set_init(&setv[i], i, 2, numberv[i]);
    }
    ck_assert_int_eq(pump_alloc(&pump, core, binding, &mem), SESSION_E_OK);
    for (uint32_t i = 0; i < LINES; i++)
        open_line(i, true);
}

static void teardown(void)
{
    for (int i = 0; i < LINES; i++) {
        const char *broken = set_check(&setv[i]);

        ck_assert_msg(!broken, "%s", broken);
    }
    ck_assert_ptr_null(session_check(core));
    pump_free(pump);
}

START_TEST(handset_calls_and_answers)
{
    ck_assert_str_eq(row(0, 0), "100");
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), SESSION_DIALTONE);
    ck_assert_uint_eq(lamp(0, A1), SESSION_LAMP_STEADY);
    ck_assert_str_eq(row(0, 0), "Dial");
    type(0, "101");
    ck_assert_uint_eq(state(0, 0), SESSION_RINGBACK);
    ck_assert_uint_eq(state(1, 0), SESSION_OFFERING);
    ck_assert_uint_eq(lamp(1, A1), SESSION_LAMP_WINK);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 1);
    ck_assert_str_eq(row(1, 0), "Call from");
    ck_assert_str_eq(row(1, 1), "100 Name");
    ck_assert_int_eq(hook(1, SESSION_HOOKDEV_HEADSET, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), SESSION_CONNECTED);
    ck_assert_uint_eq(state(1, 0), SESSION_CONNECTED);
    ck_assert_uint_eq(lamp(1, A1), SESSION_LAMP_STEADY);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 0);
    ck_assert_uint_eq(setv[1].phone.hook[1], SESSION_HOOK_ONHOOK);
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_ONHOOK), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), 0);
    ck_assert_uint_eq(lamp(0, A1), SESSION_LAMP_OFF);
    ck_assert_uint_eq(state(1, 0), SESSION_DISCONNECTED);
    ck_assert_int_eq(press(1, SESSION_PHONE_KEY_DROP), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(lamp(1, A1), SESSION_LAMP_OFF);
    ck_assert_uint_eq(setv[1].phone.hook[2], SESSION_HOOK_MICSPEAKER); /* a person puts it back */
    ck_assert_str_eq(row(0, 0), "100");
}
END_TEST

START_TEST(appearance_and_speaker)
{
    ck_assert_int_eq(press(0, A2), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), 0);
    ck_assert_uint_eq(state(0, 1), SESSION_DIALTONE);
    ck_assert_uint_eq(setv[0].phone.hook[1], SESSION_HOOK_MICSPEAKER);
    ck_assert_uint_eq(lamp(0, SESSION_PHONE_KEY_SPEAKER), SESSION_LAMP_STEADY);
    type(0, "102");
    ck_assert_int_eq(press(2, A1), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 1), SESSION_CONNECTED);
    ck_assert_uint_eq(setv[2].phone.hook[1], SESSION_HOOK_MICSPEAKER);
    ck_assert_int_eq(press(0, A2), SESSION_PHONE_E_OK); /* it is at hand already */
    ck_assert_uint_eq(state(0, 1), SESSION_CONNECTED);
    ck_assert_int_eq(press(2, SESSION_PHONE_KEY_SPEAKER), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(2, 0), 0);
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_DROP), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(setv[0].phone.hook[1], SESSION_HOOK_ONHOOK);
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_DROP), SESSION_PHONE_E_BADSTATE);
}
END_TEST

START_TEST(redial_and_refuse)
{
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_REDIAL), SESSION_PHONE_E_BADSTATE);
    (void)press(0, A1);
    type(0, "101");
    ck_assert_int_eq(press(1, SESSION_PHONE_KEY_DROP), SESSION_PHONE_E_OK); /* refuses */
    ck_assert_uint_eq(state(1, 0), 0);
    ck_assert_uint_eq(state(0, 0), SESSION_DISCONNECTED);
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_REDIAL), SESSION_PHONE_E_BADSTATE);
    (void)press(0, SESSION_PHONE_KEY_DROP);
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_REDIAL), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(1, 0), SESSION_OFFERING);
    (void)press(0, SESSION_PHONE_KEY_DROP);
    (void)press(0, A2);
    ck_assert_int_eq(press(0, SESSION_PHONE_KEY_REDIAL), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 1), SESSION_RINGBACK);
}
END_TEST

START_TEST(do_not_disturb_and_message)
{
    ck_assert_int_eq(press(1, SESSION_PHONE_KEY_DND), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(lamp(1, SESSION_PHONE_KEY_DND), SESSION_LAMP_STEADY);
    ck_assert_str_eq(row(1, 1), "Do not disturb");
    (void)press(0, A1);
    type(0, "101");
    ck_assert_uint_eq(lamp(1, A1), SESSION_LAMP_WINK);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 0);
    ck_assert_int_eq(press(1, SESSION_PHONE_KEY_DND), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 1);
    set_message(&setv[1], true);
    ck_assert_uint_eq(lamp(1, SESSION_PHONE_KEY_MESSAGE), SESSION_LAMP_STEADY);
    ck_assert_int_eq(press(1, SESSION_PHONE_KEY_MESSAGE), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(lamp(1, SESSION_PHONE_KEY_MESSAGE), SESSION_LAMP_OFF);
}
END_TEST

/* Whatever the core can do: the key does it, or is refused and changes nothing. */
START_TEST(keys_of_operations)
{
    uint64_t ever = session_call_features_ever(core);
    enum session_phone_err err;

    (void)press(0, A1);
    type(0, "101");
    (void)press(1, A1);
    err = press(0, SESSION_PHONE_KEY_HOLD);
    if (ever & session_contract(SESSION_OP_HOLD)->call_feature) {
        ck_assert_int_eq(err, SESSION_PHONE_E_OK);
        ck_assert_uint_eq(state(0, 0), SESSION_ONHOLD);
        ck_assert_uint_eq(lamp(0, A1), SESSION_LAMP_FLUTTER);
        ck_assert_uint_eq(lamp(0, SESSION_PHONE_KEY_HOLD), SESSION_LAMP_STEADY);
        ck_assert_int_eq(press(0, SESSION_PHONE_KEY_HOLD), SESSION_PHONE_E_OK);
        ck_assert_uint_eq(state(0, 0), SESSION_CONNECTED);
    } else {
        ck_assert_int_eq(err, SESSION_PHONE_E_UNAVAIL);
        ck_assert_uint_eq(state(0, 0), SESSION_CONNECTED);
        ck_assert_int_eq(press(0, A2), SESSION_PHONE_E_UNAVAIL); /* the call at hand cannot be put aside */
    }
    if (!(ever & session_contract(SESSION_OP_SETUPTRANSFER)->call_feature))
        ck_assert_int_eq(press(0, SESSION_PHONE_KEY_TRANSFER), SESSION_PHONE_E_UNAVAIL);
    if (!(ever & session_contract(SESSION_OP_SETUPCONF)->call_feature))
        ck_assert_int_eq(press(0, SESSION_PHONE_KEY_CONFERENCE), SESSION_PHONE_E_UNAVAIL);
    ck_assert_uint_eq(state(0, 0), SESSION_CONNECTED);
}
END_TEST

/* No call has the state that only other operations lead to: the set is told of it. */
START_TEST(two_calls)
{
    (void)press(0, A1);
    type(0, "102");
    (void)press(1, A1);
    type(1, "102");
    ck_assert_uint_eq(state(2, 0), SESSION_OFFERING);
    ck_assert_uint_eq(state(2, 1), SESSION_OFFERING);
    ck_assert_int_eq(hook(2, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(2, 0), SESSION_CONNECTED); /* that which waited longest */
    ck_assert_uint_eq(state(2, 1), SESSION_OFFERING);
    ck_assert_uint_eq(setv[2].phone.ring_mode, 1);
    ck_assert_int_eq(press(2, SESSION_PHONE_KEY_DROP), SESSION_PHONE_E_OK);
    ck_assert_int_eq(press(2, A2), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(2, 1), SESSION_CONNECTED);
    ck_assert_uint_eq(setv[2].phone.ring_mode, 0);
}
END_TEST

START_TEST(closed_line)
{
    open_line(0, false);
    ck_assert_int_eq(press(0, A1), SESSION_PHONE_E_UNAVAIL);
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_UNAVAIL);
    ck_assert_uint_eq(setv[0].phone.hook[0], SESSION_HOOK_MICSPEAKER); /* lifted it is */
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_ONHOOK), SESSION_PHONE_E_OK);
    (void)press(1, A1);
    type(1, "102");
    (void)press(2, A1);
    open_line(2, false); /* its calls go with it */
    ck_assert_uint_eq(state(2, 0), 0);
    ck_assert_uint_eq(lamp(2, A1), SESSION_LAMP_OFF);
    ck_assert_uint_eq(setv[2].phone.hook[1], SESSION_HOOK_ONHOOK);
}
END_TEST

START_TEST(late_set)
{
    struct set late;

    (void)press(0, A1);
    type(0, "101");
    set_init(&late, 1, 2, "101");
    set_sync(&late, core);
    ck_assert_uint_eq(late.callv[0].state, SESSION_OFFERING);
    ck_assert_uint_eq(late.phone.ring_mode, 1);
    ck_assert_ptr_null(set_check(&late));
}
END_TEST

/* Any keys in any order break nothing. */
START_TEST(any_keys)
{
    uint32_t seed = 7;

    for (int i = 0; i < 20000; i++) {
        struct session_phone_event e;
        int line;
        uint32_t what;

        seed = seed * 1103515245u + 12345u;
        line = (int)(seed >> 8) % LINES;
        what = (seed >> 12) % 40;
        if (what < setv[line].phone.buttonc) {
            (void)set_press(&setv[line], core, what, true);
            (void)run_wants(&setv[line]);
            (void)set_press(&setv[line], core, what, false);
        } else {
            (void)set_hook(&setv[line], core, 1u << (seed >> 20) % 4, 1u << (seed >> 22) % 5);
            (void)run_wants(&setv[line]);
        }
        for (int k = 0; k < LINES; k++) {
            const char *broken = set_check(&setv[k]);

            ck_assert_msg(!broken, "%d: %s", i, broken);
            while (session_phone_next(&setv[k].phone, &e))
                ;
        }
    }
}
END_TEST

static void route(uint32_t line, uint32_t modes, bool on)
{
    struct session_route r = {SESSION_TERMINAL_SET, modes, on};
    struct session_req req = {.op = SESSION_OP_SETTERMINAL, .line = line, .value = SESSION_SELECT_LINE, .route = &r};

    ck_assert_int_eq(step(&req, NULL), SESSION_E_OK);
}

START_TEST(routed_elsewhere)
{
    route(0, SESSION_TERM_BUTTONS | SESSION_TERM_HOOKSWITCH | SESSION_TERM_DISPLAY, false);
    ck_assert_int_eq(press(0, A1), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), 0); /* the key went down and nothing happened */
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), 0);
    ck_assert_uint_eq(setv[0].phone.hook[0], SESSION_HOOK_MICSPEAKER);
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_ONHOOK), SESSION_PHONE_E_OK);
    route(0, SESSION_TERM_HOOKSWITCH, true);
    ck_assert_int_eq(hook(0, SESSION_HOOKDEV_HANDSET, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(state(0, 0), SESSION_DIALTONE);
    ck_assert_str_eq(row(0, 0), "100"); /* it shows nothing new */
    route(0, SESSION_TERM_DISPLAY, true);
    ck_assert_str_eq(row(0, 0), "Dial");
    route(0, SESSION_TERM_BUTTONS, true);
    route(1, SESSION_TERM_RINGER | SESSION_TERM_LAMPS, false);
    set_message(&setv[1], true);
    type(0, "101");
    ck_assert_uint_eq(state(1, 0), SESSION_OFFERING);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 0);
    ck_assert_uint_eq(lamp(1, A1), SESSION_LAMP_OFF);
    route(1, SESSION_TERM_LAMPS, true);
    ck_assert_uint_eq(lamp(1, A1), SESSION_LAMP_WINK);
    ck_assert_uint_eq(lamp(1, SESSION_PHONE_KEY_MESSAGE), SESSION_LAMP_STEADY);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 0);
    route(1, SESSION_TERM_RINGER, true);
    ck_assert_uint_eq(setv[1].phone.ring_mode, 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("set");
    TCase *tc = tcase_create("set");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, handset_calls_and_answers);
    tcase_add_test(tc, appearance_and_speaker);
    tcase_add_test(tc, redial_and_refuse);
    tcase_add_test(tc, do_not_disturb_and_message);
    tcase_add_test(tc, keys_of_operations);
    tcase_add_test(tc, two_calls);
    tcase_add_test(tc, closed_line);
    tcase_add_test(tc, late_set);
    tcase_add_test(tc, routed_elsewhere);
    tcase_add_test(tc, any_keys);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
