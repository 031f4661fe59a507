/* What lines and addresses can do, and how they are. SPDX-License-Identifier: MIT */
#include "tsp/tspi/account.h"
#include "tsp/tspi/data.h"
#include "tsp/tspi/extra.h"
#include "tsp/tspi/fill.h"
#include "tsp/tspi/forward.h"
#include "tsp/tspi/state.h"

#include <string.h>

/* ---- what is produced here ----------------------------------------------------------------------------------------
 */

enum {
    LINE_STATES = LINEDEVSTATE_RINGING | LINEDEVSTATE_NUMCALLS | LINEDEVSTATE_TERMINALS | LINEDEVSTATE_MSGWAITON |
                  LINEDEVSTATE_MSGWAITOFF | LINEDEVSTATE_INSERVICE | LINEDEVSTATE_OUTOFSERVICE | LINEDEVSTATE_LOCK |
                  LINEDEVSTATE_NUMCOMPLETIONS,
    SIP_LINE_STATES = LINEDEVSTATE_RINGING | LINEDEVSTATE_NUMCALLS | LINEDEVSTATE_MSGWAITON | LINEDEVSTATE_MSGWAITOFF |
                      LINEDEVSTATE_INSERVICE | LINEDEVSTATE_OUTOFSERVICE,
    IN_USE = LINEADDRESSSTATE_INUSEZERO | LINEADDRESSSTATE_INUSEONE | LINEADDRESSSTATE_INUSEMANY,
    ADDRESS_STATES = IN_USE | LINEADDRESSSTATE_NUMCALLS | LINEADDRESSSTATE_TERMINALS | LINEADDRESSSTATE_FORWARD,
    INFO_STATES = LINECALLINFOSTATE_BEARERMODE | LINECALLINFOSTATE_RATE | LINECALLINFOSTATE_MEDIAMODE |
                  LINECALLINFOSTATE_APPSPECIFIC | LINECALLINFOSTATE_CALLID | LINECALLINFOSTATE_ORIGIN |
                  LINECALLINFOSTATE_REASON | LINECALLINFOSTATE_CALLERID | LINECALLINFOSTATE_CALLEDID |
                  LINECALLINFOSTATE_CONNECTEDID | LINECALLINFOSTATE_OTHER | LINECALLINFOSTATE_USERUSERINFO |
                  LINECALLINFOSTATE_DIALPARAMS | LINECALLINFOSTATE_TREATMENT | LINECALLINFOSTATE_QOS |
                  LINECALLINFOSTATE_CALLDATA | LINECALLINFOSTATE_RELATEDCALLID | LINECALLINFOSTATE_REDIRECTIONID |
                  LINECALLINFOSTATE_REDIRECTINGID | LINECALLINFOSTATE_TERMINAL | LINECALLINFOSTATE_COMPLETIONID,
    CALL_STATES = LINECALLSTATE_IDLE | LINECALLSTATE_OFFERING | LINECALLSTATE_ACCEPTED | LINECALLSTATE_DIALTONE |
                  LINECALLSTATE_DIALING | LINECALLSTATE_RINGBACK | LINECALLSTATE_BUSY | LINECALLSTATE_CONNECTED |
                  LINECALLSTATE_PROCEEDING | LINECALLSTATE_DISCONNECTED | LINECALLSTATE_ONHOLD |
                  LINECALLSTATE_ONHOLDPENDTRANSFER | LINECALLSTATE_ONHOLDPENDCONF | LINECALLSTATE_CONFERENCED,
    PARTY_FLAGS = LINECALLPARTYID_NAME | LINECALLPARTYID_ADDRESS | LINECALLPARTYID_UNKNOWN,
    RATE_MAX = 64000,
};

static const uint32_t disconnectv[] = {
    LINEDISCONNECTMODE_NORMAL,      LINEDISCONNECTMODE_REJECT,    LINEDISCONNECTMODE_NOANSWER,
    LINEDISCONNECTMODE_BADADDRESS,  LINEDISCONNECTMODE_UNAVAIL,   LINEDISCONNECTMODE_CONGESTION,
    LINEDISCONNECTMODE_TEMPFAILURE, LINEDISCONNECTMODE_CANCELLED, LINEDISCONNECTMODE_BUSY,
    LINEDISCONNECTMODE_PICKUP,
    LINEDISCONNECTMODE_FORWARDED,   LINEDISCONNECTMODE_UNREACHABLE, LINEDISCONNECTMODE_OUTOFORDER,
    LINEDISCONNECTMODE_DONOTDISTURB,
};

/* These come from real networks alone. */
static const uint32_t sip_disconnectv[] = {
    LINEDISCONNECTMODE_UNKNOWN,      LINEDISCONNECTMODE_PICKUP,       LINEDISCONNECTMODE_FORWARDED,
    LINEDISCONNECTMODE_UNREACHABLE,  LINEDISCONNECTMODE_INCOMPATIBLE, LINEDISCONNECTMODE_NUMBERCHANGED,
    LINEDISCONNECTMODE_OUTOFORDER,   LINEDISCONNECTMODE_QOSUNAVAIL,   LINEDISCONNECTMODE_BLOCKED,
};

static uint32_t disconnect_modes(DWORD version, bool sip)
{
    uint32_t modes = 0;

    for (size_t i = 0; sip && i < sizeof sip_disconnectv / sizeof *sip_disconnectv; i++)
        modes |= tspi_disconnect_of(version, sip_disconnectv[i]);
    for (size_t i = 0; i < sizeof disconnectv / sizeof *disconnectv; i++)
        modes |= tspi_disconnect_of(version, disconnectv[i]);
    return modes;
}

static uint32_t connected_modes(DWORD version, uint32_t sharing)
{
    uint32_t all = LINECONNECTEDMODE_ACTIVE | LINECONNECTEDMODE_ACTIVEHELD, modes = 0;

    if (sharing & (LINEADDRESSSHARING_BRIDGEDEXCL | LINEADDRESSSHARING_BRIDGEDSHARED))
        all |= LINECONNECTEDMODE_INACTIVE | LINECONNECTEDMODE_INACTIVEHELD;
    for (uint32_t mode = 1; mode <= all; mode <<= 1)
        if (all & mode)
            modes |= tspi_mode_of(version, LINECALLSTATE_CONNECTED, mode);
    return modes;
}

static uint32_t min_of(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

enum { SIP_FORWARD_ENTRIES = 3 }; /* at once, when busy, when nobody answers */

static bool is_sip(uint32_t line)
{
    return tspi.conf->linev[line].account;
}

static uint32_t max_calls(void)
{
    return tspi.conf->max_sessions ? tspi.conf->max_sessions : SESSION_MAX;
}

/* Class names, each with its terminator, and one more at the end. */
static const char device_class[] = "tapi/line";

static void fill_classes(struct fill *f, size_t size_at, size_t offset_at)
{
    uint16_t units[sizeof device_class + 1];

    for (size_t i = 0; i < sizeof device_class; i++)
        units[i] = (uint16_t)device_class[i];
    units[sizeof device_class] = 0;
    fill_part(f, size_at, offset_at, units, sizeof units);
}

/* The permanent id, in a name space of our own. */
static void make_guid(uint32_t id, GUID *guid)
{
    static const unsigned char tail[8] = {0x9A, 0x31, 0x53, 0x54, 0x53, 0x50, 0x4C, 0x4E};

    guid->Data1 = id;
    guid->Data2 = 0x5E55;
    guid->Data3 = 0x4107; /* version 4: made up */
    memcpy(guid->Data4, tail, sizeof tail);
}

/* Checks what both caps functions are given, and locks. */
static LONG enter_caps(DWORD device, DWORD version, DWORD ext_version, const void *out, uint32_t *line)
{
    LONG result;

    if (!out)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_device(device, line);
    if (result)
        return result;
    if (tspi_version_known(version) && tspi_line_ext_ok(ext_version))
        return 0;
    tspi_exit();
    return (LONG)(tspi_version_known(version) ? LINEERR_INCOMPATIBLEEXTVERSION : LINEERR_INCOMPATIBLEAPIVERSION);
}

/* Ways in which calls of the line can be completed. */
static uint32_t completion_modes(uint32_t line)
{
    if (!is_sip(line))
        return SESSION_COMPL_ALL;
    return tspi.conf->accounts->sip.accountv[line - tspi.conf->first_account].completion
               ? (uint32_t)SESSION_COMPL_CALLBACK
               : 0;
}

/* What a PBX is told by codes has no rings and no callers. */
static void sip_forward_caps(uint32_t line, LINEADDRESSCAPS *caps)
{
    uint32_t modes = 0;

    (void)sip_account_ops(tspi.conf->linev[line].sip, &modes);
    caps->dwForwardModes = modes;
    caps->dwMaxForwardEntries = modes ? SIP_FORWARD_ENTRIES : 0;
    caps->dwMaxSpecificEntries = caps->dwMinFwdNumRings = caps->dwMaxFwdNumRings = 0;
    if (completion_modes(line)) {
        caps->dwAddrCapFlags |= LINEADDRCAPFLAGS_COMPLETIONID;
        caps->dwMaxCallCompletions = SESSION_COMPLETIONS_MAX;
        caps->dwCallCompletionConds = LINECALLCOMPLCOND_BUSY | LINECALLCOMPLCOND_NOANSWER;
        caps->dwCallCompletionModes = completion_modes(line);
        caps->dwCallFeatures2 |= tspi_completion_features2(completion_modes(line));
    }
    if (caps->dwParkModes)
        caps->dwParkModes = LINEPARKMODE_DIRECTED;
}

/* ---- capabilities ------------------------------------------------------------------------------------------------ */

/**
 * @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION, STRUCTURETOOSMALL.
 * Thread: any. Source: TSPI_lineGetDevCaps, LINEDEVCAPS.
 */
LONG TSPIAPI TSPI_lineGetDevCaps(DWORD dwDeviceID, DWORD dwTSPIVersion, DWORD dwExtVersion, LPLINEDEVCAPS lpLineDevCaps)
{
    const struct config_line *c;
    LINEDEVCAPS caps;
    struct fill f;
    uint32_t line;
    LONG result = enter_caps(dwDeviceID, dwTSPIVersion, dwExtVersion, lpLineDevCaps, &line);

    if (result)
        return result;
    result = fill_begin(&f, lpLineDevCaps, fill_size_devcaps(dwTSPIVersion), &caps, sizeof caps);
    if (result)
        goto out;
    memset((char *)&caps + offsetof(LINEDEVCAPS, dwProviderInfoSize), 0,
           sizeof caps - offsetof(LINEDEVCAPS, dwProviderInfoSize)); /* all of it is the provider's */
    c = &tspi.conf->linev[line];
    caps.dwPermanentLineID = c->permanent_id;
    caps.dwStringFormat = STRINGFORMAT_UNICODE;
    caps.dwAddressModes = LINEADDRESSMODE_ADDRESSID | LINEADDRESSMODE_DIALABLEADDR;
    caps.dwNumAddresses = c->addressc;
    caps.dwBearerModes = LINEBEARERMODE_VOICE;
    caps.dwMaxRate = RATE_MAX;
    caps.dwMediaModes = c->media_modes;
    caps.dwDevCapFlags = LINEDEVCAPFLAGS_CLOSEDROP | LINEDEVCAPFLAGS_MEDIACONTROL;
    caps.dwMedCtlDigitMaxListSize = caps.dwMedCtlMediaMaxListSize = caps.dwMedCtlToneMaxListSize =
        caps.dwMedCtlCallStateMaxListSize = SESSION_CONTROL_MAX;
    caps.dwMaxNumActiveCalls = min_of(session_line_max(tspi.core, line), max_calls());
    caps.dwAnswerMode = LINEANSWERMODE_NONE;
    caps.dwRingModes = is_sip(line) ? 2 : 1; /* 2: the caller asks for a distinctive one */
    caps.dwLineStates = is_sip(line) ? SIP_LINE_STATES : LINE_STATES;
    if (completion_modes(line))
        caps.dwLineStates |= LINEDEVSTATE_NUMCOMPLETIONS;
    if (dwTSPIVersion >= 0x00010004 && completion_modes(line))
        caps.dwLineStates |= LINEDEVSTATE_COMPLCANCEL;
    caps.MinDialParams = (LINEDIALPARAMS){0, SESSION_DIGIT_MIN_MS, SESSION_DIGIT_MIN_MS, 0};
    caps.MaxDialParams = (LINEDIALPARAMS){SESSION_PAUSE_MAX_MS, SESSION_DIGIT_MAX_MS, SESSION_DIGIT_MAX_MS,
                                          SESSION_PAUSE_MAX_MS};
    caps.DefaultDialParams = (LINEDIALPARAMS){SESSION_PAUSE_MS, SESSION_SPEED_MS, SESSION_DIGIT_MS, 0};
    tspi_fill_tones(&caps);
    caps.dwUUIAcceptSize = caps.dwUUIAnswerSize = caps.dwUUIMakeCallSize = caps.dwUUIDropSize = caps.dwUUICallInfoSize =
        SESSION_UUI_MAX;
    if (!is_sip(line))
        caps.dwUUISendUserUserInfoSize = SESSION_UUI_MAX; /* SIP has it only where a call begins or ends */
    caps.dwLineFeatures = tspi_line_features_of(dwTSPIVersion, tspi_line_features(line, true));
    if (dwTSPIVersion >= 0x00020000)
        caps.dwSettableDevStatus = SESSION_STATUS_SETTABLE;
    make_guid(c->permanent_id, &caps.PermanentLineGuid);
    FILL_TEXT(&f, LINEDEVCAPS, dwProviderInfo, "SessionTSP " SESSIONTSP_VERSION);
    FILL_TEXT(&f, LINEDEVCAPS, dwSwitchInfo, is_sip(line) ? "SIP" : "Embedded exchange");
    FILL_TEXT(&f, LINEDEVCAPS, dwLineName, c->name);
    tspi_fill_terminals(&f, &caps);
    if (dwTSPIVersion >= 0x00020000)
        fill_classes(&f, offsetof(LINEDEVCAPS, dwDeviceClassesSize), offsetof(LINEDEVCAPS, dwDeviceClassesOffset));
    fill_end(&f);
out:
    tspi_exit();
    return result;
}

/**
 * @return 0, INVALPOINTER, NODRIVER, INVALADDRESSID, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION, STRUCTURETOOSMALL.
 * Thread: any. Source: TSPI_lineGetAddressCaps, LINEADDRESSCAPS.
 */
LONG TSPIAPI TSPI_lineGetAddressCaps(DWORD dwDeviceID, DWORD dwAddressID, DWORD dwTSPIVersion, DWORD dwExtVersion,
                                     LPLINEADDRESSCAPS lpAddressCaps)
{
    LINEADDRESSCAPS caps;
    struct fill f;
    uint32_t line, sharing;
    LONG result = enter_caps(dwDeviceID, dwTSPIVersion, dwExtVersion, lpAddressCaps, &line);

    if (result)
        return result;
    if (dwAddressID >= session_address_count(tspi.core, line))
        result = (LONG)LINEERR_INVALADDRESSID;
    else
        result = fill_begin(&f, lpAddressCaps, fill_size_addresscaps(dwTSPIVersion), &caps, sizeof caps);
    if (result)
        goto out;
    memset((char *)&caps + offsetof(LINEADDRESSCAPS, dwLineDeviceID), 0,
           sizeof caps - offsetof(LINEADDRESSCAPS, dwLineDeviceID)); /* all of it is the provider's */
    caps.dwLineDeviceID = dwDeviceID;
    caps.dwAddressSharing = sharing = session_address_sharing(tspi.core, line, dwAddressID);
    caps.dwAddressStates = sharing == LINEADDRESSSHARING_MONITORED ? IN_USE : ADDRESS_STATES;
    if (sharing == LINEADDRESSSHARING_MONITORED)
        goto text; /* there is nothing but its use to be seen, and never a call */
    caps.dwCallInfoStates = INFO_STATES | (dwExtVersion ? LINECALLINFOSTATE_DEVSPECIFIC : 0);
    caps.dwCallerIDFlags = PARTY_FLAGS | LINECALLPARTYID_BLOCKED;
    caps.dwCalledIDFlags = PARTY_FLAGS;
    caps.dwConnectedIDFlags = PARTY_FLAGS | LINECALLPARTYID_BLOCKED;
    caps.dwRedirectionIDFlags = PARTY_FLAGS | LINECALLPARTYID_UNAVAIL;
    caps.dwRedirectingIDFlags = PARTY_FLAGS | LINECALLPARTYID_UNAVAIL;
    caps.dwCallStates = CALL_STATES;
    caps.dwDialToneModes = LINEDIALTONEMODE_NORMAL;
    caps.dwBusyModes = LINEBUSYMODE_STATION;
    caps.dwDisconnectModes = disconnect_modes(dwTSPIVersion, is_sip(line));
    caps.dwMaxNumActiveCalls = min_of(
        min_of(session_address_max(tspi.core, line, dwAddressID), session_line_max(tspi.core, line)), max_calls());
    caps.dwMaxNumOnHoldCalls = caps.dwMaxNumOnHoldPendingCalls = caps.dwMaxNumActiveCalls;
    caps.dwMaxNumConference = caps.dwMaxNumTransConf = SESSION_CONFERENCE_MAX;
    caps.dwTransferModes = LINETRANSFERMODE_TRANSFER | LINETRANSFERMODE_CONFERENCE;
    caps.dwAddrCapFlags = LINEADDRCAPFLAGS_DIALED | LINEADDRCAPFLAGS_ORIGOFFHOOK | LINEADDRCAPFLAGS_PARTIALDIAL |
                          LINEADDRCAPFLAGS_BLOCKIDOVERRIDE | LINEADDRCAPFLAGS_AUTORECONNECT |
                          LINEADDRCAPFLAGS_CONFDROP | LINEADDRCAPFLAGS_CONFERENCEHELD | LINEADDRCAPFLAGS_SETUPCONFNULL;
    caps.dwCallFeatures = tspi_call_features_of(dwTSPIVersion, session_line_call_features_ever(tspi.core, line));
    if (caps.dwCallFeatures & LINECALLFEATURE_SECURECALL)
        caps.dwAddrCapFlags |= LINEADDRCAPFLAGS_SECURE;
    caps.dwCallFeatures2 =
        LINECALLFEATURE2_ONESTEPTRANSFER | LINECALLFEATURE2_TRANSFERNORM | LINECALLFEATURE2_TRANSFERCONF;
    if (!is_sip(line)) {
        caps.dwAddrCapFlags |= LINEADDRCAPFLAGS_PICKUPCALLWAIT | LINEADDRCAPFLAGS_TRANSFERHELD |
                               LINEADDRCAPFLAGS_TRANSFERMAKE | LINEADDRCAPFLAGS_FWDNUMRINGS |
                               LINEADDRCAPFLAGS_FWDSTATUSVALID | LINEADDRCAPFLAGS_FWDINTEXTADDR |
                               LINEADDRCAPFLAGS_FWDBUSYNAADDR | LINEADDRCAPFLAGS_COMPLETIONID;
        caps.dwCallFeatures2 |= tspi_park_features2() | tspi_completion_features2(SESSION_COMPL_ALL);
    }
    caps.dwRemoveFromConfCaps = LINEREMOVEFROMCONF_ANY;
    caps.dwRemoveFromConfState = LINECALLSTATE_IDLE;
    caps.dwAddressFeatures =
        tspi_address_features_of(dwTSPIVersion, session_address_features(tspi.core, line, dwAddressID, true));
    caps.dwConnectedModes = connected_modes(dwTSPIVersion, sharing);
    if (caps.dwCallFeatures & LINECALLFEATURE_PARK)
        caps.dwParkModes = LINEPARKMODE_DIRECTED | (tspi.conf->placec ? LINEPARKMODE_NONDIRECTED : 0u);
    if (!(caps.dwAddressFeatures & LINEADDRFEATURE_PICKUP))
        caps.dwAddrCapFlags &= ~(DWORD)LINEADDRCAPFLAGS_PICKUPCALLWAIT;
    caps.dwOfferingModes = LINEOFFERINGMODE_ACTIVE;
    caps.dwAvailableMediaModes = tspi.conf->linev[line].media_modes;
    if (dwTSPIVersion >= 0x00020000 && !is_sip(line)) {
        caps.dwMaxCallDataSize = SESSION_CALL_DATA_MAX;
        tspi_fill_treatments(&f, &caps);
    }
    if (is_sip(line))
        sip_forward_caps(line, &caps);
    else
        tspi_fill_completion(&f, &caps);
text:
    FILL_TEXT(&f, LINEADDRESSCAPS, dwAddress,
              session_party_number(session_address_party(tspi.core, line, dwAddressID)));
    if (dwTSPIVersion >= 0x00020000)
        fill_classes(&f, offsetof(LINEADDRESSCAPS, dwDeviceClassesSize),
                     offsetof(LINEADDRESSCAPS, dwDeviceClassesOffset));
    fill_end(&f);
out:
    tspi_exit();
    return result;
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

/* Ring mode of the line: 1 while a call rings. */
static uint32_t ring_mode(uint32_t line)
{
    for (uint32_t id = session_first(tspi.core, line); id; id = session_after(tspi.core, id)) {
        const struct session_info *info = session_get(tspi.core, id);

        if (info && info->rings && (info->state == SESSION_OFFERING || info->state == SESSION_ACCEPTED))
            return 1;
    }
    return 0;
}

/**
 * dwNumOpens, dwOpenMediaModes and the list of applications are TAPI's and stay as they are.
 * @return 0, INVALPOINTER, INVALLINEHANDLE, STRUCTURETOOSMALL.
 * Thread: any. Source: TSPI_lineGetLineDevStatus, LINEDEVSTATUS.
 */
LONG TSPIAPI TSPI_lineGetLineDevStatus(HDRVLINE hdLine, LPLINEDEVSTATUS lpLineDevStatus)
{
    struct sessiontsp_registration registration;
    struct session_counts counts;
    LINEDEVSTATUS s;
    struct fill f;
    uint32_t line;
    LONG result;

    if (!lpLineDevStatus)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_line(hdLine, &line);
    if (result)
        return result;
    result = fill_begin(&f, lpLineDevStatus, fill_size_devstatus(tspi.linev[line].version), &s, sizeof s);
    if (result)
        goto out;
    session_counts(tspi.core, line, UINT32_MAX, &counts);
    s.dwNumActiveCalls = counts.active;
    s.dwNumOnHoldCalls = counts.on_hold;
    s.dwNumOnHoldPendCalls = counts.on_hold_pend;
    s.dwLineFeatures = tspi_line_features_of(tspi.linev[line].version, tspi_line_features(line, false));
    s.dwNumCallCompletions = session_completions(tspi.core, line);
    s.dwRingMode = ring_mode(line);
    s.dwSignalLevel = 0xFFFF;
    s.dwBatteryLevel = 0xFFFF;
    s.dwRoamMode = LINEROAMMODE_UNAVAIL;
    s.dwDevStatusFlags = session_line_status(tspi.core, line);
    s.dwAvailableMediaModes = tspi.conf->linev[line].media_modes;
    FILL_ROUTES(&f, LINEDEVSTATUS, session_terminals(tspi.core, line, UINT32_MAX));
    FILL_PART(&f, LINEDEVSTATUS, dwDevSpecific, &registration, tspi_registration(line, &registration));
    fill_end(&f);
out:
    tspi_exit();
    return result;
}

/**
 * @return 0, INVALPOINTER, INVALLINEHANDLE, INVALADDRESSID, STRUCTURETOOSMALL.
 * Thread: any. Source: TSPI_lineGetAddressStatus, LINEADDRESSSTATUS.
 */
LONG TSPIAPI TSPI_lineGetAddressStatus(HDRVLINE hdLine, DWORD dwAddressID, LPLINEADDRESSSTATUS lpAddressStatus)
{
    struct session_counts counts;
    LINEADDRESSSTATUS s;
    struct fill f;
    uint32_t line;
    LONG result;

    if (!lpAddressStatus)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_line(hdLine, &line);
    if (result)
        return result;
    if (dwAddressID >= session_address_count(tspi.core, line))
        result = (LONG)LINEERR_INVALADDRESSID;
    else
        result = fill_begin(&f, lpAddressStatus, fill_size_addressstatus(tspi.linev[line].version), &s, sizeof s);
    if (result)
        goto out;
    session_counts(tspi.core, line, dwAddressID, &counts);
    s.dwNumActiveCalls = counts.active;
    s.dwNumOnHoldCalls = counts.on_hold;
    s.dwNumOnHoldPendCalls = counts.on_hold_pend;
    s.dwNumInUse = session_stations(tspi.core, line, dwAddressID);
    s.dwAddressFeatures = tspi_address_features_of(tspi.linev[line].version,
                                                   session_address_features(tspi.core, line, dwAddressID, false));
    tspi_fill_forwards(&f, &s, session_forwards(tspi.core, line, dwAddressID));
    FILL_ROUTES(&f, LINEADDRESSSTATUS, session_terminals(tspi.core, line, dwAddressID));
    FILL_PART(&f, LINEADDRESSSTATUS, dwDevSpecific, NULL, 0);
    fill_end(&f);
out:
    tspi_exit();
    return result;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

static void fill_party(struct fill *f, size_t size_at, size_t offset_at, uint32_t flags,
                       const struct session_party *party)
{
    enum { NAME = 2 * sizeof(DWORD) }; /* from the number's members to the name's */

    fill_text(f, size_at, offset_at, flags & LINECALLPARTYID_ADDRESS ? session_party_number(party) : NULL);
    fill_text(f, size_at + NAME, offset_at + NAME, flags & LINECALLPARTYID_NAME ? session_party_name(party) : NULL);
}
/* LINECALLPARTYID_ of one that only a call that was sent on has. */
static uint32_t redirect_flags(const struct session_party *p)
{
    uint32_t flags = 0;

    if (!p)
        return LINECALLPARTYID_UNAVAIL;
    if (p->number_len)
        flags |= LINECALLPARTYID_ADDRESS;
    if (p->name_len)
        flags |= LINECALLPARTYID_NAME;
    return flags ? flags : LINECALLPARTYID_UNKNOWN;
}

#define FILL_PARTY(f, who, flags, party)                                                                               \
    fill_party((f), offsetof(LINECALLINFO, dw##who##IDSize), offsetof(LINECALLINFO, dw##who##IDOffset), (flags),       \
               (party))
_Static_assert(offsetof(LINECALLINFO, dwCallerIDNameSize) - offsetof(LINECALLINFO, dwCallerIDSize) == 8, "layout");
_Static_assert(offsetof(LINECALLINFO, dwCallerIDNameOffset) - offsetof(LINECALLINFO, dwCallerIDOffset) == 8, "layout");

/**
 * Works in every state, also IDLE. TAPI's members (hLine, monitor modes, counts of owners and monitors, application
 * name, displayable address, called party, comment) stay as they are.
 * @return 0, INVALPOINTER, INVALCALLHANDLE, STRUCTURETOOSMALL.
 * Thread: any. Source: TSPI_lineGetCallInfo, LINECALLINFO.
 */
LONG TSPIAPI TSPI_lineGetCallInfo(HDRVCALL hdCall, LPLINECALLINFO lpCallInfo)
{
    const struct session_info *info;
    LINECALLINFO c;
    struct fill f;
    uint32_t session;
    DWORD version;
    LONG result;

    if (!lpCallInfo)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_call(hdCall, &session);
    if (result)
        return result;
    info = session_get(tspi.core, session);
    if (!info) {
        result = (LONG)LINEERR_INVALCALLHANDLE;
        goto out;
    }
    version = tspi.linev[info->line].version;
    result = fill_begin(&f, lpCallInfo, fill_size_callinfo(version), &c, sizeof c);
    if (result)
        goto out;
    c.dwLineDeviceID = tspi.linev[info->line].dev.id;
    c.dwAddressID = info->address;
    c.dwBearerMode = info->bearer_mode;
    c.dwRate = info->rate ? info->rate : RATE_MAX;
    c.dwMediaMode = info->media_modes;
    c.dwAppSpecific = info->app_specific;
    c.dwCallID = info->call_id;
    c.dwRelatedCallID = info->related_call_id;
    c.dwCallParamFlags = info->flags;
    c.dwCallStates = CALL_STATES;
    c.dwOrigin = info->origin;
    c.dwReason = info->reason;
    c.dwCompletionID = info->completion_id;
    c.dwCountryCode = info->country;
    c.dwTrunk = 0xFFFFFFFF;
    c.dwCallerIDFlags = info->caller_flags;
    c.dwCalledIDFlags = info->called_flags;
    c.dwConnectedIDFlags = info->connected_flags;
    c.dwRedirectionIDFlags = redirect_flags(info->redirection);
    c.dwRedirectingIDFlags = redirect_flags(info->redirecting);
    FILL_PARTY(&f, Caller, info->caller_flags, info->caller);
    FILL_PARTY(&f, Called, info->called_flags, info->called);
    FILL_PARTY(&f, Connected, info->connected_flags, info->connected);
    FILL_PARTY(&f, Redirection, c.dwRedirectionIDFlags, info->redirection);
    FILL_PARTY(&f, Redirecting, c.dwRedirectingIDFlags, info->redirecting);
    FILL_PART(&f, LINECALLINFO, dwDisplay, NULL, 0);
    tspi_fill_media(&f, &c, session_media(tspi.core, session), version);
    FILL_PART(&f, LINECALLINFO, dwHighLevelComp, NULL, 0);
    FILL_PART(&f, LINECALLINFO, dwLowLevelComp, NULL, 0);
    FILL_PART(&f, LINECALLINFO, dwChargingInfo, NULL, 0);
    FILL_ROUTES(&f, LINECALLINFO, info->termv);
    tspi_fill_stream(&f, info->line, session_media(tspi.core, session));
    fill_end(&f);
out:
    tspi_exit();
    return result;
}

/* Wall clock time of a time of the core's. */
static void time_of(uint64_t mono_ms, SYSTEMTIME *out)
{
    struct platform_date d;
    uint64_t now = platform_mono_ms(), wall = platform_wall_ms(), ago = now > mono_ms ? now - mono_ms : 0;

    platform_wall_to_utc(wall > ago ? wall - ago : 0, &d);
    out->wYear = (WORD)d.year;
    out->wMonth = (WORD)d.month;
    out->wDayOfWeek = (WORD)d.weekday;
    out->wDay = (WORD)d.day;
    out->wHour = (WORD)d.hour;
    out->wMinute = (WORD)d.minute;
    out->wSecond = (WORD)d.second;
    out->wMilliseconds = (WORD)d.ms;
}

/**
 * Works in every state, also IDLE. dwCallPrivilege is TAPI's and stays as it is.
 * @return 0, INVALPOINTER, INVALCALLHANDLE, STRUCTURETOOSMALL.
 * Thread: any. Source: TSPI_lineGetCallStatus, LINECALLSTATUS.
 */
LONG TSPIAPI TSPI_lineGetCallStatus(HDRVCALL hdCall, LPLINECALLSTATUS lpCallStatus)
{
    const struct session_info *info;
    LINECALLSTATUS s;
    SYSTEMTIME entered;
    struct fill f;
    uint32_t session;
    DWORD version;
    LONG result;

    if (!lpCallStatus)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_call(hdCall, &session);
    if (result)
        return result;
    info = session_get(tspi.core, session);
    if (!info) {
        result = (LONG)LINEERR_INVALCALLHANDLE;
        goto out;
    }
    version = tspi.linev[info->line].version;
    result = fill_begin(&f, lpCallStatus, fill_size_callstatus(version), &s, sizeof s);
    if (result)
        goto out;
    s.dwCallState = info->state;
    /* of a member of a conference this is its parent, which only TAPI has a handle of */
    s.dwCallStateMode = info->state == SESSION_CONFERENCED ? 0 : tspi_mode_of(version, info->state, info->mode);
    s.dwCallFeatures = tspi_call_features_of(version, session_call_features(tspi.core, session));
    s.dwCallFeatures2 = 0;
    if (s.dwCallFeatures & LINECALLFEATURE_SETUPTRANSFER)
        s.dwCallFeatures2 |= LINECALLFEATURE2_ONESTEPTRANSFER;
    if (s.dwCallFeatures & LINECALLFEATURE_COMPLETETRANSF)
        s.dwCallFeatures2 |= LINECALLFEATURE2_TRANSFERNORM | LINECALLFEATURE2_TRANSFERCONF;
    if (s.dwCallFeatures & LINECALLFEATURE_PARK)
        s.dwCallFeatures2 |= tspi_park_features2();
    s.dwCallFeatures2 |= tspi_completion_features2(session_completion_modes(tspi.core, session) & completion_modes(info->line));
    time_of(info->state_ms, &entered);
    s.tStateEntryTime = entered;
    FILL_PART(&f, LINECALLSTATUS, dwDevSpecific, NULL, 0);
    fill_end(&f);
out:
    tspi_exit();
    return result;
}

/** @return 0, INVALPOINTER, INVALCALLHANDLE. Thread: any. Source: TSPI_lineGetCallAddressID. */
LONG TSPIAPI TSPI_lineGetCallAddressID(HDRVCALL hdCall, LPDWORD lpdwAddressID)
{
    const struct session_info *info;
    uint32_t session;
    LONG result;

    if (!lpdwAddressID)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_call(hdCall, &session);
    if (result)
        return result;
    info = session_get(tspi.core, session);
    if (info)
        *lpdwAddressID = info->address;
    tspi_exit();
    return info ? 0 : (LONG)LINEERR_INVALCALLHANDLE;
}
