/* Loadable modules. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { WIDE_PATH_MAX = 32768 }; /* the longest path Windows has */

struct platform_module {
    HMODULE handle;
};

static const char anchor; /* an address within the module this code is linked into */

HMODULE win_module(void)
{
    HMODULE self = NULL;

    (void)GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                             (const WCHAR *)(const void *)&anchor, &self);
    return self;
}

/* Full path of a module in memory of its own; NULL if unknown. */
static WCHAR *module_path(HMODULE module)
{
    WCHAR *wide = malloc(WIDE_PATH_MAX * sizeof(*wide));
    DWORD n = wide ? GetModuleFileNameW(module, wide, WIDE_PATH_MAX) : 0;

    if (n == 0 || n >= WIDE_PATH_MAX) {
        free(wide);
        return NULL;
    }
    return wide;
}

void platform_module_self(char *path, size_t size)
{
    HMODULE self = win_module();
    WCHAR *wide = self ? module_path(self) : NULL;

    if (size == 0)
        goto out;
    path[0] = 0;
    if (wide && platform_utf16_to_utf8(wide, SIZE_MAX, NULL, 0) <= size)
        (void)platform_utf16_to_utf8(wide, SIZE_MAX, path, size);
out:
    free(wide);
}

void platform_process_name(char *name, size_t size)
{
    WCHAR *wide = module_path(NULL);
    const WCHAR *slash = wide ? wcsrchr(wide, L'\\') : NULL;

    (void)platform_utf16_to_utf8(slash ? slash + 1 : wide, SIZE_MAX, name, size);
    free(wide);
}

/* The path of `name` in the folder `dir` (with or without \ at its end), in memory of its own. */
static WCHAR *join(const WCHAR *dir, size_t dir_len, const WCHAR *name)
{
    size_t name_len = wcslen(name);
    WCHAR *path = malloc((dir_len + name_len + 2) * sizeof(*path));

    if (!path)
        return NULL;
    memcpy(path, dir, dir_len * sizeof(*path));
    if (dir_len > 0 && path[dir_len - 1] != L'\\')
        path[dir_len++] = L'\\';
    memcpy(path + dir_len, name, (name_len + 1) * sizeof(*path));
    return path;
}

static bool is_there(const WCHAR *path)
{
    return path && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* The full path that `name` means; NULL: no memory. */
static WCHAR *find(const WCHAR *name)
{
    WCHAR *path = NULL;

    if (wcspbrk(name, L"\\/:")) {
        DWORD n = GetFullPathNameW(name, 0, NULL, NULL);

        path = n ? malloc(n * sizeof(*path)) : NULL;
        if (path && GetFullPathNameW(name, n, path, NULL) >= n) {
            free(path);
            path = NULL;
        }
        return path;
    }
    WCHAR *self = module_path(win_module());
    const WCHAR *slash = self ? wcsrchr(self, L'\\') : NULL;

    if (slash)
        path = join(self, (size_t)(slash - self), name);
    free(self);
    if (!is_there(path)) {
        WCHAR system[MAX_PATH];
        UINT n = GetSystemDirectoryW(system, MAX_PATH);

        free(path);
        path = n > 0 && n < MAX_PATH ? join(system, n, name) : NULL;
    }
    return path;
}

static int load_error(DWORD code, const char **textp)
{
    switch (code) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        *textp = "no such file";
        return ENOENT;
    case ERROR_ACCESS_DENIED:
        *textp = "access is denied";
        return EACCES;
    case ERROR_SHARING_VIOLATION:
        *textp = "the file is in use";
        return EACCES;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
        *textp = "out of memory";
        return ENOMEM;
    case ERROR_MOD_NOT_FOUND:
        *textp = "a module that it needs is missing";
        return ENOEXEC;
    case ERROR_PROC_NOT_FOUND:
        *textp = "a function that it needs is missing in another module";
        return ENOEXEC;
    case ERROR_DLL_INIT_FAILED:
        *textp = "its initialisation failed";
        return ENOEXEC;
    case ERROR_BAD_EXE_FORMAT:
        *textp = "not a module, or one for another type of machine";
        return ENOEXEC;
    case 577 /* ERROR_INVALID_IMAGE_HASH, which older SDKs lack */:
        *textp = "its signature does not satisfy this system's policy";
        return ENOEXEC;
    default:
        *textp = "the system refuses to load it";
        return ENOEXEC;
    }
}

int platform_module_load(struct platform_module **mp, const char *path, const char **errp)
{
    struct platform_module *m = NULL;
    WCHAR *wide = NULL, *full = NULL;
    const char *text = "out of memory";
    DWORD attributes, mode, code;
    int err = ENOMEM;

    if (!path || !path[0]) {
        text = "no file named";
        err = EINVAL;
        goto out;
    }
    m = malloc(sizeof(*m));
    wide = win_wide(path);
    full = wide ? find(wide) : NULL;
    if (!m || !full)
        goto out;
    attributes = GetFileAttributesW(full);
    if (attributes == INVALID_FILE_ATTRIBUTES) {
        err = load_error(win_errno(GetLastError()) == EACCES ? ERROR_ACCESS_DENIED : ERROR_FILE_NOT_FOUND, &text);
        goto out;
    }
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) {
        text = "not a file";
        err = ENOEXEC;
        goto out;
    }
    /* The system adds ".dll" to a name without an extension, unless it ends with a dot. */
    if (!wcschr(wcsrchr(full, L'\\') ? wcsrchr(full, L'\\') : full, L'.')) {
        WCHAR *dotted = realloc(full, (wcslen(full) + 2) * sizeof(*full));

        if (!dotted)
            goto out;
        full = dotted;
        wcscat(full, L".");
    }
    /* No message box in a service: errors come back here. */
    (void)SetThreadErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX, &mode);
    m->handle = LoadLibraryExW(full, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    code = m->handle ? 0 : GetLastError();
    (void)SetThreadErrorMode(mode, NULL);
    if (!m->handle) {
        err = load_error(code, &text);
        goto out;
    }
    *mp = m;
    m = NULL;
    text = "";
    err = 0;
out:
    free(m);
    free(wide);
    free(full);
    if (errp)
        *errp = text;
    return err;
}

void platform_module_unload(struct platform_module *m)
{
    if (!m)
        return;
    (void)FreeLibrary(m->handle);
    free(m);
}

void (*platform_module_symbol(struct platform_module *m, const char *name))(void)
{
    union {
        FARPROC proc;
        void (*function)(void);
    } u;

    u.proc = GetProcAddress(m->handle, name);
    return u.function;
}
