/* What is dialled for an address, from which location, with which card. SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/engine/country.h"
#include "tapi_shim/engine/translate.h"
#include "tapi_shim/platform/platform.h"
#include "tests/unit/dialling/suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CANON LINETRANSLATERESULT_CANONICAL
#define LOCAL LINETRANSLATERESULT_LOCAL
#define LONG_D LINETRANSLATERESULT_LONGDISTANCE
#define INTL LINETRANSLATERESULT_INTERNATIONAL
#define TOLL LINETRANSLATERESULT_INTOLLLIST
#define NOTOLL LINETRANSLATERESULT_NOTINTOLLLIST
#define BILL LINETRANSLATERESULT_DIALBILLING
#define QUIET LINETRANSLATERESULT_DIALQUIET
#define TONE LINETRANSLATERESULT_DIALDIALTONE
#define PROMPT LINETRANSLATERESULT_DIALPROMPT
#define VOICE LINETRANSLATERESULT_VOICEDETECT

/* Fields of a location or card: "Name=x|Country=AT". */
static void fields_set(void *entry, const char *fields, const char *(*set)(void *, const char *, const char *))
{
    while (*fields) {
        char one[256], *value;
        size_t n = strcspn(fields, "|");
        const char *wrong;

        ck_assert_uint_lt(n, sizeof(one));
        memcpy(one, fields, n);
        one[n] = 0;
        value = strchr(one, '=');
        *value++ = 0;
        wrong = set(entry, one, value);
        ck_assert_msg(!wrong, "%s: %s", one, wrong ? wrong : "");
        fields += n + (fields[n] == '|');
    }
}

static const char *set_location(void *l, const char *field, const char *text)
{
    return location_set(l, field, text);
}

static const char *set_card(void *c, const char *field, const char *text)
{
    return card_set(c, field, text);
}

static struct location here;
static struct card card;

static int32_t translate8(struct translation *t, const char *address, uint32_t options)
{
    uint16_t wide[512];

    ck_assert_uint_le(platform_utf8_to_utf16(address, SIZE_MAX, wide, 512), 512);
    return translate(t, &here, &card, wide, options);
}

static const char *text8(const uint16_t *text, uint32_t bytes, char out[512])
{
    ck_assert_uint_eq(bytes, 2 * (platform_utf16_len(text) + 1));
    ck_assert_uint_le(platform_utf16_to_utf8(text, SIZE_MAX, out, 512), 512);
    return out;
}

struct translation_case {
    const char *location, *card, *address;
    uint32_t options;
    const char *dialable, *displayable;
    uint32_t dest, flags;
};

/* clang-format off */
static const char vienna[] = "Name=Vienna|Country=AT|Area=1|LocalAccess=0,|LongAccess=00|CancelWaiting=*43#";
static const char seattle[] = "Name=Seattle|Country=1|Area=425|LocalAccess=9,|LongAccess=8W|Toll=882,555|LongCarrier=1010288|CancelWaiting=*70,";
static const char oslo[] = "Name=Oslo|Country=NO";
static const char paris[] = "Name=Paris|Country=33|Area=1|Pulse=1";
static const char moscow[] = "Name=Moscow|Country=RU|Area=495";
static const char rules[] = "Name=Dallas|Country=US|Area=214|Rule=972 - yes|Rule=817 1 no 555|Rule=817 - no|Rule=214 1 yes 900 901";
static const char global[] = "Name=Global Card|Number=12345678|Pin=4711|LocalAccess=811|LongAccess=18005551234|IntlAccess=18005559999|"
    "SameArea=J,TG$H|LongDistance=J@1FG$H,K|International=JW01EFG?HK:";
static const char partial[] = "Name=Partial|Number=99|LongDistance=0FG#H";

static const struct translation_case cases[] = {
    /* the three distances */
    {vienna, "", "+43 (1) 234-5678", 0, "T0,2345678", "T 0, 234-5678", 43, CANON | LOCAL},
    {vienna, "", "+43 (316) 234.56 78", 0, "T00031623" "45678", "T 00 0 316 234.56 78", 43, CANON | LONG_D},
    {vienna, "", "+1 (425) 882-8080", 0, "T000014258828080", "T 00 00 1 425 882-8080", 1, CANON | INTL},
    {vienna, "", "+44 (20) 7946 0000", 0, "T0000442079460000", "T 00 00 44 20 7946 0000", 44, CANON | INTL},
    {seattle, "", "+1 (206) 555-1212", 0, "T8W101028812065551212", "T 8W 1010288 1 206 555-1212", 1, CANON | LONG_D | TONE},
    {seattle, "", "+1 (425) 703-8080", 0, "T9,7038080", "T 9, 703-8080", 1, CANON | LOCAL | NOTOLL},
    {seattle, "", "+43 (1) 234-5678", 0, "T8W0114312345678", "T 8W 011 43 1 234-5678", 43, CANON | INTL | TONE},
    {oslo, "", "+47 22 98 76 54", 0, "T22987654", "T 22 98 76 54", 47, CANON | LOCAL},
    {paris, "", "+33 (1) 44 55 66 77", 0, "P0144556677", "P 0 1 44 55 66 77", 33, CANON | LOCAL},
    {paris, "", "+33 (4) 44 55 66 77", 0, "P0444556677", "P 0 4 44 55 66 77", 33, CANON | LONG_D},
    {moscow, "", "+49 (30) 1234", 0, "T8W1049301234", "T 8W10 49 30 1234", 49, CANON | INTL | TONE},
    /* Canada shares the code, and is dialled as long distance */
    {seattle, "", "+1 (604) 555-1212", 0, "T8W101028816045551212", "T 8W 1010288 1 604 555-1212", 1, CANON | LONG_D | TONE},
    /* toll list */
    {seattle, "", "+1 (425) 882-8080", 0, "T8W101028814258828080", "T 8W 1010288 1 425 882-8080", 1, CANON | LONG_D | TOLL | TONE},
    {seattle, "", "+1 (425) 882-8080", LINETRANSLATEOPTION_FORCELOCAL, "T9,8828080", "T 9, 882-8080", 1, CANON | LOCAL | TOLL},
    {seattle, "", "+1 (425) 703-8080", LINETRANSLATEOPTION_FORCELD, "T8W101028814257038080", "T 8W 1010288 1 425 703-8080", 1,
     CANON | LONG_D | NOTOLL | TONE},
    {vienna, "", "+43 (316) 2345", LINETRANSLATEOPTION_FORCELOCAL, "T0,2345", "T 0, 2345", 43, CANON | LOCAL},
    {vienna, "", "+44 (20) 7946", LINETRANSLATEOPTION_FORCELOCAL, "T000044207946", "T 00 00 44 20 7946", 44, CANON | INTL},
    /* call waiting */
    {vienna, "", "+43 (1) 234", LINETRANSLATEOPTION_CANCELCALLWAITING, "T*43#0,234", "T *43# 0, 234", 43, CANON | LOCAL},
    {oslo, "", "+47 22", LINETRANSLATEOPTION_CANCELCALLWAITING, "T22", "T 22", 47, CANON | LOCAL},
    /* other ways to write it */
    {vienna, "", "+4312345678", 0, "T0,2345678", "T 0, 2345678", 43, CANON | LOCAL},
    {vienna, "", "+43 1 234 5678", 0, "T0,2345678", "T 0, 234 5678", 43, CANON | LOCAL},
    {vienna, "", "+43-316-2345", 0, "T0003162345", "T 00 0 316-2345", 43, CANON | LONG_D},
    {vienna, "", "+43 (0)316 2345", 0, "T0003162345", "T 00 0 316 2345", 43, CANON | LONG_D},
    {vienna, "", "+43 (0)1 2345", 0, "T0,2345", "T 0, 2345", 43, CANON | LOCAL},
    {vienna, "", "+390612345", 0, "T0000390612345", "T 00 00 39 0612345", 39, CANON | INTL},
    {vienna, "", "+999 123", 0, "T0000999123", "T 00 00 999 123", 999, CANON | INTL},
    {vienna, "", "+43\xC2\xA0(1)\xC2\xA0" "234\xE2\x80\x91" "5678", 0, "T0,2345678", "T 0, 234\xE2\x80\x91" "5678", 43, CANON | LOCAL},
    {vienna, "", "+43 (1) 234,,5#w6", 0, "T0,234,,5#w6", "T 0, 234,,5#w6", 43, CANON | LOCAL | TONE},
    {vienna, "", "+43 (1) 1", 0, "T0,1", "T 0, 1", 43, CANON | LOCAL},
    {vienna, "", "+43 1", 0, "T0001", "T 00 0 1", 43, CANON | LONG_D},
    /* subaddress, name, further addresses */
    {vienna, "", "+43 (1) 234|99^Bob", 0, "T0,234|99^Bob", "T 0, 234", 43, CANON | LOCAL},
    {vienna, "", "+43 (1) 234^B$@?|w", 0, "T0,234^B$@?|w", "T 0, 234", 43, CANON | LOCAL},
    {vienna, "", "+43 (1) 234\r\n+43 (1) 235", 0, "T0,234", "T 0, 234", 43, CANON | LOCAL},
    /* tel: */
    {vienna, "", "tel:+43-1-234-5678", 0, "T0,2345678", "T 0, 234-5678", 43, CANON | LOCAL},
    {vienna, "", "TEL:+43(1)2345;isub=77;x=y", 0, "T0,2345|77", "T 0, 2345", 43, CANON | LOCAL},
    {vienna, "", "tel:%2B4312345", 0, "T0,2345", "T 0, 2345", 43, CANON | LOCAL},
    {vienna, "", "tel:7042;phone-context=+43316", 0, "T0003167042", "T 00 0 316-7042", 43, CANON | LONG_D},
    {vienna, "", "tel:70-42;phone-context=example.com", 0, "7042", "7042", 0, 0},
    {vienna, "", "tel:70%0D%0A42", 0, "7042", "7042", 0, 0},
    {vienna, "", "tel:", 0, "", "", 0, 0},
    /* what is not canonical is dialled as it is */
    {vienna, "", "7042", 0, "7042", "7042", 0, 0},
    {vienna, "", "", 0, "", "", 0, 0},
    {vienna, "", "9W 1 (425) x?", 0, "9W 1 (425) x?", "9W 1 (425) x?", 0, TONE | PROMPT},
    {vienna, "", "T9,$@:1|2^n", 0, "T9,$@:1|2^n", "T9,$@:1", 0, BILL | QUIET | VOICE},
    {vienna, "", "7042", LINETRANSLATEOPTION_CANCELCALLWAITING, "*43#7042", "*43# 7042", 0, 0},
    {vienna, "", "sip:Bob.W@example.com;user=x", LINETRANSLATEOPTION_CANCELCALLWAITING, "sip:Bob.W@example.com;user=x",
     "sip:Bob.W@example.com;user=x", 0, 0},
    {vienna, "", "sips:+431@example.com", 0, "sips:+431@example.com", "sips:+431@example.com", 0, 0},
    /* without a country */
    {"", "", "+43 (1) 234-5678|9", 0, "+4312345678|9", "+ 43 1 234-5678", 43, CANON | INTL},
    {"", "", "7042", 0, "7042", "7042", 0, 0},
    {"", partial, "+43 (1) 234", 0, "+431234", "+ 43 1 234", 43, CANON | INTL},
    /* area code rules */
    {rules, "", "+1 (214) 555-1212", 0, "T5551212", "T 555-1212", 1, CANON | LOCAL | NOTOLL},
    {rules, "", "+1 (214) 901-1212", 0, "T12149011212", "T 1 214 901-1212", 1, CANON | LONG_D | NOTOLL},
    {rules, "", "+1 (972) 555-1212", 0, "T9725551212", "T 972 555-1212", 1, CANON | LOCAL},
    {rules, "", "+19725551212", 0, "T9725551212", "T 972 5551212", 1, CANON | LOCAL},
    {rules, "", "+1 (817) 555-1212", 0, "T15551212", "T 1 555-1212", 1, CANON | LONG_D},
    {rules, "", "+1 (817) 556-1212", 0, "T5561212", "T 556-1212", 1, CANON | LOCAL},
    {rules, "", "+1 (972) 555-1212", LINETRANSLATEOPTION_FORCELD, "T19725551212", "T 1 972 555-1212", 1, CANON | LONG_D},
    /* cards */
    {vienna, global, "+43 (1) 234-5678", 0, "T0,811,T2345678$12345678", "T 0, 811 ,T 234-5678 $ [Global Card]", 43, CANON | LOCAL | BILL},
    {vienna, global, "+43 (316) 23", 0, "T0018005551234@131623$12345678,4711",
     "T 00 18005551234 @1 316 23 $ [Global Card] , [Global Card]", 43, CANON | LONG_D | BILL | QUIET},
    {vienna, global, "+1 (425) 882", 0, "T0018005559999W011425882?123456784711:",
     "T 00 18005559999 W01 1 425 882 ? [Global Card] [Global Card] :", 1, CANON | INTL | TONE | PROMPT | VOICE},
    {vienna, partial, "+43 (316) 23", 0, "T00031623#99", "T 00 0 316 23 # [Partial]", 43, CANON | LONG_D},
    {vienna, partial, "+43 (1) 23", 0, "T0,23", "T 0, 23", 43, CANON | LOCAL},
    {rules, partial, "+1 (817) 555-1212", 0, "T08175551212#99", "T 0 817 555-1212 # [Partial]", 1, CANON | LONG_D},
};
/* clang-format on */

START_TEST(table)
{
    const struct translation_case *c = &cases[_i];
    const struct country *country;
    struct translation t;
    char text[512];

    here = location_default;
    card = card_direct;
    fields_set(&here, c->location, set_location);
    fields_set(&card, c->card, set_card);
    country = country_by_id(here.country);
    ck_assert_int_eq(translate8(&t, c->address, c->options), 0);
    ck_assert_str_eq(text8(t.dialable, t.dialable_bytes, text), c->dialable);
    ck_assert_str_eq(text8(t.displayable, t.displayable_bytes, text), c->displayable);
    ck_assert_uint_eq(t.dest_country, c->dest);
    ck_assert_uint_eq(t.current_country, country ? country->code : 0);
    ck_assert_msg(t.flags == c->flags, "%s: flags %x", c->address, (unsigned)t.flags);
    translation_free(&t);
}
END_TEST

START_TEST(refused)
{
    static const char *const bad[] = {"+",           "+ ",
                                      "+x",          "+43",
                                      "+43 ",        "+43 (1)",
                                      "+43 (1",      "+43 (x) 1",
                                      "+43 (1) x",   "+43 (1) 2(3)",
                                      "+43 ((1)) 2", "+999123",
                                      "+0 123",      "+000",
                                      "+43 1+2",     "+|1",
                                      "+43 |1",      "tel:+",
                                      "tel:+x",      "tel:+43x",
                                      "+43 (1) -",   "+43 (1) 2;\xC3\xA4"};
    struct translation t;
    size_t i;

    here = location_default;
    card = card_direct;
    for (i = 0; i < 2; i++) {
        size_t k;

        for (k = 0; k < sizeof(bad) / sizeof(bad[0]); k++) {
            int32_t rc = translate8(&t, bad[k], 0);

            ck_assert_msg(rc == (int32_t)LINEERR_INVALADDRESS, "%s: %x", bad[k], (unsigned)rc);
        }
        fields_set(&here, vienna, set_location);
    }
}
END_TEST

/* Nothing that comes in does harm, and what comes out is a text of its length. */
START_TEST(noise)
{
    static const char signs[] = "+()0123456789 -.|^%;=:,tel:isub=phone-context=W$@?\r\n/abT";
    static const char *const places[] = {vienna, seattle, rules, ""};
    uint16_t text[80];
    uint32_t x = 12345, i, k;

    for (i = 0; i < 60000; i++) {
        struct translation t;
        size_t len;

        x = x * 1664525u + 1013904223u;
        len = (x >> 16) % 79;
        for (k = 0; k < len; k++) {
            x = x * 1664525u + 1013904223u;
            text[k] = i % 4 == 3 ? (uint16_t)(x >> 16) : (uint16_t)signs[(x >> 16) % (sizeof(signs) - 1)];
        }
        text[len] = 0;
        if (i % 2 && len)
            text[0] = '+';
        if (i % 8 == 4 && len > 4)
            for (k = 0; k < 5; k++)
                text[k] = (uint16_t) "tel:+"[k];
        here = location_default;
        fields_set(&here, places[i % 4], set_location);
        card = card_direct;
        if (i % 3 == 0)
            fields_set(&card, global, set_card);
        if (translate(&t, &here, &card, text, x % 16))
            continue;
        ck_assert_uint_eq(t.dialable_bytes, 2 * (platform_utf16_len(t.dialable) + 1));
        ck_assert_uint_eq(t.displayable_bytes, 2 * (platform_utf16_len(t.displayable) + 1));
        translation_free(&t);
    }
}
END_TEST

START_TEST(long_ones)
{
    uint16_t *text = malloc((ADDRESS_UNITS_MAX + 2) * sizeof(*text));
    struct translation t;
    size_t i;

    here = location_default;
    card = card_direct;
    fields_set(&here, vienna, set_location);
    ck_assert_ptr_nonnull(text);
    for (i = 0; i <= ADDRESS_UNITS_MAX; i++)
        text[i] = '1';
    text[0] = '+';
    text[ADDRESS_UNITS_MAX + 1] = 0;
    ck_assert_int_eq(translate(&t, &here, &card, text, 0), (int32_t)LINEERR_INVALADDRESS);
    text[ADDRESS_UNITS_MAX] = 0;
    ck_assert_int_eq(translate(&t, &here, &card, text, 0), 0);
    ck_assert_uint_eq(t.dialable_bytes / 2, (size_t)ADDRESS_UNITS_MAX + strlen("T0000"));
    translation_free(&t);
    /* More digits in parentheses than any area code has are no area code. */
    platform_utf8_to_utf16("+43 (", SIZE_MAX, text, 6);
    text[5] = '1';
    ck_assert_int_eq(translate(&t, &here, &card, text, 0), (int32_t)LINEERR_INVALADDRESS);
    free(text);
}
END_TEST

START_TEST(prefixes)
{
    char prefix[TOLL_PREFIX_SIZE];
    uint16_t text[64];

    here = location_default;
    fields_set(&here, seattle, set_location);
    ck_assert(translate_has_tolls(&here));
    platform_utf8_to_utf16("+1 (425) 703-8080", SIZE_MAX, text, 64);
    ck_assert_int_eq(translate_prefix(&here, text, prefix), 0);
    ck_assert_str_eq(prefix, "703");
    platform_utf8_to_utf16("+14257048080", SIZE_MAX, text, 64);
    ck_assert_int_eq(translate_prefix(&here, text, prefix), 0);
    ck_assert_str_eq(prefix, "704");
    platform_utf8_to_utf16("+1 (206) 703-8080", SIZE_MAX, text, 64);
    ck_assert_int_eq(translate_prefix(&here, text, prefix), (int32_t)LINEERR_INVALADDRESS);
    platform_utf8_to_utf16("+1 (425) 70", SIZE_MAX, text, 64);
    ck_assert_int_eq(translate_prefix(&here, text, prefix), (int32_t)LINEERR_INVALADDRESS);
    platform_utf8_to_utf16("7038080", SIZE_MAX, text, 64);
    ck_assert_int_eq(translate_prefix(&here, text, prefix), (int32_t)LINEERR_INVALADDRESS);
    here = location_default;
    fields_set(&here, vienna, set_location);
    ck_assert(!translate_has_tolls(&here));
    platform_utf8_to_utf16("+43 (1) 703-8080", SIZE_MAX, text, 64);
    ck_assert_int_eq(translate_prefix(&here, text, prefix), (int32_t)LINEERR_INVALADDRESS);
}
END_TEST

/* ---- countries ---- */

START_TEST(country_table_is_sound)
{
    uint32_t i, k, code;

    ck_assert_uint_gt(country_count, 240);
    ck_assert_uint_eq(country_table[0].id, 1);
    for (i = 0; i < country_count; i++) {
        const struct country *c = &country_table[i];

        ck_assert_uint_ne(c->id, 0);
        ck_assert_uint_ne(c->code, 0);
        ck_assert_uint_le(c->code, 999);
        ck_assert(c->name[0] && c->same_area[0] && c->long_distance[0] && c->international[0]);
        ck_assert(strchr(c->same_area, 'G') && strchr(c->long_distance, 'G') && strstr(c->international, "EFG"));
        ck_assert_ptr_eq(country_by_id(c->id), c);
        ck_assert_ptr_eq(country_by_iso(c->iso), c);
        ck_assert_uint_eq(country_by_code(c->code)->id, c->code);
        for (k = i + 1; k < country_count; k++)
            ck_assert(c->id != country_table[k].id && strcmp(c->iso, country_table[k].iso) != 0);
        ck_assert(i < 2 || strcmp(country_table[i - 1].name, c->name) < 0);
    }
    ck_assert_ptr_null(country_by_id(0));
    ck_assert_ptr_null(country_by_id(999));
    ck_assert_ptr_null(country_by_iso("ZZ"));
    ck_assert_uint_eq(country_by_iso("ca")->id, 107);
    ck_assert_uint_eq(country_by_iso("at")->id, 43);
    ck_assert_uint_eq(country_by_iso("gb")->id, 44);
    ck_assert_uint_eq(country_by_iso("gg")->id, 44000 + 6 * 26 + 6);
    ck_assert_str_eq(country_by_id(49)->international, "00EFG");
    ck_assert_str_eq(country_by_id(1)->international, "S011EFG");
    ck_assert_uint_eq(country_code_of("4312", &code), 2);
    ck_assert_uint_eq(code, 43);
    ck_assert_uint_eq(country_code_of("1425", &code), 1);
    ck_assert_uint_eq(country_code_of("35312", &code), 3);
    ck_assert_uint_eq(code, 353);
    ck_assert_uint_eq(country_code_of("999", &code), 0);
    ck_assert_uint_eq(country_code_of("", &code), 0);
}
END_TEST

Suite *suite_translating(void)
{
    Suite *s = suite_create("translation of addresses");
    TCase *t = tcase_create("translating");

    tcase_add_loop_test(t, table, 0, (int)(sizeof(cases) / sizeof(cases[0])));
    tcase_add_test(t, refused);
    tcase_add_test(t, noise);
    tcase_add_test(t, long_ones);
    tcase_add_test(t, prefixes);
    tcase_add_test(t, country_table_is_sound);
    suite_add_tcase(s, t);
    return s;
}
