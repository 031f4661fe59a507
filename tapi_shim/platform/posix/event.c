/* Events on eventfd. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct platform_event {
    int fd;
};

int platform_event_alloc(struct platform_event **ep)
{
    struct platform_event *e = malloc(sizeof(*e));

    if (!e)
        return ENOMEM;
    e->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (e->fd < 0) {
        int err = errno;

        free(e);
        return err;
    }
    *ep = e;
    return 0;
}

void platform_event_free(struct platform_event *e)
{
    if (!e)
        return;
    (void)close(e->fd);
    free(e);
}

void platform_event_set(struct platform_event *e)
{
    const uint64_t one = 1;

    /* EAGAIN: the counter is full, so the event is set. */
    while (write(e->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        ;
}

void platform_event_reset(struct platform_event *e)
{
    uint64_t count;

    while (read(e->fd, &count, sizeof(count)) < 0 && errno == EINTR)
        ;
}

bool platform_event_wait(struct platform_event *e, uint32_t timeout_ms)
{
    const uint64_t end = timeout_ms == UINT32_MAX ? UINT64_MAX : platform_mono_ms() + timeout_ms;
    struct pollfd p = {.fd = e->fd, .events = POLLIN};

    for (;;) {
        uint64_t now = end == UINT64_MAX ? 0 : platform_mono_ms();
        uint64_t left = end > now ? end - now : 0;
        int n = poll(&p, 1, end == UINT64_MAX ? -1 : left > 1000000000 ? 1000000000 : (int)left);

        if (n > 0)
            return (p.revents & POLLIN) != 0;
        if (n < 0 && errno != EINTR && errno != EAGAIN)
            return false;
        if (n == 0 && end != UINT64_MAX && platform_mono_ms() >= end)
            return false;
    }
}

intptr_t platform_event_native(const struct platform_event *e)
{
    return e->fd;
}
