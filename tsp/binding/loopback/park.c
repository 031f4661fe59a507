/* Calls of the exchange that wait elsewhere: park, unpark, pickup. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * A parked call is the leg of who parked it, under a new id and without a session: what still speaks of the old one
 * finds nothing. It has a place as long as nobody has taken it. When it reminds its parker it rings there as a called
 * leg, and its far end is the caller; when it is parked at an extension that is attended it has a session there, which
 * is on hold.
 */

/* ---- pickup groups ----------------------------------------------------------------------------------------------- */

static uint32_t group_hash(const char *name)
{
    uint32_t h = 2166136261u;

    for (; *name; name++) {
        h = (h ^ (uint8_t)*name) * 16777619u;
    }
    return h ^ (h >> 15);
}

/* Where it is in by_group, or would be. There is a group. */
static uint32_t group_at(const struct exchange *x, const char *name)
{
    uint32_t mask = 2 * x->group_cap - 1, at = group_hash(name) & mask;

    while (x->by_group[at] && strcmp(x->groupv[x->by_group[at] - 1].name, name) != 0) {
        at = (at + 1) & mask;
    }
    return at;
}

/* Room for one more. False: no memory, nothing has changed. */
static bool group_room(struct exchange *x)
{
    uint32_t cap = x->group_cap ? 2 * x->group_cap : 4;
    struct exchange_group *groupv;
    uint32_t *by_group;

    if (x->groupc < x->group_cap) {
        return true;
    }
    groupv = exchange_zalloc(x, cap * sizeof(*groupv));
    by_group = exchange_zalloc(x, 2 * cap * sizeof(*by_group));
    if (!groupv || !by_group) {
        exchange_release(x, groupv);
        exchange_release(x, by_group);
        return false;
    }
    if (x->groupc) {
        memcpy(groupv, x->groupv, x->groupc * sizeof(*groupv));
    }
    exchange_release(x, x->groupv);
    exchange_release(x, x->by_group);
    x->groupv = groupv;
    x->by_group = by_group;
    x->group_cap = cap;
    for (uint32_t i = 0; i < x->groupc; i++) {
        by_group[group_at(x, groupv[i].name)] = i + 1;
    }
    return true;
}

enum session_err exchange_group(struct exchange *x, const char *name, uint32_t *indexp)
{
    uint32_t at;
    size_t len;

    name = name ? name : "";
    len = strlen(name);
    if (len > SESSION_GROUP_MAX) {
        return SESSION_E_BADPARAM;
    }
    if (!group_room(x)) {
        return SESSION_E_NOMEM;
    }
    at = group_at(x, name);
    if (!x->by_group[at]) {
        char *copy = exchange_zalloc(x, len + 1);

        if (!copy) {
            return SESSION_E_NOMEM;
        }
        memcpy(copy, name, len);
        x->groupv[x->groupc].name = copy;
        x->by_group[at] = ++x->groupc;
    }
    *indexp = x->by_group[at] - 1;
    return SESSION_E_OK;
}

void exchange_groups_free(struct exchange *x)
{
    for (uint32_t i = 0; i < x->groupc; i++) {
        exchange_release(x, x->groupv[i].name);
    }
    exchange_release(x, x->groupv);
    exchange_release(x, x->by_group);
}

void exchange_ringing(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_group *g = &x->groupv[leg->to->group];

    leg->ringing = true;
    leg->older = g->last;
    leg->newer = NULL;
    if (g->last) {
        g->last->newer = leg;
    } else {
        g->first = leg;
    }
    g->last = leg;
}

void exchange_silent(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_group *g;

    if (!leg->ringing) {
        return;
    }
    g = &x->groupv[leg->to->group];
    if (leg->older) {
        leg->older->newer = leg->newer;
    } else {
        g->first = leg->newer;
    }
    if (leg->newer) {
        leg->newer->older = leg->older;
    } else {
        g->last = leg->older;
    }
    leg->older = leg->newer = NULL;
    leg->ringing = false;
}

/* ---- being parked ------------------------------------------------------------------------------------------------ */

/* Legs must not change numbers; we may. */
static struct exchange_number *place_of(const struct exchange_leg *leg)
{
    return (struct exchange_number *)(uintptr_t)leg->place;
}

/* From now on it is another leg: nobody knows it. */
static void renew(struct exchange *x, struct exchange_leg *leg)
{
    exchange_stop(x, leg);
    leg->id += 1u << EXCHANGE_INDEX_BITS; /* as when it is freed */
    leg->session = leg->seq = 0;
    leg->told = false;
    leg->picked = 0;
}

static void be(struct exchange_leg *leg, const struct exchange_number *n)
{
    struct session_party *self = session_party_ref(n ? n->party : NULL);

    session_party_deref(leg->self);
    leg->self = self;
}

void exchange_park_limit(struct exchange *x, struct exchange_leg *leg)
{
    if (leg->place && leg->end_ms && leg->timer.slot && leg->timer.at_ms > leg->end_ms) {
        session_timer_stop(&x->timers, &leg->timer);
        session_timer_start(&x->timers, &leg->timer, leg->end_ms);
    }
}

/* The next that happens by itself: it reminds its parker, or its time is over. */
static void park_wait(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg)
{
    if (x->reminder_ms && leg->peer && leg->parker && !leg->parker->gone) {
        session_timer_start(&x->timers, &leg->timer, now_ms + x->reminder_ms);
        exchange_park_limit(x, leg);
    } else if (leg->end_ms) {
        session_timer_start(&x->timers, &leg->timer, leg->end_ms);
    }
}

void exchange_unplace(struct exchange_leg *leg)
{
    if (leg->place) {
        place_of(leg)->parked = NULL;
        leg->place = leg->parker = NULL;
        leg->end_ms = 0;
    }
}

void exchange_park_taken(struct exchange *x, struct exchange_leg *leg)
{
    if (!leg->place) {
        return;
    }
    exchange_stop(x, leg);
    exchange_unplace(leg);
    if (leg->phase == LEG_PARKED) {
        leg->phase = LEG_CONNECTED;
        leg->up = true;
        be(leg, exchange_address_find(x, leg->line, leg->address));
    }
    if (leg->peer) { /* who holds it does not hear the answer */
        exchange_say(x, EV_PARTY, leg->peer, 0, SESSION_INFO_CONNECTEDID);
    }
}

void exchange_park_back(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg)
{
    exchange_silent(x, leg);
    renew(x, leg);
    leg->phase = LEG_PARKED;
    leg->held = true;
    be(leg, leg->place);
    if (leg->peer) {
        leg->peer->phase = LEG_CONNECTED;
    }
    park_wait(x, now_ms, leg);
}

static void remind(struct exchange *x, struct exchange_leg *leg)
{
    renew(x, leg);
    leg->phase = LEG_OFFERED;
    leg->held = false;
    leg->line = leg->parker->line;
    leg->address = leg->parker->address;
    leg->reason = SESSION_REASON_REMINDER;
    leg->to = leg->called = leg->parker;
    leg->via = leg->place;
    be(leg, leg->parker);
    leg->peer->phase = LEG_CALLING;
    leg->peer->up = true;
    leg->peer->to = leg->peer->called = leg->to;
    exchange_ringing(x, leg);
    exchange_say(x, EV_OFFER, leg, 0, 0);
}

void exchange_park_timer(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg)
{
    struct exchange_leg *far = leg->peer;

    if (leg->end_ms && now_ms >= leg->end_ms) {
        if (far) {
            exchange_end(x, far, SESSION_DISC_NOANSWER);
        }
        if (leg->told) {
            exchange_end(x, leg, leg->phase == LEG_OFFERED ? SESSION_DISC_CANCELLED : SESSION_DISC_NORMAL);
        } else {
            exchange_leg_free(x, leg);
        }
    } else if (far && leg->parker && !leg->parker->gone && !leg->told && x->linev[leg->parker->line].attended) {
        remind(x, leg);
    } else {
        park_wait(x, now_ms, leg);
    }
}

void exchange_park_offer(const struct exchange_leg *leg, struct session_ind *ind)
{
    if (leg->place) { /* the place sends it back, whoever the far end was given to meanwhile */
        ind->redirecting = leg->place->party;
        ind->redirection = leg->to->party;
    }
}

/* One that is parked at an extension shows there. */
bool exchange_park_show(struct exchange *x, struct exchange_leg *leg, struct session_ind *ind)
{
    if (leg->told || !x->linev[leg->line].attended) {
        return false;
    }
    leg->told = true;
    ind->type = SESSION_IND_INCOMING;
    ind->leg = leg->id;
    ind->line = leg->line;
    ind->address = leg->address;
    ind->origin = SESSION_ORIGIN_INTERNAL;
    ind->reason = SESSION_REASON_PARKED;
    ind->media_modes = leg->media_modes;
    ind->state = SESSION_ONHOLD;
    ind->call_id = leg->call_id;
    ind->caller = exchange_connected(leg);
    ind->called = leg->place->party;
    if (leg->parker) {
        ind->redirecting = leg->parker->party;
        ind->redirection = leg->place->party;
    }
    return true;
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* A place where nothing is parked: NULL if there is none. */
static const struct exchange_number *free_place(const struct exchange *x)
{
    for (uint32_t i = 0; i < x->placec; i++) {
        if (!x->placev[i]->parked) {
            return x->placev[i];
        }
    }
    return NULL;
}

static enum session_err park_where(const struct exchange *x, const struct session_cmd *cmd,
                                   const struct exchange_number **placep)
{
    const char *number = cmd->dial ? cmd->dial->number : "";
    const struct exchange_number *place;

    if (!number[0]) {
        *placep = free_place(x);
        return *placep ? SESSION_E_OK : SESSION_E_RESOURCE;
    }
    *placep = place = exchange_number_find(x, number, strlen(number));
    if (!place || (place->kind != EXCHANGE_PLACE && place->kind != EXCHANGE_EXT)) {
        return SESSION_E_BADADDRESS;
    }
    return place->parked ? SESSION_E_FAILED : SESSION_E_OK;
}

static void cmd_park(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *as = cmd->leg ? exchange_leg_find(x, cmd->leg, cmd->session) : NULL;
    struct exchange_leg *leg = as && as->share ? as->share : as;
    struct exchange_event ev = {.type = EV_DONE, .leg = cmd->leg, .session = cmd->session, .token = cmd->token};
    const struct exchange_number *place;
    uint64_t hangs_up;
    enum session_err err;

    if (!leg || leg->phase != LEG_CONNECTED || leg->held || leg->bridge || (leg != as && !exchange_share_alone(as))) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    /* one who is parked already, and one who only joined somebody's conversation, has no other end to park */
    err = leg->host || (leg->peer && leg->peer->phase == LEG_PARKED) ? SESSION_E_FAILED : park_where(x, cmd, &place);
    if (err) {
        exchange_done(x, cmd, cmd->leg, err);
        return;
    }
    while (place->kind == EXCHANGE_PLACE && x->placev[ev.place++] != place) {
        continue;
    }
    exchange_push(x, &ev);
    if (leg->guest) {
        exchange_guests_leave(x, leg);
    }
    if (leg != as) {
        /* of a call on a shared address only the call is left */
        x->actorv[0] = as;
        exchange_share_end(x, leg, SESSION_DISC_NORMAL);
        x->actorv[0] = NULL;
        leg->outgoing = leg->closed = false;
    }
    hangs_up = leg->timer.slot ? leg->timer.at_ms : 0; /* a special number that does so */
    if (leg->play) {
        exchange_play_free(x, leg);
    }
    exchange_news_free(x, leg);
    leg->parker = exchange_address_find(x, leg->line, leg->address);
    leg->place = place;
    place_of(leg)->parked = leg;
    exchange_park_back(x, now_ms, leg);
    leg->end_ms = x->timeout_ms ? now_ms + x->timeout_ms : 0;
    if (hangs_up && (!leg->end_ms || hangs_up < leg->end_ms)) {
        leg->end_ms = hangs_up;
    }
    exchange_stop(x, leg);
    park_wait(x, now_ms, leg);
    if (leg->peer && leg->peer->held) {
        exchange_say(x, EV_PARTY, leg->peer, 0, SESSION_INFO_CONNECTEDID);
    } else if (leg->peer) {
        exchange_say(x, EV_STATE, leg->peer, SESSION_CONNECTED, exchange_mode(leg->peer));
    }
    if (place->kind == EXCHANGE_EXT) {
        leg->line = place->line;
        leg->address = place->address;
        leg->to = leg->peer ? place : leg->to;
        if (x->linev[leg->line].attended) {
            exchange_say(x, EV_OFFER, leg, 0, 0);
        }
    }
}

/* A new leg for somebody who takes a call. NULL: no memory, and said so. */
static struct exchange_leg *taker(struct exchange *x, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_new(x);

    if (leg && exchange_caller(x, cmd, &leg->self)) {
        exchange_leg_free(x, leg);
        leg = NULL;
    }
    if (!leg) {
        exchange_done(x, cmd, 0, SESSION_E_NOMEM);
        return NULL;
    }
    leg->session = cmd->session;
    leg->line = cmd->line;
    leg->address = cmd->address;
    leg->told = true;
    leg->picked = 1;
    leg->phase = LEG_CONNECTED;
    leg->up = true;
    exchange_completion_activity(x, leg->line);
    return leg;
}

/* The far end of `from`, which rings or is parked, is connected with `to` from now on. `from` ends. */
static void hand_over(struct exchange *x, uint64_t now_ms, struct exchange_leg *from, struct exchange_leg *to)
{
    struct exchange_leg *far = from->peer;
    const struct exchange_number *special = from->to;
    bool was_up = !far || far->up;

    to->peer = far;
    to->related_call_id = to->call_id ? to->call_id : from->related_call_id;
    to->call_id = from->call_id;
    to->data = from->data;
    from->data = NULL;
    to->media_modes = from->media_modes;
    from->peer = NULL;
    if (!to->news) {
        to->news = from->news;
        from->news = NULL;
        if (to->data || far) {
            exchange_data_offer(x, to->data ? to : far, to);
        }
    }
    for (const struct exchange_news *n = to->news; n; n = n->next) {
        exchange_say(x, EV_NEWS, to, 0, 0);
    }
    if (from->told) {
        exchange_end(x, from, SESSION_DISC_PICKUP);
    } else {
        exchange_leg_free(x, from);
    }
    if (far) {
        far->peer = to;
        far->phase = LEG_CONNECTED;
        far->up = true;
        far->hops = 0;
        if (was_up) {
            exchange_say(x, EV_PARTY, far, 0, SESSION_INFO_CONNECTEDID);
        }
        if (!far->held) {
            exchange_say(x, EV_STATE, far, SESSION_CONNECTED, exchange_mode(far));
        }
        exchange_share_begin(x, far);
    } else {
        to->to = special; /* its time begins anew */
        if (special->hangup_ms) {
            session_timer_start(&x->timers, &to->timer, now_ms + special->hangup_ms);
        }
    }
}

void exchange_park_lost(struct exchange *x, struct exchange_number *n)
{
    struct exchange_leg *leg = n->parked, *far = leg->peer;

    if (leg->told) { /* it shows on the line that goes, whose calls end: a held call like others */
        exchange_park_taken(x, leg);
        return;
    }
    if (far) {
        exchange_end(x, far, SESSION_DISC_UNREACHABLE);
    }
    exchange_leg_free(x, leg);
}

/* Where the address is of several lines the call appears at the others, as one that came in. */
static void taken_at(struct exchange *x, struct exchange_leg *leg)
{
    exchange_share_begin(x, leg);
    if (leg->share) {
        leg->share->outgoing = false;
        leg->share->reason = leg->reason;
    }
}

static void cmd_unpark(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    const char *number = cmd->dial ? cmd->dial->number : "";
    const struct exchange_number *place = exchange_number_find(x, number, strlen(number));
    struct exchange_leg *leg;

    if (!place || !place->parked) {
        exchange_done(x, cmd, 0, SESSION_E_BADADDRESS);
        return;
    }
    leg = taker(x, cmd);
    if (!leg) {
        return;
    }
    exchange_done(x, cmd, leg->id, SESSION_E_OK);
    leg->reason = SESSION_REASON_UNPARK;
    leg->via = place->parked->parker;
    leg->called = place;
    leg->to = exchange_address_find(x, leg->line, leg->address);
    hand_over(x, now_ms, place->parked, leg);
    taken_at(x, leg);
}

void exchange_park_dialled(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg,
                           const struct exchange_number *place)
{
    struct exchange_leg *parked = place->parked;

    if (!parked || leg->up) { /* who is sent on is not to meet a stranger there */
        exchange_end(x, leg, SESSION_DISC_BADADDRESS);
        return;
    }
    leg->phase = LEG_CONNECTED;
    leg->up = true;
    if (parked->peer && !parked->peer->appear && !parked->peer->news) {
        parked->peer->news = leg->news;
        leg->news = NULL;
        for (const struct exchange_news *n = parked->peer->news; n; n = n->next) {
            exchange_say(x, EV_NEWS, parked->peer, 0, 0);
        }
    }
    exchange_news_free(x, leg);
    hand_over(x, now_ms, parked, leg);
    exchange_share_begin(x, leg);
    exchange_say(x, EV_STATE, leg, SESSION_CONNECTED, exchange_mode(leg));
    exchange_say(x, EV_PARTY, leg, 0,
                 SESSION_INFO_CALLID | (exchange_connected(leg) ? 0u : (uint32_t)SESSION_INFO_CONNECTEDID));
}

/* The oldest call that rings in a group: at `to` (NULL: anywhere), and not one of the address's own. */
static struct exchange_leg *ringing_find(const struct exchange_group *g, const struct exchange_number *to,
                                         const struct session_cmd *cmd)
{
    struct exchange_leg *leg = g->first;

    while (leg && ((to && leg->to != to) || (leg->peer->line == cmd->line && leg->peer->address == cmd->address))) {
        leg = leg->newer;
    }
    return leg;
}

static enum session_err pickup_what(const struct exchange *x, const struct session_cmd *cmd,
                                    const struct exchange_number *own, struct exchange_leg **rings)
{
    const char *number = cmd->dial ? cmd->dial->number : "", *name = cmd->group ? cmd->group : "";
    const struct exchange_group *g = own ? &x->groupv[own->group] : NULL;

    if (name[0]) {
        uint32_t at = x->groupc ? group_at(x, name) : 0;

        if (!x->groupc || !x->by_group[at]) {
            return SESSION_E_BADGROUP;
        }
        g = &x->groupv[x->by_group[at] - 1];
    }
    *rings = NULL;
    if (number[0]) {
        const struct exchange_number *to = exchange_number_find(x, number, strlen(number));

        if (to && to->kind == EXCHANGE_EXT && (!name[0] || g == &x->groupv[to->group])) {
            *rings = ringing_find(&x->groupv[to->group], to, cmd);
        }
        return *rings ? SESSION_E_OK : SESSION_E_BADADDRESS;
    }
    if (own && !name[0]) {
        *rings = ringing_find(g, own->head, cmd);
    }
    if (!*rings && g) {
        *rings = ringing_find(g, NULL, cmd);
    }
    return *rings ? SESSION_E_OK : SESSION_E_FAILED;
}

static void cmd_pickup(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    const struct exchange_number *own = exchange_address_find(x, cmd->line, cmd->address);
    struct exchange_leg *rings, *leg;
    enum session_err err = pickup_what(x, cmd, own, &rings);

    if (err) {
        exchange_done(x, cmd, 0, err);
        return;
    }
    leg = taker(x, cmd);
    if (!leg) {
        return;
    }
    exchange_done(x, cmd, leg->id, SESSION_E_OK);
    leg->picked = own && rings->to == own->head ? 2 : 1;
    leg->reason = SESSION_REASON_PICKUP;
    leg->via = rings->to;
    leg->called = rings->called ? rings->called : rings->to;
    leg->to = own;
    if (own && rings->to != own->head) {
        rings->peer->via = rings->to;
        rings->peer->to = own;
        exchange_say(x, EV_PARTY, rings->peer, 0, SESSION_INFO_REDIRECTINGID);
    }
    hand_over(x, now_ms, rings, leg);
    taken_at(x, leg);
}

void exchange_park_command(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    if (cmd->type == SESSION_CMD_PARK) {
        cmd_park(x, now_ms, cmd);
    } else if (cmd->type == SESSION_CMD_UNPARK) {
        cmd_unpark(x, now_ms, cmd);
    } else {
        cmd_pickup(x, now_ms, cmd);
    }
}

void exchange_park_done(struct exchange *x, struct exchange_leg *leg, const struct exchange_event *ev,
                        struct session_ind *ind)
{
    const struct exchange_number *own;

    if (ev->place) {
        ind->connected = x->placev[ev->place - 1]->party;
    }
    if (!leg || !leg->picked || ev->err) {
        return;
    }
    ind->state = leg->picked == 2 ? SESSION_ONHOLD : 0;
    leg->picked = 0;
    ind->origin = SESSION_ORIGIN_INTERNAL;
    ind->reason = leg->reason;
    ind->media_modes = leg->media_modes;
    ind->call_id = exchange_call_of(leg)->call_id;
    ind->caller = ind->connected = exchange_connected(leg);
    ind->called = leg->called ? leg->called->party : NULL;
    own = exchange_address_find(x, leg->line, leg->address);
    if (leg->via && own && (leg->via != own->head || leg->reason == SESSION_REASON_UNPARK)) {
        ind->redirecting = leg->via->party;
        ind->redirection = own->party;
    }
}

const char *exchange_park_check(const struct exchange *x, const struct exchange_leg *leg)
{
    if (leg->place && leg->place->parked != leg) {
        return "leg parked where another is";
    }
    if (leg->place && leg->phase != LEG_PARKED && leg->phase != LEG_OFFERED) {
        return "leg parked that is up";
    }
    if (leg->ringing != (!leg->share && (leg->phase == LEG_OFFERED || leg->phase == LEG_WAITING))) {
        return "leg rings and cannot be picked up, or the other way round";
    }
    if (leg->ringing && (leg->older ? leg->older->newer : x->groupv[leg->to->group].first) != leg) {
        return "list of ringing legs is broken";
    }
    return NULL;
}
