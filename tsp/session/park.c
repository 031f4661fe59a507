/* Calls that wait elsewhere: park, unpark, pickup. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/*
 * A parked call is the binding's alone: no session is left of it at the line that parked it. UNPARK and PICKUP make a
 * session for a call that is there already, so its request, as MAKE's, is the session's own, and all that is known of
 * the call comes with the DONE.
 */

static enum session_err parse(struct session_core *core, const struct session_req *req)
{
    return session_dial_parse(req->dest ? req->dest : "", req->dest ? req->dest_len : 0, &core->dial);
}

enum session_err core__park(struct session_core *core, struct session *s, const struct session_req *req)
{
    enum session_err err = SESSION_E_OK;
    struct pending *p;

    if (req->value != SESSION_PARK_DIRECTED && req->value != SESSION_PARK_NONDIRECTED)
        return SESSION_E_BADPARAM;
    memset(&core->dial, 0, sizeof core->dial);
    if (req->value == SESSION_PARK_DIRECTED) {
        err = parse(core, req);
        if (!err && (!core->dial.number[0] || core->dial.more))
            err = SESSION_E_BADADDRESS;
        if (err)
            return err;
    }
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p)
        return err;
    p->user = req->user;
    if (!s->leg || s->info.parent)
        core__pending_end(core, p, SESSION_E_BADSTATE);
    else
        core__command(core, SESSION_CMD_PARK, s, p->head.id)->dial = &core->dial;
    return SESSION_E_OK;
}

void core__park_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session;
    uint32_t unused;

    if (!ind->err)
        core__set_party(&s->info.parked, &unused, ind->connected); /* before the reply, which tells it */
    core__pending_end(core, p, ind->err);
    if (ind->err)
        return;
    s->leg = 0;
    if (s->info.state != SESSION_IDLE)
        core__state(core, s, SESSION_IDLE, 0);
}

/* The group into `core`. */
static enum session_err group(struct session_core *core, const struct session_req *req)
{
    size_t len = req->group ? req->group_len : 0;

    if (len > SESSION_GROUP_MAX || (len && memchr(req->group, 0, len)))
        return SESSION_E_BADGROUP;
    if (len)
        memcpy(core->group, req->group, len);
    core->group[len] = '\0';
    return SESSION_E_OK;
}

enum session_err core__take(struct session_core *core, const struct session_req *req, uint32_t *idv)
{
    bool pickup = req->op == SESSION_OP_PICKUP;
    enum session_err err;
    struct session_cmd *cmd;
    struct session *s;
    struct pending *p;

    if (req->line >= core->linec || !core->linev[req->line].open)
        return SESSION_E_BADLINE;
    if (req->address >= core->linev[req->line].addressc)
        return SESSION_E_BADADDRESSID;
    err = parse(core, req);
    if (!err && ((!pickup && !core->dial.number[0]) || core->dial.more))
        err = SESSION_E_BADADDRESS;
    if (!err && pickup)
        err = group(core, req);
    if (err)
        return err;
    s = core__session_new(core, req->line, req->address, req->user, &err);
    if (!s)
        return err;
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p) {
        core__session_free(core, s);
        return err;
    }
    p->madev[0] = s->info.id;
    p->mode = pickup && !core->dial.number[0] && !core->group[0];
    s->maker = p->head.id;
    s->info.origin = SESSION_ORIGIN_INTERNAL;
    s->info.reason = pickup ? SESSION_REASON_PICKUP : SESSION_REASON_UNPARK;
    core__set_party(&s->info.caller, &s->info.caller_flags, NULL);
    core__set_party(&s->info.called, &s->info.called_flags, NULL);
    core__set_party(&s->info.connected, &s->info.connected_flags, NULL);
    cmd = core__command(core, pickup ? SESSION_CMD_PICKUP : SESSION_CMD_UNPARK, s, p->head.id);
    cmd->dial = &core->dial;
    cmd->group = pickup ? core->group : NULL;
    cmd->caller = core->linev[req->line].addressv[req->address].party;
    idv[0] = s->info.id;
    return SESSION_E_OK;
}

/* The call that a waiting one is taken in place of, as with a hook flash: the last one that was connected. */
static void hold_active(struct session_core *core, const struct session *s)
{
    struct session *active = NULL;

    for (struct session *o = core->linev[s->info.line].first; o; o = o->next)
        if (o != s && o->info.address == s->info.address && core__contract_state(o) == SESSION_CONNECTED && o->leg &&
            (!active || o->info.state_ms >= active->info.state_ms))
            active = o;
    if (active) {
        core__command(core, SESSION_CMD_HOLD, active, 0);
        core__state(core, active, SESSION_ONHOLD, 0);
    }
}

void core__take_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    bool waiting = p->mode && ind->state == SESSION_ONHOLD;
    struct session *s = p->session;

    if (ind->err || !ind->leg) {
        core__pending_end(core, p, ind->err ? ind->err : SESSION_E_FAILED);
        return;
    }
    s->leg = ind->leg;
    if (ind->call_id)
        s->info.call_id = ind->call_id;
    core__set_party(&s->info.caller, &s->info.caller_flags, ind->caller);
    core__set_party(&s->info.called, &s->info.called_flags, ind->called);
    core__set_party(&s->info.connected, &s->info.connected_flags, ind->connected);
    if (!ind->caller) /* as of a call that is offered */
        s->info.caller_flags = SESSION_PARTY_BLOCKED;
    if (!ind->connected)
        s->info.connected_flags = s->info.caller_flags;
    s->info.redirecting = session_party_ref(ind->redirecting);
    s->info.redirection = session_party_ref(ind->redirection);
    core__pending_end(core, p, SESSION_E_OK);
    core__report(core, s);
    if (waiting)
        hold_active(core, s);
    core__state(core, s, SESSION_CONNECTED, ind->mode ? ind->mode : SESSION_CONNECTED_ACTIVE);
}
