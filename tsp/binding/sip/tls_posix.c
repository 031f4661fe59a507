/* OpenSSL in a module that is unloaded before its program ends: POSIX, where it is a library of its own, which stays.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/tls.h"

void sip_tls_begin(void)
{
}

void sip_tls_end(void)
{
}
