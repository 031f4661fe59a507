/* A person at a dialog: what a test has of one. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_TSPI_UI_DRIVE_H
#define TESTS_UNIT_TSPI_UI_DRIVE_H

#include <stdbool.h>

/* Whether there are dialogs here, and somewhere to show them. */
bool drive_possible(void);
/* The next dialog of this thread: enters a line (`number`, `name`), or chooses the `choose`th (from 0) and removes it
 * (`number` NULL), reads what is said then into `said`, and closes the dialog. */
void drive_begin(const char *number, const char *name, int choose, char said[200]);
/* How many lines it showed at the end; -1: it was never there. */
int drive_end(void);

#endif
