/* TSPI functions on phones. SPDX-License-Identifier: MIT */
#include "tsp/tspi/phone.h"
#include "tsp/tspi/fill.h"

#include <string.h>

LONG tspi_phone_error(enum session_phone_err err)
{
    static const LONG map[SESSION_PHONE_E_COUNT] = {
        [SESSION_PHONE_E_OK] = 0,
        [SESSION_PHONE_E_BADBUTTON] = (LONG)PHONEERR_INVALBUTTONLAMPID,
        [SESSION_PHONE_E_BADMODE] = (LONG)PHONEERR_INVALBUTTONMODE,
        [SESSION_PHONE_E_BADLAMP] = (LONG)PHONEERR_INVALLAMPMODE,
        [SESSION_PHONE_E_BADRING] = (LONG)PHONEERR_INVALRINGMODE,
        [SESSION_PHONE_E_BADHOOKDEV] = (LONG)PHONEERR_INVALHOOKSWITCHDEV,
        [SESSION_PHONE_E_BADHOOKMODE] = (LONG)PHONEERR_INVALHOOKSWITCHMODE,
        [SESSION_PHONE_E_BADAREA] = (LONG)PHONEERR_INVALDATAID,
        [SESSION_PHONE_E_BADPARAM] = (LONG)PHONEERR_INVALPARAM,
        [SESSION_PHONE_E_BADSTATE] = (LONG)PHONEERR_INVALPHONESTATE,
        [SESSION_PHONE_E_UNAVAIL] = (LONG)PHONEERR_OPERATIONUNAVAIL,
        [SESSION_PHONE_E_FAILED] = (LONG)PHONEERR_OPERATIONFAILED,
        [SESSION_PHONE_E_RESOURCE] = (LONG)PHONEERR_RESOURCEUNAVAIL,
    };

    return (unsigned)err < SESSION_PHONE_E_COUNT ? map[err] : (LONG)PHONEERR_OPERATIONFAILED;
}

/* ---- entering ---------------------------------------------------------------------------------------------------- */

enum { PHONE_BITS = 20, GENERATION_MASK = 0xFFF };
_Static_assert(CONFIG_LINES_MAX < (1 << PHONE_BITS), "more phones than handles have room for");

static HDRVPHONE handle_of(const struct tspi_phone *phone)
{
    uint32_t index = (uint32_t)(phone - tspi.phonev), generation = phone->generation & GENERATION_MASK;

    return (HDRVPHONE)(uintptr_t)(generation << PHONE_BITS | (index + 1));
}

LONG tspi_enter_phone(HDRVPHONE hd, struct tspi_phone **phonep)
{
    uintptr_t v = (uintptr_t)hd;
    uint32_t index = (v & ((1u << PHONE_BITS) - 1)) - 1;

    if (v > UINT32_MAX || !tspi_enter())
        return (LONG)PHONEERR_INVALPHONEHANDLE;
    if (index >= tspi.phonec || !tspi.phonev[index].open || handle_of(&tspi.phonev[index]) != hd) {
        tspi_exit();
        return (LONG)PHONEERR_INVALPHONEHANDLE;
    }
    *phonep = &tspi.phonev[index];
    return 0;
}

LONG tspi_enter_phone_device(DWORD device, struct tspi_phone **phonep)
{
    const struct tspi_id *id;

    if (!tspi_enter())
        return (LONG)PHONEERR_NODRIVER;
    id = tspi_id_find(&tspi.phone_ids, device);
    if (!id) {
        LONG err = tspi_id_gone(&tspi.phone_ids, device) ? (LONG)PHONEERR_NODEVICE : (LONG)PHONEERR_NODRIVER;

        tspi_exit();
        return err;
    }
    *phonep = &tspi.phonev[id->index];
    return 0;
}

bool tspi_phone_of_line(uint32_t line, DWORD *device)
{
    const struct tspi_phone *phone = tspi.linev[line].phone ? &tspi.phonev[tspi.linev[line].phone - 1] : NULL;

    if (!phone || !phone->dev.named)
        return false;
    *device = phone->dev.id;
    return true;
}

/* Device and version of the functions that work on a phone that need not be open. Not locked afterwards. */
static LONG check_device(DWORD device, DWORD version)
{
    struct tspi_phone *phone;
    LONG err = tspi_enter_phone_device(device, &phone);

    if (err)
        return err;
    tspi_exit();
    return tspi_version_known(version) ? 0 : (LONG)PHONEERR_INCOMPATIBLEAPIVERSION;
}

/* ---- versions and extensions ------------------------------------------------------------------------------------- */

/**
 * The highest version both sides know, 1.3 to 2.2. `dwDeviceID` may be INITIALIZE_NEGOTIATION.
 * @return 0, INVALPOINTER, NODRIVER (no such device), INCOMPATIBLEAPIVERSION.
 * Thread: any. Source: TSPI_phoneNegotiateTSPIVersion.
 */
LONG TSPIAPI TSPI_phoneNegotiateTSPIVersion(DWORD dwDeviceID, DWORD dwLowVersion, DWORD dwHighVersion,
                                            LPDWORD lpdwTSPIVersion)
{
    DWORD version = tspi_version_of(dwLowVersion, dwHighVersion);
    struct tspi_phone *phone;

    if (!lpdwTSPIVersion)
        return (LONG)PHONEERR_INVALPOINTER;
    if (dwDeviceID != (DWORD)INITIALIZE_NEGOTIATION) {
        LONG err = tspi_enter_phone_device(dwDeviceID, &phone);

        if (err)
            return err;
        tspi_exit();
    }
    if (!version)
        return (LONG)PHONEERR_INCOMPATIBLEAPIVERSION;
    *lpdwTSPIVersion = version;
    return 0;
}

/**
 * There is one version of the extension, SESSIONTSP_PHONE_EXT_VERSION.
 * @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION.
 * Thread: any. Source: TSPI_phoneNegotiateExtVersion.
 */
LONG TSPIAPI TSPI_phoneNegotiateExtVersion(DWORD dwDeviceID, DWORD dwTSPIVersion, DWORD dwLowVersion,
                                           DWORD dwHighVersion, LPDWORD lpdwExtVersion)
{
    LONG err = check_device(dwDeviceID, dwTSPIVersion);

    if (!lpdwExtVersion)
        return (LONG)PHONEERR_INVALPOINTER;
    if (err)
        return err;
    if (dwLowVersion > SESSIONTSP_PHONE_EXT_VERSION || dwHighVersion < SESSIONTSP_PHONE_EXT_VERSION)
        return (LONG)PHONEERR_INCOMPATIBLEEXTVERSION;
    *lpdwExtVersion = SESSIONTSP_PHONE_EXT_VERSION;
    return 0;
}

/**
 * @param dwExtVersion  SESSIONTSP_PHONE_EXT_VERSION; 0 cancels the selection
 * @return 0, INVALPHONEHANDLE, INCOMPATIBLEEXTVERSION.
 * Thread: any. Source: TSPI_phoneSelectExtVersion.
 */
LONG TSPIAPI TSPI_phoneSelectExtVersion(HDRVPHONE hdPhone, DWORD dwExtVersion)
{
    struct tspi_phone *phone;
    LONG err = tspi_enter_phone(hdPhone, &phone);

    if (err)
        return err;
    if (dwExtVersion && dwExtVersion != SESSIONTSP_PHONE_EXT_VERSION)
        err = (LONG)PHONEERR_INCOMPATIBLEEXTVERSION;
    else
        phone->ext = dwExtVersion;
    tspi_exit();
    return err;
}

/** @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION. Thread: any. Source: TSPI_phoneGetExtensionID. */
LONG TSPIAPI TSPI_phoneGetExtensionID(DWORD dwDeviceID, DWORD dwTSPIVersion, LPPHONEEXTENSIONID lpExtensionID)
{
    LONG err = check_device(dwDeviceID, dwTSPIVersion);

    if (!lpExtensionID)
        return (LONG)PHONEERR_INVALPOINTER;
    if (err)
        return err;
    lpExtensionID->dwExtensionID0 = SESSIONTSP_PHONE_EXT_ID0;
    lpExtensionID->dwExtensionID1 = SESSIONTSP_PHONE_EXT_ID1;
    lpExtensionID->dwExtensionID2 = SESSIONTSP_PHONE_EXT_ID2;
    lpExtensionID->dwExtensionID3 = SESSIONTSP_PHONE_EXT_ID3;
    return 0;
}

/* ---- open and close ---------------------------------------------------------------------------------------------- */

/**
 * Opens a phone under a version, for all applications. Its set then shows the calls that the line has; nothing is
 * reported until asked for.
 * @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION, ALLOCATED (it is open), NOMEM.
 * Thread: any. Source: TSPI_phoneOpen.
 */
LONG TSPIAPI TSPI_phoneOpen(DWORD dwDeviceID, HTAPIPHONE htPhone, LPHDRVPHONE lphdPhone, DWORD dwTSPIVersion,
                            PHONEEVENT lpfnEventProc)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lphdPhone || !lpfnEventProc)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone_device(dwDeviceID, &phone);
    if (result)
        return result;
    if (!tspi_version_known(dwTSPIVersion)) {
        result = (LONG)PHONEERR_INCOMPATIBLEAPIVERSION;
    } else if (phone->open || phone->closing) {
        result = (LONG)PHONEERR_ALLOCATED;
    } else if (tspi_phone_activate(phone)) {
        result = (LONG)PHONEERR_NOMEM;
    } else {
        phone->ht = htPhone;
        phone->event = lpfnEventProc;
        phone->version = dwTSPIVersion;
        phone->ext = phone->states = phone->button_modes = phone->button_states = 0;
        phone->generation++;
        phone->open = true;
        *lphdPhone = handle_of(phone);
    }
    tspi_leave();
    return result;
}

/**
 * Closes a phone. Completions have been made and no event of the phone comes after the return.
 * @return 0, INVALPHONEHANDLE.
 * Thread: any; it waits for a callback on the phone that runs on another thread. Source: TSPI_phoneClose.
 */
LONG TSPIAPI TSPI_phoneClose(HDRVPHONE hdPhone)
{
    struct queue_match m = {0, 0};
    struct tspi_phone *phone;
    uint16_t generation;
    uint32_t index;
    LONG result = tspi_enter_phone(hdPhone, &phone);

    if (result)
        return result;
    generation = phone->generation;
    index = (uint32_t)(phone - tspi.phonev);
    m.line = TSPI_PHONE_QUEUE | index;
    phone->open = false;
    phone->closing = true;
    tspi_leave_ended(&m);
    platform_mutex_lock(&tspi.lock);
    if (tspi.phonev && index < tspi.phonec && tspi.phonev[index].generation == generation)
        tspi.phonev[index].closing = false;
    platform_mutex_unlock(&tspi.lock);
    return 0;
}

/**
 * Which changes are to be reported. Those that are never produced are accepted.
 * @return 0, INVALPHONEHANDLE, INVALPHONESTATE, INVALBUTTONMODE, INVALBUTTONSTATE (bits that do not exist; or none
 * although a mode is wanted). Thread: any. Source: TSPI_phoneSetStatusMessages.
 */
LONG TSPIAPI TSPI_phoneSetStatusMessages(HDRVPHONE hdPhone, DWORD dwPhoneStates, DWORD dwButtonModes,
                                         DWORD dwButtonStates)
{
    enum { STATES = 0x00FFFFFF, MODES = 0x3F, BUTTON_STATES = 0xF };
    struct tspi_phone *phone;
    LONG result = tspi_enter_phone(hdPhone, &phone);

    if (result)
        return result;
    if (dwPhoneStates & ~(DWORD)STATES) {
        result = (LONG)PHONEERR_INVALPHONESTATE;
    } else if (dwButtonModes & ~(DWORD)MODES) {
        result = (LONG)PHONEERR_INVALBUTTONMODE;
    } else if (dwButtonModes && (!dwButtonStates || dwButtonStates & ~(DWORD)BUTTON_STATES)) {
        result = (LONG)PHONEERR_INVALBUTTONSTATE;
    } else {
        phone->states = dwPhoneStates;
        phone->button_modes = dwButtonModes;
        phone->button_states = dwButtonModes ? dwButtonStates : 0;
    }
    tspi_exit();
    return result;
}

/* ---- asynchronous functions: all of them are done at once -------------------------------------------------------- */

/* Locks, with room for the completion. */
static LONG begin(DRV_REQUESTID request, HDRVPHONE hd, struct tspi_phone **phonep)
{
    LONG result;

    if (!(request > 0 && request <= 0x7FFFFFFF))
        return (LONG)PHONEERR_INVALPARAM;
    result = tspi_enter_phone(hd, phonep);
    if (!result && !queue_reserve(&tspi.queue)) {
        tspi_exit();
        return (LONG)PHONEERR_NOMEM;
    }
    return result;
}

static LONG finish(DRV_REQUESTID request, struct tspi_phone *phone, enum session_phone_err err)
{
    struct queue_event *e = queue_append(&tspi.queue);

    e->type = QUEUE_REPLY;
    e->line = TSPI_PHONE_QUEUE | (uint32_t)(phone - tspi.phonev);
    e->session = 0;
    e->call = NULL;
    e->p1 = request;
    e->p2 = (uint32_t)tspi_phone_error(err);
    e->p3 = 0;
    tspi_phone_touch(phone);
    tspi_leave();
    return (LONG)request;
}

/* The same where an error is the caller's own. */
static LONG finish_set(DRV_REQUESTID request, struct tspi_phone *phone, enum session_phone_err err)
{
    if (!err)
        return finish(request, phone, err);
    tspi_exit();
    return tspi_phone_error(err);
}

/**
 * @param dwLampMode  one of PHONELAMPMODE_OFF to _BROKENFLUTTER. The lamp of an appearance is the set's again with the
 * next change of its call.
 * @return `dwRequestID`, INVALPARAM (a request id that is none), INVALPHONEHANDLE, INVALBUTTONLAMPID, INVALLAMPMODE
 *         (also: there is no lamp), NOMEM.
 * Thread: any. Source: TSPI_phoneSetLamp.
 */
LONG TSPIAPI TSPI_phoneSetLamp(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwButtonLampID, DWORD dwLampMode)
{
    struct tspi_phone *phone;
    LONG result = begin(dwRequestID, hdPhone, &phone);

    return result
               ? result
               : finish_set(dwRequestID, phone, session_phone_set_lamp(&phone->set->phone, dwButtonLampID, dwLampMode));
}

/**
 * @param dwRingMode  0: silence, up to dwNumRingModes
 * @return as TSPI_phoneSetLamp, and INVALRINGMODE. Thread: any. Source: TSPI_phoneSetRing.
 */
LONG TSPIAPI TSPI_phoneSetRing(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwRingMode, DWORD dwVolume)
{
    struct tspi_phone *phone;
    LONG result = begin(dwRequestID, hdPhone, &phone);

    return result ? result
                  : finish_set(dwRequestID, phone, session_phone_set_ring(&phone->set->phone, dwRingMode, dwVolume));
}

/** @return as TSPI_phoneSetLamp, and INVALHOOKSWITCHDEV. Thread: any. Source: TSPI_phoneSetVolume. */
LONG TSPIAPI TSPI_phoneSetVolume(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwHookSwitchDev, DWORD dwVolume)
{
    struct tspi_phone *phone;
    LONG result = begin(dwRequestID, hdPhone, &phone);

    return result ? result
                  : finish_set(dwRequestID, phone,
                               session_phone_set_volume(&phone->set->phone, dwHookSwitchDev, dwVolume));
}

/** As TSPI_phoneSetVolume. Source: TSPI_phoneSetGain. */
LONG TSPIAPI TSPI_phoneSetGain(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwHookSwitchDev, DWORD dwGain)
{
    struct tspi_phone *phone;
    LONG result = begin(dwRequestID, hdPhone, &phone);

    return result ? result
                  : finish_set(dwRequestID, phone, session_phone_set_gain(&phone->set->phone, dwHookSwitchDev, dwGain));
}

/**
 * Moves hook switches, as a person would: the first device off hook answers a call or asks for dial tone, the last one
 * on hook drops the call at hand. That there was nothing to do, or the line is not open, is no error: the switch has
 * moved.
 * @return as TSPI_phoneSetLamp, and INVALHOOKSWITCHDEV, INVALHOOKSWITCHMODE.
 * Thread: any. Source: TSPI_phoneSetHookSwitch.
 */
LONG TSPIAPI TSPI_phoneSetHookSwitch(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwHookSwitchDevs,
                                     DWORD dwHookSwitchMode)
{
    enum session_phone_err err;
    struct tspi_phone *phone;
    LONG result = begin(dwRequestID, hdPhone, &phone);

    if (result)
        return result;
    err = set_hook(phone->set, tspi.core, dwHookSwitchDevs, dwHookSwitchMode);
    if (err == SESSION_PHONE_E_BADHOOKDEV || err == SESSION_PHONE_E_BADHOOKMODE)
        return finish_set(dwRequestID, phone, err);
    (void)tspi_phone_run(phone);
    return finish(dwRequestID, phone, SESSION_PHONE_E_OK);
}

/**
 * Writes to the display. What has no room is cut.
 * @param lpsDisplay  UTF-16, as dwStringFormat of PHONECAPS says; dwSize: bytes, the text may end before
 * @return as TSPI_phoneSetLamp, and INVALPARAM (no such place), INVALPOINTER. Thread: any. Source:
 * TSPI_phoneSetDisplay.
 */
LONG TSPIAPI TSPI_phoneSetDisplay(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwRow, DWORD dwColumn,
                                  LPCWSTR lpsDisplay, DWORD dwSize)
{
    uint16_t unitv[SESSION_PHONE_CELLS];
    size_t count = dwSize / sizeof *unitv;
    struct tspi_phone *phone;
    LONG result;

    if (!lpsDisplay && count)
        return (LONG)PHONEERR_INVALPOINTER;
    if (count > SESSION_PHONE_CELLS)
        count = SESSION_PHONE_CELLS;
    if (count)
        memcpy(unitv, lpsDisplay, count * sizeof *unitv); /* at any alignment */
    result = begin(dwRequestID, hdPhone, &phone);
    return result ? result
                  : finish_set(dwRequestID, phone,
                               session_phone_set_display(&phone->set->phone, dwRow, dwColumn, unitv, count));
}

/**
 * Keeps bytes in a data area of the phone: 0 and 1, of 64 bytes each.
 * @return as TSPI_phoneSetLamp, and INVALDATAID, INVALPARAM (too many bytes), INVALPOINTER.
 * Thread: any. Source: TSPI_phoneSetData.
 */
LONG TSPIAPI TSPI_phoneSetData(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwDataID, LPVOID const lpData,
                               DWORD dwSize)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lpData && dwSize)
        return (LONG)PHONEERR_INVALPOINTER;
    result = begin(dwRequestID, hdPhone, &phone);
    return result
               ? result
               : finish_set(dwRequestID, phone, session_phone_set_data(&phone->set->phone, dwDataID, lpData, dwSize));
}

/**
 * Gives a feature key another function of those that PHONECAPS lists, or a button but for the keypad another text.
 * @return as TSPI_phoneSetLamp, and INVALBUTTONMODE (not that of the button), INVALPARAM (a function that no key has,
 * or sizes that do not fit), INVALPOINTER, STRUCTURETOOSMALL, OPERATIONUNAVAIL (that button cannot be changed). Thread:
 * any. Source: TSPI_phoneSetButtonInfo.
 */
LONG TSPIAPI TSPI_phoneSetButtonInfo(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, DWORD dwButtonLampID,
                                     LPPHONEBUTTONINFO const lpButtonInfo)
{
    uint16_t unitv[SESSION_PHONE_TEXT_MAX];
    PHONEBUTTONINFO info;
    struct tspi_phone *phone;
    const uint32_t fixed = offsetof(PHONEBUTTONINFO, dwButtonState); /* of every version */
    size_t count;
    LONG result;

    if (!lpButtonInfo)
        return (LONG)PHONEERR_INVALPOINTER;
    memcpy(&info, lpButtonInfo, sizeof info.dwTotalSize);
    if (info.dwTotalSize < fixed)
        return (LONG)PHONEERR_STRUCTURETOOSMALL;
    memcpy(&info, lpButtonInfo, fixed);
    count = info.dwButtonTextSize / sizeof *unitv;
    if (info.dwButtonTextSize && (info.dwButtonTextOffset < fixed || info.dwButtonTextOffset > info.dwTotalSize ||
                                  info.dwButtonTextSize > info.dwTotalSize - info.dwButtonTextOffset))
        return (LONG)PHONEERR_INVALPARAM;
    if (count > SESSION_PHONE_TEXT_MAX)
        count = SESSION_PHONE_TEXT_MAX;
    if (count)
        memcpy(unitv, (const char *)lpButtonInfo + info.dwButtonTextOffset, count * sizeof *unitv);
    result = begin(dwRequestID, hdPhone, &phone);
    return result ? result
                  : finish_set(dwRequestID, phone,
                               session_phone_set_button(&phone->set->phone, dwButtonLampID, info.dwButtonMode,
                                                        info.dwButtonFunction, count ? unitv : NULL, count));
}

/* What a person does to the set. */
static enum session_phone_err touch(struct tspi_phone *phone, const struct sessiontsp_phone *what)
{
    enum session_phone_err err = SESSION_PHONE_E_BADPARAM, up;

    switch (what->dwCommand) {
    case SESSIONTSP_PHONE_BUTTON:
        if (!what->dwValue || what->dwValue & ~(DWORD)(PHONEBUTTONSTATE_DOWN | PHONEBUTTONSTATE_UP))
            break;
        err = SESSION_PHONE_E_OK;
        if (what->dwValue & PHONEBUTTONSTATE_DOWN) {
            err = set_press(phone->set, tspi.core, what->dwItem, true);
            if (!err)
                err = tspi_phone_run(phone);
        }
        if (what->dwValue & PHONEBUTTONSTATE_UP) {
            up = set_press(phone->set, tspi.core, what->dwItem, false);
            if (!err)
                err = up;
        }
        break;
    case SESSIONTSP_PHONE_HOOK:
        err = set_hook(phone->set, tspi.core, what->dwItem, what->dwValue);
        if (!err)
            err = tspi_phone_run(phone);
        break;
    case SESSIONTSP_PHONE_MESSAGE:
        if (what->dwValue > 1)
            break;
        err = tspi_phone_leave_message(phone, what->dwValue != 0);
        break;
    default:
        break;
    }
    return err;
}

/**
 * Does what a person would do to the set: a struct sessiontsp_phone (include/sessiontsp.h). The completion says what
 * came of it.
 * @return `dwRequestID`, INVALPARAM, INVALPHONEHANDLE, INVALPOINTER, OPERATIONUNAVAIL (the extension is not selected),
 *         NOMEM.
 * Thread: any. Source: TSPI_phoneDevSpecific.
 */
LONG TSPIAPI TSPI_phoneDevSpecific(DRV_REQUESTID dwRequestID, HDRVPHONE hdPhone, LPVOID lpParams, DWORD dwSize)
{
    struct sessiontsp_phone what;
    struct tspi_phone *phone;
    LONG result;

    if (!lpParams)
        return (LONG)PHONEERR_INVALPOINTER;
    result = begin(dwRequestID, hdPhone, &phone);
    if (result)
        return result;
    if (!phone->ext || dwSize != sizeof what) {
        result = phone->ext ? (LONG)PHONEERR_INVALPARAM : (LONG)PHONEERR_OPERATIONUNAVAIL;
        tspi_exit();
        return result;
    }
    memcpy(&what, lpParams, sizeof what);
    return finish(dwRequestID, phone, touch(phone, &what));
}
