/*
 * tapi.h - the telephony API (TAPI 2.2) for systems without windows.h.
 *
 * SPDX-License-Identifier: MIT
 *
 * Same names, values and binary layout as the Windows SDK's header. Differences that follow from the
 * platform: WCHAR is char16_t, the A functions take UTF-8, and waiting for messages is described in
 * tapi_shim.h. On Windows use the SDK's own header.
 */
#ifndef TAPI_H
#define TAPI_H

/* Interface version that the plain names stand for: 2.2, the highest the host negotiates. */
#ifndef TAPI_CURRENT_VERSION
#define TAPI_CURRENT_VERSION 0x00020002
#endif

#include "tapi_agent_structs.h"
#include "tapi_errors.h"
#include "tapi_functions.h"
#include "tapi_handles.h"
#include "tapi_line_const.h"
#include "tapi_names.h"
#include "tapi_phone_const.h"
#include "tapi_structs.h"
#include "tapi_types.h"

#endif
