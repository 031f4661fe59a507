/* The core: its life, its lines, its inputs and its actions. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static void *libc_alloc(size_t size, void *arg)
{
    (void)arg;
    return calloc(1, size);
}

static void libc_free(void *p, void *arg)
{
    (void)arg;
    free(p);
}

static void find_features(struct session_core *core)
{
    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        const struct session_contract *row = session_contract((enum session_op)op);

        if (!row->implemented || !(core->conf.binding_ops & SESSION_OP_BIT(op)))
            continue;
        core->ops |= SESSION_OP_BIT(op);
        for (int bit = 0; bit < 17; bit++)
            if (row->useful >> bit & 1)
                core->features_of[bit] |= row->call_feature;
    }
}

enum session_err session_core_alloc(struct session_core **corep, const struct session_conf *conf)
{
    struct session_mem mem = conf->mem;
    struct session_core *core;

    if (!mem.alloc != !mem.free)
        return SESSION_E_BADPARAM;
    if (!mem.alloc) {
        mem.alloc = libc_alloc;
        mem.free = libc_free;
    }
    core = mem.alloc(sizeof *core, mem.arg);
    if (!core)
        return SESSION_E_NOMEM;
    core->mem = mem;
    core->conf = *conf;
    core->now_ms = 1; /* a time of 0 means "not yet" */
    if (!core->conf.max_sessions || core->conf.max_sessions > SESSION_MAX)
        core->conf.max_sessions = SESSION_MAX;
    if (core->conf.max_conference < 3 || core->conf.max_conference > SESSION_CONFERENCE_MAX)
        core->conf.max_conference = SESSION_CONFERENCE_MAX;
    pool_init(&core->sessions, &core->mem, sizeof(struct session), 8, core->conf.max_sessions);
    pool_init(&core->pendings, &core->mem, sizeof(struct pending), 7, POOL_INDEX_MAX);
    session_timers_init(&core->timers, &core->mem);
    find_features(core);
    *corep = core;
    return SESSION_E_OK;
}

void core__line_fini(struct session_core *core, struct line *line)
{
    core__line_forget(core, line);
    for (uint32_t i = 0; line->addressv && i < line->addressc; i++) {
        session_party_deref(line->addressv[i].party);
        core__control_deref(core, line->addressv[i].control);
    }
    core->mem.free(line->addressv, core->mem.arg);
}

void session_core_free(struct session_core *core)
{
    struct session_mem mem;

    if (!core)
        return;
    for (uint32_t i = 0; i < core->linec; i++) {
        struct line *line = &core->linev[i];

        while (line->first) {
            struct session *s = line->first;

            while (s->pending) {
                struct pending *p = s->pending;

                s->pending = p->next;
                mem = core->mem;
                mem.free(p->blob, mem.arg);
                mem.free(p->completion, mem.arg);
                pool_give(&core->pendings, p);
            }
            core__session_free(core, s);
        }
        core__line_fini(core, line);
    }
    mem = core->mem;
    core__groups_free(core);
    mem.free(core->linev, mem.arg);
    session_timers_free(&core->timers);
    pool_fini(&core->pendings);
    pool_fini(&core->sessions);
    mem.free(core, mem.arg);
}

enum session_err session_line_add(struct session_core *core, const struct session_line_conf *conf, uint32_t *linep)
{
    uint32_t index = core->linec;
    enum session_err err = session_line_add_at(core, index, conf);

    if (!err && linep)
        *linep = index;
    return err;
}

enum session_err session_line_add_at(struct session_core *core, uint32_t index, const struct session_line_conf *conf)
{
    struct line line = {.addressc = conf->addressc,
                        .max = conf->max_sessions ? conf->max_sessions : UINT32_MAX,
                        .status = SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE};
    enum session_err err;

    if (!conf->addressc || conf->addressc > UINT16_MAX || !session_line_vacant(core, index))
        return SESSION_E_BADPARAM;
    for (uint32_t i = 0; i < conf->addressc; i++) {
        const struct session_address_conf *a = &conf->addressv[i];

        if (!a->number || strlen(a->number) > SESSION_NUMBER_MAX || (a->name && strlen(a->name) > SESSION_NAME_MAX))
            return SESSION_E_BADPARAM;
    }
    if (index == core->line_cap) {
        uint32_t cap = core->line_cap ? core->line_cap * 2 : 8;
        struct line *linev = core->mem.alloc(cap * sizeof *linev, core->mem.arg);

        if (!linev)
            return SESSION_E_NOMEM;
        if (core->linec)
            memcpy(linev, core->linev, core->linec * sizeof *linev);
        core->mem.free(core->linev, core->mem.arg);
        core->linev = linev;
        core->line_cap = cap;
    }
    core__terminals_init(line.termv);
    line.addressv = core->mem.alloc(conf->addressc * sizeof *line.addressv, core->mem.arg);
    if (!line.addressv)
        return SESSION_E_NOMEM;
    for (uint32_t i = 0; i < conf->addressc; i++) {
        const struct session_address_conf *a = &conf->addressv[i];

        line.addressv[i].max = a->max_sessions ? a->max_sessions : UINT32_MAX;
        core__terminals_init(line.addressv[i].termv);
        line.addressv[i].party = session_party_alloc(&core->mem, a->number, a->name);
        if (!line.addressv[i].party) {
            core__line_fini(core, &line);
            return SESSION_E_NOMEM;
        }
    }
    core->linec += index == core->linec;
    core->linev[index] = line;
    err = core__share(core, index, conf->sharingv);
    if (err) {
        core__unshare(core, index);
        core__line_fini(core, &core->linev[index]);
        memset(&core->linev[index], 0, sizeof core->linev[index]);
        core->linev[index].vacant = true;
    }
    return err;
}

enum session_err session_line_limit(struct session_core *core, uint32_t line, uint64_t ops, bool uris)
{
    struct line *l;

    if (line >= core->linec)
        return SESSION_E_BADLINE;
    l = &core->linev[line];
    l->no_ops = ~ops;
    l->uris = uris;
    l->no_features = 0;
    for (int op = 0; op < SESSION_OP_COUNT; op++)
        if (l->no_ops & SESSION_OP_BIT(op))
            l->no_features |= session_contract((enum session_op)op)->call_feature;
    return SESSION_E_OK;
}

/* ---- actions ----------------------------------------------------------------------------------------------------- */

struct session_act *core__emit(struct session_core *core, enum session_act_type type, const struct session *s)
{
    struct session_act *act = &core->actv[core->actc];

    assert(core->actc < CORE_ACTIONS_MAX);
    core->actc++;
    memset(act, 0, offsetof(struct session_act, cmd));
    act->type = type;
    if (s) {
        act->session = s->info.id;
        act->line = s->info.line;
        act->address = s->info.address;
    }
    return act;
}

struct session_cmd *core__command(struct session_core *core, enum session_cmd_type type, const struct session *s,
                                  uint32_t token)
{
    struct session_cmd *cmd = &core__emit(core, SESSION_ACT_COMMAND, s)->cmd;

    memset(cmd, 0, sizeof *cmd);
    cmd->type = type;
    cmd->token = token;
    if (s) {
        cmd->session = s->info.id;
        cmd->leg = s->leg;
        cmd->line = s->info.line;
        cmd->address = s->info.address;
        cmd->call_id = s->info.call_id;
    }
    return cmd;
}

/* Releasing a line's sessions and running timers go one at a time as the actions are drained: any number of them needs
 * no memory. */
static bool go_on(struct session_core *core)
{
    if (core->removing) {
        core__removing(core);
        return true;
    }
    if (core->spread.line && core__spread(core))
        return true;
    if (core->closing) {
        struct line *line = &core->linev[core->closing - 1];

        if (line->first) {
            core__release(core, line->first);
            return true;
        }
        if (core__line_close(core, core->closing - 1))
            return true;
        core->closing = 0;
        core__line_closed(core, line);
        pool_trim(&core->sessions);
        pool_trim(&core->pendings);
    }
    if (core->timing) {
        struct session_timer *timer = session_timers_due(&core->timers, core->now_ms);

        if (timer) {
            char *base = (char *)timer;

            switch (timer->kind) {
            case TIMER_GATHERING:
                base -= offsetof(struct side, gathering);
                core__gather_timer(core, ((struct side *)(void *)base)->session);
                break;
            case TIMER_LISTENING:
                base -= offsetof(struct side, listening);
                core__listen_timer(core, ((struct side *)(void *)base)->session);
                break;
            default:
                base -= offsetof(struct session, no_answer);
                core__no_answer(core, (struct session *)(void *)base);
                break;
            }
            return true;
        }
        core->timing = false;
    }
    return false;
}

const struct session_act *session_take(struct session_core *core)
{
    while (core->act_first == core->actc) {
        core->act_first = core->actc = 0;
        if (!go_on(core))
            return NULL;
    }
    return &core->actv[core->act_first++];
}

bool session_next(struct session_core *core, struct session_act *act)
{
    const struct session_act *next = session_take(core);

    if (next)
        *act = *next;
    return next != NULL;
}

/* ---- inputs ------------------------------------------------------------------------------------------------------ */

void core__attend(struct session_core *core, uint32_t index)
{
    struct line *line = &core->linev[index];
    bool on = core__media_wanted(line) != 0;

    if (on != line->attended) {
        struct session_cmd *cmd = core__command(core, SESSION_CMD_LINE, NULL, 0);

        line->attended = on;
        cmd->line = index;
        cmd->on = on;
        cmd->media_modes = core__media_wanted(line);
    }
}

static enum session_err line_open(struct session_core *core, uint32_t index)
{
    struct line *line;

    if (!session_line_there(core, index))
        return SESSION_E_BADLINE;
    line = &core->linev[index];
    if (line->open)
        return SESSION_E_INUSE;
    line->open = true;
    line->line_states = line->address_states = line->media_modes = 0;
    return SESSION_E_OK;
}

static enum session_err line_close(struct session_core *core, uint32_t index)
{
    if (index >= core->linec || !(core->linev[index].open || core->linev[index].to_close))
        return SESSION_E_BADLINE;
    core->linev[index].open = core->linev[index].to_close = false;
    core->linev[index].line_states = core->linev[index].address_states = core->linev[index].media_modes = 0;
    core__control_clear(core, &core->linev[index]);
    core__attend(core, index);
    core->closing = index + 1;
    return SESSION_E_OK;
}

static enum session_err line_mask(struct session_core *core, const struct session_in *in)
{
    struct line *line;

    if (in->u.mask.line >= core->linec || !core->linev[in->u.mask.line].open)
        return SESSION_E_BADLINE;
    line = &core->linev[in->u.mask.line];
    if (in->u.mask.which & SESSION_MASK_STATES) {
        line->line_states = in->u.mask.line_states;
        line->address_states = in->u.mask.address_states;
    }
    if (in->u.mask.which & SESSION_MASK_MEDIA) {
        line->media_modes = in->u.mask.media_modes;
        core__attend(core, in->u.mask.line);
    }
    return SESSION_E_OK;
}

enum session_err session_step(struct session_core *core, uint64_t now_ms, const struct session_in *in, uint32_t *idv)
{
    assert(core->act_first == core->actc);
    assert(!core->closing);
    assert(!core->removing);
    assert(!core->timing);
    assert(!core->spread.line);
    core->act_first = core->actc = 0;
    if (now_ms > core->now_ms)
        core->now_ms = now_ms;
    switch (in->type) {
    case SESSION_IN_TIME:
        core->timing = true;
        return SESSION_E_OK;
    case SESSION_IN_OP:
        return core__op(core, &in->u.op, idv);
    case SESSION_IN_IND:
        return core__ind(core, &in->u.ind);
    case SESSION_IN_LINE_OPEN:
        return line_open(core, in->u.line);
    case SESSION_IN_LINE_CLOSE:
        return line_close(core, in->u.line);
    case SESSION_IN_LINE_MASK:
        return line_mask(core, in);
    case SESSION_IN_LINE_REMOVE:
        return core__line_remove(core, in->u.line);
    }
    return SESSION_E_BADPARAM;
}

uint64_t session_deadline(const struct session_core *core)
{
    return session_timers_deadline(&core->timers);
}
