/* Phones: their applications, devices by their number, opened and closed. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"
#include "tapi_shim/client/init.h"

#include <string.h>

#undef phoneGetDevCaps
#undef phoneGetIcon
#undef phoneInitialize

_Static_assert(sizeof(PHONEINITIALIZEEXPARAMS) == sizeof(LINEINITIALIZEEXPARAMS), "read by one function");
_Static_assert(sizeof(PHONEMESSAGE) == sizeof(LINEMESSAGE), "taken from one queue");

LONG client_phone_err(LONG err)
{
    switch ((unsigned long)err & 0xFFFFFFFF) {
    case LINEERR_INCOMPATIBLEAPIVERSION:
        return client_err(PHONEERR_INCOMPATIBLEAPIVERSION);
    case LINEERR_INIFILECORRUPT:
        return client_err(PHONEERR_INIFILECORRUPT);
    case LINEERR_INVALAPPHANDLE:
        return client_err(PHONEERR_INVALAPPHANDLE);
    case LINEERR_INVALAPPNAME:
        return client_err(PHONEERR_INVALAPPNAME);
    case LINEERR_INVALPARAM:
        return client_err(PHONEERR_INVALPARAM);
    case LINEERR_INVALPOINTER:
        return client_err(PHONEERR_INVALPOINTER);
    case LINEERR_NODRIVER:
        return client_err(PHONEERR_NODRIVER);
    case LINEERR_NOMEM:
        return client_err(PHONEERR_NOMEM);
    case LINEERR_OPERATIONUNAVAIL:
        return client_err(PHONEERR_OPERATIONUNAVAIL);
    case LINEERR_REINIT:
        return client_err(PHONEERR_REINIT);
    case LINEERR_RESOURCEUNAVAIL:
        return client_err(PHONEERR_RESOURCEUNAVAIL);
    case LINEERR_STRUCTURETOOSMALL:
        return client_err(PHONEERR_STRUCTURETOOSMALL);
    case LINEERR_UNINITIALIZED:
        return client_err(PHONEERR_UNINITIALIZED);
    default:
        /* those of phones, and numbers of requests, are as they are to be */
        return ((unsigned long)err & 0xFF000000) == 0x80000000 ? client_err(PHONEERR_OPERATIONFAILED) : err;
    }
}

/* ---- start and end ----------------------------------------------------------------------------------------------- */

static LONG initialize(LPHPHONEAPP handlep, PHONECALLBACK callback, LONG text_rc, struct client_text *name,
                       LPDWORD devicesp, LPDWORD versionp, PHONEINITIALIZEEXPARAMS *params)
{
    struct client_app_config config = {.phone = true};
    LINEINITIALIZEEXPARAMS same;
    HANDLE event = NULL;
    uint32_t handle = 0, devices = 0;
    LONG rc = text_rc;

    if (!rc && params->dwTotalSize < sizeof(same))
        rc = client_err(PHONEERR_STRUCTURETOOSMALL);
    if (!rc) {
        memcpy(&same, params, sizeof(same));
        rc = client_init_params(&config, &same, (LINECALLBACK)callback, *versionp);
    }
    config.name = name->text;
    if (!rc)
        rc = client_app_open(&config, &handle, &devices, &event);
    client_text_free(name);
    if (rc)
        return client_phone_err(rc);
    memcpy(params, &same, sizeof(same));
    *handlep = handle;
    *devicesp = devices;
    *versionp = CLIENT_VERSION_HIGH;
    if (config.delivery == CLIENT_EVENT)
        params->Handles.hEvent = event;
    return 0;
}

/**
 * As lineInitializeEx, for phones. Errors are PHONEERR_.
 * Thread: as lineInitializeEx. Source: phoneInitializeEx.
 */
LONG WINAPI phoneInitializeExA(LPHPHONEAPP lphPhoneApp, HINSTANCE hInstance, PHONECALLBACK lpfnCallback,
                               LPCSTR lpszFriendlyAppName, LPDWORD lpdwNumDevs, LPDWORD lpdwAPIVersion,
                               LPPHONEINITIALIZEEXPARAMS lpPhoneInitializeExParams)
{
    struct client_text name;
    LONG rc;

    (void)hInstance;
    if (!lphPhoneApp || !lpdwNumDevs || !lpdwAPIVersion || !lpPhoneInitializeExParams)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_text_a(&name, lpszFriendlyAppName, SIZE_MAX);
    return initialize(lphPhoneApp, lpfnCallback, rc, &name, lpdwNumDevs, lpdwAPIVersion, lpPhoneInitializeExParams);
}

LONG WINAPI phoneInitializeExW(LPHPHONEAPP lphPhoneApp, HINSTANCE hInstance, PHONECALLBACK lpfnCallback,
                               LPCWSTR lpszFriendlyAppName, LPDWORD lpdwNumDevs, LPDWORD lpdwAPIVersion,
                               LPPHONEINITIALIZEEXPARAMS lpPhoneInitializeExParams)
{
    struct client_text name;
    LONG rc;

    (void)hInstance;
    if (!lphPhoneApp || !lpdwNumDevs || !lpdwAPIVersion || !lpPhoneInitializeExParams)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_text_w(&name, lpszFriendlyAppName, SIZE_MAX);
    return initialize(lphPhoneApp, lpfnCallback, rc, &name, lpdwNumDevs, lpdwAPIVersion, lpPhoneInitializeExParams);
}

LONG WINAPI phoneInitialize(LPHPHONEAPP lphPhoneApp, HINSTANCE hInstance, PHONECALLBACK lpfnCallback,
                            LPCSTR lpszAppName, LPDWORD lpdwNumDevs)
{
    PHONEINITIALIZEEXPARAMS params;
    DWORD version = CLIENT_VERSION_PLAIN;
    struct client_text name;
    LONG rc;

    (void)hInstance;
    if (!lphPhoneApp || !lpfnCallback || !lpdwNumDevs)
        return client_err(PHONEERR_INVALPOINTER);
    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = PHONEINITIALIZEEXOPTION_USEHIDDENWINDOW;
    rc = client_text_a(&name, lpszAppName, SIZE_MAX);
    return initialize(lphPhoneApp, lpfnCallback, rc, &name, lpdwNumDevs, &version, &params);
}

/** As lineShutdown. Thread: any. Source: phoneShutdown. */
LONG WINAPI phoneShutdown(HPHONEAPP hPhoneApp)
{
    return client_phone_err(client_app_close(&client.phones, hPhoneApp));
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
    return client_phone_err(rc);
}

/* ---- calls of the engine ----------------------------------------------------------------------------------------- */

static bool started(void)
{
    bool there;

    platform_mutex_lock(&client.lock);
    there = client.phones.count > 0;
    platform_mutex_unlock(&client.lock);
    return there;
}

LONG client_phone_call(struct channel_call *call)
{
    return started() ? client_phone_err(client_call(call)) : client_err(PHONEERR_UNINITIALIZED);
}

LONG client_phone_request(struct channel_call *call)
{
    return started() ? client_phone_err(client_request_make(call, 0, NULL)) : client_err(PHONEERR_UNINITIALIZED);
}

LONG client_phone_device(DWORD device)
{
    struct channel_call call = {.op = CHANNEL_PHONE_ICON, .arg = {device}};
    LONG rc = client_phone_call(&call);

    switch ((unsigned long)rc & 0xFFFFFFFF) {
    case PHONEERR_BADDEVICEID:
    case PHONEERR_NODEVICE:
    case PHONEERR_NODRIVER:
    case PHONEERR_UNINITIALIZED:
        return rc;
    default:
        return 0;
    }
}

/* Version of the application, 0: none. */
static uint32_t app_version(HPHONEAPP handle)
{
    const struct client_app *app;
    uint32_t version;

    platform_mutex_lock(&client.lock);
    app = client_map_find(&client.phones, handle);
    version = app ? app->version : 0;
    platform_mutex_unlock(&client.lock);
    return version;
}

static LONG app_check(HPHONEAPP handle)
{
    if (app_version(handle))
        return 0;
    return client_err(started() ? PHONEERR_INVALAPPHANDLE : PHONEERR_UNINITIALIZED);
}

/* ---- devices ----------------------------------------------------------------------------------------------------- */

/**
 * As lineNegotiateAPIVersion, for a phone. Errors are PHONEERR_. Thread: any. Source: phoneNegotiateAPIVersion.
 */
LONG WINAPI phoneNegotiateAPIVersion(HPHONEAPP hPhoneApp, DWORD dwDeviceID, DWORD dwAPILowVersion,
                                     DWORD dwAPIHighVersion, LPDWORD lpdwAPIVersion, LPPHONEEXTENSIONID lpExtensionID)
{
    struct channel_call call = {.op = CHANNEL_PHONE_NEGOTIATE};
    uint32_t version;
    LONG rc;

    if (!lpdwAPIVersion || !lpExtensionID)
        return client_err(PHONEERR_INVALPOINTER);
    rc = app_check(hPhoneApp);
    if (rc)
        return rc;
    version = app_version(hPhoneApp);
    /* What the application said at its start is the most that it can take. */
    if (dwAPIHighVersion > version)
        dwAPIHighVersion = version;
    if (dwAPILowVersion > dwAPIHighVersion || dwAPIHighVersion < CLIENT_VERSION_LOW)
        return client_err(PHONEERR_INCOMPATIBLEAPIVERSION);
    call.arg[0] = hPhoneApp;
    call.arg[1] = dwDeviceID;
    call.arg[2] = dwAPILowVersion;
    call.arg[3] = dwAPIHighVersion;
    rc = client_phone_call(&call);
    if (!rc) {
        *lpdwAPIVersion = call.ret[0];
        memset(lpExtensionID, 0, sizeof(*lpExtensionID));
        if (call.out && call.out_len >= sizeof(*lpExtensionID))
            memcpy(lpExtensionID, call.out, sizeof(*lpExtensionID));
    }
    channel_free(call.out);
    return rc;
}

/** As lineNegotiateExtVersion, for a phone. Thread: any. Source: phoneNegotiateExtVersion. */
LONG WINAPI phoneNegotiateExtVersion(HPHONEAPP hPhoneApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtLowVersion,
                                     DWORD dwExtHighVersion, LPDWORD lpdwExtVersion)
{
    struct channel_call call = {.op = CHANNEL_PHONE_EXT_NEGOTIATE,
                                .arg = {hPhoneApp, dwDeviceID, dwAPIVersion, dwExtLowVersion, dwExtHighVersion}};
    LONG rc;

    if (!lpdwExtVersion)
        return client_err(PHONEERR_INVALPOINTER);
    rc = app_check(hPhoneApp);
    if (!rc && !client_version_known(dwAPIVersion))
        rc = client_err(PHONEERR_INCOMPATIBLEAPIVERSION);
    if (!rc)
        rc = client_phone_call(&call);
    if (!rc)
        *lpdwExtVersion = call.ret[0];
    return rc;
}

static LONG dev_caps(HPHONEAPP app, DWORD device, DWORD version, DWORD ext, PHONECAPS *caps, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PHONE_CAPS, .arg = {app, device, version, ext}};
    LONG rc;

    if (!caps)
        return client_err(PHONEERR_INVALPOINTER);
    rc = app_check(app);
    if (!rc && (!client_version_known(version) || version > app_version(app)))
        rc = client_err(PHONEERR_INCOMPATIBLEAPIVERSION);
    return rc ? rc : client_phone_err(client_structure(&call, LAYOUT_PHONECAPS, caps, version, ansi, NULL));
}

/**
 * What a phone can do, laid out for dwAPIVersion: parts that dwTotalSize has no room for are absent, dwNeededSize
 * tells. dwStringFormat is that of the display, whose texts are never converted.
 * @return 0, STRUCTURETOOSMALL, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION, BADDEVICEID, NODEVICE, NODRIVER,
 *     INVALPOINTER, INVALAPPHANDLE, UNINITIALIZED, NOMEM, as PHONEERR_.
 * Thread: any. Source: phoneGetDevCaps.
 */
LONG WINAPI phoneGetDevCapsA(HPHONEAPP hPhoneApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtVersion,
                             LPPHONECAPS lpPhoneCaps)
{
    return dev_caps(hPhoneApp, dwDeviceID, dwAPIVersion, dwExtVersion, lpPhoneCaps, true);
}

LONG WINAPI phoneGetDevCaps(HPHONEAPP hPhoneApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtVersion,
                            LPPHONECAPS lpPhoneCaps)
{
    return dev_caps(hPhoneApp, dwDeviceID, dwAPIVersion, dwExtVersion, lpPhoneCaps, true);
}

LONG WINAPI phoneGetDevCapsW(HPHONEAPP hPhoneApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtVersion,
                             LPPHONECAPS lpPhoneCaps)
{
    return dev_caps(hPhoneApp, dwDeviceID, dwAPIVersion, dwExtVersion, lpPhoneCaps, false);
}

static LONG icon(DWORD device, LONG text_rc, struct client_text *class_name, LPHICON out)
{
    struct channel_call call = {.op = CHANNEL_PHONE_ICON, .arg = {device}};
    LONG rc = text_rc;

    call.in0 = class_name->text;
    call.in0_len = class_name->bytes;
    rc = rc ? client_phone_err(rc) : client_phone_call(&call);
    client_text_free(class_name);
    if (!rc && !call.ret[0])
        rc = client_err(PHONEERR_OPERATIONUNAVAIL); /* there are no icons of our own to show instead */
    if (!rc)
        *out = (HICON)(uintptr_t)call.ret[0];
    return rc;
}

/**
 * The provider's icon of a phone.
 * @param lpszDeviceClass  NULL: that of the phone itself
 * @return 0, OPERATIONUNAVAIL (it has none), BADDEVICEID, NODEVICE, NODRIVER, INVALDEVICECLASS, INVALPOINTER,
 *     UNINITIALIZED, NOMEM. Thread: any. Source: phoneGetIcon.
 */
LONG WINAPI phoneGetIconA(DWORD dwDeviceID, LPCSTR lpszDeviceClass, LPHICON lphIcon)
{
    struct client_text class_name;
    LONG rc;

    if (!lphIcon)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);
    return icon(dwDeviceID, rc, &class_name, lphIcon);
}

LONG WINAPI phoneGetIcon(DWORD dwDeviceID, LPCSTR lpszDeviceClass, LPHICON lphIcon)
{
    return phoneGetIconA(dwDeviceID, lpszDeviceClass, lphIcon);
}

LONG WINAPI phoneGetIconW(DWORD dwDeviceID, LPCWSTR lpszDeviceClass, LPHICON lphIcon)
{
    struct client_text class_name;
    LONG rc;

    if (!lphIcon)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);
    return icon(dwDeviceID, rc, &class_name, lphIcon);
}

/* ---- open and close ---------------------------------------------------------------------------------------------- */

/* Lock held. */
static struct client_line *phone_find(HPHONE handle)
{
    struct client_line *phone = client_map_find(&client.handles, handle);

    return phone && phone->phone ? phone : NULL;
}

uint32_t client_phone_version(HPHONE handle)
{
    const struct client_line *phone;
    uint32_t version;

    platform_mutex_lock(&client.lock);
    phone = phone_find(handle);
    version = phone ? phone->version : 0;
    platform_mutex_unlock(&client.lock);
    return version;
}

/**
 * Opens a phone.
 * @param dwPrivilege  PHONEPRIVILEGE_OWNER, which one application at a time has, or PHONEPRIVILEGE_MONITOR
 * @return 0, BADDEVICEID, NODEVICE, NODRIVER, INUSE (it has an owner), ALLOCATED, INVALPRIVILEGE,
 * INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION, RESOURCEUNAVAIL, REINIT, INVALPOINTER, INVALAPPHANDLE, UNINITIALIZED,
 * NOMEM. Thread: any. Source: phoneOpen.
 */
LONG WINAPI phoneOpen(HPHONEAPP hPhoneApp, DWORD dwDeviceID, LPHPHONE lphPhone, DWORD dwAPIVersion, DWORD dwExtVersion,
                      DWORD_PTR dwCallbackInstance, DWORD dwPrivilege)
{
    struct channel_call call = {.op = CHANNEL_PHONE_OPEN,
                                .arg = {hPhoneApp, dwDeviceID, dwAPIVersion, dwExtVersion, dwPrivilege}};
    uint64_t cookie = 0;
    bool undo;
    LONG rc;

    if (!lphPhone)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_line_prepare(hPhoneApp, true, dwAPIVersion, dwCallbackInstance, &cookie);
    if (rc)
        return client_phone_err(rc);
    call.arg[6] = (uint32_t)cookie;
    call.arg[7] = (uint32_t)(cookie >> 32);
    rc = client_call(&call);
    rc = client_line_opened(cookie, rc, call.ret[0], call.ret[1], lphPhone, &undo);
    if (undo) {
        struct channel_call close = {.op = CHANNEL_PHONE_CLOSE, .arg = {call.ret[0]}};

        (void)client_call(&close);
    }
    return client_phone_err(rc);
}

/**
 * Closes a phone. From its beginning no message and no reply of the phone leaves any more.
 * @return 0, INVALPHONEHANDLE, UNINITIALIZED. Thread: any. Source: phoneClose.
 */
LONG WINAPI phoneClose(HPHONE hPhone)
{
    struct channel_call call = {.op = CHANNEL_PHONE_CLOSE, .arg = {hPhone}};
    struct client_conn *conn = NULL;
    struct client_line *phone;
    LONG rc;

    platform_mutex_lock(&client.lock);
    phone = phone_find(hPhone);
    if (phone) {
        struct client_app *app = phone->app;

        conn = app->conn;
        conn->refs++;
        client_line_remove(phone);
        client_deliver(app);
    }
    platform_mutex_unlock(&client.lock);
    if (!conn)
        return client_err(started() ? PHONEERR_INVALPHONEHANDLE : PHONEERR_UNINITIALIZED);
    rc = client_conn_call(conn, &call);
    client_conn_put(conn);
    return client_phone_err(rc);
}
