/* Memory of this process on POSIX. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <malloc.h>

uint64_t bench_memory(void)
{
    struct mallinfo2 info = mallinfo2();

    return (uint64_t)info.uordblks + (uint64_t)info.hblkhd;
}
