/* Digits, tones and media of calls: generated, gathered, monitored. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#include <stdlib.h>
#include <string.h>

#undef lineGatherDigits
#undef lineGenerateDigits

/* Arrays of this size are no arrays. */
enum { ENTRIES_MAX = 1 << 16 };

/**
 * Says what kind of media a call carries.
 * @param dwMediaModes  one LINEMEDIAMODE_, or several with UNKNOWN
 * @return 0, INVALMEDIAMODE, NOTOWNER, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineSetMediaMode.
 */
LONG WINAPI lineSetMediaMode(HCALL hCall, DWORD dwMediaModes)
{
    struct channel_call call = {.op = CHANNEL_CALL_MEDIA_MODE_SET, .arg = {hCall, dwMediaModes}};

    return client_call(&call);
}

/* ---- generated ---- */

static LONG generate(HCALL hCall, DWORD mode, DWORD duration, LONG text_rc, struct client_text *digits)
{
    struct channel_call call = {.op = CHANNEL_CALL_DIGITS_GENERATE, .arg = {hCall, mode, duration}};
    LONG rc = text_rc;

    call.in0 = digits->text;
    call.in0_len = digits->bytes;
    if (!rc)
        rc = client_call(&call);
    client_text_free(digits);
    return rc;
}

/**
 * Sends digits as sound into a call; LINE_GENERATE tells of the end.
 * @param lpszDigits  NULL: what is being generated is cut short
 * @param dwDuration  of a digit, ms; 0: the usual one
 * @return 0, INVALDIGITMODE, INVALCALLSTATE, NOTOWNER, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGenerateDigits.
 */
LONG WINAPI lineGenerateDigitsA(HCALL hCall, DWORD dwDigitMode, LPCSTR lpszDigits, DWORD dwDuration)
{
    struct client_text digits;
    LONG rc = client_text_a(&digits, lpszDigits, SIZE_MAX);

    return generate(hCall, dwDigitMode, dwDuration, rc, &digits);
}

LONG WINAPI lineGenerateDigits(HCALL hCall, DWORD dwDigitMode, LPCSTR lpszDigits, DWORD dwDuration)
{
    return lineGenerateDigitsA(hCall, dwDigitMode, lpszDigits, dwDuration);
}

LONG WINAPI lineGenerateDigitsW(HCALL hCall, DWORD dwDigitMode, LPCWSTR lpszDigits, DWORD dwDuration)
{
    struct client_text digits;
    LONG rc = client_text_w(&digits, lpszDigits, SIZE_MAX);

    return generate(hCall, dwDigitMode, dwDuration, rc, &digits);
}

/**
 * Sends a tone into a call; LINE_GENERATE tells of the end.
 * @param dwToneMode  LINETONEMODE_; 0: what is being generated is cut short
 * @param dwDuration  ms; 0: until something else is asked for
 * @param lpTones     LINETONEMODE_CUSTOM: dwNumTones of them
 * @return 0, INVALTONEMODE, INVALTONE, INVALPOINTER, INVALCALLSTATE, NOTOWNER, INVALCALLHANDLE, OPERATIONUNAVAIL,
 *     UNINITIALIZED.
 * Thread: any. Source: lineGenerateTone.
 */
LONG WINAPI lineGenerateTone(HCALL hCall, DWORD dwToneMode, DWORD dwDuration, DWORD dwNumTones,
                             LPLINEGENERATETONE const lpTones)
{
    struct channel_call call = {.op = CHANNEL_CALL_TONE_GENERATE, .arg = {hCall, dwToneMode, dwDuration}};

    if (dwToneMode == LINETONEMODE_CUSTOM) {
        if (!lpTones)
            return client_err(LINEERR_INVALPOINTER);
        if (!dwNumTones || dwNumTones > ENTRIES_MAX)
            return client_err(LINEERR_INVALTONE);
        call.arg[3] = dwNumTones;
        call.in0 = lpTones;
        call.in0_len = dwNumTones * (uint32_t)sizeof(*lpTones);
    }
    return client_call(&call);
}

/* ---- gathered ---- */

static LONG gather(HCALL hCall, const uint32_t args[4], void *digits, bool ansi, LONG text_rc,
                   struct client_text *termination)
{
    struct channel_call call = {
        .op = CHANNEL_CALL_DIGITS_GATHER,
        .arg = {hCall, 0, args[0], digits ? args[1] : 0, args[2], args[3]},
    };
    const struct client_result result = {.to = digits, .form = CLIENT_FORM_DIGITS, .ansi = ansi, .room = args[1]};
    LONG rc = text_rc;

    if (!rc && digits && !args[1])
        rc = client_err(LINEERR_INVALPARAM);
    call.in0 = termination->text;
    call.in0_len = termination->bytes;
    if (!rc)
        rc = digits ? client_gather(&call, &result) : client_call(&call);
    client_text_free(termination);
    return rc;
}

/**
 * Collects digits that come with a call, until LINE_GATHERDIGITS.
 * @param lpsDigits              takes them when that message is taken, and not after the call was given back or the
 *     line was closed; room for dwNumDigits, ended by 0 if fewer came. NULL: gathering is cut short
 * @param lpszTerminationDigits  each of them ends it; NULL: none does
 * @param dwFirstDigitTimeout, dwInterDigitTimeout  ms; 0: none
 * @return 0, INVALDIGITMODE, INVALDIGITS, INVALPARAM, INVALTIMEOUT, INVALCALLSTATE, NOTOWNER, INVALCALLHANDLE,
 *     OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGatherDigits.
 */
LONG WINAPI lineGatherDigitsA(HCALL hCall, DWORD dwDigitModes, LPSTR lpsDigits, DWORD dwNumDigits,
                              LPCSTR lpszTerminationDigits, DWORD dwFirstDigitTimeout, DWORD dwInterDigitTimeout)
{
    const uint32_t args[4] = {dwDigitModes, dwNumDigits, dwFirstDigitTimeout, dwInterDigitTimeout};
    struct client_text termination;
    LONG rc = client_text_a(&termination, lpszTerminationDigits, SIZE_MAX);

    return gather(hCall, args, lpsDigits, true, rc, &termination);
}

LONG WINAPI lineGatherDigits(HCALL hCall, DWORD dwDigitModes, LPSTR lpsDigits, DWORD dwNumDigits,
                             LPCSTR lpszTerminationDigits, DWORD dwFirstDigitTimeout, DWORD dwInterDigitTimeout)
{
    return lineGatherDigitsA(hCall, dwDigitModes, lpsDigits, dwNumDigits, lpszTerminationDigits, dwFirstDigitTimeout,
                             dwInterDigitTimeout);
}

LONG WINAPI lineGatherDigitsW(HCALL hCall, DWORD dwDigitModes, LPWSTR lpsDigits, DWORD dwNumDigits,
                              LPCWSTR lpszTerminationDigits, DWORD dwFirstDigitTimeout, DWORD dwInterDigitTimeout)
{
    const uint32_t args[4] = {dwDigitModes, dwNumDigits, dwFirstDigitTimeout, dwInterDigitTimeout};
    struct client_text termination;
    LONG rc = client_text_w(&termination, lpszTerminationDigits, SIZE_MAX);

    return gather(hCall, args, lpsDigits, false, rc, &termination);
}

/* ---- monitored ---- */

/**
 * Has LINE_MONITORDIGITS sent for digits of these kinds; owner or monitor.
 * @param dwDigitModes  LINEDIGITMODE_ bits; 0: no more
 * @return 0, INVALDIGITMODE, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineMonitorDigits.
 */
LONG WINAPI lineMonitorDigits(HCALL hCall, DWORD dwDigitModes)
{
    struct channel_call call = {.op = CHANNEL_CALL_DIGITS_MONITOR, .arg = {hCall, dwDigitModes}};

    return client_call(&call);
}

/**
 * Has LINE_MONITORMEDIA sent for media of these kinds; owner or monitor.
 * @param dwMediaModes  LINEMEDIAMODE_ bits; 0: no more
 * @return 0, INVALMEDIAMODE, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineMonitorMedia.
 */
LONG WINAPI lineMonitorMedia(HCALL hCall, DWORD dwMediaModes)
{
    struct channel_call call = {.op = CHANNEL_CALL_MEDIA_MONITOR, .arg = {hCall, dwMediaModes}};

    return client_call(&call);
}

/**
 * Has LINE_MONITORTONE sent for these tones; owner or monitor.
 * @param lpToneList  NULL: no more; dwNumEntries of them
 * @return 0, INVALTONE, INVALCALLSTATE, INVALCALLHANDLE, OPERATIONUNAVAIL, UNINITIALIZED.
 * Thread: any. Source: lineMonitorTones.
 */
LONG WINAPI lineMonitorTones(HCALL hCall, LPLINEMONITORTONE const lpToneList, DWORD dwNumEntries)
{
    struct channel_call call = {.op = CHANNEL_CALL_TONES_MONITOR, .arg = {hCall}};

    if (lpToneList && dwNumEntries > ENTRIES_MAX)
        return client_err(LINEERR_INVALTONE);
    if (lpToneList && dwNumEntries) {
        call.arg[1] = dwNumEntries;
        call.in0 = lpToneList;
        call.in0_len = dwNumEntries * (uint32_t)sizeof(*lpToneList);
    }
    return client_call(&call);
}

/* ---- acted upon ---- */

/**
 * Has the provider act by itself upon digits, media, tones and states. A list that is NULL triggers nothing more.
 * @param dwSelect  LINECALLSELECT_LINE, _ADDRESS (dwAddressID) or _CALL (hCall, of which the application is owner)
 * @return 0, INVALCALLSELECT, INVALADDRESSID, INVALCALLHANDLE, NOTOWNER, INVALDIGITLIST, INVALMEDIALIST,
 *     INVALTONELIST, INVALCALLSTATELIST, INVALLINEHANDLE, OPERATIONUNAVAIL, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineSetMediaControl.
 */
LONG WINAPI lineSetMediaControl(HLINE hLine, DWORD dwAddressID, HCALL hCall, DWORD dwSelect,
                                LPLINEMEDIACONTROLDIGIT const lpDigitList, DWORD dwDigitNumEntries,
                                LPLINEMEDIACONTROLMEDIA const lpMediaList, DWORD dwMediaNumEntries,
                                LPLINEMEDIACONTROLTONE const lpToneList, DWORD dwToneNumEntries,
                                LPLINEMEDIACONTROLCALLSTATE const lpCallStateList, DWORD dwCallStateNumEntries)
{
    const void *listv[4] = {lpDigitList, lpMediaList, lpToneList, lpCallStateList};
    const uint32_t sizev[4] = {sizeof(*lpDigitList), sizeof(*lpMediaList), sizeof(*lpToneList),
                               sizeof(*lpCallStateList)};
    uint32_t countv[4] = {dwDigitNumEntries, dwMediaNumEntries, dwToneNumEntries, dwCallStateNumEntries};
    static const uint32_t badv[4] = {LINEERR_INVALDIGITLIST, LINEERR_INVALMEDIALIST, LINEERR_INVALTONELIST,
                                     LINEERR_INVALCALLSTATELIST};
    struct channel_call call = {.op = CHANNEL_LINE_MEDIA_CONTROL, .arg = {hLine, dwAddressID, hCall, dwSelect}};
    unsigned char *block;
    uint32_t i, at = 0;
    LONG rc;

    for (i = 0; i < 4; i++) {
        if (!listv[i])
            countv[i] = 0;
        if (countv[i] > ENTRIES_MAX)
            return client_err(badv[i]);
        call.arg[4 + i] = countv[i];
        at += countv[i] * sizev[i];
    }
    block = malloc(at ? at : 1);
    if (!block)
        return client_err(LINEERR_NOMEM);
    for (i = 0, at = 0; i < 4; i++) {
        if (countv[i])
            memcpy(block + at, listv[i], (size_t)countv[i] * sizev[i]);
        at += countv[i] * sizev[i];
    }
    call.in0 = at ? block : NULL;
    call.in0_len = at;
    rc = client_call(&call);
    free(block);
    return rc;
}
