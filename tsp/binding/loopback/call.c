/* Calls in the embedded exchange: commands, timers, indications. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

void exchange_done(struct exchange *x, const struct session_cmd *cmd, uint32_t leg, enum session_err err)
{
    struct exchange_event ev = {
        .type = EV_DONE, .err = (uint8_t)err, .leg = leg, .session = cmd->session, .token = cmd->token};

    if (cmd->token) {
        exchange_push(x, &ev);
    }
}

void exchange_say(struct exchange *x, enum exchange_event_type type, const struct exchange_leg *leg, uint32_t state,
                  uint32_t mode)
{
    struct exchange_event ev = {.type = (uint8_t)type, .leg = leg->id, .state = state, .mode = mode};

    if (leg->appear) {
        exchange_share_say(x, type, leg, state, mode);
        return;
    }
    exchange_push(x, &ev);
}

static void start(struct exchange *x, struct exchange_leg *leg, uint64_t now_ms, uint32_t ms)
{
    session_timer_start(&x->timers, &leg->timer, now_ms + ms);
}

void exchange_stop(struct exchange *x, struct exchange_leg *leg)
{
    if (leg->timer.slot) {
        session_timer_stop(&x->timers, &leg->timer);
    }
}

void exchange_end(struct exchange *x, struct exchange_leg *leg, enum session_disconnect mode)
{
    exchange_stop(x, leg);
    exchange_silent(x, leg);
    exchange_unplace(leg);
    if (leg->bridge) {
        exchange_unbridge(leg);
    }
    if (leg->host || leg->guest) {
        exchange_guests_leave(x, leg);
    }
    if (leg->phase == LEG_CALLBACK) {
        exchange_callback_end(x, leg);
    }
    if (leg->appear) {
        exchange_share_end(x, leg, mode);
        exchange_leg_free(x, leg);
        return;
    }
    if (leg->share) {
        exchange_share_leave(leg);
    }
    if (leg->phase == LEG_WAITING) {
        exchange_unwait(x, leg);
    }
    leg->phase = LEG_GONE;
    leg->peer = NULL;
    exchange_say(x, EV_GONE, leg, SESSION_DISCONNECTED, mode);
}

void exchange_busy(struct exchange *x, struct exchange_leg *leg)
{
    if (leg->up) {
        exchange_end(x, leg, SESSION_DISC_BUSY);
        return;
    }
    leg->phase = LEG_BUSY;
    leg->peer = NULL;
    exchange_say(x, EV_STATE, leg, SESSION_BUSY, SESSION_BUSY_STATION);
}

/* A special number answers. */
static void answer(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg)
{
    leg->phase = LEG_CONNECTED;
    leg->up = true;
    exchange_say(x, EV_STATE, leg, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
    if (leg->to->hangup_ms) {
        start(x, leg, now_ms, leg->to->hangup_ms);
    }
    exchange_share_begin(x, leg);
}

static void ring_special(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg)
{
    leg->phase = LEG_CALLING;
    if (!leg->up) {
        exchange_say(x, EV_STATE, leg, SESSION_RINGBACK, 0);
    }
    if (leg->to->kind != LOOPBACK_ANSWER) {
        return;
    }
    if (leg->to->answer_ms) {
        start(x, leg, now_ms, leg->to->answer_ms);
    } else {
        answer(x, now_ms, leg);
    }
}

static void ring_ext(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct exchange_number *via, uint32_t reason)
{
    struct exchange_leg *called;

    if (leg->to->sharing) {
        if (!exchange_share_ring(x, leg, via, reason)) {
            exchange_end(x, leg, SESSION_DISC_TEMPFAILURE);
            return;
        }
        for (struct exchange_leg *a = leg->peer->appear; a; a = a->appear_next) {
            if (a->phase == LEG_WAITING) {
                exchange_forward_arm(x, now_ms, a);
            }
        }
        if (!leg->up) {
            exchange_say(x, EV_RINGBACK, leg, SESSION_RINGBACK, 0);
        }
        return;
    }
    called = exchange_leg_new(x);
    if (!called) {
        exchange_end(x, leg, SESSION_DISC_TEMPFAILURE);
        return;
    }
    called->line = leg->to->line;
    called->address = leg->to->address;
    called->media_modes = leg->media_modes;
    called->to = leg->to;
    called->called = leg->called;
    called->via = via;
    called->reason = reason;
    called->self = session_party_ref(leg->to->party);
    called->news = leg->news;
    leg->news = NULL;
    called->call_id = leg->call_id;
    exchange_data_offer(x, leg, called);
    called->peer = leg;
    leg->peer = called;
    leg->phase = LEG_CALLING;
    exchange_ringing(x, called);
    if (x->linev[called->line].attended) {
        called->phase = LEG_OFFERED;
        exchange_say(x, EV_OFFER, called, 0, 0);
    } else {
        exchange_wait(x, called);
        exchange_forward_arm(x, now_ms, called);
    }
    /* behind the offer, so that a refusal by the core still overtakes it */
    if (!leg->up) {
        exchange_say(x, EV_RINGBACK, leg, SESSION_RINGBACK, 0);
    }
}

/* Whether the call is one that was sent on, by somebody or by forwarding: what was called at first stays. */
static bool sent_on(uint32_t reason)
{
    return (reason & (SESSION_REASON_REDIRECT | SESSION_REASON_FWDUNCOND | SESSION_REASON_FWDBUSY |
                      SESSION_REASON_FWDNOANSWER)) != 0;
}

void exchange_route(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct exchange_number *to,
                    const struct exchange_number *via, uint32_t reason)
{
    const struct exchange_number *own = x->shared ? exchange_address_find(x, leg->line, leg->address) : NULL;

    leg->to = to;
    if (!sent_on(reason)) {
        leg->called = to;
    }
    if (!to) {
        exchange_end(x, leg, SESSION_DISC_BADADDRESS);
        return;
    }
    if (to->head->forwards && exchange_forward(x, now_ms, leg, EXCHANGE_UNCOND)) {
        return;
    }
    if (to->kind == EXCHANGE_EXT && x->linev[to->line].out_of_service) {
        exchange_end(x, leg, SESSION_DISC_OUTOFORDER);
    } else if (to->kind == LOOPBACK_BUSY ||
               (to->kind == EXCHANGE_EXT && ((own && own->head == to) ||
                                             (to->line == leg->line && to->address == leg->address)))) {
        if (!exchange_forward(x, now_ms, leg, EXCHANGE_ON_BUSY)) {
            exchange_busy(x, leg);
        }
    } else if (to->kind == EXCHANGE_EXT) {
        ring_ext(x, now_ms, leg, via, reason);
    } else if (to->kind == EXCHANGE_PLACE) {
        exchange_park_dialled(x, now_ms, leg, to);
    } else {
        ring_special(x, now_ms, leg);
    }
}

/* Some more digits. NOMEM: nothing has changed. */
static enum session_err dial(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg,
                             const struct session_cmd *cmd)
{
    const char *number = cmd->dial ? cmd->dial->number : "";
    bool more = cmd->dial && cmd->dial->more;
    const struct exchange_number *to;
    size_t len = strlen(number);
    bool first = leg->digitc == 0, fits = leg->digitc + len <= SESSION_NUMBER_MAX;

    if (first && len == 0) {
        if (leg->phase != LEG_DIALTONE) {
            leg->phase = LEG_DIALTONE;
            exchange_done(x, cmd, leg->id, SESSION_E_OK);
            exchange_say(x, EV_STATE, leg, SESSION_DIALTONE, SESSION_DIALTONE_NORMAL);
        } else {
            exchange_done(x, cmd, leg->id, SESSION_E_OK);
        }
        return SESSION_E_OK;
    }
    to = fits && first ? exchange_number_find(x, number, len) : NULL;
    if (fits && (!first || (more && (!to || to->prefix)))) {
        if (!leg->digits) {
            leg->digits = exchange_zalloc(x, SESSION_NUMBER_MAX + 1);
        }
        if (!leg->digits) {
            return SESSION_E_NOMEM;
        }
        memcpy(leg->digits + leg->digitc, number, len);
        leg->digitc += (uint8_t)len;
        to = exchange_number_find(x, leg->digits, leg->digitc);
    }
    leg->phase = LEG_DIALING;
    exchange_done(x, cmd, leg->id, SESSION_E_OK);
    if (first) {
        exchange_say(x, EV_STATE, leg, SESSION_DIALING, 0);
    }
    if (fits && more && (!to || to->prefix)) {
        return SESSION_E_OK;
    }
    if (leg->digits) {
        exchange_release(x, leg->digits);
        leg->digits = NULL;
    }
    exchange_say(x, EV_STATE, leg, SESSION_PROCEEDING, 0);
    exchange_route(x, now_ms, leg, fits ? to : NULL, NULL, SESSION_REASON_DIRECT);
    return SESSION_E_OK;
}

/* Who calls. Parties of the core are not kept: the core may be freed before the exchange. */
enum session_err exchange_caller(struct exchange *x, const struct session_cmd *cmd, struct session_party **pp)
{
    const struct exchange_number *n;
    const struct session_party *p = cmd->caller;

    *pp = NULL;
    if (!p || cmd->block_id) {
        return SESSION_E_OK;
    }
    n = exchange_address_find(x, cmd->line, cmd->address);
    if (n && n->party->number_len == p->number_len && n->party->name_len == p->name_len &&
        !memcmp(n->party->text, p->text, (size_t)p->number_len + p->name_len + 2)) {
        *pp = session_party_ref(n->party);
        return SESSION_E_OK;
    }
    *pp = session_party_alloc(&x->mem, session_party_number(p), session_party_name(p));
    return *pp ? SESSION_E_OK : SESSION_E_NOMEM;
}

bool exchange_place(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd, uint32_t session,
                    struct exchange_leg *leg)
{
    leg->phase = LEG_DIALING;
    leg->session = session;
    leg->line = cmd->line;
    leg->address = cmd->address;
    leg->media_modes = cmd->media_modes;
    leg->call_id = cmd->call_id;
    exchange_completion_activity(x, leg->line);
    return !exchange_caller(x, cmd, &leg->self) && !exchange_news_keep(x, leg, cmd->attach) && !dial(x, now_ms, leg, cmd);
}

static void cmd_place(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_new(x);

    if (!leg || !exchange_place(x, now_ms, cmd, cmd->session, leg)) {
        if (leg) {
            exchange_leg_free(x, leg);
        }
        exchange_done(x, cmd, 0, SESSION_E_NOMEM);
    }
}

static void cmd_dial(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);

    if (!leg || (leg->phase != LEG_DIALTONE && leg->phase != LEG_DIALING)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
    } else if (dial(x, now_ms, leg, cmd)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_NOMEM);
    }
}

static void cmd_accept(struct exchange *x, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);

    if (leg && leg->phase == LEG_CALLBACK && leg->told) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
        return;
    }
    if (!leg || leg->phase != LEG_OFFERED || !leg->told) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    /* the caller already hears it ring */
    exchange_done(x, cmd, cmd->leg, exchange_inform(x, leg, cmd->attach));
}

/* A completion that is offered was answered: now the number is called that it is about. */
static void answer_callback(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd,
                            struct exchange_leg *leg)
{
    exchange_stop(x, leg);
    leg->phase = LEG_DIALING;
    leg->up = true;
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    if (leg->to->gone) {
        exchange_end(x, leg, SESSION_DISC_UNREACHABLE);
        return;
    }
    exchange_route(x, now_ms, leg, leg->to, NULL, SESSION_REASON_DIRECT);
}

static void cmd_answer(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);

    if (leg && !leg->call_id) {
        leg->call_id = cmd->call_id; /* one that nobody called has the core's id */
    }
    if (leg && leg->phase == LEG_CALLBACK && leg->told) {
        answer_callback(x, now_ms, cmd, leg);
        return;
    }
    if (leg && leg->share) {
        exchange_completion_activity(x, leg->line);
        exchange_share_answer(x, cmd, leg);
        return;
    }
    if (!leg || leg->phase != LEG_OFFERED || !leg->told) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_BADSTATE);
        return;
    }
    if (exchange_inform(x, leg, cmd->attach)) {
        exchange_done(x, cmd, cmd->leg, SESSION_E_NOMEM);
        return;
    }
    exchange_stop(x, leg);
    exchange_silent(x, leg);
    leg->phase = LEG_CONNECTED;
    leg->up = true;
    leg->peer->phase = LEG_CONNECTED;
    leg->peer->up = true;
    leg->peer->hops = 0;
    exchange_completion_activity(x, leg->line);
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    exchange_park_taken(x, leg);
    exchange_say(x, EV_STATE, leg->peer, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
    exchange_share_begin(x, leg->peer);
}

/* A session may be dropped before the core knows its leg: the leg is in the DONE of PLACE that is still to be taken. */
static uint32_t leg_of_place(const struct exchange *x, uint32_t session)
{
    for (uint32_t i = 0; i < x->ring_count; i++) {
        const struct exchange_event *ev = &x->ring[(x->ring_first + i) & (x->ring_cap - 1)];
        if (ev->type == EV_DONE && ev->session == session) {
            return ev->leg;
        }
    }
    return 0;
}

static void cmd_drop(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    uint32_t id = cmd->leg ? cmd->leg : leg_of_place(x, cmd->session);
    struct exchange_leg *leg = exchange_leg_find(x, id, cmd->session);

    if (leg && leg->share) {
        exchange_share_drop(x, cmd, leg);
        return;
    }
    exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
    if (!leg) {
        return;
    }
    if (leg->phase == LEG_BRIDGE) {
        exchange_bridge_free(x, leg);
        return;
    }
    if (leg->place) {
        exchange_park_back(x, now_ms, leg);
        return;
    }
    exchange_hang_up(x, leg, cmd->attach);
}

void exchange_hang_up(struct exchange *x, struct exchange_leg *leg, const struct session_attach *attach)
{
    struct exchange_leg *peer = leg->peer;

    if (peer && (peer->told || peer->phase == LEG_CALLING || peer->phase == LEG_CONNECTED)) {
        (void)exchange_inform(x, leg, attach); /* an end without it is better than no end */
    }
    if (peer && (peer->phase == LEG_CONNECTED || (peer->phase == LEG_PARKED && peer->told))) {
        exchange_end(x, peer, SESSION_DISC_NORMAL);
    } else if (peer && peer->phase == LEG_CALLING) {
        exchange_end(x, peer, SESSION_DISC_REJECT);
    } else if (peer && peer->told) {
        exchange_end(x, peer, SESSION_DISC_CANCELLED);
    } else if (peer) {
        exchange_leg_free(x, peer); /* nobody has heard of it */
    }
    exchange_leg_free(x, leg);
}

static void cmd_inform(struct exchange *x, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);

    exchange_done(x, cmd, cmd->leg,
              leg && leg->phase != LEG_GONE ? exchange_inform(x, leg, cmd->attach) : SESSION_E_BADSTATE);
}

static void cmd_play(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);

    if (leg && leg->phase != LEG_GONE && cmd->play) {
        exchange_play(x, now_ms, leg, cmd->play);
    }
}

static void cmd_stream(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);

    if (leg && leg->phase != LEG_GONE) {
        exchange_stream(x, now_ms, leg, &cmd->stream);
    }
}

static void cmd_reject(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session);
    struct exchange_leg *caller;

    if (leg && leg->place) {
        exchange_park_back(x, now_ms, leg);
    } else if (leg && leg->phase == LEG_CALLBACK) {
        leg->told = false; /* nobody has heard of it: it is cancelled */
        exchange_leg_free(x, leg);
        return;
    }
    if (leg && leg->share) {
        exchange_share_reject(x, now_ms, cmd, leg);
        return;
    }
    if (leg && leg->phase == LEG_CONNECTED && !leg->session) { /* shown where it was parked, which has gone since */
        caller = leg->peer;
        leg->peer = NULL;
        exchange_leg_free(x, leg);
        if (caller) {
            caller->peer = NULL;
            exchange_end(x, caller, SESSION_DISC_UNREACHABLE);
        }
        return;
    }
    if (!leg || leg->phase != LEG_OFFERED) {
        return;
    }
    caller = leg->peer;
    exchange_leg_free(x, leg);
    if (cmd->mode == SESSION_DISC_BUSY) {
        caller->peer = NULL;
        if (!exchange_forward(x, now_ms, caller, EXCHANGE_ON_BUSY)) {
            exchange_busy(x, caller);
        }
    } else {
        exchange_end(x, caller, (enum session_disconnect)cmd->mode);
    }
}

static void cmd_line(struct exchange *x, const struct session_cmd *cmd)
{
    struct exchange_line *line;
    struct exchange_leg *leg;

    if (cmd->line >= x->linec) {
        return; /* a line without an extension: nothing can call it */
    }
    line = &x->linev[cmd->line];
    line->attended = cmd->on;
    while (line->attended && (leg = line->waiting)) {
        exchange_unwait(x, leg);
        exchange_stop(x, leg);
        leg->phase = LEG_OFFERED;
        exchange_say(x, EV_OFFER, leg, 0, 0);
    }
}

void exchange_command(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    switch (cmd->type) {
    case SESSION_CMD_LINE:
        cmd_line(x, cmd);
        break;
    case SESSION_CMD_PLACE:
        cmd_place(x, now_ms, cmd);
        break;
    case SESSION_CMD_DIAL:
        cmd_dial(x, now_ms, cmd);
        break;
    case SESSION_CMD_ACCEPT:
        cmd_accept(x, cmd);
        break;
    case SESSION_CMD_ANSWER:
        cmd_answer(x, now_ms, cmd);
        break;
    case SESSION_CMD_DROP:
        cmd_drop(x, now_ms, cmd);
        break;
    case SESSION_CMD_REJECT:
        cmd_reject(x, now_ms, cmd);
        break;
    case SESSION_CMD_PLAY:
        cmd_play(x, now_ms, cmd);
        break;
    case SESSION_CMD_INFORM:
        cmd_inform(x, cmd);
        break;
    case SESSION_CMD_LINE_REMOVE:
        exchange_line_remove(x, cmd->line);
        break;
    case SESSION_CMD_STREAM:
        cmd_stream(x, now_ms, cmd);
        break;
    case SESSION_CMD_SECURE:
        break; /* who would break in is refused by the core */
    case SESSION_CMD_HOLD:
    case SESSION_CMD_UNHOLD:
    case SESSION_CMD_SWAP:
    case SESSION_CMD_CONSULT:
    case SESSION_CMD_TRANSFER:
    case SESSION_CMD_DEFLECT:
    case SESSION_CMD_SETUPCONF:
    case SESSION_CMD_CONFERENCE:
    case SESSION_CMD_ADD:
    case SESSION_CMD_COLLAPSE:
        exchange_control(x, now_ms, cmd);
        break;
    case SESSION_CMD_PARK:
    case SESSION_CMD_UNPARK:
    case SESSION_CMD_PICKUP:
        exchange_park_command(x, now_ms, cmd);
        break;
    case SESSION_CMD_FORWARD:
    case SESSION_CMD_LINESTATUS:
        exchange_forward_command(x, now_ms, cmd);
        break;
    case SESSION_CMD_COMPLETE:
    case SESSION_CMD_UNCOMPLETE:
    case SESSION_CMD_FREE:
        exchange_completion_command(x, cmd);
        break;
    }
}

void exchange_timer(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg)
{
    if (leg->place && (leg->phase == LEG_PARKED || (leg->end_ms && now_ms >= leg->end_ms))) {
        exchange_park_timer(x, now_ms, leg);
    } else if (leg->phase == LEG_OFFERED || leg->phase == LEG_WAITING) {
        /* a reminder is for who parked the call, and nobody else */
        if ((!leg->place && exchange_forward_rung(x, now_ms, leg)) || leg->phase == LEG_WAITING) {
            return;
        }
        leg->rings += leg->rings < UINT8_MAX;
        exchange_say(x, EV_RING, leg, 0, 0);
        start(x, leg, now_ms, x->ring_ms);
        exchange_park_limit(x, leg);
    } else if (leg->phase == LEG_CALLBACK) {
        if (++leg->rings > EXCHANGE_CALLBACK_RINGS) {
            exchange_end(x, leg, SESSION_DISC_NOANSWER);
            return;
        }
        exchange_say(x, EV_RING, leg, 0, 0);
        start(x, leg, now_ms, x->ring_ms);
    } else if (leg->phase == LEG_CALLING) {
        answer(x, now_ms, leg);
    } else if (leg->phase == LEG_CONNECTED) {
        exchange_end(x, leg, SESSION_DISC_NORMAL);
    }
}

struct session_party *exchange_connected(const struct exchange_leg *leg)
{
    if (leg->share) {
        leg = leg->share;
    }
    if (leg->peer) {
        return leg->peer->self;
    }
    if (leg->host) {
        return leg->host->self;
    }
    return leg->to && leg->to->kind != EXCHANGE_EXT ? leg->to->party : NULL;
}

uint32_t exchange_mode(const struct exchange_leg *leg)
{
    const struct exchange_leg *peer = leg->share ? leg->share->peer : leg->peer;

    if (leg->share && !leg->active) {
        return peer && peer->held ? SESSION_CONNECTED_INACTIVEHELD : SESSION_CONNECTED_INACTIVE;
    }
    return peer && peer->held ? SESSION_CONNECTED_ACTIVEHELD : SESSION_CONNECTED_ACTIVE;
}

static void fill(struct exchange_leg *leg, const struct exchange_event *ev, enum session_ind_type type,
                 struct session_ind *ind)
{
    ind->type = type;
    ind->session = leg->session;
    ind->leg = leg->id;
    ind->seq = ++leg->seq;
    ind->state = ev->state;
    ind->mode = ev->mode;
}

void exchange_unreach(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_leg *caller = leg->peer;

    if (leg->share) {
        struct session_cmd cmd = {.type = SESSION_CMD_REJECT, .mode = SESSION_DISC_UNREACHABLE};

        exchange_share_reject(x, 0, &cmd, leg);
        return;
    }
    exchange_leg_free(x, leg);
    exchange_end(x, caller, SESSION_DISC_UNREACHABLE);
}

/* False: the line is no longer attended, or no longer there. */
static bool offer(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, struct session_ind *ind)
{
    struct exchange_leg *call = exchange_call_of(leg);
    bool rings = call->phase == LEG_OFFERED, callback = leg->phase == LEG_CALLBACK;

    if (leg->place && (leg->to->gone || !x->linev[leg->line].attended)) {
        exchange_park_back(x, now_ms, leg);
        return false;
    }
    if (leg->to->gone && !callback) {
        exchange_unreach(x, leg);
        return false;
    }
    if (!x->linev[leg->line].attended || (callback && leg->to->gone)) {
        if (callback) {
            exchange_leg_free(x, leg); /* nobody is there who wanted it: it is cancelled */
        } else {
            exchange_wait(x, leg);
            exchange_forward_arm(x, now_ms, leg);
        }
        return false;
    }
    leg->told = true;
    leg->rings = 1;
    ind->type = SESSION_IND_INCOMING;
    ind->leg = leg->id;
    ind->line = leg->line;
    ind->address = leg->address;
    ind->origin = call->outgoing ? SESSION_ORIGIN_OUTBOUND : SESSION_ORIGIN_INTERNAL;
    ind->reason = call->outgoing ? (uint32_t)SESSION_REASON_DIRECT : call->reason;
    ind->media_modes = leg->media_modes;
    ind->call_id = call->call_id;
    if (callback) {
        ind->caller = leg->to->party;
        ind->called = exchange_address_find(x, leg->line, leg->address)->party;
        ind->completion = leg->completion;
        exchange_callback_told(x, leg);
        exchange_say(x, EV_RING, leg, 0, 0);
        start(x, leg, now_ms, x->ring_ms);
        return true;
    }
    ind->caller = call->outgoing ? call->self : call->peer ? call->peer->self : NULL;
    ind->called = (call->called ? call->called : call->to)->party;
    if (call->via && !call->outgoing) {
        ind->redirecting = call->via->party;
        ind->redirection = call->to->party;
    }
    exchange_park_offer(leg, ind);
    exchange_news_offer(x, leg, ind);
    if (!rings) {
        leg->phase = LEG_CONNECTED;
        ind->state = SESSION_CONNECTED;
        ind->mode = exchange_mode(leg);
        ind->connected = exchange_connected(leg);
        return true;
    }
    call->told = true;
    exchange_say(x, EV_RING, leg, 0, 0);
    start(x, leg, now_ms, x->ring_ms);
    exchange_park_limit(x, leg);
    return true;
}

/* Who is there now, by the events' bits. */
static bool party(const struct exchange *x, struct exchange_leg *leg, const struct exchange_event *ev,
                  struct session_ind *ind)
{
    const struct exchange_leg *call = exchange_call_of(leg);

    fill(leg, ev, SESSION_IND_PARTY, ind);
    ind->state = ind->mode = 0;
    if (ev->mode & SESSION_INFO_CONNECTEDID) {
        ind->connected = exchange_connected(leg);
        if (!ind->connected && (call->peer || call->host)) {
            ind->connected = x->nobody;
        }
    }
    if (ev->mode & SESSION_INFO_CALLERID && call->peer) {
        ind->caller = call->peer->self ? call->peer->self : x->nobody;
    }
    if (ev->mode & SESSION_INFO_REDIRECTINGID && call->via) {
        ind->redirecting = call->via->party;
        ind->redirection = call->to ? call->to->party : NULL;
    }
    if (ev->mode & SESSION_INFO_CALLID) {
        ind->call_id = call->call_id;
        ind->related_call_id = call->related_call_id;
    }
    ind->reason = ev->mode & SESSION_INFO_REASON ? call->reason : 0;
    return ind->connected || ind->caller || ind->redirecting || ind->reason || ind->call_id;
}

bool exchange_indicate(struct exchange *x, uint64_t now_ms, const struct exchange_event *ev, struct session_ind *ind)
{
    struct exchange_leg *leg = exchange_leg_find(x, ev->leg, 0);

    memset(ind, 0, sizeof(*ind));
    if (x->given) {
        exchange_given_free(x);
    }
    if (ev->type == EV_LINE) {
        return exchange_line_indicate(ev, ind);
    }
    if (ev->type == EV_NEXT) {
        exchange_completion_next(x, ev->leg);
        return false;
    }
    if (ev->type == EV_COMPLETED) {
        ind->type = SESSION_IND_DONE;
        ind->session = ev->session;
        ind->leg = ev->leg;
        ind->token = ev->token;
        ind->completion = ev->state;
        ind->line = ev->mode;
        return true;
    }
    if (ev->type == EV_DONE) {
        ind->type = SESSION_IND_DONE;
        ind->session = ev->session;
        ind->leg = ev->leg;
        ind->token = ev->token;
        ind->err = (enum session_err)ev->err;
        ind->session2 = ev->session2;
        ind->leg2 = ev->state;
        ind->bridge = ev->mode;
        exchange_park_done(x, leg, ev, ind);
        if (!ev->err && leg && leg->phase == LEG_CONNECTED) {
            ind->mode = exchange_mode(leg);
            if (leg->told || leg->host) {
                ind->connected = exchange_connected(leg);
            }
        }
        return true;
    }
    if (!leg || (leg->phase == LEG_PARKED && !leg->told && ev->type != EV_OFFER)) {
        return false;
    }
    switch ((enum exchange_event_type)ev->type) {
    case EV_DONE:
    case EV_COMPLETED:
    case EV_LINE:
    case EV_NEXT:
        break;
    case EV_RINGBACK:
        if (leg->phase != LEG_CALLING) {
            return false; /* refused, or answered, meanwhile */
        }
        fill(leg, ev, SESSION_IND_PROGRESS, ind);
        return true;
    case EV_STATE:
        fill(leg, ev, SESSION_IND_PROGRESS, ind);
        if (ev->state == SESSION_CONNECTED) {
            ind->connected = exchange_connected(leg);
        }
        return true;
    case EV_PARTY:
        return party(x, leg, ev, ind);
    case EV_GONE:
        fill(leg, ev, SESSION_IND_PROGRESS, ind);
        exchange_leg_free(x, leg);
        return true;
    case EV_SOUND:
        if (!leg->session) {
            return false;
        }
        fill(leg, ev, SESSION_IND_SOUND, ind);
        exchange_sound_of(ev, &ind->sound);
        ind->state = ev->err; /* begin or end */
        ind->mode = 0;
        return true;
    case EV_PLAYED:
        fill(leg, ev, SESSION_IND_PLAYED, ind);
        ind->token = ev->token;
        ind->err = (enum session_err)ev->err;
        return true;
    case EV_NEWS:
        /* a called end that was not offered yet gets it with its INCOMING */
        if (!leg->session || !exchange_news_next(x, leg, ind)) {
            return false;
        }
        fill(leg, ev, SESSION_IND_INFORM, ind);
        return true;
    case EV_OFFER:
        return leg->phase == LEG_PARKED ? exchange_park_show(x, leg, ind)
                                        : (leg->phase == LEG_OFFERED || leg->phase == LEG_CALLBACK) && offer(x, now_ms, leg, ind);
    case EV_RING:
        if (leg->phase != LEG_OFFERED && leg->phase != LEG_CALLBACK) {
            return false;
        }
        fill(leg, ev, SESSION_IND_RING, ind);
        ind->mode = 1;
        return true;
    }
    return false;
}
