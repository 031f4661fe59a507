/* A product whose providers are all modules. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/builtin.h"

void client_builtin(void)
{
}
