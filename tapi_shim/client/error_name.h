/* Names of error codes. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CLIENT_ERROR_NAME_H
#define TAPI_SHIM_CLIENT_ERROR_NAME_H

#include "include/tapi_port.h"

/* "LINEERR_INVALCALLHANDLE", "PHONEERR_NODEVICE", "TAPIERR_NOREQUESTRECIPIENT"; "success" for 0, else "unknown". */
const char *error_name(LONG err);

#endif
