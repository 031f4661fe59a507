/* Everything there is, for who looks after the service. SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

struct record_buf {
    unsigned char *data;
    size_t len, cap;
    bool failed;
};

static void put(struct record_buf *b, const void *data, size_t size)
{
    if (b->failed)
        return;
    if (b->len + size > b->cap) {
        size_t cap = b->cap ? b->cap : 4096;
        unsigned char *grown;

        while (cap < b->len + size)
            cap *= 2;
        grown = realloc(b->data, cap);
        if (!grown) {
            b->failed = true;
            return;
        }
        b->data = grown;
        b->cap = cap;
    }
    memcpy(b->data + b->len, data, size);
    b->len += size;
}

static void put32(struct record_buf *b, uint32_t v)
{
    const unsigned char bytes[] = {(unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16),
                                   (unsigned char)(v >> 24)};

    put(b, bytes, sizeof(bytes));
}

/* Values of a record, and up to two texts (NULL: none). */
static void put_record(struct record_buf *b, uint32_t kind, const uint32_t *values, uint32_t count, const char *text1,
                       const char *text2)
{
    static const unsigned char zeroes[4];
    size_t texts = (text1 ? strlen(text1) + 1 : 0) + (text2 ? strlen(text2) + 1 : 0), padding = (4 - texts % 4) % 4;
    uint32_t i;

    put32(b, kind);
    put32(b, (uint32_t)(8 + 4 * count + texts + padding));
    for (i = 0; i < count; i++)
        put32(b, values[i]);
    if (text1)
        put(b, text1, strlen(text1) + 1);
    if (text2)
        put(b, text2, strlen(text2) + 1);
    put(b, zeroes, padding);
}

static void utf8_of(const struct engine_text *t, char *text, size_t size)
{
    (void)platform_utf16_to_utf8(t ? t->text : NULL, SIZE_MAX, text, size);
}

static void put_app(struct record_buf *b, const struct engine_app *app)
{
    const struct engine_line *line;
    uint32_t values[] = {app->item.handle, app->channel->pid, app->version, 0};
    char name[512], module[512];

    for (line = app->line_first; line; line = line->app_next)
        values[3]++;
    utf8_of(app->name, name, sizeof(name));
    utf8_of(app->module, module, sizeof(module));
    put_record(b, CHANNEL_RECORD_APP, values, 4, name, module);
}

static void put_call(struct record_buf *b, const struct engine_call *call)
{
    const uint32_t values[] = {call->item.handle, call->device->id, call->state, call->owners, call->monitors};
    const struct engine_hcall *h;

    put_record(b, CHANNEL_RECORD_CALL, values, 5, NULL, NULL);
    for (h = call->hcall_first; h; h = h->next) {
        const uint32_t handle[] = {h->item.handle, h->line->app->item.handle, h->privilege};

        put_record(b, CHANNEL_RECORD_HANDLE, handle, 3, NULL, NULL);
    }
}

int32_t status_op(struct channel *c, struct channel_call *call)
{
    const uint32_t totals[] = {engine.apps_pool.live, engine.lines.live,  engine.hcalls.live, engine.calls.live,
                               engine.requests.live,  engine.events.live, engine.slotc};
    struct record_buf b = {NULL, 0, 0, false};
    const struct engine_provider *p;
    const struct engine_app *app;
    uint32_t i;

    (void)c;
    put_record(&b, CHANNEL_RECORD_TOTAL, totals, 7, NULL, NULL);
    for (p = engine.provider_first; p; p = p->next) {
        const uint32_t values[] = {p->id, p->version};

        put_record(&b, CHANNEL_RECORD_PROVIDER, values, 2, p->file, NULL);
    }
    for (i = 0; i < engine.slotc; i++) {
        const struct engine_slot *slot = &engine.slotv[i];
        uint32_t values[] = {i, slot->provider ? slot->provider->id : 0, 0, 0};
        const struct engine_line *line;
        const struct engine_call *of;

        if (slot->gone)
            continue;
        for (line = slot->device ? slot->device->line_first : NULL; line; line = line->next)
            values[2]++;
        for (of = slot->device ? slot->device->call_first : NULL; of; of = of->next)
            values[3]++;
        put_record(&b, CHANNEL_RECORD_LINE, values, 4, NULL, NULL);
    }
    for (i = 0; (app = pool_next(&engine.apps_pool, &i)) != NULL;)
        put_app(&b, app);
    for (i = 0; i < engine.slotc; i++) {
        const struct engine_call *of;

        for (of = engine.slotv[i].device ? engine.slotv[i].device->call_first : NULL; of; of = of->next)
            put_call(&b, of);
    }
    if (b.failed || b.len > UINT32_MAX) {
        free(b.data);
        return (int32_t)LINEERR_NOMEM;
    }
    call->out = b.data;
    call->out_len = (uint32_t)b.len;
    return 0;
}
