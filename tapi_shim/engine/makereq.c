/* Asynchronous functions that make calls of calls, or of lines. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* One such function under way. */
struct making {
    struct engine_line *line;
    struct engine_device *device;
    struct engine_provider *provider;
    struct engine_call *old, *consult; /* that it works on, held; may be NULL */
    HDRVLINE hdline;
    HDRVCALL hdold, hdconsult;
    struct engine_call *call, *second; /* that it makes, held */
    LINECALLPARAMS *params;
    LINEFORWARDLIST *forwards;
    void *heap;
    uint32_t id; /* of the request */
};

static size_t function_of(uint32_t op)
{
    switch (op) {
    case CHANNEL_TRANSFER_SETUP:
        return offsetof(struct engine_tspi, lineSetupTransfer);
    case CHANNEL_TRANSFER_COMPLETE:
        return offsetof(struct engine_tspi, lineCompleteTransfer);
    case CHANNEL_CONF_SETUP:
        return offsetof(struct engine_tspi, lineSetupConference);
    case CHANNEL_CONF_PREPARE:
        return offsetof(struct engine_tspi, linePrepareAddToConference);
    case CHANNEL_CALL_UNPARK:
        return offsetof(struct engine_tspi, lineUnpark);
    case CHANNEL_CALL_PICKUP:
        return offsetof(struct engine_tspi, linePickup);
    default:
        return offsetof(struct engine_tspi, lineForward);
    }
}

/* ---- what it is about -------------------------------------------------------------------------------------------- */

static int32_t by_call(const struct channel *c, const struct channel_call *cc, struct making *m)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]), *h2;

    if (!h)
        return cc->op == CHANNEL_CONF_PREPARE ? (int32_t)LINEERR_INVALCONFCALLHANDLE : (int32_t)LINEERR_INVALCALLHANDLE;
    if (h->privilege != LINECALLPRIVILEGE_OWNER)
        return (int32_t)LINEERR_NOTOWNER;
    m->line = h->line;
    m->old = h->call;
    if (cc->op == CHANNEL_TRANSFER_COMPLETE) {
        /* Looked at by callreq_op. */
        h2 = hcall_find(c, cc->arg[2]);
        if (!h2)
            return (int32_t)LINEERR_INVALCONSULTCALLHANDLE;
        m->consult = h2->call;
    }
    return 0;
}

static int32_t subject(const struct channel *c, const struct channel_call *cc, struct making *m)
{
    bool line = cc->op == CHANNEL_CALL_UNPARK || cc->op == CHANNEL_CALL_PICKUP || cc->op == CHANNEL_LINE_FORWARD;
    uint32_t hline = cc->arg[0];
    int32_t rc;

    if (cc->op == CHANNEL_CONF_SETUP && !cc->arg[0]) {
        line = true;
        hline = cc->arg[2];
    }
    if (line) {
        m->line = line_find(c, hline);
        if (!m->line)
            return (int32_t)LINEERR_INVALLINEHANDLE;
    } else {
        rc = by_call(c, cc, m);
        if (rc)
            return rc;
    }
    m->device = m->line->device;
    m->provider = m->device->provider;
    m->hdline = m->device->hdline;
    if (!provider_has(m->provider, function_of(cc->op)))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    return 0;
}

/* A text within the list; none is in order. */
static bool text_lies_in(const unsigned char *in, uint32_t len, uint32_t size, uint32_t offset)
{
    return !size || (offset <= len && size <= len - offset && offset % 2 == 0 && text_check(in + offset, size));
}

/* The list as the provider gets it; NULL if it is to cancel everything. */
static int32_t forwards_take(const struct channel_call *cc, struct making *m)
{
    const unsigned char *in = cc->in0;
    const uint32_t head = offsetof(LINEFORWARDLIST, ForwardList),
                   stride = offsetof(LINEFORWARD, dwDestAddressOffset) + 4;
    uint32_t total, n, i;
    LINEFORWARD each;

    if (!in)
        return 0;
    if (cc->in0_len < head)
        return (int32_t)LINEERR_STRUCTURETOOSMALL;
    memcpy(&total, in, sizeof(total));
    memcpy(&n, in + offsetof(LINEFORWARDLIST, dwNumEntries), sizeof(n));
    if (total != cc->in0_len || n > (total - head) / stride)
        return (int32_t)LINEERR_STRUCTURETOOSMALL;
    for (i = 0; i < n; i++) {
        memset(&each, 0, sizeof(each));
        memcpy(&each, in + head + i * stride, stride);
        if (!text_lies_in(in, total, each.dwCallerAddressSize, each.dwCallerAddressOffset) ||
            !text_lies_in(in, total, each.dwDestAddressSize, each.dwDestAddressOffset))
            return (int32_t)LINEERR_INVALADDRESS;
    }
    /* Providers take it as input; the prototype does not say so. */
    if (n)
        m->forwards = (LINEFORWARDLIST *)(uintptr_t)in;
    return 0;
}

static int32_t text_wrong(const void *in, uint32_t len)
{
    return in && !text_check(in, len);
}

static int32_t arguments(const struct channel_call *cc, struct making *m)
{
    const uint32_t *arg = cc->arg;
    bool has_params = cc->op == CHANNEL_TRANSFER_SETUP || cc->op == CHANNEL_CONF_SETUP ||
                      cc->op == CHANNEL_CONF_PREPARE || cc->op == CHANNEL_LINE_FORWARD;
    int32_t rc = 0;

    switch (cc->op) {
    case CHANNEL_CALL_UNPARK:
        if (!cc->in0)
            return (int32_t)LINEERR_INVALPOINTER;
        if (arg[2] >= m->device->addressc)
            return (int32_t)LINEERR_INVALADDRESSID;
        if (text_wrong(cc->in0, cc->in0_len))
            return (int32_t)LINEERR_INVALADDRESS;
        break;
    case CHANNEL_CALL_PICKUP:
        if (arg[2] >= m->device->addressc)
            return (int32_t)LINEERR_INVALADDRESSID;
        if (text_wrong(cc->in0, cc->in0_len))
            return (int32_t)LINEERR_INVALADDRESS;
        if (text_wrong(cc->in1, cc->in1_len))
            return (int32_t)LINEERR_INVALGROUPID;
        break;
    case CHANNEL_LINE_FORWARD:
        if (!arg[2] && arg[3] >= m->device->addressc)
            return (int32_t)LINEERR_INVALADDRESSID;
        rc = forwards_take(cc, m);
        break;
    case CHANNEL_TRANSFER_SETUP:
    case CHANNEL_CONF_SETUP:
    case CHANNEL_CONF_PREPARE:
        if (m->old && call_state_wrong(m->old, LINECALLSTATE_CONNECTED))
            return (int32_t)LINEERR_INVALCALLSTATE;
        break;
    default:
        break;
    }
    if (rc || !has_params)
        return rc;
    rc = params_take(cc->in1, cc->in1_len, m->device->version, &m->params, &m->heap);
    if (!rc && cc->in1)
        rc = call_params_check(cc->in1);
    return rc;
}

/* ---- the calls to come ------------------------------------------------------------------------------------------- */

static struct engine_call *pending(struct making *m, const struct channel_call *cc, uint32_t *hcall)
{
    struct engine_call *call = call_alloc(m->device);
    struct engine_hcall *h = NULL;

    if (!call)
        return NULL;
    call->flags |= CALL_PENDING;
    h = hcall_add(call, m->line, LINECALLPRIVILEGE_OWNER);
    if (!h) {
        call_void(call);
        return NULL;
    }
    *hcall = h->item.handle;
    call->app_name = text_ref(m->line->app->name);
    if (m->old) {
        call->address = m->old->address;
        call->media = m->old->media;
    } else if (cc->op != CHANNEL_CONF_SETUP && cc->op != CHANNEL_LINE_FORWARD) {
        call->address = (int32_t)cc->arg[2];
    }
    if (m->params && cc->in1) { /* else nobody has looked at it */
        const LINECALLPARAMS *given = cc->in1;

        call->extras = call_extras(cc->in1, given->dwTotalSize);
        call->media = given->dwMediaMode;
        if (given->dwAddressMode == LINEADDRESSMODE_ADDRESSID && given->dwAddressID < m->device->addressc)
            call->address = (int32_t)given->dwAddressID;
    }
    return call;
}

static int32_t calls_make(struct making *m, const struct channel_call *cc)
{
    struct engine_request *r;
    uint32_t hcall, hsecond = 0;

    m->call = pending(m, cc, &hcall);
    if (!m->call)
        return (int32_t)LINEERR_NOMEM;
    if (cc->op == CHANNEL_CONF_SETUP) {
        m->second = pending(m, cc, &hsecond);
        if (!m->second)
            goto out;
    }
    r = request_alloc(m->call, m->line, cc->arg[1],
                      REQUEST_CREATES | (cc->op == CHANNEL_LINE_FORWARD ? REQUEST_OPTIONAL : 0));
    if (!r)
        goto out;
    r->hcall = hcall;
    r->call2 = m->second;
    r->hcall2 = hsecond;
    if (m->second)
        m->second->second_of = r;
    m->id = r->item.handle;
    return 0;

out:
    if (m->second)
        call_void(m->second);
    call_void(m->call);
    return (int32_t)LINEERR_NOMEM;
}

/* Not locked. */
static int32_t run(struct making *m, const struct channel_call *cc)
{
    struct engine_provider *p = m->provider;
    struct engine_call *call = m->call, *second = m->second;
    HTAPICALL htcall = (HTAPICALL)(uintptr_t)call->item.last, htsecond;
    const uint32_t *arg = cc->arg;
    int32_t rc;

    switch (cc->op) {
    case CHANNEL_TRANSFER_SETUP:
        PROVIDER_CALL(p, rc, lineSetupTransfer, m->id, m->hdold, htcall, &call->hdcall_slot, m->params);
        break;
    case CHANNEL_TRANSFER_COMPLETE:
        PROVIDER_CALL(p, rc, lineCompleteTransfer, m->id, m->hdold, m->hdconsult, htcall, &call->hdcall_slot, arg[3]);
        break;
    case CHANNEL_CONF_SETUP:
        htsecond = (HTAPICALL)(uintptr_t)second->item.last;
        PROVIDER_CALL(p, rc, lineSetupConference, m->id, m->hdold, m->hdline, htcall, &call->hdcall_slot, htsecond,
                      &second->hdcall_slot, arg[3], m->params);
        break;
    case CHANNEL_CONF_PREPARE:
        PROVIDER_CALL(p, rc, linePrepareAddToConference, m->id, m->hdold, htcall, &call->hdcall_slot, m->params);
        break;
    case CHANNEL_CALL_UNPARK:
        PROVIDER_CALL(p, rc, lineUnpark, m->id, m->hdline, arg[2], htcall, &call->hdcall_slot, cc->in0);
        break;
    case CHANNEL_CALL_PICKUP:
        PROVIDER_CALL(p, rc, linePickup, m->id, m->hdline, arg[2], htcall, &call->hdcall_slot, cc->in0, cc->in1);
        break;
    default:
        PROVIDER_CALL(p, rc, lineForward, m->id, m->hdline, arg[2], arg[3], m->forwards, arg[4], htcall,
                      &call->hdcall_slot, m->params);
        break;
    }
    return rc;
}

int32_t makereq_op(struct channel *c, struct channel_call *cc)
{
    struct making m = {.line = NULL};
    uint64_t instance;
    int32_t rc;

    rc = subject(c, cc, &m);
    if (!rc && !channel_room(c))
        rc = (int32_t)LINEERR_RESOURCEUNAVAIL;
    if (!rc)
        rc = arguments(cc, &m);
    if (!rc)
        rc = calls_make(&m, cc);
    if (rc)
        goto out;
    instance = m.line->instance;
    call_hold(m.call);
    if (m.second)
        call_hold(m.second);
    if (m.old) {
        m.hdold = m.old->hdcall;
        call_hold(m.old);
    }
    if (m.consult) {
        m.hdconsult = m.consult->hdcall;
        call_hold(m.consult);
    }
    engine_unlock();
    rc = run(&m, cc);
    engine_lock();
    if (rc >= 0) {
        m.call->hdcall = m.call->hdcall_slot;
        if (m.second)
            m.second->hdcall = m.second->hdcall_slot;
    }
    rc = request_returned(m.id, cc->arg[1], rc);
    if (m.consult)
        call_put(m.consult);
    if (m.old)
        call_put(m.old);
    if (m.second)
        call_put(m.second);
    call_put(m.call);
    cc->ret[0] = (uint32_t)instance;
    cc->ret[1] = (uint32_t)(instance >> 32);

out:
    free(m.heap);
    return rc;
}
