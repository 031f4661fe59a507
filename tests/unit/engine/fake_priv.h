/* What the files of the fake provider share. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_ENGINE_FAKE_PRIV_H
#define TESTS_UNIT_ENGINE_FAKE_PRIV_H

#include "tapi_shim/platform/platform.h"
#include "tests/unit/engine/fake.h"

void fake_note(const char *fmt, ...) PLATFORM_PRINTF(1, 2); /* into the log */
unsigned fake_line_of(HDRVLINE hdline);
struct fake_call *fake_call_of(HDRVCALL hdcall);
unsigned fake_number_of(const struct fake_call *call);
HDRVCALL fake_handle_of(const struct fake_call *call);
LONG fake_async(uint32_t request, enum fake_how how);
/* Functions on calls beyond the first ones. NULL: it has no such function. */
engine_function_h *fake_ops_lookup(const char *name);

#endif
