/* Every text of every structure, as the A, the plain and the W function give it, at every size of the caller's block.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/client/suite.h"

#include <stdio.h>
#include <stdlib.h>

#undef lineGetAddressCaps
#undef lineGetAddressStatus
#undef lineGetCallInfo
#undef lineGetCountry
#undef lineGetDevCaps
#undef lineGetDevConfig
#undef lineGetID
#undef lineGetLineDevStatus
#undef lineGetProviderList
#undef lineGetTranslateCaps
#undef lineTranslateAddress
#undef phoneGetButtonInfo
#undef phoneGetDevCaps
#undef phoneGetID
#undef phoneGetStatus

enum { NEWEST = 0x00020002, GUARD = 32, FILLER = 0xA5, RECORDS = 2, TEXT_MAX = 24 };

static HLINEAPP app;
static HLINE line;
static HPHONEAPP phone_app;
static HPHONE phone;

/* ---- what the structures have, in the words of the documents ----------------------------------------------------- */

enum kind {
    TEXT,
    MULTI, /* two texts, an empty one ends them */
    SLOTS, /* texts in slots of one length, which another member tells */
    LIST   /* records with texts of their own */
};

struct text {
    const char *name;
    uint16_t at;   /* of the size member; the offset member follows */
    uint16_t slot; /* SLOTS: the member with their length */
    uint8_t kind;
    uint8_t textc;     /* LIST: texts of a record */
    uint16_t stride;   /* LIST */
    uint16_t count_at; /* LIST: the member that counts them, 0: none is to be set */
    uint16_t textv[6]; /* LIST: their size members */
};

#define T(type, member)                                                                                                \
    {                                                                                                                  \
        .name = #type "." #member, .at = offsetof(type, member##Size), .kind = TEXT                                    \
    }
#define M(type, member)                                                                                                \
    {                                                                                                                  \
        .name = #type "." #member, .at = offsetof(type, member##Size), .kind = MULTI                                   \
    }
#define S(type, member)                                                                                                \
    {                                                                                                                  \
        .name = #type "." #member, .at = offsetof(type, member##Size), .kind = SLOTS,                                  \
        .slot = offsetof(type, member##EntrySize)                                                                      \
    }
#define L(type, member, record, counter, n, ...)                                                                       \
    {                                                                                                                  \
        .name = #type "." #member, .at = offsetof(type, member##Size), .kind = LIST, .stride = sizeof(record),         \
        .count_at = counter, .textc = n, .textv = {                                                                    \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }
#define SIZE_IN(record, member) offsetof(record, member##Size)

static const struct text devcaps[] = {
    T(LINEDEVCAPS, dwProviderInfo), T(LINEDEVCAPS, dwSwitchInfo),    T(LINEDEVCAPS, dwLineName),
    S(LINEDEVCAPS, dwTerminalText), M(LINEDEVCAPS, dwDeviceClasses),
};
static const struct text addresscaps[] = {
    T(LINEADDRESSCAPS, dwAddress),
    S(LINEADDRESSCAPS, dwCompletionMsgText),
    L(LINEADDRESSCAPS, dwCallTreatmentList, LINECALLTREATMENTENTRY, offsetof(LINEADDRESSCAPS, dwNumCallTreatments), 1,
      SIZE_IN(LINECALLTREATMENTENTRY, dwCallTreatmentName)),
    M(LINEADDRESSCAPS, dwDeviceClasses),
};
static const struct text devstatus[] = {
    L(LINEDEVSTATUS, dwAppInfo, LINEAPPINFO, 0, 4, SIZE_IN(LINEAPPINFO, dwMachineName),
      SIZE_IN(LINEAPPINFO, dwUserName), SIZE_IN(LINEAPPINFO, dwModuleFilename), SIZE_IN(LINEAPPINFO, dwFriendlyName)),
};
static const struct text callinfo[] = {
    T(LINECALLINFO, dwCallerID),          T(LINECALLINFO, dwCallerIDName),      T(LINECALLINFO, dwCalledID),
    T(LINECALLINFO, dwCalledIDName),      T(LINECALLINFO, dwConnectedID),       T(LINECALLINFO, dwConnectedIDName),
    T(LINECALLINFO, dwRedirectionID),     T(LINECALLINFO, dwRedirectionIDName), T(LINECALLINFO, dwRedirectingID),
    T(LINECALLINFO, dwRedirectingIDName), T(LINECALLINFO, dwAppName),           T(LINECALLINFO, dwDisplayableAddress),
    T(LINECALLINFO, dwCalledParty),       T(LINECALLINFO, dwComment),
};
static const struct text providerlist[] = {
    L(LINEPROVIDERLIST, dwProviderList, LINEPROVIDERENTRY, offsetof(LINEPROVIDERLIST, dwNumProviders), 1,
      SIZE_IN(LINEPROVIDERENTRY, dwProviderFilename)),
};
static const struct text countrylist[] = {
    L(LINECOUNTRYLIST, dwCountryList, LINECOUNTRYENTRY, offsetof(LINECOUNTRYLIST, dwNumCountries), 4,
      SIZE_IN(LINECOUNTRYENTRY, dwCountryName), SIZE_IN(LINECOUNTRYENTRY, dwSameAreaRule),
      SIZE_IN(LINECOUNTRYENTRY, dwLongDistanceRule), SIZE_IN(LINECOUNTRYENTRY, dwInternationalRule)),
};
static const struct text translatecaps[] = {
    L(LINETRANSLATECAPS, dwLocationList, LINELOCATIONENTRY, offsetof(LINETRANSLATECAPS, dwNumLocations), 6,
      SIZE_IN(LINELOCATIONENTRY, dwLocationName), SIZE_IN(LINELOCATIONENTRY, dwCityCode),
      SIZE_IN(LINELOCATIONENTRY, dwLocalAccessCode), SIZE_IN(LINELOCATIONENTRY, dwLongDistanceAccessCode),
      SIZE_IN(LINELOCATIONENTRY, dwTollPrefixList), SIZE_IN(LINELOCATIONENTRY, dwCancelCallWaiting)),
    L(LINETRANSLATECAPS, dwCardList, LINECARDENTRY, offsetof(LINETRANSLATECAPS, dwNumCards), 4,
      SIZE_IN(LINECARDENTRY, dwCardName), SIZE_IN(LINECARDENTRY, dwSameAreaRule),
      SIZE_IN(LINECARDENTRY, dwLongDistanceRule), SIZE_IN(LINECARDENTRY, dwInternationalRule)),
};
static const struct text translateoutput[] = {
    T(LINETRANSLATEOUTPUT, dwDialableString),
    T(LINETRANSLATEOUTPUT, dwDisplayableString),
};
static const struct text varstring[] = {T(VARSTRING, dwString)};
static const struct text phonecaps[] = {
    T(PHONECAPS, dwProviderInfo),
    T(PHONECAPS, dwPhoneInfo),
    T(PHONECAPS, dwPhoneName),
    M(PHONECAPS, dwDeviceClasses),
};
static const struct text phonestatus[] = {T(PHONESTATUS, dwOwnerName)};
static const struct text buttoninfo[] = {T(PHONEBUTTONINFO, dwButtonText)};
/* The element ends where that of TAPI 2.2 does: the SDK's may be longer. */
static const struct text addressstatus[] = {
    {.name = "LINEADDRESSSTATUS.dwForward",
     .at = offsetof(LINEADDRESSSTATUS, dwForwardSize),
     .kind = LIST,
     .stride = offsetof(LINEFORWARD, dwDestAddressOffset) + 4,
     .count_at = offsetof(LINEADDRESSSTATUS, dwForwardNumEntries),
     .textc = 2,
     .textv = {SIZE_IN(LINEFORWARD, dwCallerAddress), SIZE_IN(LINEFORWARD, dwDestAddress)}},
};

/* ---- the functions ----------------------------------------------------------------------------------------------- */

typedef LONG(get_h)(void *to);

#define GET(name, a, plain, w)                                                                                         \
    static LONG name##_a(void *to)                                                                                     \
    {                                                                                                                  \
        return a;                                                                                                      \
    }                                                                                                                  \
    static LONG name##_plain(void *to)                                                                                 \
    {                                                                                                                  \
        return plain;                                                                                                  \
    }                                                                                                                  \
    static LONG name##_w(void *to)                                                                                     \
    {                                                                                                                  \
        return w;                                                                                                      \
    }

static const WCHAR some[] = {'s', '/', 't', 0};

GET(devcaps, lineGetDevCapsA(app, 0, NEWEST, 0, to), lineGetDevCaps(app, 0, NEWEST, 0, to),
    lineGetDevCapsW(app, 0, NEWEST, 0, to))
GET(addresscaps, lineGetAddressCapsA(app, 0, 0, NEWEST, 0, to), lineGetAddressCaps(app, 0, 0, NEWEST, 0, to),
    lineGetAddressCapsW(app, 0, 0, NEWEST, 0, to))
GET(devstatus, lineGetLineDevStatusA(line, to), lineGetLineDevStatus(line, to), lineGetLineDevStatusW(line, to))
GET(addressstatus, lineGetAddressStatusA(line, 0, to), lineGetAddressStatus(line, 0, to),
    lineGetAddressStatusW(line, 0, to))
GET(callinfo, lineGetCallInfoA(5, to), lineGetCallInfo(5, to), lineGetCallInfoW(5, to))
GET(providerlist, lineGetProviderListA(NEWEST, to), lineGetProviderList(NEWEST, to), lineGetProviderListW(NEWEST, to))
GET(countrylist, lineGetCountryA(0, NEWEST, to), lineGetCountry(0, NEWEST, to), lineGetCountryW(0, NEWEST, to))
GET(translatecaps, lineGetTranslateCapsA(app, NEWEST, to), lineGetTranslateCaps(app, NEWEST, to),
    lineGetTranslateCapsW(app, NEWEST, to))
GET(translateoutput, lineTranslateAddressA(app, 0, NEWEST, "1", 0, 0, to),
    lineTranslateAddress(app, 0, NEWEST, "1", 0, 0, to), lineTranslateAddressW(app, 0, NEWEST, some, 0, 0, to))
GET(config, lineGetDevConfigA(0, to, "s/t"), lineGetDevConfig(0, to, "s/t"), lineGetDevConfigW(0, to, some))
GET(line_id, lineGetIDA(line, 0, 0, LINECALLSELECT_LINE, to, "s/t"),
    lineGetID(line, 0, 0, LINECALLSELECT_LINE, to, "s/t"), lineGetIDW(line, 0, 0, LINECALLSELECT_LINE, to, some))
GET(phone_id, phoneGetIDA(phone, to, "s/t"), phoneGetID(phone, to, "s/t"), phoneGetIDW(phone, to, some))
GET(phonecaps, phoneGetDevCapsA(phone_app, 0, NEWEST, 0, to), phoneGetDevCaps(phone_app, 0, NEWEST, 0, to),
    phoneGetDevCapsW(phone_app, 0, NEWEST, 0, to))
GET(phonestatus, phoneGetStatusA(phone, to), phoneGetStatus(phone, to), phoneGetStatusW(phone, to))
GET(buttoninfo, phoneGetButtonInfoA(phone, 1, to), phoneGetButtonInfo(phone, 1, to), phoneGetButtonInfoW(phone, 1, to))

struct form {
    enum layout_type type;
    enum channel_op op;
    const struct text *textv;
    uint32_t textc;
    uint16_t format_at; /* dwStringFormat of the texts, 0: it has none */
    get_h *a, *plain, *w;
};
#define FORM(layout, op, texts, format, get)                                                                           \
    {                                                                                                                  \
        LAYOUT_##layout, CHANNEL_##op, texts, sizeof(texts) / sizeof((texts)[0]), format, get##_a, get##_plain,        \
            get##_w                                                                                                    \
    }

static const struct form forms[] = {
    FORM(LINEDEVCAPS, DEV_CAPS, devcaps, offsetof(LINEDEVCAPS, dwStringFormat), devcaps),
    FORM(LINEADDRESSCAPS, ADDRESS_CAPS, addresscaps, 0, addresscaps),
    FORM(LINEDEVSTATUS, LINE_STATUS, devstatus, 0, devstatus),
    FORM(LINEADDRESSSTATUS, ADDRESS_STATUS, addressstatus, 0, addressstatus),
    FORM(LINECALLINFO, CALL_INFO, callinfo, 0, callinfo),
    FORM(LINEPROVIDERLIST, PROVIDER_LIST, providerlist, 0, providerlist),
    FORM(LINECOUNTRYLIST, COUNTRIES, countrylist, 0, countrylist),
    FORM(LINETRANSLATECAPS, TRANSLATE_CAPS, translatecaps, 0, translatecaps),
    FORM(LINETRANSLATEOUTPUT, TRANSLATE, translateoutput, 0, translateoutput),
    FORM(VARSTRING, DEV_CONFIG_GET, varstring, offsetof(VARSTRING, dwStringFormat), config),
    FORM(VARSTRING, LINE_ID, varstring, offsetof(VARSTRING, dwStringFormat), line_id),
    FORM(VARSTRING, PHONE_ID, varstring, offsetof(VARSTRING, dwStringFormat), phone_id),
    FORM(PHONECAPS, PHONE_CAPS, phonecaps, 0, phonecaps),
    FORM(PHONESTATUS, PHONE_STATUS, phonestatus, 0, phonestatus),
    FORM(PHONEBUTTONINFO, PHONE_BUTTON_GET, buttoninfo, 0, buttoninfo),
};
enum { FORMS = sizeof(forms) / sizeof(forms[0]) };

/* ---- a structure full of texts, as the engine gives it ----------------------------------------------------------- */

static unsigned char source[8192];
static uint32_t source_len;

static uint32_t get(const void *p, size_t at)
{
    uint32_t v;

    memcpy(&v, (const char *)p + at, sizeof(v));
    return v;
}

static void set(void *p, size_t at, uint32_t v)
{
    memcpy((char *)p + at, &v, sizeof(v));
}

/* The text with this number: no two are alike, none is ASCII alone, and one letter no code page of the West has. */
static uint32_t text_of(uint32_t number, uint16_t *out)
{
    uint32_t n = 0;

    out[n++] = 'T';
    out[n++] = (uint16_t)('a' + number % 26);
    out[n++] = 0xFC;
    out[n++] = (uint16_t)('0' + number / 26);
    out[n++] = 0x4E2D;
    out[n] = 0;
    return n;
}

/* The same in the form of the A functions. */
static size_t text_a(uint32_t number, char *out)
{
    uint16_t text[TEXT_MAX];

    return platform_utf16_to_ansi(text, text_of(number, text), out, TEXT_MAX);
}

static uint32_t put(const void *data, uint32_t size)
{
    uint32_t at = source_len;

    ck_assert_uint_le(at + size, sizeof(source));
    memcpy(source + at, data, size);
    source_len = (at + size + 3) & ~3u;
    return at;
}

static uint32_t put_text(uint32_t number, uint32_t *size)
{
    uint16_t text[TEXT_MAX];

    *size = 2 * (text_of(number, text) + 1);
    return put(text, *size);
}

/* Texts get numbers in the order of the table; two to a MULTI or SLOTS, one for each text of each record to a LIST. */
static void source_make(const struct form *f)
{
    uint32_t number = 0, fixed = layout_fixed(f->type, NEWEST), i, k, n, size = 0;
    uint16_t two[2 * TEXT_MAX];
    unsigned char records[RECORDS * 128];

    memset(source, 0, sizeof(source));
    source_len = (fixed + 3) & ~3u;
    for (i = 0; i < f->textc; i++) {
        const struct text *t = &f->textv[i];
        uint32_t at = 0;

        memset(two, 0, sizeof(two));
        memset(records, 0, sizeof(records));
        switch ((enum kind)t->kind) {
        case TEXT:
            at = put_text(number++, &size);
            break;
        case MULTI:
            n = text_of(number++, two) + 1;
            n += text_of(number++, two + n) + 1;
            size = 2 * (n + 1);
            at = put(two, size);
            break;
        case SLOTS:
            (void)text_of(number++, two);
            (void)text_of(number++, two + TEXT_MAX);
            size = sizeof(two);
            at = put(two, size);
            set(source, t->slot, sizeof(two) / 2);
            break;
        case LIST:
            for (k = 0; k < RECORDS; k++) {
                for (n = 0; n < t->textc; n++) {
                    uint32_t text_at = put_text(number++, &size);

                    set(records, k * t->stride + t->textv[n], size);
                    set(records, k * t->stride + t->textv[n] + 4u, text_at);
                }
            }
            size = RECORDS * t->stride;
            at = put(records, size);
            if (t->count_at)
                set(source, t->count_at, RECORDS);
            break;
        }
        set(source, t->at, size);
        set(source, t->at + 4u, at);
    }
    if (f->format_at)
        set(source, f->format_at, STRINGFORMAT_UNICODE);
    set(source, 0, source_len);
    set(source, 4, source_len);
    set(source, 8, source_len);
}

static int32_t give(struct channel_call *call, int32_t rc)
{
    fake_out(call, source, source_len);
    return rc;
}

/* ---- what comes back --------------------------------------------------------------------------------------------- */

/* The text at the pair is the one with the number, terminated, and in the part that is used. */
static void check_text(const unsigned char *to, uint32_t size_at, size_t base, uint32_t number, bool ansi,
                       const char *name)
{
    uint32_t size = get(to, base + size_at), offset = get(to, base + size_at + 4), want;
    uint16_t wide[TEXT_MAX];
    char narrow[TEXT_MAX];

    want = ansi ? (uint32_t)text_a(number, narrow) : 2 * (text_of(number, wide) + 1);
    ck_assert_msg(size == want, "%s: %u bytes, not %u", name, size, want);
    ck_assert_msg(offset >= 12 && offset + size <= get(to, 8), "%s: at %u", name, offset);
    ck_assert_msg(memcmp(to + offset, ansi ? (void *)narrow : (void *)wide, size) == 0, "%s: text", name);
}

/* `whole`: everything has to be there; else each part is whole or absent. Returns how many parts are there. */
static uint32_t check(const struct form *f, const unsigned char *to, bool ansi, bool whole)
{
    uint32_t number = 0, there = 0, i, k, n, unit = ansi ? 1 : 2;

    for (i = 0; i < f->textc; i++) {
        const struct text *t = &f->textv[i];
        uint32_t size = get(to, t->at), offset = get(to, t->at + 4u), first = number;
        unsigned char want[4 * TEXT_MAX];
        uint32_t at = 0;

        number += t->kind == TEXT ? 1 : t->kind == LIST ? RECORDS * t->textc : 2;
        if (!size) {
            ck_assert_msg(!whole && !offset, "%s: absent", t->name);
            if (t->kind == LIST && t->count_at)
                ck_assert_uint_eq(get(to, t->count_at), 0);
            continue;
        }
        there++;
        ck_assert_msg(offset + size <= get(to, 8), "%s: beyond what is used", t->name);
        memset(want, 0, sizeof(want));
        switch ((enum kind)t->kind) {
        case TEXT:
            check_text(to, t->at, 0, first, ansi, t->name);
            break;
        case MULTI:
            for (n = 0; n < 2; n++)
                at += ansi ? (uint32_t)text_a(first + n, (char *)want + at)
                           : 2 * (text_of(first + n, (uint16_t *)(void *)(want + at)) + 1);
            ck_assert_msg(size == at + unit, "%s: %u bytes, not %u", t->name, size, at + unit);
            ck_assert_msg(memcmp(to + offset, want, size) == 0, "%s: texts", t->name);
            break;
        case SLOTS:
            at = get(to, t->slot);
            ck_assert_msg(at && size == 2 * at, "%s: slots of %u in %u", t->name, at, size);
            for (n = 0; n < 2; n++) {
                uint32_t len = ansi ? (uint32_t)text_a(first + n, (char *)want)
                                    : 2 * (text_of(first + n, (uint16_t *)(void *)want) + 1);

                ck_assert_msg(len <= at && memcmp(to + offset + n * at, want, len) == 0, "%s: slot %u", t->name, n);
            }
            break;
        case LIST:
            ck_assert_msg(size == (uint32_t)RECORDS * t->stride, "%s: %u bytes", t->name, size);
            if (t->count_at)
                ck_assert_uint_eq(get(to, t->count_at), RECORDS);
            for (k = 0; k < RECORDS; k++)
                for (n = 0; n < t->textc; n++)
                    check_text(to, t->textv[n], offset + (size_t)k * t->stride, first + k * t->textc + n, ansi,
                               t->name);
            break;
        }
    }
    if (f->format_at)
        ck_assert_uint_eq(get(to, f->format_at), ansi ? STRINGFORMAT_ASCII : STRINGFORMAT_UNICODE);
    return there;
}

/* At every size from the fixed part on. */
static void check_sizes(const struct form *f, get_h *h, bool ansi)
{
    uint32_t fixed = layout_fixed(f->type, NEWEST), needed, size, last = 0, there;
    unsigned char *to = malloc(sizeof(source) + GUARD), *plain = malloc(sizeof(source) + GUARD);

    memset(to, FILLER, sizeof(source) + GUARD);
    set(to, 0, fixed - 1);
    ck_assert_int_ne(h(to), 0); /* not even the fixed part */
    ck_assert_uint_eq(to[4], FILLER);
    set(to, 0, sizeof(source));
    ck_assert_int_eq(h(to), 0);
    needed = get(to, 4);
    ck_assert_uint_gt(needed, fixed);
    ck_assert_uint_eq(get(to, 8), needed);
    ck_assert_uint_eq(check(f, to, ansi, true), f->textc);
    for (size = fixed; size <= needed; size++) {
        memset(to, FILLER, sizeof(source) + GUARD);
        set(to, 0, size);
        ck_assert_int_eq(h(to), 0);
        ck_assert_uint_eq(get(to, 0), size);
        ck_assert_uint_eq(get(to, 4), needed);
        ck_assert_uint_le(get(to, 8), size);
        memset(plain, FILLER, GUARD);
        ck_assert_msg(memcmp(to + size, plain, GUARD) == 0, "written beyond the end at %u", size);
        there = check(f, to, ansi, size == needed);
        last = size == needed ? there : last;
    }
    ck_assert_uint_eq(last, f->textc);
    /* The plain name does what the A one does. */
    if (ansi) {
        memset(to, FILLER, sizeof(source));
        memset(plain, FILLER, sizeof(source));
        set(to, 0, needed);
        set(plain, 0, needed);
        ck_assert_int_eq(f->a(to), 0);
        ck_assert_int_eq(f->plain(plain), 0);
        ck_assert(memcmp(to, plain, needed) == 0);
    }
    free(to);
    free(plain);
}

START_TEST(texts)
{
    const struct form *f = &forms[_i];

    source_make(f);
    fake.h[f->op] = give;
    check_sizes(f, f->a, true);
    check_sizes(f, f->w, false);
    check_sizes(f, f->plain, true);
    fake.h[f->op] = NULL;
}
END_TEST

/* ---- the other way: LINECALLPARAMS ------------------------------------------------------------------------------- */

static const struct text callparams[] = {
    T(LINECALLPARAMS, dwOrigAddress),    T(LINECALLPARAMS, dwDisplayableAddress), T(LINECALLPARAMS, dwCalledParty),
    T(LINECALLPARAMS, dwComment),        T(LINECALLPARAMS, dwTargetAddress),      T(LINECALLPARAMS, dwDeviceClass),
    T(LINECALLPARAMS, dwCallingPartyID),
};
static const struct form params_form = {.textv = callparams, .textc = sizeof(callparams) / sizeof(callparams[0])};

static bool params_ansi;
static unsigned seen;

static int32_t params_seen(struct channel_call *call, int32_t rc)
{
    unsigned char copy[2048];
    uint32_t i, want;
    uint16_t wide[TEXT_MAX];
    char narrow[TEXT_MAX];

    ck_assert_uint_le(call->in1_len, sizeof(copy));
    memcpy(copy, call->in1, call->in1_len);
    ck_assert_uint_eq(get(copy, 0), call->in1_len);
    for (i = 0; i < params_form.textc; i++) {
        uint32_t size = get(copy, callparams[i].at), offset = get(copy, callparams[i].at + 4u);

        want = text_of(i, wide) + 1;
        /* What a code page cannot hold is lost by then. */
        if (params_ansi)
            want = (uint32_t)platform_ansi_to_utf16(narrow, text_a(i, narrow) - 1, wide, TEXT_MAX);
        ck_assert_msg(size == 2 * want && offset + size <= call->in1_len, "%s: %u bytes", callparams[i].name, size);
        ck_assert_msg(memcmp(copy + offset, wide, size) == 0, "%s: text", callparams[i].name);
    }
    seen++;
    return rc;
}

/* `ansi`: as an application of the A functions would. */
static void params_make(bool ansi)
{
    uint32_t i, size;
    char text[TEXT_MAX];

    params_ansi = ansi;
    memset(source, 0, sizeof(source));
    source_len = sizeof(LINECALLPARAMS);
    for (i = 0; i < params_form.textc; i++) {
        uint32_t at;

        if (ansi) {
            size = (uint32_t)text_a(i, text);
            at = put(text, size);
        } else {
            at = put_text(i, &size);
        }
        set(source, callparams[i].at, size);
        set(source, callparams[i].at + 4u, at);
    }
    set(source, 0, source_len);
}

START_TEST(call_params)
{
    uint32_t i;
    HCALL call;

    seen = 0;
    fake.h[CHANNEL_CALL_MAKE] = params_seen;
    params_make(false);
    ck_assert_int_gt(lineMakeCallW(line, &call, some, 0, (LPLINECALLPARAMS)(void *)source), 0);
    params_make(true);
    ck_assert_int_gt(lineMakeCallA(line, &call, "1", 0, (LPLINECALLPARAMS)(void *)source), 0);
    ck_assert_uint_eq(seen, 2);
    /* A text that does not lie within it. */
    for (i = 0; i < params_form.textc; i++) {
        params_make(true);
        set(source, callparams[i].at + 4u, source_len - 1);
        ck_assert_msg(lineMakeCallA(line, &call, "1", 0, (LPLINECALLPARAMS)(void *)source) == ERR(INVALCALLPARAMS),
                      "%s", callparams[i].name);
    }
}
END_TEST

static void open_all(void)
{
    PHONEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = PHONEINITIALIZEEXOPTION_USEEVENT};
    DWORD devices, version = NEWEST;

    fake_reset();
    app = app_open(NULL);
    line = line_open(app, NEWEST, 1);
    ck_assert_int_eq(phoneInitializeExA(&phone_app, NULL, NULL, "p", &devices, &version, &params), 0);
    ck_assert_int_eq(phoneOpen(phone_app, 0, &phone, NEWEST, 0, 0, PHONEPRIVILEGE_OWNER), 0);
}

static void close_all(void)
{
    (void)phoneShutdown(phone_app);
    (void)lineShutdown(app);
    check_clean();
}

TCase *ansi_tests(void)
{
    TCase *t = tcase_create("texts");

    tcase_add_checked_fixture(t, open_all, close_all);
    tcase_add_loop_test(t, texts, 0, FORMS);
    tcase_add_test(t, call_params);
    return t;
}
