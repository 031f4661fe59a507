/* Datagrams on POSIX. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tests/unit/sip/port.h"

#include <arpa/inet.h>
#include <netinet/in.h>
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

intptr_t port_open(uint16_t *number)
{
    struct sockaddr_in a = at(0);
    socklen_t len = sizeof(a);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

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
    struct sockaddr_in a;
    socklen_t len = sizeof(a);
    ssize_t n = recvfrom((int)port, data, size, 0, (struct sockaddr *)&a, &len);

    *from = ntohs(a.sin_port);
    return n > 0 ? (size_t)n : 0;
}

void port_send(intptr_t port, uint16_t to, const char *data, size_t len)
{
    struct sockaddr_in a = at(to);

    (void)sendto((int)port, data, len, 0, (struct sockaddr *)&a, sizeof(a));
}
