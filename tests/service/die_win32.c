/* Ends of processes that nothing prepares: TerminateProcess. SPDX-License-Identifier: MIT */
#include "tests/service/die.h"

#include <stdlib.h>
#include <windows.h>

enum { DIE_STATUS = 137 }; /* as shells show SIGKILL */

_Noreturn void die_here(void)
{
    (void)TerminateProcess(GetCurrentProcess(), DIE_STATUS);
    abort();
}

bool die_other(unsigned long pid)
{
    HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, pid);
    bool done;

    if (!process)
        return false;
    done = TerminateProcess(process, DIE_STATUS) != 0;
    (void)CloseHandle(process);
    return done;
}
