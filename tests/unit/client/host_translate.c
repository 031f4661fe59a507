/* Countries, locations and translation as applications see them: A and W, every version, every size.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/client/host.h"

#include "tapi_shim/engine/dialling.h"

#include <stdlib.h>

#undef lineGetCountry
#undef lineGetTranslateCaps
#undef lineSetTollList
#undef lineTranslateAddress
#undef lineTranslateDialog
#undef tapiGetLocationInfo

enum { ROOM = 1 << 17 };
static const DWORD versions[] = {0x00010003, 0x00010004, 0x00020000, 0x00020001, 0x00020002};
enum { VERSIONS = sizeof(versions) / sizeof(versions[0]) };

static int fill(struct dialling *d, void *arg)
{
    struct location l;
    struct card c;
    uint32_t id;

    (void)arg;
    memset(&l, 0, sizeof(l));
    memset(&c, 0, sizeof(c));
    ck_assert_ptr_null(location_set(&l, "Name", "Seattle"));
    ck_assert_ptr_null(location_set(&l, "Country", "US"));
    ck_assert_ptr_null(location_set(&l, "Area", "425"));
    ck_assert_ptr_null(location_set(&l, "LocalAccess", "9,"));
    ck_assert_ptr_null(location_set(&l, "LongAccess", "8,"));
    ck_assert_ptr_null(location_set(&l, "Toll", "555,882"));
    ck_assert_ptr_null(location_set(&l, "CancelWaiting", "*70,"));
    ck_assert_ptr_null(location_set(&l, "Pulse", "1"));
    ck_assert_int_eq(location_add(d, &l, &id), 0);
    ck_assert_ptr_null(card_set(&c, "Name", "Global"));
    ck_assert_ptr_null(card_set(&c, "Number", "1234"));
    ck_assert_ptr_null(card_set(&c, "SameArea", "G"));
    ck_assert_ptr_null(card_set(&c, "LongDistance", "1FG$H"));
    ck_assert_ptr_null(card_set(&c, "International", "011EFG"));
    ck_assert_int_eq(card_add(d, &c, &id), 0);
    d->current = 1;
    return 0;
}

static HLINEAPP app;

static void setup(void)
{
    struct dialling d;

    support_conf_begin();
    support_env_set("TAPI_SHIM_STATE", support_conf_place());
    memset(&d, 0, sizeof(d));
    ck_assert_int_eq(dialling_change(&d, fill, NULL), 0);
    dialling_clear(&d);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    app = desk_start(0x00020002, NULL);
}

static void teardown(void)
{
    if (app)
        ck_assert_int_eq(lineShutdown(app), 0);
    app = 0;
    host_clean();
    support_env_set("TAPI_SHIM_STATE", NULL);
    support_conf_end();
}

static void *block(DWORD total)
{
    DWORD *p = calloc(1, ROOM);

    ck_assert_ptr_nonnull(p);
    p[0] = total;
    return p;
}

/* A text of a structure in either form, as ASCII. */
static const char *text(const void *p, DWORD size, DWORD offset, bool ansi)
{
    static char out[512];

    if (!size)
        return "";
    ck_assert_uint_le(offset + size, ((const DWORD *)p)[2]);
    if (ansi) {
        ck_assert_uint_eq(strlen((const char *)p + offset) + 1, size);
        return (const char *)p + offset;
    }
    (void)platform_utf16_to_utf8((const uint16_t *)(const void *)((const char *)p + offset), SIZE_MAX, out,
                                 sizeof(out));
    ck_assert_uint_eq(size, 2 * (strlen(out) + 1));
    return out;
}

/* What the fixed part, one byte less, and every size up to all of it give. `fetch` takes the block. */
typedef LONG (*fetch_t)(void *p, DWORD version, bool ansi);

static void sizes(fetch_t fetch, DWORD fixed, DWORD version, bool ansi)
{
    DWORD *p = block(fixed - 1), needed, total, step;

    ck_assert_int_eq(fetch(p, version, ansi), ERR(STRUCTURETOOSMALL));
    p[0] = fixed;
    ck_assert_int_eq(fetch(p, version, ansi), 0);
    ck_assert_uint_eq(p[0], fixed);
    ck_assert_uint_eq(p[2], fixed);
    needed = p[1];
    ck_assert_uint_gt(needed, fixed);
    ck_assert_uint_le(needed, ROOM);
    step = needed > 4000 ? needed / 13 : 1;
    for (total = fixed; total < needed; total += step) {
        p[0] = total;
        memset(p + 1, 0xA5, total + 60);
        ck_assert_int_eq(fetch(p, version, ansi), 0);
        ck_assert_uint_eq(p[1], needed);
        ck_assert_uint_le(p[2], total);
        ck_assert_uint_eq(((unsigned char *)p)[total], 0xA5);
    }
    p[0] = needed;
    ck_assert_int_eq(fetch(p, version, ansi), 0);
    ck_assert_uint_eq(p[1], needed);
    ck_assert_uint_eq(p[2], needed);
    free(p);
    ck_assert_int_eq(fetch(NULL, version, ansi), ERR(INVALPOINTER));
    p = block(ROOM);
    ck_assert_int_eq(fetch(p, 0x00010002, ansi), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(fetch(p, 0x00030000, ansi), 0);
    free(p);
}

/* ---- translation ---- */

static LONG translate(void *p, DWORD version, bool ansi)
{
    static const WCHAR wide[] = {'+', '1', ' ', '(', '2', '0', '6', ')', ' ', '5', '5', '-', '1', '|', 's', 0};

    return ansi ? lineTranslateAddressA(app, 0, version, "+1 (206) 55-1|s", 1, LINETRANSLATEOPTION_CARDOVERRIDE, p)
                : lineTranslateAddressW(app, 0, version, wide, 1, LINETRANSLATEOPTION_CARDOVERRIDE, p);
}

START_TEST(address)
{
    int i;

    for (i = 0; i < 2 * VERSIONS; i++) {
        LINETRANSLATEOUTPUT *out = block(ROOM);
        bool ansi = i % 2;

        sizes(translate, 40, versions[i / 2], ansi);
        ck_assert_int_eq(translate(out, versions[i / 2], ansi), 0);
        ck_assert_str_eq(text(out, out->dwDialableStringSize, out->dwDialableStringOffset, ansi), "P8,1206551$1234|s");
        ck_assert_str_eq(text(out, out->dwDisplayableStringSize, out->dwDisplayableStringOffset, ansi),
                         "P 8, 1 206 55-1 $ [Global]");
        ck_assert_uint_eq(out->dwCurrentCountry, 1);
        ck_assert_uint_eq(out->dwDestCountry, 1);
        ck_assert_uint_eq(out->dwTranslateResults, LINETRANSLATERESULT_CANONICAL | LINETRANSLATERESULT_LONGDISTANCE |
                                                       LINETRANSLATERESULT_DIALBILLING);
        free(out);
    }
}
END_TEST

START_TEST(address_errors)
{
    LINETRANSLATEOUTPUT *out = block(ROOM);

    ck_assert_int_eq(lineTranslateAddress(app, 0, 0x00020002, "7042", 0, 0, out), 0);
    ck_assert_str_eq((const char *)out + out->dwDialableStringOffset, "7042");
    ck_assert_int_eq(lineTranslateAddress(0, 0, 0x00020002, "7042", 0, 0, out), 0);
    ck_assert_int_eq(lineTranslateAddressA(0, 0, 0x00010004, "7042", 0, 0, out), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, NULL, 0, 0, out), ERR(INVALPOINTER));
    ck_assert_int_eq(lineTranslateAddressW(app, 0, 0x00020002, NULL, 0, 0, out), ERR(INVALPOINTER));
    ck_assert_int_eq(lineTranslateAddressA(app + 1, 0, 0x00020002, "1", 0, 0, out), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineTranslateAddressA(app, 99, 0x00020002, "1", 0, 0, out), ERR(BADDEVICEID));
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, "+", 0, 0, out), ERR(INVALADDRESS));
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, "1", 9, LINETRANSLATEOPTION_CARDOVERRIDE, out),
                     ERR(INVALCARD));
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, "1", 9, 0x8000, out), ERR(INVALPARAM));
    ck_assert_int_eq(lineTranslateDialogA(app, 0, 0x00020002, NULL, NULL), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(lineTranslateDialog(0, 0, 0x00020002, NULL, "+1 2"), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(lineTranslateDialogW(0, 0, 0x00010002, NULL, NULL), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineTranslateDialogW(app + 1, 0, 0x00020002, NULL, NULL), ERR(INVALAPPHANDLE));
    free(out);
}
END_TEST

/* ---- locations and cards ---- */

static LONG caps(void *p, DWORD version, bool ansi)
{
    return ansi ? lineGetTranslateCapsA(app, version, p) : lineGetTranslateCapsW(app, version, p);
}

START_TEST(locations)
{
    int i;

    for (i = 0; i < 2 * VERSIONS; i++) {
        LINETRANSLATECAPS *c = block(ROOM);
        bool ansi = i % 2, old = i < 2;
        DWORD location_size = old ? 28 : 68, card_size = old ? 12 : 44;
        LINELOCATIONENTRY l;
        LINECARDENTRY card;

        sizes(caps, 44, versions[i / 2], ansi);
        ck_assert_int_eq(caps(c, versions[i / 2], ansi), 0);
        ck_assert_uint_eq(c->dwNumLocations, 2);
        ck_assert_uint_eq(c->dwLocationListSize, 2 * location_size);
        ck_assert_uint_eq(c->dwCurrentLocationID, 1);
        ck_assert_uint_eq(c->dwNumCards, 2);
        ck_assert_uint_eq(c->dwCardListSize, 2 * card_size);
        ck_assert_uint_eq(c->dwCurrentPreferredCardID, 0);
        memset(&l, 0, sizeof(l));
        memcpy(&l, (char *)c + c->dwLocationListOffset + location_size, location_size);
        ck_assert_uint_eq(l.dwPermanentLocationID, 1);
        ck_assert_uint_eq(l.dwCountryCode, 1);
        ck_assert_str_eq(text(c, l.dwLocationNameSize, l.dwLocationNameOffset, ansi), "Seattle");
        ck_assert_str_eq(text(c, l.dwCityCodeSize, l.dwCityCodeOffset, ansi), "425");
        ck_assert_str_eq(text(c, l.dwLocalAccessCodeSize, l.dwLocalAccessCodeOffset, ansi), old ? "" : "9,");
        ck_assert_str_eq(text(c, l.dwLongDistanceAccessCodeSize, l.dwLongDistanceAccessCodeOffset, ansi),
                         old ? "" : "8,");
        ck_assert_str_eq(text(c, l.dwTollPrefixListSize, l.dwTollPrefixListOffset, ansi), old ? "" : "555,882");
        ck_assert_str_eq(text(c, l.dwCancelCallWaitingSize, l.dwCancelCallWaitingOffset, ansi), old ? "" : "*70,");
        ck_assert_uint_eq(l.dwCountryID, old ? 0 : 1);
        ck_assert_uint_eq(l.dwOptions, old ? 0 : LINELOCATIONOPTION_PULSEDIAL);
        memset(&card, 0, sizeof(card));
        memcpy(&card, (char *)c + c->dwCardListOffset + card_size, card_size);
        ck_assert_uint_eq(card.dwPermanentCardID, 1);
        ck_assert_str_eq(text(c, card.dwCardNameSize, card.dwCardNameOffset, ansi), "Global");
        ck_assert_uint_eq(card.dwCardNumberDigits, old ? 0 : 4);
        ck_assert_str_eq(text(c, card.dwSameAreaRuleSize, card.dwSameAreaRuleOffset, ansi), old ? "" : "G");
        ck_assert_str_eq(text(c, card.dwLongDistanceRuleSize, card.dwLongDistanceRuleOffset, ansi), old ? "" : "1FG$H");
        ck_assert_str_eq(text(c, card.dwInternationalRuleSize, card.dwInternationalRuleOffset, ansi),
                         old ? "" : "011EFG");
        free(c);
    }
}
END_TEST

START_TEST(choosing)
{
    LINETRANSLATECAPS *c = block(ROOM);
    LINETRANSLATEOUTPUT *out = block(ROOM);
    char country[8], city[8];
    WCHAR wide[2][8];
    struct desk d;

    ck_assert_int_eq(tapiGetLocationInfo(country, city), 0);
    ck_assert_str_eq(country, "1");
    ck_assert_str_eq(city, "425");
    ck_assert_int_eq(tapiGetLocationInfoW(wide[0], wide[1]), 0);
    ck_assert(wide[0][0] == '1' && !wide[0][1] && wide[1][0] == '4' && wide[1][2] == '5' && !wide[1][3]);
    ck_assert_int_eq(tapiGetLocationInfoW(NULL, wide[1]), TAPIERR_INVALPOINTER);
    ck_assert_int_eq(tapiGetLocationInfoA(country, NULL), TAPIERR_INVALPOINTER);
    desk_open(&d, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(lineSetStatusMessages(d.line, LINEDEVSTATE_TRANSLATECHANGE, 0), 0);
    ck_assert_int_eq(lineSetCurrentLocation(app, 77), ERR(INVALLOCATION));
    ck_assert_int_eq(lineSetCurrentLocation(app + 1000, 0), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineSetTollListA(app, 0, "+1 (425) 703-0000", LINETOLLLISTOPTION_ADD), 0);
    (void)desk_await(&d, LINE_LINEDEVSTATE, (DWORD)d.line, LINEDEVSTATE_TRANSLATECHANGE);
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, "+1 (425) 703-0001", 0, 0, out), 0);
    ck_assert(out->dwTranslateResults & LINETRANSLATERESULT_INTOLLLIST);
    ck_assert_int_eq(lineSetTollList(0, 0, "+1 (425) 703-0000", LINETOLLLISTOPTION_REMOVE), 0);
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, "+1 (425) 703-0001", 0, 0, out), 0);
    ck_assert(out->dwTranslateResults & LINETRANSLATERESULT_NOTINTOLLLIST);
    ck_assert_int_eq(lineSetTollListA(app, 0, NULL, LINETOLLLISTOPTION_ADD), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetTollListW(app, 0, NULL, LINETOLLLISTOPTION_ADD), ERR(INVALPOINTER));
    wide[0][0] = '7';
    wide[0][1] = 0;
    ck_assert_int_eq(lineSetTollListW(app, 0, wide[0], LINETOLLLISTOPTION_ADD), ERR(INVALADDRESS));
    ck_assert_int_eq(lineSetCurrentLocation(app, 0), 0);
    (void)desk_await(&d, LINE_LINEDEVSTATE, (DWORD)d.line, LINEDEVSTATE_TRANSLATECHANGE);
    desk_close(&d);
    ck_assert_int_eq(lineShutdown(app), 0);
    app = 0;
    /* Nobody has initialised anything now. */
    ck_assert_int_eq(tapiGetLocationInfoA(country, city), 0);
    ck_assert_str_eq(country, "");
    ck_assert_str_eq(city, "");
    ck_assert_int_eq(lineGetTranslateCaps(0, 0x00020002, c), 0);
    ck_assert_uint_eq(c->dwCurrentLocationID, 0);
    ck_assert_uint_eq(c->dwNumLocations, 2);
    ck_assert_int_eq(lineGetTranslateCapsA(0, 0x00010004, c), ERR(UNINITIALIZED));
    ck_assert_int_eq(lineSetCurrentLocation(0, 1), 0);
    ck_assert_int_eq(lineTranslateAddressA(0, 0, 0x00020002, "+1 (425) 7", 0, 0, out), 0);
    ck_assert_str_eq((const char *)out + out->dwDialableStringOffset, "P9,7");
    free(c);
    free(out);
}
END_TEST

/* ---- countries ---- */

static LONG germany(void *p, DWORD version, bool ansi)
{
    return ansi ? lineGetCountryA(49, version, p) : lineGetCountryW(49, version, p);
}

static LONG all(void *p, DWORD version, bool ansi)
{
    return ansi ? lineGetCountryA(0, version, p) : lineGetCountryW(0, version, p);
}

START_TEST(countries)
{
    LINECOUNTRYLIST *list = block(ROOM);
    LINECOUNTRYENTRY e;
    int i;

    for (i = 0; i < 2 * VERSIONS; i++) {
        sizes(germany, 24, versions[i / 2], i % 2);
        sizes(all, 24, versions[i / 2], i % 2);
        ck_assert_int_eq(germany(list, versions[i / 2], i % 2), 0);
        ck_assert_uint_eq(list->dwNumCountries, 1);
        memcpy(&e, (char *)list + list->dwCountryListOffset, sizeof(e));
        ck_assert_uint_eq(e.dwCountryID, 49);
        ck_assert_str_eq(text(list, e.dwCountryNameSize, e.dwCountryNameOffset, i % 2), "Germany");
        ck_assert_str_eq(text(list, e.dwInternationalRuleSize, e.dwInternationalRuleOffset, i % 2), "00EFG");
    }
    /* The list, from one to the next. */
    ck_assert_int_eq(lineGetCountry(1, 0x00020002, list), 0);
    for (i = 1;; i++) {
        memcpy(&e, (char *)list + list->dwCountryListOffset, sizeof(e));
        if (!e.dwNextCountryID)
            break;
        ck_assert_int_eq(lineGetCountry(e.dwNextCountryID, 0x00020002, list), 0);
    }
    ck_assert_int_eq(lineGetCountry(0, 0x00020002, list), 0);
    ck_assert_uint_eq(list->dwNumCountries, (DWORD)i);
    ck_assert_int_eq(lineGetCountry(999, 0x00020002, list), ERR(INVALCOUNTRYCODE));
    ck_assert_int_eq(lineShutdown(app), 0);
    app = 0;
    ck_assert_int_eq(lineGetCountry(1, 0x00010003, list), 0);
    free(list);
}
END_TEST

/* What is dialled for a number reaches it. */
START_TEST(dialled)
{
    LINETRANSLATEOUTPUT *out = block(ROOM);
    struct desk d;
    HCALL call;

    desk_open(&d, 0, 0x00020002, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(lineTranslateAddressA(app, 0, 0x00020002, "tel:600", 0, 0, out), 0);
    call = desk_call(&d, (const char *)out + out->dwDialableStringOffset);
    desk_end(&d, call);
    desk_close(&d);
    free(out);
}
END_TEST

TCase *host_translate_tests(void)
{
    TCase *t = tcase_create("translation");

    tcase_add_checked_fixture(t, setup, teardown);
    tcase_add_test(t, address);
    tcase_add_test(t, address_errors);
    tcase_add_test(t, locations);
    tcase_add_test(t, choosing);
    tcase_add_test(t, countries);
    tcase_add_test(t, dialled);
    return t;
}
