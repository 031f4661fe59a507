/* The telephony service: the engine, for all processes of a user. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_SERVICE_SERVICE_H
#define TAPI_SHIM_SERVICE_SERVICE_H

#include "tapi_shim/platform/link.h"
#include "tapi_shim/platform/platform.h"

#include <stdbool.h>
#include <stdint.h>

/* ---- config.c: section [service] --------------------------------------------------------------------------------- */

/*
 * SERVICE_KEY(key, min, max, default, text): the numbers of the section [service].
 */
#define SERVICE_KEY_MAP(X)                                                                                             \
    X(linger_s, 0, 86400, 30, "the service ends this long after its last application did")                             \
    X(max_clients, 1, 100000, 4096, "connections at the same time")                                                    \
    X(max_handles, 16, 1000000, 65536, "applications, open lines and calls of one client")                             \
    X(max_rate, 0, 10000000, 100000, "requests in a second of one client, which waits beyond that; 0: no limit")       \
    X(max_queue_kib, 1024, 1048576, 4096, "messages that a client has not read yet; one that reads none is cut off")

struct service_config {
#define SERVICE_KEY_MEMBER(key, min, max, def, text) uint32_t key;
    SERVICE_KEY_MAP(SERVICE_KEY_MEMBER)
#undef SERVICE_KEY_MEMBER
    char group[64];                         /* "": the same user only */
    char default_dialer[PLATFORM_PATH_MAX]; /* "": none */
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

struct server {
    struct platform_mutex lock;
    const struct service_config *config;
    struct platform_hub *hub;
    struct work *work;
    struct platform_event *wake; /* for the main thread: something below changed */
    struct platform_cond gone;   /* a connection went */
    struct server_conn *conns;
    uint32_t count;         /* of conns */
    bool stop;              /* a client asks for it */
    bool used;              /* somebody has been here */
    uint64_t idle_since_ms; /* if count is 0 */
};

int server_init(struct server *s, const struct service_config *config, struct platform_event *wake);
platform_link_accept_h server_accept; /* arg: struct server */
/* Lets those go on reading that were too fast; the time of the next one, UINT64_MAX: none. */
uint64_t server_resume(struct server *s);
/* No listener is open any more: ends every connection. */
void server_clear(struct server *s);

/* ---- journal.c: the latest lines of the log ------------------------------------------------------------------------
 */

platform_log_h journal_line;
/* A copy, freed by the caller; NULL: no memory. */
char *journal_copy(size_t *lenp);

#endif
