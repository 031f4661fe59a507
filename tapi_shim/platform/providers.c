/* The list of providers: what its values mean and how they change; where they are stored is another file's business.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/platform/internal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 1024 };

/* The values as stored, which may contradict each other. */
struct raw {
    bool has_num, has_next, out_of_memory;
    uint32_t num, next;
    struct {
        uint32_t id;
        char *file;
    } entry[ENTRIES_MAX];
};

struct list {
    size_t count;
    struct platform_provider provider[ENTRIES_MAX];
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* What follows `prefix` in `name`, in any case of letters as in the registry; NULL: it does not begin so. */
static const char *after(const char *name, const char *prefix)
{
    for (; *prefix; name++, prefix++)
        if (lower(*name) != lower(*prefix))
            return NULL;
    return name;
}

/* A decimal number without sign, space or leading zeros. */
static bool number(const char *text, uint32_t *value)
{
    uint64_t n = 0;

    if (!text || !text[0] || (text[0] == '0' && text[1]))
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        n = n * 10 + (uint64_t)(*text - '0');
        if (n > UINT32_MAX)
            return false;
    }
    *value = (uint32_t)n;
    return true;
}

static bool is_whole(const char *name, const char *other)
{
    const char *rest = after(name, other);

    return rest && !*rest;
}

bool platform_providers_owns(const char *name)
{
    uint32_t n;

    return is_whole(name, "NumProviders") || is_whole(name, "NextProviderID") ||
           number(after(name, "ProviderID"), &n) || number(after(name, "ProviderFilename"), &n);
}

static bool file_is_good(const char *file)
{
    size_t len = strlen(file);

    if (len == 0 || len >= PLATFORM_PATH_MAX || !platform_utf8_valid(file, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)file[i] < 0x20 || file[i] == 0x7F)
            return false;
    return true;
}

static void take_value(const char *name, const char *text, void *arg)
{
    struct raw *raw = arg;
    uint32_t n;

    if (is_whole(name, "NumProviders")) {
        raw->has_num = number(text, &raw->num);
    } else if (is_whole(name, "NextProviderID")) {
        raw->has_next = number(text, &raw->next);
    } else if (number(after(name, "ProviderID"), &n) && n < ENTRIES_MAX) {
        if (!number(text, &raw->entry[n].id))
            raw->entry[n].id = 0;
    } else if (number(after(name, "ProviderFilename"), &n) && n < ENTRIES_MAX && file_is_good(text)) {
        free(raw->entry[n].file);
        raw->entry[n].file = malloc(strlen(text) + 1);
        if (raw->entry[n].file)
            memcpy(raw->entry[n].file, text, strlen(text) + 1);
        else
            raw->out_of_memory = true;
    }
}

static void raw_free(struct raw *raw)
{
    if (!raw)
        return;
    for (size_t n = 0; n < ENTRIES_MAX; n++)
        free(raw->entry[n].file);
    free(raw);
}

static const struct platform_provider *find(const struct list *list, uint32_t id)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->provider[i].id == id)
            return &list->provider[i];
    return NULL;
}

/* Reads the store into `list`: the entries that are complete, below NumProviders if that is there, the first of each
 * id. *nextp: the id of the next one added. */
static int read_list(struct platform_store *store, struct list *list, uint32_t *nextp)
{
    struct raw *raw = calloc(1, sizeof(*raw));
    uint32_t highest = 0;
    int err;

    list->count = 0;
    if (!raw)
        return ENOMEM;
    err = platform_store_read(store, take_value, raw);
    if (!err && raw->out_of_memory)
        err = ENOMEM;
    if (err)
        goto out;
    for (size_t n = 0; n < ENTRIES_MAX && !(raw->has_num && n >= raw->num); n++) {
        struct platform_provider *p = &list->provider[list->count];

        if (raw->entry[n].id == 0 || !raw->entry[n].file || find(list, raw->entry[n].id))
            continue;
        p->id = raw->entry[n].id;
        (void)platform_text_copy(p->file, sizeof(p->file), raw->entry[n].file);
        list->count++;
        if (p->id > highest)
            highest = p->id;
    }
    /* An id is never given twice if that can be helped: applications remember lines by it. */
    *nextp = raw->has_next && raw->next > highest ? raw->next : highest + 1;
    while (*nextp == 0 || find(list, *nextp))
        ++*nextp;
out:
    raw_free(raw);
    return err;
}

/* Stores `list`. The values of the entries come first: a reader in between sees the old number of them. */
static int write_list(struct platform_store *store, const struct list *list, uint32_t next)
{
    const size_t count = 2 * list->count + 2;
    struct platform_store_value *valuev = calloc(count, sizeof(*valuev));
    char(*digits)[12] = calloc(count, sizeof(*digits));
    size_t n = 0;
    int err = ENOMEM;

    if (!valuev || !digits)
        goto out;
    for (size_t i = 0; i < list->count; i++) {
        (void)snprintf(valuev[n].name, sizeof(valuev[n].name), "ProviderFilename%u", (unsigned)i);
        valuev[n++].text = list->provider[i].file;
        (void)snprintf(valuev[n].name, sizeof(valuev[n].name), "ProviderID%u", (unsigned)i);
        (void)snprintf(digits[n], sizeof(digits[n]), "%" PRIu32, list->provider[i].id);
        valuev[n].is_number = true;
        valuev[n].text = digits[n];
        n++;
    }
    (void)snprintf(valuev[n].name, sizeof(valuev[n].name), "NextProviderID");
    (void)snprintf(digits[n], sizeof(digits[n]), "%" PRIu32, next);
    valuev[n].is_number = true;
    valuev[n].text = digits[n];
    n++;
    (void)snprintf(valuev[n].name, sizeof(valuev[n].name), "NumProviders");
    (void)snprintf(digits[n], sizeof(digits[n]), "%u", (unsigned)list->count);
    valuev[n].is_number = true;
    valuev[n].text = digits[n];
    n++;
    err = platform_store_write(store, valuev, n);
out:
    free(valuev);
    free(digits);
    return err;
}

int platform_providers_load(struct platform_provider **listp, size_t *countp)
{
    struct list *list = malloc(sizeof(*list));
    struct platform_provider *copy;
    struct platform_store *store = NULL;
    uint32_t next;
    int err = ENOMEM;

    if (!list)
        return ENOMEM;
    err = platform_providers_open(&store, false);
    if (!err)
        err = read_list(store, list, &next);
    if (err)
        goto out;
    copy = malloc((list->count + 1) * sizeof(*copy)); /* one more: never 0 bytes */
    if (!copy) {
        err = ENOMEM;
        goto out;
    }
    memcpy(copy, list->provider, list->count * sizeof(*copy));
    *listp = copy;
    *countp = list->count;
out:
    platform_store_close(store);
    free(list);
    return err;
}

uint32_t platform_providers_next(void)
{
    struct platform_store *store = NULL;
    struct list *list = malloc(sizeof(*list));
    uint32_t next = 1;

    if (list && platform_providers_open(&store, false) == 0)
        (void)read_list(store, list, &next);
    platform_store_close(store);
    free(list);
    return next;
}

int platform_providers_add(const char *file, uint32_t *idp)
{
    struct platform_store *store = NULL;
    struct list *list;
    uint32_t next = 1;
    int err;

    if (!file || !file_is_good(file))
        return EINVAL;
    list = malloc(sizeof(*list));
    if (!list)
        return ENOMEM;
    err = platform_providers_open(&store, true);
    if (!err)
        err = read_list(store, list, &next);
    if (err == ENOENT && store)
        err = 0;
    if (!err && list->count == ENTRIES_MAX)
        err = ENOSPC;
    if (err)
        goto out;
    list->provider[list->count].id = next;
    (void)platform_text_copy(list->provider[list->count].file, PLATFORM_PATH_MAX, file);
    list->count++;
    err = write_list(store, list, next + 1);
    if (!err)
        *idp = next;
out:
    platform_store_close(store);
    free(list);
    return err;
}

int platform_providers_remove(uint32_t id)
{
    struct platform_store *store = NULL;
    struct list *list = malloc(sizeof(*list));
    uint32_t next = 1;
    int err;

    if (!list)
        return ENOMEM;
    err = platform_providers_open(&store, true);
    if (!err)
        err = read_list(store, list, &next);
    if (err)
        goto out;
    const struct platform_provider *found = find(list, id);
    if (!found) {
        err = ENOENT;
        goto out;
    }
    size_t at = (size_t)(found - list->provider);
    list->count--;
    memmove(&list->provider[at], &list->provider[at + 1], (list->count - at) * sizeof(list->provider[0]));
    err = list->count == 0 ? platform_store_remove(store) : EEXIST;
    if (err == EEXIST)
        err = write_list(store, list, next);
out:
    platform_store_close(store);
    free(list);
    return err;
}
