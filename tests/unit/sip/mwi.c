/* Messages waiting, as RFC 3842 tells of them. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"

#include <stdio.h>
#include <string.h>

#define SUMMARY "application/simple-message-summary"
#define WAITING (IN_SERVICE | SESSION_STATUS_MSGWAIT)

static struct fixture f;
static struct peer p;
static struct subscribed sub;

/* ---- for all who are asked --------------------------------------------------------------------------------------- */

void next_subscribe(struct peer *peer, struct subscribed *s, const char *event)
{
    do {
        peer_expect(peer, "SUBSCRIBE");
    } while (strstr(peer_header(peer, "To"), ";tag="));
    ck_assert_str_eq(peer_header(peer, "Event"), event);
    memset(s, 0, sizeof(*s));
    (void)snprintf(s->call_id, sizeof(s->call_id), "%s", peer_header(peer, "Call-ID"));
    (void)snprintf(s->us, sizeof(s->us), "%s", peer_header(peer, "From"));
    (void)snprintf(s->them, sizeof(s->them), "%s;tag=%s", peer_header(peer, "To"), peer->local_tag);
    (void)snprintf(s->event, sizeof(s->event), "%s", event);
    (void)snprintf(s->target, sizeof(s->target), "%.*s", (int)strcspn(peer_header(peer, "Contact") + 1, ">"),
                   peer_header(peer, "Contact") + 1);
}

void take_subscribe(struct peer *peer, struct subscribed *s, const char *event)
{
    next_subscribe(peer, s, event);
    peer_answer(peer, 200, "Expires: 3600\r\n");
}

void notify(struct peer *peer, struct subscribed *s, int answer, const char *state, const char *type, const char *body)
{
    char code[8], typed[100] = "";
    static uint32_t branch;

    if (type) {
        (void)snprintf(typed, sizeof(typed), "Content-Type: %s\r\n", type);
    }
    peer_send(peer, peer->from,
              "NOTIFY %s SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKn%u\r\nMax-Forwards: 70\r\n"
              "From: %s\r\nTo: %s\r\nCall-ID: %s\r\nCSeq: %u NOTIFY\r\nContact: <sip:peer@127.0.0.1:%u>\r\n"
              "Event: %s\r\nSubscription-State: %s\r\n%sContent-Length: %u\r\n\r\n%s",
              s->target, (unsigned)peer->number, (unsigned)++branch, s->them, s->us, s->call_id, (unsigned)++s->cseq,
              (unsigned)peer->number, s->event, state, typed, type ? (unsigned)strlen(body) : 0u, type ? body : "");
    (void)snprintf(code, sizeof(code), "%d", answer);
    do {
        peer_expect(peer, code);
    } while (!strstr(peer_header(peer, "CSeq"), "NOTIFY"));
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

/* So that nothing is refreshed meanwhile. */
static void take_for_long(void)
{
    char extra[300];

    next_register(&p);
    (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=36000\r\n", peer_header(&p, "Contact"));
    peer_answer(&p, 200, extra);
}

static void open_account(void)
{
    peer_open(&p);
    account_of(&f, p.number);
    f.accountv[0].mwi = true;
    fixture_open(&f);
    take_for_long();
}

static void close_account(void)
{
    fixture_close(&f);
    peer_close(&p);
}

START_TEST(on_and_off)
{
    open_account();
    take_subscribe(&p, &sub, "message-summary");
    ck_assert_str_eq(peer_header(&p, "Accept"), SUMMARY);
    UNTIL(&f, f.service[0] == IN_SERVICE);
    notify(&p, &sub, 200, "active;expires=3600", SUMMARY,
           "Messages-Waiting: yes\r\nMessage-Account: sip:u0@127.0.0.1\r\nVoice-Message: 2/8 (0/2)\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    notify(&p, &sub, 200, "active", SUMMARY, "messages-waiting : NO\r\n");
    UNTIL(&f, f.service[0] == IN_SERVICE);
    close_account();
}
END_TEST

/* What says nothing changes nothing. */
START_TEST(garbage)
{
    static const struct {
        const char *type, *body;
    } v[] = {{NULL, ""},
             {SUMMARY, ""},
             {SUMMARY, "Messages-Waiting"},
             {SUMMARY, "Messages-Waiting:"},
             {SUMMARY, "Messages-Waiting: nobody\r\n"},
             {SUMMARY, "Messages-Waiting: \xFF\xFE\r\n"},
             {SUMMARY, "Voice-Message: 0/0\r\nMessages-Waiting: no\r\n"},
             {SUMMARY, "\r\n\r\n\r\n"},
             {"text/plain", "Messages-Waiting: no\r\n"},
             {"application/dialog-info+xml", "<dialog-info version=\"0\" state=\"full\"/>"}};
    uint32_t said;

    open_account();
    take_subscribe(&p, &sub, "message-summary");
    notify(&p, &sub, 200, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    said = f.service_said[0];
    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        notify(&p, &sub, 200, "active", v[i].type, v[i].body);
        settle(&f);
        take(&f);
        ck_assert_msg(f.service[0] == WAITING && f.service_said[0] == said, "%u", (unsigned)i);
    }
    close_account();
}
END_TEST

static void refused(int code)
{
    open_account();
    next_subscribe(&p, &sub, "message-summary");
    peer_answer(&p, code, NULL);
    settle(&f);
    take(&f);
    ck_assert_uint_eq(f.service[0], IN_SERVICE); /* nothing else is the matter with it */
    ck_assert_str_eq(line_text(&f), "");
    /* it asks again, much later */
    peer_mark(&p);
    clock_skip(&f, 500000);
    while (peer_more(&p)) {
        ck_assert_msg(strncmp(p.data, "SUBSCRIBE", 9) != 0, "too early");
    }
    clock_skip(&f, 100000);
    take_subscribe(&p, &sub, "message-summary");
    notify(&p, &sub, 200, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    close_account();
}

START_TEST(not_supported)
{
    refused(489);
}
END_TEST

START_TEST(forbidden)
{
    refused(403);
}
END_TEST

START_TEST(with_a_password)
{
    peer_open(&p);
    account_of(&f, p.number);
    f.accountv[0].mwi = true;
    f.accountv[0].password = "secret";
    fixture_open(&f);
    take_for_long();
    next_subscribe(&p, &sub, "message-summary");
    peer_answer(&p, 401, "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=MD5, qop=\"auth\"\r\n");
    take_subscribe(&p, &sub, "message-summary");
    ck_assert_ptr_nonnull(strstr(peer_header(&p, "Authorization"), "username=\"u0\""));
    notify(&p, &sub, 200, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    close_account();
}
END_TEST

START_TEST(refreshed)
{
    open_account();
    next_subscribe(&p, &sub, "message-summary");
    peer_answer(&p, 200, "Expires: 60\r\n");
    notify(&p, &sub, 200, "active;expires=60", SUMMARY, "Messages-Waiting: no\r\n");
    for (int i = 0; i < 3; i++) {
        clock_skip(&f, 60000);
        peer_expect(&p, "SUBSCRIBE");
        ck_assert_str_eq(peer_header(&p, "Call-ID"), sub.call_id);
        ck_assert_ptr_nonnull(strstr(peer_header(&p, "To"), p.local_tag));
        peer_answer(&p, 200, "Expires: 60\r\n");
    }
    close_account();
}
END_TEST

/* The server has lost it. */
START_TEST(refresh_in_vain)
{
    open_account();
    next_subscribe(&p, &sub, "message-summary");
    peer_answer(&p, 200, "Expires: 60\r\n");
    notify(&p, &sub, 200, "active;expires=60", SUMMARY, "Messages-Waiting: yes\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    clock_skip(&f, 60000);
    peer_expect(&p, "SUBSCRIBE");
    peer_answer(&p, 481, NULL);
    clock_skip(&f, 600000);
    take_subscribe(&p, &sub, "message-summary");
    ck_assert_uint_eq(f.service[0], WAITING); /* as was known last */
    close_account();
}
END_TEST

START_TEST(ended_by_the_server)
{
    open_account();
    take_subscribe(&p, &sub, "message-summary");
    notify(&p, &sub, 200, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    notify(&p, &sub, 200, "terminated;reason=deactivated", NULL, NULL);
    notify(&p, &sub, 481, "active", SUMMARY, "Messages-Waiting: no\r\n"); /* nobody's now */
    clock_skip(&f, 1000);
    take_subscribe(&p, &sub, "message-summary");
    ck_assert_uint_eq(f.service[0], WAITING);
    notify(&p, &sub, 200, "terminated;reason=timeout", SUMMARY, "Messages-Waiting: no\r\n");
    UNTIL(&f, f.service[0] == IN_SERVICE);
    clock_skip(&f, 1000);
    next_subscribe(&p, &sub, "message-summary");
    /* one that ends without a word is not asked for at once for ever */
    peer_answer(&p, 200, "Expires: 0\r\n");
    clock_skip(&f, 5000); /* PJSIP waits that long for the last word */
    peer_mark(&p);
    clock_skip(&f, 1000);
    while (peer_more(&p)) {
        ck_assert_msg(strncmp(p.data, "SUBSCRIBE", 9) != 0, "too early");
    }
    close_account();
}
END_TEST

/* Of no dialog at all it is taken, as servers send it so; of a dialog that is none it is not. */
START_TEST(unasked)
{
    open_account();
    take_subscribe(&p, &sub, "message-summary");
    notify(&p, &sub, 200, "active", SUMMARY, "Messages-Waiting: no\r\n");
    (void)snprintf(sub.us, sizeof(sub.us), "<sip:u0@127.0.0.1>;tag=other");
    (void)snprintf(sub.call_id, sizeof(sub.call_id), "other");
    notify(&p, &sub, 481, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    (void)snprintf(sub.us, sizeof(sub.us), "<sip:u0@127.0.0.1>");
    (void)snprintf(sub.event, sizeof(sub.event), "presence");
    notify(&p, &sub, 489, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    (void)snprintf(sub.event, sizeof(sub.event), "message-summary");
    settle(&f);
    take(&f);
    ck_assert_uint_eq(f.service[0], IN_SERVICE);
    notify(&p, &sub, 200, "active", SUMMARY, "Messages-Waiting: yes\r\n");
    UNTIL(&f, f.service[0] == WAITING);
    (void)snprintf(sub.us, sizeof(sub.us), "<sip:nobody@127.0.0.1>");
    notify(&p, &sub, 489, "active", SUMMARY, "Messages-Waiting: no\r\n");
    settle(&f);
    take(&f);
    ck_assert_uint_eq(f.service[0], WAITING);
    close_account();
}
END_TEST

/* From somewhere else it is not: neither before the account is registered nor then. Nor is it from its own address if
 * that is of another server's account. */
START_TEST(unasked_by_a_stranger)
{
    static const char words[] = "Messages-Waiting: yes\r\n";
    struct peer stranger;

    memset(&stranger, 0, sizeof(stranger));
    stranger.port = port_open_at(9, &stranger.number);
    if (stranger.port == -1) {
        return; /* all are at one address here */
    }
    open_account();
    stranger.from = sip_port(f.b, SIP_UDP);
    memset(&sub, 0, sizeof(sub));
    (void)snprintf(sub.us, sizeof(sub.us), "<sip:u0@127.0.0.1>");
    (void)snprintf(sub.them, sizeof(sub.them), "<sip:u0@127.0.0.1>;tag=1");
    (void)snprintf(sub.target, sizeof(sub.target), "sip:u0@127.0.0.1");
    (void)snprintf(sub.event, sizeof(sub.event), "message-summary");
    for (int i = 0; i < 3; i++) {
        (void)snprintf(sub.call_id, sizeof(sub.call_id), "stranger%d", i);
        notify(&stranger, &sub, 403, "active", SUMMARY, words);
    }
    UNTIL(&f, f.service[0] == IN_SERVICE);
    settle(&f);
    take(&f);
    ck_assert_uint_eq(f.service[0], IN_SERVICE);
    port_close(stranger.port);
    close_account();
}
END_TEST

static void trunk(const char *domain)
{
    peer_open(&p);
    fixture_init(&f, 1);
    f.accountv[0].domain = domain;
    memset(&sub, 0, sizeof(sub));
    (void)snprintf(sub.us, sizeof(sub.us), "<sip:u0@127.0.0.1>");
    (void)snprintf(sub.them, sizeof(sub.them), "<sip:u0@127.0.0.1>;tag=1");
    (void)snprintf(sub.call_id, sizeof(sub.call_id), "trunk");
    (void)snprintf(sub.target, sizeof(sub.target), "sip:u0@127.0.0.1");
    (void)snprintf(sub.event, sizeof(sub.event), "message-summary");
}

START_TEST(unasked_over_a_trunk)
{
    static const char words[] = "Messages-Waiting: yes\r\n";

    trunk("127.0.0.1:9");
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
    notify(&p, &sub, 200, "active", SUMMARY, words);
    UNTIL(&f, f.service[0] == WAITING);
    close_account();
    trunk("192.0.2.1");
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
    notify(&p, &sub, 403, "active", SUMMARY, words);
    close_account();
    /* its proxy is who talks to us */
    trunk("192.0.2.1");
    f.accountv[0].proxy = "127.0.0.1:9";
    fixture_open(&f);
    p.from = sip_port(f.b, SIP_UDP);
    notify(&p, &sub, 200, "active", SUMMARY, words);
    UNTIL(&f, f.service[0] == WAITING);
    close_account();
}
END_TEST

/* Of one that is known by its name alone: whoever tells is asked to wait until that has been looked up. */
START_TEST(unasked_over_a_trunk_by_name)
{
    static struct dns names;
    bool known;

    for (int there = 1; there >= 0; there--) {
        memset(&names, 0, sizeof(names));
        if (there) {
            dns_add(&names, "trunk.test", 1, 0, 0, NULL);
        }
        dns_start(&names);
        trunk("trunk.test:5060");
        f.conf.nameserverv[0] = names.address;
        known = false;
        fixture_open(&f);
        p.from = sip_port(f.b, SIP_UDP);
        notify(&p, &sub, 480, "active", SUMMARY, "Messages-Waiting: no\r\n");
        ck_assert_str_eq(peer_header(&p, "Retry-After"), "1");
        do {
            uint32_t cseq = ++sub.cseq;

            peer_send(&p, p.from,
                      "NOTIFY sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKt%d-%u\r\n"
                      "Max-Forwards: 70\r\nFrom: %s\r\nTo: %s\r\nCall-ID: trunk\r\nCSeq: %u NOTIFY\r\n"
                      "Event: message-summary\r\nSubscription-State: active\r\nContent-Type: " SUMMARY "\r\n"
                      "Content-Length: 23\r\n\r\nMessages-Waiting: yes\r\n",
                      (unsigned)p.number, there, (unsigned)cseq, sub.them, sub.us, (unsigned)cseq);
            settle(&f);
            peer_mark(&p);
            while (peer_more(&p)) {
                known = strncmp(p.data, "SIP/2.0 480", 11) != 0;
                ck_assert_msg(!known || !strncmp(p.data, there ? "SIP/2.0 200" : "SIP/2.0 403", 11), "%.20s", p.data);
            }
        } while (!known);
        if (there) {
            UNTIL(&f, f.service[0] == WAITING);
        }
        close_account();
        dns_stop(&names);
    }
}
END_TEST

Suite *mwi_suite(void)
{
    Suite *s = suite_create("sip messages waiting");
    TCase *t = tcase_create("messages");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, on_and_off);
    tcase_add_test(t, garbage);
    tcase_add_test(t, not_supported);
    tcase_add_test(t, forbidden);
    tcase_add_test(t, with_a_password);
    tcase_add_test(t, refreshed);
    tcase_add_test(t, refresh_in_vain);
    tcase_add_test(t, ended_by_the_server);
    tcase_add_test(t, unasked);
    tcase_add_test(t, unasked_by_a_stranger);
    tcase_add_test(t, unasked_over_a_trunk);
    tcase_add_test(t, unasked_over_a_trunk_by_name);
    suite_add_tcase(s, t);
    return s;
}
