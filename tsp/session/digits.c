/* Digits and tones sent to the other end, and digits gathered from it. SPDX-License-Identifier: MIT */
#include "tsp/session/core_private.h"

#include <string.h>

bool session_digit_sound(char digit, uint32_t mode, struct session_sound *out)
{
    static const char keyv[] = "123A456B789C*0#D";
    static const uint16_t rowv[] = {697, 770, 852, 941}, columnv[] = {1209, 1336, 1477, 1633};
    const char *key = digit ? strchr(keyv, digit) : NULL;

    memset(out, 0, sizeof *out);
    if (!key || (mode == SESSION_DIGIT_PULSE && (digit < '0' || digit > '9')))
        return false;
    out->digit = digit;
    out->mode = (uint8_t)mode;
    if (mode == SESSION_DIGIT_DTMF) {
        out->freqv[0] = rowv[(key - keyv) / 4];
        out->freqv[1] = columnv[(key - keyv) % 4];
    }
    return true;
}

/* ---- to the other end -------------------------------------------------------------------------------------------- */

static void generated(struct session_core *core, struct session *s, uint32_t id, uint32_t mode, bool file)
{
    struct session_act *act = core__emit(core, SESSION_ACT_GENERATE, s);

    act->count = id;
    act->mode = mode;
    act->state = file;
}

/* What is being played is over. */
static void play_end(struct session_core *core, struct session *s, uint32_t mode)
{
    struct side *side = s->side;

    core->mem.free(side->digits, core->mem.arg);
    side->digits = NULL;
    if (side->play_serial)
        generated(core, s, side->play_id, mode, side->play_file);
    side->play_serial = 0;
}

void core__play_cancel(struct session_core *core, struct session *s)
{
    if (!s->side || !s->side->play_serial)
        return;
    play_end(core, s, SESSION_GENERATE_CANCEL);
    memset(&core->play, 0, sizeof core->play);
    if (s->leg)
        core__command(core, SESSION_CMD_PLAY, s, 0)->play = &core->play;
}

static bool play_ok(const struct session_play *p)
{
    if (p->kind == SESSION_PLAY_DIGITS)
        return p->digitc <= SESSION_DIGITS_MAX && (p->digits || !p->digitc) && p->digit_ms &&
               (p->mode == SESSION_DIGIT_PULSE || p->mode == SESSION_DIGIT_DTMF);
    if (p->kind == SESSION_PLAY_FILE)
        return p->digits && p->digitc && p->digitc <= SESSION_DIGITS_MAX;
    if (p->kind == SESSION_PLAY_RECORD)
        return false;
    if (p->kind == SESSION_PLAY_NONE)
        return true;
    if (p->tonec == 0 || p->tonec > SESSION_TONES_MAX)
        return false;
    for (uint32_t i = 0; i < p->tonec; i++) {
        if (p->tonev[i].freq > SESSION_FREQUENCY_MAX || (p->tonev[i].off_ms && !p->tonev[i].on_ms))
            return false;
    }
    return true;
}

enum session_err core__play(struct session_core *core, struct session *s, const struct session_req *req)
{
    const struct session_play *p = req->listen ? &req->listen->play : NULL;
    bool nothing = !p || p->kind == SESSION_PLAY_NONE, was = s->side && s->side->play_serial;
    char *digits = NULL;

    if (p && !play_ok(p))
        return SESSION_E_BADPARAM;
    if (!nothing) {
        if (!core__side(core, s))
            return SESSION_E_NOMEM;
        if (p->kind == SESSION_PLAY_DIGITS || p->kind == SESSION_PLAY_FILE) {
            digits = core->mem.alloc(p->digitc + 1, core->mem.arg);
            if (!digits)
                return SESSION_E_NOMEM;
            if (p->digitc)
                memcpy(digits, p->digits, p->digitc);
        }
    }
    if (was)
        play_end(core, s, SESSION_GENERATE_CANCEL);
    if (nothing && !was)
        return SESSION_E_OK;
    memset(&core->play, 0, sizeof core->play);
    if (!nothing) {
        if (!s->leg) {
            core->mem.free(digits, core->mem.arg); /* there is nobody to hear it */
            generated(core, s, p->id, SESSION_GENERATE_CANCEL, p->kind == SESSION_PLAY_FILE);
            return SESSION_E_OK;
        }
        if (s->side->m.stream.state == SESSION_STREAM_STOPPED)
            core__stream(core, s, SESSION_CONTROL_START);
        if (!++core->play_serial)
            core->play_serial = 1;
        core->play = *p;
        core->play.digits = digits;
        core->play.digitc = digits ? p->digitc : 0;
        core->play.serial = core->play_serial;
        s->side->digits = digits;
        s->side->play_id = p->id;
        s->side->play_serial = core->play_serial;
        s->side->play_file = p->kind == SESSION_PLAY_FILE;
    }
    if (s->leg)
        core__command(core, SESSION_CMD_PLAY, s, 0)->play = &core->play;
    return SESSION_E_OK;
}

void core__played(struct session_core *core, struct session *s, const struct session_ind *ind)
{
    if (s->side->play_serial && ind->token == s->side->play_serial)
        play_end(core, s, ind->err ? SESSION_GENERATE_CANCEL : SESSION_GENERATE_DONE);
}

/* ---- from the other end ------------------------------------------------------------------------------------------ */

static void gather_end(struct session_core *core, struct session *s, uint32_t mode)
{
    struct side *side = s->side;
    struct session_act *act;

    if (!side->gather.digits)
        return;
    session_timer_stop(&core->timers, &side->gathering);
    if (side->gathered < side->gather.digitc)
        side->gather.digits[side->gathered] = 0;
    side->gather.digits = NULL;
    act = core__emit(core, SESSION_ACT_GATHER, s);
    act->count = side->gather.id;
    act->mode = mode;
}

enum session_err core__gather(struct session_core *core, struct session *s, const struct session_req *req)
{
    const struct session_gather *g = req->listen ? &req->listen->gather : NULL;
    struct side *side = s->side;

    if (!g || !g->digits) {
        if (side)
            gather_end(core, s, SESSION_GATHER_CANCEL);
        return SESSION_E_OK;
    }
    if (!g->digitc || !g->modes || memchr(g->term, 0, sizeof g->term) == NULL)
        return SESSION_E_BADPARAM;
    side = core__side(core, s);
    if (!side)
        return SESSION_E_NOMEM;
    gather_end(core, s, SESSION_GATHER_CANCEL);
    side->gather = *g;
    side->gathered = 0;
    if (!s->leg)
        gather_end(core, s, SESSION_GATHER_CANCEL); /* there is nobody to be heard */
    else if (g->first_ms)
        session_timer_start(&core->timers, &side->gathering, core->now_ms + g->first_ms);
    return SESSION_E_OK;
}

void core__gather_digit(struct session_core *core, struct session *s, char digit, uint32_t mode)
{
    struct side *side = s->side;
    struct session_gather *g = &side->gather;

    if (!g->digits || !(g->modes & mode))
        return;
    g->digits[side->gathered++] = (uint16_t)(unsigned char)digit;
    if (strchr(g->term, digit))
        gather_end(core, s, SESSION_GATHER_TERMDIGIT);
    else if (side->gathered == g->digitc)
        gather_end(core, s, SESSION_GATHER_BUFFERFULL);
    else if (g->inter_ms)
        session_timer_start(&core->timers, &side->gathering, core->now_ms + g->inter_ms);
    else
        session_timer_stop(&core->timers, &side->gathering);
}

void core__gather_timer(struct session_core *core, struct session *s)
{
    gather_end(core, s, s->side->gathered ? SESSION_GATHER_INTERTIMEOUT : SESSION_GATHER_FIRSTTIMEOUT);
}

/* ---- with the session's states ----------------------------------------------------------------------------------- */

void core__media_state(struct session_core *core, struct session *s, uint32_t state)
{
    struct side *side = s->side;

    side->machine = 0;
    if (side->sounding)
        core__sound(core, s, &side->sound, false);
    if (!(state & (SESSION_DISCONNECTED | SESSION_IDLE)))
        return;
    gather_end(core, s, SESSION_GATHER_CANCEL);
    play_end(core, s, SESSION_GENERATE_CANCEL);
    session_timer_stop(&core->timers, &side->listening);
    side->digit_modes = side->media_modes = 0;
    side->media_set = true;
}

void core__media_free(struct session_core *core, struct side *side)
{
    session_timer_stop(&core->timers, &side->gathering);
    session_timer_stop(&core->timers, &side->listening);
    core->mem.free(side->digits, core->mem.arg);
    while (side->watches) {
        struct watch *w = side->watches;

        side->watches = w->next;
        core->mem.free(w, core->mem.arg);
    }
}
