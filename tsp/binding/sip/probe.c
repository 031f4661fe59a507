/* An account tried once: a REGISTER of its own, so that what came of it is known exactly. SPDX-License-Identifier: MIT
 */
#include "tsp/binding/sip/probe.h"

#include "tsp/binding/sip/ua.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    PROBE_TRIES = 4, /* challenges that are answered */
    PROBE_EXPIRES = 300,
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
};

/* ---- naming ------------------------------------------------------------------------------------------------------ */

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

static void say_fault(struct sip_probe *p, enum sip_fault fault, const char *text)
{
    static const enum sip_outcome outcomev[] = {
        [SIP_FAULT_NONE] = SIP_OUTCOME_FAILED,     [SIP_FAULT_PASSWORD] = SIP_OUTCOME_PASSWORD,
        [SIP_FAULT_HOST] = SIP_OUTCOME_HOST,       [SIP_FAULT_CERTIFICATE] = SIP_OUTCOME_CERTIFICATE,
        [SIP_FAULT_PORT] = SIP_OUTCOME_PORT,       [SIP_FAULT_SILENT] = SIP_OUTCOME_SILENT,
        [SIP_FAULT_REFUSED] = SIP_OUTCOME_REFUSED, [SIP_FAULT_UNREACHABLE] = SIP_OUTCOME_UNREACHABLE,
        [SIP_FAULT_SETTING] = SIP_OUTCOME_FAILED};

    say(p, outcomev[fault], "%s", text);
}

/* There is no transport for it. */
static void say_local(struct sip_probe *p)
{
    const struct sip_trouble *t = &p->ua->troublev[p->acc->conf->transport];

    /* an own certificate is no server's */
    say_fault(p, t->fault == SIP_FAULT_CERTIFICATE ? SIP_FAULT_SETTING : t->fault,
              t->text[0] ? t->text : "the address of this machine, or the proxy, makes no sense");
}

/* As the registration of a line says it. */
static void say_answer(struct sip_probe *p, pj_status_t status, int code, const pj_str_t *reason, pjsip_rx_data *rdata)
{
    static const pj_str_t none = {(char *)(uintptr_t) "", 0};
    struct pjsip_regc_cbparam answer = {
        .status = status, .code = code, .reason = reason ? *reason : none, .rdata = rdata};
    const struct sip_account_conf *c = p->acc->conf;
    char text[sizeof(p->result.text)];

    if (rdata && code == 403 && p->tries) { /* what some say of a password */
        say(p, SIP_OUTCOME_PASSWORD, "%s does not accept user name and password of %s (403 %.*s)", server_of(p),
            c->auth_user ? c->auth_user : c->user, (int)PJ_MIN(reason->slen, 80), reason->ptr);
        return;
    }
    say_fault(p, sip_net_why(p->acc, server_of(p), &answer, text, sizeof(text)), text);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static void ask(struct sip_probe *p);

static void on_answer(void *token, pjsip_event *event);

static void transmit(struct sip_probe *p, pjsip_tx_data *tdata)
{
    pj_status_t status = pjsip_endpt_send_request(p->ua->endpt, tdata, -1, p, on_answer);

    if (status != PJ_SUCCESS && p->leaving) {
        say(p, SIP_OUTCOME_OK, "registered with %s for %lu s", server_of(p), (unsigned long)p->result.expires);
    } else if (status != PJ_SUCCESS) {
        say_answer(p, status, 0, NULL, NULL);
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
    ask(p);
    return true;
}

static void challenged(struct sip_probe *p, pjsip_transaction *tsx, pjsip_rx_data *rdata)
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
    } else if (status == PJSIP_EINVALIDALGORITHM) {
        say(p, SIP_OUTCOME_REFUSED, "%s wants the password in a way that is not known here", server_of(p));
    } else {
        say_answer(p, PJ_SUCCESS, tsx->status_code, &tsx->status_text, rdata);
    }
}

static void on_answer(void *token, pjsip_event *event)
{
    struct sip_probe *p = token;
    pjsip_transaction *tsx = event->body.tsx_state.tsx;
    pjsip_rx_data *rdata = event->body.tsx_state.type == PJSIP_EVENT_RX_MSG ? event->body.tsx_state.src.rdata : NULL;
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
    } else {
        say_answer(p, PJ_SUCCESS, code, &tsx->status_text, rdata);
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
        say_answer(p, status, 0, NULL, NULL);
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

/* ---- life -------------------------------------------------------------------------------------------------------- */

void sip_probe_begin(struct sip_ua *ua, struct sip_probe *p)
{
    p->ua = ua;
    p->acc = ua->accountv[0];
    p->expires = p->acc->conf->expires ? p->acc->conf->expires : PROBE_EXPIRES;
    if (!p->acc->contact.slen) {
        say_local(p);
        return;
    }
    pj_create_unique_string(ua->pool, &p->call_id);
    if (pjsip_auth_clt_init(&p->auth, ua->endpt, ua->pool, 0) != PJ_SUCCESS ||
        (p->acc->credc && pjsip_auth_clt_set_credentials(&p->auth, (int)p->acc->credc, &p->acc->cred) != PJ_SUCCESS)) {
        say(p, SIP_OUTCOME_FAILED, "out of memory");
        return;
    }
    ask(p);
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
