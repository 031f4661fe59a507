/* A record of what crosses from layer to layer. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/trace.h"

#include "tapi_shim/platform/internal.h"

#include <stdarg.h>
#include <stdio.h>

enum { LINE_MAX_BYTES = 512 };

int platform_trace_state = -1;

bool platform_trace_begin(void)
{
    static struct platform_mutex lock = PLATFORM_MUTEX_INIT;
    char path[PLATFORM_PATH_MAX];
    int state;

    platform_mutex_lock(&lock);
    state = __atomic_load_n(&platform_trace_state, __ATOMIC_RELAXED);
    if (state < 0) {
        state = platform_env("TAPI_SHIM_TRACE", path, sizeof(path)) == 0 && platform_trace_open(path) == 0;
        __atomic_store_n(&platform_trace_state, state, __ATOMIC_RELAXED);
    }
    platform_mutex_unlock(&lock);
    return state > 0;
}

void platform_trace(const char *from, const char *to, const char *fmt, ...)
{
    char line[LINE_MAX_BYTES];
    size_t len;
    va_list ap;
    int n;

    if (!platform_trace_on())
        return;
    n = snprintf(line, sizeof(line), "%llu %s %s ", (unsigned long long)platform_mono_ns(), from, to);
    if (n < 0 || (size_t)n >= sizeof(line))
        return;
    len = (size_t)n;
    va_start(ap, fmt);
    n = vsnprintf(line + len, sizeof(line) - len, fmt, ap);
    va_end(ap);
    if (n < 0)
        return;
    len += (size_t)n;
    if (len > sizeof(line) - 2)
        len = platform_utf8_cut(line, sizeof(line) - 2);
    /* One call is one line. */
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = ' ';
    line[len++] = '\n';
    platform_trace_write(line, len);
}
