/* Bare round trips over a Unix socket. SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/bench/bench.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tapi_shim/platform/platform.h"

enum { SIZE_MAX_BYTES = 4096 };

static int open_socket(const char *place, struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    memset(address, 0, sizeof(*address));
    address->sun_family = AF_UNIX;
    if (fd < 0 || strlen(place) >= sizeof(address->sun_path))
        bench_fail("no socket", errno);
    memcpy(address->sun_path, place, strlen(place) + 1);
    return fd;
}

/* False: the other side has gone. */
static bool take(int fd, void *data, size_t size)
{
    size_t got = 0;

    while (got < size) {
        ssize_t n = recv(fd, (char *)data + got, size - got, 0);

        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

double bench_echo_ns(const char *place, size_t size, unsigned count, void (*start)(const char *place))
{
    char data[SIZE_MAX_BYTES] = {0};
    struct sockaddr_un address;
    uint64_t best = UINT64_MAX;
    int fd = open_socket(place, &address), peer;

    (void)unlink(place);
    if (bind(fd, (struct sockaddr *)&address, sizeof(address)) || listen(fd, 1))
        bench_fail("the socket cannot be bound", errno);
    start(place);
    peer = accept(fd, NULL, NULL);
    (void)close(fd);
    (void)unlink(place);
    if (peer < 0)
        bench_fail("nobody came", errno);
    for (int repeat = 0; repeat < 3; repeat++) {
        const uint64_t began = platform_mono_ns();
        uint64_t took;

        for (unsigned i = 0; i < count; i++)
            if (send(peer, data, size, MSG_NOSIGNAL) != (ssize_t)size || !take(peer, data, size))
                bench_fail("the echo has gone", errno);
        took = (platform_mono_ns() - began) / count;
        if (took < best)
            best = took;
    }
    (void)close(peer);
    return (double)best;
}

void bench_echo_serve(const char *place, size_t size)
{
    char data[SIZE_MAX_BYTES];
    struct sockaddr_un address;
    int fd = open_socket(place, &address);

    if (connect(fd, (struct sockaddr *)&address, sizeof(address)))
        bench_fail("nobody there", errno);
    while (take(fd, data, size) && send(fd, data, size, MSG_NOSIGNAL) == (ssize_t)size)
        ;
    (void)close(fd);
}
