/* Calls that come in. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

enum { RETRY_AFTER_S = 10 };

static void respond(struct sip_ua *ua, pjsip_rx_data *rdata, int code)
{
    pjsip_hdr list;

    pj_list_init(&list);
    if (code == PJSIP_SC_SERVICE_UNAVAILABLE) {
        pj_list_push_back(&list, pjsip_retry_after_hdr_create(rdata->tp_info.pool, RETRY_AFTER_S));
    }
    (void)pjsip_endpt_respond(ua->endpt, NULL, rdata, code, NULL, &list, NULL, NULL);
}

/* The dialog of an INVITE. NULL: it was answered. */
static struct sip_side *accept_dialog(struct sip_ua *ua, struct sip_account *acc, pjsip_rx_data *rdata)
{
    unsigned options = PJSIP_INV_SUPPORT_100REL | PJSIP_INV_SUPPORT_TIMER;
    pjsip_timer_setting timer;
    pjsip_tx_data *tdata = NULL;
    pjsip_dialog *dlg = NULL;
    struct sip_side *side;
    pj_status_t status;

    if (pjsip_inv_verify_request(rdata, &options, NULL, NULL, ua->endpt, &tdata) != PJ_SUCCESS) {
        if (tdata) {
            pjsip_response_addr addr;

            pjsip_get_response_addr(tdata->pool, rdata, &addr);
            (void)pjsip_endpt_send_response(ua->endpt, &addr, tdata, NULL, NULL);
        } else {
            respond(ua, rdata, PJSIP_SC_BAD_REQUEST);
        }
        return NULL;
    }
    side = sip_side_new(ua, NULL, acc);
    if (!side) {
        respond(ua, rdata, PJSIP_SC_SERVICE_UNAVAILABLE);
        return NULL;
    }
    side->incoming = true;
    side->alerted = sip_is_distinctive(rdata->msg_info.msg);
    status = pjsip_dlg_create_uas_and_inc_lock(pjsip_ua_instance(), rdata, &acc->contact, &dlg);
    if (status != PJ_SUCCESS) {
        respond(ua, rdata, PJSIP_SC_INTERNAL_SERVER_ERROR);
        sip_side_free(side);
        return NULL;
    }
    if (acc->credc) {
        pjsip_auth_clt_set_credentials(&dlg->auth_sess, (int)acc->credc, &acc->cred);
    }
    status = pjsip_inv_create_uas(dlg, rdata, NULL, options, &side->inv);
    if (status != PJ_SUCCESS) {
        side->inv = NULL;
        (void)pjsip_dlg_respond(dlg, rdata, PJSIP_SC_INTERNAL_SERVER_ERROR, NULL, NULL, NULL);
        pjsip_dlg_dec_lock(dlg);
        sip_side_free(side);
        return NULL;
    }
    side->inv->mod_data[sip_mod()] = side;
    sip_sane_dialog(dlg);
    pjsip_timer_setting_default(&timer);
    status = pjsip_timer_init_session(side->inv, &timer);
    if (status == PJ_SUCCESS) {
        status = pjsip_inv_initial_answer(side->inv, rdata, PJSIP_SC_TRYING, NULL, NULL, &tdata);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_inv_send_msg(side->inv, tdata);
        tdata = NULL;
    }
    if (status != PJ_SUCCESS) {
        pjsip_inv_session *inv = side->inv;

        sip_side_free(side);
        side = NULL;
        /* PJSIP may have made an answer that says what is wrong: 422 */
        if (!tdata || pjsip_inv_send_msg(inv, tdata) != PJ_SUCCESS) {
            pjsip_inv_terminate(inv, PJSIP_SC_INTERNAL_SERVER_ERROR, PJ_FALSE);
        }
    }
    pjsip_dlg_dec_lock(dlg);
    return side;
}

static void offer(struct sip_ua *ua, struct sip_account *acc, uint32_t address, struct sip_side *side,
                  pjsip_rx_data *rdata)
{
    const char *number = acc->conf->addressv[address];
    struct sip_leg *leg = sip_leg_make(ua->x, acc->conf->line);
    struct sip_call *call = leg ? sip_call_new(ua, leg, acc) : NULL;
    struct sip_event *ev = call ? sip_event_new(ua->x, SESSION_IND_INCOMING, leg) : NULL;

    if (!ev) {
        if (call) {
            sip_call_end(call, SESSION_DISC_TEMPFAILURE, 0);
        } else if (leg) {
            sip_leg_over(ua->x, leg, SESSION_DISC_TEMPFAILURE);
        }
        sip_side_close(side, PJSIP_SC_SERVICE_UNAVAILABLE);
        return;
    }
    call->phase = CALL_OFFERED;
    call->address = address;
    call->side = side;
    side->call = call;
    ev->address = address;
    ev->origin = SESSION_ORIGIN_EXTERNAL;
    ev->media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    ev->partyv[SIP_CALLER] = sip_party_of_msg(ua->x, acc, rdata);
    ev->partyv[SIP_CALLED] =
        sip_party(ua->x, number, strlen(number), acc->conf->name, acc->conf->name ? strlen(acc->conf->name) : 0);
    sip_uui_of_msg(ua->x, rdata->msg_info.msg, 0, ev);
    sip_diversion(ua->x, acc, rdata, ev);
    sip_say(ua->x, ev);
    sip_call_ring(NULL, &call->ring);
}

static bool is_secured(pjsip_dialog *dlg)
{
    const pjsip_inv_session *inv = pjsip_dlg_get_inv_session(dlg);
    const struct sip_side *side = inv ? inv->mod_data[sip_mod()] : NULL;

    return side && side->call && sip_leg_secured(side->x, side->call->leg);
}

pj_bool_t sip_call_incoming(struct sip_ua *ua, pjsip_rx_data *rdata)
{
    const pjsip_uri *uri = pjsip_uri_get_uri(rdata->msg_info.msg->line.req.uri);
    pj_str_t user = {NULL, 0}, host = {NULL, 0};
    pjsip_dialog *replaced = NULL;
    pjsip_tx_data *response = NULL;
    struct sip_account *acc = NULL;
    struct sip_side *side;
    uint32_t address = 0;

    if (PJSIP_URI_SCHEME_IS_SIP(uri) || PJSIP_URI_SCHEME_IS_SIPS(uri)) {
        user = ((const pjsip_sip_uri *)uri)->user;
        host = ((const pjsip_sip_uri *)uri)->host;
    } else if (PJSIP_URI_SCHEME_IS_TEL(uri)) {
        user = ((const pjsip_tel_uri *)uri)->number;
    } else {
        respond(ua, rdata, PJSIP_SC_UNSUPPORTED_URI_SCHEME);
        return PJ_TRUE;
    }
    acc = sip_account_called(ua, &user, &host, &address);
    if (!acc) {
        respond(ua, rdata, PJSIP_SC_NOT_FOUND);
        return PJ_TRUE;
    }
    if (pjsip_replaces_verify_request(rdata, &replaced, PJ_FALSE, &response) != PJ_SUCCESS) {
        if (response) {
            pjsip_response_addr addr;

            pjsip_get_response_addr(response->pool, rdata, &addr);
            (void)pjsip_endpt_send_response(ua->endpt, &addr, response, NULL, NULL);
        } else {
            respond(ua, rdata, PJSIP_SC_BAD_REQUEST);
        }
        return PJ_TRUE;
    }
    if (!replaced && !sip_attended(ua->x, acc->conf->line)) {
        respond(ua, rdata, PJSIP_SC_TEMPORARILY_UNAVAILABLE);
        return PJ_TRUE;
    }
    if (replaced ? is_secured(replaced) : sip_secured(ua->x, acc->conf->line)) {
        respond(ua, rdata, PJSIP_SC_BUSY_HERE); /* no call waiting, and nobody takes the place of its other end */
        return PJ_TRUE;
    }
    if (ua->leaving || (ua->max_calls && ua->callc >= ua->max_calls && !replaced)) {
        respond(ua, rdata, PJSIP_SC_SERVICE_UNAVAILABLE);
        return PJ_TRUE;
    }
    if (!replaced && acc->conf->max_sessions && acc->calls >= acc->conf->max_sessions) {
        respond(ua, rdata, PJSIP_SC_BUSY_HERE);
        return PJ_TRUE;
    }
    side = accept_dialog(ua, acc, rdata);
    if (!side) {
        return PJ_TRUE;
    }
    if (replaced) {
        pjsip_inv_session *old = pjsip_dlg_get_inv_session(replaced);
        struct sip_side *old_side = old ? old->mod_data[sip_mod()] : NULL;
        struct sip_call *call = old_side ? old_side->call : NULL;
        bool calling = call && call->phase == CALL_CALLING && !call->fetch; /* somebody picks up what we call */

        if (!call || call->side != old_side || (call->phase != CALL_UP && !calling)) {
            sip_side_close(side, PJSIP_SC_CALL_TSX_DOES_NOT_EXIST);
        } else if (!sip_take_call(side, NULL)) {
            sip_side_close(side, PJSIP_SC_NOT_ACCEPTABLE_HERE);
        } else {
            sip_side_replace(call, side);
            if (calling) {
                sip_call_up(call, sip_party_of_msg(ua->x, acc, rdata));
            }
            sip_side_close(old_side, 0);
        }
        return PJ_TRUE;
    }
    offer(ua, acc, address, side, rdata);
    return PJ_TRUE;
}
