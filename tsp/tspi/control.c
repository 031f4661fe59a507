/* TSPI functions on calls that are up: hold, transfer, conference. SPDX-License-Identifier: MIT */
#include "tsp/tspi/state.h"

/**
 * @return `dwRequestID`, INVALPARAM (a request id that is none), INVALCALLHANDLE, INVALCALLSTATE, NOMEM,
 *         RESOURCEUNAVAIL. Thread: any. Source: TSPI_lineHold.
 */
LONG TSPIAPI TSPI_lineHold(DRV_REQUESTID dwRequestID, HDRVCALL hdCall)
{
    return tspi_call_op(SESSION_OP_HOLD, dwRequestID, hdCall, NULL);
}

/** As TSPI_lineHold. The consultation call of a call held for one is dropped. Source: TSPI_lineUnhold. */
LONG TSPIAPI TSPI_lineUnhold(DRV_REQUESTID dwRequestID, HDRVCALL hdCall)
{
    return tspi_call_op(SESSION_OP_UNHOLD, dwRequestID, hdCall, NULL);
}

/**
 * Takes a member out of its conference, any of them; its call becomes IDLE. As TSPI_lineHold.
 * Source: TSPI_lineRemoveFromConference.
 */
LONG TSPIAPI TSPI_lineRemoveFromConference(DRV_REQUESTID dwRequestID, HDRVCALL hdCall)
{
    return tspi_call_op(SESSION_OP_REMOVEFROMCONF, dwRequestID, hdCall, NULL);
}

static LONG send_to(enum session_op op, DRV_REQUESTID request, HDRVCALL hd, LPCWSTR address)
{
    struct tspi_text dest;

    if (!tspi_text_from(&dest, address, SIZE_MAX))
        return (LONG)LINEERR_INVALADDRESS;
    return tspi_call_op(op, request, hd, &dest);
}

/**
 * The other end is sent to another number, whatever becomes of that.
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE, INVALCALLSTATE, INVALADDRESS (also in the completion: no such
 *         number), DIAL..., NOMEM, RESOURCEUNAVAIL. Thread: any. Source: TSPI_lineBlindTransfer.
 */
LONG TSPIAPI TSPI_lineBlindTransfer(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCWSTR lpszDestAddress,
                                    DWORD dwCountryCode)
{
    (void)dwCountryCode;
    return send_to(SESSION_OP_BLINDTRANSFER, dwRequestID, hdCall, lpszDestAddress);
}

/** The same for a call that is still offered. Source: TSPI_lineRedirect. */
LONG TSPIAPI TSPI_lineRedirect(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCWSTR lpszDestAddress, DWORD dwCountryCode)
{
    (void)dwCountryCode;
    return send_to(SESSION_OP_REDIRECT, dwRequestID, hdCall, lpszDestAddress);
}

/* An asynchronous operation on two calls. */
static LONG two_calls(enum session_op op, DRV_REQUESTID request, HDRVCALL hd, HDRVCALL hd2)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uintptr_t second = (uintptr_t)hd2;
    enum session_err err;
    LONG result;

    if (!tspi_request_ok(request))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_call(hd, &in.u.op.session);
    if (result)
        return result;
    in.u.op.op = op;
    in.u.op.request = request;
    in.u.op.session2 = second > UINT32_MAX ? 0 : (uint32_t)second;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_request_result(request, err);
}

/**
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE (either, or not of one line), INVALCALLSTATE, NOMEM,
 *         RESOURCEUNAVAIL. Thread: any. Source: TSPI_lineSwapHold.
 */
LONG TSPIAPI TSPI_lineSwapHold(DRV_REQUESTID dwRequestID, HDRVCALL hdActiveCall, HDRVCALL hdHeldCall)
{
    return two_calls(SESSION_OP_SWAPHOLD, dwRequestID, hdActiveCall, hdHeldCall);
}

/** As TSPI_lineSwapHold; CONFERENCEFULL in the completion. Source: TSPI_lineAddToConference. */
LONG TSPIAPI TSPI_lineAddToConference(DRV_REQUESTID dwRequestID, HDRVCALL hdConfCall, HDRVCALL hdConsultCall)
{
    return two_calls(SESSION_OP_ADDTOCONF, dwRequestID, hdConfCall, hdConsultCall);
}

/* What is asked of a consultation call. Entered, for a call that exists. */
static LONG consult_params(struct session_req *req, const LINECALLPARAMS *params, uint32_t line,
                           struct tspi_text *target)
{
    LONG result = tspi_params_check(params, line, req);

    if (result)
        return result;
    if (!tspi_params_target(params, line, target))
        return (LONG)LINEERR_INVALADDRESS;
    if (req->flags & LINECALLPARAMFLAGS_ONESTEPTRANSFER && !target->len)
        return (LONG)LINEERR_INVALCALLPARAMS;
    req->dest = target->text;
    req->dest_len = target->len;
    req->only_idle = false; /* there is a call on the line: the one it is for */
    return 0;
}

/* SETUPTRANSFER and PREPAREADDCONF */
static LONG consult(enum session_op op, DRV_REQUESTID request, HDRVCALL hd, HTAPICALL call, LPHDRVCALL out,
                    const LINECALLPARAMS *params)
{
    struct session_in in = {.type = SESSION_IN_OP};
    const struct session_info *info;
    uint32_t idv[2] = {0, 0};
    struct tspi_text target;
    enum session_err err;
    LONG result;

    if (!out)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(request))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_call(hd, &in.u.op.session);
    if (result)
        return result;
    in.u.op.op = op;
    in.u.op.request = request;
    in.u.op.user = (uintptr_t)call;
    info = session_get(tspi.core, in.u.op.session);
    result = info ? consult_params(&in.u.op, params, info->line, &target) : (LONG)LINEERR_INVALCALLHANDLE;
    if (result) {
        tspi_exit();
        return result;
    }
    err = tspi_step(&in, idv);
    if (!err)
        *out = tspi_call_handle(idv[0]);
    tspi_leave();
    return tspi_request_result(request, err);
}

/**
 * Holds a call and makes a consultation call for it, at dial tone; with LINECALLPARAMFLAGS_ONESTEPTRANSFER it dials the
 * target address at once. When the consultation call ends the held one is connected again.
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER, INVALCALLHANDLE, INVALCALLSTATE, CALLUNAVAIL, errors of
 *         TSPI_lineMakeCall for the parameters and the target address. Thread: any. Source: TSPI_lineSetupTransfer.
 */
LONG TSPIAPI TSPI_lineSetupTransfer(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, HTAPICALL htConsultCall,
                                    LPHDRVCALL lphdConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return consult(SESSION_OP_SETUPTRANSFER, dwRequestID, hdCall, htConsultCall, lphdConsultCall, lpCallParams);
}

/** The same for a conference, to add somebody; CONFERENCEFULL. Source: TSPI_linePrepareAddToConference. */
LONG TSPIAPI TSPI_linePrepareAddToConference(DRV_REQUESTID dwRequestID, HDRVCALL hdConfCall, HTAPICALL htConsultCall,
                                             LPHDRVCALL lphdConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return consult(SESSION_OP_PREPAREADDCONF, dwRequestID, hdConfCall, htConsultCall, lphdConsultCall, lpCallParams);
}

/**
 * Connects the other ends of both calls, which become IDLE, or makes a conference of both. `hdCall` is held in whatever
 * way, `hdConsultCall` any other call of its address but the consultation call of another (TRANSFERHELD, TRANSFERMAKE).
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER (a conference without a place for its handle), INVALTRANSFERMODE,
 *         INVALCALLHANDLE, INVALCALLSTATE (also in the completion: not two such calls), NOMEM,
 *         RESOURCEUNAVAIL. Thread: any. Source: TSPI_lineCompleteTransfer.
 */
LONG TSPIAPI TSPI_lineCompleteTransfer(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, HDRVCALL hdConsultCall,
                                       HTAPICALL htConfCall, LPHDRVCALL lphdConfCall, DWORD dwTransferMode)
{
    struct session_in in = {.type = SESSION_IN_OP};
    bool conference = dwTransferMode == LINETRANSFERMODE_CONFERENCE;
    uintptr_t second = (uintptr_t)hdConsultCall;
    uint32_t idv[2] = {0, 0};
    enum session_err err;
    LONG result;

    if (!conference && dwTransferMode != LINETRANSFERMODE_TRANSFER)
        return (LONG)LINEERR_INVALTRANSFERMODE;
    if (conference && !lphdConfCall)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_call(hdCall, &in.u.op.session);
    if (result)
        return result;
    in.u.op.op = SESSION_OP_COMPLETETRANSFER;
    in.u.op.request = dwRequestID;
    in.u.op.session2 = second > UINT32_MAX ? 0 : (uint32_t)second;
    in.u.op.user = (uintptr_t)htConfCall;
    in.u.op.value = dwTransferMode;
    err = tspi_step(&in, idv);
    if (!err && conference)
        *lphdConfCall = tspi_call_handle(idv[0]);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

/**
 * Makes a conference of a call, or with `hdCall` NULL one of nobody on `hdLine`, and a consultation call for it.
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER, INVALCALLHANDLE, INVALLINEHANDLE, INVALCALLSTATE, CALLUNAVAIL,
 *         CONFERENCEFULL (more parties than there can be), errors of TSPI_lineMakeCall for the parameters.
 * Thread: any. Source: TSPI_lineSetupConference.
 */
LONG TSPIAPI TSPI_lineSetupConference(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, HDRVLINE hdLine, HTAPICALL htConfCall,
                                      LPHDRVCALL lphdConfCall, HTAPICALL htConsultCall, LPHDRVCALL lphdConsultCall,
                                      DWORD dwNumParties, LPLINECALLPARAMS const lpCallParams)
{
    struct session_in in = {.type = SESSION_IN_OP};
    struct session_req *req = &in.u.op;
    const struct session_info *info;
    uint32_t idv[2] = {0, 0};
    struct tspi_text target;
    enum session_err err;
    LONG result;

    if (!lphdConfCall || !lphdConsultCall)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    result = hdCall ? tspi_enter_call(hdCall, &req->session) : tspi_enter_line(hdLine, &req->line);
    if (result)
        return result;
    req->op = SESSION_OP_SETUPCONF;
    req->request = dwRequestID;
    req->user = (uintptr_t)htConfCall;
    req->user2 = (uintptr_t)htConsultCall;
    req->value = dwNumParties;
    if (hdCall) {
        info = session_get(tspi.core, req->session);
        result = info ? 0 : (LONG)LINEERR_INVALCALLHANDLE;
        req->line = info ? info->line : 0;
    }
    if (!result)
        result = consult_params(req, lpCallParams, req->line, &target);
    if (result) {
        tspi_exit();
        return result;
    }
    err = tspi_step(&in, idv);
    if (!err) {
        *lphdConfCall = tspi_call_handle(idv[0]);
        *lphdConsultCall = tspi_call_handle(idv[1]);
    }
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}
