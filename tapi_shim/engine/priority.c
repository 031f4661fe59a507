/* Priorities of applications: for each media mode, and for requests. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

static uint16_t fold(uint16_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7))
        return (uint16_t)(c + 0x20);
    return c;
}

bool name_equal(const uint16_t *a, const uint16_t *b)
{
    while (*a && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return fold(*a) == fold(*b);
}

static uint32_t find(const struct engine_priority *list, const uint16_t *name)
{
    uint32_t i;

    for (i = 0; i < list->count && !name_equal(list->namev[i]->text, name); i++)
        ;
    return i;
}

uint32_t priority_rank(uint32_t list, const struct engine_text *module)
{
    const struct engine_priority *l = &engine.priorityv[list];
    uint32_t i = module ? find(l, module->text) : l->count;

    return i < l->count ? i + 1 : UINT32_MAX;
}

static void list_remove(struct engine_priority *l, const uint16_t *name)
{
    uint32_t i = find(l, name);

    if (i >= l->count)
        return;
    text_unref(l->namev[i]);
    l->count--;
    memmove(l->namev + i, l->namev + i + 1, (l->count - i) * sizeof(*l->namev));
    if (!l->count) {
        free(l->namev);
        l->namev = NULL;
    }
}

/* Room for one more is there. */
static void list_first(struct engine_priority *l, struct engine_text *name)
{
    list_remove(l, name->text);
    memmove(l->namev + 1, l->namev, l->count * sizeof(*l->namev));
    l->namev[0] = text_ref(name);
    l->count++;
}

void priority_clear(void)
{
    struct engine_priority *l;

    for (l = engine.priorityv; l < engine.priorityv + PRIORITY_LISTS; l++)
        while (l->count)
            list_remove(l, l->namev[0]->text);
}

/* ---- what applications ask --------------------------------------------------------------------------------------- */

/* A file without its folder. NULL: it is not. */
static const uint16_t *file_name(const struct channel_call *cc)
{
    static const char bad[] = "\\/:\"*?<>|";
    const uint16_t *name = text_check(cc->in0, cc->in0_len), *at;

    if (!name || !name[0])
        return NULL;
    for (at = name; *at; at++)
        if (*at < 0x20 || (*at < 0x80 && strchr(bad, (int)*at)))
            return NULL;
    return at - name < PRIORITY_NAME_UNITS && (at - name + 1) * (long)sizeof(*at) == (long)cc->in0_len ? name : NULL;
}

static int32_t modes_check(uint32_t media, uint32_t request)
{
    if (media & 0x00FF0001)
        return (int32_t)LINEERR_INVALMEDIAMODE;
    return media || request == LINEREQUESTMODE_MAKECALL ? 0 : (int32_t)LINEERR_INVALREQUESTMODE;
}

/* The list is one of those named. */
static bool selected(uint32_t list, uint32_t media)
{
    return media ? list < PRIORITY_REQUESTS && media >> list & 1 : list == PRIORITY_REQUESTS;
}

/* Memory first: either all lists change or none. */
static int32_t lists_grow(uint32_t media)
{
    uint32_t i;

    for (i = 0; i < PRIORITY_LISTS; i++)
        if (selected(i, media) && engine.priorityv[i].count >= PRIORITY_NAMES_MAX)
            return (int32_t)LINEERR_RESOURCEUNAVAIL;
    for (i = 0; i < PRIORITY_LISTS; i++) {
        struct engine_priority *l = &engine.priorityv[i];
        struct engine_text **namev;

        if (!selected(i, media))
            continue;
        namev = realloc(l->namev, (l->count + 1) * sizeof(*namev));
        if (!namev)
            return (int32_t)LINEERR_NOMEM;
        l->namev = namev;
    }
    return 0;
}

static int32_t lists_put(uint32_t media, const struct channel_call *cc)
{
    struct engine_text *text = text_make(cc->in0, cc->in0_len);
    int32_t rc = text ? lists_grow(media) : (int32_t)LINEERR_NOMEM;
    uint32_t i;

    for (i = 0; i < PRIORITY_LISTS; i++) {
        struct engine_priority *l = &engine.priorityv[i];

        if (!selected(i, media))
            continue;
        /* One that is in already makes the place it needs itself, so that the list cannot lose its memory meanwhile. */
        if (!rc && l->count == 1 && find(l, text->text) == 0)
            continue;
        if (!rc) {
            list_first(l, text);
        } else if (!l->count) {
            free(l->namev);
            l->namev = NULL;
        }
    }
    text_unref(text);
    return rc;
}

int32_t priority_op_set(struct channel *c, struct channel_call *cc)
{
    const uint16_t *name = file_name(cc);
    uint32_t media = cc->arg[0], i;
    int32_t rc;

    (void)c;
    if (!name)
        return (int32_t)LINEERR_INVALAPPNAME;
    rc = modes_check(media, cc->arg[1]);
    if (!rc && cc->arg[2] > 1)
        rc = (int32_t)LINEERR_INVALPARAM;
    if (rc)
        return rc;
    if (cc->arg[2])
        return lists_put(media, cc);
    for (i = 0; i < PRIORITY_LISTS; i++)
        if (selected(i, media))
            list_remove(&engine.priorityv[i], name);
    return 0;
}

int32_t priority_op_get(struct channel *c, struct channel_call *cc)
{
    const uint16_t *name = file_name(cc);
    uint32_t media = cc->arg[0], list, at;
    int32_t rc;

    (void)c;
    if (!name)
        return (int32_t)LINEERR_INVALAPPNAME;
    rc = media & (media - 1) ? (int32_t)LINEERR_INVALMEDIAMODE : modes_check(media, cc->arg[1]);
    if (rc)
        return rc;
    for (list = 0; !selected(list, media); list++)
        ;
    at = find(&engine.priorityv[list], name);
    cc->ret[0] = at < engine.priorityv[list].count ? at + 1 : 0;
    return 0;
}
