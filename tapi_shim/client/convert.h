/* Answers of the engine laid out for the application. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CLIENT_CONVERT_H
#define TAPI_SHIM_CLIENT_CONVERT_H

#include "tapi_shim/client/client.h"

/*
 * Makes the call and lays its output out into `dst` for `version`. `dst` NULL: INVALPOINTER; version 0: what `unknown`
 * says (a bad handle); then the size of the fixed part is checked, before the engine is asked. 0 or a LINEERR_.
 */
LONG client_structure(struct channel_call *call, enum layout_type type, void *dst, uint32_t version, bool ansi,
                      LONG (*unknown)(void));
/* The last step of it: frees the output. */
LONG client_output(struct channel_call *call, enum layout_type type, void *dst, uint32_t version, bool ansi);
/* Whether `dst` has room for the fixed part. 0, INVALPOINTER, STRUCTURETOOSMALL. */
LONG client_room(enum layout_type type, const void *dst, uint32_t version);

#endif
