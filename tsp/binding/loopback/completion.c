/* Call completion in the embedded exchange: queued, called back, joined, a message. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * What waits for a number waits at the line that has it, in the order of asking. The core says when a call of such a
 * line has ended (FREE); one that waits is then offered to whoever asked, and when that is answered the number is
 * called. The next one has its turn when the line is free again, or at once if the first was not answered.
 */

struct exchange_completion {
    struct exchange_completion *next;
    uint32_t id, line, address; /* of who asked */
    uint32_t media_modes, call_id;
    const struct exchange_number *to;
    struct session_party *self; /* who it is that will call; NULL: blocked */
    bool campon;
    bool armed; /* the number was busy, or its telephone used since */
    bool offered;
};

static void line_say(struct exchange *x, uint32_t line, enum session_ind_type type, uint32_t state, uint32_t mode)
{
    struct exchange_event ev = {.type = EV_LINE, .leg = line, .session = (uint32_t)type, .state = state, .mode = mode};

    exchange_push(x, &ev);
}

bool exchange_line_indicate(const struct exchange_event *ev, struct session_ind *ind)
{
    ind->type = (enum session_ind_type)ev->session;
    ind->line = ev->leg;
    if (ind->type == SESSION_IND_WATCH) {
        ind->address = ev->state;
        ind->mode = ev->mode;
    } else {
        ind->completion = ev->state;
    }
    return true;
}

static void completion_free(struct exchange *x, struct exchange_completion **link)
{
    struct exchange_completion *c = *link;

    *link = c->next;
    session_party_deref(c->self);
    exchange_release(x, c);
}

static struct exchange_completion **find(struct exchange *x, uint32_t at, uint32_t line, uint32_t id)
{
    struct exchange_completion **link = &x->linev[at].completions;

    while (*link && ((*link)->line != line || (*link)->id != id)) {
        link = &(*link)->next;
    }
    return *link ? link : NULL;
}

/* ---- those who join ---------------------------------------------------------------------------------------------- */

void exchange_guest_join(struct exchange_leg *host, struct exchange_leg *guest)
{
    guest->host = host;
    guest->guest = host->guest;
    host->guest = guest;
    guest->phase = LEG_CONNECTED;
    guest->up = true;
}

static void leave(struct exchange_leg *guest)
{
    struct exchange_leg **link = &guest->host->guest;

    while (*link != guest) {
        link = &(*link)->guest;
    }
    *link = guest->guest;
    guest->host = guest->guest = NULL;
}

void exchange_guests_leave(struct exchange *x, struct exchange_leg *leg)
{
    if (leg->host) {
        leave(leg);
        return;
    }
    while (leg->guest) {
        struct exchange_leg *guest = leg->guest;
        leave(guest);
        exchange_end(x, guest, SESSION_DISC_NORMAL);
    }
}

/* An end of a conversation at a number that one more can join; NULL: there is none. */
static struct exchange_leg *talking(const struct exchange *x, const struct exchange_number *to)
{
    for (uint32_t i = 0; i < x->chunkc * EXCHANGE_CHUNK; i++) {
        struct exchange_leg *leg = exchange_leg_at(x, i);
        if (leg->phase == LEG_CONNECTED && leg->line == to->line && leg->address == to->address && !leg->held &&
            !leg->host && !leg->share && !leg->appear) {
            return leg;
        }
    }
    return NULL;
}

/* ---- calling back ------------------------------------------------------------------------------------------------ */

void exchange_completion_activity(struct exchange *x, uint32_t line)
{
    if (line >= x->linec) {
        return;
    }
    for (struct exchange_completion *c = x->linev[line].completions; c; c = c->next) {
        c->armed = true;
    }
}

/* Offers a completion to who asked for it. False: no memory now. */
static bool offer(struct exchange *x, struct exchange_completion *c)
{
    struct exchange_leg *leg = exchange_leg_new(x);

    if (!leg) {
        return false;
    }
    leg->phase = LEG_CALLBACK;
    leg->line = c->line;
    leg->address = c->address;
    leg->media_modes = c->media_modes;
    leg->to = c->to;
    leg->self = session_party_ref(c->self);
    leg->reason = SESSION_REASON_CALLCOMPLETION;
    leg->completion = c->id;
    leg->call_id = c->call_id;
    c->offered = true;
    exchange_say(x, EV_OFFER, leg, 0, 0);
    return true;
}

static bool is_offered(const struct exchange *x, uint32_t line)
{
    for (const struct exchange_completion *c = x->linev[line].completions; c; c = c->next) {
        if (c->offered) {
            return true;
        }
    }
    return false;
}

void exchange_completion_next(struct exchange *x, uint32_t line)
{
    if (is_offered(x, line)) {
        return;
    }
    for (struct exchange_completion *c = x->linev[line].completions; c; c = c->next) {
        if (c->armed) {
            (void)offer(x, c);
            return;
        }
    }
}

static void line_free(struct exchange *x, const struct session_cmd *cmd)
{
    struct exchange_line *line = &x->linev[cmd->line];

    if (!line->completions) {
        line_say(x, cmd->line, SESSION_IND_WATCH, cmd->address, 0);
        return;
    }
    if (is_offered(x, cmd->line) || line->out_of_service) {
        return;
    }
    for (struct exchange_completion *c = line->completions; c; c = c->next) {
        if (c->armed && (cmd->mode == 0 || (c->campon && cmd->on && c->to->address == cmd->address))) {
            (void)offer(x, c);
            return;
        }
    }
}

void exchange_callback_told(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_completion **link = find(x, leg->to->line, leg->line, leg->completion);

    if (link) {
        completion_free(x, link);
    }
}

void exchange_callback_end(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_completion **link = find(x, leg->to->line, leg->line, leg->completion);
    struct exchange_event next = {.type = EV_NEXT, .leg = leg->to->line};

    if (link) {
        completion_free(x, link);
    }
    if (!leg->told) {
        line_say(x, leg->line, SESSION_IND_COMPLETION, leg->completion, 0);
    }
    exchange_push(x, &next);
}

/* ---- commands ---------------------------------------------------------------------------------------------------- */

static void completed(struct exchange *x, const struct session_cmd *cmd, uint32_t line)
{
    struct exchange_event ev = {.type = EV_COMPLETED,
                                .leg = cmd->leg,
                                .session = cmd->session,
                                .token = cmd->token,
                                .state = cmd->completion,
                                .mode = line};

    exchange_push(x, &ev);
}

static enum session_err queue(struct exchange *x, const struct session_cmd *cmd, struct exchange_leg *leg)
{
    struct exchange_completion **link = &x->linev[leg->to->line].completions;
    struct exchange_completion *c = exchange_zalloc(x, sizeof(*c));

    if (!c) {
        return SESSION_E_NOMEM;
    }
    c->id = cmd->completion;
    c->line = leg->line;
    c->address = leg->address;
    c->media_modes = leg->media_modes;
    c->call_id = cmd->call_id;
    c->to = leg->to;
    c->self = session_party_ref(leg->self);
    c->campon = cmd->mode == SESSION_COMPL_CAMPON;
    c->armed = leg->phase == LEG_BUSY;
    while (*link) {
        link = &(*link)->next;
    }
    *link = c;
    completed(x, cmd, leg->line);
    line_say(x, c->to->line, SESSION_IND_WATCH, c->to->address, 1);
    exchange_hang_up(x, leg, NULL);
    return SESSION_E_OK;
}

static enum session_err complete(struct exchange *x, const struct session_cmd *cmd)
{
    struct exchange_leg *leg = exchange_leg_find(x, cmd->leg, cmd->session), *host;
    bool busy = leg && leg->phase == LEG_BUSY, rings = leg && leg->phase == LEG_CALLING && !leg->up;
    const struct exchange_number *to = leg ? leg->to : NULL;
    uint32_t line;

    if (!busy && !(rings && cmd->mode & (SESSION_COMPL_CALLBACK | SESSION_COMPL_MESSAGE))) {
        return SESSION_E_BADSTATE;
    }
    /* a special number has no telephone that could get free; nobody waits for one's own */
    if (!to || to->kind != EXCHANGE_EXT || (to->line == leg->line && to->address == leg->address) ||
        leg->line >= x->linec) {
        return SESSION_E_FAILED;
    }
    switch (cmd->mode) {
    case SESSION_COMPL_CAMPON:
    case SESSION_COMPL_CALLBACK:
        return queue(x, cmd, leg);
    case SESSION_COMPL_INTRUDE:
        host = to->sharing ? NULL : talking(x, to);
        if (!host) {
            return SESSION_E_FAILED;
        }
        exchange_guest_join(host, leg);
        exchange_done(x, cmd, cmd->leg, SESSION_E_OK);
        return SESSION_E_OK;
    case SESSION_COMPL_MESSAGE:
        line = leg->line;
        completed(x, cmd, line);
        line_say(x, to->line, SESSION_IND_MESSAGE, cmd->message, 0);
        exchange_hang_up(x, leg, NULL);
        return SESSION_E_OK;
    default:
        return SESSION_E_BADSTATE;
    }
}

/* One that is being offered, and not told of yet, ends as well. */
static void uncomplete(struct exchange *x, uint32_t line, uint32_t id)
{
    for (uint32_t i = 0; i < x->linec; i++) {
        struct exchange_completion **link = find(x, i, line, id);

        if (!link) {
            continue;
        }
        if (!(*link)->offered) {
            completion_free(x, link);
            return;
        }
        for (uint32_t k = 0; k < x->chunkc * EXCHANGE_CHUNK; k++) {
            struct exchange_leg *leg = exchange_leg_at(x, k);
            if (leg->phase == LEG_CALLBACK && !leg->told && leg->line == line && leg->completion == id) {
                leg->told = true; /* nothing is to be said of it */
                exchange_leg_free(x, leg);
                return;
            }
        }
    }
}

void exchange_completion_command(struct exchange *x, const struct session_cmd *cmd)
{
    enum session_err err;

    switch (cmd->type) {
    case SESSION_CMD_COMPLETE:
        err = complete(x, cmd);
        if (err) {
            exchange_done(x, cmd, cmd->leg, err);
        }
        break;
    case SESSION_CMD_UNCOMPLETE:
        uncomplete(x, cmd->line, cmd->completion);
        exchange_done(x, cmd, 0, SESSION_E_OK);
        break;
    default:
        if (cmd->line < x->linec) {
            line_free(x, cmd);
        }
        break;
    }
}

void exchange_completions_cancel(struct exchange *x, uint32_t line)
{
    struct exchange_completion **link = &x->linev[line].completions;

    while (*link) {
        if ((*link)->offered) {
            link = &(*link)->next; /* its call back ends it */
            continue;
        }
        line_say(x, (*link)->line, SESSION_IND_COMPLETION, (*link)->id, 0);
        completion_free(x, link);
    }
}

void exchange_completions_free(struct exchange *x)
{
    for (uint32_t i = 0; x->linev && i < x->linec; i++) {
        while (x->linev[i].completions) {
            completion_free(x, &x->linev[i].completions);
        }
    }
}

const char *exchange_completions_check(const struct exchange *x, const struct exchange_leg *leg)
{
    const struct exchange_leg *g;

    if (leg->host) {
        for (g = leg->host->guest; g && g != leg; g = g->guest) {
            continue;
        }
        if (!g || leg->peer || leg->phase != LEG_CONNECTED) {
            return "leg has joined a conversation that does not know it";
        }
        if (leg->host->host || (leg->host->phase != LEG_CONNECTED && leg->host->phase != LEG_CALLING)) {
            return "leg has joined a conversation that is none";
        }
    } else {
        for (g = leg->guest; g; g = g->guest) {
            if (g->host != leg) {
                return "leg's conversation was joined by one that does not know it";
            }
        }
    }
    if (leg->phase == LEG_CALLBACK && !leg->told) {
        const struct exchange_completion *c = x->linev[leg->to->line].completions;
        while (c && (c->line != leg->line || c->id != leg->completion)) {
            c = c->next;
        }
        if (!c || !c->offered) {
            return "call back of a completion that is none";
        }
    }
    return NULL;
}
