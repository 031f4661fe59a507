/* The checkers of the simulation: what an application may rely on. SPDX-License-Identifier: MIT */
#include "tests/sim/order.h"
#include "tests/sim/sim.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void model_fail(struct model *m, enum sim_checker c, const char *format, ...)
{
    va_list ap;
    size_t len;

    if (m->result->fired != CHECK_NONE) {
        return;
    }
    m->result->fired = c;
    snprintf(m->result->text, sizeof(m->result->text), "step %u: ", (unsigned)m->step);
    len = strlen(m->result->text);
    va_start(ap, format);
    vsnprintf(m->result->text + len, sizeof(m->result->text) - len, format, ap);
    va_end(ap);
}

struct model_session *model_find(struct model *m, uint32_t id)
{
    for (uint32_t i = 0; i < m->sessionc; i++) {
        if (m->sessionv[i].id == id) {
            return &m->sessionv[i];
        }
    }
    return NULL;
}

static bool is_stale(const struct model *m, uint32_t id)
{
    for (uint32_t i = 0; i < SIM_STALE; i++) {
        if (m->stalev[i] == id) {
            return true;
        }
    }
    return false;
}

static void forget(struct model *m, struct model_session *s)
{
    for (uint32_t i = m->askedc; i-- > 0;) {
        if (m->askedv[i].session == s->id) {
            m->askedv[i] = m->askedv[--m->askedc];
        }
    }
    m->stalev[m->stalec++ % SIM_STALE] = s->id;
    memmove(s, s + 1, (size_t)(&m->sessionv[--m->sessionc] - s) * sizeof(*s));
}

static struct model_session *add(struct model *m, uint32_t id, uint32_t line, uint32_t address)
{
    struct model_session *s;

    if (!id || model_find(m, id)) {
        model_fail(m, CHECK_EVENT, "session id %x is given out twice, or 0", (unsigned)id);
        return NULL;
    }
    if (is_stale(m, id)) {
        model_fail(m, CHECK_LOOK, "session id %x is given out again", (unsigned)id);
    }
    if (m->sessionc == SIM_SESSIONS) {
        model_fail(m, CHECK_LIMITS, "more sessions than the simulation ever asks for");
        return NULL;
    }
    s = &m->sessionv[m->sessionc++];
    memset(s, 0, sizeof(*s));
    s->id = id;
    s->line = line;
    s->address = address;
    return s;
}

static struct model_request *request_find(struct model *m, uint32_t request)
{
    for (uint32_t i = 0; i < m->requestc; i++) {
        if (m->requestv[i].request == request) {
            return &m->requestv[i];
        }
    }
    return NULL;
}

static uint32_t requests_of(const struct model *m, uint32_t session)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->requestc; i++) {
        n += m->requestv[i].session == session;
    }
    return n;
}

/* Sessions not IDLE of a line, or of one address of it. */
static uint32_t busy(const struct model *m, uint32_t line, uint32_t address)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->sessionc; i++) {
        const struct model_session *s = &m->sessionv[i];
        n += s->line == line && (address == UINT32_MAX || s->address == address) && s->state != SESSION_IDLE;
    }
    return n;
}

/* ---- what operations answer -------------------------------------------------------------------------------------- */

/* The binding of the simulation does these; the contract says when. */
static bool implemented(enum session_op op)
{
    switch (op) {
    case SESSION_OP_MAKE:
    case SESSION_OP_DIAL:
    case SESSION_OP_ACCEPT:
    case SESSION_OP_ANSWER:
    case SESSION_OP_DROP:
    case SESSION_OP_RELEASE:
    case SESSION_OP_SETAPPSPECIFIC:
    case SESSION_OP_RELEASEUSERUSER:
    case SESSION_OP_SECURECALL:
    case SESSION_OP_SENDUSERUSER:
    case SESSION_OP_SETCALLDATA:
    case SESSION_OP_SETCALLPARAMS:
    case SESSION_OP_SETQOS:
    case SESSION_OP_SETTREATMENT:
    case SESSION_OP_SETMEDIAMODE:
    case SESSION_OP_GATHERDIGITS:
    case SESSION_OP_GENERATEDIGITS:
    case SESSION_OP_GENERATETONE:
    case SESSION_OP_MONITORDIGITS:
    case SESSION_OP_MONITORMEDIA:
    case SESSION_OP_MONITORTONES:
        return true;
    default:
        return false;
    }
}

static const char *expect_make(const struct model *m, const struct session_req *req, enum session_err err,
                               enum session_err dial, bool may_nomem)
{
    const struct model_line *line = req->line < m->linec ? &m->linev[req->line] : NULL;
    bool full, idle_wanted;

    if (!line || !line->open) {
        return err == SESSION_E_BADLINE ? NULL : "MAKE on a line that is not open";
    }
    if (req->address >= line->addressc) {
        return err == SESSION_E_BADADDRESSID ? NULL : "MAKE on an address that is not there";
    }
    if (dial) {
        return err == dial ? NULL : "MAKE with a bad number";
    }
    idle_wanted = req->only_idle && busy(m, req->line, UINT32_MAX);
    if (m->sessionc >= m->max_sessions && err == SESSION_E_RESOURCE) {
        return NULL;
    }
    full = m->sessionc >= m->max_sessions || (line->max && busy(m, req->line, UINT32_MAX) >= line->max) ||
           (line->address_max[req->address] && busy(m, req->line, req->address) >= line->address_max[req->address]);
    if (err == SESSION_E_NOMEM && may_nomem) {
        return NULL;
    }
    if (full || idle_wanted) {
        return err == SESSION_E_CALLUNAVAIL || (full && err == SESSION_E_RESOURCE) ? NULL : "MAKE beyond the limits";
    }
    return err == SESSION_E_OK ? NULL : "MAKE within all limits";
}

static const char *expect(struct model *m, const struct session_req *req, enum session_err err, enum session_err dial,
                          bool may_nomem)
{
    const struct session_contract *row;
    const struct model_session *s;

    if ((unsigned)req->op >= SESSION_OP_COUNT) {
        return err == SESSION_E_BADPARAM ? NULL : "operation that does not exist";
    }
    row = session_contract(req->op);
    s = model_find(m, req->session);
    if ((row->mode == SESSION_REQUIRED || (row->mode == SESSION_ALLOWED && req->session)) && !s) {
        return err == SESSION_E_BADSESSION ? NULL : "operation on no session";
    }
    if (!implemented(req->op)) {
        return err == SESSION_E_UNAVAIL ? NULL : "operation that nobody can do";
    }
    if (req->op == SESSION_OP_MAKE && req->request) {
        return expect_make(m, req, err, dial, may_nomem);
    }
    if (s && s->making && req->op != SESSION_OP_RELEASE) {
        return err == SESSION_E_BADSTATE ? NULL : "operation before the session exists";
    }
    if (s && !s->making && !(row->states & (s->state ? s->state : SESSION_UNKNOWN))) {
        return err == SESSION_E_BADSTATE ? NULL : "operation in a state it is not legal in";
    }
    if (row->async && !req->request) {
        return err == SESSION_E_BADPARAM ? NULL : "operation without a request";
    }
    if (req->op == SESSION_OP_DIAL && dial) {
        return err == dial ? NULL : "DIAL with a bad number";
    }
    if ((err == SESSION_E_NOMEM && may_nomem) ||
        (err == SESSION_E_RESOURCE && row->async && requests_of(m, req->session) >= 16)) {
        return NULL;
    }
    return err == SESSION_E_OK ? NULL : "legal operation";
}

void model_op(struct model *m, const struct session_req *req, enum session_err err, uint32_t id, enum session_err dial,
              bool may_nomem, bool undrained)
{
    const char *wrong = undrained ? NULL : expect(m, req, err, dial, may_nomem);
    struct model_session *s;

    m->result->ops++;
    if (wrong) {
        s = model_find(m, req->session);
        model_fail(m, CHECK_RESULT, "%s: op %u answered %s (session %x, state %s)", wrong, (unsigned)req->op,
                   session_err_text(err), (unsigned)req->session, s ? session_state_name(s->state) : "-");
    }
    if (err) {
        return;
    }
    m->result->accepted++;
    if (req->op == SESSION_OP_MAKE) {
        s = add(m, id, req->line, req->address);
        if (!s) {
            return;
        }
        s->making = true;
        s->make_request = req->request;
        m->result->sessions++;
    }
    if ((unsigned)req->op < SESSION_OP_COUNT && session_contract(req->op)->async) {
        if (m->requestc == SIM_REQUESTS) {
            model_fail(m, CHECK_REPLY, "thousands of requests not replied to");
            return;
        }
        m->requestv[m->requestc].request = req->request;
        m->requestv[m->requestc].op = req->op;
        m->requestv[m->requestc].session = req->op == SESSION_OP_MAKE ? id : req->session;
        m->requestc++;
    }
    if (req->listen && req->op != SESSION_OP_MONITORTONES && m->askedc < SIM_ASKED) {
        bool gather = req->op == SESSION_OP_GATHERDIGITS;
        m->askedv[m->askedc].session = req->session;
        m->askedv[m->askedc].id = gather ? req->listen->gather.id : req->listen->play.id;
        m->askedv[m->askedc++].gather = gather;
    }
    if (req->op == SESSION_OP_RELEASE) {
        s = model_find(m, req->session);
        if (s) {
            forget(m, s);
        }
    }
}

void model_line_input(struct model *m, const struct session_in *in, enum session_err err, bool undrained)
{
    uint32_t index = in->type == SESSION_IN_LINE_MASK ? in->u.mask.line : in->u.line;
    struct model_line *line = index < m->linec ? &m->linev[index] : NULL;
    enum session_err expected = SESSION_E_OK;

    if (!line) {
        expected = SESSION_E_BADLINE;
    } else if (in->type == SESSION_IN_LINE_OPEN) {
        expected = line->open ? SESSION_E_INUSE : SESSION_E_OK;
    } else if (!line->open) {
        expected = SESSION_E_BADLINE;
    }
    if (err != expected && !(undrained && err == SESSION_E_NOMEM)) {
        model_fail(m, CHECK_RESULT, "input %u of line %u answered %s", (unsigned)in->type, (unsigned)index,
                   session_err_text(err));
    }
    if (err || !line) {
        return;
    }
    if (in->type == SESSION_IN_LINE_OPEN) {
        line->open = true;
        line->line_states = line->address_states = line->media_modes = 0;
    } else if (in->type == SESSION_IN_LINE_CLOSE) {
        line->open = false;
        line->line_states = line->address_states = line->media_modes = 0;
        for (uint32_t i = m->sessionc; i-- > 0;) {
            if (m->sessionv[i].line == index) {
                forget(m, &m->sessionv[i]);
            }
        }
    } else {
        if (in->u.mask.which & SESSION_MASK_STATES) {
            line->line_states = in->u.mask.line_states;
            line->address_states = in->u.mask.address_states;
        }
        if (in->u.mask.which & SESSION_MASK_MEDIA) {
            line->media_modes = in->u.mask.media_modes;
        }
    }
    line->mask_changed = true;
}

/* ---- what events say --------------------------------------------------------------------------------------------- */

static bool one_bit(uint32_t x)
{
    return x && !(x & (x - 1));
}

static void check_mode(struct model *m, const struct session_act *act)
{
    bool ok = true;

    switch (act->state) {
    case SESSION_DISCONNECTED:
        ok = one_bit(act->mode) && act->mode <= SESSION_DISC_CANCELLED;
        break;
    case SESSION_BUSY:
        ok = act->mode == SESSION_BUSY_STATION;
        break;
    case SESSION_CONNECTED:
        ok = act->mode == SESSION_CONNECTED_ACTIVE;
        break;
    case SESSION_OFFERING:
        ok = act->mode == SESSION_OFFERING_ACTIVE;
        break;
    case SESSION_DIALTONE:
        ok = act->mode == SESSION_DIALTONE_NORMAL;
        break;
    default:
        ok = act->mode == 0;
        break;
    }
    if (!ok || !act->media_modes) {
        model_fail(m, CHECK_EVENT, "%s of session %x has mode %x, media %x", session_state_name(act->state),
                   (unsigned)act->session, (unsigned)act->mode, (unsigned)act->media_modes);
    }
}

/* The session an event is about, if it may have events at all. */
static struct model_session *session_of(struct model *m, const struct session_act *act, const char *what)
{
    struct model_session *s = model_find(m, act->session);

    if (!s) {
        model_fail(m, is_stale(m, act->session) ? CHECK_AFTER : CHECK_EARLY, "%s for session %x, which is %s", what,
                   (unsigned)act->session, is_stale(m, act->session) ? "released" : "not known");
        return NULL;
    }
    if (s->making) {
        model_fail(m, CHECK_EARLY, "%s for session %x before the reply that makes it", what, (unsigned)act->session);
        return NULL;
    }
    if (act->line != s->line || act->address != s->address) {
        model_fail(m, CHECK_EVENT, "%s of session %x names another line", what, (unsigned)act->session);
    }
    return s;
}

static void act_reply(struct model *m, const struct session_act *act)
{
    struct model_request *r = request_find(m, act->request), was;
    struct model_session *s;

    if (!r) {
        model_fail(m, CHECK_REPLY, "reply to request %u, which is not outstanding", (unsigned)act->request);
        return;
    }
    was = *r;
    *r = m->requestv[--m->requestc];
    s = model_find(m, was.session);
    if (act->session != was.session) {
        model_fail(m, CHECK_EVENT, "reply to request %u names another session", (unsigned)act->request);
    }
    if ((unsigned)act->err >= SESSION_E_COUNT) {
        model_fail(m, CHECK_EVENT, "reply with an error that does not exist");
    }
    if (!s) {
        if (!act->err) {
            model_fail(m, CHECK_AFTER, "success on session %x, which is released", (unsigned)was.session);
        }
        return;
    }
    if (was.op == SESSION_OP_MAKE) {
        if (act->err) {
            forget(m, s);
        } else {
            s->making = false;
        }
        return;
    }
    if (!act->err) {
        uint32_t result = was.op == SESSION_OP_DIAL ? 0 : session_contract(was.op)->result;
        if (s->expect && s->expect != result) {
            model_fail(m, CHECK_ORDER, "session %x did not reach %s", (unsigned)s->id, session_state_name(s->expect));
        }
        s->expect = result == s->state ? 0 : result;
    }
}

static void act_state(struct model *m, const struct session_act *act)
{
    struct model_session *s = session_of(m, act, session_state_name(act->state));

    if (!s) {
        return;
    }
    if (!one_bit(act->state) || !(order_after(s->state, s->incoming, m->wild) & act->state)) {
        model_fail(m, CHECK_ORDER, "session %x goes from %s to %s", (unsigned)s->id,
                   s->state ? session_state_name(s->state) : "nothing", session_state_name(act->state));
    }
    if (s->expect && s->expect != act->state) {
        model_fail(m, CHECK_ORDER, "session %x goes to %s instead of %s", (unsigned)s->id,
                   session_state_name(act->state), session_state_name(s->expect));
    }
    check_mode(m, act);
    s->expect = 0;
    s->state = act->state;
    s->mode = act->mode;
    if (act->state == SESSION_DISCONNECTED) {
        s->disconnect_mode = act->mode;
    }
    m->result->connected += act->state == SESSION_CONNECTED;
}

/* Gathering or generating ends once for each time it was asked for. */
static void asked_end(struct model *m, const struct session_act *act)
{
    bool gather = act->type == SESSION_ACT_GATHER;

    for (uint32_t i = 0; i < m->askedc; i++) {
        if (m->askedv[i].session == act->session && m->askedv[i].id == act->count && m->askedv[i].gather == gather) {
            m->askedv[i] = m->askedv[--m->askedc];
            return;
        }
    }
    model_fail(m, CHECK_EVENT, "session %x ends %s %u, which nobody asked for", (unsigned)act->session,
               gather ? "gathering" : "generating", (unsigned)act->count);
}

void model_act(struct model *m, const struct session_act *act)
{
    struct model_session *s;
    struct model_line *line = act->line < m->linec ? &m->linev[act->line] : NULL;

    if (!line && act->type != SESSION_ACT_REPLY) {
        model_fail(m, CHECK_EVENT, "event of a line that does not exist");
        return;
    }
    switch (act->type) {
    case SESSION_ACT_REPLY:
        act_reply(m, act);
        break;
    case SESSION_ACT_NEW:
        if (!line->open || !line->media_modes) {
            model_fail(m, CHECK_EVENT, "new session on a line that wants none");
        }
        s = add(m, act->session, act->line, act->address);
        if (s) {
            s->incoming = true;
            m->result->sessions++;
        }
        break;
    case SESSION_ACT_STATE:
        act_state(m, act);
        break;
    case SESSION_ACT_INFO:
        s = session_of(m, act, "information");
        if (s && (s->state == SESSION_IDLE || !act->bits)) {
            model_fail(m, CHECK_EVENT, "information %x of session %x in %s", (unsigned)act->bits, (unsigned)s->id,
                       session_state_name(s->state));
        }
        break;
    case SESSION_ACT_RING:
        s = session_of(m, act, "ring");
        if (s && (!(s->state & (SESSION_OFFERING | SESSION_ACCEPTED)) || act->count <= s->rings || !act->mode ||
                  !(line->line_states & SESSION_LINE_RINGING))) {
            model_fail(m, CHECK_EVENT, "ring %u after %u of session %x in %s", (unsigned)act->count, (unsigned)s->rings,
                       (unsigned)s->id, session_state_name(s->state));
        }
        if (s && m->prompt && s->rings && m->now_ms < s->ring_ms + 1000) {
            model_fail(m, CHECK_EVENT, "session %x rings twice within a second", (unsigned)s->id);
        }
        if (s) {
            s->rings = act->count;
            s->ring_ms = m->now_ms;
        }
        break;
    case SESSION_ACT_LINE:
        if (!act->bits || (act->bits & ~line->line_states) || !line->open) {
            model_fail(m, CHECK_EVENT, "line %u tells %x, wanted is %x", (unsigned)act->line, (unsigned)act->bits,
                       (unsigned)line->line_states);
        }
        line->told_numcalls = line->told_numcalls || (act->bits & SESSION_LINE_NUMCALLS);
        break;
    case SESSION_ACT_ADDRESS:
        if (!act->bits || (act->bits & ~line->address_states) || !line->open || act->address >= line->addressc) {
            model_fail(m, CHECK_EVENT, "address %u.%u tells %x, wanted is %x", (unsigned)act->line,
                       (unsigned)act->address, (unsigned)act->bits, (unsigned)line->address_states);
        }
        break;
    case SESSION_ACT_DIGIT:
    case SESSION_ACT_TONE:
    case SESSION_ACT_MEDIA:
    case SESSION_ACT_GATHER:
    case SESSION_ACT_GENERATE:
        s = session_of(m, act, "something heard or done");
        if (s && s->state == SESSION_IDLE && act->type != SESSION_ACT_GENERATE) {
            model_fail(m, CHECK_EVENT, "session %x is idle and hears something", (unsigned)s->id);
        }
        if (s && (act->type == SESSION_ACT_GATHER || act->type == SESSION_ACT_GENERATE)) {
            asked_end(m, act);
        }
        break;
    case SESSION_ACT_COMMAND:
        model_fail(m, CHECK_EVENT, "a command comes up");
        break;
    }
}

/* ---- after each input -------------------------------------------------------------------------------------------- */

static void check_counts(struct model *m, const struct session_core *core, enum sim_plant plant)
{
    for (uint32_t i = 0; i < m->linec; i++) {
        struct model_line *line = &m->linev[i];
        struct session_counts all, one;
        uint32_t reported = 0, most = line->max, sum = 0;

        for (uint32_t a = 0; a < line->addressc; a++) {
            uint32_t n = 0, limit = line->address_max[a];

            for (uint32_t j = 0; j < m->sessionc; j++) {
                const struct model_session *s = &m->sessionv[j];
                n += s->line == i && s->address == a && !s->making && s->state != SESSION_IDLE;
            }
            reported += n;
            session_counts(core, i, a, &one);
            sum += one.active;
            if (one.active != n || one.on_hold || one.on_hold_pend) {
                model_fail(m, CHECK_COUNTS, "address %u.%u counts %u sessions, there are %u", (unsigned)i, (unsigned)a,
                           (unsigned)one.active, (unsigned)n);
            }
            if (limit && busy(m, i, a) > limit) {
                model_fail(m, CHECK_LIMITS, "address %u.%u has more than %u sessions", (unsigned)i, (unsigned)a,
                           (unsigned)limit);
            }
        }
        session_counts(core, i, UINT32_MAX, &all);
        if (plant == PLANT_COUNT_ONE_MORE && reported) {
            m->result->planted = true;
            all.active++;
        }
        if (all.active != reported || all.active != sum) {
            model_fail(m, CHECK_COUNTS, "line %u counts %u sessions, there are %u", (unsigned)i, (unsigned)all.active,
                       (unsigned)reported);
        }
        if (plant == PLANT_TOO_MANY && busy(m, i, UINT32_MAX) > 1) {
            m->result->planted = true;
            most = 1;
        }
        if (most && busy(m, i, UINT32_MAX) > most) {
            model_fail(m, CHECK_LIMITS, "line %u has more than %u sessions", (unsigned)i, (unsigned)most);
        }
        if (line->counted != reported && line->open && !line->mask_changed &&
            (line->line_states & SESSION_LINE_NUMCALLS) && !line->told_numcalls) {
            model_fail(m, CHECK_EVENT, "line %u went from %u to %u sessions silently", (unsigned)i,
                       (unsigned)line->counted, (unsigned)reported);
        }
        line->counted = reported;
        line->told_numcalls = line->mask_changed = false;
    }
    if (m->sessionc > m->max_sessions) {
        model_fail(m, CHECK_LIMITS, "more than %u sessions", (unsigned)m->max_sessions);
    }
    if (session_live(core) != m->sessionc) {
        model_fail(m, CHECK_COUNTS, "%u sessions live, known are %u", (unsigned)session_live(core),
                   (unsigned)m->sessionc);
    }
    if (session_pending(core) != m->requestc) {
        model_fail(m, CHECK_REPLY, "%u requests pending, known are %u", (unsigned)session_pending(core),
                   (unsigned)m->requestc);
    }
}

static void check_features(struct model *m, const struct session_core *core, const struct model_session *s,
                           enum sim_plant plant)
{
    uint32_t expected = 0, features = session_call_features(core, s->id);

    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        const struct session_contract *row = session_contract((enum session_op)op);
        if (implemented((enum session_op)op) && !s->making && (row->useful & (s->state ? s->state : SESSION_UNKNOWN))) {
            expected |= row->call_feature;
        }
    }
    if (plant == PLANT_FEATURE_TOO_MANY && s->state == SESSION_CONNECTED) {
        m->result->planted = true;
        features |= session_contract(SESSION_OP_HOLD)->call_feature;
    }
    if (features != expected) {
        model_fail(m, CHECK_FEATURES, "session %x in %s offers %x instead of %x", (unsigned)s->id,
                   session_state_name(s->state), (unsigned)features, (unsigned)expected);
    }
}

static void check_session(struct model *m, const struct session_core *core, struct model_session *s)
{
    const struct session_info *info = session_get(core, s->id);
    uint32_t state = s->state ? s->state : SESSION_UNKNOWN;
    bool ended = (state & (SESSION_DISCONNECTED | SESSION_IDLE)) != 0;

    if (!info) {
        model_fail(m, CHECK_LOOK, "session %x cannot be looked up", (unsigned)s->id);
        return;
    }
    if (info->id != s->id || info->line != s->line || info->address != s->address || info->reported == s->making) {
        model_fail(m, CHECK_LOOK, "session %x looks like another", (unsigned)s->id);
    }
    if (!s->making && s->expect) {
        model_fail(m, CHECK_ORDER, "session %x did not reach %s", (unsigned)s->id, session_state_name(s->expect));
    }
    if (info->state != state || (s->state && info->mode != s->mode)) {
        model_fail(m, CHECK_LOOK, "session %x is in %s, reported was %s", (unsigned)s->id,
                   session_state_name(info->state), session_state_name(state));
    }
    if (!info->call_id || (s->call_id && s->call_id != info->call_id)) {
        model_fail(m, CHECK_LOOK, "session %x changes its call id", (unsigned)s->id);
    }
    s->call_id = info->call_id;
    for (uint32_t i = 0; i < m->sessionc; i++) {
        if (&m->sessionv[i] != s && m->sessionv[i].call_id == s->call_id) {
            model_fail(m, CHECK_LOOK, "two sessions have call id %u", (unsigned)s->call_id);
        }
    }
    if (ended != (info->end_ms != 0) || (ended && !info->disconnect_mode) || (!ended && info->disconnect_mode) ||
        (s->disconnect_mode && info->disconnect_mode != s->disconnect_mode)) {
        model_fail(m, CHECK_LOOK, "session %x in %s has disconnect mode %x", (unsigned)s->id, session_state_name(state),
                   (unsigned)info->disconnect_mode);
    }
    if (state == SESSION_CONNECTED && !info->connect_ms) {
        model_fail(m, CHECK_LOOK, "session %x is connected since never", (unsigned)s->id);
    }
    if (s->incoming != (info->origin != SESSION_ORIGIN_OUTBOUND)) {
        model_fail(m, CHECK_LOOK, "session %x has the wrong origin", (unsigned)s->id);
    }
}

/* An extension's sessions that are connected: as many called there as callers think. */
static void check_pairs(struct model *m, const struct session_core *core)
{
    for (uint32_t i = 0; i < m->linec; i++) {
        for (uint32_t a = 0; a < m->linev[i].addressc; a++) {
            const char *number = session_party_number(session_address_party(core, i, a));
            uint32_t here = 0, there = 0, ringing = 0, calling = 0;

            for (uint32_t j = 0; j < m->sessionc; j++) {
                const struct model_session *s = &m->sessionv[j];
                const struct session_info *info = session_get(core, s->id);
                if (!info) {
                    continue;
                }
                ringing += s->incoming && s->line == i && s->address == a &&
                           (s->state & (SESSION_OFFERING | SESSION_ACCEPTED));
                calling += !s->incoming && (s->state & (SESSION_PROCEEDING | SESSION_RINGBACK)) &&
                           !strcmp(session_party_number(info->called), number);
                if (s->state != SESSION_CONNECTED) {
                    continue;
                }
                here += s->incoming && s->line == i && s->address == a;
                there += !s->incoming && !strcmp(session_party_number(info->connected), number);
            }
            /* without memory, or for digits refused, the called id may differ from what was dialled */
            if (ringing > calling && !m->short_of_memory && !m->refusing) {
                model_fail(m, CHECK_PAIR, "number %s: %u ring, %u call it", number, (unsigned)ringing,
                           (unsigned)calling);
            }
            if (here != there) {
                model_fail(m, CHECK_PAIR, "number %s: %u callers connected, %u called ends", number, (unsigned)there,
                           (unsigned)here);
            }
        }
    }
}

void model_settled(struct model *m, struct pump *pump, enum sim_plant plant)
{
    const struct session_core *core = pump_core_const(pump);
    const char *text = session_check(core);

    if (text) {
        model_fail(m, CHECK_CORE, "%s", text);
    }
    for (uint32_t i = 0; i < m->sessionc; i++) {
        check_session(m, core, &m->sessionv[i]);
        check_features(m, core, &m->sessionv[i], plant);
    }
    for (uint32_t i = 0; i < SIM_STALE; i++) {
        if (m->stalev[i] && session_get(core, m->stalev[i]) && !model_find(m, m->stalev[i])) {
            model_fail(m, CHECK_LOOK, "session %x is still there after its release", (unsigned)m->stalev[i]);
        }
    }
    for (uint32_t i = 0; i < m->askedc; i++) {
        const struct model_session *s = model_find(m, m->askedv[i].session);
        if (!s || s->state == SESSION_IDLE || s->state == SESSION_DISCONNECTED) {
            model_fail(m, CHECK_LOOK, "something goes on in session %x, which has ended",
                       (unsigned)m->askedv[i].session);
        }
        for (uint32_t j = 0; j < i; j++) {
            if (m->askedv[j].session == m->askedv[i].session && m->askedv[j].gather == m->askedv[i].gather) {
                model_fail(m, CHECK_LOOK, "two of a kind go on in session %x", (unsigned)m->askedv[i].session);
            }
        }
    }
    check_counts(m, core, plant);
    if (m->exact) {
        check_pairs(m, core);
    }
}
