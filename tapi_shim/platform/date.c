/* Calendar date of a time in UTC, for any time there can be. SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/platform.h"

void platform_wall_to_utc(uint64_t wall_ms, struct platform_date *out)
{
    const uint64_t day_ms = 86400000;
    uint64_t days = wall_ms / day_ms, ms = wall_ms % day_ms, era, day, year, year_day, month;

    out->ms = (int)(ms % 1000);
    out->second = (int)(ms / 1000 % 60);
    out->minute = (int)(ms / 60000 % 60);
    out->hour = (int)(ms / 3600000);
    out->weekday = (int)((days + 4) % 7); /* 1970-01-01 was a Thursday */
    /* Years are counted from March, so that the leap day is the last of a year; an era is 400 years, from 0000-03-01.
     */
    days += 719468;
    era = days / 146097;
    day = days % 146097;
    year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    year_day = day - (365 * year + year / 4 - year / 100);
    month = (5 * year_day + 2) / 153;
    out->day = (int)(year_day - (153 * month + 2) / 5 + 1);
    out->month = (int)(month < 10 ? month + 3 : month - 9);
    out->year = (int)(year + era * 400 + (month >= 10));
}
