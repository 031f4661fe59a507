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

static struct exchange_number *find(const struct exchange *x, const char *number, size_t len)
{
    uint32_t hash = hash_number(number, len);

    for (uint32_t at = hash & x->hash_mask; x->by_number[at]; at = (at + 1) & x->hash_mask) {
        struct exchange_number *n = x->numberv[x->by_number[at] - 1];
        if (n->hash == hash && n->party->number_len == len && !memcmp(n->party->text, number, len)) {
            return n;
        }
    }
    return NULL;
}

const struct exchange_number *exchange_number_find(const struct exchange *x, const char *number, size_t len)
{
    return find(x, number, len);
}

/* Its place in by_address; the empty one if there is none. */
static uint32_t address_place(const struct exchange *x, uint32_t line, uint32_t address)
{
    uint32_t at = hash_address(line, address) & x->hash_mask;

    for (; x->by_address[at]; at = (at + 1) & x->hash_mask) {
        const struct exchange_number *n = x->numberv[x->by_address[at] - 1];
        if (n->line == line && n->address == address) {
            break;
        }
    }
    return at;
}

const struct exchange_number *exchange_address_find(const struct exchange *x, uint32_t line, uint32_t address)
{
    uint32_t index = x->by_address[address_place(x, line, address)];

    return index ? x->numberv[index - 1] : NULL;
}

static bool number_ok(const char *number)
{
    size_t len = number ? strlen(number) : 0;

    return len > 0 && len <= SESSION_NUMBER_MAX && strspn(number, "0123456789ABCD*#+") == len;
}

/* ---- tables ---- */

static uint32_t number_key(const struct exchange_number *n)
{
    return n->hash;
}

static uint32_t address_key(const struct exchange_number *n)
{
    return hash_address(n->line, n->address);
}

typedef uint32_t(key_h)(const struct exchange_number *n);

static void table_put(const struct exchange *x, uint32_t *table, uint32_t mask, uint32_t index, key_h *key)
{
    uint32_t at = key(x->numberv[index]) & mask;

    while (table[at]) {
        at = (at + 1) & mask;
    }
    table[at] = index + 1;
}

static uint32_t table_place(const struct exchange *x, const uint32_t *table, uint32_t index, key_h *key)
{
    uint32_t at = key(x->numberv[index]) & x->hash_mask;

    while (table[at] != index + 1) {
        at = (at + 1) & x->hash_mask;
    }
    return at;
}

/* Those behind it that would not be found any more move up. */
static void table_take(const struct exchange *x, uint32_t *table, uint32_t index, key_h *key)
{
    uint32_t mask = x->hash_mask, at = table_place(x, table, index, key), next, home;

    for (next = (at + 1) & mask; table[next]; next = (next + 1) & mask) {
        home = key(x->numberv[table[next] - 1]) & mask;
        if (((next - home) & mask) >= ((next - at) & mask)) {
            table[at] = table[next];
            at = next;
        }
    }
    table[at] = 0;
}

/* Room for `count` more. False: no memory, nothing has changed. */
static bool reserve(struct exchange *x, uint32_t count)
{
    uint32_t cap = x->number_cap ? x->number_cap : 8, size, *by_number, *by_address;
    struct exchange_number **numberv;

    if (x->number_cap - x->numberc >= count) {
        return true;
    }
    while (cap < x->numberc + count) {
        cap *= 2;
    }
    size = 2 * cap;
    numberv = exchange_zalloc(x, cap * sizeof(struct exchange_number *));
    by_number = exchange_zalloc(x, size * sizeof(*by_number));
    by_address = exchange_zalloc(x, size * sizeof(*by_address));
    if (!numberv || !by_number || !by_address) {
        exchange_release(x, numberv);
        exchange_release(x, by_number);
        exchange_release(x, by_address);
        return false;
    }
    if (x->numberc) {
        memcpy(numberv, x->numberv, x->numberc * sizeof(struct exchange_number *));
    }
    exchange_release(x, x->numberv);
    exchange_release(x, x->by_number);
    exchange_release(x, x->by_address);
    x->numberv = numberv;
    x->by_number = by_number;
    x->by_address = by_address;
    x->number_cap = cap;
    x->hash_mask = size - 1;
    for (uint32_t i = 0; i < x->numberc; i++) {
        if (numberv[i]->head == numberv[i]) {
            table_put(x, by_number, x->hash_mask, i, number_key);
        }
        if (numberv[i]->kind == EXCHANGE_EXT) {
            table_put(x, by_address, x->hash_mask, i, address_key);
        }
    }
    return true;
}

/* ---- adding ---- */

static enum session_err add(struct exchange *x, const char *number, const char *name, uint8_t sharing,
                            struct exchange_number **np)
{
    struct exchange_number *n, *head;

    if (!number_ok(number) || (name && strlen(name) > SESSION_NAME_MAX)) {
        return SESSION_E_BADPARAM;
    }
    head = (struct exchange_number *)exchange_number_find(x, number, strlen(number));
    if (head && (!sharing || head->sharing != sharing)) {
        return SESSION_E_BADPARAM;
    }
    n = reserve(x, 1) ? exchange_zalloc(x, sizeof(*n)) : NULL;
    if (!n) {
        return SESSION_E_NOMEM;
    }
    n->party = session_party_alloc(&x->mem, number, name);
    if (!n->party) {
        exchange_release(x, n);
        return SESSION_E_NOMEM;
    }
    n->hash = hash_number(number, strlen(number));
    n->sharing = sharing;
    n->head = head ? head : n;
    x->numberv[x->numberc] = n;
    *np = n;
    if (head) {
        while (head->appear) {
            head = head->appear;
        }
        head->appear = n;
        x->numberc++;
    } else {
        table_put(x, x->by_number, x->hash_mask, x->numberc++, number_key);
    }
    return SESSION_E_OK;
}

static enum session_err add_ext(struct exchange *x, const struct loopback_ext *ext, uint8_t sharing,
                                struct exchange_number **np)
{
    enum session_err err;

    if (exchange_address_find(x, ext->line, ext->address) ||
        sharing & (sharing - 1) || sharing == SESSION_SHARING_PRIVATE || sharing > SESSION_SHARING_BRIDGEDSHARED) {
        return SESSION_E_BADPARAM;
    }
    err = add(x, ext->number, ext->name, sharing, np);
    if (err) {
        return err;
    }
    (*np)->kind = EXCHANGE_EXT;
    (*np)->line = ext->line;
    (*np)->address = ext->address;
    x->shared = x->shared || sharing;
    if (ext->address >= x->linev[ext->line].addressc) {
        x->linev[ext->line].addressc = ext->address + 1;
    }
    table_put(x, x->by_address, x->hash_mask, x->numberc - 1, address_key);
    return SESSION_E_OK;
}

static enum session_err add_place(struct exchange *x, const struct loopback_place *place)
{
    struct exchange_number *n;
    enum session_err err = add(x, place->number, place->name, 0, &n);

    if (!err) {
        n->kind = EXCHANGE_PLACE;
        x->placev[x->placec++] = n;
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
    err = add(x, special->number, special->name, 0, &n);
    if (err) {
        return err;
    }
    n->kind = (uint8_t)special->kind;
    n->answer_ms = special->answer_ms;
    n->hangup_ms = special->hangup_ms;
    return SESSION_E_OK;
}

/* The numbers that `n` begins with hear that there is one more of its kind, or (-1) one less. */
static void tell_prefixes(struct exchange *x, const struct exchange_number *n, int by)
{
    for (size_t len = 1; len < n->party->number_len; len++) {
        struct exchange_number *p = find(x, n->party->text, len);

        if (p) {
            p->prefix += (uint32_t)by;
        }
    }
}

enum session_err exchange_numbers_init(struct exchange *x, const struct loopback_conf *conf)
{
    struct exchange_number *n;
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
    x->line_cap = x->linec + 1;
    x->linev = exchange_zalloc(x, x->line_cap * sizeof(*x->linev));
    if (!x->linev || !reserve(x, conf->extc + conf->specialc + conf->placec + 1)) {
        return SESSION_E_NOMEM;
    }
    for (uint32_t i = 0; i < conf->extc; i++) {
        err = add_ext(x, &conf->extv[i], conf->sharingv ? conf->sharingv[i] : 0, &n);
        if (!err) {
            err = exchange_group(x, conf->groupv ? conf->groupv[i] : "", &n->group);
        }
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
    x->nobody = session_party_alloc(&x->mem, "", NULL);
    x->placev = exchange_zalloc(x, (conf->placec + 1) * sizeof(struct exchange_number *));
    if (!x->nobody || !x->placev) {
        return SESSION_E_NOMEM;
    }
    for (uint32_t i = 0; i < conf->placec; i++) {
        err = add_place(x, &conf->placev[i]);
        if (err) {
            return err;
        }
    }
    /* with all of them there: which ones are the beginning of another */
    for (uint32_t i = 0; i < x->numberc; i++) {
        tell_prefixes(x, x->numberv[i], 1);
    }
    return SESSION_E_OK;
}

enum session_err exchange_ext_add(struct exchange *x, const struct loopback_ext *ext, uint8_t sharing,
                                  const char *group)
{
    struct exchange_number *n;
    uint32_t index;
    enum session_err err = exchange_group(x, group, &index);

    if (!err) {
        err = add_ext(x, ext, sharing, &n);
    }
    if (err) {
        return err;
    }
    n->group = index;
    tell_prefixes(x, n, 1);
    for (uint32_t i = 0; i < x->numberc; i++) {
        const struct session_party *p = x->numberv[i]->party;

        n->prefix += p->number_len > n->party->number_len && !memcmp(p->text, n->party->text, n->party->number_len);
    }
    return SESSION_E_OK;
}

/* An extension is no longer found by its number; another appearance of it may be. */
static void leave_number(struct exchange *x, struct exchange_number *n, uint32_t index)
{
    struct exchange_number *next = n->appear, *before = n->head;
    uint32_t at = 0;

    if (n->head != n) {
        while (before->appear != n) {
            before = before->appear;
        }
        before->appear = next;
    } else if (!next) {
        table_take(x, x->by_number, index, number_key);
    } else {
        while (x->numberv[at] != next) {
            at++;
        }
        x->by_number[table_place(x, x->by_number, index, number_key)] = at + 1;
        next->prefix = n->prefix;
        next->forwards = n->forwards;
        n->forwards = NULL;
        for (struct exchange_number *a = next; a; a = a->appear) {
            a->head = next;
        }
    }
    n->head = n;
    n->appear = NULL;
}

void exchange_exts_remove(struct exchange *x, uint32_t line)
{
    for (uint32_t address = 0; address < x->linev[line].addressc; address++) {
        uint32_t index = x->by_address[address_place(x, line, address)], last = x->numberc - 1;
        struct exchange_number *n;

        if (!index--) {
            continue; /* one that is only monitored */
        }
        n = x->numberv[index];
        if (n->parked) {
            exchange_park_lost(x, n);
        }
        tell_prefixes(x, n, -1);
        leave_number(x, n, index);
        table_take(x, x->by_address, index, address_key);
        if (index != last) { /* the last one takes its place */
            if (x->numberv[last]->head == x->numberv[last]) {
                x->by_number[table_place(x, x->by_number, last, number_key)] = index + 1;
            }
            if (x->numberv[last]->kind == EXCHANGE_EXT) {
                x->by_address[table_place(x, x->by_address, last, address_key)] = index + 1;
            }
            x->numberv[index] = x->numberv[last];
        }
        x->numberc--;
        n->gone = true;
        n->next = x->gone;
        x->gone = n;
        x->gonec++;
    }
    x->linev[line].addressc = 0;
}

static void free_number(struct exchange *x, struct exchange_number *n)
{
    session_party_deref(n->party);
    exchange_release(x, n->forwards);
    exchange_release(x, n);
}

void exchange_numbers_gone(struct exchange *x)
{
    struct exchange_number **link = &x->gone;

    while (*link) {
        struct exchange_number *n = *link;

        if (n->named) {
            n->named = false;
            link = &n->next;
        } else {
            *link = n->next;
            x->gonec--;
            free_number(x, n);
        }
    }
}

void exchange_numbers_free(struct exchange *x)
{
    for (uint32_t i = 0; i < x->numberc; i++) {
        free_number(x, x->numberv[i]);
    }
    exchange_groups_free(x);
    exchange_release(x, x->placev);
    session_party_deref(x->nobody);
    exchange_numbers_gone(x);
    exchange_release(x, x->numberv);
    exchange_release(x, x->by_number);
    exchange_release(x, x->by_address);
    exchange_release(x, x->linev);
}

const char *exchange_numbers_check(const struct exchange *x)
{
    uint32_t gone = 0;

    for (uint32_t i = 0; i < x->numberc; i++) {
        const struct exchange_number *n = x->numberv[i];
        if (!n->party || n->party->refs == 0) {
            return "number without a party";
        }
        if (exchange_number_find(x, n->party->text, n->party->number_len) != n->head) {
            return "number not found by its digits";
        }
        if (n->kind == EXCHANGE_EXT && exchange_address_find(x, n->line, n->address) != n) {
            return "extension not found by its address";
        }
        if (n->gone || n->named) {
            return "number that is there is marked as gone";
        }
        if (n->parked && n->parked->place != n) {
            return "a call is parked that does not know where";
        }
    }
    for (const struct exchange_number *n = x->gone; n; n = n->next) {
        gone++;
        if (!n->gone || n->named) {
            return "number that has gone does not know it";
        }
    }
    return gone == x->gonec ? NULL : "numbers that have gone are not as many as are counted";
}
