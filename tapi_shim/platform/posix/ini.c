/* INI files line by line. The syntax of a line is inih's; lines are given to it one by one, so that each error is told
 * with its line and costs that line alone. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tapi_shim/platform/posix/ini.h"
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The one or two lines the library reads, and what it made of them. */
struct feed {
    const char *linev[2];
    int next, linec;
    int room; /* bytes the library takes, once known; 0: a line did not fit */
    struct ini *ini;
    char section[INI_TEXT_MAX];
    int entries;
};

static char *feed_line(char *out, int num, void *arg)
{
    struct feed *f = arg;
    size_t len;

    if (f->next >= f->linec)
        return NULL;
    len = strlen(f->linev[f->next]);
    /* With its newline and terminator: the library passes silently over what it has no room for. */
    if (num < 2 || len > (size_t)num - 2) {
        f->room = num - 2;
        f->next = f->linec;
        return NULL;
    }
    memcpy(out, f->linev[f->next++], len);
    out[len] = '\n';
    out[len + 1] = 0;
    return out;
}

static int take_entry(void *arg, const char *section, const char *name, const char *value)
{
    struct feed *f = arg;

    (void)platform_text_copy(f->section, sizeof(f->section), section);
    (void)platform_text_copy(f->ini->key, sizeof(f->ini->key), name);
    (void)platform_text_copy(f->ini->value, sizeof(f->ini->value), value ? value : "");
    f->entries++;
    return 1;
}

static enum ini_kind error(struct ini *ini, const char *why)
{
    (void)snprintf(ini->why, sizeof(ini->why), "%s", why);
    return INI_ERROR;
}

static int is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static enum ini_kind parse_section(struct ini *ini, const char *line)
{
    struct feed f = {.linev = {line, "k=v"}, .linec = 2, .room = -1, .ini = ini};
    const char *close = strchr(line, ']'), *rest;
    size_t from = 0, len;

    ini->lost = 1;
    if (ini_parse_stream(feed_line, &f, take_entry, &f) != 0 || f.entries != 1 || !close) {
        if (f.room >= 0) {
            (void)snprintf(ini->why, sizeof(ini->why), "longer than %d bytes", f.room);
            return INI_ERROR;
        }
        return error(ini, "no ']' after the name of a section; its lines are passed over");
    }
    if (strlen(f.section) != (size_t)(close - line) - 1)
        return error(ini, "the name of the section is too long; its lines are passed over");
    for (rest = close + 1; is_space(*rest); rest++)
        ;
    if (*rest && *rest != ';' && *rest != '#')
        return error(ini, "something follows the name of the section; its lines are passed over");
    len = strlen(f.section);
    while (len > 0 && is_space(f.section[len - 1]))
        len--;
    while (from < len && is_space(f.section[from]))
        from++;
    memcpy(ini->section, f.section + from, len - from);
    ini->section[len - from] = 0;
    ini->lost = 0;
    return INI_SECTION;
}

static enum ini_kind parse_line(struct ini *ini, const char *line)
{
    struct feed f = {.linev = {line}, .linec = 1, .room = -1, .ini = ini};
    int bad;

    if (line[0] == '[')
        return parse_section(ini, line);
    bad = ini_parse_stream(feed_line, &f, take_entry, &f);
    if (f.room >= 0) {
        (void)snprintf(ini->why, sizeof(ini->why), "longer than %d bytes", f.room);
        return INI_ERROR;
    }
    if (bad || f.entries != 1)
        return error(ini, "neither a section nor \"key = value\"");
    if (!ini->key[0])
        return error(ini, "no key before '='");
    if (ini->lost)
        return error(ini, "passed over, because the line of its section is in error");
    return INI_ENTRY;
}

void ini_open(struct ini *ini, const char *text, size_t len)
{
    memset(ini, 0, sizeof(*ini));
    ini->text = text;
    ini->len = len;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        ini->pos = 3;
}

enum ini_kind ini_next(struct ini *ini)
{
    char line[INI_TEXT_MAX];
    const char *begin, *end;
    size_t len;

    if (ini->pos >= ini->len)
        return INI_END;
    begin = ini->text + ini->pos;
    end = memchr(begin, '\n', ini->len - ini->pos);
    ini->raw = begin;
    ini->raw_len = end ? (size_t)(end - begin) + 1 : ini->len - ini->pos;
    ini->pos += ini->raw_len;
    ini->line++;
    if (!end)
        end = begin + ini->raw_len;
    while (end > begin && is_space(end[-1]))
        end--;
    /* The library takes an indented line for more of the value before it; here each line stands for itself. */
    while (begin < end && is_space(*begin))
        begin++;
    len = (size_t)(end - begin);
    if (len == 0)
        return INI_BLANK;
    if (*begin == ';' || *begin == '#')
        return INI_COMMENT;
    if (*begin == '[')
        ini->lost = 1; /* whatever is wrong with it below */
    if (memchr(begin, 0, len))
        return error(ini, "contains a NUL byte");
    if (!platform_utf8_valid(begin, len))
        return error(ini, "is not UTF-8");
    if (len < sizeof(line)) {
        memcpy(line, begin, len);
        line[len] = 0;
        return parse_line(ini, line);
    }
    /* The library tells its own limit if that is less than ours. */
    memcpy(line, begin, sizeof(line) - 1);
    line[sizeof(line) - 1] = 0;
    if (parse_line(ini, line) != INI_ERROR || strncmp(ini->why, "longer", 6) != 0)
        (void)snprintf(ini->why, sizeof(ini->why), "longer than %d bytes", (int)sizeof(line) - 1);
    ini->lost = ini->lost || *begin == '[';
    return INI_ERROR;
}

static int fail(char why[INI_WHY_MAX], int err, const char *text)
{
    (void)snprintf(why, INI_WHY_MAX, "%s", text);
    return err;
}

/* errno of a failed system call as one of ours, with words. */
static int fail_errno(char why[INI_WHY_MAX], int err)
{
    switch (err) {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return fail(why, ENOENT, "there is no such file");
    case EACCES:
    case EPERM:
    case ELOOP:
        return fail(why, EACCES, "the file may not be read");
    case ENOMEM:
        return fail(why, ENOMEM, "out of memory");
    default:
        (void)snprintf(why, INI_WHY_MAX, "the file cannot be read (system error %d)", err);
        return EIO;
    }
}

int ini_load(const char *path, char **textp, size_t *lenp, char why[INI_WHY_MAX])
{
    char *text = NULL;
    size_t len = 0, cap = 0;
    struct stat st;
    int fd, err = 0;

    why[0] = 0;
    /* Without O_NONBLOCK the open of a pipe waits for its other end. */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return fail_errno(why, errno);
    if (fstat(fd, &st)) {
        err = fail_errno(why, errno);
        goto out;
    }
    if (!S_ISREG(st.st_mode) && strcmp(path, "/dev/null") != 0) {
        err = fail(why, EIO, S_ISDIR(st.st_mode) ? "is a folder, not a file" : "is not a regular file");
        goto out;
    }
    for (;;) {
        ssize_t n;

        if (len == cap) {
            char *more;

            if (len > INI_FILE_MAX) {
                err = fail(why, EIO, "is larger than 16 MiB");
                goto out;
            }
            cap = cap ? 2 * cap : 16384;
            more = realloc(text, cap);
            if (!more) {
                err = fail(why, ENOMEM, "out of memory");
                goto out;
            }
            text = more;
        }
        n = read(fd, text + len, cap - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            err = fail_errno(why, errno);
            goto out;
        }
        if (n == 0)
            break;
        len += (size_t)n;
    }
    if (len > INI_FILE_MAX) {
        err = fail(why, EIO, "is larger than 16 MiB");
        goto out;
    }
    if (len >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0)) {
        err = fail(why, EIO, "is UTF-16; it has to be UTF-8");
        goto out;
    }
    *textp = text;
    *lenp = len;
    text = NULL;
out:
    free(text);
    (void)close(fd);
    return err;
}

int ini_user_path(const char *file, char *path, size_t size)
{
    char base[INI_TEXT_MAX * 4];
    int n, err;

    err = platform_env("XDG_CONFIG_HOME", base, sizeof(base));
    /* The specification of these folders says that a relative one is to be ignored. */
    if (!err && base[0] == '/') {
        n = snprintf(path, size, "%s/tapi_shim/%s", base, file);
    } else {
        err = platform_env("HOME", base, sizeof(base));
        if (err || base[0] != '/')
            return err == ENAMETOOLONG ? err : ENOENT;
        n = snprintf(path, size, "%s/.config/tapi_shim/%s", base, file);
    }
    return n < 0 || (size_t)n >= size ? ENAMETOOLONG : 0;
}
