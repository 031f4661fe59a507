/* The log: level, and a line built so that it can be written at once. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

static const char *const level_names[] = {"error", "warning", "info", "debug"};

bool platform_log_level(const char *text, enum platform_log_level *levelp)
{
    for (int i = 0; text && i < 4; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *levelp = (enum platform_log_level)i;
            return true;
        }
    }
    return false;
}

enum platform_log_level platform_log_parse(const char *text)
{
    enum platform_log_level level = PLATFORM_LOG_WARNING;

    (void)platform_log_level(text, &level);
    return level;
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

/* What the configuration asks for. */
static struct {
    struct platform_mutex lock;
    bool read;
    struct platform_log_conf conf;
} own = {.lock = PLATFORM_MUTEX_INIT};
/* Levels up to this one are for the file or the event log: -1: none, -2: nobody has looked yet. */
static atomic_int own_level = -2;

static int read_own(void)
{
    int level;

    platform_mutex_lock(&own.lock);
    if (!own.read) {
        platform_log_conf_read(&own.conf, NULL, NULL);
        own.read = true;
        level = own.conf.file[0] ? (int)own.conf.level : -1;
        if (own.conf.events && level < (int)PLATFORM_LOG_WARNING)
            level = (int)PLATFORM_LOG_WARNING;
        atomic_store_explicit(&own_level, level, memory_order_release);
    }
    level = atomic_load_explicit(&own_level, memory_order_relaxed);
    platform_mutex_unlock(&own.lock);
    return level;
}

/* A line where the configuration wants it. */
static void keep(enum platform_log_level level, const char *text, size_t len)
{
    char line[PLATFORM_LOG_LINE_MAX + 160], program[64];
    struct platform_date d;
    int n;

    if (own.conf.file[0] && level <= own.conf.level) {
        platform_process_name(program, sizeof(program));
        platform_wall_to_local(platform_wall_ms(), &d);
        n = snprintf(line, sizeof(line), "%04d-%02d-%02d %02d:%02d:%02d.%03d %s[%lu] %s", d.year, d.month, d.day, d.hour,
                     d.minute, d.second, d.ms, program, (unsigned long)platform_process_id(), text);
        if (n > 0 && (size_t)n < sizeof(line)) {
            platform_mutex_lock(&own.lock);
            platform_log_file_add(&own.conf, line, (size_t)n);
            platform_mutex_unlock(&own.lock);
        }
    }
    if (own.conf.events && level <= PLATFORM_LOG_WARNING && len < sizeof(line)) {
        memcpy(line, text, len);
        line[len ? len - 1 : 0] = 0; /* without its end */
        platform_log_event(level, line);
    }
}

void platform_log(enum platform_log_level level, const char *fmt, ...)
{
    static atomic_int cached = -1; /* level, | 0x100 if it was asked for; the environment is read once */
    char line[PLATFORM_LOG_LINE_MAX];
    platform_log_h *h;
    va_list ap;
    int c = atomic_load_explicit(&cached, memory_order_relaxed), file;

    if (c < 0) {
        char value[32];
        bool set = platform_env("TAPI_SHIM_LOG", value, sizeof(value)) != ENOENT;

        c = (int)platform_log_parse(value) | (set ? 0x100 : 0);
        atomic_store_explicit(&cached, c, memory_order_relaxed);
    }
    file = atomic_load_explicit(&own_level, memory_order_acquire);
    if (file == -2)
        file = read_own();
    if ((unsigned)level > PLATFORM_LOG_DEBUG || ((int)level > (c & 0xFF) && (int)level > file))
        return;
    va_start(ap, fmt);
    size_t len = platform_log_format(line, sizeof(line), level, fmt, ap);
    va_end(ap);
    if ((int)level <= file)
        keep(level, line, len);
    if ((int)level > (c & 0xFF))
        return;
    h = atomic_load(&listener);
    if (h)
        h(line, len);
    platform_log_write(line, len, (c & 0x100) != 0);
}
