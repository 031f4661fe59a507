/* What the host adds to TAPI: tapi_shim.h. SPDX-License-Identifier: MIT */
#include "include/tapi_shim.h"

#include "tapi_shim/client/client.h"
#include "tapi_shim/client/error_name.h"

#include <errno.h>
#include <string.h>

_Static_assert(sizeof(WCHAR) == sizeof(uint16_t), "UTF-16");

int tapi_shim_event_fd(HANDLE hEvent)
{
    const struct client_map *maps[] = {&client.apps, &client.phones};
    int fd = -1;
    size_t i;

    platform_mutex_lock(&client.lock);
    for (i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        const struct client_app *app;
        size_t pos = 0;

        while ((app = client_map_next(maps[i], &pos)) != NULL) {
            if (app->event && (HANDLE)platform_event_native(app->event) == hEvent)
                fd = (int)(intptr_t)hEvent;
        }
    }
    platform_mutex_unlock(&client.lock);
    return fd;
}

const char *tapi_shim_strerror(LONG err)
{
    return error_name(err);
}

size_t tapi_shim_utf8_to_utf16(WCHAR *dst, size_t dst_units, const char *src, size_t src_bytes)
{
    const char *end = src && src_bytes != TAPI_SHIM_NTS ? memchr(src, 0, src_bytes) : NULL;

    return platform_utf8_to_utf16(src, end ? (size_t)(end - src) : src_bytes, (uint16_t *)dst, dst ? dst_units : 0);
}

size_t tapi_shim_utf16_to_utf8(char *dst, size_t dst_bytes, const WCHAR *src, size_t src_units)
{
    size_t units = 0;

    if (src && src_units != TAPI_SHIM_NTS) {
        while (units < src_units && src[units])
            units++;
        src_units = units;
    }
    return platform_utf16_to_utf8((const uint16_t *)src, src_units, dst, dst ? dst_bytes : 0);
}

int tapi_shim_set_config(const char *path)
{
    bool busy;

    if (path && !path[0])
        return EINVAL;
    if (path && strlen(path) >= PLATFORM_PATH_MAX)
        return ENAMETOOLONG;
    platform_mutex_lock(&client.lock);
    busy = client.apps.count || client.phones.count || client.starting || client.opening || client.conn;
    platform_mutex_unlock(&client.lock);
    /* Providers are modules of their own: what reaches them all is the environment. */
    return busy ? EBUSY : platform_env_set("TAPI_SHIM_CONFIG", path);
}
