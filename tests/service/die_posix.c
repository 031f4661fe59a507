/* Ends of processes that nothing prepares: SIGKILL. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tests/service/die.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>

_Noreturn void die_here(void)
{
    (void)raise(SIGKILL);
    abort();
}

bool die_other(unsigned long pid)
{
    return kill((pid_t)pid, SIGKILL) == 0;
}
