/* Bare round trips over a named pipe. SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <windows.h>

#include "tapi_shim/platform/platform.h"

enum { SIZE_MAX_BYTES = 4096 };

/* False: the other side has gone. */
static bool take(HANDLE pipe, void *data, size_t size)
{
    size_t got = 0;

    while (got < size) {
        DWORD n = 0;

        if (!ReadFile(pipe, (char *)data + got, (DWORD)(size - got), &n, NULL) || !n)
            return false;
        got += n;
    }
    return true;
}

static bool give(HANDLE pipe, const void *data, size_t size)
{
    DWORD n = 0;

    return WriteFile(pipe, data, (DWORD)size, &n, NULL) && n == size;
}

double bench_echo_ns(const char *place, size_t size, unsigned count, void (*start)(const char *place))
{
    char data[SIZE_MAX_BYTES] = {0};
    uint64_t best = UINT64_MAX;
    HANDLE pipe = CreateNamedPipeA(place, PIPE_ACCESS_DUPLEX, PIPE_TYPE_BYTE | PIPE_WAIT, 1, 65536, 65536, 0, NULL);

    if (pipe == INVALID_HANDLE_VALUE)
        bench_fail("no pipe", (long)GetLastError());
    start(place);
    if (!ConnectNamedPipe(pipe, NULL) && GetLastError() != ERROR_PIPE_CONNECTED)
        bench_fail("nobody came", (long)GetLastError());
    for (int repeat = 0; repeat < 3; repeat++) {
        const uint64_t began = platform_mono_ns();
        uint64_t took;

        for (unsigned i = 0; i < count; i++)
            if (!give(pipe, data, size) || !take(pipe, data, size))
                bench_fail("the echo has gone", (long)GetLastError());
        took = (platform_mono_ns() - began) / count;
        if (took < best)
            best = took;
    }
    (void)CloseHandle(pipe);
    return (double)best;
}

void bench_echo_serve(const char *place, size_t size)
{
    char data[SIZE_MAX_BYTES];
    HANDLE pipe = CreateFileA(place, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);

    if (pipe == INVALID_HANDLE_VALUE)
        bench_fail("nobody there", (long)GetLastError());
    while (take(pipe, data, size) && give(pipe, data, size))
        ;
    (void)CloseHandle(pipe);
}
