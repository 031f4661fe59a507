/* The configuration store. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/entries.h"
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct entries e;

static void add(char *text, size_t size, const char *a, const char *b, const char *c, const char *fmt)
{
    size_t used = strlen(text);

    (void)snprintf(text + used, size - used, fmt, a, b, c);
}

static void take_entry(const struct platform_conf_entry *entry, void *arg)
{
    struct entries *to = arg;

    add(to->got, sizeof(to->got), entry->section, entry->key, entry->value, "[%s] %s = %s\n");
    add(to->where, sizeof(to->where), entry->where, "", "", "%s%s%s\n");
    to->entryc++;
}

static void take_error(const char *where, const char *text, void *arg)
{
    struct entries *to = arg;

    add(to->errors, sizeof(to->errors), where, text, "", "%s: %s%s\n");
    to->errorc++;
}

int entries_read(struct entries *to, const char *path)
{
    memset(to, 0, sizeof(*to));
    return platform_conf_read(path, take_entry, take_error, to);
}

START_TEST(values_of_all_sections)
{
    support_conf_begin();
    support_conf_put("", "max_sessions", "4");
    support_conf_put_number("line0", "addresses", 4294967295u);
    support_conf_put("line0", "name", "Front desk");
    support_conf_put("line1", "name", "\xC3\x84rzte \xE9\x9B\xBB\xE8\xA9\xB1 \xF0\x9F\x93\x9E");
    support_conf_put("", "put_late", "0");
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.errors, "");
    ck_assert_str_eq(e.got,
                     "[] max_sessions = 4\n[] put_late = 0\n[line0] addresses = 4294967295\n[line0] name = Front desk\n"
                     "[line1] name = \xC3\x84rzte \xE9\x9B\xBB\xE8\xA9\xB1 \xF0\x9F\x93\x9E\n");
    support_conf_end();
}
END_TEST

START_TEST(empty_is_no_entries)
{
    support_conf_begin();
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_uint_eq(e.entryc + e.errorc, 0);
    support_conf_put("section", "empty", "");
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_str_eq(e.got, "[section] empty = \n");
    support_conf_end();
}
END_TEST

START_TEST(every_entry_tells_where_it_is)
{
    support_conf_begin();
    support_conf_put("one", "key", "x");
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    /* FILE:LINE or KEY\SECTION\VALUE: in both cases the place comes first. */
    ck_assert_int_eq(strncmp(e.where, support_conf_place(), strlen(support_conf_place())), 0);
    ck_assert(strstr(e.where, ":2\n") || strstr(e.where, "\\one\\key\n"));
    support_conf_end();
}
END_TEST

START_TEST(many_sections)
{
    char section[32];
    unsigned seen = 0;

    support_conf_begin();
    for (int i = 0; i < 300; i++) {
        (void)snprintf(section, sizeof(section), "line%03d", i);
        support_conf_put_number(section, "n", (uint32_t)i);
    }
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_uint_eq(e.entryc, 300);
    for (int i = 0; i < 300; i++) {
        (void)snprintf(section, sizeof(section), "[line%03d] n = %d\n", i, i);
        seen += strstr(e.got, section) != NULL;
    }
    ck_assert_uint_eq(seen, 300);
    support_conf_end();
}
END_TEST

START_TEST(what_was_asked_for_has_to_be_there)
{
    char place[1024];

    support_env_set("TAPI_SHIM_CONFIG", support_conf_nowhere());
    ck_assert_int_eq(entries_read(&e, NULL), ENOENT);
    ck_assert_uint_eq(e.entryc, 0);
    ck_assert_uint_eq(e.errorc, 1); /* one clear message, with the place */
    ck_assert_int_eq(strncmp(e.errors, support_conf_nowhere(), strlen(support_conf_nowhere())), 0);
    platform_conf_place(NULL, place, sizeof(place));
    ck_assert_str_eq(place, support_conf_nowhere());
    ck_assert_int_eq(platform_conf_read(NULL, take_entry, NULL, &e), ENOENT);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    ck_assert_int_eq(entries_read(&e, support_conf_nowhere()), ENOENT);
}
END_TEST

START_TEST(a_path_of_the_caller_comes_first)
{
    char place[1024];

    support_conf_begin();
    support_conf_put("", "a", "1");
    support_env_set("TAPI_SHIM_CONFIG", support_conf_nowhere());
    ck_assert_int_eq(entries_read(&e, support_conf_place()), 0);
    ck_assert_str_eq(e.got, "[] a = 1\n");
    platform_conf_place(support_conf_place(), place, sizeof(place));
    ck_assert_str_eq(place, support_conf_place());
    support_conf_end();
}
END_TEST

START_TEST(nonsense_for_a_place)
{
    static const char *const bad[] = {"HKLM", "HKLM\\", "HKCU\\\\\\", "HKXX\\Software", "\\",
                                      ":",    "/",      "?",          "\xFF\xFE",       " "};
    static char huge[20000];

    memset(huge, 'a', sizeof(huge) - 1);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        ck_assert_int_ne(entries_read(&e, bad[i]), 0);
        ck_assert_uint_eq(e.entryc, 0);
        ck_assert_uint_eq(e.errorc, 1);
    }
    ck_assert_int_eq(entries_read(&e, huge), ENOENT);
    ck_assert_uint_eq(e.errorc, 1);
    support_env_set("TAPI_SHIM_CONFIG", huge);
    ck_assert_int_eq(entries_read(&e, NULL), ENOENT);
    ck_assert_uint_eq(e.errorc, 1);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
}
END_TEST

START_TEST(places_are_cut_to_size)
{
    char place[8];

    memset(place, 'x', sizeof(place));
    platform_conf_place("0123456789", place, sizeof(place));
    ck_assert_str_eq(place, "0123456");
    platform_conf_place("abc", place, 0);
    ck_assert_str_eq(place, "0123456");
}
END_TEST

/* Without a configuration there are the defaults of whoever asks. */
START_TEST(nothing_at_the_default_place_is_no_error)
{
    char folder[1024], place[2048];

    support_folder_make("home", folder, sizeof(folder));
    support_env_set("XDG_CONFIG_HOME", folder);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    platform_conf_place(NULL, place, sizeof(place));
    ck_assert(strstr(place, "tapi_shim.ini") || strcmp(place, "HKLM\\Software\\SessionTSP") == 0);
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    ck_assert_uint_eq(e.errorc, 0);
    /* An empty variable is the same as none. */
    support_env_set("TAPI_SHIM_CONFIG", "");
    ck_assert_int_eq(entries_read(&e, NULL), 0);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    support_folder_remove(folder);
}
END_TEST

START_TEST(errors_need_no_listener)
{
    support_conf_begin();
    support_conf_put("s", "k", "v");
    memset(&e, 0, sizeof(e));
    ck_assert_int_eq(platform_conf_read(NULL, take_entry, NULL, &e), 0);
    ck_assert_uint_eq(e.entryc, 1);
    support_conf_end();
}
END_TEST

void conf_tests(Suite *s)
{
    TCase *tc = tcase_create("conf");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, values_of_all_sections);
    tcase_add_test(tc, empty_is_no_entries);
    tcase_add_test(tc, every_entry_tells_where_it_is);
    tcase_add_test(tc, many_sections);
    tcase_add_test(tc, what_was_asked_for_has_to_be_there);
    tcase_add_test(tc, a_path_of_the_caller_comes_first);
    tcase_add_test(tc, nonsense_for_a_place);
    tcase_add_test(tc, places_are_cut_to_size);
    tcase_add_test(tc, nothing_at_the_default_place_is_no_error);
    tcase_add_test(tc, errors_need_no_listener);
    suite_add_tcase(s, tc);
}
