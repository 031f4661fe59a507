/* Phones: devices, opened and closed, and what their providers report. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"

#include <stdlib.h>
#include <string.h>

int32_t phone_error(int32_t rc)
{
    static const struct {
        uint32_t line, phone;
    } map[] = {
        {LINEERR_NOMEM, PHONEERR_NOMEM},
        {LINEERR_OPERATIONFAILED, PHONEERR_OPERATIONFAILED},
        {LINEERR_OPERATIONUNAVAIL, PHONEERR_OPERATIONUNAVAIL},
        {LINEERR_RESOURCEUNAVAIL, PHONEERR_RESOURCEUNAVAIL},
        {LINEERR_STRUCTURETOOSMALL, PHONEERR_STRUCTURETOOSMALL},
        {LINEERR_INVALPOINTER, PHONEERR_INVALPOINTER},
        {LINEERR_INVALPARAM, PHONEERR_INVALPARAM},
        {LINEERR_INVALAPPHANDLE, PHONEERR_INVALAPPHANDLE},
        {LINEERR_INVALAPPNAME, PHONEERR_INVALAPPNAME},
        {LINEERR_INCOMPATIBLEAPIVERSION, PHONEERR_INCOMPATIBLEAPIVERSION},
        {LINEERR_INIFILECORRUPT, PHONEERR_INIFILECORRUPT},
        {LINEERR_NODRIVER, PHONEERR_NODRIVER},
        {LINEERR_REINIT, PHONEERR_REINIT},
    };

    for (size_t i = 0; i < sizeof(map) / sizeof(*map); i++)
        if ((uint32_t)rc == map[i].line)
            return (int32_t)map[i].phone;
    return rc;
}

/* ---- ids --------------------------------------------------------------------------------------------------------- */

bool phone_append(struct engine_provider *p, uint32_t count)
{
    uint32_t i;

    if (count > ENGINE_PHONES_MAX - engine.phone_slotc)
        return false;
    if (engine.phone_slotc + count > engine.phone_slot_cap) {
        uint32_t cap = engine.phone_slot_cap ? 2 * engine.phone_slot_cap : 16;
        struct engine_phone_slot *slotv;

        if (cap < engine.phone_slotc + count)
            cap = engine.phone_slotc + count;
        slotv = realloc(engine.phone_slotv, cap * sizeof(*slotv));
        if (!slotv)
            return false;
        engine.phone_slotv = slotv;
        engine.phone_slot_cap = cap;
    }
    for (i = 0; i < count; i++) {
        struct engine_phone_slot *slot = &engine.phone_slotv[engine.phone_slotc++];

        memset(slot, 0, sizeof(*slot));
        slot->provider = p;
    }
    return true;
}

void phone_slots_gone(struct engine_provider *p)
{
    uint32_t i;

    for (i = 0; i < engine.phone_slotc; i++) {
        if (engine.phone_slotv[i].provider != p)
            continue;
        engine.phone_slotv[i].provider = NULL;
        engine.phone_slotv[i].gone = true;
        if (engine.phone_slotv[i].device)
            engine.phone_slotv[i].device->provider = NULL;
    }
}

void phone_slots_free(void)
{
    for (uint32_t i = 0; i < engine.phone_slotc; i++)
        free(engine.phone_slotv[i].device);
    free(engine.phone_slotv);
    engine.phone_slotv = NULL;
    engine.phone_slotc = engine.phone_slot_cap = 0;
}

static void event_send_phone(const struct engine_phone *phone, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    struct channel_event e = {phone->app->item.handle, message, phone->item.handle, 0, phone->instance, p1, p2, p3, NULL, 0};

    /* One that is being closed hears nothing more. */
    if (e.app)
        phone->app->channel->h(&e, phone->app->channel->arg);
}

static void created(uint32_t id)
{
    struct engine_app *app;
    uint32_t i = 0;

    while ((app = pool_next(&engine.apps_pool, &i))) {
        if (app->phone && app->version >= ENGINE_VERSION_1_4)
            event_send_app(app, PHONE_CREATE, id, 0, 0);
        else if (app->phone)
            event_send_app(app, PHONE_STATE, PHONESTATE_REINIT, PHONE_CREATE, id);
    }
}

void phone_create(struct engine_provider *p, uint64_t temp_id)
{
    uint32_t id = engine.phone_slotc;
    int32_t rc;

    if (p->stopping || !phone_append(p, 1)) {
        if (!p->stopping)
            platform_log(PLATFORM_LOG_ERROR, "%s: no room for one more phone", p->file);
        return;
    }
    p->busy++;
    engine_unlock();
    PHONE_CALL(p, rc, providerCreatePhoneDevice, (DWORD_PTR)temp_id, id);
    engine_lock();
    if (!--p->busy)
        engine_change();
    if (!rc)
        created(id);
    else if (id + 1 == engine.phone_slotc && !engine.phone_slotv[id].device)
        engine.phone_slotc--;
    else
        engine.phone_slotv[id].gone = true;
}

int32_t phone_device_find(uint32_t id, struct engine_phone_device **devicep)
{
    struct engine_phone_slot *slot;

    if (id >= engine.phone_slotc)
        return (int32_t)PHONEERR_BADDEVICEID;
    slot = &engine.phone_slotv[id];
    if (slot->gone)
        return slot->provider ? (int32_t)PHONEERR_NODEVICE : (int32_t)PHONEERR_NODRIVER;
    if (!slot->device) {
        slot->device = calloc(1, sizeof(*slot->device));
        if (!slot->device)
            return (int32_t)PHONEERR_NOMEM;
        slot->device->id = id;
        slot->device->provider = slot->provider;
    }
    if (slot->device->removed)
        return (int32_t)PHONEERR_NODEVICE;
    if (slot->provider->stopping)
        return (int32_t)PHONEERR_NODRIVER;
    *devicep = slot->device;
    return 0;
}

int32_t phone_device_get(uint32_t id, struct engine_phone_device **devicep)
{
    struct engine_phone_device *d;
    struct engine_provider *p;
    DWORD version = 0;
    int32_t rc = phone_device_find(id, &d);

    if (rc)
        return rc;
    p = d->provider;
    p->busy++;
    *devicep = d;
    if (d->version)
        return 0;
    engine_unlock();
    PHONE_CALL(p, rc, phoneNegotiateTSPIVersion, id, ENGINE_VERSION_MIN, ENGINE_VERSION_MAX, &version);
    engine_lock();
    rc = phone_sync_result(rc);
    if (!rc && (version < ENGINE_VERSION_MIN || version > ENGINE_VERSION_MAX)) {
        platform_log(PLATFORM_LOG_WARNING, "%s: version 0x%x for phone %u", p->file, (unsigned)version, (unsigned)id);
        rc = (int32_t)PHONEERR_INCOMPATIBLEAPIVERSION;
    }
    /* Once set it stays: the phone may have been opened by it meanwhile. */
    if (!rc && !d->version)
        d->version = version;
    if (!rc && d->removed)
        rc = (int32_t)PHONEERR_NODEVICE;
    if (rc)
        phone_device_done(d);
    return rc;
}

void phone_device_done(struct engine_phone_device *d)
{
    if (!--d->provider->busy)
        engine_change();
}

void phone_device_hold(struct engine_phone_device *d)
{
    d->busy++;
    d->provider->busy++;
}

void phone_device_put(struct engine_phone_device *d)
{
    d->provider->busy--;
    if (!--d->busy)
        engine_change();
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

void phone_request_free(struct engine_phone_request *r)
{
    struct engine_phone_request **p;

    for (p = &r->device->requests; *p != r; p = &(*p)->next)
        ;
    *p = r->next;
    pool_hide(r);
    pool_free(&engine.phone_requests, r);
}

void phone_reply(struct engine_phone_request *r, int32_t result)
{
    const struct engine_phone *phone = pool_find(&engine.phones, r->hphone);

    if (phone) {
        struct channel_event e = {.app = phone->app->item.handle, .message = PHONE_REPLY, .instance = phone->instance};

        e.p1 = r->id;
        e.p2 = (uint32_t)phone_sync_result(phone_error(result));
        if (e.app)
            phone->app->channel->h(&e, phone->app->channel->arg);
    }
    phone_request_free(r);
}

bool phone_completion(uint32_t request, int32_t result)
{
    struct engine_phone_request *r = pool_find(&engine.phone_requests, request);

    if (r)
        phone_reply(r, result);
    return r != NULL;
}

/* ---- the open phone ---------------------------------------------------------------------------------------------- */

static void phone_device_closed(struct engine_phone_device *d)
{
    while (d->requests)
        phone_reply(d->requests, (int32_t)PHONEERR_OPERATIONFAILED);
    if (d->tphone) {
        pool_hide(d->tphone);
        pool_free(&engine.tphones, d->tphone);
        d->tphone = NULL;
    }
    d->state = DEVICE_CLOSED;
    d->hdphone = NULL;
    d->ext = d->states = d->modes = d->button_states = 0;
    engine_change();
}

/* By the thread that set d->config; unlocks meanwhile. */
static int32_t phone_device_open(struct engine_phone_device *d)
{
    struct engine_provider *p = d->provider;
    HTAPIPHONE htphone;
    int32_t rc;

    d->tphone = pool_alloc(&engine.tphones);
    if (!d->tphone)
        return (int32_t)PHONEERR_NOMEM;
    d->tphone->device = d;
    htphone = (HTAPIPHONE)(uintptr_t)d->tphone->item.handle;
    d->state = DEVICE_OPENING;
    d->force_closed = false;
    phone_device_hold(d);
    engine_unlock();
    PHONE_CALL(p, rc, phoneOpen, d->id, htphone, &d->hdphone_slot, d->version, event_phone);
    engine_lock();
    phone_device_put(d);
    rc = phone_sync_result(rc);
    if (!rc && d->force_closed)
        rc = (int32_t)PHONEERR_OPERATIONFAILED;
    if (rc) {
        phone_device_closed(d);
        return rc;
    }
    d->hdphone = d->hdphone_slot;
    d->state = DEVICE_OPEN;
    return 0;
}

static void phone_device_close(struct engine_phone_device *d)
{
    struct engine_provider *p = d->provider;
    HDRVPHONE hdphone = d->hdphone;
    int32_t rc;

    if (d->state != DEVICE_OPEN)
        return;
    d->state = DEVICE_CLOSING;
    p->busy++;
    while (d->busy)
        engine_wait();
    engine_unlock();
    PHONE_CALL(p, rc, phoneClose, hdphone);
    engine_lock();
    if (rc)
        platform_log(PLATFORM_LOG_WARNING, "%s: closing phone %u: 0x%x", p->file, (unsigned)d->id, (unsigned)rc);
    phone_device_closed(d);
    if (!--p->busy)
        engine_change();
}

int32_t phone_device_update(struct engine_phone_device *d)
{
    const uint32_t own = PHONESTATE_OWNER | PHONESTATE_MONITORS | PHONESTATE_REINIT;
    uint32_t states = 0, modes = 0, button_states = 0;
    const struct engine_phone *phone;
    HDRVPHONE hdphone = d->hdphone;
    int32_t rc = 0;

    if (d->state != DEVICE_OPEN)
        return (int32_t)PHONEERR_OPERATIONFAILED;
    for (phone = d->first; phone; phone = phone->next) {
        states |= phone->states;
        modes |= phone->modes;
        button_states |= phone->button_states;
    }
    /* What TAPI makes itself the provider need not know of. */
    states &= ~own;
    if (states == d->states && modes == d->modes && button_states == d->button_states)
        return 0;
    phone_device_hold(d);
    engine_unlock();
    PHONE_CALL(d->provider, rc, phoneSetStatusMessages, hdphone, states, modes, button_states);
    engine_lock();
    rc = phone_sync_result(rc);
    if (!rc) {
        d->states = states;
        d->modes = modes;
        d->button_states = button_states;
    }
    if (!rc && d->state != DEVICE_OPEN)
        rc = (int32_t)PHONEERR_OPERATIONFAILED;
    phone_device_put(d);
    return rc;
}

/* ---- open -------------------------------------------------------------------------------------------------------- */

struct engine_phone *phone_find(const struct channel *c, uint32_t hphone)
{
    struct engine_phone *phone = pool_find(&engine.phones, hphone);

    return phone && phone->app->channel == c ? phone : NULL;
}

/* The number of owners or monitors has changed. */
static void tell_number(const struct engine_phone_device *d, const struct engine_phone *except, uint32_t privilege)
{
    uint32_t state = privilege == PHONEPRIVILEGE_OWNER ? PHONESTATE_OWNER : PHONESTATE_MONITORS, number = 0;
    const struct engine_phone *phone;

    for (phone = d->first; phone; phone = phone->next)
        number += phone->privilege == privilege;
    for (phone = d->first; phone; phone = phone->next)
        if (phone != except && phone->states & state)
            event_send_phone(phone, PHONE_STATE, state, number, 0);
}

static void phone_link(struct engine_phone *phone)
{
    struct engine_phone_device *d = phone->device;
    struct engine_app *app = phone->app;

    phone->prev = d->last;
    if (d->last)
        d->last->next = phone;
    else
        d->first = phone;
    d->last = phone;
    phone->app_next = app->phone_first;
    if (app->phone_first)
        app->phone_first->app_prev = phone;
    app->phone_first = phone;
    app->channel->handlec++;
}

/* Nothing of it is left; replies to it are not sent any more. */
static void phone_detach(struct engine_phone *phone, bool tell)
{
    struct engine_phone_device *d = phone->device;
    uint32_t privilege = phone->privilege;

    if (phone->prev)
        phone->prev->next = phone->next;
    else
        d->first = phone->next;
    if (phone->next)
        phone->next->prev = phone->prev;
    else
        d->last = phone->prev;
    if (phone->app_prev)
        phone->app_prev->app_next = phone->app_next;
    else
        phone->app->phone_first = phone->app_next;
    if (phone->app_next)
        phone->app_next->app_prev = phone->app_prev;
    phone->app->channel->handlec--;
    pool_hide(phone);
    pool_free(&engine.phones, phone);
    if (tell)
        tell_number(d, NULL, privilege);
}

static bool has_owner(const struct engine_phone_device *d)
{
    const struct engine_phone *phone;

    for (phone = d->first; phone && phone->privilege != PHONEPRIVILEGE_OWNER; phone = phone->next)
        ;
    return phone != NULL;
}

/* With d->config set: the provider's side. */
static int32_t open_provider(struct engine_phone_device *d, uint32_t ext)
{
    HDRVPHONE hdphone;
    int32_t rc = 0;

    if (d->state == DEVICE_CLOSED)
        rc = phone_device_open(d);
    else if (ext && d->ext && d->ext != ext)
        rc = (int32_t)PHONEERR_INCOMPATIBLEEXTVERSION;
    if (rc || !ext || d->ext)
        return rc;
    hdphone = d->hdphone;
    phone_device_hold(d);
    engine_unlock();
    PHONE_CALL(d->provider, rc, phoneSelectExtVersion, hdphone, ext);
    engine_lock();
    rc = phone_sync_result(rc);
    if (!rc)
        d->ext = ext;
    phone_device_put(d);
    if (!rc && d->state != DEVICE_OPEN)
        rc = (int32_t)PHONEERR_OPERATIONFAILED;
    return rc;
}

/* With d->config set. */
static int32_t open_add(struct engine_phone_device *d, const struct channel *c, struct channel_call *call)
{
    struct engine_app *app = app_find_phone(c, call->arg[0]);
    struct engine_phone *phone;

    if (!app)
        return (int32_t)PHONEERR_INVALAPPHANDLE;
    if (!channel_room(app->channel))
        return (int32_t)PHONEERR_RESOURCEUNAVAIL;
    phone = pool_alloc(&engine.phones);
    if (!phone)
        return (int32_t)PHONEERR_NOMEM;
    phone->app = app;
    phone->device = d;
    phone->version = call->arg[2];
    phone->ext = call->arg[3];
    phone->privilege = call->arg[4];
    phone->instance = (uint64_t)call->arg[7] << 32 | call->arg[6];
    phone_link(phone);
    call->ret[0] = phone->item.handle;
    call->ret[1] = d->id;
    tell_number(d, phone, phone->privilege);
    return 0;
}

int32_t phone_op_open(struct channel *c, struct channel_call *call)
{
    uint32_t privilege = call->arg[4];
    struct engine_phone_device *d;
    int32_t rc;

    if (!app_find_phone(c, call->arg[0]))
        return (int32_t)PHONEERR_INVALAPPHANDLE;
    if (engine.reinit)
        return (int32_t)PHONEERR_REINIT;
    if (!channel_room(c))
        return (int32_t)PHONEERR_RESOURCEUNAVAIL;
    rc = phone_device_find(call->arg[1], &d);
    if (rc)
        return rc;
    if (!engine_version_valid(call->arg[2]))
        return (int32_t)PHONEERR_INCOMPATIBLEAPIVERSION;
    if (privilege != PHONEPRIVILEGE_MONITOR && privilege != PHONEPRIVILEGE_OWNER)
        return (int32_t)PHONEERR_INVALPRIVILEGE;
    rc = phone_device_get(call->arg[1], &d);
    if (rc)
        return rc;
    while (d->config)
        engine_wait();
    d->config = true;
    if (d->removed)
        rc = (int32_t)PHONEERR_NODEVICE;
    else if (d->provider->stopping)
        rc = (int32_t)PHONEERR_NODRIVER;
    else if (privilege == PHONEPRIVILEGE_OWNER && has_owner(d))
        rc = (int32_t)PHONEERR_INUSE;
    else
        rc = open_provider(d, call->arg[3]);
    if (!rc)
        rc = open_add(d, c, call);
    if (rc && !d->first)
        phone_device_close(d);
    d->config = false;
    engine_change();
    phone_device_done(d);
    return rc;
}

/* ---- close ------------------------------------------------------------------------------------------------------- */

/* After a handle was taken away from others that stay. */
static void device_less(struct engine_phone_device *d)
{
    const struct engine_phone *phone;
    HDRVPHONE hdphone = d->hdphone;
    int32_t rc;

    for (phone = d->first; phone && !phone->ext; phone = phone->next)
        ;
    if (!phone && d->ext && d->state == DEVICE_OPEN) {
        phone_device_hold(d);
        d->ext = 0;
        engine_unlock();
        PHONE_CALL(d->provider, rc, phoneSelectExtVersion, hdphone, 0);
        engine_lock();
        (void)rc;
        phone_device_put(d);
    }
    (void)phone_device_update(d);
}

void phone_close(uint32_t hphone)
{
    struct engine_phone *phone;
    struct engine_phone_device *d;

    for (;;) {
        phone = pool_find(&engine.phones, hphone);
        if (!phone)
            return;
        d = phone->device;
        if (!d->config)
            break;
        engine_wait();
    }
    d->config = true;
    d->provider->busy++;
    phone_detach(phone, true);
    if (d->first)
        device_less(d);
    else
        phone_device_close(d);
    d->config = false;
    engine_change();
    phone_device_done(d);
}

int32_t phone_op_close(struct channel *c, struct channel_call *call)
{
    if (!phone_find(c, call->arg[0]))
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    phone_close(call->arg[0]);
    return 0;
}

static void close_all(struct engine_phone_device *d, bool removed)
{
    struct engine_phone *phone;

    while ((phone = d->first)) {
        if (removed && phone->version >= ENGINE_VERSION_1_4 && phone->states & PHONESTATE_REMOVED)
            event_send_phone(phone, PHONE_STATE, PHONESTATE_REMOVED, 0, 0);
        event_send_phone(phone, PHONE_CLOSE, 0, 0, 0);
        phone_detach(phone, false);
    }
}

/* The provider has closed it by force. */
static void phone_device_void(struct engine_phone_device *d, bool removed)
{
    if (d->state == DEVICE_OPENING)
        d->force_closed = true;
    if (d->state != DEVICE_OPEN)
        return;
    while (d->requests)
        phone_reply(d->requests, (int32_t)PHONEERR_OPERATIONFAILED);
    close_all(d, removed);
    phone_device_closed(d);
}

void phone_evict(struct engine_provider *p)
{
    uint32_t i;

    for (i = 0; i < engine.phone_slotc; i++) {
        struct engine_phone_device *d = engine.phone_slotv[i].device;

        if (engine.phone_slotv[i].provider != p || !d)
            continue;
        while (d->config)
            engine_wait();
        if (i >= engine.phone_slotc || engine.phone_slotv[i].device != d)
            continue;
        d->config = true;
        close_all(d, false);
        phone_device_close(d);
        d->config = false;
        engine_change();
    }
}

/* ---- what is to be seen ------------------------------------------------------------------------------------------ */

uint32_t phone_count(const struct engine_app *app)
{
    const struct engine_phone *phone;
    uint32_t count = 0;

    for (phone = app->phone_first; phone; phone = phone->app_next)
        count++;
    return count;
}

void phone_status_row(uint32_t id, struct channel_status_phone *row)
{
    const struct engine_phone_slot *slot = &engine.phone_slotv[id];
    const struct engine_phone *phone;

    memset(row, 0, sizeof(*row));
    row->device = id;
    row->provider = slot->provider ? slot->provider->id : 0;
    for (phone = slot->device ? slot->device->first : NULL; phone; phone = phone->next) {
        if (phone->privilege == PHONEPRIVILEGE_OWNER)
            row->owner = phone->app->item.last;
        else
            row->monitors++;
    }
}

/* ---- what providers report --------------------------------------------------------------------------------------- */

static struct engine_phone_device *device_of(HTAPIPHONE htphone)
{
    uintptr_t value = (uintptr_t)htphone;
    struct engine_tphone *tphone = value <= UINT32_MAX ? pool_find(&engine.tphones, (uint32_t)value) : NULL;

    return tphone ? tphone->device : NULL;
}

static void about_state(const struct engine_phone_device *d, uint32_t states, uint64_t p2, uint64_t p3)
{
    const struct engine_phone *phone;
    bool one = !(states & (states - 1));

    if (states & PHONESTATE_REINIT && engine.state == ENGINE_UP) {
        event_reinit();
        states &= ~(uint32_t)PHONESTATE_REINIT;
    }
    for (phone = d ? d->first : NULL; phone; phone = phone->next) {
        uint32_t wanted = states;

        if (phone->version < ENGINE_VERSION_1_4) {
            if (wanted & PHONESTATE_CAPSCHANGE)
                event_send_app(phone->app, PHONE_STATE, PHONESTATE_REINIT, PHONE_STATE, PHONESTATE_CAPSCHANGE);
            wanted &= ~(uint32_t)(PHONESTATE_CAPSCHANGE | PHONESTATE_REMOVED);
        }
        wanted &= phone->states;
        if (wanted)
            event_send_phone(phone, PHONE_STATE, wanted, one ? p2 : 0, one ? p3 : 0);
    }
}

static void about_button(const struct engine_phone_device *d, uint64_t p1, uint64_t p2, uint64_t p3)
{
    const struct engine_phone *phone;

    for (phone = d ? d->first : NULL; phone; phone = phone->next)
        if (p2 & phone->modes && p3 & phone->button_states)
            event_send_phone(phone, PHONE_BUTTON, p1, p2, p3);
}

static void about_removal(uint64_t id)
{
    struct engine_phone_device *d;
    struct engine_app *app;
    uint32_t i = 0;

    if (id >= engine.phone_slotc || phone_device_find((uint32_t)id, &d))
        return;
    phone_device_void(d, true);
    d->removed = true;
    while ((app = pool_next(&engine.apps_pool, &i)))
        if (app->phone && app->version >= ENGINE_VERSION_2_0)
            event_send_app(app, PHONE_REMOVE, id, 0, 0);
}

void CALLBACK event_phone(HTAPIPHONE htphone, DWORD message, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    struct engine_phone_device *d;
    const struct engine_phone *phone;
    struct engine_provider *p;

    engine_lock();
    d = device_of(htphone);
    switch (message) {
    case PHONE_STATE:
        about_state(d, (uint32_t)p1, p2, p3);
        break;
    case PHONE_BUTTON:
        about_button(d, p1, p2, p3);
        break;
    case PHONE_DEVSPECIFIC:
        for (phone = d ? d->first : NULL; phone; phone = phone->next)
            event_send_phone(phone, PHONE_DEVSPECIFIC, p1, p2, p3);
        break;
    case PHONE_CLOSE:
        if (d)
            phone_device_void(d, false);
        break;
    case PHONE_CREATE:
        p = p1 <= UINT32_MAX ? pool_find(&engine.providers, (uint32_t)p1) : NULL;
        if (p)
            provider_job_create(p, p2, true);
        break;
    case PHONE_REMOVE:
        about_removal(p1);
        break;
    default:
        break;
    }
    engine_unlock();
}
