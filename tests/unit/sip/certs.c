/* Certificates made as they are needed, and servers that show them. SPDX-License-Identifier: MIT */
#include "tests/support/support.h"
#include "tests/unit/sip/net.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DAY_S = 86400 };

struct authority {
    EVP_PKEY *key;
    X509 *cert;
    char folder[240], path[300];
};

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509_EXTENSION *ext;

    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
    ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    ck_assert_ptr_nonnull(ext);
    X509_add_ext(cert, ext, -1);
    X509_EXTENSION_free(ext);
}

static X509 *make(const struct authority *by, EVP_PKEY *key, const char *name, int from, int until)
{
    static long serial = 1;
    X509 *cert = X509_new();
    X509_NAME *subject;

    ck_assert_ptr_nonnull(cert);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(cert), (long)from * DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(cert), (long)until * DAY_S);
    X509_set_pubkey(cert, key);
    subject = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1, -1, 0);
    X509_set_issuer_name(cert, by ? X509_get_subject_name(by->cert) : subject);
    if (by) {
        char alt[300];

        (void)snprintf(alt, sizeof(alt), "%s:%s", name[0] >= '0' && name[0] <= '9' ? "IP" : "DNS", name);
        add_extension(cert, by->cert, NID_subject_alt_name, alt);
    } else {
        add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE");
        add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign");
    }
    ck_assert_int_ne(X509_sign(cert, by ? by->key : key, EVP_sha256()), 0);
    return cert;
}

struct authority *authority_alloc(const char *name)
{
    struct authority *a = calloc(1, sizeof(*a));

    ck_assert_ptr_nonnull(a);
    a->key = EVP_EC_gen("P-256");
    ck_assert_ptr_nonnull(a->key);
    a->cert = make(NULL, a->key, name, -1000, 1000);
    return a;
}

void authority_free(struct authority *a)
{
    if (a->folder[0]) {
        support_folder_remove(a->folder);
    }
    X509_free(a->cert);
    EVP_PKEY_free(a->key);
    free(a);
}

/* No code page has all of its letters. */
static BIO *new_file(struct authority *a)
{
    BIO *out;

    support_folder_make("ca \xD0\x96 \xE6\x96\x87", a->folder, sizeof(a->folder));
    support_path(a->path, sizeof(a->path), a->folder, "\xD0\xB6.pem");
    out = BIO_new_file(a->path, "w");
    ck_assert_ptr_nonnull(out);
    return out;
}

const char *authority_file(struct authority *a)
{
    BIO *out = new_file(a);

    ck_assert_int_eq(PEM_write_bio_X509(out, a->cert), 1);
    BIO_free(out);
    return a->path;
}

const char *authority_chain(struct authority *a)
{
    BIO *out = new_file(a);
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = make(a, key, "127.0.0.1", -1, 1);

    ck_assert_int_eq(PEM_write_bio_X509(out, cert), 1);
    ck_assert_int_eq(PEM_write_bio_X509(out, a->cert), 1);
    ck_assert_int_eq(PEM_write_bio_PrivateKey(out, key, NULL, NULL, 0, NULL, NULL), 1);
    BIO_free(out);
    X509_free(cert);
    EVP_PKEY_free(key);
    return a->path;
}

struct session {
    SSL_CTX *ctx;
    SSL *ssl;
};

static size_t tls_read(struct peer *p, char *data, size_t size)
{
    struct session *s = p->tls;
    int n = SSL_read(s->ssl, data, (int)size);

    return n > 0 ? (size_t)n : 0;
}

static void tls_write(struct peer *p, const char *data, size_t len)
{
    struct session *s = p->tls;

    (void)SSL_write(s->ssl, data, (int)len);
}

bool tls_accept(struct peer *p, intptr_t listener, struct authority *a, const char *host, int from, int until)
{
    struct session *s = calloc(1, sizeof(*s));
    EVP_PKEY *key = EVP_EC_gen("P-256");
    /* one that has signed itself is as one of an authority of that name and key */
    struct authority self = {.key = key, .cert = a ? NULL : make(NULL, key, host, from, until)};
    X509 *cert = make(a ? a : &self, key, host, from, until);

    stream_accept(p, listener);
    s->ctx = SSL_CTX_new(TLS_server_method());
    ck_assert_int_eq(SSL_CTX_use_certificate(s->ctx, cert), 1);
    ck_assert_int_eq(SSL_CTX_use_PrivateKey(s->ctx, key), 1);
    s->ssl = SSL_new(s->ctx);
    SSL_set_fd(s->ssl, (int)p->port);
    X509_free(self.cert);
    X509_free(cert);
    EVP_PKEY_free(key);
    p->tls = s;
    p->read_h = tls_read;
    p->write_h = tls_write;
    return SSL_accept(s->ssl) == 1;
}

void tls_close(struct peer *p)
{
    struct session *s = p->tls;

    (void)SSL_shutdown(s->ssl);
    SSL_free(s->ssl);
    SSL_CTX_free(s->ctx);
    free(s);
    port_close(p->port);
}
