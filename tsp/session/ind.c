/* Indications from the binding, and time. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/* The states the far side may bring a session to from where it is: "Call States", the usual transitions. What is not
 * here is late or repeated, and changes nothing. */
static uint32_t next_states(uint32_t state)
{
    switch ((enum session_state)state) {
    case SESSION_UNKNOWN:
        return SESSION_STATES_ALL & ~(uint32_t)(SESSION_UNKNOWN | SESSION_IDLE | SESSION_CONFERENCED);
    case SESSION_DIALTONE:
        return SESSION_DIALING | SESSION_PROCEEDING | SESSION_RINGBACK | SESSION_BUSY | SESSION_SPECIALINFO |
               SESSION_CONNECTED | SESSION_DISCONNECTED;
    case SESSION_DIALING:
        return SESSION_PROCEEDING | SESSION_RINGBACK | SESSION_BUSY | SESSION_SPECIALINFO | SESSION_CONNECTED |
               SESSION_DISCONNECTED;
    case SESSION_PROCEEDING:
        return SESSION_RINGBACK | SESSION_BUSY | SESSION_SPECIALINFO | SESSION_CONNECTED | SESSION_DISCONNECTED;
    case SESSION_RINGBACK:
        return SESSION_BUSY | SESSION_SPECIALINFO | SESSION_CONNECTED | SESSION_DISCONNECTED;
    case SESSION_OFFERING:
    case SESSION_ACCEPTED:
        return SESSION_CONNECTED | SESSION_DISCONNECTED;
    case SESSION_SPECIALINFO:
        return SESSION_BUSY | SESSION_CONNECTED | SESSION_DISCONNECTED;
    case SESSION_BUSY:
    case SESSION_CONNECTED:
    case SESSION_ONHOLD:
    case SESSION_ONHOLDPENDCONF:
    case SESSION_ONHOLDPENDTRANSFER:
    case SESSION_CONFERENCED:
        return SESSION_DISCONNECTED;
    case SESSION_DISCONNECTED:
    case SESSION_IDLE:
        return 0;
    }
    return 0;
}

static enum session_err reject(struct session_core *core, const struct session_ind *ind, uint32_t mode)
{
    struct session_cmd *cmd = core__command(core, SESSION_CMD_REJECT, NULL, 0);

    cmd->leg = ind->leg;
    cmd->line = ind->line;
    cmd->address = ind->address;
    cmd->mode = mode;
    return SESSION_E_OK;
}

static enum session_err incoming(struct session_core *core, const struct session_ind *ind)
{
    uint32_t wanted, media;
    struct session *s;
    enum session_err err;

    if (!ind->leg)
        return SESSION_E_BADPARAM;
    if (ind->line >= core->linec || ind->address >= core->linev[ind->line].addressc)
        return reject(core, ind, SESSION_DISC_BADADDRESS);
    wanted = core__media_wanted(&core->linev[ind->line]);
    /* a voice call suits either kind of voice application: a person first */
    media = wanted & SESSION_MEDIA_INTERACTIVEVOICE ? SESSION_MEDIA_INTERACTIVEVOICE : SESSION_MEDIA_AUTOMATEDVOICE;
    if (!wanted)
        return reject(core, ind, SESSION_DISC_UNAVAIL);
    if (!(core->linev[ind->line].status & SESSION_STATUS_INSERVICE))
        return reject(core, ind, SESSION_DISC_OUTOFORDER);
    s = core__session_new(core, ind->line, ind->address, 0, &err);
    if (!s)
        return reject(core, ind, err == SESSION_E_CALLUNAVAIL ? SESSION_DISC_BUSY : SESSION_DISC_CONGESTION);
    s->leg = ind->leg;
    if (ind->call_id)
        s->info.call_id = ind->call_id;
    s->info.origin = ind->origin ? ind->origin : SESSION_ORIGIN_UNKNOWN;
    s->info.reason = ind->reason ? ind->reason : SESSION_REASON_UNKNOWN;
    s->info.media_modes = media;
    core__set_party(&s->info.caller, &s->info.caller_flags, ind->caller);
    if (!ind->caller)
        s->info.caller_flags = SESSION_PARTY_BLOCKED;
    core__set_party(&s->info.called, &s->info.called_flags,
                    ind->called ? ind->called : core->linev[ind->line].addressv[ind->address].party);
    core__set_party(&s->info.connected, &s->info.connected_flags, NULL);
    if (ind->attach)
        (void)core__attach(core, s, ind->attach, true); /* a call without it is better than no call */
    s->info.completion_id = ind->completion;
    s->info.redirecting = session_party_ref(ind->redirecting);
    s->info.redirection = session_party_ref(ind->redirection);
    if (ind->connected)
        core__set_party(&s->info.connected, &s->info.connected_flags, ind->connected);
    core__emit(core, SESSION_ACT_NEW, s)->count = ind->completion;
    if (ind->state == SESSION_CONNECTED) { /* it does not use the address, not even for a moment */
        s->info.state = SESSION_CONNECTED;
        s->info.mode = ind->mode;
    }
    core__report(core, s);
    s->info.state = SESSION_UNKNOWN;
    if (ind->completion)
        (void)core__completion_over(core, ind->line, ind->completion);
    if (ind->state == SESSION_ONHOLD)
        core__state(core, s, SESSION_ONHOLD, 0);
    else if (ind->state == SESSION_CONNECTED)
        core__state(core, s, SESSION_CONNECTED, ind->mode);
    else
        core__state(core, s, SESSION_OFFERING, SESSION_OFFERING_ACTIVE);
    return SESSION_E_OK;
}

static bool same_party(const struct session_party *a, const struct session_party *b)
{
    return a == b || (a && b && a->number_len == b->number_len && a->name_len == b->name_len &&
                      !memcmp(a->text, b->text, (size_t)a->number_len + a->name_len + 2));
}

/* One more thing known of who takes part. */
static uint32_t party(struct session_party **slot, uint32_t *flags, struct session_party *new, uint32_t bit)
{
    uint32_t unused;

    if (!new || same_party(*slot, new))
        return 0;
    core__set_party(slot, flags ? flags : &unused, new);
    return bit;
}

static uint32_t parties(struct session *s, const struct session_ind *ind)
{
    uint32_t bits = 0;

    bits |= party(&s->info.caller, &s->info.caller_flags, ind->caller, SESSION_INFO_CALLERID);
    bits |= party(&s->info.called, &s->info.called_flags, ind->called, SESSION_INFO_CALLEDID);
    bits |= party(&s->info.connected, &s->info.connected_flags, ind->connected, SESSION_INFO_CONNECTEDID);
    bits |= party(&s->info.redirecting, NULL, ind->redirecting, SESSION_INFO_REDIRECTINGID);
    bits |= party(&s->info.redirection, NULL, ind->redirection, SESSION_INFO_REDIRECTIONID);
    if (ind->reason && ind->reason != s->info.reason) {
        s->info.reason = ind->reason;
        bits |= SESSION_INFO_REASON;
    }
    if (ind->call_id && ind->call_id != s->info.call_id) {
        s->info.call_id = ind->call_id;
        bits |= SESSION_INFO_CALLID;
        /* a member of a conference stays related to that */
        if (!s->parent && ind->related_call_id && ind->related_call_id != s->info.related_call_id) {
            s->info.related_call_id = ind->related_call_id;
            bits |= SESSION_INFO_RELATEDCALLID;
        }
    }
    return bits;
}

void core__connect(struct session_core *core, struct session *s, struct session_party *connected, uint32_t mode)
{
    struct session_party *party = connected;

    if (!party)
        party = s->info.origin == SESSION_ORIGIN_OUTBOUND ? s->info.called : s->info.caller;
    core__set_party(&s->info.connected, &s->info.connected_flags, party);
    if (!party && s->info.origin != SESSION_ORIGIN_OUTBOUND)
        s->info.connected_flags = s->info.caller_flags;
    core__state(core, s, SESSION_CONNECTED, mode ? mode : SESSION_CONNECTED_ACTIVE);
    core__info(core, s, SESSION_INFO_CONNECTEDID);
}

/* The binding has taken the call: its session counts from now on. */
static void made(struct session_core *core, struct session *s, struct pending *p, uint32_t leg)
{
    s->leg = leg;
    core__pending_end(core, p, SESSION_E_OK);
    core__report(core, s);
}

static enum session_err done(struct session_core *core, const struct session_ind *ind)
{
    struct pending *p = pool_get(&core->pendings, ind->token);
    struct session *s;

    if (!p) {
        /* placed for a session that was released meanwhile: nobody will ever end this leg but us */
        if (!ind->err && ind->leg && !pool_get(&core->sessions, ind->session))
            core__command(core, SESSION_CMD_DROP, NULL, 0)->leg = ind->leg;
        core__control_late(core, ind);
        core__complete_late(core, ind);
        return SESSION_E_OK;
    }
    if (!p->session) {
        core__line_done(core, p, ind);
        return SESSION_E_OK;
    }
    s = p->session;
    switch (p->op) {
    case SESSION_OP_MAKE:
        if (ind->err || !ind->leg) {
            core__pending_end(core, p, ind->err ? ind->err : SESSION_E_FAILED);
        } else {
            made(core, s, p, ind->leg);
        }
        return SESSION_E_OK;
    case SESSION_OP_ACCEPT:
        if (!ind->err && s->info.state != SESSION_OFFERING)
            break;
        core__pending_end(core, p, ind->err);
        if (!ind->err)
            core__state(core, s, SESSION_ACCEPTED, 0);
        return SESSION_E_OK;
    case SESSION_OP_ANSWER:
        if (!ind->err && !(s->info.state & (SESSION_OFFERING | SESSION_ACCEPTED)) && !core__inactive(s))
            break;
        core__pending_end(core, p, ind->err);
        if (!ind->err)
            core__connect(core, s, ind->connected, ind->mode);
        return SESSION_E_OK;
    case SESSION_OP_DROP:
        core__pending_end(core, p, ind->err);
        if (!ind->err && ind->mode & CORE_INACTIVE && s->info.state & (SESSION_CONNECTED | SESSION_ONHOLD)) {
            if (!core__inactive(s))
                core__state(core, s, SESSION_CONNECTED, ind->mode);
        } else if (!ind->err) {
            s->leg = 0;
            if (s->info.state != SESSION_IDLE)
                core__state(core, s, SESSION_IDLE, 0);
        }
        return SESSION_E_OK;
    case SESSION_OP_PARK:
        core__park_done(core, p, ind);
        return SESSION_E_OK;
    case SESSION_OP_PICKUP:
    case SESSION_OP_UNPARK:
        core__take_done(core, p, ind);
        return SESSION_E_OK;
    case SESSION_OP_SETCALLDATA: {
        struct blob *blob = p->blob;

        p->blob = NULL;
        core__pending_end(core, p, ind->err);
        if (!ind->err)
            core__data_done(core, s, blob);
        else
            core->mem.free(blob, core->mem.arg);
        return SESSION_E_OK;
    }
    case SESSION_OP_COMPLETECALL:
        core__complete_done(core, p, ind);
        return SESSION_E_OK;
    default:
        if (!core__control_done(core, p, ind))
            core__pending_end(core, p, ind->err);
        return SESSION_E_OK;
    }
    /* carried out too late: the session has moved on while the binding was at it */
    core__pending_end(core, p, SESSION_E_BADSTATE);
    return SESSION_E_OK;
}

/* Progress says as well that the call was taken: its DONE may come late. */
static bool heard(struct session_core *core, struct session *s, const struct session_ind *ind)
{
    if (s->pending && s->pending->op == SESSION_OP_MAKE && !s->info.reported) {
        if (!ind->leg)
            return false;
        made(core, s, s->pending, ind->leg);
    }
    if (!s->leg || ind->leg != s->leg || ind->seq <= s->last_seq)
        return false;
    s->last_seq = ind->seq;
    return true;
}

static enum session_err progress(struct session_core *core, struct session *s, const struct session_ind *ind)
{
    uint32_t state = ind->state;

    if (!(state & SESSION_STATES_ALL) || (state & (state - 1)))
        return SESSION_E_BADPARAM;
    if (!heard(core, s, ind))
        return SESSION_E_OK;
    if (state == SESSION_DISCONNECTED)
        s->leg = 0;
    if (state == SESSION_CONNECTED && s->info.state == SESSION_CONNECTED) {
        uint32_t bits = party(&s->info.connected, &s->info.connected_flags, ind->connected, SESSION_INFO_CONNECTEDID);

        if (ind->mode && ind->mode != s->info.mode)
            core__state(core, s, state, ind->mode);
        core__info(core, s, bits);
        return SESSION_E_OK;
    }
    /* one who holds loses the call to another appearance that takes it */
    if (!(next_states(s->info.state) & state) &&
        !(s->info.state == SESSION_ONHOLD && state == SESSION_CONNECTED && ind->mode & CORE_INACTIVE))
        return SESSION_E_OK;
    if (state == SESSION_CONNECTED && s->info.state != SESSION_ONHOLD)
        core__connect(core, s, ind->connected, ind->mode);
    else
        core__state(core, s, state, ind->mode);
    return SESSION_E_OK;
}

static enum session_err ring(struct session_core *core, struct session *s, const struct session_ind *ind)
{
    struct session_act *act;

    if (!heard(core, s, ind) || !(s->info.state & (SESSION_OFFERING | SESSION_ACCEPTED)))
        return SESSION_E_OK;
    s->info.rings++;
    if (core->linev[s->info.line].line_states & SESSION_LINE_RINGING) {
        act = core__emit(core, SESSION_ACT_RING, s);
        act->mode = ind->mode;
        act->count = s->info.rings;
    }
    return SESSION_E_OK;
}

static void keep_quality(struct session_core *core, const struct session_ind *ind)
{
    struct session *s = pool_get(&core->sessions, ind->session);
    struct side *side = s ? core__side(core, s) : NULL;

    if (side) {
        side->m.has_quality = true;
        side->m.quality = *ind->quality;
    }
}

static void hear(struct session_core *core, struct session *s, const struct session_ind *ind)
{
    if (ind->media_modes)
        core__machine(core, s, ind->media_modes, ind->state != 0);
    else
        core__sound(core, s, &ind->sound, ind->state != 0);
}

enum session_err core__ind(struct session_core *core, const struct session_ind *ind)
{
    struct session *s;

    if (ind->quality)
        keep_quality(core, ind);
    switch (ind->type) {
    case SESSION_IND_LINE:
        return core__line_service(core, ind->line, ind->state);
    case SESSION_IND_INCOMING:
        return incoming(core, ind);
    case SESSION_IND_DONE:
        return done(core, ind);
    case SESSION_IND_WATCH:
    case SESSION_IND_COMPLETION:
    case SESSION_IND_MESSAGE:
        return core__line_ind(core, ind);
    case SESSION_IND_USE:
        return session_line_there(core, ind->line) ? core__use_outside(core, ind->line, ind->address, ind->mode)
                                                   : SESSION_E_BADPARAM;
    case SESSION_IND_PROGRESS:
    case SESSION_IND_PARTY:
    case SESSION_IND_RING:
    case SESSION_IND_INFORM:
    case SESSION_IND_SOUND:
    case SESSION_IND_PLAYED:
        s = pool_get(&core->sessions, ind->session);
        if (!s)
            return SESSION_E_BADSESSION;
        if (ind->type == SESSION_IND_INFORM || ind->type == SESSION_IND_SOUND || ind->type == SESSION_IND_PLAYED) {
            if (!heard(core, s, ind))
                return SESSION_E_OK;
            if (ind->type == SESSION_IND_INFORM && ind->attach)
                core__inform(core, s, ind->attach);
            else if (ind->type == SESSION_IND_SOUND &&
                     (s->side || (core__control_listens(core, s) && core__side(core, s))))
                hear(core, s, ind);
            else if (ind->type == SESSION_IND_PLAYED && s->side)
                core__played(core, s, ind);
            return SESSION_E_OK;
        }
        if (ind->type == SESSION_IND_PROGRESS)
            return progress(core, s, ind);
        if (ind->type == SESSION_IND_RING)
            return ring(core, s, ind);
        if (heard(core, s, ind))
            core__info(core, s, parties(s, ind));
        return SESSION_E_OK;
    }
    return SESSION_E_BADPARAM;
}

void core__no_answer(struct session_core *core, struct session *s)
{
    if (s->leg)
        core__command(core, SESSION_CMD_DROP, s, 0);
    s->leg = 0;
    core__state(core, s, SESSION_DISCONNECTED, SESSION_DISC_NOANSWER);
}
