/* Messages: queued in the order they come, and handed over in the way the application chose.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/client/client.h"
#include "tapi_shim/platform/trace.h"

#include <stdlib.h>
#include <string.h>

/* Messages that one run of a callback hands over, so that a flood leaves the thread's other messages a chance. */
enum { RUN_MAX = 64, EARLY_MAX = 1024 };

#define MESSAGE_NONE UINT32_MAX /* nobody is to see it any more */

/* ---- the queue; all with the lock held ---- */

static bool queue_push(struct client_app *app, const struct client_message *m)
{
    bool hint = m->message == LINE_LINEDEVSTATE || m->message == LINE_ADDRESSSTATE || m->message == LINE_CALLINFO ||
                m->message == PHONE_STATE;

    if (app->count >= (hint ? CLIENT_QUEUE_SOFT : CLIENT_QUEUE_HARD))
        return false;
    if (app->count == app->cap) {
        uint32_t cap = app->cap ? 2 * app->cap : 16, i;
        struct client_message *queue = malloc(cap * sizeof(*queue));

        if (!queue)
            return false;
        for (i = 0; i < app->count; i++)
            queue[i] = app->queue[(app->head + i) & (app->cap - 1)];
        free(app->queue);
        app->queue = queue;
        app->head = 0;
        app->cap = cap;
    }
    app->queue[(app->head + app->count) & (app->cap - 1)] = *m;
    app->count++;
    return true;
}

/* What the message at the head brings has gone to somebody else, or is freed. */
static void queue_pop(struct client_app *app)
{
    app->head = (app->head + 1) & (app->cap - 1);
    app->count--;
    if (!app->count && app->cap > 1024) {
        free(app->queue);
        app->queue = NULL;
        app->cap = app->head = 0;
    }
}

void client_queue_clear(struct client_app *app)
{
    while (app->count) {
        free(app->queue[app->head].data);
        app->head = (app->head + 1) & (app->cap - 1);
        app->count--;
    }
}

static bool is_reply(const struct client_message *m)
{
    return m->message == LINE_REPLY || m->message == PHONE_REPLY;
}

/* Its line; that of a request is none: there the number is the registration's own. */
static struct client_line *line_of(const struct client_message *m)
{
    return m->message == LINE_REQUEST ? NULL : client_line_by_cookie(m->cookie);
}

/* Whether the application is to see this message at all. */
static bool wanted(const struct client_message *m, const struct client_line *line)
{
    if (m->message == MESSAGE_NONE)
        return false;
    if (m->cookie && !line && m->message != LINE_REQUEST)
        return false; /* the line was closed in the meantime */
    if (m->message == LINE_PROXYREQUEST && !m->data)
        return false;
    if (m->message == LINE_APPNEWCALL && line && line->version < 0x00020000)
        return false; /* LINE_CALLSTATE with a privilege tells it all */
    return true;
}

/* Whether the head of the queue may leave now; drops what nobody is to see. */
static bool ready(struct client_app *app)
{
    while (app->count && !app->closing) {
        const struct client_message *m = &app->queue[app->head];
        const struct client_line *line = line_of(m);

        if (!wanted(m, line)) {
            if (is_reply(m))
                client_request_done((uint32_t)m->p1, NULL);
            free(m->data);
            queue_pop(app);
            continue;
        }
        if (line && !line->handle)
            return false;
        return !is_reply(m) || !client_request_inside((uint32_t)m->p1, app);
    }
    return false;
}

static bool take(struct client_app *app, LINEMESSAGE *out)
{
    struct client_message m;
    struct client_line *line;

    if (!ready(app))
        return false;
    m = app->queue[app->head];
    queue_pop(app);
    line = line_of(&m);
    if (is_reply(&m))
        client_request_done((uint32_t)m.p1, &m);
    if (m.message == LINE_GATHERDIGITS)
        client_gather_done(&m);
    if (m.message == LINE_PROXYREQUEST) {
        m.p1 = (uintptr_t)client_proxy_take(m.data);
        m.data = NULL; /* the application's until it answers */
    }
    free(m.data);
    memset(out, 0, sizeof(*out));
    out->hDevice = m.device;
    out->dwMessageID = m.message;
    out->dwCallbackInstance = line ? line->instance : m.message == LINE_REQUEST ? (DWORD_PTR)m.cookie : 0;
    out->dwParam1 = (DWORD_PTR)m.p1;
    out->dwParam2 = (DWORD_PTR)m.p2;
    out->dwParam3 = (DWORD_PTR)m.p3;
    if ((m.message == LINE_CLOSE || m.message == PHONE_CLOSE) && line) {
        out->hDevice = line->handle; /* which was not known yet if the service went while lineOpen was under way */
        client_line_remove(line);
    }
    if (platform_trace_on())
        platform_trace(PLATFORM_TRACE_HOST, PLATFORM_TRACE_APPLICATION, "MESSAGE %lu 0x%lx 0x%llx 0x%llx 0x%llx",
                       (unsigned long)m.message, (unsigned long)out->hDevice, (unsigned long long)m.p1,
                       (unsigned long long)m.p2, (unsigned long long)m.p3);
    return true;
}

static void to_port(struct client_app *app)
{
    LINEMESSAGE message;

    while (take(app, &message)) {
        if (platform_port_message(app->port, app->key, &message, sizeof(message))) {
            if (!app->overrun)
                platform_log(PLATFORM_LOG_ERROR,
                             "client: a message cannot be put on the application's completion port");
            app->overrun = true;
        }
    }
}

void client_deliver(struct client_app *app)
{
    bool now;

    if (app->delivery == CLIENT_PORT) {
        to_port(app);
        return;
    }
    now = ready(app);
    if (app->delivery == CLIENT_WINDOW) {
        if (now && !app->posted && app->runner) {
            app->posted = true;
            platform_runner_post(app->runner);
        }
        return;
    }
    if (now && app->waiting)
        platform_cond_signal(&app->arrived);
    /* What threads in lineGetMessage are about to take is not told to others, who would find nothing. */
    now = now && app->count > app->waiting;
    if (now != app->event_set && app->event) {
        app->event_set = now;
        if (now)
            platform_event_set(app->event);
        else
            platform_event_reset(app->event);
    }
}

/* ---- in ---- */

static void enqueue(struct client_app *app, const struct channel_event *event)
{
    struct client_message m = {event->instance, event->message, event->device, event->reply_call, event->p1,
                               event->p2,       event->p3,      NULL,          0};

    if (app->closing)
        return;
    if (event->message == LINE_PROXYREQUEST) {
        m.data = client_proxy_block(event);
    } else if (event->data) {
        m.data = malloc(event->data_len ? event->data_len : 1);
        if (m.data) {
            memcpy(m.data, event->data, event->data_len);
            m.data_len = event->data_len;
        } else if (m.message == LINE_REPLY) {
            m.p2 = LINEERR_NOMEM;
        }
    }
    if (!queue_push(app, &m)) {
        if (is_reply(&m))
            client_request_done((uint32_t)m.p1, NULL);
        free(m.data);
        if (!app->overrun)
            platform_log(PLATFORM_LOG_ERROR, "client: application %#lx takes no messages, some are lost",
                         (unsigned long)app->handle);
        app->overrun = true;
        return;
    }
    /* Behind others nothing changes for whoever waits. */
    if (app->count == 1 || app->delivery == CLIENT_PORT || !app->event_set)
        client_deliver(app);
}

void client_event(const struct channel_event *event, void *arg)
{
    struct client_app *app;

    (void)arg;
    platform_mutex_lock(&client.lock);
    app = client_app_find(event->app);
    if (!app)
        app = client_map_find(&client.phones, event->app);
    if (app) {
        enqueue(app, event);
    } else if (client.starting && client.earlyc < EARLY_MAX) {
        struct channel_event *early = realloc(client.early, (client.earlyc + 1) * sizeof(*early));

        if (early) {
            early[client.earlyc] = *event;
            early[client.earlyc++].data = NULL; /* borrowed */
            client.early = early;
        }
    }
    platform_mutex_unlock(&client.lock);
}

static void app_lost(struct client_app *app)
{
    struct channel_event event = {.app = app->handle, .message = app->phone ? PHONE_CLOSE : LINE_CLOSE};
    struct client_line *line;

    for (line = app->lines; line; line = line->next) {
        if (line->handle && !line->unlisted) {
            (void)client_map_remove(&client.handles, line->handle);
            line->unlisted = true;
        }
        event.device = line->handle;
        event.instance = line->cookie;
        enqueue(app, &event);
    }
    event.message = app->phone ? PHONE_STATE : LINE_LINEDEVSTATE;
    event.device = 0;
    event.instance = 0;
    event.p1 = app->phone ? PHONESTATE_REINIT : LINEDEVSTATE_REINIT;
    enqueue(app, &event);
}

void client_lost(void *arg)
{
    struct client_conn *conn = arg;
    struct client_app *app;
    size_t pos = 0;

    platform_mutex_lock(&client.lock);
    conn->lost = true;
    while ((app = client_map_next(&client.apps, &pos)) != NULL)
        if (app->conn == conn)
            app_lost(app);
    pos = 0;
    while ((app = client_map_next(&client.phones, &pos)) != NULL)
        if (app->conn == conn)
            app_lost(app);
    platform_mutex_unlock(&client.lock);
}

bool client_reply_waits(uint32_t request)
{
    struct client_app *app;
    size_t pos = 0;
    uint32_t i;

    while ((app = client_map_next(&client.apps, &pos)) != NULL) {
        for (i = 0; i < app->count; i++) {
            const struct client_message *m = &app->queue[(app->head + i) & (app->cap - 1)];

            if (m->message == LINE_REPLY && m->p1 == request)
                return true;
        }
    }
    return false;
}

void client_call_forget(uint32_t call)
{
    struct client_app *app;
    size_t pos = 0;
    uint32_t i;

    while ((app = client_map_next(&client.apps, &pos)) != NULL) {
        bool any = false;

        for (i = 0; i < app->count; i++) {
            struct client_message *m = &app->queue[(app->head + i) & (app->cap - 1)];

            if (m->device == call || (m->message == LINE_APPNEWCALL && m->p2 == call)) {
                m->message = MESSAGE_NONE;
                any = true;
            }
        }
        /* Whoever was told that there is one finds none. */
        if (any && !app->closing)
            client_deliver(app);
    }
}

void client_early_take(struct client_app *app)
{
    uint32_t i;

    for (i = 0; i < client.earlyc; i++) {
        if (client.early[i].app == app->handle)
            enqueue(app, &client.early[i]);
    }
}

void client_early_end(void)
{
    if (client.starting)
        return;
    free(client.early);
    client.early = NULL;
    client.earlyc = 0;
}

/* ---- out ---- */

void client_run(void *arg)
{
    struct client_app *app = arg;
    struct platform_runner *mine = NULL;
    struct client_run_mark mark = {platform_thread_id(), NULL}, **link;
    LINEMESSAGE m;
    int left = RUN_MAX;

    platform_mutex_lock(&client.lock);
    app->refs++;
    app->runs++;
    app->run_thread = mark.thread;
    app->posted = false;
    mark.next = client.runs;
    client.runs = &mark;
    while (left-- > 0 && take(app, &m)) {
        platform_mutex_unlock(&client.lock);
        app->callback(m.hDevice, m.dwMessageID, m.dwCallbackInstance, m.dwParam1, m.dwParam2, m.dwParam3);
        platform_mutex_lock(&client.lock);
    }
    for (link = &client.runs; *link != &mark; link = &(*link)->next)
        ;
    *link = mark.next;
    if (--app->runs == 0) {
        app->run_thread = 0;
        if (app->free_in_run) {
            mine = app->runner;
            app->runner = NULL;
        }
    }
    if (!app->closing)
        client_deliver(app);
    platform_mutex_unlock(&client.lock);
    platform_runner_free(mine);
    platform_mutex_lock(&client.lock);
    client_app_put(app);
    platform_mutex_unlock(&client.lock);
}

LONG client_message_get(struct client_map *map, uint32_t handle, uint32_t timeout_ms, LINEMESSAGE *out)
{
    uint64_t deadline = timeout_ms == UINT32_MAX ? UINT64_MAX : timeout_ms ? platform_mono_ms() + timeout_ms : 0;
    struct client_app *app;
    bool in_time;
    LONG rc;

    platform_mutex_lock(&client.lock);
    app = client_map_find(map, handle);
    if (!app) {
        platform_mutex_unlock(&client.lock);
        return client_err(LINEERR_INVALAPPHANDLE);
    }
    app->refs++;
    for (;;) {
        if (app->closing) {
            rc = client_err(LINEERR_INVALAPPHANDLE);
            break;
        }
        if (app->delivery != CLIENT_EVENT) {
            rc = client_err(LINEERR_OPERATIONFAILED);
            break;
        }
        if (take(app, out)) {
            client_deliver(app); /* another one for another thread, or the event has to go */
            rc = 0;
            break;
        }
        app->waiting += timeout_ms != 0;
        in_time = timeout_ms && platform_cond_wait_until(&app->arrived, &client.lock, deadline);
        app->waiting -= timeout_ms != 0;
        if (!in_time) {
            /* What came together with the end of the time is not left behind. */
            if (!app->closing && take(app, out)) {
                client_deliver(app);
                rc = 0;
            } else {
                rc = client_err(app->closing ? LINEERR_INVALAPPHANDLE : LINEERR_OPERATIONFAILED);
                if (!app->closing)
                    client_deliver(app);
            }
            break;
        }
    }
    client_app_put(app);
    platform_mutex_unlock(&client.lock);
    return rc;
}
