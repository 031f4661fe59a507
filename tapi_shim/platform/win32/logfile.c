/* The log's file, which several programs add to and any of them puts aside; the event log. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/platform/win32/win.h"

#include <stdio.h>
#include <stdlib.h>

enum { TRIES = 2000 }; /* a millisecond each; after that lines of two programs may be out of order, but none is lost */

static HANDLE open_file(const WCHAR *path)
{
    return CreateFileW(path, FILE_APPEND_DATA | FILE_READ_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, NULL);
}

/* Whether the file still has that name. */
static bool is_current(HANDLE file, const WCHAR *path)
{
    BY_HANDLE_FILE_INFORMATION a, b;
    HANDLE now = open_file(path);
    bool same = now != INVALID_HANDLE_VALUE && GetFileInformationByHandle(file, &a) &&
                GetFileInformationByHandle(now, &b) && a.nFileIndexLow == b.nFileIndexLow &&
                a.nFileIndexHigh == b.nFileIndexHigh && a.dwVolumeSerialNumber == b.dwVolumeSerialNumber;

    if (now != INVALID_HANDLE_VALUE)
        (void)CloseHandle(now);
    return same;
}

/* The file of that name now, locked where no line ever is. */
static HANDLE open_locked(const WCHAR *path, OVERLAPPED *place, bool *lockedp)
{
    HANDLE file = open_file(path);

    *lockedp = false;
    for (int i = 0; file != INVALID_HANDLE_VALUE && i < TRIES; i++) {
        if (!LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, place)) {
            Sleep(1);
            continue;
        }
        if (is_current(file, path)) {
            *lockedp = true;
            return file;
        }
        (void)UnlockFileEx(file, 0, 1, 0, place);
        (void)CloseHandle(file);
        file = open_file(path);
    }
    return file;
}

static void put_aside(const WCHAR *path, size_t len, unsigned keep)
{
    WCHAR *from = malloc((len + 8) * sizeof(*from)), *to = malloc((len + 8) * sizeof(*to));

    for (; from && to && keep > 0; keep--) {
        (void)swprintf(to, len + 8, L"%ls.%u", path, keep);
        (void)swprintf(from, len + 8, keep > 1 ? L"%ls.%u" : L"%ls", path, keep - 1);
        (void)MoveFileExW(from, to, MOVEFILE_REPLACE_EXISTING);
    }
    free(from);
    free(to);
}

void platform_log_file_add(const struct platform_log_conf *conf, const char *line, size_t len)
{
    OVERLAPPED place = {.OffsetHigh = 0x7FFFFFFF};
    DWORD saved = GetLastError(), done;
    WCHAR *path = win_wide(conf->file);
    bool locked = false;
    LARGE_INTEGER size;
    HANDLE file = path ? open_locked(path, &place, &locked) : INVALID_HANDLE_VALUE;

    if (file != INVALID_HANDLE_VALUE && conf->max_bytes && GetFileSizeEx(file, &size) && size.QuadPart > 0 &&
        (uint64_t)size.QuadPart + len > conf->max_bytes) {
        if (conf->keep) {
            put_aside(path, platform_utf16_len((const uint16_t *)path), conf->keep);
            if (locked)
                (void)UnlockFileEx(file, 0, 1, 0, &place);
            (void)CloseHandle(file);
            file = open_locked(path, &place, &locked);
        } else {
            HANDLE empty = CreateFileW(path, GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                                       NULL, TRUNCATE_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);

            if (empty != INVALID_HANDLE_VALUE)
                (void)CloseHandle(empty);
        }
    }
    if (file != INVALID_HANDLE_VALUE) {
        (void)WriteFile(file, line, (DWORD)len, &done, NULL);
        if (locked)
            (void)UnlockFileEx(file, 0, 1, 0, &place);
        (void)CloseHandle(file);
    }
    free(path);
    SetLastError(saved);
}

void platform_log_event(enum platform_log_level level, const char *line)
{
    DWORD saved = GetLastError();
    HANDLE source = RegisterEventSourceW(NULL, L"SessionTSP");
    WCHAR *text = win_wide(line);

    if (source && text) {
        const WCHAR *textv[1] = {text};

        (void)ReportEventW(source, level == PLATFORM_LOG_ERROR ? EVENTLOG_ERROR_TYPE : EVENTLOG_WARNING_TYPE, 0, 1,
                           NULL, 1, 0, textv, NULL);
    }
    if (source)
        (void)DeregisterEventSource(source);
    free(text);
    SetLastError(saved);
}
