/* Lines beside their calls: requests of no session, forwarding, status. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/* ---- requests of a line ------------------------------------------------------------------------------------------ */

struct pending *core__line_pending(struct session_core *core, const struct session_req *req, enum session_err *err)
{
    struct line *line = &core->linev[req->line];
    struct pending **link = &line->pending, *p;

    if (line->pendingc >= CORE_PENDING_MAX) {
        *err = SESSION_E_RESOURCE;
        return NULL;
    }
    p = pool_take(&core->pendings);
    if (!p) {
        *err = SESSION_E_NOMEM;
        return NULL;
    }
    p->request = req->request;
    p->op = req->op;
    p->line = req->line;
    p->address = req->address;
    p->value = req->value;
    p->on = req->on;
    while (*link)
        link = &(*link)->next;
    *link = p;
    line->pendingc++;
    return p;
}

static void forwards_deref(const struct session_core *core, struct session_forwards *f)
{
    if (f && --f->refs == 0)
        core->mem.free(f, core->mem.arg);
}

static void reply(struct session_core *core, const struct pending *p, enum session_err err)
{
    struct session_act *act = core__emit(core, SESSION_ACT_REPLY, NULL);

    act->line = p->line;
    act->request = p->request;
    act->err = err;
}

/* The binding has answered. */
static void end(struct session_core *core, struct pending *p, enum session_err err)
{
    struct line *line = &core->linev[p->line];
    struct pending **link = &line->pending;

    if (p->request)
        reply(core, p, err);
    else
        core->orphans--;
    while (*link != p)
        link = &(*link)->next;
    *link = p->next;
    line->pendingc--;
    forwards_deref(core, p->forwards);
    pool_give(&core->pendings, p);
}

bool core__line_close(struct session_core *core, uint32_t index)
{
    struct line *line = &core->linev[index];
    struct session_cmd *cmd;

    for (struct pending *p = line->pending; p; p = p->next) {
        if (!p->request)
            continue;
        reply(core, p, SESSION_E_FAILED);
        p->request = 0;
        core->orphans++;
        return true;
    }
    if (!line->completions)
        return false;
    cmd = core__command(core, SESSION_CMD_UNCOMPLETE, NULL, 0);
    cmd->line = index;
    cmd->completion = line->completions->id;
    (void)core__completion_over(core, index, line->completions->id);
    return true;
}

void core__line_forget(struct session_core *core, struct line *line)
{
    while (line->pending) {
        struct pending *p = line->pending;

        line->pending = p->next;
        core->orphans -= !p->request;
        forwards_deref(core, p->forwards);
        pool_give(&core->pendings, p);
    }
    while (line->completions) {
        struct completion *c = line->completions;

        line->completions = c->next;
        core->mem.free(c, core->mem.arg);
    }
    for (uint32_t i = 0; line->addressv && i < line->addressc; i++)
        forwards_deref(core, line->addressv[i].forwards);
}

void core__line_bits(struct session_core *core, uint32_t index, uint32_t bits, uint32_t count)
{
    struct session_act *act;

    bits &= core->linev[index].line_states;
    if (!bits)
        return;
    act = core__emit(core, SESSION_ACT_LINE, NULL);
    act->line = index;
    act->bits = bits;
    act->count = count;
}

const char *core__line_check(const struct session_core *core, const struct line *line, uint32_t *pendingc)
{
    uint32_t n = 0, completions = 0;

    for (const struct pending *p = line->pending; p; p = p->next) {
        if (p->session || &core->linev[p->line] != line || pool_get(&core->pendings, p->head.id) != p)
            return "a request of a line is not the line's";
        if (!p->request && !core->orphans)
            return "a request waits for nobody and is not counted";
        n++;
    }
    for (const struct completion *c = line->completions; c; c = c->next)
        completions++;
    if (n != line->pendingc || n > CORE_PENDING_MAX)
        return "a line's requests are not as many as it counts";
    if (completions != line->completionc || completions + line->completing > SESSION_COMPLETIONS_MAX)
        return "a line's completions are not as many as it counts, or too many";
    if (!line->open && line->completions)
        return "a closed line waits for a completion";
    if (!line->vacant && (line->status | SESSION_STATUS_SETTABLE) != (SESSION_STATUS_CONNECTED | SESSION_STATUS_SETTABLE))
        return "a line has a status that does not exist";
    *pendingc += n;
    return NULL;
}

/* ---- forwarding -------------------------------------------------------------------------------------------------- */

/* Checks and measures one instruction. */
static enum session_err entry_check(struct session_core *core, const struct session_forward *e, size_t *size)
{
    enum session_err err;

    if (!e->mode || e->mode & (e->mode - 1) || e->mode & ~(uint32_t)SESSION_FORWARD_ALL)
        return SESSION_E_BADPARAM;
    *size += 2;
    if (e->mode & SESSION_FORWARD_SPECIFIC) {
        err = session_dial_parse(e->caller ? e->caller : "", e->caller ? e->caller_len : 0, &core->dial);
        if (err)
            return err;
        if (!core->dial.number[0] || core->dial.more)
            return SESSION_E_BADADDRESS;
        *size += strlen(core->dial.number);
    }
    err = session_dial_parse(e->dest ? e->dest : "", e->dest ? e->dest_len : 0, &core->dial);
    if (!err && core->dial.more)
        err = SESSION_E_BADADDRESS;
    *size += strlen(core->dial.number);
    return err;
}

/* A number that has been checked, written to *at. */
static const char *keep(struct session_core *core, const char *text, size_t len, size_t *lenp, char **at)
{
    const char *kept = *at;

    if (session_dial_parse(text ? text : "", text ? len : 0, &core->dial))
        core->dial.number[0] = 0;
    *lenp = strlen(core->dial.number);
    memcpy(*at, core->dial.number, *lenp + 1);
    *at += *lenp + 1;
    return kept;
}

/* What a request asks for, NULL: nothing. OK, BADPARAM, BADADDRESS, DIAL..., NOMEM. */
static enum session_err forwards_make(struct session_core *core, const struct session_req *req,
                                      struct session_forwards **fp)
{
    size_t size = sizeof **fp + req->forwardc * sizeof(struct session_forward);
    uint32_t specific = 0;
    struct session_forwards *f;
    enum session_err err;
    char *at;

    *fp = NULL;
    if (!req->forwardc)
        return SESSION_E_OK;
    if (req->forwardc > SESSION_FORWARD_MAX || !req->forwardv)
        return SESSION_E_BADPARAM;
    for (uint32_t i = 0; i < req->forwardc; i++) {
        err = entry_check(core, &req->forwardv[i], &size);
        if (err)
            return err;
        specific += (req->forwardv[i].mode & SESSION_FORWARD_SPECIFIC) != 0;
    }
    if (specific > SESSION_FORWARD_SPECIFIC_MAX)
        return SESSION_E_BADPARAM;
    f = core->mem.alloc(size, core->mem.arg);
    if (!f)
        return SESSION_E_NOMEM;
    f->refs = 1;
    f->count = req->forwardc;
    f->rings = req->value < SESSION_FORWARD_RINGS_MIN   ? SESSION_FORWARD_RINGS_MIN
               : req->value > SESSION_FORWARD_RINGS_MAX ? SESSION_FORWARD_RINGS_MAX
                                                        : req->value;
    at = (char *)&f->entryv[f->count];
    for (uint32_t i = 0; i < f->count; i++) {
        const struct session_forward *e = &req->forwardv[i];
        struct session_forward *kept = &f->entryv[i];
        bool named = e->mode & SESSION_FORWARD_SPECIFIC;

        kept->mode = e->mode;
        kept->country = e->country;
        kept->caller = keep(core, named ? e->caller : NULL, e->caller_len, &kept->caller_len, &at);
        kept->dest = keep(core, e->dest, e->dest_len, &kept->dest_len, &at);
        /* what is said twice contradicts itself */
        for (uint32_t k = 0; k < i; k++) {
            if (f->entryv[k].mode == kept->mode && !strcmp(f->entryv[k].caller, kept->caller)) {
                forwards_deref(core, f);
                return SESSION_E_BADPARAM;
            }
        }
    }
    *fp = f;
    return SESSION_E_OK;
}

static enum session_err forward(struct session_core *core, const struct session_req *req)
{
    struct session_forwards *f;
    struct session_cmd *cmd;
    enum session_err err;
    struct pending *p;

    if (req->address != SESSION_ADDRESS_ALL && req->address >= core->linev[req->line].addressc)
        return SESSION_E_BADADDRESSID;
    err = forwards_make(core, req, &f);
    if (err)
        return err;
    p = core__line_pending(core, req, &err);
    if (!p) {
        forwards_deref(core, f);
        return err;
    }
    p->forwards = f;
    cmd = core__command(core, SESSION_CMD_FORWARD, NULL, p->head.id);
    cmd->line = req->line;
    cmd->address = req->address;
    cmd->forwards = f;
    return SESSION_E_OK;
}

static bool same(const struct session_forwards *a, const struct session_forwards *b)
{
    if (!a || !b || a->count != b->count || a->rings != b->rings)
        return a == b;
    for (uint32_t i = 0; i < a->count; i++) {
        const struct session_forward *x = &a->entryv[i], *y = &b->entryv[i];

        if (x->mode != y->mode || x->country != y->country || strcmp(x->caller, y->caller) || strcmp(x->dest, y->dest))
            return false;
    }
    return true;
}

/* The switch has taken it. */
static void forward_done(struct session_core *core, struct pending *p)
{
    struct line *line = &core->linev[p->line];
    uint32_t index = p->line, from = p->address, to = p->address + 1;
    struct session_forwards *f = p->forwards;

    if (from == SESSION_ADDRESS_ALL) {
        from = 0;
        to = line->addressc;
    }
    p->forwards = NULL;
    end(core, p, SESSION_E_OK);
    if (f)
        f->refs += to - from;
    forwards_deref(core, f);
    for (uint32_t i = from; i < to; i++) {
        struct address *a = &line->addressv[i];
        bool changed = !same(a->forwards, f);

        forwards_deref(core, a->forwards);
        a->forwards = f;
        if (changed && line->address_states & SESSION_ADDR_FORWARD) {
            struct session_act *act = core__emit(core, SESSION_ACT_ADDRESS, NULL);

            act->line = index;
            act->address = i;
            act->bits = SESSION_ADDR_FORWARD;
        }
    }
}

/* ---- status ------------------------------------------------------------------------------------------------------ */

static void set_status(struct session_core *core, uint32_t index, uint32_t bits, bool on)
{
    struct line *line = &core->linev[index];
    uint32_t old = line->status, changed, say = 0;

    line->status = on ? old | bits : old & ~bits;
    changed = old ^ line->status;
    if (changed & SESSION_STATUS_MSGWAIT) {
        struct session_act *act = core__emit(core, SESSION_ACT_LAMP, NULL);

        act->line = index;
        act->state = on;
        say |= on ? SESSION_LINE_MSGWAITON : SESSION_LINE_MSGWAITOFF;
    }
    if (changed & SESSION_STATUS_INSERVICE)
        say |= on ? SESSION_LINE_INSERVICE : SESSION_LINE_OUTOFSERVICE;
    if (changed & SESSION_STATUS_LOCKED)
        say |= SESSION_LINE_LOCK;
    core__line_bits(core, index, say, 0);
}

enum session_err core__may_call(const struct session_core *core, const struct line *line, const struct address *address)
{
    if (!(line->status & SESSION_STATUS_INSERVICE) || line->status & SESSION_STATUS_LOCKED)
        return SESSION_E_CALLUNAVAIL;
    return core__may_make(core, line, address);
}

/* ---- in ---------------------------------------------------------------------------------------------------------- */

enum session_err core__line_op(struct session_core *core, const struct session_req *req)
{
    enum session_err err = SESSION_E_OK;
    struct session_cmd *cmd;
    struct pending *p;

    if (!session_line_there(core, req->line))
        return SESSION_E_BADLINE;
    /* a telephone tells that its message was heard, whether applications have the line or not */
    if (!core->linev[req->line].open && req->op != SESSION_OP_SETLINESTATUS)
        return SESSION_E_BADLINE;
    if (req->op == SESSION_OP_FORWARD)
        return forward(core, req);
    if (req->op == SESSION_OP_UNCOMPLETECALL)
        return core__uncomplete(core, req);
    if (!req->value || req->value & ~(uint32_t)SESSION_STATUS_SETTABLE)
        return SESSION_E_BADLINESTATUS;
    p = core__line_pending(core, req, &err);
    if (!p)
        return err;
    cmd = core__command(core, SESSION_CMD_LINESTATUS, NULL, p->head.id);
    cmd->line = req->line;
    cmd->mode = req->value;
    cmd->on = req->on;
    return SESSION_E_OK;
}

void core__line_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    uint32_t line = p->line, value = p->value;
    enum session_op op = p->op;
    bool on = p->on;

    if (op == SESSION_OP_FORWARD && !ind->err) {
        forward_done(core, p);
        return;
    }
    end(core, p, ind->err);
    if (op == SESSION_OP_SETLINESTATUS && !ind->err)
        set_status(core, line, value, on);
    else if (op == SESSION_OP_UNCOMPLETECALL && !ind->err)
        (void)core__completion_over(core, line, value);
}

enum session_err core__line_ind(struct session_core *core, const struct session_ind *ind)
{
    if (!session_line_there(core, ind->line))
        return SESSION_E_BADPARAM;
    if (ind->type == SESSION_IND_MESSAGE) {
        set_status(core, ind->line, SESSION_STATUS_MSGWAIT, true);
    } else if (ind->type == SESSION_IND_COMPLETION) {
        if (core__completion_over(core, ind->line, ind->completion))
            core__line_bits(core, ind->line, SESSION_LINE_COMPLCANCEL, ind->completion);
    } else {
        if (ind->address >= core->linev[ind->line].addressc)
            return SESSION_E_BADPARAM;
        core->linev[ind->line].watched = ind->mode != 0;
        if (ind->mode)
            core__line_free(core, ind->line, ind->address);
    }
    return SESSION_E_OK;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

const struct session_forwards *session_forwards(const struct session_core *core, uint32_t line, uint32_t address)
{
    if (line >= core->linec || address >= core->linev[line].addressc)
        return NULL;
    return core->linev[line].addressv[address].forwards;
}

uint32_t session_line_status(const struct session_core *core, uint32_t line)
{
    return line < core->linec ? core->linev[line].status : 0;
}
