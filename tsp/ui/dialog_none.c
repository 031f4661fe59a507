/* There are no dialogs on POSIX. SPDX-License-Identifier: MIT */
#include "tsp/ui/dialog.h"

LONG dialog_show(TUISPIDLLCALLBACK callback, DWORD object, DWORD type, HWND owner)
{
    (void)callback;
    (void)object;
    (void)type;
    (void)owner;
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}
