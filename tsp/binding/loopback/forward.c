/* Forwarding in the embedded exchange, and the status of its lines. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * Which instruction holds for a call: one that names its caller before one for calls from inside before one for all.
 * All calls of this exchange come from inside, so that those for calls from outside are kept and never hold. What is
 * for busy or no answer alone goes before what is for both.
 *
 * Of a shared address it is the number that is forwarded, whichever of its lines has asked for it last.
 *
 * A call that was sent on may be sent on again, EXCHANGE_HOPS_MAX times in a row: a chain that is longer, or a circle,
 * ends the call. Being answered begins a new count.
 */

/* Numbers are kept as such: an extension may come and go. */
struct exchange_forward_entry {
    uint32_t mode;
    const char *caller; /* SPECIFIC */
    const char *dest;   /* "": refused */
};

struct exchange_forwards {
    struct exchange_forwards *next; /* while it is being made */
    struct exchange_number *of;
    uint32_t rings, count;
    struct exchange_forward_entry entryv[];
};

/* Bits above those of "all calls", by rank. */
enum { SHIFT_INTERNAL = 1, SHIFT_SPECIFIC = 3 };

static const struct exchange_forwards *forwards_of(const struct exchange_number *to)
{
    return to ? to->head->forwards : NULL;
}

static const struct exchange_forward_entry *entry_of(const struct exchange_forwards *f, uint32_t mode,
                                                     const char *caller)
{
    for (uint32_t i = 0; i < f->count; i++) {
        const struct exchange_forward_entry *e = &f->entryv[i];
        if (e->mode == mode && (!(mode & SESSION_FORWARD_SPECIFIC) || !strcmp(e->caller, caller))) {
            return e;
        }
    }
    return NULL;
}

static const struct exchange_forward_entry *find(const struct exchange *x, const struct exchange_leg *leg,
                                                 const struct exchange_number *to, enum exchange_condition condition)
{
    static const uint32_t modev[][2] = {[EXCHANGE_UNCOND] = {SESSION_FORWARD_UNCOND, 0},
                                        [EXCHANGE_ON_BUSY] = {SESSION_FORWARD_BUSY, SESSION_FORWARD_BUSYNA},
                                        [EXCHANGE_ON_NOANSW] = {SESSION_FORWARD_NOANSW, SESSION_FORWARD_BUSYNA}};
    static const uint32_t shiftv[] = {SHIFT_SPECIFIC, SHIFT_INTERNAL, 0};
    const struct exchange_forwards *f = forwards_of(to);
    const struct exchange_number *caller;

    if (!f || !leg) {
        return NULL;
    }
    /* who hides the number is known to the exchange all the same */
    caller = exchange_address_find(x, leg->line, leg->address);
    for (size_t rank = 0; rank < sizeof(shiftv) / sizeof(shiftv[0]); rank++) {
        for (size_t i = 0; i < 2; i++) {
            uint32_t mode = modev[condition][i] << shiftv[rank];
            const struct exchange_forward_entry *e =
                mode ? entry_of(f, mode, caller ? session_party_number(caller->party) : "") : NULL;
            if (e) {
                return e;
            }
        }
    }
    return NULL;
}

bool exchange_forward(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, enum exchange_condition condition)
{
    static const uint32_t reasonv[] = {[EXCHANGE_UNCOND] = SESSION_REASON_FWDUNCOND,
                                       [EXCHANGE_ON_BUSY] = SESSION_REASON_FWDBUSY,
                                       [EXCHANGE_ON_NOANSW] = SESSION_REASON_FWDNOANSWER};
    const struct exchange_number *via = leg->to, *dest;
    const struct exchange_forward_entry *e = find(x, leg, via, condition);
    bool up = leg->up;

    if (!e) {
        return false;
    }
    if (!e->dest[0]) {
        exchange_end(x, leg, SESSION_DISC_DONOTDISTURB);
        return true;
    }
    dest = exchange_number_find(x, e->dest, strlen(e->dest));
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

/* Whether it still rings for who called it: of a shared address, the call does; nothing parked that comes back. */
static bool rings(const struct exchange_leg *called)
{
    return !called->place && (!called->share || (called->share->phase == LEG_OFFERED && !called->share->outgoing));
}

bool exchange_forward_rung(struct exchange *x, uint64_t now_ms, struct exchange_leg *called)
{
    const struct exchange_forwards *f = forwards_of(called->to);
    struct exchange_leg *call = exchange_call_of(called), *caller = call->peer;

    if (!f || (called->phase == LEG_OFFERED && called->rings < f->rings) || !rings(called) ||
        !find(x, caller, called->to, EXCHANGE_ON_NOANSW)) {
        return false;
    }
    caller->to = called->to; /* whose forwarding it is that was found */
    caller->peer = NULL;
    if (call->told || call->appear) {
        exchange_end(x, call, SESSION_DISC_FORWARDED);
    } else {
        caller->news = call->news; /* for the next one */
        call->news = NULL;
        exchange_leg_free(x, call);
    }
    if (!exchange_forward(x, now_ms, caller, EXCHANGE_ON_NOANSW)) {
        exchange_end(x, caller, SESSION_DISC_NOANSWER);
    }
    return true; /* `called` is gone in any case */
}

void exchange_forward_arm(struct exchange *x, uint64_t now_ms, struct exchange_leg *called)
{
    const struct exchange_forwards *f = forwards_of(called->to);

    exchange_stop(x, called);
    if (f && rings(called) && find(x, exchange_call_of(called)->peer, called->to, EXCHANGE_ON_NOANSW)) {
        session_timer_start(&x->timers, &called->timer, now_ms + (uint64_t)f->rings * x->ring_ms);
    }
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

/* The instructions of one number, checked. OK, BADADDRESS, NOMEM. */
static enum session_err take(struct exchange *x, struct exchange_number *of, const struct session_forwards *f,
                             struct exchange_forwards **outp)
{
    size_t size = sizeof(**outp) + f->count * sizeof(struct exchange_forward_entry);
    struct exchange_forwards *out;
    char *at;

    for (uint32_t i = 0; i < f->count; i++) {
        const struct session_forward *e = &f->entryv[i];
        const struct exchange_number *dest = exchange_number_find(x, e->dest, e->dest_len);

        if (e->dest_len && (!dest || dest == of)) {
            return SESSION_E_BADADDRESS;
        }
        size += e->caller_len + e->dest_len + 2;
    }
    out = exchange_zalloc(x, size);
    if (!out) {
        return SESSION_E_NOMEM;
    }
    out->of = of;
    out->rings = f->rings;
    out->count = f->count;
    at = (char *)&out->entryv[f->count];
    for (uint32_t i = 0; i < f->count; i++) {
        const struct session_forward *e = &f->entryv[i];
        struct exchange_forward_entry *mine = &out->entryv[i];

        mine->mode = e->mode;
        mine->caller = memcpy(at, e->caller, e->caller_len + 1);
        at += e->caller_len + 1;
        mine->dest = memcpy(at, e->dest, e->dest_len + 1);
        at += e->dest_len + 1;
    }
    *outp = out;
    return SESSION_E_OK;
}

static void set(struct exchange *x, struct exchange_number *of, struct exchange_forwards *f)
{
    exchange_release(x, of->forwards);
    of->forwards = f;
}

/* The number of an address, as it is called; NULL: it has none of its own. */
static struct exchange_number *number_at(const struct exchange *x, uint32_t line, uint32_t address)
{
    const struct exchange_number *n = exchange_address_find(x, line, address);

    return n ? n->head : NULL;
}

static enum session_err forward(struct exchange *x, const struct session_cmd *cmd)
{
    bool all = cmd->address == SESSION_ADDRESS_ALL;
    uint32_t first = all ? 0 : cmd->address, end = all ? x->linev[cmd->line].addressc : cmd->address + 1;
    struct exchange_forwards *made = NULL, *f;
    enum session_err err = SESSION_E_FAILED;
    struct exchange_number *n;

    for (uint32_t a = first; a < end && (!err || err == SESSION_E_FAILED); a++) {
        n = number_at(x, cmd->line, a);
        if (!n) {
            continue; /* one that is only monitored */
        }
        err = SESSION_E_OK;
        if (!cmd->forwards) {
            set(x, n, NULL);
            continue;
        }
        err = take(x, n, cmd->forwards, &f);
        if (!err) {
            f->next = made;
            made = f;
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
