/* Messages and constants of TAPI in words. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"

#include "tapi_shim/client/error_name.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* clang-format off */
#define LINECALLSTATE_MAP(B)                                                                                           \
    B(IDLE) B(OFFERING) B(ACCEPTED) B(DIALTONE) B(DIALING) B(RINGBACK) B(BUSY) B(SPECIALINFO) B(CONNECTED)             \
    B(PROCEEDING) B(ONHOLD) B(CONFERENCED) B(ONHOLDPENDCONF) B(ONHOLDPENDTRANSFER) B(DISCONNECTED) B(UNKNOWN)
#define LINEDISCONNECTMODE_MAP(B)                                                                                      \
    B(NORMAL) B(UNKNOWN) B(REJECT) B(PICKUP) B(FORWARDED) B(BUSY) B(NOANSWER) B(BADADDRESS) B(UNREACHABLE)             \
    B(CONGESTION) B(INCOMPATIBLE) B(UNAVAIL) B(NODIALTONE) B(NUMBERCHANGED) B(OUTOFORDER) B(TEMPFAILURE)               \
    B(QOSUNAVAIL) B(BLOCKED) B(DONOTDISTURB) B(CANCELLED)
#define LINEBUSYMODE_MAP(B)                                                                                            \
    B(STATION) B(TRUNK) B(UNKNOWN) B(UNAVAIL)
#define LINEDIALTONEMODE_MAP(B)                                                                                        \
    B(NORMAL) B(SPECIAL) B(INTERNAL) B(EXTERNAL) B(UNKNOWN) B(UNAVAIL)
#define LINEOFFERINGMODE_MAP(B)                                                                                        \
    B(ACTIVE) B(INACTIVE)
#define LINECONNECTEDMODE_MAP(B)                                                                                       \
    B(ACTIVE) B(INACTIVE) B(ACTIVEHELD) B(INACTIVEHELD) B(CONFIRMED)
#define LINESPECIALINFO_MAP(B)                                                                                         \
    B(NOCIRCUIT) B(CUSTIRREG) B(REORDER) B(UNKNOWN) B(UNAVAIL)
#define LINECALLORIGIN_MAP(B)                                                                                          \
    B(OUTBOUND) B(INTERNAL) B(EXTERNAL) B(UNKNOWN) B(UNAVAIL) B(CONFERENCE) B(INBOUND)
#define LINECALLREASON_MAP(B)                                                                                          \
    B(DIRECT) B(FWDBUSY) B(FWDNOANSWER) B(FWDUNCOND) B(PICKUP) B(UNPARK) B(REDIRECT) B(CALLCOMPLETION)                 \
    B(TRANSFER) B(REMINDER) B(UNKNOWN) B(UNAVAIL) B(INTRUDE) B(PARKED) B(CAMPEDON) B(ROUTEREQUEST)
#define LINEDEVSTATE_MAP(B)                                                                                            \
    B(OTHER) B(RINGING) B(CONNECTED) B(DISCONNECTED) B(MSGWAITON) B(MSGWAITOFF) B(INSERVICE) B(OUTOFSERVICE)           \
    B(MAINTENANCE) B(OPEN) B(CLOSE) B(NUMCALLS) B(NUMCOMPLETIONS) B(TERMINALS) B(ROAMMODE) B(BATTERY)                  \
    B(SIGNAL) B(DEVSPECIFIC) B(REINIT) B(LOCK) B(CAPSCHANGE) B(CONFIGCHANGE) B(TRANSLATECHANGE) B(COMPLCANCEL)         \
    B(REMOVED)
#define LINEADDRESSSTATE_MAP(B)                                                                                        \
    B(OTHER) B(DEVSPECIFIC) B(INUSEZERO) B(INUSEONE) B(INUSEMANY) B(NUMCALLS) B(FORWARD) B(TERMINALS)                  \
    B(CAPSCHANGE)
#define LINECALLINFOSTATE_MAP(B)                                                                                       \
    B(OTHER) B(DEVSPECIFIC) B(BEARERMODE) B(RATE) B(MEDIAMODE) B(APPSPECIFIC) B(CALLID) B(RELATEDCALLID)               \
    B(ORIGIN) B(REASON) B(COMPLETIONID) B(NUMOWNERINCR) B(NUMOWNERDECR) B(NUMMONITORS) B(TRUNK) B(CALLERID)            \
    B(CALLEDID) B(CONNECTEDID) B(REDIRECTIONID) B(REDIRECTINGID) B(DISPLAY) B(USERUSERINFO) B(HIGHLEVELCOMP)           \
    B(LOWLEVELCOMP) B(CHARGINGINFO) B(TERMINAL) B(DIALPARAMS) B(MONITORMODES) B(TREATMENT) B(QOS) B(CALLDATA)
#define LINEMEDIAMODE_MAP(B)                                                                                           \
    B(UNKNOWN) B(INTERACTIVEVOICE) B(AUTOMATEDVOICE) B(DATAMODEM) B(G3FAX) B(TDD) B(G4FAX) B(DIGITALDATA)              \
    B(TELETEX) B(VIDEOTEX) B(TELEX) B(MIXED) B(ADSI) B(VOICEVIEW) B(VIDEO)
#define LINECALLPRIVILEGE_MAP(B)                                                                                       \
    B(NONE) B(MONITOR) B(OWNER)
#define MESSAGE_MAP(M)                                                                                                 \
    M(ADDRESSSTATE) M(CALLINFO) M(CALLSTATE) M(CLOSE) M(DEVSPECIFIC) M(DEVSPECIFICFEATURE) M(GATHERDIGITS)             \
    M(GENERATE) M(LINEDEVSTATE) M(MONITORDIGITS) M(MONITORMEDIA) M(MONITORTONE) M(REPLY) M(REQUEST) M(CREATE)          \
    M(AGENTSPECIFIC) M(AGENTSTATUS) M(APPNEWCALL) M(PROXYREQUEST) M(REMOVE)
/* clang-format on */

struct bit {
    DWORD value;
    const char *name;
};

#define BIT_CALLSTATE(n) {LINECALLSTATE_##n, #n},
static const struct bit callstates[] = {LINECALLSTATE_MAP(BIT_CALLSTATE){0, NULL}};
#define BIT_DISCONNECT(n) {LINEDISCONNECTMODE_##n, #n},
static const struct bit disconnectmodes[] = {LINEDISCONNECTMODE_MAP(BIT_DISCONNECT){0, NULL}};
#define BIT_BUSY(n) {LINEBUSYMODE_##n, #n},
static const struct bit busymodes[] = {LINEBUSYMODE_MAP(BIT_BUSY){0, NULL}};
#define BIT_DIALTONE(n) {LINEDIALTONEMODE_##n, #n},
static const struct bit dialtonemodes[] = {LINEDIALTONEMODE_MAP(BIT_DIALTONE){0, NULL}};
#define BIT_OFFERING(n) {LINEOFFERINGMODE_##n, #n},
static const struct bit offeringmodes[] = {LINEOFFERINGMODE_MAP(BIT_OFFERING){0, NULL}};
#define BIT_CONNECTED(n) {LINECONNECTEDMODE_##n, #n},
static const struct bit connectedmodes[] = {LINECONNECTEDMODE_MAP(BIT_CONNECTED){0, NULL}};
#define BIT_SPECIALINFO(n) {LINESPECIALINFO_##n, #n},
static const struct bit specialinfos[] = {LINESPECIALINFO_MAP(BIT_SPECIALINFO){0, NULL}};
#define BIT_ORIGIN(n) {LINECALLORIGIN_##n, #n},
static const struct bit origins[] = {LINECALLORIGIN_MAP(BIT_ORIGIN){0, NULL}};
#define BIT_REASON(n) {LINECALLREASON_##n, #n},
static const struct bit reasons[] = {LINECALLREASON_MAP(BIT_REASON){0, NULL}};
#define BIT_LINESTATE(n) {LINEDEVSTATE_##n, #n},
static const struct bit linestates[] = {LINEDEVSTATE_MAP(BIT_LINESTATE){0, NULL}};
#define BIT_ADDRESSSTATE(n) {LINEADDRESSSTATE_##n, #n},
static const struct bit addressstates[] = {LINEADDRESSSTATE_MAP(BIT_ADDRESSSTATE){0, NULL}};
#define BIT_CALLINFOSTATE(n) {LINECALLINFOSTATE_##n, #n},
static const struct bit callinfostates[] = {LINECALLINFOSTATE_MAP(BIT_CALLINFOSTATE){0, NULL}};
#define BIT_MEDIAMODE(n) {LINEMEDIAMODE_##n, #n},
static const struct bit mediamodes[] = {LINEMEDIAMODE_MAP(BIT_MEDIAMODE){0, NULL}};
#define BIT_PRIVILEGE(n) {LINECALLPRIVILEGE_##n, #n},
static const struct bit privileges[] = {LINECALLPRIVILEGE_MAP(BIT_PRIVILEGE){0, NULL}};

static const struct bit *const bits[NAMES_COUNT] = {
    [NAMES_CALLSTATE] = callstates,
    [NAMES_DISCONNECTMODE] = disconnectmodes,
    [NAMES_BUSYMODE] = busymodes,
    [NAMES_DIALTONEMODE] = dialtonemodes,
    [NAMES_OFFERINGMODE] = offeringmodes,
    [NAMES_CONNECTEDMODE] = connectedmodes,
    [NAMES_SPECIALINFO] = specialinfos,
    [NAMES_ORIGIN] = origins,
    [NAMES_REASON] = reasons,
    [NAMES_LINESTATE] = linestates,
    [NAMES_ADDRESSSTATE] = addressstates,
    [NAMES_CALLINFOSTATE] = callinfostates,
    [NAMES_MEDIAMODE] = mediamodes,
    [NAMES_PRIVILEGE] = privileges,
};

#define MESSAGE_NAME(n) {LINE_##n, "LINE_" #n},
static const struct bit messages[] = {MESSAGE_MAP(MESSAGE_NAME){0, NULL}};

/* Appends as much as fits. */
static void add(char text[NAMES_TEXT_MAX], const char *fmt, ...)
{
    size_t len = strlen(text);
    va_list ap;

    va_start(ap, fmt);
    (void)vsnprintf(text + len, NAMES_TEXT_MAX - len, fmt, ap);
    va_end(ap);
}

static void add_bits(char text[NAMES_TEXT_MAX], enum names_kind kind, DWORD_PTR value)
{
    const struct bit *b;
    const char *between = "";

    if (!value)
        add(text, "0");
    for (b = bits[kind]; b->name; b++) {
        if (value & b->value) {
            add(text, "%s%s", between, b->name);
            between = "|";
            value &= ~(DWORD_PTR)b->value;
        }
    }
    if (value)
        add(text, "%s0x%llx", between, (unsigned long long)value);
}

const char *names_bits(enum names_kind kind, DWORD_PTR value, char text[NAMES_TEXT_MAX])
{
    text[0] = 0;
    add_bits(text, kind, value);
    return text;
}

const char *names_message(DWORD message)
{
    const struct bit *m;

    for (m = messages; m->name; m++) {
        if (m->value == message)
            return m->name;
    }
    return NULL;
}

static void describe_state(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX])
{
    static const struct {
        DWORD state;
        enum names_kind kind;
    } modes[] = {{LINECALLSTATE_OFFERING, NAMES_OFFERINGMODE},   {LINECALLSTATE_DIALTONE, NAMES_DIALTONEMODE},
                 {LINECALLSTATE_BUSY, NAMES_BUSYMODE},           {LINECALLSTATE_SPECIALINFO, NAMES_SPECIALINFO},
                 {LINECALLSTATE_CONNECTED, NAMES_CONNECTEDMODE}, {LINECALLSTATE_DISCONNECTED, NAMES_DISCONNECTMODE}};
    size_t i;

    add_bits(text, NAMES_CALLSTATE, m->dwParam1);
    for (i = 0; m->dwParam2 && i < sizeof(modes) / sizeof(modes[0]); i++) {
        if (m->dwParam1 == modes[i].state) {
            add(text, " mode=");
            add_bits(text, modes[i].kind, m->dwParam2);
        }
    }
    if (m->dwParam1 == LINECALLSTATE_CONFERENCED)
        add(text, " parent=0x%llx", (unsigned long long)m->dwParam2);
    if (m->dwParam3) {
        add(text, " privilege=");
        add_bits(text, NAMES_PRIVILEGE, m->dwParam3);
    }
}

const char *names_callstate(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX])
{
    text[0] = 0;
    describe_state(m, text);
    return text;
}

const char *names_describe(const LINEMESSAGE *m, char text[NAMES_TEXT_MAX])
{
    const char *name = names_message(m->dwMessageID);

    text[0] = 0;
    if (name)
        add(text, "%s", name);
    else
        add(text, "message %lu", (unsigned long)m->dwMessageID);
    if (m->hDevice)
        add(text, " device=0x%lx", (unsigned long)m->hDevice);
    add(text, " ");
    switch (m->dwMessageID) {
    case LINE_CALLSTATE:
        describe_state(m, text);
        break;
    case LINE_CALLINFO:
        add_bits(text, NAMES_CALLINFOSTATE, m->dwParam1);
        break;
    case LINE_LINEDEVSTATE:
        add_bits(text, NAMES_LINESTATE, m->dwParam1);
        if (m->dwParam1 == LINEDEVSTATE_RINGING)
            add(text, " mode=%llu count=%llu", (unsigned long long)m->dwParam2, (unsigned long long)m->dwParam3);
        break;
    case LINE_ADDRESSSTATE:
        add(text, "address=%llu ", (unsigned long long)m->dwParam1);
        add_bits(text, NAMES_ADDRESSSTATE, m->dwParam2);
        break;
    case LINE_REPLY:
        add(text, "request=%llu %s", (unsigned long long)m->dwParam1, error_name((LONG)m->dwParam2));
        break;
    case LINE_APPNEWCALL:
        add(text, "address=%llu call=0x%llx privilege=", (unsigned long long)m->dwParam1,
            (unsigned long long)m->dwParam2);
        add_bits(text, NAMES_PRIVILEGE, m->dwParam3);
        break;
    case LINE_CREATE:
    case LINE_REMOVE:
        add(text, "line=%llu", (unsigned long long)m->dwParam1);
        break;
    default:
        add(text, "0x%llx 0x%llx 0x%llx", (unsigned long long)m->dwParam1, (unsigned long long)m->dwParam2,
            (unsigned long long)m->dwParam3);
        break;
    }
    return text;
}
