/* Between the pump and the thread of the SIP binding: legs, commands, indications. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_FRONT_H
#define TSP_BINDING_SIP_FRONT_H

#include "tapi_shim/platform/platform.h"
#include "tsp/binding/sip/sip.h"

/*
 * Two sides share this: the front (members of the binding, the pump's thread) and the back (the binding's own thread).
 * All of it is under `lock` but what is said to belong to one side. A leg has a `hold` for each side that knows it and
 * each of its own nodes that is queued; it goes with the last. Ids tell the sides from each other's pasts: the back
 * looks a leg of a command up when it comes to it, and finds nothing if the call has ended meanwhile.
 *
 * Memory for what must be said or done is taken beforehand: a leg brings SIP_EVENTS_SPARE events into the common stock,
 * has the event of its end and the commands that end or unhold it in itself; a command has its answer in itself.
 */

enum { SIP_EVENTS_SPARE = 8, SIP_PARTIES = 5, SIP_REFUSED_MAX = 64 };

enum sip_party { SIP_CALLER, SIP_CALLED, SIP_CONNECTED, SIP_REDIRECTING, SIP_REDIRECTION };

/* An indication not yet taken. */
struct sip_event {
    struct sip_event *next;
    enum session_ind_type type;
    bool fixed;               /* part of a command or leg */
    struct sip_leg *gone_of;  /* it is this leg's own */
    struct sip_command *done; /* it is this command's answer */
    uint32_t leg, leg2, bridge;
    uint32_t session, session2; /* DONE */
    uint32_t token;
    enum session_err err;
    uint32_t state, mode;
    uint32_t line, address, reason, origin, media_modes;
    uint32_t completion;
    struct session_party *partyv[SIP_PARTIES];
    uint8_t *uui; /* NULL: none */
    uint32_t uuic;
    bool has_quality;
    struct session_quality quality;
    struct session_sound sound;
};

enum { SIP_FORWARDS = 3 }; /* at once, when busy, when nobody answers */

/* What FORWARD asks for: in `digits` of its command. */
struct sip_forward_wish {
    uint32_t asked; /* a bit each; none: all is taken back */
    bool odd;       /* calls of some callers only */
    char destv[SIP_FORWARDS][SESSION_NUMBER_MAX + 1];
};

/* An account that is none any more, for the back to see to. First member of struct sip_account. */
struct sip_gone {
    struct sip_gone *next;
};

struct sip_command {
    struct sip_command *next;
    struct sip_account_conf *account; /* LINE with `on`: one that comes; in one piece of memory */
    struct sip_leg *of;               /* it is this leg's own */
    struct session_cmd cmd;
    struct session_dial dial;
    struct session_play play;
    char *digits;
    uint8_t *uui; /* NULL: none */
    uint32_t uuic;
    char caller_number[SESSION_NUMBER_MAX + 1];
    uint32_t fresh, bridge; /* legs made for it */
    uint32_t step;          /* back: how far it is */
    struct sip_event answer;
};

/* An end of a call. */
struct sip_leg {
    uint32_t id; /* index + 1, and generation above it */
    uint32_t holds;
    bool front, back; /* who knows it */
    bool told;        /* front: the core has taken its INCOMING, or made it */
    bool is_bridge;   /* not an end: a conference */
    bool secured;     /* and both sides know it */
    uint32_t line;
    uint32_t session; /* front */
    uint32_t seq;     /* front */
    struct sip_command end, unhold;
    bool end_queued, unhold_queued;
    struct sip_event gone; /* its end, or the answer to DROP */
    bool gone_queued;
    struct session_quality quality; /* back: how it was */
    struct sip_call *call;          /* back: all else. NULL: not there yet, or no more */
    struct sip_leg *next_free;
};

struct sip_front_line {
    bool is_account, attended;
    bool coming;              /* the back has not heard of it yet */
    uint32_t serial;          /* of those that came: `step` of the command. 0: from the start */
    struct sip_gone *account; /* the back's; NULL: it has none (yet) */
    uint32_t service;         /* SESSION_STATUS_, as was said last */
    uint32_t wanted;          /* as is now: said when the core asks next */
    bool queued;
    uint32_t securedc; /* legs that are */
    enum sip_fault fault;
    char text[300];    /* why it is out of service */
    uint64_t until_ms; /* registered until then (platform_wall_ms); 0: not */
};

struct sip {
    struct binding base;
    struct session_mem mem;
    struct platform_mutex lock;
    void (*wake)(void *arg);
    void *wake_arg;

    struct sip_leg **legv; /* by index; free ones are listed */
    uint32_t legc, leg_cap;
    struct sip_leg *free_leg;
    uint32_t live; /* legs that the front knows */

    struct sip_event *event_first, *event_last, *spare;
    uint32_t lost;
    bool woken; /* wake was called, and nothing taken since */
    struct session_attach given_attach;
    struct sip_event *given; /* front: the one last taken, whose parties are borrowed */

    struct sip_command *command_first, *command_last;
    bool poked; /* the back has been woken, and has not looked since */

    struct {
        uint32_t token, session, leg;
        enum session_err err;
    } refusedv[SIP_REFUSED_MAX]; /* commands that there was no memory for an answer to */
    uint32_t refusedc;

    struct sip_front_line *linev; /* by line; those that are no accounts are not ours */
    uint32_t linec, line_cap, line_serial;
    uint32_t line_said;    /* lines with something to say */
    struct sip_gone *gone; /* accounts of lines that were removed */

    /* start and stop */
    struct platform_cond changed;
    struct platform_thread *thread;
    bool started, stop, cond_there;
    enum session_err start_err;
    uint16_t portv[SIP_TRANSPORTS];
    struct sip_ua *ua;           /* back */
    const struct sip_conf *conf; /* back, until started */
};

/* ---- memory ---- */
void *sip_zalloc(struct sip *x, size_t size);
void sip_release(struct sip *x, void *p);

/* ---- for the back; none with the lock held unless said so ---- */
/* The command to be carried out next; NULL: none. The back frees it by sip_done or sip_command_free. */
struct sip_command *sip_take(struct sip *x);
/* Answers a command (if it has a token) and gives it up. `mode` is the connected mode. */
void sip_done(struct sip *x, struct sip_command *c, enum session_err err, uint32_t mode,
              struct session_party *connected);
void sip_command_free(struct sip *x, struct sip_command *c);
void sip_account_free(struct sip *x, struct sip_account_conf *conf); /* of a command; takes NULL */
/* The leg of that id if the back still knows it. It stays until the back says sip_leg_over. */
struct sip_leg *sip_leg_get(struct sip *x, uint32_t id);
/* A new leg, known to both sides. NULL: no memory. */
struct sip_leg *sip_leg_make(struct sip *x, uint32_t line);
/* The back has nothing to do with it any more; with `mode` the core is told that it is disconnected. */
void sip_leg_over(struct sip *x, struct sip_leg *leg, enum session_disconnect mode);
/* Answers the DROP that ended the leg of a command, if it wants that. */
void sip_drop_done(struct sip *x, struct sip_command *c);
/* An event to be filled in and said; NULL: no memory, which only what can be left out meets. */
struct sip_event *sip_event_new(struct sip *x, enum session_ind_type type, const struct sip_leg *leg);
/* Takes it over with its parties. */
void sip_say(struct sip *x, struct sip_event *ev);
/* A party of its own for the front; NULL: no memory, or `number` is NULL. Texts that are too long are cut. */
struct session_party *sip_party(struct sip *x, const char *number, size_t number_len, const char *name,
                                size_t name_len);
bool sip_attended(struct sip *x, uint32_t line);
/* Whether a call of the line, or this leg, is not to be disturbed. */
bool sip_secured(struct sip *x, uint32_t line);
bool sip_leg_secured(struct sip *x, const struct sip_leg *leg);
/* The line's account is there. False: the line has been removed meanwhile. */
bool sip_line_has(struct sip *x, uint32_t line, uint32_t serial, struct sip_gone *account);
struct sip_gone *sip_line_account(struct sip *x, uint32_t line); /* NULL: none */
struct sip_gone *sip_gone_take(struct sip *x);                   /* all of them; NULL: none */
/* How a line is now. `fault` and `text` say why it is out of service; NULL: as before. */
void sip_line_say(struct sip *x, uint32_t line, uint32_t service, enum sip_fault fault, const char *text);
/* It is registered for so long, or (0) not. */
void sip_line_registered(struct sip *x, uint32_t line, uint32_t seconds);

/* ---- legs.c for front.c; lock held ---- */
struct sip_leg *sip_front_find(const struct sip *x, uint32_t id, uint32_t session);
void sip_drop_hold(struct sip *x, struct sip_leg *leg);
void sip_front_over(struct sip *x, struct sip_leg *leg); /* the core knows it no more */
void sip_secure(struct sip *x, struct sip_leg *leg, bool on);
struct sip_leg *sip_leg_make_locked(struct sip *x, uint32_t line);
void sip_leg_end(struct sip *x, struct sip_leg *leg, const struct session_cmd *cmd, uint32_t token);
void sip_push_command(struct sip *x, struct sip_command *c);
bool sip_is_of_line(const struct sip_event *ev); /* and of no leg */
void sip_push_event(struct sip *x, struct sip_event *ev);
void sip_event_free(struct sip *x, struct sip_event *ev);
/* Length of as much of a UTF-8 text as has room, whole characters. */
size_t sip_cut(const char *text, size_t len, size_t max);

/* ---- accounts.c for front.c ---- */
enum session_err sip_line_add(struct binding *b, uint32_t line, const struct session_line_conf *conf);
void sip_line_remove(struct sip *x, uint32_t line); /* lock held */

/* ---- the back (ua.c) ---- */
void sip_back(void *arg);          /* the thread */
void sip_back_poke(struct sip *x); /* wakes it */

#endif
