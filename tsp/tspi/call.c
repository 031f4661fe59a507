/* TSPI functions that change calls. SPDX-License-Identifier: MIT */
#include "tsp/tspi/data.h"
#include "tsp/tspi/phone.h"
#include "tsp/tspi/state.h"

#include <string.h>

/* Only what TAPI gives out: positive as a LONG, because the id is also the result. */
bool tspi_request_ok(DRV_REQUESTID request)
{
    return request > 0 && request <= 0x7FFFFFFF;
}

LONG tspi_request_result(DRV_REQUESTID request, enum session_err err)
{
    return err ? tspi_error(err) : (LONG)request;
}

/**
 * Makes a call. `lpszDestAddress` NULL or "" goes to dial tone; one that ends in ';' is completed by TSPI_lineDial.
 * `*lphdCall` is written before anything is reported; the completion may come before the return.
 * @return `dwRequestID`, INVALPARAM (a request id that is none), INVALPOINTER, INVALLINEHANDLE, INVALADDRESS, DIAL...
 *         (a character that is not supported: nothing was done), INVALCALLPARAMS, INVALBEARERMODE, BEARERMODEUNAVAIL,
 *         INVALRATE, RATEUNAVAIL, INVALMEDIAMODE, INVALADDRESSMODE, INVALADDRESSID, USERUSERINFOTOOBIG, CALLUNAVAIL,
 *         RESOURCEUNAVAIL, NOMEM.
 * Thread: any. Source: TSPI_lineMakeCall.
 */
LONG TSPIAPI TSPI_lineMakeCall(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, HTAPICALL htCall, LPHDRVCALL lphdCall,
                               LPCWSTR lpszDestAddress, DWORD dwCountryCode, LPLINECALLPARAMS const lpCallParams)
{
    struct session_in in = {.type = SESSION_IN_OP};
    struct session_req *req = &in.u.op;
    struct tspi_text dest;
    enum session_err err;
    uint32_t id = 0;
    LONG result;

    if (!lphdCall)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    if (!tspi_text_from(&dest, lpszDestAddress, SIZE_MAX))
        return (LONG)LINEERR_INVALADDRESS;
    result = tspi_enter_line(hdLine, &req->line);
    if (result)
        return result;
    result = tspi_params_check(lpCallParams, req->line, req);
    if (result) {
        tspi_exit();
        return result;
    }
    req->op = SESSION_OP_MAKE;
    req->request = dwRequestID;
    req->user = (uintptr_t)htCall;
    req->country = dwCountryCode; /* numbers of the exchange belong to no country: it is only kept */
    req->dest = dest.text;
    req->dest_len = dest.len;
    err = tspi_step(&in, &id);
    if (!err)
        *lphdCall = tspi_call_handle(id);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

/* An asynchronous operation on one call. */
LONG tspi_call_op(enum session_op op, DRV_REQUESTID request, HDRVCALL hd, const struct tspi_text *dest)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;
    LONG result;

    if (!tspi_request_ok(request))
        return (LONG)LINEERR_INVALPARAM;
    result = tspi_enter_call(hd, &in.u.op.session);
    if (result)
        return result;
    in.u.op.op = op;
    in.u.op.request = request;
    if (dest) {
        in.u.op.dest = dest->text;
        in.u.op.dest_len = dest->len;
    }
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_request_result(request, err);
}

/* The same, with user-user information for the other end. */
static LONG uui_op(enum session_op op, DRV_REQUESTID request, HDRVCALL hd, LPCSTR text, DWORD size)
{
    struct session_in in = {.type = SESSION_IN_OP};
    LONG result = tspi_data_enter(request, hd, op, &in);

    if (result)
        return result;
    in.u.op.attach.uui.data = text;
    in.u.op.attach.uui.len = text ? size : 0;
    return tspi_data_leave(&in);
}

/**
 * Dials more digits. An empty string ends dialling.
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE, INVALCALLSTATE, INVALADDRESS, DIAL..., NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineDial.
 */
LONG TSPIAPI TSPI_lineDial(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCWSTR lpszDestAddress, DWORD dwCountryCode)
{
    struct tspi_text dest;

    (void)dwCountryCode;
    if (!tspi_text_from(&dest, lpszDestAddress, SIZE_MAX))
        return (LONG)LINEERR_INVALADDRESS;
    return tspi_call_op(SESSION_OP_DIAL, dwRequestID, hdCall, &dest);
}

/**
 * @return `dwRequestID`, INVALPARAM, INVALCALLHANDLE, INVALCALLSTATE, USERUSERINFOTOOBIG, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineAccept.
 */
LONG TSPIAPI TSPI_lineAccept(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return uui_op(SESSION_OP_ACCEPT, dwRequestID, hdCall, lpsUserUserInfo, dwSize);
}

/** As TSPI_lineAccept. Other calls of the line go on as they are (LINEANSWERMODE_NONE). Source: TSPI_lineAnswer. */
LONG TSPIAPI TSPI_lineAnswer(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return uui_op(SESSION_OP_ANSWER, dwRequestID, hdCall, lpsUserUserInfo, dwSize);
}

/** As TSPI_lineAccept. The call becomes IDLE; its handle lives on. Source: TSPI_lineDrop. */
LONG TSPIAPI TSPI_lineDrop(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return uui_op(SESSION_OP_DROP, dwRequestID, hdCall, lpsUserUserInfo, dwSize);
}

/* The obsolete drops, which nobody is told the end of. */
static LONG drop_unasked(HDRVCALL hd)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;
    LONG result = tspi_enter_call(hd, &in.u.op.session);

    if (result)
        return result;
    in.u.op.op = SESSION_OP_DROP;
    in.u.op.request = TSPI_REQUEST_OWN;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_error(err);
}

/**
 * Drops a call that no application owns. Obsolete, but some hosts still ask for it.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE, NOMEM, RESOURCEUNAVAIL.
 * Thread: any. Source: TSPI_lineDropNoOwner.
 */
LONG TSPIAPI TSPI_lineDropNoOwner(HDRVCALL hdCall)
{
    return drop_unasked(hdCall);
}

/** Drops a call whose line is being closed. As TSPI_lineDropNoOwner. Source: TSPI_lineDropOnClose. */
LONG TSPIAPI TSPI_lineDropOnClose(HDRVCALL hdCall)
{
    return drop_unasked(hdCall);
}

/* Whether a call died with the request that made it; it is forgotten now. Lock held. */
static bool was_failed(uint32_t session)
{
    for (int i = 0; i < TSPI_FAILED_IDS; i++) {
        if (tspi.failed_idv[i] == session) {
            tspi.failed_idv[i] = 0;
            return true;
        }
    }
    return false;
}

/**
 * Gives a call's handle back, in any state; the call is dropped if it lives (CLOSEDROP is announced). Its pending
 * requests are completed with OPERATIONFAILED before the return; no event of it comes after the return. The documents
 * disagree on whether a call that died with its request is closed: both work.
 * @return 0, INVALCALLHANDLE.
 * Thread: any; it waits for a callback on the call that runs on another thread. Source: TSPI_lineCloseCall.
 */
LONG TSPIAPI TSPI_lineCloseCall(HDRVCALL hdCall)
{
    struct session_in in = {.type = SESSION_IN_OP};
    const struct session_info *info;
    struct queue_match m;
    uint32_t session;
    LONG result = tspi_enter_call(hdCall, &session);

    if (result)
        return result;
    info = session_get(tspi.core, session);
    if (!info) {
        result = was_failed(session) ? 0 : (LONG)LINEERR_INVALCALLHANDLE;
        tspi_exit();
        return result;
    }
    m.line = info->line;
    m.session = session;
    in.u.op.op = SESSION_OP_RELEASE;
    in.u.op.session = session;
    tspi.releasing = session;
    (void)tspi_step(&in, NULL);
    tspi_phone_check(m.line);
    tspi_leave_ended(&m);
    return 0;
}

/**
 * The value is kept with the call; LINE_CALLINFO follows.
 * @return 0, INVALCALLHANDLE, NOMEM.
 * Thread: any. Source: TSPI_lineSetAppSpecific.
 */
LONG TSPIAPI TSPI_lineSetAppSpecific(HDRVCALL hdCall, DWORD dwAppSpecific)
{
    struct session_in in = {.type = SESSION_IN_OP};
    enum session_err err;
    LONG result = tspi_enter_call(hdCall, &in.u.op.session);

    if (result)
        return result;
    in.u.op.op = SESSION_OP_SETAPPSPECIFIC;
    in.u.op.value = dwAppSpecific;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_error(err);
}
