/* Conferences at a conference server (RFC 4579). SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <stdio.h>
#include <string.h>

/*
 * The owner's call is a dialog with the server, made by calling its factory. Who is added is sent there by the server,
 * in the place of the dialog that we have with him (Replaces): his call is one without a dialog then, which ends when
 * the server tells that he has left (RFC 4575), or has the server let him go. When only one is left the owner's dialog
 * is the call with him.
 */
enum { ADDED_MAX = 2 };

struct sip_focus {
    struct sip_watch watch; /* first; of who is there */
    struct sip_call *bridge;
    struct sip_command *job;            /* SETUPCONF, CONFERENCE, ADD, until it is answered */
    uint32_t addv[ADDED_MAX], addc, at; /* legs that are to be added */
};

static void next(struct sip_focus *f);

static struct sip_call *adding(const struct sip_focus *f)
{
    return f->job && f->at < f->addc ? sip_call_of(f->bridge->x, f->addv[f->at]) : NULL;
}

/* ---- who is there ------------------------------------------------------------------------------------------------ */

static struct sip_focus *focus_of(struct sip_watch *w)
{
    return (struct sip_focus *)(void *)w;
}

static void on_took(struct sip_watch *w)
{
    (void)w;
}

/* Those that were there, and are no more, have hung up. */
static void on_news(struct sip_watch *w)
{
    struct sip_call *bridge = focus_of(w)->bridge, *m = bridge->members;

    while (m) {
        struct sip_call *after = m->next_member;
        bool there = m->member && sip_roster_has(&w->roster, m->member);

        if (there) {
            m->seen = true;
        } else if (m->seen && w->roster.v.known) {
            sip_call_end(m, SESSION_DISC_NORMAL, 0);
        }
        m = after;
    }
}

/* A server that does not tell: they are there until they are dropped. */
static void on_over(struct sip_watch *w, bool soon)
{
    if (soon && w->roster.v.seen) {
        (void)sip_watch_begin(w, w->account, NULL);
    }
}

/* ---- members ----------------------------------------------------------------------------------------------------- */

/* How the server knows who is at the other end of a call. */
static char *member_of(const struct sip_call *call)
{
    char uri[SIP_URI_MAX];
    int len = pjsip_uri_print(PJSIP_URI_IN_REQ_URI, pjsip_uri_get_uri(call->side->inv->dlg->remote.info->uri), uri,
                              sizeof(uri) - 1);
    char *copy = len > 0 ? sip_zalloc(call->x, (size_t)len + 1) : NULL;

    if (copy) {
        memcpy(copy, uri, (size_t)len);
    }
    return copy;
}

/* The server is asked to let somebody go. */
static void let_go(struct sip_call *bridge, const struct sip_call *m)
{
    static const pjsip_method refer = {PJSIP_OTHER_METHOD, {(char *)(uintptr_t) "REFER", 5}};
    static const pj_str_t to_name = {(char *)(uintptr_t) "Refer-To", 8},
                          sub_name = {(char *)(uintptr_t) "Refer-Sub", 9};
    pjsip_inv_session *inv = bridge->side ? bridge->side->inv : NULL;
    pjsip_tx_data *tdata = NULL;
    char text[SIP_URI_MAX + 20];
    pj_str_t to, no = pj_str((char *)(uintptr_t) "false");

    if (!inv || !m->member || inv->state != PJSIP_INV_STATE_CONFIRMED ||
        pjsip_dlg_create_request(inv->dlg, &refer, -1, &tdata) != PJ_SUCCESS) {
        return;
    }
    (void)snprintf(text, sizeof(text), "<%s;method=BYE>", m->member);
    to = sip_str(tdata->pool, text);
    pjsip_msg_add_hdr(tdata->msg, (pjsip_hdr *)pjsip_generic_string_hdr_create(tdata->pool, &to_name, &to));
    pjsip_msg_add_hdr(tdata->msg, (pjsip_hdr *)pjsip_generic_string_hdr_create(tdata->pool, &sub_name, &no));
    (void)pjsip_dlg_send_request(inv->dlg, tdata, -1, NULL);
}

void sip_focus_drop(struct sip_call *call)
{
    if (call->remote && call->bridge && call->bridge->focus) {
        let_go(call->bridge, call);
    }
    for (struct sip_call *m = call->focus ? call->members : NULL; m; m = m->next_member) {
        let_go(call, m);
    }
}

/* The server's dialog is the call with the one who is left. */
static void hand_over(struct sip_call *bridge, struct sip_call *m)
{
    struct sip_side *old = m->side;

    sip_bridge_leave(m);
    m->side = bridge->side;
    bridge->side = NULL;
    if (m->side) {
        m->side->call = m;
        m->remote = m->held = false;
        m->phase = CALL_UP;
    }
    if (old) {
        sip_side_close(old, 0);
    }
}

void sip_focus_collapse(struct sip_ua *ua, struct sip_call *bridge, uint32_t keep, bool hold)
{
    struct sip_call *m = sip_call_of(ua->x, keep);

    while (bridge->members) {
        struct sip_call *gone = bridge->members;

        if (gone == m) {
            hand_over(bridge, m);
            continue;
        }
        let_go(bridge, gone);
        sip_call_end(gone, SESSION_DISC_NORMAL, 0);
    }
    sip_call_end(bridge, 0, 0);
    if (m && m->side && hold) {
        sip_hold_again(m);
    } else if (m && !m->side) {
        sip_call_end(m, SESSION_DISC_NORMAL, 0);
    }
}

/* ---- adding ------------------------------------------------------------------------------------------------------ */

/* The job has failed: the conference that was made for it is none, and who is there already stays our call. */
static void fail(struct sip_focus *f, enum session_err err)
{
    struct sip_command *c = f->job;
    struct sip_call *bridge = f->bridge, *m = adding(f);
    struct sip *x = bridge->x;

    f->job = NULL;
    if (m) {
        m->joining = false;
    }
    if (c->cmd.type != SESSION_CMD_ADD) {
        while (bridge->members) {
            hand_over(bridge, bridge->members);
        }
        sip_call_end(bridge, 0, 0);
    }
    if (m && !m->side) {
        sip_call_end(m, SESSION_DISC_NORMAL, 0);
    }
    sip_done(x, c, err, 0, NULL);
}

static void done(struct sip_focus *f)
{
    struct sip_command *c = f->job;
    struct sip *x = f->bridge->x;

    f->job = NULL;
    f->bridge->told = true;
    switch (c->cmd.type) {
    case SESSION_CMD_SETUPCONF:
        sip_consult_done(x->ua, c);
        break;
    default:
        f->bridge->held = false;
        sip_done(x, c, SESSION_E_OK, 0, NULL);
        break;
    }
}

/* Adds the next one, or is done. */
static void next(struct sip_focus *f)
{
    struct sip_call *call = adding(f);
    char text[2 * SIP_URI_MAX];
    pj_str_t target;

    if (f->at == f->addc) {
        done(f);
        return;
    }
    if (!call || call->phase != CALL_UP || !call->side || call->bridge || call->refer_job || call->job ||
        !sip_replaces_of(call, text, sizeof(text))) {
        fail(f, SESSION_E_BADSTATE);
        return;
    }
    call->joining = true;
    sip_release(call->x, call->member);
    call->member = member_of(call);
    target = pj_str(text);
    if (!sip_refer_send(f->bridge, &target) && f->job) {
        fail(f, SESSION_E_FAILED);
    }
}

void sip_focus_referred(struct sip_call *bridge, bool ok)
{
    struct sip_focus *f = bridge->focus;
    struct sip_call *call = adding(f);

    if (!f->job) {
        return;
    }
    if (!ok || !call) {
        fail(f, ok ? SESSION_E_BADSTATE : SESSION_E_FAILED);
        return;
    }
    call->joining = call->held = false;
    call->remote = true;
    call->seen = f->watch.sub && call->member && sip_roster_has(&f->watch.roster, call->member);
    sip_bridge_join(bridge, call);
    if (call->side) {
        struct sip_side *side = call->side;

        call->side = NULL;
        sip_side_close(side, 0); /* he has most probably hung up already */
    }
    f->at++;
    next(f);
}

/* ---- the dialog with the server ---------------------------------------------------------------------------------- */

static bool is_focus(const pjsip_rx_data *rdata)
{
    static const pj_str_t name = {(char *)(uintptr_t) "isfocus", 7};
    const pjsip_contact_hdr *h = rdata ? pjsip_msg_find_hdr(rdata->msg_info.msg, PJSIP_H_CONTACT, NULL) : NULL;

    return h && pjsip_param_find(&h->other_param, &name);
}

void sip_focus_up(struct sip_call *bridge, const pjsip_rx_data *rdata)
{
    struct sip_focus *f = bridge->focus;

    if (!is_focus(rdata)) {
        platform_log(PLATFORM_LOG_WARNING, "sip: %s makes no conferences", bridge->account->conf->conference);
        fail(f, SESSION_E_FAILED);
    }
}

void sip_focus_confirmed(struct sip_call *bridge)
{
    struct sip_focus *f = bridge->focus;
    char uri[SIP_URI_MAX];
    int len =
        pjsip_uri_print(PJSIP_URI_IN_REQ_URI, pjsip_uri_get_uri(bridge->side->inv->dlg->target), uri, sizeof(uri) - 1);
    pj_str_t target = {uri, len > 0 ? len : 0};

    if (f->watch.target || !f->job) {
        return; /* it is a re-INVITE that was acknowledged */
    }
    f->watch.conference = true;
    f->watch.took_h = on_took;
    f->watch.news_h = on_news;
    f->watch.over_h = on_over;
    (void)sip_watch_begin(&f->watch, bridge->account, &target);
    next(f);
}

void sip_focus_down(struct sip_call *bridge, struct sip_side *side)
{
    struct sip_focus *f = bridge->focus;

    bridge->side = NULL;
    sip_side_free(side);
    if (f->job && f->job->cmd.type != SESSION_CMD_ADD) {
        fail(f, SESSION_E_FAILED);
    } else {
        sip_call_end(bridge, SESSION_DISC_NORMAL, 0);
    }
}

struct sip_command *sip_focus_end(struct sip_call *bridge)
{
    struct sip_focus *f = bridge->focus;
    struct sip_command *c = f ? f->job : NULL;
    struct sip_call *m = f ? adding(f) : NULL;

    bridge->focus = NULL;
    if (m) {
        m->joining = false;
    }
    if (f) {
        sip_watch_end(&f->watch);
        sip_release(bridge->x, f);
    }
    if (m && m != bridge && !m->side) {
        sip_call_end(m, SESSION_DISC_NORMAL, 0);
    }
    return c;
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

void sip_focus_begin(struct sip_ua *ua, struct sip_account *acc, struct sip_command *c)
{
    struct sip_leg *leg = sip_leg_get(ua->x, c->bridge);
    struct sip_call *bridge = leg ? sip_call_new(ua, leg, acc) : NULL;
    struct sip_focus *f = bridge ? sip_zalloc(ua->x, sizeof(*f)) : NULL;
    uint32_t id = c->bridge;
    struct sip_side *side;
    pj_str_t target;
    char text[SIP_URI_MAX];

    if (!f) {
        if (bridge) {
            sip_call_end(bridge, 0, 0);
        }
        sip_done(ua->x, c, SESSION_E_NOMEM, 0, NULL);
        return;
    }
    bridge->phase = CALL_BRIDGE;
    bridge->mode = SESSION_CONNECTED_ACTIVE;
    bridge->held = c->cmd.type == SESSION_CMD_SETUPCONF;
    bridge->address = c->cmd.address;
    bridge->focus = f;
    f->bridge = bridge;
    f->job = c;
    if (c->cmd.leg) {
        f->addv[f->addc++] = c->cmd.leg;
    }
    if (c->cmd.type == SESSION_CMD_CONFERENCE) {
        f->addv[f->addc++] = c->cmd.leg2;
    }
    (void)snprintf(text, sizeof(text), "%s%s", acc->conf->conference,
                   strstr(acc->conf->conference, ";transport=") || sip_begins(acc->conf->conference, "sips:")
                       ? ""
                       : sip_transport_param(acc->conf->transport));
    target = pj_str(text);
    side = sip_invite(bridge, &target, NULL);
    bridge = sip_call_of(ua->x, id);
    if (bridge && side) {
        bridge->side = side;
    } else if (bridge) {
        fail(bridge->focus, SESSION_E_FAILED);
    }
}

void sip_focus_add(struct sip_call *bridge, struct sip_command *c)
{
    struct sip_focus *f = bridge->focus;

    if (f->job || bridge->refer) {
        sip_done(bridge->x, c, SESSION_E_BADSTATE, 0, NULL);
        return;
    }
    f->job = c;
    f->addv[0] = c->cmd.leg2;
    f->addc = 1;
    f->at = 0;
    next(f);
}
