/* The section [log] of the configuration. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <stdio.h>
#include <string.h>

enum key {
#define LOG_TEXT(key, value, def, text) KEY_##key,
#define LOG_NUMBER(key, min, max, def, text) KEY_##key,
#include "tapi_shim/platform/log.def"
#undef LOG_TEXT
#undef LOG_NUMBER
    KEYS
};

static const struct {
    const char *key;
    bool is_number;
    uint32_t min, max, def;
} keyv[KEYS] = {
#define LOG_TEXT(key, value, def, text) {#key, false, 0, 0, 0},
#define LOG_NUMBER(key, min, max, def, text) {#key, true, min, max, def},
#include "tapi_shim/platform/log.def"
#undef LOG_TEXT
#undef LOG_NUMBER
};

struct reader {
    struct platform_log_conf *conf;
    platform_conf_error_h *errorh; /* NULL: what is wrong is passed over */
    void *arg;
};

static bool same(const char *a, const char *b)
{
    for (; *a && (*a >= 'A' && *a <= 'Z' ? *a + 32 : *a) == *b; a++, b++)
        ;
    return !*a && !*b;
}

static bool number(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
    uint64_t v = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9' || v > max)
            return false;
        v = 10 * v + (uint64_t)(*text - '0');
    }
    if (v < min || v > max)
        return false;
    *out = (uint32_t)v;
    return true;
}

static void set(struct reader *r, enum key key, const struct platform_conf_entry *e)
{
    struct platform_log_conf *c = r->conf;
    char why[200] = "";
    uint32_t n = 0;

    if (keyv[key].is_number && !number(e->value, keyv[key].min, keyv[key].max, &n)) {
        (void)snprintf(why, sizeof(why), "[log] %s: \"%.60s\" is not a number from %lu to %lu", keyv[key].key, e->value,
                       (unsigned long)keyv[key].min, (unsigned long)keyv[key].max);
        goto out;
    }
    switch (key) {
    case KEY_file:
        if (!platform_text_copy(c->file, sizeof(c->file), e->value)) {
            c->file[0] = 0;
            (void)snprintf(why, sizeof(why), "[log] file: the text is too long");
        }
        break;
    case KEY_level:
        if (!platform_log_level(e->value, &c->level))
            (void)snprintf(why, sizeof(why), "[log] level: \"%.60s\" is none of error, warning, info, debug", e->value);
        break;
    case KEY_max_kb:
        c->max_bytes = 1024 * (uint64_t)n;
        break;
    case KEY_keep:
        c->keep = n;
        break;
    case KEY_events:
        c->events = n != 0;
        break;
    case KEYS:
        break;
    }
out:
    if (why[0] && r->errorh)
        r->errorh(e->where, why, r->arg);
}

static void entry(const struct platform_conf_entry *e, void *arg)
{
    struct reader *r = arg;
    char why[120];

    if (!same(e->section, "log"))
        return;
    for (int i = 0; i < KEYS; i++) {
        if (same(e->key, keyv[i].key)) {
            set(r, (enum key)i, e);
            return;
        }
    }
    (void)snprintf(why, sizeof(why), "[log] %.60s: there is no such key", e->key);
    if (r->errorh)
        r->errorh(e->where, why, r->arg);
}

void platform_log_conf_read(struct platform_log_conf *conf, platform_conf_error_h *errorh, void *arg)
{
    struct reader r = {conf, errorh, arg};

    memset(conf, 0, sizeof(*conf));
    conf->level = PLATFORM_LOG_INFO;
    conf->max_bytes = 1024 * (uint64_t)keyv[KEY_max_kb].def;
    conf->keep = keyv[KEY_keep].def;
    (void)platform_conf_read(NULL, entry, NULL, &r);
}

static void tell(const char *where, const char *text, void *arg)
{
    (void)arg;
    platform_log(PLATFORM_LOG_ERROR, "%s: %s", where, text);
}

void platform_log_conf_check(void)
{
    struct platform_log_conf conf;

    platform_log_conf_read(&conf, tell, NULL);
}
