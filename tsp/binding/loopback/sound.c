/* The virtual audio path: digits and tones from one end of a call to whoever hears it, in the exchange's time.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * There are no samples: a sound is its begin and its end. Each leg plays one thing at a time, which has a timer of its
 * own; the end of a sound and the begin of the next one are two runs of the timer, so that what one run has to say is
 * one indication for each listener.
 */

enum { PULSE_MS = 100, FLASH_MS = 1000 /* half of it on hook, half of it off hook again */ };

#define NEVER UINT64_MAX

struct exchange_play {
    struct session_timer timer; /* first member */
    struct exchange_leg *leg;
    struct session_play p; /* its digits follow */
    uint32_t at;           /* the digit played or to be played next */
    /* its own time runs at the stream's rate: hundredths of a millisecond */
    uint64_t rest;     /* to the next step, NEVER: there is none; as of since_ms */
    uint64_t position; /* of tones, likewise */
    uint64_t since_ms;
    bool sounding;
    bool told; /* its listeners hear it */
    struct session_sound sound;
    char digits[];
};

static void sound_tell(struct exchange *x, const struct exchange_leg *to, const struct session_sound *sound, bool on)
{
    struct exchange_event ev = {.type = EV_SOUND, .err = on, .leg = to->id};

    ev.state = (uint32_t)sound->freqv[0] | (uint32_t)sound->freqv[1] << 16;
    ev.mode = (uint32_t)sound->freqv[2] | (uint32_t)(unsigned char)sound->digit << 16 | (uint32_t)sound->mode << 24;
    exchange_push(x, &ev);
}

void exchange_sound_of(const struct exchange_event *ev, struct session_sound *out)
{
    memset(out, 0, sizeof(*out));
    out->freqv[0] = (uint16_t)ev->state;
    out->freqv[1] = (uint16_t)(ev->state >> 16);
    out->freqv[2] = (uint16_t)ev->mode;
    out->digit = (char)(ev->mode >> 16 & 0xFF);
    out->mode = (uint8_t)(ev->mode >> 24);
}

/* Where the two ends of a call hear each other. */
static bool is_open(const struct exchange_leg *leg)
{
    return leg->phase == LEG_CONNECTED && !leg->held && (!leg->share || (leg->active && is_open(leg->share)));
}

/* An end of a call hears it: of a shared address all stations that take part, but the one it comes from. */
static void hear(struct exchange *x, const struct exchange_leg *leg, const struct exchange_leg *from,
                 const struct session_sound *sound, bool on)
{
    if (!leg->appear) {
        sound_tell(x, leg, sound, on);
    }
    for (const struct exchange_leg *a = leg->appear; a; a = a->appear_next) {
        if (a->active && a != from) {
            sound_tell(x, a, sound, on);
        }
    }
}

static void tell_far(struct exchange *x, const struct exchange_leg *leg, const struct session_sound *sound, bool on);

/* Goes through a conference once, to all of its members but the one it comes from. Its owner hears it as that member
 * and as the conference. */
static void tell_conference(struct exchange *x, struct exchange_leg *bridge, const struct exchange_leg *from,
                            const struct session_sound *sound, bool on)
{
    if (bridge->heard == x->sounds) {
        return; /* two conferences with two calls between them */
    }
    bridge->heard = x->sounds;
    if (from && !bridge->held) {
        hear(x, from, NULL, sound, on);
        sound_tell(x, bridge, sound, on);
    }
    for (const struct exchange_leg *m = bridge->next; m; m = m->next) {
        if (m != from && m->peer) {
            tell_far(x, m, sound, on);
        }
    }
}

/* Those who have joined the conversation at an end of a call, but the one it comes from. */
static void tell_guests(struct exchange *x, const struct exchange_leg *end, const struct exchange_leg *from,
                        const struct session_sound *sound, bool on)
{
    for (const struct exchange_leg *g = end->host ? NULL : end->guest; g; g = g->guest) {
        if (g != from && !g->held) {
            hear(x, g, NULL, sound, on);
        }
    }
}

static void tell_end(struct exchange *x, const struct exchange_leg *leg, const struct exchange_leg *far,
                     const struct session_sound *sound, bool on)
{
    if (!is_open(leg) || !is_open(far)) {
        return;
    }
    if (far->bridge && far != leg) {
        tell_conference(x, far->bridge, far, sound, on);
    } else {
        hear(x, far, NULL, sound, on);
    }
    if (far != leg) {
        tell_guests(x, far, NULL, sound, on);
    }
}

/* What `leg` sends reaches the other end: neither of them holds the call. A special number that answers is an echo. */
static void tell_far(struct exchange *x, const struct exchange_leg *leg, const struct session_sound *sound, bool on)
{
    tell_end(x, leg, leg->peer ? leg->peer : leg, sound, on);
    if (is_open(leg)) {
        tell_guests(x, leg, NULL, sound, on);
    }
}

/* Everybody who hears a leg now. */
static void tell_listeners(struct exchange *x, struct exchange_leg *leg, const struct session_sound *sound, bool on)
{
    x->sounds++;
    if (leg->share) {
        if (is_open(leg)) {
            hear(x, leg->share, leg, sound, on);
            tell_far(x, leg->share->peer ? leg->share : leg, sound, on);
        }
    } else if (leg->host) {
        if (is_open(leg)) {
            hear(x, leg->host, NULL, sound, on);
            tell_guests(x, leg->host, leg, sound, on);
            if (leg->host->peer) {
                tell_end(x, leg->host, leg->host->peer, sound, on);
            }
        }
    } else if (leg->phase != LEG_BRIDGE) {
        tell_far(x, leg, sound, on);
    } else if (!leg->held) {
        tell_conference(x, leg, NULL, sound, on);
    }
}

static void sound_end(struct exchange *x, struct exchange_play *play)
{
    play->sounding = false;
    if (play->told) {
        play->told = false;
        tell_listeners(x, play->leg, &play->sound, false);
    }
}

/* A sound that goes on can be heard again, or no longer. */
static void sound_tell_now(struct exchange *x, struct exchange_play *play)
{
    bool on = play->sounding && !play->leg->paused && !play->leg->muted;

    if (on != play->told) {
        play->told = on;
        tell_listeners(x, play->leg, &play->sound, on);
    }
}

static void sound_begin(struct exchange *x, struct exchange_play *play, const struct session_sound *sound)
{
    play->sounding = true;
    play->sound = *sound;
    sound_tell_now(x, play);
}

static void play_done(struct exchange *x, const struct exchange_leg *leg, uint32_t serial, enum session_err err)
{
    struct exchange_event ev = {.type = EV_PLAYED, .err = (uint8_t)err, .leg = leg->id, .token = serial};

    exchange_push(x, &ev);
}

void exchange_play_free(struct exchange *x, struct exchange_leg *leg)
{
    if (leg->play) {
        session_timer_stop(&x->timers, &leg->play->timer);
        exchange_release(x, leg->play);
        leg->play = NULL;
        x->playc--;
    }
}

static void play_finish(struct exchange *x, struct exchange_play *play)
{
    struct exchange_leg *leg = play->leg;

    play_done(x, leg, play->p.serial, SESSION_E_OK);
    exchange_play_free(x, leg);
}

static uint32_t rate_of(const struct exchange_leg *leg)
{
    return leg->rate ? leg->rate : SESSION_RATE_NORMAL;
}

static void timer_set(struct exchange *x, struct exchange_play *play)
{
    uint32_t rate = rate_of(play->leg);

    if (play->leg->paused || play->rest == NEVER) {
        session_timer_stop(&x->timers, &play->timer);
    } else {
        session_timer_start(&x->timers, &play->timer, play->since_ms + (play->rest + rate - 1) / rate);
    }
}

/* The next step comes after some time of its own. */
static void play_wait(struct exchange *x, struct exchange_play *play, uint64_t now_ms, uint64_t rest)
{
    play->rest = rest;
    play->since_ms = now_ms;
    timer_set(x, play);
}

/* Its time has gone on until now. */
static void play_pass(struct exchange_play *play, uint64_t now_ms)
{
    uint64_t passed = play->leg->paused || now_ms < play->since_ms
                          ? 0
                          : (now_ms - play->since_ms) * rate_of(play->leg);

    play->position += passed;
    if (play->rest != NEVER) {
        play->rest -= passed < play->rest ? passed : play->rest;
    }
    if (now_ms > play->since_ms) {
        play->since_ms = now_ms;
    }
}

void exchange_stream(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct session_stream *st)
{
    if (leg->play) {
        play_pass(leg->play, now_ms);
    }
    leg->paused = st->state == SESSION_STREAM_PAUSED;
    leg->muted = st->volume == 0;
    leg->rate = (uint16_t)st->rate;
    if (leg->play) {
        sound_tell_now(x, leg->play);
        timer_set(x, leg->play);
    }
}

/* Digits: sound, gap, sound, ... */
static void next_digit(struct exchange *x, uint64_t now_ms, struct exchange_play *play)
{
    struct session_sound sound;
    uint32_t ms;
    char c;

    if (play->sounding) {
        sound_end(x, play);
        play_wait(x, play, now_ms, 100 * (uint64_t)play->p.gap_ms);
        return;
    }
    while (play->at < play->p.digitc) {
        c = play->digits[play->at++];
        if (c == ',' || c == '!') {
            play_wait(x, play, now_ms, 100 * (uint64_t)(c == ',' ? play->p.pause_ms : FLASH_MS));
            return;
        }
        if (!session_digit_sound(c, play->p.mode, &sound)) {
            continue;
        }
        ms = play->p.mode == SESSION_DIGIT_DTMF ? play->p.digit_ms : PULSE_MS * (c == '0' ? 10 : (uint32_t)(c - '0'));
        sound_begin(x, play, &sound);
        play_wait(x, play, now_ms, 100 * (uint64_t)ms);
        return;
    }
    play_finish(x, play);
}

/* Which of the tones sound at a time since the start, and when that changes next. */
static uint64_t mix(const struct session_play *p, uint64_t t, struct session_sound *out)
{
    uint64_t next = UINT64_MAX, change;

    memset(out, 0, sizeof(*out));
    for (uint32_t i = 0; i < p->tonec; i++) {
        const struct session_tone *tone = &p->tonev[i];
        uint64_t period = (uint64_t)tone->on_ms + tone->off_ms, at;

        if (tone->off_ms == 0) {
            out->freqv[i] = tone->freq;
            continue;
        }
        at = t % period;
        if (at < tone->on_ms) {
            out->freqv[i] = tone->freq;
        }
        change = t - at + (at < tone->on_ms ? tone->on_ms : period);
        next = change < next ? change : next;
    }
    session_freq_sort(out->freqv);
    return next;
}

static void next_tone(struct exchange *x, uint64_t now_ms, struct exchange_play *play)
{
    uint64_t t = play->position / 100, next;
    struct session_sound sound;
    bool over = play->p.total_ms && t >= play->p.total_ms;

    next = mix(&play->p, t, &sound);
    if (play->sounding && (over || memcmp(&sound, &play->sound, sizeof(sound)) != 0)) {
        sound_end(x, play);
        play_wait(x, play, now_ms, 0); /* what begins now is a run of its own */
        return;
    }
    if (over) {
        play_finish(x, play);
        return;
    }
    if (!play->sounding && sound.freqv[0]) {
        sound_begin(x, play, &sound);
    }
    if (play->p.total_ms && play->p.total_ms < next) {
        next = play->p.total_ms;
    }
    play_wait(x, play, now_ms, next == UINT64_MAX ? NEVER : 100 * next - play->position);
}

void exchange_play_timer(struct exchange *x, uint64_t now_ms, struct session_timer *timer)
{
    struct exchange_play *play = (struct exchange_play *)(void *)timer;

    play_pass(play, now_ms);
    if (play->p.kind == SESSION_PLAY_DIGITS) {
        next_digit(x, now_ms, play);
    } else {
        next_tone(x, now_ms, play);
    }
}

void exchange_play(struct exchange *x, uint64_t now_ms, struct exchange_leg *leg, const struct session_play *p)
{
    struct exchange_play *play;
    size_t digitc = p->kind == SESSION_PLAY_DIGITS ? p->digitc : 0;

    if (leg->play) {
        sound_end(x, leg->play);
        exchange_play_free(x, leg);
    }
    if (p->kind == SESSION_PLAY_NONE) {
        return;
    }
    if (session_timers_reserve(&x->timers, x->chunkc * EXCHANGE_CHUNK + x->playc + 1) ||
        !(play = exchange_zalloc(x, sizeof(*play) + digitc + 1))) {
        play_done(x, leg, p->serial, SESSION_E_NOMEM);
        return;
    }
    play->timer.kind = EXCHANGE_TIMER_PLAY;
    play->leg = leg;
    play->p = *p;
    play->since_ms = now_ms;
    if (digitc) {
        memcpy(play->digits, p->digits, digitc);
    }
    leg->play = play;
    x->playc++;
    exchange_play_timer(x, now_ms, &play->timer);
}
