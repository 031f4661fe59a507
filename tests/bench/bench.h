/* Benchmarks: what they share. SPDX-License-Identifier: MIT */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Every figure stands beside a yardstick taken in the same run, so that runs on different machines can be compared: the
 * time that one message of a call takes when it is only made with malloc, handed through a locked queue and freed.
 */
struct bench_row {
    const char *name;
    double value;
    const char *unit;
    double ratio; /* to the yardstick, see `ratio_of`; 0: none */
    const char *ratio_of;
};

enum { BENCH_MESSAGES = 20 }; /* of one full call, both sides: requests, completions and events */

void bench_add(const char *name, double value, const char *unit, double ratio, const char *ratio_of);
double bench_yardstick_ns(void); /* of one message; measured once */
/* The run is void: says why and exits with 1. */
_Noreturn void bench_fail(const char *what, long code);

/* Bytes of memory that belong to this process alone. */
uint64_t bench_memory(void);

/* Configurations: `two lines of any number of calls`, or `count` lines of the default kind. */
void bench_conf_two(void);
void bench_conf_lines(uint32_t count);
void bench_conf_end(void);

/* The sections. `scale` 1 to 100: percent of the full size. */
void bench_tspi_calls(unsigned scale);
void bench_tspi_live(uint32_t sessions);
void bench_tspi_lines(uint32_t lines);
void bench_tapi_calls(unsigned scale);
void bench_tapi_live(uint32_t sessions);
void bench_tapi_lines(uint32_t lines);
void bench_tapi_latency(unsigned scale);

#endif
