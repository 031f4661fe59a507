/* The core's control of calls that are up, its binding played by the test: hold, consultation, transfer, conference,
 * park and pickup. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fake_core f;
static char text[1024];

static void setup(void)
{
    fake_start(&f, NULL);
}

static void teardown(void)
{
    fake_end(&f);
}

/* What the last input made, but counts and lines: "reply ok, 2 ONHOLD, > HOLD", sessions by their order of making. */
static const char *said(void)
{
    static const char *const cmdv[] = {
        [SESSION_CMD_PLACE] = "PLACE",
        [SESSION_CMD_DROP] = "DROP",
        [SESSION_CMD_HOLD] = "HOLD",
        [SESSION_CMD_UNHOLD] = "UNHOLD",
        [SESSION_CMD_SWAP] = "SWAP",
        [SESSION_CMD_CONSULT] = "CONSULT",
        [SESSION_CMD_TRANSFER] = "TRANSFER",
        [SESSION_CMD_DEFLECT] = "DEFLECT",
        [SESSION_CMD_SETUPCONF] = "SETUPCONF",
        [SESSION_CMD_CONFERENCE] = "CONFERENCE",
        [SESSION_CMD_ADD] = "ADD",
        [SESSION_CMD_COLLAPSE] = "COLLAPSE",
        [SESSION_CMD_PARK] = "PARK",
        [SESSION_CMD_UNPARK] = "UNPARK",
        [SESSION_CMD_PICKUP] = "PICKUP",
    };
    size_t len = 0;

    text[0] = '\0';
    for (unsigned i = 0; i < f.actc; i++) {
        const struct session_act *a = &f.actv[i];
        const struct session_info *info = session_get(f.core, a->session);
        unsigned id = info ? (unsigned)info->call_id : 0;
        char one[80] = "";

        if (a->type == SESSION_ACT_REPLY) {
            (void)snprintf(one, sizeof one, a->err ? "reply %s" : "reply", session_err_text(a->err));
        } else if (a->type == SESSION_ACT_STATE) {
            (void)snprintf(one, sizeof one, "%u %s", id, session_state_name(a->state));
        } else if (a->type == SESSION_ACT_COMMAND && a->cmd.type < sizeof cmdv / sizeof *cmdv && cmdv[a->cmd.type]) {
            (void)snprintf(one, sizeof one, "> %s %u", cmdv[a->cmd.type], (unsigned)a->cmd.leg);
            if (a->cmd.leg2)
                (void)snprintf(one + strlen(one), sizeof one - strlen(one), "+%u", (unsigned)a->cmd.leg2);
        }
        if (one[0] && len < sizeof text)
            len += (size_t)snprintf(text + len, sizeof text - len, "%s%s", len ? ", " : "", one);
    }
    return text;
}

#define says(expected) ck_assert_str_eq(said(), expected)
#define OP(...) ck_assert_int_eq(fake_op2(&f, __VA_ARGS__), SESSION_E_OK)

/* The command of the last input is done, or refused, as late as the test likes. */
static void done(uint32_t token, uint32_t session, uint32_t leg, enum session_err err)
{
    ck_assert_int_eq(fake_done(&f, session, token, leg, err), SESSION_E_OK);
}

static uint32_t token(void)
{
    for (unsigned i = 0; i < f.actc; i++)
        if (f.actv[i].type == SESSION_ACT_COMMAND && f.actv[i].cmd.token)
            return f.actv[i].cmd.token;
    ck_abort_msg("no command");
    return 0;
}

/* A consultation call of `id` that is connected; its leg is the last one. */
static uint32_t consulting(uint32_t id)
{
    uint32_t consult;

    OP(SESSION_OP_SETUPTRANSFER, id, 0, 0);
    consult = f.madev[0];
    ck_assert_int_eq(fake_progress(&f, consult, f.next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
    return consult;
}

START_TEST(hold_and_unhold)
{
    uint32_t id = fake_connected(&f, "200");

    OP(SESSION_OP_HOLD, id, 0, 0);
    says("> HOLD 1, reply, 1 ONHOLD");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, id), SESSION_E_BADSTATE);
    OP(SESSION_OP_UNHOLD, id, 0, 0);
    says("> UNHOLD 1, reply, 1 CONNECTED");
    f.answer_err = SESSION_E_FAILED;
    OP(SESSION_OP_HOLD, id, 0, 0);
    says("> HOLD 1, reply operation failed");
    ck_assert_uint_eq(fake_state(&f, id), SESSION_CONNECTED);
}
END_TEST

/* The far end is faster than the answer: a hold of a call that has ended has not succeeded, and holds nothing. */
START_TEST(held_too_late)
{
    static const enum session_op opv[] = {SESSION_OP_HOLD, SESSION_OP_SETUPTRANSFER, SESSION_OP_SETUPCONF};
    uint32_t id = fake_connected(&f, "200"), t, leg = f.next_leg;

    f.answer = false;
    OP(opv[_i], id, 0, 0);
    t = token();
    ck_assert_int_eq(fake_progress(&f, id, leg, SESSION_DISCONNECTED, 1), SESSION_E_OK);
    f.answer = true;
    done(t, id, leg, SESSION_E_OK);
    says("reply not allowed in the state the session is in");
    ck_assert_uint_eq(fake_state(&f, id), SESSION_DISCONNECTED);
    ck_assert_uint_eq(session_live(f.core), 1); /* what it was to make is gone */
}
END_TEST

START_TEST(swap)
{
    uint32_t a = fake_connected(&f, "200"), b;

    OP(SESSION_OP_HOLD, a, 0, 0);
    b = fake_connected(&f, "201");
    ck_assert_int_eq(fake_op2(&f, SESSION_OP_SWAPHOLD, a, b, 0), SESSION_E_BADSTATE);
    OP(SESSION_OP_SWAPHOLD, b, a, 0);
    says("> SWAP 2+1, reply, 2 ONHOLD, 1 CONNECTED");
    f.answer_err = SESSION_E_BADSTATE;
    OP(SESSION_OP_SWAPHOLD, a, b, 0);
    says("> SWAP 1+2, reply not allowed in the state the session is in");
    ck_assert_uint_eq(fake_state(&f, a), SESSION_CONNECTED);
}
END_TEST

/* Of a consultation: the call that was held for it is now the one that is asked. */
START_TEST(swap_of_a_consultation)
{
    uint32_t a = fake_connected(&f, "200"), b = consulting(a);

    OP(SESSION_OP_SWAPHOLD, b, a, 0);
    says("> SWAP 2+1, reply, 2 ONHOLDPENDTRANSFER, 1 CONNECTED");
    OP(SESSION_OP_COMPLETETRANSFER, b, a, SESSION_TRANSFER_TRANSFER);
    says("> TRANSFER 2+1, reply, 2 IDLE, 1 IDLE");
}
END_TEST

START_TEST(swapped_too_late)
{
    uint32_t a = fake_connected(&f, "200"), b, t;

    OP(SESSION_OP_HOLD, a, 0, 0);
    b = fake_connected(&f, "201");
    f.answer = false;
    OP(SESSION_OP_SWAPHOLD, b, a, 0);
    t = token();
    ck_assert_int_eq(fake_progress(&f, b, 2, SESSION_DISCONNECTED, 1), SESSION_E_OK);
    done(t, b, 2, SESSION_E_OK);
    says("reply not allowed in the state the session is in, 1 CONNECTED");
}
END_TEST

START_TEST(consultation)
{
    uint32_t a = fake_connected(&f, "200"), b;

    OP(SESSION_OP_SETUPTRANSFER, a, 0, 0);
    says("> CONSULT 1, reply, 1 ONHOLDPENDTRANSFER");
    b = f.madev[0];
    ck_assert_uint_eq(fake_state(&f, b), SESSION_UNKNOWN); /* until its tone is there */
    ck_assert_uint_eq(session_get(f.core, b)->related_call_id, session_get(f.core, a)->call_id);
    ck_assert_int_eq(fake_progress(&f, b, f.next_leg, SESSION_DIALTONE, 1), SESSION_E_OK);
    ck_assert_uint_eq(session_call_features(f.core, a) & session_contract(SESSION_OP_COMPLETETRANSFER)->call_feature,
                      0);
    OP(SESSION_OP_DROP, b, 0, 0);
    says("> DROP 2, reply, 2 IDLE, > UNHOLD 1, 1 CONNECTED");
    b = consulting(a);
    OP(SESSION_OP_UNHOLD, a, 0, 0);
    says("> UNHOLD 1, reply, 1 CONNECTED, > DROP 3, 3 IDLE");
    b = consulting(a);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, b), SESSION_E_OK);
    says("> DROP 4, > UNHOLD 1, 1 CONNECTED");
    b = consulting(a);
    ck_assert_int_eq(fake_progress(&f, a, 1, SESSION_DISCONNECTED, 1), SESSION_E_OK);
    says("1 DISCONNECTED"); /* a call of its own now */
    ck_assert_uint_eq(fake_state(&f, b), SESSION_CONNECTED);
    f.answer_err = SESSION_E_NOMEM;
    ck_assert_int_eq(fake_op(&f, SESSION_OP_SETUPTRANSFER, b), SESSION_E_OK);
    says("> CONSULT 5, reply out of memory");
    ck_assert_uint_eq(session_live(f.core), 4);
}
END_TEST

START_TEST(transfer)
{
    uint32_t a = fake_connected(&f, "200"), b = consulting(a);

    ck_assert_int_eq(fake_op2(&f, SESSION_OP_COMPLETETRANSFER, a, b, 9), SESSION_E_BADPARAM);
    f.answer_err = SESSION_E_FAILED;
    OP(SESSION_OP_COMPLETETRANSFER, a, b, SESSION_TRANSFER_TRANSFER);
    says("> TRANSFER 1+2, reply operation failed");
    f.answer_err = SESSION_E_OK;
    OP(SESSION_OP_COMPLETETRANSFER, a, b, SESSION_TRANSFER_TRANSFER);
    says("> TRANSFER 1+2, reply, 1 IDLE, 2 IDLE");
}
END_TEST

/* lineCompleteTransfer: the call may be on hold of whatever kind, and its target any other call of the address. */
START_TEST(transfer_of_a_held_call)
{
    uint32_t a = fake_connected(&f, "200"), b, c, bit = session_contract(SESSION_OP_COMPLETETRANSFER)->call_feature;

    OP(SESSION_OP_HOLD, a, 0, 0);
    ck_assert_uint_eq(session_call_features(f.core, a) & bit, 0); /* to whom? */
    b = fake_connected(&f, "201");
    ck_assert_uint_ne(session_call_features(f.core, a) & bit, 0);
    c = consulting(b); /* this belongs to another */
    ck_assert_uint_eq(session_call_features(f.core, a) & bit, 0);
    OP(SESSION_OP_COMPLETETRANSFER, a, c, SESSION_TRANSFER_TRANSFER);
    says("reply not allowed in the state the session is in");
    OP(SESSION_OP_DROP, c, 0, 0);
    OP(SESSION_OP_COMPLETETRANSFER, a, b, SESSION_TRANSFER_TRANSFER);
    says("> TRANSFER 1+2, reply, 1 IDLE, 2 IDLE");

    /* one that waits for its consultation call is sent elsewhere: that call is one like others */
    a = fake_connected(&f, "200");
    c = consulting(a);
    b = fake_connected(&f, "202");
    OP(SESSION_OP_COMPLETETRANSFER, a, b, SESSION_TRANSFER_TRANSFER);
    says("> TRANSFER 4+6, reply, 4 IDLE, 6 IDLE");
    ck_assert_uint_eq(fake_state(&f, c), SESSION_CONNECTED);

    /* and a conference comes of two such calls as well */
    OP(SESSION_OP_HOLD, c, 0, 0);
    b = fake_connected(&f, "203");
    OP(SESSION_OP_COMPLETETRANSFER, c, b, SESSION_TRANSFER_CONFERENCE);
    says("> CONFERENCE 7+5, reply, 8 CONNECTED, 5 CONFERENCED, 7 CONFERENCED");
    ck_assert_uint_eq(session_call_features(f.core, f.madev[0]) & bit, 0);
}
END_TEST

START_TEST(transfer_on_one_address_only)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t id[2] = {0, 0}, idv[2];

    for (uint32_t address = 0; address < 2; address++) {
        in.u.op.op = SESSION_OP_MAKE;
        in.u.op.request = f.next_request++;
        in.u.op.line = 1;
        in.u.op.address = address;
        in.u.op.dest = "200";
        in.u.op.dest_len = 3;
        ck_assert_int_eq(fake_step(&f, &in, idv), SESSION_E_OK);
        id[address] = idv[0];
        ck_assert_int_eq(fake_progress(&f, idv[0], f.next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
    }
    OP(SESSION_OP_HOLD, id[0], 0, 0);
    OP(SESSION_OP_COMPLETETRANSFER, id[0], id[1], SESSION_TRANSFER_TRANSFER);
    says("reply not allowed in the state the session is in");
    ck_assert_uint_eq(
        session_call_features(f.core, id[0]) & session_contract(SESSION_OP_COMPLETETRANSFER)->call_feature, 0);
}
END_TEST

START_TEST(blind_transfer_and_redirect)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t id = fake_connected(&f, "200");

    in.u.op.op = SESSION_OP_BLINDTRANSFER;
    in.u.op.session = id;
    in.u.op.request = f.next_request++;
    for (int i = 0; i < 3; i++) {
        static const char *const numberv[] = {"", "30;", "x"};

        in.u.op.dest = numberv[i];
        in.u.op.dest_len = strlen(numberv[i]);
        ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_BADADDRESS);
        ck_assert_uint_eq(f.actc, 0);
    }
    f.answer_err = SESSION_E_BADADDRESS; /* the binding knows no such number */
    OP(SESSION_OP_BLINDTRANSFER, id, 0, 0);
    says("> DEFLECT 1, reply address is not dialable");
    f.answer_err = SESSION_E_OK;
    OP(SESSION_OP_BLINDTRANSFER, id, 0, 0);
    says("> DEFLECT 1, reply, 1 IDLE");
    ck_assert_int_eq(fake_incoming(&f, 0, 9, "5"), SESSION_E_OK);
    OP(SESSION_OP_REDIRECT, session_after(f.core, id), 0, 0);
    says("> DEFLECT 9, reply, 2 IDLE");
}
END_TEST

START_TEST(conference_of_a_call)
{
    uint32_t a = fake_connected(&f, "200"), parent, b, c;

    ck_assert_int_eq(fake_op2(&f, SESSION_OP_SETUPCONF, a, 0, 99), SESSION_E_CONFFULL);
    OP(SESSION_OP_SETUPCONF, a, 0, 3);
    says("> SETUPCONF 1, reply, 3 ONHOLDPENDCONF, 1 CONFERENCED");
    parent = f.madev[0];
    b = f.madev[1];
    ck_assert_uint_eq(session_get(f.core, a)->mode, parent);
    ck_assert_int_eq(fake_progress(&f, b, 2, SESSION_CONNECTED, 1), SESSION_E_OK);
    OP(SESSION_OP_ADDTOCONF, parent, b, 0);
    says("> ADD 3+2, reply, 3 CONNECTED, 2 CONFERENCED");
    OP(SESSION_OP_PREPAREADDCONF, parent, 0, 0);
    says("> CONSULT 3, reply, 3 ONHOLDPENDCONF");
    c = f.madev[0];
    ck_assert_int_eq(fake_progress(&f, c, 4, SESSION_CONNECTED, 1), SESSION_E_OK);
    OP(SESSION_OP_ADDTOCONF, parent, c, 0);
    says("> ADD 3+4, reply, 3 CONNECTED, 4 CONFERENCED");
    ck_assert_uint_eq(session_call_features(f.core, parent) & session_contract(SESSION_OP_PARK)->call_feature, 0);
    OP(SESSION_OP_PARK, parent, 0, 0);
    says("reply not allowed in the state the session is in"); /* nobody is there who could wait */
    OP(SESSION_OP_REMOVEFROMCONF, b, 0, 0);
    says("> DROP 2, reply, 2 IDLE");
    ck_assert_int_eq(fake_progress(&f, c, 4, SESSION_DISCONNECTED, 1), SESSION_E_OK);
    says("4 DISCONNECTED, > COLLAPSE 3+1, 3 IDLE, 1 CONNECTED"); /* one is no conference */
}
END_TEST

START_TEST(conference_dropped)
{
    uint32_t a = fake_connected(&f, "200"), parent, b;

    OP(SESSION_OP_SETUPCONF, a, 0, 0);
    parent = f.madev[0];
    b = f.madev[1];
    ck_assert_int_eq(fake_progress(&f, b, 2, SESSION_CONNECTED, 1), SESSION_E_OK);
    OP(SESSION_OP_ADDTOCONF, parent, b, 0);
    OP(SESSION_OP_DROP, parent, 0, 0);
    says("> DROP 3, reply, 3 IDLE, > DROP 1, 1 IDLE, > DROP 2, 2 IDLE");
}
END_TEST

START_TEST(conference_of_nobody)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t idv[2];

    in.u.op.op = SESSION_OP_SETUPCONF;
    in.u.op.request = f.next_request++;
    ck_assert_int_eq(fake_step(&f, &in, idv), SESSION_E_OK);
    says("> SETUPCONF 0, reply, 1 ONHOLDPENDCONF");
    OP(SESSION_OP_DROP, idv[1], 0, 0);
    says("> DROP 1, reply, 2 IDLE, > COLLAPSE 2, 1 IDLE"); /* nobody will come */
    in.u.op.line = 7;
    ck_assert_int_eq(fake_step(&f, &in, idv), SESSION_E_BADLINE);
    in.u.op.line = 0;
    in.u.op.address = 7;
    ck_assert_int_eq(fake_step(&f, &in, idv), SESSION_E_BADADDRESSID);
}
END_TEST

START_TEST(conference_is_full)
{
    struct session_conf conf = {.binding_ops = UINT64_MAX, .max_conference = 3};
    struct fake_core g = f;
    uint32_t a, b, c;

    fake_start(&f, &conf);
    a = fake_connected(&f, "200");
    OP(SESSION_OP_SETUPCONF, a, 0, 0);
    b = f.madev[1];
    a = f.madev[0];
    ck_assert_int_eq(fake_progress(&f, b, 2, SESSION_CONNECTED, 1), SESSION_E_OK);
    OP(SESSION_OP_ADDTOCONF, a, b, 0);
    c = fake_connected(&f, "201");
    OP(SESSION_OP_PREPAREADDCONF, a, 0, 0);
    says("reply conference has as many parties as it may");
    OP(SESSION_OP_HOLD, a, 0, 0);
    OP(SESSION_OP_ADDTOCONF, a, c, 0);
    says("reply conference has as many parties as it may");
    fake_release_all(&f);
    fake_end(&f);
    f = g;
}
END_TEST

/* ---- park and pickup --------------------------------------------------------------------------------------------- */

static enum session_err park(uint32_t id, uint32_t mode, const char *dest)
{
    struct session_in in = {.type = SESSION_IN_OP};

    in.u.op.op = SESSION_OP_PARK;
    in.u.op.session = id;
    in.u.op.request = f.next_request++;
    in.u.op.value = mode;
    in.u.op.user = 4711;
    in.u.op.dest = dest;
    in.u.op.dest_len = dest ? strlen(dest) : 0;
    return fake_step(&f, &in, NULL);
}

START_TEST(parked)
{
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t id = fake_connected(&f, "200"), t;

    ck_assert_int_eq(park(id, 0, "70"), SESSION_E_BADPARAM);
    ck_assert_int_eq(park(id, 3, "70"), SESSION_E_BADPARAM);
    ck_assert_int_eq(park(id, SESSION_PARK_DIRECTED, NULL), SESSION_E_BADADDRESS);
    ck_assert_int_eq(park(id, SESSION_PARK_DIRECTED, "7;"), SESSION_E_BADADDRESS);
    ck_assert_int_eq(park(id, SESSION_PARK_DIRECTED, "$"), SESSION_E_DIALBILLING);
    f.answer_err = SESSION_E_RESOURCE;
    ck_assert_int_eq(park(id, SESSION_PARK_NONDIRECTED, "nowhere"), SESSION_E_OK);
    says("> PARK 1, reply provider has no free session");
    f.answer = false;
    ck_assert_int_eq(park(id, SESSION_PARK_DIRECTED, "(7)0"), SESSION_E_OK);
    ck_assert_str_eq(fake_cmd(&f, SESSION_CMD_PARK)->dial->number, "70");
    ck_assert_int_eq(park(id, SESSION_PARK_NONDIRECTED, "70"), SESSION_E_OK);
    ck_assert_str_eq(fake_cmd(&f, SESSION_CMD_PARK)->dial->number, "");
    t = token();
    in.u.ind.type = SESSION_IND_DONE;
    in.u.ind.session = id;
    in.u.ind.token = t;
    in.u.ind.leg = 1;
    in.u.ind.connected = session_party_alloc(&f.mem, "71", NULL);
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    session_party_deref(in.u.ind.connected);
    says("reply, 1 IDLE");
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->user, 4711);
    ck_assert_str_eq(session_party_number(session_get(f.core, id)->parked), "71");
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_DROP)); /* its leg is not its own any more */
    says("reply operation failed");                     /* the first one has no answer */
}
END_TEST

/* A call whose consultation call is parked is taken from hold, as if it had been dropped. */
START_TEST(consultation_call_parked)
{
    uint32_t a = fake_connected(&f, "200"), b = consulting(a);

    OP(SESSION_OP_PARK, b, 0, 0);
    says("> PARK 2, reply, 2 IDLE, > UNHOLD 1, 1 CONNECTED");
}
END_TEST

static enum session_err take(enum session_op op, uint32_t line, uint32_t address, const char *dest, const char *group)
{
    struct session_in in = {.type = SESSION_IN_OP};

    f.madev[0] = 0;
    in.u.op.op = op;
    in.u.op.request = f.next_request++;
    in.u.op.line = line;
    in.u.op.address = address;
    in.u.op.dest = dest;
    in.u.op.dest_len = dest ? strlen(dest) : 0;
    in.u.op.group = group;
    in.u.op.group_len = group ? strlen(group) : 0;
    return fake_step(&f, &in, f.madev);
}

START_TEST(taken)
{
    enum session_op op = _i ? SESSION_OP_PICKUP : SESSION_OP_UNPARK;
    struct session_in in = {.type = SESSION_IN_IND};
    const struct session_info *info;
    char longest[SESSION_GROUP_MAX + 2];
    uint32_t t;

    memset(longest, 'g', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    ck_assert_int_eq(take(op, 9, 0, "70", NULL), SESSION_E_BADLINE);
    ck_assert_int_eq(take(op, 0, 1, "70", NULL), SESSION_E_BADADDRESSID);
    ck_assert_int_eq(take(op, 0, 0, "7;", NULL), SESSION_E_BADADDRESS);
    ck_assert_int_eq(take(op, 0, 0, "@", NULL), SESSION_E_DIALQUIET);
    if (op == SESSION_OP_PICKUP)
        ck_assert_int_eq(take(op, 0, 0, "70", longest), SESSION_E_BADGROUP);
    else
        ck_assert_int_eq(take(op, 0, 0, NULL, NULL), SESSION_E_BADADDRESS);
    ck_assert_uint_eq(session_live(f.core), 0);
    f.answer_err = SESSION_E_BADADDRESS;
    ck_assert_int_eq(take(op, 0, 0, "70", "g"), SESSION_E_OK);
    said();
    ck_assert_str_eq(strstr(text, "reply"), "reply address is not dialable");
    ck_assert_uint_eq(session_live(f.core), 0);
    f.answer = false;
    ck_assert_int_eq(take(op, 0, 0, "70", "g"), SESSION_E_OK);
    t = token();
    if (op == SESSION_OP_PICKUP)
        ck_assert_str_eq(fake_cmd(&f, SESSION_CMD_PICKUP)->group, "g");
    ck_assert_str_eq(
        session_party_number(fake_cmd(&f, op == SESSION_OP_PICKUP ? SESSION_CMD_PICKUP : SESSION_CMD_UNPARK)->caller),
        "100");
    in.u.ind.type = SESSION_IND_DONE;
    in.u.ind.session = f.madev[0];
    in.u.ind.token = t;
    in.u.ind.leg = 8;
    in.u.ind.mode = SESSION_CONNECTED_ACTIVEHELD;
    in.u.ind.caller = in.u.ind.connected = session_party_alloc(&f.mem, "55", NULL);
    in.u.ind.redirecting = session_party_alloc(&f.mem, "66", NULL);
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    says("reply, 2 CONNECTED");
    info = session_get(f.core, f.madev[0]);
    ck_assert_uint_eq(info->mode, SESSION_CONNECTED_ACTIVEHELD);
    ck_assert_uint_eq(info->origin, SESSION_ORIGIN_INTERNAL);
    ck_assert_uint_eq(info->reason, op == SESSION_OP_PICKUP ? SESSION_REASON_PICKUP : SESSION_REASON_UNPARK);
    ck_assert_str_eq(session_party_number(info->caller), "55");
    ck_assert_str_eq(session_party_number(info->connected), "55");
    ck_assert_str_eq(session_party_number(info->redirecting), "66");
    ck_assert_ptr_null(info->redirection);
    session_party_deref(in.u.ind.caller);
    session_party_deref(in.u.ind.redirecting);
    /* released before it is done: the leg that comes then is given back */
    ck_assert_int_eq(take(op, 0, 0, "70", "g"), SESSION_E_OK);
    t = token();
    ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, f.madev[0]), SESSION_E_OK);
    done(t, f.madev[0], 12, SESSION_E_OK);
    says("> DROP 12");
}
END_TEST

/* With a call waiting the one that is up is held, if the binding says that it was one. */
START_TEST(call_waiting)
{
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t a = fake_connected(&f, "200"), b = fake_connected(&f, "201");
    static const char *const endv[] = {"reply, > HOLD 2, 2 ONHOLD, 3 CONNECTED", "reply, 3 CONNECTED",
                                       "reply, 3 CONNECTED"};

    f.answer = false;
    ck_assert_int_eq(take(SESSION_OP_PICKUP, 0, 0, _i == 2 ? "100" : NULL, NULL), SESSION_E_OK);
    in.u.ind.type = SESSION_IND_DONE;
    in.u.ind.session = f.madev[0];
    in.u.ind.token = token();
    in.u.ind.leg = 8;
    in.u.ind.state = _i == 1 ? 0 : SESSION_ONHOLD;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    says(endv[_i]);
    ck_assert_uint_eq(session_get(f.core, f.madev[0])->caller_flags, SESSION_PARTY_BLOCKED);
    ck_assert_uint_eq(fake_state(&f, a), SESSION_CONNECTED);
    ck_assert_uint_eq(fake_state(&f, b), _i ? SESSION_CONNECTED : SESSION_ONHOLD);
}
END_TEST

START_TEST(parked_here)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_INCOMING;
    in.u.ind.leg = 5;
    in.u.ind.reason = SESSION_REASON_PARKED;
    in.u.ind.state = SESSION_ONHOLD;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    says("1 ONHOLD");
    ck_assert_ptr_nonnull(fake_find(&f, SESSION_ACT_NEW, 0));
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ANSWER, session_first(f.core, 0)), SESSION_E_BADSTATE);
    OP(SESSION_OP_UNHOLD, session_first(f.core, 0), 0, 0);
    says("> UNHOLD 5, reply, 1 CONNECTED");
}
END_TEST

/* No memory, wherever it is missing, is an answer and leaves nothing. */
START_TEST(no_memory)
{
    static const enum session_op opv[] = {SESSION_OP_PARK, SESSION_OP_SETUPTRANSFER, SESSION_OP_SETUPCONF};
    uint32_t id = fake_connected(&f, "200"), live = session_live(f.core);
    enum session_err err = SESSION_E_NOMEM;

    for (long left = 0; left < 20 && err; left++) {
        f.left = left;
        err = _i < 3 ? fake_op(&f, opv[_i], id) : take(SESSION_OP_PICKUP, 0, 0, NULL, NULL);
        f.left = -1;
        if (err) {
            ck_assert_int_eq(err, SESSION_E_NOMEM);
            ck_assert_uint_eq(session_live(f.core), live);
            ck_assert_uint_eq(session_pending(f.core), 0);
        }
    }
    ck_assert_int_eq(err, SESSION_E_OK);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("session control");
    TCase *tc = tcase_create("control");
    SRunner *sr;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, hold_and_unhold);
    tcase_add_loop_test(tc, held_too_late, 0, 3);
    tcase_add_test(tc, swap);
    tcase_add_test(tc, swap_of_a_consultation);
    tcase_add_test(tc, swapped_too_late);
    tcase_add_test(tc, consultation);
    tcase_add_test(tc, transfer);
    tcase_add_test(tc, transfer_of_a_held_call);
    tcase_add_test(tc, transfer_on_one_address_only);
    tcase_add_test(tc, blind_transfer_and_redirect);
    tcase_add_test(tc, conference_of_a_call);
    tcase_add_test(tc, conference_dropped);
    tcase_add_test(tc, conference_of_nobody);
    tcase_add_test(tc, conference_is_full);
    tcase_add_test(tc, parked);
    tcase_add_test(tc, consultation_call_parked);
    tcase_add_loop_test(tc, taken, 0, 2);
    tcase_add_loop_test(tc, call_waiting, 0, 3);
    tcase_add_test(tc, parked_here);
    tcase_add_loop_test(tc, no_memory, 0, 4);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
