/* Runs a fuzz target on inputs from a seed, as a suite. SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

#include <check.h>
#include <stdbool.h>
#include <stdlib.h>

/* FUZZ_ROUNDS and FUZZ_SEED of the environment ask for more, or for others; with FUZZ_LOUD what is logged is shown. */
#ifndef FUZZ_USUAL
#define FUZZ_USUAL 20
#endif
enum { ROUNDS = FUZZ_USUAL, INPUTS = 250, INPUT_MAX = 512 };

static uint64_t number_of(const char *name, uint64_t usual)
{
    const char *text = getenv(name);

    return text && text[0] ? strtoull(text, NULL, 0) : usual;
}

static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

START_TEST(inputs)
{
    uint64_t state = (number_of("FUZZ_SEED", 1) + (uint64_t)_i) * 0x9E3779B97F4A7C15ull | 1;
    uint8_t data[INPUT_MAX];
    bool quiet = !getenv("FUZZ_LOUD");
    int i;

    /* What is logged of so much nonsense. */
    if (quiet)
        support_stderr_begin();
    fuzz_begin();
    for (i = 0; i < INPUTS; i++) {
        size_t size = next(&state) % sizeof(data), n;

        for (n = 0; n < size; n++)
            data[n] = (uint8_t)(next(&state) >> 24);
        (void)LLVMFuzzerTestOneInput(data, size);
    }
    fuzz_end();
    if (quiet)
        free(support_stderr_end());
}
END_TEST

int main(void)
{
    Suite *suite = suite_create(fuzz_name);
    TCase *t = tcase_create("seeds");
    SRunner *runner;
    int failed;

    tcase_add_loop_test(t, inputs, 0, (int)number_of("FUZZ_ROUNDS", ROUNDS));
    suite_add_tcase(suite, t);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
