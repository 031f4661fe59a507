/* OpenSSL in a module that is unloaded before its program ends: Windows. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/tls.h"

#include <openssl/crypto.h>

void sip_tls_begin(void)
{
    /* what it would have called at the end of the program is gone by then */
    (void)OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
}

void sip_tls_end(void)
{
    OPENSSL_thread_stop(); /* linked in, it is not told of the end of threads */
}
