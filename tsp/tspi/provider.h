/* The provider linked into a program instead of loaded as a module. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_PROVIDER_H
#define TSP_TSPI_PROVIDER_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The function of the provider with this name (names.def), NULL if there is none: what a host uses in place of looking
 * a symbol up in a loaded module. Cast it to the function's type. Thread: any.
 */
void *sessiontsp_lookup(const char *name);

#ifdef __cplusplus
}
#endif

#endif
