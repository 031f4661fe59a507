/* A product with the session provider linked in. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/builtin.h"

#include "tapi_shim/engine/engine.h"

#include <string.h>

/* tsp/tspi/provider.h; the host includes nothing of the provider. */
void *sessiontsp_lookup(const char *name);

static engine_function_h *lookup(const char *name)
{
    void *found = sessiontsp_lookup(name);
    engine_function_h *function = NULL;

    /* Pointers to functions and to objects are the same on every system this runs on, but not in C. */
    memcpy(&function, &found, sizeof(function));
    return function;
}

void client_builtin(void)
{
    engine_builtin_provider(lookup);
}
