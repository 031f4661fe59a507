/* The files of TLS, looked at before PJSIP is given what is in them. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 4 * 1024 * 1024 };

/* What is in it. slen 0: `text` says what is wrong. */
static pj_str_t read_file(struct sip_ua *ua, const char *key, const char *path, char *text, size_t size)
{
    pj_str_t all = {NULL, 0};
    char *data = NULL;
    size_t len = 0;
    int err = platform_file_read(&data, &len, path, FILE_MAX);

    if (!err && len > 0) {
        all.ptr = pj_pool_alloc(ua->pool, len + 1);
    }
    if (all.ptr) {
        memcpy(all.ptr, data, len + 1);
        all.slen = (pj_ssize_t)len;
    } else {
        (void)snprintf(text, size, "%s \"%.150s\" %s", key, path,
                       !err && !len    ? "is empty"
                       : err == EISDIR ? "is a folder"
                       : err == EFBIG  ? "is larger than 4 MiB"
                                       : "cannot be read");
    }
    platform_wipe(data, len); /* it may be a key */
    free(data);
    return all;
}

/* Nobody is asked for the password of a key. */
static int no_password(char *buf, int size, int writing, void *arg)
{
    (void)buf;
    (void)size;
    (void)writing;
    (void)arg;
    return 0;
}

/* How many certificates it has; `keep` gets the first one. */
static unsigned count_certificates(const pj_str_t *pem, X509 **keep)
{
    BIO *in = BIO_new_mem_buf(pem->ptr, (int)pem->slen);
    unsigned count = 0;
    X509 *cert;

    while (in && (cert = PEM_read_bio_X509(in, NULL, no_password, NULL))) {
        if (!count++ && keep) {
            *keep = cert;
        } else {
            X509_free(cert);
        }
    }
    BIO_free(in);
    ERR_clear_error();
    return count;
}

/* Those that the system trusts, where the configuration names none. PJSIP takes contents only where all of it is. */
static void trust_system(struct sip_ua *ua, pjsip_tls_setting *tls, bool as_file)
{
    char file[PJ_MAXPATH], *pem = NULL;
    size_t len = 0;
    int err = platform_trusted(&pem, &len, file, sizeof(file));

    if (!err && as_file) {
        tls->ca_list_file = sip_str(ua->pool, file);
    } else if (!err) {
        tls->ca_buf = sip_str(ua->pool, pem);
    }
    if (!tls->ca_buf.slen && !tls->ca_list_file.slen && !ua->conf->probe) {
        platform_log(PLATFORM_LOG_WARNING,
                     "sip: no certificate of a server is trusted: there is no ca_file in [sip], and %s",
                     err ? "this system has none"
                         : "those of this system are no file, which cert_file needs that has several certificates");
    }
    free(pem);
}

/* What is wrong with the dates of a certificate. */
pj_uint32_t sip_certs_fault(const pj_ssl_cert_info *info)
{
    BIO *in = info->raw.slen ? BIO_new_mem_buf(info->raw.ptr, (int)info->raw.slen) : NULL;
    X509 *cert = in ? PEM_read_bio_X509(in, NULL, no_password, NULL) : NULL;
    pj_uint32_t fault = 0;

    if (cert) {
        fault |= X509_cmp_current_time(X509_get0_notAfter(cert)) < 0 ? (pj_uint32_t)SIP_CERT_EXPIRED : 0;
        fault |= X509_cmp_current_time(X509_get0_notBefore(cert)) > 0 ? (pj_uint32_t)SIP_CERT_EARLY : 0;
        fault |= X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0
                     ? (pj_uint32_t)SIP_CERT_ITSELF
                     : 0;
    }
    X509_free(cert);
    BIO_free(in);
    ERR_clear_error();
    return fault;
}

static bool key_fits(const pj_str_t *pem, X509 *cert)
{
    BIO *in = BIO_new_mem_buf(pem->ptr, (int)pem->slen);
    EVP_PKEY *key = in ? PEM_read_bio_PrivateKey(in, NULL, no_password, NULL) : NULL;
    bool fits = key && X509_check_private_key(cert, key) == 1;

    EVP_PKEY_free(key);
    BIO_free(in);
    ERR_clear_error();
    return fits;
}

/* PJSIP reads files again with every connection, and does not survive one that has become bad: it gets what was in
 * them. Only a certificate with others behind it has to stay a file. */
bool sip_certs_load(struct sip_ua *ua, pjsip_tls_setting *tls, char *text, size_t size)
{
    const struct sip_conf *c = ua->conf;
    pj_str_t ca = {NULL, 0}, cert = {NULL, 0}, key = {NULL, 0};
    X509 *own = NULL;
    unsigned count = 0;
    bool ok;

    if (c->ca_file) {
        ca = read_file(ua, "ca_file", c->ca_file, text, size);
        if (!ca.slen) {
            return false;
        }
        if (!count_certificates(&ca, NULL)) {
            (void)snprintf(text, size, "ca_file \"%.150s\" has no certificate (PEM) in it", c->ca_file);
            return false;
        }
    }
    if (c->cert_file) {
        cert = read_file(ua, "cert_file", c->cert_file, text, size);
        if (!cert.slen) {
            return false;
        }
        count = count_certificates(&cert, &own);
        if (!count) {
            (void)snprintf(text, size, "cert_file \"%.150s\" has no certificate (PEM) in it", c->cert_file);
            return false;
        }
        key = c->key_file ? read_file(ua, "key_file", c->key_file, text, size) : cert;
        ok = key.slen && key_fits(&key, own);
        X509_free(own);
        if (!ok) {
            if (key.slen) {
                (void)snprintf(text, size, "key_file \"%.150s\" has not the key of the certificate",
                               c->key_file ? c->key_file : c->cert_file);
            }
            return false;
        }
    }
    if (count > 1) {
        tls->ca_list_file = sip_str(ua->pool, c->ca_file);
        tls->cert_file = sip_str(ua->pool, c->cert_file);
        tls->privkey_file = sip_str(ua->pool, c->key_file ? c->key_file : c->cert_file);
    } else {
        tls->ca_buf = ca;
        tls->cert_buf = cert;
        tls->privkey_buf = key;
    }
    if (!c->ca_file && c->verify) {
        trust_system(ua, tls, count > 1);
    }
    return true;
}
