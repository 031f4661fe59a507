/* The log's file, which several programs add to and any of them puts aside. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TRIES = 2000 }; /* a millisecond each; after that lines of two programs may be out of order, but none is lost */

static int open_file(const char *path)
{
    return open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
}

/* The file, locked, of that name now. */
static int open_locked(const char *path, struct stat *st)
{
    const struct timespec step = {0, 1000000};
    int fd = open_file(path);

    for (int i = 0; fd >= 0 && i < TRIES; i++) {
        struct stat now;

        if (flock(fd, LOCK_EX | LOCK_NB)) {
            (void)nanosleep(&step, NULL);
            continue;
        }
        if (!fstat(fd, st) && !stat(path, &now) && now.st_ino == st->st_ino && now.st_dev == st->st_dev)
            return fd;
        (void)close(fd); /* somebody has put it aside */
        fd = open_file(path);
    }
    if (fd >= 0 && fstat(fd, st)) {
        (void)close(fd);
        fd = -1;
    }
    return fd;
}

static void put_aside(const char *path, unsigned keep)
{
    char from[PLATFORM_PATH_MAX + 8], to[PLATFORM_PATH_MAX + 8];

    for (; keep > 0; keep--) {
        (void)snprintf(to, sizeof(to), "%s.%u", path, keep);
        (void)snprintf(from, sizeof(from), keep > 1 ? "%s.%u" : "%s", path, keep - 1);
        (void)rename(from, to);
    }
}

void platform_log_file_add(const struct platform_log_conf *conf, const char *line, size_t len)
{
    struct stat st;
    int saved = errno, fd = open_locked(conf->file, &st);

    if (fd >= 0 && conf->max_bytes && S_ISREG(st.st_mode) && st.st_size > 0 &&
        (uint64_t)st.st_size + len > conf->max_bytes) {
        if (conf->keep) {
            put_aside(conf->file, conf->keep);
            (void)close(fd);
            fd = open_file(conf->file);
        } else if (ftruncate(fd, 0)) {
            (void)0; /* then it grows */
        }
    }
    if (fd >= 0) {
        while (write(fd, line, len) < 0 && errno == EINTR)
            ;
        (void)close(fd);
    }
    errno = saved;
}

void platform_log_event(enum platform_log_level level, const char *line)
{
    (void)level;
    (void)line;
}
