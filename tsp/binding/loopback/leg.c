/* Ends of calls in the embedded exchange, and the indications they have to give. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

#define INDEX_MASK ((1u << EXCHANGE_INDEX_BITS) - 1)

bool exchange_ring_reserve(struct exchange *x, uint32_t want)
{
    struct exchange_event *ring;
    uint32_t cap = x->ring_cap ? x->ring_cap : 64;

    while (cap < want) {
        cap *= 2;
    }
    if (cap == x->ring_cap) {
        return true;
    }
    ring = exchange_zalloc(x, cap * sizeof(*ring));
    if (!ring) {
        return false;
    }
    for (uint32_t i = 0; i < x->ring_count; i++) {
        ring[i] = x->ring[(x->ring_first + i) & (x->ring_cap - 1)];
    }
    exchange_release(x, x->ring);
    x->ring = ring;
    x->ring_cap = cap;
    x->ring_first = 0;
    return true;
}

/* Each leg has reserved room for what one step of the core can make it say, so this does not fail for a driver that
 * keeps the rule of binding.h; for any other one it is counted, and `check` tells. */
void exchange_push(struct exchange *x, const struct exchange_event *ev)
{
    if (x->ring_count == x->ring_cap && !exchange_ring_reserve(x, x->ring_count + 1)) {
        x->lost++;
        return;
    }
    x->ring[(x->ring_first + x->ring_count) & (x->ring_cap - 1)] = *ev;
    x->ring_count++;
}

bool exchange_pop(struct exchange *x, struct exchange_event *ev)
{
    if (x->ring_count == 0) {
        return false;
    }
    *ev = x->ring[x->ring_first];
    x->ring_first = (x->ring_first + 1) & (x->ring_cap - 1);
    x->ring_count--;
    return true;
}

struct exchange_leg *exchange_leg_at(const struct exchange *x, uint32_t index)
{
    return &x->chunkv[index / EXCHANGE_CHUNK][index % EXCHANGE_CHUNK];
}

static bool add_chunk(struct exchange *x)
{
    struct exchange_leg *chunk;
    uint32_t first = x->chunkc * EXCHANGE_CHUNK;

    if (first + EXCHANGE_CHUNK > INDEX_MASK) {
        return false;
    }
    if (x->chunkc == x->chunk_cap) {
        uint32_t cap = x->chunk_cap ? 2 * x->chunk_cap : 4;
        struct exchange_leg **chunkv = exchange_zalloc(x, cap * sizeof(struct exchange_leg *));
        if (!chunkv) {
            return false;
        }
        if (x->chunkc) {
            memcpy(chunkv, x->chunkv, x->chunkc * sizeof(struct exchange_leg *));
        }
        exchange_release(x, x->chunkv);
        x->chunkv = chunkv;
        x->chunk_cap = cap;
    }
    if (session_timers_reserve(&x->timers, first + EXCHANGE_CHUNK + x->playc)) {
        return false;
    }
    chunk = exchange_zalloc(x, EXCHANGE_CHUNK * sizeof(*chunk));
    if (!chunk) {
        return false;
    }
    for (uint32_t i = EXCHANGE_CHUNK; i-- > 0;) {
        chunk[i].id = first + i + 1;
        chunk[i].next = x->free_leg;
        x->free_leg = &chunk[i];
    }
    x->chunkv[x->chunkc++] = chunk;
    return true;
}

struct exchange_leg *exchange_leg_new(struct exchange *x)
{
    struct exchange_leg *leg;

    if (!exchange_ring_reserve(x, 2 * (x->legs + 1) + x->newsc + EXCHANGE_RING_SPARE)) {
        return NULL;
    }
    if (!x->free_leg && !add_chunk(x)) {
        return NULL;
    }
    leg = x->free_leg;
    x->free_leg = leg->next;
    leg->next = NULL;
    x->legs++;
    return leg;
}

void exchange_leg_free(struct exchange *x, struct exchange_leg *leg)
{
    uint32_t id = leg->id + (1u << EXCHANGE_INDEX_BITS); /* the generation wraps round */

    if (leg->timer.slot) {
        session_timer_stop(&x->timers, &leg->timer);
    }
    if (leg->phase == LEG_WAITING) {
        exchange_unwait(x, leg);
    }
    exchange_silent(x, leg);
    exchange_unplace(leg);
    if (leg->phase == LEG_CALLBACK) {
        exchange_callback_end(x, leg);
    }
    if (leg->host || leg->guest) {
        exchange_guests_leave(x, leg);
    }
    if (leg->digits) {
        exchange_release(x, leg->digits);
    }
    if (leg->news) {
        exchange_news_free(x, leg);
    }
    if (leg->play) {
        exchange_play_free(x, leg);
    }
    if (leg->data) {
        exchange_release(x, leg->data);
    }
    session_party_deref(leg->self);
    if (leg->bridge) {
        exchange_unbridge(leg);
    }
    if (leg->appear) {
        exchange_share_end(x, leg, SESSION_DISC_NORMAL);
    }
    if (leg->share) {
        exchange_share_leave(leg);
    }
    memset(leg, 0, sizeof(*leg));
    leg->id = id;
    leg->next = x->free_leg;
    x->free_leg = leg;
    x->legs--;
}

struct exchange_leg *exchange_leg_find(const struct exchange *x, uint32_t id, uint32_t session)
{
    uint32_t index = (id & INDEX_MASK) - 1;
    struct exchange_leg *leg;

    if (index >= x->chunkc * EXCHANGE_CHUNK) {
        return NULL;
    }
    leg = exchange_leg_at(x, index);
    if (leg->id != id || leg->phase == LEG_FREE || (session && leg->session && leg->session != session)) {
        return NULL;
    }
    return leg;
}

void exchange_wait(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_line *line = &x->linev[leg->line];

    leg->phase = LEG_WAITING;
    leg->prev = line->waiting_last;
    leg->next = NULL;
    if (leg->prev) {
        leg->prev->next = leg;
    } else {
        line->waiting = leg;
    }
    line->waiting_last = leg;
}

void exchange_unwait(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_line *line = &x->linev[leg->line];

    if (leg->prev) {
        leg->prev->next = leg->next;
    } else {
        line->waiting = leg->next;
    }
    if (leg->next) {
        leg->next->prev = leg->prev;
    } else {
        line->waiting_last = leg->prev;
    }
    leg->prev = leg->next = NULL;
}

void exchange_unbridge(struct exchange_leg *leg)
{
    struct exchange_leg *bridge = leg->bridge;

    if (leg->prev) {
        leg->prev->next = leg->next;
    } else {
        bridge->next = leg->next;
    }
    if (leg->next) {
        leg->next->prev = leg->prev;
    }
    leg->prev = leg->next = leg->bridge = NULL;
    bridge->members--;
}

void exchange_legs_free(struct exchange *x)
{
    for (uint32_t i = 0; i < x->chunkc; i++) {
        for (uint32_t j = 0; j < EXCHANGE_CHUNK; j++) {
            exchange_release(x, x->chunkv[i][j].digits);
            exchange_release(x, x->chunkv[i][j].data);
            session_party_deref(x->chunkv[i][j].self);
            exchange_news_free(x, &x->chunkv[i][j]);
            exchange_play_free(x, &x->chunkv[i][j]);
        }
        exchange_release(x, x->chunkv[i]);
    }
    exchange_given_free(x);
    exchange_release(x, x->chunkv);
    exchange_release(x, x->ring);
    session_timers_free(&x->timers);
}

static const char *check_leg(const struct exchange *x, const struct exchange_leg *leg)
{
    const struct exchange_leg *peer = leg->peer;

    if (leg->timer.slot && (leg->timer.slot > x->timers.count || x->timers.heap[leg->timer.slot - 1] != &leg->timer)) {
        return "leg's timer is not where it says";
    }
    if (peer && peer->peer != leg) {
        return "leg's other end does not know it";
    }
    if (leg->bridge && (leg->bridge->phase != LEG_BRIDGE || !leg->bridge->members)) {
        return "leg in a conference that is none";
    }
    if (leg->share || leg->appear) {
        const char *text = exchange_share_check(leg);
        if (text) {
            return text;
        }
    }
    if (leg->digits && leg->phase != LEG_DIALING) {
        return "digits kept after dialling";
    }
    if (exchange_park_check(x, leg)) {
        return exchange_park_check(x, leg);
    }
    switch ((enum exchange_phase)leg->phase) {
    case LEG_PARKED:
        return !leg->place || !leg->held || (peer && peer->phase != LEG_CONNECTED) ? "parked leg not in order" : NULL;
    case LEG_FREE:
        return peer || leg->self || leg->bridge || leg->host || leg->guest || leg->timer.slot ? "free leg holds something" : NULL;
    case LEG_DIALTONE:
    case LEG_BUSY:
        return peer || leg->timer.slot ? "leg with a tone has an other end or a timer" : NULL;
    case LEG_DIALING:
        return peer || !leg->digits || leg->timer.slot ? "dialling leg not in order" : NULL;
    case LEG_CALLING:
        if (!leg->to || (leg->to->kind == EXCHANGE_EXT) != (peer != NULL)) {
            return "calling leg has the wrong other end";
        }
        return peer && peer->phase != LEG_WAITING && peer->phase != LEG_OFFERED ? "called leg does not ring" : NULL;
    case LEG_CONNECTED:
        return peer && peer->phase != LEG_CONNECTED && peer->phase != LEG_PARKED ? "one end connected alone" : NULL;
    case LEG_WAITING:
        if (leg->told || x->linev[leg->line].attended) {
            return "waiting leg of an attended line";
        }
        return !leg->share && (!peer || peer->phase != LEG_CALLING) ? "waiting leg not in order" : NULL;
    case LEG_CALLBACK:
        return peer || !leg->to || !leg->completion ? "call back of nobody" : NULL;
    case LEG_OFFERED:
        return !leg->share && (!peer || peer->phase != LEG_CALLING) ? "offered leg without a caller" : NULL;
    case LEG_BRIDGE:
        return peer || leg->timer.slot || leg->bridge ? "conference holds something" : NULL;
    case LEG_GONE:
        return peer || leg->bridge || leg->share || leg->appear || leg->host || leg->guest || leg->timer.slot ||
                       x->ring_count == 0
                   ? "ended leg holds something"
                   : NULL;
    }
    return "leg in no phase";
}

const char *exchange_legs_check(const struct exchange *x)
{
    uint32_t used = 0, unused = 0, waiting = 0, listed = 0, timers = 0, news = 0, plays = 0;

    for (uint32_t i = 0; i < x->chunkc * EXCHANGE_CHUNK; i++) {
        const struct exchange_leg *leg = exchange_leg_at(x, i);
        const char *text = check_leg(x, leg);
        if (!text) {
            text = exchange_completions_check(x, leg);
        }
        if (text) {
            return text;
        }
        used += leg->phase != LEG_FREE;
        for (const struct exchange_news *n = leg->news; n; n = n->next) {
            news++;
        }
        waiting += leg->phase == LEG_WAITING;
        timers += leg->timer.slot != 0;
        plays += leg->play != NULL;
    }
    for (const struct exchange_leg *leg = x->free_leg; leg; leg = leg->next) {
        unused++;
        if (leg->phase != LEG_FREE || unused > x->chunkc * EXCHANGE_CHUNK) {
            return "list of free legs is broken";
        }
    }
    for (uint32_t i = 0; i < x->linec; i++) {
        for (const struct exchange_leg *leg = x->linev[i].waiting; leg; leg = leg->next) {
            listed++;
            if (leg->phase != LEG_WAITING || leg->line != i || listed > waiting) {
                return "list of waiting legs is broken";
            }
        }
    }
    if (used != x->legs || used + unused != x->chunkc * EXCHANGE_CHUNK) {
        return "leg count is wrong";
    }
    for (const struct exchange_news *n = x->given; n; n = n->next) {
        news++;
    }
    if (news != x->newsc) {
        return "news are not as many as are counted";
    }
    if (waiting != listed) {
        return "waiting leg not in its line's list";
    }
    if (plays != x->playc) {
        return "legs that play are not as many as are counted";
    }
    /* an endless tone has no timer */
    if (timers > x->timers.count || x->timers.count > timers + plays) {
        return "timer of nobody";
    }
    if (x->ring_count > x->ring_cap || x->ring_cap < 2 * x->legs + x->newsc + EXCHANGE_RING_SPARE) {
        return "no room reserved for indications";
    }
    return x->lost ? "an indication was lost" : NULL;
}
