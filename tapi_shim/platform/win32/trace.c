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
    file = CreateFileW(wide, FILE_APPEND_DATA | FILE_READ_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, NULL);
    free(wide);
    return file == INVALID_HANDLE_VALUE ? win_errno(GetLastError()) : 0;
}

void platform_trace_write(const char *line, size_t len)
{
    static struct platform_mutex lock = PLATFORM_MUTEX_INIT;
    OVERLAPPED place = {.OffsetHigh = 0x7FFFFFFF}; /* where no line ever is */
    DWORD saved = GetLastError(), done;
    BOOL alone;

    /* Each write goes to the end, whoever else writes. Windows sees to that; Wine finds the end first and then writes. */
    platform_mutex_lock(&lock);
    alone = LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK, 0, 1, 0, &place);
    (void)WriteFile(file, line, (DWORD)len, &done, NULL);
    if (alone)
        (void)UnlockFileEx(file, 0, 1, 0, &place);
    platform_mutex_unlock(&lock);
    SetLastError(saved);
}
