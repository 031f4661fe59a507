/* Call completion: what a line has asked for when a number was busy or did not answer. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

/*
 * The binding queues what is asked for, and offers a call with the completion's id when it can be done. What is kept
 * here is what is under way, so that an id means something, and is counted.
 */

const char *session_message_text(uint32_t message)
{
    static const char *const textv[SESSION_MESSAGES] = {"Please call back", "Call me when you are in",
                                                        "I will call again", "It is urgent"};

    return message < SESSION_MESSAGES ? textv[message] : "";
}

uint32_t session_completions(const struct session_core *core, uint32_t line)
{
    return line < core->linec ? core->linev[line].completionc : 0;
}

static uint32_t modes_in(uint32_t state)
{
    if (state == SESSION_BUSY)
        return SESSION_COMPL_ALL;
    return state == SESSION_RINGBACK ? SESSION_COMPL_CALLBACK | SESSION_COMPL_MESSAGE : 0;
}

uint32_t session_completion_modes(const struct session_core *core, uint32_t id)
{
    const struct session *s = pool_get(&core->sessions, id);

    if (!s || !s->info.reported ||
        !(core->ops & ~core->linev[s->info.line].no_ops & SESSION_OP_BIT(SESSION_OP_COMPLETECALL)))
        return 0;
    return modes_in(s->info.state);
}

enum session_err core__complete(struct session_core *core, struct session *s, const struct session_req *req,
                                uint32_t *idv)
{
    struct line *line = &core->linev[s->info.line];
    enum session_err err = SESSION_E_OK;
    struct completion *c = NULL;
    struct session_cmd *cmd;
    struct pending *p;

    if (!req->value || req->value & (req->value - 1) || req->value & ~(uint32_t)SESSION_COMPL_ALL)
        return SESSION_E_BADCOMPLMODE;
    if (!idv)
        return SESSION_E_BADPARAM;
    if (req->value == SESSION_COMPL_MESSAGE && req->message >= SESSION_MESSAGES)
        return SESSION_E_BADMESSAGE;
    if (req->value & (SESSION_COMPL_CAMPON | SESSION_COMPL_CALLBACK) &&
        line->completionc + line->completing >= SESSION_COMPLETIONS_MAX)
        return SESSION_E_COMPLOVERRUN;
    if (req->value & (SESSION_COMPL_CAMPON | SESSION_COMPL_CALLBACK)) {
        c = core->mem.alloc(sizeof *c, core->mem.arg);
        if (!c)
            return SESSION_E_NOMEM;
    }
    p = core__pending_new(core, s, req->op, req->request, &err);
    if (!p) {
        core->mem.free(c, core->mem.arg);
        return err;
    }
    p->mode = req->value;
    p->completion = c;
    line->completing += c != NULL;
    if (!++core->completion_id)
        core->completion_id = 1;
    idv[0] = core->completion_id;
    if (c)
        c->id = core->completion_id;
    if (!s->leg || !(modes_in(s->info.state) & req->value)) {
        core__pending_end(core, p, SESSION_E_BADSTATE);
        return SESSION_E_OK;
    }
    cmd = core__command(core, SESSION_CMD_COMPLETE, s, p->head.id);
    cmd->mode = req->value;
    if (!++core->call_id)
        core->call_id = 1;
    cmd->call_id = core->call_id; /* of the call that may come of it */
    cmd->completion = core->completion_id;
    cmd->message = req->message;
    return SESSION_E_OK;
}

void core__complete_drop(struct session_core *core, struct pending *p)
{
    core->linev[p->session->info.line].completing--;
    core->mem.free(p->completion, core->mem.arg);
    p->completion = NULL;
}

static void forget(struct session_core *core, uint32_t line, uint32_t id)
{
    struct session_cmd *cmd = core__command(core, SESSION_CMD_UNCOMPLETE, NULL, 0);

    cmd->line = line;
    cmd->completion = id;
}

void core__complete_done(struct session_core *core, struct pending *p, const struct session_ind *ind)
{
    struct session *s = p->session;
    struct line *line = &core->linev[s->info.line];
    uint32_t index = s->info.line, mode = p->mode;

    if (!ind->err && mode == SESSION_COMPL_INTRUDE) {
        bool ok = s->leg && s->info.state & session_contract(p->op)->states;

        core__pending_end(core, p, ok ? SESSION_E_OK : SESSION_E_BADSTATE);
        if (ok)
            core__connect(core, s, ind->connected, ind->mode);
        return;
    }
    if (!ind->err && p->completion) {
        struct completion **link = &line->completions;

        while (*link)
            link = &(*link)->next;
        *link = p->completion;
        p->completion = NULL;
        line->completing--;
        line->completionc++;
        core__pending_end(core, p, SESSION_E_OK);
        core__line_bits(core, index, SESSION_LINE_NUMCOMPLETIONS, 0);
    } else {
        core__pending_end(core, p, ind->err);
        if (ind->err)
            return;
    }
    s->leg = 0;
    if (s->info.state != SESSION_IDLE)
        core__state(core, s, SESSION_IDLE, 0);
}

/* Nobody knows any more what the binding has taken: it is taken back, unless this is only repeated. */
void core__complete_late(struct session_core *core, const struct session_ind *ind)
{
    if (ind->err || !ind->completion || !session_line_there(core, ind->line))
        return;
    for (const struct completion *c = core->linev[ind->line].completions; c; c = c->next)
        if (c->id == ind->completion)
            return;
    forget(core, ind->line, ind->completion);
}

bool core__completion_over(struct session_core *core, uint32_t index, uint32_t id)
{
    struct line *line = &core->linev[index];

    for (struct completion **link = &line->completions; *link; link = &(*link)->next) {
        struct completion *c = *link;

        if (c->id != id)
            continue;
        *link = c->next;
        line->completionc--;
        core->mem.free(c, core->mem.arg);
        core__line_bits(core, index, SESSION_LINE_NUMCOMPLETIONS, 0);
        return true;
    }
    return false;
}

enum session_err core__uncomplete(struct session_core *core, const struct session_req *req)
{
    const struct completion *c = core->linev[req->line].completions;
    struct session_req own = *req;
    enum session_err err = SESSION_E_OK;
    struct session_cmd *cmd;
    struct pending *p;

    while (c && c->id != req->completion)
        c = c->next;
    if (!c)
        return SESSION_E_BADCOMPLETION;
    own.value = req->completion;
    p = core__line_pending(core, &own, &err);
    if (!p)
        return err;
    cmd = core__command(core, SESSION_CMD_UNCOMPLETE, NULL, p->head.id);
    cmd->line = req->line;
    cmd->completion = req->completion;
    return SESSION_E_OK;
}

void core__line_free(struct session_core *core, uint32_t index, uint32_t address)
{
    struct line *line = &core->linev[index];
    struct session_cmd *cmd = core__command(core, SESSION_CMD_FREE, NULL, 0);

    cmd->line = index;
    cmd->address = address;
    cmd->mode = line->busy;
    cmd->on = !core__may_make(core, line, &line->addressv[address]);
}
