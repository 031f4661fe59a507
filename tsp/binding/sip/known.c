/* Whether somebody who talks to us is an account's own server. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

enum { LOOK_AGAIN_MS = 60000 };

/* Its port does not matter: a connection of the server comes from any. */
static bool same_host(const pj_sockaddr *a, const pj_sockaddr *b)
{
    return a->addr.sa_family == b->addr.sa_family &&
           !memcmp(pj_sockaddr_get_addr(a), pj_sockaddr_get_addr(b), pj_sockaddr_get_addr_len(a));
}

static bool is_one_of(const pj_sockaddr *from, const pjsip_server_addresses *all)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (same_host(from, &all->entry[i].addr)) {
            return true;
        }
    }
    return false;
}

/* The host and port of "host:port"; false: that is no such text. */
static bool host_of(const char *text, pj_str_t *host, pj_uint16_t *port)
{
    pj_str_t s = pj_str((char *)(uintptr_t)text);

    return pj_sockaddr_parse2(pj_AF_UNSPEC(), 0, &s, host, port, NULL) == PJ_SUCCESS && host->slen;
}

static bool is_written(const pj_sockaddr *from, const char *text)
{
    pj_sockaddr addr;
    pj_uint16_t port;
    pj_str_t host;

    return text && host_of(text, &host, &port) && sip_is_address(&host) &&
           pj_sockaddr_init(from->addr.sa_family, &addr, &host, 0) == PJ_SUCCESS && same_host(from, &addr);
}

void sip_known_registered(struct sip_account *acc)
{
    const pjsip_server_addresses *all = acc->tdata ? &acc->tdata->dest_info.addr : NULL;

    if (all && all->count) { /* one over a connection that there is has none */
        acc->knownc = 0;
        for (unsigned i = 0; i < all->count && i < PJ_ARRAY_SIZE(acc->knownv); i++) {
            acc->knownv[acc->knownc++] = all->entry[i].addr;
        }
    }
}

/* ---- a trunk by its name: it is looked up when somebody calls himself that --------------------------------------- */

struct looking {
    pj_pool_t *pool;
    uint32_t index;
};

static void on_looked(pj_status_t status, void *token, const pjsip_server_addresses *found)
{
    struct looking *l = token;
    struct sip_ua *ua = sip_the();
    struct sip_account *acc = ua ? sip_account_of_index(ua, l->index) : NULL;

    if (acc) {
        acc->looking = false;
        for (unsigned i = 0; status == PJ_SUCCESS && found && i < found->count; i++) {
            acc->knownc = i ? acc->knownc : 0;
            if (acc->knownc < PJ_ARRAY_SIZE(acc->knownv)) {
                acc->knownv[acc->knownc++] = found->entry[i].addr;
            }
        }
    }
    pj_pool_release(l->pool);
}

static bool look(struct sip_account *acc)
{
    static const pjsip_transport_type_e typev[SIP_TRANSPORTS] = {
        [SIP_UDP] = PJSIP_TRANSPORT_UDP, [SIP_TCP] = PJSIP_TRANSPORT_TCP, [SIP_TLS] = PJSIP_TRANSPORT_TLS};
    const struct sip_account_conf *c = acc->conf;
    struct sip_ua *ua = acc->x->ua;
    const char *where = c->proxy ? c->proxy : c->registrarc ? c->registrarv[0] : c->domain;
    pjsip_host_info target;
    struct looking *l;
    pj_pool_t *pool;
    pj_uint16_t port;
    pj_str_t host;

    if (!host_of(where, &host, &port) || sip_is_address(&host)) {
        return false;
    }
    if (acc->looking) {
        return true;
    }
    if (acc->looked && sip_now() - acc->looked < LOOK_AGAIN_MS) {
        return false;
    }
    pool = pjsip_endpt_create_pool(ua->endpt, "known", 1000, 1000);
    l = pool ? pj_pool_zalloc(pool, sizeof(*l)) : NULL;
    if (!l) {
        return false;
    }
    l->pool = pool;
    l->index = acc->index;
    pj_bzero(&target, sizeof(target));
    target.type = typev[c->transport];
    if (ua->bound.addr.sa_family == pj_AF_INET6()) {
        target.type = (pjsip_transport_type_e)((int)target.type | PJSIP_TRANSPORT_IPV6);
    }
    target.flag = pjsip_transport_get_flag_from_type(target.type);
    pj_strdup(pool, &target.addr.host, &host);
    target.addr.port = port;
    acc->looked = sip_now();
    acc->looking = true;
    sip_net_look(ua, pool, &target, l, on_looked);
    return true;
}

enum sip_known sip_account_knows(struct sip_account *acc, const pj_sockaddr *from)
{
    const struct sip_account_conf *c = acc->conf;
    bool known = is_written(from, c->proxy) || is_written(from, c->domain) ||
                 (acc->server_addr_len && same_host(from, &acc->server_addr)) ||
                 (acc->tdata && is_one_of(from, &acc->tdata->dest_info.addr));

    for (uint32_t i = 0; !known && i < c->registrarc; i++) {
        known = is_written(from, c->registrarv[i]);
    }
    for (uint32_t i = 0; !known && i < acc->knownc; i++) {
        known = same_host(from, &acc->knownv[i]);
    }
    if (known) {
        return SIP_KNOWN;
    }
    return !c->do_register && look(acc) ? SIP_KNOWN_LATER : SIP_STRANGER;
}
