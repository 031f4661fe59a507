/* Members of conferences, rings before an answer, and what is behind a line. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* ---- members of a conference ------------------------------------------------------------------------------------- */

/* The next one, the conference first; NULL: no more. */
static struct engine_call *member_next(struct engine_call *parent, struct engine_call *last)
{
    struct engine_call *call = last ? last == parent ? parent->device->call_first : last->next : NULL;

    if (!last)
        return parent;
    for (; call; call = call->next)
        if (call != parent && call->parent == parent->item.handle && !(call->flags & (CALL_DEAD | CALL_CLOSING)))
            return call;
    return NULL;
}

int32_t extra_op_conference(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]), *own;
    struct engine_call *parent, *call;
    struct engine_line *line;
    uint32_t n = 0, size, handle;
    unsigned char *at;
    LINECALLLIST *list;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    line = h->line;
    parent = h->call->parent ? pool_find(&engine.calls, h->call->parent) : h->call;
    if (!parent || parent->device != h->call->device || parent->flags & (CALL_PENDING | CALL_DEAD) ||
        !member_next(parent, parent))
        return (int32_t)LINEERR_NOCONFERENCE;
    for (call = member_next(parent, NULL); call; call = member_next(parent, call))
        n++;
    cc->ret[0] = n;
    /* All of them or none: nobody would give handles back that he never saw. */
    if (n > cc->arg[1])
        return 0;
    if (!channel_room(c))
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    size = (uint32_t)sizeof(*list) + n * (uint32_t)sizeof(handle);
    list = calloc(1, size);
    if (!list)
        return (int32_t)LINEERR_NOMEM;
    at = (unsigned char *)(list + 1);
    for (call = member_next(parent, NULL), n = 0; call; call = member_next(parent, call)) {
        own = hcall_of_app(call, line->app);
        if (!own) {
            own = hcall_add(call, line, LINECALLPRIVILEGE_MONITOR);
            if (!own)
                continue;
            own->given = true;
            owner_changed(call, LINECALLINFOSTATE_NUMMONITORS, own);
        }
        /* One that is on its way to the application is told by its reply. */
        if (!own->given)
            continue;
        handle = own->item.handle;
        memcpy(at + n++ * sizeof(handle), &handle, sizeof(handle));
    }
    list->dwTotalSize = list->dwNeededSize = list->dwUsedSize = (uint32_t)sizeof(*list) + n * (uint32_t)sizeof(handle);
    list->dwCallsNumEntries = n;
    list->dwCallsSize = n * (uint32_t)sizeof(handle);
    list->dwCallsOffset = n ? (uint32_t)sizeof(*list) : 0;
    cc->out = list;
    cc->out_len = list->dwTotalSize;
    return 0;
}

/* ---- rings ------------------------------------------------------------------------------------------------------- */

enum { RINGS_UNSET = -1 };

int32_t extra_op_rings_set(struct channel *c, struct channel_call *cc)
{
    struct engine_line *line = line_find(c, cc->arg[0]);
    uint32_t n;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    n = line->device->addressc;
    if (cc->arg[1] >= n)
        return (int32_t)LINEERR_INVALADDRESSID;
    if (!line->ringv) {
        line->ringv = malloc(n * sizeof(*line->ringv));
        if (!line->ringv)
            return (int32_t)LINEERR_NOMEM;
        memset(line->ringv, 0xFF, n * sizeof(*line->ringv));
    }
    line->ringv[cc->arg[1]] = cc->arg[2];
    return 0;
}

int32_t extra_op_rings_get(struct channel *c, struct channel_call *cc)
{
    struct engine_line *line = line_find(c, cc->arg[0]);
    uint32_t least = (uint32_t)RINGS_UNSET, address = cc->arg[1];

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    if (address >= line->device->addressc)
        return (int32_t)LINEERR_INVALADDRESSID;
    /* The least that any application wants. */
    for (line = line->device->line_first; line; line = line->next)
        if (line->ringv && line->ringv[address] < least)
            least = line->ringv[address];
    cc->ret[0] = least;
    return 0;
}

/* ---- what is behind it ------------------------------------------------------------------------------------------- */

struct query {
    struct engine_provider *provider;
    HDRVLINE hdline;
    HDRVCALL hdcall;
    uint32_t address, select;
    const uint16_t *name;
};

static int32_t query_id(void *buffer, void *arg)
{
    const struct query *q = arg;
    /* This process is not the application's, or is: either way no handle has to be made for another one. */
    HANDLE process = (HANDLE)(intptr_t)-1;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetID, q->hdline, q->address, q->hdcall, q->select, buffer, (LPCWSTR)q->name,
                  process);
    return rc;
}

int32_t extra_op_id(struct channel *c, struct channel_call *cc)
{
    struct query q = {.address = cc->arg[1], .select = cc->arg[3], .name = text_check(cc->in0, cc->in0_len)};
    struct engine_hcall *h = NULL;
    struct engine_line *line = NULL;
    struct engine_call *call = NULL;
    struct engine_device *d;
    int32_t rc;

    if (q.select != LINECALLSELECT_LINE && q.select != LINECALLSELECT_ADDRESS && q.select != LINECALLSELECT_CALL)
        return (int32_t)LINEERR_INVALCALLSELECT;
    if (q.select == LINECALLSELECT_CALL) {
        h = hcall_find(c, cc->arg[2]);
        if (!h)
            return (int32_t)LINEERR_INVALCALLHANDLE;
        call = h->call;
        d = call->device;
        q.hdcall = call->hdcall;
    } else {
        line = line_find(c, cc->arg[0]);
        if (!line)
            return (int32_t)LINEERR_INVALLINEHANDLE;
        d = line->device;
    }
    if (!q.name)
        return cc->in0 ? (int32_t)LINEERR_NODEVICE : (int32_t)LINEERR_INVALPOINTER;
    if (q.select == LINECALLSELECT_ADDRESS && q.address >= d->addressc)
        return (int32_t)LINEERR_INVALADDRESSID;
    if (!PROVIDER_HAS(d->provider, lineGetID))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    q.provider = d->provider;
    q.hdline = d->hdline;
    if (call)
        call_hold(call);
    device_hold(d);
    engine_unlock();
    rc = fetch_structure(LAYOUT_VARSTRING, ENGINE_VERSION_MAX, query_id, &q, &cc->out, &cc->out_len);
    engine_lock();
    if (call)
        call_put(call);
    device_put(d);
    return rc;
}

int32_t extra_op_icon(struct channel *c, struct channel_call *cc)
{
    const uint16_t *name = text_check(cc->in0, cc->in0_len);
    struct engine_device *d;
    HICON icon = NULL;
    uint64_t value;
    int32_t rc;

    (void)c;
    rc = device_get(cc->arg[0], &d);
    if (rc)
        return rc;
    if (cc->in0 && !name) {
        rc = (int32_t)LINEERR_INVALDEVICECLASS;
    } else {
        engine_unlock();
        PROVIDER_CALL(d->provider, rc, lineGetIcon, d->id, (LPCWSTR)name, &icon);
        engine_lock();
        rc = engine_sync_result(rc);
    }
    device_done(d);
    value = rc ? 0 : (uint64_t)(uintptr_t)icon;
    cc->ret[0] = (uint32_t)value;
    cc->ret[1] = (uint32_t)(value >> 32);
    return rc;
}
