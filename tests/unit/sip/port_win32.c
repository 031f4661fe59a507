/* Datagrams on Windows. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/port.h"

#include <winsock2.h>

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

intptr_t port_open(uint16_t *number)
{
    struct sockaddr_in a = at(0);
    int len = sizeof(a);
    WSADATA data;
    SOCKET s;

    if (WSAStartup(MAKEWORD(2, 2), &data)) {
        return -1;
    }
    s = socket(AF_INET, SOCK_DGRAM, 0);
    if (s == INVALID_SOCKET || bind(s, (struct sockaddr *)&a, sizeof(a)) ||
        getsockname(s, (struct sockaddr *)&a, &len)) {
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
    struct sockaddr_in a;
    int len = sizeof(a), n = recvfrom((SOCKET)port, data, (int)size, 0, (struct sockaddr *)&a, &len);

    *from = ntohs(a.sin_port);
    return n > 0 ? (size_t)n : 0;
}

void port_send(intptr_t port, uint16_t to, const char *data, size_t len)
{
    struct sockaddr_in a = at(to);

    (void)sendto((SOCKET)port, data, (int)len, 0, (struct sockaddr *)&a, sizeof(a));
}
