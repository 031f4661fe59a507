/* What a reading of the configuration gave, one line each. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_PLATFORM_ENTRIES_H
#define TESTS_UNIT_PLATFORM_ENTRIES_H

#include <stddef.h>

struct entries {
    char got[65536];    /* "[section] key = value" with a newline */
    char where[65536];  /* where each of them was */
    char errors[65536]; /* "where: text" */
    unsigned entryc, errorc;
};

/* Reads `path` (NULL: as the program would); what platform_conf_read() returned. */
int entries_read(struct entries *e, const char *path);

#endif
