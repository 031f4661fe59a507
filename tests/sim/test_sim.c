/* The simulation as a Check suite, and as a program that replays one seed. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* With a sanitizer a step takes four times as long: what is looked at there is memory, in a third of the worlds. */
#ifdef __SANITIZE_ADDRESS__
enum { SWARMS = 12, PLANTED = 1 };
#else
enum { SWARMS = 35, PLANTED = 5 };
#endif
enum { GOLDEN_STEPS = 400, SWARM_STEPS = 300 };

static const struct {
    uint64_t seed, hash;
} goldenv[] = {
#include "tests/sim/golden.h"
};

enum { GOLDENS = sizeof(goldenv) / sizeof(goldenv[0]) };

static void explain(uint64_t seed, uint32_t steps, const struct sim_result *r)
{
    fprintf(stderr, "seed %llu: %s: %s\n  replay: test_sim --seed %llu --steps %u --verbose\n",
            (unsigned long long)seed, sim_checker_name(r->fired), r->text, (unsigned long long)seed, (unsigned)steps);
}

/* Runs seeds; how many of them failed. */
static uint32_t run_seeds(uint64_t first, uint32_t count, uint32_t steps, struct sim_result *sum)
{
    uint32_t bad = 0;

    memset(sum, 0, sizeof(*sum));
    for (uint64_t seed = first; seed < first + count; seed++) {
        struct sim_conf conf = {.seed = seed, .steps = steps};
        struct sim_result r;

        sim_run(&conf, &r);
        if (r.fired) {
            explain(seed, steps, &r);
            bad++;
        }
        sum->ops += r.ops;
        sum->accepted += r.accepted;
        sum->sessions += r.sessions;
        sum->connected += r.connected;
        sum->failed_allocs += r.failed_allocs;
        sum->late += r.late;
        sum->repeated += r.repeated;
        sum->refused += r.refused;
        sum->invented += r.invented;
        sum->streams += r.streams;
        for (int op = 0; op < SESSION_OP_COUNT; op++) {
            sum->donev[op] += r.donev[op];
        }
    }
    return bad;
}

START_TEST(seeds)
{
    struct sim_result sum;

    ck_assert_uint_eq(run_seeds(1 + 100 * (uint64_t)_i, 100, SWARM_STEPS, &sum), 0);
    /* the simulation does what it is for */
    ck_assert_uint_gt(sum.sessions, 1000);
    ck_assert_uint_gt(sum.connected, 300);
    ck_assert_uint_gt(sum.failed_allocs, 50);
    ck_assert_uint_gt(sum.late, 500);
    ck_assert_uint_gt(sum.repeated, 200);
    ck_assert_uint_gt(sum.refused, 50);
    ck_assert_uint_gt(sum.invented, 30);
    ck_assert_uint_gt(sum.streams, 100);
}
END_TEST

/* No operation is only refused, or never asked for. */
START_TEST(every_operation_is_carried_out)
{
    struct sim_result sum;

    ck_assert_uint_eq(run_seeds(1, 1500, SWARM_STEPS, &sum), 0);
    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        const struct session_contract *row = session_contract((enum session_op)op);

        ck_assert_msg(!row->implemented || sum.donev[op] >= 3, "%s was carried out %u times", row->tspi,
                      (unsigned)sum.donev[op]);
    }
}
END_TEST

START_TEST(long_run)
{
    struct sim_result sum;

    ck_assert_uint_eq(run_seeds(500000 + (uint64_t)_i, 1, 10000, &sum), 0);
}
END_TEST

START_TEST(same_seed_same_trace)
{
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct sim_conf conf = {.seed = seed, .steps = SWARM_STEPS};
        struct sim_result a, b, other;

        sim_run(&conf, &a);
        sim_run(&conf, &b);
        ck_assert(a.hash == b.hash);
        conf.seed = seed + 1;
        sim_run(&conf, &other);
        ck_assert(a.hash != other.hash);
    }
}
END_TEST

/* If what the core or the exchange does has been changed on purpose: test_sim --print-hashes > tests/sim/golden.h */
START_TEST(same_trace_everywhere)
{
    struct sim_conf conf = {.seed = goldenv[_i].seed, .steps = GOLDEN_STEPS};
    struct sim_result r;

    sim_run(&conf, &r);
    if (r.fired) {
        explain(conf.seed, conf.steps, &r);
    }
    ck_assert_int_eq(r.fired, CHECK_NONE);
    ck_assert_msg(r.hash == goldenv[_i].hash,
                  "seed %llu has another trace: 0x%016llx; if that is meant: test_sim --print-hashes > golden.h",
                  (unsigned long long)conf.seed, (unsigned long long)r.hash);
}
END_TEST

/* Each planted mistake is made, and seen by the checker that is there for it, in every world it is made in. */
START_TEST(planted_mistake_is_caught)
{
    enum sim_plant plant = (enum sim_plant)_i;
    uint32_t made = 0;

    for (uint64_t seed = 1; seed <= 1500 && made < PLANTED; seed++) {
        struct sim_conf conf = {.seed = seed, .steps = SWARM_STEPS, .plant = plant};
        struct sim_result r;

        sim_run(&conf, &r);
        if (!r.planted) {
            continue;
        }
        made++;
        if (plant == PLANT_FLIP_BIT) {
            struct sim_conf plain = {.seed = seed, .steps = SWARM_STEPS};
            struct sim_result unplanted;
            sim_run(&plain, &unplanted);
            ck_assert(unplanted.hash != r.hash);
            continue;
        }
        ck_assert_msg(r.fired == sim_plant_checker(plant), "%s in seed %llu is not caught by %s but by %s %s",
                      sim_plant_name(plant), (unsigned long long)seed, sim_checker_name(sim_plant_checker(plant)),
                      sim_checker_name(r.fired), r.text);
    }
    ck_assert_msg(made > 0, "%s was never made", sim_plant_name(plant));
}
END_TEST

static int replay(int argc, char **argv)
{
    struct sim_conf conf = {.seed = 1, .steps = SWARM_STEPS};
    uint64_t count = 1;
    uint32_t donev[SESSION_OP_COUNT] = {0};
    struct sim_result r;
    int bad = 0;

    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (!strcmp(argv[i], "--verbose")) {
            conf.verbose = true;
        } else if (!strcmp(argv[i], "--print-hashes")) {
            printf("/* Seeds and the hashes of their traces, from test_sim --print-hashes. SPDX-License-Identifier: "
                   "MIT */\n");
            for (conf.seed = 1001; conf.seed <= 1008; conf.seed++) {
                conf.steps = GOLDEN_STEPS;
                sim_run(&conf, &r);
                printf("{%llu, UINT64_C(0x%016llx)},\n", (unsigned long long)conf.seed, (unsigned long long)r.hash);
            }
            return EXIT_SUCCESS;
        } else if (!strcmp(argv[i], "--seed") && value) {
            conf.seed = strtoull(argv[++i], NULL, 0);
        } else if (!strcmp(argv[i], "--steps") && value) {
            conf.steps = (uint32_t)strtoul(argv[++i], NULL, 0);
        } else if (!strcmp(argv[i], "--count") && value) {
            count = strtoull(argv[++i], NULL, 0);
        } else if (!strcmp(argv[i], "--plant") && value) {
            for (int p = 0; p < PLANT_COUNT; p++) {
                if (!strcmp(value, sim_plant_name((enum sim_plant)p))) {
                    conf.plant = (enum sim_plant)p;
                }
            }
            i++;
        } else {
            fprintf(stderr,
                    "usage: test_sim [--seed N] [--count N] [--steps N] [--verbose] [--plant NAME] [--print-hashes]\n");
            return 2;
        }
    }
    for (uint64_t end = conf.seed + count; conf.seed < end; conf.seed++) {
        sim_run(&conf, &r);
        if (r.fired) {
            explain(conf.seed, conf.steps, &r);
            bad++;
        }
        for (int op = 0; op < SESSION_OP_COUNT; op++) {
            donev[op] += r.donev[op];
        }
        if (count == 1) {
            printf("seed %llu steps %u hash 0x%016llx: ops %u accepted %u sessions %u connected %u failed allocations "
                   "%u late %u repeated %u refused %u invented %u\n",
                   (unsigned long long)conf.seed, (unsigned)conf.steps, (unsigned long long)r.hash, (unsigned)r.ops,
                   (unsigned)r.accepted, (unsigned)r.sessions, (unsigned)r.connected, (unsigned)r.failed_allocs,
                   (unsigned)r.late, (unsigned)r.repeated, (unsigned)r.refused, (unsigned)r.invented);
        }
    }
    if (count > 1) {
        for (int op = 0; op < SESSION_OP_COUNT; op++) {
            printf("%-28s %u\n", session_contract((enum session_op)op)->tspi, (unsigned)donev[op]);
        }
        printf("%llu seeds, %d failed\n", (unsigned long long)count, bad);
    }
    return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    Suite *s;
    TCase *tc;
    SRunner *sr;
    int bad;

    if (argc > 1) {
        return replay(argc, argv);
    }
    s = suite_create("sim");
    tc = tcase_create("sim");
    tcase_set_timeout(tc, 0);
    tcase_add_loop_test(tc, same_trace_everywhere, 0, GOLDENS);
    tcase_add_test(tc, same_seed_same_trace);
    tcase_add_loop_test(tc, seeds, 0, SWARMS); /* 35 are more than a million steps */
    tcase_add_test(tc, every_operation_is_carried_out);
    tcase_add_loop_test(tc, long_run, 0, 2);
    tcase_add_loop_test(tc, planted_mistake_is_caught, 1, PLANT_COUNT);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    bad = srunner_ntests_failed(sr);
    srunner_free(sr);
    return bad ? EXIT_FAILURE : EXIT_SUCCESS;
}
