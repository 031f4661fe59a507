/* The connection to the engine: made by the first who needs it, ended after the last. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/builtin.h"
#include "tapi_shim/client/client.h"

#include <errno.h>
#include <stdlib.h>

struct client client = {.lock = PLATFORM_MUTEX_INIT, .opened = PLATFORM_COND_INIT};

struct client_conn *client_conn_get(void)
{
    struct client_conn *conn;

    platform_mutex_lock(&client.lock);
    conn = client.conn;
    if (conn)
        conn->refs++;
    platform_mutex_unlock(&client.lock);
    return conn;
}

LONG client_conn_open(struct client_conn **connp)
{
    struct client_conn *conn;
    int err;

    platform_mutex_lock(&client.lock);
    while (client.opening)
        platform_cond_wait(&client.opened, &client.lock);
    conn = client.conn;
    if (conn) {
        conn->refs++;
        platform_mutex_unlock(&client.lock);
        *connp = conn;
        return 0;
    }
    client.opening = true;
    platform_mutex_unlock(&client.lock);

    client_builtin();
    conn = calloc(1, sizeof(*conn));
    err = conn ? channel_open(&conn->channel, client_event, NULL) : ENOMEM;

    platform_mutex_lock(&client.lock);
    client.opening = false;
    if (!err) {
        conn->refs = 1;
        client.conn = conn;
    }
    platform_cond_broadcast(&client.opened);
    platform_mutex_unlock(&client.lock);
    if (err) {
        free(conn);
        return client_err(err == ENOMEM ? LINEERR_NOMEM : LINEERR_OPERATIONFAILED);
    }
    *connp = conn;
    return 0;
}

void client_conn_put(struct client_conn *conn)
{
    bool last;

    if (!conn)
        return;
    platform_mutex_lock(&client.lock);
    last = --conn->refs == 0;
    if (last)
        client.conn = NULL;
    platform_mutex_unlock(&client.lock);
    if (last) {
        channel_close(conn->channel);
        free(conn);
    }
}

LONG client_call(struct channel_call *call)
{
    struct client_conn *conn = client_conn_get();
    LONG rc;

    if (!conn)
        return client_err(LINEERR_UNINITIALIZED);
    rc = channel_call(conn->channel, call);
    client_conn_put(conn);
    return rc;
}

bool client_connected(void)
{
    bool connected;

    platform_mutex_lock(&client.lock);
    connected = client.conn != NULL;
    platform_mutex_unlock(&client.lock);
    return connected;
}

bool client_version_known(uint32_t version)
{
    return version == 0x00010003 || version == 0x00010004 || version == 0x00020000 || version == 0x00020001 ||
           version == 0x00020002;
}
