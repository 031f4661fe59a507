/* Lines of the core beside their calls: forwarding, call completion, status. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
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

static enum session_err op(struct session_req *req)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = *req};

    in.u.op.request = f.next_request++;
    f.madev[0] = 0;
    return fake_step(&f, &in, f.madev);
}

static struct session_forward to(uint32_t mode, const char *dest, const char *caller)
{
    struct session_forward e = {.mode = mode, .dest = dest, .caller = caller};

    e.dest_len = dest ? strlen(dest) : 0;
    e.caller_len = caller ? strlen(caller) : 0;
    return e;
}

static enum session_err forward(uint32_t line, uint32_t address, uint32_t rings, const struct session_forward *v,
                                uint32_t count)
{
    struct session_req req = {.op = SESSION_OP_FORWARD, .line = line, .address = address, .value = rings};

    req.forwardv = v;
    req.forwardc = count;
    return op(&req);
}

static enum session_err set(uint32_t line, uint32_t bits, bool on)
{
    struct session_req req = {.op = SESSION_OP_SETLINESTATUS, .line = line, .value = bits, .on = on};

    return op(&req);
}

static enum session_err complete(uint32_t session, uint32_t mode, uint32_t *id)
{
    struct session_req req = {.op = SESSION_OP_COMPLETECALL, .session = session, .value = mode};
    enum session_err err = op(&req);

    *id = f.madev[0];
    return err;
}

static enum session_err uncomplete(uint32_t line, uint32_t id)
{
    struct session_req req = {.op = SESSION_OP_UNCOMPLETECALL, .line = line, .completion = id};

    return op(&req);
}

static enum session_err line_ind(enum session_ind_type type, uint32_t line, uint32_t mode, uint32_t completion)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = type;
    in.u.ind.line = line;
    in.u.ind.mode = mode;
    in.u.ind.completion = completion;
    return fake_step(&f, &in, NULL);
}

/* ---- forwarding -------------------------------------------------------------------------------------------------- */

START_TEST(forwarding_is_kept)
{
    struct session_forward v[] = {to(SESSION_FORWARD_BUSY, "+1 (20) 0^Ann", "ignored"),
                                  to(SESSION_FORWARD_UNCOND << 3, NULL, "3 0 0")};
    const struct session_forwards *kept;

    v[0].country = 43;
    ck_assert_ptr_null(session_forwards(f.core, 1, 0));
    ck_assert_int_eq(forward(1, 1, 3, v, 2), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->line, 1);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_FORWARD);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->address, 1);
    ck_assert_ptr_null(session_forwards(f.core, 1, 0));
    kept = session_forwards(f.core, 1, 1);
    ck_assert_ptr_nonnull(kept);
    ck_assert_uint_eq(kept->count, 2);
    ck_assert_uint_eq(kept->rings, 3);
    ck_assert_str_eq(kept->entryv[0].dest, "+1200");
    ck_assert_uint_eq(kept->entryv[0].dest_len, 5);
    ck_assert_uint_eq(kept->entryv[0].country, 43);
    ck_assert_str_eq(kept->entryv[0].caller, "");
    ck_assert_str_eq(kept->entryv[1].caller, "300");
    ck_assert_str_eq(kept->entryv[1].dest, "");
    /* all addresses share one list; those that had it already are told of no change */
    ck_assert_int_eq(forward(1, SESSION_ADDRESS_ALL, 3, v, 2), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 1);
    ck_assert_ptr_eq(session_forwards(f.core, 1, 0), session_forwards(f.core, 1, 1));
    /* nothing cancels, and may be said again */
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(forward(1, SESSION_ADDRESS_ALL, 0, NULL, 0), SESSION_E_OK);
        ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_OK);
        ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_FORWARD)->forwards);
        ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), i ? 0 : 2);
    }
    ck_assert_ptr_null(session_forwards(f.core, 1, 0));
    ck_assert_ptr_null(session_forwards(f.core, 1, 7));
    ck_assert_ptr_null(session_forwards(f.core, 7, 0));
}
END_TEST

START_TEST(rings_are_bounded)
{
    struct session_forward v = to(SESSION_FORWARD_NOANSW, "300", NULL);
    static const uint32_t triedv[][2] = {{0, 1}, {1, 1}, {20, 20}, {21, 20}, {UINT32_MAX, 20}};

    for (size_t i = 0; i < sizeof triedv / sizeof *triedv; i++) {
        ck_assert_int_eq(forward(0, 0, triedv[i][0], &v, 1), SESSION_E_OK);
        ck_assert_uint_eq(session_forwards(f.core, 0, 0)->rings, triedv[i][1]);
    }
}
END_TEST

static const struct {
    const char *name;
    struct session_forward v[2];
    uint32_t count;
    enum session_err err;
} badv[] = {
    {"no mode", {{0, 0, NULL, "300", 0, 3}}, 1, SESSION_E_BADPARAM},
    {"two modes", {{3, 0, NULL, "300", 0, 3}}, 1, SESSION_E_BADPARAM},
    {"UNKNOWN", {{0x10000, 0, NULL, "300", 0, 3}}, 1, SESSION_E_BADPARAM},
    {"no caller", {{8, 0, NULL, "300", 0, 3}}, 1, SESSION_E_BADADDRESS},
    {"half a caller", {{8, 0, "30;", "300", 3, 3}}, 1, SESSION_E_BADADDRESS},
    {"bad caller", {{8, 0, "x", "300", 1, 3}}, 1, SESSION_E_BADADDRESS},
    {"bad number", {{1, 0, NULL, "3x", 0, 2}}, 1, SESSION_E_BADADDRESS},
    {"half a number", {{1, 0, NULL, "30;", 0, 3}}, 1, SESSION_E_BADADDRESS},
    {"prompt", {{1, 0, NULL, "30?", 0, 3}}, 1, SESSION_E_DIALPROMPT},
    {"twice", {{1, 0, NULL, "300", 0, 3}, {1, 0, NULL, "301", 0, 3}}, 2, SESSION_E_BADPARAM},
    {"one caller twice", {{8, 0, "5", "300", 1, 3}, {8, 0, " 5", "301", 2, 3}}, 2, SESSION_E_BADPARAM},
    {"two callers", {{8, 0, "5", "300", 1, 3}, {8, 0, "6", "301", 1, 3}}, 2, SESSION_E_OK},
};

START_TEST(bad_forwarding)
{
    ck_assert_msg(forward(0, 0, 1, badv[_i].v, badv[_i].count) == badv[_i].err, "%s", badv[_i].name);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), badv[_i].err ? 0 : 1);
    ck_assert_int_eq(session_forwards(f.core, 0, 0) == NULL, badv[_i].err != SESSION_E_OK);
}
END_TEST

START_TEST(limits_of_forwarding)
{
    struct session_forward v[SESSION_FORWARD_MAX + 1];
    char callers[SESSION_FORWARD_MAX][8];

    for (uint32_t i = 0; i < SESSION_FORWARD_MAX; i++) {
        callers[i][0] = (char)('0' + i / 10);
        callers[i][1] = (char)('0' + i % 10);
        callers[i][2] = 0;
        v[i] = to(i < 16 ? 1u << i : SESSION_FORWARD_BUSY << 3, "300", callers[i]);
    }
    v[SESSION_FORWARD_MAX] = v[0];
    ck_assert_int_eq(forward(0, 0, 1, v, SESSION_FORWARD_MAX + 1), SESSION_E_BADPARAM);
    /* four of the modes name a caller, and 16 more are too many */
    ck_assert_int_eq(forward(0, 0, 1, v, SESSION_FORWARD_MAX), SESSION_E_BADPARAM);
    ck_assert_int_eq(forward(0, 0, 1, v, 16 + SESSION_FORWARD_SPECIFIC_MAX - 4), SESSION_E_OK);
    ck_assert_int_eq(forward(0, 0, 1, NULL, 1), SESSION_E_BADPARAM);
    ck_assert_int_eq(forward(0, 1, 1, v, 1), SESSION_E_BADADDRESSID);
    ck_assert_int_eq(forward(9, 0, 1, v, 1), SESSION_E_BADLINE);
    ck_assert_int_eq(fake_close(&f, 0), SESSION_E_OK);
    ck_assert_int_eq(forward(0, 0, 1, v, 1), SESSION_E_BADLINE);
    ck_assert_ptr_nonnull(session_forwards(f.core, 0, 0)); /* it stays */
}
END_TEST

/* The switch refuses: nothing has changed. */
START_TEST(forwarding_is_refused)
{
    struct session_forward v = to(SESSION_FORWARD_UNCOND, "300", NULL), other = to(SESSION_FORWARD_UNCOND, "301", NULL);

    ck_assert_int_eq(forward(0, 0, 1, &v, 1), SESSION_E_OK);
    f.answer_err = SESSION_E_BADADDRESS;
    ck_assert_int_eq(forward(0, 0, 1, &other, 1), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_BADADDRESS);
    ck_assert_str_eq(session_forwards(f.core, 0, 0)->entryv[0].dest, "300");
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 0);
    for (f.left = 0; f.left < 2; f.left++) {
        long left = f.left;

        ck_assert_int_eq(forward(0, 0, 1, &other, 1), left ? SESSION_E_OK : SESSION_E_NOMEM);
        f.left = left;
    }
    f.left = -1;
}
END_TEST

/* The line is closed while the switch is at it: the request has failed, and it happens all the same. */
START_TEST(closed_meanwhile)
{
    struct session_forward v = to(SESSION_FORWARD_UNCOND, "300", NULL);
    struct session_in open = {.type = SESSION_IN_LINE_OPEN};
    uint32_t token;

    f.answer = false;
    ck_assert_int_eq(forward(0, 0, 1, &v, 1), SESSION_E_OK);
    token = fake_cmd(&f, SESSION_CMD_FORWARD)->token;
    ck_assert_int_eq(set(0, SESSION_STATUS_LOCKED, true), SESSION_E_OK);
    ck_assert_uint_eq(session_pending(f.core), 2);
    ck_assert_int_eq(fake_close(&f, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_REPLY), 2);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
    ck_assert_uint_eq(session_pending(f.core), 0);
    ck_assert_int_eq(fake_done(&f, 0, token, 0, SESSION_E_OK), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_str_eq(session_forwards(f.core, 0, 0)->entryv[0].dest, "300");
    ck_assert_int_eq(fake_step(&f, &open, NULL), SESSION_E_OK);
    ck_assert_uint_eq(session_line_status(f.core, 0), SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE);
}
END_TEST

START_TEST(requests_of_a_line_are_bounded)
{
    f.answer = false;
    for (int i = 0; i < 16; i++)
        ck_assert_int_eq(set(0, SESSION_STATUS_MSGWAIT, true), SESSION_E_OK);
    ck_assert_int_eq(set(0, SESSION_STATUS_MSGWAIT, true), SESSION_E_RESOURCE);
    ck_assert_int_eq(forward(0, 0, 0, NULL, 0), SESSION_E_RESOURCE);
    ck_assert_int_eq(set(1, SESSION_STATUS_MSGWAIT, true), SESSION_E_OK);
}
END_TEST

/* ---- status ------------------------------------------------------------------------------------------------------ */

START_TEST(message_waits)
{
    for (int i = 0; i < 2; i++) { /* what has not changed is not told */
        ck_assert_int_eq(set(1, SESSION_STATUS_MSGWAIT, true), SESSION_E_OK);
        ck_assert_uint_eq(fake_count(&f, SESSION_ACT_LAMP), i ? 0 : 1);
        ck_assert_uint_eq(fake_count(&f, SESSION_ACT_LINE), i ? 0 : 1);
    }
    ck_assert_int_eq(set(1, SESSION_STATUS_MSGWAIT, false), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_MSGWAITOFF);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LAMP, 0)->state, 0);
    ck_assert_int_eq(line_ind(SESSION_IND_MESSAGE, 1, 0, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_MSGWAITON);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LAMP, 0)->line, 1);
    ck_assert_int_eq(line_ind(SESSION_IND_MESSAGE, 9, 0, 0), SESSION_E_BADPARAM);
    /* it stays when nobody has the line, and a telephone may put it out */
    ck_assert_int_eq(fake_close(&f, 1), SESSION_E_OK);
    ck_assert_uint_ne(session_line_status(f.core, 1) & SESSION_STATUS_MSGWAIT, 0);
    ck_assert_int_eq(set(1, SESSION_STATUS_MSGWAIT, false), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_LAMP), 1);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_LINE), 0);
    ck_assert_int_eq(set(1, SESSION_STATUS_CONNECTED, false), SESSION_E_BADLINESTATUS);
    ck_assert_int_eq(set(1, 0, false), SESSION_E_BADLINESTATUS);
    ck_assert_int_eq(set(9, SESSION_STATUS_MSGWAIT, false), SESSION_E_BADLINE);
}
END_TEST

/* Locked: no calls from the line. Out of service: none to it either. */
START_TEST(locked_and_out_of_service)
{
    uint32_t make = session_contract(SESSION_OP_MAKE)->line_feature, id;

    ck_assert_int_eq(set(0, SESSION_STATUS_LOCKED, true), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_LOCK);
    ck_assert_int_eq(fake_make(&f, 0, "200", NULL), SESSION_E_CALLUNAVAIL);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_SETUPCONF, 0), SESSION_E_CALLUNAVAIL);
    ck_assert_uint_eq(session_line_features(f.core, 0, false) & make, 0);
    ck_assert_uint_eq(
        session_address_features(f.core, 0, 0, false) & session_contract(SESSION_OP_MAKE)->address_feature, 0);
    ck_assert_uint_ne(session_line_features(f.core, 0, true) & make, 0);
    ck_assert_int_eq(fake_incoming(&f, 0, 7, "1"), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_NEW), 1);
    ck_assert_int_eq(set(0, SESSION_STATUS_LOCKED, false), SESSION_E_OK);
    ck_assert_int_eq(set(0, SESSION_STATUS_INSERVICE, false), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_OUTOFSERVICE);
    ck_assert_int_eq(fake_make(&f, 0, "200", NULL), SESSION_E_CALLUNAVAIL);
    ck_assert_int_eq(fake_incoming(&f, 0, 8, "1"), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_REJECT)->mode, SESSION_DISC_OUTOFORDER);
    ck_assert_int_eq(set(0, SESSION_STATUS_INSERVICE, true), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_INSERVICE);
    ck_assert_int_eq(fake_make(&f, 0, "200", &id), SESSION_E_OK);
    fake_release_all(&f);
}
END_TEST

/* ---- call completion --------------------------------------------------------------------------------------------- */

START_TEST(completion_is_under_way)
{
    uint32_t id, session = fake_in_state(&f, SESSION_BUSY),
                 feature = session_contract(SESSION_OP_UNCOMPLETECALL)->address_feature;
    struct session_in in = {.type = SESSION_IN_IND};

    ck_assert_uint_eq(session_completion_modes(f.core, session), SESSION_COMPL_ALL);
    ck_assert_uint_eq(session_address_features(f.core, 0, 0, false) & feature, 0);
    ck_assert_int_eq(complete(session, SESSION_COMPL_CALLBACK, &id), SESSION_E_OK);
    ck_assert_uint_ne(id, 0);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_COMPLETE)->completion, id);
    ck_assert_uint_eq(fake_state(&f, session), SESSION_IDLE);
    ck_assert_uint_eq(session_completion_modes(f.core, session), 0);
    ck_assert_uint_eq(session_completions(f.core, 0), 1);
    ck_assert_uint_ne(session_address_features(f.core, 0, 0, false) & feature, 0);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_NUMCOMPLETIONS);
    /* it comes */
    in.u.ind.type = SESSION_IND_INCOMING;
    in.u.ind.leg = 99;
    in.u.ind.reason = SESSION_REASON_CALLCOMPLETION;
    in.u.ind.completion = id;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    session = fake_find(&f, SESSION_ACT_NEW, 0)->session;
    ck_assert_uint_eq(session_get(f.core, session)->completion_id, id);
    ck_assert_uint_eq(session_get(f.core, session)->reason, SESSION_REASON_CALLCOMPLETION);
    ck_assert_uint_eq(session_completions(f.core, 0), 0);
    ck_assert_int_eq(uncomplete(0, id), SESSION_E_BADCOMPLETION);
    fake_release_all(&f);
}
END_TEST

START_TEST(completion_is_cancelled)
{
    uint32_t id, session = fake_in_state(&f, SESSION_RINGBACK);

    ck_assert_uint_eq(session_completion_modes(f.core, session), SESSION_COMPL_CALLBACK | SESSION_COMPL_MESSAGE);
    ck_assert_int_eq(complete(session, SESSION_COMPL_CALLBACK, &id), SESSION_E_OK);
    ck_assert_int_eq(uncomplete(1, id), SESSION_E_BADCOMPLETION);
    ck_assert_int_eq(uncomplete(0, id + 1), SESSION_E_BADCOMPLETION);
    ck_assert_int_eq(uncomplete(0, id), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_OK);
    ck_assert_uint_eq(session_completions(f.core, 0), 0);
    ck_assert_int_eq(complete(fake_in_state(&f, SESSION_BUSY), SESSION_COMPL_CAMPON, &id), SESSION_E_OK);
    ck_assert_int_eq(line_ind(SESSION_IND_COMPLETION, 0, 0, id + 1), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    ck_assert_int_eq(line_ind(SESSION_IND_COMPLETION, 0, 0, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 1)->bits, SESSION_LINE_COMPLCANCEL);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 1)->count, id);
    /* closing the line takes back what is under way */
    ck_assert_int_eq(complete(fake_in_state(&f, SESSION_BUSY), SESSION_COMPL_CAMPON, &id), SESSION_E_OK);
    ck_assert_int_eq(fake_close(&f, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_UNCOMPLETE)->completion, id);
    ck_assert_uint_eq(session_completions(f.core, 0), 0);
}
END_TEST

START_TEST(completion_is_refused)
{
    uint32_t id, session = fake_in_state(&f, SESSION_BUSY);
    struct session_req req = {.op = SESSION_OP_COMPLETECALL, .session = session, .value = SESSION_COMPL_MESSAGE};

    ck_assert_int_eq(complete(session, 3, &id), SESSION_E_BADCOMPLMODE);
    ck_assert_int_eq(complete(session, 0x10, &id), SESSION_E_BADCOMPLMODE);
    req.message = SESSION_MESSAGES;
    ck_assert_int_eq(op(&req), SESSION_E_BADMESSAGE);
    req.message = SESSION_MESSAGES - 1;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_COMPLETE)->message, SESSION_MESSAGES - 1);
    ck_assert_uint_eq(fake_state(&f, session), SESSION_IDLE);
    ck_assert_uint_eq(session_completions(f.core, 0), 0);
    session = fake_in_state(&f, SESSION_RINGBACK);
    ck_assert_int_eq(complete(session, SESSION_COMPL_INTRUDE, &id), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_BADSTATE);
    ck_assert_uint_eq(fake_state(&f, session), SESSION_RINGBACK);
    f.answer_err = SESSION_E_FAILED;
    ck_assert_int_eq(complete(session, SESSION_COMPL_CALLBACK, &id), SESSION_E_OK);
    ck_assert_uint_eq(fake_state(&f, session), SESSION_RINGBACK);
    ck_assert_uint_eq(session_completions(f.core, 0), 0);
    f.left = 0;
    ck_assert_int_eq(complete(session, SESSION_COMPL_CALLBACK, &id), SESSION_E_NOMEM);
    f.left = -1;
}
END_TEST

START_TEST(completions_are_bounded)
{
    uint32_t id = 0, session;

    for (int i = 0; i < SESSION_COMPLETIONS_MAX - 1; i++)
        ck_assert_int_eq(complete(fake_in_state(&f, SESSION_BUSY), SESSION_COMPL_CALLBACK, &id), SESSION_E_OK);
    session = fake_in_state(&f, SESSION_BUSY);
    f.answer = false; /* one that is being asked for counts */
    ck_assert_int_eq(complete(session, SESSION_COMPL_CALLBACK, &id), SESSION_E_OK);
    f.answer = true;
    session = fake_in_state(&f, SESSION_BUSY);
    ck_assert_int_eq(complete(session, SESSION_COMPL_CAMPON, &id), SESSION_E_COMPLOVERRUN);
    ck_assert_int_eq(complete(session, SESSION_COMPL_MESSAGE, &id), SESSION_E_OK); /* is over at once */
    fake_release_all(&f);
    ck_assert_uint_eq(session_completions(f.core, 0), SESSION_COMPLETIONS_MAX - 1);
    ck_assert_int_eq(complete(fake_in_state(&f, SESSION_BUSY), SESSION_COMPL_CAMPON, &id), SESSION_E_OK);
}
END_TEST

START_TEST(intrusion)
{
    uint32_t id, session = fake_in_state(&f, SESSION_BUSY);

    ck_assert_int_eq(complete(session, SESSION_COMPL_INTRUDE, &id), SESSION_E_OK);
    ck_assert_uint_eq(fake_state(&f, session), SESSION_CONNECTED);
    ck_assert_uint_eq(session_completions(f.core, 0), 0);
    ck_assert_uint_ne(session_call_features(f.core, session) & session_contract(SESSION_OP_HOLD)->call_feature, 0);
    fake_release_all(&f);
}
END_TEST

/* The call has gone when the switch says that it has taken the completion: nobody knows its id. */
START_TEST(taken_too_late)
{
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t id, session = fake_in_state(&f, SESSION_BUSY);

    f.answer = false;
    ck_assert_int_eq(complete(session, SESSION_COMPL_CALLBACK, &id), SESSION_E_OK);
    in.u.ind.type = SESSION_IND_DONE;
    in.u.ind.session = session;
    in.u.ind.token = fake_cmd(&f, SESSION_CMD_COMPLETE)->token;
    in.u.ind.completion = id;
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, session), SESSION_E_OK);
    ck_assert_int_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->err, SESSION_E_FAILED);
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_UNCOMPLETE)->completion, id);
}
END_TEST

/* A watched line says when one of its sessions has ended. */
START_TEST(watched)
{
    uint32_t id, other;

    ck_assert_int_eq(line_ind(SESSION_IND_WATCH, 0, 1, 0), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_FREE)->mode, 0); /* at once */
    ck_assert_int_eq(fake_make(&f, 0, "200", &id), SESSION_E_OK);
    ck_assert_int_eq(fake_make(&f, 0, "201", &other), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_FREE)->mode, 1);
    ck_assert(fake_cmd(&f, SESSION_CMD_FREE)->on);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_FREE)); /* it was said */
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, other), SESSION_E_OK);
    ck_assert_uint_eq(fake_cmd(&f, SESSION_CMD_FREE)->mode, 0);
    ck_assert_int_eq(line_ind(SESSION_IND_WATCH, 0, 0, 0), SESSION_E_OK);
    ck_assert_int_eq(fake_make(&f, 0, "200", &id), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_FREE));
    ck_assert_int_eq(line_ind(SESSION_IND_WATCH, 9, 1, 0), SESSION_E_BADPARAM);
    fake_release_all(&f);
}
END_TEST

START_TEST(texts)
{
    for (uint32_t i = 0; i < SESSION_MESSAGES; i++)
        ck_assert_str_ne(session_message_text(i), "");
    ck_assert_str_eq(session_message_text(SESSION_MESSAGES), "");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("session_forward");
    TCase *tc = tcase_create("lines");
    SRunner *sr;
    int failed;

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, forwarding_is_kept);
    tcase_add_test(tc, rings_are_bounded);
    tcase_add_loop_test(tc, bad_forwarding, 0, (int)(sizeof badv / sizeof *badv));
    tcase_add_test(tc, limits_of_forwarding);
    tcase_add_test(tc, forwarding_is_refused);
    tcase_add_test(tc, closed_meanwhile);
    tcase_add_test(tc, requests_of_a_line_are_bounded);
    tcase_add_test(tc, message_waits);
    tcase_add_test(tc, locked_and_out_of_service);
    tcase_add_test(tc, completion_is_under_way);
    tcase_add_test(tc, completion_is_cancelled);
    tcase_add_test(tc, completion_is_refused);
    tcase_add_test(tc, completions_are_bounded);
    tcase_add_test(tc, intrusion);
    tcase_add_test(tc, taken_too_late);
    tcase_add_test(tc, watched);
    tcase_add_test(tc, texts);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
