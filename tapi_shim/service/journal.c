/* The latest lines of the service's log, for whoever asks later. SPDX-License-Identifier: MIT */
#include "tapi_shim/service/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOURNAL_SIZE = 1 << 18 };

static struct {
    struct platform_mutex lock;
    char text[JOURNAL_SIZE]; /* a ring */
    size_t start, len;
} journal = {.lock = PLATFORM_MUTEX_INIT};

static void add(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        journal.text[(journal.start + journal.len + i) % JOURNAL_SIZE] = text[i];
    journal.len += len;
    if (journal.len <= JOURNAL_SIZE)
        return;
    journal.start = (journal.start + journal.len) % JOURNAL_SIZE;
    journal.len = JOURNAL_SIZE;
    /* No half line at the beginning. */
    while (journal.len && journal.text[journal.start] != '\n') {
        journal.start = (journal.start + 1) % JOURNAL_SIZE;
        journal.len--;
    }
    if (journal.len) {
        journal.start = (journal.start + 1) % JOURNAL_SIZE;
        journal.len--;
    }
}

void journal_line(const char *line, size_t len)
{
    struct platform_date date;
    char time[64];
    int n;

    platform_wall_to_local(platform_wall_ms(), &date);
    n = snprintf(time, sizeof(time), "%04d-%02d-%02d %02d:%02d:%02d.%03d ", date.year, date.month, date.day, date.hour,
                 date.minute, date.second, date.ms);
    platform_mutex_lock(&journal.lock);
    add(time, (size_t)n);
    add(line, len);
    platform_mutex_unlock(&journal.lock);
}

char *journal_copy(size_t *lenp)
{
    char *copy;
    size_t i;

    platform_mutex_lock(&journal.lock);
    copy = malloc(journal.len ? journal.len : 1);
    if (copy) {
        for (i = 0; i < journal.len; i++)
            copy[i] = journal.text[(journal.start + i) % JOURNAL_SIZE];
        *lenp = journal.len;
    }
    platform_mutex_unlock(&journal.lock);
    return copy;
}
