/* Structures of variable size, at every size and version; what they say. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include "tsp/tspi/fill.h"

static const DWORD versionv[] = {0x00010003, 0x00010004, 0x00020000, 0x00020001, 0x00020002};
enum { VERSIONC = 5, GUARD = 64, FILLER = 0xA5 };

static HDRVCALL call, in;
static DWORD version;

/* Line 0 sends those on that nobody answers, so that there is something to show. */
static void forward_line(void)
{
    struct {
        LINEFORWARDLIST list;
        WCHAR dest[4];
    } f = {.dest = u"102"};

    f.list.dwTotalSize = sizeof f;
    f.list.dwNumEntries = 1;
    f.list.ForwardList[0].dwForwardMode = LINEFORWARDMODE_NOANSW;
    f.list.ForwardList[0].dwDestAddressSize = sizeof f.dest;
    f.list.ForwardList[0].dwDestAddressOffset = (DWORD)((char *)f.dest - (char *)&f);
    ck_assert_int_gt(TSPI_lineForward(host_request(), host.linev[0], 1, 0, &f.list, 1, NULL, NULL, NULL), 0);
}

/* Two lines open under `version`, and a connected call. */
static void up(int index)
{
    version = versionv[index];
    host_start("[line 0]\nnumber=100\nname=J\xC3\xBCrgen\n[line 1]\naddresses=101, 102\nname=Second\n");
    host_open(0, version, false);
    host_open(1, version, false);
    forward_line();
    call = host_make(0, 1, u"101");
    in = host_new(1000);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), in, NULL, 0), 0);
}

static LONG get_devcaps(void *p)
{
    return TSPI_lineGetDevCaps(HOST_DEVICE_BASE, version, 0, p);
}

static LONG get_addresscaps(void *p)
{
    return TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + 1, 1, version, 0, p);
}

static LONG get_devstatus(void *p)
{
    return TSPI_lineGetLineDevStatus(host.linev[0], p);
}

static LONG get_addressstatus(void *p)
{
    return TSPI_lineGetAddressStatus(host.linev[0], 0, p);
}

static LONG get_callinfo(void *p)
{
    return TSPI_lineGetCallInfo(in, p);
}

static LONG get_callstatus(void *p)
{
    return TSPI_lineGetCallStatus(call, p);
}

static LONG get_id(void *p)
{
    return TSPI_lineGetID(host.linev[0], 0, NULL, LINECALLSELECT_LINE, p, u"tapi/line", NULL);
}

static LONG get_config(void *p)
{
    return TSPI_lineGetDevConfig(HOST_DEVICE_BASE, p, u"tapi/line");
}

static uint32_t varstring_size(DWORD v)
{
    (void)v;
    return sizeof(VARSTRING);
}

/* Members that vary: size and offset, and the version they came with. */
struct part {
    size_t size_at, offset_at;
    DWORD since;
};
#define PART(type, member, since)                                                                                      \
    {                                                                                                                  \
        offsetof(type, member##Size), offsetof(type, member##Offset), since                                            \
    }

static const struct part devcaps_partv[] = {
    PART(LINEDEVCAPS, dwProviderInfo, 0),       PART(LINEDEVCAPS, dwSwitchInfo, 0),
    PART(LINEDEVCAPS, dwLineName, 0),           PART(LINEDEVCAPS, dwTerminalCaps, 0),
    PART(LINEDEVCAPS, dwTerminalText, 0),       PART(LINEDEVCAPS, dwDevSpecific, 0),
    PART(LINEDEVCAPS, dwDeviceClasses, 0x20000)};
static const struct part addresscaps_partv[] = {
    PART(LINEADDRESSCAPS, dwAddress, 0), PART(LINEADDRESSCAPS, dwDevSpecific, 0),
    PART(LINEADDRESSCAPS, dwCompletionMsgText, 0), PART(LINEADDRESSCAPS, dwCallTreatmentList, 0x20000),
    PART(LINEADDRESSCAPS, dwDeviceClasses, 0x20000)};
static const struct part devstatus_partv[] = {PART(LINEDEVSTATUS, dwTerminalModes, 0),
                                              PART(LINEDEVSTATUS, dwDevSpecific, 0)};
static const struct part addressstatus_partv[] = {PART(LINEADDRESSSTATUS, dwForward, 0),
                                                  PART(LINEADDRESSSTATUS, dwTerminalModes, 0),
                                                  PART(LINEADDRESSSTATUS, dwDevSpecific, 0)};
static const struct part callinfo_partv[] = {
    PART(LINECALLINFO, dwCallerID, 0),      PART(LINECALLINFO, dwCallerIDName, 0),
    PART(LINECALLINFO, dwCalledID, 0),      PART(LINECALLINFO, dwCalledIDName, 0),
    PART(LINECALLINFO, dwConnectedID, 0),   PART(LINECALLINFO, dwConnectedIDName, 0),
    PART(LINECALLINFO, dwRedirectionID, 0), PART(LINECALLINFO, dwRedirectingID, 0),
    PART(LINECALLINFO, dwDisplay, 0),       PART(LINECALLINFO, dwUserUserInfo, 0),
    PART(LINECALLINFO, dwHighLevelComp, 0), PART(LINECALLINFO, dwLowLevelComp, 0),
    PART(LINECALLINFO, dwChargingInfo, 0),  PART(LINECALLINFO, dwTerminalModes, 0),
    PART(LINECALLINFO, dwDevSpecific, 0),   PART(LINECALLINFO, dwCallData, 0x20000)};
static const struct part callstatus_partv[] = {PART(LINECALLSTATUS, dwDevSpecific, 0)};
static const struct part varstring_partv[] = {PART(VARSTRING, dwString, 0)};

/* Members that are TAPI's: from an offset, a number of bytes. */
struct kept {
    size_t at, size;
};
#define KEPT(type, first, last)                                                                                        \
    {                                                                                                                  \
        offsetof(type, first), FILL_UPTO(type, last) - offsetof(type, first)                                           \
    }

static const struct kept devstatus_keptv[] = {KEPT(LINEDEVSTATUS, dwNumOpens, dwOpenMediaModes)};
static const struct kept callinfo_keptv[] = {
    KEPT(LINECALLINFO, hLine, hLine), KEPT(LINECALLINFO, dwMonitorDigitModes, dwMonitorMediaModes),
    KEPT(LINECALLINFO, dwNumOwners, dwNumMonitors), KEPT(LINECALLINFO, dwAppNameSize, dwCommentOffset)};
static const struct kept callstatus_keptv[] = {KEPT(LINECALLSTATUS, dwCallPrivilege, dwCallPrivilege)};

#define COUNT(v) (sizeof(v) / sizeof *(v))
static const struct {
    const char *name;
    LONG (*get)(void *p);
    uint32_t (*size)(DWORD v);
    const struct part *partv;
    size_t partc;
    const struct kept *keptv;
    size_t keptc;
} structv[] = {
    {"LINEDEVCAPS", get_devcaps, fill_size_devcaps, devcaps_partv, COUNT(devcaps_partv), NULL, 0},
    {"LINEADDRESSCAPS", get_addresscaps, fill_size_addresscaps, addresscaps_partv, COUNT(addresscaps_partv), NULL, 0},
    {"LINEDEVSTATUS", get_devstatus, fill_size_devstatus, devstatus_partv, COUNT(devstatus_partv), devstatus_keptv,
     COUNT(devstatus_keptv)},
    {"LINEADDRESSSTATUS", get_addressstatus, fill_size_addressstatus, addressstatus_partv, COUNT(addressstatus_partv),
     NULL, 0},
    {"LINECALLINFO", get_callinfo, fill_size_callinfo, callinfo_partv, COUNT(callinfo_partv), callinfo_keptv,
     COUNT(callinfo_keptv)},
    {"LINECALLSTATUS", get_callstatus, fill_size_callstatus, callstatus_partv, COUNT(callstatus_partv),
     callstatus_keptv, COUNT(callstatus_keptv)},
    {"VARSTRING of lineGetID", get_id, varstring_size, varstring_partv, COUNT(varstring_partv), NULL, 0},
    {"VARSTRING of lineGetDevConfig", get_config, varstring_size, varstring_partv, COUNT(varstring_partv), NULL, 0},
};

static DWORD at(const unsigned char *p, size_t offset)
{
    DWORD v;

    memcpy(&v, p + offset, sizeof v);
    return v;
}

/* Runs get with `total` bytes, in memory of exactly that size (so that address sanitizers see a byte too far), and
 * checks every rule for the result. */
static DWORD check_size(int k, DWORD total, uint32_t fixed, const unsigned char *full, DWORD needed)
{
    unsigned char *p = malloc(total + 1);
    size_t sum = fixed;
    LONG result;
    DWORD got;

    ck_assert_ptr_nonnull(p);
    memset(p, FILLER, total);
    memcpy(p, &total, sizeof total);
    result = structv[k].get(p);
    if (total < fixed) {
        ck_assert_int_eq(result, ERR(STRUCTURETOOSMALL));
        for (DWORD i = 4; i < total; i++)
            ck_assert_uint_eq(p[i], FILLER);
        free(p);
        return 0;
    }
    ck_assert_msg(result == 0, "%s, %u bytes: %x", structv[k].name, (unsigned)total, (unsigned)result);
    ck_assert_uint_eq(at(p, 0), total);
    got = at(p, 4);
    ck_assert_uint_ge(got, at(p, 8));
    ck_assert_uint_ge(at(p, 8), fixed);
    ck_assert_uint_le(at(p, 8), total);
    if (full) {
        ck_assert_uint_eq(got, needed);
        ck_assert_int_eq(at(p, 8) == got, total >= needed);
    }
    for (size_t i = 0; i < structv[k].partc; i++) {
        const struct part *part = &structv[k].partv[i];
        DWORD size, offset;

        if (part->since > version)
            continue;
        size = at(p, part->size_at);
        offset = at(p, part->offset_at);
        if (!size) {
            ck_assert_uint_eq(offset, 0);
            continue;
        }
        ck_assert_uint_ge(offset, fixed);
        ck_assert_uint_le((size_t)offset + size, at(p, 8));
        sum += size;
        if (full) { /* whole, and the same bytes as with room enough */
            ck_assert_uint_eq(size, at(full, part->size_at));
            ck_assert_int_eq(memcmp(p + offset, full + at(full, part->offset_at), size), 0);
        }
    }
    ck_assert_uint_eq(sum, at(p, 8)); /* no gaps */
    for (DWORD i = at(p, 8); i < total; i++)
        ck_assert_uint_eq(p[i], FILLER);
    for (size_t i = 0; i < structv[k].keptc; i++) {
        for (size_t b = 0; b < structv[k].keptv[i].size; b++)
            ck_assert_uint_eq(p[structv[k].keptv[i].at + b], FILLER);
    }
    free(p);
    return got;
}

/* Those of call control; what happens inside a call has its own tests. */
#define CONTROL_FEATURES                                                                                               \
    (LINECALLFEATURE_ACCEPT | LINECALLFEATURE_ANSWER | LINECALLFEATURE_DIAL | LINECALLFEATURE_DROP |                   \
     LINECALLFEATURE_HOLD | LINECALLFEATURE_UNHOLD | LINECALLFEATURE_SWAPHOLD | LINECALLFEATURE_SETUPTRANSFER |        \
     LINECALLFEATURE_COMPLETETRANSF | LINECALLFEATURE_BLINDTRANSFER | LINECALLFEATURE_REDIRECT |                       \
     LINECALLFEATURE_SETUPCONF | LINECALLFEATURE_PREPAREADDCONF | LINECALLFEATURE_ADDTOCONF |                          \
     LINECALLFEATURE_REMOVEFROMCONF)

START_TEST(every_size_and_version)
{
    up(_i);
    for (int k = 0; k < (int)COUNT(structv); k++) {
        uint32_t fixed = structv[k].size(version);
        DWORD needed = check_size(k, 4000, fixed, NULL, 0), total = needed;
        unsigned char *full = malloc(needed);

        ck_assert_ptr_nonnull(full);
        memset(full, FILLER, needed);
        memcpy(full, &total, sizeof total);
        ck_assert_int_eq(structv[k].get(full), 0);
        for (total = 4; total <= needed + 3; total++)
            (void)check_size(k, total, fixed, full, needed);
        free(full);
    }
    host_stop();
}
END_TEST

START_TEST(null_pointers)
{
    up(VERSIONC - 1);
    for (int k = 0; k < (int)COUNT(structv); k++)
        ck_assert_int_eq(structv[k].get(NULL), ERR(INVALPOINTER));
    host_stop();
}
END_TEST

/* Fixed parts as the documents give them: the bytes of a structure up to the members that a version brought. */
START_TEST(fixed_sizes)
{
    ck_assert_uint_eq(fill_size_devcaps(0x00010003), 236);
    ck_assert_uint_eq(fill_size_devcaps(0x00010004), 240);
    ck_assert_uint_eq(fill_size_devcaps(0x00020000), 252);
    ck_assert_uint_eq(fill_size_devcaps(0x00020001), 252);
    ck_assert_uint_eq(fill_size_devcaps(0x00020002), 268);
    ck_assert_uint_eq(fill_size_addresscaps(0x00010003), 176);
    ck_assert_uint_eq(fill_size_addresscaps(0x00010004), 180);
    ck_assert_uint_eq(fill_size_addresscaps(0x00020002), 228);
    ck_assert_uint_eq(fill_size_devstatus(0x00010004), 76);
    ck_assert_uint_eq(fill_size_devstatus(0x00020000), 88);
    ck_assert_uint_eq(fill_size_addressstatus(0x00010003), 64);
    ck_assert_uint_eq(fill_size_callinfo(0x00010004), 296);
    ck_assert_uint_eq(fill_size_callinfo(0x00020002), 324);
    ck_assert_uint_eq(fill_size_callstatus(0x00010004), 36);
    ck_assert_uint_eq(fill_size_callstatus(0x00020000), 56);
}
END_TEST

/* A part as text. */
static const char *text_at(const void *base, DWORD size, DWORD offset)
{
    static char text[300];

    if (!size)
        return NULL;
    ck_assert_uint_eq(((const unsigned char *)base)[offset + size - 2], 0);
    ck_assert_uint_eq(((const unsigned char *)base)[offset + size - 1], 0);
    (void)platform_utf16_to_utf8((const uint16_t *)(const void *)((const unsigned char *)base + offset), size / 2, text,
                                 sizeof text);
    return text;
}

/* Those that a line has however many calls there are. */
enum {
    OTHER_LINE_FEATURES = LINEFEATURE_FORWARD | LINEFEATURE_FORWARDFWD | LINEFEATURE_FORWARDDND | LINEFEATURE_SETDEVSTATUS |
                          LINEFEATURE_SETMEDIACONTROL | LINEFEATURE_SETTERMINAL
};

START_TEST(line_capabilities)
{
    union {
        LINEDEVCAPS caps;
        unsigned char room[1000];
    } u = {.caps = {.dwTotalSize = sizeof u}};

    up(VERSIONC - 1);
    ck_assert_int_eq(get_devcaps(&u), 0);
    ck_assert_str_eq(text_at(&u, u.caps.dwLineNameSize, u.caps.dwLineNameOffset), "J\xC3\xBCrgen");
    ck_assert_uint_eq(u.caps.dwStringFormat, STRINGFORMAT_UNICODE);
    ck_assert_uint_eq(u.caps.dwNumAddresses, 1);
    ck_assert_uint_eq(u.caps.dwBearerModes, LINEBEARERMODE_VOICE);
    ck_assert_uint_eq(u.caps.dwMediaModes, LINEMEDIAMODE_INTERACTIVEVOICE | LINEMEDIAMODE_AUTOMATEDVOICE);
    ck_assert_uint_eq(u.caps.dwDevCapFlags, LINEDEVCAPFLAGS_CLOSEDROP | LINEDEVCAPFLAGS_MEDIACONTROL);
    ck_assert_uint_eq(u.caps.dwMaxNumActiveCalls, 2);
    ck_assert_uint_eq(u.caps.dwRingModes, 1);
    ck_assert_uint_eq(u.caps.dwLineStates, LINEDEVSTATE_RINGING | LINEDEVSTATE_NUMCALLS | LINEDEVSTATE_TERMINALS |
                                               LINEDEVSTATE_MSGWAITON | LINEDEVSTATE_MSGWAITOFF |
                                               LINEDEVSTATE_INSERVICE | LINEDEVSTATE_OUTOFSERVICE | LINEDEVSTATE_LOCK |
                                               LINEDEVSTATE_NUMCOMPLETIONS | LINEDEVSTATE_COMPLCANCEL);
    ck_assert_uint_eq(u.caps.dwLineFeatures, LINEFEATURE_MAKECALL | OTHER_LINE_FEATURES | LINEFEATURE_DEVSPECIFIC |
                                                 LINEFEATURE_DEVSPECIFICFEAT);
    ck_assert_uint_eq(u.caps.dwSettableDevStatus,
                      LINEDEVSTATUSFLAGS_MSGWAIT | LINEDEVSTATUSFLAGS_INSERVICE | LINEDEVSTATUSFLAGS_LOCKED);
    ck_assert_uint_ne(u.caps.dwPermanentLineID, 0);
    ck_assert_uint_eq(u.caps.PermanentLineGuid.Data1, u.caps.dwPermanentLineID);
    host_stop();
}
END_TEST

START_TEST(address_capabilities)
{
    union {
        LINEADDRESSCAPS caps;
        unsigned char room[1000];
    } u = {.caps = {.dwTotalSize = sizeof u}};

    up(VERSIONC - 1);
    ck_assert_int_eq(get_addresscaps(&u), 0);
    ck_assert_str_eq(text_at(&u, u.caps.dwAddressSize, u.caps.dwAddressOffset), "102");
    ck_assert_uint_eq(u.caps.dwLineDeviceID, HOST_DEVICE_BASE + 1);
    ck_assert_uint_eq(u.caps.dwAddressFeatures,
                      LINEADDRFEATURE_MAKECALL | LINEADDRFEATURE_SETUPCONF | LINEADDRFEATURE_UNPARK |
                          LINEADDRFEATURE_PICKUP | LINEADDRFEATURE_PICKUPDIRECT | LINEADDRFEATURE_PICKUPGROUP |
                          LINEADDRFEATURE_PICKUPWAITING | LINEADDRFEATURE_SETMEDIACONTROL |
                          LINEADDRFEATURE_SETTERMINAL | LINEADDRFEATURE_FORWARD | LINEADDRFEATURE_FORWARDFWD |
                          LINEADDRFEATURE_FORWARDDND | LINEADDRFEATURE_UNCOMPLETECALL);
    ck_assert_uint_eq(u.caps.dwParkModes, LINEPARKMODE_DIRECTED | LINEPARKMODE_NONDIRECTED);
    ck_assert_uint_eq(u.caps.dwCallFeatures & CONTROL_FEATURES,
                      LINECALLFEATURE_ACCEPT | LINECALLFEATURE_ANSWER | LINECALLFEATURE_DIAL | LINECALLFEATURE_DROP |
                          LINECALLFEATURE_HOLD | LINECALLFEATURE_UNHOLD | LINECALLFEATURE_SWAPHOLD |
                          LINECALLFEATURE_SETUPTRANSFER | LINECALLFEATURE_COMPLETETRANSF |
                          LINECALLFEATURE_BLINDTRANSFER | LINECALLFEATURE_REDIRECT | LINECALLFEATURE_SETUPCONF |
                          LINECALLFEATURE_PREPAREADDCONF | LINECALLFEATURE_ADDTOCONF | LINECALLFEATURE_REMOVEFROMCONF);
    ck_assert_uint_eq(u.caps.dwDisconnectModes, LINEDISCONNECTMODE_NORMAL | LINEDISCONNECTMODE_REJECT | LINEDISCONNECTMODE_PICKUP | LINEDISCONNECTMODE_UNREACHABLE |
                                                    LINEDISCONNECTMODE_BUSY | LINEDISCONNECTMODE_NOANSWER |
                                                    LINEDISCONNECTMODE_BADADDRESS | LINEDISCONNECTMODE_UNAVAIL |
                                                    LINEDISCONNECTMODE_CONGESTION | LINEDISCONNECTMODE_TEMPFAILURE |
                                                    LINEDISCONNECTMODE_CANCELLED | LINEDISCONNECTMODE_FORWARDED |
                                                    LINEDISCONNECTMODE_UNREACHABLE | LINEDISCONNECTMODE_OUTOFORDER |
                                                    LINEDISCONNECTMODE_DONOTDISTURB);
    version = 0x00010003; /* which knows fewer */
    ck_assert_int_eq(get_addresscaps(&u), 0);
    ck_assert_uint_eq(u.caps.dwDisconnectModes & ~(DWORD)0xFFF, 0);
    version = versionv[VERSIONC - 1];
    ck_assert_int_eq(get_addresscaps(&u), 0);
    ck_assert_uint_eq(u.caps.dwCallStates & LINECALLSTATE_SPECIALINFO, 0);
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + 1, 2, version, 0, &u.caps), ERR(INVALADDRESSID));
    host_stop();
}
END_TEST

START_TEST(call_information)
{
    union {
        LINECALLINFO info;
        unsigned char room[1000];
    } u = {.info = {.dwTotalSize = sizeof u}};

    up(VERSIONC - 1);
    ck_assert_int_eq(get_callinfo(&u), 0);
    ck_assert_uint_eq(u.info.dwLineDeviceID, HOST_DEVICE_BASE + 1);
    ck_assert_uint_eq(u.info.dwAddressID, 0);
    ck_assert_uint_eq(u.info.dwOrigin, LINECALLORIGIN_INTERNAL);
    ck_assert_uint_eq(u.info.dwReason, LINECALLREASON_DIRECT);
    ck_assert_uint_eq(u.info.dwMediaMode, LINEMEDIAMODE_INTERACTIVEVOICE);
    ck_assert_uint_eq(u.info.dwBearerMode, LINEBEARERMODE_VOICE);
    ck_assert_uint_eq(u.info.dwTrunk, 0xFFFFFFFF);
    ck_assert_uint_eq(u.info.dwCallerIDFlags, LINECALLPARTYID_ADDRESS | LINECALLPARTYID_NAME);
    ck_assert_str_eq(text_at(&u, u.info.dwCallerIDSize, u.info.dwCallerIDOffset), "100");
    ck_assert_str_eq(text_at(&u, u.info.dwCallerIDNameSize, u.info.dwCallerIDNameOffset), "J\xC3\xBCrgen");
    ck_assert_str_eq(text_at(&u, u.info.dwCalledIDSize, u.info.dwCalledIDOffset), "101");
    ck_assert_str_eq(text_at(&u, u.info.dwConnectedIDSize, u.info.dwConnectedIDOffset), "100");
    ck_assert_uint_eq(u.info.dwRedirectionIDFlags, LINECALLPARTYID_UNAVAIL);
    memset(&u, 0, sizeof u);
    u.info.dwTotalSize = sizeof u;
    ck_assert_int_eq(TSPI_lineGetCallInfo(call, &u.info), 0);
    ck_assert_uint_eq(u.info.dwOrigin, LINECALLORIGIN_OUTBOUND);
    ck_assert_str_eq(text_at(&u, u.info.dwConnectedIDNameSize, u.info.dwConnectedIDNameOffset), "Second");
    ck_assert_uint_ne(u.info.dwCallID, 0);
    host_stop();
}
END_TEST

START_TEST(blocked_caller)
{
    LINECALLPARAMS params = {.dwTotalSize = sizeof params,
                             .dwCallParamFlags = LINECALLPARAMFLAGS_BLOCKID,
                             .dwAddressMode = LINEADDRESSMODE_ADDRESSID};
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    HDRVCALL hd;

    up(VERSIONC - 1);
    ck_assert_int_gt(TSPI_lineMakeCall(host_request(), host.linev[0], HOST_CALL(2), &hd, u"102", 43, &params), 0);
    ck_assert_int_eq(TSPI_lineGetCallInfo(hd, &info), 0);
    ck_assert_uint_eq(info.dwCallParamFlags, LINECALLPARAMFLAGS_BLOCKID);
    ck_assert_uint_eq(info.dwCountryCode, 43);
    ck_assert_uint_eq(info.dwRate, 64000);
    ck_assert_int_eq(TSPI_lineGetCallInfo(host_new(1001), &info), 0);
    ck_assert_uint_eq(info.dwCallerIDFlags, LINECALLPARTYID_BLOCKED);
    ck_assert_uint_eq(info.dwCallerIDSize, 0);
    host_stop();
}
END_TEST

START_TEST(call_status)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};
    struct platform_date now;

    up(VERSIONC - 1);
    ck_assert_int_eq(get_callstatus(&s), 0);
    ck_assert_uint_eq(s.dwCallState, LINECALLSTATE_CONNECTED);
    ck_assert_uint_eq(s.dwCallStateMode, LINECONNECTEDMODE_ACTIVE);
    ck_assert_uint_eq(s.dwCallFeatures & CONTROL_FEATURES, LINECALLFEATURE_DROP | LINECALLFEATURE_HOLD | LINECALLFEATURE_SWAPHOLD |
                                            LINECALLFEATURE_SETUPTRANSFER | LINECALLFEATURE_BLINDTRANSFER |
                                            LINECALLFEATURE_SETUPCONF);
    ck_assert_uint_eq(s.dwCallFeatures2, LINECALLFEATURE2_ONESTEPTRANSFER | LINECALLFEATURE2_PARKDIRECT |
                                             LINECALLFEATURE2_PARKNONDIRECT);
    platform_wall_to_utc(platform_wall_ms(), &now);
    ck_assert_int_le(abs(s.tStateEntryTime.wYear - now.year), 1);
    ck_assert_int_ge(s.tStateEntryTime.wMonth, 1);
    ck_assert_int_le(s.tStateEntryTime.wMonth, 12);
    ck_assert_int_eq(TSPI_lineGetCallStatus(in, &s), 0);
    ck_assert_uint_ne(s.dwCallFeatures & LINECALLFEATURE_HOLD, 0);
    host_stop();
}
END_TEST

START_TEST(line_and_address_status)
{
    LINEDEVSTATUS line = {.dwTotalSize = sizeof line};
    LINEADDRESSSTATUS address = {.dwTotalSize = sizeof address};

    up(VERSIONC - 1);
    ck_assert_int_eq(get_devstatus(&line), 0);
    ck_assert_uint_eq(line.dwNumActiveCalls, 1);
    ck_assert_uint_eq(line.dwNumOnHoldCalls, 0);
    ck_assert_uint_eq(line.dwLineFeatures, LINEFEATURE_MAKECALL | OTHER_LINE_FEATURES);
    ck_assert_uint_eq(line.dwDevStatusFlags, LINEDEVSTATUSFLAGS_CONNECTED | LINEDEVSTATUSFLAGS_INSERVICE);
    ck_assert_uint_eq(line.dwRingMode, 0);
    ck_assert_int_eq(get_addressstatus(&address), 0);
    ck_assert_uint_eq(address.dwNumActiveCalls, 1);
    ck_assert_uint_eq(address.dwNumInUse, 1);
    ck_assert_int_eq(TSPI_lineGetAddressStatus(host.linev[0], 1, &address), ERR(INVALADDRESSID));
    (void)host_make(1, 2, u"100"); /* rings there */
    ck_assert_int_eq(get_devstatus(&line), 0);
    ck_assert_uint_eq(line.dwNumActiveCalls, 2);
    ck_assert_uint_eq(line.dwRingMode, 1);
    ck_assert_uint_eq(line.dwLineFeatures, OTHER_LINE_FEATURES); /* two calls are all it can have */
    host_stop();
}
END_TEST

/* Modes that an older version does not know are said in its own. */
START_TEST(old_versions_get_old_modes)
{
    HDRVCALL out;

    host_start(NULL);
    host_open(0, 0x00020002, false);
    host_open(1, _i ? 0x00010004 : 0x00010003, false);
    out = host_make(0, 1, u"101");
    ck_assert(strstr(host_trace(), _i ? "1000 OFFERING 1\n" : "1000 OFFERING 0\n"));
    ck_assert_int_eq(TSPI_lineCloseCall(out), 0);
    ck_assert_str_eq(host_trace(), "1000 DISCONNECTED 1\n"); /* CANCELLED from 2.0 on */
    host_stop();
}
END_TEST

Suite *suite_structs(void)
{
    Suite *s = suite_create("structs");
    TCase *c = tcase_create("structs");

    tcase_set_timeout(c, 0);
    tcase_add_loop_test(c, every_size_and_version, 0, VERSIONC);
    tcase_add_test(c, null_pointers);
    tcase_add_test(c, fixed_sizes);
    tcase_add_test(c, line_capabilities);
    tcase_add_test(c, address_capabilities);
    tcase_add_test(c, call_information);
    tcase_add_test(c, blocked_caller);
    tcase_add_test(c, call_status);
    tcase_add_test(c, line_and_address_status);
    tcase_add_loop_test(c, old_versions_get_old_modes, 0, 2);
    suite_add_tcase(s, c);
    return s;
}
