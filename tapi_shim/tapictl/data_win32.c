/* What is said to a provider: Windows. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/tool.h"

#include <string.h>

LONG tool_provider_data(DWORD id, void *data, DWORD size)
{
    FARPROC found = GetProcAddress(GetModuleHandleW(L"tapi32.dll"), "TUISPIDLLCallback");
    TUISPIDLLCALLBACK callback;

    if (!found)
        return (LONG)LINEERR_OPERATIONUNAVAIL;
    memcpy(&callback, &found, sizeof(callback)); /* ISO C has no cast for it */
    return callback(id, TUISPIDLL_OBJECT_PROVIDERID, data, size);
}
