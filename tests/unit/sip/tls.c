/* Registration over TLS: whose certificate is trusted, and what is said of others. SPDX-License-Identifier: MIT */
#include "tests/support/support.h"
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

static struct fixture f;
static struct peer p;
static struct dns names;
static struct authority *ca;
static intptr_t listener;
static uint16_t number;
static char domain[80];

/* An account of a TLS server at `host`, which is known as sip.test as well. */
static void begin(const char *host)
{
    listener = port_listen(&number);
    ck_assert(listener != -1);
    ca = authority_alloc("Test CA");
    memset(&names, 0, sizeof(names));
    dns_add(&names, "sip.test", 1, 0, 0, NULL);
    dns_start(&names);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "%s:%u", host, (unsigned)number);
    f.accountv[0].domain = domain;
    f.accountv[0].transport = SIP_TLS;
    f.accountv[0].do_register = true;
    f.accountv[0].retry_ms = 3600000;
    f.conf.nameserverv[0] = names.address;
    f.conf.verify = true;
    f.conf.ca_file = authority_file(ca);
    f.conf.goodbye_ms = 60000;
}

static void end(void)
{
    dns_stop(&names);
    port_close(listener);
    authority_free(ca);
    number = 0;
}

static void leave(void *arg)
{
    (void)arg;
    peer_expect(&p, "REGISTER");
    peer_answer(&p, 200, NULL);
}

/* It is trusted: registers, and takes its leave. */
static void trusted(void)
{
    struct platform_thread *t;
    char extra[200];

    peer_expect(&p, "REGISTER");
    ck_assert(peer_has(&p, "Via: SIP/2.0/TLS ") && peer_has(&p, ";transport=tls"));
    (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
    peer_answer(&p, 200, extra);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_NONE);
    ck_assert_int_eq(platform_thread_start(&t, "server", leave, NULL), 0);
    fixture_close(&f);
    platform_thread_join(t);
    tls_close(&p);
    end();
}

/* It is not: nothing is sent, and the line says why. */
static void refused(const char *why)
{
    static char nothing[10];
    char text[300];

    (void)snprintf(text, sizeof(text), "the certificate of %s is not trusted: %s", domain, why);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_str_eq(line_text(&f), text);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_CERTIFICATE);
    ck_assert_uint_eq(f.service[0], SESSION_STATUS_CONNECTED);
    ck_assert_uint_eq(p.read_h(&p, nothing, sizeof(nothing)), 0);
    fixture_close(&f);
    tls_close(&p);
    end();
}

START_TEST(good)
{
    begin("127.0.0.1");
    fixture_open(&f);
    ck_assert(tls_accept(&p, listener, ca, "127.0.0.1", -1, 1));
    trusted();
}
END_TEST

START_TEST(good_by_name)
{
    begin("sip.test");
    fixture_open(&f);
    ck_assert(tls_accept(&p, listener, ca, "sip.test", -1, 1));
    trusted();
}
END_TEST

START_TEST(another_name)
{
    begin("sip.test");
    fixture_open(&f);
    (void)tls_accept(&p, listener, ca, "other.test", -1, 1);
    refused("it is for another host name");
}
END_TEST

START_TEST(expired)
{
    begin("127.0.0.1");
    fixture_open(&f);
    (void)tls_accept(&p, listener, ca, "127.0.0.1", -10, -5);
    refused("it has expired: see its dates and this machine's clock");
}
END_TEST

START_TEST(not_yet)
{
    begin("127.0.0.1");
    fixture_open(&f);
    (void)tls_accept(&p, listener, ca, "127.0.0.1", 5, 10);
    refused("it is not valid yet: see its dates and this machine's clock");
}
END_TEST

START_TEST(untrusted)
{
    struct authority *other = authority_alloc("Somebody else");

    begin("127.0.0.1");
    fixture_open(&f);
    (void)tls_accept(&p, listener, other, "127.0.0.1", -1, 1);
    refused("it does not come from a certificate in ca_file");
    authority_free(other);
}
END_TEST

/* The same name is not the same key. */
START_TEST(forged)
{
    struct authority *other = authority_alloc("Test CA");

    begin("127.0.0.1");
    fixture_open(&f);
    (void)tls_accept(&p, listener, other, "127.0.0.1", -1, 1);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_CERTIFICATE);
    fixture_close(&f);
    tls_close(&p);
    end();
    authority_free(other);
}
END_TEST

/* Nobody but it says so. */
START_TEST(signed_by_itself)
{
    begin("127.0.0.1");
    fixture_open(&f);
    (void)tls_accept(&p, listener, NULL, "127.0.0.1", -1, 1);
    refused("it is signed by itself alone, and is none in ca_file");
}
END_TEST

/* ---- whom the system trusts ---- */

/* Without a ca_file: the system's, which are what the environment says. */
static void begin_with(const char *host, const char *file)
{
    begin(host);
    ck_assert_int_eq(platform_env_set("SSL_CERT_FILE", file ? file : f.conf.ca_file), 0);
    f.conf.ca_file = NULL;
    fixture_open(&f);
}

START_TEST(trusted_by_the_system)
{
    begin_with("127.0.0.1", NULL);
    ck_assert(tls_accept(&p, listener, ca, "127.0.0.1", -1, 1));
    trusted();
}
END_TEST

START_TEST(unknown_to_the_system)
{
    struct authority *other = authority_alloc("Somebody else");

    begin_with("127.0.0.1", authority_file(other));
    (void)tls_accept(&p, listener, ca, "127.0.0.1", -1, 1);
    refused("it does not come from a certificate that this system trusts");
    begin_with("127.0.0.1", NULL);
    (void)tls_accept(&p, listener, NULL, "127.0.0.1", -1, 1);
    refused("it is signed by itself alone, and is none that this system trusts");
    begin_with("127.0.0.1", NULL);
    (void)tls_accept(&p, listener, ca, "127.0.0.1", -10, -5);
    refused("it has expired: see its dates and this machine's clock");
    authority_free(other);
}
END_TEST

/* It trusts nobody. */
START_TEST(system_without_any)
{
    begin_with("127.0.0.1", "/nowhere/certificates.pem");
    (void)tls_accept(&p, listener, ca, "127.0.0.1", -1, 1);
    refused("it does not come from a certificate that this system trusts");
}
END_TEST

/* Several in cert_file are read from files alone, as are those that are trusted then. */
START_TEST(system_beside_own_chain)
{
    struct authority *own = authority_alloc("Own CA");
    const char *chain;

    begin("127.0.0.1");
    chain = authority_chain(own);
    ck_assert_int_eq(platform_env_set("SSL_CERT_FILE", f.conf.ca_file), 0);
    f.conf.ca_file = NULL;
    f.conf.cert_file = chain;
    fixture_open(&f);
    ck_assert(tls_accept(&p, listener, ca, "127.0.0.1", -1, 1));
    trusted();
    authority_free(own);
}
END_TEST

START_TEST(unchecked)
{
    begin("127.0.0.1");
    f.conf.ca_file = NULL;
    f.conf.verify = false;
    fixture_open(&f);
    ck_assert(tls_accept(&p, listener, ca, "other.test", -10, -5));
    trusted();
}
END_TEST

/* The files are looked at before anything is sent. */
static void bad_files(const char *ca_file, const char *cert_file, const char *key_file, const char *text)
{
    begin("127.0.0.1");
    f.conf.ca_file = ca_file;
    f.conf.cert_file = cert_file;
    f.conf.key_file = key_file;
    fixture_open(&f);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_CERTIFICATE);
    ck_assert_str_eq(line_text(&f), text);
    ck_assert_uint_eq(f.service[0], SESSION_STATUS_CONNECTED);
    fixture_close(&f);
    end();
}

START_TEST(files_are_missing)
{
    struct authority *other = authority_alloc("Test CA");
    const char *good = authority_file(other);
    char text[300], folder[200];

    bad_files("/nowhere/ca.pem", NULL, NULL, "ca_file \"/nowhere/ca.pem\" cannot be read");
    bad_files(NULL, "/nowhere/c.pem", NULL, "cert_file \"/nowhere/c.pem\" cannot be read");
    bad_files(good, good, "/nowhere/k.pem", "key_file \"/nowhere/k.pem\" cannot be read");
    (void)snprintf(text, sizeof(text), "key_file \"%s\" has not the key of the certificate", good);
    bad_files(good, good, NULL, text);
    support_folder_make("certificates", folder, sizeof(folder));
    (void)snprintf(text, sizeof(text), "ca_file \"%s\" is a folder", folder);
    bad_files(folder, NULL, NULL, text);
    support_folder_remove(folder);
    authority_free(other);
}
END_TEST

START_TEST(files_are_nonsense)
{
    static const char *const v[] = {"", "hello\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
    struct authority *other = authority_alloc("Test CA");
    char path[300], text[400];

    (void)snprintf(path, sizeof(path), "%s", authority_file(other));
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        support_file_write(path, v[i], strlen(v[i]));
        (void)snprintf(text, sizeof(text), "ca_file \"%s\" %s", path,
                       i ? "has no certificate (PEM) in it" : "is empty");
        bad_files(path, NULL, NULL, text);
    }
    authority_free(other);
}
END_TEST

/* Something else listens there. */
START_TEST(no_tls_there)
{
    begin("127.0.0.1");
    fixture_open(&f);
    stream_accept(&p, listener);
    port_write(p.port, "220 mail.example ESMTP\r\n", 24);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(line_text(&f), "does not speak TLS"));
    fixture_close(&f);
    stream_close(&p);
    end();
}
END_TEST

/* The other end takes the connection and says nothing. */
START_TEST(no_handshake)
{
    begin("127.0.0.1");
    fixture_open(&f);
    stream_accept(&p, listener);
    ck_assert_uint_gt(p.read_h(&p, p.data, 1), 0); /* it has begun */
    clock_skip(&f, 60000);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_SILENT);
    fixture_close(&f);
    stream_close(&p);
    end();
}
END_TEST

/* What was wrong is forgotten once it is right. */
START_TEST(repaired)
{
    begin("127.0.0.1");
    f.accountv[0].retry_ms = 1000;
    fixture_open(&f);
    (void)tls_accept(&p, listener, ca, "127.0.0.1", -10, -5);
    UNTIL(&f, sip_line_fault(f.b, 0) == SIP_FAULT_CERTIFICATE);
    tls_close(&p);
    clock_skip(&f, 2000);
    ck_assert(tls_accept(&p, listener, ca, "127.0.0.1", -1, 1));
    trusted();
}
END_TEST

Suite *tls_suite(void)
{
    Suite *s = suite_create("sip over tls");
    TCase *t = tcase_create("tls");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, good);
    tcase_add_test(t, good_by_name);
    tcase_add_test(t, another_name);
    tcase_add_test(t, expired);
    tcase_add_test(t, not_yet);
    tcase_add_test(t, untrusted);
    tcase_add_test(t, forged);
    tcase_add_test(t, signed_by_itself);
    tcase_add_test(t, trusted_by_the_system);
    tcase_add_test(t, unknown_to_the_system);
    tcase_add_test(t, system_without_any);
    tcase_add_test(t, system_beside_own_chain);
    tcase_add_test(t, unchecked);
    tcase_add_test(t, files_are_missing);
    tcase_add_test(t, files_are_nonsense);
    tcase_add_test(t, no_tls_there);
    tcase_add_test(t, no_handshake);
    tcase_add_test(t, repaired);
    suite_add_tcase(s, t);
    return s;
}
