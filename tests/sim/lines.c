/* Lines beside their calls in the simulation: forwarding, call completion, status. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <string.h>

/* ---- what applications ask for ----------------------------------------------------------------------------------- */

static void some_forwards(struct rnd *r, struct session_req *req, struct sim_line_req *l, const char *const *numberv,
                          uint32_t numberc)
{
    static const uint32_t addressv[] = {SESSION_ADDRESS_ALL, SESSION_ADDRESS_ALL, 0, 0, 0, 1, 2, 3};

    req->address = addressv[rnd_below(r, 8)];
    req->value = rnd_below(r, 10) ? 1 + rnd_below(r, 3) : (uint32_t)rnd_next(r);
    req->forwardv = l->entryv;
    req->forwardc = rnd_below(r, 3) ? rnd_below(r, 3) : 0;
    if (rnd_below(r, 60) == 0) {
        req->forwardc = SESSION_FORWARD_MAX + rnd_below(r, 2);
    }
    for (uint32_t i = 0; i < req->forwardc; i++) {
        struct session_forward *e = &l->entryv[i];

        memset(e, 0, sizeof(*e));
        e->mode = 1u << rnd_below(r, rnd_below(r, 20) ? 16 : 32);
        if (rnd_below(r, 60) == 0) {
            e->mode = rnd_below(r, 4);
        }
        e->country = rnd_below(r, 3);
        e->caller = rnd_below(r, 12) ? numberv[rnd_below(r, numberc)] : NULL;
        e->caller_len = e->caller ? strlen(e->caller) : 0;
        e->dest = rnd_below(r, 6) ? numberv[rnd_below(r, numberc)] : NULL;
        e->dest_len = e->dest ? strlen(e->dest) : 0;
    }
}

void sim_line_req(struct rnd *r, const struct model *m, struct session_req *req, struct sim_line_req *l,
                  const char *const *numberv, uint32_t numberc)
{
    uint32_t what = rnd_below(r, 8);

    req->op = what < 4 ? SESSION_OP_FORWARD : what < 7 ? SESSION_OP_SETLINESTATUS : SESSION_OP_UNCOMPLETECALL;
    if (req->op == SESSION_OP_FORWARD) {
        some_forwards(r, req, l, numberv, numberc);
    } else if (req->op == SESSION_OP_SETLINESTATUS) {
        req->value = rnd_below(r, 10) ? 2u << rnd_below(r, 3) : rnd_below(r, 17);
        /* most of the time a line works */
        req->on = req->value & SESSION_STATUS_INSERVICE ? rnd_below(r, 4) > 0 : rnd_below(r, 4) == 0;
    } else {
        const struct model_line *line = req->line < m->linec ? &m->linev[req->line] : NULL;
        req->completion = line && line->completionc && rnd_below(r, 8)
                              ? line->completionv[rnd_below(r, line->completionc)]
                              : rnd_below(r, 20);
    }
}

/* ---- what is to be answered -------------------------------------------------------------------------------------- */

static void normal(const char *text, size_t len, struct session_dial *dial, enum session_err *err)
{
    *err = session_dial_parse(text ? text : "", text ? len : 0, dial);
    if (*err) {
        dial->number[0] = '\0';
        dial->more = false;
    }
}

static const char *check_forwards(const struct session_req *req, enum session_err err, bool may_nomem)
{
    enum session_err expected = SESSION_E_OK, parsed;
    uint32_t specific = 0;
    struct session_dial dial, other;

    if (req->forwardc > SESSION_FORWARD_MAX) {
        expected = SESSION_E_BADPARAM;
    }
    for (uint32_t i = 0; i < req->forwardc && !expected; i++) {
        const struct session_forward *e = &req->forwardv[i];
        if (!e->mode || e->mode & (e->mode - 1) || e->mode > 0x8000) {
            expected = SESSION_E_BADPARAM;
            break;
        }
        if (e->mode & SESSION_FORWARD_SPECIFIC) {
            specific++;
            normal(e->caller, e->caller_len, &dial, &parsed);
            expected = parsed ? parsed : dial.more || !dial.number[0] ? SESSION_E_BADADDRESS : SESSION_E_OK;
        }
        if (!expected) {
            normal(e->dest, e->dest_len, &dial, &parsed);
            expected = parsed ? parsed : dial.more ? SESSION_E_BADADDRESS : SESSION_E_OK;
        }
    }
    if (!expected && specific > SESSION_FORWARD_SPECIFIC_MAX) {
        expected = SESSION_E_BADPARAM;
    }
    for (uint32_t i = 0; i < req->forwardc && !expected; i++) {
        for (uint32_t k = 0; k < i && !expected; k++) {
            const struct session_forward *a = &req->forwardv[i], *b = &req->forwardv[k];
            normal(a->caller, a->caller_len, &dial, &parsed);
            normal(b->caller, b->caller_len, &other, &parsed);
            if (a->mode == b->mode && (!(a->mode & SESSION_FORWARD_SPECIFIC) || !strcmp(dial.number, other.number))) {
                expected = SESSION_E_BADPARAM;
            }
        }
    }
    if (err == expected || (may_nomem && err == SESSION_E_NOMEM)) {
        return NULL;
    }
    return expected ? "forwarding that makes no sense" : "forwarding that is in order";
}

static bool knows(const struct model_line *line, uint32_t id)
{
    for (uint32_t i = 0; i < line->completionc; i++) {
        if (line->completionv[i] == id) {
            return true;
        }
    }
    return false;
}

static void forget(struct model_line *line, uint32_t id)
{
    for (uint32_t i = 0; i < line->completionc; i++) {
        if (line->completionv[i] == id) {
            line->completionv[i] = line->completionv[--line->completionc];
        }
    }
}

const char *lines_expect(const struct model *m, const struct session_req *req, enum session_err err, bool may_nomem)
{
    const struct model_line *line = req->line < m->linec ? &m->linev[req->line] : NULL;

    if (!line || !model_line_there(m, req->line) || (!line->open && req->op != SESSION_OP_SETLINESTATUS)) {
        return err == SESSION_E_BADLINE ? NULL : "operation on a line that is not open";
    }
    if (err == SESSION_E_RESOURCE && lines_requests(m, req->line) >= 16) {
        return NULL;
    }
    if (req->op == SESSION_OP_FORWARD) {
        if (req->address != SESSION_ADDRESS_ALL && req->address >= line->addressc) {
            return err == SESSION_E_BADADDRESSID ? NULL : "forwarding of an address that is not there";
        }
        return check_forwards(req, err, may_nomem);
    }
    if (req->op == SESSION_OP_SETLINESTATUS && (!req->value || req->value & ~(uint32_t)SESSION_STATUS_SETTABLE)) {
        return err == SESSION_E_BADLINESTATUS ? NULL : "status that cannot be set";
    }
    if (req->op == SESSION_OP_UNCOMPLETECALL && !knows(line, req->completion)) {
        return err == SESSION_E_BADCOMPLETION ? NULL : "no such completion";
    }
    if (req->op == SESSION_OP_UNCOMPLETECALL && err == SESSION_E_BADCOMPLETION) {
        return NULL; /* it may have been cancelled, and nobody wanted to know */
    }
    return err == SESSION_E_OK || (may_nomem && err == SESSION_E_NOMEM) ? NULL : "legal operation on a line";
}

const char *lines_expect_complete(const struct model *m, const struct session_req *req, uint32_t line_index,
                                  enum session_err err, bool may_nomem)
{
    uint32_t known = m->linev[line_index].completionc;

    if (req->value != SESSION_COMPL_CAMPON && req->value != SESSION_COMPL_CALLBACK &&
        req->value != SESSION_COMPL_INTRUDE && req->value != SESSION_COMPL_MESSAGE) {
        return err == SESSION_E_BADCOMPLMODE ? NULL : "way of completing that does not exist";
    }
    if (req->value == SESSION_COMPL_MESSAGE && req->message >= SESSION_MESSAGES) {
        return err == SESSION_E_BADMESSAGE ? NULL : "message that does not exist";
    }
    for (uint32_t i = 0; i < m->requestc; i++) {
        known += m->requestv[i].op == SESSION_OP_COMPLETECALL && m->requestv[i].line == line_index &&
                 m->requestv[i].mode <= SESSION_COMPL_CALLBACK;
    }
    if (err == SESSION_E_COMPLOVERRUN) {
        return req->value <= SESSION_COMPL_CALLBACK && known >= SESSION_COMPLETIONS_MAX ? NULL : "not that many";
    }
    return err == SESSION_E_OK || (may_nomem && err == SESSION_E_NOMEM) ? NULL : "completion that is in order";
}

uint32_t lines_requests(const struct model *m, uint32_t line)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < m->requestc; i++) {
        n += !m->requestv[i].session && m->requestv[i].line == line;
    }
    return n;
}

/* ---- what comes of it -------------------------------------------------------------------------------------------- */

static void hash_forward(uint64_t *h, uint32_t mode, uint32_t country, const char *caller, size_t caller_len,
                         const char *dest, size_t dest_len)
{
    struct session_dial dial;
    enum session_err err;

    hash_add(h, mode);
    hash_add(h, country);
    normal(caller, caller_len, &dial, &err);
    hash_text(h, mode & SESSION_FORWARD_SPECIFIC ? dial.number : "");
    normal(dest, dest_len, &dial, &err);
    hash_text(h, dial.number);
}

static uint32_t forwards_hash(const struct session_forward *entryv, uint32_t count, uint32_t rings)
{
    uint64_t h = 1;

    if (!count) {
        return 0;
    }
    hash_add(&h, rings < 1 ? 1 : rings > 20 ? 20 : rings);
    for (uint32_t i = 0; i < count; i++) {
        const struct session_forward *e = &entryv[i];
        hash_forward(&h, e->mode, e->country, e->caller, e->caller_len, e->dest, e->dest_len);
    }
    return (uint32_t)(h ^ h >> 32) | 1;
}

void lines_request(const struct session_req *req, struct model_request *r)
{
    r->line = req->line;
    r->on = req->on;
    if (req->op == SESSION_OP_FORWARD) {
        r->address = req->address;
        r->forwards = forwards_hash(req->forwardv, req->forwardc, req->value);
    }
}

/* A request that concerns no session, or a completion, was replied to. */
void lines_reply(struct model *m, const struct model_request *r, enum session_err err)
{
    struct model_line *line = r->line < m->linec ? &m->linev[r->line] : NULL;

    if (!line) {
        return;
    }
    if (err) {
        /* a line that was closed: it happens all the same */
        line->unsure = line->unsure || r->op == SESSION_OP_FORWARD || r->op == SESSION_OP_SETLINESTATUS;
        return;
    }
    if (r->op == SESSION_OP_COMPLETECALL && r->mode <= SESSION_COMPL_CALLBACK) {
        if (line->completionc == SIM_COMPLETIONS) {
            memmove(line->completionv, line->completionv + 1, --line->completionc * sizeof(line->completionv[0]));
        }
        line->completionv[line->completionc++] = r->completion;
    } else if (r->op == SESSION_OP_UNCOMPLETECALL) {
        forget(line, r->completion);
    } else if (r->op == SESSION_OP_SETLINESTATUS) {
        line->off = r->mode & SESSION_STATUS_INSERVICE ? !r->on : line->off;
        line->locked = r->mode & SESSION_STATUS_LOCKED ? r->on : line->locked;
    } else if (r->op == SESSION_OP_FORWARD) {
        for (uint32_t a = 0; a < line->addressc; a++) {
            if (r->address == SESSION_ADDRESS_ALL || r->address == a) {
                line->tell[a] = line->forwards[a] != r->forwards && line->address_states & SESSION_ADDR_FORWARD;
                line->forwards[a] = r->forwards;
            }
        }
    }
}

void lines_act(struct model *m, const struct session_act *act)
{
    struct model_line *line = &m->linev[act->line];

    if (act->type == SESSION_ACT_LAMP) {
        if (line->lamp == (act->state != 0) && !line->unsure) {
            model_fail(m, CHECK_EVENT, "the lamp of line %u is %s as it was", (unsigned)act->line,
                       line->lamp ? "on" : "off");
        }
        line->lamp = act->state != 0;
    } else if (act->type == SESSION_ACT_NEW) {
        if (act->count && !knows(line, act->count)) {
            model_fail(m, CHECK_EVENT, "a call of completion %u, which line %u did not ask for", (unsigned)act->count,
                       (unsigned)act->line);
        }
        forget(line, act->count);
        if (line->off && !line->unsure) {
            model_fail(m, CHECK_EVENT, "a call comes to line %u, which is out of service", (unsigned)act->line);
        }
    } else if (act->type == SESSION_ACT_LINE && act->bits & SESSION_LINE_COMPLCANCEL) {
        if (!knows(line, act->count)) {
            model_fail(m, CHECK_EVENT, "completion %u of line %u is cancelled, and is none", (unsigned)act->count,
                       (unsigned)act->line);
        }
        forget(line, act->count);
    } else if (act->type == SESSION_ACT_ADDRESS && act->bits & SESSION_ADDR_FORWARD && act->address < SIM_ADDRESSES) {
        if (!line->tell[act->address] && !line->unsure) {
            model_fail(m, CHECK_EVENT, "forwarding of %u.%u changes without being changed", (unsigned)act->line,
                       (unsigned)act->address);
        }
        line->tell[act->address] = false;
    }
}

void lines_anew(struct model *m, struct model_line *line)
{
    memset(line->forwards, 0, sizeof(line->forwards));
    memset(line->tell, 0, sizeof(line->tell));
    line->off = line->locked = line->lamp = false;
    line->unsure = m->lags; /* the last word on the old one may come after the new one */
    line->completionc = 0;
}

void lines_settled(struct model *m, const struct session_core *core)
{
    for (uint32_t i = 0; i < m->linec; i++) {
        struct model_line *line = &m->linev[i];
        uint32_t status = session_line_status(core, i);

        if (!model_line_there(m, i)) {
            continue;
        }
        for (uint32_t a = 0; a < line->addressc; a++) {
            const struct session_forwards *f = session_forwards(core, i, a);
            uint32_t hash = f ? forwards_hash(f->entryv, f->count, f->rings) : 0;

            if (line->tell[a] && !line->unsure) {
                model_fail(m, CHECK_EVENT, "forwarding of %u.%u changes silently", (unsigned)i, (unsigned)a);
            }
            if (line->forwards[a] != hash && !line->unsure) {
                model_fail(m, CHECK_LOOK, "forwarding of %u.%u is not what was asked for", (unsigned)i, (unsigned)a);
            }
            line->forwards[a] = hash;
            line->tell[a] = false;
        }
        if (!line->unsure &&
            (line->off != !(status & SESSION_STATUS_INSERVICE) || line->locked != !!(status & SESSION_STATUS_LOCKED))) {
            model_fail(m, CHECK_LOOK, "line %u has status %x", (unsigned)i, (unsigned)status);
        }
        line->off = !(status & SESSION_STATUS_INSERVICE);
        line->locked = (status & SESSION_STATUS_LOCKED) != 0;
        if (line->lamp != !!(status & SESSION_STATUS_MSGWAIT) && !line->unsure) {
            model_fail(m, CHECK_LOOK, "line %u has status %x, its lamp does not", (unsigned)i, (unsigned)status);
        }
        line->lamp = (status & SESSION_STATUS_MSGWAIT) != 0;
        if (session_completions(core, i) > line->completionc) {
            model_fail(m, CHECK_COUNTS, "line %u waits for %u completions, it asked for %u", (unsigned)i,
                       (unsigned)session_completions(core, i), (unsigned)line->completionc);
        }
    }
}
