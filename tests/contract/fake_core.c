/* A core driven by hand. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static void *count_alloc(size_t size, void *arg)
{
    struct fake_core *f = arg;
    void *p;

    if (f->left == 0)
        return NULL;
    if (f->left > 0)
        f->left--;
    p = calloc(1, size);
    if (p)
        f->blocks++;
    return p;
}

static void count_free(void *p, void *arg)
{
    struct fake_core *f = arg;

    if (p)
        f->blocks--;
    free(p);
}

static void drain(struct fake_core *f)
{
    struct session_act act;

    while (session_next(f->core, &act)) {
        ck_assert_uint_lt(f->actc, FAKE_ACTS);
        f->actv[f->actc++] = act;
        if (act.type == SESSION_ACT_REPLY)
            f->replies++;
    }
}

enum session_err fake_step(struct fake_core *f, const struct session_in *in, uint32_t *idv)
{
    enum session_err err;
    const char *text;

    f->actc = 0;
    err = session_step(f->core, f->now_ms, in, idv);
    drain(f);
    for (unsigned i = 0; f->answer && i < f->actc; i++) {
        const struct session_cmd *cmd = &f->actv[i].cmd;
        struct session_in done = {.type = SESSION_IN_IND};

        if (f->actv[i].type != SESSION_ACT_COMMAND || !cmd->token)
            continue;
        done.u.ind.type = SESSION_IND_DONE;
        done.u.ind.session = cmd->session;
        done.u.ind.token = cmd->token;
        done.u.ind.err = f->answer_err;
        done.u.ind.leg = cmd->type == SESSION_CMD_PLACE || cmd->type == SESSION_CMD_UNPARK ||
                                 cmd->type == SESSION_CMD_PICKUP
                             ? ++f->next_leg
                             : cmd->leg;
        done.u.ind.session2 = cmd->session2 ? cmd->session2 : cmd->session3;
        if (cmd->session2 && !f->answer_err)
            done.u.ind.leg2 = ++f->next_leg;
        if (cmd->session3 && !f->answer_err)
            done.u.ind.bridge = ++f->next_leg;
        ck_assert_int_eq(session_step(f->core, f->now_ms, &done, NULL), SESSION_E_OK);
        drain(f);
    }
    text = session_check(f->core);
    ck_assert_msg(!text, "%s", text);
    return err;
}

void fake_start(struct fake_core *f, const struct session_conf *conf)
{
    struct session_conf c = {.binding_ops = UINT64_MAX};
    struct session_address_conf addressv[3] = {{"100", "Alice", 0}, {"101", "Bob", 0}, {"102", NULL, 0}};
    struct session_line_conf linev[2] = {{0, 1, addressv, NULL, NULL}, {0, 2, addressv + 1, NULL, NULL}};

    memset(f, 0, sizeof *f);
    f->now_ms = 1000;
    f->left = -1;
    f->answer = true;
    if (conf)
        c = *conf;
    f->mem = (struct session_mem){count_alloc, count_free, f};
    c.mem = f->mem;
    ck_assert_int_eq(session_core_alloc(&f->core, &c), SESSION_E_OK);
    for (uint32_t i = 0; i < 2; i++) {
        struct session_in open = {.type = SESSION_IN_LINE_OPEN};
        struct session_in mask = {.type = SESSION_IN_LINE_MASK};
        uint32_t line;

        ck_assert_int_eq(session_line_add(f->core, &linev[i], &line), SESSION_E_OK);
        ck_assert_uint_eq(line, i);
        open.u.line = line;
        ck_assert_int_eq(fake_step(f, &open, NULL), SESSION_E_OK);
        mask.u.mask.line = line;
        mask.u.mask.which = SESSION_MASK_STATES | SESSION_MASK_MEDIA;
        mask.u.mask.line_states = mask.u.mask.address_states = UINT32_MAX;
        mask.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
        ck_assert_int_eq(fake_step(f, &mask, NULL), SESSION_E_OK);
        ck_assert(fake_cmd(f, SESSION_CMD_LINE)->on);
    }
    f->next_request = 1;
}

void fake_end(struct fake_core *f)
{
    session_core_free(f->core);
    f->core = NULL;
    ck_assert_int_eq(f->blocks, 0);
}

enum session_err fake_op(struct fake_core *f, enum session_op op, uint32_t session)
{
    return fake_op2(f, op, session, 0, 0);
}

enum session_err fake_op2(struct fake_core *f, enum session_op op, uint32_t session, uint32_t session2, uint32_t value)
{
    struct session_in in = {.type = SESSION_IN_OP};

    in.u.op.op = op;
    in.u.op.session = session;
    in.u.op.session2 = session2;
    in.u.op.value = value;
    in.u.op.request = f->next_request++;
    if (op == SESSION_OP_REDIRECT || op == SESSION_OP_BLINDTRANSFER) {
        in.u.op.dest = "300";
        in.u.op.dest_len = 3;
    }
    if (op == SESSION_OP_PARK && !value)
        in.u.op.value = SESSION_PARK_NONDIRECTED;
    if (op == SESSION_OP_COMPLETECALL && !value)
        in.u.op.value = SESSION_COMPL_CALLBACK;
    f->madev[0] = f->madev[1] = 0;
    return fake_step(f, &in, f->madev);
}

uint32_t fake_connected(struct fake_core *f, const char *dest)
{
    uint32_t id;

    ck_assert_int_eq(fake_make(f, 0, dest, &id), SESSION_E_OK);
    ck_assert_int_eq(fake_progress(f, id, f->next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
    return id;
}

void fake_release_all(struct fake_core *f)
{
    for (uint32_t line = 0; line < 2; line++) {
        uint32_t id;

        while ((id = session_first(f->core, line)))
            ck_assert_int_eq(fake_op(f, SESSION_OP_RELEASE, id), SESSION_E_OK);
    }
}

enum session_err fake_make(struct fake_core *f, uint32_t line, const char *dest, uint32_t *id)
{
    struct session_in in = {.type = SESSION_IN_OP};
    uint32_t idv[2] = {0, 0};
    enum session_err err;

    in.u.op.op = SESSION_OP_MAKE;
    in.u.op.request = f->next_request++;
    in.u.op.line = line;
    in.u.op.dest = dest;
    in.u.op.dest_len = dest ? strlen(dest) : 0;
    err = fake_step(f, &in, idv);
    if (id)
        *id = idv[0];
    return err;
}

enum session_err fake_dial(struct fake_core *f, uint32_t session, const char *dest)
{
    struct session_in in = {.type = SESSION_IN_OP};

    in.u.op.op = SESSION_OP_DIAL;
    in.u.op.request = f->next_request++;
    in.u.op.session = session;
    in.u.op.dest = dest;
    in.u.op.dest_len = strlen(dest);
    return fake_step(f, &in, NULL);
}

enum session_err fake_done(struct fake_core *f, uint32_t session, uint32_t token, uint32_t leg, enum session_err err)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_DONE;
    in.u.ind.session = session;
    in.u.ind.token = token;
    in.u.ind.leg = leg;
    in.u.ind.err = err;
    return fake_step(f, &in, NULL);
}

enum session_err fake_progress(struct fake_core *f, uint32_t session, uint32_t leg, uint32_t state, uint32_t mode)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_PROGRESS;
    in.u.ind.session = session;
    in.u.ind.leg = leg;
    in.u.ind.seq = ++f->seq;
    in.u.ind.state = state;
    in.u.ind.mode = mode;
    return fake_step(f, &in, NULL);
}

enum session_err fake_incoming(struct fake_core *f, uint32_t line, uint32_t leg, const char *caller)
{
    struct session_in in = {.type = SESSION_IN_IND};
    enum session_err err;

    in.u.ind.type = SESSION_IND_INCOMING;
    in.u.ind.leg = leg;
    in.u.ind.line = line;
    in.u.ind.origin = SESSION_ORIGIN_INTERNAL;
    in.u.ind.reason = SESSION_REASON_DIRECT;
    in.u.ind.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    if (caller) {
        long left = f->left;

        f->left = -1;
        in.u.ind.caller = session_party_alloc(&f->mem, caller, NULL);
        f->left = left;
    }
    err = fake_step(f, &in, NULL);
    session_party_deref(in.u.ind.caller);
    return err;
}

void fake_time(struct fake_core *f, uint64_t now_ms)
{
    struct session_in in = {.type = SESSION_IN_TIME};

    f->now_ms = now_ms;
    ck_assert_int_eq(fake_step(f, &in, NULL), SESSION_E_OK);
}

enum session_err fake_close(struct fake_core *f, uint32_t line)
{
    struct session_in in = {.type = SESSION_IN_LINE_CLOSE};

    in.u.line = line;
    return fake_step(f, &in, NULL);
}

uint32_t fake_in_state(struct fake_core *f, uint32_t state)
{
    uint32_t id;

    if (state == SESSION_CONFERENCED) {
        id = fake_connected(f, "200");
        ck_assert_int_eq(fake_op(f, SESSION_OP_SETUPCONF, id), SESSION_E_OK);
        ck_assert_uint_eq(fake_state(f, id), state);
        return id;
    }
    ck_assert_int_eq(fake_make(f, 0, "200", &id), SESSION_E_OK);
    ck_assert_uint_ne(id, 0);
    if (state == SESSION_IDLE)
        ck_assert_int_eq(fake_op(f, SESSION_OP_DROP, id), SESSION_E_OK);
    else if (state != SESSION_UNKNOWN)
        ck_assert_int_eq(fake_progress(f, id, f->next_leg, state, 1), SESSION_E_OK);
    ck_assert_uint_eq(fake_state(f, id), state);
    return id;
}

const struct session_act *fake_find(const struct fake_core *f, enum session_act_type type, unsigned nth)
{
    for (unsigned i = 0; i < f->actc; i++)
        if (f->actv[i].type == type && nth-- == 0)
            return &f->actv[i];
    return NULL;
}

const struct session_cmd *fake_cmd(const struct fake_core *f, enum session_cmd_type type)
{
    for (unsigned i = 0; i < f->actc; i++)
        if (f->actv[i].type == SESSION_ACT_COMMAND && f->actv[i].cmd.type == type)
            return &f->actv[i].cmd;
    return NULL;
}

unsigned fake_count(const struct fake_core *f, enum session_act_type type)
{
    unsigned n = 0;

    while (fake_find(f, type, n))
        n++;
    return n;
}

uint32_t fake_state(const struct fake_core *f, uint32_t session)
{
    const struct session_info *info = session_get(f->core, session);

    return info ? info->state : 0;
}
