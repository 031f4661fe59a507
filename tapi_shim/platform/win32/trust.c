/* Whom the system trusts: the certificates of authorities in the user's and the machine's stores.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wincrypt.h>

enum { PEM_MAX = 16 * 1024 * 1024, PATH_SIZE = 4096 };

struct pem {
    char *data; /* with a 0 behind */
    size_t len;
};

/* Room for more, and a 0. False: there is none. */
static bool room(struct pem *p, size_t more)
{
    char *data = p->len + more < PEM_MAX ? realloc(p->data, p->len + more + 1) : NULL;

    if (data)
        p->data = data;
    return data != NULL;
}

/* Trusted for nothing but, say, signed programs: not for servers. */
static bool for_servers(const CERT_CONTEXT *cert)
{
    CERT_ENHKEY_USAGE *usage = NULL;
    DWORD size = 0;
    bool ok = true;

    if (!CertGetEnhancedKeyUsage(cert, 0, NULL, &size) || !size)
        return true; /* nothing is said: for all */
    usage = malloc(size);
    SetLastError(0);
    if (usage && CertGetEnhancedKeyUsage(cert, 0, usage, &size)) {
        /* an empty list with no error is: for nothing */
        ok = !usage->cUsageIdentifier && GetLastError() == (DWORD)CRYPT_E_NOT_FOUND;
        for (DWORD i = 0; i < usage->cUsageIdentifier && !ok; i++)
            ok = !strcmp(usage->rgpszUsageIdentifier[i], szOID_PKIX_KP_SERVER_AUTH);
    }
    free(usage);
    return ok;
}

static int add_certificate(struct pem *p, const CERT_CONTEXT *cert)
{
    DWORD len = 0;

    if (!CryptBinaryToStringA(cert->pbCertEncoded, cert->cbCertEncoded, CRYPT_STRING_BASE64HEADER, NULL, &len))
        return 0; /* one that makes no sense: without it */
    if (!room(p, len))
        return ENOMEM;
    if (CryptBinaryToStringA(cert->pbCertEncoded, cert->cbCertEncoded, CRYPT_STRING_BASE64HEADER, p->data + p->len,
                             &len))
        p->len += strlen(p->data + p->len);
    p->data[p->len] = 0;
    return 0;
}

static int add_stores(struct pem *p)
{
    HCERTSTORE roots = CertOpenSystemStoreW(0, L"ROOT"), never = CertOpenSystemStoreW(0, L"Disallowed");
    const CERT_CONTEXT *cert = NULL;
    int err = 0;

    while (roots && !err && (cert = CertEnumCertificatesInStore(roots, cert))) {
        const CERT_CONTEXT *bad =
            never ? CertFindCertificateInStore(never, X509_ASN_ENCODING, 0, CERT_FIND_EXISTING, cert, NULL) : NULL;

        if (bad)
            (void)CertFreeCertificateContext(bad);
        else if (for_servers(cert))
            err = add_certificate(p, cert);
    }
    if (err)
        (void)CertFreeCertificateContext(cert);
    if (never)
        (void)CertCloseStore(never, 0);
    if (roots)
        (void)CertCloseStore(roots, 0);
    return err ? err : p->len ? 0 : ENOENT;
}

int platform_trusted(char **pemp, size_t *lenp, char *file, size_t size)
{
    struct pem p = {NULL, 0};
    char path[PATH_SIZE];
    int err;

    if (size > 0)
        file[0] = 0;
    err = platform_env("SSL_CERT_FILE", path, sizeof(path));
    if (err == ENOENT) {
        err = add_stores(&p);
    } else {
        if (!err)
            err = platform_file_read(&p.data, &p.len, path, PEM_MAX);
        if (!err && p.len == 0)
            err = ENOENT;
        if (!err)
            (void)snprintf(file, size, "%s", path);
    }
    if (err) {
        free(p.data);
        return err == ENOMEM ? ENOMEM : ENOENT;
    }
    *pemp = p.data;
    *lenp = p.len;
    return 0;
}
