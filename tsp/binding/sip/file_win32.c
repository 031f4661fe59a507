/* The files of PJSIP, by paths in UTF-8: its own functions for Windows take them for text of the ANSI code page.
 * SPDX-License-Identifier: MIT */
#include <windows.h>

#include "tapi_shim/platform/platform.h"

#include <pjlib.h>
#include <stdlib.h>

/*
 * All of <pj/file_io.h>, and of <pj/file_access.h> what a player of WAV files and TLS ask for. An object that is linked
 * before the library of PJSIP: the linker takes these for its.
 */

enum { SIZE_MOST = 0x10000000 };

static WCHAR *wide_path(const char *path)
{
    size_t units = platform_utf8_to_utf16(path, SIZE_MAX, NULL, 0);
    WCHAR *wide = malloc(units * sizeof(*wide));

    if (wide) {
        (void)platform_utf8_to_utf16(path, SIZE_MAX, wide, units);
    }
    return wide;
}

static pj_status_t last_error(void)
{
    return PJ_RETURN_OS_ERROR(GetLastError());
}

pj_status_t pj_file_open(pj_pool_t *pool, const char *pathname, unsigned flags, pj_oshandle_t *fd)
{
    bool reads = (flags & PJ_O_RDONLY) == PJ_O_RDONLY, writes = (flags & PJ_O_WRONLY) == PJ_O_WRONLY;
    bool appends = (flags & PJ_O_APPEND) == PJ_O_APPEND;
    WCHAR *wide = wide_path(pathname);
    pj_status_t status = PJ_SUCCESS;
    HANDLE file;

    (void)pool;
    *fd = NULL;
    if (!wide) {
        return PJ_ENOMEM;
    }
    /* whose pipe it may be does not become this process's user */
    file = CreateFileW(wide, (reads ? GENERIC_READ : 0) | (writes ? GENERIC_WRITE : 0),
                       FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                       !writes   ? OPEN_EXISTING
                       : appends ? OPEN_ALWAYS
                                 : CREATE_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    if (file == INVALID_HANDLE_VALUE) {
        status = last_error();
    } else if (GetFileType(file) != FILE_TYPE_DISK) {
        status = PJ_EINVAL; /* a pipe or device may let who reads or writes wait for ever */
    } else if (appends) {
        status = pj_file_setpos(file, 0, PJ_SEEK_END);
    }
    free(wide);
    if (status == PJ_SUCCESS) {
        *fd = file;
    } else if (file != INVALID_HANDLE_VALUE) {
        (void)CloseHandle(file);
    }
    return status;
}

pj_status_t pj_file_close(pj_oshandle_t fd)
{
    return CloseHandle(fd) ? PJ_SUCCESS : last_error();
}

/* Of what is asked for; more than fits into a call is done in part, as the caller has to expect. */
static DWORD size_of(pj_ssize_t size)
{
    return size < 0 ? 0 : size < SIZE_MOST ? (DWORD)size : SIZE_MOST;
}

pj_status_t pj_file_write(pj_oshandle_t fd, const void *data, pj_ssize_t *size)
{
    DWORD done = 0;
    BOOL ok = WriteFile(fd, data, size_of(*size), &done, NULL);

    *size = ok ? (pj_ssize_t)done : -1;
    return ok ? PJ_SUCCESS : last_error();
}

pj_status_t pj_file_read(pj_oshandle_t fd, void *data, pj_ssize_t *size)
{
    DWORD done = 0;
    BOOL ok = ReadFile(fd, data, size_of(*size), &done, NULL);

    *size = ok ? (pj_ssize_t)done : -1;
    return ok ? PJ_SUCCESS : last_error();
}

pj_status_t pj_file_setpos(pj_oshandle_t fd, pj_off_t offset, enum pj_file_seek_type whence)
{
    LARGE_INTEGER by = {.QuadPart = offset};
    DWORD from = whence == PJ_SEEK_SET ? FILE_BEGIN : whence == PJ_SEEK_CUR ? FILE_CURRENT : FILE_END;

    return SetFilePointerEx(fd, by, NULL, from) ? PJ_SUCCESS : last_error();
}

pj_status_t pj_file_getpos(pj_oshandle_t fd, pj_off_t *pos)
{
    LARGE_INTEGER by = {.QuadPart = 0}, at;

    if (!SetFilePointerEx(fd, by, &at, FILE_CURRENT)) {
        return last_error();
    }
    *pos = at.QuadPart;
    return PJ_SUCCESS;
}

pj_status_t pj_file_flush(pj_oshandle_t fd)
{
    return FlushFileBuffers(fd) ? PJ_SUCCESS : last_error();
}

static bool attributes_of(const char *path, WIN32_FILE_ATTRIBUTE_DATA *data)
{
    WCHAR *wide = wide_path(path);
    bool ok = wide && GetFileAttributesExW(wide, GetFileExInfoStandard, data);

    free(wide);
    return ok;
}

pj_bool_t pj_file_exists(const char *filename)
{
    WIN32_FILE_ATTRIBUTE_DATA data;

    return attributes_of(filename, &data) ? PJ_TRUE : PJ_FALSE;
}

pj_off_t pj_file_size(const char *filename)
{
    WIN32_FILE_ATTRIBUTE_DATA data;
    LARGE_INTEGER size;

    if (!attributes_of(filename, &data) || data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) {
        return -1;
    }
    size.LowPart = data.nFileSizeLow;
    size.HighPart = (LONG)data.nFileSizeHigh;
    return size.QuadPart;
}
