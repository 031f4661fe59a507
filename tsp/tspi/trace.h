/* What goes between the session core and its exchange, for diagrams. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_TRACE_H
#define TSP_TSPI_TRACE_H

#include "tsp/binding/pump.h"

/* Has it recorded from now on, if a record is wanted (tapi_shim/platform/trace.h). */
void trace_begin(struct pump *pump);

#endif
