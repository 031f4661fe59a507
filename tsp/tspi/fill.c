/* Fills TAPI's structures of variable size. SPDX-License-Identifier: MIT */
#include "tsp/tspi/fill.h"

#include "tapi_shim/platform/platform.h"

#include <string.h>

/* Every one of them begins like this. */
enum { TOTAL_AT = 0, NEEDED_AT = 4, USED_AT = 8 };
_Static_assert(offsetof(LINEDEVCAPS, dwUsedSize) == USED_AT, "layout");
_Static_assert(offsetof(LINEADDRESSCAPS, dwUsedSize) == USED_AT, "layout");
_Static_assert(offsetof(LINEDEVSTATUS, dwUsedSize) == USED_AT, "layout");
_Static_assert(offsetof(LINEADDRESSSTATUS, dwUsedSize) == USED_AT, "layout");
_Static_assert(offsetof(LINECALLINFO, dwUsedSize) == USED_AT, "layout");
_Static_assert(offsetof(LINECALLSTATUS, dwUsedSize) == USED_AT, "layout");
_Static_assert(offsetof(VARSTRING, dwUsedSize) == USED_AT, "layout");

/* The structures are packed and may lie at any address. */
static void put(unsigned char *base, size_t at, uint32_t value)
{
    memcpy(base + at, &value, sizeof value);
}

LONG fill_begin(struct fill *f, void *out, uint32_t fixed, void *copy, uint32_t size)
{
    if (!out)
        return (LONG)LINEERR_INVALPOINTER;
    f->out = out;
    f->copy = copy;
    f->fixed = fixed;
    memcpy(&f->total, f->out + TOTAL_AT, sizeof f->total);
    if (f->total < fixed)
        return (LONG)LINEERR_STRUCTURETOOSMALL;
    f->needed = f->used = fixed;
    memcpy(copy, out, fixed);
    memset(f->copy + fixed, 0, size - fixed);
    return 0;
}

void fill_part(struct fill *f, size_t size_at, size_t offset_at, const void *data, uint32_t size)
{
    f->needed += size;
    if (size == 0 || f->total - f->used < size) {
        put(f->copy, size_at, 0);
        put(f->copy, offset_at, 0);
        return;
    }
    memcpy(f->out + f->used, data, size);
    put(f->copy, size_at, size);
    put(f->copy, offset_at, f->used);
    f->used += size;
}

unsigned char *fill_part_begin(struct fill *f, size_t size_at, size_t offset_at, uint32_t size)
{
    unsigned char *at = f->out + f->used;

    f->needed += size;
    if (size == 0 || f->total - f->used < size) {
        put(f->copy, size_at, 0);
        put(f->copy, offset_at, 0);
        return NULL;
    }
    put(f->copy, size_at, size);
    put(f->copy, offset_at, f->used);
    f->used += size;
    return at;
}

void fill_text(struct fill *f, size_t size_at, size_t offset_at, const char *text)
{
    uint16_t units[512];
    size_t count = 0;

    if (text) {
        while (count < 511 && text[count] && (unsigned char)text[count] < 0x80) { /* mostly it is ASCII */
            units[count] = (uint16_t)text[count];
            count++;
        }
        units[count++] = 0;
        if (text[count - 1]) {
            count = platform_utf8_to_utf16(text, SIZE_MAX, units, 512);
            count = count > 512 ? 512 : count;
        }
    }
    fill_part(f, size_at, offset_at, units, (uint32_t)(count * sizeof *units));
}

void fill_end(struct fill *f)
{
    put(f->copy, NEEDED_AT, f->needed);
    put(f->copy, USED_AT, f->used);
    memcpy(f->out + NEEDED_AT, f->copy + NEEDED_AT, f->fixed - NEEDED_AT);
}

uint32_t fill_size_devcaps(DWORD version)
{
    if (version >= 0x00020002)
        return FILL_UPTO(LINEDEVCAPS, PermanentLineGuid);
    if (version >= 0x00020000)
        return FILL_UPTO(LINEDEVCAPS, dwDeviceClassesOffset);
    return version >= 0x00010004 ? FILL_UPTO(LINEDEVCAPS, dwLineFeatures) : FILL_UPTO(LINEDEVCAPS, dwDevSpecificOffset);
}

uint32_t fill_size_addresscaps(DWORD version)
{
    if (version >= 0x00020000)
        return FILL_UPTO(LINEADDRESSCAPS, dwAvailableMediaModes);
    return version >= 0x00010004 ? FILL_UPTO(LINEADDRESSCAPS, dwAddressFeatures)
                                 : FILL_UPTO(LINEADDRESSCAPS, dwCompletionMsgTextOffset);
}

uint32_t fill_size_devstatus(DWORD version)
{
    return version >= 0x00020000 ? FILL_UPTO(LINEDEVSTATUS, dwAppInfoOffset)
                                 : FILL_UPTO(LINEDEVSTATUS, dwDevSpecificOffset);
}

uint32_t fill_size_addressstatus(DWORD version)
{
    (void)version; /* it never grew */
    return FILL_UPTO(LINEADDRESSSTATUS, dwDevSpecificOffset);
}

uint32_t fill_size_callinfo(DWORD version)
{
    return version >= 0x00020000 ? FILL_UPTO(LINECALLINFO, dwReceivingFlowspecOffset)
                                 : FILL_UPTO(LINECALLINFO, dwDevSpecificOffset);
}

uint32_t fill_size_callstatus(DWORD version)
{
    return version >= 0x00020000 ? FILL_UPTO(LINECALLSTATUS, tStateEntryTime)
                                 : FILL_UPTO(LINECALLSTATUS, dwDevSpecificOffset);
}
