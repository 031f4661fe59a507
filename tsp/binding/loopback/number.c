/* Numbers of the embedded exchange: configuration and look-up. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

const struct loopback_special loopback_default_specialv[LOOPBACK_DEFAULT_SPECIALC] = {
    {"600", "Echo", LOOPBACK_ANSWER, 0, 0},
    {"601", "Always busy", LOOPBACK_BUSY, 0, 0},
    {"602", "Never answers", LOOPBACK_RING, 0, 0},
    {"603", "Hangs up", LOOPBACK_ANSWER, 0, 2000},
};

static uint32_t hash_number(const char *number, size_t len)
{
    uint32_t h = 2166136261u;

    for (size_t i = 0; i < len; i++) {
        h = (h ^ (uint8_t)number[i]) * 16777619u;
    }
    return h ^ (h >> 15);
}

static uint32_t hash_address(uint32_t line, uint32_t address)
{
    uint32_t h = (line * 2654435761u) ^ (address * 2246822519u);

    return h ^ (h >> 15);
}

const struct exchange_number *exchange_number_find(const struct exchange *x, const char *number, size_t len)
{
    uint32_t hash = hash_number(number, len);

    for (uint32_t at = hash & x->hash_mask; x->by_number[at]; at = (at + 1) & x->hash_mask) {
        const struct exchange_number *n = &x->numberv[x->by_number[at] - 1];
        if (n->hash == hash && n->party->number_len == len && !memcmp(n->party->text, number, len)) {
            return n;
        }
    }
    return NULL;
}

const struct exchange_number *exchange_address_find(const struct exchange *x, uint32_t line, uint32_t address)
{
    for (uint32_t at = hash_address(line, address) & x->hash_mask; x->by_address[at]; at = (at + 1) & x->hash_mask) {
        const struct exchange_number *n = &x->numberv[x->by_address[at] - 1];
        if (n->line == line && n->address == address) {
            return n;
        }
    }
    return NULL;
}

static bool number_ok(const char *number)
{
    size_t len = number ? strlen(number) : 0;

    return len > 0 && len <= SESSION_NUMBER_MAX && strspn(number, "0123456789ABCD*#+") == len;
}

static enum session_err add(struct exchange *x, const char *number, const char *name, struct exchange_number **np)
{
    struct exchange_number *n = &x->numberv[x->numberc];
    uint32_t at;

    if (!number_ok(number) || (name && strlen(name) > SESSION_NAME_MAX)) {
        return SESSION_E_BADPARAM;
    }
    if (exchange_number_find(x, number, strlen(number))) {
        return SESSION_E_BADPARAM;
    }
    n->party = session_party_alloc(&x->mem, number, name);
    if (!n->party) {
        return SESSION_E_NOMEM;
    }
    n->hash = hash_number(number, strlen(number));
    for (at = n->hash & x->hash_mask; x->by_number[at]; at = (at + 1) & x->hash_mask) {
        continue;
    }
    x->by_number[at] = ++x->numberc;
    *np = n;
    return SESSION_E_OK;
}

static enum session_err add_ext(struct exchange *x, const struct loopback_ext *ext)
{
    struct exchange_number *n;
    enum session_err err;
    uint32_t at;

    if (exchange_address_find(x, ext->line, ext->address)) {
        return SESSION_E_BADPARAM;
    }
    err = add(x, ext->number, ext->name, &n);
    if (err) {
        return err;
    }
    n->kind = EXCHANGE_EXT;
    n->line = ext->line;
    n->address = ext->address;
    for (at = hash_address(n->line, n->address) & x->hash_mask; x->by_address[at]; at = (at + 1) & x->hash_mask) {
        continue;
    }
    x->by_address[at] = x->numberc;
    return SESSION_E_OK;
}

static enum session_err add_place(struct exchange *x, const struct loopback_place *place)
{
    struct exchange_number *n;
    enum session_err err = add(x, place->number, place->name, &n);

    if (!err) {
        n->kind = EXCHANGE_PLACE;
    }
    return err;
}

static enum session_err add_special(struct exchange *x, const struct loopback_special *special)
{
    struct exchange_number *n;
    enum session_err err;

    switch (special->kind) {
    case LOOPBACK_ANSWER:
    case LOOPBACK_BUSY:
    case LOOPBACK_RING:
        break;
    default: /* from outside: any number */
        return SESSION_E_BADPARAM;
    }
    err = add(x, special->number, special->name, &n);
    if (err) {
        return err;
    }
    n->kind = (uint8_t)special->kind;
    n->answer_ms = special->answer_ms;
    n->hangup_ms = special->hangup_ms;
    return SESSION_E_OK;
}

enum session_err exchange_numbers_init(struct exchange *x, const struct loopback_conf *conf)
{
    uint32_t size = 16;
    enum session_err err;

    if (conf->extc > SESSION_MAX || conf->specialc > SESSION_MAX || (conf->extc && !conf->extv) ||
        (conf->specialc && !conf->specialv) || conf->placec > UINT16_MAX - 1 || (conf->placec && !conf->placev)) {
        return SESSION_E_BADPARAM;
    }
    for (uint32_t i = 0; i < conf->extc; i++) {
        if (conf->extv[i].line >= SESSION_MAX) {
            return SESSION_E_BADPARAM;
        }
        if (conf->extv[i].line >= x->linec) {
            x->linec = conf->extv[i].line + 1;
        }
    }
    while (size < 2 * (conf->extc + conf->specialc + conf->placec)) {
        size *= 2;
    }
    x->hash_mask = size - 1;
    x->by_number = exchange_zalloc(x, size * sizeof(*x->by_number));
    x->by_address = exchange_zalloc(x, size * sizeof(*x->by_address));
    x->numberv = exchange_zalloc(x, (conf->extc + conf->specialc + conf->placec + 1) * sizeof(*x->numberv));
    x->linev = exchange_zalloc(x, (x->linec + 1) * sizeof(*x->linev));
    if (!x->by_number || !x->by_address || !x->numberv || !x->linev) {
        return SESSION_E_NOMEM;
    }
    for (uint32_t i = 0; i < conf->extc; i++) {
        err = add_ext(x, &conf->extv[i]);
        if (err) {
            return err;
        }
    }
    for (uint32_t i = 0; i < conf->specialc; i++) {
        err = add_special(x, &conf->specialv[i]);
        if (err) {
            return err;
        }
    }
    x->place_first = x->numberc;
    x->placec = conf->placec;
    for (uint32_t i = 0; i < conf->placec; i++) {
        err = add_place(x, &conf->placev[i]);
        if (err) {
            return err;
        }
    }
    err = exchange_groups_init(x, conf);
    if (err) {
        return err;
    }
    /* with all of them there: which ones are the beginning of another */
    for (uint32_t i = 0; i < x->numberc; i++) {
        const struct session_party *p = x->numberv[i].party;
        for (size_t len = 1; len < p->number_len; len++) {
            const struct exchange_number *n = exchange_number_find(x, p->text, len);
            if (n) {
                x->numberv[n - x->numberv].prefix = true;
            }
        }
    }
    return SESSION_E_OK;
}

void exchange_numbers_free(struct exchange *x)
{
    for (uint32_t i = 0; i < x->numberc; i++) {
        session_party_deref(x->numberv[i].party);
    }
    exchange_groups_free(x);
    exchange_release(x, x->numberv);
    exchange_release(x, x->by_number);
    exchange_release(x, x->by_address);
    exchange_release(x, x->linev);
}

const char *exchange_numbers_check(const struct exchange *x)
{
    for (uint32_t i = 0; i < x->numberc; i++) {
        const struct exchange_number *n = &x->numberv[i];
        if (!n->party || n->party->refs == 0) {
            return "number without a party";
        }
        if (exchange_number_find(x, n->party->text, n->party->number_len) != n) {
            return "number not found by its digits";
        }
        if (n->kind == EXCHANGE_EXT && exchange_address_find(x, n->line, n->address) != n) {
            return "extension not found by its address";
        }
        if (n->parked && n->parked->place != n) {
            return "a call is parked that does not know where";
        }
    }
    return NULL;
}
