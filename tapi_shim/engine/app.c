/* Applications and the connections they come by. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <errno.h>
#include <stdlib.h>

struct engine_app *app_find(const struct channel *c, uint32_t happ)
{
    struct engine_app *app = pool_find(&engine.apps_pool, happ);

    return app && app->channel == c && !app->phone ? app : NULL;
}

struct engine_app *app_find_phone(const struct channel *c, uint32_t happ)
{
    struct engine_app *app = pool_find(&engine.apps_pool, happ);

    return app && app->channel == c && app->phone ? app : NULL;
}

bool channel_room(const struct channel *c)
{
    return !c->handle_max || c->handlec < c->handle_max;
}

static int32_t app_open(struct channel *c, struct channel_call *call, bool phone)
{
    const uint16_t *name = text_check(call->in0, call->in0_len), *module = text_check(call->in1, call->in1_len);
    struct engine_app *app;
    int32_t rc;

    if (call->arg[0] < ENGINE_VERSION_MIN)
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    if ((call->in0 && !name) || (call->in1 && !module))
        return (int32_t)LINEERR_INVALAPPNAME;
    rc = engine_use();
    if (rc)
        return rc;
    if (!channel_room(c)) {
        engine_unuse();
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    }
    app = pool_alloc(&engine.apps_pool);
    if (!app) {
        engine_unuse();
        return (int32_t)LINEERR_NOMEM;
    }
    app->channel = c;
    app->phone = phone;
    c->handlec++;
    app->version = call->arg[0] < ENGINE_VERSION_MAX ? call->arg[0] : ENGINE_VERSION_MAX;
    app->module = text_make(module, call->in1_len);
    app->name = text_make(name, call->in0_len);
    if (!app->name)
        app->name = text_ref(app->module);
    app->next = c->app_first;
    if (app->next)
        app->next->prev = app;
    c->app_first = app;
    call->ret[0] = app->item.handle;
    call->ret[1] = phone ? engine.phone_slotc : engine.slotc;
    call->ret[2] = ENGINE_VERSION_MAX;
    return 0;
}

int32_t app_op_open(struct channel *c, struct channel_call *call)
{
    return app_open(c, call, false);
}

int32_t app_op_phone_open(struct channel *c, struct channel_call *call)
{
    return app_open(c, call, true);
}

void app_close(struct engine_app *app)
{
    /* Nobody else finds it now: it stays until this is done. */
    pool_hide(app);
    recipient_leave(app);
    while (app->line_first)
        line_close(app->line_first->item.handle);
    while (app->phone_first)
        phone_close(app->phone_first->item.handle);
    if (app->prev)
        app->prev->next = app->next;
    else
        app->channel->app_first = app->next;
    if (app->next)
        app->next->prev = app->prev;
    app->channel->handlec--;
    text_unref(app->name);
    text_unref(app->module);
    pool_free(&engine.apps_pool, app);
    engine_change();
    engine_unuse();
}

int32_t app_op_close(struct channel *c, struct channel_call *call)
{
    struct engine_app *app = pool_find(&engine.apps_pool, call->arg[0]);

    if (!app || app->channel != c)
        return (int32_t)LINEERR_INVALAPPHANDLE;
    app_close(app);
    return 0;
}

int channel_open(struct channel **cp, channel_event_h *h, void *arg)
{
    struct channel *c;

    if (!cp || !h)
        return EINVAL;
    c = calloc(1, sizeof(*c));
    if (!c)
        return ENOMEM;
    c->h = h;
    c->arg = arg;
    c->pid = platform_process_id();
    *cp = c;
    return 0;
}

void channel_identify(struct channel *c, uint32_t pid)
{
    engine_lock();
    c->pid = pid;
    engine_unlock();
}

void channel_limits(struct channel *c, uint32_t max_handles)
{
    engine_lock();
    c->handle_max = max_handles;
    engine_unlock();
}

void channel_close(struct channel *c)
{
    if (!c)
        return;
    engine_lock();
    /* One that another thread is closing already is waited for. */
    while (c->app_first) {
        struct engine_app *app = c->app_first;

        while (app && !app->item.handle)
            app = app->next;
        if (app)
            app_close(app);
        else
            engine_wait();
    }
    engine_unlock();
    free(c);
}

void channel_free(void *out)
{
    free(out);
}
