/* Asynchronous functions on lines. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

enum {
    TERMINAL_MODES = 0x1FF, /* LINETERMMODE_ */
    STATUS_FLAGS = LINEDEVSTATUSFLAGS_CONNECTED | LINEDEVSTATUSFLAGS_MSGWAIT | LINEDEVSTATUSFLAGS_INSERVICE |
                   LINEDEVSTATUSFLAGS_LOCKED
};

static size_t function_of(uint32_t op)
{
    switch (op) {
    case CHANNEL_LINE_UNCOMPLETE:
        return offsetof(struct engine_tspi, lineUncompleteCall);
    case CHANNEL_LINE_DEVSTATUS_SET:
        return offsetof(struct engine_tspi, lineSetLineDevStatus);
    case CHANNEL_LINE_TERMINAL_SET:
        return offsetof(struct engine_tspi, lineSetTerminal);
    case CHANNEL_LINE_DEVSPECIFIC:
        return offsetof(struct engine_tspi, lineDevSpecific);
    default:
        return offsetof(struct engine_tspi, lineDevSpecificFeature);
    }
}

static int32_t arguments_check(const struct channel *c, const struct channel_call *cc, const struct engine_device *d,
                               struct engine_hcall **hp)
{
    const uint32_t *arg = cc->arg;

    switch (cc->op) {
    case CHANNEL_LINE_DEVSTATUS_SET:
        return !arg[2] || arg[2] & ~(uint32_t)STATUS_FLAGS ? (int32_t)LINEERR_INVALPARAM : 0;
    case CHANNEL_LINE_TERMINAL_SET:
        if (arg[4] != LINECALLSELECT_LINE && arg[4] != LINECALLSELECT_ADDRESS && arg[4] != LINECALLSELECT_CALL)
            return (int32_t)LINEERR_INVALCALLSELECT;
        if (arg[4] == LINECALLSELECT_ADDRESS && arg[2] >= d->addressc)
            return (int32_t)LINEERR_INVALADDRESSID;
        if (arg[4] == LINECALLSELECT_CALL) {
            *hp = hcall_find(c, arg[3]);
            if (!*hp || (*hp)->call->device != d)
                return (int32_t)LINEERR_INVALCALLHANDLE;
        }
        return !arg[5] || arg[5] & ~(uint32_t)TERMINAL_MODES ? (int32_t)LINEERR_INVALTERMINALMODE : 0;
    case CHANNEL_LINE_DEVSPECIFIC:
        if (!arg[3])
            return 0;
        *hp = hcall_find(c, arg[3]);
        return !*hp || (*hp)->call->device != d ? (int32_t)LINEERR_INVALCALLHANDLE : 0;
    default:
        return 0;
    }
}

int32_t linereq_op(struct channel *c, struct channel_call *cc)
{
    struct engine_line *line = line_find(c, cc->arg[0]);
    bool writes = cc->op == CHANNEL_LINE_DEVSPECIFIC || cc->op == CHANNEL_LINE_DEVSPECIFIC_FEATURE;
    const uint32_t *arg = cc->arg;
    struct engine_call *call = NULL;
    struct engine_hcall *h = NULL;
    struct engine_provider *p;
    struct engine_request *r;
    struct engine_device *d;
    HDRVCALL hdcall = NULL;
    void *data = NULL;
    uint32_t id, size = cc->in0 ? cc->in0_len : 0;
    uint64_t instance;
    HDRVLINE hdline;
    int32_t rc;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    d = line->device;
    p = d->provider;
    if (!provider_has(p, function_of(cc->op)))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    rc = arguments_check(c, cc, d, &h);
    if (rc)
        return rc;
    /* It writes where it reads. */
    if (writes && size) {
        data = malloc(size);
        if (!data)
            return (int32_t)LINEERR_NOMEM;
        memcpy(data, cc->in0, size);
    }
    r = request_alloc(NULL, line, arg[1], data ? REQUEST_RESULT : 0);
    if (!r) {
        free(data);
        return (int32_t)LINEERR_NOMEM;
    }
    r->data = data;
    r->data_len = data ? size : 0;
    id = r->item.handle;
    hdline = d->hdline;
    instance = line->instance;
    if (h) {
        call = h->call;
        hdcall = call->hdcall;
        call_hold(call);
    }
    device_hold(d);
    engine_unlock();
    switch (cc->op) {
    case CHANNEL_LINE_UNCOMPLETE:
        PROVIDER_CALL(p, rc, lineUncompleteCall, id, hdline, arg[2]);
        break;
    case CHANNEL_LINE_DEVSTATUS_SET:
        PROVIDER_CALL(p, rc, lineSetLineDevStatus, id, hdline, arg[2], arg[3]);
        break;
    case CHANNEL_LINE_TERMINAL_SET:
        PROVIDER_CALL(p, rc, lineSetTerminal, id, hdline, arg[2], hdcall, arg[4], arg[5], arg[6], arg[7]);
        break;
    case CHANNEL_LINE_DEVSPECIFIC:
        PROVIDER_CALL(p, rc, lineDevSpecific, id, hdline, arg[2], hdcall, data, size);
        break;
    default:
        PROVIDER_CALL(p, rc, lineDevSpecificFeature, id, hdline, arg[2], data, size);
        break;
    }
    engine_lock();
    rc = request_returned(id, arg[1], rc);
    if (call)
        call_put(call);
    device_put(d);
    cc->ret[0] = (uint32_t)instance;
    cc->ret[1] = (uint32_t)(instance >> 32);
    return rc;
}
