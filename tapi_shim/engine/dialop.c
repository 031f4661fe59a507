/* What applications ask about countries, locations and cards, and the translation of addresses.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/country.h"
#include "tapi_shim/engine/priv.h"
#include "tapi_shim/engine/translate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is known here ------------------------------------------------------------------------------------------ */

static void adopt(struct dialling *d)
{
    dialling_clear(&engine.dialling);
    engine.dialling = *d;
}

void dialop_load(void)
{
    struct dialling d;
    int err;

    memset(&d, 0, sizeof(d));
    engine_unlock();
    err = dialling_load(&d);
    engine_lock();
    if (err)
        platform_log(PLATFORM_LOG_WARNING, "locations and cards cannot be read: %s", strerror(err));
    else
        adopt(&d);
}

void dialop_clear(void)
{
    dialling_clear(&engine.dialling);
}

/* Some of this is asked before any application has started the engine. */
static void refresh(void)
{
    if (engine.state != ENGINE_UP && engine.keeps)
        dialop_load();
}

static int32_t start(const struct channel *c, uint32_t happ)
{
    if (happ && !app_find(c, happ))
        return (int32_t)LINEERR_INVALAPPHANDLE;
    refresh();
    return 0;
}

/* The line that is to be dialled on, as far as lines are known yet. */
static int32_t device_check(uint32_t id)
{
    struct engine_device *d;

    return engine.state == ENGINE_UP ? device_find(id, &d) : 0;
}

/* Tells everybody who wants to know, and the providers if the location is another one. Unlocks meanwhile. */
static void tell(uint32_t before)
{
    uint32_t i, location = engine.dialling.current;
    struct engine_provider *p;

    for (i = 0; i < engine.slotc; i++) {
        const struct engine_device *d = engine.slotv[i].device;
        const struct engine_line *line;

        for (line = d ? d->line_first : NULL; line; line = line->next)
            event_send_devstate(line, LINEDEVSTATE_TRANSLATECHANGE, 0, 0);
    }
    if (location == before)
        return;
    for (p = engine.provider_first; p; p = p->next) {
        int32_t rc;

        if (!p->fn.lineSetCurrentLocation || !p->started || p->stopping)
            continue;
        p->busy++;
        engine_unlock();
        /* Providers of today do not know it: what they say does not matter. */
        PROVIDER_CALL(p, rc, lineSetCurrentLocation, location);
        engine_lock();
        (void)rc;
        if (!--p->busy)
            engine_change();
    }
}

static int32_t change_error(int err)
{
    return err == ENOMEM   ? (int32_t)LINEERR_NOMEM
           : err == ENOENT ? (int32_t)LINEERR_INVALLOCATION
           : err == EINVAL ? (int32_t)LINEERR_INVALADDRESS
                           : (int32_t)LINEERR_RESOURCEUNAVAIL;
}

/* A change that `h` refused, as opposed to one that could not be kept. */
struct change {
    dialling_change_h *h;
    void *arg;
    int refused;
};

static int try_change(struct dialling *d, void *arg)
{
    struct change *c = arg;

    c->refused = c->h(d, c->arg);
    return c->refused;
}

/* Makes a change, here and where it is kept. What cannot be kept holds as long as the engine. Unlocks meanwhile. */
static int32_t change(dialling_change_h *h, void *arg)
{
    struct change c = {h, arg, 0};
    uint32_t before = engine.dialling.current;
    int err = -1;

    if (engine.keeps) {
        struct dialling d;

        memset(&d, 0, sizeof(d));
        engine_unlock();
        err = dialling_change(&d, try_change, &c);
        engine_lock();
        if (c.refused)
            return change_error(c.refused);
        if (err)
            platform_log(PLATFORM_LOG_WARNING, "locations and cards are not kept: %s", strerror(err));
        else
            adopt(&d);
    }
    if (err)
        err = h(&engine.dialling, arg);
    if (err)
        return change_error(err);
    tell(before);
    return 0;
}

/* ---- structures -------------------------------------------------------------------------------------------------- */

/* A structure with arrays of records, whose texts follow them. */
struct block {
    unsigned char *p;
    uint32_t len, cap;
    bool failed;
};

static uint32_t block_take(struct block *b, uint32_t size)
{
    uint32_t at = (b->len + 3) & ~3u;

    if (!b->failed && at + size > b->cap) {
        uint32_t cap = 2 * (at + size);
        unsigned char *p = realloc(b->p, cap);

        if (p) {
            memset(p + b->cap, 0, cap - b->cap);
            b->p = p;
            b->cap = cap;
        }
        b->failed = !p;
    }
    if (!b->failed)
        b->len = at + size;
    return at;
}

/* The text, and its place in the pair at `pair` (size, offset). */
static void block_text(struct block *b, uint32_t pair, const char *utf8)
{
    size_t units = platform_utf8_to_utf16(utf8, SIZE_MAX, NULL, 0);
    uint32_t size = (uint32_t)(units * sizeof(uint16_t)), at = block_take(b, size);

    if (b->failed)
        return;
    (void)platform_utf8_to_utf16(utf8, SIZE_MAX, (uint16_t *)(void *)(b->p + at), units);
    memcpy(b->p + pair, &size, sizeof(size));
    memcpy(b->p + pair + 4, &at, sizeof(at));
}

static int32_t block_end(struct block *b, struct channel_call *call)
{
    if (b->failed) {
        free(b->p);
        return (int32_t)LINEERR_NOMEM;
    }
    /* All begin with the total, needed and used size. */
    memcpy(b->p, &b->len, sizeof(b->len));
    memcpy(b->p + 4, &b->len, sizeof(b->len));
    memcpy(b->p + 8, &b->len, sizeof(b->len));
    call->out = b->p;
    call->out_len = b->len;
    return 0;
}

/* ---- countries --------------------------------------------------------------------------------------------------- */

static void put_country(struct block *b, uint32_t at, const struct country *c)
{
    LINECOUNTRYENTRY e;

    memset(&e, 0, sizeof(e));
    e.dwCountryID = c->id;
    e.dwCountryCode = c->code;
    e.dwNextCountryID = c + 1 < country_table + country_count ? c[1].id : 0;
    if (!b->failed)
        memcpy(b->p + at, &e, sizeof(e));
    block_text(b, at + offsetof(LINECOUNTRYENTRY, dwCountryNameSize), c->name);
    block_text(b, at + offsetof(LINECOUNTRYENTRY, dwSameAreaRuleSize), c->same_area);
    block_text(b, at + offsetof(LINECOUNTRYENTRY, dwLongDistanceRuleSize), c->long_distance);
    block_text(b, at + offsetof(LINECOUNTRYENTRY, dwInternationalRuleSize), c->international);
}

int32_t dialop_countries(struct channel *c, struct channel_call *call)
{
    uint32_t id = call->arg[0], count = id ? 1 : country_count, at, i;
    const struct country *from = id ? country_by_id(id) : country_table;
    LINECOUNTRYLIST list;
    struct block b;

    (void)c;
    if (!from)
        return (int32_t)LINEERR_INVALCOUNTRYCODE;
    memset(&b, 0, sizeof(b));
    memset(&list, 0, sizeof(list));
    (void)block_take(&b, sizeof(list));
    at = block_take(&b, count * (uint32_t)sizeof(LINECOUNTRYENTRY));
    list.dwNumCountries = count;
    list.dwCountryListSize = count * (uint32_t)sizeof(LINECOUNTRYENTRY);
    list.dwCountryListOffset = at;
    if (!b.failed)
        memcpy(b.p, &list, sizeof(list));
    for (i = 0; i < count; i++)
        put_country(&b, at + i * (uint32_t)sizeof(LINECOUNTRYENTRY), from + i);
    return block_end(&b, call);
}

/* ---- locations and cards ----------------------------------------------------------------------------------------- */

static void put_location(struct block *b, uint32_t at, const struct location *l)
{
    const struct country *country = country_by_id(l->country);
    LINELOCATIONENTRY e;

    memset(&e, 0, sizeof(e));
    e.dwPermanentLocationID = l->id;
    e.dwCountryCode = country ? country->code : 0;
    e.dwCountryID = l->country;
    e.dwPreferredCardID = l->card;
    e.dwOptions = l->pulse ? LINELOCATIONOPTION_PULSEDIAL : 0;
    if (!b->failed)
        memcpy(b->p + at, &e, sizeof(e));
    block_text(b, at + offsetof(LINELOCATIONENTRY, dwLocationNameSize), l->name);
    block_text(b, at + offsetof(LINELOCATIONENTRY, dwCityCodeSize), l->area);
    block_text(b, at + offsetof(LINELOCATIONENTRY, dwLocalAccessCodeSize), l->local_access);
    block_text(b, at + offsetof(LINELOCATIONENTRY, dwLongDistanceAccessCodeSize), l->long_access);
    block_text(b, at + offsetof(LINELOCATIONENTRY, dwTollPrefixListSize), l->toll);
    block_text(b, at + offsetof(LINELOCATIONENTRY, dwCancelCallWaitingSize), l->cancel_waiting);
}

static void put_card(struct block *b, uint32_t at, const struct card *card)
{
    LINECARDENTRY e;

    memset(&e, 0, sizeof(e));
    e.dwPermanentCardID = card->id;
    e.dwCardNumberDigits = (uint32_t)strlen(card->number);
    e.dwOptions = card->id ? 0 : LINECARDOPTION_PREDEFINED;
    if (!b->failed)
        memcpy(b->p + at, &e, sizeof(e));
    block_text(b, at + offsetof(LINECARDENTRY, dwCardNameSize), card->name);
    block_text(b, at + offsetof(LINECARDENTRY, dwSameAreaRuleSize), card->same_area);
    block_text(b, at + offsetof(LINECARDENTRY, dwLongDistanceRuleSize), card->long_distance);
    block_text(b, at + offsetof(LINECARDENTRY, dwInternationalRuleSize), card->international);
}

int32_t dialop_caps(struct channel *c, struct channel_call *call)
{
    int32_t rc = start(c, call->arg[0]);
    const struct dialling *d = &engine.dialling;
    LINETRANSLATECAPS caps;
    struct block b;
    uint32_t i, at;

    if (rc)
        return rc;
    memset(&b, 0, sizeof(b));
    memset(&caps, 0, sizeof(caps));
    (void)block_take(&b, sizeof(caps));
    caps.dwCurrentLocationID = location_current(d)->id;
    caps.dwCurrentPreferredCardID = location_current(d)->card;
    caps.dwNumLocations = d->locationc + 1;
    caps.dwLocationListSize = caps.dwNumLocations * (uint32_t)sizeof(LINELOCATIONENTRY);
    caps.dwLocationListOffset = at = block_take(&b, caps.dwLocationListSize);
    put_location(&b, at, &location_default);
    for (i = 0; i < d->locationc; i++)
        put_location(&b, at + (i + 1) * (uint32_t)sizeof(LINELOCATIONENTRY), &d->locationv[i]);
    for (i = 0; i < d->cardc; i++)
        caps.dwNumCards += !d->cardv[i].hidden;
    caps.dwNumCards++;
    caps.dwCardListSize = caps.dwNumCards * (uint32_t)sizeof(LINECARDENTRY);
    caps.dwCardListOffset = at = block_take(&b, caps.dwCardListSize);
    put_card(&b, at, &card_direct);
    for (i = 0; i < d->cardc; i++)
        if (!d->cardv[i].hidden)
            put_card(&b, at += (uint32_t)sizeof(LINECARDENTRY), &d->cardv[i]);
    if (!b.failed)
        memcpy(b.p, &caps, sizeof(caps));
    return block_end(&b, call);
}

int32_t dialop_here(struct channel *c, struct channel_call *call)
{
    const struct location *l;
    const struct country *country;
    uint16_t area[DIALLING_AREA_MAX];
    uint32_t size;

    (void)c;
    refresh();
    l = location_current(&engine.dialling);
    country = country_by_id(l->country);
    call->ret[0] = country ? country->code : 0;
    size = (uint32_t)(platform_utf8_to_utf16(l->area, SIZE_MAX, area, DIALLING_AREA_MAX) * sizeof(area[0]));
    call->out = malloc(size);
    if (!call->out)
        return (int32_t)LINEERR_NOMEM;
    memcpy(call->out, area, size);
    call->out_len = size;
    return 0;
}

/* ---- changes ----------------------------------------------------------------------------------------------------- */

static int select_location(struct dialling *d, void *arg)
{
    const uint32_t *id = arg;

    if (!location_find(d, *id))
        return ENOENT;
    d->current = *id;
    return 0;
}

int32_t dialop_select(struct channel *c, struct channel_call *call)
{
    int32_t rc = start(c, call->arg[0]);
    uint32_t id = call->arg[1];

    return rc ? rc : change(select_location, &id);
}

struct toll {
    const uint16_t *address;
    bool add;
};

static int set_toll(struct dialling *d, void *arg)
{
    const struct toll *t = arg;
    char prefix[TOLL_PREFIX_SIZE];
    struct location *l = NULL;
    uint32_t i;

    for (i = 0; i < d->locationc; i++)
        if (d->locationv[i].id == d->current)
            l = &d->locationv[i];
    /* The default one keeps nothing. */
    if (!l || translate_prefix(l, t->address, prefix))
        return EINVAL;
    if (t->add)
        return toll_add(l, prefix);
    toll_remove(l, prefix);
    return 0;
}

int32_t dialop_toll(struct channel *c, struct channel_call *call)
{
    struct toll t = {text_check(call->in0, call->in0_len), call->arg[2] == LINETOLLLISTOPTION_ADD};
    int32_t rc = start(c, call->arg[0]);

    if (!rc)
        rc = device_check(call->arg[1]);
    if (!rc && call->arg[2] != LINETOLLLISTOPTION_ADD && call->arg[2] != LINETOLLLISTOPTION_REMOVE)
        rc = (int32_t)LINEERR_INVALPARAM;
    if (!rc && !t.address)
        rc = (int32_t)LINEERR_INVALADDRESS;
    return rc ? rc : change(set_toll, &t);
}

int32_t dialop_reload(struct channel *c, struct channel_call *call)
{
    uint32_t before = engine.dialling.current;

    (void)c;
    (void)call;
    if (engine.state != ENGINE_UP || !engine.keeps)
        return 0;
    dialop_load();
    tell(before);
    return 0;
}

/* ---- translation ------------------------------------------------------------------------------------------------- */

static int32_t options_check(uint32_t options)
{
    const uint32_t known = LINETRANSLATEOPTION_CARDOVERRIDE | LINETRANSLATEOPTION_CANCELCALLWAITING |
                           LINETRANSLATEOPTION_FORCELOCAL | LINETRANSLATEOPTION_FORCELD;
    const uint32_t either = LINETRANSLATEOPTION_FORCELOCAL | LINETRANSLATEOPTION_FORCELD;

    return options & ~known || (options & either) == either ? (int32_t)LINEERR_INVALPARAM : 0;
}

static int32_t output(struct channel_call *call, const struct translation *t, uint32_t version)
{
    LINETRANSLATEOUTPUT *out = calloc(1, sizeof(*out));
    void *block = out;
    uint32_t len = sizeof(*out);
    int32_t rc;

    if (!out)
        return (int32_t)LINEERR_NOMEM;
    out->dwTotalSize = out->dwNeededSize = out->dwUsedSize = len;
    out->dwCurrentCountry = t->current_country;
    out->dwDestCountry = t->dest_country;
    out->dwTranslateResults = t->flags;
    if (version < ENGINE_VERSION_2_0)
        out->dwTranslateResults &= ~(uint32_t)LINETRANSLATERESULT_VOICEDETECT;
    rc = layout_add(LAYOUT_LINETRANSLATEOUTPUT, &block, &len, offsetof(LINETRANSLATEOUTPUT, dwDialableStringSize),
                    t->dialable, t->dialable_bytes);
    if (!rc)
        rc = layout_add(LAYOUT_LINETRANSLATEOUTPUT, &block, &len,
                        offsetof(LINETRANSLATEOUTPUT, dwDisplayableStringSize), t->displayable, t->displayable_bytes);
    if (rc) {
        free(block);
        return rc;
    }
    call->out = block;
    call->out_len = len;
    return 0;
}

int32_t dialop_translate(struct channel *c, struct channel_call *call)
{
    const uint16_t *address = text_check(call->in0, call->in0_len);
    uint32_t options = call->arg[4];
    const struct location *l;
    const struct card *card;
    struct translation t;
    int32_t rc = start(c, call->arg[0]);

    if (!rc)
        rc = device_check(call->arg[1]);
    if (!rc)
        rc = options_check(options);
    if (!rc && !address)
        rc = (int32_t)LINEERR_INVALADDRESS;
    if (rc)
        return rc;
    l = location_current(&engine.dialling);
    card = card_find(&engine.dialling, options & LINETRANSLATEOPTION_CARDOVERRIDE ? call->arg[3] : l->card);
    if (!card)
        return (int32_t)LINEERR_INVALCARD;
    rc = translate(&t, l, card, address, options);
    if (rc)
        return rc;
    rc = output(call, &t, call->arg[2]);
    translation_free(&t);
    return rc;
}
