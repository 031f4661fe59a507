/* Lines: opened, closed, and what is asked of them. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

#undef lineGetAddressID
#undef lineGetAddressStatus
#undef lineGetLineDevStatus
#undef lineOpen

struct client_line *client_line_find(HLINE handle)
{
    struct client_line *line = client_map_find(&client.handles, handle);

    return line && !line->phone ? line : NULL;
}

struct client_line *client_line_by_cookie(uint64_t cookie)
{
    return cookie ? client_map_find(&client.lines, cookie) : NULL;
}

void client_line_remove(struct client_line *line)
{
    client_request_forget(line->cookie, NULL);
    (void)client_map_remove(&client.lines, line->cookie);
    if (line->handle && !line->unlisted)
        (void)client_map_remove(&client.handles, line->handle);
    if (!line->phone && line->version < 0x00020000)
        client.old_lines--;
    *line->link = line->next;
    if (line->next)
        line->next->link = line->link;
    free(line);
}

uint32_t client_line_version(HLINE handle)
{
    const struct client_line *line;
    uint32_t version;

    platform_mutex_lock(&client.lock);
    line = client_line_find(handle);
    version = line ? line->version : 0;
    platform_mutex_unlock(&client.lock);
    return version;
}

static LONG no_line(void)
{
    return client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
}

/* ---- open and close ---- */

LONG client_line_prepare(uint32_t app_handle, bool phone, uint32_t version, DWORD_PTR instance, uint64_t *cookie)
{
    struct client_map *apps = phone ? &client.phones : &client.apps;
    struct client_line *line = calloc(1, sizeof(*line));
    struct client_app *app;
    LONG rc = 0;

    if (!line)
        return client_err(LINEERR_NOMEM);
    platform_mutex_lock(&client.lock);
    app = client_map_find(apps, app_handle);
    if (!app) {
        rc = client_err(client.conn && (!phone || apps->count) ? LINEERR_INVALAPPHANDLE : LINEERR_UNINITIALIZED);
    } else if (!client_version_known(version) || version > app->version) {
        rc = client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    } else {
        line->cookie = ++client.last_cookie;
        if (!client_map_add(&client.lines, line->cookie, line))
            rc = client_err(LINEERR_NOMEM);
    }
    if (!rc) {
        line->phone = phone;
        line->version = version;
        line->instance = instance;
        line->app = app;
        line->next = app->lines;
        line->link = &app->lines;
        if (line->next)
            line->next->link = &line->next;
        app->lines = line;
        if (!phone && version < 0x00020000)
            client.old_lines++;
        *cookie = line->cookie;
    }
    platform_mutex_unlock(&client.lock);
    if (rc)
        free(line);
    return rc;
}

LONG client_line_opened(uint64_t cookie, LONG rc, uint32_t handle, uint32_t device, DWORD *out, bool *undo)
{
    struct client_line *line;

    platform_mutex_lock(&client.lock);
    line = client_line_by_cookie(cookie);
    if (!rc && !line)
        rc = client_err(LINEERR_INVALAPPHANDLE); /* the application was shut down meanwhile */
    if (!rc && !client_map_add(&client.handles, handle, line))
        rc = client_err(LINEERR_NOMEM);
    if (!rc) {
        line->handle = handle;
        line->device = device;
        *out = line->handle;
        client_deliver(line->app);
    } else if (line) {
        client_line_remove(line);
    }
    platform_mutex_unlock(&client.lock);
    *undo = rc == client_err(LINEERR_NOMEM) && handle;
    return rc;
}

static LONG line_open(HLINEAPP app, DWORD device, LPHLINE lphLine, DWORD version, DWORD ext, DWORD_PTR instance,
                      DWORD privileges, DWORD media_modes, const LINECALLPARAMS *params, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_LINE_OPEN};
    void *in = NULL;
    uint32_t in_len = 0;
    uint64_t cookie = 0;
    bool undo;
    LONG rc;

    if (!lphLine)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_line_prepare(app, false, version, instance, &cookie);
    if (rc)
        return rc;
    /* Otherwise the parameters are ignored, whatever they are. */
    if (params && (device == LINEMAPPER || (privileges & (LINEOPENOPTION_SINGLEADDRESS | LINEOPENOPTION_PROXY)))) {
        rc = layout_import(LAYOUT_LINECALLPARAMS, &in, &in_len, params, version, ansi);
        if (rc == client_err(LINEERR_INVALPARAM))
            rc = client_err(LINEERR_INVALCALLPARAMS);
    } else if (device == LINEMAPPER) {
        rc = client_err(LINEERR_INVALPOINTER);
    }
    if (!rc) {
        const uint32_t args[] = {app,        device,      version,          ext,
                                 privileges, media_modes, (uint32_t)cookie, (uint32_t)(cookie >> 32)};

        memcpy(call.arg, args, sizeof(args));
        call.in0 = in;
        call.in0_len = in_len;
        rc = client_call(&call);
    }
    free(in);

    rc = client_line_opened(cookie, rc, call.ret[0], call.ret[1], lphLine, &undo);
    if (undo) {
        struct channel_call close = {.op = CHANNEL_LINE_CLOSE, .arg = {call.ret[0]}};

        (void)client_call(&close);
    }
    return rc;
}

/**
 * Opens a line.
 * @param dwDeviceID          its number, or LINEMAPPER: one that can do what lpCallParams says
 * @param lphLine             gets the handle; no message of the line comes before
 * @param dwAPIVersion        as negotiated: how structures and messages of this handle look
 * @param dwExtVersion        as negotiated, 0: none
 * @param dwCallbackInstance  comes with each message
 * @param dwPrivileges        LINECALLPRIVILEGE_ and LINEOPENOPTION_ bits
 * @param dwMediaModes        with OWNER: of which calls
 * @param lpCallParams        for LINEMAPPER, SINGLEADDRESS and PROXY, else not looked at
 * @return 0, BADDEVICEID, INCOMPATIBLEAPIVERSION, INVALPRIVSELECT, INVALMEDIAMODE, INVALPOINTER, INVALCALLPARAMS,
 *     STRUCTURETOOSMALL, LINEMAPPERFAILED, ALLOCATED, RESOURCEUNAVAIL, REINIT, INVALAPPHANDLE, UNINITIALIZED,
 *     NOMEM.
 * Thread: any. Source: lineOpen.
 */
LONG WINAPI lineOpenA(HLINEAPP hLineApp, DWORD dwDeviceID, LPHLINE lphLine, DWORD dwAPIVersion, DWORD dwExtVersion,
                      DWORD_PTR dwCallbackInstance, DWORD dwPrivileges, DWORD dwMediaModes,
                      LPLINECALLPARAMS const lpCallParams)
{
    return line_open(hLineApp, dwDeviceID, lphLine, dwAPIVersion, dwExtVersion, dwCallbackInstance, dwPrivileges,
                     dwMediaModes, lpCallParams, true);
}

LONG WINAPI lineOpen(HLINEAPP hLineApp, DWORD dwDeviceID, LPHLINE lphLine, DWORD dwAPIVersion, DWORD dwExtVersion,
                     DWORD_PTR dwCallbackInstance, DWORD dwPrivileges, DWORD dwMediaModes,
                     LPLINECALLPARAMS const lpCallParams)
{
    return line_open(hLineApp, dwDeviceID, lphLine, dwAPIVersion, dwExtVersion, dwCallbackInstance, dwPrivileges,
                     dwMediaModes, lpCallParams, true);
}

LONG WINAPI lineOpenW(HLINEAPP hLineApp, DWORD dwDeviceID, LPHLINE lphLine, DWORD dwAPIVersion, DWORD dwExtVersion,
                      DWORD_PTR dwCallbackInstance, DWORD dwPrivileges, DWORD dwMediaModes,
                      LPLINECALLPARAMS const lpCallParams)
{
    return line_open(hLineApp, dwDeviceID, lphLine, dwAPIVersion, dwExtVersion, dwCallbackInstance, dwPrivileges,
                     dwMediaModes, lpCallParams, false);
}

/**
 * Closes a line. From its beginning no message and no reply of the line leaves any more, and no handle of a call
 * is written; a callback that runs on another thread already is not waited for.
 * @return 0, INVALLINEHANDLE, UNINITIALIZED.
 * Thread: any. Source: lineClose.
 */
LONG WINAPI lineClose(HLINE hLine)
{
    struct channel_call call = {.op = CHANNEL_LINE_CLOSE, .arg = {hLine}};
    struct client_line *line;
    struct client_conn *conn;
    LONG rc;

    platform_mutex_lock(&client.lock);
    conn = client.conn;
    if (conn)
        conn->refs++;
    line = client_line_find(hLine);
    /* From here on none of its messages and replies reaches the application, which may free what its instance is. */
    if (line) {
        struct client_app *app = line->app;

        client_line_remove(line);
        client_deliver(app);
    }
    platform_mutex_unlock(&client.lock);
    if (!conn)
        return client_err(LINEERR_UNINITIALIZED);
    rc = line ? client_conn_call(conn, &call) : client_err(LINEERR_INVALLINEHANDLE);
    client_conn_put(conn);
    return rc;
}

/* ---- status ---- */

static LONG line_status(HLINE hLine, LINEDEVSTATUS *status, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_LINE_STATUS, .arg = {hLine}};

    return client_structure(&call, LAYOUT_LINEDEVSTATUS, status, client_line_version(hLine), ansi, no_line);
}

/**
 * What the line does now.
 * @return 0, STRUCTURETOOSMALL, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetLineDevStatus.
 */
LONG WINAPI lineGetLineDevStatus(HLINE hLine, LPLINEDEVSTATUS lpLineDevStatus)
{
    return line_status(hLine, lpLineDevStatus, true);
}

LONG WINAPI lineGetLineDevStatusA(HLINE hLine, LPLINEDEVSTATUS lpLineDevStatus)
{
    return line_status(hLine, lpLineDevStatus, true);
}

LONG WINAPI lineGetLineDevStatusW(HLINE hLine, LPLINEDEVSTATUS lpLineDevStatus)
{
    return line_status(hLine, lpLineDevStatus, false);
}

static LONG address_status(HLINE hLine, DWORD address, LINEADDRESSSTATUS *status, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_ADDRESS_STATUS, .arg = {hLine, address}};

    return client_structure(&call, LAYOUT_LINEADDRESSSTATUS, status, client_line_version(hLine), ansi, no_line);
}

/**
 * What an address of the line does now.
 * @return 0, STRUCTURETOOSMALL, INVALADDRESSID, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetAddressStatus.
 */
LONG WINAPI lineGetAddressStatus(HLINE hLine, DWORD dwAddressID, LPLINEADDRESSSTATUS lpAddressStatus)
{
    return address_status(hLine, dwAddressID, lpAddressStatus, true);
}

LONG WINAPI lineGetAddressStatusA(HLINE hLine, DWORD dwAddressID, LPLINEADDRESSSTATUS lpAddressStatus)
{
    return address_status(hLine, dwAddressID, lpAddressStatus, true);
}

LONG WINAPI lineGetAddressStatusW(HLINE hLine, DWORD dwAddressID, LPLINEADDRESSSTATUS lpAddressStatus)
{
    return address_status(hLine, dwAddressID, lpAddressStatus, false);
}

/**
 * Of which changes this handle hears.
 * @return 0, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED.
 * Thread: any. Source: lineGetStatusMessages.
 */
LONG WINAPI lineGetStatusMessages(HLINE hLine, LPDWORD lpdwLineStates, LPDWORD lpdwAddressStates)
{
    struct channel_call call = {.op = CHANNEL_STATUS_GET, .arg = {hLine}};
    LONG rc;

    if (!lpdwLineStates || !lpdwAddressStates)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_call(&call);
    if (!rc) {
        *lpdwLineStates = call.ret[0];
        *lpdwAddressStates = call.ret[1];
    }
    return rc;
}

/**
 * Says of which changes this handle is to hear; at first of none.
 * @return 0, INVALLINESTATE, INVALADDRESSSTATE, INVALLINEHANDLE, UNINITIALIZED.
 * Thread: any. Source: lineSetStatusMessages.
 */
LONG WINAPI lineSetStatusMessages(HLINE hLine, DWORD dwLineStates, DWORD dwAddressStates)
{
    struct channel_call call = {.op = CHANNEL_STATUS_SET, .arg = {hLine, dwLineStates, dwAddressStates}};

    return client_call(&call);
}

/* ---- addresses ---- */

static LONG address_id(HLINE hLine, LPDWORD id, DWORD mode, LONG text_rc, struct client_text *address)
{
    struct channel_call call = {.op = CHANNEL_ADDRESS_ID, .arg = {hLine, mode}};
    LONG rc = text_rc;

    call.in0 = address->text;
    call.in0_len = address->bytes;
    if (!rc)
        rc = client_call(&call);
    client_text_free(address);
    if (!rc)
        *id = call.ret[0];
    return rc;
}

/**
 * Which address of the line has this number.
 * @param dwAddressMode  LINEADDRESSMODE_DIALABLEADDR
 * @param dwSize         bytes at lpsAddress; the text may end before
 * @return 0, INVALADDRESS, INVALADDRESSMODE, INVALLINEHANDLE, INVALPOINTER, UNINITIALIZED, NOMEM.
 * Thread: any. Source: lineGetAddressID.
 */
LONG WINAPI lineGetAddressIDA(HLINE hLine, LPDWORD lpdwAddressID, DWORD dwAddressMode, LPCSTR lpsAddress, DWORD dwSize)
{
    struct client_text address;
    LONG rc;

    if (!lpdwAddressID || !lpsAddress)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&address, lpsAddress, dwSize);
    return address_id(hLine, lpdwAddressID, dwAddressMode, rc, &address);
}

LONG WINAPI lineGetAddressID(HLINE hLine, LPDWORD lpdwAddressID, DWORD dwAddressMode, LPCSTR lpsAddress, DWORD dwSize)
{
    return lineGetAddressIDA(hLine, lpdwAddressID, dwAddressMode, lpsAddress, dwSize);
}

LONG WINAPI lineGetAddressIDW(HLINE hLine, LPDWORD lpdwAddressID, DWORD dwAddressMode, LPCWSTR lpsAddress, DWORD dwSize)
{
    struct client_text address;
    LONG rc;

    if (!lpdwAddressID || !lpsAddress)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&address, lpsAddress, dwSize / sizeof(WCHAR));
    return address_id(hLine, lpdwAddressID, dwAddressMode, rc, &address);
}
