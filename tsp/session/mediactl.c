/* Media control: what a session hears and becomes acts on the stream that it plays. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

/* ---- streams ----------------------------------------------------------------------------------------------------- */

static void apply_one(struct session_stream *st, uint32_t action)
{
    switch (action) {
    case SESSION_CONTROL_START:
        st->state = SESSION_STREAM_RUNNING;
        break;
    case SESSION_CONTROL_RESET:
        st->state = SESSION_STREAM_STOPPED;
        break;
    case SESSION_CONTROL_PAUSE:
        if (st->state == SESSION_STREAM_RUNNING)
            st->state = SESSION_STREAM_PAUSED;
        break;
    case SESSION_CONTROL_RESUME:
        if (st->state == SESSION_STREAM_PAUSED)
            st->state = SESSION_STREAM_RUNNING;
        break;
    case SESSION_CONTROL_RATEUP:
        if (st->rate < SESSION_RATE_MAX)
            st->rate += SESSION_RATE_STEP;
        break;
    case SESSION_CONTROL_RATEDOWN:
        if (st->rate > SESSION_RATE_MIN)
            st->rate -= SESSION_RATE_STEP;
        break;
    case SESSION_CONTROL_RATENORMAL:
        st->rate = SESSION_RATE_NORMAL;
        break;
    case SESSION_CONTROL_VOLUMEUP:
        if (st->volume < SESSION_VOLUME_MAX)
            st->volume += SESSION_VOLUME_STEP;
        break;
    case SESSION_CONTROL_VOLUMEDOWN:
        if (st->volume > 0)
            st->volume -= SESSION_VOLUME_STEP;
        break;
    case SESSION_CONTROL_VOLUMENORMAL:
        st->volume = SESSION_VOLUME_NORMAL;
        break;
    default:
        break;
    }
}

void session_stream_apply(struct session_stream *stream, uint32_t actions)
{
    for (uint32_t bit = 1; bit <= SESSION_CONTROL_ALL; bit <<= 1)
        if (actions & bit)
            apply_one(stream, bit);
}

/* The stream has become `now` by `actions`: what it plays follows, and it is told. */
static void stream_set(struct session_core *core, struct session *s, const struct session_stream *now, uint32_t actions)
{
    struct session_stream *st = &s->side->m.stream, was = *st;
    struct session_act *act;

    *st = *now;
    if (actions & SESSION_CONTROL_RESET)
        core__play_cancel(core, s);
    if (s->leg && (was.state != now->state || was.rate != now->rate || was.volume != now->volume))
        core__command(core, SESSION_CMD_STREAM, s, 0)->stream = *now;
    act = core__emit(core, SESSION_ACT_STREAM, s);
    act->bits = actions;
    act->state = now->state;
    if (was.state != now->state || was.rate != now->rate || was.volume != now->volume)
        core__info(core, s, SESSION_INFO_DEVSPECIFIC);
}

void core__stream(struct session_core *core, struct session *s, uint32_t actions)
{
    struct session_stream now;

    actions &= SESSION_CONTROL_ALL & ~(uint32_t)SESSION_CONTROL_NONE;
    if (!actions || !core__side(core, s))
        return;
    now = s->side->m.stream;
    session_stream_apply(&now, actions);
    stream_set(core, s, &now, actions);
}

/* ---- lists ------------------------------------------------------------------------------------------------------- */

static bool list_ok(uint32_t count, const void *v)
{
    return count <= SESSION_CONTROL_MAX && (v || !count);
}

/* A copy in one block. OK (NULL: all lists are empty), NOMEM, BADPARAM. */
static enum session_err control_new(struct session_core *core, const struct session_control *c, struct control **out)
{
    struct control *n;
    size_t size;
    struct session_control_media *mediav;
    struct session_control_tone *tonev;
    struct session_control_state *statev;
    struct session_control_digit *digitv;

    *out = NULL;
    if (!c || !(c->digitc + c->mediac + c->tonec + c->statec))
        return SESSION_E_OK;
    if (!list_ok(c->digitc, c->digitv) || !list_ok(c->mediac, c->mediav) || !list_ok(c->tonec, c->tonev) ||
        !list_ok(c->statec, c->statev))
        return SESSION_E_BADPARAM;
    /* members of all entries are 32 bits at most, and each entry is a multiple of that */
    size = sizeof *n + c->mediac * sizeof *mediav + c->tonec * sizeof *tonev + c->statec * sizeof *statev +
           c->digitc * sizeof *digitv;
    n = core->mem.alloc(size, core->mem.arg);
    if (!n)
        return SESSION_E_NOMEM;
    mediav = (struct session_control_media *)(void *)(n + 1);
    tonev = (struct session_control_tone *)(void *)(mediav + c->mediac);
    statev = (struct session_control_state *)(void *)(tonev + c->tonec);
    digitv = (struct session_control_digit *)(void *)(statev + c->statec);
    if (c->mediac)
        memcpy(mediav, c->mediav, c->mediac * sizeof *mediav);
    if (c->tonec)
        memcpy(tonev, c->tonev, c->tonec * sizeof *tonev);
    if (c->statec)
        memcpy(statev, c->statev, c->statec * sizeof *statev);
    if (c->digitc)
        memcpy(digitv, c->digitv, c->digitc * sizeof *digitv);
    for (uint32_t i = 0; i < c->tonec; i++)
        session_freq_sort(tonev[i].freqv);
    n->c = (struct session_control){c->digitc, c->mediac, c->tonec, c->statec, digitv, mediav, tonev, statev};
    n->refs = 1;
    core->controls++;
    *out = n;
    return SESSION_E_OK;
}

void core__control_deref(struct session_core *core, struct control *control)
{
    if (control && !--control->refs) {
        core->mem.free(control, core->mem.arg);
        core->controls--;
    }
}

void core__control_clear(struct session_core *core, struct line *line)
{
    for (uint32_t i = 0; i < line->addressc; i++) {
        core__control_deref(core, line->addressv[i].control);
        line->addressv[i].control = NULL;
    }
}

void core__control_drop(struct session_core *core, struct side *side)
{
    core__control_deref(core, side->control);
    side->control = NULL;
    side->own_control = false;
    side->tone_told = side->media_ctl_told = 0;
}

/* What is in effect for a session; NULL: nothing. */
static const struct session_control *control_of(const struct session_core *core, const struct session *s)
{
    const struct control *c = s->side && s->side->own_control
                                  ? s->side->control
                                  : core->linev[s->info.line].addressv[s->info.address].control;

    return c ? &c->c : NULL;
}

bool core__control_listens(const struct session_core *core, const struct session *s)
{
    const struct session_control *c = control_of(core, s);

    return (c && c->digitc + c->mediac + c->tonec) ||
           core->linev[s->info.line].media_modes & (SESSION_MEDIA_G3FAX | SESSION_MEDIA_DATAMODEM);
}

/* ---- triggers ---------------------------------------------------------------------------------------------------- */

/* Entries that act at the same time act as one, each upon what the one before has left. */
struct trigger {
    struct session_stream stream;
    uint32_t actions;
};

static void trigger_begin(struct trigger *t, const struct session *s)
{
    t->actions = 0;
    if (s->side)
        t->stream = s->side->m.stream;
    else
        t->stream =
            (struct session_stream){SESSION_STREAM_RUNNING, SESSION_RATE_NORMAL, SESSION_VOLUME_NORMAL};
}

static void trigger_add(struct trigger *t, uint32_t action)
{
    if (action == SESSION_CONTROL_NONE)
        return;
    session_stream_apply(&t->stream, action);
    t->actions |= action;
}

static void trigger_end(struct session_core *core, struct session *s, const struct trigger *t)
{
    if (t->actions && core__side(core, s))
        stream_set(core, s, &t->stream, t->actions);
}

void core__control_digit(struct session_core *core, struct session *s, char digit, uint32_t mode)
{
    const struct session_control *c = control_of(core, s);
    struct trigger t;

    if (!c || !c->digitc)
        return;
    trigger_begin(&t, s);
    for (uint32_t i = 0; i < c->digitc; i++)
        if (c->digitv[i].digit == digit && c->digitv[i].modes & mode)
            trigger_add(&t, c->digitv[i].action);
    trigger_end(core, s, &t);
}

/* An entry whose sound is heard since `since`: true if it acts now for the first time, else `next` says when. */
static bool lasts(const struct session_core *core, uint64_t since, uint32_t duration_ms, uint32_t *told, uint32_t i,
                  uint64_t *next)
{
    if (*told >> i & 1)
        return false;
    if (core->now_ms - since >= duration_ms) {
        *told |= 1u << i;
        return true;
    }
    if (since + duration_ms < *next)
        *next = since + duration_ms;
    return false;
}

uint64_t core__control_look(struct session_core *core, struct session *s)
{
    const struct session_control *c = control_of(core, s);
    struct side *side = s->side;
    uint64_t next = UINT64_MAX, since;
    uint32_t heard;
    struct trigger t;

    if (!c || s->info.state != SESSION_CONNECTED)
        return next;
    /* before it was connected there was nobody to be silent */
    since = side->since_ms > s->info.state_ms ? side->since_ms : s->info.state_ms;
    heard = side->sounding ? core__media_of(&side->sound) : 0;
    trigger_begin(&t, s);
    for (uint32_t i = 0; heard | side->machine && i < c->mediac; i++) {
        bool machine = c->mediav[i].media_modes & side->machine; /* it has lasted so long already */
        uint32_t duration = c->mediav[i].duration_ms, least = CORE_MEDIA_MS;

        duration = machine ? (duration > least ? duration - least : 0) : duration > least ? duration : least;
        if (c->mediav[i].media_modes & (heard | side->machine) &&
            lasts(core, machine ? side->machine_since_ms : since, duration, &side->media_ctl_told, i, &next))
            trigger_add(&t, c->mediav[i].action);
    }
    for (uint32_t i = 0; i < c->tonec; i++)
        if (core__hears(side, c->tonev[i].freqv) &&
            lasts(core, since, c->tonev[i].duration_ms, &side->tone_told, i, &next))
            trigger_add(&t, c->tonev[i].action);
    trigger_end(core, s, &t);
    return next;
}

/* Begins to listen, or goes on with what it hears, for lists that are new to the session. */
static void listen(struct session_core *core, struct session *s)
{
    if (!s->leg || !control_of(core, s) || !core__control_listens(core, s) || !core__side(core, s))
        return;
    if (!s->side->since_ms)
        s->side->since_ms = core->now_ms;
    core__listen_timer(core, s);
}

void core__control_state(struct session_core *core, struct session *s, uint32_t was)
{
    const struct session_control *c = control_of(core, s);
    struct trigger t;

    if (!c || s->info.state == was)
        return;
    if (c->statec) {
        trigger_begin(&t, s);
        for (uint32_t i = 0; i < c->statec; i++)
            if (c->statev[i].states & s->info.state)
                trigger_add(&t, c->statev[i].action);
        trigger_end(core, s, &t);
    }
    if (s->info.state == SESSION_CONNECTED && c->mediac + c->tonec) {
        if (s->side)
            s->side->tone_told = s->side->media_ctl_told = 0;
        listen(core, s);
    }
    if (s->info.state == SESSION_IDLE && s->side && s->side->own_control) {
        core__control_deref(core, s->side->control);
        s->side->control = NULL; /* a call that has ended triggers nothing */
    }
}

/* ---- operations -------------------------------------------------------------------------------------------------- */

enum session_err core__where(struct session_core *core, const struct session_req *req, struct line **line,
                             uint32_t *only)
{
    if (req->line >= core->linec || !core->linev[req->line].open)
        return SESSION_E_BADLINE;
    *line = &core->linev[req->line];
    *only = UINT32_MAX;
    if (req->value == SESSION_SELECT_ADDRESS) {
        if (req->address >= (*line)->addressc)
            return SESSION_E_BADADDRESSID;
        *only = req->address;
    }
    return SESSION_E_OK;
}

void core__spread_begin(struct session_core *core, uint32_t line, uint32_t only, const struct session_route *route)
{
    bool all = only == UINT32_MAX;

    core->spread.line = line + 1;
    core->spread.only = only;
    core->spread.at = core->spread.end = 0;
    core->spread.next = core->linev[line].first;
    core->spread.terminals = route != NULL;
    if (route) {
        core->spread.route = *route;
        core->spread.at = all ? 0 : only;
        core->spread.end = all ? core->linev[line].addressc : only + 1;
    }
}

enum session_err core__set_control(struct session_core *core, struct session *s, const struct session_req *req)
{
    struct line *line = NULL;
    struct control *control;
    uint32_t only = UINT32_MAX;
    enum session_err err = s ? SESSION_E_OK : core__where(core, req, &line, &only);

    if (!err)
        err = control_new(core, req->control, &control);
    if (err)
        return err;
    if (s) {
        /* nothing to take away, and nothing to be had */
        if (!control && !control_of(core, s))
            return SESSION_E_OK;
        if (!core__side(core, s)) {
            core__control_deref(core, control);
            return SESSION_E_NOMEM;
        }
        core__control_drop(core, s->side);
        s->side->own_control = true;
        if (s->info.state == SESSION_IDLE) {
            core__control_deref(core, control);
            return SESSION_E_OK;
        }
        s->side->control = control;
        listen(core, s);
        return SESSION_E_OK;
    }
    for (uint32_t i = 0; i < line->addressc; i++) {
        if (only != UINT32_MAX && i != only)
            continue;
        core__control_deref(core, line->addressv[i].control);
        line->addressv[i].control = control;
        if (control)
            control->refs++;
    }
    core__control_deref(core, control);
    core__spread_begin(core, req->line, only, NULL);
    return SESSION_E_OK;
}

bool core__spread(struct session_core *core)
{
    struct line *line = &core->linev[core->spread.line - 1];

    if (core->spread.at < core->spread.end) {
        core__spread_address(core, line, core->spread.at++);
        return true;
    }
    while (core->spread.next) {
        struct session *s = core->spread.next;

        core->spread.next = s->next;
        if (core->spread.only != UINT32_MAX && s->info.address != core->spread.only)
            continue;
        if (core->spread.terminals) {
            core__spread_session(core, s);
        } else if (s->info.state != SESSION_IDLE) {
            if (s->side)
                core__control_drop(core, s->side);
            listen(core, s);
        }
        return true;
    }
    core->spread.line = 0;
    return false;
}

enum session_err core__devspecific(struct session_core *core, struct session *s, const struct session_req *req)
{
    struct session_act *act;

    if (!s && (req->line >= core->linec || !core->linev[req->line].open))
        return SESSION_E_BADLINE;
    if (s && req->value & SESSION_CONTROL_ALL && !core__side(core, s))
        return SESSION_E_NOMEM;
    if (s && req->listen && req->listen->play.kind == SESSION_PLAY_RECORD) {
        enum session_err err = SESSION_E_OK;
        struct pending *p;

        if (req->listen->play.digitc > SESSION_DIGITS_MAX || !s->leg || s->info.state != SESSION_CONNECTED)
            return !s->leg || s->info.state != SESSION_CONNECTED ? SESSION_E_BADSTATE : SESSION_E_BADPARAM;
        p = core__pending_new(core, s, req->op, req->request, &err);
        if (!p)
            return err;
        core->play = req->listen->play;
        core__command(core, SESSION_CMD_PLAY, s, p->head.id)->play = &core->play;
        return SESSION_E_OK;
    }
    act = core__emit(core, SESSION_ACT_REPLY, s);
    act->request = req->request;
    if (!s)
        act->line = req->line;
    else
        core__stream(core, s, req->value);
    return SESSION_E_OK;
}
