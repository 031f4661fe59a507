/* What applications may rely on inside a session: what they listen for, media control, terminals, what is told of its
 * information; and the second session of an operation on two. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <string.h>

enum { ACTIONS = SESSION_CONTROL_ALL & ~(uint32_t)SESSION_CONTROL_NONE };

/* ---- lists of media control -------------------------------------------------------------------------------------- */

static const struct session_control_digit digitv[] = {
    {'1', SESSION_DIGIT_DTMF, SESSION_CONTROL_PAUSE},
    {'2', SESSION_DIGIT_DTMF | SESSION_DIGIT_PULSE, SESSION_CONTROL_RESUME},
    {'3', SESSION_DIGIT_DTMFEND, SESSION_CONTROL_RATEUP},
    {'#', SESSION_DIGIT_DTMF, SESSION_CONTROL_RESET},
    {'#', SESSION_DIGIT_DTMF, SESSION_CONTROL_VOLUMENORMAL},
};
static const struct session_control_media mediav[] = {{SESSION_MEDIA_G3FAX, 0, SESSION_CONTROL_RESET}};
static const struct session_control_tone tonev[] = {{{480, 440, 0}, 300, SESSION_CONTROL_VOLUMEDOWN},
                                                    {{0, 0, 0}, 1000, SESSION_CONTROL_PAUSE}};
static const struct session_control_state statev[] = {
    {SESSION_CONNECTED, SESSION_CONTROL_START},
    {SESSION_ONHOLD | SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF, SESSION_CONTROL_PAUSE},
    {SESSION_DISCONNECTED | SESSION_IDLE, SESSION_CONTROL_RESET},
    {SESSION_BUSY, SESSION_CONTROL_NONE},
    {SESSION_OFFERING | SESSION_RINGBACK, SESSION_CONTROL_RATEDOWN},
};
static const struct session_control controlv[SIM_CONTROLS] = {
    {5, 0, 0, 0, digitv, NULL, NULL, NULL},      {0, 0, 0, 5, NULL, NULL, NULL, statev},
    {5, 1, 2, 5, digitv, mediav, tonev, statev}, {5, 1, 2, 0, digitv, mediav, tonev, NULL},
    {0, 0, 0, 0, NULL, NULL, NULL, NULL},
};

const struct session_control *inside_control(uint32_t i)
{
    return &controlv[i % SIM_CONTROLS];
}

/* What is in effect; never NULL. */
static const struct session_control *control_of(const struct model *m, const struct model_session *s)
{
    const struct session_control *c = s->own_control ? s->control : m->linev[s->line].controlv[s->address];

    return c ? c : &controlv[SIM_CONTROLS - 1];
}

static uint32_t all_actions(const struct session_control *c)
{
    uint32_t actions = 0;

    for (uint32_t i = 0; i < c->digitc; i++) {
        actions |= c->digitv[i].action;
    }
    for (uint32_t i = 0; i < c->mediac; i++) {
        actions |= c->mediav[i].action;
    }
    for (uint32_t i = 0; i < c->tonec; i++) {
        actions |= c->tonev[i].action;
    }
    for (uint32_t i = 0; i < c->statec; i++) {
        actions |= c->statev[i].action;
    }
    return actions & ACTIONS;
}

/* Said anew, so that the core's own words are not their own witness. */
static void apply(struct session_stream *st, uint32_t actions)
{
    if (actions & SESSION_CONTROL_START) {
        st->state = SESSION_STREAM_RUNNING;
    }
    if (actions & SESSION_CONTROL_RESET) {
        st->state = SESSION_STREAM_STOPPED;
    }
    if (actions & SESSION_CONTROL_PAUSE && st->state != SESSION_STREAM_STOPPED) {
        st->state = SESSION_STREAM_PAUSED;
    }
    if (actions & SESSION_CONTROL_RESUME && st->state != SESSION_STREAM_STOPPED) {
        st->state = SESSION_STREAM_RUNNING;
    }
    if (actions & SESSION_CONTROL_RATEUP) {
        st->rate += st->rate < 400 ? 25 : 0;
    }
    if (actions & SESSION_CONTROL_RATEDOWN) {
        st->rate -= st->rate > 25 ? 25 : 0;
    }
    if (actions & SESSION_CONTROL_RATENORMAL) {
        st->rate = 100;
    }
    if (actions & SESSION_CONTROL_VOLUMEUP) {
        st->volume += st->volume < 200 ? 10 : 0;
    }
    if (actions & SESSION_CONTROL_VOLUMEDOWN) {
        st->volume -= st->volume ? 10 : 0;
    }
    if (actions & SESSION_CONTROL_VOLUMENORMAL) {
        st->volume = 100;
    }
}

/* ---- sessions and operations ------------------------------------------------------------------------------------- */

void inside_start(struct model *m)
{
    for (uint32_t i = 0; i < SIM_LINES; i++) {
        for (uint32_t a = 0; a < SIM_ADDRESSES; a++) {
            m->linev[i].termv[a][SESSION_TERMINAL_SET] = (uint8_t)session_terminal_modes(SESSION_TERMINAL_SET);
        }
    }
}

void inside_new(struct model *m, struct model_session *s)
{
    s->stream = (struct session_stream){SESSION_STREAM_RUNNING, 100, 100};
    if (s->line < m->linec && s->address < SIM_ADDRESSES) {
        memcpy(s->termv, m->linev[s->line].termv[s->address], sizeof(s->termv));
    }
}

static bool route(uint8_t *v, const struct session_route *r)
{
    uint8_t was = v[r->terminal];

    v[r->terminal] = (uint8_t)(r->on ? was | r->modes : was & ~r->modes);
    return v[r->terminal] != was;
}

/* Information of a session changes, and will be told. */
static void due(struct model_session *s, uint32_t bits)
{
    if (s->state && s->state != SESSION_IDLE && !s->making) {
        s->info_due |= bits;
    }
}

static void set_terminal(struct model *m, const struct session_req *req)
{
    struct model_session *one = model_find(m, req->session);
    bool by_address = !one && req->value == SESSION_SELECT_ADDRESS;

    if (!req->route) {
        return;
    }
    if (one) {
        if (route(one->termv, req->route)) {
            due(one, SESSION_INFO_TERMINAL);
        }
        return;
    }
    for (uint32_t a = 0; a < m->linev[req->line].addressc; a++) {
        if (!by_address || a == req->address) {
            (void)route(m->linev[req->line].termv[a], req->route);
        }
    }
    for (uint32_t i = 0; i < m->sessionc; i++) {
        struct model_session *s = &m->sessionv[i];

        if (s->line == req->line && (!by_address || s->address == req->address) && route(s->termv, req->route)) {
            due(s, SESSION_INFO_TERMINAL);
        }
    }
}

static void set_control(struct model *m, const struct session_req *req)
{
    struct model_session *one = model_find(m, req->session);
    bool by_address = !one && req->value == SESSION_SELECT_ADDRESS;

    if (one) {
        one->own_control = true;
        one->control = one->state == SESSION_IDLE ? NULL : req->control;
        return;
    }
    for (uint32_t a = 0; a < m->linev[req->line].addressc; a++) {
        if (!by_address || a == req->address) {
            m->linev[req->line].controlv[a] = req->control;
        }
    }
    for (uint32_t i = 0; i < m->sessionc; i++) {
        struct model_session *s = &m->sessionv[i];

        if (s->line == req->line && (!by_address || s->address == req->address) && s->state != SESSION_IDLE) {
            s->own_control = false;
        }
    }
}

bool inside_wants_drained(enum session_op op)
{
    switch (op) {
    case SESSION_OP_SETMEDIACONTROL:
    case SESSION_OP_SETTERMINAL:
    case SESSION_OP_DEVSPECIFIC:
    case SESSION_OP_MONITORDIGITS:
    case SESSION_OP_MONITORTONES:
    case SESSION_OP_MONITORMEDIA:
        return true;
    default:
        return false;
    }
}

void inside_accepted(struct model *m, const struct session_req *req, bool undrained)
{
    struct model_session *s = model_find(m, req->session);

    switch (req->op) {
    case SESSION_OP_SETMEDIACONTROL:
        set_control(m, req);
        break;
    case SESSION_OP_SETTERMINAL:
        set_terminal(m, req);
        break;
    case SESSION_OP_DEVSPECIFIC:
        if (s) {
            s->stream_due = req->value & ACTIONS;
        }
        break;
    case SESSION_OP_MONITORDIGITS:
        if (s) {
            s->digit_modes = req->value;
        }
        break;
    case SESSION_OP_MONITORMEDIA:
        if (s) {
            s->media_modes = req->media_modes;
            s->media_set = true;
        }
        break;
    case SESSION_OP_MONITORTONES:
        if (s && req->listen && req->listen->watchc) {
            s->lists |= 1u << req->listen->list;
        } else if (s && req->listen) {
            s->lists &= ~(1u << req->listen->list);
        }
        break;
    case SESSION_OP_SETAPPSPECIFIC:
        if (s && !undrained) {
            due(s, SESSION_INFO_APPSPECIFIC);
        }
        break;
    default:
        break;
    }
}

/* A request has succeeded: what must follow of it. */
void inside_reply(struct model *m, const struct model_request *r)
{
    struct model_session *s = model_find(m, r->session), *s2 = model_find(m, r->session2);
    uint32_t expect = 0;

    switch (r->op) {
    case SESSION_OP_SETTREATMENT:
        if (s) {
            due(s, SESSION_INFO_TREATMENT);
        }
        break;
    case SESSION_OP_SETQOS:
        if (s) {
            due(s, SESSION_INFO_QOS);
        }
        break;
    case SESSION_OP_SETCALLDATA:
        if (s) {
            due(s, SESSION_INFO_CALLDATA);
        }
        break;
    case SESSION_OP_SWAPHOLD:
        expect = SESSION_CONNECTED;
        break;
    case SESSION_OP_ADDTOCONF:
        expect = SESSION_CONFERENCED;
        break;
    case SESSION_OP_COMPLETETRANSFER:
        expect = r->mode == SESSION_TRANSFER_CONFERENCE ? SESSION_CONFERENCED : SESSION_IDLE;
        break;
    default:
        break;
    }
    if (s2 && expect && !(s2->state & (expect | SESSION_IDLE))) {
        s2->expect = expect;
    }
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

/* Entries of a list that a digit or a state triggers. */
static void trigger(struct model *m, struct model_session *s, uint32_t actions)
{
    if (!(actions & ACTIONS)) {
        return;
    }
    if (s->stream_due && !m->short_of_memory) {
        model_fail(m, CHECK_EVENT, "session %x does not act upon what it was told to (%x)", (unsigned)s->id,
                   (unsigned)s->stream_due);
    }
    s->stream_due = actions & ACTIONS;
}

static void on_stream(struct model *m, struct model_session *s, const struct session_act *act)
{
    uint32_t may = all_actions(control_of(m, s)) | s->stream_due | SESSION_CONTROL_START;

    if (!act->bits || act->bits & ~may) {
        model_fail(m, CHECK_EVENT, "session %x acts (%x) and nobody wanted it", (unsigned)s->id, (unsigned)act->bits);
    }
    if (s->stream_due && act->bits != s->stream_due && !m->short_of_memory) {
        model_fail(m, CHECK_EVENT, "session %x acts (%x) otherwise than wanted (%x)", (unsigned)s->id,
                   (unsigned)act->bits, (unsigned)s->stream_due);
    }
    s->stream_due = 0;
    apply(&s->stream, act->bits);
    if (act->state != (uint32_t)s->stream.state) {
        model_fail(m, CHECK_EVENT, "the stream of session %x is said to be in %u, it is in %u", (unsigned)s->id,
                   (unsigned)act->state, (unsigned)s->stream.state);
    }
}

void inside_state(struct model *m, const struct session_act *act, uint32_t was)
{
    struct model_session *s = model_find(m, act->session);
    const struct session_control *c = s ? control_of(m, s) : NULL;
    uint32_t actions = 0;

    for (uint32_t i = 0; c && act->state != was && i < c->statec; i++) {
        actions |= c->statev[i].states & act->state ? c->statev[i].action : 0;
    }
    if (!s) {
        return;
    }
    trigger(m, s, actions);
    if (act->state == SESSION_IDLE && s->own_control) {
        s->control = NULL;
    }
    if (act->state & (SESSION_DISCONNECTED | SESSION_IDLE)) {
        s->digit_modes = s->media_modes = 0;
        s->media_set = true;
    }
}

/* Before the model knows of it. */
void inside_act(struct model *m, const struct session_act *act)
{
    struct model_session *s = model_find(m, act->session);
    const struct session_control *c;
    uint32_t actions = 0;

    if (!s || s->making || s->line >= m->linec) {
        return;
    }
    c = control_of(m, s);
    switch (act->type) {
    case SESSION_ACT_STREAM:
        on_stream(m, s, act);
        break;
    case SESSION_ACT_INFO:
        s->info_due &= ~act->bits;
        break;
    case SESSION_ACT_DIGIT:
        if (!(act->mode & s->digit_modes) || act->mode & (act->mode - 1)) {
            model_fail(m, CHECK_EVENT, "session %x tells a digit in mode %x, wanted is %x", (unsigned)s->id,
                       (unsigned)act->mode, (unsigned)s->digit_modes);
        }
        for (uint32_t i = 0; i < c->digitc; i++) {
            if ((uint32_t)(unsigned char)c->digitv[i].digit == act->state && c->digitv[i].modes & act->mode) {
                actions |= c->digitv[i].action;
            }
        }
        trigger(m, s, actions);
        break;
    case SESSION_ACT_TONE:
        if (act->bits > 31 || !(s->lists >> act->bits & 1)) {
            model_fail(m, CHECK_EVENT, "session %x hears a tone of list %u, which is not there", (unsigned)s->id,
                       (unsigned)act->bits);
        }
        break;
    case SESSION_ACT_MEDIA:
        if (!act->media_modes || act->media_modes & ~(s->media_set ? s->media_modes : m->linev[s->line].media_modes)) {
            model_fail(m, CHECK_EVENT, "session %x hears media %x, wanted is %x", (unsigned)s->id,
                       (unsigned)act->media_modes, (unsigned)s->media_modes);
        }
        break;
    case SESSION_ACT_GATHER:
        if (!act->mode || act->mode & (act->mode - 1) || act->mode > SESSION_GATHER_CANCEL) {
            model_fail(m, CHECK_EVENT, "session %x ends gathering for no reason (%x)", (unsigned)s->id,
                       (unsigned)act->mode);
        }
        break;
    default:
        break;
    }
}

/* ---- after each input -------------------------------------------------------------------------------------------- */

static void check_stream(struct model *m, const struct session_core *core, struct model_session *s)
{
    const struct session_media *media = session_media(core, s->id);
    const struct session_stream normal = {SESSION_STREAM_RUNNING, 100, 100};
    const struct session_stream *is = media ? &media->stream : &normal;

    if (s->stream_due && !m->short_of_memory) {
        model_fail(m, CHECK_EVENT, "session %x did not act upon what it was told to (%x)", (unsigned)s->id,
                   (unsigned)s->stream_due);
    }
    s->stream_due = 0;
    if (is->state != s->stream.state || is->rate != s->stream.rate || is->volume != s->stream.volume) {
        model_fail(m, CHECK_LOOK, "the stream of session %x is in %u at %u %%, volume %u; reported was %u, %u, %u",
                   (unsigned)s->id, (unsigned)is->state, (unsigned)is->rate, (unsigned)is->volume,
                   (unsigned)s->stream.state, (unsigned)s->stream.rate, (unsigned)s->stream.volume);
    }
}

bool inside_is_answered(const struct model *m, uint32_t session)
{
    const struct session_info *info = session_get(m->core, session), *other;
    const char *own;

    if (!m->prompt || !info || !(info->state & (SESSION_PROCEEDING | SESSION_RINGBACK)) || !m->linev[info->line].open ||
        !(m->linev[info->line].media_modes & (SESSION_MEDIA_INTERACTIVEVOICE | SESSION_MEDIA_AUTOMATEDVOICE))) {
        return false;
    }
    own = session_party_number(session_address_party(m->core, info->line, info->address));
    for (uint32_t i = 0; i < m->sessionc; i++) {
        other = session_get(m->core, m->sessionv[i].id);
        if (other && other->state == SESSION_CONNECTED && !strcmp(session_party_number(other->connected), own)) {
            return true;
        }
    }
    return false;
}

bool inside_hears_first(const struct model *m, uint32_t session)
{
    const struct session_media *media = session_media(m->core, session);

    for (uint32_t i = 0; i < m->sessionc; i++) {
        if (m->sessionv[i].id == session) {
            return m->prompt && !m->short_of_memory && m->sessionv[i].state == SESSION_CONNECTED &&
                   !(media && media->uui.len);
        }
    }
    return false;
}

void inside_settled(struct model *m, const struct session_core *core)
{
    for (uint32_t i = 0; i < m->sessionc; i++) {
        struct model_session *s = &m->sessionv[i];
        const struct session_info *info = session_get(core, s->id);

        if (s->info_due && s->state != SESSION_IDLE) {
            model_fail(m, CHECK_EVENT, "information %x of session %x has changed silently", (unsigned)s->info_due,
                       (unsigned)s->id);
        }
        s->info_due = 0;
        if (info && memcmp(info->termv, s->termv, sizeof(s->termv)) != 0) {
            model_fail(m, CHECK_LOOK, "terminals of session %x are not as they were set", (unsigned)s->id);
        }
        check_stream(m, core, s);
    }
    if (m->result->informed) {
        const struct model_session *s = model_find(m, m->result->informed);
        const struct session_media *media = s ? session_media(core, s->id) : NULL;

        if (s && s->state & (SESSION_CONNECTED | SESSION_DISCONNECTED) && !m->short_of_memory &&
            (!media || !media->uui.len)) {
            model_fail(m, CHECK_LOOK, "what the other end of session %x said is not there", (unsigned)s->id);
        }
        m->result->informed = 0;
    }
}
