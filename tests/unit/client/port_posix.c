/* Completion ports: POSIX has none. SPDX-License-Identifier: MIT */
#include "tests/unit/client/port.h"

intptr_t port_make(void)
{
    return 0;
}

void port_close(intptr_t port)
{
    (void)port;
}

bool port_take(intptr_t port, uintptr_t *key, LINEMESSAGE *message)
{
    (void)port;
    (void)key;
    (void)message;
    return false;
}
