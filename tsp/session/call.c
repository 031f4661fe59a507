/* What happens to one session: its making, its states, its requests, its end. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <assert.h>
#include <string.h>

enum counter { COUNT_NOWHERE, COUNT_ACTIVE, COUNT_HELD, COUNT_PENDING };

/* Where a session in `state`, 0: none yet, is counted. */
static enum counter counter_of(uint32_t state)
{
    if (state & (SESSION_ONHOLD | SESSION_ONHOLDPENDCONF | SESSION_ONHOLDPENDTRANSFER))
        return state == SESSION_ONHOLD ? COUNT_HELD : COUNT_PENDING;
    return state > SESSION_IDLE ? COUNT_ACTIVE : COUNT_NOWHERE;
}

static void move(struct session_counts *counts, enum counter from, enum counter to)
{
    uint32_t nowhere = 0, *const v[] = {&nowhere, &counts->active, &counts->on_hold, &counts->on_hold_pend};

    --*v[from];
    ++*v[to];
}

/* Takes a reported session out of the counts, or puts it in, and tells who wants to know. */
static void count(struct session_core *core, struct session *s, uint32_t old_state, uint32_t new_state)
{
    struct line *line = &core->linev[s->info.line];
    struct address *address = &line->addressv[s->info.address];
    enum counter from = counter_of(old_state), to = counter_of(new_state);
    bool on = address->sharing > SESSION_SHARING_PRIVATE ? core__uses(core, s, new_state) : to != COUNT_NOWHERE;
    uint32_t bits = s->use == on ? 0 : core__use(core, s, on);

    if (from != to) {
        bits |= SESSION_ADDR_NUMCALLS;
        move(&line->counts, from, to);
        move(&address->counts, from, to);
    } else if (!bits) {
        return;
    }
    if (bits & line->address_states)
        core__emit(core, SESSION_ACT_ADDRESS, s)->bits = bits & line->address_states;
    if (from != to && SESSION_LINE_NUMCALLS & line->line_states)
        core__emit(core, SESSION_ACT_LINE, s)->bits = SESSION_LINE_NUMCALLS;
}

/* The state `s` has for the counts: none before it is reported. */
static uint32_t counted(const struct session *s)
{
    return s->info.reported ? s->info.state : 0;
}

enum session_err core__may_make(const struct session_core *core, const struct line *line, const struct address *address)
{
    if (core->sessions.live >= core->conf.max_sessions)
        return SESSION_E_RESOURCE;
    if (line->busy >= line->max || address->busy >= address->max)
        return SESSION_E_CALLUNAVAIL;
    return SESSION_E_OK;
}

uint32_t core__media_wanted(const struct line *line)
{
    return line->open ? line->media_modes & (SESSION_MEDIA_INTERACTIVEVOICE | SESSION_MEDIA_AUTOMATEDVOICE) : 0;
}

struct session *core__session_new(struct session_core *core, uint32_t line_index, uint32_t address, uintptr_t user,
                                  enum session_err *err)
{
    struct line *line = &core->linev[line_index];
    struct session *s;

    *err = core__may_make(core, line, &line->addressv[address]);
    if (*err)
        return NULL;
    *err = session_timers_reserve(&core->timers, core->sessions.live + 1 + 2 * core->sidec);
    if (*err)
        return NULL;
    s = pool_take(&core->sessions);
    if (!s) {
        *err = SESSION_E_NOMEM;
        return NULL;
    }
    s->info.id = s->head.id;
    s->info.line = line_index;
    s->info.address = address;
    s->info.user = user;
    if (!++core->call_id)
        core->call_id = 1;
    s->info.call_id = core->call_id;
    s->info.state = SESSION_UNKNOWN;
    s->info.state_ms = s->info.start_ms = core->now_ms;
    s->info.bearer_mode = SESSION_BEARER_VOICE;
    s->info.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    memcpy(s->info.termv, line->addressv[address].termv, sizeof s->info.termv);
    s->prev = line->last;
    if (line->last)
        line->last->next = s;
    else
        line->first = s;
    line->last = s;
    core__slot(core, s, true);
    return s;
}

void core__slot(struct session_core *core, struct session *s, bool on)
{
    struct line *line = &core->linev[s->info.line];
    struct address *address = &line->addressv[s->info.address];

    if (s->slot == on)
        return;
    assert(on || (line->busy > 0 && address->busy > 0));
    s->slot = on;
    line->busy += on ? 1u : UINT32_MAX;
    address->busy += on ? 1u : UINT32_MAX;
}

void core__set_party(struct session_party **slot, uint32_t *flags, struct session_party *party)
{
    struct session_party *old = *slot;

    *slot = session_party_ref(party);
    session_party_deref(old);
    *flags = 0;
    if (!party)
        *flags = SESSION_PARTY_UNKNOWN;
    else {
        if (party->number_len)
            *flags |= SESSION_PARTY_ADDRESS;
        if (party->name_len)
            *flags |= SESSION_PARTY_NAME;
        if (!*flags)
            *flags = SESSION_PARTY_UNKNOWN;
    }
}

void core__session_free(struct session_core *core, struct session *s)
{
    struct line *line = &core->linev[s->info.line];

    assert(!s->pending);
    core__slot(core, s, false);
    if (s->partner)
        s->partner->partner = NULL;
    if (s->parent)
        s->parent->members--;
    for (struct session *m = s->members ? line->first : NULL; m; m = m->next)
        if (m->parent == s)
            m->parent = NULL;
    session_timer_stop(&core->timers, &s->no_answer);
    if (s->side)
        core__side_free(core, s);
    session_party_deref(s->info.caller);
    session_party_deref(s->info.called);
    session_party_deref(s->info.connected);
    session_party_deref(s->info.redirecting);
    session_party_deref(s->info.redirection);
    session_party_deref(s->info.parked);
    if (s->prev)
        s->prev->next = s->next;
    else
        line->first = s->next;
    if (s->next)
        s->next->prev = s->prev;
    else
        line->last = s->prev;
    if (line->watched && s->info.reported && s->info.state != SESSION_IDLE)
        core__line_free(core, s->info.line, s->info.address);
    pool_give(&core->sessions, s);
    if (!core->closing) {
        pool_trim(&core->sessions);
        pool_trim(&core->pendings);
    }
}

void core__report(struct session_core *core, struct session *s)
{
    if (!s->info.reported) {
        count(core, s, 0, s->info.state);
        s->info.reported = true;
        s->maker = 0;
        core__secured(core, s);
    }
}

void core__state(struct session_core *core, struct session *s, uint32_t state, uint32_t mode)
{
    struct session_act *act;
    uint32_t old = counted(s), was = s->info.state;
    bool slot;

    assert(s->info.state != SESSION_IDLE);
    if (s->side)
        core__media_state(core, s, state);
    if (state == SESSION_RINGBACK && s->info.origin == SESSION_ORIGIN_OUTBOUND && core->conf.no_answer_ms)
        session_timer_start(&core->timers, &s->no_answer, core->now_ms + core->conf.no_answer_ms);
    else if (s->no_answer.slot)
        session_timer_stop(&core->timers, &s->no_answer);
    if (state == SESSION_CONNECTED && !s->info.connect_ms)
        s->info.connect_ms = core->now_ms;
    if (state == SESSION_DISCONNECTED || state == SESSION_IDLE) {
        if (!s->info.end_ms)
            s->info.end_ms = core->now_ms;
        if (!s->info.disconnect_mode)
            s->info.disconnect_mode = state == SESSION_DISCONNECTED ? mode : SESSION_DISC_NORMAL;
    }
    /* a member of a conference that ends does not take a place again, which there may not be */
    slot = state != SESSION_IDLE && state != SESSION_CONFERENCED && (state != SESSION_DISCONNECTED || s->slot);
    if (slot != s->slot)
        core__slot(core, s, slot);
    s->info.state = state;
    s->info.mode = mode;
    s->info.state_ms = core->now_ms;
    act = core__emit(core, SESSION_ACT_STATE, s);
    act->state = state;
    act->mode = mode;
    act->media_modes = s->info.media_modes;
    if (s->info.reported)
        count(core, s, old, state);
    if (core->controls)
        core__control_state(core, s, was);
    if (state & (SESSION_IDLE | SESSION_DISCONNECTED) && (s->partner || s->parent || s->members))
        core__left(core, s, was);
    if (state == SESSION_IDLE && core->linev[s->info.line].watched)
        core__line_free(core, s->info.line, s->info.address);
}

void core__info(struct session_core *core, struct session *s, uint32_t bits)
{
    if (bits && s->info.reported && s->info.state != SESSION_IDLE)
        core__emit(core, SESSION_ACT_INFO, s)->bits = bits;
}

struct pending *core__pending_new(struct session_core *core, struct session *s, enum session_op op, uint32_t request,
                                  enum session_err *err)
{
    struct pending **link = &s->pending, *p;

    if (s->pendingc >= CORE_PENDING_MAX) {
        *err = SESSION_E_RESOURCE;
        return NULL;
    }
    p = pool_take(&core->pendings);
    if (!p) {
        *err = SESSION_E_NOMEM;
        return NULL;
    }
    p->request = request;
    p->op = op;
    p->session = s;
    while (*link)
        link = &(*link)->next;
    *link = p;
    s->pendingc++;
    return p;
}

void core__pending_end(struct session_core *core, struct pending *p, enum session_err err)
{
    struct session *s = p->session;
    struct pending **link = &s->pending;
    struct session_act *act = core__emit(core, SESSION_ACT_REPLY, s);
    uint32_t madev[2] = {p->madev[0], p->madev[1]};

    act->request = p->request;
    act->err = err;
    act->user = p->user;
    while (*link != p)
        link = &(*link)->next;
    *link = p->next;
    s->pendingc--;
    if (p->blob)
        core->mem.free(p->blob, core->mem.arg);
    if (p->completion)
        core__complete_drop(core, p);
    pool_give(&core->pendings, p);
    for (int i = 0; err && i < 2; i++) {
        struct session *made = madev[i] ? pool_get(&core->sessions, madev[i]) : NULL;

        if (made) {
            act->madev[i] = madev[i];
            core__session_free(core, made);
        }
    }
}

void core__release(struct session_core *core, struct session *s)
{
    struct pending *maker = s->maker ? pool_get(&core->pendings, s->maker) : NULL;
    bool making = maker && maker->session == s;

    if (maker) {
        for (int i = 0; i < 2; i++)
            if (maker->madev[i] == s->info.id)
                maker->madev[i] = 0;
        s->maker = 0;
        core__pending_end(core, maker, SESSION_E_FAILED);
    }
    while (s->pending)
        core__pending_end(core, s->pending, SESSION_E_FAILED);
    if (s->leg || making)
        core__command(core, SESSION_CMD_DROP, s, 0);
    if (s->info.reported)
        count(core, s, s->info.state, SESSION_IDLE);
    if (s->partner || s->parent || s->members)
        core__left(core, s, UINT32_MAX);
    core__session_free(core, s);
}
