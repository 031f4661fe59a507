/* Fuzz targets: what their two drivers know of them. SPDX-License-Identifier: MIT */
#ifndef TESTS_FUZZ_FUZZ_H
#define TESTS_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * A target is a file with these three. Linked with driver.c it is a suite of the normal test run, with inputs from a
 * seed; linked with clang's libFuzzer (preset "fuzz") it searches on its own. A target reads its input as a programme
 * of what the other side does, so that most inputs get far inside, and any input means something.
 */
extern const char fuzz_name[];
/* Around all inputs; the second one fails if anything is left. */
void fuzz_begin(void);
void fuzz_end(void);
/* One input; 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must be so whatever the input. */
#define MUST(what)                                                                                                     \
    do {                                                                                                               \
        if (!(what)) {                                                                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                                                 \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

/* ---- input.c: reading an input */

struct fuzz_input {
    const uint8_t *at, *end;
};
/* 0 when there is nothing more. */
uint8_t fuzz_u8(struct fuzz_input *in);
uint32_t fuzz_u32(struct fuzz_input *in);
/* Up to `cap` bytes; how many. */
size_t fuzz_bytes(struct fuzz_input *in, void *out, size_t cap);

#endif
