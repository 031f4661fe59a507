/* Locations and calling cards as they are kept. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/dialling.h"

#include "tapi_shim/engine/country.h"
#include "tapi_shim/platform/platform.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char section[] = "Dialling";

void dialling_clear(struct dialling *d)
{
    free(d->locationv);
    if (d->cardv) /* numbers of cards do not stay in memory */
        memset(d->cardv, 0, d->cardc * sizeof(*d->cardv));
    free(d->cardv);
    memset(d, 0, sizeof(*d));
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool dialling_name_equal(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}

bool dialling_number(const char *text, uint32_t *value)
{
    uint64_t n = 0;
    size_t i;

    for (i = 0; text[i]; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        n = 10 * n + (uint64_t)(text[i] - '0');
        if (n > UINT32_MAX)
            return false;
    }
    *value = (uint32_t)n;
    return i > 0;
}

static bool only(const char *text, const char *allowed)
{
    return text[strspn(text, allowed)] == 0;
}

bool dialling_is_digits(const char *text)
{
    return only(text, "0123456789");
}

bool dialling_is_code(const char *text)
{
    return only(text, "0123456789*#ABCDabcd,!WwPpTt@$?:");
}

/* What a store keeps as it is: no controls, no space at an end, no " ;" and no bytes that are not UTF-8. */
static bool is_text(const char *text)
{
    uint16_t units[DIALLING_NAME_MAX];
    char back[4 * DIALLING_NAME_MAX];
    size_t len = strlen(text), i;

    if (len >= DIALLING_NAME_MAX || (len && (text[0] == ' ' || text[len - 1] == ' ')) || strstr(text, " ;"))
        return false;
    for (i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F)
            return false;
    (void)platform_utf8_to_utf16(text, SIZE_MAX, units, DIALLING_NAME_MAX);
    (void)platform_utf16_to_utf8(units, SIZE_MAX, back, sizeof(back));
    return strcmp(text, back) == 0 && text[0] != ';';
}

/* ---- fields ------------------------------------------------------------------------------------------------------ */

static const char *text_wrong(const struct dialling_field *f, const char *text)
{
    if (strlen(text) >= f->size)
        return "too long";
    switch (f->kind) {
    case DIALLING_TEXT:
        return is_text(text) ? NULL : "no text that can be kept";
    case DIALLING_DIGITS:
        return dialling_is_digits(text) ? NULL : "digits only";
    case DIALLING_DIAL:
        return dialling_is_code(text) ? NULL : "only what can be dialled: 0-9 * # A-D , ! W P T @ $ ? :";
    case DIALLING_RULE:
        return only(text, "0123456789*#ABCD,!WwPpTt@$?:EFGHJKLMNS+")
                   ? NULL
                   : "a rule is made of what can be dialled and of the letters E F G H J K L M N S";
    case DIALLING_NUMBER:
    case DIALLING_FLAG:
        break;
    }
    return NULL;
}

const char *dialling_field_set(const struct dialling_field *fields, void *entry, const char *name, const char *text)
{
    const struct dialling_field *f;
    const char *wrong;
    uint32_t value;
    char *at;

    for (f = fields; f->name && !dialling_name_equal(f->name, name); f++)
        ;
    if (!f->name)
        return "there is no such field";
    at = (char *)entry + f->at;
    if (f->kind == DIALLING_NUMBER) {
        if (!dialling_number(text, &value))
            return "a number is needed";
        memcpy(at, &value, sizeof(value));
        return NULL;
    }
    if (f->kind == DIALLING_FLAG) {
        bool flag = strcmp(text, "1") == 0;

        if (!flag && strcmp(text, "0") != 0)
            return "0 or 1 is needed";
        memcpy(at, &flag, sizeof(flag));
        return NULL;
    }
    wrong = text_wrong(f, text);
    if (!wrong)
        memcpy(at, text, strlen(text) + 1);
    return wrong;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

struct reading {
    struct dialling *d;
    int err;
};

/* The entry with this id, made if it is new. Ids below are given ones. NULL: no memory, or too many. */
static struct location *location_get(struct dialling *d, uint32_t id)
{
    uint32_t i, given, last = d->last_location;
    struct location empty;

    for (i = 0; i < d->locationc; i++)
        if (d->locationv[i].id == id)
            return &d->locationv[i];
    memset(&empty, 0, sizeof(empty));
    d->last_location = id - 1;
    if (location_add(d, &empty, &given)) {
        d->last_location = last;
        return NULL;
    }
    if (last > d->last_location)
        d->last_location = last;
    return &d->locationv[d->locationc - 1];
}

static struct card *card_get(struct dialling *d, uint32_t id)
{
    uint32_t i, given, last = d->last_card;
    struct card empty;

    for (i = 0; i < d->cardc; i++)
        if (d->cardv[i].id == id)
            return &d->cardv[i];
    memset(&empty, 0, sizeof(empty));
    d->last_card = id - 1;
    if (card_add(d, &empty, &given)) {
        d->last_card = last;
        return NULL;
    }
    if (last > d->last_card)
        d->last_card = last;
    return &d->cardv[d->cardc - 1];
}

/* "L12.Name": the letter, the id, the field. False: it is no such name. */
static bool split(const char *name, char *kind, uint32_t *id, const char **field)
{
    char digits[12];
    const char *dot = strchr(name, '.');
    size_t n = dot ? (size_t)(dot - name) : 0;

    if (n < 2 || n > sizeof(digits))
        return false;
    memcpy(digits, name + 1, n - 1);
    digits[n - 1] = 0;
    *kind = lower(name[0]);
    *field = dot + 1;
    return (*kind == 'l' || *kind == 'c') && dialling_number(digits, id) && *id;
}

static void take(const char *name, const char *text, void *arg)
{
    static const struct dialling_field own[] = {
        {"Current", DIALLING_NUMBER, offsetof(struct dialling, current), sizeof(uint32_t)},
        {"LastLocation", DIALLING_NUMBER, offsetof(struct dialling, last_location), sizeof(uint32_t)},
        {"LastCard", DIALLING_NUMBER, offsetof(struct dialling, last_card), sizeof(uint32_t)},
        {NULL, DIALLING_NUMBER, 0, 0},
    };
    struct reading *r = arg;
    const char *field, *wrong;
    struct location *l;
    struct card *c;
    uint32_t id;
    char kind;

    if (!split(name, &kind, &id, &field)) {
        struct dialling seen = *r->d;

        wrong = dialling_field_set(own, &seen, name, text);
        r->d->current = seen.current;
        if (seen.last_location > r->d->last_location)
            r->d->last_location = seen.last_location;
        if (seen.last_card > r->d->last_card)
            r->d->last_card = seen.last_card;
    } else if (kind == 'l') {
        l = location_get(r->d, id);
        wrong = l ? location_set(l, field, text) : "too many locations";
    } else {
        c = card_get(r->d, id);
        wrong = c ? card_set(c, field, text) : "too many cards";
    }
    /* Not the text: it may be the number of a card. */
    if (wrong)
        platform_log(PLATFORM_LOG_WARNING, "locations and cards: %.40s is not used: %s", name, wrong);
}

/* What cannot be used goes. */
static void check(struct dialling *d)
{
    uint32_t i;

    for (i = 0; i < d->cardc;) {
        const char *wrong = card_check(&d->cardv[i]);

        if (wrong) {
            platform_log(PLATFORM_LOG_WARNING, "card %u is not used: %s", (unsigned)d->cardv[i].id, wrong);
            (void)card_remove(d, d->cardv[i].id);
        } else {
            i++;
        }
    }
    for (i = 0; i < d->locationc;) {
        struct location *l = &d->locationv[i];
        const char *wrong = location_check(l);

        if (!card_find(d, l->card))
            l->card = 0;
        if (wrong) {
            platform_log(PLATFORM_LOG_WARNING, "location %u is not used: %s", (unsigned)l->id, wrong);
            (void)location_remove(d, l->id);
        } else {
            i++;
        }
    }
    if (!location_find(d, d->current))
        d->current = 0;
}

static int read_all(struct platform_store *store, struct dialling *d)
{
    struct reading r = {d, 0};
    int err = platform_store_read(store, take, &r);

    if (err && err != ENOENT) {
        dialling_clear(d);
        return err;
    }
    check(d);
    return 0;
}

int dialling_load(struct dialling *d)
{
    struct platform_store *store = NULL;
    int err = platform_state_open(&store, section, false);

    if (!err)
        err = read_all(store, d);
    platform_store_close(store);
    return err == ENOENT ? 0 : err;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

enum { TOLL_LINE = 120, LINE_MAX_BYTES = 192 };

struct writing {
    struct platform_store_value *valuev;
    char (*texts)[LINE_MAX_BYTES];
    size_t count, cap;
};

static void put(struct writing *w, char kind, uint32_t id, const char *field, unsigned n, const char *text)
{
    struct platform_store_value *v;

    if (w->count >= w->cap)
        return;
    v = &w->valuev[w->count];
    if (kind && n)
        (void)snprintf(v->name, sizeof(v->name), "%c%u.%s%u", kind, (unsigned)id, field, n);
    else if (kind)
        (void)snprintf(v->name, sizeof(v->name), "%c%u.%s", kind, (unsigned)id, field);
    else
        (void)snprintf(v->name, sizeof(v->name), "%s", field);
    (void)snprintf(w->texts[w->count], LINE_MAX_BYTES, "%s", text);
    v->text = w->texts[w->count++];
}

static void put_number(struct writing *w, char kind, uint32_t id, const char *field, uint32_t value)
{
    char text[12];

    (void)snprintf(text, sizeof(text), "%u", (unsigned)value);
    put(w, kind, id, field, 0, text);
}

static void put_fields(struct writing *w, char kind, uint32_t id, const struct dialling_field *f, const void *entry)
{
    for (; f->name; f++) {
        const char *at = (const char *)entry + f->at;
        uint32_t value;
        bool flag;

        if (f->kind == DIALLING_NUMBER) {
            memcpy(&value, at, sizeof(value));
            if (value)
                put_number(w, kind, id, f->name, value);
        } else if (f->kind == DIALLING_FLAG) {
            memcpy(&flag, at, sizeof(flag));
            if (flag)
                put(w, kind, id, f->name, 0, "1");
        } else if (at[0]) {
            put(w, kind, id, f->name, 0, at);
        }
    }
}

static void put_location(struct writing *w, const struct location *l)
{
    const char *at = l->toll;
    char line[LINE_MAX_BYTES];
    uint32_t i;
    unsigned n;

    put_fields(w, 'L', l->id, location_fields, l);
    /* As many prefixes as fit in a line. */
    for (n = 1; *at; n++) {
        size_t len = strlen(at);

        if (len > TOLL_LINE)
            for (len = TOLL_LINE; at[len] != ','; len--)
                ;
        memcpy(line, at, len);
        line[len] = 0;
        put(w, 'L', l->id, "Toll", n, line);
        at += len + (at[len] == ',');
    }
    for (i = 0; i < l->rulec; i++) {
        const struct dialling_area_rule *r = &l->rulev[i];

        (void)snprintf(line, sizeof(line), "%s %s %s%s%s", r->area, r->number[0] ? r->number : "-",
                       r->with_area ? "yes" : "no", r->prefixes[0] ? " " : "", r->prefixes);
        put(w, 'L', l->id, "Rule", i + 1, line);
    }
}

static int write_all(struct platform_store *store, const struct dialling *d)
{
    struct writing w = {NULL, NULL, 0, 0};
    int err = ENOMEM;
    uint32_t i;

    w.cap = 3 + 12 * (size_t)d->cardc;
    for (i = 0; i < d->locationc; i++)
        w.cap += 14 + strlen(d->locationv[i].toll) / (TOLL_LINE - DIALLING_AREA_MAX) + 1 + d->locationv[i].rulec;
    w.valuev = calloc(w.cap, sizeof(*w.valuev));
    w.texts = calloc(w.cap, sizeof(*w.texts));
    if (w.valuev && w.texts) {
        put_number(&w, 0, 0, "Current", d->current);
        put_number(&w, 0, 0, "LastLocation", d->last_location);
        put_number(&w, 0, 0, "LastCard", d->last_card);
        for (i = 0; i < d->locationc; i++)
            put_location(&w, &d->locationv[i]);
        for (i = 0; i < d->cardc; i++)
            put_fields(&w, 'C', d->cardv[i].id, card_fields, &d->cardv[i]);
        err = platform_store_write(store, w.valuev, w.count);
        memset(w.texts, 0, w.cap * sizeof(*w.texts));
    }
    free(w.valuev);
    free(w.texts);
    return err;
}

int dialling_change(struct dialling *d, dialling_change_h *h, void *arg)
{
    struct platform_store *store = NULL;
    int err = platform_state_open(&store, section, true);

    if (!err)
        err = read_all(store, d);
    if (!err)
        err = h(d, arg);
    if (!err)
        err = write_all(store, d);
    platform_store_close(store);
    if (err)
        dialling_clear(d);
    return err;
}
