/* Full calls through TSPI, in a loop: the measure that the provider is tuned by. SPDX-License-Identifier: MIT
 *
 *     tspi_bench [calls [threads [lines per thread]]]
 *
 * A full call is make, offer, answer, connect, drop, both ends released: 6 calls of TSPI functions, 16 callbacks.
 * Prints calls/s and ns/call, and the same for a yardstick: as many malloc/free pairs and queue operations under a
 * mutex as a call has steps.
 */
#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"
#include "tsp/tspi/provider.h"
#include "tsp/tspi/testing.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { THREADS_MAX = 64 };

static atomic_ulong callbacks;
static unsigned long calls_per_thread;

/* One thread has lines 2n and 2n + 1: what is said about the second of them comes on this or another thread. */
struct pair {
    HDRVLINE line[2];
    _Atomic(HDRVCALL) incoming;
    unsigned n;
    unsigned long done;
};
static struct pair pairv[THREADS_MAX];

static void CALLBACK on_completion(DRV_REQUESTID request, LONG result)
{
    (void)request;
    (void)result;
    atomic_fetch_add_explicit(&callbacks, 1, memory_order_relaxed);
}

static void CALLBACK on_event(HTAPILINE line, HTAPICALL call, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    struct pair *pair = (struct pair *)(uintptr_t)line;

    (void)call;
    (void)p3;
    atomic_fetch_add_explicit(&callbacks, 1, memory_order_relaxed);
    if (msg == (DWORD)LINE_NEWCALL) {
        *(HTAPICALL *)p2 = (HTAPICALL)(uintptr_t)2;
        atomic_store(&pair->incoming, (HDRVCALL)p1);
    }
}

static void run(void *arg)
{
    struct pair *pair = arg;
    WCHAR number[16];
    char text[16];

    (void)snprintf(text, sizeof text, "%u", 1000 + 2 * pair->n + 1);
    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)number, 16);
    for (unsigned long i = 0; i < calls_per_thread; i++) {
        DRV_REQUESTID request = (DRV_REQUESTID)(1 + i * 4 % 0x10000000);
        HDRVCALL out, in;

        if (TSPI_lineMakeCall(request, pair->line[0], (HTAPICALL)(uintptr_t)1, &out, number, 0, NULL) < 0)
            return;
        while (!(in = atomic_exchange(&pair->incoming, NULL)))
            platform_thread_yield(); /* another thread is delivering */
        if (TSPI_lineAnswer(request + 1, in, NULL, 0) < 0 || TSPI_lineDrop(request + 2, out, NULL, 0) < 0 ||
            TSPI_lineDrop(request + 3, in, NULL, 0) < 0 || TSPI_lineCloseCall(out) || TSPI_lineCloseCall(in))
            return;
        pair->done++;
    }
}

static int config(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg)
{
    static const struct platform_conf_entry entryv[] = {
        {"lines", "count", "10000", "bench"},
        {"lines", "first", "1000", "bench"},
    };

    (void)path;
    (void)errorh;
    for (size_t i = 0; i < sizeof entryv / sizeof *entryv; i++)
        h(&entryv[i], arg);
    return 0;
}

static double yardstick(unsigned long count)
{
    static struct platform_mutex lock;
    uint64_t start = platform_mono_ns();

    for (unsigned long i = 0; i < count; i++) {
        for (int step = 0; step < 18; step++) {
            void *volatile p = malloc(64);

            platform_mutex_lock(&lock);
            platform_mutex_unlock(&lock);
            free(p);
        }
    }
    return (double)(platform_mono_ns() - start) / (double)count;
}

int main(int argc, char **argv)
{
    unsigned long calls = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    unsigned threads = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 1;
    struct platform_thread *threadv[THREADS_MAX] = {NULL};
    unsigned long done = 0;
    uint64_t start;
    double ns;
    clock_t cpu;
    DWORD lines, phones, options = 0;

    if (threads < 1 || threads > THREADS_MAX)
        return 2;
    sessiontsp_set_config(config);
    start = platform_mono_ns();
    if (TSPI_providerEnumDevices(1, &lines, &phones, NULL, on_event, NULL) ||
        TSPI_providerInit(0x00020002, 1, 0, 0, lines, 0, on_completion, &options))
        return 1;
    printf("init of %u lines: %.1f ms\n", (unsigned)lines, (double)(platform_mono_ns() - start) / 1e6);
    calls_per_thread = calls / threads;
    for (unsigned i = 0; i < threads; i++) {
        pairv[i].n = i;
        for (unsigned k = 0; k < 2; k++) {
            if (TSPI_lineOpen(2 * i + k, (HTAPILINE)(void *)&pairv[i], &pairv[i].line[k], 0x00020002, on_event) ||
                TSPI_lineSetDefaultMediaDetection(pairv[i].line[k], LINEMEDIAMODE_INTERACTIVEVOICE))
                return 1;
        }
    }
    cpu = clock();
    start = platform_mono_ns();
    if (threads == 1)
        run(&pairv[0]);
    for (unsigned i = 0; threads > 1 && i < threads; i++)
        (void)platform_thread_start(&threadv[i], "bench", run, &pairv[i]);
    for (unsigned i = 0; i < threads; i++)
        platform_thread_join(threadv[i]);
    for (unsigned i = 0; i < threads; i++)
        done += pairv[i].done;
    ns = (double)(platform_mono_ns() - start) / (double)(done ? done : 1);
    cpu = clock() - cpu;
    printf("%lu calls, %u threads: %.0f calls/s, %.0f ns/call (%.0f ns of CPU), %.1f callbacks/call\n", done, threads,
           1e9 / ns, ns, (double)cpu * 1e9 / CLOCKS_PER_SEC / (double)(done ? done : 1),
           (double)atomic_load(&callbacks) / (double)(done ? done : 1));
    printf("yardstick: %.0f ns\n", yardstick(200000));
    (void)TSPI_providerShutdown(0x00020002, 1);
    return done == calls_per_thread * threads ? 0 : 1;
}
