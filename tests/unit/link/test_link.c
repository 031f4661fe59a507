/* Links between processes: what is sent arrives, in order and whole, and every end is told.
 * SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/link.h"
#include "tests/support/support.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PEERS = 300 };

/* One end of a link, as a test uses it. */
struct end {
    struct platform_link *link;
    unsigned char *data; /* what came */
    size_t len, cap;
    unsigned closed;
    int err;
    bool echo;
};

static struct platform_mutex lock = PLATFORM_MUTEX_INIT;
static struct platform_cond changed = PLATFORM_COND_INIT;
static struct platform_hub *hub, *other;
static struct platform_listener *listener;
static struct end accepted[PEERS];
static unsigned accepts;
static bool echo, refuse;
static char folder[512], place[600];

static void on_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct end *e = arg;

    ck_assert_uint_eq((uintptr_t)data % 8, 0);
    if (e->echo) {
        ck_assert_int_eq(platform_link_send(l, data, size), 0);
        return;
    }
    platform_mutex_lock(&lock);
    while (e->len + size > e->cap) {
        e->cap = e->cap ? 2 * e->cap : 4096;
        e->data = realloc(e->data, e->cap);
    }
    memcpy(e->data + e->len, data, size);
    e->len += size;
    platform_cond_broadcast(&changed);
    platform_mutex_unlock(&lock);
}

static void on_closed(struct platform_link *l, int err, void *arg)
{
    struct end *e = arg;

    (void)l;
    platform_mutex_lock(&lock);
    e->closed++;
    e->err = err;
    platform_cond_broadcast(&changed);
    platform_mutex_unlock(&lock);
}

static void on_accept(struct platform_link *l, void *arg)
{
    struct end *e;

    ck_assert_ptr_eq(arg, &listener);
    if (refuse) {
        platform_link_close(l);
        return;
    }
    platform_mutex_lock(&lock);
    e = &accepted[accepts];
    e->link = l;
    e->echo = echo;
    platform_link_ref(l);
    platform_mutex_unlock(&lock);
    platform_link_start(l, on_data, on_closed, e);
    platform_mutex_lock(&lock);
    accepts++;
    platform_cond_broadcast(&changed);
    platform_mutex_unlock(&lock);
}

static void wait_accepts(unsigned n)
{
    platform_mutex_lock(&lock);
    while (accepts < n)
        platform_cond_wait(&changed, &lock);
    platform_mutex_unlock(&lock);
}

static void wait_len(struct end *e, size_t len)
{
    platform_mutex_lock(&lock);
    while (e->len < len && !e->closed)
        platform_cond_wait(&changed, &lock);
    ck_assert_uint_eq(e->len, len);
    platform_mutex_unlock(&lock);
}

static void wait_closed(struct end *e)
{
    platform_mutex_lock(&lock);
    while (!e->closed)
        platform_cond_wait(&changed, &lock);
    platform_mutex_unlock(&lock);
}

static void start(void)
{
    support_folder_make("link", folder, sizeof(folder));
    snprintf(place, sizeof(place), "%s/in/service.sock", folder);
    ck_assert_int_eq(platform_hub_alloc(&hub), 0);
    ck_assert_int_eq(platform_hub_alloc(&other), 0);
    ck_assert_int_eq(platform_listen(hub, place, NULL, on_accept, &listener, &listener), 0);
}

static void stop(void)
{
    char path[700];
    unsigned i;

    platform_listener_close(listener);
    listener = NULL;
    platform_hub_free(other);
    platform_hub_free(hub);
    for (i = 0; i < accepts; i++) {
        ck_assert_uint_eq(accepted[i].closed, 1);
        platform_link_unref(accepted[i].link);
        free(accepted[i].data);
    }
    ck_assert(!support_file_exists(place));
    snprintf(path, sizeof(path), "%s.lock", place);
    (void)remove(path);
    snprintf(path, sizeof(path), "%s/in", folder);
    (void)rmdir(path);
    support_folder_remove(folder);
}

static void dial(struct end *e)
{
    memset(e, 0, sizeof(*e));
    ck_assert_int_eq(platform_connect(other, place, &e->link), 0);
    platform_link_ref(e->link);
    platform_link_start(e->link, on_data, on_closed, e);
}

/* After its hub has gone. */
static void end_free(struct end *e)
{
    platform_link_unref(e->link);
    free(e->data);
}

START_TEST(there_and_back)
{
    struct end e;
    unsigned char *big = malloc(3000000);
    size_t i, sent;

    for (i = 0; i < 3000000; i++)
        big[i] = (unsigned char)(i * 7 + i / 256);
    echo = true;
    start();
    dial(&e);
    ck_assert_int_eq(platform_link_send(e.link, "hello", 5), 0);
    wait_len(&e, 5);
    ck_assert_mem_eq(e.data, "hello", 5);
    e.len = 0;
    for (sent = 0; sent < 3000000; sent += 1000) {
        int err;

        /* The echo's side may be full, never this one: it waits. */
        while ((err = platform_link_send(e.link, big + sent, 1000)) == ENOBUFS)
            platform_thread_yield();
        ck_assert_int_eq(err, 0);
    }
    wait_len(&e, 3000000);
    ck_assert_mem_eq(e.data, big, 3000000);
    stop();
    ck_assert_uint_eq(e.closed, 1);
    end_free(&e);
    free(big);
}
END_TEST

/* ---- many senders
 * ---------------------------------------------------------------------------------------------------- */

enum { SENDERS = 4, PIECES = 2000 };

struct piece {
    uint32_t sender, number, sum;
};

static void send_pieces(void *arg)
{
    struct end *e = ((void **)arg)[0];
    uint32_t sender = (uint32_t)(uintptr_t)((void **)arg)[1], i;

    for (i = 0; i < PIECES; i++) {
        struct piece p = {sender, i, sender * 31 + i};

        ck_assert_int_eq(platform_link_send(e->link, &p, sizeof(p)), 0);
    }
}

START_TEST(order_of_each_sender)
{
    struct platform_thread *threads[SENDERS];
    void *args[SENDERS][2];
    uint32_t next[SENDERS] = {0};
    struct end e;
    size_t i;

    start();
    dial(&e);
    wait_accepts(1);
    for (i = 0; i < SENDERS; i++) {
        args[i][0] = &e;
        args[i][1] = (void *)i;
        threads[i] = support_thread(send_pieces, args[i]);
    }
    for (i = 0; i < SENDERS; i++)
        platform_thread_join(threads[i]);
    wait_len(&accepted[0], sizeof(struct piece) * SENDERS * PIECES);
    for (i = 0; i < SENDERS * PIECES; i++) {
        struct piece p;

        memcpy(&p, accepted[0].data + i * sizeof(p), sizeof(p));
        ck_assert_uint_lt(p.sender, SENDERS);
        ck_assert_uint_eq(p.number, next[p.sender]++);
        ck_assert_uint_eq(p.sum, p.sender * 31 + p.number);
    }
    stop();
    end_free(&e);
}
END_TEST

/* ---- who does not read
 * ----------------------------------------------------------------------------------------------- */

START_TEST(limit_of_the_queue)
{
    static unsigned char block[10000];
    struct end slow, quick;
    size_t sent = 0;
    int err;

    start();
    dial(&slow);
    dial(&quick);
    wait_accepts(2);
    platform_link_pause(slow.link, true);
    platform_link_limit(accepted[0].link, 100000);
    while ((err = platform_link_send(accepted[0].link, block, sizeof(block))) == 0)
        sent += sizeof(block);
    ck_assert_int_eq(err, ENOBUFS);
    ck_assert_uint_ge(sent, 100000);
    /* Others do not feel it. */
    ck_assert_int_eq(platform_link_send(accepted[1].link, "you", 3), 0);
    wait_len(&quick, 3);
    ck_assert_uint_eq(slow.len, 0);
    /* What was taken arrives, whole, when it reads again. */
    platform_link_pause(slow.link, false);
    wait_len(&slow, sent);
    ck_assert_int_eq(platform_link_send(accepted[0].link, "more", 4), 0);
    wait_len(&slow, sent + 4);
    stop();
    end_free(&slow);
    end_free(&quick);
}
END_TEST

START_TEST(paused_before_anything)
{
    struct end e;

    start();
    dial(&e);
    wait_accepts(1);
    platform_link_pause(accepted[0].link, true);
    ck_assert_int_eq(platform_link_send(e.link, "later", 5), 0);
    /* The other direction goes on, and its answer is behind whatever the first might have caused. */
    ck_assert_int_eq(platform_link_send(accepted[0].link, "now", 3), 0);
    wait_len(&e, 3);
    platform_mutex_lock(&lock);
    ck_assert_uint_eq(accepted[0].len, 0);
    platform_mutex_unlock(&lock);
    platform_link_pause(accepted[0].link, false);
    wait_len(&accepted[0], 5);
    stop();
    end_free(&e);
}
END_TEST

/* ---- ends
 * ------------------------------------------------------------------------------------------------------------ */

START_TEST(closed_with_data_queued)
{
    static unsigned char block[1000000];
    struct end e;

    start();
    dial(&e);
    wait_accepts(1);
    platform_link_pause(e.link, true);
    memset(block, 5, sizeof(block));
    ck_assert_int_eq(platform_link_send(accepted[0].link, block, sizeof(block)), 0);
    platform_link_close(accepted[0].link);
    platform_link_close(accepted[0].link);
    ck_assert_int_eq(platform_link_send(accepted[0].link, "no", 2), EPIPE);
    platform_link_pause(e.link, false);
    wait_closed(&e);
    ck_assert_uint_eq(e.len, sizeof(block));
    ck_assert_int_eq(e.err, 0);
    wait_closed(&accepted[0]);
    ck_assert_int_eq(platform_link_send(e.link, "no", 2), EPIPE);
    platform_link_pause(e.link, true);
    platform_link_close(e.link);
    stop();
    ck_assert_uint_eq(e.closed, 1);
    end_free(&e);
}
END_TEST

/* Who reads nothing does not keep the other side from ending. */
START_TEST(closed_against_a_wall)
{
    static unsigned char block[1000000];
    struct end e;

    start();
    dial(&e);
    wait_accepts(1);
    platform_link_pause(e.link, true);
    ck_assert_int_eq(platform_link_send(accepted[0].link, block, sizeof(block)), 0);
    platform_link_close(accepted[0].link);
    wait_closed(&accepted[0]);
    stop();
    end_free(&e);
}
END_TEST

START_TEST(closed_by_the_caller)
{
    struct end e;

    start();
    dial(&e);
    wait_accepts(1);
    ck_assert_int_eq(platform_link_send(e.link, "bye", 3), 0);
    platform_link_close(e.link);
    wait_closed(&accepted[0]);
    ck_assert_uint_eq(accepted[0].len, 3);
    wait_closed(&e);
    stop();
    end_free(&e);
}
END_TEST

/* The accepting side says no. */
START_TEST(refused)
{
    struct end e;

    refuse = true;
    start();
    dial(&e);
    wait_closed(&e);
    ck_assert_uint_eq(e.len, 0);
    stop();
    end_free(&e);
}
END_TEST

static void keep_sending(void *arg)
{
    struct end *e = arg;
    int err = 0;

    while (!err || err == ENOBUFS) {
        err = platform_link_send(e->link, "0123456789abcdef", 16);
        platform_thread_yield();
    }
    ck_assert_int_eq(err, EPIPE);
}

/* Threads send while the link, and its hub, go away. */
START_TEST(gone_under_senders)
{
    int round;

    for (round = 0; round < 10; round++) {
        struct platform_thread *threads[2];
        struct end e;

        accepts = 0;
        memset(accepted, 0, sizeof(accepted));
        start();
        dial(&e);
        wait_accepts(1);
        threads[0] = support_thread(keep_sending, &e);
        threads[1] = support_thread(keep_sending, &accepted[0]);
        platform_mutex_lock(&lock);
        while (accepted[0].len < 1000)
            platform_cond_wait(&changed, &lock);
        platform_mutex_unlock(&lock);
        if (round % 2)
            platform_link_close(e.link);
        platform_listener_close(listener);
        listener = NULL;
        platform_hub_free(other);
        platform_hub_free(hub);
        platform_thread_join(threads[0]);
        platform_thread_join(threads[1]);
        other = hub = NULL;
        ck_assert_uint_eq(e.closed, 1);
        ck_assert_uint_eq(accepted[0].closed, 1);
        end_free(&e);
        end_free(&accepted[0]);
        accepts = 0;
        stop();
    }
}
END_TEST

START_TEST(many)
{
    static struct end ends[PEERS - 10];
    const unsigned count = sizeof(ends) / sizeof(ends[0]);
    unsigned i;

    echo = true;
    start();
    for (i = 0; i < count; i++)
        dial(&ends[i]);
    wait_accepts(count);
    for (i = 0; i < count; i++)
        ck_assert_int_eq(platform_link_send(ends[i].link, &i, sizeof(i)), 0);
    for (i = 0; i < count; i++) {
        wait_len(&ends[i], sizeof(i));
        ck_assert_mem_eq(ends[i].data, &i, sizeof(i));
    }
    stop();
    for (i = 0; i < count; i++) {
        ck_assert_uint_eq(ends[i].closed, 1);
        end_free(&ends[i]);
    }
}
END_TEST

/* ---- places
 * ---------------------------------------------------------------------------------------------------------- */

START_TEST(nobody_there)
{
    struct platform_link *l;
    char long_place[300];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    start();
    memset(long_place, 'x', sizeof(long_place));
    long_place[sizeof(long_place) - 1] = 0;
    ck_assert_int_eq(platform_connect(other, "/nonexistent/socket", &l), ENOENT);
    ck_assert_int_eq(platform_connect(other, long_place, &l), ENAMETOOLONG);
    ck_assert_int_eq(platform_connect(other, "", &l), EINVAL);
    /* What a process that died leaves behind. */
    platform_listener_close(listener);
    ck_assert_int_eq(platform_connect(other, place, &l), ENOENT);
    fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, place);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)(void *)&address, sizeof(address)), 0);
    close(fd);
    ck_assert_int_eq(platform_connect(other, place, &l), ECONNREFUSED);
    ck_assert_int_eq(platform_listen(hub, place, NULL, on_accept, &listener, &listener), 0);
    ck_assert_int_eq(platform_connect(other, place, &l), 0);
    platform_link_close(l);
    wait_accepts(1);
    stop();
}
END_TEST

START_TEST(in_use)
{
    struct platform_listener *second;
    struct end e;

    start();
    ck_assert_int_eq(platform_listen(other, place, NULL, on_accept, &listener, &second), EADDRINUSE);
    /* The first one is none the worse. */
    dial(&e);
    wait_accepts(1);
    ck_assert_int_eq(platform_listen(other, place, "no such group", on_accept, &listener, &second), ENOENT);
    ck_assert_int_eq(platform_listen_inherited(other, on_accept, &listener, &second), ENOENT);
    stop();
    end_free(&e);
}
END_TEST

START_TEST(folders)
{
    char inside[700], deep[800];
    struct platform_listener *second;
    struct stat st;

    start();
    ck_assert_int_eq(stat(place, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0600);
    snprintf(inside, sizeof(inside), "%s/in", folder);
    ck_assert_int_eq(stat(inside, &st), 0);
    ck_assert_int_eq(st.st_mode & 0777, 0700);
    snprintf(inside, sizeof(inside), "%s/open", folder);
    snprintf(deep, sizeof(deep), "%s/s", inside);
    ck_assert_int_eq(mkdir(inside, 0700), 0);
    ck_assert_int_eq(chmod(inside, 0755), 0);
    support_env_set("TAPI_SHIM_LOG", "error");
    support_stderr_begin();
    ck_assert_int_eq(platform_listen(other, deep, NULL, on_accept, &listener, &second), EACCES);
    free(support_stderr_end());
    ck_assert(!support_file_exists(deep));
    ck_assert_int_eq(rmdir(inside), 0);
    snprintf(deep, sizeof(deep), "%s/no/such/s", folder);
    ck_assert_int_eq(platform_listen(other, deep, NULL, on_accept, &listener, &second), ENOENT);
    stop();
}
END_TEST

START_TEST(who_it_is)
{
    struct platform_peer peer;
    struct end e;

    start();
    dial(&e);
    wait_accepts(1);
    platform_link_peer(accepted[0].link, &peer);
    ck_assert(peer.known);
    ck_assert(peer.same_user);
    ck_assert_uint_eq(peer.pid, platform_process_id());
    stop();
    platform_link_peer(e.link, &peer);
    ck_assert(!peer.known);
    end_free(&e);
}
END_TEST

START_TEST(usual_places)
{
    char first[512], second[512];

    support_env_set("TAPI_SHIM_SOCKET", "/x/y.sock");
    platform_service_place(first, sizeof(first));
    ck_assert_str_eq(first, "/x/y.sock");
    support_env_set("TAPI_SHIM_SOCKET", NULL);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    support_env_set("TAPI_SHIM_PROVIDERS", NULL);
    support_env_set("XDG_RUNTIME_DIR", "/run/user/7");
    platform_service_place(first, sizeof(first));
    ck_assert_str_eq(first, "/run/user/7/tapi_shim/service.sock");
    /* Another configuration, another service. */
    support_env_set("TAPI_SHIM_CONFIG", "/a.ini");
    platform_service_place(first, sizeof(first));
    support_env_set("TAPI_SHIM_CONFIG", "/b.ini");
    platform_service_place(second, sizeof(second));
    ck_assert_str_ne(first, second);
    support_env_set("TAPI_SHIM_CONFIG", NULL);
    support_env_set("TAPI_SHIM_PROVIDERS", "/b.ini");
    platform_service_place(first, sizeof(first));
    ck_assert_str_ne(first, second);
    support_env_set("TAPI_SHIM_PROVIDERS", NULL);
    support_env_set("XDG_RUNTIME_DIR", NULL);
    platform_service_place(first, sizeof(first));
    snprintf(second, sizeof(second), "/tmp/tapi_shim-%u/service.sock", (unsigned)geteuid());
    ck_assert_str_eq(first, second);
}
END_TEST

/* ---- programs
 * -------------------------------------------------------------------------------------------------------- */

START_TEST(spawned)
{
    char path[700], script[4000], done[700];
    const char *const argv[] = {"/bin/sh", "-c", script, NULL}, *const none[] = {"/nonexistent/program", NULL},
                      *const folder_as_program[] = {"/tmp", NULL};
    struct end e;

    start();
    snprintf(path, sizeof(path), "%s/out", folder);
    snprintf(done, sizeof(done), "%s/done", folder);
    snprintf(script, sizeof(script), "ls -l /proc/$$/fd | grep -c socket: > %s; echo $PPID >> %s; mv %s %s", path, path,
             path, done);
    dial(&e); /* a descriptor that it must not have */
    ck_assert_int_eq(platform_spawn(argv), 0);
    while (!support_file_exists(done))
        platform_thread_yield();
    {
        char *text = support_file_read(done, NULL);

        ck_assert_int_eq(text[0], '0');
        ck_assert_uint_ne(strtoul(strchr(text, '\n') + 1, NULL, 10), platform_process_id());
        free(text);
    }
    ck_assert_int_eq(platform_spawn(none), ENOENT);
    ck_assert_int_eq(platform_spawn(folder_as_program), EACCES);
    stop();
    end_free(&e);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link");
    TCase *t = tcase_create("links");
    SRunner *runner;
    int failed;

    tcase_add_test(t, there_and_back);
    tcase_add_test(t, order_of_each_sender);
    tcase_add_test(t, limit_of_the_queue);
    tcase_add_test(t, paused_before_anything);
    tcase_add_test(t, closed_with_data_queued);
    tcase_add_test(t, closed_against_a_wall);
    tcase_add_test(t, closed_by_the_caller);
    tcase_add_test(t, refused);
    tcase_add_test(t, gone_under_senders);
    tcase_add_test(t, many);
    tcase_add_test(t, nobody_there);
    tcase_add_test(t, in_use);
    tcase_add_test(t, folders);
    tcase_add_test(t, who_it_is);
    tcase_add_test(t, usual_places);
    tcase_add_test(t, spawned);
    suite_add_tcase(suite, t);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
