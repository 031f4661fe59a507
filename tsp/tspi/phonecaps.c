/* TSPI functions that tell of phones. SPDX-License-Identifier: MIT */
#include "include/tapi_fixed_size.h"
#include "tsp/tspi/fill.h"
#include "tsp/tspi/phone.h"

#include <string.h>

/* The core knows no TAPI header: these hold the two together. */
#define SAME(prefix, core, name)                                                                                       \
    _Static_assert((DWORD)(core##name) == (DWORD)(prefix##name), #name " differs from TAPI")
SAME(PHONEBUTTONMODE_, SESSION_BUTTONMODE_, CALL);
SAME(PHONEBUTTONMODE_, SESSION_BUTTONMODE_, FEATURE);
SAME(PHONEBUTTONMODE_, SESSION_BUTTONMODE_, KEYPAD);
SAME(PHONEBUTTONMODE_, SESSION_BUTTONMODE_, LOCAL);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, CONFERENCE);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, TRANSFER);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, DROP);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, HOLD);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, SPEAKERON);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, DONOTDISTURB);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, CALLAPP);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, LASTNUM);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, MSGINDICATOR);
SAME(PHONEBUTTONFUNCTION_, SESSION_BUTTONFUNCTION_, NONE);
SAME(PHONEBUTTONSTATE_, SESSION_BUTTONSTATE_, UP);
SAME(PHONEBUTTONSTATE_, SESSION_BUTTONSTATE_, DOWN);
SAME(PHONELAMPMODE_, SESSION_LAMP_, DUMMY);
SAME(PHONELAMPMODE_, SESSION_LAMP_, OFF);
SAME(PHONELAMPMODE_, SESSION_LAMP_, STEADY);
SAME(PHONELAMPMODE_, SESSION_LAMP_, WINK);
SAME(PHONELAMPMODE_, SESSION_LAMP_, FLASH);
SAME(PHONELAMPMODE_, SESSION_LAMP_, FLUTTER);
SAME(PHONELAMPMODE_, SESSION_LAMP_, BROKENFLUTTER);
SAME(PHONEHOOKSWITCHDEV_, SESSION_HOOKDEV_, HANDSET);
SAME(PHONEHOOKSWITCHDEV_, SESSION_HOOKDEV_, SPEAKER);
SAME(PHONEHOOKSWITCHDEV_, SESSION_HOOKDEV_, HEADSET);
SAME(PHONEHOOKSWITCHMODE_, SESSION_HOOK_, ONHOOK);
SAME(PHONEHOOKSWITCHMODE_, SESSION_HOOK_, MIC);
SAME(PHONEHOOKSWITCHMODE_, SESSION_HOOK_, SPEAKER);
SAME(PHONEHOOKSWITCHMODE_, SESSION_HOOK_, MICSPEAKER);
SAME(PHONESTATE_, SESSION_PHONESTATE_, OTHER);
SAME(PHONESTATE_, SESSION_PHONESTATE_, DISPLAY);
SAME(PHONESTATE_, SESSION_PHONESTATE_, LAMP);
SAME(PHONESTATE_, SESSION_PHONESTATE_, RINGMODE);
SAME(PHONESTATE_, SESSION_PHONESTATE_, RINGVOLUME);
SAME(PHONESTATE_, SESSION_PHONESTATE_, HANDSETHOOKSWITCH);
SAME(PHONESTATE_, SESSION_PHONESTATE_, HANDSETVOLUME);
SAME(PHONESTATE_, SESSION_PHONESTATE_, HANDSETGAIN);
SAME(PHONESTATE_, SESSION_PHONESTATE_, CAPSCHANGE);
_Static_assert(PHONESTATE_SPEAKERGAIN == PHONESTATE_HANDSETGAIN << 3, "3 bits from device to device");
_Static_assert(PHONESTATE_HEADSETHOOKSWITCH == PHONESTATE_HANDSETHOOKSWITCH << 6, "3 bits from device to device");
_Static_assert(offsetof(PHONECAPS, dwUsedSize) == 8 && offsetof(PHONESTATUS, dwUsedSize) == 8 &&
                   offsetof(PHONEBUTTONINFO, dwUsedSize) == 8,
               "layout");

/* All that there is to do with a phone can always be done: PHONEFEATURE_GETBUTTONINFO to _SETVOLUMEHEADSET. */
enum { FEATURES = 0x0FFFFFFF };
_Static_assert((PHONEFEATURE_SETVOLUMEHEADSET << 1) - 1 == FEATURES, "features of phones");

enum {
    HOOK_MODES = PHONEHOOKSWITCHMODE_ONHOOK | PHONEHOOKSWITCHMODE_MIC | PHONEHOOKSWITCHMODE_SPEAKER |
                 PHONEHOOKSWITCHMODE_MICSPEAKER,
    LAMP_MODES = PHONELAMPMODE_OFF | PHONELAMPMODE_STEADY | PHONELAMPMODE_WINK | PHONELAMPMODE_FLASH |
                 PHONELAMPMODE_FLUTTER | PHONELAMPMODE_BROKENFLUTTER
};

static void make_guid(uint32_t id, GUID *guid)
{
    static const unsigned char tail[8] = {0x9A, 0x31, 0x53, 0x54, 0x53, 0x50, 0x50, 0x48};

    guid->Data1 = id;
    guid->Data2 = 0x5E55;
    guid->Data3 = 0x4107; /* version 4: made up */
    memcpy(guid->Data4, tail, sizeof tail);
}

/* Lists with an element for each button: modes, functions, lamp modes. */
static void fill_buttons(struct fill *f, const struct session_phone *p)
{
    DWORD modev[SESSION_PHONE_BUTTONS_MAX], functionv[SESSION_PHONE_BUTTONS_MAX], lampv[SESSION_PHONE_BUTTONS_MAX];
    const uint32_t size = p->buttonc * (uint32_t)sizeof(DWORD);

    for (uint32_t i = 0; i < p->buttonc; i++) {
        modev[i] = p->buttonv[i].mode;
        functionv[i] = p->buttonv[i].function;
        lampv[i] = p->buttonv[i].lamp == SESSION_LAMP_DUMMY ? (DWORD)PHONELAMPMODE_DUMMY : (DWORD)LAMP_MODES;
    }
    FILL_PART(f, PHONECAPS, dwButtonModes, modev, size);
    FILL_PART(f, PHONECAPS, dwButtonFunctions, functionv, size);
    FILL_PART(f, PHONECAPS, dwLampModes, lampv, size);
}

static void fill_areas(struct fill *f)
{
    DWORD sizev[SESSION_PHONE_AREAS];

    for (int i = 0; i < SESSION_PHONE_AREAS; i++)
        sizev[i] = SESSION_PHONE_AREA_MAX;
    FILL_PART(f, PHONECAPS, dwSetData, sizev, sizeof sizev);
    FILL_PART(f, PHONECAPS, dwGetData, sizev, sizeof sizev);
}

static void fill_name(struct fill *f, const struct config_line *line)
{
    char name[300] = "Phone ";
    size_t len = strlen(line->name), room = sizeof name - sizeof "Phone ";

    memcpy(name + 6, line->name, len < room ? len : room);
    FILL_TEXT(f, PHONECAPS, dwPhoneName, name);
}

/**
 * What a phone can do. TAPI adds OWNER, MONITORS and REINIT to dwPhoneStates.
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, NODRIVER, INCOMPATIBLEAPIVERSION, INCOMPATIBLEEXTVERSION, NOMEM.
 * Thread: any. Source: TSPI_phoneGetDevCaps.
 */
LONG TSPIAPI TSPI_phoneGetDevCaps(DWORD dwDeviceID, DWORD dwTSPIVersion, DWORD dwExtVersion, LPPHONECAPS lpPhoneCaps)
{
    const struct config_line *line;
    struct tspi_phone *phone;
    PHONECAPS caps;
    struct fill f;
    LONG result;

    if (!lpPhoneCaps)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone_device(dwDeviceID, &phone);
    if (result)
        return result;
    if (!tspi_version_known(dwTSPIVersion))
        result = (LONG)PHONEERR_INCOMPATIBLEAPIVERSION;
    else if (dwExtVersion && dwExtVersion != SESSIONTSP_PHONE_EXT_VERSION)
        result = (LONG)PHONEERR_INCOMPATIBLEEXTVERSION;
    else if (tspi_phone_activate(phone))
        result = (LONG)PHONEERR_NOMEM;
    else if (fill_begin(&f, lpPhoneCaps, TAPI_FIXED_PHONECAPS(dwTSPIVersion), &caps, sizeof caps))
        result = (LONG)PHONEERR_STRUCTURETOOSMALL;
    if (result)
        goto out;
    memset((char *)&caps + offsetof(PHONECAPS, dwProviderInfoSize), 0,
           sizeof caps - offsetof(PHONECAPS, dwProviderInfoSize));
    line = &tspi.conf->linev[phone->line];
    caps.dwPermanentPhoneID = line->permanent_id;
    caps.dwStringFormat = STRINGFORMAT_UNICODE;
    caps.dwPhoneStates = SESSION_PHONESTATE_ALL;
    caps.dwHookSwitchDevs = caps.dwVolumeFlags = caps.dwGainFlags = SESSION_HOOKDEV_ALL;
    caps.dwHandsetHookSwitchModes = caps.dwSpeakerHookSwitchModes = caps.dwHeadsetHookSwitchModes = HOOK_MODES;
    caps.dwDisplayNumRows = SESSION_PHONE_ROWS;
    caps.dwDisplayNumColumns = SESSION_PHONE_COLUMNS;
    caps.dwNumRingModes = SESSION_PHONE_RINGS;
    caps.dwNumButtonLamps = phone->set->phone.buttonc;
    caps.dwNumSetData = caps.dwNumGetData = SESSION_PHONE_AREAS;
    caps.dwPhoneFeatures = FEATURES;
    caps.dwSettableHandsetHookSwitchModes = caps.dwSettableSpeakerHookSwitchModes =
        caps.dwSettableHeadsetHookSwitchModes = HOOK_MODES;
    caps.dwMonitoredHandsetHookSwitchModes = caps.dwMonitoredSpeakerHookSwitchModes =
        caps.dwMonitoredHeadsetHookSwitchModes = HOOK_MODES;
    make_guid(line->permanent_id, &caps.PermanentPhoneGuid);
    FILL_TEXT(&f, PHONECAPS, dwProviderInfo, "SessionTSP " SESSIONTSP_VERSION);
    FILL_TEXT(&f, PHONECAPS, dwPhoneInfo, "Set of the embedded exchange");
    fill_name(&f, line);
    fill_buttons(&f, &phone->set->phone);
    fill_areas(&f);
    fill_end(&f);
out:
    tspi_leave();
    return result;
}

/**
 * What a phone shows and does now. Numbers of owners and monitors and the owner's name are TAPI's.
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALPHONEHANDLE. Thread: any. Source: TSPI_phoneGetStatus.
 */
LONG TSPIAPI TSPI_phoneGetStatus(HDRVPHONE hdPhone, LPPHONESTATUS lpPhoneStatus)
{
    DWORD lampv[SESSION_PHONE_BUTTONS_MAX];
    const struct session_phone *p;
    struct tspi_phone *phone;
    PHONESTATUS s;
    struct fill f;
    LONG result;

    if (!lpPhoneStatus)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    p = &phone->set->phone;
    if (fill_begin(&f, lpPhoneStatus, TAPI_FIXED_PHONESTATUS(phone->version), &s, sizeof s)) {
        tspi_exit();
        return (LONG)PHONEERR_STRUCTURETOOSMALL;
    }
    s.dwStatusFlags = PHONESTATUSFLAGS_CONNECTED;
    s.dwRingMode = p->ring_mode;
    s.dwRingVolume = p->ring_volume;
    s.dwHandsetHookSwitchMode = p->hook[0];
    s.dwHandsetVolume = p->volume[0];
    s.dwHandsetGain = p->gain[0];
    s.dwSpeakerHookSwitchMode = p->hook[1];
    s.dwSpeakerVolume = p->volume[1];
    s.dwSpeakerGain = p->gain[1];
    s.dwHeadsetHookSwitchMode = p->hook[2];
    s.dwHeadsetVolume = p->volume[2];
    s.dwHeadsetGain = p->gain[2];
    s.dwPhoneFeatures = FEATURES;
    s.dwDevSpecificSize = s.dwDevSpecificOffset = 0;
    for (uint32_t i = 0; i < p->buttonc; i++)
        lampv[i] = p->buttonv[i].lamp;
    FILL_PART(&f, PHONESTATUS, dwDisplay, p->display, sizeof p->display);
    FILL_PART(&f, PHONESTATUS, dwLampModes, lampv, p->buttonc * (uint32_t)sizeof *lampv);
    fill_end(&f);
    tspi_exit();
    return 0;
}

/** @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALPHONEHANDLE, INVALBUTTONLAMPID. Thread: any.
 * Source: TSPI_phoneGetButtonInfo. */
LONG TSPIAPI TSPI_phoneGetButtonInfo(HDRVPHONE hdPhone, DWORD dwButtonLampID, LPPHONEBUTTONINFO lpButtonInfo)
{
    const struct session_phone_button *b;
    struct tspi_phone *phone;
    PHONEBUTTONINFO info;
    uint32_t units = 0;
    struct fill f;
    LONG result;

    if (!lpButtonInfo)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    if (dwButtonLampID >= phone->set->phone.buttonc)
        result = (LONG)PHONEERR_INVALBUTTONLAMPID;
    else if (fill_begin(&f, lpButtonInfo, TAPI_FIXED_PHONEBUTTONINFO(phone->version), &info, sizeof info))
        result = (LONG)PHONEERR_STRUCTURETOOSMALL;
    if (!result) {
        b = &phone->set->phone.buttonv[dwButtonLampID];
        info.dwButtonMode = b->mode;
        info.dwButtonFunction = b->function;
        info.dwButtonState = b->state;
        info.dwDevSpecificSize = info.dwDevSpecificOffset = 0;
        while (b->text[units])
            units++;
        FILL_PART(&f, PHONEBUTTONINFO, dwButtonText, b->text, (units + 1) * (uint32_t)sizeof *b->text);
        fill_end(&f);
    }
    tspi_exit();
    return result;
}

/* ---- single values ----------------------------------------------------------------------------------------------- */

/**
 * Copies at most `dwSize` bytes of a data area; the area behind what was set is zeros.
 * @return 0, INVALPOINTER, INVALPHONEHANDLE, INVALDATAID. Thread: any. Source: TSPI_phoneGetData.
 */
LONG TSPIAPI TSPI_phoneGetData(HDRVPHONE hdPhone, DWORD dwDataID, LPVOID lpData, DWORD dwSize)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lpData && dwSize)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    if (dwDataID >= SESSION_PHONE_AREAS)
        result = (LONG)PHONEERR_INVALDATAID;
    else if (dwSize)
        memcpy(lpData, phone->set->phone.areav[dwDataID].data,
               dwSize < SESSION_PHONE_AREA_MAX ? dwSize : SESSION_PHONE_AREA_MAX);
    tspi_exit();
    return result;
}

/* Fills a VARSTRING. */
static LONG fill_var(LPVARSTRING out, DWORD format, const void *data, uint32_t size)
{
    VARSTRING v;
    struct fill f;

    if (fill_begin(&f, out, sizeof v, &v, sizeof v))
        return (LONG)PHONEERR_STRUCTURETOOSMALL;
    v.dwStringFormat = format;
    FILL_PART(&f, VARSTRING, dwString, data, size);
    fill_end(&f);
    return 0;
}

/**
 * All cells of the display, row by row, without terminator.
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALPHONEHANDLE. Thread: any. Source: TSPI_phoneGetDisplay.
 */
LONG TSPIAPI TSPI_phoneGetDisplay(HDRVPHONE hdPhone, LPVARSTRING lpDisplay)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lpDisplay)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    result = fill_var(lpDisplay, STRINGFORMAT_UNICODE, phone->set->phone.display, sizeof phone->set->phone.display);
    tspi_exit();
    return result;
}

static LONG get_level(HDRVPHONE hd, DWORD dev, LPDWORD out, bool gain)
{
    struct tspi_phone *phone;
    int i = session_phone_dev(dev);
    LONG result;

    if (!out)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hd, &phone);
    if (result)
        return result;
    if (i < 0)
        result = (LONG)PHONEERR_INVALHOOKSWITCHDEV;
    else
        *out = gain ? phone->set->phone.gain[i] : phone->set->phone.volume[i];
    tspi_exit();
    return result;
}

/** @return 0, INVALPOINTER, INVALPHONEHANDLE, INVALHOOKSWITCHDEV. Thread: any. Source: TSPI_phoneGetGain. */
LONG TSPIAPI TSPI_phoneGetGain(HDRVPHONE hdPhone, DWORD dwHookSwitchDev, LPDWORD lpdwGain)
{
    return get_level(hdPhone, dwHookSwitchDev, lpdwGain, true);
}

/** As TSPI_phoneGetGain. Source: TSPI_phoneGetVolume. */
LONG TSPIAPI TSPI_phoneGetVolume(HDRVPHONE hdPhone, DWORD dwHookSwitchDev, LPDWORD lpdwVolume)
{
    return get_level(hdPhone, dwHookSwitchDev, lpdwVolume, false);
}

/** Devices off hook. @return 0, INVALPOINTER, INVALPHONEHANDLE. Thread: any. Source: TSPI_phoneGetHookSwitch. */
LONG TSPIAPI TSPI_phoneGetHookSwitch(HDRVPHONE hdPhone, LPDWORD lpdwHookSwitchDevs)
{
    struct tspi_phone *phone;
    DWORD devs = 0;
    LONG result;

    if (!lpdwHookSwitchDevs)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    for (int i = 0; i < SESSION_PHONE_DEVS; i++)
        devs |= phone->set->phone.hook[i] != SESSION_HOOK_ONHOOK ? 1u << i : 0;
    *lpdwHookSwitchDevs = devs;
    tspi_exit();
    return 0;
}

/** @return 0, INVALPOINTER, INVALPHONEHANDLE, INVALBUTTONLAMPID. Thread: any. Source: TSPI_phoneGetLamp. */
LONG TSPIAPI TSPI_phoneGetLamp(HDRVPHONE hdPhone, DWORD dwButtonLampID, LPDWORD lpdwLampMode)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lpdwLampMode)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    if (dwButtonLampID >= phone->set->phone.buttonc)
        result = (LONG)PHONEERR_INVALBUTTONLAMPID;
    else
        *lpdwLampMode = phone->set->phone.buttonv[dwButtonLampID].lamp;
    tspi_exit();
    return result;
}

/** @return 0, INVALPOINTER, INVALPHONEHANDLE. Thread: any. Source: TSPI_phoneGetRing. */
LONG TSPIAPI TSPI_phoneGetRing(HDRVPHONE hdPhone, LPDWORD lpdwRingMode, LPDWORD lpdwVolume)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lpdwRingMode || !lpdwVolume)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    *lpdwRingMode = phone->set->phone.ring_mode;
    *lpdwVolume = phone->set->phone.ring_volume;
    tspi_exit();
    return 0;
}

/* ---- ids and icons ----------------------------------------------------------------------------------------------- */

static bool is_class(LPCWSTR text, const char *name)
{
    size_t i = 0;

    do {
        WCHAR c = text[i];

        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c != (WCHAR)name[i])
            return false;
    } while (name[i++]);
    return true;
}

/**
 * The device id of the phone (class tapi/phone), or of the line that it belongs to (tapi/line).
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALPHONEHANDLE, INVALDEVICECLASS.
 * Thread: any. Source: TSPI_phoneGetID.
 */
LONG TSPIAPI TSPI_phoneGetID(HDRVPHONE hdPhone, LPVARSTRING lpDeviceID, LPCWSTR lpszDeviceClass, HANDLE hTargetProcess)
{
    struct tspi_phone *phone;
    DWORD device;
    LONG result;

    (void)hTargetProcess; /* no handle is given out */
    if (!lpDeviceID || !lpszDeviceClass)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone(hdPhone, &phone);
    if (result)
        return result;
    if (is_class(lpszDeviceClass, "tapi/phone"))
        device = phone->dev.id;
    else if (is_class(lpszDeviceClass, "tapi/line"))
        device = tspi.linev[phone->line].dev.id;
    else
        result = (LONG)PHONEERR_INVALDEVICECLASS;
    if (!result)
        result = fill_var(lpDeviceID, STRINGFORMAT_BINARY, &device, sizeof device);
    tspi_exit();
    return result;
}

/**
 * No icon of our own: TAPI shows a stock one for NULL.
 * @return 0, INVALPOINTER, NODRIVER, INVALDEVICECLASS (neither NULL, empty nor tapi/phone).
 * Thread: any. Source: TSPI_phoneGetIcon.
 */
LONG TSPIAPI TSPI_phoneGetIcon(DWORD dwDeviceID, LPCWSTR lpszDeviceClass, LPHICON lphIcon)
{
    struct tspi_phone *phone;
    LONG result;

    if (!lphIcon)
        return (LONG)PHONEERR_INVALPOINTER;
    result = tspi_enter_phone_device(dwDeviceID, &phone);
    if (result)
        return result;
    tspi_exit();
    if (lpszDeviceClass && *lpszDeviceClass && !is_class(lpszDeviceClass, "tapi/phone"))
        return (LONG)PHONEERR_INVALDEVICECLASS;
    *lphIcon = NULL;
    return 0;
}
