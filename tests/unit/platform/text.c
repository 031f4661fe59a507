/* UTF-8, UTF-16, the ANSI code page, and the lines of the log. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"
#include "tapi_shim/platform/internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(every_character_there_and_back)
{
    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        uint16_t wide[4], units[2];
        char text[8];
        size_t n = 1, bytes;

        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        units[0] = (uint16_t)cp;
        if (cp >= 0x10000) {
            n = 2;
            units[0] = (uint16_t)(0xD7C0 + (cp >> 10));
            units[1] = (uint16_t)(0xDC00 | (cp & 0x3FF));
        }
        bytes = platform_utf16_to_utf8(units, n, text, sizeof(text));
        if (bytes != (cp < 0x80      ? 2u
                      : cp < 0x800   ? 3u
                      : cp < 0x10000 ? 4u
                                     : 5u) ||
            text[bytes - 1] || platform_utf8_to_utf16(text, bytes - 1, wide, 4) != n + 1 ||
            memcmp(wide, units, n * 2) != 0 || wide[n] != 0 || !platform_utf8_valid(text, bytes - 1) ||
            !platform_utf16_valid(units, n))
            ck_abort_msg("U+%04X", (unsigned)cp);
    }
}
END_TEST

START_TEST(lone_surrogates_are_replaced)
{
    for (uint32_t unit = 0xD800; unit < 0xE000; unit++) {
        const uint16_t alone[] = {'a', (uint16_t)unit, 'b', 0};
        char text[8];

        ck_assert_uint_eq(platform_utf16_to_utf8(alone, SIZE_MAX, text, sizeof(text)), 6);
        ck_assert_str_eq(text, "a\xEF\xBF\xBD"
                               "b");
        ck_assert(!platform_utf16_valid(alone, 3));
        /* Half a pair at the very end. */
        ck_assert_uint_eq(platform_utf16_to_utf8(alone, 2, text, sizeof(text)), 5);
        /* Two halves in the wrong order, or twice the same one. */
        const uint16_t wrong[] = {unit >= 0xDC00 ? (uint16_t)unit : 0xDC00, unit >= 0xDC00 ? 0xDC00 : (uint16_t)unit,
                                  0};
        ck_assert_uint_eq(platform_utf16_to_utf8(wrong, SIZE_MAX, text, sizeof(text)), 7);
        ck_assert_str_eq(text, "\xEF\xBF\xBD\xEF\xBF\xBD");
    }
}
END_TEST

/* Bad UTF-8, and what it becomes: one U+FFFD (here '?') for each longest part that could have begun a character. */
static const struct {
    const char *bad, *becomes;
} bad_texts[] = {
    {"\x80", "?"},
    {"\xBF\xBF", "??"},
    {"\xC0\x80", "??"}, /* overlong NUL */
    {"\xC1\xBF", "??"},
    {"\xC3", "?"},
    {"\xC3"
     "a",
     "?a"},
    {"\xE0\x80\x80", "???"}, /* overlong */
    {"\xE0\x9F\xBF", "???"},
    {"\xE0\xA0", "?"},
    {"\xE1\x80"
     "a",
     "?a"},
    {"\xED\xA0\x80", "???"}, /* a surrogate */
    {"\xED\xBF\xBF", "???"},
    {"\xED\xA0\xBD\xED\xB8\x80", "??????"}, /* CESU-8 */
    {"\xF0\x80\x80\x80", "????"},           /* overlong */
    {"\xF0\x8F\xBF\xBF", "????"},
    {"\xF0\x9F\x98", "?"},
    {"\xF0\x9F\x98"
     "ab",
     "?ab"},
    {"\xF4\x90\x80\x80", "????"}, /* beyond U+10FFFF */
    {"\xF5\x80\x80\x80", "????"},
    {"\xF8\x88\x80\x80\x80", "?????"},
    {"\xFE\xFF", "??"},
    {"a\xF0\x90\xE2\x82"
     "b",
     "a??b"},
    {"\xC3\xA4\xC3", "\xC3\xA4?"},
};

START_TEST(bad_utf8_is_replaced)
{
    for (size_t i = 0; i < sizeof(bad_texts) / sizeof(bad_texts[0]); i++) {
        uint16_t wide[16], expected[16];
        size_t n = platform_utf8_to_utf16(bad_texts[i].bad, SIZE_MAX, wide, 16);
        size_t m = platform_utf8_to_utf16(bad_texts[i].becomes, SIZE_MAX, expected, 16);

        for (size_t u = 0; u < m; u++)
            if (expected[u] == '?')
                expected[u] = 0xFFFD;
        ck_assert_msg(n == m && memcmp(wide, expected, n * 2) == 0, "text %u", (unsigned)i);
        ck_assert(!platform_utf8_valid(bad_texts[i].bad, strlen(bad_texts[i].bad)));
    }
}
END_TEST

/* Whether the bytes are one well-formed character, by the table of the Unicode standard (3-7), written as plainly as
 * possible. */
static bool is_character(const unsigned char *b, size_t n)
{
#define IN(i, low, high) (b[i] >= (low) && b[i] <= (high))
    switch (n) {
    case 1:
        return IN(0, 0, 0x7F);
    case 2:
        return IN(0, 0xC2, 0xDF) && IN(1, 0x80, 0xBF);
    case 3:
        return (b[0] == 0xE0 && IN(1, 0xA0, 0xBF) && IN(2, 0x80, 0xBF)) ||
               (IN(0, 0xE1, 0xEC) && IN(1, 0x80, 0xBF) && IN(2, 0x80, 0xBF)) ||
               (b[0] == 0xED && IN(1, 0x80, 0x9F) && IN(2, 0x80, 0xBF)) ||
               (IN(0, 0xEE, 0xEF) && IN(1, 0x80, 0xBF) && IN(2, 0x80, 0xBF));
    default:
        return IN(2, 0x80, 0xBF) && IN(3, 0x80, 0xBF) &&
               ((b[0] == 0xF0 && IN(1, 0x90, 0xBF)) || (IN(0, 0xF1, 0xF3) && IN(1, 0x80, 0xBF)) ||
                (b[0] == 0xF4 && IN(1, 0x80, 0x8F)));
    }
#undef IN
}

static bool is_text(const unsigned char *b, size_t len)
{
    if (len == 0)
        return true;
    for (size_t n = 1; n <= 4 && n <= len; n++)
        if (is_character(b, n) && is_text(b + n, len - n))
            return true;
    return false;
}

START_TEST(validity_of_all_short_sequences)
{
    /* Every first two bytes, with following ones at the edges of all ranges. */
    static const unsigned char edge[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                         0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF0, 0xFF};
    unsigned char b[4];

    for (unsigned first = 0; first < 0x10000; first++) {
        b[0] = (unsigned char)(first >> 8);
        b[1] = (unsigned char)first;
        for (size_t n = 1; n <= 2; n++)
            if (platform_utf8_valid((char *)b, n) != is_text(b, n))
                ck_abort_msg("%02x %02x", b[0], b[1]);
        for (size_t i = 0; i < sizeof(edge) && b[0] >= 0xE0; i++) {
            b[2] = edge[i];
            if (platform_utf8_valid((char *)b, 3) != is_text(b, 3))
                ck_abort_msg("%02x %02x %02x", b[0], b[1], b[2]);
            for (size_t k = 0; k < sizeof(edge); k++) {
                b[3] = edge[k];
                if (platform_utf8_valid((char *)b, 4) != is_text(b, 4))
                    ck_abort_msg("%02x %02x %02x %02x", b[0], b[1], b[2], b[3]);
            }
        }
    }
}
END_TEST

static const char mixed[] = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80z\xC3\xBC"; /* 1, 2, 3, 4, 1, 2 bytes */
static const uint16_t mixed_wide[] = {'a', 0xE4, 0x20AC, 0xD83D, 0xDE00, 'z', 0xFC, 0};

START_TEST(cut_to_utf16_at_each_size)
{
    static const size_t fits[] = {0, 0, 1, 2, 3, 3, 5, 6, 7, 7}; /* units for each cap */

    for (size_t cap = 0; cap < sizeof(fits) / sizeof(fits[0]); cap++) {
        uint16_t wide[12];

        memset(wide, 0xEE, sizeof(wide));
        ck_assert_uint_eq(platform_utf8_to_utf16(mixed, SIZE_MAX, wide, cap), 8);
        ck_assert(memcmp(wide, mixed_wide, fits[cap] * 2) == 0);
        ck_assert(cap == 0 || wide[fits[cap]] == 0);
        for (size_t i = cap == 0 ? 0 : fits[cap] + 1; i < 12; i++)
            ck_assert_uint_eq(wide[i], 0xEEEE);
    }
    ck_assert_uint_eq(platform_utf8_to_utf16(mixed, SIZE_MAX, NULL, 0), 8);
}
END_TEST

START_TEST(cut_to_utf8_at_each_size)
{
    static const size_t fits[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 13, 13}; /* bytes for each cap */

    for (size_t cap = 0; cap < sizeof(fits) / sizeof(fits[0]); cap++) {
        char text[20];

        memset(text, 0x55, sizeof(text));
        ck_assert_uint_eq(platform_utf16_to_utf8(mixed_wide, SIZE_MAX, text, cap), sizeof(mixed));
        ck_assert(memcmp(text, mixed, fits[cap]) == 0);
        ck_assert(cap == 0 || text[fits[cap]] == 0);
        for (size_t i = cap == 0 ? 0 : fits[cap] + 1; i < sizeof(text); i++)
            ck_assert_int_eq(text[i], 0x55);
    }
    ck_assert_uint_eq(platform_utf16_to_utf8(mixed_wide, SIZE_MAX, NULL, 0), sizeof(mixed));
}
END_TEST

START_TEST(lengths_and_nothing)
{
    uint16_t wide[8] = {1, 1, 1, 1, 1, 1, 1, 1};
    const uint16_t with_nul[] = {'a', 0, 'b'};
    char text[8] = "xxxxxxx";

    ck_assert_uint_eq(platform_utf8_to_utf16(NULL, SIZE_MAX, wide, 8), 1);
    ck_assert_uint_eq(wide[0], 0);
    ck_assert_uint_eq(platform_utf8_to_utf16(NULL, 5, NULL, 0), 1);
    ck_assert_uint_eq(platform_utf16_to_utf8(NULL, SIZE_MAX, text, 8), 1);
    ck_assert_str_eq(text, "");
    /* With a length, NUL is a character like others; bytes behind it are not looked at. */
    ck_assert_uint_eq(platform_utf8_to_utf16("a\0b\xFF", 3, wide, 8), 4);
    ck_assert(wide[0] == 'a' && wide[1] == 0 && wide[2] == 'b' && wide[3] == 0);
    ck_assert_uint_eq(platform_utf16_to_utf8(with_nul, 3, text, 8), 4);
    ck_assert(memcmp(text, "a\0b", 4) == 0);
    ck_assert_uint_eq(platform_utf8_to_utf16("abc", 0, wide, 8), 1);
    ck_assert_uint_eq(platform_utf16_len(NULL), 0);
    ck_assert_uint_eq(platform_utf16_len(mixed_wide), 7);
    ck_assert_uint_eq(platform_utf16_len(mixed_wide + 7), 0);
}
END_TEST

START_TEST(ansi_keeps_ascii_and_what_it_has)
{
    uint16_t wide[300], back[300];
    char text[1000];

    for (uint16_t c = 1; c < 128; c++)
        wide[c - 1] = c;
    wide[127] = 0;
    ck_assert_uint_eq(platform_utf16_to_ansi(wide, SIZE_MAX, text, sizeof(text)), 128);
    for (int c = 1; c < 128; c++)
        ck_assert_int_eq(text[c - 1], c);
    ck_assert_uint_eq(platform_ansi_to_utf16(text, SIZE_MAX, back, 300), 128);
    ck_assert(memcmp(wide, back, 256) == 0);
    /* What is in the code page comes back; anything else becomes something printable, one character for one. */
    ck_assert_uint_ge(platform_utf16_to_ansi(mixed_wide, SIZE_MAX, text, sizeof(text)), 7);
    size_t n = platform_ansi_to_utf16(text, SIZE_MAX, back, 300);
    ck_assert(back[0] == 'a' && n >= 7 && n <= 8 && back[n - 3] == 'z');
    for (size_t i = 0; i < n - 1; i++)
        ck_assert(back[i] >= 0x20);
}
END_TEST

START_TEST(ansi_cut_at_each_size)
{
    char whole[40], text[40];
    uint16_t wide[40], whole_wide[40];
    size_t need = platform_utf16_to_ansi(mixed_wide, SIZE_MAX, whole, sizeof(whole));
    size_t need_wide = platform_ansi_to_utf16(whole, SIZE_MAX, whole_wide, 40);

    for (size_t cap = 0; cap <= need + 1; cap++) {
        memset(text, 0x55, sizeof(text));
        ck_assert_uint_eq(platform_utf16_to_ansi(mixed_wide, SIZE_MAX, text, cap), need);
        ck_assert_int_eq(text[cap], 0x55);
        if (cap > 0)
            ck_assert(strlen(text) < cap && strncmp(text, whole, strlen(text)) == 0);
        if (cap >= need)
            ck_assert_str_eq(text, whole);
    }
    for (size_t cap = 0; cap <= need_wide + 1; cap++) {
        memset(wide, 0xEE, sizeof(wide));
        ck_assert_uint_eq(platform_ansi_to_utf16(whole, SIZE_MAX, wide, cap), need_wide);
        ck_assert_uint_eq(wide[cap], 0xEEEE);
        if (cap > 0)
            ck_assert(platform_utf16_len(wide) < cap && memcmp(wide, whole_wide, platform_utf16_len(wide) * 2) == 0);
    }
    ck_assert_uint_eq(platform_ansi_to_utf16(NULL, SIZE_MAX, wide, 40), 1);
    ck_assert_uint_eq(platform_utf16_to_ansi(NULL, SIZE_MAX, text, 40), 1);
    /* Halves of pairs, and a first byte of two at the end: no reading beyond, no crash. */
    const uint16_t half[] = {0xD83D, 'x', 0xDE00};
    ck_assert_uint_ge(platform_utf16_to_ansi(half, 3, text, sizeof(text)), 4);
    ck_assert_uint_ge(platform_ansi_to_utf16("\x81", 1, wide, 40), 2);
}
END_TEST

START_TEST(copies_are_cut_between_characters)
{
    static const size_t fits[] = {0, 0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11, 13, 13};

    for (size_t size = 0; size < sizeof(fits) / sizeof(fits[0]); size++) {
        char out[20];

        memset(out, 0x55, sizeof(out));
        ck_assert(platform_text_copy(out, size, mixed) == (size >= sizeof(mixed)));
        ck_assert(size == 0 || (strlen(out) == fits[size] && memcmp(out, mixed, fits[size]) == 0));
        ck_assert_int_eq(out[size], 0x55);
    }
    /* Nothing but trailing bytes: cut anywhere, but never before the beginning. */
    ck_assert_uint_le(platform_utf8_cut("\x80\x80\x80\x80\x80\x80", 5), 5);
    ck_assert_uint_eq(platform_utf8_cut("\x80\x80", 1), 1);
}
END_TEST

static size_t format(char *line, size_t size, enum platform_log_level level, const char *fmt, ...)
    PLATFORM_PRINTF(4, 5);

static size_t format(char *line, size_t size, enum platform_log_level level, const char *fmt, ...)
{
    va_list ap;
    size_t n;

    va_start(ap, fmt);
    n = platform_log_format(line, size, level, fmt, ap);
    va_end(ap);
    return n;
}

START_TEST(log_line_is_one_line)
{
    char line[PLATFORM_LOG_LINE_MAX];
    size_t n = format(line, sizeof(line), PLATFORM_LOG_ERROR, "%s %d\n%s\t\x1B[31m", "call", 7, "\xC3\xA4\r\n");

    ck_assert_str_eq(line, "tapi_shim: error: call 7 \xC3\xA4    [31m\n");
    ck_assert_uint_eq(n, strlen(line));
    (void)format(line, sizeof(line), PLATFORM_LOG_DEBUG, "%s", "");
    ck_assert_str_eq(line, "tapi_shim: debug: \n");
}
END_TEST

START_TEST(log_line_is_cut_cleanly)
{
    char text[3 * PLATFORM_LOG_LINE_MAX];

    for (size_t len = PLATFORM_LOG_LINE_MAX - 60; len < PLATFORM_LOG_LINE_MAX + 60; len++) {
        char line[PLATFORM_LOG_LINE_MAX + 1];
        size_t at = 0, n;

        /* Characters of four bytes, shifted so that the cut falls at each of their bytes. */
        while (at < len % 4)
            text[at++] = 'x';
        for (; at + 4 < len; at += 4)
            memcpy(text + at, "\xF0\x9F\x98\x80", 4);
        while (at < len)
            text[at++] = 'y';
        text[at] = 0;
        line[PLATFORM_LOG_LINE_MAX] = 0x55;
        n = format(line, PLATFORM_LOG_LINE_MAX, PLATFORM_LOG_INFO, "%s", text);
        ck_assert_uint_lt(n, PLATFORM_LOG_LINE_MAX);
        ck_assert_uint_eq(n, strlen(line));
        ck_assert_int_eq(line[n - 1], '\n');
        ck_assert_int_eq(line[PLATFORM_LOG_LINE_MAX], 0x55);
        ck_assert(platform_utf8_valid(line, n));
        ck_assert((strstr(line, "y\n") != NULL) != (strstr(line, "...\n") != NULL));
    }
}
END_TEST

START_TEST(log_levels)
{
    ck_assert_int_eq(platform_log_parse("error"), PLATFORM_LOG_ERROR);
    ck_assert_int_eq(platform_log_parse("warning"), PLATFORM_LOG_WARNING);
    ck_assert_int_eq(platform_log_parse("info"), PLATFORM_LOG_INFO);
    ck_assert_int_eq(platform_log_parse("debug"), PLATFORM_LOG_DEBUG);
    ck_assert_int_eq(platform_log_parse("nonsense"), PLATFORM_LOG_WARNING);
    ck_assert_int_eq(platform_log_parse(""), PLATFORM_LOG_WARNING);
    ck_assert_int_eq(platform_log_parse(NULL), PLATFORM_LOG_WARNING);
}
END_TEST

START_TEST(log_passes_its_level)
{
    char *text;

    support_stderr_begin();
    platform_log(PLATFORM_LOG_DEBUG, "too much");
    platform_log(PLATFORM_LOG_INFO, "%s", "wanted");
    platform_log(PLATFORM_LOG_ERROR, "%d bad", 2);
    platform_log((enum platform_log_level)77, "no such level");
    text = support_stderr_end();
    ck_assert_str_eq(text, "tapi_shim: info: wanted\ntapi_shim: error: 2 bad\n");
    free(text);
}
END_TEST

enum { LOGGERS = 4, LINES = 200 };

static void log_lines(void *arg)
{
    char filler[200];

    memset(filler, 'a' + *(int *)arg, sizeof(filler) - 1);
    filler[sizeof(filler) - 1] = 0;
    for (int i = 0; i < LINES; i++)
        platform_log(PLATFORM_LOG_WARNING, "%s.", filler);
}

START_TEST(log_lines_of_threads_do_not_mix)
{
    struct platform_thread *t[LOGGERS];
    int number[LOGGERS], lines = 0;
    char *text;

    support_stderr_begin();
    for (int i = 0; i < LOGGERS; i++) {
        number[i] = i;
        t[i] = support_thread(log_lines, &number[i]);
    }
    for (int i = 0; i < LOGGERS; i++)
        platform_thread_join(t[i]);
    text = support_stderr_end();
    for (char *line = text, *end; *line; line = end + 1) {
        const size_t prefix = strlen("tapi_shim: warning: ");

        end = strchr(line, '\n');
        ck_assert_ptr_nonnull(end);
        ck_assert_uint_eq((size_t)(end - line), prefix + 200);
        ck_assert_int_eq(end[-1], '.');
        for (size_t i = 0; i < 199; i++)
            ck_assert_int_eq(line[prefix + i], line[prefix]);
        lines++;
    }
    ck_assert_int_eq(lines, LOGGERS * LINES);
    free(text);
}
END_TEST

void text_tests(Suite *s)
{
    TCase *tc = tcase_create("text");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, every_character_there_and_back);
    tcase_add_test(tc, lone_surrogates_are_replaced);
    tcase_add_test(tc, bad_utf8_is_replaced);
    tcase_add_test(tc, validity_of_all_short_sequences);
    tcase_add_test(tc, cut_to_utf16_at_each_size);
    tcase_add_test(tc, cut_to_utf8_at_each_size);
    tcase_add_test(tc, lengths_and_nothing);
    tcase_add_test(tc, ansi_keeps_ascii_and_what_it_has);
    tcase_add_test(tc, ansi_cut_at_each_size);
    tcase_add_test(tc, copies_are_cut_between_characters);
    tcase_add_test(tc, log_line_is_one_line);
    tcase_add_test(tc, log_line_is_cut_cleanly);
    tcase_add_test(tc, log_levels);
    tcase_add_test(tc, log_passes_its_level);
    tcase_add_test(tc, log_lines_of_threads_do_not_mix);
    suite_add_tcase(s, tc);
}
