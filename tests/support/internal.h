/* What the files of this folder share. SPDX-License-Identifier: MIT */
#ifndef TESTS_SUPPORT_INTERNAL_H
#define TESTS_SUPPORT_INTERNAL_H

#include <stdint.h>

/* Says what failed and aborts. */
_Noreturn void support_fail(const char *what);
/* Adds a value to the file or key `place`: `text`, or `number` if that is NULL. */
void support_store_put(const char *place, const char *section, const char *name, const char *text, uint32_t number);

#endif
