/* What providers report: on any thread, at any time, about anything. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

/* ---- to applications --------------------------------------------------------------------------------------------- */

void event_send_data(const struct engine_line *line, uint32_t message, uint32_t device, uint64_t p1, uint64_t p2,
                     uint64_t p3, const void *data, uint32_t data_len)
{
    const struct engine_app *app = line->app;
    struct channel_event e = {.data = NULL};

    /* One that is being closed hears nothing more. */
    if (!app->item.handle)
        return;
    e.app = app->item.handle;
    e.message = message;
    e.device = device;
    e.reply_call = 0;
    e.instance = line->instance;
    e.p1 = p1;
    e.p2 = p2;
    e.p3 = p3;
    e.data = data;
    e.data_len = data_len;
    app->channel->h(&e, app->channel->arg);
}

void event_send(const struct engine_line *line, uint32_t message, uint32_t device, uint64_t p1, uint64_t p2,
                uint64_t p3)
{
    event_send_data(line, message, device, p1, p2, p3, NULL, 0);
}

void event_send_app(const struct engine_app *app, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    struct channel_event e = {.app = app->item.handle, .message = message, .p1 = p1, .p2 = p2, .p3 = p3};

    if (app->item.handle)
        app->channel->h(&e, app->channel->arg);
}

void event_send_reply(const struct engine_app *app, const struct engine_line *line, uint32_t id, int32_t result,
                      const void *data, uint32_t data_len)
{
    struct channel_event e = {.app = app->item.handle,
                              .message = LINE_REPLY,
                              .instance = line ? line->instance : 0,
                              .p1 = id,
                              .p2 = (uint32_t)result,
                              .data = result ? NULL : data,
                              .data_len = result ? 0 : data_len};

    if (app->item.handle)
        app->channel->h(&e, app->channel->arg);
}

void event_send_request(const struct engine_app *app, uint32_t mode)
{
    struct channel_event e = {
        .app = app->item.handle, .message = LINE_REQUEST, .instance = app->request_instance, .p1 = mode};

    if (app->item.handle)
        app->channel->h(&e, app->channel->arg);
}

void event_send_devstate(const struct engine_line *line, uint32_t states, uint64_t p2, uint64_t p3)
{
    const uint32_t since_1_4 = LINEDEVSTATE_LOCK | LINEDEVSTATE_CAPSCHANGE | LINEDEVSTATE_CONFIGCHANGE |
                               LINEDEVSTATE_TRANSLATECHANGE | LINEDEVSTATE_COMPLCANCEL | LINEDEVSTATE_REMOVED;
    const uint32_t as_reinit = LINEDEVSTATE_CAPSCHANGE | LINEDEVSTATE_TRANSLATECHANGE | LINEDEVSTATE_REMOVED;

    if (line->version < ENGINE_VERSION_1_4) {
        if (states & as_reinit)
            event_send_app(line->app, LINE_LINEDEVSTATE, LINEDEVSTATE_REINIT, LINE_LINEDEVSTATE, states & as_reinit);
        states &= ~since_1_4;
    }
    states &= line->line_mask;
    if (states)
        event_send(line, LINE_LINEDEVSTATE, line->item.handle, states, p2, p3);
}

void event_created(uint32_t id)
{
    struct engine_app *app;
    uint32_t i = 0;

    while ((app = pool_next(&engine.apps_pool, &i))) {
        if (app->phone)
            continue;
        if (app->version >= ENGINE_VERSION_1_4)
            event_send_app(app, LINE_CREATE, id, 0, 0);
        else
            event_send_app(app, LINE_LINEDEVSTATE, LINEDEVSTATE_REINIT, LINE_CREATE, id);
    }
}

void event_reinit(void)
{
    struct engine_app *app;
    uint32_t i = 0;

    if (engine.state != ENGINE_UP)
        return;
    engine.reinit = true;
    while ((app = pool_next(&engine.apps_pool, &i))) {
        if (app->phone)
            event_send_app(app, PHONE_STATE, PHONESTATE_REINIT, 0, 0);
        else
            event_send_app(app, LINE_LINEDEVSTATE, LINEDEVSTATE_REINIT, 0, 0);
    }
}

/* ---- about calls ------------------------------------------------------------------------------------------------- */

/* The parent of a conference as the application knows it. */
static uint64_t parent_of(const struct engine_hcall *h, uint64_t htcall)
{
    const struct engine_call *parent = htcall <= UINT32_MAX ? pool_find(&engine.calls, (uint32_t)htcall) : NULL;
    const struct engine_hcall *own = parent ? hcall_of_app(parent, h->line->app) : NULL;

    return own && own->given ? own->item.handle : 0;
}

static void apply_state(struct engine_call *call, uint64_t p1, uint64_t p2, uint64_t p3)
{
    uint32_t state = (uint32_t)p1;
    const struct engine_hcall *h;

    /* Idle is final; no state is none. */
    if (call->state == LINECALLSTATE_IDLE || !(state & 0x00FFFFFF))
        return;
    if (state != call->state || !call->state_ms)
        call->state_ms = platform_wall_ms();
    call->state = state;
    call->mode = (uint32_t)p2;
    call->parent = state == LINECALLSTATE_CONFERENCED && p2 <= UINT32_MAX ? (uint32_t)p2 : 0;
    if (state == LINECALLSTATE_IDLE)
        media_idle(call);
    if (p3)
        call->media = (uint32_t)p3;
    if (call->flags & CALL_INCOMING && !(call->flags & CALL_ANNOUNCED)) {
        owner_announce(call, state, p2);
    } else {
        for (h = call->hcall_first; h; h = h->next)
            if (h->given)
                event_send(h->line, LINE_CALLSTATE, h->item.handle, state,
                           state == LINECALLSTATE_CONFERENCED ? parent_of(h, p2) : p2, 0);
    }
    if (state == LINECALLSTATE_IDLE && !call->hcall_first)
        call_unused(call, true);
}

static void apply_plain(const struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    const struct engine_hcall *h;

    for (h = call->hcall_first; h; h = h->next)
        if (h->given)
            event_send(h->line, message, h->item.handle, p1, p2, p3);
}

static void apply(struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    switch (message) {
    case LINE_CALLSTATE:
        apply_state(call, p1, p2, p3);
        break;
    case LINE_CALLINFO:
        if (call->state != LINECALLSTATE_IDLE)
            apply_plain(call, LINE_CALLINFO, p1, 0, 0);
        break;
    case LINE_CALLDEVSPECIFIC:
        apply_plain(call, LINE_DEVSPECIFIC, p1, p2, p3);
        break;
    case LINE_CALLDEVSPECIFICFEATURE:
        apply_plain(call, LINE_DEVSPECIFICFEATURE, p1, p2, p3);
        break;
    case LINE_GATHERDIGITS:
    case LINE_GENERATE:
    case LINE_MONITORDIGITS:
    case LINE_MONITORMEDIA:
    case LINE_MONITORTONE:
        media_event(call, message, p1, p2, p3);
        break;
    default:
        break;
    }
}

/* Applications are told the address with the call: it has to be asked for, which a callback must not do. */
static bool wants_address(const struct engine_call *call)
{
    return !(call->flags & CALL_ANNOUNCED) && call->address == ENGINE_NO_ADDRESS && owner_audience(call);
}

static void hold_for_address(struct engine_call *call)
{
    call->flags |= CALL_HELD_ADDRESS;
    provider_job_call(call, CALL_JOB_ADDRESS);
}

/* Applications know a conference before they hear that calls have joined it. */
static bool wants_parent(const struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2)
{
    const struct engine_call *parent;

    if (message != LINE_CALLSTATE || p1 != LINECALLSTATE_CONFERENCED || p2 > UINT32_MAX)
        return false;
    parent = pool_find(&engine.calls, (uint32_t)p2);
    return parent && parent != call && parent->flags & CALL_PENDING;
}

void event_parent_known(struct engine_device *d)
{
    struct engine_call *call, *next;

    if (!d->parent_wanted)
        return; /* a device may have any number of calls */
    d->parent_wanted = false;
    for (call = d->call_first; call; call = next) {
        next = call->next;
        if (call->flags & CALL_HELD_PARENT) {
            call->flags &= (uint16_t)~CALL_HELD_PARENT;
            event_flush(call);
        }
    }
}

void event_flush(struct engine_call *call)
{
    if (call->flags & (CALL_DEAD | CALL_CLOSE | CALL_CLOSING)) {
        call_discard_events(call);
        return;
    }
    if (call->flags & CALL_HELD)
        return;
    if (call->address == ENGINE_NO_ADDRESS && call->device->addressc == 1)
        call->address = 0;
    if (!(call->flags & (CALL_INCOMING | CALL_ANNOUNCED))) {
        if (wants_address(call)) {
            hold_for_address(call);
            return;
        }
        owner_announce_made(call);
    }
    while (call->event_last && !(call->flags & CALL_HELD)) {
        struct engine_event *e = call->event_last->next, copy = *e;

        if (copy.message == LINE_CALLSTATE && wants_address(call)) {
            hold_for_address(call);
            return;
        }
        if (wants_parent(call, copy.message, copy.p1, copy.p2)) {
            call->flags |= CALL_HELD_PARENT;
            call->device->parent_wanted = true;
            return;
        }
        if (e == call->event_last)
            call->event_last = NULL;
        else
            call->event_last->next = e->next;
        call->eventc--;
        pool_free(&engine.events, e);
        apply(call, copy.message, copy.p1, copy.p2, copy.p3);
    }
}

static uint32_t handle_of(const void *opaque)
{
    uintptr_t value = (uintptr_t)opaque;

    return value <= UINT32_MAX ? (uint32_t)value : 0;
}

static void about_call(HTAPICALL htcall, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    struct engine_call *call = pool_find(&engine.calls, handle_of(htcall));

    if (!call || call->flags & (CALL_DEAD | CALL_CLOSING))
        return;
    if (call->flags & CALL_HELD) {
        call_defer(call, message, p1, p2, p3);
    } else if (message == LINE_CALLSTATE && wants_address(call)) {
        call_defer(call, message, p1, p2, p3);
        hold_for_address(call);
    } else if (wants_parent(call, message, p1, p2)) {
        call_defer(call, message, p1, p2, p3);
        call->flags |= CALL_HELD_PARENT;
        call->device->parent_wanted = true;
    } else {
        apply(call, message, p1, p2, p3);
    }
}

static struct engine_device *device_of(HTAPILINE htline)
{
    struct engine_tline *tline = pool_find(&engine.tlines, handle_of(htline));

    return tline ? tline->device : NULL;
}

static void about_new_call(HTAPILINE htline, uintptr_t hdcall, HTAPICALL *htcallp)
{
    struct engine_device *d = device_of(htline);
    struct engine_call *call = NULL;

    if (!htcallp)
        return;
    if (d && hdcall && (d->state == DEVICE_OPEN || d->state == DEVICE_OPENING))
        call = call_alloc(d);
    *htcallp = call ? (HTAPICALL)(uintptr_t)call->item.handle : NULL;
    if (!call)
        return;
    call->hdcall = (HDRVCALL)hdcall;
    call->flags |= CALL_INCOMING;
    if (d->state == DEVICE_OPENING || d->adding)
        call->flags |= CALL_HELD_OPEN;
}

/* ---- about lines ------------------------------------------------------------------------------------------------- */

static void about_line_state(HTAPILINE htline, uint32_t states, uint64_t p2, uint64_t p3)
{
    const struct engine_device *d = device_of(htline);
    const struct engine_line *line;

    if (states & LINEDEVSTATE_REINIT && engine.state == ENGINE_UP) {
        event_reinit();
        states &= ~(uint32_t)LINEDEVSTATE_REINIT;
    }
    if (!d || !states)
        return;
    for (line = d->line_first; line; line = line->next)
        event_send_devstate(line, states, p2, p3);
}

static void about_address_state(HTAPILINE htline, uint64_t address, uint32_t states, uint64_t p3)
{
    const struct engine_device *d = device_of(htline);
    const struct engine_line *line;

    for (line = d ? d->line_first : NULL; line; line = line->next) {
        uint32_t wanted = states;

        if (line->version < ENGINE_VERSION_1_4 && wanted & LINEADDRESSSTATE_CAPSCHANGE) {
            event_send_app(line->app, LINE_LINEDEVSTATE, LINEDEVSTATE_REINIT, LINE_ADDRESSSTATE, address);
            wanted &= ~(uint32_t)LINEADDRESSSTATE_CAPSCHANGE;
        }
        wanted &= line->address_mask;
        if (wanted)
            event_send(line, LINE_ADDRESSSTATE, line->item.handle, address, wanted, p3);
    }
}

static void about_removal(uint64_t id)
{
    struct engine_device *d;
    struct engine_app *app;
    uint32_t i = 0;

    if (id >= engine.slotc || device_find((uint32_t)id, &d))
        return;
    device_void(d, true);
    d->removed = true;
    while ((app = pool_next(&engine.apps_pool, &i)))
        if (!app->phone && app->version >= ENGINE_VERSION_2_0)
            event_send_app(app, LINE_REMOVE, id, 0, 0);
}

static void about_all(HTAPILINE htline, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    const struct engine_device *d = device_of(htline);
    const struct engine_line *line;

    for (line = d ? d->line_first : NULL; line; line = line->next)
        event_send(line, message, line->item.handle, p1, p2, p3);
}

void CALLBACK event_line(HTAPILINE htline, HTAPICALL htcall, DWORD message, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    struct engine_provider *p;
    struct engine_device *d;

    if (platform_trace_on())
        platform_trace(PLATFORM_TRACE_PROVIDER, PLATFORM_TRACE_HOST, "EVENT %lu 0x%llx 0x%llx 0x%llx 0x%llx",
                       (unsigned long)message, (unsigned long long)(uintptr_t)htcall, (unsigned long long)p1,
                       message == LINE_NEWCALL ? 0ULL : (unsigned long long)p2, (unsigned long long)p3);
    engine_lock();
    switch (message) {
    case LINE_NEWCALL:
        about_new_call(htline, p1, (HTAPICALL *)p2);
        break;
    case LINE_CALLSTATE:
    case LINE_CALLINFO:
    case LINE_CALLDEVSPECIFIC:
    case LINE_CALLDEVSPECIFICFEATURE:
    case LINE_GATHERDIGITS:
    case LINE_GENERATE:
    case LINE_MONITORDIGITS:
    case LINE_MONITORMEDIA:
    case LINE_MONITORTONE:
        about_call(htcall, message, p1, p2, p3);
        break;
    case LINE_LINEDEVSTATE:
        about_line_state(htline, (uint32_t)p1, p2, p3);
        break;
    case LINE_ADDRESSSTATE:
        about_address_state(htline, p1, (uint32_t)p2, p3);
        break;
    case LINE_CLOSE:
        d = device_of(htline);
        if (d)
            device_void(d, false);
        break;
    case LINE_CREATE:
        p = p1 <= UINT32_MAX ? pool_find(&engine.providers, (uint32_t)p1) : NULL;
        if (p)
            provider_job_create(p, p2, false);
        break;
    case LINE_REMOVE:
        about_removal(p1);
        break;
    case LINE_DEVSPECIFIC:
    case LINE_DEVSPECIFICFEATURE:
        about_all(htline, message, p1, p2, p3);
        break;
    default:
        break;
    }
    engine_unlock();
}
