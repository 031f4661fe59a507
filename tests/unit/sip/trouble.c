/* Servers that go and come, connections that break, packets that are lost, peers that make no sense, many accounts.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GIVEN_UP_MS = 33000, MANY = 200, WINDOW = 64, STORM = 12 };

static struct fixture f;
static struct peer p;
static struct relay r;

/* ---- servers that go and come ------------------------------------------------------------------------------------ */

/* An account whose server is behind a relay, which can be cut. */
static void open_behind_relay(void)
{
    memset(&r, 0, sizeof(r));
    peer_open(&p);
    relay_open(&r);
    r.to = p.number;
    relay_start(&r);
    account_of(&f, r.number);
    f.accountv[0].retry_ms = 1000;
}

static void close_behind_relay(void)
{
    fixture_close(&f);
    relay_stop(&r);
    peer_close(&p);
}

/* The server is there again: sooner or later it is asked. */
static void comes_back(void)
{
    while (take(&f), f.service[0] != IN_SERVICE) {
        clock_skip(&f, 5000);
        peer_mark(&p);
        while (peer_more(&p)) {
            if (!strncmp(p.data, "REGISTER ", 9)) {
                peer_answer(&p, 200, "Expires: 600\r\n");
            }
        }
    }
}

START_TEST(down_at_start)
{
    char text[100];

    open_behind_relay();
    atomic_store(&r.dead, true);
    fixture_open(&f);
    for (int i = 0; i < 3; i++) {
        while (sip_line_fault(f.b, 0) == SIP_FAULT_NONE) {
            clock_skip(&f, GIVEN_UP_MS);
        }
        ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_SILENT);
        clock_skip(&f, 10000);
    }
    UNTIL(&f, f.service[0] == SESSION_STATUS_CONNECTED);
    (void)snprintf(text, sizeof(text), "127.0.0.1:%u does not answer", (unsigned)r.number);
    ck_assert_str_eq(line_text(&f), text);
    atomic_store(&r.dead, false);
    comes_back();
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_NONE);
    close_behind_relay();
}
END_TEST

START_TEST(dies_under_a_call)
{
    uint32_t a;

    open_behind_relay();
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    a = place(&f, 0, "1");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 200, peer_sdp);
    wait_state(&f, a, SESSION_CONNECTED);
    peer_expect(&p, "ACK");
    atomic_store(&r.dead, true);
    clock_skip(&f, 540000);
    clock_skip(&f, GIVEN_UP_MS);
    UNTIL(&f, f.service[0] == SESSION_STATUS_CONNECTED);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_SILENT);
    /* the call does not need it */
    says(&f, a, "DIALING PROCEEDING CONNECTED");
    atomic_store(&r.dead, false);
    comes_back();
    says(&f, a, "");
    drop(&f, a);
    peer_expect(&p, "BYE");
    close_behind_relay();
}
END_TEST

/* ---- connections ------------------------------------------------------------------------------------------------- */

static intptr_t listener;
static uint16_t number;

static void open_connections(void)
{
    number = 0;
    listener = port_listen(&number);
    ck_assert(listener != -1);
    account_of(&f, number);
    f.accountv[0].transport = SIP_TCP;
    fixture_open(&f);
    stream_accept(&p, listener);
    take_register(&p);
    ck_assert(peer_has(&p, "Via: SIP/2.0/TCP ") && peer_has(&p, ";transport=tcp"));
    UNTIL(&f, f.service[0] == IN_SERVICE);
}

static void close_connections(void)
{
    fixture_close(&f);
    stream_close(&p);
    port_close(listener);
}

/* Whoever was reached over it is reached over a new one. */
START_TEST(connection_cut)
{
    open_connections();
    for (int i = 0; i < 3; i++) {
        stream_close(&p);
        stream_accept(&p, listener);
        take_register(&p);
    }
    ck_assert_uint_eq(f.service[0], IN_SERVICE);
    close_connections();
}
END_TEST

/* It is there, but nothing comes back: the server has been restarted without a word, or a NAT has forgotten it. */
START_TEST(half_open)
{
    struct peer *next = calloc(1, sizeof(*next));

    ck_assert_ptr_nonnull(next);
    open_connections();
    settle(&f);
    clock_skip(&f, 540000);
    next_register(&p);
    clock_skip(&f, GIVEN_UP_MS);
    stream_accept(next, listener);
    take_register(next);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    ck_assert_str_eq(line_text(&f), "");
    stream_close(next);
    free(next);
    close_connections();
}
END_TEST

START_TEST(server_is_gone)
{
    open_connections();
    port_close(listener);
    stream_close(&p);
    UNTIL(&f, f.service[0] == SESSION_STATUS_CONNECTED);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_UNREACHABLE);
    fixture_close(&f);
}
END_TEST

START_TEST(nonsense_in_a_connection)
{
    static const char *const v[] = {"\0\0\0\0", "GET / HTTP/1.1\r\n\r\n",
                                    "SIP/2.0 200 OK\r\nContent-Length: 99999999\r\n\r\n",
                                    "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nContent-Length: -1\r\n\r\nx",
                                    "SIP/2.0 200 OK\r\n\r\n\r\n\r\nSIP/2.0 99999 \r\n\r\n"};
    char *much = malloc(100000);

    ck_assert_ptr_nonnull(much);
    memset(much, 'A', 100000);
    open_connections();
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        port_write(p.port, v[i], i ? strlen(v[i]) : 4);
        /* whether it has kept this one or not, a new one is good */
        stream_close(&p);
        stream_accept(&p, listener);
        take_register(&p);
    }
    port_write(p.port, "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nSubject: ", 42);
    port_write(p.port, much, 100000);
    stream_close(&p);
    stream_accept(&p, listener);
    take_register(&p);
    free(much);
    close_connections();
}
END_TEST

/* Many accounts of one server have one connection. */
START_TEST(one_connection)
{
    number = 0;
    listener = port_listen(&number);
    account_of(&f, number);
    f.conf.accountc = 20;
    for (uint32_t i = 1; i < f.conf.accountc; i++) {
        f.accountv[i] = f.accountv[0];
        f.accountv[i].line = i;
        (void)snprintf(f.textv[i], sizeof(f.textv[i]), "u%u", (unsigned)i);
        f.accountv[i].user = f.textv[i];
    }
    for (uint32_t i = 0; i < f.conf.accountc; i++) {
        f.accountv[i].transport = SIP_TCP;
    }
    fixture_open(&f);
    stream_accept(&p, listener);
    for (uint32_t i = 0; i < f.conf.accountc; i++) {
        peer_expect(&p, "REGISTER");
        peer_answer(&p, 200, "Expires: 600\r\n");
    }
    for (uint32_t i = 0; i < f.conf.accountc; i++) {
        UNTIL(&f, f.service[i] == IN_SERVICE);
    }
    close_connections();
}
END_TEST

/* ---- lost, doubled and late packets ------------------------------------------------------------------------------ */

/* Waits over a bad way: the clock goes on when all that is on its way has arrived. */
#define UNTIL_OVER(cond)                                                                                               \
    while (take(&f), !(cond)) {                                                                                        \
        for (int round = 0; round < 4; round++) {                                                                      \
            settle(&f);                                                                                                \
            relay_settle(&r);                                                                                          \
        }                                                                                                              \
        clock_skip(&f, 100);                                                                                           \
    }

/* Calls from one account to another over a bad way: what the two ends say is what they say over a good one. */
static void storm(uint32_t seed)
{
    static char proxy[64], textv[STORM][8];
    static const char *numberv[STORM];
    uint32_t av[STORM], bv[STORM];

    memset(&r, 0, sizeof(r));
    relay_open(&r);
    fixture_init(&f, 2);
    (void)snprintf(proxy, sizeof(proxy), "127.0.0.1:%u", (unsigned)r.number);
    f.accountv[0].domain = proxy;
    for (uint32_t i = 0; i < STORM; i++) {
        (void)snprintf(textv[i], sizeof(textv[i]), "%u", (unsigned)(100 + i));
        numberv[i] = textv[i];
    }
    f.accountv[1].addressv = numberv;
    f.accountv[1].addressc = STORM;
    fixture_open(&f);
    r.to = sip_port(f.b, SIP_UDP);
    r.seed = seed;
    relay_start(&r);
    for (uint32_t i = 0; i < STORM; i++) {
        av[i] = place(&f, 0, numberv[i]);
        UNTIL_OVER(f.legc == 2 * i + 2);
        bv[i] = incoming(&f);
        ck_assert_int_eq(result(&f, order(&f, SESSION_CMD_ANSWER, bv[i], UINT32_MAX)), SESSION_E_OK);
        UNTIL_OVER(f.legv[av[i]].state == SESSION_CONNECTED);
    }
    for (uint32_t i = 0; i < STORM; i++) {
        uint32_t other = i % 2 ? av[i] : bv[i];

        drop(&f, i % 2 ? bv[i] : av[i]);
        UNTIL_OVER(f.legv[other].state == SESSION_DISCONNECTED);
    }
    for (uint32_t i = 0; i < STORM; i++) {
        char *rings = strstr(f.legv[av[i]].log, "RINGBACK ");

        if (rings) { /* nobody says twice that it rings: it may have been lost */
            memmove(rings, rings + 9, strlen(rings + 9) + 1);
        }
        says(&f, av[i], i % 2 ? "DIALING PROCEEDING CONNECTED DISCONNECTED:NORMAL" : "DIALING PROCEEDING CONNECTED");
        says(&f, bv[i], i % 2 ? "ring" : "ring DISCONNECTED:NORMAL");
    }
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    ck_assert_uint_gt(atomic_load(&r.lost), 0);
    ck_assert_uint_gt(atomic_load(&r.doubled), 0);
    fixture_close(&f);
    relay_stop(&r);
}

START_TEST(bad_way)
{
    storm((uint32_t)_i);
}
END_TEST

/* ---- too much ---------------------------------------------------------------------------------------------------- */

static void invite(uint32_t i)
{
    peer_send(&p, sip_port(f.b, SIP_UDP),
              "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKi%u\r\n"
              "Max-Forwards: 70\r\nFrom: <sip:200@127.0.0.1>;tag=%u\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: c%u\r\n"
              "CSeq: 1 INVITE\r\nContact: <sip:peer@127.0.0.1:%u>\r\nContent-Length: 0\r\n\r\n",
              (unsigned)p.number, (unsigned)i, (unsigned)i, (unsigned)i, (unsigned)p.number);
}

START_TEST(too_many_calls)
{
    uint32_t b;

    peer_open(&p);
    fixture_init(&f, 1);
    f.conf.max_calls = 2;
    fixture_open(&f);
    for (uint32_t i = 0; i < 2; i++) {
        invite(i);
        peer_expect(&p, "100");
    }
    for (uint32_t i = 2; i < 6; i++) {
        invite(i);
        peer_expect(&p, "503");
        ck_assert_int_gt(atoi(peer_header(&p, "Retry-After")), 0);
    }
    /* one less, one more */
    b = incoming(&f);
    drop(&f, b);
    peer_expect(&p, "603");
    settle(&f);
    invite(6);
    do {
        peer_expect(&p, "100");
    } while (strcmp(peer_header(&p, "Call-ID"), "c6") != 0);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* Registers the accounts that ask; how many of them. No account may be asked for twice. */
static uint32_t serve(bool *seenv, uint32_t most)
{
    uint32_t count = 0;

    while (count < most && peer_more(&p)) {
        uint32_t line;
        const char *user = strstr(p.data, "To: <sip:u");

        if (strncmp(p.data, "REGISTER ", 9) != 0 || !user) {
            continue;
        }
        ck_assert_uint_eq(p.from, sip_port(f.b, SIP_UDP)); /* one socket for all */
        line = (uint32_t)strtoul(user + 10, NULL, 10);
        ck_assert_uint_lt(line, MANY);
        if (!seenv[line]) {
            seenv[line] = true;
            count++;
        }
        peer_answer(&p, 200, "Expires: 600\r\n");
    }
    return count;
}

START_TEST(many_accounts)
{
    static bool seenv[MANY];
    uint32_t count = 0, most = 0, steps = 0;

    peer_open(&p);
    account_of(&f, p.number);
    f.conf.accountc = MANY;
    for (uint32_t i = 1; i < MANY; i++) {
        f.accountv[i] = f.accountv[0];
        f.accountv[i].line = i;
        (void)snprintf(f.textv[i], sizeof(f.textv[i]), "u%u", (unsigned)i);
        f.accountv[i].user = f.textv[i];
    }
    fixture_open(&f);
    /* no more at once than there is room for: each answer lets one more come */
    memset(seenv, 0, sizeof(seenv));
    settle(&f);
    peer_mark(&p);
    count = 0;
    while (peer_more(&p)) {
        const char *user = strstr(p.data, "To: <sip:u");
        uint32_t line = user ? (uint32_t)strtoul(user + 10, NULL, 10) : 0;

        count += !seenv[line];
        seenv[line] = true;
        peer_answer(&p, 200, "Expires: 600\r\n");
    }
    ck_assert_uint_eq(count, WINDOW);
    while (count < MANY) {
        settle(&f);
        peer_mark(&p);
        count += serve(seenv, MANY);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        UNTIL(&f, f.service[i] == IN_SERVICE);
    }
    /* and they come back one by one, not all at the same time */
    settle(&f);
    memset(seenv, 0, sizeof(seenv));
    clock_skip(&f, 479000);
    peer_mark(&p);
    ck_assert_uint_eq(serve(seenv, MANY), 0);
    for (count = 0; count < MANY; steps++) {
        uint32_t now;

        ck_assert_uint_lt(steps, 20);
        clock_skip(&f, 6000);
        peer_mark(&p);
        now = serve(seenv, MANY);
        count += now;
        most = now > most ? now : most;
    }
    ck_assert_uint_lt(most, MANY / 3);
    ck_assert_uint_gt(steps, 7);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* ---- nonsense ---------------------------------------------------------------------------------------------------- */

static const char *const wholev[] = {
    "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKq;rport\r\nMax-Forwards: 70\r\n"
    "From: \"A \\\"b\\\"\" <sip:200@127.0.0.1;x=y>;tag=z\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: q\r\nCSeq: 1 INVITE\r\n"
    "Contact: <sip:peer@127.0.0.1:9>\r\nP-Asserted-Identity: \"X\" <sip:+49@h>\r\nDiversion: <sip:3@h>;reason=busy\r\n"
    "History-Info: <sip:4@h?Reason=SIP%3Bcause%3D486>;index=1\r\nAlert-Info: <urn:x>\r\nSession-Expires: 90\r\n"
    "Supported: 100rel, timer, replaces\r\nReplaces: a;to-tag=b;from-tag=c\r\nReason: Q.850;cause=16\r\n"
    "Content-Type: application/sdp\r\nContent-Length: 110\r\n\r\n"
    "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8 101\r\na=rtpmap:8 "
    "P/8000\r\n",
    "OPTIONS sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKo\r\nRoute: <sip:a@b;lr>\r\n"
    "From: <sip:a@b>;tag=1\r\nTo: <sip:u0@127.0.0.1>\r\nCall-ID: o\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
    "NOTIFY sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKn\r\nFrom: <sip:a@b>;tag=1\r\n"
    "To: <sip:u0@127.0.0.1>\r\nCall-ID: n\r\nCSeq: 1 NOTIFY\r\nEvent: message-summary\r\n"
    "Subscription-State: active;expires=3\r\nContent-Length: 23\r\n\r\nMessages-Waiting: yes\r\n",
    "SIP/2.0 401 No\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKr\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\n"
    "Call-ID: r\r\nCSeq: 1 REGISTER\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5\r\n"
    "Content-Length: 0\r\n\r\n"};

static uint32_t luck(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

START_TEST(changed_at_random)
{
    static char text[4096];
    uint32_t state = 12345;

    peer_open(&p);
    fixture_init(&f, 1);
    f.conf.max_calls = 4;
    fixture_open(&f);
    fixture_attend(&f, 0, false); /* nobody is called */
    for (uint32_t i = 0; i < 3000; i++) {
        const char *whole = wholev[luck(&state) % 4];
        size_t len = strlen(whole), changes = 1 + luck(&state) % 4;

        memcpy(text, whole, len);
        for (size_t k = 0; k < changes; k++) {
            size_t at = luck(&state) % len, n = luck(&state) % 20;

            switch (luck(&state) % 5) {
            case 0:
                text[at] = (char)luck(&state);
                break;
            case 1: /* cut off */
                len = at + 1;
                break;
            case 2: /* something is missing */
                n = n < len - at ? n : len - at - 1;
                memmove(text + at, text + at + n, len - at - n);
                len -= n;
                break;
            case 3: /* something is there twice */
                n = n < len - at ? n : len - at - 1;
                memmove(text + at + n, text + at, len - at);
                len += n;
                break;
            default:
                text[at] = "\r\n:;<>\"@,= %\\/0"[luck(&state) % 15];
                break;
            }
        }
        port_send(p.port, sip_port(f.b, SIP_UDP), text, len);
        if (i % 50 == 0) {
            settle(&f);
        }
    }
    settle(&f); /* it is alive */
    take(&f);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

Suite *trouble_suite(void)
{
    Suite *s = suite_create("sip trouble");
    TCase *t = tcase_create("trouble");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, down_at_start);
    tcase_add_test(t, dies_under_a_call);
    tcase_add_test(t, connection_cut);
    tcase_add_test(t, half_open);
    tcase_add_test(t, server_is_gone);
    tcase_add_test(t, nonsense_in_a_connection);
    tcase_add_test(t, one_connection);
    tcase_add_loop_test(t, bad_way, 1, 4);
    tcase_add_test(t, too_many_calls);
    tcase_add_test(t, many_accounts);
    tcase_add_test(t, changed_at_random);
    suite_add_tcase(s, t);
    return s;
}
