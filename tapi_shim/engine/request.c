/* Requests that providers complete later. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

struct engine_request *request_alloc(struct engine_call *call, const struct engine_line *line, uint32_t id,
                                     uint32_t flags)
{
    struct engine_request *r = pool_alloc(&engine.requests);

    if (!r)
        return NULL;
    r->id = id;
    r->call = call;
    r->hline = line ? line->item.handle : 0;
    r->flags = flags;
    r->next = call->request_first;
    call->request_first = r;
    return r;
}

void request_free(struct engine_request *r)
{
    struct engine_request **p;

    for (p = &r->call->request_first; *p != r; p = &(*p)->next)
        ;
    *p = r->next;
    pool_hide(r);
    pool_free(&engine.requests, r);
}

static void reply(const struct engine_request *r, int32_t result, uint32_t reply_call)
{
    const struct engine_line *line = pool_find(&engine.lines, r->hline);
    struct channel_event e;

    /* A line that was closed holds replies back, and so does lineShutdown. */
    if (!line || r->flags & (REQUEST_INTERNAL | REQUEST_MUTED))
        return;
    e.app = line->app->item.handle;
    if (!e.app)
        return;
    e.message = LINE_REPLY;
    e.device = 0;
    e.reply_call = reply_call;
    e.instance = line->instance;
    e.p1 = r->id;
    e.p2 = (uint32_t)result;
    e.p3 = 0;
    line->app->channel->h(&e, line->app->channel->arg);
}

void request_finish(struct engine_request *r, int32_t result)
{
    struct engine_call *call = r->call;
    struct engine_request copy = *r;
    struct engine_hcall *h;
    bool lives;

    if (result > 0)
        result = (int32_t)LINEERR_OPERATIONFAILED;
    request_free(r);
    if (!(copy.flags & REQUEST_CREATES)) {
        reply(&copy, result, 0);
        return;
    }
    /* Some write the handle only after they returned. A call without one is no call. */
    if (!call->hdcall)
        call->hdcall = call->hdcall_slot;
    lives = !result && call->hdcall;
    if (!lives || call->flags & (CALL_DEAD | CALL_CLOSE | CALL_CLOSING)) {
        reply(&copy, result ? result : (int32_t)LINEERR_OPERATIONFAILED, 0);
        /* A failed one dies without TSPI_lineCloseCall; one that came too late is closed by whoever is about to. */
        if (!lives && !(call->flags & (CALL_DEAD | CALL_CLOSING)))
            call_void(call);
        return;
    }
    call->flags &= (uint16_t)~CALL_PENDING;
    h = pool_find(&engine.hcalls, copy.hcall);
    if (h) {
        h->given = true;
        reply(&copy, 0, h->item.handle);
    }
    event_flush(call);
}

int32_t request_returned(uint32_t handle, uint32_t id, int32_t rc)
{
    struct engine_request *r = pool_find(&engine.requests, handle);
    struct engine_call *call;
    bool heard;

    /* Completed already: whatever it returns now, it took the request. */
    if (!r)
        return (int32_t)id;
    call = r->call;
    heard = pool_find(&engine.lines, r->hline);
    r->flags |= REQUEST_RETURNED;
    if (rc < 0) {
        bool creates = r->flags & REQUEST_CREATES;

        request_free(r);
        if (creates && !(call->flags & (CALL_DEAD | CALL_CLOSING)))
            call_void(call);
        return rc;
    }
    if (r->flags & REQUEST_DONE) {
        request_finish(r, r->result);
    } else if (!rc) {
        /* Some take 0 for success and never complete. */
        request_finish(r, 0);
    }
    /* The line was closed meanwhile: there will be no reply. */
    return heard ? (int32_t)id : (int32_t)LINEERR_OPERATIONFAILED;
}

void request_fail_all(struct engine_call *call, int32_t result)
{
    struct engine_request *r, *next;

    for (r = call->request_first; r; r = next) {
        next = r->next;
        if (r->flags & REQUEST_CREATES && !(r->flags & REQUEST_RETURNED)) {
            r->flags |= REQUEST_DONE;
            r->result = result;
        } else {
            request_finish(r, result);
        }
    }
}

void CALLBACK request_completion(DRV_REQUESTID id, LONG result)
{
    struct engine_request *r;

    engine_lock();
    r = pool_find(&engine.requests, id);
    if (!r && phone_completion(id, (int32_t)result)) {
        engine_unlock();
        return;
    }
    if (!r) {
        engine_unlock();
        platform_log(PLATFORM_LOG_DEBUG, "completion of request 0x%x that is not pending", (unsigned)id);
        return;
    }
    if (!(r->flags & REQUEST_CREATES) || r->flags & REQUEST_RETURNED) {
        request_finish(r, (int32_t)result);
    } else if (!(r->flags & REQUEST_DONE)) {
        /* The new call's handle is known when the function returns, not before. */
        r->flags |= REQUEST_DONE;
        r->result = (int32_t)result;
    }
    engine_unlock();
}
