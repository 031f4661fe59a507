/* What applications ask of phones. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"

#include <stdlib.h>
#include <string.h>

enum { DATA_MAX = 1 << 20 }; /* bytes of data that an application may ask for at once */

/* ---- without opening it ------------------------------------------------------------------------------------------ */

int32_t phone_op_negotiate(struct channel *c, struct channel_call *call)
{
    static const uint32_t versions[] = {ENGINE_VERSION_MAX, 0x00020001, ENGINE_VERSION_2_0, ENGINE_VERSION_1_4,
                                        ENGINE_VERSION_MIN};
    uint32_t low = call->arg[2], high = call->arg[3], i;
    PHONEEXTENSIONID extension = {0, 0, 0, 0};
    struct engine_phone_device *d;
    int32_t rc, ext_rc;

    if (!app_find_phone(c, call->arg[0]))
        return (int32_t)PHONEERR_INVALAPPHANDLE;
    rc = phone_device_get(call->arg[1], &d);
    if (rc)
        return rc;
    for (i = 0; i < sizeof(versions) / sizeof(*versions); i++)
        if (versions[i] >= low && versions[i] <= high)
            break;
    if (i == sizeof(versions) / sizeof(*versions)) {
        phone_device_done(d);
        return (int32_t)PHONEERR_INCOMPATIBLEAPIVERSION;
    }
    engine_unlock();
    PHONE_CALL(d->provider, ext_rc, phoneGetExtensionID, d->id, d->version, &extension);
    engine_lock();
    phone_device_done(d);
    /* No extensions is not an error. */
    if (ext_rc)
        memset(&extension, 0, sizeof(extension));
    call->out = malloc(sizeof(extension));
    if (!call->out)
        return (int32_t)PHONEERR_NOMEM;
    memcpy(call->out, &extension, sizeof(extension));
    call->out_len = sizeof(extension);
    call->ret[0] = versions[i];
    return 0;
}

int32_t phone_op_ext_negotiate(struct channel *c, struct channel_call *call)
{
    uint32_t low = call->arg[3], high = call->arg[4];
    struct engine_phone_device *d;
    DWORD ext = 0;
    int32_t rc;

    if (!app_find_phone(c, call->arg[0]))
        return (int32_t)PHONEERR_INVALAPPHANDLE;
    if (!engine_version_valid(call->arg[2]))
        return (int32_t)PHONEERR_INCOMPATIBLEAPIVERSION;
    rc = phone_device_get(call->arg[1], &d);
    if (rc)
        return rc;
    engine_unlock();
    PHONE_CALL(d->provider, rc, phoneNegotiateExtVersion, d->id, d->version, low, high, &ext);
    engine_lock();
    phone_device_done(d);
    rc = phone_sync_result(rc);
    if (!rc && (!ext || ext < low || ext > high))
        rc = (int32_t)PHONEERR_INCOMPATIBLEEXTVERSION;
    call->ret[0] = rc ? 0 : ext;
    return rc;
}

struct query {
    struct engine_provider *provider;
    HDRVPHONE hdphone;
    uint32_t device, version, id;
    const uint16_t *text;
};

static int32_t query_caps(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PHONE_CALL(q->provider, rc, phoneGetDevCaps, q->device, q->version, q->id, buffer);
    return rc;
}

int32_t phone_op_caps(struct channel *c, struct channel_call *call)
{
    struct query q = {.device = call->arg[1], .id = call->arg[3]};
    struct engine_phone_device *d;
    PHONECAPS *caps;
    int32_t rc;

    if (!app_find_phone(c, call->arg[0]))
        return (int32_t)PHONEERR_INVALAPPHANDLE;
    if (!engine_version_valid(call->arg[2]))
        return (int32_t)PHONEERR_INCOMPATIBLEAPIVERSION;
    rc = phone_device_get(call->arg[1], &d);
    if (rc)
        return rc;
    q.provider = d->provider;
    q.version = d->version;
    engine_unlock();
    rc = fetch_structure(LAYOUT_PHONECAPS, q.version, query_caps, &q, &call->out, &call->out_len);
    engine_lock();
    phone_device_done(d);
    if (rc)
        return rc;
    caps = call->out;
    caps->dwPhoneStates |= PHONESTATE_OWNER | PHONESTATE_MONITORS | PHONESTATE_REINIT;
    return 0;
}

int32_t phone_op_icon(struct channel *c, struct channel_call *call)
{
    const uint16_t *text = text_check(call->in0, call->in0_len);
    struct engine_phone_device *d;
    HICON icon = NULL;
    int32_t rc;

    (void)c;
    if (call->in0 && !text)
        return (int32_t)PHONEERR_INVALDEVICECLASS;
    rc = phone_device_get(call->arg[0], &d);
    if (rc)
        return rc;
    engine_unlock();
    PHONE_CALL(d->provider, rc, phoneGetIcon, d->id, (LPCWSTR)text, &icon);
    engine_lock();
    phone_device_done(d);
    /* Handles of icons are good in all processes, and of 32 bits. */
    call->ret[0] = (uint32_t)(uintptr_t)icon;
    return phone_sync_result(rc);
}

/* ---- structures of an open phone --------------------------------------------------------------------------------- */

static int32_t query_run(const struct channel *c, struct channel_call *call, enum layout_type type, fetch_h *h,
                         struct query *q)
{
    struct engine_phone *phone = phone_find(c, call->arg[0]);
    struct engine_phone_device *d;
    int32_t rc;

    if (!phone)
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    d = phone->device;
    q->provider = d->provider;
    q->hdphone = d->hdphone;
    phone_device_hold(d);
    engine_unlock();
    rc = fetch_structure(type, d->version, h, q, &call->out, &call->out_len);
    engine_lock();
    phone_device_put(d);
    /* The engine may have closed it meanwhile. */
    if (!rc && !phone_find(c, call->arg[0]))
        rc = (int32_t)PHONEERR_INVALPHONEHANDLE;
    return rc;
}

static int32_t query_status(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PHONE_CALL(q->provider, rc, phoneGetStatus, q->hdphone, buffer);
    return rc;
}

int32_t phone_op_status(struct channel *c, struct channel_call *call)
{
    const struct engine_phone *phone, *owner = NULL;
    uint32_t owners = 0, monitors = 0;
    struct query q = {0};
    PHONESTATUS *status;
    int32_t rc = query_run(c, call, LAYOUT_PHONESTATUS, query_status, &q);

    if (rc)
        return rc;
    for (phone = phone_find(c, call->arg[0])->device->first; phone; phone = phone->next) {
        if (phone->privilege == PHONEPRIVILEGE_OWNER) {
            owners++;
            owner = phone;
        } else {
            monitors++;
        }
    }
    status = call->out;
    status->dwNumOwners = owners;
    status->dwNumMonitors = monitors;
    status->dwOwnerNameSize = status->dwOwnerNameOffset = 0;
    if (!owner || !owner->app->name)
        return 0;
    return layout_add(LAYOUT_PHONESTATUS, &call->out, &call->out_len, offsetof(PHONESTATUS, dwOwnerNameSize),
                      owner->app->name->text, owner->app->name->size);
}

static int32_t query_display(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PHONE_CALL(q->provider, rc, phoneGetDisplay, q->hdphone, buffer);
    return rc;
}

int32_t phone_op_display_get(struct channel *c, struct channel_call *call)
{
    struct query q = {0};

    return query_run(c, call, LAYOUT_VARSTRING, query_display, &q);
}

static int32_t query_button(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PHONE_CALL(q->provider, rc, phoneGetButtonInfo, q->hdphone, q->id, buffer);
    return rc;
}

int32_t phone_op_button_get(struct channel *c, struct channel_call *call)
{
    struct query q = {.id = call->arg[1]};

    return query_run(c, call, LAYOUT_PHONEBUTTONINFO, query_button, &q);
}

static int32_t query_id(void *buffer, void *arg)
{
    const struct query *q = arg;
    int32_t rc;

    PHONE_CALL(q->provider, rc, phoneGetID, q->hdphone, buffer, (LPCWSTR)q->text, NULL);
    return rc;
}

int32_t phone_op_id(struct channel *c, struct channel_call *call)
{
    struct query q = {.text = text_check(call->in0, call->in0_len)};

    if (!call->in0)
        return (int32_t)PHONEERR_INVALPOINTER;
    return q.text ? query_run(c, call, LAYOUT_VARSTRING, query_id, &q) : (int32_t)PHONEERR_INVALDEVICECLASS;
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

int32_t phone_op_get(struct channel *c, struct channel_call *call)
{
    struct engine_phone *phone = phone_find(c, call->arg[0]);
    uint32_t what = call->arg[1], id = call->arg[2];
    struct engine_phone_device *d;
    DWORD value = 0, volume = 0;
    HDRVPHONE hdphone;
    int32_t rc;

    if (!phone)
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    d = phone->device;
    hdphone = d->hdphone;
    phone_device_hold(d);
    engine_unlock();
    switch (what) {
    case CHANNEL_PHONE_LAMP:
        PHONE_CALL(d->provider, rc, phoneGetLamp, hdphone, id, &value);
        break;
    case CHANNEL_PHONE_RING:
        PHONE_CALL(d->provider, rc, phoneGetRing, hdphone, &value, &volume);
        break;
    case CHANNEL_PHONE_HOOK:
        PHONE_CALL(d->provider, rc, phoneGetHookSwitch, hdphone, &value);
        break;
    case CHANNEL_PHONE_VOLUME:
        PHONE_CALL(d->provider, rc, phoneGetVolume, hdphone, id, &value);
        break;
    case CHANNEL_PHONE_GAIN:
        PHONE_CALL(d->provider, rc, phoneGetGain, hdphone, id, &value);
        break;
    default:
        rc = (int32_t)PHONEERR_INVALPARAM;
        break;
    }
    engine_lock();
    phone_device_put(d);
    call->ret[0] = value;
    call->ret[1] = volume;
    return phone_sync_result(rc);
}

int32_t phone_op_data_get(struct channel *c, struct channel_call *call)
{
    struct engine_phone *phone = phone_find(c, call->arg[0]);
    uint32_t id = call->arg[1], size = call->arg[2] < DATA_MAX ? call->arg[2] : DATA_MAX;
    struct engine_phone_device *d;
    HDRVPHONE hdphone;
    void *data;
    int32_t rc;

    if (!phone)
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    data = calloc(1, size ? size : 1);
    if (!data)
        return (int32_t)PHONEERR_NOMEM;
    d = phone->device;
    hdphone = d->hdphone;
    phone_device_hold(d);
    engine_unlock();
    PHONE_CALL(d->provider, rc, phoneGetData, hdphone, id, data, size);
    engine_lock();
    phone_device_put(d);
    call->out = data;
    call->out_len = size;
    return phone_sync_result(rc);
}

/* ---- status messages --------------------------------------------------------------------------------------------- */

int32_t phone_op_status_set(struct channel *c, struct channel_call *call)
{
    uint32_t states = call->arg[1], modes = call->arg[2], button_states = call->arg[3], old[3];
    struct engine_phone_device *d;
    struct engine_phone *phone;
    int32_t rc;

    for (;;) {
        phone = phone_find(c, call->arg[0]);
        if (!phone)
            return (int32_t)PHONEERR_INVALPHONEHANDLE;
        d = phone->device;
        if (states & ~(phone->version < ENGINE_VERSION_1_4 ? 0x003FFFFFu : 0x00FFFFFFu))
            return (int32_t)PHONEERR_INVALPHONESTATE;
        if (modes & ~0x3Fu)
            return (int32_t)PHONEERR_INVALBUTTONMODE;
        if (modes && (!button_states || button_states & ~0xFu))
            return (int32_t)PHONEERR_INVALBUTTONSTATE;
        if (!d->config)
            break;
        engine_wait();
    }
    d->config = true;
    d->provider->busy++;
    old[0] = phone->states;
    old[1] = phone->modes;
    old[2] = phone->button_states;
    phone->states = states;
    phone->modes = modes;
    phone->button_states = modes ? button_states : 0;
    rc = phone_device_update(d);
    phone = phone_find(c, call->arg[0]);
    if (rc && phone) {
        phone->states = old[0];
        phone->modes = old[1];
        phone->button_states = old[2];
    }
    d->config = false;
    engine_change();
    phone_device_done(d);
    return rc;
}

int32_t phone_op_status_get(struct channel *c, struct channel_call *call)
{
    const struct engine_phone *phone = phone_find(c, call->arg[0]);

    if (!phone)
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    call->ret[0] = phone->states;
    call->ret[1] = phone->modes;
    call->ret[2] = phone->button_states;
    return 0;
}

/* ---- asynchronous functions -------------------------------------------------------------------------------------- */

/* Asks the provider, not locked. */
typedef int32_t(start_h)(struct engine_provider *p, HDRVPHONE hdphone, uint32_t request, struct channel_call *call,
                         void *arg);

static int32_t request_run(struct channel *c, struct channel_call *call, bool owner, start_h *h, void *arg)
{
    struct engine_phone *phone = phone_find(c, call->arg[0]);
    struct engine_phone_request *r;
    struct engine_phone_device *d;
    uint32_t id = call->arg[1], handle;
    HDRVPHONE hdphone;
    int32_t rc;

    if (!phone)
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    if (!id || id > INT32_MAX)
        return (int32_t)PHONEERR_INVALPARAM;
    if (owner && phone->privilege != PHONEPRIVILEGE_OWNER)
        return (int32_t)PHONEERR_NOTOWNER;
    r = pool_alloc(&engine.phone_requests);
    if (!r)
        return (int32_t)PHONEERR_NOMEM;
    d = phone->device;
    r->id = id;
    r->hphone = phone->item.handle;
    r->device = d;
    r->next = d->requests;
    d->requests = r;
    handle = r->item.handle;
    hdphone = d->hdphone;
    phone_device_hold(d);
    engine_unlock();
    rc = h(d->provider, hdphone, handle, call, arg);
    engine_lock();
    phone_device_put(d);
    r = pool_find(&engine.phone_requests, handle);
    /* Completed already: whatever it returns now, it took the request. */
    if (!r)
        return (int32_t)id;
    if (rc < 0) {
        phone_request_free(r);
        return rc;
    }
    /* Some take 0 for success and never complete. */
    if (!rc)
        phone_reply(r, 0);
    /* The phone was closed meanwhile: there will be no reply. */
    return phone_find(c, call->arg[0]) ? (int32_t)id : (int32_t)PHONEERR_OPERATIONFAILED;
}

/* What is beyond its limit is the limit. */
static uint32_t level(uint32_t value)
{
    return value < 0xFFFF ? value : 0xFFFF;
}

static int32_t start_set(struct engine_provider *p, HDRVPHONE hdphone, uint32_t request, struct channel_call *call,
                         void *arg)
{
    uint32_t id = call->arg[3], value = call->arg[4];
    int32_t rc;

    (void)arg;
    switch (call->arg[2]) {
    case CHANNEL_PHONE_LAMP:
        PHONE_CALL(p, rc, phoneSetLamp, request, hdphone, id, value);
        break;
    case CHANNEL_PHONE_RING:
        PHONE_CALL(p, rc, phoneSetRing, request, hdphone, id, level(value));
        break;
    case CHANNEL_PHONE_HOOK:
        PHONE_CALL(p, rc, phoneSetHookSwitch, request, hdphone, id, value);
        break;
    case CHANNEL_PHONE_VOLUME:
        PHONE_CALL(p, rc, phoneSetVolume, request, hdphone, id, level(value));
        break;
    case CHANNEL_PHONE_GAIN:
        PHONE_CALL(p, rc, phoneSetGain, request, hdphone, id, level(value));
        break;
    default:
        rc = (int32_t)PHONEERR_INVALPARAM;
        break;
    }
    return rc;
}

int32_t phone_op_set(struct channel *c, struct channel_call *call)
{
    return request_run(c, call, true, start_set, NULL);
}

static int32_t start_display(struct engine_provider *p, HDRVPHONE hdphone, uint32_t request, struct channel_call *call,
                             void *arg)
{
    int32_t rc;

    (void)arg;
    PHONE_CALL(p, rc, phoneSetDisplay, request, hdphone, call->arg[2], call->arg[3], (LPCWSTR)call->in0, call->in0_len);
    return rc;
}

int32_t phone_op_display_set(struct channel *c, struct channel_call *call)
{
    return request_run(c, call, true, start_display, NULL);
}

static int32_t start_data(struct engine_provider *p, HDRVPHONE hdphone, uint32_t request, struct channel_call *call,
                          void *arg)
{
    int32_t rc;

    (void)arg;
    PHONE_CALL(p, rc, phoneSetData, request, hdphone, call->arg[2], (LPVOID)(uintptr_t)call->in0, call->in0_len);
    return rc;
}

int32_t phone_op_data_set(struct channel *c, struct channel_call *call)
{
    return request_run(c, call, true, start_data, NULL);
}

static int32_t start_button(struct engine_provider *p, HDRVPHONE hdphone, uint32_t request, struct channel_call *call,
                            void *arg)
{
    int32_t rc;

    PHONE_CALL(p, rc, phoneSetButtonInfo, request, hdphone, call->arg[2], arg);
    return rc;
}

int32_t phone_op_button_set(struct channel *c, struct channel_call *call)
{
    const struct engine_phone *phone = phone_find(c, call->arg[0]);
    uint32_t fixed = layout_fixed(LAYOUT_PHONEBUTTONINFO, ENGINE_VERSION_MAX), total = 0;
    PHONEBUTTONINFO *info;
    int32_t rc;

    if (!phone)
        return (int32_t)PHONEERR_INVALPHONEHANDLE;
    if (!call->in0)
        return (int32_t)PHONEERR_INVALPOINTER;
    if (call->in0_len >= sizeof(total))
        memcpy(&total, call->in0, sizeof(total));
    if (call->in0_len < fixed || total < fixed || total > call->in0_len)
        return (int32_t)PHONEERR_STRUCTURETOOSMALL;
    /* In the provider's version, and checked: what does not lie within it is not there. */
    info = calloc(1, call->in0_len);
    if (!info)
        return (int32_t)PHONEERR_NOMEM;
    info->dwTotalSize = call->in0_len;
    rc = layout_convert(LAYOUT_PHONEBUTTONINFO, info, phone->device->version, false, call->in0, total,
                        ENGINE_VERSION_MAX);
    if (!rc)
        rc = request_run(c, call, true, start_button, info);
    free(info);
    return rc;
}

static int32_t start_devspecific(struct engine_provider *p, HDRVPHONE hdphone, uint32_t request,
                                 struct channel_call *call, void *arg)
{
    int32_t rc;

    PHONE_CALL(p, rc, phoneDevSpecific, request, hdphone, arg, call->in0_len);
    return rc;
}

int32_t phone_op_devspecific(struct channel *c, struct channel_call *call)
{
    void *data;
    int32_t rc;

    if (!call->in0)
        return request_run(c, call, false, start_devspecific, NULL);
    /* A copy, which the provider may write to. */
    data = malloc(call->in0_len ? call->in0_len : 1);
    if (!data)
        return (int32_t)PHONEERR_NOMEM;
    memcpy(data, call->in0, call->in0_len);
    rc = request_run(c, call, false, start_devspecific, data);
    free(data);
    return rc;
}
