/* Stored values: a key of the registry, in which all else is kept as it is.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/registry.h"

#include <errno.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char telephony_key[] = "HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Telephony\\Providers";

enum {
    LOCK_MS = 10000, /* others hold the lock for as long as a few values take to write */
    DELETE_MAX = 4096,
};

struct platform_store {
    char path[REGISTRY_PATH_MAX];
    bool (*owns)(const char *name); /* NULL: every value */
    HANDLE lock;                    /* held if open for writing, else NULL */
};

/* `name` of the mutex that writers hold. */
static int store_open(struct platform_store **sp, const char *variable, const char *key, const char *section,
                      bool (*owns)(const char *name), const WCHAR *name, bool write)
{
    struct platform_store *s = calloc(1, sizeof(*s));
    DWORD got;
    int err;

    if (!s)
        return ENOMEM;
    s->owns = owns;
    err = platform_env(variable, s->path, sizeof(s->path));
    if (err == ENOENT)
        err = platform_text_copy(s->path, sizeof(s->path), key) ? 0 : EIO;
    if (!err && section) {
        size_t len = strlen(s->path);

        err = snprintf(s->path + len, sizeof(s->path) - len, "\\%s", section) < (int)(sizeof(s->path) - len) ? 0 : EIO;
    }
    if (!err && write) {
        s->lock = CreateMutexW(NULL, FALSE, name);
        err = s->lock ? 0 : win_errno(GetLastError());
        /* Abandoned: its owner died in between; the values are read as far as they make sense. */
        got = s->lock ? WaitForSingleObject(s->lock, LOCK_MS) : WAIT_FAILED;
        if (s->lock && got != WAIT_OBJECT_0 && got != WAIT_ABANDONED) {
            (void)CloseHandle(s->lock);
            s->lock = NULL;
            err = got == WAIT_TIMEOUT ? EBUSY : EIO;
        }
    }
    if (err) {
        free(s);
        return err == ENAMETOOLONG ? EIO : err;
    }
    *sp = s;
    return 0;
}

int platform_providers_open(struct platform_store **sp, bool write)
{
    return store_open(sp, "TAPI_SHIM_PROVIDERS", telephony_key, NULL, platform_providers_owns,
                      L"Global\\TapiShimProviders", write);
}

int platform_state_open(struct platform_store **sp, const char *section, bool write)
{
    char suffix[16], key[64];

    platform_place_suffix(suffix, sizeof(suffix), "");
    (void)snprintf(key, sizeof(key), "HKCU\\Software\\tapi_shim%s", suffix);
    return store_open(sp, "TAPI_SHIM_STATE", key, section, NULL, L"Local\\TapiShimState", write);
}

void platform_store_close(struct platform_store *s)
{
    if (!s)
        return;
    if (s->lock) {
        (void)ReleaseMutex(s->lock);
        (void)CloseHandle(s->lock);
    }
    free(s);
}

struct reader {
    platform_store_h *h;
    void *arg;
};

static void take_value(const char *name, const char *text, const char *why, void *arg)
{
    struct reader *r = arg;

    (void)why;
    if (text)
        r->h(name, text, r->arg);
}

int platform_store_read(struct platform_store *s, platform_store_h *h, void *arg)
{
    struct reader r = {h, arg};
    HKEY key;
    int err = registry_open(s->path, KEY_QUERY_VALUE, &key);

    if (err)
        return err == EINVAL ? EIO : err;
    err = registry_values(key, take_value, &r);
    (void)RegCloseKey(key);
    return err;
}

/* Names of values that are ours and not to stay: a walk must not be disturbed by removals. */
struct stale {
    bool (*owns)(const char *name);
    const struct platform_store_value *valuev;
    size_t valuec, count;
    bool other;
    char name[DELETE_MAX][32];
};

static void find_stale(const char *name, const char *text, const char *why, void *arg)
{
    struct stale *stale = arg;

    (void)text;
    (void)why;
    if (stale->owns && !stale->owns(name)) {
        stale->other = true;
        return;
    }
    for (size_t i = 0; i < stale->valuec; i++)
        if (_stricmp(stale->valuev[i].name, name) == 0)
            return;
    if (stale->count < DELETE_MAX && platform_text_copy(stale->name[stale->count], 32, name))
        stale->count++;
}

static int set_value(HKEY key, const struct platform_store_value *v)
{
    WCHAR name[32], *wide;
    DWORD n;
    int err;

    (void)platform_utf8_to_utf16(v->name, SIZE_MAX, name, sizeof(name) / sizeof(name[0]));
    if (v->is_number) {
        n = strtoul(v->text, NULL, 10);
        return win_errno((DWORD)RegSetValueExW(key, name, 0, REG_DWORD, (const BYTE *)&n, sizeof(n)));
    }
    wide = win_wide(v->text);
    if (!wide)
        return ENOMEM;
    n = (DWORD)((platform_utf16_len(wide) + 1) * sizeof(*wide));
    err = win_errno((DWORD)RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)wide, n));
    free(wide);
    return err;
}

static int remove_stale(HKEY key, const struct stale *stale)
{
    for (size_t i = 0; i < stale->count; i++) {
        WCHAR name[32];
        int err;

        (void)platform_utf8_to_utf16(stale->name[i], SIZE_MAX, name, sizeof(name) / sizeof(name[0]));
        err = win_errno((DWORD)RegDeleteValueW(key, name));
        if (err && err != ENOENT)
            return err;
    }
    return 0;
}

int platform_store_write(struct platform_store *s, const struct platform_store_value *valuev, size_t valuec)
{
    struct stale *stale = calloc(1, sizeof(*stale));
    HKEY key;
    int err;

    if (!stale)
        return ENOMEM;
    stale->owns = s->owns;
    stale->valuev = valuev;
    stale->valuec = valuec;
    err = registry_create(s->path, KEY_QUERY_VALUE | KEY_SET_VALUE, &key, NULL);
    if (err) {
        free(stale);
        return err == EACCES || err == ENOMEM ? err : EIO;
    }
    err = registry_values(key, find_stale, stale);
    for (size_t i = 0; i < valuec && !err; i++)
        err = set_value(key, &valuev[i]);
    if (!err)
        err = remove_stale(key, stale);
    (void)RegCloseKey(key);
    free(stale);
    return err;
}

int platform_conf_section_write(const char *section, const struct platform_store_value *valuev, size_t valuec)
{
    struct platform_store *s;
    char place[REGISTRY_PATH_MAX];
    int err;

    platform_conf_place(NULL, place, sizeof(place));
    err = store_open(&s, "TAPI_SHIM_CONFIG", place, section, NULL, L"Global\\SessionTspConfig", true);
    if (err)
        return err;
    err = valuec ? platform_store_write(s, valuev, valuec) : registry_remove(s->path, true);
    platform_store_close(s);
    return !valuec && err == ENOENT ? 0 : err == EINVAL ? EIO : err;
}

int platform_conf_section_private(const char *section, bool *othersp)
{
    /* all access: system, administrators, owner; reading: network service; nobody else, whatever the keys above say */
    static const WCHAR rights[] = L"D:P(A;;KA;;;SY)(A;;KA;;;BA)(A;;KA;;;OW)(A;;KR;;;NS)";
    PSECURITY_DESCRIPTOR descriptor = NULL;
    char place[REGISTRY_PATH_MAX], path[2 * REGISTRY_PATH_MAX];
    HKEY key;
    int err;

    *othersp = false;
    platform_conf_place(NULL, place, sizeof(place));
    (void)snprintf(path, sizeof(path), "%s\\%s", place, section);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(rights, SDDL_REVISION_1, &descriptor, NULL))
        return win_errno(GetLastError());
    err = registry_create(path, WRITE_DAC, &key, NULL);
    if (!err) {
        err = win_errno((DWORD)RegSetKeySecurity(key, DACL_SECURITY_INFORMATION, descriptor));
        (void)RegCloseKey(key);
    }
    (void)LocalFree(descriptor);
    return err == ENOENT ? EIO : err;
}

int platform_store_remove(struct platform_store *s)
{
    struct stale *stale = calloc(1, sizeof(*stale));
    DWORD subkeys = 0;
    HKEY key;
    int err;

    if (!stale)
        return ENOMEM;
    stale->owns = s->owns;
    err = registry_open(s->path, KEY_QUERY_VALUE, &key);
    if (err) {
        free(stale);
        return err;
    }
    err = registry_values(key, find_stale, stale);
    if (!err)
        err = win_errno(
            (DWORD)RegQueryInfoKeyW(key, NULL, NULL, NULL, &subkeys, NULL, NULL, NULL, NULL, NULL, NULL, NULL));
    (void)RegCloseKey(key);
    if (!err && (stale->other || subkeys > 0))
        err = EEXIST;
    free(stale);
    return err ? err : registry_remove(s->path, false);
}
