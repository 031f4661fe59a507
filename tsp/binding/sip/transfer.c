/* Calls that go elsewhere: redirected, transferred, as any of the three who take part. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <stdio.h>
#include <string.h>

/* How long a transfer that was accepted may still turn out to be in vain. */
enum { TRANSFER_MS = 10000 };

/* ---- as who transfers -------------------------------------------------------------------------------------------- */

/* Nothing more is heard of a transfer, however long the other end would go on telling. */
static void unsubscribe(pjsip_evsub **subp)
{
    pjsip_evsub *sub = *subp;

    *subp = NULL;
    if (sub) {
        pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
        (void)pjsip_evsub_terminate(sub, PJ_FALSE);
    }
}

/* The request is over: with success both calls are. */
static void refer_over(struct sip_call *call, bool ok)
{
    struct sip_command *c = call->refer_job;
    struct sip *x = call->x;
    uint32_t leg2;

    call->refer_job = NULL;
    sip_unschedule(x->ua, &call->refer_late);
    unsubscribe(&call->refer_rest);
    if (!ok && !call->focus && call->refer && pjsip_evsub_get_state(call->refer) != PJSIP_EVSUB_STATE_TERMINATED) {
        /* there is a last word to come, and to refuse it may end the call that goes on */
        call->refer_rest = call->refer;
        call->refer = NULL;
    }
    unsubscribe(&call->refer);
    if (call->focus) {
        sip_focus_referred(call, ok);
        return;
    }
    if (!c) {
        return;
    }
    leg2 = c->cmd.type == SESSION_CMD_TRANSFER ? c->cmd.leg2 : 0;
    if (ok) {
        struct sip_call *other;

        sip_call_end(call, 0, 0);
        other = leg2 ? sip_call_of(x, leg2) : NULL;
        if (other) {
            sip_call_end(other, 0, 0);
        }
    }
    sip_done(x, c, ok ? SESSION_E_OK : SESSION_E_FAILED, 0, NULL);
}

/* Who is sent elsewhere has agreed to that, and it rings there: nobody waits for how that ends, and we are out of it,
 * as a telephone that transfers blindly is. What is refused is so by now. */
void sip_transfer_late(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_call *call = entry->user_data;
    pjsip_evsub_state state = call->refer ? pjsip_evsub_get_state(call->refer) : PJSIP_EVSUB_STATE_NULL;

    (void)heap;
    entry->id = 0;
    if (!call->refer_job) {
        return;
    }
    if (state == PJSIP_EVSUB_STATE_NULL || state == PJSIP_EVSUB_STATE_SENT) {
        sip_schedule(call->x->ua, entry, TRANSFER_MS); /* it has not even been answered */
    } else {
        refer_over(call, true);
    }
}

int sip_fragment_code(const pjsip_msg_body *body)
{
    const char *text = body ? body->data : NULL;

    if (!text || body->len < 11 || pj_strnicmp2(&(pj_str_t){(char *)(uintptr_t)text, 8}, "SIP/2.0 ", 8)) {
        return 0;
    }
    for (int i = 8; i < 11; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return 0;
        }
    }
    return (text[8] - '0') * 100 + (text[9] - '0') * 10 + text[10] - '0';
}

static void on_refer_state(pjsip_evsub *sub, pjsip_event *event)
{
    struct sip_call *call = pjsip_evsub_get_mod_data(sub, sip_mod());
    pjsip_evsub_state state = pjsip_evsub_get_state(sub);
    const pjsip_transaction *tsx;
    int code = 0;

    if (call && call->refer_rest == sub && state == PJSIP_EVSUB_STATE_TERMINATED) {
        unsubscribe(&call->refer_rest);
        return;
    }
    if (!call || call->refer != sub) {
        return;
    }
    tsx = event && event->type == PJSIP_EVENT_TSX_STATE ? event->body.tsx_state.tsx : NULL;
    if (state == PJSIP_EVSUB_STATE_ACCEPTED) {
        pj_str_t name = pj_str((char *)(uintptr_t) "Refer-Sub");
        const pjsip_generic_string_hdr *h =
            tsx && event->body.tsx_state.type == PJSIP_EVENT_RX_MSG
                ? pjsip_msg_find_hdr_by_name(event->body.tsx_state.src.rdata->msg_info.msg, &name, NULL)
                : NULL;

        call->refer_code = 100;
        if (h && !pj_strnicmp2(&h->hvalue, "false", 5)) {
            refer_over(call, true); /* nothing more will be heard of it */
        }
        return;
    }
    if (tsx && tsx->role == PJSIP_ROLE_UAS && event->body.tsx_state.type == PJSIP_EVENT_RX_MSG) {
        code = sip_fragment_code(event->body.tsx_state.src.rdata->msg_info.msg->body);
    } else if (tsx && tsx->role == PJSIP_ROLE_UAC && state == PJSIP_EVSUB_STATE_TERMINATED && tsx->status_code >= 300) {
        code = tsx->status_code; /* of the REFER itself */
    }
    if (code) {
        call->refer_code = code;
    }
    if (call->refer_code >= 200) {
        refer_over(call, call->refer_code < 300);
    } else if (state == PJSIP_EVSUB_STATE_TERMINATED) {
        refer_over(call, call->refer_code >= 100); /* it was accepted, and the other end says no more */
    }
}

static void on_refer_notify(pjsip_evsub *sub, pjsip_rx_data *rdata, int *code, pj_str_t **text, pjsip_hdr *headers,
                            pjsip_msg_body **body)
{
    struct sip_call *call = pjsip_evsub_get_mod_data(sub, sip_mod());
    int status = sip_fragment_code(rdata->msg_info.msg->body);

    (void)code;
    (void)text;
    (void)headers;
    (void)body;
    /* acted upon in on_refer_state, when the answer to it is under way */
    if (call && call->refer == sub && status > call->refer_code) {
        call->refer_code = status;
    }
}

/* A report that is due to end is not asked for once more: PJSIP would do so by a second REFER. Nor does one go on that
 * nobody asks for. */
static void on_refer_expired(pjsip_evsub *sub)
{
    pjsip_evsub_terminate(sub, PJ_TRUE);
}

bool sip_refer_send(struct sip_call *call, const pj_str_t *target)
{
    static pjsip_evsub_user cb;
    pjsip_dialog *dlg = call->side->inv->dlg;
    pj_str_t name = pj_str((char *)(uintptr_t) "Referred-By"), value;
    pjsip_tx_data *tdata = NULL;
    pj_pool_t *pool = dlg->pool;
    pjsip_evsub *sub = NULL;
    char text[SIP_URI_MAX];

    cb.on_evsub_state = on_refer_state;
    cb.on_rx_notify = on_refer_notify;
    cb.on_client_refresh = on_refer_expired;
    unsubscribe(&call->refer_rest); /* PJSIP takes what is said of the next one for it */
    if (pjsip_xfer_create_uac(dlg, &cb, &sub) != PJ_SUCCESS) {
        return false;
    }
    pjsip_evsub_set_mod_data(sub, sip_mod(), call);
    call->refer = sub;
    call->refer_code = 0;
    (void)snprintf(text, sizeof(text), "<sip:%s@%s>", call->account->conf->user, call->account->conf->domain);
    value = sip_str(pool, text);
    if (pjsip_xfer_initiate(sub, target, &tdata) != PJ_SUCCESS) {
        goto failed;
    }
    pjsip_msg_add_hdr(tdata->msg, (pjsip_hdr *)pjsip_generic_string_hdr_create(tdata->pool, &name, &value));
    if (pjsip_xfer_send_request(sub, tdata) == PJ_SUCCESS) {
        return true;
    }
failed:
    pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
    call->refer = NULL;
    pjsip_evsub_terminate(sub, PJ_FALSE);
    return false;
}

bool sip_replaces_of(const struct sip_call *call, char *out, size_t size)
{
    const pjsip_dialog *dlg = call->side->inv->dlg;
    char uri[SIP_URI_MAX], id[SIP_URI_MAX];
    int len = pjsip_uri_print(PJSIP_URI_IN_REQ_URI, pjsip_uri_get_uri(dlg->target), uri, sizeof(uri) - 1);
    pj_ssize_t id_len =
        pj_strncpy2_escape(id, &dlg->call_id->id, sizeof(id) - 1, &pjsip_parser_const()->pjsip_HDR_CHAR_SPEC);

    if (len <= 0 || id_len <= 0) {
        return false;
    }
    return snprintf(out, size, "<%.*s?Replaces=%.*s%%3Bto-tag%%3D%.*s%%3Bfrom-tag%%3D%.*s>", len, uri, (int)id_len, id,
                    (int)dlg->remote.info->tag.slen, dlg->remote.info->tag.ptr, (int)dlg->local.info->tag.slen,
                    dlg->local.info->tag.ptr) < (int)size;
}

static void redirect(struct sip_ua *ua, struct sip_call *call, struct sip_command *c, const pj_str_t *target)
{
    pjsip_inv_session *inv = call->side->inv;
    pj_str_t name = pj_str((char *)(uintptr_t) "Contact"), value;
    pjsip_tx_data *tdata = NULL;
    char text[SIP_URI_MAX + 2];

    if (pjsip_inv_end_session(inv, PJSIP_SC_MOVED_TEMPORARILY, NULL, &tdata) != PJ_SUCCESS || !tdata) {
        sip_done(ua->x, c, SESSION_E_FAILED, 0, NULL);
        return;
    }
    (void)snprintf(text, sizeof(text), "<%.*s>", (int)target->slen, target->ptr);
    value = sip_str(tdata->pool, text);
    (void)pjsip_msg_find_remove_hdr(tdata->msg, PJSIP_H_CONTACT, NULL);
    pjsip_msg_add_hdr(tdata->msg, (pjsip_hdr *)pjsip_generic_string_hdr_create(tdata->pool, &name, &value));
    call->side->call = NULL;
    call->side = NULL;
    sip_call_end(call, 0, 0);
    (void)pjsip_inv_send_msg(inv, tdata);
    sip_done(ua->x, c, SESSION_E_OK, 0, NULL);
}

void sip_transfer(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg), *other = sip_call_of(ua->x, c->cmd.leg2);
    pj_pool_t *pool = pjsip_endpt_create_pool(ua->endpt, "refer", 2000, 2000);
    enum session_err err = SESSION_E_BADSTATE;
    pj_str_t target = {NULL, 0};
    char text[2 * SIP_URI_MAX];
    bool replaces = false;

    if (!pool) {
        sip_done(ua->x, c, SESSION_E_NOMEM, 0, NULL);
        return;
    }
    /* PJSIP takes two REFER of one dialog, one from each end, for the same */
    if (!call || !call->side || call->bridge || call->refer_job || call->refer || call->notify) {
        goto out;
    }
    if (c->cmd.type == SESSION_CMD_DEFLECT) {
        target = sip_uri_of_dial(pool, call->account, c->dial.number, c->dial.uri);
        err = SESSION_E_BADADDRESS;
    } else if (other && other->side && other->phase == CALL_UP && other != call) {
        if (sip_replaces_of(other, text, sizeof(text))) {
            target = sip_str(pool, text);
            replaces = true; /* our call has to be there until it is replaced */
        }
    } else if (other && other->side && other->phase == CALL_CALLING) {
        /* it rings only, and nobody can replace that: it is called anew, by who is transferred */
        struct sip_side *side = other->side;

        target = sip_uri_of_dial(pool, call->account, other->number,
                                 sip_begins(other->number, "sip") || sip_begins(other->number, "tel"));
        other->side = NULL;
        sip_side_close(side, 0);
    }
    if (!target.slen) {
        goto out;
    }
    if (c->cmd.type == SESSION_CMD_DEFLECT && call->phase == CALL_OFFERED) {
        redirect(ua, call, c, &target);
        c = NULL;
    } else if (call->phase == CALL_UP && (c->cmd.type == SESSION_CMD_TRANSFER || !call->held)) {
        call->refer_job = c;
        if (!replaces) {
            sip_schedule(ua, &call->refer_late, TRANSFER_MS);
        }
        if (sip_refer_send(call, &target)) {
            c = NULL;
        } else if (call->refer_job == c) {
            call->refer_job = NULL;
            sip_unschedule(ua, &call->refer_late);
            err = SESSION_E_FAILED;
        } else {
            c = NULL; /* answered by what has happened meanwhile */
        }
    } else {
        err = SESSION_E_BADSTATE;
    }
out:
    if (c) {
        sip_done(ua->x, c, err, 0, NULL);
    }
    pjsip_endpt_release_pool(ua->endpt, pool);
}

void sip_transfer_ended(struct sip_call *call)
{
    struct sip_command *c = call->refer_job;

    call->refer_job = NULL;
    sip_unschedule(call->x->ua, &call->refer_late);
    unsubscribe(&call->refer);
    unsubscribe(&call->refer_rest);
    sip_refer_progress(call, PJSIP_SC_REQUEST_TERMINATED); /* it has not got there, nor will it */
    if (c) {
        /* who is transferred has hung up: as it does when it got through */
        uint32_t leg2 = c->cmd.type == SESSION_CMD_TRANSFER ? c->cmd.leg2 : 0;
        bool ok = call->refer_code >= 100 && call->refer_code < 300;
        struct sip *x = call->x;

        if (ok && leg2) {
            struct sip_call *other = sip_call_of(x, leg2);

            if (other && other != call) {
                sip_call_end(other, 0, 0);
            }
        }
        sip_done(x, c, ok ? SESSION_E_OK : SESSION_E_FAILED, 0, NULL);
    }
}

/* ---- as who is transferred, and as its target -------------------------------------------------------------------- */

static void on_notify_state(pjsip_evsub *sub, pjsip_event *event)
{
    struct sip_call *call = pjsip_evsub_get_mod_data(sub, sip_mod());

    (void)event;
    if (call && call->notify == sub && pjsip_evsub_get_state(sub) == PJSIP_EVSUB_STATE_TERMINATED) {
        pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
        call->notify = NULL;
    }
}

static void notify(pjsip_evsub *sub, int code)
{
    pjsip_tx_data *tdata = NULL;

    if ((pjsip_xfer_notify(sub, code < 200 ? PJSIP_EVSUB_STATE_ACTIVE : PJSIP_EVSUB_STATE_TERMINATED, code, NULL,
                           &tdata) != PJ_SUCCESS ||
         pjsip_xfer_send_request(sub, tdata) != PJ_SUCCESS) &&
        code >= 200) {
        pjsip_evsub_terminate(sub, PJ_FALSE);
    }
}

void sip_refer_progress(struct sip_call *call, int code)
{
    pjsip_evsub *sub = call->notify;

    if (sub && code >= 200) {
        call->notify = NULL;
        pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
    }
    if (sub && code > 100) {
        notify(sub, code);
    }
}

void sip_refer_received(struct sip_side *side, pjsip_rx_data *rdata)
{
    static pjsip_evsub_user cb;
    pj_str_t to_name = pj_str((char *)(uintptr_t) "Refer-To"), by_name = pj_str((char *)(uintptr_t) "Referred-By");
    pj_str_t to_short = pj_str((char *)(uintptr_t) "r"), by_short = pj_str((char *)(uintptr_t) "b");
    const pjsip_generic_string_hdr *by,
        *to = pjsip_msg_find_hdr_by_names(rdata->msg_info.msg, &to_name, &to_short, NULL);
    struct sip_call *call = side->call;
    struct sip_side *next;
    pjsip_evsub *sub = NULL;
    pjsip_hdr list;
    pj_str_t target;

    if (!to) {
        (void)pjsip_dlg_respond(side->inv->dlg, rdata, PJSIP_SC_BAD_REQUEST, NULL, NULL, NULL);
        return;
    }
    if (call->side != side || call->phase != CALL_UP || call->next || call->notify || call->refer ||
        sip_leg_secured(call->x, call->leg)) {
        (void)pjsip_dlg_respond(side->inv->dlg, rdata, PJSIP_SC_DECLINE, NULL, NULL, NULL);
        return;
    }
    unsubscribe(&call->refer_rest);
    cb.on_evsub_state = on_notify_state;
    cb.on_server_timeout = on_refer_expired;
    if (pjsip_xfer_create_uas(side->inv->dlg, &cb, rdata, &sub) != PJ_SUCCESS) {
        (void)pjsip_dlg_respond(side->inv->dlg, rdata, PJSIP_SC_INTERNAL_SERVER_ERROR, NULL, NULL, NULL);
        return;
    }
    pj_list_init(&list);
    (void)pjsip_xfer_accept(sub, rdata, PJSIP_SC_ACCEPTED, &list);
    notify(sub, PJSIP_SC_TRYING);
    pjsip_evsub_set_mod_data(sub, sip_mod(), call);
    call->notify = sub;
    by = pjsip_msg_find_hdr_by_names(rdata->msg_info.msg, &by_name, &by_short, NULL);
    if (by) {
        pj_list_push_back(&list, pjsip_hdr_clone(rdata->tp_info.pool, by));
    }
    pj_strdup_with_null(rdata->tp_info.pool, &target, &to->hvalue);
    next = sip_invite(call, &target, &list);
    if (next) {
        call->next = next;
    } else {
        sip_refer_progress(call, PJSIP_SC_SERVICE_UNAVAILABLE);
    }
}

void sip_side_replace(struct sip_call *call, struct sip_side *side)
{
    struct sip_event *ev;

    if (call->side && call->side != side) {
        call->side->call = NULL;
    }
    call->side = side;
    side->call = call;
    if (call->next == side) {
        call->next = NULL;
    }
    call->job_is_invite = false;
    sip_control_ended(call);
    ev = sip_event_new(call->x, SESSION_IND_PARTY, call->leg);
    if (ev) {
        ev->partyv[SIP_CONNECTED] = sip_party_of_uri(call->x, call->account, side->inv->dlg->remote.info->uri);
        sip_say(call->x, ev);
    }
    sip_media_links(call);
    if (call->held) {
        sip_hold_again(call);
    } else {
        sip_call_mode(call);
    }
}
