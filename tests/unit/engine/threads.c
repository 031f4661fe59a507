/* Many applications and many provider threads at once: no reply lost or doubled, no handle left.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/channel/channel.h"
#include "tapi_shim/engine/engine.h"
#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINES = 4,
    CALLS = 65536,
    JOBS = 65536,
    SERVERS = 3,
    APPS = 6,
    ROUNDS = 60,
    STEPS = 60,
    HELD = 16,
    OPENS = 4096,
    V2_2 = 0x00020002
};

/* ---- a provider with threads of its own -------------------------------------------------------------------------- */

struct a_call {
    HTAPICALL ht;
    unsigned line, open; /* which of its opens */
    bool live;
};
struct job {
    uint32_t request;    /* 0: none */
    unsigned call, what; /* 0 a new outgoing call, 1 drop, 2 answer, 3 ring somewhere */
};

static struct platform_mutex lock;
static struct platform_cond wake;
static struct a_call callv[CALLS];
static unsigned callc, made, closed, twice;
static unsigned openv[LINES];    /* times opened */
static bool shutv[LINES][OPENS]; /* closed by force: the calls of that time are void */
static bool by_force;
static bool one_at_a_time;           /* LINETSPIOPTION_NONREENTRANT */
static unsigned inside, most_inside; /* functions of the provider that run now; at most so far */
static unsigned rings, shuts;
static struct job jobv[JOBS];
static unsigned job_in, job_out;
static bool quit;
static struct platform_thread *serverv[SERVERS];
static HTAPILINE htlinev[LINES];
static LINEEVENT event;
static ASYNC_COMPLETION completion;

static void job_add(uint32_t request, unsigned call, unsigned what)
{
    platform_mutex_lock(&lock);
    if (job_in - job_out < JOBS) {
        struct job *j = &jobv[job_in++ % JOBS];

        j->request = request;
        j->call = call;
        j->what = what;
    }
    platform_cond_signal(&wake);
    platform_mutex_unlock(&lock);
}

static bool live(unsigned call)
{
    bool is;

    platform_mutex_lock(&lock);
    is = callv[call].live;
    platform_mutex_unlock(&lock);
    return is;
}

static void tell(unsigned call, uint32_t message, uint32_t p1, uint32_t p2, uint32_t p3)
{
    HTAPILINE htline;
    HTAPICALL ht;
    LINEEVENT to;

    platform_mutex_lock(&lock);
    htline = htlinev[callv[call].line];
    ht = callv[call].ht;
    to = event;
    platform_mutex_unlock(&lock);
    to(htline, ht, message, p1, p2, p3);
}

static void state(unsigned call, uint32_t value, uint32_t mode)
{
    tell(call, LINE_CALLSTATE, value, mode, LINEMEDIAMODE_INTERACTIVEVOICE);
}

/* `hdline` 0: of the line as it is open now. */
static unsigned call_new(unsigned line, uintptr_t hdline, HTAPICALL ht)
{
    unsigned n;

    platform_mutex_lock(&lock);
    n = callc++;
    if (n >= CALLS)
        abort();
    callv[n].line = line;
    callv[n].open = hdline ? (unsigned)(hdline / LINES) : openv[line];
    callv[n].ht = ht;
    callv[n].live = true;
    made++;
    platform_mutex_unlock(&lock);
    return n;
}

static void ring(unsigned line)
{
    unsigned n = call_new(line, 0, NULL);
    HTAPILINE htline;
    HTAPICALL ht = NULL;
    LINEEVENT to;

    platform_mutex_lock(&lock);
    callv[n].open = openv[line];
    htline = htlinev[line];
    to = event;
    platform_mutex_unlock(&lock);
    to(htline, NULL, LINE_NEWCALL, 0x10000 + n, (DWORD_PTR)&ht, 0);
    platform_mutex_lock(&lock);
    callv[n].ht = ht;
    if (!ht && callv[n].live) {
        callv[n].live = false;
        made--;
    }
    platform_mutex_unlock(&lock);
    if (ht)
        state(n, LINECALLSTATE_OFFERING, LINEOFFERINGMODE_ACTIVE);
}

/* LINE_CLOSE, at no particular time. */
static void shut(unsigned line)
{
    HTAPILINE htline;
    LINEEVENT to;

    platform_mutex_lock(&lock);
    htline = htlinev[line];
    to = event;
    shuts++;
    shutv[line][openv[line] % OPENS] = true;
    platform_mutex_unlock(&lock);
    to(htline, NULL, LINE_CLOSE, 0, 0, 0);
}

static void server(void *arg)
{
    (void)arg;
    for (;;) {
        struct job j;

        platform_mutex_lock(&lock);
        while (!quit && job_in == job_out)
            platform_cond_wait(&wake, &lock);
        if (job_in == job_out) {
            platform_mutex_unlock(&lock);
            return;
        }
        j = jobv[job_out++ % JOBS];
        platform_mutex_unlock(&lock);
        if (j.request)
            completion(j.request, 0);
        if (j.what == 3) {
            ring(j.call);
            platform_mutex_lock(&lock);
            rings++;
            j.request = by_force && rings % 8 == 0;
            platform_mutex_unlock(&lock);
            if (j.request)
                shut(j.call);
        } else if (live(j.call)) {
            state(j.call, j.what == 1 ? LINECALLSTATE_IDLE : LINECALLSTATE_CONNECTED, 1);
            tell(j.call, LINE_CALLINFO, 1, 0, 0);
        }
    }
}

static void enter(void)
{
    platform_mutex_lock(&lock);
    inside++;
    most_inside = inside > most_inside ? inside : most_inside;
    platform_mutex_unlock(&lock);
    platform_thread_yield(); /* whoever may come as well does */
}

static void leave(void)
{
    platform_mutex_lock(&lock);
    inside--;
    platform_mutex_unlock(&lock);
}

static LONG TSPIAPI negotiate(DWORD device, DWORD low, DWORD high, LPDWORD version)
{
    (void)device;
    (void)low;
    *version = high;
    return 0;
}

static LONG TSPIAPI enum_devices(DWORD id, LPDWORD lines, LPDWORD phones, HPROVIDER host, LINEEVENT create,
                                 PHONEEVENT phone)
{
    (void)id;
    (void)phones;
    (void)host;
    (void)create;
    (void)phone;
    *lines = LINES;
    return 0;
}

static LONG TSPIAPI init(DWORD version, DWORD id, DWORD line_base, DWORD phone_base, DWORD_PTR lines, DWORD_PTR phones,
                         ASYNC_COMPLETION done, LPDWORD options)
{
    (void)version;
    (void)id;
    (void)line_base;
    (void)phone_base;
    (void)lines;
    (void)phones;
    *options = one_at_a_time ? LINETSPIOPTION_NONREENTRANT : 0;
    completion = done;
    quit = false;
    for (unsigned i = 0; i < SERVERS; i++)
        if (platform_thread_start(&serverv[i], "server", server, NULL))
            return (LONG)LINEERR_NOMEM;
    return 0;
}

static LONG TSPIAPI shut_down(DWORD version, DWORD id)
{
    (void)version;
    (void)id;
    platform_mutex_lock(&lock);
    quit = true;
    platform_cond_broadcast(&wake);
    platform_mutex_unlock(&lock);
    for (unsigned i = 0; i < SERVERS; i++)
        platform_thread_join(serverv[i]);
    return 0;
}

static LONG TSPIAPI provider_line_open(DWORD device, HTAPILINE htline, LPHDRVLINE hdline, DWORD version, LINEEVENT proc)
{
    (void)version;
    platform_mutex_lock(&lock);
    event = proc;
    htlinev[device] = htline;
    openv[device]++;
    if (openv[device] >= OPENS)
        abort();
    *hdline = (HDRVLINE)(uintptr_t)(openv[device] * LINES + device);
    platform_mutex_unlock(&lock);
    job_add(0, device, 3);
    return 0;
}

static LONG TSPIAPI provider_line_close(HDRVLINE hdline)
{
    enter();
    (void)hdline;
    leave();
    return 0;
}

static LONG TSPIAPI set_media(HDRVLINE hdline, DWORD media)
{
    enter();
    if (media)
        job_add(0, (unsigned)((uintptr_t)hdline % LINES), 3);
    leave();
    return 0;
}

static LONG TSPIAPI num_addresses(HDRVLINE hdline, LPDWORD count)
{
    *count = (uintptr_t)hdline % LINES == 1 ? 2 : 1; /* one line's calls are looked up by the worker */
    return 0;
}

static LONG TSPIAPI call_address(HDRVCALL hdcall, LPDWORD address)
{
    enter();
    *address = (uintptr_t)hdcall & 1;
    leave();
    return 0;
}

static LONG TSPIAPI make_call(DRV_REQUESTID request, HDRVLINE hdline, HTAPICALL ht, LPHDRVCALL hdcall, LPCWSTR dest,
                              DWORD country, LPLINECALLPARAMS const params)
{
    unsigned n;

    enter();
    n = call_new((unsigned)((uintptr_t)hdline % LINES), (uintptr_t)hdline, ht);
    (void)dest;
    (void)country;
    (void)params;
    *hdcall = (HDRVCALL)(uintptr_t)(0x10000 + n);
    job_add(request, n, 0);
    if (n % 4 == 0)
        job_add(0, (n / 4) % LINES, 3);
    leave();
    return (LONG)request;
}

static LONG TSPIAPI drop(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    enter();
    (void)uui;
    (void)size;
    job_add(request, (unsigned)((uintptr_t)hdcall - 0x10000), 1);
    leave();
    return (LONG)request;
}

static LONG TSPIAPI answer(DRV_REQUESTID request, HDRVCALL hdcall, LPCSTR uui, DWORD size)
{
    enter();
    (void)uui;
    (void)size;
    job_add(request, (unsigned)((uintptr_t)hdcall - 0x10000), 2);
    leave();
    return (LONG)request;
}

static LONG TSPIAPI close_call(HDRVCALL hdcall)
{
    enter();
    platform_mutex_lock(&lock);
    if (callv[(uintptr_t)hdcall - 0x10000].live)
        closed++;
    else
        twice++;
    callv[(uintptr_t)hdcall - 0x10000].live = false;
    platform_mutex_unlock(&lock);
    leave();
    return 0;
}

static LONG TSPIAPI call_info(HDRVCALL hdcall, LPLINECALLINFO info)
{
    enter();
    (void)hdcall;
    (void)info;
    leave();
    return 0;
}

static engine_function_h *lookup(const char *name)
{
    static const struct {
        const char *name;
        engine_function_h *f;
    } table[] = {
        {"TSPI_lineNegotiateTSPIVersion", (engine_function_h *)negotiate},
        {"TSPI_providerEnumDevices", (engine_function_h *)enum_devices},
        {"TSPI_providerInit", (engine_function_h *)init},
        {"TSPI_providerShutdown", (engine_function_h *)shut_down},
        {"TSPI_lineOpen", (engine_function_h *)provider_line_open},
        {"TSPI_lineClose", (engine_function_h *)provider_line_close},
        {"TSPI_lineSetDefaultMediaDetection", (engine_function_h *)set_media},
        {"TSPI_lineGetNumAddressIDs", (engine_function_h *)num_addresses},
        {"TSPI_lineMakeCall", (engine_function_h *)make_call},
        {"TSPI_lineDrop", (engine_function_h *)drop},
        {"TSPI_lineAnswer", (engine_function_h *)answer},
        {"TSPI_lineCloseCall", (engine_function_h *)close_call},
        {"TSPI_lineGetCallInfo", (engine_function_h *)call_info},
        {"TSPI_lineGetCallAddressID", (engine_function_h *)call_address},
    };

    for (unsigned i = 0; i < sizeof(table) / sizeof(*table); i++)
        if (!strcmp(table[i].name, name))
            return table[i].f;
    return NULL;
}

/* ---- applications ------------------------------------------------------------------------------------------------ */

struct user {
    struct platform_mutex lock;
    struct platform_cond changed;
    uint32_t calls[HELD];
    unsigned callc;
    unsigned pending, bad; /* requests without a reply; events that must not be */
    uint32_t seed, app;
    struct channel *c;
};

static uint32_t random_next(struct user *u)
{
    u->seed = u->seed * 1664525 + 1013904223;
    return u->seed >> 8;
}

static void on_event(const struct channel_event *e, void *arg)
{
    struct user *u = arg;
    uint32_t call = 0;

    platform_mutex_lock(&u->lock);
    if (e->app != u->app)
        u->bad++;
    if (e->message == LINE_REPLY) {
        if (!u->pending)
            u->bad++;
        else
            u->pending--;
        call = e->reply_call;
        platform_cond_broadcast(&u->changed);
    } else if (e->message == LINE_APPNEWCALL) {
        call = (uint32_t)e->p2;
    }
    if (call && u->callc < HELD)
        u->calls[u->callc++] = call;
    platform_mutex_unlock(&u->lock);
}

static int32_t op(struct user *u, struct channel_call *call, uint32_t code, uint32_t a0, uint32_t a1)
{
    int32_t rc;

    memset(call, 0, sizeof(*call));
    call->op = code;
    call->arg[0] = a0;
    call->arg[1] = a1;
    rc = channel_call(u->c, call);
    channel_free(call->out);
    return rc;
}

static int32_t request(struct user *u, uint32_t code, uint32_t handle)
{
    struct channel_call call;
    int32_t rc;

    platform_mutex_lock(&u->lock);
    u->pending++;
    platform_mutex_unlock(&u->lock);
    rc = op(u, &call, code, handle, 1);
    if (rc < 0) {
        platform_mutex_lock(&u->lock);
        u->pending--;
        platform_mutex_unlock(&u->lock);
    }
    return rc;
}

static uint32_t pick(struct user *u)
{
    uint32_t call = 0;

    platform_mutex_lock(&u->lock);
    if (u->callc)
        call = u->calls[random_next(u) % u->callc];
    platform_mutex_unlock(&u->lock);
    return call;
}

static uint32_t take(struct user *u)
{
    uint32_t call = 0, i;

    platform_mutex_lock(&u->lock);
    if (u->callc) {
        i = random_next(u) % u->callc;
        call = u->calls[i];
        u->calls[i] = u->calls[--u->callc];
    }
    platform_mutex_unlock(&u->lock);
    return call;
}

static void one_round(struct user *u)
{
    struct channel_call call;
    uint32_t line, step;

    memset(&call, 0, sizeof(call));
    call.op = CHANNEL_APP_OPEN;
    call.arg[0] = V2_2;
    /* Events name the handle: none comes before a line is open. */
    if (channel_call(u->c, &call))
        return;
    u->app = call.ret[0];
    memset(&call, 0, sizeof(call));
    call.op = CHANNEL_LINE_OPEN;
    call.arg[0] = u->app;
    call.arg[1] = random_next(u) % LINES;
    call.arg[2] = V2_2;
    call.arg[4] = random_next(u) % 2 ? LINECALLPRIVILEGE_OWNER : LINECALLPRIVILEGE_OWNER | LINECALLPRIVILEGE_MONITOR;
    call.arg[5] = LINEMEDIAMODE_INTERACTIVEVOICE;
    if (channel_call(u->c, &call) && !by_force)
        u->bad++;
    line = call.ret[0];
    for (step = 0; step < STEPS; step++) {
        switch (random_next(u) % 8) {
        case 0:
        case 1:
        case 2:
            (void)request(u, CHANNEL_CALL_MAKE, line);
            break;
        case 3:
            (void)request(u, CHANNEL_CALL_DROP, pick(u));
            break;
        case 4:
            (void)request(u, CHANNEL_CALL_ANSWER, pick(u));
            break;
        case 5:
            (void)op(u, &call, CHANNEL_CALL_INFO, pick(u), 0);
            break;
        case 6:
            (void)op(u, &call, CHANNEL_CALL_PRIVILEGE, pick(u), LINECALLPRIVILEGE_OWNER);
            break;
        default:
            (void)op(u, &call, CHANNEL_CALL_FREE, take(u), 0);
            break;
        }
    }
    if (random_next(u) % 2) {
        /* Each request is answered, even of calls given up. */
        platform_mutex_lock(&u->lock);
        while (u->pending)
            platform_cond_wait(&u->changed, &u->lock);
        platform_mutex_unlock(&u->lock);
    }
    if (random_next(u) % 2)
        (void)op(u, &call, CHANNEL_LINE_CLOSE, line, 0);
    if (op(u, &call, CHANNEL_APP_CLOSE, u->app, 0))
        u->bad++;
    platform_mutex_lock(&u->lock);
    u->pending = u->callc = 0;
    platform_mutex_unlock(&u->lock);
}

static void user_run(void *arg)
{
    struct user *u = arg;

    for (unsigned i = 0; i < ROUNDS; i++)
        one_round(u);
}

START_TEST(all_at_once)
{
    static struct user userv[APPS];
    struct platform_thread *threadv[APPS];
    unsigned i, left = 0;

    support_providers_begin();
    engine_builtin_provider(lookup);
    memset(userv, 0, sizeof(userv));
    memset(callv, 0, sizeof(callv));
    memset(openv, 0, sizeof(openv));
    memset(shutv, 0, sizeof(shutv));
    callc = made = closed = twice = job_in = job_out = rings = shuts = 0;
    by_force = _i % 2;
    one_at_a_time = _i >= 4;
    inside = most_inside = 0;
    for (i = 0; i < APPS; i++) {
        userv[i].seed = 1000 * (unsigned)_i + i;
        ck_assert_int_eq(channel_open(&userv[i].c, on_event, &userv[i]), 0);
    }
    for (i = 0; i < APPS; i++)
        threadv[i] = support_thread(user_run, &userv[i]);
    for (i = 0; i < APPS; i++)
        platform_thread_join(threadv[i]);
    for (i = 0; i < APPS; i++) {
        channel_close(userv[i].c);
        ck_assert_uint_eq(userv[i].bad, 0);
    }
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
    ck_assert_uint_eq(engine.leaked, 0);
    ck_assert_uint_eq(twice, 0);
    ck_assert_uint_eq(inside, 0);
    if (one_at_a_time)
        ck_assert_uint_eq(most_inside, 1);
    else
        ck_assert_uint_gt(most_inside, 1);
    for (i = 0; i < callc; i++)
        left += callv[i].live && !shutv[callv[i].line][callv[i].open];
    ck_assert_uint_eq(left, 0);
    if (by_force)
        ck_assert_uint_gt(shuts, 10);
    else
        ck_assert_uint_eq(made, closed);
    ck_assert_uint_gt(made, 100);
    engine_builtin_provider(NULL);
    support_providers_end();
}
END_TEST

int main(void)
{
    Suite *s = suite_create("engine with many threads");
    TCase *t = tcase_create("threads");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(t, all_at_once, 0, 6);
    tcase_set_timeout(t, 0);
    suite_add_tcase(s, t);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
