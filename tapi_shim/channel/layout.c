/* Variable-size TAPI structures, by tables: where their parts are, what they hold, how long they are in each version.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/channel/layout.h"

#include "include/tapi_port.h"
#include "include/tapi_fixed_size.h"
#include "tapi_shim/platform/platform.h"

#include <stdlib.h>
#include <string.h>

#define NEWEST 0x00020002u
/* A structure of a call that grows beyond this is a fault of its maker. */
#define IMPORT_MAX 0x10000000u

enum { OFFSET_TOTAL = 0, OFFSET_NEEDED = 4, OFFSET_USED = 8 };

enum part_kind {
    PART_BYTES,   /* taken over as they are */
    PART_TEXT,    /* one text; its end counts, not its size, so that the result is always terminated */
    PART_MULTI,   /* texts one after another, an empty one ends them */
    PART_TABLE,   /* texts in slots of one length, which a member of the structure tells */
    PART_RECORDS, /* array of records with texts of their own; their offsets count from the structure as well */
    PART_FORMAT   /* VARSTRING: its format says whether this is text */
};

struct records {
    uint16_t stride;
    uint16_t count_at; /* member that counts the elements, 0: none does */
    uint8_t textc;
    uint8_t textv[6]; /* size members of the texts, from the start of the record */
    uint16_t stride_1_3; /* length below version 1.4, 0: the same; texts behind it are left out */
};

struct part {
    uint16_t at; /* of the size member; the offset member follows */
    uint8_t kind;
    uint16_t slot_at;              /* PART_TABLE: the member with the slots' length */
    const struct records *records; /* PART_RECORDS */
    uint16_t count_at;             /* PART_BYTES: member that counts elements of 4 bytes, 0: none */
};

struct structure {
    const struct part *partv;
    uint32_t partc;
    uint16_t format_at; /* dwStringFormat, 0: it has none */
    bool header;        /* dwNeededSize and dwUsedSize */
};

#define BYTES(type, name)                                                                                              \
    {                                                                                                                  \
        offsetof(type, name##Size), PART_BYTES, 0, NULL, 0                                                             \
    }
#define COUNTED(type, name, count)                                                                                     \
    {                                                                                                                  \
        offsetof(type, name##Size), PART_BYTES, 0, NULL, offsetof(type, count)                                         \
    }
#define TEXTS(type, name)                                                                                              \
    {                                                                                                                  \
        offsetof(type, name##Size), PART_TEXT, 0, NULL, 0                                                              \
    }
#define MULTI(type, name)                                                                                              \
    {                                                                                                                  \
        offsetof(type, name##Size), PART_MULTI, 0, NULL, 0                                                             \
    }
#define TABLE(type, name, slot)                                                                                        \
    {                                                                                                                  \
        offsetof(type, name##Size), PART_TABLE, offsetof(type, slot), NULL, 0                                          \
    }
#define RECORDS(type, name, records)                                                                                   \
    {                                                                                                                  \
        offsetof(type, name##Size), PART_RECORDS, 0, &(records), 0                                                     \
    }

static const struct records app_info = {
    sizeof(LINEAPPINFO),
    0, /* dwNumOpens counts opens whether there is room for this list or not */
    4,
    {offsetof(LINEAPPINFO, dwMachineNameSize), offsetof(LINEAPPINFO, dwUserNameSize),
     offsetof(LINEAPPINFO, dwModuleFilenameSize), offsetof(LINEAPPINFO, dwFriendlyNameSize)},
    0};
static const struct records treatments = {sizeof(LINECALLTREATMENTENTRY),
                                          offsetof(LINEADDRESSCAPS, dwNumCallTreatments),
                                          1,
                                          {offsetof(LINECALLTREATMENTENTRY, dwCallTreatmentNameSize)},
                                          0};
/* The members behind these came with 3.1, later than any version here. */
static const struct records forwards = {
    offsetof(LINEFORWARD, dwDestAddressOffset) + 4,
    offsetof(LINEADDRESSSTATUS, dwForwardNumEntries),
    2,
    {offsetof(LINEFORWARD, dwCallerAddressSize), offsetof(LINEFORWARD, dwDestAddressSize)},
    0};
static const struct records providers = {sizeof(LINEPROVIDERENTRY),
                                         offsetof(LINEPROVIDERLIST, dwNumProviders),
                                         1,
                                         {offsetof(LINEPROVIDERENTRY, dwProviderFilenameSize)},
                                         0};

static const struct records countries = {
    sizeof(LINECOUNTRYENTRY),
    offsetof(LINECOUNTRYLIST, dwNumCountries),
    4,
    {offsetof(LINECOUNTRYENTRY, dwCountryNameSize), offsetof(LINECOUNTRYENTRY, dwSameAreaRuleSize),
     offsetof(LINECOUNTRYENTRY, dwLongDistanceRuleSize), offsetof(LINECOUNTRYENTRY, dwInternationalRuleSize)},
    0};
static const struct records locations = {
    sizeof(LINELOCATIONENTRY),
    offsetof(LINETRANSLATECAPS, dwNumLocations),
    6,
    {offsetof(LINELOCATIONENTRY, dwLocationNameSize), offsetof(LINELOCATIONENTRY, dwCityCodeSize),
     offsetof(LINELOCATIONENTRY, dwLocalAccessCodeSize), offsetof(LINELOCATIONENTRY, dwLongDistanceAccessCodeSize),
     offsetof(LINELOCATIONENTRY, dwTollPrefixListSize), offsetof(LINELOCATIONENTRY, dwCancelCallWaitingSize)},
    offsetof(LINELOCATIONENTRY, dwLocalAccessCodeSize)};
static const struct records cards = {
    sizeof(LINECARDENTRY),
    offsetof(LINETRANSLATECAPS, dwNumCards),
    4,
    {offsetof(LINECARDENTRY, dwCardNameSize), offsetof(LINECARDENTRY, dwSameAreaRuleSize),
     offsetof(LINECARDENTRY, dwLongDistanceRuleSize), offsetof(LINECARDENTRY, dwInternationalRuleSize)},
    offsetof(LINECARDENTRY, dwCardNumberDigits)};

static const struct records agent_groups = {sizeof(LINEAGENTGROUPENTRY),
                                            offsetof(LINEAGENTGROUPLIST, dwNumEntries),
                                            1,
                                            {offsetof(LINEAGENTGROUPENTRY, dwNameSize)},
                                            0};
static const struct records agent_status_groups = {sizeof(LINEAGENTGROUPENTRY),
                                                   offsetof(LINEAGENTSTATUS, dwNumEntries),
                                                   1,
                                                   {offsetof(LINEAGENTGROUPENTRY, dwNameSize)},
                                                   0};
static const struct records agent_activities = {sizeof(LINEAGENTACTIVITYENTRY),
                                                offsetof(LINEAGENTACTIVITYLIST, dwNumEntries),
                                                1,
                                                {offsetof(LINEAGENTACTIVITYENTRY, dwNameSize)},
                                                0};
static const struct records agent_sessions = {
    sizeof(LINEAGENTSESSIONENTRY), offsetof(LINEAGENTSESSIONLIST, dwNumEntries), 0, {0}, 0};
static const struct records queues = {sizeof(LINEQUEUEENTRY),
                                      offsetof(LINEQUEUELIST, dwNumEntries),
                                      1,
                                      {offsetof(LINEQUEUEENTRY, dwNameSize)},
                                      0};

static const struct part linedevcaps[] = {
    TEXTS(LINEDEVCAPS, dwProviderInfo),
    TEXTS(LINEDEVCAPS, dwSwitchInfo),
    TEXTS(LINEDEVCAPS, dwLineName),
    BYTES(LINEDEVCAPS, dwTerminalCaps),
    TABLE(LINEDEVCAPS, dwTerminalText, dwTerminalTextEntrySize),
    BYTES(LINEDEVCAPS, dwDevSpecific),
    MULTI(LINEDEVCAPS, dwDeviceClasses),
};
static const struct part lineaddresscaps[] = {
    TEXTS(LINEADDRESSCAPS, dwAddress),
    BYTES(LINEADDRESSCAPS, dwDevSpecific),
    TABLE(LINEADDRESSCAPS, dwCompletionMsgText, dwCompletionMsgTextEntrySize),
    RECORDS(LINEADDRESSCAPS, dwCallTreatmentList, treatments),
    MULTI(LINEADDRESSCAPS, dwDeviceClasses),
};
static const struct part linedevstatus[] = {
    BYTES(LINEDEVSTATUS, dwTerminalModes),
    BYTES(LINEDEVSTATUS, dwDevSpecific),
    RECORDS(LINEDEVSTATUS, dwAppInfo, app_info),
};
static const struct part lineaddressstatus[] = {
    RECORDS(LINEADDRESSSTATUS, dwForward, forwards),
    BYTES(LINEADDRESSSTATUS, dwTerminalModes),
    BYTES(LINEADDRESSSTATUS, dwDevSpecific),
};
static const struct part linecallinfo[] = {
    TEXTS(LINECALLINFO, dwCallerID),          TEXTS(LINECALLINFO, dwCallerIDName),
    TEXTS(LINECALLINFO, dwCalledID),          TEXTS(LINECALLINFO, dwCalledIDName),
    TEXTS(LINECALLINFO, dwConnectedID),       TEXTS(LINECALLINFO, dwConnectedIDName),
    TEXTS(LINECALLINFO, dwRedirectionID),     TEXTS(LINECALLINFO, dwRedirectionIDName),
    TEXTS(LINECALLINFO, dwRedirectingID),     TEXTS(LINECALLINFO, dwRedirectingIDName),
    TEXTS(LINECALLINFO, dwAppName),           TEXTS(LINECALLINFO, dwDisplayableAddress),
    TEXTS(LINECALLINFO, dwCalledParty),       TEXTS(LINECALLINFO, dwComment),
    BYTES(LINECALLINFO, dwDisplay), /* raw, as the network sent it */
    BYTES(LINECALLINFO, dwUserUserInfo),      BYTES(LINECALLINFO, dwHighLevelComp),
    BYTES(LINECALLINFO, dwLowLevelComp),      BYTES(LINECALLINFO, dwChargingInfo),
    BYTES(LINECALLINFO, dwTerminalModes),     BYTES(LINECALLINFO, dwDevSpecific),
    BYTES(LINECALLINFO, dwCallData),          BYTES(LINECALLINFO, dwSendingFlowspec),
    BYTES(LINECALLINFO, dwReceivingFlowspec),
};
static const struct part linecallstatus[] = {BYTES(LINECALLSTATUS, dwDevSpecific)};
static const struct part linecalllist[] = {COUNTED(LINECALLLIST, dwCalls, dwCallsNumEntries)};
static const struct part linecallparams[] = {
    TEXTS(LINECALLPARAMS, dwOrigAddress),       TEXTS(LINECALLPARAMS, dwDisplayableAddress),
    TEXTS(LINECALLPARAMS, dwCalledParty),       TEXTS(LINECALLPARAMS, dwComment),
    BYTES(LINECALLPARAMS, dwUserUserInfo),      BYTES(LINECALLPARAMS, dwHighLevelComp),
    BYTES(LINECALLPARAMS, dwLowLevelComp),      BYTES(LINECALLPARAMS, dwDevSpecific),
    TEXTS(LINECALLPARAMS, dwTargetAddress),     BYTES(LINECALLPARAMS, dwSendingFlowspec),
    BYTES(LINECALLPARAMS, dwReceivingFlowspec), TEXTS(LINECALLPARAMS, dwDeviceClass),
    BYTES(LINECALLPARAMS, dwDeviceConfig),      BYTES(LINECALLPARAMS, dwCallData),
    TEXTS(LINECALLPARAMS, dwCallingPartyID),
};
static const struct part lineproviderlist[] = {RECORDS(LINEPROVIDERLIST, dwProviderList, providers)};
static const struct part linecountrylist[] = {RECORDS(LINECOUNTRYLIST, dwCountryList, countries)};
static const struct part linetranslatecaps[] = {
    RECORDS(LINETRANSLATECAPS, dwLocationList, locations),
    RECORDS(LINETRANSLATECAPS, dwCardList, cards),
};
static const struct part linetranslateoutput[] = {
    TEXTS(LINETRANSLATEOUTPUT, dwDialableString),
    TEXTS(LINETRANSLATEOUTPUT, dwDisplayableString),
};
static const struct part varstring[] = {{offsetof(VARSTRING, dwStringSize), PART_FORMAT, 0, NULL, 0}};

static const struct part phonecaps[] = {
    TEXTS(PHONECAPS, dwProviderInfo), TEXTS(PHONECAPS, dwPhoneInfo),       TEXTS(PHONECAPS, dwPhoneName),
    BYTES(PHONECAPS, dwButtonModes),  BYTES(PHONECAPS, dwButtonFunctions), BYTES(PHONECAPS, dwLampModes),
    BYTES(PHONECAPS, dwSetData),      BYTES(PHONECAPS, dwGetData),         BYTES(PHONECAPS, dwDevSpecific),
    MULTI(PHONECAPS, dwDeviceClasses),
};
static const struct part phonestatus[] = {
    BYTES(PHONESTATUS, dwDisplay), /* in the format of the phone, as phoneGetDisplay */
    BYTES(PHONESTATUS, dwLampModes),
    TEXTS(PHONESTATUS, dwOwnerName),
    BYTES(PHONESTATUS, dwDevSpecific),
};
static const struct part phonebuttoninfo[] = {TEXTS(PHONEBUTTONINFO, dwButtonText),
                                              BYTES(PHONEBUTTONINFO, dwDevSpecific)};

static const struct part lineagentcaps[] = {TEXTS(LINEAGENTCAPS, dwAgentHandlerInfo),
                                            BYTES(LINEAGENTCAPS, dwAgentExtensionIDList)};
static const struct part lineagentstatus[] = {RECORDS(LINEAGENTSTATUS, dwGroupList, agent_status_groups),
                                              TEXTS(LINEAGENTSTATUS, dwActivity)};
static const struct part lineagentgrouplist[] = {RECORDS(LINEAGENTGROUPLIST, dwList, agent_groups)};
static const struct part lineagentactivitylist[] = {RECORDS(LINEAGENTACTIVITYLIST, dwList, agent_activities)};
static const struct part lineagentsessionlist[] = {RECORDS(LINEAGENTSESSIONLIST, dwList, agent_sessions)};
static const struct part linequeuelist[] = {RECORDS(LINEQUEUELIST, dwList, queues)};
static const struct part lineproxyrequestlist[] = {COUNTED(LINEPROXYREQUESTLIST, dwList, dwNumEntries)};

#define PARTS(name) name, sizeof(name) / sizeof(name[0])
static const struct structure structures[LAYOUT_COUNT] = {
    [LAYOUT_LINEDEVCAPS] = {PARTS(linedevcaps), offsetof(LINEDEVCAPS, dwStringFormat), true},
    [LAYOUT_LINEADDRESSCAPS] = {PARTS(lineaddresscaps), 0, true},
    [LAYOUT_LINEDEVSTATUS] = {PARTS(linedevstatus), 0, true},
    [LAYOUT_LINEADDRESSSTATUS] = {PARTS(lineaddressstatus), 0, true},
    [LAYOUT_LINECALLINFO] = {PARTS(linecallinfo), 0, true},
    [LAYOUT_LINECALLSTATUS] = {PARTS(linecallstatus), 0, true},
    [LAYOUT_LINECALLLIST] = {PARTS(linecalllist), 0, true},
    [LAYOUT_LINECALLPARAMS] = {PARTS(linecallparams), 0, false},
    [LAYOUT_LINEPROVIDERLIST] = {PARTS(lineproviderlist), 0, true},
    [LAYOUT_VARSTRING] = {PARTS(varstring), offsetof(VARSTRING, dwStringFormat), true},
    [LAYOUT_LINECOUNTRYLIST] = {PARTS(linecountrylist), 0, true},
    [LAYOUT_LINETRANSLATECAPS] = {PARTS(linetranslatecaps), 0, true},
    [LAYOUT_LINETRANSLATEOUTPUT] = {PARTS(linetranslateoutput), 0, true},
    /* dwStringFormat of a phone is that of its display, which is never converted. */
    [LAYOUT_PHONECAPS] = {PARTS(phonecaps), 0, true},
    [LAYOUT_PHONESTATUS] = {PARTS(phonestatus), 0, true},
    [LAYOUT_PHONEBUTTONINFO] = {PARTS(phonebuttoninfo), 0, true},
    [LAYOUT_LINEAGENTCAPS] = {PARTS(lineagentcaps), 0, true},
    [LAYOUT_LINEAGENTSTATUS] = {PARTS(lineagentstatus), 0, true},
    [LAYOUT_LINEAGENTGROUPLIST] = {PARTS(lineagentgrouplist), 0, true},
    [LAYOUT_LINEAGENTACTIVITYLIST] = {PARTS(lineagentactivitylist), 0, true},
    [LAYOUT_LINEAGENTINFO] = {NULL, 0, 0, true},
    [LAYOUT_LINEAGENTSESSIONLIST] = {PARTS(lineagentsessionlist), 0, true},
    [LAYOUT_LINEAGENTSESSIONINFO] = {NULL, 0, 0, true},
    [LAYOUT_LINEQUEUELIST] = {PARTS(linequeuelist), 0, true},
    [LAYOUT_LINEQUEUEINFO] = {NULL, 0, 0, true},
    [LAYOUT_LINEPROXYREQUESTLIST] = {PARTS(lineproxyrequestlist), 0, true},
};

uint32_t layout_fixed(enum layout_type type, uint32_t version)
{
    switch (type) {
    case LAYOUT_LINEDEVCAPS:
        return TAPI_FIXED_LINEDEVCAPS(version);
    case LAYOUT_LINEADDRESSCAPS:
        return TAPI_FIXED_LINEADDRESSCAPS(version);
    case LAYOUT_LINEDEVSTATUS:
        return TAPI_FIXED_LINEDEVSTATUS(version);
    case LAYOUT_LINEADDRESSSTATUS:
        return sizeof(LINEADDRESSSTATUS);
    case LAYOUT_LINECALLINFO:
        return TAPI_FIXED_LINECALLINFO(version);
    case LAYOUT_LINECALLSTATUS:
        return TAPI_FIXED_LINECALLSTATUS(version);
    case LAYOUT_LINECALLLIST:
        return sizeof(LINECALLLIST);
    case LAYOUT_LINECALLPARAMS:
        return TAPI_FIXED_LINECALLPARAMS(version);
    case LAYOUT_LINEPROVIDERLIST:
        return sizeof(LINEPROVIDERLIST);
    case LAYOUT_VARSTRING:
        return sizeof(VARSTRING);
    case LAYOUT_LINECOUNTRYLIST:
        return sizeof(LINECOUNTRYLIST);
    case LAYOUT_LINETRANSLATECAPS:
        return sizeof(LINETRANSLATECAPS);
    case LAYOUT_LINETRANSLATEOUTPUT:
        return sizeof(LINETRANSLATEOUTPUT);
    case LAYOUT_PHONECAPS:
        return TAPI_FIXED_PHONECAPS(version);
    case LAYOUT_PHONESTATUS:
        return TAPI_FIXED_PHONESTATUS(version);
    case LAYOUT_PHONEBUTTONINFO:
        return TAPI_FIXED_PHONEBUTTONINFO(version);
    case LAYOUT_LINEAGENTCAPS:
        return version < NEWEST ? offsetof(LINEAGENTCAPS, ProxyGUID) : sizeof(LINEAGENTCAPS);
    case LAYOUT_LINEAGENTSTATUS:
        return sizeof(LINEAGENTSTATUS);
    case LAYOUT_LINEAGENTGROUPLIST:
        return sizeof(LINEAGENTGROUPLIST);
    case LAYOUT_LINEAGENTACTIVITYLIST:
        return sizeof(LINEAGENTACTIVITYLIST);
    case LAYOUT_LINEAGENTINFO:
        return sizeof(LINEAGENTINFO);
    case LAYOUT_LINEAGENTSESSIONLIST:
        return sizeof(LINEAGENTSESSIONLIST);
    case LAYOUT_LINEAGENTSESSIONINFO:
        return sizeof(LINEAGENTSESSIONINFO);
    case LAYOUT_LINEQUEUELIST:
        return sizeof(LINEQUEUELIST);
    case LAYOUT_LINEQUEUEINFO:
        return sizeof(LINEQUEUEINFO);
    case LAYOUT_LINEPROXYREQUESTLIST:
        return sizeof(LINEPROXYREQUESTLIST);
    case LAYOUT_COUNT:
        break;
    }
    return 0;
}

/* ---- reading and writing at any alignment ---- */

static uint32_t rd(const uint8_t *p, uint32_t at)
{
    uint32_t value;

    memcpy(&value, p + at, sizeof(value));
    return value;
}

static void wr(uint8_t *p, uint32_t at, uint32_t value)
{
    memcpy(p + at, &value, sizeof(value));
}

/* ---- one conversion under way ---- */

enum text_form { TEXT_KEEP, TEXT_TO_ANSI, TEXT_FROM_ANSI };

struct work {
    const uint8_t *src;
    uint32_t src_len, src_fixed;
    uint8_t *dst; /* NULL: everything is only measured */
    enum text_form form;
    bool strict; /* a bad size or offset is an error, not an absent part */
    int32_t err;
    bool to_1_3; /* records get the length they had below 1.4 */
};

struct span {
    const uint8_t *p;
    uint32_t len;
};

/* The part at the pair (size, offset) of `record`; false: there is none. */
static bool span_of(struct work *w, const uint8_t *record, uint32_t at, struct span *span)
{
    uint32_t size = rd(record, at), offset = rd(record, at + 4);

    if (!size)
        return false;
    if (offset < w->src_fixed || offset > w->src_len || size > w->src_len - offset) {
        if (w->strict)
            w->err = (int32_t)LINEERR_INVALPARAM;
        return false;
    }
    span->p = w->src + offset;
    span->len = size;
    return true;
}

/* Units before the terminator, or all that there are. */
static uint32_t units16(const uint8_t *p, uint32_t bytes)
{
    uint32_t n = 0;

    while (n < bytes / 2 && (p[2 * (size_t)n] || p[2 * (size_t)n + 1]))
        n++;
    return n;
}

static uint32_t units8(const uint8_t *p, uint32_t bytes)
{
    const uint8_t *end = memchr(p, 0, bytes);

    return end ? (uint32_t)(end - p) : bytes;
}

/* Writes `units` of text and a terminator to `out` (NULL: only measures); returns the bytes of both. */
static uint64_t text_emit(struct work *w, const uint8_t *p, uint32_t units, uint8_t *out, size_t cap)
{
    uint16_t *copy = NULL;
    const uint16_t *text = (const uint16_t *)(const void *)p;
    size_t need;

    if (w->form == TEXT_KEEP) {
        if (out) {
            memcpy(out, p, 2 * (size_t)units);
            memset(out + 2 * (size_t)units, 0, 2);
        }
        return 2 * ((uint64_t)units + 1);
    }
    if (w->form == TEXT_FROM_ANSI) {
        /* `out` is aligned for text: parts are placed so. */
        need = platform_ansi_to_utf16((const char *)p, units, (uint16_t *)(void *)out, out ? cap / 2 : 0);
        return 2 * (uint64_t)need;
    }
    if ((uintptr_t)p % sizeof(uint16_t)) {
        copy = malloc(2 * (size_t)units + 2);
        if (!copy) {
            w->err = (int32_t)LINEERR_NOMEM;
            return 0;
        }
        memcpy(copy, p, 2 * (size_t)units);
        text = copy;
    }
    need = platform_utf16_to_ansi(text, units, (char *)out, out ? cap : 0);
    free(copy);
    return need;
}

static uint32_t src_units(const struct work *w, const uint8_t *p, uint32_t bytes)
{
    return w->form == TEXT_FROM_ANSI ? units8(p, bytes) : units16(p, bytes);
}

static uint32_t src_unit(const struct work *w)
{
    return w->form == TEXT_FROM_ANSI ? 1 : 2;
}

static uint32_t dst_unit(const struct work *w)
{
    return w->form == TEXT_TO_ANSI ? 1 : 2;
}

static uint64_t multi_emit(struct work *w, struct span span, uint8_t *out, size_t cap)
{
    uint64_t done = 0;
    uint32_t pos = 0, unit = src_unit(w);

    while (pos < span.len) {
        uint32_t units = src_units(w, span.p + pos, span.len - pos);

        if (!units)
            break;
        done += text_emit(w, span.p + pos, units, out ? out + done : NULL, out ? cap - done : 0);
        pos += units * unit;
        if (span.len - pos < unit)
            break;
        pos += unit;
    }
    if (out)
        memset(out + done, 0, dst_unit(w));
    return done + dst_unit(w);
}

/* `slotp`: length of a slot, there and here. */
static uint64_t table_emit(struct work *w, struct span span, uint32_t *slotp, uint8_t *out, size_t cap)
{
    uint32_t slot = *slotp, n, i;
    uint64_t widest = 0;

    if (w->form == TEXT_KEEP || !slot || slot > span.len) {
        if (out)
            memcpy(out, span.p, span.len);
        return span.len;
    }
    n = span.len / slot;
    for (i = 0; i < n; i++) {
        const uint8_t *p = span.p + (size_t)i * slot;
        uint64_t need = text_emit(w, p, src_units(w, p, slot), NULL, 0);

        if (need > widest)
            widest = need;
    }
    if (widest > IMPORT_MAX)
        widest = IMPORT_MAX;
    *slotp = (uint32_t)widest;
    if (out) {
        memset(out, 0, cap);
        for (i = 0; i < n; i++) {
            const uint8_t *p = span.p + (size_t)i * slot;

            (void)text_emit(w, p, src_units(w, p, slot), out + i * widest, (size_t)widest);
        }
    }
    return widest * n;
}

static uint64_t align4(uint64_t value)
{
    return (value + 3) & ~(uint64_t)3;
}

static uint32_t dst_stride(const struct work *w, const struct records *r)
{
    return w->to_1_3 && r->stride_1_3 ? r->stride_1_3 : r->stride;
}

/* Places an array and the texts of its elements from `pos` on; returns where they end. */
static uint64_t records_emit(struct work *w, const struct records *r, struct span span, uint64_t pos, uint32_t n)
{
    const uint32_t stride = dst_stride(w, r);
    uint64_t end = pos + (uint64_t)n * stride;
    uint32_t i, k;

    for (i = 0; w->dst && i < n; i++)
        memcpy(w->dst + pos + (size_t)i * stride, span.p + (size_t)i * r->stride, stride);
    for (i = 0; i < n; i++) {
        const uint8_t *record = span.p + (size_t)i * r->stride;

        for (k = 0; k < r->textc; k++) {
            struct span text;
            uint64_t at = align4(end), size = 0;

            if (r->textv[k] + 8u > stride)
                continue;
            if (span_of(w, record, r->textv[k], &text)) {
                uint32_t units = src_units(w, text.p, text.len);

                size = text_emit(w, text.p, units, NULL, 0);
                if (at + size > IMPORT_MAX) {
                    /* Elements that all point to one long text. */
                    w->err = (int32_t)LINEERR_NOMEM;
                    return end;
                }
                if (w->dst) {
                    memset(w->dst + end, 0, (size_t)(at - end));
                    (void)text_emit(w, text.p, units, w->dst + at, (size_t)size);
                }
                end = at + size;
            }
            if (w->dst) {
                uint8_t *to = w->dst + pos + (size_t)i * stride + r->textv[k];

                wr(to, 0, (uint32_t)size);
                wr(to, 4, size ? (uint32_t)at : 0);
            }
        }
    }
    return end;
}

struct placed {
    uint64_t end;   /* of all that belongs to it */
    uint64_t size;  /* for its size member */
    uint32_t slot;  /* PART_TABLE */
    uint32_t count; /* elements */
};

/* Measures the part as if placed at `pos`, or places it there if w->dst. False: the source has none. */
static bool part_emit(struct work *w, const struct part *part, bool is_text, uint64_t pos, struct placed *placed)
{
    struct span span;
    uint8_t *out = w->dst ? w->dst + pos : NULL;
    size_t cap = (size_t)placed->size;

    if ((uint32_t)part->at + 8 > w->src_fixed || !span_of(w, w->src, part->at, &span))
        return false;
    placed->count = 0;
    switch ((enum part_kind)part->kind) {
    case PART_TEXT:
        placed->size = text_emit(w, span.p, src_units(w, span.p, span.len), out, cap);
        break;
    case PART_MULTI:
        placed->size = multi_emit(w, span, out, cap);
        break;
    case PART_TABLE:
        placed->slot = rd(w->src, part->slot_at);
        placed->size = table_emit(w, span, &placed->slot, out, cap);
        break;
    case PART_FORMAT:
        if (is_text) {
            placed->size = text_emit(w, span.p, src_units(w, span.p, span.len), out, cap);
            break;
        }
        /* fall through */
    case PART_BYTES:
        if (part->count_at) {
            placed->count = rd(w->src, part->count_at);
            if (placed->count > span.len / 4) {
                if (w->strict)
                    w->err = (int32_t)LINEERR_INVALPARAM;
                placed->count = span.len / 4;
            }
            span.len = 4 * placed->count;
        }
        if (out)
            memcpy(out, span.p, span.len);
        placed->size = span.len;
        break;
    case PART_RECORDS: {
        const struct records *r = part->records;

        placed->count = span.len / r->stride;
        if (r->count_at) {
            uint32_t claimed = rd(w->src, r->count_at);

            if (claimed > placed->count && w->strict)
                w->err = (int32_t)LINEERR_INVALPARAM;
            if (claimed < placed->count)
                placed->count = claimed;
        }
        placed->size = (uint64_t)placed->count * dst_stride(w, r);
        placed->end = records_emit(w, r, span, pos, placed->count);
        return placed->size != 0;
    }
    }
    placed->end = pos + placed->size;
    return placed->size != 0;
}

/* Whether the text members of `src` are text at all: only VARSTRING may hold something else. */
static bool format_is_text(const struct work *w, const struct structure *s, bool src_ansi)
{
    uint32_t format = s->format_at ? rd(w->src, s->format_at) : 0;

    return src_ansi ? format == STRINGFORMAT_ASCII || format == STRINGFORMAT_DBCS : format == STRINGFORMAT_UNICODE;
}

static void format_set(uint8_t *dst, const struct structure *s, const struct work *w, bool is_text)
{
    if (!s->format_at || w->form == TEXT_KEEP)
        return;
    if (is_text || s->partv[0].kind != PART_FORMAT)
        wr(dst, s->format_at, w->form == TEXT_TO_ANSI ? STRINGFORMAT_ASCII : STRINGFORMAT_UNICODE);
}

/*
 * Lays out w->src into `dst` of `total` bytes with a fixed part of `fixed`; `dst` NULL: only tells what is needed.
 * What one pass measures a second one places, part by part, so that a part is whole or not there.
 */
static uint64_t lay_out(struct work *w, const struct structure *s, uint8_t *dst, uint32_t total, uint32_t fixed,
                        bool src_ansi)
{
    uint32_t common = w->src_fixed < fixed ? w->src_fixed : fixed;
    uint64_t needed = fixed, used = fixed;
    bool is_text = format_is_text(w, s, src_ansi);
    uint32_t i;

    if (dst) {
        memcpy(dst + 4, w->src + 4, common - 4); /* behind dwTotalSize, which is the caller's */
        memset(dst + common, 0, fixed - common);
        format_set(dst, s, w, is_text);
    }
    for (i = 0; i < s->partc && !w->err; i++) {
        const struct part *part = &s->partv[i];
        struct placed placed = {0, 0, 0, 0};
        uint64_t at = align4(used), measured_at = align4(needed);
        bool there, fits = false;

        if ((uint32_t)part->at + 8 > fixed)
            continue;
        w->dst = NULL;
        there = part_emit(w, part, is_text, measured_at, &placed);
        if (there)
            needed = placed.end;
        if (!dst)
            continue;
        if (there && !w->err) {
            /* From one multiple of 4 to another the length is the same. */
            uint64_t length = placed.end - measured_at;

            fits = at + length <= total;
        }
        if (fits) {
            memset(dst + used, 0, (size_t)(at - used));
            w->dst = dst;
            (void)part_emit(w, part, is_text, at, &placed);
            used = placed.end;
        }
        wr(dst, part->at, fits ? (uint32_t)placed.size : 0);
        wr(dst, part->at + 4u, fits ? (uint32_t)at : 0);
        if (part->kind == PART_TABLE && there)
            wr(dst, part->slot_at, placed.slot);
        if (part->count_at)
            wr(dst, part->count_at, fits ? placed.count : 0);
        if (part->kind == PART_RECORDS && part->records->count_at)
            wr(dst, part->records->count_at, fits ? placed.count : 0);
    }
    if (needed > UINT32_MAX)
        needed = UINT32_MAX;
    if (dst && s->header) {
        wr(dst, OFFSET_NEEDED, (uint32_t)needed);
        wr(dst, OFFSET_USED, (uint32_t)used);
    }
    return needed;
}

int32_t layout_convert(enum layout_type type, void *dst, uint32_t dst_version, bool ansi, const void *src,
                       uint32_t src_len, uint32_t src_version)
{
    const struct structure *s;
    struct work w = {src, src_len, 0, NULL, ansi ? TEXT_TO_ANSI : TEXT_KEEP, false, 0, dst_version < 0x00010004};
    uint32_t fixed = layout_fixed(type, dst_version), total;
    uint8_t *filled = NULL;

    if (!dst || !src || (unsigned)type >= LAYOUT_COUNT)
        return (int32_t)LINEERR_INVALPOINTER;
    s = &structures[type];
    total = rd(dst, OFFSET_TOTAL);
    if (total < fixed)
        return (int32_t)LINEERR_STRUCTURETOOSMALL;
    w.src_fixed = layout_fixed(type, src_version);
    if (src_len < w.src_fixed) {
        /* Cut short: what is missing is nothing. */
        filled = calloc(1, w.src_fixed);
        if (!filled)
            return (int32_t)LINEERR_NOMEM;
        memcpy(filled, src, src_len);
        w.src = filled;
        w.src_len = w.src_fixed;
    }
    (void)lay_out(&w, s, dst, total, fixed, false);
    free(filled);
    return w.err;
}

int32_t layout_import(enum layout_type type, void **dstp, uint32_t *dst_len, const void *src, uint32_t src_version,
                      bool src_ansi)
{
    const struct structure *s;
    struct work w = {src, 0, 0, NULL, src_ansi ? TEXT_FROM_ANSI : TEXT_KEEP, true, 0, false};
    uint32_t fixed = layout_fixed(type, NEWEST);
    uint64_t needed;
    uint8_t *dst;

    if (!dstp || !dst_len)
        return (int32_t)LINEERR_INVALPOINTER;
    *dstp = NULL;
    *dst_len = 0;
    if (!src || (unsigned)type >= LAYOUT_COUNT)
        return (int32_t)LINEERR_INVALPOINTER;
    s = &structures[type];
    w.src_len = rd(src, OFFSET_TOTAL);
    w.src_fixed = layout_fixed(type, src_version);
    if (w.src_len < w.src_fixed)
        return (int32_t)LINEERR_STRUCTURETOOSMALL;
    needed = lay_out(&w, s, NULL, 0, fixed, src_ansi);
    if (w.err)
        return w.err;
    if (needed > IMPORT_MAX)
        return (int32_t)LINEERR_NOMEM;
    dst = malloc((size_t)needed);
    if (!dst)
        return (int32_t)LINEERR_NOMEM;
    wr(dst, OFFSET_TOTAL, (uint32_t)needed);
    (void)lay_out(&w, s, dst, (uint32_t)needed, fixed, src_ansi);
    if (w.err) {
        free(dst);
        return w.err;
    }
    *dstp = dst;
    *dst_len = (uint32_t)needed;
    return 0;
}

int32_t layout_add(enum layout_type type, void **structp, uint32_t *lenp, uint32_t pair_offset, const void *data,
                   uint32_t size)
{
    uint64_t at, len;
    uint8_t *p;

    if (!structp || !*structp || !lenp || (unsigned)type >= LAYOUT_COUNT || (!data && size) ||
        pair_offset + 8 > layout_fixed(type, NEWEST))
        return (int32_t)LINEERR_INVALPOINTER;
    at = align4(*lenp);
    len = at + size;
    if (!size) {
        wr(*structp, pair_offset, 0);
        wr(*structp, pair_offset + 4, 0);
        return 0;
    }
    if (len > IMPORT_MAX)
        return (int32_t)LINEERR_NOMEM;
    p = realloc(*structp, (size_t)len);
    if (!p)
        return (int32_t)LINEERR_NOMEM;
    memset(p + *lenp, 0, (size_t)(at - *lenp));
    memcpy(p + at, data, size);
    wr(p, pair_offset, size);
    wr(p, pair_offset + 4, (uint32_t)at);
    wr(p, OFFSET_TOTAL, (uint32_t)len);
    if (structures[type].header) {
        wr(p, OFFSET_NEEDED, (uint32_t)len);
        wr(p, OFFSET_USED, (uint32_t)len);
    }
    *structp = p;
    *lenp = (uint32_t)len;
    return 0;
}
