/* Fills TAPI's structures of variable size. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_FILL_H
#define TSP_TSPI_FILL_H

#include "include/tapi_port.h"
#include "tsp/session/session.h"

/*
 * The one builder of every structure that begins with dwTotalSize, dwNeededSize and dwUsedSize.
 *
 * The fixed part is made in a copy of the newest layout, which begins as what the host's structure holds, so that
 * members which are TAPI's stay as they are. Its first `fixed` bytes, all that the negotiated version knows, go back at
 * the end, but for dwTotalSize, which is never written. Parts of variable size follow the fixed part without gaps; one
 * that has no room left is absent (size and offset 0), never cut, and counts in dwNeededSize all the same.
 *
 *     struct fill f;
 *     LONG err = fill_begin(&f, lpCaps, fixed_size, &caps, sizeof caps);
 *     if (err) return err;
 *     caps.dwMember = ...;
 *     FILL_TEXT(&f, LINEDEVCAPS, dwLineName, text);
 *     fill_end(&f);
 */
struct fill {
    unsigned char *out, *copy;
    uint32_t fixed;
    uint32_t total, needed, used;
};

/* `copy` (of `size` bytes, at least `fixed`) is zeroed but for what the host's structure has. 0, INVALPOINTER (`out` is
 * NULL), STRUCTURETOOSMALL (and nothing is written). */
LONG fill_begin(struct fill *f, void *out, uint32_t fixed, void *copy, uint32_t size);
/* A part: its size and offset members are at `size_at` and `offset_at` of the copy. None if `size` is 0. */
void fill_part(struct fill *f, size_t size_at, size_t offset_at, const void *data, uint32_t size);
/* The same for a part that the caller writes itself, at once, all of it, at what is returned (not aligned). NULL: there
 * is no room. */
unsigned char *fill_part_begin(struct fill *f, size_t size_at, size_t offset_at, uint32_t size);
/* A UTF-8 text as UTF-16 with terminator; "" is a part of one terminator. NULL: none. At most 511 units and terminator.
 */
void fill_text(struct fill *f, size_t size_at, size_t offset_at, const char *text);
void fill_end(struct fill *f);

#define FILL_PART(f, type, member, data, size)                                                                         \
    fill_part((f), offsetof(type, member##Size), offsetof(type, member##Offset), (data), (size))
#define FILL_TEXT(f, type, member, text)                                                                               \
    fill_text((f), offsetof(type, member##Size), offsetof(type, member##Offset), (text))

/* Bytes up to and with a member: the fixed part of a version whose last member it is. */
#define FILL_UPTO(type, member) ((uint32_t)(offsetof(type, member) + sizeof(((type *)0)->member)))

/* Fixed parts by version. */
uint32_t fill_size_devcaps(DWORD version);
uint32_t fill_size_addresscaps(DWORD version);
uint32_t fill_size_devstatus(DWORD version);
uint32_t fill_size_addressstatus(DWORD version);
uint32_t fill_size_callinfo(DWORD version);
uint32_t fill_size_callstatus(DWORD version);

#endif
