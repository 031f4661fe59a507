/* There are no dialogs. SPDX-License-Identifier: MIT */
#include "tests/unit/tspi/ui_drive.h"

bool drive_possible(void)
{
    return false;
}

void drive_begin(const char *number, const char *name, int choose, char said[200])
{
    (void)number;
    (void)name;
    (void)choose;
    said[0] = 0;
}

int drive_end(void)
{
    return -1;
}
