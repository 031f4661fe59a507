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

/* The block as it came; nothing in it is believed. */
struct block {
    const unsigned char *data;
    uint32_t len;
    struct channel_status head;
};

static bool block_take(struct block *b, const void *data, uint32_t len)
{
    b->data = data;
    b->len = len;
    if (len < sizeof(b->head))
        return false;
    memcpy(&b->head, data, sizeof(b->head));
    return b->head.version == CHANNEL_STATUS_VERSION;
}

/* Row `i` of a table, of which this program knows `size` bytes. False: there is none. */
static bool block_row(const struct block *b, const struct channel_table *table, uint32_t i, void *row, size_t size)
{
    uint64_t at = table->offset + (uint64_t)i * table->row;

    if (i >= table->count || table->row < size || at + size > b->len)
        return false;
    memcpy(row, b->data + at, size);
    return true;
}

static const char *block_text(const struct block *b, const struct channel_text *t, char *text, size_t size)
{
    uint16_t units[PLATFORM_PATH_MAX];
    size_t count = t->size / sizeof(units[0]);

    text[0] = 0;
    if (count > PLATFORM_PATH_MAX || (uint64_t)t->offset + t->size > b->len)
        return text;
    memcpy(units, b->data + t->offset, count * sizeof(units[0]));
    if (count && !units[count - 1])
        (void)platform_utf16_to_utf8(units, count - 1, text, size);
    return text;
}

static void show_handles(const struct block *b, uint32_t call)
{
    struct channel_status_handle h;
    uint32_t i;

    for (i = 0; block_row(b, &b->head.handles, i, &h, sizeof(h)); i++)
        if (h.call == call)
            printf("  %s: program %#lx, handle %#lx\n", h.privilege == LINECALLPRIVILEGE_OWNER ? "owner" : "monitor",
                   (unsigned long)h.app, (unsigned long)h.hcall);
}

static void show(const struct block *b)
{
    struct channel_status_provider provider;
    struct channel_status_line line;
    struct channel_status_phone phone;
    struct channel_status_app app;
    struct channel_status_call call;
    char text[PLATFORM_PATH_MAX], text2[PLATFORM_PATH_MAX], state[NAMES_TEXT_MAX];
    uint32_t i;

    printf("handles: %lu programs, %lu open lines, %lu of calls\n", (unsigned long)b->head.total_apps,
           (unsigned long)b->head.total_lines, (unsigned long)b->head.total_handles);
    printf("calls: %lu, requests: %lu, lines: %lu\n", (unsigned long)b->head.total_calls,
           (unsigned long)b->head.total_requests, (unsigned long)b->head.lines.count);
    printf("phones: %lu, open %lu times\n", (unsigned long)b->head.phones.count, (unsigned long)b->head.total_phones);
    for (i = 0; block_row(b, &b->head.providers, i, &provider, sizeof(provider)); i++)
        printf("provider %lu: %s, %lu lines\n", (unsigned long)provider.id,
               block_text(b, &provider.file, text, sizeof(text)), (unsigned long)provider.linec);
    for (i = 0; block_row(b, &b->head.lines, i, &line, sizeof(line)); i++)
        if (line.openc || line.callc)
            printf("line %lu: open %lu times, %lu calls\n", (unsigned long)line.device, (unsigned long)line.openc,
                   (unsigned long)line.callc);
    for (i = 0; block_row(b, &b->head.phones, i, &phone, sizeof(phone)); i++)
        if (phone.owner || phone.monitors)
            printf("phone %lu: %s, %lu monitors\n", (unsigned long)phone.device, phone.owner ? "owned" : "no owner",
                   (unsigned long)phone.monitors);
    for (i = 0; block_row(b, &b->head.apps, i, &app, sizeof(app)); i++)
        printf("program %#lx: %s (%s), process %lu, %lu lines open, %lu phones\n", (unsigned long)app.app,
               block_text(b, &app.name, text, sizeof(text)), block_text(b, &app.module, text2, sizeof(text2)),
               (unsigned long)app.process, (unsigned long)app.linec, (unsigned long)app.phonec);
    for (i = 0; block_row(b, &b->head.calls, i, &call, sizeof(call)); i++) {
        LINEMESSAGE m;

        memset(&m, 0, sizeof(m));
        m.dwParam1 = call.state;
        printf("call on line %lu: %s, %lu owners, %lu monitors\n", (unsigned long)call.device,
               names_callstate(&m, state), (unsigned long)call.owners, (unsigned long)call.monitors);
        show_handles(b, call.call);
    }
}

static int status(struct remote *remote)
{
    struct channel_call call = {.op = CHANNEL_SERVICE_STATUS};
    LONG rc = remote_call(remote, &call);
    char place[PLATFORM_PATH_MAX];
    struct block block;
    bool good;

    if (rc)
        return tool_failed("the service's status", rc);
    platform_service_place(place, sizeof(place));
    printf("running: process %lu at %s\n", (unsigned long)remote_pid(remote), place);
    good = block_take(&block, call.out, call.out_len);
    if (good)
        show(&block);
    else
        tool_error("the service's status is not of this version");
    free(call.out);
    return good ? TOOL_OK : TOOL_FAILED;
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
