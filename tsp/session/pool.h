/* Pools of equal objects named by index and generation. SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_POOL_H
#define TSP_SESSION_POOL_H

#include "tsp/session/session.h"

/*
 * An id is never 0, and comes back only after the slot has been through all its generations: a stale or made-up id
 * finds nothing. Freed slots are reused in the order they were freed, and not at once, so that one slot's generations
 * are not used up quickly. Objects do not move. Each object starts with a struct pool_head, and is zeroed when taken.
 */
struct pool_head {
    uint32_t id;   /* 0: free */
    uint32_t next; /* free list: 1 + index of the next, 0: last */
};

enum {
    POOL_INDEX_BITS = 22, /* the other 10 are the generation, 1 to 1023 */
    POOL_INDEX_MAX = 1 << POOL_INDEX_BITS,
};

struct pool {
    const struct session_mem *mem;
    size_t size;
    uint32_t slab_bits; /* 2^slab_bits objects are allocated at once */
    uint32_t max;       /* live objects at most */
    unsigned char **slabv;
    uint32_t slabc, slab_cap;
    uint16_t *genv; /* last generation of each slot; outlives the slabs */
    uint32_t gen_cap;
    uint32_t free_first, free_last, free_count;
    uint32_t live;
};

void pool_init(struct pool *p, const struct session_mem *mem, size_t size, uint32_t slab_bits, uint32_t max);
void pool_fini(struct pool *p); /* forgets all objects */
/* NULL: no memory, or `max` are live. */
void *pool_take(struct pool *p);
void pool_give(struct pool *p, void *obj);
/* Frees the memory of a pool that nothing lives in, if it is much. */
void pool_trim(struct pool *p);

static inline void *pool_get(const struct pool *p, uint32_t id)
{
    uint32_t index = id & (POOL_INDEX_MAX - 1), slab = index >> p->slab_bits;
    struct pool_head *head;

    if (!id || slab >= p->slabc)
        return NULL;
    head = (struct pool_head *)(void *)(p->slabv[slab] + (index & ((1u << p->slab_bits) - 1)) * p->size);
    return head->id == id ? head : NULL;
}

#endif
