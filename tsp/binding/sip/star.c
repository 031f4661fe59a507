/* What a PBX does when a code is dialled: forwarding and do-not-disturb, pickup, park. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <stdio.h>
#include <string.h>

/*
 * A setting is a call to its code: the PBX answers, perhaps says something, and hangs up. It has done it when it has
 * hung up, or after a while; an answer other than 2xx is a refusal. Pickup and unpark are calls that stay, park is a
 * blind transfer. Which codes there are, the account says.
 */
enum { LISTEN_MS = 10000, STEPS_MAX = SIP_FORWARDS + 1 };

/* The calls of one FORWARD, one after the other. */
struct sip_star {
    struct sip_star *next;
    struct sip_ua *ua;
    struct sip_account *account;
    struct sip_command *command;
    struct sip_side *side; /* the one under way */
    pj_timer_entry timer;
    struct {
        uint32_t bit;
        bool on;
    } stepv[STEPS_MAX];
    uint32_t stepc, at;
    bool answered;
};

static const char *code_of(const struct sip_account *acc, enum sip_code code)
{
    return acc->conf->codev[code];
}

static pj_str_t uri_of(pj_pool_t *pool, const struct sip_account *acc, const char *code, const char *number)
{
    char text[SIP_CODE_MAX + SESSION_NUMBER_MAX + 1];

    (void)snprintf(text, sizeof(text), "%s%s", code ? code : "", number);
    return sip_uri_of_dial(pool, acc, text, false);
}

/* ---- settings ---------------------------------------------------------------------------------------------------- */

/* Of each setting: the code that puts it on and off. The last is do-not-disturb. */
static const enum sip_code onv[] = {SIP_CODE_FORWARD, SIP_CODE_FORWARD_BUSY, SIP_CODE_FORWARD_NOANSWER, SIP_CODE_DND};
static const enum sip_code offv[] = {SIP_CODE_UNFORWARD, SIP_CODE_UNFORWARD_BUSY, SIP_CODE_UNFORWARD_NOANSWER,
                                     SIP_CODE_UNDND};

static void star_over(struct sip_star *star, enum session_err err)
{
    struct sip_star **at = &star->ua->stars;
    struct sip_side *side = star->side;

    while (*at != star) {
        at = &(*at)->next;
    }
    *at = star->next;
    sip_unschedule(star->ua, &star->timer);
    sip_done(star->ua->x, star->command, err, 0, NULL);
    sip_release(star->ua->x, star);
    if (side) {
        side->star = NULL;
        sip_side_close(side, 0);
    }
}

/* Calls the code of the step; false: it cannot. */
static bool call_code(struct sip_star *star)
{
    const struct sip_forward_wish *w = (const struct sip_forward_wish *)(const void *)star->command->digits;
    uint32_t bit = star->stepv[star->at].bit;
    bool on = star->stepv[star->at].on;
    struct sip_ua *ua = star->ua;
    pj_pool_t *pool = pjsip_endpt_create_pool(ua->endpt, "star", 1000, 1000);
    struct sip_call *stub = sip_zalloc(ua->x, sizeof(*stub)); /* who dials; nobody hears of it */
    pj_str_t target = {NULL, 0};

    star->answered = false;
    if (pool && stub) {
        target = uri_of(pool, star->account, code_of(star->account, on ? onv[bit] : offv[bit]),
                        on && bit < SIP_FORWARDS ? w->destv[bit] : "");
    }
    if (target.slen) {
        stub->x = ua->x;
        stub->account = star->account;
        stub->phase = CALL_CALLING;
        star->side = sip_invite(stub, &target, NULL);
        if (star->side) {
            star->side->call = NULL;
            star->side->star = star;
        }
    }
    sip_release(ua->x, stub);
    if (pool) {
        pjsip_endpt_release_pool(ua->endpt, pool);
    }
    return star->side != NULL;
}

static void next_step(struct sip_star *star)
{
    if (star->at == star->stepc) {
        star_over(star, SESSION_E_OK);
    } else if (!call_code(star)) {
        star_over(star, SESSION_E_FAILED);
    }
}

static void on_timer(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_star *star = entry->user_data;

    (void)heap;
    entry->id = 0;
    if (star->side) {
        struct sip_side *side = star->side;

        star->side = NULL;
        side->star = NULL;
        sip_side_close(side, 0);
        sip_star_ended(star);
    }
}

void sip_star_answered(struct sip_star *star)
{
    if (!star->answered) {
        star->answered = true;
        sip_schedule(star->ua, &star->timer, LISTEN_MS);
    }
}

void sip_star_ended(struct sip_star *star)
{
    uint32_t bit = 1u << star->stepv[star->at].bit;

    star->side = NULL;
    sip_unschedule(star->ua, &star->timer);
    if (!star->answered) {
        star_over(star, SESSION_E_FAILED);
        return;
    }
    star->account->settings = star->stepv[star->at].on ? star->account->settings | bit : star->account->settings & ~bit;
    star->at++;
    next_step(star);
}

static void step(struct sip_star *star, uint32_t bit, bool on)
{
    star->stepv[star->stepc].bit = bit;
    star->stepv[star->stepc++].on = on;
}

/* What has to be dialled for a wish. False: there is no code for it. */
static bool plan(struct sip_star *star, const struct sip_forward_wish *w)
{
    bool dnd = (w->asked & 1) && !w->destv[0][0];

    for (uint32_t bit = 0; bit <= SIP_FORWARDS; bit++) {
        bool on = bit == SIP_FORWARDS ? dnd : w->asked >> bit & 1 && !(bit == 0 && dnd);

        if (on && (!code_of(star->account, onv[bit]) || (bit < SIP_FORWARDS && !w->destv[bit][0]))) {
            return false;
        }
        /* what was set before this program began is not known: taking back everything is meant */
        if (!on && code_of(star->account, offv[bit]) && (!w->asked || star->account->settings >> bit & 1)) {
            step(star, bit, false);
        }
    }
    for (uint32_t bit = 0; bit <= SIP_FORWARDS; bit++) {
        if (bit == SIP_FORWARDS ? dnd : w->asked >> bit & 1 && !(bit == 0 && dnd)) {
            step(star, bit, true);
        }
    }
    return true;
}

void sip_forward(struct sip_ua *ua, struct sip_command *c)
{
    const struct sip_forward_wish *w = (const struct sip_forward_wish *)(const void *)c->digits;
    struct sip_account *acc = sip_account_of_line(ua, c->cmd.line);
    struct sip_star *star = acc && w && !w->odd ? sip_zalloc(ua->x, sizeof(*star)) : NULL;

    if (!star) {
        sip_done(ua->x, c, acc && w && !w->odd ? SESSION_E_NOMEM : SESSION_E_UNAVAIL, 0, NULL);
        return;
    }
    star->ua = ua;
    star->account = acc;
    star->command = c;
    pj_timer_entry_init(&star->timer, 0, star, on_timer);
    star->next = ua->stars;
    ua->stars = star;
    if (plan(star, w)) {
        next_step(star);
    } else {
        star_over(star, SESSION_E_UNAVAIL);
    }
}

void sip_stars_end(struct sip_ua *ua)
{
    while (ua->stars) {
        star_over(ua->stars, SESSION_E_FAILED);
    }
}

/* ---- calls that wait elsewhere ----------------------------------------------------------------------------------- */

/* There is no code, but perhaps somebody is watched. */
static enum session_err nothing_rings(const struct sip_account *acc, bool pickup, const struct sip_command *c)
{
    if (!acc || !pickup || !acc->conf->watchc) {
        return SESSION_E_UNAVAIL;
    }
    return c->dial.number[0] ? SESSION_E_BADADDRESS : SESSION_E_FAILED;
}

void sip_fetch(struct sip_ua *ua, struct sip_command *c)
{
    bool pickup = c->cmd.type == SESSION_CMD_PICKUP;
    struct sip_leg *leg = sip_leg_get(ua->x, c->cmd.leg);
    struct sip_account *acc = sip_account_of_line(ua, c->cmd.line);
    const char *code = acc ? code_of(acc, pickup ? SIP_CODE_PICKUP : SIP_CODE_UNPARK) : NULL;
    pj_pool_t *pool = leg && acc ? pjsip_endpt_create_pool(ua->endpt, "fetch", 1000, 1000) : NULL;
    pj_str_t target = {NULL, 0};
    pjsip_hdr list;
    bool watched = pool && pickup && sip_monitor_pickup(acc, c->dial.number, pool, &target, &list);
    struct sip_call *call = pool && (code || watched) ? sip_call_new(ua, leg, acc) : NULL;
    struct sip_side *side;
    uint32_t id = c->cmd.leg;

    if (!call) {
        target.slen = 0;
    } else if (!watched) {
        target = uri_of(pool, acc, code, c->dial.number);
    }
    if (!target.slen) {
        if (call) {
            sip_call_end(call, 0, 0);
        } else if (leg) {
            sip_leg_over(ua->x, leg, 0);
        }
        sip_done(ua->x, c, code || watched ? SESSION_E_FAILED : nothing_rings(acc, pickup, c), 0, NULL);
        goto out;
    }
    call->address = c->cmd.address;
    call->phase = CALL_CALLING;
    call->fetch = c;
    side = sip_invite(call, &target, watched ? &list : NULL);
    call = sip_call_of(ua->x, id);
    if (call && side) {
        call->side = side;
    } else if (call) {
        sip_call_end(call, 0, 0);
    }
out:
    if (pool) {
        pjsip_endpt_release_pool(ua->endpt, pool);
    }
}

bool sip_fetched(struct sip_call *call, struct session_party *connected)
{
    struct sip_command *c = call->fetch;

    if (!c) {
        return false;
    }
    call->fetch = NULL;
    call->phase = CALL_UP;
    call->told = true;
    call->mode = sip_mode_of(call);
    sip_done(call->x, c, SESSION_E_OK, call->mode, connected);
    return true;
}

struct sip_command *sip_fetch_ended(struct sip_call *call, enum session_err *err)
{
    struct sip_command *c = call->fetch;
    int code = call->side && call->side->inv ? (int)call->side->inv->cause : 0;

    call->fetch = NULL;
    *err = code == 404 || code == 484 ? SESSION_E_BADADDRESS : SESSION_E_FAILED;
    return c;
}

void sip_park(struct sip_ua *ua, struct sip_command *c)
{
    struct sip_call *call = sip_call_of(ua->x, c->cmd.leg);
    const char *code = call && call->account ? code_of(call->account, SIP_CODE_PARK) : NULL;
    size_t len = code ? strlen(code) : 0, number = strlen(c->dial.number);

    if (!code || !number || len + number > SESSION_NUMBER_MAX) {
        sip_done(ua->x, c, !call ? SESSION_E_BADSTATE : code ? SESSION_E_BADADDRESS : SESSION_E_UNAVAIL, 0, NULL);
        return;
    }
    memmove(c->dial.number + len, c->dial.number, number + 1);
    memcpy(c->dial.number, code, len);
    c->cmd.type = SESSION_CMD_DEFLECT;
    sip_transfer(ua, c);
}
