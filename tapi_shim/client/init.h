/* What lines and phones check alike when they are initialised. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CLIENT_INIT_H
#define TAPI_SHIM_CLIENT_INIT_H

#include "tapi_shim/client/client.h"

/* Reads the parameters of lineInitializeEx (those of phoneInitializeEx have the same layout and values) into `config`,
 * and sets their sizes. 0 or a LINEERR_. */
LONG client_init_params(struct client_app_config *config, LINEINITIALIZEEXPARAMS *params, LINECALLBACK callback,
                        DWORD version);

#endif
