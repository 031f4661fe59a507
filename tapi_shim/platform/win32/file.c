/* Files that are read whole. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdlib.h>

static int error_of(DWORD code)
{
    switch (code) {
    case ERROR_INVALID_NAME:
    case ERROR_DIRECTORY:
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_INVALID_DRIVE:
    case ERROR_BAD_NETPATH:
    case ERROR_BAD_NET_NAME:
        return ENOENT;
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
        return EACCES;
    default:
        return win_errno(code);
    }
}

static int read_some(void *to, size_t size, size_t *gotp, void *arg)
{
    DWORD got = 0;
    BOOL ok = ReadFile((HANDLE)arg, to, size < 0x10000000 ? (DWORD)size : 0x10000000, &got, NULL);

    *gotp = got;
    return ok ? 0 : error_of(GetLastError());
}

int platform_file_read(char **datap, size_t *lenp, const char *path, size_t max)
{
    WCHAR *wide = win_wide(path);
    DWORD attributes;
    LARGE_INTEGER size;
    HANDLE file;
    int err = 0;

    if (!wide)
        return ENOMEM;
    /* whose pipe it may be does not become this process's user */
    file = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       FILE_ATTRIBUTE_NORMAL | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        err = error_of(GetLastError());
        attributes = GetFileAttributesW(wide); /* a folder is denied as if it were forbidden */
        if (attributes != INVALID_FILE_ATTRIBUTES && attributes & FILE_ATTRIBUTE_DIRECTORY)
            err = EISDIR;
    }
    free(wide);
    if (err)
        return err;
    if (GetFileType(file) != FILE_TYPE_DISK)
        err = EINVAL;
    else if (!GetFileSizeEx(file, &size))
        err = error_of(GetLastError());
    else
        err = platform_read_all(datap, lenp, (uint64_t)size.QuadPart, max, read_some, file);
    (void)CloseHandle(file);
    return err;
}
