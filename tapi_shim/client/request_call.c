/* Assisted telephony: requests that one application makes of another. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#undef tapiGetLocationInfo
#undef tapiRequestMakeCall
#undef tapiRequestMediaCall

/*
 * An application becomes recipient of requests by lineRegisterRequestRecipient, which answers OPERATIONUNAVAIL here: so
 * there is none, which is what the caller hears once its own parameters are in order.
 */
static LONG request_make(bool has_address, bool empty)
{
    if (!has_address)
        return TAPIERR_INVALPOINTER;
    return empty ? TAPIERR_INVALDESTADDRESS : TAPIERR_NOREQUESTRECIPIENT;
}

LONG WINAPI tapiRequestMakeCallA(LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty, LPCSTR lpszComment)
{
    (void)lpszAppName;
    (void)lpszCalledParty;
    (void)lpszComment;
    return request_make(lpszDestAddress != NULL, lpszDestAddress && !lpszDestAddress[0]);
}

LONG WINAPI tapiRequestMakeCall(LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty, LPCSTR lpszComment)
{
    return tapiRequestMakeCallA(lpszDestAddress, lpszAppName, lpszCalledParty, lpszComment);
}

LONG WINAPI tapiRequestMakeCallW(LPCWSTR lpszDestAddress, LPCWSTR lpszAppName, LPCWSTR lpszCalledParty,
                                 LPCWSTR lpszComment)
{
    (void)lpszAppName;
    (void)lpszCalledParty;
    (void)lpszComment;
    return request_make(lpszDestAddress != NULL, lpszDestAddress && !lpszDestAddress[0]);
}

/* Obsolete, and non-functional since TAPI 2.0: these always fail. */

LONG WINAPI tapiRequestMediaCallA(HWND hwnd, WPARAM wRequestID, LPCSTR lpszDeviceClass, LPCSTR lpDeviceID, DWORD dwSize,
                                  DWORD dwSecure, LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty,
                                  LPCSTR lpszComment)
{
    (void)hwnd;
    (void)wRequestID;
    (void)lpszDeviceClass;
    (void)lpDeviceID;
    (void)dwSize;
    (void)dwSecure;
    (void)lpszDestAddress;
    (void)lpszAppName;
    (void)lpszCalledParty;
    (void)lpszComment;
    return TAPIERR_NOREQUESTRECIPIENT;
}

LONG WINAPI tapiRequestMediaCall(HWND hwnd, WPARAM wRequestID, LPCSTR lpszDeviceClass, LPCSTR lpDeviceID, DWORD dwSize,
                                 DWORD dwSecure, LPCSTR lpszDestAddress, LPCSTR lpszAppName, LPCSTR lpszCalledParty,
                                 LPCSTR lpszComment)
{
    return tapiRequestMediaCallA(hwnd, wRequestID, lpszDeviceClass, lpDeviceID, dwSize, dwSecure, lpszDestAddress,
                                 lpszAppName, lpszCalledParty, lpszComment);
}

LONG WINAPI tapiRequestMediaCallW(HWND hwnd, WPARAM wRequestID, LPCWSTR lpszDeviceClass, LPCWSTR lpDeviceID,
                                  DWORD dwSize, DWORD dwSecure, LPCWSTR lpszDestAddress, LPCWSTR lpszAppName,
                                  LPCWSTR lpszCalledParty, LPCWSTR lpszComment)
{
    (void)hwnd;
    (void)wRequestID;
    (void)lpszDeviceClass;
    (void)lpDeviceID;
    (void)dwSize;
    (void)dwSecure;
    (void)lpszDestAddress;
    (void)lpszAppName;
    (void)lpszCalledParty;
    (void)lpszComment;
    return TAPIERR_NOREQUESTRECIPIENT;
}

LONG WINAPI tapiRequestDrop(HWND hwnd, WPARAM wRequestID)
{
    (void)hwnd;
    (void)wRequestID;
    return TAPIERR_UNKNOWNREQUESTID;
}

/* No location is configured. */

LONG WINAPI tapiGetLocationInfoA(LPSTR lpszCountryCode, LPSTR lpszCityCode)
{
    return lpszCountryCode && lpszCityCode ? TAPIERR_REQUESTFAILED : TAPIERR_INVALPOINTER;
}

LONG WINAPI tapiGetLocationInfo(LPSTR lpszCountryCode, LPSTR lpszCityCode)
{
    return tapiGetLocationInfoA(lpszCountryCode, lpszCityCode);
}

LONG WINAPI tapiGetLocationInfoW(LPWSTR lpszCountryCodeW, LPWSTR lpszCityCodeW)
{
    return lpszCountryCodeW && lpszCityCodeW ? TAPIERR_REQUESTFAILED : TAPIERR_INVALPOINTER;
}
