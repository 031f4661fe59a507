/* Calls given to other applications, and which of them come first. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#undef lineGetAppPriority
#undef lineHandoff
#undef lineSetAppPriority

static LONG handoff(HCALL hCall, LONG text_rc, struct client_text *name, DWORD mode)
{
    struct channel_call call = {.op = CHANNEL_CALL_HANDOFF, .arg = {hCall, mode}};
    LONG rc = text_rc;

    call.in0 = name->text;
    call.in0_len = name->bytes;
    if (!rc)
        rc = client_call(&call);
    client_text_free(name);
    return rc;
}

/**
 * Makes another application an owner of the call; this one stays owner.
 * @param lpszFileName  file name of the program, without folder, or the name it gave itself, letters in either case;
 *     NULL: whoever has the highest priority for dwMediaMode
 * @param dwMediaMode   one LINEMEDIAMODE_; of no use with a name
 * @return 0, TARGETNOTFOUND (nobody who has the line open as owner), TARGETSELF (by media mode: it is this one),
 *     NOTOWNER, INVALMEDIAMODE, INVALCALLHANDLE, UNINITIALIZED, OPERATIONFAILED, NOMEM.
 * Thread: any. Source: lineHandoff.
 */
LONG WINAPI lineHandoffA(HCALL hCall, LPCSTR lpszFileName, DWORD dwMediaMode)
{
    struct client_text name;
    LONG rc = client_text_a(&name, lpszFileName, SIZE_MAX);

    return handoff(hCall, rc, &name, dwMediaMode);
}

LONG WINAPI lineHandoff(HCALL hCall, LPCSTR lpszFileName, DWORD dwMediaMode)
{
    return lineHandoffA(hCall, lpszFileName, dwMediaMode);
}

LONG WINAPI lineHandoffW(HCALL hCall, LPCWSTR lpszFileName, DWORD dwMediaMode)
{
    struct client_text name;
    LONG rc = client_text_w(&name, lpszFileName, SIZE_MAX);

    return handoff(hCall, rc, &name, dwMediaMode);
}

/* ---- priorities: nobody need have initialised anything ---- */

static LONG priority(struct channel_call *call, LONG text_rc, struct client_text *name)
{
    struct client_conn *conn;
    LONG rc = text_rc;

    call->in0 = name->text;
    call->in0_len = name->bytes;
    if (!rc)
        rc = client_conn_open(&conn, CLIENT_MODE_DEFAULT);
    if (!rc) {
        rc = client_conn_call(conn, call);
        client_conn_put(conn);
    }
    client_text_free(name);
    return rc;
}

static LONG priority_set(LONG text_rc, struct client_text *name, DWORD media, DWORD request, DWORD value)
{
    struct channel_call call = {.op = CHANNEL_PRIORITY_SET, .arg = {media, request, value}};

    return priority(&call, text_rc, name);
}

static LONG priority_get(LONG text_rc, struct client_text *name, DWORD media, DWORD request, DWORD *value)
{
    struct channel_call call = {.op = CHANNEL_PRIORITY_GET, .arg = {media, request}};
    LONG rc = priority(&call, text_rc, name);

    if (!rc)
        *value = call.ret[0];
    return rc;
}

/**
 * Puts an application first among those that get calls of a media mode, or requests; or takes it out of that list.
 * @param lpszAppFilename  file name of the program, without folder
 * @param dwMediaMode      LINEMEDIAMODE_, one or more; 0: requests
 * @param dwRequestMode    LINEREQUESTMODE_MAKECALL, if dwMediaMode is 0
 * @param dwPriority       1: first, 0: out of the list
 * @return 0, INVALAPPNAME, INVALMEDIAMODE, INVALREQUESTMODE, INVALPARAM (another priority), INVALPOINTER,
 *     RESOURCEUNAVAIL (256 are in the list), NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineSetAppPriority.
 */
LONG WINAPI lineSetAppPriorityA(LPCSTR lpszAppFilename, DWORD dwMediaMode, LPLINEEXTENSIONID lpExtensionID,
                                DWORD dwRequestMode, LPCSTR lpszExtensionName, DWORD dwPriority)
{
    struct client_text name;
    LONG rc;

    (void)lpExtensionID;
    (void)lpszExtensionName;
    if (!lpszAppFilename)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&name, lpszAppFilename, SIZE_MAX);
    return priority_set(rc, &name, dwMediaMode, dwRequestMode, dwPriority);
}

LONG WINAPI lineSetAppPriority(LPCSTR lpszAppFilename, DWORD dwMediaMode, LPLINEEXTENSIONID lpExtensionID,
                               DWORD dwRequestMode, LPCSTR lpszExtensionName, DWORD dwPriority)
{
    return lineSetAppPriorityA(lpszAppFilename, dwMediaMode, lpExtensionID, dwRequestMode, lpszExtensionName,
                               dwPriority);
}

LONG WINAPI lineSetAppPriorityW(LPCWSTR lpszAppFilename, DWORD dwMediaMode, LPLINEEXTENSIONID lpExtensionID,
                                DWORD dwRequestMode, LPCWSTR lpszExtensionName, DWORD dwPriority)
{
    struct client_text name;
    LONG rc;

    (void)lpExtensionID;
    (void)lpszExtensionName;
    if (!lpszAppFilename)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&name, lpszAppFilename, SIZE_MAX);
    return priority_set(rc, &name, dwMediaMode, dwRequestMode, dwPriority);
}

/**
 * The place of an application in such a list.
 * @param dwMediaMode    one LINEMEDIAMODE_; 0: requests
 * @param lpdwPriority   1: first; 0: it is not in the list
 * @return 0, INVALAPPNAME, INVALMEDIAMODE, INVALREQUESTMODE, INVALPOINTER, NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineGetAppPriority.
 */
LONG WINAPI lineGetAppPriorityA(LPCSTR lpszAppFilename, DWORD dwMediaMode, LPLINEEXTENSIONID lpExtensionID,
                                DWORD dwRequestMode, LPVARSTRING lpExtensionName, LPDWORD lpdwPriority)
{
    struct client_text name;
    LONG rc;

    (void)lpExtensionID;
    (void)lpExtensionName;
    if (!lpszAppFilename || !lpdwPriority)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&name, lpszAppFilename, SIZE_MAX);
    return priority_get(rc, &name, dwMediaMode, dwRequestMode, lpdwPriority);
}

LONG WINAPI lineGetAppPriority(LPCSTR lpszAppFilename, DWORD dwMediaMode, LPLINEEXTENSIONID lpExtensionID,
                               DWORD dwRequestMode, LPVARSTRING lpExtensionName, LPDWORD lpdwPriority)
{
    return lineGetAppPriorityA(lpszAppFilename, dwMediaMode, lpExtensionID, dwRequestMode, lpExtensionName,
                               lpdwPriority);
}

LONG WINAPI lineGetAppPriorityW(LPCWSTR lpszAppFilename, DWORD dwMediaMode, LPLINEEXTENSIONID lpExtensionID,
                                DWORD dwRequestMode, LPVARSTRING lpExtensionName, LPDWORD lpdwPriority)
{
    struct client_text name;
    LONG rc;

    (void)lpExtensionID;
    (void)lpExtensionName;
    if (!lpszAppFilename || !lpdwPriority)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&name, lpszAppFilename, SIZE_MAX);
    return priority_get(rc, &name, dwMediaMode, dwRequestMode, lpdwPriority);
}
