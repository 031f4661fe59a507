/* Addresses that several lines have: who uses them, and what that leaves to the others. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/*
 * Each appearance of a call on a shared address is a session of its own line. Which of them belong together shows in
 * the call id. What happens to the call is for the binding to say; what is refused at once because of the others is
 * refused here, so that the features agree with it.
 */

bool core__inactive(const struct session *s)
{
    return s->info.state == SESSION_CONNECTED && s->info.mode & CORE_INACTIVE;
}

uint32_t core__contract_state(const struct session *s)
{
    return core__inactive(s) ? SESSION_INACTIVE : s->info.state;
}

static struct address *address_of(const struct session_core *core, uint32_t line, uint32_t address)
{
    return line < core->linec && address < core->linev[line].addressc ? &core->linev[line].addressv[address] : NULL;
}

static struct group **bucket(struct session_core *core, const struct session_party *p)
{
    uint32_t h = 2166136261u;

    for (uint32_t i = 0; i < p->number_len; i++)
        h = (h ^ (unsigned char)p->text[i]) * 16777619u;
    return &core->groupv[(h ^ h >> 15) % CORE_GROUPS];
}

static bool same_number(const struct session_party *a, const struct session_party *b)
{
    return a->number_len == b->number_len && !memcmp(a->text, b->text, a->number_len);
}

static struct group *group_of(struct session_core *core, const struct session_party *p)
{
    struct group *g = *bucket(core, p);

    while (g && !same_number(g->party, p))
        g = g->next;
    return g;
}

static enum session_err enter(struct session_core *core, struct group *g, uint32_t line, uint32_t address)
{
    uint32_t stay = 0;

    for (uint32_t i = 0; i < g->memberc; i++)
        stay += !core->linev[g->memberv[i].line].removed;
    if (stay >= SESSION_APPEARANCES_MAX || g->memberc == CORE_MEMBERS_MAX)
        return SESSION_E_BADPARAM;
    g->memberv[g->memberc].line = line;
    g->memberv[g->memberc++].address = address;
    core->linev[line].addressv[address].group = g;
    if (core->linev[line].addressv[address].use)
        g->stations++;
    return SESSION_E_OK;
}

/* A number that is monitored for the first time: the address that has it for itself. */
static enum session_err enter_private(struct session_core *core, struct group *g)
{
    enum session_err err = SESSION_E_OK;

    for (uint32_t i = 0; i < core->linec; i++)
        for (uint32_t k = 0; k < core->linev[i].addressc && !err; k++)
            if (!core->linev[i].addressv[k].group && same_number(core->linev[i].addressv[k].party, g->party))
                err = enter(core, g, i, k);
    return err;
}

enum session_err core__share(struct session_core *core, uint32_t line, const uint8_t *sharingv)
{
    enum session_err err = SESSION_E_OK;

    for (uint32_t i = 0; i < core->linev[line].addressc && !err; i++) {
        struct address *a = &core->linev[line].addressv[i];
        uint32_t sharing = sharingv ? sharingv[i] : (uint32_t)SESSION_SHARING_PRIVATE;
        struct group *g = group_of(core, a->party), **link = bucket(core, a->party);

        if (!sharing || sharing & (sharing - 1) || sharing > SESSION_SHARING_MONITORED) {
            err = SESSION_E_BADPARAM;
            break;
        }
        a->sharing = (uint8_t)sharing;
        if (sharing == SESSION_SHARING_MONITORED && strchr(session_party_number(a->party), ':'))
            continue; /* a URI: none of ours is called so */
        if (a->group || (!g && sharing == SESSION_SHARING_PRIVATE))
            continue;
        if (!g) {
            g = core->mem.alloc(sizeof *g, core->mem.arg);
            if (!g) {
                err = SESSION_E_NOMEM;
                break;
            }
            g->party = session_party_ref(a->party);
            g->next = *link;
            *link = g;
            if (sharing == SESSION_SHARING_MONITORED)
                err = enter_private(core, g);
        }
        if (!err && !a->group)
            err = enter(core, g, line, i);
    }
    return err;
}

static void leave(struct session_core *core, struct group *g, uint32_t at)
{
    struct group **link = bucket(core, g->party);
    struct address *a = &core->linev[g->memberv[at].line].addressv[g->memberv[at].address];

    if (a->use)
        g->stations--;
    a->group = NULL;
    memmove(&g->memberv[at], &g->memberv[at + 1], (--g->memberc - at) * sizeof g->memberv[0]);
    if (g->memberc)
        return;
    while (*link != g)
        link = &(*link)->next;
    *link = g->next;
    session_party_deref(g->party);
    core->mem.free(g, core->mem.arg);
}

void core__unshare(struct session_core *core, uint32_t line)
{
    for (uint32_t i = 0; i < core->linev[line].addressc; i++) {
        struct group *g = core->linev[line].addressv[i].group;

        for (uint32_t k = 0; g && k < g->memberc; k++) {
            if (g->memberv[k].line == line && g->memberv[k].address == i) {
                leave(core, g, k);
                break;
            }
        }
    }
}

void core__groups_free(struct session_core *core)
{
    for (uint32_t i = 0; i < CORE_GROUPS; i++) {
        while (core->groupv[i]) {
            struct group *g = core->groupv[i];

            core->groupv[i] = g->next;
            session_party_deref(g->party);
            core->mem.free(g, core->mem.arg);
        }
    }
}

/* ---- use --------------------------------------------------------------------------------------------------------- */

bool core__uses(const struct session_core *core, const struct session *s, uint32_t state)
{
    const struct address *a = &core->linev[s->info.line].addressv[s->info.address];

    /* of several stations none stays on the line when a call has ended */
    return state && state != SESSION_IDLE && !core__inactive(s) &&
           !(state == SESSION_DISCONNECTED && a->sharing > SESSION_SHARING_PRIVATE);
}

static uint32_t use_bits(uint32_t stations)
{
    return stations == 0 ? SESSION_ADDR_INUSEZERO : stations == 1 ? SESSION_ADDR_INUSEONE : SESSION_ADDR_INUSEMANY;
}

uint32_t core__use(struct session_core *core, struct session *s, bool on)
{
    struct address *a = &core->linev[s->info.line].addressv[s->info.address];
    struct group *g = a->group;
    uint32_t stations, bits;

    if (s->use == on)
        return 0;
    s->use = on;
    a->use += on ? 1u : UINT32_MAX;
    if (a->use != (on ? 1u : 0u))
        return 0; /* it is one station, however many calls it has */
    stations = a->use;
    if (g) {
        g->stations += on ? 1u : UINT32_MAX;
        stations = g->stations;
    }
    bits = use_bits(stations);
    for (uint32_t i = 0; g && i < g->memberc; i++) {
        const struct line *line = &core->linev[g->memberv[i].line];
        struct session_act *act;

        if (&line->addressv[g->memberv[i].address] == a || !line->open || !(line->address_states & bits))
            continue;
        act = core__emit(core, SESSION_ACT_ADDRESS, NULL);
        act->line = g->memberv[i].line;
        act->address = g->memberv[i].address;
        act->bits = bits;
    }
    return bits;
}

uint32_t session_stations(const struct session_core *core, uint32_t line, uint32_t address)
{
    const struct address *a = address_of(core, line, address);

    if (!a)
        return 0;
    return (a->group ? a->group->stations : a->use != 0) + a->outside;
}

enum session_err core__use_outside(struct session_core *core, uint32_t line, uint32_t address, uint32_t stations)
{
    struct address *a = address_of(core, line, address);
    uint32_t bits = use_bits(stations), old;

    if (!a || a->sharing != SESSION_SHARING_MONITORED || a->group)
        return SESSION_E_BADPARAM;
    old = a->outside;
    a->outside = stations;
    if (use_bits(old) != bits && core->linev[line].open && core->linev[line].address_states & bits) {
        struct session_act *act = core__emit(core, SESSION_ACT_ADDRESS, NULL);

        act->line = line;
        act->address = address;
        act->bits = bits;
    }
    return SESSION_E_OK;
}

uint32_t session_address_sharing(const struct session_core *core, uint32_t line, uint32_t address)
{
    const struct address *a = address_of(core, line, address);

    return a && a->sharing ? a->sharing : (uint32_t)SESSION_SHARING_PRIVATE;
}

/* ---- what the others leave --------------------------------------------------------------------------------------- */

/* Whether a session has its part in a call, or is about to. */
static bool takes_part(const struct session *s)
{
    if (s->info.state & (SESSION_IDLE | SESSION_DISCONNECTED) || core__inactive(s))
        return false;
    if (!(s->info.state & (SESSION_OFFERING | SESSION_ACCEPTED)))
        return true;
    for (const struct pending *p = s->pending; p; p = p->next)
        if (p->op == SESSION_OP_ANSWER)
            return true;
    return false;
}

/* The next session after `s` (NULL: the first) on an appearance of the number; `i` counts appearances. */
static const struct session *next_of(const struct session_core *core, const struct group *g, uint32_t *i,
                                     const struct session *s)
{
    s = s ? s->next : core->linev[g->memberv[*i].line].first;
    for (;;) {
        while (s && s->info.address != g->memberv[*i].address)
            s = s->next;
        if (s || ++*i == g->memberc)
            return s;
        s = core->linev[g->memberv[*i].line].first;
    }
}

enum session_err core__may_use(const struct session_core *core, enum session_op op, uint32_t line, uint32_t address)
{
    const struct address *a = address_of(core, line, address);
    const struct session *o = NULL;
    uint32_t i = 0;

    if (a && a->sharing == SESSION_SHARING_MONITORED)
        return SESSION_E_UNAVAIL;
    if (!a || !a->group)
        return SESSION_E_OK;
    if (op != SESSION_OP_ANSWER && (!session_contract(op)->initiating || op == SESSION_OP_FORWARD))
        return SESSION_E_OK;
    while (a->sharing == SESSION_SHARING_BRIDGEDEXCL && (o = next_of(core, a->group, &i, o)))
        if (o->info.line != line && takes_part(o))
            return SESSION_E_CALLUNAVAIL;
    return SESSION_E_OK;
}

enum session_err core__may_answer(const struct session_core *core, const struct session *s)
{
    const struct address *a = &core->linev[s->info.line].addressv[s->info.address];
    const struct session *o = NULL;
    uint32_t i = 0;

    if (!a->group)
        return SESSION_E_OK;
    if (!core__inactive(s))
        return core__may_use(core, SESSION_OP_ANSWER, s->info.line, s->info.address) ? SESSION_E_INUSE : SESSION_E_OK;
    if (a->sharing != SESSION_SHARING_BRIDGEDSHARED)
        return SESSION_E_INUSE;
    /* not into a call that was secured, or is being transferred, or is in a conference of its own */
    while ((o = next_of(core, a->group, &i, o)))
        if (o->info.call_id == s->info.call_id && takes_part(o) &&
            (o->info.flags & SESSION_FLAG_SECURE ||
             o->info.state & (SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF | SESSION_CONFERENCED)))
            return SESSION_E_INUSE;
    return SESSION_E_OK;
}

/* Whether others take part in its call as well. */
static bool in_company(const struct session_core *core, const struct session *s)
{
    const struct group *g = core->linev[s->info.line].addressv[s->info.address].group;
    const struct session *o = NULL;
    uint32_t i = 0;

    while (g && (o = next_of(core, g, &i, o)))
        if (o != s && o->info.call_id == s->info.call_id && o->info.line != s->info.line &&
            o->info.state == SESSION_CONNECTED && !core__inactive(o))
            return true;
    return false;
}

uint32_t core__share_features(const struct session_core *core, const struct session *s, uint32_t features)
{
    static const enum session_op alone[] = {
        SESSION_OP_ADDTOCONF, SESSION_OP_BLINDTRANSFER, SESSION_OP_COMPLETECALL,  SESSION_OP_COMPLETETRANSFER,
        SESSION_OP_PARK,      SESSION_OP_SETUPCONF,     SESSION_OP_SETUPTRANSFER, SESSION_OP_SWAPHOLD};

    if (!core->linev[s->info.line].addressv[s->info.address].group)
        return features;
    if (core__may_answer(core, s))
        features &= ~session_contract(SESSION_OP_ANSWER)->call_feature;
    if (s->info.state != SESSION_CONNECTED || core__inactive(s) || !in_company(core, s))
        return features;
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        features &= ~session_contract(alone[i])->call_feature;
    return features;
}

/* ---- invariants -------------------------------------------------------------------------------------------------- */

const char *core__share_check(const struct session_core *core, const struct line *line)
{
    for (uint32_t i = 0; i < line->addressc; i++) {
        const struct address *a = &line->addressv[i];
        uint32_t use = 0, stations = 0;

        for (const struct session *s = line->first; s; s = s->next) {
            if (s->info.address != i)
                continue;
            use += s->use;
            if (s->use != core__uses(core, s, s->info.reported ? s->info.state : 0))
                return "a session uses its address and is not counted there, or the other way round";
            if (a->sharing == SESSION_SHARING_MONITORED)
                return "there is a session on an address that is only monitored";
        }
        if (use != a->use)
            return "an address counts its use wrong";
        for (uint32_t k = 0; a->group && k < a->group->memberc; k++)
            stations += core->linev[a->group->memberv[k].line].addressv[a->group->memberv[k].address].use != 0;
        if (a->group && stations != a->group->stations)
            return "a shared address counts its stations wrong";
    }
    return NULL;
}
