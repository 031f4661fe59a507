/* Structures laid out for every version, size and text form, from good and from garbled ones.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/channel/layout.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEWEST 0x00020002u

static const uint32_t versions[] = {0x00010003, 0x00010004, 0x00020000, 0x00020001, 0x00020002};
enum { VERSIONS = sizeof(versions) / sizeof(versions[0]) };

static uint32_t get(const void *p, size_t at)
{
    uint32_t v;

    memcpy(&v, (const char *)p + at, 4);
    return v;
}

static void set(void *p, size_t at, uint32_t v)
{
    memcpy((char *)p + at, &v, 4);
}

/* ---- what each structure has, in the words of this test ---- */

enum kind { BYTES, TEXT, MULTI };
struct pair {
    uint16_t at;
    uint8_t kind;
};
#define P(type, name, kind)                                                                                            \
    {                                                                                                                  \
        offsetof(type, name##Size), kind                                                                               \
    }

static const struct pair devcaps[] = {P(LINEDEVCAPS, dwProviderInfo, TEXT), P(LINEDEVCAPS, dwSwitchInfo, TEXT),
                                      P(LINEDEVCAPS, dwLineName, TEXT),     P(LINEDEVCAPS, dwTerminalCaps, BYTES),
                                      P(LINEDEVCAPS, dwDevSpecific, BYTES), P(LINEDEVCAPS, dwDeviceClasses, MULTI)};
static const struct pair addresscaps[] = {P(LINEADDRESSCAPS, dwAddress, TEXT), P(LINEADDRESSCAPS, dwDevSpecific, BYTES),
                                          P(LINEADDRESSCAPS, dwDeviceClasses, MULTI)};
static const struct pair devstatus[] = {P(LINEDEVSTATUS, dwTerminalModes, BYTES),
                                        P(LINEDEVSTATUS, dwDevSpecific, BYTES)};
static const struct pair addressstatus[] = {P(LINEADDRESSSTATUS, dwTerminalModes, BYTES),
                                            P(LINEADDRESSSTATUS, dwDevSpecific, BYTES)};
static const struct pair callinfo[] = {
    P(LINECALLINFO, dwCallerID, TEXT),         P(LINECALLINFO, dwCallerIDName, TEXT),
    P(LINECALLINFO, dwCalledID, TEXT),         P(LINECALLINFO, dwCalledIDName, TEXT),
    P(LINECALLINFO, dwConnectedID, TEXT),      P(LINECALLINFO, dwConnectedIDName, TEXT),
    P(LINECALLINFO, dwRedirectionID, TEXT),    P(LINECALLINFO, dwRedirectionIDName, TEXT),
    P(LINECALLINFO, dwRedirectingID, TEXT),    P(LINECALLINFO, dwRedirectingIDName, TEXT),
    P(LINECALLINFO, dwAppName, TEXT),          P(LINECALLINFO, dwDisplayableAddress, TEXT),
    P(LINECALLINFO, dwCalledParty, TEXT),      P(LINECALLINFO, dwComment, TEXT),
    P(LINECALLINFO, dwDisplay, BYTES),         P(LINECALLINFO, dwUserUserInfo, BYTES),
    P(LINECALLINFO, dwHighLevelComp, BYTES),   P(LINECALLINFO, dwLowLevelComp, BYTES),
    P(LINECALLINFO, dwChargingInfo, BYTES),    P(LINECALLINFO, dwTerminalModes, BYTES),
    P(LINECALLINFO, dwDevSpecific, BYTES),     P(LINECALLINFO, dwCallData, BYTES),
    P(LINECALLINFO, dwSendingFlowspec, BYTES), P(LINECALLINFO, dwReceivingFlowspec, BYTES)};
static const struct pair callstatus[] = {P(LINECALLSTATUS, dwDevSpecific, BYTES)};
static const struct pair calllist[] = {P(LINECALLLIST, dwCalls, BYTES)};
static const struct pair callparams[] = {
    P(LINECALLPARAMS, dwOrigAddress, TEXT),        P(LINECALLPARAMS, dwDisplayableAddress, TEXT),
    P(LINECALLPARAMS, dwCalledParty, TEXT),        P(LINECALLPARAMS, dwComment, TEXT),
    P(LINECALLPARAMS, dwUserUserInfo, BYTES),      P(LINECALLPARAMS, dwHighLevelComp, BYTES),
    P(LINECALLPARAMS, dwLowLevelComp, BYTES),      P(LINECALLPARAMS, dwDevSpecific, BYTES),
    P(LINECALLPARAMS, dwTargetAddress, TEXT),      P(LINECALLPARAMS, dwSendingFlowspec, BYTES),
    P(LINECALLPARAMS, dwReceivingFlowspec, BYTES), P(LINECALLPARAMS, dwDeviceClass, TEXT),
    P(LINECALLPARAMS, dwDeviceConfig, BYTES),      P(LINECALLPARAMS, dwCallData, BYTES),
    P(LINECALLPARAMS, dwCallingPartyID, TEXT)};
static const struct pair translateoutput[] = {P(LINETRANSLATEOUTPUT, dwDialableString, TEXT),
                                              P(LINETRANSLATEOUTPUT, dwDisplayableString, TEXT)};
static const struct pair varstring[] = {P(VARSTRING, dwString, BYTES)};
static const struct pair phonecaps[] = {P(PHONECAPS, dwProviderInfo, TEXT),     P(PHONECAPS, dwPhoneInfo, TEXT),
                                        P(PHONECAPS, dwPhoneName, TEXT),        P(PHONECAPS, dwButtonModes, BYTES),
                                        P(PHONECAPS, dwButtonFunctions, BYTES), P(PHONECAPS, dwLampModes, BYTES),
                                        P(PHONECAPS, dwSetData, BYTES),         P(PHONECAPS, dwGetData, BYTES),
                                        P(PHONECAPS, dwDevSpecific, BYTES),     P(PHONECAPS, dwDeviceClasses, MULTI)};
static const struct pair phonestatus[] = {P(PHONESTATUS, dwDisplay, BYTES), P(PHONESTATUS, dwLampModes, BYTES),
                                          P(PHONESTATUS, dwOwnerName, TEXT), P(PHONESTATUS, dwDevSpecific, BYTES)};
static const struct pair phonebuttoninfo[] = {P(PHONEBUTTONINFO, dwButtonText, TEXT),
                                              P(PHONEBUTTONINFO, dwDevSpecific, BYTES)};

static const struct pair agentcaps[] = {P(LINEAGENTCAPS, dwAgentHandlerInfo, TEXT),
                                        P(LINEAGENTCAPS, dwAgentExtensionIDList, BYTES)};
static const struct pair agentstatus[] = {P(LINEAGENTSTATUS, dwActivity, TEXT)};

/* Sizes of the fixed part in versions[], counted on the reference pages. */
static const struct {
    const struct pair *pairv;
    uint32_t pairc;
    uint32_t fixed[VERSIONS];
} types[LAYOUT_COUNT] = {
    [LAYOUT_LINEDEVCAPS] = {devcaps, 6, {236, 240, 252, 252, 268}},
    [LAYOUT_LINEADDRESSCAPS] = {addresscaps, 3, {176, 180, 228, 228, 228}},
    [LAYOUT_LINEDEVSTATUS] = {devstatus, 2, {76, 76, 88, 88, 88}},
    [LAYOUT_LINEADDRESSSTATUS] = {addressstatus, 2, {64, 64, 64, 64, 64}},
    [LAYOUT_LINECALLINFO] = {callinfo, 24, {296, 296, 324, 324, 324}},
    [LAYOUT_LINECALLSTATUS] = {callstatus, 1, {36, 36, 56, 56, 56}},
    [LAYOUT_LINECALLLIST] = {calllist, 1, {24, 24, 24, 24, 24}},
    [LAYOUT_LINECALLPARAMS] = {callparams, 15, {112, 112, 176, 176, 176}},
    [LAYOUT_LINEPROVIDERLIST] = {NULL, 0, {24, 24, 24, 24, 24}},
    [LAYOUT_VARSTRING] = {varstring, 1, {24, 24, 24, 24, 24}},
    [LAYOUT_LINECOUNTRYLIST] = {NULL, 0, {24, 24, 24, 24, 24}},
    [LAYOUT_LINETRANSLATECAPS] = {NULL, 0, {44, 44, 44, 44, 44}},
    [LAYOUT_LINETRANSLATEOUTPUT] = {translateoutput, 2, {40, 40, 40, 40, 40}},
    [LAYOUT_PHONECAPS] = {phonecaps, 10, {144, 144, 180, 180, 196}},
    [LAYOUT_PHONESTATUS] = {phonestatus, 4, {100, 100, 104, 104, 104}},
    [LAYOUT_PHONEBUTTONINFO] = {phonebuttoninfo, 2, {36, 40, 40, 40, 40}},
    [LAYOUT_LINEAGENTCAPS] = {agentcaps, 2, {56, 56, 56, 56, 72}},
    [LAYOUT_LINEAGENTSTATUS] = {agentstatus, 1, {56, 56, 56, 56, 56}},
    [LAYOUT_LINEAGENTGROUPLIST] = {NULL, 0, {24, 24, 24, 24, 24}},
    [LAYOUT_LINEAGENTACTIVITYLIST] = {NULL, 0, {24, 24, 24, 24, 24}},
    [LAYOUT_LINEAGENTINFO] = {NULL, 0, {56, 56, 56, 56, 56}},
    [LAYOUT_LINEAGENTSESSIONLIST] = {NULL, 0, {24, 24, 24, 24, 24}},
    [LAYOUT_LINEAGENTSESSIONINFO] = {NULL, 0, {76, 76, 76, 76, 76}},
    [LAYOUT_LINEQUEUELIST] = {NULL, 0, {24, 24, 24, 24, 24}},
    [LAYOUT_LINEQUEUEINFO] = {NULL, 0, {52, 52, 52, 52, 52}},
    [LAYOUT_LINEPROXYREQUESTLIST] = {NULL, 0, {24, 24, 24, 24, 24}},
};

static bool has_header(enum layout_type type)
{
    return type != LAYOUT_LINECALLPARAMS;
}

/* ---- a full structure of each type ---- */

static size_t put16(uint16_t *to, const char *text)
{
    size_t n = 0;

    while (text[n]) {
        to[n] = (uint16_t)(unsigned char)text[n];
        n++;
    }
    to[n] = 0;
    return n + 1;
}

/* What is in pair `i`: its text, or its bytes. */
static const char *content(uint32_t i, char *buffer)
{
    (void)sprintf(buffer, "part %u %.*s", (unsigned)i, (int)(i % 7), "xyzxyzx");
    return buffer;
}

static void *full(enum layout_type type, uint32_t *len)
{
    uint32_t fixed = layout_fixed(type, NEWEST), i;
    void *p = calloc(1, fixed);

    set(p, 0, fixed);
    for (i = 4; i < fixed; i += 4)
        set(p, i, 0);
    *len = fixed;
    for (i = 0; i < types[type].pairc; i++) {
        const struct pair *pair = &types[type].pairv[i];
        char text[64];
        uint16_t wide[128];
        size_t n = put16(wide, content(i, text));

        if (pair->kind == MULTI) {
            n += put16(wide + n, "second");
            wide[n++] = 0;
        }
        if (pair->kind == BYTES)
            ck_assert_int_eq(layout_add(type, &p, len, pair->at, text, (uint32_t)strlen(text)), 0);
        else
            ck_assert_int_eq(layout_add(type, &p, len, pair->at, wide, (uint32_t)(2 * n)), 0);
    }
    if (type == LAYOUT_LINECALLLIST)
        set(p, offsetof(LINECALLLIST, dwCallsNumEntries), 1);
    if (type == LAYOUT_VARSTRING)
        set(p, offsetof(VARSTRING, dwStringFormat), STRINGFORMAT_BINARY);
    ck_assert_uint_eq(get(p, 0), *len);
    return p;
}

/* Checks pair `i` of a laid out structure; true if it is there. */
static bool pair_check(enum layout_type type, const void *p, uint32_t fixed, uint32_t used, uint32_t i, bool ansi)
{
    const struct pair *pair = &types[type].pairv[i];
    uint32_t size = get(p, pair->at), offset = get(p, pair->at + 4u);
    const char *data = (const char *)p + offset;
    char text[64], want8[128];
    uint16_t wide[128];
    const void *want = wide;
    size_t n = put16(wide, content(i, text)), n8 = strlen(text) + 1, bytes;

    if (!size) {
        ck_assert_uint_eq(offset, 0);
        return false;
    }
    ck_assert_uint_ge(offset, fixed);
    ck_assert_uint_le(offset, used);
    ck_assert_uint_le(size, used - offset);
    memcpy(want8, text, n8);
    if (pair->kind == MULTI) {
        n += put16(wide + n, "second");
        wide[n++] = 0;
        memcpy(want8 + n8, "second\0", 8);
        n8 += 8;
    }
    bytes = 2 * n;
    if (pair->kind == BYTES) {
        want = text;
        bytes = type == LAYOUT_LINECALLLIST ? 4 : strlen(text);
    } else if (ansi) {
        want = want8;
        bytes = n8;
    }
    ck_assert_uint_eq(size, bytes);
    ck_assert(memcmp(data, want, bytes) == 0);
    return true;
}

static int by_offset(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (x[0] > y[0]) - (x[0] < y[0]);
}

/* Parts do not overlap. */
static void disjoint_check(enum layout_type type, const void *p, uint32_t fixed)
{
    uint32_t spans[32][2], n = 0, i;

    for (i = 0; i < types[type].pairc; i++) {
        uint32_t at = types[type].pairv[i].at;

        if (at + 8 <= fixed && get(p, at)) {
            spans[n][0] = get(p, at + 4);
            spans[n++][1] = get(p, at);
        }
    }
    qsort(spans, n, sizeof(spans[0]), by_offset);
    for (i = 1; i < n; i++)
        ck_assert_uint_le(spans[i - 1][0] + spans[i - 1][1], spans[i][0]);
}

/* ---- tests ---- */

START_TEST(fixed_sizes)
{
    int type, v;

    for (type = 0; type < LAYOUT_COUNT; type++)
        for (v = 0; v < VERSIONS; v++)
            ck_assert_msg(layout_fixed((enum layout_type)type, versions[v]) == types[type].fixed[v],
                          "type %d version %x is %u", type, (unsigned)versions[v],
                          (unsigned)layout_fixed((enum layout_type)type, versions[v]));
}
END_TEST

/* Every size from nothing to more than enough, in memory of exactly that size. */
static void all_sizes(enum layout_type type, uint32_t version, bool ansi)
{
    uint32_t len, fixed = layout_fixed(type, version), total, needed = 0, complete = 0;
    unsigned char *src = full(type, &len);
    uint32_t limit = len + 64;

    for (total = 4; total <= limit; total++) {
        unsigned char *dst = malloc(total);
        uint32_t used, i, there = 0, wanted = 0;
        int32_t rc;

        memset(dst, 0xA5, total);
        set(dst, 0, total);
        rc = layout_convert(type, dst, version, ansi, src, len, NEWEST);
        ck_assert_uint_eq(get(dst, 0), total);
        if (total < fixed) {
            ck_assert_int_eq(rc, (int32_t)LINEERR_STRUCTURETOOSMALL);
            for (i = 4; i < total; i++)
                ck_assert_uint_eq(dst[i], 0xA5);
            free(dst);
            continue;
        }
        ck_assert_int_eq(rc, 0);
        used = total;
        if (has_header(type)) {
            if (!needed)
                needed = get(dst, 4);
            ck_assert_uint_eq(get(dst, 4), needed);
            used = get(dst, 8);
            ck_assert_uint_ge(used, fixed);
            ck_assert_uint_le(used, total);
            ck_assert_uint_le(used, needed);
            for (i = used; i < total; i++)
                ck_assert_uint_eq(dst[i], 0xA5);
        }
        for (i = 0; i < types[type].pairc; i++) {
            if (types[type].pairv[i].at + 8u > fixed)
                continue;
            wanted++;
            there += pair_check(type, dst, fixed, used, i, ansi);
        }
        disjoint_check(type, dst, fixed);
        if (has_header(type))
            ck_assert_int_eq(total >= needed, used == needed);
        if (total >= needed && has_header(type))
            ck_assert_uint_eq(there, wanted);
        complete += there == wanted;
        free(dst);
    }
    ck_assert_uint_gt(complete, 0);
    free(src);
}

START_TEST(every_size)
{
    int v;

    for (v = 0; v < VERSIONS; v++) {
        all_sizes((enum layout_type)_i, versions[v], false);
        all_sizes((enum layout_type)_i, versions[v], true);
    }
}
END_TEST

/* From every version to every version: what both have is taken over, the rest is zero. */
START_TEST(every_version_pair)
{
    enum layout_type type = (enum layout_type)_i;
    int from, to;

    for (from = 0; from < VERSIONS; from++) {
        for (to = 0; to < VERSIONS; to++) {
            uint32_t src_fixed = layout_fixed(type, versions[from]), dst_fixed = layout_fixed(type, versions[to]), i;
            unsigned char *src = calloc(1, src_fixed), *dst = malloc(dst_fixed);

            set(src, 0, src_fixed);
            /* A mark in the last member of each, where it is not part of a pair. */
            if (type == LAYOUT_LINECALLSTATUS)
                set(src, offsetof(LINECALLSTATUS, dwCallFeatures), 0x1234);
            memset(dst, 0xA5, dst_fixed);
            set(dst, 0, dst_fixed);
            ck_assert_int_eq(layout_convert(type, dst, versions[to], false, src, src_fixed, versions[from]), 0);
            if (type == LAYOUT_LINECALLSTATUS)
                ck_assert_uint_eq(get(dst, offsetof(LINECALLSTATUS, dwCallFeatures)), 0x1234);
            for (i = src_fixed; i < dst_fixed; i++)
                ck_assert_uint_eq(dst[i], 0);
            if (has_header(type)) {
                ck_assert_uint_eq(get(dst, 4), dst_fixed);
                ck_assert_uint_eq(get(dst, 8), dst_fixed);
            }
            free(src);
            free(dst);
        }
    }
}
END_TEST

static uint64_t seed = 1;

static uint32_t random32(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

/* Sizes and offsets as a broken or hostile provider sends them. */
START_TEST(garbage)
{
    enum layout_type type = (enum layout_type)_i;
    int round;

    for (round = 0; round < 4000; round++) {
        uint32_t from = versions[random32() % VERSIONS], to = versions[random32() % VERSIONS];
        uint32_t len = random32() % 700, total = 4 + random32() % 900, i;
        unsigned char *src = malloc(len ? len : 1), *dst = malloc(total);
        void *imported;
        uint32_t imported_len;
        int32_t rc;

        for (i = 0; i < len; i++)
            src[i] = (unsigned char)random32();
        for (i = 0; i + 4 <= len; i += 4) {
            switch (random32() % 6) {
            case 0:
                set(src, i, random32() % (len + 8));
                break;
            case 1:
                set(src, i, 0xFFFFFFFFu - random32() % 8);
                break;
            case 2:
                set(src, i, 0);
                break;
            case 3:
                set(src, i, random32() % 40);
                break;
            default:
                break;
            }
        }
        memset(dst, 0xA5, total);
        set(dst, 0, total);
        rc = layout_convert(type, dst, to, random32() % 2, src, len, from);
        if (total < layout_fixed(type, to)) {
            ck_assert_int_eq(rc, (int32_t)LINEERR_STRUCTURETOOSMALL);
        } else if (rc == 0 && has_header(type)) {
            uint32_t used = get(dst, 8);

            ck_assert_uint_le(used, total);
            for (i = 0; i < types[type].pairc; i++) {
                uint32_t at = types[type].pairv[i].at;

                if (at + 8 > layout_fixed(type, to) || !get(dst, at))
                    continue;
                ck_assert_uint_ge(get(dst, at + 4), layout_fixed(type, to));
                ck_assert_uint_le(get(dst, at), used - get(dst, at + 4));
            }
        }
        if (len >= 4) {
            set(src, 0, len);
            rc = layout_import(type, &imported, &imported_len, src, from, random32() % 2);
            ck_assert_int_eq(rc == 0, imported != NULL);
            free(imported);
        }
        free(src);
        free(dst);
    }
}
END_TEST

START_TEST(null_and_nonsense)
{
    uint32_t block[100] = {sizeof(block)}, len;
    void *p = block;

    ck_assert_int_eq(layout_convert(LAYOUT_VARSTRING, NULL, NEWEST, false, block, sizeof(block), NEWEST),
                     (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(layout_convert(LAYOUT_VARSTRING, block, NEWEST, false, NULL, 0, NEWEST),
                     (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(layout_import(LAYOUT_VARSTRING, NULL, &len, block, NEWEST, false), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_int_eq(layout_import(LAYOUT_VARSTRING, &p, &len, NULL, NEWEST, false), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_ptr_null(p);
    ck_assert_int_eq(layout_add(LAYOUT_VARSTRING, &p, &len, 16, "x", 1), (int32_t)LINEERR_INVALPOINTER);
    ck_assert_uint_eq(layout_fixed(LAYOUT_COUNT, NEWEST), 0);
}
END_TEST

/* ---- import ---- */

struct params {
    LINECALLPARAMS p;
    char text[64];
};

static void params_init(struct params *in, uint32_t fixed)
{
    memset(in, 0, sizeof(*in));
    in->p.dwTotalSize = sizeof(*in);
    (void)fixed;
}

START_TEST(import_ansi)
{
    struct params in;
    LINECALLPARAMS *out;
    uint32_t len;
    uint16_t want[16];

    params_init(&in, 0);
    memcpy(in.text, "100xxx", 6); /* no terminator: the size counts */
    in.p.dwOrigAddressSize = 3;
    in.p.dwOrigAddressOffset = offsetof(struct params, text);
    in.p.dwUserUserInfoSize = 2;
    in.p.dwUserUserInfoOffset = offsetof(struct params, text) + 3;
    in.p.dwNoAnswerTimeout = 77;
    ck_assert_int_eq(layout_import(LAYOUT_LINECALLPARAMS, (void **)&out, &len, &in, NEWEST, true), 0);
    ck_assert_uint_eq(out->dwTotalSize, len);
    ck_assert_uint_eq(out->dwOrigAddressSize, 8);
    (void)put16(want, "100");
    ck_assert(memcmp((char *)out + out->dwOrigAddressOffset, want, 8) == 0);
    ck_assert_uint_eq(out->dwUserUserInfoSize, 2);
    ck_assert(memcmp((char *)out + out->dwUserUserInfoOffset, "xx", 2) == 0);
    ck_assert_uint_eq(out->dwNoAnswerTimeout, 77);
    free(out);
}
END_TEST

START_TEST(import_wide_at_odd_offset)
{
    struct params in;
    LINECALLPARAMS *out;
    uint32_t len;
    uint16_t want[16];
    size_t n = put16(want, "555");

    params_init(&in, 0);
    memcpy(in.text + 1, want, 2 * n);
    in.p.dwCalledPartySize = (DWORD)(2 * n);
    in.p.dwCalledPartyOffset = offsetof(struct params, text) + 1;
    ck_assert_int_eq(layout_import(LAYOUT_LINECALLPARAMS, (void **)&out, &len, &in, NEWEST, false), 0);
    ck_assert_uint_eq(out->dwCalledPartySize, 2 * n);
    ck_assert(memcmp((char *)out + out->dwCalledPartyOffset, want, 2 * n) == 0);
    free(out);
}
END_TEST

/* Version 1.4 knows nothing of the members behind its own fixed part: what lies there is not looked at. */
START_TEST(import_old)
{
    struct params in;
    LINECALLPARAMS *out;
    uint32_t len;

    params_init(&in, 0);
    memset((char *)&in + 112, 0xFF, sizeof(in) - 112);
    memcpy((char *)&in + 112, "9", 2);
    in.p.dwCommentSize = 2;
    in.p.dwCommentOffset = 112;
    ck_assert_int_eq(layout_import(LAYOUT_LINECALLPARAMS, (void **)&out, &len, &in, 0x00010004, true), 0);
    ck_assert_uint_eq(out->dwNoAnswerTimeout, 0);
    ck_assert_uint_eq(out->dwTargetAddressSize, 0);
    ck_assert_uint_eq(out->dwCommentSize, 4);
    ck_assert_uint_ge(out->dwCommentOffset, 176);
    free(out);
}
END_TEST

START_TEST(import_refused)
{
    static const struct {
        uint32_t size, offset;
    } bad[] = {{1, 0},          {1, 4},  {1, sizeof(struct params)}, {2, sizeof(struct params) - 1}, {0xFFFFFFFF, 180},
               {8, 0xFFFFFFFC}, {8, 100}};
    struct params in;
    void *out;
    uint32_t len;
    size_t i;

    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        params_init(&in, 0);
        in.p.dwDisplayableAddressSize = bad[i].size;
        in.p.dwDisplayableAddressOffset = bad[i].offset;
        ck_assert_int_eq(layout_import(LAYOUT_LINECALLPARAMS, &out, &len, &in, NEWEST, true),
                         (int32_t)LINEERR_INVALPARAM);
        ck_assert_ptr_null(out);
    }
    params_init(&in, 0);
    in.p.dwTotalSize = 175;
    ck_assert_int_eq(layout_import(LAYOUT_LINECALLPARAMS, &out, &len, &in, NEWEST, true),
                     (int32_t)LINEERR_STRUCTURETOOSMALL);
    in.p.dwTotalSize = 0;
    ck_assert_int_eq(layout_import(LAYOUT_LINECALLPARAMS, &out, &len, &in, 0x00010003, true),
                     (int32_t)LINEERR_STRUCTURETOOSMALL);
}
END_TEST

/* ---- records ---- */

/* A list of two providers, W. */
static void *provider_list(uint32_t *len)
{
    LINEPROVIDERENTRY entry[2] = {{7, 0, 0}, {9, 0, 0}};
    uint16_t name[32];
    void *p = calloc(1, sizeof(LINEPROVIDERLIST));
    uint32_t at, i, n;

    *len = sizeof(LINEPROVIDERLIST);
    set(p, 0, *len);
    ck_assert_int_eq(layout_add(LAYOUT_LINEPROVIDERLIST, &p, len, offsetof(LINEPROVIDERLIST, dwProviderListSize), entry,
                                sizeof(entry)),
                     0);
    at = get(p, offsetof(LINEPROVIDERLIST, dwProviderListOffset));
    for (i = 0; i < 2; i++) {
        n = (uint32_t)(2 * put16(name, i ? "second.tsp" : "a.tsp"));
        p = realloc(p, *len + n);
        memcpy((char *)p + *len, name, n);
        set(p, at + i * sizeof(entry[0]) + offsetof(LINEPROVIDERENTRY, dwProviderFilenameSize), n);
        set(p, at + i * sizeof(entry[0]) + offsetof(LINEPROVIDERENTRY, dwProviderFilenameOffset), *len);
        *len += n;
    }
    set(p, 0, *len);
    set(p, offsetof(LINEPROVIDERLIST, dwNumProviders), 2);
    return p;
}

START_TEST(records_every_size)
{
    uint32_t len, total, ansi, needed, seen = 0;
    unsigned char *src = provider_list(&len);

    for (ansi = 0; ansi < 2; ansi++) {
        needed = 0;
        for (total = 24; total < len + 40; total++) {
            unsigned char *dst = malloc(total);
            LINEPROVIDERLIST list;
            LINEPROVIDERENTRY entry;

            memset(dst, 0xA5, total);
            set(dst, 0, total);
            ck_assert_int_eq(layout_convert(LAYOUT_LINEPROVIDERLIST, dst, NEWEST, ansi, src, len, NEWEST), 0);
            memcpy(&list, dst, sizeof(list));
            if (!needed)
                needed = list.dwNeededSize;
            ck_assert_uint_eq(list.dwNeededSize, needed);
            if (total < needed) {
                ck_assert_uint_eq(list.dwNumProviders, 0);
                ck_assert_uint_eq(list.dwProviderListSize, 0);
                ck_assert_uint_eq(list.dwUsedSize, 24);
            } else {
                const char *name;

                seen++;
                ck_assert_uint_eq(list.dwNumProviders, 2);
                ck_assert_uint_eq(list.dwProviderListSize, 24);
                memcpy(&entry, dst + list.dwProviderListOffset + sizeof(entry), sizeof(entry));
                ck_assert_uint_eq(entry.dwPermanentProviderID, 9);
                name = (const char *)dst + entry.dwProviderFilenameOffset;
                if (ansi) {
                    ck_assert_uint_eq(entry.dwProviderFilenameSize, 11);
                    ck_assert_str_eq(name, "second.tsp");
                } else {
                    ck_assert_uint_eq(entry.dwProviderFilenameSize, 22);
                    ck_assert(memcmp(name, "s\0e\0c\0", 6) == 0);
                }
                ck_assert_uint_eq(list.dwUsedSize, needed);
            }
            free(dst);
        }
    }
    ck_assert_uint_gt(seen, 2);
    free(src);
}
END_TEST

/* Elements claimed that are not there, and texts of elements outside. */
START_TEST(records_claimed)
{
    uint32_t len, at;
    unsigned char *src = provider_list(&len), dst[400];
    LINEPROVIDERLIST list;
    LINEPROVIDERENTRY entry;
    void *imported;
    uint32_t imported_len;

    set(src, offsetof(LINEPROVIDERLIST, dwNumProviders), 1000);
    ck_assert_int_eq(layout_import(LAYOUT_LINEPROVIDERLIST, &imported, &imported_len, src, NEWEST, false),
                     (int32_t)LINEERR_INVALPARAM);
    set(src, offsetof(LINEPROVIDERLIST, dwNumProviders), 2);
    ck_assert_int_eq(layout_import(LAYOUT_LINEPROVIDERLIST, &imported, &imported_len, src, NEWEST, false), 0);
    free(imported);
    set(src, offsetof(LINEPROVIDERLIST, dwNumProviders), 1000);
    at = get(src, offsetof(LINEPROVIDERLIST, dwProviderListOffset));
    set(src, at + offsetof(LINEPROVIDERENTRY, dwProviderFilenameOffset), 0x7FFFFFFF);
    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_LINEPROVIDERLIST, dst, NEWEST, true, src, len, NEWEST), 0);
    memcpy(&list, dst, sizeof(list));
    ck_assert_uint_eq(list.dwNumProviders, 2);
    memcpy(&entry, dst + list.dwProviderListOffset, sizeof(entry));
    ck_assert_uint_eq(entry.dwPermanentProviderID, 7);
    ck_assert_uint_eq(entry.dwProviderFilenameSize, 0);
    ck_assert_uint_eq(entry.dwProviderFilenameOffset, 0);
    ck_assert_int_eq(layout_import(LAYOUT_LINEPROVIDERLIST, &imported, &imported_len, src, NEWEST, false),
                     (int32_t)LINEERR_INVALPARAM);
    free(src);
}
END_TEST

/* Who has the line open: in 2.0 and above only, and its count is of opens, not of elements. */
START_TEST(app_info)
{
    LINEAPPINFO info[1];
    uint32_t len = sizeof(LINEDEVSTATUS), at;
    void *src = calloc(1, sizeof(LINEDEVSTATUS));
    unsigned char dst[600];
    LINEDEVSTATUS status;
    uint16_t name[16];

    set(src, 0, len);
    set(src, offsetof(LINEDEVSTATUS, dwNumOpens), 3);
    memset(info, 0, sizeof(info));
    info[0].dwMediaModes = 4;
    ck_assert_int_eq(
        layout_add(LAYOUT_LINEDEVSTATUS, &src, &len, offsetof(LINEDEVSTATUS, dwAppInfoSize), info, sizeof(info)), 0);
    at = get(src, offsetof(LINEDEVSTATUS, dwAppInfoOffset));
    set(src, at + offsetof(LINEAPPINFO, dwFriendlyNameSize), (uint32_t)(2 * put16(name, "dialer")));
    set(src, at + offsetof(LINEAPPINFO, dwFriendlyNameOffset), len);
    src = realloc(src, len + 14);
    memcpy((char *)src + len, name, 14);
    len += 14;
    set(src, 0, len);

    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_LINEDEVSTATUS, dst, NEWEST, true, src, len, NEWEST), 0);
    memcpy(&status, dst, sizeof(status));
    ck_assert_uint_eq(status.dwNumOpens, 3);
    ck_assert_uint_eq(status.dwAppInfoSize, sizeof(info));
    memcpy(info, dst + status.dwAppInfoOffset, sizeof(info));
    ck_assert_uint_eq(info[0].dwMediaModes, 4);
    ck_assert_str_eq((char *)dst + info[0].dwFriendlyNameOffset, "dialer");

    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_LINEDEVSTATUS, dst, 0x00010004, true, src, len, NEWEST), 0);
    ck_assert_uint_eq(get(dst, 4), 76);
    ck_assert_uint_eq(get(dst, offsetof(LINEDEVSTATUS, dwNumOpens)), 3);
    free(src);
}
END_TEST

/* ---- formats ---- */

/* Slots of one length become slots of another. */
START_TEST(terminal_texts)
{
    uint16_t slots[3][8] = {{'a', 'b', 'c'}, {'h', 'a', 'n', 'd', 's', 'e', 't'}, {0}};
    uint32_t len = layout_fixed(LAYOUT_LINEDEVCAPS, NEWEST);
    void *src = calloc(1, len);
    unsigned char dst[600];
    LINEDEVCAPS caps;

    set(src, 0, len);
    set(src, offsetof(LINEDEVCAPS, dwTerminalTextEntrySize), sizeof(slots[0]));
    ck_assert_int_eq(
        layout_add(LAYOUT_LINEDEVCAPS, &src, &len, offsetof(LINEDEVCAPS, dwTerminalTextSize), slots, sizeof(slots)), 0);
    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_LINEDEVCAPS, dst, NEWEST, true, src, len, NEWEST), 0);
    memcpy(&caps, dst, layout_fixed(LAYOUT_LINEDEVCAPS, NEWEST));
    ck_assert_uint_eq(caps.dwTerminalTextEntrySize, 8);
    ck_assert_uint_eq(caps.dwTerminalTextSize, 24);
    ck_assert_str_eq((char *)dst + caps.dwTerminalTextOffset, "abc");
    ck_assert_str_eq((char *)dst + caps.dwTerminalTextOffset + 8, "handset");
    ck_assert_uint_eq(caps.dwStringFormat, STRINGFORMAT_ASCII);
    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_LINEDEVCAPS, dst, NEWEST, false, src, len, NEWEST), 0);
    memcpy(&caps, dst, layout_fixed(LAYOUT_LINEDEVCAPS, NEWEST));
    ck_assert_uint_eq(caps.dwTerminalTextEntrySize, sizeof(slots[0]));
    ck_assert(memcmp(dst + caps.dwTerminalTextOffset, slots, sizeof(slots)) == 0);
    free(src);
}
END_TEST

/* A VARSTRING is text only if it says so. */
START_TEST(varstring_formats)
{
    uint16_t text[8];
    uint32_t n = (uint32_t)(2 * put16(text, "com1")), len = sizeof(VARSTRING);
    void *src = calloc(1, len);
    unsigned char dst[100];
    VARSTRING out;

    set(src, 0, len);
    set(src, offsetof(VARSTRING, dwStringFormat), STRINGFORMAT_UNICODE);
    ck_assert_int_eq(layout_add(LAYOUT_VARSTRING, &src, &len, offsetof(VARSTRING, dwStringSize), text, n), 0);
    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_VARSTRING, dst, NEWEST, true, src, len, NEWEST), 0);
    memcpy(&out, dst, sizeof(out));
    ck_assert_uint_eq(out.dwStringFormat, STRINGFORMAT_ASCII);
    ck_assert_uint_eq(out.dwStringSize, 5);
    ck_assert_str_eq((char *)dst + out.dwStringOffset, "com1");
    set(src, offsetof(VARSTRING, dwStringFormat), STRINGFORMAT_BINARY);
    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_VARSTRING, dst, NEWEST, true, src, len, NEWEST), 0);
    memcpy(&out, dst, sizeof(out));
    ck_assert_uint_eq(out.dwStringFormat, STRINGFORMAT_BINARY);
    ck_assert_uint_eq(out.dwStringSize, n);
    ck_assert(memcmp(dst + out.dwStringOffset, text, n) == 0);
    free(src);
}
END_TEST

/* A source that ends inside its fixed part, or whose text has no end. */
START_TEST(cut_source)
{
    unsigned char src[400], dst[600];
    uint32_t len;
    LINECALLINFO info;

    for (len = 0; len < 330; len++) {
        memset(src, 0, sizeof(src));
        set(src, 0, len);
        set(dst, 0, sizeof(dst));
        ck_assert_int_eq(layout_convert(LAYOUT_LINECALLINFO, dst, NEWEST, false, src, len, NEWEST), 0);
        ck_assert_uint_eq(get(dst, 8), 324);
    }
    memset(src, 0, sizeof(src));
    memset(src + 324, 'A', 8);
    set(src, offsetof(LINECALLINFO, dwCallerIDSize), 7);
    set(src, offsetof(LINECALLINFO, dwCallerIDOffset), 324);
    set(dst, 0, sizeof(dst));
    ck_assert_int_eq(layout_convert(LAYOUT_LINECALLINFO, dst, NEWEST, false, src, 332, NEWEST), 0);
    memcpy(&info, dst, 324);
    ck_assert_uint_eq(info.dwCallerIDSize, 8); /* three units and the terminator that was missing */
    ck_assert_uint_eq(dst[info.dwCallerIDOffset + 6] | dst[info.dwCallerIDOffset + 7], 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("layout");
    TCase *t = tcase_create("layout");
    SRunner *runner;
    int failed;

    tcase_add_test(t, fixed_sizes);
    tcase_add_loop_test(t, every_size, 0, LAYOUT_COUNT);
    tcase_add_loop_test(t, every_version_pair, 0, LAYOUT_COUNT);
    tcase_add_loop_test(t, garbage, 0, LAYOUT_COUNT);
    tcase_add_test(t, null_and_nonsense);
    tcase_add_test(t, import_ansi);
    tcase_add_test(t, import_wide_at_odd_offset);
    tcase_add_test(t, import_old);
    tcase_add_test(t, import_refused);
    tcase_add_test(t, records_every_size);
    tcase_add_test(t, records_claimed);
    tcase_add_test(t, app_info);
    tcase_add_test(t, terminal_texts);
    tcase_add_test(t, varstring_formats);
    tcase_add_test(t, cut_source);
    suite_add_tcase(suite, t);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
