/* What there is in the engine, as one block. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/phone.h"
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* Walked twice: first for the room it takes, then to write. */
struct walk {
    struct channel_status head;
    unsigned char *out; /* NULL: only measured */
    uint32_t row;       /* where the next row goes */
    uint32_t text;      /* and the next text */
    uint64_t size;
};

static void row_put(struct walk *w, struct channel_table *table, const void *row, uint32_t size)
{
    if (w->out) {
        memcpy(w->out + w->row, row, size);
        w->row += size;
    } else {
        table->count++;
        table->row = size;
        w->size += size;
    }
}

static void text_put(struct walk *w, struct channel_text *t, const void *utf16, uint32_t size)
{
    t->size = size;
    t->offset = size ? w->text : 0;
    if (w->out && size)
        memcpy(w->out + w->text, utf16, size);
    w->text += size;
    w->size += size;
}

static void engine_text_put(struct walk *w, struct channel_text *t, const struct engine_text *text)
{
    text_put(w, t, text ? text->text : NULL, text ? text->size : 0);
}

static void walk_providers(struct walk *w)
{
    const struct engine_provider *p;
    uint32_t i;

    for (p = engine.provider_first; p; p = p->next) {
        struct channel_status_provider row;
        uint16_t file[PLATFORM_PATH_MAX];
        size_t units = platform_utf8_to_utf16(p->file, SIZE_MAX, file, PLATFORM_PATH_MAX);

        memset(&row, 0, sizeof(row));
        row.id = p->id;
        for (i = 0; i < engine.slotc; i++)
            row.linec += engine.slotv[i].provider == p;
        if (units > PLATFORM_PATH_MAX)
            units = platform_utf16_len(file) + 1;
        text_put(w, &row.file, file, (uint32_t)(units * sizeof(*file)));
        row_put(w, &w->head.providers, &row, sizeof(row));
    }
}

static void walk_lines(struct walk *w)
{
    uint32_t i;

    for (i = 0; i < engine.slotc; i++) {
        const struct engine_device *d = engine.slotv[i].device;
        struct channel_status_line row = {i, engine.slotv[i].provider ? engine.slotv[i].provider->id : 0, 0, 0};
        const struct engine_line *line;
        const struct engine_call *call;

        for (line = d ? d->line_first : NULL; line; line = line->next)
            row.openc++;
        for (call = d ? d->call_first : NULL; call; call = call->next)
            row.callc++;
        row_put(w, &w->head.lines, &row, sizeof(row));
    }
}

static void walk_apps(struct walk *w)
{
    const struct engine_app *app;
    uint32_t i = 0;

    while ((app = pool_next(&engine.apps_pool, &i))) {
        struct channel_status_app row;
        const struct engine_line *line;

        memset(&row, 0, sizeof(row));
        row.app = app->item.handle;
        row.process = app->channel->pid;
        row.version = app->version;
        for (line = app->line_first; line; line = line->app_next)
            row.linec++;
        row.phonec = phone_count(app);
        engine_text_put(w, &row.name, app->name);
        engine_text_put(w, &row.module, app->module);
        row_put(w, &w->head.apps, &row, sizeof(row));
    }
}

static void walk_calls(struct walk *w)
{
    const struct engine_call *call;
    uint32_t i = 0;

    while ((call = pool_next(&engine.calls, &i))) {
        struct channel_status_call row = {call->item.handle, call->device->id, call->state,
                                          call->media,       call->owners,     call->monitors};

        row_put(w, &w->head.calls, &row, sizeof(row));
    }
}

static void walk_handles(struct walk *w)
{
    const struct engine_hcall *h;
    uint32_t i = 0;

    while ((h = pool_next(&engine.hcalls, &i))) {
        struct channel_status_handle row = {h->call->item.last, h->item.handle, h->line->app->item.handle,
                                            h->privilege};

        if (h->given)
            row_put(w, &w->head.handles, &row, sizeof(row));
    }
}

static void walk_phones(struct walk *w)
{
    uint32_t i;

    for (i = 0; i < engine.phone_slotc; i++) {
        struct channel_status_phone row;

        phone_status_row(i, &row);
        row_put(w, &w->head.phones, &row, sizeof(row));
    }
}

static void walk_all(struct walk *w)
{
    walk_providers(w);
    walk_lines(w);
    walk_apps(w);
    walk_calls(w);
    walk_handles(w);
    walk_phones(w);
}

static uint32_t table_place(struct channel_table *table, uint32_t at)
{
    table->offset = at;
    return at + table->count * table->row;
}

int32_t status_op_get(struct channel *c, struct channel_call *cc)
{
    struct walk w;
    uint32_t at;

    (void)c;
    memset(&w, 0, sizeof(w));
    w.size = sizeof(w.head);
    walk_all(&w);
    if (w.size > INT32_MAX)
        return (int32_t)LINEERR_RESOURCEUNAVAIL;
    w.out = calloc(1, (size_t)w.size);
    if (!w.out)
        return (int32_t)LINEERR_NOMEM;
    w.head.version = CHANNEL_STATUS_VERSION;
    w.head.size = (uint32_t)w.size;
    w.row = sizeof(w.head);
    at = table_place(&w.head.providers, w.row);
    at = table_place(&w.head.lines, at);
    at = table_place(&w.head.apps, at);
    at = table_place(&w.head.calls, at);
    at = table_place(&w.head.handles, at);
    at = table_place(&w.head.phones, at);
    w.text = at;
    w.head.total_apps = engine.apps_pool.live;
    w.head.total_lines = engine.lines.live;
    w.head.total_handles = engine.hcalls.live;
    w.head.total_calls = engine.calls.live;
    w.head.total_requests = engine.requests.live + engine.proxies.live;
    w.head.total_events = engine.events.live;
    w.head.total_assisted = engine.assist.count;
    w.head.total_phones = engine.phones.live;
    memcpy(w.out, &w.head, sizeof(w.head));
    walk_all(&w);
    cc->out = w.out;
    cc->out_len = w.head.size;
    return 0;
}
