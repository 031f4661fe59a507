/* A small TSPI host for tests. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/host.h"

#include <stdio.h>

struct host host;
struct host_memory host_memory;
const char *host_ini;

/* ---- memory ------------------------------------------------------------------------------------------------------ */

static void *counted_alloc(size_t size, void *arg)
{
    void *p = NULL;

    (void)arg;
    platform_mutex_lock(&host_memory.lock);
    if (host_memory.total++ < host_memory.fail_at && (!host_memory.fail_size || size != host_memory.fail_size)) {
        p = calloc(1, size);
        host_memory.live += p != NULL;
    }
    platform_mutex_unlock(&host_memory.lock);
    return p;
}

static void counted_free(void *p, void *arg)
{
    (void)arg;
    platform_mutex_lock(&host_memory.lock);
    host_memory.live -= p != NULL;
    platform_mutex_unlock(&host_memory.lock);
    free(p);
}

/* ---- configuration ----------------------------------------------------------------------------------------------- */

/* Enough of INI for tests: what the platform makes of files and registries is tested there. */
int host_source(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg)
{
    char section[300] = "", line[1200], where[40];
    const char *at = host_ini ? host_ini : "";
    int number = 0;

    (void)path;
    if (!strcmp(at, "missing"))
        return 2; /* ENOENT everywhere */
    while (*at) {
        size_t len = strcspn(at, "\n");
        char *eq;

        ck_assert(len < sizeof line);
        memcpy(line, at, len);
        line[len] = 0;
        at += len + (at[len] == '\n');
        number++;
        (void)snprintf(where, sizeof where, "test.ini:%d", number);
        if (!line[0])
            continue;
        eq = strchr(line, '=');
        if (line[0] == '[') {
            (void)snprintf(section, sizeof section, "%.*s", (int)strcspn(line + 1, "]"), line + 1);
        } else if (eq) {
            struct platform_conf_entry e = {section, line, eq + 1, where};

            *eq = 0;
            h(&e, arg);
        } else {
            errorh(where, "this is no key=value", arg);
        }
    }
    return 0;
}

void host_set_ini(const char *ini)
{
    host_ini = ini;
    sessiontsp_set_config(host_source);
}

/* ---- callbacks --------------------------------------------------------------------------------------------------- */

static int enter(void)
{
    uint64_t self = platform_thread_id();
    int depth;

    platform_mutex_lock(&host.lock);
    if (host.inside > 0 && host.inside_thread != self)
        host.overlapped = true;
    depth = host.inside++;
    host.inside_thread = self;
    platform_mutex_unlock(&host.lock);
    return depth;
}

static void record(struct host_event *e)
{
    e->thread = platform_thread_id();
    platform_mutex_lock(&host.lock);
    if (host.keep) {
        if (host.eventc == host.event_cap) {
            host.event_cap = host.event_cap ? host.event_cap * 2 : 256;
            host.eventv = realloc(host.eventv, host.event_cap * sizeof *host.eventv);
            ck_assert_ptr_nonnull(host.eventv);
        }
        host.eventv[host.eventc++] = *e;
    }
    if (e->reply)
        host.replies++;
    else
        host.events++;
    platform_cond_broadcast(&host.changed);
    platform_mutex_unlock(&host.lock);
}

void host_hook(host_hook_h *hook)
{
    atomic_store(&host.hook, hook);
}

static void call_hook(const struct host_event *e)
{
    host_hook_h *hook = atomic_load(&host.hook);

    if (hook)
        hook(e);
}

static void leave(void)
{
    platform_mutex_lock(&host.lock);
    host.inside--;
    platform_mutex_unlock(&host.lock);
}

void CALLBACK host_completion(DRV_REQUESTID request, LONG result)
{
    struct host_event e = {.reply = true, .p1 = request, .p2 = (DWORD)result};

    e.depth = enter();
    record(&e);
    call_hook(&e);
    leave();
}

void CALLBACK host_line_event(HTAPILINE line, HTAPICALL call, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    struct host_event e = {.line = line, .call = call, .msg = msg, .p1 = p1, .p2 = p2, .p3 = p3};

    e.depth = enter();
    if (msg == (DWORD)LINE_NEWCALL) {
        HTAPICALL *out = (HTAPICALL *)p2;

        platform_mutex_lock(&host.lock);
        e.call = NULL;
        if (!host.refuse) {
            e.call = HOST_CALL(host.next_call++);
            if ((uintptr_t)e.call - 1000 < HOST_CALLS)
                host.newv[(uintptr_t)e.call - 1000] = (HDRVCALL)p1;
        }
        *out = e.call;
        platform_mutex_unlock(&host.lock);
    }
    record(&e);
    call_hook(&e);
    leave();
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

LONG host_init(DWORD numlines)
{
    DWORD options = 0xFFFFFFFF;
    LONG result = TSPI_providerInit(0x00020002, 42, HOST_DEVICE_BASE, HOST_PHONE_BASE, numlines, numlines,
                                    host_completion, &options);

    if (!result)
        ck_assert_uint_eq(options, host_ini && strstr(host_ini, "reentrant=0") ? LINETSPIOPTION_NONREENTRANT : 0);
    return result;
}

void host_start(const char *ini)
{
    struct session_mem mem = {counted_alloc, counted_free, NULL};
    DWORD lines = 0, phones = 99;

    free(host.eventv);
    memset(&host, 0, sizeof host);
    host.next_call = 1000;
    host.next_request = 1;
    host.keep = true;
    memset(&host_memory, 0, sizeof host_memory);
    host_memory.fail_at = SIZE_MAX;
    sessiontsp_set_memory(&mem);
    host_set_ini(ini);
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, NULL, host_line_event, NULL), 0);
    ck_assert_uint_le(phones, lines);
    ck_assert_uint_eq(host_memory.live, 0); /* a host may leave it at that */
    ck_assert_int_eq(host_init(lines), 0);
}

void host_stop(void)
{
    const char *broken = sessiontsp_check();

    ck_assert_msg(!broken, "%s", broken);
    host_hook(NULL);
    ck_assert_int_eq(TSPI_providerShutdown(0x00020002, 42), 0);
    ck_assert_msg(host_memory.live == 0, "%u blocks are left", (unsigned)host_memory.live);
    ck_assert(!host.overlapped);
    ck_assert_int_eq(host.inside, 0);
    ck_assert_uint_eq(host.replies, host.next_request - 1);
    free(host.eventv);
    host.eventv = NULL;
    host.eventc = host.event_cap = 0;
    sessiontsp_set_memory(NULL);
    sessiontsp_set_config(NULL);
}

/* ---- doing things ------------------------------------------------------------------------------------------------ */

DRV_REQUESTID host_request(void)
{
    DRV_REQUESTID request;

    platform_mutex_lock(&host.lock);
    request = host.next_request++;
    platform_mutex_unlock(&host.lock);
    return request;
}

HDRVLINE host_open(int n, DWORD version, bool states)
{
    HDRVLINE hd = NULL;

    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + (DWORD)n, HOST_LINE(n), &hd, version, host_line_event), 0);
    ck_assert_ptr_nonnull(hd);
    ck_assert_int_eq(TSPI_lineSetDefaultMediaDetection(hd, LINEMEDIAMODE_INTERACTIVEVOICE), 0);
    if (states)
        ck_assert_int_eq(TSPI_lineSetStatusMessages(hd, 0x01FFFFFF, 0x1FF), 0);
    host.linev[n] = hd;
    return hd;
}

HDRVCALL host_make(int n, uintptr_t call, const WCHAR *dest)
{
    HDRVCALL hd = NULL;
    DRV_REQUESTID request = host_request();

    ck_assert_int_eq(TSPI_lineMakeCall(request, host.linev[n], HOST_CALL(call), &hd, dest, 0, NULL), (LONG)request);
    ck_assert_ptr_nonnull(hd);
    return hd;
}

HDRVCALL host_new(uintptr_t call)
{
    return host.newv[call - 1000];
}

DWORD host_state(HDRVCALL call)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    return TSPI_lineGetCallStatus(call, &s) ? 0 : s.dwCallState;
}

/* ---- what was said ----------------------------------------------------------------------------------------------- */

static const char *error_name(LONG result)
{
    switch ((DWORD)result) {
    case 0:
        return "ok";
    case LINEERR_OPERATIONFAILED:
        return "OPERATIONFAILED";
    case LINEERR_INVALCALLSTATE:
        return "INVALCALLSTATE";
    case LINEERR_CALLUNAVAIL:
        return "CALLUNAVAIL";
    case LINEERR_INVALADDRESS:
        return "INVALADDRESS";
    case LINEERR_INVALGROUPID:
        return "INVALGROUPID";
    default:
        return "another error";
    }
}

static void describe(const struct host_event *e, char *out, size_t size)
{
    unsigned call = (unsigned)(uintptr_t)e->call;

    if (e->reply)
        (void)snprintf(out, size, "reply %u %s\n", (unsigned)e->p1, error_name((LONG)(DWORD)e->p2));
    else if (e->msg == (DWORD)LINE_NEWCALL)
        (void)snprintf(out, size, "new %u\n", call);
    else if (e->msg == LINE_CALLSTATE)
        (void)snprintf(out, size, "%u %s %x\n", call, session_state_name((uint32_t)e->p1), (unsigned)e->p2);
    else if (e->msg == LINE_CALLINFO)
        (void)snprintf(out, size, "%u info %x\n", call, (unsigned)e->p1);
    else if (e->msg == LINE_MONITORDIGITS)
        (void)snprintf(out, size, "%u digit %c %x\n", call, (int)e->p1, (unsigned)e->p2);
    else if (e->msg == LINE_GATHERDIGITS)
        (void)snprintf(out, size, "%u gathered %x %u\n", call, (unsigned)e->p1, (unsigned)e->p2);
    else if (e->msg == LINE_GENERATE)
        (void)snprintf(out, size, "%u generated %x %u\n", call, (unsigned)e->p1, (unsigned)e->p2);
    else if (e->msg == LINE_MONITORTONE)
        (void)snprintf(out, size, "%u tone %u %u\n", call, (unsigned)e->p1, (unsigned)e->p2);
    else if (e->msg == LINE_MONITORMEDIA)
        (void)snprintf(out, size, "%u media %x\n", call, (unsigned)e->p1);
    else if (e->msg == LINE_LINEDEVSTATE)
        (void)snprintf(out, size, "line %u %x %u %u\n", (unsigned)(uintptr_t)e->line - 0x100, (unsigned)e->p1,
                       (unsigned)e->p2, (unsigned)e->p3);
    else if (e->msg == (DWORD)LINE_CALLDEVSPECIFIC)
        (void)snprintf(out, size, "%u special %x %x %x\n", call, (unsigned)e->p1, (unsigned)e->p2, (unsigned)e->p3);
    else if (e->msg == LINE_DEVSPECIFIC || e->msg == LINE_DEVSPECIFICFEATURE)
        (void)snprintf(out, size, "line %u %s %x %x %x\n", (unsigned)(uintptr_t)e->line - 0x100,
                       e->msg == LINE_DEVSPECIFIC ? "special" : "feature", (unsigned)e->p1, (unsigned)e->p2,
                       (unsigned)e->p3);
    else if (e->msg == LINE_CREATE)
        (void)snprintf(out, size, "create for %u\n", (unsigned)e->p1);
    else if (e->msg == LINE_REMOVE)
        (void)snprintf(out, size, "remove %u\n", (unsigned)e->p1);
    else if (e->msg == LINE_CLOSE)
        (void)snprintf(out, size, "close line %u\n", (unsigned)(uintptr_t)e->line - 0x100);
    else
        (void)snprintf(out, size, "address %u.%u %x\n", (unsigned)(uintptr_t)e->line - 0x100, (unsigned)e->p1,
                       (unsigned)e->p2);
}

const char *host_trace(void)
{
    static char text[20000];
    size_t len = 0;

    text[0] = 0;
    sessiontsp_settle();
    platform_mutex_lock(&host.lock);
    for (; host.tracec < host.eventc && len + 100 < sizeof text; host.tracec++) {
        describe(&host.eventv[host.tracec], text + len, sizeof text - len);
        len += strlen(text + len);
    }
    platform_mutex_unlock(&host.lock);
    return text;
}

void host_forget(void)
{
    sessiontsp_settle();
    platform_mutex_lock(&host.lock);
    host.tracec = host.eventc;
    platform_mutex_unlock(&host.lock);
}

void host_wait(bool (*h)(const struct host_event *e))
{
    size_t at = 0;

    platform_mutex_lock(&host.lock);
    for (;;) {
        for (; at < host.eventc; at++) {
            if (h(&host.eventv[at])) {
                platform_mutex_unlock(&host.lock);
                sessiontsp_settle(); /* whoever delivered this is done: what comes next is delivered by who causes it */
                return;
            }
        }
        platform_cond_wait(&host.changed, &host.lock);
    }
}
