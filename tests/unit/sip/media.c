/* Digits and tones as sound, between accounts of the binding itself. SPDX-License-Identifier: MIT */
#include "tests/support/support.h"
#include "tests/unit/sip/fixture.h"
#include "tsp/media/hear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture f;
static uint32_t a, b; /* who calls, who is called */

static void connect_lines(enum sip_digits digits)
{
    fixture_init(&f, 2);
    f.accountv[0].digits = digits;
    fixture_open(&f);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    take(&f);
    f.legv[a].log[0] = f.legv[b].log[0] = '\0';
}

static void play(const struct session_play *p)
{
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = p, .leg = f.legv[a].id, .session = f.legv[a].session};

    f.b->ops->command(f.b, 0, &cmd);
}

static void play_tones(uint16_t one, uint16_t two)
{
    struct session_play p = {.kind = SESSION_PLAY_TONES, .serial = 1, .tonec = two ? 2 : 1};

    p.tonev[0].freq = one;
    p.tonev[1].freq = two;
    play(&p);
}

static bool hears_tones(uint16_t one, uint16_t two)
{
    const uint16_t *v = f.legv[b].freqv;

    return abs(v[0] - one) <= HEAR_TOLERANCE && abs(v[1] - two) <= HEAR_TOLERANCE && !v[2];
}

/* They last, so that a loaded machine's gaps do not hide one. */
START_TEST(digits_as_sound)
{
    struct session_play p = {.kind = SESSION_PLAY_DIGITS,
                             .mode = SESSION_DIGIT_DTMF,
                             .digits = "7D",
                             .digitc = 2,
                             .digit_ms = 1000,
                             .gap_ms = 100,
                             .serial = 5};

    connect_lines(SIP_DIGITS_SOUND);
    play(&p);
    UNTIL(&f, strstr(f.legv[b].log, "hears:D") != NULL);
    ck_assert(!strncmp(f.legv[b].log, "hears:7", 7));
    UNTIL(&f, strstr(f.legv[a].log, "played") != NULL);
    fixture_close(&f);
}
END_TEST

/* Who sends events has no digits heard from sound. */
START_TEST(digits_once)
{
    struct session_play p = {
        .kind = SESSION_PLAY_DIGITS, .mode = SESSION_DIGIT_DTMF, .digits = "1", .digitc = 1, .serial = 5};
    struct session_play sound = {.kind = SESSION_PLAY_TONES,
                                 .serial = 6,
                                 .tonec = 2,
                                 .total_ms = 300,
                                 .tonev = {{697, 100, 0}, {1336, 100, 0}}}; /* of a 2 */

    connect_lines(SIP_DIGITS_AUTO);
    play(&p);
    UNTIL(&f, strstr(f.legv[b].log, "hears:1") && strstr(f.legv[a].log, "played"));
    play(&sound);
    UNTIL(&f, strstr(f.legv[a].log, "played played") != NULL);
    play_tones(950, 0);
    UNTIL(&f, hears_tones(950, 0));
    says(&f, b, "hears:1");
    fixture_close(&f);
}
END_TEST

/* The other end of this test does not know events, but INFO it must. */
START_TEST(digits_by_info_only)
{
    struct session_play p = {
        .kind = SESSION_PLAY_DIGITS, .mode = SESSION_DIGIT_DTMF, .digits = "4*", .digitc = 2, .serial = 5};

    connect_lines(SIP_DIGITS_INFO);
    play(&p);
    UNTIL(&f, strstr(f.legv[b].log, "hears:*") != NULL);
    says(&f, b, "hears:4 hears:*");
    fixture_close(&f);
}
END_TEST

START_TEST(tones)
{
    struct session_play stop = {.kind = SESSION_PLAY_NONE};

    connect_lines(SIP_DIGITS_AUTO);
    play_tones(440, 480);
    UNTIL(&f, hears_tones(440, 480));
    play_tones(425, 0);
    UNTIL(&f, hears_tones(425, 0));
    play(&stop);
    /* a held end hears nothing more, and goes on hearing afterwards */
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, b, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_UNHOLD, b, UINT32_MAX)), SESSION_E_OK);
    play_tones(950, 0);
    UNTIL(&f, hears_tones(950, 0));
    fixture_close(&f);
}
END_TEST

START_TEST(fax)
{
    for (int i = 0; i < 2; i++) {
        connect_lines(SIP_DIGITS_AUTO);
        play_tones(i ? 2100 : 1100, 0);
        UNTIL(&f, f.legv[b].media);
        ck_assert_uint_eq(f.legv[b].media, SESSION_MEDIA_G3FAX);
        ck_assert_uint_eq(f.legv[a].media, 0);
        fixture_close(&f);
    }
}
END_TEST

/* At the end both know how it was: who hangs up, and who is told. */
START_TEST(quality)
{
    connect_lines(SIP_DIGITS_AUTO);
    play_tones(950, 0);
    UNTIL(&f, hears_tones(950, 0));
    /* a stream that is begun anew counts on */
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, b, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_UNHOLD, b, UINT32_MAX)), SESSION_E_OK);
    ck_assert(!f.legv[a].has_quality && !f.legv[b].has_quality);
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    for (int i = 0; i < 2; i++) {
        const struct leg *leg = &f.legv[i ? a : b];

        ck_assert(leg->has_quality);
        ck_assert_uint_gt(leg->quality.received, 5); /* a tone is heard after 100 ms */
        ck_assert_uint_gt(leg->quality.sent, 5);
        ck_assert_uint_eq(leg->quality.code, i ? 0 : 200);
    }
    fixture_close(&f);
}
END_TEST

/* Sound goes to where it comes from, wherever the description says it should: as through a NAT. */
START_TEST(symmetric)
{
    static const unsigned char rtp[12 + 160] = {0x80, 8};
    unsigned char packet[sizeof(rtp)];
    char head[4096];
    struct peer p, media;
    uint16_t from, port;
    unsigned to;

    peer_open(&p);
    peer_open(&media);
    fixture_init(&f, 1);
    (void)snprintf(head, sizeof(head), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = head;
    f.conf.media_first = 20000;
    f.conf.media_last = 29999;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    ck_assert_int_eq(sscanf(strstr(p.data, "m=audio "), "m=audio %u", &to), 1);
    ck_assert(to >= 20000 && to < 29999 && to % 2 == 0);
    port = (uint16_t)to;
    peer_answer(&p, 200, peer_sdp); /* at port 4000, where nobody is */
    wait_state(&f, a, SESSION_CONNECTED);
    for (unsigned i = 0; i < 200; i++) {
        memcpy(packet, rtp, sizeof(rtp));
        packet[3] = (unsigned char)i;
        packet[6] = (unsigned char)(i * 160 >> 8);
        packet[7] = (unsigned char)(i * 160);
        packet[11] = 1;
        memset(packet + 12, 0xD5, 160);
        port_send(media.port, port, (const char *)packet, sizeof(packet));
    }
    ck_assert_uint_gt(port_receive(media.port, media.data, sizeof(media.data), &from), 12);
    ck_assert_uint_eq(from, port);
    fixture_close(&f);
    peer_close(&p);
    peer_close(&media);
}
END_TEST

static void play_file(const char *path)
{
    struct session_play p = {.kind = SESSION_PLAY_FILE, .serial = 3, .digits = path, .digitc = (uint32_t)strlen(path)};

    play(&p);
}

static enum session_err record(uint32_t leg, const char *path)
{
    struct session_play p = {.kind = SESSION_PLAY_RECORD, .digits = path, .digitc = path ? (uint32_t)strlen(path) : 0};
    struct session_cmd cmd = {
        .type = SESSION_CMD_PLAY, .play = &p, .leg = f.legv[leg].id, .session = f.legv[leg].session};

    return result(&f, give(&f, &cmd));
}

/* What is heard is recorded; a record is played; and that is heard. */
START_TEST(files)
{
    char folder[240], path[300], pipe[300];
    struct session_cmd cmd = {.type = SESSION_CMD_STREAM};
    struct session_play tone = {
        .kind = SESSION_PLAY_TONES, .serial = 2, .tonec = 1, .total_ms = 1000, .tonev = {{950, 100, 0}}};

    support_folder_make("\xD0\x9F \xE6\x96\x87", folder, sizeof(folder)); /* letters of no code page */
    support_path(path, sizeof(path), folder, "\xD0\xB6.wav");
    support_pipe_open(folder, pipe, sizeof(pipe));
    connect_lines(SIP_DIGITS_AUTO);
    ck_assert_int_eq(record(b, "no/such/folder/x.wav"), SESSION_E_FAILED);
    ck_assert_int_eq(record(b, pipe), SESSION_E_FAILED); /* which would wait for its reader */
    support_pipe_close();
    ck_assert_int_eq(record(b, path), SESSION_E_OK);
    play(&tone);
    UNTIL(&f, strstr(f.legv[a].log, "played") != NULL);
    tone.tonev[0].freq = 1400;
    play(&tone);
    UNTIL(&f, strstr(f.legv[a].log, "played played") != NULL && hears_tones(1400, 0));
    f.legv[a].log[0] = '\0';
    ck_assert_int_eq(record(b, NULL), SESSION_E_OK);
    play_file("no/such/file.wav");
    UNTIL(&f, strstr(f.legv[a].log, "unplayed") != NULL);
    cmd.leg = f.legv[a].id;
    cmd.session = f.legv[a].session;
    cmd.stream = (struct session_stream){SESSION_STREAM_PAUSED, 100, 50};
    f.b->ops->command(f.b, 0, &cmd);
    play_file(path);
    cmd.stream.state = SESSION_STREAM_RUNNING;
    f.b->ops->command(f.b, 0, &cmd);
    UNTIL(&f, hears_tones(950, 0));
    UNTIL(&f, strstr(f.legv[a].log, "unplayed played") != NULL);
    /* it ends with the call, whatever is under way */
    play_file(path);
    ck_assert_int_eq(record(b, path), SESSION_E_OK);
    drop(&f, a);
    wait_state(&f, b, SESSION_DISCONNECTED);
    fixture_close(&f);
    ck_assert(support_file_exists(path));
    support_folder_remove(folder);
}
END_TEST

Suite *media_suite(void)
{
    Suite *s = suite_create("sip media");
    TCase *t = tcase_create("media");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, symmetric);
    if (!hear_available()) {
        suite_add_tcase(s, t);
        return s;
    }
    tcase_add_test(t, digits_as_sound);
    tcase_add_test(t, digits_once);
    tcase_add_test(t, digits_by_info_only);
    tcase_add_test(t, tones);
    tcase_add_test(t, fax);
    tcase_add_test(t, quality);
    tcase_add_test(t, files);
    suite_add_tcase(s, t);
    return s;
}
