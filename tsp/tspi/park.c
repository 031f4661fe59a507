/* TSPI functions on calls that wait elsewhere: park, unpark, pickup. SPDX-License-Identifier: MIT */
#include "tsp/tspi/state.h"

#include <string.h>

uint32_t tspi_park_features2(void)
{
    return LINECALLFEATURE2_PARKDIRECT | (tspi.conf->placec ? LINECALLFEATURE2_PARKNONDIRECT : 0u);
}

LONG tspi_park_reply(const struct session_act *act)
{
    const struct session_info *info = session_get(tspi.core, act->session);
    VARSTRING *out = (VARSTRING *)act->user; /* the host's until the completion, and large enough */
    const char *number = info ? session_party_number(info->parked) : "";
    size_t len = strlen(number);
    VARSTRING head;

    if (!len)
        return (LONG)LINEERR_OPERATIONFAILED; /* the call was closed while nothing could be queued for want of memory */
    memset(&head, 0, sizeof head);
    head.dwTotalSize = out->dwTotalSize;
    head.dwStringFormat = STRINGFORMAT_UNICODE;
    head.dwStringSize = (DWORD)((len + 1) * sizeof(WCHAR));
    head.dwStringOffset = sizeof head;
    head.dwNeededSize = head.dwUsedSize = (DWORD)sizeof head + head.dwStringSize;
    for (size_t i = 0; i <= len; i++) {
        WCHAR unit = (WCHAR)(unsigned char)number[i]; /* digits only */

        memcpy((char *)out + sizeof head + i * sizeof unit, &unit, sizeof unit);
    }
    memcpy(out, &head, sizeof head);
    return 0;
}

/**
 * Parks a call at an address, or where there is room; it becomes IDLE. The address is a place of the configuration or
 * an extension. `lpNonDirAddress` (NONDIRECTED) is written before the completion, as Unicode like all text of TSPI, and
 * must have room for the longest number that a place has: else nothing is parked.
 * @return `dwRequestID`, INVALPARKMODE (also NONDIRECTED without places), INVALPARAM, INVALPOINTER, STRUCTURETOOSMALL,
 *         INVALCALLHANDLE, INVALCALLSTATE, INVALADDRESS (also in the completion: calls cannot be parked there),
 * DIAL..., NOMEM, RESOURCEUNAVAIL (in the completion: no place is free), OPERATIONFAILED (there: that one is not).
 * Thread: any. Source: TSPI_linePark.
 */
LONG TSPIAPI TSPI_linePark(DRV_REQUESTID dwRequestID, HDRVCALL hdCall, DWORD dwParkMode, LPCWSTR lpszDirAddress,
                           LPVARSTRING lpNonDirAddress)
{
    bool directed = dwParkMode == LINEPARKMODE_DIRECTED;
    struct session_in in = {.type = SESSION_IN_OP};
    struct tspi_text dest = {.len = 0};
    enum session_err err;
    LONG result;

    if (!directed && dwParkMode != LINEPARKMODE_NONDIRECTED)
        return (LONG)LINEERR_INVALPARKMODE;
    if (!directed && !lpNonDirAddress)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(dwRequestID))
        return (LONG)LINEERR_INVALPARAM;
    if (directed && !tspi_text_from(&dest, lpszDirAddress, SIZE_MAX))
        return (LONG)LINEERR_INVALADDRESS;
    result = tspi_enter_call(hdCall, &in.u.op.session);
    if (result)
        return result;
    if (!directed && !tspi.conf->placec)
        result = (LONG)LINEERR_INVALPARKMODE;
    else if (!directed && lpNonDirAddress->dwTotalSize < sizeof(VARSTRING) + (tspi.conf->place_max + 1) * sizeof(WCHAR))
        result = (LONG)LINEERR_STRUCTURETOOSMALL;
    if (result) {
        tspi_exit();
        return result;
    }
    in.u.op.op = SESSION_OP_PARK;
    in.u.op.request = dwRequestID;
    in.u.op.value = dwParkMode;
    in.u.op.dest = dest.text;
    in.u.op.dest_len = dest.len;
    in.u.op.user = directed ? 0 : (uintptr_t)lpNonDirAddress;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_request_result(dwRequestID, err);
}

/* UNPARK, PICKUP */
static LONG take(enum session_op op, DRV_REQUESTID request, HDRVLINE hd, DWORD address, HTAPICALL call, LPHDRVCALL out,
                 LPCWSTR from, LPCWSTR group)
{
    struct session_in in = {.type = SESSION_IN_OP};
    struct tspi_text dest, name;
    enum session_err err;
    uint32_t id = 0;
    LONG result;

    if (!out)
        return (LONG)LINEERR_INVALPOINTER;
    if (!tspi_request_ok(request))
        return (LONG)LINEERR_INVALPARAM;
    if (!tspi_text_from(&dest, from, SIZE_MAX))
        return (LONG)LINEERR_INVALADDRESS;
    if (!tspi_text_from(&name, group, SIZE_MAX))
        return (LONG)LINEERR_INVALGROUPID;
    result = tspi_enter_line(hd, &in.u.op.line);
    if (result)
        return result;
    in.u.op.op = op;
    in.u.op.request = request;
    in.u.op.address = address;
    in.u.op.user = (uintptr_t)call;
    in.u.op.dest = dest.text;
    in.u.op.dest_len = dest.len;
    in.u.op.group = name.text;
    in.u.op.group_len = name.len;
    err = tspi_step(&in, &id);
    if (!err)
        *out = tspi_call_handle(id);
    tspi_leave();
    return tspi_request_result(request, err);
}

/**
 * Takes a parked call; its new call is CONNECTED, with reason UNPARK.
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER, INVALLINEHANDLE, INVALADDRESSID, INVALADDRESS (also in the
 *         completion: nothing is parked there), DIAL..., CALLUNAVAIL, RESOURCEUNAVAIL, NOMEM.
 * Thread: any. Source: TSPI_lineUnpark.
 */
LONG TSPIAPI TSPI_lineUnpark(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwAddressID, HTAPICALL htCall,
                             LPHDRVCALL lphdCall, LPCWSTR lpszDestAddress)
{
    return take(SESSION_OP_UNPARK, dwRequestID, hdLine, dwAddressID, htCall, lphdCall, lpszDestAddress, NULL);
}

/**
 * Takes the oldest call that rings: at an address, in a group, or with neither a call waiting at this address itself,
 * and else one of its own group. The new call is CONNECTED, with reason PICKUP; for a call waiting the call that is
 * connected at the address is held.
 * @return `dwRequestID`, INVALPARAM, INVALPOINTER, INVALLINEHANDLE, INVALADDRESSID, INVALADDRESS and INVALGROUPID (also
 *         in the completion: nothing rings there, there is no such group), OPERATIONFAILED (in the completion: nothing
 *         rings), DIAL..., CALLUNAVAIL, RESOURCEUNAVAIL, NOMEM.
 * Thread: any. Source: TSPI_linePickup.
 */
LONG TSPIAPI TSPI_linePickup(DRV_REQUESTID dwRequestID, HDRVLINE hdLine, DWORD dwAddressID, HTAPICALL htCall,
                             LPHDRVCALL lphdCall, LPCWSTR lpszDestAddress, LPCWSTR lpszGroupID)
{
    return take(SESSION_OP_PICKUP, dwRequestID, hdLine, dwAddressID, htCall, lphdCall, lpszDestAddress, lpszGroupID);
}
