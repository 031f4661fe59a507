/* Randomness, hash, allocator and names of the simulation. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <stdlib.h>

/* A Weyl sequence through a mixing function (the "splitmix" construction): every seed is a good one. */
uint64_t rnd_next(struct rnd *r)
{
    uint64_t x = r->s += UINT64_C(0x9E3779B97F4A7C15);

    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

uint32_t rnd_below(struct rnd *r, uint32_t n)
{
    return (uint32_t)((rnd_next(r) >> 32) * n >> 32);
}

bool rnd_chance(struct rnd *r, uint32_t permille)
{
    return permille && rnd_below(r, 1000) < permille;
}

void hash_add(uint64_t *h, uint32_t word)
{
    for (int i = 0; i < 4; i++) {
        *h = (*h ^ (word & 0xFF)) * UINT64_C(1099511628211);
        word >>= 8;
    }
}

void hash_text(uint64_t *h, const char *text)
{
    while (*text) {
        *h = (*h ^ (uint8_t)*text++) * UINT64_C(1099511628211);
    }
    hash_add(h, 0);
}

void *heap_alloc(size_t size, void *arg)
{
    struct heap *heap = arg;
    void *p;

    if (rnd_chance(heap->rnd, heap->fail_permille)) {
        heap->failed++;
        return NULL;
    }
    p = calloc(1, size);
    if (!p) {
        abort(); /* the machine's memory is no part of the simulation */
    }
    heap->blocks++;
    return p;
}

void heap_free(void *p, void *arg)
{
    struct heap *heap = arg;

    heap->blocks -= p != NULL;
    free(p);
}

const char *sim_checker_name(enum sim_checker c)
{
    static const char *const namev[] = {
#define NAME(name, text) #name ": " text,
        SIM_CHECKER_MAP(NAME)
#undef NAME
    };
    return namev[c];
}

const char *sim_plant_name(enum sim_plant p)
{
    static const char *const namev[] = {"NONE",
#define NAME(name, checker) #name,
                                        SIM_PLANT_MAP(NAME)
#undef NAME
    };
    return namev[p];
}

enum sim_checker sim_plant_checker(enum sim_plant p)
{
    static const enum sim_checker checkerv[] = {CHECK_NONE,
#define CHECKER(name, checker) CHECK_##checker,
                                                SIM_PLANT_MAP(CHECKER)
#undef CHECKER
    };
    return checkerv[p];
}
