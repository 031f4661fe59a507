/* Calling cards: who pays for a call, and what is dialled for it. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/dialling.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct card card_direct = {.name = "None (Direct Dial)"};

#define FIELD(name, kind, member)                                                                                      \
    {                                                                                                                  \
        name, kind, offsetof(struct card, member), sizeof(((struct card *)0)->member)                                  \
    }
const struct dialling_field card_fields[] = {
    FIELD("Name", DIALLING_TEXT, name),
    FIELD("Number", DIALLING_DIAL, number),
    FIELD("Pin", DIALLING_DIAL, pin),
    FIELD("LocalAccess", DIALLING_DIAL, local_access),
    FIELD("LongAccess", DIALLING_DIAL, long_access),
    FIELD("IntlAccess", DIALLING_DIAL, intl_access),
    FIELD("SameArea", DIALLING_RULE, same_area),
    FIELD("LongDistance", DIALLING_RULE, long_distance),
    FIELD("International", DIALLING_RULE, international),
    FIELD("Hidden", DIALLING_FLAG, hidden),
    {NULL, DIALLING_TEXT, 0, 0},
};

const struct card *card_find(const struct dialling *d, uint32_t id)
{
    uint32_t i;

    if (!id)
        return &card_direct;
    for (i = 0; i < d->cardc; i++)
        if (d->cardv[i].id == id)
            return &d->cardv[i];
    return NULL;
}

const char *card_set(struct card *c, const char *field, const char *text)
{
    return dialling_field_set(card_fields, c, field, text);
}

const char *card_check(const struct card *c)
{
    if (!c->name[0])
        return "a card needs a name";
    return c->same_area[0] || c->long_distance[0] || c->international[0] ? NULL : "a card needs a rule";
}

int card_add(struct dialling *d, const struct card *c, uint32_t *idp)
{
    struct card *more;

    if (d->cardc >= DIALLING_ENTRIES || d->last_card == UINT32_MAX)
        return ENOSPC;
    more = realloc(d->cardv, (d->cardc + 1) * sizeof(*more));
    if (!more)
        return ENOMEM;
    d->cardv = more;
    more[d->cardc] = *c;
    *idp = more[d->cardc].id = ++d->last_card;
    d->cardc++;
    return 0;
}

int card_remove(struct dialling *d, uint32_t id)
{
    uint32_t i, k;

    for (i = 0; i < d->cardc && d->cardv[i].id != id; i++)
        ;
    if (!id || i >= d->cardc)
        return ENOENT;
    d->cardc--;
    memmove(d->cardv + i, d->cardv + i + 1, (d->cardc - i) * sizeof(*d->cardv));
    for (k = 0; k < d->locationc; k++)
        if (d->locationv[k].card == id)
            d->locationv[k].card = 0;
    return 0;
}
