/* Accounts: registration, the line's service, messages waiting. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <stdio.h>
#include <string.h>

enum {
    MOVES_MAX = 10,
    EXPIRES_S = 300,
    EXPIRES_MAX_S = 604800,
    SPARE_MS = 500,
    RETRY_MS = 5000,
    RETRY_DOUBLE_MAX = 6,
    MWI_EXPIRES_S = 3600,
    MWI_AGAIN_MS = 1000,
    MWI_RETRY_MS = 600000
};

static struct sip_ua *ua_of(const struct sip_account *acc)
{
    return acc->x->ua;
}

static void say(struct sip_account *acc, enum sip_fault fault, const char *text)
{
    uint32_t service = SESSION_STATUS_CONNECTED;

    if (acc->leaving) {
        return;
    }
    if (acc->registered || (!acc->conf->do_register && acc->contact.slen)) {
        service |= SESSION_STATUS_INSERVICE;
    }
    if (acc->messages) {
        service |= SESSION_STATUS_MSGWAIT;
    }
    sip_line_say(acc->x, acc->conf->line, service, fault, text);
}

/* ---- accounts by line and number --------------------------------------------------------------------------------- */

struct sip_account *sip_account_of_line(struct sip_ua *ua, uint32_t line)
{
    return (struct sip_account *)(void *)sip_line_account(ua->x, line);
}

/* They are in order of that. */
static uint32_t place_of(const struct sip_ua *ua, uint32_t index)
{
    uint32_t low = 0, high = ua->accountc;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (ua->accountv[middle]->index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct sip_account *sip_account_of_index(struct sip_ua *ua, uint32_t index)
{
    uint32_t at = place_of(ua, index);

    return at < ua->accountc && ua->accountv[at]->index == index ? ua->accountv[at] : NULL;
}

/* ---- messages waiting -------------------------------------------------------------------------------------------- */

static struct sip_account *account_of_sub(pjsip_evsub *sub)
{
    return pjsip_evsub_get_mod_data(sub, sip_mod());
}

void sip_mwi_notified(struct sip_account *acc, const pjsip_rx_data *rdata)
{
    static const char key[] = "Messages-Waiting";
    const pjsip_msg_body *body = rdata->msg_info.msg->body;
    const char *at = body ? body->data : NULL, *end = at ? at + body->len : NULL;
    pj_str_t value;

    if (!at || pj_stricmp2(&body->content_type.subtype, "simple-message-summary") != 0 || body->len <= sizeof(key) ||
        pj_strnicmp2(&(pj_str_t){(char *)(uintptr_t)at, sizeof(key)}, key, sizeof(key) - 1) != 0) {
        return; /* what begins otherwise is no such body: RFC 3842, 5.2 */
    }
    for (at += sizeof(key) - 1; at < end && (*at == ' ' || *at == '\t' || *at == ':'); at++) {
    }
    value.ptr = (char *)(uintptr_t)at;
    while (at < end && pj_isalpha((unsigned char)*at)) {
        at++;
    }
    value.slen = at - value.ptr;
    if (!pj_stricmp2(&value, "yes") || !pj_stricmp2(&value, "no")) {
        acc->messages = value.slen == 3;
        say(acc, SIP_FAULT_NONE, NULL);
    }
}

static void on_mwi_state(pjsip_evsub *sub, pjsip_event *event)
{
    struct sip_account *acc = account_of_sub(sub);
    const pj_str_t *reason = pjsip_evsub_get_termination_reason(sub);

    (void)event;
    if (acc && acc->mwi == sub && pjsip_evsub_get_state(sub) == PJSIP_EVSUB_STATE_TERMINATED) {
        /* RFC 6665, 4.1.3: those may be asked for again at once; but not for ever */
        bool soon = acc->mwi_heard && (!pj_stricmp2(reason, "deactivated") || !pj_stricmp2(reason, "timeout"));

        pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
        acc->mwi = NULL;
        acc->mwi_heard = false;
        if (!ua_of(acc)->leaving) {
            sip_schedule(ua_of(acc), &acc->mwi_retry, soon ? MWI_AGAIN_MS : MWI_RETRY_MS);
        }
    } else if (acc && acc->mwi == sub) {
        sip_roam_subscription(acc, sub, acc->mwi_dlg, &acc->mwi_contact);
    }
}

static void on_mwi_notify(pjsip_evsub *sub, pjsip_rx_data *rdata, int *code, pj_str_t **text, pjsip_hdr *headers,
                          pjsip_msg_body **body)
{
    struct sip_account *acc = account_of_sub(sub);

    (void)code;
    (void)text;
    (void)headers;
    (void)body;
    if (acc) {
        acc->mwi_heard = true;
        sip_mwi_notified(acc, rdata);
    }
}

static void subscribe_mwi(struct sip_account *acc)
{
    static pjsip_evsub_user cb;
    pjsip_dialog *dlg = NULL;
    pjsip_tx_data *tdata = NULL;

    cb.on_evsub_state = on_mwi_state;
    cb.on_rx_notify = on_mwi_notify;
    if (acc->mwi || pjsip_dlg_create_uac(pjsip_ua_instance(), &acc->id, &acc->contact, &acc->id, NULL, &dlg)) {
        return;
    }
    pjsip_dlg_inc_lock(dlg);
    if (acc->credc) {
        pjsip_auth_clt_set_credentials(&dlg->auth_sess, (int)acc->credc, &acc->cred);
    }
    if (!pj_list_empty(&acc->routes)) {
        pjsip_dlg_set_route_set(dlg, &acc->routes);
    }
    if (pjsip_mwi_create_uac(dlg, &cb, PJSIP_EVSUB_NO_EVENT_ID, &acc->mwi) == PJ_SUCCESS) {
        pjsip_evsub_set_mod_data(acc->mwi, sip_mod(), acc);
        acc->mwi_dlg = dlg;
        acc->mwi_contact = acc->contact;
        if (pjsip_mwi_initiate(acc->mwi, MWI_EXPIRES_S, &tdata) || pjsip_mwi_send_request(acc->mwi, tdata)) {
            if (acc->mwi) {
                pjsip_mwi_terminate(acc->mwi, PJ_FALSE);
            }
            acc->mwi = NULL;
        }
    }
    pjsip_dlg_dec_lock(dlg);
}

static void on_mwi_retry(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_account *acc = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (acc->registered) {
        subscribe_mwi(acc);
    }
}

/* ---- registration ------------------------------------------------------------------------------------------------ */

static void register_more(struct sip_ua *ua);

static void wait_turn(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);

    acc->waiting = true;
    acc->next_waiting = NULL;
    if (ua->waiting_last) {
        ua->waiting_last->next_waiting = acc;
    } else {
        ua->waiting_first = acc;
    }
    ua->waiting_last = acc;
}

void sip_account_again(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);

    if (acc->waiting || ua->leaving) {
        return;
    }
    sip_unschedule(ua, &acc->retry);
    wait_turn(acc);
    register_more(ua);
}

static void on_retry(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_account *acc = entry->user_data;

    (void)heap;
    entry->id = 0;
    sip_roam_look(ua_of(acc)); /* it may have registered again in there */
    if (!acc->retry.id && !acc->sent) {
        sip_account_again(acc);
    }
}

void sip_accounts_cut(struct sip_ua *ua, const pjsip_transport *tp)
{
    if (ua->leaving) {
        return;
    }
    for (uint32_t i = 0; i < ua->accountc; i++) {
        struct sip_account *acc = ua->accountv[i];
        pjsip_regc_info info;

        if (acc->registered && acc->conf->transport != SIP_UDP && acc->regc &&
            pjsip_regc_get_info(acc->regc, &info) == PJ_SUCCESS && info.transport == tp) {
            sip_schedule(ua, &acc->retry, 0); /* PJSIP is in the middle of something */
        }
    }
}

/* After a failure: later and later, and not all at the same time. */
static void retry_later(struct sip_account *acc, uint32_t at_least_ms)
{
    uint32_t ms = acc->conf->retry_ms ? acc->conf->retry_ms : RETRY_MS;

    ms <<= acc->fails < RETRY_DOUBLE_MAX ? acc->fails : RETRY_DOUBLE_MAX;
    acc->fails++;
    if (ms < at_least_ms) {
        ms = at_least_ms;
    }
    sip_schedule(ua_of(acc), &acc->retry, ms + (uint32_t)pj_rand() % (ms / 4 + 1));
}

static const char *server_of(const struct sip_account *acc)
{
    const struct sip_account_conf *c = acc->conf;

    return c->registrarc ? c->registrarv[acc->server % c->registrarc] : c->domain;
}

/* Whom its requests go to first. */
static const char *first_hop(const struct sip_account *acc)
{
    return acc->conf->proxy ? acc->conf->proxy : server_of(acc);
}

static uint32_t retry_after_ms(const struct pjsip_regc_cbparam *p)
{
    const pjsip_retry_after_hdr *h =
        p->rdata ? pjsip_msg_find_hdr(p->rdata->msg_info.msg, PJSIP_H_RETRY_AFTER, NULL) : NULL;

    return h && h->ivalue > 0 && h->ivalue < 86400 ? (uint32_t)h->ivalue * 1000 : 0;
}

/* Counts what the window is for: first attempts and retries, not refreshes. */
static void sent(struct sip_account *acc, bool on)
{
    if (acc->sent != on) {
        acc->sent = on;
        ua_of(acc)->registering += on ? 1u : UINT32_MAX;
    }
}

/* The next server is asked from now on. False: there is none, or it is not the server's fault. */
static bool next_server(struct sip_account *acc, const struct pjsip_regc_cbparam *p)
{
    bool dead =
        p->code == 408 || p->code / 100 == 5 || (p->status != PJ_SUCCESS && p->status != PJSIP_EFAILEDCREDENTIAL);

    if (!dead) {
        return false;
    }
    /* another of the same name */
    if (acc->tdata && sip_net_failed(ua_of(acc), acc->tdata, retry_after_ms(p)) &&
        ++acc->tried < acc->tdata->dest_info.addr.count) {
        return true;
    }
    acc->tried = 0;
    if (acc->conf->registrarc < 2) {
        return false;
    }
    acc->server++;
    if (acc->regc) {
        (void)pjsip_regc_destroy(acc->regc);
        acc->regc = NULL;
    }
    return acc->server % acc->conf->registrarc != 0; /* after a whole round it waits */
}

/* A connection that swallows what it is given is not used again. */
static void give_up_connection(struct sip_account *acc)
{
    pjsip_regc_info info;

    if (acc->conf->transport != SIP_UDP && acc->regc && pjsip_regc_get_info(acc->regc, &info) == PJ_SUCCESS &&
        info.transport && !info.transport->is_shutdown) {
        (void)pjsip_transport_shutdown(info.transport);
    }
}

/* Before it ends, with time to ask twice if the first is lost, and not all at the same time. */
static void refresh_later(struct sip_account *acc, uint32_t granted_s)
{
    uint32_t s = granted_s == PJSIP_REGC_EXPIRATION_NOT_SPECIFIED ? acc->conf->expires : granted_s;
    uint32_t ms, after;

    if (!s) {
        s = EXPIRES_S;
    }
    ms = (s > EXPIRES_MAX_S ? EXPIRES_MAX_S : s) * 1000;
    after = ms / 10 * 8 + (uint32_t)pj_rand() % (ms / 10);
    sip_schedule(ua_of(acc), &acc->retry, after < ms - SPARE_MS ? after : ms - SPARE_MS);
}

/* The server sees us elsewhere than we think we are: that is where others reach us. True: it is to be told. */
static bool moved(struct sip_account *acc, const pjsip_rx_data *rdata)
{
    const pjsip_via_hdr *via = rdata->msg_info.via;
    struct sip_ua *ua = ua_of(acc);
    const pjsip_host_port *own = &ua->publishedv[SIP_UDP];
    char text[SIP_URI_MAX];
    pj_str_t contact;
    bool v6;

    acc->server_addr = rdata->pkt_info.src_addr;
    acc->server_addr_len = rdata->pkt_info.src_addr_len;
    if (acc->conf->transport != SIP_UDP || !via || !via->recvd_param.slen || via->rport_param <= 0) {
        return false;
    }
    acc->behind_nat = pj_stricmp(&via->recvd_param, &own->host) || via->rport_param != own->port;
    v6 = pj_memchr(via->recvd_param.ptr, ':', (pj_size_t)via->recvd_param.slen) != NULL;
    (void)snprintf(text, sizeof(text), "<sip:%s@%s%.*s%s:%d>", acc->conf->user, v6 ? "[" : "",
                   (int)via->recvd_param.slen, via->recvd_param.ptr, v6 ? "]" : "", via->rport_param);
    contact = pj_str(text);
    if (!pj_stricmp(&contact, &acc->contact) || acc->moves >= MOVES_MAX) {
        return false;
    }
    acc->moves++;
    acc->contact = sip_str(acc->pool, text);
    return pjsip_regc_update_contact(acc->regc, 1, &acc->contact) == PJ_SUCCESS;
}

static void let_go(struct sip_account *acc)
{
    if (acc->tdata) {
        pjsip_tx_data_dec_ref(acc->tdata);
        acc->tdata = NULL;
    }
}

/* An account that leaves takes its leave of the server as soon as it can, once. */
static void say_farewell(struct sip_account *acc)
{
    pjsip_tx_data *tdata = NULL;

    if (!acc->registered || acc->sent || acc->farewell || !acc->regc) {
        return;
    }
    acc->registered = false;
    acc->farewell = true;
    if (pjsip_regc_unregister(acc->regc, &tdata) == PJ_SUCCESS) {
        sent(acc, true);
        if (pjsip_regc_send(acc->regc, tdata) != PJ_SUCCESS) {
            sent(acc, false);
        }
    }
}

static void on_registered(struct pjsip_regc_cbparam *p)
{
    struct sip_account *acc = p->token;
    struct sip_ua *ua = ua_of(acc);
    bool was = acc->registered;

    sent(acc, false);
    if (ua->leaving) {
        return;
    }
    if (acc->leaving) {
        acc->registered = !acc->farewell && p->status == PJ_SUCCESS && p->code / 100 == 2;
        say_farewell(acc);
        register_more(ua);
        return;
    }
    acc->registered = p->status == PJ_SUCCESS && p->code / 100 == 2;
    sip_line_registered(acc->x, acc->conf->line,
                        !acc->registered                                       ? 0
                        : p->expiration != PJSIP_REGC_EXPIRATION_NOT_SPECIFIED ? p->expiration
                                                                               : EXPIRES_S);
    if (acc->registered) {
        acc->fails = acc->tried = 0;
        sip_known_registered(acc);
        refresh_later(acc, p->expiration);
        if ((p->rdata && moved(acc, p->rdata)) || acc->again) {
            acc->again = false;
            sip_account_again(acc);
        } else {
            sip_roam_subscriptions(acc);
        }
        sip_alive_start(acc);
        if (!was) {
            platform_log(PLATFORM_LOG_INFO, "sip: %s@%s is registered", acc->conf->user, acc->conf->domain);
        }
        say(acc, SIP_FAULT_NONE, "");
        if (acc->conf->mwi && !acc->mwi && !acc->mwi_retry.id) {
            subscribe_mwi(acc);
        }
        sip_monitors_begin(acc);
    } else {
        char text[300];
        enum sip_fault fault = sip_net_why(acc, first_hop(acc), p, text, sizeof(text));

        bool half_open = !p->rdata && p->code == 408 && was && acc->conf->transport != SIP_UDP;

        if (!p->rdata && p->code == 408) {
            give_up_connection(acc);
        }
        if (half_open || next_server(acc, p)) {
            platform_log(PLATFORM_LOG_INFO, "sip: %s@%s asks once more, or another server: %s", acc->conf->user,
                         acc->conf->domain, text);
            sip_account_again(acc);
        } else {
            if (was || acc->fails == 0) {
                platform_log(PLATFORM_LOG_WARNING, "sip: %s@%s is not registered: %s", acc->conf->user,
                             acc->conf->domain, text);
            }
            say(acc, fault, text);
            retry_later(acc, retry_after_ms(p));
        }
    }
    if (acc->tdata && !acc->sent) {
        let_go(acc);
    }
    register_more(ua);
}

static pj_status_t make_regc(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);
    char uri[SIP_URI_MAX];
    pj_str_t server;
    pj_status_t status = pjsip_regc_create(ua->endpt, acc, on_registered, &acc->regc);

    if (status != PJ_SUCCESS) {
        acc->regc = NULL;
        return status;
    }
    (void)snprintf(uri, sizeof(uri), "sip:%s%s", server_of(acc), sip_transport_param(acc->conf->transport));
    server = pj_str(uri);
    status = pjsip_regc_init(acc->regc, &server, &acc->id, &acc->id, 1, &acc->contact,
                             acc->conf->expires ? acc->conf->expires : EXPIRES_S);
    if (status == PJ_SUCCESS && acc->credc) {
        status = pjsip_regc_set_credentials(acc->regc, (int)acc->credc, &acc->cred);
    }
    if (status == PJ_SUCCESS && !pj_list_empty(&acc->routes)) {
        status = pjsip_regc_set_route_set(acc->regc, &acc->routes);
    }
    if (status != PJ_SUCCESS) {
        pjsip_regc_destroy(acc->regc);
        acc->regc = NULL;
    }
    return status;
}

static pj_status_t send_register(struct sip_account *acc)
{
    pjsip_tx_data *tdata = NULL;
    pj_status_t status = acc->regc ? PJ_SUCCESS : make_regc(acc);

    if (status == PJ_SUCCESS) {
        status = pjsip_regc_register(acc->regc, PJ_FALSE, &tdata);
    }
    if (status == PJ_SUCCESS) {
        let_go(acc);
        acc->tdata = tdata;
        pjsip_tx_data_add_ref(tdata);
        status = pjsip_regc_send(acc->regc, tdata);
    }
    return status;
}

/* As many at once as the window has room for: each answer makes room for the next. */
static void register_more(struct sip_ua *ua)
{
    while (ua->waiting_first && ua->registering < SIP_REGISTER_WINDOW) {
        struct sip_account *acc = ua->waiting_first;
        pj_status_t status;

        ua->waiting_first = acc->next_waiting;
        if (!ua->waiting_first) {
            ua->waiting_last = NULL;
        }
        acc->waiting = false;
        sent(acc, true);
        status = send_register(acc);
        if (status == PJSIP_EBUSY) {
            sent(acc, false); /* a refresh of its own is under way, and comes back as well */
        } else if (status != PJ_SUCCESS && acc->sent) {
            char buf[PJ_ERR_MSG_SIZE];

            sent(acc, false);
            acc->registered = false;
            (void)sip_error_text(status, buf, sizeof(buf));
            if (!acc->fails) {
                platform_log(PLATFORM_LOG_WARNING, "sip: %s@%s cannot be registered: %s", acc->conf->user,
                             acc->conf->domain, buf);
            }
            retry_later(acc, 0);
            say(acc, SIP_FAULT_SETTING, buf);
        }
    }
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static const char *keep(pj_pool_t *pool, const char *text)
{
    pj_str_t s = sip_str(pool, text);

    return s.ptr;
}

/* Everything of `from` as our own; the caller's may go when sip_alloc returns. */
static const struct sip_account_conf *keep_conf(pj_pool_t *pool, const struct sip_account_conf *from)
{
    struct sip_account_conf *c = pj_pool_alloc(pool, sizeof(*c));
    const char **addressv = pj_pool_calloc(pool, from->addressc + 1, sizeof(char *));

    *c = *from;
    c->user = keep(pool, from->user);
    c->domain = keep(pool, from->domain);
    c->auth_user = keep(pool, from->auth_user);
    c->password = keep(pool, from->password);
    c->proxy = keep(pool, from->proxy);
    c->name = keep(pool, from->name);
    c->conference = keep(pool, from->conference);
    for (int i = 0; i < SIP_CODES; i++) {
        c->codev[i] = keep(pool, from->codev[i]);
    }
    for (uint32_t i = 0; i < from->addressc; i++) {
        addressv[i] = keep(pool, from->addressv[i]);
    }
    if (!from->addressc) {
        addressv[0] = c->user;
        c->addressc = 1;
    }
    c->addressv = addressv;
    addressv = pj_pool_calloc(pool, from->registrarc + 1, sizeof(char *));
    for (uint32_t i = 0; i < from->registrarc; i++) {
        addressv[i] = keep(pool, from->registrarv[i]);
    }
    c->registrarv = addressv;
    addressv = pj_pool_calloc(pool, from->watchc + 1, sizeof(char *));
    for (uint32_t i = 0; i < from->watchc; i++) {
        addressv[i] = keep(pool, from->watchv[i]);
    }
    c->watchv = addressv;
    return c;
}

static void make_texts(struct sip_ua *ua, struct sip_account *acc)
{
    const struct sip_account_conf *c = acc->conf;
    const pjsip_host_port *at = &ua->publishedv[c->transport];
    char text[SIP_URI_MAX], name[2 * SESSION_NAME_MAX + 3] = "";
    const char *colon = strchr(c->domain, ':');
    size_t n = 0;
    bool v6 = pj_memchr(at->host.ptr ? at->host.ptr : "", ':', (pj_size_t)at->host.slen) != NULL;

    if (c->name && *c->name) {
        name[n++] = '"';
        for (const char *p = c->name; *p && n + 4 < sizeof(name); p++) {
            if (*p == '"' || *p == '\\') {
                name[n++] = '\\';
            }
            name[n++] = *p;
        }
        name[n++] = '"';
        name[n++] = ' ';
        name[n] = '\0';
    }
    (void)snprintf(text, sizeof(text), "%s<sip:%s@%s>", name, c->user, c->domain);
    acc->id = sip_str(acc->pool, text);
    acc->domain = sip_str(acc->pool, c->domain);
    if (colon && !strchr(colon + 1, ':')) {
        acc->domain.slen = colon - c->domain;
    } else if (*c->domain == '[' && strchr(c->domain, ']')) {
        acc->domain.ptr++;
        acc->domain.slen = strchr(c->domain, ']') - c->domain - 1;
    }
    if (at->host.slen) {
        (void)snprintf(text, sizeof(text), "<sip:%s@%s%.*s%s:%d%s>", c->user, v6 ? "[" : "", (int)at->host.slen,
                       at->host.ptr, v6 ? "]" : "", at->port, sip_transport_param(c->transport));
        acc->contact = sip_str(acc->pool, text);
    }
}

static bool make_account(struct sip_ua *ua, struct sip_account *acc)
{
    const struct sip_account_conf *c = acc->conf;

    pj_list_init(&acc->routes);
    pj_timer_entry_init(&acc->retry, 0, acc, on_retry);
    pj_timer_entry_init(&acc->alive, 0, acc, sip_alive_timer);
    pj_timer_entry_init(&acc->mwi_retry, 0, acc, on_mwi_retry);
    make_texts(ua, acc);
    if (c->password) {
        acc->credc = 1;
        acc->cred.realm = sip_str(acc->pool, "*");
        acc->cred.scheme = sip_str(acc->pool, "digest");
        acc->cred.username = sip_str(acc->pool, c->auth_user ? c->auth_user : c->user);
        acc->cred.data_type = PJSIP_CRED_DATA_PLAIN_PASSWD;
        acc->cred.data = sip_str(acc->pool, c->password);
    }
    if (c->proxy) {
        static const pj_str_t route_name = {(char *)(uintptr_t) "Route", 5};
        char text[SIP_URI_MAX];
        pjsip_route_hdr *route;
        pj_str_t s;

        (void)snprintf(text, sizeof(text), "<sip:%s%s;lr>", c->proxy, sip_transport_param(c->transport));
        s = sip_str(acc->pool, text);
        route = pjsip_parse_hdr(acc->pool, &route_name, s.ptr, (pj_size_t)s.slen, NULL);
        if (!route) {
            platform_log(PLATFORM_LOG_ERROR, "sip: \"%s\" is no proxy", c->proxy);
            return false;
        }
        pj_list_push_back(&acc->routes, route);
    }
    return true;
}

/* Another one of that name takes its leave of the server just now: it would take ours along. */
static bool is_after_another(const struct sip_account *acc)
{
    for (const struct sip_account *o = ua_of(acc)->leaving_accounts; o; o = o->next_leaving) {
        if (o->sent && !strcmp(o->conf->user, acc->conf->user) && !strcmp(o->conf->domain, acc->conf->domain)) {
            return true;
        }
    }
    return false;
}

/* There is a transport for it. */
static void begin(struct sip_account *acc)
{
    if (!acc->conf->do_register) {
        acc->told = acc->contact;
        say(acc, SIP_FAULT_NONE, "");
        sip_monitors_begin(acc);
        return;
    }
    say(acc, SIP_FAULT_NONE, "not registered yet");
    acc->after_another = is_after_another(acc);
    if (acc->after_another) {
        ua_of(acc)->after_another++;
    } else {
        wait_turn(acc);
    }
}

void sip_account_moved(struct sip_account *acc)
{
    if (!acc->contact.slen || acc->useless) {
        return;
    }
    acc->moves = 0;
    make_texts(ua_of(acc), acc);
    if (!acc->conf->do_register) {
        sip_roam_subscriptions(acc);
        return;
    }
    if (acc->after_another) {
        return;
    }
    if (acc->regc) {
        (void)pjsip_regc_update_contact(acc->regc, 1, &acc->contact);
        give_up_connection(acc); /* it was made from where we are no more */
        (void)pjsip_regc_release_transport(acc->regc);
    }
    acc->again = acc->sent; /* the one under way says where we were */
    if (!acc->sent) {
        sip_account_again(acc);
    }
}

void sip_accounts_begin(struct sip_ua *ua, enum sip_transport transport)
{
    for (uint32_t i = 0; i < ua->accountc; i++) {
        struct sip_account *acc = ua->accountv[i];

        if (acc->conf->transport == transport && !acc->contact.slen && !acc->useless) {
            make_texts(ua, acc);
            begin(acc);
        }
    }
    register_more(ua);
}

/* Room for `count` of them. */
static bool room(struct sip_ua *ua, uint32_t count)
{
    uint32_t cap = ua->account_cap ? ua->account_cap : 8;
    struct sip_account **v;

    if (count <= ua->account_cap) {
        return true;
    }
    while (cap < count) {
        cap *= 2;
    }
    v = sip_zalloc(ua->x, cap * sizeof(*v));
    if (!v) {
        return false;
    }
    if (ua->accountc) {
        memcpy(v, ua->accountv, ua->accountc * sizeof(*v));
    }
    sip_release(ua->x, ua->accountv);
    ua->accountv = v;
    ua->account_cap = cap;
    return true;
}

/* Its password, before its memory is given back. PJSIP has copies of its own where it registers and in dialogs. */
static void forget(struct sip_account *acc)
{
    if (acc->conf->password) {
        platform_wipe((char *)(uintptr_t)acc->conf->password, strlen(acc->conf->password));
        platform_wipe(acc->cred.data.ptr, (size_t)acc->cred.data.slen);
    }
}

/* Begins an account, all of which lies in `pool`. NULL: no memory, or its line has gone. */
static struct sip_account *make(struct sip_ua *ua, pj_pool_t *pool, const struct sip_account_conf *conf,
                                uint32_t serial)
{
    struct sip_account *acc = room(ua, ua->accountc + 1) ? pj_pool_zalloc(pool, sizeof(*acc)) : NULL;
    const struct sip_trouble *trouble = &ua->troublev[conf->transport];

    if (!acc) {
        return NULL;
    }
    acc->pool = pool;
    acc->x = ua->x;
    acc->index = ua->account_index++;
    acc->conf = keep_conf(pool, conf);
    acc->useless = !make_account(ua, acc);
    if (!sip_monitors_make(acc)) {
        forget(acc);
        return NULL;
    }
    if ((!acc->useless && !sip_numbers_add(ua, acc)) || !sip_line_has(ua->x, conf->line, serial, &acc->gone)) {
        sip_numbers_remove(ua, acc);
        forget(acc);
        return NULL;
    }
    ua->accountv[ua->accountc++] = acc;
    if (acc->useless) {
        acc->contact.slen = 0;
        say(acc, SIP_FAULT_SETTING, "its proxy makes no sense");
    } else if (!acc->contact.slen) {
        say(acc, trouble->fault, trouble->text);
    } else {
        begin(acc);
    }
    return acc;
}

bool sip_accounts_start(struct sip_ua *ua)
{
    uint32_t numbers = 0;

    for (uint32_t i = 0; i < ua->conf->accountc; i++) {
        numbers += ua->conf->accountv[i].addressc + 1;
    }
    if (!sip_numbers_room(ua, numbers) || !room(ua, ua->conf->accountc)) {
        return false;
    }
    for (uint32_t i = 0; i < ua->conf->accountc; i++) {
        if (!make(ua, ua->pool, &ua->conf->accountv[i], 0)) {
            return false;
        }
    }
    register_more(ua);
    return true;
}

static void unschedule(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);

    sip_unschedule(ua, &acc->retry);
    sip_unschedule(ua, &acc->mwi_retry);
    sip_unschedule(ua, &acc->alive);
}

void sip_accounts_leave(struct sip_ua *ua)
{
    ua->waiting_first = ua->waiting_last = NULL;
    for (uint32_t i = 0; i < ua->accountc; i++) {
        unschedule(ua->accountv[i]);
        sip_monitors_end(ua->accountv[i]);
        say_farewell(ua->accountv[i]);
    }
}

bool sip_accounts_left(const struct sip_ua *ua)
{
    return ua->registering == 0;
}

/* ---- come and go while calls go on ------------------------------------------------------------------------------- */

static void end_mwi(struct sip_account *acc)
{
    pjsip_evsub *sub = acc->mwi;

    acc->mwi = NULL;
    if (sub) {
        pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
        pjsip_mwi_terminate(sub, PJ_FALSE);
    }
}

static void free_account(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);

    unschedule(acc);
    sip_monitors_end(acc);
    end_mwi(acc);
    let_go(acc);
    if (acc->regc) {
        (void)pjsip_regc_destroy2(acc->regc, PJ_TRUE);
        acc->regc = NULL;
    }
    forget(acc);
    if (acc->pool != ua->pool) {
        pjsip_endpt_release_pool(ua->endpt, acc->pool);
    }
}

void sip_accounts_free(struct sip_ua *ua)
{
    while (ua->accountc) {
        free_account(ua->accountv[--ua->accountc]);
    }
    while (ua->leaving_accounts) {
        struct sip_account *acc = ua->leaving_accounts;

        ua->leaving_accounts = acc->next_leaving;
        free_account(acc);
    }
    sip_release(ua->x, ua->accountv);
    ua->accountv = NULL;
}

static void stop_waiting(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);
    struct sip_account *last = NULL;

    for (struct sip_account **at = &ua->waiting_first; *at;) {
        if (*at == acc) {
            *at = acc->next_waiting;
        } else {
            last = *at;
            at = &(*at)->next_waiting;
        }
    }
    ua->waiting_last = last;
    acc->waiting = false;
}

/* Nobody calls it any more; it goes when its calls have, and the server knows. */
static void leave(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);
    uint32_t at = place_of(ua, acc->index);

    platform_log(PLATFORM_LOG_INFO, "sip: %s@%s is no account any more", acc->conf->user, acc->conf->domain);
    if (acc->waiting) {
        stop_waiting(acc);
    }
    ua->after_another -= acc->after_another;
    acc->after_another = false;
    acc->leaving = true;
    memmove(&ua->accountv[at], &ua->accountv[at + 1], (--ua->accountc - at) * sizeof(*ua->accountv));
    acc->next_leaving = ua->leaving_accounts;
    ua->leaving_accounts = acc;
    if (!acc->useless) {
        sip_numbers_remove(ua, acc);
    }
    unschedule(acc);
    sip_monitors_end(acc);
    sip_completions_end(ua, acc);
    end_mwi(acc);
    say_farewell(acc);
}

void sip_accounts_gone(struct sip_ua *ua)
{
    struct sip_gone *all = sip_gone_take(ua->x), *next;
    struct sip_account **at = &ua->leaving_accounts;

    for (; all; all = next) {
        next = all->next;
        leave((struct sip_account *)(void *)all);
    }
    while (*at) {
        struct sip_account *acc = *at;

        if (acc->sent || acc->calls || acc->sides) {
            at = &acc->next_leaving;
        } else {
            *at = acc->next_leaving;
            free_account(acc);
        }
    }
    for (uint32_t i = 0; ua->after_another && i < ua->accountc; i++) {
        struct sip_account *acc = ua->accountv[i];

        if (acc->after_another && !is_after_another(acc)) {
            acc->after_another = false;
            ua->after_another--;
            sip_account_again(acc);
        }
    }
}

void sip_account_come(struct sip_ua *ua, struct sip_command *c)
{
    pj_pool_t *pool = c->cmd.on && !ua->leaving ? pjsip_endpt_create_pool(ua->endpt, "account", 2000, 1000) : NULL;

    sip_accounts_gone(ua); /* who had the line before */
    if (pool) {
        sip_transport_want(ua, c->account->transport);
        if (!make(ua, pool, c->account, c->step)) {
            pjsip_endpt_release_pool(ua->endpt, pool);
        }
    }
    sip_command_free(ua->x, c);
    register_more(ua);
}
