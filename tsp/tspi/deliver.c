/* From the core's actions to TAPI's callbacks. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tsp/tspi/extra.h"
#include "tsp/tspi/phone.h"
#include "tsp/tspi/state.h"

/* ---- in: under the lock ------------------------------------------------------------------------------------------ */

static struct queue_event *append(enum queue_type type, uint32_t line, uint32_t session)
{
    struct queue_event *e = queue_append(&tspi.queue);

    e->type = type;
    e->line = line;
    e->session = session;
    e->p1 = e->p2 = e->p3 = 0;
    e->call = NULL;
    return e;
}

static void on_reply(const struct session_act *act)
{
    struct queue_event *e;

    if (act->err && act->session && act->session != tspi.releasing && !session_get(tspi.core, act->session)) {
        tspi.failed_idv[tspi.failed_at % TSPI_FAILED_IDS] = act->session;
        tspi.failed_at++;
    }
    for (int i = 0; act->err && i < 2; i++)
        if (act->madev[i] && act->madev[i] != tspi.releasing && act->madev[i] != act->session)
            tspi.failed_idv[tspi.failed_at++ % TSPI_FAILED_IDS] = act->madev[i];
    if (act->request == TSPI_REQUEST_OWN)
        return;
    if (act->request >= TSPI_REQUEST_SET) {
        tspi_phone_reply(act);
        return;
    }
    e = append(QUEUE_REPLY, act->line, act->session);
    e->p1 = act->request;
    e->p2 = (uint32_t)(act->user && !act->err ? tspi_park_reply(act) : tspi_error(act->err));
}

static struct queue_event *append_call(enum queue_type type, const struct session_act *act)
{
    const struct session_info *info = session_get(tspi.core, act->session);
    struct queue_event *e;

    if (!info)
        return NULL; /* released by the same input */
    e = append(type, act->line, act->session);
    e->call = (HTAPICALL)info->user;
    return e;
}

/* A message about a call that says what was heard or done in it, with the time. */
static void on_media(const struct session_act *act)
{
    struct queue_event *e = append_call(QUEUE_CALL, act);

    if (!e)
        return;
    e->p3 = (uint32_t)platform_mono_ms();
    e->p1 = act->mode;
    e->p2 = act->count;
    switch (act->type) {
    case SESSION_ACT_DIGIT:
        e->msg = LINE_MONITORDIGITS;
        e->p1 = act->state;
        e->p2 = act->mode;
        break;
    case SESSION_ACT_GATHER:
        e->msg = LINE_GATHERDIGITS;
        break;
    case SESSION_ACT_GENERATE:
        e->msg = LINE_GENERATE;
        if (act->state) { /* of the extension, as all who ask for files have */
            e->msg = LINE_CALLDEVSPECIFIC;
            e->p1 = SESSIONTSP_LINE_PLAY;
            e->p3 = act->mode;
        }
        break;
    case SESSION_ACT_TONE:
        e->msg = LINE_MONITORTONE;
        e->p1 = act->count;
        e->p2 = act->bits;
        break;
    default:
        e->msg = LINE_MONITORMEDIA;
        e->p1 = act->media_modes;
        e->p2 = 0;
        break;
    }
}

static void on_act(const struct session_act *act)
{
    const struct tspi_line *line = &tspi.linev[act->line];
    struct queue_event *e;

    if (act->type == SESSION_ACT_REPLY) {
        on_reply(act);
        return;
    }
    if (act->type == SESSION_ACT_LAMP) {
        tspi_phone_message(act->line, act->state != 0);
        return;
    }
    if (!line->open)
        return;
    switch (act->type) {
    case SESSION_ACT_REPLY:
    case SESSION_ACT_LAMP:
    case SESSION_ACT_COMMAND:
        break;
    case SESSION_ACT_DIGIT:
    case SESSION_ACT_GATHER:
    case SESSION_ACT_GENERATE:
    case SESSION_ACT_TONE:
    case SESSION_ACT_MEDIA:
        on_media(act);
        break;
    case SESSION_ACT_STREAM:
        tspi_stream_told(act);
        break;
    case SESSION_ACT_NEW:
        (void)append(QUEUE_NEW, act->line, act->session);
        break;
    case SESSION_ACT_STATE:
        if (line->phone)
            tspi_phone_state(act->line, act->session);
        e = append_call(QUEUE_STATE, act);
        if (e) {
            e->p1 = act->state;
            e->p2 = tspi_mode_of(line->version, act->state, act->mode);
            e->p3 = act->media_modes;
        }
        break;
    case SESSION_ACT_INFO:
        /* who has not selected the extension does not see what is in it */
        if (!(act->bits & ~(uint32_t)LINECALLINFOSTATE_DEVSPECIFIC) && !line->ext)
            break;
        e = append_call(QUEUE_INFO, act);
        if (e)
            e->p1 = line->ext ? act->bits : act->bits & ~(uint32_t)LINECALLINFOSTATE_DEVSPECIFIC;
        break;
    case SESSION_ACT_RING:
        e = append(QUEUE_RING, act->line, act->session);
        e->p1 = LINEDEVSTATE_RINGING;
        e->p2 = act->mode;
        e->p3 = act->count ? act->count - 1 : 0; /* LINE_LINEDEVSTATE counts rings from 0 */
        break;
    case SESSION_ACT_LINE:
        e = append(QUEUE_LINE, act->line, 0);
        e->p1 = act->bits;
        e->p2 = act->count;
        break;
    case SESSION_ACT_ADDRESS:
        e = append(QUEUE_ADDRESS, act->line, 0);
        e->p1 = act->address;
        e->p2 = act->bits;
        break;
    }
}

bool tspi_drain_core(void)
{
    const struct session_act *act;

    for (;;) {
        if (!queue_reserve(&tspi.queue))
            return false;
        act = pump_take(tspi.pump);
        if (!act)
            return true;
        on_act(act); /* it only writes down what is to be told */
    }
}

void tspi_drain(void)
{
    if (!tspi_drain_core() || (tspi.phone_dirty && !tspi_phone_flush()) || (tspi.owing && !tspi_devices_flush())) {
        /* What is left stays where it is; whoever delivers next tries again, with a free chunk. */
        atomic_store(&tspi.queue.undrained, true);
        return;
    }
    if (atomic_load_explicit(&tspi.queue.undrained, memory_order_relaxed)) {
        atomic_store(&tspi.queue.undrained, false);
        queue_wake(&tspi.queue);
    }
}

/* ---- out: with no lock ------------------------------------------------------------------------------------------- */

/* The call cannot be taken by TAPI now: it is refused, and nothing more is said about it. */
static void refuse(const struct queue_event *e)
{
    struct session_in in = {.type = SESSION_IN_OP};
    struct queue_match m = {e->line, e->session};

    in.u.op.op = SESSION_OP_RELEASE;
    in.u.op.session = e->session;
    (void)tspi_step(&in, NULL);
    tspi_phone_check(e->line);
    queue_purge(&tspi.queue, &m);
    tspi_drain();
    (void)queue_publish(&tspi.queue); /* we are the deliverer */
}

static void new_call(const struct queue_event *e)
{
    const struct tspi_line *line = tspi_line_at(e->line);
    HTAPICALL call = NULL;

    line->event(line->ht, NULL, (DWORD)LINE_NEWCALL, (DWORD_PTR)tspi_call_handle(e->session), (DWORD_PTR)&call, 0);
    platform_mutex_lock(&tspi.lock);
    if (call) {
        tspi.new_session = e->session;
        tspi.new_call = call;
        (void)session_set_user(tspi.core, e->session, (uintptr_t)call);
    } else if (session_get(tspi.core, e->session)) {
        refuse(e);
    }
    platform_mutex_unlock(&tspi.lock);
}

/* The host's handle of an event's call. False: the call has gone. */
static bool call_of(const struct queue_event *e, HTAPICALL *call)
{
    const struct session_info *info;

    *call = e->call;
    if (*call)
        return true;
    if (tspi.new_session == e->session) {
        *call = tspi.new_call;
        return true;
    }
    platform_mutex_lock(&tspi.lock);
    info = session_get(tspi.core, e->session);
    if (info)
        *call = (HTAPICALL)info->user;
    platform_mutex_unlock(&tspi.lock);
    return info != NULL;
}

static void call_out_phone(const struct queue_event *e)
{
    const struct tspi_phone *phone = tspi_phone_at(e->line & ~TSPI_PHONE_QUEUE);

    if (e->type == QUEUE_BUTTON)
        phone->event(phone->ht, PHONE_BUTTON, e->p1, e->p2, e->p3);
    else
        phone->event(phone->ht, PHONE_STATE, e->p1, e->p2, 0);
}

/* The host's handle of the conference that a call has joined; 0: it has gone meanwhile. */
static DWORD_PTR parent_of(const struct queue_event *e)
{
    const struct session_info *info;
    DWORD_PTR call = 0;

    platform_mutex_lock(&tspi.lock);
    info = session_get(tspi.core, e->p2);
    if (info)
        call = (DWORD_PTR)info->user;
    platform_mutex_unlock(&tspi.lock);
    return call;
}

static void call_out(const struct queue_event *e)
{
    const struct tspi_line *line = e->line < TSPI_PHONE_QUEUE ? tspi_line_at(e->line) : NULL; /* else of no line */
    HTAPICALL call = NULL;

    switch (e->type) {
    case QUEUE_REPLY:
        tspi.completion(e->p1, (LONG)e->p2);
        break;
    case QUEUE_NEW:
        new_call(e);
        break;
    case QUEUE_STATE:
        if (call_of(e, &call))
            line->event(line->ht, call, LINE_CALLSTATE, e->p1,
                        e->p1 == LINECALLSTATE_CONFERENCED ? parent_of(e) : e->p2, e->p3);
        break;
    case QUEUE_INFO:
        if (call_of(e, &call))
            line->event(line->ht, call, LINE_CALLINFO, e->p1, 0, 0);
        break;
    case QUEUE_CALL:
        if (call_of(e, &call))
            line->event(line->ht, call, e->msg, e->p1, e->p2, e->p3);
        break;
    case QUEUE_MESSAGE:
        line->event(line->ht, NULL, e->msg, e->p1, e->p2, e->p3);
        break;
    case QUEUE_RING:
    case QUEUE_LINE:
        line->event(line->ht, NULL, LINE_LINEDEVSTATE, e->p1, e->p2, e->p3);
        break;
    case QUEUE_ADDRESS:
        line->event(line->ht, NULL, LINE_ADDRESSSTATE, e->p1, e->p2, 0);
        break;
    case QUEUE_PHONE:
    case QUEUE_BUTTON:
        call_out_phone(e);
        break;
    case QUEUE_DEVICE:
        tspi_device_out(e);
        break;
    }
}

/* Fetches what drain could not. The deliverer does it, before the queue is empty: that it was full means that a chunk
 * lies ahead, and to get there the deliverer takes the lock under which `undrained` was set. */
static void refill(void)
{
    platform_mutex_lock(&tspi.lock);
    tspi_drain();
    (void)queue_publish(&tspi.queue);
    platform_mutex_unlock(&tspi.lock);
}

bool tspi_deliver(bool on_worker)
{
    struct queue *q = &tspi.queue;
    unsigned foreign = atomic_load_explicit(&q->foreign, memory_order_relaxed);
    unsigned count = 0;
    struct queue_event *e = queue_first(q);

    for (;;) {
        if (atomic_load_explicit(&q->undrained, memory_order_relaxed))
            refill();
        if (!atomic_load(&e->dead))
            call_out(e);
        e = queue_advance(q);
        if (!e)
            return true;
        if (++count >= QUEUE_BUDGET && !on_worker &&
            atomic_load_explicit(&q->foreign, memory_order_relaxed) != foreign) {
            platform_mutex_lock(&tspi.lock);
            atomic_store_explicit(&q->owner, 0, memory_order_relaxed);
            q->handed = true;
            platform_cond_signal(&tspi.wake);
            platform_mutex_unlock(&tspi.lock);
            return false;
        }
    }
}

void tspi_deliver_nested(const struct queue_match *m)
{
    struct queue *q = &tspi.queue;
    struct queue_event e;

    while (queue_take_reply(q, m, &e)) {
        struct queue_frame frame = {q->frames, e.line, e.session};

        q->frames = &frame;
        platform_mutex_unlock(&tspi.lock);
        call_out(&e);
        platform_mutex_lock(&tspi.lock);
        q->frames = frame.next; /* nested ones are back by now */
        queue_wake(q);
    }
}
