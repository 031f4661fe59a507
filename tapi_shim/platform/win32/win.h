/* Helpers of this folder: wide text and error codes. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_WIN32_WIN_H
#define TAPI_SHIM_PLATFORM_WIN32_WIN_H

#include <windows.h>

#include "tapi_shim/platform/internal.h"

/* UTF-8 to a wide text in memory of its own; free() it. NULL: no memory. */
WCHAR *win_wide(const char *text);
/* errno value for an error of the system: ENOENT, EACCES, ENOMEM, EEXIST, else EIO. */
int win_errno(DWORD code);
/* The module (DLL or program) that this code is linked into. */
HMODULE win_module(void);

#endif
