/* Installing and removing the provider; there are no dialogs yet. SPDX-License-Identifier: MIT */
#include "tsp/ui/ui.h"

#include "tapi_shim/platform/platform.h"

#include <errno.h>

/*
 * These run in the process of whoever installs, not in the telephony service. TAPI enters the provider in its own list
 * (ProviderFilename, ProviderID) when the installation has succeeded; what is ours is one key for the configuration.
 * Thread: any.
 */

/**
 * Creates the provider's key, empty: every value has a default.
 * @return 0, NOMULTIPLEINSTANCE (it is installed), OPERATIONFAILED (not allowed to), INIFILECORRUPT (cannot be
 * written). On failure nothing is left behind. Source: TUISPI_providerInstall.
 */
LONG TSPIAPI TUISPI_providerInstall(TUISPIDLLCALLBACK lpfnUIDLLCallback, HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)lpfnUIDLLCallback;
    (void)hwndOwner;
    (void)dwPermanentProviderID;
    switch (platform_conf_create()) {
    case 0:
        return 0;
    case EEXIST:
        return (LONG)LINEERR_NOMULTIPLEINSTANCE;
    case ENOMEM:
        return (LONG)LINEERR_NOMEM;
    case EACCES:
        return (LONG)LINEERR_OPERATIONFAILED;
    default:
        return (LONG)LINEERR_INIFILECORRUPT;
    }
}

/**
 * Removes the provider's key with all its values. One that is gone already is no failure.
 * @return 0, NOMEM, OPERATIONFAILED (not allowed to), INIFILECORRUPT (cannot be removed).
 * Source: TUISPI_providerRemove.
 */
LONG TSPIAPI TUISPI_providerRemove(TUISPIDLLCALLBACK lpfnUIDLLCallback, HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)lpfnUIDLLCallback;
    (void)hwndOwner;
    (void)dwPermanentProviderID;
    switch (platform_conf_remove()) {
    case 0:
    case ENOENT:
        return 0;
    case ENOMEM:
        return (LONG)LINEERR_NOMEM;
    case EACCES:
        return (LONG)LINEERR_OPERATIONFAILED;
    default:
        return (LONG)LINEERR_INIFILECORRUPT;
    }
}

/** There is no dialog for a line. @return OPERATIONUNAVAIL. */
LONG TSPIAPI TUISPI_lineConfigDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                     LPCWSTR lpszDeviceClass)
{
    (void)lpfnUIDLLCallback;
    (void)dwDeviceID;
    (void)hwndOwner;
    (void)lpszDeviceClass;
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/** There is no dialog for a line's settings. @return OPERATIONUNAVAIL. */
LONG TSPIAPI TUISPI_lineConfigDialogEdit(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                         LPCWSTR lpszDeviceClass, LPVOID const lpDeviceConfigIn, DWORD dwSize,
                                         LPVARSTRING lpDeviceConfigOut)
{
    (void)lpfnUIDLLCallback;
    (void)dwDeviceID;
    (void)hwndOwner;
    (void)lpszDeviceClass;
    (void)lpDeviceConfigIn;
    (void)dwSize;
    (void)lpDeviceConfigOut;
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/** There are no phones. @return PHONEERR_OPERATIONUNAVAIL. */
LONG TSPIAPI TUISPI_phoneConfigDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                      LPCWSTR lpszDeviceClass)
{
    (void)lpfnUIDLLCallback;
    (void)dwDeviceID;
    (void)hwndOwner;
    (void)lpszDeviceClass;
    return (LONG)PHONEERR_OPERATIONUNAVAIL;
}

/** There is no dialog for the provider. @return OPERATIONUNAVAIL. */
LONG TSPIAPI TUISPI_providerConfig(TUISPIDLLCALLBACK lpfnUIDLLCallback, HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)lpfnUIDLLCallback;
    (void)hwndOwner;
    (void)dwPermanentProviderID;
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/** The provider never asks for a dialog. @return OPERATIONUNAVAIL. */
LONG TSPIAPI TUISPI_providerGenericDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, HTAPIDIALOGINSTANCE htDlgInst,
                                          LPVOID lpParams, DWORD dwSize, HANDLE hEvent)
{
    (void)lpfnUIDLLCallback;
    (void)htDlgInst;
    (void)lpParams;
    (void)dwSize;
    (void)hEvent;
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/** The provider never asks for a dialog. @return OPERATIONUNAVAIL. */
LONG TSPIAPI TUISPI_providerGenericDialogData(HTAPIDIALOGINSTANCE htDlgInst, LPVOID lpParams, DWORD dwSize)
{
    (void)htDlgInst;
    (void)lpParams;
    (void)dwSize;
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}
