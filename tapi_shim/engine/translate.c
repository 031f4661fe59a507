/* Translation: what is dialled for an address, here. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/translate.h"

#include "include/tapi_port.h"
#include "tapi_shim/engine/country.h"
#include "tapi_shim/platform/platform.h"

#include <stdlib.h>
#include <string.h>

/* ---- texts that grow --------------------------------------------------------------------------------------------- */

struct growing {
    uint16_t *text;
    size_t len, cap;
    bool failed;
};

static void add(struct growing *g, uint16_t c)
{
    if (g->len == g->cap && !g->failed) {
        size_t cap = g->cap ? 2 * g->cap : 64;
        uint16_t *more = realloc(g->text, cap * sizeof(*more));

        if (more) {
            g->text = more;
            g->cap = cap;
        }
        g->failed = !more;
    }
    if (!g->failed)
        g->text[g->len++] = c;
}

static void add_ascii(struct growing *g, const char *text)
{
    for (; *text; text++)
        add(g, (uint16_t)(unsigned char)*text);
}

static void add_span(struct growing *g, const uint16_t *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        add(g, text[i]);
}

/* What is dialled, and what is shown of it: in the same parts, with a space between. */
struct output {
    struct growing dial, show;
};

static void part(struct output *o)
{
    if (o->show.len && !o->show.failed && o->show.text[o->show.len - 1] != ' ')
        add(&o->show, ' ');
}

static void put(struct output *o, const char *text)
{
    if (!*text)
        return;
    part(o);
    add_ascii(&o->dial, text);
    add_ascii(&o->show, text);
}

/* Nobody is to see this: the name of the card stands for it. */
static void put_secret(struct output *o, const char *text, const struct card *card)
{
    uint16_t name[DIALLING_NAME_MAX];

    if (!*text)
        return;
    add_ascii(&o->dial, text);
    (void)platform_utf8_to_utf16(card->name, SIZE_MAX, name, DIALLING_NAME_MAX);
    part(o);
    add(&o->show, '[');
    add_span(&o->show, name, platform_utf16_len(name));
    add(&o->show, ']');
}

static void put_number(struct output *o, const struct address_span *number)
{
    size_t i;

    part(o);
    add_span(&o->show, number->text, number->len);
    for (i = 0; i < number->len; i++)
        if (!address_is_format(number->text[i]))
            add(&o->dial, number->text[i]);
}

/* ---- the rule ---------------------------------------------------------------------------------------------------- */

struct dialled {
    const struct location *location;
    const struct card *card;
    const struct address *address;
    const char *access; /* J */
};

static void put_rule(struct output *o, const char *rule, const struct dialled *d)
{
    char code[12], literal[DIALLING_RULE_MAX];
    size_t n = 0;

    for (;; rule++) {
        bool letter = !*rule || (*rule >= 'E' && *rule <= 'S' && *rule != 'P');

        if (!letter) {
            if (n + 1 < sizeof(literal))
                literal[n++] = *rule;
            continue;
        }
        literal[n] = 0;
        put(o, literal);
        n = 0;
        switch (*rule) {
        case 0:
            return;
        case 'E': {
            uint32_t left = d->address->code;
            size_t at = sizeof(code);

            code[--at] = 0;
            for (; left; left /= 10)
                code[--at] = (char)('0' + left % 10);
            put(o, code + at);
            break;
        }
        case 'F':
            put(o, d->address->area);
            break;
        case 'G':
            put_number(o, &d->address->number);
            break;
        case 'H':
            put_secret(o, d->card->number, d->card);
            break;
        case 'K':
            put_secret(o, d->card->pin, d->card);
            break;
        case 'J':
            put(o, d->access);
            break;
        case 'L':
        case 'N':
            put(o, d->location->long_carrier);
            break;
        case 'M':
        case 'S':
            put(o, d->location->intl_carrier);
            break;
        default:
            break; /* a letter of nothing */
        }
    }
}

/* ---- what kind of call it is ------------------------------------------------------------------------------------- */

static bool begins(const char *text, const char *head)
{
    return strncmp(text, head, strlen(head)) == 0;
}

/* A rule for numbers of this area that begin so; one for certain prefixes goes before one for all. */
static const struct dialling_area_rule *area_rule(const struct location *l, const struct address *a)
{
    const struct dialling_area_rule *all = NULL;
    char digits[DIALLING_AREA_MAX];
    uint32_t i;

    (void)address_digits(&a->number, digits, sizeof(digits));
    for (i = 0; i < l->rulec; i++) {
        const struct dialling_area_rule *r = &l->rulev[i];
        const char *prefix = r->prefixes;

        if (strcmp(r->area, a->area) != 0)
            continue;
        if (!*prefix && !all)
            all = r;
        while (*prefix) {
            char one[DIALLING_AREA_MAX] = "";
            size_t n = strcspn(prefix, " ");

            if (n < sizeof(one)) {
                memcpy(one, prefix, n);
                one[n] = 0;
                if (begins(digits, one))
                    return r;
            }
            prefix += n + (prefix[n] == ' ');
        }
    }
    return all;
}

/* Takes the area code from the beginning of the number. */
static void area_take(struct address *a, const char *area)
{
    size_t left = strlen(area);

    memcpy(a->area, area, left + 1);
    while (left || (a->number.len && address_is_format(a->number.text[0]))) {
        if (!address_is_format(a->number.text[0]))
            left--;
        a->number.text++;
        a->number.len--;
    }
}

/* An address that does not mark its area code: no area code is the beginning of another of the same country, so that
 * numbers that begin like one that we know are there. At least one digit stays. */
static void area_guess(const struct location *l, struct address *a)
{
    char digits[ADDRESS_AREA_MAX];
    const char *best = "";
    uint32_t i;
    size_t n = address_digits(&a->number, digits, sizeof(digits));

    if (a->area[0])
        return;
    if (l->area[0] && begins(digits, l->area) && n > strlen(l->area))
        best = l->area;
    for (i = 0; i < l->rulec; i++)
        if (strlen(l->rulev[i].area) > strlen(best) && begins(digits, l->rulev[i].area) && n > strlen(l->rulev[i].area))
            best = l->rulev[i].area;
    if (best[0])
        area_take(a, best);
}

bool translate_has_tolls(const struct location *l)
{
    const struct country *country = country_by_id(l->country);

    return country && country->code == 1;
}

static bool prefix_of(const struct address *a, char prefix[TOLL_PREFIX_SIZE])
{
    return address_digits(&a->number, prefix, TOLL_PREFIX_SIZE) == TOLL_PREFIX_SIZE - 1;
}

int32_t translate_prefix(const struct location *l, const uint16_t *address, char prefix[TOLL_PREFIX_SIZE])
{
    const struct country *country = country_by_id(l->country);
    struct address a;
    int32_t rc = address_read(&a, address);

    if (rc)
        return rc;
    if (!a.canonical || !country || a.code != country->code || !translate_has_tolls(l)) {
        rc = (int32_t)LINEERR_INVALADDRESS;
    } else {
        area_guess(l, &a);
        if (strcmp(a.area, l->area) != 0 || !prefix_of(&a, prefix))
            rc = (int32_t)LINEERR_INVALADDRESS;
    }
    address_free(&a);
    return rc;
}

/* ---- the translation --------------------------------------------------------------------------------------------- */

static uint32_t flags_of(const uint16_t *dialable, size_t len)
{
    static const struct {
        uint16_t c;
        uint32_t flag;
    } signs[] = {{'$', LINETRANSLATERESULT_DIALBILLING},  {'@', LINETRANSLATERESULT_DIALQUIET},
                 {'W', LINETRANSLATERESULT_DIALDIALTONE}, {'w', LINETRANSLATERESULT_DIALDIALTONE},
                 {'?', LINETRANSLATERESULT_DIALPROMPT},   {':', LINETRANSLATERESULT_VOICEDETECT}};
    uint32_t flags = 0;
    size_t i, k;

    for (i = 0; i < len; i++)
        for (k = 0; k < sizeof(signs) / sizeof(signs[0]); k++)
            if (dialable[i] == signs[k].c)
                flags |= signs[k].flag;
    return flags;
}

/* Dialled as it is. */
static void pass(struct translation *t, struct output *o, const struct location *l, const struct address *a,
                 uint32_t options)
{
    size_t len = a->whole.len - a->tail.len;

    if (options & LINETRANSLATEOPTION_CANCELCALLWAITING && !a->uri)
        put(o, l->cancel_waiting);
    add_span(&o->dial, a->whole.text, len);
    if (!a->uri && !o->dial.failed)
        t->flags |= flags_of(o->dial.text, o->dial.len);
    add_span(&o->dial, a->tail.text, a->tail.len);
    if (len)
        part(o);
    add_span(&o->show, a->whole.text, len);
}

/* A call within the country; the flags say what it is treated as. */
static uint32_t class_of(const struct location *l, const struct address *a, const struct dialling_area_rule *rule,
                         uint32_t options)
{
    bool same = strcmp(a->area, l->area) == 0;
    char prefix[TOLL_PREFIX_SIZE];
    uint32_t flags = 0;

    if (same && translate_has_tolls(l) && prefix_of(a, prefix))
        flags = toll_has(l, prefix) ? LINETRANSLATERESULT_INTOLLLIST : LINETRANSLATERESULT_NOTINTOLLLIST;
    if (options & LINETRANSLATEOPTION_FORCELOCAL)
        return flags | LINETRANSLATERESULT_LOCAL;
    if (options & LINETRANSLATEOPTION_FORCELD)
        return flags | LINETRANSLATERESULT_LONGDISTANCE;
    if (rule)
        same = !rule->number[0];
    else if (flags & LINETRANSLATERESULT_INTOLLLIST)
        same = false;
    return flags | (same ? LINETRANSLATERESULT_LOCAL : LINETRANSLATERESULT_LONGDISTANCE);
}

static void dial(struct translation *t, struct output *o, const struct location *l, const struct card *card,
                 struct address *a, uint32_t options)
{
    const struct country *country = country_by_id(l->country);
    const struct dialling_area_rule *area = NULL;
    struct dialled d = {l, card, a, ""};
    const char *rule, *direct, *access;
    const bool forced = options & (LINETRANSLATEOPTION_FORCELOCAL | LINETRANSLATEOPTION_FORCELD);
    char own[2 * DIALLING_AREA_MAX + 2];

    if (country && a->code == country->code) {
        area_guess(l, a);
        area = forced ? NULL : area_rule(l, a);
        t->flags |= class_of(l, a, area, options);
    } else {
        t->flags |= LINETRANSLATERESULT_INTERNATIONAL;
    }
    if (t->flags & LINETRANSLATERESULT_LOCAL) {
        rule = card->same_area;
        d.access = card->local_access;
        access = l->local_access;
        direct = country->same_area;
    } else if (t->flags & LINETRANSLATERESULT_LONGDISTANCE) {
        rule = card->long_distance;
        d.access = card->long_access;
        access = l->long_access;
        direct = country->long_distance;
    } else {
        rule = card->international;
        d.access = card->intl_access;
        access = l->long_access;
        /* Without a country nobody knows what comes before the calling code: the plus sign says that. */
        direct = country ? country->international : "+EFG";
    }
    if (!*rule && area) {
        size_t n = strlen(area->number);

        memcpy(own, area->number, n);
        memcpy(own + n, area->with_area ? "FG" : "G", area->with_area ? 3 : 2);
        rule = own;
    } else if (!*rule) {
        rule = direct;
    }
    if (country)
        put(o, l->pulse ? "P" : "T");
    if (options & LINETRANSLATEOPTION_CANCELCALLWAITING)
        put(o, l->cancel_waiting);
    put(o, access);
    put_rule(o, rule, &d);
    if (!o->dial.failed)
        t->flags |= flags_of(o->dial.text, o->dial.len);
    add_span(&o->dial, a->tail.text, a->tail.len);
    t->dest_country = a->code;
    t->flags |= LINETRANSLATERESULT_CANONICAL;
}

int32_t translate(struct translation *t, const struct location *l, const struct card *card, const uint16_t *address,
                  uint32_t options)
{
    const struct country *country = country_by_id(l->country);
    struct output o;
    struct address a;
    int32_t rc;

    memset(t, 0, sizeof(*t));
    memset(&o, 0, sizeof(o));
    rc = address_read(&a, address);
    if (rc)
        return rc;
    t->current_country = country ? country->code : 0;
    if (a.canonical)
        dial(t, &o, l, card, &a, options);
    else
        pass(t, &o, l, &a, options);
    add(&o.dial, 0);
    add(&o.show, 0);
    address_free(&a);
    t->dialable = o.dial.text;
    t->displayable = o.show.text;
    if (o.dial.failed || o.show.failed) {
        translation_free(t);
        return (int32_t)LINEERR_NOMEM;
    }
    t->dialable_bytes = (uint32_t)(o.dial.len * sizeof(uint16_t));
    t->displayable_bytes = (uint32_t)(o.show.len * sizeof(uint16_t));
    return 0;
}

void translation_free(struct translation *t)
{
    /* The number of a card may be in it. */
    if (t->dialable)
        memset(t->dialable, 0, t->dialable_bytes);
    free(t->dialable);
    free(t->displayable);
    memset(t, 0, sizeof(*t));
}
