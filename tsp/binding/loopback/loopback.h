/* The embedded exchange: a binding that connects the lines of one provider with each other.
 * SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_LOOPBACK_LOOPBACK_H
#define TSP_BINDING_LOOPBACK_LOOPBACK_H

#include "tsp/binding/binding.h"

/*
 * A small private exchange in the process. It has extensions, which are the addresses of lines, and special numbers,
 * which behave in a fixed way. It carries no samples: a digit or tone is its begin and its end, which the other end of a
 * connected call hears; what an end plays can wait, go faster or slower, or be silent (STREAM); a special number that
 * answers is an echo, also of user-user information. It has no I/O, thread
 * or clock of its own, so it never calls `wake`.
 *
 * How a call goes (indications of the calling and of the called end):
 *
 *   number                caller                                              called line
 *   none, or only ';'     DIALTONE, DIALING with the first digit              -
 *   more to come (';')    DIALING until the number is complete (see below)    -
 *   extension             DIALING PROCEEDING RINGBACK, CONNECTED on answer    INCOMING, RING at once and every ring_ms
 *   the caller's own      DIALING PROCEEDING BUSY(STATION)                    -
 *   any other             DIALING PROCEEDING DISCONNECTED(BADADDRESS)         -
 *   special               DIALING PROCEEDING, then as its behaviour says      -
 *
 * - An address that dials its own number is busy, as a telephone off the hook is; another address of the same line
 * rings.
 * - A number is complete with the last piece that announces no more, or with an empty piece after digits, or as soon as
 *   it is a known number with which no longer known number begins.
 * - Whether an extension is busy is for the core to say, which knows its limits: REJECT with mode BUSY gives the caller
 *   BUSY(STATION), any other mode DISCONNECTED with that mode.
 * - A line that is not attended rings silently: the caller has RINGBACK, nobody is told. Once it is attended its
 *   waiting calls are offered, in the order in which they came.
 * - Called end drops while ringing: caller DISCONNECTED(REJECT). Caller drops while ringing: called end
 *   DISCONNECTED(CANCELLED). Either drops when connected: the other one DISCONNECTED(NORMAL).
 * - Hold is told to the other end (CONNECTED, ACTIVEHELD). A transfer connects the far ends; one that rings goes on
 *   ringing for its new caller, one that is busy ends the call. A special number goes nowhere by itself: a blind
 * transfer of one FAILS, and one that would have to wait for somebody who rings hangs up. A deflected call is offered
 * with reason TRANSFER or REDIRECT and both redirect parties. A conference is a leg of its own and mixes nothing.
 * - A call is parked at a place, or at an extension, where it shows as held (PARKED) if the line is attended; one call
 *   at each. Its far end is held; the place is its other end. It is taken from there by UNPARK, by a call to the place,
 *   by UNHOLD where it shows. Dropping it where it shows or reminds only takes it from there. A special number that is
 *   parked reminds nobody. PICKUP takes the oldest call that rings: at a number, or in a pickup group, there one that
 *   waits at the address itself before all others; where it rang it is DISCONNECTED(PICKUP).
 * - Other calls are INTERNAL and DIRECT. INCOMING has the caller's party, NULL if the caller blocked it; the called
 * end's `connected` (in the DONE of ANSWER) is the same; the caller's `connected` is the extension or special number.
 * - Extensions with one number are appearances of it, all of one kind of sharing; see share.c.
 * - A command that its leg is not in the state for is DONE with BADSTATE; so is one for a leg that has gone, but DROP.
 * - Lines come (line_add) and go (LINE_REMOVE) at any time. The number of one that has gone is BADADDRESS at once; who
 *   waits for it, because it was not attended, hears UNREACHABLE.
 * - No memory: PLACE is DONE with NOMEM if its own end cannot be had, else the caller is DISCONNECTED(TEMPFAILURE).
 */

enum loopback_kind {
    LOOPBACK_ANSWER, /* rings, answers after answer_ms, hangs up after another hangup_ms */
    LOOPBACK_BUSY,   /* always busy */
    LOOPBACK_RING,   /* rings and never answers */
};

/* An extension: what reaches one address of one line. */
struct loopback_ext {
    uint32_t line, address;
    const char *number; /* 1 to SESSION_NUMBER_MAX of 0-9 A-D * # +; nobody else may have it, unless it is shared */
    const char *name;   /* UTF-8, may be NULL */
};

/* A special number. */
struct loopback_special {
    const char *number; /* as above */
    const char *name;   /* UTF-8, may be NULL */
    enum loopback_kind kind;
    uint32_t answer_ms; /* ANSWER: time of ringing, 0: answers at once */
    uint32_t hangup_ms; /* ANSWER: length of the call, 0: until the caller ends it */
};

/* A place where calls can be parked. */
struct loopback_place {
    const char *number; /* as above */
    const char *name;   /* UTF-8, may be NULL */
};

struct loopback_conf {
    struct session_mem mem;
    uint32_t extc;
    const struct loopback_ext *extv;
    const char *const *groupv; /* pickup group of each of extv, UTF-8; NULL: all are in one, which is "" */
    uint32_t placec;
    const struct loopback_place *placev;
    uint32_t reminder_ms; /* a parked call rings at who parked it after so long, and again so long after it was refused;
                             0: never */
    uint32_t timeout_ms;  /* a call parked this long is ended; 0: never */
    const uint8_t *sharingv; /* of each extension: SESSION_SHARING_BRIDGED..., 0: private. NULL: all are */
    uint32_t specialc;
    const struct loopback_special *specialv;
    uint32_t ring_ms; /* from ring to ring, 0: LOOPBACK_RING_MS */
};

enum { LOOPBACK_RING_MS = 6000 };

/* The special numbers of a default configuration: 600 answers, 601 is busy, 602 never answers, 603 answers and hangs up
 * after two seconds. */
#define LOOPBACK_DEFAULT_SPECIALC 4
extern const struct loopback_special loopback_default_specialv[LOOPBACK_DEFAULT_SPECIALC];

/* Makes an exchange; nothing in `conf` is kept. OK, NOMEM, BADPARAM (a bad or doubled number, a doubled address, or an
 * unknown kind). `bp` is written on OK only. Frees itself through its ops.
 * Thread: as the binding's members, binding.h. */
enum session_err loopback_alloc(struct binding **bp, const struct loopback_conf *conf);

#endif
