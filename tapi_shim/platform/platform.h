/* Everything the project needs of an operating system: one header, posix/ and win32/ behind it.
 * SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_PLATFORM_H
#define TAPI_SHIM_PLATFORM_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__clang__)
#define PLATFORM_PRINTF(f, a) __attribute__((format(printf, f, a)))
#elif defined(__GNUC__)
#define PLATFORM_PRINTF(f, a) __attribute__((format(gnu_printf, f, a)))
#else
#define PLATFORM_PRINTF(f, a)
#endif

/* Functions return 0 or an errno value unless said otherwise. Thread: any, unless said otherwise.
 * Nothing here is done at load time: no constructor, nothing in DllMain. */

/* ---- threads ----------------------------------------------------------------------------------------------------- */

struct platform_mutex { /* storage for the system's own; zeroed (static) is initialised */
    union {
        unsigned char bytes[64];
        void *align;
    } u;
};
struct platform_cond {
    union {
        unsigned char bytes[64];
        void *align;
    } u;
};

/* clang-format off */
#define PLATFORM_MUTEX_INIT {{{0}}}
#define PLATFORM_COND_INIT {{{0}}}
/* clang-format on */

int platform_mutex_init(struct platform_mutex *m); /* not recursive */
void platform_mutex_destroy(struct platform_mutex *m);
void platform_mutex_lock(struct platform_mutex *m);
bool platform_mutex_trylock(struct platform_mutex *m);
void platform_mutex_unlock(struct platform_mutex *m);

int platform_cond_init(struct platform_cond *c);
void platform_cond_destroy(struct platform_cond *c);
void platform_cond_wait(struct platform_cond *c, struct platform_mutex *m);
/* Waits until signalled or platform_mono_ms() reaches `deadline_ms` (UINT64_MAX: for ever). False: time is up.
 * May wake for no reason, as any condition variable. */
bool platform_cond_wait_until(struct platform_cond *c, struct platform_mutex *m, uint64_t deadline_ms);
void platform_cond_signal(struct platform_cond *c);
void platform_cond_broadcast(struct platform_cond *c);

struct platform_thread;
typedef void(platform_thread_h)(void *arg);
int platform_thread_start(struct platform_thread **tp, const char *name, platform_thread_h *h, void *arg);
/* Also frees it. From the thread itself it does not wait. Takes NULL. */
void platform_thread_join(struct platform_thread *t);
uint64_t platform_thread_id(void); /* of the calling thread, never 0, unique among living ones */
void platform_thread_yield(void);

/* ---- time -------------------------------------------------------------------------------------------------------- */

uint64_t platform_mono_ms(void); /* never goes back; origin undefined */
uint64_t platform_mono_ns(void);
uint64_t platform_wall_ms(void); /* since 1970-01-01 UTC */
struct platform_date {
    int year, month /* 1-12 */, weekday /* 0 Sunday */, day, hour, minute, second, ms;
};
void platform_sleep_ms(uint32_t ms);
void platform_wall_to_utc(uint64_t wall_ms, struct platform_date *out);
void platform_wall_to_local(uint64_t wall_ms, struct platform_date *out);

/* ---- events: what an application can wait on --------------------------------------------------------------------- */

/* Manual reset. POSIX: a pollable descriptor (readable while set); Windows: an event object. */
struct platform_event;
int platform_event_alloc(struct platform_event **ep);
void platform_event_free(struct platform_event *e); /* takes NULL */
void platform_event_set(struct platform_event *e);
void platform_event_reset(struct platform_event *e);
/* False: not set within `timeout_ms` (UINT32_MAX: for ever). */
bool platform_event_wait(struct platform_event *e, uint32_t timeout_ms);
intptr_t platform_event_native(const struct platform_event *e); /* descriptor or HANDLE: owned by the event */

/* ---- running callbacks where the application expects them -------------------------------------------------------- */

/*
 * Windows: a hidden window of the thread that made it; `h` runs there when that thread pumps messages.
 * POSIX has no message pump: `h` runs on a thread of the runner's own. Several posts before a run may be one run.
 * Links apart, as platform_runner_obj: on Windows it alone needs USER32, which the provider must not load.
 * A callback that pumps messages itself may be entered again. A free from another thread waits for `h` to return.
 */
struct platform_runner;
typedef void(platform_runner_h)(void *arg);
int platform_runner_alloc(struct platform_runner **rp, platform_runner_h *h, void *arg);
void platform_runner_post(struct platform_runner *r);
/* After return `h` does not run and will not. Called from within `h` it is allowed: `h` is then in its last run.
 * Takes NULL. */
void platform_runner_free(struct platform_runner *r);

/* Puts (key, pointer) on an application's completion port. ENOTSUP on POSIX. */
int platform_port_post(intptr_t port, uintptr_t key, void *overlapped);
/* The same with a copy of `data`, which the application gives back with LocalFree (lineInitializeEx).
 * ENOTSUP on POSIX. */
int platform_port_message(intptr_t port, uintptr_t key, const void *data, size_t size);

/* ---- modules ----------------------------------------------------------------------------------------------------- */

struct platform_module;
/* Loads a library by path, UTF-8. A name without folder is looked for in the folder of the module this code is linked
 * into, then where the system looks (Windows: the system folder only, not the current one). ENOENT: no such file,
 * ENOEXEC: it is not a loadable module of this machine type. `errp` (may be NULL) gets a text, valid until the next
 * call on this thread. */
int platform_module_load(struct platform_module **mp, const char *path, const char **errp);
void platform_module_unload(struct platform_module *m); /* takes NULL */
/* NULL: not exported. Cast it to the function's type. */
void (*platform_module_symbol(struct platform_module *m, const char *name))(void);
/* Full path of the module this code is linked into, UTF-8; "" if unknown. */
void platform_module_self(char *path, size_t size);
void platform_process_name(char *name, size_t size); /* file name of the program, without folder, UTF-8 */
uint32_t platform_process_id(void);
/* Starts a program detached from this one: a session of its own (Windows: no console), standard input, output and error
 * output on the null device (the last is kept if TAPI_SHIM_LOG is set), no other handle inherited, nothing to wait for.
 * `argv` ends with NULL, argv[0] is a path; all UTF-8. `pidp` may be NULL. ENOENT, EACCES, ENOEXEC: it is no program;
 * EINVAL, EAGAIN, EMFILE, ENOMEM, EIO. */
int platform_spawn(const char *const argv[], uint32_t *pidp);
/* Lets the process have `count` connections and files at once if it may; how many it may have now (UINT32_MAX: no limit
 * that is known). Thread: any. */
uint32_t platform_connections(uint32_t count);
bool platform_process_alive(uint32_t pid); /* POSIX: also if its parent has yet to wait for it */
/* Value of an environment variable, UTF-8. ENOENT: not set or empty, ENAMETOOLONG: does not fit (`value` is then ""). A
 * program with more rights than its user has none. */
int platform_env(const char *name, char *value, size_t size);
bool platform_file_exists(const char *path); /* UTF-8; and is no folder */
/* Reads all of a file, whose path is UTF-8, with a NUL behind that is not counted; free() it, and first wipe what is a
 * secret: no other copy of it is left. Both are written on success alone. Never waits for a pipe or device. ENOENT: there
 * is none, EISDIR: a folder, EINVAL: a pipe or device, EFBIG: it has more than `max` bytes; EACCES, EIO, ENOMEM. */
int platform_file_read(char **datap, size_t *lenp, const char *path, size_t max);
/* Clears memory that held a secret, before it is given back; no compiler leaves that out. Takes NULL,
 * of whatever size. */
void platform_wipe(void *data, size_t size);
/* Sets an environment variable of this process for all its modules; NULL or "" unsets it. Not while another thread may
 * read the environment by other means. ENOMEM, EINVAL. */
int platform_env_set(const char *name, const char *value);

/* The certificates of authorities that this system trusts for servers, PEM with a 0 behind, for free(); `file` is told
 * which file they are, "" if they are not one. Environment SSL_CERT_FILE names another one, as with OpenSSL; else POSIX:
 * the folder SSL_CERT_DIR, or the distribution's; Windows: the stores of user and machine. ENOENT: there are none, or
 * they cannot be read; ENOMEM. In a library of its own, platform_trust_obj: on Windows it alone needs CRYPT32. */
int platform_trusted(char **pemp, size_t *lenp, char *file, size_t size);

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Both return the units needed including the terminator, and write at most `cap` units, always terminated if cap > 0;
 * a bad sequence becomes U+FFFD, a character is never split. `len` SIZE_MAX: up to the terminator. NULL text is "". */
size_t platform_utf8_to_utf16(const char *text, size_t len, uint16_t *out, size_t cap);
size_t platform_utf16_to_utf8(const uint16_t *text, size_t len, char *out, size_t cap);
/* The same for the A functions: UTF-8 on POSIX, the ANSI code page on Windows. */
size_t platform_ansi_to_utf16(const char *text, size_t len, uint16_t *out, size_t cap);
size_t platform_utf16_to_ansi(const uint16_t *text, size_t len, char *out, size_t cap);
size_t platform_utf16_len(const uint16_t *text); /* units before the terminator; NULL is 0 */

/* ---- log --------------------------------------------------------------------------------------------------------- */

enum platform_log_level { PLATFORM_LOG_ERROR, PLATFORM_LOG_WARNING, PLATFORM_LOG_INFO, PLATFORM_LOG_DEBUG };
/* One line. Goes to stderr (POSIX) or the debugger's output (Windows; also stderr if TAPI_SHIM_LOG is set), if `level`
 * is at most that of TAPI_SHIM_LOG (error, warning, info, debug; default warning); and to the file that the section [log] of
 * the configuration names, with date, program and process, if it is at most the level there. The configuration is read once.
 * Never call with a secret. */
void platform_log(enum platform_log_level level, const char *fmt, ...) PLATFORM_PRINTF(2, 3);

/* Logs what is wrong in the section [log]. */
void platform_log_conf_check(void);

/* From now on each line of TAPI_SHIM_LOG's level goes there as well, with its end. Called with no lock held, on the thread that logs; it must
 * not log itself. NULL: no longer. */
typedef void(platform_log_h)(const char *line, size_t len);
void platform_log_to(platform_log_h *h);

/* ---- configuration store ----------------------------------------------------------------------------------------- */

/* One value. Texts are UTF-8 and borrowed for the call. */
struct platform_conf_entry {
    const char *section; /* POSIX: [section]; Windows: subkey; "" at the top */
    const char *key;
    const char *value;
    const char *where; /* for messages: "FILE:LINE" or "HKLM\...\KEY\VALUE" */
};
typedef void(platform_conf_h)(const struct platform_conf_entry *entry, void *arg);
typedef void(platform_conf_error_h)(const char *where, const char *text, void *arg);

/*
 * Reads the whole configuration in its own order: POSIX an INI file (UTF-8; library inih), Windows a registry key and
 * its subkeys (REG_SZ and REG_DWORD). `path` NULL: environment TAPI_SHIM_CONFIG (a file; on Windows a key such as
 * HKCU\Software\X), else POSIX: $XDG_CONFIG_HOME/tapi_shim/tapi_shim.ini (default ~/.config), then
 * /etc/tapi_shim/tapi_shim.ini, Windows: HKLM\Software\SessionTSP.
 * 0: read (no file or key at a default place is 0 with no entries), ENOENT: a path that was asked for does not exist,
 * EACCES, EIO, ENOMEM. Lines that cannot be read are each given to `errorh` and passed over; a failure as a whole is
 * told to it as well, with the place for `where` (`errorh` may be NULL). Both are called on this thread, with no lock
 * held. INI: "key = value", comments after ; or #, and after a value " ;"; 198 bytes a line, 49 a section, 16 MiB a
 * file.
 */
int platform_conf_read(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg);
/* Where platform_conf_read(path) reads or would read, for messages. */
void platform_conf_place(const char *path, char *place, size_t size);

/* Creates the provider's own key (Windows: HKLM\Software\SessionTSP; POSIX: nothing to do). EEXIST, EACCES, EIO. */
int platform_conf_create(void);
/* Removes it with all its values. ENOENT, EACCES, EIO. */
int platform_conf_remove(void);

struct platform_store_value;
/* Replaces all values of a section of the configuration that platform_conf_read(NULL) reads, which is made if it is not
 * there; none at all: the section is no more. All else stays as it is. EINVAL: a text cannot be stored, or the section's
 * name is too long; EBUSY: another process is at it (after 10 s); EACCES, EIO, ENOMEM. */
int platform_conf_section_write(const char *section, const struct platform_store_value *valuev, size_t valuec);
/* Keeps that configuration from others, before a secret goes into the section: POSIX the whole file, for its owner alone
 * from now on (platform_conf_section_write makes it so); Windows the section's key, which is made: for the system,
 * administrators, network services (the telephony service) and its owner. *othersp: others could read the file until now.
 * EINVAL, EACCES, EIO, ENOMEM. */
int platform_conf_section_private(const char *section, bool *othersp);

/* ---- what the host keeps for a user ------------------------------------------------------------------------------ */

struct platform_store; /* a section of it, opened; used by one thread at a time */

enum { PLATFORM_STORE_NAME_MAX = 32 };
struct platform_store_value {
    char name[PLATFORM_STORE_NAME_MAX]; /* of letters, digits, _ and dots; case does not matter */
    bool is_number;                     /* REG_DWORD on Windows; `text` is its decimal form */
    const char *text;                   /* UTF-8 */
};
typedef void(platform_store_h)(const char *name, const char *text, void *arg);

/*
 * Opens a section of what applications have the host remember, which is not configuration: POSIX an INI file,
 * environment TAPI_SHIM_STATE, else $XDG_CONFIG_HOME/tapi_shim/state.ini; Windows a subkey of the key that
 * TAPI_SHIM_STATE names, else of HKCU\Software\tapi_shim. Each configuration (see platform_service_place) has its own,
 * with its suffix to the name of the file or key. `write` also locks other writers out, in all processes (EBUSY: one of
 * them did not finish in 10 s). EACCES: also a user without a home; EIO, ENOMEM.
 */
int platform_state_open(struct platform_store **sp, const char *section, bool write);
void platform_store_close(struct platform_store *s); /* takes NULL */
/* Reads every value. ENOENT: there is none; EACCES, EIO, ENOMEM. */
int platform_store_read(struct platform_store *s, platform_store_h *h, void *arg);
/* Replaces all values by these. EINVAL: a text cannot be stored, which is then true of all; EACCES, EIO, ENOMEM. */
int platform_store_write(struct platform_store *s, const struct platform_store_value *valuev, size_t valuec);

/* ---- list of providers (FIELD-NOTES "Registration on Windows") --------------------------------------------------- */

enum { PLATFORM_PATH_MAX = 1024 };
struct platform_provider {
    uint32_t id;                  /* permanent provider id, not 0 */
    char file[PLATFORM_PATH_MAX]; /* ProviderFilename<n>, UTF-8 */
};

/*
 * Windows: HKLM\Software\Microsoft\Windows\CurrentVersion\Telephony\Providers. POSIX: an INI file with the same value
 * names in a section [Providers]: environment TAPI_SHIM_PROVIDERS, else $XDG_CONFIG_HOME/tapi_shim/providers.ini.
 * Values that contradict each other are read as far as they make sense.
 */
/* `*listp` is freed by the caller with free(). ENOENT: there is no such list (not even an empty one). */
int platform_providers_load(struct platform_provider **listp, size_t *countp);
/* The id that platform_providers_add would give now. */
uint32_t platform_providers_next(void);
/* Adds one at the end; `*idp` is its new permanent id, never one given before. Creates the list. EINVAL: `file` is
 * empty, too long, not UTF-8, or not storable in a line of an INI file; EBUSY: another process keeps the list locked
 * (after 10 s); ENOSPC: 1,024 are there; EACCES, EIO, ENOMEM. */
int platform_providers_add(const char *file, uint32_t *idp);
/* Removes one, closing the gap. When it was the last and the list holds nothing else, the list itself goes.
 * ENOENT: no such id; EBUSY, EACCES, EIO, ENOMEM. */
int platform_providers_remove(uint32_t id);

#ifdef __cplusplus
}
#endif

#endif
