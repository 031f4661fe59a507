/* Phones: their applications. No provider has phone devices yet, so that there are none. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/init.h"

#include <string.h>

#undef phoneInitialize

_Static_assert(sizeof(PHONEINITIALIZEEXPARAMS) == sizeof(LINEINITIALIZEEXPARAMS), "read by one function");
_Static_assert(sizeof(PHONEMESSAGE) == sizeof(LINEMESSAGE), "taken from one queue");

/* Errors of lines in the words of phones. */
static LONG phone_err(LONG err)
{
    switch ((unsigned long)err & 0xFFFFFFFF) {
    case LINEERR_INCOMPATIBLEAPIVERSION:
        return client_err(PHONEERR_INCOMPATIBLEAPIVERSION);
    case LINEERR_INIFILECORRUPT:
        return client_err(PHONEERR_INIFILECORRUPT);
    case LINEERR_INVALAPPHANDLE:
        return client_err(PHONEERR_INVALAPPHANDLE);
    case LINEERR_INVALPARAM:
        return client_err(PHONEERR_INVALPARAM);
    case LINEERR_INVALPOINTER:
        return client_err(PHONEERR_INVALPOINTER);
    case LINEERR_NOMEM:
        return client_err(PHONEERR_NOMEM);
    case LINEERR_STRUCTURETOOSMALL:
        return client_err(PHONEERR_STRUCTURETOOSMALL);
    case LINEERR_UNINITIALIZED:
        return client_err(PHONEERR_UNINITIALIZED);
    default:
        return err ? client_err(PHONEERR_OPERATIONFAILED) : 0;
    }
}

static LONG initialize(LPHPHONEAPP handlep, PHONECALLBACK callback, LPDWORD devicesp, LPDWORD versionp,
                       PHONEINITIALIZEEXPARAMS *params)
{
    struct client_app_config config = {.phone = true};
    LINEINITIALIZEEXPARAMS same;
    HANDLE event = NULL;
    uint32_t handle = 0, devices = 0;
    LONG rc;

    if (params->dwTotalSize < sizeof(same))
        return client_err(PHONEERR_STRUCTURETOOSMALL);
    memcpy(&same, params, sizeof(same));
    rc = client_init_params(&config, &same, (LINECALLBACK)callback, *versionp);
    if (!rc)
        rc = client_app_open(&config, &handle, &devices, &event);
    if (rc)
        return phone_err(rc);
    memcpy(params, &same, sizeof(same));
    *handlep = handle;
    *devicesp = devices;
    *versionp = CLIENT_VERSION_HIGH;
    if (config.delivery == CLIENT_EVENT)
        params->Handles.hEvent = event;
    return 0;
}

/**
 * As lineInitializeEx, for phones, of which there are none. Errors are PHONEERR_.
 * Thread: as lineInitializeEx. Source: phoneInitializeEx.
 */
LONG WINAPI phoneInitializeExA(LPHPHONEAPP lphPhoneApp, HINSTANCE hInstance, PHONECALLBACK lpfnCallback,
                               LPCSTR lpszFriendlyAppName, LPDWORD lpdwNumDevs, LPDWORD lpdwAPIVersion,
                               LPPHONEINITIALIZEEXPARAMS lpPhoneInitializeExParams)
{
    (void)hInstance;
    (void)lpszFriendlyAppName;
    if (!lphPhoneApp || !lpdwNumDevs || !lpdwAPIVersion || !lpPhoneInitializeExParams)
        return client_err(PHONEERR_INVALPOINTER);
    return initialize(lphPhoneApp, lpfnCallback, lpdwNumDevs, lpdwAPIVersion, lpPhoneInitializeExParams);
}

LONG WINAPI phoneInitializeExW(LPHPHONEAPP lphPhoneApp, HINSTANCE hInstance, PHONECALLBACK lpfnCallback,
                               LPCWSTR lpszFriendlyAppName, LPDWORD lpdwNumDevs, LPDWORD lpdwAPIVersion,
                               LPPHONEINITIALIZEEXPARAMS lpPhoneInitializeExParams)
{
    (void)hInstance;
    (void)lpszFriendlyAppName;
    if (!lphPhoneApp || !lpdwNumDevs || !lpdwAPIVersion || !lpPhoneInitializeExParams)
        return client_err(PHONEERR_INVALPOINTER);
    return initialize(lphPhoneApp, lpfnCallback, lpdwNumDevs, lpdwAPIVersion, lpPhoneInitializeExParams);
}

LONG WINAPI phoneInitialize(LPHPHONEAPP lphPhoneApp, HINSTANCE hInstance, PHONECALLBACK lpfnCallback,
                            LPCSTR lpszAppName, LPDWORD lpdwNumDevs)
{
    PHONEINITIALIZEEXPARAMS params;
    DWORD version = CLIENT_VERSION_PLAIN;

    (void)hInstance;
    (void)lpszAppName;
    if (!lphPhoneApp || !lpfnCallback || !lpdwNumDevs)
        return client_err(PHONEERR_INVALPOINTER);
    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = PHONEINITIALIZEEXOPTION_USEHIDDENWINDOW;
    return initialize(lphPhoneApp, lpfnCallback, lpdwNumDevs, &version, &params);
}

/** As lineShutdown. Thread: any. Source: phoneShutdown. */
LONG WINAPI phoneShutdown(HPHONEAPP hPhoneApp)
{
    return phone_err(client_app_close(&client.phones, hPhoneApp));
}

/** As lineGetMessage. Thread: any. Source: phoneGetMessage. */
LONG WINAPI phoneGetMessage(HPHONEAPP hPhoneApp, LPPHONEMESSAGE lpMessage, DWORD dwTimeout)
{
    LINEMESSAGE message;
    LONG rc;

    if (!lpMessage)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_message_get(&client.phones, hPhoneApp, dwTimeout, &message);
    if (!rc)
        memcpy(lpMessage, &message, sizeof(*lpMessage));
    return phone_err(rc);
}
