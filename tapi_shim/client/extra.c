/* Members of conferences, rings before an answer, what is behind a line. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <string.h>

#undef lineGetIcon
#undef lineGetID

/**
 * Handles of all calls of the conference that the call is or belongs to, itself first; those that are new are a
 * monitor's. If they do not all fit there are none of them, and dwNeededSize tells.
 * @return 0, NOCONFERENCE, STRUCTURETOOSMALL, INVALCALLHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetConfRelatedCalls.
 */
LONG WINAPI lineGetConfRelatedCalls(HCALL hCall, LPLINECALLLIST lpCallList)
{
    struct channel_call call = {.op = CHANNEL_CONF_CALLS, .arg = {hCall}};
    LONG rc = client_room(LAYOUT_LINECALLLIST, lpCallList, CLIENT_VERSION_HIGH);

    if (rc)
        return rc;
    call.arg[1] = (lpCallList->dwTotalSize - (uint32_t)sizeof(*lpCallList)) / (uint32_t)sizeof(HCALL);
    rc = client_call(&call);
    if (rc)
        return rc;
    if (call.out)
        return client_output(&call, LAYOUT_LINECALLLIST, lpCallList, CLIENT_VERSION_HIGH, false);
    lpCallList->dwNeededSize = (uint32_t)sizeof(*lpCallList) + call.ret[0] * (uint32_t)sizeof(HCALL);
    lpCallList->dwUsedSize = sizeof(*lpCallList);
    lpCallList->dwCallsNumEntries = lpCallList->dwCallsSize = lpCallList->dwCallsOffset = 0;
    return 0;
}

/**
 * Says how often calls of an address shall ring before they are answered by machine.
 * @return 0, INVALADDRESSID, INVALLINEHANDLE, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineSetNumRings.
 */
LONG WINAPI lineSetNumRings(HLINE hLine, DWORD dwAddressID, DWORD dwNumRings)
{
    struct channel_call call = {.op = CHANNEL_RINGS_SET, .arg = {hLine, dwAddressID, dwNumRings}};

    return client_call(&call);
}

/**
 * The least that any application has said so; 0xFFFFFFFF: none has.
 * @return 0, INVALADDRESSID, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED.
 * Thread: any. Source: lineGetNumRings.
 */
LONG WINAPI lineGetNumRings(HLINE hLine, DWORD dwAddressID, LPDWORD lpdwNumRings)
{
    struct channel_call call = {.op = CHANNEL_RINGS_GET, .arg = {hLine, dwAddressID}};
    LONG rc;

    if (!lpdwNumRings)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_call(&call);
    if (!rc)
        *lpdwNumRings = call.ret[0];
    return rc;
}

/* ---- the device of a line, by class ---- */

static bool is_tapi_line(const uint16_t *name)
{
    static const char want[] = "tapi/line";
    size_t i;

    for (i = 0; i < sizeof(want); i++)
        if ((name[i] | (name[i] >= 'A' && name[i] <= 'Z' ? 0x20 : 0)) != want[i])
            return false;
    return true;
}

/* "tapi/line" is answered here. */
static LONG line_number(HLINE line, HCALL hCall, DWORD select, VARSTRING *id)
{
    struct {
        VARSTRING head;
        uint32_t device;
    } answer;
    const struct client_line *found;
    LONG rc = 0;

    if (select == LINECALLSELECT_CALL)
        rc = client_call_line(hCall, &line);
    else if (select != LINECALLSELECT_LINE && select != LINECALLSELECT_ADDRESS)
        rc = client_err(LINEERR_INVALCALLSELECT);
    if (rc)
        return rc;
    memset(&answer, 0, sizeof(answer));
    platform_mutex_lock(&client.lock);
    found = client_line_find(line);
    if (found)
        answer.device = found->device;
    platform_mutex_unlock(&client.lock);
    if (!found)
        return client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
    answer.head.dwTotalSize = sizeof(answer);
    answer.head.dwStringFormat = STRINGFORMAT_BINARY;
    answer.head.dwStringSize = sizeof(answer.device);
    answer.head.dwStringOffset = sizeof(answer.head);
    return layout_convert(LAYOUT_VARSTRING, id, CLIENT_VERSION_HIGH, false, &answer, sizeof(answer),
                          CLIENT_VERSION_HIGH);
}

static LONG get_id(struct channel_call *call, VARSTRING *id, bool ansi, LONG text_rc, struct client_text *name)
{
    LONG rc = text_rc;

    call->op = CHANNEL_LINE_ID;
    call->in0 = name->text;
    call->in0_len = name->bytes;
    if (!rc)
        rc = client_room(LAYOUT_VARSTRING, id, CLIENT_VERSION_HIGH);
    if (!rc && is_tapi_line(name->text)) {
        rc = line_number(call->arg[0], call->arg[2], call->arg[3], id);
    } else if (!rc) {
        rc = client_call(call);
        if (!rc)
            rc = client_output(call, LAYOUT_VARSTRING, id, CLIENT_VERSION_HIGH, ansi);
    }
    client_text_free(name);
    return rc;
}

/**
 * What is behind a line for other interfaces; of the class "tapi/line" the number of the line, of others what the
 * provider says.
 * @param dwSelect  LINECALLSELECT_LINE or _ADDRESS: hLine counts; _CALL: hCall
 * @return 0, STRUCTURETOOSMALL, NODEVICE, OPERATIONUNAVAIL, INVALCALLSELECT, INVALADDRESSID, INVALLINEHANDLE,
 *     INVALCALLHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetID.
 */
LONG WINAPI lineGetIDA(HLINE hLine, DWORD dwAddressID, HCALL hCall, DWORD dwSelect, LPVARSTRING lpDeviceID,
                       LPCSTR lpszDeviceClass)
{
    struct channel_call call = {.arg = {hLine, dwAddressID, hCall, dwSelect}};
    struct client_text name;
    LONG rc;

    if (!lpDeviceID || !lpszDeviceClass)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&name, lpszDeviceClass, SIZE_MAX);
    return get_id(&call, lpDeviceID, true, rc, &name);
}

LONG WINAPI lineGetID(HLINE hLine, DWORD dwAddressID, HCALL hCall, DWORD dwSelect, LPVARSTRING lpDeviceID,
                      LPCSTR lpszDeviceClass)
{
    return lineGetIDA(hLine, dwAddressID, hCall, dwSelect, lpDeviceID, lpszDeviceClass);
}

LONG WINAPI lineGetIDW(HLINE hLine, DWORD dwAddressID, HCALL hCall, DWORD dwSelect, LPVARSTRING lpDeviceID,
                       LPCWSTR lpszDeviceClass)
{
    struct channel_call call = {.arg = {hLine, dwAddressID, hCall, dwSelect}};
    struct client_text name;
    LONG rc;

    if (!lpDeviceID || !lpszDeviceClass)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&name, lpszDeviceClass, SIZE_MAX);
    return get_id(&call, lpDeviceID, false, rc, &name);
}

/* ---- icon ---- */

static LONG get_icon(DWORD device, LPHICON out, LONG text_rc, struct client_text *name)
{
    struct channel_call call = {.op = CHANNEL_DEV_ICON, .arg = {device}};
    uint64_t value;
    LONG rc = text_rc;

    call.in0 = name->text;
    call.in0_len = name->bytes;
    if (!rc)
        rc = client_call(&call);
    client_text_free(name);
    value = call.ret[0] | (uint64_t)call.ret[1] << 32;
    /* Without one of its own the provider leaves it to us to have one, and we have none. */
    if (!rc && !value)
        rc = client_err(LINEERR_OPERATIONUNAVAIL);
    if (!rc)
        *out = (HICON)(uintptr_t)value;
    return rc;
}

/**
 * The icon of a line device, which stays the provider's.
 * @param lpszDeviceClass  NULL: that of the line itself
 * @return 0, OPERATIONUNAVAIL (it has none), INVALDEVICECLASS, BADDEVICEID, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetIcon.
 */
LONG WINAPI lineGetIconA(DWORD dwDeviceID, LPCSTR lpszDeviceClass, LPHICON lphIcon)
{
    struct client_text name;
    LONG rc;

    if (!lphIcon)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&name, lpszDeviceClass, SIZE_MAX);
    return get_icon(dwDeviceID, lphIcon, rc, &name);
}

LONG WINAPI lineGetIcon(DWORD dwDeviceID, LPCSTR lpszDeviceClass, LPHICON lphIcon)
{
    return lineGetIconA(dwDeviceID, lpszDeviceClass, lphIcon);
}

LONG WINAPI lineGetIconW(DWORD dwDeviceID, LPCWSTR lpszDeviceClass, LPHICON lphIcon)
{
    struct client_text name;
    LONG rc;

    if (!lphIcon)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&name, lpszDeviceClass, SIZE_MAX);
    return get_icon(dwDeviceID, lphIcon, rc, &name);
}
