/* Dialogs of providers: their libraries are loaded here, in the application's process. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include "include/tapi_shim.h"

#include <stdlib.h>
#include <string.h>

#undef lineConfigDialog
#undef lineConfigDialogEdit
#undef phoneConfigDialog

typedef LONG(TSPIAPI *ui_line)(TUISPIDLLCALLBACK, DWORD, HWND, LPCWSTR);
typedef LONG(TSPIAPI *ui_edit)(TUISPIDLLCALLBACK, DWORD, HWND, LPCWSTR, LPVOID const, DWORD, LPVARSTRING);
typedef LONG(TSPIAPI *ui_provider)(TUISPIDLLCALLBACK, HWND, DWORD);

/* ---- from a library to its provider ---- */

static LONG provider_data(DWORD object, DWORD type, void *data, DWORD size)
{
    struct channel_call call = {.op = CHANNEL_UI_DATA, .arg = {object, type}};
    struct client_conn *conn;
    LONG rc;

    if (!data && size)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_conn_open(&conn, CLIENT_MODE_DEFAULT);
    if (rc)
        return rc;
    call.in0 = data;
    call.in0_len = data ? size : 0;
    rc = client_conn_call(conn, &call);
    if (!rc && call.out)
        memcpy(data, call.out, call.out_len < size ? call.out_len : size);
    channel_free(call.out);
    client_conn_put(conn);
    return rc;
}

LONG CALLBACK TUISPIDLLCallback(DWORD_PTR dwObjectID, DWORD dwObjectType, LPVOID lpParams, DWORD dwSize)
{
    if (dwObjectID > UINT32_MAX)
        return client_err(LINEERR_INVALPARAM);
    return provider_data((DWORD)dwObjectID, dwObjectType, lpParams, dwSize);
}

LONG tapi_shim_provider_data(DWORD dwPermanentProviderID, LPVOID lpParams, DWORD dwSize)
{
    return provider_data(dwPermanentProviderID, TUISPIDLL_OBJECT_PROVIDERID, lpParams, dwSize);
}

/* ---- libraries ---- */

LONG client_ui_load(const struct channel_call *named, struct platform_module **modulep)
{
    char path[PLATFORM_PATH_MAX];
    const char *why = NULL;
    uint16_t *text;
    size_t need;

    *modulep = NULL;
    if (!named->out || named->out_len < sizeof(*text))
        return 0;
    /* Terminated, wherever it comes from. */
    text = calloc(1, (size_t)named->out_len + sizeof(*text));
    if (!text)
        return client_err(LINEERR_NOMEM);
    memcpy(text, named->out, named->out_len);
    need = platform_utf16_to_utf8(text, SIZE_MAX, path, sizeof(path));
    free(text);
    if (need > sizeof(path))
        return client_err(LINEERR_OPERATIONFAILED);
    if (!path[0])
        return 0;
    if (platform_module_load(modulep, path, &why)) {
        platform_log(PLATFORM_LOG_ERROR, "client: %s: %s", path, why ? why : "cannot be loaded");
        return client_err(LINEERR_OPERATIONFAILED);
    }
    return 0;
}

/* A function of the library of what `object` belongs to. 0, and then the module is to be unloaded; or an error. */
static LONG ui_function(DWORD object, DWORD type, const char *name, struct platform_module **modulep,
                        void (**functionp)(void))
{
    struct channel_call named = {.op = CHANNEL_UI_LIBRARY, .arg = {object, type}};
    struct client_conn *conn;
    LONG rc = client_conn_open(&conn, CLIENT_MODE_DEFAULT);

    if (rc)
        return rc;
    rc = client_conn_call(conn, &named);
    if (!rc)
        rc = client_ui_load(&named, modulep);
    channel_free(named.out);
    client_conn_put(conn);
    if (rc)
        return rc;
    *functionp = *modulep ? platform_module_symbol(*modulep, name) : NULL;
    if (*functionp)
        return 0;
    platform_module_unload(*modulep);
    return client_err(LINEERR_OPERATIONUNAVAIL);
}

/* A library's function succeeds with 0 only. */
static LONG ui_result(LONG rc)
{
    return rc > 0 ? client_err(LINEERR_OPERATIONFAILED) : rc;
}

/* ---- lines ---- */

static LONG line_dialog(DWORD device, HWND owner, LONG text_rc, struct client_text *class_name)
{
    struct platform_module *module = NULL;
    void (*function)(void) = NULL;
    LONG rc = text_rc;

    if (!rc && !client_connected())
        rc = client_err(LINEERR_UNINITIALIZED);
    if (!rc)
        rc = ui_function(device, TUISPIDLL_OBJECT_LINEID, "TUISPI_lineConfigDialog", &module, &function);
    if (!rc) {
        rc = ui_result(((ui_line)function)(TUISPIDLLCallback, device, owner, (LPCWSTR)class_name->text));
        platform_module_unload(module);
    }
    client_text_free(class_name);
    return rc;
}

/**
 * Has the provider of a line show its dialog for the line, in this process; returns when that is closed.
 * @param hwndOwner        window that owns the dialog; NULL: none
 * @param lpszDeviceClass  what of it is to be configured first; NULL or empty: the line
 * @return 0, BADDEVICEID, NODEVICE, NODRIVER, INVALDEVICECLASS, OPERATIONUNAVAIL (there is no dialog, as on POSIX),
 *     INUSE, UNINITIALIZED, NOMEM, OPERATIONFAILED, or what else the provider says.
 * Thread: any. Source: lineConfigDialog.
 */
LONG WINAPI lineConfigDialogA(DWORD dwDeviceID, HWND hwndOwner, LPCSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);

    return line_dialog(dwDeviceID, hwndOwner, rc, &class_name);
}

LONG WINAPI lineConfigDialog(DWORD dwDeviceID, HWND hwndOwner, LPCSTR lpszDeviceClass)
{
    return lineConfigDialogA(dwDeviceID, hwndOwner, lpszDeviceClass);
}

LONG WINAPI lineConfigDialogW(DWORD dwDeviceID, HWND hwndOwner, LPCWSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);

    return line_dialog(dwDeviceID, hwndOwner, rc, &class_name);
}

static LONG line_edit(DWORD device, HWND owner, LONG text_rc, struct client_text *class_name, void *in, DWORD size,
                      VARSTRING *out)
{
    struct platform_module *module = NULL;
    void (*function)(void) = NULL;
    LONG rc = text_rc;

    if (!rc)
        rc = client_room(LAYOUT_VARSTRING, out, CLIENT_VERSION_HIGH);
    if (!rc && !in)
        rc = client_err(LINEERR_INVALPOINTER);
    if (!rc && !client_connected())
        rc = client_err(LINEERR_UNINITIALIZED);
    if (!rc)
        rc = ui_function(device, TUISPIDLL_OBJECT_LINEID, "TUISPI_lineConfigDialogEdit", &module, &function);
    if (!rc) {
        rc = ui_result(
            ((ui_edit)function)(TUISPIDLLCallback, device, owner, (LPCWSTR)class_name->text, in, size, out));
        platform_module_unload(module);
    }
    client_text_free(class_name);
    return rc;
}

/**
 * Has the provider of a line show its dialog for configuration data as lineGetDevConfig gives it; nothing but the data
 * is changed.
 * @param lpDeviceConfigIn, dwSize  the data, and its bytes
 * @param lpDeviceConfigOut         gets the data as they were left
 * @return as lineConfigDialog, and INVALPARAM, INVALPOINTER, STRUCTURETOOSMALL.
 * Thread: any. Source: lineConfigDialogEdit.
 */
LONG WINAPI lineConfigDialogEditA(DWORD dwDeviceID, HWND hwndOwner, LPCSTR lpszDeviceClass,
                                  LPVOID const lpDeviceConfigIn, DWORD dwSize, LPVARSTRING lpDeviceConfigOut)
{
    struct client_text class_name;
    LONG rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);

    return line_edit(dwDeviceID, hwndOwner, rc, &class_name, lpDeviceConfigIn, dwSize, lpDeviceConfigOut);
}

LONG WINAPI lineConfigDialogEdit(DWORD dwDeviceID, HWND hwndOwner, LPCSTR lpszDeviceClass,
                                 LPVOID const lpDeviceConfigIn, DWORD dwSize, LPVARSTRING lpDeviceConfigOut)
{
    return lineConfigDialogEditA(dwDeviceID, hwndOwner, lpszDeviceClass, lpDeviceConfigIn, dwSize, lpDeviceConfigOut);
}

LONG WINAPI lineConfigDialogEditW(DWORD dwDeviceID, HWND hwndOwner, LPCWSTR lpszDeviceClass,
                                  LPVOID const lpDeviceConfigIn, DWORD dwSize, LPVARSTRING lpDeviceConfigOut)
{
    struct client_text class_name;
    LONG rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);

    return line_edit(dwDeviceID, hwndOwner, rc, &class_name, lpDeviceConfigIn, dwSize, lpDeviceConfigOut);
}

/* ---- providers ---- */

/**
 * Has a provider show its dialog; nobody need have initialised anything.
 * @return 0, INVALPARAM (no provider has this id), OPERATIONUNAVAIL (there is no dialog, as on POSIX), NOMEM,
 *     OPERATIONFAILED, or what else the provider says.
 * Thread: any. Source: lineConfigProvider.
 */
LONG WINAPI lineConfigProvider(HWND hwndOwner, DWORD dwPermanentProviderID)
{
    struct platform_module *module = NULL;
    void (*function)(void) = NULL;
    LONG rc = ui_function(dwPermanentProviderID, TUISPIDLL_OBJECT_PROVIDERID, "TUISPI_providerConfig", &module,
                          &function);

    if (rc)
        return rc;
    rc = ui_result(((ui_provider)function)(TUISPIDLLCallback, hwndOwner, dwPermanentProviderID));
    platform_module_unload(module);
    return rc;
}

/* ---- phones ---- */

static LONG phone_dialog(DWORD device, HWND owner, LONG text_rc, struct client_text *class_name)
{
    struct platform_module *module = NULL;
    void (*function)(void) = NULL;
    LONG rc = text_rc ? client_phone_err(text_rc) : client_phone_device(device);

    if (!rc)
        rc = client_phone_err(
            ui_function(device, TUISPIDLL_OBJECT_PHONEID, "TUISPI_phoneConfigDialog", &module, &function));
    if (!rc) {
        rc = ((ui_line)function)(TUISPIDLLCallback, device, owner, (LPCWSTR)class_name->text);
        rc = rc > 0 ? client_err(PHONEERR_OPERATIONFAILED) : rc;
        platform_module_unload(module);
    }
    client_text_free(class_name);
    return rc;
}

/**
 * As lineConfigDialog, for a phone.
 * @return 0, PHONEERR_BADDEVICEID, NODEVICE, NODRIVER, INVALDEVICECLASS, OPERATIONUNAVAIL, INUSE, UNINITIALIZED, NOMEM,
 *     OPERATIONFAILED, or what else the provider says.
 * Thread: any. Source: phoneConfigDialog.
 */
LONG WINAPI phoneConfigDialogA(DWORD dwDeviceID, HWND hwndOwner, LPCSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc = client_text_a(&class_name, lpszDeviceClass, SIZE_MAX);

    return phone_dialog(dwDeviceID, hwndOwner, rc, &class_name);
}

LONG WINAPI phoneConfigDialog(DWORD dwDeviceID, HWND hwndOwner, LPCSTR lpszDeviceClass)
{
    return phoneConfigDialogA(dwDeviceID, hwndOwner, lpszDeviceClass);
}

LONG WINAPI phoneConfigDialogW(DWORD dwDeviceID, HWND hwndOwner, LPCWSTR lpszDeviceClass)
{
    struct client_text class_name;
    LONG rc = client_text_w(&class_name, lpszDeviceClass, SIZE_MAX);

    return phone_dialog(dwDeviceID, hwndOwner, rc, &class_name);
}
