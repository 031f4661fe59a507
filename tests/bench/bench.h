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

/* ---- the service, and several processes */

enum { BENCH_FIRST_NUMBER = 10000 }; /* of line 0 in a configuration by bench_conf_lines */

/* All rows of the service. `self`: this program. */
void bench_service(unsigned scale, const char *self);
/* What the program does in another process: arguments behind --child. Exit status. */
int bench_child(int argc, char **argv);

/* A request's way to the service and back, and how long events take. `bare_ns`: a bare round trip. */
void bench_channel(unsigned scale, double bare_ns);
/* Makes calls from `line` to the next one for `ns`, after `gate` has returned; how many, and the time taken. */
typedef void(bench_gate_h)(void *arg);
unsigned bench_channel_calls(uint32_t line, bench_gate_h *gate, void *arg, uint64_t ns, uint64_t *tookp);

/* ---- echo_posix.c, echo_win32.c: one byte stream of the system between two processes, nothing else */

/* Time of one round trip of `size` bytes to a process that `start` starts, which calls bench_echo_serve. */
double bench_echo_ns(const char *place, size_t size, unsigned count, void (*start)(const char *place));
void bench_echo_serve(const char *place, size_t size);

#endif
