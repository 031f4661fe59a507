/* Variable-size TAPI structures: measured, checked and laid out again for another version, size or text form. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CHANNEL_LAYOUT_H
#define TAPI_SHIM_CHANNEL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One table row per structure says where its size/offset pairs are, what they hold (bytes, UTF-16 text, or an array of
 * records with pairs of their own) and how long the fixed part is in each version. Everything else works from it. */

enum layout_type {
	LAYOUT_LINEDEVCAPS,
	LAYOUT_LINEADDRESSCAPS,
	LAYOUT_LINEDEVSTATUS,
	LAYOUT_LINEADDRESSSTATUS,
	LAYOUT_LINECALLINFO,
	LAYOUT_LINECALLSTATUS,
	LAYOUT_LINECALLLIST,
	LAYOUT_LINECALLPARAMS,
	LAYOUT_LINEPROVIDERLIST,
	LAYOUT_VARSTRING,
	LAYOUT_LINECOUNTRYLIST,
	LAYOUT_LINETRANSLATECAPS,
	LAYOUT_LINETRANSLATEOUTPUT,
	LAYOUT_PHONECAPS,
	LAYOUT_PHONESTATUS,
	LAYOUT_PHONEBUTTONINFO,
	LAYOUT_LINEAGENTCAPS,
	LAYOUT_LINEAGENTSTATUS,
	LAYOUT_LINEAGENTGROUPLIST,
	LAYOUT_LINEAGENTACTIVITYLIST,
	LAYOUT_LINEAGENTINFO,
	LAYOUT_LINEAGENTSESSIONLIST,
	LAYOUT_LINEAGENTSESSIONINFO,
	LAYOUT_LINEQUEUELIST,
	LAYOUT_LINEQUEUEINFO,
	LAYOUT_LINEPROXYREQUESTLIST,
	LAYOUT_COUNT
};

/* Length in bytes of the fixed part of `type` in API/TSPI version `version` (0x00010003 ... 0x00020002). */
uint32_t layout_fixed(enum layout_type type, uint32_t version);

/*
 * Lays `src` out into `dst`. `src` is a structure in version `src_version`, `src_len` bytes, from outside: its sizes and
 * offsets are checked, a part that does not lie within it counts as absent. `dst` has dwTotalSize set (never changed, never
 * exceeded); its fixed part is that of `dst_version`. Texts become the ANSI form if `ansi`. Sets dwNeededSize and
 * dwUsedSize; a variable part is whole or absent (size and offset 0). Returns 0, LINEERR_STRUCTURETOOSMALL if dwTotalSize
 * is below the fixed part (nothing else written), LINEERR_INVALPOINTER for NULL. (surface: TAPI "Variable-Size
 * Structures".) A structure without needed/used members (LINECALLPARAMS) is laid out the same way.
 * Parts begin at multiples of 4; where one holds texts of its own (records), they follow it and belong to it.
 * Thread: any.
 */
int32_t layout_convert(enum layout_type type, void *dst, uint32_t dst_version, bool ansi, const void *src,
		       uint32_t src_len, uint32_t src_version);

/* The same into a block made with malloc, complete, in the newest layout, UTF-16 kept (`src_ansi`: converted). For the
 * engine (providers of older versions) and for LINECALLPARAMS of applications. `*dstp` NULL on failure. Returns 0,
 * LINEERR_NOMEM, LINEERR_STRUCTURETOOSMALL or LINEERR_INVALPARAM (an offset or size outside the structure: for input
 * from applications nothing is passed over, the whole is refused). */
int32_t layout_import(enum layout_type type, void **dstp, uint32_t *dst_len, const void *src, uint32_t src_version,
		      bool src_ansi);

/* Adds a variable part to a complete structure made by layout_import: the pair at `pair_offset` (offset of its size
 * member; the offset member follows it) is set to a copy of `data`. The block may move. Returns 0 or LINEERR_NOMEM. */
int32_t layout_add(enum layout_type type, void **structp, uint32_t *lenp, uint32_t pair_offset, const void *data,
		   uint32_t size);

#endif
