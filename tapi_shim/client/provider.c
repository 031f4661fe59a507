/* The list of providers, and who joins and leaves it. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

#undef lineAddProvider
#undef lineGetProviderList

typedef LONG(TSPIAPI *ui_function)(TUISPIDLLCALLBACK, HWND, DWORD);

/* ---- list ---- */

static LONG provider_list(DWORD version, LINEPROVIDERLIST *list, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PROVIDER_LIST};
    struct client_conn *conn;
    LONG rc;

    if (!list)
        return client_err(LINEERR_INVALPOINTER);
    /* The highest version that the application knows, which may be above ours. */
    if (version < CLIENT_VERSION_LOW)
        return client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    rc = client_room(LAYOUT_LINEPROVIDERLIST, list, CLIENT_VERSION_HIGH);
    if (!rc)
        rc = client_conn_open(&conn, CLIENT_MODE_DEFAULT);
    if (rc)
        return rc;
    rc = client_conn_call(conn, &call);
    if (!rc)
        rc = client_output(&call, LAYOUT_LINEPROVIDERLIST, list, CLIENT_VERSION_HIGH, ansi);
    client_conn_put(conn);
    return rc;
}

/**
 * The providers. Nobody need have initialised anything.
 * @param dwAPIVersion  the highest that the application knows
 * @return 0, STRUCTURETOOSMALL, INCOMPATIBLEAPIVERSION, INIFILECORRUPT, INVALPOINTER, NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineGetProviderList.
 */
LONG WINAPI lineGetProviderList(DWORD dwAPIVersion, LPLINEPROVIDERLIST lpProviderList)
{
    return provider_list(dwAPIVersion, lpProviderList, true);
}

LONG WINAPI lineGetProviderListA(DWORD dwAPIVersion, LPLINEPROVIDERLIST lpProviderList)
{
    return provider_list(dwAPIVersion, lpProviderList, true);
}

LONG WINAPI lineGetProviderListW(DWORD dwAPIVersion, LPLINEPROVIDERLIST lpProviderList)
{
    return provider_list(dwAPIVersion, lpProviderList, false);
}

/* ---- the provider's own part of it, in this process ---- */

/* Runs TUISPI_providerInstall or TUISPI_providerRemove of the library that the engine named; without a library, or
 * without the function in it, the provider has nothing to say. */
static LONG ui_run(const struct channel_call *named, const char *function, HWND owner, DWORD id)
{
    struct platform_module *module;
    ui_function run;
    LONG rc = client_ui_load(named, &module);

    if (rc || !module)
        return rc;
    run = (ui_function)platform_module_symbol(module, function);
    if (run)
        rc = run(TUISPIDLLCallback, owner, id);
    platform_module_unload(module);
    return rc;
}

/* ---- add and remove ---- */

static LONG provider_add(LONG text_rc, struct client_text *file, HWND owner, LPDWORD id)
{
    struct channel_call ui = {.op = CHANNEL_UI_LIBRARY}, add = {.op = CHANNEL_PROVIDER_ADD};
    struct client_conn *conn = NULL;
    LONG rc = text_rc;

    if (!rc && file->bytes <= sizeof(uint16_t))
        rc = client_err(LINEERR_INVALPARAM);
    if (!rc)
        rc = client_conn_open(&conn, CLIENT_MODE_DEFAULT);
    if (rc)
        goto out;
    ui.in0 = add.in0 = file->text;
    ui.in0_len = add.in0_len = file->bytes;
    rc = client_conn_call(conn, &ui);
    /* The provider settles in first: one that cannot is never in the list. */
    if (!rc)
        rc = ui_run(&ui, "TUISPI_providerInstall", owner, platform_providers_next());
    if (!rc) {
        rc = client_conn_call(conn, &add);
        if (rc)
            (void)ui_run(&ui, "TUISPI_providerRemove", owner, platform_providers_next());
    }
    if (!rc)
        *id = add.ret[0];
    channel_free(ui.out);
    channel_free(add.out);
out:
    client_conn_put(conn);
    client_text_free(file);
    return rc;
}

/**
 * Adds a provider: its own library for the purpose runs first, in this process, then it joins the list. If
 * anything fails the list is as it was.
 * @param lpszProviderFilename     module; copied nowhere
 * @param hwndOwner                window that owns whatever is shown; NULL: none
 * @param lpdwPermanentProviderID  gets its id
 * @return 0, INVALPARAM, NOMULTIPLEINSTANCE, INIFILECORRUPT, INVALPOINTER, NOMEM, OPERATIONFAILED, or what the
 *     provider says.
 * Thread: any. Source: lineAddProvider.
 */
LONG WINAPI lineAddProviderA(LPCSTR lpszProviderFilename, HWND hwndOwner, LPDWORD lpdwPermanentProviderID)
{
    struct client_text file;
    LONG rc;

    if (!lpszProviderFilename || !lpdwPermanentProviderID)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&file, lpszProviderFilename, SIZE_MAX);
    return provider_add(rc, &file, hwndOwner, lpdwPermanentProviderID);
}

LONG WINAPI lineAddProvider(LPCSTR lpszProviderFilename, HWND hwndOwner, LPDWORD lpdwPermanentProviderID)
{
    return lineAddProviderA(lpszProviderFilename, hwndOwner, lpdwPermanentProviderID);
}

LONG WINAPI lineAddProviderW(LPCWSTR lpszProviderFilename, HWND hwndOwner, LPDWORD lpdwPermanentProviderID)
{
    struct client_text file;
    LONG rc;

    if (!lpszProviderFilename || !lpdwPermanentProviderID)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&file, lpszProviderFilename, SIZE_MAX);
    return provider_add(rc, &file, hwndOwner, lpdwPermanentProviderID);
}

/**
 * Removes a provider; what is open of it is closed. One that refuses stays; one whose file is gone goes.
 * @return 0, INVALPARAM (there is none with this id), INIFILECORRUPT, NOMEM, OPERATIONFAILED, or what the provider
 *     says.
 * Thread: any. Source: lineRemoveProvider.
 */
LONG WINAPI lineRemoveProvider(DWORD dwPermanentProviderID, HWND hwndOwner)
{
    struct channel_call ui = {.op = CHANNEL_UI_LIBRARY,
                              .arg = {dwPermanentProviderID, TUISPIDLL_OBJECT_PROVIDERID}};
    struct channel_call drop = {.op = CHANNEL_PROVIDER_REMOVE, .arg = {dwPermanentProviderID}};
    struct client_conn *conn;
    LONG rc = client_conn_open(&conn, CLIENT_MODE_DEFAULT);

    if (rc)
        return rc;
    rc = client_conn_call(conn, &ui);
    if (rc == client_err(LINEERR_INVALPARAM)) {
        /* There is no provider with this id. */
        client_conn_put(conn);
        return rc;
    }
    /* A provider whose files are gone must be removable all the same; one that refuses stays. */
    if (!rc)
        rc = ui_run(&ui, "TUISPI_providerRemove", hwndOwner, dwPermanentProviderID);
    else
        rc = 0;
    if (!rc)
        rc = client_conn_call(conn, &drop);
    channel_free(ui.out);
    channel_free(drop.out);
    client_conn_put(conn);
    return rc;
}
