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
    inside_new(m, s);
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
        n += s->line == line && (address == UINT32_MAX || s->address == address) && s->state != SESSION_IDLE &&
             s->state != SESSION_CONFERENCED && !s->first && !s->out;
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
    case SESSION_OP_SETMEDIACONTROL:
    case SESSION_OP_SETTERMINAL:
    case SESSION_OP_DEVSPECIFIC:
    case SESSION_OP_DEVSPECIFICFEAT:
    case SESSION_OP_HOLD:
    case SESSION_OP_UNHOLD:
    case SESSION_OP_SWAPHOLD:
    case SESSION_OP_SETUPTRANSFER:
    case SESSION_OP_COMPLETETRANSFER:
    case SESSION_OP_BLINDTRANSFER:
    case SESSION_OP_REDIRECT:
    case SESSION_OP_SETUPCONF:
    case SESSION_OP_PREPAREADDCONF:
    case SESSION_OP_ADDTOCONF:
    case SESSION_OP_REMOVEFROMCONF:
    case SESSION_OP_PARK:
    case SESSION_OP_UNPARK:
    case SESSION_OP_PICKUP:
    case SESSION_OP_FORWARD:
    case SESSION_OP_SETLINESTATUS:
    case SESSION_OP_COMPLETECALL:
    case SESSION_OP_UNCOMPLETECALL:
        return true;
    default:
        return false;
    }
}

/* How many places the sessions that an operation makes take. */
static uint32_t places(const struct session_req *req)
{
    switch (req->op) {
    case SESSION_OP_SETUPCONF:
        return req->session ? 1 : 2;
    case SESSION_OP_COMPLETETRANSFER:
        return 0; /* the conference has that of one of its calls */
    default:
        return 1;
    }
}

static uint32_t handles(const struct session_req *req)
{
    if (req->op == SESSION_OP_COMPLETETRANSFER) {
        return req->value == SESSION_TRANSFER_CONFERENCE;
    }
    return session_contract(req->op)->handles;
}

/* An operation that makes sessions on a line. */
static const char *expect_new(const struct model *m, const struct session_req *req, uint32_t line_index,
                              uint32_t address, enum session_err err)
{
    const struct model_line *line = &m->linev[line_index];
    bool total = m->sessionc + handles(req) > m->max_sessions;
    bool full = (line->max && busy(m, line_index, UINT32_MAX) + places(req) > line->max) ||
                (line->address_max[address] && busy(m, line_index, address) + places(req) > line->address_max[address]);

    if (handles(req) && total && err == SESSION_E_RESOURCE) {
        return NULL;
    }
    if (handles(req) && (total || full)) {
        return err == SESSION_E_CALLUNAVAIL ? NULL : "new session beyond the limits";
    }
    return err == SESSION_E_OK ? NULL : "new session within all limits";
}

static const char *expect_make(const struct model *m, const struct session_req *req, enum session_err err,
                               enum session_err dial, bool may_nomem)
{
    const struct model_line *line = req->line < m->linec ? &m->linev[req->line] : NULL;
    bool full, idle_wanted;

    if (!line || !line->open) {
        return err == SESSION_E_BADLINE ? NULL : "MAKE on a line that is not open";
    }
    if (model_may_use(m, req->op, req->line, req->address)) {
        return err == model_may_use(m, req->op, req->line, req->address) ? NULL : "MAKE on an address of others";
    }
    if (req->address >= line->addressc) {
        return err == SESSION_E_BADADDRESSID ? NULL : "MAKE on an address that is not there";
    }
    if (dial) {
        return err == dial ? NULL : "MAKE with a bad number";
    }
    idle_wanted = req->only_idle && busy(m, req->line, UINT32_MAX);
    if ((line->off || line->locked) && err == SESSION_E_CALLUNAVAIL) {
        return NULL;
    }
    if (m->sessionc >= m->max_sessions && err == SESSION_E_RESOURCE) {
        return NULL;
    }
    full = m->sessionc >= m->max_sessions || (line->max && busy(m, req->line, UINT32_MAX) >= line->max) ||
           (line->address_max[req->address] && busy(m, req->line, req->address) >= line->address_max[req->address]);
    if (err == SESSION_E_NOMEM && may_nomem) {
        return NULL;
    }
    if (full || idle_wanted || line->off || line->locked) {
        return err == SESSION_E_CALLUNAVAIL || (full && err == SESSION_E_RESOURCE) ? NULL : "MAKE beyond the limits";
    }
    return err == SESSION_E_OK ? NULL : "MAKE within all limits";
}

static const char *expect(struct model *m, const struct session_req *req, enum session_err err, enum session_err dial,
                          bool may_nomem)
{
    const struct session_contract *row;
    const struct model_session *s, *s2;

    if ((unsigned)req->op >= SESSION_OP_COUNT) {
        return err == SESSION_E_BADPARAM ? NULL : "operation that does not exist";
    }
    row = session_contract(req->op);
    s = row->mode == SESSION_NOT_ALLOWED ? NULL : model_find(m, req->session);
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
    if (s && !s->making && !(row->states & model_contract_state(s))) {
        return err == SESSION_E_BADSTATE ? NULL : "operation in a state it is not legal in";
    }
    if (row->states2) {
        s2 = model_find(m, req->session2);
        if (!s2 || s2 == s || s2->line != s->line) {
            return err == SESSION_E_BADSESSION ? NULL : "second session that is none";
        }
        if (s2->making || !(row->states2 & model_contract_state(s2))) {
            return err == SESSION_E_BADSTATE ? NULL : "second session in a state it may not be in";
        }
    }
    if (row->async && !req->request) {
        return err == SESSION_E_BADPARAM ? NULL : "operation without a request";
    }
    if (!s && (row->initiating || row->address_feature) && req->line < m->linec && m->linev[req->line].open &&
        model_may_use(m, req->op, req->line, req->address)) {
        return err == model_may_use(m, req->op, req->line, req->address) ? NULL : "operation on an address of others";
    }
    if (req->op == SESSION_OP_ANSWER && model_may_answer(m, s)) {
        return err == SESSION_E_INUSE ? NULL : "ANSWER of a call of others";
    }
    if (req->op == SESSION_OP_FORWARD || req->op == SESSION_OP_SETLINESTATUS || req->op == SESSION_OP_UNCOMPLETECALL) {
        return lines_expect(m, req, err, may_nomem);
    }
    if (req->op == SESSION_OP_COMPLETECALL) {
        return err == SESSION_E_RESOURCE && requests_of(m, req->session) >= 16
                   ? NULL
                   : lines_expect_complete(m, req, s->line, err, may_nomem);
    }
    if ((req->op == SESSION_OP_SETUPCONF || req->op == SESSION_OP_SETMEDIACONTROL ||
         req->op == SESSION_OP_SETTERMINAL || req->op == SESSION_OP_DEVSPECIFIC ||
         req->op == SESSION_OP_DEVSPECIFICFEAT) &&
        (!req->session || row->mode == SESSION_NOT_ALLOWED)) {
        if (req->line >= m->linec || !m->linev[req->line].open) {
            return err == SESSION_E_BADLINE ? NULL : "operation on a line that is not open";
        }
        if (req->address >= m->linev[req->line].addressc &&
            (req->op == SESSION_OP_SETUPCONF || req->value == SESSION_SELECT_ADDRESS)) {
            return err == SESSION_E_BADADDRESSID ? NULL : "operation on an address that is not there";
        }
    }
    if (model_takes(req->op) || req->op == SESSION_OP_PARK) {
        const char *wrong = model_expect_park(m, req, err, dial);
        if (wrong) {
            return *wrong ? wrong : NULL;
        }
    }
    if ((req->op == SESSION_OP_DIAL || req->op == SESSION_OP_SETUPTRANSFER || req->op == SESSION_OP_SETUPCONF ||
         req->op == SESSION_OP_PREPAREADDCONF || req->op == SESSION_OP_REDIRECT ||
         req->op == SESSION_OP_BLINDTRANSFER) &&
        dial) {
        return err == dial ? NULL : "bad number";
    }
    if ((req->op == SESSION_OP_REDIRECT || req->op == SESSION_OP_BLINDTRANSFER) && err == SESSION_E_BADADDRESS) {
        return NULL; /* no number, or half of one */
    }
    if (req->op == SESSION_OP_COMPLETETRANSFER && req->value > SESSION_TRANSFER_CONFERENCE) {
        return err == SESSION_E_BADPARAM ? NULL : "transfer mode that does not exist";
    }
    if (req->op == SESSION_OP_SETUPCONF && req->value > SESSION_CONFERENCE_MAX) {
        return err == SESSION_E_CONFFULL ? NULL : "conference of too many";
    }
    if ((err == SESSION_E_NOMEM && may_nomem) ||
        (err == SESSION_E_RESOURCE && row->async && requests_of(m, req->session) >= 16)) {
        return NULL;
    }
    if (req->op == SESSION_OP_SETUPCONF && !s && (m->linev[req->line].off || m->linev[req->line].locked)) {
        return err == SESSION_E_CALLUNAVAIL ? NULL : "conference on a line that makes no calls";
    }
    if (row->handles) {
        return expect_new(m, req, s ? s->line : req->line, s ? s->address : req->address, err);
    }
    return err == SESSION_E_OK ? NULL : "legal operation";
}

void model_op(struct model *m, const struct session_req *req, enum session_err err, const uint32_t idv[2],
              enum session_err dial, bool may_nomem, bool undrained)
{
    const char *wrong = undrained ? NULL : expect(m, req, err, dial, may_nomem);
    struct model_request *r;
    struct model_session *s;
    uint32_t made = 0;

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
    m->result->donev[req->op] += !session_contract(req->op)->async;
    inside_accepted(m, req, undrained);
    for (uint32_t i = 0; (unsigned)req->op < SESSION_OP_COUNT && i < handles(req); i++) {
        const struct model_session *of = model_find(m, req->session);

        s = add(m, idv[i], of ? of->line : req->line, of ? of->address : req->address);
        if (!s) {
            return;
        }
        s->making = true;
        s->make_request = req->request;
        s->blocked = req->block_id;
        s->parent = i == 0 && (req->op == SESSION_OP_SETUPCONF || req->op == SESSION_OP_COMPLETETRANSFER);
        s->first = s->parent && req->session;
        s->taken = model_takes(req->op);
        m->result->sessions++;
        made++;
    }
    if ((unsigned)req->op < SESSION_OP_COUNT && session_contract(req->op)->async) {
        if (m->requestc == SIM_REQUESTS) {
            model_fail(m, CHECK_REPLY, "thousands of requests not replied to");
            return;
        }
        r = &m->requestv[m->requestc++];
        memset(r, 0, sizeof(*r));
        r->request = req->request;
        r->op = req->op;
        r->session = made && !req->session ? idv[0] : req->session;
        if (!made && session_contract(req->op)->mode == SESSION_NOT_ALLOWED) {
            r->session = 0; /* of a line, whatever it names */
        }
        r->session2 = req->session2;
        r->mode = req->value;
        if (req->op == SESSION_OP_PARK && req->value == SESSION_PARK_DIRECTED && req->dest) {
            struct session_dial dialled;
            if (!session_dial_parse(req->dest, req->dest_len, &dialled)) {
                snprintf(r->place, sizeof(r->place), "%.20s", dialled.number);
            }
        }
        lines_request(req, r);
        r->completion = req->op == SESSION_OP_COMPLETECALL ? idv[0] : req->completion;
        if (req->op == SESSION_OP_COMPLETECALL && model_find(m, req->session)) {
            r->line = model_find(m, req->session)->line;
        }
        for (uint32_t i = 0; i < made; i++) {
            r->madev[i] = idv[i];
        }
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
    } else if (in->type == SESSION_IN_LINE_CLOSE && line->to_close) {
        expected = SESSION_E_OK;
    } else if (!model_line_there(m, index)) {
        expected = SESSION_E_BADLINE;
    } else if (in->type == SESSION_IN_LINE_REMOVE) {
        expected = SESSION_E_OK;
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
    } else if (in->type == SESSION_IN_LINE_REMOVE) {
        line->to_close = line->removed = line->open;
        line->vacant = !line->open;
        line->open = false;
        line->line_states = line->address_states = line->media_modes = 0;
        for (uint32_t i = 0; i < m->sessionc; i++) {
            m->sessionv[i].expect = m->sessionv[i].line == index ? 0 : m->sessionv[i].expect;
        }
    } else if (in->type == SESSION_IN_LINE_CLOSE) {
        line->vacant = line->removed;
        line->open = line->to_close = line->removed = false;
        line->line_states = line->address_states = line->media_modes = 0;
        memset(line->controlv, 0, sizeof(line->controlv));
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
        ok = one_bit(act->mode) && act->mode <= SESSION_CONNECTED_INACTIVEHELD;
        break;
    case SESSION_OFFERING:
        ok = act->mode == SESSION_OFFERING_ACTIVE;
        break;
    case SESSION_CONFERENCED:
        ok = model_find(m, act->mode) && model_find(m, act->mode)->parent && model_find(m, act->mode)->state &&
             model_find(m, act->mode)->line == act->line;
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
    if (was.place[0] == '1' && !act->err && !model_parked_at(m, was.place) && m->placec < SIM_LINES * SIM_ADDRESSES) {
        memcpy(m->placev[m->placec++], was.place, sizeof(was.place));
    }
    for (int i = 0; i < 2; i++) {
        s = was.madev[i] ? model_find(m, was.madev[i]) : NULL;
        if (s && act->err) {
            forget(m, s);
        } else if (s) {
            s->making = false;
            s->first = false;
        } else if (was.madev[i] && !act->err) {
            model_fail(m, CHECK_AFTER, "success makes session %x, which is released", (unsigned)was.madev[i]);
        }
    }
    s = model_find(m, was.session);
    if (!act->err) {
        struct model_session *held = was.op == SESSION_OP_SETUPCONF ? model_find(m, was.madev[0]) : s;
        struct model_session *n = model_find(m, was.madev[was.op == SESSION_OP_SETUPCONF]);

        if (held && n && held != n && was.op != SESSION_OP_COMPLETETRANSFER) {
            held->partner = n->id;
            n->partner = held->id;
        }
        m->result->donev[was.op]++;
        inside_reply(m, &was);
    }
    if (act->session != was.session) {
        model_fail(m, CHECK_EVENT, "reply to request %u names another session", (unsigned)act->request);
    }
    if ((unsigned)act->err >= SESSION_E_COUNT) {
        model_fail(m, CHECK_EVENT, "reply with an error that does not exist");
    }
    if (!was.session || was.op == SESSION_OP_COMPLETECALL) {
        lines_reply(m, &was, act->err);
    }
    if (!s) {
        if (!act->err && !was.madev[0] && was.session) {
            model_fail(m, CHECK_AFTER, "success on session %x, which is released", (unsigned)was.session);
        }
        return;
    }
    if (s->taken && was.madev[0] == was.session) {
        s->expect = SESSION_CONNECTED;
        s->call_told = true; /* it is that of the call that is there */
    }
    if (was.madev[0] == was.session) {
        return;
    }
    if (!act->err) {
        uint32_t result = was.op == SESSION_OP_DIAL ? 0 : session_contract(was.op)->result;
        if (was.op == SESSION_OP_COMPLETETRANSFER && was.mode == SESSION_TRANSFER_CONFERENCE) {
            result = SESSION_CONFERENCED;
        } else if (was.op == SESSION_OP_SWAPHOLD) {
            result = SESSION_ONHOLD | SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF; /* as the other was */
        } else if (was.op == SESSION_OP_COMPLETECALL && was.mode == SESSION_COMPL_INTRUDE) {
            result = SESSION_CONNECTED;
            m->joined = true;
        }
        if (s->state == SESSION_CONNECTED && result == SESSION_CONNECTED) {
            result = 0;
        }
        if (s->expect && (s->expect & SESSION_STATES_ALL) != result) {
            model_fail(m, CHECK_ORDER, "session %x did not reach %s", (unsigned)s->id, session_state_name(s->expect));
        }
        s->expect = result & s->state ? 0 : result;
        /* with others in the call it goes on without this station */
        if ((was.op == SESSION_OP_DROP || was.op == SESSION_OP_HOLD) && model_shared(m, s)) {
            s->expect = !s->expect || model_inactive(s) ? 0 : s->expect | SESSION_INACTIVE;
        }
        s->secure = s->secure || was.op == SESSION_OP_SECURECALL;
    }
}

static bool is_inactive(const struct session_act *act)
{
    return act->state == SESSION_CONNECTED && act->mode & (SESSION_CONNECTED_INACTIVE | SESSION_CONNECTED_INACTIVEHELD);
}

static void act_state(struct model *m, const struct session_act *act)
{
    struct model_session *s = session_of(m, act, session_state_name(act->state));
    uint32_t order;

    if (!s) {
        return;
    }
    order = order_after(s->state, s->incoming, s->parent, m->wild);
    if (!s->state && s->taken) {
        order = SESSION_CONNECTED;
    } else if (!s->state && s->incoming) {
        order |= SESSION_ONHOLD;
        s->shown = act->state == SESSION_ONHOLD;
    }
    if (!one_bit(act->state) ||
        (!(order & act->state) && !(!s->state && s->incoming && model_shared(m, s) && is_inactive(act)) &&
         !(s->state == SESSION_BUSY && s->expect == SESSION_CONNECTED))) {
        model_fail(m, CHECK_ORDER, "session %x goes from %s to %s", (unsigned)s->id,
                   s->state ? session_state_name(s->state) : "nothing", session_state_name(act->state));
    }
    if (act->state == SESSION_CONNECTED && s->state == SESSION_CONNECTED && act->mode == s->mode) {
        model_fail(m, CHECK_ORDER, "session %x is connected twice", (unsigned)s->id);
    }
    if (s->expect && !(s->expect & (act->state | (is_inactive(act) ? SESSION_INACTIVE : 0)))) {
        model_fail(m, CHECK_ORDER, "session %x goes to %s instead of %s", (unsigned)s->id,
                   session_state_name(act->state), session_state_name(s->expect));
    }
    check_mode(m, act);
    if (act->state == SESSION_DISCONNECTED && act->mode == SESSION_DISC_PICKUP && !m->wild &&
        !(s->state & (SESSION_OFFERING | SESSION_ACCEPTED | SESSION_ONHOLD))) {
        model_fail(m, CHECK_EVENT, "session %x was picked up in %s", (unsigned)s->id, session_state_name(s->state));
    }
    s->expect = 0;
    s->out = act->state == SESSION_DISCONNECTED && s->state == SESSION_CONFERENCED;
    s->state = act->state;
    s->mode = act->mode;
    s->conf = act->state == SESSION_CONFERENCED ? act->mode : 0;
    model_share_state(m, s);
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
    uint32_t was;
    struct model_line *line = act->line < m->linec ? &m->linev[act->line] : NULL;

    if (!line && act->type != SESSION_ACT_REPLY) {
        model_fail(m, CHECK_EVENT, "event of a line that does not exist");
        return;
    }
    inside_act(m, act);
    s = model_find(m, act->session);
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
        lines_act(m, act);
        break;
    case SESSION_ACT_STATE:
        was = s ? s->state : 0;
        act_state(m, act);
        inside_state(m, act, was);
        break;
    case SESSION_ACT_INFO:
        s = session_of(m, act, "information");
        if (s && (s->state == SESSION_IDLE || !act->bits)) {
            model_fail(m, CHECK_EVENT, "information %x of session %x in %s", (unsigned)act->bits, (unsigned)s->id,
                       session_state_name(s->state));
        }
        if (s && act->bits & SESSION_INFO_CALLID) {
            s->call_told = true;
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
        lines_act(m, act);
        break;
    case SESSION_ACT_LAMP:
        lines_act(m, act);
        break;
    case SESSION_ACT_ADDRESS:
        if (!act->bits || (act->bits & ~line->address_states) || !line->open || act->address >= line->addressc) {
            model_fail(m, CHECK_EVENT, "address %u.%u tells %x, wanted is %x", (unsigned)act->line,
                       (unsigned)act->address, (unsigned)act->bits, (unsigned)line->address_states);
        } else if (act->bits & (SESSION_ADDR_INUSEZERO | SESSION_ADDR_INUSEONE | SESSION_ADDR_INUSEMANY)) {
            line->told_use[act->address] =
                act->bits & (SESSION_ADDR_INUSEZERO | SESSION_ADDR_INUSEONE | SESSION_ADDR_INUSEMANY);
        }
        lines_act(m, act);
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
    case SESSION_ACT_STREAM:
        m->result->streams += session_of(m, act, "media control") != NULL;
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
            uint32_t n = 0, held = 0, pend = 0, limit = line->address_max[a];

            for (uint32_t j = 0; j < m->sessionc; j++) {
                const struct model_session *s = &m->sessionv[j];
                if (s->line == i && s->address == a && !s->making && s->state != SESSION_IDLE) {
                    n++;
                    held += s->state == SESSION_ONHOLD;
                    pend += (s->state & (SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF)) != 0;
                }
            }
            reported += n;
            session_counts(core, i, a, &one);
            sum += one.active + one.on_hold + one.on_hold_pend;
            if (one.active != n - held - pend || one.on_hold != held || one.on_hold_pend != pend) {
                model_fail(m, CHECK_COUNTS, "address %u.%u counts %u sessions, there are %u", (unsigned)i, (unsigned)a,
                           (unsigned)one.active, (unsigned)n);
            }
            if (limit && busy(m, i, a) > limit) {
                model_fail(m, CHECK_LIMITS, "address %u.%u has more than %u sessions", (unsigned)i, (unsigned)a,
                           (unsigned)limit);
            }
        }
        session_counts(core, i, UINT32_MAX, &all);
        all.active += all.on_hold + all.on_hold_pend;
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
        if (implemented((enum session_op)op) && !s->making && (row->useful & model_contract_state(s))) {
            expected |= row->call_feature;
        }
    }
    /* these depend on more than the state */
    expected &= s->parent ? ~(session_contract(SESSION_OP_SETUPTRANSFER)->call_feature |
                              session_contract(SESSION_OP_BLINDTRANSFER)->call_feature |
                              session_contract(SESSION_OP_SETUPCONF)->call_feature |
                              session_contract(SESSION_OP_PARK)->call_feature |
                              session_contract(SESSION_OP_COMPLETETRANSFER)->call_feature)
                          : ~(session_contract(SESSION_OP_PREPAREADDCONF)->call_feature |
                              session_contract(SESSION_OP_ADDTOCONF)->call_feature);
    expected = model_share_features(m, s, expected);
    if (expected & session_contract(SESSION_OP_COMPLETETRANSFER)->call_feature) {
        uint32_t bit = session_contract(SESSION_OP_COMPLETETRANSFER)->call_feature;
        /* if there is another call it may be the consultation call of a third */
        expected = (expected & ~bit) | (model_transfer_target(m, s) ? features & bit : 0);
    }
    if (plant == PLANT_FEATURE_TOO_MANY && s->state == SESSION_CONNECTED) {
        m->result->planted = true;
        features |= session_contract(SESSION_OP_ACCEPT)->call_feature;
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
    if (!info->call_id || (s->call_id && s->call_id != info->call_id && !s->call_told)) {
        model_fail(m, CHECK_LOOK, "session %x changes its call id", (unsigned)s->id);
    }
    s->call_id = info->call_id;
    s->call_told = false;
    if (ended != (info->end_ms != 0) || (ended && !info->disconnect_mode) || (!ended && info->disconnect_mode) ||
        (s->disconnect_mode && info->disconnect_mode != s->disconnect_mode)) {
        model_fail(m, CHECK_LOOK, "session %x in %s has disconnect mode %x", (unsigned)s->id, session_state_name(state),
                   (unsigned)info->disconnect_mode);
    }
    if (state == SESSION_CONNECTED && !info->connect_ms) {
        model_fail(m, CHECK_LOOK, "session %x is connected since never", (unsigned)s->id);
    }
    if ((s->incoming || s->taken) != (info->origin != SESSION_ORIGIN_OUTBOUND) &&
        !(s->incoming && model_shared(m, s))) {
        model_fail(m, CHECK_LOOK, "session %x has the wrong origin", (unsigned)s->id);
    }
    if (s->shown != (info->reason == SESSION_REASON_PARKED) ||
        (s->taken && info->reason != SESSION_REASON_PICKUP && info->reason != SESSION_REASON_UNPARK)) {
        model_fail(m, CHECK_LOOK, "session %x has the wrong reason", (unsigned)s->id);
    }
}

void model_settled(struct model *m, struct pump *pump, enum sim_plant plant)
{
    const struct session_core *core = pump_core_const(pump);
    const char *text = session_check(core);

    if (text) {
        model_fail(m, CHECK_CORE, "%s", text);
    }
    model_lines_settled(m);
    for (uint32_t i = 0; i < m->sessionc; i++) {
        check_session(m, core, &m->sessionv[i]);
    }
    /* with the call ids of all of them known */
    for (uint32_t i = 0; i < m->sessionc; i++) {
        model_hub(m, &m->sessionv[i]);
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
    model_share_settled(m, core); /* before the marks of this step go */
    check_counts(m, core, plant);
    lines_settled(m, core);
    if (m->exact && !m->joined) {
        model_pairs(m, core);
    }
    inside_settled(m, core);
}
