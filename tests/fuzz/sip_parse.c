/* Any message of SIP, any number, any line of a record: what of ours reads it stays inside, and what comes out of it
 * is text. SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/sip_words.h"
#include "tsp/binding/sip/trace.h"
#include "tsp/binding/sip/ua.h"

#include <string.h>

const char fuzz_name[] = "SIP messages";

enum { MESSAGE_MAX = 16384 };

static struct sip x;
static struct sip_front_line line;
static struct sip_account_conf conf = {.user = "u0", .domain = "127.0.0.1:5060"};
static struct sip_account account = {.x = &x, .conf = &conf};
static pj_caching_pool pools;
static pjsip_endpoint *endpt;
static size_t live; /* blocks of ours */

static void *counted_alloc(size_t size, void *arg)
{
    void *p = calloc(1, size);

    (void)arg;
    MUST(p);
    live++;
    return p;
}

static void counted_free(void *p, void *arg)
{
    (void)arg;
    live -= p != NULL;
    free(p);
}

void fuzz_begin(void)
{
    MUST(pj_init() == PJ_SUCCESS && pjlib_util_init() == PJ_SUCCESS);
    pj_log_set_level(0);
    pj_caching_pool_init(&pools, NULL, 0);
    MUST(pjsip_endpt_create(&pools.factory, "fuzz", &endpt) == PJ_SUCCESS);
    x.mem.alloc = counted_alloc;
    x.mem.free = counted_free;
    x.linev = &line;
    x.linec = 1;
    account.domain = pj_str((char *)(uintptr_t) "127.0.0.1");
    MUST(!platform_mutex_init(&x.lock));
}

void fuzz_end(void)
{
    platform_mutex_destroy(&x.lock);
    pjsip_endpt_destroy(endpt);
    pj_caching_pool_destroy(&pools);
    pj_shutdown();
    MUST(!live);
}

/* ---- what is read ------------------------------------------------------------------------------------------------ */

static void is_text(const struct session_party *p)
{
    MUST(strlen(session_party_number(p)) <= SESSION_NUMBER_MAX && strlen(session_party_name(p)) <= SESSION_NAME_MAX);
    for (const char *at = session_party_name(p); *at; at++) {
        MUST((unsigned char)*at >= ' ');
    }
}

static void forget(struct sip_event *ev)
{
    for (int i = 0; i < SIP_PARTIES; i++) {
        is_text(ev->partyv[i]);
        session_party_deref(ev->partyv[i]);
    }
    sip_release(&x, ev->uui);
    memset(ev, 0, sizeof(*ev));
}

static void read_headers(pjsip_rx_data *rdata)
{
    const pjsip_msg *msg = rdata->msg_info.msg;
    struct session_party *p = sip_party_of_msg(&x, &account, rdata);
    struct sip_event ev = {.reason = 0};
    char digit = sip_info_digit(msg->body);
    int code = sip_fragment_code(msg->body);

    is_text(p);
    session_party_deref(p);
    p = sip_party(&x, "u0", 2, NULL, 0);
    ev.partyv[SIP_CALLED] = p;
    sip_diversion(&x, &account, rdata, &ev);
    MUST(ev.reason && !(ev.reason & (ev.reason - 1)));
    forget(&ev);
    for (uint32_t n = 0; sip_uui_of_msg(&x, msg, n, &ev); n++) {
        MUST(ev.uui && ev.uuic && ev.uuic <= SESSION_UUI_MAX);
        forget(&ev);
    }
    forget(&ev);
    MUST(sip_reason_cause(msg) < 10000);
    (void)sip_is_distinctive(msg);
    sip_mwi_notified(&account, rdata);
    MUST(!digit || msg->body->len);
    MUST(code >= 0 && code <= 999);
}

/* As PJSIP's transports have it: whatever lacks one of these goes no further. */
static void read_message(struct fuzz_input *in)
{
    static char text[MESSAGE_MAX];
    pj_pool_t *pool = pjsip_endpt_create_pool(endpt, "message", 4000, 4000);
    pjsip_rx_data rdata;
    size_t len = words_message(in, text, sizeof(text));

    MUST(pool);
    pj_bzero(&rdata, sizeof(rdata));
    rdata.tp_info.pool = pool;
    pj_list_init(&rdata.msg_info.parse_err);
    rdata.msg_info.msg_buf = text;
    rdata.msg_info.len = (int)len;
    if (pjsip_parse_rdata(text, len, &rdata) && rdata.msg_info.from && rdata.msg_info.to && rdata.msg_info.cid &&
        rdata.msg_info.via && rdata.msg_info.cseq) {
        read_headers(&rdata);
    }
    pjsip_endpt_release_pool(endpt, pool);
}

/* ---- what is dialled, what is recorded --------------------------------------------------------------------------- */

static void dial(struct fuzz_input *in)
{
    static const char signs[] = "0123456789*#+-.() sip:tel:@%;?=<>\"[]";
    pj_pool_t *pool = pjsip_endpt_create_pool(endpt, "dial", 1000, 1000);
    char number[SESSION_NUMBER_MAX + 1];
    bool uri = fuzz_u8(in) & 1;
    size_t len = fuzz_u8(in) % sizeof(number), at = 0;
    pj_str_t target;

    MUST(pool);
    if (uri) {
        at = (size_t)snprintf(number, sizeof(number), "%s", fuzz_u8(in) & 1 ? "sip:1@" : "tel:");
    }
    while (at < len) {
        uint8_t c = fuzz_u8(in);

        number[at++] = c < 250 ? signs[c % (sizeof(signs) - 1)] : (char)(c - 200);
    }
    number[at] = '\0';
    target = sip_uri_of_dial(pool, &account, number, uri);
    MUST(target.slen >= 0 && (!target.slen || target.ptr[target.slen] == '\0'));
    pjsip_endpt_release_pool(endpt, pool);
}

/* Whatever is around it, a password in a URI is not written down. */
static void record(struct fuzz_input *in)
{
    static const char signs[] = "sip:@<>\"?;= \r\nINVTE/2.0";
    static const char secret[] = "QZXQZX";
    char text[200], out[120];
    size_t len = fuzz_u8(in) % 60, size = fuzz_u8(in) % (sizeof(out) + 1), n;

    for (size_t i = 0; i < len; i++) {
        uint8_t c = fuzz_u8(in);

        text[i] = c < 250 ? signs[c % (sizeof(signs) - 1)] : (char)c;
    }
    len += (size_t)snprintf(text + len, sizeof(text) - len, " <%s:a:%s@h?x=%s> ", fuzz_u8(in) & 1 ? "sip" : "SIPS",
                            secret, secret);
    n = fuzz_bytes(in, text + len, 40);
    memset(out, '!', sizeof(out));
    n = sip_trace_mask(out, size, text, len + n);
    MUST(size ? n < size && out[n] == '\0' && strlen(out) <= n : n == 0);
    MUST(size == sizeof(out) || out[size] == '!');
    MUST(!size || !strstr(out, secret));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, data + size};

    while (in.at < in.end) {
        switch (fuzz_u8(&in) % 8) {
        case 0:
            dial(&in);
            break;
        case 1:
            record(&in);
            break;
        default:
            read_message(&in);
            break;
        }
        MUST(!live);
    }
    return 0;
}
