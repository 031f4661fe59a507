/* Digits and tones through TSPI. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

static HDRVCALL out, in;

static void up(void)
{
    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, 0x00020002, false);
    out = host_make(0, 1, u"101");
    in = host_new(1000);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), in, NULL, 0), 0);
    host_forget();
}

static bool generated(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_GENERATE && e->p1 == LINEGENERATETERM_DONE;
}

static bool gathered(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_GATHERDIGITS && e->p1 == LINEGATHERTERM_FIRSTTIMEOUT;
}

static bool toned(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_MONITORTONE;
}

static bool cancelled(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_GENERATE && e->p2 == 2;
}

static bool media(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_MONITORMEDIA;
}

START_TEST(digits_travel)
{
    WCHAR buffer[4] = {9, 9, 9, 9};

    ck_assert_int_eq(TSPI_lineMonitorDigits(in, LINEDIGITMODE_DTMF | LINEDIGITMODE_DTMFEND), 0);
    ck_assert_int_eq(TSPI_lineGatherDigits(in, 77, LINEDIGITMODE_DTMF, buffer, 4, u"#", 0, 0), 0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 55, LINEDIGITMODE_DTMF, u"1x#2", 20), 0);
    host_wait(generated);
    ck_assert_str_eq(host_trace(),
                     "1000 digit 1 2\n1000 digit 1 4\n1000 digit # 2\n1000 gathered 2 77\n1000 digit # 4\n"
                     "1000 digit 2 2\n1000 digit 2 4\n1 generated 1 55\n");
    ck_assert_int_eq(memcmp(buffer, u"1#\0\x9", 8), 0);
}
END_TEST

static bool far_is_told(const struct host_event *e)
{
    return !e->reply && e->msg == LINE_CALLSTATE && e->call == HOST_CALL(1000) &&
           e->p1 == LINECALLSTATE_DISCONNECTED;
}

START_TEST(one_at_a_time)
{
    WCHAR buffer[2] = {9, 9};
    HDRVCALL none = (HDRVCALL)(uintptr_t)99;

    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, LINETONEMODE_BUSY, 0, 0, NULL), 0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 2, LINEDIGITMODE_PULSE, u"9", 0), 0);
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 3, LINEDIGITMODE_PULSE, NULL, 0), 0);
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 4, LINEDIGITMODE_PULSE, buffer, 2, NULL, 0, 0), 0);
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 5, LINEDIGITMODE_PULSE, buffer, 2, NULL, 1, 0), 0);
    host_wait(gathered);
    ck_assert_str_eq(host_trace(), "1 generated 2 1\n1 generated 2 2\n1 gathered 10 4\n1 gathered 4 5\n");
    ck_assert_uint_eq(buffer[0], 0);
    ck_assert_int_eq(TSPI_lineGatherDigits(in, 6, LINEDIGITMODE_DTMF, buffer, 2, NULL, 0, 0), 0);
    ck_assert_int_eq(TSPI_lineGenerateTone(in, 7, LINETONEMODE_RINGBACK, 0, 0, NULL), 0);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), out, NULL, 0), 0);
    host_wait(far_is_told); /* the provider's own thread may be the one that delivers */
    ck_assert_str_eq(host_trace(),
                     "reply 3 ok\n1 IDLE 0\n1000 gathered 10 6\n1000 generated 2 7\n1000 DISCONNECTED 1\n");
    ck_assert_int_eq(TSPI_lineGatherDigits(none, 6, LINEDIGITMODE_DTMF, buffer, 2, NULL, 0, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 6, LINEDIGITMODE_DTMF, buffer, 2, NULL, 0, 0), ERR(INVALCALLSTATE));
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 8, LINEDIGITMODE_DTMF, u"1", 0), 0);
    ck_assert_str_eq(host_trace(), "1 generated 2 8\n"); /* there is nobody to hear it */
}
END_TEST

START_TEST(tones_are_heard)
{
    static const LINEMONITORTONE list[] = {{11, 10, 800, 0, 400}, {12, 0, 500, 0, 0}};
    static const LINEGENERATETONE tones[] = {{400, 0, 0, 0}, {800, 0, 0, 0}};
    static const LINEGENERATETONE fax = {1100, 0, 0, 0};

    ck_assert_int_eq(TSPI_lineMonitorTones(in, 3, (LPLINEMONITORTONE const)list, 2), 0);
    ck_assert_int_eq(TSPI_lineMonitorMedia(in, LINEMEDIAMODE_G3FAX), 0);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, LINETONEMODE_CUSTOM, 0, 2, (LPLINEGENERATETONE const)tones), 0);
    host_wait(toned);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 2, LINETONEMODE_CUSTOM, 0, 1, (LPLINEGENERATETONE const)&fax), 0);
    host_wait(media);
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 0, 0, 0, 0, NULL), 0);
    host_wait(cancelled); /* on the provider's thread, perhaps */
    ck_assert_str_eq(host_trace(), "1000 tone 11 3\n1 generated 2 1\n1000 media 20\n1 generated 2 2\n");
}
END_TEST

START_TEST(refused)
{
    static const LINEGENERATETONE none = {0, 0, 0, 0}, high = {4001, 0, 0, 0};
    static const LINEMONITORTONE bad = {1, 1, 4001, 0, 0};
    WCHAR buffer[2];

    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 1, 3, u"1", 0), ERR(INVALDIGITMODE));
    ck_assert_int_eq(TSPI_lineGenerateDigits(out, 1, LINEDIGITMODE_DTMFEND, u"1", 0), ERR(INVALDIGITMODE));
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, 3, 0, 0, NULL), ERR(INVALTONEMODE));
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, LINETONEMODE_CUSTOM, 0, 4, NULL), ERR(INVALTONE));
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, LINETONEMODE_CUSTOM, 0, 1, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, LINETONEMODE_CUSTOM, 0, 1, (LPLINEGENERATETONE const)&none),
                     ERR(INVALTONE));
    ck_assert_int_eq(TSPI_lineGenerateTone(out, 1, LINETONEMODE_CUSTOM, 0, 1, (LPLINEGENERATETONE const)&high),
                     ERR(INVALTONE));
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 1, 0, buffer, 2, NULL, 0, 0), ERR(INVALDIGITMODE));
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 1, LINEDIGITMODE_DTMF, buffer, 0, NULL, 0, 0), ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 1, LINEDIGITMODE_DTMF, buffer, 2, u"x", 0, 0), ERR(INVALDIGITS));
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 1, LINEDIGITMODE_PULSE, buffer, 2, u"#", 0, 0), ERR(INVALDIGITS));
    ck_assert_int_eq(TSPI_lineGatherDigits(out, 1, LINEDIGITMODE_DTMF, buffer, 2, NULL, 3600001, 0), ERR(INVALTIMEOUT));
    ck_assert_int_eq(TSPI_lineMonitorDigits(out, 8), ERR(INVALDIGITMODE));
    ck_assert_int_eq(TSPI_lineMonitorTones(out, 1, (LPLINEMONITORTONE const)&bad, 1), ERR(INVALTONE));
    ck_assert_int_eq(TSPI_lineMonitorTones(out, 1, (LPLINEMONITORTONE const)&bad, 17), ERR(INVALTONELIST));
    ck_assert_int_eq(TSPI_lineMonitorMedia(out, 0x10000), ERR(INVALMEDIAMODE));
    ck_assert_str_eq(host_trace(), "");
}
END_TEST

Suite *suite_digits(void)
{
    Suite *s = suite_create("digits");
    TCase *c = tcase_create("digits");

    tcase_set_timeout(c, 0);
    tcase_add_checked_fixture(c, up, host_stop);
    tcase_add_test(c, digits_travel);
    tcase_add_test(c, one_at_a_time);
    tcase_add_test(c, tones_are_heard);
    tcase_add_test(c, refused);
    suite_add_tcase(s, c);
    return s;
}
