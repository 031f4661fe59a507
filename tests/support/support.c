/* The parts that are the same on every system. SPDX-License-Identifier: MIT */
#include "tests/support/support.h"
#include "tests/support/internal.h"

#include <inttypes.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void support_fail(const char *what)
{
    (void)fprintf(stderr, "tests/support: %s failed\n", what);
    (void)fflush(stderr);
    abort();
}

/* The size of a block stands before it. */
union header {
    size_t size;
    max_align_t align;
};

static void *heap_alloc(size_t size, void *arg)
{
    struct support_heap *heap = arg;
    union header *h;

    heap->allocs++;
    if (heap->fail_at != 0 && (heap->allocs == heap->fail_at || (heap->fail_onwards && heap->allocs > heap->fail_at)))
        return NULL;
    h = calloc(1, sizeof(*h) + size);
    if (!h)
        return NULL;
    h->size = size;
    heap->blocks++;
    heap->bytes += size;
    if (heap->bytes > heap->peak_bytes)
        heap->peak_bytes = heap->bytes;
    return h + 1;
}

static void heap_free(void *p, void *arg)
{
    struct support_heap *heap = arg;
    union header *h = p;

    if (!p)
        return;
    h--;
    heap->blocks--;
    heap->bytes -= h->size;
    free(h);
}

void support_heap_init(struct support_heap *heap)
{
    memset(heap, 0, sizeof(*heap));
    heap->mem.alloc = heap_alloc;
    heap->mem.free = heap_free;
    heap->mem.arg = heap;
}

void support_heap_fail_in(struct support_heap *heap, size_t n, bool onwards)
{
    heap->fail_at = heap->allocs + n + 1;
    heap->fail_onwards = onwards;
}

void support_barrier_init(struct support_barrier *b, unsigned count)
{
    memset(b, 0, sizeof(*b));
    b->count = count;
    if (platform_mutex_init(&b->lock) || platform_cond_init(&b->all))
        support_fail("support_barrier_init");
}

void support_barrier_wait(struct support_barrier *b)
{
    unsigned round;

    platform_mutex_lock(&b->lock);
    round = b->round;
    if (++b->waiting == b->count) {
        b->waiting = 0;
        b->round++;
        platform_cond_broadcast(&b->all);
    }
    while (b->round == round)
        platform_cond_wait(&b->all, &b->lock);
    platform_mutex_unlock(&b->lock);
}

void support_barrier_close(struct support_barrier *b)
{
    platform_cond_destroy(&b->all);
    platform_mutex_destroy(&b->lock);
}

struct platform_thread *support_thread(platform_thread_h *h, void *arg)
{
    struct platform_thread *t;

    if (platform_thread_start(&t, "test", h, arg))
        support_fail("platform_thread_start");
    return t;
}

bool support_file_exists(const char *path)
{
    char *text = support_file_read(path, NULL);

    free(text);
    return text != NULL;
}

void support_conf_put_number(const char *section, const char *key, uint32_t value)
{
    support_store_put(support_conf_place(), section, key, NULL, value);
}

void support_conf_put(const char *section, const char *key, const char *value)
{
    support_store_put(support_conf_place(), section, key, value, 0);
}
