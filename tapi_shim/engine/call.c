/* Calls: their life from the first mention to TSPI_lineCloseCall. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>

struct engine_call *call_alloc(struct engine_device *d)
{
    struct engine_call *call = pool_alloc(&engine.calls);

    if (!call)
        return NULL;
    call->device = d;
    call->state = LINECALLSTATE_UNKNOWN;
    call->address = d->addressc == 1 ? 0 : ENGINE_NO_ADDRESS;
    call->next = d->call_first;
    if (call->next)
        call->next->prev = call;
    d->call_first = call;
    return call;
}

static void call_free(struct engine_call *call)
{
    struct engine_device *d = call->device;

    call_discard_events(call);
    media_clear(call);
    if (call->second_of)
        call->second_of->call2 = NULL;
    while (call->request_first)
        request_free(call->request_first);
    while (call->hcall_first)
        hcall_remove(call->hcall_first);
    if (call->prev)
        call->prev->next = call->next;
    else
        d->call_first = call->next;
    if (call->next)
        call->next->prev = call->prev;
    text_unref(call->app_name);
    free(call->extras);
    pool_hide(call);
    pool_free(&engine.calls, call);
    engine_change();
}

void call_hold(struct engine_call *call)
{
    call->busy++;
    device_hold(call->device);
}

/* Nobody is inside with its handle; the device is held. */
static void call_close(struct engine_call *call)
{
    struct engine_provider *p = call->device->provider;
    HDRVCALL hdcall = call->hdcall;
    int32_t rc = 0;

    /* Events that are on their way are of no call from here on. */
    call->flags |= CALL_CLOSING;
    if (hdcall) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineCloseCall, hdcall);
        engine_lock();
    }
    if (rc)
        platform_log(PLATFORM_LOG_WARNING, "%s: closing a call: 0x%x", p->file, (unsigned)rc);
    /* All of them had to be completed by now. */
    request_fail_all(call, (int32_t)LINEERR_OPERATIONFAILED);
    call_free(call);
}

static bool call_may_close(const struct engine_call *call)
{
    return !call->busy && call->flags & CALL_CLOSE && !(call->flags & (CALL_CLOSING | CALL_DEAD | CALL_JOB_DROP));
}

void call_release(struct engine_call *call)
{
    if (call->flags & CALL_DEAD && !call->busy && !(call->flags & CALL_CLOSING))
        call_free(call);
}

void call_put(struct engine_call *call)
{
    struct engine_device *d = call->device;

    call->busy--;
    if (call_may_close(call))
        call_close(call);
    else
        call_release(call);
    device_put(d);
}

void call_void(struct engine_call *call)
{
    call->flags |= CALL_DEAD;
    pool_hide(call);
    call_discard_events(call);
    while (call->hcall_first)
        hcall_remove(call->hcall_first);
    call_release(call);
}

void call_unused(struct engine_call *call, bool callback)
{
    struct engine_device *d = call->device;

    if (call->flags & CALL_DEAD)
        return;
    call->flags |= CALL_CLOSE;
    if (!call_may_close(call))
        return;
    if (callback) {
        provider_job_call(call, 0);
        return;
    }
    device_hold(d);
    call_close(call);
    device_put(d);
}

struct address_query {
    struct engine_provider *provider;
    HDRVCALL hdcall;
};

static int32_t address_query(void *buffer, void *arg)
{
    const struct address_query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetCallInfo, q->hdcall, buffer);
    return rc;
}

void call_ask_address(struct engine_call *call)
{
    struct address_query q = {call->device->provider, call->hdcall};
    uint32_t version = call->device->version, len;
    DWORD address = 0;
    void *info = NULL;
    int32_t rc;

    engine_unlock();
    if (q.provider->fn.lineGetCallAddressID) {
        PROVIDER_CALL(q.provider, rc, lineGetCallAddressID, q.hdcall, &address);
    } else {
        /* It says so there as well. */
        rc = fetch_structure(LAYOUT_LINECALLINFO, version, address_query, &q, &info, &len);
        if (!rc)
            address = ((LINECALLINFO *)info)->dwAddressID;
        free(info);
    }
    engine_lock();
    call->address = rc || address > INT32_MAX ? 0 : (int32_t)address;
}

void call_drop(struct engine_call *call)
{
    struct engine_provider *p = call->device->provider;
    HDRVCALL hdcall = call->hdcall;
    struct engine_request *r;
    uint32_t id;
    int32_t rc;

    if (!hdcall || !p->fn.lineDrop || call->flags & (CALL_DEAD | CALL_CLOSING) || call->state == LINECALLSTATE_IDLE)
        return;
    r = request_alloc(call, NULL, 0, REQUEST_INTERNAL);
    if (!r)
        return;
    id = r->item.handle;
    engine_unlock();
    PROVIDER_CALL(p, rc, lineDrop, id, hdcall, NULL, 0);
    engine_lock();
    (void)request_returned(id, 0, rc);
}

void call_sweep(struct engine_device *d)
{
    struct engine_call *call;

    for (;;) {
        for (call = d->call_first; call; call = call->next) {
            if ((call->flags & (CALL_JOB_DROP | CALL_JOB)) == CALL_JOB_DROP || call_may_close(call))
                break;
        }
        if (!call)
            return;
        call_hold(call);
        if (call->flags & CALL_JOB_DROP) {
            call->flags &= (uint16_t)~CALL_JOB_DROP;
            call_drop(call);
        }
        call_put(call);
    }
}

/* ---- events that wait -------------------------------------------------------------------------------------------- */

void call_defer(struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    struct engine_event *e = NULL;

    if (call->eventc < ENGINE_DEFERRED_MAX)
        e = pool_alloc(&engine.events);
    if (e) {
        if (call->event_last) {
            e->next = call->event_last->next;
            call->event_last->next = e;
        } else {
            e->next = e;
        }
        call->event_last = e;
        call->eventc++;
    } else {
        /* No more than this is kept: the newest counts. */
        e = call->event_last;
        if (!e)
            return;
    }
    e->message = message;
    e->p1 = p1;
    e->p2 = p2;
    e->p3 = p3;
}

void call_discard_events(struct engine_call *call)
{
    while (call->event_last) {
        struct engine_event *e = call->event_last->next;

        if (e == call->event_last)
            call->event_last = NULL;
        else
            call->event_last->next = e->next;
        pool_free(&engine.events, e);
    }
    call->eventc = 0;
}
