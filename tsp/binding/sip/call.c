/* Calls: placed, offered, answered, ended. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <stdio.h>
#include <string.h>

enum { REDIRECTS_MAX = 5, REJECT_CODE = 603 };

/* ---- calls and their dialogs ------------------------------------------------------------------------------------- */

struct sip_call *sip_call_of(struct sip *x, uint32_t id)
{
    struct sip_leg *leg = sip_leg_get(x, id);

    return leg ? leg->call : NULL;
}

void sip_call_ring(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_call *call = entry->user_data;
    struct sip_event *ev;

    (void)heap;
    entry->id = 0;
    if (!sip_callback_rings(call)) {
        return;
    }
    ev = sip_event_new(call->x, SESSION_IND_RING, call->leg);
    if (ev) {
        ev->mode = call->side && call->side->alerted ? 2 : 1;
        sip_say(call->x, ev);
    }
    sip_schedule(call->x->ua, &call->ring, call->x->ua->ring_ms);
}

struct sip_call *sip_call_new(struct sip_ua *ua, struct sip_leg *leg, struct sip_account *acc)
{
    struct sip_call *call = sip_zalloc(ua->x, sizeof(*call));

    if (!call) {
        return NULL;
    }
    call->x = ua->x;
    call->leg = leg;
    call->account = acc;
    call->volume = SESSION_VOLUME_NORMAL;
    pj_timer_entry_init(&call->ring, 0, call, sip_call_ring);
    pj_timer_entry_init(&call->again, 0, call, sip_control_again);
    pj_timer_entry_init(&call->refer_late, 0, call, sip_transfer_late);
    pj_timer_entry_init(&call->play_timer, 0, call, sip_play_timer);
    call->next_call = ua->calls;
    if (ua->calls) {
        ua->calls->prev = call;
    }
    ua->calls = call;
    leg->call = call;
    if (acc) {
        acc->calls++;
        ua->callc++;
    }
    return call;
}

struct sip_side *sip_side_new(struct sip_ua *ua, struct sip_call *call, struct sip_account *acc)
{
    struct sip_side *side = sip_zalloc(ua->x, sizeof(*side));

    if (!side) {
        return NULL;
    }
    side->x = ua->x;
    side->call = call;
    side->account = acc;
    acc->sides++;
    side->media.side = side;
    side->media.slot = side->media.tone_slot = -1;
    side->next = ua->sides;
    if (ua->sides) {
        ua->sides->prev = side;
    }
    ua->sides = side;
    return side;
}

void sip_side_free(struct sip_side *side)
{
    struct sip_ua *ua = side->x->ua;

    sip_media_close(side);
    sip_side_placed(side);
    sip_release(side->x, side->uui);
    side->account->sides--;
    if (side->inv) {
        side->inv->mod_data[sip_mod()] = NULL;
    }
    if (side->prev) {
        side->prev->next = side->next;
    } else {
        ua->sides = side->next;
    }
    if (side->next) {
        side->next->prev = side->prev;
    }
    sip_release(side->x, side);
}

void sip_side_close(struct sip_side *side, int code)
{
    pjsip_inv_session *inv = side->inv;
    pjsip_tx_data *tdata = NULL;

    side->call = NULL;
    sip_media_close(side);
    if (side->sending) {
        return; /* whoever sends sees to it */
    }
    if (!inv || inv->state == PJSIP_INV_STATE_DISCONNECTED) {
        sip_side_free(side);
        return;
    }
    pjsip_inv_add_ref(inv);
    if (pjsip_inv_end_session(inv, code ? code : PJSIP_SC_DECLINE, NULL, &tdata) != PJ_SUCCESS ||
        (tdata && pjsip_inv_send_msg(inv, sip_uui_last(side, tdata)) != PJ_SUCCESS)) {
        if (inv->state != PJSIP_INV_STATE_DISCONNECTED) {
            pjsip_inv_terminate(inv, PJSIP_SC_INTERNAL_SERVER_ERROR, PJ_TRUE);
        }
    }
    sip_sane_ended(sip_the(), inv);
    pjsip_inv_dec_ref(inv);
}

void sip_call_end(struct sip_call *call, enum session_disconnect mode, int code)
{
    struct sip *x = call->x;
    struct sip_ua *ua = x->ua;
    struct sip_side *side = call->side, *next = call->next;
    enum session_err err = SESSION_E_FAILED;
    struct sip_command *fetch, *job;

    sip_unschedule(ua, &call->ring);
    sip_unschedule(ua, &call->again);
    sip_play_end(call);
    sip_record_end(call);
    sip_control_ended(call);
    fetch = sip_fetch_ended(call, &err);
    sip_media_quality(call);
    job = sip_focus_end(call);
    sip_transfer_ended(call);
    sip_bridge_leave(call);
    call->side = call->next = NULL;
    if (call->prev) {
        call->prev->next_call = call->next_call;
    } else {
        ua->calls = call->next_call;
    }
    if (call->next_call) {
        call->next_call->prev = call->prev;
    }
    if (call->account) {
        call->account->calls--;
        ua->callc--;
    }
    sip_leg_over(x, call->leg, fetch || (job && job->bridge) ? 0 : mode); /* the core knows nothing of what failed */
    sip_release(x, call->uui);
    sip_release(x, call->member);
    sip_release(x, call);
    if (fetch) {
        sip_done(x, fetch, err, 0, NULL); /* it never was */
    }
    if (job) {
        sip_done(x, job, SESSION_E_FAILED, 0, NULL);
    }
    if (side) {
        sip_side_close(side, code);
    }
    if (next) {
        sip_side_close(next, code);
    }
}

void sip_calls_free(struct sip_ua *ua)
{
    sip_stars_end(ua);
    sip_completions_end(ua, NULL);
    while (ua->calls) {
        sip_call_end(ua->calls, 0, 0);
    }
    while (ua->sides) {
        struct sip_side *side = ua->sides;
        pjsip_inv_session *inv = side->inv;

        sip_side_free(side);
        if (inv && inv->state != PJSIP_INV_STATE_DISCONNECTED) {
            pjsip_inv_terminate(inv, PJSIP_SC_REQUEST_TERMINATED, PJ_FALSE);
        }
    }
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

void sip_progress(struct sip_call *call, uint32_t state, uint32_t mode, struct session_party *connected)
{
    struct sip_event *ev = sip_event_new(call->x, SESSION_IND_PROGRESS, call->leg);

    if (!ev) {
        session_party_deref(connected);
        return;
    }
    ev->state = state;
    ev->mode = mode;
    ev->partyv[SIP_CONNECTED] = connected;
    sip_say(call->x, ev);
}

uint32_t sip_mode_of(const struct sip_call *call)
{
    return call->side && call->side->remote_held ? SESSION_CONNECTED_ACTIVEHELD : SESSION_CONNECTED_ACTIVE;
}

void sip_call_mode(struct sip_call *call)
{
    uint32_t mode = sip_mode_of(call);

    if (call->told && !call->held && !call->job && mode != call->mode) {
        call->mode = mode;
        sip_progress(call, SESSION_CONNECTED, mode, NULL);
    }
}

void sip_call_up(struct sip_call *call, struct session_party *connected)
{
    call->phase = CALL_UP;
    call->told = true;
    call->mode = sip_mode_of(call);
    sip_progress(call, SESSION_CONNECTED, call->mode, connected);
}

/* ---- answering --------------------------------------------------------------------------------------------------- */

static pj_status_t answer(struct sip_side *side, int code, pjmedia_sdp_session *sdp, const struct sip_command *c)
{
    pjsip_tx_data *tdata = NULL;
    pj_status_t status = pjsip_inv_answer(side->inv, code, NULL, sdp, &tdata);

    if (status == PJ_SUCCESS) {
        sip_uui_put(tdata, c ? c->uui : NULL, c ? c->uuic : 0);
    }
    return status == PJ_SUCCESS ? pjsip_inv_send_msg(side->inv, tdata) : status;
}

static void cmd_accept(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);
    bool back = call && call->phase == CALL_CALLBACK, ok = back || (call && call->phase == CALL_OFFERED && call->side);

    if (ok && !back && !call->alerting) {
        call->alerting = true;
        (void)answer(call->side, PJSIP_SC_RINGING, NULL, c);
    }
    sip_done(ua->x, c, ok ? SESSION_E_OK : SESSION_E_BADSTATE, 0, NULL);
}

bool sip_take_call(struct sip_side *side, const struct sip_command *c)
{
    pjsip_inv_session *inv = side->inv;
    const pjmedia_sdp_session *offer = NULL;
    pjmedia_sdp_session *sdp;

    if (inv->state != PJSIP_INV_STATE_INCOMING && inv->state != PJSIP_INV_STATE_EARLY) {
        return false;
    }
    if (inv->neg && pjmedia_sdp_neg_get_state(inv->neg) == PJMEDIA_SDP_NEG_STATE_REMOTE_OFFER) {
        (void)pjmedia_sdp_neg_get_neg_remote(inv->neg, &offer);
    }
    sdp = sip_media_sdp(side, inv->pool, offer, false);
    if (!sdp) {
        return false;
    }
    side->up = true;
    return answer(side, PJSIP_SC_OK, sdp, c) == PJ_SUCCESS;
}

static void cmd_answer(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);
    uint32_t id = c->cmd.leg;
    bool ok;

    if (call && call->phase == CALL_CALLBACK) {
        sip_callback_answer(ua, call, c);
        return;
    }
    if (!call || call->phase != CALL_OFFERED || !call->side) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    sip_unschedule(ua, &call->ring);
    ok = sip_take_call(call->side, c);
    call = sip_call_of(ua->x, id);
    if (!call) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
    } else if (ok) {
        call->phase = CALL_UP;
        call->told = true;
        call->mode = sip_mode_of(call);
        sip_done(ua->x, c, SESSION_E_OK, call->mode, NULL);
    } else {
        sip_done(ua->x, c, SESSION_E_FAILED, 0, NULL);
        sip_call_end(call, SESSION_DISC_INCOMPATIBLE, PJSIP_SC_NOT_ACCEPTABLE_HERE);
    }
}

static void cmd_drop(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);
    int code = 0;

    if (call && call->phase == CALL_OFFERED) {
        code = call->account->conf->reject_code ? (int)call->account->conf->reject_code : REJECT_CODE;
    }
    if (call && c->cmd.type == SESSION_CMD_REJECT) {
        code = c->cmd.mode == SESSION_DISC_BUSY         ? PJSIP_SC_BUSY_HERE
               : c->cmd.mode == SESSION_DISC_BADADDRESS ? PJSIP_SC_NOT_FOUND
               : c->cmd.mode == SESSION_DISC_CONGESTION ? PJSIP_SC_SERVICE_UNAVAILABLE
                                                        : PJSIP_SC_TEMPORARILY_UNAVAILABLE;
        sip_callback_refused(call);
    }
    if (call) {
        if (call->side) {
            sip_uui_move(&call->side->uui, &call->side->uuic, c);
        }
        sip_focus_drop(call);
        sip_call_end(call, 0, code);
    } else {
        struct sip_leg *leg = sip_leg_get(ua->x, c->cmd.leg);

        if (leg) {
            sip_leg_over(ua->x, leg, 0);
        }
    }
    sip_drop_done(ua->x, c);
    sip_command_free(ua->x, c);
}

void sip_call_command(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call;

    switch (c->cmd.type) {
    case SESSION_CMD_LINE:
        sip_account_come(ua, c);
        break;
    case SESSION_CMD_PLACE:
        sip_place_new(ua, c);
        break;
    case SESSION_CMD_DIAL:
        sip_place_more(ua, c);
        break;
    case SESSION_CMD_ACCEPT:
        cmd_accept(ua, c);
        break;
    case SESSION_CMD_ANSWER:
        cmd_answer(ua, c);
        break;
    case SESSION_CMD_DROP:
    case SESSION_CMD_REJECT:
        cmd_drop(ua, c);
        break;
    case SESSION_CMD_TRANSFER:
    case SESSION_CMD_DEFLECT:
        sip_transfer(ua, c);
        break;
    case SESSION_CMD_PLAY:
        call = sip_call_of(ua->x, c->cmd.leg);
        if (call && c->play.kind == SESSION_PLAY_RECORD) {
            sip_record(call, c);
        } else if (call && !c->cmd.token) {
            sip_play(call, c);
        } else {
            sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        }
        break;
    case SESSION_CMD_STREAM:
        sip_stream(ua, c);
        break;
    case SESSION_CMD_HOLD:
    case SESSION_CMD_UNHOLD:
    case SESSION_CMD_SWAP:
    case SESSION_CMD_CONSULT:
    case SESSION_CMD_SETUPCONF:
    case SESSION_CMD_CONFERENCE:
    case SESSION_CMD_ADD:
    case SESSION_CMD_COLLAPSE:
        sip_control(ua, c);
        break;
    case SESSION_CMD_FORWARD:
        sip_forward(ua, c);
        break;
    case SESSION_CMD_COMPLETE:
        sip_complete(ua, c);
        break;
    case SESSION_CMD_UNCOMPLETE:
        sip_uncomplete(ua, c);
        break;
    case SESSION_CMD_PARK:
        sip_park(ua, c);
        break;
    case SESSION_CMD_PICKUP:
    case SESSION_CMD_UNPARK:
        sip_fetch(ua, c);
        break;
    case SESSION_CMD_INFORM:
        sip_done(ua->x, c, SESSION_E_UNAVAIL, 0, NULL);
        break;
    default: /* the front has answered it */
        sip_command_free(ua->x, c);
        break;
    }
}

/* ---- what the other end does ------------------------------------------------------------------------------------- */

static const pjsip_rx_data *rdata_of(const pjsip_event *e)
{
    if (e && e->type == PJSIP_EVENT_TSX_STATE && e->body.tsx_state.type == PJSIP_EVENT_RX_MSG) {
        return e->body.tsx_state.src.rdata;
    }
    return e && e->type == PJSIP_EVENT_RX_MSG ? e->body.rx_msg.rdata : NULL;
}

/* Somebody else took the call: RFC 3326, "Call completed elsewhere". */
static bool elsewhere(const pjsip_msg *msg)
{
    pj_str_t name = pj_str((char *)(uintptr_t) "Reason"), done = pj_str((char *)(uintptr_t) "cause=200");
    const pjsip_generic_string_hdr *h = pjsip_msg_find_hdr_by_name(msg, &name, NULL);

    return h && pj_stristr(&h->hvalue, &done);
}

static enum session_disconnect mode_of_end(const struct sip_call *call, const pjsip_inv_session *inv,
                                           const pjsip_event *e)
{
    const pjsip_rx_data *rdata = rdata_of(e);
    uint32_t q850 = rdata ? sip_reason_cause(rdata->msg_info.msg) : 0;

    if (call->phase == CALL_OFFERED) {
        return rdata && elsewhere(rdata->msg_info.msg) ? SESSION_DISC_PICKUP : SESSION_DISC_CANCELLED;
    }
    if (call->phase != CALL_UP) {
        if (e && e->type == PJSIP_EVENT_TSX_STATE && e->body.tsx_state.type == PJSIP_EVENT_TRANSPORT_ERROR) {
            return SESSION_DISC_UNREACHABLE;
        }
        if (call->ringing && !q850 && (inv->cause == 408 || inv->cause == 480)) {
            return SESSION_DISC_NOANSWER;
        }
    }
    return sip_cause_mode((uint32_t)inv->cause, q850);
}

static void ended(struct sip_side *side, pjsip_event *e)
{
    struct sip_call *call = side->call;

    if (side->sending) {
        side->dead = true;
        return;
    }
    if (!call) {
        sip_side_free(side);
    } else if (call->focus) {
        sip_focus_down(call, side);
    } else if (call->joining) {
        call->side = NULL; /* it goes on at the conference server */
        sip_side_free(side);
    } else if (side == call->next) {
        int code = side->inv->cause ? side->inv->cause : 500;

        call->next = NULL;
        side->call = NULL;
        sip_refer_progress(call, code);
        sip_side_free(side);
        if (!call->side) {
            sip_call_end(call, sip_cause_mode((uint32_t)code, 0), 0); /* who sent it there has left */
        }
    } else if (call->next) {
        /* who transfers it hangs up before it is through */
        call->side = NULL;
        sip_side_free(side);
    } else if (sip_place_failed(call, side, e)) {
        return;
    } else {
        const pjsip_rx_data *rdata = rdata_of(e);
        enum session_disconnect mode = mode_of_end(call, side->inv, e);

        if (rdata) {
            sip_uui_heard(call, rdata->msg_info.msg);
        }
        call->leg->quality.code = (uint32_t)side->inv->cause;
        call->leg->quality.cause = rdata ? sip_reason_cause(rdata->msg_info.msg) : 0;
        if (!sip_stays_busy(call, side, mode)) {
            sip_call_end(call, mode, 0);
        }
    }
}

static void provisional(struct sip_call *call, const pjsip_event *e)
{
    int code = e && e->type == PJSIP_EVENT_TSX_STATE && e->body.tsx_state.tsx ? e->body.tsx_state.tsx->status_code : 0;

    if (code > PJSIP_SC_TRYING) {
        sip_side_placed(call->side);
        sip_place_complete(call);
    }
    if (code == PJSIP_SC_RINGING && !call->ringing && !call->fetch) {
        call->ringing = true;
        if (!call->completion) {
            sip_progress(call, SESSION_RINGBACK, 0, NULL);
        }
    }
}

static void on_state(pjsip_inv_session *inv, pjsip_event *e)
{
    struct sip_side *side = inv->mod_data[sip_mod()];
    struct sip_call *call = side ? side->call : NULL;
    const pjsip_rx_data *rdata = rdata_of(e);

    if (inv->state == PJSIP_INV_STATE_DISCONNECTED && sip_the()) {
        sip_sane_ended(sip_the(), inv);
    }
    if (!side) {
        return;
    }
    if (side->star && inv->state >= PJSIP_INV_STATE_CONNECTING) {
        struct sip_star *star = side->star;

        if (inv->state == PJSIP_INV_STATE_DISCONNECTED) {
            side->star = NULL;
            ended(side, e);
            sip_star_ended(star);
        } else {
            side->up = true;
            sip_star_answered(star);
        }
        return;
    }
    if (inv->state == PJSIP_INV_STATE_DISCONNECTED) {
        ended(side, e);
        return;
    }
    if (!call) {
        /* an answer has crossed our CANCEL */
        if (inv->state == PJSIP_INV_STATE_CONFIRMED && inv->role == PJSIP_ROLE_UAC) {
            sip_side_close(side, 0);
        }
        return;
    }
    if (inv->role == PJSIP_ROLE_UAC && (inv->state == PJSIP_INV_STATE_CALLING || inv->state == PJSIP_INV_STATE_EARLY)) {
        if (side == call->next) {
            sip_refer_progress(call, inv->cause);
        } else if (!call->focus) {
            provisional(call, e);
            if (rdata && !call->uui_heard) {
                call->uui_heard = sip_uui_heard(call, rdata->msg_info.msg); /* it may be repeated */
            }
        }
        return;
    }
    if (inv->role == PJSIP_ROLE_UAC && inv->state == PJSIP_INV_STATE_CONNECTING && !side->up) {
        side->up = true;
        sip_side_placed(side);
        if (call->focus) {
            sip_focus_up(call, rdata);
        } else if (side != call->next) {
            struct session_party *connected =
                rdata ? sip_party_of_msg(call->x, call->account, (pjsip_rx_data *)(uintptr_t)rdata) : NULL;

            sip_place_complete(call);
            if (rdata) {
                sip_uui_heard(call, rdata->msg_info.msg);
            }
            if (!sip_fetched(call, connected)) {
                sip_call_up(call, connected);
            }
        }
        return;
    }
    if (inv->state == PJSIP_INV_STATE_CONFIRMED && call->focus) {
        sip_focus_confirmed(call);
        return;
    }
    if (inv->state == PJSIP_INV_STATE_CONFIRMED && side == call->next) {
        struct sip_side *old = call->side;

        call->next = NULL;
        sip_refer_progress(call, 200);
        sip_side_replace(call, side);
        if (old) {
            sip_side_close(old, 0);
        }
    }
}

static void on_forked(pjsip_inv_session *inv, pjsip_event *e)
{
    (void)inv;
    (void)e;
}

static void on_media(pjsip_inv_session *inv, pj_status_t status)
{
    struct sip_side *side = inv->mod_data[sip_mod()];

    if (!side) {
        return;
    }
    if (status == PJ_SUCCESS) {
        sip_media_update(side);
    } else if (inv->state < PJSIP_INV_STATE_CONFIRMED && inv->role == PJSIP_ROLE_UAC && side->call &&
               side == side->call->side && !side->sending && inv->state >= PJSIP_INV_STATE_CONNECTING) {
        sip_call_end(side->call, SESSION_DISC_INCOMPATIBLE, PJSIP_SC_NOT_ACCEPTABLE_HERE);
    }
}

static void on_offer(pjsip_inv_session *inv, struct pjsip_inv_on_rx_offer_cb_param *p)
{
    struct sip_side *side = inv->mod_data[sip_mod()];
    pjmedia_sdp_session *sdp;

    if (!side || !side->call || !side->up) {
        return; /* the offer of an INVITE is answered with the call */
    }
    sdp = sip_media_sdp(side, inv->pool, p->offer, side->call->side == side && side->call->held);
    if (sdp) {
        (void)pjsip_inv_set_sdp_answer(inv, sdp);
    }
}

static void on_make_offer(pjsip_inv_session *inv, pjmedia_sdp_session **sdp)
{
    struct sip_side *side = inv->mod_data[sip_mod()];

    if (side && side->call) {
        pjmedia_sdp_session *own = sip_media_sdp(side, inv->pool, NULL, side->call->side == side && side->call->held);

        if (own) {
            *sdp = own;
        }
    }
}

static void on_tsx(pjsip_inv_session *inv, pjsip_transaction *tsx, pjsip_event *e)
{
    struct sip_side *side = inv->mod_data[sip_mod()];
    struct sip_call *call = side ? side->call : NULL;

    if (!call) {
        return;
    }
    if (tsx->role == PJSIP_ROLE_UAS && tsx->state == PJSIP_TSX_STATE_TRYING &&
        e->body.tsx_state.type == PJSIP_EVENT_RX_MSG) {
        if (!pj_stricmp2(&tsx->method.name, "REFER")) {
            sip_refer_received(side, e->body.tsx_state.src.rdata);
        } else if (!pj_stricmp2(&tsx->method.name, "INFO")) {
            sip_info_received(side, e->body.tsx_state.src.rdata);
        }
        return;
    }
    if (tsx->role == PJSIP_ROLE_UAC && tsx->method.id == PJSIP_INVITE_METHOD && call->job_is_invite &&
        side == call->side && inv->state == PJSIP_INV_STATE_CONFIRMED &&
        (tsx->state == PJSIP_TSX_STATE_COMPLETED || tsx->state == PJSIP_TSX_STATE_TERMINATED) &&
        !((tsx->status_code == 401 || tsx->status_code == 407) && tsx->last_tx && tsx->last_tx->auth_retry)) {
        sip_control_answered(call, tsx->status_code);
    }
}

static pjsip_redirect_op on_redirected(pjsip_inv_session *inv, const pjsip_uri *target, const pjsip_event *e)
{
    struct sip_side *side = inv->mod_data[sip_mod()];
    struct sip_event *ev;

    (void)e;
    if (!side || !side->call || ++side->redirects > REDIRECTS_MAX) {
        return PJSIP_REDIRECT_STOP;
    }
    ev = sip_event_new(side->x, SESSION_IND_PARTY, side->call->leg);
    if (ev) {
        ev->partyv[SIP_REDIRECTION] = sip_party_of_uri(side->x, side->account, target);
        ev->partyv[SIP_REDIRECTING] = sip_party_of_uri(side->x, side->account, inv->dlg->remote.info->uri);
        sip_say(side->x, ev);
    }
    return PJSIP_REDIRECT_ACCEPT_REPLACE;
}

void sip_inv_callbacks(pjsip_inv_callback *cb)
{
    pj_bzero(cb, sizeof(*cb));
    cb->on_state_changed = on_state;
    cb->on_new_session = on_forked;
    cb->on_tsx_state_changed = on_tsx;
    cb->on_rx_offer2 = on_offer;
    cb->on_create_offer = on_make_offer;
    cb->on_media_update = on_media;
    cb->on_redirected = on_redirected;
}
