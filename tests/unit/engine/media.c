/* Digits, tones and media: what is told to the provider, and who hears what it says. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tapi_shim/engine/priv.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

static const uint16_t digits[] = {'1', '#', 0}, unended[] = {'7', '7'};

static uint32_t la, lb;     /* lines of a (owner) and b (monitor) on device 0 */
static uint32_t call, seen; /* the call as a and as b have it */

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    la = line(&a, 0, OWNER);
    lb = line(&b, 0, MONITOR);
    forget(&a);
    forget(&b);
    call = made_call(&a, la);
    seen = expect_new_call(&b, lb, MONITOR, LINECALLSTATE_UNKNOWN, 0);
    fake_state(0, LINECALLSTATE_CONNECTED, 0, VOICE);
    forget(&a);
    forget(&b);
    fake_log();
}

static void say(uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    fake.event(fake.htline[0], fake.callv[0].ht, message, (DWORD_PTR)p1, (DWORD_PTR)p2, (DWORD_PTR)p3);
}

START_TEST(digits_for_those_who_want_them)
{
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_MONITOR, call, LINEDIGITMODE_DTMF, 0, 0), 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_DIGITS_MONITOR, seen, LINEDIGITMODE_DTMF | LINEDIGITMODE_PULSE, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_MONITOR, call, LINEDIGITMODE_DTMF, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "mdigits 0 2 mdigits 0 3");
    say(LINE_MONITORDIGITS, '5', LINEDIGITMODE_DTMF, 99);
    expect(&a, LINE_MONITORDIGITS, call, '5', LINEDIGITMODE_DTMF, 99);
    expect(&b, LINE_MONITORDIGITS, seen, '5', LINEDIGITMODE_DTMF, 99);
    say(LINE_MONITORDIGITS, '6', LINEDIGITMODE_PULSE, 99);
    expect_none(&a);
    expect(&b, LINE_MONITORDIGITS, seen, '6', LINEDIGITMODE_PULSE, 99);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0), 0);
    ck_assert_uint_eq(((LINECALLINFO *)a.call.out)->dwMonitorDigitModes, 3);
    fake_log();
    /* One that goes takes what it alone wanted with it. */
    ck_assert_int_eq(op(&b, CHANNEL_CALL_FREE, seen, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "mdigits 0 2");
    forget(&a);
    fake.sync_result = (int32_t)LINEERR_OPERATIONFAILED;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_MONITOR, call, 0, 0, 0), (int32_t)LINEERR_OPERATIONFAILED);
    fake.sync_result = 0;
    say(LINE_MONITORDIGITS, '5', LINEDIGITMODE_DTMF, 99);
    expect(&a, LINE_MONITORDIGITS, call, '5', LINEDIGITMODE_DTMF, 99);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_MONITOR, call, 8, 0, 0), (int32_t)LINEERR_INVALDIGITMODE);
    /* It ends with the call, by itself. */
    fake_log();
    fake_state(0, LINECALLSTATE_IDLE, 0, 0);
    forget(&a);
    say(LINE_MONITORDIGITS, '5', LINEDIGITMODE_DTMF, 99);
    expect_none(&a);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_MONITOR, call, 1, 0, 0), (int32_t)LINEERR_INVALCALLSTATE);
    ck_assert_str_eq(fake_log(), "");
}
END_TEST

START_TEST(media)
{
    ck_assert_int_eq(op(&b, CHANNEL_CALL_MEDIA_MONITOR, seen, LINEMEDIAMODE_G3FAX, 0, 0), 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_MEDIA_MONITOR, seen, 1, 0, 0), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_MEDIA_MONITOR, call, 4, 0, 0), (int32_t)LINEERR_INVALCALLHANDLE);
    say(LINE_MONITORMEDIA, LINEMEDIAMODE_G3FAX, 0, 7);
    say(LINE_MONITORMEDIA, LINEMEDIAMODE_TDD, 0, 7);
    expect(&b, LINE_MONITORMEDIA, seen, LINEMEDIAMODE_G3FAX, 0, 7);
    expect_none(&a);
    expect_none(&b);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MEDIA_MODE_SET, call, LINEMEDIAMODE_G3FAX, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "mmedia 0 20 mediamode 0 20");
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MEDIA_MODE_SET, call, 0, 0, 0), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MEDIA_MODE_SET, call, 0x24, 0, 0), (int32_t)LINEERR_INVALMEDIAMODE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_MEDIA_MODE_SET, call, 0x26, 0, 0), 0);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_MEDIA_MODE_SET, seen, 4, 0, 0), (int32_t)LINEERR_NOTOWNER);
}
END_TEST

START_TEST(tones)
{
    LINEMONITORTONE list[2];
    uint32_t mine;

    memset(list, 0, sizeof(list));
    list[1].dwFrequency1 = 1100;
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_TONES_MONITOR, call, 2, 0, list, sizeof(list), NULL, 0), 0);
    mine = fake.tone_list;
    ck_assert_int_eq(op_data(&b, CHANNEL_CALL_TONES_MONITOR, seen, 1, 0, list, sizeof(list[0]), NULL, 0), 0);
    ck_assert_uint_ne(mine, fake.tone_list);
    ck_assert_str_eq(fake_log(), "mtones 0 2 1100 mtones 0 1 0");
    say(LINE_MONITORTONE, 42, mine, 7);
    expect(&a, LINE_MONITORTONE, call, 42, 0, 7);
    expect_none(&b);
    say(LINE_MONITORTONE, 42, 12345, 7);
    expect_none(&a);
    ck_assert_int_eq(op_data(&a, CHANNEL_CALL_TONES_MONITOR, call, 3, 0, list, sizeof(list), NULL, 0),
                     (int32_t)LINEERR_INVALTONE);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_FREE, seen, 0, 0, 0), 0);
    ck_assert_str_eq(fake_log(), "mtones 0 0 0");
    ck_assert_int_eq(op(&a, CHANNEL_CALL_TONES_MONITOR, call, 0, 0, 0), 0);
    forget(&a);
    say(LINE_MONITORTONE, 42, mine, 7);
    expect_none(&a);
}
END_TEST

START_TEST(generated)
{
    LINEGENERATETONE tone = {.dwFrequency = 440};
    uint32_t first;

    ck_assert_int_eq(
        op_data(&a, CHANNEL_CALL_DIGITS_GENERATE, call, LINEDIGITMODE_DTMF, 80, digits, sizeof(digits), NULL, 0), 0);
    first = fake.task;
    ck_assert_str_eq(fake_log(), "digits 0 2 1# 80");
    a.call = (struct channel_call){.op = CHANNEL_CALL_TONE_GENERATE,
                                   .arg = {call, LINETONEMODE_CUSTOM, 50, 1},
                                   .in0 = &tone,
                                   .in0_len = sizeof(tone)};
    ck_assert_int_eq(channel_call(a.c, &a.call), 0);
    ck_assert_str_eq(fake_log(), "tone 0 1 50 1 440");
    say(LINE_GENERATE, LINEGENERATETERM_CANCEL, first, 5);
    expect(&a, LINE_GENERATE, call, LINEGENERATETERM_CANCEL, 0, 5);
    say(LINE_GENERATE, LINEGENERATETERM_DONE, fake.task, 6);
    expect(&a, LINE_GENERATE, call, LINEGENERATETERM_DONE, 0, 6);
    say(LINE_GENERATE, LINEGENERATETERM_DONE, fake.task, 6);
    expect_none(&a);
    expect_none(&b);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_GENERATE, call, LINEDIGITMODE_DTMF, 0, 0), 0);
    ck_assert_uint_eq(fake.task, 0);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_DIGITS_GENERATE, call, LINEDIGITMODE_DTMFEND, 0, 0),
                     (int32_t)LINEERR_INVALDIGITMODE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_TONE_GENERATE, call, 0x20, 0, 0), (int32_t)LINEERR_INVALTONEMODE);
    ck_assert_int_eq(op(&a, CHANNEL_CALL_TONE_GENERATE, call, LINETONEMODE_CUSTOM, 0, 1), (int32_t)LINEERR_INVALTONE);
    ck_assert_int_eq(op(&b, CHANNEL_CALL_TONE_GENERATE, seen, LINETONEMODE_BEEP, 0, 0), (int32_t)LINEERR_NOTOWNER);
    /* A provider that never tells of the end does not fill the memory. */
    for (unsigned i = 0; i < 100; i++)
        ck_assert_int_eq(op(&a, CHANNEL_CALL_TONE_GENERATE, call, LINETONEMODE_BEEP, 0, 0), 0);
    ck_assert_uint_le(engine.tasks.live, 16);
    fake.sync_result = (int32_t)LINEERR_INVALTONE;
    ck_assert_int_eq(op(&a, CHANNEL_CALL_TONE_GENERATE, call, LINETONEMODE_BEEP, 0, 0), (int32_t)LINEERR_INVALTONE);
}
END_TEST

static int32_t gather(uint32_t number, uint32_t n)
{
    a.call = (struct channel_call){.op = CHANNEL_CALL_DIGITS_GATHER,
                                   .arg = {call, number, LINEDIGITMODE_DTMF, n, 100, 200},
                                   .in0 = digits,
                                   .in0_len = sizeof(digits)};
    return channel_call(a.c, &a.call);
}

static void gathered_within(void)
{
    fake.digits[0] = '9';
    say(LINE_GATHERDIGITS, LINEGATHERTERM_BUFFERFULL, fake.task, 3);
    fake.digits[0] = '8';
}

START_TEST(gathered)
{
    uint16_t *first;
    uint32_t task;

    ck_assert_int_eq(gather(71, 4), 0);
    ck_assert_uint_ne(a.call.ret[0], 0);
    ck_assert_str_eq(fake_log(), "gather 0 2 4 1# 100 200");
    first = fake.digits;
    task = fake.task;
    ck_assert_int_eq(gather(72, 2), 0);
    memcpy(first, digits, 4);
    say(LINE_GATHERDIGITS, LINEGATHERTERM_CANCEL, task, 3);
    expect(&a, LINE_GATHERDIGITS, call, LINEGATHERTERM_CANCEL, 71, 3);
    fake.digits[0] = fake.digits[1] = '4';
    say(LINE_GATHERDIGITS, LINEGATHERTERM_BUFFERFULL, fake.task, 3);
    expect(&a, LINE_GATHERDIGITS, call, LINEGATHERTERM_BUFFERFULL, 72, 3);
    expect_none(&b);
    /* It ends before it has begun. */
    fake.inside = gathered_within;
    ck_assert_int_eq(gather(73, 1), 0);
    fake.inside = NULL;
    expect(&a, LINE_GATHERDIGITS, call, LINEGATHERTERM_BUFFERFULL, 73, 3);
    ck_assert_uint_eq(engine.tasks.live, 0);
    ck_assert_int_eq(gather(74, 0), 0);
    ck_assert_ptr_null(fake.digits);
    ck_assert_int_eq(gather(75, 1 << 20), (int32_t)LINEERR_INVALPARAM);
    a.call.arg[3] = 1;
    a.call.in0 = unended;
    a.call.in0_len = sizeof(unended);
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALDIGITS);
    a.call.arg[2] = 0;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALDIGITMODE);
    /* One is left at the end of the call. */
    ck_assert_int_eq(gather(76, 1), 0);
    for (unsigned i = 0; i < 20; i++)
        (void)gather(80 + i, 1);
    ck_assert_uint_le(engine.tasks.live, 16);
}
END_TEST

START_TEST(control)
{
    struct {
        LINEMEDIACONTROLDIGIT digit[2];
        LINEMEDIACONTROLTONE tone;
        LINEMEDIACONTROLCALLSTATE state;
    } lists;

    memset(&lists, 0, sizeof(lists));
    lists.digit[0].dwDigit = 5;
    lists.tone.dwFrequency3 = 1800;
    lists.state.dwCallStates = 64;
    a.call = (struct channel_call){.op = CHANNEL_LINE_MEDIA_CONTROL,
                                   .arg = {la, 0, call, LINECALLSELECT_CALL, 2, 0, 1, 1},
                                   .in0 = &lists,
                                   .in0_len = sizeof(lists)};
    ck_assert_int_eq(channel_call(a.c, &a.call), 0);
    ck_assert_str_eq(fake_log(), "control 0 0 0 4 2/5 0/0 1/1800 1/64");
    a.call.arg[7] = 2;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALCALLSTATELIST);
    a.call.arg[4] = 0x40000000;
    ck_assert_int_eq(channel_call(a.c, &a.call), (int32_t)LINEERR_INVALDIGITLIST);
    b.call = a.call;
    b.call.arg[0] = lb;
    b.call.arg[2] = seen;
    ck_assert_int_eq(channel_call(b.c, &b.call), (int32_t)LINEERR_NOTOWNER);
    b.call.arg[3] = LINECALLSELECT_ADDRESS;
    b.call.arg[1] = 1;
    ck_assert_int_eq(channel_call(b.c, &b.call), (int32_t)LINEERR_INVALADDRESSID);
    b.call.arg[3] = 0;
    ck_assert_int_eq(channel_call(b.c, &b.call), (int32_t)LINEERR_INVALCALLSELECT);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_MEDIA_CONTROL, lb, 0, 0, LINECALLSELECT_LINE), 0);
    ck_assert_str_eq(fake_log(), "control 0 0 -1 1 0/0 0/0 0/0 0/0");
    b.call.in0 = NULL;
}
END_TEST

Suite *suite_media(void)
{
    Suite *s = suite_create("engine media");
    TCase *t = tcase_create("media");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_test(t, digits_for_those_who_want_them);
    tcase_add_test(t, media);
    tcase_add_test(t, tones);
    tcase_add_test(t, generated);
    tcase_add_test(t, gathered);
    tcase_add_test(t, control);
    suite_add_tcase(s, t);
    return s;
}
