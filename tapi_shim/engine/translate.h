/* Addresses: from the form they are kept in to the form they are dialled in. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_ENGINE_TRANSLATE_H
#define TAPI_SHIM_ENGINE_TRANSLATE_H

#include "tapi_shim/engine/dialling.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- address.c: what an address says ----------------------------------------------------------------------------- */

enum { ADDRESS_UNITS_MAX = 4096, ADDRESS_AREA_MAX = 32 };

/* A part of the text that was read. */
struct address_span {
    const uint16_t *text;
    size_t len;
};

struct address {
    bool canonical;
    bool uri;                    /* of a scheme that is not a telephone's: sip:, ... */
    uint32_t code;               /* canonical: the calling code */
    char area[ADDRESS_AREA_MAX]; /* "": it tells none */
    struct address_span whole;   /* the first address of the text, or what its tel: stands for */
    struct address_span number;  /* canonical: of the subscriber, as it is written */
    struct address_span tail;    /* subaddress and name, with their | and ^ */
    uint16_t *made;              /* of a tel: address; the spans may be in it */
};

/*
 * Reads an address: canonical ("+43 (1) 234-5678|sub^name"; also without area code, or without any space), "tel:"
 * (RFC 3966: global, or local with or without phone-context), or anything else, which is dialled as it is. Only the
 * first of several (CR, LF between) counts. 0; LINEERR_INVALADDRESS: it begins with + but is no number; LINEERR_NOMEM.
 * The spans are in `text` or a->made: address_free.
 */
int32_t address_read(struct address *a, const uint16_t *text);
void address_free(struct address *a);
/* The digits at the beginning of a number, as far as they fit; what only formats it is passed over. */
size_t address_digits(const struct address_span *number, char *digits, size_t size);
/* Whether this only formats a number: space, . - / and their typographic forms. */
bool address_is_format(uint16_t c);

/* ---- translate.c: how it is dialled ------------------------------------------------------------------------------ */

struct translation {
    uint16_t *dialable, *displayable;              /* with terminator */
    uint32_t dialable_bytes, displayable_bytes;    /* terminator included */
    uint32_t current_country, dest_country, flags; /* calling codes, 0: not known; LINETRANSLATERESULT_ */
};

/*
 * Translates an address for a location (which may be location_default) and a card (card_direct: none).
 *
 * Rules are made of characters to be dialled and of letters: E calling code, F area code, G number, H number of the
 * card, K its PIN, J its access number, L or N the location's carrier for long distance, M or S that for other
 * countries (L and M mean one that must be dialled, N and S one that may be: here both are dialled if they are known).
 *
 * `options`: LINETRANSLATEOPTION_ (CARDOVERRIDE does not matter here). 0, LINEERR_INVALADDRESS, LINEERR_NOMEM. The
 * result is freed with translation_free. Thread: any; only the arguments are used.
 */
int32_t translate(struct translation *t, const struct location *l, const struct card *card, const uint16_t *address,
                  uint32_t options);
void translation_free(struct translation *t);

/* Whether the country's area codes have prefixes that are dialled as long distance (North America). */
bool translate_has_tolls(const struct location *l);
/* The toll prefix of a canonical address in the location's own area: 3 digits. 0; LINEERR_INVALADDRESS: there is none.
 */
enum { TOLL_PREFIX_SIZE = 4 };
int32_t translate_prefix(const struct location *l, const uint16_t *address, char prefix[TOLL_PREFIX_SIZE]);

#ifdef __cplusplus
}
#endif

#endif
