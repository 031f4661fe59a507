/* Forwarding and call completion in TAPI's structures. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_FORWARD_H
#define TSP_TSPI_FORWARD_H

#include "tsp/tspi/fill.h"
#include "tsp/tspi/state.h"

enum { TSPI_MESSAGE_UNITS = 32 }; /* of a completion message's text, with the terminator */

/* The forwarding of an address (NULL: none) in its status. */
void tspi_fill_forwards(struct fill *f, LINEADDRESSSTATUS *s, const struct session_forwards *forwards);
/* What an address can do of both. */
void tspi_fill_completion(struct fill *f, LINEADDRESSCAPS *caps);
/* LINECALLFEATURE2_ of SESSION_COMPL_ bits. */
uint32_t tspi_completion_features2(uint32_t modes);

#endif
