/* The process and its surroundings: environment, log output, completion ports, the ANSI code page.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

WCHAR *win_wide(const char *text)
{
    size_t units = platform_utf8_to_utf16(text, SIZE_MAX, NULL, 0);
    WCHAR *wide = units > SIZE_MAX / sizeof(*wide) ? NULL : malloc(units * sizeof(*wide));

    if (wide)
        (void)platform_utf8_to_utf16(text, SIZE_MAX, wide, units);
    return wide;
}

int win_errno(DWORD code)
{
    switch (code) {
    case ERROR_SUCCESS:
        return 0;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_BAD_PATHNAME:
    case ERROR_KEY_DELETED:
        return ENOENT;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
    case ERROR_WRITE_PROTECT:
        return EACCES;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
        return ENOMEM;
    case ERROR_ALREADY_EXISTS:
    case ERROR_FILE_EXISTS:
        return EEXIST;
    default:
        return EIO;
    }
}

int platform_env(const char *name, char *value, size_t size)
{
    WCHAR wide_name[64], *wide;
    DWORD units, got;
    int err = 0;

    if (size > 0)
        value[0] = 0;
    (void)platform_utf8_to_utf16(name, SIZE_MAX, wide_name, sizeof(wide_name) / sizeof(wide_name[0]));
    units = GetEnvironmentVariableW(wide_name, NULL, 0);
    if (units <= 1)
        return ENOENT;
    wide = malloc(units * sizeof(*wide));
    if (!wide)
        return ENOMEM;
    got = GetEnvironmentVariableW(wide_name, wide, units);
    if (got == 0 || got >= units) {
        err = ENOENT; /* another thread changed it in between */
    } else if (platform_utf16_to_utf8(wide, got, NULL, 0) > size) {
        err = ENAMETOOLONG;
    } else {
        (void)platform_utf16_to_utf8(wide, got, value, size);
    }
    free(wide);
    return err;
}

uint32_t platform_connections(uint32_t count)
{
    (void)count;
    return UINT32_MAX;
}

bool platform_file_exists(const char *path)
{
    WCHAR *wide = win_wide(path);
    DWORD attributes = wide ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;

    free(wide);
    return attributes != INVALID_FILE_ATTRIBUTES && !(attributes & FILE_ATTRIBUTE_DIRECTORY);
}

int platform_env_set(const char *name, const char *value)
{
    WCHAR *wide_name = win_wide(name), *wide = value && value[0] ? win_wide(value) : NULL;
    int err = 0;

    if (!wide_name || (value && value[0] && !wide))
        err = ENOMEM;
    else if (!SetEnvironmentVariableW(wide_name, wide) && (wide || GetLastError() != ERROR_ENVVAR_NOT_FOUND))
        err = EINVAL;
    free(wide_name);
    free(wide);
    return err;
}

void platform_log_write(const char *line, size_t len, bool wanted)
{
    static SRWLOCK lock = SRWLOCK_INIT; /* writers of one handle may otherwise take the same place in a file */
    WCHAR wide[PLATFORM_LOG_LINE_MAX];
    DWORD saved = GetLastError(), written;
    HANDLE out;

    (void)platform_utf8_to_utf16(line, len, wide, sizeof(wide) / sizeof(wide[0]));
    OutputDebugStringW(wide);
    out = wanted ? GetStdHandle(STD_ERROR_HANDLE) : NULL;
    if (out && out != INVALID_HANDLE_VALUE) {
        AcquireSRWLockExclusive(&lock);
        (void)WriteFile(out, line, (DWORD)len, &written, NULL);
        ReleaseSRWLockExclusive(&lock);
    }
    SetLastError(saved);
}

uint32_t platform_process_id(void)
{
    return GetCurrentProcessId();
}

int platform_port_post(intptr_t port, uintptr_t key, void *overlapped)
{
    if (PostQueuedCompletionStatus((HANDLE)port, 0, key, overlapped))
        return 0;
    return GetLastError() == ERROR_INVALID_HANDLE ? EBADF : ENOMEM;
}

int platform_port_message(intptr_t port, uintptr_t key, const void *data, size_t size)
{
    void *copy = LocalAlloc(LMEM_FIXED, size);
    int err;

    if (!copy)
        return ENOMEM;
    memcpy(copy, data, size);
    err = platform_port_post(port, key, copy);
    if (err)
        LocalFree(copy);
    return err;
}

/* Bytes of the character at text[0..len) in the ANSI code page. */
static size_t ansi_char(const char *text, size_t len)
{
    return len > 1 && text[1] && IsDBCSLeadByteEx(CP_ACP, (BYTE)text[0]) ? 2 : 1;
}

size_t platform_ansi_to_utf16(const char *text, size_t len, uint16_t *out, size_t cap)
{
    size_t need = 0, used = 0;
    bool fits = cap > 0;

    if (GetACP() == CP_UTF8)
        return platform_utf8_to_utf16(text, len, out, cap);
    if (!text)
        len = 0;
    else if (len == SIZE_MAX)
        len = strlen(text);
    while (len > 0) {
        WCHAR wide[4];
        size_t take = ansi_char(text, len);
        int units = MultiByteToWideChar(CP_ACP, 0, text, (int)take, wide, 4);

        if (units <= 0) {
            wide[0] = 0xFFFD;
            units = 1;
        }
        fits = fits && (size_t)units < cap - used;
        if (fits) {
            memcpy(out + used, wide, (size_t)units * sizeof(*wide));
            used += (size_t)units;
        }
        need += (size_t)units;
        text += take;
        len -= take;
    }
    if (cap > 0)
        out[used] = 0;
    return need + 1;
}

size_t platform_utf16_to_ansi(const uint16_t *text, size_t len, char *out, size_t cap)
{
    size_t need = 0, used = 0;
    bool fits = cap > 0;

    if (GetACP() == CP_UTF8)
        return platform_utf16_to_utf8(text, len, out, cap);
    if (!text)
        len = 0;
    else if (len == SIZE_MAX)
        len = platform_utf16_len(text);
    while (len > 0) {
        char ansi[8];
        bool pair = len > 1 && (text[0] & 0xFC00) == 0xD800 && (text[1] & 0xFC00) == 0xDC00;
        size_t take = pair ? 2 : 1;
        int bytes;

        if (text[0] && text[0] < 0x80) { /* the same in every ANSI code page */
            ansi[0] = (char)text[0];
            bytes = 1;
        } else {
            bytes = WideCharToMultiByte(CP_ACP, 0, text, (int)take, ansi, sizeof(ansi), NULL, NULL);
        }
        /* Half a character, or one that is not in the code page: one question mark, also for a pair. */
        if (bytes <= 0 || pair || (text[0] & 0xF800) == 0xD800) {
            if (!(pair && GetACP() == 54936) || bytes <= 0) {
                ansi[0] = '?';
                bytes = 1;
            }
        }
        fits = fits && (size_t)bytes < cap - used;
        if (fits) {
            memcpy(out + used, ansi, (size_t)bytes);
            used += (size_t)bytes;
        }
        need += (size_t)bytes;
        text += take;
        len -= take;
    }
    if (cap > 0)
        out[used] = 0;
    return need + 1;
}
