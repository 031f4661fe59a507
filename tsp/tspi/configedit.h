/* Lines entered in the configuration, and struck out of it. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_CONFIGEDIT_H
#define TSP_TSPI_CONFIGEDIT_H

#include <stdbool.h>

/* Enters a line as the next [line N]. A configuration without lines stands for four, which are entered as well then.
 * `name` may be NULL. 0; EINVAL: no number, or a text that cannot be stored; EEXIST: somebody has the number; EBADMSG: the
 * configuration has mistakes; EACCES, EBUSY, EIO, ENOENT, ENOMEM: it cannot be read or written.
 * Thread: any. */
int config_line_add(const char *number, const char *name, bool phone);
/* Strikes out the [line N] with this first number; the last one takes along what config_line_add entered for it. 0;
 * ENODEV: no line has it; EPERM: it is one of [lines]; and as config_line_add. */
int config_line_remove(const char *number);

#endif
