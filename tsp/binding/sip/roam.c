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
    char from[PJ_INET6_ADDRSTRLEN + 10], text[PJ_INET6_ADDRSTRLEN + 10];
    pj_str_t host = sip_str(ua->pool, pj_sockaddr_print(to, text, sizeof(text), 0));

    platform_log(PLATFORM_LOG_WARNING, "sip: this machine is %s now, and was %s: registers again, and tells those it talks to",
                 text, pj_sockaddr_print(&ua->home, from, sizeof(from), 0));
    ua->home = *to;
    for (uint32_t t = 0; t < SIP_TRANSPORTS; t++) {
        if (ua->publishedv[t].host.slen) {
            ua->publishedv[t].host = host;
        }
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
        move(ua, &addr);
    }
}
