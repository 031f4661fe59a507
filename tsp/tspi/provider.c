/* The provider's life: configuration, devices, start, stop, its own thread. SPDX-License-Identifier: MIT */
#include "tsp/tspi/provider.h"
#include "tsp/binding/join.h"
#include "tsp/tspi/account.h"
#include "tsp/tspi/phone.h"
#include "tsp/tspi/state.h"
#include "tsp/tspi/testing.h"
#include "tsp/tspi/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tspi_state tspi;

void *tspi_alloc(size_t size)
{
    return tspi.mem.alloc ? tspi.mem.alloc(size, tspi.mem.arg) : calloc(1, size);
}

void tspi_free(void *p)
{
    if (tspi.mem.free)
        tspi.mem.free(p, tspi.mem.arg);
    else
        free(p);
}

/* ---- entering and leaving ---------------------------------------------------------------------------------------- */

/* Handle of a line: index + 1 in 20 bits, generation in 12. */
enum { LINE_BITS = 20, GENERATION_MASK = 0xFFF };
_Static_assert(CONFIG_LINES_MAX < (1 << LINE_BITS), "more lines than handles have room for");

HDRVLINE tspi_line_handle(uint32_t line)
{
    uint32_t generation = tspi.linev[line].generation & GENERATION_MASK;

    return (HDRVLINE)(uintptr_t)(generation << LINE_BITS | (line + 1));
}

HDRVCALL tspi_call_handle(uint32_t session)
{
    return (HDRVCALL)(uintptr_t)session;
}

bool tspi_enter(void)
{
    platform_mutex_lock(&tspi.lock);
    if (tspi.phase == TSPI_ON)
        return true;
    platform_mutex_unlock(&tspi.lock);
    return false;
}

void tspi_exit(void)
{
    platform_mutex_unlock(&tspi.lock);
}

LONG tspi_enter_line(HDRVLINE hd, uint32_t *linep)
{
    uintptr_t v = (uintptr_t)hd;
    uint32_t line = (v & ((1u << LINE_BITS) - 1)) - 1;

    if (v > UINT32_MAX || !tspi_enter())
        return (LONG)LINEERR_INVALLINEHANDLE;
    if (line >= tspi.linec || !tspi.linev[line].open || tspi.linev[line].dev.going || tspi_line_handle(line) != hd) {
        tspi_exit();
        return (LONG)LINEERR_INVALLINEHANDLE;
    }
    *linep = line;
    return 0;
}

LONG tspi_enter_call(HDRVCALL hd, uint32_t *sessionp)
{
    uintptr_t v = (uintptr_t)hd;

    if (v == 0 || v > UINT32_MAX || !tspi_enter())
        return (LONG)LINEERR_INVALCALLHANDLE;
    *sessionp = (uint32_t)v; /* the core knows whether there is such a session */
    return 0;
}

LONG tspi_enter_device(DWORD device, uint32_t *linep)
{
    const struct tspi_id *id;

    if (!tspi_enter())
        return (LONG)LINEERR_NODRIVER;
    id = tspi_id_find(&tspi.line_ids, device);
    if (!id) {
        LONG err = tspi_id_gone(&tspi.line_ids, device) ? (LONG)LINEERR_NODEVICE : (LONG)LINEERR_NODRIVER;

        tspi_exit();
        return err;
    }
    *linep = id->index;
    return 0;
}

enum session_err tspi_step(const struct session_in *in, uint32_t *idv)
{
    return pump_step(tspi.pump, platform_mono_ms(), in, idv);
}

/* Queues, and wakes the worker if something is due before it would wake by itself. Lock held; true: deliver. */
static bool settle(void)
{
    bool mine;

    tspi_drain();
    mine = queue_publish(&tspi.queue);
    if (tspi.sleep_until && pump_deadline(tspi.pump) < tspi.sleep_until) {
        tspi.sleep_until = 0;
        platform_cond_signal(&tspi.wake);
    }
    return mine;
}

void tspi_leave(void)
{
    bool mine = settle();

    platform_mutex_unlock(&tspi.lock);
    if (mine)
        (void)tspi_deliver(false);
}

void tspi_leave_ended(const struct queue_match *m)
{
    bool mine;

    tspi_drain();
    tspi.releasing = 0;
    queue_purge(&tspi.queue, m);
    mine = settle();
    if (mine) {
        platform_mutex_unlock(&tspi.lock);
        if (tspi_deliver(false))
            return;
        platform_mutex_lock(&tspi.lock);
        queue_wait(&tspi.queue, m);
    } else if (queue_nested(&tspi.queue)) {
        tspi_deliver_nested(m);
    } else {
        queue_wait(&tspi.queue, m);
    }
    platform_mutex_unlock(&tspi.lock);
}

/* ---- the provider's own thread ----------------------------------------------------------------------------------- */

/* Runs timers, and delivers for threads that have done enough. Sleeps without a time limit when no timer runs. */
static void worker(void *arg)
{
    struct queue *q = &tspi.queue;

    (void)arg;
    platform_mutex_lock(&tspi.lock);
    for (;;) {
        uint64_t deadline, now;
        bool mine = false;

        if (q->handed) {
            q->handed = false;
            atomic_store_explicit(&q->owner, platform_thread_id(), memory_order_relaxed);
            mine = true;
        } else if (tspi.stop) {
            break;
        } else {
            deadline = pump_deadline(tspi.pump);
            now = platform_mono_ms();
            if (deadline > now && !tspi.poked) {
                tspi.sleep_until = deadline;
                (void)platform_cond_wait_until(&tspi.wake, &tspi.lock, deadline);
                tspi.sleep_until = 0;
                continue;
            }
            tspi.poked = false;
            pump_poll(tspi.pump, now);
            mine = settle();
        }
        if (mine) {
            platform_mutex_unlock(&tspi.lock);
            (void)tspi_deliver(true);
            platform_mutex_lock(&tspi.lock);
        }
    }
    platform_mutex_unlock(&tspi.lock);
}

/* ---- start and stop ---------------------------------------------------------------------------------------------- */

/* Reads the configuration. What is wrong with it is logged, but not by TSPI_providerInit again when the
 * TSPI_providerEnumDevices before it did. Nothing else is going on while the provider is off or starting. */
enum session_err tspi_load(struct config **confp, bool log)
{
    struct config *conf = NULL;
    enum session_err err = config_read(&conf, tspi.conf_source, &tspi.mem);

    for (uint32_t i = 0; log && conf && i < conf->messagec; i++) {
        if (i == CONFIG_MESSAGES_MAX) {
            platform_log(PLATFORM_LOG_ERROR, "sessiontsp: %lu more messages on the configuration",
                         (unsigned long)(conf->messagec - i));
            break;
        }
        platform_log(PLATFORM_LOG_ERROR, "sessiontsp: %s", conf->messagev[i]);
    }
    if (log && !tspi.conf_source)
        platform_log_conf_check();
    if (err) {
        config_free(conf);
        return err;
    }
    *confp = conf;
    return SESSION_E_OK;
}

struct session_line_conf tspi_line_conf(const struct config_line *c, struct session_address_conf *addressv)
{
    for (uint32_t k = 0; k < c->addressc; k++)
        addressv[k] = (struct session_address_conf){c->numberv[k], c->name, c->address_max_sessions};
    return (struct session_line_conf){c->max_sessions, c->addressc, addressv, c->sharingv, c->pickup_group};
}

static enum session_err add_lines(struct session_core *core)
{
    struct session_address_conf *addressv;
    enum session_err err = SESSION_E_OK;
    uint32_t max = 1;

    for (uint32_t i = 0; i < tspi.linec; i++)
        max = tspi.conf->linev[i].addressc > max ? tspi.conf->linev[i].addressc : max;
    addressv = tspi_alloc(max * sizeof *addressv);
    if (!addressv)
        return SESSION_E_NOMEM;
    for (uint32_t i = 0; i < tspi.linec && !err; i++) {
        const struct config_line *c = &tspi.conf->linev[i];
        struct session_line_conf line = tspi_line_conf(c, addressv);

        err = session_line_add(core, &line, NULL);
        if (!err && i >= tspi.conf->first_account)
            err = session_line_limit(core, i, sip_account_ops(c->sip, NULL), true);
        else if (!err && tspi.exchange_ops)
            err = session_line_limit(core, i, tspi.exchange_ops, false);
    }
    tspi_free(addressv);
    return err;
}

/* The binding has something to say: the worker sees to it. On a thread of the binding. */
void tspi_wake(void *arg)
{
    (void)arg;
    platform_mutex_lock(&tspi.lock);
    tspi.poked = true;
    tspi.sleep_until = 0;
    platform_cond_signal(&tspi.wake);
    platform_mutex_unlock(&tspi.lock);
}

/* Joins real telephony to the exchange, for the lines that are accounts. Without it the others still come up. */
static enum session_err add_sip(struct binding **bp)
{
    struct binding *sip = NULL, *both = NULL;
    struct sip_conf conf;
    enum session_err err;

    if (tspi.linec <= tspi.conf->first_account || !tspi.conf->accounts->sip.accountc)
        return SESSION_E_OK;
    conf = tspi.conf->accounts->sip;
    conf.mem = tspi.mem;
    conf.wake = tspi_wake;
    while (conf.accountc && conf.accountv[conf.accountc - 1].line >= tspi.linec)
        conf.accountc--; /* the host has reserved fewer lines */
    err = sip_alloc(&sip, &conf);
    if (err)
        return err;
    err = join_alloc(&both, *bp, sip, tspi.conf->first_account, tspi.linec - tspi.conf->first_account, &tspi.mem);
    if (err) {
        sip->ops->free(sip);
    } else {
        *bp = both;
        tspi.sip = sip;
        tspi.sip_digest = tspi.conf->accounts->digest;
    }
    return err;
}

/* Makes core, exchange and pump. */
static enum session_err make_pump(void)
{
    struct session_conf conf = {.mem = tspi.mem};
    struct loopback_conf lb = {.mem = tspi.mem};
    struct session_core *core = NULL;
    struct binding *binding = NULL;
    struct loopback_ext *extv = NULL;
    const char **groupv = NULL;
    uint8_t *sharingv = NULL;
    enum session_err err = SESSION_E_NOMEM;
    uint64_t exchange_ops;
    size_t extc = 1;

    for (uint32_t i = 0; i < tspi.linec; i++)
        extc += tspi.conf->linev[i].addressc;
    extv = tspi_alloc(extc * sizeof *extv);
    groupv = tspi_alloc(extc * sizeof *groupv);
    sharingv = tspi_alloc(extc);
    conf.max_sessions = tspi.conf->max_sessions;
    conf.no_answer_ms = tspi.conf->no_answer_ms;
    if (!extv || !groupv || !sharingv)
        goto out;
    lb.extv = extv;
    lb.groupv = groupv;
    lb.sharingv = sharingv;
    lb.placec = tspi.conf->placec;
    lb.placev = tspi.conf->placev;
    lb.reminder_ms = tspi.conf->park_reminder_ms;
    lb.timeout_ms = tspi.conf->park_timeout_ms;
    lb.specialc = tspi.conf->specialc;
    lb.specialv = tspi.conf->specialv;
    lb.ring_ms = tspi.conf->ring_ms;
    for (uint32_t i = 0; i < tspi.linec && i < tspi.conf->first_account; i++) {
        const struct config_line *c = &tspi.conf->linev[i];

        for (uint32_t k = 0; k < c->addressc; k++) {
            if (c->sharingv[k] == SESSION_SHARING_MONITORED)
                continue; /* only the core knows of it */
            sharingv[lb.extc] = c->sharingv[k] == SESSION_SHARING_PRIVATE ? 0 : c->sharingv[k];
            groupv[lb.extc] = c->pickup_group;
            extv[lb.extc++] = (struct loopback_ext){i, k, c->numberv[k], c->name};
        }
    }
    err = loopback_alloc(&binding, &lb);
    if (err)
        goto out;
    exchange_ops = binding->ops->session_ops;
    err = add_sip(&binding);
    if (err)
        goto out;
    /* accounts may come later */
    conf.binding_ops = exchange_ops | (sip_available() ? sip_session_ops() : 0);
    tspi.exchange_ops = conf.binding_ops == exchange_ops ? 0 : exchange_ops;
    err = session_core_alloc(&core, &conf);
    if (err)
        goto out;
    err = add_lines(core);
    if (err)
        goto out;
    err = pump_alloc(&tspi.pump, core, binding, &tspi.mem);
    if (err)
        goto out;
    trace_begin(tspi.pump);
    tspi.core = core;
    core = NULL;
    binding = NULL;
out:
    session_core_free(core);
    if (binding)
        binding->ops->free(binding);
    tspi_free(groupv);
    tspi_free(extv);
    tspi_free(sharingv);
    return err;
}

/* Frees what a running or half started provider has. Nobody else is using it. */
static void tear_down(void)
{
    pump_free(tspi.pump);
    tspi.pump = NULL;
    tspi.sip = NULL;
    tspi.core = NULL;
    if (tspi.queue.first)
        queue_fini(&tspi.queue);
    tspi_phones_free();
    tspi_free(tspi.linev);
    tspi.linev = NULL;
    tspi.linec = tspi.line_cap = 0;
    tspi_devices_free();
    config_free(tspi.conf);
    tspi.conf = NULL;
    tspi.completion = NULL;
    tspi.new_session = 0;
    tspi.new_call = NULL;
    tspi.failed_at = 0;
    memset(tspi.failed_idv, 0, sizeof tspi.failed_idv);
}

/* What the host has reserved. Phase STARTING, no lock. */
static enum session_err start(DWORD line_base, uint32_t numlines, DWORD phone_base, uint32_t numphones)
{
    enum session_err err = tspi_load(&tspi.conf, !tspi.conf_logged);

    tspi.conf_logged = false;
    if (err)
        return err;
    tspi.linec = tspi.conf->linec < numlines ? tspi.conf->linec : numlines;
    tspi.line_cap = tspi.linec + 1;
    tspi.linev = tspi_alloc(tspi.line_cap * sizeof *tspi.linev);
    if (!tspi.linev)
        return SESSION_E_NOMEM;
    tspi.epoch += 17; /* so that a handle of the last run is not one of this */
    for (uint32_t i = 0; i < tspi.linec; i++)
        tspi.linev[i].generation = tspi.epoch;
    err = tspi_phones_start(numphones);
    if (!err)
        err = tspi_ids_start(&tspi.line_ids, line_base, tspi.linec);
    if (!err)
        err = tspi_ids_start(&tspi.phone_ids, phone_base, tspi.phonec);
    if (err)
        return err;
    for (uint32_t i = 0; i < tspi.linec; i++)
        tspi.linev[i].dev = (struct tspi_device){.id = line_base + i, .named = true};
    for (uint32_t i = 0; i < tspi.phonec; i++)
        tspi.phonev[i].dev = (struct tspi_device){.id = phone_base + i, .named = true};
    err = queue_init(&tspi.queue, &tspi.lock, &tspi.mem);
    if (err)
        return err;
    err = make_pump();
    if (err)
        return err;
    tspi.stop = false;
    tspi.sleep_until = 0;
    tspi.poked = false;
    return platform_thread_start(&tspi.worker, "sessiontsp", worker, NULL) ? SESSION_E_RESOURCE : SESSION_E_OK;
}

/* Waits until the provider is neither starting nor stopping. False: the caller is inside a callback of that. Lock held.
 */
static bool wait_phase(void)
{
    while (tspi.phase == TSPI_STARTING || tspi.phase == TSPI_STOPPING) {
        if (queue_nested(&tspi.queue))
            return false;
        platform_cond_wait(&tspi.phase_changed, &tspi.lock);
    }
    return true;
}

static void set_phase(enum tspi_phase phase)
{
    tspi.phase = phase;
    platform_cond_broadcast(&tspi.phase_changed);
}

static void set_options(LPDWORD options)
{
    if (options)
        *options = tspi.conf->reentrant ? 0 : LINETSPIOPTION_NONREENTRANT;
}

/**
 * Begins the provider's life. May be called again before the end: that is counted and otherwise ignored.
 * @return 0, INCOMPATIBLEAPIVERSION, INVALPOINTER, INIFILECORRUPT (the configuration cannot be read), NOMEM,
 *         RESOURCEUNAVAIL (no thread), OPERATIONFAILED (from inside a callback of the provider's end).
 * Thread: any. Source: TSPI_providerInit.
 */
LONG TSPIAPI TSPI_providerInit(DWORD dwTSPIVersion, DWORD dwPermanentProviderID, DWORD dwLineDeviceIDBase,
                               DWORD dwPhoneDeviceIDBase, DWORD_PTR dwNumLines, DWORD_PTR dwNumPhones,
                               ASYNC_COMPLETION lpfnCompletionProc, LPDWORD lpdwTSPIOptions)
{
    enum session_err err;

    (void)dwPermanentProviderID; /* nothing is stored by it: there is one configuration and one instance */
    if (!tspi_version_known(dwTSPIVersion))
        return (LONG)LINEERR_INCOMPATIBLEAPIVERSION;
    if (!lpfnCompletionProc)
        return (LONG)LINEERR_INVALPOINTER;
    platform_mutex_lock(&tspi.lock);
    if (!wait_phase()) {
        platform_mutex_unlock(&tspi.lock);
        return (LONG)LINEERR_OPERATIONFAILED;
    }
    if (tspi.phase == TSPI_ON) {
        tspi.inits++;
        set_options(lpdwTSPIOptions);
        platform_mutex_unlock(&tspi.lock);
        return 0;
    }
    set_phase(TSPI_STARTING);
    platform_mutex_unlock(&tspi.lock);

    tspi.completion = lpfnCompletionProc;
    err = start(dwLineDeviceIDBase, dwNumLines > UINT32_MAX ? UINT32_MAX : (uint32_t)dwNumLines, dwPhoneDeviceIDBase,
                dwNumPhones > UINT32_MAX ? UINT32_MAX : (uint32_t)dwNumPhones);
    if (err)
        tear_down();
    platform_mutex_lock(&tspi.lock);
    tspi.inits = err ? 0 : 1;
    if (!err)
        set_options(lpdwTSPIOptions);
    set_phase(err ? TSPI_OFF : TSPI_ON);
    platform_mutex_unlock(&tspi.lock);
    return err == SESSION_E_FAILED ? (LONG)LINEERR_INIFILECORRUPT : tspi_error(err);
}

/* Closes what is still open, so that every request is answered. Lock held. */
static void close_lines(void)
{
    for (uint32_t i = 0; i < tspi.linec; i++) {
        struct session_in in = {.type = SESSION_IN_LINE_CLOSE, .u.line = i};
        struct queue_match m = {i, 0};

        if (!tspi.linev[i].open)
            continue;
        (void)tspi_step(&in, NULL);
        tspi_phone_check(i);
        tspi_drain();
        tspi.linev[i].open = false;
        queue_purge(&tspi.queue, &m);
    }
}

/**
 * Ends the provider's life, if no other TSPI_providerInit is open: pending requests are completed with OPERATIONFAILED,
 * calls dropped, all memory freed, the provider's thread ended.
 * @return 0, also if the provider is not running; OPERATIONFAILED from inside a callback, which could not return into
 * it. Thread: any, but not inside a callback. Source: TSPI_providerShutdown.
 */
LONG TSPIAPI TSPI_providerShutdown(DWORD dwTSPIVersion, DWORD dwPermanentProviderID)
{
    struct platform_thread *thread;
    bool mine;

    (void)dwTSPIVersion;
    (void)dwPermanentProviderID;
    platform_mutex_lock(&tspi.lock);
    if (!wait_phase() || (tspi.inits == 1 && queue_nested(&tspi.queue))) {
        platform_mutex_unlock(&tspi.lock);
        return (LONG)LINEERR_OPERATIONFAILED;
    }
    if (tspi.phase == TSPI_OFF || --tspi.inits > 0) {
        platform_mutex_unlock(&tspi.lock);
        return 0;
    }
    set_phase(TSPI_STOPPING);
    close_lines();
    tspi_phones_close();
    mine = queue_publish(&tspi.queue);
    platform_mutex_unlock(&tspi.lock);
    if (mine)
        (void)tspi_deliver(false);

    platform_mutex_lock(&tspi.lock);
    queue_wait_idle(&tspi.queue);
    tspi.stop = true;
    platform_cond_signal(&tspi.wake);
    thread = tspi.worker;
    tspi.worker = NULL;
    platform_mutex_unlock(&tspi.lock);
    platform_thread_join(thread);

    tear_down();
    platform_mutex_lock(&tspi.lock);
    set_phase(TSPI_OFF);
    platform_mutex_unlock(&tspi.lock);
    return 0;
}

/**
 * Says how many devices there are, by the configuration, or of the running provider.
 * @return 0, INVALPOINTER, NOMEM, OPERATIONFAILED (the configuration cannot be read).
 * Thread: any. Source: TSPI_providerEnumDevices.
 */
LONG TSPIAPI TSPI_providerEnumDevices(DWORD dwPermanentProviderID, LPDWORD lpdwNumLines, LPDWORD lpdwNumPhones,
                                      HPROVIDER hProvider, LINEEVENT lpfnLineCreateProc, PHONEEVENT lpfnPhoneCreateProc)
{
    enum session_err err = SESSION_E_FAILED;
    struct config *conf = NULL;
    uint32_t count = 0, phones = 0;

    (void)dwPermanentProviderID;
    if (!lpdwNumLines || !lpdwNumPhones)
        return (LONG)LINEERR_INVALPOINTER;
    platform_mutex_lock(&tspi.lock);
    if (wait_phase()) {
        if (tspi.phase == TSPI_ON) {
            err = SESSION_E_OK;
            count = tspi.line_ids.count;
            phones = tspi.phone_ids.count;
        } else {
            /* Not kept: nobody says that TSPI_providerInit follows, and there is no other time to free it. */
            err = tspi_load(&conf, true);
            count = err ? 0 : conf->linec;
            phones = err ? 0 : tspi_phones_count(conf);
            config_free(conf);
            tspi.conf_logged = true;
        }
    }
    if (!err) {
        tspi.provider = hProvider;
        tspi.line_create = lpfnLineCreateProc;
        tspi.phone_create = lpfnPhoneCreateProc;
    }
    platform_mutex_unlock(&tspi.lock);
    if (err)
        return tspi_error(err);
    *lpdwNumLines = count;
    *lpdwNumPhones = phones;
    return 0;
}

/**
 * Exported because the control panel looks for it; TUISPI_providerInstall does the work.
 * @return 0. Thread: any. Source: TSPI_providerInstall.
 */
LONG TSPIAPI TSPI_providerInstall(HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)hwndOwner;
    (void)dwPermanentProviderID;
    return 0;
}

/** As TSPI_providerInstall, with TUISPI_providerRemove. @return 0. Thread: any. */
LONG TSPIAPI TSPI_providerRemove(HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)hwndOwner;
    (void)dwPermanentProviderID;
    return 0;
}

/** There is no dialog. @return OPERATIONFAILED, the page's only error that fits. Thread: any. */
LONG TSPIAPI TSPI_providerConfig(HWND hwndOwner, DWORD dwPermanentProviderID)
{
    (void)hwndOwner;
    (void)dwPermanentProviderID;
    return (LONG)LINEERR_OPERATIONFAILED;
}

/** No dialog instance is ever made. @return INVALPARAM. Thread: any. */
LONG TSPIAPI TSPI_providerFreeDialogInstance(HDRVDIALOGINSTANCE hdDlgInst)
{
    (void)hdDlgInst;
    return (LONG)LINEERR_INVALPARAM;
}

/**
 * Names the library of the dialogs: the file SESSIONTSP_UI_FILE beside this module. `lpszUIDLLName` has room for
 * MAX_PATH (260) units.
 * @return 0, INVALPOINTER, OPERATIONFAILED (the path is too long, or unknown), OPERATIONUNAVAIL where there is no such
 *         library (POSIX).
 * Thread: any. Source: TSPI_providerUIIdentify.
 */
LONG TSPIAPI TSPI_providerUIIdentify(LPWSTR lpszUIDLLName)
{
    enum { UNITS = 260 };
    char path[PLATFORM_PATH_MAX], *end;
    size_t len;

    if (!lpszUIDLLName)
        return (LONG)LINEERR_INVALPOINTER;
    if (!SESSIONTSP_UI_FILE[0])
        return (LONG)LINEERR_OPERATIONUNAVAIL;
    platform_module_self(path, sizeof path);
    end = path + strlen(path);
    while (end > path && end[-1] != '\\' && end[-1] != '/')
        end--;
    len = (size_t)(end - path);
    if (len == 0 || len + sizeof SESSIONTSP_UI_FILE > sizeof path)
        return (LONG)LINEERR_OPERATIONFAILED;
    memcpy(end, SESSIONTSP_UI_FILE, sizeof SESSIONTSP_UI_FILE);
    if (platform_utf8_to_utf16(path, SIZE_MAX, NULL, 0) > UNITS)
        return (LONG)LINEERR_OPERATIONFAILED;
    (void)platform_utf8_to_utf16(path, SIZE_MAX, (uint16_t *)lpszUIDLLName, UNITS);
    return 0;
}

/* ---- linked in, and tests ---------------------------------------------------------------------------------------- */

void *sessiontsp_lookup(const char *name)
{
    typedef void function(void);
    static const struct {
        const char *name;
        function *f;
    } functionv[] = {
#define TSPI_NAME(name) {#name, (function *)(name)},
#include "tsp/tspi/names.def"
#undef TSPI_NAME
    };

    for (size_t i = 0; name && i < sizeof functionv / sizeof *functionv; i++) {
        if (!strcmp(functionv[i].name, name)) {
            void *p;

            memcpy(&p, &functionv[i].f, sizeof p); /* ISO C has no cast for it */
            return p;
        }
    }
    return NULL;
}

void sessiontsp_set_memory(const struct session_mem *mem)
{
    platform_mutex_lock(&tspi.lock);
    if (tspi.phase == TSPI_OFF)
        tspi.mem = mem ? *mem : (struct session_mem){NULL, NULL, NULL};
    platform_mutex_unlock(&tspi.lock);
}

void sessiontsp_set_config(config_source_h *source)
{
    platform_mutex_lock(&tspi.lock);
    tspi.conf_source = source;
    platform_mutex_unlock(&tspi.lock);
}

const char *sessiontsp_check(void)
{
    const char *text = NULL;

    if (tspi_enter()) {
        text = session_check(tspi.core);
        text = text ? text : tspi_phones_check();
        tspi_exit();
    }
    return text;
}

void sessiontsp_settle(void)
{
    if (tspi_enter()) {
        if (!queue_nested(&tspi.queue))
            queue_wait_idle(&tspi.queue);
        tspi_exit();
    }
}
