/* Places, peers, both directions, many links. SPDX-License-Identifier: MIT */
#include "tests/unit/link/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 250, LARGE = 3 << 20 };

START_TEST(both_directions)
{
    static const size_t piecev[] = {1, 7, 4096, 65537, LARGE};
    struct side client, server;
    struct server v;

    for (size_t i = 0; i < sizeof(piecev) / sizeof(piecev[0]); i++) {
        size_t size = piecev[i] < 100 ? 5000 : LARGE;

        side_init(&client, 1);
        side_init(&server, 2);
        server_begin(&v, &server, 1);
        server_connect(&v, v.h, &client, 1);
        side_send(&client, 2, 0, size, piecev[i]);
        side_send(&server, 1, 0, size, piecev[i]);
        side_wait_got(&client, size);
        side_wait_got(&server, size);
        server_end(&v);
        ck_assert_uint_eq(client.closed, 1);
        ck_assert_uint_eq(server.closed, 1);
        ck_assert_int_eq(client.err, 0);
        ck_assert_int_eq(server.err, 0);
        side_close(&client);
        side_close(&server);
    }
}
END_TEST

START_TEST(many_links)
{
    struct side *clientv = calloc(MANY, sizeof(*clientv)), *serverv = calloc(MANY, sizeof(*serverv));
    struct platform_hub *h;
    struct server v;

    for (unsigned i = 0; i < MANY; i++) {
        side_init(&clientv[i], i);
        side_init(&serverv[i], i);
        serverv[i].echo = true;
    }
    server_begin(&v, serverv, MANY);
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    for (unsigned i = 0; i < MANY; i++)
        server_connect(&v, h, &clientv[i], i + 1);
    for (size_t at = 0; at < 3000; at += 1000)
        for (unsigned i = 0; i < MANY; i++)
            side_send(&clientv[i], i, at, 1000, 300);
    for (unsigned i = 0; i < MANY; i++)
        side_wait_got(&clientv[i], 3000);
    /* One side closes some, the other others. */
    for (unsigned i = 0; i < MANY; i++)
        platform_link_close(i % 2 ? clientv[i].l : serverv[i].l);
    for (unsigned i = 0; i < MANY; i++) {
        side_wait_closed(&clientv[i]);
        side_wait_closed(&serverv[i]);
    }
    platform_hub_free(h);
    server_end(&v);
    for (unsigned i = 0; i < MANY; i++) {
        ck_assert_uint_eq(clientv[i].closed, 1);
        ck_assert_uint_eq(serverv[i].closed, 1);
        ck_assert_int_eq(clientv[i].err, 0);
        ck_assert_int_eq(serverv[i].err, 0);
        side_close(&clientv[i]);
        side_close(&serverv[i]);
    }
    free(clientv);
    free(serverv);
}
END_TEST

START_TEST(peers)
{
    struct side client, server;
    struct platform_peer peer;
    struct server v;

    side_init(&client, 1);
    side_init(&server, 1);
    server_begin(&v, &server, 1);
    server_connect(&v, v.h, &client, 1);
    platform_link_peer(server.l, &peer);
    ck_assert(peer.known && peer.same_user);
    ck_assert_uint_eq(peer.pid, platform_process_id());
    platform_link_peer(client.l, &peer);
    ck_assert(peer.known && peer.same_user);
    ck_assert_uint_eq(peer.pid, platform_process_id());
    server_end(&v);
    side_close(&client);
    side_close(&server);
}
END_TEST

static void accept_never(struct platform_link *l, void *arg)
{
    (void)arg;
    platform_link_close(l);
}

START_TEST(nobody_there)
{
    char place[PLATFORM_LINK_PLACE_MAX];
    struct platform_hub *h;
    struct platform_link *l;

    place_make(place, sizeof(place));
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_connect(h, place, &l), ENOENT);
    ck_assert_int_eq(platform_connect(h, "no place", &l), EINVAL);
    platform_hub_free(h);
    platform_hub_free(NULL);
    platform_listener_close(NULL);
    platform_link_unref(NULL);
    place_remove();
}
END_TEST

START_TEST(place_in_use)
{
    char place[PLATFORM_LINK_PLACE_MAX], folder[PLATFORM_LINK_PLACE_MAX];
    struct platform_hub *h, *other;
    struct platform_listener *a, *b;
    struct platform_link *l;

    (void)folder;
    place_make(place, sizeof(place));
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_hub_alloc(&other), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_never, NULL, &a), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_never, NULL, &b), EADDRINUSE);
    ck_assert_int_eq(platform_listen(other, place, NULL, accept_never, NULL, &b), EADDRINUSE);
    platform_listener_close(a);
    ck_assert_int_eq(platform_connect(h, place, &l), ENOENT);
    ck_assert_int_eq(platform_listen(other, place, NULL, accept_never, NULL, &b), 0);
    platform_hub_free(other); /* closes it */
    ck_assert_int_eq(platform_connect(h, place, &l), ENOENT);
    ck_assert_int_eq(platform_listen(h, place, "no such group, surely", accept_never, NULL, &a), EINVAL);
    ck_assert_int_eq(platform_listen(h, "no place", NULL, accept_never, NULL, &a), EINVAL);
    memset(place + strlen(place), 'x', sizeof(place) - 1 - strlen(place));
    place[sizeof(place) - 1] = 0;
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_never, NULL, &a), ENAMETOOLONG);
    ck_assert_int_eq(platform_connect(h, place, &l), ENAMETOOLONG);
    platform_hub_free(h);
    place_remove();
}
END_TEST

START_TEST(refused)
{
    struct side client;
    struct server v;

    side_init(&client, 1);
    server_begin(&v, NULL, 0);
    server_connect(&v, v.h, &client, 1);
    side_wait_closed(&client);
    ck_assert_int_eq(client.err, 0);
    ck_assert_int_eq(platform_link_send(client.l, "x", 1), EPIPE);
    server_end(&v);
    ck_assert_uint_eq(client.closed, 1);
    side_close(&client);
}
END_TEST

struct closer {
    struct platform_listener *l;
    struct platform_event *done;
    unsigned count;
};

static void accept_once(struct platform_link *l, void *arg)
{
    struct closer *c = arg;

    c->count++;
    platform_link_close(l);
    platform_listener_close(c->l);
    platform_event_set(c->done);
}

START_TEST(listener_closed_in_accept)
{
    char place[PLATFORM_LINK_PLACE_MAX];
    struct platform_hub *h;
    struct platform_link *l;
    struct closer c = {0};
    struct side client;

    side_init(&client, 0);
    place_make(place, sizeof(place));
    ck_assert_int_eq(platform_event_alloc(&c.done), 0);
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_once, &c, &c.l), 0);
    ck_assert_int_eq(platform_connect(h, place, &l), 0);
    side_start(&client, l);
    ck_assert(platform_event_wait(c.done, UINT32_MAX));
    side_wait_closed(&client);
    platform_hub_free(h);
    ck_assert_uint_eq(c.count, 1);
    platform_event_free(c.done);
    side_close(&client);
    place_remove();
}
END_TEST

START_TEST(place_of_the_service)
{
    char place[PLATFORM_LINK_PLACE_MAX], small[4];

    support_env_set("TAPI_SHIM_SOCKET", "elsewhere");
    platform_service_place(place, sizeof(place));
    ck_assert_str_eq(place, "elsewhere");
    platform_service_place(small, sizeof(small));
    ck_assert_str_eq(small, "");
    support_env_set("TAPI_SHIM_SOCKET", NULL);
    platform_service_place(place, sizeof(place));
    ck_assert_ptr_nonnull(strstr(place, "tapi_shim"));
    platform_service_place(small, sizeof(small));
    ck_assert_str_eq(small, "");
}
END_TEST

void basic_tests(Suite *s)
{
    TCase *tc = tcase_create("basic");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, both_directions);
    tcase_add_test(tc, many_links);
    tcase_add_test(tc, peers);
    tcase_add_test(tc, nobody_there);
    tcase_add_test(tc, place_in_use);
    tcase_add_test(tc, refused);
    tcase_add_test(tc, listener_closed_in_accept);
    tcase_add_test(tc, place_of_the_service);
    suite_add_tcase(s, tc);
}
