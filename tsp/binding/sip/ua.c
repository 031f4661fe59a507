/* The binding's own thread: PJSIP's life, its transports, commands, requests that belong to no call.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/tls.h"
#include "tsp/binding/sip/trace.h"
#include "tsp/binding/sip/watch.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

/* PJSIP's modules are static objects, and their callbacks have no argument. */
static atomic_flag in_use = ATOMIC_FLAG_INIT;
static struct sip_ua *the;
static unsigned mod_id; /* stays while PJSIP ends what is left */

enum {
    CALL_MS = 100,
    AGAIN_MS = 30000,
    IDLE_S = 2000000,
    POOLS_MAX = 64 * 1024 * 1024,
    POOL_MIN = 1024,
    POOL_STEP = 4096
}; /* 23 days: as long as an int of milliseconds holds */

unsigned sip_mod(void)
{
    return mod_id;
}

struct sip_ua *sip_the(void)
{
    return the;
}

pj_str_t sip_str(pj_pool_t *pool, const char *text)
{
    pj_str_t s = {NULL, 0};

    if (text) {
        pj_strdup2_with_null(pool, &s, text);
    }
    return s;
}

void sip_schedule(struct sip_ua *ua, pj_timer_entry *entry, uint32_t ms)
{
    pj_time_val delay = {(long)(ms / 1000), (long)(ms % 1000)};

    sip_unschedule(ua, entry);
    if (pjsip_endpt_schedule_timer(ua->endpt, entry, &delay) == PJ_SUCCESS) {
        entry->id = 1;
    }
}

void sip_unschedule(struct sip_ua *ua, pj_timer_entry *entry)
{
    if (entry->id) {
        pjsip_endpt_cancel_timer(ua->endpt, entry);
        entry->id = 0;
    }
}

const char *sip_error_text(pj_status_t status, char *buf, size_t size)
{
    pj_str_t s = pj_strerror(status, buf, size);

    buf[PJ_MIN((size_t)s.slen, size - 1)] = '\0';
    return buf;
}

static void on_log(int level, const char *data, int len)
{
    const char *end = memchr(data, '\n', (size_t)len);

    /* what follows is a message, which may have keys in it */
    len = end ? (int)(end - data) : len;
    while (len > 0 && data[len - 1] == '\r') {
        len--;
    }
    platform_log(level <= 1 ? PLATFORM_LOG_INFO : PLATFORM_LOG_DEBUG, "sip: %.*s", len, data);
}

/* ---- waking ------------------------------------------------------------------------------------------------------ */

void sip_back_poke(struct sip *x)
{
    pj_ssize_t len = 1;

    (void)pj_sock_send(x->ua->wake_out, "", &len, 0);
}

static void listen_wake(struct sip_ua *ua)
{
    pj_ssize_t len = sizeof(ua->wake_buf);

    while (pj_ioqueue_recv(ua->wake_key, &ua->wake_op, ua->wake_buf, &len, 0) == PJ_SUCCESS) {
        len = sizeof(ua->wake_buf);
    }
}

static void on_wake(pj_ioqueue_key_t *key, pj_ioqueue_op_key_t *op, pj_ssize_t count)
{
    (void)op;
    (void)count;
    listen_wake(pj_ioqueue_get_user_data(key));
}

static pj_status_t open_loop(pj_sock_t *sock, pj_sockaddr_in *addr)
{
    pj_str_t host = pj_str((char *)(uintptr_t) "127.0.0.1");
    int len = sizeof(*addr);
    pj_status_t status = pj_sock_socket(pj_AF_INET(), pj_SOCK_DGRAM(), 0, sock);

    if (status == PJ_SUCCESS) {
        pj_sockaddr_in_init(addr, &host, 0);
        status = pj_sock_bind(*sock, addr, sizeof(*addr));
    }
    return status == PJ_SUCCESS ? pj_sock_getsockname(*sock, addr, &len) : status;
}

static pj_status_t make_wake(struct sip_ua *ua)
{
    pj_ioqueue_callback cb;
    pj_sockaddr_in in, out;
    pj_status_t status = open_loop(&ua->wake_in, &in);

    if (status == PJ_SUCCESS) {
        status = open_loop(&ua->wake_out, &out);
    }
    /* both ends know each other: nobody else can wake it */
    if (status == PJ_SUCCESS) {
        status = pj_sock_connect(ua->wake_out, &in, sizeof(in));
    }
    if (status == PJ_SUCCESS) {
        status = pj_sock_connect(ua->wake_in, &out, sizeof(out));
    }
    if (status != PJ_SUCCESS) {
        return status;
    }
    pj_bzero(&cb, sizeof(cb));
    cb.on_read_complete = on_wake;
    status =
        pj_ioqueue_register_sock(ua->pool, pjsip_endpt_get_ioqueue(ua->endpt), ua->wake_in, ua, &cb, &ua->wake_key);
    if (status == PJ_SUCCESS) {
        pj_ioqueue_op_key_init(&ua->wake_op, sizeof(ua->wake_op));
        listen_wake(ua);
    }
    return status;
}

/* ---- transports -------------------------------------------------------------------------------------------------- */

static pj_bool_t is_any(const pj_sockaddr *addr)
{
    static const pj_in6_addr zero;

    return addr->addr.sa_family == PJ_AF_INET ? addr->ipv4.sin_addr.s_addr == PJ_INADDR_ANY
                                              : !pj_memcmp(&addr->ipv6.sin6_addr, &zero, sizeof(zero));
}

/* Address that others reach us at. */
static pj_str_t published_host(struct sip_ua *ua)
{
    char buf[PJ_INET6_ADDRSTRLEN + 10];
    pj_sockaddr addr = ua->bound;

    if (ua->conf->publish) {
        return sip_str(ua->pool, ua->conf->publish);
    }
    if (is_any(&addr) && pj_gethostip(ua->bound.addr.sa_family, &addr) != PJ_SUCCESS) {
        pj_str_t loop = pj_str((char *)(uintptr_t) "127.0.0.1");

        pj_sockaddr_init(pj_AF_INET(), &addr, &loop, 0);
    }
    pj_sockaddr_print(&addr, buf, sizeof(buf), 0);
    return sip_str(ua->pool, buf);
}

static void start_udp(struct sip_ua *ua, const pj_str_t *host)
{
    pj_sockaddr addr = ua->bound;
    pj_sock_t sock = PJ_INVALID_SOCKET;
    int len = sizeof(addr);
    unsigned size = 4 * 1024 * 1024;
    bool v6 = addr.addr.sa_family == PJ_AF_INET6;
    pj_status_t status = pj_sock_socket(addr.addr.sa_family, pj_SOCK_DGRAM(), 0, &sock);

    pj_sockaddr_set_port(&addr, (pj_uint16_t)ua->conf->port);
    if (status == PJ_SUCCESS) {
        status = pj_sock_bind(sock, &addr, pj_sockaddr_get_len(&addr));
    }
    if (status == PJ_SUCCESS) {
        status = pj_sock_getsockname(sock, &addr, &len);
    }
    if (status == PJ_SUCCESS) {
        pjsip_host_port name = {*host, pj_sockaddr_get_port(&addr)};

        (void)pj_sock_setsockopt_sobuf(sock, pj_SO_RCVBUF(), PJ_TRUE, &size);
        status = pjsip_udp_transport_attach2(ua->endpt, v6 ? PJSIP_TRANSPORT_UDP6 : PJSIP_TRANSPORT_UDP, sock, &name, 1,
                                             &ua->udp);
        if (status == PJ_SUCCESS) {
            ua->publishedv[SIP_UDP] = name;
            ua->x->portv[SIP_UDP] = (uint16_t)name.port;
            return;
        }
    }
    if (sock != PJ_INVALID_SOCKET) {
        pj_sock_close(sock);
    }
    sip_net_cannot(ua, SIP_UDP, ua->conf->port, status);
}

static void start_tcp(struct sip_ua *ua, const pj_str_t *host)
{
    pjsip_tcp_transport_cfg cfg;
    pj_status_t status;

    pjsip_tcp_transport_cfg_default(&cfg, ua->bound.addr.sa_family);
    cfg.bind_addr = ua->bound;
    pj_sockaddr_set_port(&cfg.bind_addr, (pj_uint16_t)ua->conf->port);
    status = pjsip_tcp_transport_start3(ua->endpt, &cfg, &ua->tcp);
    if (status != PJ_SUCCESS) {
        sip_net_cannot(ua, SIP_TCP, ua->conf->port, status);
        return;
    }
    ua->publishedv[SIP_TCP].host = *host;
    ua->publishedv[SIP_TCP].port = ua->tcp->addr_name.port;
    ua->x->portv[SIP_TCP] = (uint16_t)ua->tcp->addr_name.port;
}

static void start_tls(struct sip_ua *ua, const pj_str_t *host)
{
    pjsip_tls_setting tls;
    char text[sizeof(ua->troublev[0].text)];
    pj_sockaddr addr = ua->bound;
    pj_status_t status;

    pjsip_tls_setting_default(&tls);
    if (!sip_certs_load(ua, &tls, text, sizeof(text))) {
        sip_net_trouble(ua, SIP_TLS, SIP_FAULT_CERTIFICATE, text);
        return;
    }
    tls.verify_server = ua->conf->verify;
    tls.timeout.sec = 10;
    pj_sockaddr_set_port(&addr, (pj_uint16_t)ua->conf->tls_port);
    status = pjsip_tls_transport_start2(ua->endpt, &tls, &addr, NULL, 1, &ua->tls);
    if (status != PJ_SUCCESS) {
        sip_net_cannot(ua, SIP_TLS, ua->conf->tls_port, status);
        return;
    }
    ua->publishedv[SIP_TLS].host = *host;
    ua->publishedv[SIP_TLS].port = ua->tls->addr_name.port;
    ua->x->portv[SIP_TLS] = (uint16_t)ua->tls->addr_name.port;
}

/* Those that are not there yet. False: one is missing still. */
static bool start_missing(struct sip_ua *ua)
{
    static void (*const startv[SIP_TRANSPORTS])(struct sip_ua *, const pj_str_t *) = {start_udp, start_tcp, start_tls};
    pj_str_t host = published_host(ua);
    bool all = true;

    for (uint32_t t = 0; t < SIP_TRANSPORTS; t++) {
        if (ua->wantedv[t] && !ua->publishedv[t].host.slen) {
            startv[t](ua, &host);
            all = all && ua->publishedv[t].host.slen;
            if (ua->publishedv[t].host.slen && ua->accountv) {
                if (ua->troublev[t].text[0]) {
                    platform_log(PLATFORM_LOG_INFO, "sip: its port can be used now");
                }
                sip_accounts_begin(ua, (enum sip_transport)t);
            }
        }
    }
    return all;
}

/* A port that another program has given up, an address that has come, a file that has been put right. */
static void on_again(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_ua *ua = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (!ua->leaving && !start_missing(ua)) {
        sip_schedule(ua, entry, AGAIN_MS);
    }
}

void sip_transport_want(struct sip_ua *ua, enum sip_transport transport)
{
    if (!ua->wantedv[transport]) {
        ua->wantedv[transport] = true;
        if (!start_missing(ua) && !ua->again.id) {
            sip_schedule(ua, &ua->again, AGAIN_MS);
        }
    }
}

static const char *kept(struct sip_ua *ua, const char *text)
{
    return sip_str(ua->pool, text).ptr;
}

static void start_transports(struct sip_ua *ua)
{
    pj_str_t host = sip_str(ua->pool, ua->conf->bind);

    ua->wantedv[SIP_UDP] = true;
    for (uint32_t i = 0; i < ua->conf->accountc; i++) {
        ua->wantedv[ua->conf->accountv[i].transport] = true;
    }
    pj_timer_entry_init(&ua->again, 0, ua, on_again);
    if (pj_sockaddr_init(pj_memchr(host.ptr ? host.ptr : "", ':', (pj_size_t)host.slen) ? pj_AF_INET6() : pj_AF_INET(),
                         &ua->bound, host.slen ? &host : NULL, 0) != PJ_SUCCESS) {
        char text[sizeof(ua->troublev[0].text)];

        (void)snprintf(text, sizeof(text), "\"%.100s\" is no address of this machine", ua->conf->bind);
        for (uint32_t t = 0; t < SIP_TRANSPORTS; t++) {
            sip_net_trouble(ua, (enum sip_transport)t, SIP_FAULT_SETTING, text);
        }
        return;
    }
    sip_roam_start(ua);
    if (!start_missing(ua)) {
        sip_schedule(ua, &ua->again, AGAIN_MS);
    }
}

/* The caller's settings go when it has started. */
static void keep_settings(struct sip_ua *ua)
{
    const struct sip_conf *from = ua->conf;

    ua->kept = *from;
    ua->kept.bind = kept(ua, from->bind);
    ua->kept.publish = kept(ua, from->publish);
    ua->kept.stun = kept(ua, from->stun);
    ua->kept.ca_file = kept(ua, from->ca_file);
    ua->kept.cert_file = kept(ua, from->cert_file);
    ua->kept.key_file = kept(ua, from->key_file);
    memset(ua->kept.nameserverv, 0, sizeof(ua->kept.nameserverv));
    ua->kept.accountc = 0;
    ua->kept.accountv = NULL;
    ua->conf = &ua->kept;
}

/* ---- requests of no call ----------------------------------------------------------------------------------------- */

static bool is_method(const pjsip_rx_data *rdata, const char *name)
{
    return !pj_stricmp2(&rdata->msg_info.msg->line.req.method.name, name);
}

/* Who that is will be known soon. */
static void later(struct sip_ua *ua, pjsip_rx_data *rdata)
{
    pjsip_hdr list;

    pj_list_init(&list);
    pj_list_push_back(&list, pjsip_retry_after_hdr_create(rdata->tp_info.pool, 1));
    pjsip_endpt_respond_stateless(ua->endpt, rdata, PJSIP_SC_TEMPORARILY_UNAVAILABLE, NULL, &list, NULL);
}

/* RFC 3842, 4.1: messages are told of although nobody has asked; anybody else could light the lamp. */
static void notified(struct sip_ua *ua, pjsip_rx_data *rdata)
{
    static const pj_str_t event_name = {(char *)(uintptr_t) "Event", 5};
    const pjsip_event_hdr *event = pjsip_msg_find_hdr_by_name(rdata->msg_info.msg, &event_name, NULL);
    const pjsip_sip_uri *to = pjsip_uri_get_uri(rdata->msg_info.to->uri);
    struct sip_account *acc = NULL;
    uint32_t address;

    if (PJSIP_URI_SCHEME_IS_SIP(to) || PJSIP_URI_SCHEME_IS_SIPS(to)) {
        acc = sip_account_called(ua, &to->user, &to->host, &address);
    }
    if (!event || pj_stricmp2(&event->event_type, "message-summary") || !acc) {
        pjsip_endpt_respond_stateless(ua->endpt, rdata, PJSIP_SC_BAD_EVENT, NULL, NULL, NULL);
        return;
    }
    switch (sip_account_knows(acc, &rdata->pkt_info.src_addr)) {
    case SIP_KNOWN:
        pjsip_endpt_respond(ua->endpt, NULL, rdata, 200, NULL, NULL, NULL, NULL);
        sip_mwi_notified(acc, rdata);
        break;
    case SIP_KNOWN_LATER:
        later(ua, rdata);
        break;
    case SIP_STRANGER:
        if (!acc->strange) {
            platform_log(PLATFORM_LOG_WARNING,
                         "sip: %s tells %s@%s of messages, but is not its server: that is refused",
                         rdata->pkt_info.src_name, acc->conf->user, acc->conf->domain);
        }
        acc->strange = true;
        pjsip_endpt_respond_stateless(ua->endpt, rdata, PJSIP_SC_FORBIDDEN, NULL, NULL, NULL);
        break;
    }
}

static pj_bool_t on_rx_request(pjsip_rx_data *rdata)
{
    pjsip_method_e id = rdata->msg_info.msg->line.req.method.id;

    if (!the || id == PJSIP_ACK_METHOD) {
        return PJ_FALSE;
    }
    if (id == PJSIP_INVITE_METHOD) {
        return sip_call_incoming(the, rdata);
    }
    if (id == PJSIP_OPTIONS_METHOD) {
        pjsip_hdr list;
        const pjsip_hdr *allow = pjsip_endpt_get_capability(the->endpt, PJSIP_H_ALLOW, NULL);

        pj_list_init(&list);
        if (allow) {
            pj_list_push_back(&list, pjsip_hdr_clone(rdata->tp_info.pool, allow));
        }
        pjsip_endpt_respond_stateless(the->endpt, rdata, 200, NULL, &list, NULL);
        return PJ_TRUE;
    }
    if (is_method(rdata, "NOTIFY")) {
        notified(the, rdata);
        return PJ_TRUE;
    }
    if (id == PJSIP_BYE_METHOD || id == PJSIP_CANCEL_METHOD || rdata->msg_info.to->tag.slen) {
        pjsip_endpt_respond_stateless(the->endpt, rdata, PJSIP_SC_CALL_TSX_DOES_NOT_EXIST, NULL, NULL, NULL);
        return PJ_TRUE;
    }
    pjsip_endpt_respond_stateless(the->endpt, rdata, PJSIP_SC_METHOD_NOT_ALLOWED, NULL, NULL, NULL);
    return PJ_TRUE;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static pj_status_t start_modules(struct sip_ua *ua)
{
    pjsip_inv_callback cb;
    pjsip_ua_init_param param = {.on_dlg_forked = sip_forked};
    static const pj_str_t info = {(char *)(uintptr_t) "INFO", 4};
    pj_status_t status = pjsip_tsx_layer_init_module(ua->endpt);

    if (status == PJ_SUCCESS) {
        status = sip_sane_begin(ua);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_ua_init_module(ua->endpt, &param);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_evsub_init_module(ua->endpt);
    }
    if (status == PJ_SUCCESS) {
        sip_inv_callbacks(&cb);
        status = pjsip_inv_usage_init(ua->endpt, &cb);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_100rel_init_module(ua->endpt);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_timer_init_module(ua->endpt);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_replaces_init_module(ua->endpt);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_xfer_init_module(ua->endpt);
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_mwi_init_module(ua->endpt, pjsip_evsub_instance());
    }
    if (status == PJ_SUCCESS) {
        status = pjsip_endpt_add_capability(ua->endpt, NULL, PJSIP_H_ALLOW, NULL, 1, &info);
    }
    ua->module.name = (pj_str_t){(char *)(uintptr_t) "sessiontsp", 10};
    ua->module.id = -1;
    ua->module.priority = PJSIP_MOD_PRIORITY_APPLICATION;
    ua->module.on_rx_request = on_rx_request;
    if (status == PJ_SUCCESS) {
        status = pjsip_endpt_register_module(ua->endpt, &ua->module);
        mod_id = (unsigned)ua->module.id;
    }
    if (status == PJ_SUCCESS) {
        status = sip_watch_start(ua);
    }
    return status;
}

static pj_pool_t *(*create_pool)(pj_pool_factory *, const char *, pj_size_t, pj_size_t, pj_pool_callback *);

/* Many pools of PJSIP grow by 256 or 512 bytes: a call has dozens of blocks then, each allocated and freed. The first
 * block of a pool is kept for the next one of its size: those of a call that lives have all in it. */
static pj_pool_t *create_roomy(pj_pool_factory *factory, const char *name, pj_size_t initial, pj_size_t increment,
                               pj_pool_callback *callback)
{
    static const struct {
        const char *name;
        pj_size_t initial;
    } roomv[] = {{"inv", 8192}, {"rtp", 16384}};

    for (size_t i = 0; name && i < sizeof(roomv) / sizeof(roomv[0]); i++) {
        if (!strncmp(name, roomv[i].name, 3)) {
            initial = PJ_MAX(initial, roomv[i].initial);
        }
    }
    return create_pool(factory, name, PJ_MAX(initial, POOL_MIN), PJ_MAX(increment, POOL_STEP), callback);
}

static enum session_err start(struct sip_ua *ua)
{
    char buf[PJ_ERR_MSG_SIZE];
    uint32_t t1 = ua->conf->t1_ms ? ua->conf->t1_ms : 500;
    pj_status_t status = pjlib_util_init();

    if (status == PJ_SUCCESS) {
        pj_caching_pool_init(&ua->cp, NULL, POOLS_MAX);
        create_pool = ua->cp.factory.create_pool;
        ua->cp.factory.create_pool = create_roomy;
        status = pjsip_endpt_create(&ua->cp.factory, "sessiontsp", &ua->endpt);
    }
    if (status == PJ_SUCCESS) {
        ua->pool = pjsip_endpt_create_pool(ua->endpt, "sessiontsp", 4000, 4000);
        status = ua->pool ? make_wake(ua) : PJ_ENOMEM;
    }
    if (status == PJ_SUCCESS) {
        status = start_modules(ua);
    }
    if (status != PJ_SUCCESS) {
        platform_log(PLATFORM_LOG_ERROR, "sip: it does not start: %s", sip_error_text(status, buf, sizeof(buf)));
        return SESSION_E_FAILED;
    }
    sip_trace_begin(ua);
    pjsip_tsx_set_timers(t1, t1 * 8, t1 * 10, t1 * 64);
    ua->ring_ms = ua->conf->ring_ms ? ua->conf->ring_ms : SIP_RING_MS;
    ua->t1_ms = t1;
    ua->goodbye_ms = ua->conf->goodbye_ms ? ua->conf->goodbye_ms : SIP_GOODBYE_MS;
    ua->max_calls = ua->conf->max_calls;
    ua->min_se = ua->conf->min_se;
    ua->media_first = ua->conf->media_first;
    ua->media_last = ua->conf->media_last;
    the = ua;
    sip_net_start(ua);
    start_transports(ua);
    if (!sip_media_start(ua) || !sip_accounts_start(ua)) {
        return SESSION_E_NOMEM;
    }
    sip_stun_start(ua);
    if (ua->conf->probe) {
        sip_probe_begin(ua, ua->conf->probe);
    }
    return SESSION_E_OK;
}

static void stop(struct sip_ua *ua)
{
    if (ua->pool) {
        sip_calls_free(ua);
        sip_accounts_free(ua);
        sip_media_stop(ua);
        sip_stun_stop(ua);
        sip_net_stop(ua);
    }
    the = NULL;
    if (ua->wake_key) {
        pj_ioqueue_unregister(ua->wake_key); /* and closes it */
    } else if (ua->wake_in != PJ_INVALID_SOCKET) {
        pj_sock_close(ua->wake_in);
    }
    if (ua->wake_out != PJ_INVALID_SOCKET) {
        pj_sock_close(ua->wake_out);
    }
    if (ua->endpt) {
        if (ua->pool) {
            pjsip_endpt_release_pool(ua->endpt, ua->pool);
        }
        pjsip_endpt_destroy(ua->endpt);
        pj_caching_pool_destroy(&ua->cp);
    }
}

static bool stop_asked(struct sip *x)
{
    bool asked;

    platform_mutex_lock(&x->lock);
    asked = x->stop;
    platform_mutex_unlock(&x->lock);
    return asked;
}

static void run(struct sip_ua *ua)
{
    struct sip *x = ua->x;
    uint64_t until = 0;

    for (;;) {
        pj_time_val wait = {IDLE_S, 0};
        struct sip_command *c;

        if (ua->leaving) {
            uint64_t now = platform_mono_ms();

            if (now >= until || (!ua->sides && sip_accounts_left(ua))) {
                return;
            }
            wait.sec = (long)((until - now) / 1000);
            wait.msec = (long)((until - now) % 1000);
        } else if (ua->sides) {
            /* a socket that PJSIP has registered and does not read makes it sleep that long: not for ever */
            wait.sec = 0;
            wait.msec = CALL_MS;
        }
        (void)pjsip_endpt_handle_events(ua->endpt, &wait);
        sip_names_done(ua);
        sip_accounts_gone(ua);
        while ((c = sip_take(x))) {
            sip_call_command(ua, c);
        }
        sip_taps_run(ua);
        if (!ua->leaving && stop_asked(x)) {
            until = platform_mono_ms() + ua->goodbye_ms;
            ua->leaving = true;
            sip_stars_end(ua);
            sip_completions_end(ua, NULL);
            while (ua->calls) {
                sip_call_end(ua->calls, 0, 0);
            }
            sip_accounts_leave(ua);
        }
    }
}

void sip_back(void *arg)
{
    struct sip *x = arg;
    struct sip_ua *ua = sip_zalloc(x, sizeof(*ua));
    enum session_err err = ua ? SESSION_E_OK : SESSION_E_NOMEM;
    bool mine = !atomic_flag_test_and_set(&in_use), up = false;

    if (!err && !mine) {
        err = SESSION_E_INUSE;
    }
    platform_mutex_lock(&x->lock);
    x->ua = ua;
    platform_mutex_unlock(&x->lock);
    if (!err) {
        ua->x = x;
        ua->conf = x->conf;
        ua->wake_in = ua->wake_out = PJ_INVALID_SOCKET;
        pj_log_set_log_func(on_log);
        pj_log_set_level(3);
        pj_log_set_decor(PJ_LOG_HAS_SENDER | PJ_LOG_HAS_SPACE);
        sip_tls_begin();
        up = pj_init() == PJ_SUCCESS;
        err = up ? start(ua) : SESSION_E_FAILED;
        if (!err) {
            keep_settings(ua);
        }
    }
    platform_mutex_lock(&x->lock);
    x->start_err = err;
    x->started = true;
    platform_cond_broadcast(&x->changed);
    platform_mutex_unlock(&x->lock);
    if (!err) {
        run(ua);
    }
    if (up) {
        stop(ua);
        pj_shutdown();
        sip_tls_end();
    }
    sip_release(x, ua);
    if (mine) {
        atomic_flag_clear(&in_use);
    }
}
