/* Events are the system's own, with manual reset. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdlib.h>

struct platform_event {
    HANDLE handle;
};

int platform_event_alloc(struct platform_event **ep)
{
    struct platform_event *e = malloc(sizeof(*e));

    if (!e)
        return ENOMEM;
    e->handle = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!e->handle) {
        free(e);
        return ENOMEM;
    }
    *ep = e;
    return 0;
}

void platform_event_free(struct platform_event *e)
{
    if (!e)
        return;
    (void)CloseHandle(e->handle);
    free(e);
}

void platform_event_set(struct platform_event *e)
{
    (void)SetEvent(e->handle);
}

void platform_event_reset(struct platform_event *e)
{
    (void)ResetEvent(e->handle);
}

bool platform_event_wait(struct platform_event *e, uint32_t timeout_ms)
{
    _Static_assert(INFINITE == UINT32_MAX, "for ever is another number");
    return WaitForSingleObject(e->handle, timeout_ms) == WAIT_OBJECT_0;
}

intptr_t platform_event_native(const struct platform_event *e)
{
    return (intptr_t)e->handle;
}
