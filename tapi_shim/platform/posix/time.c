/* Clocks. SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <time.h>

uint64_t platform_mono_ns(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

uint64_t platform_mono_ms(void)
{
    return platform_mono_ns() / 1000000;
}

uint64_t platform_wall_ms(void)
{
    struct timespec ts;

    (void)clock_gettime(CLOCK_REALTIME, &ts);
    return ts.tv_sec < 0 ? 0 : (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void platform_sleep_ms(uint32_t ms)
{
    struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};

    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

void platform_wall_to_local(uint64_t wall_ms, struct platform_date *out)
{
    time_t t = (time_t)(wall_ms / 1000);
    struct tm tm;

    if ((uint64_t)t != wall_ms / 1000 || t < 0 || !localtime_r(&t, &tm)) {
        platform_wall_to_utc(wall_ms, out);
        return;
    }
    out->year = tm.tm_year + 1900;
    out->month = tm.tm_mon + 1;
    out->weekday = tm.tm_wday;
    out->day = tm.tm_mday;
    out->hour = tm.tm_hour;
    out->minute = tm.tm_min;
    out->second = tm.tm_sec > 59 ? 59 : tm.tm_sec; /* a leap second is no time of the interface above */
    out->ms = (int)(wall_ms % 1000);
}
