/* The checkers' view of shared addresses. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

bool model_inactive(const struct model_session *s)
{
    return s->state == SESSION_CONNECTED && s->mode & (SESSION_CONNECTED_INACTIVE | SESSION_CONNECTED_INACTIVEHELD);
}

uint32_t model_contract_state(const struct model_session *s)
{
    return model_inactive(s) ? SESSION_INACTIVE : s->state ? s->state : (uint32_t)SESSION_UNKNOWN;
}

static uint8_t sharing(const struct model *m, uint32_t line, uint32_t address)
{
    return line < m->linec && address < m->linev[line].addressc ? m->linev[line].sharing[address] : 0;
}

bool model_shared(const struct model *m, const struct model_session *s)
{
    return sharing(m, s->line, s->address) != 0;
}

/* Has its part in a call, or is about to. */
static bool takes_part(const struct model *m, const struct model_session *s)
{
    if (s->state & (SESSION_IDLE | SESSION_DISCONNECTED) || model_inactive(s)) {
        return false;
    }
    if (!(s->state & (SESSION_OFFERING | SESSION_ACCEPTED))) {
        return true;
    }
    for (uint32_t i = 0; i < m->requestc; i++) {
        if (m->requestv[i].session == s->id && m->requestv[i].op == SESSION_OP_ANSWER) {
            return true;
        }
    }
    return false;
}

enum session_err model_may_use(const struct model *m, enum session_op op, uint32_t line, uint32_t address)
{
    uint8_t how = sharing(m, line, address);
    bool makes = op == SESSION_OP_ANSWER || (session_contract(op)->initiating && op != SESSION_OP_FORWARD);

    if (how == SESSION_SHARING_MONITORED) {
        return SESSION_E_UNAVAIL;
    }
    for (uint32_t i = 0; makes && how == SESSION_SHARING_BRIDGEDEXCL && i < m->sessionc; i++) {
        const struct model_session *o = &m->sessionv[i];
        if (model_shared(m, o) && o->line != line && takes_part(m, o)) {
            return SESSION_E_CALLUNAVAIL;
        }
    }
    return SESSION_E_OK;
}

enum session_err model_may_answer(const struct model *m, const struct model_session *s)
{
    const uint32_t closed = SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF | SESSION_CONFERENCED;

    if (!model_shared(m, s)) {
        return SESSION_E_OK;
    }
    if (!model_inactive(s)) {
        return model_may_use(m, SESSION_OP_ANSWER, s->line, s->address) ? SESSION_E_INUSE : SESSION_E_OK;
    }
    if (sharing(m, s->line, s->address) != SESSION_SHARING_BRIDGEDSHARED) {
        return SESSION_E_INUSE;
    }
    for (uint32_t i = 0; i < m->sessionc; i++) {
        const struct model_session *o = &m->sessionv[i];
        if (model_shared(m, o) && o->call_id == s->call_id && takes_part(m, o) && (o->secure || o->state & closed)) {
            return SESSION_E_INUSE;
        }
    }
    return SESSION_E_OK;
}

uint32_t model_share_features(const struct model *m, const struct model_session *s, uint32_t features)
{
    static const enum session_op alone[] = {
        SESSION_OP_ADDTOCONF, SESSION_OP_BLINDTRANSFER, SESSION_OP_COMPLETECALL,  SESSION_OP_COMPLETETRANSFER,
        SESSION_OP_PARK,      SESSION_OP_SETUPCONF,     SESSION_OP_SETUPTRANSFER, SESSION_OP_SWAPHOLD};
    bool company = false;

    if (model_may_answer(m, s)) {
        features &= ~session_contract(SESSION_OP_ANSWER)->call_feature;
    }
    for (uint32_t i = 0; model_shared(m, s) && s->state == SESSION_CONNECTED && !model_inactive(s) && i < m->sessionc;
         i++) {
        const struct model_session *o = &m->sessionv[i];
        company = company || (model_shared(m, o) && o->call_id == s->call_id && o->line != s->line &&
                              o->state == SESSION_CONNECTED && !model_inactive(o));
    }
    for (size_t i = 0; company && i < sizeof(alone) / sizeof(alone[0]); i++) {
        features &= ~session_contract(alone[i])->call_feature;
    }
    return features;
}

/* It is parked there, which is no use of the address. */
static bool waits(const struct model_session *s)
{
    return s->shown && s->state == SESSION_ONHOLD;
}

void model_share_state(struct model *m, const struct model_session *s)
{
    uint8_t how = sharing(m, s->line, s->address);

    if (how == SESSION_SHARING_MONITORED) {
        model_fail(m, CHECK_SHARE, "session %x on an address that is only monitored", (unsigned)s->id);
    }
    if (model_inactive(s) && !(how & (SESSION_SHARING_BRIDGEDEXCL | SESSION_SHARING_BRIDGEDSHARED))) {
        model_fail(m, CHECK_EVENT, "session %x is inactive on an address of its own", (unsigned)s->id);
    }
    for (uint32_t i = 0;
         how == SESSION_SHARING_BRIDGEDEXCL && !m->wild && !m->lags && takes_part(m, s) && i < m->sessionc; i++) {
        const struct model_session *o = &m->sessionv[i];
        if (model_shared(m, o) && o->line != s->line && takes_part(m, o) && !waits(s) && !waits(o)) {
            model_fail(m, CHECK_SHARE, "lines %u and %u both use an address that is exclusive", (unsigned)s->line,
                       (unsigned)o->line);
        }
    }
}

/* Stations that have a session on the address which does not only look on. */
static uint32_t stations(const struct model *m, uint32_t line, uint32_t address)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->linec; i++) {
        for (uint32_t a = 0; a < m->linev[i].addressc; a++) {
            bool used = false, same = (i == line && a == address) || (sharing(m, line, address) && sharing(m, i, a));

            for (uint32_t j = 0; same && j < m->sessionc; j++) {
                const struct model_session *s = &m->sessionv[j];
                used = used || (s->line == i && s->address == a && !s->making && s->state != SESSION_IDLE &&
                                !model_inactive(s) && !(s->state == SESSION_DISCONNECTED && sharing(m, i, a)));
            }
            n += used;
        }
    }
    return n;
}

static void check_use(struct model *m, const struct session_core *core, uint32_t i, uint32_t a)
{
    const uint32_t all = SESSION_ADDR_INUSEZERO | SESSION_ADDR_INUSEONE | SESSION_ADDR_INUSEMANY;
    struct model_line *line = &m->linev[i];
    uint32_t n = stations(m, i, a);
    uint32_t bit = n == 0 ? SESSION_ADDR_INUSEZERO : n == 1 ? SESSION_ADDR_INUSEONE : SESSION_ADDR_INUSEMANY;

    if (line->vacant) {
        n = 0; /* it is not there */
    }
    if (session_stations(core, i, a) != n) {
        model_fail(m, CHECK_COUNTS, "address %u.%u is used by %u stations, it says %u", (unsigned)i, (unsigned)a,
                   (unsigned)n, (unsigned)session_stations(core, i, a));
    }
    if (line->open && !line->mask_changed && (line->address_states & all) == all && n != line->stations[a] &&
        line->told_use[a] != bit) {
        model_fail(m, CHECK_EVENT, "address %u.%u went from %u to %u stations silently", (unsigned)i, (unsigned)a,
                   (unsigned)line->stations[a], (unsigned)n);
    }
    line->stations[a] = n;
    line->told_use[a] = 0;
}

void model_share_settled(struct model *m, const struct session_core *core)
{
    for (uint32_t i = 0; i < m->linec; i++) {
        for (uint32_t a = 0; a < m->linev[i].addressc; a++) {
            check_use(m, core, i, a);
        }
    }
    /* what is seen of a call elsewhere is a call that somebody has */
    for (uint32_t i = 0; m->prompt && i < m->sessionc; i++) {
        const struct model_session *s = &m->sessionv[i];
        bool somebody = false;

        for (uint32_t j = 0; model_inactive(s) && j < m->sessionc; j++) {
            const struct model_session *o = &m->sessionv[j];
            somebody = somebody || (model_shared(m, o) && o->call_id == s->call_id && takes_part(m, o));
        }
        if (model_inactive(s) && !somebody) {
            model_fail(m, CHECK_SHARE, "session %x shows a call that nobody has", (unsigned)s->id);
        }
    }
}
