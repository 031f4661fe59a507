/* OpenSSL in a module that is unloaded before its program ends. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_TLS_H
#define TSP_BINDING_SIP_TLS_H

/* Before anything of it is used, and when the thread that used it ends. Thread: the binding's own. */
void sip_tls_begin(void);
void sip_tls_end(void);

#endif
