/* A datagram socket on loopback, for the other end of a test. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SIP_PORT_H
#define TESTS_UNIT_SIP_PORT_H

#include <stddef.h>
#include <stdint.h>

intptr_t port_open(uint16_t *number); /* at 127.0.0.1 and a port that the system chooses */
void port_close(intptr_t port);
/* Waits for a datagram; its length, and the port it came from. */
size_t port_receive(intptr_t port, char *data, size_t size, uint16_t *from);
void port_send(intptr_t port, uint16_t to, const char *data, size_t len);

#endif
