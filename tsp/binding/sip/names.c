/* Names by the system's resolver, which may take its time: on a thread of its own, one after the other.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

struct lookup {
    struct lookup *next;
    pjsip_host_info target;
    char host[256];
    void *token;
    pjsip_resolver_callback *cb;
    pj_status_t status;
    unsigned count;
    pj_addrinfo addrv[PJSIP_MAX_RESOLVED_ADDRESSES];
};

struct sip_names {
    struct sip *x;
    int af;
    pj_thread_t *thread;
    struct platform_mutex lock;
    struct platform_cond changed;
    struct lookup *first, *last; /* to be looked up */
    struct lookup *done;
    bool stop;
};

static void look_up(struct lookup *l, int af)
{
    pj_str_t host = pj_str(l->host);

    l->count = PJ_ARRAY_SIZE(l->addrv);
    l->status = pj_getaddrinfo(af, &host, &l->count, l->addrv);
}

static int run(void *arg)
{
    struct sip_names *n = arg;

    platform_mutex_lock(&n->lock);
    while (!n->stop) {
        struct lookup *l = n->first;

        if (!l) {
            platform_cond_wait(&n->changed, &n->lock);
            continue;
        }
        n->first = l->next;
        platform_mutex_unlock(&n->lock);
        look_up(l, n->af);
        platform_mutex_lock(&n->lock);
        l->next = n->done;
        n->done = l;
        sip_back_poke(n->x);
    }
    platform_mutex_unlock(&n->lock);
    return 0;
}

static struct sip_names *start(struct sip_ua *ua)
{
    struct sip_names *n = sip_zalloc(ua->x, sizeof(*n));

    if (!n) {
        return NULL;
    }
    n->x = ua->x;
    n->af = ua->bound.addr.sa_family;
    if (platform_mutex_init(&n->lock)) {
        goto no_lock;
    }
    if (platform_cond_init(&n->changed)) {
        goto no_cond;
    }
    if (pj_thread_create(ua->pool, "names", run, n, 0, 0, &n->thread) == PJ_SUCCESS) {
        return n;
    }
    platform_cond_destroy(&n->changed);
no_cond:
    platform_mutex_destroy(&n->lock);
no_lock:
    sip_release(ua->x, n);
    return NULL;
}

pj_status_t sip_names_ask(struct sip_ua *ua, const pjsip_host_info *target, void *token, pjsip_resolver_callback *cb)
{
    struct lookup *l;

    if (target->addr.host.slen >= (pj_ssize_t)sizeof(l->host)) {
        return PJ_ENAMETOOLONG;
    }
    if (!ua->lookups) {
        ua->lookups = start(ua);
    }
    l = ua->lookups ? sip_zalloc(ua->x, sizeof(*l)) : NULL;
    if (!l) {
        return PJ_ENOMEM;
    }
    l->target = *target;
    memcpy(l->host, target->addr.host.ptr, (size_t)target->addr.host.slen);
    l->token = token;
    l->cb = cb;
    platform_mutex_lock(&ua->lookups->lock);
    if (ua->lookups->first) {
        ua->lookups->last->next = l;
    } else {
        ua->lookups->first = l;
    }
    ua->lookups->last = l;
    platform_cond_broadcast(&ua->lookups->changed);
    platform_mutex_unlock(&ua->lookups->lock);
    return PJ_SUCCESS;
}

static void answer(const struct lookup *l)
{
    pjsip_server_addresses all;
    pjsip_transport_type_e type = l->target.type;

    if (type == PJSIP_TRANSPORT_UNSPECIFIED) {
        type = l->target.flag & PJSIP_TRANSPORT_SECURE     ? PJSIP_TRANSPORT_TLS
               : l->target.flag & PJSIP_TRANSPORT_RELIABLE ? PJSIP_TRANSPORT_TCP
                                                           : PJSIP_TRANSPORT_UDP;
    }
    type = (pjsip_transport_type_e)((int)type & ~PJSIP_TRANSPORT_IPV6);
    all.count = 0;
    for (unsigned i = 0; l->status == PJ_SUCCESS && i < l->count; i++) {
        bool v6 = l->addrv[i].ai_addr.addr.sa_family == pj_AF_INET6();
        int port = l->target.addr.port ? l->target.addr.port : pjsip_transport_get_default_port_for_type(type);

        all.entry[i].type = (pjsip_transport_type_e)(v6 ? (int)type | PJSIP_TRANSPORT_IPV6 : (int)type);
        all.entry[i].priority = all.entry[i].weight = 0;
        all.entry[i].addr = l->addrv[i].ai_addr;
        pj_sockaddr_set_port(&all.entry[i].addr, (pj_uint16_t)port);
        all.entry[i].addr_len = (int)pj_sockaddr_get_len(&all.entry[i].addr);
        all.count++;
    }
    l->cb(all.count ? PJ_SUCCESS : PJ_ERESOLVE, l->token, &all);
}

void sip_names_done(struct sip_ua *ua)
{
    struct lookup *l, *turned = NULL;

    if (!ua->lookups) {
        return;
    }
    platform_mutex_lock(&ua->lookups->lock);
    l = ua->lookups->done;
    ua->lookups->done = NULL;
    platform_mutex_unlock(&ua->lookups->lock);
    while (l) {
        struct lookup *next = l->next;

        l->next = turned;
        turned = l;
        l = next;
    }
    while (turned) {
        l = turned;
        turned = l->next;
        answer(l);
        sip_release(ua->x, l);
    }
}

static void drop(struct sip_ua *ua, struct lookup *l)
{
    while (l) {
        struct lookup *next = l->next;

        sip_release(ua->x, l);
        l = next;
    }
}

void sip_names_stop(struct sip_ua *ua)
{
    struct sip_names *n = ua->lookups;

    if (!n) {
        return;
    }
    platform_mutex_lock(&n->lock);
    n->stop = true;
    platform_cond_broadcast(&n->changed);
    platform_mutex_unlock(&n->lock);
    (void)pj_thread_join(n->thread);
    (void)pj_thread_destroy(n->thread);
    drop(ua, n->first);
    drop(ua, n->done);
    platform_cond_destroy(&n->changed);
    platform_mutex_destroy(&n->lock);
    sip_release(ua->x, n);
    ua->lookups = NULL;
}
