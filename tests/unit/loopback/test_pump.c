/* The pump with a binding that plays a script. SPDX-License-Identifier: MIT */
#include "tsp/binding/pump.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPT = 64, LINES = 2, CALLS = 200 };

/* A binding that says what it was told to, and notes what it is asked. */
struct script {
    struct binding base;
    struct session_ind indv[SCRIPT];
    uint32_t indc, given;
    uint32_t incoming; /* INCOMING to say after that, on line 0 */
    uint32_t commandc[SESSION_CMD_REJECT + 1];
    struct session_cmd last[SESSION_CMD_REJECT + 1];
    uint32_t taken_leg, taken_session, takenc;
    uint64_t time_ms, deadline_ms;
    bool answer; /* commands with a token are DONE */
    long *order;
    long freed;
};

static long blocks, allowed, freeing;
static struct script *script;
static struct session_core *core;
static struct pump *pump;

static void *count_alloc(size_t size, void *arg)
{
    (void)arg;
    if (allowed == 0) {
        return NULL;
    }
    allowed -= allowed > 0;
    blocks++;
    return calloc(1, size);
}

static void count_free(void *p, void *arg)
{
    (void)arg;
    blocks -= p != NULL;
    free(p);
}

static const struct session_mem mem = {count_alloc, count_free, NULL};

static bool pump_starves;
static uint32_t call_id; /* of the last session taken */

static void *pump_mem_alloc(size_t size, void *arg)
{
    return pump_starves ? NULL : count_alloc(size, arg);
}

static const struct session_mem pump_mem = {pump_mem_alloc, count_free, NULL};

static void script_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct script *s = (struct script *)b;

    (void)now_ms;
    s->commandc[cmd->type]++;
    s->last[cmd->type] = *cmd;
    if (s->answer && cmd->token) {
        ck_assert_uint_lt(s->indc, SCRIPT);
        s->indv[s->indc++] = (struct session_ind){.type = SESSION_IND_DONE,
                                                  .session = cmd->session,
                                                  .leg = cmd->type == SESSION_CMD_PLACE ? 77 : cmd->leg,
                                                  .token = cmd->token};
    }
}

static void script_taken(struct binding *b, uint32_t leg, uint32_t session)
{
    struct script *s = (struct script *)b;

    s->taken_leg = leg;
    s->taken_session = session;
    s->takenc++;
}

static bool script_next(struct binding *b, uint64_t now_ms, struct session_ind *ind)
{
    struct script *s = (struct script *)b;

    (void)now_ms;
    if (s->given < s->indc) {
        *ind = s->indv[s->given++];
        return true;
    }
    s->given = s->indc = 0;
    if (s->incoming) {
        memset(ind, 0, sizeof(*ind));
        ind->type = SESSION_IND_INCOMING;
        ind->leg = 1000 + s->incoming--;
        return true;
    }
    return false;
}

static void script_time(struct binding *b, uint64_t now_ms)
{
    ((struct script *)b)->time_ms = now_ms;
}

static uint64_t script_deadline(const struct binding *b)
{
    return ((const struct script *)b)->deadline_ms;
}

static const char *script_check(const struct binding *b)
{
    (void)b;
    return NULL;
}

static uint32_t script_legs(const struct binding *b)
{
    (void)b;
    return 0;
}

static void script_free(struct binding *b)
{
    freeing++;
    free(b);
}

static const struct binding_ops script_ops = {
    .name = "script",
    .command = script_command,
    .taken = script_taken,
    .next = script_next,
    .time = script_time,
    .deadline = script_deadline,
    .check = script_check,
    .legs = script_legs,
    .free = script_free,
};

static void setup(void)
{
    struct session_conf conf = {.mem = mem, .no_answer_ms = 30000, .binding_ops = UINT64_MAX};
    struct session_address_conf address = {"100", NULL, 0};
    struct session_line_conf line = {0, 1, &address, NULL, NULL};

    blocks = freeing = 0;
    pump_starves = false;
    call_id = 0;
    allowed = -1;
    script = calloc(1, sizeof(*script));
    ck_assert_ptr_nonnull(script);
    script->base.ops = &script_ops;
    script->deadline_ms = UINT64_MAX;
    script->answer = true;
    ck_assert_int_eq(session_core_alloc(&core, &conf), SESSION_E_OK);
    for (uint32_t i = 0; i < LINES; i++) {
        ck_assert_int_eq(session_line_add(core, &line, NULL), SESSION_E_OK);
    }
    ck_assert_int_eq(pump_alloc(&pump, core, &script->base, &pump_mem), SESSION_E_OK);
    ck_assert_ptr_eq(pump_core(pump), core);
    ck_assert_ptr_eq(pump_core_const(pump), core);
}

static void teardown(void)
{
    pump_free(pump);
    ck_assert_int_eq(freeing, 1);
    ck_assert_int_eq(blocks, 0);
}

static enum session_err open_line(uint32_t index)
{
    struct session_in in = {.type = SESSION_IN_LINE_OPEN};
    enum session_err err;

    in.u.line = index;
    err = pump_step(pump, 1, &in, NULL);
    if (!err) {
        in.type = SESSION_IN_LINE_MASK;
        in.u.mask.line = index;
        in.u.mask.which = SESSION_MASK_MEDIA;
        in.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
        err = pump_step(pump, 1, &in, NULL);
    }
    return err;
}

static enum session_err make(uint32_t request, uint32_t *id)
{
    struct session_in in = {.type = SESSION_IN_OP};

    in.u.op.op = SESSION_OP_MAKE;
    in.u.op.request = request;
    in.u.op.dest = "1";
    in.u.op.dest_len = 1;
    return pump_step(pump, 1, &in, id);
}

static void poll_at(uint64_t now_ms)
{
    pump_poll(pump, now_ms);
}

static int watched_cmds, watched_inds;

static void watch(const struct session_cmd *cmd, const struct session_ind *ind, void *arg)
{
    ck_assert_ptr_eq(arg, &watched_cmds);
    ck_assert_int_eq(!cmd, ind != NULL);
    watched_cmds += cmd != NULL;
    watched_inds += ind != NULL;
}

/* Who watches is told of each command and of each indication, until it no longer wants to be. */
START_TEST(crossings_are_watched)
{
    uint32_t id;

    watched_cmds = watched_inds = 0;
    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    pump_watch(pump, watch, &watched_cmds);
    ck_assert_int_eq(make(1, &id), SESSION_E_OK);
    ck_assert_int_eq(watched_cmds, 1);
    ck_assert_int_eq(watched_inds, 1);
    pump_watch(pump, NULL, NULL);
    ck_assert_int_eq(make(2, &id), SESSION_E_OK);
    ck_assert_int_eq(watched_cmds, 1);
}
END_TEST

START_TEST(command_is_answered_within_the_step)
{
    struct session_act act;
    uint32_t id = 0;

    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    ck_assert_uint_eq(script->commandc[SESSION_CMD_LINE], 1);
    ck_assert_int_eq(make(5, &id), SESSION_E_OK);
    ck_assert(session_get(core, id)->reported); /* before anything is taken */
    ck_assert(pump_next(pump, &act));
    ck_assert_int_eq(act.type, SESSION_ACT_REPLY);
    ck_assert_uint_eq(act.request, 5);
    ck_assert(!pump_next(pump, &act));
}
END_TEST

START_TEST(refused_input_has_its_error)
{
    struct session_act act;
    uint32_t id = 0;

    ck_assert_int_eq(make(5, &id), SESSION_E_BADLINE);
    ck_assert_int_eq(open_line(LINES), SESSION_E_BADLINE);
    ck_assert(!pump_next(pump, &act));
}
END_TEST

START_TEST(binding_learns_whose_leg_it_is)
{
    struct session_act act;

    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    script->incoming = 1;
    poll_at(2);
    ck_assert_uint_eq(script->takenc, 1);
    ck_assert_uint_eq(script->taken_leg, 1001);
    ck_assert(pump_next(pump, &act));
    ck_assert_int_eq(act.type, SESSION_ACT_NEW);
    ck_assert_uint_eq(script->taken_session, act.session);
    ck_assert(pump_next(pump, &act));
    ck_assert_uint_eq(act.state, SESSION_OFFERING);
    ck_assert(!pump_next(pump, &act));
}
END_TEST

START_TEST(rejected_leg_is_not_taken)
{
    struct session_act act;

    script->incoming = 1; /* nobody has the line open */
    poll_at(2);
    ck_assert_uint_eq(script->takenc, 0);
    ck_assert_uint_eq(script->commandc[SESSION_CMD_REJECT], 1);
    ck_assert_uint_eq(script->last[SESSION_CMD_REJECT].leg, 1001);
    ck_assert(!pump_next(pump, &act));
}
END_TEST

START_TEST(time_reaches_core_and_binding)
{
    struct session_in in = {.type = SESSION_IN_TIME};
    struct session_act act;
    uint32_t id = 0;

    ck_assert(pump_deadline(pump) == UINT64_MAX);
    script->deadline_ms = 500;
    ck_assert(pump_deadline(pump) == 500);
    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    ck_assert_int_eq(make(5, &id), SESSION_E_OK);
    script->indv[script->indc++] = (struct session_ind){
        .type = SESSION_IND_PROGRESS, .session = id, .leg = 77, .seq = 1, .state = SESSION_RINGBACK};
    poll_at(100);
    ck_assert(script->time_ms == 100);
    ck_assert(pump_deadline(pump) == 500);
    script->deadline_ms = UINT64_MAX;
    ck_assert(pump_deadline(pump) == 30100); /* the core's no-answer timer */
    ck_assert_int_eq(pump_step(pump, 30100, &in, NULL), SESSION_E_OK);
    ck_assert(script->time_ms == 30100);
    ck_assert_uint_eq(script->commandc[SESSION_CMD_DROP], 1);
    ck_assert_uint_eq(session_get(core, id)->state, SESSION_DISCONNECTED);
    poll_at(20); /* time does not go back */
    ck_assert(script->time_ms == 30100);
    while (pump_next(pump, &act)) {
        continue;
    }
    ck_assert(pump_deadline(pump) == UINT64_MAX);
}
END_TEST

/* Takes what there is: for each of `count` calls, in order of their legs, NEW and then OFFERING. */
static uint32_t take_offers(uint32_t count)
{
    struct session_act act;
    uint32_t n = 0, session = 0;

    while (n < 2 * count && pump_next(pump, &act)) {
        ck_assert_int_eq(act.type, n % 2 ? SESSION_ACT_STATE : SESSION_ACT_NEW);
        ck_assert(n % 2 ? act.session == session : act.session != session);
        session = act.session;
        if (n % 2 == 0) {
            ck_assert_uint_gt(session_get(core, session)->call_id, call_id);
            call_id = session_get(core, session)->call_id;
        }
        n++;
    }
    return n / 2;
}

START_TEST(many_actions_keep_their_order)
{
    struct session_act act;

    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    for (int round = 0; round < 3; round++) {
        script->incoming = CALLS;
        poll_at(2);
        ck_assert_uint_eq(take_offers(CALLS / 2), CALLS / 2); /* the queue wraps round and grows */
        script->incoming = CALLS;
        poll_at(2);
        ck_assert_uint_eq(take_offers(2 * CALLS), CALLS + CALLS / 2);
        ck_assert(!pump_next(pump, &act));
    }
}
END_TEST

START_TEST(no_memory_for_actions_loses_none)
{
    struct session_in in = {.type = SESSION_IN_TIME};
    struct session_act act;
    uint32_t id = 0;

    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    pump_starves = true;
    script->incoming = CALLS;
    poll_at(2);
    ck_assert_uint_gt(script->incoming, 0); /* the run was put off */
    ck_assert(pump_deadline(pump) == 2);
    ck_assert_int_eq(pump_step(pump, 3, &in, NULL), SESSION_E_NOMEM);
    ck_assert(script->time_ms == 2);
    ck_assert_int_eq(make(1, &id), SESSION_E_NOMEM);
    ck_assert_uint_eq(id, 0);
    ck_assert_uint_eq(take_offers(10), 10);
    ck_assert_int_eq(open_line(1), SESSION_E_NOMEM); /* room for some more, not for all */
    ck_assert_uint_eq(take_offers(CALLS), CALLS - 10);
    ck_assert_uint_eq(script->takenc, CALLS);
    ck_assert_uint_eq(session_live(core), CALLS);
    ck_assert(!pump_next(pump, &act));
    ck_assert(pump_deadline(pump) == UINT64_MAX);
    ck_assert_int_eq(make(1, &id), SESSION_E_OK); /* still without more memory */
    ck_assert(pump_next(pump, &act));
    ck_assert_uint_eq(act.request, 1);
}
END_TEST

/* With memory again the run goes on with the next input. */
START_TEST(put_off_run_goes_on_with_memory)
{
    uint32_t id = 0;

    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    pump_starves = true;
    script->incoming = CALLS;
    poll_at(2);
    ck_assert_uint_gt(script->incoming, 0);
    pump_starves = false;
    ck_assert_int_eq(make(1, &id), SESSION_E_OK);
    ck_assert_uint_eq(script->incoming, 0);
    ck_assert_uint_eq(session_live(core), CALLS + 1);
    ck_assert(pump_deadline(pump) == UINT64_MAX);
    ck_assert_uint_eq(take_offers(CALLS), CALLS);
}
END_TEST

START_TEST(alloc_fails_cleanly)
{
    struct pump *other = NULL;
    long before = blocks;

    for (allowed = 0; allowed < 2;) {
        long n = allowed;
        ck_assert_int_eq(pump_alloc(&other, core, &script->base, &mem), SESSION_E_NOMEM);
        ck_assert_ptr_null(other);
        ck_assert_int_eq(blocks, before);
        allowed = n + 1;
    }
    allowed = -1;
    pump_free(NULL);
}
END_TEST

START_TEST(free_with_everything_going_on)
{
    uint32_t id;

    ck_assert_int_eq(open_line(0), SESSION_E_OK);
    script->answer = false;
    ck_assert_int_eq(make(1, &id), SESSION_E_OK);
    script->incoming = CALLS;
    poll_at(5);
    ck_assert_uint_eq(session_live(core), CALLS + 1);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pump");
    TCase *tc = tcase_create("pump");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, crossings_are_watched);
    tcase_add_test(tc, command_is_answered_within_the_step);
    tcase_add_test(tc, refused_input_has_its_error);
    tcase_add_test(tc, binding_learns_whose_leg_it_is);
    tcase_add_test(tc, rejected_leg_is_not_taken);
    tcase_add_test(tc, time_reaches_core_and_binding);
    tcase_add_test(tc, many_actions_keep_their_order);
    tcase_add_test(tc, no_memory_for_actions_loses_none);
    tcase_add_test(tc, put_off_run_goes_on_with_memory);
    tcase_add_test(tc, alloc_fails_cleanly);
    tcase_add_test(tc, free_with_everything_going_on);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
