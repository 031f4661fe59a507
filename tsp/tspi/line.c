/* TSPI functions on lines and addresses. SPDX-License-Identifier: MIT */
#include "tsp/tspi/fill.h"
#include "tsp/tspi/phone.h"
#include "tsp/tspi/state.h"

#include <string.h>

/* ---- versions ---------------------------------------------------------------------------------------------------- */

/**
 * The highest version both sides know, 1.3 to 2.2. `dwDeviceID` may be INITIALIZE_NEGOTIATION, before
 * TSPI_providerInit.
 * @return 0, INVALPOINTER, NODRIVER (no such device), INCOMPATIBLEAPIVERSION (nothing in common).
 * Thread: any. Source: TSPI_lineNegotiateTSPIVersion.
 */
LONG TSPIAPI TSPI_lineNegotiateTSPIVersion(DWORD dwDeviceID, DWORD dwLowVersion, DWORD dwHighVersion,
                                           LPDWORD lpdwTSPIVersion)
{
    DWORD version = tspi_version_of(dwLowVersion, dwHighVersion);
    uint32_t line;

    if (!lpdwTSPIVersion)
        return (LONG)LINEERR_INVALPOINTER;
    if (dwDeviceID != (DWORD)INITIALIZE_NEGOTIATION) {
        LONG err = tspi_enter_device(dwDeviceID, &line);

        if (err)
            return err;
        tspi_exit();
    }
    if (!version)
        return (LONG)LINEERR_INCOMPATIBLEAPIVERSION;
    *lpdwTSPIVersion = version;
    return 0;
}

/* ---- open and close ---------------------------------------------------------------------------------------------- */

/**
 * Opens a line under a version, for all applications. No status event and no call is reported until asked for.
 * @return 0, INVALPOINTER, NODRIVER, INCOMPATIBLEAPIVERSION, ALLOCATED (it is open).
 * Thread: any. Source: TSPI_lineOpen.
 */
LONG TSPIAPI TSPI_lineOpen(DWORD dwDeviceID, HTAPILINE htLine, LPHDRVLINE lphdLine, DWORD dwTSPIVersion,
                           LINEEVENT lpfnEventProc)
{
    struct session_in in = {.type = SESSION_IN_LINE_OPEN};
    struct tspi_line *line;
    enum session_err err;
    LONG result;

    if (!lphdLine || !lpfnEventProc)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_device(dwDeviceID, &in.u.line);
    if (result)
        return result;
    line = &tspi.linev[in.u.line];
    if (!tspi_version_known(dwTSPIVersion)) {
        tspi_exit();
        return (LONG)LINEERR_INCOMPATIBLEAPIVERSION;
    }
    if (line->open || line->closing) {
        tspi_exit();
        return (LONG)LINEERR_ALLOCATED;
    }
    err = tspi_step(&in, NULL);
    if (!err) {
        line->ht = htLine;
        line->event = lpfnEventProc;
        line->version = dwTSPIVersion;
        line->hub_tracking = LINECALLHUBTRACKING_NONE;
        line->ext = 0;
        line->generation++;
        line->open = true;
        *lphdLine = tspi_line_handle(in.u.line);
    }
    tspi_leave();
    return tspi_error(err);
}

/**
 * Closes a line. Pending requests are completed with OPERATIONFAILED before the return, calls are dropped (CLOSEDROP is
 * announced) and their handles void; no event of the line or its calls comes after the return.
 * @return 0, INVALLINEHANDLE.
 * Thread: any; it waits for a callback on the line that runs on another thread. Source: TSPI_lineClose.
 */
LONG TSPIAPI TSPI_lineClose(HDRVLINE hdLine)
{
    struct session_in in = {.type = SESSION_IN_LINE_CLOSE};
    struct queue_match m = {0, 0};
    uint16_t generation;
    LONG result = tspi_enter_line(hdLine, &in.u.line);

    if (result)
        return result;
    m.line = in.u.line;
    generation = tspi.linev[m.line].generation;
    tspi.linev[m.line].open = false;
    tspi.linev[m.line].closing = true;
    (void)tspi_step(&in, NULL);
    tspi_phone_check(m.line);
    tspi_leave_ended(&m);
    platform_mutex_lock(&tspi.lock);
    if (tspi.linev && m.line < tspi.linec && tspi.linev[m.line].generation == generation)
        tspi.linev[m.line].closing = false;
    platform_mutex_unlock(&tspi.lock);
    return 0;
}

/* ---- what is wanted ---------------------------------------------------------------------------------------------- */

/**
 * Which changes of line and addresses are to be reported. Those that are never produced are accepted.
 * @return 0, INVALLINEHANDLE, INVALLINESTATE, INVALADDRESSSTATE (bits that do not exist).
 * Thread: any. Source: TSPI_lineSetStatusMessages.
 */
LONG TSPIAPI TSPI_lineSetStatusMessages(HDRVLINE hdLine, DWORD dwLineStates, DWORD dwAddressStates)
{
    enum { LINE_STATES = 0x01FFFFFF, ADDRESS_STATES = 0x000001FF };
    struct session_in in = {.type = SESSION_IN_LINE_MASK};
    LONG result = tspi_enter_line(hdLine, &in.u.mask.line);

    if (result)
        return result;
    if (dwLineStates & ~(DWORD)LINE_STATES || dwAddressStates & ~(DWORD)ADDRESS_STATES) {
        tspi_exit();
        return (LONG)(dwLineStates & ~(DWORD)LINE_STATES ? LINEERR_INVALLINESTATE : LINEERR_INVALADDRESSSTATE);
    }
    in.u.mask.which = SESSION_MASK_STATES;
    in.u.mask.line_states = dwLineStates;
    in.u.mask.address_states = dwAddressStates;
    result = tspi_error(tspi_step(&in, NULL));
    tspi_leave();
    return result;
}

/**
 * Which media types of incoming calls are to be reported; 0: none. Calls that waited are offered now. The types that a
 * line can have are told with each call, so there is nothing more to be monitored on it from the beginning.
 * @return 0, INVALLINEHANDLE, INVALMEDIAMODE (a type that the line does not have).
 * Thread: any. Source: TSPI_lineSetDefaultMediaDetection.
 */
LONG TSPIAPI TSPI_lineSetDefaultMediaDetection(HDRVLINE hdLine, DWORD dwMediaModes)
{
    struct session_in in = {.type = SESSION_IN_LINE_MASK};
    LONG result = tspi_enter_line(hdLine, &in.u.mask.line);

    if (result)
        return result;
    /* UNKNOWN asks for calls whose type is not known yet: there are none */
    if (dwMediaModes & ~(DWORD)(tspi.conf->linev[in.u.mask.line].media_modes | LINEMEDIAMODE_UNKNOWN)) {
        tspi_exit();
        return (LONG)LINEERR_INVALMEDIAMODE;
    }
    in.u.mask.which = SESSION_MASK_MEDIA;
    in.u.mask.media_modes = dwMediaModes;
    result = tspi_error(tspi_step(&in, NULL));
    tspi_leave();
    return result;
}

static bool is_free(uint32_t line)
{
    for (uint32_t id = session_first(tspi.core, line); id; id = session_after(tspi.core, id))
        if (session_get(tspi.core, id)->state != SESSION_IDLE)
            return false;
    return true;
}

/**
 * Whether a call with these parameters could be made now, from any address unless one is named by its number, and these
 * media types be monitored. Nothing is changed; what the page does not name of the parameters does not matter.
 * @return 0, INVALLINEHANDLE, INVALMEDIAMODE (a type that the line does not have, here or in the parameters),
 *         RESOURCEUNAVAIL (no call can be made now), OPERATIONUNAVAIL (never one with these parameters).
 * Thread: any. Source: TSPI_lineConditionalMediaDetection.
 */
LONG TSPIAPI TSPI_lineConditionalMediaDetection(HDRVLINE hdLine, DWORD dwMediaModes,
                                                LPLINECALLPARAMS const lpCallParams)
{
    struct session_req req = {.op = SESSION_OP_MAKE};
    bool any = true, now = false;
    uint32_t line;
    LONG result = tspi_enter_line(hdLine, &line);

    if (result)
        return result;
    if (dwMediaModes & ~(DWORD)(tspi.conf->linev[line].media_modes | LINEMEDIAMODE_UNKNOWN))
        result = (LONG)LINEERR_INVALMEDIAMODE;
    else
        result = tspi_params_test(lpCallParams, line, &req, &any);
    if (result && result != (LONG)LINEERR_INVALMEDIAMODE)
        result = (LONG)LINEERR_OPERATIONUNAVAIL;
    for (uint32_t i = 0; i < session_address_count(tspi.core, line) && !now; i++)
        now = (any || i == req.address) &&
              session_address_features(tspi.core, line, i, false) & LINEADDRFEATURE_MAKECALL;
    if (!result && (!now || (req.only_idle && !is_free(line))))
        result = (LONG)LINEERR_RESOURCEUNAVAIL;
    tspi_exit();
    return result;
}

/* ---- addresses and ids ------------------------------------------------------------------------------------------- */

/** @return 0, INVALPOINTER, INVALLINEHANDLE. Thread: any. Source: TSPI_lineGetNumAddressIDs. */
LONG TSPIAPI TSPI_lineGetNumAddressIDs(HDRVLINE hdLine, LPDWORD lpdwNumAddressIDs)
{
    uint32_t line;
    LONG result;

    if (!lpdwNumAddressIDs)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_line(hdLine, &line);
    if (result)
        return result;
    *lpdwNumAddressIDs = session_address_count(tspi.core, line);
    tspi_exit();
    return 0;
}

/**
 * The id of an address given as a number to dial. `dwSize` counts units, with the terminator.
 * @return 0, INVALPOINTER, INVALLINEHANDLE, INVALADDRESSMODE (not DIALABLEADDR), INVALADDRESS (not of this line).
 * Thread: any. Source: TSPI_lineGetAddressID.
 */
LONG TSPIAPI TSPI_lineGetAddressID(HDRVLINE hdLine, LPDWORD lpdwAddressID, DWORD dwAddressMode, LPCWSTR lpsAddress,
                                   DWORD dwSize)
{
    struct tspi_text text;
    struct session_dial dial;
    uint32_t line;
    LONG result;

    if (!lpdwAddressID || !lpsAddress)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_line(hdLine, &line);
    if (result)
        return result;
    if (dwAddressMode != LINEADDRESSMODE_DIALABLEADDR) {
        result = (LONG)LINEERR_INVALADDRESSMODE;
        goto out;
    }
    result = (LONG)LINEERR_INVALADDRESS;
    if (!tspi_text_from(&text, lpsAddress, dwSize) || session_dial_parse(text.text, text.len, &dial))
        goto out;
    for (uint32_t i = 0; dial.number[0] && i < session_address_count(tspi.core, line); i++) {
        if (!strcmp(session_party_number(session_address_party(tspi.core, line, i)), dial.number)) {
            *lpdwAddressID = i;
            result = 0;
            break;
        }
    }
out:
    tspi_exit();
    return result;
}

/* Whether a device class is this one. NULL is not. */
static bool is_class(LPCWSTR text, const char *name)
{
    size_t size = strlen(name) + 1, i = 0;

    if (!text)
        return false;
    for (; i < size; i++) {
        WCHAR c = text[i];

        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c != (WCHAR)name[i])
            return false;
    }
    return true;
}

static bool is_tapi_line(LPCWSTR text)
{
    return is_class(text, "tapi/line");
}

/* Fills a VARSTRING with bytes. */
static LONG fill_binary(LPVARSTRING out, const void *data, uint32_t size)
{
    VARSTRING v;
    struct fill f;
    LONG result = fill_begin(&f, out, sizeof v, &v, sizeof v);

    if (result)
        return result;
    v.dwStringFormat = STRINGFORMAT_BINARY;
    FILL_PART(&f, VARSTRING, dwString, data, size);
    fill_end(&f);
    return 0;
}

/**
 * The device id of a line, as class tapi/line, or of its phone (tapi/phone). There are no devices of other classes: media
 * is not in reach of the host.
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALCALLSELECT, INVALLINEHANDLE, INVALADDRESSID, INVALCALLHANDLE,
 * NODEVICE. Thread: any. Source: TSPI_lineGetID.
 */
LONG TSPIAPI TSPI_lineGetID(HDRVLINE hdLine, DWORD dwAddressID, HDRVCALL hdCall, DWORD dwSelect, LPVARSTRING lpDeviceID,
                            LPCWSTR lpszDeviceClass, HANDLE hTargetProcess)
{
    uint32_t line, session;
    DWORD device;
    LONG result;

    (void)hTargetProcess; /* no handle is given out */
    if (!lpDeviceID || !lpszDeviceClass)
        return (LONG)LINEERR_INVALPOINTER;
    if (dwSelect == LINECALLSELECT_CALL) {
        const struct session_info *info;

        result = tspi_enter_call(hdCall, &session);
        if (result)
            return result;
        info = session_get(tspi.core, session);
        if (!info) {
            tspi_exit();
            return (LONG)LINEERR_INVALCALLHANDLE;
        }
        line = info->line;
    } else if (dwSelect == LINECALLSELECT_LINE || dwSelect == LINECALLSELECT_ADDRESS) {
        result = tspi_enter_line(hdLine, &line);
        if (result)
            return result;
        if (dwSelect == LINECALLSELECT_ADDRESS && dwAddressID >= session_address_count(tspi.core, line)) {
            tspi_exit();
            return (LONG)LINEERR_INVALADDRESSID;
        }
    } else {
        return (LONG)LINEERR_INVALCALLSELECT;
    }
    device = tspi.linev[line].dev.id;
    if (!is_tapi_line(lpszDeviceClass) &&
        !(is_class(lpszDeviceClass, "tapi/phone") && tspi_phone_of_line(line, &device)))
        result = (LONG)LINEERR_NODEVICE;
    tspi_exit();
    if (result)
        return result;
    return fill_binary(lpDeviceID, &device, sizeof device);
}

/**
 * No icon of our own: TAPI shows a stock one for NULL.
 * @return 0, INVALPOINTER, NODRIVER, INVALDEVICECLASS (neither NULL, empty nor tapi/line).
 * Thread: any. Source: TSPI_lineGetIcon.
 */
LONG TSPIAPI TSPI_lineGetIcon(DWORD dwDeviceID, LPCWSTR lpszDeviceClass, LPHICON lphIcon)
{
    uint32_t line;
    LONG result;

    if (!lphIcon)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_device(dwDeviceID, &line);
    if (result)
        return result;
    tspi_exit();
    if (lpszDeviceClass && *lpszDeviceClass && !is_tapi_line(lpszDeviceClass))
        return (LONG)LINEERR_INVALDEVICECLASS;
    *lphIcon = NULL;
    return 0;
}

/* ---- device configuration ---------------------------------------------------------------------------------------- */

/* What an application may keep and give back. A line has nothing that it could set here, so this only says whose it is;
 * explicit bytes, because it may come back on another machine. */
enum { BLOB_SIZE = 12 };

static void make_blob(uint32_t line, unsigned char blob[BLOB_SIZE])
{
    uint32_t id = tspi.conf->linev[line].permanent_id, sum = 0;

    memcpy(blob, "STSP", 4);
    for (int i = 0; i < 4; i++)
        blob[4 + i] = (unsigned char)(id >> (8 * i));
    for (int i = 0; i < 8; i++)
        sum = sum * 31 + blob[i];
    for (int i = 0; i < 4; i++)
        blob[8 + i] = (unsigned char)(sum >> (8 * i));
}

static bool class_ok(LPCWSTR device_class)
{
    return !device_class || !*device_class || is_tapi_line(device_class);
}

/**
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, NODRIVER, INVALDEVICECLASS.
 * Thread: any. Source: TSPI_lineGetDevConfig.
 */
LONG TSPIAPI TSPI_lineGetDevConfig(DWORD dwDeviceID, LPVARSTRING lpDeviceConfig, LPCWSTR lpszDeviceClass)
{
    unsigned char blob[BLOB_SIZE];
    uint32_t line;
    LONG result;

    if (!lpDeviceConfig)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_device(dwDeviceID, &line);
    if (result)
        return result;
    make_blob(line, blob);
    tspi_exit();
    if (!class_ok(lpszDeviceClass))
        return (LONG)LINEERR_INVALDEVICECLASS;
    return fill_binary(lpDeviceConfig, blob, sizeof blob);
}

/**
 * Takes back what TSPI_lineGetDevConfig gave for the same line.
 * @return 0, INVALPOINTER, INVALPARAM (anything else), NODRIVER, INVALDEVICECLASS.
 * Thread: any. Source: TSPI_lineSetDevConfig.
 */
LONG TSPIAPI TSPI_lineSetDevConfig(DWORD dwDeviceID, LPVOID const lpDeviceConfig, DWORD dwSize, LPCWSTR lpszDeviceClass)
{
    unsigned char blob[BLOB_SIZE];
    uint32_t line;
    LONG result;

    if (!lpDeviceConfig)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_device(dwDeviceID, &line);
    if (result)
        return result;
    make_blob(line, blob);
    tspi_exit();
    if (!class_ok(lpszDeviceClass))
        return (LONG)LINEERR_INVALDEVICECLASS;
    return dwSize == sizeof blob && !memcmp(lpDeviceConfig, blob, sizeof blob) ? 0 : (LONG)LINEERR_INVALPARAM;
}
