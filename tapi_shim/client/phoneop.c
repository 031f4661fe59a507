/* Open phones: what is asked of them, and what is done to them. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

#undef phoneGetButtonInfo
#undef phoneGetID
#undef phoneGetStatus
#undef phoneSetButtonInfo

/*
 * All of these: INVALPHONEHANDLE, UNINITIALIZED, INVALPOINTER, NOMEM, OPERATIONUNAVAIL (a provider without it), as
 * PHONEERR_. Those that set something are asynchronous and need OWNER privilege (NOTOWNER): they return the number of
 * the request, PHONE_REPLY says what came of it. Thread: any.
 */

/* What a handle that is not good is answered with. */
static LONG unknown(void)
{
    bool there;

    platform_mutex_lock(&client.lock);
    there = client.phones.count > 0;
    platform_mutex_unlock(&client.lock);
    return client_err(there ? PHONEERR_INVALPHONEHANDLE : PHONEERR_UNINITIALIZED);
}

static LONG structure(struct channel_call *call, HPHONE phone, enum layout_type type, void *dst, bool ansi)
{
    return client_phone_err(client_structure(call, type, dst, client_phone_version(phone), ansi, unknown));
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

static LONG status(HPHONE phone, PHONESTATUS *out, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PHONE_STATUS, .arg = {phone}};

    return structure(&call, phone, LAYOUT_PHONESTATUS, out, ansi);
}

/** What the phone shows and does now. @return 0, STRUCTURETOOSMALL. Source: phoneGetStatus. */
LONG WINAPI phoneGetStatusA(HPHONE hPhone, LPPHONESTATUS lpPhoneStatus)
{
    return status(hPhone, lpPhoneStatus, true);
}

LONG WINAPI phoneGetStatus(HPHONE hPhone, LPPHONESTATUS lpPhoneStatus)
{
    return status(hPhone, lpPhoneStatus, true);
}

LONG WINAPI phoneGetStatusW(HPHONE hPhone, LPPHONESTATUS lpPhoneStatus)
{
    return status(hPhone, lpPhoneStatus, false);
}

/** Of which changes this handle hears. @return 0. Source: phoneGetStatusMessages. */
LONG WINAPI phoneGetStatusMessages(HPHONE hPhone, LPDWORD lpdwPhoneStates, LPDWORD lpdwButtonModes,
                                   LPDWORD lpdwButtonStates)
{
    struct channel_call call = {.op = CHANNEL_PHONE_STATUS_GET, .arg = {hPhone}};
    LONG rc;

    if (!lpdwPhoneStates || !lpdwButtonModes || !lpdwButtonStates)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_phone_call(&call);
    if (!rc) {
        *lpdwPhoneStates = call.ret[0];
        *lpdwButtonModes = call.ret[1];
        *lpdwButtonStates = call.ret[2];
    }
    return rc;
}

/**
 * Says of which changes this handle is to hear; at first of none. Any privilege will do.
 * @return 0, INVALPHONESTATE, INVALBUTTONMODE, INVALBUTTONSTATE. Source: phoneSetStatusMessages.
 */
LONG WINAPI phoneSetStatusMessages(HPHONE hPhone, DWORD dwPhoneStates, DWORD dwButtonModes, DWORD dwButtonStates)
{
    struct channel_call call = {.op = CHANNEL_PHONE_STATUS_SET,
                                .arg = {hPhone, dwPhoneStates, dwButtonModes, dwButtonStates}};

    return client_phone_call(&call);
}

/* ---- buttons and lamps ------------------------------------------------------------------------------------------- */

static LONG button_get(HPHONE phone, DWORD id, PHONEBUTTONINFO *out, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PHONE_BUTTON_GET, .arg = {phone, id}};

    return structure(&call, phone, LAYOUT_PHONEBUTTONINFO, out, ansi);
}

/** @return 0, STRUCTURETOOSMALL, INVALBUTTONLAMPID. Source: phoneGetButtonInfo. */
LONG WINAPI phoneGetButtonInfoA(HPHONE hPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO lpButtonInfo)
{
    return button_get(hPhone, dwButtonLampID, lpButtonInfo, true);
}

LONG WINAPI phoneGetButtonInfo(HPHONE hPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO lpButtonInfo)
{
    return button_get(hPhone, dwButtonLampID, lpButtonInfo, true);
}

LONG WINAPI phoneGetButtonInfoW(HPHONE hPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO lpButtonInfo)
{
    return button_get(hPhone, dwButtonLampID, lpButtonInfo, false);
}

static LONG button_set(HPHONE phone, DWORD id, const PHONEBUTTONINFO *info, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PHONE_BUTTON_SET, .arg = {phone, 0, id}};
    uint32_t version = client_phone_version(phone), len = 0;
    void *in = NULL;
    LONG rc;

    if (!info)
        return client_err(PHONEERR_INVALPOINTER);
    if (!version)
        return unknown();
    rc = client_phone_err(layout_import(LAYOUT_PHONEBUTTONINFO, &in, &len, info, version, ansi));
    if (!rc) {
        call.in0 = in;
        call.in0_len = len;
        rc = client_phone_request(&call);
    }
    free(in);
    return rc;
}

/** @return as above, and STRUCTURETOOSMALL, INVALPARAM, INVALBUTTONLAMPID, INVALBUTTONMODE. Source: phoneSetButtonInfo.
 */
LONG WINAPI phoneSetButtonInfoA(HPHONE hPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO const lpButtonInfo)
{
    return button_set(hPhone, dwButtonLampID, lpButtonInfo, true);
}

LONG WINAPI phoneSetButtonInfo(HPHONE hPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO const lpButtonInfo)
{
    return button_set(hPhone, dwButtonLampID, lpButtonInfo, true);
}

LONG WINAPI phoneSetButtonInfoW(HPHONE hPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO const lpButtonInfo)
{
    return button_set(hPhone, dwButtonLampID, lpButtonInfo, false);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static LONG get(HPHONE phone, enum channel_phone_item item, DWORD id, LPDWORD value, LPDWORD second)
{
    struct channel_call call = {.op = CHANNEL_PHONE_GET, .arg = {phone, item, id}};
    LONG rc;

    if (!value)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_phone_call(&call);
    if (!rc) {
        *value = call.ret[0];
        if (second)
            *second = call.ret[1];
    }
    return rc;
}

static LONG set(HPHONE phone, enum channel_phone_item item, DWORD id, DWORD value)
{
    struct channel_call call = {.op = CHANNEL_PHONE_SET, .arg = {phone, 0, item, id, value}};

    return client_phone_request(&call);
}

/** @return 0, INVALBUTTONLAMPID. Source: phoneGetLamp. */
LONG WINAPI phoneGetLamp(HPHONE hPhone, DWORD dwButtonLampID, LPDWORD lpdwLampMode)
{
    return get(hPhone, CHANNEL_PHONE_LAMP, dwButtonLampID, lpdwLampMode, NULL);
}

/** @return as above, and INVALBUTTONLAMPID, INVALLAMPMODE. Source: phoneSetLamp. */
LONG WINAPI phoneSetLamp(HPHONE hPhone, DWORD dwButtonLampID, DWORD dwLampMode)
{
    return set(hPhone, CHANNEL_PHONE_LAMP, dwButtonLampID, dwLampMode);
}

/** Mode 0: it does not ring. @return 0. Source: phoneGetRing. */
LONG WINAPI phoneGetRing(HPHONE hPhone, LPDWORD lpdwRingMode, LPDWORD lpdwVolume)
{
    return lpdwVolume ? get(hPhone, CHANNEL_PHONE_RING, 0, lpdwRingMode, lpdwVolume)
                      : client_err(PHONEERR_INVALPOINTER);
}

/** @return as above, and INVALRINGMODE. Source: phoneSetRing. */
LONG WINAPI phoneSetRing(HPHONE hPhone, DWORD dwRingMode, DWORD dwVolume)
{
    return set(hPhone, CHANNEL_PHONE_RING, dwRingMode, dwVolume);
}

/** The devices that are off hook. @return 0. Source: phoneGetHookSwitch. */
LONG WINAPI phoneGetHookSwitch(HPHONE hPhone, LPDWORD lpdwHookSwitchDevs)
{
    return get(hPhone, CHANNEL_PHONE_HOOK, 0, lpdwHookSwitchDevs, NULL);
}

/** @return as above, and INVALHOOKSWITCHDEV, INVALHOOKSWITCHMODE. Source: phoneSetHookSwitch. */
LONG WINAPI phoneSetHookSwitch(HPHONE hPhone, DWORD dwHookSwitchDevs, DWORD dwHookSwitchMode)
{
    return set(hPhone, CHANNEL_PHONE_HOOK, dwHookSwitchDevs, dwHookSwitchMode);
}

/** @return 0, INVALHOOKSWITCHDEV. Source: phoneGetVolume. */
LONG WINAPI phoneGetVolume(HPHONE hPhone, DWORD dwHookSwitchDev, LPDWORD lpdwVolume)
{
    return get(hPhone, CHANNEL_PHONE_VOLUME, dwHookSwitchDev, lpdwVolume, NULL);
}

/** 0 to 0xFFFF; what is above counts as that. @return as above, and INVALHOOKSWITCHDEV. Source: phoneSetVolume. */
LONG WINAPI phoneSetVolume(HPHONE hPhone, DWORD dwHookSwitchDev, DWORD dwVolume)
{
    return set(hPhone, CHANNEL_PHONE_VOLUME, dwHookSwitchDev, dwVolume);
}

/** As phoneGetVolume. Source: phoneGetGain. */
LONG WINAPI phoneGetGain(HPHONE hPhone, DWORD dwHookSwitchDev, LPDWORD lpdwGain)
{
    return get(hPhone, CHANNEL_PHONE_GAIN, dwHookSwitchDev, lpdwGain, NULL);
}

/** As phoneSetVolume. Source: phoneSetGain. */
LONG WINAPI phoneSetGain(HPHONE hPhone, DWORD dwHookSwitchDev, DWORD dwGain)
{
    return set(hPhone, CHANNEL_PHONE_GAIN, dwHookSwitchDev, dwGain);
}

/* ---- display and data -------------------------------------------------------------------------------------------- */

/** All of the display, in the format of the phone (PHONECAPS.dwStringFormat). @return 0, STRUCTURETOOSMALL.
 * Source: phoneGetDisplay. */
LONG WINAPI phoneGetDisplay(HPHONE hPhone, LPVARSTRING lpDisplay)
{
    struct channel_call call = {.op = CHANNEL_PHONE_DISPLAY_GET, .arg = {hPhone}};

    return structure(&call, hPhone, LAYOUT_VARSTRING, lpDisplay, false);
}

static LONG set_bytes(struct channel_call *call, const void *data, DWORD size)
{
    if (!data && size)
        return client_err(PHONEERR_INVALPOINTER);
    call->in0 = data;
    call->in0_len = size;
    return client_phone_request(call);
}

/**
 * Writes to the display.
 * @param lpsDisplay  in the format of the phone; dwSize: bytes
 * @return as above, and INVALPARAM (no such place). Source: phoneSetDisplay.
 */
LONG WINAPI phoneSetDisplay(HPHONE hPhone, DWORD dwRow, DWORD dwColumn, LPCSTR lpsDisplay, DWORD dwSize)
{
    struct channel_call call = {.op = CHANNEL_PHONE_DISPLAY_SET, .arg = {hPhone, 0, dwRow, dwColumn}};

    return set_bytes(&call, lpsDisplay, dwSize);
}

/** At most dwSize bytes of a data area. @return 0, INVALDATAID. Source: phoneGetData. */
LONG WINAPI phoneGetData(HPHONE hPhone, DWORD dwDataID, LPVOID lpData, DWORD dwSize)
{
    struct channel_call call = {.op = CHANNEL_PHONE_DATA_GET, .arg = {hPhone, dwDataID, dwSize}};
    LONG rc;

    if (!lpData && dwSize)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_phone_call(&call);
    if (!rc && call.out && dwSize)
        memcpy(lpData, call.out, call.out_len < dwSize ? call.out_len : dwSize);
    channel_free(call.out);
    return rc;
}

/** @return as above, and INVALDATAID, INVALPARAM. Source: phoneSetData. */
LONG WINAPI phoneSetData(HPHONE hPhone, DWORD dwDataID, LPVOID const lpData, DWORD dwSize)
{
    struct channel_call call = {.op = CHANNEL_PHONE_DATA_SET, .arg = {hPhone, 0, dwDataID}};

    return set_bytes(&call, lpData, dwSize);
}

/** Data that only the provider understands, with any privilege. @return as above. Source: phoneDevSpecific. */
LONG WINAPI phoneDevSpecific(HPHONE hPhone, LPVOID lpParams, DWORD dwSize)
{
    struct channel_call call = {.op = CHANNEL_PHONE_DEVSPECIFIC, .arg = {hPhone}};

    return set_bytes(&call, lpParams, dwSize);
}

/* ---- ids --------------------------------------------------------------------------------------------------------- */

static LONG get_id(HPHONE phone, VARSTRING *out, LONG text_rc, struct client_text *class_name, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PHONE_ID, .arg = {phone}};
    LONG rc = client_phone_err(text_rc);

    call.in0 = class_name->text;
    call.in0_len = class_name->bytes;
    if (!rc)
        rc = structure(&call, phone, LAYOUT_VARSTRING, out, ansi);
    client_text_free(class_name);
    return rc;
}

/**
 * The id of a device of the class that belongs to the phone: "tapi/phone", "tapi/line", ...
 * @return 0, INVALDEVICECLASS, STRUCTURETOOSMALL. Source: phoneGetID.
 */
LONG WINAPI phoneGetIDA(HPHONE hPhone, LPVARSTRING lpDeviceID, LPCSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc;

    if (!lpDeviceID || !lpszDeviceClass)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);
    return get_id(hPhone, lpDeviceID, rc, &class_name, true);
}

LONG WINAPI phoneGetID(HPHONE hPhone, LPVARSTRING lpDeviceID, LPCSTR lpszDeviceClass)
{
    return phoneGetIDA(hPhone, lpDeviceID, lpszDeviceClass);
}

LONG WINAPI phoneGetIDW(HPHONE hPhone, LPVARSTRING lpDeviceID, LPCWSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc;

    if (!lpDeviceID || !lpszDeviceClass)
        return client_err(PHONEERR_INVALPOINTER);
    rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);
    return get_id(hPhone, lpDeviceID, rc, &class_name, false);
}
