/* Asynchronous functions: their ids, and what is done when the reply leaves. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"

#include <stdlib.h>

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

LONG client_request_make(struct channel_call *call, HLINE line_handle, LPHCALL out)
{
    struct client_request *r = calloc(1, sizeof(*r));
    struct client_conn *conn;
    struct client_line *line;
    struct client_app *waiter;
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
        r->out = out;
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
    if (rc <= 0 || !r->out)
        request_end(r);
    if (waiter)
        client_deliver(waiter);
    platform_mutex_unlock(&client.lock);
    client_conn_put(conn);
    /* An engine that answers 0 would leave the application waiting for a reply without an id. */
    return rc == 0 ? client_err(LINEERR_OPERATIONFAILED) : rc;
}

void client_request_forget(uint64_t cookie, const struct client_app *app)
{
    size_t pos = 0;
    struct client_request *r;

    while ((r = client_map_next(&client.requests, &pos)) != NULL) {
        if (r->waiter == app)
            r->waiter = NULL;
        if (cookie && r->cookie == cookie) {
            r->out = NULL;
            if (!r->inside) {
                request_end(r);
                pos = 0; /* the map has changed */
            }
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

void client_request_done(uint32_t id, const struct client_message *message)
{
    struct client_request *r = client_map_find(&client.requests, id);

    if (!r)
        return;
    /* The application is promised that nobody writes there later. */
    if (message && r->out && (int32_t)message->p2 == 0)
        *r->out = message->reply_call;
    r->out = NULL;
    if (!r->inside)
        request_end(r);
}
