/* Priorities of applications: for each media mode, and for requests. They are kept for the next engine.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <errno.h>
#include <stdio.h>
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

static void lists_clear(struct engine_priority *lists)
{
    struct engine_priority *l;

    for (l = lists; l < lists + PRIORITY_LISTS; l++)
        while (l->count)
            list_remove(l, l->namev[0]->text);
}

void priority_clear(void)
{
    lists_clear(engine.priorityv);
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
static int32_t lists_grow(struct engine_priority *lists, uint32_t media)
{
    uint32_t i;

    for (i = 0; i < PRIORITY_LISTS; i++)
        if (selected(i, media) && lists[i].count >= PRIORITY_NAMES_MAX)
            return (int32_t)LINEERR_RESOURCEUNAVAIL;
    for (i = 0; i < PRIORITY_LISTS; i++) {
        struct engine_priority *l = &lists[i];
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

static int32_t lists_put(struct engine_priority *lists, uint32_t media, const uint16_t *name)
{
    struct engine_text *text = text_make(name, (uint32_t)((platform_utf16_len(name) + 1) * sizeof(*name)));
    int32_t rc = text ? lists_grow(lists, media) : (int32_t)LINEERR_NOMEM;
    uint32_t i;

    for (i = 0; i < PRIORITY_LISTS; i++) {
        struct engine_priority *l = &lists[i];

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

static int32_t lists_set(struct engine_priority *lists, uint32_t media, const uint16_t *name, bool put)
{
    uint32_t i;

    if (put)
        return lists_put(lists, media, name);
    for (i = 0; i < PRIORITY_LISTS; i++)
        if (selected(i, media))
            list_remove(&lists[i], name);
    return 0;
}

/* ---- what is kept ------------------------------------------------------------------------------------------------ */

static const char section[] = "Priorities";

enum { NAME_BYTES = 4 * PRIORITY_NAME_UNITS };

/* By the bit of the media mode. */
static const char *const list_names[PRIORITY_LISTS] = {
    [1] = "Unknown",        [2] = "InteractiveVoice",
    [3] = "AutomatedVoice", [4] = "DataModem",
    [5] = "G3Fax",          [6] = "TDD",
    [7] = "G4Fax",          [8] = "DigitalData",
    [9] = "Teletex",        [10] = "Videotex",
    [11] = "Telex",         [12] = "Mixed",
    [13] = "ADSI",          [14] = "VoiceView",
    [15] = "Video",         [24] = "Extended24",
    [25] = "Extended25",    [26] = "Extended26",
    [27] = "Extended27",    [28] = "Extended28",
    [29] = "Extended29",    [30] = "Extended30",
    [31] = "Extended31",    [PRIORITY_REQUESTS] = "MakeCall",
};

/* What is kept, as it is read: in any order, with gaps. */
struct stored {
    struct stored_name {
        uint32_t list, place;
        uint16_t text[PRIORITY_NAME_UNITS];
    } * namev;
    size_t count;
    bool out_of_memory;
};

/* "LIST.PLACE"; false: it is not. */
static bool key_read(const char *key, uint32_t *list, uint32_t *place)
{
    const char *dot = strchr(key, '.');
    unsigned long at;
    char *end;

    if (!dot || dot[1] < '0' || dot[1] > '9')
        return false;
    at = strtoul(dot + 1, &end, 10);
    if (*end || !at || at > PRIORITY_NAMES_MAX)
        return false;
    *place = (uint32_t)at;
    for (*list = 0; *list < PRIORITY_LISTS; ++*list)
        if (list_names[*list] && strlen(list_names[*list]) == (size_t)(dot - key) &&
            strncmp(list_names[*list], key, (size_t)(dot - key)) == 0)
            return true;
    return false;
}

static void take(const char *key, const char *text, void *arg)
{
    struct stored *s = arg;
    struct stored_name name, *more;

    if (!text[0] || !key_read(key, &name.list, &name.place) ||
        platform_utf8_to_utf16(text, SIZE_MAX, name.text, PRIORITY_NAME_UNITS) > PRIORITY_NAME_UNITS)
        return;
    more = realloc(s->namev, (s->count + 1) * sizeof(*more));
    if (!more) {
        s->out_of_memory = true;
        return;
    }
    s->namev = more;
    s->namev[s->count++] = name;
}

/* The last places first. */
static int later(const void *a, const void *b)
{
    uint32_t x = ((const struct stored_name *)a)->place, y = ((const struct stored_name *)b)->place;

    return (x < y) - (x > y);
}

/* ENOENT: nothing is kept. */
static int lists_read(struct platform_store *store, struct engine_priority *lists)
{
    struct stored s = {NULL, 0, false};
    int err = platform_store_read(store, take, &s);
    size_t i;

    if (!err && s.out_of_memory)
        err = ENOMEM;
    if (s.count)
        qsort(s.namev, s.count, sizeof(*s.namev), later);
    /* Each one goes before those that are in its list already. */
    for (i = 0; i < s.count && !err; i++)
        if (lists_put(lists, s.namev[i].list < PRIORITY_REQUESTS ? 1u << s.namev[i].list : 0, s.namev[i].text))
            err = ENOMEM;
    free(s.namev);
    return err;
}

static int lists_write(struct platform_store *store, const struct engine_priority *lists)
{
    struct platform_store_value *valuev;
    char(*texts)[NAME_BYTES];
    uint32_t list, at, count = 0, n = 0;
    int err = ENOMEM;

    for (list = 0; list < PRIORITY_LISTS; list++)
        count += lists[list].count;
    valuev = calloc(count + 1, sizeof(*valuev));
    texts = calloc(count + 1, sizeof(*texts));
    for (list = 0; valuev && texts && list < PRIORITY_LISTS; list++) {
        for (at = 0; at < lists[list].count; at++, n++) {
            (void)snprintf(valuev[n].name, sizeof(valuev[n].name), "%s.%u", list_names[list], (unsigned)(at + 1));
            (void)platform_utf16_to_utf8(lists[list].namev[at]->text, SIZE_MAX, texts[n], NAME_BYTES);
            valuev[n].text = texts[n];
        }
    }
    if (valuev && texts)
        err = platform_store_write(store, valuev, n);
    free(valuev);
    free(texts);
    return err;
}

void priority_load(void)
{
    struct engine_priority lists[PRIORITY_LISTS];
    struct platform_store *store = NULL;
    int err;

    memset(lists, 0, sizeof(lists));
    engine_unlock();
    err = platform_state_open(&store, section, false);
    if (!err)
        err = lists_read(store, lists);
    platform_store_close(store);
    engine_lock();
    if (!err) {
        priority_clear();
        memcpy(engine.priorityv, lists, sizeof(lists));
        return;
    }
    lists_clear(lists);
    if (err != ENOENT)
        platform_log(PLATFORM_LOG_WARNING, "priorities of applications cannot be read: %s", strerror(err));
}

/* The same change where they are kept, which other engines do as well. Lock not held. */
static void keep(uint32_t media, const uint16_t *name, bool put)
{
    struct engine_priority lists[PRIORITY_LISTS];
    struct platform_store *store = NULL;
    int err;

    memset(lists, 0, sizeof(lists));
    err = platform_state_open(&store, section, true);
    if (!err)
        err = lists_read(store, lists);
    if ((!err || err == ENOENT) && store)
        err = lists_set(lists, media, name, put) ? ENOSPC : lists_write(store, lists);
    platform_store_close(store);
    lists_clear(lists);
    if (err)
        platform_log(PLATFORM_LOG_WARNING, "priorities of applications are not kept: %s", strerror(err));
}

/* ---- the functions ----------------------------------------------------------------------------------------------- */

int32_t priority_op_set(struct channel *c, struct channel_call *cc)
{
    const uint16_t *name = file_name(cc);
    uint32_t media = cc->arg[0];
    int32_t rc;

    (void)c;
    if (!name)
        return (int32_t)LINEERR_INVALAPPNAME;
    rc = modes_check(media, cc->arg[1]);
    if (!rc && cc->arg[2] > 1)
        rc = (int32_t)LINEERR_INVALPARAM;
    if (!rc)
        rc = lists_set(engine.priorityv, media, name, cc->arg[2] != 0);
    if (!rc && engine.keeps) {
        engine_unlock();
        keep(media, name, cc->arg[2] != 0);
        engine_lock();
    }
    return rc;
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
