/* Forwarding in the embedded exchange, and the status of its lines. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * Which instruction holds for a call: one that names its caller before one for calls from inside before one for all.
 * All calls of this exchange come from inside, so that those for calls from outside are kept and never hold. What is
 * for busy or no answer alone goes before what is for both.
 *
 * A call that was sent on may be sent on again, EXCHANGE_HOPS_MAX times in a row: a chain that is longer, or a circle,
 * ends the call. Being answered begins a new count.
 */

struct exchange_forward_entry {
    uint32_t mode;
    const struct exchange_number *caller; /* SPECIFIC: NULL: a number that nobody here has */
    const struct exchange_number *dest;   /* NULL: refused */
};

struct exchange_forwards {
    struct exchange_forwards *next; /* while it is being made */
    const struct exchange_number *of;
    uint32_t rings, count;
    struct exchange_forward_entry entryv[];
};

/* Bits above those of "all calls", by rank. */
enum { SHIFT_INTERNAL = 1, SHIFT_SPECIFIC = 3 };

static const struct exchange_forward_entry *entry_of(const struct exchange_forwards *f, uint32_t mode,
                                                     const struct exchange_number *caller)
{
    for (uint32_t i = 0; i < f->count; i++) {
        const struct exchange_forward_entry *e = &f->entryv[i];
        if (e->mode == mode && (!(mode & SESSION_FORWARD_SPECIFIC) || (caller && e->caller == caller))) {
            return e;
        }
    }
    return NULL;
}

bool exchange_forward_find(const struct exchange *x, const struct exchange_leg *leg, const struct exchange_number *to,
                           enum exchange_condition condition, const struct exchange_number **dest)
{
    static const uint32_t modev[][2] = {[EXCHANGE_UNCOND] = {SESSION_FORWARD_UNCOND, 0},
                                        [EXCHANGE_ON_BUSY] = {SESSION_FORWARD_BUSY, SESSION_FORWARD_BUSYNA},
                                        [EXCHANGE_ON_NOANSW] = {SESSION_FORWARD_NOANSW, SESSION_FORWARD_BUSYNA}};
    static const uint32_t shiftv[] = {SHIFT_SPECIFIC, SHIFT_INTERNAL, 0};
    const struct exchange_number *caller;

    if (!to || !to->forwards) {
        return false;
    }
    /* who hides the number is known to the exchange all the same */
    caller = exchange_address_find(x, leg->line, leg->address);
    for (size_t rank = 0; rank < sizeof(shiftv) / sizeof(shiftv[0]); rank++) {
        for (size_t i = 0; i < 2; i++) {
            uint32_t mode = modev[condition][i] << shiftv[rank];
            const struct exchange_forward_entry *e = mode ? entry_of(to->forwards, mode, caller) : NULL;
            if (e) {
                *dest = e->dest;
                return true;
            }
        }
    }
    return false;
}

bool exchange_forward(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, enum exchange_condition condition)
{
    static const uint32_t reasonv[] = {[EXCHANGE_UNCOND] = SESSION_REASON_FWDUNCOND,
                                       [EXCHANGE_ON_BUSY] = SESSION_REASON_FWDBUSY,
                                       [EXCHANGE_ON_NOANSW] = SESSION_REASON_FWDNOANSWER};
    const struct exchange_number *via = leg->to, *dest;
    bool up = leg->up;

    if (!exchange_forward_find(x, leg, via, condition, &dest)) {
        return false;
    }
    if (!dest) {
        exchange_end(x, leg, SESSION_DISC_DONOTDISTURB);
        return true;
    }
    if (++leg->hops > EXCHANGE_HOPS_MAX) {
        exchange_end(x, leg, SESSION_DISC_UNREACHABLE);
        return true;
    }
    leg->via = via;
    exchange_route(x, now_ms, leg, dest, via, reasonv[condition]);
    /* the last one of a chain says it, of itself */
    if (leg->via == via && leg->to == dest && (leg->phase == LEG_CALLING || leg->phase == LEG_CONNECTED)) {
        exchange_say(x, EV_PARTY, leg, 0,
                     SESSION_INFO_REDIRECTINGID | (up ? (uint32_t)SESSION_INFO_CONNECTEDID : 0));
    }
    return true;
}

bool exchange_forward_rung(struct exchange *x, uint64_t now_ms, struct exchange_leg *called)
{
    struct exchange_leg *caller = called->peer;
    const struct exchange_number *dest;

    if (!called->to->forwards || (called->phase == LEG_OFFERED && called->rings < called->to->forwards->rings) ||
        !exchange_forward_find(x, caller, called->to, EXCHANGE_ON_NOANSW, &dest)) {
        return false;
    }
    caller->to = called->to;
    caller->peer = NULL;
    if (called->told) {
        exchange_end(x, called, SESSION_DISC_FORWARDED);
    } else {
        caller->news = called->news; /* for the next one */
        called->news = NULL;
        exchange_leg_free(x, called);
    }
    return exchange_forward(x, now_ms, caller, EXCHANGE_ON_NOANSW);
}

void exchange_forward_arm(struct exchange *x, uint64_t now_ms, struct exchange_leg *called)
{
    const struct exchange_number *dest;

    exchange_stop(x, called);
    if (called->to->forwards && exchange_forward_find(x, called->peer, called->to, EXCHANGE_ON_NOANSW, &dest)) {
        session_timer_start(&x->timers, &called->timer, now_ms + (uint64_t)called->to->forwards->rings * x->ring_ms);
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* The instructions of one number, resolved. OK, BADADDRESS, NOMEM. */
static enum session_err resolve(struct exchange *x, const struct exchange_number *of, const struct session_forwards *f,
                                struct exchange_forwards **outp)
{
    struct exchange_forwards *out = exchange_zalloc(x, sizeof(*out) + f->count * sizeof(out->entryv[0]));

    if (!out) {
        return SESSION_E_NOMEM;
    }
    out->of = of;
    out->rings = f->rings;
    out->count = f->count;
    for (uint32_t i = 0; i < f->count; i++) {
        const struct session_forward *e = &f->entryv[i];
        struct exchange_forward_entry *mine = &out->entryv[i];

        mine->mode = e->mode;
        mine->caller = exchange_number_find(x, e->caller, e->caller_len);
        mine->dest = e->dest_len ? exchange_number_find(x, e->dest, e->dest_len) : NULL;
        if (e->dest_len && (!mine->dest || mine->dest == of)) {
            exchange_release(x, out);
            return SESSION_E_BADADDRESS;
        }
    }
    *outp = out;
    return SESSION_E_OK;
}

static void set(struct exchange *x, const struct exchange_number *of, struct exchange_forwards *f)
{
    struct exchange_number *n = &x->numberv[of - x->numberv];

    exchange_release(x, n->forwards);
    n->forwards = f;
    if (f) {
        f->next = NULL;
    }
}

static enum session_err forward(struct exchange *x, const struct session_cmd *cmd)
{
    uint32_t first = cmd->address == SESSION_ADDRESS_ALL ? 0 : cmd->address, a;
    const struct exchange_number *n = exchange_address_find(x, cmd->line, first);
    struct exchange_forwards *made = NULL, *f;
    enum session_err err = n ? SESSION_E_OK : SESSION_E_FAILED;

    for (a = first; n && cmd->forwards && !err; n = exchange_address_find(x, cmd->line, ++a)) {
        err = resolve(x, n, cmd->forwards, &f);
        if (!err) {
            f->next = made;
            made = f;
        }
        if (cmd->address != SESSION_ADDRESS_ALL) {
            break;
        }
    }
    while (made) {
        f = made;
        made = f->next;
        if (err) {
            exchange_release(x, f);
        } else {
            set(x, f->of, f);
        }
    }
    for (a = first; !err && !cmd->forwards && (n = exchange_address_find(x, cmd->line, a)); a++) {
        set(x, n, NULL);
        if (cmd->address != SESSION_ADDRESS_ALL) {
            break;
        }
    }
    return err;
}

void exchange_forward_command(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd)
{
    enum session_err err = cmd->line < x->linec ? SESSION_E_OK : SESSION_E_FAILED;

    if (!err && cmd->type == SESSION_CMD_FORWARD) {
        err = forward(x, cmd);
        for (struct exchange_leg *leg = x->linev[cmd->line].waiting; leg && !err; leg = leg->next) {
            exchange_forward_arm(x, now_ms, leg);
        }
    } else if (!err && cmd->mode & SESSION_STATUS_INSERVICE) {
        x->linev[cmd->line].out_of_service = !cmd->on;
    }
    exchange_done(x, cmd, 0, err);
}

void exchange_forwards_free(struct exchange *x)
{
    for (uint32_t i = 0; x->numberv && i < x->numberc; i++) {
        exchange_release(x, x->numberv[i].forwards);
    }
}
