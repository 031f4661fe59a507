/* SIP messages in the record of crossings. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_TRACE_H
#define TSP_BINDING_SIP_TRACE_H

#include <stddef.h>

/* The first line of a message, as it may be shown: passwords and headers in URIs are ***. As much as fits, terminated;
 * its length. Thread: any. */
size_t sip_trace_mask(char *out, size_t size, const char *text, size_t len);

struct sip_ua;
/* Records from now on if the environment asks for it. Thread: the binding's own. */
void sip_trace_begin(struct sip_ua *ua);

#endif
