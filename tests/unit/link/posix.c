/* What only POSIX has: folders, files left behind, forks, sockets passed on. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/unit/link/suite.h"
#include "tests/support/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[PLATFORM_PATH_MAX];

void place_make(char *place, size_t size)
{
    int n;

    support_folder_make("link", folder, sizeof(folder));
    n = snprintf(place, size, "%s/run/service.sock", folder);
    ck_assert(n > 0 && (size_t)n < size);
}

void place_remove(void)
{
    support_folder_remove(folder);
}

static void address(struct sockaddr_un *a, const char *path)
{
    ck_assert_uint_lt(strlen(path), sizeof(a->sun_path));
    memcpy(a->sun_path, path, strlen(path) + 1);
}

static void accept_close(struct platform_link *l, void *arg)
{
    (void)arg;
    platform_link_close(l);
}

static unsigned mode_of(const char *path)
{
    struct stat st;

    ck_assert_int_eq(lstat(path, &st), 0);
    return (unsigned)st.st_mode & 07777;
}

START_TEST(folders)
{
    char place[PLATFORM_LINK_PLACE_MAX], run[PLATFORM_PATH_MAX + 8], other[PLATFORM_PATH_MAX + 8];
    static const mode_t badv[] = {0720, 0702, 0777, 01777};
    struct platform_listener *s;
    struct platform_hub *h;

    place_make(place, sizeof(place));
    (void)snprintf(run, sizeof(run), "%s/run", folder);
    (void)snprintf(other, sizeof(other), "%s/other", folder);
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), 0);
    ck_assert_uint_eq(mode_of(run), 0700);
    ck_assert_uint_eq(mode_of(place), 0600);
    platform_listener_close(s);
    ck_assert(access(place, F_OK) != 0);
    for (size_t i = 0; i < sizeof(badv) / sizeof(badv[0]); i++) {
        ck_assert_int_eq(chmod(run, badv[i]), 0);
        ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), EACCES);
    }
    ck_assert_int_eq(chmod(run, 0755), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), 0);
    platform_listener_close(s);
    ck_assert_int_eq(rename(run, other), 0);
    ck_assert_int_eq(symlink(other, run), 0);
    ck_assert_int_ne(platform_listen(h, place, NULL, accept_close, NULL, &s), 0);
    ck_assert_int_eq(unlink(run), 0);
    if (geteuid() == 0) {
        ck_assert_int_eq(rename(other, run), 0);
        ck_assert_int_eq(chown(run, 12345, (gid_t)-1), 0);
        ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), EACCES);
    }
    platform_hub_free(h);
    place_remove();
}
END_TEST

START_TEST(left_behind)
{
    char place[PLATFORM_LINK_PLACE_MAX], lock[PLATFORM_LINK_PLACE_MAX + 8];
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct platform_listener *s;
    struct platform_link *l;
    struct platform_hub *h;
    int fd;

    place_make(place, sizeof(place));
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), 0);
    platform_listener_close(s);
    address(&a, place);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    ck_assert_int_eq(listen(fd, 5), 0);
    /* Somebody who knows nothing of the lock. */
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), EADDRINUSE);
    (void)close(fd);
    ck_assert_int_eq(platform_connect(h, place, &l), ECONNREFUSED);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), 0);
    ck_assert_int_eq(platform_connect(h, place, &l), 0);
    platform_link_close(l);
    platform_listener_close(s);
    /* A starter that has only the lock yet. */
    (void)snprintf(lock, sizeof(lock), "%s.lock", place);
    fd = open(lock, O_RDWR | O_CLOEXEC);
    ck_assert_int_eq(flock(fd, LOCK_EX | LOCK_NB), 0);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), EADDRINUSE);
    (void)close(fd);
    support_file_write(place, "mine", 4);
    ck_assert_int_eq(platform_listen(h, place, NULL, accept_close, NULL, &s), EEXIST);
    ck_assert(support_file_exists(place));
    platform_hub_free(h);
    place_remove();
}
END_TEST

/* A copy of this process goes on living, and holds nothing open. */
START_TEST(forked)
{
    struct side client, server;
    struct server v;
    int fdv[2];
    pid_t pid;
    char c;

    side_init(&client, 1);
    side_init(&server, 1);
    server_begin(&v, &server, 1);
    server_connect(&v, v.h, &client, 1);
    ck_assert_int_eq(pipe2(fdv, O_CLOEXEC), 0);
    pid = fork();
    if (pid == 0) {
        bool good = platform_link_send(client.l, "x", 1) == EPIPE;

        for (int fd = 3; fd < 64 && good; fd++) {
            struct stat st;

            good = fd == fdv[0] || fd == fdv[1] || fstat(fd, &st) || !S_ISSOCK(st.st_mode);
        }
        platform_link_close(client.l);
        platform_hub_free(v.h);
        (void)close(fdv[1]);
        (void)!read(fdv[0], &c, 1);
        _exit(good ? 0 : 1);
    }
    (void)close(fdv[0]);
    side_send(&client, 1, 0, 1000, 100);
    platform_link_close(client.l);
    side_wait_closed(&server);
    ck_assert_uint_eq(server.got, 1000);
    platform_listener_close(v.listener);
    ck_assert_int_eq(platform_listen(v.h, v.place, NULL, accept_close, NULL, &v.listener), 0);
    (void)close(fdv[1]);
    int status = -1;
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(status, 0);
    server_end(&v);
    side_close(&client);
    side_close(&server);
}
END_TEST

START_TEST(inherited)
{
    char place[PLATFORM_LINK_PLACE_MAX], number[32];
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct platform_listener *s;
    struct platform_hub *h;
    struct side client;
    struct platform_link *l;
    int fd, saved;

    place_make(place, sizeof(place));
    support_path(place, sizeof(place), folder, "passed.sock");
    address(&a, place);
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    ck_assert_int_eq(platform_listen_inherited(h, NULL, accept_close, NULL, &s), ENOENT);
    support_env_set("LISTEN_FDS", "1");
    support_env_set("LISTEN_PID", "1");
    ck_assert_int_eq(platform_listen_inherited(h, NULL, accept_close, NULL, &s), ENOENT);
    platform_hub_free(h);

    /* Descriptor 3 may be anybody's in a test. */
    saved = fcntl(3, F_DUPFD_CLOEXEC, 100);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
    if (fd != 3) {
        ck_assert_int_eq(dup2(fd, 3), 3);
        (void)close(fd);
    }
    ck_assert_int_eq(platform_hub_alloc(&h), 0);
    (void)snprintf(number, sizeof(number), "%ld", (long)getpid());
    support_env_set("LISTEN_PID", number);
    ck_assert_int_eq(platform_listen_inherited(h, NULL, accept_close, NULL, &s), EINVAL);
    ck_assert_int_eq(listen(3, 5), 0);
    support_env_set("LISTEN_PID", number);
    support_env_set("LISTEN_FDS", "1");
    ck_assert_int_eq(platform_listen_inherited(h, NULL, accept_close, NULL, &s), 0);
    ck_assert_ptr_null(getenv("LISTEN_PID"));
    ck_assert_int_eq(fcntl(3, F_GETFD), FD_CLOEXEC);
    ck_assert_int_eq(platform_connect(h, a.sun_path, &l), 0);
    side_init(&client, 1);
    side_start(&client, l);
    side_wait_closed(&client);
    platform_listener_close(s);
    ck_assert(access(a.sun_path, F_OK) == 0);
    platform_hub_free(h);
    if (saved >= 0) {
        (void)dup2(saved, 3);
        (void)close(saved);
    }
    side_close(&client);
    place_remove();
}
END_TEST

/* What a started program is given, told by a shell. */
START_TEST(surroundings)
{
    char out[PLATFORM_PATH_MAX + 8], script[5 * PLATFORM_PATH_MAX];
    const char *argv[] = {"/bin/sh", "-c", script, NULL};
    char *text, *line;
    uint32_t pid;
    int leak;

    support_folder_make("spawn", folder, sizeof(folder));
    (void)snprintf(out, sizeof(out), "%s/out", folder);
    /* The three links, how many descriptors there are, what signals are ignored. */
    (void)snprintf(script, sizeof(script),
                   "{ for i in 0 1 2; do readlink /proc/$$/fd/$i; done; test -e /proc/$$/fd/77 && echo leak; "
                   "cut -d' ' -f6 /proc/$$/stat; grep -E 'SigIgn|SigBlk' /proc/$$/status; } >%s.new; mv %s.new %s",
                   out, out, out);
    leak = open("/dev/null", O_RDONLY);
    ck_assert_int_eq(dup2(leak, 77), 77);
    (void)signal(SIGPIPE, SIG_IGN);
    ck_assert_int_eq(platform_spawn(argv, &pid), 0);
    (void)signal(SIGPIPE, SIG_DFL);
    while (platform_process_alive(pid))
        platform_thread_yield();
    text = support_file_read(out, NULL);
    ck_assert_ptr_nonnull(text);
    ck_assert_ptr_null(strstr(text, "leak"));
    ck_assert_int_eq(strncmp(text, "/dev/null\n", 10), 0);
    line = strstr(text, "SigIgn:");
    ck_assert_ptr_nonnull(line);
    ck_assert_uint_eq(strtoull(line + 7, NULL, 16), 0);
    /* No child is left. */
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
    ck_assert_int_eq(errno, ECHILD);
    free(text);
    (void)close(77);
    (void)close(leak);
    support_folder_remove(folder);
}
END_TEST

void system_tests(Suite *s)
{
    TCase *tc = tcase_create("posix");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, folders);
    tcase_add_test(tc, left_behind);
    tcase_add_test(tc, forked);
    tcase_add_test(tc, inherited);
    tcase_add_test(tc, surroundings);
    suite_add_tcase(s, tc);
}
