/* Locations: where the machine dials from. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/country.h"
#include "tapi_shim/engine/dialling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct location location_default = {.name = "Default location"};

#define FIELD(name, kind, member)                                                                                      \
    {                                                                                                                  \
        name, kind, offsetof(struct location, member), sizeof(((struct location *)0)->member)                          \
    }
const struct dialling_field location_fields[] = {
    FIELD("Name", DIALLING_TEXT, name),
    FIELD("Country", DIALLING_NUMBER, country),
    FIELD("Area", DIALLING_DIGITS, area),
    FIELD("LocalAccess", DIALLING_DIAL, local_access),
    FIELD("LongAccess", DIALLING_DIAL, long_access),
    FIELD("LongCarrier", DIALLING_DIAL, long_carrier),
    FIELD("IntlCarrier", DIALLING_DIAL, intl_carrier),
    FIELD("CancelWaiting", DIALLING_DIAL, cancel_waiting),
    FIELD("Card", DIALLING_NUMBER, card),
    FIELD("Pulse", DIALLING_FLAG, pulse),
    {NULL, DIALLING_TEXT, 0, 0},
};

const struct location *location_find(const struct dialling *d, uint32_t id)
{
    uint32_t i;

    if (!id)
        return &location_default;
    for (i = 0; i < d->locationc; i++)
        if (d->locationv[i].id == id)
            return &d->locationv[i];
    return NULL;
}

const struct location *location_current(const struct dialling *d)
{
    const struct location *l = location_find(d, d->current);

    return l ? l : &location_default;
}

/* ---- toll prefixes ----------------------------------------------------------------------------------------------- */

/* Where the prefix is in the list; NULL: it is not. */
static char *toll_find(struct location *l, const char *prefix)
{
    size_t len = strlen(prefix);
    char *at = l->toll;

    while (*at) {
        size_t n = strcspn(at, ",");

        if (n == len && memcmp(at, prefix, n) == 0)
            return at;
        at += n + (at[n] == ',');
    }
    return NULL;
}

bool toll_has(const struct location *l, const char *prefix)
{
    return toll_find((struct location *)(uintptr_t)l, prefix) != NULL;
}

int toll_add(struct location *l, const char *prefix)
{
    size_t len = strlen(l->toll), more = strlen(prefix);

    if (toll_has(l, prefix))
        return 0;
    if (len + 1 + more + 1 > sizeof(l->toll))
        return ENOSPC;
    if (len)
        l->toll[len++] = ',';
    memcpy(l->toll + len, prefix, more + 1);
    return 0;
}

void toll_remove(struct location *l, const char *prefix)
{
    char *at = toll_find(l, prefix);
    size_t n = strlen(prefix);

    if (!at)
        return;
    if (at[n] == ',') {
        n++;
    } else if (at > l->toll) {
        at--;
        n++;
    }
    memmove(at, at + n, strlen(at + n) + 1);
}

static const char *toll_set(struct location *l, const char *text)
{
    while (*text) {
        char prefix[DIALLING_AREA_MAX];
        size_t n = strcspn(text, ",");

        if (!n || n >= sizeof(prefix))
            return "prefixes of up to 15 digits with a comma between";
        memcpy(prefix, text, n);
        prefix[n] = 0;
        if (!dialling_is_digits(prefix))
            return "prefixes are made of digits";
        if (toll_add(l, prefix))
            return "too many prefixes";
        text += n + (text[n] == ',');
    }
    return NULL;
}

/* ---- area code rules --------------------------------------------------------------------------------------------- */

/* The next word of a text; "": there is none. False: it is longer than fits. */
static bool word(const char **textp, char *out, size_t size)
{
    const char *text = *textp + strspn(*textp, " ");
    size_t n = strcspn(text, " ");

    *textp = text + n;
    if (n >= size)
        return false;
    memcpy(out, text, n);
    out[n] = 0;
    return true;
}

static const char *rule_set(struct location *l, const char *text)
{
    static const char wrong[] = "a rule is: AREA NUMBER yes|no [PREFIX ...], the number to dial first or -";
    struct dialling_area_rule r;
    char flag[4], prefix[DIALLING_AREA_MAX];
    size_t len = 0;

    memset(&r, 0, sizeof(r));
    if (!word(&text, r.area, sizeof(r.area)) || !word(&text, r.number, sizeof(r.number)) ||
        !word(&text, flag, sizeof(flag)) || !r.area[0] || !dialling_is_digits(r.area) || !r.number[0])
        return wrong;
    if (strcmp(r.number, "-") == 0)
        r.number[0] = 0;
    r.with_area = dialling_name_equal(flag, "yes");
    if (!dialling_is_code(r.number) || (!r.with_area && !dialling_name_equal(flag, "no")))
        return wrong;
    while (word(&text, prefix, sizeof(prefix)) && prefix[0]) {
        size_t n = strlen(prefix);

        if (!dialling_is_digits(prefix) || len + (len > 0) + n >= sizeof(r.prefixes))
            return wrong;
        if (len)
            r.prefixes[len++] = ' ';
        memcpy(r.prefixes + len, prefix, n);
        len += n;
    }
    if (*text)
        return wrong;
    if (l->rulec >= DIALLING_RULES)
        return "too many rules";
    l->rulev[l->rulec++] = r;
    return NULL;
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

/* "Rule" or "Rule1": names of fields that add to what is there. */
static bool is_numbered(const char *name, const char *base)
{
    char head[8];
    size_t n = strlen(base);

    if (strlen(name) < n)
        return false;
    memcpy(head, name, n);
    head[n] = 0;
    return dialling_name_equal(head, base) && dialling_is_digits(name + n);
}

const char *location_set(struct location *l, const char *field, const char *text)
{
    const struct country *country;

    if (is_numbered(field, "Toll"))
        return toll_set(l, text);
    if (is_numbered(field, "Rule"))
        return rule_set(l, text);
    if (dialling_name_equal(field, "Country")) {
        uint32_t id;

        country = dialling_number(text, &id) ? country_by_id(id) : country_by_iso(text);
        if (!country)
            return "no country has this id, or these two letters";
        l->country = country->id;
        return NULL;
    }
    return dialling_field_set(location_fields, l, field, text);
}

const char *location_check(const struct location *l)
{
    return !l->name[0] ? "a location needs a name" : !l->country ? "a location needs a country" : NULL;
}

/* ---- the list ---------------------------------------------------------------------------------------------------- */

int location_add(struct dialling *d, const struct location *l, uint32_t *idp)
{
    struct location *more;

    if (d->locationc >= DIALLING_ENTRIES || d->last_location == UINT32_MAX)
        return ENOSPC;
    more = realloc(d->locationv, (d->locationc + 1) * sizeof(*more));
    if (!more)
        return ENOMEM;
    d->locationv = more;
    more[d->locationc] = *l;
    *idp = more[d->locationc].id = ++d->last_location;
    d->locationc++;
    return 0;
}

int location_remove(struct dialling *d, uint32_t id)
{
    uint32_t i;

    for (i = 0; i < d->locationc && d->locationv[i].id != id; i++)
        ;
    if (!id || i >= d->locationc)
        return ENOENT;
    d->locationc--;
    memmove(d->locationv + i, d->locationv + i + 1, (d->locationc - i) * sizeof(*d->locationv));
    if (d->current == id)
        d->current = 0;
    return 0;
}
