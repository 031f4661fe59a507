/* User-user information: RFC 7433, in what begins, answers and ends a call. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <string.h>

/*
 * A piece goes as it is, in hexadecimal: its first byte is the protocol discriminator, as TAPI and ISDN have it. SIP
 * has no message for it while a call is up.
 */

static const pj_str_t uui_name = {(char *)(uintptr_t) "User-to-User", 12};

void sip_uui_put(pjsip_tx_data *tdata, const uint8_t *uui, uint32_t uuic)
{
    static const char digitv[] = "0123456789abcdef", tail[] = ";encoding=hex;purpose=isdn-uui;content=isdn-uui";
    char text[2 * SESSION_UUI_MAX + sizeof(tail)];
    pj_str_t value = {text, 0};
    pjsip_hdr *old;

    while ((old = pjsip_msg_find_hdr_by_name(tdata->msg, &uui_name, NULL))) {
        pj_list_erase(old);
    }
    if (!uui || uuic > SESSION_UUI_MAX) {
        return;
    }
    for (uint32_t i = 0; i < uuic; i++) {
        text[value.slen++] = digitv[uui[i] >> 4];
        text[value.slen++] = digitv[uui[i] & 15];
    }
    memcpy(text + value.slen, tail, sizeof(tail) - 1);
    value.slen += (pj_ssize_t)sizeof(tail) - 1;
    pjsip_msg_add_hdr(tdata->msg, (pjsip_hdr *)pjsip_generic_string_hdr_create(tdata->pool, &uui_name, &value));
}

void sip_uui_move(uint8_t **uui, uint32_t *uuic, struct sip_command *c)
{
    *uui = c->uui;
    *uuic = c->uuic;
    c->uui = NULL;
    c->uuic = 0;
}

pjsip_tx_data *sip_uui_last(struct sip_side *side, pjsip_tx_data *tdata)
{
    const pjsip_msg *msg = tdata->msg;

    if (msg->type == PJSIP_RESPONSE_MSG || msg->line.req.method.id == PJSIP_BYE_METHOD) {
        sip_uui_put(tdata, side->uui, side->uuic);
    }
    return tdata;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* Bytes of one value, which ends at ',' or ';' outside of quotes; `*at` is at the end then. 0: it makes no sense. */
static uint32_t read_value(const char **at, const char *end, uint8_t *out)
{
    const char *p = *at, *first, *stop;
    bool quoted = p < end && *p == '"', plain = false;
    uint32_t n = 0;

    first = p += quoted;
    while (p < end && (quoted ? *p != '"' : *p != ',' && *p != ';' && *p != ' ' && *p != '\t')) {
        p += quoted && *p == '\\' && p + 1 < end ? 2 : 1;
    }
    stop = p < end ? p : end;
    /* its parameters */
    for (quoted = false, p = stop + quoted; p < end && (quoted || *p != ','); p++) {
        if (*p == '"' && p != stop) {
            quoted = !quoted;
        } else if (!quoted && *p == ';') {
            pj_str_t rest = {(char *)(uintptr_t)p + 1, end - p - 1}, encoding = {(char *)(uintptr_t) "encoding=", 9};

            while (rest.slen && (*rest.ptr == ' ' || *rest.ptr == '\t')) {
                rest.ptr++;
                rest.slen--;
            }
            if (rest.slen > 9 && !pj_strnicmp(&rest, &encoding, 9)) {
                rest.ptr += 9;
                rest.slen -= 9;
                plain = pj_strnicmp2(&rest, "hex", 3) && pj_strnicmp2(&rest, "\"hex\"", 5);
            }
        }
    }
    *at = p;
    while (first < stop) {
        int high = digit_of(first[0]), low = first + 1 < stop ? digit_of(first[1]) : -1;

        if (n == SESSION_UUI_MAX || (!plain && (high < 0 || low < 0))) {
            return 0;
        }
        if (plain) {
            first += *first == '\\' && first + 1 < stop;
            out[n++] = (uint8_t)*first++;
        } else {
            out[n++] = (uint8_t)(high << 4 | low);
            first += 2;
        }
    }
    return n;
}

bool sip_uui_of_msg(struct sip *x, const pjsip_msg *msg, uint32_t n, struct sip_event *ev)
{
    const pjsip_generic_string_hdr *h = NULL;
    const void *from = NULL;
    uint8_t bytes[SESSION_UUI_MAX];

    while ((h = pjsip_msg_find_hdr_by_name(msg, &uui_name, from))) {
        const char *at = h->hvalue.ptr, *end = at + h->hvalue.slen;

        while (at < end) {
            uint32_t len;

            while (at < end && (*at == ' ' || *at == '\t' || *at == ',')) {
                at++;
            }
            len = at < end ? read_value(&at, end, bytes) : 0;
            if (len && n-- == 0) {
                ev->uui = sip_zalloc(x, len);
                if (ev->uui) {
                    memcpy(ev->uui, bytes, len);
                    ev->uuic = len;
                }
                return ev->uui != NULL;
            }
        }
        from = h->next;
        if ((const void *)h->next == (const void *)&msg->hdr) {
            break;
        }
    }
    return false;
}

bool sip_uui_heard(struct sip_call *call, const pjsip_msg *msg)
{
    struct sip_event probe = {.uui = NULL};
    uint32_t n = 0;

    for (; !call->fetch && n < SESSION_UUI_QUEUE && sip_uui_of_msg(call->x, msg, n, &probe); n++) {
        struct sip_event *ev = sip_event_new(call->x, SESSION_IND_INFORM, call->leg);

        if (!ev) {
            sip_release(call->x, probe.uui);
            return true;
        }
        ev->uui = probe.uui;
        ev->uuic = probe.uuic;
        probe.uui = NULL;
        sip_say(call->x, ev);
    }
    return n != 0;
}
