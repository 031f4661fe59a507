/* SIP messages in the record of crossings: what they are, and nothing of what is in them. SPDX-License-Identifier: MIT
 */
#include "tsp/binding/sip/trace.h"

#include "tapi_shim/platform/trace.h"
#include "tsp/binding/sip/ua.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_LINE_MAX = 300 };

/* ---- masking ----------------------------------------------------------------------------------------------------- */

/* Length of the scheme of a SIP URI that begins here; 0: none does. */
static size_t scheme_at(const char *at, const char *end)
{
    static const char *const schemev[] = {"sip:", "sips:"};

    for (size_t i = 0; i < sizeof(schemev) / sizeof(schemev[0]); i++) {
        size_t len = strlen(schemev[i]);
        pj_str_t rest = {(char *)at, end - at};

        if ((size_t)(end - at) > len && !pj_strnicmp2(&rest, schemev[i], len)) {
            return len;
        }
    }
    return 0;
}

static const char *find(const char *at, const char *end, const char *set)
{
    while (at < end && !strchr(set, *at)) {
        at++;
    }
    return at;
}

size_t sip_trace_mask(char *out, size_t size, const char *text, size_t len)
{
    const char *end = find(text, text + len, "\r\n"), *at = text;
    size_t n = 0;

#define PUT(from, count)                                                                                               \
    for (size_t i_ = 0; i_ < (size_t)(count) && n + 1 < size; i_++)                                                    \
    out[n++] = (from)[i_]
    while (at < end) {
        size_t scheme = scheme_at(at, end);
        const char *stop = find(at + scheme, end, " <>\""), *host, *colon;

        if (!scheme) {
            PUT(at, 1);
            at++;
            continue;
        }
        host = find(at + scheme, stop, "@");
        colon = find(at + scheme, host, ":");
        if (host < stop && colon < host) { /* user:password@ */
            PUT(at, colon + 1 - at);
            PUT("***", 3);
            at = host;
        }
        colon = find(at, stop, "?"); /* headers of its own */
        PUT(at, colon - at);
        if (colon < stop) {
            PUT("?***", 4);
        }
        at = stop;
    }
#undef PUT
    if (size) {
        out[n] = '\0';
    }
    return n;
}

/* ---- recording --------------------------------------------------------------------------------------------------- */

static void record(bool in, const char *data, size_t len, const pjsip_cid_hdr *cid, const pjsip_cseq_hdr *cseq)
{
    char line[FIRST_LINE_MAX];

    (void)sip_trace_mask(line, sizeof(line), data, len);
    platform_trace(in ? PLATFORM_TRACE_PEER : PLATFORM_TRACE_EXCHANGE,
                   in ? PLATFORM_TRACE_EXCHANGE : PLATFORM_TRACE_PEER, "SIP %.*s %ld %.*s %s",
                   cid ? (int)PJ_MIN(cid->id.slen, 60) : 1, cid ? cid->id.ptr : "-", cseq ? (long)cseq->cseq : 0l,
                   cseq ? (int)PJ_MIN(cseq->method.name.slen, 30) : 1, cseq ? cseq->method.name.ptr : "-", line);
}

static pj_bool_t on_rx(pjsip_rx_data *rdata)
{
    record(true, rdata->msg_info.msg_buf, (size_t)rdata->msg_info.len, rdata->msg_info.cid, rdata->msg_info.cseq);
    return PJ_FALSE;
}

static pj_status_t on_tx(pjsip_tx_data *tdata)
{
    record(false, tdata->buf.start, (size_t)(tdata->buf.cur - tdata->buf.start),
           pjsip_msg_find_hdr(tdata->msg, PJSIP_H_CALL_ID, NULL), pjsip_msg_find_hdr(tdata->msg, PJSIP_H_CSEQ, NULL));
    return PJ_SUCCESS;
}

static pjsip_module module = {
    .name = {(char *)(uintptr_t) "sessiontsp-trace", 16},
    .id = -1,
    .priority = PJSIP_MOD_PRIORITY_TRANSPORT_LAYER - 1,
    .on_rx_request = on_rx,
    .on_rx_response = on_rx,
    .on_tx_request = on_tx,
    .on_tx_response = on_tx,
};

void sip_trace_begin(struct sip_ua *ua)
{
    module.id = -1;
    if (platform_trace_on()) {
        (void)pjsip_endpt_register_module(ua->endpt, &module);
    }
}
