/* Frames of the channel, written and read. SPDX-License-Identifier: MIT */
#include "tapi_shim/channel/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ----------------------------------------------------------------------------------------------------- */

static unsigned char *put32(unsigned char *p, uint32_t v)
{
    p[0] = (unsigned char)v;
    p[1] = (unsigned char)(v >> 8);
    p[2] = (unsigned char)(v >> 16);
    p[3] = (unsigned char)(v >> 24);
    return p + 4;
}

static unsigned char *put64(unsigned char *p, uint64_t v)
{
    return put32(put32(p, (uint32_t)v), (uint32_t)(v >> 32));
}

static uint32_t get32(const unsigned char **p)
{
    const unsigned char *b = *p;

    *p += 4;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t get64(const unsigned char **p)
{
    uint32_t low = get32(p);

    return low | (uint64_t)get32(p) << 32;
}

static uint64_t padded(uint32_t len)
{
    return ((uint64_t)len + 3) & ~(uint64_t)3;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static unsigned char *put_header(unsigned char *p, uint32_t size, uint32_t kind, uint32_t tag)
{
    return put32(put32(put32(p, size), kind), tag);
}

static unsigned char *put_block(unsigned char *p, const void *data, uint32_t len)
{
    uint32_t whole = data ? (uint32_t)padded(len) : 0;

    if (!whole)
        return p;
    memcpy(p, data, len);
    memset(p + len, 0, whole - len);
    return p + whole;
}

uint32_t wire_put_hello(void *to, uint32_t cap, const struct wire_hello *hello)
{
    const uint32_t size = WIRE_HEADER + 12;

    if (size <= cap)
        put32(put32(put32(put_header(to, size, WIRE_HELLO, 0), WIRE_MAGIC), hello->version), hello->pid);
    return size;
}

uint32_t wire_put_welcome(void *to, uint32_t cap, const struct wire_welcome *welcome)
{
    const uint32_t size = WIRE_HEADER + 16;

    if (size <= cap)
        put32(put32(put32(put32(put_header(to, size, WIRE_WELCOME, 0), WIRE_MAGIC), welcome->version), welcome->status),
              welcome->pid);
    return size;
}

uint32_t wire_put_call(void *to, uint32_t cap, uint32_t tag, const struct channel_call *call)
{
    uint64_t size = WIRE_HEADER + 4 * (1 + CHANNEL_ARGS + 2);
    unsigned char *p;
    int i;

    size += call->in0 ? padded(call->in0_len) : 0;
    size += call->in1 ? padded(call->in1_len) : 0;
    if (size > WIRE_FRAME_MAX)
        return 0;
    if (size > cap)
        return (uint32_t)size;
    p = put32(put_header(to, (uint32_t)size, WIRE_CALL, tag), call->op);
    for (i = 0; i < CHANNEL_ARGS; i++)
        p = put32(p, call->arg[i]);
    p = put32(p, call->in0 ? call->in0_len : WIRE_NONE);
    p = put32(p, call->in1 ? call->in1_len : WIRE_NONE);
    p = put_block(p, call->in0, call->in0_len);
    put_block(p, call->in1, call->in1_len);
    return (uint32_t)size;
}

uint32_t wire_put_result(void *to, uint32_t cap, uint32_t tag, int32_t rc, const struct channel_call *call)
{
    uint64_t size = WIRE_HEADER + 4 * (1 + CHANNEL_RETS + 1) + (call->out ? padded(call->out_len) : 0);
    unsigned char *p;
    int i;

    if (size > WIRE_FRAME_MAX)
        return 0;
    if (size > cap)
        return (uint32_t)size;
    p = put32(put_header(to, (uint32_t)size, WIRE_RESULT, tag), (uint32_t)rc);
    for (i = 0; i < CHANNEL_RETS; i++)
        p = put32(p, call->ret[i]);
    p = put32(p, call->out ? call->out_len : WIRE_NONE);
    put_block(p, call->out, call->out_len);
    return (uint32_t)size;
}

uint32_t wire_put_event(void *to, uint32_t cap, const struct channel_event *event)
{
    uint64_t size = WIRE_EVENT_SIZE + (event->data ? 4 + padded(event->data_len) : 0);
    unsigned char *p = to;

    if (size > WIRE_FRAME_MAX)
        return 0;
    if (cap < size)
        return (uint32_t)size;
    p = put_header(p, (uint32_t)size, WIRE_EVENT, 0);
    p = put32(put32(put32(put32(p, event->app), event->message), event->device), event->reply_call);
    p = put64(put64(put64(put64(p, event->instance), event->p1), event->p2), event->p3);
    if (event->data)
        put_block(put32(p, event->data_len), event->data, event->data_len);
    return (uint32_t)size;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

bool wire_get_hello(const struct wire_frame *frame, struct wire_hello *hello)
{
    const unsigned char *p = frame->body;

    if (frame->kind != WIRE_HELLO || frame->tag || frame->body_len < 12 || get32(&p) != WIRE_MAGIC)
        return false;
    hello->version = get32(&p);
    hello->pid = get32(&p);
    return true;
}

bool wire_get_welcome(const struct wire_frame *frame, struct wire_welcome *welcome)
{
    const unsigned char *p = frame->body;

    if (frame->kind != WIRE_WELCOME || frame->tag || frame->body_len < 16 || get32(&p) != WIRE_MAGIC)
        return false;
    welcome->version = get32(&p);
    welcome->status = get32(&p);
    welcome->pid = get32(&p);
    return true;
}

/* A block of `len` bytes (WIRE_NONE: none) at `*p`, of which `*left` remain. */
static bool get_block(const unsigned char **p, uint32_t *left, uint32_t len, const void **data, uint32_t *data_len)
{
    *data = NULL;
    *data_len = 0;
    if (len == WIRE_NONE)
        return true;
    if (padded(len) > *left)
        return false;
    *data = *p;
    *data_len = len;
    *p += padded(len);
    *left -= (uint32_t)padded(len);
    return true;
}

bool wire_get_call(const struct wire_frame *frame, struct channel_call *call)
{
    const uint32_t fixed = 4 * (1 + CHANNEL_ARGS + 2);
    const unsigned char *p = frame->body;
    uint32_t left = frame->body_len - fixed, len0, len1;
    int i;

    if (frame->kind != WIRE_CALL || frame->body_len < fixed)
        return false;
    memset(call, 0, sizeof(*call));
    call->op = get32(&p);
    for (i = 0; i < CHANNEL_ARGS; i++)
        call->arg[i] = get32(&p);
    len0 = get32(&p);
    len1 = get32(&p);
    return get_block(&p, &left, len0, &call->in0, &call->in0_len) &&
           get_block(&p, &left, len1, &call->in1, &call->in1_len) && !left;
}

bool wire_has_out(uint32_t op)
{
    static const char *const textv[] = {
#define WIRE_OP_TEXT(name, text) text,
        CHANNEL_OP_MAP(WIRE_OP_TEXT)
#undef WIRE_OP_TEXT
    };
    const char *results = op < CHANNEL_OP_COUNT ? strstr(textv[op], "->") : NULL;

    return results && strstr(results, "out ");
}

bool wire_get_result(const struct wire_frame *frame, struct wire_result *result)
{
    const uint32_t fixed = 4 * (1 + CHANNEL_RETS + 1);
    const unsigned char *p = frame->body;
    uint32_t left = frame->body_len - fixed, len;
    int i;

    if (frame->kind != WIRE_RESULT || frame->body_len < fixed)
        return false;
    result->rc = (int32_t)get32(&p);
    for (i = 0; i < CHANNEL_RETS; i++)
        result->ret[i] = get32(&p);
    len = get32(&p);
    return get_block(&p, &left, len, &result->out, &result->out_len) && !left;
}

bool wire_get_event(const struct wire_frame *frame, struct channel_event *event)
{
    const uint32_t fixed = WIRE_EVENT_SIZE - WIRE_HEADER;
    const unsigned char *p = frame->body;
    uint32_t left = frame->body_len - fixed, len;

    if (frame->kind != WIRE_EVENT || frame->tag || frame->body_len < fixed || (left && left < 4))
        return false;
    memset(event, 0, sizeof(*event));
    event->app = get32(&p);
    event->message = get32(&p);
    event->device = get32(&p);
    event->reply_call = get32(&p);
    event->instance = get64(&p);
    event->p1 = get64(&p);
    event->p2 = get64(&p);
    event->p3 = get64(&p);
    if (!left)
        return true;
    len = get32(&p);
    left -= 4;
    return len != WIRE_NONE && get_block(&p, &left, len, &event->data, &event->data_len) && !left;
}

/* ---- frames out of a stream ----------------------------------------------------------------------------------------
 */

static bool size_valid(uint32_t size)
{
    return size >= WIRE_HEADER && size <= WIRE_FRAME_MAX && size % 4 == 0;
}

/* Adds up to `want` bytes in all to the buffer. */
static int keep(struct wire_reader *r, const unsigned char **data, size_t *size, uint32_t want)
{
    uint32_t missing = want - r->len, take = *size < missing ? (uint32_t)*size : missing;

    if (r->len + take > r->cap) {
        uint32_t cap = r->cap ? r->cap : 256;
        unsigned char *buf;

        while (cap < r->len + take)
            cap *= 2;
        buf = realloc(r->buf, cap);
        if (!buf)
            return ENOMEM;
        r->buf = buf;
        r->cap = cap;
    }
    if (take)
        memcpy(r->buf + r->len, *data, take);
    r->len += take;
    *data += take;
    *size -= take;
    return 0;
}

static bool give(const unsigned char *at, uint32_t size, wire_frame_h *h, void *arg)
{
    const unsigned char *p = at + 4;
    struct wire_frame frame;

    frame.kind = get32(&p);
    frame.tag = get32(&p);
    frame.body = p;
    frame.body_len = size - WIRE_HEADER;
    return h(&frame, arg);
}

int wire_feed(struct wire_reader *r, const void *bytes, size_t size, wire_frame_h *h, void *arg)
{
    const unsigned char *data = bytes;
    int err;

    while (size) {
        const unsigned char *p;
        uint32_t whole;

        /* A frame that is there as a whole, where a frame may lie, is read in place. */
        if (!r->len && size >= 4 && (uintptr_t)data % 4 == 0) {
            p = data;
            whole = get32(&p);
            if (!size_valid(whole))
                return EPROTO;
            if (size >= whole) {
                if (!give(data, whole, h, arg))
                    return ECANCELED;
                data += whole;
                size -= whole;
                continue;
            }
        }
        if (r->len < 4) {
            err = keep(r, &data, &size, 4);
            if (err)
                return err;
            if (r->len < 4)
                return 0;
        }
        p = r->buf;
        whole = get32(&p);
        if (!size_valid(whole))
            return EPROTO;
        err = keep(r, &data, &size, whole);
        if (err)
            return err;
        if (r->len < whole)
            return 0;
        r->len = 0;
        if (!give(r->buf, whole, h, arg))
            return ECANCELED;
        /* What one large frame took is not kept for ever. */
        if (r->cap > 1 << 16)
            wire_reader_clear(r);
    }
    return 0;
}

void wire_reader_clear(struct wire_reader *r)
{
    free(r->buf);
    memset(r, 0, sizeof(*r));
}
