/* Calls: made, answered, dropped, released, and what is known of them. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

#undef lineDial
#undef lineGetCallInfo
#undef lineMakeCall

/* ---- make and dial ---- */

static LONG make_call(HLINE line, LPHCALL out, LONG text_rc, struct client_text *address, DWORD country,
                      const LINECALLPARAMS *params, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_CALL_MAKE, .arg = {line, 0, country}};
    uint32_t version = client_line_version(line);
    void *in = NULL;
    uint32_t in_len = 0;
    LONG rc = text_rc;

    if (!rc && !version)
        rc = client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
    if (!rc && params) {
        rc = layout_import(LAYOUT_LINECALLPARAMS, &in, &in_len, params, version, ansi);
        if (rc == client_err(LINEERR_INVALPARAM))
            rc = client_err(LINEERR_INVALCALLPARAMS);
    }
    if (!rc) {
        call.in0 = address->text;
        call.in0_len = address->bytes;
        call.in1 = in;
        call.in1_len = in_len;
        rc = client_request_make(&call, line, out);
    }
    free(in);
    client_text_free(address);
    return rc;
}

/**
 * Makes a call. Asynchronous.
 * @param lphCall          written when LINE_REPLY(0) is taken, and never after the line was closed
 * @param lpszDestAddress  number; NULL: none yet, lineDial follows
 * @param dwCountryCode    0: the provider's own
 * @param lpCallParams     NULL: a voice call; laid out for the version of the line
 * @return the number of the request, or INVALADDRESS, INVALCALLPARAMS, STRUCTURETOOSMALL, CALLUNAVAIL,
 *     RESOURCEUNAVAIL, DIALDIALTONE and its kin, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM, ...
 * Thread: any. Source: lineMakeCall.
 */
LONG WINAPI lineMakeCallA(HLINE hLine, LPHCALL lphCall, LPCSTR lpszDestAddress, DWORD dwCountryCode,
                          LPLINECALLPARAMS const lpCallParams)
{
    struct client_text address;
    LONG rc;

    if (!lphCall)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&address, lpszDestAddress, SIZE_MAX);
    return make_call(hLine, lphCall, rc, &address, dwCountryCode, lpCallParams, true);
}

LONG WINAPI lineMakeCall(HLINE hLine, LPHCALL lphCall, LPCSTR lpszDestAddress, DWORD dwCountryCode,
                         LPLINECALLPARAMS const lpCallParams)
{
    return lineMakeCallA(hLine, lphCall, lpszDestAddress, dwCountryCode, lpCallParams);
}

LONG WINAPI lineMakeCallW(HLINE hLine, LPHCALL lphCall, LPCWSTR lpszDestAddress, DWORD dwCountryCode,
                          LPLINECALLPARAMS const lpCallParams)
{
    struct client_text address;
    LONG rc;

    if (!lphCall)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&address, lpszDestAddress, SIZE_MAX);
    return make_call(hLine, lphCall, rc, &address, dwCountryCode, lpCallParams, false);
}

static LONG dial(HCALL hCall, LONG text_rc, struct client_text *address, DWORD country)
{
    struct channel_call call = {.op = CHANNEL_CALL_DIAL, .arg = {hCall, 0, country}};
    LONG rc = text_rc;

    call.in0 = address->text;
    call.in0_len = address->bytes;
    if (!rc)
        rc = client_request_make(&call, 0, NULL);
    client_text_free(address);
    return rc;
}

/**
 * Dials on. Asynchronous.
 * @param lpszDestAddress  digits; a semicolon at the end: more will come
 * @return the number of the request, or INVALADDRESS, INVALCALLSTATE, NOTOWNER, INVALCALLHANDLE, INVALPOINTER,
 *     UNINITIALIZED.
 * Thread: any. Source: lineDial.
 */
LONG WINAPI lineDialA(HCALL hCall, LPCSTR lpszDestAddress, DWORD dwCountryCode)
{
    struct client_text address;
    LONG rc;

    if (!lpszDestAddress)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&address, lpszDestAddress, SIZE_MAX);
    return dial(hCall, rc, &address, dwCountryCode);
}

LONG WINAPI lineDial(HCALL hCall, LPCSTR lpszDestAddress, DWORD dwCountryCode)
{
    return lineDialA(hCall, lpszDestAddress, dwCountryCode);
}

LONG WINAPI lineDialW(HCALL hCall, LPCWSTR lpszDestAddress, DWORD dwCountryCode)
{
    struct client_text address;
    LONG rc;

    if (!lpszDestAddress)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&address, lpszDestAddress, SIZE_MAX);
    return dial(hCall, rc, &address, dwCountryCode);
}

/* ---- accept, answer, drop, release ---- */

/* User-user information: bytes, or none. */
static LONG with_uui(uint32_t op, HCALL hCall, LPCSTR uui, DWORD size)
{
    struct channel_call call = {.op = op, .arg = {hCall}};

    if (!uui && size)
        return client_err(LINEERR_INVALPOINTER);
    call.in0 = size ? uui : NULL;
    call.in0_len = size;
    return client_request_make(&call, 0, NULL);
}

/**
 * Says that somebody cares for an offered call. Asynchronous.
 * @param lpsUserUserInfo, dwSize  bytes for the caller; NULL and 0: none
 * @return the number of the request, or INVALCALLSTATE, NOTOWNER, USERUSERINFOTOOBIG, INVALCALLHANDLE,
 *     INVALPOINTER, UNINITIALIZED.
 * Thread: any. Source: lineAccept.
 */
LONG WINAPI lineAccept(HCALL hCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return with_uui(CHANNEL_CALL_ACCEPT, hCall, lpsUserUserInfo, dwSize);
}

/**
 * Answers an offered or accepted call. Asynchronous. Parameters, result and thread as lineAccept. Source:
 * lineAnswer.
 */
LONG WINAPI lineAnswer(HCALL hCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return with_uui(CHANNEL_CALL_ANSWER, hCall, lpsUserUserInfo, dwSize);
}

/**
 * Ends a call, which stays readable until lineDeallocateCall. Asynchronous. Parameters, result and thread as
 * lineAccept; any state but IDLE. Source: lineDrop.
 */
LONG WINAPI lineDrop(HCALL hCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return with_uui(CHANNEL_CALL_DROP, hCall, lpsUserUserInfo, dwSize);
}

/**
 * Gives the handle of a call back. No message about the call comes after it, but the LINE_REPLY of requests that were
 * accepted before.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE (sole owner of a live call, below 2.0), UNINITIALIZED.
 * Thread: any. Source: lineDeallocateCall.
 */
LONG WINAPI lineDeallocateCall(HCALL hCall)
{
    struct channel_call call = {.op = CHANNEL_CALL_FREE, .arg = {hCall}};
    LONG rc = client_call(&call);

    if (!rc) {
        platform_mutex_lock(&client.lock);
        client_call_forget(hCall);
        platform_mutex_unlock(&client.lock);
        client_gather_forget(hCall);
    }
    return rc;
}

/**
 * Becomes owner or mere monitor of a call.
 * @return 0, INVALCALLPRIVILEGE, INVALCALLSTATE (the sole owner of a live call stays), INVALCALLHANDLE,
 *     UNINITIALIZED.
 * Thread: any. Source: lineSetCallPrivilege.
 */
LONG WINAPI lineSetCallPrivilege(HCALL hCall, DWORD dwCallPrivilege)
{
    struct channel_call call = {.op = CHANNEL_CALL_PRIVILEGE, .arg = {hCall, dwCallPrivilege}};

    return client_call(&call);
}

/**
 * Sets the value of LINECALLINFO that applications have for themselves.
 * @return 0, NOTOWNER, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineSetAppSpecific.
 */
LONG WINAPI lineSetAppSpecific(HCALL hCall, DWORD dwAppSpecific)
{
    struct channel_call call = {.op = CHANNEL_CALL_APPSPECIFIC, .arg = {hCall, dwAppSpecific}};

    return client_call(&call);
}

/* ---- information ---- */

/* LINECALLINFO of the call, to be freed with channel_free. The line of the call is in it. */
static LONG info_get(HCALL hCall, struct channel_call *call, HLINE *line)
{
    LONG rc;

    memset(call, 0, sizeof(*call));
    call->op = CHANNEL_CALL_INFO;
    call->arg[0] = hCall;
    rc = client_call(call);
    if (!rc && (!call->out || call->out_len < offsetof(LINECALLINFO, hLine) + sizeof(HLINE)))
        rc = client_err(LINEERR_OPERATIONFAILED);
    if (rc) {
        channel_free(call->out);
        call->out = NULL;
        return rc;
    }
    memcpy(line, (const char *)call->out + offsetof(LINECALLINFO, hLine), sizeof(*line));
    return 0;
}

LONG client_call_line(HCALL hCall, HLINE *line)
{
    struct channel_call call;
    LONG rc = info_get(hCall, &call, line);

    channel_free(call.out);
    return rc;
}

/* Version of the line that the call is on. All versions from 2.0 on lay out the structures of calls alike, so that the
 * engine is asked only while a line is open with an older one. */
LONG client_call_version(HCALL hCall, uint32_t *version)
{
    struct channel_call call;
    bool old;
    HLINE line;
    LONG rc;

    platform_mutex_lock(&client.lock);
    old = client.old_lines > 0;
    platform_mutex_unlock(&client.lock);
    *version = CLIENT_VERSION_HIGH;
    if (!old)
        return 0;
    rc = info_get(hCall, &call, &line);
    channel_free(call.out);
    if (!rc && client_line_version(line))
        *version = client_line_version(line);
    return rc;
}

static LONG call_info(HCALL hCall, LINECALLINFO *info, bool ansi)
{
    struct channel_call call;
    uint32_t version;
    HLINE line;
    LONG rc;

    if (!info)
        return client_err(LINEERR_INVALPOINTER);
    rc = info_get(hCall, &call, &line);
    if (rc)
        return rc;
    version = client_line_version(line);
    return client_output(&call, LAYOUT_LINECALLINFO, info, version ? version : CLIENT_VERSION_HIGH, ansi);
}

/**
 * What is known of a call, laid out for the version of its line; also after its end.
 * @return 0, STRUCTURETOOSMALL, INVALCALLHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetCallInfo.
 */
LONG WINAPI lineGetCallInfo(HCALL hCall, LPLINECALLINFO lpCallInfo)
{
    return call_info(hCall, lpCallInfo, true);
}

LONG WINAPI lineGetCallInfoA(HCALL hCall, LPLINECALLINFO lpCallInfo)
{
    return call_info(hCall, lpCallInfo, true);
}

LONG WINAPI lineGetCallInfoW(HCALL hCall, LPLINECALLINFO lpCallInfo)
{
    return call_info(hCall, lpCallInfo, false);
}

/**
 * State of a call, and what may be done with it by this handle.
 * @return 0, STRUCTURETOOSMALL, INVALCALLHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetCallStatus.
 */
LONG WINAPI lineGetCallStatus(HCALL hCall, LPLINECALLSTATUS lpCallStatus)
{
    struct channel_call call = {.op = CHANNEL_CALL_STATUS, .arg = {hCall}};
    uint32_t version;
    LONG rc;

    if (!lpCallStatus)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_call_version(hCall, &version);
    return rc ? rc : client_structure(&call, LAYOUT_LINECALLSTATUS, lpCallStatus, version, false, NULL);
}

/* ---- new calls ---- */

/* Gives back the handles that the engine made for a list that cannot be handed over. */
static void handles_free(const void *out, uint32_t len)
{
    LINECALLLIST list;
    uint32_t i;

    if (len < sizeof(list))
        return;
    memcpy(&list, out, sizeof(list));
    if (list.dwCallsOffset > len || list.dwCallsNumEntries > (len - list.dwCallsOffset) / sizeof(HCALL))
        return;
    for (i = 0; i < list.dwCallsNumEntries; i++) {
        struct channel_call call = {.op = CHANNEL_CALL_FREE};

        memcpy(call.arg, (const char *)out + list.dwCallsOffset + i * sizeof(HCALL), sizeof(HCALL));
        (void)client_call(&call);
    }
}

/**
 * Handles, as monitor, of the calls for which the application has none. If they do not all fit there are none of
 * them, and dwNeededSize tells.
 * @param dwSelect  LINECALLSELECT_LINE, or LINECALLSELECT_ADDRESS with dwAddressID
 * @return 0, STRUCTURETOOSMALL, INVALADDRESSID, INVALCALLSELECT, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED,
 *     NOMEM.
 * Thread: any. Source: lineGetNewCalls.
 */
LONG WINAPI lineGetNewCalls(HLINE hLine, DWORD dwAddressID, DWORD dwSelect, LPLINECALLLIST lpCallList)
{
    struct channel_call call = {.op = CHANNEL_NEW_CALLS, .arg = {hLine, dwAddressID, dwSelect}};
    LONG rc = client_room(LAYOUT_LINECALLLIST, lpCallList, CLIENT_VERSION_HIGH);

    if (!rc)
        rc = client_call(&call);
    if (rc)
        return rc;
    /* Whole or not at all: handles that the application never sees would stay with it for ever. */
    if (call.out && call.out_len > lpCallList->dwTotalSize)
        handles_free(call.out, call.out_len);
    return client_output(&call, LAYOUT_LINECALLLIST, lpCallList, CLIENT_VERSION_HIGH, false);
}
