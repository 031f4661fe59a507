/* Locations and cards that applications share, and who hears of changes. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/dialling.h"

#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"
#include "tests/unit/engine/suites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRANSLATECHANGE LINEDEVSTATE_TRANSLATECHANGE

static int fill(struct dialling *d, void *arg)
{
    static const char *const names[] = {"Vienna", "Seattle"}, *const countries[] = {"AT", "US"},
                             *const areas[] = {"1", "425"};
    struct card c;
    uint32_t id, i;

    (void)arg;
    for (i = 0; i < 2; i++) {
        struct location l;

        memset(&l, 0, sizeof(l));
        ck_assert_ptr_null(location_set(&l, "Name", names[i]));
        ck_assert_ptr_null(location_set(&l, "Country", countries[i]));
        ck_assert_ptr_null(location_set(&l, "Area", areas[i]));
        ck_assert_int_eq(location_add(d, &l, &id), 0);
    }
    for (i = 0; i < 2; i++) {
        memset(&c, 0, sizeof(c));
        ck_assert_ptr_null(card_set(&c, "Name", i ? "Hidden" : "Card"));
        ck_assert_ptr_null(card_set(&c, "Number", "123456"));
        ck_assert_ptr_null(card_set(&c, "International", "0800$H,EFG"));
        ck_assert_ptr_null(card_set(&c, "Hidden", i ? "1" : "0"));
        ck_assert_int_eq(card_add(d, &c, &id), 0);
    }
    return 0;
}

static void keep(dialling_change_h *h)
{
    struct dialling d;

    memset(&d, 0, sizeof(d));
    ck_assert_int_eq(dialling_change(&d, h, NULL), 0);
    dialling_clear(&d);
}

static void setup(void)
{
    fixture_setup();
    support_conf_begin();
    support_env_set("TAPI_SHIM_STATE", support_conf_place());
    engine_keep(true);
    keep(fill);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
}

static void teardown(void)
{
    client_close(&a);
    client_close(&b);
    client_close(&d);
    dialop_clear();
    engine_keep(false);
    support_env_set("TAPI_SHIM_STATE", NULL);
    support_conf_end();
    fixture_teardown();
}

static int32_t ask(struct client *k, uint32_t code, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3, uint32_t a4,
                   const char *text)
{
    uint16_t wide[128];

    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = code;
    k->call.arg[0] = a0;
    k->call.arg[1] = a1;
    k->call.arg[2] = a2;
    k->call.arg[3] = a3;
    k->call.arg[4] = a4;
    if (text) {
        k->call.in0_len = (uint32_t)(2 * platform_utf8_to_utf16(text, SIZE_MAX, wide, 128));
        k->call.in0 = wide;
    }
    return channel_call(k->c, &k->call);
}

/* The text at a pair of the last answer, as ASCII. */
static const char *at(const struct client *k, uint32_t size, uint32_t offset)
{
    static char text[256];

    ck_assert_uint_le(offset + size, k->call.out_len);
    text[0] = 0;
    if (size)
        (void)platform_utf16_to_utf8((const uint16_t *)(const void *)((const char *)k->call.out + offset), SIZE_MAX,
                                     text, sizeof(text));
    return text;
}

static const char *dialable(struct client *k, const char *address, uint32_t options, uint32_t card)
{
    const LINETRANSLATEOUTPUT *out;

    ck_assert_int_eq(ask(k, CHANNEL_TRANSLATE, k->app, 0, V2_2, card, options, address), 0);
    out = k->call.out;
    ck_assert_uint_eq(out->dwTotalSize, k->call.out_len);
    return at(k, out->dwDialableStringSize, out->dwDialableStringOffset);
}

static const LINETRANSLATECAPS *caps_of(struct client *k)
{
    ck_assert_int_eq(ask(k, CHANNEL_TRANSLATE_CAPS, k->app, 0, 0, 0, 0, NULL), 0);
    return k->call.out;
}

START_TEST(shared)
{
    uint32_t la = line(&a, 0, NONE), lb = line(&b, 1, NONE), lc = line(&b, 0, NONE);
    const LINETRANSLATECAPS *caps;

    ck_assert_int_eq(ask(&a, CHANNEL_STATUS_SET, la, TRANSLATECHANGE, 0, 0, 0, NULL), 0);
    ck_assert_int_eq(ask(&b, CHANNEL_STATUS_SET, lb, TRANSLATECHANGE, 0, 0, 0, NULL), 0);
    (void)lc; /* does not want to know */
    forget(&a);
    forget(&b);
    (void)fake_log();
    ck_assert_str_eq(dialable(&a, "+43 (1) 234", 0, 0), "+431234");
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, a.app, 1, 0, 0, 0, NULL), 0);
    expect(&a, LINE_LINEDEVSTATE, la, TRANSLATECHANGE, 0, 0);
    expect(&b, LINE_LINEDEVSTATE, lb, TRANSLATECHANGE, 0, 0);
    expect_none(&a);
    expect_none(&b);
    ck_assert_str_eq(fake_log(), "location 1");
    ck_assert_str_eq(dialable(&b, "+43 (1) 234", 0, 0), "T234");
    caps = caps_of(&b);
    ck_assert_uint_eq(caps->dwCurrentLocationID, 1);
    /* The same one again is no change of it for providers. */
    ck_assert_int_eq(ask(&b, CHANNEL_LOCATION_SELECT, 0, 1, 0, 0, 0, NULL), 0);
    expect(&a, LINE_LINEDEVSTATE, la, TRANSLATECHANGE, 0, 0);
    ck_assert_str_eq(fake_log(), "");
    forget(&b);
    ck_assert_int_eq(ask(&b, CHANNEL_LOCATION_SELECT, 0, 9, 0, 0, 0, NULL), (int32_t)LINEERR_INVALLOCATION);
    ck_assert_int_eq(ask(&b, CHANNEL_LOCATION_SELECT, b.app + 99, 1, 0, 0, 0, NULL), (int32_t)LINEERR_INVALAPPHANDLE);
    expect_none(&a);
    expect_none(&b);
    /* Another engine has it as well. */
    client_close(&a);
    client_close(&b);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_str_eq(dialable(&a, "+43 (1) 234", 0, 0), "T234");
}
END_TEST

START_TEST(old_application_starts_again)
{
    uint32_t old;

    ck_assert_int_eq(client_open(&d, V1_3), 0);
    old = line_of_version(&d, 0, NONE, V1_3);
    (void)old;
    forget(&d);
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, a.app, 2, 0, 0, 0, NULL), 0);
    expect(&d, LINE_LINEDEVSTATE, 0, LINEDEVSTATE_REINIT, LINE_LINEDEVSTATE, TRANSLATECHANGE);
    expect_none(&d);
}
END_TEST

START_TEST(listed)
{
    const LINETRANSLATECAPS *caps = caps_of(&a);
    const LINELOCATIONENTRY *l = (const void *)((const char *)caps + caps->dwLocationListOffset);
    const LINECARDENTRY *c = (const void *)((const char *)caps + caps->dwCardListOffset);

    ck_assert_uint_eq(caps->dwTotalSize, a.call.out_len);
    ck_assert_uint_eq(caps->dwNumLocations, 3);
    ck_assert_uint_eq(caps->dwLocationListSize, 3 * sizeof(*l));
    ck_assert_uint_eq(caps->dwCurrentLocationID, 0);
    ck_assert_uint_eq(l[0].dwPermanentLocationID, 0);
    ck_assert_uint_eq(l[0].dwCountryCode, 0);
    ck_assert_uint_eq(l[1].dwPermanentLocationID, 1);
    ck_assert_str_eq(at(&a, l[1].dwLocationNameSize, l[1].dwLocationNameOffset), "Vienna");
    ck_assert_str_eq(at(&a, l[1].dwCityCodeSize, l[1].dwCityCodeOffset), "1");
    ck_assert_uint_eq(l[1].dwCountryCode, 43);
    ck_assert_uint_eq(l[1].dwCountryID, 43);
    ck_assert_uint_eq(l[1].dwOptions, 0);
    ck_assert_uint_eq(caps->dwNumCards, 2); /* not the hidden one */
    ck_assert_uint_eq(c[0].dwPermanentCardID, 0);
    ck_assert_uint_eq(c[0].dwOptions, LINECARDOPTION_PREDEFINED);
    ck_assert_uint_eq(c[1].dwPermanentCardID, 1);
    ck_assert_uint_eq(c[1].dwCardNumberDigits, 6);
    ck_assert_str_eq(at(&a, c[1].dwInternationalRuleSize, c[1].dwInternationalRuleOffset), "0800$H,EFG");
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE_CAPS, a.app + 99, 0, 0, 0, 0, NULL), (int32_t)LINEERR_INVALAPPHANDLE);
}
END_TEST

START_TEST(translated)
{
    const LINETRANSLATEOUTPUT *out;

    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, a.app, 1, 0, 0, 0, NULL), 0);
    ck_assert_str_eq(dialable(&a, "+1 (425) 882", LINETRANSLATEOPTION_CARDOVERRIDE, 1), "T0800$123456,1425882");
    out = a.call.out;
    ck_assert_str_eq(at(&a, out->dwDisplayableStringSize, out->dwDisplayableStringOffset),
                     "T 0800$ [Card] , 1 425 882");
    ck_assert_uint_eq(out->dwCurrentCountry, 43);
    ck_assert_uint_eq(out->dwDestCountry, 1);
    ck_assert_uint_eq(out->dwTranslateResults, LINETRANSLATERESULT_CANONICAL | LINETRANSLATERESULT_INTERNATIONAL |
                                                   LINETRANSLATERESULT_DIALBILLING);
    ck_assert_str_eq(dialable(&a, "+1 (425) 882", 0, 99), "T001425882");
    /* Also a hidden card, for who knows it. */
    ck_assert_str_eq(dialable(&a, "+1 (425) 882", LINETRANSLATEOPTION_CARDOVERRIDE, 2), "T0800$123456,1425882");
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 0, V2_2, 99, LINETRANSLATEOPTION_CARDOVERRIDE, "+1 2"),
                     (int32_t)LINEERR_INVALCARD);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 0, V2_2, 0, 16, "+1 2"), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 0, V2_2, 0,
                         LINETRANSLATEOPTION_FORCELD | LINETRANSLATEOPTION_FORCELOCAL, "+1 2"),
                     (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 99, V2_2, 0, 0, "+1 2"), (int32_t)LINEERR_BADDEVICEID);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, b.app, 0, V2_2, 0, 0, "+1 2"), (int32_t)LINEERR_INVALAPPHANDLE);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 0, V2_2, 0, 0, "+"), (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 0, V2_2, 0, 0, NULL), (int32_t)LINEERR_INVALADDRESS);
    ck_assert_str_eq(dialable(&a, "1:2", 0, 0), "1:2");
    ck_assert_uint_eq(((const LINETRANSLATEOUTPUT *)a.call.out)->dwTranslateResults, LINETRANSLATERESULT_VOICEDETECT);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, a.app, 0, V1_4, 0, 0, "1:2"), 0);
    ck_assert_uint_eq(((const LINETRANSLATEOUTPUT *)a.call.out)->dwTranslateResults, 0);
}
END_TEST

static int32_t toll(struct client *k, const char *address, uint32_t option)
{
    return ask(k, CHANNEL_LOCATION_TOLL, k->app, 0, option, 0, 0, address);
}

START_TEST(toll_list)
{
    const uint32_t add = LINETOLLLISTOPTION_ADD, drop = LINETOLLLISTOPTION_REMOVE;

    ck_assert_int_eq(toll(&a, "+1 (425) 882-8080", add), (int32_t)LINEERR_INVALADDRESS); /* no location */
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, a.app, 2, 0, 0, 0, NULL), 0);
    ck_assert_int_eq(toll(&a, "+1 (425) 882-8080", add), 0);
    ck_assert_str_eq(dialable(&b, "+1 (425) 882-0000", 0, 0), "T14258820000");
    ck_assert_int_eq(toll(&a, "+1 (206) 882-8080", add), (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(toll(&a, "882-8080", add), (int32_t)LINEERR_INVALADDRESS);
    ck_assert_int_eq(toll(&a, "+1 (425) 882-8080", 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(toll(&a, "+1 (425) 882-8080", add | drop), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_TOLL, a.app, 77, add, 0, 0, "+1 (425) 882-8080"),
                     (int32_t)LINEERR_BADDEVICEID);
    client_close(&a);
    client_close(&b);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_str_eq(dialable(&a, "+1 (425) 882-0000", 0, 0), "T14258820000");
    ck_assert_int_eq(toll(&a, "+1 (425) 882-8080", drop), 0);
    ck_assert_int_eq(toll(&a, "+1 (425) 882-8080", drop), 0);
    ck_assert_str_eq(dialable(&a, "+1 (425) 882-0000", 0, 0), "T8820000");
}
END_TEST

static int select_2(struct dialling *d, void *arg)
{
    (void)arg;
    d->current = 2;
    return 0;
}

/* Somebody edits what is kept. */
START_TEST(reloaded)
{
    uint32_t la = line(&a, 0, NONE);

    ck_assert_int_eq(ask(&a, CHANNEL_STATUS_SET, la, TRANSLATECHANGE, 0, 0, 0, NULL), 0);
    forget(&a);
    (void)fake_log();
    keep(select_2);
    ck_assert_uint_eq(caps_of(&a)->dwCurrentLocationID, 0);
    ck_assert_int_eq(ask(&b, CHANNEL_LOCATION_RELOAD, 0, 0, 0, 0, 0, NULL), 0);
    expect(&a, LINE_LINEDEVSTATE, la, TRANSLATECHANGE, 0, 0);
    ck_assert_str_eq(fake_log(), "location 2");
    ck_assert_uint_eq(caps_of(&a)->dwCurrentLocationID, 2);
}
END_TEST

/* Before any application there is, what is kept counts; lines do not matter. */
START_TEST(without_applications)
{
    client_close(&a);
    client_close(&b);
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
    ck_assert_int_eq(channel_open(&a.c, client_event, &a), 0);
    a.app = 0;
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_RELOAD, 0, 0, 0, 0, 0, NULL), 0);
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, 0, 2, 0, 0, 0, NULL), 0);
    ck_assert_uint_eq(caps_of(&a)->dwNumLocations, 3);
    ck_assert_uint_eq(caps_of(&a)->dwCurrentLocationID, 2);
    ck_assert_int_eq(ask(&a, CHANNEL_TRANSLATE, 0, 12345, V2_2, 0, 0, "+1 (425) 7"), 0);
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_HERE, 0, 0, 0, 0, 0, NULL), 0);
    ck_assert_uint_eq(a.call.ret[0], 1);
    ck_assert_str_eq(at(&a, a.call.out_len, 0), "425");
    keep(fill); /* again: ids 3 and 4 */
    ck_assert_uint_eq(caps_of(&a)->dwNumLocations, 5);
}
END_TEST

/* What cannot be kept holds as long as the engine. */
START_TEST(not_kept)
{
    engine_keep(false);
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, a.app, 2, 0, 0, 0, NULL), 0);
    ck_assert_uint_eq(caps_of(&b)->dwCurrentLocationID, 2);
    ck_assert_int_eq(ask(&a, CHANNEL_LOCATION_SELECT, a.app, 77, 0, 0, 0, NULL), (int32_t)LINEERR_INVALLOCATION);
    engine_keep(true);
    client_close(&a);
    client_close(&b);
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_uint_eq(caps_of(&a)->dwCurrentLocationID, 0);
}
END_TEST

START_TEST(countries)
{
    const LINECOUNTRYLIST *list;
    const LINECOUNTRYENTRY *e;
    uint32_t i, n, next = 1;

    ck_assert_int_eq(ask(&a, CHANNEL_COUNTRIES, 0, 0, 0, 0, 0, NULL), 0);
    list = a.call.out;
    n = list->dwNumCountries;
    ck_assert_uint_gt(n, 200);
    ck_assert_uint_eq(list->dwCountryListSize, n * sizeof(*e));
    e = (const void *)((const char *)list + list->dwCountryListOffset);
    for (i = 0; i < n; i++) {
        ck_assert_uint_eq(e[i].dwCountryID, next);
        next = e[i].dwNextCountryID;
        ck_assert_uint_gt(e[i].dwCountryNameSize, 2);
        ck_assert_str_ne(at(&a, e[i].dwCountryNameSize, e[i].dwCountryNameOffset), "");
    }
    ck_assert_uint_eq(next, 0);
    ck_assert_int_eq(ask(&a, CHANNEL_COUNTRIES, 49, 0, 0, 0, 0, NULL), 0);
    list = a.call.out;
    ck_assert_uint_eq(list->dwNumCountries, 1);
    e = (const void *)((const char *)list + list->dwCountryListOffset);
    ck_assert_uint_eq(e->dwCountryCode, 49);
    ck_assert_str_eq(at(&a, e->dwCountryNameSize, e->dwCountryNameOffset), "Germany");
    ck_assert_str_eq(at(&a, e->dwSameAreaRuleSize, e->dwSameAreaRuleOffset), "G");
    ck_assert_str_eq(at(&a, e->dwLongDistanceRuleSize, e->dwLongDistanceRuleOffset), "0FG");
    ck_assert_str_eq(at(&a, e->dwInternationalRuleSize, e->dwInternationalRuleOffset), "00EFG");
    ck_assert_int_eq(ask(&a, CHANNEL_COUNTRIES, 999, 0, 0, 0, 0, NULL), (int32_t)LINEERR_INVALCOUNTRYCODE);
}
END_TEST

Suite *suite_dialop(void)
{
    Suite *s = suite_create("engine dialling");
    TCase *t = tcase_create("dialop");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, shared);
    tcase_add_test(t, old_application_starts_again);
    tcase_add_test(t, listed);
    tcase_add_test(t, translated);
    tcase_add_test(t, toll_list);
    tcase_add_test(t, reloaded);
    tcase_add_test(t, without_applications);
    tcase_add_test(t, not_kept);
    tcase_add_test(t, countries);
    suite_add_tcase(s, t);
    return s;
}
