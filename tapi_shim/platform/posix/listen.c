/* Where links meet: listeners, connecting, and the places for both on Unix sockets. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tapi_shim/platform/posix/link.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum { INHERITED_FD = 3, CONNECT_WAIT_S = 5, RESUME_MS = 100, ACCEPTS_MAX = 64 };

/* A folder or socket of root is as good as our own: root is kept out by nothing. */
static bool uid_trusted(uid_t uid)
{
    return uid == geteuid() || uid == 0;
}

/* ---- listeners */

/* No descriptors or memory: looked at again later, instead of being told of the same waiting client for ever. */
static void rest(struct platform_listener *s)
{
    platform_mutex_lock(&s->h->lock);
    if (s->f.fd >= 0) {
        (void)epoll_ctl(s->h->epoll.fd, EPOLL_CTL_DEL, s->f.fd, NULL);
        s->resume_ms = platform_mono_ms() + RESUME_MS;
    }
    platform_mutex_unlock(&s->h->lock);
}

static void listener_event(struct link_fd *f, uint32_t events)
{
    struct platform_listener *s = (struct platform_listener *)(void *)f;
    struct platform_hub *h = s->h;

    (void)events;
    /* A closed listener's memory stays until the events of this round are done. */
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        struct platform_link *l;
        int fd, err = 0;

        platform_mutex_lock(&h->lock);
        if (s->f.fd < 0) {
            platform_mutex_unlock(&h->lock);
            return;
        }
        fd = accept4(s->f.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0)
            err = errno;
        else
            h->accepting = s;
        platform_mutex_unlock(&h->lock);
        if (err == EINTR || err == ECONNABORTED)
            continue;
        if (err == EMFILE || err == ENFILE || err == ENOMEM || err == ENOBUFS)
            rest(s);
        if (err)
            return;
        if (link_make(h, fd, &l) == 0) {
            struct ucred cred = {.uid = (uid_t)-1};
            socklen_t len = sizeof(cred);

            if (s->any_user || (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 && uid_trusted(cred.uid)))
                s->accept(l, s->arg);
            else
                platform_link_close(l);
        }
        platform_mutex_lock(&h->lock);
        h->accepting = NULL;
        platform_cond_broadcast(&h->accepted);
        platform_mutex_unlock(&h->lock);
    }
}

void listener_shut(struct platform_listener *s)
{
    struct stat st;

    link_fd_close(&s->f, true);
    if (s->lock.fd < 0)
        return;
    /* The lock is still ours: nobody can have put another socket there in between. */
    if (lstat(s->place, &st) == 0 && st.st_dev == s->dev && st.st_ino == s->ino)
        (void)unlink(s->place);
    (void)flock(s->lock.fd, LOCK_UN);
    link_fd_close(&s->lock, false);
}

void platform_listener_close(struct platform_listener *s)
{
    struct platform_hub *h;
    int fd;

    if (!s || s->f.forked)
        return;
    h = s->h;
    platform_mutex_lock(&h->lock);
    for (struct platform_listener **p = &h->listeners; *p; p = &(*p)->next) {
        if (*p == s) {
            *p = s->next;
            break;
        }
    }
    fd = s->f.fd;
    (void)epoll_ctl(h->epoll.fd, EPOLL_CTL_DEL, fd, NULL);
    listener_shut(s);
    while (h->accepting == s && h->thread_id != platform_thread_id())
        platform_cond_wait(&h->accepted, &h->lock);
    s->next = h->gone;
    h->gone = s;
    platform_mutex_unlock(&h->lock);
    link_wake(h);
}

/* Adds it to the hub. On failure it is shut and freed. */
static int listener_begin(struct platform_listener *s, int fd, struct platform_listener **lp)
{
    struct platform_hub *h = s->h;
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &s->f};
    int err = 0;

    link_fd_open(&s->f, fd, listener_event);
    platform_mutex_lock(&h->lock);
    if (h->ending)
        err = ECANCELED;
    else if (epoll_ctl(h->epoll.fd, EPOLL_CTL_ADD, fd, &e))
        err = errno;
    if (!err) {
        s->next = h->listeners;
        h->listeners = s;
        *lp = s;
    }
    platform_mutex_unlock(&h->lock);
    if (err) {
        listener_shut(s);
        free(s->place);
        free(s);
    }
    return err;
}

static int address_of(const char *place, struct sockaddr_un *a)
{
    if (!place || place[0] != '/')
        return EINVAL;
    memset(a, 0, sizeof(*a));
    a->sun_family = AF_UNIX;
    if (strlen(place) >= sizeof(a->sun_path))
        return ENAMETOOLONG;
    memcpy(a->sun_path, place, strlen(place) + 1);
    return 0;
}

static int group_find(const char *name, gid_t *gid)
{
    char text[16384];
    struct group g, *found = NULL;
    int err;

    err = getgrnam_r(name, &g, text, sizeof(text), &found);
    if (err)
        return err;
    if (!found)
        return EINVAL;
    *gid = g.gr_gid;
    return 0;
}

/* The folder of `place` is there and nobody else's. */
static int folder_check(const char *place, bool has_group, gid_t gid)
{
    char folder[sizeof(((struct sockaddr_un *)0)->sun_path)];
    struct stat st;
    bool made;
    int fd, err = 0;
    size_t n = (size_t)(strrchr(place, '/') - place);

    memcpy(folder, place, n);
    folder[n] = 0;
    if (n == 0)
        return EACCES; /* not in the root folder */
    made = mkdir(folder, has_group ? 0750 : 0700) == 0;
    if (!made && errno != EEXIST)
        return errno == EROFS ? EACCES : errno;
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno == ELOOP ? EACCES : errno;
    if (made && has_group && (fchown(fd, (uid_t)-1, gid) || fchmod(fd, 0750)))
        err = errno == EPERM ? EACCES : errno;
    else if (fstat(fd, &st))
        err = errno;
    else if (!uid_trusted(st.st_uid) || (st.st_mode & (S_IWGRP | S_IWOTH)))
        err = EACCES;
    (void)close(fd);
    return err;
}

/* Removes what a dead process left at `place`. The lock is held. */
static int stale_remove(const struct sockaddr_un *a)
{
    struct stat st;
    int fd, err;

    if (lstat(a->sun_path, &st))
        return errno == ENOENT ? 0 : errno;
    if (!S_ISSOCK(st.st_mode))
        return EEXIST;
    /* Somebody may listen there who knows nothing of the lock, such as a service manager. */
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errno;
    err = connect(fd, (const struct sockaddr *)a, sizeof(*a)) ? errno : 0;
    (void)close(fd);
    if (err == ENOENT)
        return 0;
    if (err != ECONNREFUSED)
        return err == EACCES || err == EPERM ? EACCES : EADDRINUSE;
    return unlink(a->sun_path) && errno != ENOENT ? errno : 0;
}

static int lock_take(const char *place, int *fdp)
{
    char path[sizeof(((struct sockaddr_un *)0)->sun_path) + 8];
    int fd, err = 0;

    (void)snprintf(path, sizeof(path), "%s.lock", place);
    fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno == ELOOP ? EACCES : errno;
    do
        err = flock(fd, LOCK_EX | LOCK_NB) ? errno : 0;
    while (err == EINTR);
    if (err == EWOULDBLOCK)
        err = EADDRINUSE;
    if (err)
        (void)close(fd);
    else
        *fdp = fd;
    return err;
}

int platform_listen(struct platform_hub *h, const char *place, const char *group, platform_link_accept_h *accept,
                    void *arg, struct platform_listener **lp)
{
    struct platform_listener *s = NULL;
    struct sockaddr_un a;
    struct stat st;
    gid_t gid = 0;
    bool bound = false;
    int fd = -1, lock_fd = -1, err;

    if (h->epoll.forked)
        return ECANCELED;
    err = address_of(place, &a);
    if (!err && group)
        err = group_find(group, &gid);
    if (!err)
        err = folder_check(place, group != NULL, gid);
    if (!err)
        err = lock_take(place, &lock_fd);
    if (!err)
        err = stale_remove(&a);
    if (err)
        goto out;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    /* Linux makes the file with the mode of the descriptor: there is no moment with more rights. */
    if (fd < 0 || fchmod(fd, 0600)) {
        err = errno;
        goto out;
    }
    if (bind(fd, (const struct sockaddr *)&a, sizeof(a))) {
        err = errno;
        goto out;
    }
    bound = true;
    if ((group && chown(place, (uid_t)-1, gid)) || chmod(place, group ? 0660 : 0600) || lstat(place, &st) ||
        listen(fd, SOMAXCONN)) {
        err = errno == EPERM ? EACCES : errno;
        goto out;
    }
    s = calloc(1, sizeof(*s));
    if (s)
        s->place = strdup(place);
    if (!s || !s->place) {
        err = ENOMEM;
        goto out;
    }
    s->h = h;
    s->accept = accept;
    s->arg = arg;
    s->any_user = group != NULL;
    link_fd_open(&s->lock, lock_fd, NULL);
    s->dev = st.st_dev;
    s->ino = st.st_ino;
    return listener_begin(s, fd, lp);
out:
    free(s);
    if (bound)
        (void)unlink(place);
    if (fd >= 0)
        (void)close(fd);
    if (lock_fd >= 0)
        (void)close(lock_fd);
    return err;
}

/* Decimal value of a variable; -1: there is none. */
static long env_number(const char *name)
{
    char text[32], *end;
    long value;

    if (platform_env(name, text, sizeof(text)))
        return -1;
    value = strtol(text, &end, 10);
    return *end ? -1 : value;
}

static bool is_listening(int fd)
{
    struct sockaddr_un a;
    socklen_t len = sizeof(a);
    int type = 0, on = 0;
    socklen_t type_len = sizeof(type), on_len = sizeof(on);

    return getsockname(fd, (struct sockaddr *)&a, &len) == 0 && a.sun_family == AF_UNIX &&
           getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &type_len) == 0 && type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &on_len) == 0 && on;
}

int platform_listen_inherited(struct platform_hub *h, const char *group, platform_link_accept_h *accept, void *arg,
                              struct platform_listener **lp)
{
    struct platform_listener *s;
    long pid = env_number("LISTEN_PID"), count = env_number("LISTEN_FDS");
    int flags;

    if (pid != (long)getpid() || count < 1)
        return ENOENT;
    (void)platform_env_set("LISTEN_PID", NULL);
    (void)platform_env_set("LISTEN_FDS", NULL);
    (void)platform_env_set("LISTEN_FDNAMES", NULL);
    for (int fd = INHERITED_FD; fd < INHERITED_FD + count && fd < INHERITED_FD + 64; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    flags = fcntl(INHERITED_FD, F_GETFL);
    if (!is_listening(INHERITED_FD) || flags < 0 || fcntl(INHERITED_FD, F_SETFL, flags | O_NONBLOCK))
        return EINVAL;
    s = calloc(1, sizeof(*s));
    if (!s)
        return ENOMEM;
    s->h = h;
    s->accept = accept;
    s->arg = arg;
    s->any_user = group != NULL;
    s->lock.fd = -1;
    return listener_begin(s, INHERITED_FD, lp);
}

/* ---- connecting */

int platform_connect(struct platform_hub *h, const char *place, struct platform_link **lp)
{
    const struct timeval wait = {.tv_sec = CONNECT_WAIT_S};
    struct sockaddr_un a;
    struct ucred cred;
    socklen_t len = sizeof(cred);
    int fd, flags, err;

    if (h->epoll.forked)
        return ECANCELED;
    err = address_of(place, &a);
    if (err)
        return err;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    /* Blocks only while more clients wait to be accepted than the listener has room for. */
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    do
        err = connect(fd, (const struct sockaddr *)&a, sizeof(a)) ? errno : 0;
    while (err == EINTR);
    if (err == EISCONN)
        err = 0;
    if (!err && (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) || !uid_trusted(cred.uid)))
        err = EACCES;
    flags = fcntl(fd, F_GETFL);
    if (!err && (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK)))
        err = errno;
    if (!err)
        return link_make(h, fd, lp);
    (void)close(fd);
    switch (err) {
    case EAGAIN:
        return EBUSY;
    case ENOTDIR:
        return ENOENT;
    case EPERM:
        return EACCES;
    case EPROTOTYPE:
        return ECONNREFUSED;
    default:
        return err;
    }
}

void platform_service_place(char *place, size_t size)
{
    char folder[PLATFORM_LINK_PLACE_MAX], current[PLATFORM_PATH_MAX], suffix[16];
    int n;

    if (platform_env("TAPI_SHIM_SOCKET", place, size) != ENOENT)
        return;
    platform_place_suffix(suffix, sizeof(suffix), getcwd(current, sizeof(current)) ? current : "");
    if (platform_env("XDG_RUNTIME_DIR", folder, sizeof(folder)) == 0 && folder[0] == '/')
        n = snprintf(place, size, "%s/tapi_shim/service%s.sock", folder, suffix);
    else
        n = snprintf(place, size, "/tmp/tapi_shim-%lu/service%s.sock", (unsigned long)geteuid(), suffix);
    if (size > 0 && (n < 0 || (size_t)n >= size))
        place[0] = 0;
}
