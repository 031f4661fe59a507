/* Providers: loaded, started, stopped; the worker thread of each. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_PROVIDER_ID = 1 };

struct engine_job {
    uint64_t temp_id;
    bool phone;
    struct engine_job *next;
};

int provider_list(struct platform_provider **listp, size_t *countp, bool *defaultp)
{
    struct platform_provider *list;
    int err;

    *defaultp = false;
    err = platform_providers_load(listp, countp);
    if (err != ENOENT)
        return err;
    list = calloc(1, sizeof(*list));
    if (!list)
        return ENOMEM;
    list->id = DEFAULT_PROVIDER_ID;
    memcpy(list->file, ENGINE_DEFAULT_PROVIDER, sizeof(ENGINE_DEFAULT_PROVIDER));
    *listp = list;
    *countp = 1;
    *defaultp = true;
    return 0;
}

void provider_enter(struct engine_provider *p)
{
    if (p->nonreentrant)
        platform_mutex_lock(&p->serial);
}

void provider_leave(struct engine_provider *p)
{
    if (p->nonreentrant)
        platform_mutex_unlock(&p->serial);
}

int32_t provider_functions(struct engine_tspi *fn, struct platform_module *module, engine_lookup_h *lookup)
{
    int32_t found = 0;

#define PROVIDER_FUNCTION(name)                                                                                        \
    fn->name = (__typeof__(fn->name))(lookup ? lookup("TSPI_" #name) : platform_module_symbol(module, "TSPI_" #name)); \
    found += fn->name ? 1 : 0;
    ENGINE_TSPI_MAP(PROVIDER_FUNCTION)
#undef PROVIDER_FUNCTION
    return found;
}

/* ---- worker ------------------------------------------------------------------------------------------------------ */

void provider_job_call(struct engine_call *call, uint16_t flag)
{
    struct engine_provider *p = call->device->provider;

    call->flags |= flag;
    if (call->flags & CALL_JOB)
        return;
    call->flags |= CALL_JOB;
    call_hold(call);
    call->job_next = NULL;
    if (p->job_last)
        p->job_last->job_next = call;
    else
        p->job_first = call;
    p->job_last = call;
    platform_cond_signal(&p->wake);
}

void provider_job_create(struct engine_provider *p, uint64_t temp_id, bool phone)
{
    struct engine_job *job;

    if (p->stopping)
        return;
    job = p->createc < ENGINE_CREATES_MAX ? malloc(sizeof(*job)) : NULL;
    if (!job) {
        platform_log(PLATFORM_LOG_ERROR, "%s: %s_CREATE dropped, too many are waiting", p->file,
                     phone ? "PHONE" : "LINE");
        return;
    }
    job->temp_id = temp_id;
    job->phone = phone;
    job->next = NULL;
    if (p->create_last)
        p->create_last->next = job;
    else
        p->create_first = job;
    p->create_last = job;
    p->createc++;
    platform_cond_signal(&p->wake);
}

static void job_call(struct engine_provider *p)
{
    struct engine_call *call = p->job_first;
    uint16_t flags = call->flags;

    p->job_first = call->job_next;
    if (!p->job_first)
        p->job_last = NULL;
    call->flags &= (uint16_t) ~(CALL_JOB | CALL_JOB_DROP | CALL_JOB_ADDRESS);
    if (flags & CALL_JOB_ADDRESS && !(flags & (CALL_DEAD | CALL_CLOSE)))
        call_ask_address(call);
    if (flags & CALL_JOB_ADDRESS) {
        call->flags &= (uint16_t)~CALL_HELD_ADDRESS;
        event_flush(call);
    }
    if (flags & CALL_JOB_DROP)
        call_drop(call);
    call_put(call);
}

static void job_create(struct engine_provider *p)
{
    struct engine_job *job = p->create_first;
    uint32_t id = engine.slotc;
    int32_t rc;

    p->create_first = job->next;
    if (!p->create_first)
        p->create_last = NULL;
    p->createc--;
    if (job->phone) {
        phone_create(p, job->temp_id);
        free(job);
        return;
    }
    if (p->stopping || !device_append(p, 1)) {
        if (!p->stopping)
            platform_log(PLATFORM_LOG_ERROR, "%s: no room for one more line", p->file);
        free(job);
        return;
    }
    p->busy++;
    engine_unlock();
    PROVIDER_CALL(p, rc, providerCreateLineDevice, (DWORD_PTR)job->temp_id, id);
    engine_lock();
    p->busy--;
    if (!rc) {
        event_created(id);
    } else if (id + 1 == engine.slotc && !engine.slotv[id].device) {
        engine.slotc--;
    } else {
        engine.slotv[id].gone = true;
    }
    free(job);
}

static void worker_run(void *arg)
{
    struct engine_provider *p = arg;

    engine_lock();
    for (;;) {
        while (!p->quit && !(p->started && (p->job_first || p->create_first)))
            platform_cond_wait(&p->wake, &engine.mutex);
        if (p->started && p->job_first)
            job_call(p);
        else if (p->started && p->create_first)
            job_create(p);
        else
            break;
        engine_change();
    }
    engine_unlock();
}

/* ---- start and stop ---------------------------------------------------------------------------------------------- */

static void provider_free(struct engine_provider *p)
{
    struct platform_module *module = p->module;
    struct engine_job *job;

    while ((job = p->create_first)) {
        p->create_first = job->next;
        free(job);
    }
    platform_cond_destroy(&p->wake);
    platform_mutex_destroy(&p->serial);
    free(p->file);
    pool_hide(p);
    pool_free(&engine.providers, p);
    engine_unlock();
    platform_module_unload(module);
    engine_lock();
}

static void worker_stop(struct engine_provider *p)
{
    struct platform_thread *worker = p->worker;

    p->quit = true;
    platform_cond_signal(&p->wake);
    engine_unlock();
    platform_thread_join(worker);
    engine_lock();
    p->worker = NULL;
}

void provider_stop(struct engine_provider *p)
{
    struct engine_provider **pp, *prev = NULL;
    uint32_t i;

    p->stopping = true;
    while (p->busy)
        engine_wait();
    worker_stop(p);
    for (i = 0; i < engine.slotc; i++) {
        if (engine.slotv[i].provider != p)
            continue;
        engine.slotv[i].provider = NULL;
        engine.slotv[i].gone = true;
        if (engine.slotv[i].device)
            engine.slotv[i].device->provider = NULL;
    }
    phone_slots_gone(p);
    for (pp = &engine.provider_first; *pp && *pp != p; pp = &(*pp)->next)
        prev = *pp;
    if (*pp == p) {
        *pp = p->next;
        if (engine.provider_last == p)
            engine.provider_last = prev;
    }
    engine_unlock();
    if (p->fn.providerShutdown)
        (void)p->fn.providerShutdown(p->version, p->id);
    engine_lock();
    provider_free(p);
}

static char *text8_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

static int32_t provider_load(struct engine_provider *p, engine_lookup_h *builtin)
{
    const char *text = "";

    if (!builtin) {
        if (platform_module_load(&p->module, p->file, &text)) {
            platform_log(PLATFORM_LOG_ERROR, "provider %s cannot be loaded: %s", p->file, text ? text : "");
            return (int32_t)LINEERR_NODRIVER;
        }
    }
    if (!provider_functions(&p->fn, p->module, builtin) || !p->fn.lineNegotiateTSPIVersion || !p->fn.providerInit) {
        platform_log(PLATFORM_LOG_ERROR, "provider %s left out: it has not the functions of a provider", p->file);
        return (int32_t)LINEERR_NODRIVER;
    }
    return 0;
}

/* Up to TSPI_providerInit, not locked. */
static int32_t provider_init(struct engine_provider *p, uint32_t line_base, uint32_t *linesp, uint32_t phone_base,
                             uint32_t *phonesp)
{
    DWORD version = 0, lines = 0, phones = 0, options = 0;
    int32_t rc;

    rc = (int32_t)p->fn.lineNegotiateTSPIVersion(INITIALIZE_NEGOTIATION, ENGINE_VERSION_MIN, ENGINE_VERSION_MAX,
                                                 &version);
    if (rc || version < ENGINE_VERSION_MIN || version > ENGINE_VERSION_MAX) {
        platform_log(PLATFORM_LOG_ERROR, "provider %s left out: negotiated version 0x%x, result 0x%x", p->file,
                     (unsigned)version, (unsigned)rc);
        return rc < 0 ? rc : (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    }
    p->version = version;
    if (p->fn.providerEnumDevices) {
        rc = (int32_t)p->fn.providerEnumDevices(p->id, &lines, &phones, (HPROVIDER)(uintptr_t)p->item.handle,
                                                event_line, event_phone);
        if (rc) {
            platform_log(PLATFORM_LOG_ERROR, "provider %s left out: TSPI_providerEnumDevices: 0x%x", p->file,
                         (unsigned)rc);
            return rc < 0 ? rc : (int32_t)LINEERR_OPERATIONFAILED;
        }
    } else if (version < ENGINE_VERSION_2_0) {
        /* Not mandatory then; a provider of that age is asked about the line when it is used. */
        lines = 1;
    } else {
        platform_log(PLATFORM_LOG_ERROR, "provider %s left out: no TSPI_providerEnumDevices", p->file);
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    }
    if (lines > ENGINE_DEVICES_MAX - line_base) {
        platform_log(PLATFORM_LOG_ERROR, "provider %s left out: %u lines are too many", p->file, (unsigned)lines);
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    }
    if (phones > ENGINE_PHONES_MAX - phone_base) {
        platform_log(PLATFORM_LOG_ERROR, "provider %s left out: %u phones are too many", p->file, (unsigned)phones);
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    }
    rc = (int32_t)p->fn.providerInit(version, p->id, line_base, phone_base, lines, phones, request_completion,
                                     &options);
    if (rc) {
        platform_log(PLATFORM_LOG_ERROR, "provider %s left out: TSPI_providerInit: 0x%x", p->file, (unsigned)rc);
        return rc < 0 ? rc : (int32_t)LINEERR_OPERATIONFAILED;
    }
    p->nonreentrant = options & LINETSPIOPTION_NONREENTRANT;
    *linesp = lines;
    *phonesp = phones;
    return 0;
}

/* One of the list. A provider that does not come up is left out. */
static int32_t provider_start(const struct platform_provider *entry, engine_lookup_h *builtin)
{
    struct engine_provider *p = pool_alloc(&engine.providers);
    uint32_t lines = 0, phones = 0, base = engine.slotc, phone_base = engine.phone_slotc;
    int32_t rc;

    if (!p)
        return (int32_t)LINEERR_NOMEM;
    p->id = entry->id;
    p->file = text8_copy(builtin ? "the provider linked in" : entry->file);
    (void)platform_cond_init(&p->wake);
    (void)platform_mutex_init(&p->serial);
    if (!p->file) {
        rc = (int32_t)LINEERR_NOMEM;
        goto out;
    }
    engine_unlock();
    rc = provider_load(p, builtin);
    engine_lock();
    if (rc)
        goto out;
    if (platform_thread_start(&p->worker, "tapi-provider", worker_run, p)) {
        p->worker = NULL;
        rc = (int32_t)LINEERR_NOMEM;
        goto out;
    }
    engine_unlock();
    rc = provider_init(p, base, &lines, phone_base, &phones);
    engine_lock();
    if (!rc && (!device_append(p, lines) || !phone_append(p, phones))) {
        engine.slotc = base;
        engine_unlock();
        if (p->fn.providerShutdown)
            (void)p->fn.providerShutdown(p->version, p->id);
        engine_lock();
        rc = (int32_t)LINEERR_NOMEM;
    }
    if (rc) {
        worker_stop(p);
        goto out;
    }
    if (engine.provider_last)
        engine.provider_last->next = p;
    else
        engine.provider_first = p;
    engine.provider_last = p;
    p->started = true;
    platform_cond_signal(&p->wake);
    platform_log(PLATFORM_LOG_INFO, "provider %s: version 0x%x, lines %u to %u", p->file, (unsigned)p->version, base,
                 base + lines);
    return 0;
out:
    p->stopping = true;
    provider_free(p);
    return rc;
}

int32_t providers_start(void)
{
    struct platform_provider *list = NULL;
    size_t count = 0, i;
    bool is_default;
    int32_t rc, worst = 0;
    int err;

    engine_unlock();
    err = provider_list(&list, &count, &is_default);
    engine_lock();
    if (err) {
        platform_log(PLATFORM_LOG_ERROR, "the list of providers cannot be read: %s", strerror(err));
        return err == ENOMEM ? (int32_t)LINEERR_NOMEM : (int32_t)LINEERR_INIFILECORRUPT;
    }
    for (i = 0; i < count; i++) {
        rc = provider_start(&list[i], is_default ? engine.builtin : NULL);
        if (rc == (int32_t)LINEERR_INIFILECORRUPT)
            worst = rc;
    }
    free(list);
    /* Others work on without the one whose configuration is broken; alone, it is what the application has to hear. */
    return engine.provider_first ? 0 : worst;
}

void providers_stop(void)
{
    while (engine.provider_first)
        provider_stop(engine.provider_first);
}
