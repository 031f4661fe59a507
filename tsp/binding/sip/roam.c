/* This machine gets another address: requests, registrations and calls follow. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

enum { LOOK_MS = 1000 };

/* Nothing tells us that an address has changed: it is looked at when something is to be sent that would find out. */

static bool find(const struct sip_ua *ua, pj_sockaddr *addr)
{
    return pj_getdefaultipinterface(ua->bound.addr.sa_family, addr) == PJ_SUCCESS;
}

void sip_roam_start(struct sip_ua *ua)
{
    pj_sockaddr any;

    pj_sockaddr_init(ua->bound.addr.sa_family, &any, NULL, 0);
    /* an address that was configured stays as it is */
    if (ua->conf->publish || ua->conf->probe || pj_sockaddr_cmp(&ua->bound, &any) || !find(ua, &ua->home)) {
        pj_bzero(&ua->home, sizeof(ua->home));
    }
    ua->looked = sip_now();
}

void sip_roam_subscription(const struct sip_account *acc, pjsip_evsub *sub, pjsip_dialog *dlg, pj_str_t *contact)
{
    static const pj_str_t name = {(char *)(uintptr_t) "Contact", 7};
    pjsip_evsub_state state = pjsip_evsub_get_state(sub);
    pjsip_tx_data *tdata = NULL;
    pjsip_contact_hdr *h;
    pj_str_t copy;

    if (!pj_strcmp(contact, &acc->contact) || acc->sent || acc->waiting || acc->leaving || acc->x->ua->leaving ||
        (state != PJSIP_EVSUB_STATE_ACCEPTED && state != PJSIP_EVSUB_STATE_PENDING &&
         state != PJSIP_EVSUB_STATE_ACTIVE)) {
        return; /* it is told when it is established, and the account registered */
    }
    *contact = acc->contact;
    pj_strdup_with_null(dlg->pool, &copy, contact);
    h = pjsip_parse_hdr(dlg->pool, &name, copy.ptr, (pj_size_t)copy.slen, NULL);
    if (h) {
        dlg->local.contact = h;
        if (pjsip_evsub_initiate(sub, NULL, PJSIP_EXPIRES_NOT_SPECIFIED, &tdata) == PJ_SUCCESS) {
            (void)pjsip_evsub_send_request(sub, tdata);
        }
    }
}

void sip_roam_subscriptions(struct sip_account *acc)
{
    bool news = acc->told.slen && pj_strcmp(&acc->told, &acc->contact);

    acc->told = acc->contact;
    if (news && acc->mwi) {
        sip_roam_subscription(acc, acc->mwi, acc->mwi_dlg, &acc->mwi_contact);
    }
    for (struct sip_watch *w = news ? acc->x->ua->watches : NULL, *next; w; w = next) {
        next = w->next;
        if (w->account == acc) {
            sip_roam_subscription(acc, w->sub, w->dlg, &w->contact);
        }
    }
}

static void move(struct sip_ua *ua, const pj_sockaddr *to)
{
    char text[PJ_INET6_ADDRSTRLEN + 10];
    pj_str_t host = sip_str(ua->pool, pj_sockaddr_print(to, text, sizeof(text), 0));
    bool news = false;

    for (uint32_t t = 0; t < SIP_TRANSPORTS; t++) {
        pj_str_t *own = &ua->publishedv[t].host;

        if (own->slen && pj_strcmp(own, &host)) {
            if (!news) {
                platform_log(PLATFORM_LOG_WARNING,
                             "sip: this machine is %s now, and was %.*s: those that it talks to are told", text,
                             (int)own->slen, own->ptr);
            }
            news = true;
            *own = host;
        }
    }
    if (!news) {
        return;
    }
    if (ua->udp) {
        ua->udp->local_name.host = host;
    }
    for (uint32_t i = 0; i < ua->accountc; i++) {
        sip_account_moved(ua->accountv[i]);
    }
    for (struct sip_call *call = ua->calls, *next; call; call = next) {
        next = call->next_call;
        sip_call_moved(call);
    }
}

void sip_roam_to(struct sip_ua *ua, const pj_sockaddr *addr)
{
    if (addr->addr.sa_family == ua->bound.addr.sa_family) {
        move(ua, addr);
    }
}

void sip_roam_look(struct sip_ua *ua)
{
    uint64_t now = sip_now();
    pj_sockaddr addr;

    if (!ua->home.addr.sa_family || ua->leaving || now - ua->looked < LOOK_MS) {
        return;
    }
    ua->looked = now;
    /* without any network there is nothing to be told, and nobody to be told it */
    if (find(ua, &addr) && pj_sockaddr_cmp(&addr, &ua->home)) {
        ua->home = addr;
        if (!sip_stun_again(ua)) {
            move(ua, &addr);
        }
    }
}
