/* Call completion: who was busy, or did not answer, is watched until he can be called. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <string.h>

/*
 * As in the embedded exchange: what was asked for is offered as a call of its own when the other telephone is at rest,
 * and when that is answered the number is called. Who did not answer has to have used his telephone before.
 */
enum { RINGS_MAX = 10, TRIES_MAX = 5, AGAIN_MS = 1000 };

struct sip_completion {
    struct sip_watch watch; /* first */
    struct sip_completion *next;
    struct sip_ua *ua;
    uint32_t id, address;
    struct sip_command *command; /* COMPLETE, until it is answered */
    bool armed;                  /* the number was busy, or its telephone used since */
    unsigned tries;              /* subscriptions that have ended since something was heard */
    pj_timer_entry again;
    char number[SESSION_NUMBER_MAX + 1];
    bool is_uri;
};

static void forget(struct sip_completion *m)
{
    struct sip_completion **link = &m->ua->completions;

    while (*link != m) {
        link = &(*link)->next;
    }
    *link = m->next;
    sip_unschedule(m->ua, &m->again);
    sip_watch_end(&m->watch);
    sip_release(m->ua->x, m);
}

/* It is not to be any more: the core is told, and forgets it. */
static void say_over(struct sip *x, uint32_t line, uint32_t id)
{
    struct sip_event *ev = sip_event_new(x, SESSION_IND_COMPLETION, NULL);

    if (ev) {
        ev->line = line;
        ev->completion = id;
        sip_say(x, ev);
    }
}

static void cancel(struct sip_completion *m)
{
    say_over(m->ua->x, m->watch.account->conf->line, m->id);
    forget(m);
}

/* ---- the call that comes of it ----------------------------------------------------------------------------------- */

static struct session_party *whom(const struct sip_completion *m)
{
    struct sip_ua *ua = m->ua;
    pj_pool_t *pool = pjsip_endpt_create_pool(ua->endpt, "whom", 1000, 1000);
    struct session_party *party = NULL;

    if (pool) {
        pj_str_t text = sip_str(pool, m->watch.target);
        pjsip_uri *uri = pjsip_parse_uri(pool, text.ptr, (pj_size_t)text.slen, 0);

        party = uri ? sip_party_of_uri(ua->x, m->watch.account, uri) : NULL;
        pjsip_endpt_release_pool(ua->endpt, pool);
    }
    return party;
}

static void offer(struct sip_completion *m)
{
    struct sip_ua *ua = m->ua;
    struct sip_account *acc = m->watch.account;
    const char *number = acc->conf->addressv[m->address];
    bool there = sip_attended(ua->x, acc->conf->line);
    struct sip_leg *leg = there ? sip_leg_make(ua->x, acc->conf->line) : NULL;
    struct sip_call *call = leg ? sip_call_new(ua, leg, acc) : NULL;
    struct sip_event *ev = call ? sip_event_new(ua->x, SESSION_IND_INCOMING, leg) : NULL;

    if (!ev) {
        if (call) {
            sip_call_end(call, 0, 0);
        } else if (leg) {
            sip_leg_over(ua->x, leg, 0);
        }
        cancel(m);
        return;
    }
    call->phase = CALL_CALLBACK;
    call->address = m->address;
    call->completion = m->id;
    memcpy(call->number, m->number, sizeof(call->number));
    call->numberc = strlen(call->number);
    call->is_uri = m->is_uri;
    ev->address = m->address;
    ev->origin = SESSION_ORIGIN_EXTERNAL;
    ev->reason = SESSION_REASON_CALLCOMPLETION;
    ev->completion = m->id;
    ev->media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    ev->partyv[SIP_CALLER] = whom(m);
    ev->partyv[SIP_CALLED] =
        sip_party(ua->x, number, strlen(number), acc->conf->name, acc->conf->name ? strlen(acc->conf->name) : 0);
    sip_say(ua->x, ev);
    sip_call_ring(NULL, &call->ring);
    forget(m);
}

bool sip_callback_rings(struct sip_call *call)
{
    if (call->phase != CALL_CALLBACK || ++call->rings <= RINGS_MAX) {
        return true;
    }
    sip_call_end(call, SESSION_DISC_NOANSWER, 0);
    return false;
}

void sip_callback_answer(struct sip_ua *ua, struct sip_call *call, struct sip_command *c)
{
    sip_unschedule(ua, &call->ring);
    call->phase = CALL_CALLING;
    call->told = true;
    call->mode = SESSION_CONNECTED_ACTIVE;
    sip_done(ua->x, c, SESSION_E_OK, call->mode, NULL);
    sip_place_again(call);
}

void sip_callback_refused(struct sip_call *call)
{
    if (call->phase == CALL_CALLBACK) {
        say_over(call->x, call->leg->line, call->completion);
    }
}

/* ---- watching ---------------------------------------------------------------------------------------------------- */

static struct sip_completion *completion_of(struct sip_watch *w)
{
    return (struct sip_completion *)(void *)w;
}

static void on_took(struct sip_watch *w)
{
    struct sip_completion *m = completion_of(w);
    struct sip_command *c = m->command;
    struct sip_call *call = c ? sip_call_of(m->ua->x, c->cmd.leg) : NULL;
    struct sip *x = m->ua->x;

    m->command = NULL;
    if (!c) {
        return;
    }
    c->answer.completion = m->id;
    c->answer.line = w->account->conf->line;
    if (call) {
        sip_call_end(call, 0, 0);
    }
    sip_done(x, c, SESSION_E_OK, 0, NULL);
}

static void on_news(struct sip_watch *w)
{
    struct sip_completion *m = completion_of(w);

    m->tries = 0;
    m->armed = m->armed || sip_dialogs_engaged(&w->dialogs);
    if (m->armed && w->dialogs.v.known && !w->dialogs.count) {
        offer(m);
    }
}

static void on_over(struct sip_watch *w, bool soon)
{
    struct sip_completion *m = completion_of(w);

    if (m->command) {
        struct sip_command *c = m->command;

        m->command = NULL;
        sip_done(m->ua->x, c, SESSION_E_FAILED, 0, NULL);
        forget(m);
    } else if (soon && ++m->tries <= TRIES_MAX) {
        sip_schedule(m->ua, &m->again, AGAIN_MS);
    } else {
        cancel(m);
    }
}

static void on_again(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_completion *m = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (!sip_watch_begin(&m->watch, m->watch.account, NULL)) {
        cancel(m);
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* The call of a command, if it is one that can be completed. */
static enum session_err check(struct sip_ua *ua, const struct sip_command *c, struct sip_call **callp)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);

    *callp = call;
    if (!call || !call->account) {
        return SESSION_E_BADSTATE;
    }
    if (!call->account->conf->completion) {
        return SESSION_E_UNAVAIL;
    }
    if (c->cmd.mode != SESSION_COMPL_CALLBACK) {
        return SESSION_E_BADCOMPLMODE;
    }
    return call->phase == CALL_BUSY || (call->phase == CALL_CALLING && call->ringing && !call->completion)
               ? SESSION_E_OK
               : SESSION_E_BADSTATE;
}

void sip_complete(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_completion *m = NULL;
    pj_pool_t *pool = NULL;
    struct sip_call *call;
    enum session_err err = check(ua, c, &call);
    pj_str_t target;

    if (err) {
        goto out;
    }
    err = SESSION_E_NOMEM;
    pool = pjsip_endpt_create_pool(ua->endpt, "complete", 1000, 1000);
    m = pool ? sip_zalloc(ua->x, sizeof(*m)) : NULL;
    if (!m) {
        goto out;
    }
    m->ua = ua;
    m->id = c->cmd.completion;
    m->address = call->address;
    m->armed = call->phase == CALL_BUSY;
    memcpy(m->number, call->number, sizeof(m->number));
    m->is_uri = call->is_uri;
    m->watch.took_h = on_took;
    m->watch.news_h = on_news;
    m->watch.over_h = on_over;
    pj_timer_entry_init(&m->again, 0, m, on_again);
    m->next = ua->completions;
    ua->completions = m;
    target = sip_uri_of_dial(pool, call->account, m->number, m->is_uri);
    if (target.slen && sip_watch_begin(&m->watch, call->account, &target)) {
        m->command = c;
        c = NULL;
    } else {
        m->watch.account = call->account;
        forget(m);
        err = SESSION_E_FAILED;
    }
out:
    if (c) {
        sip_done(ua->x, c, err, 0, NULL);
    }
    if (pool) {
        pjsip_endpt_release_pool(ua->endpt, pool);
    }
}

void sip_uncomplete(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_completion *m = ua->completions;

    while (m && (m->id != c->cmd.completion || m->watch.account->conf->line != c->cmd.line)) {
        m = m->next;
    }
    if (m && !m->command) {
        forget(m);
    }
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
}

bool sip_stays_busy(struct sip_call *call, struct sip_side *side, enum session_disconnect mode)
{
    if (mode != SESSION_DISC_BUSY || !call->account || !call->account->conf->completion ||
        call->phase != CALL_CALLING || call->completion || call->fetch || call->side != side) {
        return false;
    }
    sip_side_placed(side);
    call->side = NULL;
    call->phase = CALL_BUSY;
    sip_side_free(side);
    sip_progress(call, SESSION_BUSY, SESSION_BUSY_STATION, NULL);
    return true;
}

void sip_completions_end(struct sip_ua *ua, const struct sip_account *acc)
{
    struct sip_completion *next;

    for (struct sip_completion *m = ua->completions; m; m = next) {
        struct sip_command *c = m->command;

        next = m->next;
        if (acc && m->watch.account != acc) {
            continue;
        }
        m->command = NULL;
        if (c) {
            sip_done(ua->x, c, SESSION_E_FAILED, 0, NULL);
        }
        forget(m);
    }
}
