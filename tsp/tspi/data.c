/* TSPI functions on what is kept of a call: user-user information, call data, parameters. SPDX-License-Identifier: MIT
 */
#include "tsp/tspi/data.h"

#include <string.h>

const struct tspi_treatment tspi_treatmentv[TSPI_TREATMENTC] = {
    {LINECALLTREATMENT_SILENCE, "Silence"},
    {LINECALLTREATMENT_RINGBACK, "Ringback"},
    {LINECALLTREATMENT_BUSY, "Busy"},
    {LINECALLTREATMENT_MUSIC, "Music"},
};

LONG tspi_data_enter(DRV_REQUESTID request, HDRVCALL hd, enum session_op op, struct session_in *in)
{
    LONG result;

    if (request == 0 || request > 0x7FFFFFFF)
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_call(hd, &in->u.op.session);
    if (result)
        return result;
    in->u.op.op = op;
    in->u.op.request = request;
    return 0;
}

LONG tspi_data_leave(const struct session_in *in)
{
    enum session_err err = tspi_step(in, NULL);

    tspi_leave();
    return err ? tspi_error(err) : (LONG)in->u.op.request;
}

static uint32_t clamp(uint32_t v, uint32_t min, uint32_t max)
{
    return v < min ? min : v > max ? max : v;
}

void tspi_dial_params(const LINEDIALPARAMS *params, struct session_dial_params *out)
{
    LINEDIALPARAMS p;

    memcpy(&p, params, sizeof p); /* it may lie at any address */
    memset(out, 0, sizeof *out);
    if (!p.dwDialPause && !p.dwDialSpeed && !p.dwDigitDuration && !p.dwWaitForDialtone)
        return;
    out->pause_ms = clamp(p.dwDialPause ? p.dwDialPause : SESSION_PAUSE_MS, 0, SESSION_PAUSE_MAX_MS);
    out->speed_ms = clamp(p.dwDialSpeed ? p.dwDialSpeed : SESSION_SPEED_MS, SESSION_DIGIT_MIN_MS, SESSION_DIGIT_MAX_MS);
    out->digit_ms =
        clamp(p.dwDigitDuration ? p.dwDigitDuration : SESSION_DIGIT_MS, SESSION_DIGIT_MIN_MS, SESSION_DIGIT_MAX_MS);
    out->wait_ms = clamp(p.dwWaitForDialtone, 0, SESSION_PAUSE_MAX_MS);
}

/**
 * Sends user-user information to the other end.
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER, INVALCALLHANDLE, INVALCALLSTATE, USERUSERINFOTOOBIG (above
 *         SESSION_UUI_MAX bytes), NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSendUserUserInfo.
 */
LONG TSPIAPI TSPI_lineSendUserUserInfo(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result;

    if (dwSize && !lpsUserUserInfo)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_SENDUSERUSER, &in);
    if (result)
        return result;
    in.u.op.attach.uui.data = lpsUserUserInfo;
    in.u.op.attach.uui.len = dwSize;
    return tspi_data_leave(&in);
}

/**
 * The received information in LINECALLINFO has been looked at: the next piece takes its place, if one waits, which
 * LINE_CALLINFO tells.
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineReleaseUserUserInfo.
 */
LONG TSPIAPI TSPI_lineReleaseUserUserInfo(DRV_REQUESTID dwRequestID, HDRVCALL hdCall)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_RELEASEUSERUSER, &in);

    return result ? result : tspi_data_leave(&in);
}

/**
 * Nothing may break in on the call from now on; LINECALLPARAMFLAGS_SECURE shows it in LINECALLINFO.
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE, INVALCALLSTATE, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSecureCall.
 */
LONG TSPIAPI TSPI_lineSecureCall(DRV_REQUESTID dwRequestID, HDRVCALL hdCall)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_SECURECALL, &in);

    return result ? result : tspi_data_leave(&in);
}

/**
 * Call data, at both ends of the call; size 0 removes it.
 * @return `dwRequestID`, INVALPARAM (above dwMaxCallDataSize), INVALPOINTER, INVALCALLHANDLE, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSetCallData.
 */
LONG TSPIAPI TSPI_lineSetCallData(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPVOID lpCallData, DWORD dwSize)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result;

    if (dwSize && !lpCallData)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_SETCALLDATA, &in);
    if (result)
        return result;
    in.u.op.attach.call_data.data = lpCallData;
    in.u.op.attach.call_data.len = dwSize;
    return tspi_data_leave(&in);
}

/**
 * Bearer mode, rate and dial parameters; those out of range become the nearest that is in it.
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE, INVALCALLSTATE, INVALBEARERMODE, BEARERMODEUNAVAIL (not VOICE),
 *         INVALRATE, RATEUNAVAIL, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSetCallParams.
 */
LONG TSPIAPI TSPI_lineSetCallParams(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, DWORD dwBearerMode, DWORD dwMinRate,
                                    DWORD dwMaxRate, LPLINEDIALPARAMS const lpDialParams)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result;

    if (!dwBearerMode || dwBearerMode & (dwBearerMode - 1) || !(dwBearerMode & 0xFFFF00FF))
        return (LONG)LINEERR_INVALBEARERMODE;
    if (dwBearerMode != LINEBEARERMODE_VOICE)
        return (LONG)LINEERR_BEARERMODEUNAVAIL;
    if (dwMaxRate && dwMinRate > dwMaxRate)
        return (LONG)LINEERR_INVALRATE;
    if (dwMinRate > TSPI_RATE_MAX)
        return (LONG)LINEERR_RATEUNAVAIL;
    result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_SETCALLPARAMS, &in);
    if (result)
        return result;
    in.u.op.bearer_mode = dwBearerMode;
    in.u.op.min_rate = dwMinRate;
    in.u.op.max_rate = dwMaxRate && dwMaxRate < TSPI_RATE_MAX ? dwMaxRate : TSPI_RATE_MAX;
    if (lpDialParams)
        tspi_dial_params(lpDialParams, &in.u.op.attach.dial_params);
    return tspi_data_leave(&in);
}

/**
 * What the other end hears while it waits. The exchange carries no audio: the treatment is kept with the call.
 * @return `dwRequestID`, INVALPARAM (none of those in LINEADDRESSCAPS), INVALCALLHANDLE, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSetCallTreatment.
 */
LONG TSPIAPI TSPI_lineSetCallTreatment(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, DWORD dwTreatment)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result = (LONG)LINEERR_INVALPARAM;

    for (int i = 0; i < TSPI_TREATMENTC; i++) {
        if (tspi_treatmentv[i].id == dwTreatment)
            result = 0;
    }
    if (!result)
        result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_SETTREATMENT, &in);
    if (result)
        return result;
    in.u.op.value = dwTreatment;
    return tspi_data_leave(&in);
}

LONG tspi_flowspec_check(const void *data, DWORD size)
{
    enum { FLOWSPEC_SIZE = 32, BYTES_S_MAX = TSPI_RATE_MAX / 8 };
    uint32_t token_rate;

    if (!size)
        return 0;
    if (size < FLOWSPEC_SIZE || size > SESSION_FLOWSPEC_MAX)
        return (LONG)LINEERR_INVALPARAM;
    memcpy(&token_rate, data, sizeof token_rate); /* the first member of FLOWSPEC, bytes/s */
    return token_rate > BYTES_S_MAX && token_rate != 0xFFFFFFFF ? (LONG)LINEERR_RATEUNAVAIL : 0;
}

/**
 * Quality of service: a FLOWSPEC for each direction, or none. A line carries TSPI_RATE_MAX bits/s and reserves nothing.
 * @return `dwRequestID`, INVALPARAM (no FLOWSPEC), INVALPOINTER, INVALCALLHANDLE, RATEUNAVAIL, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineSetCallQualityOfService.
 */
LONG TSPIAPI TSPI_lineSetCallQualityOfService(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPVOID lpSendingFlowspec,
                                              DWORD dwSendingFlowspecSize, LPVOID lpReceivingFlowspec,
                                              DWORD dwReceivingFlowspecSize)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result;

    if ((dwSendingFlowspecSize && !lpSendingFlowspec) || (dwReceivingFlowspecSize && !lpReceivingFlowspec))
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_flowspec_check(lpSendingFlowspec, dwSendingFlowspecSize);
    if (!result)
        result = tspi_flowspec_check(lpReceivingFlowspec, dwReceivingFlowspecSize);
    if (!result)
        result = tspi_data_enter(dwRequestID, hdCall, SESSION_OP_SETQOS, &in);
    if (result)
        return result;
    in.u.op.attach.sending.data = lpSendingFlowspec;
    in.u.op.attach.sending.len = dwSendingFlowspecSize;
    in.u.op.attach.receiving.data = lpReceivingFlowspec;
    in.u.op.attach.receiving.len = dwReceivingFlowspecSize;
    return tspi_data_leave(&in);
}

/**
 * What the call carries, as an application has found out: kept with the call, and told by LINE_CALLINFO.
 * @return 0, INVALMEDIAMODE (a type that does not exist, or several without UNKNOWN), INVALCALLHANDLE, NOMEM.
 * Thread: any. Source: TSPI_lineSetMediaMode.
 */
LONG TSPIAPI TSPI_lineSetMediaMode(HDRVCALL hdCall, DWORD dwMediaMode)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;
    LONG result;

    if (!dwMediaMode || dwMediaMode & ~(DWORD)TSPI_MEDIA_MODES ||
        (dwMediaMode & (dwMediaMode - 1) && !(dwMediaMode & LINEMEDIAMODE_UNKNOWN)))
        return (LONG)LINEERR_INVALMEDIAMODE;
    result = tspi_enter_call(hdCall, &in.u.op.session);
    if (result)
        return result;
    in.u.op.op = SESSION_OP_SETMEDIAMODE;
    in.u.op.media_modes = dwMediaMode;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_error(err);
}

/* ---- in structures ----------------------------------------------------------------------------------------------- */

void tspi_fill_treatments(struct fill *f, LINEADDRESSCAPS *caps)
{
    unsigned char block[TSPI_TREATMENTC * sizeof(LINECALLTREATMENTENTRY) + 128];
    size_t used = TSPI_TREATMENTC * sizeof(LINECALLTREATMENTENTRY);

    for (size_t i = 0; i < TSPI_TREATMENTC; i++) {
        LINECALLTREATMENTENTRY e = {tspi_treatmentv[i].id, 0, f->used + (DWORD)used};
        const char *name = tspi_treatmentv[i].name;

        for (size_t k = 0; k <= strlen(name); k++) {
            uint16_t unit = (uint16_t)name[k];

            memcpy(block + used, &unit, sizeof unit);
            used += sizeof unit;
            e.dwCallTreatmentNameSize += sizeof unit;
        }
        memcpy(block + i * sizeof e, &e, sizeof e);
    }
    fill_part(f, offsetof(LINEADDRESSCAPS, dwCallTreatmentListSize),
              offsetof(LINEADDRESSCAPS, dwCallTreatmentListOffset), block, (uint32_t)used);
    caps->dwNumCallTreatments = TSPI_TREATMENTC;
}

void tspi_fill_media(struct fill *f, LINECALLINFO *c, const struct session_media *m, DWORD version)
{
    static const struct session_media none;
    const struct session_dial_params *p;

    if (!m)
        m = &none;
    p = &m->dial_params;
    c->DialParams.dwDialPause = p->speed_ms ? p->pause_ms : SESSION_PAUSE_MS;
    c->DialParams.dwDialSpeed = p->speed_ms ? p->speed_ms : SESSION_SPEED_MS;
    c->DialParams.dwDigitDuration = p->speed_ms ? p->digit_ms : SESSION_DIGIT_MS;
    c->DialParams.dwWaitForDialtone = p->wait_ms;
    c->dwCallTreatment = m->treatment;
    FILL_PART(f, LINECALLINFO, dwUserUserInfo, m->uui.data, m->uui.len);
    if (version < 0x00020000)
        return;
    FILL_PART(f, LINECALLINFO, dwCallData, m->call_data.data, m->call_data.len);
    FILL_PART(f, LINECALLINFO, dwSendingFlowspec, m->sending.data, m->sending.len);
    FILL_PART(f, LINECALLINFO, dwReceivingFlowspec, m->receiving.data, m->receiving.len);
}
