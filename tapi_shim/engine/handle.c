/* Objects found by handle: index and generation, never a pointer. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

static struct pool_item *item_at(const struct pool *p, uint32_t index)
{
    unsigned char *chunk = p->chunkv[index >> p->chunk_bits];
    size_t within = index & ((1u << p->chunk_bits) - 1);

    return (struct pool_item *)(void *)(chunk + within * p->item_size);
}

static uint32_t index_of(const struct pool *p, uint32_t handle)
{
    return handle & ((1u << p->index_bits) - 1);
}

static uint32_t generation_mask(const struct pool *p)
{
    return (1u << (32 - p->prefix_bits - p->index_bits)) - 1;
}

static bool is_handle(const struct pool *p, uint32_t value)
{
    return value >> (32 - p->prefix_bits) == p->prefix;
}

static uint32_t handle_make(const struct pool *p, uint32_t generation, uint32_t index)
{
    generation &= generation_mask(p);
    return p->prefix << (32 - p->prefix_bits) | generation << p->index_bits | index;
}

/* A slot never used before. */
static struct pool_item *item_new(struct pool *p)
{
    uint32_t index = p->count, chunk = index >> p->chunk_bits;
    struct pool_item *item;

    if (index >> p->index_bits)
        return NULL;
    if (chunk >= p->chunkc) {
        unsigned char **chunkv;
        unsigned char *memory;

        /* The directory doubles: at each power of two it is full. */
        if (!(chunk & (chunk - 1))) {
            chunkv = realloc(p->chunkv, (chunk ? 2 * (size_t)chunk : 1) * sizeof(*chunkv));
            if (!chunkv)
                return NULL;
            p->chunkv = chunkv;
        }
        memory = malloc((size_t)p->item_size << p->chunk_bits);
        if (!memory)
            return NULL;
        p->chunkv[chunk] = memory;
        p->chunkc = chunk + 1;
    }
    p->count++;
    item = item_at(p, index);
    item->last = handle_make(p, p->epoch, index);
    return item;
}

void *pool_alloc(struct pool *p)
{
    struct pool_item *item = NULL;

    if (p->freec <= p->spare)
        item = item_new(p);
    if (!item) {
        if (!p->freec)
            return NULL;
        item = item_at(p, p->free_first - 1);
        p->free_first = item->handle;
        p->freec--;
    }
    memset(item + 1, 0, p->item_size - sizeof(*item));
    item->handle = handle_make(p, (item->last >> p->index_bits) + 1, index_of(p, item->last));
    item->last = item->handle;
    p->live++;
    return item;
}

void *pool_find(const struct pool *p, uint32_t handle)
{
    uint32_t index = index_of(p, handle);
    struct pool_item *item;

    if (!is_handle(p, handle) || index >= p->count)
        return NULL;
    item = item_at(p, index);
    return item->handle == handle ? item : NULL;
}

void pool_hide(void *item)
{
    ((struct pool_item *)item)->handle = 0;
}

void pool_free(struct pool *p, void *freed)
{
    struct pool_item *item = freed;
    uint32_t index;

    if (!item)
        return;
    index = index_of(p, item->last);
    item->handle = 0; /* the end of the list of free ones: no valid handle has the value of an index */
    if (p->freec)
        item_at(p, p->free_last - 1)->handle = index + 1;
    else
        p->free_first = index + 1;
    p->free_last = index + 1;
    p->freec++;
    p->live--;
}

void pool_clear(struct pool *p)
{
    uint32_t i;

    for (i = 0; i < p->chunkc; i++)
        free(p->chunkv[i]);
    free(p->chunkv);
    p->chunkv = NULL;
    p->chunkc = p->count = p->live = 0;
    p->freec = p->free_first = p->free_last = 0;
    p->epoch += 61; /* far from the generations of late */
}

void *pool_next(const struct pool *p, uint32_t *i)
{
    while (*i < p->count) {
        struct pool_item *item = item_at(p, (*i)++);

        if (is_handle(p, item->handle))
            return item;
    }
    return NULL;
}
