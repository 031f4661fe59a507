/* Whom the system trusts: the files that distributions and OpenSSL keep certificates of authorities in.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PEM_MAX = 16 * 1024 * 1024, PATH_SIZE = 4096 };

struct pem {
    char *data; /* with a 0 behind */
    size_t len;
};

/* Adds a file. ENOENT: it cannot be read, or is empty; ENOMEM; EFBIG. */
static int add(struct pem *p, const char *path)
{
    char *more, *data = NULL;
    size_t len = 0;
    int err = platform_file_read(&data, &len, path, PEM_MAX - p->len);

    if (!err && len > 0) {
        more = realloc(p->data, p->len + len + 2);
        if (more) {
            p->data = more;
            memcpy(p->data + p->len, data, len);
            p->len += len;
            if (p->data[p->len - 1] != '\n' && p->len < PEM_MAX)
                p->data[p->len++] = '\n';
            p->data[p->len] = 0;
        } else {
            err = ENOMEM;
        }
    }
    free(data);
    return err == ENOMEM || err == EFBIG ? err : err || len == 0 ? ENOENT : 0;
}

/* "0123abcd.0": one certificate, under the hash of its name. */
static bool is_hash(const char *name)
{
    int i = 0;

    while (i < 8 && isxdigit((unsigned char)name[i]))
        i++;
    return i == 8 && name[8] == '.' && isdigit((unsigned char)name[9]) && !name[10];
}

/* All of a folder. */
static int add_folder(struct pem *p, const char *folder)
{
    DIR *dir = opendir(folder);
    char path[PATH_SIZE];
    struct dirent *e;
    int err = 0;

    while (dir && (e = readdir(dir)) && err != ENOMEM) {
        if (is_hash(e->d_name) && snprintf(path, sizeof(path), "%s/%s", folder, e->d_name) < (int)sizeof(path))
            err = add(p, path);
    }
    if (dir)
        (void)closedir(dir);
    return err == ENOMEM ? ENOMEM : p->len ? 0 : ENOENT;
}

int platform_trusted(char **pemp, size_t *lenp, char *file, size_t size)
{
    static const char *const filev[] = {
        "/etc/ssl/certs/ca-certificates.crt",                /* Debian and its kind, Arch */
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora and its kind */
        "/etc/pki/tls/certs/ca-bundle.crt",                  /* the older ones of these */
        "/etc/ssl/ca-bundle.pem",                            /* openSUSE */
        "/etc/ssl/cert.pem",                                 /* Alpine, the BSDs, macOS */
        "/usr/local/etc/ssl/cert.pem",
    };
    static const char *const folderv[] = {"/etc/ssl/certs", "/etc/pki/tls/certs"};
    struct pem p = {NULL, 0};
    char path[PATH_SIZE];
    int err;

    if (size > 0)
        file[0] = 0;
    err = platform_env("SSL_CERT_FILE", path, sizeof(path));
    if (err != ENOENT) {
        if (!err)
            err = add(&p, path);
        if (!err)
            (void)snprintf(file, size, "%s", path);
    } else if (platform_env("SSL_CERT_DIR", path, sizeof(path)) != ENOENT) {
        err = add_folder(&p, path);
    } else {
        for (size_t i = 0; err == ENOENT && i < sizeof(filev) / sizeof(filev[0]); i++) {
            err = add(&p, filev[i]);
            if (!err)
                (void)snprintf(file, size, "%s", filev[i]);
        }
        for (size_t i = 0; err == ENOENT && i < sizeof(folderv) / sizeof(folderv[0]); i++)
            err = add_folder(&p, folderv[i]);
    }
    if (err) {
        free(p.data);
        return err == ENOMEM ? ENOMEM : ENOENT;
    }
    *pemp = p.data;
    *lenp = p.len;
    return 0;
}
