/* What the files of the provider share: its state, and how its functions enter and leave it.
 * SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_STATE_H
#define TSP_TSPI_STATE_H

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"
#include "tsp/binding/pump.h"
#include "tsp/tspi/config.h"
#include "tsp/tspi/errors.h"
#include "tsp/tspi/queue.h"

/*
 * TSPI knows one instance of a provider in a process, and its functions have no argument for one, so the state is
 * static.
 *
 * A TSPI function runs its input on the calling thread, under the one lock, and leaves by tspi_leave, which turns the
 * actions of the core into queued events, unlocks, and delivers them unless another thread already does (queue.h).
 */

enum { TSPI_VERSION_LOW = 0x00010003, TSPI_VERSION_HIGH = 0x00020002 };

/* Of our own requests, which nobody waits for: TAPI's are positive as a LONG. */
#define TSPI_REQUEST_OWN 0xFFFFFFFFu

/* What lines and phones have in common as devices that come and go: device.c. */
struct tspi_device {
    DWORD id;     /* if `named` */
    uint32_t temp; /* what it is called in LINE_CREATE, until it has an id; 0: nothing */
    bool named;   /* the host has given it an id */
    bool going;   /* it was removed, and the host is being told */
    bool vacant;  /* nothing is left of it: its place is for another */
    bool leaving; /* it goes, and it is not yet known whether another takes its id over */
    bool owing;   /* it goes, and not all that the host is to be told is queued yet */
    bool to_close, to_create, to_remove; /* messages that are not queued yet */
};

/* Devices by their ids, in the order of these. */
struct tspi_id {
    DWORD id;
    uint32_t index;
};
struct tspi_ids {
    struct tspi_id *v;
    uint32_t count, cap;
    DWORD first, end; /* those given were all within: what is not there any more was removed */
};

/* An array that was given up for a longer one while somebody may have been reading it. */
struct tspi_old {
    struct tspi_old *next;
    void *array;
};

struct tspi_line {
    HTAPILINE ht;
    LINEEVENT event;
    uint32_t version; /* negotiated, while open */
    uint32_t ext;     /* selected version of the extension, while open; 0: none */
    uint16_t generation;
    bool open;    /* its handle is valid */
    bool closing; /* TSPI_lineClose waits for what is being delivered: not to be opened yet */
    uint32_t phone; /* 1 + number of its phone, 0: it has none */
    struct tspi_device dev;
    uint32_t hub_tracking; /* LINECALLHUBTRACKING_ that was asked for since it was opened */
};

struct tspi_phone; /* phone.h */

/* An operation that a telephone set asked for, and the calls that come of it. */
enum { TSPI_SET_REQUESTS = 32, TSPI_SET_CALLS = 3 };
struct tspi_set_request {
    uint32_t request; /* 0: free */
    uint32_t idv[TSPI_SET_CALLS];
};

enum tspi_phase { TSPI_OFF, TSPI_STARTING, TSPI_ON, TSPI_STOPPING };

enum { TSPI_FAILED_IDS = 64 };

/* UTF-8 of a text of the host, bounded. */
struct tspi_text {
    size_t len;
    char text[2048];
};

struct tspi_state {
    struct platform_mutex lock;
    struct platform_cond phase_changed;
    struct session_mem mem;
    config_source_h *conf_source;
    bool conf_logged; /* its messages, by TSPI_providerEnumDevices */
    enum tspi_phase phase;
    uint32_t inits; /* TSPI_providerInit without TSPI_providerShutdown */
    struct config *conf;
    /* Callbacks read these three with no lock. Places in them are never given up, see struct tspi_device. */
    _Atomic(uint32_t) linec;
    _Atomic(struct tspi_line *) linev;
    _Atomic(struct tspi_phone *) phonev;
    uint32_t line_cap, phonec, phone_cap;
    struct tspi_ids line_ids, phone_ids;
    struct config_line *line_confv; /* by place; NULL: those of `conf` are */
    struct config *old_confs;       /* texts of some lines may lie there */
    struct tspi_old *olds;
    HPROVIDER provider; /* as TSPI_providerEnumDevices said */
    LINEEVENT line_create;
    PHONEEVENT phone_create;
    uint32_t temp;     /* the last one */
    bool owing;        /* some device has messages that are not queued yet */
    bool reading;      /* a configuration is being read */
    struct tspi_phone *phone_dirty; /* list of those with something to say */
    struct tspi_set_request set_requestv[TSPI_SET_REQUESTS];
    uint32_t set_request; /* the last one */
    uint16_t epoch; /* generation that the lines of a run begin with */
    ASYNC_COMPLETION completion;
    struct pump *pump;
    struct binding *sip; /* the pump's, for its questions; NULL: no line was an account yet */
    uint64_t sip_digest; /* of [sip], as it counts */
    uint64_t exchange_ops; /* what the exchange can do, and that is not all that can be done; else 0 */
    struct session_core *core; /* the pump's */
    struct queue queue;
    uint32_t new_session; /* the last new call whose handle was swapped, and its handle; deliverer */
    HTAPICALL new_call;
    uint32_t releasing;                   /* session being released by the host */
    uint32_t failed_idv[TSPI_FAILED_IDS]; /* calls that died with their request: a late TSPI_lineCloseCall succeeds */
    uint32_t failed_at;
    struct platform_cond wake; /* for the worker */
    struct platform_thread *worker;
    uint64_t sleep_until; /* of the worker, in platform_mono_ms; 0: it is awake */
    bool poked; /* the binding has something to say */
    bool stop;
};

extern struct tspi_state tspi;

/* A place, for who holds no lock: the array may become longer meanwhile, the old one stays as it is until the end. */
static inline const struct tspi_line *tspi_line_at(uint32_t index)
{
    return &atomic_load_explicit(&tspi.linev, memory_order_acquire)[index];
}

/* ---- provider.c ----------------------------------------------------------------------------------------------------
 */

/* Locks; false, and not locked, if the provider is not running. */
bool tspi_enter(void);
/* Locks; 0, or the error for a handle or device id that is not valid (and not locked). */
LONG tspi_enter_line(HDRVLINE hd, uint32_t *linep);
LONG tspi_enter_call(HDRVCALL hd, uint32_t *sessionp);
LONG tspi_enter_device(DWORD device, uint32_t *linep);
/* Unlocks where nothing was given to the core. */
void tspi_exit(void);

/* Gives the core an input, now. Lock held. */
enum session_err tspi_step(const struct session_in *in, uint32_t *idv);

/* Queues what the core has to say, unlocks, delivers. */
void tspi_leave(void);
/* The same after an end of a call or line: on return nothing of `m` is queued or being delivered, completions of it
 * have been made. */
void tspi_leave_ended(const struct queue_match *m);

/* A configuration from where it is to come from now; what is wrong with it is logged, if `log`. No lock held. */
enum session_err tspi_load(struct config **confp, bool log);
/* The line as the core is to have it; `addressv` has room for its addresses. */
struct session_line_conf tspi_line_conf(const struct config_line *c, struct session_address_conf *addressv);
void *tspi_alloc(size_t size); /* zeroed */
void tspi_free(void *p);

HDRVLINE tspi_line_handle(uint32_t line);
HDRVCALL tspi_call_handle(uint32_t session);

/* ---- sipline.c: lines that are accounts ------------------------------------------------------------------------------
 */

/* Real telephony for the accounts of a configuration, without any of them yet. NULL: there are none, or it is there, or it
 * does not start, which is logged. No lock held: its thread says something meanwhile. */
struct binding *tspi_sip_start(const struct config *conf);
/* Joins it to what there is. Lock held. NULL: that is done, else `sip`. */
struct binding *tspi_sip_join(struct binding *sip, const struct config *conf);
void tspi_sip_free(struct binding *sip); /* takes NULL. No lock held */
/* Adds a line of the new configuration `conf` to core and binding, whichever it is. Lock held. OK, and as
 * pump_line_add. */
enum session_err tspi_line_add(uint32_t place, const struct config_line *line, const struct session_line_conf *conf);
/* What of [sip] has changed counts from the next start on, which is logged. Lock held. */
void tspi_sip_compare(const struct config *conf);
/* For the binding: it has something to say. Thread: any, without the lock. */
void tspi_wake(void *arg);

/* ---- device.c: devices that come and go. All with the lock held, unless said otherwise ------------------------------
 */

/* Gives the first `count` places the ids from `base` on. OK, NOMEM. */
enum session_err tspi_ids_start(struct tspi_ids *ids, DWORD base, uint32_t count);
/* NULL: there is no such device. */
struct tspi_id *tspi_id_find(const struct tspi_ids *ids, DWORD id);
/* Whether it was there, and was removed. */
bool tspi_id_gone(const struct tspi_ids *ids, DWORD id);
void tspi_devices_free(void);
/* Queues what the host is to be told of devices. False: there is no memory for all of it now. */
bool tspi_devices_flush(void);
/* Tells the host. No lock held. */
void tspi_device_out(const struct queue_event *e);

/* ---- deliver.c -----------------------------------------------------------------------------------------------------
 */

/* Turns the core's actions into queued events. Lock held. */
void tspi_drain(void);
/* The part of it that is the core's. False: there is no memory for all of it now. */
bool tspi_drain_core(void);
/* Delivers until there is nothing left (true), or until the worker has taken over. No lock held; queue_publish said so.
 */
bool tspi_deliver(bool on_worker);
/* Delivers the queued completions of `m` from inside a callback. Lock held, given up while calling out. */
void tspi_deliver_nested(const struct queue_match *m);

/* ---- call.c --------------------------------------------------------------------------------------------------------
 */

/* Whether TAPI can have given out this request id. */
bool tspi_request_ok(DRV_REQUESTID request);
/* What an asynchronous function returns. */
LONG tspi_request_result(DRV_REQUESTID request, enum session_err err);
/* An asynchronous operation on one call; `dest` may be NULL. No lock held. */
LONG tspi_call_op(enum session_op op, DRV_REQUESTID request, HDRVCALL hd, const struct tspi_text *dest);

/* ---- version.c -----------------------------------------------------------------------------------------------------
 */

bool tspi_version_known(DWORD version);
/* The highest known version of a range; 0: none. */
DWORD tspi_version_of(DWORD low, DWORD high);
/* Modes and features of the newest version, as one that knows less has them. */
uint32_t tspi_mode_of(DWORD version, uint32_t state, uint32_t mode);
uint32_t tspi_disconnect_of(DWORD version, uint32_t mode);
uint32_t tspi_call_features_of(DWORD version, uint32_t features);
uint32_t tspi_address_features_of(DWORD version, uint32_t features);
uint32_t tspi_line_features_of(DWORD version, uint32_t features);

/* ---- park.c --------------------------------------------------------------------------------------------------------
 */

/* Tells the host where a call was parked, in what it gave for that: 0, or what the reply says instead. Lock held. */
LONG tspi_park_reply(const struct session_act *act);
/* LINECALLFEATURE2_ bits of a call that can be parked. */
uint32_t tspi_park_features2(void);

/* ---- params.c ------------------------------------------------------------------------------------------------------
 */

/* Text of at most `max` units, or up to its terminator. False: longer than there is room for, which no number is. */
bool tspi_text_from(struct tspi_text *out, const WCHAR *text, size_t max);

/* Checks LINECALLPARAMS (may be NULL) for a call on `line` and completes `req` from it. Lock held. 0 or LINEERR_. */
LONG tspi_params_check(const LINECALLPARAMS *params, uint32_t line, struct session_req *req);
/* The same for a call that might be made: only what TSPI_lineConditionalMediaDetection looks at. `any`: from any address
 * of the line, else from that of `req`. */
LONG tspi_params_test(const LINECALLPARAMS *params, uint32_t line, struct session_req *req, bool *any);
/* The target address of checked LINECALLPARAMS for a one-step transfer, "" if there is none. False: it is too long. */
bool tspi_params_target(const LINECALLPARAMS *params, uint32_t line, struct tspi_text *out);

#endif
