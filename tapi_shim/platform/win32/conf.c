/* Configuration store: a registry key, its values, and those of its subkeys. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/registry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char own_key[] = "HKLM\\Software\\SessionTSP";

enum {
    WHERE_SIZE = REGISTRY_PATH_MAX + 3 * 256 + 512,
    ERRORS_MAX = 100, /* messages for one key, as for one file on the other systems */
};

struct walk {
    platform_conf_h *h;
    platform_conf_error_h *errorh;
    void *arg;
    const char *place, *section;
    unsigned errors;
};

/* The key that is meant. *asked: somebody named it, so it has to be there. */
static int conf_key(const char *path, char key[REGISTRY_PATH_MAX], bool *asked)
{
    int err;

    *asked = true;
    if (path)
        return platform_text_copy(key, REGISTRY_PATH_MAX, path) ? 0 : ENOENT;
    err = platform_env("TAPI_SHIM_CONFIG", key, REGISTRY_PATH_MAX);
    if (err != ENOENT)
        return err == ENAMETOOLONG ? ENOENT : err;
    *asked = false;
    memcpy(key, own_key, sizeof(own_key));
    return 0;
}

void platform_conf_place(const char *path, char *place, size_t size)
{
    char key[REGISTRY_PATH_MAX];
    bool asked;

    if (conf_key(path, key, &asked) != 0)
        (void)platform_text_copy(key, sizeof(key), path ? path : "TAPI_SHIM_CONFIG (too long a name)");
    (void)platform_text_copy(place, size, key);
}

static void tell(struct walk *w, const char *where, const char *why)
{
    if (!w->errorh || w->errors > ERRORS_MAX)
        return;
    w->errorh(where, w->errors < ERRORS_MAX ? why : "more values like these are passed over without a message", w->arg);
    w->errors++;
}

static void take_value(const char *name, const char *text, const char *why, void *arg)
{
    struct walk *w = arg;
    char where[WHERE_SIZE];

    (void)snprintf(where, sizeof(where), "%s%s%s\\%.500s", w->place, w->section[0] ? "\\" : "", w->section, name);
    if (!text) {
        tell(w, where, why);
    } else if (!name[0]) {
        /* The default value, which editors of the registry leave behind empty. */
        if (text[0])
            tell(w, where, "has no name");
    } else {
        const struct platform_conf_entry entry = {w->section, name, text, where};

        w->h(&entry, w->arg);
    }
}

static int too_deep(HKEY key, const char *name, void *arg)
{
    struct walk *w = arg;
    char where[WHERE_SIZE];

    (void)key;
    (void)snprintf(where, sizeof(where), "%s\\%s\\%.250s", w->place, w->section, name);
    tell(w, where, "is a key within a section, which nothing reads");
    return 0;
}

static int take_section(HKEY key, const char *name, void *arg)
{
    struct walk *w = arg;
    int err;

    w->section = name;
    err = registry_values(key, take_value, w);
    return err ? err : registry_subkeys(key, too_deep, w);
}

int platform_conf_read(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg)
{
    char place[REGISTRY_PATH_MAX];
    struct walk w = {.h = h, .errorh = errorh, .arg = arg, .place = place, .section = ""};
    bool asked;
    HKEY key;
    int err = conf_key(path, place, &asked);

    if (err)
        platform_conf_place(path, place, sizeof(place));
    else
        err = registry_open(place, KEY_READ, &key);
    if (err == ENOENT && !asked)
        return 0;
    if (!err) {
        err = registry_values(key, take_value, &w);
        if (!err)
            err = registry_subkeys(key, take_section, &w);
        (void)RegCloseKey(key);
    }
    if (err == EINVAL) {
        err = ENOENT;
        tell(&w, place, "names no registry key; one begins with HKCU\\ or HKLM\\");
    } else if (err) {
        tell(&w, place,
             err == ENOENT   ? "there is no such key"
             : err == EACCES ? "the key may not be read"
             : err == ENOMEM ? "out of memory"
                             : "the key cannot be read");
    }
    return err;
}

int platform_conf_create(void)
{
    bool made = false;
    HKEY key;
    int err = registry_create(own_key, KEY_QUERY_VALUE, &key, &made);

    if (err)
        return err;
    (void)RegCloseKey(key);
    return made ? 0 : EEXIST;
}

int platform_conf_remove(void)
{
    return registry_remove(own_key, true);
}
