/* lineInitialize and its kin, lineGetMessage, lineShutdown. SPDX-License-Identifier: MIT */
#include "include/tapi_shim.h"
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/init.h"

#include <string.h>

#undef lineInitialize

LONG client_init_params(struct client_app_config *config, LINEINITIALIZEEXPARAMS *params, LINECALLBACK callback,
                        DWORD version)
{
    if (version < CLIENT_VERSION_LOW)
        return client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    if (params->dwTotalSize < sizeof(*params))
        return client_err(LINEERR_STRUCTURETOOSMALL);
    config->version = version < CLIENT_VERSION_HIGH ? version : CLIENT_VERSION_HIGH;
    switch (params->dwOptions & 0xFF) {
    case LINEINITIALIZEEXOPTION_USEHIDDENWINDOW:
        if (!callback)
            return client_err(LINEERR_INVALPOINTER);
        config->delivery = CLIENT_WINDOW;
        config->callback = callback;
        break;
    case LINEINITIALIZEEXOPTION_USEEVENT:
        config->delivery = CLIENT_EVENT;
        break;
    case LINEINITIALIZEEXOPTION_USECOMPLETIONPORT:
        if (!params->Handles.hCompletionPort)
            return client_err(LINEERR_INVALPARAM);
        config->delivery = CLIENT_PORT;
        config->port = (intptr_t)params->Handles.hCompletionPort;
        config->key = params->dwCompletionKey;
        break;
    default:
        return client_err(LINEERR_INVALPARAM);
    }
    if (params->dwOptions & ~(0xFFu | LINEINITIALIZEEXOPTION_CALLHUBTRACKING | TAPI_SHIM_INITIALIZE_SERVICE |
                              TAPI_SHIM_INITIALIZE_IN_PROCESS))
        return client_err(LINEERR_INVALPARAM);
    if (params->dwOptions & TAPI_SHIM_INITIALIZE_SERVICE)
        config->mode = CLIENT_MODE_SERVICE;
    if (params->dwOptions & TAPI_SHIM_INITIALIZE_IN_PROCESS)
        config->mode = config->mode ? CLIENT_MODE_DEFAULT : CLIENT_MODE_IN_PROCESS;
    params->dwNeededSize = sizeof(*params);
    params->dwUsedSize = sizeof(*params);
    return 0;
}

static LONG initialize(LPHLINEAPP handlep, LINECALLBACK callback, LONG text_rc, struct client_text *name,
                       LPDWORD devicesp, LPDWORD versionp, LINEINITIALIZEEXPARAMS *params)
{
    struct client_app_config config = {0};
    HANDLE event = NULL;
    uint32_t handle = 0, devices = 0;
    LONG rc = text_rc;

    if (!rc)
        rc = client_init_params(&config, params, callback, *versionp);
    config.name = name->text;
    if (!rc)
        rc = client_app_open(&config, &handle, &devices, &event);
    client_text_free(name);
    if (rc)
        return rc;
    *handlep = handle;
    *devicesp = devices;
    *versionp = CLIENT_VERSION_HIGH;
    if (config.delivery == CLIENT_EVENT)
        params->Handles.hEvent = event;
    return 0;
}

/**
 * Starts the application's use of lines. Text: A function.
 * @param lphLineApp                gets the handle of the application
 * @param hInstance                 not looked at: the program's own name is known
 * @param lpfnCallback              USEHIDDENWINDOW: called with each message; else not looked at
 * @param lpszFriendlyAppName       name in LINECALLINFO; NULL: that of the program
 * @param lpdwNumDevs               gets the number of lines, which are 0 to that less one
 * @param lpdwAPIVersion            in: the highest version that the application knows, 0x00010003 or above; out:
 *     ours
 * @param lpLineInitializeExParams  way of the messages; gets the event to wait on
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALPARAM (options; no completion port), INCOMPATIBLEAPIVERSION,
 *     INIFILECORRUPT, REINIT, NOMEM, OPERATIONFAILED.
 * Thread: any; hidden window on Windows: the one that pumps messages. Source: lineInitializeEx.
 */
LONG WINAPI lineInitializeExA(LPHLINEAPP lphLineApp, HINSTANCE hInstance, LINECALLBACK lpfnCallback,
                              LPCSTR lpszFriendlyAppName, LPDWORD lpdwNumDevs, LPDWORD lpdwAPIVersion,
                              LPLINEINITIALIZEEXPARAMS lpLineInitializeExParams)
{
    struct client_text name;
    LONG rc;

    (void)hInstance;
    if (!lphLineApp || !lpdwNumDevs || !lpdwAPIVersion || !lpLineInitializeExParams)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&name, lpszFriendlyAppName, SIZE_MAX);
    return initialize(lphLineApp, lpfnCallback, rc, &name, lpdwNumDevs, lpdwAPIVersion, lpLineInitializeExParams);
}

/** As lineInitializeExA, with UTF-16 text. */
LONG WINAPI lineInitializeExW(LPHLINEAPP lphLineApp, HINSTANCE hInstance, LINECALLBACK lpfnCallback,
                              LPCWSTR lpszFriendlyAppName, LPDWORD lpdwNumDevs, LPDWORD lpdwAPIVersion,
                              LPLINEINITIALIZEEXPARAMS lpLineInitializeExParams)
{
    struct client_text name;
    LONG rc;

    (void)hInstance;
    if (!lphLineApp || !lpdwNumDevs || !lpdwAPIVersion || !lpLineInitializeExParams)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&name, lpszFriendlyAppName, SIZE_MAX);
    return initialize(lphLineApp, lpfnCallback, rc, &name, lpdwNumDevs, lpdwAPIVersion, lpLineInitializeExParams);
}

/**
 * Starts the use of lines for an application of version 1.4 or below, with messages by callback.
 * @return 0, INVALPOINTER, INIFILECORRUPT, REINIT, NOMEM, OPERATIONFAILED.
 * Thread: as lineInitializeExA. Source: lineInitialize.
 */
LONG WINAPI lineInitialize(LPHLINEAPP lphLineApp, HINSTANCE hInstance, LINECALLBACK lpfnCallback, LPCSTR lpszAppName,
                           LPDWORD lpdwNumDevs)
{
    LINEINITIALIZEEXPARAMS params;
    DWORD version = CLIENT_VERSION_PLAIN;
    struct client_text name;
    LONG rc;

    (void)hInstance;
    if (!lphLineApp || !lpfnCallback || !lpdwNumDevs)
        return client_err(LINEERR_INVALPOINTER);
    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEHIDDENWINDOW;
    rc = client_text_a(&name, lpszAppName, SIZE_MAX);
    return initialize(lphLineApp, lpfnCallback, rc, &name, lpdwNumDevs, &version, &params);
}

/**
 * Takes the next message of an application that uses an event.
 * @param lpMessage  written on success only; with LINE_REPLY of a new call its handle is written as well
 * @param dwTimeout  milliseconds, 0: look only, INFINITE: until there is one
 * @return 0, OPERATIONFAILED (nothing in time, or messages come another way), INVALAPPHANDLE (also: shut down
 *     meanwhile), INVALPOINTER.
 * Thread: any, several at once. Source: lineGetMessage.
 */
LONG WINAPI lineGetMessage(HLINEAPP hLineApp, LPLINEMESSAGE lpMessage, DWORD dwTimeout)
{
    LINEMESSAGE message;
    LONG rc;

    if (!lpMessage)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_message_get(&client.apps, hLineApp, dwTimeout, &message);
    if (!rc)
        *lpMessage = message;
    return rc;
}

/**
 * Ends the application's use of lines: lines are closed, requests cancelled without reply. When it has returned,
 * no callback runs (but the one that called it) and nothing is written to the application's memory.
 * @return 0, INVALAPPHANDLE, UNINITIALIZED.
 * Thread: any, also inside a callback. Source: lineShutdown.
 */
LONG WINAPI lineShutdown(HLINEAPP hLineApp)
{
    return client_app_close(&client.apps, hLineApp);
}
