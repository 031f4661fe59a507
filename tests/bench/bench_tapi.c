/* The benchmark program: a table, and the same as JSON. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tapi_shim/platform/platform.h"
#include "tests/support/support.h"

enum { ROWS_MAX = 64 };

static struct bench_row rowv[ROWS_MAX];
static unsigned rowc;

void bench_add(const char *name, double value, const char *unit, double ratio, const char *ratio_of)
{
    if (rowc == ROWS_MAX)
        bench_fail("too many rows", 0);
    rowv[rowc++] = (struct bench_row){name, value, unit, ratio, ratio_of};
    if (ratio > 0)
        printf("%-46s %14.2f %-9s %8.2f x %s\n", name, value, unit, ratio, ratio_of);
    else
        printf("%-46s %14.2f %s\n", name, value, unit);
    fflush(stdout);
}

void bench_fail(const char *what, long code)
{
    fflush(stdout);
    fprintf(stderr, "bench_tapi: %s (%ld)\n", what, code);
    exit(EXIT_FAILURE);
}

/* ---- yardstick -----------------------------------------------------------------------------------------------------
 */

struct message {
    struct message *next;
    unsigned char bytes[120];
};

static double measure_yardstick(void)
{
    enum { ROUNDS = 100000, BATCH = BENCH_MESSAGES };
    struct platform_mutex lock = PLATFORM_MUTEX_INIT;
    uint64_t best = UINT64_MAX;

    platform_mutex_init(&lock);
    for (int repeat = 0; repeat < 5; repeat++) {
        uint64_t start = platform_mono_ns(), took;

        for (int i = 0; i < ROUNDS; i++) {
            struct message *first = NULL, **last = &first;

            for (int k = 0; k < BATCH; k++) {
                struct message *m = malloc(sizeof(*m));

                if (!m)
                    bench_fail("out of memory", 0);
                memset(m, k, sizeof(*m));
                m->next = NULL;
                platform_mutex_lock(&lock);
                *last = m;
                last = &m->next;
                platform_mutex_unlock(&lock);
            }
            for (;;) {
                struct message *m;

                platform_mutex_lock(&lock);
                m = first;
                if (m)
                    first = m->next;
                platform_mutex_unlock(&lock);
                if (!m)
                    break;
                free(m);
            }
        }
        took = platform_mono_ns() - start;
        if (took < best)
            best = took;
    }
    platform_mutex_destroy(&lock);
    return (double)best / ROUNDS / BATCH;
}

double bench_yardstick_ns(void)
{
    static double ns;

    if (ns == 0)
        ns = measure_yardstick();
    return ns;
}

/* ---- configurations
 * -------------------------------------------------------------------------------------------------- */

void bench_conf_two(void)
{
    support_conf_begin();
    support_providers_begin();
    support_conf_put("provider", "no_answer_ms", "0");
    support_conf_put("line 0", "number", "100");
    support_conf_put("line 0", "max_sessions", "0");
    support_conf_put("line 1", "number", "101");
    support_conf_put("line 1", "max_sessions", "0");
}

void bench_conf_lines(uint32_t count)
{
    support_conf_begin();
    support_providers_begin();
    support_conf_put_number("lines", "count", count);
    support_conf_put_number("lines", "first", 10000);
}

void bench_conf_end(void)
{
    support_providers_end();
    support_conf_end();
}

/* ---- main
 * -------------------------------------------------------------------------------------------------------------- */

static void write_json(const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        bench_fail("cannot write the figures", 0);
    fprintf(file, "[\n");
    for (unsigned i = 0; i < rowc; i++) {
        fprintf(file, "  {\"name\": \"%s\", \"value\": %.3f, \"unit\": \"%s\"", rowv[i].name, rowv[i].value,
                rowv[i].unit);
        if (rowv[i].ratio > 0)
            fprintf(file, ", \"ratio\": %.3f, \"to\": \"%s\"", rowv[i].ratio, rowv[i].ratio_of);
        fprintf(file, "}%s\n", i + 1 < rowc ? "," : "");
    }
    fprintf(file, "]\n");
    if (fclose(file))
        bench_fail("cannot write the figures", 0);
}

static void usage(FILE *to)
{
    fprintf(to, "usage: bench_tapi [--json FILE] [--scale PERCENT] [--only SECTION]\n"
                "Sections: tspi, tapi, live, lines, latency, service.\n");
}

int main(int argc, char **argv)
{
    const char *json = NULL, *only = NULL;
    unsigned scale = 100;

    if (argc > 1 && !strcmp(argv[1], "--child"))
        return bench_child(argc - 2, argv + 2);
    /* What is measured is in this process. */
    (void)platform_env_set("TAPI_SHIM_MODE", "in-process");
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help")) {
            usage(stdout);
            return EXIT_SUCCESS;
        } else if (!strcmp(argv[i], "--json") && i + 1 < argc) {
            json = argv[++i];
        } else if (!strcmp(argv[i], "--only") && i + 1 < argc) {
            only = argv[++i];
        } else if (!strcmp(argv[i], "--scale") && i + 1 < argc) {
            scale = (unsigned)strtoul(argv[++i], NULL, 10);
        } else {
            usage(stderr);
            return 2;
        }
    }
    if (scale < 1 || scale > 100) {
        usage(stderr);
        return 2;
    }
    printf("%-46s %14s %-9s %8s\n", "what", "value", "unit", "ratio");
    bench_add("yardstick: one message, malloc + locked queue", bench_yardstick_ns(), "ns", 0, NULL);
    if (!only || !strcmp(only, "tspi"))
        bench_tspi_calls(scale);
    if (!only || !strcmp(only, "tapi"))
        bench_tapi_calls(scale);
    if (!only || !strcmp(only, "latency"))
        bench_tapi_latency(scale);
    if (!only || !strcmp(only, "live")) {
        bench_tspi_live(100000);
        bench_tapi_live(100000);
        if (scale == 100) {
            bench_tspi_live(1000000);
            bench_tapi_live(1000000);
        }
    }
    if (!only || !strcmp(only, "lines")) {
        bench_tspi_lines(10000);
        bench_tapi_lines(10000);
    }
    if (!only || !strcmp(only, "service"))
        bench_service(scale, argv[0]);
    if (json)
        write_json(json);
    return EXIT_SUCCESS;
}
