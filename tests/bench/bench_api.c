/* The whole way, through TAPI: an application that makes and takes calls. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"

static const WCHAR number[] = {'1', '0', '1', 0};

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

static void pair_start(struct pair *p)
{
    memset(p, 0, sizeof(*p));
    bench_conf_two();
    app_start(&p->caller);
    app_start(&p->callee);
    app_open(&p->caller, 0, LINECALLPRIVILEGE_NONE);
    app_open(&p->callee, 1, LINECALLPRIVILEGE_OWNER);
}

static void pair_stop(struct pair *p)
{
    app_stop(&p->caller);
    app_stop(&p->callee);
    bench_conf_end();
}

static void pair_connect(struct pair *p)
{
    LINEMESSAGE m;

    p->offered = 0;
    need(lineMakeCallW(p->caller.line, &p->made, number, 0, NULL), "lineMakeCall failed");
    read_all(p);
    while (!p->offered) {
        get(&p->callee, &m);
        callee_message(p, &m);
    }
    need(lineAnswer(p->offered, NULL, 0), "lineAnswer failed");
    wait_connected(p, p->connected - p->connected % 2 + 2);
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

        for (i = 0; i < count && (i % 64 || platform_mono_ns() - began < enough); i++) {
            p.connected = p.idle = 0;
            pair_connect(&p);
            need(lineDrop(p.made, NULL, 0), "lineDrop failed");
            wait_idle(&p, &p.caller, 1);
            need(lineDrop(p.offered, NULL, 0), "lineDrop failed");
            wait_idle(&p, &p.callee, 2);
            need(lineDeallocateCall(p.made), "lineDeallocateCall failed");
            need(lineDeallocateCall(p.offered), "lineDeallocateCall failed");
        }
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

void bench_tapi_latency(unsigned scale)
{
    struct pair p;
    struct listener l = {&p, NULL, 200 * scale, 0};
    struct platform_thread *thread;
    double yardstick = bench_yardstick_ns();

    l.tookv = calloc(l.count, sizeof(*l.tookv));
    if (!l.tookv)
        bench_fail("out of memory", 0);
    pair_start(&p);
    if (platform_thread_start(&thread, "listener", listen, &l))
        bench_fail("no thread", 0);
    for (unsigned i = 0; i < l.count; i++) {
        bool over = false;
        LINEMESSAGE m;

        atomic_store(&l.made_ns, platform_mono_ns());
        need(lineMakeCallW(p.caller.line, &p.made, number, 0, NULL), "lineMakeCall failed");
        while (!over) {
            get(&p.caller, &m);
            caller_message(&p, &m);
            over = m.dwMessageID == LINE_CALLSTATE && m.dwParam1 == LINECALLSTATE_DISCONNECTED;
        }
        need(lineDeallocateCall(p.made), "lineDeallocateCall failed");
    }
    platform_thread_join(thread);
    pair_stop(&p);
    qsort(l.tookv, l.count, sizeof(*l.tookv), compare);
    bench_add("event latency p50: offer in another thread", (double)l.tookv[l.count / 2] / 1e3, "us",
              (double)l.tookv[l.count / 2] / yardstick, "yardstick");
    bench_add("event latency p99", (double)l.tookv[l.count - 1 - l.count / 100] / 1e3, "us",
              (double)l.tookv[l.count - 1 - l.count / 100] / yardstick, "yardstick");
    free(l.tookv);
}
