/* Calls of the exchange that are up: hold, transfer, conference. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

static void done_new(struct exchange *x, const struct session_cmd *cmd, const struct exchange_leg *leg,
                     const struct exchange_leg *bridge)
{
    struct exchange_event ev = {.type = EV_DONE,
                                .leg = cmd->leg,
                                .session = cmd->session,
                                .session2 = leg ? cmd->session2 : cmd->session3,
                                .token = cmd->token,
                                .state = leg ? leg->id : 0,
                                .mode = bridge ? bridge->id : 0};

    exchange_push(x, &ev);
}

static bool is_up(const struct exchange_leg *leg)
{
    return leg && (leg->phase == LEG_CONNECTED || leg->phase == LEG_BRIDGE || leg->phase == LEG_PARKED || (leg->phase == LEG_CALLING && leg->up));
}

/* The other end is told whether it is held. */
static void tell(struct exchange *x, const struct exchange_leg *leg)
{
    const struct exchange_leg *peer = leg->peer;

    if (peer && peer->phase == LEG_CONNECTED && !peer->held) {
        exchange_say(x, EV_STATE, peer, SESSION_CONNECTED, exchange_mode(peer));
    }
}

static void set_held(struct exchange *x, struct exchange_leg *leg, bool held)
{
    if (leg->held != held) {
        if (!held) {
            exchange_park_taken(x, leg);
        }
        leg->held = held;
        tell(x, leg);
    }
}

void exchange_bridge_free(struct exchange *x, struct exchange_leg *bridge)
{
    while (bridge->next) {
        exchange_unbridge(bridge->next);
    }
    exchange_leg_free(x, bridge);
}

static void join(struct exchange *x, struct exchange_leg *bridge, struct exchange_leg *leg)
{
    leg->bridge = bridge;
    leg->up = true;
    leg->next = bridge->next;
    if (leg->next) {
        leg->next->prev = leg;
    }
    bridge->next = leg;
    bridge->members++;
    set_held(x, leg, false);
}

/* The far end of a leg that goes: a leg, or the special number that the leg is connected with. */
static void part(struct exchange *x, struct exchange_leg *leg)
{
    exchange_data_leave(x, leg);
    if (leg->peer) {
        leg->peer->peer = NULL;
        leg->peer = NULL;
    }
    exchange_leg_free(x, leg);
}

static void changed(struct exchange *x, struct exchange_leg *leg, uint32_t bits)
{
    exchange_say(x, EV_PARTY, leg, 0, SESSION_INFO_CONNECTEDID | bits);
    if (!leg->held) {
        exchange_say(x, EV_STATE, leg, SESSION_CONNECTED, exchange_mode(leg));
    }
}

/* It is the call of `from` that goes on: the other end is in that one now. */
static void same_call(const struct exchange_leg *from, struct exchange_leg *other)
{
    if (other->call_id != from->call_id) {
        other->related_call_id = other->call_id;
        other->call_id = from->call_id;
    }
}

/* `from` hears what `leg` heard: rings at the other end of it, or is connected with it. */
static void take_over(struct exchange *x, uint64_t now_ms, struct exchange_leg *from, struct exchange_leg *leg)
{
    const struct exchange_number *to = leg->to;
    struct exchange_leg *other = leg->peer, *host = leg->host;
    bool calling = leg->phase == LEG_CALLING;

    from->up = true;
    if (host) {
        /* it had joined a conversation: the other one is in it now */
        part(x, leg);
        if (from->host || from->guest) {
            exchange_guests_leave(x, from);
        }
        if (host == from || host->phase == LEG_GONE || from->appear) {
            exchange_end(x, from, SESSION_DISC_NORMAL);
            return;
        }
        from->to = to;
        exchange_guest_join(host, from);
        changed(x, from, 0);
        return;
    }
    if (other) {
        const struct exchange_number *via = exchange_address_find(x, leg->line, leg->address);

        part(x, leg);
        other->peer = from;
        from->peer = other;
        same_call(from, other);
        exchange_data_merge(x, from, other);
        from->phase = calling ? LEG_CALLING : LEG_CONNECTED;
        if (calling) {
            from->to = to;
            other->via = via;
            other->reason = SESSION_REASON_TRANSFER;
            exchange_say(x, EV_PARTY, from, 0, SESSION_INFO_CONNECTEDID);
            if (!from->held) {
                exchange_say(x, EV_STATE, from, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
            }
            if (other->told) {
                exchange_say(x, EV_PARTY, other, 0,
                             SESSION_INFO_CALLERID | SESSION_INFO_REDIRECTINGID | SESSION_INFO_REASON |
                                 SESSION_INFO_CALLID);
            }
        } else {
            changed(x, from, 0);
            changed(x, other, SESSION_INFO_CALLID);
        }
        return;
    }
    /* a special number: its time begins anew */
    part(x, leg);
    from->to = to;
    from->phase = calling ? LEG_CALLING : LEG_CONNECTED;
    if (calling && to->kind == LOOPBACK_ANSWER) {
        session_timer_start(&x->timers, &from->timer, now_ms + to->answer_ms);
    } else if (!calling && to->hangup_ms) {
        session_timer_start(&x->timers, &from->timer, now_ms + to->hangup_ms);
    }
    changed(x, from, 0);
}

static void transfer(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_leg *leg2 = exchange_leg_find(x, cmd->leg2, 0), *from, *other;

    if (!is_up(leg) || leg->phase == LEG_BRIDGE || leg->bridge || !leg2 || leg2->bridge ||
        (leg2->phase != LEG_CONNECTED && leg2->phase != LEG_CALLING && leg2->phase != LEG_BUSY)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    if (leg->peer == leg2) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_FAILED); /* both ends of one call: nobody would be left */
        return;
    }
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    from = leg->peer;
    other = leg2->peer;
    if (from && leg2->phase == LEG_BUSY) {
        part(x, leg);
        exchange_leg_free(x, leg2);
        exchange_end(x, from, SESSION_DISC_BUSY);
    } else if (from && from->phase == LEG_CONNECTED) {
        part(x, leg);
        take_over(x, now_ms, from, leg2);
    } else if ((!from || from->phase == LEG_PARKED) && other && other->phase == LEG_CONNECTED) {
        /* a special number, or one who is parked, is sent to somebody: that one is connected with it */
        part(x, leg2);
        take_over(x, now_ms, other, leg);
    } else {
        /* one of them rings and the other is nobody who could wait: both hang up */
        struct exchange_leg *bothv[2] = {leg, leg2};

        for (int i = 0; i < 2; i++) {
            struct exchange_leg *far = bothv[i]->peer;

            part(x, bothv[i]);
            if (far && (far->phase == LEG_CONNECTED || far->phase == LEG_CALLING || far->told)) {
                exchange_end(x, far, far->phase == LEG_OFFERED ? SESSION_DISC_CANCELLED : SESSION_DISC_NORMAL);
            } else if (far) {
                exchange_leg_free(x, far);
            }
        }
    }
}

/* The far end goes to another number: of a call that is up, or the caller of one that is offered. */
static void deflect(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    const char *number = cmd->dial ? cmd->dial->number : "";
    const struct exchange_number *to = exchange_number_find(x, number, strlen(number)), *via;
    bool offered = leg->phase == LEG_OFFERED && leg->told;
    struct exchange_leg *far = leg->peer;

    if ((!offered && leg->phase != LEG_CONNECTED) || leg->held || leg->bridge) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
    } else if (!far || far->phase == LEG_PARKED) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_FAILED); /* a special number goes nowhere, nor one who is parked */
    } else if (!to || to->kind == EXCHANGE_PLACE) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADADDRESS);
    } else {
        via = exchange_address_find(x, leg->line, leg->address);
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
        part(x, leg);
        far->phase = LEG_CALLING;
        far->via = via;
        exchange_route(x, now_ms, far, to, via, offered ? SESSION_REASON_REDIRECT : SESSION_REASON_TRANSFER);
        if (far->phase == LEG_CALLING || far->phase == LEG_CONNECTED) {
            /* one that was transferred here is up, and was told whom it is connected with */
            exchange_say(x, EV_PARTY, far, 0,
                         SESSION_INFO_REDIRECTINGID | (offered && !far->up ? 0u : (uint32_t)SESSION_INFO_CONNECTEDID));
        }
    }
}

/* SETUPCONF, CONSULT: a new leg, and `leg` (NULL: none) held, or in a new conference. */
static void consult(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_leg *bridge = NULL, *fresh;
    bool conference = cmd->type == SESSION_CMD_SETUPCONF;
    struct session_cmd place = *cmd;

    if (leg && (!is_up(leg) || leg->held || leg->bridge || (conference && leg->phase == LEG_BRIDGE))) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    if (conference) {
        bridge = exchange_leg_new(x);
        if (!bridge) {
            exchange_done(x, cmd, cmd->leg, SESSION_E_NOMEM);
            return;
        }
        bridge->phase = LEG_BRIDGE;
        bridge->session = cmd->session3;
        bridge->line = cmd->line;
        bridge->address = cmd->address;
    }
    place.token = 0; /* what the new leg says comes behind our answer, which needs its id */
    fresh = exchange_leg_new(x);
    if (!fresh) {
        if (bridge) {
            exchange_leg_free(x, bridge);
        }
        exchange_done(x, cmd, cmd->leg, SESSION_E_NOMEM);
        return;
    }
    done_new(x, cmd, fresh, bridge);
    if (!exchange_place(x, now_ms, &place, cmd->session2, fresh)) {
        /* the core has it: it ends as a call without memory does */
        exchange_end(x, fresh, SESSION_DISC_TEMPFAILURE);
    }
    if (leg && bridge) {
        join(x, bridge, leg);
    } else if (leg) {
        set_held(x, leg, true);
    }
    if (bridge) {
        bridge->held = true;
    }
}

static void conference(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_leg *leg2 = exchange_leg_find(x, cmd->leg2, 0), *bridge;

    if (!leg2 || leg->bridge || leg2->bridge || leg->phase == LEG_BRIDGE || leg2->phase == LEG_BRIDGE || !is_up(leg2) ||
        (!is_up(leg) && leg->phase != LEG_CALLING)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    bridge = exchange_leg_new(x);
    if (!bridge) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_NOMEM);
        return;
    }
    bridge->phase = LEG_BRIDGE;
    bridge->session = cmd->session3;
    bridge->line = leg->line;
    bridge->address = leg->address;
    done_new(x, cmd, NULL, bridge);
    join(x, bridge, leg);
    join(x, bridge, leg2);
}

static void bridge_add(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *bridge)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg2, 0);

    /* a swap that came first has taken the conference from hold */
    if (bridge->phase != LEG_BRIDGE || !bridge->held || !leg || leg->bridge || leg->phase == LEG_BRIDGE ||
        (!is_up(leg) && leg->phase != LEG_CALLING)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    bridge->held = false;
    join(x, bridge, leg);
}

static void collapse(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *bridge)
{
    struct exchange_leg *leg;

    while ((leg = bridge->next)) {
        exchange_unbridge(leg);
        if (leg->id != cmd->leg2 || cmd->on) {
            set_held(x, leg, true);
        } else if (exchange_mode(leg) != SESSION_CONNECTED_ACTIVE) {
            exchange_say(x, EV_STATE, leg, SESSION_CONNECTED, exchange_mode(leg));
        }
    }
    exchange_leg_free(x, bridge);
}

static void hold(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    bool held = cmd->type == SESSION_CMD_HOLD;

    if (!is_up(leg) || leg->held == held || leg->bridge) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    set_held(x, leg, held);
    if (!cmd->token && !held && exchange_mode(leg) != SESSION_CONNECTED_ACTIVE) {
        exchange_say(x, EV_STATE, leg, SESSION_CONNECTED, exchange_mode(leg));
    }
}

static void swap(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_leg *leg2 = exchange_leg_find(x, cmd->leg2, 0);

    if (!is_up(leg) || !is_up(leg2) || leg->held || !leg2->held || leg->bridge || leg2->bridge) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    set_held(x, leg, true);
    set_held(x, leg2, false);
    if (exchange_mode(leg2) != SESSION_CONNECTED_ACTIVE) {
        exchange_say(x, EV_STATE, leg2, SESSION_CONNECTED, exchange_mode(leg2));
    }
}

void exchange_control(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    bool whose = cmd->type != SESSION_CMD_CONFERENCE && cmd->type != SESSION_CMD_COLLAPSE;
    struct exchange_leg *leg = cmd->leg ? exchange_leg_find(x, cmd->leg, whose ? cmd->session : 0) : NULL;

    if (exchange_share_control(x, now_ms, cmd, leg)) {
        return;
    }
    if (!leg && !(cmd->type == SESSION_CMD_SETUPCONF && !cmd->leg)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    switch (cmd->type) {
    case SESSION_CMD_HOLD:
    case SESSION_CMD_UNHOLD:
        hold(x, cmd, leg);
        break;
    case SESSION_CMD_SWAP:
        swap(x, cmd, leg);
        break;
    case SESSION_CMD_CONSULT:
    case SESSION_CMD_SETUPCONF:
        consult(x, now_ms, cmd, leg);
        break;
    case SESSION_CMD_TRANSFER:
        transfer(x, now_ms, cmd, leg);
        break;
    case SESSION_CMD_DEFLECT:
        deflect(x, now_ms, cmd, leg);
        break;
    case SESSION_CMD_CONFERENCE:
        conference(x, cmd, leg);
        break;
    case SESSION_CMD_ADD:
        bridge_add(x, cmd, leg);
        break;
    case SESSION_CMD_COLLAPSE:
        if (leg->phase == LEG_BRIDGE) {
            collapse(x, cmd, leg);
        }
        break;
    default:
        break;
    }
}
