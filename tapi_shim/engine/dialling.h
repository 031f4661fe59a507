/* Locations and calling cards: what is kept for the translation of addresses. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_ENGINE_DIALLING_H
#define TAPI_SHIM_ENGINE_DIALLING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Everything here works on its arguments alone: the engine does it under its lock, tapictl by itself. Texts are UTF-8
 * with terminator, "" where there is none. What is kept is in the section "Dialling" of platform_state_open: the values
 * Current, LastLocation and LastCard, and for each location L<id>.<field>, for each card C<id>.<field>.
 */
enum {
    DIALLING_NAME_MAX = 128,
    DIALLING_AREA_MAX = 16,
    DIALLING_CODE_MAX = 64,
    DIALLING_RULE_MAX = 100,
    DIALLING_PREFIXES_MAX = 100,
    DIALLING_TOLL_MAX = 4096,
    DIALLING_RULES = 32,   /* area code rules of a location */
    DIALLING_ENTRIES = 256 /* locations, and cards */
};

/* How numbers of one area are dialled from a location, where that is not the country's way. */
struct dialling_area_rule {
    char area[DIALLING_AREA_MAX];
    char number[DIALLING_AREA_MAX];       /* dialled first, such as "1"; "": such calls are local */
    bool with_area;                       /* the area code is dialled */
    char prefixes[DIALLING_PREFIXES_MAX]; /* numbers that begin so, separated by one space; "": all */
};

struct location {
    uint32_t id; /* 0: the one that is always there, which knows no country */
    char name[DIALLING_NAME_MAX];
    uint32_t country; /* id, 0: not known */
    char area[DIALLING_AREA_MAX];
    char local_access[DIALLING_CODE_MAX], long_access[DIALLING_CODE_MAX]; /* dialled first, such as "0" or "9," */
    char long_carrier[DIALLING_CODE_MAX], intl_carrier[DIALLING_CODE_MAX];
    char cancel_waiting[DIALLING_CODE_MAX];
    uint32_t card; /* preferred one, 0: none */
    bool pulse;
    char toll[DIALLING_TOLL_MAX]; /* prefixes with commas between */
    struct dialling_area_rule rulev[DIALLING_RULES];
    uint32_t rulec;
};

struct card {
    uint32_t id; /* 0: direct dialling, which is always there */
    char name[DIALLING_NAME_MAX];
    char number[DIALLING_CODE_MAX], pin[DIALLING_CODE_MAX];
    char local_access[DIALLING_CODE_MAX], long_access[DIALLING_CODE_MAX], intl_access[DIALLING_CODE_MAX];
    char same_area[DIALLING_RULE_MAX], long_distance[DIALLING_RULE_MAX], international[DIALLING_RULE_MAX];
    bool hidden;
};

/* Zeroed is empty. */
struct dialling {
    uint32_t current;                  /* id of a location */
    uint32_t last_location, last_card; /* ids given so far */
    struct location *locationv;
    struct card *cardv;
    uint32_t locationc, cardc;
};

void dialling_clear(struct dialling *d);

/* ---- location.c, card.c: entries --------------------------------------------------------------------------------- */

extern const struct location location_default; /* id 0 */
extern const struct card card_direct;          /* id 0 */

/* With this id, 0 included. NULL: there is none. */
const struct location *location_find(const struct dialling *d, uint32_t id);
const struct card *card_find(const struct dialling *d, uint32_t id);
/* The location in force. */
const struct location *location_current(const struct dialling *d);

/*
 * Sets a field by its name: Name, Country (id or two letters), Area, LocalAccess, LongAccess, LongCarrier, IntlCarrier,
 * CancelWaiting, Card, Pulse (0 or 1), Toll or Toll<n> (prefixes with commas, added), Rule or Rule<n> ("AREA NUMBER
 * yes|no [PREFIX ...]", NUMBER - for none, yes: the area code is dialled; added). Of a card: Name, Number, Pin,
 * LocalAccess, LongAccess, IntlAccess, SameArea, LongDistance, International, Hidden (0 or 1). NULL, or what is wrong
 * in words.
 */
const char *location_set(struct location *l, const char *field, const char *text);
const char *card_set(struct card *c, const char *field, const char *text);
/* NULL, or what is missing. */
const char *location_check(const struct location *l);
const char *card_check(const struct card *c);

/* A copy with a new id. 0, ENOSPC, ENOMEM. */
int location_add(struct dialling *d, const struct location *l, uint32_t *idp);
int card_add(struct dialling *d, const struct card *c, uint32_t *idp);
/* 0; ENOENT: there is none, or it is the one that is always there. What referred to it refers to 0. */
int location_remove(struct dialling *d, uint32_t id);
int card_remove(struct dialling *d, uint32_t id);

/* The list of toll prefixes: whether one is in it, put in, or taken out. ENOSPC: no room. */
bool toll_has(const struct location *l, const char *prefix);
int toll_add(struct location *l, const char *prefix);
void toll_remove(struct location *l, const char *prefix);

/* ---- dialling.c: what is kept ------------------------------------------------------------------------------------ */

/* Reads it into an empty `d`; what makes no sense is passed over with a warning. 0 (also if nothing is kept), or an
 * error of platform_state_open or platform_store_read. */
int dialling_load(struct dialling *d);
/*
 * Reads it, has `h` change it, and keeps the result; others that do the same wait meanwhile. `d` is empty before, and
 * has the result afterwards. 0, what `h` said (then nothing is kept), or an error of the store.
 */
typedef int(dialling_change_h)(struct dialling *d, void *arg);
int dialling_change(struct dialling *d, dialling_change_h *h, void *arg);

/* The same name: letters of ASCII in either case. */
bool dialling_name_equal(const char *a, const char *b);
/* A decimal number up to UINT32_MAX. */
bool dialling_number(const char *text, uint32_t *value);
/* Digits only, or nothing. */
bool dialling_is_digits(const char *text);
/* Digits, what else can be dialled, and what tells how. */
bool dialling_is_code(const char *text);

/* One field of an entry, for reading, writing and setting alike. */
enum dialling_kind { DIALLING_TEXT, DIALLING_DIGITS, DIALLING_DIAL, DIALLING_RULE, DIALLING_NUMBER, DIALLING_FLAG };
struct dialling_field {
    const char *name;
    enum dialling_kind kind;
    size_t at, size;
};
extern const struct dialling_field location_fields[], card_fields[]; /* ended by a name of NULL */
/* NULL, or what is wrong. */
const char *dialling_field_set(const struct dialling_field *fields, void *entry, const char *name, const char *text);

#ifdef __cplusplus
}
#endif

#endif
