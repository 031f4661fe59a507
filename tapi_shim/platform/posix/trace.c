/* Where the record of crossings goes. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int file = -1;

int platform_trace_open(const char *path)
{
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    return file < 0 ? errno : 0;
}

void platform_trace_write(const char *line, size_t len)
{
    int saved = errno;

    while (write(file, line, len) < 0 && errno == EINTR)
        ;
    errno = saved;
}
