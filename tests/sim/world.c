/* One simulated world: applications, clock, faults, two phases. SPDX-License-Identifier: MIT */
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool world_failed(const struct world *w)
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

uint32_t world_pick(struct rnd *r, const uint32_t *v, uint32_t n)
{
    return v[rnd_below(r, n)];
}

/* Each fault is wholly off in half of the worlds. */
static uint32_t maybe(struct rnd *r, const uint32_t *v, uint32_t n)
{
    return rnd_below(r, 2) ? world_pick(r, v, n) : 0;
}

static void make_apps(struct world *w)
{
    static const uint32_t usual[APP_OPS] = {3, 1, 2, 34, 8, 6, 40, 10, 14, 2, 4, 24, 3, 1, 4, 8, 28, 1};

    for (uint32_t a = 0; a < APPS; a++) {
        for (uint32_t op = 0; op < APP_OPS; op++) {
            static const uint32_t factorv[] = {0, 1, 1, 1, 2, 6};
            w->weightv[a][op] = usual[op] * world_pick(&w->rnd, factorv, 6);
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
    conf.reminder_ms = world_pick(&w->rnd, reminders, 3);
    conf.timeout_ms = world_pick(&w->rnd, timeouts, 3);

    memcpy(specialv, loopback_default_specialv, sizeof(loopback_default_specialv));
    specialv[LOOPBACK_DEFAULT_SPECIALC] = (struct loopback_special){"604", "Slow", LOOPBACK_ANSWER, 3000, 1000};
    conf.ring_ms = world_pick(&w->rnd, rings, 2);
    late.command_ms = maybe(&w->rnd, lateness, 3);
    late.ind_ms = maybe(&w->rnd, lateness, 3);
    late.repeat_permille = maybe(&w->rnd, permille, 3);
    late.refuse_permille = maybe(&w->rnd, permille, 2);
    late.sloppy = rnd_below(&w->rnd, 2);
    late.wild_permille = rnd_below(&w->rnd, 4) ? 0 : world_pick(&w->rnd, permille, 2);
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
    uint32_t extc = 0, n = 0, total = world_pick(&w->rnd, totals, 4);

    if (w->conf->plant == PLANT_ONE_SIDED) {
        kind = 0; /* of several stations one may well say something else */
    }
    w->model.linec = 2 + rnd_below(&w->rnd, SIM_LINES - 1);
    for (uint32_t i = 0; i < w->model.linec; i++) {
        struct model_line *line = &w->model.linev[i];

        line->addressc = rnd_below(&w->rnd, 3) ? 1 : 1 + rnd_below(&w->rnd, SIM_ADDRESSES);
        line->max = world_pick(&w->rnd, limits, 8);
        for (uint32_t a = 0; a < line->addressc; a++) {
            line->address_max[a] = world_pick(&w->rnd, limits, 8);
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
    conf.no_answer_ms = world_pick(&w->rnd, answers, 4);
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
    static const char *const namev[] = {"REPLY",  "NEW",      "STATE", "INFO",  "RING", "LINE",   "ADDRESS", "DIGIT",
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

void world_line_input(struct world *w, struct session_in *in)
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

void world_change_lines(struct world *w)
{
    uint32_t index = rnd_below(&w->rnd, w->model.linec);
    struct session_in in = {.type = SESSION_IN_LINE_REMOVE};

    while (rnd_below(&w->rnd, 8) && !w->model.linev[index].vacant) { /* none is away for long */
        index = (index + 1) % w->model.linec;
    }
    in.u.line = rnd_below(&w->rnd, 20) ? index : (uint32_t)rnd_next(&w->rnd);
    if (!w->model.linev[index].vacant && rnd_below(&w->rnd, 8)) {
        world_line_input(w, &in);
    } else if (late_quiet(w->binding)) { /* what was said of the old one before comes first */
        add_line(w, index, rnd_below(&w->rnd, 8) == 0);
    }
}

/* Every line is there again. */
static void restore_lines(struct world *w)
{
    for (uint32_t i = 0; i < w->model.linec && !world_failed(w); i++) {
        struct session_in in = {.type = SESSION_IN_LINE_CLOSE};

        in.u.line = i;
        if (w->model.linev[i].to_close) {
            world_line_input(w, &in);
        }
        if (!world_failed(w) && w->model.linev[i].vacant) {
            add_line(w, i, false);
        }
    }
}

enum session_err world_op(struct world *w, struct session_req *req, uint32_t *idp)
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

void world_time_to(struct world *w, uint64_t now_ms)
{
    struct session_in in = {.type = SESSION_IN_TIME};

    w->now_ms = now_ms;
    hash_add(&w->hash, (uint32_t)now_ms);
    SAY(w, "%8llu time\n", (unsigned long long)now_ms);
    (void)step(w, &in, NULL);
    settle(w, true);
}

/* ---- applications ------------------------------------------------------------------------------------------------ */

/* ---- second phase: no faults, everything finishes ---------------------------------------------------------------- */

static void run_timers(struct world *w, uint64_t until_ms)
{
    uint32_t bound = 100000;

    while (!world_failed(w) && bound-- > 0) {
        uint64_t due = pump_deadline(w->pump);
        if (due > until_ms) {
            break;
        }
        world_time_to(w, due < w->now_ms ? w->now_ms : due);
    }
    if (!world_failed(w) && pump_deadline(w->pump) <= until_ms) {
        model_fail(&w->model, CHECK_LIVENESS, "timers without end");
    }
    if (!world_failed(w)) {
        world_time_to(w, until_ms);
    }
}

static void simple_op(struct world *w, enum session_op what, uint32_t session)
{
    struct session_req req = {.op = what, .session = session, .request = ++w->request};

    (void)world_op(w, &req, NULL);
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
    if (!world_failed(w) && (m->requestc || !late_idle(w->binding))) {
        model_fail(m, CHECK_LIVENESS, "%u requests not replied to", (unsigned)m->requestc);
    }
    restore_lines(w);
    /* room for one call on line 0 */
    for (uint32_t bound = 0; m->sessionc && bound < 4 * SIM_SESSIONS && !world_failed(w); bound++) {
        /* one that is released may make room for one that was waited for */
        simple_op(w, SESSION_OP_RELEASE, m->sessionv[m->sessionc - 1].id);
    }
    if (!world_failed(w) && !m->linev[0].open) {
        world_line_input(w, &open);
    }
    if (!world_failed(w)) {
        struct session_req serve = {.op = SESSION_OP_SETLINESTATUS, .request = ++w->request, .on = true},
                           unlock = {.op = SESSION_OP_SETLINESTATUS, .request = ++w->request};

        serve.value = SESSION_STATUS_INSERVICE;
        unlock.value = SESSION_STATUS_LOCKED;
        (void)world_op(w, &serve, NULL);
        (void)world_op(w, &unlock, NULL);
    }
    if (world_failed(w)) {
        return;
    }
    make.request = ++w->request;
    (void)world_op(w, &make, &id);
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
    if (!world_failed(w) && (m->requestc || !s || s->state != SESSION_IDLE)) {
        model_fail(m, CHECK_LIVENESS, "a plain call does not end");
    }
}

static void check_end(struct world *w)
{
    struct model *m = &w->model;

    for (uint32_t i = 0; i < m->linec && !world_failed(w); i++) {
        struct session_in in = {.type = SESSION_IN_LINE_CLOSE};
        in.u.line = i;
        if (m->linev[i].open) {
            world_line_input(w, &in);
        }
    }
    if (!world_failed(w)) {
        run_timers(w, w->now_ms + REACH_MS);
    }
    if (!world_failed(w) && (session_live(pump_core(w->pump)) || session_pending(pump_core(w->pump)))) {
        model_fail(m, CHECK_END, "%u sessions, %u requests are left", (unsigned)session_live(pump_core(w->pump)),
                   (unsigned)session_pending(pump_core(w->pump)));
    }
    if (!world_failed(w) && w->binding->ops->legs(w->binding)) {
        model_fail(m, CHECK_END, "%u legs are left", (unsigned)w->binding->ops->legs(w->binding));
    }
    if (!world_failed(w) && pump_deadline(w->pump) != UINT64_MAX) {
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
        conf->plant == PLANT_KEEP_NUMBER || (conf->plant == PLANT_FOREIGN_CALL && w->model.prompt) ||
        (conf->plant == PLANT_ONE_SIDED && w->model.exact)) {
        late_plant(w->binding, conf->plant);
    }
    if (conf->plant == PLANT_LEAK_BLOCK) {
        leak = heap_alloc(1, &w->heap);
        result->planted = true;
    }
    for (uint32_t i = 0; i < 2 * APPS && !world_failed(w); i++) {
        apps_open_line(w, i % APPS);
    }
    for (w->model.step = 0; w->model.step < conf->steps && !world_failed(w); w->model.step++) {
        apps_step(w);
    }
    if (!world_failed(w)) {
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
