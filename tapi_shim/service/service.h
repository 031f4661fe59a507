/* The telephony service: the engine, for all processes of a user. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_SERVICE_SERVICE_H
#define TAPI_SHIM_SERVICE_SERVICE_H

#include "tapi_shim/platform/link.h"
#include "tapi_shim/platform/platform.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- config.c: section [service] --------------------------------------------------------------------------------- */

/* The section [service]; config.def says what each member means. */
struct service_config {
#define SERVICE_NUMBER(key, min, max, def, text) uint32_t key;
#define SERVICE_TEXT(key, value, def, text) char key[PLATFORM_PATH_MAX];
#define SERVICE_CLIENT(key, value, def, text)
#include "tapi_shim/service/config.def"
#undef SERVICE_NUMBER
#undef SERVICE_TEXT
#undef SERVICE_CLIENT
};
/* What is wrong goes to the log with its place; the default takes its place. */
void service_config_read(struct service_config *config);

/* ---- work.c: threads that run what may take long ----------------------------------------------------------------- */

enum { WORK_THREADS_MAX = 64 };

struct work_item {
    void (*run)(struct work_item *item);
    struct work_item *next;
};
struct work;
int work_alloc(struct work **wp);
/* The item is the caller's until it runs. It runs even if no further thread can be started, behind others. */
void work_add(struct work *w, struct work_item *item);
void work_free(struct work *w); /* waits until all items have run; takes NULL */

/* ---- server.c: connections --------------------------------------------------------------------------------------- */

enum {
    SERVER_GREET_MS = 10000, /* who connects says who it is within this time, or is sent away */
    SERVER_SILENT_MAX = 64   /* connections beside the clients: those that have not yet */
};

struct server {
    struct platform_mutex lock;
    const struct service_config *config;
    struct platform_hub *hub;
    struct work *work;
    struct platform_event *wake; /* for the main thread: something below changed */
    struct platform_cond gone;   /* a connection went */
    struct server_conn *conns;
    uint32_t count;         /* of conns */
    uint32_t clients;       /* those of them that were greeted */
    uint64_t greet_ms;      /* SERVER_GREET_MS; tests have less time */
    uint64_t resume_ms;     /* what server_resume said last, or sooner */
    bool stop;              /* a client asks for it */
    bool used;              /* somebody has been here */
    uint64_t idle_since_ms; /* if count is 0 */
};

int server_init(struct server *s, const struct service_config *config, struct platform_event *wake);
platform_link_accept_h server_accept; /* arg: struct server */
/* Lets those go on reading that were too fast, and closes connections that said nothing for too long; the time of the
 * next one, UINT64_MAX: none. `wake` is set when it is to be called sooner. */
uint64_t server_resume(struct server *s);
/* No listener is open any more: ends every connection. */
void server_clear(struct server *s);

/* ---- journal.c: the latest lines of the log ------------------------------------------------------------------------
 */

platform_log_h journal_line;
/* A copy, freed by the caller; NULL: no memory. */
char *journal_copy(size_t *lenp);

#endif
