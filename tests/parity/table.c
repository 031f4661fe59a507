/* The table that parity.pl generates from mingw's headers, asserted against ours: for other compilers and languages. */
/* SPDX-License-Identifier: MIT */
#ifdef __cplusplus
#define PARITY(condition, name) static_assert(condition, name)
#else
#define PARITY(condition, name) _Static_assert(condition, name)
#endif
#include <stddef.h>
#include PARITY_TABLE
