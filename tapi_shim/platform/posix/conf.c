/* Configuration store: an INI file. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tapi_shim/platform/internal.h"
#include "tapi_shim/platform/posix/ini.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    PATH_SIZE = 4096,
    ERRORS_MAX = 100, /* messages for one file; what is no INI file at all would give one a line */
};

static const char system_path[] = "/etc/tapi_shim/tapi_shim.ini";

/* The file that is meant. *asked: somebody named it, so it has to be there. */
static int conf_path(const char *path, char file[PATH_SIZE], bool *asked)
{
    struct stat st;
    int err;

    *asked = true;
    if (path)
        return platform_text_copy(file, PATH_SIZE, path) ? 0 : ENOENT;
    err = platform_env("TAPI_SHIM_CONFIG", file, PATH_SIZE);
    if (err != ENOENT)
        return err ? ENOENT : 0;
    *asked = false;
    /* One that is there but cannot be read is an error, not a reason to take another. */
    if (ini_user_path("tapi_shim.ini", file, PATH_SIZE) == 0 && (stat(file, &st) == 0 || errno == EACCES))
        return 0;
    if (stat(system_path, &st) == 0 || errno == EACCES || ini_user_path("tapi_shim.ini", file, PATH_SIZE) != 0)
        (void)platform_text_copy(file, PATH_SIZE, system_path);
    return 0;
}

void platform_conf_place(const char *path, char *place, size_t size)
{
    char file[PATH_SIZE];
    bool asked;

    if (conf_path(path, file, &asked) != 0)
        (void)platform_text_copy(file, sizeof(file), path ? path : "TAPI_SHIM_CONFIG (too long a path)");
    (void)platform_text_copy(place, size, file);
}

int platform_conf_read(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg)
{
    char file[PATH_SIZE], where[PATH_SIZE + 16], why[INI_WHY_MAX];
    char *text = NULL;
    struct ini *ini = NULL;
    enum ini_kind kind;
    unsigned errors = 0;
    size_t len = 0;
    bool asked;
    int err;

    err = conf_path(path, file, &asked);
    if (err) {
        platform_conf_place(path, where, sizeof(where));
        if (errorh)
            errorh(where, "there is no such file", arg);
        return err;
    }
    err = ini_load(file, &text, &len, why);
    if (err == ENOENT && !asked)
        return 0;
    if (err) {
        if (errorh)
            errorh(file, why, arg);
        return err;
    }
    ini = malloc(sizeof(*ini));
    if (!ini) {
        platform_wipe(text, len); /* there may be a password in it */
        free(text);
        return ENOMEM;
    }
    ini_open(ini, text, len);
    while ((kind = ini_next(ini)) != INI_END) {
        if (kind == INI_ENTRY || kind == INI_ERROR)
            (void)snprintf(where, sizeof(where), "%s:%u", file, ini->line);
        if (kind == INI_ENTRY) {
            const struct platform_conf_entry entry = {ini->section, ini->key, ini->value, where};

            h(&entry, arg);
        } else if (kind == INI_ERROR && errorh && errors <= ERRORS_MAX) {
            errorh(where, errors < ERRORS_MAX ? ini->why : "more lines like these are passed over without a message",
                   arg);
            errors++;
        }
    }
    platform_wipe(ini, sizeof(*ini));
    platform_wipe(text, len);
    free(ini);
    free(text);
    return 0;
}

int platform_conf_create(void)
{
    return 0;
}

int platform_conf_remove(void)
{
    return 0;
}
