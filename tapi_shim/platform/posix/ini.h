/* INI files line by line: what configuration and list of providers share. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_POSIX_INI_H
#define TAPI_SHIM_PLATFORM_POSIX_INI_H

#include <stddef.h>

enum { INI_TEXT_MAX = 1024, INI_FILE_MAX = 16 * 1024 * 1024, INI_WHY_MAX = 128 };

/*
 * The dialect. A line is "[section]", "key = value", blank, or a comment that begins with ; or #. " ;" begins a comment
 * after a value. Space around sections, keys and values does not count, nor does indentation. UTF-8, a byte order mark
 * is passed over, lines end with LF or CRLF. A line too long for the library (198 bytes with Debian's) is an error; so
 * are NUL and bytes that are not UTF-8. After a section line in error the entries up to the next section are errors,
 * since nobody knows whose they are.
 */
enum ini_kind { INI_END, INI_BLANK, INI_COMMENT, INI_SECTION, INI_ENTRY, INI_ERROR };

struct ini {
    const char *text;
    size_t len, pos;
    const char *raw; /* the line as it is in the file, with its end */
    size_t raw_len;
    unsigned line;              /* its number, from 1 */
    int lost;                   /* the section is unknown because its line was in error */
    char section[INI_TEXT_MAX]; /* "" before the first */
    char key[INI_TEXT_MAX];
    char value[INI_TEXT_MAX];
    char why[INI_WHY_MAX]; /* INI_ERROR: what is wrong */
};

void ini_open(struct ini *ini, const char *text, size_t len);
enum ini_kind ini_next(struct ini *ini);

/* Reads a whole file, *textp to be freed. `why` tells what is wrong in words. ENOENT, EACCES, EIO, ENOMEM. Does not
 * wait for pipes. */
int ini_load(const char *path, char **textp, size_t *lenp, char why[INI_WHY_MAX]);

/* A file of the user's folder for us ($XDG_CONFIG_HOME, ~/.config); ENOENT: the user has none, ENAMETOOLONG. */
int ini_user_path(const char *file, char *path, size_t size);

#endif
