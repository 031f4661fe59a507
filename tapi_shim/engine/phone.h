/* Phones of the engine: devices, applications' handles of them, their requests. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_ENGINE_PHONE_H
#define TAPI_SHIM_ENGINE_PHONE_H

#include "tapi_shim/engine/priv.h"

/* As for lines: the engine's mutex guards everything, and is not held while a provider's function runs; functions below
 * expect it held. A phone is opened once in its provider, for all applications: one owner, any number of monitors. */

enum { ENGINE_PHONES_MAX = ENGINE_DEVICES_MAX };

struct engine_tphone { /* HTAPIPHONE: one for each TSPI_phoneOpen */
    struct pool_item item;
    struct engine_phone_device *device;
};

struct engine_phone_device {
    uint32_t id;
    struct engine_provider *provider; /* NULL: gone */
    bool removed;
    uint32_t version; /* TSPI version negotiated, 0: not yet */
    enum device_state state;
    bool config;       /* a thread is opening, closing or setting masks: others wait for engine.changed */
    bool force_closed; /* PHONE_CLOSE came while TSPI_phoneOpen had not returned */
    struct engine_tphone *tphone;
    HDRVPHONE hdphone;
    HDRVPHONE hdphone_slot;                /* where the provider writes, now or too late */
    uint32_t ext;                          /* selected extension version */
    uint32_t states, modes, button_states; /* what the provider was told */
    uint32_t busy;                         /* threads inside the provider for this phone */
    struct engine_phone *first, *last;     /* in the order of opening */
    struct engine_phone_request *requests;
};

/* One phoneOpen. */
struct engine_phone {
    struct pool_item item; /* HPHONE */
    struct engine_app *app;
    struct engine_phone_device *device;
    uint64_t instance;
    uint32_t version, ext, privilege;
    uint32_t states, modes, button_states;    /* wanted */
    struct engine_phone *prev, *next;         /* of the device */
    struct engine_phone *app_prev, *app_next; /* of the application */
};

struct engine_phone_request {
    struct pool_item item; /* DRV_REQUESTID */
    uint32_t id;           /* the application's */
    uint32_t hphone;
    struct engine_phone_device *device;
    struct engine_phone_request *next; /* of the device */
};

struct engine_phone_slot { /* of a phone device id */
    struct engine_provider *provider;
    struct engine_phone_device *device; /* made when first used */
    bool gone;                          /* its provider was removed */
};

/* A function of a provider, not locked: `rc` (int32_t) is what it returned. */
#define PHONE_CALL(p, rc, name, ...)                                                                                   \
    do {                                                                                                               \
        (rc) = (int32_t)PHONEERR_OPERATIONUNAVAIL;                                                                     \
        if ((p)->fn.name)                                                                                              \
            PROVIDER_CALL(p, rc, name, __VA_ARGS__);                                                                   \
    } while (0)

/* A LINEERR_ of what lines and phones share, as PHONEERR_; anything else as it is. */
int32_t phone_error(int32_t rc);
/* A synchronous function succeeded with 0 only. */
static inline int32_t phone_sync_result(int32_t rc)
{
    return rc > 0 ? (int32_t)PHONEERR_OPERATIONFAILED : rc;
}

/* ---- phone.c ----------------------------------------------------------------------------------------------------- */

bool phone_append(struct engine_provider *p, uint32_t count);
void phone_slots_gone(struct engine_provider *p); /* the provider stops */
void phone_slots_free(void);
/* By the provider's worker; unlocks meanwhile. */
void phone_create(struct engine_provider *p, uint64_t temp_id);
/* The provider is taken out: its phones are closed by force. Unlocks meanwhile. */
void phone_evict(struct engine_provider *p);
/* The device; not held. 0 or PHONEERR_. */
int32_t phone_device_find(uint32_t id, struct engine_phone_device **devicep);
/* The device, its provider's version for it negotiated, the provider held; unlocks meanwhile. 0 or PHONEERR_. */
int32_t phone_device_get(uint32_t id, struct engine_phone_device **devicep);
void phone_device_done(struct engine_phone_device *d);
void phone_device_hold(struct engine_phone_device *d);
void phone_device_put(struct engine_phone_device *d);
/* Tells the provider the union of what is wanted, by the thread that set d->config; unlocks meanwhile. */
int32_t phone_device_update(struct engine_phone_device *d);
struct engine_phone *phone_find(const struct channel *c, uint32_t hphone);
/* Nothing happens if it is gone by then. Unlocks meanwhile. */
void phone_close(uint32_t hphone);
uint32_t phone_count(const struct engine_app *app);
void phone_status_row(uint32_t id, struct channel_status_phone *row);
/* Whether the request was a phone's. */
bool phone_completion(uint32_t request, int32_t result);
void phone_request_free(struct engine_phone_request *r);
void phone_reply(struct engine_phone_request *r, int32_t result);

int32_t phone_op_open(struct channel *c, struct channel_call *call);
int32_t phone_op_close(struct channel *c, struct channel_call *call);

/* ---- phoneop.c --------------------------------------------------------------------------------------------------- */

int32_t phone_op_negotiate(struct channel *c, struct channel_call *call);
int32_t phone_op_ext_negotiate(struct channel *c, struct channel_call *call);
int32_t phone_op_caps(struct channel *c, struct channel_call *call);
int32_t phone_op_icon(struct channel *c, struct channel_call *call);
int32_t phone_op_status(struct channel *c, struct channel_call *call);
int32_t phone_op_status_set(struct channel *c, struct channel_call *call);
int32_t phone_op_status_get(struct channel *c, struct channel_call *call);
int32_t phone_op_get(struct channel *c, struct channel_call *call);
int32_t phone_op_set(struct channel *c, struct channel_call *call);
int32_t phone_op_display_get(struct channel *c, struct channel_call *call);
int32_t phone_op_display_set(struct channel *c, struct channel_call *call);
int32_t phone_op_data_get(struct channel *c, struct channel_call *call);
int32_t phone_op_data_set(struct channel *c, struct channel_call *call);
int32_t phone_op_button_get(struct channel *c, struct channel_call *call);
int32_t phone_op_button_set(struct channel *c, struct channel_call *call);
int32_t phone_op_id(struct channel *c, struct channel_call *call);
int32_t phone_op_devspecific(struct channel *c, struct channel_call *call);

#endif
