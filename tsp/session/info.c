/* Looking at sessions, lines and what they can do. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

const struct session_info *session_get(const struct session_core *core, uint32_t id)
{
    const struct session *s = pool_get(&core->sessions, id);

    return s ? &s->info : NULL;
}

enum session_err session_set_user(struct session_core *core, uint32_t id, uintptr_t user)
{
    struct session *s = pool_get(&core->sessions, id);

    if (!s)
        return SESSION_E_BADSESSION;
    s->info.user = user;
    return SESSION_E_OK;
}

uint32_t session_call_features(const struct session_core *core, uint32_t id)
{
    const struct session *s = pool_get(&core->sessions, id);
    uint32_t features = 0;

    if (!s || !s->info.reported)
        return 0;
    for (int bit = 0; bit < 17; bit++)
        if (core__contract_state(s) >> bit & 1)
            features = core->features_of[bit] & ~core->linev[s->info.line].no_features;
    return core__share_features(core, s, core__control_features(s, features));
}

uint32_t session_call_features_ever(const struct session_core *core)
{
    uint32_t features = 0;

    for (int bit = 0; bit < 17; bit++)
        features |= core->features_of[bit];
    return features;
}

uint32_t session_line_call_features_ever(const struct session_core *core, uint32_t line)
{
    return line < core->linec ? session_call_features_ever(core) & ~core->linev[line].no_features : 0;
}

static const struct address *find(const struct session_core *core, uint32_t line, uint32_t address)
{
    if (line >= core->linec || address >= core->linev[line].addressc)
        return NULL;
    return &core->linev[line].addressv[address];
}

/* Whether an operation would be accepted on an address, now or ever. */
static bool offered(const struct session_core *core, uint32_t line, uint32_t address, enum session_op op, bool ever)
{
    const struct session_contract *row = session_contract(op);
    const struct line *l = &core->linev[line];
    const struct address *a = &l->addressv[address];
    uint32_t more = row->handles > 1 ? row->handles - 1 : 0;
    enum session_err err = core__may_use(core, op, line, address);

    if (err == SESSION_E_UNAVAIL)
        return false;
    if (op == SESSION_OP_UNCOMPLETECALL && !ever && !l->completions)
        return false;
    if (!row->initiating)
        return true;
    if (l->max <= more || a->max <= more)
        return false;
    return ever || (l->open && !err && !core__may_call(core, l, a) && l->busy < l->max - more &&
                    a->busy < a->max - more && core->sessions.live < core->conf.max_sessions - more);
}

uint32_t session_address_features(const struct session_core *core, uint32_t line, uint32_t address, bool ever)
{
    uint32_t features = 0;

    if (!find(core, line, address))
        return 0;
    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        const struct session_contract *row = session_contract((enum session_op)op);

        if (!(core->ops & ~core->linev[line].no_ops & SESSION_OP_BIT(op)) || !row->address_feature)
            continue;
        if (offered(core, line, address, (enum session_op)op, ever))
            features |= row->address_feature;
    }
    return features;
}

uint32_t session_line_features(const struct session_core *core, uint32_t line, bool ever)
{
    uint32_t features = 0;

    if (line >= core->linec)
        return 0;
    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        const struct session_contract *row = session_contract((enum session_op)op);
        bool now = false;

        if (!(core->ops & ~core->linev[line].no_ops & SESSION_OP_BIT(op)) || !row->line_feature)
            continue;
        for (uint32_t a = 0; !now && a < core->linev[line].addressc; a++)
            now = offered(core, line, a, (enum session_op)op, ever);
        if (now)
            features |= row->line_feature;
    }
    return features;
}

void session_counts(const struct session_core *core, uint32_t line, uint32_t address, struct session_counts *out)
{
    const struct address *a;

    memset(out, 0, sizeof *out);
    if (address == UINT32_MAX) {
        if (line < core->linec)
            *out = core->linev[line].counts;
        return;
    }
    a = find(core, line, address);
    if (a)
        *out = a->counts;
}

uint32_t session_line_count(const struct session_core *core)
{
    return core->linec;
}

bool session_line_there(const struct session_core *core, uint32_t line)
{
    return line < core->linec && !core->linev[line].removed && !core->linev[line].vacant;
}

bool session_line_vacant(const struct session_core *core, uint32_t line)
{
    return line == core->linec || (line < core->linec && core->linev[line].vacant);
}

bool session_line_is_open(const struct session_core *core, uint32_t line)
{
    return line < core->linec && core->linev[line].open;
}

uint32_t session_address_count(const struct session_core *core, uint32_t line)
{
    return line < core->linec ? core->linev[line].addressc : 0;
}

const struct session_party *session_address_party(const struct session_core *core, uint32_t line, uint32_t address)
{
    const struct address *a = find(core, line, address);

    return a ? a->party : NULL;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

uint32_t session_line_max(const struct session_core *core, uint32_t line)
{
    uint64_t sum = 0; /* more than its addresses may have, a line cannot have */

    if (line >= core->linec)
        return 0;
    for (uint32_t i = 0; i < core->linev[line].addressc; i++)
        sum += core->linev[line].addressv[i].max;
    sum = sum < UINT32_MAX ? sum : UINT32_MAX;
    return least(least(core->linev[line].max, (uint32_t)sum), core->conf.max_sessions);
}

uint32_t session_address_max(const struct session_core *core, uint32_t line, uint32_t address)
{
    const struct address *a = find(core, line, address);

    return a ? least(a->max, session_line_max(core, line)) : 0;
}

uint32_t session_live(const struct session_core *core)
{
    return core->sessions.live;
}

uint32_t session_pending(const struct session_core *core)
{
    return core->pendings.live - core->orphans;
}

uint32_t session_first(const struct session_core *core, uint32_t line)
{
    return line < core->linec && core->linev[line].first ? core->linev[line].first->info.id : 0;
}

uint32_t session_after(const struct session_core *core, uint32_t id)
{
    const struct session *s = pool_get(&core->sessions, id);

    return s && s->next ? s->next->info.id : 0;
}

/* ---- invariants -------------------------------------------------------------------------------------------------- */

static const char *check_session(const struct session_core *core, const struct session *s, uint32_t *pendingc)
{
    uint32_t n = 0;

    if (pool_get(&core->sessions, s->info.id) != s)
        return "a session of a line is not the one its id names";
    if (!s->info.state || (s->info.state & (s->info.state - 1)) || !(s->info.state & SESSION_STATES_ALL))
        return "a session is in no state, or in two";
    for (const struct pending *p = s->pending; p; p = p->next) {
        if (p->session != s || pool_get(&core->pendings, p->head.id) != p)
            return "a request does not belong to the session that lists it";
        n++;
    }
    if (n != s->pendingc || n > CORE_PENDING_MAX)
        return "a session's requests are not as many as it counts";
    *pendingc += n;
    if (s->info.reported != !s->maker || (s->maker && !pool_get(&core->pendings, s->maker)))
        return "a session was neither reported nor is it being made";
    if (s->no_answer.slot && s->info.state != SESSION_RINGBACK)
        return "a no-answer timer runs outside RINGBACK";
    if (s->leg && (s->info.state & (SESSION_IDLE | SESSION_DISCONNECTED)))
        return "an ended session still has a leg";
    if ((s->info.end_ms != 0) != ((s->info.state & (SESSION_IDLE | SESSION_DISCONNECTED)) != 0))
        return "the end time is set for a session that has not ended, or missing in one that has";
    return core__control_check(core, s);
}

static const char *check_line(const struct session_core *core, const struct line *line, uint32_t *sessionc,
                              uint32_t *pendingc)
{
    struct session_counts counts = {0}, sum = {0};
    uint32_t busy = 0, address_busy = 0, reported = 0;
    const struct session *prev = NULL;
    const char *text;

    for (const struct session *s = line->first; s; prev = s, s = s->next) {
        text = check_session(core, s, pendingc);
        if (text)
            return text;
        if (s->prev != prev || &core->linev[s->info.line] != line)
            return "a line's list of sessions is broken";
        (*sessionc)++;
        if (s->info.state != SESSION_IDLE)
            reported += s->info.reported;
        busy += s->slot;
        if (s->info.reported && s->info.state == SESSION_ONHOLD)
            counts.on_hold++;
        else if (s->info.reported && s->info.state & (SESSION_ONHOLDPENDCONF | SESSION_ONHOLDPENDTRANSFER))
            counts.on_hold_pend++;
    }
    if (line->last != prev)
        return "a line's last session is not the end of its list";
    counts.active = reported - counts.on_hold - counts.on_hold_pend;
    for (uint32_t i = 0; i < line->addressc; i++) {
        address_busy += line->addressv[i].busy;
        sum.active += line->addressv[i].counts.active;
        sum.on_hold += line->addressv[i].counts.on_hold;
        sum.on_hold_pend += line->addressv[i].counts.on_hold_pend;
        if (line->addressv[i].busy > line->addressv[i].max)
            return "an address has more sessions than it may";
    }
    if (memcmp(&counts, &line->counts, sizeof counts) || memcmp(&counts, &sum, sizeof counts))
        return "status counts differ from the sessions that exist";
    if (busy != line->busy || busy != address_busy || busy > line->max)
        return "a line's sessions are not as many as it counts, or more than it may have";
    if (!line->open && ((line->first && !line->to_close) || line->attended))
        return "a closed line has sessions or is attended";
    if (line->removed && (line->open || line->counts.active || line->counts.on_hold || line->counts.on_hold_pend))
        return "a line that was removed is open, or has sessions that have not ended";
    if (line->vacant && (line->open || line->removed || line->to_close || line->addressc))
        return "a line of which nothing is left has something";
    text = core__line_check(core, line, pendingc);
    return text ? text : core__share_check(core, line);
}

const char *session_check(const struct session_core *core)
{
    uint32_t sessionc = 0, pendingc = 0;

    for (uint32_t i = 0; i < core->linec; i++) {
        const char *text = check_line(core, &core->linev[i], &sessionc, &pendingc);

        if (text)
            return text;
    }
    if (sessionc != core->sessions.live || sessionc > core->conf.max_sessions)
        return "sessions exist that no line lists, or too many";
    if (pendingc != core->pendings.live)
        return "requests exist that no session lists";
    for (uint32_t i = 0; i < core->timers.count; i++)
        if (core->timers.heap[i]->slot != i + 1)
            return "a timer is not where it says";
    return NULL;
}
