/* The section [service] of the configuration. SPDX-License-Identifier: MIT */
#include "tapi_shim/service/service.h"

#include <ctype.h>
#include <string.h>

enum key_type { KEY_NUMBER, KEY_TEXT, KEY_CLIENT };

static const struct {
    const char *key;
    enum key_type type;
    uint32_t min, max, def;
    size_t offset;
} keyv[] = {
#define SERVICE_NUMBER(key, min, max, def, text)                                                                       \
    {#key, KEY_NUMBER, min, max, def, offsetof(struct service_config, key)},
#define SERVICE_TEXT(key, value, def, text) {#key, KEY_TEXT, 0, 0, 0, offsetof(struct service_config, key)},
#define SERVICE_CLIENT(key, value, def, text) {#key, KEY_CLIENT, 0, 0, 0, 0},
#include "tapi_shim/service/config.def"
#undef SERVICE_NUMBER
#undef SERVICE_TEXT
#undef SERVICE_CLIENT
};
enum { KEYS = sizeof(keyv) / sizeof(keyv[0]) };

static uint32_t *value_of(struct service_config *config, size_t i)
{
    return (uint32_t *)(void *)((unsigned char *)config + keyv[i].offset);
}

static bool same(const char *a, const char *b)
{
    while (*a && tolower((unsigned char)*a) == tolower((unsigned char)*b)) {
        a++;
        b++;
    }
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

static void take(struct service_config *config, size_t i, const struct platform_conf_entry *e)
{
    switch (keyv[i].type) {
    case KEY_NUMBER:
        if (!number(e->value, keyv[i].min, keyv[i].max, value_of(config, i)))
            platform_log(PLATFORM_LOG_ERROR, "%s: [service] %s: \"%.80s\" is not a number from %u to %u", e->where,
                         keyv[i].key, e->value, (unsigned)keyv[i].min, (unsigned)keyv[i].max);
        break;
    case KEY_TEXT:
        if (strlen(e->value) < PLATFORM_PATH_MAX)
            memcpy((char *)config + keyv[i].offset, e->value, strlen(e->value) + 1);
        else
            platform_log(PLATFORM_LOG_ERROR, "%s: [service] %s: the text is too long", e->where, keyv[i].key);
        break;
    case KEY_CLIENT:
        break;
    }
}

static void entry(const struct platform_conf_entry *e, void *arg)
{
    size_t i;

    if (!same(e->section, "service"))
        return;
    for (i = 0; i < KEYS && !same(e->key, keyv[i].key); i++)
        ;
    if (i < KEYS)
        take(arg, i, e);
    else
        platform_log(PLATFORM_LOG_ERROR, "%s: [service] %.80s: there is no such key", e->where, e->key);
}

/* What is wrong with the rest is told by the provider, which reads it all. */
static void unread(const char *where, const char *why, void *arg)
{
    (void)where;
    (void)why;
    (void)arg;
}

void service_config_read(struct service_config *config)
{
    size_t i;

    memset(config, 0, sizeof(*config));
    for (i = 0; i < KEYS; i++)
        if (keyv[i].type == KEY_NUMBER)
            *value_of(config, i) = keyv[i].def;
    (void)platform_conf_read(NULL, entry, unread, config);
}
