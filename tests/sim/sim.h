/* Deterministic simulation of core, pump and exchange under random applications and faults.
 * SPDX-License-Identifier: MIT */
#ifndef TESTS_SIM_SIM_H
#define TESTS_SIM_SIM_H

#include "tsp/binding/loopback/loopback.h"
#include "tsp/binding/pump.h"

/*
 * One seed is one world: some lines, limits, applications, faults that are on and faults that are wholly off, and then
 * random inputs in virtual time. What is simulated is real code: the core, the pump, the exchange. Around it stand
 *   world.c   applications that give inputs, the clock, the two phases
 *   lines.c   of both, what concerns lines beside their calls
 *   late.c    a binding between pump and exchange that is late, repeats itself and refuses
 *   heap.c    an allocator that fails, and counts
 *   model.c   the checkers, which know the contract and see only what an application sees
 *   plant.c   mistakes made on purpose between pump and checkers, to see that they are caught
 * Every input, result, action, command and indication goes into one hash, which is the same on every platform.
 */

/* ---- randomness and hash ---- */
struct rnd {
    uint64_t s;
};
uint64_t rnd_next(struct rnd *r);
uint32_t rnd_below(struct rnd *r, uint32_t n);     /* 0 to n-1; n from 1 */
bool rnd_chance(struct rnd *r, uint32_t permille); /* 0: never, and nothing is drawn */
void hash_add(uint64_t *h, uint32_t word);
void hash_text(uint64_t *h, const char *text);

/* ---- allocator ---- */
struct heap {
    struct rnd *rnd;
    uint32_t fail_permille; /* 0: never */
    int64_t blocks;
    uint64_t failed;
};
void *heap_alloc(size_t size, void *arg);
void heap_free(void *p, void *arg);

/* ---- checkers ---- */
/* clang-format off */
#define SIM_CHECKER_MAP(X)                                                                                             \
    X(NONE, "")                                                                                                        \
    X(REPLY, "every accepted request is replied to exactly once")                                                      \
    X(EARLY, "no event for a session before its reply or its announcement")                                            \
    X(AFTER, "no event for a session after its release")                                                               \
    X(ORDER, "only documented state transitions; IDLE is final")                                                       \
    X(EVENT, "events carry what they must, and nothing that was not asked for")                                        \
    X(RESULT, "operations are accepted and refused as the contract says")                                              \
    X(COUNTS, "status counts equal the sessions that exist")                                                           \
    X(LOOK, "what can be looked up agrees with what was reported")                                                     \
    X(FEATURES, "features offered are those the contract gives in the state")                                          \
    X(LIMITS, "no more sessions than the limits allow")                                                                \
    X(SHARE, "who has a shared address for himself has it alone; a call that is seen elsewhere is somebody's")   \
    X(PAIR, "a call is connected at both ends or at none")                                                             \
    X(GONE, "a line that was removed has nothing left but ended sessions, and nobody else is in its way")               \
    X(CORE, "the core's own invariants")                                                                               \
    X(BINDING, "the binding's own invariants")                                                                         \
    X(DEADLINE, "nothing is left due after its time has been run")                                                     \
    X(LIVENESS, "without faults everything finishes")                                                                  \
    X(END, "nothing is open at the end")                                                                               \
    X(BALANCE, "all memory is given back")                                                                             \
    X(TRACE, "the trace is the same everywhere")
/* clang-format on */

enum sim_checker {
#define SIM_CHECKER_ENUM(name, text) CHECK_##name,
    SIM_CHECKER_MAP(SIM_CHECKER_ENUM)
#undef SIM_CHECKER_ENUM
        CHECK_COUNT
};
const char *sim_checker_name(enum sim_checker c);

/* ---- planted mistakes, and the checker that must see each ---- */
/* clang-format off */
#define SIM_PLANT_MAP(X)                                                                                               \
    X(LOSE_REPLY, REPLY)            /* a reply never comes */                                                          \
    X(REPEAT_REPLY, REPLY)          /* a reply comes twice */                                                          \
    X(FOREIGN_REPLY, REPLY)         /* a reply to a request that nobody made */                                        \
    X(STATE_BEFORE_REPLY, EARLY)    /* first state and reply of MAKE change places */                                  \
    X(STATE_BEFORE_NEW, EARLY)      /* announcement and first state change places */                                   \
    X(STATE_AFTER_RELEASE, AFTER)   /* an event for a session just released */                                         \
    X(LIFE_AFTER_IDLE, ORDER)       /* CONNECTED after IDLE */                                                         \
    X(OFFER_TWICE, ORDER)           /* OFFERING twice */                                                               \
    X(BACK_TO_DIALING, ORDER)       /* DIALING after RINGBACK */                                                       \
    X(NO_IDLE, ORDER)               /* a drop is replied to, IDLE does not come */                                     \
    X(NO_MODE, EVENT)               /* DISCONNECTED without saying why */                                              \
    X(UNWANTED_BITS, EVENT)         /* status bits that were masked out */                                             \
    X(INFO_AFTER_IDLE, EVENT)       /* call information changes after IDLE */                                          \
    X(RING_TWICE, EVENT)            /* one ring counted twice */                                                       \
    X(LOSE_NUMCALLS, EVENT)         /* the number of calls changes silently */                                         \
    X(ACCEPT_ANYTHING, RESULT)      /* an illegal operation is accepted */                                             \
    X(REFUSE_DROP, RESULT)          /* a legal one is refused */                                                       \
    X(STALE_IS_FINE, RESULT)        /* an operation on a released session succeeds */                                  \
    X(HIDE_NEW, EARLY)              /* an announcement is lost */                                                      \
    X(COUNT_ONE_MORE, COUNTS)       /* counts are one too high */                                                      \
    X(LOSE_STATE, LOOK)             /* a state is reached and not reported */                                          \
    X(FEATURE_TOO_MANY, FEATURES)   /* a feature bit too many */                                                       \
    X(TOO_MANY, LIMITS)             /* the limits of the world are lower than the core was told */                     \
    X(INTRUDE, SHARE)               /* somebody takes part in a call that another has exclusively */                   \
    X(FOREIGN_CALL, SHARE)          /* an appearance of a call that is nobody's */                                     \
    X(USE_SILENTLY, EVENT)          /* an address is used by another station, and nobody told */                       \
    X(ONE_SIDED, PAIR)              /* the binding tells a caller BUSY when the called end has answered */             \
    X(LOSE_TOKEN, LIVENESS)         /* the binding carries a command out and does not say so */                        \
    X(DUE_FOREVER, DEADLINE)        /* a deadline that never passes */                                                 \
    X(LEAK_LEG, END)                /* the binding says a leg is dropped and keeps it */                               \
    X(LEAK_BLOCK, BALANCE)          /* one block is not given back */                                                  \
    X(BREAK_BINDING, BINDING)       /* the binding's own check fails */                                                \
    X(HOLD_TWICE, ORDER)            /* a held session is held once more */                                             \
    X(NO_PARENT, EVENT)             /* a session joins a conference that is not named */                               \
    X(HELD_SILENTLY, ORDER)         /* a session is held and nobody told */                                            \
    X(TAKEN_RINGS, ORDER)           /* a session that was picked up or unparked is offered */                          \
    X(PICKED_WHEN_UP, EVENT)        /* a call that was up is said to have been picked up elsewhere */                  \
    X(FORWARD_SILENTLY, EVENT)      /* forwarding changes and nobody is told */                                        \
    X(FOREIGN_COMPLETION, EVENT)    /* a call comes of a completion that nobody asked for */                           \
    X(SWAP_HALF, ORDER)             /* of a swap only one call hears */                                                \
    X(TRANSFER_HALF, ORDER)         /* the consultation call of a transfer does not end */                             \
    X(CONF_HALF, ORDER)             /* a call added to a conference does not hear of it */                             \
    X(REDIRECT_LINGERS, ORDER)      /* a redirected call is disconnected instead of idle */                            \
    X(UNHOLD_SILENTLY, ORDER)       /* a call is taken from hold and nobody told */                                    \
    X(HELD_UNTOLD, LOOK)            /* the other end's hold is not told */                                             \
    X(GATHER_TWICE, EVENT)          /* digits are gathered once and told twice */                                      \
    X(GATHER_NO_REASON, EVENT)      /* gathering ends for no reason */                                                 \
    X(GENERATE_TWICE, EVENT)        /* generating ends twice */                                                        \
    X(UNWANTED_DIGIT, EVENT)        /* a digit in a mode that nobody monitors */                                       \
    X(UNWANTED_TONE, EVENT)         /* a tone of a list that is not there */                                           \
    X(LOSE_UUI, LOOK)               /* user-user information is lost on the way */                                     \
    X(CHANGE_SILENTLY, EVENT)       /* call information changes and nobody is told */                                  \
    X(ROUTE_SILENTLY, EVENT)        /* so do its terminals */                                                          \
    X(NO_CONTROL, EVENT)            /* a trigger of media control does nothing */                                      \
    X(STREAM_LIES, EVENT)           /* media control leads elsewhere than it says */                                   \
    X(OUTLIVE_LINE, GONE)           /* a session does not end with its line */                                         \
    X(KEEP_NUMBER, GONE)            /* the binding is not told that a line has gone */                                 \
    X(FLIP_BIT, TRACE)              /* one bit of one action */
/* clang-format on */

enum sim_plant {
    PLANT_NONE,
#define SIM_PLANT_ENUM(name, checker) PLANT_##name,
    SIM_PLANT_MAP(SIM_PLANT_ENUM)
#undef SIM_PLANT_ENUM
        PLANT_COUNT
};
const char *sim_plant_name(enum sim_plant p);
enum sim_checker sim_plant_checker(enum sim_plant p);

/* ---- running ---- */
struct sim_conf {
    uint64_t seed;
    uint32_t steps; /* of the first phase */
    bool verbose;   /* prints everything that happens */
    enum sim_plant plant;
};

struct sim_result {
    uint64_t hash;
    enum sim_checker fired; /* CHECK_NONE: all is well */
    char text[256];         /* why it fired, and where */
    bool planted;           /* the mistake was made */
    uint32_t donev[SESSION_OP_COUNT]; /* carried out, of each operation */
    uint32_t ops, accepted, sessions, connected, failed_allocs, late, repeated, refused, invented;
    uint32_t streams;  /* times media control acted */
    uint32_t informed; /* session that the binding has just told something of its other end, 0: none */
};

void sim_run(const struct sim_conf *conf, struct sim_result *result);

/* ---- inside ---- */
enum { SIM_LINES = 6, SIM_ADDRESSES = 3, SIM_SESSIONS = 512, SIM_REQUESTS = 4096, SIM_STALE = 1024, SIM_ASKED = 2048,
       SIM_COMPLETIONS = 64 };

/* A session as the model knows it. */
struct model_session {
    uint32_t id, line, address;
    bool making, incoming;
    bool blocked; /* shows no number to whom it called */
    bool taken;       /* made by UNPARK or PICKUP */
    bool shown;       /* came as a held call, because it is parked here */
    bool parent;      /* of a conference */
    bool out;         /* was conferenced when it ended: takes no place */
    bool first;       /* making, in the place of the first call of a conference: takes none of its own */
    uint32_t conf;    /* CONFERENCED: its parent */
    uint32_t partner; /* of a consultation, 0: none, or not known */
    uint32_t make_request;
    uint32_t state, mode; /* 0: none reported yet */
    uint32_t expect;      /* states of which one must come next, 0: any */
    uint32_t rings, call_id;
    bool call_told; /* that its call id changes */
    bool secure;
    uint64_t ring_ms; /* of the last ring */
    uint32_t disconnect_mode;
    /* inside.c */
    const struct session_control *control; /* of its own, if `own_control` */
    bool own_control;
    struct session_stream stream;
    uint32_t stream_due; /* actions that must come next */
    uint32_t info_due;   /* what must be told of its information */
    uint32_t digit_modes, media_modes, lists; /* listened for */
    bool media_set; /* else what its line detects */
    uint8_t termv[SESSION_TERMINALS];
};

struct model_request {
    uint32_t request, session, session2, mode;
    uint32_t line, address, forwards, completion; /* of no session; of COMPLETECALL */
    bool on;
    uint32_t madev[2];
    enum session_op op;
    char place[24]; /* PARK, directed */
};

struct model_line {
    bool open;
    bool removed;  /* nothing can be done with it but, */
    bool to_close; /* if it was open, close it */
    bool vacant;   /* nothing is left of it */
    uint32_t line_states, address_states, media_modes;
    uint32_t max, addressc, address_max[SIM_ADDRESSES];
    uint8_t sharing[SIM_ADDRESSES]; /* 0: private; all others have one number */
    uint32_t stations[SIM_ADDRESSES], told_use[SIM_ADDRESSES]; /* at the last look, and by events since */
    uint32_t counted;   /* reported sessions not IDLE, at the last look */
    bool told_numcalls; /* since then */
    bool mask_changed;
    bool off, locked, lamp;                /* status */
    bool unsure;                           /* what was asked for and replied to as failed may have happened */
    uint32_t forwards[SIM_ADDRESSES];      /* hash of the forwarding, 0: none */
    bool tell[SIM_ADDRESSES];              /* that it has changed */
    uint32_t completionv[SIM_COMPLETIONS]; /* asked for and not known to be over */
    uint32_t completionc;
    const struct session_control *controlv[SIM_ADDRESSES];
    uint8_t termv[SIM_ADDRESSES][SESSION_TERMINALS];
};

struct model {
    struct sim_result *result;
    uint32_t max_sessions;
    uint32_t linec;
    struct model_line linev[SIM_LINES];
    struct model_session sessionv[SIM_SESSIONS];
    uint32_t sessionc;
    struct {
        uint32_t session, id;
        bool gather;
    } askedv[SIM_ASKED]; /* gathering and generating that has not ended */
    uint32_t askedc;
    char placev[SIM_LINES * SIM_ADDRESSES][24]; /* extensions where calls were parked */
    uint32_t placec;
    struct model_request requestv[SIM_REQUESTS];
    uint32_t requestc;
    uint32_t stalev[SIM_STALE];
    uint32_t stalec;
    uint32_t step;
    uint64_t now_ms;
    bool exact;  /* the binding is never late and tells the truth */
    bool wild;   /* it does not */
    bool prompt; /* exact, and what comes up is taken at once */
    bool lags;   /* what comes up is not taken at once, so that the model is behind */
    bool short_of_memory, refusing;
    bool joined; /* somebody has joined a conversation: from then on more than two are connected with each other */
    const struct session_core *core;
};

/* The first failure counts. */
void model_fail(struct model *m, enum sim_checker c, const char *format, ...);
struct model_session *model_find(struct model *m, uint32_t id);
/* An operation was given. `undrained`: events are waiting, so the model may know too little to judge the result. */
void model_op(struct model *m, const struct session_req *req, enum session_err err, const uint32_t idv[2],
              enum session_err dial, bool may_nomem, bool undrained);
void model_line_input(struct model *m, const struct session_in *in, enum session_err err, bool undrained);
/* A line was added in the place of one that was removed, with a number that is free, or (`taken`) is not. */
void model_line_added(struct model *m, uint32_t index, enum session_err err, bool taken, bool may_nomem);
/* Whether the line is as it was, and not removed. */
bool model_line_there(const struct model *m, uint32_t index);
void model_lines_settled(struct model *m);
void model_act(struct model *m, const struct session_act *act);
/* model_park.c: UNPARK, PICKUP: a session for a call that is there already. */
bool model_takes(enum session_op op);
/* What PARK, UNPARK and PICKUP are refused for at once. NULL: nothing; "": that is right. */
const char *model_expect_park(const struct model *m, const struct session_req *req, enum session_err err,
                              enum session_err dial);
bool model_parked_at(const struct model *m, const char *number); /* calls were parked at that extension */
/* There is a call that it may be transferred to. */
bool model_transfer_target(const struct model *m, const struct model_session *s);
/* After all actions have been taken. */
void model_settled(struct model *m, struct pump *pump, enum sim_plant plant);

/* ---- pairs.c: all that the sessions say of who they are connected with ---- */
void model_pairs(struct model *m, const struct session_core *core);

/* ---- lines.c ---- */
struct sim_line_req {
    struct session_forward entryv[SESSION_FORWARD_MAX + 1];
};
/* Makes `req`, of a line, any of FORWARD, SETLINESTATUS, UNCOMPLETECALL, with what it points to. */
void sim_line_req(struct rnd *r, const struct model *m, struct session_req *req, struct sim_line_req *l,
                  const char *const *numberv, uint32_t numberc);
const char *lines_expect(const struct model *m, const struct session_req *req, enum session_err err, bool may_nomem);
const char *lines_expect_complete(const struct model *m, const struct session_req *req, uint32_t line_index,
                                  enum session_err err, bool may_nomem);
uint32_t lines_requests(const struct model *m, uint32_t line);
void lines_request(const struct session_req *req, struct model_request *r);
void lines_reply(struct model *m, const struct model_request *r, enum session_err err);
void lines_act(struct model *m, const struct session_act *act);
/* A line takes the place of one that was removed. */
void lines_anew(struct model *m, struct model_line *line);
void lines_settled(struct model *m, const struct session_core *core);
/* ---- inside sessions (inside.c) ---- */
enum { SIM_CONTROLS = 5 };
const struct session_control *inside_control(uint32_t i);
void inside_start(struct model *m);
void inside_new(struct model *m, struct model_session *s);
bool inside_wants_drained(enum session_op op);
/* Accepted. */
void inside_accepted(struct model *m, const struct session_req *req, bool undrained);
/* It was done. */
void inside_reply(struct model *m, const struct model_request *r);
/* The session has come to another state. */
void inside_state(struct model *m, const struct session_act *act, uint32_t was);
void inside_act(struct model *m, const struct session_act *act);
/* The other end of a call that it has made says that it is connected with it, and the checkers can see that. */
bool inside_is_answered(const struct model *m, uint32_t session);
/* The session is connected, and would show what its other end says now. */
bool inside_hears_first(const struct model *m, uint32_t session);
void inside_settled(struct model *m, const struct session_core *core);
/* ---- both ends of calls (pairs.c) ---- */
void model_hub(struct model *m, const struct model_session *s);
void model_pairs(struct model *m, const struct session_core *core);

/* ---- shared addresses, as the model knows them ---- */
bool model_inactive(const struct model_session *s);
uint32_t model_contract_state(const struct model_session *s);
bool model_shared(const struct model *m, const struct model_session *s);
/* What an operation on an address, or ANSWER, is refused with for the sake of the others. */
enum session_err model_may_use(const struct model *m, enum session_op op, uint32_t line, uint32_t address);
enum session_err model_may_answer(const struct model *m, const struct model_session *s);
uint32_t model_share_features(const struct model *m, const struct model_session *s, uint32_t features);
/* A state was told; all is settled. */
void model_share_state(struct model *m, const struct model_session *s);
void model_share_settled(struct model *m, const struct session_core *core);

/* ---- the late binding ---- */
struct late;
struct late_conf {
    uint32_t command_ms, ind_ms; /* at most so late, 0: never */
    uint32_t repeat_permille, refuse_permille;
    uint32_t wild_permille; /* says what is not so */
    bool sloppy;            /* still speaks of a leg after it was dropped */
    const struct model *model; /* for those mistakes that not everything can show */
};
enum session_err late_alloc(struct binding **bp, struct binding *under, struct rnd *rnd, const struct late_conf *conf,
                            uint64_t *hash, bool verbose, struct sim_result *result);
/* No more faults: what is late already comes in its time. */
void late_heal(struct binding *b);
/* Makes one mistake at the next occasion (LEAK_LEG, LOSE_TOKEN, ONE_SIDED, BREAK_BINDING, DUE_FOREVER,
 * KEEP_NUMBER). */
void late_plant(struct binding *b, enum sim_plant plant);
bool late_idle(const struct binding *b); /* nothing is under way */
bool late_quiet(const struct binding *b); /* no command is */

/* ---- plants ---- */
struct plant {
    enum sim_plant what;
    bool done, holding;
    struct session_act held; /* kept back until the next action, or the end of them */
    uint32_t released;       /* a session just released */
    uint32_t target;         /* one whose next state goes wrong */
};
enum plant_how { PLANT_HOW_NOT, PLANT_HOW_LOSE, PLANT_HOW_HOLD /* lost, unless another state covers it up */, PLANT_HOW_TWICE, PLANT_HOW_CHANGE };
/* The mistakes of plant_inside.c: what becomes of the action. */
enum plant_how plant_inside(struct plant *p, const struct model *m, struct session_act *act);
/* An action on its way to the checkers: they get `out`, as many as it says (0 to 3). NULL: there are no more now. */
uint32_t plant_act(struct plant *p, const struct model *m, const struct session_act *act, struct session_act out[3]);
/* A result on its way to the checkers; `judged`: they know enough to judge it. */
enum session_err plant_result(struct plant *p, const struct session_req *req, enum session_err err, bool judged);

#endif
