/* The parts that Windows does in its own way. SPDX-License-Identifier: MIT */
#include <windows.h>

#include "tests/support/support.h"
#include "tests/support/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { PATH_SIZE = 1024 };

static char conf_key[PATH_SIZE], list_key[PATH_SIZE];
static HANDLE stderr_saved, stderr_file, pipe_end;
static WCHAR stderr_path[MAX_PATH];

static WCHAR *wide(const char *text)
{
    size_t units = platform_utf8_to_utf16(text, SIZE_MAX, NULL, 0);
    WCHAR *w = malloc(units * sizeof(*w));

    if (!w)
        support_fail("malloc");
    (void)platform_utf8_to_utf16(text, SIZE_MAX, w, units);
    return w;
}

void support_pump(void)
{
    MSG msg;

    while (PeekMessageW(&msg, NULL, 0, 0, PM_REMOVE)) {
        (void)TranslateMessage(&msg);
        (void)DispatchMessageW(&msg);
    }
}

void support_wait(struct platform_event *e)
{
    HANDLE handle = (HANDLE)platform_event_native(e);

    for (;;) {
        DWORD n;

        support_pump();
        n = MsgWaitForMultipleObjects(1, &handle, FALSE, INFINITE, QS_ALLINPUT);
        if (n == WAIT_OBJECT_0)
            return;
        if (n != WAIT_OBJECT_0 + 1)
            support_fail("MsgWaitForMultipleObjects");
    }
}

void support_fill_queue(void)
{
    for (int i = 0; i < 20000 && PostThreadMessageW(GetCurrentThreadId(), WM_APP, 0, 0); i++)
        ;
}

bool support_native_ready(intptr_t native)
{
    return WaitForSingleObject((HANDLE)native, 0) == WAIT_OBJECT_0;
}

bool support_runner_has_thread(void)
{
    return false;
}

void support_env_set(const char *name, const char *value)
{
    WCHAR *n = wide(name), *v = value ? wide(value) : NULL;

    if (!SetEnvironmentVariableW(n, v) && (value || GetLastError() != ERROR_ENVVAR_NOT_FOUND))
        support_fail("SetEnvironmentVariable");
    free(n);
    free(v);
}

void support_folder_make(const char *name, char *path, size_t size)
{
    static unsigned serial;
    WCHAR temp[MAX_PATH + 1], *w;
    char base[3 * MAX_PATH];
    int n;

    if (!GetTempPathW(MAX_PATH, temp))
        support_fail("GetTempPath");
    (void)platform_utf16_to_utf8((const uint16_t *)temp, SIZE_MAX, base, sizeof(base));
    n = snprintf(path, size, "%stapi-%s-%lu-%u", base, name, GetCurrentProcessId(), serial++);
    if (n < 0 || (size_t)n >= size)
        support_fail("support_folder_make");
    w = wide(path);
    if (!CreateDirectoryW(w, NULL)) {
        if (GetLastError() != ERROR_ALREADY_EXISTS)
            support_fail("CreateDirectory");
        /* Of an earlier process with the same id. */
        support_folder_remove(path);
        if (!CreateDirectoryW(w, NULL))
            support_fail("CreateDirectory");
    }
    free(w);
}

static void remove_folder(const WCHAR *path)
{
    WCHAR pattern[MAX_PATH * 2];
    WIN32_FIND_DATAW data;
    HANDLE find;

    (void)swprintf(pattern, sizeof(pattern) / sizeof(pattern[0]), L"%ls\\*", path);
    find = FindFirstFileW(pattern, &data);
    if (find == INVALID_HANDLE_VALUE)
        support_fail("FindFirstFile");
    do {
        WCHAR entry[MAX_PATH * 2];

        if (wcscmp(data.cFileName, L".") == 0 || wcscmp(data.cFileName, L"..") == 0)
            continue;
        (void)swprintf(entry, sizeof(entry) / sizeof(entry[0]), L"%ls\\%ls", path, data.cFileName);
        if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
            remove_folder(entry);
        else if (!DeleteFileW(entry))
            support_fail("DeleteFile");
    } while (FindNextFileW(find, &data));
    (void)FindClose(find);
    if (!RemoveDirectoryW(path))
        support_fail("RemoveDirectory");
}

void support_folder_remove(const char *path)
{
    WCHAR *w = wide(path);

    remove_folder(w);
    free(w);
}

void support_file_write(const char *path, const void *data, size_t len)
{
    WCHAR *w = wide(path);
    FILE *f = _wfopen(w, L"wb");

    if (!f || fwrite(data, 1, len, f) != len || fclose(f))
        support_fail("support_file_write");
    free(w);
}

char *support_file_read(const char *path, size_t *lenp)
{
    WCHAR *w = wide(path);
    FILE *f = _wfopen(w, L"rb");
    char *text = NULL;
    size_t len = 0, n;

    free(w);
    if (!f)
        return NULL;
    do {
        char *more = realloc(text, len + 65536 + 1);

        if (!more)
            support_fail("support_file_read");
        text = more;
        n = fread(text + len, 1, 65536, f);
        len += n;
    } while (n > 0);
    (void)fclose(f);
    text[len] = 0;
    if (lenp)
        *lenp = len;
    return text;
}

void support_path(char *path, size_t size, const char *folder, const char *file)
{
    int n = snprintf(path, size, "%s\\%s", folder, file);

    if (n < 0 || (size_t)n >= size)
        support_fail("support_path");
}

void support_pipe_open(const char *folder, char *path, size_t size)
{
    (void)folder;
    (void)snprintf(path, size, "\\\\.\\pipe\\tapi-pipe-%lu", (unsigned long)GetCurrentProcessId());
    pipe_end = CreateNamedPipeA(path, PIPE_ACCESS_INBOUND, PIPE_TYPE_BYTE, 1, 0, 0, 0, NULL);
    if (pipe_end == INVALID_HANDLE_VALUE)
        support_fail("support_pipe_open");
}

void support_pipe_close(void)
{
    (void)CloseHandle(pipe_end);
}

bool support_path_is_full(const char *path)
{
    return path[0] && path[1] == ':' && path[2] == '\\';
}

void support_folder_enter(const char *path)
{
    WCHAR *w = wide(path);

    if (!SetCurrentDirectoryW(w))
        support_fail("SetCurrentDirectory");
    free(w);
}

void support_folder_current(char *path, size_t size)
{
    WCHAR w[MAX_PATH];

    if (!GetCurrentDirectoryW(MAX_PATH, w))
        support_fail("GetCurrentDirectory");
    (void)platform_utf16_to_utf8((const uint16_t *)w, SIZE_MAX, path, size);
}

void support_stderr_begin(void)
{
    SECURITY_ATTRIBUTES inherit = {sizeof(inherit), NULL, FALSE};
    WCHAR folder[MAX_PATH + 1];

    if (!GetTempPathW(MAX_PATH, folder) || !GetTempFileNameW(folder, L"tap", 0, stderr_path))
        support_fail("GetTempFileName");
    stderr_file = CreateFileW(stderr_path, FILE_APPEND_DATA | GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                              &inherit, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY, NULL);
    stderr_saved = GetStdHandle(STD_ERROR_HANDLE);
    if (stderr_file == INVALID_HANDLE_VALUE || !SetStdHandle(STD_ERROR_HANDLE, stderr_file))
        support_fail("support_stderr_begin");
}

char *support_stderr_end(void)
{
    DWORD len, got;
    char *text;

    (void)SetStdHandle(STD_ERROR_HANDLE, stderr_saved);
    len = GetFileSize(stderr_file, NULL);
    text = malloc((size_t)len + 1);
    if (!text || SetFilePointer(stderr_file, 0, NULL, FILE_BEGIN) != 0 ||
        !ReadFile(stderr_file, text, len, &got, NULL) || got != len)
        support_fail("support_stderr_end");
    text[len] = 0;
    (void)CloseHandle(stderr_file);
    (void)DeleteFileW(stderr_path);
    return text;
}

/* ---- places in the registry; all begin with HKCU\ */

static HKEY key_make(const char *place, const char *section)
{
    char path[2 * PATH_SIZE];
    WCHAR *w;
    HKEY key;

    (void)snprintf(path, sizeof(path), "%s%s%s", place + strlen("HKCU\\"), section[0] ? "\\" : "", section);
    w = wide(path);
    if (RegCreateKeyExW(HKEY_CURRENT_USER, w, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &key, NULL))
        support_fail("RegCreateKeyEx");
    free(w);
    return key;
}

static void key_remove(const char *place)
{
    WCHAR *w = wide(place + strlen("HKCU\\"));
    LSTATUS status = RegDeleteTreeW(HKEY_CURRENT_USER, w);

    if (status && status != ERROR_FILE_NOT_FOUND)
        support_fail("RegDeleteTree");
    free(w);
}

void support_store_put(const char *place, const char *section, const char *name, const char *text, uint32_t number)
{
    HKEY key = key_make(place, section);
    WCHAR *n = wide(name), *t = text ? wide(text) : NULL;
    const DWORD value = number;

    if (text ? RegSetValueExW(key, n, 0, REG_SZ, (const BYTE *)t, (DWORD)((wcslen(t) + 1) * sizeof(*t)))
             : RegSetValueExW(key, n, 0, REG_DWORD, (const BYTE *)&value, sizeof(value)))
        support_fail("RegSetValueEx");
    free(n);
    free(t);
    (void)RegCloseKey(key);
}

void support_conf_begin(void)
{
    (void)snprintf(conf_key, sizeof(conf_key), "HKCU\\Software\\TapiShimTest-%lu", GetCurrentProcessId());
    key_remove(conf_key);
    (void)RegCloseKey(key_make(conf_key, ""));
    support_env_set("TAPI_SHIM_CONFIG", conf_key);
}

void support_conf_end(void)
{
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    key_remove(conf_key);
}

const char *support_conf_place(void)
{
    return conf_key;
}

const char *support_conf_nowhere(void)
{
    return "HKCU\\Software\\TapiShimTest-nowhere\\Key";
}

void support_providers_begin(void)
{
    (void)snprintf(list_key, sizeof(list_key), "HKCU\\Software\\TapiShimTest-%lu-list\\Providers",
                   GetCurrentProcessId());
    key_remove(list_key);
    support_env_set("TAPI_SHIM_PROVIDERS", list_key);
}

void support_providers_end(void)
{
    char parent[PATH_SIZE];

    support_env_set("TAPI_SHIM_PROVIDERS", NULL);
    memcpy(parent, list_key, sizeof(parent));
    *strrchr(parent, '\\') = 0;
    key_remove(parent);
}

void support_providers_put(const char *name, const char *text)
{
    support_store_put(list_key, "", name, text, 0);
}

void support_providers_put_number(const char *name, uint32_t value)
{
    support_store_put(list_key, "", name, NULL, value);
}

void support_providers_put_other(void)
{
    support_store_put(list_key, "", "SomebodyElse", "text", 0);
}

/* One line "name type data" of each value, in the order of names. */
static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool list_open(HKEY *keyp)
{
    WCHAR *w = wide(list_key + strlen("HKCU\\"));
    LSTATUS status = RegOpenKeyExW(HKEY_CURRENT_USER, w, 0, KEY_READ, keyp);

    free(w);
    return status == ERROR_SUCCESS;
}

char *support_providers_snapshot(void)
{
    static char *linev[4096];
    size_t linec = 0, used = 0, size = 64;
    DWORD subkeys = 0;
    char *all;
    HKEY key;

    if (!list_open(&key))
        return NULL;
    for (DWORD i = 0; linec < 4096; i++) {
        WCHAR name[256];
        BYTE data[4096];
        DWORD units = 256, len = sizeof(data), type;
        char text[256 * 3];

        if (RegEnumValueW(key, i, name, &units, NULL, &type, data, &len))
            break;
        (void)platform_utf16_to_utf8((const uint16_t *)name, SIZE_MAX, text, sizeof(text));
        linev[linec] = malloc(sizeof(text) + 32 + 2 * (size_t)len);
        if (!linev[linec])
            support_fail("malloc");
        int n = sprintf(linev[linec], "%s %lu ", text, type);
        for (DWORD b = 0; b < len; b++)
            n += sprintf(linev[linec] + n, "%02x", data[b]);
        (void)strcat(linev[linec], "\n");
        size += strlen(linev[linec++]);
    }
    (void)RegQueryInfoKeyW(key, NULL, NULL, NULL, &subkeys, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
    (void)RegCloseKey(key);
    qsort(linev, linec, sizeof(linev[0]), compare_lines);
    all = malloc(size);
    if (!all)
        support_fail("malloc");
    used = (size_t)sprintf(all, "%lu keys\n", subkeys);
    for (size_t i = 0; i < linec; i++) {
        used += (size_t)sprintf(all + used, "%s", linev[i]);
        free(linev[i]);
    }
    return all;
}

char *support_providers_get(const char *name)
{
    union {
        DWORD number;
        WCHAR text[2048];
    } data;
    DWORD len = sizeof(data) - sizeof(WCHAR), type;
    WCHAR *w = wide(name);
    char *found = NULL;
    HKEY key;

    memset(&data, 0, sizeof(data));
    if (list_open(&key)) {
        if (RegQueryValueExW(key, w, NULL, &type, (BYTE *)&data, &len) == ERROR_SUCCESS) {
            found = malloc(3 * 2048);
            if (!found)
                support_fail("malloc");
            if (type == REG_DWORD)
                (void)sprintf(found, "%lu", data.number);
            else
                (void)platform_utf16_to_utf8((const uint16_t *)data.text, SIZE_MAX, found, 3 * 2048);
        }
        (void)RegCloseKey(key);
    }
    free(w);
    return found;
}

void support_providers_block(void)
{
    /* A root alone: no key can be made of that. */
    support_env_set("TAPI_SHIM_PROVIDERS", "HKLM\\");
}
