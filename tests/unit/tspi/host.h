/* A small TSPI host for tests: it records what the provider says, and can answer from inside a callback.
 * SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_TSPI_HOST_H
#define TESTS_UNIT_TSPI_HOST_H

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"
#include "tsp/tspi/provider.h"
#include "tsp/tspi/testing.h"

#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Check's macros compare integers through intmax_t: one name for results. */
#define ERR(name) ((LONG)LINEERR_##name)

enum { HOST_DEVICE_BASE = 7, HOST_PHONE_BASE = 3, HOST_CALLS = 64 };

struct host_event {
    bool reply; /* ASYNC_COMPLETION: p1 request, p2 result */
    HTAPILINE line;
    HTAPICALL call;
    DWORD msg;
    DWORD_PTR p1, p2, p3;
    uint64_t thread;
    int depth; /* callbacks around this one on its thread */
};

typedef void(host_hook_h)(const struct host_event *e);

struct host {
    struct platform_mutex lock;
    struct platform_cond changed;
    struct host_event *eventv;
    size_t eventc, event_cap;
    size_t tracec;               /* events already traced */
    _Atomic(host_hook_h *) hook; /* set by host_hook() */
    bool refuse;                 /* answer LINE_NEWCALL with NULL */
    bool keep;                   /* record; else only count */
    bool overlapped;             /* two callbacks at once, on two threads */
    int inside;                  /* callbacks running */
    uint64_t inside_thread;
    size_t replies, events;
    uintptr_t next_call;       /* the next HTAPICALL for an incoming call */
    HDRVCALL newv[HOST_CALLS]; /* handles of incoming calls in order, by HTAPICALL - 1000 */
    DRV_REQUESTID next_request;
    HDRVLINE linev[16];
};
extern struct host host;

/* Memory of the provider under test. */
struct host_memory {
    struct platform_mutex lock;
    size_t live, total;
    size_t fail_at;   /* this allocation fails, and all after it; SIZE_MAX: none */
    size_t fail_size; /* allocations of this size fail; 0: none */
};
extern struct host_memory host_memory;

/* Starts the provider with a configuration in INI form (NULL: the built-in one), checks that it works. */
void host_start(const char *ini);
/* Shuts the provider down and checks that it gave all memory back, said nothing overlapping, and answered every request
 * that `host_request` gave out. */
void host_stop(void);

/* A source for config_read: the text in `host_ini`, as lines of INI; "missing" is a place that does not exist. */
extern const char *host_ini;
int host_source(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg);
void host_set_ini(const char *ini); /* the provider reads this next */
LONG host_init(DWORD numlines);     /* TSPI_providerInit with the host's procedures */

/* What runs inside each callback, after recording, with no lock held; NULL: nothing. Any thread, while callbacks run
 * too. */
void host_hook(host_hook_h *hook);
DRV_REQUESTID host_request(void);
#define HOST_CALL(n) ((HTAPICALL)(uintptr_t)(n))
#define HOST_LINE(n) ((HTAPILINE)(uintptr_t)(0x100 + (n)))
/* Opens line `n` (0...) under `version`, wants all calls and, with `states`, all status events. */
HDRVLINE host_open(int n, DWORD version, bool states);
/* Makes a call on line `n`; `call` is its HTAPICALL. Asserts that it is accepted. */
HDRVCALL host_make(int n, uintptr_t call, const WCHAR *dest);
/* The handle of the incoming call with this HTAPICALL (1000 and on). */
HDRVCALL host_new(uintptr_t call);

/* What was said since the last time, a line each, such as "reply 1 ok", "1 CONNECTED 1", "new 1000", "1 info 20000". */
const char *host_trace(void);
void host_forget(void); /* the same, without looking */
/* Waits until something recorded satisfies `h`. */
void host_wait(bool (*h)(const struct host_event *e));

DWORD host_state(HDRVCALL call);
void CALLBACK host_completion(DRV_REQUESTID request, LONG result);
void CALLBACK host_line_event(HTAPILINE line, HTAPICALL call, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3);

/* The suites. */
Suite *suite_calls(void);
Suite *suite_control(void);
Suite *suite_lifetime(void);
Suite *suite_structs(void);
Suite *suite_lines(void);
Suite *suite_threads(void);
Suite *suite_config(void);
Suite *suite_data(void);
Suite *suite_digits(void);
Suite *suite_extra(void);
Suite *suite_hub(void);
Suite *suite_share(void);
Suite *suite_features(void);
Suite *suite_phones(void);
Suite *suite_park(void);
Suite *suite_forward(void);
Suite *suite_devices(void);
Suite *suite_edit(void);
Suite *suite_accounts(void);

#endif
