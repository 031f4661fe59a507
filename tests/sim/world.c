/* One simulated world: applications, clock, faults, two phases. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum app_op {
    APP_OPEN,
    APP_CLOSE,
    APP_MASK,
    APP_MAKE,
    APP_DIAL,
    APP_ACCEPT,
    APP_ANSWER,
    APP_DROP,
    APP_RELEASE,
    APP_SPECIFIC,
    APP_INSIDE,  /* something inside a session */
    APP_CONTROL, /* hold, transfer, conference, completion */
    APP_LINE,    /* forwarding, status */
    APP_LINES,   /* a line goes, or comes again */
    APP_OTHER,   /* any operation of the contract at all */
    APP_TIME,    /* a little later */
    APP_DUE,     /* at the next deadline */
    APP_JUMP,    /* hours later */
    APP_OPS
};

enum { APPS = 3, NUMBERS = 40, REACH_MS = 60000 };

#define SHARED "299" /* the number that several lines have, if any have one */

struct world {
    const struct sim_conf *conf;
    struct sim_result *result;
    struct rnd rnd;
    uint64_t hash;
    struct heap heap;
    struct model model;
    struct plant plant;
    struct binding *binding; /* the late one */
    struct pump *pump;
    uint64_t now_ms;
    uint32_t request;
    uint32_t fail_permille;        /* allocations, while it is on */
    uint32_t lag_permille, lagged; /* inputs after which nothing is taken; how many there are now */
    uint32_t weightv[APPS][APP_OPS];
    char numberv[NUMBERS][SESSION_NUMBER_MAX + 8];
    uint32_t numberc, extc; /* the first ones are extensions */
};

#define SAY(w, ...)                                                                                                    \
    do {                                                                                                               \
        if ((w)->conf->verbose) {                                                                                      \
            printf(__VA_ARGS__);                                                                                       \
        }                                                                                                              \
    } while (0)

static bool failed(const struct world *w)
{
    return w->result->fired != CHECK_NONE;
}

/* ---- making a world ---------------------------------------------------------------------------------------------- */

static void add_number(struct world *w, const char *number)
{
    if (w->numberc < NUMBERS) {
        snprintf(w->numberv[w->numberc++], sizeof(w->numberv[0]), "%s", number);
    }
}

static uint32_t pick(struct rnd *r, const uint32_t *v, uint32_t n)
{
    return v[rnd_below(r, n)];
}

/* Each fault is wholly off in half of the worlds. */
static uint32_t maybe(struct rnd *r, const uint32_t *v, uint32_t n)
{
    return rnd_below(r, 2) ? pick(r, v, n) : 0;
}

static void make_apps(struct world *w)
{
    static const uint32_t usual[APP_OPS] = {3, 1, 2, 34, 8, 6, 40, 10, 14, 2, 4, 24, 3, 1, 4, 8, 28, 1};

    for (uint32_t a = 0; a < APPS; a++) {
        for (uint32_t op = 0; op < APP_OPS; op++) {
            static const uint32_t factorv[] = {0, 1, 1, 1, 2, 6};
            w->weightv[a][op] = usual[op] * pick(&w->rnd, factorv, 6);
        }
        w->weightv[a][APP_OPEN] += 2;
        w->weightv[a][APP_MAKE] += 4;
        w->weightv[a][APP_DUE] += 1;
    }
}

static void make_binding(struct world *w, struct binding **bp, const struct loopback_ext *extv, const uint8_t *sharingv,
                         uint32_t extc)
{
    static const uint32_t lateness[] = {5, 200, 3000}, permille[] = {10, 100, 400}, rings[] = {1000, 6000};
    struct loopback_special specialv[LOOPBACK_DEFAULT_SPECIALC + 1];
    struct loopback_conf conf = {.mem = {heap_alloc, heap_free, &w->heap},
                                 .extc = extc,
                                 .extv = extv,
                                 .sharingv = sharingv,
                                 .specialc = LOOPBACK_DEFAULT_SPECIALC + 1,
                                 .specialv = specialv};
    static const struct loopback_place placev[] = {{"70", "Park"}, {"71", NULL}, {"72", NULL}};
    static const uint32_t reminders[] = {0, 2000, 20000}, timeouts[] = {3000, 15000, 50000};
    static const char *const groups[] = {"", "a", "b"};
    const char *groupv[SIM_LINES * SIM_ADDRESSES];
    struct late_conf late = {0};
    struct binding *exchange;

    for (uint32_t i = 0; i < extc; i++) {
        groupv[i] = groups[rnd_below(&w->rnd, 3)];
    }
    conf.groupv = groupv;
    conf.placec = 3;
    conf.placev = placev;
    conf.reminder_ms = pick(&w->rnd, reminders, 3);
    conf.timeout_ms = pick(&w->rnd, timeouts, 3);

    memcpy(specialv, loopback_default_specialv, sizeof(loopback_default_specialv));
    specialv[LOOPBACK_DEFAULT_SPECIALC] = (struct loopback_special){"604", "Slow", LOOPBACK_ANSWER, 3000, 1000};
    conf.ring_ms = pick(&w->rnd, rings, 2);
    late.command_ms = maybe(&w->rnd, lateness, 3);
    late.ind_ms = maybe(&w->rnd, lateness, 3);
    late.repeat_permille = maybe(&w->rnd, permille, 3);
    late.refuse_permille = maybe(&w->rnd, permille, 2);
    late.sloppy = rnd_below(&w->rnd, 2);
    late.wild_permille = rnd_below(&w->rnd, 4) ? 0 : pick(&w->rnd, permille, 2);
    late.model = &w->model;
    w->model.wild = late.wild_permille > 0;
    w->model.refusing = late.refuse_permille > 0;
    w->model.exact = !late.command_ms && !late.ind_ms && !late.wild_permille;
    if (loopback_alloc(&exchange, &conf) ||
        late_alloc(bp, exchange, &w->rnd, &late, &w->hash, w->conf->verbose, w->result)) {
        abort();
    }
    SAY(w, "late: commands %u ms, indications %u ms, repeat %u, refuse %u, wild %u, sloppy %d\n",
        (unsigned)late.command_ms, (unsigned)late.ind_ms, (unsigned)late.repeat_permille,
        (unsigned)late.refuse_permille, (unsigned)late.wild_permille, late.sloppy);
}

static void make_numbers(struct world *w)
{
    static const char *const otherv[] = {"600", "601", "602",     "603", "604",   "",         ";",     "1;", "10;",
                                         "6;",  "60;", "999",     "1",   "*#A",   "+1 (0) 0", "$1",    "1@", "W9",
                                         "9?",  "1x",  "100^Ann", "0",   "1,0!0", "T1P0",     "100|7", "70"};
    char longest[SESSION_NUMBER_MAX + 2];

    for (size_t i = 0; i < sizeof(otherv) / sizeof(otherv[0]); i++) {
        if (rnd_below(&w->rnd, 3)) {
            add_number(w, otherv[i]);
        }
    }
    memset(longest, '1', sizeof(longest));
    longest[SESSION_NUMBER_MAX + rnd_below(&w->rnd, 2)] = '\0';
    add_number(w, longest);
}

/* 10 begins 100 and 101, 11 begins nothing else: with and without overlap. */
static void line_number(const struct model_line *line, uint32_t index, uint32_t a, char *out, size_t size)
{
    if (line->sharing[a]) {
        snprintf(out, size, SHARED);
    } else {
        snprintf(out, size, index == 2 && a == 0 ? "10" : "1%u%u", (unsigned)a, (unsigned)index);
    }
}

static void make_world(struct world *w)
{
    static const uint32_t limits[] = {0, 0, 0, 0, 0, 1, 2, 3}, totals[] = {0, 3, 12, 40},
                          answers[] = {0, 0, 5000, 30000};
    static const uint32_t permille[] = {5, 50, 300}, lags[] = {100, 700};
    struct session_conf conf = {.mem = {heap_alloc, heap_free, &w->heap}};
    static const uint8_t kindv[] = {0,
                                    0,
                                    SESSION_SHARING_BRIDGEDEXCL,
                                    SESSION_SHARING_BRIDGEDNEW,
                                    SESSION_SHARING_BRIDGEDSHARED,
                                    SESSION_SHARING_BRIDGEDSHARED};
    struct loopback_ext extv[SIM_LINES * SIM_ADDRESSES];
    uint8_t sharingv[SIM_LINES * SIM_ADDRESSES], kind = kindv[rnd_below(&w->rnd, 6)];
    char numberv[SIM_LINES * SIM_ADDRESSES][24];
    struct session_core *core;
    uint32_t extc = 0, n = 0, total = pick(&w->rnd, totals, 4);

    if (w->conf->plant == PLANT_ONE_SIDED) {
        kind = 0; /* of several stations one may well say something else */
    }
    w->model.linec = 2 + rnd_below(&w->rnd, SIM_LINES - 1);
    for (uint32_t i = 0; i < w->model.linec; i++) {
        struct model_line *line = &w->model.linev[i];

        line->addressc = rnd_below(&w->rnd, 3) ? 1 : 1 + rnd_below(&w->rnd, SIM_ADDRESSES);
        line->max = pick(&w->rnd, limits, 8);
        for (uint32_t a = 0; a < line->addressc; a++) {
            line->address_max[a] = pick(&w->rnd, limits, 8);
            line->sharing[a] = i && kind && a == 0 && rnd_below(&w->rnd, 3) ? kind : 0;
            if (a && kind && a + 1 == line->addressc && rnd_below(&w->rnd, 2)) {
                line->sharing[a] = SESSION_SHARING_MONITORED;
            }
            line_number(line, i, a, numberv[n], sizeof(numberv[0]));
            if (line->sharing[a] != SESSION_SHARING_MONITORED) {
                sharingv[extc] = line->sharing[a];
                extv[extc++] = (struct loopback_ext){i, a, numberv[n], a ? NULL : "Somebody"};
            }
            if (!line->sharing[a]) {
                add_number(w, numberv[n]);
            }
            n++;
        }
    }
    if (kind) {
        add_number(w, SHARED);
        add_number(w, SHARED); /* it is called more than others */
    }
    w->extc = w->numberc;
    make_numbers(w);
    make_binding(w, &w->binding, extv, sharingv, extc);
    conf.max_sessions = total;
    w->model.max_sessions = total ? total : SESSION_MAX;
    conf.no_answer_ms = pick(&w->rnd, answers, 4);
    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        conf.binding_ops |= SESSION_OP_BIT(op); /* the core is to know itself what it can do */
    }
    if (session_core_alloc(&core, &conf)) {
        abort();
    }
    w->model.core = core;
    inside_start(&w->model);
    for (uint32_t i = 0, e = 0; i < w->model.linec; i++) {
        struct session_address_conf addressv[SIM_ADDRESSES];
        uint8_t linev[SIM_ADDRESSES];
        struct session_line_conf line = {w->model.linev[i].max, w->model.linev[i].addressc, addressv, linev, NULL};

        for (uint32_t a = 0; a < line.addressc; a++, e++) {
            addressv[a] =
                (struct session_address_conf){numberv[e], a ? NULL : "Somebody", w->model.linev[i].address_max[a]};
            linev[a] = w->model.linev[i].sharing[a] ? w->model.linev[i].sharing[a] : SESSION_SHARING_PRIVATE;
        }
        if (session_line_add(core, &line, NULL)) {
            abort();
        }
    }
    if (pump_alloc(&w->pump, core, w->binding, &conf.mem)) {
        abort();
    }
    w->fail_permille = maybe(&w->rnd, permille, 3);
    w->model.short_of_memory = w->fail_permille > 0;
    w->lag_permille = maybe(&w->rnd, lags, 2);
    w->model.lags = w->lag_permille > 0;
    w->model.prompt = w->model.exact && !w->lag_permille;
    make_apps(w);
    SAY(w, "lines %u, sessions %u, no answer %u ms, allocations fail %u, lag %u\n", (unsigned)w->model.linec,
        (unsigned)total, (unsigned)conf.no_answer_ms, (unsigned)w->fail_permille, (unsigned)w->lag_permille);
}

/* ---- inputs ------------------------------------------------------------------------------------------------------ */

static void trace_act(struct world *w, const struct session_act *act)
{
    static const char *const namev[] = {"REPLY", "NEW",      "STATE", "INFO",  "RING", "LINE",   "ADDRESS", "DIGIT",
                                        "GATHER", "GENERATE", "TONE",  "MEDIA", "LAMP", "STREAM", "COMMAND"};
    const uint32_t wordv[] = {0xA0,     act->type,  act->session, act->line,        act->address, act->request,
                              act->err, act->state, act->mode,    act->media_modes, act->bits,    act->count};

    for (size_t i = 0; i < sizeof(wordv) / sizeof(wordv[0]); i++) {
        hash_add(&w->hash, wordv[i]);
    }
    SAY(w, "  %8llu   %s session=%x line=%u.%u request=%u err=%d %s mode=%x bits=%x count=%u\n",
        (unsigned long long)w->now_ms, namev[act->type], (unsigned)act->session, (unsigned)act->line,
        (unsigned)act->address, (unsigned)act->request, (int)act->err, session_state_name(act->state),
        (unsigned)act->mode, (unsigned)act->bits, (unsigned)act->count);
}

static void drain(struct world *w)
{
    struct session_act act, out[3];
    uint32_t n;

    w->model.now_ms = w->now_ms;
    while (pump_next(w->pump, &act)) {
        if (w->conf->plant == PLANT_FLIP_BIT && act.type == SESSION_ACT_STATE && !w->result->planted) {
            w->result->planted = true;
            hash_add(&w->hash, 1);
        }
        trace_act(w, &act);
        n = plant_act(&w->plant, &w->model, &act, out);
        for (uint32_t i = 0; i < n; i++) {
            model_act(&w->model, &out[i]);
        }
    }
    n = plant_act(&w->plant, &w->model, NULL, out);
    for (uint32_t i = 0; i < n; i++) {
        model_act(&w->model, &out[i]);
    }
    w->lagged = 0;
}

static enum session_err step(struct world *w, const struct session_in *in, uint32_t *idv)
{
    enum session_err err;

    w->heap.fail_permille = w->fail_permille;
    err = pump_step(w->pump, w->now_ms, in, idv);
    w->heap.fail_permille = 0;
    hash_add(&w->hash, 0xB0);
    hash_add(&w->hash, in->type);
    hash_add(&w->hash, err);
    return err;
}

static void settle(struct world *w, bool timed)
{
    const char *text;

    if (rnd_chance(&w->rnd, w->lag_permille) && w->lagged < 30) {
        w->lagged++;
        return;
    }
    w->heap.fail_permille = w->fail_permille; /* a run put off goes on while actions are taken */
    drain(w);
    w->heap.fail_permille = 0;
    text = w->binding->ops->check(w->binding);
    if (text) {
        model_fail(&w->model, CHECK_BINDING, "%s", text);
    }
    model_settled(&w->model, w->pump, w->conf->plant);
    if (timed && pump_deadline(w->pump) <= w->now_ms) {
        model_fail(&w->model, CHECK_DEADLINE, "something is still due at %llu", (unsigned long long)w->now_ms);
    }
    w->result->planted = w->result->planted || w->plant.done;
}

static void line_input(struct world *w, struct session_in *in)
{
    bool undrained = w->lagged > 0;
    enum session_err err;

    if ((in->type == SESSION_IN_LINE_CLOSE || in->type == SESSION_IN_LINE_REMOVE) && undrained) {
        drain(w); /* what is not taken belongs to sessions that end now */
    }
    SAY(w, "%8llu line input %u of line %u\n", (unsigned long long)w->now_ms, (unsigned)in->type,
        (unsigned)(in->type == SESSION_IN_LINE_MASK ? in->u.mask.line : in->u.line));
    if (in->type == SESSION_IN_LINE_MASK && undrained) {
        drain(w);
    }
    err = step(w, in, NULL);
    model_line_input(&w->model, in, err, undrained);
    if (in->type == SESSION_IN_LINE_REMOVE) {
        drain(w); /* it is judged as a whole */
    }
    settle(w, false);
}

/* The line as it was before; `taken`: with a number that somebody has. */
static void add_line(struct world *w, uint32_t index, bool taken)
{
    const struct model_line *line = &w->model.linev[index];
    struct session_address_conf addressv[SIM_ADDRESSES];
    char numberv[SIM_ADDRESSES][24];
    uint8_t sharingv[SIM_ADDRESSES];
    struct session_line_conf conf = {line->max, line->addressc, addressv, sharingv, NULL};
    enum session_err err;

    for (uint32_t a = 0; a < line->addressc; a++) {
        line_number(line, index, a, numberv[a], sizeof(numberv[a]));
        addressv[a] = (struct session_address_conf){numberv[a], a ? NULL : "Somebody", line->address_max[a]};
        sharingv[a] = line->sharing[a] ? line->sharing[a] : SESSION_SHARING_PRIVATE;
    }
    if (taken) {
        addressv[0].number = "601";
    }
    w->heap.fail_permille = w->fail_permille;
    err = pump_line_add(w->pump, index, &conf);
    w->heap.fail_permille = 0;
    SAY(w, "%8llu line %u added = %s\n", (unsigned long long)w->now_ms, (unsigned)index, session_err_text(err));
    hash_add(&w->hash, 0xC0);
    hash_add(&w->hash, err);
    model_line_added(&w->model, index, err, taken, w->fail_permille > 0);
}

static void change_lines(struct world *w)
{
    uint32_t index = rnd_below(&w->rnd, w->model.linec);
    struct session_in in = {.type = SESSION_IN_LINE_REMOVE};

    while (rnd_below(&w->rnd, 8) && !w->model.linev[index].vacant) { /* none is away for long */
        index = (index + 1) % w->model.linec;
    }
    in.u.line = rnd_below(&w->rnd, 20) ? index : (uint32_t)rnd_next(&w->rnd);
    if (!w->model.linev[index].vacant && rnd_below(&w->rnd, 8)) {
        line_input(w, &in);
    } else if (late_quiet(w->binding)) { /* what was said of the old one before comes first */
        add_line(w, index, rnd_below(&w->rnd, 8) == 0);
    }
}

/* Every line is there again. */
static void restore_lines(struct world *w)
{
    for (uint32_t i = 0; i < w->model.linec && !failed(w); i++) {
        struct session_in in = {.type = SESSION_IN_LINE_CLOSE};

        in.u.line = i;
        if (w->model.linev[i].to_close) {
            line_input(w, &in);
        }
        if (!failed(w) && w->model.linev[i].vacant) {
            add_line(w, i, false);
        }
    }
}

static enum session_err op(struct world *w, struct session_req *req, uint32_t *idp)
{
    struct session_in in = {.type = SESSION_IN_OP};
    struct session_dial dial;
    enum session_err err, dial_err = SESSION_E_OK;
    uint32_t idv[2] = {0, 0};

    if (req->op == SESSION_OP_RELEASE || inside_wants_drained(req->op)) {
        drain(w);
    }
    if (req->op == SESSION_OP_RELEASE || req->op == SESSION_OP_RELEASEUSERUSER) {
        w->result->informed = 0;
    }
    if (req->dest) {
        dial_err = session_dial_parse(req->dest, req->dest_len, &dial);
    }
    in.u.op = *req;
    SAY(w, "%8llu op %s request=%u session=%x,%x value=%u line=%u.%u dest=%s%s%s\n", (unsigned long long)w->now_ms,
        (unsigned)req->op < SESSION_OP_COUNT ? session_contract(req->op)->name : "?", (unsigned)req->request,
        (unsigned)req->session, (unsigned)req->session2, (unsigned)req->value, (unsigned)req->line,
        (unsigned)req->address, req->dest ? req->dest : "", req->only_idle ? " idle" : "",
        req->block_id ? " block" : "");
    err = step(w, &in, idv);
    SAY(w, "%8llu   = %s %x\n", (unsigned long long)w->now_ms, session_err_text(err), (unsigned)idv[0]);
    hash_add(&w->hash, idv[0]);
    err = plant_result(&w->plant, req, err, w->lagged == 0);
    /* an action not taken may hold the reason of a refusal, and a full queue is a refusal too */
    hash_add(&w->hash, idv[1]);
    model_op(&w->model, req, err, idv, dial_err, w->fail_permille > 0, w->lagged > 0);
    if (idp) {
        *idp = err ? 0 : idv[0];
    }
    settle(w, false);
    return err;
}

static void time_to(struct world *w, uint64_t now_ms)
{
    struct session_in in = {.type = SESSION_IN_TIME};

    w->now_ms = now_ms;
    hash_add(&w->hash, (uint32_t)now_ms);
    SAY(w, "%8llu time\n", (unsigned long long)now_ms);
    (void)step(w, &in, NULL);
    settle(w, true);
}

/* ---- applications ------------------------------------------------------------------------------------------------ */

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

static void open_line(struct world *w, uint32_t app)
{
    struct session_in in = {.type = SESSION_IN_LINE_OPEN};

    in.u.line = some_line(w, app);
    line_input(w, &in);
    if (rnd_below(&w->rnd, 8) && !failed(w)) {
        struct session_in mask = {.type = SESSION_IN_LINE_MASK};
        mask.u.mask.line = in.u.line;
        mask.u.mask.which = SESSION_MASK_STATES | SESSION_MASK_MEDIA;
        mask.u.mask.line_states = rnd_below(&w->rnd, 4) ? UINT32_MAX : (uint32_t)rnd_next(&w->rnd);
        mask.u.mask.address_states = rnd_below(&w->rnd, 4) ? UINT32_MAX : (uint32_t)rnd_next(&w->rnd);
        mask.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
        line_input(w, &mask);
        if (rnd_below(&w->rnd, 3) == 0 && !failed(w)) {
            struct session_req req = {
                .op = SESSION_OP_SETMEDIACONTROL, .line = in.u.line, .value = SESSION_SELECT_LINE};

            req.control = inside_control(rnd_below(&w->rnd, SIM_CONTROLS));
            (void)op(w, &req, NULL);
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
    in.u.mask.media_modes = pick(&w->rnd, mediav, 6);
    line_input(w, &in);
}

static void make_call(struct world *w, uint32_t app)
{
    struct session_req req = {.op = SESSION_OP_MAKE}, release = {.op = SESSION_OP_RELEASE};
    uint32_t among = rnd_below(&w->rnd, 2) ? w->extc : w->numberc;
    const char *number = w->numberv[rnd_below(&w->rnd, among)];

    if (w->model.sessionc > SIM_SESSIONS / 2) {
        release.session = w->model.sessionv[rnd_below(&w->rnd, w->model.sessionc)].id;
        (void)op(w, &release, NULL);
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
    (void)op(w, &req, NULL);
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
    (void)op(w, &req, NULL);
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
    (void)op(w, &req, NULL);
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
    uint64_t due;

    for (uint32_t i = 0; i < 4 && !failed(w); i++) {
        inside_op(w, app, connected_session(w), listenv[rnd_below(&w->rnd, 5)]);
    }
    if (!failed(w)) {
        inside_op(w, app, connected_session(w), sayv[rnd_below(&w->rnd, 4)]);
    }
    for (uint32_t i = 0; i < 6 && !failed(w); i++) {
        due = pump_deadline(w->pump);
        if (due == UINT64_MAX || due > w->now_ms + 3000) {
            break;
        }
        time_to(w, due < w->now_ms ? w->now_ms : due);
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
        (void)op(w, &req, NULL);
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
    (void)op(w, &req, NULL);
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
    (void)op(w, &req, NULL);
}

static void line_op(struct world *w, uint32_t app)
{
    struct session_req req = {.request = ++w->request, .line = rnd_below(&w->rnd, 8) ? calling_line(w, app) : some_line(w, app)};
    const char *numberv[NUMBERS];
    struct sim_line_req l;

    for (uint32_t i = 0; i < w->numberc; i++) {
        numberv[i] = w->numberv[i];
    }
    sim_line_req(&w->rnd, &w->model, &req, &l, numberv, rnd_below(&w->rnd, 6) ? w->extc : w->numberc);
    (void)op(w, &req, NULL);
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
    (void)op(w, &req, NULL);
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
            (void)op(w, &req, NULL);
            return true;
        }
    }
    return false;
}

static void app_step(struct world *w)
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
        open_line(w, app);
        break;
    case APP_CLOSE:
        in.u.line = some_line(w, app);
        line_input(w, &in);
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
    case APP_LINES:
        change_lines(w);
        break;
    case APP_LINE:
        line_op(w, app);
        break;
    case APP_OTHER:
        any_op(w, app);
        break;
    case APP_TIME:
        time_to(w, w->now_ms + rnd_below(&w->rnd, 500));
        break;
    case APP_DUE:
        due = pump_deadline(w->pump);
        time_to(w, due == UINT64_MAX || due < w->now_ms ? w->now_ms : due);
        break;
    case APP_JUMP:
        time_to(w, w->now_ms + 1000 * (uint64_t)rnd_below(&w->rnd, 100000));
        break;
    case APP_OPS:
        break;
    }
}

/* ---- second phase: no faults, everything finishes ---------------------------------------------------------------- */

static void run_timers(struct world *w, uint64_t until_ms)
{
    uint32_t bound = 100000;

    while (!failed(w) && bound-- > 0) {
        uint64_t due = pump_deadline(w->pump);
        if (due > until_ms) {
            break;
        }
        time_to(w, due < w->now_ms ? w->now_ms : due);
    }
    if (!failed(w) && pump_deadline(w->pump) <= until_ms) {
        model_fail(&w->model, CHECK_LIVENESS, "timers without end");
    }
    if (!failed(w)) {
        time_to(w, until_ms);
    }
}

static void simple_op(struct world *w, enum session_op what, uint32_t session)
{
    struct session_req req = {.op = what, .session = session, .request = ++w->request};

    (void)op(w, &req, NULL);
}

/* What was asked for has been answered; then a plain call works from end to end. */
static void check_alive(struct world *w)
{
    struct model *m = &w->model;
    struct session_req make = {.op = SESSION_OP_MAKE, .dest = "602", .dest_len = 3};
    struct session_in open = {.type = SESSION_IN_LINE_OPEN};
    const struct model_session *s;
    uint32_t id;

    run_timers(w, w->now_ms + REACH_MS);
    if (!failed(w) && (m->requestc || !late_idle(w->binding))) {
        model_fail(m, CHECK_LIVENESS, "%u requests not replied to", (unsigned)m->requestc);
    }
    restore_lines(w);
    /* room for one call on line 0 */
    for (uint32_t bound = 0; m->sessionc && bound < 4 * SIM_SESSIONS && !failed(w); bound++) {
        /* one that is released may make room for one that was waited for */
        simple_op(w, SESSION_OP_RELEASE, m->sessionv[m->sessionc - 1].id);
    }
    if (!failed(w) && !m->linev[0].open) {
        line_input(w, &open);
    }
    if (!failed(w)) {
        struct session_req serve = {.op = SESSION_OP_SETLINESTATUS, .request = ++w->request, .on = true},
                           unlock = {.op = SESSION_OP_SETLINESTATUS, .request = ++w->request};

        serve.value = SESSION_STATUS_INSERVICE;
        unlock.value = SESSION_STATUS_LOCKED;
        (void)op(w, &serve, NULL);
        (void)op(w, &unlock, NULL);
    }
    if (failed(w)) {
        return;
    }
    make.request = ++w->request;
    (void)op(w, &make, &id);
    s = model_find(m, id);
    if (!s || s->state != SESSION_RINGBACK) {
        model_fail(m, CHECK_LIVENESS, "a plain call does not get through");
        return;
    }
    if (w->conf->plant == PLANT_LEAK_LEG || w->conf->plant == PLANT_LOSE_TOKEN) {
        late_plant(w->binding, w->conf->plant);
    }
    simple_op(w, SESSION_OP_DROP, id);
    run_timers(w, w->now_ms + REACH_MS);
    s = model_find(m, id);
    if (!failed(w) && (m->requestc || !s || s->state != SESSION_IDLE)) {
        model_fail(m, CHECK_LIVENESS, "a plain call does not end");
    }
}

static void check_end(struct world *w)
{
    struct model *m = &w->model;

    for (uint32_t i = 0; i < m->linec && !failed(w); i++) {
        struct session_in in = {.type = SESSION_IN_LINE_CLOSE};
        in.u.line = i;
        if (m->linev[i].open) {
            line_input(w, &in);
        }
    }
    if (!failed(w)) {
        run_timers(w, w->now_ms + REACH_MS);
    }
    if (!failed(w) && (session_live(pump_core(w->pump)) || session_pending(pump_core(w->pump)))) {
        model_fail(m, CHECK_END, "%u sessions, %u requests are left", (unsigned)session_live(pump_core(w->pump)),
                   (unsigned)session_pending(pump_core(w->pump)));
    }
    if (!failed(w) && w->binding->ops->legs(w->binding)) {
        model_fail(m, CHECK_END, "%u legs are left", (unsigned)w->binding->ops->legs(w->binding));
    }
    if (!failed(w) && pump_deadline(w->pump) != UINT64_MAX) {
        model_fail(m, CHECK_END, "a timer is left");
    }
}

void sim_run(const struct sim_conf *conf, struct sim_result *result)
{
    struct world *w = calloc(1, sizeof(*w));
    void *leak = NULL;
    bool abrupt;

    if (!w) {
        abort();
    }
    memset(result, 0, sizeof(*result));
    w->conf = conf;
    w->result = result;
    w->rnd.s = conf->seed * UINT64_C(0xD1342543DE82EF95) + 1;
    w->hash = UINT64_C(14695981039346656037);
    w->heap.rnd = &w->rnd;
    w->model.result = result;
    w->plant.what = conf->plant;
    w->now_ms = 1 + rnd_below(&w->rnd, 1000);
    make_world(w);
    abrupt = rnd_below(&w->rnd, 8) == 0 && conf->plant == PLANT_NONE;
    if (conf->plant == PLANT_BREAK_BINDING || conf->plant == PLANT_DUE_FOREVER || conf->plant == PLANT_LOSE_UUI ||
        conf->plant == PLANT_KEEP_NUMBER ||
        (conf->plant == PLANT_FOREIGN_CALL && w->model.prompt) || (conf->plant == PLANT_ONE_SIDED && w->model.exact)) {
        late_plant(w->binding, conf->plant);
    }
    if (conf->plant == PLANT_LEAK_BLOCK) {
        leak = heap_alloc(1, &w->heap);
        result->planted = true;
    }
    for (uint32_t i = 0; i < 2 * APPS && !failed(w); i++) {
        open_line(w, i % APPS);
    }
    for (w->model.step = 0; w->model.step < conf->steps && !failed(w); w->model.step++) {
        app_step(w);
    }
    if (!failed(w)) {
        w->lag_permille = 0;
        w->fail_permille = 0;
        late_heal(w->binding);
        if (!abrupt) {
            check_alive(w);
            check_end(w);
        }
    }
    pump_free(w->pump);
    if (w->heap.blocks != 0) {
        model_fail(&w->model, CHECK_BALANCE, "%lld blocks are left", (long long)w->heap.blocks);
    }
    free(leak);
    result->failed_allocs = (uint32_t)w->heap.failed;
    result->hash = w->hash;
    free(w);
}
