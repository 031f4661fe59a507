/* The engine's own view of itself: objects, and what its files offer each other. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_ENGINE_PRIV_H
#define TAPI_SHIM_ENGINE_PRIV_H

#include "include/tapi_port.h"
#include "tapi_shim/channel/channel.h"
#include "tapi_shim/channel/layout.h"
#include "tapi_shim/engine/dialling.h"
#include "tapi_shim/engine/engine.h"
#include "tapi_shim/platform/platform.h"
#include "tapi_shim/platform/trace.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Threads and locks. One mutex guards everything here. It is never held while a provider's function runs, so whatever
 * was looked up before such a call is looked up again after it, or was held: a call, device or provider with `busy`
 * above zero stays in memory and is not closed. Providers' callbacks come on any thread at any time; they take the
 * mutex, never wait for anything else and never call a provider: what needs that is left to the provider's worker
 * thread. Messages go to the client with the mutex held, which keeps them in order. Functions below expect the mutex
 * held unless they say otherwise.
 */

enum {
    ENGINE_VERSION_MIN = 0x00010003,
    ENGINE_VERSION_1_4 = 0x00010004,
    ENGINE_VERSION_2_0 = 0x00020000,
    ENGINE_VERSION_MAX = 0x00020002,
    ENGINE_DEVICES_MAX = 1000000, /* line devices of all providers */
    ENGINE_DEFERRED_MAX = 256,    /* events kept for a call that may not be reported yet */
    ENGINE_CREATES_MAX = 65536,   /* devices a provider wants created, waiting */
    ENGINE_STRUCT_MAX = 1 << 20,  /* bytes of a structure that a provider wants */
    ENGINE_NO_ADDRESS = -1
};

/* What the engine calls in a provider. A name not exported stays NULL and answers LINEERR_OPERATIONUNAVAIL. */
#define ENGINE_TSPI_MAP(X)                                                                                             \
    X(lineNegotiateTSPIVersion)                                                                                        \
    X(lineNegotiateExtVersion)                                                                                         \
    X(lineSelectExtVersion)                                                                                            \
    X(lineGetExtensionID)                                                                                              \
    X(lineGetDevCaps)                                                                                                  \
    X(lineGetAddressCaps)                                                                                              \
    X(lineOpen)                                                                                                        \
    X(lineClose)                                                                                                       \
    X(lineGetLineDevStatus)                                                                                            \
    X(lineGetAddressStatus)                                                                                            \
    X(lineGetAddressID)                                                                                                \
    X(lineGetNumAddressIDs)                                                                                            \
    X(lineSetStatusMessages)                                                                                           \
    X(lineSetDefaultMediaDetection)                                                                                    \
    X(lineConditionalMediaDetection)                                                                                   \
    X(lineGetDevConfig)                                                                                                \
    X(lineSetDevConfig)                                                                                                \
    X(lineMakeCall)                                                                                                    \
    X(lineDial)                                                                                                        \
    X(lineAccept)                                                                                                      \
    X(lineAnswer)                                                                                                      \
    X(lineDrop)                                                                                                        \
    X(lineCloseCall)                                                                                                   \
    X(lineGetCallInfo)                                                                                                 \
    X(lineGetCallStatus)                                                                                               \
    X(lineGetCallAddressID)                                                                                            \
    X(lineSetAppSpecific)                                                                                              \
    X(lineSetCurrentLocation)                                                                                          \
    X(lineHold)                                                                                                        \
    X(lineUnhold)                                                                                                      \
    X(lineSwapHold)                                                                                                    \
    X(lineSetupTransfer)                                                                                               \
    X(lineCompleteTransfer)                                                                                            \
    X(lineBlindTransfer)                                                                                               \
    X(lineRedirect)                                                                                                    \
    X(lineSetupConference)                                                                                             \
    X(linePrepareAddToConference)                                                                                      \
    X(lineAddToConference)                                                                                             \
    X(lineRemoveFromConference)                                                                                        \
    X(linePark)                                                                                                        \
    X(lineUnpark)                                                                                                      \
    X(linePickup)                                                                                                      \
    X(lineForward)                                                                                                     \
    X(lineCompleteCall)                                                                                                \
    X(lineUncompleteCall)                                                                                              \
    X(lineSetLineDevStatus)                                                                                            \
    X(lineSecureCall)                                                                                                  \
    X(lineSendUserUserInfo)                                                                                            \
    X(lineReleaseUserUserInfo)                                                                                         \
    X(lineSetCallData)                                                                                                 \
    X(lineSetCallParams)                                                                                               \
    X(lineSetCallTreatment)                                                                                            \
    X(lineSetCallQualityOfService)                                                                                     \
    X(lineSetTerminal)                                                                                                 \
    X(lineDevSpecific)                                                                                                 \
    X(lineDevSpecificFeature)                                                                                          \
    X(lineSetMediaMode)                                                                                                \
    X(lineGenerateDigits)                                                                                              \
    X(lineGenerateTone)                                                                                                \
    X(lineGatherDigits)                                                                                                \
    X(lineMonitorDigits)                                                                                               \
    X(lineMonitorMedia)                                                                                                \
    X(lineMonitorTones)                                                                                                \
    X(lineSetMediaControl)                                                                                             \
    X(lineGetID)                                                                                                       \
    X(lineGetIcon)                                                                                                     \
    X(providerEnumDevices)                                                                                             \
    X(providerInit)                                                                                                    \
    X(providerShutdown)                                                                                                \
    X(providerCreateLineDevice)                                                                                        \
    X(providerUIIdentify)                                                                                              \
    X(providerGenericDialogData)                                                                                              \
    X(phoneNegotiateTSPIVersion)                                                                                       \
    X(phoneNegotiateExtVersion)                                                                                        \
    X(phoneSelectExtVersion)                                                                                           \
    X(phoneGetExtensionID)                                                                                             \
    X(phoneGetDevCaps)                                                                                                 \
    X(phoneOpen)                                                                                                       \
    X(phoneClose)                                                                                                      \
    X(phoneGetStatus)                                                                                                  \
    X(phoneSetStatusMessages)                                                                                          \
    X(phoneGetID)                                                                                                      \
    X(phoneGetIcon)                                                                                                    \
    X(phoneDevSpecific)                                                                                                \
    X(phoneGetButtonInfo)                                                                                              \
    X(phoneSetButtonInfo)                                                                                              \
    X(phoneGetData)                                                                                                    \
    X(phoneSetData)                                                                                                    \
    X(phoneGetDisplay)                                                                                                 \
    X(phoneSetDisplay)                                                                                                 \
    X(phoneGetGain)                                                                                                    \
    X(phoneSetGain)                                                                                                    \
    X(phoneGetHookSwitch)                                                                                              \
    X(phoneSetHookSwitch)                                                                                              \
    X(phoneGetLamp)                                                                                                    \
    X(phoneSetLamp)                                                                                                    \
    X(phoneGetRing)                                                                                                    \
    X(phoneSetRing)                                                                                                    \
    X(phoneGetVolume)                                                                                                  \
    X(phoneSetVolume)                                                                                                  \
    X(providerCreatePhoneDevice)

struct engine_tspi {
#define ENGINE_TSPI_MEMBER(name) __typeof__(TSPI_##name) *name;
    ENGINE_TSPI_MAP(ENGINE_TSPI_MEMBER)
#undef ENGINE_TSPI_MEMBER
};

/* ---- handle.c: objects found by handle --------------------------------------------------------------------------- */

/* First member of each object. */
struct pool_item {
    uint32_t handle; /* 0: not valid (any more) */
    uint32_t last;   /* the handle it has or had */
};

/* Objects of one kind, and their handles: fixed top bits that no other kind has, generation, index. Memory is given
 * back by pool_clear only. */
struct pool {
    uint32_t prefix, prefix_bits, index_bits;
    uint32_t item_size; /* bytes */
    uint32_t spare;     /* this many freed ones wait before the first of them is used again */
    uint32_t chunk_bits;
    unsigned char **chunkv;
    uint32_t chunkc;
    uint32_t count; /* ever made */
    uint32_t live;
    uint32_t freec, free_first, free_last;
    uint32_t epoch; /* generations go on where those before pool_clear ended */
};

/* A zeroed object with a handle that is valid. NULL: no memory, or too many. */
void *pool_alloc(struct pool *p);
/* NULL: no such object (any more). */
void *pool_find(const struct pool *p, uint32_t handle);
/* From now on the handle finds nothing. The object stays. */
void pool_hide(void *item);
void pool_free(struct pool *p, void *item); /* takes NULL */
void pool_clear(struct pool *p);
/* The next one with a valid handle, from index `*i` on; NULL: no more. */
void *pool_next(const struct pool *p, uint32_t *i);

/* ---- objects ----------------------------------------------------------------------------------------------------- */

/* A text that several objects share. */
struct engine_text {
    uint32_t refs;
    uint32_t size; /* bytes, terminator included */
    uint16_t text[];
};

struct engine_job; /* a device to be created */

struct engine_provider {
    struct pool_item item;          /* its handle is the HPROVIDER */
    uint32_t id;                    /* permanent provider id */
    char *file;                     /* as listed; for messages */
    struct platform_module *module; /* NULL: linked in */
    struct engine_tspi fn;
    uint32_t version; /* negotiated for the provider as a whole */
    uint32_t busy;    /* threads inside, or about to be */
    bool nonreentrant, started, stopping;
    struct platform_mutex serial; /* held around each call if nonreentrant; taken before the engine's, never after it */
    /* work that a callback left behind */
    struct platform_thread *worker;
    struct platform_cond wake;
    struct engine_call *job_first, *job_last;
    struct engine_job *create_first, *create_last;
    uint32_t createc;
    bool worker_busy, quit;
    struct engine_provider *next;
};

enum device_state { DEVICE_CLOSED, DEVICE_OPENING, DEVICE_OPEN, DEVICE_CLOSING };

/* What a provider was given as HTAPILINE: one for each TSPI_lineOpen. */
struct engine_tline {
    struct pool_item item;
    struct engine_device *device;
};

struct engine_device {
    uint32_t id;
    struct engine_provider *provider; /* NULL: gone */
    bool removed;
    uint32_t version; /* TSPI version negotiated, 0: not yet */
    LINEEXTENSIONID extension;
    /* the open line */
    enum device_state state;
    bool config;       /* a thread is opening, closing or setting masks: others wait for engine.changed */
    bool force_closed; /* LINE_CLOSE came while TSPI_lineOpen had not returned */
    bool adding;       /* a line is being opened: calls that come wait for it */
    struct engine_tline *tline;
    HDRVLINE hdline;
    HDRVLINE hdline_slot;                       /* where the provider writes, now or too late */
    uint32_t ext;                               /* selected extension version */
    uint32_t addressc;                          /* 0: not known */
    uint32_t media, line_mask, address_mask;    /* what the provider was told */
    uint32_t busy;                              /* threads inside the provider for this line */
    struct engine_line *line_first, *line_last; /* in the order of opening */
    struct engine_call *call_first;
    struct engine_request *request_first; /* those of no call */
    bool parent_wanted;                   /* some call of it has CALL_HELD_PARENT, or had */
};

struct engine_app {
    struct pool_item item; /* HLINEAPP */
    struct channel *channel;
    uint32_t version;
    struct engine_text *name, *module;
    bool phone; /* of phones: HPHONEAPP */
    struct engine_line *line_first;
    struct engine_phone *phone_first;
    uint32_t request_modes, request_instance; /* what it is registered for */
    uint64_t request_turn;                    /* who registered first has the lower one */
    struct engine_app *prev, *next;           /* of the channel */
};

/* One lineOpen. */
struct engine_line {
    struct pool_item item; /* HLINE */
    struct engine_app *app;
    struct engine_device *device;
    uint64_t instance;
    uint32_t version, ext;
    uint32_t privileges; /* LINECALLPRIVILEGE_ and LINEOPENOPTION_ */
    uint32_t media;      /* 0 unless owner */
    int32_t address;     /* the only one of interest, or ENGINE_NO_ADDRESS */
    uint32_t line_mask, address_mask;
    uint32_t *ringv; /* lineSetNumRings by address; NULL: never */
    uint32_t proxy_types; /* requests it takes as a proxy, a bit for each LINEPROXYREQUEST_ */
    struct engine_hcall *hcall_first;
    struct engine_line *prev, *next;         /* of the device */
    struct engine_line *app_prev, *app_next; /* of the application */
};

/* An application's handle of a call. */
struct engine_hcall {
    struct pool_item item; /* HCALL */
    uint8_t privilege;     /* LINECALLPRIVILEGE_ */
    bool given;            /* the application knows it */
    bool tones;            /* the provider has a list of tones under this handle */
    uint32_t digit_modes, media_modes; /* that it monitors */
    struct engine_call *call;
    struct engine_line *line;
    struct engine_hcall *next;                  /* of the call */
    struct engine_hcall *line_prev, *line_next; /* of the line */
};

enum call_flag {
    CALL_PENDING = 1 << 0,      /* its creating request has not completed */
    CALL_INCOMING = 1 << 1,     /* came by LINE_NEWCALL */
    CALL_ANNOUNCED = 1 << 2,    /* applications were told */
    CALL_HELD_OPEN = 1 << 3,    /* events wait: TSPI_lineOpen has not returned */
    CALL_HELD_ADDRESS = 1 << 4, /* events wait: the worker asks for the address */
    CALL_DEAD = 1 << 5,         /* the provider has no handle of it any more */
    CALL_CLOSE = 1 << 6,        /* TSPI_lineCloseCall is due */
    CALL_CLOSING = 1 << 7,      /* and under way */
    CALL_JOB = 1 << 8,          /* in the worker's list */
    CALL_JOB_DROP = 1 << 9,
    CALL_JOB_ADDRESS = 1 << 10,
    CALL_TUNING = 1 << 11, /* the provider is being told what to monitor */
    CALL_HELD_PARENT = 1 << 12, /* events wait: the conference it joins is not known to the application yet */
    CALL_HELD_RESULT = 1 << 13, /* events wait: a reply does, for the provider's function to return what it writes */
    CALL_HELD = CALL_PENDING | CALL_HELD_OPEN | CALL_HELD_ADDRESS | CALL_HELD_PARENT | CALL_HELD_RESULT
};

/* What an application said about a call it makes, for LINECALLINFO. */
struct engine_extras {
    uint32_t size[3]; /* bytes of displayable address, called party, comment */
    unsigned char data[];
};

struct engine_event {
    struct pool_item item;
    uint32_t message;
    struct engine_event *next;
    uint64_t p1, p2, p3;
};

struct engine_call {
    struct pool_item item; /* HTAPICALL */
    struct engine_device *device;
    HDRVCALL hdcall;
    HDRVCALL hdcall_slot;            /* where the provider writes, now or too late */
    struct engine_call *prev, *next; /* of the device */
    struct engine_hcall *hcall_first;
    struct engine_request *request_first;
    struct engine_request *second_of; /* the request that makes this call besides another */
    struct engine_task *task_first;
    struct engine_event *event_last; /* circular list of events that wait */
    struct engine_text *app_name;
    struct engine_extras *extras;
    struct engine_call *job_next;
    uint64_t state_ms; /* when the state was entered, wall clock */
    uint32_t state, mode, media;
    uint32_t parent;                   /* CONFERENCED: the conference's HTAPICALL */
    uint32_t digit_modes, media_modes; /* monitored: what the provider was told */
    int32_t address; /* ENGINE_NO_ADDRESS: not known */
    uint16_t flags, eventc;
    uint16_t owners, monitors;
    uint32_t busy; /* threads that use hdcall */
};

enum request_flag {
    REQUEST_CREATES = 1 << 0,  /* a call comes of it */
    REQUEST_RETURNED = 1 << 1, /* the provider's function is back */
    REQUEST_DONE = 1 << 2,     /* completed; result is known */
    REQUEST_INTERNAL = 1 << 3, /* nobody waits for a reply */
    REQUEST_MUTED = 1 << 4,    /* the application gave up its handle (below 2.0) */
    REQUEST_OPTIONAL = 1 << 5, /* a call may come of it, or none */
    REQUEST_RESULT = 1 << 6,   /* the provider writes something */
    REQUEST_TEXT = 1 << 7,     /* which is a VARSTRING with a text */
    REQUEST_REPLIED = 1 << 8   /* before the function is back */
};

struct engine_request {
    struct pool_item item; /* DRV_REQUESTID */
    uint32_t id;           /* the application's */
    struct engine_call *call;      /* NULL: it is the line's */
    struct engine_call *call2;     /* REQUEST_CREATES: the second one */
    struct engine_device *device;  /* without a call */
    struct engine_request *next;   /* of the call, or of the device */
    uint32_t hline, hcall, hcall2;
    int32_t result;
    uint32_t flags;
    DWORD value;      /* REQUEST_RESULT without data: what the provider writes */
    HDRVCALL scratch; /* for what it should not write */
    void *data;       /* REQUEST_RESULT: a block it writes to */
    uint32_t data_len;
};

/* A request that a proxy has not answered yet. */
struct engine_proxy {
    struct pool_item item;
    uint32_t id, type;    /* the application's number of the request; LINEPROXYREQUEST_ */
    uint32_t happ, hline; /* who asks; hline 0: the application as a whole */
    uint32_t hproxy;      /* HLINE of the proxy */
    uint32_t len;         /* bytes of the block */
    struct engine_proxy *next;
};

/* Digits or tones that are generated or gathered: their end is told by the number that the provider was given. */
struct engine_task {
    struct pool_item item; /* dwEndToEndID */
    struct engine_call *call;
    struct engine_task *next; /* of the call */
    uint32_t hcall, id;       /* who asked; what for, in the application's process */
    bool inside, done;        /* the provider's function has not returned; its end has come already */
    uint32_t digitc;          /* gathered at most */
    uint16_t *digits;         /* where the provider writes them; NULL: it generates */
};

struct channel {
    channel_event_h *h;
    void *arg;
    struct engine_app *app_first;
    uint32_t pid;
    uint32_t handlec, handle_max; /* applications, lines, handles of calls; 0: no limit */
};

struct engine_slot { /* of a device id */
    struct engine_provider *provider;
    struct engine_device *device; /* made when first used */
    bool gone;                    /* its provider was removed */
};

enum {
    PRIORITY_REQUESTS = 32, /* the list for requests; those before it are for the bits of media modes */
    PRIORITY_LISTS,
    PRIORITY_NAMES_MAX = 256, /* in a list */
    PRIORITY_NAME_UNITS = 260 /* of a file name, with terminator */
};

/* Applications by priority, highest first. */
struct engine_priority {
    struct engine_text **namev;
    uint32_t count;
};

enum { ASSIST_MAX = 64, ASSIST_WAIT_MS = 60000 };

/* Requests to make a call: a ring. */
struct engine_assist {
    struct channel_make_call callv[ASSIST_MAX];
    uint64_t time_ms[ASSIST_MAX]; /* monotonic, when it came */
    uint32_t first, count;
    uint32_t told;      /* HLINEAPP of the recipient whose they are */
    uint64_t last_turn; /* of a registration */
    int (*start)(void);
    bool starting, awaited; /* start runs; what it started has not registered yet */
    uint64_t awaited_ms;    /* since then */
};

enum engine_state { ENGINE_DOWN, ENGINE_STARTING, ENGINE_UP, ENGINE_STOPPING };

struct engine {
    struct platform_mutex mutex;
    struct platform_cond changed; /* of the engine's state, a device's state, or somebody's `busy` */
    uint32_t waiters;             /* threads waiting for it */
    enum engine_state state;
    uint64_t starter; /* thread that starts or stops */
    uint32_t apps;    /* open or opening */
    bool reinit;      /* a provider wants everybody to start again */
    uint32_t leaked;  /* objects left over at a stop: a fault of ours */
    engine_lookup_h *builtin;
    struct engine_provider *provider_first, *provider_last;
    struct engine_slot *slotv; /* by device id */
    uint32_t slotc, slot_cap;
    struct engine_phone_slot *phone_slotv; /* by phone device id */
    uint32_t phone_slotc, phone_slot_cap;
    struct engine_priority priorityv[PRIORITY_LISTS];
    struct dialling dialling; /* locations and cards */
    bool keeps;               /* these and priorities outlive it */
    struct engine_assist assist;
    struct pool providers, tlines, apps_pool, lines, hcalls, calls, requests, events, tasks;
    struct pool tphones, phones, phone_requests;
    struct pool proxies;
    struct engine_proxy *proxy_first;
};

extern struct engine engine;

/* ---- engine.c: start, stop --------------------------------------------------------------------------------------- */

void engine_lock(void);
void engine_unlock(void);
void engine_wait(void);   /* for a change; lets the mutex go meanwhile */
void engine_change(void); /* tells those who wait */
/* One more application. Starts the engine if it is down. 0 or LINEERR_. */
int32_t engine_use(void);
/* One less; the last stops it. */
void engine_unuse(void);

struct engine_text *text_make(const void *utf16, uint32_t size); /* NULL for none, or no memory */
struct engine_text *text_ref(struct engine_text *t);             /* takes NULL */
void text_unref(struct engine_text *t);                          /* takes NULL */
/* The block as UTF-16 text: whole, terminated. NULL: it is not. */
const uint16_t *text_check(const void *in, uint32_t len);

/* ---- provider.c, admin.c ----------------------------------------------------------------------------------------- */

/* Loads and starts all that are listed; unlocks meanwhile. 0 or LINEERR_INIFILECORRUPT, LINEERR_NOMEM. */
int32_t providers_start(void);
void providers_stop(void); /* unlocks meanwhile */
/* Stops one, its lines being closed already; unlocks meanwhile. */
void provider_stop(struct engine_provider *p);
void provider_enter(struct engine_provider *p); /* not locked */
void provider_leave(struct engine_provider *p);
/* Leaves something for the worker. */
void provider_job_call(struct engine_call *call, uint16_t flag);
void provider_job_create(struct engine_provider *p, uint64_t temp_id, bool phone);
int32_t provider_functions(struct engine_tspi *fn, struct platform_module *module, engine_lookup_h *lookup);
/* The list in force. `*listp` is freed with free(). 0 or errno. */
int provider_list(struct platform_provider **listp, size_t *countp, bool *defaultp);

/* Calls a function of a provider, not locked: `rc` (int32_t) is what it returned. */
#define PROVIDER_CALL(p, rc, name, ...)                                                                                \
    do {                                                                                                               \
        if (!(p)->fn.name) {                                                                                           \
            (rc) = (int32_t)LINEERR_OPERATIONUNAVAIL;                                                                  \
        } else {                                                                                                       \
            provider_enter(p);                                                                                         \
            if (platform_trace_on())                                                                                   \
                platform_trace(PLATFORM_TRACE_HOST, PLATFORM_TRACE_PROVIDER, "TSPI %s", #name);                        \
            (rc) = (int32_t)(p)->fn.name(__VA_ARGS__);                                                                 \
            if ((rc) < 0 && platform_trace_on())                                                                       \
                platform_trace(PLATFORM_TRACE_PROVIDER, PLATFORM_TRACE_HOST, "RESULT %s 0x%08lx", #name,               \
                               (unsigned long)(rc) & 0xFFFFFFFF);                                                      \
            provider_leave(p);                                                                                         \
        }                                                                                                              \
    } while (0)

/* A synchronous function succeeded with 0 only. */
static inline int32_t engine_sync_result(int32_t rc)
{
    return rc > 0 ? (int32_t)LINEERR_OPERATIONFAILED : rc;
}

int32_t provider_op_list(struct channel *c, struct channel_call *call);
/* One that is started, NULL: there is none. */
struct engine_provider *provider_of_id(uint32_t id);
/* File name of a listed provider; not locked. 0 or LINEERR_. */
int32_t provider_file(uint32_t id, char file[PLATFORM_PATH_MAX], bool *defaultp);
/* The provider's UI library, as the result of the call; not locked. */
int32_t provider_ui_name(const struct engine_tspi *fn, struct channel_call *call);
int32_t ui_op_library(struct channel *c, struct channel_call *call); /* ui.c */
int32_t ui_op_data(struct channel *c, struct channel_call *call);
int32_t provider_op_add(struct channel *c, struct channel_call *call);
int32_t provider_op_remove(struct channel *c, struct channel_call *call);

/* ---- device.c: line devices -------------------------------------------------------------------------------------- */

/* The device, its provider's version for it negotiated, the provider held. 0 or LINEERR_BADDEVICEID, NODEVICE,
 * NODRIVER, ...; unlocks meanwhile. */
int32_t device_get(uint32_t id, struct engine_device **devicep);
void device_done(struct engine_device *d); /* lets the provider go */
/* The same without asking the provider, and not held. */
int32_t device_find(uint32_t id, struct engine_device **devicep);
/* Somebody is inside the provider with this line's handle. */
void device_hold(struct engine_device *d);
void device_put(struct engine_device *d);
bool engine_version_valid(uint32_t version);
/* A new id for a device of `p`. False: no more. */
bool device_append(struct engine_provider *p, uint32_t count);
/* TSPI_lineOpen and what follows it, by the thread that set d->config; unlocks meanwhile. */
int32_t device_open(struct engine_device *d, uint32_t ext);
/* TSPI_lineClose, by the thread that set d->config; waits until nobody is inside; unlocks meanwhile. */
void device_close(struct engine_device *d);
/* Tells the provider the unions of what the open lines want, as far as they changed; by the thread that set d->config;
 * unlocks meanwhile. `media_extra`: wanted as well. */
int32_t device_update(struct engine_device *d, uint32_t media_extra);
/* The provider has closed it by force: all lines and calls are void. */
void device_void(struct engine_device *d, bool tell_removed);
/* The same because its provider goes: calls are closed as they should be. By the thread that set d->config; unlocks
 * meanwhile. */
void device_evict(struct engine_device *d);

int32_t device_op_negotiate(struct channel *c, struct channel_call *call);
int32_t device_op_ext_negotiate(struct channel *c, struct channel_call *call);
int32_t device_op_caps(struct channel *c, struct channel_call *call);
int32_t device_op_address_caps(struct channel *c, struct channel_call *call);
int32_t device_op_config_get(struct channel *c, struct channel_call *call);
int32_t device_op_config_set(struct channel *c, struct channel_call *call);

/* The LINECALLPARAMS of a channel call in the form of `version`; `*heapp` is freed with free(). 0,
 * LINEERR_INVALCALLPARAMS, NOMEM. */
int32_t params_take(const void *in, uint32_t len, uint32_t version, LINECALLPARAMS **paramsp, void **heapp);

/* ---- fetch.c: structures of providers ---------------------------------------------------------------------------- */

typedef int32_t(fetch_h)(void *buffer, void *arg);
/* Has `h` (called as often as it takes, not locked) fill a structure of `version`, and lays it out in the newest form,
 * complete.
 * `*outp` is freed with free(). 0, what `h` said, LINEERR_NOMEM. */
int32_t fetch_structure(enum layout_type type, uint32_t version, fetch_h *h, void *arg, void **outp, uint32_t *lenp);

/* ---- app.c, line.c ----------------------------------------------------------------------------------------------- */

struct engine_app *app_find(const struct channel *c, uint32_t happ);
/* The same for applications of phones. */
struct engine_app *app_find_phone(const struct channel *c, uint32_t happ);
int32_t app_op_phone_open(struct channel *c, struct channel_call *call);
/* Whether the connection may have one handle more. */
bool channel_room(const struct channel *c);
void app_close(struct engine_app *app); /* unlocks meanwhile */
int32_t app_op_open(struct channel *c, struct channel_call *call);
int32_t app_op_close(struct channel *c, struct channel_call *call);

struct engine_line *line_find(const struct channel *c, uint32_t hline);
/* Waits for its turn if need be; nothing happens if the line is gone by then. Unlocks meanwhile. */
void line_close(uint32_t hline);
/* Takes the line apart: nothing of it is left. Calls it owned alone get CALL_JOB_DROP, those nobody has a handle of
 * CALL_CLOSE. `tell`: other lines hear of the close. */
void line_detach(struct engine_line *line, bool tell);
int32_t line_op_open(struct channel *c, struct channel_call *call);
int32_t line_op_close(struct channel *c, struct channel_call *call);
int32_t line_op_status(struct channel *c, struct channel_call *call);
int32_t line_op_address_status(struct channel *c, struct channel_call *call);
int32_t line_op_address_id(struct channel *c, struct channel_call *call);
int32_t line_op_status_set(struct channel *c, struct channel_call *call);
int32_t line_op_status_get(struct channel *c, struct channel_call *call);
int32_t line_op_new_calls(struct channel *c, struct channel_call *call);

/* ---- call.c, callop.c, owner.c ----------------------------------------------------------------------------------- */

struct engine_call *call_alloc(struct engine_device *d);
void call_hold(struct engine_call *call);
/* May close and free the call: then it unlocks meanwhile. Not from within a callback. */
void call_put(struct engine_call *call);
/* Frees it if nothing needs it any more. */
void call_release(struct engine_call *call);
/* The provider has no handle of it any more: applications' handles are void as well. */
void call_void(struct engine_call *call);
/* Nobody has a handle any more: closes it, now or when the last thread is out of it. From within a callback: by the
 * worker. */
void call_unused(struct engine_call *call, bool callback);
/* Asks the provider for call->address; unlocks meanwhile; the call is held. */
void call_ask_address(struct engine_call *call);
/* TSPI_lineDrop that nobody waits for; unlocks meanwhile; the call is held. */
void call_drop(struct engine_call *call);
/* Calls of a detached line: drops and closes what line_detach marked; unlocks meanwhile. */
void call_sweep(struct engine_device *d);
void call_defer(struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3);
void call_discard_events(struct engine_call *call);

int32_t call_op_make(struct channel *c, struct channel_call *call);
int32_t call_op_request(struct channel *c, struct channel_call *call); /* dial, accept, answer, drop */
int32_t call_op_free(struct channel *c, struct channel_call *call);
int32_t call_op_info(struct channel *c, struct channel_call *call);
int32_t call_op_status(struct channel *c, struct channel_call *call);
int32_t call_op_privilege(struct channel *c, struct channel_call *call);
int32_t call_op_appspecific(struct channel *c, struct channel_call *call);
/* What TAPI checks of LINECALLPARAMS before the provider sees them. 0 or LINEERR_. */
int32_t call_params_check(const LINECALLPARAMS *params);
/* What LINECALLINFO will say about the call although the provider does not know it; NULL: nothing, or no memory. */
struct engine_extras *call_extras(const void *in, uint32_t len);

/* ---- callreq.c, makereq.c, linereq.c: asynchronous functions ----------------------------------------------------- */

bool provider_has(const struct engine_provider *p, size_t function); /* offset in struct engine_tspi */
#define PROVIDER_HAS(p, name) provider_has(p, offsetof(struct engine_tspi, name))
/* Whether a call in a state that is not among `states` (0: any will do) is refused; what is not known is not. */
bool call_state_wrong(const struct engine_call *call, uint32_t states);
int32_t callreq_op(struct channel *c, struct channel_call *call);
int32_t makereq_op(struct channel *c, struct channel_call *call);
int32_t linereq_op(struct channel *c, struct channel_call *call);

/* ---- media.c, extra.c: synchronous functions --------------------------------------------------------------------- */

int32_t media_op(struct channel *c, struct channel_call *call);
int32_t media_op_monitor(struct channel *c, struct channel_call *call); /* digits, media */
int32_t media_op_control(struct channel *c, struct channel_call *call);
/* A handle is about to go, whose call stays: what it alone monitored the provider need not any more. The call is held.
 * Unlocks meanwhile. */
void media_leave(struct engine_call *call, uint32_t tone_list);
/* LINE_GATHERDIGITS, LINE_GENERATE, LINE_MONITOR...: to those it concerns. */
void media_event(struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3);
void media_clear(struct engine_call *call); /* it goes */
void media_idle(struct engine_call *call);  /* everything has stopped by itself */
int32_t extra_op_conference(struct channel *c, struct channel_call *call);
int32_t extra_op_rings_set(struct channel *c, struct channel_call *call);
int32_t extra_op_rings_get(struct channel *c, struct channel_call *call);
int32_t extra_op_id(struct channel *c, struct channel_call *call);
int32_t extra_op_icon(struct channel *c, struct channel_call *call);

struct engine_hcall *hcall_find(const struct channel *c, uint32_t hcall);
/* A handle of the call for the line. NULL: no memory. */
struct engine_hcall *hcall_add(struct engine_call *call, struct engine_line *line, uint32_t privilege);
void hcall_remove(struct engine_hcall *h);
void hcall_privilege(struct engine_hcall *h, uint32_t privilege);
struct engine_hcall *hcall_of_app(const struct engine_call *call, const struct engine_app *app);
struct engine_hcall *hcall_of_line(const struct engine_call *call, const struct engine_line *line);
/* Tells the application of a handle that it did not ask for, or has with another privilege now (`changed`). */
void hcall_give(struct engine_hcall *h, uint32_t state, uint64_t mode, bool changed);
/* The line of the application that calls of the media mode go to first. NULL: there is none. */
struct engine_line *owner_of_mode(const struct engine_device *d, uint32_t mode, int32_t address);
/* Whether the line is open for calls of this address. */
bool line_has_address(const struct engine_line *line, int32_t address);
int32_t call_op_handoff(struct channel *c, struct channel_call *call);
/* LINE_CALLINFO about numbers of owners and monitors, to all but `except`. */
void owner_changed(struct engine_call *call, uint32_t what, const struct engine_hcall *except);
/* Tells applications of a call they do not know: an owner is found, monitors get handles. `state`: what they are told.
 */
void owner_announce(struct engine_call *call, uint32_t state, uint64_t mode);
/* The same for one that an application made: monitors only. */
void owner_announce_made(struct engine_call *call);
/* Whether anybody without a handle of it would be told of the call. */
bool owner_audience(const struct engine_call *call);

/* ---- priority.c: who comes first --------------------------------------------------------------------------------- */

/* Whether two names of files are the same: letters in either case. */
bool name_equal(const uint16_t *a, const uint16_t *b);
/* Place in the list (from 1), UINT32_MAX: it is not there. `module` may be NULL. */
uint32_t priority_rank(uint32_t list, const struct engine_text *module);
void priority_clear(void);
/* Reads those that are kept, in place of any that are there. Lets the lock go meanwhile. */
void priority_load(void);
int32_t priority_op_set(struct channel *c, struct channel_call *call);
int32_t priority_op_get(struct channel *c, struct channel_call *call);

/* ---- recipient.c: requests of applications that are no telephony applications ------------------------------------ */

/* The application is no recipient any more; what it did not fetch goes to the next one. */
void recipient_leave(struct engine_app *app);
int32_t recipient_op_set(struct channel *c, struct channel_call *call);
int32_t recipient_op_get(struct channel *c, struct channel_call *call);
int32_t recipient_op_make_call(struct channel *c, struct channel_call *call); /* unlocks meanwhile */

/* ---- dialop.c: countries, locations, cards, translation ---------------------------------------------------------- */

/* Reads locations and cards that are kept, in place of any that are there. Lets the lock go meanwhile. */
void dialop_load(void);
void dialop_clear(void);
int32_t dialop_countries(struct channel *c, struct channel_call *call);
int32_t dialop_caps(struct channel *c, struct channel_call *call);
int32_t dialop_here(struct channel *c, struct channel_call *call);
int32_t dialop_select(struct channel *c, struct channel_call *call);
int32_t dialop_toll(struct channel *c, struct channel_call *call);
int32_t dialop_reload(struct channel *c, struct channel_call *call);
int32_t dialop_translate(struct channel *c, struct channel_call *call);

/* ---- proxy.c: requests that applications answer ------------------------------------------------------------------- */

/* The requests that LINECALLPARAMS of lineOpen name, as bits. 0 or LINEERR_. */
int32_t proxy_types(const void *params, uint32_t len, uint32_t version, uint32_t *typesp);
/* Whether all of them may go to a new line of the device: nobody else takes one of them. */
bool proxy_free(const struct engine_device *d, uint32_t types);
/* The line takes them from now on: others hear of it. */
void proxy_begin(struct engine_line *line, uint32_t types);
/* It goes: what it has not answered has failed. `tell`: others hear of it. */
void proxy_end(struct engine_line *line, bool tell);
int32_t proxy_op_ask(struct channel *c, struct channel_call *call);
int32_t proxy_op_answer(struct channel *c, struct channel_call *call);
int32_t proxy_op_message(struct channel *c, struct channel_call *call);
int32_t proxy_op_status(struct channel *c, struct channel_call *call);

/* ---- status.c ---------------------------------------------------------------------------------------------------- */

int32_t status_op_get(struct channel *c, struct channel_call *call);

/* ---- request.c --------------------------------------------------------------------------------------------------- */

/* `call` NULL: a request of the line. */
struct engine_request *request_alloc(struct engine_call *call, const struct engine_line *line, uint32_t id,
                                     uint32_t flags);
void request_free(struct engine_request *r);
/* Reply, and what comes of it; frees the request. */
void request_finish(struct engine_request *r, int32_t result);
/* After the provider's function returned `rc`: the request id for the application, or an error. May free the request.
 */
int32_t request_returned(uint32_t handle, uint32_t id, int32_t rc);
void request_fail_all(struct engine_call *call, int32_t result);
void request_fail_line(struct engine_device *d, int32_t result); /* those of no call */
void CALLBACK request_completion(DRV_REQUESTID id, LONG result);

/* ---- event.c ----------------------------------------------------------------------------------------------------- */

/* A request that may have made a conference has come to its end: what its parties have to tell need not wait longer. */
void event_parent_known(struct engine_device *d);
void CALLBACK event_line(HTAPILINE htline, HTAPICALL htcall, DWORD message, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3);
void CALLBACK event_phone(HTAPIPHONE htphone, DWORD message, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3);
void event_send(const struct engine_line *line, uint32_t message, uint32_t device, uint64_t p1, uint64_t p2,
                uint64_t p3);
/* The same with data. */
void event_send_data(const struct engine_line *line, uint32_t message, uint32_t device, uint64_t p1, uint64_t p2,
                     uint64_t p3, const void *data, uint32_t data_len);
/* LINE_REPLY; `line` NULL: of a request of the application as a whole. Data only with success. */
void event_send_reply(const struct engine_app *app, const struct engine_line *line, uint32_t id, int32_t result,
                      const void *data, uint32_t data_len);
void event_send_request(const struct engine_app *app, uint32_t mode);
void event_send_app(const struct engine_app *app, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3);
/* LINE_LINEDEVSTATE, in the form the line's version has for it, if the line wants it. */
void event_send_devstate(const struct engine_line *line, uint32_t states, uint64_t p2, uint64_t p3);
/* What waited for the call to be known goes on its way, if nothing holds it any more. */
void event_flush(struct engine_call *call);
/* LINE_CREATE to everybody. */
void event_created(uint32_t id);
/* A provider wants everybody to start again. */
void event_reinit(void);

#endif
