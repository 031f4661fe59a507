/* The SIP binding as its driver sees it. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/front.h"

#include <stdlib.h>
#include <string.h>

enum { INDEX_BITS = 20, ID_MASK = 0x7FFFFFFF };
#define INDEX_MASK ((1u << INDEX_BITS) - 1)

static void *libc_alloc(size_t size, void *arg)
{
    (void)arg;
    return calloc(1, size);
}

static void libc_free(void *p, void *arg)
{
    (void)arg;
    free(p);
}

void *sip_zalloc(struct sip *x, size_t size)
{
    return x->mem.alloc(size, x->mem.arg);
}

void sip_release(struct sip *x, void *p)
{
    x->mem.free(p, x->mem.arg);
}

/* ---- legs; lock held --------------------------------------------------------------------------------------------- */

static struct sip_leg *find(const struct sip *x, uint32_t id)
{
    uint32_t index = (id & INDEX_MASK) - 1;
    struct sip_leg *leg = index < x->legc ? x->legv[index] : NULL;

    return leg && leg->id == id && leg->holds ? leg : NULL;
}

static struct sip_leg *front_find(const struct sip *x, uint32_t id, uint32_t session)
{
    struct sip_leg *leg = find(x, id);

    return leg && leg->front && (!session || !leg->session || leg->session == session) ? leg : NULL;
}

static void drop_hold(struct sip *x, struct sip_leg *leg)
{
    if (--leg->holds) {
        return;
    }
    leg->id = (leg->id + (1u << INDEX_BITS)) & ID_MASK;
    leg->next_free = x->free_leg;
    x->free_leg = leg;
}

static void front_over(struct sip *x, struct sip_leg *leg)
{
    if (leg->front) {
        leg->front = false;
        x->live--;
        drop_hold(x, leg);
    }
}

static bool stock(struct sip *x)
{
    for (int i = 0; i < SIP_EVENTS_SPARE; i++) {
        struct sip_event *ev = sip_zalloc(x, sizeof(*ev));

        if (!ev) {
            return false; /* those made so far stay in stock */
        }
        ev->next = x->spare;
        x->spare = ev;
    }
    return true;
}

static struct sip_leg *leg_make(struct sip *x, uint32_t line)
{
    struct sip_leg *leg = x->free_leg;
    uint32_t id;

    if (!leg) {
        if (x->legc == x->leg_cap) {
            uint32_t cap = x->leg_cap ? 2 * x->leg_cap : 64;
            struct sip_leg **legv = x->legc < INDEX_MASK ? sip_zalloc(x, cap * sizeof(struct sip_leg *)) : NULL;

            if (!legv) {
                return NULL;
            }
            if (x->legc) {
                memcpy(legv, x->legv, x->legc * sizeof(struct sip_leg *));
            }
            sip_release(x, x->legv);
            x->legv = legv;
            x->leg_cap = cap;
        }
        if (!stock(x)) {
            return NULL;
        }
        leg = sip_zalloc(x, sizeof(*leg));
        if (!leg) {
            return NULL;
        }
        x->legv[x->legc++] = leg;
        leg->id = x->legc;
    } else {
        x->free_leg = leg->next_free;
    }
    id = leg->id;
    memset(leg, 0, sizeof(*leg));
    leg->id = id;
    leg->line = line;
    leg->front = leg->back = true;
    leg->holds = 2;
    leg->end.of = leg->unhold.of = leg;
    leg->gone.gone_of = leg;
    leg->gone.fixed = true;
    x->live++;
    return leg;
}

/* ---- events; lock held ------------------------------------------------------------------------------------------- */

static void push_event(struct sip *x, struct sip_event *ev)
{
    ev->next = NULL;
    if (x->event_last) {
        x->event_last->next = ev;
    } else {
        x->event_first = ev;
    }
    x->event_last = ev;
}

/* Whether the driver is to be woken now. */
static bool wake_now(struct sip *x)
{
    bool now = !x->woken;

    x->woken = true;
    return now && x->wake;
}

static void event_clear(struct sip_event *ev)
{
    for (int i = 0; i < SIP_PARTIES; i++) {
        ev->partyv[i] = session_party_deref(ev->partyv[i]);
    }
}

static void event_free(struct sip *x, struct sip_event *ev)
{
    struct sip_command *c = ev->done;
    struct sip_leg *leg = ev->gone_of;

    event_clear(ev);
    if (c) {
        sip_release(x, c->digits);
        sip_release(x, c);
    } else if (leg) {
        drop_hold(x, leg);
    } else if (!ev->fixed) {
        memset(ev, 0, sizeof(*ev));
        ev->next = x->spare;
        x->spare = ev;
    }
}

/* ---- the back's ------------------------------------------------------------------------------------------------------ */

struct sip_command *sip_take(struct sip *x)
{
    struct sip_command *c;

    platform_mutex_lock(&x->lock);
    x->poked = false;
    c = x->command_first;
    if (c) {
        x->command_first = c->next;
        if (!c->next) {
            x->command_last = NULL;
        }
        c->next = NULL;
    }
    platform_mutex_unlock(&x->lock);
    return c;
}

void sip_command_free(struct sip *x, struct sip_command *c)
{
    struct sip_leg *leg = c->of;

    if (!leg) {
        sip_release(x, c->digits);
        sip_release(x, c);
        return;
    }
    platform_mutex_lock(&x->lock);
    if (c == &leg->end) {
        leg->end_queued = false;
    } else {
        leg->unhold_queued = false;
    }
    drop_hold(x, leg);
    platform_mutex_unlock(&x->lock);
}

/* The core has not heard of what was made for a command that failed. */
static void undo_legs(struct sip *x, const struct sip_command *c)
{
    const uint32_t idv[2] = {c->fresh, c->bridge};

    platform_mutex_lock(&x->lock);
    for (int i = 0; i < 2; i++) {
        struct sip_leg *leg = idv[i] ? find(x, idv[i]) : NULL;

        if (leg) {
            leg->call = NULL;
            front_over(x, leg);
            leg->back = false;
            drop_hold(x, leg);
        }
    }
    platform_mutex_unlock(&x->lock);
}

void sip_done(struct sip *x, struct sip_command *c, enum session_err err, uint32_t mode,
              struct session_party *connected)
{
    struct sip_event *ev = &c->answer;

    if (!c->cmd.token || c->of) {
        if (connected) {
            session_party_deref(connected);
        }
        sip_command_free(x, c);
        return;
    }
    if (err && (c->fresh || c->bridge)) {
        undo_legs(x, c);
    }
    ev->type = SESSION_IND_DONE;
    ev->fixed = true;
    ev->done = c;
    ev->leg = c->cmd.leg;
    ev->session = c->cmd.session;
    ev->session2 = c->fresh ? c->cmd.session2 : c->bridge ? c->cmd.session3 : 0;
    ev->token = c->cmd.token;
    ev->err = err;
    if (!err) {
        ev->leg2 = c->fresh;
        ev->bridge = c->bridge;
        ev->mode = mode;
    }
    ev->partyv[SIP_CONNECTED] = connected;
    sip_say(x, ev);
}

struct sip_leg *sip_leg_get(struct sip *x, uint32_t id)
{
    struct sip_leg *leg;

    platform_mutex_lock(&x->lock);
    leg = id ? find(x, id) : NULL;
    if (leg && !leg->back) {
        leg = NULL;
    }
    platform_mutex_unlock(&x->lock);
    return leg;
}

struct sip_leg *sip_leg_make(struct sip *x, uint32_t line)
{
    struct sip_leg *leg;

    platform_mutex_lock(&x->lock);
    leg = leg_make(x, line);
    platform_mutex_unlock(&x->lock);
    return leg;
}

void sip_leg_over(struct sip *x, struct sip_leg *leg, enum session_disconnect mode)
{
    bool wake = false;

    platform_mutex_lock(&x->lock);
    leg->call = NULL;
    leg->back = false;
    if (leg->front && mode) {
        leg->gone.type = SESSION_IND_PROGRESS;
        leg->gone.leg = leg->id;
        leg->gone.state = SESSION_DISCONNECTED;
        leg->gone.mode = mode;
        leg->holds++;
        push_event(x, &leg->gone);
        wake = wake_now(x);
    } else {
        front_over(x, leg);
    }
    drop_hold(x, leg);
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}

struct sip_event *sip_event_new(struct sip *x, enum session_ind_type type, const struct sip_leg *leg)
{
    struct sip_event *ev;

    platform_mutex_lock(&x->lock);
    ev = x->spare;
    if (ev) {
        x->spare = ev->next;
        ev->next = NULL;
    }
    platform_mutex_unlock(&x->lock);
    if (!ev) {
        ev = sip_zalloc(x, sizeof(*ev));
    }
    if (!ev) {
        platform_log(PLATFORM_LOG_ERROR, "sip: out of memory: something that happened in a call is not told");
        return NULL;
    }
    ev->type = type;
    ev->leg = leg ? leg->id : 0;
    ev->line = leg ? leg->line : 0;
    return ev;
}

void sip_say(struct sip *x, struct sip_event *ev)
{
    bool wake;

    platform_mutex_lock(&x->lock);
    push_event(x, ev);
    wake = wake_now(x);
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}

/* Length of as much of a UTF-8 text as has room, whole characters. */
static size_t cut(const char *text, size_t len, size_t max)
{
    if (len <= max) {
        return len;
    }
    while (max && ((unsigned char)text[max] & 0xC0) == 0x80) {
        max--;
    }
    return max;
}

struct session_party *sip_party(struct sip *x, const char *number, size_t number_len, const char *name,
                                size_t name_len)
{
    char a[SESSION_NUMBER_MAX + 1], b[SESSION_NAME_MAX + 1];

    if (!number) {
        return NULL;
    }
    number_len = cut(number, number_len, SESSION_NUMBER_MAX);
    name_len = name ? cut(name, name_len, SESSION_NAME_MAX) : 0;
    memcpy(a, number, number_len);
    a[number_len] = '\0';
    if (name_len) {
        memcpy(b, name, name_len);
    }
    b[name_len] = '\0';
    return session_party_alloc(&x->mem, a, b);
}

bool sip_attended(struct sip *x, uint32_t line)
{
    bool on;

    platform_mutex_lock(&x->lock);
    on = line < x->linec && x->linev[line].attended;
    platform_mutex_unlock(&x->lock);
    return on;
}

void sip_line_say(struct sip *x, uint32_t line, uint32_t service, const char *text)
{
    struct sip_front_line *l = &x->linev[line];
    bool wake = false, news = false;

    platform_mutex_lock(&x->lock);
    l->wanted = service;
    if (text) {
        size_t len = strlen(text);

        news = strcmp(l->text, text) != 0;
        len = cut(text, len, sizeof(l->text) - 1);
        memcpy(l->text, text, len);
        l->text[len] = '\0';
    }
    if (!l->queued && (l->wanted != l->service || news)) {
        l->queued = true;
        x->line_said++;
        wake = wake_now(x);
    }
    platform_mutex_unlock(&x->lock);
    if (wake) {
        x->wake(x->wake_arg);
    }
}

/* ---- members --------------------------------------------------------------------------------------------------------- */

static void push_command(struct sip *x, struct sip_command *c)
{
    c->next = NULL;
    if (x->command_last) {
        x->command_last->next = c;
    } else {
        x->command_first = c;
    }
    x->command_last = c;
}

static void refuse(struct sip *x, const struct session_cmd *cmd, enum session_err err)
{
    struct sip_event *ev;

    if (!cmd->token) {
        return;
    }
    if (!x->spare) {
        if (x->refusedc == SIP_REFUSED_MAX) {
            x->lost++;
            return;
        }
        x->refusedv[x->refusedc].token = cmd->token;
        x->refusedv[x->refusedc].session = cmd->session;
        x->refusedv[x->refusedc].err = err;
        x->refusedv[x->refusedc++].leg = cmd->leg;
        return;
    }
    ev = x->spare;
    x->spare = ev->next;
    ev->type = SESSION_IND_DONE;
    ev->leg = cmd->leg;
    ev->session = cmd->session;
    ev->token = cmd->token;
    ev->err = err;
    push_event(x, ev);
}

/* Copies a command with what it points to. NULL: no memory. */
static struct sip_command *copy(struct sip *x, const struct session_cmd *cmd)
{
    struct sip_command *c = sip_zalloc(x, sizeof(*c));

    if (!c) {
        return NULL;
    }
    c->cmd = *cmd;
    c->cmd.attach = NULL;
    c->cmd.caller = NULL;
    c->cmd.dial = NULL;
    c->cmd.play = NULL;
    c->cmd.group = NULL;
    c->cmd.forwards = NULL;
    if (cmd->dial) {
        c->dial = *cmd->dial;
        c->cmd.dial = &c->dial;
    }
    memcpy(c->caller_number, session_party_number(cmd->caller), strlen(session_party_number(cmd->caller)) + 1);
    if (cmd->play) {
        c->play = *cmd->play;
        c->play.digits = NULL;
        c->cmd.play = &c->play;
        if (cmd->play->digitc) {
            c->digits = sip_zalloc(x, cmd->play->digitc + 1);
            if (!c->digits) {
                sip_release(x, c);
                return NULL;
            }
            memcpy(c->digits, cmd->play->digits, cmd->play->digitc);
            c->play.digits = c->digits;
        }
    }
    return c;
}

/* A command that must not fail uses the leg's own room. */
static void end_leg(struct sip *x, struct sip_leg *leg, const struct session_cmd *cmd)
{
    struct sip_command *c = &leg->end;

    c->cmd = *cmd;
    c->cmd.leg = leg->id;
    c->cmd.attach = NULL;
    c->cmd.caller = NULL;
    c->cmd.dial = NULL;
    c->cmd.play = NULL;
    c->cmd.token = 0;
    leg->end_queued = true;
    leg->holds++;
    push_command(x, c);
    front_over(x, leg);
}

static struct sip_leg *leg_of_session(const struct sip *x, uint32_t session)
{
    for (uint32_t i = 0; session && i < x->legc; i++) {
        struct sip_leg *leg = x->legv[i];

        if (leg->holds && leg->front && leg->session == session) {
            return leg;
        }
    }
    return NULL;
}

static void cmd_drop(struct sip *x, const struct session_cmd *cmd)
{
    struct sip_leg *leg = cmd->leg ? front_find(x, cmd->leg, cmd->session) : leg_of_session(x, cmd->session);

    refuse(x, cmd, SESSION_E_OK); /* not refused: done, whatever the other end says to it */
    if (leg) {
        end_leg(x, leg, cmd);
    }
}

/* New legs of a command; false: no memory, and nothing has changed. */
static bool make_legs(struct sip *x, struct sip_command *c)
{
    const struct session_cmd *cmd = &c->cmd;
    bool fresh = cmd->type == SESSION_CMD_PLACE || cmd->type == SESSION_CMD_CONSULT || cmd->type == SESSION_CMD_SETUPCONF;
    bool bridge = cmd->type == SESSION_CMD_SETUPCONF || cmd->type == SESSION_CMD_CONFERENCE;
    struct sip_leg *a = fresh ? leg_make(x, cmd->line) : NULL, *b;

    if (fresh && !a) {
        return false;
    }
    b = bridge ? leg_make(x, cmd->line) : NULL;
    if (bridge && !b) {
        if (a) {
            a->back = false;
            drop_hold(x, a);
            front_over(x, a);
        }
        return false;
    }
    if (a) {
        a->told = true;
        a->session = cmd->type == SESSION_CMD_PLACE ? cmd->session : cmd->session2;
        if (cmd->type == SESSION_CMD_PLACE) {
            c->cmd.leg = a->id;
        } else {
            c->fresh = a->id;
        }
    }
    if (b) {
        b->told = b->is_bridge = true;
        b->session = cmd->session3;
        c->bridge = b->id;
    }
    return true;
}

static void front_command(struct binding *b, uint64_t now_ms, const struct session_cmd *cmd)
{
    struct sip *x = (struct sip *)b;
    struct sip_command *c = NULL;
    struct sip_leg *leg;
    bool poke = false;

    (void)now_ms;
    platform_mutex_lock(&x->lock);
    switch (cmd->type) {
    case SESSION_CMD_PARK:
    case SESSION_CMD_UNPARK:
    case SESSION_CMD_PICKUP:
    case SESSION_CMD_FORWARD:
    case SESSION_CMD_COMPLETE:
    case SESSION_CMD_UNCOMPLETE:
    case SESSION_CMD_LINESTATUS:
    case SESSION_CMD_FREE:
    case SESSION_CMD_LINE_REMOVE:
    case SESSION_CMD_STREAM:
        refuse(x, cmd, SESSION_E_UNAVAIL);
        break;
    case SESSION_CMD_LINE:
        if (cmd->line < x->linec) {
            x->linev[cmd->line].attended = cmd->on;
        }
        break;
    case SESSION_CMD_DROP:
        cmd_drop(x, cmd);
        break;
    case SESSION_CMD_REJECT:
    case SESSION_CMD_COLLAPSE:
        leg = front_find(x, cmd->leg, 0);
        if (leg) {
            end_leg(x, leg, cmd);
        }
        break;
    case SESSION_CMD_UNHOLD:
        leg = front_find(x, cmd->leg, cmd->session);
        if (leg && !cmd->token) {
            if (!leg->unhold_queued) {
                leg->unhold_queued = true;
                leg->unhold.cmd = *cmd;
                leg->unhold.cmd.attach = NULL;
                leg->unhold.step = 0;
                leg->holds++;
                push_command(x, &leg->unhold);
            }
            break;
        }
        /* fall through */
    case SESSION_CMD_PLACE:
    case SESSION_CMD_DIAL:
    case SESSION_CMD_ACCEPT:
    case SESSION_CMD_ANSWER:
    case SESSION_CMD_HOLD:
    case SESSION_CMD_SWAP:
    case SESSION_CMD_CONSULT:
    case SESSION_CMD_TRANSFER:
    case SESSION_CMD_DEFLECT:
    case SESSION_CMD_SETUPCONF:
    case SESSION_CMD_CONFERENCE:
    case SESSION_CMD_ADD:
    case SESSION_CMD_PLAY:
    case SESSION_CMD_INFORM:
        if ((cmd->leg && !front_find(x, cmd->leg, 0)) || (cmd->leg2 && !front_find(x, cmd->leg2, 0))) {
            refuse(x, cmd, SESSION_E_BADSTATE);
            break;
        }
        c = copy(x, cmd);
        if (c && !make_legs(x, c)) {
            sip_release(x, c->digits);
            sip_release(x, c);
            c = NULL;
        }
        if (c) {
            push_command(x, c);
        } else {
            refuse(x, cmd, SESSION_E_NOMEM);
        }
        break;
    }
    if (x->command_first && !x->poked) {
        x->poked = poke = true;
    }
    platform_mutex_unlock(&x->lock);
    if (poke) {
        sip_back_poke(x);
    }
}

/* The core has taken it: the caller hears it ring. */
static void front_taken(struct binding *b, uint32_t id, uint32_t session)
{
    struct sip *x = (struct sip *)b;
    struct sip_leg *leg;
    bool poke = false;

    platform_mutex_lock(&x->lock);
    leg = front_find(x, id, 0);
    if (leg) {
        leg->session = session;
        leg->told = true;
        /* its room for UNHOLD serves: a call that rings is not held */
        leg->unhold_queued = true;
        leg->unhold.cmd = (struct session_cmd){.type = SESSION_CMD_ACCEPT, .leg = id};
        leg->holds++;
        push_command(x, &leg->unhold);
        poke = !x->poked;
        x->poked = true;
    }
    platform_mutex_unlock(&x->lock);
    if (poke) {
        sip_back_poke(x);
    }
}

/* How the first line that has something to say is. */
static void line_ind(struct sip *x, struct session_ind *ind)
{
    for (uint32_t i = 0; i < x->linec; i++) {
        struct sip_front_line *l = &x->linev[i];

        if (l->queued) {
            l->queued = false;
            l->service = l->wanted;
            x->line_said--;
            ind->type = SESSION_IND_LINE;
            ind->line = i;
            ind->state = l->service;
            return;
        }
    }
}

static void fill(struct sip *x, const struct sip_event *ev, struct sip_leg *leg, struct session_ind *ind)
{
    ind->type = ev->type;
    ind->leg = ev->leg;
    ind->leg2 = ev->leg2;
    ind->bridge = ev->bridge;
    ind->session = ev->type == SESSION_IND_DONE ? ev->session : leg->session;
    ind->session2 = ev->session2;
    ind->token = ev->token;
    ind->err = ev->err;
    ind->state = ev->state;
    ind->mode = ev->mode;
    ind->line = ev->line;
    ind->address = ev->address;
    ind->origin = ev->origin;
    ind->reason = ev->reason;
    ind->media_modes = ev->media_modes;
    ind->caller = ev->partyv[SIP_CALLER];
    ind->called = ev->partyv[SIP_CALLED];
    ind->connected = ev->partyv[SIP_CONNECTED];
    ind->redirecting = ev->partyv[SIP_REDIRECTING];
    ind->redirection = ev->partyv[SIP_REDIRECTION];
    ind->sound = ev->sound;
    if (ev->type == SESSION_IND_INCOMING) {
        ind->session = 0;
    } else if (ev->type != SESSION_IND_DONE) {
        ind->seq = ++leg->seq;
    }
    if (ev->type == SESSION_IND_PROGRESS && ev->state == SESSION_DISCONNECTED) {
        front_over(x, leg);
    }
}

static bool front_next(struct binding *b, uint64_t now_ms, struct session_ind *ind)
{
    struct sip *x = (struct sip *)b;
    struct sip_event *ev;
    bool found = false;

    (void)now_ms;
    platform_mutex_lock(&x->lock);
    if (x->given) {
        event_free(x, x->given);
        x->given = NULL;
    }
    memset(ind, 0, sizeof(*ind));
    x->woken = false;
    if (x->refusedc) {
        x->refusedc--;
        ind->type = SESSION_IND_DONE;
        ind->token = x->refusedv[x->refusedc].token;
        ind->session = x->refusedv[x->refusedc].session;
        ind->leg = x->refusedv[x->refusedc].leg;
        ind->err = x->refusedv[x->refusedc].err;
        found = true;
    } else if (x->line_said) {
        line_ind(x, ind);
        found = true;
    }
    while (!found && (ev = x->event_first)) {
        struct sip_leg *leg = ev->leg ? front_find(x, ev->leg, 0) : NULL;

        x->event_first = ev->next;
        if (!ev->next) {
            x->event_last = NULL;
        }
        if (ev->type != SESSION_IND_DONE && !leg) {
            event_free(x, ev); /* the core has dropped it meanwhile */
            continue;
        }
        fill(x, ev, leg, ind);
        x->given = ev;
        found = true;
    }
    platform_mutex_unlock(&x->lock);
    return found;
}

static void front_time(struct binding *b, uint64_t now_ms)
{
    (void)b;
    (void)now_ms;
}

static uint64_t front_deadline(const struct binding *b)
{
    (void)b;
    return UINT64_MAX; /* it wakes its driver */
}

static const char *front_check(const struct binding *b)
{
    struct sip *x = (struct sip *)(uintptr_t)b;
    const char *text = NULL;
    uint32_t live = 0, unused = 0;

    platform_mutex_lock(&x->lock);
    for (uint32_t i = 0; i < x->legc; i++) {
        const struct sip_leg *leg = x->legv[i];
        uint32_t least = (uint32_t)leg->front + leg->back + leg->end_queued + leg->unhold_queued;

        live += leg->front;
        unused += !leg->holds;
        if (leg->holds < least) {
            text = "a leg is held by fewer than know it";
        }
    }
    for (const struct sip_leg *leg = x->free_leg; leg; leg = leg->next_free) {
        unused--;
    }
    if (unused) {
        text = "free legs are not those that nobody holds";
    }
    if (live != x->live) {
        text = "leg count is wrong";
    }
    if (x->lost) {
        text = "an answer was lost";
    }
    platform_mutex_unlock(&x->lock);
    return text;
}

static uint32_t front_legs(const struct binding *b)
{
    struct sip *x = (struct sip *)(uintptr_t)b;
    uint32_t live;

    platform_mutex_lock(&x->lock);
    live = x->live;
    platform_mutex_unlock(&x->lock);
    return live;
}

static void release_all(struct sip *x)
{
    struct session_mem mem = x->mem;

    if (x->given) {
        event_free(x, x->given);
    }
    while (x->event_first) {
        struct sip_event *ev = x->event_first;

        x->event_first = ev->next;
        event_free(x, ev);
    }
    while (x->command_first) {
        struct sip_command *c = x->command_first;

        x->command_first = c->next;
        if (!c->of) {
            sip_release(x, c->digits);
            sip_release(x, c);
        }
    }
    while (x->spare) {
        struct sip_event *ev = x->spare;

        x->spare = ev->next;
        sip_release(x, ev);
    }
    for (uint32_t i = 0; i < x->legc; i++) {
        sip_release(x, x->legv[i]);
    }
    sip_release(x, x->legv);
    sip_release(x, x->linev);
    if (x->cond_there) {
        platform_cond_destroy(&x->changed);
        platform_mutex_destroy(&x->lock);
    }
    mem.free(x, mem.arg);
}

static void front_free(struct binding *b)
{
    struct sip *x = (struct sip *)b;

    platform_mutex_lock(&x->lock);
    x->stop = true;
    platform_mutex_unlock(&x->lock);
    sip_back_poke(x);
    platform_thread_join(x->thread);
    release_all(x);
}

#define OP(name) SESSION_OP_BIT(SESSION_OP_##name)

#define SIP_OPS                                                                                                        \
    (OP(MAKE) | OP(DIAL) | OP(ACCEPT) | OP(ANSWER) | OP(DROP) | OP(RELEASE) | OP(SETAPPSPECIFIC) |                     \
     OP(SETCALLPARAMS) | OP(SETMEDIAMODE) | OP(GATHERDIGITS) | OP(GENERATEDIGITS) | OP(GENERATETONE) |                 \
     OP(MONITORDIGITS) | OP(HOLD) | OP(UNHOLD) | OP(SWAPHOLD) | OP(SETUPTRANSFER) | OP(COMPLETETRANSFER) |             \
     OP(BLINDTRANSFER) | OP(REDIRECT) | OP(SETUPCONF) | OP(PREPAREADDCONF) | OP(ADDTOCONF) | OP(REMOVEFROMCONF))

bool sip_available(void)
{
    return true;
}

uint64_t sip_session_ops(void)
{
    return SIP_OPS;
}

static const struct binding_ops sip_ops = {
    .name = "sip",
    .session_ops = SIP_OPS,
    .command = front_command,
    .taken = front_taken,
    .next = front_next,
    .time = front_time,
    .deadline = front_deadline,
    .check = front_check,
    .legs = front_legs,
    .free = front_free,
};

static bool make_lines(struct sip *x, const struct sip_conf *conf)
{
    for (uint32_t i = 0; i < conf->accountc; i++) {
        if (conf->accountv[i].line >= x->linec) {
            x->linec = conf->accountv[i].line + 1;
        }
    }
    x->linev = sip_zalloc(x, (x->linec + 1) * sizeof(*x->linev));
    for (uint32_t i = 0; x->linev && i < conf->accountc; i++) {
        struct sip_front_line *l = &x->linev[conf->accountv[i].line];

        l->is_account = true;
        l->account = i;
        l->service = l->wanted = SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE;
    }
    return x->linev != NULL;
}

enum session_err sip_alloc(struct binding **bp, const struct sip_conf *conf)
{
    struct session_mem mem = conf->mem;
    enum session_err err = SESSION_E_NOMEM;
    struct sip *x;

    if (!mem.alloc) {
        mem.alloc = libc_alloc;
        mem.free = libc_free;
    }
    x = mem.alloc(sizeof(*x), mem.arg);
    if (!x) {
        return SESSION_E_NOMEM;
    }
    x->base.ops = &sip_ops;
    x->mem = mem;
    x->wake = conf->wake;
    x->wake_arg = conf->wake_arg;
    x->conf = conf;
    if (!make_lines(x, conf) || platform_mutex_init(&x->lock)) {
        goto out;
    }
    if (platform_cond_init(&x->changed)) {
        platform_mutex_destroy(&x->lock);
        goto out;
    }
    x->cond_there = true;
    if (platform_thread_start(&x->thread, "sip", sip_back, x)) {
        err = SESSION_E_RESOURCE;
        goto out;
    }
    platform_mutex_lock(&x->lock);
    while (!x->started) {
        platform_cond_wait(&x->changed, &x->lock);
    }
    err = x->start_err;
    platform_mutex_unlock(&x->lock);
    x->conf = NULL;
    if (!err) {
        *bp = &x->base;
        return SESSION_E_OK;
    }
    platform_thread_join(x->thread);
out:
    release_all(x);
    return err;
}

uint16_t sip_port(const struct binding *b, enum sip_transport transport)
{
    return ((const struct sip *)b)->portv[transport];
}

void sip_line_text(struct binding *b, uint32_t line, char *text, size_t size)
{
    struct sip *x = (struct sip *)b;
    size_t len;

    platform_mutex_lock(&x->lock);
    len = line < x->linec ? cut(x->linev[line].text, strlen(x->linev[line].text), size - 1) : 0;
    if (len) {
        memcpy(text, x->linev[line].text, len);
    }
    text[len] = '\0';
    platform_mutex_unlock(&x->lock);
}
