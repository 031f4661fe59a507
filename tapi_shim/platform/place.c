/* A service of its own for each configuration. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdio.h>

void platform_place_suffix(char *suffix, size_t size)
{
    static const char *const names[] = {"TAPI_SHIM_CONFIG", "TAPI_SHIM_PROVIDERS"};
    uint32_t hash = 2166136261u; /* FNV-1a */
    bool set = false;
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        char value[PLATFORM_PATH_MAX];
        const char *p = value;

        set = platform_env(names[i], value, sizeof(value)) != ENOENT || set;
        do {
            hash ^= (unsigned char)*p;
            hash *= 16777619u;
        } while (*p++);
    }
    if (set)
        (void)snprintf(suffix, size, "-%08x", (unsigned)hash);
    else if (size > 0)
        suffix[0] = 0;
}
