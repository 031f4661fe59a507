/* An account tried once, with a scripted server. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include "tsp/binding/sip/probe.h"
#include "tsp/binding/sip/trace.h"

#include <stdio.h>
#include <string.h>

static struct sip_conf conf;
static struct sip_account_conf account;
static struct sip_result res;
static struct peer p;
static char domain[200];
static struct platform_thread *thread;
static enum session_err err;

static void run(void *arg)
{
    (void)arg;
    err = sip_probe(&conf, 3600000, &res);
}

static void begin(const char *password)
{
    peer_open(&p);
    memset(&conf, 0, sizeof(conf));
    memset(&account, 0, sizeof(account));
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    account.user = "u0";
    account.domain = domain;
    account.password = password;
    account.do_register = true;
    account.expires = 120;
    conf.bind = "127.0.0.1";
    conf.accountv = &account;
    conf.accountc = 1;
    conf.verify = true;
}

static void start(void)
{
    ck_assert_int_eq(platform_thread_start(&thread, "probe", run, NULL), 0);
}

static void finish(enum sip_outcome outcome, const char *text)
{
    char want[400];
    const char *at;

    platform_thread_join(thread);
    thread = NULL;
    at = strstr(text, "%s");
    (void)snprintf(want, sizeof(want), "%.*s%s%s", at ? (int)(at - text) : (int)strlen(text), text, at ? domain : "",
                   at ? at + 2 : "");
    ck_assert_int_eq(err, SESSION_E_OK);
    ck_assert_str_eq(res.text, want);
    ck_assert_int_eq((int)res.outcome, (int)outcome);
    peer_close(&p);
}

static const char *granted(unsigned expires)
{
    static char text[600];

    (void)snprintf(text, sizeof(text), "Contact: <sip:u0@192.0.2.1:7>;expires=9999\r\nContact: %s;expires=%u\r\n",
                   peer_header(&p, "Contact"), expires);
    return text;
}

static const char challenge[] = "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5, qop=\"auth\"\r\n";

/* The account is registered, and no more afterwards. */
static void accept_it(void)
{
    peer_answer(&p, 200, granted(77));
    do {
        peer_expect(&p, "REGISTER");
    } while (strcmp(peer_header(&p, "Expires"), "0") != 0);
    peer_answer(&p, 200, NULL);
}

START_TEST(ok)
{
    begin("geheim");
    start();
    peer_expect(&p, "REGISTER");
    ck_assert_str_eq(peer_header(&p, "Expires"), "120");
    peer_answer(&p, 401, challenge);
    do {
        peer_expect(&p, "REGISTER");
    } while (!peer_has(&p, "\r\nAuthorization: "));
    ck_assert(!peer_has(&p, "geheim"));
    accept_it();
    finish(SIP_OUTCOME_OK, "registered with %s for 77 s");
    ck_assert_uint_eq(res.expires, 77);
    ck_assert_uint_eq(res.code, 200);
}
END_TEST

START_TEST(too_brief)
{
    begin(NULL);
    start();
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 423, "Min-Expires: 600\r\n");
    do {
        peer_expect(&p, "REGISTER");
    } while (strcmp(peer_header(&p, "Expires"), "600") != 0);
    accept_it();
    finish(SIP_OUTCOME_OK, "registered with %s for 77 s");
}
END_TEST

START_TEST(wrong_password)
{
    begin("wrong");
    account.auth_user = "login";
    start();
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 401, challenge);
    do {
        peer_expect(&p, "REGISTER");
    } while (!peer_has(&p, "\r\nAuthorization: "));
    peer_answer(&p, 401, challenge);
    finish(SIP_OUTCOME_PASSWORD, "%s does not accept user name and password of login");
    ck_assert_uint_eq(res.code, 401);
}
END_TEST

START_TEST(forbidden)
{
    begin("wrong");
    start();
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 401, challenge);
    do {
        peer_expect(&p, "REGISTER");
    } while (!peer_has(&p, "\r\nAuthorization: "));
    peer_answer(&p, 403, NULL);
    finish(SIP_OUTCOME_PASSWORD, "%s does not accept user name and password of u0 (403 Answer)");
}
END_TEST

START_TEST(no_password)
{
    begin(NULL);
    start();
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 401, challenge);
    finish(SIP_OUTCOME_PASSWORD, "%s wants a password, and the account has none");
}
END_TEST

START_TEST(refused)
{
    begin("geheim");
    start();
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 404, NULL);
    finish(SIP_OUTCOME_REFUSED, "%s answers 404 Answer");
    ck_assert_uint_eq(res.code, 404);
}
END_TEST

START_TEST(next_server)
{
    static char first[64];
    static const char *const serverv[] = {first, domain};
    struct peer other;

    peer_open(&other);
    begin(NULL);
    (void)snprintf(first, sizeof(first), "127.0.0.1:%u", (unsigned)other.number);
    account.registrarv = serverv;
    account.registrarc = 2;
    start();
    peer_expect(&other, "REGISTER");
    peer_answer(&other, 503, NULL);
    peer_expect(&p, "REGISTER");
    accept_it();
    finish(SIP_OUTCOME_OK, "registered with %s for 77 s");
    peer_close(&other);
}
END_TEST

/* A name that no name server is asked for. */
START_TEST(unknown_host)
{
    begin(NULL);
    memset(domain, 'x', 70);
    memcpy(domain + 70, ".invalid", 9);
    start();
    finish(SIP_OUTCOME_HOST, "there is no host %s");
}
END_TEST

START_TEST(port_in_use)
{
    begin(NULL);
    conf.port = p.number;
    (void)snprintf(domain, sizeof(domain), "%u", (unsigned)p.number);
    start();
    finish(SIP_OUTCOME_PORT, "UDP port %s of this machine is in use by another program");
}
END_TEST

START_TEST(no_answer)
{
    begin(NULL);
    err = sip_probe(&conf, 1000, &res);
    finish(SIP_OUTCOME_SILENT, "%s does not answer");
    ck_assert_uint_eq(res.code, 0);
}
END_TEST

/* Nothing listens at a port that only the system's own programs could have. */
START_TEST(unreachable)
{
    begin(NULL);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:1");
    for (account.transport = SIP_TCP;; account.transport = SIP_TLS) {
        ck_assert_int_eq(sip_probe(&conf, 3600000, &res), SESSION_E_OK);
        ck_assert_msg(res.outcome == SIP_OUTCOME_UNREACHABLE, "%s", res.text);
        ck_assert_int_eq(strncmp(res.text, "127.0.0.1:1 cannot be reached: ", 31), 0);
        if (account.transport == SIP_TLS) {
            break;
        }
    }
    peer_close(&p);
}
END_TEST

/* There is one binding in a process. */
START_TEST(binding_in_use)
{
    static struct fixture f;

    fixture_init(&f, 1);
    fixture_open(&f);
    begin(NULL);
    ck_assert_int_eq(sip_probe(&conf, 1000, &res), SESSION_E_INUSE);
    conf.accountc = 0;
    ck_assert_int_eq(sip_probe(&conf, 1000, &res), SESSION_E_BADPARAM);
    peer_close(&p);
    fixture_close(&f);
}
END_TEST

START_TEST(words)
{
    ck_assert_str_eq(sip_outcome_words(SIP_OUTCOME_OK), "ok");
    ck_assert_str_eq(sip_outcome_words(SIP_OUTCOME_PORT), "port in use");
}
END_TEST

static const char *masked(const char *text)
{
    static char out[80];

    ck_assert_uint_eq(sip_trace_mask(out, sizeof(out), text, strlen(text)), strlen(out));
    return out;
}

/* What a record shows of the first line of a message. */
START_TEST(first_lines)
{
    char out[8];

    ck_assert_str_eq(masked("INVITE sip:bob@b.example:5070;lr SIP/2.0\r\nTo: x"),
                     "INVITE sip:bob@b.example:5070;lr SIP/2.0");
    ck_assert_str_eq(masked("INVITE SIPS:bob:geheim@b SIP/2.0\r\n"), "INVITE SIPS:bob:***@b SIP/2.0");
    ck_assert_str_eq(masked("INVITE sip:bob:@b SIP/2.0"), "INVITE sip:bob:***@b SIP/2.0");
    ck_assert_str_eq(masked("INVITE sip:b.example:5070?Authorization=geheim SIP/2.0"),
                     "INVITE sip:b.example:5070?*** SIP/2.0");
    ck_assert_str_eq(masked("INVITE sip:a:b@c?Replaces=d@e:f SIP/2.0"), "INVITE sip:a:***@c?*** SIP/2.0");
    ck_assert_str_eq(masked("SIP/2.0 200 OK\nsip:"), "SIP/2.0 200 OK");
    ck_assert_str_eq(masked("INVITE <sip:a:b@c>"), "INVITE <sip:a:***@c>");
    ck_assert_str_eq(masked("sip:"), "sip:");
    ck_assert_str_eq(masked(""), "");
    /* every length of every room */
    for (size_t size = 0; size <= sizeof(out); size++) {
        for (size_t len = 0; len < 20; len++) {
            size_t n = sip_trace_mask(out, size, "x sip:a:b@c?d=e sips:", len);

            ck_assert(n == 0 || (n < size && out[n] == '\0'));
        }
    }
}
END_TEST

Suite *probe_suite(void)
{
    Suite *s = suite_create("sip probe");
    TCase *t = tcase_create("probe");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, ok);
    tcase_add_test(t, too_brief);
    tcase_add_test(t, wrong_password);
    tcase_add_test(t, forbidden);
    tcase_add_test(t, no_password);
    tcase_add_test(t, refused);
    tcase_add_test(t, next_server);
    tcase_add_test(t, unknown_host);
    tcase_add_test(t, port_in_use);
    tcase_add_test(t, no_answer);
    tcase_add_test(t, unreachable);
    tcase_add_test(t, binding_in_use);
    tcase_add_test(t, words);
    tcase_add_test(t, first_lines);
    suite_add_tcase(s, t);
    return s;
}
