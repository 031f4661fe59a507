/* Media control, terminals and device-specific operations of the core. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static struct fake_core f;

static void setup(void)
{
    fake_start(&f, NULL);
}

static void teardown(void)
{
    fake_end(&f);
}

static enum session_err op(struct session_req *req)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = *req};
    uint32_t idv[2];

    in.u.op.request = f.next_request++;
    return fake_step(&f, &in, idv);
}

static const struct session_control_digit digitv[] = {
    {'1', SESSION_DIGIT_DTMF, SESSION_CONTROL_PAUSE},    {'2', SESSION_DIGIT_DTMF, SESSION_CONTROL_RESUME},
    {'3', SESSION_DIGIT_DTMFEND, SESSION_CONTROL_RATEUP}, {'4', SESSION_DIGIT_PULSE, SESSION_CONTROL_VOLUMEDOWN},
    {'#', SESSION_DIGIT_DTMF, SESSION_CONTROL_RESET},    {'#', SESSION_DIGIT_DTMF, SESSION_CONTROL_VOLUMENORMAL},
    {'9', SESSION_DIGIT_DTMF, SESSION_CONTROL_NONE},
};
static const struct session_control_media mediav[] = {{SESSION_MEDIA_G3FAX, 0, SESSION_CONTROL_RESET},
                                                      {SESSION_MEDIA_G3FAX, 700, SESSION_CONTROL_START}};
static const struct session_control_tone tonev[] = {{{480, 440, 0}, 300, SESSION_CONTROL_VOLUMEUP},
                                                    {{0, 0, 0}, 2000, SESSION_CONTROL_PAUSE}};
static const struct session_control_state statev[] = {
    {SESSION_CONNECTED, SESSION_CONTROL_RATEUP},
    {SESSION_ONHOLD, SESSION_CONTROL_PAUSE},
    {SESSION_DISCONNECTED | SESSION_IDLE, SESSION_CONTROL_VOLUMENORMAL},
};
static const struct session_control digits = {7, 0, 0, 0, digitv, NULL, NULL, NULL};
static const struct session_control sounds = {0, 2, 2, 0, NULL, mediav, tonev, NULL};
static const struct session_control states = {0, 0, 0, 3, NULL, NULL, NULL, statev};

static enum session_err control(uint32_t session, const struct session_control *c)
{
    struct session_req req = {.op = SESSION_OP_SETMEDIACONTROL, .session = session, .control = c};

    return op(&req);
}

static enum session_err control_of(uint32_t line, uint32_t select, uint32_t address, const struct session_control *c)
{
    struct session_req req = {
        .op = SESSION_OP_SETMEDIACONTROL, .line = line, .value = select, .address = address, .control = c};

    return op(&req);
}

static void sound_of(uint32_t id, const struct session_sound *sound, bool on)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_SOUND;
    in.u.ind.session = id;
    in.u.ind.leg = f.next_leg;
    in.u.ind.seq = ++f.seq;
    in.u.ind.state = on;
    in.u.ind.sound = *sound;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
}

static void key(uint32_t id, char digit, uint32_t mode, bool on)
{
    struct session_sound sound;

    ck_assert(session_digit_sound(digit, mode, &sound));
    sound_of(id, &sound, on);
}

static void tone(uint32_t id, uint16_t f1, uint16_t f2, bool on)
{
    struct session_sound sound = {.freqv = {f1, f2, 0}};

    sound_of(id, &sound, on);
}

/* What the last input did to the stream of the session; bits 0: nothing was done. */
static void acted(uint32_t id, uint32_t bits)
{
    const struct session_act *act = fake_find(&f, SESSION_ACT_STREAM, 0);

    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STREAM), bits ? 1 : 0);
    if (!bits)
        return;
    ck_assert_uint_eq(act->session, id);
    ck_assert_uint_eq(act->bits, bits);
    ck_assert_uint_eq(act->state, session_media(f.core, id)->stream.state);
}

static void stream_is(uint32_t id, enum session_stream_state state, uint32_t rate, uint32_t volume)
{
    const struct session_stream *st = &session_media(f.core, id)->stream;

    ck_assert_int_eq(st->state, state);
    ck_assert_uint_eq(st->rate, rate);
    ck_assert_uint_eq(st->volume, volume);
}

START_TEST(actions)
{
    struct session_stream st = {SESSION_STREAM_RUNNING, 100, 100};

    session_stream_apply(&st, SESSION_CONTROL_NONE | 0x10000);
    ck_assert(st.state == SESSION_STREAM_RUNNING && st.rate == 100 && st.volume == 100);
    session_stream_apply(&st, SESSION_CONTROL_RESUME); /* it is not paused */
    ck_assert_int_eq(st.state, SESSION_STREAM_RUNNING);
    session_stream_apply(&st, SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(st.state, SESSION_STREAM_PAUSED);
    session_stream_apply(&st, SESSION_CONTROL_RESUME);
    ck_assert_int_eq(st.state, SESSION_STREAM_RUNNING);
    session_stream_apply(&st, SESSION_CONTROL_RESET);
    session_stream_apply(&st, SESSION_CONTROL_RESUME | SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(st.state, SESSION_STREAM_STOPPED);
    session_stream_apply(&st, SESSION_CONTROL_START);
    ck_assert_int_eq(st.state, SESSION_STREAM_RUNNING);
    for (int i = 0; i < 50; i++)
        session_stream_apply(&st, SESSION_CONTROL_RATEUP | SESSION_CONTROL_VOLUMEUP);
    ck_assert(st.rate == SESSION_RATE_MAX && st.volume == SESSION_VOLUME_MAX);
    for (int i = 0; i < 50; i++)
        session_stream_apply(&st, SESSION_CONTROL_RATEDOWN | SESSION_CONTROL_VOLUMEDOWN);
    ck_assert(st.rate == SESSION_RATE_MIN && st.volume == 0);
    session_stream_apply(&st, SESSION_CONTROL_RATENORMAL | SESSION_CONTROL_VOLUMENORMAL);
    ck_assert(st.rate == 100 && st.volume == 100);
}
END_TEST

START_TEST(digits_act)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    ck_assert_int_eq(control(id, &digits), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 0);
    key(id, '1', SESSION_DIGIT_DTMF, true);
    acted(id, SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(fake_cmd(&f, SESSION_CMD_STREAM)->stream.state, SESSION_STREAM_PAUSED);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_DEVSPECIFIC);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_DIGIT), 0); /* nobody monitors */
    key(id, '1', SESSION_DIGIT_DTMF, false);
    acted(id, 0);
    key(id, '3', SESSION_DIGIT_DTMF, true);
    acted(id, 0);
    key(id, '3', SESSION_DIGIT_DTMF, false);
    acted(id, SESSION_CONTROL_RATEUP);
    stream_is(id, SESSION_STREAM_PAUSED, 125, 100);
    key(id, '2', SESSION_DIGIT_DTMF, true);
    acted(id, SESSION_CONTROL_RESUME);
    key(id, '4', SESSION_DIGIT_DTMF, true);
    acted(id, 0); /* only as a pulse */
    key(id, '4', SESSION_DIGIT_PULSE, true);
    acted(id, 0);
    key(id, '4', SESSION_DIGIT_PULSE, false);
    acted(id, SESSION_CONTROL_VOLUMEDOWN);
    key(id, '9', SESSION_DIGIT_DTMF, true);
    acted(id, 0);
    key(id, '#', SESSION_DIGIT_DTMF, true); /* two entries act as one */
    acted(id, SESSION_CONTROL_RESET | SESSION_CONTROL_VOLUMENORMAL);
    stream_is(id, SESSION_STREAM_STOPPED, 125, 100);
    key(id, '#', SESSION_DIGIT_DTMF, false);
    key(id, '#', SESSION_DIGIT_DTMF, true); /* it acts, and changes nothing */
    acted(id, SESSION_CONTROL_RESET | SESSION_CONTROL_VOLUMENORMAL);
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_STREAM));
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_INFO, 0));
    ck_assert_int_eq(control(id, NULL), SESSION_E_OK);
    key(id, '1', SESSION_DIGIT_DTMF, true);
    acted(id, 0);
}
END_TEST

START_TEST(reset_throws_away)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_listen l = {.play = {.kind = SESSION_PLAY_DIGITS,
                                        .mode = SESSION_DIGIT_DTMF,
                                        .digits = "12",
                                        .digitc = 2,
                                        .digit_ms = 1,
                                        .id = 7}};
    struct session_req req = {.op = SESSION_OP_GENERATEDIGITS, .session = id, .listen = &l};

    ck_assert_int_eq(control(id, &digits), SESSION_E_OK);
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_STREAM));
    key(id, '#', SESSION_DIGIT_DTMF, true);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_GENERATE, 0)->mode, SESSION_GENERATE_CANCEL);
    ck_assert_int_eq(fake_cmd(&f, SESSION_CMD_PLAY)->play->kind, SESSION_PLAY_NONE);
    /* what is played next makes it run again, before it is played */
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    acted(id, SESSION_CONTROL_START);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_COMMAND);
    ck_assert_int_eq(f.actv[0].cmd.type, SESSION_CMD_STREAM);
    ck_assert_int_eq(fake_cmd(&f, SESSION_CMD_PLAY)->play->kind, SESSION_PLAY_DIGITS);
    key(id, '1', SESSION_DIGIT_DTMF, true);
    ck_assert_int_eq(op(&req), SESSION_E_OK); /* a paused one waits */
    acted(id, 0);
    stream_is(id, SESSION_STREAM_PAUSED, 100, 100);
}
END_TEST

START_TEST(sounds_act)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    ck_assert_int_eq(control(id, &sounds), SESSION_E_OK);
    fake_time(&f, f.now_ms + 1999);
    acted(id, 0);
    fake_time(&f, f.now_ms + 1);
    acted(id, SESSION_CONTROL_PAUSE); /* silence */
    fake_time(&f, f.now_ms + 5000);
    acted(id, 0); /* once */
    tone(id, 440, 480, true);
    fake_time(&f, f.now_ms + 299);
    acted(id, 0);
    fake_time(&f, f.now_ms + 1);
    acted(id, SESSION_CONTROL_VOLUMEUP);
    tone(id, 440, 480, false);
    tone(id, 440, 480, true); /* too short this time */
    fake_time(&f, f.now_ms + 100);
    tone(id, 440, 480, false);
    acted(id, 0);
    tone(id, 1100, 0, true);
    fake_time(&f, f.now_ms + 399);
    acted(id, 0);
    fake_time(&f, f.now_ms + 1); /* known to be a fax only now */
    acted(id, SESSION_CONTROL_RESET);
    fake_time(&f, f.now_ms + 299);
    acted(id, 0);
    fake_time(&f, f.now_ms + 1);
    acted(id, SESSION_CONTROL_START);
    tone(id, 1100, 0, false);
    /* while it is held nobody is silent */
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, id), SESSION_E_OK);
    fake_time(&f, f.now_ms + 9000);
    acted(id, 0);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_UNHOLD, id), SESSION_E_OK);
    fake_time(&f, f.now_ms + 1999);
    acted(id, 0);
    fake_time(&f, f.now_ms + 1);
    acted(id, SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert_uint_eq(session_deadline(f.core), UINT64_MAX);
}
END_TEST

/* Frequencies as they were measured are those that were asked for, within what they may be off. */
START_TEST(measured_tones_act)
{
    struct session_sound close = {.freqv = {431, 489, 0}, .tolerance = 12}, off = {.freqv = {427, 489, 0}, .tolerance = 12},
                         one = {.freqv = {440, 0, 0}, .tolerance = 500}, fax = {.freqv = {1100, 0, 0}, .tolerance = 12};
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    ck_assert_int_eq(control(id, &sounds), SESSION_E_OK);
    sound_of(id, &off, true);
    fake_time(&f, f.now_ms + 1000);
    acted(id, 0);
    sound_of(id, &one, true); /* one is not two */
    fake_time(&f, f.now_ms + 1000);
    acted(id, 0);
    sound_of(id, &close, true);
    fake_time(&f, f.now_ms + 300);
    acted(id, SESSION_CONTROL_VOLUMEUP);
    sound_of(id, &fax, true); /* who measures says so when it is one */
    fake_time(&f, f.now_ms + 1000);
    acted(id, 0);
}
END_TEST

START_TEST(machines_act)
{
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    ck_assert_int_eq(control(id, &sounds), SESSION_E_OK);
    in.u.ind.type = SESSION_IND_SOUND;
    in.u.ind.session = id;
    in.u.ind.leg = f.next_leg;
    in.u.ind.media_modes = SESSION_MEDIA_G3FAX;
    in.u.ind.state = 1;
    in.u.ind.seq = ++f.seq;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    acted(id, SESSION_CONTROL_RESET); /* it has lasted long enough already */
    fake_time(&f, f.now_ms + 299);
    acted(id, 0);
    fake_time(&f, f.now_ms + 1);
    acted(id, SESSION_CONTROL_START);
    in.u.ind.state = 0;
    in.u.ind.seq = ++f.seq;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    acted(id, 0);
}
END_TEST

/* How a call was stays with it until it is released, whoever ended it. */
START_TEST(quality_is_kept)
{
    struct session_quality q = {.code = 486, .cause = 17, .sent = 3};
    struct session_in in = {.type = SESSION_IN_IND};
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);

    in.u.ind.type = SESSION_IND_PROGRESS;
    in.u.ind.session = id;
    in.u.ind.leg = f.next_leg;
    in.u.ind.state = SESSION_DISCONNECTED;
    in.u.ind.mode = SESSION_DISC_BUSY;
    in.u.ind.seq = ++f.seq;
    in.u.ind.quality = &q;
    ck_assert(!session_media(f.core, id) || !session_media(f.core, id)->has_quality);
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    ck_assert(session_media(f.core, id)->has_quality);
    ck_assert_uint_eq(session_media(f.core, id)->quality.code, 486);
    ck_assert_uint_eq(session_media(f.core, id)->quality.sent, 3);
}
END_TEST

START_TEST(states_act)
{
    uint32_t id = fake_in_state(&f, SESSION_RINGBACK);

    ck_assert_int_eq(control(id, &states), SESSION_E_OK);
    acted(id, 0);
    ck_assert_int_eq(fake_progress(&f, id, f.next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
    acted(id, SESSION_CONTROL_RATEUP);
    ck_assert_int_eq(fake_progress(&f, id, f.next_leg, SESSION_CONNECTED, SESSION_CONNECTED_ACTIVEHELD), SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_STATE), 1);
    acted(id, 0); /* it was connected before */
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, id), SESSION_E_OK);
    acted(id, SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_UNHOLD, id), SESSION_E_OK);
    acted(id, SESSION_CONTROL_RATEUP);
    stream_is(id, SESSION_STREAM_PAUSED, 150, 100);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_DROP, id), SESSION_E_OK);
    acted(id, SESSION_CONTROL_VOLUMENORMAL); /* also in IDLE, but nothing is left to be told what to do */
    ck_assert_ptr_null(fake_cmd(&f, SESSION_CMD_STREAM));
    ck_assert_int_eq(control(id, &states), SESSION_E_OK);
}
END_TEST

/* A session of address 1 of line 1, that is offered. */
static uint32_t offered(uint32_t address)
{
    struct session_in in = {.type = SESSION_IN_IND};

    in.u.ind.type = SESSION_IND_INCOMING;
    in.u.ind.leg = ++f.next_leg;
    in.u.ind.line = 1;
    in.u.ind.address = address;
    ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
    return fake_find(&f, SESSION_ACT_NEW, 0)->session;
}

START_TEST(lines_and_addresses)
{
    static const struct session_control_state offer = {SESSION_OFFERING, SESSION_CONTROL_RATEDOWN},
                                              up = {SESSION_CONNECTED, SESSION_CONTROL_RATEUP};
    static const struct session_control on_offer = {0, 0, 0, 1, NULL, NULL, NULL, &offer},
                                        on_answer = {0, 0, 0, 1, NULL, NULL, NULL, &up};
    struct session_in again = {.type = SESSION_IN_LINE_OPEN};
    uint32_t a, b;

    ck_assert_int_eq(control_of(7, SESSION_SELECT_LINE, 0, NULL), SESSION_E_BADLINE);
    ck_assert_int_eq(control_of(1, SESSION_SELECT_ADDRESS, 2, NULL), SESSION_E_BADADDRESSID);
    ck_assert_int_eq(control_of(1, SESSION_SELECT_LINE, 99, &on_offer), SESSION_E_OK);
    a = offered(0);
    acted(a, SESSION_CONTROL_RATEDOWN);
    /* the latest counts: for the other address alone, then for this session alone */
    ck_assert_int_eq(control_of(1, SESSION_SELECT_ADDRESS, 1, &on_answer), SESSION_E_OK);
    b = offered(1);
    acted(b, 0);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ANSWER, b), SESSION_E_OK);
    acted(b, SESSION_CONTROL_RATEUP);
    ck_assert_int_eq(control(a, &on_answer), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_ANSWER, a), SESSION_E_OK);
    acted(a, SESSION_CONTROL_RATEUP);
    ck_assert_int_eq(control(b, NULL), SESSION_E_OK); /* nothing, whatever the address has */
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, b), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_UNHOLD, b), SESSION_E_OK);
    acted(b, 0);
    /* of the line: all have it, also those that had something of their own */
    ck_assert_int_eq(control_of(1, SESSION_SELECT_LINE, 0, &states), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, b), SESSION_E_OK);
    acted(b, SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_HOLD, a), SESSION_E_OK);
    acted(a, SESSION_CONTROL_PAUSE);
    ck_assert_int_eq(control_of(1, SESSION_SELECT_LINE, 0, NULL), SESSION_E_OK);
    ck_assert_int_eq(fake_op(&f, SESSION_OP_UNHOLD, a), SESSION_E_OK);
    acted(a, 0);
    /* with the line closed it is over */
    ck_assert_int_eq(control_of(1, SESSION_SELECT_LINE, 0, &on_offer), SESSION_E_OK);
    ck_assert_int_eq(fake_close(&f, 1), SESSION_E_OK);
    ck_assert_int_eq(control_of(1, SESSION_SELECT_LINE, 0, &on_offer), SESSION_E_BADLINE);
    again.u.line = 1;
    ck_assert_int_eq(fake_step(&f, &again, NULL), SESSION_E_OK);
    again = (struct session_in){.type = SESSION_IN_LINE_MASK};
    again.u.mask.line = 1;
    again.u.mask.which = SESSION_MASK_MEDIA;
    again.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE;
    ck_assert_int_eq(fake_step(&f, &again, NULL), SESSION_E_OK);
    acted(offered(0), 0);
}
END_TEST

START_TEST(silence_of_a_new_call)
{
    uint32_t id;

    ck_assert_int_eq(control_of(0, SESSION_SELECT_LINE, 0, &sounds), SESSION_E_OK);
    id = fake_in_state(&f, SESSION_RINGBACK);
    fake_time(&f, f.now_ms + 5000);
    acted(id, 0);
    ck_assert_int_eq(fake_progress(&f, id, f.next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
    fake_time(&f, f.now_ms + 2000);
    acted(id, SESSION_CONTROL_PAUSE);
}
END_TEST

START_TEST(media_of_new_sessions)
{
    struct session_in mask = {.type = SESSION_IN_LINE_MASK};
    struct session_req none = {.op = SESSION_OP_MONITORMEDIA};
    uint32_t id;

    mask.u.mask.line = 0;
    mask.u.mask.which = SESSION_MASK_MEDIA;
    mask.u.mask.media_modes = SESSION_MEDIA_INTERACTIVEVOICE | SESSION_MEDIA_G3FAX;
    ck_assert_int_eq(fake_step(&f, &mask, NULL), SESSION_E_OK);
    id = none.session = fake_in_state(&f, SESSION_CONNECTED);
    tone(id, 1100, 0, true);
    fake_time(&f, f.now_ms + 400);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_MEDIA, 0)->media_modes, SESSION_MEDIA_G3FAX);
    tone(id, 1100, 0, false);
    id = none.session = fake_in_state(&f, SESSION_CONNECTED);
    tone(id, 2100, 0, true);
    ck_assert_int_eq(op(&none), SESSION_E_OK); /* from now on none */
    fake_time(&f, f.now_ms + 400);
    tone(id, 1100, 0, true);
    fake_time(&f, f.now_ms + 400);
    ck_assert_ptr_null(fake_find(&f, SESSION_ACT_MEDIA, 0));
}
END_TEST

START_TEST(lists_are_checked)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_control many = {.digitc = SESSION_CONTROL_MAX + 1, .digitv = digitv}, none = {.tonec = 1};

    ck_assert_int_eq(control(id, &many), SESSION_E_BADPARAM);
    ck_assert_int_eq(control(id, &none), SESSION_E_BADPARAM);
    for (long left = 0; left < 2; left++) {
        f.left = left;
        ck_assert_int_eq(control(id, &digits), SESSION_E_NOMEM);
        f.left = -1;
    }
    ck_assert_int_eq(control_of(0, SESSION_SELECT_LINE, 0, &states), SESSION_E_OK);
    id = fake_in_state(&f, SESSION_RINGBACK);
    f.left = 0; /* what there is no memory for is not done, and nothing else is wrong */
    ck_assert_int_eq(fake_progress(&f, id, f.next_leg, SESSION_CONNECTED, 1), SESSION_E_OK);
    f.left = -1;
    acted(id, 0);
}
END_TEST

/* ---- terminals --------------------------------------------------------------------------------------------------- */

static enum session_err route(uint32_t session, uint32_t select, uint32_t address, uint32_t terminal, uint32_t modes,
                              bool on)
{
    struct session_route r = {terminal, modes, on};
    struct session_req req = {.op = SESSION_OP_SETTERMINAL,
                              .session = session,
                              .line = 1,
                              .address = address,
                              .value = select,
                              .route = &r};

    return op(&req);
}

START_TEST(terminals)
{
    const uint8_t all = (uint8_t)session_terminal_modes(SESSION_TERMINAL_SET);
    uint32_t a = offered(0), b = offered(1);

    ck_assert_uint_eq(session_terminal_modes(SESSION_TERMINALS), 0);
    ck_assert_uint_eq(session_get(f.core, a)->termv[SESSION_TERMINAL_SET], all);
    ck_assert_uint_eq(session_get(f.core, a)->termv[SESSION_TERMINAL_HEADSET], 0);
    ck_assert_int_eq(route(a, 0, 0, SESSION_TERMINAL_HEADSET, SESSION_TERM_MEDIAFROMLINE, true), SESSION_E_OK);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_REPLY);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->bits, SESSION_INFO_TERMINAL);
    ck_assert_uint_eq(session_get(f.core, a)->termv[SESSION_TERMINAL_HEADSET], SESSION_TERM_MEDIAFROMLINE);
    ck_assert_int_eq(route(a, 0, 0, SESSION_TERMINAL_HEADSET, SESSION_TERM_MEDIAFROMLINE, true), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1); /* no change */
    ck_assert_int_eq(route(a, 0, 0, SESSION_TERMINAL_HEADSET, SESSION_TERM_MEDIATOLINE, false), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1);
    /* an address */
    ck_assert_int_eq(route(0, SESSION_SELECT_ADDRESS, 1, SESSION_TERMINAL_SET, SESSION_TERM_RINGER, false),
                     SESSION_E_OK);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->address, 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_ADDRESS, 0)->bits, SESSION_ADDR_TERMINALS);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_LINE), 0);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_INFO), 1);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_INFO, 0)->session, b);
    ck_assert_uint_eq(session_terminals(f.core, 1, 1)[SESSION_TERMINAL_SET], all & ~SESSION_TERM_RINGER);
    ck_assert_uint_eq(session_terminals(f.core, 1, 0)[SESSION_TERMINAL_SET], all);
    ck_assert_uint_eq(session_get(f.core, offered(1))->termv[SESSION_TERMINAL_SET], all & ~SESSION_TERM_RINGER);
    /* the line */
    ck_assert_int_eq(route(0, SESSION_SELECT_LINE, 9, SESSION_TERMINAL_SPEAKER, SESSION_TERM_RINGER, true),
                     SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_LINE, 0)->bits, SESSION_LINE_TERMINALS);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_ADDRESS), 2);
    ck_assert_uint_eq(fake_count(&f, SESSION_ACT_INFO), 3);
    ck_assert_uint_eq(session_terminals(f.core, 1, UINT32_MAX)[SESSION_TERMINAL_SPEAKER], SESSION_TERM_RINGER);
    ck_assert_uint_eq(session_terminals(f.core, 0, UINT32_MAX)[SESSION_TERMINAL_SPEAKER], 0);
    ck_assert_ptr_null(session_terminals(f.core, 1, 2));
    ck_assert_ptr_null(session_terminals(f.core, 2, UINT32_MAX));
    ck_assert_int_eq(route(a, 0, 0, SESSION_TERMINAL_HEADSET, SESSION_TERM_RINGER, true), SESSION_E_BADPARAM);
    ck_assert_int_eq(route(a, 0, 0, SESSION_TERMINALS, SESSION_TERM_RINGER, true), SESSION_E_BADPARAM);
    ck_assert_int_eq(route(a, 0, 0, 0, 0, true), SESSION_E_BADPARAM);
    ck_assert_int_eq(route(0, SESSION_SELECT_ADDRESS, 2, 0, SESSION_TERM_RINGER, true), SESSION_E_BADADDRESSID);
}
END_TEST

START_TEST(device_specific)
{
    uint32_t id = fake_in_state(&f, SESSION_CONNECTED);
    struct session_req req = {
        .op = SESSION_OP_DEVSPECIFIC, .session = id, .value = SESSION_CONTROL_PAUSE | SESSION_CONTROL_VOLUMEDOWN};

    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_int_eq(f.actv[0].type, SESSION_ACT_REPLY);
    acted(id, SESSION_CONTROL_PAUSE | SESSION_CONTROL_VOLUMEDOWN);
    stream_is(id, SESSION_STREAM_PAUSED, 100, 90);
    req.value = 0;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(f.actc, 1);
    req = (struct session_req){.op = SESSION_OP_DEVSPECIFIC, .line = 1};
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    ck_assert_uint_eq(fake_find(&f, SESSION_ACT_REPLY, 0)->line, 1);
    req.op = SESSION_OP_DEVSPECIFICFEAT;
    ck_assert_int_eq(op(&req), SESSION_E_OK);
    req.line = 2;
    ck_assert_int_eq(op(&req), SESSION_E_BADLINE);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("mediactl");
    TCase *tc = tcase_create("mediactl");
    SRunner *sr;
    int failed;

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, actions);
    tcase_add_test(tc, digits_act);
    tcase_add_test(tc, reset_throws_away);
    tcase_add_test(tc, sounds_act);
    tcase_add_test(tc, measured_tones_act);
    tcase_add_test(tc, machines_act);
    tcase_add_test(tc, quality_is_kept);
    tcase_add_test(tc, states_act);
    tcase_add_test(tc, lines_and_addresses);
    tcase_add_test(tc, silence_of_a_new_call);
    tcase_add_test(tc, media_of_new_sessions);
    tcase_add_test(tc, lists_are_checked);
    tcase_add_test(tc, terminals);
    tcase_add_test(tc, device_specific);
    suite_add_tcase(s, tc);
    sr = srunner_create(s);
    srunner_run_all(sr, CK_ENV);
    failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
