/* There are no links between processes here: whoever wants one hears it at the first step. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/platform/win32/win.h"

#include "tapi_shim/platform/link.h"

#include <errno.h>

int platform_hub_alloc(struct platform_hub **hp)
{
    (void)hp;
    return ENOTSUP;
}

void platform_hub_free(struct platform_hub *h)
{
    (void)h;
}

int platform_connect(struct platform_hub *h, const char *place, struct platform_link **lp)
{
    (void)h;
    (void)place;
    (void)lp;
    return ENOTSUP;
}

void platform_link_start(struct platform_link *l, platform_link_data_h *data, platform_link_closed_h *closed, void *arg)
{
    (void)l;
    (void)data;
    (void)closed;
    (void)arg;
}

void platform_link_ref(struct platform_link *l)
{
    (void)l;
}

void platform_link_unref(struct platform_link *l)
{
    (void)l;
}

int platform_link_send(struct platform_link *l, const void *data, size_t size)
{
    (void)l;
    (void)data;
    (void)size;
    return EPIPE;
}

void platform_link_pause(struct platform_link *l, bool pause)
{
    (void)l;
    (void)pause;
}

void platform_link_close(struct platform_link *l)
{
    (void)l;
}

void platform_service_place(char *place, size_t size)
{
    if (size > 0)
        place[0] = 0;
}

int platform_spawn(const char *const argv[])
{
    (void)argv;
    return ENOTSUP;
}
