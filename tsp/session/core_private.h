/* Inside of the session core. SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_CORE_PRIVATE_H
#define TSP_SESSION_CORE_PRIVATE_H

#include "tsp/session/pool.h"
#include "tsp/session/session.h"
#include "tsp/session/timer.h"

enum {
    CORE_PENDING_MAX = 16,  /* requests of one session under way: RESOURCE beyond */
    CORE_ACTIONS_MAX = 384, /* of one elementary step: PENDING_MAX replies, and states of a whole conference at most,
                               and what all appearances of its address are told */
};

enum { CORE_INACTIVE = SESSION_CONNECTED_INACTIVE | SESSION_CONNECTED_INACTIVEHELD };

/* 64 bytes, which many thousands of them are: what every call looks at comes first. */
struct address {
    struct session_party *party;
    uint32_t max;                      /* never 0 */
    uint32_t busy;                     /* sessions not IDLE, reported or not */
    struct session_counts counts;      /* reported ones */
    uint32_t use;                      /* sessions that use it */
    uint32_t outside;                  /* stations that do, as the binding says */
    uint8_t sharing;                   /* SESSION_SHARING_, 0: PRIVATE */
    uint8_t termv[SESSION_TERMINALS];  /* of new sessions */
    struct session_forwards *forwards; /* NULL: none */
    struct group *group;               /* of shared addresses; NULL: none */
    struct control *control;           /* of its sessions that have none of their own; NULL: none */
};

/* A completion that a line has asked for. */
struct completion {
    struct completion *next;
    uint32_t id;
};

/* What every call looks at comes first, in 64 bytes. */
struct line {
    bool open;
    bool removed;  /* its sessions, which are IDLE, wait for the close */
    bool vacant;   /* nothing is left of it */
    bool to_close; /* removed: it was open */
    bool attended; /* as last told to the binding */
    bool watched;  /* the binding wants FREE */
    uint32_t addressc;
    struct address *addressv;
    uint32_t max;
    uint32_t busy;
    struct session_counts counts;
    uint64_t no_ops;      /* SESSION_OP_BITs that the binding cannot carry out here, though elsewhere */
    uint32_t no_features; /* LINECALLFEATURE_ bits of those */
    bool uris;
    uint32_t line_states, address_states, media_modes; /* wanted */
    struct session *first, *last;                      /* in order of creation */
    uint8_t termv[SESSION_TERMINALS];
    uint32_t pendingc;
    struct pending *pending; /* requests of no session under way, oldest first */
    struct completion *completions;
    uint32_t completionc, completing; /* under way; asked for, and not yet */
    uint32_t status;                  /* SESSION_STATUS_ */
};

enum { CORE_GROUPS = 256, CORE_MEMBERS_MAX = 2 * SESSION_APPEARANCES_MAX /* those of lines that go, too */ };

/* A number that several addresses have. */
struct group {
    struct group *next;
    struct session_party *party; /* whose number it is */
    uint32_t stations, memberc;
    struct {
        uint32_t line, address;
    } memberv[CORE_MEMBERS_MAX];
};

struct session {
    struct pool_head head;
    struct session_info info;
    struct session *prev, *next; /* of its line */
    uint32_t leg;                /* the binding's; 0: none */
    uint32_t last_seq;
    struct pending *pending; /* requests under way, oldest first */
    uint16_t pendingc;
    uint16_t members;        /* of the conference it is the parent of */
    bool slot;               /* counts in the limits of line and address: not IDLE, nor in a conference */
    bool use;                /* counts in the use of the address */
    uint32_t maker;          /* until reported: the request that makes it */
    struct session *partner; /* of a consultation: the original call (or conference), and the consultation call */
    struct session *parent;  /* of the conference it is in */
    struct session_timer no_answer;
    struct side *side; /* what few sessions have, NULL: nothing of it */
};

struct pending {
    struct pool_head head; /* its id is the token of the command */
    uint32_t request;
    enum session_op op;
    uint32_t session2;       /* second session, which may be gone */
    uint32_t madev[2];       /* sessions it makes: gone if it fails */
    uint32_t mode;           /* COMPLETETRANSFER: which */
    uintptr_t user;          /* PARK: given back with the reply */
    struct session *session; /* NULL: of a line */
    struct pending *next;
    struct blob *blob;                 /* of SETCALLDATA: takes effect when it is done */
    uint32_t line, address;            /* of a line */
    struct session_forwards *forwards; /* FORWARD: likewise */
    struct completion *completion;     /* COMPLETECALL */
    uint32_t value;                    /* SETLINESTATUS: bits; UNCOMPLETECALL: id */
    bool on;
};

/* Some bytes. */
struct blob {
    struct blob *next;
    uint32_t len;
    unsigned char data[];
};

/* Beside a session: see media.h. `m` points into the blobs. */
struct side {
    struct session_media m;
    struct blob *uui; /* received, oldest first */
    uint32_t uuic;
    struct blob *call_data, *sending, *receiving;
    struct session_timer gathering, listening;
    struct session *session;
    /* played to the other end */
    uint32_t play_id, play_serial; /* serial 0: nothing */
    bool play_file;
    char *digits;                  /* of it */
    /* heard from the other end */
    struct session_sound sound;
    bool sounding;
    uint64_t since_ms; /* it is so since then; 0: not listening yet */
    uint32_t digit_modes, media_modes, media_told;
    uint32_t machine;          /* media types that the other end has said it is, by a tone that goes on */
    uint64_t machine_since_ms; /* since then */
    bool media_set; /* `media_modes` counts, not what the line detects in new sessions */
    struct session_gather gather;
    uint32_t gathered;
    struct watch *watches;
    uint32_t watchc;
    /* media control */
    struct control *control;            /* of its own */
    bool own_control;                   /* `control` counts, also if it is NULL */
    uint32_t tone_told, media_ctl_told; /* entries that have acted upon the sound that is heard now */
};

/* Lists of SETMEDIACONTROL, which those who have them share. */
struct control {
    uint32_t refs;
    struct session_control c; /* points to what follows */
};

/* One watched tone. */
struct watch {
    struct watch *next;
    uint32_t list;
    bool told; /* of the sound that is heard now */
    struct session_watch w;
};

enum { TIMER_NO_ANSWER, TIMER_GATHERING, TIMER_LISTENING };

struct session_core {
    struct session_mem mem;
    struct session_conf conf;
    struct pool sessions, pendings;
    struct session_timers timers;
    struct line *linev;
    uint32_t linec, line_cap;
    uint32_t removing;       /* 1 + line whose sessions are being ended, 0: none */
    uint32_t removing_after; /* session that was the last to be */
    uint32_t call_id;
    uint32_t controls; /* lists of media control that exist */
    uint64_t now_ms;
    uint64_t ops;                      /* implemented, and the binding can */
    uint32_t features_of[17];          /* LINECALLFEATURE_ by number of the state bit, INACTIVE last */
    struct group *groupv[CORE_GROUPS]; /* by hash of the number */
    uint32_t closing;                  /* 1 + line whose sessions are being released, 0: none */
    struct {
        uint32_t line;        /* 1 + line whose addresses and sessions get what was set for it, 0: none */
        uint32_t at, end;     /* addresses to come */
        uint32_t only;        /* sessions of this address; UINT32_MAX: of all */
        struct session *next; /* session to come, after the addresses */
        bool terminals;       /* `route` was set, else media control */
        struct session_route route;
    } spread;
    bool timing; /* timers due by now_ms are being run */
    uint32_t act_first, actc;
    struct session_act actv[CORE_ACTIONS_MAX];
    struct session_dial dial;          /* of the command just made */
    char group[SESSION_GROUP_MAX + 1]; /* likewise */
    struct session_attach attach;
    unsigned char uui[SESSION_UUI_MAX]; /* what `attach` points to */
    uint32_t sidec, play_serial;
    uint32_t completion_id;   /* the last one */
    uint32_t orphans;         /* requests that were replied to and are still under way */
    struct session_play play; /* of the command just made */
};

/* core.c */
struct session_act *core__emit(struct session_core *core, enum session_act_type type, const struct session *s);
struct session_cmd *core__command(struct session_core *core, enum session_cmd_type type, const struct session *s,
                                  uint32_t token);

void core__line_fini(struct session_core *core, struct line *line);
void core__attend(struct session_core *core, uint32_t index);

/* lines.c: lines that go */
enum session_err core__line_remove(struct session_core *core, uint32_t index);
void core__removing(struct session_core *core);                       /* one step of it */
void core__line_closed(struct session_core *core, struct line *line); /* its sessions have been released */

/* call.c */
struct session *core__session_new(struct session_core *core, uint32_t line, uint32_t address, uintptr_t user,
                                  enum session_err *err);
void core__session_free(struct session_core *core, struct session *s);
void core__state(struct session_core *core, struct session *s, uint32_t state, uint32_t mode);
void core__report(struct session_core *core, struct session *s);
void core__info(struct session_core *core, struct session *s, uint32_t bits);
struct pending *core__pending_new(struct session_core *core, struct session *s, enum session_op op, uint32_t request,
                                  enum session_err *err);
void core__pending_end(struct session_core *core, struct pending *p, enum session_err err);
void core__release(struct session_core *core, struct session *s);
enum session_err core__may_make(const struct session_core *core, const struct line *line,
                                const struct address *address);
void core__set_party(struct session_party **slot, uint32_t *flags, struct session_party *party);
uint32_t core__media_wanted(const struct line *line);
void core__slot(struct session_core *core, struct session *s, bool on);
/* A session whose end has left the call: what it was part of goes on without it. */
void core__left(struct session_core *core, struct session *s, uint32_t old_state);

/* control.c: hold, transfer, conference */
enum session_err core__control(struct session_core *core, struct session *s, struct session *s2,
                               const struct session_req *req, uint32_t *idv);
/* The binding's answer to one of those. False: not one of them. */
bool core__control_done(struct session_core *core, struct pending *p, const struct session_ind *ind);
/* The same when nobody waits for it any more: what it has made is undone. */
void core__control_late(struct session_core *core, const struct session_ind *ind);
uint32_t core__control_features(const struct session *s, uint32_t features);
const char *core__control_check(const struct session_core *core, const struct session *s);

/* park.c */
enum session_err core__park(struct session_core *core, struct session *s, const struct session_req *req);
/* UNPARK, PICKUP: a new session for a call that is there already */
enum session_err core__take(struct session_core *core, const struct session_req *req, uint32_t *idv);
/* The binding's answers. */
void core__park_done(struct session_core *core, struct pending *p, const struct session_ind *ind);
void core__take_done(struct session_core *core, struct pending *p, const struct session_ind *ind);
/* forward.c, completion.c: lines beside their calls. Requests of a line outlive its closing, when they are replied to:
 * what they ask for happens all the same. */
enum session_err core__line_op(struct session_core *core, const struct session_req *req);
void core__line_done(struct session_core *core, struct pending *p, const struct session_ind *ind);
void core__line_bits(struct session_core *core, uint32_t line, uint32_t bits, uint32_t count);
/* The line is closed: ends one of its requests or completions. False: there are none. */
bool core__line_close(struct session_core *core, uint32_t line);
void core__line_forget(struct session_core *core, struct line *line);
/* A new call from it. OK, or CALLUNAVAIL (also: out of service, locked), RESOURCE. */
enum session_err core__may_call(const struct session_core *core, const struct line *line,
                                const struct address *address);
const char *core__line_check(const struct session_core *core, const struct line *line, uint32_t *pendingc);
struct pending *core__line_pending(struct session_core *core, const struct session_req *req, enum session_err *err);
enum session_err core__complete(struct session_core *core, struct session *s, const struct session_req *req,
                                uint32_t *idv);
void core__complete_done(struct session_core *core, struct pending *p, const struct session_ind *ind);
void core__complete_late(struct session_core *core, const struct session_ind *ind);
void core__complete_drop(struct session_core *core, struct pending *p);
/* It is under way no longer. */
bool core__completion_over(struct session_core *core, uint32_t line, uint32_t id);
enum session_err core__uncomplete(struct session_core *core, const struct session_req *req);
enum session_err core__line_ind(struct session_core *core, const struct session_ind *ind);
/* A session of a watched line has ended. */
void core__line_free(struct session_core *core, uint32_t line, uint32_t address);
/* share.c: addresses that several lines have */
bool core__inactive(const struct session *s);
/* Its state as the contract table has it. */
uint32_t core__contract_state(const struct session *s);
/* Whether a session in that state (0: not reported) uses its address. */
bool core__uses(const struct session_core *core, const struct session *s, uint32_t state);
/* The session uses its address from now on, or no longer: SESSION_ADDR_ bits of that address that have changed. The
 * other appearances are told at once. */
uint32_t core__use(struct session_core *core, struct session *s, bool on);
/* The binding says who uses a monitored address. OK, BADPARAM. */
enum session_err core__use_outside(struct session_core *core, uint32_t line, uint32_t address, uint32_t stations);
/* Whether an operation without a session can be done on this address, as far as the others are concerned. OK, UNAVAIL
 * (it is only monitored), CALLUNAVAIL (it makes a call, and another line has the address exclusively). */
enum session_err core__may_use(const struct session_core *core, enum session_op op, uint32_t line, uint32_t address);
/* Whether ANSWER may be tried: OK, INUSE. */
enum session_err core__may_answer(const struct session_core *core, const struct session *s);
/* What of the features is left to one of several appearances. */
uint32_t core__share_features(const struct session_core *core, const struct session *s, uint32_t features);
/* The addresses of a line that is complete but for this; of one that goes. OK, NOMEM, BADPARAM. */
enum session_err core__share(struct session_core *core, uint32_t line, const uint8_t *sharingv);
void core__unshare(struct session_core *core, uint32_t line);
void core__groups_free(struct session_core *core);
const char *core__share_check(const struct session_core *core, const struct line *line);

/* op.c, ind.c */
/* The binding says how the line is: SESSION_STATUS_INSERVICE and MSGWAIT. */
enum session_err core__line_service(struct session_core *core, uint32_t index, uint32_t status);
/* Reads the dial string of `req` for a line into core->dial. */
enum session_err core__dial(struct session_core *core, uint32_t line, const struct session_req *req);
void core__connect(struct session_core *core, struct session *s, struct session_party *connected, uint32_t mode);
enum session_err core__op(struct session_core *core, const struct session_req *req, uint32_t *idv);
enum session_err core__ind(struct session_core *core, const struct session_ind *ind);

/* data.c */
/* The session's side, made if need be. NULL: no memory. */
struct side *core__side(struct session_core *core, struct session *s);
void core__side_free(struct session_core *core, struct session *s);
/* UUITOOBIG, BADPARAM: some of it is too long. */
enum session_err core__attach_check(const struct session_attach *a);
/* Keeps what a new session begins with; `uui` only with `received`. OK, NOMEM. */
enum session_err core__attach(struct session_core *core, struct session *s, const struct session_attach *a,
                              bool received);
/* For the other end: the uui of `a` in a command. */
void core__attach_uui(struct session_core *core, struct session_cmd *cmd, const struct session_bytes *uui);
void core__attach_data(struct session_core *core, struct session_cmd *cmd, const struct session_bytes *data);
enum session_err core__data_op(struct session_core *core, struct session *s, const struct session_req *req);
/* The binding is told, once it has the call, that it was secured. */
void core__secured(struct session_core *core, const struct session *s);
void core__data_done(struct session_core *core, struct session *s, struct blob *blob);
/* digits.c, tones.c */
enum session_err core__play(struct session_core *core, struct session *s, const struct session_req *req);
void core__played(struct session_core *core, struct session *s, const struct session_ind *ind);
enum session_err core__gather(struct session_core *core, struct session *s, const struct session_req *req);
void core__gather_digit(struct session_core *core, struct session *s, char digit, uint32_t mode);
void core__gather_timer(struct session_core *core, struct session *s);
enum session_err core__monitor(struct session_core *core, struct session *s, const struct session_req *req);
void core__sound(struct session_core *core, struct session *s, const struct session_sound *sound, bool on);
/* The other end is a machine that speaks of such media, or no longer says so. */
void core__machine(struct session_core *core, struct session *s, uint32_t media_modes, bool on);
void core__listen_timer(struct session_core *core, struct session *s);
/* The session changes to `state`: what is heard is over, and at its end all that goes on in it. */
void core__media_state(struct session_core *core, struct session *s, uint32_t state);
void core__media_free(struct session_core *core, struct side *side);

void core__inform(struct session_core *core, struct session *s, const struct session_attach *a);

/* mediactl.c */
enum session_err core__set_control(struct session_core *core, struct session *s, const struct session_req *req);
/* A digit is heard in `mode`; a state is reached; what is heard lasts: those entries that it triggers act. */
void core__control_digit(struct session_core *core, struct session *s, char digit, uint32_t mode);
void core__control_state(struct session_core *core, struct session *s, uint32_t was);
/* Returns when it wants to be called again, UINT64_MAX: never. */
uint64_t core__control_look(struct session_core *core, struct session *s);
/* The session has a list of digits, tones or media, or its line detects media: it has to listen. */
bool core__control_listens(const struct session_core *core, const struct session *s);
/* Carries out LINEMEDIACONTROL_ actions. */
void core__stream(struct session_core *core, struct session *s, uint32_t actions);
void core__control_drop(struct session_core *core, struct side *side);
/* Takes away what was set for a line and its addresses. */
void core__control_clear(struct session_core *core, struct line *line);
void core__control_deref(struct session_core *core, struct control *control);
enum session_err core__devspecific(struct session_core *core, struct session *s, const struct session_req *req);
/* The line and address (UINT32_MAX: all of them) of an operation without a session. OK, BADLINE, BADADDRESSID. */
enum session_err core__where(struct session_core *core, const struct session_req *req, struct line **line,
                             uint32_t *only);
/* What was set for a line or address comes to all it is for, one at a time. NULL: media control. */
void core__spread_begin(struct session_core *core, uint32_t line, uint32_t only, const struct session_route *route);
/* Something set for a line or address goes on to the next address or session of it. False: it has come to all. */
bool core__spread(struct session_core *core);

/* terminal.c */
void core__terminals_init(uint8_t termv[SESSION_TERMINALS]);
enum session_err core__set_terminal(struct session_core *core, struct session *s, const struct session_req *req);
void core__spread_address(struct session_core *core, struct line *line, uint32_t address);
void core__spread_session(struct session_core *core, struct session *s);

uint32_t core__media_of(const struct session_sound *sound);
bool core__hears(const struct side *side, const uint16_t freqv[SESSION_TONES_MAX]);
void core__play_cancel(struct session_core *core, struct session *s);
enum { CORE_MEDIA_MS = 400 }; /* so long a machine's tone lasts at least */

void core__no_answer(struct session_core *core, struct session *s);

#endif
