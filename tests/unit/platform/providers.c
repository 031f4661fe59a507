/* The list of providers. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void setup(void)
{
    support_providers_begin();
}

static void teardown(void)
{
    support_providers_end();
}

/* The list in words: "id:file id:file"; "none" if there is no list. */
static const char *listed(void)
{
    static char text[65536];
    struct platform_provider *list = NULL;
    size_t count = 77, used = 0;
    int err = platform_providers_load(&list, &count);

    if (err) {
        ck_assert_ptr_null(list);
        ck_assert_int_eq(err, ENOENT);
        return "none";
    }
    text[0] = 0;
    for (size_t i = 0; i < count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%u:%s", i ? " " : "", (unsigned)list[i].id,
                                 list[i].file);
    free(list);
    return text;
}

static uint32_t add(const char *file)
{
    uint32_t id = 0;

    ck_assert_int_eq(platform_providers_add(file, &id), 0);
    ck_assert_uint_ne(id, 0);
    return id;
}

static void check_stored(const char *name, const char *expected)
{
    char *text = support_providers_get(name);

    if (expected)
        ck_assert_msg(text && strcmp(text, expected) == 0, "%s is %s, not %s", name, text ? text : "not there",
                      expected);
    else
        ck_assert_msg(!text, "%s is %s", name, text);
    free(text);
}

START_TEST(no_list)
{
    ck_assert_str_eq(listed(), "none");
    ck_assert_int_eq(platform_providers_remove(1), ENOENT);
    ck_assert_ptr_null(support_providers_snapshot());
}
END_TEST

START_TEST(add_makes_the_values_of_telephony)
{
    ck_assert_uint_eq(add("one.tsp"), 1);
    check_stored("NumProviders", "1");
    check_stored("NextProviderID", "2");
    check_stored("ProviderID0", "1");
    check_stored("ProviderFilename0", "one.tsp");
    ck_assert_uint_eq(add("two.tsp"), 2);
    check_stored("NumProviders", "2");
    check_stored("NextProviderID", "3");
    check_stored("ProviderID1", "2");
    check_stored("ProviderFilename1", "two.tsp");
    ck_assert_str_eq(listed(), "1:one.tsp 2:two.tsp");
}
END_TEST

START_TEST(remove_closes_the_gap)
{
    add("a");
    add("b");
    add("c");
    add("d");
    ck_assert_int_eq(platform_providers_remove(2), 0);
    ck_assert_str_eq(listed(), "1:a 3:c 4:d");
    check_stored("NumProviders", "3");
    check_stored("ProviderID1", "3");
    check_stored("ProviderFilename1", "c");
    check_stored("ProviderFilename2", "d");
    check_stored("ProviderID3", NULL);
    check_stored("ProviderFilename3", NULL);
    ck_assert_int_eq(platform_providers_remove(1), 0);
    ck_assert_int_eq(platform_providers_remove(4), 0);
    ck_assert_str_eq(listed(), "3:c");
}
END_TEST

START_TEST(remove_of_an_unknown_one_changes_nothing)
{
    char *before, *after;

    add("a");
    before = support_providers_snapshot();
    ck_assert_int_eq(platform_providers_remove(0), ENOENT);
    ck_assert_int_eq(platform_providers_remove(2), ENOENT);
    ck_assert_int_eq(platform_providers_remove(UINT32_MAX), ENOENT);
    after = support_providers_snapshot();
    ck_assert_str_eq(before, after);
    free(before);
    free(after);
}
END_TEST

START_TEST(ids_are_not_given_twice)
{
    add("a");
    add("b");
    ck_assert_int_eq(platform_providers_remove(2), 0);
    ck_assert_uint_eq(add("c"), 3);
    ck_assert_str_eq(listed(), "1:a 3:c");
}
END_TEST

START_TEST(next_id_is_told_before)
{
    char *text;

    ck_assert_uint_eq(platform_providers_next(), 1);
    ck_assert_ptr_null(support_providers_snapshot()); /* asking makes nothing */
    for (uint32_t i = 1; i < 5; i++) {
        ck_assert_uint_eq(platform_providers_next(), i);
        ck_assert_uint_eq(add("a"), i);
    }
    ck_assert_int_eq(platform_providers_remove(4), 0);
    ck_assert_uint_eq(platform_providers_next(), 5);
    text = support_providers_snapshot();
    ck_assert_ptr_nonnull(text);
    free(text);
    support_providers_block();
    ck_assert_uint_ne(platform_providers_next(), 0);
}
END_TEST

START_TEST(the_last_leaves_nothing)
{
    uint32_t one = add("a"), two = add("b");

    ck_assert_int_eq(platform_providers_remove(one), 0);
    ck_assert_int_eq(platform_providers_remove(two), 0);
    ck_assert_ptr_null(support_providers_snapshot());
    ck_assert_str_eq(listed(), "none");
    /* And it can begin again. */
    ck_assert_uint_eq(add("a"), 1);
    ck_assert_int_eq(platform_providers_remove(1), 0);
    ck_assert_ptr_null(support_providers_snapshot());
}
END_TEST

START_TEST(others_in_the_same_place_stay)
{
    char *before, *after;

    support_providers_put_other();
    before = support_providers_snapshot();
    add("a");
    ck_assert_str_eq(listed(), "1:a");
    ck_assert_int_eq(platform_providers_remove(1), 0);
    /* Not the last thing there: an empty list remains, which remembers the ids. */
    ck_assert_str_eq(listed(), "");
    check_stored("NumProviders", "0");
    check_stored("NextProviderID", "2");
    check_stored("ProviderID0", NULL);
    check_stored("ProviderFilename0", NULL);
    ck_assert_uint_eq(add("b"), 2);
    ck_assert_int_eq(platform_providers_remove(2), 0);
    after = support_providers_snapshot();
    ck_assert(before && after);
    ck_assert(strstr(after, "omebody"));
    free(before);
    free(after);
}
END_TEST

/* Lists in which not everything fits together. Numbers are written as texts, as somebody might by hand. */
START_TEST(contradictions)
{
    static const struct {
        const char *values[16]; /* name, text... */
        const char *listed;
    } cases[] = {
        {{"NumProviders", "0"}, ""},
        {{"NumProviders", "1"}, ""},
        {{"NumProviders", "2", "ProviderID0", "5", "ProviderFilename0", "a"}, "5:a"},
        {{"NumProviders", "4294967295", "ProviderID0", "5", "ProviderFilename0", "a"}, "5:a"},
        /* Fewer than there are: those beyond are remains of a removal. */
        {{"NumProviders", "1", "ProviderID0", "5", "ProviderFilename0", "a", "ProviderID1", "6", "ProviderFilename1",
          "b"},
         "5:a"},
        /* No number or none that is one: what is there. */
        {{"ProviderID0", "5", "ProviderFilename0", "a", "ProviderID1", "6", "ProviderFilename1", "b"}, "5:a 6:b"},
        {{"NumProviders", "many", "ProviderID0", "5", "ProviderFilename0", "a"}, "5:a"},
        {{"NumProviders", "-1", "ProviderID0", "5", "ProviderFilename0", "a"}, "5:a"},
        {{"NumProviders", "4294967296", "ProviderID0", "5", "ProviderFilename0", "a"}, "5:a"},
        /* Incomplete ones. */
        {{"NumProviders", "2", "ProviderID0", "5", "ProviderID1", "6", "ProviderFilename1", "b"}, "6:b"},
        {{"NumProviders", "2", "ProviderFilename0", "a", "ProviderID1", "6", "ProviderFilename1", "b"}, "6:b"},
        {{"NumProviders", "2", "ProviderID0", "0", "ProviderFilename0", "a", "ProviderID1", "6", "ProviderFilename1",
          "b"},
         "6:b"},
        {{"NumProviders", "1", "ProviderID0", "x", "ProviderFilename0", "a"}, ""},
        {{"NumProviders", "1", "ProviderID0", "5", "ProviderFilename0", ""}, ""},
        /* The same id twice. */
        {{"NumProviders", "2", "ProviderID0", "5", "ProviderFilename0", "a", "ProviderID1", "5", "ProviderFilename1",
          "b"},
         "5:a"},
        /* A gap, and names in another case, which the registry does not tell apart. */
        {{"numproviders", "4", "PROVIDERID3", "5", "providerfilename3", "a"}, "5:a"},
        {{"ProviderID", "5", "ProviderFilename", "a", "ProviderID00", "5", "ProviderFilename00", "a"}, "none or empty"},
        {{"ProviderID99999999999", "5", "ProviderFilename99999999999", "a"}, "none or empty"},
    };

    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        const char *got;
        bool any;

        for (int i = 0; i < 16 && cases[c].values[i]; i += 2)
            support_providers_put(cases[c].values[i], cases[c].values[i + 1]);
        got = listed();
        ck_assert_msg(strcmp(got, cases[c].listed) == 0 || (!*got && strcmp(cases[c].listed, "none or empty") == 0),
                      "case %u: %s", (unsigned)c, got);
        any = got[0] != 0;
        /* A change puts it in order, and gives an id that nobody has. */
        uint32_t id = add("new");
        ck_assert_uint_gt(id, 0);
        ck_assert_ptr_nonnull(strstr(listed(), ":new"));
        if (any)
            ck_assert_uint_ne(id, (uint32_t)(cases[c].listed[0] - '0'));
        check_stored("ProviderID3", NULL);
        teardown();
        setup();
    }
}
END_TEST

START_TEST(ids_run_out_gracefully)
{
    support_providers_put_number("NumProviders", 1);
    support_providers_put_number("ProviderID0", 0xFFFFFFFF);
    support_providers_put("ProviderFilename0", "a");
    support_providers_put_number("NextProviderID", 0xFFFFFFFF);
    ck_assert_uint_eq(add("b"), 1);
    ck_assert_uint_eq(add("c"), 2);
    ck_assert_str_eq(listed(), "4294967295:a 1:b 2:c");
    ck_assert_int_eq(platform_providers_remove(0xFFFFFFFF), 0);
    ck_assert_str_eq(listed(), "1:b 2:c");
}
END_TEST

START_TEST(names_that_cannot_be)
{
    char name[PLATFORM_PATH_MAX + 1];
    uint32_t id = 77;

    memset(name, 'a', sizeof(name));
    name[PLATFORM_PATH_MAX] = 0;
    ck_assert_int_eq(platform_providers_add(name, &id), EINVAL);
    ck_assert_int_eq(platform_providers_add("", &id), EINVAL);
    ck_assert_int_eq(platform_providers_add(NULL, &id), EINVAL);
    ck_assert_int_eq(platform_providers_add("two\nlines", &id), EINVAL);
    ck_assert_int_eq(platform_providers_add("bell\a", &id), EINVAL);
    ck_assert_int_eq(platform_providers_add("not UTF-8 \xC3", &id), EINVAL);
    ck_assert_uint_eq(id, 77);
    ck_assert_ptr_null(support_providers_snapshot());
}
END_TEST

START_TEST(names_that_can_be)
{
    static const char *const names[] = {"C:\\Program Files\\x=y\\a b.tsp",
                                        "/usr/lib/tapi;x/libsessiontsp.so",
                                        "\xC3\xBC\xE9\x9B\xBB.tsp",
                                        "[brackets]",
                                        "#hash",
                                        "semi;colon",
                                        "key = value",
                                        "\"quoted\""};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct platform_provider *list;
        size_t count;

        ck_assert_uint_eq(add(names[i]), i + 1);
        ck_assert_int_eq(platform_providers_load(&list, &count), 0);
        ck_assert_uint_eq(count, i + 1);
        ck_assert_str_eq(list[i].file, names[i]);
        free(list);
    }
}
END_TEST

enum { ADDERS = 4, ADDS = 10 };

struct adder {
    struct support_barrier *start;
    uint32_t id[ADDS];
    int failed;
};

static void add_many(void *arg)
{
    struct adder *a = arg;

    support_barrier_wait(a->start);
    for (int i = 0; i < ADDS; i++)
        if (platform_providers_add("same.tsp", &a->id[i]))
            a->failed++;
}

START_TEST(adders_at_the_same_time)
{
    struct support_barrier start;
    struct platform_thread *t[ADDERS];
    struct adder a[ADDERS];
    bool seen[ADDERS * ADDS + 1] = {false};

    support_barrier_init(&start, ADDERS);
    for (int i = 0; i < ADDERS; i++) {
        memset(&a[i], 0, sizeof(a[i]));
        a[i].start = &start;
        t[i] = support_thread(add_many, &a[i]);
    }
    for (int i = 0; i < ADDERS; i++)
        platform_thread_join(t[i]);
    for (int i = 0; i < ADDERS; i++) {
        ck_assert_int_eq(a[i].failed, 0);
        for (int n = 0; n < ADDS; n++) {
            ck_assert(a[i].id[n] >= 1 && a[i].id[n] <= ADDERS * ADDS);
            ck_assert(!seen[a[i].id[n]]);
            seen[a[i].id[n]] = true;
        }
    }
    check_stored("NumProviders", "40");
    check_stored("NextProviderID", "41");
    for (int i = 0; i < ADDERS; i++)
        for (int n = 0; n < ADDS; n++)
            ck_assert_int_eq(platform_providers_remove(a[i].id[n]), 0);
    ck_assert_ptr_null(support_providers_snapshot());
    support_barrier_close(&start);
}
END_TEST

struct late_adder {
    struct platform_event *started;
    uint32_t id;
    int err;
};

static void add_late(void *arg)
{
    struct late_adder *a = arg;

    platform_event_set(a->started);
    a->err = platform_providers_add("late.tsp", &a->id);
}

/* While one writer has the list open, another one that has read the same must not get between its reading and its
 * writing. */
START_TEST(a_writer_keeps_others_out)
{
    static const struct platform_store_value first[] = {{"ProviderFilename0", false, "first.tsp"},
                                                        {"ProviderID0", true, "1"},
                                                        {"NextProviderID", true, "2"},
                                                        {"NumProviders", true, "1"}};
    struct late_adder a = {0};
    struct platform_store *store = NULL;
    struct platform_thread *t;

    ck_assert_int_eq(platform_event_alloc(&a.started), 0);
    ck_assert_int_eq(platform_providers_open(&store, true), 0);
    t = support_thread(add_late, &a);
    ck_assert(platform_event_wait(a.started, UINT32_MAX));
    /* Long enough for the other to try; not so long, on a busy machine, that it gives up. */
    uint64_t end_ms = platform_mono_ms() + 2000;
    for (int i = 0; i < 20000 && platform_mono_ms() < end_ms; i++)
        platform_thread_yield();
    ck_assert_str_eq(listed(), "none");
    ck_assert_int_eq(platform_store_write(store, first, sizeof(first) / sizeof(first[0])), 0);
    platform_store_close(store);
    platform_thread_join(t);
    ck_assert_int_eq(a.err, 0);
    ck_assert_uint_eq(a.id, 2);
    ck_assert_str_eq(listed(), "1:first.tsp 2:late.tsp");
    platform_event_free(a.started);
}
END_TEST

START_TEST(where_nothing_can_be_made)
{
    struct platform_provider *list = NULL;
    uint32_t id = 77;
    size_t count;
    int err;

    support_providers_block();
    err = platform_providers_add("a", &id);
    ck_assert_msg(err == EACCES || err == EIO, "%d", err);
    ck_assert_uint_eq(id, 77);
    err = platform_providers_remove(1);
    ck_assert_msg(err == EACCES || err == EIO || err == ENOENT, "%d", err);
    ck_assert_int_ne(platform_providers_load(&list, &count), 0);
    ck_assert_ptr_null(list);
}
END_TEST

START_TEST(a_place_with_too_long_a_name)
{
    static char huge[20000];
    struct platform_provider *list;
    uint32_t id;
    size_t count;

    memset(huge, 'a', sizeof(huge) - 1);
    support_env_set("TAPI_SHIM_PROVIDERS", huge);
    ck_assert_int_eq(platform_providers_add("a", &id), EIO);
    ck_assert_int_eq(platform_providers_remove(1), EIO);
    ck_assert_int_eq(platform_providers_load(&list, &count), EIO);
}
END_TEST

START_TEST(as_many_as_there_can_be)
{
    uint32_t id = 0;

    for (uint32_t i = 0; i < 1024; i++) {
        char name[40];

        (void)snprintf(name, sizeof(name), "ProviderID%u", (unsigned)i);
        support_providers_put_number(name, i + 1);
        (void)snprintf(name, sizeof(name), "ProviderFilename%u", (unsigned)i);
        support_providers_put(name, "x");
    }
    ck_assert_int_eq(platform_providers_add("a", &id), ENOSPC);
    ck_assert_int_eq(platform_providers_remove(512), 0);
    ck_assert_uint_eq(add("a"), 1025);
}
END_TEST

void providers_tests(Suite *s)
{
    TCase *tc = tcase_create("providers");

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, no_list);
    tcase_add_test(tc, add_makes_the_values_of_telephony);
    tcase_add_test(tc, remove_closes_the_gap);
    tcase_add_test(tc, remove_of_an_unknown_one_changes_nothing);
    tcase_add_test(tc, ids_are_not_given_twice);
    tcase_add_test(tc, next_id_is_told_before);
    tcase_add_test(tc, the_last_leaves_nothing);
    tcase_add_test(tc, others_in_the_same_place_stay);
    tcase_add_test(tc, contradictions);
    tcase_add_test(tc, ids_run_out_gracefully);
    tcase_add_test(tc, names_that_cannot_be);
    tcase_add_test(tc, names_that_can_be);
    tcase_add_test(tc, adders_at_the_same_time);
    tcase_add_test(tc, a_writer_keeps_others_out);
    tcase_add_test(tc, where_nothing_can_be_made);
    tcase_add_test(tc, a_place_with_too_long_a_name);
    tcase_add_test(tc, as_many_as_there_can_be);
    suite_add_tcase(s, tc);
}
