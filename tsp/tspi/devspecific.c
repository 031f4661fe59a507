/* The extension of lines: its versions, TSPI_lineDevSpecific and TSPI_lineDevSpecificFeature. include/sessiontsp.h says
 * what it is. SPDX-License-Identifier: MIT */
#include "tsp/tspi/extra.h"
#include "tsp/binding/sip/sip.h"
#include "tsp/tspi/phone.h"

#include <string.h>

_Static_assert((DWORD)SESSION_STREAM_RUNNING == (DWORD)SESSIONTSP_STREAM_RUNNING &&
                   (DWORD)SESSION_STREAM_PAUSED == (DWORD)SESSIONTSP_STREAM_PAUSED &&
                   (DWORD)SESSION_STREAM_STOPPED == (DWORD)SESSIONTSP_STREAM_STOPPED,
               "states of streams");

bool tspi_line_ext_ok(DWORD ext_version)
{
    return ext_version == 0 || ext_version == SESSIONTSP_LINE_EXT_VERSION;
}

/* ---- versions ---------------------------------------------------------------------------------------------------- */

/* Device and version of the functions that work on a line that need not be open. Not locked afterwards. */
static LONG check_device(DWORD device, DWORD version)
{
    uint32_t line;
    LONG err = tspi_enter_device(device, &line);

    if (err)
        return err;
    tspi_exit();
    return tspi_version_known(version) ? 0 : (LONG)LINEERR_INCOMPATIBLEAPIVERSION;
}

/**
 * There is one version of the extension, SESSIONTSP_LINE_EXT_VERSION, so that it makes no difference whether it is
 * selected.
 * @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION.
 * Thread: any. Source: TSPI_lineNegotiateExtVersion.
 */
LONG TSPIAPI TSPI_lineNegotiateExtVersion(DWORD dwDeviceID, DWORD dwTSPIVersion, DWORD dwLowVersion,
                                          DWORD dwHighVersion, LPDWORD lpdwExtVersion)
{
    LONG err = check_device(dwDeviceID, dwTSPIVersion);

    if (!lpdwExtVersion)
        return (LONG)LINEERR_INVALPOINTER;
    if (err)
        return err;
    if (dwLowVersion > SESSIONTSP_LINE_EXT_VERSION || dwHighVersion < SESSIONTSP_LINE_EXT_VERSION)
        return (LONG)LINEERR_INCOMPATIBLEEXTVERSION;
    *lpdwExtVersion = SESSIONTSP_LINE_EXT_VERSION;
    return 0;
}

/**
 * @param dwExtVersion  SESSIONTSP_LINE_EXT_VERSION; 0 cancels the selection
 * @return 0, INVALLINEHANDLE, INCOMPATIBLEEXTVERSION.
 * Thread: any. Source: TSPI_lineSelectExtVersion.
 */
LONG TSPIAPI TSPI_lineSelectExtVersion(HDRVLINE hdLine, DWORD dwExtVersion)
{
    uint32_t line;
    LONG err = tspi_enter_line(hdLine, &line);

    if (err)
        return err;
    if (tspi_line_ext_ok(dwExtVersion))
        tspi.linev[line].ext = dwExtVersion;
    else
        err = (LONG)LINEERR_INCOMPATIBLEEXTVERSION;
    tspi_exit();
    return err;
}

/** @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION. Thread: any. Source: TSPI_lineGetExtensionID. */
LONG TSPIAPI TSPI_lineGetExtensionID(DWORD dwDeviceID, DWORD dwTSPIVersion, LPLINEEXTENSIONID lpExtensionID)
{
    LONG err = check_device(dwDeviceID, dwTSPIVersion);

    if (!lpExtensionID)
        return (LONG)LINEERR_INVALPOINTER;
    if (err)
        return err;
    lpExtensionID->dwExtensionID0 = SESSIONTSP_LINE_EXT_ID0;
    lpExtensionID->dwExtensionID1 = SESSIONTSP_LINE_EXT_ID1;
    lpExtensionID->dwExtensionID2 = SESSIONTSP_LINE_EXT_ID2;
    lpExtensionID->dwExtensionID3 = SESSIONTSP_LINE_EXT_ID3;
    return 0;
}

/* ---- what shows of it -------------------------------------------------------------------------------------------- */

uint32_t tspi_line_features(uint32_t line, bool ever)
{
    uint32_t features = session_line_features(tspi.core, line, ever);

    if (!tspi.linev[line].phone)
        features &= ~(uint32_t)LINEFEATURE_DEVSPECIFICFEAT;
    if (!ever && !tspi.linev[line].ext)
        features &= ~(uint32_t)(LINEFEATURE_DEVSPECIFIC | LINEFEATURE_DEVSPECIFICFEAT);
    return features;
}

static void stream_of(const struct session_media *m, struct sessiontsp_stream *out)
{
    out->dwState = m ? (DWORD)m->stream.state : (DWORD)SESSIONTSP_STREAM_RUNNING;
    out->dwRate = m ? m->stream.rate : (DWORD)SESSION_RATE_NORMAL;
    out->dwVolume = m ? m->stream.volume : (DWORD)SESSION_VOLUME_NORMAL;
}

void tspi_fill_stream(struct fill *f, uint32_t line, const struct session_media *m)
{
    struct sessiontsp_ended_call call;
    bool ended = m && m->has_quality;

    stream_of(m, &call.Stream);
    if (ended) {
        const struct session_quality *q = &m->quality;

        call.dwSipCode = q->code;
        call.dwCause = q->cause;
        call.dwSent = q->sent;
        call.dwReceived = q->received;
        call.dwLost = q->lost;
        call.dwLostThere = q->lost_there;
        call.dwJitter = q->jitter_us;
        call.dwRoundTrip = q->round_trip_us;
    }
    FILL_PART(f, LINECALLINFO, dwDevSpecific, &call,
              !tspi.linev[line].ext ? 0 : ended ? sizeof call : sizeof call.Stream);
}

DWORD tspi_registration(uint32_t line, struct sessiontsp_registration *out)
{
    const size_t units = sizeof out->szText / sizeof *out->szText;
    const struct tspi_line *l = &tspi.linev[line];
    char text[300];
    uint64_t until, now = platform_wall_ms();
    bool in_service;

    if (!l->ext)
        return 0;
    memset(out, 0, sizeof *out);
    if (!tspi.sip || !tspi.conf->linev[line].account)
        return sizeof *out;
    sip_line_text(tspi.sip, line, text, sizeof text);
    until = sip_line_until(tspi.sip, line);
    out->dwSeconds = until > now ? (DWORD)((until - now + 999) / 1000) : 0;
    /* what calls can be made counts, of which the core may know a moment later than the binding */
    in_service = (session_line_status(tspi.core, line) & SESSION_STATUS_INSERVICE) != 0;
    out->dwState = !in_service || text[0] ? SESSIONTSP_REGISTRATION_NOT
                   : until                ? SESSIONTSP_REGISTRATION_REGISTERED
                                          : SESSIONTSP_REGISTRATION_TRUNK;
    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)out->szText, units);
    return sizeof *out;
}

/* A message of the line, or with `session` of a call. */
static struct queue_event *say(uint32_t line, uint32_t session, DWORD msg)
{
    struct queue_event *e = queue_append(&tspi.queue);
    const struct session_info *info = session_get(tspi.core, session);

    e->type = session ? QUEUE_CALL : QUEUE_MESSAGE;
    e->line = line;
    e->session = session;
    e->call = info ? (HTAPICALL)info->user : NULL;
    e->msg = msg;
    e->p1 = e->p2 = e->p3 = 0;
    return e;
}

void tspi_stream_told(const struct session_act *act)
{
    struct queue_event *e;

    if (!tspi.linev[act->line].ext || !session_get(tspi.core, act->session))
        return;
    e = say(act->line, act->session, (DWORD)LINE_CALLDEVSPECIFIC);
    e->p1 = SESSIONTSP_LINE_STREAM;
    e->p2 = act->bits;
    e->p3 = act->state;
}

/* ---- lineDevSpecific --------------------------------------------------------------------------------------------- */

enum { RATES = SESSION_CONTROL_RATEUP | SESSION_CONTROL_RATEDOWN | SESSION_CONTROL_RATENORMAL };

/* The call of a request; 0: it is for the line. */
static LONG call_of(HDRVCALL hd, uint32_t line, uint32_t *session)
{
    const struct session_info *info;
    uintptr_t v = (uintptr_t)hd;

    *session = 0;
    if (!hd)
        return 0;
    info = v <= UINT32_MAX ? session_get(tspi.core, (uint32_t)v) : NULL;
    if (!info || info->line != line)
        return (LONG)LINEERR_INVALCALLHANDLE;
    *session = (uint32_t)v;
    return 0;
}

/* PLAY and RECORD. Not locked afterwards. */
static LONG file_op(DRV_REQUESTID request, struct session_in *in, const struct sessiontsp_file *what)
{
    struct session_listen l;
    struct session_in play = *in;
    enum session_err err = SESSION_E_OK;
    char path[3 * 260 + 1];
    size_t len = 0;

    while (len < sizeof what->szPath / sizeof what->szPath[0] && what->szPath[len])
        len++;
    memset(&l, 0, sizeof l);
    if (!in->u.op.session || len == sizeof what->szPath / sizeof what->szPath[0] ||
        (what->dwCommand != SESSIONTSP_LINE_PLAY && what->dwCommand != SESSIONTSP_LINE_RECORD)) {
        tspi_exit();
        return (LONG)(in->u.op.session ? LINEERR_INVALPARAM : LINEERR_INVALCALLHANDLE);
    }
    if (!tspi.conf->linev[in->u.op.line].account) {
        tspi_exit();
        return (LONG)LINEERR_OPERATIONUNAVAIL;
    }
    (void)platform_utf16_to_utf8((const uint16_t *)what->szPath, len, path, sizeof path);
    l.play.digits = path;
    l.play.digitc = (uint32_t)strlen(path);
    l.play.id = what->dwValue;
    if (what->dwCommand == SESSIONTSP_LINE_RECORD) {
        l.play.kind = SESSION_PLAY_RECORD;
        in->u.op.listen = &l;
    } else {
        l.play.kind = len ? SESSION_PLAY_FILE : SESSION_PLAY_NONE;
        play.u.op.op = SESSION_OP_GENERATETONE;
        play.u.op.listen = &l;
        err = tspi_step(&play, NULL);
    }
    if (!err)
        err = tspi_step(in, NULL);
    tspi_leave();
    return tspi_request_result(request, err);
}

/**
 * A command of the extension: a struct sessiontsp_line, which is answered in its place.
 * @return `dwRequestID`, INVALPARAM (a request id that is none, another size, no such command or action), INVALPOINTER,
 *         INVALLINEHANDLE, INVALADDRESSID, INVALCALLHANDLE (none, or of another line), OPERATIONUNAVAIL (the extension is
 *         not selected), NOMEM.
 * Thread: any. Source: TSPI_lineDevSpecific.
 */
LONG TSPIAPI TSPI_lineDevSpecific(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwAddressID, HDRVCALL hdCall,
                                  LPVOID lpParams, DWORD dwSize)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_DEVSPECIFIC, .request = dwRequestID}};
    enum session_err err = SESSION_E_OK;
    struct sessiontsp_line what;
    LONG result;

    if (!lpParams)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_line(hdLine, &in.u.op.line);
    if (result)
        return result;
    if (!tspi.linev[in.u.op.line].ext)
        result = (LONG)LINEERR_OPERATIONUNAVAIL;
    else if (dwAddressID >= session_address_count(tspi.core, in.u.op.line))
        result = (LONG)LINEERR_INVALADDRESSID;
    else
        result = call_of(hdCall, in.u.op.line, &in.u.op.session);
    if (!result && dwSize == sizeof(struct sessiontsp_file)) {
        struct sessiontsp_file file;

        memcpy(&file, lpParams, sizeof file);
        return file_op(dwRequestID, &in, &file);
    }
    if (!result && dwSize != sizeof what)
        result = (LONG)LINEERR_INVALPARAM;
    if (result)
        goto out;
    memcpy(&what, lpParams, sizeof what);
    switch (what.dwCommand) {
    case SESSIONTSP_LINE_STREAM:
        if (!in.u.op.session)
            result = (LONG)LINEERR_INVALCALLHANDLE;
        else if (what.dwValue & ~(DWORD)SESSION_CONTROL_ALL)
            result = (LONG)LINEERR_INVALPARAM;
        else if (what.dwValue & RATES && tspi.conf->linev[in.u.op.line].account)
            result = (LONG)LINEERR_OPERATIONUNAVAIL;
        else
            in.u.op.value = what.dwValue;
        break;
    case SESSIONTSP_LINE_SIGNAL:
        in.u.op.session = 0; /* of the line, whatever call it is about */
        if (!queue_reserve(&tspi.queue))
            result = (LONG)LINEERR_NOMEM;
        break;
    default:
        result = (LONG)LINEERR_INVALPARAM;
        break;
    }
    if (result)
        goto out;
    err = tspi_step(&in, NULL);
    if (!err && what.dwCommand == SESSIONTSP_LINE_STREAM) {
        stream_of(session_media(tspi.core, in.u.op.session), &what.Stream);
        memcpy(lpParams, &what, sizeof what);
    }
    if (!err && what.dwCommand == SESSIONTSP_LINE_SIGNAL) {
        struct queue_event *e = say(in.u.op.line, 0, (DWORD)LINE_DEVSPECIFIC);

        e->p1 = SESSIONTSP_LINE_SIGNAL;
        e->p2 = what.dwValue;
        e->p3 = dwAddressID;
    }
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
out:
    tspi_exit();
    return result;
}

/* ---- lineDevSpecificFeature -------------------------------------------------------------------------------------- */

/* The key of a set with a function; UINT32_MAX: it has none. */
static uint32_t key_of(const struct session_phone *set, DWORD function)
{
    for (uint32_t i = 0; i < set->buttonc; i++)
        if (set->buttonv[i].function == function)
            return i;
    return UINT32_MAX;
}

/**
 * Presses the key with that function of the line's telephone set, and lets it go. What comes of it is seen in calls, as
 * if a person had pressed it; LINE_DEVSPECIFICFEATURE tells of the press.
 * @param dwFeature  PHONEBUTTONFUNCTION_
 * @return `dwRequestID`, INVALPARAM (a request id that is none), INVALLINEHANDLE, INVALFEATURE (no key of the set has it),
 *         OPERATIONUNAVAIL (the extension is not selected, or the line has no set), NOMEM.
 * Thread: any. Source: TSPI_lineDevSpecificFeature.
 */
LONG TSPIAPI TSPI_lineDevSpecificFeature(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwFeature, LPVOID lpParams,
                                         DWORD dwSize)
{
    struct session_in in = {.type = SESSION_IN_OP,
                            .u.op = {.op = SESSION_OP_DEVSPECIFICFEAT, .request = dwRequestID}};
    struct tspi_phone *phone = NULL;
    struct queue_event *e;
    enum session_err err;
    uint32_t key = 0;
    LONG result;

    (void)lpParams; /* a key has no parameters */
    (void)dwSize;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_line(hdLine, &in.u.op.line);
    if (result)
        return result;
    if (!tspi.linev[in.u.op.line].ext || !tspi.linev[in.u.op.line].phone) {
        result = (LONG)LINEERR_OPERATIONUNAVAIL;
        goto out;
    }
    phone = &tspi.phonev[tspi.linev[in.u.op.line].phone - 1];
    if (tspi_phone_activate(phone) || !queue_reserve(&tspi.queue)) {
        result = (LONG)LINEERR_NOMEM;
        goto out;
    }
    key = key_of(&phone->set->phone, dwFeature);
    if (key == UINT32_MAX) {
        result = (LONG)LINEERR_INVALFEATURE;
        goto out;
    }
    err = tspi_step(&in, NULL);
    if (err) {
        tspi_leave();
        return tspi_error(err);
    }
    e = say(in.u.op.line, 0, (DWORD)LINE_DEVSPECIFICFEATURE);
    e->p1 = dwFeature;
    e->p2 = key;
    if (!set_press(phone->set, tspi.core, key, true))
        (void)tspi_phone_run(phone);
    (void)set_press(phone->set, tspi.core, key, false);
    tspi_phone_touch(phone);
    tspi_leave();
    return (LONG)dwRequestID;
out:
    tspi_exit();
    return result;
}
