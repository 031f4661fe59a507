/* A binding around another one: late, repetitive, unwilling. SPDX-License-Identifier: MIT */
#include "tests/sim/sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* It uses the C library's allocator: it stands for a network, which does not run out of our memory. */

/* A copy of an attachment, with its bytes. */
struct late_attach {
    struct session_attach a;
    unsigned char bytes[SESSION_UUI_MAX + SESSION_CALL_DATA_MAX];
};

struct late_cmd {
    struct late_attach *attach;
    struct session_forwards *forwards;
    struct session_play play;
    char digits[SESSION_DIGITS_MAX];
    struct session_cmd cmd;
    struct session_dial dial;
    char group[SESSION_GROUP_MAX + 1];
    uint64_t at_ms;
    struct late_cmd *next;
};

struct late_ind {
    struct late_attach *attach;
    struct session_ind ind;
    uint64_t at_ms;
    struct late_ind *next;
};

enum { LATE_LEGS = 4096, LATE_LEGS_KNOWN = 32 };

struct late {
    struct binding base;
    struct binding *under;
    struct late_conf conf;
    bool bulk; /* its own queue of indications is in use: what comes up goes there at once */
    struct rnd *rnd;
    uint64_t *hash;
    bool verbose;
    struct sim_result *result;
    enum sim_plant plant;
    bool known;           /* the last DONE says who the other end is */
    uint32_t lose_token;  /* the DONE with this one is lost */
    uint32_t foreign_leg; /* said to be of another call */
    uint64_t time_ms;
    struct late_cmd *cmds, **cmds_end;
    struct late_ind *inds, **inds_end;
    struct late_ind *given;  /* the last one, whose parties are still lent */
    uint64_t cmd_ms, ind_ms; /* when the last one queued is due: nothing overtakes */
    struct {
        uint32_t leg, session;
    } takenv[LATE_LEGS];
    struct {
        uint32_t leg, session, seq;
    } knownv[LATE_LEGS_KNOWN];
};

static void *need(size_t size)
{
    void *p = calloc(1, size);

    if (!p) {
        abort();
    }
    return p;
}

static void *own_alloc(size_t size, void *arg)
{
    (void)arg;
    return need(size);
}

static void own_free(void *p, void *arg)
{
    (void)arg;
    free(p);
}

static const struct session_mem own = {own_alloc, own_free, NULL};

static struct late_attach *attach_copy(const struct session_attach *a)
{
    struct late_attach *copy;

    if (!a) {
        return NULL;
    }
    copy = need(sizeof(*copy));
    copy->a = *a;
    if (a->uui.len) {
        memcpy(copy->bytes, a->uui.data, a->uui.len);
        copy->a.uui.data = copy->bytes;
    }
    if (a->call_data.len) {
        memcpy(copy->bytes + a->uui.len, a->call_data.data, a->call_data.len);
        copy->a.call_data.data = copy->bytes + a->uui.len;
    }
    return copy;
}

/* A copy, with its texts. */
static struct session_forwards *forwards_copy(const struct session_forwards *f)
{
    size_t size = f ? sizeof(*f) + f->count * sizeof(f->entryv[0]) : 0, at = size;
    struct session_forwards *copy;

    if (!f) {
        return NULL;
    }
    for (uint32_t i = 0; i < f->count; i++) {
        size += f->entryv[i].caller_len + f->entryv[i].dest_len + 2;
    }
    copy = need(size);
    memcpy(copy, f, at);
    for (uint32_t i = 0; i < f->count; i++) {
        struct session_forward *e = &copy->entryv[i];

        e->caller = memcpy((char *)copy + at, f->entryv[i].caller, e->caller_len + 1);
        at += e->caller_len + 1;
        e->dest = memcpy((char *)copy + at, f->entryv[i].dest, e->dest_len + 1);
        at += e->dest_len + 1;
    }
    return copy;
}

static void trace_attach(const struct late *l, const struct session_attach *a)
{
    const unsigned char *uui, *data;

    if (!a) {
        return;
    }
    uui = a->uui.data;
    data = a->call_data.data;
    hash_add(l->hash, a->set_data);
    for (uint32_t i = 0; i < a->uui.len; i++) {
        hash_add(l->hash, uui[i]);
    }
    for (uint32_t i = 0; i < a->call_data.len; i++) {
        hash_add(l->hash, data[i]);
    }
    if (l->verbose) {
        printf(" uui=%.*s data=%.*s", (int)a->uui.len, a->uui.len ? (const char *)uui : "", (int)a->call_data.len,
               a->call_data.len ? (const char *)data : "");
    }
}

static void party_text(const struct late *l, const char *what, const struct session_party *p)
{
    hash_text(l->hash, session_party_number(p));
    hash_text(l->hash, session_party_name(p));
    if (l->verbose && p) {
        printf(" %s=%s", what, session_party_number(p));
    }
}

static void trace_cmd(const struct late *l, uint64_t now_ms, const struct session_cmd *cmd)
{
    static const char *const namev[] = {"LINE",       "PLACE",      "DIAL", "ACCEPT",      "ANSWER",   "DROP",
                                        "HOLD",       "UNHOLD",     "SWAP", "CONSULT",     "TRANSFER", "DEFLECT",
                                        "SETUPCONF",  "CONFERENCE", "ADD",  "PARK",        "UNPARK",   "PICKUP",
                                        "COLLAPSE",   "REJECT",     "PLAY", "INFORM",      "FORWARD",  "COMPLETE",
                                        "UNCOMPLETE", "LINESTATUS", "FREE", "LINE_REMOVE", "STREAM"};
    const uint32_t wordv[] = {0xC0,
                              (uint32_t)now_ms,
                              cmd->type,
                              cmd->session,
                              cmd->leg,
                              cmd->token,
                              cmd->line,
                              cmd->address,
                              cmd->mode,
                              cmd->on,
                              cmd->block_id,
                              cmd->media_modes,
                              cmd->leg2,
                              cmd->session2,
                              cmd->session3,
                              cmd->call_id,
                              cmd->completion,
                              cmd->message,
                              cmd->forwards ? cmd->forwards->count : 0};

    for (size_t i = 0; i < sizeof(wordv) / sizeof(wordv[0]); i++) {
        hash_add(l->hash, wordv[i]);
    }
    if (cmd->dial) {
        hash_text(l->hash, cmd->dial->number);
        hash_add(l->hash, cmd->dial->more);
    }
    if (cmd->group) {
        hash_text(l->hash, cmd->group);
    }
    if (l->verbose) {
        printf("  %8llu > %s session=%x,%x,%x leg=%x,%x token=%x line=%u.%u mode=%x on=%d%s%s%s",
               (unsigned long long)now_ms, namev[cmd->type], (unsigned)cmd->session, (unsigned)cmd->session2,
               (unsigned)cmd->session3, (unsigned)cmd->leg, (unsigned)cmd->leg2, (unsigned)cmd->token,
               (unsigned)cmd->line, (unsigned)cmd->address, (unsigned)cmd->mode, cmd->on, cmd->dial ? " dial=" : "",
               cmd->dial ? cmd->dial->number : "", cmd->dial && cmd->dial->more ? ";" : "");
    }
    party_text(l, "caller", cmd->caller);
    trace_attach(l, cmd->attach);
    if (cmd->play) {
        hash_add(l->hash, cmd->play->kind);
        hash_add(l->hash, cmd->play->serial);
        for (uint32_t i = 0; i < cmd->play->digitc; i++) {
            hash_add(l->hash, (uint32_t)cmd->play->digits[i]);
        }
    }
    if (l->verbose) {
        printf("\n");
    }
}

static void trace_ind(const struct late *l, uint64_t now_ms, const struct session_ind *ind)
{
    static const char *const namev[] = {"INCOMING", "DONE",   "PROGRESS", "PARTY",      "RING",   "SOUND",
                                        "PLAYED",   "INFORM", "WATCH",    "COMPLETION", "MESSAGE"};
    const uint32_t wordv[] = {0xD0,           (uint32_t)now_ms, ind->type,     ind->session, ind->leg,
                              ind->seq,       ind->token,       ind->err,      ind->state,   ind->mode,
                              ind->line,      ind->address,     ind->origin,   ind->reason,  ind->media_modes,
                              ind->leg2,      ind->bridge,      ind->session2, ind->call_id, ind->related_call_id,
                              ind->completion};

    for (size_t i = 0; i < sizeof(wordv) / sizeof(wordv[0]); i++) {
        hash_add(l->hash, wordv[i]);
    }
    if (l->verbose) {
        printf("  %8llu < %s session=%x leg=%x seq=%u token=%x err=%d %s mode=%x line=%u.%u",
               (unsigned long long)now_ms, namev[ind->type], (unsigned)ind->session, (unsigned)ind->leg,
               (unsigned)ind->seq, (unsigned)ind->token, (int)ind->err, session_state_name(ind->state),
               (unsigned)ind->mode, (unsigned)ind->line, (unsigned)ind->address);
    }
    party_text(l, "caller", ind->caller);
    party_text(l, "called", ind->called);
    party_text(l, "connected", ind->connected);
    trace_attach(l, ind->attach);
    if (ind->type == SESSION_IND_SOUND) {
        hash_add(l->hash, (uint32_t)ind->sound.freqv[0] << 16 | (uint32_t)(unsigned char)ind->sound.digit);
    }
    party_text(l, "redirecting", ind->redirecting);
    party_text(l, "redirection", ind->redirection);
    if (l->verbose) {
        printf("\n");
    }
}

static void queue_ind(struct late *l, uint64_t now_ms, const struct session_ind *ind)
{
    struct late_ind *i = need(sizeof(*i));

    i->ind = *ind;
    session_party_ref(ind->caller);
    session_party_ref(ind->called);
    session_party_ref(ind->connected);
    i->attach = attach_copy(ind->attach);
    i->ind.attach = i->attach ? &i->attach->a : NULL;
    session_party_ref(ind->redirecting);
    session_party_ref(ind->redirection);
    i->at_ms = now_ms;
    if (l->conf.ind_ms && rnd_chance(l->rnd, 500)) {
        i->at_ms += rnd_below(l->rnd, l->conf.ind_ms);
        l->result->late++;
    }
    if (i->at_ms < l->ind_ms) {
        i->at_ms = l->ind_ms;
    }
    l->ind_ms = i->at_ms;
    *l->inds_end = i;
    l->inds_end = &i->next;
}

static void free_ind(struct late_ind *i)
{
    session_party_deref(i->ind.caller);
    session_party_deref(i->ind.called);
    session_party_deref(i->ind.connected);
    free(i->attach);
    session_party_deref(i->ind.redirecting);
    session_party_deref(i->ind.redirection);
    free(i);
}

/* A real binding forgets what it had to say about a leg when the leg is dropped. */
static void forget_leg(struct late *l, uint32_t leg)
{
    struct late_ind **link = &l->inds;

    while (*link) {
        struct late_ind *i = *link;
        if (i->ind.leg == leg && i->ind.type != SESSION_IND_DONE) {
            *link = i->next;
            free_ind(i);
        } else {
            link = &i->next;
        }
    }
    l->inds_end = link;
}

static void carry_out(struct late *l, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct session_ind done = {.type = SESSION_IND_DONE, .session = cmd->session, .leg = cmd->leg, .token = cmd->token};

    if (cmd->type == SESSION_CMD_DROP && cmd->token && l->plant == PLANT_LEAK_LEG) {
        l->plant = PLANT_NONE;
        l->result->planted = true;
        queue_ind(l, now_ms, &done);
        return;
    }
    if (cmd->type == SESSION_CMD_DROP && cmd->token && l->plant == PLANT_LOSE_TOKEN) {
        l->plant = PLANT_NONE;
        l->lose_token = cmd->token;
    }
    if (cmd->type == SESSION_CMD_LINE_REMOVE && l->plant == PLANT_KEEP_NUMBER) {
        l->plant = PLANT_NONE;
        l->result->planted = true;
        return;
    }
    if ((cmd->type == SESSION_CMD_DROP || cmd->type == SESSION_CMD_REJECT) && cmd->leg && !l->conf.sloppy) {
        forget_leg(l, cmd->leg);
    }
    l->under->ops->command(l->under, now_ms, cmd);
}

/* Whatever an application waits for; not what ends a leg that nobody else knows any more. */
static bool refusable(const struct session_cmd *cmd)
{
    return cmd->token != 0;
}

static void late_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    static const enum session_err errv[] = {SESSION_E_FAILED, SESSION_E_NOMEM, SESSION_E_RESOURCE, SESSION_E_BADSTATE};
    struct late *l = (struct late *)b;
    struct late_cmd *c;

    trace_cmd(l, now_ms, cmd);
    if (refusable(cmd) && rnd_chance(l->rnd, l->conf.refuse_permille)) {
        struct session_ind done = {.type = SESSION_IND_DONE,
                                   .session = cmd->session,
                                   .leg = cmd->leg,
                                   .token = cmd->token,
                                   .session2 = cmd->session2,
                                   .err = errv[rnd_below(l->rnd, 4)]};
        l->result->refused++;
        queue_ind(l, now_ms, &done);
        return;
    }
    if (!l->cmds && !l->conf.command_ms) {
        carry_out(l, now_ms, cmd);
        return;
    }
    c = need(sizeof(*c));
    c->cmd = *cmd;
    if (cmd->dial) {
        c->dial = *cmd->dial;
        c->cmd.dial = &c->dial;
    }
    if (cmd->play) {
        c->play = *cmd->play;
        if (cmd->play->digitc) {
            memcpy(c->digits, cmd->play->digits, cmd->play->digitc);
        }
        c->play.digits = c->digits;
        c->cmd.play = &c->play;
    }
    if (cmd->group) {
        memcpy(c->group, cmd->group, strlen(cmd->group) + 1);
        c->cmd.group = c->group;
    }
    c->forwards = forwards_copy(cmd->forwards);
    c->cmd.forwards = c->forwards;
    c->attach = attach_copy(cmd->attach);
    c->cmd.attach = c->attach ? &c->attach->a : NULL;
    if (cmd->caller) {
        /* a copy: it belongs to the core, which may be freed while this waits */
        c->cmd.caller = session_party_alloc(&own, session_party_number(cmd->caller), session_party_name(cmd->caller));
    }
    c->at_ms = now_ms;
    if (l->conf.command_ms && rnd_chance(l->rnd, 500)) {
        c->at_ms += rnd_below(l->rnd, l->conf.command_ms);
        l->result->late++;
    }
    if (c->at_ms < l->cmd_ms) {
        c->at_ms = l->cmd_ms;
    }
    l->cmd_ms = c->at_ms;
    *l->cmds_end = c;
    l->cmds_end = &c->next;
}

static enum session_err late_line_add(struct binding *b, uint32_t line, const struct session_line_conf *conf)
{
    struct late *l = (struct late *)b;

    return l->under->ops->line_add(l->under, line, conf);
}

static void late_taken(struct binding *b, uint32_t leg, uint32_t session)
{
    struct late *l = (struct late *)b;
    uint32_t i = leg % LATE_LEGS; /* ids are an index with a generation above it: no two live ones meet */

    l->takenv[i].leg = leg;
    l->takenv[i].session = session;
    if (leg == l->foreign_leg && l->plant == PLANT_FOREIGN_CALL) {
        l->plant = PLANT_NONE;
        l->result->planted = true;
    }
    l->under->ops->taken(l->under, leg, session);
}

static void pull(struct late *l, uint64_t now_ms)
{
    struct session_ind ind;

    while (l->under->ops->next(l->under, now_ms, &ind)) {
        if (ind.type == SESSION_IND_DONE && l->lose_token && ind.token == l->lose_token) {
            l->result->planted = true;
            continue;
        }
        if (ind.type == SESSION_IND_DONE) {
            l->known = ind.connected != NULL;
        }
        if (ind.type == SESSION_IND_PROGRESS && ind.state == SESSION_CONNECTED && ind.connected && l->known &&
            ind.mode == SESSION_CONNECTED_ACTIVE && session_party_number(ind.connected)[0] == '1' &&
            l->plant == PLANT_ONE_SIDED && inside_is_answered(l->conf.model, ind.session)) {
            l->plant = PLANT_NONE;
            l->result->planted = true;
            ind.state = SESSION_BUSY;
            ind.mode = SESSION_BUSY_STATION;
        }
        if (ind.type == SESSION_IND_INFORM && ind.attach && ind.attach->uui.len && l->conf.model->exact &&
            !l->conf.sloppy) {
            if (!l->result->planted) {
                l->result->informed = ind.session;
            }
            if (l->plant == PLANT_LOSE_UUI && inside_hears_first(l->conf.model, ind.session)) {
                l->result->planted = true;
                l->plant = PLANT_NONE;
                continue;
            }
        }
        if (ind.type == SESSION_IND_INCOMING && ind.state == SESSION_CONNECTED && l->plant == PLANT_FOREIGN_CALL) {
            l->foreign_leg = ind.leg;
            ind.call_id += 1000000;
        }
        queue_ind(l, now_ms, &ind);
        if (ind.type != SESSION_IND_INCOMING && rnd_chance(l->rnd, l->conf.repeat_permille)) {
            l->result->repeated++;
            queue_ind(l, now_ms, &ind);
        }
        if (!l->bulk) {
            break; /* one at a time, as the core would take them */
        }
    }
}

/* The first late command. */
static void hand_over(struct late *l, uint64_t now_ms)
{
    struct late_cmd *c = l->cmds;

    l->cmds = c->next;
    if (!l->cmds) {
        l->cmds_end = &l->cmds;
    }
    carry_out(l, now_ms, &c->cmd);
    session_party_deref(c->cmd.caller);
    free(c->attach);
    free(c->forwards);
    free(c);
}

/* Now and then a binding says something that is not so, about a leg that it has; it is taken at its word. */
static bool invent(struct late *l, uint64_t now_ms, struct session_ind *ind)
{
    static const uint32_t discv[] = {SESSION_DISC_NORMAL, SESSION_DISC_BUSY, SESSION_DISC_CONGESTION};
    uint32_t i = rnd_below(l->rnd, LATE_LEGS_KNOWN);

    if (!rnd_chance(l->rnd, l->conf.wild_permille) || !l->knownv[i].leg) {
        return false;
    }
    memset(ind, 0, sizeof(*ind));
    ind->type = rnd_below(l->rnd, 8) ? SESSION_IND_PROGRESS : SESSION_IND_DONE;
    ind->leg = l->knownv[i].leg;
    ind->session = l->knownv[i].session;
    if (ind->type == SESSION_IND_DONE) {
        ind->token = (uint32_t)rnd_next(l->rnd); /* of no command */
    } else {
        ind->state = rnd_below(l->rnd, 8) ? 1u << rnd_below(l->rnd, 16) : (uint32_t)rnd_next(l->rnd);
        ind->seq = ++l->knownv[i].seq;
        ind->mode = ind->state == SESSION_DISCONNECTED ? discv[rnd_below(l->rnd, 3)]
                                                       : ind->state == SESSION_BUSY || ind->state == SESSION_DIALTONE ||
                                                             ind->state == SESSION_OFFERING;
    }
    if (ind->state == SESSION_DISCONNECTED) {
        struct session_cmd drop = {.type = SESSION_CMD_DROP, .leg = ind->leg, .session = ind->session};
        carry_out(l, now_ms, &drop);
        l->knownv[i].leg = 0;
    }
    l->result->invented++;
    trace_ind(l, now_ms, ind);
    return true;
}

/* What was said last of some legs. */
static void know(struct late *l, const struct session_ind *ind)
{
    uint32_t i = ind->leg % LATE_LEGS_KNOWN;

    if (ind->type == SESSION_IND_PROGRESS || ind->type == SESSION_IND_RING || ind->type == SESSION_IND_PARTY) {
        l->knownv[i].leg = ind->state == SESSION_DISCONNECTED ? 0 : ind->leg;
        l->knownv[i].session = ind->session;
        l->knownv[i].seq = ind->seq;
    }
}

static bool late_next(struct binding *b, uint64_t now_ms, struct session_ind *ind)
{
    struct late *l = (struct late *)b;
    struct late_ind *i;

    if (l->given) {
        free_ind(l->given);
        l->given = NULL;
    }
    if (l->conf.wild_permille && invent(l, now_ms, ind)) {
        return true;
    }
    for (;;) {
        if (!l->inds || l->bulk) {
            pull(l, now_ms);
        }
        /* a late command is handed over when nothing more comes up from the earlier ones, as binding.h asks */
        if ((l->inds && !l->bulk) || !l->cmds || l->cmds->at_ms > now_ms) {
            break;
        }
        hand_over(l, now_ms);
    }
    i = l->inds;
    if (!i || i->at_ms > now_ms) {
        return false;
    }
    l->inds = i->next;
    if (!l->inds) {
        l->inds_end = &l->inds;
    }
    if (i->ind.type != SESSION_IND_INCOMING && !i->ind.session && l->takenv[i->ind.leg % LATE_LEGS].leg == i->ind.leg) {
        i->ind.session = l->takenv[i->ind.leg % LATE_LEGS].session;
    }
    l->given = i;
    *ind = i->ind;
    know(l, ind);
    trace_ind(l, now_ms, ind);
    return true;
}

static void late_time(struct binding *b, uint64_t now_ms)
{
    struct late *l = (struct late *)b;

    l->time_ms = now_ms;
    l->under->ops->time(l->under, now_ms);
}

static uint64_t late_deadline(const struct binding *b)
{
    const struct late *l = (const struct late *)b;
    uint64_t at = l->under->ops->deadline(l->under);

    if (l->plant == PLANT_DUE_FOREVER) {
        l->result->planted = true;
        return l->time_ms;
    }
    if (l->cmds && l->cmds->at_ms < at) {
        at = l->cmds->at_ms;
    }
    if (l->inds && l->inds->at_ms < at) {
        at = l->inds->at_ms;
    }
    return at;
}

static const char *late_check(const struct binding *b)
{
    const struct late *l = (const struct late *)b;

    if (l->plant == PLANT_BREAK_BINDING) {
        l->result->planted = true;
        return "broken on purpose";
    }
    return l->under->ops->check(l->under);
}

static uint32_t late_legs(const struct binding *b)
{
    const struct late *l = (const struct late *)b;

    return l->under->ops->legs(l->under);
}

static void late_free(struct binding *b)
{
    struct late *l = (struct late *)b;

    while (l->cmds) {
        struct late_cmd *c = l->cmds;
        l->cmds = c->next;
        session_party_deref(c->cmd.caller);
        free(c->attach);
        free(c->forwards);
        free(c);
    }
    while (l->inds) {
        struct late_ind *i = l->inds;
        l->inds = i->next;
        free_ind(i);
    }
    if (l->given) {
        free_ind(l->given);
    }
    l->under->ops->free(l->under);
    free(l);
}

static const struct binding_ops late_ops = {
    .name = "late",
    .line_add = late_line_add,
    .command = late_command,
    .taken = late_taken,
    .next = late_next,
    .time = late_time,
    .deadline = late_deadline,
    .check = late_check,
    .legs = late_legs,
    .free = late_free,
};

enum session_err late_alloc(struct binding **bp, struct binding *under, struct rnd *rnd, const struct late_conf *conf,
                            uint64_t *hash, bool verbose, struct sim_result *result)
{
    struct late *l = need(sizeof(*l));

    l->base.ops = &late_ops;
    l->under = under;
    l->rnd = rnd;
    l->conf = *conf;
    l->bulk = conf->ind_ms > 0;
    l->hash = hash;
    l->verbose = verbose;
    l->result = result;
    l->cmds_end = &l->cmds;
    l->inds_end = &l->inds;
    *bp = &l->base;
    return SESSION_E_OK;
}

void late_heal(struct binding *b)
{
    struct late *l = (struct late *)b;

    l->conf.command_ms = l->conf.ind_ms = l->conf.repeat_permille = l->conf.refuse_permille = l->conf.wild_permille = 0;
}

void late_plant(struct binding *b, enum sim_plant plant)
{
    ((struct late *)b)->plant = plant;
}

bool late_quiet(const struct binding *b)
{
    return !((const struct late *)b)->cmds;
}

bool late_idle(const struct binding *b)
{
    const struct late *l = (const struct late *)b;

    return !l->cmds && !l->inds;
}
