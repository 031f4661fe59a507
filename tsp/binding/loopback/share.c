/* Addresses that several lines have: one call, and its appearance at each of them. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * A call on a shared address is a leg of its own, which has the other end and no session; each appearance of it is a
 * leg with a session and no other end. What is said to the call is said to all of its appearances.
 *
 * - An incoming call is offered at all appearances. Who answers is ACTIVE. The others are CONNECTED and INACTIVE; of
 *   BRIDGEDNEW they are gone, DISCONNECTED(PICKUP).
 * - A call that was made from one of them appears at the others when it is up, CONNECTED and INACTIVE; not of
 * BRIDGEDNEW.
 * - An INACTIVE one of BRIDGEDSHARED joins by ANSWER: all who are ACTIVE hear each other. A call that was put on hold
 *   is taken by it: who held it is INACTIVE. Of BRIDGEDEXCL, and of a call held for a transfer or in a conference, it
 * is INUSE.
 * - While others are ACTIVE, HOLD and DROP make INACTIVE; all else that takes the call elsewhere is BADSTATE. The DROP
 *   of the last one that takes part ends the call at all of them. A DROP without a token takes the appearance away.
 * - Refusing a call that is offered refuses it for this appearance; the last one to refuse refuses the call.
 * - A line that is not attended has no appearances; it gets them when it is.
 */

struct exchange_leg *exchange_call_of(struct exchange_leg *leg)
{
    return leg->share ? leg->share : leg;
}

static uint32_t actives(const struct exchange_leg *call)
{
    uint32_t n = 0;

    for (const struct exchange_leg *a = call->appear; a; a = a->appear_next) {
        n += a->active;
    }
    return n;
}

/* ---- appearing and leaving --------------------------------------------------------------------------------------- */

static void link_to(struct exchange_leg *call, struct exchange_leg *leg)
{
    struct exchange_leg **link = &call->appear;

    while (*link) {
        link = &(*link)->appear_next;
    }
    *link = leg;
    leg->share = call;
}

void exchange_share_leave(struct exchange_leg *leg)
{
    struct exchange_leg **link = &leg->share->appear;

    while (*link != leg) {
        link = &(*link)->appear_next;
    }
    *link = leg->appear_next;
    leg->appear_next = leg->share = NULL;
    leg->active = false;
}

/* One more appearance of a call, to be offered as soon as its line is attended. Without memory there is none. */
static void appear_at(struct exchange *x, struct exchange_leg *call, const struct exchange_number *n)
{
    struct exchange_leg *leg = exchange_leg_new(x);

    if (!leg) {
        return;
    }
    leg->line = n->line;
    leg->address = n->address;
    leg->to = n;
    leg->media_modes = call->media_modes;
    link_to(call, leg);
    if (x->linev[leg->line].attended) {
        leg->phase = LEG_OFFERED;
        exchange_say(x, EV_OFFER, leg, 0, 0);
    } else {
        exchange_wait(x, leg);
    }
}

bool exchange_share_ring(struct exchange *x, struct exchange_leg *leg, const struct exchange_number *via,
                         uint32_t reason)
{
    struct exchange_leg *call = exchange_leg_new(x);

    if (!call) {
        return false;
    }
    call->phase = LEG_OFFERED;
    call->line = leg->to->line;
    call->address = leg->to->address;
    call->media_modes = leg->media_modes;
    call->to = leg->to;
    call->called = leg->called;
    call->via = via;
    call->reason = reason;
    call->self = session_party_ref(leg->to->party);
    call->call_id = leg->call_id;
    for (const struct exchange_number *n = leg->to; n; n = n->appear) {
        appear_at(x, call, n);
    }
    if (!call->appear) {
        exchange_leg_free(x, call);
        return false;
    }
    for (struct exchange_leg *a = call->appear; a; a = a->appear_next) {
        exchange_news_copy(x, leg, a);
        exchange_data_offer(x, leg, a);
    }
    exchange_news_free(x, leg);
    exchange_ringing(x, call);
    call->peer = leg;
    leg->peer = call;
    leg->phase = LEG_CALLING;
    return true;
}

void exchange_share_begin(struct exchange *x, struct exchange_leg *leg)
{
    const struct exchange_number *own = x->shared ? exchange_address_find(x, leg->line, leg->address) : NULL;
    struct exchange_leg *call;

    if (!own || !(own->sharing & (SESSION_SHARING_BRIDGEDEXCL | SESSION_SHARING_BRIDGEDSHARED)) || !own->head->appear ||
        leg->appear || leg->share || leg->bridge || leg->held) {
        return;
    }
    call = exchange_leg_new(x);
    if (!call) {
        return; /* it goes on unshared */
    }
    call->phase = leg->phase;
    call->line = leg->line;
    call->address = leg->address;
    call->media_modes = leg->media_modes;
    call->up = call->told = call->outgoing = true;
    call->to = leg->to;
    call->called = leg->called;
    call->via = leg->via;
    call->self = session_party_ref(leg->self);
    call->call_id = leg->call_id;
    call->data = leg->data;
    leg->data = NULL;
    call->peer = leg->peer;
    leg->peer = NULL;
    if (call->peer) {
        call->peer->peer = call;
    }
    if (leg->timer.slot) {
        uint64_t at_ms = leg->timer.at_ms;

        session_timer_stop(&x->timers, &leg->timer);
        session_timer_start(&x->timers, &call->timer, at_ms);
    }
    link_to(call, leg);
    leg->active = leg->told = true;
    for (const struct exchange_number *n = own->head; n; n = n->appear) {
        if (n != own) {
            appear_at(x, call, n);
        }
    }
    for (struct exchange_leg *a = call->appear; a; a = a->appear_next) {
        if (a != leg) {
            exchange_data_offer(x, call->data || !call->peer ? call : call->peer, a);
        }
    }
}

void exchange_share_end(struct exchange *x, struct exchange_leg *call, enum session_disconnect mode)
{
    while (call->appear) {
        struct exchange_leg *leg = call->appear;

        exchange_share_leave(leg);
        if (!leg->told || leg == x->actorv[0] || leg == x->actorv[1]) {
            exchange_leg_free(x, leg); /* nobody has heard of it, or waits for it */
        } else {
            exchange_end(x, leg, mode);
        }
    }
}

void exchange_share_say(struct exchange *x, enum exchange_event_type type, const struct exchange_leg *call,
                        uint32_t state, uint32_t mode)
{
    for (const struct exchange_leg *a = call->appear; a; a = a->appear_next) {
        if (!a->told) {
            continue; /* it is told when it is offered */
        }
        if (type == EV_PARTY) {
            exchange_say(x, type, a, state, mode);
        } else if (type == EV_STATE && state == SESSION_CONNECTED && !(call->held && a->active)) {
            exchange_say(x, type, a, state, exchange_mode(a));
        }
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* The first one answers. */
static void answer_first(struct exchange *x, struct exchange_leg *call, struct exchange_leg *leg)
{
    struct exchange_leg *a, *next;

    exchange_stop(x, leg);
    exchange_silent(x, call);
    leg->phase = LEG_CONNECTED;
    leg->active = true;
    call->phase = LEG_CONNECTED;
    call->up = true;
    call->peer->phase = LEG_CONNECTED;
    call->peer->up = true;
    exchange_say(x, EV_STATE, call->peer, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
    for (a = call->appear; a; a = next) {
        next = a->appear_next;
        if (a == leg) {
            continue;
        }
        if (call->to->sharing == SESSION_SHARING_BRIDGEDNEW && a->told) {
            exchange_end(x, a, SESSION_DISC_PICKUP);
        } else if (call->to->sharing == SESSION_SHARING_BRIDGEDNEW) {
            exchange_leg_free(x, a);
        } else if (a->told) {
            exchange_stop(x, a);
            a->phase = LEG_CONNECTED;
            exchange_say(x, EV_STATE, a, SESSION_CONNECTED, exchange_mode(a));
        }
    }
    exchange_share_begin(x, call->peer);
}

/* One more takes part, or takes the call from hold. */
static void join_in(struct exchange *x, struct exchange_leg *call, struct exchange_leg *leg)
{
    struct exchange_leg *peer = call->peer;

    leg->active = true;
    if (!call->held) {
        return;
    }
    call->held = false;
    for (struct exchange_leg *a = call->appear; a; a = a->appear_next) {
        if (a != leg && a->active) {
            a->active = false;
            exchange_say(x, EV_STATE, a, SESSION_CONNECTED, exchange_mode(a));
        }
    }
    if (peer && peer->phase == LEG_CONNECTED && !peer->held) {
        exchange_say(x, EV_STATE, peer, SESSION_CONNECTED, exchange_mode(peer));
    }
}

void exchange_share_answer(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_leg *call = leg->share;
    const struct exchange_number *own = exchange_address_find(x, leg->line, leg->address);
    bool first = call->phase == LEG_OFFERED;
    enum session_err err = SESSION_E_OK;

    if (!leg->told || leg->active || (leg->phase != LEG_OFFERED && leg->phase != LEG_CONNECTED)) {
        err = SESSION_E_BADSTATE;
    } else if (!first && (own->sharing != SESSION_SHARING_BRIDGEDSHARED || call->closed || call->bridge)) {
        err = SESSION_E_INUSE;
    } else {
        err = exchange_inform(x, leg, cmd->attach);
    }
    exchange_done(x, cmd, cmd->leg, err);
    if (err) {
        return;
    }
    if (first) {
        answer_first(x, call, leg);
    } else {
        join_in(x, call, leg);
    }
}

/* An appearance is refused or dropped while the call is offered. True: it was the last one. */
static bool refuse(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_leg *call = leg->share;
    bool last = call->appear == leg && !leg->appear_next;

    if (!last) {
        exchange_leg_free(x, leg);
    }
    return last;
}

void exchange_share_drop(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_leg *call = leg->share;
    bool offered = call->phase == LEG_OFFERED, stays = cmd->token != 0;

    if (offered ? refuse(x, leg) : leg->active && actives(call) == 1) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
        x->actorv[0] = leg;
        exchange_hang_up(x, call, cmd->attach);
        x->actorv[0] = NULL;
    } else if (offered) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    } else if (!stays) {
        exchange_leg_free(x, leg);
    } else if (leg->active) {
        leg->active = false;
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    } else {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
    }
}

void exchange_share_reject(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd,
                           struct exchange_leg *leg)
{
    struct exchange_leg *call = leg->share, *caller = call->peer;

    if (call->phase != LEG_OFFERED) {
        if (!leg->active) {
            exchange_leg_free(x, leg);
        }
        return;
    }
    if (!refuse(x, leg)) {
        return;
    }
    x->actorv[0] = leg;
    exchange_leg_free(x, call);
    x->actorv[0] = NULL;
    if (cmd->mode == SESSION_DISC_BUSY) {
        caller->peer = NULL;
        if (!exchange_forward(x, now_ms, caller, EXCHANGE_ON_BUSY)) {
            exchange_busy(x, caller);
        }
    } else {
        exchange_end(x, caller, (enum session_disconnect)cmd->mode);
    }
}

/* ---- calls that are up ------------------------------------------------------------------------------------------- */

/* Whether an appearance has the call for itself. */
static bool alone(const struct exchange_leg *leg, enum session_cmd_type type)
{
    if (type == SESSION_CMD_DEFLECT && leg->share->phase == LEG_OFFERED) {
        return leg->told;
    }
    return leg->active && actives(leg->share) == 1;
}

bool exchange_share_alone(const struct exchange_leg *leg)
{
    return leg->active && actives(leg->share) == 1;
}

bool exchange_share_control(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd,
                            struct exchange_leg *leg)
{
    struct exchange_leg *leg2 = x->shared && cmd->leg2 ? exchange_leg_find(x, cmd->leg2, 0) : NULL;
    struct session_cmd as_call = *cmd;
    uint32_t before = x->ring_count, callv[2] = {0, 0};

    leg = leg && leg->share ? leg : NULL;
    leg2 = leg2 && leg2->share ? leg2 : NULL;
    if (!leg && !leg2) {
        return false;
    }
    if (cmd->type == SESSION_CMD_HOLD && leg && leg->active && actives(leg->share) > 1) {
        leg->active = false;
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
        return true;
    }
    if ((leg && !alone(leg, cmd->type)) || (leg2 && !alone(leg2, cmd->type))) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return true;
    }
    if (leg) {
        as_call.leg = callv[0] = leg->share->id;
    }
    if (leg2) {
        as_call.leg2 = callv[1] = leg2->share->id;
    }
    x->actorv[0] = leg;
    x->actorv[1] = leg2;
    exchange_control(x, now_ms, &as_call);
    x->actorv[0] = x->actorv[1] = NULL;
    /* the answer is to the leg that was asked */
    for (uint32_t i = before; leg && i < x->ring_count; i++) {
        struct exchange_event *ev = &x->ring[(x->ring_first + i) & (x->ring_cap - 1)];

        if (ev->type == EV_DONE && ev->leg == as_call.leg) {
            ev->leg = cmd->leg;
        }
    }
    for (int i = 0; i < 2; i++) {
        struct exchange_leg *call = callv[i] ? exchange_leg_find(x, callv[i], 0) : NULL;

        if (call) {
            call->closed = call->held && cmd->type != SESSION_CMD_HOLD;
        }
    }
    return true;
}

/* ---- invariants -------------------------------------------------------------------------------------------------- */

const char *exchange_share_check(const struct exchange_leg *leg)
{
    const struct exchange_leg *call = leg->share;

    if (call) {
        const struct exchange_leg *a = call->appear;

        while (a && a != leg) {
            a = a->appear_next;
        }
        if (!a || leg->peer || leg->appear || leg->bridge) {
            return "appearance of a call that does not know it";
        }
        if (leg->active && (leg->phase != LEG_CONNECTED || call->phase == LEG_OFFERED)) {
            return "appearance takes part in a call that is not up";
        }
        return leg->phase == LEG_CONNECTED && call->phase == LEG_OFFERED ? "appearance is ahead of its call" : NULL;
    }
    if (leg->session || leg->play || leg->news) {
        return "call on a shared address has what its appearances have";
    }
    if (leg->phase != LEG_OFFERED && leg->phase != LEG_CONNECTED && leg->phase != LEG_CALLING) {
        return "call on a shared address in a strange phase";
    }
    if (leg->phase != LEG_OFFERED && !actives(leg)) {
        return "call on a shared address without anybody";
    }
    return leg->held && actives(leg) != 1 ? "call on a shared address held by nobody, or by many" : NULL;
}
