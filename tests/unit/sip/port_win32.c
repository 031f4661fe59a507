/* Datagrams on Windows. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/port.h"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <stdbool.h>
#include <string.h>

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
    int len = sizeof(a);
    WSADATA data;
    SOCKET s;

    if (WSAStartup(MAKEWORD(2, 2), &data)) {
        return -1;
    }
    memset(&a, 0, sizeof(a));
    a.sin6_family = AF_INET6;
    a.sin6_addr.s6_addr[15] = 1;
    s = socket(AF_INET6, SOCK_DGRAM, 0);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)&a, sizeof(a)) ||
        getsockname(s, (struct sockaddr *)&a, &len)) {
        if (s != INVALID_SOCKET) {
            closesocket(s);
        }
        WSACleanup();
        return -1;
    }
    *number = ntohs(a.sin6_port);
    return (intptr_t)s;
}

void port_send6(intptr_t port, uint16_t to, const char *data, size_t len)
{
    struct sockaddr_in6 a;

    memset(&a, 0, sizeof(a));
    a.sin6_family = AF_INET6;
    a.sin6_addr.s6_addr[15] = 1;
    a.sin6_port = htons(to);
    (void)sendto((SOCKET)port, data, (int)len, 0, (struct sockaddr *)&a, sizeof(a));
}

void port_quiet(void)
{
}

intptr_t port_listen(uint16_t *number)
{
    struct sockaddr_in a = at(*number);
    int len = sizeof(a);
    WSADATA data;
    SOCKET s;

    if (WSAStartup(MAKEWORD(2, 2), &data)) {
        return -1;
    }
    s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)&a, sizeof(a)) || listen(s, 16) ||
        getsockname(s, (struct sockaddr *)&a, &len)) {
        return -1;
    }
    *number = ntohs(a.sin_port);
    return (intptr_t)s;
}

intptr_t port_accept(intptr_t listener)
{
    SOCKET s = accept((SOCKET)listener, NULL, NULL);
    WSADATA data;

    /* port_close gives it back */
    return s == INVALID_SOCKET || WSAStartup(MAKEWORD(2, 2), &data) ? -1 : (intptr_t)s;
}

size_t port_read(intptr_t port, char *data, size_t size)
{
    int n = recv((SOCKET)port, data, (int)size, 0);

    return n > 0 ? (size_t)n : 0;
}

void port_write(intptr_t port, const char *data, size_t len)
{
    while (len) {
        int n = send((SOCKET)port, data, (int)len, 0);

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

/* Whether what it sends comes from there: Wine binds a datagram socket to all addresses that is to be at another one
 * than 127.0.0.1. */
static bool is_at(SOCKET s, const struct sockaddr_in *a)
{
    struct sockaddr_in from;
    int len = sizeof(from);
    char c = 0;

    return sendto(s, &c, 1, 0, (const struct sockaddr *)a, sizeof(*a)) == 1 &&
           recvfrom(s, &c, 1, 0, (struct sockaddr *)&from, &len) == 1 && from.sin_addr.s_addr == a->sin_addr.s_addr;
}

intptr_t port_open_at(unsigned host, uint16_t *number)
{
    struct sockaddr_in a = at(0);
    int len = sizeof(a);
    WSADATA data;
    SOCKET s;

    if (WSAStartup(MAKEWORD(2, 2), &data)) {
        return -1;
    }
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK - 1 + host);
    s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)&a, sizeof(a)) ||
        getsockname(s, (struct sockaddr *)&a, &len) || (host != 1 && !is_at(s, &a))) {
        if (s != INVALID_SOCKET) {
            closesocket(s);
        }
        WSACleanup();
        return -1;
    }
    *number = ntohs(a.sin_port);
    return (intptr_t)s;
}

void port_close(intptr_t port)
{
    closesocket((SOCKET)port);
    WSACleanup();
}

size_t port_receive(intptr_t port, char *data, size_t size, uint16_t *from)
{
    struct sockaddr_in6 a; /* its port is where that of the other one is */
    int len = sizeof(a), n = recvfrom((SOCKET)port, data, (int)size, 0, (struct sockaddr *)&a, &len);

    *from = ntohs(a.sin6_port);
    return n > 0 ? (size_t)n : 0;
}

void port_send(intptr_t port, uint16_t to, const char *data, size_t len)
{
    struct sockaddr_in a = at(to);

    (void)sendto((SOCKET)port, data, (int)len, 0, (struct sockaddr *)&a, sizeof(a));
}
