/* Devices by their number: versions, capabilities, configuration. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <string.h>

#undef lineGetAddressCaps
#undef lineGetDevCaps
#undef lineGetDevConfig
#undef lineSetDevConfig

/**
 * Agrees on the version for a line.
 * @param dwAPILowVersion, dwAPIHighVersion  range of the application; above what it said at its start counts as
 *     that
 * @param lpdwAPIVersion                     gets the highest version that all know
 * @param lpExtensionID                      gets the provider's extensions, zeros: none
 * @return 0, INCOMPATIBLEAPIVERSION, BADDEVICEID, NODRIVER, NODEVICE, INVALPOINTER, INVALAPPHANDLE, UNINITIALIZED,
 *     NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineNegotiateAPIVersion.
 */
LONG WINAPI lineNegotiateAPIVersion(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPILowVersion, DWORD dwAPIHighVersion,
                                    LPDWORD lpdwAPIVersion, LPLINEEXTENSIONID lpExtensionID)
{
    struct channel_call call = {.op = CHANNEL_DEV_NEGOTIATE};
    uint32_t version;
    LONG rc;

    if (!lpdwAPIVersion || !lpExtensionID)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_app_check(hLineApp);
    if (rc)
        return rc;
    version = client_app_version(hLineApp);
    /* What the application said at its start is the most that it can take. */
    if (dwAPIHighVersion > version)
        dwAPIHighVersion = version;
    if (dwAPILowVersion > dwAPIHighVersion || dwAPIHighVersion < CLIENT_VERSION_LOW)
        return client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    call.arg[0] = hLineApp;
    call.arg[1] = dwDeviceID;
    call.arg[2] = dwAPILowVersion;
    call.arg[3] = dwAPIHighVersion;
    rc = client_call(&call);
    if (!rc) {
        *lpdwAPIVersion = call.ret[0];
        memset(lpExtensionID, 0, sizeof(*lpExtensionID));
        if (call.out && call.out_len >= sizeof(*lpExtensionID))
            memcpy(lpExtensionID, call.out, sizeof(*lpExtensionID));
    }
    channel_free(call.out);
    return rc;
}

/**
 * Agrees on the version of a provider's extensions.
 * @return 0, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION, BADDEVICEID, OPERATIONUNAVAIL, INVALPOINTER,
 *     INVALAPPHANDLE, UNINITIALIZED.
 * Thread: any. Source: lineNegotiateExtVersion.
 */
LONG WINAPI lineNegotiateExtVersion(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtLowVersion,
                                    DWORD dwExtHighVersion, LPDWORD lpdwExtVersion)
{
    struct channel_call call = {.op = CHANNEL_DEV_EXT_NEGOTIATE,
                                .arg = {hLineApp, dwDeviceID, dwAPIVersion, dwExtLowVersion, dwExtHighVersion}};
    LONG rc;

    if (!lpdwExtVersion)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_app_check(hLineApp);
    if (!rc && !client_version_known(dwAPIVersion))
        rc = client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    if (!rc)
        rc = client_call(&call);
    if (!rc)
        *lpdwExtVersion = call.ret[0];
    return rc;
}

/* ---- capabilities ---- */

/* A version that the application cannot take, or that does not exist, was not negotiated. */
static LONG version_check(HLINEAPP app, uint32_t version)
{
    LONG rc = client_app_check(app);

    if (!rc && (!client_version_known(version) || version > client_app_version(app)))
        rc = client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    return rc;
}

static LONG dev_caps(HLINEAPP app, DWORD device, DWORD version, DWORD ext, LINEDEVCAPS *caps, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_DEV_CAPS, .arg = {app, device, version, ext}};
    LONG rc;

    if (!caps)
        return client_err(LINEERR_INVALPOINTER);
    rc = version_check(app, version);
    return rc ? rc : client_structure(&call, LAYOUT_LINEDEVCAPS, caps, version, ansi, NULL);
}

/**
 * What a line can do, laid out for dwAPIVersion: parts that dwTotalSize has no room for are absent, dwNeededSize
 * tells.
 * @return 0, STRUCTURETOOSMALL (not even the fixed part), INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION,
 *     BADDEVICEID, NODRIVER, INVALPOINTER, INVALAPPHANDLE, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetDevCaps.
 */
LONG WINAPI lineGetDevCaps(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtVersion,
                           LPLINEDEVCAPS lpLineDevCaps)
{
    return dev_caps(hLineApp, dwDeviceID, dwAPIVersion, dwExtVersion, lpLineDevCaps, true);
}

LONG WINAPI lineGetDevCapsA(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtVersion,
                            LPLINEDEVCAPS lpLineDevCaps)
{
    return dev_caps(hLineApp, dwDeviceID, dwAPIVersion, dwExtVersion, lpLineDevCaps, true);
}

LONG WINAPI lineGetDevCapsW(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, DWORD dwExtVersion,
                            LPLINEDEVCAPS lpLineDevCaps)
{
    return dev_caps(hLineApp, dwDeviceID, dwAPIVersion, dwExtVersion, lpLineDevCaps, false);
}

static LONG address_caps(HLINEAPP app, DWORD device, DWORD address, DWORD version, DWORD ext, LINEADDRESSCAPS *caps,
                         bool ansi)
{
    struct channel_call call = {.op = CHANNEL_ADDRESS_CAPS, .arg = {app, device, address, version, ext}};
    LONG rc;

    if (!caps)
        return client_err(LINEERR_INVALPOINTER);
    rc = version_check(app, version);
    return rc ? rc : client_structure(&call, LAYOUT_LINEADDRESSCAPS, caps, version, ansi, NULL);
}

/**
 * What an address of a line can do. As lineGetDevCaps.
 * @param dwAddressID  0 to LINEDEVCAPS.dwNumAddresses less one, else INVALADDRESSID
 * Thread: any. Source: lineGetAddressCaps.
 */
LONG WINAPI lineGetAddressCaps(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAddressID, DWORD dwAPIVersion,
                               DWORD dwExtVersion, LPLINEADDRESSCAPS lpAddressCaps)
{
    return address_caps(hLineApp, dwDeviceID, dwAddressID, dwAPIVersion, dwExtVersion, lpAddressCaps, true);
}

LONG WINAPI lineGetAddressCapsA(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAddressID, DWORD dwAPIVersion,
                                DWORD dwExtVersion, LPLINEADDRESSCAPS lpAddressCaps)
{
    return address_caps(hLineApp, dwDeviceID, dwAddressID, dwAPIVersion, dwExtVersion, lpAddressCaps, true);
}

LONG WINAPI lineGetAddressCapsW(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAddressID, DWORD dwAPIVersion,
                                DWORD dwExtVersion, LPLINEADDRESSCAPS lpAddressCaps)
{
    return address_caps(hLineApp, dwDeviceID, dwAddressID, dwAPIVersion, dwExtVersion, lpAddressCaps, false);
}

/* ---- configuration: data that only the provider understands ---- */

static LONG config_get(DWORD device, VARSTRING *config, LONG text_rc, struct client_text *class_name, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_DEV_CONFIG_GET, .arg = {device}};
    LONG rc = text_rc;

    call.in0 = class_name->text;
    call.in0_len = class_name->bytes;
    if (!rc)
        rc = client_structure(&call, LAYOUT_VARSTRING, config, CLIENT_VERSION_HIGH, ansi, NULL);
    client_text_free(class_name);
    return rc;
}

/**
 * Configuration of a device, as data to be given back to lineSetDevConfig unchanged.
 * @param lpszDeviceClass  such as "tapi/line"
 * @return 0, STRUCTURETOOSMALL, BADDEVICEID, INVALDEVICECLASS, NODRIVER, INVALPOINTER, UNINITIALIZED,
 *     OPERATIONUNAVAIL.
 * Thread: any. Source: lineGetDevConfig.
 */
LONG WINAPI lineGetDevConfigA(DWORD dwDeviceID, LPVARSTRING lpDeviceConfig, LPCSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc;

    if (!lpDeviceConfig || !lpszDeviceClass)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);
    return config_get(dwDeviceID, lpDeviceConfig, rc, &class_name, true);
}

LONG WINAPI lineGetDevConfig(DWORD dwDeviceID, LPVARSTRING lpDeviceConfig, LPCSTR lpszDeviceClass)
{
    return lineGetDevConfigA(dwDeviceID, lpDeviceConfig, lpszDeviceClass);
}

LONG WINAPI lineGetDevConfigW(DWORD dwDeviceID, LPVARSTRING lpDeviceConfig, LPCWSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc;

    if (!lpDeviceConfig || !lpszDeviceClass)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);
    return config_get(dwDeviceID, lpDeviceConfig, rc, &class_name, false);
}

static LONG config_set(DWORD device, const void *config, DWORD size, LONG text_rc, struct client_text *class_name)
{
    struct channel_call call = {.op = CHANNEL_DEV_CONFIG_SET, .arg = {device}};
    LONG rc = text_rc;

    call.in0 = config;
    call.in0_len = size;
    call.in1 = class_name->text;
    call.in1_len = class_name->bytes;
    if (!rc)
        rc = client_call(&call);
    client_text_free(class_name);
    return rc;
}

/**
 * Takes back what lineGetDevConfig gave.
 * @param dwSize  bytes of the data
 * @return 0, BADDEVICEID, INVALDEVICECLASS, INVALPARAM, NODRIVER, INVALPOINTER, UNINITIALIZED, OPERATIONUNAVAIL.
 * Thread: any. Source: lineSetDevConfig.
 */
LONG WINAPI lineSetDevConfigA(DWORD dwDeviceID, LPVOID const lpDeviceConfig, DWORD dwSize, LPCSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc;

    if ((!lpDeviceConfig && dwSize) || !lpszDeviceClass)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);
    return config_set(dwDeviceID, lpDeviceConfig, dwSize, rc, &class_name);
}

LONG WINAPI lineSetDevConfig(DWORD dwDeviceID, LPVOID const lpDeviceConfig, DWORD dwSize, LPCSTR lpszDeviceClass)
{
    return lineSetDevConfigA(dwDeviceID, lpDeviceConfig, dwSize, lpszDeviceClass);
}

LONG WINAPI lineSetDevConfigW(DWORD dwDeviceID, LPVOID const lpDeviceConfig, DWORD dwSize, LPCWSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc;

    if ((!lpDeviceConfig && dwSize) || !lpszDeviceClass)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);
    return config_set(dwDeviceID, lpDeviceConfig, dwSize, rc, &class_name);
}
