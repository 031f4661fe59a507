/* The provider linked into a program instead of loaded as a module. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_PROVIDER_H
#define TSP_TSPI_PROVIDER_H

#include "tsp/tspi/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The function of the provider with this name (names.def), NULL if there is none: what a host uses in place of looking a
 * symbol up in a loaded module. Cast it to the function's type.
 * Thread: any.
 */
void *sessiontsp_lookup(const char *name);

/*
 * For tests: where all memory comes from, from the next TSPI_providerEnumDevices or TSPI_providerInit on; NULL: the C library.
 * The functions may be called on any thread. Only allowed while the provider is shut down; what a
 * TSPI_providerEnumDevices has read is freed first.
 */
void sessiontsp_set_memory(const struct session_mem *mem);

/* For tests: where the configuration is read from next; NULL: the usual place. As sessiontsp_set_memory. */
void sessiontsp_set_config(config_source_h *source);

/* For tests: what is wrong with the objects of the running provider, NULL if nothing is (session_check). Thread: any. */
const char *sessiontsp_check(void);

#ifdef __cplusplus
}
#endif

#endif
