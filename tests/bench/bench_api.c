/* The whole way, through TAPI: an application that makes and takes calls. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"

struct app {
    HLINEAPP app;
    HLINE line;
    DWORD devices;
};

static void need(LONG result, const char *what)
{
    if (result < 0)
        bench_fail(what, result);
}

static void app_start(struct app *app)
{
    LINEINITIALIZEEXPARAMS params;
    DWORD version = 0x00020002;

    memset(&params, 0, sizeof(params));
    memset(app, 0, sizeof(*app));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEEVENT;
    need(lineInitializeExW(&app->app, NULL, NULL, NULL, &app->devices, &version, &params), "lineInitializeEx failed");
}

static void app_open(struct app *app, DWORD device, DWORD privilege)
{
    LINEEXTENSIONID id;
    DWORD version = 0;

    need(lineNegotiateAPIVersion(app->app, device, 0x00010003, 0x00020002, &version, &id), "negotiation failed");
    need(lineOpenW(app->app, device, &app->line, version, 0, 0, privilege, LINEMEDIAMODE_INTERACTIVEVOICE, NULL),
         "lineOpen failed");
}

static void app_stop(struct app *app)
{
    need(lineShutdown(app->app), "lineShutdown failed");
}

static void get(struct app *app, LINEMESSAGE *message)
{
    need(lineGetMessage(app->app, message, 0xFFFFFFFF), "lineGetMessage failed");
}

/* One caller and one callee, messages of both in one thread. */
struct pair {
    struct app caller, callee;
    WCHAR number[12]; /* of the callee */
    HCALL made, offered;
    unsigned connected, idle;
};

static void caller_message(struct pair *p, const LINEMESSAGE *m)
{
    if (m->dwMessageID == LINE_REPLY && (LONG)m->dwParam2 < 0)
        bench_fail("a request failed", (long)m->dwParam2);
    if (m->dwMessageID != LINE_CALLSTATE)
        return;
    p->connected += m->dwParam1 == LINECALLSTATE_CONNECTED;
    p->idle += m->dwParam1 == LINECALLSTATE_IDLE;
}

static void callee_message(struct pair *p, const LINEMESSAGE *m)
{
    if (m->dwMessageID == LINE_APPNEWCALL)
        p->offered = (HCALL)m->dwParam2;
    caller_message(p, m);
}

/* Everything there is to read now. */
static void read_all(struct pair *p)
{
    LINEMESSAGE m;

    while (lineGetMessage(p->caller.app, &m, 0) == 0)
        caller_message(p, &m);
    while (lineGetMessage(p->callee.app, &m, 0) == 0)
        callee_message(p, &m);
}

static void wait_connected(struct pair *p, unsigned connected)
{
    LINEMESSAGE m;

    while (read_all(p), p->connected < connected) {
        get(&p->caller, &m);
        caller_message(p, &m);
    }
}

static void wait_idle(struct pair *p, struct app *app, unsigned idle)
{
    LINEMESSAGE m;

    while (read_all(p), p->idle < idle) {
        get(app, &m);
        caller_message(p, &m);
    }
}

/* `line` calls the one after it, whose number it is. */
static void pair_open(struct pair *p, DWORD line, unsigned number)
{
    char digits[12];

    memset(p, 0, sizeof(*p));
    (void)snprintf(digits, sizeof(digits), "%u", number);
    (void)platform_utf8_to_utf16(digits, SIZE_MAX, p->number, sizeof(p->number) / sizeof(p->number[0]));
    app_start(&p->caller);
    app_start(&p->callee);
    app_open(&p->caller, line, LINECALLPRIVILEGE_NONE);
    app_open(&p->callee, line + 1, LINECALLPRIVILEGE_OWNER);
}

static void pair_close(struct pair *p)
{
    app_stop(&p->caller);
    app_stop(&p->callee);
}

static void pair_start(struct pair *p)
{
    bench_conf_two();
    pair_open(p, 0, 101);
}

static void pair_stop(struct pair *p)
{
    pair_close(p);
    bench_conf_end();
}

static void pair_connect(struct pair *p)
{
    LINEMESSAGE m;

    p->offered = 0;
    need(lineMakeCallW(p->caller.line, &p->made, p->number, 0, NULL), "lineMakeCall failed");
    read_all(p);
    while (!p->offered) {
        get(&p->callee, &m);
        callee_message(p, &m);
    }
    need(lineAnswer(p->offered, NULL, 0), "lineAnswer failed");
    wait_connected(p, p->connected - p->connected % 2 + 2);
}

static void pair_call(struct pair *p)
{
    p->connected = p->idle = 0;
    pair_connect(p);
    need(lineDrop(p->made, NULL, 0), "lineDrop failed");
    wait_idle(p, &p->caller, 1);
    need(lineDrop(p->offered, NULL, 0), "lineDrop failed");
    wait_idle(p, &p->callee, 2);
    need(lineDeallocateCall(p->made), "lineDeallocateCall failed");
    need(lineDeallocateCall(p->offered), "lineDeallocateCall failed");
}

void bench_tapi_calls(unsigned scale)
{
    const uint64_t enough = 20000000 * (uint64_t)scale; /* ns: what a slow system has not done by then it need not do */
    const unsigned count = 10000 * scale;
    double each = 0;
    struct pair p;

    pair_start(&p);
    for (int repeat = 0; repeat < 3; repeat++) {
        const uint64_t began = platform_mono_ns();
        double took;
        unsigned i;

        for (i = 0; i < count && (i % 64 || platform_mono_ns() - began < enough); i++)
            pair_call(&p);
        took = (double)(platform_mono_ns() - began) / i;
        if (!repeat || took < each)
            each = took;
    }
    pair_stop(&p);
    bench_add("full calls through TAPI", 1e9 / each, "calls/s", each / (BENCH_MESSAGES * bench_yardstick_ns()),
              "20 yardsticks per call");
}

void bench_tapi_live(uint32_t sessions)
{
    uint64_t before, after;
    char *name = malloc(64);
    struct pair p;

    if (!name)
        bench_fail("out of memory", 0);
    pair_start(&p);
    before = bench_memory();
    for (uint32_t i = 0; i < sessions / 2; i++)
        pair_connect(&p);
    after = bench_memory();
    if (p.connected != sessions)
        bench_fail("not all are connected", (long)p.connected);
    pair_stop(&p); /* under all these calls */
    snprintf(name, 64, "%u live sessions, all layers", (unsigned)sessions);
    bench_add(name, ((double)after - (double)before) / sessions, "bytes", 0, NULL);
}

void bench_tapi_lines(uint32_t lines)
{
    uint64_t began, took;
    struct app app;
    char *name = malloc(64);

    if (!name)
        bench_fail("out of memory", 0);
    bench_conf_lines(lines);
    began = platform_mono_ns();
    app_start(&app);
    took = platform_mono_ns() - began;
    if (app.devices != lines)
        bench_fail("not all lines are there", (long)app.devices);
    app_stop(&app);
    bench_conf_end();
    snprintf(name, 64, "%u lines initialised, through TAPI", (unsigned)lines);
    bench_add(name, (double)took / 1e6, "ms", (double)took / lines / bench_yardstick_ns(), "yardstick per line");
}

/* ---- latency: from lineMakeCall to the offer in another thread's lineGetMessage ---- */

struct listener {
    struct pair *pair;
    uint64_t *tookv; /* ns */
    unsigned count;
    atomic_uint_fast64_t made_ns;
};

static void listen(void *arg)
{
    struct listener *l = arg;
    struct app *app = &l->pair->callee;
    HCALL call = 0;

    for (unsigned i = 0; i < l->count;) {
        LINEMESSAGE m;

        get(app, &m);
        if (m.dwMessageID == LINE_APPNEWCALL) {
            l->tookv[i] = platform_mono_ns() - atomic_load(&l->made_ns);
            call = (HCALL)m.dwParam2;
        } else if (m.dwMessageID == LINE_CALLSTATE && m.dwParam1 == LINECALLSTATE_OFFERING) {
            need(lineDrop(call, NULL, 0), "lineDrop failed");
        } else if (m.dwMessageID == LINE_CALLSTATE && m.dwParam1 == LINECALLSTATE_IDLE) {
            need(lineDeallocateCall(call), "lineDeallocateCall failed");
            i++;
        }
    }
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void latency(struct pair *p, unsigned count, const char *p50, const char *p99, double unit_ns, const char *unit)
{
    struct listener l = {p, NULL, count, 0};
    struct platform_thread *thread;

    l.tookv = calloc(l.count, sizeof(*l.tookv));
    if (!l.tookv)
        bench_fail("out of memory", 0);
    if (platform_thread_start(&thread, "listener", listen, &l))
        bench_fail("no thread", 0);
    for (unsigned i = 0; i < l.count; i++) {
        bool over = false;
        LINEMESSAGE m;

        atomic_store(&l.made_ns, platform_mono_ns());
        need(lineMakeCallW(p->caller.line, &p->made, p->number, 0, NULL), "lineMakeCall failed");
        while (!over) {
            get(&p->caller, &m);
            caller_message(p, &m);
            over = m.dwMessageID == LINE_CALLSTATE && m.dwParam1 == LINECALLSTATE_DISCONNECTED;
        }
        need(lineDeallocateCall(p->made), "lineDeallocateCall failed");
    }
    platform_thread_join(thread);
    qsort(l.tookv, l.count, sizeof(*l.tookv), compare);
    bench_add(p50, (double)l.tookv[l.count / 2] / 1e3, "us", (double)l.tookv[l.count / 2] / unit_ns, unit);
    bench_add(p99, (double)l.tookv[l.count - 1 - l.count / 100] / 1e3, "us",
              (double)l.tookv[l.count - 1 - l.count / 100] / unit_ns, unit);
    free(l.tookv);
}

void bench_tapi_latency(unsigned scale)
{
    struct pair p;

    pair_start(&p);
    latency(&p, 200 * scale, "event latency p50: offer in another thread", "event latency p99", bench_yardstick_ns(),
            "yardstick");
    pair_stop(&p);
}

/* ---- the same where the engine is another process ---------------------------------------------------------------- */

void bench_channel(unsigned scale, double bare_ns)
{
    const unsigned count = 200 * scale;
    DWORD line_states, address_states;
    uint64_t best = UINT64_MAX;
    struct pair p;

    pair_open(&p, 0, BENCH_FIRST_NUMBER + 1);
    for (int repeat = 0; repeat < 3; repeat++) {
        const uint64_t began = platform_mono_ns();
        uint64_t took;

        for (unsigned i = 0; i < count; i++)
            need(lineGetStatusMessages(p.caller.line, &line_states, &address_states), "lineGetStatusMessages failed");
        took = (platform_mono_ns() - began) / count;
        if (took < best)
            best = took;
    }
    bench_add("service: round trip of a request", (double)best / 1e3, "us", (double)best / bare_ns, "bare round trip");
    latency(&p, count / 4, "service: event latency p50", "service: event latency p99", bare_ns, "bare round trip");
    pair_close(&p);
}

unsigned bench_channel_calls(uint32_t line, bench_gate_h *gate, void *arg, uint64_t ns, uint64_t *tookp)
{
    unsigned count = 0;
    struct pair p;
    uint64_t began;

    pair_open(&p, line, BENCH_FIRST_NUMBER + line + 1);
    pair_call(&p);
    gate(arg);
    began = platform_mono_ns();
    do {
        pair_call(&p);
        count++;
        *tookp = platform_mono_ns() - began;
    } while (*tookp < ns);
    pair_close(&p);
    return count;
}
