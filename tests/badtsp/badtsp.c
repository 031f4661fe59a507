/* A provider that does everything wrong that providers were seen to do. SPDX-License-Identifier: MIT */
#include "tests/badtsp/badtsp.h"

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"

#include <stdlib.h>
#include <string.h>

#if defined(__ELF__)
#define EXPORTED __attribute__((visibility("default")))
#else
#define EXPORTED
#endif

enum { CALLS = 16384, STORM_THREADS = 4, STORM_EVENTS = 2000, CREATES = 3000 };

struct line {
    HTAPILINE ht;
    bool open;
};
struct call {
    HTAPICALL ht;
    unsigned line;
    uint32_t pending; /* request that was not completed */
    bool live;
};

static struct platform_mutex lock;
static struct platform_cond changed;
static struct line linev[BAD_LINES];
static struct call callv[CALLS];
static unsigned callc, doubles, together, inside, created;
static bool blocked, released, storming;
static struct platform_thread *threadv[STORM_THREADS];
static DWORD base;
static HPROVIDER provider;
static LINEEVENT create_event, event;
static ASYNC_COMPLETION completion;

/* Of BADTSP, unless the test has said otherwise: a process that changes its environment is not heard by all its parts.
 */
static const char *chosen;

EXPORTED void badtsp_fault(const char *name);
void badtsp_fault(const char *name)
{
    chosen = name;
}

static bool fault(const char *name)
{
    const char *now = chosen ? chosen : getenv("BADTSP");

    return now && !strcmp(now, name);
}

static void enter(void)
{
    platform_mutex_lock(&lock);
    if (++inside > together)
        together = inside;
    platform_mutex_unlock(&lock);
}

static void leave(void)
{
    platform_mutex_lock(&lock);
    inside--;
    platform_mutex_unlock(&lock);
}

/* ---- handles ----------------------------------------------------------------------------------------------------- */

static unsigned line_of(HDRVLINE hdline)
{
    if (linev[BAD_SAME].open && (uintptr_t)hdline == (uintptr_t)linev[BAD_SAME].ht)
        return BAD_SAME;
    return (unsigned)((uintptr_t)hdline - 0x100);
}

static struct call *call_of(HDRVCALL hdcall)
{
    for (unsigned i = 0; linev[BAD_SAME].open && i < callc && i < CALLS; i++)
        if (callv[i].live && callv[i].line == BAD_SAME && (uintptr_t)callv[i].ht == (uintptr_t)hdcall)
            return &callv[i];
    return &callv[((uintptr_t)hdcall - 0x1000) % CALLS];
}

static HDRVCALL handle_of(const struct call *call)
{
    if (call->line == BAD_SAME)
        return (HDRVCALL)(uintptr_t)call->ht;
    return (HDRVCALL)(uintptr_t)(0x1000 + (call - callv));
}

static struct call *call_new(unsigned line, HTAPICALL ht)
{
    struct call *call;

    platform_mutex_lock(&lock);
    call = &callv[callc++ % CALLS];
    call->ht = ht;
    call->line = line;
    call->pending = 0;
    call->live = true;
    platform_mutex_unlock(&lock);
    return call;
}

static void state(const struct call *call, uint32_t value, uint32_t mode)
{
    event(linev[call->line].ht, call->ht, LINE_CALLSTATE, value, mode, LINEMEDIAMODE_INTERACTIVEVOICE);
}

static struct call *ring(unsigned line)
{
    struct call *call = call_new(line, NULL);

    event(linev[line].ht, NULL, LINE_NEWCALL, (DWORD_PTR)handle_of(call), (DWORD_PTR)&call->ht, 0);
    if (!call->ht)
        call->live = false;
    else
        state(call, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
    return call;
}

/* ---- completion -------------------------------------------------------------------------------------------------- */

static LONG complete(uint32_t request, struct call *call)
{
    switch (call->line) {
    case BAD_NEVER:
        return (LONG)request;
    case BAD_ZERO:
        return 0;
    case BAD_LOOP:
        call->pending = request;
        return (LONG)request;
    case BAD_FOREIGN:
        completion(0, 0);
        completion(request + 1, 0);
        completion(request ^ 0x7FFFFFFF, (LONG)LINEERR_NOMEM);
        completion(0xFFFFFFFF, 0);
        completion(request, 0);
        return (LONG)request;
    case BAD_TWICE:
        completion(request, 0);
        completion(request, 0);
        completion(request, (LONG)LINEERR_OPERATIONFAILED);
        return (LONG)request;
    case BAD_BOTH:
        completion(request, 0);
        return (LONG)LINEERR_RESOURCEUNAVAIL;
    case BAD_RESULT:
        completion(request, 12345);
        return (LONG)request;
    case BAD_POSITIVE:
        completion(request, 0);
        return (LONG)(request / 2 + 12345);
    case BAD_SHUT_CALL:
        event(linev[call->line].ht, NULL, LINE_CLOSE, 0, 0, 0);
        linev[call->line].open = false;
        call->live = false;
        completion(request, 0);
        return (LONG)request;
    default:
        completion(request, 0);
        return (LONG)request;
    }
}

/* ---- hook -------------------------------------------------------------------------------------------------------- */

static void late_now(void)
{
    HTAPICALL ht;

    for (unsigned i = 0; i < callc && i < CALLS; i++) {
        if (callv[i].line != BAD_LATE)
            continue;
        state(&callv[i], LINECALLSTATE_CONNECTED, 1);
        event(linev[BAD_LATE].ht, callv[i].ht, LINE_CALLINFO, 1, 0, 0);
    }
    event(linev[BAD_LATE].ht, NULL, LINE_LINEDEVSTATE, LINEDEVSTATE_RINGING, 1, 0);
    event(linev[BAD_LATE].ht, NULL, LINE_ADDRESSSTATE, 0, 1, 0);
    event(linev[BAD_LATE].ht, NULL, LINE_NEWCALL, 0x1234, (DWORD_PTR)&ht, 0);
    if (ht)
        abort();
    event(linev[BAD_LATE].ht, NULL, LINE_CLOSE, 0, 0, 0);
    completion(0x40000100, 0);
}

static void storm(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < STORM_EVENTS; i++) {
        struct call *call = ring(BAD_STORM);

        event(linev[BAD_STORM].ht, NULL, LINE_LINEDEVSTATE, LINEDEVSTATE_RINGING, 1, i);
        completion(0x40000000 + i, 0);
        if (!call->live)
            continue;
        state(call, LINECALLSTATE_CONNECTED, 1);
        event(linev[BAD_STORM].ht, call->ht, LINE_CALLINFO, 1, 0, 0);
        state(call, LINECALLSTATE_DISCONNECTED, 1);
        state(call, LINECALLSTATE_IDLE, 0);
    }
}

static int live_calls(void)
{
    int n = 0;

    for (unsigned i = 0; i < CALLS; i++)
        n += callv[i].live;
    return n;
}

static int open_lines(void)
{
    int n = 0;

    for (unsigned i = 0; i < BAD_LINES; i++)
        n += linev[i].open;
    return n;
}

EXPORTED int badtsp_hook(int what);
int badtsp_hook(int what)
{
    unsigned i;

    switch (what) {
    case BADTSP_WAIT_BLOCKED:
        platform_mutex_lock(&lock);
        while (!blocked)
            platform_cond_wait(&changed, &lock);
        platform_mutex_unlock(&lock);
        return 0;
    case BADTSP_RELEASE:
        platform_mutex_lock(&lock);
        released = true;
        platform_cond_broadcast(&changed);
        platform_mutex_unlock(&lock);
        return 0;
    case BADTSP_LATE_NOW:
        late_now();
        return 0;
    case BADTSP_STORM_START:
        storming = true;
        for (i = 0; i < STORM_THREADS; i++)
            if (platform_thread_start(&threadv[i], "storm", storm, NULL))
                abort();
        return 0;
    case BADTSP_STORM_END:
        for (i = 0; i < STORM_THREADS; i++)
            platform_thread_join(threadv[i]);
        storming = false;
        return 0;
    case BADTSP_OPEN_LINES:
        return open_lines();
    case BADTSP_LIVE_CALLS:
        return live_calls();
    case BADTSP_DOUBLE:
        return (int)doubles;
    case BADTSP_TOGETHER:
        return (int)together;
    case BADTSP_CREATED:
        return (int)created;
    default:
        return -1;
    }
}

/* ---- provider ---------------------------------------------------------------------------------------------------- */

EXPORTED LONG TSPIAPI TSPI_lineNegotiateTSPIVersion(DWORD device, DWORD low, DWORD high, LPDWORD version)
{
    (void)low;
    *version = high;
    if (device == INITIALIZE_NEGOTIATION)
        *version = fault("version0") ? 0 : fault("versionhigh") ? high + 1 : high;
    else if (device - base == BAD_VERSION)
        *version = 0;
    return 0;
}

EXPORTED LONG TSPIAPI TSPI_providerEnumDevices(DWORD id, LPDWORD lines, LPDWORD phones, HPROVIDER host,
                                               LINEEVENT lines_event, PHONEEVENT phones_event)
{
    (void)id;
    (void)phones_event;
    *lines = fault("countless") ? 0xFFFFFFFF : BAD_LINES;
    *phones = 1;
    provider = host;
    create_event = lines_event;
    return fault("enumfail") ? (LONG)LINEERR_OPERATIONFAILED : 0;
}

EXPORTED LONG TSPIAPI TSPI_providerInit(DWORD version, DWORD id, DWORD line_base, DWORD phone_base, DWORD_PTR lines,
                                        DWORD_PTR phones, ASYNC_COMPLETION done, LPDWORD options)
{
    (void)version;
    (void)id;
    (void)phone_base;
    (void)lines;
    (void)phones;
    memset(linev, 0, sizeof(linev));
    memset(callv, 0, sizeof(callv));
    callc = doubles = together = inside = created = 0;
    blocked = released = false;
    base = line_base;
    completion = done;
    *options = fault("nonreentrant") ? LINETSPIOPTION_NONREENTRANT : 0;
    /* Before it has said yes. */
    completion(1, 0);
    create_event(NULL, NULL, LINE_CREATE, 0, 1, 0);
    return fault("initfail") ? (LONG)LINEERR_RESOURCEUNAVAIL : 0;
}

EXPORTED LONG TSPIAPI TSPI_providerShutdown(DWORD version, DWORD id)
{
    (void)version;
    (void)id;
    create_event(NULL, NULL, LINE_CREATE, (DWORD_PTR)provider, 1, 0);
    return (LONG)LINEERR_OPERATIONFAILED;
}

EXPORTED LONG TSPIAPI TSPI_providerCreateLineDevice(DWORD_PTR temp, DWORD device)
{
    (void)device;
    enter();
    leave();
    platform_mutex_lock(&lock);
    created++;
    platform_mutex_unlock(&lock);
    return temp % 3 ? 0 : (LONG)LINEERR_BADDEVICEID;
}

EXPORTED LONG TSPIAPI TSPI_lineOpen(DWORD device, HTAPILINE htline, LPHDRVLINE hdline, DWORD version, LINEEVENT proc)
{
    unsigned line = (unsigned)(device - base);

    (void)version;
    enter();
    event = proc;
    linev[line].ht = htline;
    linev[line].open = true;
    *hdline = (HDRVLINE)(uintptr_t)(0x100 + line);
    switch (line) {
    case BAD_SAME:
        *hdline = (HDRVLINE)(uintptr_t)htline;
        break;
    case BAD_BLOCK:
        platform_mutex_lock(&lock);
        blocked = true;
        platform_cond_broadcast(&changed);
        while (!released)
            platform_cond_wait(&changed, &lock);
        platform_mutex_unlock(&lock);
        break;
    case BAD_SHUT_OPEN:
        event(htline, NULL, LINE_CLOSE, 0, 0, 0);
        linev[line].open = false;
        break;
    case BAD_OPEN_MORE:
        linev[line].open = false;
        leave();
        return 17;
    case BAD_CALL_FIRST:
        (void)ring(line);
        callv[callc - 1].live = false;
        linev[line].open = false;
        leave();
        return (LONG)LINEERR_ALLOCATED;
    case BAD_CREATE:
        for (unsigned i = 0; i < CREATES; i++)
            create_event(NULL, NULL, LINE_CREATE, (DWORD_PTR)provider, i, 0);
        break;
    case BAD_EVENTS:
        event(htline, NULL, LINE_NEWCALL, 0x1000, 0, 0);
        event(htline, NULL, LINE_CALLSTATE, LINECALLSTATE_OFFERING, 1, 4);
        event(htline, (HTAPICALL)(uintptr_t)htline, LINE_CALLSTATE, LINECALLSTATE_OFFERING, 1, 4);
        event((HTAPILINE)(intptr_t)-1, (HTAPICALL)(intptr_t)-1, LINE_CALLSTATE, 0xFFFFFFFF, (DWORD_PTR)-1,
              (DWORD_PTR)-1);
        event((HTAPILINE)(intptr_t)-1, NULL, LINE_CLOSE, 0, 0, 0);
        event(NULL, NULL, LINE_REMOVE, 0xFFFFFFFF, 0, 0);
        event(NULL, NULL, LINE_LINEDEVSTATE, LINEDEVSTATE_RINGING, 0, 0);
        event(NULL, NULL, 0xFFFFFFFF, 0, 0, 0);
        create_event(NULL, NULL, LINE_CREATE, (DWORD_PTR)-1, 0, 0);
        create_event(NULL, NULL, LINE_CREATE, (DWORD_PTR)htline, 0, 0);
        break;
    default:
        break;
    }
    leave();
    return 0;
}

EXPORTED LONG TSPIAPI TSPI_lineClose(HDRVLINE hdline)
{
    unsigned line = line_of(hdline);

    enter();
    if (line >= BAD_LINES || !linev[line].open)
        doubles++;
    else
        linev[line].open = false;
    leave();
    return line == BAD_ZOMBIE ? (LONG)LINEERR_OPERATIONFAILED : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineSetDefaultMediaDetection(HDRVLINE hdline, DWORD media)
{
    unsigned line = line_of(hdline);

    if (line == BAD_EVENTS && media)
        (void)ring(line);
    return 0;
}

EXPORTED LONG TSPIAPI TSPI_lineSetStatusMessages(HDRVLINE hdline, DWORD line_states, DWORD address_states)
{
    (void)hdline;
    (void)line_states;
    (void)address_states;
    return 0;
}

EXPORTED LONG TSPIAPI TSPI_lineMakeCall(DRV_REQUESTID request, HDRVLINE hdline, HTAPICALL ht, LPHDRVCALL hdcall,
                                        LPCWSTR dest, DWORD country, LPLINECALLPARAMS const params)
{
    struct call *call = call_new(line_of(hdline), ht);
    LONG rc;

    (void)dest;
    (void)country;
    (void)params;
    if (fault("crash"))
        abort();
    enter();
    /* Long enough for another to come in, if it may. */
    for (unsigned i = 0; i < 50 && fault("nonreentrant"); i++)
        platform_thread_yield();
    switch (call->line) {
    case BAD_EARLY:
        completion(request, 0);
        state(call, LINECALLSTATE_DIALING, 0);
        *hdcall = handle_of(call);
        rc = (LONG)request;
        break;
    case BAD_NO_HANDLE:
        call->live = false;
        rc = complete(request, call);
        break;
    case BAD_BOTH:
    case BAD_RESULT:
        /* The host takes it for failed. */
        call->live = false;
        *hdcall = handle_of(call);
        rc = complete(request, call);
        break;
    default:
        *hdcall = handle_of(call);
        rc = complete(request, call);
        if (call->live)
            state(call, LINECALLSTATE_CONNECTED, 1);
        break;
    }
    leave();
    return rc;
}

EXPORTED LONG TSPIAPI TSPI_lineDrop(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    struct call *call = call_of(hdcall);
    LONG rc;

    (void)uui;
    (void)size;
    enter();
    if (call->line == BAD_ZOMBIE) {
        state(call, LINECALLSTATE_IDLE, 0);
        state(call, LINECALLSTATE_CONNECTED, 1);
        state(call, LINECALLSTATE_IDLE, 0);
        event(linev[call->line].ht, call->ht, LINE_CALLINFO, 1, 0, 0);
    }
    rc = complete(request, call);
    leave();
    return rc;
}

EXPORTED LONG TSPIAPI TSPI_lineAnswer(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    (void)uui;
    (void)size;
    return complete(request, call_of(hdcall));
}

EXPORTED LONG TSPIAPI TSPI_lineCloseCall(HDRVCALL hdcall)
{
    struct call *call = call_of(hdcall);

    enter();
    if (!call->live)
        doubles++;
    if (call->line == BAD_LOOP) {
        uint32_t request = call->pending;

        call->pending = 0;
        state(call, LINECALLSTATE_DISCONNECTED, 1);
        if (request)
            completion(request, 0);
        state(call, LINECALLSTATE_IDLE, 0);
        if (request)
            completion(request, 0);
    }
    call->live = false;
    if (call->line == BAD_ZOMBIE) {
        state(call, LINECALLSTATE_CONNECTED, 1);
        event(linev[call->line].ht, call->ht, LINE_CALLINFO, 1, 0, 0);
    }
    leave();
    return call->line == BAD_ZOMBIE ? (LONG)LINEERR_INVALCALLHANDLE : 0;
}

/* Fills the words behind the sizes with `word`, and says something about the sizes. */
static LONG nonsense(void *structure, uint32_t words, uint32_t kind)
{
    DWORD *w = structure;
    DWORD total = w[0];
    static const DWORD fills[] = {0xFFFFFFFF, 0x7FFFFFFF, 4, 1000, 0x80000000};

    for (uint32_t i = 3; i < words && i < total / 4; i++)
        w[i] = fills[(kind + i) % 5];
    w[1] = kind & 1 ? 0xFFFFFFF0 : 4; /* needed */
    w[2] = kind & 2 ? 0xFFFFFFFF : 0; /* used */
    w[0] = kind & 4 ? 0xFFFFFFFF : 0; /* total: not its to write */
    return 0;
}

static uint32_t kind_now(void)
{
    static uint32_t kind;

    platform_mutex_lock(&lock);
    kind++;
    platform_mutex_unlock(&lock);
    return kind;
}

EXPORTED LONG TSPIAPI TSPI_lineGetDevCaps(DWORD device, DWORD version, DWORD ext, LPLINEDEVCAPS caps)
{
    (void)version;
    (void)ext;
    return device - base == BAD_STRUCTURES ? nonsense(caps, sizeof(*caps) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineGetAddressCaps(DWORD device, DWORD address, DWORD version, DWORD ext,
                                              LPLINEADDRESSCAPS caps)
{
    (void)address;
    (void)version;
    (void)ext;
    return device - base == BAD_STRUCTURES ? nonsense(caps, sizeof(*caps) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineGetLineDevStatus(HDRVLINE hdline, LPLINEDEVSTATUS status)
{
    return line_of(hdline) == BAD_STRUCTURES ? nonsense(status, sizeof(*status) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineGetAddressStatus(HDRVLINE hdline, DWORD address, LPLINEADDRESSSTATUS status)
{
    (void)address;
    if (line_of(hdline) == BAD_STRUCTURES && kind_now() % 2)
        return (LONG)LINEERR_STRUCTURETOOSMALL;
    return line_of(hdline) == BAD_STRUCTURES ? nonsense(status, sizeof(*status) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineGetCallInfo(HDRVCALL hdcall, LPLINECALLINFO info)
{
    enter();
    leave();
    return call_of(hdcall)->line == BAD_STRUCTURES ? nonsense(info, sizeof(*info) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineGetCallStatus(HDRVCALL hdcall, LPLINECALLSTATUS status)
{
    return call_of(hdcall)->line == BAD_STRUCTURES ? nonsense(status, sizeof(*status) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_lineGetDevConfig(DWORD device, LPVARSTRING config, LPCWSTR class_name)
{
    (void)class_name;
    return device - base == BAD_STRUCTURES ? nonsense(config, sizeof(*config) / 4, kind_now()) : 0;
}

EXPORTED LONG TSPIAPI TSPI_providerUIIdentify(LPWSTR name)
{
    /* As long as it was told there is room, and no end. */
    for (unsigned i = 0; i < 260; i++)
        name[i] = 'x';
    return 0;
}
