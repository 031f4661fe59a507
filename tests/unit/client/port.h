/* Completion ports as an application uses them. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CLIENT_PORT_H
#define TESTS_UNIT_CLIENT_PORT_H

#include "include/tapi_port.h"

#include <stdbool.h>
#include <stdint.h>

intptr_t port_make(void); /* 0: there are none on this system */
void port_close(intptr_t port);
/* What is there now; gives the message's memory back as lineInitializeEx says. */
bool port_take(intptr_t port, uintptr_t *key, LINEMESSAGE *message);

#endif
