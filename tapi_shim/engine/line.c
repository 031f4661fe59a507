/* Lines as applications open and close them. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* What lineOpen asks for. */
struct want {
    const struct channel *c;
    uint32_t happ, version, ext, privileges, media;
    int32_t address;
    uint64_t instance;
    const void *params;
    uint32_t params_len;
    bool mapper;
    uint32_t proxy_types;
    uint32_t hline; /* result */
};

struct engine_line *line_find(const struct channel *c, uint32_t hline)
{
    struct engine_line *line = pool_find(&engine.lines, hline);

    return line && line->app->channel == c ? line : NULL;
}

/* ---- open -------------------------------------------------------------------------------------------------------- */

static void line_link(struct engine_line *line)
{
    struct engine_device *d = line->device;
    struct engine_app *app = line->app;

    line->prev = d->line_last;
    if (d->line_last)
        d->line_last->next = line;
    else
        d->line_first = line;
    d->line_last = line;
    line->app_next = app->line_first;
    if (app->line_first)
        app->line_first->app_prev = line;
    app->line_first = line;
    app->channel->handlec++;
}

static void line_unlink(struct engine_line *line)
{
    struct engine_device *d = line->device;

    if (line->prev)
        line->prev->next = line->next;
    else
        d->line_first = line->next;
    if (line->next)
        line->next->prev = line->prev;
    else
        d->line_last = line->prev;
    if (line->app_prev)
        line->app_prev->app_next = line->app_next;
    else
        line->app->line_first = line->app_next;
    if (line->app_next)
        line->app_next->app_prev = line->app_prev;
    line->app->channel->handlec--;
}

static void tell_others(const struct engine_device *d, const struct engine_line *except, uint32_t state)
{
    const struct engine_line *line;

    for (line = d->line_first; line; line = line->next)
        if (line != except)
            event_send_devstate(line, state, 0, 0);
}

static int32_t caps_query(void *buffer, void *arg)
{
    const struct engine_device *d = arg;
    int32_t rc;

    PROVIDER_CALL(d->provider, rc, lineGetDevCaps, d->id, d->version, 0, buffer);
    return rc;
}

/* Whether the open line suits what LINEMAPPER asks for; not locked. */
static int32_t mapper_check(struct engine_device *d, HDRVLINE hdline, uint32_t media, const struct want *want)
{
    uint32_t len;
    LINECALLPARAMS *params;
    LINEDEVCAPS *caps;
    void *heap, *out;
    int32_t rc;

    rc = params_take(want->params, want->params_len, d->version, &params, &heap);
    if (rc)
        return rc;
    if (d->provider->fn.lineConditionalMediaDetection) {
        PROVIDER_CALL(d->provider, rc, lineConditionalMediaDetection, hdline, media, params);
        free(heap);
        return engine_sync_result(rc);
    }
    rc = fetch_structure(LAYOUT_LINEDEVCAPS, d->version, caps_query, d, &out, &len);
    if (!rc) {
        caps = out;
        if ((caps->dwMediaModes & media) != media || !(caps->dwBearerModes & params->dwBearerMode))
            rc = (int32_t)LINEERR_RESOURCEUNAVAIL;
        free(out);
    }
    free(heap);
    return rc;
}

/* With d->config set: the provider's side. */
static int32_t open_provider(struct engine_device *d, struct want *want)
{
    struct engine_provider *p = d->provider;
    HDRVLINE hdline;
    int32_t rc = 0;

    if (d->state == DEVICE_CLOSED) {
        rc = device_open(d, want->ext);
        if (rc)
            return rc;
    } else if (want->ext && d->ext && d->ext != want->ext) {
        return (int32_t)LINEERR_INCOMPATIBLEEXTVERSION;
    }
    device_hold(d);
    hdline = d->hdline;
    if (want->ext && !d->ext) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineSelectExtVersion, hdline, want->ext);
        engine_lock();
        rc = engine_sync_result(rc);
        if (!rc)
            d->ext = want->ext;
    }
    if (!rc && want->mapper) {
        uint32_t media = d->media | want->media;

        /* At least one is always set. */
        if (!media)
            media = ((const LINECALLPARAMS *)want->params)->dwMediaMode;
        if (!media)
            media = LINEMEDIAMODE_INTERACTIVEVOICE;
        engine_unlock();
        rc = mapper_check(d, hdline, media, want);
        engine_lock();
    }
    device_put(d);
    if (!rc && want->address != ENGINE_NO_ADDRESS && (uint32_t)want->address >= d->addressc)
        rc = (int32_t)LINEERR_INVALADDRESSID;
    return rc ? rc : device_update(d, want->media);
}

/* With d->config set. */
static int32_t open_add(struct engine_device *d, struct want *want)
{
    struct engine_app *app = app_find(want->c, want->happ);
    struct engine_line *line;

    if (!app)
        return (int32_t)LINEERR_INVALAPPHANDLE;
    if (!channel_room(app->channel))
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    if (!proxy_free(d, want->proxy_types))
        return (int32_t)LINEERR_NOTREGISTERED;
    line = pool_alloc(&engine.lines);
    if (!line)
        return (int32_t)LINEERR_NOMEM;
    line->app = app;
    line->device = d;
    line->instance = want->instance;
    line->version = want->version;
    line->ext = want->ext;
    line->privileges = want->privileges;
    line->media = want->media;
    line->address = want->address;
    line_link(line);
    want->hline = line->item.handle;
    tell_others(d, line, LINEDEVSTATE_OPEN);
    proxy_begin(line, want->proxy_types);
    return 0;
}

/* Calls that came while the line was opened, perhaps for whoever opened it. */
static void open_flush(struct engine_device *d)
{
    struct engine_call *call, *next;

    for (call = d->call_first; call; call = next) {
        next = call->next;
        if (call->flags & CALL_HELD_OPEN) {
            call->flags &= (uint16_t)~CALL_HELD_OPEN;
            event_flush(call);
        }
    }
}

static int32_t open_device(uint32_t id, struct want *want)
{
    struct engine_device *d;
    int32_t rc = device_get(id, &d);

    if (rc)
        return rc;
    while (d->config)
        engine_wait();
    d->config = true;
    d->adding = true;
    if (d->removed)
        rc = (int32_t)LINEERR_NODEVICE;
    else if (d->provider->stopping)
        rc = (int32_t)LINEERR_NODRIVER;
    else
        rc = open_provider(d, want);
    if (!rc)
        rc = open_add(d, want);
    d->adding = false;
    if (d->line_first)
        open_flush(d);
    if (rc && !d->line_first)
        device_close(d);
    else if (rc)
        (void)device_update(d, 0);
    d->config = false;
    engine_change();
    device_done(d);
    return rc;
}

static int32_t privileges_check(uint32_t version, uint32_t privileges)
{
    uint32_t options = LINEOPENOPTION_SINGLEADDRESS | LINEOPENOPTION_PROXY, base = privileges & ~options;

    if (base != LINECALLPRIVILEGE_NONE && base != LINECALLPRIVILEGE_MONITOR && base != LINECALLPRIVILEGE_OWNER &&
        base != (LINECALLPRIVILEGE_MONITOR | LINECALLPRIVILEGE_OWNER))
        return (int32_t)LINEERR_INVALPRIVSELECT;
    if (privileges & options && version < ENGINE_VERSION_2_0)
        return (int32_t)LINEERR_INVALPRIVSELECT;
    return 0;
}

static int32_t open_check(struct want *want)
{
    const uint32_t reserved = 0x00FF0001; /* neither defined nor for extensions */
    const LINECALLPARAMS *params = want->params;
    bool params_ok = want->params && want->params_len >= layout_fixed(LAYOUT_LINECALLPARAMS, ENGINE_VERSION_MAX);
    int32_t rc;

    if (!engine_version_valid(want->version))
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    rc = privileges_check(want->version, want->privileges);
    if (rc)
        return rc;
    if (!(want->privileges & LINECALLPRIVILEGE_OWNER))
        want->media = 0;
    else if (!want->media || want->media & reserved)
        return (int32_t)LINEERR_INVALMEDIAMODE;
    if (want->privileges & LINEOPENOPTION_SINGLEADDRESS) {
        if (!params_ok || params->dwAddressMode != LINEADDRESSMODE_ADDRESSID || params->dwAddressID > INT32_MAX)
            return (int32_t)LINEERR_INVALADDRESSID;
        want->address = (int32_t)params->dwAddressID;
    }
    if (want->privileges & LINEOPENOPTION_PROXY) {
        rc = proxy_types(want->params, want->params_len, want->version, &want->proxy_types);
        if (rc)
            return rc;
    }
    if (want->mapper && !want->params)
        return (int32_t)LINEERR_INVALPOINTER;
    if (want->mapper && !params_ok)
        return (int32_t)LINEERR_STRUCTURETOOSMALL;
    return 0;
}

int32_t line_op_open(struct channel *c, struct channel_call *call)
{
    struct want want = {.c = c,
                        .happ = call->arg[0],
                        .version = call->arg[2],
                        .ext = call->arg[3],
                        .privileges = call->arg[4],
                        .media = call->arg[5],
                        .address = ENGINE_NO_ADDRESS,
                        .instance = (uint64_t)call->arg[7] << 32 | call->arg[6],
                        .params = call->in0,
                        .params_len = call->in0_len,
                        .mapper = call->arg[1] == LINEMAPPER};
    struct engine_device *d;
    uint32_t id = call->arg[1];
    int32_t rc;

    if (!app_find(c, want.happ))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    if (engine.reinit)
        return (int32_t)LINEERR_REINIT;
    if (!channel_room(c))
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    rc = want.mapper ? 0 : device_find(id, &d);
    if (!rc)
        rc = open_check(&want);
    if (rc)
        return rc;
    if (!want.mapper) {
        rc = open_device(id, &want);
    } else {
        rc = (int32_t)LINEERR_LINEMAPPERFAILED;
        for (id = 0; id < engine.slotc && rc; id++) {
            rc = open_device(id, &want);
            if (!app_find(c, want.happ))
                break;
        }
        id--;
        if (rc && rc != (int32_t)LINEERR_INVALAPPHANDLE)
            rc = (int32_t)LINEERR_LINEMAPPERFAILED;
    }
    call->ret[0] = rc ? 0 : want.hline;
    call->ret[1] = rc ? 0 : id;
    return rc;
}

/* ---- close ------------------------------------------------------------------------------------------------------- */

void line_detach(struct engine_line *line, bool tell)
{
    struct engine_device *d = line->device;
    struct engine_hcall *h;

    proxy_end(line, tell);
    while ((h = line->hcall_first)) {
        struct engine_call *call = h->call;
        uint32_t what =
            h->privilege == LINECALLPRIVILEGE_OWNER ? LINECALLINFOSTATE_NUMOWNERDECR : LINECALLINFOSTATE_NUMMONITORS;

        if (h->privilege == LINECALLPRIVILEGE_OWNER && call->owners == 1 && !(call->flags & CALL_PENDING))
            call->flags |= CALL_JOB_DROP;
        hcall_remove(h);
        owner_changed(call, what, NULL);
        if (!call->hcall_first)
            call->flags |= CALL_CLOSE;
    }
    if (tell)
        tell_others(d, line, LINEDEVSTATE_CLOSE);
    line_unlink(line);
    free(line->ringv);
    pool_hide(line);
    pool_free(&engine.lines, line);
}

/* After a line was taken away from others that stay. */
static void device_less(struct engine_device *d)
{
    const struct engine_line *line;
    HDRVLINE hdline = d->hdline;
    int32_t rc;

    for (line = d->line_first; line && !line->ext; line = line->next)
        ;
    if (!line && d->ext && d->state == DEVICE_OPEN) {
        device_hold(d);
        d->ext = 0;
        engine_unlock();
        PROVIDER_CALL(d->provider, rc, lineSelectExtVersion, hdline, 0);
        engine_lock();
        (void)rc;
        device_put(d);
    }
    (void)device_update(d, 0);
}

void line_close(uint32_t hline)
{
    struct engine_line *line;
    struct engine_device *d;

    for (;;) {
        line = pool_find(&engine.lines, hline);
        if (!line)
            return;
        d = line->device;
        if (!d->config)
            break;
        engine_wait();
    }
    d->config = true;
    d->provider->busy++;
    line_detach(line, true);
    call_sweep(d);
    if (d->line_first)
        device_less(d);
    else
        device_close(d);
    d->config = false;
    engine_change();
    device_done(d);
}

int32_t line_op_close(struct channel *c, struct channel_call *call)
{
    if (!line_find(c, call->arg[0]))
        return (int32_t)LINEERR_INVALLINEHANDLE;
    line_close(call->arg[0]);
    return 0;
}
