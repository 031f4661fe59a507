/* Integers to pointers. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CLIENT_MAP_H
#define TAPI_SHIM_CLIENT_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct client_map_slot {
    uint64_t key; /* 0: free */
    void *value;
};

/* Zeroed is empty. Not thread-safe. */
struct client_map {
    struct client_map_slot *slots;
    size_t cap; /* a power of two */
    size_t count;
};

/* `key` is not 0, `value` not NULL, and the key not in the map yet. False: out of memory. */
bool client_map_add(struct client_map *m, uint64_t key, void *value);
void *client_map_find(const struct client_map *m, uint64_t key);
/* What was removed, NULL: nothing. */
void *client_map_remove(struct client_map *m, uint64_t key);
/* Gives the memory of an empty map back. */
void client_map_trim(struct client_map *m);
/* Each value in turn, in no order: `*pos` starts at 0. NULL: that was all. No change of the map in between. */
void *client_map_next(const struct client_map *m, size_t *pos);

#endif
