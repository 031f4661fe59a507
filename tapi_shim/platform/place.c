/* A service of its own for each configuration. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdio.h>

static uint32_t hash_more(uint32_t hash, const char *text)
{
    do {
        hash ^= (unsigned char)*text;
        hash *= 16777619u;
    } while (*text++);
    return hash;
}

void platform_place_suffix(char *suffix, size_t size, const char *current)
{
    static const char *const names[] = {"TAPI_SHIM_CONFIG", "TAPI_SHIM_PROVIDERS"};
    char value[PLATFORM_PATH_MAX];
    uint32_t hash = 2166136261u; /* FNV-1a */
    bool set = false;
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bool here = platform_env(names[i], value, sizeof(value)) != ENOENT;

        set = set || here;
        hash = hash_more(hash, value);
        /* The same words mean another file in another folder. */
        if (here && value[0] != '/')
            hash = hash_more(hash, current);
    }
    if (size > 0)
        suffix[0] = 0;
    if (set)
        (void)snprintf(suffix, size, "-%08x", (unsigned)hash);
}
