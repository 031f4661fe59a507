/* The way to servers: names and who of them is dead, connections, certificates, what is wrong in words.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DEAD_MS = 120000, WINDOWS_INUSE = 10048, WINDOWS_TIMEDOUT = 10060, DNS_PORT = 53 };

uint64_t sip_now(void)
{
    pj_time_val now;

    pj_gettickcount(&now);
    return (uint64_t)now.sec * 1000 + (uint64_t)now.msec;
}

/* ---- who is dead ------------------------------------------------------------------------------------------------- */

/* A server that has not answered, or says that it cannot: others are asked before it for a while. RFC 3263, 4.3. */
static bool is_dead(const struct sip_ua *ua, const pj_sockaddr *addr, pjsip_transport_type_e type)
{
    uint64_t now = sip_now();

    for (uint32_t i = 0; i < SIP_DEAD_MAX; i++) {
        const struct sip_dead *d = &ua->deadv[i];

        if (d->until > now && d->type == type && !pj_sockaddr_cmp(&d->addr, addr)) {
            return true;
        }
    }
    return false;
}

static bool another(const struct sip_ua *ua, const pjsip_server_addresses *all)
{
    for (unsigned i = 0; i < all->count; i++) {
        if (!is_dead(ua, &all->entry[i].addr, all->entry[i].type)) {
            return true;
        }
    }
    return false;
}

bool sip_net_failed(struct sip_ua *ua, const pjsip_tx_data *tdata, uint32_t ms)
{
    const pjsip_server_addresses *all = &tdata->dest_info.addr;
    struct sip_dead *d = &ua->deadv[0];
    unsigned at = tdata->dest_info.cur_addr;

    if (!all->count) {
        return false;
    }
    at = at < all->count ? at : all->count - 1;
    for (uint32_t i = 0; i < SIP_DEAD_MAX; i++) {
        struct sip_dead *other = &ua->deadv[i];

        if (other->type == all->entry[at].type && !pj_sockaddr_cmp(&other->addr, &all->entry[at].addr)) {
            d = other;
            break;
        }
        if (other->until < d->until) {
            d = other;
        }
    }
    d->addr = all->entry[at].addr;
    d->type = all->entry[at].type;
    d->until = sip_now() + (ms > DEAD_MS ? ms : DEAD_MS);
    return another(ua, all);
}

/* ---- names ------------------------------------------------------------------------------------------------------- */

struct asked {
    struct sip_ua *ua;
    void *token;
    pjsip_resolver_callback *cb;
};

static bool is_unknown(pj_status_t status)
{
    return status == PJ_ERESOLVE || status == PJLIB_UTIL_EDNS_NXDOMAIN || status == PJLIB_UTIL_EDNSNOANSWERREC;
}

/* This PJSIP makes no TLS connection for a message that does not say by which listener. It asks for names only with a
 * message to be sent: that is what the token stands for. */
static void choose_listener(const struct asked *a, pjsip_transport_type_e type)
{
    pjsip_tx_data *tdata = ((const pjsip_send_state *)a->token)->tdata;
    pjsip_tpselector sel = {.type = PJSIP_TPSELECTOR_LISTENER, .u.listener = a->ua->tls};

    if (a->ua->tls && a->ua->tls->type == type && tdata->tp_sel.type == PJSIP_TPSELECTOR_NONE) {
        (void)pjsip_tx_data_set_transport(tdata, &sel);
    }
}

static void on_resolved(pj_status_t status, void *token, const pjsip_server_addresses *found)
{
    struct asked *a = token;
    pjsip_server_addresses v;

    if (status == PJ_ETIMEDOUT) {
        status = PJLIB_UTIL_EDNSNOWORKINGNS;
    } else if (status == PJ_SUCCESS ? !found || !found->count : is_unknown(status)) {
        status = PJ_ERESOLVE;
    }
    if (status != PJ_SUCCESS) {
        a->cb(status, a->token, NULL);
        return;
    }
    /* in their order, but those that live come first; those of the other kind of IP cannot be reached */
    v.count = 0;
    for (int dead = 0; dead < 2; dead++) {
        for (unsigned i = 0; i < found->count; i++) {
            if (found->entry[i].addr.addr.sa_family == a->ua->bound.addr.sa_family &&
                is_dead(a->ua, &found->entry[i].addr, found->entry[i].type) == (dead != 0)) {
                v.entry[v.count++] = found->entry[i];
            }
        }
    }
    if (!v.count) {
        a->cb(PJ_EAFNOTSUP, a->token, NULL);
        return;
    }
    choose_listener(a, v.entry[0].type);
    a->cb(PJ_SUCCESS, a->token, &v);
}

bool sip_is_address(const pj_str_t *host)
{
    pj_in6_addr addr;

    return pj_inet_pton(pj_AF_INET(), host, &addr) == PJ_SUCCESS ||
           pj_inet_pton(pj_AF_INET6(), host, &addr) == PJ_SUCCESS;
}

static void resolve(pjsip_resolver_t *resolver, pj_pool_t *pool, const pjsip_host_info *target, void *token,
                    pjsip_resolver_callback *cb)
{
    struct sip_ua *ua = sip_the();
    struct asked *a = ua ? pj_pool_alloc(pool, sizeof(*a)) : NULL;

    (void)resolver;
    if (!a) {
        cb(PJ_ENOMEM, token, NULL);
        return;
    }
    a->ua = ua;
    a->token = token;
    a->cb = cb;
    if (ua->by_system && !sip_is_address(&target->addr.host)) {
        pj_status_t status = sip_names_ask(ua, target, a, on_resolved);

        if (status != PJ_SUCCESS) {
            cb(status, token, NULL);
        }
        return;
    }
    pjsip_resolve(ua->names, pool, target, a, on_resolved);
}

void sip_net_look(struct sip_ua *ua, pj_pool_t *pool, const pjsip_host_info *target, void *token,
                  pjsip_resolver_callback *cb)
{
    pj_status_t status;

    if (!ua->by_system) {
        pjsip_resolve(ua->names, pool, target, token, cb);
        return;
    }
    status = sip_names_ask(ua, target, token, cb);
    if (status != PJ_SUCCESS) {
        cb(status, token, NULL);
    }
}

static bool set_nameservers(struct sip_ua *ua, pj_dns_resolver *dns)
{
    pj_str_t serverv[PJ_ARRAY_SIZE(ua->conf->nameserverv)];
    pj_uint16_t portv[PJ_ARRAY_SIZE(serverv)];
    unsigned count = 0;

    for (unsigned i = 0; i < PJ_ARRAY_SIZE(serverv) && ua->conf->nameserverv[i]; i++) {
        pj_str_t text = sip_str(ua->pool, ua->conf->nameserverv[i]);
        char buf[PJ_INET6_ADDRSTRLEN];
        pj_sockaddr addr;

        if (pj_sockaddr_parse(pj_AF_UNSPEC(), 0, &text, &addr) != PJ_SUCCESS) {
            platform_log(PLATFORM_LOG_ERROR, "sip: \"%s\" is not the address of a name server", text.ptr);
            continue;
        }
        portv[count] = pj_sockaddr_get_port(&addr) ? pj_sockaddr_get_port(&addr) : DNS_PORT;
        serverv[count++] = sip_str(ua->pool, pj_sockaddr_print(&addr, buf, sizeof(buf), 0));
    }
    return count && pj_dns_resolver_set_ns(dns, count, serverv, portv) == PJ_SUCCESS;
}

static void start_names(struct sip_ua *ua)
{
    static pjsip_ext_resolver own = {resolve};
    pj_dns_resolver *dns = NULL;

    if (pjsip_resolver_create(ua->pool, &ua->names) != PJ_SUCCESS) {
        return;
    }
    ua->by_system = true;
    if (ua->conf->nameserverv[0]) {
        if (pjsip_endpt_create_resolver(ua->endpt, &dns) == PJ_SUCCESS && set_nameservers(ua, dns)) {
            (void)pjsip_resolver_set_resolver(ua->names, dns);
            ua->by_system = false;
        } else {
            platform_log(PLATFORM_LOG_ERROR, "sip: no name server can be asked; the system's resolver is");
            if (dns) {
                (void)pj_dns_resolver_destroy(dns, PJ_FALSE);
            }
        }
    }
    (void)pjsip_endpt_set_ext_resolver(ua->endpt, &own);
}

/* ---- certificates ------------------------------------------------------------------------------------------------ */

/* What is wrong with it, the gravest first. */
static void verify_text(const struct sip_ua *ua, pj_uint32_t verify, char *text, size_t size)
{
    static const char clock[] = ": see its dates and this machine's clock";
    static const struct {
        pj_uint32_t bits; /* all of them */
        bool trusted;     /* what follows is whom we trust */
        const char *text;
    } v[] = {{PJ_SSL_CERT_EREVOKED, false, "it has been revoked"},
             {PJ_SSL_CERT_EISSUER_MISMATCH, false, "who issued it is not who it says"},
             {PJ_SSL_CERT_EUNTRUSTED | SIP_CERT_ITSELF, true, "it is signed by itself alone, and is none"},
             {PJ_SSL_CERT_EUNTRUSTED, true, "it does not come from a certificate"},
             {PJ_SSL_CERT_EISSUER_NOT_FOUND, true, "it does not come from a certificate"},
             {PJ_SSL_CERT_EVALIDITY_PERIOD | SIP_CERT_EXPIRED, false, "it has expired"},
             {PJ_SSL_CERT_EVALIDITY_PERIOD | SIP_CERT_EARLY, false, "it is not valid yet"},
             {PJ_SSL_CERT_EVALIDITY_PERIOD, false, "one that it comes from has expired, or is not valid yet"},
             {PJ_SSL_CERT_EIDENTITY_NOT_MATCH, false, "it is for another host name"},
             {PJ_SSL_CERT_EINVALID_PURPOSE, false, "it is not meant for a server"},
             {PJ_SSL_CERT_ECHAIN_TOO_LONG, true, "there are too many between it and one"},
             {PJ_SSL_CERT_ECRL_FAILURE, false, "the list of revoked ones cannot be used"},
             {PJ_SSL_CERT_EINVALID_FORMAT, false, "it makes no sense"}};

    for (size_t i = 0; i < PJ_ARRAY_SIZE(v); i++) {
        if ((verify & v[i].bits) == v[i].bits) {
            (void)snprintf(text, size, "%s%s", v[i].text,
                           v[i].trusted ? (ua->conf->ca_file ? " in ca_file" : " that this system trusts")
                           : v[i].bits & PJ_SSL_CERT_EVALIDITY_PERIOD ? clock
                                                                      : "");
            return;
        }
    }
    (void)snprintf(text, size, "it cannot be checked");
}

static void remember_certificate(struct sip_ua *ua, const pj_str_t *host, pj_uint32_t verify)
{
    struct sip_certificate *c = NULL;
    char text[120];

    for (uint32_t i = 0; i < SIP_CERTIFICATES_MAX && !c; i++) {
        c = pj_stricmp2(host, ua->certificatev[i].host) ? NULL : &ua->certificatev[i];
    }
    if (!c) {
        c = &ua->certificatev[ua->certificate_next];
        ua->certificate_next = (ua->certificate_next + 1) % SIP_CERTIFICATES_MAX;
        (void)snprintf(c->host, sizeof(c->host), "%.*s", (int)host->slen, host->ptr);
        c->verify = 0;
    }
    if (c->verify != verify && !ua->conf->probe) { /* it may be a call that fails, and no registration */
        verify_text(ua, verify, text, sizeof(text));
        platform_log(PLATFORM_LOG_INFO, "sip: the certificate of %s is not trusted: %s", c->host, text);
    }
    c->verify = verify;
}

/* Of the host of "host" or "host:port". */
static void certificate_text(const struct sip_ua *ua, const char *where, char *text, size_t size)
{
    bool v6 = *where == '[';
    pj_str_t host;

    where += v6 ? 1 : 0;
    host.ptr = (char *)(uintptr_t)where;
    host.slen = (pj_ssize_t)strcspn(where, v6 ? "]" : ":");
    for (uint32_t i = 0; i < SIP_CERTIFICATES_MAX; i++) {
        const struct sip_certificate *c = &ua->certificatev[i];

        if (c->verify && !pj_stricmp2(&host, c->host)) {
            verify_text(ua, c->verify, text, size);
            return;
        }
    }
    (void)snprintf(text, size, "it is not trusted");
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

static pjsip_tp_state_callback next_state;

static void on_transport(pjsip_transport *tp, pjsip_transport_state state, const pjsip_transport_state_info *info)
{
    struct sip_ua *ua = sip_the();

    if (next_state) {
        next_state(tp, state, info);
    }
    if (!ua || state != PJSIP_TP_STATE_DISCONNECTED) {
        return;
    }
    if (info && info->status == PJSIP_TLS_ECERTVERIF && info->ext_info) {
        const pjsip_tls_state_info *tls = info->ext_info;

        remember_certificate(ua, &tp->remote_name.host,
                             tls->ssl_sock_info->verify_status | sip_certs_fault(tls->ssl_sock_info->remote_cert_info));
    }
    if (!(tp->flag & PJSIP_TRANSPORT_DATAGRAM)) {
        sip_accounts_cut(ua, tp);
    }
}

/* ---- words ------------------------------------------------------------------------------------------------------- */

static bool in_use(pj_status_t status)
{
    return status == PJ_STATUS_FROM_OS(EADDRINUSE) || status == PJ_STATUS_FROM_OS(WINDOWS_INUSE);
}

void sip_net_trouble(struct sip_ua *ua, enum sip_transport transport, enum sip_fault fault, const char *text)
{
    struct sip_trouble *t = &ua->troublev[transport];

    if (!ua->conf->probe && strcmp(t->text, text) != 0) { /* once is enough, however often it is tried */
        platform_log(PLATFORM_LOG_ERROR, "sip: %s", text);
    }
    t->fault = fault;
    (void)snprintf(t->text, sizeof(t->text), "%s", text);
}

void sip_net_cannot(struct sip_ua *ua, enum sip_transport transport, uint32_t port, pj_status_t status)
{
    static const char *const namev[SIP_TRANSPORTS] = {"UDP", "TCP", "TLS"};
    char text[sizeof(ua->troublev[0].text)], buf[PJ_ERR_MSG_SIZE];

    if (in_use(status)) {
        (void)snprintf(text, sizeof(text), "%s port %lu of this machine is in use by another program", namev[transport],
                       (unsigned long)port);
    } else {
        (void)snprintf(text, sizeof(text), "%s port %lu of this machine cannot be used: %s", namev[transport],
                       (unsigned long)port, sip_error_text(status, buf, sizeof(buf)));
    }
    sip_net_trouble(ua, transport, in_use(status) ? SIP_FAULT_PORT : SIP_FAULT_SETTING, text);
}

static bool is_text_of(const pj_str_t *text, pj_status_t status)
{
    char buf[PJ_ERR_MSG_SIZE];
    const char *own = sip_error_text(status, buf, sizeof(buf));

    return text->slen >= (pj_ssize_t)strlen(own) && !memcmp(text->ptr, own, strlen(own));
}

enum sip_fault sip_net_why(const struct sip_account *acc, const char *where, const struct pjsip_regc_cbparam *p,
                           char *text, size_t size)
{
    const struct sip_account_conf *c = acc->conf;
    const char *user = c->auth_user ? c->auth_user : c->user;
    char buf[PJ_ERR_MSG_SIZE];

    if ((p->code == 401 || p->code == 407) && !acc->credc) {
        (void)snprintf(text, size, "%s wants a password, and the account has none", where);
        return SIP_FAULT_PASSWORD;
    }
    if (p->status == PJSIP_EFAILEDCREDENTIAL || p->code == 401 || p->code == 407) {
        (void)snprintf(text, size, "%s does not accept user name and password of %s", where, user);
        return SIP_FAULT_PASSWORD;
    }
    if (p->rdata) {
        (void)snprintf(text, size, "%s answers %d %.*s", where, p->code, (int)PJ_MIN(p->reason.slen, 80),
                       p->reason.ptr);
        return SIP_FAULT_REFUSED;
    }
    if (p->status == PJ_SUCCESS &&
        (p->code == 408 || p->code == PJSIP_SC_TSX_TIMEOUT || is_text_of(&p->reason, PJ_ETIMEDOUT) ||
         is_text_of(&p->reason, PJ_STATUS_FROM_OS(ETIMEDOUT)) ||
         is_text_of(&p->reason, PJ_STATUS_FROM_OS(WINDOWS_TIMEDOUT)))) {
        (void)snprintf(text, size, "%s does not answer", where);
        return SIP_FAULT_SILENT;
    }
    if (p->status == PJ_ERESOLVE || (p->status == PJ_SUCCESS && p->code == PJSIP_SC_BAD_GATEWAY)) {
        (void)snprintf(text, size, "there is no host %s", where);
        return SIP_FAULT_HOST;
    }
    if (p->status == PJ_SUCCESS && is_text_of(&p->reason, PJSIP_TLS_ECERTVERIF)) {
        char wrong[120];

        certificate_text(acc->x->ua, where, wrong, sizeof(wrong));
        (void)snprintf(text, size, "the certificate of %s is not trusted: %s", where, wrong);
        return SIP_FAULT_CERTIFICATE;
    }
    if (p->status == PJ_SUCCESS && is_text_of(&p->reason, PJLIB_UTIL_EDNSNOWORKINGNS)) {
        (void)snprintf(text, size, "%s cannot be reached: no name server answers", where);
    } else if (c->transport == SIP_TLS && p->status == PJ_SUCCESS && p->reason.slen > 13 &&
               !memcmp(p->reason.ptr, "Unknown error", 13)) {
        /* OpenSSL's own, which PJSIP has no words for */
        (void)snprintf(text, size, "%s cannot be reached: it does not speak TLS, or no version that is known here",
                       where);
    } else if (p->status != PJ_SUCCESS) {
        (void)snprintf(text, size, "%s cannot be reached: %s", where, sip_error_text(p->status, buf, sizeof(buf)));
    } else {
        (void)snprintf(text, size, "%s cannot be reached: %.*s", where, (int)PJ_MIN(p->reason.slen, 120),
                       p->reason.ptr);
    }
    return SIP_FAULT_UNREACHABLE;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

void sip_net_start(struct sip_ua *ua)
{
    pjsip_tpmgr *mgr = pjsip_endpt_get_tpmgr(ua->endpt);

    start_names(ua);
    next_state = pjsip_tpmgr_get_state_cb(mgr);
    (void)pjsip_tpmgr_set_state_cb(mgr, on_transport);
}

void sip_net_stop(struct sip_ua *ua)
{
    sip_names_stop(ua);
    if (ua->names) {
        pjsip_resolver_destroy(ua->names);
        ua->names = NULL;
    }
}
