/* Digits, tones and media of calls: generated, gathered, monitored. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

enum {
    DIGIT_MODES = LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF | LINEDIGITMODE_DTMFEND,
    MEDIA_RESERVED = 0x00FF0001, /* neither defined nor for extensions */
    DIGITS_MAX = 1 << 16,        /* gathered in one go */
    TASKS_MAX = 16               /* of a call: a provider that never tells of an end */
};

/* ---- what goes on until the provider says so --------------------------------------------------------------------- */

static struct engine_task *task_alloc(const struct engine_hcall *h, uint32_t id, uint32_t digitc)
{
    struct engine_call *call = h->call;
    struct engine_task *t, **p;
    uint32_t n = 0;

    for (t = call->task_first; t; t = t->next)
        n++;
    if (n >= TASKS_MAX)
        return NULL;
    t = pool_alloc(&engine.tasks);
    if (!t)
        return NULL;
    if (digitc) {
        t->digits = calloc((size_t)digitc + 1, sizeof(*t->digits));
        if (!t->digits) {
            pool_hide(t);
            pool_free(&engine.tasks, t);
            return NULL;
        }
    }
    t->call = call;
    t->hcall = h->item.handle;
    t->id = id;
    t->digitc = digitc;
    t->inside = true;
    for (p = &call->task_first; *p; p = &(*p)->next)
        ;
    *p = t;
    return t;
}

static void task_free(struct engine_task *t)
{
    struct engine_task **p;

    for (p = &t->call->task_first; *p != t; p = &(*p)->next)
        ;
    *p = t->next;
    free(t->digits);
    pool_hide(t);
    pool_free(&engine.tasks, t);
}

/* A new generation ends the one before, whether the provider says so or not: nobody is kept waiting by many. */
static void generations_limit(struct engine_call *call)
{
    struct engine_task *t, *oldest = NULL;
    uint32_t n = 0;

    for (t = call->task_first; t; t = t->next) {
        n++;
        if (!oldest && !t->digits && !t->inside)
            oldest = t;
    }
    if (n >= TASKS_MAX && oldest)
        task_free(oldest);
}

void media_clear(struct engine_call *call)
{
    while (call->task_first)
        task_free(call->task_first);
}

void media_idle(struct engine_call *call)
{
    struct engine_hcall *h;

    call->digit_modes = call->media_modes = 0;
    for (h = call->hcall_first; h; h = h->next) {
        h->digit_modes = h->media_modes = 0;
        h->tones = false;
    }
}

/* ---- what the provider says -------------------------------------------------------------------------------------- */

static uint64_t stamp(uint64_t given)
{
    return given ? given : (uint32_t)platform_mono_ms();
}

static void task_ended(struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    struct engine_task *t = p2 <= UINT32_MAX ? pool_find(&engine.tasks, (uint32_t)p2) : NULL;
    const struct engine_hcall *h;
    uint32_t n = 0;

    if (!t || t->call != call || t->done || (message == LINE_GATHERDIGITS) != (t->digits != NULL))
        return;
    h = pool_find(&engine.hcalls, t->hcall);
    if (h && h->call == call) {
        while (t->digits && n < t->digitc && t->digits[n])
            n++;
        event_send_data(h->line, message, h->item.handle, p1, t->id, stamp(p3), t->digits,
                        n * (uint32_t)sizeof(*t->digits));
    }
    t->done = true;
    if (!t->inside)
        task_free(t);
}

void media_event(struct engine_call *call, uint32_t message, uint64_t p1, uint64_t p2, uint64_t p3)
{
    const struct engine_hcall *h;

    switch (message) {
    case LINE_GATHERDIGITS:
    case LINE_GENERATE:
        task_ended(call, message, p1, p2, p3);
        return;
    case LINE_MONITORTONE:
        h = p2 <= UINT32_MAX ? pool_find(&engine.hcalls, (uint32_t)p2) : NULL;
        if (h && h->call == call && h->tones && h->given)
            event_send(h->line, message, h->item.handle, p1, 0, stamp(p3));
        return;
    default:
        break;
    }
    for (h = call->hcall_first; h; h = h->next) {
        if (!h->given)
            continue;
        if (message == LINE_MONITORDIGITS && h->digit_modes & p2)
            event_send(h->line, message, h->item.handle, p1, p2, stamp(p3));
        if (message == LINE_MONITORMEDIA && h->media_modes & p1)
            event_send(h->line, message, h->item.handle, p1, 0, stamp(p3));
    }
}

/* ---- monitoring -------------------------------------------------------------------------------------------------- */

/* Tells the provider the unions of what the handles want, as far as they changed, with CALL_TUNING set and the call
 * held; unlocks meanwhile. */
static int32_t monitor_update(struct engine_call *call)
{
    struct engine_provider *p = call->device->provider;
    uint32_t digits = 0, media = 0;
    const struct engine_hcall *h;
    HDRVCALL hdcall = call->hdcall;
    int32_t rc = 0;

    for (h = call->hcall_first; h; h = h->next) {
        digits |= h->digit_modes;
        media |= h->media_modes;
    }
    if (digits != call->digit_modes) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineMonitorDigits, hdcall, digits);
        engine_lock();
        rc = engine_sync_result(rc);
        if (!rc && call->state != LINECALLSTATE_IDLE)
            call->digit_modes = digits;
    }
    if (!rc && media != call->media_modes) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineMonitorMedia, hdcall, media);
        engine_lock();
        rc = engine_sync_result(rc);
        if (!rc && call->state != LINECALLSTATE_IDLE)
            call->media_modes = media;
    }
    return rc;
}

static void tuning_end(struct engine_call *call)
{
    call->flags &= (uint16_t)~CALL_TUNING;
    engine_change();
}

int32_t media_op_monitor(struct channel *c, struct channel_call *cc)
{
    bool digits = cc->op == CHANNEL_CALL_DIGITS_MONITOR;
    uint32_t modes = cc->arg[1], old;
    struct engine_hcall *h;
    struct engine_call *call;
    int32_t rc;

    for (;;) {
        h = hcall_find(c, cc->arg[0]);
        if (!h)
            return (int32_t)LINEERR_INVALCALLHANDLE;
        call = h->call;
        if (!(call->flags & CALL_TUNING))
            break;
        engine_wait();
    }
    if (digits ? !PROVIDER_HAS(call->device->provider, lineMonitorDigits)
               : !PROVIDER_HAS(call->device->provider, lineMonitorMedia))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    if (digits && modes & ~(uint32_t)DIGIT_MODES)
        return (int32_t)LINEERR_INVALDIGITMODE;
    if (!digits && modes & MEDIA_RESERVED)
        return (int32_t)LINEERR_INVALMEDIAMODE;
    if (call->state == LINECALLSTATE_IDLE || (digits && modes && call->state == LINECALLSTATE_DISCONNECTED))
        return (int32_t)LINEERR_INVALCALLSTATE;
    old = digits ? h->digit_modes : h->media_modes;
    *(digits ? &h->digit_modes : &h->media_modes) = modes;
    call->flags |= CALL_TUNING;
    call_hold(call);
    rc = monitor_update(call);
    h = hcall_find(c, cc->arg[0]);
    if (rc && h)
        *(digits ? &h->digit_modes : &h->media_modes) = old;
    tuning_end(call);
    call_put(call);
    return rc;
}

void media_leave(struct engine_call *call, uint32_t tone_list)
{
    struct engine_provider *p = call->device->provider;
    HDRVCALL hdcall = call->hdcall;
    int32_t rc;

    if (tone_list) {
        engine_unlock();
        PROVIDER_CALL(p, rc, lineMonitorTones, hdcall, tone_list, NULL, 0);
        engine_lock();
        (void)rc;
    }
    while (call->flags & CALL_TUNING)
        engine_wait();
    if (call->flags & (CALL_DEAD | CALL_CLOSING) || call->state == LINECALLSTATE_IDLE)
        return;
    call->flags |= CALL_TUNING;
    (void)monitor_update(call);
    tuning_end(call);
}

/* ---- the other functions of a call ------------------------------------------------------------------------------- */

/* Whether the block is `count` entries of `size` bytes; none of them is none. */
static bool list_right(const struct channel_call *cc, uint32_t count, uint32_t size)
{
    return cc->in0 ? count <= cc->in0_len / size && cc->in0_len == count * size : !count;
}

static int32_t media_check(const struct engine_call *call, const struct channel_call *cc)
{
    const struct engine_provider *p = call->device->provider;
    const uint32_t *arg = cc->arg;
    bool idle = call->state == LINECALLSTATE_IDLE;

    switch (cc->op) {
    case CHANNEL_CALL_MEDIA_MODE_SET:
        if (!PROVIDER_HAS(p, lineSetMediaMode))
            return (int32_t)LINEERR_OPERATIONUNAVAIL;
        /* One, or several of which one is not known. */
        if (!arg[1] || arg[1] & MEDIA_RESERVED || (arg[1] & (arg[1] - 1) && !(arg[1] & LINEMEDIAMODE_UNKNOWN)))
            return (int32_t)LINEERR_INVALMEDIAMODE;
        return 0;
    case CHANNEL_CALL_DIGITS_GENERATE:
        if (!PROVIDER_HAS(p, lineGenerateDigits))
            return (int32_t)LINEERR_OPERATIONUNAVAIL;
        if (arg[1] != LINEDIGITMODE_PULSE && arg[1] != LINEDIGITMODE_DTMF)
            return (int32_t)LINEERR_INVALDIGITMODE;
        if (cc->in0 && !text_check(cc->in0, cc->in0_len))
            return (int32_t)LINEERR_INVALPOINTER;
        return idle ? (int32_t)LINEERR_INVALCALLSTATE : 0;
    case CHANNEL_CALL_TONE_GENERATE:
        if (!PROVIDER_HAS(p, lineGenerateTone))
            return (int32_t)LINEERR_OPERATIONUNAVAIL;
        if (arg[1] & (arg[1] - 1) || arg[1] > LINETONEMODE_BILLING)
            return (int32_t)LINEERR_INVALTONEMODE;
        if (!list_right(cc, arg[3], sizeof(LINEGENERATETONE)) || (arg[1] == LINETONEMODE_CUSTOM && !arg[3]))
            return (int32_t)LINEERR_INVALTONE;
        return idle ? (int32_t)LINEERR_INVALCALLSTATE : 0;
    case CHANNEL_CALL_TONES_MONITOR:
        if (!PROVIDER_HAS(p, lineMonitorTones))
            return (int32_t)LINEERR_OPERATIONUNAVAIL;
        if (!list_right(cc, arg[1], sizeof(LINEMONITORTONE)))
            return (int32_t)LINEERR_INVALTONE;
        return idle ? (int32_t)LINEERR_INVALCALLSTATE : 0;
    default:
        if (!PROVIDER_HAS(p, lineGatherDigits))
            return (int32_t)LINEERR_OPERATIONUNAVAIL;
        if (!arg[3])
            return 0;
        if (!arg[2] || arg[2] & ~(uint32_t)(LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF))
            return (int32_t)LINEERR_INVALDIGITMODE;
        if (arg[3] > DIGITS_MAX)
            return (int32_t)LINEERR_INVALPARAM;
        if (cc->in0 && !text_check(cc->in0, cc->in0_len))
            return (int32_t)LINEERR_INVALDIGITS;
        return idle ? (int32_t)LINEERR_INVALCALLSTATE : 0;
    }
}

/* Not locked. */
static int32_t media_run(struct engine_provider *p, HDRVCALL hdcall, uint32_t id, uint16_t *digits,
                         const struct channel_call *cc)
{
    const uint32_t *arg = cc->arg;
    /* Providers take it as input; the prototypes do not all say so. */
    void *in0 = (void *)(uintptr_t)cc->in0;
    int32_t rc;

    switch (cc->op) {
    case CHANNEL_CALL_MEDIA_MODE_SET:
        PROVIDER_CALL(p, rc, lineSetMediaMode, hdcall, arg[1]);
        break;
    case CHANNEL_CALL_DIGITS_GENERATE:
        PROVIDER_CALL(p, rc, lineGenerateDigits, hdcall, id, arg[1], in0, arg[2]);
        break;
    case CHANNEL_CALL_TONE_GENERATE:
        PROVIDER_CALL(p, rc, lineGenerateTone, hdcall, id, arg[1], arg[2], arg[3], in0);
        break;
    case CHANNEL_CALL_TONES_MONITOR:
        PROVIDER_CALL(p, rc, lineMonitorTones, hdcall, arg[0], arg[1] ? in0 : NULL, arg[1]);
        break;
    default:
        PROVIDER_CALL(p, rc, lineGatherDigits, hdcall, id, arg[2], (LPWSTR)digits, arg[3], in0, arg[4], arg[5]);
        break;
    }
    return engine_sync_result(rc);
}

/* Whether something begins of which the end will be told. */
static bool has_end(const struct channel_call *cc)
{
    switch (cc->op) {
    case CHANNEL_CALL_DIGITS_GENERATE:
        return cc->in0;
    case CHANNEL_CALL_TONE_GENERATE:
        return cc->arg[1];
    case CHANNEL_CALL_DIGITS_GATHER:
        return cc->arg[3];
    default:
        return false;
    }
}

int32_t media_op(struct channel *c, struct channel_call *cc)
{
    bool gather = cc->op == CHANNEL_CALL_DIGITS_GATHER, tones = cc->op == CHANNEL_CALL_TONES_MONITOR;
    struct engine_hcall *h = hcall_find(c, cc->arg[0]);
    struct engine_task *t = NULL;
    struct engine_call *call;
    uint16_t *digits = NULL;
    HDRVCALL hdcall;
    uint32_t id = 0;
    int32_t rc;

    if (!h)
        return (int32_t)LINEERR_INVALCALLHANDLE;
    if (!tones && h->privilege != LINECALLPRIVILEGE_OWNER)
        return (int32_t)LINEERR_NOTOWNER;
    call = h->call;
    rc = media_check(call, cc);
    if (rc)
        return rc;
    if (has_end(cc)) {
        if (!gather)
            generations_limit(call);
        t = task_alloc(h, gather ? cc->arg[1] : 0, gather ? cc->arg[3] : 0);
        if (!t)
            return (int32_t)LINEERR_NOMEM;
        id = t->item.handle;
        digits = t->digits;
    }
    if (gather) {
        cc->ret[0] = (uint32_t)h->line->instance;
        cc->ret[1] = (uint32_t)(h->line->instance >> 32);
    }
    /* Before it begins: the first tone may be there before the function returns. */
    if (tones)
        h->tones = cc->arg[1];
    hdcall = call->hdcall;
    call_hold(call);
    engine_unlock();
    rc = media_run(call->device->provider, hdcall, id, digits, cc);
    engine_lock();
    if (t) {
        t->inside = false;
        if (rc || t->done)
            task_free(t);
    }
    if (tones && rc) {
        h = hcall_find(c, cc->arg[0]);
        if (h)
            h->tones = false;
    }
    call_put(call);
    return rc;
}

/* ---- actions that the provider takes by itself ------------------------------------------------------------------- */

int32_t media_op_control(struct channel *c, struct channel_call *cc)
{
    static const uint32_t sizev[4] = {sizeof(LINEMEDIACONTROLDIGIT), sizeof(LINEMEDIACONTROLMEDIA),
                                      sizeof(LINEMEDIACONTROLTONE), sizeof(LINEMEDIACONTROLCALLSTATE)};
    static const int32_t badv[4] = {(int32_t)LINEERR_INVALDIGITLIST, (int32_t)LINEERR_INVALMEDIALIST,
                                    (int32_t)LINEERR_INVALTONELIST, (int32_t)LINEERR_INVALCALLSTATELIST};
    struct engine_line *line = line_find(c, cc->arg[0]);
    unsigned char *at = (unsigned char *)(uintptr_t)cc->in0;
    uint32_t left = cc->in0 ? cc->in0_len : 0, i;
    const uint32_t *arg = cc->arg, *countv = cc->arg + 4;
    struct engine_call *call = NULL;
    struct engine_hcall *h = NULL;
    struct engine_device *d;
    HDRVCALL hdcall = NULL;
    void *listv[4];
    HDRVLINE hdline;
    int32_t rc;

    if (!line)
        return (int32_t)LINEERR_INVALLINEHANDLE;
    d = line->device;
    if (!PROVIDER_HAS(d->provider, lineSetMediaControl))
        return (int32_t)LINEERR_OPERATIONUNAVAIL;
    if (arg[3] != LINECALLSELECT_LINE && arg[3] != LINECALLSELECT_ADDRESS && arg[3] != LINECALLSELECT_CALL)
        return (int32_t)LINEERR_INVALCALLSELECT;
    if (arg[3] == LINECALLSELECT_ADDRESS && arg[1] >= d->addressc)
        return (int32_t)LINEERR_INVALADDRESSID;
    if (arg[3] == LINECALLSELECT_CALL) {
        h = hcall_find(c, arg[2]);
        if (!h || h->call->device != d)
            return (int32_t)LINEERR_INVALCALLHANDLE;
        if (h->privilege != LINECALLPRIVILEGE_OWNER)
            return (int32_t)LINEERR_NOTOWNER;
    }
    for (i = 0; i < 4; i++) {
        listv[i] = countv[i] ? at : NULL;
        if (countv[i] > left / sizev[i])
            return badv[i];
        if (countv[i]) {
            at += countv[i] * sizev[i];
            left -= countv[i] * sizev[i];
        }
    }
    hdline = d->hdline;
    if (h) {
        call = h->call;
        hdcall = call->hdcall;
        call_hold(call);
    }
    device_hold(d);
    engine_unlock();
    PROVIDER_CALL(d->provider, rc, lineSetMediaControl, hdline, arg[1], hdcall, arg[3], listv[0], countv[0], listv[1],
                  countv[1], listv[2], countv[2], listv[3], countv[3]);
    engine_lock();
    if (call)
        call_put(call);
    device_put(d);
    return engine_sync_result(rc);
}
