/* Asynchronous functions: their ids, and what is done when the reply leaves. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#include <stdlib.h>
#include <string.h>

enum { REQUEST_ID_MAX = 0x7FFFFFFF };

static uint32_t id_next(void)
{
    do {
        client.last_request = client.last_request < REQUEST_ID_MAX ? client.last_request + 1 : 1;
    } while (client_map_find(&client.requests, client.last_request));
    return client.last_request;
}

static void request_end(struct client_request *r)
{
    (void)client_map_remove(&client.requests, r->id);
    free(r);
}

/* `line_handle` not 0: the line that it belongs to; else the engine says so where it has results. */
static LONG request_run(struct channel_call *call, HLINE line_handle, const struct client_result *result, uint32_t hcall)
{
    struct client_request *r = calloc(1, sizeof(*r));
    struct client_conn *conn;
    struct client_line *line;
    struct client_app *waiter;
    bool waits;
    LONG rc = 0;

    if (!r)
        return client_err(LINEERR_NOMEM);
    platform_mutex_lock(&client.lock);
    conn = client.conn;
    line = line_handle ? client_line_find(line_handle) : NULL;
    if (!conn) {
        rc = client_err(LINEERR_UNINITIALIZED);
    } else if (line_handle && !line) {
        rc = client_err(LINEERR_INVALLINEHANDLE);
    } else {
        r->id = id_next();
        r->inside = true;
        if (result)
            r->result = *result;
        r->call = hcall;
        r->cookie = line ? line->cookie : 0;
        if (!client_map_add(&client.requests, r->id, r))
            rc = client_err(LINEERR_NOMEM);
    }
    if (rc) {
        platform_mutex_unlock(&client.lock);
        free(r);
        return rc;
    }
    conn->refs++;
    platform_mutex_unlock(&client.lock);

    call->arg[1] = r->id;
    rc = client_conn_call(conn, call);

    platform_mutex_lock(&client.lock);
    r->inside = false;
    /* The service took it, replied, and died before it said so: what it did is told, so it was done. */
    if (rc < 0 && conn->lost && client_reply_waits(r->id))
        rc = (LONG)r->id;
    waiter = r->waiter;
    r->waiter = NULL;
    waits = r->result.call || r->result.value || r->result.to;
    if (waits && !r->cookie) {
        r->cookie = call->ret[0] | (uint64_t)call->ret[1] << 32;
        /* Closed in between: nothing comes any more. */
        if (r->cookie && !client_line_by_cookie(r->cookie))
            waits = false;
    }
    if (waits && r->result.app && !client_app_find(r->result.app))
        waits = false;
    if ((hcall ? rc != 0 : rc <= 0) || !waits)
        request_end(r);
    if (waiter)
        client_deliver(waiter);
    platform_mutex_unlock(&client.lock);
    client_conn_put(conn);
    return rc;
}

LONG client_request_result(struct channel_call *call, const struct client_result *result)
{
    LONG rc = request_run(call, 0, result, 0);

    /* An engine that answers 0 would leave the application waiting for a reply without an id. */
    return rc == 0 ? client_err(LINEERR_OPERATIONFAILED) : rc;
}

LONG client_request_make(struct channel_call *call, HLINE line_handle, LPHCALL out)
{
    const struct client_result result = {.call = out};
    LONG rc = request_run(call, line_handle, &result, 0);

    return rc == 0 ? client_err(LINEERR_OPERATIONFAILED) : rc;
}

LONG client_gather(struct channel_call *call, const struct client_result *result)
{
    return request_run(call, 0, result, call->arg[0]);
}

static void result_drop(struct client_request *r)
{
    memset(&r->result, 0, sizeof(r->result));
    if (!r->inside)
        request_end(r);
}

void client_gather_forget(HCALL call)
{
    size_t pos = 0;
    struct client_request *r;

    platform_mutex_lock(&client.lock);
    while ((r = client_map_next(&client.requests, &pos)) != NULL) {
        if (r->call && r->call == call) {
            bool ends = !r->inside;

            result_drop(r);
            if (ends)
                pos = 0; /* the map has changed */
        }
    }
    platform_mutex_unlock(&client.lock);
}

void client_request_forget(uint64_t cookie, const struct client_app *app)
{
    size_t pos = 0;
    struct client_request *r;

    while ((r = client_map_next(&client.requests, &pos)) != NULL) {
        if (r->waiter == app)
            r->waiter = NULL;
        if ((cookie && r->cookie == cookie) || (!cookie && r->result.app && r->result.app == app->handle)) {
            bool ends = !r->inside;

            result_drop(r);
            if (ends)
                pos = 0; /* the map has changed */
        }
    }
}

bool client_request_inside(uint32_t id, struct client_app *app)
{
    struct client_request *r = client_map_find(&client.requests, id);

    if (!r || !r->inside)
        return false;
    r->waiter = app;
    return true;
}

/* A park address and the like. */
static LONG text_write(void *to, bool ansi, const void *data, uint32_t len)
{
    union {
        VARSTRING head;
        unsigned char bytes[sizeof(VARSTRING) + 2048];
    } src;
    LONG rc;

    if (len > sizeof(src) - sizeof(src.head))
        len = (uint32_t)(sizeof(src) - sizeof(src.head));
    memset(&src.head, 0, sizeof(src.head));
    src.head.dwTotalSize = src.head.dwNeededSize = src.head.dwUsedSize = (uint32_t)sizeof(src.head) + len;
    src.head.dwStringFormat = STRINGFORMAT_UNICODE;
    src.head.dwStringSize = len;
    src.head.dwStringOffset = sizeof(src.head);
    if (len)
        memcpy(src.bytes + sizeof(src.head), data, len);
    rc = layout_convert(LAYOUT_VARSTRING, to, CLIENT_VERSION_HIGH, ansi, &src, src.head.dwUsedSize,
                        CLIENT_VERSION_HIGH);
    /* Nobody can ask again: what does not fit is lost, and the reply says so. */
    if (!rc && ((const VARSTRING *)to)->dwUsedSize < ((const VARSTRING *)to)->dwNeededSize)
        rc = client_err(LINEERR_STRUCTURETOOSMALL);
    return rc;
}

static void digits_write(const struct client_result *result, const void *data, uint32_t len)
{
    uint32_t n = len / 2, i;
    uint16_t digit;

    if (n > result->room)
        n = result->room;
    for (i = 0; i < result->room && i <= n; i++) {
        digit = 0;
        if (i < n)
            memcpy(&digit, (const unsigned char *)data + 2 * (size_t)i, sizeof(digit));
        if (result->ansi)
            ((char *)result->to)[i] = digit < 0x80 ? (char)digit : '?';
        else
            ((uint16_t *)result->to)[i] = digit;
    }
}

static LONG result_write(const struct client_result *result, const void *data, uint32_t len)
{
    switch (result->form) {
    case CLIENT_FORM_NONE:
        break;
    case CLIENT_FORM_BYTES:
        if (data)
            memcpy(result->to, data, len < result->room ? len : result->room);
        break;
    case CLIENT_FORM_TEXT:
        return text_write(result->to, result->ansi, data, len);
    case CLIENT_FORM_DIGITS:
        digits_write(result, data, len);
        break;
    case CLIENT_FORM_OTHER:
        return result->h(result->to, result->room, result->version, result->ansi, data, len);
    }
    return 0;
}

void client_request_done(uint32_t id, struct client_message *message)
{
    struct client_request *r = client_map_find(&client.requests, id);
    LONG rc = 0;

    if (r && message && (int32_t)message->p2 == 0) {
        if (r->result.to)
            rc = result_write(&r->result, message->data, message->data_len);
        if (!rc && r->result.call)
            *r->result.call = message->reply_call;
        if (!rc && r->result.value)
            *r->result.value = (DWORD)message->p3;
        if (rc)
            message->p2 = (uint32_t)rc;
    }
    /* What only this half is told. */
    if (message)
        message->p3 = 0;
    /* The application is promised that nobody writes there later. */
    if (r)
        result_drop(r);
}

void client_gather_done(struct client_message *message)
{
    struct client_request *r = client_map_find(&client.requests, (uint32_t)message->p2);

    message->p2 = 0;
    if (!r || r->call != message->device)
        return;
    if (r->result.to)
        (void)result_write(&r->result, message->data, message->data_len);
    result_drop(r);
}
