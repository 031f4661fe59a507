/* Clocks. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/win32/win.h"

#define EPOCH_100NS 116444736000000000ull /* 1970-01-01 in FILETIME units */

/* Ticks of the performance counter in units of 1/`per_second`, without overflow for any uptime. */
static uint64_t counter_in(uint64_t per_second)
{
    LARGE_INTEGER now, freq;
    uint64_t n, f;

    /* Neither can fail on Windows XP or later. */
    (void)QueryPerformanceFrequency(&freq);
    (void)QueryPerformanceCounter(&now);
    n = (uint64_t)now.QuadPart;
    f = (uint64_t)freq.QuadPart;
    return n / f * per_second + n % f * per_second / f;
}

uint64_t platform_mono_ns(void)
{
    return counter_in(1000000000);
}

uint64_t platform_mono_ms(void)
{
    return counter_in(1000);
}

uint64_t platform_wall_ms(void)
{
    FILETIME ft;
    uint64_t t;

    GetSystemTimeAsFileTime(&ft);
    t = (uint64_t)ft.dwHighDateTime << 32 | ft.dwLowDateTime;
    return t < EPOCH_100NS ? 0 : (t - EPOCH_100NS) / 10000;
}

void platform_sleep_ms(uint32_t ms)
{
    Sleep(ms);
}

void platform_wall_to_local(uint64_t wall_ms, struct platform_date *out)
{
    SYSTEMTIME utc, local;
    FILETIME ft;
    uint64_t t;

    if (wall_ms > (INT64_MAX - EPOCH_100NS) / 10000)
        goto utc;
    t = wall_ms * 10000 + EPOCH_100NS;
    ft.dwHighDateTime = (DWORD)(t >> 32);
    ft.dwLowDateTime = (DWORD)t;
    if (!FileTimeToSystemTime(&ft, &utc) || !SystemTimeToTzSpecificLocalTime(NULL, &utc, &local))
        goto utc;
    out->year = local.wYear;
    out->month = local.wMonth;
    out->weekday = local.wDayOfWeek;
    out->day = local.wDay;
    out->hour = local.wHour;
    out->minute = local.wMinute;
    out->second = local.wSecond;
    out->ms = local.wMilliseconds;
    return;
utc: /* beyond what the system converts */
    platform_wall_to_utc(wall_ms, out);
}
