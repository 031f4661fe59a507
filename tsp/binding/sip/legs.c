/* Legs, commands and indications between the two sides of the SIP binding. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/front.h"

#include <string.h>

enum { INDEX_BITS = 20, ID_MASK = 0x7FFFFFFF };
#define INDEX_MASK ((1u << INDEX_BITS) - 1)

/* ---- legs; lock held --------------------------------------------------------------------------------------------- */

static struct sip_leg *find(const struct sip *x, uint32_t id)
{
    uint32_t index = (id & INDEX_MASK) - 1;
    struct sip_leg *leg = index < x->legc ? x->legv[index] : NULL;

    return leg && leg->id == id && leg->holds ? leg : NULL;
}

struct sip_leg *sip_front_find(const struct sip *x, uint32_t id, uint32_t session)
{
    struct sip_leg *leg = find(x, id);

    return leg && leg->front && (!session || !leg->session || leg->session == session) ? leg : NULL;
}

void sip_drop_hold(struct sip *x, struct sip_leg *leg)
{
    if (--leg->holds) {
        return;
    }
    leg->id = (leg->id + (1u << INDEX_BITS)) & ID_MASK;
    leg->next_free = x->free_leg;
    x->free_leg = leg;
}

void sip_secure(struct sip *x, struct sip_leg *leg, bool on)
{
    if (leg->secured != on && leg->line < x->linec) {
        leg->secured = on;
        x->linev[leg->line].securedc += on ? 1u : UINT32_MAX;
    }
}

void sip_front_over(struct sip *x, struct sip_leg *leg)
{
    if (leg->front) {
        sip_secure(x, leg, false);
        leg->front = false;
        x->live--;
        sip_drop_hold(x, leg);
    }
}

static bool stock(struct sip *x)
{
    for (int i = 0; i < SIP_EVENTS_SPARE; i++) {
        struct sip_event *ev = sip_zalloc(x, sizeof(*ev));

        if (!ev) {
            return false; /* those made so far stay in stock */
        }
        ev->next = x->spare;
        x->spare = ev;
    }
    return true;
}

struct sip_leg *sip_leg_make_locked(struct sip *x, uint32_t line)
{
    struct sip_leg *leg = x->free_leg;
    uint32_t id;

    if (!leg) {
        if (x->legc == x->leg_cap) {
            uint32_t cap = x->leg_cap ? 2 * x->leg_cap : 64;
            struct sip_leg **legv = x->legc < INDEX_MASK ? sip_zalloc(x, cap * sizeof(struct sip_leg *)) : NULL;

            if (!legv) {
                return NULL;
            }
            if (x->legc) {
                memcpy(legv, x->legv, x->legc * sizeof(struct sip_leg *));
            }
            sip_release(x, x->legv);
            x->legv = legv;
            x->leg_cap = cap;
        }
        if (!stock(x)) {
            return NULL;
        }
        leg = sip_zalloc(x, sizeof(*leg));
        if (!leg) {
            return NULL;
        }
        x->legv[x->legc++] = leg;
        leg->id = x->legc;
    } else {
        x->free_leg = leg->next_free;
    }
    id = leg->id;
    memset(leg, 0, sizeof(*leg));
    leg->id = id;
    leg->line = line;
    leg->front = leg->back = true;
    leg->holds = 2;
    leg->end.of = leg->unhold.of = leg;
    leg->gone.gone_of = leg;
    leg->gone.fixed = true;
    x->live++;
    return leg;
}

/* ---- events; lock held ------------------------------------------------------------------------------------------- */

void sip_push_event(struct sip *x, struct sip_event *ev)
{
    ev->next = NULL;
    if (x->event_last) {
        x->event_last->next = ev;
    } else {
        x->event_first = ev;
    }
    x->event_last = ev;
}

/* Whether the driver is to be woken now. */
static bool wake_now(struct sip *x)
{
    bool now = !x->woken;

    x->woken = true;
    return now && x->wake;
}

static void event_clear(struct sip_event *ev)
{
    for (int i = 0; i < SIP_PARTIES; i++) {
        ev->partyv[i] = session_party_deref(ev->partyv[i]);
    }
}

void sip_event_free(struct sip *x, struct sip_event *ev)
{
    struct sip_command *c = ev->done;
    struct sip_leg *leg = ev->gone_of;

    event_clear(ev);
    sip_release(x, ev->uui);
    ev->uui = NULL;
    if (c) {
        sip_release(x, c->digits);
        sip_release(x, c->uui);
        sip_release(x, c);
    } else if (leg) {
        sip_drop_hold(x, leg);
    } else if (!ev->fixed) {
        memset(ev, 0, sizeof(*ev));
        ev->next = x->spare;
        x->spare = ev;
    }
}

/* ---- the back's -------------------------------------------------------------------------------------------------- */

struct sip_command *sip_take(struct sip *x)
{
    struct sip_command *c;

    platform_mutex_lock(&x->lock);
    x->poked = false;
    c = x->command_first;
    if (c) {
        x->command_first = c->next;
        if (!c->next) {
            x->command_last = NULL;
        }
        c->next = NULL;
    }
    platform_mutex_unlock(&x->lock);
    return c;
}

void sip_command_free(struct sip *x, struct sip_command *c)
{
    struct sip_leg *leg = c->of;

    if (!leg) {
        sip_account_free(x, c->account);
        sip_release(x, c->digits);
        sip_release(x, c->uui);
        sip_release(x, c);
        return;
    }
    platform_mutex_lock(&x->lock);
    sip_release(x, c->uui);
    c->uui = NULL;
    if (c == &leg->end) {
        leg->end_queued = false;
    } else {
        leg->unhold_queued = false;
    }
    sip_drop_hold(x, leg);
    platform_mutex_unlock(&x->lock);
}

/* The core has not heard of what was made for a command that failed. */
static void undo_legs(struct sip *x, const struct sip_command *c)
{
    const uint32_t idv[2] = {c->fresh, c->bridge};

    platform_mutex_lock(&x->lock);
    for (int i = 0; i < 2; i++) {
        struct sip_leg *leg = idv[i] ? find(x, idv[i]) : NULL;

        if (leg) {
            leg->call = NULL;
            sip_front_over(x, leg);
            leg->back = false;
            sip_drop_hold(x, leg);
        }
    }
    platform_mutex_unlock(&x->lock);
}

void sip_done(struct sip *x, struct sip_command *c, enum session_err err, uint32_t mode,
              struct session_party *connected)
{
    struct sip_event *ev = &c->answer;

    if (!c->cmd.token || c->of) {
        if (connected) {
            session_party_deref(connected);
        }
        sip_command_free(x, c);
        return;
    }
    if (err && (c->fresh || c->bridge)) {
        undo_legs(x, c);
    }
    ev->type = SESSION_IND_DONE;
    ev->fixed = true;
    ev->done = c;
    ev->leg = c->cmd.leg;
    ev->session = c->cmd.session;
    ev->session2 = c->fresh ? c->cmd.session2 : c->bridge ? c->cmd.session3 : 0;
    ev->token = c->cmd.token;
    ev->err = err;
    if (!err) {
        ev->leg2 = c->fresh;
        ev->bridge = c->bridge;
        ev->mode = mode;
    }
    ev->partyv[SIP_CONNECTED] = connected;
    sip_say(x, ev);
}

struct sip_leg *sip_leg_get(struct sip *x, uint32_t id)
{
    struct sip_leg *leg;

    platform_mutex_lock(&x->lock);
    leg = id ? find(x, id) : NULL;
    if (leg && !leg->back) {
        leg = NULL;
    }
    platform_mutex_unlock(&x->lock);
    return leg;
}

struct sip_leg *sip_leg_make(struct sip *x, uint32_t line)
{
    struct sip_leg *leg;

    platform_mutex_lock(&x->lock);
    leg = sip_leg_make_locked(x, line);
    platform_mutex_unlock(&x->lock);
    return leg;
}

void sip_leg_over(struct sip *x, struct sip_leg *leg, enum session_disconnect mode)
{
    bool wake = false;

    platform_mutex_lock(&x->lock);
    leg->call = NULL;
    leg->back = false;
    sip_secure(x, leg, false);
    if (leg->front && mode) {
        leg->gone.type = SESSION_IND_PROGRESS;
        leg->gone.leg = leg->id;
        leg->gone.state = SESSION_DISCONNECTED;
        leg->gone.mode = mode;
        leg->gone.has_quality = true;
        leg->gone.quality = leg->quality;
        leg->gone_queued = true;
        leg->holds++;
        sip_push_event(x, &leg->gone);
        wake = wake_now(x);
    } else {
        sip_front_over(x, leg);
    }
    sip_drop_hold(x, leg);
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}

void sip_drop_done(struct sip *x, struct sip_command *c)
{
    struct sip_leg *leg = c->of;
    bool wake = false;

    if (!leg || !c->cmd.token) {
        return;
    }
    platform_mutex_lock(&x->lock);
    leg->gone.type = SESSION_IND_DONE;
    leg->gone.leg = leg->id;
    leg->gone.token = c->cmd.token;
    leg->gone.session = c->cmd.session;
    leg->gone.err = SESSION_E_OK;
    leg->gone.has_quality = true;
    leg->gone.quality = leg->quality;
    leg->holds++;
    sip_push_event(x, &leg->gone);
    wake = wake_now(x);
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}

struct sip_event *sip_event_new(struct sip *x, enum session_ind_type type, const struct sip_leg *leg)
{
    struct sip_event *ev;

    platform_mutex_lock(&x->lock);
    ev = x->spare;
    if (ev) {
        x->spare = ev->next;
        ev->next = NULL;
    }
    platform_mutex_unlock(&x->lock);
    if (!ev) {
        ev = sip_zalloc(x, sizeof(*ev));
    }
    if (!ev) {
        platform_log(PLATFORM_LOG_ERROR, "sip: out of memory: something that happened in a call is not told");
        return NULL;
    }
    ev->type = type;
    ev->leg = leg ? leg->id : 0;
    ev->line = leg ? leg->line : 0;
    return ev;
}

bool sip_is_of_line(const struct sip_event *ev)
{
    return ev->type == SESSION_IND_USE || ev->type == SESSION_IND_COMPLETION;
}

void sip_say(struct sip *x, struct sip_event *ev)
{
    bool wake = false;

    platform_mutex_lock(&x->lock);
    if (sip_is_of_line(ev) && (ev->line >= x->linec || !x->linev[ev->line].is_account || x->linev[ev->line].coming)) {
        sip_event_free(x, ev); /* the line has been removed, and perhaps another has its place */
    } else {
        sip_push_event(x, ev);
        wake = wake_now(x);
    }
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}

/* Length of as much of a UTF-8 text as has room, whole characters. */
size_t sip_cut(const char *text, size_t len, size_t max)
{
    if (len <= max) {
        return len;
    }
    while (max && ((unsigned char)text[max] & 0xC0) == 0x80) {
        max--;
    }
    return max;
}

struct session_party *sip_party(struct sip *x, const char *number, size_t number_len, const char *name, size_t name_len)
{
    char a[SESSION_NUMBER_MAX + 1], b[SESSION_NAME_MAX + 1];

    if (!number) {
        return NULL;
    }
    number_len = sip_cut(number, number_len, SESSION_NUMBER_MAX);
    name_len = name ? sip_cut(name, name_len, SESSION_NAME_MAX) : 0;
    memcpy(a, number, number_len);
    a[number_len] = '\0';
    if (name_len) {
        memcpy(b, name, name_len);
    }
    b[name_len] = '\0';
    return session_party_alloc(&x->mem, a, b);
}

bool sip_attended(struct sip *x, uint32_t line)
{
    bool on;

    platform_mutex_lock(&x->lock);
    on = line < x->linec && x->linev[line].attended && !x->linev[line].coming;
    platform_mutex_unlock(&x->lock);
    return on;
}

bool sip_secured(struct sip *x, uint32_t line)
{
    bool on;

    platform_mutex_lock(&x->lock);
    on = line < x->linec && x->linev[line].securedc;
    platform_mutex_unlock(&x->lock);
    return on;
}

bool sip_leg_secured(struct sip *x, const struct sip_leg *leg)
{
    bool on;

    platform_mutex_lock(&x->lock);
    on = leg->secured;
    platform_mutex_unlock(&x->lock);
    return on;
}

void sip_line_say(struct sip *x, uint32_t line, uint32_t service, enum sip_fault fault, const char *text)
{
    struct sip_front_line *l;
    bool wake = false, news = false;

    platform_mutex_lock(&x->lock);
    if (line >= x->linec || !x->linev[line].is_account || x->linev[line].coming) {
        platform_mutex_unlock(&x->lock); /* it has been removed, and perhaps another has its place */
        return;
    }
    l = &x->linev[line];
    l->wanted = service;
    if (text) {
        size_t len = strlen(text);

        news = strcmp(l->text, text) != 0;
        l->fault = fault;
        len = sip_cut(text, len, sizeof(l->text) - 1);
        memcpy(l->text, text, len);
        l->text[len] = '\0';
    }
    if (!l->queued && (l->wanted != l->service || news)) {
        l->queued = true;
        x->line_said++;
        wake = wake_now(x);
    }
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}
