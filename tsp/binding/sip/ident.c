/* Who is who: URIs from what is dialled, parties from headers. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <stdio.h>
#include <string.h>

const char *sip_transport_param(enum sip_transport transport)
{
    return transport == SIP_TCP ? ";transport=tcp" : transport == SIP_TLS ? ";transport=tls" : "";
}

bool sip_begins(const char *text, const char *with)
{
    pj_str_t s = pj_str((char *)(uintptr_t)text);

    return !pj_strnicmp2(&s, with, strlen(with));
}

pj_str_t sip_uri_of_dial(pj_pool_t *pool, const struct sip_account *acc, const char *number, bool uri)
{
    char text[SIP_URI_MAX], *at = text, *end = text + sizeof(text) - 4;
    pj_str_t s;

    if (uri && !sip_begins(number, "tel:")) {
        (void)snprintf(text, sizeof(text), "%s", number);
    } else {
        size_t len;

        if (uri) {
            number += 4;
        }
        at += snprintf(at, (size_t)(end - at), "sip:");
        len = uri ? strcspn(number, ";?") : strlen(number); /* parameters of a tel: URI say nothing to our domain */
        for (size_t i = 0; i < len && at < end; i++) {
            if (strchr("-.()", number[i]) && uri) {
                continue; /* its visual separators */
            }
            if (number[i] == '#') {
                memcpy(at, "%23", 3);
                at += 3;
            } else {
                *at++ = number[i];
            }
        }
        *at = '\0';
        if (at + strlen(acc->conf->domain) + 20 >= end) {
            s.ptr = NULL;
            s.slen = 0;
            return s;
        }
        (void)snprintf(at, (size_t)(end - at), "@%s%s%s", acc->conf->domain, sip_transport_param(acc->conf->transport),
                       "");
    }
    s = sip_str(pool, text);
    {
        /* the parser wants its own copy, and to end it */
        pj_str_t probe = sip_str(pool, text);

        if (!pjsip_parse_uri(pool, probe.ptr, (pj_size_t)probe.slen, 0)) {
            s.slen = 0;
        }
    }
    return s;
}

/* What a name is shown as: without quotes and escapes, UTF-8. */
static size_t clean_name(const pj_str_t *name, char *out, size_t size)
{
    uint16_t units[SESSION_NAME_MAX + 1];
    char text[SESSION_NAME_MAX + 1];
    size_t n = 0, i = 0, len = (size_t)name->slen;
    const char *p = name->ptr;

    if (len >= 2 && p[0] == '"' && p[len - 1] == '"') {
        p++;
        len -= 2;
    }
    for (; i < len && n < sizeof(text) - 1; i++) {
        if (p[i] == '\\' && i + 1 < len) {
            i++;
        }
        text[n++] = (unsigned char)p[i] < ' ' ? ' ' : p[i];
    }
    text[n] = '\0';
    (void)platform_utf8_to_utf16(text, n, units, SESSION_NAME_MAX + 1); /* what is no UTF-8 is not taken over */
    (void)platform_utf16_to_utf8(units, SIZE_MAX, out, size);
    return strlen(out);
}

struct session_party *sip_party_of_uri(struct sip *x, const struct sip_account *acc, const pjsip_uri *uri)
{
    char name[SESSION_NAME_MAX + 1] = "", number[SIP_URI_MAX];
    const pjsip_uri *inner = uri ? pjsip_uri_get_uri(uri) : NULL;
    size_t name_len = 0;
    int len;

    if (!inner) {
        return NULL;
    }
    if (PJSIP_URI_SCHEME_IS_SIP(uri) || PJSIP_URI_SCHEME_IS_SIPS(uri) || PJSIP_URI_SCHEME_IS_TEL(uri)) {
        if ((const void *)inner != (const void *)uri) {
            name_len = clean_name(&((const pjsip_name_addr *)uri)->display, name, sizeof(name));
        }
    }
    if (PJSIP_URI_SCHEME_IS_TEL(inner)) {
        const pjsip_tel_uri *tel = (const pjsip_tel_uri *)inner;

        return sip_party(x, tel->number.ptr, (size_t)tel->number.slen, name, name_len);
    }
    if (!PJSIP_URI_SCHEME_IS_SIP(inner) && !PJSIP_URI_SCHEME_IS_SIPS(inner)) {
        return NULL;
    }
    {
        const pjsip_sip_uri *sip = (const pjsip_sip_uri *)inner;
        bool ours = !pj_stricmp(&sip->host, &acc->domain), digits = sip->user.slen > 0;

        if (!pj_stricmp2(&sip->host, "anonymous.invalid")) {
            return NULL;
        }
        for (pj_ssize_t i = 0; i < sip->user.slen; i++) {
            digits = digits && strchr("0123456789*#+", sip->user.ptr[i]);
        }
        if (sip->user.slen && (ours || digits)) {
            return sip_party(x, sip->user.ptr, (size_t)sip->user.slen, name, name_len);
        }
    }
    len = pjsip_uri_print(PJSIP_URI_IN_REQ_URI, inner, number, sizeof(number));
    return len > 0 ? sip_party(x, number, (size_t)len, name, name_len) : NULL;
}

/* The URI that a header of our own reading begins with. */
static const pjsip_uri *uri_of(pjsip_rx_data *rdata, const char *name, pj_str_t *rest)
{
    pj_str_t header = pj_str((char *)(uintptr_t)name);
    const pjsip_generic_string_hdr *h = pjsip_msg_find_hdr_by_name(rdata->msg_info.msg, &header, NULL);
    pj_str_t copy;
    pj_ssize_t end = 0;
    bool quoted = false, angle = false;

    if (!h || h->hvalue.slen <= 0) {
        return NULL;
    }
    /* up to a comma or a parameter that are not inside of the address */
    for (; end < h->hvalue.slen; end++) {
        char c = h->hvalue.ptr[end];

        if (c == '"' && !(end && h->hvalue.ptr[end - 1] == '\\')) {
            quoted = !quoted;
        } else if (!quoted && c == '<') {
            angle = true;
        } else if (!quoted && c == '>') {
            end++;
            break;
        } else if (!quoted && !angle && (c == ',' || c == ';')) {
            break;
        }
    }
    copy.slen = end;
    copy.ptr = pj_pool_alloc(rdata->tp_info.pool, (pj_size_t)end + 1);
    pj_memcpy(copy.ptr, h->hvalue.ptr, (pj_size_t)end);
    copy.ptr[end] = '\0';
    if (rest) {
        rest->ptr = h->hvalue.ptr + end;
        rest->slen = h->hvalue.slen - end;
    }
    return pjsip_parse_uri(rdata->tp_info.pool, copy.ptr, (pj_size_t)end, PJSIP_PARSE_URI_AS_NAMEADDR);
}

static bool wants_privacy(pjsip_rx_data *rdata)
{
    pj_str_t name = pj_str((char *)(uintptr_t) "Privacy");
    pj_str_t id = pj_str((char *)(uintptr_t) "id"), user = pj_str((char *)(uintptr_t) "user");
    const pjsip_generic_string_hdr *h = pjsip_msg_find_hdr_by_name(rdata->msg_info.msg, &name, NULL);

    return h && (pj_stristr(&h->hvalue, &id) || pj_stristr(&h->hvalue, &user));
}

struct session_party *sip_party_of_msg(struct sip *x, const struct sip_account *acc, pjsip_rx_data *rdata)
{
    bool request = rdata->msg_info.msg->type == PJSIP_REQUEST_MSG;
    const pjsip_uri *uri;

    if (wants_privacy(rdata)) {
        return NULL;
    }
    uri = uri_of(rdata, "P-Asserted-Identity", NULL);
    if (!uri) {
        uri = request ? rdata->msg_info.from->uri : rdata->msg_info.to->uri;
    }
    return sip_party_of_uri(x, acc, uri);
}

static bool param_is(const pj_str_t *rest, const char *text)
{
    pj_str_t s = pj_str((char *)(uintptr_t)text), own = *rest;
    const char *comma = pj_memchr(own.ptr, ',', (pj_size_t)own.slen);

    if (comma) {
        own.slen = comma - own.ptr;
    }
    return pj_stristr(&own, &s) != NULL;
}

void sip_diversion(struct sip *x, const struct sip_account *acc, pjsip_rx_data *rdata, struct sip_event *ev)
{
    pj_str_t rest = {NULL, 0};
    const pjsip_uri *uri = uri_of(rdata, "Diversion", &rest);

    ev->reason = SESSION_REASON_DIRECT;
    if (uri) {
        ev->reason = param_is(&rest, "user-busy") || param_is(&rest, "do-not-disturb") ? SESSION_REASON_FWDBUSY
                     : param_is(&rest, "no-answer")                                    ? SESSION_REASON_FWDNOANSWER
                     : param_is(&rest, "unconditional")                                ? SESSION_REASON_FWDUNCOND
                                                                                       : SESSION_REASON_REDIRECT;
    } else {
        pj_str_t name = pj_str((char *)(uintptr_t) "History-Info");
        const pjsip_generic_string_hdr *h = pjsip_msg_find_hdr_by_name(rdata->msg_info.msg, &name, NULL);
        pj_str_t both = h ? h->hvalue : rest, index2 = pj_str((char *)(uintptr_t) "index=1.1");

        /* the first entry is whom the call was for; it has been sent on if there is a second */
        if (!h || (!pj_stristr(&both, &index2) && !pjsip_msg_find_hdr_by_name(rdata->msg_info.msg, &name, h->next))) {
            return;
        }
        uri = uri_of(rdata, "History-Info", &rest);
        if (!uri) {
            return;
        }
        {
            pj_str_t busy = pj_str((char *)(uintptr_t) "cause%3D486"), none = pj_str((char *)(uintptr_t) "cause%3D408"),
                     uncond = pj_str((char *)(uintptr_t) "cause%3D302");

            ev->reason = pj_stristr(&both, &busy)     ? SESSION_REASON_FWDBUSY
                         : pj_stristr(&both, &none)   ? SESSION_REASON_FWDNOANSWER
                         : pj_stristr(&both, &uncond) ? SESSION_REASON_FWDUNCOND
                                                      : SESSION_REASON_REDIRECT;
        }
    }
    ev->partyv[SIP_REDIRECTING] = sip_party_of_uri(x, acc, uri);
    ev->partyv[SIP_REDIRECTION] = session_party_ref(ev->partyv[SIP_CALLED]);
}

uint32_t sip_reason_cause(const pjsip_msg *msg)
{
    pj_str_t name = pj_str((char *)(uintptr_t) "Reason"), q850 = pj_str((char *)(uintptr_t) "Q.850"),
             key = pj_str((char *)(uintptr_t) "cause");
    const pjsip_generic_string_hdr *h = NULL;
    const void *from = NULL;

    while ((h = pjsip_msg_find_hdr_by_name(msg, &name, from))) {
        const char *at = pj_stristr(&h->hvalue, &q850), *end = h->hvalue.ptr + h->hvalue.slen;
        uint32_t cause = 0;

        if (at) {
            pj_str_t rest = {(char *)(uintptr_t)at, end - at};

            at = pj_stristr(&rest, &key);
        }
        if (at) {
            for (at += key.slen; at < end && (*at == ' ' || *at == '='); at++) {
            }
            for (; at < end && *at >= '0' && *at <= '9' && cause < 1000; at++) {
                cause = cause * 10 + (uint32_t)(*at - '0');
            }
            return cause;
        }
        from = h->next;
        if ((const void *)h->next == (const void *)&msg->hdr) {
            break;
        }
    }
    return 0;
}

bool sip_is_distinctive(const pjsip_msg *msg)
{
    pj_str_t name = pj_str((char *)(uintptr_t) "Alert-Info");

    return pjsip_msg_find_hdr_by_name(msg, &name, NULL) != NULL;
}
