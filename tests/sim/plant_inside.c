/* Mistakes made on purpose, inside sessions and with two of them. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

static const struct model_request *request_of(const struct model *m, const struct session_act *act)
{
    for (uint32_t i = 0; act->type == SESSION_ACT_REPLY && i < m->requestc; i++) {
        if (m->requestv[i].request == act->request) {
            return &m->requestv[i];
        }
    }
    return NULL;
}

static const struct model_session *session_of(const struct model *m, uint32_t id)
{
    for (uint32_t i = 0; i < m->sessionc; i++) {
        if (m->sessionv[i].id == id) {
            return &m->sessionv[i];
        }
    }
    return NULL;
}

/* The session whose next state goes wrong, once this operation has succeeded. */
static uint32_t target_of(const struct plant *p, const struct model_request *r)
{
    switch (p->what) {
    case PLANT_SWAP_HALF:
        return r->op == SESSION_OP_SWAPHOLD ? r->session2 : 0;
    case PLANT_TRANSFER_HALF:
        return r->op == SESSION_OP_COMPLETETRANSFER && r->mode != SESSION_TRANSFER_CONFERENCE ? r->session2 : 0;
    case PLANT_CONF_HALF:
        return r->op == SESSION_OP_ADDTOCONF ? r->session2 : 0;
    case PLANT_REDIRECT_LINGERS:
        return r->op == SESSION_OP_REDIRECT ? r->session : 0;
    case PLANT_UNHOLD_SILENTLY:
        return r->op == SESSION_OP_UNHOLD ? r->session : 0;
    default:
        return 0;
    }
}

enum plant_how plant_inside(struct plant *p, const struct model *m, struct session_act *act)
{
    const struct model_session *s = session_of(m, act->session);
    const struct model_request *r = request_of(m, act);

    if (r && !act->err) {
        p->target = target_of(p, r);
    }
    switch (p->what) {
    case PLANT_SWAP_HALF:
    case PLANT_TRANSFER_HALF:
    case PLANT_CONF_HALF:
    case PLANT_UNHOLD_SILENTLY:
        if (act->type != SESSION_ACT_STATE || !p->target || act->session != p->target) {
            return PLANT_HOW_NOT;
        }
        p->target = 0; /* the next one is another matter */
        return s && act->state != s->state ? PLANT_HOW_HOLD : PLANT_HOW_NOT;
    case PLANT_REDIRECT_LINGERS:
        if (act->type != SESSION_ACT_STATE || !p->target || act->session != p->target) {
            return PLANT_HOW_NOT;
        }
        act->state = SESSION_DISCONNECTED;
        act->mode = SESSION_DISC_NORMAL;
        return PLANT_HOW_CHANGE;
    case PLANT_HELD_UNTOLD:
        return act->type == SESSION_ACT_STATE && s && s->state == SESSION_CONNECTED &&
                       act->state == SESSION_CONNECTED && act->mode == SESSION_CONNECTED_ACTIVEHELD &&
                       s->mode != act->mode
                   ? PLANT_HOW_HOLD
                   : PLANT_HOW_NOT;
    case PLANT_GATHER_TWICE:
        return act->type == SESSION_ACT_GATHER ? PLANT_HOW_TWICE : PLANT_HOW_NOT;
    case PLANT_GENERATE_TWICE:
        return act->type == SESSION_ACT_GENERATE ? PLANT_HOW_TWICE : PLANT_HOW_NOT;
    case PLANT_GATHER_NO_REASON:
        if (act->type != SESSION_ACT_GATHER) {
            return PLANT_HOW_NOT;
        }
        act->mode = 0;
        return PLANT_HOW_CHANGE;
    case PLANT_UNWANTED_DIGIT:
        if (act->type != SESSION_ACT_DIGIT || !s || s->digit_modes == 7) {
            return PLANT_HOW_NOT;
        }
        act->mode = ~s->digit_modes & 7;
        act->mode &= 0u - act->mode;
        return PLANT_HOW_CHANGE;
    case PLANT_UNWANTED_TONE:
        if (act->type != SESSION_ACT_TONE) {
            return PLANT_HOW_NOT;
        }
        act->bits += 3;
        return PLANT_HOW_CHANGE;
    case PLANT_CHANGE_SILENTLY:
        return act->type == SESSION_ACT_INFO && s && s->info_due & act->bits & ~(uint32_t)SESSION_INFO_TERMINAL
                   ? PLANT_HOW_LOSE
                   : PLANT_HOW_NOT;
    case PLANT_ROUTE_SILENTLY:
        return act->type == SESSION_ACT_INFO && s && s->info_due & act->bits & SESSION_INFO_TERMINAL ? PLANT_HOW_LOSE
                                                                                                     : PLANT_HOW_NOT;
    case PLANT_NO_CONTROL:
        return act->type == SESSION_ACT_STREAM && s && s->stream_due && !m->short_of_memory ? PLANT_HOW_LOSE
                                                                                            : PLANT_HOW_NOT;
    case PLANT_STREAM_LIES:
        if (act->type != SESSION_ACT_STREAM) {
            return PLANT_HOW_NOT;
        }
        act->state = (act->state + 1) % 3;
        return PLANT_HOW_CHANGE;
    default:
        return PLANT_HOW_NOT;
    }
}
