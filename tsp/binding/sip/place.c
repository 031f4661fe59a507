/* Calls placed: what is dialled becomes an INVITE. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <stdio.h>
#include <string.h>

enum { TRIES_MAX = 8 };

static void add_header(pjsip_tx_data *tdata, const char *name, const pj_str_t *value)
{
    pj_str_t n = sip_str(tdata->pool, name);

    pjsip_msg_add_hdr(tdata->msg, (pjsip_hdr *)pjsip_generic_string_hdr_create(tdata->pool, &n, value));
}

/* Who calls: the account, or the address of it that does. */
static pj_str_t from_of(pj_pool_t *pool, const struct sip_call *call)
{
    const struct sip_account_conf *c = call->account->conf;
    char text[SIP_URI_MAX];

    if (call->address >= c->addressc || !strcmp(c->addressv[call->address], c->user)) {
        return call->account->id;
    }
    (void)snprintf(text, sizeof(text), "<sip:%s@%s>", c->addressv[call->address], c->domain);
    return sip_str(pool, text);
}

static pj_status_t make_inv(struct sip_call *call, struct sip_side *side, const pj_str_t *target)
{
    struct sip_account *acc = call->account;
    pj_str_t from, remote = *target;
    pj_str_t nobody = pj_str((char *)(uintptr_t) "\"Anonymous\" <sip:anonymous@anonymous.invalid>");
    pjmedia_sdp_session *sdp;
    pjsip_timer_setting timer;
    pjsip_dialog *dlg = NULL;
    pj_pool_t *pool = pjsip_endpt_create_pool(call->x->ua->endpt, "from", 1000, 1000);
    pj_ssize_t header = 0;
    pj_status_t status;

    if (!pool) {
        return PJ_ENOMEM;
    }
    /* headers of a Refer-To belong to the request, not to To */
    while (header < remote.slen && remote.ptr[header] != '?') {
        header++;
    }
    remote.slen = header;
    if (header < target->slen && memchr(target->ptr, '<', (size_t)header)) {
        char text[SIP_URI_MAX];

        (void)snprintf(text, sizeof(text), "%.*s>", (int)header, target->ptr);
        remote = sip_str(pool, text);
    }
    from = call->block_id ? nobody : from_of(pool, call);
    status = pjsip_dlg_create_uac(pjsip_ua_instance(), &from, &acc->contact, &remote, target, &dlg);
    pjsip_endpt_release_pool(call->x->ua->endpt, pool);
    if (status != PJ_SUCCESS) {
        return status;
    }
    pjsip_dlg_inc_lock(dlg);
    if (acc->credc) {
        pjsip_auth_clt_set_credentials(&dlg->auth_sess, (int)acc->credc, &acc->cred);
    }
    if (!pj_list_empty(&acc->routes)) {
        pjsip_dlg_set_route_set(dlg, &acc->routes);
    }
    sdp = sip_media_sdp(side, dlg->pool, NULL, false);
    status = sdp ? pjsip_inv_create_uac(dlg, sdp, PJSIP_INV_SUPPORT_100REL | PJSIP_INV_SUPPORT_TIMER, &side->inv)
                 : PJ_ETOOMANY;
    if (status != PJ_SUCCESS) {
        side->inv = NULL;
        pjsip_dlg_terminate(dlg);
    } else {
        side->inv->mod_data[sip_mod()] = side;
        sip_sane_dialog(dlg);
        pjsip_timer_setting_default(&timer);
        if (call->x->ua->min_se) {
            timer.sess_expires = call->x->ua->min_se;
        }
        status = pjsip_timer_init_session(side->inv, &timer);
    }
    pjsip_dlg_dec_lock(dlg);
    return status;
}

struct sip_side *sip_invite(struct sip_call *call, const pj_str_t *target, const pjsip_hdr *hdrs)
{
    struct sip_side *side = sip_side_new(call->x->ua, call, call->account);
    pjsip_inv_session *inv = NULL; /* ours: it may have ended when it has been sent */
    pjsip_tx_data *tdata = NULL;
    pj_status_t status;

    if (!side) {
        return NULL;
    }
    if (!call->account->contact.slen) {
        sip_side_free(side);
        return NULL;
    }
    status = make_inv(call, side, target);
    if (side->inv && pjsip_inv_add_ref(side->inv) == PJ_SUCCESS) {
        inv = side->inv;
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_inv_invite(side->inv, &tdata);
    }
    if (status == PJ_SUCCESS) {
        if (call->block_id) {
            pj_str_t id = pj_str((char *)(uintptr_t) "id");

            add_header(tdata, "Privacy", &id);
            add_header(tdata, "P-Preferred-Identity", &call->account->id);
        }
        for (const pjsip_hdr *h = hdrs ? hdrs->next : NULL; h && h != hdrs; h = h->next) {
            pjsip_msg_add_hdr(tdata->msg, pjsip_hdr_clone(tdata->pool, h));
        }
        if (!hdrs) {
            sip_uui_put(tdata, call->uui, call->uuic);
        }
        pjsip_tx_data_add_ref(tdata);
        side->placed = tdata;
        side->sending = true;
        status = pjsip_inv_send_msg(side->inv, tdata);
        side->sending = false;
    }
    if (status == PJ_SUCCESS && !side->dead) {
        if (!side->call) {
            sip_side_close(side, 0);
            side = NULL;
        }
    } else {
        char buf[PJ_ERR_MSG_SIZE];

        platform_log(PLATFORM_LOG_INFO, "sip: a call cannot be placed: %s", sip_error_text(status, buf, sizeof(buf)));
        sip_side_free(side);
        if (inv && inv->state != PJSIP_INV_STATE_DISCONNECTED) {
            pjsip_inv_terminate(inv, PJSIP_SC_SERVICE_UNAVAILABLE, PJ_FALSE);
        }
        side = NULL;
    }
    if (inv) {
        pjsip_inv_dec_ref(inv);
    }
    return side;
}

void sip_side_placed(struct sip_side *side)
{
    if (side->placed) {
        pjsip_tx_data_dec_ref(side->placed);
        side->placed = NULL;
    }
}

void sip_place_again(struct sip_call *call)
{
    struct sip_ua *ua = call->x->ua;
    pj_pool_t *pool = pjsip_endpt_create_pool(ua->endpt, "dial", 1000, 1000);
    pj_str_t target = {NULL, 0};

    if (pool) {
        target = sip_uri_of_dial(pool, call->account, call->number, call->is_uri);
    }
    if (!target.slen) {
        sip_call_end(call, pool ? SESSION_DISC_BADADDRESS : SESSION_DISC_TEMPFAILURE, 0);
    } else {
        uint32_t id = call->leg->id;
        struct sip_side *side = sip_invite(call, &target, NULL);

        call = sip_call_of(ua->x, id);
        if (call && side) {
            call->side = side;
        } else if (call) {
            sip_call_end(call, SESSION_DISC_TEMPFAILURE, 0);
        }
    }
    if (pool) {
        pjsip_endpt_release_pool(ua->endpt, pool);
    }
}

void sip_place_complete(struct sip_call *call)
{
    if (call->phase == CALL_DIALING) {
        call->phase = CALL_CALLING;
        sip_progress(call, SESSION_PROCEEDING, 0, NULL);
    }
}

bool sip_place_failed(struct sip_call *call, struct sip_side *side, const pjsip_event *e)
{
    const pjsip_transaction *tsx = e && e->type == PJSIP_EVENT_TSX_STATE ? e->body.tsx_state.tsx : NULL;
    bool answered = tsx && e->body.tsx_state.type == PJSIP_EVENT_RX_MSG;
    int code = side->inv->cause;

    if (side->inv->role != PJSIP_ROLE_UAC || side->up || call->fetch) {
        return false;
    }
    if (code == 484 && call->phase == CALL_DIALING) {
        /* there is more to come */
        call->side = NULL;
        sip_side_free(side);
        return true;
    }
    /* RFC 3263, 4.3: another server of the same name may be better */
    if ((call->phase != CALL_CALLING && call->phase != CALL_DIALING) || call->ringing || side->redirects ||
        !side->placed || !(code == 503 || (code == 408 && !answered)) || ++call->tries > TRIES_MAX ||
        !sip_net_failed(call->x->ua, side->placed, 0)) {
        return false;
    }
    call->side = NULL;
    sip_side_free(side);
    sip_place_again(call);
    return true;
}

/* Some more of what is dialled. */
static void dial(struct sip_call *call, const char *number, bool more, bool uri)
{
    size_t len = strlen(number);
    struct sip_side *old = call->side;

    if (!len && !call->numberc && !more) {
        if (call->phase != CALL_DIALTONE || !call->told) {
            call->phase = CALL_DIALTONE;
            sip_progress(call, SESSION_DIALTONE, SESSION_DIALTONE_NORMAL, NULL);
        }
        return;
    }
    if (call->numberc + len >= sizeof(call->number)) {
        sip_call_end(call, SESSION_DISC_BADADDRESS, 0);
        return;
    }
    if (!call->numberc) {
        sip_progress(call, SESSION_DIALING, 0, NULL);
    }
    call->phase = CALL_DIALING;
    memcpy(call->number + call->numberc, number, len + 1);
    call->numberc += len;
    call->is_uri = uri;
    if (!more) {
        sip_place_complete(call);
        if (!len && old) {
            return; /* what was dialled before is all */
        }
    } else if (!call->account->conf->overlap || !len) {
        return;
    }
    if (old) {
        /* with overlap: the number has grown, and who was asked with less of it is asked no more */
        call->side = NULL;
        sip_side_close(old, 0);
    }
    sip_place_again(call);
}

void sip_place(struct sip_ua *ua, struct sip_call *call, const struct sip_command *c)
{
    (void)ua;
    call->address = c->cmd.address;
    call->block_id = c->cmd.block_id;
    dial(call, c->dial.number, c->dial.more, c->dial.uri);
}

void sip_place_new(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_leg *leg = sip_leg_get(ua->x, c->cmd.leg);
    struct sip_account *acc = sip_account_of_line(ua, c->cmd.line);
    struct sip_call *call = leg && acc ? sip_call_new(ua, leg, acc) : NULL;
    struct session_dial number = c->dial;
    struct sip_command copy;

    copy.cmd = c->cmd;
    if (call) {
        sip_uui_move(&call->uui, &call->uuic, c);
    }
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
    if (call) {
        call->address = copy.cmd.address;
        call->block_id = copy.cmd.block_id;
        dial(call, number.number, number.more, number.uri);
    } else if (leg) {
        sip_leg_over(ua->x, leg, SESSION_DISC_TEMPFAILURE);
    }
}

void sip_place_more(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);
    struct session_dial number = c->dial;

    if (!call || (call->phase != CALL_DIALTONE && call->phase != CALL_DIALING) || (number.uri && call->numberc)) {
        sip_done(ua->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
    call->told = true;
    dial(call, number.number, number.more, number.uri);
}

/* RFC 3261, 13.2.2.4: the first who takes the call has it; whoever takes it as well is thanked, and released. */
pjsip_dialog *sip_forked(pjsip_dialog *first, pjsip_rx_data *rdata)
{
    pjsip_dialog *other = NULL;
    pjsip_tx_data *tdata = NULL;
    bool late = first->uac_has_2xx && rdata->msg_info.cseq->method.id == PJSIP_INVITE_METHOD &&
                rdata->msg_info.msg->line.status.code / 100 == 2 && !pjsip_rdata_get_tsx(rdata);

    if (!late) {
        return first;
    }
    if (pjsip_dlg_fork(first, rdata, &other) != PJ_SUCCESS) {
        return NULL;
    }
    pjsip_dlg_inc_lock(other);
    if (pjsip_dlg_create_request(other, &pjsip_ack_method, rdata->msg_info.cseq->cseq, &tdata) == PJ_SUCCESS) {
        (void)pjsip_dlg_send_request(other, tdata, -1, NULL);
    }
    if (pjsip_dlg_create_request(other, &pjsip_bye_method, -1, &tdata) != PJ_SUCCESS ||
        pjsip_dlg_send_request(other, tdata, -1, NULL) != PJ_SUCCESS) {
        pjsip_dlg_dec_lock(other);
        return NULL;
    }
    pjsip_dlg_dec_lock(other);
    return other;
}
