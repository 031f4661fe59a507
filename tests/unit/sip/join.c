/* Two bindings as one: who gets what. SPDX-License-Identifier: MIT */
#include "tsp/binding/join.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

/* A binding that remembers its last command and says what it is told to. */
struct half {
    struct binding base;
    struct session_cmd last;
    uint32_t commands, taken_leg, taken_session, says, leg, frees;
    uint64_t deadline, time;
    const char *wrong;
};

static struct half halfv[2];

static void half_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct half *h = (struct half *)b;

    (void)now_ms;
    h->last = *cmd;
    h->commands++;
}

static void half_taken(struct binding *b, uint32_t leg, uint32_t session)
{
    ((struct half *)b)->taken_leg = leg;
    ((struct half *)b)->taken_session = session;
}

static bool half_next(struct binding *b, uint64_t now_ms, struct session_ind *ind)
{
    struct half *h = (struct half *)b;

    (void)now_ms;
    if (!h->says) {
        return false;
    }
    h->says--;
    memset(ind, 0, sizeof(*ind));
    ind->type = SESSION_IND_DONE;
    ind->leg = h->leg;
    ind->leg2 = h->leg ? h->leg - 1 : 0;
    ind->bridge = h->leg ? h->leg - 2 : 0;
    return true;
}

static void half_time(struct binding *b, uint64_t now_ms)
{
    ((struct half *)b)->time = now_ms;
}

static uint64_t half_deadline(const struct binding *b)
{
    return ((const struct half *)b)->deadline;
}

static const char *half_check(const struct binding *b)
{
    return ((const struct half *)b)->wrong;
}

static uint32_t half_legs(const struct binding *b)
{
    return b == &halfv[0].base ? 2 : 3;
}

static void half_free(struct binding *b)
{
    ((struct half *)b)->frees++;
}

#define HALF(n, bits)                                                                                                  \
    {                                                                                                                  \
        .name = n, .session_ops = bits, .command = half_command, .taken = half_taken, .next = half_next,               \
        .time = half_time, .deadline = half_deadline, .check = half_check, .legs = half_legs, .free = half_free        \
    }

static const struct binding_ops opsv[2] = {HALF("a", 5), HALF("b", 6)};

static struct binding *joined(void)
{
    static const struct session_mem mem;
    struct binding *b = NULL;

    memset(halfv, 0, sizeof(halfv));
    halfv[0].base.ops = &opsv[0];
    halfv[1].base.ops = &opsv[1];
    halfv[0].deadline = halfv[1].deadline = UINT64_MAX;
    ck_assert_int_eq(join_alloc(&b, &halfv[0].base, &halfv[1].base, 3, 3, &mem), SESSION_E_OK);
    return b;
}

START_TEST(by_line)
{
    struct binding *b = joined();

    for (uint32_t line = 0; line < 7; line++) {
        struct session_cmd cmd = {.type = SESSION_CMD_LINE, .line = line};

        b->ops->command(b, 0, &cmd);
    }
    ck_assert_uint_eq(halfv[0].commands, 4); /* the last one came later */
    ck_assert_uint_eq(halfv[1].commands, 3);
    ck_assert_uint_eq(halfv[1].last.line, 5);
    b->ops->free(b);
    ck_assert_uint_eq(halfv[0].frees, 1);
    ck_assert_uint_eq(halfv[1].frees, 1);
}
END_TEST

/* A line that comes says whose it is. */
START_TEST(lines_change_hands)
{
    struct session_cmd cmd = {.type = SESSION_CMD_LINE, .line = 90};
    struct binding *b = joined();

    ck_assert_int_eq(join_line(b, 90, true), SESSION_E_OK);
    b->ops->command(b, 0, &cmd);
    ck_assert_uint_eq(halfv[1].commands, 1);
    ck_assert_int_eq(join_line(b, 90, false), SESSION_E_OK);
    b->ops->command(b, 0, &cmd);
    ck_assert_uint_eq(halfv[0].commands, 1);
    ck_assert_int_eq(join_line(b, 100000, false), SESSION_E_OK);
    cmd.line = 4; /* as from the start */
    b->ops->command(b, 0, &cmd);
    ck_assert_uint_eq(halfv[1].commands, 2);
    b->ops->free(b);
}
END_TEST

START_TEST(by_leg)
{
    struct binding *b = joined();
    struct session_ind ind;

    /* the whole of 31 bits comes back as it went */
    for (uint32_t i = 0; i < 2; i++) {
        struct session_cmd cmd = {.type = SESSION_CMD_SWAP, .line = 5};

        halfv[i].leg = 0x7FFFFFFF;
        halfv[i].says = 1;
        ck_assert(b->ops->next(b, 0, &ind));
        cmd.leg = ind.leg;
        cmd.leg2 = ind.leg2;
        b->ops->command(b, 0, &cmd);
        ck_assert_uint_eq(halfv[i].commands, 1);
        ck_assert_uint_eq(halfv[i].last.leg, 0x7FFFFFFF);
        ck_assert_uint_eq(halfv[i].last.leg2, 0x7FFFFFFE);
        cmd.leg = 0;
        b->ops->command(b, 0, &cmd); /* the second leg says whose it is as well */
        ck_assert_uint_eq(halfv[i].commands, 2);
        b->ops->taken(b, ind.bridge, 9 + i);
        ck_assert_uint_eq(halfv[i].taken_leg, 0x7FFFFFFD);
        ck_assert_uint_eq(halfv[i].taken_session, 9 + i);
    }
    halfv[0].leg = 0;
    halfv[0].says = 1;
    ck_assert(b->ops->next(b, 0, &ind));
    ck_assert_uint_eq(ind.leg, 0);
    ck_assert(!b->ops->next(b, 0, &ind));
    b->ops->free(b);
}
END_TEST

START_TEST(neither_waits_for_the_other)
{
    struct binding *b = joined();
    struct session_ind ind;
    uint32_t countv[2] = {0, 0};

    halfv[0].says = halfv[1].says = 10;
    halfv[0].leg = halfv[1].leg = 8;
    for (int i = 0; i < 10; i++) {
        ck_assert(b->ops->next(b, 0, &ind));
        countv[ind.leg >> 31]++;
    }
    ck_assert_uint_eq(countv[0], 5);
    ck_assert_uint_eq(countv[1], 5);
    b->ops->free(b);
}
END_TEST

START_TEST(both_together)
{
    struct binding *b = joined();

    ck_assert_uint_eq(b->ops->session_ops, 7);
    ck_assert_uint_eq(b->ops->legs(b), 5);
    ck_assert(b->ops->deadline(b) == UINT64_MAX);
    halfv[1].deadline = 7;
    ck_assert(b->ops->deadline(b) == 7);
    halfv[0].deadline = 5;
    ck_assert(b->ops->deadline(b) == 5);
    b->ops->time(b, 4);
    ck_assert(halfv[0].time == 4 && halfv[1].time == 4);
    ck_assert_ptr_null(b->ops->check(b));
    halfv[1].wrong = "x";
    ck_assert_str_eq(b->ops->check(b), "x");
    b->ops->free(b);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("join");
    TCase *t = tcase_create("join");
    SRunner *r;
    int failed;

    tcase_add_test(t, by_line);
    tcase_add_test(t, lines_change_hands);
    tcase_add_test(t, by_leg);
    tcase_add_test(t, neither_waits_for_the_other);
    tcase_add_test(t, both_together);
    suite_add_tcase(s, t);
    r = srunner_create(s);
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_ENV);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
