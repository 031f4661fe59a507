/* Digits and tones: sent as events or as sound, heard as events or INFO. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENT_MS = 200, EVENT_GAP_MS = 60, TONE_LONG_MS = 30000, PAUSED_MS = 50 };

static void played(struct sip_call *call, enum session_err err)
{
    struct sip_event *ev = sip_event_new(call->x, SESSION_IND_PLAYED, call->leg);

    if (ev) {
        ev->token = call->play_serial;
        ev->err = err;
        sip_say(call->x, ev);
    }
}

void sip_play_end(struct sip_call *call)
{
    sip_unschedule(call->x->ua, &call->play_timer);
    if (call->side && call->side->media.tone) {
        (void)pjmedia_tonegen_stop(call->side->media.tone);
    }
    sip_file_play_end(call);
    if (call->play) {
        sip_command_free(call->x, call->play);
        call->play = NULL;
    }
}

/* The source of tones, made when the first is needed. */
static pjmedia_port *tone_of(struct sip_call *call)
{
    struct sip_ua *ua = call->x->ua;
    struct sip_media *m = &call->side->media;
    unsigned slot;

    if (m->tone || m->slot < 0) {
        return m->tone;
    }
    m->tone_pool = pjsip_endpt_create_pool(ua->endpt, "tone", 2000, 2000);
    if (!m->tone_pool || pjmedia_tonegen_create(m->tone_pool, 8000, 1, 160, 16, 0, &m->tone) != PJ_SUCCESS) {
        m->tone = NULL;
        return NULL;
    }
    if (pjmedia_conf_add_port(ua->bridge, m->tone_pool, m->tone, NULL, &slot) != PJ_SUCCESS) {
        pjmedia_port_destroy(m->tone);
        m->tone = NULL;
        return NULL;
    }
    m->tone_slot = (int)slot;
    sip_stream_apply(call);
    return m->tone;
}

static bool send_info(struct sip_call *call, char digit, uint32_t ms)
{
    static const pjsip_method method = {PJSIP_OTHER_METHOD, {(char *)(uintptr_t) "INFO", 4}};
    pj_str_t type = pj_str((char *)(uintptr_t) "application"), sub = pj_str((char *)(uintptr_t) "dtmf-relay"), body;
    pjsip_dialog *dlg = call->side->inv->dlg;
    pjsip_tx_data *tdata = NULL;
    char text[64];

    if (pjsip_dlg_create_request(dlg, &method, -1, &tdata) != PJ_SUCCESS) {
        return false;
    }
    (void)snprintf(text, sizeof(text), "Signal=%c\r\nDuration=%lu\r\n", digit, (unsigned long)ms);
    body = sip_str(tdata->pool, text);
    tdata->msg->body = pjsip_msg_body_create(tdata->pool, &type, &sub, &body);
    return pjsip_dlg_send_request(dlg, tdata, -1, NULL) == PJ_SUCCESS;
}

/* Sends the next digit. Milliseconds until the one after it; 0: it cannot be sent. */
static uint32_t send_digit(struct sip_call *call)
{
    const struct session_play *p = &call->play->play;
    enum sip_digits way = call->account->conf->digits;
    struct sip_media *m = &call->side->media;
    char digit = p->digits[call->play_at++];
    uint32_t on = p->digit_ms ? p->digit_ms : SESSION_DIGIT_MS, off = p->gap_ms ? p->gap_ms : SESSION_SPEED_MS;

    if (digit == ',') {
        return p->pause_ms ? p->pause_ms : SESSION_PAUSE_MS;
    }
    if (digit >= 'a' && digit <= 'd') {
        digit = (char)(digit - 'a' + 'A');
    }
    if (!digit || !strchr("0123456789ABCD*#", digit)) {
        return 1; /* has no sound */
    }
    if (m->stream && m->has_events && way <= SIP_DIGITS_AUTO_INFO) {
        pj_str_t text = {&digit, 1};

        if (pjmedia_stream_dial_dtmf(m->stream, &text) != PJ_SUCCESS) {
            return 0;
        }
        /* an event has its own length */
        return on + off > EVENT_MS + EVENT_GAP_MS ? on + off : EVENT_MS + EVENT_GAP_MS;
    }
    if (way == SIP_DIGITS_INFO || way == SIP_DIGITS_AUTO_INFO) {
        return send_info(call, digit, on) ? on + off : 0;
    }
    if (tone_of(call)) {
        pjmedia_tone_digit d = {digit, (short)on, (short)off, 0};

        return pjmedia_tonegen_play_digits(m->tone, 1, &d, 0) == PJ_SUCCESS ? on + off : 0;
    }
    return 0;
}

void sip_play_timer(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    struct sip_call *call = entry->user_data;
    const struct session_play *p = call->play ? &call->play->play : NULL;
    uint32_t ms;

    (void)heap;
    entry->id = 0;
    if (!p) {
        return;
    }
    if (p->kind == SESSION_PLAY_FILE && (ms = sip_file_rest_ms(call))) {
        sip_schedule(call->x->ua, entry, ms);
        return;
    }
    if (call->paused && p->kind == SESSION_PLAY_DIGITS) {
        sip_schedule(call->x->ua, entry, PAUSED_MS);
        return;
    }
    if (p->kind == SESSION_PLAY_DIGITS && call->play_at < p->digitc && call->side) {
        ms = send_digit(call);
        if (ms) {
            sip_schedule(call->x->ua, entry, ms);
            return;
        }
        sip_play_end(call);
        played(call, SESSION_E_FAILED);
        return;
    }
    sip_play_end(call);
    played(call, SESSION_E_OK);
}

static bool play_tones(struct sip_call *call, const struct session_play *p)
{
    pjmedia_tone_desc tone = {0, 0, 0, 0, 0, 0};
    const struct session_tone *t = p->tonev;

    if (p->tonec < 1 || p->tonec > 2 || !tone_of(call)) {
        return false;
    }
    tone.freq1 = (short)t[0].freq;
    tone.freq2 = (short)(p->tonec > 1 ? t[1].freq : 0);
    tone.on_msec = (short)(t[0].off_ms && t[0].on_ms < TONE_LONG_MS ? t[0].on_ms : TONE_LONG_MS);
    tone.off_msec = (short)(t[0].off_ms < TONE_LONG_MS ? t[0].off_ms : TONE_LONG_MS);
    return pjmedia_tonegen_play(call->side->media.tone, 1, &tone, PJMEDIA_TONEGEN_LOOP) == PJ_SUCCESS;
}

void sip_play(struct sip_call *call, struct sip_command *c)
{
    bool can = call->phase == CALL_UP && call->side;

    sip_play_end(call);
    if (c->play.kind == SESSION_PLAY_NONE) {
        sip_command_free(call->x, c);
        return;
    }
    call->play = c;
    call->play_at = 0;
    call->play_serial = c->play.serial;
    if (can && c->play.kind == SESSION_PLAY_DIGITS && c->play.mode == SESSION_DIGIT_DTMF) {
        sip_play_timer(NULL, &call->play_timer);
    } else if (can && c->play.kind == SESSION_PLAY_TONES && play_tones(call, &c->play)) {
        if (c->play.total_ms) {
            sip_schedule(call->x->ua, &call->play_timer, c->play.total_ms);
        }
    } else if (can && c->play.kind == SESSION_PLAY_FILE && sip_file_play(call, c->play.digits)) {
        sip_play_timer(NULL, &call->play_timer);
    } else {
        sip_play_end(call);
        played(call, SESSION_E_UNAVAIL);
    }
}

void sip_digit_heard(struct sip_call *call, char digit)
{
    struct session_sound sound;

    if (digit >= 'a' && digit <= 'd') {
        digit = (char)(digit - 'a' + 'A');
    }
    if (!session_digit_sound(digit, SESSION_DIGIT_DTMF, &sound)) {
        return;
    }
    for (uint32_t on = 2; on-- > 0;) {
        struct sip_event *ev = sip_event_new(call->x, SESSION_IND_SOUND, call->leg);

        if (ev) {
            ev->state = on;
            ev->sound = sound;
            sip_say(call->x, ev);
        }
    }
}

/* application/dtmf-relay has lines, application/dtmf the digit alone. */
char sip_info_digit(const pjsip_msg_body *body)
{
    pj_str_t text, key = pj_str((char *)(uintptr_t) "Signal");
    const char *at, *end;

    if (!body || !body->data || !body->len || pj_stricmp2(&body->content_type.type, "application")) {
        return '\0';
    }
    text.ptr = body->data;
    text.slen = (pj_ssize_t)body->len;
    end = text.ptr + text.slen;
    at = text.ptr;
    if (!pj_stricmp2(&body->content_type.subtype, "dtmf-relay")) {
        at = pj_stristr(&text, &key);
        if (!at) {
            return '\0';
        }
        at += key.slen;
    } else if (pj_stricmp2(&body->content_type.subtype, "dtmf")) {
        return '\0';
    }
    while (at < end && (*at == ' ' || *at == '=' || *at == '\r' || *at == '\n')) {
        at++;
    }
    if (at + 1 < end && *at == '1' && at[1] >= '0' && at[1] <= '9') {
        return at[1] <= '5' ? "*#ABCD"[at[1] - '0'] : '\0'; /* as numbers of events */
    }
    return at < end ? *at : '\0';
}

void sip_info_received(struct sip_side *side, pjsip_rx_data *rdata)
{
    char digit = sip_info_digit(rdata->msg_info.msg->body);

    (void)pjsip_dlg_respond(side->inv->dlg, rdata, digit || !rdata->msg_info.msg->body ? 200 : 415, NULL, NULL, NULL);
    if (digit && side->call && side->call->side == side) {
        sip_digit_heard(side->call, digit);
    }
}
