/* Requests of applications that another application answers: agents and queues. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/*
 * A proxy opens a line with LINEOPENOPTION_PROXY and names the requests it takes. A request goes to it as
 * LINE_PROXYREQUEST with a LINEPROXYREQUEST, whose texts are UTF-16; its answer comes back as the same block, and goes
 * to whoever asked as LINE_REPLY. No time is set to it: a request is answered when the proxy answers, or when it is no
 * longer there.
 */

enum {
    TYPE_MIN = LINEPROXYREQUEST_SETAGENTGROUP,
    TYPE_MAX = LINEPROXYREQUEST_SETAGENTSTATEEX,
    TYPE_MAX_2_0 = LINEPROXYREQUEST_GETAGENTGROUPLIST, /* those behind it came with 2.2 */
    HEAD_SIZE = 7 * 4,                                 /* of LINEPROXYREQUEST, before what differs by type */
    PENDING_MAX = 4096                                 /* requests that one proxy has not answered yet */
};

#define BIT(type) (1u << (type))
/* What controlling agents, sessions and queues takes as of TAPI 3: no document lists it; ours are all that came with
 * 2.2. */
#define ALL_FOR_ACD ((BIT(TYPE_MAX + 1) - 1) & ~(BIT(TYPE_MAX_2_0 + 1) - 1))

/* ---- who takes what ---------------------------------------------------------------------------------------------- */

int32_t proxy_types(const void *params, uint32_t len, uint32_t version, uint32_t *typesp)
{
    const unsigned char *block = params;
    uint32_t size, offset, type, types = 0, i;

    if (!params)
        return (int32_t)LINEERR_INVALPOINTER;
    if (len < layout_fixed(LAYOUT_LINECALLPARAMS, ENGINE_VERSION_MAX))
        return (int32_t)LINEERR_STRUCTURETOOSMALL;
    memcpy(&size, block + offsetof(LINECALLPARAMS, dwDevSpecificSize), sizeof(size));
    memcpy(&offset, block + offsetof(LINECALLPARAMS, dwDevSpecificOffset), sizeof(offset));
    if (!size || size % sizeof(type) || offset > len || size > len - offset)
        return (int32_t)LINEERR_INVALPARAM;
    for (i = 0; i < size; i += sizeof(type)) {
        memcpy(&type, block + offset + i, sizeof(type));
        if (type < TYPE_MIN || type > (version < ENGINE_VERSION_MAX ? TYPE_MAX_2_0 : TYPE_MAX))
            return (int32_t)LINEERR_INVALPARAM;
        types |= BIT(type);
    }
    *typesp = types;
    return 0;
}

/* All that is taken on the device, but for `except`. */
static uint32_t taken(const struct engine_device *d, const struct engine_line *except)
{
    const struct engine_line *line;
    uint32_t types = 0;

    for (line = d->line_first; line; line = line->next)
        if (line != except)
            types |= line->proxy_types;
    return types;
}

bool proxy_free(const struct engine_device *d, uint32_t types)
{
    return !(taken(d, NULL) & types);
}

static void tell_others(const struct engine_line *except, uint32_t status, uint32_t type)
{
    const struct engine_line *line;

    for (line = except->device->line_first; line; line = line->next)
        if (line != except && line->version >= ENGINE_VERSION_MAX)
            event_send(line, LINE_PROXYSTATUS, line->item.handle, status, type, 0);
}

void proxy_begin(struct engine_line *line, uint32_t types)
{
    uint32_t type, before = taken(line->device, line);

    line->proxy_types = types;
    for (type = TYPE_MIN; types && type <= TYPE_MAX; type++)
        if (types & BIT(type))
            tell_others(line, LINEPROXYSTATUS_OPEN, type);
    if ((before & ALL_FOR_ACD) != ALL_FOR_ACD && ((before | types) & ALL_FOR_ACD) == ALL_FOR_ACD)
        tell_others(line, LINEPROXYSTATUS_ALLOPENFORACD, 0);
}

/* ---- requests under way ------------------------------------------------------------------------------------------ */

static void pending_free(struct engine_proxy *p)
{
    struct engine_proxy **link;

    for (link = &engine.proxy_first; *link != p; link = &(*link)->next)
        ;
    *link = p->next;
    pool_hide(p);
    pool_free(&engine.proxies, p);
}

/* To whoever asked, if it is still there. */
static void pending_reply(const struct engine_proxy *p, int32_t result, const void *data, uint32_t len)
{
    const struct engine_app *app = pool_find(&engine.apps_pool, p->happ);
    const struct engine_line *line = p->hline ? pool_find(&engine.lines, p->hline) : NULL;

    if (app && (line || !p->hline))
        event_send_reply(app, line, p->id, result, data, len);
}

void proxy_end(struct engine_line *line, bool tell)
{
    struct engine_proxy *p, *next;
    uint32_t type, types = line->proxy_types;

    line->proxy_types = 0;
    if (!types)
        return;
    for (p = engine.proxy_first; p; p = next) {
        next = p->next;
        if (p->hproxy != line->item.last)
            continue;
        /* What it asked itself: a line that is closed hears nothing more. */
        if (p->hline != line->item.last)
            pending_reply(p, (int32_t)LINEERR_OPERATIONFAILED, NULL, 0);
        pending_free(p);
    }
    for (type = TYPE_MIN; tell && type <= TYPE_MAX; type++)
        if (types & BIT(type))
            tell_others(line, LINEPROXYSTATUS_CLOSE, type);
}

/* The block as the proxy gets it: as it came, the head filled in. NULL: no memory. */
static unsigned char *request_block(const struct channel_call *cc, uint32_t type, uint32_t version)
{
    unsigned char *block = malloc(cc->in0_len);

    if (!block)
        return NULL;
    memcpy(block, cc->in0, cc->in0_len);
    memset(block, 0, HEAD_SIZE);
    memcpy(block + offsetof(LINEPROXYREQUEST, dwSize), &cc->in0_len, sizeof(cc->in0_len));
    memcpy(block + offsetof(LINEPROXYREQUEST, dwClientAppAPIVersion), &version, sizeof(version));
    memcpy(block + offsetof(LINEPROXYREQUEST, dwRequestType), &type, sizeof(type));
    return block;
}

/* Sends the request to the proxy. 0 or LINEERR_. */
static int32_t request_send(const struct channel_call *cc, struct engine_line *proxy, const struct engine_app *app,
                            const struct engine_line *line)
{
    uint32_t version = line ? app->version : cc->arg[5], pending = 0, type = cc->arg[2];
    struct engine_proxy *p, **last;
    unsigned char *block;

    for (last = &engine.proxy_first; *last; last = &(*last)->next)
        pending += (*last)->hproxy == proxy->item.handle;
    if (pending >= PENDING_MAX)
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    block = request_block(cc, type, version);
    p = block ? pool_alloc(&engine.proxies) : NULL;
    if (!p) {
        free(block);
        return (int32_t)LINEERR_NOMEM;
    }
    p->id = cc->arg[1];
    p->type = type;
    p->happ = app->item.handle;
    p->hline = line ? line->item.handle : 0;
    p->hproxy = proxy->item.handle;
    p->len = cc->in0_len;
    *last = p; /* they fail in the order in which they came */
    event_send_data(proxy, LINE_PROXYREQUEST, proxy->item.handle, p->item.handle, 0, 0, block, cc->in0_len);
    free(block);
    return 0;
}

/* ---- operations -------------------------------------------------------------------------------------------------- */

static struct engine_line *proxy_of(const struct engine_device *d, uint32_t type)
{
    struct engine_line *line;

    for (line = d->line_first; line && !(line->proxy_types & BIT(type)); line = line->next)
        ;
    return line;
}

int32_t proxy_op_ask(struct channel *c, struct channel_call *cc)
{
    uint32_t type = cc->arg[2], address = cc->arg[6];
    struct engine_line *line = NULL, *proxy;
    struct engine_app *app;
    struct engine_device *d = NULL;
    int32_t rc;

    if (cc->arg[0]) {
        line = line_find(c, cc->arg[0]);
        if (!line)
            return (int32_t)LINEERR_INVALLINEHANDLE;
        app = line->app;
        d = line->device;
    } else {
        app = app_find(c, cc->arg[3]);
        if (!app)
            return (int32_t)LINEERR_INVALAPPHANDLE;
        rc = device_find(cc->arg[4], &d);
        if (rc)
            return rc;
    }
    if (type < TYPE_MIN || type > TYPE_MAX || !cc->in0 || cc->in0_len < HEAD_SIZE || (int32_t)cc->arg[1] <= 0)
        return (int32_t)LINEERR_INVALPARAM;
    if (cc->in0_len > ENGINE_STRUCT_MAX)
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    proxy = d ? proxy_of(d, type) : NULL;
    if (!proxy)
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    if (address != UINT32_MAX && d->addressc && address >= d->addressc)
        return (int32_t)LINEERR_INVALADDRESSID;
    rc = request_send(cc, proxy, app, line);
    if (rc)
        return rc;
    cc->ret[0] = line ? (uint32_t)line->instance : 0;
    cc->ret[1] = line ? (uint32_t)(line->instance >> 32) : 0;
    return (int32_t)cc->arg[1];
}

/* Features whose functions nobody answers are none: what is said agrees with what is done. */
static void mask_features(unsigned char *block, uint32_t len, const struct engine_proxy *p,
                          const struct engine_device *d)
{
    static const uint32_t features[][2] = {
        {LINEAGENTFEATURE_SETAGENTGROUP, LINEPROXYREQUEST_SETAGENTGROUP},
        {LINEAGENTFEATURE_SETAGENTSTATE, LINEPROXYREQUEST_SETAGENTSTATE},
        {LINEAGENTFEATURE_SETAGENTACTIVITY, LINEPROXYREQUEST_SETAGENTACTIVITY},
        {LINEAGENTFEATURE_AGENTSPECIFIC, LINEPROXYREQUEST_AGENTSPECIFIC},
        {LINEAGENTFEATURE_GETAGENTACTIVITYLIST, LINEPROXYREQUEST_GETAGENTACTIVITYLIST},
        {LINEAGENTFEATURE_GETAGENTGROUP, LINEPROXYREQUEST_GETAGENTGROUPLIST},
    };
    uint32_t types = taken(d, NULL), word, i;
    size_t at =
        p->type == LINEPROXYREQUEST_GETAGENTCAPS
            ? offsetof(LINEPROXYREQUEST, GetAgentCaps.AgentCaps) + offsetof(LINEAGENTCAPS, dwFeatures)
            : offsetof(LINEPROXYREQUEST, GetAgentStatus.AgentStatus) + offsetof(LINEAGENTSTATUS, dwAgentFeatures);

    if (at + sizeof(word) > len)
        return;
    memcpy(&word, block + at, sizeof(word));
    for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
        if (!(types & BIT(features[i][1])))
            word &= ~features[i][0];
    memcpy(block + at, &word, sizeof(word));
}

int32_t proxy_op_answer(struct channel *c, struct channel_call *cc)
{
    struct engine_line *line = line_find(c, cc->arg[0]);
    struct engine_proxy *p;
    int32_t result = (int32_t)cc->arg[2];
    unsigned char *block = NULL;
    uint32_t len;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    if (!line->proxy_types)
        return (int32_t)LINEERR_NOTREGISTERED;
    p = pool_find(&engine.proxies, cc->arg[1]);
    if (!p || p->hproxy != line->item.handle || result > 0 || (!result && !cc->in0))
        return (int32_t)LINEERR_INVALPARAM;
    len = cc->in0_len < p->len ? cc->in0_len : p->len;
    if (!result) {
        block = malloc(len ? len : 1);
        if (block)
            memcpy(block, cc->in0, len);
        else
            result = (int32_t)LINEERR_NOMEM;
    }
    if (block && (p->type == LINEPROXYREQUEST_GETAGENTCAPS || p->type == LINEPROXYREQUEST_GETAGENTSTATUS))
        mask_features(block, len, p, line->device);
    pending_reply(p, result, block, len);
    pending_free(p);
    free(block);
    return 0;
}

int32_t proxy_op_message(struct channel *c, struct channel_call *cc)
{
    struct engine_line *from = line_find(c, cc->arg[0]), *line;
    uint32_t message = cc->arg[2], since;
    struct engine_hcall *h = NULL;

    if (!from)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    if (!from->proxy_types)
        return (int32_t)LINEERR_NOTREGISTERED;
    switch (message) {
    case LINE_AGENTSTATUS:
    case LINE_AGENTSPECIFIC:
        since = ENGINE_VERSION_2_0;
        break;
    case LINE_AGENTSTATUSEX:
    case LINE_AGENTSESSIONSTATUS:
    case LINE_QUEUESTATUS:
    case LINE_GROUPSTATUS:
        since = ENGINE_VERSION_MAX;
        break;
    default:
        return (int32_t)LINEERR_INVALPARAM;
    }
    if (cc->arg[1]) {
        h = hcall_find(c, cc->arg[1]);
        if (!h || h->call->device != from->device)
            return (int32_t)LINEERR_INVALCALLHANDLE;
    }
    for (line = from->device->line_first; line; line = line->next) {
        const struct engine_hcall *own = h ? hcall_of_line(h->call, line) : NULL;

        if (line == from || line->version < since || (h && (!own || !own->given)))
            continue;
        event_send(line, message, own ? own->item.handle : line->item.handle, cc->arg[3], cc->arg[4], cc->arg[5]);
    }
    return 0;
}

int32_t proxy_op_status(struct channel *c, struct channel_call *cc)
{
    struct engine_device *d = NULL;
    uint32_t types, type, size;
    LINEPROXYREQUESTLIST *list;
    int32_t rc;

    if (!app_find(c, cc->arg[0]))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    if (!engine_version_valid(cc->arg[2]))
        return (int32_t)LINEERR_INCOMPATIBLEAPIVERSION;
    rc = device_find(cc->arg[1], &d);
    if (rc)
        return rc;
    types = taken(d, NULL);
    list = calloc(1, sizeof(*list) + (TYPE_MAX + 1) * sizeof(type));
    if (!list)
        return (int32_t)LINEERR_NOMEM;
    size = sizeof(*list);
    list->dwListOffset = size;
    for (type = TYPE_MIN; type <= TYPE_MAX; type++) {
        if (!(types & BIT(type)))
            continue;
        memcpy((unsigned char *)list + size, &type, sizeof(type));
        size += sizeof(type);
        list->dwNumEntries++;
    }
    list->dwListSize = size - list->dwListOffset;
    list->dwTotalSize = list->dwNeededSize = list->dwUsedSize = size;
    cc->out = list;
    cc->out_len = size;
    return 0;
}
