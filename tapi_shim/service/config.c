/* The section [service] of the configuration. SPDX-License-Identifier: MIT */
#include "tapi_shim/service/service.h"

#include <ctype.h>
#include <string.h>

static const struct {
    const char *key;
    uint32_t min, max, def;
    size_t offset;
} keyv[] = {
#define SERVICE_KEY_ROW(key, min, max, def, text) {#key, min, max, def, offsetof(struct service_config, key)},
    SERVICE_KEY_MAP(SERVICE_KEY_ROW)
#undef SERVICE_KEY_ROW
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

static bool text(const char *value, char *out, size_t size)
{
    if (strlen(value) >= size)
        return false;
    memcpy(out, value, strlen(value) + 1);
    return true;
}

static void entry(const struct platform_conf_entry *e, void *arg)
{
    struct service_config *config = arg;
    size_t i;

    if (!same(e->section, "service"))
        return;
    for (i = 0; i < KEYS; i++) {
        if (!same(e->key, keyv[i].key))
            continue;
        if (!number(e->value, keyv[i].min, keyv[i].max, value_of(config, i)))
            platform_log(PLATFORM_LOG_ERROR, "%s: [service] %s: \"%.80s\" is not a number from %u to %u", e->where,
                         keyv[i].key, e->value, (unsigned)keyv[i].min, (unsigned)keyv[i].max);
        return;
    }
    if (same(e->key, "group") || same(e->key, "default_dialer")) {
        bool group = same(e->key, "group");

        if (!text(e->value, group ? config->group : config->default_dialer,
                  group ? sizeof(config->group) : sizeof(config->default_dialer)))
            platform_log(PLATFORM_LOG_ERROR, "%s: [service] %s: the text is too long", e->where, e->key);
        return;
    }
    /* These are for the client half. */
    if (same(e->key, "mode") || same(e->key, "program"))
        return;
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
        *value_of(config, i) = keyv[i].def;
    (void)platform_conf_read(NULL, entry, unread, config);
}
