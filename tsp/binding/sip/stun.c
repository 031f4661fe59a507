/* Where others see this machine: what a STUN server says (RFC 8489). SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <stdlib.h>
#include <string.h>

/*
 * The address counts, not the port: signalling finds its way back by rport and connections, media through a port that
 * is forwarded as it is (media_ports), or by the other end answering where it is sent from.
 */

enum {
    PORT = 3478,
    HEADER = 20,
    ID = 12,
    RTO_MS = 500,
    TRIES = 7,
    AGAIN_MS = 60000,
    BINDING = 0x0001,
    BOUND = 0x0101,
    REFUSED = 0x0111,
    MAPPED = 0x0001,
    XOR_MAPPED = 0x0020
};

static const pj_uint8_t cookie[4] = {0x21, 0x12, 0xA4, 0x42};

struct sip_stun {
    struct sip_ua *ua;
    pj_str_t host;
    int port;
    bool known; /* its address */
    bool asked_name;
    bool told; /* that it does not work */
    pj_sockaddr server, from;
    int from_len;
    pj_sock_t sock;
    pj_ioqueue_key_t *key;
    pj_ioqueue_op_key_t op;
    pj_timer_entry timer;
    unsigned tries; /* 0: nothing is asked just now */
    pj_uint8_t out[HEADER], in[1500];
};

static unsigned get16(const pj_uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* The address in an attribute, without its port. False: there is none. */
static bool address_of(const pj_uint8_t *v, unsigned len, bool xored, const pj_uint8_t *key, pj_sockaddr *out)
{
    bool v6 = len == 20 && v[1] == 2;
    pj_uint8_t bytes[16];
    unsigned count = v6 ? 16 : 4;

    if (!v6 && (len != 8 || v[1] != 1)) {
        return false;
    }
    for (unsigned i = 0; i < count; i++) {
        bytes[i] = v[4 + i] ^ (xored ? key[i] : 0);
    }
    pj_sockaddr_init(v6 ? pj_AF_INET6() : pj_AF_INET(), out, NULL, 0);
    memcpy(pj_sockaddr_get_addr(out), bytes, count);
    return true;
}

enum sip_stun_answer sip_stun_read(const pj_uint8_t *data, size_t size, const pj_uint8_t *request, pj_sockaddr *out)
{
    bool found = false;
    size_t end, at = HEADER;

    if (size < HEADER || memcmp(data + 4, request + 4, HEADER - 4) != 0 ||
        (get16(data) != BOUND && get16(data) != REFUSED)) {
        return SIP_STUN_NOTHING;
    }
    if (get16(data) == REFUSED) {
        return SIP_STUN_REFUSED;
    }
    end = HEADER + get16(data + 2);
    end = end < size ? end : size;
    while (at + 4 <= end) {
        unsigned type = get16(data + at), len = get16(data + at + 2);

        if (len > end - at - 4) {
            break;
        }
        /* the plain one may have been changed on its way by what means well */
        if (type == XOR_MAPPED && address_of(data + at + 4, len, true, request + 4, out)) {
            return SIP_STUN_ADDRESS;
        }
        found = (type == MAPPED && address_of(data + at + 4, len, false, request + 4, out)) || found;
        at += 4 + ((size_t)len + 3) / 4 * 4;
    }
    return found ? SIP_STUN_ADDRESS : SIP_STUN_NOTHING;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

static void wait_again(struct sip_stun *s)
{
    s->tries = 0;
    sip_schedule(s->ua, &s->timer, AGAIN_MS);
}

static void fail(struct sip_stun *s, const char *why)
{
    if (!s->told) {
        platform_log(PLATFORM_LOG_WARNING,
                     "sip: the STUN server %.*s %s: others are told the address that this machine knows",
                     (int)s->host.slen, s->host.ptr, why);
    }
    s->told = true;
    s->known = false; /* its name may be another's by then */
    wait_again(s);
}

static void send_request(struct sip_stun *s)
{
    pj_ssize_t len = HEADER;

    /* one that is lost, for want of room as well, is sent again */
    (void)pj_sock_sendto(s->sock, s->out, &len, 0, &s->server, pj_sockaddr_get_len(&s->server));
    sip_schedule(s->ua, &s->timer, (uint32_t)RTO_MS << s->tries);
    s->tries++;
}

static void begin(struct sip_stun *s)
{
    s->tries = 0;
    memset(s->out, 0, sizeof(s->out));
    s->out[1] = BINDING;
    memcpy(s->out + 4, cookie, sizeof(cookie));
    for (unsigned i = 0; i < ID; i++) {
        s->out[8 + i] = (pj_uint8_t)(pj_rand() >> 4);
    }
    send_request(s);
}

static void on_name(pj_status_t status, void *token, const pjsip_server_addresses *found)
{
    struct sip_stun *s = token;

    if (s->ua->leaving) {
        return;
    }
    s->asked_name = false;
    for (unsigned i = 0; status == PJ_SUCCESS && found && i < found->count && !s->known; i++) {
        if (found->entry[i].addr.addr.sa_family == s->ua->bound.addr.sa_family) {
            s->server = found->entry[i].addr;
            pj_sockaddr_set_port(&s->server, (pj_uint16_t)s->port);
            s->known = true;
        }
    }
    if (s->known) {
        begin(s);
    } else {
        fail(s, "is no host that is known here");
    }
}

static void ask(struct sip_stun *s)
{
    pjsip_host_info target;

    if (s->known) {
        begin(s);
        return;
    }
    if (s->asked_name) {
        return;
    }
    if (pj_sockaddr_init(s->ua->bound.addr.sa_family, &s->server, NULL, (pj_uint16_t)s->port) == PJ_SUCCESS &&
        pj_inet_pton(s->ua->bound.addr.sa_family, &s->host, pj_sockaddr_get_addr(&s->server)) == PJ_SUCCESS) {
        s->known = true;
        begin(s);
        return;
    }
    pj_bzero(&target, sizeof(target));
    target.type = PJSIP_TRANSPORT_UDP;
    target.addr.host = s->host;
    target.addr.port = s->port;
    s->asked_name = true;
    if (sip_names_ask(s->ua, &target, s, on_name) != PJ_SUCCESS) {
        s->asked_name = false;
        fail(s, "cannot be looked up");
    }
}

static void on_timer(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_stun *s = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (s->ua->leaving) {
        return;
    }
    if (!s->tries) {
        ask(s);
    } else if (s->tries < TRIES) {
        send_request(s);
    } else {
        fail(s, "does not answer");
    }
}

static void read_more(struct sip_stun *s)
{
    for (;;) {
        pj_ssize_t len = sizeof(s->in);

        s->from_len = sizeof(s->from);
        if (pj_ioqueue_recvfrom(s->key, &s->op, s->in, &len, PJ_IOQUEUE_ALWAYS_ASYNC, &s->from, &s->from_len) !=
            PJ_SUCCESS) {
            return; /* it comes later */
        }
    }
}

static void on_read(pj_ioqueue_key_t *key, pj_ioqueue_op_key_t *op, pj_ssize_t count)
{
    struct sip_stun *s = pj_ioqueue_get_user_data(key);
    enum sip_stun_answer answer = SIP_STUN_NOTHING;
    pj_sockaddr addr;

    (void)op;
    /* count below 0: the other end has no such port, which the timer finds out as well */
    if (count > 0 && s->tries && !s->ua->leaving && !pj_sockaddr_cmp(&s->from, &s->server)) {
        answer = sip_stun_read(s->in, (size_t)count, s->out, &addr);
    }
    if (answer == SIP_STUN_REFUSED) {
        fail(s, "refuses to tell");
    } else if (answer == SIP_STUN_ADDRESS) {
        s->told = false;
        wait_again(s);
        sip_roam_to(s->ua, &addr);
    }
    read_more(s);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

void sip_stun_start(struct sip_ua *ua)
{
    const char *text = ua->conf->stun, *colon = text ? strrchr(text, ':') : NULL;
    pj_ioqueue_callback cb;
    struct sip_stun *s;

    if (!text || ua->conf->publish || ua->conf->probe) {
        return;
    }
    s = pj_pool_zalloc(ua->pool, sizeof(*s));
    s->ua = ua;
    s->host = sip_str(ua->pool, text);
    s->port = PORT;
    if (colon && (strchr(text, ':') == colon || colon[-1] == ']')) {
        s->host.slen = colon - text;
        s->port = atoi(colon + 1) > 0 && atoi(colon + 1) < 65536 ? atoi(colon + 1) : PORT;
    }
    if (s->host.slen > 2 && s->host.ptr[0] == '[' && s->host.ptr[s->host.slen - 1] == ']') {
        s->host.ptr++;
        s->host.slen -= 2;
    }
    pj_timer_entry_init(&s->timer, 0, s, on_timer);
    pj_ioqueue_op_key_init(&s->op, sizeof(s->op));
    pj_bzero(&cb, sizeof(cb));
    cb.on_read_complete = on_read;
    if (pj_sock_socket(ua->bound.addr.sa_family, pj_SOCK_DGRAM(), 0, &s->sock) != PJ_SUCCESS) {
        return;
    }
    if (pj_sock_bind(s->sock, &ua->bound, pj_sockaddr_get_len(&ua->bound)) != PJ_SUCCESS ||
        pj_ioqueue_register_sock(ua->pool, pjsip_endpt_get_ioqueue(ua->endpt), s->sock, s, &cb, &s->key) !=
            PJ_SUCCESS) {
        platform_log(PLATFORM_LOG_WARNING, "sip: there is no port to ask the STUN server from");
        pj_sock_close(s->sock);
        return;
    }
    ua->stun = s;
    read_more(s);
    ask(s);
}

bool sip_stun_again(struct sip_ua *ua)
{
    if (ua->stun && !ua->stun->told) {
        sip_unschedule(ua, &ua->stun->timer);
        ask(ua->stun);
    }
    return ua->stun && !ua->stun->told;
}

void sip_stun_stop(struct sip_ua *ua)
{
    if (ua->stun) {
        sip_unschedule(ua, &ua->stun->timer);
        pj_ioqueue_unregister(ua->stun->key); /* and closes it */
        ua->stun = NULL;
    }
}
