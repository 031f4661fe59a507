/* Files that are read whole, and memory that held a secret. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void platform_wipe(void *data, size_t size)
{
    /* called through what may have changed meanwhile: no compiler knows it for a store that nobody reads */
    static void *(*const volatile clear)(void *, int, size_t) = memset;

    if (data && size > 0)
        (void)clear(data, 0, size);
}

int platform_read_all(char **datap, size_t *lenp, uint64_t expected, size_t max, platform_read_h *h, void *arg)
{
    size_t cap, len = 0, got = 0;
    char *data;
    int err;

    if (max > SIZE_MAX / 2)
        max = SIZE_MAX / 2;
    if (expected > max)
        return EFBIG;
    cap = (size_t)expected + 2; /* for a byte too many, and the NUL */
    data = malloc(cap);
    if (!data)
        return ENOMEM;
    for (;;) {
        err = h(data + len, cap - 1 - len, &got, arg);
        len += err ? 0 : got;
        if (!err && len > max)
            err = EFBIG;
        if (err || got == 0)
            break;
        if (len == cap - 1) {
            size_t more_cap = cap <= max / 2 ? 2 * cap : max + 2;
            char *more = malloc(more_cap); /* realloc would leave behind what is in it now */

            if (!more) {
                err = ENOMEM;
                break;
            }
            memcpy(more, data, len);
            platform_wipe(data, cap);
            free(data);
            data = more;
            cap = more_cap;
        }
    }
    if (err) {
        platform_wipe(data, cap);
        free(data);
        return err;
    }
    data[len] = 0;
    *datap = data;
    *lenp = len;
    return 0;
}
