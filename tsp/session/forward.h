/* What a line has beside its calls: forwarding, call completion, status. SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_FORWARD_H
#define TSP_SESSION_FORWARD_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* LINEFORWARDMODE_: each of the four conditions for all calls, or those from inside, from outside, from one caller */
enum {
    SESSION_FORWARD_UNCOND = 0x0001, /* and the next three: internal, external, specific; likewise below */
    SESSION_FORWARD_BUSY = 0x0010,
    SESSION_FORWARD_NOANSW = 0x0100,
    SESSION_FORWARD_BUSYNA = 0x1000,
    SESSION_FORWARD_ALL = 0xFFFF,
    SESSION_FORWARD_SPECIFIC = 0x8888, /* those that name a caller */

    SESSION_FORWARD_MAX = 32,          /* instructions of an address */
    SESSION_FORWARD_SPECIFIC_MAX = 16, /* of them, those that name a caller */
    SESSION_FORWARD_RINGS_MIN = 1,     /* until a call is one that nobody answers */
    SESSION_FORWARD_RINGS_MAX = 20,
};

#define SESSION_ADDRESS_ALL UINT32_MAX

/* One instruction. In a request the texts are dial strings with a length; NULL is as "". */
struct session_forward {
    uint32_t mode;               /* one SESSION_FORWARD_ bit */
    uint32_t country;            /* of the destination: only kept */
    const char *caller;          /* SPECIFIC modes; of others it is not looked at, and kept as "" */
    const char *dest;            /* "": such calls are refused, "do not disturb" */
    size_t caller_len, dest_len; /* bytes */
};

/* All instructions of an address, checked: numbers of digits only, terminated. Immutable, counted by the core. */
struct session_forwards {
    uint32_t refs;
    uint32_t rings; /* SESSION_FORWARD_RINGS_MIN to MAX */
    uint32_t count; /* 1 or more */
    struct session_forward entryv[];
};

/* LINECALLCOMPLMODE_ */
enum {
    SESSION_COMPL_CAMPON = 0x1,   /* called back as soon as there is room for a call: the number was busy */
    SESSION_COMPL_CALLBACK = 0x2, /* called back when the number is at rest: it was busy, or did not answer */
    SESSION_COMPL_INTRUDE = 0x4,  /* joins the conversation that makes it busy, at once */
    SESSION_COMPL_MESSAGE = 0x8,  /* leaves a message: it was busy, or did not answer */
    SESSION_COMPL_ALL = 0xF,

    SESSION_COMPLETIONS_MAX = 8, /* under way for a line */
    SESSION_MESSAGES = 4,
};

/* Text of message 0 to SESSION_MESSAGES - 1, ASCII, never NULL. Thread: any. */
const char *session_message_text(uint32_t message);

/* LINEDEVSTATUSFLAGS_ */
enum {
    SESSION_STATUS_CONNECTED = 0x1, /* always */
    SESSION_STATUS_MSGWAIT = 0x2,
    SESSION_STATUS_INSERVICE = 0x4, /* off: no calls to it and none from it; those that are up go on */
    SESSION_STATUS_LOCKED = 0x8,    /* no calls from it */
    SESSION_STATUS_SETTABLE = SESSION_STATUS_MSGWAIT | SESSION_STATUS_INSERVICE | SESSION_STATUS_LOCKED,
};

#ifdef __cplusplus
}
#endif

#endif
