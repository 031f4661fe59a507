/* Memory of this process on Windows. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <windows.h>
#include <psapi.h>

uint64_t bench_memory(void)
{
    PROCESS_MEMORY_COUNTERS counters;

    if (!GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof(counters)))
        return 0;
    return counters.PagefileUsage;
}
