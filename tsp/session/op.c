/* Operations from above. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

enum session_err core__dial(struct session_core *core, uint32_t line, const struct session_req *req)
{
    const char *text = req->dest ? req->dest : "";
    size_t len = req->dest ? req->dest_len : 0;

    return core->linev[line].uris ? session_dial_parse_uri(text, len, &core->dial)
                                  : session_dial_parse(text, len, &core->dial);
}

/* MAKE: a new session on a line. The binding is told, its DONE validates the session. */
static enum session_err make(struct session_core *core, const struct session_req *req, uint32_t *idv)
{
    struct session_party *called = NULL;
    struct address *address;
    struct session_cmd *cmd;
    struct pending *p;
    struct session *s;
    struct line *line;
    enum session_err err;

    if (req->line >= core->linec || !core->linev[req->line].open)
        return SESSION_E_BADLINE;
    line = &core->linev[req->line];
    if (req->address >= line->addressc)
        return SESSION_E_BADADDRESSID;
    address = &line->addressv[req->address];
    err = core__dial(core, req->line, req);
    if (err)
        return err;
    err = core__attach_check(&req->attach);
    if (err)
        return err;
    if (req->only_idle && line->busy)
        return SESSION_E_CALLUNAVAIL;
    err = core__may_call(core, line, address);
    if (err)
        return err;
    if (core->dial.number[0]) {
        called = session_party_alloc(&core->mem, core->dial.number, core->dial.name);
        if (!called)
            return SESSION_E_NOMEM;
    }
    s = core__session_new(core, req->line, req->address, req->user, &err);
    if (!s)
        goto out;
    p = NULL;
    err = core__attach(core, s, &req->attach, false);
    if (!err)
        p = core__pending_new(core, s, SESSION_OP_MAKE, req->request, &err);
    if (!p) {
        core__session_free(core, s);
        goto out;
    }
    p->madev[0] = s->info.id;
    s->maker = p->head.id;
    s->info.origin = SESSION_ORIGIN_OUTBOUND;
    s->info.reason = SESSION_REASON_DIRECT;
    if (req->media_modes)
        s->info.media_modes = req->media_modes;
    if (req->bearer_mode)
        s->info.bearer_mode = req->bearer_mode;
    s->info.rate = req->max_rate;
    s->info.flags = req->flags;
    s->info.country = req->country;
    core__set_party(&s->info.caller, &s->info.caller_flags, address->party);
    core__set_party(&s->info.called, &s->info.called_flags, called);
    core__set_party(&s->info.connected, &s->info.connected_flags, NULL);
    cmd = core__command(core, SESSION_CMD_PLACE, s, p->head.id);
    cmd->dial = &core->dial;
    cmd->caller = address->party;
    cmd->block_id = req->block_id;
    cmd->media_modes = s->info.media_modes;
    core__attach_uui(core, cmd, &req->attach.uui);
    core__attach_data(core, cmd, &req->attach.call_data);
    idv[0] = s->info.id;
out:
    session_party_deref(called);
    return err;
}

/* The called id grows with the digits dialled. No memory for it is no reason to fail the dialling. */
static void called_append(struct session_core *core, struct session *s)
{
    char number[SESSION_NUMBER_MAX + 1];
    size_t had = strlen(session_party_number(s->info.called)), more = strlen(core->dial.number);
    struct session_party *party;

    if (!more || had + more > SESSION_NUMBER_MAX)
        return;
    memcpy(number, session_party_number(s->info.called), had);
    memcpy(number + had, core->dial.number, more + 1);
    party = session_party_alloc(&core->mem, number,
                                core->dial.name[0] ? core->dial.name : session_party_name(s->info.called));
    if (!party)
        return;
    core__set_party(&s->info.called, &s->info.called_flags, party);
    session_party_deref(party);
    core__info(core, s, SESSION_INFO_CALLEDID);
}

static enum session_err dial(struct session_core *core, struct session *s, const struct session_req *req)
{
    enum session_err err = core__dial(core, s->info.line, req);
    struct session_cmd *cmd;
    struct pending *p;

    if (err)
        return err;
    p = core__pending_new(core, s, SESSION_OP_DIAL, req->request, &err);
    if (!p)
        return err;
    /* legal elsewhere too by the TSPI page, but no digits are taken there */
    if (!(s->info.state & session_contract(SESSION_OP_DIAL)->useful) || !s->leg) {
        core__pending_end(core, p, SESSION_E_BADSTATE);
        return SESSION_E_OK;
    }
    cmd = core__command(core, SESSION_CMD_DIAL, s, p->head.id);
    cmd->dial = &core->dial;
    called_append(core, s);
    return SESSION_E_OK;
}

static enum session_err command(struct session_core *core, struct session *s, const struct session_req *req,
                                enum session_cmd_type type)
{
    enum session_err err = SESSION_E_OK;
    struct pending *p;

    if (req->attach.uui.len > SESSION_UUI_MAX)
        return SESSION_E_UUITOOBIG;
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p)
        return err;
    if (req->op == SESSION_OP_DROP && core__inactive(s)) {
        core__pending_end(core, p, SESSION_E_BADSTATE); /* it is not this station's to end */
    } else if (s->leg) {
        struct session_cmd *cmd = core__command(core, type, s, p->head.id);

        core__attach_uui(core, cmd, &req->attach.uui);
    } else if (req->op == SESSION_OP_DROP) {
        /* the far side has gone already: there is nothing left to ask the binding for */
        core__pending_end(core, p, SESSION_E_OK);
        core__state(core, s, SESSION_IDLE, 0);
    } else {
        core__pending_end(core, p, SESSION_E_BADSTATE);
    }
    return SESSION_E_OK;
}

enum session_err core__op(struct session_core *core, const struct session_req *req, uint32_t *idv)
{
    const struct session_contract *row;
    struct session *s = NULL, *s2 = NULL;
    uint32_t line;

    if ((unsigned)req->op >= SESSION_OP_COUNT)
        return SESSION_E_BADPARAM;
    row = session_contract(req->op);
    if (row->mode == SESSION_REQUIRED || (row->mode == SESSION_ALLOWED && req->session)) {
        s = pool_get(&core->sessions, req->session);
        if (!s)
            return SESSION_E_BADSESSION;
    }
    line = s ? s->info.line : req->line;
    if (!(core->ops & SESSION_OP_BIT(req->op)) ||
        (line < core->linec && core->linev[line].no_ops & SESSION_OP_BIT(req->op)))
        return SESSION_E_UNAVAIL;
    /* before its creating request is done a session can only be released (states.md 4, new call handles) */
    if (s && ((!s->info.reported && req->op != SESSION_OP_RELEASE) || !(row->states & core__contract_state(s))))
        return SESSION_E_BADSTATE;
    if (row->states2) {
        s2 = pool_get(&core->sessions, req->session2);
        if (!s2 || s2 == s || s2->info.line != s->info.line)
            return SESSION_E_BADSESSION;
        if (!s2->info.reported || !(row->states2 & core__contract_state(s2)))
            return SESSION_E_BADSTATE;
    }
    if (row->async && !req->request)
        return SESSION_E_BADPARAM;
    if (row->handles && !idv)
        return SESSION_E_BADPARAM;
    if (!s && (row->initiating || row->address_feature) && req->line < core->linec && core->linev[req->line].open) {
        enum session_err err = core__may_use(core, req->op, req->line, req->address);

        if (err)
            return err;
    } else if (req->op == SESSION_OP_ANSWER && core__may_answer(core, s)) {
        return SESSION_E_INUSE;
    }
    switch (req->op) {
    case SESSION_OP_MAKE:
        return make(core, req, idv);
    case SESSION_OP_DIAL:
        return dial(core, s, req);
    case SESSION_OP_ACCEPT:
        return command(core, s, req, SESSION_CMD_ACCEPT);
    case SESSION_OP_ANSWER:
        return command(core, s, req, SESSION_CMD_ANSWER);
    case SESSION_OP_DROP:
        return command(core, s, req, SESSION_CMD_DROP);
    case SESSION_OP_RELEASE:
        core__release(core, s);
        return SESSION_E_OK;
    case SESSION_OP_SETAPPSPECIFIC:
        s->info.app_specific = req->value;
        core__info(core, s, SESSION_INFO_APPSPECIFIC);
        return SESSION_E_OK;
    case SESSION_OP_ADDTOCONF:
    case SESSION_OP_BLINDTRANSFER:
    case SESSION_OP_COMPLETETRANSFER:
    case SESSION_OP_HOLD:
    case SESSION_OP_PREPAREADDCONF:
    case SESSION_OP_REDIRECT:
    case SESSION_OP_REMOVEFROMCONF:
    case SESSION_OP_SETUPCONF:
    case SESSION_OP_SETUPTRANSFER:
    case SESSION_OP_SWAPHOLD:
    case SESSION_OP_UNHOLD:
        return core__control(core, s, s2, req, idv);
    case SESSION_OP_PARK:
        return core__park(core, s, req);
    case SESSION_OP_PICKUP:
    case SESSION_OP_UNPARK:
        return core__take(core, req, idv);
    case SESSION_OP_RELEASEUSERUSER:
    case SESSION_OP_SECURECALL:
    case SESSION_OP_SENDUSERUSER:
    case SESSION_OP_SETCALLDATA:
    case SESSION_OP_SETCALLPARAMS:
    case SESSION_OP_SETQOS:
    case SESSION_OP_SETTREATMENT:
    case SESSION_OP_SETMEDIAMODE:
        return core__data_op(core, s, req);
    case SESSION_OP_GENERATEDIGITS:
    case SESSION_OP_GENERATETONE:
        return core__play(core, s, req);
    case SESSION_OP_GATHERDIGITS:
        return core__gather(core, s, req);
    case SESSION_OP_MONITORDIGITS:
    case SESSION_OP_MONITORMEDIA:
    case SESSION_OP_MONITORTONES:
        return core__monitor(core, s, req);
    case SESSION_OP_SETMEDIACONTROL:
        return core__set_control(core, s, req);
    case SESSION_OP_SETTERMINAL:
        return core__set_terminal(core, s, req);
    case SESSION_OP_DEVSPECIFIC:
    case SESSION_OP_DEVSPECIFICFEAT:
        return core__devspecific(core, s, req);
    case SESSION_OP_COMPLETECALL:
        return core__complete(core, s, req, idv);
    case SESSION_OP_FORWARD:
    case SESSION_OP_SETLINESTATUS:
    case SESSION_OP_UNCOMPLETECALL:
        return core__line_op(core, req);
    case SESSION_OP_COUNT:
        break;
    }
    return SESSION_E_UNAVAIL;
}
