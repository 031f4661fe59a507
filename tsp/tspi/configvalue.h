/* Values of the configuration, out of their texts. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_CONFIGVALUE_H
#define TSP_TSPI_CONFIGVALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each is false, and writes nothing, for a text that is no such value. Thread: any. */

bool config_same(const char *a, const char *b);
bool config_to_uint(const char *text, uint32_t min, uint32_t max, uint32_t *out);
bool config_address_ok(const char *text, size_t len);
bool config_list_next(const char **at, const char **part, size_t *len);
bool config_to_media(const char *text, uint32_t *out);
bool config_to_behaviour(const char *text, uint32_t *out);

#endif
