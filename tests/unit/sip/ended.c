/* What the record of a call says when it is over, through TSPI: every field of it. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/sip/fixture.h"
#include "tests/unit/tspi/host.h"

#include <stdio.h>

enum { PACKETS = 120, GAP_AT = 60, GAP = 7, LOST_THERE = 9, ROUNDS = 60 };

static const uint64_t ntp_1970_s = 2208988800u;

static struct peer p, sound, report;

static bool is_connected(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_CONNECTED;
}

static bool is_gone(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_DISCONNECTED;
}

static char *put16(char *at, uint32_t v)
{
    at[0] = (char)(v >> 8);
    at[1] = (char)v;
    return at + 2;
}

static char *put32(char *at, uint32_t v)
{
    return put16(put16(at, v >> 16), v & 0xFFFF);
}

/* A second of sound, of which some is missing. */
static void send_sound(uint16_t to)
{
    for (uint32_t i = 0; i < PACKETS; i++) {
        char packet[12 + 160] = {(char)0x80, 8};

        if (i >= GAP_AT && i < GAP_AT + GAP) {
            continue;
        }
        (void)put16(packet + 2, 1 + i);
        (void)put32(put32(packet + 4, i * 160), 0x12345678);
        memset(packet + 12, 0xD5, 160);
        port_send(sound.port, to, packet, sizeof(packet));
    }
}

/* RTCP: what came there of the stream `ssrc`, of whose report two and a half seconds ago this is
 * the echo; PJSIP's own clock may be up to one behind this. */
static void send_report(uint16_t to, uint32_t ssrc)
{
    uint64_t now = platform_wall_ms() - 2500;
    uint32_t lsr = (uint32_t)(now / 1000 + ntp_1970_s) << 16 | (uint32_t)(now % 1000 * 65536 / 1000);
    char packet[32] = {(char)0x81, (char)201, 0, 7}, *at = packet + 4;

    at = put32(put32(at, 0x12345678), ssrc);
    at = put32(at, 10u << 24 | LOST_THERE);
    at = put32(put32(at, 100), 5);
    at = put32(put32(at, lsr), 65536 / 10);
    ck_assert_uint_eq((size_t)(at - packet), sizeof(packet));
    port_send(report.port, to, packet, sizeof(packet));
}

/* All that was sent before has been looked at. */
static void settle_here(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        peer_send(
            &p, p.from,
            "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKo%u\r\nMax-Forwards: 70\r\n"
            "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: o%u\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
            (unsigned)p.number, i, i);
        peer_expect(&p, "200");
    }
}

static struct sessiontsp_ended_call record_of(HDRVCALL call)
{
    struct {
        LINECALLINFO info;
        char room[2000];
    } i;
    struct sessiontsp_ended_call c;

    memset(&i, 0, sizeof(i));
    i.info.dwTotalSize = sizeof(i);
    ck_assert_int_eq(TSPI_lineGetCallInfo(call, &i.info), 0);
    ck_assert_uint_eq(i.info.dwDevSpecificSize, sizeof(c));
    memcpy(&c, (char *)&i + i.info.dwDevSpecificOffset, sizeof(c));
    return c;
}

START_TEST(every_field)
{
    char ini[400], sdp[400], to[300], from[300], id[200];
    struct sessiontsp_ended_call c;
    uint32_t ssrc;
    uint16_t port, media;
    HDRVCALL call;

    peer_open(&p);
    peer_open(&sound);
    peer_open(&report);
    (void)snprintf(ini, sizeof(ini),
                   "[line 1]\nnumber=100\n[sip]\nbind=127.0.0.1\nport=0\n[account 1]\nuser=ann\n"
                   "domain=127.0.0.1:%u\nmwi=0\nregister=0\n",
                   (unsigned)p.number);
    host_start(ini);
    host_open(1, 0x00020002, true);
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[1], SESSIONTSP_LINE_EXT_VERSION), 0);
    call = host_make(1, 1, u"7");
    peer_expect(&p, "INVITE");
    port = (uint16_t)strtoul(strstr(p.data, "m=audio ") + 8, NULL, 10);
    (void)snprintf(from, sizeof(from), "%s;tag=%s", peer_header(&p, "To"), p.local_tag);
    (void)snprintf(to, sizeof(to), "%s", peer_header(&p, "From"));
    (void)snprintf(id, sizeof(id), "%s", peer_header(&p, "Call-ID"));
    (void)snprintf(
        sdp, sizeof(sdp),
        "Content-Type: application/sdp\r\n\r\nv=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\n"
        "t=0 0\r\nm=audio %u RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=rtcp:%u\r\n",
        (unsigned)sound.number, (unsigned)report.number);
    peer_answer(&p, 200, sdp);
    peer_expect(&p, "ACK");
    host_wait(is_connected);
    send_sound(port);
    ck_assert_uint_gt(port_receive(sound.port, sound.data, sizeof(sound.data), &media), 12);
    ck_assert_uint_eq(media, port);
    ssrc = (uint32_t)(unsigned char)sound.data[8] << 24 | (uint32_t)(unsigned char)sound.data[9] << 16 |
           (uint32_t)(unsigned char)sound.data[10] << 8 | (unsigned char)sound.data[11];
    send_report((uint16_t)(port + 1), ssrc);
    settle_here();
    peer_send(&p, p.from,
              "BYE sip:ann@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKb\r\nMax-Forwards: 70\r\n"
              "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: 1 BYE\r\nReason: Q.850;cause=16\r\nContent-Length: 0\r\n\r\n",
              (unsigned)p.number, from, to, id);
    host_wait(is_gone);
    c = record_of(call);
    ck_assert_uint_eq(c.Stream.dwState, SESSIONTSP_STREAM_RUNNING);
    ck_assert_uint_eq(c.dwSipCode, 200);
    ck_assert_uint_eq(c.dwCause, 16);
    ck_assert_uint_gt(c.dwSent, 0);
    ck_assert_uint_eq(c.dwReceived, PACKETS - GAP);
    ck_assert_uint_eq(c.dwLost, GAP);
    ck_assert_uint_eq(c.dwLostThere, LOST_THERE);
    ck_assert_uint_gt(c.dwJitter, 0);
    ck_assert_uint_ge(c.dwRoundTrip, 1300000);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_int_eq(TSPI_lineSelectExtVersion(host.linev[1], 0), 0);
    host_stop();
    peer_close(&report);
    peer_close(&sound);
    peer_close(&p);
}
END_TEST

Suite *ended_suite(void)
{
    Suite *s = suite_create("sip calls ended");
    TCase *t = tcase_create("ended");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_field);
    suite_add_tcase(s, t);
    return s;
}
