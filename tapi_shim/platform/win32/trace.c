/* Where the record of crossings goes. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdlib.h>

static HANDLE file = INVALID_HANDLE_VALUE;

int platform_trace_open(const char *path)
{
    WCHAR *wide = win_wide(path);

    if (!wide)
        return ENOMEM;
    /* Each write goes to the end, whoever else writes. */
    file = CreateFileW(wide, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, NULL);
    free(wide);
    return file == INVALID_HANDLE_VALUE ? win_errno(GetLastError()) : 0;
}

void platform_trace_write(const char *line, size_t len)
{
    DWORD saved = GetLastError(), done;

    (void)WriteFile(file, line, (DWORD)len, &done, NULL);
    SetLastError(saved);
}
