/* The virtual audio path: digits and tones from one end of a call to whoever hears it, in the exchange's time.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

/*
 * There are no samples: a sound is its begin and its end. Each leg plays one thing at a time, which has a timer of its
 * own; the end of a sound and the begin of the next one are two runs of the timer, so that what one run has to say is
 * one indication for each listener.
 */

enum { PULSE_MS = 100 };

struct exchange_play {
    struct session_timer timer; /* first member */
    struct exchange_leg *leg;
    struct session_play p; /* its digits follow */
    uint32_t at;           /* the digit played or to be played next */
    uint64_t start_ms;     /* of tones */
    bool sounding;
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
    out->freqv[0] = (uint16_t)ev->state;
    out->freqv[1] = (uint16_t)(ev->state >> 16);
    out->freqv[2] = (uint16_t)ev->mode;
    out->digit = (char)(ev->mode >> 16 & 0xFF);
    out->mode = (uint8_t)(ev->mode >> 24);
}

/* Everybody who hears a leg now: the other end of a connected call; a special number that answers is an echo. */
static void tell_listeners(struct exchange *x, const struct exchange_leg *leg, const struct session_sound *sound,
                           bool on)
{
    const struct exchange_leg *end = leg->host ? leg->host : leg, *other = end->peer;

    if (leg->phase != LEG_CONNECTED) {
        return;
    }
    if (end != leg) {
        sound_tell(x, end, sound, on);
    }
    if (end == leg || (other && other->phase == LEG_CONNECTED)) {
        sound_tell(x, other ? other : leg, sound, on);
    }
    /* those who have joined the conversation, at either end */
    for (const struct exchange_leg *g = end->guest; g; g = g->guest) {
        if (g != leg) {
            sound_tell(x, g, sound, on);
        }
    }
    for (const struct exchange_leg *g = other ? other->guest : NULL; g; g = g->guest) {
        sound_tell(x, g, sound, on);
    }
}

static void sound_end(struct exchange *x, struct exchange_play *play)
{
    if (play->sounding) {
        play->sounding = false;
        tell_listeners(x, play->leg, &play->sound, false);
    }
}

static void sound_begin(struct exchange *x, struct exchange_play *play, const struct session_sound *sound)
{
    play->sounding = true;
    play->sound = *sound;
    tell_listeners(x, play->leg, sound, true);
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

static void play_wait(struct exchange *x, struct exchange_play *play, uint64_t at_ms)
{
    session_timer_start(&x->timers, &play->timer, at_ms);
}

/* Digits: sound, gap, sound, ... */
static void next_digit(struct exchange *x, uint64_t now_ms, struct exchange_play *play)
{
    struct session_sound sound;
    uint32_t ms;
    char c;

    if (play->sounding) {
        sound_end(x, play);
        play_wait(x, play, now_ms + play->p.gap_ms);
        return;
    }
    while (play->at < play->p.digitc) {
        c = play->digits[play->at++];
        if (c == ',') {
            play_wait(x, play, now_ms + play->p.pause_ms);
            return;
        }
        if (!session_digit_sound(c, play->p.mode, &sound)) {
            continue;
        }
        ms = play->p.mode == SESSION_DIGIT_DTMF ? play->p.digit_ms : PULSE_MS * (c == '0' ? 10 : (uint32_t)(c - '0'));
        sound_begin(x, play, &sound);
        play_wait(x, play, now_ms + ms);
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
    uint64_t t = now_ms - play->start_ms, next;
    struct session_sound sound;
    bool over = play->p.total_ms && t >= play->p.total_ms;

    next = mix(&play->p, t, &sound);
    if (play->sounding && (over || memcmp(&sound, &play->sound, sizeof(sound)) != 0)) {
        sound_end(x, play);
        play_wait(x, play, now_ms); /* what begins now is a run of its own */
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
    if (next != UINT64_MAX) {
        play_wait(x, play, play->start_ms + next);
    }
}

void exchange_play_timer(struct exchange *x, uint64_t now_ms, struct session_timer *timer)
{
    struct exchange_play *play = (struct exchange_play *)(void *)timer;

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
    play->start_ms = now_ms;
    if (digitc) {
        memcpy(play->digits, p->digits, digitc);
    }
    leg->play = play;
    x->playc++;
    exchange_play_timer(x, now_ms, &play->timer);
}
