/* Pools of equal objects named by index and generation. SPDX-License-Identifier: MIT */
#include "tsp/session/pool.h"

#include <assert.h>
#include <string.h>

enum { POOL_GEN_MAX = (1 << (32 - POOL_INDEX_BITS)) - 1, POOL_TRIM_SLABS = 4 };

void pool_init(struct pool *p, const struct session_mem *mem, size_t size, uint32_t slab_bits, uint32_t max)
{
    assert(size >= sizeof(struct pool_head));
    assert(size % sizeof(uint64_t) == 0);
    memset(p, 0, sizeof *p);
    p->mem = mem;
    p->size = size;
    p->slab_bits = slab_bits;
    p->max = max < POOL_INDEX_MAX ? max : POOL_INDEX_MAX;
}

static void free_slabs(struct pool *p)
{
    for (uint32_t i = 0; i < p->slabc; i++)
        p->mem->free(p->slabv[i], p->mem->arg);
    p->slabc = 0;
    p->free_first = p->free_last = p->free_count = 0;
}

void pool_fini(struct pool *p)
{
    if (!p->mem)
        return;
    free_slabs(p);
    p->mem->free(p->slabv, p->mem->arg);
    p->mem->free(p->genv, p->mem->arg);
    memset(p, 0, sizeof *p);
}

static struct pool_head *at(const struct pool *p, uint32_t index)
{
    unsigned char *slab = p->slabv[index >> p->slab_bits];

    return (struct pool_head *)(void *)(slab + (index & ((1u << p->slab_bits) - 1)) * p->size);
}

static bool enlarge(const struct pool *p, void *arrayp, size_t elem, uint32_t used, uint32_t *cap, uint32_t want)
{
    uint32_t n = *cap ? *cap : 16;
    void *old, *new;

    if (want <= *cap)
        return true;
    while (n < want)
        n *= 2;
    new = p->mem->alloc(n * elem, p->mem->arg);
    if (!new)
        return false;
    memcpy(&old, arrayp, sizeof old);
    if (used)
        memcpy(new, old, used * elem);
    p->mem->free(old, p->mem->arg);
    memcpy(arrayp, &new, sizeof new);
    *cap = n;
    return true;
}

static void free_append(struct pool *p, struct pool_head *head, uint32_t index)
{
    head->id = 0;
    head->next = 0;
    if (p->free_count++)
        at(p, p->free_last)->next = index + 1;
    else
        p->free_first = index;
    p->free_last = index;
}

static bool grow(struct pool *p)
{
    uint32_t per = 1u << p->slab_bits, first = p->slabc << p->slab_bits;
    unsigned char *slab;

    if (first + per > POOL_INDEX_MAX ||
        !enlarge(p, &p->slabv, sizeof *p->slabv, p->slabc, &p->slab_cap, p->slabc + 1) ||
        !enlarge(p, &p->genv, sizeof *p->genv, p->gen_cap, &p->gen_cap, first + per))
        return false;
    slab = p->mem->alloc(per * p->size, p->mem->arg);
    if (!slab)
        return false;
    p->slabv[p->slabc++] = slab;
    for (uint32_t i = 0; i < per; i++)
        free_append(p, at(p, first + i), first + i);
    return true;
}

void *pool_take(struct pool *p)
{
    uint32_t index;
    struct pool_head *head;

    if (p->live >= p->max)
        return NULL;
    /* half a slab always waits, so that no slot is used twice in a row */
    if (p->free_count <= (1u << p->slab_bits) / 2 && !grow(p) && !p->free_count)
        return NULL;
    index = p->free_first;
    head = at(p, index);
    if (--p->free_count)
        p->free_first = head->next - 1;
    p->genv[index] = (uint16_t)(p->genv[index] % POOL_GEN_MAX + 1);
    memset(head, 0, p->size);
    head->id = (uint32_t)p->genv[index] << POOL_INDEX_BITS | index;
    p->live++;
    return head;
}

void pool_give(struct pool *p, void *obj)
{
    struct pool_head *head = obj;

    assert(pool_get(p, head->id) == obj);
    assert(p->live > 0);
    p->live--;
    free_append(p, head, head->id & (POOL_INDEX_MAX - 1));
}

void pool_trim(struct pool *p)
{
    if (!p->live && p->slabc > POOL_TRIM_SLABS)
        free_slabs(p);
}
