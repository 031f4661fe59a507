/* An account tried once: a REGISTER of its own, so that what came of it is known exactly. SPDX-License-Identifier: MIT
 */
#include "tsp/binding/sip/probe.h"

#include "tsp/binding/sip/ua.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    PROBE_TRIES = 4, /* challenges that are answered */
    PROBE_EXPIRES = 300,
    WINDOWS_INUSE = 10048,
};

struct sip_probe {
    struct platform_event *event; /* set: the result is there */
    struct sip_result result;
    bool said;
    /* the back's */
    struct sip_ua *ua;
    struct sip_account *acc;
    uint32_t server, cseq, tries, expires;
    bool leaving; /* it was registered, and takes that back */
    pj_str_t call_id;
    pjsip_auth_clt_sess auth;
    bool check;         /* certificates */
    pj_uint32_t verify; /* what is wrong with the server's */
    pjsip_tp_state_callback next;
};

static struct sip_probe *probing; /* the binding is there once at most */

/* ---- naming
 * ---------------------------------------------------------------------------------------------------------- */

static const char *server_of(const struct sip_probe *p)
{
    const struct sip_account_conf *c = p->acc->conf;

    return c->registrarc ? c->registrarv[p->server] : c->domain;
}

static void say(struct sip_probe *p, enum sip_outcome outcome, const char *fmt, ...) PLATFORM_PRINTF(3, 4);

static void say(struct sip_probe *p, enum sip_outcome outcome, const char *fmt, ...)
{
    va_list ap;

    if (p->said) {
        return;
    }
    p->said = true;
    p->result.outcome = outcome;
    va_start(ap, fmt);
    (void)vsnprintf(p->result.text, sizeof(p->result.text), fmt, ap);
    va_end(ap);
    platform_event_set(p->event);
}

static bool in_use(pj_status_t status)
{
    return status == PJ_STATUS_FROM_OS(EADDRINUSE) || status == PJ_STATUS_FROM_OS(WINDOWS_INUSE);
}

/* There is no transport for it. */
static void say_local(struct sip_probe *p, pj_status_t status)
{
    static const char *const namev[SIP_TRANSPORTS] = {"UDP", "TCP", "TLS"};
    enum sip_transport transport = p->acc->conf->transport;
    const struct sip_conf *conf = p->ua->conf;
    unsigned port = transport == SIP_TLS ? conf->tls_port : conf->port;
    char buf[PJ_ERR_MSG_SIZE];

    if (in_use(status)) {
        say(p, SIP_OUTCOME_PORT, "%s port %u of this machine is in use by another program", namev[transport], port);
    } else {
        say(p, SIP_OUTCOME_FAILED, "%s port %u of this machine cannot be used: %s", namev[transport], port,
            status ? sip_error_text(status, buf, sizeof(buf)) : "the address or the proxy makes no sense");
    }
}

/* What is wrong with a certificate, the gravest first. */
static const char *verify_text(pj_uint32_t verify)
{
    static const struct {
        pj_uint32_t bit;
        const char *text;
    } v[] = {
        {PJ_SSL_CERT_EREVOKED, "it was revoked"},
        {PJ_SSL_CERT_EVALIDITY_PERIOD, "it has expired, or is not valid yet"},
        {PJ_SSL_CERT_EUNTRUSTED, "it does not come from a certificate in ca_file"},
        {PJ_SSL_CERT_EISSUER_NOT_FOUND, "it does not come from a certificate in ca_file"},
        {PJ_SSL_CERT_EISSUER_MISMATCH, "who issued it is not who it says"},
        {PJ_SSL_CERT_EIDENTITY_NOT_MATCH, "it is for another name"},
        {PJ_SSL_CERT_EINVALID_PURPOSE, "it is not for a server"},
        {PJ_SSL_CERT_ECHAIN_TOO_LONG, "there are too many between it and one in ca_file"},
        {PJ_SSL_CERT_ECRL_FAILURE, "the list of revoked ones cannot be used"},
        {PJ_SSL_CERT_EINVALID_FORMAT, "it cannot be read"},
    };

    for (size_t i = 0; i < PJ_ARRAY_SIZE(v); i++) {
        if (verify & v[i].bit) {
            return v[i].text;
        }
    }
    return "it cannot be checked";
}

static bool is_dns(pj_status_t status)
{
    return status == PJ_ERESOLVE || status == PJLIB_UTIL_EDNSNOANSWERREC || status == PJLIB_UTIL_EDNS_NXDOMAIN ||
           status == PJLIB_UTIL_EDNS_SERVFAIL || status == PJLIB_UTIL_EDNS_REFUSED;
}

static void say_status(struct sip_probe *p, pj_status_t status)
{
    char buf[PJ_ERR_MSG_SIZE];

    if (is_dns(status)) {
        say(p, SIP_OUTCOME_HOST, "there is no host %s", server_of(p));
    } else if (p->verify || status == PJSIP_TLS_ECERTVERIF) {
        say(p, SIP_OUTCOME_CERTIFICATE, "the certificate of %s is not trusted: %s", server_of(p),
            verify_text(p->verify));
    } else if (status >= PJSIP_TLS_ECACERT && status <= PJSIP_TLS_EKEYFILE) {
        say(p, SIP_OUTCOME_FAILED, "%s", sip_error_text(status, buf, sizeof(buf)));
    } else {
        say(p, SIP_OUTCOME_UNREACHABLE, "%s cannot be reached: %s", server_of(p),
            sip_error_text(status, buf, sizeof(buf)));
    }
}

static void say_code(struct sip_probe *p, int code, const pj_str_t *reason)
{
    const struct sip_account_conf *c = p->acc->conf;

    if (code == 408 || code == PJSIP_SC_TSX_TIMEOUT) {
        say(p, SIP_OUTCOME_SILENT, "%s does not answer", server_of(p));
    } else if ((code == 401 || code == 407 || code == 403) && p->tries) {
        say(p, SIP_OUTCOME_PASSWORD, "%s does not accept the password of %s (%d %.*s)", server_of(p),
            c->auth_user ? c->auth_user : c->user, code, (int)PJ_MIN(reason->slen, 80), reason->ptr);
    } else {
        say(p, SIP_OUTCOME_REFUSED, "%s answers %d %.*s", server_of(p), code, (int)PJ_MIN(reason->slen, 80),
            reason->ptr);
    }
}

/* ---- asking
 * ---------------------------------------------------------------------------------------------------------- */

static void ask(struct sip_probe *p);

static void on_answer(void *token, pjsip_event *event);

static void transmit(struct sip_probe *p, pjsip_tx_data *tdata)
{
    pj_status_t status = PJ_SUCCESS;

    /* PJSIP makes TLS connections from a listener that was named, and from no other */
    if (p->acc->conf->transport == SIP_TLS) {
        pjsip_tpselector sel;

        pj_bzero(&sel, sizeof(sel));
        sel.type = PJSIP_TPSELECTOR_LISTENER;
        sel.u.listener = p->ua->tls;
        status = pjsip_tx_data_set_transport(tdata, &sel);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_endpt_send_request(p->ua->endpt, tdata, -1, p, on_answer);
    }
    if (status != PJ_SUCCESS && p->leaving) {
        say(p, SIP_OUTCOME_OK, "registered with %s for %lu s", server_of(p), (unsigned long)p->result.expires);
    } else if (status != PJ_SUCCESS) {
        say_status(p, status);
    }
}

/* For how long an answer says that we are registered. */
static uint32_t granted(const struct sip_probe *p, const pjsip_rx_data *rdata)
{
    const pjsip_msg *msg = rdata->msg_info.msg;
    const pjsip_expires_hdr *expires = pjsip_msg_find_hdr(msg, PJSIP_H_EXPIRES, NULL);
    const pjsip_contact_hdr *contact = NULL;
    pj_int32_t value = expires ? (pj_int32_t)expires->ivalue : (pj_int32_t)p->expires;
    pjsip_uri *own =
        pjsip_parse_uri(rdata->tp_info.pool, p->acc->contact.ptr + 1, (pj_size_t)p->acc->contact.slen - 2, 0);

    while ((contact = pjsip_msg_find_hdr(msg, PJSIP_H_CONTACT, contact ? contact->next : NULL))) {
        bool ours = own && contact->uri &&
                    pjsip_uri_cmp(PJSIP_URI_IN_CONTACT_HDR, pjsip_uri_get_uri(contact->uri), own) == PJ_SUCCESS;

        if (ours && contact->expires != PJSIP_EXPIRES_NOT_SPECIFIED) {
            value = (pj_int32_t)contact->expires;
        }
    }
    return value < 0 ? 0 : (uint32_t)value;
}

/* The server does not answer at all: the next one might. */
static bool next_server(struct sip_probe *p, int code)
{
    if (p->server + 1 >= p->acc->conf->registrarc || (code != 408 && code != PJSIP_SC_TSX_TIMEOUT && code / 100 != 5)) {
        return false;
    }
    p->server++;
    p->tries = 0;
    p->verify = 0;
    ask(p);
    return true;
}

static void challenged(struct sip_probe *p, pjsip_transaction *tsx, const pjsip_rx_data *rdata)
{
    pjsip_tx_data *tdata = NULL;
    pj_status_t status = PJSIP_EFAILEDCREDENTIAL;

    if (p->tries < PROBE_TRIES) {
        status = pjsip_auth_clt_reinit_req(&p->auth, rdata, tsx->last_tx, &tdata);
    }
    if (status == PJ_SUCCESS) {
        p->tries++;
        p->cseq++;
        transmit(p, tdata);
    } else if (status == PJSIP_ENOCREDENTIAL && !p->acc->credc) {
        say(p, SIP_OUTCOME_PASSWORD, "%s wants a password, and the account has none", server_of(p));
    } else if (status == PJSIP_EINVALIDALGORITHM) {
        say(p, SIP_OUTCOME_REFUSED, "%s wants the password in a way that is not known here", server_of(p));
    } else if (p->tries) {
        say_code(p, tsx->status_code, &tsx->status_text);
    } else {
        say_status(p, status);
    }
}

static void on_answer(void *token, pjsip_event *event)
{
    struct sip_probe *p = token;
    pjsip_transaction *tsx = event->body.tsx_state.tsx;
    const pjsip_rx_data *rdata =
        event->body.tsx_state.type == PJSIP_EVENT_RX_MSG ? event->body.tsx_state.src.rdata : NULL;
    int code = tsx->status_code;

    if (p->said || p->ua->leaving) {
        return;
    }
    p->result.code = rdata ? (uint32_t)code : 0;
    if (rdata && (code == 401 || code == 407)) {
        challenged(p, tsx, rdata);
    } else if (p->leaving) {
        p->result.code = 200; /* what counts is that it was registered */
        say(p, SIP_OUTCOME_OK, "registered with %s for %lu s", server_of(p), (unsigned long)p->result.expires);
    } else if (rdata && code / 100 == 2) {
        p->result.expires = granted(p, rdata);
        p->leaving = true;
        p->tries = 0;
        ask(p);
    } else if (rdata && code == 423 && p->expires == (p->acc->conf->expires ? p->acc->conf->expires : PROBE_EXPIRES)) {
        const pjsip_min_expires_hdr *min = pjsip_msg_find_hdr(rdata->msg_info.msg, PJSIP_H_MIN_EXPIRES, NULL);

        p->expires = min && min->ivalue > 0 ? (uint32_t)min->ivalue : 3600;
        ask(p);
    } else if (next_server(p, code)) {
        return;
    } else if (!rdata && tsx->transport_err != PJ_SUCCESS) {
        say_status(p, tsx->transport_err);
    } else {
        say_code(p, code, &tsx->status_text);
    }
}

static void ask(struct sip_probe *p)
{
    static const pjsip_method method = {PJSIP_REGISTER_METHOD, {(char *)(uintptr_t) "REGISTER", 8}};
    struct sip_account *acc = p->acc;
    pjsip_tx_data *tdata = NULL;
    char uri[SIP_URI_MAX];
    pjsip_hdr *expires;
    pj_str_t target;
    pj_status_t status;

    (void)snprintf(uri, sizeof(uri), "sip:%s%s", server_of(p), sip_transport_param(acc->conf->transport));
    target = pj_str(uri);
    status = pjsip_endpt_create_request(p->ua->endpt, &method, &target, &acc->id, &acc->id, &acc->contact, &p->call_id,
                                        (int)++p->cseq, NULL, &tdata);
    if (status != PJ_SUCCESS) {
        say_status(p, status);
        return;
    }
    for (pjsip_route_hdr *r = acc->routes.next; r != &acc->routes; r = r->next) {
        pjsip_msg_add_hdr(tdata->msg, pjsip_hdr_shallow_clone(tdata->pool, r));
    }
    expires = (pjsip_hdr *)pjsip_expires_hdr_create(tdata->pool, p->leaving ? 0 : p->expires);
    pjsip_msg_add_hdr(tdata->msg, expires);
    if (p->tries || p->leaving) {
        (void)pjsip_auth_clt_init_req(&p->auth, tdata);
    }
    transmit(p, tdata);
}

/* ---- life
 * ------------------------------------------------------------------------------------------------------------ */

static void on_transport(pjsip_transport *tp, pjsip_transport_state state, const pjsip_transport_state_info *info)
{
    struct sip_probe *p = probing;

    if (p && p->next) {
        p->next(tp, state, info);
    }
    if (p && info && info->ext_info && !pj_ansi_stricmp(tp->type_name, "TLS")) {
        const pjsip_tls_state_info *tls = info->ext_info;

        if (tls->ssl_sock_info) {
            p->verify = p->check ? tls->ssl_sock_info->verify_status : 0;
        }
    }
}

void sip_probe_begin(struct sip_ua *ua, struct sip_probe *p)
{
    pjsip_tpmgr *mgr = pjsip_endpt_get_tpmgr(ua->endpt);

    p->ua = ua;
    p->acc = &ua->accountv[0];
    p->check = ua->conf->verify;
    p->expires = p->acc->conf->expires ? p->acc->conf->expires : PROBE_EXPIRES;
    if (!p->acc->contact.slen) {
        say_local(p, ua->publishedv[p->acc->conf->transport].host.slen ? PJ_SUCCESS : ua->transport_err);
        return;
    }
    probing = p;
    p->next = pjsip_tpmgr_get_state_cb(mgr);
    (void)pjsip_tpmgr_set_state_cb(mgr, on_transport);
    pj_create_unique_string(ua->pool, &p->call_id);
    if (pjsip_auth_clt_init(&p->auth, ua->endpt, ua->pool, 0) != PJ_SUCCESS ||
        (p->acc->credc && pjsip_auth_clt_set_credentials(&p->auth, (int)p->acc->credc, &p->acc->cred) != PJ_SUCCESS)) {
        say(p, SIP_OUTCOME_FAILED, "out of memory");
        return;
    }
    ask(p);
}

void sip_probe_end(void)
{
    probing = NULL;
}

static void no_wake(void *arg)
{
    (void)arg;
}

enum session_err sip_probe(const struct sip_conf *conf, uint32_t limit_ms, struct sip_result *out)
{
    struct sip_probe p = {.event = NULL};
    struct sip_account_conf account;
    struct sip_conf own = *conf;
    struct binding *b = NULL;
    enum session_err err;

    memset(out, 0, sizeof(*out));
    if (!conf->accountc || limit_ms < 1000) {
        return SESSION_E_BADPARAM;
    }
    if (platform_event_alloc(&p.event)) {
        return SESSION_E_NOMEM;
    }
    account = conf->accountv[0];
    account.line = 0;
    account.do_register = account.mwi = false;
    own.accountv = &account;
    own.accountc = 1;
    memset(&own.mem, 0, sizeof(own.mem));
    own.wake = no_wake;
    own.t1_ms = limit_ms / 64; /* after 64 of them a request is given up */
    own.probe = &p;
    err = sip_alloc(&b, &own);
    if (!err) {
        /* PJSIP gives up by itself, but a name server may take its own time */
        (void)platform_event_wait(p.event, limit_ms > UINT32_MAX / 4 ? UINT32_MAX - 1 : 3 * limit_ms);
        b->ops->free(b);
        if (!p.said) {
            p.result.outcome = SIP_OUTCOME_SILENT;
            (void)snprintf(p.result.text, sizeof(p.result.text), "%s does not answer",
                           account.registrarc ? account.registrarv[0] : account.domain);
        }
        *out = p.result;
    }
    platform_event_free(p.event);
    return err;
}
