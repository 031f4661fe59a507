/* Starting a program that lives on its own. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the new process tells: first its id, then, if it could not become the program, why. */
struct spawn_note {
    pid_t pid;
    int err;
};

/* Everything from here to the end of spawn_middle is run between fork and exec: calls that may be made there only. */

static void spawn_tell(int fd, pid_t pid, int err)
{
    const struct spawn_note note = {pid, err};

    while (write(fd, &note, sizeof(note)) < 0 && errno == EINTR)
        ;
}

static void spawn_close_others(long fds_max)
{
#ifdef SYS_close_range
    if (syscall(SYS_close_range, 3U, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */) == 0)
        return;
#endif
    for (int fd = 3; fd < fds_max; fd++) {
        int flags = fcntl(fd, F_GETFD);

        if (flags >= 0)
            (void)fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
    }
}

static void spawn_program(const char *const argv[], int tell, long fds_max, bool keep_stderr)
{
    union {
        const char *const *in;
        char *const *out; /* exec does not write to it */
    } args = {.in = argv};
    sigset_t none;
    int null;

    null = open("/dev/null", O_RDWR);
    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || (!keep_stderr && dup2(null, 2) < 0)) {
        spawn_tell(tell, 0, errno);
        return;
    }
    spawn_close_others(fds_max);
    /* What the application ignores or blocks is no business of the new program. */
    for (int i = 1; i < NSIG; i++)
        (void)signal(i, SIG_DFL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)execv(argv[0], args.out);
    spawn_tell(tell, 0, errno);
}

static void spawn_middle(const char *const argv[], int tell, long fds_max, bool keep_stderr)
{
    pid_t pid;

    (void)setsid();
    pid = fork();
    if (pid == 0)
        spawn_program(argv, tell, fds_max, keep_stderr);
    else
        spawn_tell(tell, pid, pid < 0 ? errno : 0);
}

int platform_spawn(const char *const argv[], uint32_t *pidp)
{
    struct spawn_note note;
    char value[32];
    sigset_t all, old;
    long fds_max = sysconf(_SC_OPEN_MAX);
    bool keep_stderr = platform_env("TAPI_SHIM_LOG", value, sizeof(value)) != ENOENT;
    pid_t middle, pid = 0;
    int fdv[2], err = 0;

    if (!argv || !argv[0])
        return EINVAL;
    if (fds_max < 0 || fds_max > 65536)
        fds_max = 65536;
    if (pipe2(fdv, O_CLOEXEC))
        return errno;
    /* Where the application closed its standard descriptors, the pipe must not stand in their place. */
    for (int i = 0; i < 2; i++) {
        int fd = fcntl(fdv[i], F_DUPFD_CLOEXEC, 3);

        if (fd < 0) {
            err = errno;
            (void)close(fdv[0]);
            (void)close(fdv[1]);
            return err;
        }
        (void)close(fdv[i]);
        fdv[i] = fd;
    }
    /* The application's handlers do not run in the copies of it. */
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &old);
    middle = fork();
    if (middle == 0) {
        spawn_middle(argv, fdv[1], fds_max, keep_stderr);
        _exit(127);
    }
    if (middle < 0)
        err = errno;
    (void)pthread_sigmask(SIG_SETMASK, &old, NULL);
    (void)close(fdv[1]);
    /* Until both have closed their end: by leaving, or by becoming the program. */
    while (middle > 0) {
        ssize_t n = read(fdv[0], &note, sizeof(note));

        if (n < 0 && errno == EINTR)
            continue;
        if (n != (ssize_t)sizeof(note))
            break;
        if (note.pid > 0)
            pid = note.pid;
        if (note.err)
            err = note.err;
    }
    (void)close(fdv[0]);
    while (middle > 0 && waitpid(middle, NULL, 0) < 0 && errno == EINTR)
        ;
    if (!err && pid == 0)
        err = EIO;
    if (err == ENOTDIR)
        err = ENOENT;
    if (!err && pidp)
        *pidp = (uint32_t)pid;
    return err;
}

bool platform_process_alive(uint32_t pid)
{
    if (pid == 0 || pid > INT_MAX)
        return false;
    return kill((pid_t)pid, 0) == 0 || errno == EPERM;
}
