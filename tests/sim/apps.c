/* What the applications of a simulated world do. SPDX-License-Identifier: MIT */
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

/* A session: mostly one of the application's own in one of `states`, 0 if it has none such; sometimes anybody's in any
 * state, an old one or an invented one. */
static uint32_t some_session(struct world *w, uint32_t app, uint32_t states)
{
    struct model *m = &w->model;
    uint32_t start, how = rnd_below(&w->rnd, 40);

    if (how == 0) {
        return m->stalec ? m->stalev[rnd_below(&w->rnd, m->stalec < SIM_STALE ? m->stalec : SIM_STALE)] : 0;
    }
    if (how == 1) {
        return (uint32_t)rnd_next(&w->rnd);
    }
    if (m->sessionc == 0) {
        return 0;
    }
    start = rnd_below(&w->rnd, m->sessionc);
    if (how > 3) {
        for (uint32_t i = 0; i < m->sessionc; i++) {
            const struct model_session *s = &m->sessionv[(start + i) % m->sessionc];
            if (s->line % APPS == app && (s->state & states)) {
                return s->id;
            }
        }
        return 0;
    }
    return m->sessionv[start].id;
}

static uint32_t some_line(struct world *w, uint32_t app)
{
    uint32_t n = w->model.linec, line = app + APPS * rnd_below(&w->rnd, 2);

    if (rnd_below(&w->rnd, 50) == 0) {
        return rnd_below(&w->rnd, 2) ? n : (uint32_t)rnd_next(&w->rnd);
    }
    return line < n && rnd_below(&w->rnd, 8) ? line : rnd_below(&w->rnd, n);
}

/* Mostly one that is open. */
static uint32_t calling_line(struct world *w, uint32_t app)
{
    uint32_t line = some_line(w, app);

    for (uint32_t i = 0; i < w->model.linec && rnd_below(&w->rnd, 20); i++) {
        if (line < w->model.linec && w->model.linev[line].open) {
            break;
        }
        line = (line + 1) % w->model.linec;
    }
    return line;
}

void apps_open_line(struct world *w, uint32_t app)
{
    struct session_in in = {.type = SESSION_IN_LINE_OPEN};

    in.u.line = some_line(w, app);
    world_line_input(w, &in);
    if (rnd_below(&w->rnd, 8) && !world_failed(w)) {
        struct session_in mask = {.type = SESSION_IN_LINE_MASK};
        mask.u.mask.line = in.u.line;
        mask.u.mask.which = SESSION_MASK_STATES | SESSION_MASK_MEDIA;
        mask.u.mask.line_states = rnd_below(&w->rnd, 4) ? UINT32_MAX : (uint32_t)rnd_next(&w->rnd);
        mask.u.mask.address_states = rnd_below(&w->rnd, 4) ? UINT32_MAX : (uint32_t)rnd_next(&w->rnd);
        mask.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
        world_line_input(w, &mask);
        if (rnd_below(&w->rnd, 3) == 0 && !world_failed(w)) {
            struct session_req req = {
                .op = SESSION_OP_SETMEDIACONTROL, .line = in.u.line, .value = SESSION_SELECT_LINE};

            req.control = inside_control(rnd_below(&w->rnd, SIM_CONTROLS));
            (void)world_op(w, &req, NULL);
        }
    }
}

static void mask_line(struct world *w, uint32_t app)
{
    static const uint32_t mediav[] = {SESSION_MEDIA_INTERACTIVEVOICE,
                                      SESSION_MEDIA_INTERACTIVEVOICE,
                                      SESSION_MEDIA_AUTOMATEDVOICE,
                                      0,
                                      0x10,
                                      UINT32_MAX};
    struct session_in in = {.type = SESSION_IN_LINE_MASK};

    in.u.mask.line = some_line(w, app);
    in.u.mask.which = rnd_below(&w->rnd, 4);
    in.u.mask.line_states = (uint32_t)rnd_next(&w->rnd);
    in.u.mask.address_states = (uint32_t)rnd_next(&w->rnd);
    in.u.mask.media_modes = world_pick(&w->rnd, mediav, 6);
    world_line_input(w, &in);
}

static void make_call(struct world *w, uint32_t app)
{
    struct session_req req = {.op = SESSION_OP_MAKE}, release = {.op = SESSION_OP_RELEASE};
    uint32_t among = rnd_below(&w->rnd, 2) ? w->extc : w->numberc;
    const char *number = w->numberv[rnd_below(&w->rnd, among)];

    if (w->model.sessionc > SIM_SESSIONS / 2) {
        release.session = w->model.sessionv[rnd_below(&w->rnd, w->model.sessionc)].id;
        (void)world_op(w, &release, NULL);
        return;
    }
    req.request = ++w->request;
    req.line = calling_line(w, app);
    req.address = rnd_below(&w->rnd, 20) ? 0 : rnd_below(&w->rnd, SIM_ADDRESSES + 1);
    req.user = w->request;
    req.dest = rnd_below(&w->rnd, 20) ? number : NULL;
    req.dest_len = req.dest ? strlen(req.dest) : 0;
    req.only_idle = rnd_below(&w->rnd, 10) == 0;
    req.block_id = rnd_below(&w->rnd, 10) == 0;
    if (rnd_below(&w->rnd, 60) == 0) {
        req.request = 0;
        w->request--;
    }
    (void)world_op(w, &req, NULL);
}

static void session_op(struct world *w, uint32_t app, enum session_op what, uint32_t states)
{
    static const char *const piecev[] = {"1;", "0;", "1", "00", "", ";", "6;", "02", "$", "x", "600"};
    struct session_req req = {.op = what};

    req.session = some_session(w, app, states);
    if (!req.session && rnd_below(&w->rnd, 10)) {
        make_call(w, app); /* there was nothing to do: there will be */
        return;
    }
    req.value = (uint32_t)rnd_next(&w->rnd);
    if (session_contract(what)->async && rnd_below(&w->rnd, 60)) {
        req.request = ++w->request;
    }
    if (what == SESSION_OP_DIAL) {
        req.dest = piecev[rnd_below(&w->rnd, sizeof(piecev) / sizeof(piecev[0]))];
        req.dest_len = strlen(req.dest);
    }
    (void)world_op(w, &req, NULL);
}

/* Digits and tones to send, to gather and to listen for; at times nothing. */
static void some_sounds(struct world *w, struct session_req *req, struct session_listen *l)
{
    static const struct session_watch watchv[] = {
        {1, 0, {440, 480, 0}}, {2, 300, {440, 0, 0}}, {3, 1000, {0, 0, 0}}, {4, 50, {697, 1209, 0}}};
    static uint16_t buffer[8]; /* of everybody: what is in it does not matter */
    bool gather = req->op == SESSION_OP_GATHERDIGITS,
         generate = req->op == SESSION_OP_GENERATEDIGITS || req->op == SESSION_OP_GENERATETONE;

    if (!rnd_below(&w->rnd, 6) || !(gather || generate || req->op == SESSION_OP_MONITORTONES)) {
        return;
    }
    memset(l, 0, sizeof(*l));
    l->list = rnd_below(&w->rnd, 3);
    l->watchv = watchv;
    l->watchc = rnd_below(&w->rnd, 5);
    if (generate) {
        l->play.id = ++w->request;
        l->play.kind = req->op == SESSION_OP_GENERATEDIGITS ? SESSION_PLAY_DIGITS : SESSION_PLAY_TONES;
        l->play.mode = 1 + rnd_below(&w->rnd, 2);
        l->play.digits = "1,23#";
        l->play.digitc = rnd_below(&w->rnd, 6);
        l->play.digit_ms = 20 + rnd_below(&w->rnd, 100);
        l->play.gap_ms = rnd_below(&w->rnd, 100);
        l->play.pause_ms = 500;
        l->play.tonec = 1 + rnd_below(&w->rnd, 2);
        l->play.tonev[0] = (struct session_tone){440, 2000, rnd_below(&w->rnd, 2) * 4000};
        l->play.tonev[1] = (struct session_tone){480, 2000, 4000};
        l->play.total_ms = 500 + rnd_below(&w->rnd, 10000);
    }
    if (gather) {
        l->gather.id = ++w->request;
        l->gather.modes = 1 + rnd_below(&w->rnd, 3);
        l->gather.digits = buffer;
        l->gather.digitc = 1 + rnd_below(&w->rnd, 4);
        l->gather.first_ms = rnd_below(&w->rnd, 3) * 1000;
        l->gather.inter_ms = rnd_below(&w->rnd, 3) * 1000;
        memcpy(l->gather.term, "#", 2);
    }
    req->listen = l;
}

/* Lists of media control, actions of it, terminals: for a session, its address or its line. */
static void some_media(struct world *w, uint32_t app, struct session_req *req, struct session_route *route)
{
    if (req->op == SESSION_OP_DEVSPECIFIC) {
        req->value = 1u << rnd_below(&w->rnd, 11) | 1u << rnd_below(&w->rnd, 11);
    }
    if (req->op != SESSION_OP_SETMEDIACONTROL && req->op != SESSION_OP_SETTERMINAL) {
        return;
    }
    req->line = calling_line(w, app);
    req->address = rnd_below(&w->rnd, SIM_ADDRESSES);
    req->value = 1 + rnd_below(&w->rnd, 2);
    if (rnd_below(&w->rnd, 3) == 0) {
        req->session = 0;
    }
    if (rnd_below(&w->rnd, 8)) {
        req->control = inside_control(rnd_below(&w->rnd, SIM_CONTROLS));
    }
    route->terminal = rnd_below(&w->rnd, SESSION_TERMINALS);
    route->modes = 1u << rnd_below(&w->rnd, 8) & session_terminal_modes(route->terminal);
    route->on = rnd_below(&w->rnd, 2);
    if (route->modes) {
        req->route = route;
    }
}

/* One of those that change nothing but what is kept of a session. */
static void inside_op(struct world *w, uint32_t app, uint32_t session, enum session_op what)
{
    struct session_route route;
    struct session_listen listen;
    static const char text[] = "all that a caller wants to say to the one who is called";
    struct session_req req = {.op = what, .session = session};

    if (session_contract(req.op)->async) {
        req.request = ++w->request;
    }
    req.value = rnd_below(&w->rnd, req.op == SESSION_OP_MONITORDIGITS ? 8 : 5);
    some_sounds(w, &req, &listen);
    some_media(w, app, &req, &route);
    req.media_modes = 1u << rnd_below(&w->rnd, 16);
    req.max_rate = rnd_below(&w->rnd, 3) * 9600;
    req.attach.uui.data = req.attach.call_data.data = req.attach.sending.data = text;
    req.attach.uui.len = rnd_below(&w->rnd, sizeof(text));
    req.attach.call_data.len = rnd_below(&w->rnd, sizeof(text));
    req.attach.sending.len = rnd_below(&w->rnd, 2) * 32;
    req.attach.dial_params.speed_ms = rnd_below(&w->rnd, 2) * 60;
    (void)world_op(w, &req, NULL);
}

static void any_inside_op(struct world *w, uint32_t app)
{
    static const enum session_op opv[] = {
        SESSION_OP_RELEASEUSERUSER, SESSION_OP_SECURECALL,      SESSION_OP_SENDUSERUSER,   SESSION_OP_SENDUSERUSER,
        SESSION_OP_SETCALLDATA,     SESSION_OP_SETCALLDATA,     SESSION_OP_SETCALLPARAMS,  SESSION_OP_SETQOS,
        SESSION_OP_SETTREATMENT,    SESSION_OP_SETMEDIAMODE,    SESSION_OP_ANSWER,         SESSION_OP_MONITORDIGITS,
        SESSION_OP_MONITORMEDIA,    SESSION_OP_MONITORTONES,    SESSION_OP_GENERATETONE,   SESSION_OP_GENERATETONE,
        SESSION_OP_GENERATEDIGITS,  SESSION_OP_GENERATEDIGITS,  SESSION_OP_GENERATEDIGITS, SESSION_OP_GATHERDIGITS,
        SESSION_OP_SETMEDIACONTROL, SESSION_OP_SETMEDIACONTROL, SESSION_OP_SETTERMINAL,    SESSION_OP_DEVSPECIFIC,
        SESSION_OP_MONITORDIGITS,   SESSION_OP_MONITORDIGITS,   SESSION_OP_MONITORTONES,   SESSION_OP_GENERATEDIGITS,
    };
    enum session_op what = opv[rnd_below(&w->rnd, sizeof(opv) / sizeof(opv[0]))];

    inside_op(w, app, some_session(w, app, session_contract(what)->states), what);
}

/* A session that is connected, whoever's it is; 0: there is none. */
static uint32_t connected_session(struct world *w)
{
    uint32_t start = w->model.sessionc ? rnd_below(&w->rnd, w->model.sessionc) : 0;

    for (uint32_t i = 0; i < w->model.sessionc; i++) {
        const struct model_session *s = &w->model.sessionv[(start + i) % w->model.sessionc];
        if (s->state == SESSION_CONNECTED) {
            return s->id;
        }
    }
    return 0;
}

/* Some listen, one says something, and it takes its time. */
static void talk(struct world *w, uint32_t app)
{
    static const enum session_op listenv[] = {SESSION_OP_MONITORDIGITS, SESSION_OP_MONITORDIGITS,
                                              SESSION_OP_MONITORTONES, SESSION_OP_SETMEDIACONTROL,
                                              SESSION_OP_GATHERDIGITS};
    static const enum session_op sayv[] = {SESSION_OP_GENERATEDIGITS, SESSION_OP_GENERATEDIGITS,
                                           SESSION_OP_GENERATETONE, SESSION_OP_SENDUSERUSER};
    enum session_op what;
    uint64_t due;

    for (uint32_t i = 0; i < 4 && !world_failed(w); i++) {
        what = listenv[rnd_below(&w->rnd, 5)];
        inside_op(w, app, connected_session(w), what);
    }
    if (!world_failed(w)) {
        what = sayv[rnd_below(&w->rnd, 4)];
        inside_op(w, app, connected_session(w), what);
    }
    for (uint32_t i = 0; i < 6 && !world_failed(w); i++) {
        due = pump_deadline(w->pump);
        if (due == UINT64_MAX || due > w->now_ms + 3000) {
            break;
        }
        world_time_to(w, due < w->now_ms ? w->now_ms : due);
    }
}

/* Another session of the same line, in one of `states`; 0: there is none. */
static uint32_t other_session(struct world *w, uint32_t session, uint32_t states)
{
    const struct model_session *s = model_find(&w->model, session);
    uint32_t start = w->model.sessionc ? rnd_below(&w->rnd, w->model.sessionc) : 0;

    for (uint32_t i = 0; s && i < w->model.sessionc; i++) {
        const struct model_session *o = &w->model.sessionv[(start + i) % w->model.sessionc];
        if (o != s && o->line == s->line && (o->state & states)) {
            return o->id;
        }
    }
    return 0;
}

/* What waits to be completed: a held call and its consultation, a conference and who shall join it. */
static bool pair_op(struct world *w)
{
    uint32_t start = w->model.sessionc ? rnd_below(&w->rnd, w->model.sessionc) : 0;

    for (uint32_t i = 0; i < w->model.sessionc; i++) {
        const struct model_session *s = &w->model.sessionv[(start + i) % w->model.sessionc];
        const struct model_session *partner = s->partner ? model_find(&w->model, s->partner) : NULL;
        struct session_req req = {.op = s->parent ? SESSION_OP_ADDTOCONF : SESSION_OP_COMPLETETRANSFER};

        if (!partner || !(s->state & (SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF))) {
            continue;
        }
        if (!(partner->state & session_contract(req.op)->states2)) {
            req.op = partner->state == SESSION_DIALTONE ? SESSION_OP_DIAL : SESSION_OP_COUNT;
            req.session = partner->id;
            req.dest = w->numberv[rnd_below(&w->rnd, w->extc)];
            req.dest_len = strlen(req.dest);
        } else {
            req.session = s->id;
            req.session2 = partner->id;
            req.value = s->parent ? 0 : 1 + rnd_below(&w->rnd, 2);
        }
        if (req.op == SESSION_OP_COUNT) {
            continue;
        }
        req.request = ++w->request;
        req.user = w->request;
        (void)world_op(w, &req, NULL);
        return true;
    }
    return false;
}

/* Park, unpark, pickup. */
static void park_op(struct world *w, uint32_t app)
{
    static const enum session_op opv[] = {SESSION_OP_PARK, SESSION_OP_PARK, SESSION_OP_UNPARK, SESSION_OP_PICKUP,
                                          SESSION_OP_PICKUP};
    static const char *const placev[] = {"70", "71", "72", "70"}, *const groups[] = {"", "", "", "a", "b", "nobody's"};
    struct session_req req = {.op = opv[rnd_below(&w->rnd, 5)], .request = ++w->request};
    uint32_t how = rnd_below(&w->rnd, 10);

    req.user = w->request;
    req.dest = how < 5                                ? placev[rnd_below(&w->rnd, 4)]
               : how < 8 && req.op != SESSION_OP_PARK ? w->numberv[rnd_below(&w->rnd, w->extc)]
                                                      : w->numberv[rnd_below(&w->rnd, w->numberc)];
    if (req.op == SESSION_OP_PARK) {
        req.session = some_session(w, app, SESSION_CONNECTED);
        req.value = rnd_below(&w->rnd, 20) ? 1 + rnd_below(&w->rnd, 2) : rnd_below(&w->rnd, 5);
    } else {
        req.line = calling_line(w, app);
        req.address = rnd_below(&w->rnd, 4) ? 0 : rnd_below(&w->rnd, SIM_ADDRESSES);
    }
    if (req.op == SESSION_OP_PICKUP) {
        req.group = groups[rnd_below(&w->rnd, 6)];
        req.group_len = strlen(req.group);
        req.dest = how < 6 ? NULL : w->numberv[rnd_below(&w->rnd, w->extc)];
    }
    req.dest_len = req.dest ? strlen(req.dest) : 0;
    (void)world_op(w, &req, NULL);
}

static void control_op(struct world *w, uint32_t app)
{
    static const enum session_op opv[] = {
        SESSION_OP_HOLD,          SESSION_OP_UNHOLD,           SESSION_OP_SWAPHOLD,         SESSION_OP_SETUPTRANSFER,
        SESSION_OP_SETUPTRANSFER, SESSION_OP_COMPLETETRANSFER, SESSION_OP_COMPLETETRANSFER, SESSION_OP_BLINDTRANSFER,
        SESSION_OP_REDIRECT,      SESSION_OP_SETUPCONF,        SESSION_OP_PREPAREADDCONF,   SESSION_OP_ADDTOCONF,
        SESSION_OP_ADDTOCONF,     SESSION_OP_REMOVEFROMCONF,   SESSION_OP_COMPLETECALL,     SESSION_OP_COMPLETECALL,
        SESSION_OP_COMPLETECALL};
    struct session_req req = {.op = opv[rnd_below(&w->rnd, sizeof(opv) / sizeof(opv[0]))]};
    const struct session_contract *row = session_contract(req.op);
    uint32_t start = w->model.sessionc ? rnd_below(&w->rnd, w->model.sessionc) : 0;

    if (rnd_below(&w->rnd, 2) && pair_op(w)) {
        return;
    }
    req.session = some_session(w, app, row->states);
    for (uint32_t i = 0; req.op == SESSION_OP_PREPAREADDCONF && i < w->model.sessionc && rnd_below(&w->rnd, 8); i++) {
        const struct model_session *s = &w->model.sessionv[(start + i) % w->model.sessionc];
        if (s->parent && s->state == SESSION_CONNECTED) {
            req.session = s->id;
            break;
        }
    }
    if (req.op == SESSION_OP_SETUPCONF && rnd_below(&w->rnd, 4) == 0) {
        req.session = 0;
    } else if (!req.session && rnd_below(&w->rnd, 10)) {
        make_call(w, app);
        return;
    }
    if (row->states2) {
        req.session2 = other_session(w, req.session, row->states2);
    }
    req.line = calling_line(w, app);
    req.request = ++w->request;
    req.user = w->request;
    if (rnd_below(&w->rnd, 2) || req.op == SESSION_OP_REDIRECT || req.op == SESSION_OP_BLINDTRANSFER) {
        req.dest = w->numberv[rnd_below(&w->rnd, rnd_below(&w->rnd, 4) ? w->extc : w->numberc)];
        req.dest_len = strlen(req.dest);
    }
    if (req.op == SESSION_OP_COMPLETETRANSFER) {
        req.value = rnd_below(&w->rnd, 20) ? 1 + rnd_below(&w->rnd, 2) : rnd_below(&w->rnd, 5);
    } else if (req.op == SESSION_OP_SETUPCONF) {
        req.value = rnd_below(&w->rnd, 18);
    } else if (req.op == SESSION_OP_COMPLETECALL) {
        req.value = rnd_below(&w->rnd, 12) ? 1u << rnd_below(&w->rnd, 4) : rnd_below(&w->rnd, 17);
        req.message = rnd_below(&w->rnd, SESSION_MESSAGES + 1);
    }
    (void)world_op(w, &req, NULL);
}

static void line_op(struct world *w, uint32_t app)
{
    struct session_req req = {.request = ++w->request,
                              .line = rnd_below(&w->rnd, 8) ? calling_line(w, app) : some_line(w, app)};
    const char *numberv[NUMBERS];
    struct sim_line_req l;

    for (uint32_t i = 0; i < w->numberc; i++) {
        numberv[i] = w->numberv[i];
    }
    sim_line_req(&w->rnd, &w->model, &req, &l, numberv, rnd_below(&w->rnd, 6) ? w->extc : w->numberc);
    (void)world_op(w, &req, NULL);
}

/* Any operation, with any session, two of them, or none. */
static void any_op(struct world *w, uint32_t app)
{
    struct session_req req = {.op = (enum session_op)rnd_below(&w->rnd, SESSION_OP_COUNT + 1)};

    if (req.op == SESSION_OP_MAKE || req.op == SESSION_OP_DIAL) {
        req.op = SESSION_OP_HOLD;
    }
    if (req.op == SESSION_OP_PICKUP || req.op == SESSION_OP_UNPARK) {
        req.op = SESSION_OP_PARK; /* they take no session */
    }
    req.request = rnd_below(&w->rnd, 8) ? ++w->request : 0;
    req.session = rnd_below(&w->rnd, 4) ? some_session(w, app, SESSION_STATES_ALL) : 0;
    req.session2 = rnd_below(&w->rnd, 2) ? some_session(w, app, SESSION_STATES_ALL) : 0;
    req.line = some_line(w, app);
    (void)world_op(w, &req, NULL);
}

/* Joins a call of a shared address. False: there is none to join. */
static bool join_call(struct world *w)
{
    struct session_req req = {.op = SESSION_OP_ANSWER};
    uint32_t start = w->model.sessionc ? rnd_below(&w->rnd, w->model.sessionc) : 0;

    for (uint32_t i = 0; i < w->model.sessionc; i++) {
        const struct model_session *s = &w->model.sessionv[(start + i) % w->model.sessionc];

        if (model_inactive(s)) {
            req.session = s->id;
            req.request = ++w->request;
            (void)world_op(w, &req, NULL);
            return true;
        }
    }
    return false;
}

void apps_step(struct world *w)
{
    uint32_t app = rnd_below(&w->rnd, APPS), total = 0, what = 0, at;
    struct session_in in = {.type = SESSION_IN_LINE_CLOSE};
    uint64_t due;

    for (uint32_t i = 0; i < APP_OPS; i++) {
        total += w->weightv[app][i];
    }
    at = rnd_below(&w->rnd, total);
    while (at >= w->weightv[app][what]) {
        at -= w->weightv[app][what++];
    }
    if (rnd_below(&w->rnd, 4) == 0) {
        w->now_ms += rnd_below(&w->rnd, 20); /* time passes, and nobody runs the timers */
    }
    switch ((enum app_op)what) {
    case APP_OPEN:
        apps_open_line(w, app);
        break;
    case APP_CLOSE:
        in.u.line = some_line(w, app);
        world_line_input(w, &in);
        break;
    case APP_MASK:
        mask_line(w, app);
        break;
    case APP_MAKE:
        make_call(w, app);
        break;
    case APP_DIAL:
        session_op(w, app, SESSION_OP_DIAL, SESSION_DIALTONE | SESSION_DIALING);
        break;
    case APP_ACCEPT:
        session_op(w, app, SESSION_OP_ACCEPT, SESSION_OFFERING);
        break;
    case APP_ANSWER:
        if (rnd_below(&w->rnd, 3) || !join_call(w)) {
            session_op(w, app, SESSION_OP_ANSWER, SESSION_OFFERING | SESSION_ACCEPTED);
        }
        break;
    case APP_DROP:
        session_op(w, app, SESSION_OP_DROP, SESSION_STATES_ALL & ~(uint32_t)SESSION_IDLE);
        break;
    case APP_RELEASE:
        session_op(w, app, SESSION_OP_RELEASE, SESSION_IDLE | SESSION_DISCONNECTED);
        break;
    case APP_SPECIFIC:
        session_op(w, app, SESSION_OP_SETAPPSPECIFIC, SESSION_STATES_ALL);
        break;
    case APP_INSIDE:
        if (connected_session(w) && rnd_below(&w->rnd, 3)) {
            talk(w, app);
        } else {
            any_inside_op(w, app);
        }
        break;
    case APP_CONTROL:
        if (rnd_below(&w->rnd, 4) == 0) {
            park_op(w, app);
        } else {
            control_op(w, app);
        }
        break;
    case APP_LINE:
        line_op(w, app);
        break;
    case APP_LINES:
        world_change_lines(w);
        break;
    case APP_OTHER:
        any_op(w, app);
        break;
    case APP_TIME:
        world_time_to(w, w->now_ms + rnd_below(&w->rnd, 500));
        break;
    case APP_DUE:
        due = pump_deadline(w->pump);
        world_time_to(w, due == UINT64_MAX || due < w->now_ms ? w->now_ms : due);
        break;
    case APP_JUMP:
        world_time_to(w, w->now_ms + 1000 * (uint64_t)rnd_below(&w->rnd, 100000));
        break;
    case APP_OPS:
        break;
    }
}
