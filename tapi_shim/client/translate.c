/* Countries, locations, calling cards, and the translation of addresses. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdio.h>
#include <string.h>

#undef lineGetCountry
#undef lineGetTranslateCaps
#undef lineSetTollList
#undef lineTranslateAddress
#undef lineTranslateDialog
#undef tapiGetLocationInfo

/* ---- what these functions have in common ---- */

/* The connection of the application; without one (0), which there may be since 2.0, that of the process, made if need
 * be. */
static LONG conn_of(HLINEAPP app, DWORD version, struct client_conn **connp)
{
    LONG rc;

    if (!app && version < 0x00020000)
        return client_err(client_connected() ? LINEERR_INVALAPPHANDLE : LINEERR_UNINITIALIZED);
    if (!app)
        return client_conn_open(connp, CLIENT_MODE_DEFAULT);
    rc = client_app_check(app);
    if (rc)
        return rc;
    *connp = client_conn_get();
    return *connp ? 0 : client_err(LINEERR_UNINITIALIZED);
}

/* The highest version that the application knows, which may be above ours. 0: none that there is. */
static DWORD version_of(DWORD version)
{
    return version < CLIENT_VERSION_LOW ? 0 : version < CLIENT_VERSION_HIGH ? version : CLIENT_VERSION_HIGH;
}

/* Makes the call and lays its output out for the application. */
static LONG fetch(HLINEAPP app, DWORD version, struct channel_call *call, enum layout_type type, void *dst, bool ansi)
{
    struct client_conn *conn;
    DWORD known = version_of(version);
    LONG rc;

    if (!dst)
        return client_err(LINEERR_INVALPOINTER);
    if (!known)
        return client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    rc = client_room(type, dst, known);
    if (!rc)
        rc = conn_of(app, version, &conn);
    if (rc)
        return rc;
    rc = client_conn_call(conn, call);
    if (!rc)
        rc = client_output(call, type, dst, known, ansi);
    client_conn_put(conn);
    return rc;
}

/* The same for one that answers nothing. */
static LONG tell(HLINEAPP app, struct channel_call *call)
{
    struct client_conn *conn;
    LONG rc = conn_of(app, CLIENT_VERSION_HIGH, &conn);

    if (rc)
        return rc;
    rc = client_conn_call(conn, call);
    channel_free(call->out);
    client_conn_put(conn);
    return rc;
}

/* ---- countries ---- */

static LONG countries(DWORD id, DWORD version, LINECOUNTRYLIST *list, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_COUNTRIES, .arg = {id}};

    /* Nobody names an application here, so that the version does not matter for it. */
    if (version >= CLIENT_VERSION_LOW && version < 0x00020000)
        version = 0x00020000;
    return fetch(0, version, &call, LAYOUT_LINECOUNTRYLIST, list, ansi);
}

/**
 * Countries, their calling codes and rules of dialling. Nobody need have initialised anything.
 * @param dwCountryID   id; 1: the first of the list; 0: all, in the order of the list
 * @param dwAPIVersion  the highest that the application knows
 * @return 0, INCOMPATIBLEAPIVERSION, INVALCOUNTRYCODE (there is none with this id), STRUCTURETOOSMALL, INVALPOINTER,
 *     NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineGetCountry, LINECOUNTRYENTRY.
 */
LONG WINAPI lineGetCountryA(DWORD dwCountryID, DWORD dwAPIVersion, LPLINECOUNTRYLIST lpLineCountryList)
{
    return countries(dwCountryID, dwAPIVersion, lpLineCountryList, true);
}

LONG WINAPI lineGetCountry(DWORD dwCountryID, DWORD dwAPIVersion, LPLINECOUNTRYLIST lpLineCountryList)
{
    return countries(dwCountryID, dwAPIVersion, lpLineCountryList, true);
}

LONG WINAPI lineGetCountryW(DWORD dwCountryID, DWORD dwAPIVersion, LPLINECOUNTRYLIST lpLineCountryList)
{
    return countries(dwCountryID, dwAPIVersion, lpLineCountryList, false);
}

/* ---- locations and cards ---- */

static LONG caps(HLINEAPP app, DWORD version, LINETRANSLATECAPS *out, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_TRANSLATE_CAPS, .arg = {app}};

    return fetch(app, version, &call, LAYOUT_LINETRANSLATECAPS, out, ansi);
}

/**
 * The locations, with the default one (0, no country), and the calling cards that are not hidden, with direct dialling
 * (0).
 * @param hLineApp      since 2.0 it may be 0
 * @param dwAPIVersion  the highest that the application knows: below 1.4 entries are shorter
 * @return 0, INCOMPATIBLEAPIVERSION, INVALAPPHANDLE, UNINITIALIZED, STRUCTURETOOSMALL, INVALPOINTER, NOMEM,
 *     OPERATIONFAILED.
 * Thread: any. Source: lineGetTranslateCaps, LINELOCATIONENTRY, LINECARDENTRY.
 */
LONG WINAPI lineGetTranslateCapsA(HLINEAPP hLineApp, DWORD dwAPIVersion, LPLINETRANSLATECAPS lpTranslateCaps)
{
    return caps(hLineApp, dwAPIVersion, lpTranslateCaps, true);
}

LONG WINAPI lineGetTranslateCaps(HLINEAPP hLineApp, DWORD dwAPIVersion, LPLINETRANSLATECAPS lpTranslateCaps)
{
    return caps(hLineApp, dwAPIVersion, lpTranslateCaps, true);
}

LONG WINAPI lineGetTranslateCapsW(HLINEAPP hLineApp, DWORD dwAPIVersion, LPLINETRANSLATECAPS lpTranslateCaps)
{
    return caps(hLineApp, dwAPIVersion, lpTranslateCaps, false);
}

/**
 * Chooses the location that addresses are translated for, for all applications: those that want to know get
 * LINEDEVSTATE_TRANSLATECHANGE. The choice is kept.
 * @param hLineApp  0: none yet
 * @return 0, INVALLOCATION, INVALAPPHANDLE, UNINITIALIZED, NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineSetCurrentLocation.
 */
LONG WINAPI lineSetCurrentLocation(HLINEAPP hLineApp, DWORD dwLocation)
{
    struct channel_call call = {.op = CHANNEL_LOCATION_SELECT, .arg = {hLineApp, dwLocation}};

    return tell(hLineApp, &call);
}

static LONG toll(LONG text_rc, struct client_text *address, HLINEAPP app, DWORD device, DWORD option)
{
    struct channel_call call = {.op = CHANNEL_LOCATION_TOLL, .arg = {app, device, option}};
    LONG rc = text_rc;

    call.in0 = address->text;
    call.in0_len = address->bytes;
    if (!rc)
        rc = tell(app, &call);
    client_text_free(address);
    return rc;
}

/**
 * Puts the prefix of a number into the toll list of the current location, or takes it out: numbers of the location's
 * own area that are dialled as long distance. The list is kept, all applications share it.
 * @param hLineApp          0: none yet
 * @param dwDeviceID        line that is to be dialled on
 * @param lpszAddressIn     canonical address in the location's area
 * @param dwTollListOption  LINETOLLLISTOPTION_ADD or _REMOVE
 * @return 0, INVALADDRESS (also: not of this area, or the country has no toll lists), INVALPARAM, BADDEVICEID,
 *     INVALAPPHANDLE, INVALPOINTER, UNINITIALIZED, RESOURCEUNAVAIL, NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineSetTollList.
 */
LONG WINAPI lineSetTollListA(HLINEAPP hLineApp, DWORD dwDeviceID, LPCSTR lpszAddressIn, DWORD dwTollListOption)
{
    struct client_text address;
    LONG rc;

    if (!lpszAddressIn)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&address, lpszAddressIn, SIZE_MAX);
    return toll(rc, &address, hLineApp, dwDeviceID, dwTollListOption);
}

LONG WINAPI lineSetTollList(HLINEAPP hLineApp, DWORD dwDeviceID, LPCSTR lpszAddressIn, DWORD dwTollListOption)
{
    return lineSetTollListA(hLineApp, dwDeviceID, lpszAddressIn, dwTollListOption);
}

LONG WINAPI lineSetTollListW(HLINEAPP hLineApp, DWORD dwDeviceID, LPCWSTR lpszAddressInW, DWORD dwTollListOption)
{
    struct client_text address;
    LONG rc;

    if (!lpszAddressInW)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&address, lpszAddressInW, SIZE_MAX);
    return toll(rc, &address, hLineApp, dwDeviceID, dwTollListOption);
}

/* ---- translation ---- */

struct asked {
    HLINEAPP app;
    DWORD device, version, card, options;
    LINETRANSLATEOUTPUT *out;
    bool ansi;
};

static LONG translate(LONG text_rc, struct client_text *address, const struct asked *a)
{
    struct channel_call call = {.op = CHANNEL_TRANSLATE, .arg = {a->app, a->device, a->version, a->card, a->options}};
    LONG rc = text_rc;

    call.in0 = address->text;
    call.in0_len = address->bytes;
    if (!rc)
        rc = fetch(a->app, a->version, &call, LAYOUT_LINETRANSLATEOUTPUT, a->out, a->ansi);
    client_text_free(address);
    return rc;
}

/**
 * What is to be dialled for an address, from the current location, and what is to be shown of it.
 * @param hLineApp            since 2.0 it may be 0; then any line will do
 * @param dwDeviceID          line that is to be dialled on
 * @param dwAPIVersion        the highest that the application knows
 * @param lpszAddressIn       canonical ("+43 (1) 234-5678"; the area code need not be marked, nor the spaces be there),
 *     "tel:...", or anything else, which is passed on as it is
 * @param dwCard              with LINETRANSLATEOPTION_CARDOVERRIDE: card in place of the location's own
 * @param dwTranslateOptions  LINETRANSLATEOPTION_
 * @return 0, INVALADDRESS, INVALCARD, INVALPARAM, BADDEVICEID, INCOMPATIBLEAPIVERSION, INVALAPPHANDLE, UNINITIALIZED,
 *     INVALPOINTER, STRUCTURETOOSMALL, NOMEM, OPERATIONFAILED.
 * Thread: any. Source: lineTranslateAddress, LINETRANSLATEOUTPUT, "Canonical Addresses".
 */
LONG WINAPI lineTranslateAddressA(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, LPCSTR lpszAddressIn,
                                  DWORD dwCard, DWORD dwTranslateOptions, LPLINETRANSLATEOUTPUT lpTranslateOutput)
{
    const struct asked a = {hLineApp, dwDeviceID, dwAPIVersion, dwCard, dwTranslateOptions, lpTranslateOutput, true};
    struct client_text address;
    LONG rc;

    if (!lpszAddressIn || !lpTranslateOutput)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&address, lpszAddressIn, SIZE_MAX);
    return translate(rc, &address, &a);
}

LONG WINAPI lineTranslateAddress(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, LPCSTR lpszAddressIn,
                                 DWORD dwCard, DWORD dwTranslateOptions, LPLINETRANSLATEOUTPUT lpTranslateOutput)
{
    return lineTranslateAddressA(hLineApp, dwDeviceID, dwAPIVersion, lpszAddressIn, dwCard, dwTranslateOptions,
                                 lpTranslateOutput);
}

LONG WINAPI lineTranslateAddressW(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, LPCWSTR lpszAddressIn,
                                  DWORD dwCard, DWORD dwTranslateOptions, LPLINETRANSLATEOUTPUT lpTranslateOutput)
{
    const struct asked a = {hLineApp, dwDeviceID, dwAPIVersion, dwCard, dwTranslateOptions, lpTranslateOutput, false};
    struct client_text address;
    LONG rc;

    if (!lpszAddressIn || !lpTranslateOutput)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&address, lpszAddressIn, SIZE_MAX);
    return translate(rc, &address, &a);
}

/* ---- the dialog ---- */

/* Nothing shows one here; locations and cards are set up with "tapictl location" and "tapictl card". */
static LONG dialog(HLINEAPP app, DWORD version)
{
    LONG rc;

    if (!version_of(version))
        return client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    rc = app || version < 0x00020000 ? client_app_check(app) : 0;
    return rc ? rc : client_err(LINEERR_OPERATIONUNAVAIL);
}

/**
 * Would let the user edit locations and cards.
 * @return OPERATIONUNAVAIL, INCOMPATIBLEAPIVERSION, INVALAPPHANDLE, UNINITIALIZED.
 * Thread: any. Source: lineTranslateDialog.
 */
LONG WINAPI lineTranslateDialogA(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, HWND hwndOwner,
                                 LPCSTR lpszAddressIn)
{
    (void)dwDeviceID;
    (void)hwndOwner;
    (void)lpszAddressIn;
    return dialog(hLineApp, dwAPIVersion);
}

LONG WINAPI lineTranslateDialog(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, HWND hwndOwner,
                                LPCSTR lpszAddressIn)
{
    return lineTranslateDialogA(hLineApp, dwDeviceID, dwAPIVersion, hwndOwner, lpszAddressIn);
}

LONG WINAPI lineTranslateDialogW(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAPIVersion, HWND hwndOwner,
                                 LPCWSTR lpszAddressIn)
{
    (void)dwDeviceID;
    (void)hwndOwner;
    (void)lpszAddressIn;
    return dialog(hLineApp, dwAPIVersion);
}

/* ---- where this is ---- */

/* Room that the documents ask the application for, in characters. */
enum { INFO_SIZE = 8 };

static LONG here(char country[INFO_SIZE], char city[INFO_SIZE])
{
    struct channel_call call = {.op = CHANNEL_LOCATION_HERE};
    struct client_conn *conn;
    uint16_t area[INFO_SIZE] = {0};

    if (client_conn_open(&conn, CLIENT_MODE_DEFAULT))
        return TAPIERR_REQUESTFAILED;
    if (client_conn_call(conn, &call)) {
        client_conn_put(conn);
        return TAPIERR_REQUESTFAILED;
    }
    if (call.out && call.out_len <= sizeof(area))
        memcpy(area, call.out, call.out_len);
    area[INFO_SIZE - 1] = 0;
    channel_free(call.out);
    client_conn_put(conn);
    country[0] = 0;
    if (call.ret[0] && call.ret[0] < 10000000)
        (void)snprintf(country, INFO_SIZE, "%u", (unsigned)(call.ret[0] % 10000000));
    /* Digits. */
    (void)platform_utf16_to_utf8(area, SIZE_MAX, city, INFO_SIZE);
    return 0;
}

/**
 * Calling code and area code of the current location, "" for what is not set; one longer than 7 digits counts as not
 * set.
 * @param lpszCountryCode, lpszCityCode  room for 8 characters each
 * @return 0, TAPIERR_INVALPOINTER, TAPIERR_REQUESTFAILED.
 * Thread: any. Source: tapiGetLocationInfo.
 */
LONG WINAPI tapiGetLocationInfoA(LPSTR lpszCountryCode, LPSTR lpszCityCode)
{
    char country[INFO_SIZE], city[INFO_SIZE];
    LONG rc;

    if (!lpszCountryCode || !lpszCityCode)
        return TAPIERR_INVALPOINTER;
    rc = here(country, city);
    if (rc)
        return rc;
    memcpy(lpszCountryCode, country, strlen(country) + 1);
    memcpy(lpszCityCode, city, strlen(city) + 1);
    return 0;
}

LONG WINAPI tapiGetLocationInfo(LPSTR lpszCountryCode, LPSTR lpszCityCode)
{
    return tapiGetLocationInfoA(lpszCountryCode, lpszCityCode);
}

LONG WINAPI tapiGetLocationInfoW(LPWSTR lpszCountryCodeW, LPWSTR lpszCityCodeW)
{
    char country[INFO_SIZE], city[INFO_SIZE];
    LONG rc;

    if (!lpszCountryCodeW || !lpszCityCodeW)
        return TAPIERR_INVALPOINTER;
    rc = here(country, city);
    if (rc)
        return rc;
    (void)platform_utf8_to_utf16(country, SIZE_MAX, (uint16_t *)lpszCountryCodeW, INFO_SIZE);
    (void)platform_utf8_to_utf16(city, SIZE_MAX, (uint16_t *)lpszCityCodeW, INFO_SIZE);
    return 0;
}
