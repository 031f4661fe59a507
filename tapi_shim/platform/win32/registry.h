/* Registry keys by name, and their values as text. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_WIN32_REGISTRY_H
#define TAPI_SHIM_PLATFORM_WIN32_REGISTRY_H

#include "tapi_shim/platform/win32/win.h"

enum { REGISTRY_PATH_MAX = 1024 }; /* bytes of a key's name in UTF-8 with its root */

/* Opens the key `path`, HKCU\... or HKLM\... (or their long names), in the view of this process. `access` as
 * RegOpenKeyEx. EINVAL: it names no key below one of these; ENOENT, EACCES, EIO, ENOMEM. */
int registry_open(const char *path, REGSAM access, HKEY *keyp);
/* The same, and makes it with those above it if it is not there. *madep (may be NULL): it was made. */
int registry_create(const char *path, REGSAM access, HKEY *keyp, bool *madep);
/* Removes the key; `tree`: with everything in it, otherwise it must have no subkeys. ENOENT, EACCES, EIO, EINVAL,
 * ENOMEM. */
int registry_remove(const char *path, bool tree);

/* Called for each value. `text` NULL: it cannot be read as a text, `why` says why; it is then "" for other values. */
typedef void(registry_value_h)(const char *name, const char *text, const char *why, void *arg);
/* Gives all values: REG_SZ as they are, REG_DWORD in decimal. EACCES, EIO, ENOMEM. */
int registry_values(HKEY key, registry_value_h *h, void *arg);

/* Called for each subkey; not 0 ends the walk with that result. */
typedef int(registry_subkey_h)(HKEY key, const char *name, void *arg);
int registry_subkeys(HKEY key, registry_subkey_h *h, void *arg);

#endif
