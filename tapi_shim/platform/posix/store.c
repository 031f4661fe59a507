/* Stored values: a section of an INI file, in which all else is kept as it is.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"
#include "tapi_shim/platform/posix/ini.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    PATH_SIZE = 4096,
    LOCK_STEP_MS = 5,
    LOCK_MS = 10000, /* others hold the lock for as long as one file takes to write */
};

struct platform_store {
    char path[PATH_SIZE];
    char section[64];
    bool (*owns)(const char *name); /* NULL: everything in the section */
    bool drops;                     /* without values it is no section */
    int folder;                     /* locked if open for writing, else -1 */
};

static int to_errno(int err)
{
    switch (err) {
    case EACCES:
    case EPERM:
    case EROFS:
        return EACCES;
    case ENOMEM:
    case ENOENT:
        return err;
    default:
        return EIO;
    }
}

/* The file, through any symbolic link, which a rename would replace. ENOENT: there is no place for it. */
static int store_path(const char *variable, const char *file, char path[PATH_SIZE])
{
    char *real;
    int err = platform_env(variable, path, PATH_SIZE);

    if (err == ENOENT)
        err = ini_user_path(file, path, PATH_SIZE);
    if (err)
        return err == ENAMETOOLONG ? EIO : err;
    real = realpath(path, NULL);
    if (real) {
        bool fits = platform_text_copy(path, PATH_SIZE, real);

        free(real);
        if (!fits)
            return EIO;
    }
    return 0;
}

/* The folder of s->path, "." if it names none. */
static void folder_of(const struct platform_store *s, char folder[PATH_SIZE])
{
    char *slash;

    memcpy(folder, s->path, PATH_SIZE);
    slash = strrchr(folder, '/');
    if (!slash)
        memcpy(folder, ".", 2);
    else if (slash == folder)
        slash[1] = 0;
    else
        *slash = 0;
}

/* Makes the folder and those above it, for the user alone. */
static int make_folder(const char *folder)
{
    char path[PATH_SIZE];

    memcpy(path, folder, strlen(folder) + 1);
    for (char *p = path + 1;; p++) {
        char c = *p;

        if (c != '/' && c)
            continue;
        *p = 0;
        if (mkdir(path, 0700) && errno != EEXIST) {
            int err = errno;
            struct stat st;

            /* A file system may refuse before it looks whether it is there. */
            if (stat(path, &st))
                return err;
        }
        if (!c)
            return 0;
        *p = c;
    }
}

/* The folder itself is locked: a lock file would stay behind, and the list's own file is replaced by each change. */
static int lock_folder(struct platform_store *s)
{
    const struct timespec step = {0, LOCK_STEP_MS * 1000000L};
    uint64_t end = platform_mono_ms() + LOCK_MS;
    char folder[PATH_SIZE];
    int err;

    folder_of(s, folder);
    err = make_folder(folder);
    if (err)
        return to_errno(err);
    s->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (s->folder < 0)
        return errno == ENOENT ? EIO : to_errno(errno);
    while (flock(s->folder, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return to_errno(errno);
        if (platform_mono_ms() >= end)
            return EBUSY;
        (void)nanosleep(&step, NULL);
    }
    return 0;
}

static int store_open(struct platform_store **sp, const char *variable, const char *file, const char *section,
                      bool (*owns)(const char *name), bool write)
{
    struct platform_store *s = malloc(sizeof(*s));
    int err;

    if (!s)
        return ENOMEM;
    s->folder = -1;
    s->drops = false;
    s->owns = owns;
    (void)platform_text_copy(s->section, sizeof(s->section), section);
    err = store_path(variable, file, s->path);
    if (err == ENOENT && write)
        err = EACCES; /* a user without a home folder */
    if (!err && write)
        err = lock_folder(s);
    if (err) {
        platform_store_close(s);
        return err;
    }
    *sp = s;
    return 0;
}

int platform_providers_open(struct platform_store **sp, bool write)
{
    return store_open(sp, "TAPI_SHIM_PROVIDERS", "providers.ini", "Providers", platform_providers_owns, write);
}

int platform_state_open(struct platform_store **sp, const char *section, bool write)
{
    char current[PATH_SIZE], suffix[16], file[64];

    if (!getcwd(current, sizeof(current)))
        current[0] = 0;
    platform_place_suffix(suffix, sizeof(suffix), current);
    (void)snprintf(file, sizeof(file), "state%s.ini", suffix);
    return store_open(sp, "TAPI_SHIM_STATE", file, section, NULL, write);
}

void platform_store_close(struct platform_store *s)
{
    if (!s)
        return;
    if (s->folder >= 0)
        (void)close(s->folder);
    free(s);
}

static bool is_ours(const struct platform_store *s, const struct ini *ini)
{
    return !ini->lost && strcasecmp(ini->section, s->section) == 0;
}

int platform_store_read(struct platform_store *s, platform_store_h *h, void *arg)
{
    char why[INI_WHY_MAX], *text = NULL;
    struct ini *ini = NULL;
    enum ini_kind kind;
    bool found = false;
    size_t len = 0;
    int err = ini_load(s->path, &text, &len, why);

    if (err) {
        if (err != ENOENT)
            platform_log(PLATFORM_LOG_WARNING, "%s: %s", s->path, why);
        return err;
    }
    ini = malloc(sizeof(*ini));
    if (!ini) {
        free(text);
        return ENOMEM;
    }
    ini_open(ini, text, len);
    while ((kind = ini_next(ini)) != INI_END) {
        if (kind == INI_ERROR)
            platform_log(PLATFORM_LOG_WARNING, "%s:%u: %s", s->path, ini->line, ini->why);
        found = found || (kind == INI_SECTION && is_ours(s, ini));
        if (kind == INI_ENTRY && is_ours(s, ini))
            h(ini->key, ini->value, arg);
    }
    free(ini);
    free(text);
    return found ? 0 : ENOENT;
}

/* Whether the line, read back, gives the same name and text: not too long, no " ;" in it, no space at its ends. */
static bool reads_back(struct ini *ini, const char *line, const struct platform_store_value *v)
{
    ini_open(ini, line, strlen(line));
    return ini_next(ini) == INI_ENTRY && strcmp(ini->key, v->name) == 0 && strcmp(ini->value, v->text) == 0;
}

/* Puts the lines of all values into a text. */
static int put_values(FILE *out, const struct platform_store_value *valuev, size_t valuec)
{
    struct ini *ini = malloc(sizeof(*ini));
    int err = 0;

    if (!ini)
        return ENOMEM;
    for (size_t i = 0; i < valuec && !err; i++) {
        char line[INI_TEXT_MAX + PLATFORM_PATH_MAX];

        (void)snprintf(line, sizeof(line), "%s = %s", valuev[i].name, valuev[i].text);
        err = reads_back(ini, line, &valuev[i]) ? 0 : EINVAL;
        (void)fprintf(out, "%s\n", line);
    }
    free(ini);
    return err;
}

/* Replaces the file at once: whoever reads it sees the old one or the new one, also after a power cut. */
static int replace_file(struct platform_store *s, const char *text, size_t len)
{
    char temp[PATH_SIZE + 8];
    struct stat st;
    int fd, err = 0;

    (void)snprintf(temp, sizeof(temp), "%s.XXXXXX", s->path);
    fd = mkostemp(temp, O_CLOEXEC);
    if (fd < 0)
        return errno == ENOENT ? EIO : to_errno(errno);
    if (fchmod(fd, stat(s->path, &st) == 0 ? st.st_mode & 07777 : 0600))
        err = errno;
    while (len > 0 && !err) {
        ssize_t n = write(fd, text, len);

        if (n >= 0) {
            text += n;
            len -= (size_t)n;
        } else if (errno != EINTR) {
            err = errno;
        }
    }
    if (!err && fsync(fd))
        err = errno;
    if (close(fd) && !err)
        err = errno;
    if (!err && rename(temp, s->path))
        err = errno;
    if (err) {
        (void)unlink(temp);
        return err == ENOENT ? EIO : to_errno(err);
    }
    return 0;
}

/* Gives `out` all lines that are not ours; our own go where the section begins. *otherp: something else is
 * there. */
static int merge(const struct platform_store *s, const char *text, size_t len, FILE *out,
                 const struct platform_store_value *valuev, size_t valuec, bool *otherp)
{
    struct ini *ini = malloc(sizeof(*ini));
    enum ini_kind kind;
    bool drop = s->drops && !valuec, put = drop, ended = true;
    int err = 0;

    *otherp = false;
    if (!ini)
        return ENOMEM;
    ini_open(ini, text, len);
    if (ini->pos > 0)
        (void)fwrite(text, 1, ini->pos, out);
    while (!err && (kind = ini_next(ini)) != INI_END) {
        bool header = kind == INI_SECTION && is_ours(s, ini);

        if (kind == INI_ENTRY && is_ours(s, ini) && (!s->owns || s->owns(ini->key)))
            continue;
        if (header && drop)
            continue;
        if (!header && kind != INI_BLANK)
            *otherp = true;
        (void)fwrite(ini->raw, 1, ini->raw_len, out);
        ended = ini->raw[ini->raw_len - 1] == '\n';
        if (header && !put) {
            if (!ended)
                (void)fputc('\n', out);
            ended = true;
            err = put_values(out, valuev, valuec);
            put = true;
        }
    }
    if (!err && !put) {
        (void)fprintf(out, "%s[%s]\n", ended ? "" : "\n", s->section);
        err = put_values(out, valuev, valuec);
    }
    free(ini);
    return err;
}

/* The file's new content with these values; *otherp: something of somebody else is in it. */
static int build(struct platform_store *s, const struct platform_store_value *valuev, size_t valuec, char **newp,
                 size_t *new_len, bool *otherp)
{
    char why[INI_WHY_MAX], *text = NULL;
    size_t len = 0;
    FILE *out;
    int err = ini_load(s->path, &text, &len, why);

    if (err && err != ENOENT)
        return err;
    *newp = NULL;
    out = open_memstream(newp, new_len);
    if (!out) {
        free(text);
        return ENOMEM;
    }
    err = merge(s, text ? text : "", len, out, valuev, valuec, otherp);
    free(text);
    if (ferror(out) && !err)
        err = ENOMEM;
    if (fclose(out) && !err)
        err = ENOMEM;
    if (err) {
        free(*newp);
        *newp = NULL;
    }
    return err;
}

int platform_store_write(struct platform_store *s, const struct platform_store_value *valuev, size_t valuec)
{
    char *text;
    size_t len;
    bool other;
    int err = build(s, valuev, valuec, &text, &len, &other);

    if (err)
        return err;
    err = replace_file(s, text, len);
    free(text);
    return err;
}

int platform_conf_section_write(const char *section, const struct platform_store_value *valuev, size_t valuec)
{
    struct platform_store *s = malloc(sizeof(*s));
    char *real;
    int err = 0;

    if (!s)
        return ENOMEM;
    s->folder = -1;
    s->drops = true;
    s->owns = NULL;
    if (!platform_text_copy(s->section, sizeof(s->section), section))
        err = EINVAL;
    platform_conf_place(NULL, s->path, sizeof(s->path));
    real = realpath(s->path, NULL);
    if (real && !platform_text_copy(s->path, sizeof(s->path), real))
        err = EIO;
    free(real);
    if (!err)
        err = lock_folder(s);
    if (!err)
        err = platform_store_write(s, valuev, valuec);
    platform_store_close(s);
    return err;
}

int platform_conf_section_private(const char *section, bool *othersp)
{
    char path[PATH_SIZE];
    struct stat st;

    (void)section;
    *othersp = false;
    platform_conf_place(NULL, path, sizeof(path));
    if (stat(path, &st))
        return errno == ENOENT ? 0 : to_errno(errno);
    if (!(st.st_mode & 077))
        return 0;
    if (chmod(path, st.st_mode & 07700))
        return to_errno(errno);
    *othersp = true;
    return 0;
}

int platform_store_remove(struct platform_store *s)
{
    char *text;
    size_t len;
    bool other;
    int err = build(s, NULL, 0, &text, &len, &other);

    if (err)
        return err;
    free(text);
    if (other)
        return EEXIST;
    if (unlink(s->path))
        return to_errno(errno);
    return 0;
}
