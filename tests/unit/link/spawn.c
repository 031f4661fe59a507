/* Starting this program itself, which then connects. SPDX-License-Identifier: MIT */
#include "tests/unit/link/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char odd_text[] = "a b\"c\\\"d\\ \t\xC3\xA4 \\\\";

/* --spawned PLACE SEED TEXT: sends 1000 bytes if the text is as it was given. */
int spawned_main(int argc, char **argv)
{
    static unsigned char data[1000];
    struct platform_hub *h;
    struct platform_link *l;
    unsigned seed;

    if (argc != 6 || argv[5][0])
        return 2;
    /* Windows hands over the text in its own code page. */
    if (strncmp(argv[4], odd_text, 10) != 0)
        return 3;
    seed = (unsigned)strtoul(argv[3], NULL, 10);
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = side_byte(seed, i);
    if (platform_hub_alloc(&h) || platform_connect(h, argv[2], &l))
        return 4;
    if (platform_link_send(l, data, sizeof(data)))
        return 5;
    platform_hub_free(h);
    return 0;
}

START_TEST(spawned)
{
    const char *argv[] = {program, "--spawned", NULL, "7", odd_text, "", NULL};
    struct platform_peer peer;
    struct side server;
    struct server v;
    uint32_t pid = 0;

    side_init(&server, 7);
    server_begin(&v, &server, 1);
    argv[2] = v.place;
    ck_assert_int_eq(platform_spawn(argv, &pid), 0);
    ck_assert_uint_ne(pid, 0);
    server_wait(&v, 1);
    platform_link_peer(server.l, &peer);
    ck_assert(peer.known && peer.same_user);
    ck_assert_uint_eq(peer.pid, pid);
    side_wait_closed(&server);
    ck_assert_uint_eq(server.got, 1000);
    ck_assert_uint_eq(server.bad, 0);
    /* Nobody waits for it, and it goes. */
    while (platform_process_alive(pid))
        platform_thread_yield();
    server_end(&v);
    side_close(&server);
}
END_TEST

START_TEST(spawn_errors)
{
    char folder[PLATFORM_PATH_MAX], file[PLATFORM_PATH_MAX];
    const char *argv[] = {file, NULL}, *none[] = {NULL};
    int err;

    ck_assert_int_eq(platform_spawn(none, NULL), EINVAL);
    support_folder_make("spawn", folder, sizeof(folder));
    support_path(file, sizeof(file), folder, "nothing");
    ck_assert_int_eq(platform_spawn(argv, NULL), ENOENT);
    support_path(file, sizeof(file), folder, "text.exe");
    support_file_write(file, "no program", 10);
    err = platform_spawn(argv, NULL);
    ck_assert_msg(err == EACCES || err == ENOEXEC, "%d", err);
    support_folder_remove(folder);
    ck_assert(platform_process_alive(platform_process_id()));
    ck_assert(!platform_process_alive(0));
    ck_assert(!platform_process_alive(UINT32_MAX - 8));
}
END_TEST

void spawn_tests(Suite *s)
{
    TCase *tc = tcase_create("spawn");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, spawned);
    tcase_add_test(tc, spawn_errors);
    suite_add_tcase(s, tc);
}
