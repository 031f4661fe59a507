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
#define LINEFORWARDMODE_MAP(B)                                                                                         \
    B(UNCOND) B(UNCONDINTERNAL) B(UNCONDEXTERNAL) B(UNCONDSPECIFIC) B(BUSY) B(BUSYINTERNAL) B(BUSYEXTERNAL)            \
    B(BUSYSPECIFIC) B(NOANSW) B(NOANSWINTERNAL) B(NOANSWEXTERNAL) B(NOANSWSPECIFIC) B(BUSYNA) B(BUSYNAINTERNAL)        \
    B(BUSYNAEXTERNAL) B(BUSYNASPECIFIC) B(UNKNOWN) B(UNAVAIL)
#define LINECALLCOMPLMODE_MAP(B)                                                                                       \
    B(CAMPON) B(CALLBACK) B(INTRUDE) B(MESSAGE)
#define LINEDIGITMODE_MAP(B)                                                                                           \
    B(PULSE) B(DTMF) B(DTMFEND)
#define LINEMEDIACONTROL_MAP(B)                                                                                        \
    B(NONE)                                                                                                            \
    B(START)                                                                                                           \
    B(RESET)                                                                                                           \
    B(PAUSE)                                                                                                           \
    B(RESUME) B(RATEUP) B(RATEDOWN) B(RATENORMAL) B(VOLUMEUP) B(VOLUMEDOWN) B(VOLUMENORMAL)
#define LINETERMMODE_MAP(B)                                                                                            \
    B(BUTTONS)                                                                                                         \
    B(LAMPS) B(DISPLAY) B(RINGER) B(HOOKSWITCH) B(MEDIATOLINE) B(MEDIAFROMLINE) B(MEDIABIDIRECT)
#define LINETONEMODE_MAP(B)                                                                                            \
    B(CUSTOM) B(RINGBACK) B(BUSY) B(BEEP) B(BILLING)
#define LINEGATHERTERM_MAP(B)                                                                                          \
    B(BUFFERFULL) B(TERMDIGIT) B(FIRSTTIMEOUT) B(INTERTIMEOUT) B(CANCEL)
#define LINEGENERATETERM_MAP(B)                                                                                        \
    B(DONE) B(CANCEL)
#define LINEBEARERMODE_MAP(B)                                                                                          \
    B(VOICE) B(SPEECH) B(MULTIUSE) B(DATA) B(ALTSPEECHDATA) B(NONCALLSIGNALING) B(PASSTHROUGH)                         \
    B(RESTRICTEDDATA)
#define LINECALLTREATMENT_MAP(B)                                                                                       \
    B(SILENCE) B(RINGBACK) B(BUSY) B(MUSIC)
#define LINEDEVSTATUSFLAGS_MAP(B)                                                                                      \
    B(CONNECTED) B(MSGWAIT) B(INSERVICE) B(LOCKED)
#define LINECALLFEATURE_MAP(B)                                                                                         \
    B(ACCEPT) B(ADDTOCONF) B(ANSWER) B(BLINDTRANSFER) B(COMPLETECALL) B(COMPLETETRANSF) B(DIAL) B(DROP)                \
    B(GATHERDIGITS) B(GENERATEDIGITS) B(GENERATETONE) B(HOLD) B(MONITORDIGITS) B(MONITORMEDIA) B(MONITORTONES)         \
    B(PARK) B(PREPAREADDCONF) B(REDIRECT) B(REMOVEFROMCONF) B(SECURECALL) B(SENDUSERUSER) B(SETCALLPARAMS)             \
    B(SETMEDIACONTROL) B(SETTERMINAL) B(SETUPCONF) B(SETUPTRANSFER) B(SWAPHOLD) B(UNHOLD)                              \
    B(RELEASEUSERUSERINFO) B(SETTREATMENT) B(SETQOS) B(SETCALLDATA)
#define LINECALLFEATURE2_MAP(B)                                                                                        \
    B(NOHOLDCONFERENCE) B(ONESTEPTRANSFER) B(COMPLCAMPON) B(COMPLCALLBACK) B(COMPLINTRUDE) B(COMPLMESSAGE)             \
    B(TRANSFERNORM) B(TRANSFERCONF) B(PARKDIRECT) B(PARKNONDIRECT)
#define LINEADDRFEATURE_MAP(B)                                                                                         \
    B(FORWARD) B(MAKECALL) B(PICKUP) B(SETMEDIACONTROL) B(SETTERMINAL) B(SETUPCONF) B(UNCOMPLETECALL) B(UNPARK)        \
    B(PICKUPHELD) B(PICKUPGROUP) B(PICKUPDIRECT) B(PICKUPWAITING) B(FORWARDFWD) B(FORWARDDND)
#define LINEFEATURE_MAP(B)                                                                                             \
    B(DEVSPECIFIC) B(DEVSPECIFICFEAT) B(FORWARD) B(MAKECALL) B(SETMEDIACONTROL) B(SETTERMINAL) B(SETDEVSTATUS)         \
    B(FORWARDFWD) B(FORWARDDND)
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
#define BIT_FORWARDMODE(n) {LINEFORWARDMODE_##n, #n},
static const struct bit forwardmodes[] = {LINEFORWARDMODE_MAP(BIT_FORWARDMODE){0, NULL}};
#define BIT_COMPLMODE(n) {LINECALLCOMPLMODE_##n, #n},
static const struct bit complmodes[] = {LINECALLCOMPLMODE_MAP(BIT_COMPLMODE){0, NULL}};
#define BIT_DIGITMODE(n) {LINEDIGITMODE_##n, #n},
static const struct bit digitmodes[] = {LINEDIGITMODE_MAP(BIT_DIGITMODE){0, NULL}};
#define BIT_TONEMODE(n) {LINETONEMODE_##n, #n},
static const struct bit tonemodes[] = {LINETONEMODE_MAP(BIT_TONEMODE){0, NULL}};
#define BIT_GATHERTERM(n) {LINEGATHERTERM_##n, #n},
static const struct bit gatherterms[] = {LINEGATHERTERM_MAP(BIT_GATHERTERM){0, NULL}};
#define BIT_GENERATETERM(n) {LINEGENERATETERM_##n, #n},
static const struct bit generateterms[] = {LINEGENERATETERM_MAP(BIT_GENERATETERM){0, NULL}};
#define BIT_BEARERMODE(n) {LINEBEARERMODE_##n, #n},
static const struct bit bearermodes[] = {LINEBEARERMODE_MAP(BIT_BEARERMODE){0, NULL}};
#define BIT_CALLTREATMENT(n) {LINECALLTREATMENT_##n, #n},
static const struct bit treatments[] = {LINECALLTREATMENT_MAP(BIT_CALLTREATMENT){0, NULL}};
#define BIT_LINEDEVSTATUS(n) {LINEDEVSTATUSFLAGS_##n, #n},
static const struct bit devstatus[] = {LINEDEVSTATUSFLAGS_MAP(BIT_LINEDEVSTATUS){0, NULL}};
#define BIT_CALLFEATURE(n) {LINECALLFEATURE_##n, #n},
static const struct bit callfeatures[] = {LINECALLFEATURE_MAP(BIT_CALLFEATURE){0, NULL}};
#define BIT_CALLFEATURE2(n) {LINECALLFEATURE2_##n, #n},
static const struct bit callfeatures2[] = {LINECALLFEATURE2_MAP(BIT_CALLFEATURE2){0, NULL}};
#define BIT_ADDRFEATURE(n) {LINEADDRFEATURE_##n, #n},
static const struct bit addrfeatures[] = {LINEADDRFEATURE_MAP(BIT_ADDRFEATURE){0, NULL}};
#define BIT_MEDIACONTROL(n) {LINEMEDIACONTROL_##n, #n},
static const struct bit mediacontrols[] = {LINEMEDIACONTROL_MAP(BIT_MEDIACONTROL){0, NULL}};
#define BIT_TERMMODE(n) {LINETERMMODE_##n, #n},
static const struct bit termmodes[] = {LINETERMMODE_MAP(BIT_TERMMODE){0, NULL}};
#define BIT_LINEFEATURE(n) {LINEFEATURE_##n, #n},
static const struct bit linefeatures[] = {LINEFEATURE_MAP(BIT_LINEFEATURE){0, NULL}};

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
    [NAMES_FORWARDMODE] = forwardmodes,
    [NAMES_COMPLMODE] = complmodes,
    [NAMES_DIGITMODE] = digitmodes,
    [NAMES_TONEMODE] = tonemodes,
    [NAMES_GATHERTERM] = gatherterms,
    [NAMES_GENERATETERM] = generateterms,
    [NAMES_BEARERMODE] = bearermodes,
    [NAMES_CALLTREATMENT] = treatments,
    [NAMES_LINEDEVSTATUS] = devstatus,
    [NAMES_CALLFEATURE] = callfeatures,
    [NAMES_CALLFEATURE2] = callfeatures2,
    [NAMES_ADDRFEATURE] = addrfeatures,
    [NAMES_LINEFEATURE] = linefeatures,
    [NAMES_MEDIACONTROL] = mediacontrols,
    [NAMES_TERMMODE] = termmodes,
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

static bool same(const char *word, size_t len, const char *name)
{
    size_t i;

    for (i = 0; i < len && name[i]; i++) {
        char c = word[i] >= 'a' && word[i] <= 'z' ? (char)(word[i] - 'a' + 'A') : word[i];

        if (c != name[i])
            return false;
    }
    return i == len && !name[i];
}

bool names_value(enum names_kind kind, const char *text, DWORD_PTR *value)
{
    DWORD_PTR sum = 0;

    do {
        const struct bit *b = bits[kind];
        size_t len = strcspn(text, "|");

        while (b->name && !same(text, len, b->name))
            b++;
        if (!b->name)
            return false;
        sum |= b->value;
        text += len;
    } while (*text++ == '|');
    *value = sum;
    return true;
}

const char *names_nth(enum names_kind kind, unsigned n)
{
    const struct bit *b = bits[kind];

    while (n-- && b->name)
        b++;
    return b->name;
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
