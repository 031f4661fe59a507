/* Media of calls: sockets, descriptions, streams, and the bridge that mixes them. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

enum { RATE = 8000, FRAME = 160, PORT_TRIES = 100, SILENCE_MS = 2000, POOL = 40960 };

/* ---- the bridge -------------------------------------------------------------------------------------------------- */

static void on_silence(pj_timer_heap_t *heap, pj_timer_entry *entry);

/* G.722 goes by its own number only: with one made up for a call PJSIP agrees to it, but has no stream for it. */
static pj_status_t match_by_name(pj_pool_t *pool, pjmedia_sdp_media *offer, unsigned offered, pjmedia_sdp_media *answer,
                                 unsigned answered, unsigned option)
{
    (void)pool;
    (void)offer;
    (void)offered;
    (void)answer;
    (void)answered;
    (void)option;
    return PJMEDIA_SDP_EFORMATNOTEQUAL;
}

static pj_status_t start_codecs(struct sip_ua *ua)
{
    static const char *const idv[SIP_CODECS] = {
        [SIP_PCMU] = "PCMU/8000/1", [SIP_PCMA] = "PCMA/8000/1", [SIP_G722] = "G722/16000/1"};
    static const pj_str_t all = {(char *)(uintptr_t) "", 0}, g722 = {(char *)(uintptr_t) "G722", 4};
    uint32_t count = ua->conf->codecc ? ua->conf->codecc : SIP_CODECS;
    pjmedia_codec_mgr *mgr = pjmedia_endpt_get_codec_mgr(ua->med);
    pj_status_t status = pjmedia_codec_g711_init(ua->med);

    if (status == PJ_SUCCESS) {
        status = pjmedia_codec_g722_init(ua->med);
    }
    if (status == PJ_SUCCESS) {
        status = pjmedia_sdp_neg_register_fmt_match_cb(&g722, match_by_name);
    }
    if (status == PJ_SUCCESS) {
        status = pjmedia_codec_mgr_set_codec_priority(mgr, &all, PJMEDIA_CODEC_PRIO_DISABLED);
    }
    for (uint32_t i = 0; i < count && status == PJ_SUCCESS; i++) {
        const char *id = idv[ua->conf->codecc ? ua->conf->codecv[i] : (enum sip_codec)i];
        pj_str_t text = pj_str((char *)(uintptr_t)id);

        status = pjmedia_codec_mgr_set_codec_priority(mgr, &text, (pj_uint8_t)(PJMEDIA_CODEC_PRIO_HIGHEST - i));
    }
    return status;
}

bool sip_media_start(struct sip_ua *ua)
{
    pj_status_t status;

    ua->tap_lock_there = !platform_mutex_init(&ua->tap_lock);
    if (!ua->tap_lock_there) {
        return false;
    }
    status = pjmedia_endpt_create2(&ua->cp.factory, pjsip_endpt_get_ioqueue(ua->endpt), 0, &ua->med);

    if (status == PJ_SUCCESS) {
        status = start_codecs(ua);
    }
    if (status == PJ_SUCCESS) {
        status = pjmedia_conf_create(ua->pool, SIP_CONF_SLOTS, RATE, 1, FRAME, 16, PJMEDIA_CONF_NO_DEVICE, &ua->bridge);
    }
    if (status == PJ_SUCCESS) {
        status = pjmedia_null_port_create(ua->pool, RATE, 1, FRAME, 16, &ua->null_port);
    }
    if (status == PJ_SUCCESS) {
        status = pjmedia_master_port_create(ua->pool, ua->null_port, pjmedia_conf_get_master_port(ua->bridge), 0,
                                            &ua->clock);
    }
    pj_timer_entry_init(&ua->silence, 0, ua, on_silence);
    return status == PJ_SUCCESS;
}

void sip_media_stop(struct sip_ua *ua)
{
    sip_unschedule(ua, &ua->silence);
    if (ua->clock) {
        pjmedia_master_port_destroy(ua->clock, PJ_FALSE);
    }
    if (ua->bridge) {
        pjmedia_conf_destroy(ua->bridge);
    }
    if (ua->null_port) {
        pjmedia_port_destroy(ua->null_port);
    }
    if (ua->med) {
        pjmedia_endpt_destroy2(ua->med);
    }
    if (ua->tap_lock_there) {
        platform_mutex_destroy(&ua->tap_lock);
    }
}

static void on_silence(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_ua *ua = entry->user_data;

    (void)heap;
    entry->id = 0;
    (void)pjmedia_master_port_stop(ua->clock);
    ua->ticking = false;
}

/* The clock runs while there is anything to hear, and a little longer: stopping it waits for its thread. */
static void sound(struct sip_ua *ua, bool on)
{
    if (on && ua->sounding++ == 0) {
        sip_unschedule(ua, &ua->silence);
        ua->ticking = ua->ticking || pjmedia_master_port_start(ua->clock) == PJ_SUCCESS;
    } else if (!on && --ua->sounding == 0) {
        sip_schedule(ua, &ua->silence, SILENCE_MS);
    }
}

void sip_media_link(struct sip_call *a, struct sip_call *b, bool on)
{
    pjmedia_conf *bridge = a->x->ua->bridge;
    int one = a->side ? a->side->media.slot : -1, two = b->side ? b->side->media.slot : -1;

    if (a == b || one < 0 || two < 0) {
        return;
    }
    if (on) {
        (void)pjmedia_conf_connect_port(bridge, (unsigned)one, (unsigned)two, 0);
        (void)pjmedia_conf_connect_port(bridge, (unsigned)two, (unsigned)one, 0);
    } else {
        (void)pjmedia_conf_disconnect_port(bridge, (unsigned)one, (unsigned)two);
        (void)pjmedia_conf_disconnect_port(bridge, (unsigned)two, (unsigned)one);
    }
}

void sip_media_links(struct sip_call *call)
{
    sip_files_link(call);
    for (struct sip_call *m = call->bridge ? call->bridge->members : NULL; m; m = m->next_member) {
        sip_media_link(call, m, true);
    }
}

/* ---- sockets ----------------------------------------------------------------------------------------------------- */

static pj_status_t bind_at(const struct sip_ua *ua, uint16_t port, pj_sock_t *sock, pj_sockaddr *addr)
{
    int len = sizeof(*addr);
    pj_status_t status = pj_sock_socket(ua->bound.addr.sa_family, pj_SOCK_DGRAM(), 0, sock);

    *addr = ua->bound;
    pj_sockaddr_set_port(addr, port);
    if (status != PJ_SUCCESS) {
        *sock = PJ_INVALID_SOCKET;
        return status;
    }
    status = pj_sock_bind(*sock, addr, pj_sockaddr_get_len(addr));
    if (status == PJ_SUCCESS) {
        status = pj_sock_getsockname(*sock, addr, &len);
    }
    if (status != PJ_SUCCESS) {
        pj_sock_close(*sock);
        *sock = PJ_INVALID_SOCKET;
    }
    return status;
}

/* An even port, and the one above it. */
static pj_status_t bind_pair(struct sip_ua *ua, pjmedia_sock_info *si)
{
    uint32_t pairs = ua->media_first ? (ua->media_last + 1 - ua->media_first) / 2 : 0;
    pj_status_t status = PJ_ETOOMANY;

    for (uint32_t i = 0; i < (pairs && pairs < PORT_TRIES * 10 ? pairs : PORT_TRIES); i++) {
        uint32_t port = 0;

        if (pairs) {
            port = ((ua->media_first + 1) & ~1u) + 2 * (ua->media_next++ % pairs);
            if (port + 1 > ua->media_last) {
                continue;
            }
        }
        status = bind_at(ua, (uint16_t)port, &si->rtp_sock, &si->rtp_addr_name);
        if (status != PJ_SUCCESS) {
            continue;
        }
        port = pj_sockaddr_get_port(&si->rtp_addr_name);
        status = port % 2 || port == 65535 ? PJ_EBUSY
                                           : bind_at(ua, (uint16_t)(port + 1), &si->rtcp_sock, &si->rtcp_addr_name);
        if (status == PJ_SUCCESS) {
            return status;
        }
        pj_sock_close(si->rtp_sock);
    }
    return status;
}

/* Its sockets are read from now on, though nobody listens yet: a datagram that nobody reads would keep PJSIP's poll
 * from sleeping, which it then makes up for by sleeping as long as it was to poll. */
static void read_on(struct sip_media *m)
{
    (void)pjmedia_transport_media_start(m->udp, NULL, NULL, NULL, 0);
}

/* Where others reach its sockets now. */
static void publish(const struct sip_side *side, pjmedia_sock_info *si)
{
    const pj_str_t *host = &side->x->ua->publishedv[side->account->conf->transport].host;
    uint16_t port = pj_sockaddr_get_port(&si->rtp_addr_name);
    pj_sockaddr addr;

    if (host->slen && pj_sockaddr_init(si->rtp_addr_name.addr.sa_family, &addr, host, port) == PJ_SUCCESS) {
        si->rtp_addr_name = addr;
        pj_sockaddr_set_port(&addr, (pj_uint16_t)(port + 1));
        si->rtcp_addr_name = addr;
    }
}

static bool open_media(struct sip_side *side)
{
    struct sip_ua *ua = side->x->ua;
    struct sip_media *m = &side->media;
    pjmedia_sock_info si;
    pjmedia_srtp_setting srtp;
    pjmedia_transport *udp = NULL;

    if (m->tp) {
        return true;
    }
    pj_bzero(&si, sizeof(si));
    if (bind_pair(ua, &si) != PJ_SUCCESS) {
        platform_log(PLATFORM_LOG_WARNING, "sip: no port is left for the media of a call");
        return false;
    }
    publish(side, &si);
    if (pjmedia_transport_udp_attach(ua->med, "rtp", &si, 0, &udp) != PJ_SUCCESS) {
        pj_sock_close(si.rtp_sock);
        pj_sock_close(si.rtcp_sock);
        return false;
    }
    m->tp = m->udp = udp;
    read_on(m);
    if (side->account->conf->srtp != SIP_SRTP_OFF) {
        pjmedia_srtp_setting_default(&srtp);
        srtp.use = side->account->conf->srtp == SIP_SRTP_MANDATORY ? PJMEDIA_SRTP_MANDATORY : PJMEDIA_SRTP_OPTIONAL;
        srtp.close_member_tp = PJ_TRUE;
        srtp.keying_count = 1;
        srtp.keying[0] = PJMEDIA_SRTP_KEYING_SDES;
        if (pjmedia_transport_srtp_create(ua->med, udp, &srtp, &m->tp) != PJ_SUCCESS) {
            m->tp = m->udp = NULL;
            pjmedia_transport_close(udp);
            return false;
        }
    }
    return true;
}

/* ---- descriptions ------------------------------------------------------------------------------------------------ */

static const char *const directionv[] = {"sendrecv", "sendonly", "recvonly", "inactive"};

static void set_direction(pj_pool_t *pool, pjmedia_sdp_media *m, const char *direction)
{
    for (size_t i = 0; i < sizeof(directionv) / sizeof(directionv[0]); i++) {
        pjmedia_sdp_media_remove_all_attr(m, directionv[i]);
    }
    pjmedia_sdp_media_add_attr(m, pjmedia_sdp_attr_create(pool, direction, NULL));
}

static int audio_of(const pjmedia_sdp_session *sdp)
{
    for (unsigned i = 0; i < sdp->media_count; i++) {
        if (!pj_stricmp2(&sdp->media[i]->desc.media, "audio") && sdp->media[i]->desc.port) {
            return (int)i;
        }
    }
    return -1;
}

/* Whether a description says where its sound is to go by addresses. A name is not looked up: whoever does that holds up
 * all calls meanwhile. */
static bool has_addresses(const pjmedia_sdp_session *sdp, const pjmedia_sdp_media *m)
{
    const pjmedia_sdp_conn *conn = m->conn ? m->conn : sdp->conn;
    const pjmedia_sdp_attr *attr = pjmedia_sdp_media_find_attr2(m, "rtcp", NULL);
    pjmedia_sdp_rtcp_attr rtcp;

    return conn && sip_is_address(&conn->addr) &&
           !(attr && pjmedia_sdp_attr_get_rtcp(attr, &rtcp) == PJ_SUCCESS && rtcp.addr.slen &&
             !sip_is_address(&rtcp.addr));
}

pjmedia_sdp_session *sip_media_sdp(struct sip_side *side, pj_pool_t *pool, const pjmedia_sdp_session *offer, bool hold)
{
    struct sip_ua *ua = side->x->ua;
    struct sip_media *m = &side->media;
    int at = offer ? audio_of(offer) : 0;
    pjmedia_transport_info info;
    pjmedia_sdp_session *sdp = NULL;

    if (at < 0 || (offer && !has_addresses(offer, offer->media[at])) || !open_media(side)) {
        return NULL;
    }
    pjmedia_transport_info_init(&info);
    if (pjmedia_transport_get_info(m->tp, &info) != PJ_SUCCESS) {
        return NULL;
    }
    publish(side, &info.sock_info); /* this machine's address may be another by now */
    if (pjmedia_endpt_create_sdp(ua->med, pool, 1, &info.sock_info, &sdp) != PJ_SUCCESS) {
        return NULL;
    }
    if (offer && offer->media_count > 1) {
        pjmedia_sdp_media *own = sdp->media[0];

        for (unsigned i = 0; i < offer->media_count; i++) {
            sdp->media[i] = (int)i == at ? own : pjmedia_sdp_media_clone_deactivate(pool, offer->media[i]);
        }
        sdp->media_count = offer->media_count;
    }
    if (!m->started) {
        if (pjmedia_transport_media_create(m->tp, pool, 0, offer, (unsigned)at) != PJ_SUCCESS) {
            return NULL;
        }
        m->started = true;
    }
    if (pjmedia_transport_encode_sdp(m->tp, pool, sdp, offer, (unsigned)at) != PJ_SUCCESS) {
        return NULL;
    }
    set_direction(pool, sdp->media[at], hold ? "sendonly" : "sendrecv");
    return sdp;
}

/* Whether a description has its sender listen to nobody. */
static bool holds(const pjmedia_sdp_session *sdp, const pjmedia_sdp_media *m)
{
    const pjmedia_sdp_conn *conn = m->conn ? m->conn : sdp->conn;

    return pjmedia_sdp_media_find_attr2(m, "sendonly", NULL) || pjmedia_sdp_media_find_attr2(m, "inactive", NULL) ||
           (!m->attr_count && pjmedia_sdp_attr_find2(sdp->attr_count, sdp->attr, "sendonly", NULL)) ||
           (conn && !pj_strcmp2(&conn->addr, "0.0.0.0"));
}

/* ---- streams ----------------------------------------------------------------------------------------------------- */

static void on_dtmf(pjmedia_stream *stream, void *arg, const pjmedia_stream_dtmf_event *event)
{
    struct sip_side *side = arg;

    (void)stream;
    side->media.events_seen = true;
    if (side->call && side->call->side == side && !(event->flags & PJMEDIA_STREAM_DTMF_IS_UPDATE)) {
        sip_digit_heard(side->call, (char)event->digit);
    }
}

static void close_tone(struct sip_media *m)
{
    struct sip_ua *ua = m->side->x->ua;

    if (m->tone_slot >= 0) {
        (void)pjmedia_conf_remove_port(ua->bridge, (unsigned)m->tone_slot);
        m->tone_slot = -1;
    }
    if (m->tone) {
        pjmedia_port_destroy(m->tone);
        m->tone = NULL;
    }
    if (m->tone_pool) {
        pj_pool_release(m->tone_pool);
        m->tone_pool = NULL;
    }
}

/* The statistics of a stream, and of those that the call had before. */
static void count(struct sip_media *m, struct session_quality *q)
{
    pjmedia_rtcp_stat st;

    if (!m->stream || pjmedia_stream_get_stat(m->stream, &st) != PJ_SUCCESS) {
        return;
    }
    q->sent += st.tx.pkt;
    q->received += st.rx.pkt;
    q->lost += st.rx.loss;
    q->lost_there += st.tx.loss;
    if (st.rx.jitter.n) {
        q->jitter_us = (uint32_t)st.rx.jitter.mean;
    }
    if (st.rtt.n) {
        q->round_trip_us = (uint32_t)st.rtt.last;
    }
}

void sip_media_quality(struct sip_call *call)
{
    if (call->side) {
        count(&call->side->media, &call->leg->quality);
    }
}

static void close_stream(struct sip_media *m)
{
    struct sip_ua *ua = m->side->x->ua;

    if (m->side->call && m->side->call->side == m->side) {
        count(m, &m->side->call->leg->quality);
    }
    close_tone(m);
    if (m->slot >= 0) {
        (void)pjmedia_conf_remove_port(ua->bridge, (unsigned)m->slot);
        m->slot = -1;
    }
    sip_tap_close(m);
    if (m->stream) {
        (void)pjmedia_stream_destroy(m->stream);
        m->stream = NULL;
        sound(ua, false);
        if (m->udp) {
            read_on(m);
        }
    }
    if (m->pool) {
        pj_pool_release(m->pool);
        m->pool = NULL;
    }
}

void sip_media_close(struct sip_side *side)
{
    struct sip_media *m = &side->media;

    m->udp = NULL;
    close_stream(m);
    if (m->tp) {
        (void)pjmedia_transport_media_stop(m->tp);
        (void)pjmedia_transport_close(m->tp);
        m->tp = NULL;
    }
}

static bool open_stream(struct sip_side *side, const pjmedia_sdp_session *local, const pjmedia_sdp_session *remote,
                        int at)
{
    struct sip_ua *ua = side->x->ua;
    struct sip_media *m = &side->media;
    pj_pool_t *pool = pjsip_endpt_create_pool(ua->endpt, "media", POOL, 4096);
    pjmedia_stream_info si;
    unsigned slot;

    if (!pool) {
        return false;
    }
    if (pjmedia_transport_media_start(m->tp, pool, local, remote, (unsigned)at) != PJ_SUCCESS ||
        pjmedia_stream_info_from_sdp(&si, pool, ua->med, local, remote, (unsigned)at) != PJ_SUCCESS) {
        pj_pool_release(pool);
        return false;
    }
    if (m->stream && m->tx_pt == si.tx_pt && m->rx_pt == si.rx_pt && !pj_sockaddr_cmp(&m->remote, &si.rem_addr)) {
        /* the same as before, but perhaps for the direction */
        if (m->dir != si.dir) {
            (void)(si.dir & PJMEDIA_DIR_ENCODING ? pjmedia_stream_resume(m->stream, PJMEDIA_DIR_ENCODING)
                                                 : pjmedia_stream_pause(m->stream, PJMEDIA_DIR_ENCODING));
            m->dir = si.dir;
        }
        pj_pool_release(pool);
        return true;
    }
    close_stream(m);
    m->pool = pool;
    if (si.param) {
        si.param->setting.vad = 0; /* silence is sent, too: it keeps the way through firewalls open */
    }
    m->tx_pt = si.tx_pt;
    m->rx_pt = si.rx_pt;
    m->remote = si.rem_addr;
    m->dir = si.dir;
    m->has_events = si.tx_event_pt >= 0;
    if (si.dir == PJMEDIA_DIR_NONE) {
        return true;
    }
    if (pjmedia_stream_create(ua->med, pool, &si, m->tp, NULL, &m->stream) != PJ_SUCCESS) {
        m->stream = NULL;
        return false;
    }
    sound(ua, true);
    (void)pjmedia_stream_set_dtmf_event_callback(m->stream, on_dtmf, side);
    if (pjmedia_stream_start(m->stream) != PJ_SUCCESS || pjmedia_stream_get_port(m->stream, &m->port) != PJ_SUCCESS) {
        return false;
    }
    if (pjmedia_conf_add_port(ua->bridge, pool, sip_tap_open(side, pool, m->port), NULL, &slot) == PJ_SUCCESS) {
        m->slot = (int)slot;
        (void)pjmedia_conf_connect_port(ua->bridge, 0, slot, 0);
        if (m->tap) {
            (void)pjmedia_conf_connect_port(ua->bridge, slot, 0, 0); /* what nobody hears is not taken from a stream */
        }
    }
    return true;
}

void sip_media_update(struct sip_side *side)
{
    const pjmedia_sdp_session *local, *remote;
    struct sip_call *call = side->call;
    int at;

    if (!call || !side->media.tp || pjmedia_sdp_neg_get_active_local(side->inv->neg, &local) != PJ_SUCCESS ||
        pjmedia_sdp_neg_get_active_remote(side->inv->neg, &remote) != PJ_SUCCESS) {
        return;
    }
    at = audio_of(remote);
    if (at < 0 || (unsigned)at >= local->media_count) {
        close_stream(&side->media);
        side->remote_held = true;
    } else {
        side->remote_held = holds(remote, remote->media[at]);
        if (!has_addresses(remote, remote->media[at]) || !open_stream(side, local, remote, at)) {
            platform_log(PLATFORM_LOG_WARNING, "sip: the media of a call cannot be started");
        }
    }
    if (call->side == side) {
        sip_media_links(call);
        sip_call_mode(call);
    }
}
