/* The process and its surroundings: environment, log output, completion ports, the ANSI code page.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

int platform_env(const char *name, char *value, size_t size)
{
    /* A program with more rights than its user takes no orders from the user's environment. */
#ifdef __GLIBC__
    const char *text = secure_getenv(name);
#else
    const char *text = getuid() == geteuid() && getgid() == getegid() ? getenv(name) : NULL;
#endif

    if (size > 0)
        value[0] = 0;
    if (!text || !text[0])
        return ENOENT;
    if (strlen(text) >= size)
        return ENAMETOOLONG;
    memcpy(value, text, strlen(text) + 1);
    return 0;
}

int platform_env_set(const char *name, const char *value)
{
    return (value && value[0] ? setenv(name, value, 1) : unsetenv(name)) ? errno : 0;
}

uint32_t platform_connections(uint32_t count)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit))
        return 0;
    if (limit.rlim_cur < count) {
        struct rlimit more = limit;

        more.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
        if (!setrlimit(RLIMIT_NOFILE, &more))
            limit = more;
    }
    return limit.rlim_cur < UINT32_MAX ? (uint32_t)limit.rlim_cur : UINT32_MAX;
}

bool platform_file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && !S_ISDIR(st.st_mode);
}

void platform_log_write(const char *line, size_t len, bool wanted)
{
    int saved = errno;

    (void)wanted;
    while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
        ;
    errno = saved;
}

uint32_t platform_process_id(void)
{
    return (uint32_t)getpid();
}

int platform_port_post(intptr_t port, uintptr_t key, void *overlapped)
{
    (void)port;
    (void)key;
    (void)overlapped;
    return ENOTSUP;
}

int platform_port_message(intptr_t port, uintptr_t key, const void *data, size_t size)
{
    (void)port;
    (void)key;
    (void)data;
    (void)size;
    return ENOTSUP;
}

size_t platform_ansi_to_utf16(const char *text, size_t len, uint16_t *out, size_t cap)
{
    return platform_utf8_to_utf16(text, len, out, cap);
}

size_t platform_utf16_to_ansi(const uint16_t *text, size_t len, char *out, size_t cap)
{
    return platform_utf16_to_utf8(text, len, out, cap);
}
