/* Mistakes made on purpose, so that the checkers prove that they see them. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

static struct session_act state_of(const struct session_act *act, uint32_t state, uint32_t mode)
{
    struct session_act other = *act;

    other.type = SESSION_ACT_STATE;
    other.state = state;
    other.mode = mode;
    other.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    return other;
}

static bool is_state(const struct session_act *act, uint32_t state)
{
    return act->type == SESSION_ACT_STATE && act->state == state;
}

/* Whether a reply has said that this state comes. */
static bool is_expected(const struct model *m, const struct session_act *act)
{
    for (uint32_t i = 0; i < m->sessionc; i++) {
        if (m->sessionv[i].id == act->session) {
            return m->sessionv[i].expect == act->state;
        }
    }
    return false;
}

static bool is_ringing(const struct model *m, uint32_t session)
{
    for (uint32_t i = 0; i < m->sessionc; i++) {
        if (m->sessionv[i].id == session) {
            return m->sessionv[i].state & (SESSION_OFFERING | SESSION_ACCEPTED);
        }
    }
    return false;
}

static enum session_op op_of(const struct model *m, uint32_t request)
{
    for (uint32_t i = 0; i < m->requestc; i++) {
        if (m->requestv[i].request == request) {
            return m->requestv[i].op;
        }
    }
    return SESSION_OP_COUNT;
}

/* Keeps `act` back. Nothing comes out for now. */
static uint32_t hold(struct plant *p, const struct session_act *act)
{
    p->held = *act;
    p->holding = true;
    return 0;
}

/* What was kept back meets the next action, or the end of them (NULL). */
static uint32_t meet(struct plant *p, const struct session_act *act, struct session_act out[3])
{
    bool swap = p->what == PLANT_STATE_BEFORE_REPLY || p->what == PLANT_STATE_BEFORE_NEW,
         any = p->what == PLANT_LOSE_STATE || p->what == PLANT_HELD_SILENTLY,
         same = act && act->session == p->held.session;
    uint32_t n = 0;

    if (act && !(same && (any || act->type == SESSION_ACT_STATE))) {
        out[n++] = *act; /* not what it waits for */
        return n;
    }
    p->holding = false;
    p->done = swap == same;
    if (swap) {
        if (act) {
            out[n++] = *act; /* the other way round */
        }
        out[n++] = p->held;
    } else if (act) {
        out[n++] = p->held; /* covered up by the next one: not this time */
        out[n++] = *act;
    }
    return n;
}

uint32_t plant_act(struct plant *p, const struct model *m, const struct session_act *act, struct session_act out[3])
{
    enum session_op replied = act && act->type == SESSION_ACT_REPLY ? op_of(m, act->request) : SESSION_OP_COUNT;
    /* not one that makes sessions or changes more than its own, which would be missed first */
    bool reply_to_op =
        replied != SESSION_OP_COUNT && replied != SESSION_OP_FORWARD && !session_contract(replied)->handles;
    struct session_act mine;
    enum plant_how how;
    uint32_t n = 0;

    if (p->holding) {
        return meet(p, act, out);
    }
    if (p->released && p->what == PLANT_STATE_AFTER_RELEASE && !p->done) {
        struct session_act late = {.type = SESSION_ACT_STATE, .session = p->released};
        out[n++] = state_of(&late, SESSION_DISCONNECTED, SESSION_DISC_NORMAL);
        p->done = true;
    }
    if (!act) {
        return n;
    }
    if (p->done && p->what == PLANT_USE_SILENTLY && act->type == SESSION_ACT_ADDRESS && !act->session &&
        act->line == p->held.line && act->address == p->held.address) {
        return n; /* nor told later: it may be used again at once */
    }
    if (p->done && p->what != PLANT_LOSE_NUMCALLS) {
        out[n++] = *act;
        return n;
    }
    mine = *act;
    how = plant_inside(p, m, &mine);
    if (how == PLANT_HOW_HOLD) {
        return hold(p, act);
    }
    if (how != PLANT_HOW_NOT) {
        p->done = true;
        if (how != PLANT_HOW_LOSE) {
            out[n++] = mine;
        }
        if (how == PLANT_HOW_TWICE) {
            out[n++] = mine;
        }
        return n;
    }
    switch (p->what) {
    case PLANT_LOSE_REPLY:
        p->done = reply_to_op && replied != SESSION_OP_FORWARD; /* what that changes would be missed first */
        break;
    case PLANT_HIDE_NEW:
        p->done = act->type == SESSION_ACT_NEW;
        break;
    case PLANT_LOSE_NUMCALLS:
        if (act->type == SESSION_ACT_LINE && act->bits == SESSION_LINE_NUMCALLS) {
            p->done = true;
            return n;
        }
        out[n++] = *act;
        return n;
    case PLANT_USE_SILENTLY:
        /* of a station that looks on: it has no other way to know */
        p->done = act->type == SESSION_ACT_ADDRESS && act->bits == SESSION_ADDR_INUSEZERO && !act->session &&
                  (m->linev[act->line].address_states & 0x1C) == 0x1C && !m->linev[act->line].mask_changed &&
                  m->linev[act->line].stations[act->address] == 1;
        p->held = *act;
        break;
    case PLANT_FORWARD_SILENTLY:
        p->done = act->type == SESSION_ACT_ADDRESS && act->bits == SESSION_ADDR_FORWARD && m->prompt &&
                  !m->linev[act->line].unsure && m->linev[act->line].tell[act->address];
        break;
    case PLANT_HELD_SILENTLY:
        if (is_state(act, SESSION_ONHOLDPENDTRANSFER) && is_expected(m, act)) {
            return hold(p, act);
        }
        break;
    case PLANT_OUTLIVE_LINE:
        p->done = is_state(act, SESSION_IDLE) && !model_line_there(m, act->line);
        break;
    case PLANT_NO_IDLE:
        p->done = is_state(act, SESSION_IDLE) && model_line_there(m, act->line);
        break;
    case PLANT_STATE_BEFORE_REPLY:
        if (act->type == SESSION_ACT_REPLY && !act->err && op_of(m, act->request) == SESSION_OP_MAKE) {
            return hold(p, act);
        }
        break;
    case PLANT_STATE_BEFORE_NEW:
        if (act->type == SESSION_ACT_NEW) {
            return hold(p, act);
        }
        break;
    case PLANT_LOSE_STATE:
        if (is_state(act, SESSION_DISCONNECTED)) {
            return hold(p, act);
        }
        break;
    default:
        break;
    }
    if (p->done) {
        return n; /* lost */
    }
    out[n++] = *act;
    switch (p->what) {
    case PLANT_REPEAT_REPLY:
        if (reply_to_op) {
            out[n++] = *act;
        }
        break;
    case PLANT_FOREIGN_REPLY:
        if (act->type == SESSION_ACT_REPLY) {
            out[n] = *act;
            out[n++].request ^= 0x40000000;
        }
        break;
    case PLANT_LIFE_AFTER_IDLE:
        if (is_state(act, SESSION_IDLE) && act->address < SIM_ADDRESSES &&
            !m->linev[act->line].controlv[act->address]) { /* which would act upon it */
            out[n++] = state_of(act, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE);
        }
        break;
    case PLANT_OFFER_TWICE:
        if (is_state(act, SESSION_OFFERING)) {
            out[n++] = *act;
        }
        break;
    case PLANT_BACK_TO_DIALING:
        if (is_state(act, SESSION_RINGBACK)) {
            out[n++] = state_of(act, SESSION_DIALING, 0);
        }
        break;
    case PLANT_INTRUDE:
        if (is_state(act, SESSION_CONNECTED) && act->mode == SESSION_CONNECTED_INACTIVE &&
            m->linev[act->line].sharing[act->address] == SESSION_SHARING_BRIDGEDEXCL && !m->wild && !m->lags &&
            is_ringing(m, act->session)) {
            out[n - 1].mode = SESSION_CONNECTED_ACTIVE;
            p->done = true;
        }
        break;
    case PLANT_NO_MODE:
        if (is_state(act, SESSION_DISCONNECTED)) {
            out[n - 1].mode = 0;
            p->done = true;
        }
        break;
    case PLANT_UNWANTED_BITS:
        if (act->type == SESSION_ACT_STATE && !(m->linev[act->line].line_states & 0x40000000)) {
            out[n] = *act;
            out[n].type = SESSION_ACT_LINE;
            out[n++].bits = 0x40000000;
        }
        break;
    case PLANT_INFO_AFTER_IDLE:
        if (is_state(act, SESSION_IDLE)) {
            out[n] = *act;
            out[n].type = SESSION_ACT_INFO;
            out[n++].bits = SESSION_INFO_MEDIAMODE;
        }
        break;
    case PLANT_HOLD_TWICE:
        if (is_state(act, SESSION_ONHOLD)) {
            out[n++] = *act;
        }
        break;
    case PLANT_NO_PARENT:
        if (is_state(act, SESSION_CONFERENCED)) {
            out[n - 1].mode = 0;
            p->done = true;
        }
        break;
    case PLANT_TAKEN_RINGS: {
        const struct model_session *s =
            act->type == SESSION_ACT_STATE ? model_find((struct model *)m, act->session) : NULL;

        if (s && s->taken && !s->state) {
            out[n - 1] = state_of(act, SESSION_OFFERING, SESSION_OFFERING_ACTIVE);
            p->done = true;
        }
        break;
    }
    case PLANT_PICKED_WHEN_UP: {
        const struct model_session *s =
            act->type == SESSION_ACT_STATE ? model_find((struct model *)m, act->session) : NULL;

        if (s && s->state == SESSION_CONNECTED && is_state(act, SESSION_DISCONNECTED) && !m->wild) {
            out[n - 1].mode = SESSION_DISC_PICKUP;
            p->done = true;
        }
        break;
    }
    case PLANT_FOREIGN_COMPLETION:
        if (act->type == SESSION_ACT_NEW && !act->count) {
            out[n - 1].count = 0x12345;
            p->done = true;
        }
        break;
    case PLANT_RING_TWICE:
        if (act->type == SESSION_ACT_RING) {
            out[n++] = *act;
        }
        break;
    default:
        break;
    }
    p->done = p->done || n > 1;
    return n;
}

enum session_err plant_result(struct plant *p, const struct session_req *req, enum session_err err, bool judged)
{
    bool async = (unsigned)req->op < SESSION_OP_COUNT && session_contract(req->op)->async;

    p->released = req->op == SESSION_OP_RELEASE && !err ? req->session : 0;
    if (p->done || !judged) {
        return err;
    }
    if (p->what == PLANT_ACCEPT_ANYTHING && err == SESSION_E_BADSTATE && async) {
        p->done = true;
        return SESSION_E_OK;
    }
    if (p->what == PLANT_REFUSE_DROP && req->op == SESSION_OP_DROP && !err) {
        p->done = true;
        return SESSION_E_BADSTATE;
    }
    if (p->what == PLANT_STALE_IS_FINE && err == SESSION_E_BADSESSION) {
        p->done = true;
        return SESSION_E_OK;
    }
    return err;
}
