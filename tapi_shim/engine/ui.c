/* What dialogs of providers have to do with the engine: where they are, and what they say to their provider.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* A provider to be called, whether it was started or not. */
struct target {
    struct engine_provider *p; /* NULL: not started */
    struct platform_module *module;
    struct engine_tspi fn;
    uint32_t id;
};

/* One that is started is not called with the lock, but with what it asked for. */
static void enter(struct target *t)
{
    engine_unlock();
    if (t->p)
        provider_enter(t->p);
}

static void leave(struct target *t)
{
    if (t->p)
        provider_leave(t->p);
    engine_lock();
}

static void hold(struct target *t, struct engine_provider *p)
{
    p->busy++;
    t->p = p;
    t->id = p->id;
    t->fn = p->fn;
}

/* Unlocks meanwhile. */
static int32_t load(struct target *t, const char *file, engine_lookup_h *builtin)
{
    const char *why = "";
    int32_t rc = 0;

    engine_unlock();
    if (!builtin && platform_module_load(&t->module, file, &why)) {
        platform_log(PLATFORM_LOG_ERROR, "provider %s cannot be loaded: %s", file, why ? why : "");
        rc = (int32_t)LINEERR_OPERATIONFAILED;
    } else if (!provider_functions(&t->fn, t->module, builtin)) {
        platform_log(PLATFORM_LOG_ERROR, "%s is not a provider", file);
        rc = (int32_t)LINEERR_OPERATIONFAILED;
    }
    engine_lock();
    return rc;
}

static void target_close(struct target *t)
{
    struct platform_module *module = t->module;

    if (t->p && !--t->p->busy)
        engine_change();
    t->p = NULL;
    t->module = NULL;
    if (module) {
        engine_unlock();
        platform_module_unload(module);
        engine_lock();
    }
}

static int32_t target_by_id(struct target *t, uint32_t id)
{
    struct engine_provider *p = provider_of_id(id);
    engine_lookup_h *builtin = engine.builtin;
    char file[PLATFORM_PATH_MAX];
    bool is_default = false;
    int32_t rc;

    t->id = id;
    if (p) {
        hold(t, p);
        return 0;
    }
    engine_unlock();
    rc = provider_file(id, file, &is_default);
    engine_lock();
    return rc ? rc : load(t, file, is_default ? builtin : NULL);
}

/* An object as UI libraries name it. Whatever comes of it, target_close. Unlocks meanwhile. */
static int32_t target_open(struct target *t, uint32_t object, uint32_t type)
{
    struct engine_phone_device *phone;
    struct engine_device *line;
    int32_t rc;

    memset(t, 0, sizeof(*t));
    switch (type) {
    case TUISPIDLL_OBJECT_LINEID:
        rc = device_find(object, &line);
        if (!rc)
            hold(t, line->provider);
        return rc;
    case TUISPIDLL_OBJECT_PHONEID:
        rc = phone_device_find(object, &phone);
        if (!rc)
            hold(t, phone->provider);
        return rc;
    case TUISPIDLL_OBJECT_PROVIDERID:
        return target_by_id(t, object);
    default:
        return (int32_t)LINEERR_INVALPARAM;
    }
}

int32_t ui_op_library(struct channel *c, struct channel_call *call)
{
    const uint16_t *text = text_check(call->in0, call->in0_len);
    struct target t;
    char file[PLATFORM_PATH_MAX];
    int32_t rc;

    (void)c;
    memset(&t, 0, sizeof(t));
    if (call->in0 && (!text || platform_utf16_to_utf8(text, SIZE_MAX, file, sizeof(file)) > sizeof(file)))
        return (int32_t)LINEERR_INVALPARAM;
    rc = text ? load(&t, file, NULL) : target_open(&t, call->arg[0], call->arg[1]);
    if (!rc) {
        enter(&t);
        rc = provider_ui_name(&t.fn, call);
        leave(&t);
    }
    call->ret[0] = t.id;
    target_close(&t);
    return rc;
}

int32_t ui_op_data(struct channel *c, struct channel_call *call)
{
    struct target t;
    void *data;
    int32_t rc;

    (void)c;
    /* It is written to, and need not end where it is full. */
    data = malloc(call->in0_len ? call->in0_len : 1);
    if (!data)
        return (int32_t)LINEERR_NOMEM;
    if (call->in0_len)
        memcpy(data, call->in0, call->in0_len);
    rc = target_open(&t, call->arg[0], call->arg[1]);
    if (!rc) {
        enter(&t);
        rc = (int32_t)LINEERR_OPERATIONUNAVAIL;
        if (t.fn.providerGenericDialogData)
            rc = engine_sync_result((int32_t)t.fn.providerGenericDialogData(
                call->arg[0], call->arg[1], call->in0 ? data : NULL, call->in0_len));
        leave(&t);
    }
    target_close(&t);
    if (rc) {
        free(data);
        return rc;
    }
    call->out = data;
    call->out_len = call->in0_len;
    return 0;
}
