/* The provider that a product has built in. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CLIENT_BUILTIN_H
#define TAPI_SHIM_CLIENT_BUILTIN_H

/* Tells the engine of the provider that is linked into this product, if there is one; before the engine starts. Each
 * product links one definition of it: builtin_none.c or builtin_sessiontsp.c. Thread: any. */
void client_builtin(void);

#endif
