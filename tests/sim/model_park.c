/* What the checkers know of calls that wait elsewhere. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <string.h>

/* UNPARK, PICKUP: a session for a call that is there already. */
bool model_takes(enum session_op op)
{
    return op == SESSION_OP_UNPARK || op == SESSION_OP_PICKUP;
}

/* What PARK, UNPARK and PICKUP are refused for at once. NULL: nothing; "": that is right. */
const char *model_expect_park(const struct model *m, const struct session_req *req, enum session_err err,
                              enum session_err dial)
{
    bool number = req->dest && strspn(req->dest, "0123456789ABCD*#+ ()!T") > 0,
         more = req->dest && strchr(req->dest, ';');

    if (req->op == SESSION_OP_PARK && req->value != SESSION_PARK_DIRECTED && req->value != SESSION_PARK_NONDIRECTED) {
        return err == SESSION_E_BADPARAM ? "" : "park mode that does not exist";
    }
    if (req->op == SESSION_OP_PARK && req->value == SESSION_PARK_NONDIRECTED) {
        return NULL;
    }
    if (model_takes(req->op) && (req->line >= m->linec || !m->linev[req->line].open)) {
        return err == SESSION_E_BADLINE ? "" : "taken on a line that is not open";
    }
    if (model_takes(req->op) && req->address >= m->linev[req->line].addressc) {
        return err == SESSION_E_BADADDRESSID ? "" : "taken on an address that is not there";
    }
    if (dial) {
        return err == dial ? "" : "bad number";
    }
    if (more || (!number && req->op != SESSION_OP_PICKUP)) {
        return err == SESSION_E_BADADDRESS ? "" : "no number, or half of one";
    }
    return NULL;
}

bool model_parked_at(const struct model *m, const char *number)
{
    for (uint32_t i = 0; i < m->placec; i++) {
        if (!strcmp(m->placev[i], number)) {
            return true;
        }
    }
    return false;
}

bool model_transfer_target(const struct model *m, const struct model_session *s)
{
    for (uint32_t i = 0; i < m->sessionc; i++) {
        const struct model_session *o = &m->sessionv[i];
        if (o != s && o->line == s->line && o->address == s->address && !o->making && !o->parent &&
            (o->state & session_contract(SESSION_OP_COMPLETETRANSFER)->states2)) {
            return true;
        }
    }
    return false;
}
