/* Asynchronous functions on calls and lines that make no call. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#undef lineBlindTransfer
#undef linePark
#undef lineRedirect

static LONG plain(uint32_t op, DWORD a0, DWORD a2, DWORD a3)
{
    struct channel_call call = {.op = op, .arg = {a0, 0, a2, a3}};

    return client_request_make(&call, 0, NULL);
}

/* Bytes that go with it: none if there are none. */
static LONG with_bytes(uint32_t op, HCALL hCall, const void *bytes, DWORD size)
{
    struct channel_call call = {.op = op, .arg = {hCall}};

    if (!bytes && size)
        return client_err(LINEERR_INVALPOINTER);
    call.in0 = size ? bytes : NULL;
    call.in0_len = size;
    return client_request_make(&call, 0, NULL);
}

/* An address to go to. */
static LONG with_address(uint32_t op, HCALL hCall, LONG text_rc, struct client_text *address, DWORD country)
{
    struct channel_call call = {.op = op, .arg = {hCall, 0, country}};
    LONG rc = text_rc;

    call.in0 = address->text;
    call.in0_len = address->bytes;
    if (!rc)
        rc = client_request_make(&call, 0, NULL);
    client_text_free(address);
    return rc;
}

static LONG with_address_a(uint32_t op, HCALL hCall, LPCSTR text, DWORD country)
{
    struct client_text address;
    LONG rc;

    if (!text)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&address, text, SIZE_MAX);
    return with_address(op, hCall, rc, &address, country);
}

static LONG with_address_w(uint32_t op, HCALL hCall, LPCWSTR text, DWORD country)
{
    struct client_text address;
    LONG rc;

    if (!text)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&address, text, SIZE_MAX);
    return with_address(op, hCall, rc, &address, country);
}

/* ---- hold, transfer, conference ---- */

/**
 * Puts a connected call on hold. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED,
 * NOMEM. Thread: any. Source: lineHold.
 */
LONG WINAPI lineHold(HCALL hCall)
{
    return plain(CHANNEL_CALL_HOLD, hCall, 0, 0);
}

/**
 * Takes a call back from any kind of hold. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED,
 * NOMEM. Thread: any. Source: lineUnhold.
 */
LONG WINAPI lineUnhold(HCALL hCall)
{
    return plain(CHANNEL_CALL_UNHOLD, hCall, 0, 0);
}

/**
 * Holds one call and takes the other one back. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED,
 * NOMEM. Thread: any. Source: lineSwapHold.
 */
LONG WINAPI lineSwapHold(HCALL hActiveCall, HCALL hHeldCall)
{
    return plain(CHANNEL_CALL_SWAP_HOLD, hActiveCall, hHeldCall, 0);
}

/**
 * Adds a call to a conference that waits for it. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLSTATE, INVALCONFCALLHANDLE, INVALCONSULTCALLHANDLE,
 * CONFERENCEFULL, OPERATIONUNAVAIL, UNINITIALIZED. Thread: any. Source: lineAddToConference.
 */
LONG WINAPI lineAddToConference(HCALL hConfCall, HCALL hConsultCall)
{
    return plain(CHANNEL_CONF_ADD, hConfCall, hConsultCall, 0);
}

/**
 * Takes a member out of its conference. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED,
 * NOMEM. Thread: any. Source: lineRemoveFromConference.
 */
LONG WINAPI lineRemoveFromConference(HCALL hCall)
{
    return plain(CHANNEL_CONF_REMOVE, hCall, 0, 0);
}

/**
 * Sends an offered call on to another address, unanswered. Asynchronous.
 * @return the number of the request, or INVALADDRESS, INVALPOINTER, NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE,
 * OPERATIONUNAVAIL, UNINITIALIZED, NOMEM. Thread: any. Source: lineRedirect.
 */
LONG WINAPI lineRedirectA(HCALL hCall, LPCSTR lpszDestAddress, DWORD dwCountryCode)
{
    return with_address_a(CHANNEL_CALL_REDIRECT, hCall, lpszDestAddress, dwCountryCode);
}

LONG WINAPI lineRedirect(HCALL hCall, LPCSTR lpszDestAddress, DWORD dwCountryCode)
{
    return lineRedirectA(hCall, lpszDestAddress, dwCountryCode);
}

LONG WINAPI lineRedirectW(HCALL hCall, LPCWSTR lpszDestAddress, DWORD dwCountryCode)
{
    return with_address_w(CHANNEL_CALL_REDIRECT, hCall, lpszDestAddress, dwCountryCode);
}

/**
 * Transfers a connected call without asking. Asynchronous.
 * @return the number of the request, or INVALADDRESS, ADDRESSBLOCKED, INVALPOINTER, NOTOWNER, INVALCALLSTATE,
 * INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED. Thread: any. Source: lineBlindTransfer.
 */
LONG WINAPI lineBlindTransferA(HCALL hCall, LPCSTR lpszDestAddress, DWORD dwCountryCode)
{
    return with_address_a(CHANNEL_CALL_BLIND_TRANSFER, hCall, lpszDestAddress, dwCountryCode);
}

LONG WINAPI lineBlindTransfer(HCALL hCall, LPCSTR lpszDestAddress, DWORD dwCountryCode)
{
    return lineBlindTransferA(hCall, lpszDestAddress, dwCountryCode);
}

LONG WINAPI lineBlindTransferW(HCALL hCall, LPCWSTR lpszDestAddress, DWORD dwCountryCode)
{
    return with_address_w(CHANNEL_CALL_BLIND_TRANSFER, hCall, lpszDestAddress, dwCountryCode);
}

/* ---- park, completion ---- */

static LONG park(HCALL hCall, DWORD mode, LONG text_rc, struct client_text *address, VARSTRING *to, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_CALL_PARK, .arg = {hCall, 0, mode}};
    const struct client_result result = {.to = to, .form = CLIENT_FORM_TEXT, .ansi = ansi};
    LONG rc = text_rc;

    if (!rc && mode == LINEPARKMODE_NONDIRECTED)
        rc = client_room(LAYOUT_VARSTRING, to, CLIENT_VERSION_HIGH);
    if (!rc && mode == LINEPARKMODE_DIRECTED) {
        call.in0 = address->text;
        call.in0_len = address->bytes;
    }
    if (!rc)
        rc = mode == LINEPARKMODE_NONDIRECTED ? client_request_result(&call, &result)
                                              : client_request_make(&call, 0, NULL);
    client_text_free(address);
    return rc;
}

/**
 * Parks a connected call. Asynchronous.
 * @param lpszDirAddress   LINEPARKMODE_DIRECTED: where
 * @param lpNonDirAddress  LINEPARKMODE_NONDIRECTED: takes where, when the reply is taken; too small, the reply says
 *     STRUCTURETOOSMALL, and the address is lost
 * @return the number of the request, or INVALPARKMODE, INVALADDRESS, INVALPOINTER, STRUCTURETOOSMALL, NOTOWNER,
 *     INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: linePark.
 */
LONG WINAPI lineParkA(HCALL hCall, DWORD dwParkMode, LPCSTR lpszDirAddress, LPVARSTRING lpNonDirAddress)
{
    struct client_text address;
    LONG rc = client_text_a(&address, lpszDirAddress, SIZE_MAX);

    return park(hCall, dwParkMode, rc, &address, lpNonDirAddress, true);
}

LONG WINAPI linePark(HCALL hCall, DWORD dwParkMode, LPCSTR lpszDirAddress, LPVARSTRING lpNonDirAddress)
{
    return lineParkA(hCall, dwParkMode, lpszDirAddress, lpNonDirAddress);
}

LONG WINAPI lineParkW(HCALL hCall, DWORD dwParkMode, LPCWSTR lpszDirAddress, LPVARSTRING lpNonDirAddress)
{
    struct client_text address;
    LONG rc = client_text_w(&address, lpszDirAddress, SIZE_MAX);

    return park(hCall, dwParkMode, rc, &address, lpNonDirAddress, false);
}

/**
 * Asks for a call that did not get through to be completed later. Asynchronous.
 * @param lpdwCompletionID  takes the number for lineUncompleteCall when LINE_REPLY(0) is taken
 * @return the number of the request, or INVALCALLCOMPLMODE, COMPLETIONOVERRUN, INVALMESSAGEID, INVALPOINTER, NOTOWNER,
 *     INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineCompleteCall.
 */
LONG WINAPI lineCompleteCall(HCALL hCall, LPDWORD lpdwCompletionID, DWORD dwCompletionMode, DWORD dwMessageID)
{
    struct channel_call call = {.op = CHANNEL_CALL_COMPLETE, .arg = {hCall, 0, dwCompletionMode, dwMessageID}};
    struct client_result result = {.value = lpdwCompletionID};

    if (!lpdwCompletionID)
        return client_err(LINEERR_INVALPOINTER);
    return client_request_result(&call, &result);
}

/**
 * Takes such a request back. Asynchronous.
 * @return the number of the request, or INVALCOMPLETIONID, INVALLINEHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineUncompleteCall.
 */
LONG WINAPI lineUncompleteCall(HLINE hLine, DWORD dwCompletionID)
{
    return plain(CHANNEL_LINE_UNCOMPLETE, hLine, dwCompletionID, 0);
}

/* ---- what goes with a call ---- */

/**
 * Keeps a call from being disturbed. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED,
 * NOMEM. Thread: any. Source: lineSecureCall.
 */
LONG WINAPI lineSecureCall(HCALL hCall)
{
    return plain(CHANNEL_CALL_SECURE, hCall, 0, 0);
}

/**
 * Sends bytes to the other end. Asynchronous.
 * @return the number of the request, or USERUSERINFOTOOBIG, INVALPOINTER, NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE,
 * OPERATIONUNAVAIL, UNINITIALIZED, NOMEM. Thread: any. Source: lineSendUserUserInfo.
 */
LONG WINAPI lineSendUserUserInfo(HCALL hCall, LPCSTR lpsUserUserInfo, DWORD dwSize)
{
    return with_bytes(CHANNEL_CALL_SEND_UUI, hCall, lpsUserUserInfo, dwSize);
}

/**
 * Makes room for the next user-user information. Asynchronous.
 * @return the number of the request, or NOTOWNER, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineReleaseUserUserInfo.
 */
LONG WINAPI lineReleaseUserUserInfo(HCALL hCall)
{
    return plain(CHANNEL_CALL_RELEASE_UUI, hCall, 0, 0);
}

/**
 * Sets the data that go with a call wherever it goes; size 0 removes them. Asynchronous.
 * @return the number of the request, or INVALPOINTER, INVALPARAM, NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE,
 * OPERATIONUNAVAIL, UNINITIALIZED, NOMEM. Thread: any. Source: lineSetCallData.
 */
LONG WINAPI lineSetCallData(HCALL hCall, LPVOID lpCallData, DWORD dwSize)
{
    return with_bytes(CHANNEL_CALL_DATA_SET, hCall, lpCallData, dwSize);
}

/**
 * Changes bearer mode, rates (bit/s) and dialling parameters (ms; NULL: as they are). Asynchronous.
 * @return the number of the request, or INVALBEARERMODE, INVALRATE, BEARERMODEUNAVAIL, RATEUNAVAIL, NOTOWNER,
 * INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED. Thread: any. Source: lineSetCallParams.
 */
LONG WINAPI lineSetCallParams(HCALL hCall, DWORD dwBearerMode, DWORD dwMinRate, DWORD dwMaxRate,
                              LPLINEDIALPARAMS const lpDialParams)
{
    struct channel_call call = {.op = CHANNEL_CALL_PARAMS_SET, .arg = {hCall, 0, dwBearerMode, dwMinRate, dwMaxRate}};

    call.in0 = lpDialParams;
    call.in0_len = lpDialParams ? sizeof(*lpDialParams) : 0;
    return client_request_make(&call, 0, NULL);
}

/**
 * Chooses what the other end hears while nobody speaks to it. Asynchronous.
 * @return the number of the request, or INVALPARAM, NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL,
 * UNINITIALIZED, NOMEM. Thread: any. Source: lineSetCallTreatment.
 */
LONG WINAPI lineSetCallTreatment(HCALL hCall, DWORD dwTreatment)
{
    return plain(CHANNEL_CALL_TREATMENT_SET, hCall, dwTreatment, 0);
}

/**
 * Asks for another quality of service. Asynchronous.
 * @return the number of the request, or INVALPOINTER, INVALRATE, RATEUNAVAIL, NOTOWNER, INVALCALLSTATE,
 * INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED, NOMEM. Thread: any. Source: lineSetCallQualityOfService.
 */
LONG WINAPI lineSetCallQualityOfService(HCALL hCall, LPVOID lpSendingFlowspec, DWORD dwSendingFlowspecSize,
                                        LPVOID lpReceivingFlowspec, DWORD dwReceivingFlowspecSize)
{
    struct channel_call call = {.op = CHANNEL_CALL_QOS_SET, .arg = {hCall}};

    if ((!lpSendingFlowspec && dwSendingFlowspecSize) || (!lpReceivingFlowspec && dwReceivingFlowspecSize))
        return client_err(LINEERR_INVALPOINTER);
    call.in0 = dwSendingFlowspecSize ? lpSendingFlowspec : NULL;
    call.in0_len = dwSendingFlowspecSize;
    call.in1 = dwReceivingFlowspecSize ? lpReceivingFlowspec : NULL;
    call.in1_len = dwReceivingFlowspecSize;
    return client_request_make(&call, 0, NULL);
}

/* ---- lines ---- */

/**
 * Sets or clears LINEDEVSTATUSFLAGS_ of a line. Asynchronous.
 * @return the number of the request, or INVALPARAM, INVALLINESTATE, INVALLINEHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineSetLineDevStatus.
 */
LONG WINAPI lineSetLineDevStatus(HLINE hLine, DWORD dwStatusToChange, DWORD fStatus)
{
    return plain(CHANNEL_LINE_DEVSTATUS_SET, hLine, dwStatusToChange, fStatus);
}

/**
 * Routes events and media of a line, an address or a call to a terminal, or no longer. Asynchronous.
 * @return the number of the request, or INVALCALLSELECT, INVALTERMINALMODE, INVALTERMINALID, INVALADDRESSID,
 * INVALCALLHANDLE, INVALLINEHANDLE, OPERATIONUNAVAIL, UNINITIALIZED. Thread: any. Source: lineSetTerminal.
 */
LONG WINAPI lineSetTerminal(HLINE hLine, DWORD dwAddressID, HCALL hCall, DWORD dwSelect, DWORD dwTerminalModes,
                            DWORD dwTerminalID, DWORD bEnable)
{
    struct channel_call call = {
        .op = CHANNEL_LINE_TERMINAL_SET,
        .arg = {hLine, 0, dwAddressID, hCall, dwSelect, dwTerminalModes, dwTerminalID, bEnable},
    };

    return client_request_make(&call, 0, NULL);
}

/* The block is in and out. */
static LONG specific(struct channel_call *call, void *params, DWORD size)
{
    const struct client_result result = {.to = size ? params : NULL, .form = CLIENT_FORM_BYTES, .room = size};

    if (!params && size)
        return client_err(LINEERR_INVALPOINTER);
    call->in0 = size ? params : NULL;
    call->in0_len = size;
    return client_request_result(call, &result);
}

/**
 * What only this provider has. Asynchronous.
 * @param hCall     0: none
 * @param lpParams  goes to the provider, and takes what it makes of it when LINE_REPLY(0) is taken
 * @return the number of the request, or INVALADDRESSID, INVALCALLHANDLE, INVALPOINTER, INVALLINEHANDLE,
 * OPERATIONUNAVAIL, UNINITIALIZED. Thread: any. Source: lineDevSpecific.
 */
LONG WINAPI lineDevSpecific(HLINE hLine, DWORD dwAddressID, HCALL hCall, LPVOID lpParams, DWORD dwSize)
{
    struct channel_call call = {.op = CHANNEL_LINE_DEVSPECIFIC, .arg = {hLine, 0, dwAddressID, hCall}};

    return specific(&call, lpParams, dwSize);
}

/**
 * The same for a feature that a button stands for (PHONEBUTTONFUNCTION_). Asynchronous.
 * @return the number of the request, or INVALFEATURE, INVALPOINTER, INVALLINEHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineDevSpecificFeature.
 */
LONG WINAPI lineDevSpecificFeature(HLINE hLine, DWORD dwFeature, LPVOID lpParams, DWORD dwSize)
{
    struct channel_call call = {.op = CHANNEL_LINE_DEVSPECIFIC_FEATURE, .arg = {hLine, 0, dwFeature}};

    return specific(&call, lpParams, dwSize);
}
