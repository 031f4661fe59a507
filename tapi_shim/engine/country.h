/* Countries, their calling codes and how numbers are dialled there. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_ENGINE_COUNTRY_H
#define TAPI_SHIM_ENGINE_COUNTRY_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The id of the first country of a calling code is that code. Where several share one, the others have the ids that
 * TAPI applications know (Canada 107), else the code times 1000 plus the place of the two letters of the ISO code among
 * AA (0), AB, ... ZZ (675): so an id stays when countries come and go. Rules are made of the letters of rule.h.
 */
struct country {
    uint32_t id, code;
    const char *iso;   /* two letters; digits of the code where it is no country's */
    const char *name;  /* UTF-8 */
    const char *trunk; /* dialled before area codes; "": nothing */
    const char *same_area, *long_distance, *international;
};

/* Made by the build. The one with the id 1 comes first, the others by name. */
extern const struct country country_table[];
extern const uint32_t country_count;

/* NULL: there is none. Thread: any. */
const struct country *country_by_id(uint32_t id);
const struct country *country_by_iso(const char *iso); /* in either case */
/* The first country of a calling code. */
const struct country *country_by_code(uint32_t code);
/* How many of the digits are a calling code, `*codep`; 0: none. */
size_t country_code_of(const char *digits, uint32_t *codep);

#ifdef __cplusplus
}
#endif

#endif
