/* The provider alone, through TSPI: a host that does nothing but count. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"

static struct {
    struct platform_module *module;
    LONG(TSPIAPI *negotiate)(DWORD, DWORD, DWORD, LPDWORD);
    LONG(TSPIAPI *enum_devices)(DWORD, LPDWORD, LPDWORD, HPROVIDER, LINEEVENT, PHONEEVENT);
    LONG(TSPIAPI *init)(DWORD, DWORD, DWORD, DWORD, DWORD_PTR, DWORD_PTR, ASYNC_COMPLETION, LPDWORD);
    LONG(TSPIAPI *shutdown)(DWORD, DWORD);
    LONG(TSPIAPI *open)(DWORD, HTAPILINE, LPHDRVLINE, DWORD, LINEEVENT);
    LONG(TSPIAPI *close)(HDRVLINE);
    LONG(TSPIAPI *detect)(HDRVLINE, DWORD);
    LONG(TSPIAPI *make)(DRV_REQUESTID, HDRVLINE, HTAPICALL, LPHDRVCALL, LPCWSTR, DWORD, LPLINECALLPARAMS const);
    LONG(TSPIAPI *answer)(DRV_REQUESTID, HDRVCALL, LPCSTR, DWORD);
    LONG(TSPIAPI *drop)(DRV_REQUESTID, HDRVCALL, LPCSTR, DWORD);
    LONG(TSPIAPI *close_call)(HDRVCALL);
} tspi;

static struct {
    HDRVLINE linev[2];
    HDRVCALL offered; /* the last call of LINE_NEWCALL */
    unsigned connected, idle, completed, failed;
} host;

static void CALLBACK completion(DRV_REQUESTID request, LONG result)
{
    (void)request;
    host.completed++;
    if (result)
        host.failed++;
}

static void CALLBACK event(HTAPILINE line, HTAPICALL call, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    (void)line;
    (void)call;
    (void)p3;
    if (msg == LINE_NEWCALL) {
        static uintptr_t next = 0x10000000;
        HTAPICALL new_call = (HTAPICALL)++next;

        host.offered = (HDRVCALL)p1;
        memcpy((void *)p2, &new_call, sizeof(HTAPICALL));
    } else if (msg == LINE_CALLSTATE) {
        host.connected += p1 == LINECALLSTATE_CONNECTED;
        host.idle += p1 == LINECALLSTATE_IDLE;
    }
}

#define LOAD(member, name)                                                                                             \
    do {                                                                                                               \
        void (*f)(void) = platform_module_symbol(tspi.module, name);                                                   \
        if (!f)                                                                                                        \
            bench_fail("the provider does not export " name, 0);                                                       \
        memcpy(&tspi.member, &f, sizeof(f));                                                                           \
    } while (0)

static void load(void)
{
    const char *text = NULL;
    int err;

    if (tspi.module)
        return;
    err = platform_module_load(&tspi.module, BENCH_TSP, &text);
    if (err)
        bench_fail(text ? text : "cannot load the provider", err);
    LOAD(negotiate, "TSPI_lineNegotiateTSPIVersion");
    LOAD(enum_devices, "TSPI_providerEnumDevices");
    LOAD(init, "TSPI_providerInit");
    LOAD(shutdown, "TSPI_providerShutdown");
    LOAD(open, "TSPI_lineOpen");
    LOAD(close, "TSPI_lineClose");
    LOAD(detect, "TSPI_lineSetDefaultMediaDetection");
    LOAD(make, "TSPI_lineMakeCall");
    LOAD(answer, "TSPI_lineAnswer");
    LOAD(drop, "TSPI_lineDrop");
    LOAD(close_call, "TSPI_lineCloseCall");
}

static void need(LONG result, const char *what)
{
    if (result)
        bench_fail(what, result);
}

static void need_request(LONG result, LONG request, const char *what)
{
    if (result != request)
        bench_fail(what, result);
}

static DWORD start(void)
{
    DWORD version = 0, lines = 0, phones = 0, options = 0;

    load();
    need(tspi.negotiate(INITIALIZE_NEGOTIATION, 0x00010003, 0x00020002, &version), "negotiation failed");
    need(tspi.enum_devices(1, &lines, &phones, (HPROVIDER)(uintptr_t)1, event, NULL), "no devices");
    need(tspi.init(version, 1, 0, 0, lines, phones, completion, &options), "the provider did not start");
    return lines;
}

static void stop(void)
{
    need(tspi.shutdown(0x00020002, 1), "the provider did not stop");
}

static void open_two(void)
{
    memset(&host, 0, sizeof(host));
    for (DWORD i = 0; i < 2; i++) {
        need(tspi.open(i, (HTAPILINE)(uintptr_t)(i + 1), &host.linev[i], 0x00020002, event), "a line did not open");
        need(tspi.detect(host.linev[i], LINEMEDIAMODE_INTERACTIVEVOICE), "media detection refused");
    }
}

static void close_two(void)
{
    for (int i = 0; i < 2; i++)
        need(tspi.close(host.linev[i]), "a line did not close");
}

static const WCHAR number[] = {'1', '0', '1', 0};

/* Makes a call from line 0 to line 1 and answers it. */
static void connect(HDRVCALL callv[2], uintptr_t n)
{
    need_request(tspi.make(1, host.linev[0], (HTAPICALL)(n + 1), &callv[0], number, 0, NULL), 1, "a call was refused");
    need_request(tspi.answer(2, host.offered, NULL, 0), 2, "an answer was refused");
    callv[1] = host.offered;
}

static void release(const HDRVCALL callv[2])
{
    need(tspi.close_call(callv[0]), "a call was not released");
    need(tspi.close_call(callv[1]), "a call was not released");
}

void bench_tspi_calls(unsigned scale)
{
    unsigned count = 20000 * scale;
    uint64_t began, took, best = UINT64_MAX;
    double yardstick = bench_yardstick_ns(), each;

    bench_conf_two();
    (void)start();
    open_two();
    for (int repeat = 0; repeat < 3; repeat++) {
        host.connected = host.idle = host.completed = host.failed = 0;
        began = platform_mono_ns();
        for (unsigned i = 0; i < count; i++) {
            HDRVCALL callv[2];

            connect(callv, i);
            need_request(tspi.drop(3, callv[0], NULL, 0), 3, "a drop was refused");
            need_request(tspi.drop(4, callv[1], NULL, 0), 4, "a drop was refused");
            release(callv);
        }
        took = platform_mono_ns() - began;
        if (took < best)
            best = took;
        if (host.connected != 2 * count || host.idle != 2 * count || host.completed != 4 * count || host.failed)
            bench_fail("calls went another way than they should", host.connected);
    }
    close_two();
    stop();
    bench_conf_end();
    each = (double)best / count;
    bench_add("full calls through TSPI", 1e9 / each, "calls/s", each / (BENCH_MESSAGES * yardstick),
              "20 yardsticks per call");
}

void bench_tspi_live(uint32_t sessions)
{
    HDRVCALL(*callv)[2] = malloc((size_t)sessions / 2 * sizeof(*callv));
    uint64_t before, after;
    char *name = malloc(64);

    if (!callv || !name)
        bench_fail("out of memory", 0);
    memset(callv, 1, (size_t)sessions / 2 * sizeof(*callv));
    bench_conf_two();
    (void)start();
    open_two();
    before = bench_memory();
    for (uint32_t i = 0; i < sessions / 2; i++)
        connect(callv[i], i);
    after = bench_memory();
    if (host.connected != sessions)
        bench_fail("not all are connected", host.connected);
    for (uint32_t i = 0; i < sessions / 2; i++)
        release(callv[i]);
    close_two();
    stop();
    bench_conf_end();
    free(callv);
    snprintf(name, 64, "%u live sessions, provider only", (unsigned)sessions);
    bench_add(name, ((double)after - (double)before) / sessions, "bytes", 0, NULL);
}

void bench_tspi_lines(uint32_t lines)
{
    uint64_t began, took;
    char *name = malloc(64);

    if (!name)
        bench_fail("out of memory", 0);
    bench_conf_lines(lines);
    began = platform_mono_ns();
    if (start() != lines)
        bench_fail("not all lines are there", lines);
    took = platform_mono_ns() - began;
    stop();
    bench_conf_end();
    snprintf(name, 64, "%u lines initialised, provider", (unsigned)lines);
    bench_add(name, (double)took / 1e6, "ms", (double)took / lines / bench_yardstick_ns(), "yardstick per line");
}
