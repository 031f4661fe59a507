/* This machine gets another address: requests, registrations and calls follow. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

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
