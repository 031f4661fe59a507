/* Sockets on loopback, for the other end of a test. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_SIP_PORT_H
#define TESTS_UNIT_SIP_PORT_H

#include <stddef.h>
#include <stdint.h>

intptr_t port_open(uint16_t *number);                   /* at 127.0.0.1 and a port that the system chooses */
intptr_t port_open_at(unsigned host, uint16_t *number); /* the same at 127.0.0.host; -1: there is only 127.0.0.1 */
void port_close(intptr_t port);
/* Waits for a datagram; its length, and the port it came from. */
size_t port_receive(intptr_t port, char *data, size_t size, uint16_t *from);
void port_send(intptr_t port, uint16_t to, const char *data, size_t len);

intptr_t port_open6(uint16_t *number); /* at ::1; -1: this machine has no IPv6 */
void port_send6(intptr_t port, uint16_t to, const char *data, size_t len);

void port_quiet(void); /* what is written to nobody is no signal */

/* Connections. `number` 0: any. -1: it does not work. */
intptr_t port_listen(uint16_t *number);
intptr_t port_accept(intptr_t listener);
size_t port_read(intptr_t port, char *data, size_t size); /* waits; 0: it has ended */
void port_write(intptr_t port, const char *data, size_t len);

#endif
