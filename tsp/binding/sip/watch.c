/* Subscriptions to somebody's dialogs (RFC 4235). SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <string.h>

enum { EXPIRES_S = 3600 };

/* By `conference`. */
static const pj_str_t event_namev[] = {{(char *)(uintptr_t) "dialog", 6}, {(char *)(uintptr_t) "conference", 10}};
static const pj_str_t type_namev[] = {{(char *)(uintptr_t) "application/dialog-info+xml", 27},
                                      {(char *)(uintptr_t) "application/conference-info+xml", 31}};
static const char *const subtypev[] = {"dialog-info+xml", "conference-info+xml"};

pj_status_t sip_watch_start(struct sip_ua *ua)
{
    pj_status_t status = PJ_SUCCESS;

    for (int i = 0; i < 2 && status == PJ_SUCCESS; i++) {
        status = pjsip_evsub_register_pkg(&ua->module, &event_namev[i], EXPIRES_S, 1, &type_namev[i]);
    }
    return status;
}

pjsip_dialog *sip_account_dialog(struct sip_account *acc, const pj_str_t *target)
{
    pjsip_dialog *dlg = NULL;

    if (!acc->contact.slen ||
        pjsip_dlg_create_uac(pjsip_ua_instance(), &acc->id, &acc->contact, target, target, &dlg) != PJ_SUCCESS) {
        return NULL;
    }
    pjsip_dlg_inc_lock(dlg);
    if (acc->credc) {
        pjsip_auth_clt_set_credentials(&dlg->auth_sess, (int)acc->credc, &acc->cred);
    }
    if (!pj_list_empty(&acc->routes)) {
        pjsip_dlg_set_route_set(dlg, &acc->routes);
    }
    return dlg;
}

static struct sip_watch *watch_of(pjsip_evsub *sub)
{
    struct sip_watch *w = pjsip_evsub_get_mod_data(sub, sip_mod());

    return w && w->sub == sub ? w : NULL;
}

static void let_go(struct sip_watch *w)
{
    if (w->sub) {
        pjsip_evsub_set_mod_data(w->sub, sip_mod(), NULL);
        w->sub = NULL;
        if (w->prev) {
            w->prev->next = w->next;
        } else {
            w->account->x->ua->watches = w->next;
        }
        if (w->next) {
            w->next->prev = w->prev;
        }
    }
}

static bool may_be_asked_again(pjsip_evsub *sub)
{
    const pj_str_t *reason = pjsip_evsub_get_termination_reason(sub);

    return reason && (!pj_stricmp2(reason, "deactivated") || !pj_stricmp2(reason, "timeout"));
}

/* Something is missing in what was told: that it is all told. */
static void refresh(pjsip_evsub *sub)
{
    pjsip_tx_data *tdata = NULL;

    if (pjsip_evsub_initiate(sub, NULL, PJSIP_EXPIRES_NOT_SPECIFIED, &tdata) == PJ_SUCCESS) {
        (void)pjsip_evsub_send_request(sub, tdata);
    }
}

static void on_state(pjsip_evsub *sub, pjsip_event *event)
{
    pjsip_evsub_state state = pjsip_evsub_get_state(sub);
    struct sip_watch *w = watch_of(sub);
    bool over = state == PJSIP_EVSUB_STATE_TERMINATED;

    (void)event;
    if (w && !w->accepted &&
        (state == PJSIP_EVSUB_STATE_ACCEPTED || state == PJSIP_EVSUB_STATE_PENDING ||
         state == PJSIP_EVSUB_STATE_ACTIVE || (over && w->fresh))) {
        w->accepted = true;
        w->took_h(w);
        w = watch_of(sub);
    }
    if (w && w->fresh) {
        w->fresh = false;
        w->news_h(w);
        w = watch_of(sub);
    }
    if (w && over) {
        let_go(w);
        if (!w->beginning) {
            w->over_h(w, may_be_asked_again(sub));
        }
    } else if (w && w->gap) {
        w->gap = false;
        refresh(sub);
    } else if (w && w->accepted) {
        sip_roam_subscription(w->account, sub, w->dlg, &w->contact);
    }
}

/* Acted upon in on_state, when the answer to it is under way. What makes no sense is answered, and passed over. */
static void on_notify(pjsip_evsub *sub, pjsip_rx_data *rdata, int *code, pj_str_t **text, pjsip_hdr *headers,
                      pjsip_msg_body **body)
{
    const pjsip_msg_body *b = rdata->msg_info.msg->body;
    struct sip_watch *w = watch_of(sub);
    enum sip_news news;

    (void)code;
    (void)text;
    (void)headers;
    (void)body;
    if (!w || !b || !b->data || pj_stricmp2(&b->content_type.type, "application") != 0 ||
        pj_stricmp2(&b->content_type.subtype, subtypev[w->conference]) != 0) {
        return;
    }
    news = w->conference ? sip_roster_read(&w->roster, &w->account->x->mem, rdata->tp_info.pool, b->data, b->len)
                         : sip_dialogs_read(&w->dialogs, &w->account->x->mem, rdata->tp_info.pool, b->data, b->len);
    w->fresh = w->fresh || news == SIP_NEWS_NEW || news == SIP_NEWS_GAP;
    w->gap = w->gap || news == SIP_NEWS_GAP;
    if (news == SIP_NEWS_BAD) {
        platform_log(PLATFORM_LOG_INFO, "sip: what was told of the calls of %s makes no sense", w->target);
    }
}

static char *keep(struct sip *x, const pj_str_t *text)
{
    char *copy = sip_zalloc(x, (size_t)text->slen + 1);

    if (copy) {
        memcpy(copy, text->ptr, (size_t)text->slen);
    }
    return copy;
}

bool sip_watch_begin(struct sip_watch *w, struct sip_account *acc, const pj_str_t *target)
{
    static pjsip_evsub_user cb;
    pjsip_tx_data *tdata = NULL;
    pjsip_dialog *dlg;
    pj_str_t to;

    cb.on_evsub_state = on_state;
    cb.on_rx_notify = on_notify;
    w->account = acc;
    if (target) {
        w->target = keep(acc->x, target);
    }
    if (!w->target) {
        return false;
    }
    to = pj_str(w->target);
    dlg = sip_account_dialog(acc, &to);
    if (!dlg) {
        return false;
    }
    w->beginning = true;
    w->accepted = w->fresh = w->gap = false;
    sip_dialogs_clear(&w->dialogs, &acc->x->mem);
    sip_roster_clear(&w->roster, &acc->x->mem);
    if (pjsip_evsub_create_uac(dlg, &cb, &event_namev[w->conference], PJSIP_EVSUB_NO_EVENT_ID, &w->sub) == PJ_SUCCESS) {
        pjsip_evsub *sub = w->sub;
        struct sip_ua *ua = acc->x->ua;

        pjsip_evsub_set_mod_data(sub, sip_mod(), w);
        w->dlg = dlg;
        w->contact = acc->contact;
        w->prev = NULL;
        w->next = ua->watches;
        if (w->next) {
            w->next->prev = w;
        }
        ua->watches = w;
        if ((pjsip_evsub_initiate(sub, NULL, EXPIRES_S, &tdata) != PJ_SUCCESS ||
             pjsip_evsub_send_request(sub, tdata) != PJ_SUCCESS) &&
            w->sub) {
            let_go(w);
            (void)pjsip_evsub_terminate(sub, PJ_FALSE);
        }
    } else {
        w->sub = NULL;
    }
    pjsip_dlg_dec_lock(dlg); /* one that nobody uses goes with that */
    w->beginning = false;
    return w->sub != NULL;
}

void sip_watch_end(struct sip_watch *w)
{
    pjsip_evsub *sub = w->sub;
    pjsip_tx_data *tdata = NULL;

    let_go(w);
    if (sub) {
        (void)pjsip_evsub_add_ref(sub); /* it may end while it is being sent */
        /* one that was not accepted yet is told of nothing: whoever tells is answered 481 */
        if (!w->accepted || pjsip_evsub_initiate(sub, NULL, 0, &tdata) != PJ_SUCCESS ||
            pjsip_evsub_send_request(sub, tdata) != PJ_SUCCESS) {
            (void)pjsip_evsub_terminate(sub, PJ_FALSE);
        }
        (void)pjsip_evsub_dec_ref(sub);
    }
    if (w->account) {
        sip_dialogs_clear(&w->dialogs, &w->account->x->mem);
        sip_roster_clear(&w->roster, &w->account->x->mem);
        sip_release(w->account->x, w->target);
    }
    w->target = NULL;
}
