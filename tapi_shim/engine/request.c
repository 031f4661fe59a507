/* Requests that providers complete later. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>

static struct engine_request **list_of(const struct engine_request *r)
{
    return r->call ? &r->call->request_first : &r->device->request_first;
}

struct engine_request *request_alloc(struct engine_call *call, const struct engine_line *line, uint32_t id,
                                     uint32_t flags)
{
    struct engine_request *r = pool_alloc(&engine.requests), **list;

    if (!r)
        return NULL;
    r->id = id;
    r->call = call;
    r->device = call ? call->device : line->device;
    r->hline = line ? line->item.handle : 0;
    r->flags = flags;
    list = list_of(r);
    r->next = *list;
    *list = r;
    return r;
}

/* `data` is whose it was. */
static void unlink_request(struct engine_request *r)
{
    struct engine_request **p;

    for (p = list_of(r); *p != r; p = &(*p)->next)
        ;
    *p = r->next;
    if (r->call2)
        r->call2->second_of = NULL;
    pool_hide(r);
    pool_free(&engine.requests, r);
}

void request_free(struct engine_request *r)
{
    free(r->data);
    unlink_request(r);
}

static void reply(const struct engine_request *r, int32_t result, uint32_t reply_call, uint32_t value)
{
    const struct engine_line *line = pool_find(&engine.lines, r->hline);
    struct channel_event e = {.data = NULL};
    const VARSTRING *text = r->data;

    /* A line that was closed holds replies back, and so does lineShutdown. */
    if (!line || r->flags & (REQUEST_INTERNAL | REQUEST_MUTED | REQUEST_REPLIED))
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
    e.p3 = value;
    if (r->data && !result && r->flags & REQUEST_TEXT) {
        /* Only what lies within the block that the provider was given, up to an end that is there. */
        if (text->dwStringOffset >= sizeof(*text) && text->dwStringOffset <= r->data_len &&
            text->dwStringSize <= r->data_len - text->dwStringOffset && text->dwStringSize % 2 == 0 &&
            text->dwStringOffset % 2 == 0) {
            e.data = (const char *)r->data + text->dwStringOffset;
            e.data_len = text->dwStringSize;
        }
    } else if (r->data && !result) {
        e.data = r->data;
        e.data_len = r->data_len;
    }
    line->app->channel->h(&e, line->app->channel->arg);
}

static bool call_is_void(const struct engine_call *call)
{
    return call->flags & (CALL_DEAD | CALL_CLOSE | CALL_CLOSING);
}

/* The application has the call now; its handle, 0: it has none any more. */
static uint32_t call_given(struct engine_call *call, uint32_t hcall)
{
    struct engine_hcall *h = pool_find(&engine.hcalls, hcall);

    call->flags &= (uint16_t)~CALL_PENDING;
    if (h)
        h->given = true;
    return h ? h->item.handle : 0;
}

/* The result of a request that makes a call, or two. */
static void finish_creation(const struct engine_request *r, int32_t result)
{
    struct engine_call *call = r->call, *second = r->call2;
    uint32_t hcall, hsecond = 0;
    bool lives;

    /* Some write the handle only after they returned. A call without one is no call. */
    if (!call->hdcall)
        call->hdcall = call->hdcall_slot;
    if (second && !second->hdcall)
        second->hdcall = second->hdcall_slot;
    lives = !result && call->hdcall;
    if (!lives || call_is_void(call)) {
        if (!result && !(r->flags & REQUEST_OPTIONAL && !call->hdcall))
            result = (int32_t)LINEERR_OPERATIONFAILED;
        reply(r, result, 0, 0);
        /* What failed dies without TSPI_lineCloseCall; one that came too late is closed by whoever is about to. */
        if (second && !lives && !(second->flags & (CALL_DEAD | CALL_CLOSING)) && !(call->flags & CALL_CLOSING))
            call_void(second);
        if (!lives && !(call->flags & (CALL_DEAD | CALL_CLOSING)))
            call_void(call);
        return;
    }
    hcall = call_given(call, r->hcall);
    if (second && second->hdcall && !call_is_void(second)) {
        hsecond = call_given(second, r->hcall2);
    } else if (second) {
        if (!second->hdcall && !(second->flags & (CALL_DEAD | CALL_CLOSING)))
            call_void(second);
        second = NULL;
    }
    if (hcall)
        reply(r, 0, hcall, hsecond);
    event_flush(call);
    if (second)
        event_flush(second);
}

void request_finish(struct engine_request *r, int32_t result)
{
    struct engine_device *d = r->call ? r->call->device : NULL;
    struct engine_request copy = *r;

    if (result > 0)
        result = (int32_t)LINEERR_OPERATIONFAILED;
    unlink_request(r);
    if (copy.flags & REQUEST_CREATES) {
        finish_creation(&copy, result);
        event_parent_known(d);
    } else {
        reply(&copy, result, 0, result ? 0 : copy.value);
    }
    free(copy.data);
}

/* Events of the call wait no longer, unless for another such request. */
static void let_go(struct engine_call *call)
{
    const struct engine_request *r;

    if (!call || !(call->flags & CALL_HELD_RESULT))
        return;
    for (r = call->request_first; r; r = r->next)
        if (r->flags & REQUEST_DONE && !(r->flags & REQUEST_CREATES))
            return;
    call->flags &= (uint16_t)~CALL_HELD_RESULT;
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
    heard = pool_find(&engine.lines, r->hline);
    r->flags |= REQUEST_RETURNED;
    if (rc < 0 && !(r->flags & REQUEST_REPLIED)) {
        struct engine_call *callv[2] = {r->call2, r->call};
        bool creates = r->flags & REQUEST_CREATES;
        struct engine_device *d = r->call ? r->call->device : NULL;

        call = creates ? NULL : r->call;
        request_free(r);
        let_go(call);
        for (int i = 0; creates && i < 2; i++)
            if (callv[i] && !(callv[i]->flags & (CALL_DEAD | CALL_CLOSING)))
                call_void(callv[i]);
        if (creates)
            event_parent_known(d);
        return rc;
    }
    call = r->flags & REQUEST_CREATES ? NULL : r->call;
    if (r->flags & REQUEST_DONE) {
        request_finish(r, r->result);
        let_go(call);
    } else if (!rc) {
        /* Some take 0 for success and never complete. */
        request_finish(r, 0);
    }
    /* The line was closed meanwhile: there will be no reply. */
    return heard ? (int32_t)id : (int32_t)LINEERR_OPERATIONFAILED;
}

static void fail_list(struct engine_request *first, int32_t result)
{
    struct engine_request *r, *next;

    for (r = first; r; r = next) {
        next = r->next;
        if (r->flags & (REQUEST_CREATES | REQUEST_RESULT) && !(r->flags & REQUEST_RETURNED)) {
            r->flags |= REQUEST_DONE;
            r->result = result;
        } else {
            request_finish(r, result);
        }
    }
}

void request_fail_all(struct engine_call *call, int32_t result)
{
    fail_list(call->request_first, result);
}

void request_fail_line(struct engine_device *d, int32_t result)
{
    fail_list(d->request_first, result);
}

void CALLBACK request_completion(DRV_REQUESTID id, LONG result)
{
    struct engine_request *r;

    if (platform_trace_on())
        platform_trace(PLATFORM_TRACE_PROVIDER, PLATFORM_TRACE_HOST, "COMPLETION 0x%lx 0x%08lx", (unsigned long)id,
                       (unsigned long)result & 0xFFFFFFFF);
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
    if (!(r->flags & (REQUEST_CREATES | REQUEST_RESULT)) || r->flags & REQUEST_RETURNED) {
        request_finish(r, (int32_t)result);
    } else if (!(r->flags & REQUEST_DONE)) {
        /* The new call's handle, and what else is written, is known when the function returns, not before. */
        r->flags |= REQUEST_DONE;
        r->result = (int32_t)result;
        /* A text that is there is written: what the call does next is not to come before the reply. */
        if (r->flags & REQUEST_TEXT && (result < 0 || (!result && ((const VARSTRING *)r->data)->dwStringSize))) {
            reply(r, r->result, 0, 0);
            r->flags |= REQUEST_REPLIED;
        } else if (r->call && !(r->flags & REQUEST_CREATES)) {
            r->call->flags |= CALL_HELD_RESULT; /* what comes of it does not overtake its reply */
        }
    }
    engine_unlock();
}
