/* The connection to the engine: made by the first who needs it, ended after the last. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/builtin.h"
#include "tapi_shim/channel/remote.h"
#include "tapi_shim/client/client.h"
#include "tapi_shim/engine/engine.h"
#include "tapi_shim/platform/trace.h"

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

static int conn_connect(struct client_conn *conn, enum client_mode mode)
{
    int err;

    if (mode == CLIENT_MODE_DEFAULT)
        mode = client_mode_default();
    if (mode != CLIENT_MODE_IN_PROCESS) {
        err = client_service_open(conn);
        if (!err || (err != ENOENT && err != ENOTSUP) || mode == CLIENT_MODE_SERVICE)
            return err;
        platform_log(PLATFORM_LOG_INFO, "no telephony service is installed: the lines are this process's own");
    }
    client_builtin();
    engine_keep(true);
    return channel_open(&conn->channel, client_event, conn);
}

LONG client_conn_open(struct client_conn **connp, enum client_mode mode)
{
    struct client_conn *conn;
    int err;

    platform_mutex_lock(&client.lock);
    while (client.opening)
        platform_cond_wait(&client.opened, &client.lock);
    conn = client.conn;
    if (conn && !conn->lost) {
        conn->refs++;
        platform_mutex_unlock(&client.lock);
        *connp = conn;
        return 0;
    }
    client.opening = true;
    platform_mutex_unlock(&client.lock);

    conn = calloc(1, sizeof(*conn));
    err = conn ? conn_connect(conn, mode) : ENOMEM;

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
    if (last && client.conn == conn)
        client.conn = NULL;
    platform_mutex_unlock(&client.lock);
    if (last) {
        remote_close(conn->remote);
        channel_close(conn->channel);
        free(conn);
    }
}

static LONG conn_call(struct client_conn *conn, struct channel_call *call)
{
    return conn->remote ? remote_call(conn->remote, call) : channel_call(conn->channel, call);
}

/* The number that goes with the calls that dial; no other text, which may be a secret. */
static const char *dialled(const struct channel_call *call, char *text, size_t size)
{
    bool dials = call->op == CHANNEL_CALL_MAKE || call->op == CHANNEL_CALL_DIAL;

    text[0] = 0;
    if (dials && call->in0)
        (void)platform_utf16_to_utf8(call->in0, call->in0_len / sizeof(uint16_t), text, size);
    return text;
}

static LONG traced_call(struct client_conn *conn, struct channel_call *call)
{
#define NAME(name, text) #name,
    static const char *const names[] = {CHANNEL_OP_MAP(NAME)};
#undef NAME
    const char *name = call->op < CHANNEL_OP_COUNT ? names[call->op] : "?";
    char number[64];
    LONG rc;

    platform_trace(PLATFORM_TRACE_APPLICATION, PLATFORM_TRACE_HOST, "CALL %s 0x%lx 0x%lx %s", name,
                   (unsigned long)call->arg[0], (unsigned long)call->arg[1], dialled(call, number, sizeof(number)));
    rc = conn_call(conn, call);
    if (rc < 0)
        platform_trace(PLATFORM_TRACE_HOST, PLATFORM_TRACE_APPLICATION, "RESULT %s 0x%08lx", name,
                       (unsigned long)rc & 0xFFFFFFFF);
    return rc;
}

LONG client_conn_call(struct client_conn *conn, struct channel_call *call)
{
    return platform_trace_on() ? traced_call(conn, call) : conn_call(conn, call);
}

LONG client_call(struct channel_call *call)
{
    struct client_conn *conn = client_conn_get();
    LONG rc;

    if (!conn)
        return client_err(LINEERR_UNINITIALIZED);
    rc = client_conn_call(conn, call);
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
