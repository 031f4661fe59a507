/* The SIP binding as its driver sees it. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/front.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- members ----------------------------------------------------------------------------------------------------- */

void sip_push_command(struct sip *x, struct sip_command *c)
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
    sip_push_event(x, ev);
}

static void wish(struct sip_forward_wish *w, const struct session_forwards *f)
{
    for (uint32_t i = 0; f && i < f->count; i++) {
        const struct session_forward *e = &f->entryv[i];
        uint32_t bits = e->mode == SESSION_FORWARD_UNCOND   ? 1
                        : e->mode == SESSION_FORWARD_BUSY   ? 2
                        : e->mode == SESSION_FORWARD_NOANSW ? 4
                        : e->mode == SESSION_FORWARD_BUSYNA ? 6
                                                            : 0;

        w->odd = w->odd || !bits;
        w->asked |= bits;
        for (int k = 0; k < SIP_FORWARDS; k++) {
            if (bits >> k & 1) {
                (void)snprintf(w->destv[k], sizeof(w->destv[k]), "%s", e->dest);
            }
        }
    }
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
    if (cmd->type == SESSION_CMD_FORWARD) {
        c->digits = sip_zalloc(x, sizeof(struct sip_forward_wish));
        if (!c->digits) {
            sip_release(x, c);
            return NULL;
        }
        wish((struct sip_forward_wish *)(void *)c->digits, cmd->forwards);
    }
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

/* What goes to the other end beside the call. False: no memory. */
static bool copy_uui(struct sip *x, struct sip_command *c, const struct session_attach *a)
{
    c->uui = NULL;
    c->uuic = 0;
    if (!a || !a->uui.len) {
        return true;
    }
    c->uui = sip_zalloc(x, a->uui.len);
    if (c->uui) {
        memcpy(c->uui, a->uui.data, a->uui.len);
        c->uuic = a->uui.len;
    }
    return c->uui != NULL;
}

/* A command that must not fail uses the leg's own room. */
void sip_leg_end(struct sip *x, struct sip_leg *leg, const struct session_cmd *cmd, uint32_t token)
{
    struct sip_command *c = &leg->end;

    c->cmd = *cmd;
    c->cmd.leg = leg->id;
    c->cmd.attach = NULL;
    c->cmd.caller = NULL;
    c->cmd.dial = NULL;
    c->cmd.play = NULL;
    c->cmd.token = token;
    (void)copy_uui(x, c, cmd->attach); /* without memory it ends without */
    leg->end_queued = true;
    leg->holds++;
    sip_push_command(x, c);
    sip_front_over(x, leg);
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
    struct sip_leg *leg = cmd->leg ? sip_front_find(x, cmd->leg, cmd->session) : leg_of_session(x, cmd->session);

    /* done, whatever the other end says to it; how the call was comes with that, if it did not end by itself */
    if (!leg || leg->gone_queued) {
        refuse(x, cmd, SESSION_E_OK);
    }
    if (leg) {
        sip_leg_end(x, leg, cmd, leg->gone_queued ? 0 : cmd->token);
    }
}

/* New legs of a command; false: no memory, and nothing has changed. */
static bool make_legs(struct sip *x, struct sip_command *c)
{
    const struct session_cmd *cmd = &c->cmd;
    bool place = cmd->type == SESSION_CMD_PLACE || cmd->type == SESSION_CMD_PICKUP || cmd->type == SESSION_CMD_UNPARK;
    bool fresh = place || cmd->type == SESSION_CMD_CONSULT || cmd->type == SESSION_CMD_SETUPCONF;
    bool bridge = cmd->type == SESSION_CMD_SETUPCONF || cmd->type == SESSION_CMD_CONFERENCE;
    struct sip_leg *a = fresh ? sip_leg_make_locked(x, cmd->line) : NULL, *b;

    if (fresh && !a) {
        return false;
    }
    b = bridge ? sip_leg_make_locked(x, cmd->line) : NULL;
    if (bridge && !b) {
        if (a) {
            a->back = false;
            sip_drop_hold(x, a);
            sip_front_over(x, a);
        }
        return false;
    }
    if (a) {
        a->told = true;
        a->session = place ? cmd->session : cmd->session2;
        if (place) {
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
    case SESSION_CMD_LINESTATUS:
    case SESSION_CMD_FREE:
        refuse(x, cmd, SESSION_E_UNAVAIL);
        break;
    case SESSION_CMD_LINE_REMOVE:
        sip_line_remove(x, cmd->line);
        break;
    case SESSION_CMD_LINE:
        if (cmd->line < x->linec) {
            x->linev[cmd->line].attended = cmd->on;
        }
        break;
    case SESSION_CMD_DROP:
        cmd_drop(x, cmd);
        break;
    case SESSION_CMD_SECURE:
        leg = sip_front_find(x, cmd->leg, cmd->session);
        if (leg && leg->back) {
            sip_secure(x, leg, true); /* needs nothing of the back, and cannot come too late */
        }
        break;
    case SESSION_CMD_REJECT:
    case SESSION_CMD_COLLAPSE:
        leg = sip_front_find(x, cmd->leg, 0);
        if (leg) {
            sip_leg_end(x, leg, cmd, 0);
        }
        break;
    case SESSION_CMD_UNHOLD:
        leg = sip_front_find(x, cmd->leg, cmd->session);
        if (leg && !cmd->token) {
            if (!leg->unhold_queued) {
                leg->unhold_queued = true;
                leg->unhold.cmd = *cmd;
                leg->unhold.cmd.attach = NULL;
                leg->unhold.step = 0;
                leg->holds++;
                sip_push_command(x, &leg->unhold);
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
    case SESSION_CMD_STREAM:
    case SESSION_CMD_INFORM:
    case SESSION_CMD_PARK:
    case SESSION_CMD_UNPARK:
    case SESSION_CMD_PICKUP:
    case SESSION_CMD_FORWARD:
    case SESSION_CMD_COMPLETE:
    case SESSION_CMD_UNCOMPLETE:
        if ((cmd->leg && !sip_front_find(x, cmd->leg, 0)) || (cmd->leg2 && !sip_front_find(x, cmd->leg2, 0))) {
            refuse(x, cmd, SESSION_E_BADSTATE);
            break;
        }
        c = copy(x, cmd);
        if (c && (!copy_uui(x, c, cmd->attach) || !make_legs(x, c))) {
            sip_release(x, c->digits);
            sip_release(x, c->uui);
            sip_release(x, c);
            c = NULL;
        }
        if (c) {
            sip_push_command(x, c);
        } else {
            refuse(x, cmd, SESSION_E_NOMEM);
        }
        break;
    }
    if ((x->command_first || x->gone) && !x->poked) {
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
    leg = sip_front_find(x, id, 0);
    if (leg) {
        leg->session = session;
        leg->told = true;
        /* its room for UNHOLD serves: a call that rings is not held */
        leg->unhold_queued = true;
        leg->unhold.cmd = (struct session_cmd){.type = SESSION_CMD_ACCEPT, .leg = id};
        leg->holds++;
        sip_push_command(x, &leg->unhold);
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
    if (ev->uui) {
        memset(&x->given_attach, 0, sizeof(x->given_attach));
        x->given_attach.uui.data = ev->uui;
        x->given_attach.uui.len = ev->uuic;
        ind->attach = &x->given_attach;
    }
    ind->type = ev->type;
    ind->leg = ev->leg;
    ind->leg2 = ev->leg2;
    ind->bridge = ev->bridge;
    ind->session = ev->type == SESSION_IND_DONE ? ev->session : leg ? leg->session : 0;
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
    ind->completion = ev->completion;
    ind->caller = ev->partyv[SIP_CALLER];
    ind->called = ev->partyv[SIP_CALLED];
    ind->connected = ev->partyv[SIP_CONNECTED];
    ind->redirecting = ev->partyv[SIP_REDIRECTING];
    ind->redirection = ev->partyv[SIP_REDIRECTION];
    ind->sound = ev->sound;
    ind->quality = ev->has_quality ? &ev->quality : NULL;
    if (ev->type == SESSION_IND_INCOMING) {
        ind->session = 0;
    } else if (ev->type != SESSION_IND_DONE && leg) {
        ind->seq = ++leg->seq;
    }
    if (ev->type == SESSION_IND_PROGRESS && ev->state == SESSION_DISCONNECTED) {
        sip_front_over(x, leg);
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
        sip_event_free(x, x->given);
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
        struct sip_leg *leg = ev->leg ? sip_front_find(x, ev->leg, 0) : NULL;

        x->event_first = ev->next;
        if (!ev->next) {
            x->event_last = NULL;
        }
        if (ev->type != SESSION_IND_DONE && ev->leg && !leg) {
            sip_event_free(x, ev); /* the core has dropped it meanwhile */
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
    uint32_t live = 0, unused = 0, secured = 0;

    platform_mutex_lock(&x->lock);
    for (uint32_t i = 0; i < x->legc; i++) {
        const struct sip_leg *leg = x->legv[i];
        uint32_t least = (uint32_t)leg->front + leg->back + leg->end_queued + leg->unhold_queued;

        live += leg->front;
        unused += !leg->holds;
        secured += leg->holds && leg->secured;
        if (leg->holds < least) {
            text = "a leg is held by fewer than know it";
        }
    }
    for (const struct sip_leg *leg = x->free_leg; leg; leg = leg->next_free) {
        unused--;
    }
    for (uint32_t i = 0; i < x->linec; i++) {
        secured -= x->linev[i].securedc;
    }
    if (secured) {
        text = "lines count their secured legs wrong";
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
        sip_event_free(x, x->given);
    }
    while (x->event_first) {
        struct sip_event *ev = x->event_first;

        x->event_first = ev->next;
        sip_event_free(x, ev);
    }
    while (x->command_first) {
        struct sip_command *c = x->command_first;

        x->command_first = c->next;
        sip_release(x, c->uui);
        sip_account_free(x, c->account);
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
    sip_back_poke(x); /* in here: once it sees `stop` it may be gone with all that is poked */
    platform_mutex_unlock(&x->lock);
    platform_thread_join(x->thread);
    release_all(x);
}

#define OP(name) SESSION_OP_BIT(SESSION_OP_##name)

#define SIP_OPS                                                                                                        \
    (OP(MAKE) | OP(DIAL) | OP(ACCEPT) | OP(ANSWER) | OP(DROP) | OP(RELEASE) | OP(SETAPPSPECIFIC) | OP(SETCALLPARAMS) | \
     OP(SETMEDIAMODE) | OP(GATHERDIGITS) | OP(GENERATEDIGITS) | OP(GENERATETONE) | OP(MONITORDIGITS) | OP(HOLD) |      \
     OP(UNHOLD) | OP(SWAPHOLD) | OP(SETUPTRANSFER) | OP(COMPLETETRANSFER) | OP(BLINDTRANSFER) | OP(REDIRECT) |         \
     OP(SETUPCONF) | OP(PREPAREADDCONF) | OP(ADDTOCONF) | OP(REMOVEFROMCONF) | OP(RELEASEUSERUSER) | OP(DEVSPECIFIC) | \
     OP(SECURECALL))

#if TAPI_HEARS
#define HEAR_OPS (OP(MONITORTONES) | OP(MONITORMEDIA))
#else
#define HEAR_OPS UINT64_C(0)
#endif

#define COMPLETION_OPS (OP(COMPLETECALL) | OP(UNCOMPLETECALL))      /* where it is allowed */
#define CODE_OPS (OP(FORWARD) | OP(PICKUP) | OP(PARK) | OP(UNPARK)) /* where the PBX has codes */

uint64_t sip_session_ops(void)
{
    return SIP_OPS | HEAR_OPS | CODE_OPS | COMPLETION_OPS;
}

uint64_t sip_account_ops(const struct sip_account_conf *conf, uint32_t *forwards)
{
    const char *const *v = conf->codev;
    uint32_t modes = (v[SIP_CODE_FORWARD] || v[SIP_CODE_DND] ? (uint32_t)SESSION_FORWARD_UNCOND : 0u) |
                     (v[SIP_CODE_FORWARD_BUSY] ? (uint32_t)SESSION_FORWARD_BUSY : 0u) |
                     (v[SIP_CODE_FORWARD_NOANSWER] ? (uint32_t)SESSION_FORWARD_NOANSW : 0u);
    uint64_t ops = sip_session_ops() & ~(CODE_OPS | COMPLETION_OPS);

    if (v[SIP_CODE_FORWARD_BUSY] && v[SIP_CODE_FORWARD_NOANSWER]) {
        modes |= SESSION_FORWARD_BUSYNA;
    }
    if (forwards) {
        *forwards = modes;
    }
    return ops | (conf->completion ? COMPLETION_OPS : 0) | (modes ? OP(FORWARD) : 0) |
           (v[SIP_CODE_PICKUP] || conf->watchc ? OP(PICKUP) : 0) | (v[SIP_CODE_PARK] ? OP(PARK) : 0) |
           (v[SIP_CODE_UNPARK] ? OP(UNPARK) : 0);
}

static const struct binding_ops sip_ops = {
    .name = "sip",
    .session_ops = SIP_OPS | HEAR_OPS | CODE_OPS | COMPLETION_OPS,
    .line_add = sip_line_add,
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
    x->line_cap = x->linec + 1;
    x->linev = sip_zalloc(x, x->line_cap * sizeof(*x->linev));
    for (uint32_t i = 0; x->linev && i < conf->accountc; i++) {
        struct sip_front_line *l = &x->linev[conf->accountv[i].line];

        l->is_account = true;
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
    len = line < x->linec ? sip_cut(x->linev[line].text, strlen(x->linev[line].text), size - 1) : 0;
    if (len) {
        memcpy(text, x->linev[line].text, len);
    }
    text[len] = '\0';
    platform_mutex_unlock(&x->lock);
}

enum sip_fault sip_line_fault(struct binding *b, uint32_t line)
{
    struct sip *x = (struct sip *)b;
    enum sip_fault fault;

    platform_mutex_lock(&x->lock);
    fault = line < x->linec ? x->linev[line].fault : SIP_FAULT_NONE;
    platform_mutex_unlock(&x->lock);
    return fault;
}
