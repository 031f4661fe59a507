/* Programs of their own. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the grandchild: only what is safe after fork in a program with threads. */
static _Noreturn void become(const char *const argv[], int report, bool keep_stderr)
{
    const struct sigaction plain = {.sa_handler = SIG_DFL};
    sigset_t none;
    int null = open("/dev/null", O_RDWR), number, err;

    if (null >= 0) {
        (void)dup2(null, STDIN_FILENO);
        (void)dup2(null, STDOUT_FILENO);
        if (!keep_stderr)
            (void)dup2(null, STDERR_FILENO);
    }
    for (number = 1; number < 32; number++)
        (void)sigaction(number, &plain, NULL);
    (void)sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    /* Nothing of the application's stays open; `report` does until the program runs. */
    if (report != STDERR_FILENO + 1) {
        (void)dup3(report, STDERR_FILENO + 1, O_CLOEXEC);
        report = STDERR_FILENO + 1;
    }
    (void)fcntl(report, F_SETFD, FD_CLOEXEC);
    (void)close_range((unsigned)report + 1, ~0u, 0);
    (void)execv(argv[0], (char *const *)(uintptr_t)argv);
    err = errno;
    while (write(report, &err, sizeof(err)) < 0 && errno == EINTR)
        ;
    _exit(127);
}

int platform_spawn(const char *const argv[])
{
    bool keep_stderr = getenv("TAPI_SHIM_LOG") != NULL;
    int report[2], err = 0, status;
    ssize_t n;
    pid_t child;

    if (pipe2(report, O_CLOEXEC) != 0)
        return errno;
    child = fork();
    if (child == 0) {
        (void)setsid();
        if (fork() == 0)
            become(argv, report[1], keep_stderr);
        _exit(0);
    }
    if (child < 0)
        err = errno;
    (void)close(report[1]);
    if (child > 0) {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            ;
        /* Nothing comes if the program has started. */
        do
            n = read(report[0], &err, sizeof(err));
        while (n < 0 && errno == EINTR);
        if (n != (ssize_t)sizeof(err))
            err = 0;
    }
    (void)close(report[0]);
    return err;
}
