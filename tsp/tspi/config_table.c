/* Prints the configuration's schema as the table that the README shows. SPDX-License-Identifier: MIT */
#include "tsp/tspi/config.h"

#include <stdio.h>

static void print(const char *line, void *arg)
{
    (void)arg;
    (void)puts(line);
}

int main(void)
{
    config_describe(print, NULL);
    return 0;
}
