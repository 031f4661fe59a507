/* What is said to a provider: POSIX. SPDX-License-Identifier: MIT */
#include "include/tapi_shim.h"
#include "tapi_shim/tapictl/tool.h"

LONG tool_provider_data(DWORD id, void *data, DWORD size)
{
    return tapi_shim_provider_data(id, data, size);
}
