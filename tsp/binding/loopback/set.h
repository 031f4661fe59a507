/* The telephone set of an extension of the embedded exchange: keys that act on calls, lamps that follow them.
 * SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_LOOPBACK_SET_H
#define TSP_BINDING_LOOPBACK_SET_H

#include "tsp/session/phone.h"
#include "tsp/session/session.h"

/*
 * A set sits between a telephone (tsp/session/phone.h) and the calls of one line of a core. It does no I/O: it is told
 * of each state of a call of its line, and of what a person does to it; what it wants of the core comes out as requests
 * (set_want), which are the very operations that applications use, and are refused by the same rules.
 *
 * Lamps. The lamp of an appearance follows its call: winking while it is offered, steady while it is in use, fluttering
 * on hold, off without a call. The lamps of Hold, Transfer and Conference are steady while the call at hand is on hold,
 * a transfer or a conference is under way. While a call is offered the set rings, unless "do not disturb" is on.
 *
 * Hook. Lifting (the first device off hook) answers the call that has been offered longest; without one, and without a
 * call at hand, it asks for dial tone. Replacing (the last device on hook) drops the call at hand, but not one on hold.
 * A call that gets under way otherwise, say because an application made or answered it, turns the speaker on, and off
 * again when no call is left.
 *
 * Keys. Down acts, up does not.
 *   digits, * #   dial, at dial tone and while dialling
 *   appearance    without a call: dial tone; offered: answers; in use at another station of a shared address: joins;
 *                 on hold: takes it back; the call at hand before is put
 * on hold, or dropped if it was not connected yet Hold          holds the call at hand, or takes it back Transfer the
 * first press begins a transfer of the call at hand, the second completes it Conference    the first press begins, the
 * second joins the calls; in a conference, adds another Drop          drops the call at hand; without one, refuses the
 * one that is offered Redial        calls the last number that the line called Do not disturb  on, off: the set does
 * not ring, calls are shown by their lamps alone Message       puts the lamp out, and says so (MSGWAIT off) Speaker       lifts, replaces
 *
 * What SETTERMINAL takes away from the set: without BUTTONS keys, without HOOKSWITCH hook switches go up and down and do
 * nothing; without RINGER it does not ring for the call; without LAMPS and DISPLAY they stay as they are, until they are
 * routed to it again and show what is.
 *
 * An operation that the core cannot do now is refused with UNAVAIL or BADSTATE, and the key has gone down all the same.
 */

enum { SET_WANTS_MAX = 4 };

struct set_want {
    struct session_req req;
    char dest[SESSION_NUMBER_MAX + 2];
};

struct set_call {
    uint32_t session; /* 0: none */
    uint32_t state;
    uint32_t order; /* of coming */
};

struct set {
    struct session_phone phone;
    uint32_t line;
    struct set_call callv[SESSION_PHONE_APPEARANCES_MAX];
    uint32_t at_hand; /* 1 + appearance of the call that the person has, 0: none */
    uint32_t chosen;  /* 1 + appearance for the next call that is made, 0: any */
    uint32_t order;
    bool dnd;
    bool message;
    bool dark; /* lamps are not routed to it */
    bool speaker_by_call;
    uint32_t wantc, want_at;
    struct set_want wantv[SET_WANTS_MAX];
    char last[SESSION_NUMBER_MAX + 1];
    char label[SESSION_NUMBER_MAX + 1]; /* what an idle display says */
};

/* A set of line `line`, which rests. `label` is cut to what there is room for. */
void set_init(struct set *s, uint32_t line, uint32_t appearancec, const char *label);
/* Takes over the calls that the line has. */
void set_sync(struct set *s, const struct session_core *core);
/* The session, which is of its line, is in a (new) state. */
void set_session(struct set *s, const struct session_core *core, uint32_t session);
/* Calls that are no more are taken away. */
void set_refresh(struct set *s, const struct session_core *core);

/* A person, or an application in place of one, moves hook switches. Errors of session_phone_set_hook; or what came of
 * it. */
enum session_phone_err set_hook(struct set *s, const struct session_core *core, uint32_t devs, uint32_t mode);
/* Presses or lets go of a button. BADBUTTON, BADSTATE (it is down, or up), RESOURCE: nothing happened; else what the
 * key could not do. */
enum session_phone_err set_press(struct set *s, const struct session_core *core, uint32_t id, bool down);
/* Lamp "Message". */
void set_message(struct set *s, bool on);

/* The next operation that the core is to be given, in order; valid until the next call of any function of the set. The
 * caller sets its `request`. NULL: none. */
const struct session_req *set_want(struct set *s);
/* The rest is not wanted any more, since one was refused. */
void set_give_up(struct set *s);

/* NULL, or a text saying what is wrong with it. For tests. */
const char *set_check(const struct set *s);

#endif
