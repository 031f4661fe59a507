/* Local links: where the service is, who listens there, who connects. SPDX-License-Identifier: MIT */
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
#include <sys/un.h>
#include <unistd.h>

enum { LISTEN_FDS_START = 3 };

/* ---- places
 * ---------------------------------------------------------------------------------------------------------- */

static uint32_t hash_more(uint32_t hash, const char *text)
{
    do {
        hash ^= (unsigned char)*text;
        hash *= 16777619u;
    } while (*text++);
    return hash;
}

/* "" for the usual configuration, else "-" and the hash (FNV-1a) of what the environment says instead of it. */
static void place_suffix(char *suffix, size_t size)
{
    static const char *const names[] = {"TAPI_SHIM_CONFIG", "TAPI_SHIM_PROVIDERS"};
    char value[PLATFORM_PATH_MAX], current[PLATFORM_PATH_MAX];
    uint32_t hash = 2166136261u;
    bool set = false;
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        bool here = platform_env(names[i], value, sizeof(value)) != ENOENT;

        set = set || here;
        hash = hash_more(hash, value);
        /* The same words mean another file in another folder. */
        if (here && value[0] != '/')
            hash = hash_more(hash, getcwd(current, sizeof(current)) ? current : "");
    }
    if (size > 0)
        suffix[0] = 0;
    if (set)
        (void)snprintf(suffix, size, "-%08x", (unsigned)hash);
}

void platform_service_place(char *place, size_t size)
{
    char folder[PLATFORM_PATH_MAX], suffix[16];

    if (platform_env("TAPI_SHIM_SOCKET", place, size) != ENOENT)
        return;
    place_suffix(suffix, sizeof(suffix));
    if (platform_env("XDG_RUNTIME_DIR", folder, sizeof(folder)) || folder[0] != '/')
        (void)snprintf(folder, sizeof(folder), "/tmp/tapi_shim-%u", (unsigned)geteuid());
    else if (strlen(folder) + sizeof("/tapi_shim") <= sizeof(folder))
        strcat(folder, "/tapi_shim");
    (void)snprintf(place, size, "%s/service%s.sock", folder, suffix);
}

static int address_make(struct sockaddr_un *address, const char *place)
{
    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    if (!place[0])
        return EINVAL;
    if (strlen(place) >= sizeof(address->sun_path))
        return ENAMETOOLONG;
    strcpy(address->sun_path, place);
    return 0;
}

/* The folder of a path; "." if there is none. */
static void folder_of(const char *place, char *folder, size_t size)
{
    const char *slash = strrchr(place, '/');
    size_t len = slash ? (size_t)(slash - place) : 0;

    if (!slash)
        (void)snprintf(folder, size, ".");
    else
        (void)snprintf(folder, size, "%.*s", len ? (int)len : 1, place);
}

/* ---- who may
 * --------------------------------------------------------------------------------------------------------- */

static bool in_group(int fd, const struct ucred *peer, gid_t gid)
{
    gid_t groups[256];
    socklen_t size = sizeof(groups);
    size_t i;

    if (peer->gid == gid)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) != 0)
        return false;
    for (i = 0; i < size / sizeof(groups[0]); i++)
        if (groups[i] == gid)
            return true;
    return false;
}

bool link_peer_allowed(const struct platform_listener *s, int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    if (s->inherited)
        return true;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    if (peer.uid == geteuid() || peer.uid == 0 || (s->any_group && in_group(fd, &peer, s->gid)))
        return true;
    platform_log(PLATFORM_LOG_WARNING, "%s: process %u of user %u may not connect", s->path, (unsigned)peer.pid,
                 (unsigned)peer.uid);
    return false;
}

void platform_link_peer(const struct platform_link *l, struct platform_peer *out)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);

    memset(out, 0, sizeof(*out));
    if (l->fd < 0 || getsockopt(l->fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return;
    out->known = true;
    out->pid = (uint32_t)peer.pid;
    out->same_user = peer.uid == geteuid();
}

/* ---- listening
 * --------------------------------------------------------------------------------------------------------- */

/* The socket's folder, which nobody else may write to. */
static int folder_prepare(const char *place, bool any_group, gid_t gid)
{
    char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
    const mode_t mode = any_group ? 0750 : 0700;
    struct stat st;

    folder_of(place, folder, sizeof(folder));
    if (mkdir(folder, mode) == 0) {
        if (any_group && (chown(folder, (uid_t)-1, gid) != 0 || chmod(folder, mode) != 0))
            return errno;
    } else if (errno != EEXIST) {
        return errno;
    }
    if (stat(folder, &st) != 0)
        return errno;
    if (!S_ISDIR(st.st_mode))
        return ENOTDIR;
    if (st.st_uid != geteuid() || (st.st_mode & (any_group ? 027 : 077))) {
        platform_log(PLATFORM_LOG_ERROR, "%s: the folder must belong to this user and be closed to others", folder);
        return EACCES;
    }
    return 0;
}

/* A lock beside the socket says whether somebody listens: the socket of a process that died stays behind. */
static int lock_take(const char *place, int *fdp)
{
    char path[sizeof(((struct sockaddr_un *)NULL)->sun_path) + 8];
    int fd, err;

    (void)snprintf(path, sizeof(path), "%s.lock", place);
    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return errno;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        err = errno == EWOULDBLOCK ? EADDRINUSE : errno;
        (void)close(fd);
        return err;
    }
    *fdp = fd;
    return 0;
}

static int socket_bind(const char *place, bool any_group, gid_t gid, int *fdp)
{
    struct sockaddr_un address;
    int err = address_make(&address, place), fd;

    if (err)
        return err;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return errno;
    (void)unlink(place);
    /* Until it listens, nobody gets through, whatever its mode is. */
    if (bind(fd, (struct sockaddr *)(void *)&address, sizeof(address)) != 0 ||
        (any_group && chown(place, (uid_t)-1, gid) != 0) || chmod(place, any_group ? 0660 : 0600) != 0 ||
        listen(fd, SOMAXCONN) != 0) {
        err = errno;
        (void)close(fd);
        return err;
    }
    *fdp = fd;
    return 0;
}

static struct platform_listener *listener_make(struct platform_hub *h, const char *path, platform_link_accept_h *accept,
                                               void *arg)
{
    struct platform_listener *s = calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    s->source.kind = LINK_LISTENER;
    s->hub = h;
    s->fd = s->lock_fd = -1;
    s->accept_h = accept;
    s->arg = arg;
    s->path = strdup(path);
    if (s->path)
        return s;
    free(s);
    return NULL;
}

static void listener_free(struct platform_listener *s)
{
    if (s->fd >= 0) {
        (void)close(s->fd);
        if (s->lock_fd >= 0)
            (void)unlink(s->path);
    }
    if (s->lock_fd >= 0)
        (void)close(s->lock_fd);
    free(s->path);
    free(s);
}

static int listener_watch(struct platform_listener *s)
{
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &s->source};
    struct platform_hub *h = s->hub;

    if (epoll_ctl(h->epoll_fd, EPOLL_CTL_ADD, s->fd, &e) != 0)
        return errno;
    platform_mutex_lock(&h->lock);
    s->next = h->listeners;
    h->listeners = s;
    platform_mutex_unlock(&h->lock);
    return 0;
}

int platform_listen(struct platform_hub *h, const char *place, const char *group, platform_link_accept_h *accept,
                    void *arg, struct platform_listener **lp)
{
    struct sockaddr_un address;
    struct platform_listener *s;
    const struct group *g;
    int err = address_make(&address, place);

    if (err)
        return err;
    s = listener_make(h, place, accept, arg);
    if (!s)
        return ENOMEM;
    if (group) {
        g = getgrnam(group);
        if (!g) {
            listener_free(s);
            return ENOENT;
        }
        s->any_group = true;
        s->gid = g->gr_gid;
    }
    err = folder_prepare(place, s->any_group, s->gid);
    if (!err)
        err = lock_take(place, &s->lock_fd);
    if (!err)
        err = socket_bind(place, s->any_group, s->gid, &s->fd);
    if (!err)
        err = listener_watch(s);
    if (err) {
        listener_free(s);
        return err;
    }
    *lp = s;
    return 0;
}

int platform_listen_inherited(struct platform_hub *h, platform_link_accept_h *accept, void *arg,
                              struct platform_listener **lp)
{
    char pid[16], count[16];
    struct platform_listener *s;
    int listening = 0, err;
    socklen_t size = sizeof(listening);

    if (platform_env("LISTEN_PID", pid, sizeof(pid)) || platform_env("LISTEN_FDS", count, sizeof(count)) ||
        strtoul(pid, NULL, 10) != (unsigned long)getpid() || strtoul(count, NULL, 10) < 1)
        return ENOENT;
    if (getsockopt(LISTEN_FDS_START, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || !listening)
        return ENOENT;
    s = listener_make(h, "the inherited socket", accept, arg);
    if (!s)
        return ENOMEM;
    s->inherited = true;
    s->fd = LISTEN_FDS_START;
    (void)fcntl(s->fd, F_SETFD, FD_CLOEXEC);
    (void)fcntl(s->fd, F_SETFL, fcntl(s->fd, F_GETFL) | O_NONBLOCK);
    err = listener_watch(s);
    if (err) {
        s->fd = -1;
        listener_free(s);
        return err;
    }
    *lp = s;
    return 0;
}

void platform_listener_close(struct platform_listener *s)
{
    struct platform_listener **link;
    struct platform_hub *h;

    if (!s)
        return;
    h = s->hub;
    platform_mutex_lock(&h->lock);
    for (link = &h->listeners; *link != s; link = &(*link)->next)
        ;
    *link = s->next;
    (void)epoll_ctl(h->epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
    if (s->lock_fd >= 0)
        (void)unlink(s->path);
    (void)close(s->fd);
    s->fd = -1;
    platform_mutex_unlock(&h->lock);
    link_round(h);
    listener_free(s);
}

/* ---- connecting
 * -------------------------------------------------------------------------------------------------------- */

/* Whoever listens could be anybody who was there first. */
static bool server_trusted(int fd, const char *place)
{
    char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)];
    struct ucred peer;
    socklen_t size = sizeof(peer);
    struct stat st;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0)
        return false;
    if (peer.uid == geteuid() || peer.uid == 0)
        return true;
    folder_of(place, folder, sizeof(folder));
    return stat(folder, &st) == 0 && st.st_uid == peer.uid && !(st.st_mode & 022);
}

int platform_connect(struct platform_hub *h, const char *place, struct platform_link **lp)
{
    struct sockaddr_un address;
    int err = address_make(&address, place), fd;

    if (err)
        return err;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return errno;
    while (connect(fd, (struct sockaddr *)(void *)&address, sizeof(address)) != 0) {
        if (errno != EINTR) {
            err = errno == ENOTDIR ? ENOENT : errno;
            goto out;
        }
    }
    if (!server_trusted(fd, place)) {
        err = EACCES;
        goto out;
    }
    if (fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        err = errno;
    else
        err = link_make(h, fd, lp);
out:
    if (err)
        (void)close(fd);
    return err;
}
