/* A program that hears nothing: spandsp was not there. SPDX-License-Identifier: MIT */
#include "tsp/media/hear.h"

bool hear_available(void)
{
    return false;
}

struct hear *hear_alloc(hear_h *h, void *arg)
{
    (void)h;
    (void)arg;
    return NULL;
}

void hear_free(struct hear *hear)
{
    (void)hear;
}

void hear_samples(struct hear *hear, const int16_t *samplev, size_t samplec)
{
    (void)hear;
    (void)samplev;
    (void)samplec;
}
