/* Bytes waiting to be sent, for the two implementations of links. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_PLATFORM_LINK_QUEUE_H
#define TAPI_SHIM_PLATFORM_LINK_QUEUE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct link_queue {
    unsigned char *buf;
    size_t cap, start, len;
};

enum { LINK_QUEUE_KEEP_BYTES = 4096 }; /* an empty queue keeps no more than that */

static inline void link_queue_clear(struct link_queue *q)
{
    free(q->buf);
    memset(q, 0, sizeof(*q));
}

static inline bool link_queue_put(struct link_queue *q, const void *data, size_t size)
{
    if (size > q->cap - q->len) {
        size_t cap = q->cap ? q->cap : 1024;
        unsigned char *buf;

        while (cap - q->len < size) {
            if (cap > SIZE_MAX / 2)
                return false;
            cap *= 2;
        }
        buf = malloc(cap);
        if (!buf)
            return false;
        if (q->len > 0)
            memcpy(buf, q->buf + q->start, q->len);
        free(q->buf);
        q->buf = buf;
        q->cap = cap;
        q->start = 0;
    } else if (size > q->cap - q->start - q->len) {
        memmove(q->buf, q->buf + q->start, q->len);
        q->start = 0;
    }
    memcpy(q->buf + q->start + q->len, data, size);
    q->len += size;
    return true;
}

static inline void link_queue_take(struct link_queue *q, size_t size)
{
    q->start += size;
    q->len -= size;
    if (q->len == 0) {
        q->start = 0;
        if (q->cap > LINK_QUEUE_KEEP_BYTES)
            link_queue_clear(q);
    }
}

#endif
