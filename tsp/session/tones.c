/* What a session hears from its other end: digits, tones, kinds of media. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

void session_freq_sort(uint16_t freqv[SESSION_TONES_MAX])
{
    for (int i = 1; i < SESSION_TONES_MAX; i++) {
        for (int k = i; k > 0 && freqv[k] && (!freqv[k - 1] || freqv[k - 1] > freqv[k]); k--) {
            uint16_t f = freqv[k];

            freqv[k] = freqv[k - 1];
            freqv[k - 1] = f;
        }
    }
}

/* The tones by which a machine says what it is: fax calling and answering modem. They must last CORE_MEDIA_MS. */
uint32_t core__media_of(const struct session_sound *sound)
{
    if (sound->freqv[1] || sound->tolerance) /* who measures says what machine it is */
        return 0;
    return sound->freqv[0] == 1100 ? SESSION_MEDIA_G3FAX : sound->freqv[0] == 2100 ? SESSION_MEDIA_DATAMODEM : 0;
}

bool core__hears(const struct side *side, const uint16_t freqv[SESSION_TONES_MAX])
{
    static const struct session_sound silence;
    const struct session_sound *now = side->sounding ? &side->sound : &silence;

    /* the clicks of a pulse digit have no frequency, and are no silence */
    if (side->sounding && !now->freqv[0])
        return false;
    for (int i = 0; i < SESSION_TONES_MAX; i++) {
        uint32_t a = now->freqv[i], b = freqv[i], off = a > b ? a - b : b - a;

        if (off && (!a || !b || off > now->tolerance))
            return false;
    }
    return true;
}

/* Tells what has lasted long enough, and sets the timer for what may come to. */
static void look(struct session_core *core, struct session *s)
{
    struct side *side = s->side;
    uint64_t lasted = core->now_ms - side->since_ms, next = UINT64_MAX, control;
    uint32_t wanted = side->media_set ? side->media_modes : core->linev[s->info.line].media_modes;
    uint32_t media = side->sounding ? core__media_of(&side->sound) & wanted & ~side->media_told : 0,
             machine = side->machine & wanted & ~side->media_told;

    for (struct watch *w = side->watches; w; w = w->next) {
        if (w->told || !core__hears(side, w->w.freqv))
            continue;
        if (lasted >= w->w.duration_ms) {
            struct session_act *act = core__emit(core, SESSION_ACT_TONE, s);

            act->count = w->w.app_specific;
            act->bits = w->list;
            w->told = true;
        } else if (side->since_ms + w->w.duration_ms < next) {
            next = side->since_ms + w->w.duration_ms;
        }
    }
    if (machine) {
        core__emit(core, SESSION_ACT_MEDIA, s)->media_modes = machine;
        side->media_told |= machine;
    }
    if (media && lasted >= CORE_MEDIA_MS) {
        core__emit(core, SESSION_ACT_MEDIA, s)->media_modes = media;
        side->media_told |= media;
    } else if (media && side->since_ms + CORE_MEDIA_MS < next) {
        next = side->since_ms + CORE_MEDIA_MS;
    }
    control = core__control_look(core, s);
    next = control < next ? control : next;
    if (next == UINT64_MAX)
        session_timer_stop(&core->timers, &side->listening);
    else
        session_timer_start(&core->timers, &side->listening, next);
}

void core__listen_timer(struct session_core *core, struct session *s)
{
    look(core, s);
}

static void digit(struct session_core *core, struct session *s, char c, uint32_t mode)
{
    if (s->side->digit_modes & mode) {
        struct session_act *act = core__emit(core, SESSION_ACT_DIGIT, s);

        act->state = (unsigned char)c;
        act->mode = mode;
    }
    core__control_digit(core, s, c, mode);
}

static void change(struct session_core *core, struct session *s, bool sounding)
{
    struct side *side = s->side;

    side->sounding = sounding;
    side->since_ms = core->now_ms;
    for (struct watch *w = side->watches; w; w = w->next)
        w->told = false;
    side->tone_told = side->media_ctl_told = 0;
    look(core, s);
}

static void end(struct session_core *core, struct session *s)
{
    struct session_sound was = s->side->sound;

    if (was.digit && was.mode == SESSION_DIGIT_DTMF) {
        digit(core, s, was.digit, SESSION_DIGIT_DTMFEND);
    } else if (was.digit) {
        /* only its last click tells which one a pulse digit is */
        digit(core, s, was.digit, SESSION_DIGIT_PULSE);
        core__gather_digit(core, s, was.digit, SESSION_DIGIT_PULSE);
    }
    change(core, s, false);
}

void core__sound(struct session_core *core, struct session *s, const struct session_sound *sound, bool on)
{
    struct side *side = s->side;

    if (!on) {
        /* the end of another sound than the one heard last: that one covers it */
        if (side->sounding && !memcmp(&side->sound, sound, sizeof *sound))
            end(core, s);
        return;
    }
    if (side->sounding)
        end(core, s);
    side->sound = *sound;
    change(core, s, true);
    if (sound->digit && sound->mode == SESSION_DIGIT_DTMF) {
        digit(core, s, sound->digit, SESSION_DIGIT_DTMF);
        core__gather_digit(core, s, sound->digit, SESSION_DIGIT_DTMF);
    }
}

void core__machine(struct session_core *core, struct session *s, uint32_t media_modes, bool on)
{
    struct side *side = s->side;

    side->machine = on ? media_modes : 0;
    side->machine_since_ms = core->now_ms;
    side->media_ctl_told = 0;
    look(core, s);
}

/* ---- operations -------------------------------------------------------------------------------------------------- */

static enum session_err monitor_tones(struct session_core *core, struct side *side, const struct session_listen *l)
{
    struct watch **link = &side->watches, *fresh = NULL, **fresh_end = &fresh;
    uint32_t others = 0;

    if (l->watchc > SESSION_TONE_LIST_MAX)
        return SESSION_E_BADPARAM;
    for (struct watch *w = side->watches; w; w = w->next)
        others += w->list != l->list;
    if (others + l->watchc > SESSION_TONE_ENTRIES_MAX)
        return SESSION_E_RESOURCE;
    for (uint32_t i = 0; i < l->watchc; i++) {
        struct watch *w = core->mem.alloc(sizeof *w, core->mem.arg);

        if (!w) {
            while (fresh) {
                w = fresh;
                fresh = w->next;
                core->mem.free(w, core->mem.arg);
            }
            return SESSION_E_NOMEM;
        }
        w->list = l->list;
        w->w = l->watchv[i];
        session_freq_sort(w->w.freqv);
        *fresh_end = w;
        fresh_end = &w->next;
    }
    while (*link) {
        struct watch *w = *link;

        if (w->list == l->list) {
            *link = w->next;
            core->mem.free(w, core->mem.arg);
        } else {
            link = &w->next;
        }
    }
    *link = fresh;
    return SESSION_E_OK;
}

enum session_err core__monitor(struct session_core *core, struct session *s, const struct session_req *req)
{
    enum session_err err = SESSION_E_OK;
    bool nothing = (!req->value && req->op == SESSION_OP_MONITORDIGITS) ||
                   (!req->media_modes && req->op == SESSION_OP_MONITORMEDIA) ||
                   (!req->listen && req->op == SESSION_OP_MONITORTONES);
    struct side *side = nothing ? s->side : core__side(core, s);

    if (!side)
        return nothing ? SESSION_E_OK : SESSION_E_NOMEM;
    if (req->op == SESSION_OP_MONITORDIGITS) {
        side->digit_modes = req->value;
    } else if (req->op == SESSION_OP_MONITORMEDIA) {
        side->media_modes = req->media_modes;
        side->media_set = true;
        side->media_told = 0;
    } else if (req->listen) {
        err = monitor_tones(core, side, req->listen);
    }
    if (err || !s->leg)
        return err;
    if (!side->since_ms)
        side->since_ms = core->now_ms;
    look(core, s);
    return SESSION_E_OK;
}
