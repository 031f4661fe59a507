/* Who has a call: handles of applications, owners, monitors. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

struct engine_hcall *hcall_find(const struct channel *c, uint32_t hcall)
{
    struct engine_hcall *h = pool_find(&engine.hcalls, hcall);

    return h && h->given && h->line->app->channel == c ? h : NULL;
}

static void count(struct engine_call *call, uint32_t privilege, int by)
{
    uint16_t *counter = privilege == LINECALLPRIVILEGE_OWNER ? &call->owners : &call->monitors;

    *counter = (uint16_t)(*counter + by);
}

struct engine_hcall *hcall_add(struct engine_call *call, struct engine_line *line, uint32_t privilege)
{
    struct channel *c = line->app->channel;
    struct engine_hcall *h = channel_room(c) ? pool_alloc(&engine.hcalls) : NULL, **last;

    if (!h)
        return NULL;
    c->handlec++;
    h->call = call;
    h->line = line;
    h->privilege = (uint8_t)privilege;
    count(call, privilege, 1);
    for (last = &call->hcall_first; *last; last = &(*last)->next)
        ;
    *last = h;
    h->line_next = line->hcall_first;
    if (h->line_next)
        h->line_next->line_prev = h;
    line->hcall_first = h;
    return h;
}

void hcall_remove(struct engine_hcall *h)
{
    struct engine_hcall **p;

    for (p = &h->call->hcall_first; *p != h; p = &(*p)->next)
        ;
    *p = h->next;
    if (h->line_prev)
        h->line_prev->line_next = h->line_next;
    else
        h->line->hcall_first = h->line_next;
    if (h->line_next)
        h->line_next->line_prev = h->line_prev;
    count(h->call, h->privilege, -1);
    h->line->app->channel->handlec--;
    pool_hide(h);
    pool_free(&engine.hcalls, h);
}

void hcall_privilege(struct engine_hcall *h, uint32_t privilege)
{
    count(h->call, h->privilege, -1);
    h->privilege = (uint8_t)privilege;
    count(h->call, privilege, 1);
}

struct engine_hcall *hcall_of_app(const struct engine_call *call, const struct engine_app *app)
{
    struct engine_hcall *h;

    for (h = call->hcall_first; h; h = h->next)
        if (h->line->app == app)
            return h;
    return NULL;
}

struct engine_hcall *hcall_of_line(const struct engine_call *call, const struct engine_line *line)
{
    struct engine_hcall *h;

    for (h = call->hcall_first; h; h = h->next)
        if (h->line == line)
            return h;
    return NULL;
}

void owner_changed(struct engine_call *call, uint32_t what, const struct engine_hcall *except)
{
    const struct engine_hcall *h;

    /* Never once the call is idle (LINE_CALLINFO). */
    if (call->state == LINECALLSTATE_IDLE)
        return;
    for (h = call->hcall_first; h; h = h->next)
        if (h->given && h != except)
            event_send(h->line, LINE_CALLINFO, h->item.handle, what, 0, 0);
}

bool line_has_address(const struct engine_line *line, int32_t address)
{
    return line->address == ENGINE_NO_ADDRESS || line->address == address;
}

struct engine_line *owner_of_mode(const struct engine_device *d, uint32_t mode, int32_t address)
{
    struct engine_line *line, *best = NULL;
    uint32_t list = 0, rank, best_rank = 0;

    while (mode >> list > 1)
        list++;
    /* Those without a priority come last, and of two of them the one that opened first comes first. */
    for (line = d->line_first; line; line = line->next) {
        if (!(line->media & mode) || !line_has_address(line, address))
            continue;
        rank = priority_rank(list, line->app->module);
        if (!best || rank < best_rank) {
            best = line;
            best_rank = rank;
        }
    }
    return best;
}

/* The first owner: by media modes in turn; the unknown one is the lowest of them, and comes first. */
static struct engine_line *owner_choose(const struct engine_call *call)
{
    const struct engine_device *d = call->device;
    uint32_t media = call->media ? call->media : 0xFFFFFFFF, bit;
    struct engine_line *line = NULL;

    for (bit = LINEMEDIAMODE_UNKNOWN; bit && !line; bit <<= 1)
        if (media & bit)
            line = owner_of_mode(d, bit, call->address);
    return line;
}

bool owner_audience(const struct engine_call *call)
{
    const struct engine_line *line;
    uint32_t wanted = LINECALLPRIVILEGE_MONITOR;

    if (call->flags & CALL_INCOMING)
        wanted |= LINECALLPRIVILEGE_OWNER;
    for (line = call->device->line_first; line; line = line->next)
        if (line->privileges & wanted && !hcall_of_line(call, line))
            return true;
    return false;
}

void hcall_give(struct engine_hcall *h, uint32_t state, uint64_t mode, bool changed)
{
    const struct engine_call *call = h->call;
    uint32_t address = call->address < 0 ? 0 : (uint32_t)call->address;

    if (!h->given && h->line->version >= ENGINE_VERSION_2_0)
        event_send(h->line, LINE_APPNEWCALL, h->line->item.handle, address, h->item.handle, h->privilege);
    changed = changed || !h->given;
    h->given = true;
    event_send(h->line, LINE_CALLSTATE, h->item.handle, state, mode, changed ? h->privilege : 0);
}

static void add_monitors(struct engine_call *call)
{
    struct engine_line *line;

    for (line = call->device->line_first; line; line = line->next)
        if (line->privileges & LINECALLPRIVILEGE_MONITOR && !hcall_of_line(call, line))
            (void)hcall_add(call, line, LINECALLPRIVILEGE_MONITOR);
}

void owner_announce(struct engine_call *call, uint32_t state, uint64_t mode)
{
    struct engine_line *owner = owner_choose(call);
    struct engine_hcall *h, *raised = NULL;

    call->flags |= CALL_ANNOUNCED;
    if (owner)
        raised = hcall_of_line(call, owner);
    if (raised)
        hcall_privilege(raised, LINECALLPRIVILEGE_OWNER);
    else if (owner)
        (void)hcall_add(call, owner, LINECALLPRIVILEGE_OWNER);
    add_monitors(call);
    for (h = call->hcall_first; h; h = h->next)
        hcall_give(h, state, mode, h == raised);
    if (!call->hcall_first && state == LINECALLSTATE_OFFERING) {
        /* A call for which there is nobody at all is refused ("Unowned calls"). One that already goes on, say a call
         * made at the phone, is left alone. */
        call->flags |= CALL_CLOSE;
        provider_job_call(call, CALL_JOB_DROP);
    }
}

void owner_announce_made(struct engine_call *call)
{
    struct engine_hcall *h;

    call->flags |= CALL_ANNOUNCED;
    add_monitors(call);
    for (h = call->hcall_first; h; h = h->next)
        if (!h->given)
            hcall_give(h, LINECALLSTATE_UNKNOWN, 0, false);
}
