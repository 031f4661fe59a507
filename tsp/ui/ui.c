/* Installing and removing the provider, and its dialog. SPDX-License-Identifier: MIT */
#include "tsp/ui/ui.h"
#include "tsp/ui/dialog.h"

#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <stdbool.h>

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

/* A device class is one of the provider's if it is not given, empty, or this one. */
static bool is_class(LPCWSTR text, const char *name)
{
    size_t i = 0;

    if (!text || !*text)
        return true;
    for (; name[i]; i++) {
        WCHAR c = text[i];

        if (c >= 'A' && c <= 'Z')
            c += 32;
        if (c != (WCHAR)name[i])
            return false;
    }
    return !text[i];
}

/**
 * Shows the lines of the provider; one of them is what was asked for.
 * @param lpszDeviceClass  NULL, empty or tapi/line
 * @return 0 when it was closed, INVALDEVICECLASS, OPERATIONFAILED (it cannot be shown), OPERATIONUNAVAIL (POSIX).
 * Source: TUISPI_lineConfigDialog.
 */
LONG TSPIAPI TUISPI_lineConfigDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                     LPCWSTR lpszDeviceClass)
{
    if (!is_class(lpszDeviceClass, "tapi/line"))
        return (LONG)LINEERR_INVALDEVICECLASS;
    return dialog_show(lpfnUIDLLCallback, dwDeviceID, TUISPIDLL_OBJECT_LINEID, hwndOwner);
}

/** The data of a line (TSPI_lineGetDevConfig) only say whose they are: nothing in them can be edited.
 * @return OPERATIONUNAVAIL. */
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

/** As TUISPI_lineConfigDialog: a telephone set belongs to its line. Class tapi/phone; PHONEERR_ values. */
LONG TSPIAPI TUISPI_phoneConfigDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                      LPCWSTR lpszDeviceClass)
{
    LONG result;

    if (!is_class(lpszDeviceClass, "tapi/phone"))
        return (LONG)PHONEERR_INVALDEVICECLASS;
    result = dialog_show(lpfnUIDLLCallback, dwDeviceID, TUISPIDLL_OBJECT_PHONEID, hwndOwner);
    return !result                                          ? 0
           : result == (LONG)LINEERR_OPERATIONUNAVAIL ? (LONG)PHONEERR_OPERATIONUNAVAIL
                                                            : (LONG)PHONEERR_OPERATIONFAILED;
}

/**
 * Shows the lines of the provider. What is changed is in force when the provider has read it, which it is told to.
 * @return 0 when it was closed, OPERATIONFAILED (it cannot be shown), OPERATIONUNAVAIL (POSIX).
 * Source: TUISPI_providerConfig.
 */
LONG TSPIAPI TUISPI_providerConfig(TUISPIDLLCALLBACK lpfnUIDLLCallback, HWND hwndOwner, DWORD dwPermanentProviderID)
{
    return dialog_show(lpfnUIDLLCallback, dwPermanentProviderID, TUISPIDLL_OBJECT_PROVIDERID, hwndOwner);
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
