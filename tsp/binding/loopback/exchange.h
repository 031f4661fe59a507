/* Inside the embedded exchange: its objects and what its files offer each other. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_LOOPBACK_EXCHANGE_H
#define TSP_BINDING_LOOPBACK_EXCHANGE_H

#include "tsp/binding/loopback/loopback.h"
#include "tsp/session/timer.h"

struct exchange_forwards; /* forward.c */
struct exchange_completion; /* completion.c */

/* One number that can be dialled: an extension or a special number. */
/* What every call looks at comes first. */
struct exchange_number {
    struct session_party *party;
    struct exchange_number *next; /* gone */
    uint32_t hash;
    uint8_t kind;                       /* EXCHANGE_EXT, EXCHANGE_PLACE or enum loopback_kind */
    uint8_t sharing;                    /* SESSION_SHARING_, 0: private */
    bool gone;                          /* its line was removed */
    bool named;                         /* by a leg; see exchange_numbers_sweep */
    uint32_t line, address;             /* extension */
    struct exchange_forwards *forwards; /* of the head: how its calls are sent on; NULL: they are not */
    struct exchange_number *appear;     /* the next appearance of the same number */
    uint32_t prefix;                    /* longer numbers that begin with this one */
    uint32_t group;                     /* extension: index into groupv */
    struct exchange_number *head;       /* the one that is found by its digits: itself, or the first appearance */
    struct exchange_leg *parked; /* extension, place: the call that is parked there; NULL: none */
    uint32_t answer_ms, hangup_ms;
};

enum { EXCHANGE_EXT = 0x80, EXCHANGE_PLACE = 0x81 };

/* A pickup group: the calls that ring in it, oldest first. */
struct exchange_group {
    char *name; /* NULL: "" */
    struct exchange_leg *first, *last;
};

enum exchange_phase {
    LEG_FREE,
    LEG_DIALTONE,  /* caller, no digit yet */
    LEG_DIALING,   /* caller, number not complete */
    LEG_CALLING,   /* caller, the other end rings */
    LEG_BUSY,      /* caller, busy tone */
    LEG_CONNECTED, /* both */
    LEG_WAITING,   /* called, line not attended */
    LEG_OFFERED,   /* called, INCOMING queued or taken */
    LEG_PARKED,    /* not an end: a call that is parked; or where it shows as held */
    LEG_CALLBACK,  /* called, by the exchange: a completion of its own can be done; `to` is to be called when it answers */
    LEG_BRIDGE,    /* not an end: a conference, which has the legs whose bridge it is */
    LEG_GONE,      /* both, DISCONNECTED queued and not taken yet */
};

/* One piece of what the other end sends. */
struct exchange_news {
    struct exchange_news *next;
    bool is_data; /* call data, else user-user information */
    uint32_t len;
    unsigned char data[];
};

/* One end of a call. */
struct exchange_leg {
    struct session_timer timer; /* first member: the timer that is due is the leg */
    uint32_t id;                /* index + 1, and generation above it */
    uint32_t session;           /* of the core, 0: not known yet */
    uint32_t seq;               /* of the last indication */
    uint32_t line, address;
    uint32_t media_modes;
    uint8_t phase;
    bool told;     /* called end: the core has taken its INCOMING */
    bool block_id; /* caller */
    bool held;     /* by its own side */
    bool active;   /* appearance: takes part, or holds */
    bool outgoing; /* call on a shared address: made there */
    bool closed;   /* held call on a shared address: nobody else may take it */
    bool paused;   /* what it plays waits */
    bool muted;    /* and cannot be heard */
    uint16_t rate; /* of it in percent, 0: normal */
    bool up;       /* it is more than a caller with a tone: an end of its call can only be a disconnection */
    uint8_t digitc;
    uint8_t picked;  /* made by UNPARK or PICKUP, until that is DONE; 2: it was waiting at the address itself */
    bool ringing;    /* in the list of its group */
    char *digits; /* DIALING: collected so far */
    const struct exchange_number *to;
    struct session_party *self; /* who it is to the other end: counted; of the exchange or a copy, NULL: blocked */
    const struct exchange_number *via;    /* called: who sent the call here; NULL: nobody */
    const struct exchange_number *called; /* called: what was called at first */
    uint32_t reason;                      /* called: SESSION_REASON_ */
    uint32_t members;                     /* BRIDGE */
    uint32_t heard;                       /* BRIDGE: the last sound that went through it */
    uint32_t call_id, related_call_id;    /* of the core; related: the call it was an end of before a transfer */
    struct exchange_leg *bridge;
    struct exchange_leg *share;                /* appearance of a call on a shared address: the call */
    struct exchange_leg *appear, *appear_next; /* the call: its first appearance; appearance: the next one */
    struct exchange_leg *host;  /* the leg whose conversation it has joined, having no other end; NULL: none */
    struct exchange_leg *guest; /* the first of those that have joined its conversation; of one of them, the next one */
    uint32_t completion;        /* CALLBACK: its id */
    uint8_t hops, rings;        /* caller: times it was forwarded; called: times it rang */
    struct exchange_leg *peer;        /* the other end; NULL: none */
    struct exchange_leg *prev, *next; /* WAITING: of the line; of a bridge; BRIDGE: first one; FREE: next free one */
    struct exchange_play *play;       /* what it sends to its listeners; NULL: nothing */
    struct exchange_leg *older, *newer; /* ringing: of the group */
    const struct exchange_number *place, *parker; /* where it is parked, NULL: it is not; who did it, NULL: nobody */
    uint64_t end_ms;                              /* place: it is ended then; 0: never */
    struct exchange_news *news;       /* not yet told; of a caller that still dials: for the called end */
    struct exchange_news *data;       /* call data of the call, at that end which set it last; NULL: none, or there */
};

enum exchange_event_type {
    EV_DONE,
    EV_STATE,
    EV_RINGBACK,
    EV_GONE,
    EV_OFFER,
    EV_RING,
    EV_PARTY,
    EV_NEWS,
    EV_SOUND,
    EV_PLAYED,
    EV_COMPLETED, /* DONE of COMPLETE: its id in state, line in mode */
    EV_LINE,      /* `session`: an indication about line `leg`; state, mode: what it says */
    EV_NEXT       /* nothing is said: the next completion for line `leg` is tried */
};

/* An indication not yet taken. The rest of it is looked up in the leg when it is. */
struct exchange_event {
    uint8_t type;
    uint8_t err;
    uint16_t place; /* DONE of PARK: 1 + which place; 0: none to tell */
    uint32_t leg;
    uint32_t session;     /* DONE */
    uint32_t session2;    /* DONE: the command's, to be given back */
    uint32_t token;       /* DONE */
    uint32_t state, mode; /* DONE: new leg, new bridge. PARTY: what of it changed: SESSION_INFO_ in mode */
};

struct exchange_line {
    bool attended;
    uint32_t addressc; /* addresses that may have numbers */
    struct exchange_leg *waiting, *waiting_last;
    struct exchange_completion *completions; /* that wait for its numbers, oldest first */
    bool out_of_service;
};

struct exchange {
    struct binding base;
    struct session_mem mem;
    uint32_t ring_ms;

    struct exchange_number **numberv; /* they never move */
    uint32_t numberc, number_cap;
    struct exchange_number *gone;     /* those of removed lines, which legs may still name */
    uint32_t gonec, gone_sweep;       /* how many, and from how many on it is looked at */
    uint32_t *by_number, *by_address; /* open hash tables: index + 1 into numberv, 0: empty */
    uint32_t hash_mask;
    bool shared; /* some numbers are */
    struct exchange_number **placev; /* those where calls are parked */
    uint32_t placec, reminder_ms, timeout_ms;
    struct session_party *nobody; /* the other end now, if it tells nobody who it is */
    struct exchange_group *groupv;
    uint32_t groupc, group_cap;
    uint32_t *by_group; /* open hash table of 2 * group_cap: index + 1 into groupv */

    struct exchange_line *linev;
    uint32_t linec, line_cap;

    struct exchange_leg **chunkv; /* legs never move: EXCHANGE_CHUNK of them each */
    uint32_t chunkc, chunk_cap;
    struct exchange_leg *free_leg;
    uint32_t legs;
    struct exchange_leg *actorv[2]; /* appearances whose command is carried out on their calls */

    struct exchange_event *ring;
    uint32_t ring_cap, ring_first, ring_count; /* cap is a power of two */
    uint32_t lost;                             /* see exchange_push */

    uint32_t playc;              /* legs that play */
    uint32_t sounds;             /* told so far, see `heard` */
    uint32_t newsc;              /* pieces held, also `given` ones */
    struct exchange_news *given; /* in the last indication */
    struct session_attach attach;

    struct session_timers timers;
    uint64_t time_ms; /* timers up to this time may run */
};

enum { EXCHANGE_CHUNK = 256, EXCHANGE_INDEX_BITS = 24, EXCHANGE_ID_MASK = 0x7FFFFFFF, EXCHANGE_RING_SPARE = 64 };

/* ---- memory ---- */
void *exchange_zalloc(struct exchange *x, size_t size);
void exchange_release(struct exchange *x, void *p);

/* ---- numbers (number.c) ---- */
/* Makes numbers, lines and their tables; what is half made is freed by exchange_numbers_free. OK, NOMEM, BADPARAM. */
enum session_err exchange_numbers_init(struct exchange *x, const struct loopback_conf *conf);
void exchange_numbers_free(struct exchange *x);
/* NULL: no such number, no such address. */
const struct exchange_number *exchange_number_find(const struct exchange *x, const char *number, size_t len);
const struct exchange_number *exchange_address_find(const struct exchange *x, uint32_t line, uint32_t address);
const char *exchange_numbers_check(const struct exchange *x);
/* One more extension, while calls go on. OK, NOMEM, BADPARAM: nothing has changed. */
enum session_err exchange_ext_add(struct exchange *x, const struct loopback_ext *ext, uint8_t sharing,
                                  const char *group);
/* All of a line are no more. */
void exchange_exts_remove(struct exchange *x, uint32_t line);
/* Frees those that have gone and are not `named`; takes the mark from the others. */
void exchange_numbers_gone(struct exchange *x);

/* ---- lines that come and go (lines.c) ---- */
enum session_err exchange_line_add(struct exchange *x, uint32_t line, const struct session_line_conf *conf);
/* Nobody calls the line any more; callers that wait for it hear UNREACHABLE. Its own legs have been dropped. Whoever
 * keeps something of a line beside its legs forgets it here. */
void exchange_line_remove(struct exchange *x, uint32_t line);
/* Frees numbers of removed lines that nobody names any more. Whoever keeps a pointer to a number marks it here. */
void exchange_numbers_sweep(struct exchange *x);

/* ---- legs and their indications (leg.c) ---- */
/* A new leg, in no phase yet, and room for its indications. NULL: no memory, or all ids in use. */
struct exchange_leg *exchange_leg_new(struct exchange *x);
void exchange_leg_free(struct exchange *x, struct exchange_leg *leg);
/* The leg of that id, if it belongs to that session (0: any) or to none yet. */
struct exchange_leg *exchange_leg_find(const struct exchange *x, uint32_t id, uint32_t session);
struct exchange_leg *exchange_leg_at(const struct exchange *x, uint32_t index);
void exchange_wait(struct exchange *x, struct exchange_leg *leg);
void exchange_unwait(struct exchange *x, struct exchange_leg *leg);
void exchange_unbridge(struct exchange_leg *leg); /* out of its conference */
void exchange_legs_free(struct exchange *x);
const char *exchange_legs_check(const struct exchange *x);

/* Room for `want` indications. False: no memory. */
bool exchange_ring_reserve(struct exchange *x, uint32_t want);
void exchange_push(struct exchange *x, const struct exchange_event *ev);
bool exchange_pop(struct exchange *x, struct exchange_event *ev);

/* ---- user-user information and call data (inform.c) ---- */
/* Keeps what a caller sends along until there is a called end. OK, NOMEM. */
enum session_err exchange_news_keep(struct exchange *x, struct exchange_leg *leg, const struct session_attach *a);
/* Sends to the other end. OK, NOMEM. */
enum session_err exchange_inform(struct exchange *x, struct exchange_leg *leg, const struct session_attach *a);
/* The leg's next piece, in an INFORM. False: none. */
bool exchange_news_next(struct exchange *x, struct exchange_leg *leg, struct session_ind *ind);
/* As much as an INCOMING carries; the rest is announced behind it. */
void exchange_news_offer(struct exchange *x, struct exchange_leg *leg, struct session_ind *ind);
void exchange_news_free(struct exchange *x, struct exchange_leg *leg);
void exchange_given_free(struct exchange *x);
/* The call's data goes along when `leg` leaves it: its other end keeps it. */
void exchange_data_leave(struct exchange *x, struct exchange_leg *leg);
/* Both ends of a call that was put together have the same data from now on: that of `from`, else that of `other`. */
void exchange_data_merge(struct exchange *x, struct exchange_leg *from, struct exchange_leg *other);
/* A new called end gets what the call has, if it does not come along already. */
void exchange_data_offer(struct exchange *x, struct exchange_leg *leg, struct exchange_leg *called);
/* What a caller has sent so far, to one more called end. */
void exchange_news_copy(struct exchange *x, const struct exchange_leg *leg, struct exchange_leg *called);

/* ---- digits and tones (sound.c) ---- */
enum { EXCHANGE_TIMER_PLAY = 1 };
/* Plays to whoever hears the leg, in place of what it plays now; PLAYED follows unless it is replaced or stopped. */
void exchange_play(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct session_play *p);
void exchange_play_timer(struct exchange *x, uint64_t now_ms, struct session_timer *timer);
void exchange_play_free(struct exchange *x, struct exchange_leg *leg);
/* Whatever the leg plays, now and later, runs, waits, or cannot be heard, as the stream says. */
void exchange_stream(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct session_stream *st);
void exchange_sound_of(const struct exchange_event *ev, struct session_sound *out);

/* ---- shared addresses (share.c) ---- */
/* The leg that has the other end: an appearance's call, else the leg itself. */
struct exchange_leg *exchange_call_of(struct exchange_leg *leg);
/* Calls all appearances of a number for `leg`. False: no memory. */
bool exchange_share_ring(struct exchange *x, struct exchange_leg *leg, const struct exchange_number *via,
                         uint32_t reason);
/* A call made by `leg` is up: it appears at the other appearances of its address, if that is shared. */
void exchange_share_begin(struct exchange *x, struct exchange_leg *leg);
/* One appearance leaves the call, or all do (by the call's end, told with `mode`, those excepted that asked for it). */
void exchange_share_leave(struct exchange_leg *leg);
void exchange_share_end(struct exchange *x, struct exchange_leg *call, enum session_disconnect mode);
void exchange_share_say(struct exchange *x, enum exchange_event_type type, const struct exchange_leg *call,
                        uint32_t state, uint32_t mode);
/* Commands for an appearance. */
void exchange_share_answer(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg);
void exchange_share_drop(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg);
void exchange_share_reject(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd, struct exchange_leg *leg);
/* Those of control.c: true if an appearance is among its legs, and it is done. */
bool exchange_share_control(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd,
                            struct exchange_leg *leg);
const char *exchange_share_check(const struct exchange_leg *leg);

/* ---- calls (call.c) ---- */
/* A called leg, not told of yet, has lost its line: its caller cannot reach it. */
void exchange_unreach(struct exchange *x, struct exchange_leg *leg);
/* Ends the call of a leg at its other end, and the leg. */
void exchange_hang_up(struct exchange *x, struct exchange_leg *leg, const struct session_attach *attach);
void exchange_done(struct exchange *x, const struct session_cmd *cmd, uint32_t leg, enum session_err err);
void exchange_say(struct exchange *x, enum exchange_event_type type, const struct exchange_leg *leg, uint32_t state,
                  uint32_t mode);
/* The call has ended for this leg, by the other end's doing; it is freed when the core has been told. */
void exchange_end(struct exchange *x, struct exchange_leg *leg, enum session_disconnect mode);
void exchange_stop(struct exchange *x, struct exchange_leg *leg); /* its timer */
/* Makes `leg`, just made, a caller that dials as the command says, with its DONE. False: no memory. */
bool exchange_place(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd, uint32_t session,
                    struct exchange_leg *leg);
/* Calls `to` for `leg`, which dialled it, or was sent there by `via` (NULL: nobody). */
void exchange_route(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct exchange_number *to,
                    const struct exchange_number *via, uint32_t reason);
/* The leg's called number cannot be had: busy tone, or the end of a call that was up. */
void exchange_busy(struct exchange *x, struct exchange_leg *leg);
/* Who is at the other end of a leg; NULL: not known. */
struct session_party *exchange_connected(const struct exchange_leg *leg);
uint32_t exchange_mode(const struct exchange_leg *leg); /* LINECONNECTEDMODE_ */

/* Who calls. OK, NOMEM. */
enum session_err exchange_caller(struct exchange *x, const struct session_cmd *cmd, struct session_party **pp);

/* ---- calls that wait elsewhere (park.c) ---- */
/* The pickup group of that name (NULL: ""), made if need be. OK, NOMEM, BADPARAM. */
enum session_err exchange_group(struct exchange *x, const char *name, uint32_t *indexp);
void exchange_groups_free(struct exchange *x);
/* The number of a line that goes: what is parked there is no longer. */
void exchange_park_lost(struct exchange *x, struct exchange_number *n);
/* A called leg rings, and no longer (also for one that does not). */
void exchange_ringing(struct exchange *x, struct exchange_leg *leg);
void exchange_silent(struct exchange *x, struct exchange_leg *leg);
/* PARK, UNPARK, PICKUP */
void exchange_park_command(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd);
/* The leg is parked no longer: nothing else changes. For any leg. */
void exchange_unplace(struct exchange_leg *leg);
/* The same for one that is taken where it shows or reminds: an end like others. */
void exchange_park_taken(struct exchange *x, struct exchange_leg *leg);
/* It is wanted no more where it shows or reminds: it stays parked. */
void exchange_park_back(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg);
/* A parked leg's time has come. */
void exchange_park_timer(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg);
/* Its timer does not run beyond the end of its time. */
void exchange_park_limit(struct exchange *x, struct exchange_leg *leg);
/* `leg` has dialled a place. */
void exchange_park_dialled(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg,
                           const struct exchange_number *place);
/* The INCOMING of a call that is parked, with what it has as any other; the DONE of one that was taken. */
void exchange_park_offer(const struct exchange_leg *leg, struct session_ind *ind);
bool exchange_park_show(struct exchange *x, struct exchange_leg *leg, struct session_ind *ind);
void exchange_park_done(struct exchange *x, struct exchange_leg *leg, const struct exchange_event *ev,
                        struct session_ind *ind);
/* Whether an appearance of a call on a shared address has it for itself (share.c). */
bool exchange_share_alone(const struct exchange_leg *leg);
const char *exchange_park_check(const struct exchange *x, const struct exchange_leg *leg);

/* ---- calls that are up (control.c) ---- */
void exchange_control(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd);
void exchange_bridge_free(struct exchange *x, struct exchange_leg *bridge);

/* ---- forwarding (forward.c) ---- */
enum exchange_condition { EXCHANGE_UNCOND, EXCHANGE_ON_BUSY, EXCHANGE_ON_NOANSW };
enum { EXCHANGE_HOPS_MAX = 8 };
/* Sends the call of `leg` on, from `leg->to`. False: it is not to be sent on. */
bool exchange_forward(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, enum exchange_condition condition);
/* A called leg has rung once more, or waits: true: nobody has answered it, it was sent on and is gone. */
bool exchange_forward_rung(struct exchange *x, uint64_t now_ms, struct exchange_leg *called);
/* Waits unheard: it is sent on in time all the same. */
void exchange_forward_arm(struct exchange *x, uint64_t now_ms, struct exchange_leg *called);
void exchange_forward_command(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd);

/* ---- call completion (completion.c) ---- */
enum { EXCHANGE_CALLBACK_RINGS = 10 }; /* then it is given up */
void exchange_completion_command(struct exchange *x, const struct session_cmd *cmd);
/* Somebody uses a telephone of the line: those who waited for that may be called back when it rests again. */
void exchange_completion_activity(struct exchange *x, uint32_t line);
void exchange_completion_next(struct exchange *x, uint32_t line);
/* A CALLBACK leg was told of, or has ended. */
void exchange_callback_told(struct exchange *x, struct exchange_leg *leg);
void exchange_callback_end(struct exchange *x, struct exchange_leg *leg);
bool exchange_line_indicate(const struct exchange_event *ev, struct session_ind *ind);
void exchange_guest_join(struct exchange_leg *host, struct exchange_leg *guest);
/* Out of the conversation it has joined; those who have joined its own are at their end. */
void exchange_guests_leave(struct exchange *x, struct exchange_leg *leg);
void exchange_completions_free(struct exchange *x);
/* The line is no more: who waits for one of its numbers waits in vain. */
void exchange_completions_cancel(struct exchange *x, uint32_t line);
const char *exchange_completions_check(const struct exchange *x, const struct exchange_leg *leg);

void exchange_command(struct exchange *x, uint64_t now_ms, const struct session_cmd *cmd);
void exchange_timer(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg);
/* Makes the indication of an event. False: it no longer applies. */
bool exchange_indicate(struct exchange *x, uint64_t now_ms, const struct exchange_event *ev, struct session_ind *ind);

#endif
