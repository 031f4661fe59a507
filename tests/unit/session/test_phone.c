/* The telephone set by itself: legality, changes, events. SPDX-License-Identifier: MIT */
#include "tsp/session/phone.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct session_phone phone;

static void setup(void)
{
    session_phone_init(&phone, 2);
}

static void teardown(void)
{
    const char *broken = session_phone_check(&phone);

    ck_assert_msg(!broken, "%s", broken);
}

/* All events there are, as text. */
static const char *events(void)
{
    static char text[4000];
    struct session_phone_event e;
    size_t len = 0;

    text[0] = 0;
    while (session_phone_next(&phone, &e))
        len +=
            (size_t)snprintf(text + len, sizeof text - len, e.type == SESSION_PHONE_BUTTON ? "b%u,%x,%x " : "s%x,%x ",
                             (unsigned)e.a, (unsigned)e.b, (unsigned)e.c);
    return text;
}

START_TEST(at_rest)
{
    ck_assert_uint_eq(phone.buttonc, SESSION_PHONE_KEY_CALL + 2);
    ck_assert_str_eq(events(), "");
    for (uint32_t i = 0; i < 12; i++) {
        ck_assert_uint_eq(phone.buttonv[i].mode, SESSION_BUTTONMODE_KEYPAD);
        ck_assert_uint_eq(phone.buttonv[i].lamp, SESSION_LAMP_DUMMY);
        ck_assert_uint_eq(phone.buttonv[i].text[0], (uint16_t) "0123456789*#"[i]);
    }
    ck_assert(!session_phone_off_hook(&phone));
    for (int i = 0; i < SESSION_PHONE_CELLS; i++)
        ck_assert_uint_eq(phone.display[i], ' ');
    session_phone_init(&phone, 0);
    ck_assert_uint_eq(phone.appearancec, 1);
    session_phone_init(&phone, 99);
    ck_assert_uint_eq(phone.appearancec, SESSION_PHONE_APPEARANCES_MAX);
}
END_TEST

START_TEST(buttons)
{
    ck_assert_int_eq(session_phone_press(&phone, 5, true), SESSION_PHONE_E_OK);
    ck_assert_int_eq(session_phone_press(&phone, 5, true), SESSION_PHONE_E_BADSTATE);
    ck_assert_int_eq(session_phone_press(&phone, 6, false), SESSION_PHONE_E_BADSTATE);
    ck_assert_int_eq(session_phone_press(&phone, phone.buttonc, true), SESSION_PHONE_E_BADBUTTON);
    ck_assert_int_eq(session_phone_press(&phone, 5, false), SESSION_PHONE_E_OK);
    ck_assert_str_eq(events(), "b5,8,2 b5,8,1 ");
}
END_TEST

START_TEST(lamps)
{
    const uint32_t id = SESSION_PHONE_KEY_MESSAGE;

    ck_assert_int_eq(session_phone_set_lamp(&phone, id, SESSION_LAMP_FLASH), SESSION_PHONE_E_OK);
    ck_assert_int_eq(session_phone_set_lamp(&phone, id, SESSION_LAMP_FLASH), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.buttonv[id].lamp, SESSION_LAMP_FLASH);
    ck_assert_int_eq(session_phone_set_lamp(&phone, id, SESSION_LAMP_DUMMY), SESSION_PHONE_E_BADLAMP);
    ck_assert_int_eq(session_phone_set_lamp(&phone, id, 0), SESSION_PHONE_E_BADLAMP);
    ck_assert_int_eq(session_phone_set_lamp(&phone, id, 0x80), SESSION_PHONE_E_BADLAMP);
    ck_assert_int_eq(session_phone_set_lamp(&phone, id, 0xC), SESSION_PHONE_E_BADLAMP);
    ck_assert_int_eq(session_phone_set_lamp(&phone, 3, SESSION_LAMP_OFF), SESSION_PHONE_E_BADLAMP);
    ck_assert_int_eq(session_phone_set_lamp(&phone, 1000, SESSION_LAMP_OFF), SESSION_PHONE_E_BADBUTTON);
    ck_assert_str_eq(events(), "s40,12 ");
}
END_TEST

START_TEST(ring)
{
    ck_assert_int_eq(session_phone_set_ring(&phone, 2, 0x1234), SESSION_PHONE_E_OK);
    ck_assert_int_eq(session_phone_set_ring(&phone, 2, 0x1234), SESSION_PHONE_E_OK);
    ck_assert_str_eq(events(), "s80,2 s100,1234 ");
    ck_assert_int_eq(session_phone_set_ring(&phone, SESSION_PHONE_RINGS + 1, 0), SESSION_PHONE_E_BADRING);
    ck_assert_int_eq(session_phone_set_ring(&phone, 0, 0x10000), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.ring_volume, 0xFFFF);
    ck_assert_str_eq(events(), "s80,0 s100,ffff ");
}
END_TEST

START_TEST(hook_and_levels)
{
    ck_assert_int_eq(session_phone_set_hook(&phone, 5, SESSION_HOOK_MICSPEAKER), SESSION_PHONE_E_OK);
    ck_assert_str_eq(events(), "s200,8 s8000,8 ");
    ck_assert(session_phone_off_hook(&phone));
    ck_assert_int_eq(session_phone_set_hook(&phone, SESSION_HOOKDEV_SPEAKER, SESSION_HOOK_MIC), SESSION_PHONE_E_OK);
    ck_assert_str_eq(events(), "s1000,2 s40,13 ");
    ck_assert_int_eq(session_phone_set_hook(&phone, 7, SESSION_HOOK_ONHOOK), SESSION_PHONE_E_OK);
    ck_assert(!session_phone_off_hook(&phone));
    ck_assert_str_eq(events(), "s200,1 s1000,1 s8000,1 s40,13 ");
    ck_assert_int_eq(session_phone_set_hook(&phone, 0, 1), SESSION_PHONE_E_BADHOOKDEV);
    ck_assert_int_eq(session_phone_set_hook(&phone, 8, 1), SESSION_PHONE_E_BADHOOKDEV);
    ck_assert_int_eq(session_phone_set_hook(&phone, 1, 0), SESSION_PHONE_E_BADHOOKMODE);
    ck_assert_int_eq(session_phone_set_hook(&phone, 1, 3), SESSION_PHONE_E_BADHOOKMODE);
    ck_assert_int_eq(session_phone_set_hook(&phone, 1, 0x10), SESSION_PHONE_E_BADHOOKMODE);
    ck_assert_int_eq(session_phone_set_volume(&phone, 4, 77), SESSION_PHONE_E_OK);
    ck_assert_int_eq(session_phone_set_gain(&phone, 2, 0x12345), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.volume[2], 77);
    ck_assert_uint_eq(phone.gain[1], 0xFFFF);
    ck_assert_int_eq(session_phone_set_volume(&phone, 3, 77), SESSION_PHONE_E_BADHOOKDEV);
    ck_assert_int_eq(session_phone_set_gain(&phone, 0, 77), SESSION_PHONE_E_BADHOOKDEV);
    ck_assert_str_eq(events(), "s10000,4d s4000,ffff ");
}
END_TEST

START_TEST(display)
{
    static const uint16_t text[] = {'a', 'b', 3, 'd', 0, 'e'};

    ck_assert_int_eq(session_phone_set_display(&phone, 1, 22, text, 6), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.display[46], 'a');
    ck_assert_uint_eq(phone.display[47], 'b');
    ck_assert_int_eq(session_phone_set_display(&phone, 0, 23, text, 6), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.display[23], 'a');
    ck_assert_uint_eq(phone.display[25], ' '); /* a control character */
    ck_assert_uint_eq(phone.display[26], 'd');
    ck_assert_uint_eq(phone.display[27], ' ');
    ck_assert_int_eq(session_phone_set_display(&phone, 2, 0, text, 1), SESSION_PHONE_E_BADPARAM);
    ck_assert_int_eq(session_phone_set_display(&phone, 0, 24, text, 1), SESSION_PHONE_E_BADPARAM);
    ck_assert_str_eq(events(), "s20,0 s20,0 ");
    session_phone_print(&phone, 0, "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x93\x9E\xFFz\xC3");
    ck_assert_uint_eq(phone.display[0], 0xE4);
    ck_assert_uint_eq(phone.display[1], 0x20AC);
    ck_assert_uint_eq(phone.display[2], '?');
    ck_assert_uint_eq(phone.display[3], '?');
    ck_assert_uint_eq(phone.display[4], 'z');
    ck_assert_uint_eq(phone.display[5], '?');
    ck_assert_uint_eq(phone.display[6], ' ');
    ck_assert_uint_eq(phone.display[23], ' ');
    session_phone_print(&phone, 1, "0123456789012345678901234567890");
    ck_assert_uint_eq(phone.display[47], '3');
}
END_TEST

START_TEST(programmed_button)
{
    static const uint16_t text[] = {'A', 'B'};
    const uint32_t feature = SESSION_BUTTONMODE_FEATURE;

    ck_assert_int_eq(session_phone_set_button(&phone, 12, feature, SESSION_BUTTONFUNCTION_DROP, text, 2), 0);
    ck_assert_uint_eq(phone.buttonv[12].function, SESSION_BUTTONFUNCTION_DROP);
    ck_assert_uint_eq(phone.buttonv[12].text[1], 'B');
    ck_assert_uint_eq(phone.buttonv[12].text[2], 0);
    ck_assert_str_eq(events(), "s400000,0 ");
    ck_assert_int_eq(session_phone_set_button(&phone, 12, feature, SESSION_BUTTONFUNCTION_DROP, NULL, 0), 0);
    ck_assert_str_eq(events(), "");
    ck_assert_int_eq(session_phone_set_button(&phone, 12, feature, 0x2A, text, 2), SESSION_PHONE_E_BADPARAM);
    ck_assert_int_eq(session_phone_set_button(&phone, 12, SESSION_BUTTONMODE_CALL, 4, text, 2),
                     SESSION_PHONE_E_BADMODE);
    ck_assert_int_eq(session_phone_set_button(&phone, 3, SESSION_BUTTONMODE_KEYPAD, 0x2E, text, 2),
                     SESSION_PHONE_E_UNAVAIL);
    ck_assert_int_eq(session_phone_set_button(&phone, SESSION_PHONE_KEY_CALL, SESSION_BUTTONMODE_CALL, 4, text, 2),
                     SESSION_PHONE_E_UNAVAIL);
    ck_assert_int_eq(session_phone_set_button(&phone, 999, feature, 4, text, 2), SESSION_PHONE_E_BADBUTTON);
}
END_TEST

START_TEST(data)
{
    unsigned char bytes[SESSION_PHONE_AREA_MAX + 1];

    memset(bytes, 7, sizeof bytes);
    ck_assert_int_eq(session_phone_set_data(&phone, 1, bytes, SESSION_PHONE_AREA_MAX), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.areav[1].size, SESSION_PHONE_AREA_MAX);
    ck_assert_int_eq(session_phone_set_data(&phone, 1, bytes, SESSION_PHONE_AREA_MAX + 1), SESSION_PHONE_E_BADPARAM);
    ck_assert_int_eq(session_phone_set_data(&phone, 2, bytes, 1), SESSION_PHONE_E_BADAREA);
    ck_assert_int_eq(session_phone_set_data(&phone, 1, NULL, 0), SESSION_PHONE_E_OK);
    ck_assert_uint_eq(phone.areav[1].data[0], 0);
}
END_TEST

START_TEST(events_merge_when_nobody_takes_them)
{
    struct session_phone_event e;
    uint32_t bits = 0, presses = 0, n = 0;

    for (int i = 0; i < 1000; i++) {
        (void)session_phone_set_ring(&phone, (uint32_t)i % 2, 5);
        (void)session_phone_set_volume(&phone, 1, (uint32_t)i);
        if (i < 10) {
            ck_assert_int_eq(session_phone_press(&phone, 1, i % 2 == 0), SESSION_PHONE_E_OK);
        }
    }
    ck_assert_int_eq(session_phone_press(&phone, 1, true), SESSION_PHONE_E_RESOURCE);
    while (session_phone_next(&phone, &e)) {
        n++;
        if (e.type == SESSION_PHONE_BUTTON)
            presses++;
        else
            bits |= e.a;
    }
    ck_assert_uint_eq(n, SESSION_PHONE_EVENTS_MAX);
    ck_assert_uint_eq(presses, 10);
    ck_assert_uint_eq(bits, 0x580);
    ck_assert_int_eq(session_phone_press(&phone, 1, true), SESSION_PHONE_E_OK);
}
END_TEST

START_TEST(every_error_has_a_text)
{
    for (int i = 0; i < SESSION_PHONE_E_COUNT; i++)
        ck_assert_uint_gt(strlen(session_phone_err_text((enum session_phone_err)i)), 3);
    ck_assert_str_eq(session_phone_err_text((enum session_phone_err)99), "unknown error");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("phone");
    TCase *tc = tcase_create("phone");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, at_rest);
    tcase_add_test(tc, buttons);
    tcase_add_test(tc, lamps);
    tcase_add_test(tc, ring);
    tcase_add_test(tc, hook_and_levels);
    tcase_add_test(tc, display);
    tcase_add_test(tc, programmed_button);
    tcase_add_test(tc, data);
    tcase_add_test(tc, events_merge_when_nobody_takes_them);
    tcase_add_test(tc, every_error_has_a_text);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
