/* Integers to pointers: open addressing, linear probing, removal by moving back. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/map.h"

#include <stdlib.h>

static size_t place(const struct client_map *m, uint64_t key)
{
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & (m->cap - 1);
}

static void put(struct client_map *m, uint64_t key, void *value)
{
    size_t i = place(m, key);

    while (m->slots[i].key)
        i = (i + 1) & (m->cap - 1);
    m->slots[i].key = key;
    m->slots[i].value = value;
}

bool client_map_add(struct client_map *m, uint64_t key, void *value)
{
    if (2 * (m->count + 1) > m->cap) {
        struct client_map bigger = {NULL, m->cap ? 2 * m->cap : 16, m->count};
        size_t i;

        bigger.slots = calloc(bigger.cap, sizeof(*bigger.slots));
        if (!bigger.slots)
            return false;
        for (i = 0; i < m->cap; i++) {
            if (m->slots[i].key)
                put(&bigger, m->slots[i].key, m->slots[i].value);
        }
        free(m->slots);
        *m = bigger;
    }
    put(m, key, value);
    m->count++;
    return true;
}

static bool locate(const struct client_map *m, uint64_t key, size_t *ip)
{
    size_t i;

    if (!m->count || !key)
        return false;
    for (i = place(m, key); m->slots[i].key; i = (i + 1) & (m->cap - 1)) {
        if (m->slots[i].key == key) {
            *ip = i;
            return true;
        }
    }
    return false;
}

void *client_map_find(const struct client_map *m, uint64_t key)
{
    size_t i;

    return locate(m, key, &i) ? m->slots[i].value : NULL;
}

void *client_map_remove(struct client_map *m, uint64_t key)
{
    size_t i, next;
    void *value;

    if (!locate(m, key, &i))
        return NULL;
    value = m->slots[i].value;
    m->count--;
    for (next = (i + 1) & (m->cap - 1); m->slots[next].key; next = (next + 1) & (m->cap - 1)) {
        size_t home = place(m, m->slots[next].key);

        /* It may move to the hole if its own place is not behind the hole. */
        if (((next - home) & (m->cap - 1)) >= ((next - i) & (m->cap - 1))) {
            m->slots[i] = m->slots[next];
            i = next;
        }
    }
    m->slots[i].key = 0;
    m->slots[i].value = NULL;
    return value;
}

void client_map_trim(struct client_map *m)
{
    if (m->count)
        return;
    free(m->slots);
    m->slots = NULL;
    m->cap = 0;
}

void *client_map_next(const struct client_map *m, size_t *pos)
{
    while (*pos < m->cap) {
        const struct client_map_slot *slot = &m->slots[(*pos)++];

        if (slot->key)
            return slot->value;
    }
    return NULL;
}
