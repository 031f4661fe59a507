/* Line devices: ids, versions, capabilities, and the one line that the provider sees open. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* ---- ids --------------------------------------------------------------------------------------------------------- */

bool device_append(struct engine_provider *p, uint32_t count)
{
    uint32_t i;

    if (count > ENGINE_DEVICES_MAX - engine.slotc)
        return false;
    if (engine.slotc + count > engine.slot_cap) {
        uint32_t cap = engine.slot_cap ? 2 * engine.slot_cap : 16;
        struct engine_slot *slotv;

        if (cap < engine.slotc + count)
            cap = engine.slotc + count;
        slotv = realloc(engine.slotv, cap * sizeof(*slotv));
        if (!slotv)
            return false;
        engine.slotv = slotv;
        engine.slot_cap = cap;
    }
    for (i = 0; i < count; i++) {
        struct engine_slot *slot = &engine.slotv[engine.slotc++];

        memset(slot, 0, sizeof(*slot));
        slot->provider = p;
    }
    return true;
}

int32_t device_find(uint32_t id, struct engine_device **devicep)
{
    struct engine_slot *slot;

    if (id >= engine.slotc)
        return (int32_t)LINEERR_BADDEVICEID;
    slot = &engine.slotv[id];
    if (slot->gone)
        return slot->provider ? (int32_t)LINEERR_NODEVICE : (int32_t)LINEERR_NODRIVER;
    if (!slot->device) {
        slot->device = calloc(1, sizeof(*slot->device));
        if (!slot->device)
            return (int32_t)LINEERR_NOMEM;
        slot->device->id = id;
        slot->device->provider = slot->provider;
    }
    if (slot->device->removed)
        return (int32_t)LINEERR_NODEVICE;
    if (slot->provider->stopping)
        return (int32_t)LINEERR_NODRIVER;
    *devicep = slot->device;
    return 0;
}

int32_t device_get(uint32_t id, struct engine_device **devicep)
{
    struct engine_device *d;
    struct engine_provider *p;
    int32_t rc = device_find(id, &d);

    if (rc)
        return rc;
    p = d->provider;
    p->busy++;
    if (!d->version) {
        DWORD version = 0;

        engine_unlock();
        PROVIDER_CALL(p, rc, lineNegotiateTSPIVersion, id, ENGINE_VERSION_MIN, ENGINE_VERSION_MAX, &version);
        engine_lock();
        rc = engine_sync_result(rc);
        if (!rc && (version < ENGINE_VERSION_MIN || version > ENGINE_VERSION_MAX)) {
            platform_log(PLATFORM_LOG_WARNING, "%s: version 0x%x for line %u", p->file, (unsigned)version,
                         (unsigned)id);
            rc = (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
        }
        /* Once set it stays: the line may have been opened by it meanwhile. */
        if (!rc && !d->version)
            d->version = version;
        if (!rc && d->removed)
            rc = (int32_t)LINEERR_NODEVICE;
        if (rc) {
            device_done(d);
            return rc;
        }
    }
    *devicep = d;
    return 0;
}

void device_done(struct engine_device *d)
{
    if (!--d->provider->busy)
        engine_change();
}

void device_hold(struct engine_device *d)
{
    d->busy++;
    d->provider->busy++;
}

void device_put(struct engine_device *d)
{
    d->provider->busy--;
    if (!--d->busy)
        engine_change();
}

bool engine_version_valid(uint32_t version)
{
    return version == ENGINE_VERSION_MIN || version == ENGINE_VERSION_1_4 ||
           (version >= ENGINE_VERSION_2_0 && version <= ENGINE_VERSION_MAX);
}

/* ---- the open line ----------------------------------------------------------------------------------------------- */

static void device_closed(struct engine_device *d)
{
    if (d->tline) {
        pool_hide(d->tline);
        pool_free(&engine.tlines, d->tline);
        d->tline = NULL;
    }
    d->state = DEVICE_CLOSED;
    d->hdline = NULL;
    d->ext = d->media = d->line_mask = d->address_mask = 0;
    engine_change();
}

int32_t device_open(struct engine_device *d, uint32_t ext)
{
    struct engine_provider *p = d->provider;
    struct engine_call *call, *next;
    HTAPILINE htline;
    HDRVLINE hdline;
    DWORD addressc = 0;
    int32_t rc;

    d->tline = pool_alloc(&engine.tlines);
    if (!d->tline)
        return (int32_t)LINEERR_NOMEM;
    d->tline->device = d;
    htline = (HTAPILINE)(uintptr_t)d->tline->item.handle;
    d->state = DEVICE_OPENING;
    d->force_closed = false;
    device_hold(d);
    engine_unlock();
    PROVIDER_CALL(p, rc, lineOpen, d->id, htline, &d->hdline_slot, d->version, event_line);
    engine_lock();
    rc = engine_sync_result(rc);
    if (!rc && d->force_closed)
        rc = (int32_t)LINEERR_OPERATIONFAILED;
    if (rc) {
        /* Calls that were reported meanwhile go with it. */
        pool_hide(d->tline);
        for (call = d->call_first; call; call = next) {
            next = call->next;
            call_void(call);
        }
        device_closed(d);
        device_put(d);
        return rc;
    }
    d->hdline = hdline = d->hdline_slot;
    d->state = DEVICE_OPEN;
    engine_unlock();
    PROVIDER_CALL(p, rc, lineGetNumAddressIDs, hdline, &addressc);
    engine_lock();
    d->addressc = rc || !addressc ? 1 : addressc;
    rc = 0;
    if (ext && d->state == DEVICE_OPEN) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineSelectExtVersion, hdline, ext);
        engine_lock();
        rc = engine_sync_result(rc);
        if (!rc)
            d->ext = ext;
    }
    if (d->state != DEVICE_OPEN)
        rc = (int32_t)LINEERR_OPERATIONFAILED;
    device_put(d);
    if (rc && d->state == DEVICE_OPEN)
        device_close(d);
    return rc;
}

void device_close(struct engine_device *d)
{
    struct engine_provider *p = d->provider;
    struct engine_call *call;
    HDRVLINE hdline = d->hdline;
    int32_t rc;

    if (d->state != DEVICE_OPEN)
        return;
    d->state = DEVICE_CLOSING;
    pool_hide(d->tline);
    p->busy++;
    for (;;) {
        for (call = d->call_first; call; call = call->next)
            if (!(call->flags & (CALL_CLOSE | CALL_CLOSING | CALL_DEAD)))
                break;
        if (!call)
            break;
        call_unused(call, false);
    }
    while (d->call_first || d->busy)
        engine_wait();
    engine_unlock();
    PROVIDER_CALL(p, rc, lineClose, hdline);
    engine_lock();
    if (rc)
        platform_log(PLATFORM_LOG_WARNING, "%s: closing line %u: 0x%x", p->file, (unsigned)d->id, (unsigned)rc);
    /* All of them had to be completed by now. */
    request_fail_line(d, (int32_t)LINEERR_OPERATIONFAILED);
    device_closed(d);
    p->busy--;
    engine_change();
}

int32_t device_update(struct engine_device *d, uint32_t media_extra)
{
    struct engine_provider *p = d->provider;
    uint32_t media = media_extra, line_mask = 0, address_mask = 0;
    const struct engine_line *line;
    HDRVLINE hdline = d->hdline;
    int32_t rc = 0;

    if (d->state != DEVICE_OPEN)
        return (int32_t)LINEERR_OPERATIONFAILED;
    for (line = d->line_first; line; line = line->next) {
        media |= line->media;
        line_mask |= line->line_mask;
        address_mask |= line->address_mask;
    }
    /* What TAPI makes itself the provider need not know of. */
    line_mask &= ~(uint32_t)(LINEDEVSTATE_OPEN | LINEDEVSTATE_CLOSE);
    device_hold(d);
    if (media != d->media) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineSetDefaultMediaDetection, hdline, media);
        engine_lock();
        rc = p->fn.lineSetDefaultMediaDetection ? engine_sync_result(rc) : 0;
        if (!rc)
            d->media = media;
    }
    if (!rc && d->state == DEVICE_OPEN && (line_mask != d->line_mask || address_mask != d->address_mask)) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineSetStatusMessages, hdline, line_mask, address_mask);
        engine_lock();
        rc = engine_sync_result(rc);
        if (!rc) {
            d->line_mask = line_mask;
            d->address_mask = address_mask;
        }
    }
    if (d->state != DEVICE_OPEN)
        rc = (int32_t)LINEERR_OPERATIONFAILED;
    device_put(d);
    return rc;
}

void device_void(struct engine_device *d, bool tell_removed)
{
    struct engine_call *call, *next;
    struct engine_line *line;

    if (d->state == DEVICE_OPENING) {
        d->force_closed = true;
        return;
    }
    if (d->state != DEVICE_OPEN)
        return;
    pool_hide(d->tline);
    /* All of them at first: the end of one request may be that of two calls. */
    for (call = d->call_first; call; call = call->next)
        call->flags |= CALL_DEAD;
    for (call = d->call_first; call; call = next) {
        next = call->next;
        request_fail_all(call, (int32_t)LINEERR_OPERATIONFAILED);
        call_void(call);
    }
    request_fail_line(d, (int32_t)LINEERR_OPERATIONFAILED);
    while ((line = d->line_first)) {
        if (tell_removed && line->version < ENGINE_VERSION_2_0)
            event_send_devstate(line, LINEDEVSTATE_REMOVED, 0, 0);
        event_send(line, LINE_CLOSE, line->item.handle, 0, 0, 0);
        line_detach(line, false);
    }
    device_closed(d);
}

void device_evict(struct engine_device *d)
{
    struct engine_line *line;

    while ((line = d->line_first)) {
        event_send(line, LINE_CLOSE, line->item.handle, 0, 0, 0);
        line_detach(line, false);
    }
    call_sweep(d);
    device_close(d);
}

/* ---- what an application may ask without opening it -------------------------------------------------------------- */

struct query {
    struct engine_provider *provider;
    uint32_t device, address, version, ext;
    const uint16_t *text;
};

static int32_t query_caps(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetDevCaps, q->device, q->version, q->ext, buffer);
    return rc;
}

static int32_t query_address_caps(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetAddressCaps, q->device, q->address, q->version, q->ext, buffer);
    return rc;
}

static int32_t query_config(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetDevConfig, q->device, buffer, (LPCWSTR)q->text);
    return rc;
}

static int32_t query_run(enum layout_type type, fetch_h *h, struct query *q, struct engine_device *d,
                         struct channel_call *call)
{
    int32_t rc;

    q->provider = d->provider;
    q->device = d->id;
    q->version = d->version;
    engine_unlock();
    rc = fetch_structure(type, q->version, h, q, &call->out, &call->out_len);
    engine_lock();
    device_done(d);
    return rc;
}

int32_t device_op_negotiate(struct channel *c, struct channel_call *call)
{
    static const uint32_t versions[] = {ENGINE_VERSION_MAX, 0x00020001, ENGINE_VERSION_2_0, ENGINE_VERSION_1_4,
                                        ENGINE_VERSION_MIN};
    uint32_t low = call->arg[2], high = call->arg[3], i;
    LINEEXTENSIONID extension = {0, 0, 0, 0};
    struct engine_device *d;
    int32_t rc, ext_rc;

    if (!app_find(c, call->arg[0]))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    rc = device_get(call->arg[1], &d);
    if (rc)
        return rc;
    for (i = 0; i < sizeof(versions) / sizeof(*versions); i++)
        if (versions[i] >= low && versions[i] <= high)
            break;
    if (i == sizeof(versions) / sizeof(*versions)) {
        device_done(d);
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    }
    engine_unlock();
    PROVIDER_CALL(d->provider, ext_rc, lineGetExtensionID, d->id, d->version, &extension);
    engine_lock();
    /* No extensions is not an error. */
    if (ext_rc)
        memset(&extension, 0, sizeof(extension));
    device_done(d);
    call->out = malloc(sizeof(extension));
    if (!call->out)
        return (int32_t)LINEERR_NOMEM;
    memcpy(call->out, &extension, sizeof(extension));
    call->out_len = sizeof(extension);
    call->ret[0] = versions[i];
    return 0;
}

int32_t device_op_ext_negotiate(struct channel *c, struct channel_call *call)
{
    uint32_t low = call->arg[3], high = call->arg[4];
    struct engine_device *d;
    DWORD ext = 0;
    int32_t rc;

    if (!app_find(c, call->arg[0]))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    rc = device_get(call->arg[1], &d);
    if (rc)
        return rc;
    if (!engine_version_valid(call->arg[2])) {
        device_done(d);
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    }
    engine_unlock();
    PROVIDER_CALL(d->provider, rc, lineNegotiateExtVersion, d->id, d->version, low, high, &ext);
    engine_lock();
    device_done(d);
    rc = engine_sync_result(rc);
    if (!rc && (!ext || ext < low || ext > high))
        rc = (int32_t)LINEERR_INCOMPATIBLEEXTVERSION;
    call->ret[0] = rc ? 0 : ext;
    return rc;
}

int32_t device_op_caps(struct channel *c, struct channel_call *call)
{
    struct query q = {.ext = call->arg[3]};
    struct engine_device *d;
    LINEDEVCAPS *caps;
    int32_t rc;

    if (!app_find(c, call->arg[0]))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    rc = device_get(call->arg[1], &d);
    if (rc)
        return rc;
    if (!engine_version_valid(call->arg[2])) {
        device_done(d);
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    }
    rc = query_run(LAYOUT_LINEDEVCAPS, query_caps, &q, d, call);
    if (rc)
        return rc;
    caps = call->out;
    caps->dwLineStates |= LINEDEVSTATE_OPEN | LINEDEVSTATE_CLOSE | LINEDEVSTATE_REINIT | LINEDEVSTATE_TRANSLATECHANGE;
    return 0;
}

int32_t device_op_address_caps(struct channel *c, struct channel_call *call)
{
    struct query q = {.address = call->arg[2], .ext = call->arg[4]};
    struct engine_device *d;
    LINEADDRESSCAPS *caps;
    int32_t rc;

    if (!app_find(c, call->arg[0]))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    rc = device_get(call->arg[1], &d);
    if (rc)
        return rc;
    if (!engine_version_valid(call->arg[3])) {
        device_done(d);
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    }
    rc = query_run(LAYOUT_LINEADDRESSCAPS, query_address_caps, &q, d, call);
    if (rc)
        return rc;
    caps = call->out;
    caps->dwCallInfoStates |=
        LINECALLINFOSTATE_NUMOWNERINCR | LINECALLINFOSTATE_NUMOWNERDECR | LINECALLINFOSTATE_NUMMONITORS;
    caps->dwCallStates |= LINECALLSTATE_UNKNOWN;
    return 0;
}

int32_t device_op_config_get(struct channel *c, struct channel_call *call)
{
    struct query q = {.text = text_check(call->in0, call->in0_len)};
    struct engine_device *d;
    int32_t rc;

    (void)c;
    rc = device_get(call->arg[0], &d);
    if (rc)
        return rc;
    if (!q.text) {
        device_done(d);
        return call->in0 ? (int32_t)LINEERR_INVALDEVICECLASS : (int32_t)LINEERR_INVALPOINTER;
    }
    return query_run(LAYOUT_VARSTRING, query_config, &q, d, call);
}

int32_t device_op_config_set(struct channel *c, struct channel_call *call)
{
    const uint16_t *text = text_check(call->in1, call->in1_len);
    struct engine_device *d;
    int32_t rc;

    (void)c;
    rc = device_get(call->arg[0], &d);
    if (rc)
        return rc;
    if (!call->in0 || !call->in1) {
        rc = (int32_t)LINEERR_INVALPOINTER;
    } else if (!text) {
        rc = (int32_t)LINEERR_INVALDEVICECLASS;
    } else {
        engine_unlock();
        PROVIDER_CALL(d->provider, rc, lineSetDevConfig, d->id, (LPVOID)(uintptr_t)call->in0, call->in0_len,
                      (LPCWSTR)text);
        engine_lock();
        rc = engine_sync_result(rc);
    }
    device_done(d);
    return rc;
}
