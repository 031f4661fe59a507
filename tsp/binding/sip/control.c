/* Calls that are up: hold, consultation, conference. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <string.h>

enum { AGAIN_MS = 200 };

/* Conferences are mixed here: their owner has no sound of its own, so that holding one holds nobody. */

/* ---- conferences ------------------------------------------------------------------------------------------------- */

static void leave(struct sip_call *call)
{
    struct sip_call *bridge = call->bridge;

    if (!bridge) {
        return;
    }
    for (struct sip_call *m = bridge->members; m; m = m->next_member) {
        sip_media_link(call, m, false);
    }
    if (call->prev_member) {
        call->prev_member->next_member = call->next_member;
    } else {
        bridge->members = call->next_member;
    }
    if (call->next_member) {
        call->next_member->prev_member = call->prev_member;
    }
    call->bridge = call->prev_member = call->next_member = NULL;
}

void sip_bridge_leave(struct sip_call *call)
{
    leave(call);
    while (call->members) {
        leave(call->members);
    }
}

void sip_bridge_join(struct sip_call *bridge, struct sip_call *call)
{
    call->bridge = bridge;
    call->next_member = bridge->members;
    if (bridge->members) {
        bridge->members->prev_member = call;
    }
    bridge->members = call;
    sip_media_links(call);
}

/* The conference made for a command. NULL: no memory. */
static struct sip_call *make_bridge(struct sip_ua *ua, const struct sip_command *c)
{
    struct sip_leg *leg = sip_leg_get(ua->x, c->bridge);
    struct sip_call *bridge = leg ? sip_call_new(ua, leg, NULL) : NULL;

    if (bridge) {
        bridge->phase = CALL_BRIDGE;
        bridge->told = true;
    }
    return bridge;
}

/* ---- hold -------------------------------------------------------------------------------------------------------- */

static void stepped(struct sip_call *call, enum session_err err);

static bool send_reinvite(struct sip_call *call)
{
    pjsip_inv_session *inv = call->side->inv;
    pjmedia_sdp_session *sdp;
    pjsip_tx_data *tdata = NULL;

    if (inv->invite_tsx || inv->state != PJSIP_INV_STATE_CONFIRMED) {
        sip_schedule(call->x->ua, &call->again, AGAIN_MS); /* the other end is at it as well */
        return true;
    }
    sdp = sip_media_sdp(call->side, inv->pool_prov, NULL, call->hold_wanted);
    if (!sdp || pjsip_inv_reinvite(inv, call->moved ? &call->account->contact : NULL, sdp, &tdata) != PJ_SUCCESS) {
        return false;
    }
    call->moved = false;
    return pjsip_inv_send_msg(inv, tdata) == PJ_SUCCESS;
}

void sip_call_moved(struct sip_call *call)
{
    if (call->phase != CALL_UP || !call->side) {
        return; /* it is not known elsewhere, or by a request that says where we were */
    }
    call->moved = true;
    if (call->job || call->job_is_invite) {
        return; /* the next one says it */
    }
    call->job_is_invite = true;
    call->hold_wanted = call->held;
    if (!send_reinvite(call)) {
        call->job_is_invite = false;
    }
}

void sip_control_again(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_call *call = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (call->job_is_invite && call->side && !send_reinvite(call)) {
        call->job_is_invite = false;
        stepped(call, SESSION_E_FAILED);
    }
}

/* Begins a step: hold or unhold. `c` goes on in stepped; NULL: nobody asks. */
static void change_hold(struct sip_call *call, struct sip_command *c, bool hold)
{
    if (call->job || call->job_is_invite || (call->phase != CALL_BRIDGE && (call->phase != CALL_UP || !call->side))) {
        if (c) {
            sip_done(call->x, c, SESSION_E_BADSTATE, 0, NULL);
        }
        return;
    }
    call->job = c;
    call->hold_wanted = hold;
    if (call->phase == CALL_BRIDGE || call->held == hold) {
        call->held = hold;
        stepped(call, SESSION_E_OK);
        return;
    }
    call->job_is_invite = true;
    if (!send_reinvite(call)) {
        call->job_is_invite = false;
        stepped(call, SESSION_E_FAILED);
    }
}

void sip_control_answered(struct sip_call *call, int code)
{
    if (code == PJSIP_SC_REQUEST_PENDING) {
        /* RFC 3261, 14.1: who called waits 2 to 4 seconds, who was called up to 2 (with a T1 of half a second) */
        uint32_t glare = 4 * call->x->ua->t1_ms;

        sip_schedule(call->x->ua, &call->again, (call->side->incoming ? 0 : glare) + (uint32_t)pj_rand() % glare);
        return;
    }
    call->job_is_invite = false;
    if (code / 100 == 2) {
        call->held = call->hold_wanted;
    }
    stepped(call, code / 100 == 2 ? SESSION_E_OK : SESSION_E_FAILED);
}

void sip_control_ended(struct sip_call *call)
{
    struct sip_command *c = call->job;

    call->job = NULL;
    call->job_is_invite = false;
    if (c) {
        sip_done(call->x, c, SESSION_E_BADSTATE, 0, NULL);
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

void sip_consult_done(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_leg *leg = sip_leg_get(ua->x, c->fresh);
    struct sip_account *acc = sip_account_of_line(ua, c->cmd.line);
    struct sip_call *call = leg && acc ? sip_call_new(ua, leg, acc) : NULL;
    struct sip_command copy;

    copy.cmd = c->cmd;
    copy.dial = c->dial;
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
    if (call) {
        sip_place(ua, call, &copy);
    } else if (leg) {
        sip_leg_over(ua->x, leg, SESSION_DISC_TEMPFAILURE);
    }
}

static void conference_done(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *a = sip_call_of(ua->x, c->cmd.leg), *b = sip_call_of(ua->x, c->cmd.leg2), *bridge;

    if (!a || !b || a->bridge || b->bridge || !(bridge = make_bridge(ua, c))) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    sip_bridge_join(bridge, a);
    sip_bridge_join(bridge, b);
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
}

static void add_done(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *bridge = sip_call_of(ua->x, c->cmd.leg), *call = sip_call_of(ua->x, c->cmd.leg2);

    if (!bridge || bridge->phase != CALL_BRIDGE || !call || call->bridge) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    bridge->held = false;
    sip_bridge_join(bridge, call);
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
}

/* A step of the call's job is done. */
static void stepped(struct sip_call *call, enum session_err err)
{
    struct sip_ua *ua = call->x->ua;
    struct sip_command *c = call->job;
    struct sip_call *other;

    call->job = NULL;
    if (!c) {
        sip_call_mode(call);
        return;
    }
    if (c->cmd.type == SESSION_CMD_SWAP && c->step == 0 && !err) {
        c->step = 1;
        other = sip_call_of(ua->x, c->cmd.leg2);
        if (other) {
            change_hold(other, c, false);
            return;
        }
        err = SESSION_E_BADSTATE;
    }
    if (c->cmd.type == SESSION_CMD_SWAP && err && c->step == 1) {
        uint32_t id = c->cmd.leg;

        sip_done(ua->x, c, err, 0, NULL);
        other = sip_call_of(ua->x, id);
        if (other) {
            change_hold(other, NULL, false);
        }
        return;
    }
    if (err) {
        sip_done(ua->x, c, err, 0, NULL);
        return;
    }
    call->mode = sip_mode_of(call);
    switch (c->cmd.type) {
    case SESSION_CMD_CONSULT:
        sip_consult_done(ua, c);
        break;
    case SESSION_CMD_CONFERENCE:
        conference_done(ua, c);
        break;
    case SESSION_CMD_ADD:
        add_done(ua, c);
        break;
    case SESSION_CMD_UNHOLD:
        if (!c->cmd.token && call->mode != SESSION_CONNECTED_ACTIVE && call->phase == CALL_UP) {
            sip_progress(call, SESSION_CONNECTED, call->mode, NULL);
        }
        sip_done(ua->x, c, SESSION_E_OK, call->mode, NULL);
        break;
    default:
        sip_done(ua->x, c, SESSION_E_OK, call->mode, NULL);
        break;
    }
}

static bool is_up(const struct sip_call *call)
{
    return call && (call->phase == CALL_BRIDGE || (call->phase == CALL_UP && call->side));
}

static void set_up(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = c->cmd.leg ? sip_call_of(ua->x, c->cmd.leg) : NULL, *bridge;
    struct sip_account *acc = sip_account_of_line(ua, c->cmd.line);

    if (c->cmd.leg && (!is_up(call) || call->held || call->bridge || call->phase == CALL_BRIDGE)) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    if (acc && acc->conf->conference) {
        sip_focus_begin(ua, acc, c);
        return;
    }
    bridge = make_bridge(ua, c);
    if (!bridge) {
        sip_done(ua->x, c, SESSION_E_NOMEM, 0, NULL);
        return;
    }
    bridge->held = true;
    if (call) {
        sip_bridge_join(bridge, call);
    }
    sip_consult_done(ua, c);
}

static void collapse(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *bridge = sip_call_of(ua->x, c->cmd.leg);
    uint32_t keep = c->cmd.on ? 0 : c->cmd.leg2;

    if (bridge && bridge->focus) {
        sip_focus_collapse(ua, bridge, c->cmd.leg2, c->cmd.on);
    } else if (bridge && bridge->phase == CALL_BRIDGE) {
        while (bridge->members) {
            struct sip_call *m = bridge->members;

            leave(m);
            if (m->leg->id != keep) {
                change_hold(m, NULL, true);
            } else if (sip_mode_of(m) != SESSION_CONNECTED_ACTIVE) {
                m->mode = sip_mode_of(m);
                sip_progress(m, SESSION_CONNECTED, m->mode, NULL);
            }
        }
        sip_call_end(bridge, 0, 0);
    }
    sip_command_free(ua->x, c);
}

void sip_control(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg), *other = sip_call_of(ua->x, c->cmd.leg2), *focus = NULL;
    bool ok = false;

    if (c->cmd.type == SESSION_CMD_COLLAPSE) {
        collapse(ua, c);
        return;
    }
    if (c->cmd.type == SESSION_CMD_SETUPCONF) {
        set_up(ua, c);
        return;
    }
    switch (c->cmd.type) {
    case SESSION_CMD_HOLD:
    case SESSION_CMD_CONSULT:
        ok = is_up(call) && !call->held && !call->bridge;
        break;
    case SESSION_CMD_UNHOLD:
        ok = is_up(call) && call->held && !call->bridge;
        break;
    case SESSION_CMD_SWAP:
        ok = is_up(call) && is_up(other) && !call->held && other->held && !call->bridge && !other->bridge;
        break;
    case SESSION_CMD_CONFERENCE:
        ok = call && call->side && call->phase != CALL_BRIDGE && is_up(other) && other->phase != CALL_BRIDGE &&
             !call->bridge && !other->bridge;
        call = other; /* whom it takes from hold */
        break;
    case SESSION_CMD_ADD:
        ok = call && call->phase == CALL_BRIDGE && call->held && other && other->side && other->phase != CALL_BRIDGE &&
             !other->bridge;
        focus = call && call->focus ? call : NULL;
        call = other;
        break;
    default:
        break;
    }
    if (!ok) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    if (c->cmd.type == SESSION_CMD_CONFERENCE && call->account && call->account->conf->conference) {
        sip_focus_begin(ua, call->account, c);
        return;
    }
    if (c->cmd.type == SESSION_CMD_ADD && focus) {
        sip_focus_add(focus, c);
        return;
    }
    if (c->cmd.type == SESSION_CMD_ADD && (call->phase != CALL_UP || !call->held)) {
        add_done(ua, c); /* it still rings, or is not held: nothing to change first */
        return;
    }
    change_hold(call, c,
                c->cmd.type == SESSION_CMD_HOLD || c->cmd.type == SESSION_CMD_CONSULT ||
                    c->cmd.type == SESSION_CMD_SWAP);
}

void sip_hold_again(struct sip_call *call)
{
    call->held = false;
    change_hold(call, NULL, true);
}
