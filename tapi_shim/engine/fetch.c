/* Structures that providers fill: room as needed, nothing of theirs believed. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

enum { FETCH_FIRST = 1024, FETCH_TRIES = 6 };

/* Members that every one of these begins with. */
struct header {
    uint32_t total, needed, used;
};

static void header_read(struct header *h, const void *p)
{
    memcpy(h, p, sizeof(*h));
}

static void header_write(void *p, const struct header *h)
{
    memcpy(p, h, sizeof(*h));
}

/* The newest form of `src`; `len` bytes of it are ours to read, whatever it says about itself. */
static int32_t lay_out(enum layout_type type, uint32_t version, const void *src, uint32_t len, void **outp,
                       uint32_t *lenp)
{
    struct header h = {0, 0, 0};
    uint32_t size = layout_fixed(type, ENGINE_VERSION_MAX) + len, tries;
    void *dst = NULL, *more;
    int32_t rc;

    for (tries = 0; tries < 2; tries++) {
        more = realloc(dst, size);
        if (!more) {
            free(dst);
            return (int32_t)LINEERR_NOMEM;
        }
        dst = more;
        h.total = size;
        h.needed = h.used = 0;
        header_write(dst, &h);
        rc = layout_convert(type, dst, ENGINE_VERSION_MAX, false, src, len, version);
        if (rc) {
            free(dst);
            return rc;
        }
        header_read(&h, dst);
        /* Parts that overlap take more room apart than together. */
        if (h.needed <= size || h.needed > 16u * ENGINE_STRUCT_MAX)
            break;
        size = h.needed;
    }
    h.total = h.needed = h.used;
    header_write(dst, &h);
    *outp = dst;
    *lenp = h.used;
    return 0;
}

int32_t fetch_structure(enum layout_type type, uint32_t version, fetch_h *h, void *arg, void **outp, uint32_t *lenp)
{
    uint32_t fixed = layout_fixed(type, version), size = fixed + FETCH_FIRST, tries;
    struct header head = {0, 0, 0};
    void *buffer;
    int32_t rc = 0;

    *outp = NULL;
    *lenp = 0;
    for (tries = 0; tries < FETCH_TRIES; tries++) {
        buffer = calloc(1, size);
        if (!buffer)
            return (int32_t)LINEERR_NOMEM;
        head.total = size;
        /* TAPI presets these: a provider may add to what it finds. */
        head.needed = head.used = fixed;
        header_write(buffer, &head);
        rc = h(buffer, arg);
        header_read(&head, buffer);
        if (rc == (int32_t)LINEERR_STRUCTURETOOSMALL && size < ENGINE_STRUCT_MAX) {
            size = head.needed > size && head.needed <= ENGINE_STRUCT_MAX ? head.needed : 2 * size;
        } else if (rc || head.needed <= size || head.needed > ENGINE_STRUCT_MAX) {
            break;
        } else {
            size = head.needed;
        }
        if (tries + 1 < FETCH_TRIES) {
            free(buffer);
            buffer = NULL;
        }
    }
    if (!rc)
        rc = lay_out(type, version, buffer, size, outp, lenp);
    free(buffer);
    return rc > 0 ? (int32_t)LINEERR_OPERATIONFAILED : rc;
}

int32_t params_take(const void *in, uint32_t len, uint32_t version, LINECALLPARAMS **paramsp, void **heapp)
{
    uint32_t fixed = layout_fixed(LAYOUT_LINECALLPARAMS, ENGINE_VERSION_MAX), total;
    LINECALLPARAMS *old;
    int32_t rc;

    *paramsp = NULL;
    *heapp = NULL;
    if (!in)
        return 0;
    if (len < fixed)
        return (int32_t)LINEERR_INVALCALLPARAMS;
    memcpy(&total, in, sizeof(total));
    if (total < fixed || total > len)
        return (int32_t)LINEERR_INVALCALLPARAMS;
    if (layout_fixed(LAYOUT_LINECALLPARAMS, version) == fixed) {
        /* Providers take it as input; the prototype does not say so. */
        *paramsp = (LINECALLPARAMS *)(uintptr_t)in;
        return 0;
    }
    old = calloc(1, len);
    if (!old)
        return (int32_t)LINEERR_NOMEM;
    old->dwTotalSize = len;
    rc = layout_convert(LAYOUT_LINECALLPARAMS, old, version, false, in, total, ENGINE_VERSION_MAX);
    if (rc) {
        free(old);
        return rc;
    }
    *paramsp = old;
    *heapp = old;
    return 0;
}
