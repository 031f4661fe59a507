/* What the files of this folder share with each other and with their tests; nobody else includes it.
 * SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_INTERNAL_H
#define TAPI_SHIM_PLATFORM_INTERNAL_H

#include <stdarg.h>

#include "tapi_shim/platform/platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- text (utf.c) ------------------------------------------------------------------------------------------------ */

/* Whether `len` bytes are well-formed UTF-8 (NUL counts as a character). */
bool platform_utf8_valid(const char *text, size_t len);
/* Whether `len` units are well-formed UTF-16. */
bool platform_utf16_valid(const uint16_t *text, size_t len);
/* The greatest length <= max at which `text`, longer than max, can be cut without splitting a character. */
size_t platform_utf8_cut(const char *text, size_t max);
/* Copies as much as fits, whole characters, terminated if size > 0. False: it was cut. */
bool platform_text_copy(char *out, size_t size, const char *text);

/* ---- files (file.c) ---------------------------------------------------------------------------------------------- */

/* Reads up to `size` (not 0) bytes; *gotp 0 is the end. 0 or errno. */
typedef int(platform_read_h)(void *to, size_t size, size_t *gotp, void *arg);
/* All that `h` gives, as platform_file_read says; `expected` bytes, or more, or less. */
int platform_read_all(char **datap, size_t *lenp, uint64_t expected, size_t max, platform_read_h *h, void *arg);

/* ---- places of services (place.c) -------------------------------------------------------------------------------- */

/* "" for the usual configuration, else "-" and the hash of what the environment says instead of it; `current` folder,
 * or
 * "" where configurations are no files. */
void platform_place_suffix(char *suffix, size_t size, const char *current);

/* ---- log (log.c) ------------------------------------------------------------------------------------------------- */

enum { PLATFORM_LOG_LINE_MAX = 1024 }; /* bytes of a line, with newline and terminator */

/* The level that a value of TAPI_SHIM_LOG asks for; an unknown or missing one is PLATFORM_LOG_WARNING. */
enum platform_log_level platform_log_parse(const char *text);
/* Builds a line with its newline in `line` (`size` at least 64, PLATFORM_LOG_LINE_MAX is meant); its length. */
size_t platform_log_format(char *line, size_t size, enum platform_log_level level, const char *fmt, va_list ap);
/* Writes a whole line where lines go, in one piece (posix/, win32/). `wanted`: TAPI_SHIM_LOG is set. */
void platform_log_write(const char *line, size_t len, bool wanted);

/* The level of that name; false: there is none. */
bool platform_log_level(const char *text, enum platform_log_level *levelp);

/* The section [log] (logconf.c). What is wrong is told to `errorh` (may be NULL), and passed over. Logs nothing itself. */
struct platform_log_conf {
    char file[PLATFORM_PATH_MAX]; /* "": none */
    enum platform_log_level level;
    uint64_t max_bytes; /* 0: no limit */
    uint32_t keep;
    bool events;
};
void platform_log_conf_read(struct platform_log_conf *conf, platform_conf_error_h *errorh, void *arg);
/* Adds a line with its end to the file, which is put aside before if it would become too large (posix/, win32/). What
 * fails is lost: there is nowhere to say it. */
void platform_log_file_add(const struct platform_log_conf *conf, const char *line, size_t len);
/* To the system's event log, if it has one. */
void platform_log_event(enum platform_log_level level, const char *line);

/* ---- record of crossings (trace.c) ------------------------------------------------------------------------------- */

/* Opens the file to add to (posix/, win32/). 0 or errno. */
int platform_trace_open(const char *path);
/* Adds a whole line, in one piece. */
void platform_trace_write(const char *line, size_t len);

/* ---- list of providers: rules in providers.c, storage in posix/, win32/ ------------------------------------------ */

/* Whether the list of providers owns the value `name`; everything else in its store is left alone. */
bool platform_providers_owns(const char *name);

/* Opens it. As platform_state_open. */
int platform_providers_open(struct platform_store **sp, bool write);
/* Removes the list; EEXIST if it holds something else, which stays as it is. */
int platform_store_remove(struct platform_store *s);

#ifdef __cplusplus
}
#endif

#endif
