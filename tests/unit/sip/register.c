/* Registration with a scripted server, and what the line says of it. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static char domain[64];

static void open_account(const char *password)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.accountv[0].password = password;
    f.accountv[0].do_register = true;
    f.accountv[0].name = "Ann \"A\"";
    f.accountv[0].retry_ms = 1;
    f.conf.goodbye_ms = 60000;
    fixture_open(&f);
}

static const char *text_of(void)
{
    static char text[300];

    sip_line_text(f.b, 0, text, sizeof(text));
    return text;
}

/* The server is there while the account takes its leave. */
static void leave(void *arg)
{
    struct peer *server = arg;

    peer_expect(server, "REGISTER");
    ck_assert(strstr(peer_header(server, "Contact"), "expires=0") || peer_has(server, "\r\nExpires: 0\r\n"));
    peer_answer(server, 200, NULL);
}

static void close_account(bool registered)
{
    struct platform_thread *t = NULL;

    if (registered) {
        ck_assert_int_eq(platform_thread_start(&t, "server", leave, &p), 0);
    }
    fixture_close(&f);
    platform_thread_join(t);
    peer_close(&p);
}

#define IN_SERVICE (SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE)

static const char *granted(void)
{
    static char text[512];

    (void)snprintf(text, sizeof(text), "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
    return text;
}

START_TEST(plain)
{
    open_account(NULL);
    UNTIL(&f, f.service_said[0] && f.service[0] == SESSION_STATUS_CONNECTED);
    peer_expect(&p, "REGISTER");
    ck_assert_str_eq(peer_header(&p, "Expires"), "300");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "From"), "\"Ann \\\"A\\\"\" <sip:u0@127.0.0.1"));
    peer_answer(&p, 200, granted());
    UNTIL(&f, f.service[0] == IN_SERVICE);
    ck_assert_str_eq(text_of(), "");
    close_account(true);
}
END_TEST

static void challenge(const char *algorithm, size_t digits)
{
    char extra[256];
    const char *response;

    open_account("secret");
    peer_expect(&p, "REGISTER");
    (void)snprintf(extra, sizeof(extra),
                   "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=%s, qop=\"auth\"\r\n", algorithm);
    peer_answer(&p, 401, extra);
    do {
        peer_expect(&p, "REGISTER");
    } while (!peer_has(&p, "\r\nAuthorization: "));
    response = strstr(peer_header(&p, "Authorization"), "response=\"");
    ck_assert_ptr_nonnull(response);
    ck_assert_uint_eq(strcspn(response + 10, "\""), digits);
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Authorization"), "username=\"u0\""));
    ck_assert(!peer_has(&p, "secret"));
    peer_answer(&p, 200, granted());
    UNTIL(&f, f.service[0] == IN_SERVICE);
    close_account(true);
}

START_TEST(md5)
{
    challenge("MD5", 32);
}
END_TEST

START_TEST(sha256)
{
    challenge("SHA-256", 64);
}
END_TEST

START_TEST(wrong_password)
{
    open_account("wrong");
    for (int i = 0; i < 2; i++) {
        peer_expect(&p, "REGISTER");
        peer_answer(&p, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5\r\n");
    }
    UNTIL(&f, strstr(text_of(), "does not accept user name and password") != NULL);
    ck_assert_ptr_null(strstr(text_of(), "wrong"));
    ck_assert_uint_eq(f.service[0], SESSION_STATUS_CONNECTED);
    close_account(false);
}
END_TEST

START_TEST(comes_back)
{
    open_account(NULL);
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 403, NULL);
    UNTIL(&f, strstr(text_of(), "answers 403") != NULL);
    /* it tries again by itself */
    do {
        peer_expect(&p, "REGISTER");
    } while (strstr(peer_header(&p, "CSeq"), " REGISTER") == NULL);
    peer_answer(&p, 200, granted());
    UNTIL(&f, f.service[0] == IN_SERVICE);
    close_account(true);
}
END_TEST

/* What the server sees through a NAT is where the account says it is. */
START_TEST(behind_a_nat)
{
    char *rport;

    open_account(NULL);
    peer_expect(&p, "REGISTER");
    rport = strstr(p.request, ";rport;");
    ck_assert_ptr_nonnull(rport);
    memmove(rport + 30, rport + 7, strlen(rport + 7) + 1);
    memcpy(rport, ";received=192.0.2.7;rport=999;", 30);
    peer_answer(&p, 200, granted());
    peer_expect(&p, "REGISTER");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Contact"), "<sip:u0@192.0.2.7:999>"));
    peer_answer(&p, 200, granted());
    UNTIL(&f, f.service[0] == IN_SERVICE);
    close_account(true);
}
END_TEST

START_TEST(next_registrar)
{
    static char first[64], second[64];
    static const char *const serverv[] = {first, second};
    struct peer other;

    peer_open(&other);
    peer_open(&p);
    (void)snprintf(first, sizeof(first), "127.0.0.1:%u", (unsigned)other.number);
    (void)snprintf(second, sizeof(second), "127.0.0.1:%u", (unsigned)p.number);
    fixture_init(&f, 1);
    f.accountv[0].domain = "example.com";
    f.accountv[0].do_register = true;
    f.accountv[0].registrarv = serverv;
    f.accountv[0].registrarc = 2;
    f.conf.goodbye_ms = 60000;
    fixture_open(&f);
    peer_expect(&other, "REGISTER");
    peer_answer(&other, 503, "Retry-After: 1000\r\n");
    peer_expect(&p, "REGISTER");
    ck_assert_str_eq(peer_header(&p, "To"), "<sip:u0@example.com>");
    peer_answer(&p, 200, granted());
    UNTIL(&f, f.service[0] == IN_SERVICE);
    peer_close(&other);
    close_account(true);
}
END_TEST

START_TEST(messages_wait)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.accountv[0].do_register = true;
    f.accountv[0].mwi = true;
    f.conf.goodbye_ms = 60000;
    fixture_open(&f);
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 200, granted());
    peer_expect(&p, "SUBSCRIBE");
    ck_assert_str_eq(peer_header(&p, "Event"), "message-summary");
    peer_answer(&p, 200, "Expires: 3600\r\n");
    peer_send(&p, p.from,
              "NOTIFY sip:u0@127.0.0.1:%u SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKm\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:u0@127.0.0.1>;tag=9\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: unasked\r\n"
              "CSeq: 1 NOTIFY\r\nContact: <sip:peer@127.0.0.1:%u>\r\nEvent: message-summary\r\n"
              "Subscription-State: active\r\nContent-Type: application/simple-message-summary\r\n"
              "Content-Length: 23\r\n\r\nMessages-Waiting: yes\r\n",
              (unsigned)p.from, (unsigned)p.number, (unsigned)p.number);
    UNTIL(&f, f.service[0] == (IN_SERVICE | SESSION_STATUS_MSGWAIT));
    close_account(true);
}
END_TEST

Suite *register_suite(void)
{
    Suite *s = suite_create("sip registration");
    TCase *t = tcase_create("register");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, plain);
    tcase_add_test(t, md5);
    tcase_add_test(t, sha256);
    tcase_add_test(t, wrong_password);
    tcase_add_test(t, comes_back);
    tcase_add_test(t, behind_a_nat);
    tcase_add_test(t, next_registrar);
    tcase_add_test(t, messages_wait);
    suite_add_tcase(s, t);
    return s;
}
