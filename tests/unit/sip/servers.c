/* Servers found by name, dead ones, the way to them kept open. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

enum { SRV = 33, A = 1, AAAA = 28, GIVEN_UP_MS = 33000 };

static struct fixture f;
static struct peer p, q;
static struct dns names;

static void open_names(void)
{
    memset(&names, 0, sizeof(names));
    dns_add(&names, "a.sip.test", A, 0, 0, NULL);
    dns_add(&names, "b.sip.test", A, 0, 0, NULL);
    dns_add(&names, "both.test", AAAA, 0, 0, NULL);
    dns_add(&names, "both.test", A, 0, 0, NULL);
}

/* p and q are servers of sip.test, p first. */
static void open_two(void)
{
    peer_open(&p);
    peer_open(&q);
    open_names();
    dns_add(&names, "_sip._udp.sip.test", SRV, 10, p.number, "a.sip.test");
    dns_add(&names, "_sip._udp.sip.test", SRV, 20, q.number, "b.sip.test");
    dns_start(&names);
    account_of(&f, 0);
    f.accountv[0].domain = "sip.test";
    f.conf.nameserverv[0] = names.address;
}

static void close_two(void)
{
    fixture_close(&f);
    dns_stop(&names);
    peer_close(&p);
    peer_close(&q);
}

START_TEST(by_srv)
{
    open_two();
    fixture_open(&f);
    take_register(&p);
    ck_assert_str_eq(peer_header(&p, "To"), "<sip:u0@sip.test>");
    UNTIL(&f, f.service[0] == IN_SERVICE);
    (void)place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:123@sip.test SIP", 27));
    close_two();
}
END_TEST

START_TEST(first_is_dead)
{
    open_two();
    fixture_open(&f);
    next_register(&p);
    clock_skip(&f, GIVEN_UP_MS);
    take_register(&q);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    /* calls do not try the dead one first */
    (void)place(&f, 0, "123");
    peer_expect(&q, "INVITE");
    close_two();
}
END_TEST

START_TEST(first_is_tired)
{
    open_two();
    fixture_open(&f);
    next_register(&p);
    peer_answer(&p, 503, "Retry-After: 1000\r\n");
    take_register(&q);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    /* refreshed with the one that took it, then with the first again when that has rested */
    clock_skip(&f, 540000);
    take_register(&q);
    clock_skip(&f, 540000);
    take_register(&p);
    close_two();
}
END_TEST

/* What is granted for a moment only is refreshed so early that there is time to ask twice, and not all the time. */
START_TEST(granted_for_a_moment)
{
    static const struct {
        uint32_t s, early, late;
    } v[] = {{1, 400, 500}, {2, 1400, 1500}, {3, 2300, 2500}};

    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        peer_open(&p);
        account_of(&f, p.number);
        fixture_open(&f);
        for (int n = 0; n < 5; n++) {
            char extra[300];

            next_register(&p);
            (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=%u\r\nExpires: %u\r\n",
                           peer_header(&p, "Contact"), (unsigned)v[i].s, (unsigned)v[i].s);
            peer_answer(&p, 200, extra);
            UNTIL(&f, f.service[0] == IN_SERVICE);
            clock_skip(&f, v[i].early);
            peer_mark(&p);
            while (peer_more(&p)) {
                ck_assert_msg(strncmp(p.data, "REGISTER", 8) != 0, "too early: %u s", (unsigned)v[i].s);
            }
            clock_skip(&f, v[i].late - v[i].early);
        }
        next_register(&p);
        fixture_close(&f);
        peer_close(&p);
    }
}
END_TEST

START_TEST(both_are_dead)
{
    open_two();
    f.accountv[0].retry_ms = 100000;
    fixture_open(&f);
    next_register(&p);
    clock_skip(&f, GIVEN_UP_MS);
    next_register(&q);
    clock_skip(&f, GIVEN_UP_MS);
    UNTIL(&f, sip_line_fault(f.b, 0) == SIP_FAULT_SILENT);
    ck_assert_str_eq(line_text(&f), "sip.test does not answer");
    /* and comes back by itself */
    clock_skip(&f, 125000);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    ck_assert_str_eq(line_text(&f), "");
    close_two();
}
END_TEST

START_TEST(a_call_finds_another)
{
    uint32_t a;

    open_two();
    f.accountv[0].do_register = false;
    fixture_open(&f);
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 503, NULL);
    peer_expect(&p, "ACK");
    peer_expect(&q, "INVITE");
    peer_answer(&q, 180, NULL);
    peer_answer(&q, 200, peer_sdp);
    wait_state(&f, a, SESSION_CONNECTED);
    says(&f, a, "DIALING PROCEEDING RINGBACK CONNECTED");
    close_two();
}
END_TEST

START_TEST(a_call_finds_nobody)
{
    uint32_t a;

    open_two();
    f.accountv[0].do_register = false;
    fixture_open(&f);
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    clock_skip(&f, GIVEN_UP_MS);
    peer_expect(&q, "INVITE");
    clock_skip(&f, GIVEN_UP_MS);
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:UNREACHABLE");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_two();
}
END_TEST

/* A server that takes calls and is busy is not dead. */
START_TEST(busy_is_an_answer)
{
    uint32_t a;

    open_two();
    f.accountv[0].do_register = false;
    fixture_open(&f);
    a = place(&f, 0, "123");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:BUSY");
    close_two();
}
END_TEST

START_TEST(no_such_host)
{
    open_two();
    f.accountv[0].domain = "nowhere.test";
    fixture_open(&f);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_HOST);
    ck_assert_str_eq(line_text(&f), "there is no host nowhere.test");
    ck_assert_uint_eq(f.service[0], SESSION_STATUS_CONNECTED);
    close_two();
}
END_TEST

START_TEST(name_without_srv)
{
    static char domain[64];

    open_two();
    (void)snprintf(domain, sizeof(domain), "b.sip.test:%u", (unsigned)q.number);
    f.accountv[0].domain = domain;
    fixture_open(&f);
    take_register(&q);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    close_two();
}
END_TEST

/* Both kinds of address: the one that the own socket can reach. */
START_TEST(name_of_both_kinds)
{
    static char domain[64];

    open_two();
    (void)snprintf(domain, sizeof(domain), "both.test:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    close_two();
}
END_TEST

/* By the machine's own resolver. */
START_TEST(name_of_the_system)
{
    static char domain[64];
    uint32_t a;

    peer_open(&p);
    account_of(&f, 0);
    (void)snprintf(domain, sizeof(domain), "localhost:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    a = place(&f, 0, "5");
    peer_expect(&p, "INVITE");
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    says(&f, a, "DIALING PROCEEDING DISCONNECTED:BUSY");
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* It goes while names are still being looked up. */
START_TEST(gone_before_the_name)
{
    static char domainv[8][64];

    peer_open(&p);
    account_of(&f, p.number);
    f.conf.accountc = 8;
    for (uint32_t i = 0; i < 8; i++) {
        f.accountv[i] = f.accountv[0];
        f.accountv[i].line = i;
        (void)snprintf(domainv[i], sizeof(domainv[i]), "localhost:%u", (unsigned)p.number);
        f.accountv[i].domain = domainv[i];
    }
    fixture_open(&f);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

START_TEST(name_server_is_dead)
{
    peer_open(&p);
    account_of(&f, 0);
    (void)snprintf(names.address, sizeof(names.address), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = "sip.test";
    f.conf.nameserverv[0] = names.address;
    fixture_open(&f);
    while (sip_line_fault(f.b, 0) == SIP_FAULT_NONE) {
        clock_skip(&f, 1000); /* until it has been asked often enough */
    }
    UNTIL(&f, f.service_said[0] && f.service[0] == SESSION_STATUS_CONNECTED);
    ck_assert_str_eq(line_text(&f), "sip.test cannot be reached: no name server answers");
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

START_TEST(by_proxy)
{
    static char proxy[64];
    uint32_t a;

    peer_open(&p);
    account_of(&f, 0);
    (void)snprintf(proxy, sizeof(proxy), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = "sip.example";
    f.accountv[0].proxy = proxy;
    fixture_open(&f);
    next_register(&p);
    ck_assert(!strncmp(p.data, "REGISTER sip:sip.example SIP", 28));
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Route"), proxy));
    peer_answer(&p, 200, NULL);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    a = place(&f, 0, "5");
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:5@sip.example SIP", 28));
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Route"), ";lr>"));
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

START_TEST(proxy_is_dead)
{
    static char proxy[64], text[100];

    peer_open(&p);
    account_of(&f, 0);
    (void)snprintf(proxy, sizeof(proxy), "127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].domain = "sip.example";
    f.accountv[0].proxy = proxy;
    fixture_open(&f);
    next_register(&p);
    clock_skip(&f, GIVEN_UP_MS);
    UNTIL(&f, sip_line_fault(f.b, 0) == SIP_FAULT_SILENT);
    (void)snprintf(text, sizeof(text), "%s does not answer", proxy);
    ck_assert_str_eq(line_text(&f), text);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

START_TEST(own_port_is_taken)
{
    char text[100];

    peer_open(&p);
    peer_open(&q);
    account_of(&f, q.number);
    f.conf.port = p.number;
    ck_assert_int_eq(sip_alloc(&f.b, &f.conf), SESSION_E_OK);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_PORT);
    (void)snprintf(text, sizeof(text), "UDP port %u of this machine is in use by another program", (unsigned)p.number);
    ck_assert_str_eq(line_text(&f), text);
    /* it is free again after a while */
    clock_skip_only(&f, 40000);
    peer_close(&p);
    clock_skip_only(&f, 40000);
    take_register(&q);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    fixture_close(&f);
    peer_close(&q);
}
END_TEST

START_TEST(nobody_listens)
{
    uint16_t number = 0;
    intptr_t listener = port_listen(&number);

    port_close(listener);
    account_of(&f, number);
    f.accountv[0].transport = SIP_TCP;
    fixture_open(&f);
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_UNREACHABLE);
    ck_assert_ptr_nonnull(strstr(line_text(&f), "cannot be reached: "));
    fixture_close(&f);
}
END_TEST

START_TEST(password_is_missing)
{
    peer_open(&p);
    account_of(&f, p.number);
    fixture_open(&f);
    next_register(&p);
    peer_answer(&p, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n1\", algorithm=MD5\r\n");
    UNTIL(&f, sip_line_fault(f.b, 0) != SIP_FAULT_NONE);
    ck_assert_int_eq(sip_line_fault(f.b, 0), SIP_FAULT_PASSWORD);
    ck_assert_ptr_nonnull(strstr(line_text(&f), "wants a password, and the account has none"));
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* ---- kept open --------------------------------------------------------------------------------------------------- */

static void open_alive(enum sip_alive alive)
{
    peer_open(&p);
    account_of(&f, p.number);
    f.accountv[0].alive = alive;
    f.accountv[0].alive_s = 20;
    fixture_open(&f);
    take_register(&p);
    UNTIL(&f, f.service[0] == IN_SERVICE);
}

static void close_alive(void)
{
    fixture_close(&f);
    peer_close(&p);
}

START_TEST(empty_lines)
{
    open_alive(SIP_ALIVE_CRLF);
    for (int i = 0; i < 3; i++) {
        clock_skip(&f, 20000);
        p.len = port_receive(p.port, p.data, sizeof(p.data), &p.from);
        ck_assert_uint_eq(p.len, 4);
        ck_assert(!memcmp(p.data, "\r\n\r\n", 4));
    }
    close_alive();
}
END_TEST

START_TEST(options)
{
    open_alive(SIP_ALIVE_OPTIONS);
    clock_skip(&f, 20000);
    peer_expect_next(&p, "OPTIONS");
    peer_answer(&p, 404, NULL); /* it is there */
    clock_skip(&f, 20000);
    peer_expect_next(&p, "OPTIONS");
    /* it does not answer any more: what has become of it? */
    clock_skip(&f, GIVEN_UP_MS);
    take_register(&p);
    close_alive();
}
END_TEST

/* With nothing to keep open nothing is sent: the next message is the refresh. */
START_TEST(nothing)
{
    open_alive(SIP_ALIVE_OFF);
    clock_skip(&f, 30000);
    clock_skip(&f, 510000);
    peer_expect_next(&p, "REGISTER");
    close_alive();
}
END_TEST

/* ---- IPv6 -------------------------------------------------------------------------------------------------------- */

START_TEST(ipv6)
{
    static char domain[64];
    uint32_t a;

    if (!peer_open6(&p)) {
        return; /* this machine has no IPv6 */
    }
    account_of(&f, 0);
    (void)snprintf(domain, sizeof(domain), "[::1]:%u", (unsigned)p.number);
    f.accountv[0].domain = domain;
    f.conf.bind = "::1";
    fixture_open(&f);
    next_register(&p);
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Via"), "SIP/2.0/UDP [::1]:"));
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Contact"), "<sip:u0@[::1]:"));
    peer_answer(&p, 200, NULL);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    a = place(&f, 0, "5");
    peer_expect(&p, "INVITE");
    ck_assert(peer_has(&p, "c=IN IP6 ::1"));
    peer_answer(&p, 486, NULL);
    wait_state(&f, a, SESSION_DISCONNECTED);
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

Suite *servers_suite(void)
{
    Suite *s = suite_create("sip servers");
    TCase *t = tcase_create("servers");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, by_srv);
    tcase_add_test(t, first_is_dead);
    tcase_add_test(t, first_is_tired);
    tcase_add_test(t, granted_for_a_moment);
    tcase_add_test(t, both_are_dead);
    tcase_add_test(t, a_call_finds_another);
    tcase_add_test(t, a_call_finds_nobody);
    tcase_add_test(t, busy_is_an_answer);
    tcase_add_test(t, no_such_host);
    tcase_add_test(t, name_without_srv);
    tcase_add_test(t, name_of_both_kinds);
    tcase_add_test(t, name_of_the_system);
    tcase_add_test(t, gone_before_the_name);
    tcase_add_test(t, name_server_is_dead);
    tcase_add_test(t, by_proxy);
    tcase_add_test(t, proxy_is_dead);
    tcase_add_test(t, own_port_is_taken);
    tcase_add_test(t, nobody_listens);
    tcase_add_test(t, password_is_missing);
    tcase_add_test(t, empty_lines);
    tcase_add_test(t, options);
    tcase_add_test(t, nothing);
    tcase_add_test(t, ipv6);
    suite_add_tcase(s, t);
    return s;
}
