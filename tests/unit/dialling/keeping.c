/* Locations and cards: their fields, and what is kept of them. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/dialling.h"
#include "tapi_shim/platform/platform.h"
#include "tests/support/support.h"
#include "tests/unit/dialling/suites.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct dialling d;

static void setup(void)
{
    support_conf_begin();
    support_env_set("TAPI_SHIM_STATE", support_conf_place());
    memset(&d, 0, sizeof(d));
}

static void teardown(void)
{
    dialling_clear(&d);
    support_env_set("TAPI_SHIM_STATE", NULL);
    support_conf_end();
}

static struct location a_location(const char *name)
{
    struct location l;

    memset(&l, 0, sizeof(l));
    ck_assert_ptr_null(location_set(&l, "Name", name));
    ck_assert_ptr_null(location_set(&l, "Country", "us"));
    return l;
}

static struct card a_card(const char *name)
{
    struct card c;

    memset(&c, 0, sizeof(c));
    ck_assert_ptr_null(card_set(&c, "Name", name));
    ck_assert_ptr_null(card_set(&c, "SameArea", "G"));
    return c;
}

START_TEST(fields)
{
    struct location l = a_location("One");
    struct card c = a_card("Card");
    static const char *const bad[][2] = {{"Name", " x"},
                                         {"Name", "x "},
                                         {"Name", "a ;b"},
                                         {"Name", "a\nb"},
                                         {"Name", "\xC3"},
                                         {"Name", ";x"},
                                         {"Country", "ZZ"},
                                         {"Country", "0"},
                                         {"Country", ""},
                                         {"Country", "4294967297"},
                                         {"Area", "4 2"},
                                         {"Area", "x"},
                                         {"Area", "1234567890123456"},
                                         {"LocalAccess", "9;"},
                                         {"LongAccess", "E"},
                                         {"CancelWaiting", "x"},
                                         {"Card", "x"},
                                         {"Pulse", "2"},
                                         {"Pulse", ""},
                                         {"Toll", "1,,2"},
                                         {"Toll", "x"},
                                         {"Toll", "1234567890123456"},
                                         {"Rule", ""},
                                         {"Rule", "1"},
                                         {"Rule", "1 -"},
                                         {"Rule", "x - yes"},
                                         {"Rule", "1 x yes"},
                                         {"Rule", "1 - maybe"},
                                         {"Rule", "1 - yes x"},
                                         {"Rulex", "1 - yes"},
                                         {"Nothing", "1"},
                                         {"", ""},
                                         {"id", "1"}};
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        ck_assert_msg(location_set(&l, bad[i][0], bad[i][1]) != NULL, "%s=%s", bad[i][0], bad[i][1]);
    ck_assert_str_eq(l.name, "One");
    ck_assert_uint_eq(l.country, 1);
    ck_assert_uint_eq(l.rulec, 0);
    ck_assert_ptr_null(location_set(&l, "rule12", "425 1 YES  882   883"));
    ck_assert_str_eq(l.rulev[0].area, "425");
    ck_assert_str_eq(l.rulev[0].number, "1");
    ck_assert(l.rulev[0].with_area);
    ck_assert_str_eq(l.rulev[0].prefixes, "882 883");
    for (i = 1; i < DIALLING_RULES; i++)
        ck_assert_ptr_null(location_set(&l, "Rule", "1 - no"));
    ck_assert_ptr_nonnull(location_set(&l, "Rule", "1 - no"));
    ck_assert_ptr_null(location_set(&l, "name",
                                    "\xC3\x9C"
                                    "ber all; und nirgends"));
    ck_assert_ptr_nonnull(card_set(&c, "Number", "1x"));
    ck_assert_ptr_nonnull(card_set(&c, "LongDistance", "1Z"));
    ck_assert_ptr_null(card_set(&c, "LongDistance", "J,FG$H@K"));
    ck_assert_ptr_null(card_set(&c, "Hidden", "1"));
    memset(&l, 0, sizeof(l));
    ck_assert_ptr_nonnull(location_check(&l));
    memset(&c, 0, sizeof(c));
    ck_assert_ptr_nonnull(card_check(&c));
}
END_TEST

START_TEST(tolls)
{
    struct location l = a_location("One");

    ck_assert_int_eq(toll_add(&l, "882"), 0);
    ck_assert_int_eq(toll_add(&l, "88"), 0);
    ck_assert_int_eq(toll_add(&l, "555"), 0);
    ck_assert_int_eq(toll_add(&l, "88"), 0);
    ck_assert_str_eq(l.toll, "882,88,555");
    ck_assert(!toll_has(&l, "8") && toll_has(&l, "88") && toll_has(&l, "555"));
    toll_remove(&l, "88");
    ck_assert_str_eq(l.toll, "882,555");
    toll_remove(&l, "555");
    toll_remove(&l, "555");
    ck_assert_str_eq(l.toll, "882");
    toll_remove(&l, "882");
    ck_assert_str_eq(l.toll, "");
    for (int i = 0, rc = 0; i < 2000; i++) {
        char prefix[8];

        snprintf(prefix, sizeof(prefix), "%04d", i);
        rc = toll_add(&l, prefix);
        ck_assert_int_eq(rc, strlen(l.toll) + 6 > DIALLING_TOLL_MAX && !toll_has(&l, prefix) ? ENOSPC : 0);
    }
    ck_assert_uint_lt(strlen(l.toll), DIALLING_TOLL_MAX);
}
END_TEST

/* ---- what is kept ---- */

static int fill(struct dialling *to, void *arg)
{
    struct location l = a_location("Caf\xC3\xA9");
    struct card c = a_card("Global");
    uint32_t id;
    int i;

    (void)arg;
    ck_assert_ptr_null(card_set(&c, "Number", "123456"));
    ck_assert_ptr_null(card_set(&c, "Pin", "4711"));
    ck_assert_ptr_null(card_set(&c, "International", "J,EFG$H"));
    ck_assert_ptr_null(card_set(&c, "IntlAccess", "1800"));
    ck_assert_int_eq(card_add(to, &c, &id), 0);
    ck_assert_uint_eq(id, 1);
    ck_assert_ptr_null(location_set(&l, "Area", "425"));
    ck_assert_ptr_null(location_set(&l, "LocalAccess", "#9,"));
    ck_assert_ptr_null(location_set(&l, "Pulse", "1"));
    ck_assert_ptr_null(location_set(&l, "Card", "1"));
    ck_assert_ptr_null(location_set(&l, "Rule", "206 - yes 882 883"));
    ck_assert_ptr_null(location_set(&l, "Rule", "360 1 no"));
    ck_assert_int_eq(toll_add(&l, "1"), 0);
    for (i = 100; i < 1000; i++) {
        char prefix[8];

        snprintf(prefix, sizeof(prefix), "%d", i);
        ck_assert_int_eq(toll_add(&l, prefix), 0);
    }
    ck_assert_int_eq(location_add(to, &l, &id), 0);
    l = a_location("Two");
    ck_assert_int_eq(location_add(to, &l, &id), 0);
    ck_assert_uint_eq(id, 2);
    to->current = 2;
    return 0;
}

static int remove_last(struct dialling *to, void *arg)
{
    (void)arg;
    return location_remove(to, 2);
}

static int refuse(struct dialling *to, void *arg)
{
    to->current = 1;
    return *(int *)arg;
}

START_TEST(persistence)
{
    const struct location *l;
    const struct card *c;
    struct location third = a_location("Three");
    uint32_t id;
    int err = ENOSPC;

    ck_assert_int_eq(dialling_load(&d), 0); /* nothing is there */
    ck_assert_uint_eq(location_current(&d)->id, 0);
    ck_assert_int_eq(dialling_change(&d, fill, NULL), 0);
    dialling_clear(&d);
    ck_assert_int_eq(dialling_load(&d), 0);
    ck_assert_uint_eq(d.locationc, 2);
    ck_assert_uint_eq(d.cardc, 1);
    ck_assert_uint_eq(location_current(&d)->id, 2);
    l = location_find(&d, 1);
    ck_assert_str_eq(l->name, "Caf\xC3\xA9");
    ck_assert_str_eq(l->area, "425");
    ck_assert_str_eq(l->local_access, "#9,");
    ck_assert(l->pulse);
    ck_assert_uint_eq(l->card, 1);
    ck_assert_uint_eq(l->rulec, 2);
    ck_assert_str_eq(l->rulev[0].prefixes, "882 883");
    ck_assert(l->rulev[0].with_area && !l->rulev[0].number[0]);
    ck_assert(!l->rulev[1].with_area);
    ck_assert_uint_eq(strlen(l->toll), 2 + 900 * 4 - 1);
    ck_assert(toll_has(l, "100") && toll_has(l, "555") && toll_has(l, "999"));
    c = card_find(&d, 1);
    ck_assert_str_eq(c->number, "123456");
    ck_assert_str_eq(c->pin, "4711");
    ck_assert_str_eq(c->international, "J,EFG$H");
    /* A change that is refused leaves everything. */
    dialling_clear(&d);
    ck_assert_int_eq(dialling_change(&d, refuse, &err), ENOSPC);
    ck_assert_uint_eq(d.locationc, 0);
    ck_assert_int_eq(dialling_load(&d), 0);
    ck_assert_uint_eq(d.current, 2);
    /* The id of one that has gone is not given again. */
    dialling_clear(&d);
    ck_assert_int_eq(dialling_change(&d, remove_last, NULL), 0);
    dialling_clear(&d);
    ck_assert_int_eq(dialling_load(&d), 0);
    ck_assert_uint_eq(d.locationc, 1);
    ck_assert_uint_eq(d.current, 0);
    ck_assert_int_eq(location_add(&d, &third, &id), 0);
    ck_assert_uint_eq(id, 3);
    ck_assert_int_eq(location_remove(&d, 2), ENOENT);
    ck_assert_int_eq(location_remove(&d, 0), ENOENT);
    ck_assert_int_eq(card_remove(&d, 0), ENOENT);
    ck_assert_int_eq(card_remove(&d, 1), 0);
    ck_assert_uint_eq(location_find(&d, 1)->card, 0);
    ck_assert_ptr_null(card_find(&d, 1));
    d.current = 3;
    ck_assert_int_eq(location_remove(&d, 3), 0);
    ck_assert_uint_eq(d.current, 0);
}
END_TEST

START_TEST(bounded)
{
    struct location l = a_location("x");
    struct card c = a_card("x");
    uint32_t id, i;

    for (i = 0; i < DIALLING_ENTRIES; i++) {
        ck_assert_int_eq(location_add(&d, &l, &id), 0);
        ck_assert_int_eq(card_add(&d, &c, &id), 0);
    }
    ck_assert_int_eq(location_add(&d, &l, &id), ENOSPC);
    ck_assert_int_eq(card_add(&d, &c, &id), ENOSPC);
    dialling_clear(&d);
    d.last_location = d.last_card = UINT32_MAX;
    ck_assert_int_eq(location_add(&d, &l, &id), ENOSPC);
    ck_assert_int_eq(card_add(&d, &c, &id), ENOSPC);
}
END_TEST

/* What people and accidents leave there. */
START_TEST(corrupted)
{
    static const struct platform_store_value values[] = {{"L7.Name", false, "Good"},
                                                         {"L7.Country", false, "43"},
                                                         {"L7.Area", false, "one"},
                                                         {"L7.Pulse", false, "perhaps"},
                                                         {"L7.Card", false, "99"},
                                                         {"L7.Rule1", false, "rubbish"},
                                                         {"L7.Toll1", false, "12,,13"},
                                                         {"L8.Name", false, "No country"},
                                                         {"L9.Country", false, "43"},
                                                         {"L10.Name", false, "Nowhere"},
                                                         {"L10.Country", false, "12345"},
                                                         {"L0.Name", false, "Zero"},
                                                         {"L99999999999.Name", false, "x"},
                                                         {"Lx.Name", false, "x"},
                                                         {"L.Name", false, "x"},
                                                         {"C3.Name", false, "No rule"},
                                                         {"C4.SameArea", false, "G"},
                                                         {"C5.Name", false, "Fine"},
                                                         {"C5.SameArea", false, "G"},
                                                         {"C5.Number", false, "xyz"},
                                                         {"Current", false, "8"},
                                                         {"LastLocation", false, "2"},
                                                         {"LastCard", false, "-1"},
                                                         {"Nonsense", false, "1"},
                                                         {"L4294967295.Name", false, "End"},
                                                         {"L4294967295.Country", false, "1"}};
    struct platform_store *store;
    uint32_t id;

    ck_assert_int_eq(platform_state_open(&store, "Dialling", true), 0);
    ck_assert_int_eq(platform_store_write(store, values, sizeof(values) / sizeof(values[0])), 0);
    platform_store_close(store);
    ck_assert_int_eq(dialling_load(&d), 0);
    ck_assert_uint_eq(d.locationc, 2);
    ck_assert_str_eq(location_find(&d, 7)->name, "Good");
    ck_assert_str_eq(location_find(&d, 7)->area, "");
    ck_assert_uint_eq(location_find(&d, 7)->card, 0);
    ck_assert_uint_eq(location_find(&d, 7)->rulec, 0);
    ck_assert(!location_find(&d, 7)->pulse);
    ck_assert_str_eq(location_find(&d, UINT32_MAX)->name, "End");
    ck_assert_uint_eq(d.cardc, 1);
    ck_assert_str_eq(card_find(&d, 5)->name, "Fine");
    ck_assert_str_eq(card_find(&d, 5)->number, "");
    ck_assert_uint_eq(location_current(&d)->id, 0);
    ck_assert_uint_eq(d.last_location, UINT32_MAX);
    ck_assert_int_eq(location_add(&d, location_find(&d, 7), &id), ENOSPC);
}
END_TEST

Suite *suite_keeping(void)
{
    Suite *s = suite_create("locations and cards");
    TCase *t = tcase_create("keeping");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, fields);
    tcase_add_test(t, tolls);
    tcase_add_test(t, persistence);
    tcase_add_test(t, bounded);
    tcase_add_test(t, corrupted);
    suite_add_tcase(s, t);
    return s;
}
