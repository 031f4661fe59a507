/* Registry keys by name, and their values as text. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/registry.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NAME_UNITS = 16384,     /* the longest name of a value, with its terminator */
    NAME_BYTES = 3 * 16384, /* the same in UTF-8 */
    DATA_MAX = 65536,       /* bytes of a value that is read */
};

/* Splits `path` into its root and the wide rest, to be freed. */
static int parse(const char *path, HKEY *root, WCHAR **restp)
{
    static const struct {
        const char *name;
        HKEY key;
    } roots[] = {{"HKCU\\", HKEY_CURRENT_USER},
                 {"HKEY_CURRENT_USER\\", HKEY_CURRENT_USER},
                 {"HKLM\\", HKEY_LOCAL_MACHINE},
                 {"HKEY_LOCAL_MACHINE\\", HKEY_LOCAL_MACHINE}};

    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        size_t n = strlen(roots[i].name), len;
        WCHAR *wide;

        if (_strnicmp(path, roots[i].name, n) != 0)
            continue;
        wide = win_wide(path + n);
        if (!wide)
            return ENOMEM;
        for (len = platform_utf16_len(wide); len > 0 && wide[len - 1] == L'\\'; len--)
            wide[len - 1] = 0;
        /* Never the root itself: what is done here to a key must not be done to that. */
        if (len == 0 || wide[0] == L'\\') {
            free(wide);
            return EINVAL;
        }
        *root = roots[i].key;
        *restp = wide;
        return 0;
    }
    return EINVAL;
}

int registry_open(const char *path, REGSAM access, HKEY *keyp)
{
    WCHAR *rest;
    HKEY root;
    int err = parse(path, &root, &rest);

    if (err)
        return err;
    err = win_errno((DWORD)RegOpenKeyExW(root, rest, 0, access, keyp));
    free(rest);
    return err;
}

int registry_create(const char *path, REGSAM access, HKEY *keyp, bool *madep)
{
    DWORD disposition = 0;
    WCHAR *rest;
    HKEY root;
    int err = parse(path, &root, &rest);

    if (err)
        return err;
    err = win_errno(
        (DWORD)RegCreateKeyExW(root, rest, 0, NULL, REG_OPTION_NON_VOLATILE, access, NULL, keyp, &disposition));
    if (madep)
        *madep = disposition == REG_CREATED_NEW_KEY;
    free(rest);
    return err;
}

int registry_remove(const char *path, bool tree)
{
    WCHAR *rest;
    HKEY root;
    int err = parse(path, &root, &rest);

    if (err)
        return err;
    err = win_errno((DWORD)(tree ? RegDeleteTreeW(root, rest) : RegDeleteKeyW(root, rest)));
    free(rest);
    return err;
}

/* Makes `text` (DATA_MAX * 2 bytes) of the data of a value; NULL if done, else what is wrong. */
static const char *value_text(DWORD type, const BYTE *data, DWORD size, char *text)
{
    size_t units = size / sizeof(WCHAR);

    if (type == REG_DWORD) {
        DWORD n;

        if (size != sizeof(n))
            return "is a DWORD of a wrong size";
        memcpy(&n, data, sizeof(n));
        (void)snprintf(text, 16, "%lu", n);
        return NULL;
    }
    if (type != REG_SZ)
        return "is neither a string (REG_SZ) nor a DWORD";
    if (size % sizeof(WCHAR) != 0)
        return "is a string with half a character";
    /* Stored with a terminator or without. */
    while (units > 0 && ((const WCHAR *)(const void *)data)[units - 1] == 0)
        units--;
    for (size_t i = 0; i < units; i++)
        if (((const WCHAR *)(const void *)data)[i] == 0)
            return "contains a NUL character";
    if (!platform_utf16_valid((const uint16_t *)(const void *)data, units))
        return "is not UTF-16";
    (void)platform_utf16_to_utf8((const uint16_t *)(const void *)data, units, text, DATA_MAX * 2);
    return NULL;
}

int registry_values(HKEY key, registry_value_h *h, void *arg)
{
    WCHAR *wide = malloc(NAME_UNITS * sizeof(*wide));
    char *name = malloc(NAME_BYTES), *text = malloc(DATA_MAX * 2);
    BYTE *data = malloc(DATA_MAX);
    int err = ENOMEM;

    if (!wide || !name || !text || !data)
        goto out;
    err = 0;
    for (DWORD i = 0;; i++) {
        DWORD units = NAME_UNITS, size = DATA_MAX, type = REG_NONE;
        LSTATUS status = RegEnumValueW(key, i, wide, &units, NULL, &type, data, &size);
        const char *why;

        if (status == ERROR_NO_MORE_ITEMS)
            break;
        if (status != ERROR_SUCCESS && status != ERROR_MORE_DATA) {
            err = win_errno((DWORD)status);
            break;
        }
        if (status == ERROR_MORE_DATA) {
            /* Then the name may not have been given; one more query, for the name alone. */
            units = NAME_UNITS;
            if (RegEnumValueW(key, i, wide, &units, NULL, NULL, NULL, NULL) != ERROR_SUCCESS)
                units = 0;
            why = "is larger than 64 KiB";
        } else {
            why = value_text(type, data, size, text);
        }
        (void)platform_utf16_to_utf8(wide, units, name, NAME_BYTES);
        h(name, why ? NULL : text, why ? why : "", arg);
    }
out:
    platform_wipe(text, text ? DATA_MAX * 2 : 0); /* a password may have been there */
    platform_wipe(data, data ? DATA_MAX : 0);
    free(wide);
    free(name);
    free(text);
    free(data);
    return err;
}

int registry_subkeys(HKEY key, registry_subkey_h *h, void *arg)
{
    WCHAR wide[256]; /* the longest name of a key, with its terminator */
    char name[3 * 256];
    int err = 0;

    for (DWORD i = 0; !err; i++) {
        DWORD units = sizeof(wide) / sizeof(wide[0]);
        LSTATUS status = RegEnumKeyExW(key, i, wide, &units, NULL, NULL, NULL, NULL);
        HKEY sub;

        if (status == ERROR_NO_MORE_ITEMS)
            break;
        if (status == ERROR_SUCCESS)
            status = RegOpenKeyExW(key, wide, 0, KEY_READ, &sub);
        if (status != ERROR_SUCCESS)
            return win_errno((DWORD)status);
        (void)platform_utf16_to_utf8(wide, units, name, sizeof(name));
        err = h(sub, name, arg);
        (void)RegCloseKey(sub);
    }
    return err;
}
