/* Which codecs calls have, and G.722: with a scripted other end, and between accounts of the binding itself.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"
#include "tsp/media/hear.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture f;
static struct peer p, media; /* signalling of the other end, and its sound */
static char domain[64];

static void open_with(uint32_t codecc, enum sip_codec one, enum sip_codec two)
{
    peer_open(&p);
    peer_open(&media);
    fixture_init(&f, 2);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.conf.codecc = codecc;
    f.conf.codecv[0] = one;
    f.conf.codecv[1] = two;
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
}

static void close_with(void)
{
    fixture_close(&f);
    peer_close(&p);
    peer_close(&media);
}

/* An INVITE whose offer has these formats; `more` are lines of it. In the dialog of the last one, if `inside`. */
static void invite(const char *formats, const char *more, bool inside)
{
    char sdp[1000], to[500] = "<sip:u0@127.0.0.1>";

    if (inside) {
        (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "To"));
    } else {
        p.cseq++;
    }
    (void)snprintf(sdp, sizeof(sdp),
                   "v=0\r\no=- 1 %u IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                   "m=audio %u RTP/AVP %s\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\n%s",
                   inside ? 2u : 1u, (unsigned)media.number, formats, more);
    peer_send(&p, sip_port(f.b, SIP_UDP),
              "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKi%u%s\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:200@127.0.0.1>;tag=%s\r\nTo: %s\r\nCall-ID: c%u\r\nCSeq: %u INVITE\r\n"
              "Contact: <sip:peer@127.0.0.1:%u>\r\nContent-Type: application/sdp\r\nContent-Length: %u\r\n\r\n%s",
              (unsigned)p.number, (unsigned)p.cseq, inside ? "r" : "", p.local_tag, to, (unsigned)p.cseq,
              inside ? 2u : 1u, (unsigned)p.number, (unsigned)strlen(sdp), sdp);
}

static void acknowledge(unsigned cseq)
{
    peer_send(
        &p, p.from,
        "ACK sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa%u%u\r\nMax-Forwards: 70\r\n"
        "From: <sip:200@127.0.0.1>;tag=%s\r\nTo: %s\r\nCall-ID: c%u\r\nCSeq: %u ACK\r\nContent-Length: 0\r\n\r\n",
        (unsigned)p.number, (unsigned)p.cseq, cseq, p.local_tag, peer_header(&p, "To"), (unsigned)p.cseq, cseq);
}

/* The port of the description in the last message, which has exactly these formats. */
static uint16_t has_formats(const char *formats)
{
    const char *line = strstr(p.data, "m=audio ");
    char want[64];
    unsigned port;
    int at;

    ck_assert_ptr_nonnull(line);
    ck_assert_int_eq(sscanf(line, "m=audio %u%n", &port, &at), 1);
    (void)snprintf(want, sizeof(want), " RTP/AVP %s\r\n", formats);
    ck_assert_msg(!strncmp(line + at, want, strlen(want)), "not \"%s\" but %.40s", formats, line);
    return (uint16_t)port;
}

/* A call that comes with this offer, and is answered so; NULL: it cannot be. */
static uint32_t answered(const char *formats, const char *more, const char *with)
{
    uint32_t leg, token;

    invite(formats, more, false);
    leg = incoming(&f);
    token = order(&f, SESSION_CMD_ANSWER, leg, UINT32_MAX);
    ck_assert_int_eq(result(&f, token), with ? SESSION_E_OK : SESSION_E_FAILED);
    peer_expect(&p, with ? "200" : "488");
    acknowledge(1);
    if (with) {
        (void)has_formats(with);
    } else {
        wait_state(&f, leg, SESSION_DISCONNECTED);
    }
    return leg;
}

START_TEST(offered)
{
    static const struct {
        uint32_t codecc;
        enum sip_codec one, two;
        const char *formats;
    } v[] = {{0, SIP_PCMU, SIP_PCMU, "0 8 9 120"},
             {2, SIP_G722, SIP_PCMA, "9 8 120"},
             {2, SIP_PCMA, SIP_PCMU, "8 0 120"},
             {1, SIP_G722, SIP_PCMU, "9 120"},
             {1, SIP_PCMU, SIP_PCMU, "0 120"}};

    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        open_with(v[i].codecc, v[i].one, v[i].two);
        (void)place(&f, 0, "1");
        peer_expect(&p, "INVITE");
        (void)has_formats(v[i].formats);
        ck_assert_int_eq(peer_has(&p, "a=rtpmap:9 G722/8000\r\n"), strchr(v[i].formats, '9') != NULL);
        ck_assert(peer_has(&p, "a=rtpmap:120 telephone-event/8000\r\n") && !peer_has(&p, "/16000"));
        peer_answer(&p, 486, NULL);
        close_with();
    }
}
END_TEST

START_TEST(taken)
{
    static const char named[] = "a=rtpmap:9 G722/8000\r\n", dynamic[] = "a=rtpmap:109 G722/8000\r\n";

    open_with(0, SIP_PCMU, SIP_PCMU);
    (void)answered("9 101", "", "9 101");
    (void)answered("9 8 0 101", named, "9 101"); /* who offers has the choice */
    (void)answered("8 9 101", named, "8 101");
    (void)answered("109 8 101", dynamic, "8 101");
    (void)answered("109 101", dynamic, NULL);
    (void)answered("18 101", "", NULL);
    close_with();
    open_with(2, SIP_PCMU, SIP_PCMA);
    (void)answered("9 101", named, NULL);
    (void)answered("9 8 101", named, "8 101");
    close_with();
    open_with(1, SIP_G722, SIP_G722);
    (void)answered("8 0 101", "", NULL);
    (void)answered("0 9 101", "", "9 101");
    close_with();
}
END_TEST

/* ---- what is sent ------------------------------------------------------------------------------------------------ */

/* The next packet of sound or events. Number and timestamp are its own. */
struct packet {
    unsigned type;
    size_t size; /* of what is behind the head */
    uint16_t number;
    uint32_t timestamp;
    const unsigned char *data;
};

static struct packet next_packet(void)
{
    const unsigned char *d = (const unsigned char *)media.data;
    struct packet out;
    uint16_t from;
    size_t len;

    do {
        len = port_receive(media.port, media.data, sizeof(media.data), &from);
    } while (len <= 12 || d[0] != 0x80);
    out.type = d[1] & 127;
    out.size = len - 12;
    out.number = (uint16_t)(d[2] << 8 | d[3]);
    out.timestamp = (uint32_t)d[4] << 24 | (uint32_t)d[5] << 16 | (uint32_t)d[6] << 8 | d[7];
    out.data = d + 12;
    return out;
}

static unsigned sent; /* packets to the call of this test */

/* Sound of odd lengths, as nobody sends it. */
static void send_odd(uint16_t to)
{
    static const size_t lengthv[] = {0, 1, 79, 80, 81, 159, 160, 161, 240, 1400};
    unsigned char packet[12 + 1400] = {0x80, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    for (size_t i = 0; i < sizeof(lengthv) / sizeof(lengthv[0]); i++) {
        packet[3] = (unsigned char)++sent;
        packet[6] = (unsigned char)(sent * 160 >> 8);
        packet[7] = (unsigned char)(sent * 160);
        memset(packet + 12, (int)(i * 37), lengthv[i]);
        port_send(media.port, to, (const char *)packet, 12 + lengthv[i]);
    }
}

/* An event of 100 ms, and its end thrice. */
static void send_event(uint16_t to, unsigned char digit)
{
    unsigned char packet[16] = {0x80, 101, 0, 0, 0, 0, 0xF0, 0, 0, 0, 0, 1, digit, 10};

    for (unsigned i = 1; i <= 7; i++) {
        unsigned length = i < 5 ? i * 160 : 800;

        packet[1] = i == 1 ? 0x80 | 101 : 101;
        packet[3] = (unsigned char)++sent;
        packet[13] = i < 5 ? 10 : 0x80 | 10;
        packet[14] = (unsigned char)(length >> 8);
        packet[15] = (unsigned char)length;
        port_send(media.port, to, (const char *)packet, sizeof(packet));
    }
}

static void play(uint32_t leg, const struct session_play *what)
{
    struct session_cmd cmd = {
        .type = SESSION_CMD_PLAY, .play = what, .leg = f.legv[leg].id, .session = f.legv[leg].session};

    f.b->ops->command(f.b, 0, &cmd);
}

static void play_digits(uint32_t leg, const char *digits, uint32_t ms)
{
    struct session_play what = {.kind = SESSION_PLAY_DIGITS,
                                .mode = SESSION_DIGIT_DTMF,
                                .digits = digits,
                                .digitc = (uint32_t)strlen(digits),
                                .digit_ms = ms,
                                .gap_ms = ms ? 100 : 0,
                                .serial = 5};

    play(leg, &what);
}

/* 64 kbit/s of sound and events go by a clock of 8000, whatever the codec's is. */
START_TEST(on_the_wire)
{
    struct packet first, other, event;
    uint16_t port;
    uint32_t leg;

    open_with(0, SIP_PCMU, SIP_PCMU);
    leg = answered("9 101", "", "9 101");
    port = has_formats("9 101");
    first = next_packet();
    for (int i = 0; i < 5; i++) {
        other = next_packet();
        ck_assert_uint_eq(other.type, 9);
        ck_assert_uint_eq(other.size, 160);
        ck_assert_uint_eq(other.timestamp - first.timestamp, 160u * (uint16_t)(other.number - first.number));
    }
    play_digits(leg, "3", 0);
    do {
        event = next_packet();
    } while (event.type != 101);
    first = event;
    while (!(event.data[1] & 0x80)) {
        ck_assert_uint_eq(event.size, 4);
        ck_assert_uint_eq(event.data[0], 3);
        ck_assert_uint_eq(event.timestamp, first.timestamp);
        ck_assert_uint_eq((unsigned)(event.data[2] << 8 | event.data[3]),
                          160u * ((uint16_t)(event.number - first.number) + 1u));
        event = next_packet();
    }
    ck_assert_uint_eq((unsigned)(event.data[2] << 8 | event.data[3]), 1600); /* 200 ms */
    sent = 0;
    send_odd(port);
    send_event(port, 11);
    UNTIL(&f, strstr(f.legv[leg].log, "hears:#") != NULL);
    /* another codec in the same call */
    invite("8 101", "", true);
    peer_expect(&p, "200");
    (void)has_formats("8 101");
    acknowledge(2);
    do {
        other = next_packet();
    } while (other.type != 8);
    ck_assert_uint_eq(other.size, 160);
    close_with();
}
END_TEST

/* ---- what is heard ----------------------------------------------------------------------------------------------- */

static uint32_t a, b; /* who calls, who is called */

static void connect_lines(enum sip_digits digits)
{
    fixture_init(&f, 2);
    f.accountv[0].digits = f.accountv[1].digits = digits;
    f.conf.codecc = 1;
    f.conf.codecv[0] = SIP_G722;
    fixture_open(&f);
    a = place(&f, 0, uri_of(&f, 1));
    b = incoming(&f);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, b, UINT32_MAX)), SESSION_E_OK);
    wait_state(&f, a, SESSION_CONNECTED);
    take(&f);
    f.legv[a].log[0] = f.legv[b].log[0] = '\0';
}

static void play_tones(uint32_t leg, uint16_t one, uint16_t two, uint32_t ms)
{
    struct session_play what = {.kind = SESSION_PLAY_TONES, .serial = 1, .tonec = two ? 2 : 1, .total_ms = ms};

    what.tonev[0].freq = one;
    what.tonev[1].freq = two;
    what.tonev[0].on_ms = what.tonev[1].on_ms = ms ? 100 : 0;
    play(leg, &what);
}

static bool hears_tones(uint32_t leg, uint16_t one, uint16_t two)
{
    const uint16_t *v = f.legv[leg].freqv;

    return abs(v[0] - one) <= HEAR_TOLERANCE && abs(v[1] - two) <= HEAR_TOLERANCE && !v[2];
}

START_TEST(digits)
{
    connect_lines(SIP_DIGITS_SOUND);
    play_digits(a, "7D", 1000);
    play_digits(b, "*2", 1000);
    UNTIL(&f, strstr(f.legv[b].log, "hears:D") && strstr(f.legv[a].log, "hears:2"));
    ck_assert(strstr(f.legv[b].log, "hears:7") && strstr(f.legv[a].log, "hears:*"));
    fixture_close(&f);
    connect_lines(SIP_DIGITS_AUTO);
    play_digits(a, "1#", 0);
    play_digits(b, "0A", 0);
    UNTIL(&f, strstr(f.legv[b].log, "hears:1 hears:#") && strstr(f.legv[a].log, "hears:0 hears:A"));
    fixture_close(&f);
}
END_TEST

START_TEST(tones)
{
    connect_lines(SIP_DIGITS_AUTO);
    play_tones(a, 440, 480, 0);
    play_tones(b, 1400, 0, 0);
    UNTIL(&f, hears_tones(b, 440, 480) && hears_tones(a, 1400, 0));
    play_tones(b, 1100, 0, 0);
    UNTIL(&f, f.legv[a].media == SESSION_MEDIA_G3FAX);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_HOLD, b, UINT32_MAX)), SESSION_E_OK);
    ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_UNHOLD, b, UINT32_MAX)), SESSION_E_OK);
    play_tones(a, 950, 0, 0);
    UNTIL(&f, hears_tones(b, 950, 0));
    fixture_close(&f);
}
END_TEST

/* What is recorded has the sound that was sent, and as long as it was. */
START_TEST(files)
{
    static const char path[] = "test_sip_codecs.wav";
    struct session_play record = {.kind = SESSION_PLAY_RECORD, .digits = path, .digitc = (uint32_t)strlen(path)};
    struct session_play file = {
        .kind = SESSION_PLAY_FILE, .serial = 3, .digits = path, .digitc = (uint32_t)strlen(path)};
    struct session_cmd cmd = {.type = SESSION_CMD_PLAY, .play = &record};

    connect_lines(SIP_DIGITS_AUTO);
    cmd.leg = f.legv[b].id;
    cmd.session = f.legv[b].session;
    ck_assert_int_eq(result(&f, give(&f, &cmd)), SESSION_E_OK);
    play_tones(a, 950, 0, 0);
    UNTIL(&f, hears_tones(b, 950, 0));
    play_tones(b, 1400, 0, 1000); /* for so long */
    UNTIL(&f, strstr(f.legv[b].log, "played") && hears_tones(a, 1400, 0));
    f.legv[b].log[0] = '\0';
    record.digits = NULL;
    record.digitc = 0;
    ck_assert_int_eq(result(&f, give(&f, &cmd)), SESSION_E_OK);
    play(b, &file);
    UNTIL(&f, hears_tones(a, 950, 0) && strstr(f.legv[b].log, "played"));
    fixture_close(&f);
    ck_assert_int_eq(remove(path), 0);
}
END_TEST

Suite *codecs_suite(void)
{
    Suite *s = suite_create("sip codecs");
    TCase *t = tcase_create("codecs");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, offered);
    tcase_add_test(t, taken);
    tcase_add_test(t, on_the_wire);
    if (hear_available()) {
        tcase_add_test(t, digits);
        tcase_add_test(t, tones);
        tcase_add_test(t, files);
    }
    suite_add_tcase(s, t);
    return s;
}
