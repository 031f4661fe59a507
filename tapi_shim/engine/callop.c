/* What applications do with calls. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* ---- make -------------------------------------------------------------------------------------------------------- */

/* What TAPI checks before the provider sees it. */
int32_t call_params_check(const LINECALLPARAMS *params)
{
    uint32_t bearer = params->dwBearerMode, media = params->dwMediaMode;

    if (!bearer || bearer & (bearer - 1))
        return (int32_t)LINEERR_INVALBEARERMODE;
    if (!media || media & 0x00FF0001)
        return (int32_t)LINEERR_INVALMEDIAMODE;
    if (params->dwMaxRate && params->dwMinRate > params->dwMaxRate)
        return (int32_t)LINEERR_INVALRATE;
    if (params->dwAddressMode != LINEADDRESSMODE_ADDRESSID && params->dwAddressMode != LINEADDRESSMODE_DIALABLEADDR)
        return (int32_t)LINEERR_INVALADDRESSMODE;
    if (params->dwCallParamFlags & ~0x000000FFu)
        return (int32_t)LINEERR_INVALCALLPARAMS;
    return 0;
}

/* What LINECALLINFO will say about the call although the provider does not know it. */
struct engine_extras *call_extras(const void *in, uint32_t len)
{
    const LINECALLPARAMS *params = in;
    uint32_t sizev[3] = {params->dwDisplayableAddressSize, params->dwCalledPartySize, params->dwCommentSize};
    uint32_t offsetv[3] = {params->dwDisplayableAddressOffset, params->dwCalledPartyOffset, params->dwCommentOffset};
    struct engine_extras *x;
    size_t total = 0, at = 0;
    uint32_t i;

    for (i = 0; i < 3; i++) {
        if (offsetv[i] > len || sizev[i] > len - offsetv[i] || sizev[i] % 2)
            sizev[i] = 0;
        total += sizev[i];
    }
    x = total ? malloc(sizeof(*x) + total) : NULL;
    if (!x)
        return NULL;
    for (i = 0; i < 3; i++) {
        x->size[i] = sizev[i];
        memcpy(x->data + at, (const unsigned char *)in + offsetv[i], sizev[i]);
        at += sizev[i];
    }
    return x;
}

int32_t call_op_make(struct channel *c, struct channel_call *cc)
{
    struct engine_line *line = line_find(c, cc->arg[0]);
    const uint16_t *dest = text_check(cc->in0, cc->in0_len);
    struct engine_provider *p;
    struct engine_request *r = NULL;
    struct engine_hcall *h = NULL;
    struct engine_call *call;
    LINECALLPARAMS *params;
    HDRVLINE hdline;
    HTAPICALL htcall;
    uint32_t id;
    void *heap;
    int32_t rc;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    p = line->device->provider;
    if (!p->fn.lineMakeCall)
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    if (cc->in0 && !dest)
        return (int32_t)LINEERR_INVALADDRESS;
    if (!channel_room(c))
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    rc = params_take(cc->in1, cc->in1_len, line->device->version, &params, &heap);
    if (rc)
        return rc;
    rc = cc->in1 ? call_params_check(cc->in1) : 0;
    if (rc) {
        free(heap);
        return rc;
    }
    call = call_alloc(line->device);
    if (call) {
        call->flags |= CALL_PENDING;
        h = hcall_add(call, line, LINECALLPRIVILEGE_OWNER);
        r = request_alloc(call, line, cc->arg[1], REQUEST_CREATES);
    }
    if (!h || !r) {
        free(heap);
        if (call)
            call_void(call);
        return (int32_t)LINEERR_NOMEM;
    }
    r->hcall = h->item.handle;
    call->app_name = text_ref(line->app->name);
    if (cc->in1) {
        const LINECALLPARAMS *given = cc->in1;

        call->extras = call_extras(cc->in1, given->dwTotalSize);
        call->media = given->dwMediaMode;
        if (given->dwAddressMode == LINEADDRESSMODE_ADDRESSID && given->dwAddressID <= INT32_MAX)
            call->address = (int32_t)given->dwAddressID;
    }
    hdline = line->device->hdline;
    htcall = (HTAPICALL)(uintptr_t)call->item.handle;
    id = r->item.handle;
    call_hold(call);
    engine_unlock();
    PROVIDER_CALL(p, rc, lineMakeCall, id, hdline, htcall, &call->hdcall_slot, (LPCWSTR)dest, cc->arg[2], params);
    engine_lock();
    if (rc >= 0)
        call->hdcall = call->hdcall_slot;
    rc = request_returned(id, cc->arg[1], rc);
    call_put(call);
    free(heap);
    return rc;
}

/* ---- requests on a call ------------------------------------------------------------------------------------------ */

static bool state_allows(const struct engine_call *call, uint32_t op)
{
    uint32_t state = call->state, any;

    switch (op) {
    case CHANNEL_CALL_DIAL:
        return !(state & (LINECALLSTATE_IDLE | LINECALLSTATE_DISCONNECTED));
    case CHANNEL_CALL_DROP:
        return !(state & LINECALLSTATE_IDLE);
    case CHANNEL_CALL_ACCEPT:
        any = LINECALLSTATE_OFFERING;
        break;
    default:
        any = LINECALLSTATE_OFFERING | LINECALLSTATE_ACCEPTED;
        /* Joining a bridged call. */
        if (state & LINECALLSTATE_CONNECTED && call->mode & LINECONNECTEDMODE_INACTIVE)
            return true;
        break;
    }
    /* What is not known the provider has to decide. */
    return state & (any | LINECALLSTATE_UNKNOWN);
}

static bool op_exported(const struct engine_tspi *fn, uint32_t op)
{
    switch (op) {
    case CHANNEL_CALL_DIAL:
        return fn->lineDial;
    case CHANNEL_CALL_DROP:
        return fn->lineDrop;
    case CHANNEL_CALL_ACCEPT:
        return fn->lineAccept;
    default:
        return fn->lineAnswer;
    }
}

int32_t call_op_request(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    const uint16_t *dest = text_check(cc->in0, cc->in0_len);
    const char *uui = cc->in0_len ? cc->in0 : NULL;
    uint32_t size = uui ? cc->in0_len : 0, id;
    struct engine_provider *p;
    struct engine_request *r;
    struct engine_call *call;
    HDRVCALL hdcall;
    int32_t rc;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    if (cc->op == CHANNEL_CALL_DIAL && !dest)
        return cc->in0 ? (int32_t)LINEERR_INVALADDRESS : (int32_t)LINEERR_INVALPOINTER;
    if (h->privilege != LINECALLPRIVILEGE_OWNER)
        return (int32_t)LINEERR_NOTOWNER;
    call = h->call;
    p = call->device->provider;
    if (!op_exported(&p->fn, cc->op))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    if (!state_allows(call, cc->op))
        return (int32_t)LINEERR_INVALCALLSTATE;
    r = request_alloc(call, h->line, cc->arg[1], 0);
    if (!r)
        return (int32_t)LINEERR_NOMEM;
    r->hcall = h->item.handle;
    /* LINECALLINFO names who first originated, accepted or answered the call. */
    if (!call->app_name && cc->op != CHANNEL_CALL_DROP)
        call->app_name = text_ref(h->line->app->name);
    id = r->item.handle;
    hdcall = call->hdcall;
    call_hold(call);
    engine_unlock();
    switch (cc->op) {
    case CHANNEL_CALL_DIAL:
        PROVIDER_CALL(p, rc, lineDial, id, hdcall, (LPCWSTR)dest, cc->arg[2]);
        break;
    case CHANNEL_CALL_DROP:
        PROVIDER_CALL(p, rc, lineDrop, id, hdcall, uui, size);
        break;
    case CHANNEL_CALL_ACCEPT:
        PROVIDER_CALL(p, rc, lineAccept, id, hdcall, uui, size);
        break;
    default:
        PROVIDER_CALL(p, rc, lineAnswer, id, hdcall, uui, size);
        break;
    }
    engine_lock();
    rc = request_returned(id, cc->arg[1], rc);
    call_put(call);
    return rc;
}

int32_t call_op_appspecific(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    struct engine_call *call;
    HDRVCALL hdcall;
    int32_t rc;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    if (h->privilege != LINECALLPRIVILEGE_OWNER)
        return (int32_t)LINEERR_NOTOWNER;
    call = h->call;
    hdcall = call->hdcall;
    call_hold(call);
    engine_unlock();
    PROVIDER_CALL(call->device->provider, rc, lineSetAppSpecific, hdcall, cc->arg[1]);
    engine_lock();
    call_put(call);
    return engine_sync_result(rc);
}

/* ---- handles and privilege --------------------------------------------------------------------------------------- */

static bool sole_owner(const struct engine_hcall *h)
{
    return h->privilege == LINECALLPRIVILEGE_OWNER && h->call->owners == 1 && h->call->state != LINECALLSTATE_IDLE;
}

int32_t call_op_free(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    struct engine_request *r;
    struct engine_call *call;
    uint32_t what, tone_list;
    bool monitored;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    call = h->call;
    if (h->line->version < ENGINE_VERSION_2_0) {
        if (sole_owner(h))
            return (int32_t)LINEERR_INVALCALLSTATE;
        for (r = call->request_first; r; r = r->next)
            if (r->hcall == h->item.handle)
                r->flags |= REQUEST_MUTED;
    }
    what = h->privilege == LINECALLPRIVILEGE_OWNER ? LINECALLINFOSTATE_NUMOWNERDECR : LINECALLINFOSTATE_NUMMONITORS;
    tone_list = h->tones ? h->item.handle : 0;
    monitored = tone_list || h->digit_modes || h->media_modes;
    hcall_remove(h);
    owner_changed(call, what, NULL);
    if (!call->hcall_first) {
        call_unused(call, false);
    } else if (monitored && call->state != LINECALLSTATE_IDLE) {
        call_hold(call);
        media_leave(call, tone_list);
        call_put(call);
    }
    return 0;
}

int32_t call_op_privilege(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    uint32_t privilege = cc->arg[1];

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    if (privilege != LINECALLPRIVILEGE_MONITOR && privilege != LINECALLPRIVILEGE_OWNER)
        return (int32_t)LINEERR_INVALCALLPRIVILEGE;
    if (privilege == h->privilege)
        return 0;
    if (privilege == LINECALLPRIVILEGE_MONITOR && sole_owner(h))
        return (int32_t)LINEERR_INVALCALLSTATE;
    hcall_privilege(h, privilege);
    owner_changed(
        h->call,
        LINECALLINFOSTATE_NUMMONITORS |
            (privilege == LINECALLPRIVILEGE_OWNER ? LINECALLINFOSTATE_NUMOWNERINCR : LINECALLINFOSTATE_NUMOWNERDECR),
        h);
    return 0;
}

/* ---- what is known of it ----------------------------------------------------------------------------------------- */

struct query {
    struct engine_provider *provider;
    HDRVCALL hdcall;
};

static int32_t query_info(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetCallInfo, q->hdcall, buffer);
    return rc;
}

static int32_t query_status(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetCallStatus, q->hdcall, buffer);
    return rc;
}

/* Asks the provider; the call is held on success as well as on failure, until call_put. */
static int32_t query_run(struct engine_call *call, enum layout_type type, fetch_h *h, struct channel_call *cc)
{
    struct query q = {call->device->provider, call->hdcall};
    uint32_t version = call->device->version;
    int32_t rc;

    call_hold(call);
    engine_unlock();
    rc = fetch_structure(type, version, h, &q, &cc->out, &cc->out_len);
    engine_lock();
    return rc;
}

/* TAPI's own members of LINECALLINFO. */
static int32_t info_complete(const struct engine_hcall *h, struct channel_call *cc)
{
    static const uint32_t pairv[3] = {offsetof(LINECALLINFO, dwDisplayableAddressSize),
                                      offsetof(LINECALLINFO, dwCalledPartySize), offsetof(LINECALLINFO, dwCommentSize)};
    const struct engine_call *call = h->call;
    const struct engine_text *name = call->app_name;
    const struct engine_extras *x = call->extras;
    LINECALLINFO *info = cc->out;
    uint32_t at = 0, i;
    int32_t rc;

    info->hLine = (HLINE)(uintptr_t)h->line->item.handle;
    info->dwCallStates |= LINECALLSTATE_UNKNOWN;
    info->dwMonitorDigitModes = call->digit_modes;
    info->dwMonitorMediaModes = call->media_modes;
    info->dwNumOwners = call->owners;
    info->dwNumMonitors = call->monitors;
    rc = layout_add(LAYOUT_LINECALLINFO, &cc->out, &cc->out_len, offsetof(LINECALLINFO, dwAppNameSize),
                    name ? name->text : NULL, name ? name->size : 0);
    for (i = 0; i < 3 && !rc; i++) {
        uint32_t size = x ? x->size[i] : 0;

        rc = layout_add(LAYOUT_LINECALLINFO, &cc->out, &cc->out_len, pairv[i], size ? x->data + at : NULL, size);
        at += size;
    }
    return rc;
}

int32_t call_op_info(struct channel *c, struct channel_call *cc)
{
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    struct engine_call *call;
    int32_t rc;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    call = h->call;
    rc = query_run(call, LAYOUT_LINECALLINFO, query_info, cc);
    h = hcall_find(c, cc->arg[0]);
    if (!rc)
        rc = h ? info_complete(h, cc) : (int32_t)LINEERR_INVALCALLHANDLE;
    call_put(call);
    return rc;
}

static bool no_time(const SYSTEMTIME *t)
{
    return !t->wYear;
}

int32_t call_op_status(struct channel *c, struct channel_call *cc)
{
    const uint32_t for_monitors =
        LINECALLFEATURE_MONITORDIGITS | LINECALLFEATURE_MONITORMEDIA | LINECALLFEATURE_MONITORTONES;
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    struct engine_call *call;
    LINECALLSTATUS *status;
    SYSTEMTIME entry;
    int32_t rc;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    call = h->call;
    rc = query_run(call, LAYOUT_LINECALLSTATUS, query_status, cc);
    h = hcall_find(c, cc->arg[0]);
    if (!rc && !h)
        rc = (int32_t)LINEERR_INVALCALLHANDLE;
    if (rc) {
        call_put(call);
        return rc;
    }
    status = cc->out;
    status->dwCallPrivilege = h->privilege;
    if (call->state == LINECALLSTATE_IDLE) {
        /* Final, whatever the provider thinks by now. */
        status->dwCallState = LINECALLSTATE_IDLE;
        status->dwCallFeatures = status->dwCallFeatures2 = 0;
    }
    if (h->privilege != LINECALLPRIVILEGE_OWNER) {
        status->dwCallFeatures &= for_monitors;
        status->dwCallFeatures2 = 0;
    }
    memcpy(&entry, &status->tStateEntryTime, sizeof(entry));
    if (no_time(&entry) && call->state_ms) {
        struct platform_date date;

        platform_wall_to_utc(call->state_ms, &date);
        entry.wYear = (WORD)date.year;
        entry.wMonth = (WORD)date.month;
        entry.wDayOfWeek = (WORD)date.weekday;
        entry.wDay = (WORD)date.day;
        entry.wHour = (WORD)date.hour;
        entry.wMinute = (WORD)date.minute;
        entry.wSecond = (WORD)date.second;
        entry.wMilliseconds = (WORD)date.ms;
        memcpy(&status->tStateEntryTime, &entry, sizeof(entry));
    }
    call_put(call);
    return 0;
}
