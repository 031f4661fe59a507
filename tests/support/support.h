/* What tests share: memory that is counted and can fail, a barrier, places for configuration that vanish again, waiting
 * as an application waits, and what each system does in its own way. SPDX-License-Identifier: MIT
 *
 * Link it as OBJECTS support_obj platform_obj. Anything that fails here is the test's environment: it says so and
 * aborts.
 *
 *     support_conf_begin();                                  // TAPI_SHIM_CONFIG names a new, empty place
 *     support_conf_put("", "max_sessions", "4");
 *     support_conf_put_number("line0", "addresses", 2);
 *     ... what reads the configuration ...
 *     support_conf_end();                                    // gone, and the variable is unset
 */
#ifndef TESTS_SUPPORT_SUPPORT_H
#define TESTS_SUPPORT_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tapi_shim/platform/platform.h"
#include "tsp/session/session.h"

/* ---- memory ------------------------------------------------------------------------------------------------------ */

/* A session_mem that counts. Thread: one at a time. */
struct support_heap {
    struct session_mem mem; /* give this to what is tested */
    size_t blocks, bytes;   /* in use now */
    size_t peak_bytes;      /* most at any time */
    size_t allocs;          /* asked for so far, refused ones included */
    size_t fail_at;         /* the allocation, counted from 1 as `allocs` does, that fails; 0: none */
    bool fail_onwards;      /* all after it fail too */
};
void support_heap_init(struct support_heap *heap);
/* Fails the next but `n` allocation from now: 0 is the next one. */
void support_heap_fail_in(struct support_heap *heap, size_t n, bool onwards);

/* ---- threads ----------------------------------------------------------------------------------------------------- */

/* Where `count` threads wait for each other, any number of times. */
struct support_barrier {
    struct platform_mutex lock;
    struct platform_cond all;
    unsigned count, waiting, round;
};
void support_barrier_init(struct support_barrier *b, unsigned count);
void support_barrier_wait(struct support_barrier *b);
void support_barrier_close(struct support_barrier *b);

struct platform_thread *support_thread(platform_thread_h *h, void *arg); /* starts one */

/* Waits as an application does: Windows pumps this thread's messages meanwhile. */
void support_wait(struct platform_event *e);
/* Windows: dispatches all messages of this thread that are there. POSIX: nothing to do. */
void support_pump(void);
/* Windows: fills the message queue of this thread with messages of no window. POSIX: nothing to do. */
void support_fill_queue(void);
/* Whether the system says at once that the event can be waited for successfully. */
bool support_native_ready(intptr_t native);
/* Whether runners call on a thread of their own (POSIX) or on that which made them (Windows). */
bool support_runner_has_thread(void);

/* ---- surroundings ------------------------------------------------------------------------------------------------ */

void support_env_set(const char *name, const char *value); /* NULL: not set */

/* A new empty folder, full path, UTF-8, with `name` (may be anything a file name can be) in its own name. */
void support_folder_make(const char *name, char *path, size_t size);
void support_folder_remove(const char *path); /* with all files in it */
bool support_file_exists(const char *path);
void support_file_write(const char *path, const void *data, size_t len);
/* Contents to be freed, with a NUL behind them that is not counted; NULL: no such file. */
char *support_file_read(const char *path, size_t *lenp);
/* Path of a file in a folder, with the separator of the system. */
void support_path(char *path, size_t size, const char *folder, const char *file);
/* A pipe that others can write to, and nobody reads; on POSIX it is in the folder, and goes with it. */
void support_pipe_open(const char *folder, char *path, size_t size);
void support_pipe_close(void);
bool support_path_is_full(const char *path);
void support_folder_enter(const char *path); /* makes it the current one */
void support_folder_current(char *path, size_t size);

/* What is written to the standard error output between these two; the text is to be freed. */
void support_stderr_begin(void);
char *support_stderr_end(void);

/* ---- configuration ----------------------------------------------------------------------------------------------- */

/* POSIX: an INI file in a folder of its own. Windows: a key HKCU\Software\TapiShimTest-<pid>. */
void support_conf_begin(void);
void support_conf_put(const char *section, const char *key, const char *value);
void support_conf_put_number(const char *section, const char *key, uint32_t value);
void support_conf_end(void);
/* The place: what TAPI_SHIM_CONFIG is set to in between. */
const char *support_conf_place(void);
/* A place of which nothing exists, in the form the system has for places. */
const char *support_conf_nowhere(void);

/* The same for the list of providers: TAPI_SHIM_PROVIDERS names a place where there is no list yet. */
void support_providers_begin(void);
void support_providers_end(void);
/* A value of the list, by its name (NumProviders, ...). */
void support_providers_put(const char *name, const char *text);
void support_providers_put_number(const char *name, uint32_t value);
/* Something in the same place that is not of the list. */
void support_providers_put_other(void);
/* All that is stored in the place, in a form that can be compared, to be freed; NULL: nothing, not even an empty list.
 */
char *support_providers_snapshot(void);
/* The value of a name in the list as stored, to be freed; NULL: none. Numbers in decimal. */
char *support_providers_get(const char *name);
/* Lets TAPI_SHIM_PROVIDERS name a place where nothing can be made. */
void support_providers_block(void);

#endif
