/* Asynchronous functions that make calls of calls, or of lines. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

#undef lineForward
#undef linePickup
#undef linePrepareAddToConference
#undef lineSetupConference
#undef lineSetupTransfer
#undef lineUnpark

/* LINECALLPARAMS of an application, as they travel. `*inp` is freed with free(). */
static LONG params_import(const LINECALLPARAMS *params, uint32_t version, bool ansi, void **inp, uint32_t *lenp)
{
    LONG rc;

    *inp = NULL;
    *lenp = 0;
    if (!params)
        return 0;
    rc = layout_import(LAYOUT_LINECALLPARAMS, inp, lenp, params, version, ansi);
    return rc == client_err(LINEERR_INVALPARAM) ? client_err(LINEERR_INVALCALLPARAMS) : rc;
}

/* With LINECALLPARAMS, laid out for `version`. */
static LONG with_params(struct channel_call *call, const LINECALLPARAMS *params, uint32_t version, bool ansi,
                        const struct client_result *result)
{
    void *in;
    LONG rc = params_import(params, version, ansi, &in, &call->in1_len);

    call->in1 = in;
    if (!rc)
        rc = client_request_result(call, result);
    free(in);
    return rc;
}

static LONG consult(uint32_t op, HCALL hCall, LPHCALL out, const LINECALLPARAMS *params, bool ansi)
{
    struct channel_call call = {.op = op, .arg = {hCall}};
    const struct client_result result = {.call = out};
    uint32_t version = CLIENT_VERSION_HIGH;
    LONG rc = 0;

    if (!out)
        return client_err(LINEERR_INVALPOINTER);
    if (params)
        rc = client_call_version(hCall, &version);
    if (rc == client_err(LINEERR_INVALCALLHANDLE) && op == CHANNEL_CONF_PREPARE)
        rc = client_err(LINEERR_INVALCONFCALLHANDLE);
    return rc ? rc : with_params(&call, params, version, ansi, &result);
}

/* ---- transfer ---- */

/**
 * Holds a connected call and makes another one to whom it may be transferred. Asynchronous.
 * @param lphConsultCall  takes the new call when LINE_REPLY(0) is taken
 * @param lpCallParams    NULL: a call like the other one
 * @return the number of the request, or CALLUNAVAIL, INVALCALLPARAMS, STRUCTURETOOSMALL, INVALBEARERMODE,
 *     INVALMEDIAMODE, INVALRATE, NOTOWNER, INVALCALLSTATE, INVALCALLHANDLE, INVALPOINTER, OPERATIONUNAVAIL,
 *     UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineSetupTransfer.
 */
LONG WINAPI lineSetupTransferA(HCALL hCall, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return consult(CHANNEL_TRANSFER_SETUP, hCall, lphConsultCall, lpCallParams, true);
}

LONG WINAPI lineSetupTransfer(HCALL hCall, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return lineSetupTransferA(hCall, lphConsultCall, lpCallParams);
}

LONG WINAPI lineSetupTransferW(HCALL hCall, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return consult(CHANNEL_TRANSFER_SETUP, hCall, lphConsultCall, lpCallParams, false);
}

/**
 * Connects the two others, or all three. Asynchronous.
 * @param lphConfCall  LINETRANSFERMODE_CONFERENCE: takes the conference when LINE_REPLY(0) is taken; else not looked
 *     at
 * @return the number of the request, or INVALTRANSFERMODE, INVALCONSULTCALLHANDLE, INVALCALLHANDLE, NOTOWNER,
 *     INVALCALLSTATE, INVALPOINTER, OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineCompleteTransfer.
 */
LONG WINAPI lineCompleteTransfer(HCALL hCall, HCALL hConsultCall, LPHCALL lphConfCall, DWORD dwTransferMode)
{
    struct channel_call call = {.op = CHANNEL_TRANSFER_COMPLETE, .arg = {hCall, 0, hConsultCall, dwTransferMode}};
    struct client_result result = {.call = NULL};

    if (dwTransferMode == LINETRANSFERMODE_CONFERENCE) {
        if (!lphConfCall)
            return client_err(LINEERR_INVALPOINTER);
        result.call = lphConfCall;
    }
    return client_request_result(&call, &result);
}

/* ---- conference ---- */

static LONG setup_conference(HCALL hCall, HLINE line, LPHCALL conf, LPHCALL consult_call, DWORD parties,
                             const LINECALLPARAMS *params, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_CONF_SETUP, .arg = {hCall, 0, line, parties}};
    const struct client_result result = {.call = conf, .value = consult_call};
    uint32_t version = CLIENT_VERSION_HIGH;
    LONG rc = 0;

    if (!conf || !consult_call)
        return client_err(LINEERR_INVALPOINTER);
    if (!hCall) {
        version = client_line_version(line);
        if (!version)
            return client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
    } else if (params) {
        rc = client_call_version(hCall, &version);
    }
    return rc ? rc : with_params(&call, params, version, ansi, &result);
}

/**
 * Makes a conference of a connected call, or of none, and a call for the next party. Asynchronous.
 * @param hCall           0: none, and hLine counts
 * @param lphConfCall     takes the conference when LINE_REPLY(0) is taken
 * @param lphConsultCall  takes the call for the next party then
 * @param dwNumParties    expected; 0: not known
 * @return as lineSetupTransfer, or CONFERENCEFULL, INVALLINEHANDLE.
 * Thread: any. Source: lineSetupConference.
 */
LONG WINAPI lineSetupConferenceA(HCALL hCall, HLINE hLine, LPHCALL lphConfCall, LPHCALL lphConsultCall,
                                 DWORD dwNumParties, LPLINECALLPARAMS const lpCallParams)
{
    return setup_conference(hCall, hLine, lphConfCall, lphConsultCall, dwNumParties, lpCallParams, true);
}

LONG WINAPI lineSetupConference(HCALL hCall, HLINE hLine, LPHCALL lphConfCall, LPHCALL lphConsultCall,
                                DWORD dwNumParties, LPLINECALLPARAMS const lpCallParams)
{
    return lineSetupConferenceA(hCall, hLine, lphConfCall, lphConsultCall, dwNumParties, lpCallParams);
}

LONG WINAPI lineSetupConferenceW(HCALL hCall, HLINE hLine, LPHCALL lphConfCall, LPHCALL lphConsultCall,
                                 DWORD dwNumParties, LPLINECALLPARAMS const lpCallParams)
{
    return setup_conference(hCall, hLine, lphConfCall, lphConsultCall, dwNumParties, lpCallParams, false);
}

/**
 * Holds a conference and makes a call for the next party. Asynchronous. Parameters, result and thread as
 * lineSetupTransfer, with INVALCONFCALLHANDLE and CONFERENCEFULL. Source: linePrepareAddToConference.
 */
LONG WINAPI linePrepareAddToConferenceA(HCALL hConfCall, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return consult(CHANNEL_CONF_PREPARE, hConfCall, lphConsultCall, lpCallParams, true);
}

LONG WINAPI linePrepareAddToConference(HCALL hConfCall, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return linePrepareAddToConferenceA(hConfCall, lphConsultCall, lpCallParams);
}

LONG WINAPI linePrepareAddToConferenceW(HCALL hConfCall, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return consult(CHANNEL_CONF_PREPARE, hConfCall, lphConsultCall, lpCallParams, false);
}

/* ---- unpark, pickup ---- */

static LONG fetch(uint32_t op, HLINE line, DWORD address, LPHCALL out, struct client_text textv[2], LONG text_rc)
{
    struct channel_call call = {.op = op, .arg = {line, 0, address}};
    LONG rc = text_rc;

    call.in0 = textv[0].text;
    call.in0_len = textv[0].bytes;
    call.in1 = textv[1].text;
    call.in1_len = textv[1].bytes;
    if (!rc && !line)
        rc = client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
    if (!rc)
        rc = client_request_make(&call, line, out);
    client_text_free(&textv[0]);
    client_text_free(&textv[1]);
    return rc;
}

static LONG fetch_a(uint32_t op, HLINE line, DWORD address, LPHCALL out, LPCSTR first, LPCSTR second)
{
    struct client_text textv[2] = {{NULL, 0}, {NULL, 0}};
    LONG rc = client_text_a(&textv[0], first, SIZE_MAX);

    if (!rc)
        rc = client_text_a(&textv[1], second, SIZE_MAX);
    return fetch(op, line, address, out, textv, rc);
}

static LONG fetch_w(uint32_t op, HLINE line, DWORD address, LPHCALL out, LPCWSTR first, LPCWSTR second)
{
    struct client_text textv[2] = {{NULL, 0}, {NULL, 0}};
    LONG rc = client_text_w(&textv[0], first, SIZE_MAX);

    if (!rc)
        rc = client_text_w(&textv[1], second, SIZE_MAX);
    return fetch(op, line, address, out, textv, rc);
}

/**
 * Takes a parked call. Asynchronous.
 * @param lphCall          takes the new handle when LINE_REPLY(0) is taken
 * @param lpszDestAddress  where it is parked
 * @return the number of the request, or INVALADDRESS, INVALADDRESSID, INVALLINEHANDLE, INVALPOINTER,
 *     OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineUnpark.
 */
LONG WINAPI lineUnparkA(HLINE hLine, DWORD dwAddressID, LPHCALL lphCall, LPCSTR lpszDestAddress)
{
    if (!lphCall || !lpszDestAddress)
        return client_err(LINEERR_INVALPOINTER);
    return fetch_a(CHANNEL_CALL_UNPARK, hLine, dwAddressID, lphCall, lpszDestAddress, NULL);
}

LONG WINAPI lineUnpark(HLINE hLine, DWORD dwAddressID, LPHCALL lphCall, LPCSTR lpszDestAddress)
{
    return lineUnparkA(hLine, dwAddressID, lphCall, lpszDestAddress);
}

LONG WINAPI lineUnparkW(HLINE hLine, DWORD dwAddressID, LPHCALL lphCall, LPCWSTR lpszDestAddress)
{
    if (!lphCall || !lpszDestAddress)
        return client_err(LINEERR_INVALPOINTER);
    return fetch_w(CHANNEL_CALL_UNPARK, hLine, dwAddressID, lphCall, lpszDestAddress, NULL);
}

/**
 * Takes a call that rings elsewhere. Asynchronous.
 * @param lphCall          takes the new handle when LINE_REPLY(0) is taken
 * @param lpszDestAddress  where it rings; NULL: anywhere in the group
 * @param lpszGroupID      group; with both NULL the call that waits is taken
 * @return the number of the request, or INVALADDRESS, INVALGROUPID, INVALADDRESSID, INVALLINEHANDLE, INVALPOINTER,
 *     OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: linePickup.
 */
LONG WINAPI linePickupA(HLINE hLine, DWORD dwAddressID, LPHCALL lphCall, LPCSTR lpszDestAddress, LPCSTR lpszGroupID)
{
    if (!lphCall)
        return client_err(LINEERR_INVALPOINTER);
    return fetch_a(CHANNEL_CALL_PICKUP, hLine, dwAddressID, lphCall, lpszDestAddress, lpszGroupID);
}

LONG WINAPI linePickup(HLINE hLine, DWORD dwAddressID, LPHCALL lphCall, LPCSTR lpszDestAddress, LPCSTR lpszGroupID)
{
    return linePickupA(hLine, dwAddressID, lphCall, lpszDestAddress, lpszGroupID);
}

LONG WINAPI linePickupW(HLINE hLine, DWORD dwAddressID, LPHCALL lphCall, LPCWSTR lpszDestAddress, LPCWSTR lpszGroupID)
{
    if (!lphCall)
        return client_err(LINEERR_INVALPOINTER);
    return fetch_w(CHANNEL_CALL_PICKUP, hLine, dwAddressID, lphCall, lpszDestAddress, lpszGroupID);
}

/* ---- forward ---- */

enum {
    FORWARD_HEAD = offsetof(LINEFORWARDLIST, ForwardList),
    FORWARD_SIZE = offsetof(LINEFORWARD, dwDestAddressOffset) + 4
};

/* A text of the application's list, as it travels. A size that does not lie within the list is an error. */
static LONG forward_text(const unsigned char *list, uint32_t total, uint32_t size, uint32_t offset, bool ansi,
                         struct client_text *t)
{
    WCHAR *aligned;
    LONG rc;

    t->text = NULL;
    t->bytes = 0;
    if (!size)
        return 0;
    if (offset < FORWARD_HEAD || offset > total || size > total - offset)
        return client_err(LINEERR_INVALPARAM);
    if (ansi) {
        const void *end = memchr(list + offset, 0, size);

        if (end)
            size = (uint32_t)((const unsigned char *)end - (list + offset));
        return client_text_a(t, (const char *)list + offset, size);
    }
    aligned = malloc(size + sizeof(WCHAR));
    if (!aligned)
        return client_err(LINEERR_NOMEM);
    memcpy(aligned, list + offset, size);
    rc = client_text_w(t, aligned, size / sizeof(WCHAR));
    free(aligned);
    return rc;
}

static bool block_add(unsigned char **block, uint32_t *len, const struct client_text *t, DWORD *size, DWORD *offset)
{
    uint32_t at = (*len + 3) & ~3u;
    unsigned char *more;

    *size = t->bytes;
    *offset = t->bytes ? at : 0;
    if (!t->bytes)
        return true;
    more = realloc(*block, at + t->bytes);
    if (!more)
        return false;
    memset(more + *len, 0, at - *len);
    memcpy(more + at, t->text, t->bytes);
    *block = more;
    *len = at + t->bytes;
    return true;
}

/* The list with its texts in UTF-16. `*blockp` is freed with free(). */
static LONG forward_import(const LINEFORWARDLIST *list, bool ansi, void **blockp, uint32_t *lenp)
{
    const unsigned char *in = (const unsigned char *)list;
    uint32_t total, n, i, len;
    unsigned char *block;
    LINEFORWARD each;
    LONG rc = 0;

    *blockp = NULL;
    *lenp = 0;
    if (!list)
        return 0;
    memcpy(&total, in, sizeof(total));
    if (total < FORWARD_HEAD)
        return client_err(LINEERR_STRUCTURETOOSMALL);
    memcpy(&n, in + offsetof(LINEFORWARDLIST, dwNumEntries), sizeof(n));
    if (n > (total - FORWARD_HEAD) / FORWARD_SIZE)
        return client_err(LINEERR_STRUCTURETOOSMALL);
    len = FORWARD_HEAD + n * FORWARD_SIZE;
    block = calloc(1, len);
    if (!block)
        return client_err(LINEERR_NOMEM);
    for (i = 0; i < n && !rc; i++) {
        struct client_text caller = {NULL, 0}, dest = {NULL, 0};
        DWORD size, offset;

        memset(&each, 0, sizeof(each));
        memcpy(&each, in + FORWARD_HEAD + i * FORWARD_SIZE, FORWARD_SIZE);
        rc = forward_text(in, total, each.dwCallerAddressSize, each.dwCallerAddressOffset, ansi, &caller);
        if (!rc)
            rc = forward_text(in, total, each.dwDestAddressSize, each.dwDestAddressOffset, ansi, &dest);
        if (!rc && !block_add(&block, &len, &caller, &size, &offset))
            rc = client_err(LINEERR_NOMEM);
        if (!rc) {
            each.dwCallerAddressSize = size;
            each.dwCallerAddressOffset = offset;
            if (!block_add(&block, &len, &dest, &size, &offset))
                rc = client_err(LINEERR_NOMEM);
        }
        if (!rc) {
            each.dwDestAddressSize = size;
            each.dwDestAddressOffset = offset;
            memcpy(block + FORWARD_HEAD + i * FORWARD_SIZE, &each, FORWARD_SIZE);
        }
        client_text_free(&caller);
        client_text_free(&dest);
    }
    if (rc) {
        free(block);
        return rc;
    }
    memcpy(block, &len, sizeof(len));
    memcpy(block + offsetof(LINEFORWARDLIST, dwNumEntries), &n, sizeof(n));
    *blockp = block;
    *lenp = len;
    return 0;
}

static LONG forward(HLINE line, const uint32_t args[3], const LINEFORWARDLIST *list, LPHCALL out,
                    const LINECALLPARAMS *params, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_LINE_FORWARD, .arg = {line, 0, args[0], args[1], args[2]}};
    uint32_t version = client_line_version(line);
    void *block = NULL, *in = NULL;
    LONG rc;

    if (!out)
        return client_err(LINEERR_INVALPOINTER);
    if (!version)
        return client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
    rc = forward_import(list, ansi, &block, &call.in0_len);
    if (!rc)
        rc = params_import(params, version, ansi, &in, &call.in1_len);
    call.in0 = block;
    call.in1 = in;
    if (!rc)
        rc = client_request_make(&call, line, out);
    free(block);
    free(in);
    return rc;
}

/**
 * Forwards calls of an address, or of all. Asynchronous.
 * @param bAllAddresses       not 0: dwAddressID is not looked at
 * @param lpForwardList       NULL or empty: no forwarding any more
 * @param dwNumRingsNoAnswer  rings before nobody is taken to be there; 0: as it is
 * @param lphConsultCall      takes a call to confirm it with, or 0, when LINE_REPLY(0) is taken
 * @return the number of the request, or INVALADDRESSID, INVALADDRESS, INVALPARAM, STRUCTURETOOSMALL,
 *     INVALCALLPARAMS, INVALLINEHANDLE, INVALPOINTER, OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineForward.
 */
LONG WINAPI lineForwardA(HLINE hLine, DWORD bAllAddresses, DWORD dwAddressID, LPLINEFORWARDLIST const lpForwardList,
                         DWORD dwNumRingsNoAnswer, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    const uint32_t args[3] = {bAllAddresses, dwAddressID, dwNumRingsNoAnswer};

    return forward(hLine, args, lpForwardList, lphConsultCall, lpCallParams, true);
}

LONG WINAPI lineForward(HLINE hLine, DWORD bAllAddresses, DWORD dwAddressID, LPLINEFORWARDLIST const lpForwardList,
                        DWORD dwNumRingsNoAnswer, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    return lineForwardA(hLine, bAllAddresses, dwAddressID, lpForwardList, dwNumRingsNoAnswer, lphConsultCall,
                        lpCallParams);
}

LONG WINAPI lineForwardW(HLINE hLine, DWORD bAllAddresses, DWORD dwAddressID, LPLINEFORWARDLIST const lpForwardList,
                         DWORD dwNumRingsNoAnswer, LPHCALL lphConsultCall, LPLINECALLPARAMS const lpCallParams)
{
    const uint32_t args[3] = {bAllAddresses, dwAddressID, dwNumRingsNoAnswer};

    return forward(hLine, args, lpForwardList, lphConsultCall, lpCallParams, false);
}
