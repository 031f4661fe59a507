/* The log: level, and a line built so that it can be written at once. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static const char *const level_names[] = {"error", "warning", "info", "debug"};

enum platform_log_level platform_log_parse(const char *text)
{
    for (int i = 0; text && i < 4; i++)
        if (strcmp(text, level_names[i]) == 0)
            return (enum platform_log_level)i;
    return PLATFORM_LOG_WARNING;
}

size_t platform_log_format(char *line, size_t size, enum platform_log_level level, const char *fmt, va_list ap)
{
    static const char cut_mark[] = "...";
    const size_t room = size - sizeof(cut_mark) - 1; /* what text may take, prefix included, if it is cut */
    size_t start, len;
    int n;

    n = snprintf(line, size, "tapi_shim: %s: ", level_names[level]);
    start = (size_t)n;
    n = vsnprintf(line + start, size - start, fmt, ap);
    if (n < 0) {
        /* A conversion failed (a wide character that the locale lacks): the format itself still tells what it was
         * about. */
        platform_text_copy(line + start, size - start, fmt);
        n = (int)strlen(line + start);
    }
    len = start + (size_t)n;
    if (len > size - 2) {
        len = platform_utf8_cut(line, room);
        memcpy(line + len, cut_mark, sizeof(cut_mark) - 1);
        len += sizeof(cut_mark) - 1;
    }
    /* One call is one line, whatever was in the text; nor does it steer a terminal. */
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7F)
            line[i] = ' ';
    line[len++] = '\n';
    line[len] = 0;
    return len;
}

static _Atomic(platform_log_h *) listener;

void platform_log_to(platform_log_h *h)
{
    atomic_store(&listener, h);
}

void platform_log(enum platform_log_level level, const char *fmt, ...)
{
    static atomic_int cached = -1; /* level, | 0x100 if it was asked for; the environment is read once */
    char line[PLATFORM_LOG_LINE_MAX];
    platform_log_h *h;
    va_list ap;
    int c = atomic_load_explicit(&cached, memory_order_relaxed);

    if (c < 0) {
        char value[32];
        bool set = platform_env("TAPI_SHIM_LOG", value, sizeof(value)) != ENOENT;

        c = (int)platform_log_parse(value) | (set ? 0x100 : 0);
        atomic_store_explicit(&cached, c, memory_order_relaxed);
    }
    if ((unsigned)level > PLATFORM_LOG_DEBUG || (int)level > (c & 0xFF))
        return;
    va_start(ap, fmt);
    size_t len = platform_log_format(line, sizeof(line), level, fmt, ap);
    va_end(ap);
    h = atomic_load(&listener);
    if (h)
        h(line, len);
    platform_log_write(line, len, (c & 0x100) != 0);
}
