/* Datagrams on POSIX. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tests/unit/sip/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in at(uint16_t port)
{
    struct sockaddr_in a;

    memset(&a, 0, sizeof(a));
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons(port);
    return a;
}

intptr_t port_open6(uint16_t *number)
{
    struct sockaddr_in6 a;
    socklen_t len = sizeof(a);
    int fd = socket(AF_INET6, SOCK_DGRAM, 0);

    memset(&a, 0, sizeof(a));
    a.sin6_family = AF_INET6;
    a.sin6_addr = in6addr_loopback;
    if (fd >= 0 && (bind(fd, (struct sockaddr *)&a, sizeof(a)) || getsockname(fd, (struct sockaddr *)&a, &len))) {
        close(fd);
        fd = -1;
    }
    *number = ntohs(a.sin6_port);
    return fd;
}

void port_send6(intptr_t port, uint16_t to, const char *data, size_t len)
{
    struct sockaddr_in6 a;

    memset(&a, 0, sizeof(a));
    a.sin6_family = AF_INET6;
    a.sin6_addr = in6addr_loopback;
    a.sin6_port = htons(to);
    (void)sendto((int)port, data, len, 0, (struct sockaddr *)&a, sizeof(a));
}

void port_quiet(void)
{
    (void)signal(SIGPIPE, SIG_IGN);
}

intptr_t port_listen(uint16_t *number)
{
    struct sockaddr_in a = at(*number);
    socklen_t len = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
        bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 16) || getsockname(fd, (struct sockaddr *)&a, &len)) {
        return -1;
    }
    *number = ntohs(a.sin_port);
    return fd;
}

intptr_t port_accept(intptr_t listener)
{
    return accept((int)listener, NULL, NULL);
}

size_t port_read(intptr_t port, char *data, size_t size)
{
    ssize_t n = recv((int)port, data, size, 0);

    return n > 0 ? (size_t)n : 0;
}

void port_write(intptr_t port, const char *data, size_t len)
{
    while (len) {
        ssize_t n = send((int)port, data, len, MSG_NOSIGNAL);

        if (n <= 0) {
            return;
        }
        data += n;
        len -= (size_t)n;
    }
}

intptr_t port_open(uint16_t *number)
{
    return port_open_at(1, number);
}

intptr_t port_open_at(unsigned host, uint16_t *number)
{
    struct sockaddr_in a = at(0);
    socklen_t len = sizeof(a);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || getsockname(fd, (struct sockaddr *)&a, &len)) {
        return -1;
    }
    *number = ntohs(a.sin_port);
    return fd;
}

void port_close(intptr_t port)
{
    close((int)port);
}

size_t port_receive(intptr_t port, char *data, size_t size, uint16_t *from)
{
    struct sockaddr_in6 a; /* its port is where that of the other one is */
    socklen_t len = sizeof(a);
    ssize_t n = recvfrom((int)port, data, size, 0, (struct sockaddr *)&a, &len);

    *from = ntohs(a.sin6_port);
    return n > 0 ? (size_t)n : 0;
}

void port_send(intptr_t port, uint16_t to, const char *data, size_t len)
{
    struct sockaddr_in a = at(to);

    (void)sendto((int)port, data, len, 0, (struct sockaddr *)&a, sizeof(a));
}
