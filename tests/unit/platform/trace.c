/* The record of crossings: lines of several threads, each whole. SPDX-License-Identifier: MIT */
#include "tests/unit/platform/suite.h"
#include "tests/support/support.h"
#include "tapi_shim/platform/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 4, LINES = 200 };

const char *trace_place(void)
{
    static char path[64];

    /* The same in processes that come of this one. Two Wines at work beside each other give the same process ids. */
    if (!path[0])
        (void)snprintf(path, sizeof(path), "test_platform_%u_%llx.record", (unsigned)platform_process_id(),
                       (unsigned long long)platform_mono_ns());
    return path;
}

static void writer(void *arg)
{
    int i;

    for (i = 0; i < LINES; i++)
        platform_trace(PLATFORM_TRACE_HOST, PLATFORM_TRACE_PROVIDER, "thread %d line %d", *(int *)arg, i);
}

START_TEST(lines_are_whole)
{
    int idv[THREADS], nextv[THREADS] = {0}, thread, number, special = 0;
    struct platform_thread *threadv[THREADS];
    char line[1024], from[32], to[32], long_text[2000];
    unsigned long long ns, last_of[THREADS] = {0};
    FILE *f;

    ck_assert(platform_trace_on());
    for (thread = 0; thread < THREADS; thread++) {
        idv[thread] = thread;
        threadv[thread] = support_thread(writer, &idv[thread]);
    }
    for (thread = 0; thread < THREADS; thread++)
        platform_thread_join(threadv[thread]);
    platform_trace(PLATFORM_TRACE_EXCHANGE, PLATFORM_TRACE_APPLICATION, "two\nlines");
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = 0;
    platform_trace(PLATFORM_TRACE_APPLICATION, PLATFORM_TRACE_HOST, "%s", long_text);
    f = fopen(trace_place(), "rb");
    ck_assert_ptr_nonnull(f);
    while (fgets(line, sizeof(line), f)) {
        ck_assert_int_eq(line[strlen(line) - 1], '\n');
        if (sscanf(line, "%llu %31s %31s thread %d line %d", &ns, from, to, &thread, &number) != 5) {
            special++;
            continue;
        }
        ck_assert_str_eq(from, "host");
        ck_assert_str_eq(to, "provider");
        ck_assert_int_eq(number, nextv[thread]++);
        ck_assert_uint_ge(ns, last_of[thread]);
        last_of[thread] = ns;
    }
    (void)fclose(f);
    for (thread = 0; thread < THREADS; thread++)
        ck_assert_int_eq(nextv[thread], LINES);
    ck_assert_int_eq(special, 2);
}
END_TEST

void trace_tests(Suite *s)
{
    TCase *c = tcase_create("trace");

    tcase_add_test(c, lines_are_whole);
    suite_add_tcase(s, c);
}
