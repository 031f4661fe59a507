/* A provider's library of dialogs, to be loaded by the tests: it tells its provider how it was called.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/client/ui_module.h"

#include <string.h>

static LONG tell(TUISPIDLLCALLBACK callback, DWORD object, DWORD type, enum ui_said function, LPCWSTR class_name)
{
    struct ui_told told;
    size_t i;
    LONG rc;

    memset(&told, 0, sizeof(told));
    told.function = function;
    told.object = object;
    for (i = 0; class_name && class_name[i] && i + 1 < sizeof(told.class_name) / sizeof(WCHAR); i++)
        told.class_name[i] = class_name[i];
    rc = callback(object, type, &told, sizeof(told));
    if (!rc && told.reply != told.function + 100)
        rc = (LONG)LINEERR_OPERATIONFAILED;
    if (!rc && object == UI_FAILS)
        rc = function == UI_PHONE ? (LONG)PHONEERR_INUSE : (LONG)LINEERR_INUSE;
    return !rc && object == UI_WRONG ? 5 : rc;
}

LONG TSPIAPI TUISPI_lineConfigDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                     LPCWSTR lpszDeviceClass)
{
    (void)hwndOwner;
    return tell(lpfnUIDLLCallback, dwDeviceID, TUISPIDLL_OBJECT_LINEID, UI_LINE, lpszDeviceClass);
}

LONG TSPIAPI TUISPI_lineConfigDialogEdit(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                         LPCWSTR lpszDeviceClass, LPVOID const lpDeviceConfigIn, DWORD dwSize,
                                         LPVARSTRING lpDeviceConfigOut)
{
    (void)hwndOwner;
    lpDeviceConfigOut->dwNeededSize = lpDeviceConfigOut->dwUsedSize = sizeof(*lpDeviceConfigOut) + dwSize;
    lpDeviceConfigOut->dwStringFormat = STRINGFORMAT_BINARY;
    lpDeviceConfigOut->dwStringSize = dwSize;
    lpDeviceConfigOut->dwStringOffset = sizeof(*lpDeviceConfigOut);
    memcpy(lpDeviceConfigOut + 1, lpDeviceConfigIn, dwSize);
    return tell(lpfnUIDLLCallback, dwDeviceID, TUISPIDLL_OBJECT_LINEID, UI_EDIT, lpszDeviceClass);
}

LONG TSPIAPI TUISPI_phoneConfigDialog(TUISPIDLLCALLBACK lpfnUIDLLCallback, DWORD dwDeviceID, HWND hwndOwner,
                                      LPCWSTR lpszDeviceClass)
{
    (void)hwndOwner;
    return tell(lpfnUIDLLCallback, dwDeviceID, TUISPIDLL_OBJECT_PHONEID, UI_PHONE, lpszDeviceClass);
}

LONG TSPIAPI TUISPI_providerConfig(TUISPIDLLCALLBACK lpfnUIDLLCallback, HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)hwndOwner;
    return tell(lpfnUIDLLCallback, dwPermanentProviderID, TUISPIDLL_OBJECT_PROVIDERID, UI_PROVIDER, NULL);
}
