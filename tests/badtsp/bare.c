/* A module with one function of a provider and none of the others. SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"

#if defined(__ELF__)
#define EXPORTED __attribute__((visibility("default")))
#else
#define EXPORTED
#endif

EXPORTED LONG TSPIAPI TSPI_lineNegotiateTSPIVersion(DWORD device, DWORD low, DWORD high, LPDWORD version)
{
    (void)device;
    (void)low;
    *version = high;
    return 0;
}
