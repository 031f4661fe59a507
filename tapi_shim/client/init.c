/* lineInitialize and its kin, lineGetMessage, lineShutdown. SPDX-License-Identifier: MIT */
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
    if (params->dwOptions & ~(0xFFu | LINEINITIALIZEEXOPTION_CALLHUBTRACKING))
        return client_err(LINEERR_INVALPARAM);
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

LONG WINAPI lineShutdown(HLINEAPP hLineApp)
{
    return client_app_close(&client.apps, hLineApp);
}
