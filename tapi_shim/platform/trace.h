/* A record of what crosses from layer to layer, for diagrams. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_TRACE_H
#define TAPI_SHIM_PLATFORM_TRACE_H

#include "tapi_shim/platform/platform.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The layers, as they stand in the record. */
#define PLATFORM_TRACE_APPLICATION "application"
#define PLATFORM_TRACE_HOST "host"
#define PLATFORM_TRACE_PROVIDER "provider"
#define PLATFORM_TRACE_EXCHANGE "exchange" /* whatever carries the sessions */
#define PLATFORM_TRACE_PEER "peer"         /* who is talked to by SIP */

extern int platform_trace_state; /* < 0: the environment has not been asked yet; 0: off; > 0: on */
bool platform_trace_begin(void);

/* Whether the environment variable TAPI_SHIM_TRACE names a file to write to; it is asked once. Thread: any. */
static inline bool platform_trace_on(void)
{
    int state = __atomic_load_n(&platform_trace_state, __ATOMIC_RELAXED);

    return state && (state > 0 || platform_trace_begin());
}

/* Adds the line "NANOSECONDS FROM TO TEXT" (platform_mono_ns) to the file if that is so; several modules and processes
 * may write to it. `from` and `to` are layers. Never call with a secret. Thread: any, also with locks held. */
void platform_trace(const char *from, const char *to, const char *fmt, ...) PLATFORM_PRINTF(3, 4);

#ifdef __cplusplus
}
#endif

#endif
