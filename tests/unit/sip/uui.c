/* User-user information: what goes over the wire, and what others may send. SPDX-License-Identifier: MIT */
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

static uint32_t invite(const char *extra)
{
    const char *body = strstr(extra, "\r\n\r\n");

    p.cseq++;
    peer_send(&p, sip_port(f.b, SIP_UDP),
              "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKu%u\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:200@127.0.0.1>;tag=%s\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: u%u\r\n"
              "CSeq: 1 INVITE\r\nContact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: %u\r\n%s",
              (unsigned)p.number, (unsigned)p.cseq, p.local_tag, (unsigned)p.cseq, (unsigned)p.number,
              body ? (unsigned)strlen(body + 4) : 0u, extra);
    return incoming(&f);
}

/* A request of our own inside the dialog that the last answer belongs to. */
static void inside(const char *method, uint32_t cseq, const char *extra)
{
    p.cseq++;
    peer_send(&p, sip_port(f.b, SIP_UDP),
              "%s sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKv%u\r\nMax-Forwards: 70\r\n"
              "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u %s\r\nContent-Length: 0\r\n%s\r\n",
              method, (unsigned)p.number, (unsigned)p.cseq, peer_header(&p, "From"), peer_header(&p, "To"),
              peer_header(&p, "Call-ID"), (unsigned)cseq, method, extra);
}

static uint32_t say(enum session_cmd_type type, uint32_t leg, const char *uui)
{
    struct session_attach attach = {.uui = {uui, (uint32_t)strlen(uui)}};
    struct session_cmd cmd = {.type = type, .leg = f.legv[leg].id, .session = f.legv[leg].session, .attach = &attach};

    return give(&f, &cmd);
}

static uint32_t place_with(const char *uui)
{
    struct session_attach attach = {.uui = {uui, (uint32_t)strlen(uui)}};
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .dial = &d, .session = 600, .attach = &attach};

    ck_assert_int_eq(session_dial_parse_uri("123", 3, &d), SESSION_E_OK);
    ck_assert_int_eq(result(&f, give(&f, &cmd)), SESSION_E_OK);
    return f.legc - 1;
}

static const char tail[] = ";encoding=hex;purpose=isdn-uui;content=isdn-uui";

static void has(const char *hex)
{
    char text[200];

    (void)snprintf(text, sizeof(text), "%s%s", hex, hex[0] ? tail : "");
    ck_assert_str_eq(peer_header(&p, "User-to-User"), text);
}

START_TEST(of_a_call_placed)
{
    uint32_t a;

    open_trunk();
    a = place_with("\004abc");
    peer_expect(&p, "INVITE");
    has("04616263");
    peer_answer(&p, 180, "User-to-User: 41;encoding=hex\r\n");
    peer_answer(&p, 180, "User-to-User: 41;encoding=hex\r\n");
    wait_state(&f, a, SESSION_RINGBACK);
    {
        char answer[1024];

        (void)snprintf(answer, sizeof(answer), "User-to-User: 4243\r\n%s", peer_sdp);
        peer_answer(&p, 200, answer);
    }
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING RINGBACK uui:A uui:BC CONNECTED");
    peer_expect(&p, "ACK");
    ck_assert_int_eq(result(&f, say(SESSION_CMD_DROP, a, "bye")), SESSION_E_OK);
    peer_expect(&p, "BYE");
    has("627965");
    peer_answer(&p, 200, NULL);
    close_trunk();
}
END_TEST

START_TEST(of_a_call_offered)
{
    char extra[1024];
    uint32_t b;

    open_trunk();
    (void)snprintf(extra, sizeof(extra), "User-to-User: 0041 ; purpose=isdn-uui;encoding=\"hex\", 4A\r\n%s", peer_sdp);
    b = invite(extra);
    ck_assert_str_eq(f.legv[b].uui, ""); /* it begins with a 0 */
    ck_assert_int_eq(result(&f, say(SESSION_CMD_ACCEPT, b, "one")), SESSION_E_OK);
    ck_assert_int_eq(result(&f, say(SESSION_CMD_ANSWER, b, "two")), SESSION_E_OK);
    peer_expect(&p, "200");
    has("74776f");
    inside("ACK", 1, "");
    inside("BYE", 2, "User-to-User: \"so\\\"long\";encoding=ascii\r\nUser-to-User: 21\r\n");
    wait_state(&f, b, SESSION_DISCONNECTED);
    ck_assert_str_eq(f.legv[b].log, "ring uui:so\"long uui:! DISCONNECTED:NORMAL");
    close_trunk();
}
END_TEST

START_TEST(of_a_call_refused)
{
    uint32_t a, b;

    open_trunk();
    b = invite(peer_sdp);
    ck_assert_int_eq(result(&f, say(SESSION_CMD_DROP, b, "no")), SESSION_E_OK);
    peer_expect(&p, "603");
    has("6e6f");
    inside("ACK", 1, "");
    a = place_with("x");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, "User-to-User: 4e4F;encoding=hex\r\n");
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING uui:NO DISCONNECTED:BUSY");
    close_trunk();
}
END_TEST

/* What a binding is given must be right, and what makes no sense is passed over. */
START_TEST(nonsense)
{
    static const char *const valuev[] = {"",
                                         "4",
                                         "4x",
                                         ";encoding=hex",
                                         "\"41",
                                         "41;",
                                         "\"\\",
                                         ";;;=,,,;\"\"",
                                         "\"4142\"",
                                         "4142;encoding=",
                                         "41\\42",
                                         "\"41\";a=\"",
                                         ",",
                                         " ;",
                                         "41;encoding=hex;encoding=x"};
    char extra[2048], big[600];
    uint32_t b;

    open_trunk();
    for (size_t i = 0; i <= sizeof(valuev) / sizeof(valuev[0]); i++) {
        memset(big, '4', sizeof(big) - 1);
        big[sizeof(big) - 1] = '\0';
        f.legc = 0;
        (void)snprintf(extra, sizeof(extra), "User-to-User: %s\r\n%s",
                       i < sizeof(valuev) / sizeof(valuev[0]) ? valuev[i] : big, peer_sdp);
        b = invite(extra);
        drop(&f, b);
        peer_expect(&p, "603");
        inside("ACK", 1, "");
    }
    close_trunk();
}
END_TEST

Suite *uui_suite(void)
{
    Suite *s = suite_create("sip user-user information");
    TCase *t = tcase_create("uui");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, of_a_call_placed);
    tcase_add_test(t, of_a_call_offered);
    tcase_add_test(t, of_a_call_refused);
    tcase_add_test(t, nonsense);
    suite_add_tcase(s, t);
    return s;
}
