/* What applications ask of an open line. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

struct query {
    struct engine_provider *provider;
    HDRVLINE hdline;
    uint32_t address;
};

static int32_t query_status(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetLineDevStatus, q->hdline, buffer);
    return rc;
}

static int32_t query_address_status(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PROVIDER_CALL(q->provider, rc, lineGetAddressStatus, q->hdline, q->address, buffer);
    return rc;
}

static int32_t query_run(struct engine_device *d, enum layout_type type, fetch_h *h, uint32_t address,
                         struct channel_call *call)
{
    struct query q = {d->provider, d->hdline, address};
    uint32_t version = d->version;
    int32_t rc;

    device_hold(d);
    engine_unlock();
    rc = fetch_structure(type, version, h, &q, &call->out, &call->out_len);
    engine_lock();
    device_put(d);
    return rc;
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

static uint32_t text_size(const struct engine_text *t)
{
    return t ? (t->size + 3) & ~3u : 0;
}

static uint32_t text_put(unsigned char *block, uint32_t at, uint32_t base, const struct engine_text *t, DWORD *size,
                         DWORD *offset)
{
    if (!t)
        return at;
    memcpy(block + at, t->text, t->size);
    *size = t->size;
    *offset = base + at;
    return at + text_size(t);
}

/* Who has the line open: an array of LINEAPPINFO and its texts, behind what the provider gave. */
static int32_t status_add_apps(const struct engine_device *d, struct channel_call *call)
{
    uint32_t base = (call->out_len + 3) & ~3u, n = 0, size = 0, at;
    const struct engine_line *line;
    unsigned char *block;
    LINEDEVSTATUS *status;
    LINEAPPINFO info;
    int32_t rc;

    for (line = d->line_first; line; line = line->next) {
        size += (uint32_t)sizeof(info) + text_size(line->app->module) + text_size(line->app->name);
        n++;
    }
    if (!n)
        return 0;
    block = calloc(1, size);
    if (!block)
        return (int32_t)LINEERR_NOMEM;
    at = n * (uint32_t)sizeof(info);
    n = 0;
    for (line = d->line_first; line; line = line->next) {
        DWORD module[2] = {0, 0}, name[2] = {0, 0};

        memset(&info, 0, sizeof(info));
        at = text_put(block, at, base, line->app->module, &module[0], &module[1]);
        at = text_put(block, at, base, line->app->name, &name[0], &name[1]);
        info.dwModuleFilenameSize = module[0];
        info.dwModuleFilenameOffset = module[1];
        info.dwFriendlyNameSize = name[0];
        info.dwFriendlyNameOffset = name[1];
        info.dwMediaModes = line->media;
        info.dwAddressID = line->address == ENGINE_NO_ADDRESS ? 0xFFFFFFFF : (uint32_t)line->address;
        memcpy(block + n++ * sizeof(info), &info, sizeof(info));
    }
    rc = layout_add(LAYOUT_LINEDEVSTATUS, &call->out, &call->out_len, offsetof(LINEDEVSTATUS, dwAppInfoSize), block,
                    size);
    free(block);
    if (rc)
        return rc;
    status = call->out;
    status->dwAppInfoSize = n * (uint32_t)sizeof(info);
    return 0;
}

int32_t line_op_status(struct channel *c, struct channel_call *call)
{
    struct engine_line *line = line_find(c, call->arg[0]);
    struct engine_device *d;
    LINEDEVSTATUS *status;
    uint32_t media = 0, opens = 0;
    int32_t rc;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    d = line->device;
    rc = query_run(d, LAYOUT_LINEDEVSTATUS, query_status, 0, call);
    if (rc)
        return rc;
    /* The engine may have closed it meanwhile, and may even be another one. */
    if (!line_find(c, call->arg[0]))
        return (int32_t)LINEERR_INVALLINEHANDLE;
    for (line = d->line_first; line; line = line->next) {
        opens++;
        media |= line->media;
    }
    status = call->out;
    status->dwNumOpens = opens;
    status->dwOpenMediaModes = media;
    return status_add_apps(d, call);
}

int32_t line_op_address_status(struct channel *c, struct channel_call *call)
{
    struct engine_line *line = line_find(c, call->arg[0]);

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    return query_run(line->device, LAYOUT_LINEADDRESSSTATUS, query_address_status, call->arg[1], call);
}

int32_t line_op_address_id(struct channel *c, struct channel_call *call)
{
    struct engine_line *line = line_find(c, call->arg[0]);
    const uint16_t *text = text_check(call->in0, call->in0_len);
    struct engine_device *d;
    HDRVLINE hdline;
    DWORD id = 0;
    int32_t rc;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    if (call->arg[1] != LINEADDRESSMODE_DIALABLEADDR)
        return (int32_t)LINEERR_INVALADDRESSMODE;
    if (!call->in0)
        return (int32_t)LINEERR_INVALPOINTER;
    if (!text)
        return (int32_t)LINEERR_INVALADDRESS;
    d = line->device;
    hdline = d->hdline;
    device_hold(d);
    engine_unlock();
    PROVIDER_CALL(d->provider, rc, lineGetAddressID, hdline, &id, LINEADDRESSMODE_DIALABLEADDR, (LPCWSTR)text,
                  call->in0_len);
    engine_lock();
    device_put(d);
    call->ret[0] = id;
    return engine_sync_result(rc);
}

/* ---- status messages --------------------------------------------------------------------------------------------- */

int32_t line_op_status_set(struct channel *c, struct channel_call *call)
{
    uint32_t line_states = call->arg[1], address_states = call->arg[2], old_line, old_address;
    struct engine_device *d;
    struct engine_line *line;
    int32_t rc;

    for (;;) {
        line = line_find(c, call->arg[0]);
        if (!line)
            return (int32_t)LINEERR_INVALLINEHANDLE;
        d = line->device;
        if (line_states & ~(line->version < ENGINE_VERSION_1_4 ? 0x0007FFFFu : 0x01FFFFFFu))
            return (int32_t)LINEERR_INVALLINESTATE;
        if (address_states & ~(line->version < ENGINE_VERSION_1_4 ? 0x000000FFu : 0x000001FFu))
            return (int32_t)LINEERR_INVALADDRESSSTATE;
        if (!d->config)
            break;
        engine_wait();
    }
    d->config = true;
    d->provider->busy++;
    old_line = line->line_mask;
    old_address = line->address_mask;
    line->line_mask = line_states;
    line->address_mask = address_states;
    rc = device_update(d, 0);
    line = line_find(c, call->arg[0]);
    if (rc && line) {
        line->line_mask = old_line;
        line->address_mask = old_address;
    }
    d->config = false;
    engine_change();
    device_done(d);
    return rc;
}

int32_t line_op_status_get(struct channel *c, struct channel_call *call)
{
    const struct engine_line *line = line_find(c, call->arg[0]);

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    call->ret[0] = line->line_mask;
    call->ret[1] = line->address_mask;
    return 0;
}

/* ---- calls the application has no handle of ---------------------------------------------------------------------- */

static bool is_new(const struct engine_call *call, const struct engine_app *app)
{
    return !(call->flags & (CALL_PENDING | CALL_HELD_OPEN | CALL_DEAD | CALL_CLOSE)) && !hcall_of_app(call, app);
}

/* Asks for addresses that are not known; what was looked up before may be gone afterwards. */
static void addresses_learn(const struct channel *c, uint32_t hline)
{
    struct engine_line *line;
    struct engine_device *d;
    struct engine_call *call;

    while ((line = line_find(c, hline))) {
        d = line->device;
        for (call = d->call_first; call; call = call->next)
            if (call->address == ENGINE_NO_ADDRESS && is_new(call, line->app))
                break;
        if (!call)
            return;
        call_hold(call);
        call_ask_address(call);
        call_put(call);
    }
}

int32_t line_op_new_calls(struct channel *c, struct channel_call *call)
{
    uint32_t select = call->arg[2], n = 0, i = 0, size;
    struct engine_line *line = line_find(c, call->arg[0]);
    struct engine_hcall *h;
    struct engine_call *each;
    LINECALLLIST *list;
    bool all = select == LINECALLSELECT_LINE;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    if (!all && select != LINECALLSELECT_ADDRESS)
        return (int32_t)LINEERR_INVALCALLSELECT;
    if (!all) {
        if (call->arg[1] >= line->device->addressc)
            return (int32_t)LINEERR_INVALADDRESSID;
        addresses_learn(c, call->arg[0]);
        line = line_find(c, call->arg[0]);
        if (!line)
            return (int32_t)LINEERR_INVALLINEHANDLE;
    }
    for (each = line->device->call_first; each; each = each->next)
        if (is_new(each, line->app) && (all || each->address == (int32_t)call->arg[1]))
            n++;
    if (n && !channel_room(c))
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    size = (uint32_t)sizeof(*list) + n * (uint32_t)sizeof(DWORD);
    list = calloc(1, size);
    if (!list)
        return (int32_t)LINEERR_NOMEM;
    for (each = line->device->call_first; each && i < n; each = each->next) {
        uint32_t handle;

        if (!is_new(each, line->app) || !(all || each->address == (int32_t)call->arg[1]))
            continue;
        h = hcall_add(each, line, LINECALLPRIVILEGE_MONITOR);
        if (!h)
            continue;
        h->given = true;
        handle = h->item.handle;
        memcpy((unsigned char *)(list + 1) + i++ * sizeof(handle), &handle, sizeof(handle));
        owner_changed(each, LINECALLINFOSTATE_NUMMONITORS, h);
    }
    list->dwTotalSize = list->dwNeededSize = list->dwUsedSize = (uint32_t)sizeof(*list) + i * (uint32_t)sizeof(DWORD);
    list->dwCallsNumEntries = i;
    list->dwCallsSize = i * (uint32_t)sizeof(DWORD);
    list->dwCallsOffset = i ? (uint32_t)sizeof(*list) : 0;
    call->out = list;
    call->out_len = list->dwTotalSize;
    return 0;
}
