/* Assisted telephony: requests that one application makes of another. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#include <string.h>

#undef lineGetRequest
#undef tapiRequestMakeCall
#undef tapiRequestMediaCall

_Static_assert(TAPIMAXDESTADDRESSSIZE == CHANNEL_ADDRESS_UNITS && TAPIMAXAPPNAMESIZE == CHANNEL_NAME_UNITS &&
                   TAPIMAXCALLEDPARTYSIZE == CHANNEL_NAME_UNITS && TAPIMAXCOMMENTSIZE == CHANNEL_COMMENT_UNITS,
               "texts of a request");

_Static_assert(sizeof(LINEREQMAKECALLW) == sizeof(struct channel_make_call), "the layout of a request");

/* ---- asking ---- */

/* As much of a text as there is room for, no character cut in two. False: it was cut. */
static bool text_cut(uint16_t *out, uint32_t units, const struct client_text *text)
{
    uint32_t len = text->text ? text->bytes / (uint32_t)sizeof(*out) - 1 : 0;
    bool whole = len < units;

    if (!whole) {
        len = units - 1;
        if ((text->text[len - 1] & 0xFC00) == 0xD800)
            len--;
    }
    if (len)
        memcpy(out, text->text, len * sizeof(*out));
    out[len] = 0;
    return whole;
}

static LONG request_make(LONG text_rc, struct client_text text[4])
{
    struct channel_call call = {.op = CHANNEL_REQUEST_MAKE_CALL};
    struct channel_make_call made;
    struct client_conn *conn;
    LONG rc = TAPIERR_REQUESTFAILED;
    int i;

    memset(&made, 0, sizeof(made));
    if (text_rc)
        goto out;
    (void)text_cut(made.app_name, CHANNEL_NAME_UNITS, &text[1]);
    (void)text_cut(made.called_party, CHANNEL_NAME_UNITS, &text[2]);
    (void)text_cut(made.comment, CHANNEL_COMMENT_UNITS, &text[3]);
    /* A part of a number is another number. */
    if (!text_cut(made.address, CHANNEL_ADDRESS_UNITS, &text[0]) || !made.address[0]) {
        rc = TAPIERR_INVALDESTADDRESS;
        goto out;
    }
    if (client_conn_open(&conn, CLIENT_MODE_DEFAULT))
        goto out;
    call.in0 = &made;
    call.in0_len = sizeof(made);
    rc = client_conn_call(conn, &call);
    client_conn_put(conn);
    /* Those of lines are far below. */
    if (rc > 0 || rc < -0xFFFF)
        rc = TAPIERR_REQUESTFAILED;
out:
    for (i = 0; i < 4; i++)
        client_text_free(&text[i]);
    return rc;
}

/**
 * Asks the application that takes such requests to make a call. Nobody need have initialised anything.
 * @param lpszDestAddress  number, at most 79 characters
 * @param lpszAppName, lpszCalledParty, lpszComment  for those who see the call; NULL: none; cut to 39, 39, 79
 * @return 0, TAPIERR_NOREQUESTRECIPIENT, TAPIERR_INVALDESTADDRESS (empty, too long), TAPIERR_REQUESTQUEUEFULL,
 *     TAPIERR_INVALPOINTER, TAPIERR_REQUESTFAILED (no memory, no connection).
 * Thread: any. Source: tapiRequestMakeCall.
 */
LONG WINAPI tapiRequestMakeCallA(LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty, LPCSTR lpszComment)
{
    LPCSTR in[4] = {lpszDestAddress, lpszAppName, lpszCalledParty, lpszComment};
    struct client_text text[4];
    LONG rc = 0;
    int i;

    if (!lpszDestAddress)
        return TAPIERR_INVALPOINTER;
    memset(text, 0, sizeof(text));
    for (i = 0; i < 4 && !rc; i++)
        rc = client_text_a(&text[i], in[i], SIZE_MAX);
    return request_make(rc, text);
}

LONG WINAPI tapiRequestMakeCall(LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty, LPCSTR lpszComment)
{
    return tapiRequestMakeCallA(lpszDestAddress, lpszAppName, lpszCalledParty, lpszComment);
}

LONG WINAPI tapiRequestMakeCallW(LPCWSTR lpszDestAddress, LPCWSTR lpszAppName, LPCWSTR lpszCalledParty,
                                 LPCWSTR lpszComment)
{
    LPCWSTR in[4] = {lpszDestAddress, lpszAppName, lpszCalledParty, lpszComment};
    struct client_text text[4];
    LONG rc = 0;
    int i;

    if (!lpszDestAddress)
        return TAPIERR_INVALPOINTER;
    memset(text, 0, sizeof(text));
    for (i = 0; i < 4 && !rc; i++)
        rc = client_text_w(&text[i], in[i], SIZE_MAX);
    return request_make(rc, text);
}

/* ---- being asked ---- */

/**
 * Becomes recipient of requests, or is one no more. LINE_REQUEST tells of the first that waits.
 * @param dwRegistrationInstance  comes with LINE_REQUEST; the last one given counts
 * @param dwRequestMode           LINEREQUESTMODE_MAKECALL; also _MEDIACALL, of which none ever come
 * @param bEnable                 0: no more
 * @return 0, INVALREQUESTMODE, INVALAPPHANDLE, UNINITIALIZED.
 * Thread: any. Source: lineRegisterRequestRecipient.
 */
LONG WINAPI lineRegisterRequestRecipient(HLINEAPP hLineApp, DWORD dwRegistrationInstance, DWORD dwRequestMode,
                                         DWORD bEnable)
{
    struct channel_call call = {.op = CHANNEL_RECIPIENT_SET,
                                .arg = {hLineApp, dwRegistrationInstance, dwRequestMode, bEnable}};

    return client_call(&call);
}

static LONG request_get(HLINEAPP hLineApp, DWORD dwRequestMode, struct channel_make_call *made)
{
    struct channel_call call = {.op = CHANNEL_REQUEST_GET, .arg = {hLineApp, dwRequestMode}};
    LONG rc = client_call(&call);

    if (!rc && call.out_len != sizeof(*made))
        rc = client_err(LINEERR_OPERATIONFAILED);
    if (!rc) {
        memcpy(made, call.out, sizeof(*made));
        /* Terminated, wherever they come from. */
        made->address[CHANNEL_ADDRESS_UNITS - 1] = 0;
        made->app_name[CHANNEL_NAME_UNITS - 1] = 0;
        made->called_party[CHANNEL_NAME_UNITS - 1] = 0;
        made->comment[CHANNEL_COMMENT_UNITS - 1] = 0;
    }
    channel_free(call.out);
    return rc;
}

/**
 * Takes the next request; it is the caller's then.
 * @param dwRequestMode    LINEREQUESTMODE_MAKECALL or _MEDIACALL
 * @param lpRequestBuffer  LINEREQMAKECALL
 * @return 0, NOREQUEST, NOTREGISTERED, INVALREQUESTMODE, INVALAPPHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetRequest.
 */
LONG WINAPI lineGetRequestA(HLINEAPP hLineApp, DWORD dwRequestMode, LPVOID lpRequestBuffer)
{
    struct channel_make_call made;
    struct linereqmakecall_tag *out = lpRequestBuffer;
    LONG rc;

    if (!out)
        return client_err(LINEERR_INVALPOINTER);
    rc = request_get(hLineApp, dwRequestMode, &made);
    if (rc)
        return rc;
    memset(out, 0, sizeof(*out));
    (void)platform_utf16_to_ansi(made.address, SIZE_MAX, out->szDestAddress, sizeof(out->szDestAddress));
    (void)platform_utf16_to_ansi(made.app_name, SIZE_MAX, out->szAppName, sizeof(out->szAppName));
    (void)platform_utf16_to_ansi(made.called_party, SIZE_MAX, out->szCalledParty, sizeof(out->szCalledParty));
    (void)platform_utf16_to_ansi(made.comment, SIZE_MAX, out->szComment, sizeof(out->szComment));
    return 0;
}

LONG WINAPI lineGetRequest(HLINEAPP hLineApp, DWORD dwRequestMode, LPVOID lpRequestBuffer)
{
    return lineGetRequestA(hLineApp, dwRequestMode, lpRequestBuffer);
}

LONG WINAPI lineGetRequestW(HLINEAPP hLineApp, DWORD dwRequestMode, LPVOID lpRequestBuffer)
{
    struct channel_make_call made;
    LONG rc;

    if (!lpRequestBuffer)
        return client_err(LINEERR_INVALPOINTER);
    rc = request_get(hLineApp, dwRequestMode, &made);
    if (!rc)
        memcpy(lpRequestBuffer, &made, sizeof(made)); /* LINEREQMAKECALLW has the same layout */
    return rc;
}

/* ---- obsolete ---- */

/* Obsolete, and non-functional since TAPI 2.0: these always fail. */

LONG WINAPI tapiRequestMediaCallA(HWND hwnd, WPARAM wRequestID, LPCSTR lpszDeviceClass, LPCSTR lpDeviceID, DWORD dwSize,
                                  DWORD dwSecure, LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty,
                                  LPCSTR lpszComment)
{
    (void)hwnd;
    (void)wRequestID;
    (void)lpszDeviceClass;
    (void)lpDeviceID;
    (void)dwSize;
    (void)dwSecure;
    (void)lpszDestAddress;
    (void)lpszAppName;
    (void)lpszCalledParty;
    (void)lpszComment;
    return TAPIERR_NOREQUESTRECIPIENT;
}

LONG WINAPI tapiRequestMediaCall(HWND hwnd, WPARAM wRequestID, LPCSTR lpszDeviceClass, LPCSTR lpDeviceID, DWORD dwSize,
                                 DWORD dwSecure, LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty,
                                 LPCSTR lpszComment)
{
    return tapiRequestMediaCallA(hwnd, wRequestID, lpszDeviceClass, lpDeviceID, dwSize, dwSecure, lpszDestAddress,
                                 lpszAppName, lpszCalledParty, lpszComment);
}

LONG WINAPI tapiRequestMediaCallW(HWND hwnd, WPARAM wRequestID, LPCWSTR lpszDeviceClass, LPCWSTR lpDeviceID,
                                  DWORD dwSize, DWORD dwSecure, LPCWSTR lpszDestAddress, LPCWSTR lpszAppName,
                                  LPCWSTR lpszCalledParty, LPCWSTR lpszComment)
{
    (void)hwnd;
    (void)wRequestID;
    (void)lpszDeviceClass;
    (void)lpDeviceID;
    (void)dwSize;
    (void)dwSecure;
    (void)lpszDestAddress;
    (void)lpszAppName;
    (void)lpszCalledParty;
    (void)lpszComment;
    return TAPIERR_NOREQUESTRECIPIENT;
}

LONG WINAPI tapiRequestDrop(HWND hwnd, WPARAM wRequestID)
{
    (void)hwnd;
    (void)wRequestID;
    return TAPIERR_UNKNOWNREQUESTID;
}
