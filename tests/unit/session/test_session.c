/* The session core: calls made, taken, dropped and released in every order. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fake_core f;

static void setup(void)
{
    fake_start(&f, NULL);
}

static void teardown(void)
{
    fake_end(&f);
}

static uint32_t incoming_id(void)
{
    return fake_find(&f, SESSION_ACT_NEW, 0)->session;
}

/* ---- outgoing ---------------------------------------------------------------------------------------------------- */

START_TEST(make_replies_before_any_state)
{
    uint32_t id;
    const struct session_cmd *cmd;

    f.answer = false;
    ck_assert_int_eq(fake_make(&f, 0, "(0) 123-456", &id), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1);
    cmd = fake_cmd(&f, SESSION_CMD_PLACE);
    ck_assert_str_eq(cmd->dial->number, "0123456");
    ck_assert_str_eq(session_party_number(cmd->caller), "100");
    ck_assert(!session_get(f.core, id)->reported);
    ck_assert_int_eq(fake_done(&f, id, cmd->token, 7, SESSION_E_OK), SESSION_E_OK);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_REPLY);
    ck_assert_int_eq(f.actv[0].err, SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 0);
    ck_assert(session_get(f.core, id)->reported);
    fake_progress(&f, id, 7, SESSION_DIALING, 0);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->state, SESSION_DIALING);
}
END_TEST

START_TEST(make_fails_later)
{
    uint32_t id;

    f.answer_err = SESSION_E_RESOURCE;
    ck_assert_int_eq(fake_make(&f, 0, "1", &id), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_RESOURCE);
    ck_assert_uint_eq(fake_state(&f, id), 0);
    ck_assert_uint_eq(session_live(f.core), 0);
    ck_assert_uint_eq(session_pending(f.core), 0);
}
END_TEST

START_TEST(make_done_without_leg_fails)
{
    uint32_t id;

    f.answer = false;
    fake_make(&f, 0, "1", &id);
    fake_done(&f, id, fake_cmd(&f, SESSION_CMD_PLACE)->token, 0, SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
    ck_assert_uint_eq(session_live(f.core), 0);
}
END_TEST

START_TEST(make_refusals_do_nothing)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t id;
    char digits[SESSION_NUMBER_MAX + 2];

    memset(digits, '1', sizeof digits - 1);
    digits[sizeof digits - 1] = '\0';
    ck_assert_int_eq(fake_make(&f, 9, "1", &id), SESSION_E_BADLINE);
    ck_assert_int_eq(fake_make(&f, 0, "12x", &id), SESSION_E_BADADDRESS);
    ck_assert_int_eq(fake_make(&f, 0, "1$2@", &id), SESSION_E_DIALBILLING);
    ck_assert_int_eq(fake_make(&f, 0, "1@", &id), SESSION_E_DIALQUIET);
    ck_assert_int_eq(fake_make(&f, 0, "W1", &id), SESSION_E_DIALDIALTONE);
    ck_assert_int_eq(fake_make(&f, 0, "9?", &id), SESSION_E_DIALPROMPT);
    ck_assert_int_eq(fake_make(&f, 0, digits, &id), SESSION_E_BADADDRESS);
    in.u.op.op = SESSION_OP_MAKE;
    in.u.op.request = 1;
    in.u.op.address = 1;
    ck_assert_int_eq(fake_step(&f, &in, &id), SESSION_E_BADADDRESSID);
    in.u.op.address = 0;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_BADPARAM);
    in.u.op.request = 0;
    ck_assert_int_eq(fake_step(&f, &in, &id), SESSION_E_BADPARAM);
    ck_assert_int_eq(fake_close(&f, 0), SESSION_E_OK);
    ck_assert_int_eq(fake_make(&f, 0, "1", &id), SESSION_E_BADLINE);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_uint_eq(session_live(f.core), 0);
}
END_TEST

START_TEST(whole_outgoing_call)
{
    static const uint32_t statev[] = {SESSION_DIALTONE, SESSION_DIALING,   SESSION_PROCEEDING,
                                      SESSION_RINGBACK, SESSION_CONNECTED, SESSION_DISCONNECTED};
    const struct session_info *info;
    uint32_t id;

    fake_make(&f, 0, "200^Dora", &id);
    for (unsigned i = 0; i < sizeof statev / sizeof *statev; i++) {
        f.now_ms += 100;
        fake_progress(&f, id, f.next_leg, statev[i], i == 5 ? SESSION_DISC_NORMAL : 0);
        ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->state, statev[i]);
        ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 1);
    }
    f.now_ms += 100;
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_DROP)); /* the far side is gone already */
    info = session_get(f.core, id);
    ck_assert_uint_eq(info->state, SESSION_IDLE);
    /* data after the connection */
    ck_assert_uint_eq(info->disconnect_mode, SESSION_DISC_NORMAL);
    ck_assert_uint_eq(info->start_ms, 1000);
    ck_assert_uint_eq(info->connect_ms, 1500);
    ck_assert_uint_eq(info->end_ms, 1600);
    ck_assert_str_eq(session_party_number(info->caller), "100");
    ck_assert_str_eq(session_party_name(info->caller), "Alice");
    ck_assert_str_eq(session_party_number(info->called), "200");
    ck_assert_str_eq(session_party_name(info->called), "Dora");
    ck_assert_str_eq(session_party_number(info->connected), "200");
    ck_assert_uint_eq(info->connected_flags, SESSION_PARTY_ADDRESS | SESSION_PARTY_NAME);
    ck_assert_uint_eq(info->origin, SESSION_ORIGIN_OUTBOUND);
    ck_assert_uint_eq(info->reason, SESSION_REASON_DIRECT);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_ptr_null(session_get(f.core, id));
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_BADSESSION);
}
END_TEST

START_TEST(overlap_dialling)
{
    uint32_t id;

    fake_make(&f, 0, ";", &id);
    fake_progress(&f, id, f.next_leg, SESSION_DIALTONE, SESSION_DIALTONE_NORMAL);
    ck_assert_uint_eq(session_get(f.core, id)->called_flags, SESSION_PARTY_UNKNOWN);
    ck_assert_int_eq(fake_dial(&f, id, "2;"), SESSION_E_OK);
    ck_assert(fake_cmd(&f, SESSION_CMD_DIAL)->dial->more);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_CALLEDID);
    fake_progress(&f, id, f.next_leg, SESSION_DIALING, 0);
    ck_assert_int_eq(fake_dial(&f, id, "00"), SESSION_E_OK);
    ck_assert_str_eq(session_party_number(session_get(f.core, id)->called), "200");
    ck_assert_int_eq(fake_dial(&f, id, "1W"), SESSION_E_DIALDIALTONE);
    ck_assert_uint_eq(f.actc, 0);
    fake_progress(&f, id, f.next_leg, SESSION_CONNECTED, 0);
    ck_assert_int_eq(fake_dial(&f, id, "1"), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_BADSTATE);
}
END_TEST

START_TEST(no_answer_timer)
{
    struct session_conf conf = {.binding_ops = UINT64_MAX, .no_answer_ms = 30000};
    uint32_t id, id2;

    teardown();
    fake_start(&f, &conf);
    ck_assert_uint_eq(session_deadline(f.core), UINT64_MAX);
    fake_make(&f, 0, "200", &id);
    fake_progress(&f, id, 1, SESSION_RINGBACK, 0);
    ck_assert_uint_eq(session_deadline(f.core), 31000);
    f.now_ms = 2000;
    fake_make(&f, 0, "201", &id2);
    fake_progress(&f, id2, 2, SESSION_RINGBACK, 0);
    fake_progress(&f, id2, 2, SESSION_CONNECTED, 0);
    fake_time(&f, 30999);
    ck_assert_uint_eq(f.actc, 0);
    fake_time(&f, 31000);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->mode, SESSION_DISC_NOANSWER);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_DISCONNECTED);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->leg, 1);
    ck_assert_uint_eq(fake_state(&f, id2), SESSION_CONNECTED);
    ck_assert_uint_eq(session_deadline(f.core), UINT64_MAX);
    /* the answer that comes too late */
    fake_progress(&f, id, 1, SESSION_CONNECTED, 0);
    ck_assert_uint_eq(f.actc, 0);
}
END_TEST

START_TEST(many_timers_at_once)
{
    struct session_conf conf = {.binding_ops = UINT64_MAX, .no_answer_ms = 10};

    teardown();
    fake_start(&f, &conf);
    for (int i = 0; i < 70; i++) {
        uint32_t id;

        fake_make(&f, 0, "1", &id);
        fake_progress(&f, id, f.next_leg, SESSION_RINGBACK, 0);
    }
    fake_time(&f, f.now_ms + 10);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 70);
    for (unsigned i = 1; i < 70; i++) /* in the order they were started */
        ck_assert_uint_lt(session_get(f.core, fake_find(&f, SESSION_ACT_STATE, i - 1)->session)->call_id,
                          session_get(f.core, fake_find(&f, SESSION_ACT_STATE, i)->session)->call_id);
}
END_TEST

/* ---- incoming ---------------------------------------------------------------------------------------------------- */

START_TEST(whole_incoming_call)
{
    const struct session_info *info;
    uint32_t id;

    ck_assert_int_eq(fake_incoming(&f, 1, 5, "0555"), SESSION_E_OK);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_NEW);
    id = incoming_id();
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->state, SESSION_OFFERING);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_INFO), 0);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ACCEPT, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_ACCEPTED);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ANSWER, id), SESSION_E_OK);
    ck_assert_int_eq(f.actv[1].type, SESSION_ACT_REPLY);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_CONNECTED);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_CONNECTEDID);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    info = session_get(f.core, id);
    ck_assert_uint_eq(info->state, SESSION_IDLE);
    ck_assert_str_eq(session_party_number(info->caller), "0555");
    ck_assert_str_eq(session_party_number(info->called), "101");
    ck_assert_str_eq(session_party_number(info->connected), "0555");
    ck_assert_uint_eq(info->origin, SESSION_ORIGIN_INTERNAL);
}
END_TEST

START_TEST(caller_gives_up)
{
    uint32_t id;

    fake_incoming(&f, 1, 5, NULL);
    id = incoming_id();
    ck_assert_uint_eq(session_get(f.core, id)->caller_flags, SESSION_PARTY_BLOCKED);
    fake_progress(&f, id, 5, SESSION_DISCONNECTED, SESSION_DISC_CANCELLED);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_DISCONNECTED);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ANSWER, id), SESSION_E_BADSTATE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_IDLE);
    ck_assert_uint_eq(session_get(f.core, id)->disconnect_mode, SESSION_DISC_CANCELLED);
    ck_assert_uint_eq(session_get(f.core, id)->connect_ms, 0); /* tells an abandoned call from an answered one */
}
END_TEST

/* Answering crosses with the caller's giving up: the request ends once, with an error, and nothing connects. */
START_TEST(answer_too_late)
{
    uint32_t id, token;

    fake_incoming(&f, 1, 5, "1");
    id = incoming_id();
    f.answer = false;
    fake_op(&f, SESSION_OP_ANSWER, id);
    token = fake_cmd(&f, SESSION_CMD_ANSWER)->token;
    fake_progress(&f, id, 5, SESSION_DISCONNECTED, SESSION_DISC_CANCELLED);
    fake_done(&f, id, token, 5, SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1);
    ck_assert_int_eq(f.actv[0].err, SESSION_E_BADSTATE);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_DISCONNECTED);
    fake_done(&f, id, token, 5, SESSION_E_OK); /* the same again */
    ck_assert_uint_eq(f.actc, 0);
}
END_TEST

START_TEST(rings_are_counted)
{
    struct session_in in = {.type = SESSION_IN_IND};

    fake_incoming(&f, 1, 5, "1");
    in.u.ind.type = SESSION_IND_RING;
    in.u.ind.session = incoming_id();
    in.u.ind.leg = 5;
    in.u.ind.mode = 1;
    for (uint32_t i = 1; i <= 3; i++) {
        in.u.ind.seq = i;
        ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
        ck_assert_uint_eq(fake_find(&f, SESSION_ACT_RING, 0)->count, i);
    }
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK); /* duplicate */
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ANSWER, in.u.ind.session), SESSION_E_OK);
    in.u.ind.seq = 9;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK); /* nothing rings any more */
    ck_assert_uint_eq(f.actc, 0);
}
END_TEST

START_TEST(incoming_not_wanted)
{
    struct session_in in = {.type = SESSION_IN_LINE_MASK};

    in.u.mask.line = 1;
    in.u.mask.which = SESSION_MASK_MEDIA;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert(!fake_cmd(&f, SESSION_CMD_LINE)->on);
    fake_incoming(&f, 1, 5, "1");
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_REJECT)->leg, 5);
    ck_assert_uint_eq(session_live(f.core), 0);
    in.u.mask.media_modes = SESSION_MEDIA_AUTOMATEDVOICE;
    fake_step(&f, &in, NULL);
    ck_assert(fake_cmd(&f, SESSION_CMD_LINE)->on);
    fake_incoming(&f, 1, 6, "1");
    ck_assert_uint_eq(session_get(f.core, incoming_id())->media_modes, SESSION_MEDIA_AUTOMATEDVOICE);
}
END_TEST

START_TEST(incoming_nonsense)
{
    ck_assert_int_eq(fake_incoming(&f, 1, 0, "1"), SESSION_E_BADPARAM);
    ck_assert_int_eq(fake_incoming(&f, 77, 3, "1"), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_REJECT)->mode, SESSION_DISC_BADADDRESS);
    ck_assert_int_eq(fake_progress(&f, 12345, 1, SESSION_CONNECTED, 0), SESSION_E_BADSESSION);
    ck_assert_int_eq(fake_progress(&f, fake_in_state(&f, SESSION_DIALING), 1, 3, 0), SESSION_E_BADPARAM);
    ck_assert_int_eq(fake_done(&f, 1, 999, 0, SESSION_E_OK), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
}
END_TEST

/* ---- reliable: duplicated, late and reordered indications ----------------------------------------------------------
 */

START_TEST(duplicates_change_nothing)
{
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t id;

    fake_make(&f, 0, "1", &id);
    in.u.ind.type = SESSION_IND_PROGRESS;
    in.u.ind.session = id;
    in.u.ind.leg = f.next_leg;
    in.u.ind.seq = 1;
    in.u.ind.state = SESSION_RINGBACK;
    fake_step(&f, &in, NULL);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 1);
    fake_step(&f, &in, NULL);
    ck_assert_uint_eq(f.actc, 0);
    in.u.ind.seq = 2;
    in.u.ind.state = SESSION_DIALING; /* going back */
    fake_step(&f, &in, NULL);
    ck_assert_uint_eq(f.actc, 0);
    in.u.ind.seq = 3;
    in.u.ind.leg = 99; /* somebody else's */
    in.u.ind.state = SESSION_CONNECTED;
    fake_step(&f, &in, NULL);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_RINGBACK);
}
END_TEST

START_TEST(progress_before_done)
{
    uint32_t id, token;

    f.answer = false;
    fake_make(&f, 0, "1", &id);
    token = fake_cmd(&f, SESSION_CMD_PLACE)->token;
    fake_progress(&f, id, 4, SESSION_PROCEEDING, 0);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_REPLY);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_STATE, 0)->state, SESSION_PROCEEDING);
    fake_done(&f, id, token, 4, SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_PROCEEDING);
}
END_TEST

/* ---- drop and release
 * ------------------------------------------------------------------------------------------------ */

START_TEST(release_before_reply)
{
    uint32_t id, token;

    f.answer = false;
    fake_make(&f, 0, "1", &id);
    token = fake_cmd(&f, SESSION_CMD_PLACE)->token;
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_REPLY);
    ck_assert_int_eq(f.actv[0].err, SESSION_E_FAILED);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->session, id);
    /* the leg that the binding made meanwhile is ended, and only once */
    fake_done(&f, id, token, 31, SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->leg, 31);
    ck_assert_uint_eq(f.actc, 1);
    ck_assert_uint_eq(session_live(f.core), 0);
}
END_TEST

START_TEST(release_only)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->leg, f.next_leg);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_DROP)->token, 0);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 0);
}
END_TEST

START_TEST(release_with_requests_pending)
{
    uint32_t id;

    fake_incoming(&f, 1, 5, "1");
    id = incoming_id();
    f.answer = false;
    fake_op(&f, SESSION_OP_ACCEPT, id);
    fake_op(&f, SESSION_OP_ANSWER, id);
    fake_op(&f, SESSION_OP_DROP, id);
    ck_assert_uint_eq(session_pending(f.core), 3);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 3);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, i)->err, SESSION_E_FAILED);
        ck_assert_uint_eq(fake_find(&f, SESSION_ACT_REPLY, i)->request, f.next_request - 4 + i);
    }
    ck_assert_uint_eq(session_pending(f.core), 0);
}
END_TEST

START_TEST(drop_twice)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED), token[2];

    f.answer = false;
    fake_op(&f, SESSION_OP_DROP, id);
    token[0] = fake_cmd(&f, SESSION_CMD_DROP)->token;
    fake_op(&f, SESSION_OP_DROP, id);
    token[1] = fake_cmd(&f, SESSION_CMD_DROP)->token;
    fake_done(&f, id, token[0], f.next_leg, SESSION_E_OK);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_IDLE);
    fake_done(&f, id, token[1], f.next_leg, SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1); /* its reply, and no second IDLE */
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_BADSTATE);
}
END_TEST

/* Both sides hang up at once. */
START_TEST(drop_crosses_disconnect)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED), token;

    f.answer = false;
    fake_op(&f, SESSION_OP_DROP, id);
    token = fake_cmd(&f, SESSION_CMD_DROP)->token;
    fake_progress(&f, id, f.next_leg, SESSION_DISCONNECTED, SESSION_DISC_NORMAL);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_DISCONNECTED);
    fake_done(&f, id, token, f.next_leg, SESSION_E_OK);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_IDLE);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 1);
}
END_TEST

START_TEST(drop_refused_by_binding)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    f.answer_err = SESSION_E_FAILED;
    fake_op(&f, SESSION_OP_DROP, id);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
    ck_assert_uint_eq(fake_state(&f, id), SESSION_CONNECTED);
}
END_TEST

START_TEST(line_closed_under_calls)
{
    uint32_t idv[3];

    fake_incoming(&f, 1, 50, "1");
    f.answer = false;
    for (int i = 0; i < 3; i++)
        fake_make(&f, 1, "1", &idv[i]);
    ck_assert_int_eq(fake_close(&f, 1), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 3);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 0);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 0);
    ck_assert(!fake_cmd(&f, SESSION_CMD_LINE)->on);
    ck_assert_uint_eq(session_live(f.core), 0);
    ck_assert_int_eq(fake_close(&f, 1), SESSION_E_BADLINE);
    ck_assert(session_line_is_open(f.core, 0));
}
END_TEST

START_TEST(free_under_calls)
{
    uint32_t id;

    f.answer = false;
    fake_make(&f, 0, "1", &id);
    f.answer = true;
    fake_in_state(&f, SESSION_RINGBACK);
    fake_incoming(&f, 1, 5, "1"); /* teardown counts the blocks */
}
END_TEST

/* ---- throttles
 * --------------------------------------------------------------------------------------------------------- */

static void throttled(uint32_t provider, uint32_t line_max, uint32_t address_max, enum session_err err, uint32_t reject)
{
    struct session_conf conf = {.binding_ops = UINT64_MAX, .max_sessions = provider};
    struct session_address_conf address = {"300", NULL, address_max};
    struct session_line_conf line = {line_max, 1, &address, NULL, NULL};
    struct session_in in = {.type = SESSION_IN_LINE_OPEN};
    uint32_t idv[3];

    teardown();
    fake_start(&f, &conf);
    ck_assert_int_eq(session_line_add(f.core, &line, &in.u.line), SESSION_E_OK);
    fake_step(&f, &in, NULL);
    in.type = SESSION_IN_LINE_MASK;
    in.u.mask.line = 2;
    in.u.mask.which = SESSION_MASK_MEDIA;
    in.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    fake_step(&f, &in, NULL);
    ck_assert_uint_eq(session_address_max(f.core, 2, 0), 2);
    ck_assert_int_eq(fake_make(&f, 2, "1", &idv[0]), SESSION_E_OK);
    ck_assert_uint_ne(session_line_features(f.core, 2, false), 0);
    ck_assert_int_eq(fake_make(&f, 2, "1", &idv[1]), SESSION_E_OK);
    ck_assert_uint_eq(session_line_features(f.core, 2, false) & 0x8, 0); /* LINEFEATURE_MAKECALL */
    ck_assert_uint_eq(session_address_features(f.core, 2, 0, false) & 0x2, 0);
    ck_assert_uint_ne(session_address_features(f.core, 2, 0, true) & 0x2, 0);
    ck_assert_int_eq(fake_make(&f, 2, "1", &idv[2]), err);
    fake_incoming(&f, 2, 9, "1");
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_REJECT)->mode, reject);
    /* an ended call makes room on line and address, a released one in the provider */
    fake_op(&f, SESSION_OP_DROP, idv[0]);
    ck_assert_int_eq(fake_make(&f, 2, "1", &idv[2]), provider ? SESSION_E_RESOURCE : SESSION_E_OK);
    if (provider) {
        fake_op(&f, SESSION_OP_RELEASE, idv[0]);
        ck_assert_int_eq(fake_make(&f, 2, "1", &idv[2]), SESSION_E_OK);
    }
}

START_TEST(max_of_provider)
{
    throttled(2, 0, 0, SESSION_E_RESOURCE, SESSION_DISC_CONGESTION);
}
END_TEST

START_TEST(max_of_line)
{
    throttled(0, 2, 0, SESSION_E_CALLUNAVAIL, SESSION_DISC_BUSY);
}
END_TEST

START_TEST(max_of_address)
{
    throttled(0, 0, 2, SESSION_E_CALLUNAVAIL, SESSION_DISC_BUSY);
}
END_TEST

START_TEST(only_if_idle)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t id;

    in.u.op.op = SESSION_OP_MAKE;
    in.u.op.request = 1;
    in.u.op.only_idle = true;
    ck_assert_int_eq(fake_step(&f, &in, &id), SESSION_E_OK);
    ck_assert_int_eq(fake_step(&f, &in, &id), SESSION_E_CALLUNAVAIL);
}
END_TEST

START_TEST(too_many_requests_of_one_session)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    unsigned n = 0;

    f.answer = false;
    while (fake_op(&f, SESSION_OP_DROP, id) == SESSION_E_OK)
        ck_assert_uint_lt(++n, 1000);
    ck_assert_uint_gt(n, 2);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_RESOURCE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), n);
}
END_TEST

/* ---- status
 * ------------------------------------------------------------------------------------------------------------ */

START_TEST(counts_and_their_events)
{
    struct session_counts c;
    uint32_t a, b;

    f.answer = false;
    fake_make(&f, 0, "1", &a);
    session_counts(f.core, 0, UINT32_MAX, &c);
    ck_assert_uint_eq(c.active, 0); /* not validated yet */
    fake_done(&f, a, fake_cmd(&f, SESSION_CMD_PLACE)->token, 1, SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_NUMCALLS | SESSION_ADDR_INUSEONE);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_NUMCALLS);
    f.answer = true;
    fake_make(&f, 0, "1", &b);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_NUMCALLS); /* one station */
    ck_assert_uint_eq(session_stations(f.core, 0, 0), 1);
    session_counts(f.core, 0, 0, &c);
    ck_assert_uint_eq(c.active, 2);
    fake_op(&f, SESSION_OP_DROP, a);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_NUMCALLS);
    fake_op(&f, SESSION_OP_RELEASE, b);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_NUMCALLS | SESSION_ADDR_INUSEZERO);
    fake_op(&f, SESSION_OP_RELEASE, a);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 0);
}
END_TEST

START_TEST(masks_hold_events_back)
{
    struct session_in in = {.type = SESSION_IN_LINE_MASK};
    uint32_t id;

    in.u.mask.which = SESSION_MASK_STATES;
    in.u.mask.address_states = SESSION_ADDR_INUSEZERO;
    fake_step(&f, &in, NULL);
    fake_make(&f, 0, "1", &id);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS) + fake_count(&f, SESSION_ACT_LINE), 0);
    fake_op(&f, SESSION_OP_DROP, id);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_INUSEZERO);
}
END_TEST

START_TEST(app_specific)
{
    struct session_in in = {.type = SESSION_IN_OP};

    in.u.op.op = SESSION_OP_SETAPPSPECIFIC;
    in.u.op.session = fake_in_state(&f, SESSION_CONNECTED);
    in.u.op.value = 0xCAFE;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_APPSPECIFIC);
    ck_assert_uint_eq(session_get(f.core, in.u.op.session)->app_specific, 0xCAFE);
    fake_op(&f, SESSION_OP_DROP, in.u.op.session);
    in.u.op.value = 1;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0); /* no LINE_CALLINFO after IDLE */
}
END_TEST

START_TEST(line_list)
{
    uint32_t a, b, c;

    fake_make(&f, 0, "1", &a);
    fake_make(&f, 1, "1", &b);
    fake_make(&f, 0, "1", &c);
    ck_assert_uint_eq(session_first(f.core, 0), a);
    ck_assert_uint_eq(session_after(f.core, a), c);
    ck_assert_uint_eq(session_after(f.core, c), 0);
    ck_assert_uint_eq(session_first(f.core, 1), b);
    ck_assert_uint_eq(session_first(f.core, 9), 0);
    ck_assert_uint_ne(session_get(f.core, a)->call_id, session_get(f.core, c)->call_id);
    ck_assert_int_eq(session_set_user(f.core, b, 42), SESSION_E_OK);
    ck_assert_uint_eq(session_get(f.core, b)->user, 42);
    ck_assert_int_eq(session_set_user(f.core, 4711, 42), SESSION_E_BADSESSION);
}
END_TEST

/* ---- memory
 * ---------------------------------------------------------------------------------------------------------------- */

/* A call out and a call in with 0, 1, 2 ... allocations left: each input either works or says NOMEM (in: refuses). */
START_TEST(out_of_memory)
{
    bool all = false;

    for (long left = 0; !all && left < 200; left++) {
        uint32_t id = 0;
        enum session_err err;

        teardown();
        setup();
        f.left = left;
        err = fake_make(&f, 0, "123", &id);
        ck_assert(err == SESSION_E_OK || err == SESSION_E_NOMEM);
        if (!err) {
            fake_progress(&f, id, f.next_leg, SESSION_DIALTONE, 0);
            err = fake_dial(&f, id, "4");
            ck_assert(err == SESSION_E_OK || err == SESSION_E_NOMEM);
            if (!err)
                ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 1);
        }
        fake_incoming(&f, 1, 5, "1");
        ck_assert(fake_count(&f, SESSION_ACT_NEW) == 1 || fake_cmd(&f, SESSION_CMD_REJECT));
        all = f.left > 0;
        if (id)
            ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    }
    ck_assert(all);
}
END_TEST

START_TEST(core_out_of_memory)
{
    struct session_conf conf = {.binding_ops = UINT64_MAX, .mem = f.mem};
    struct session_address_conf addressv[2] = {{"1", NULL, 0}, {"2", NULL, 0}};
    struct session_line_conf line = {0, 2, addressv, NULL, NULL};
    struct session_core *core;
    bool all = false;

    for (long left = 0; !all && left < 200; left++) {
        enum session_err err;

        f.left = left;
        err = session_core_alloc(&core, &conf);
        if (!err) {
            for (int i = 0; i < 20 && !err; i++)
                err = session_line_add(core, &line, NULL);
            ck_assert_ptr_null(session_check(core));
            session_core_free(core);
        }
        ck_assert(err == SESSION_E_OK || err == SESSION_E_NOMEM);
        all = !err;
    }
    f.left = -1;
    ck_assert(all);
    session_core_free(NULL);
}
END_TEST

START_TEST(bad_configuration)
{
    struct session_address_conf address = {NULL, NULL, 0};
    struct session_line_conf line = {0, 1, &address, NULL, NULL};
    struct session_conf conf = {.mem = {.alloc = f.mem.alloc}};
    struct session_core *core;
    char text[300];

    memset(text, '1', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert_int_eq(session_line_add(f.core, &line, NULL), SESSION_E_BADPARAM);
    address.number = text;
    ck_assert_int_eq(session_line_add(f.core, &line, NULL), SESSION_E_BADPARAM);
    address.number = "1";
    address.name = text;
    ck_assert_int_eq(session_line_add(f.core, &line, NULL), SESSION_E_BADPARAM);
    line.addressc = 0;
    ck_assert_int_eq(session_line_add(f.core, &line, NULL), SESSION_E_BADPARAM);
    ck_assert_int_eq(session_core_alloc(&core, &conf), SESSION_E_BADPARAM);
}
END_TEST

START_TEST(memory_comes_back)
{
    enum { MANY = 2000 };
    static uint32_t idv[MANY];
    long before = f.blocks;

    for (int i = 0; i < MANY; i++)
        fake_make(&f, 0, NULL, &idv[i]);
    ck_assert_int_gt(f.blocks, before);
    for (int i = 0; i < MANY; i++)
        fake_op(&f, SESSION_OP_RELEASE, idv[i]);
    /* what stays: the arrays that remember the generations, the timer heap, a slab or two */
    ck_assert_int_le(f.blocks, before + 8);
    for (int i = 0; i < MANY; i++) {
        uint32_t id;

        ck_assert_ptr_null(session_get(f.core, idv[i]));
        fake_make(&f, 0, NULL, &id);
        ck_assert_ptr_null(session_get(f.core, idv[i]));
    }
}
END_TEST

START_TEST(ids_are_not_reused_soon)
{
    static uint32_t seen[1 << 15];
    uint32_t id;

    for (unsigned i = 0; i < sizeof seen / sizeof *seen; i++) {
        struct session_in in = {.type = SESSION_IN_OP};
        struct session_act act;

        in.u.op.op = SESSION_OP_MAKE;
        in.u.op.request = 1;
        ck_assert_int_eq(session_step(f.core, 1, &in, &id), SESSION_E_OK);
        seen[i] = id;
        while (session_next(f.core, &act))
            ;
        in.u.op.op = SESSION_OP_RELEASE;
        in.u.op.session = id;
        ck_assert_int_eq(session_step(f.core, 1, &in, NULL), SESSION_E_OK);
        while (session_next(f.core, &act))
            ;
    }
    for (unsigned i = 0; i < sizeof seen / sizeof *seen; i += 997)
        for (unsigned k = i + 1; k < sizeof seen / sizeof *seen; k++)
            if (seen[i] == seen[k])
                ck_abort_msg("the id of session %u came back with session %u", i, k);
}
END_TEST

/* ---- dial strings and names
 * ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *text, *number, *name;
    bool more;
    enum session_err err;
} dialv[] = {
    {"", "", "", false, SESSION_E_OK},
    {";", "", "", true, SESSION_E_OK},
    {"100", "100", "", false, SESSION_E_OK},
    {"+43 (1) 234-5678", "+4312345678", "", false, SESSION_E_OK},
    {"T9,1!abcd*#", "91ABCD*#", "", false, SESSION_E_OK},
    {"p12.3/4", "1234", "", false, SESSION_E_OK},
    {"12|99^Eva;", "12", "Eva", true, SESSION_E_OK},
    {"12^Eva|99", "12", "Eva", false, SESSION_E_OK},
    {"12^Eva Meier; x", "12", "Eva Meier; x", false, SESSION_E_OK},
    {"12\r\n34$", "12", "", false, SESSION_E_OK},
    {"12^A\r\n34", "12", "A", false, SESSION_E_OK},
    {"1;2", "", "", false, SESSION_E_BADADDRESS},
    {"1x", "", "", false, SESSION_E_BADADDRESS},
    {"\xc3\xa4", "", "", false, SESSION_E_BADADDRESS},
    {"1$", "", "", false, SESSION_E_DIALBILLING},
    {"1@$", "", "", false, SESSION_E_DIALQUIET},
    {"1w", "", "", false, SESSION_E_DIALDIALTONE},
    {"?", "", "", false, SESSION_E_DIALPROMPT},
    {"1x$", "", "", false, SESSION_E_BADADDRESS},
};

START_TEST(dial_strings)
{
    struct session_dial d = {.number = "untouched"};
    enum session_err err = session_dial_parse(dialv[_i].text, strlen(dialv[_i].text), &d);

    ck_assert_int_eq(err, dialv[_i].err);
    ck_assert_str_eq(d.number, err ? "untouched" : dialv[_i].number);
    if (!err) {
        ck_assert_str_eq(d.name, dialv[_i].name);
        ck_assert(d.more == dialv[_i].more);
    }
}
END_TEST

START_TEST(dial_string_limits)
{
    struct session_dial d;
    char text[10001];

    memset(text, '5', sizeof text);
    ck_assert_int_eq(session_dial_parse(text, SESSION_NUMBER_MAX, &d), SESSION_E_OK);
    ck_assert_uint_eq(strlen(d.number), SESSION_NUMBER_MAX);
    ck_assert_int_eq(session_dial_parse(text, SESSION_NUMBER_MAX + 1, &d), SESSION_E_BADADDRESS);
    text[0] = '^';
    ck_assert_int_eq(session_dial_parse(text, SESSION_NAME_MAX + 1, &d), SESSION_E_OK);
    ck_assert_int_eq(session_dial_parse(text, SESSION_NAME_MAX + 2, &d), SESSION_E_BADADDRESS);
    text[3] = '\0';
    ck_assert_int_eq(session_dial_parse(text, 9, &d), SESSION_E_BADADDRESS);
    memset(text, ' ', sizeof text);
    ck_assert_int_eq(session_dial_parse(text, sizeof text, &d), SESSION_E_OK);
    ck_assert_str_eq(d.number, "");
}
END_TEST

START_TEST(names)
{
    for (int i = 0; i < SESSION_E_COUNT; i++)
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(session_err_text((enum session_err)i), session_err_text((enum session_err)k));
    ck_assert_str_eq(session_err_text((enum session_err)99), "unknown error");
    ck_assert_str_eq(session_state_name(SESSION_RINGBACK), "RINGBACK");
    ck_assert_str_eq(session_state_name(3), "?");
    ck_assert_str_eq(session_party_number(NULL), "");
    ck_assert_str_eq(session_party_name(NULL), "");
}
END_TEST

int main(void)
{
    const struct {
        const char *name;
        const TTest *test;
    } testv[] = {
        {"outgoing", make_replies_before_any_state},
        {"outgoing", make_fails_later},
        {"outgoing", make_done_without_leg_fails},
        {"outgoing", make_refusals_do_nothing},
        {"outgoing", whole_outgoing_call},
        {"outgoing", overlap_dialling},
        {"outgoing", no_answer_timer},
        {"outgoing", many_timers_at_once},
        {"incoming", whole_incoming_call},
        {"incoming", caller_gives_up},
        {"incoming", answer_too_late},
        {"incoming", rings_are_counted},
        {"incoming", incoming_not_wanted},
        {"incoming", incoming_nonsense},
        {"reliable", duplicates_change_nothing},
        {"reliable", progress_before_done},
        {"release", release_before_reply},
        {"release", release_only},
        {"release", release_with_requests_pending},
        {"release", drop_twice},
        {"release", drop_crosses_disconnect},
        {"release", drop_refused_by_binding},
        {"release", line_closed_under_calls},
        {"release", free_under_calls},
        {"throttle", max_of_provider},
        {"throttle", max_of_line},
        {"throttle", max_of_address},
        {"throttle", only_if_idle},
        {"throttle", too_many_requests_of_one_session},
        {"status", counts_and_their_events},
        {"status", masks_hold_events_back},
        {"status", app_specific},
        {"status", line_list},
        {"memory", out_of_memory},
        {"memory", core_out_of_memory},
        {"memory", bad_configuration},
        {"memory", memory_comes_back},
        {"memory", ids_are_not_reused_soon},
        {"text", dial_string_limits},
        {"text", names},
    };
    Suite *suite = suite_create("session");
    TCase *tc = NULL;
    SRunner *runner;
    int failed;

    for (unsigned i = 0; i < sizeof testv / sizeof *testv; i++) {
        if (!i || strcmp(testv[i].name, testv[i - 1].name)) {
            tc = tcase_create(testv[i].name);
            tcase_set_timeout(tc, 0);
            tcase_add_checked_fixture(tc, setup, teardown);
            suite_add_tcase(suite, tc);
        }
        tcase_add_test(tc, testv[i].test);
    }
    tcase_add_loop_test(tc, dial_strings, 0, sizeof dialv / sizeof *dialv);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
