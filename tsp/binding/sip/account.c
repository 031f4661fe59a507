/* Accounts: registration, the line's service, messages waiting. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <stdio.h>
#include <string.h>

enum {
    MOVES_MAX = 10,
    EXPIRES_S = 300,
    EXPIRES_MAX_S = 604800,
    RETRY_MS = 5000,
    RETRY_DOUBLE_MAX = 6,
    MWI_EXPIRES_S = 3600,
    MWI_RETRY_MS = 600000
};

static struct sip_ua *ua_of(const struct sip_account *acc)
{
    return acc->x->ua;
}

static void say(struct sip_account *acc, enum sip_fault fault, const char *text)
{
    uint32_t service = SESSION_STATUS_CONNECTED;

    if (acc->registered || (!acc->conf->do_register && acc->contact.slen)) {
        service |= SESSION_STATUS_INSERVICE;
    }
    if (acc->messages) {
        service |= SESSION_STATUS_MSGWAIT;
    }
    sip_line_say(acc->x, acc->conf->line, service, fault, text);
}

/* ---- whose call ----------------------------------------------------------------------------------------------------
 */

static uint32_t hash_of(const char *text, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++) {
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    }
    return h;
}

static bool add_number(struct sip_ua *ua, struct sip_account *acc, uint32_t address, const char *text)
{
    struct sip_number *n = pj_pool_zalloc(ua->pool, sizeof(*n));
    uint32_t at = hash_of(text, strlen(text)) & ua->number_mask;

    if (!n) {
        return false;
    }
    n->account = acc;
    n->address = address;
    n->text = text;
    n->next = ua->numberv[at];
    ua->numberv[at] = n;
    return true;
}

struct sip_account *sip_account_called(struct sip_ua *ua, const pj_str_t *user, const pj_str_t *host, uint32_t *address)
{
    struct sip_account *found = NULL;

    for (struct sip_number *n = ua->numberv[hash_of(user->ptr, (size_t)user->slen) & ua->number_mask]; n; n = n->next) {
        bool here = !pj_strcmp2(user, n->text);

        /* the same name with two servers: where the call was sent to decides, else the first account */
        if (here && (!found || !pj_stricmp(host, &n->account->domain) ||
                     (n->account->index < found->index && pj_stricmp(host, &found->domain)))) {
            found = n->account;
            *address = n->address;
        }
    }
    return found;
}

struct sip_account *sip_account_of_line(struct sip_ua *ua, uint32_t line)
{
    struct sip *x = ua->x;

    return line < x->linec && x->linev[line].is_account ? &ua->accountv[x->linev[line].account] : NULL;
}

/* ---- messages waiting -------------------------------------------------------------------------------------------- */

static struct sip_account *account_of_sub(pjsip_evsub *sub)
{
    return pjsip_evsub_get_mod_data(sub, sip_mod());
}

void sip_mwi_notified(struct sip_account *acc, const pjsip_rx_data *rdata)
{
    const pjsip_msg_body *body = rdata->msg_info.msg->body;
    pj_str_t text, key = pj_str((char *)(uintptr_t) "Messages-Waiting:");
    const char *at;

    if (!body || !body->data || !body->len) {
        return;
    }
    text.ptr = body->data;
    text.slen = (pj_ssize_t)body->len;
    at = pj_stristr(&text, &key);
    if (!at) {
        return;
    }
    at += key.slen;
    while (at < text.ptr + text.slen && (*at == ' ' || *at == '\t')) {
        at++;
    }
    acc->messages = at < text.ptr + text.slen && (*at == 'y' || *at == 'Y');
    say(acc, SIP_FAULT_NONE, NULL);
}

static void on_mwi_state(pjsip_evsub *sub, pjsip_event *event)
{
    struct sip_account *acc = account_of_sub(sub);

    (void)event;
    if (acc && acc->mwi == sub && pjsip_evsub_get_state(sub) == PJSIP_EVSUB_STATE_TERMINATED) {
        pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
        acc->mwi = NULL;
        if (!ua_of(acc)->leaving) {
            sip_schedule(ua_of(acc), &acc->mwi_retry, MWI_RETRY_MS);
        }
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

void sip_account_again(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);

    if (acc->waiting || ua->leaving) {
        return;
    }
    sip_unschedule(ua, &acc->retry);
    acc->waiting = true;
    acc->next_waiting = NULL;
    if (ua->waiting_last) {
        ua->waiting_last->next_waiting = acc;
    } else {
        ua->waiting_first = acc;
    }
    ua->waiting_last = acc;
    register_more(ua);
}

static void on_retry(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    (void)heap;
    entry->id = 0;
    sip_account_again(entry->user_data);
}

void sip_accounts_cut(struct sip_ua *ua, const pjsip_transport *tp)
{
    if (ua->leaving) {
        return;
    }
    for (uint32_t i = 0; i < ua->accountc; i++) {
        struct sip_account *acc = &ua->accountv[i];
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

/* Before it ends, and not all at the same time. */
static void refresh_later(struct sip_account *acc, uint32_t granted_s)
{
    uint32_t s = granted_s == PJSIP_REGC_EXPIRATION_NOT_SPECIFIED ? acc->conf->expires : granted_s;
    uint32_t ms;

    if (!s) {
        s = EXPIRES_S;
    }
    ms = (s > EXPIRES_MAX_S ? EXPIRES_MAX_S : s) * 1000;
    sip_schedule(ua_of(acc), &acc->retry, ms / 10 * 8 + (uint32_t)pj_rand() % (ms / 10));
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
    acc->contact = sip_str(ua->pool, text);
    return pjsip_regc_update_contact(acc->regc, 1, &acc->contact) == PJ_SUCCESS;
}

static void let_go(struct sip_account *acc)
{
    if (acc->tdata) {
        pjsip_tx_data_dec_ref(acc->tdata);
        acc->tdata = NULL;
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
    acc->registered = p->status == PJ_SUCCESS && p->code / 100 == 2;
    sip_line_registered(acc->x, acc->conf->line, !acc->registered ? 0 : p->expiration != PJSIP_REGC_EXPIRATION_NOT_SPECIFIED ? p->expiration : EXPIRES_S);
    if (acc->registered) {
        acc->fails = acc->tried = 0;
        refresh_later(acc, p->expiration);
        if (p->rdata && moved(acc, p->rdata)) {
            sip_account_again(acc);
        }
        sip_alive_start(acc);
        if (!was) {
            platform_log(PLATFORM_LOG_INFO, "sip: %s@%s is registered", acc->conf->user, acc->conf->domain);
        }
        say(acc, SIP_FAULT_NONE, "");
        if (acc->conf->mwi && !acc->mwi && !acc->mwi_retry.id) {
            subscribe_mwi(acc);
        }
    } else {
        char text[300];
        enum sip_fault fault = sip_net_why(acc, first_hop(acc), p, text, sizeof(text));

        bool half_open = !p->rdata && p->code == 408 && was && acc->conf->transport != SIP_UDP;

        if (!p->rdata && p->code == 408) {
            give_up_connection(acc);
        }
        if (half_open || next_server(acc, p)) {
            platform_log(PLATFORM_LOG_INFO, "sip: %s@%s asks once more, or another server: %s", acc->conf->user, acc->conf->domain,
                         text);
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

static const char *keep(struct sip_ua *ua, const char *text)
{
    pj_str_t s = sip_str(ua->pool, text);

    return s.ptr;
}

/* Everything of `from` as our own; the caller's may go when sip_alloc returns. */
static const struct sip_account_conf *keep_conf(struct sip_ua *ua, const struct sip_account_conf *from)
{
    struct sip_account_conf *c = pj_pool_alloc(ua->pool, sizeof(*c));
    const char **addressv = pj_pool_calloc(ua->pool, from->addressc + 1, sizeof(char *));

    *c = *from;
    c->user = keep(ua, from->user);
    c->domain = keep(ua, from->domain);
    c->auth_user = keep(ua, from->auth_user);
    c->password = keep(ua, from->password);
    c->proxy = keep(ua, from->proxy);
    c->name = keep(ua, from->name);
    for (int i = 0; i < SIP_CODES; i++) {
        c->codev[i] = keep(ua, from->codev[i]);
    }
    for (uint32_t i = 0; i < from->addressc; i++) {
        addressv[i] = keep(ua, from->addressv[i]);
    }
    if (!from->addressc) {
        addressv[0] = c->user;
        c->addressc = 1;
    }
    c->addressv = addressv;
    addressv = pj_pool_calloc(ua->pool, from->registrarc + 1, sizeof(char *));
    for (uint32_t i = 0; i < from->registrarc; i++) {
        addressv[i] = keep(ua, from->registrarv[i]);
    }
    c->registrarv = addressv;
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
    acc->id = sip_str(ua->pool, text);
    acc->domain = sip_str(ua->pool, c->domain);
    if (colon && !strchr(colon + 1, ':')) {
        acc->domain.slen = colon - c->domain;
    } else if (*c->domain == '[' && strchr(c->domain, ']')) {
        acc->domain.ptr++;
        acc->domain.slen = strchr(c->domain, ']') - c->domain - 1;
    }
    if (at->host.slen) {
        (void)snprintf(text, sizeof(text), "<sip:%s@%s%.*s%s:%d%s>", c->user, v6 ? "[" : "", (int)at->host.slen,
                       at->host.ptr, v6 ? "]" : "", at->port, sip_transport_param(c->transport));
        acc->contact = sip_str(ua->pool, text);
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
        acc->cred.realm = sip_str(ua->pool, "*");
        acc->cred.scheme = sip_str(ua->pool, "digest");
        acc->cred.username = sip_str(ua->pool, c->auth_user ? c->auth_user : c->user);
        acc->cred.data_type = PJSIP_CRED_DATA_PLAIN_PASSWD;
        acc->cred.data = sip_str(ua->pool, c->password);
    }
    if (c->proxy) {
        static const pj_str_t route_name = {(char *)(uintptr_t) "Route", 5};
        char text[SIP_URI_MAX];
        pjsip_route_hdr *route;
        pj_str_t s;

        (void)snprintf(text, sizeof(text), "<sip:%s%s;lr>", c->proxy, sip_transport_param(c->transport));
        s = sip_str(ua->pool, text);
        route = pjsip_parse_hdr(ua->pool, &route_name, s.ptr, (pj_size_t)s.slen, NULL);
        if (!route) {
            platform_log(PLATFORM_LOG_ERROR, "sip: \"%s\" is no proxy", c->proxy);
            return false;
        }
        pj_list_push_back(&acc->routes, route);
    }
    return true;
}

/* There is a transport for it. */
static void begin(struct sip_account *acc)
{
    struct sip_ua *ua = ua_of(acc);

    if (!acc->conf->do_register) {
        say(acc, SIP_FAULT_NONE, "");
        return;
    }
    say(acc, SIP_FAULT_NONE, "not registered yet");
    acc->waiting = true;
    if (ua->waiting_last) {
        ua->waiting_last->next_waiting = acc;
    } else {
        ua->waiting_first = acc;
    }
    ua->waiting_last = acc;
}

void sip_accounts_begin(struct sip_ua *ua, enum sip_transport transport)
{
    for (uint32_t i = 0; i < ua->accountc; i++) {
        struct sip_account *acc = &ua->accountv[i];

        if (acc->conf->transport == transport && !acc->contact.slen && !acc->useless) {
            make_texts(ua, acc);
            begin(acc);
        }
    }
    register_more(ua);
}

bool sip_accounts_start(struct sip_ua *ua)
{
    uint32_t count = ua->conf->accountc, numbers = 0;

    for (uint32_t i = 0; i < count; i++) {
        numbers += ua->conf->accountv[i].addressc + 1;
    }
    ua->number_mask = 63;
    while (ua->number_mask < numbers * 2) {
        ua->number_mask = ua->number_mask * 2 + 1;
    }
    ua->numberv = pj_pool_calloc(ua->pool, ua->number_mask + 1, sizeof(struct sip_number *));
    ua->accountv = pj_pool_calloc(ua->pool, count + 1, sizeof(*ua->accountv));
    if (!ua->numberv || !ua->accountv) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct sip_account *acc = &ua->accountv[i];
        bool ok, own = false;

        acc->x = ua->x;
        acc->index = i;
        acc->conf = keep_conf(ua, &ua->conf->accountv[i]);
        ua->accountc++;
        ok = make_account(ua, acc);
        for (uint32_t k = 0; ok && k < acc->conf->addressc; k++) {
            own = own || !strcmp(acc->conf->addressv[k], acc->conf->user);
            if (!add_number(ua, acc, k, acc->conf->addressv[k])) {
                return false;
            }
        }
        /* its Contact says so: who is sent there, or replaces one of its calls, calls it by that */
        if (ok && !own && !add_number(ua, acc, 0, acc->conf->user)) {
            return false;
        }
        if (!ok) {
            acc->contact.slen = 0;
            acc->useless = true;
            say(acc, SIP_FAULT_SETTING, "its proxy makes no sense");
        } else if (!acc->contact.slen) {
            say(acc, ua->troublev[acc->conf->transport].fault, ua->troublev[acc->conf->transport].text);
        } else {
            begin(acc);
        }
    }
    register_more(ua);
    return true;
}

void sip_accounts_leave(struct sip_ua *ua)
{
    ua->waiting_first = ua->waiting_last = NULL;
    for (uint32_t i = 0; i < ua->accountc; i++) {
        struct sip_account *acc = &ua->accountv[i];
        pjsip_tx_data *tdata = NULL;

        sip_unschedule(ua, &acc->retry);
        sip_unschedule(ua, &acc->mwi_retry);
        sip_unschedule(ua, &acc->alive);
        if (acc->regc && acc->registered && pjsip_regc_unregister(acc->regc, &tdata) == PJ_SUCCESS) {
            sent(acc, true);
            if (pjsip_regc_send(acc->regc, tdata) != PJ_SUCCESS) {
                sent(acc, false);
            }
        }
    }
}

bool sip_accounts_left(const struct sip_ua *ua)
{
    return ua->registering == 0;
}

void sip_accounts_free(struct sip_ua *ua)
{
    for (uint32_t i = 0; i < ua->accountc; i++) {
        struct sip_account *acc = &ua->accountv[i];

        sip_unschedule(ua, &acc->retry);
        sip_unschedule(ua, &acc->mwi_retry);
        sip_unschedule(ua, &acc->alive);
        if (acc->mwi) {
            pjsip_evsub *sub = acc->mwi;

            acc->mwi = NULL;
            pjsip_evsub_set_mod_data(sub, sip_mod(), NULL);
            pjsip_mwi_terminate(sub, PJ_FALSE);
        }
        let_go(acc);
        if (acc->regc) {
            (void)pjsip_regc_destroy2(acc->regc, PJ_TRUE);
        }
    }
}
