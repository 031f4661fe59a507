/* What tests and benchmarks may set and ask that TSPI has no function for. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_TESTING_H
#define TSP_TSPI_TESTING_H

#include "tsp/tspi/config.h"

/*
 * Where all memory comes from, from the next TSPI_providerEnumDevices or TSPI_providerInit on; NULL: the C library.
 * The functions may be called on any thread. Only allowed while the provider is shut down.
 */
void sessiontsp_set_memory(const struct session_mem *mem);

/* Where the configuration is read from next; NULL: the usual place. As sessiontsp_set_memory. */
void sessiontsp_set_config(config_source_h *source);

/* What is wrong with the objects of the running provider, NULL if nothing is (session_check). Thread: any. */
const char *sessiontsp_check(void);

/*
 * Returns once everything queued so far has been handed to the host; at once inside a callback. The provider's own
 * thread may be the one that delivers, and then a function returns before the host has heard what it caused.
 * Thread: one at a time, and not while another shuts the provider down.
 */
void sessiontsp_settle(void);

#endif
