/* Operations on calls that are up: hold, transfer, conference. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

/*
 * A consultation is a pair of sessions (`partner`), of which one is held: the original call, or the parent of a
 * conference. When one of them has ended the held one is taken from hold. A conference is a session of its own, the
 * parent, whose leg is the bridge of the binding; its members keep their legs.
 */

enum { HELD_PEND = SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF, HELD = HELD_PEND | SESSION_ONHOLD };

static bool ended(const struct session *s)
{
    return (s->info.state & (SESSION_IDLE | SESSION_DISCONNECTED)) != 0;
}

static void pair(struct session *a, struct session *b)
{
    if (a->partner)
        a->partner->partner = NULL;
    if (b->partner)
        b->partner->partner = NULL;
    a->partner = b;
    b->partner = a;
}

static void unpair(struct session *s)
{
    if (s->partner)
        s->partner->partner = NULL;
    s->partner = NULL;
}

/* Ends a session by our own doing. */
static void finish(struct session_core *core, struct session *s)
{
    if (s->leg)
        core__command(core, SESSION_CMD_DROP, s, 0);
    s->leg = 0;
    if (s->info.state != SESSION_IDLE)
        core__state(core, s, SESSION_IDLE, 0);
}

static struct session *member_of(const struct session_core *core, const struct session *parent)
{
    struct session *m = core->linev[parent->info.line].first;

    while (m && m->parent != parent)
        m = m->next;
    return m;
}

static void join(struct session_core *core, struct session *parent, struct session *m)
{
    m->parent = parent;
    parent->members++;
    core__state(core, m, SESSION_CONFERENCED, parent->info.id);
    if (m->info.related_call_id != parent->info.call_id) {
        m->info.related_call_id = parent->info.call_id;
        core__info(core, m, SESSION_INFO_RELATEDCALLID);
    }
}

/* A conference of one party is a call again. */
static void collapse(struct session_core *core, struct session *parent)
{
    struct session *last = member_of(core, parent);
    bool held = parent->info.state == SESSION_ONHOLD;
    struct session_cmd *cmd;

    if (parent->leg) {
        cmd = core__command(core, SESSION_CMD_COLLAPSE, parent, 0);
        cmd->leg2 = last ? last->leg : 0;
        cmd->on = held;
    }
    parent->leg = 0;
    if (last) {
        last->parent = NULL;
        parent->members = 0;
    }
    core__state(core, parent, SESSION_IDLE, 0);
    if (last)
        core__state(core, last, held ? SESSION_ONHOLD : SESSION_CONNECTED, held ? 0 : SESSION_CONNECTED_ACTIVE);
}

static void reconnect(struct session_core *core, struct session *s)
{
    if (s->info.parent && s->members < 2) {
        collapse(core, s);
    } else if (s->leg) {
        core__command(core, SESSION_CMD_UNHOLD, s, 0);
        core__state(core, s, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
    }
}

void core__left(struct session_core *core, struct session *s, uint32_t old_state)
{
    struct session *partner = s->partner, *parent = s->parent, *m;

    if (!core->linev[s->info.line].open)
        return; /* all of the line go, each by its own release */
    if (parent) {
        s->parent = NULL;
        parent->members--;
        if (parent->members < 2 && parent->info.state & (SESSION_CONNECTED | SESSION_ONHOLD))
            collapse(core, parent);
    }
    while (s->members && (m = member_of(core, s))) {
        m->parent = NULL;
        s->members--;
        finish(core, m);
    }
    /* a consultation call that was left by its other end still is one, until it is dropped */
    if (partner && (s->info.state != SESSION_DISCONNECTED || old_state & HELD_PEND)) {
        unpair(s);
        if (partner->info.state & HELD_PEND)
            reconnect(core, partner);
    }
}

/* ---- operations -------------------------------------------------------------------------------------------------- */

/* A new session on the line and address of `s`, made by `p`. */
static struct session *made(struct session_core *core, struct pending *p, int i, uint32_t line, uint32_t address,
                            uintptr_t user, enum session_err *err)
{
    struct session *n = core__session_new(core, line, address, user, err);

    if (!n)
        return NULL;
    n->maker = p->head.id;
    p->madev[i] = n->info.id;
    n->info.origin = SESSION_ORIGIN_OUTBOUND;
    n->info.reason = SESSION_REASON_DIRECT;
    core__set_party(&n->info.caller, &n->info.caller_flags, core->linev[line].addressv[address].party);
    core__set_party(&n->info.called, &n->info.called_flags, NULL);
    core__set_party(&n->info.connected, &n->info.connected_flags, NULL);
    return n;
}

/* Takes a request back that could not be begun. */
static enum session_err give_up(struct session_core *core, struct pending *p, enum session_err err)
{
    struct session *s = p->session;
    struct pending **link = &s->pending;

    for (int i = 0; i < 2; i++) {
        struct session *m = p->madev[i] && p->madev[i] != s->info.id ? pool_get(&core->sessions, p->madev[i]) : NULL;

        if (m)
            core__session_free(core, m);
    }
    while (*link != p)
        link = &(*link)->next;
    *link = p->next;
    s->pendingc--;
    pool_give(&core->pendings, p);
    return err;
}

static enum session_err parse(struct session_core *core, const struct session_req *req)
{
    return session_dial_parse(req->dest ? req->dest : "", req->dest ? req->dest_len : 0, &core->dial);
}

/* The session made for a consultation call: whom it calls, and its command. */
static enum session_err consult_call(struct session_core *core, struct session *n, const struct session_req *req)
{
    struct session_party *called;

    if (req->media_modes)
        n->info.media_modes = req->media_modes;
    if (req->bearer_mode)
        n->info.bearer_mode = req->bearer_mode;
    n->info.rate = req->max_rate;
    n->info.flags = req->flags;
    n->info.country = req->country;
    if (!core->dial.number[0])
        return SESSION_E_OK;
    called = session_party_alloc(&core->mem, core->dial.number, core->dial.name);
    if (!called)
        return SESSION_E_NOMEM;
    core__set_party(&n->info.called, &n->info.called_flags, called);
    session_party_deref(called);
    return SESSION_E_OK;
}

static void consult_command(struct session_core *core, struct session_cmd *cmd, const struct session *n,
                            const struct session_req *req)
{
    cmd->session2 = n->info.id;
    cmd->call_id = n->info.call_id;
    cmd->line = n->info.line;
    cmd->address = n->info.address;
    cmd->dial = &core->dial;
    cmd->caller = n->info.caller;
    cmd->block_id = req->block_id;
    cmd->media_modes = n->info.media_modes;
}

/* SETUPTRANSFER, PREPAREADDCONF */
static enum session_err consult(struct session_core *core, struct session *s, const struct session_req *req,
                                uint32_t *idv)
{
    enum session_err err = parse(core, req);
    struct session_cmd *cmd;
    struct session *n;
    struct pending *p;

    if (err)
        return err;
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p)
        return err;
    n = made(core, p, 0, s->info.line, s->info.address, req->user, &err);
    if (n)
        err = consult_call(core, n, req);
    if (err)
        return give_up(core, p, err);
    n->info.related_call_id = s->info.call_id;
    idv[0] = n->info.id;
    if (!s->leg || s->info.parent != (req->op == SESSION_OP_PREPAREADDCONF)) {
        core__pending_end(core, p, SESSION_E_BADSTATE);
    } else if (s->info.parent && s->members + 1u >= core->conf.max_conference) {
        core__pending_end(core, p, SESSION_E_CONFFULL);
    } else {
        cmd = core__command(core, SESSION_CMD_CONSULT, s, p->head.id);
        consult_command(core, cmd, n, req);
    }
    return SESSION_E_OK;
}

/* SETUPCONF, with a first call or none. */
static enum session_err setup_conference(struct session_core *core, struct session *s, const struct session_req *req,
                                         uint32_t *idv)
{
    uint32_t line = s ? s->info.line : req->line, address = s ? s->info.address : req->address;
    struct session *parent = NULL, *n = NULL;
    struct pending *p = NULL;
    struct session_cmd *cmd;
    enum session_err err;

    if (!s && (line >= core->linec || !core->linev[line].open))
        return SESSION_E_BADLINE;
    if (!s && address >= core->linev[line].addressc)
        return SESSION_E_BADADDRESSID;
    err = parse(core, req);
    if (err)
        return err;
    if (req->value > core->conf.max_conference)
        return SESSION_E_CONFFULL;
    if (!s)
        err = core__may_call(core, &core->linev[line], &core->linev[line].addressv[address]);
    if (err)
        return err;
    if (!s) {
        /* the request is the parent's own, as MAKE's */
        parent = core__session_new(core, line, address, req->user, &err);
        if (!parent)
            return err;
        p = core__pending_new(core, parent, req->op, req->request, &err);
        if (!p) {
            core__session_free(core, parent);
            return err;
        }
        parent->maker = p->head.id;
        p->madev[0] = parent->info.id;
    } else {
        p = core__pending_new(core, s, req->op, req->request, &err);
        if (!p)
            return err;
        n = made(core, p, 1, line, address, req->user2, &err);
        if (!n)
            return give_up(core, p, err);
        /* it takes the place of the first call, which takes none in a conference */
        core__slot(core, s, false);
        parent = made(core, p, 0, line, address, req->user, &err);
        if (parent)
            core__slot(core, parent, false);
        core__slot(core, s, true);
        if (!parent)
            return give_up(core, p, err);
    }
    parent->info.parent = true;
    if (!s) {
        parent->info.origin = SESSION_ORIGIN_OUTBOUND;
        parent->info.reason = SESSION_REASON_DIRECT;
        core__set_party(&parent->info.caller, &parent->info.caller_flags, core->linev[line].addressv[address].party);
        core__set_party(&parent->info.called, &parent->info.called_flags, NULL);
        core__set_party(&parent->info.connected, &parent->info.connected_flags, NULL);
        n = made(core, p, 1, line, address, req->user2, &err);
    }
    if (n)
        err = consult_call(core, n, req);
    if (err) {
        (void)give_up(core, p, err);
        if (!s)
            core__session_free(core, parent);
        return err;
    }
    n->info.related_call_id = parent->info.call_id;
    idv[0] = parent->info.id;
    idv[1] = n->info.id;
    if (s && (!s->leg || s->info.parent)) {
        core__pending_end(core, p, SESSION_E_BADSTATE);
        return SESSION_E_OK;
    }
    cmd = core__command(core, SESSION_CMD_SETUPCONF, s ? s : parent, p->head.id);
    consult_command(core, cmd, n, req);
    cmd->session3 = parent->info.id;
    return SESSION_E_OK;
}

/* Any call of the address will do, not only the consultation call that was made for it; but not that of another. */
static bool may_transfer(const struct session *s, const struct session *s2)
{
    return s->leg && s2->leg && !s->info.parent && !s2->info.parent && s->info.address == s2->info.address &&
           (!s2->partner || s2->partner == s);
}

static enum session_err complete_transfer(struct session_core *core, struct session *s, struct session *s2,
                                          const struct session_req *req, uint32_t *idv)
{
    bool conference = req->value == SESSION_TRANSFER_CONFERENCE;
    enum session_err err = SESSION_E_OK;
    struct session *parent = NULL;
    struct session_cmd *cmd;
    struct pending *p;

    if (req->value > SESSION_TRANSFER_CONFERENCE)
        return SESSION_E_BADPARAM;
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p)
        return err;
    p->session2 = s2->info.id;
    p->mode = req->value;
    idv[0] = 0;
    if (conference) {
        core__slot(core, s, false); /* as in setup_conference */
        parent = made(core, p, 0, s->info.line, s->info.address, req->user, &err);
        if (parent)
            core__slot(core, parent, false);
        core__slot(core, s, true);
        if (!parent)
            return give_up(core, p, err);
        parent->info.parent = true;
        idv[0] = parent->info.id;
    }
    if (!may_transfer(s, s2)) {
        core__pending_end(core, p, SESSION_E_BADSTATE);
        return SESSION_E_OK;
    }
    cmd = core__command(core, conference ? SESSION_CMD_CONFERENCE : SESSION_CMD_TRANSFER, s, p->head.id);
    cmd->leg2 = s2->leg;
    if (conference) {
        cmd->leg = s2->leg;
        cmd->leg2 = s->leg;
        cmd->session3 = parent->info.id;
    }
    return SESSION_E_OK;
}

/* HOLD, UNHOLD, SWAPHOLD, REMOVEFROMCONF, ADDTOCONF */
static enum session_err simple(struct session_core *core, struct session *s, struct session *s2,
                               const struct session_req *req, enum session_cmd_type type)
{
    enum session_err err = SESSION_E_OK;
    struct pending *p = core__pending_new(core, s, req->op, req->request, &err);
    bool ok = s->leg != 0;

    if (!p)
        return err;
    if (s2) {
        p->session2 = s2->info.id;
        ok = ok && s2->leg;
    }
    if (req->op == SESSION_OP_ADDTOCONF) {
        /* it takes no place of its own any more, so it must be the conference's address that it had one of */
        ok = ok && s->info.parent && !s2->info.parent && s2->info.address == s->info.address;
        if (ok && s->members + 1u >= core->conf.max_conference) {
            core__pending_end(core, p, SESSION_E_CONFFULL);
            return SESSION_E_OK;
        }
    }
    if (ok)
        core__command(core, type, s, p->head.id)->leg2 = s2 ? s2->leg : 0;
    else
        core__pending_end(core, p, SESSION_E_BADSTATE);
    return SESSION_E_OK;
}

/* BLINDTRANSFER, REDIRECT */
static enum session_err deflect(struct session_core *core, struct session *s, const struct session_req *req)
{
    enum session_err err = parse(core, req);
    struct pending *p;

    if (!err && (!core->dial.number[0] || core->dial.more))
        err = SESSION_E_BADADDRESS;
    if (err)
        return err;
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p)
        return err;
    if (!s->leg || s->info.parent)
        core__pending_end(core, p, SESSION_E_BADSTATE);
    else
        core__command(core, SESSION_CMD_DEFLECT, s, p->head.id)->dial = &core->dial;
    return SESSION_E_OK;
}

enum session_err core__control(struct session_core *core, struct session *s, struct session *s2,
                               const struct session_req *req, uint32_t *idv)
{
    switch (req->op) {
    case SESSION_OP_HOLD:
        return simple(core, s, NULL, req, SESSION_CMD_HOLD);
    case SESSION_OP_UNHOLD:
        return simple(core, s, NULL, req, SESSION_CMD_UNHOLD);
    case SESSION_OP_SWAPHOLD:
        return simple(core, s, s2, req, SESSION_CMD_SWAP);
    case SESSION_OP_REMOVEFROMCONF:
        return simple(core, s, NULL, req, SESSION_CMD_DROP);
    case SESSION_OP_ADDTOCONF:
        return simple(core, s, s2, req, SESSION_CMD_ADD);
    case SESSION_OP_BLINDTRANSFER:
    case SESSION_OP_REDIRECT:
        return deflect(core, s, req);
    case SESSION_OP_SETUPTRANSFER:
    case SESSION_OP_PREPAREADDCONF:
        return consult(core, s, req, idv);
    case SESSION_OP_SETUPCONF:
        return setup_conference(core, s, req, idv);
    case SESSION_OP_COMPLETETRANSFER:
        return complete_transfer(core, s, s2, req, idv);
    default:
        return SESSION_E_UNAVAIL;
    }
}

/* ---- what the binding has done ----------------------------------------------------------------------------------- */

static struct session *take_made(struct session_core *core, struct pending *p, int i)
{
    struct session *n = p->madev[i] ? pool_get(&core->sessions, p->madev[i]) : NULL;

    return n;
}

/* What was made is not wanted any more. */
static void undo(struct session_core *core, const struct session_ind *ind)
{
    struct session *s = pool_get(&core->sessions, ind->session);
    struct session_cmd *cmd;

    if (ind->leg2)
        core__command(core, SESSION_CMD_DROP, NULL, 0)->leg = ind->leg2;
    if (ind->bridge) {
        cmd = core__command(core, SESSION_CMD_COLLAPSE, NULL, 0);
        cmd->leg = ind->bridge;
        cmd->leg2 = ind->leg;
    } else if (ind->leg2 && s && s->leg == ind->leg && s->info.state == SESSION_CONNECTED) {
        core__command(core, SESSION_CMD_UNHOLD, s, 0);
    }
}

void core__control_late(struct session_core *core, const struct session_ind *ind)
{
    /* if its session is there this is only repeated */
    if (!ind->err && (ind->leg2 || ind->bridge) && !pool_get(&core->sessions, ind->session2))
        undo(core, ind);
}

static void fail(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    if (!ind->err)
        undo(core, ind);
    core__pending_end(core, p, ind->err ? ind->err : SESSION_E_BADSTATE);
}

/* The request has succeeded: its sessions are there. */
static void succeed(struct session_core *core, struct pending *p, struct session *n1, struct session *n2)
{
    core__pending_end(core, p, SESSION_E_OK);
    if (n1)
        core__report(core, n1);
    if (n2)
        core__report(core, n2);
}

static void consult_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *n = take_made(core, p, 0);
    bool conference = p->op == SESSION_OP_PREPAREADDCONF;

    if (ind->err || !ind->leg2 || !n || s->info.state != SESSION_CONNECTED || !s->leg) {
        fail(core, p, ind);
        return;
    }
    n->leg = ind->leg2;
    succeed(core, p, n, NULL);
    pair(s, n);
    core__state(core, s, conference ? SESSION_ONHOLDPENDCONF : SESSION_ONHOLDPENDTRANSFER, 0);
}

static void setup_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *parent = take_made(core, p, 0), *n = take_made(core, p, 1);

    if (s == parent)
        s = NULL;
    if (ind->err || !ind->leg2 || !ind->bridge || !parent || !n ||
        (s && (s->info.state != SESSION_CONNECTED || !s->leg))) {
        fail(core, p, ind);
        return;
    }
    parent->leg = ind->bridge;
    n->leg = ind->leg2;
    succeed(core, p, parent, n);
    if (s) {
        /* the place of the first call is the conference's: two at once there may not be */
        core__slot(core, s, false);
        unpair(s);
    }
    core__state(core, parent, SESSION_ONHOLDPENDCONF, 0);
    pair(parent, n);
    if (s)
        join(core, parent, s);
}

static void conference_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *parent = take_made(core, p, 0), *s2 = pool_get(&core->sessions, p->session2);

    if (ind->err || !ind->bridge || !parent || !s2 || ended(s) || ended(s2) || !s->leg || !s2->leg) {
        fail(core, p, ind);
        return;
    }
    parent->leg = ind->bridge;
    succeed(core, p, parent, NULL);
    unpair(s);
    unpair(s2);
    core__slot(core, s, false);
    core__slot(core, s2, false);
    core__state(core, parent, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
    join(core, parent, s);
    join(core, parent, s2);
}

static void gone(struct session_core *core, struct session *s)
{
    s->leg = 0;
    if (s->info.state != SESSION_IDLE)
        core__state(core, s, SESSION_IDLE, 0);
}

static void transfer_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *s2 = pool_get(&core->sessions, p->session2);

    core__pending_end(core, p, ind->err);
    if (ind->err)
        return;
    unpair(s);
    gone(core, s);
    if (s2)
        gone(core, s2);
}

static void swap_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *s2 = pool_get(&core->sessions, p->session2);
    uint32_t held = s2 && s2->info.state & HELD ? s2->info.state : SESSION_ONHOLD;

    if (s->info.parent && held == SESSION_ONHOLDPENDTRANSFER)
        held = SESSION_ONHOLD;
    core__pending_end(core, p, !ind->err && (ended(s) || !s2 || ended(s2)) ? SESSION_E_BADSTATE : ind->err);
    if (ind->err)
        return;
    if (s->info.state == SESSION_CONNECTED)
        core__state(core, s, held, 0);
    if (s2 && s2->info.state & HELD)
        core__state(core, s2, SESSION_CONNECTED, ind->mode ? ind->mode : SESSION_CONNECTED_ACTIVE);
}

static void unhold_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *partner = s->partner;
    bool held = s->info.state & HELD;

    core__pending_end(core, p, !ind->err && ended(s) ? SESSION_E_BADSTATE : ind->err);
    if (ind->err || !held)
        return;
    if (s->info.state & HELD_PEND && partner) {
        unpair(s);
        core__state(core, s, SESSION_CONNECTED, ind->mode ? ind->mode : SESSION_CONNECTED_ACTIVE);
        if (!partner->info.parent) /* after a swap it may be: nobody meant to end a conference */
            finish(core, partner);
    } else {
        core__state(core, s, SESSION_CONNECTED, ind->mode ? ind->mode : SESSION_CONNECTED_ACTIVE);
    }
}

static void add_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session, *s2 = pool_get(&core->sessions, p->session2);
    bool ok = s2 && !ended(s2) && !ended(s) && !s2->parent;

    core__pending_end(core, p, !ind->err && !ok ? SESSION_E_BADSTATE : ind->err);
    if (ind->err || ended(s))
        return;
    unpair(s);
    if (ok)
        unpair(s2);
    if (ok)
        core__slot(core, s2, false);
    if (s->info.state & HELD)
        core__state(core, s, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
    if (ok)
        join(core, s, s2);
}

bool core__control_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session;

    switch (p->op) {
    case SESSION_OP_HOLD:
        core__pending_end(core, p, !ind->err && s->info.state != SESSION_CONNECTED ? SESSION_E_BADSTATE : ind->err);
        if (!ind->err && s->info.state == SESSION_CONNECTED)
            core__state(core, s, ind->mode & CORE_INACTIVE ? SESSION_CONNECTED : SESSION_ONHOLD, ind->mode & CORE_INACTIVE);
        return true;
    case SESSION_OP_UNHOLD:
        unhold_done(core, p, ind);
        return true;
    case SESSION_OP_SWAPHOLD:
        swap_done(core, p, ind);
        return true;
    case SESSION_OP_SETUPTRANSFER:
    case SESSION_OP_PREPAREADDCONF:
        consult_done(core, p, ind);
        return true;
    case SESSION_OP_SETUPCONF:
        setup_done(core, p, ind);
        return true;
    case SESSION_OP_COMPLETETRANSFER:
        if (p->mode == SESSION_TRANSFER_CONFERENCE)
            conference_done(core, p, ind);
        else
            transfer_done(core, p, ind);
        return true;
    case SESSION_OP_ADDTOCONF:
        add_done(core, p, ind);
        return true;
    case SESSION_OP_BLINDTRANSFER:
    case SESSION_OP_REDIRECT:
    case SESSION_OP_REMOVEFROMCONF:
        core__pending_end(core, p, ind->err);
        if (!ind->err)
            gone(core, s);
        return true;
    default:
        return false;
    }
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

static uint32_t bit_of(enum session_op op)
{
    return session_contract(op)->call_feature;
}

/* Whether there is a call that `s` can be transferred to. */
static bool transfer_target(const struct session *s)
{
    uint32_t states = session_contract(SESSION_OP_COMPLETETRANSFER)->states2;

    if (s->partner && core__contract_state(s->partner) & states && may_transfer(s, s->partner))
        return true;
    for (const struct session *o = s->prev; o; o = o->prev)
        if (o->info.reported && core__contract_state(o) & states && may_transfer(s, o))
            return true;
    for (const struct session *o = s->next; o; o = o->next)
        if (o->info.reported && core__contract_state(o) & states && may_transfer(s, o))
            return true;
    return false;
}

uint32_t core__control_features(const struct session *s, uint32_t features)
{
    uint32_t not ;

    if (features & bit_of(SESSION_OP_COMPLETETRANSFER) && !transfer_target(s))
        features &= ~bit_of(SESSION_OP_COMPLETETRANSFER);
    if (s->info.parent)
        not = bit_of(SESSION_OP_SETUPTRANSFER) | bit_of(SESSION_OP_BLINDTRANSFER) | bit_of(SESSION_OP_SETUPCONF) |
              bit_of(SESSION_OP_PARK);
    else
        not = bit_of(SESSION_OP_PREPAREADDCONF) | bit_of(SESSION_OP_ADDTOCONF);
    return features & ~not ;
}

const char *core__control_check(const struct session_core *core, const struct session *s)
{
    uint32_t members = 0;

    if (s->partner && (s->partner->partner != s || s->partner->info.line != s->info.line))
        return "a consultation is known at one of its ends only";
    if (s->parent && (!s->parent->info.parent || s->info.state != SESSION_CONFERENCED || s->parent->parent))
        return "a session is in a conference that is none, or does not look it";
    if (!s->parent && s->info.state == SESSION_CONFERENCED)
        return "a session is conferenced with nobody";
    for (const struct session *m = core->linev[s->info.line].first; s->info.parent && m; m = m->next)
        members += m->parent == s;
    if (members != s->members)
        return "a conference counts its members wrong";
    if (s->members && ended(s))
        return "a conference that has ended has members";
    return NULL;
}
