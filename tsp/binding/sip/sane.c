/* What RFC 3261 wants of every message, and PJSIP does not look at. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

enum { RETRY_AFTER_MAX_S = 10, GIVE_UP_T1 = 64, ANSWER_MAX_MS = 180000 };

static struct sip_ua *of;

/* ---- bodies ------------------------------------------------------------------------------------------------------ */

/* How much there is behind the headers. */
static size_t behind_headers(const char *at, size_t len)
{
    const char *end = at + len;

    while (at < end && (*at == '\r' || *at == '\n')) {
        at++; /* empty lines before a message */
    }
    for (; at < end; at++) {
        if (*at == '\n' && at + 1 < end && at[1] == '\n') {
            return (size_t)(end - at - 2);
        }
        if (*at == '\n' && at + 2 < end && at[1] == '\r' && at[2] == '\n') {
            return (size_t)(end - at - 3);
        }
    }
    return 0;
}

/* 18.3: what is in a datagram behind a body is not of it; a body that is not all there is a mistake. */
static bool body_is_there(pjsip_rx_data *rdata)
{
    const pjsip_clen_hdr *length = rdata->msg_info.clen;
    pjsip_msg_body *body = rdata->msg_info.msg->body;
    size_t have;

    if (!length || !(rdata->tp_info.transport->flag & PJSIP_TRANSPORT_DATAGRAM)) {
        return true;
    }
    have = behind_headers(rdata->msg_info.msg_buf, (size_t)rdata->msg_info.len);
    if (length->len < 0 || (size_t)length->len > have) {
        return false;
    }
    if (body && body->len > (unsigned)length->len) {
        body->len = (unsigned)length->len;
    }
    return true;
}

/* ---- headers ----------------------------------------------------------------------------------------------------- */

static bool is_twice(const pjsip_msg *msg)
{
    static const pjsip_hdr_e onev[] = {PJSIP_H_FROM,         PJSIP_H_TO,           PJSIP_H_CALL_ID,       PJSIP_H_CSEQ,
                                       PJSIP_H_MAX_FORWARDS, PJSIP_H_CONTENT_TYPE, PJSIP_H_CONTENT_LENGTH};
    uint32_t seen = 0;

    for (const pjsip_hdr *h = msg->hdr.next; h != &msg->hdr; h = h->next) {
        for (uint32_t i = 0; i < PJ_ARRAY_SIZE(onev); i++) {
            if (h->type == onev[i]) {
                if (seen >> i & 1) {
                    return true;
                }
                seen |= 1u << i;
            }
        }
    }
    return false;
}

static bool begins(const pj_str_t *value, const char *text)
{
    return !pj_strnicmp2(value, text, strlen(text));
}

/* Whether who calls takes descriptions of media. */
static bool takes_sdp(const pjsip_msg *msg)
{
    const pjsip_accept_hdr *h = pjsip_msg_find_hdr(msg, PJSIP_H_ACCEPT, NULL);
    bool any = !h;

    for (; h; h = (const void *)h->next == (const void *)&msg->hdr ? NULL
                                                                   : pjsip_msg_find_hdr(msg, PJSIP_H_ACCEPT, h->next)) {
        for (unsigned i = 0; i < h->count; i++) {
            const pj_str_t *v = &h->values[i];

            any = any || begins(v, "application/sdp") || begins(v, "application/*") || begins(v, "*/*");
        }
    }
    return any;
}

/* The first extension that is required and not known here; NULL: there is none. */
static const pj_str_t *unknown_extension(const pjsip_msg *msg)
{
    const pjsip_require_hdr *h = pjsip_msg_find_hdr(msg, PJSIP_H_REQUIRE, NULL);

    for (unsigned i = 0; h && i < h->count; i++) {
        if (!pjsip_endpt_has_capability(of->endpt, PJSIP_H_SUPPORTED, NULL, &h->values[i])) {
            return &h->values[i];
        }
    }
    return NULL;
}

static void respond(pjsip_rx_data *rdata, int code, const char *name, const pj_str_t *value)
{
    pjsip_hdr list;

    pj_list_init(&list);
    if (name) {
        pj_str_t n = pj_str((char *)(uintptr_t)name);

        pj_list_push_back(&list, pjsip_generic_string_hdr_create(rdata->tp_info.pool, &n, value));
    }
    (void)pjsip_endpt_respond_stateless(of->endpt, rdata, code, NULL, &list, NULL);
}

static pj_bool_t on_request(pjsip_rx_data *rdata)
{
    static const pj_str_t sdp = {(char *)(uintptr_t) "application/sdp", 15};
    const pjsip_msg *msg = rdata->msg_info.msg;
    const pjsip_method *method = &msg->line.req.method;
    const pjsip_uri *uri = msg->line.req.uri;
    const pj_str_t *unknown;
    int code = 0;

    if (is_twice(msg) || !body_is_there(rdata) || pj_strcmp(&rdata->msg_info.cseq->method.name, &method->name)) {
        code = PJSIP_SC_BAD_REQUEST;
    } else if (!PJSIP_URI_SCHEME_IS_SIP(uri) && !PJSIP_URI_SCHEME_IS_SIPS(uri) && !PJSIP_URI_SCHEME_IS_TEL(uri)) {
        code = PJSIP_SC_UNSUPPORTED_URI_SCHEME;
    }
    if (method->id == PJSIP_ACK_METHOD) {
        return code != 0; /* which is never answered */
    }
    if (code) {
        respond(rdata, code, NULL, NULL);
        return PJ_TRUE;
    }
    /* dialogs look at these by themselves */
    if (rdata->msg_info.to->tag.slen || method->id == PJSIP_CANCEL_METHOD) {
        return PJ_FALSE;
    }
    unknown = method->id == PJSIP_INVITE_METHOD ? NULL : unknown_extension(msg);
    if (unknown) {
        respond(rdata, PJSIP_SC_BAD_EXTENSION, "Unsupported", unknown);
        return PJ_TRUE;
    }
    if (method->id == PJSIP_INVITE_METHOD && !takes_sdp(msg)) {
        respond(rdata, PJSIP_SC_NOT_ACCEPTABLE, "Accept", &sdp);
        return PJ_TRUE;
    }
    return PJ_FALSE;
}

static pj_bool_t on_response(pjsip_rx_data *rdata)
{
    return is_twice(rdata->msg_info.msg) || !body_is_there(rdata);
}

static pjsip_module module = {
    .name = {(char *)(uintptr_t) "sessiontsp-sane", 15},
    .id = -1,
    .priority = (PJSIP_MOD_PRIORITY_TRANSPORT_LAYER + PJSIP_MOD_PRIORITY_TSX_LAYER) / 2,
    .on_rx_request = on_request,
    .on_rx_response = on_response,
};

/* ---- dialogs ----------------------------------------------------------------------------------------------------- */

/* Comes after the INVITE session, which leaves a further INVITE without an answer while it is not up, or over: nobody
 * would ever hear of it, and the dialog could not end. */
static void on_tsx(pjsip_transaction *tsx, pjsip_event *e)
{
    pjsip_dialog *dlg = pjsip_tsx_get_dlg(tsx);
    pjsip_inv_session *inv = dlg ? pjsip_dlg_get_inv_session(dlg) : NULL;
    bool over = !inv || inv->state == PJSIP_INV_STATE_DISCONNECTED;
    pjsip_hdr list;
    pjsip_rx_data *rdata;

    if (inv && tsx->role == PJSIP_ROLE_UAC && tsx->method.id == PJSIP_INVITE_METHOD &&
        inv->state == PJSIP_INV_STATE_CONFIRMED && tsx->state == PJSIP_TSX_STATE_PROCEEDING) {
        /* nothing has to ring for that: it is not waited for as long as the other end likes */
        (void)pjsip_tsx_set_timeout(tsx, ANSWER_MAX_MS);
        return;
    }
    if (!dlg || tsx->role != PJSIP_ROLE_UAS || tsx->state != PJSIP_TSX_STATE_TRYING || tsx->status_code ||
        e->body.tsx_state.type != PJSIP_EVENT_RX_MSG) {
        return;
    }
    rdata = e->body.tsx_state.src.rdata;
    if (tsx->method.id == PJSIP_OPTIONS_METHOD) { /* 11.2: whether we are still there */
        (void)pjsip_dlg_respond(dlg, rdata, PJSIP_SC_OK, NULL, NULL, NULL);
        return;
    }
    if (tsx->method.id != PJSIP_INVITE_METHOD || (inv && inv->invite_tsx == tsx)) {
        return;
    }
    pj_list_init(&list);
    if (!over) { /* RFC 3261, 14.2 */
        pj_list_push_back(&list, pjsip_retry_after_hdr_create(rdata->tp_info.pool, pj_rand() % RETRY_AFTER_MAX_S));
    }
    (void)pjsip_dlg_respond(dlg, rdata, over ? PJSIP_SC_CALL_TSX_DOES_NOT_EXIST : PJSIP_SC_INTERNAL_SERVER_ERROR, NULL,
                            &list, NULL);
}

void sip_sane_ended(struct sip_ua *ua, pjsip_inv_session *inv)
{
    pjsip_transaction *tsx = inv->invite_tsx;

    if (tsx && tsx->role == PJSIP_ROLE_UAC && tsx->state < PJSIP_TSX_STATE_COMPLETED) {
        (void)pjsip_tsx_set_timeout(tsx, GIVE_UP_T1 * ua->t1_ms);
    }
}

static pjsip_module usage = {
    .name = {(char *)(uintptr_t) "sessiontsp-last", 15},
    .id = -1,
    .priority = PJSIP_MOD_PRIORITY_APPLICATION,
    .on_tsx_state = on_tsx,
};

void sip_sane_dialog(pjsip_dialog *dlg)
{
    (void)pjsip_dlg_add_usage(dlg, &usage, NULL);
}

pj_status_t sip_sane_begin(struct sip_ua *ua)
{
    pj_status_t status;

    of = ua;
    module.id = usage.id = -1;
    status = pjsip_endpt_register_module(ua->endpt, &module);
    return status == PJ_SUCCESS ? pjsip_endpt_register_module(ua->endpt, &usage) : status;
}
