/* Session core: calls as sessions, portable and sans-I/O. SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_SESSION_H
#define TSP_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tsp/session/forward.h"
#include "tsp/session/media.h"
#include "tsp/session/mediactl.h"

/*
 * A session is a connection between two or more addresses: a TAPI call as one line sees it. The core holds every
 * session of a provider and decides what is legal; it reads no clock, starts no thread, does no I/O and knows no TAPI
 * structure. Whoever drives it gives one input at a time (`session_step`), then drains the actions it produced
 * (`session_next`). The same inputs give the same actions, in the same order, on every platform.
 *
 * Thread: nothing here is thread-safe; one thread at a time may use a core and the objects it handed out.
 *
 * Numbers that also exist in TAPI (states, modes, feature bits) have TAPI's values; tsp/tspi asserts it.
 */

#ifdef __cplusplus
extern "C" {
#endif

/* ---- errors ---------------------------------------------------------------------------------------------------- */

/* name, text */
#define SESSION_ERR_MAP(X)                                                                                             \
    X(OK, "success")                                                                                                   \
    X(BADSESSION, "no such session")                                                                                   \
    X(BADSTATE, "not allowed in the state the session is in")                                                          \
    X(UNAVAIL, "operation not available")                                                                              \
    X(FAILED, "operation failed")                                                                                      \
    X(NOMEM, "out of memory")                                                                                          \
    X(CALLUNAVAIL, "line or address has no free call appearance")                                                      \
    X(RESOURCE, "provider has no free session")                                                                        \
    X(BADLINE, "no such line, or line not open")                                                                       \
    X(BADADDRESSID, "no such address on the line")                                                                     \
    X(BADADDRESS, "address is not dialable")                                                                           \
    X(BADGROUP, "no such pickup group")                                                                                \
    X(DIALBILLING, "billing tone wait ($) not supported")                                                              \
    X(DIALQUIET, "quiet wait (@) not supported")                                                                       \
    X(DIALDIALTONE, "dial tone wait (W) not supported")                                                                \
    X(DIALPROMPT, "prompt (?) not supported")                                                                          \
    X(INUSE, "line is in use")                                                                                         \
    X(BADPARAM, "bad parameter")                                                                                       \
    X(UUITOOBIG, "user-user information is too long") \
    X(CONFFULL, "conference has as many parties as it may")                                                            \
    X(BADCOMPLMODE, "no such way of completing a call")                                                                \
    X(BADMESSAGE, "no such message")                                                                                   \
    X(BADCOMPLETION, "no such completion")                                                                             \
    X(COMPLOVERRUN, "line has as many completions as it may")                                                          \
    X(BADLINESTATUS, "not a status of a line that can be changed")

enum session_err {
#define SESSION_ERR_ENUM(name, text) SESSION_E_##name,
    SESSION_ERR_MAP(SESSION_ERR_ENUM)
#undef SESSION_ERR_ENUM
        SESSION_E_COUNT
};

/* English text of an error; never NULL. Thread: any. */
const char *session_err_text(enum session_err err);

/* ---- states and modes (values are TAPI's) ------------------------------------------------------------------------ */

/* name, value: LINECALLSTATE_ */
#define SESSION_STATE_MAP(X)                                                                                           \
    X(IDLE, 0x00000001)                                                                                                \
    X(OFFERING, 0x00000002)                                                                                            \
    X(ACCEPTED, 0x00000004)                                                                                            \
    X(DIALTONE, 0x00000008)                                                                                            \
    X(DIALING, 0x00000010)                                                                                             \
    X(RINGBACK, 0x00000020)                                                                                            \
    X(BUSY, 0x00000040)                                                                                                \
    X(SPECIALINFO, 0x00000080)                                                                                         \
    X(CONNECTED, 0x00000100)                                                                                           \
    X(PROCEEDING, 0x00000200)                                                                                          \
    X(ONHOLD, 0x00000400)                                                                                              \
    X(CONFERENCED, 0x00000800)                                                                                         \
    X(ONHOLDPENDCONF, 0x00001000)                                                                                      \
    X(ONHOLDPENDTRANSFER, 0x00002000)                                                                                  \
    X(DISCONNECTED, 0x00004000)                                                                                        \
    X(UNKNOWN, 0x00008000)

enum session_state {
#define SESSION_STATE_ENUM(name, value) SESSION_##name = (value),
    SESSION_STATE_MAP(SESSION_STATE_ENUM)
#undef SESSION_STATE_ENUM
};

#define SESSION_STATES_ALL 0x0000FFFFu

/* CONNECTED and INACTIVE, in the state sets of the contract: there it is a state of its own. */
#define SESSION_INACTIVE 0x00010000u

/* Name of a state, "?" for anything else. Thread: any. */
const char *session_state_name(uint32_t state);

/* LINEDISCONNECTMODE_ */
enum session_disconnect {
    SESSION_DISC_NONE = 0, /* not disconnected */
    SESSION_DISC_NORMAL = 0x1,
    SESSION_DISC_UNKNOWN = 0x2,
    SESSION_DISC_REJECT = 0x4,
    SESSION_DISC_PICKUP = 0x8,
    SESSION_DISC_FORWARDED = 0x10,
    SESSION_DISC_BUSY = 0x20,
    SESSION_DISC_NOANSWER = 0x40,
    SESSION_DISC_BADADDRESS = 0x80,
    SESSION_DISC_UNREACHABLE = 0x100,
    SESSION_DISC_CONGESTION = 0x200,
    SESSION_DISC_INCOMPATIBLE = 0x400,
    SESSION_DISC_UNAVAIL = 0x800,
    SESSION_DISC_NODIALTONE = 0x1000,
    SESSION_DISC_NUMBERCHANGED = 0x2000,
    SESSION_DISC_OUTOFORDER = 0x4000,
    SESSION_DISC_TEMPFAILURE = 0x8000,
    SESSION_DISC_QOSUNAVAIL = 0x10000,
    SESSION_DISC_BLOCKED = 0x20000,
    SESSION_DISC_DONOTDISTURB = 0x40000,
    SESSION_DISC_CANCELLED = 0x80000,
};

/* LINECALLORIGIN_, LINECALLREASON_, LINECALLPARTYID_, LINECALLINFOSTATE_, LINEADDRESSSTATE_, LINEBUSYMODE_,
 * LINEDIALTONEMODE_, LINECONNECTEDMODE_, LINEOFFERINGMODE_, LINEMEDIAMODE_, LINEBEARERMODE_: those the core uses */
enum {
    SESSION_ORIGIN_OUTBOUND = 0x1,
    SESSION_ORIGIN_INTERNAL = 0x2,
    SESSION_ORIGIN_EXTERNAL = 0x4,
    SESSION_ORIGIN_UNKNOWN = 0x10,

    SESSION_REASON_DIRECT = 0x1,
    SESSION_REASON_FWDBUSY = 0x2,
    SESSION_REASON_FWDNOANSWER = 0x4,
    SESSION_REASON_FWDUNCOND = 0x8,
    SESSION_REASON_PICKUP = 0x10,
    SESSION_REASON_UNPARK = 0x20,
    SESSION_REASON_REDIRECT = 0x40,
    SESSION_REASON_CALLCOMPLETION = 0x80,
    SESSION_REASON_TRANSFER = 0x100,
    SESSION_REASON_REMINDER = 0x200,
    SESSION_REASON_UNKNOWN = 0x400,
    SESSION_REASON_PARKED = 0x2000,

    SESSION_PARTY_BLOCKED = 0x1,
    SESSION_PARTY_OUTOFAREA = 0x2,
    SESSION_PARTY_NAME = 0x4,
    SESSION_PARTY_ADDRESS = 0x8,
    SESSION_PARTY_PARTIAL = 0x10,
    SESSION_PARTY_UNKNOWN = 0x20,
    SESSION_PARTY_UNAVAIL = 0x40,

    SESSION_INFO_MEDIAMODE = 0x00000010,
    SESSION_INFO_APPSPECIFIC = 0x00000020,
    SESSION_INFO_CALLID = 0x00000040,
    SESSION_INFO_RELATEDCALLID = 0x00000080,
    SESSION_INFO_REASON = 0x00000200,
    SESSION_INFO_COMPLETIONID = 0x00000400,
    SESSION_INFO_CALLERID = 0x00008000,
    SESSION_INFO_CALLEDID = 0x00010000,
    SESSION_INFO_CONNECTEDID = 0x00020000,
    SESSION_INFO_REDIRECTIONID = 0x00040000,
    SESSION_INFO_REDIRECTINGID = 0x00080000,

    SESSION_ADDR_INUSEZERO = 0x00000004,
    SESSION_ADDR_INUSEONE = 0x00000008,
    SESSION_ADDR_INUSEMANY = 0x00000010,
    SESSION_ADDR_NUMCALLS = 0x00000020,
    SESSION_ADDR_FORWARD = 0x00000040,
    SESSION_LINE_MSGWAITON = 0x00000010,
    SESSION_LINE_MSGWAITOFF = 0x00000020,
    SESSION_LINE_INSERVICE = 0x00000040,
    SESSION_LINE_OUTOFSERVICE = 0x00000080,
    SESSION_LINE_NUMCOMPLETIONS = 0x00001000,
    SESSION_LINE_LOCK = 0x00080000,
    SESSION_LINE_COMPLCANCEL = 0x00800000,
    SESSION_ADDR_TERMINALS = 0x00000080,

    SESSION_LINE_RINGING = 0x00000002,  /* LINEDEVSTATE_RINGING */
    SESSION_LINE_NUMCALLS = 0x00000800, /* LINEDEVSTATE_NUMCALLS */
    SESSION_LINE_TERMINALS = 0x00002000, /* LINEDEVSTATE_TERMINALS */

    SESSION_BUSY_STATION = 0x1,
    SESSION_BUSY_UNKNOWN = 0x4,
    SESSION_DIALTONE_NORMAL = 0x1,
    SESSION_CONNECTED_ACTIVE = 0x1,
    SESSION_CONNECTED_INACTIVE = 0x2, /* a shared address: other stations take part, this one does not */
    SESSION_CONNECTED_ACTIVEHELD = 0x4, /* the other end holds the call */
    SESSION_CONNECTED_INACTIVEHELD = 0x8,
    SESSION_OFFERING_ACTIVE = 0x1,

    SESSION_SHARING_PRIVATE = 0x1, /* LINEADDRESSSHARING_ */
    SESSION_SHARING_BRIDGEDEXCL = 0x2,
    SESSION_SHARING_BRIDGEDNEW = 0x4,
    SESSION_SHARING_BRIDGEDSHARED = 0x8,
    SESSION_SHARING_MONITORED = 0x10,

    SESSION_MEDIA_INTERACTIVEVOICE = 0x4,
    SESSION_MEDIA_AUTOMATEDVOICE = 0x8,
    SESSION_BEARER_VOICE = 0x1,
};

/* ---- operations: the contract table ------------------------------------------------------------------------------ */

enum session_mode { SESSION_REQUIRED, SESSION_ALLOWED, SESSION_NOT_ALLOWED };

enum session_op {
#define SESSION_OP(name, ...) SESSION_OP_##name,
#include "tsp/session/contract.def"
#undef SESSION_OP
    SESSION_OP_COUNT
};

#define SESSION_OP_BIT(op) (UINT64_C(1) << (op))

/* One row of the contract table (contract.def says what each member means). */
struct session_contract {
    const char *name;
    const char *tspi;
    bool initiating;
    bool terminating;
    enum session_mode mode;
    uint32_t states;
    uint32_t states2;
    uint32_t useful;
    uint32_t result;
    bool async;
    uint8_t handles;
    uint32_t call_feature;
    uint32_t address_feature;
    uint32_t line_feature;
    bool implemented;
};

/* The row of `op`; never NULL. Thread: any. */
const struct session_contract *session_contract(enum session_op op);

/* ---- memory ------------------------------------------------------------------------------------------------------ */

/* The allocator of a core, so that a test can count it and fail it. NULL functions mean the C library's. */
struct session_mem {
    void *(*alloc)(size_t size, void *arg); /* zeroed; NULL when there is none */
    void (*free)(void *p, void *arg);       /* takes NULL */
    void *arg;
};

/* ---- parties ----------------------------------------------------------------------------------------------------- */

/* Who one end of a session is: an address and a name, UTF-8, immutable, counted. */
struct session_party {
    uint32_t refs;
    uint16_t number_len; /* bytes, without the terminator */
    uint16_t name_len;
    const struct session_mem *mem;
    char text[]; /* number, NUL, name, NUL */
};

enum { SESSION_NUMBER_MAX = 255, SESSION_NAME_MAX = 255, SESSION_GROUP_MAX = 255 }; /* bytes */

/* A new party with one reference, NULL if there is no memory or a text is too long. `name` may be NULL.
 * `mem` must outlive the party. */
struct session_party *session_party_alloc(const struct session_mem *mem, const char *number, const char *name);
struct session_party *session_party_ref(struct session_party *p);   /* NULL gives NULL */
struct session_party *session_party_deref(struct session_party *p); /* NULL gives NULL; always returns NULL */
const char *session_party_number(const struct session_party *p);    /* "" for NULL */
const char *session_party_name(const struct session_party *p);      /* "" for NULL */

/* ---- dialable addresses ------------------------------------------------------------------------------------------ */

/* What a dial string says (TAPI "Dialable Addresses"). */
struct session_dial {
    char number[SESSION_NUMBER_MAX + 1]; /* 0-9 A-D * # + only: formatting, T, P, pauses and flash taken out. Or a URI */
    char name[SESSION_NAME_MAX + 1];     /* after '^', empty if none */
    bool more;                           /* ends in ';': more digits will follow */
    bool uri;                            /* `number` is a sip:, sips: or tel: URI, as it was written */
};

/* Reads one dialable address, UTF-8, `len` bytes. Only the first of several (CR LF) addresses counts; a sub-address
 * ('|') is passed over. OK, BADADDRESS (bad character, or longer than the limits), or the DIALxxx error of the first
 * of `$@W?`. `out` is written on OK only. Thread: any. */
enum session_err session_dial_parse(const char *text, size_t len, struct session_dial *out);
/* The same where URIs can be called: "sip:", "sips:" and "tel:" begin one, and '^' its name. It is not looked into, but
 * has printable ASCII characters only, none of space, '<', '>', '"'. */
enum session_err session_dial_parse_uri(const char *text, size_t len, struct session_dial *out);

/* ---- core -------------------------------------------------------------------------------------------------------- */

struct session_core;

struct session_conf {
    struct session_mem mem;
    uint32_t max_sessions;   /* sessions that exist (not yet released) in this provider; 0: SESSION_MAX */
    uint32_t no_answer_ms;   /* an outgoing session in RINGBACK this long is disconnected with NOANSWER; 0: never */
    uint64_t binding_ops;    /* SESSION_OP_BITs that the binding can carry out */
    uint32_t max_conference; /* parties of a conference, its owner counted: 3 to SESSION_CONFERENCE_MAX; 0: that */
};

enum { SESSION_MAX = 1 << 22, SESSION_CONFERENCE_MAX = 16 };

/* One address of a line. */
struct session_address_conf {
    const char *number;    /* UTF-8, at most SESSION_NUMBER_MAX bytes */
    const char *name;      /* may be NULL */
    uint32_t max_sessions; /* sessions not IDLE, members of conferences not counted; 0: no limit of its own */
};

struct session_line_conf {
    uint32_t max_sessions; /* sessions not IDLE over all addresses; 0: no limit of its own */
    uint32_t addressc;     /* 1 or more */
    const struct session_address_conf *addressv;
    const uint8_t *sharingv; /* SESSION_SHARING_ of each address; NULL: all are private. Those that are bridged or
                              * monitored belong together by their numbers; a monitored URI is by itself: who uses it,
                              * the binding says (USE) */
    const char *pickup_group; /* of the binding's, UTF-8; NULL: "" */
};

/* Session ids are index and generation in 32 bits, never 0; a stale or made-up one is BADSESSION. */

/* OK, NOMEM, BADPARAM. */
enum session_err session_core_alloc(struct session_core **corep, const struct session_conf *conf);
/* Frees everything, whatever is going on; takes NULL. */
void session_core_free(struct session_core *core);
/* Adds a line with the next line index (from 0). OK, NOMEM, BADPARAM. */
enum session_err session_line_add(struct session_core *core, const struct session_line_conf *conf, uint32_t *linep);
/* The same, at any time between two steps, with the next index or that of a line of which nothing is left
 * (SESSION_IN_LINE_REMOVE). BADPARAM: neither. */
enum session_err session_line_add_at(struct session_core *core, uint32_t line, const struct session_line_conf *conf);

enum { SESSION_APPEARANCES_MAX = 16 }; /* of one number, on all lines together, monitors counted; BADPARAM beyond */

/* Of all that the binding can carry out, it can only do `ops` (SESSION_OP_BITs) on this line; `uris`: URIs can be dialled
 * on it. Before the line is first opened. OK, BADLINE. */
enum session_err session_line_limit(struct session_core *core, uint32_t line, uint64_t ops, bool uris);

/* ---- inputs ------------------------------------------------------------------------------------------------------ */

enum session_in_type {
    SESSION_IN_TIME,       /* it is now `now_ms` */
    SESSION_IN_OP,         /* an operation from above */
    SESSION_IN_IND,        /* an indication from the binding */
    SESSION_IN_LINE_OPEN,  /* line opened: BADLINE (unknown), INUSE (already open) */
    SESSION_IN_LINE_CLOSE, /* line closed: requests on its sessions fail, its sessions are released */
    SESSION_IN_LINE_MASK,  /* which status events and media types of a line are wanted */
    SESSION_IN_LINE_REMOVE, /* the line goes: BADLINE. Requests on its sessions fail, its sessions end in IDLE, those
                             * that are being made without a word; from then on it is only good for one LINE_CLOSE,
                             * which releases them, if it was open. Then nothing of it is left */
};

/* An operation. Strings and parties are borrowed for the length of the step. */
struct session_req {
    enum session_op op;
    uint32_t request;                  /* asynchronous operations: not 0, comes back in SESSION_ACT_REPLY */
    uint32_t session;                  /* mode REQUIRED */
    uint32_t session2;                 /* the second session of the two-session operations */
    uint32_t line;                     /* operations without a session */
    uint32_t address;                  /* operations without a session: address index of the line; FORWARD: or
                                          SESSION_ADDRESS_ALL */
    uintptr_t user;                    /* initiating operations: opaque, kept with the new session. PARK: opaque, comes
                                          back in SESSION_ACT_REPLY */
    uintptr_t user2;                   /* SETUPCONF: the same for the consultation session; `user` is the parent's */
    const char *dest;                  /* MAKE, DIAL, BLINDTRANSFER, REDIRECT: dial string, UTF-8; NULL is as "". Also
                                          of the consultation session of SETUPTRANSFER, SETUPCONF, PREPAREADDCONF.
                                          PARK (directed), UNPARK: the place. PICKUP: where it rings, "": anywhere */
    size_t dest_len;                   /* bytes */
    const char *group;                 /* PICKUP: pickup group, UTF-8; NULL or "": the address's own */
    size_t group_len;                  /* bytes */
    uint32_t media_modes, bearer_mode; /* MAKE: 0 is voice */
    uint32_t min_rate, max_rate;       /* MAKE: bits/s */
    bool only_idle;                    /* MAKE: LINECALLPARAMFLAGS_IDLE: CALLUNAVAIL unless the line is free */
    bool block_id;                     /* MAKE: LINECALLPARAMFLAGS_BLOCKID */
    uint32_t flags, country;           /* MAKE: LINECALLPARAMFLAGS_ and country code: only kept with the session */
    uint32_t value;                    /* SETAPPSPECIFIC, SETTREATMENT: the value; COMPLETETRANSFER: SESSION_TRANSFER_;
                                          SETUPCONF: parties expected, 0: not known; PARK: SESSION_PARK_ */
    struct session_attach attach;      /* MAKE: all; ACCEPT, ANSWER, DROP, SENDUSERUSER: uui; SETCALLDATA: call_data;
                                        * SETQOS: sending, receiving; SETCALLPARAMS: dial_params (and bearer_mode,
                                        * min_rate, max_rate); SETMEDIAMODE has media_modes. 0 is no change */
    const struct session_forward *forwardv; /* FORWARD: all instructions from now on; `value`: rings until no answer */
    uint32_t forwardc;
    uint32_t message;    /* COMPLETECALL: with SESSION_COMPL_MESSAGE in `value`, which one */
    uint32_t completion; /* UNCOMPLETECALL: its id */
    bool on;             /* SETLINESTATUS: whether the SESSION_STATUS_ bits in `value` are to be on or off */
    const struct session_listen *listen; /* digits and tones; NULL: cancel. MONITORDIGITS has modes in `value`,
                                          * MONITORMEDIA has media_modes */
    const struct session_control *control; /* SETMEDIACONTROL; NULL: nothing. Without a session: of the line, or with
                                            * SESSION_SELECT_ADDRESS in `value` of the address */
    const struct session_route *route; /* SETTERMINAL: likewise; NULL: changes nothing */
};

/* LINETRANSFERMODE_ */
enum { SESSION_TRANSFER_TRANSFER = 1, SESSION_TRANSFER_CONFERENCE = 2 };

/* LINEPARKMODE_ */
enum { SESSION_PARK_DIRECTED = 1, SESSION_PARK_NONDIRECTED = 2 };

enum session_ind_type {
    SESSION_IND_INCOMING, /* new leg rings on line/address; caller, called, origin, reason, media_modes. Or, with `state`
                             CONNECTED, `mode` and `connected`: it is a call of a shared address that is up elsewhere;
                             with ONHOLD: a call that was parked there */
    SESSION_IND_DONE,     /* the command with `token` is carried out, or failed with `err`; PLACE: `leg` is set. PARK:
                             `connected` is the place. UNPARK, PICKUP: `leg`, and what INCOMING has, `connected`, `mode`;
                             `state` ONHOLD: it was waiting at the address itself */
    SESSION_IND_PROGRESS, /* far side: `state`, `mode`; CONNECTED: `connected`, and again when `mode` changes */
    SESSION_IND_PARTY,    /* who is at the other end has changed: those parties that are not NULL, `reason` if not 0 */
    SESSION_IND_RING,     /* one more ring of an incoming leg; `mode` is the ring mode, from 1 */
    SESSION_IND_SOUND,    /* this end hears `sound` begin (`state` 1) or end (`state` 0). Or with `media_modes`, and no
                           * sound: that the other end is such a machine, by what has lasted long enough */
    SESSION_IND_PLAYED,   /* what PLAY asked for, with serial `token`, has ended; `err`: it could not be played */
    SESSION_IND_INFORM,   /* the other end sent `attach`: uui, or call data for both ends */
    /* of `line`, not of a leg: */
    SESSION_IND_WATCH,      /* `mode` 1: FREE is wanted for it, once at once, with `address`; 0: no longer */
    SESSION_IND_COMPLETION, /* `completion`, which this line asked for, is not to be any more */
    SESSION_IND_MESSAGE,    /* somebody left a message */
    SESSION_IND_USE,        /* so many stations (`mode`) that the core does not know use `address`, which is monitored */
    SESSION_IND_LINE,       /* it is in service and has messages waiting as `state` says: SESSION_STATUS_ bits */
};

/* From the binding. Parties are borrowed: the core takes references of its own. */
struct session_ind {
    enum session_ind_type type;
    uint32_t session;  /* as in the command; 0 in INCOMING */
    uint32_t leg;      /* the binding's own id of this end of the call, not 0 */
    uint32_t leg2;     /* DONE: the new leg of `session2` of the command */
    uint32_t bridge;   /* DONE: the new leg of `session3` of the command, a conference */
    uint32_t session2; /* DONE: as in the command */
    uint32_t
        seq; /* all of a leg but DONE and INCOMING: counts up per leg from 1; one not above the last is a duplicate, ignored */
    uint32_t token; /* DONE */
    enum session_err err;
    uint32_t state, mode;
    uint32_t line, address; /* INCOMING, of a line */
    uint32_t completion;    /* INCOMING: what was asked for and is done now; DONE: of COMPLETE; COMPLETION */
    uint32_t origin, reason, media_modes;
    struct session_party *caller, *called, *connected, *redirecting, *redirection;
    const struct session_attach *attach; /* INCOMING, INFORM; may be NULL */
    uint32_t call_id;                    /* INCOMING, PARTY: which call it is an end of, by cmd's; 0: not said */
    uint32_t related_call_id;            /* PARTY, with call_id: which one it was before */
    struct session_sound sound;
    const struct session_quality *quality; /* PROGRESS to DISCONNECTED, DONE of DROP; may be NULL */
};

struct session_in {
    enum session_in_type type;
    union {
        struct session_req op;
        struct session_ind ind;
        uint32_t line; /* LINE_OPEN, LINE_CLOSE, LINE_REMOVE */
        struct {
            uint32_t line;
            uint32_t which;          /* SESSION_MASK_ bits: the members that are set */
            uint32_t line_states;    /* LINEDEVSTATE_ bits wanted */
            uint32_t address_states; /* LINEADDRESSSTATE_ bits wanted */
            uint32_t media_modes;    /* calls of these media types are to be reported; 0: none */
        } mask;
    } u;
};

enum { SESSION_MASK_STATES = 1, SESSION_MASK_MEDIA = 2 };

/*
 * Gives the core one input. For an operation the result says whether it was accepted: OK for a synchronous one means
 * done, for an asynchronous one that exactly one SESSION_ACT_REPLY with its request will follow (perhaps at once).
 * `idv` receives the ids of the sessions made (contract.handles of them), written before any action is produced; it
 * may be NULL if there are none. `now_ms` is any clock that never goes back, the same for the whole life of the core.
 * The actions must be drained before the next input.
 */
enum session_err session_step(struct session_core *core, uint64_t now_ms, const struct session_in *in, uint32_t *idv);

/* When the core wants SESSION_IN_TIME, UINT64_MAX: never. */
uint64_t session_deadline(const struct session_core *core);

/* ---- actions ----------------------------------------------------------------------------------------------------- */

enum session_act_type {
    SESSION_ACT_REPLY,   /* `request` ended with `err`; `session` if it concerns one (it may be gone by now) */
    SESSION_ACT_NEW,     /* a session that no operation asked for: LINE_NEWCALL. `count`: of which completion, 0: none */
    SESSION_ACT_STATE,   /* `state`, `mode`, `media_modes` of `session` */
    SESSION_ACT_INFO,    /* `bits` (SESSION_INFO_) of `session` changed */
    SESSION_ACT_RING,    /* `session` rings: `mode`, `count` from 1; only if LINEDEVSTATE_RINGING is wanted */
    SESSION_ACT_LINE,    /* `bits` (LINEDEVSTATE_) of `line`; only those wanted. COMPLCANCEL: of completion `count` */
    SESSION_ACT_ADDRESS, /* `bits` (LINEADDRESSSTATE_) of `line`/`address`; only those wanted */
    SESSION_ACT_DIGIT,   /* `session` hears digit `state` in digit mode `mode`; only those monitored */
    SESSION_ACT_GATHER,  /* gathering for id `count` ended: `mode` is SESSION_GATHER_; the digits are in place */
    SESSION_ACT_GENERATE, /* generating for id `count` ended: `mode` is SESSION_GENERATE_, `state` 1: it was a file */
    SESSION_ACT_TONE,    /* `session` hears the tone with app_specific `count` of list `bits` */
    SESSION_ACT_MEDIA,   /* `session` hears that it carries `media_modes` */
    SESSION_ACT_LAMP,    /* whether a message waits on `line`: `state` 1 or 0; asked for or not */
    SESSION_ACT_STREAM,  /* the media control actions `bits` were carried out in `session`: its stream is in `state` */
    SESSION_ACT_COMMAND, /* `cmd`, for the binding */
};

enum session_cmd_type {
    SESSION_CMD_LINE,   /* `on`: line is attended, offer its (voice) calls; else leave them alone. No DONE */
    SESSION_CMD_PLACE,  /* new leg: `dial`, `caller`; number "" is off-hook only. DONE(leg), then PROGRESS */
    SESSION_CMD_DIAL,   /* more digits: `dial` */
    SESSION_CMD_ACCEPT, /* alert the caller */
    SESSION_CMD_ANSWER,
    SESSION_CMD_DROP, /* end the leg, also to refuse it; DONE if `token` is not 0; nothing for the leg after that. With a
                         token, and others on a shared address in the call: `mode` of DONE is INACTIVE and it lives on */
    SESSION_CMD_HOLD, /* as with DROP: where others take part it becomes INACTIVE. Without a token: taken as done */
    SESSION_CMD_UNHOLD,     /* DONE: `mode` as in CONNECTED. Without a token: the core takes it as done */
    SESSION_CMD_SWAP,       /* `leg` is put on hold, `leg2` taken from it; DONE: `mode` of leg2 */
    SESSION_CMD_CONSULT,    /* `leg` (or conference) is put on hold, and a new leg made for session2 as PLACE does */
    SESSION_CMD_TRANSFER,   /* the far ends of leg (held) and leg2 are connected, both legs are gone */
    SESSION_CMD_DEFLECT,    /* the far end of `leg` goes to `dial`, the leg is gone. A number that does not exist is
                               BADADDRESS, and nothing is changed */
    SESSION_CMD_SETUPCONF,  /* new conference for session3, with `leg` (0: nobody), held; and a new leg for session2 */
    SESSION_CMD_CONFERENCE, /* new conference for session3, of `leg` and `leg2` (held) */
    SESSION_CMD_ADD,        /* leg2 joins the conference `leg`, which is taken from hold */
    SESSION_CMD_PARK,     /* the far end of `leg` is parked at `dial`, or with number "" where there is room; the leg is
                             gone. BADADDRESS: no such place, RESOURCE: no room left, FAILED: it is taken */
    SESSION_CMD_UNPARK,   /* new leg, connected with the call that is parked at `dial`; `caller`. BADADDRESS: none is */
    SESSION_CMD_PICKUP,   /* new leg, connected with a call that rings at `dial`, or with number "" in `group`, which ""
                             is that of the address, where a call waiting comes first; `caller`. BADADDRESS: nothing
                             rings there, BADGROUP: no such group, FAILED: nothing rings in it */
    SESSION_CMD_COLLAPSE, /* the conference `leg` is gone; leg2 is a call of its own again, any other member a held one;
                             `on`: leg2 is on hold as well. No DONE */
    SESSION_CMD_REJECT, /* an INCOMING leg the core took no session for; `mode`: disconnect mode for the caller. No DONE
                         */
    SESSION_CMD_PLAY, /* `play` to the other end, in place of what is played now. No DONE, but one PLAYED unless it is
                       * replaced or stopped. RECORD has nothing to do with that: DONE says whether it can be */
    SESSION_CMD_INFORM, /* `attach`: uui or call data for the other end */
    SESSION_CMD_FORWARD,    /* of `line`/`address` (SESSION_ADDRESS_ALL): `forwards` in place of what there was. A
                               destination that does not exist, or is the address itself, is BADADDRESS, and nothing is
                               changed */
    SESSION_CMD_COMPLETE,   /* `leg`, which found its number busy or rings there, is completed as `mode` (SESSION_COMPL_)
                               says, under the id `completion`, of message `message`. All but INTRUDE: the leg is gone.
                               DONE: `completion`, `line`; INTRUDE: as if answered */
    SESSION_CMD_UNCOMPLETE, /* `completion` of `line` is not wanted any more: it is never offered after DONE */
    SESSION_CMD_LINESTATUS, /* `mode`: SESSION_STATUS_ bits of `line` that are `on` or off now */
    SESSION_CMD_FREE,       /* a session of a watched line has ended: `mode` are left on it, `on`: there is room for one
                               on `address`. No DONE */
    SESSION_CMD_LINE_REMOVE, /* the line is no more: nobody calls it, who waits for it is turned away. Its legs were
                              * dropped before. No DONE */
    SESSION_CMD_STREAM, /* what is played to the other end goes on as `stream` says. No DONE */
    SESSION_CMD_SECURE, /* as long as `leg` is there nothing that can be kept away disturbs it. No DONE */
};

/* To the binding. Every command with a token is answered by one DONE. A leg is gone after DROP, REJECT, or the
 * binding's own PROGRESS(DISCONNECTED). DROP of an unknown leg is no error. */
struct session_cmd {
    enum session_cmd_type type;
    uint32_t session;
    uint32_t leg;
    uint32_t leg2;
    uint32_t session2, session3; /* of new legs */
    uint32_t token;
    uint32_t line, address;
    uint32_t mode;
    bool on;
    bool block_id;
    uint32_t media_modes;
    const struct session_dial *dial; /* valid until the next step */
    const char *group;               /* PICKUP. Valid likewise */
    struct session_party *caller;    /* borrowed: valid until the next step */
    const struct session_attach *attach; /* PLACE, ACCEPT, ANSWER, DROP: NULL or for the other end. Valid likewise */
    const struct session_play *play; /* PLAY. Valid likewise */
    const struct session_forwards *forwards; /* FORWARD: NULL cancels. Valid likewise */
    uint32_t completion, message;
    uint32_t call_id;                /* of the new leg of PLACE, CONSULT, SETUPCONF, of what comes of COMPLETE: for the
                                      * other end too */
    struct session_stream stream;    /* STREAM */
};

struct session_act {
    enum session_act_type type;
    uint32_t session;
    uint32_t line, address;
    uint32_t request;
    enum session_err err;
    uint32_t state, mode, media_modes;
    uint32_t bits, count;
    uintptr_t user; /* REPLY of PARK: the request's */
    uint32_t madev[2]; /* REPLY with an error: the sessions that the request had made, which are gone with it */
    struct session_cmd cmd;
};

/* Takes the next action, in the order of their making; valid until the next call of this or session_step. NULL: none
 * left. */
const struct session_act *session_take(struct session_core *core);
/* The same as a copy. False: none left. */
bool session_next(struct session_core *core, struct session_act *act);

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/* All that is known of a session, valid while it exists, whatever its state. */
struct session_info {
    uint32_t id;
    uint32_t line, address;
    uintptr_t user;
    uint32_t call_id;         /* of the call: the same at all of its ends, also after a transfer; not 0 */
    uint32_t related_call_id; /* 0: none */
    uint32_t state, mode;
    uint64_t state_ms; /* when the state was entered */
    uint32_t origin, reason;
    uint32_t media_modes, bearer_mode, rate;
    uint32_t flags, country; /* as MAKE said; else 0 */
    uint32_t app_specific;
    uint32_t completion_id;                /* it comes of a completion of its line; 0: it does not */
    uint32_t disconnect_mode;              /* SESSION_DISC_NONE until disconnected; kept in IDLE */
    uint64_t start_ms, connect_ms, end_ms; /* 0: not (yet) */
    uint32_t rings;
    uint32_t caller_flags, called_flags, connected_flags; /* LINECALLPARTYID_ */
    struct session_party *caller, *called, *connected;
    struct session_party *redirecting, *redirection; /* NULL: was not redirected */
    struct session_party *parked;                    /* where it was parked; NULL: it was not */
    uint8_t termv[SESSION_TERMINALS]; /* LINETERMMODE_: what is routed to each terminal */
    bool parent;   /* of a conference. Its members are CONFERENCED, with its id as mode */
    bool reported; /* its creating request has completed, or it was reported as new: it counts in statuses */
};

/* NULL: no such session. The pointer is valid until the next step. */
const struct session_info *session_get(const struct session_core *core, uint32_t id);

/* Changes the opaque value kept with a session. BADSESSION. */
enum session_err session_set_user(struct session_core *core, uint32_t id, uintptr_t user);

/* LINECALLFEATURE_ bits: the operations that would be accepted and do something now. 0 for no session. */
uint32_t session_call_features(const struct session_core *core, uint32_t id);
/* LINEADDRFEATURE_ bits now (line open or not is not looked at for `ever`: what the address can ever do). */
uint32_t session_address_features(const struct session_core *core, uint32_t line, uint32_t address, bool ever);
/* LINEFEATURE_ bits likewise. */
uint32_t session_line_features(const struct session_core *core, uint32_t line, bool ever);
/* LINECALLFEATURE_ bits that any session can ever have here. */
uint32_t session_call_features_ever(const struct session_core *core);
/* The same of one line; 0 for no line. */
uint32_t session_line_call_features_ever(const struct session_core *core, uint32_t line);

/* Reported sessions of a line, or of one address (UINT32_MAX: all), by TAPI's three counts. */
struct session_counts {
    uint32_t active;       /* all but IDLE and held ones */
    uint32_t on_hold;      /* ONHOLD */
    uint32_t on_hold_pend; /* ONHOLDPENDTRANSFER, ONHOLDPENDCONF */
};
void session_counts(const struct session_core *core, uint32_t line, uint32_t address, struct session_counts *out);
/* Stations that use an address: which have a session there, not IDLE and not INACTIVE, and if the address is shared not
 * DISCONNECTED. Of a shared or monitored one all stations count. */
uint32_t session_stations(const struct session_core *core, uint32_t line, uint32_t address);
uint32_t session_address_sharing(const struct session_core *core, uint32_t line, uint32_t address);

uint32_t session_line_count(const struct session_core *core); /* indexes, with those of lines that were removed */
bool session_line_there(const struct session_core *core, uint32_t line); /* and it was not removed */
bool session_line_vacant(const struct session_core *core, uint32_t line); /* session_line_add_at may give it out */
bool session_line_is_open(const struct session_core *core, uint32_t line);
uint32_t session_address_count(const struct session_core *core, uint32_t line); /* 0: no such line */
const struct session_party *session_address_party(const struct session_core *core, uint32_t line, uint32_t address);
uint32_t session_line_max(const struct session_core *core, uint32_t line); /* as configured, resolved: never 0 */
uint32_t session_address_max(const struct session_core *core, uint32_t line, uint32_t address);

/* How calls of an address are sent on; NULL: they are not. Valid until the next step. */
const struct session_forwards *session_forwards(const struct session_core *core, uint32_t line, uint32_t address);
/* Completions under way that the line has asked for, and its SESSION_STATUS_ bits. */
uint32_t session_completions(const struct session_core *core, uint32_t line);
uint32_t session_line_status(const struct session_core *core, uint32_t line);
/* SESSION_COMPL_ ways in which the session could be completed now. */
uint32_t session_completion_modes(const struct session_core *core, uint32_t id);

/* Sessions that exist (not released), and asynchronous requests not yet replied to. */
uint32_t session_live(const struct session_core *core);
uint32_t session_pending(const struct session_core *core);

/* First session of a line and the one after `id`, in order of creation; 0: no (more) sessions. */
uint32_t session_first(const struct session_core *core, uint32_t line);
uint32_t session_after(const struct session_core *core, uint32_t id);

/* Walks all objects and returns NULL, or a text saying which invariant of the design does not hold. For tests and
 * simulation; cost grows with the sessions. */
const char *session_check(const struct session_core *core);

#ifdef __cplusplus
}
#endif

#endif
