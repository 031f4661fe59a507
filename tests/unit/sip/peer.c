/* Calls with a scripted other end: what goes over the wire, and what others may send. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64];

static void open_trunk(void)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
}

static void close_trunk(void)
{
    fixture_close(&f);
    peer_close(&p);
}

/* An INVITE from the other end, with more headers and a body. */
static void invite(const char *to, const char *from, const char *extra)
{
    const char *body = strstr(extra, "\r\n\r\n");

    p.cseq++;
    peer_send(&p, sip_port(f.b, SIP_UDP),
              "INVITE sip:%s@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKi%u\r\n"
              "Max-Forwards: 70\r\nFrom: %s;tag=%s\r\nTo: <sip:%s@127.0.0.1>\r\nCall-ID: c%u\r\nCSeq: 1 INVITE\r\n"
              "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
              to, (unsigned)p.number, (unsigned)p.cseq, from, p.local_tag, to, (unsigned)p.cseq, (unsigned)p.number,
              body ? (unsigned)strlen(body + 4) : 0u, extra);
}

/* A request inside the dialog of that INVITE: To is taken from the last answer. */
static void inside(const char *method, const char *extra)
{
    static uint32_t cseq = 10;
    const char *body = strstr(extra, "\r\n\r\n");
    char to[512];

    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
    cseq++;
    peer_send(&p, sip_port(f.b, SIP_UDP),
              "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKr%u\r\n"
              "Max-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: c%u\r\nCSeq: %u %s\r\n"
              "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
              method, (unsigned)p.number, (unsigned)(!strcmp(method, "ACK") ? cseq : cseq), peer_header(&p, "From"), to,
              (unsigned)p.cseq, (unsigned)(!strcmp(method, "ACK") ? 1 : cseq), method, (unsigned)p.number,
              body ? (unsigned)strlen(body + 4) : 0u, extra);
}

static uint32_t answer_incoming(const char *body)
{
    uint32_t b;

    invite("u0", "<sip:200@127.0.0.1>", body);
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    peer_expect(&p, "200");
    return b;
}

static const struct {
    int code;
    enum session_disconnect mode;
} codev[] = {
#define SIP_CODE(code, mode, text) {code, SESSION_DISC_##mode},
#define SIP_CODE_CLASS(class, mode, text)
#define SIP_Q850(cause, mode, text)
#include "tsp/binding/sip/cause.def"
#undef SIP_CODE
#undef SIP_CODE_CLASS
#undef SIP_Q850
};

START_TEST(every_final_answer)
{
    open_trunk();
    for (size_t i = 0; i < sizeof(codev) / sizeof(codev[0]); i++) {
        uint32_t a;

        if (codev[i].code < 400 || codev[i].code == 401 || codev[i].code == 407 || codev[i].code == 422) {
            continue; /* these are not final by themselves */
        }
        f.legc = 0;
        f.donec = 0;
        a = place(&f, 0, "123");
        peer_expect(&p, "INVITE");
        peer_answer(&p, codev[i].code, NULL);
        wait_state(&f, a, SESSION_DISCONNECTED);
        ck_assert_msg(f.legv[a].mode == (uint32_t)codev[i].mode, "%d is %x", codev[i].code, (unsigned)f.legv[a].mode);
        peer_expect(&p, "ACK");
    }
    close_trunk();
}
END_TEST

START_TEST(reason_says_more)
{
    uint32_t a;

    open_trunk();
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 500, "Reason: SIP;cause=500\r\nReason: Q.850;cause=17;text=\"User busy\"\r\n");
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_BUSY);
    ck_assert_uint_eq(f.legv[a].quality.code, 500);
    ck_assert_uint_eq(f.legv[a].quality.cause, 17);
    ck_assert_uint_eq(f.legv[a].quality.sent, 0);
    close_trunk();
}
END_TEST

START_TEST(dialled_forms)
{
    static const struct {
        const char *dialled, *uri;
    } v[] = {{"+49 (30) 123", "INVITE sip:+4930123@127.0.0.1:"},
             {"*31#5", "INVITE sip:*31%235@127.0.0.1:"},
             {"tel:+1-201-555;phone-context=x", "INVITE sip:+1201555@127.0.0.1:"}};
    char text[128];

    open_trunk();
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        uint32_t a = place(&f, 0, v[i].dialled);

        peer_expect(&p, "INVITE");
        ck_assert_msg(!strncmp(p.data, v[i].uri, strlen(v[i].uri)), "%.80s", p.data);
        peer_answer(&p, 404, NULL);
        wait_state(&f, a, SESSION_DISCONNECTED);
        peer_expect(&p, "ACK");
    }
    (void)snprintf(text, sizeof(text), "sip:bob@127.0.0.1:%u;x=1", (unsigned)p.number);
    (void)place(&f, 0, text);
    peer_expect(&p, "INVITE");
    ck_assert(peer_has(&p, text));
    close_trunk();
}
END_TEST

START_TEST(asked_for_a_password)
{
    uint32_t a;

    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.accountv[0].password = "secret";
    f.accountv[0].auth_user = "somebody";
    fixture_open(&f);
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 407, "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Proxy-Authorization"), "username=\"somebody\""));
    peer_answer(&p, 200, peer_sdp);
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING CONNECTED");
    close_trunk();
}
END_TEST

START_TEST(sent_elsewhere)
{
    uint32_t a;

    open_trunk();
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 302, NULL); /* to its Contact */
    peer_expect(&p, "ACK");
    do {
        peer_expect(&p, "INVITE");
    } while (!peer_has(&p, "INVITE sip:peer@"));
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING party DISCONNECTED:BUSY");
    close_trunk();
}
END_TEST

START_TEST(both_hold_at_once)
{
    uint32_t b, token;

    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.conf.t1_ms = 50;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
    b = answer_incoming(peer_sdp);
    inside("ACK", "\r\n");
    token = order(&f, SESSION_CMD_HOLD, b, UINT32_MAX);
    do {
        peer_expect(&p, "INVITE");
    } while (!peer_has(&p, "a=sendonly"));
    peer_answer(&p, 491, NULL);
    peer_expect(&p, "ACK");
    peer_expect(&p, "INVITE"); /* it tries again after a while */
    ck_assert(peer_has(&p, "a=sendonly"));
    peer_answer(&p, 200, peer_sdp);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    close_trunk();
}
END_TEST

START_TEST(bit_by_bit)
{
    uint32_t a;

    open_trunk();
    a = place(&f, 0, "12;");
    ck_assert_int_eq(result(&f, dial(&f, SESSION_CMD_DIAL, a, "34")), SESSION_E_OK);
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:1234@", 16));
    ck_assert(peer_has(&p, "m=audio") && peer_has(&p, "telephone-event"));
    close_trunk();
}
END_TEST

START_TEST(hides_who_calls)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .session = 9, .dial = &d, .block_id = true};

    open_trunk();
    ck_assert_int_eq(session_dial_parse("1", 1, &d), SESSION_E_OK);
    (void)give(&f, &cmd);
    peer_expect(&p, "INVITE");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "From"), "anonymous@anonymous.invalid"));
    ck_assert_str_eq(peer_header(&p, "Privacy"), "id");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "P-Preferred-Identity"), "sip:u0@"));
    close_trunk();
}
END_TEST

START_TEST(progress)
{
    uint32_t a;

    open_trunk();
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 100, NULL);
    peer_answer(&p, 183, peer_sdp);
    peer_answer(&p, 180, NULL);
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    peer_answer(&p, 200, peer_sdp);
    peer_expect(&p, "ACK");
    wait_state(&f, a, SESSION_CONNECTED);
    peer_answer(&p, 200, peer_sdp); /* once more: our ACK was lost */
    peer_expect(&p, "ACK");
    says(&f, a, "DIALING PROCEEDING RINGBACK CONNECTED");
    drop(&f, a);
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    close_trunk();
}
END_TEST

START_TEST(answer_crosses_cancel)
{
    uint32_t a;

    open_trunk();
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    drop(&f, a);
    {
        static char request[sizeof(p.request)];

        memcpy(request, p.request, sizeof(request));
        peer_expect(&p, "CANCEL");
        peer_answer(&p, 200, NULL);
        memcpy(p.request, request, sizeof(request));
        peer_answer(&p, 200, peer_sdp);
    }
    peer_expect(&p, "ACK");
    peer_expect(&p, "BYE");
    peer_answer(&p, 200, NULL);
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_trunk();
}
END_TEST

START_TEST(no_answer)
{
    uint32_t a;

    open_trunk();
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    peer_answer(&p, 408, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_NOANSWER);
    close_trunk();
}
END_TEST

START_TEST(nobody_there)
{
    uint32_t a;

    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.conf.t1_ms = 1; /* it gives up after 64 of them */
    fixture_open(&f);
    a = place(&f, 0, "1");
    wait_state(&f, a, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[a].mode, SESSION_DISC_UNREACHABLE);
    close_trunk();
}
END_TEST

START_TEST(who_calls)
{
    uint32_t b;

    open_trunk();
    invite("u0", "\"Zo\xC3\xAB \\\"Z\\\"\" <sip:200@127.0.0.1>", peer_sdp);
    b = incoming(&f);
    ck_assert_str_eq(f.legv[b].caller, "200");
    ck_assert_str_eq(f.legv[b].name, "Zo\xC3\xAB \"Z\"");
    drop(&f, b);
    peer_expect(&p, "603");
    inside("ACK", "\r\n");
    invite("u0", "<sip:anonymous@anonymous.invalid>",
           "P-Asserted-Identity: \"Real\" <sip:+49301@gw.example>\r\nAlert-Info: <urn:x>\r\n"
           "Diversion: \"Boss\" <sip:300@127.0.0.1>;reason=no-answer;counter=1, <sip:301@x>;reason=user-busy\r\n\r\n");
    b = incoming(&f);
    ck_assert_str_eq(f.legv[b].caller, "+49301");
    ck_assert_str_eq(f.legv[b].redirecting, "300");
    ck_assert_uint_eq(f.legv[b].reason, SESSION_REASON_FWDNOANSWER);
    UNTIL(&f, f.legv[b].log[0]);
    says(&f, b, "ring2");
    invite("u0", "<sip:bob@example.com>",
           "History-Info: <sip:400@127.0.0.1?Reason=SIP%3Bcause%3D486>;index=1, <sip:u0@127.0.0.1>;index=1.1\r\n\r\n");
    b = incoming(&f);
    ck_assert_str_eq(f.legv[b].caller, "sip:bob@example.com");
    ck_assert_str_eq(f.legv[b].redirecting, "400");
    ck_assert_uint_eq(f.legv[b].reason, SESSION_REASON_FWDBUSY);
    invite("u0", "<sip:200@127.0.0.1>", "Privacy: id\r\n\r\n");
    b = incoming(&f);
    ck_assert_str_eq(f.legv[b].caller, "");
    close_trunk();
}
END_TEST

START_TEST(cancelled_by_the_caller)
{
    uint32_t b;

    open_trunk();
    invite("u0", "<sip:200@127.0.0.1>", peer_sdp);
    b = incoming(&f);
    peer_expect(&p, "180");
    peer_send(&p, p.from,
              "CANCEL sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKi%u\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:200@127.0.0.1>;tag=%s\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: c%u\r\n"
              "CSeq: 1 CANCEL\r\nReason: SIP;cause=200;text=\"Call completed elsewhere\"\r\nContent-Length: 0\r\n\r\n",
              (unsigned)p.number, (unsigned)p.cseq, p.local_tag, (unsigned)p.cseq);
    peer_expect(&p, "487");
    wait_state(&f, b, SESSION_DISCONNECTED);
    close_trunk();
}
END_TEST

START_TEST(digits_by_info)
{
    uint32_t b;

    open_trunk();
    b = answer_incoming(peer_sdp);
    inside("ACK", "\r\n");
    inside("INFO", "Content-Type: application/dtmf-relay\r\n\r\nSignal=5\r\nDuration=160\r\n");
    peer_expect(&p, "200");
    inside("INFO", "Content-Type: application/dtmf\r\n\r\n*");
    peer_expect(&p, "200");
    inside("INFO", "Content-Type: application/x\r\n\r\n1");
    peer_expect(&p, "415");
    UNTIL(&f, strstr(f.legv[b].log, "hears:*") != NULL);
    ck_assert_ptr_nonnull(strstr(f.legv[b].log, "hears:5 hears:*"));
    inside("BYE", "Reason: Q.850;cause=16\r\n\r\n");
    wait_state(&f, b, SESSION_DISCONNECTED);
    ck_assert_uint_eq(f.legv[b].mode, SESSION_DISC_NORMAL);
    close_trunk();
}
END_TEST

START_TEST(late_offer)
{
    open_trunk();
    (void)answer_incoming("\r\n");
    ck_assert(peer_has(&p, "m=audio"));
    inside("ACK", peer_sdp);
    close_trunk();
}
END_TEST

START_TEST(no_common_media)
{
    uint32_t b, token;

    open_trunk();
    invite("u0", "<sip:200@127.0.0.1>",
           "Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
           "t=0 0\r\nm=video 4000 RTP/AVP 31\r\n");
    b = incoming(&f);
    token = order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX);
    ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
    peer_expect(&p, "488");
    wait_state(&f, b, SESSION_DISCONNECTED);
    close_trunk();
}
END_TEST

START_TEST(held_by_the_other_end)
{
    static const char hold[] =
        "Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendonly\r\n";
    uint32_t b;

    open_trunk();
    b = answer_incoming(peer_sdp);
    inside("ACK", "\r\n");
    inside("INVITE", hold);
    peer_expect(&p, "200");
    ck_assert(peer_has(&p, "a=recvonly"));
    UNTIL(&f, f.legv[b].mode == SESSION_CONNECTED_ACTIVEHELD);
    close_trunk();
}
END_TEST

START_TEST(nonsense)
{
    static const char *const v[] = {
        "",
        "\r\n\r\n",
        "INVITE",
        "INVITE sip: SIP/2.0\r\n\r\n",
        "SIP/2.0 200 OK\r\n\r\n",
        "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx\r\nl: 99999\r\n\r\n",
        "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\nVia: x\r\nFrom: <\r\nTo: >\r\nCSeq: 99999999999 OPTIONS\r\n\r\n",
        "NOTIFY sip:u0@127.0.0.1 SIP/2.0\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\n\r\n"};

    open_trunk();
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        port_send(p.port, p.from, v[i], strlen(v[i]));
    }
    /* it goes on as if nothing had been */
    (void)answer_incoming(peer_sdp);
    close_trunk();
}
END_TEST

START_TEST(options)
{
    open_trunk();
    peer_send(
        &p, p.from,
        "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKo\r\nMax-Forwards: 70\r\n"
        "From: <sip:a@b>;tag=1\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\n"
        "Content-Length: 0\r\n\r\n",
        (unsigned)p.number);
    peer_expect(&p, "200");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Allow"), "INVITE"));
    peer_send(&p, p.from,
              "BYE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb\r\nMax-Forwards: 70\r\n"
              "From: <sip:a@b>;tag=1\r\nTo: <sip:u0@127.0.0.1>;tag=2\r\nCall-ID: none\r\nCSeq: 1 BYE\r\n"
              "Content-Length: 0\r\n\r\n",
              (unsigned)p.number);
    peer_expect(&p, "481");
    close_trunk();
}
END_TEST

Suite *peer_suite(void)
{
    Suite *s = suite_create("sip with others");
    TCase *t = tcase_create("peer");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_final_answer);
    tcase_add_test(t, reason_says_more);
    tcase_add_test(t, dialled_forms);
    tcase_add_test(t, asked_for_a_password);
    tcase_add_test(t, sent_elsewhere);
    tcase_add_test(t, both_hold_at_once);
    tcase_add_test(t, bit_by_bit);
    tcase_add_test(t, hides_who_calls);
    tcase_add_test(t, progress);
    tcase_add_test(t, answer_crosses_cancel);
    tcase_add_test(t, no_answer);
    tcase_add_test(t, nobody_there);
    tcase_add_test(t, who_calls);
    tcase_add_test(t, cancelled_by_the_caller);
    tcase_add_test(t, digits_by_info);
    tcase_add_test(t, late_offer);
    tcase_add_test(t, no_common_media);
    tcase_add_test(t, held_by_the_other_end);
    tcase_add_test(t, nonsense);
    tcase_add_test(t, options);
    suite_add_tcase(s, t);
    return s;
}
