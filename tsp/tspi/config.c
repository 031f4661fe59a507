/* Reads the configuration, checks every value, and completes it. SPDX-License-Identifier: MIT */
#include "tsp/tspi/config.h"
#include "tsp/tspi/account.h"
#include "tsp/tspi/configvalue.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum kind { KIND_PROVIDER, KIND_LINES, KIND_LINE, KIND_NUMBER, KIND_NONE };
enum type { TYPE_UINT, TYPE_TEXT, TYPE_ADDRESS, TYPE_ADDRESSES, TYPE_MEDIA, TYPE_BEHAVIOUR, TYPE_SHARING };

enum key {
#define CONFIG_KEY(kind, section, key, type, min, max, def, text) KEY_##kind##_##key,
#include "tsp/tspi/config.def"
#undef CONFIG_KEY
    KEY_COUNT
};

static const struct key_row {
    enum kind kind;
    const char *key;
    enum type type;
    uint32_t min, max;
} keyv[KEY_COUNT] = {
#define CONFIG_KEY(kind, section, key, type, min, max, def, text) {KIND_##kind, #key, TYPE_##type, min, max},
#include "tsp/tspi/config.def"
#undef CONFIG_KEY
};

#define MEDIA_DEFAULT (SESSION_MEDIA_INTERACTIVEVOICE | SESSION_MEDIA_AUTOMATEDVOICE)

#define GROUP_DEFAULT "1"

enum behaviour { BEHAVIOUR_ANSWER, BEHAVIOUR_BUSY, BEHAVIOUR_NOANSWER, BEHAVIOUR_ANSWER_HANGUP };

/* A [line N] or [number N] as it is being read. */
struct raw {
    uint32_t n;      /* line */
    const char *num; /* number: as written */
    bool is_line, bad;
    const char *where; /* of its number, or its first key */
    const char *name;
    uint32_t addressc;
    const char **numberv;
    uint32_t sharingc;
    uint8_t *sharingv;
    uint32_t max_sessions, address_max_sessions, media_modes, id;
    const char *group;
    bool phone;
    uint32_t behaviour, answer_ms, after_ms;
};

struct config_block {
    struct config_block *next;
    size_t used, size;
};

enum { BLOCK_SIZE = 32768 };

struct reader {
    struct config *conf;
    bool no_memory;
    struct raw *rawv;
    uint32_t rawc, raw_cap;
    uint32_t raw_last; /* entries of a section mostly come together */
    uint32_t *raw_hash;
    uint32_t raw_mask;
    bool lines_given, count_given;
    uint32_t gen_count, gen_first, gen_max, gen_media, gen_phone;
    const char *gen_name, *gen_group;
    bool park_given;
    uint32_t park_first, park_count;
};

/* ---- memory ------------------------------------------------------------------------------------------------------ */

static void *mem_alloc(const struct session_mem *mem, size_t size)
{
    return mem->alloc ? mem->alloc(size, mem->arg) : calloc(1, size);
}

static void mem_free(const struct session_mem *mem, void *p)
{
    if (mem->free)
        mem->free(p, mem->arg);
    else
        free(p);
}

/* Zeroed memory that lives as long as the configuration. */
static void *keep(struct config *conf, size_t size)
{
    struct config_block *b = conf->blocks;
    void *p;

    size = (size + 15) & ~(size_t)15;
    if (!b || b->size - b->used < size) {
        size_t want = size > BLOCK_SIZE - 64 ? size : BLOCK_SIZE - 64;

        b = mem_alloc(&conf->mem, want + 64);
        if (!b)
            return NULL;
        b->size = want + 64;
        b->used = 64;
        b->next = conf->blocks;
        conf->blocks = b;
    }
    p = (char *)b + b->used;
    b->used += size;
    return p;
}

static const char *keep_text(struct config *conf, const char *text, size_t len)
{
    char *p = keep(conf, len + 1);

    if (p)
        memcpy(p, text, len);
    return p;
}

void config_free(struct config *conf)
{
    if (!conf)
        return;
    while (conf->blocks) {
        struct config_block *b = conf->blocks;

        conf->blocks = b->next;
        platform_wipe(b, b->used); /* there may be a password in it */
        mem_free(&conf->mem, b);
    }
    mem_free(&conf->mem, conf);
}

static void message(struct config *conf, const char *fmt, ...) PLATFORM_PRINTF(2, 3);
static void vmessage(struct config *conf, const char *fmt, va_list ap)
{
    char text[CONFIG_MESSAGE_MAX];

    if (conf->messagec < CONFIG_MESSAGES_MAX) {
        (void)vsnprintf(text, sizeof text, fmt, ap);
        conf->messagev[conf->messagec] = keep_text(conf, text, strlen(text));
        if (!conf->messagev[conf->messagec])
            conf->messagev[conf->messagec] = "out of memory";
    }
    conf->messagec++;
}

static void message(struct config *conf, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vmessage(conf, fmt, ap);
    va_end(ap);
}

void config_message(struct config *conf, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vmessage(conf, fmt, ap);
    va_end(ap);
}

/* ---- values ------------------------------------------------------------------------------------------------------ */

static const char *type_text(const struct key_row *row, char *buf, size_t size)
{
    switch (row->type) {
    case TYPE_UINT:
        (void)snprintf(buf, size, "not a number from %lu to %lu", (unsigned long)row->min, (unsigned long)row->max);
        return buf;
    case TYPE_TEXT:
        (void)snprintf(buf, size, "not a text of %lu to %lu bytes", (unsigned long)row->min, (unsigned long)row->max);
        return buf;
    case TYPE_ADDRESS:
        return "not 1 to 255 of 0-9 A-D * # +";
    case TYPE_ADDRESSES:
        return "not a list, with commas, of 1 to 255 of 0-9 A-D * # + each";
    case TYPE_MEDIA:
        return "not a list, with commas, of interactivevoice, automatedvoice";
    case TYPE_SHARING:
        return "not a list, with commas, of private, exclusive, new, shared, monitored";
    case TYPE_BEHAVIOUR:
        return "none of answer, busy, noanswer, answer_hangup";
    }
    return "bad";
}

static bool to_addresses(struct reader *r, const char *text, struct raw *raw)
{
    const char *at = text, *part;
    uint32_t count = 0;
    size_t len;

    while (config_list_next(&at, &part, &len)) {
        if (!config_address_ok(part, len) || ++count > CONFIG_ADDRESSES_MAX)
            return false;
    }
    raw->numberv = keep(r->conf, count * sizeof *raw->numberv);
    if (!raw->numberv) {
        r->no_memory = true;
        return true;
    }
    at = text;
    for (raw->addressc = 0; config_list_next(&at, &part, &len); raw->addressc++) {
        raw->numberv[raw->addressc] = keep_text(r->conf, part, len);
        if (!raw->numberv[raw->addressc]) {
            r->no_memory = true;
            break;
        }
    }
    return true;
}

static bool to_sharing(struct reader *r, const char *text, struct raw *raw)
{
    static const char *const namev[] = {"private", "exclusive", "new", "shared", "monitored"}; /* in order of the bits */
    const char *at = text, *part;
    uint32_t count = 0;
    size_t len;

    while (config_list_next(&at, &part, &len))
        count++;
    if (count > CONFIG_ADDRESSES_MAX)
        return false;
    raw->sharingv = keep(r->conf, count);
    raw->sharingc = 0;
    if (!raw->sharingv) {
        r->no_memory = true;
        return true;
    }
    at = text;
    while (config_list_next(&at, &part, &len)) {
        char name[16] = "";
        uint8_t sharing = 0;

        if (len < sizeof name)
            memcpy(name, part, len);
        for (int i = 0; i < 5; i++)
            if (config_same(name, namev[i]))
                sharing = (uint8_t)(1 << i);
        if (!sharing)
            return false;
        raw->sharingv[raw->sharingc++] = sharing;
    }
    return true;
}

/* ---- sections ---------------------------------------------------------------------------------------------------- */

static uint32_t hash_text(const char *text)
{
    uint32_t h = 2166136261u;

    for (; *text; text++)
        h = (h ^ (uint8_t)*text) * 16777619u;
    return h;
}

static uint32_t raw_key(bool is_line, uint32_t n, const char *num)
{
    return is_line ? (n + 1) * 2654435761u : hash_text(num);
}

static bool raw_is(const struct raw *raw, bool is_line, uint32_t n, const char *num)
{
    return raw->is_line == is_line && (is_line ? raw->n == n : !strcmp(raw->num, num));
}

static bool raw_grow(struct reader *r)
{
    const struct session_mem *mem = &r->conf->mem;
    uint32_t cap = r->raw_cap ? r->raw_cap * 2 : 64, mask = cap * 2 - 1;
    struct raw *rawv = mem_alloc(mem, cap * sizeof *rawv);
    uint32_t *hash = mem_alloc(mem, (size_t)cap * 2 * sizeof *hash);

    if (!rawv || !hash) {
        mem_free(mem, rawv);
        mem_free(mem, hash);
        return false;
    }
    for (uint32_t i = 0; i < r->rawc; i++) {
        uint32_t at;

        rawv[i] = r->rawv[i];
        at = raw_key(rawv[i].is_line, rawv[i].n, rawv[i].num) & mask;
        while (hash[at])
            at = (at + 1) & mask;
        hash[at] = i + 1;
    }
    mem_free(mem, r->rawv);
    mem_free(mem, r->raw_hash);
    r->rawv = rawv;
    r->raw_hash = hash;
    r->raw_cap = cap;
    r->raw_mask = mask;
    return true;
}

/* The record of a section, made at its first entry. NULL: no memory. */
static struct raw *raw_of(struct reader *r, bool is_line, uint32_t n, const char *num, const char *where)
{
    struct raw *raw;
    uint32_t at;

    if (r->rawc && raw_is(&r->rawv[r->raw_last], is_line, n, num))
        return &r->rawv[r->raw_last];
    if (r->rawc == r->raw_cap && !raw_grow(r))
        return NULL;
    for (at = raw_key(is_line, n, num) & r->raw_mask; r->raw_hash[at]; at = (at + 1) & r->raw_mask) {
        if (raw_is(&r->rawv[r->raw_hash[at] - 1], is_line, n, num)) {
            r->raw_last = r->raw_hash[at] - 1;
            return &r->rawv[r->raw_last];
        }
    }
    raw = &r->rawv[r->rawc];
    *raw = (struct raw){.n = n, .is_line = is_line, .max_sessions = 2, .media_modes = MEDIA_DEFAULT, .after_ms = 2000,
                        .phone = true, .group = GROUP_DEFAULT};
    raw->num = is_line ? NULL : keep_text(r->conf, num, strlen(num));
    raw->where = keep_text(r->conf, where, strlen(where));
    if (!raw->where || (!is_line && !raw->num))
        return NULL;
    r->raw_last = r->rawc++;
    r->raw_hash[at] = r->rawc;
    return raw;
}

/* Kind of a section, and the text after its first word. */
static enum kind section_kind(const char *section, const char **rest)
{
    char word[16] = "";
    size_t len = strcspn(section, " \t");

    if (len < sizeof word)
        memcpy(word, section, len);
    *rest = section + len;
    while (**rest == ' ' || **rest == '\t')
        ++*rest;
    if (config_same(word, "line") && **rest)
        return KIND_LINE;
    if (config_same(word, "number") && **rest)
        return KIND_NUMBER;
    if (**rest)
        return KIND_NONE;
    return config_same(word, "provider") ? KIND_PROVIDER : config_same(word, "lines") ? KIND_LINES : KIND_NONE;
}

static void set_raw(struct raw *raw, enum key key, uint32_t u, const char *text)
{
    switch (key) {
    case KEY_LINE_name:
    case KEY_NUMBER_name:
        raw->name = text;
        break;
    case KEY_LINE_max_sessions:
        raw->max_sessions = u;
        break;
    case KEY_LINE_address_max_sessions:
        raw->address_max_sessions = u;
        break;
    case KEY_LINE_media:
        raw->media_modes = u;
        break;
    case KEY_LINE_pickup_group:
        raw->group = text;
        break;
    case KEY_LINE_phone:
        raw->phone = u;
        break;
    case KEY_LINE_id:
        raw->id = u;
        break;
    case KEY_NUMBER_behaviour:
        raw->behaviour = u;
        break;
    case KEY_NUMBER_answer_ms:
        raw->answer_ms = u;
        break;
    case KEY_NUMBER_after_ms:
        raw->after_ms = u;
        break;
    case KEY_LINE_number: /* read already, by to_addresses and to_sharing */
    case KEY_LINE_addresses:
    case KEY_LINE_sharing:
    case KEY_PROVIDER_max_sessions:
    case KEY_PROVIDER_no_answer_ms:
    case KEY_PROVIDER_ring_ms:
    case KEY_PROVIDER_park_first:
    case KEY_PROVIDER_park_count:
    case KEY_PROVIDER_park_reminder_ms:
    case KEY_PROVIDER_park_timeout_ms:
    case KEY_LINES_pickup_group:
    case KEY_PROVIDER_reentrant:
    case KEY_LINES_count:
    case KEY_LINES_first:
    case KEY_LINES_name:
    case KEY_LINES_max_sessions:
    case KEY_LINES_media:
    case KEY_LINES_phone:
    case KEY_COUNT:
        break;
    }
}

static void set_general(struct reader *r, enum key key, uint32_t u, const char *text)
{
    switch (key) {
    case KEY_PROVIDER_max_sessions:
        r->conf->max_sessions = u;
        break;
    case KEY_PROVIDER_no_answer_ms:
        r->conf->no_answer_ms = u;
        break;
    case KEY_PROVIDER_ring_ms:
        r->conf->ring_ms = u;
        break;
    case KEY_PROVIDER_park_first:
        r->park_first = u;
        r->park_given = true;
        break;
    case KEY_PROVIDER_park_count:
        r->park_count = u;
        r->park_given = true;
        break;
    case KEY_PROVIDER_park_reminder_ms:
        r->conf->park_reminder_ms = u;
        break;
    case KEY_PROVIDER_park_timeout_ms:
        r->conf->park_timeout_ms = u;
        break;
    case KEY_LINES_pickup_group:
        r->gen_group = text;
        break;
    case KEY_PROVIDER_reentrant:
        r->conf->reentrant = u;
        break;
    case KEY_LINES_count:
        r->gen_count = u;
        r->count_given = true;
        break;
    case KEY_LINES_first:
        r->gen_first = u;
        break;
    case KEY_LINES_name:
        r->gen_name = text;
        break;
    case KEY_LINES_max_sessions:
        r->gen_max = u;
        break;
    case KEY_LINES_media:
        r->gen_media = u;
        break;
    case KEY_LINES_phone:
        r->gen_phone = u;
        break;
    case KEY_LINE_number:
    case KEY_LINE_addresses:
    case KEY_LINE_sharing:
    case KEY_LINE_name:
    case KEY_LINE_max_sessions:
    case KEY_LINE_address_max_sessions:
    case KEY_LINE_media:
    case KEY_LINE_pickup_group:
    case KEY_LINE_phone:
    case KEY_LINE_id:
    case KEY_NUMBER_behaviour:
    case KEY_NUMBER_name:
    case KEY_NUMBER_answer_ms:
    case KEY_NUMBER_after_ms:
    case KEY_COUNT:
        break;
    }
}

static bool to_value(struct reader *r, const struct key_row *row, const char *value, struct raw *raw, uint32_t *u,
                     const char **text)
{
    size_t len = strlen(value);

    switch (row->type) {
    case TYPE_UINT:
        return config_to_uint(value, row->min, row->max, u);
    case TYPE_TEXT:
        if (len < row->min || len > row->max)
            return false;
        *text = keep_text(r->conf, value, len);
        r->no_memory |= !*text;
        return true;
    case TYPE_ADDRESS:
        return config_address_ok(value, len) && raw && to_addresses(r, value, raw);
    case TYPE_ADDRESSES:
        return raw && to_addresses(r, value, raw);
    case TYPE_MEDIA:
        return config_to_media(value, u);
    case TYPE_SHARING:
        return raw && to_sharing(r, value, raw);
    case TYPE_BEHAVIOUR:
        return config_to_behaviour(value, u);
    }
    return false;
}

static void entry(const struct platform_conf_entry *e, void *arg)
{
    struct reader *r = arg;
    struct raw *raw = NULL;
    const char *rest, *text = NULL;
    enum kind kind = section_kind(e->section, &rest);
    uint32_t n = 0, u = 0;
    int key;
    char why[80];

    if (kind == KIND_NONE && !r->no_memory && account_section(e->section))
        r->no_memory = !account_entry(r->conf, e);
    if (kind == KIND_NONE || r->no_memory)
        return;
    if (kind == KIND_LINE && !config_to_uint(rest, 0, UINT32_MAX, &n)) {
        message(r->conf, "%s: [%s]: \"%s\" is not a number", e->where, e->section, rest);
        return;
    }
    if (kind == KIND_NUMBER && !config_address_ok(rest, strlen(rest))) {
        message(r->conf, "%s: [%s]: \"%.80s\" is not 1 to 255 of 0-9 A-D * # +", e->where, e->section, rest);
        return;
    }
    if (kind == KIND_LINE || kind == KIND_NUMBER) {
        raw = raw_of(r, kind == KIND_LINE, n, rest, e->where);
        if (!raw) {
            r->no_memory = true;
            return;
        }
    }
    for (key = 0; key < KEY_COUNT; key++) {
        if (keyv[key].kind == kind && config_same(keyv[key].key, e->key))
            break;
    }
    if (key == KEY_COUNT) {
        message(r->conf, "%s: [%s] %.80s: there is no such key", e->where, e->section, e->key);
        return;
    }
    if (!to_value(r, &keyv[key], e->value, raw, &u, &text)) {
        message(r->conf, "%s: [%s] %s: \"%.80s\" is %s", e->where, e->section, keyv[key].key, e->value,
                type_text(&keyv[key], why, sizeof why));
        if (raw)
            raw->bad = true;
        return;
    }
    if (raw)
        set_raw(raw, (enum key)key, u, text);
    else
        set_general(r, (enum key)key, u, text);
}

static void bad_line(const char *where, const char *text, void *arg)
{
    struct reader *r = arg;

    message(r->conf, "%s: %s", where, text);
}

/* ---- completing -------------------------------------------------------------------------------------------------- */

/* Numbers that somebody has. */
struct taken {
    const char **v;
    uint32_t mask;
    struct taken_how {
        uint8_t sharing, appearances; /* SESSION_SHARING_, 0: private */
    } *howv;
};

static bool take(struct taken *t, const char *number)
{
    uint32_t at = hash_text(number) & t->mask;

    for (; t->v[at]; at = (at + 1) & t->mask) {
        if (!strcmp(t->v[at], number))
            return false;
    }
    t->v[at] = number;
    return true;
}

/* How a number is taken; NULL: it is not. */
static struct taken_how *taken_how(const struct taken *t, const char *number)
{
    uint32_t at = hash_text(number) & t->mask;

    for (; t->v[at]; at = (at + 1) & t->mask) {
        if (!strcmp(t->v[at], number))
            return &t->howv[at];
    }
    return NULL;
}

static bool is_taken(const struct taken *t, const char *number)
{
    return taken_how(t, number) != NULL;
}

static uint8_t sharing_of(const struct raw *raw, uint32_t i)
{
    if (!raw->sharingc)
        return SESSION_SHARING_PRIVATE;
    return raw->sharingv[i < raw->sharingc ? i : raw->sharingc - 1];
}

enum { BRIDGED = SESSION_SHARING_BRIDGEDEXCL | SESSION_SHARING_BRIDGEDNEW | SESSION_SHARING_BRIDGEDSHARED };

/* Whether a line may have a number that others have. NULL, or why not. */
static const char *not_to_have(const struct taken *t, const char *number, uint8_t sharing)
{
    const struct taken_how *how = taken_how(t, number);

    if (sharing == SESSION_SHARING_MONITORED || !how)
        return NULL;
    if (!(sharing & BRIDGED) || !how->sharing)
        return "is taken already";
    if (how->sharing != sharing)
        return "is shared in another way already";
    return how->appearances == SESSION_APPEARANCES_MAX ? "is on as many lines as it may be already" : NULL;
}

static void have(struct taken *t, const char *number, uint8_t sharing)
{
    struct taken_how *how;

    if (sharing == SESSION_SHARING_MONITORED)
        return;
    (void)take(t, number);
    how = taken_how(t, number);
    how->sharing = sharing & BRIDGED;
    how->appearances++;
}

static int by_n(const void *a, const void *b)
{
    const struct raw *x = a, *y = b;

    return x->n < y->n ? -1 : x->n > y->n;
}

static void add_line(struct reader *r, const struct raw *raw, struct taken *taken)
{
    struct config *conf = r->conf;
    struct config_line *line = &conf->linev[conf->linec];
    uint8_t *sharingv;

    if (raw->bad)
        return;
    if (!raw->addressc) {
        message(conf, "%s: [line %lu] number: it is missing", raw->where, (unsigned long)raw->n);
        return;
    }
    sharingv = keep(conf, raw->addressc);
    if (!sharingv) {
        r->no_memory = true;
        return;
    }
    for (uint32_t i = 0; i < raw->addressc; i++) {
        const char *why;

        sharingv[i] = sharing_of(raw, i);
        why = not_to_have(taken, raw->numberv[i], sharingv[i]);
        for (uint32_t k = 0; k < i; k++)
            why = !strcmp(raw->numberv[k], raw->numberv[i]) ? "is taken already" : why;
        if (why) {
            message(conf, "%s: [line %lu] number: %s %s", raw->where, (unsigned long)raw->n, raw->numberv[i], why);
            return;
        }
    }
    for (uint32_t i = 0; i < raw->addressc; i++)
        have(taken, raw->numberv[i], sharingv[i]);
    line->sharingv = sharingv;
    line->n = raw->n;
    line->name = raw->name ? raw->name : raw->numberv[0];
    line->addressc = raw->addressc;
    line->numberv = raw->numberv;
    line->max_sessions = raw->max_sessions;
    line->address_max_sessions = raw->address_max_sessions;
    line->media_modes = raw->media_modes;
    line->pickup_group = raw->group;
    line->phone = raw->phone;
    line->permanent_id = raw->id;
    conf->linec++;
}

static bool add_generated(struct reader *r, struct taken *taken, bool defaults)
{
    struct config *conf = r->conf;

    for (uint32_t i = 0; i < r->gen_count; i++) {
        char text[280];
        uint64_t n = (uint64_t)r->gen_first + i;
        struct raw raw = {.n = (uint32_t)n, .addressc = 1, .max_sessions = r->gen_max, .media_modes = r->gen_media,
                          .phone = r->gen_phone, .group = r->gen_group};

        (void)snprintf(text, sizeof text, "%llu", (unsigned long long)n);
        raw.numberv = keep(conf, sizeof *raw.numberv);
        if (!raw.numberv || !(raw.numberv[0] = keep_text(conf, text, strlen(text))))
            return false;
        if (is_taken(taken, raw.numberv[0])) {
            message(conf, "[lines] first: %s is taken already", raw.numberv[0]);
            continue;
        }
        (void)snprintf(text, sizeof text, "%s %llu", defaults ? "Extension" : r->gen_name, (unsigned long long)n);
        raw.name = keep_text(conf, text, strlen(text));
        if (!raw.name)
            return false;
        add_line(r, &raw, taken);
    }
    return true;
}

/* Who watches whom. A line that would watch a number that no line has is left out. */
static void check_monitors(struct config *conf, const struct taken *taken)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < conf->linec; i++) {
        const struct config_line *line = &conf->linev[i];
        bool ok = true;

        for (uint32_t k = 0; k < line->addressc && ok; k++) {
            struct taken_how *how = taken_how(taken, line->numberv[k]);

            if (line->sharingv[k] != SESSION_SHARING_MONITORED)
                continue;
            ok = how && how->appearances < SESSION_APPEARANCES_MAX;
            if (!ok) {
                message(conf, "[line %lu] sharing: %s %s", (unsigned long)line->n, line->numberv[k],
                        how ? "is on as many lines as it may be already" : "is to be monitored, but no line has it");
            } else {
                how->appearances++;
            }
        }
        if (ok)
            conf->linev[kept++] = *line;
    }
    conf->linec = kept;
}

static bool add_specials(struct reader *r, struct taken *taken)
{
    struct config *conf = r->conf;
    uint32_t count = 0;

    for (uint32_t i = 0; i < r->rawc; i++)
        count += !r->rawv[i].is_line;
    conf->specialv = keep(conf, (count + LOOPBACK_DEFAULT_SPECIALC) * sizeof *conf->specialv);
    if (!conf->specialv)
        return false;
    for (uint32_t i = 0; !count && i < LOOPBACK_DEFAULT_SPECIALC; i++) {
        if (take(taken, loopback_default_specialv[i].number))
            conf->specialv[conf->specialc++] = loopback_default_specialv[i];
    }
    for (uint32_t i = 0; i < r->rawc; i++) {
        const struct raw *raw = &r->rawv[i];
        struct loopback_special *s = &conf->specialv[conf->specialc];

        if (raw->is_line || raw->bad)
            continue;
        if (!take(taken, raw->num)) {
            message(conf, "%s: [number %s]: %s is taken already", raw->where, raw->num, raw->num);
            continue;
        }
        s->number = raw->num;
        s->name = raw->name;
        s->kind = raw->behaviour == BEHAVIOUR_BUSY       ? LOOPBACK_BUSY
                  : raw->behaviour == BEHAVIOUR_NOANSWER ? LOOPBACK_RING
                                                         : LOOPBACK_ANSWER;
        if (s->kind == LOOPBACK_ANSWER)
            s->answer_ms = raw->answer_ms;
        if (raw->behaviour == BEHAVIOUR_ANSWER_HANGUP)
            s->hangup_ms = raw->after_ms;
        conf->specialc++;
    }
    return true;
}

static bool add_places(struct reader *r, struct taken *taken)
{
    struct config *conf = r->conf;

    conf->placev = keep(conf, (r->park_count + 1) * sizeof *conf->placev);
    if (!conf->placev)
        return false;
    for (uint32_t i = 0; i < r->park_count; i++) {
        struct loopback_place *place = &conf->placev[conf->placec];
        char text[40];
        uint32_t len;

        (void)snprintf(text, sizeof text, "Park %llu", (unsigned long long)r->park_first + i);
        place->name = keep_text(conf, text, strlen(text));
        if (!place->name)
            return false;
        place->number = place->name + strlen("Park ");
        if (!take(taken, place->number)) {
            if (r->park_given)
                message(conf, "[provider] park_first: %s is taken already", place->number);
            continue;
        }
        len = (uint32_t)strlen(place->number);
        conf->place_max = len > conf->place_max ? len : conf->place_max;
        conf->placec++;
    }
    return true;
}

struct id_row {
    uint32_t hash;
    const char *number;
    struct config_line *line;
};

static int by_hash(const void *a, const void *b)
{
    const struct id_row *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    /* lines with one number: in order of N */
    return strcmp(x->number, y->number) ? strcmp(x->number, y->number) : x->line < y->line ? -1 : x->line > y->line;
}

/* A set of ids, never 0. */
static bool id_take(uint32_t *set, uint32_t mask, uint32_t id)
{
    uint32_t at = (id * 2654435761u) & mask;

    for (; set[at]; at = (at + 1) & mask) {
        if (set[at] == id)
            return false;
    }
    set[at] = id;
    return true;
}

static bool give_ids(struct config *conf)
{
    const struct session_mem *mem = &conf->mem;
    uint32_t mask = 15, count = 0;
    struct id_row *rowv;
    uint32_t *set;

    while (mask < conf->linec * 2)
        mask = mask * 2 + 1;
    rowv = mem_alloc(mem, (conf->linec + 1) * sizeof *rowv);
    set = mem_alloc(mem, ((size_t)mask + 1) * sizeof *set);
    if (!rowv || !set) {
        mem_free(mem, rowv);
        mem_free(mem, set);
        return false;
    }
    for (uint32_t i = 0; i < conf->linec; i++) {
        struct config_line *line = &conf->linev[i];

        if (line->permanent_id && id_take(set, mask, line->permanent_id))
            continue;
        if (line->permanent_id)
            message(conf, "[line %lu] id: %lu is taken already", (unsigned long)line->n,
                    (unsigned long)line->permanent_id);
        line->permanent_id = 0;
        rowv[count].number = line->id_text ? line->id_text : line->numberv[0];
        rowv[count].hash = hash_text(rowv[count].number);
        rowv[count].hash += !rowv[count].hash;
        rowv[count++].line = line;
    }
    qsort(rowv, count, sizeof *rowv, by_hash);
    for (uint32_t i = 0; i < count; i++) {
        if (id_take(set, mask, rowv[i].hash))
            rowv[i].line->permanent_id = rowv[i].hash;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = rowv[i].hash;

        if (rowv[i].line->permanent_id)
            continue;
        while (!id || !id_take(set, mask, id))
            id++;
        rowv[i].line->permanent_id = id;
    }
    mem_free(mem, rowv);
    mem_free(mem, set);
    return true;
}

bool config_line_same(const struct config_line *a, const struct config_line *b)
{
    bool same = a->account == b->account && a->digest == b->digest && a->addressc == b->addressc && !strcmp(a->name, b->name) && a->max_sessions == b->max_sessions &&
                a->address_max_sessions == b->address_max_sessions && a->media_modes == b->media_modes &&
                a->phone == b->phone && a->permanent_id == b->permanent_id && !strcmp(a->pickup_group, b->pickup_group);

    for (uint32_t i = 0; same && i < a->addressc; i++)
        same = !strcmp(a->numberv[i], b->numberv[i]) && a->sharingv[i] == b->sharingv[i];
    return same;
}

static bool complete(struct reader *r)
{
    struct config *conf = r->conf;
    struct taken taken = {.mask = 63};
    uint32_t linec = 0, addressc = 0, accountc = conf->accounts ? conf->accounts->count : 0;
    bool ok = false, defaults;

    for (uint32_t i = 0; i < r->rawc; i++) {
        linec += r->rawv[i].is_line;
        addressc += r->rawv[i].is_line ? r->rawv[i].addressc : 1;
    }
    defaults = !linec && !r->count_given && !accountc;
    if (defaults)
        r->gen_count = 4;
    while (taken.mask < (addressc + r->gen_count + LOOPBACK_DEFAULT_SPECIALC + r->park_count) * 2)
        taken.mask = taken.mask * 2 + 1;
    taken.v = mem_alloc(&conf->mem, ((size_t)taken.mask + 1) * sizeof *taken.v);
    taken.howv = mem_alloc(&conf->mem, ((size_t)taken.mask + 1) * sizeof *taken.howv);
    conf->linev = keep(conf, ((size_t)linec + r->gen_count + accountc + 1) * sizeof *conf->linev);
    if (!taken.v || !taken.howv || !conf->linev)
        goto out;
    if (r->rawc)
        qsort(r->rawv, r->rawc, sizeof *r->rawv, by_n); /* numbers have n 0: their order does not matter */
    for (uint32_t i = 0; i < r->rawc; i++) {
        if (r->rawv[i].is_line)
            add_line(r, &r->rawv[i], &taken);
    }
    if (!add_generated(r, &taken, defaults) || r->no_memory)
        goto out;
    check_monitors(conf, &taken);
    ok = account_lines(conf) && add_specials(r, &taken) && add_places(r, &taken) && give_ids(conf);
out:
    mem_free(&conf->mem, taken.v);
    mem_free(&conf->mem, taken.howv);
    return ok;
}

/* ---- for account.c ----------------------------------------------------------------------------------------------- */

void *config_keep(struct config *conf, size_t size)
{
    return keep(conf, size);
}

const char *config_keep_text(struct config *conf, const char *text, size_t len)
{
    return keep_text(conf, text, len);
}

enum session_err config_read(struct config **confp, config_source_h *source, const struct session_mem *mem)
{
    struct config *conf = mem_alloc(mem, sizeof *conf);
    struct reader r = {.conf = conf, .gen_first = 100, .gen_max = 2, .gen_media = MEDIA_DEFAULT, .gen_phone = 1, .gen_name = "Line",
                       .gen_group = GROUP_DEFAULT, .park_first = 700, .park_count = 10};
    enum session_err err = SESSION_E_NOMEM;
    int io;

    if (!conf)
        return SESSION_E_NOMEM;
    conf->mem = *mem;
    conf->no_answer_ms = 60000;
    conf->ring_ms = LOOPBACK_RING_MS;
    conf->park_reminder_ms = 60000;
    conf->park_timeout_ms = 600000;
    conf->reentrant = true;
    io = (source ? source : platform_conf_read)(NULL, entry, bad_line, &r);
    if (io) {
        char place[PLATFORM_PATH_MAX];

        platform_conf_place(NULL, place, sizeof place);
        message(conf, "%.400s: %s", place,
                io == ENOENT   ? "there is no such configuration"
                : io == EACCES ? "reading it is not allowed"
                               : "it cannot be read");
        err = io == ENOMEM ? SESSION_E_NOMEM : SESSION_E_FAILED;
    } else if (!r.no_memory && complete(&r)) {
        err = SESSION_E_OK;
    }
    mem_free(&conf->mem, r.rawv);
    mem_free(&conf->mem, r.raw_hash);
    if (err == SESSION_E_NOMEM) {
        config_free(conf);
        return err;
    }
    *confp = conf;
    return err;
}
