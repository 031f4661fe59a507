/* The engine as a whole: its one mutex, its start with the first application, its stop with the last.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Handles are positive and differ in their top bits by kind; those that applications see are apart from those that
 * providers see anyway. */
struct engine engine = {
    .mutex = PLATFORM_MUTEX_INIT,
    .changed = PLATFORM_COND_INIT,
    .providers = {1, 4, 12, sizeof(struct engine_provider), 0, 2, NULL, 0, 0, 0, 0, 0, 0, 0},
    .tlines = {1, 3, 20, sizeof(struct engine_tline), 256, 8, NULL, 0, 0, 0, 0, 0, 0, 0},
    .apps_pool = {1, 4, 12, sizeof(struct engine_app), 16, 4, NULL, 0, 0, 0, 0, 0, 0, 0},
    .lines = {1, 3, 20, sizeof(struct engine_line), 256, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
    .hcalls = {1, 2, 22, sizeof(struct engine_hcall), 1024, 9, NULL, 0, 0, 0, 0, 0, 0, 0},
    .calls = {1, 2, 22, sizeof(struct engine_call), 1024, 8, NULL, 0, 0, 0, 0, 0, 0, 0},
    .requests = {1, 2, 22, sizeof(struct engine_request), 1024, 8, NULL, 0, 0, 0, 0, 0, 0, 0},
    .events = {1, 2, 22, sizeof(struct engine_event), 0, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
    .tasks = {1, 2, 22, sizeof(struct engine_task), 1024, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
    .proxies = {1, 4, 20, sizeof(struct engine_proxy), 1024, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
    .tphones = {1, 5, 20, sizeof(struct engine_tphone), 64, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
    .phones = {1, 5, 20, sizeof(struct engine_phone), 64, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
    .phone_requests = {1, 3, 20, sizeof(struct engine_phone_request), 256, 6, NULL, 0, 0, 0, 0, 0, 0, 0},
};

void engine_lock(void)
{
    platform_mutex_lock(&engine.mutex);
}

void engine_unlock(void)
{
    platform_mutex_unlock(&engine.mutex);
}

void engine_wait(void)
{
    engine.waiters++;
    platform_cond_wait(&engine.changed, &engine.mutex);
    engine.waiters--;
}

void engine_change(void)
{
    if (engine.waiters)
        platform_cond_broadcast(&engine.changed);
}

void engine_builtin_provider(engine_lookup_h *lookup)
{
    engine_lock();
    engine.builtin = lookup;
    engine_unlock();
}

void engine_generation(uint32_t seed)
{
    struct pool *poolv[] = {&engine.apps_pool, &engine.lines, &engine.hcalls, &engine.phones};

    engine_lock();
    for (uint32_t i = 0; i < sizeof(poolv) / sizeof(*poolv); i++)
        poolv[i]->epoch = seed;
    engine_unlock();
}

void engine_keep(bool keeps)
{
    engine_lock();
    engine.keeps = keeps;
    engine_unlock();
}

/* Everything is closed: gives back every byte. */
static void engine_clear(void)
{
    struct pool *poolv[] = {&engine.providers, &engine.tlines, &engine.apps_pool, &engine.lines,
                            &engine.hcalls,    &engine.calls,  &engine.requests,  &engine.events,
                            &engine.tasks,     &engine.proxies,
                            &engine.tphones,   &engine.phones, &engine.phone_requests};

    for (uint32_t i = 0; i < sizeof(poolv) / sizeof(*poolv); i++) {
        assert(!poolv[i]->live);
        engine.leaked += poolv[i]->live;
        pool_clear(poolv[i]);
    }
    for (uint32_t i = 0; i < engine.slotc; i++)
        free(engine.slotv[i].device);
    free(engine.slotv);
    engine.slotv = NULL;
    engine.slotc = engine.slot_cap = 0;
    dialop_clear();
    phone_slots_free();
    engine.reinit = false;
}

static void engine_stop(void)
{
    engine.state = ENGINE_STOPPING;
    engine.starter = platform_thread_id();
    providers_stop();
    engine_clear();
    engine.starter = 0;
    engine.state = ENGINE_DOWN;
    engine_change();
}

int32_t engine_use(void)
{
    int32_t rc = 0;

    while (engine.state == ENGINE_STARTING || engine.state == ENGINE_STOPPING) {
        /* A provider that is an application as well, from within its own start. */
        if (engine.starter == platform_thread_id())
            return (int32_t)LINEERR_OPERATIONFAILED;
        engine_wait();
    }
    if (engine.state == ENGINE_UP) {
        if (engine.reinit)
            return (int32_t)LINEERR_REINIT;
        engine.apps++;
        return 0;
    }
    engine.state = ENGINE_STARTING;
    engine.starter = platform_thread_id();
    engine.apps = 1;
    if (engine.keeps) {
        priority_load();
        dialop_load();
    }
    rc = providers_start();
    engine.starter = 0;
    if (rc) {
        engine.apps = 0;
        engine_stop();
        return rc;
    }
    engine.state = ENGINE_UP;
    engine_change();
    return 0;
}

void engine_unuse(void)
{
    if (!--engine.apps)
        engine_stop();
}

struct engine_text *text_make(const void *utf16, uint32_t size)
{
    struct engine_text *t;

    if (!utf16 || size < 2 * sizeof(uint16_t))
        return NULL;
    t = malloc(sizeof(*t) + size);
    if (!t)
        return NULL;
    t->refs = 1;
    t->size = size;
    memcpy(t->text, utf16, size);
    return t;
}

struct engine_text *text_ref(struct engine_text *t)
{
    if (t)
        t->refs++;
    return t;
}

void text_unref(struct engine_text *t)
{
    if (t && !--t->refs)
        free(t);
}

const uint16_t *text_check(const void *in, uint32_t len)
{
    const uint16_t *text = in;

    if (!in || len < sizeof(*text) || len % sizeof(*text) || (uintptr_t)in % sizeof(*text))
        return NULL;
    return text[len / sizeof(*text) - 1] ? NULL : text;
}
