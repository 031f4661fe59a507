/* tapictl service: what it does, its start and its end. SPDX-License-Identifier: MIT */
#include "tapi_shim/channel/remote.h"
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/tool.h"

#include "tapi_shim/platform/link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char service_help[] =
    "usage: tapictl service status|start|stop|log\n"
    "\n"
    "The telephony service has the lines and calls that all programs of the user share. The first program starts it,\n"
    "and it ends some time after the last one.\n"
    "\n"
    "  status   its providers, lines, the programs that use it, calls with their owners and monitors\n"
    "  start    starts it if it does not run\n"
    "  stop     ends it, whoever uses it\n"
    "  log      its latest messages\n"
    "\n"
    "The exit status is 0, 1 if it does not run or cannot be reached, 2 for a command line that makes no sense.\n";

/* How long it may take to end its calls. */
enum { STOP_MS = 30000, STOP_SLICE_MS = 20 };

static void no_event(const struct channel_event *event, void *arg)
{
    (void)event;
    (void)arg;
}

static void no_loss(void *arg)
{
    (void)arg;
}

static struct remote *reach(void)
{
    char place[PLATFORM_PATH_MAX];
    struct remote *remote = NULL;
    int err;

    platform_service_place(place, sizeof(place));
    err = remote_open(&remote, place, no_event, no_loss, NULL, NULL);
    if (!err)
        return remote;
    if (err == ENOENT || err == ECONNREFUSED)
        tool_error("the telephony service does not run");
    else
        tool_error("%s: the telephony service cannot be reached: %s", place, strerror(err));
    return NULL;
}

/* ---- status
 * ---------------------------------------------------------------------------------------------------------- */

enum { VALUES_MAX = 8 };

/* One record as it came; values that are not there are 0, texts that are not there "". */
struct record {
    uint32_t kind, v[VALUES_MAX];
    const char *text1, *text2;
};

static uint32_t word(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint32_t values_of(uint32_t kind)
{
    switch (kind) {
    case CHANNEL_RECORD_TOTAL:
        return 7;
    case CHANNEL_RECORD_PROVIDER:
        return 2;
    case CHANNEL_RECORD_LINE:
    case CHANNEL_RECORD_APP:
        return 4;
    case CHANNEL_RECORD_CALL:
        return 5;
    case CHANNEL_RECORD_HANDLE:
        return 3;
    default:
        return 0;
    }
}

/* The record at `*at` of `len` bytes. False: there is none, or it is broken. */
static bool record_next(const unsigned char *data, uint32_t len, uint32_t *at, struct record *r)
{
    const unsigned char *p = data + *at, *end;
    uint32_t size, i;

    memset(r, 0, sizeof(*r));
    r->text1 = r->text2 = "";
    if (len - *at < 8)
        return false;
    r->kind = word(p);
    size = word(p + 4);
    if (size < 8 || size % 4 || size > len - *at || size < 8 + 4 * values_of(r->kind))
        return false;
    end = p + size;
    *at += size;
    p += 8;
    for (i = 0; i < values_of(r->kind); i++, p += 4)
        r->v[i] = word(p);
    if (p < end && memchr(p, 0, (size_t)(end - p))) {
        r->text1 = (const char *)p;
        p += strlen(r->text1) + 1;
        if (p < end && memchr(p, 0, (size_t)(end - p)))
            r->text2 = (const char *)p;
    }
    return true;
}

static void show(const struct record *r)
{
    char text[NAMES_TEXT_MAX];
    LINEMESSAGE m;

    switch (r->kind) {
    case CHANNEL_RECORD_TOTAL:
        printf("handles: %lu programs, %lu open lines, %lu of calls\n", (unsigned long)r->v[0], (unsigned long)r->v[1],
               (unsigned long)r->v[2]);
        printf("calls: %lu, requests: %lu, lines: %lu\n", (unsigned long)r->v[3], (unsigned long)r->v[4],
               (unsigned long)r->v[6]);
        break;
    case CHANNEL_RECORD_PROVIDER:
        printf("provider %lu: %s, TSPI %lu.%lu\n", (unsigned long)r->v[0], r->text1, (unsigned long)r->v[1] >> 16,
               (unsigned long)r->v[1] & 0xFFFF);
        break;
    case CHANNEL_RECORD_LINE:
        if (r->v[2] || r->v[3])
            printf("line %lu: open %lu times, %lu calls\n", (unsigned long)r->v[0], (unsigned long)r->v[2],
                   (unsigned long)r->v[3]);
        break;
    case CHANNEL_RECORD_APP:
        printf("program %#lx: %s (%s), process %lu, %lu lines open\n", (unsigned long)r->v[0], r->text1, r->text2,
               (unsigned long)r->v[1], (unsigned long)r->v[3]);
        break;
    case CHANNEL_RECORD_CALL:
        memset(&m, 0, sizeof(m));
        m.dwParam1 = r->v[2];
        printf("call on line %lu: %s, %lu owners, %lu monitors\n", (unsigned long)r->v[1], names_callstate(&m, text),
               (unsigned long)r->v[3], (unsigned long)r->v[4]);
        break;
    case CHANNEL_RECORD_HANDLE:
        printf("  %s: program %#lx, handle %#lx\n", r->v[2] == LINECALLPRIVILEGE_OWNER ? "owner" : "monitor",
               (unsigned long)r->v[1], (unsigned long)r->v[0]);
        break;
    default:
        break;
    }
}

static int status(struct remote *remote)
{
    struct channel_call call = {.op = CHANNEL_STATUS};
    LONG rc = remote_call(remote, &call);
    char place[PLATFORM_PATH_MAX];
    struct record record;
    uint32_t at = 0;

    if (rc)
        return tool_failed("the service's status", rc);
    platform_service_place(place, sizeof(place));
    printf("running: process %lu at %s\n", (unsigned long)remote_pid(remote), place);
    while (record_next(call.out, call.out_len, &at, &record))
        show(&record);
    free(call.out);
    return TOOL_OK;
}

/* ---- the others
 * ------------------------------------------------------------------------------------------------------ */

static int start(void)
{
    struct tool_app app;

    if (platform_env_set("TAPI_SHIM_MODE", "service") || !tool_open(&app))
        return TOOL_FAILED;
    tool_close(&app);
    return TOOL_OK;
}

static int stop(struct remote *remote)
{
    struct channel_call call = {.op = CHANNEL_SERVICE_STOP};
    uint64_t end = platform_mono_ms() + STOP_MS;
    LONG rc = remote_call(remote, &call);

    if (rc && !remote_is_lost(remote))
        return tool_failed("the service's end", rc);
    while (!remote_is_lost(remote)) {
        if (platform_mono_ms() >= end) {
            tool_error("the telephony service has not ended within %d s", STOP_MS / 1000);
            return TOOL_FAILED;
        }
        platform_sleep_ms(STOP_SLICE_MS);
    }
    return TOOL_OK;
}

static int show_log(struct remote *remote)
{
    struct channel_call call = {.op = CHANNEL_SERVICE_LOG};
    LONG rc = remote_call(remote, &call);

    if (rc)
        return tool_failed("the service's log", rc);
    (void)fwrite(call.out, 1, call.out_len, stdout);
    free(call.out);
    return TOOL_OK;
}

int service_command(int argc, char **argv)
{
    struct remote *remote;
    int exit;

    if (argc != 1 ||
        (strcmp(argv[0], "status") && strcmp(argv[0], "start") && strcmp(argv[0], "stop") && strcmp(argv[0], "log"))) {
        tool_error("service: status, start, stop or log? (tapictl service --help)");
        return TOOL_USAGE;
    }
    if (strcmp(argv[0], "start") == 0)
        return start();
    remote = reach();
    if (!remote)
        return TOOL_FAILED;
    exit = strcmp(argv[0], "status") == 0 ? status(remote)
           : strcmp(argv[0], "stop") == 0 ? stop(remote)
                                          : show_log(remote);
    remote_close(remote);
    return exit;
}
