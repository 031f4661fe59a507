/* Order, limits, pauses and ends. SPDX-License-Identifier: MIT */
#include "tests/unit/link/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 6, MESSAGES = 2000, ROUNDS = 60 };

/* ---- order */

struct note {
    uint32_t thread, seq, check;
};

struct order {
    struct side side; /* first */
    unsigned char part[sizeof(struct note)];
    size_t have;
    uint32_t nextv[THREADS];
};

static void order_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct order *o = arg;
    const unsigned char *p = data;

    (void)l;
    platform_mutex_lock(&o->side.lock);
    while (size-- > 0) {
        struct note n;

        o->part[o->have++] = *p++;
        if (o->have < sizeof(n))
            continue;
        o->have = 0;
        memcpy(&n, o->part, sizeof(n));
        if (n.thread >= THREADS || n.check != (n.thread ^ n.seq ^ 0x5A5A5A5A) || o->nextv[n.thread]++ != n.seq)
            o->side.bad++;
        o->side.got++;
    }
    platform_cond_broadcast(&o->side.change);
    platform_mutex_unlock(&o->side.lock);
}

struct sender {
    struct platform_link *l;
    struct support_barrier *start;
    uint32_t number;
};

static void send_notes(void *arg)
{
    struct sender *s = arg;

    support_barrier_wait(s->start);
    for (uint32_t i = 0; i < MESSAGES; i++) {
        const struct note n = {s->number, i, s->number ^ i ^ 0x5A5A5A5A};

        ck_assert_int_eq(platform_link_send(s->l, &n, sizeof(n)), 0);
    }
}

START_TEST(order_of_threads)
{
    struct platform_thread *threadv[THREADS];
    struct sender senderv[THREADS];
    struct support_barrier start;
    struct side client;
    struct order o;
    struct server v;

    memset(&o, 0, sizeof(o));
    side_init(&client, 1);
    side_init(&o.side, 1);
    o.side.datah = order_data;
    support_barrier_init(&start, THREADS);
    server_begin(&v, &o.side, 1);
    server_connect(&v, v.h, &client, 1);
    for (uint32_t i = 0; i < THREADS; i++) {
        senderv[i] = (struct sender){client.l, &start, i};
        threadv[i] = support_thread(send_notes, &senderv[i]);
    }
    /* The threads end while what they sent may still be on its way. */
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(threadv[i]);
    side_wait_got(&o.side, THREADS * MESSAGES);
    server_end(&v);
    support_barrier_close(&start);
    side_close(&client);
    side_close(&o.side);
}
END_TEST

static void send_large(void *arg)
{
    side_send(arg, 2, 0, 1 << 20, 1 << 20);
}

START_TEST(sender_gone)
{
    struct side client, server;
    struct server v;

    side_init(&client, 1);
    side_init(&server, 2);
    server.is_paused = true;
    server_begin(&v, &server, 1);
    server_connect(&v, v.h, &client, 1);
    platform_thread_join(support_thread(send_large, &client));
    platform_link_pause(server.l, false);
    /* While there is room again and not yet all of it gone: nothing overtakes. */
    side_send(&client, 2, 1 << 20, 2 << 20, 1000);
    side_wait_got(&server, 3 << 20);
    server_end(&v);
    side_close(&client);
    side_close(&server);
}
END_TEST

/* ---- limits and pauses */

START_TEST(limit)
{
    struct side clientv[2], serverv[2];
    unsigned char data[10000];
    size_t sent = 0;
    struct server v;
    int err;

    for (int i = 0; i < 2; i++) {
        side_init(&clientv[i], 1);
        side_init(&serverv[i], 1);
    }
    serverv[0].is_paused = true;
    serverv[1].echo = true;
    server_begin(&v, serverv, 2);
    server_connect(&v, v.h, &clientv[0], 1);
    server_connect(&v, v.h, &clientv[1], 2);
    platform_link_limit(clientv[0].l, 100000);
    for (;;) {
        for (size_t i = 0; i < sizeof(data); i++)
            data[i] = side_byte(1, sent + i);
        err = platform_link_send(clientv[0].l, data, sizeof(data));
        if (err)
            break;
        sent += sizeof(data);
        ck_assert_uint_lt(sent, 64 << 20);
    }
    ck_assert_int_eq(err, ENOBUFS);
    ck_assert_uint_ge(sent, 90000);
    ck_assert_int_eq(platform_link_send(clientv[0].l, data, sizeof(data)), ENOBUFS);
    /* The others do not notice. */
    side_send(&clientv[1], 1, 0, 1 << 20, 100000);
    side_wait_got(&clientv[1], 1 << 20);
    ck_assert_uint_eq(side_got(&serverv[0]), 0);
    platform_link_pause(serverv[0].l, false);
    side_wait_got(&serverv[0], sent);
    side_send(&clientv[0], 1, sent, 50000, 50000);
    side_wait_got(&serverv[0], sent + 50000);
    /* More than the limit is refused also when nothing is queued. */
    platform_link_limit(clientv[1].l, 10);
    ck_assert_int_eq(platform_link_send(clientv[1].l, data, 11), ENOBUFS);
    ck_assert_int_eq(platform_link_send(clientv[1].l, data, 0), 0);
    server_end(&v);
    for (int i = 0; i < 2; i++) {
        side_close(&clientv[i]);
        side_close(&serverv[i]);
    }
}
END_TEST

START_TEST(pauses_itself)
{
    struct side client, server;
    struct server v;

    side_init(&client, 1);
    side_init(&server, 1);
    server.pause_at = 1;
    server_begin(&v, &server, 1);
    server_connect(&v, v.h, &client, 1);
    side_send(&client, 1, 0, 1 << 20, 100000);
    /* Each resumption gives one piece, until all is there; the other side's end comes after it. */
    platform_link_close(client.l);
    for (size_t got = 0; got < 1 << 20;) {
        platform_mutex_lock(&server.lock);
        while (server.got == got)
            platform_cond_wait(&server.change, &server.lock);
        ck_assert_uint_eq(server.closed, 0);
        got = server.got; /* it is paused: no more comes before it is resumed */
        platform_mutex_unlock(&server.lock);
        platform_link_pause(server.l, false);
    }
    side_wait_closed(&server);
    ck_assert_uint_eq(server.got, 1 << 20);
    ck_assert_uint_eq(server.bad, 0);
    server_end(&v);
    ck_assert_uint_eq(client.closed, 1);
    side_close(&client);
    side_close(&server);
}
END_TEST

/* ---- ends */

START_TEST(close_sends_the_rest)
{
    struct side client, server;
    struct server v;

    for (int who = 0; who < 2; who++) {
        struct side *from = who ? &server : &client, *to = who ? &client : &server;

        side_init(&client, 1);
        side_init(&server, 1);
        to->is_paused = true;
        server_begin(&v, &server, 1);
        server_connect(&v, v.h, &client, 1);
        side_send(from, 1, 0, 3 << 20, 3 << 20);
        platform_link_close(from->l);
        platform_link_close(from->l);
        ck_assert_int_eq(platform_link_send(from->l, "x", 1), EPIPE);
        platform_link_pause(to->l, false);
        side_wait_closed(to);
        ck_assert_uint_eq(to->got, 3 << 20);
        ck_assert_uint_eq(to->bad, 0);
        ck_assert_int_eq(to->err, 0);
        side_wait_closed(from);
        ck_assert_int_eq(from->err, 0);
        server_end(&v);
        ck_assert_uint_eq(client.closed, 1);
        ck_assert_uint_eq(server.closed, 1);
        side_close(&client);
        side_close(&server);
    }
}
END_TEST

START_TEST(close_does_not_wait_for_ever)
{
    struct side client, server;
    struct server v;

    side_init(&client, 1);
    side_init(&server, 1);
    server.is_paused = true;
    server_begin(&v, &server, 1);
    server_connect(&v, v.h, &client, 1);
    side_send(&client, 1, 0, 3 << 20, 3 << 20);
    platform_link_close(client.l);
    side_wait_closed(&client);
    ck_assert_uint_eq(side_got(&server), 0);
    platform_link_pause(server.l, false);
    side_wait_closed(&server);
    ck_assert_uint_eq(server.bad, 0);
    ck_assert_uint_lt(server.got, 3 << 20);
    server_end(&v);
    ck_assert_uint_eq(client.closed, 1);
    ck_assert_uint_eq(server.closed, 1);
    side_close(&client);
    side_close(&server);
}
END_TEST

START_TEST(close_in_callback)
{
    struct side client, server;
    struct server v;

    side_init(&client, 1);
    side_init(&server, 1);
    server.close_at = 1;
    server.echo = true;
    server_begin(&v, &server, 1);
    server_connect(&v, v.h, &client, 1);
    side_send(&client, 1, 0, 10, 10);
    side_wait_closed(&client);
    side_wait_closed(&server);
    ck_assert_uint_eq(client.got, 10);
    server_end(&v);
    ck_assert_uint_eq(client.closed, 1);
    ck_assert_uint_eq(server.closed, 1);
    side_close(&client);
    side_close(&server);
}
END_TEST

struct racer {
    struct side *s;
    struct support_barrier *start;
    bool close;
};

static void race(void *arg)
{
    struct racer *r = arg;
    static const unsigned char data[20000];

    support_barrier_wait(r->start);
    if (r->close) {
        platform_link_close(r->s->l);
        return;
    }
    for (int i = 0; i < 50; i++) {
        int err = platform_link_send(r->s->l, data, sizeof(data));

        ck_assert(err == 0 || err == EPIPE || err == ENOBUFS);
        platform_link_pause(r->s->l, i % 2);
    }
}

START_TEST(closed_once)
{
    struct support_barrier start;

    support_barrier_init(&start, 4);
    for (int round = 0; round < ROUNDS; round++) {
        struct platform_thread *threadv[4];
        struct side client, server;
        struct racer racerv[4];
        struct server v;

        side_init(&client, 1);
        side_init(&server, 1);
        server_begin(&v, &server, 1);
        server_connect(&v, v.h, &client, 1);
        for (int i = 0; i < 4; i++) {
            racerv[i] = (struct racer){i % 2 ? &client : &server, &start, i < 2 && (round % 3 != i + 1)};
            threadv[i] = support_thread(race, &racerv[i]);
        }
        if (round % 2)
            platform_hub_free(v.h);
        for (int i = 0; i < 4; i++)
            platform_thread_join(threadv[i]);
        if (!(round % 2))
            platform_hub_free(v.h);
        v.h = NULL;
        server_end(&v);
        ck_assert_uint_eq(client.closed, 1);
        ck_assert_uint_eq(server.closed, 1);
        ck_assert_int_eq(platform_link_send(client.l, "x", 1), EPIPE);
        side_close(&client);
        side_close(&server);
    }
    support_barrier_close(&start);
}
END_TEST

START_TEST(hub_freed_with_all_open)
{
    enum { LINKS = 30 };
    struct side clientv[LINKS], serverv[LINKS];
    struct platform_link *never, *kept;
    struct platform_hub *h;
    struct server v;

    for (int i = 0; i < LINKS; i++) {
        side_init(&clientv[i], 1);
        side_init(&serverv[i], 1);
        serverv[i].is_paused = i % 3 == 0;
        clientv[i].is_paused = i % 4 == 0;
    }
    server_begin(&v, serverv, LINKS);
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    for (unsigned i = 0; i < LINKS; i++) {
        server_connect(&v, h, &clientv[i], i + 1);
        side_send(&clientv[i], 1, 0, i % 5 == 0 ? 1 << 20 : 100, 50000);
    }
    ck_assert_int_eq(platform_connect(h, v.place, &never), 0);
    ck_assert_int_eq(platform_connect(h, v.place, &kept), 0);
    (void)platform_link_ref(kept);
    platform_hub_free(h);
    for (int i = 0; i < LINKS; i++) {
        ck_assert_uint_eq(clientv[i].closed, 1);
        ck_assert_int_eq(clientv[i].err, 0);
        ck_assert_int_eq(platform_link_send(clientv[i].l, "x", 1), EPIPE);
        platform_link_pause(clientv[i].l, true);
        platform_link_close(clientv[i].l);
    }
    ck_assert_int_eq(platform_link_send(kept, "x", 1), EPIPE);
    platform_link_close(kept);
    platform_link_unref(kept);
    server_end(&v);
    for (int i = 0; i < LINKS; i++) {
        ck_assert_uint_eq(serverv[i].closed, 1);
        ck_assert_uint_eq(clientv[i].closed, 1);
        side_close(&clientv[i]);
        side_close(&serverv[i]);
    }
}
END_TEST

void flow_tests(Suite *s)
{
    TCase *tc = tcase_create("flow");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, order_of_threads);
    tcase_add_test(tc, sender_gone);
    tcase_add_test(tc, limit);
    tcase_add_test(tc, pauses_itself);
    tcase_add_test(tc, close_sends_the_rest);
    tcase_add_test(tc, close_does_not_wait_for_ever);
    tcase_add_test(tc, close_in_callback);
    tcase_add_test(tc, closed_once);
    tcase_add_test(tc, hub_freed_with_all_open);
    suite_add_tcase(s, tc);
}
