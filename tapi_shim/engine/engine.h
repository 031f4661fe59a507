/* What the rest of the host may ask of the engine besides the channel: a provider linked into the program.
 * SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_ENGINE_ENGINE_H
#define TAPI_SHIM_ENGINE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef void(engine_function_h)(void);
/* Gives the function exported as `name` ("TSPI_lineOpen"), to be cast to its type; NULL: there is none. */
typedef engine_function_h *(engine_lookup_h)(const char *name);

/*
 * Registers a provider that is linked into this program. It is used where the list of providers does not exist, in
 * place of the module that is the default otherwise. Counts from the next first initialisation of the process. NULL:
 * none. Thread: any.
 */
void engine_builtin_provider(engine_lookup_h *lookup);

/*
 * Lets handles begin at another place than in other engines, so that one of an engine that has gone is not one of this.
 * Before the first application. Thread: any.
 */
void engine_generation(uint32_t seed);

/*
 * What starts an application that takes requests (tapiRequestMakeCall) when none is registered: `start` returns 0 if
 * one is on its way; the request then waits for it, for a minute. It runs on the thread of whoever asks, with no lock
 * held, one at a time, and must not call the engine. NULL (as at the start): nobody, such requests are refused.
 * Thread: any.
 */
void engine_default_dialer(int (*start)(void));

/*
 * Whether priorities of applications (lineSetAppPriority), locations and calling cards are read when the first
 * application comes, and kept where platform_state_open says when they change. False at the start. Before the first application. Thread: any.
 */
void engine_keep(bool keeps);

#ifdef __cplusplus
}
#endif

#endif
