/* Connections of the service: greeted, served, limited, cleared away. SPDX-License-Identifier: MIT */
#include "tapi_shim/service/service.h"

#include "include/tapi_port.h"
#include "tapi_shim/channel/channel.h"
#include "tapi_shim/channel/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * A connection's link reports on the hub's thread; its calls run on the threads of `work`; its events come from the
 * engine, on any thread. Who uses it holds a reference; the last one puts it away, never on the hub's thread, as that
 * closes what the client had open, for which a provider may take its time.
 */
struct server_conn {
    struct server *server;
    struct platform_link *link;
    struct wire_reader reader;
    struct channel *channel; /* NULL: not greeted yet */
    uint32_t pid;
    bool trusted;       /* may change what runs in here */
    uint32_t refs;      /* under the server's lock, as all that follows */
    uint32_t calls;     /* under way */
    bool cut;           /* it was told to the log */
    bool greeted;       /* counts as a client */
    uint64_t greet_ms;  /* until when it has to be */
    uint64_t resume_ms; /* 0: reading */
    uint64_t rate_ms;   /* when `tokens` was right */
    int64_t tokens;     /* thousandths of a request; below 0: owed */
    struct work_item bye;
    struct server_conn *prev, *next;
};

struct job {
    struct work_item item;
    struct server_conn *conn;
    struct channel_call call;
    uint32_t tag;
    unsigned char data[]; /* in0 and in1 */
};

/* ---- life ----------------------------------------------------------------------------------------------------------
 */

static void conn_free(struct server_conn *c)
{
    struct server *s = c->server;

    channel_close(c->channel);
    platform_link_unref(c->link);
    wire_reader_clear(&c->reader);
    platform_mutex_lock(&s->lock);
    if (c->prev)
        c->prev->next = c->next;
    else
        s->conns = c->next;
    if (c->next)
        c->next->prev = c->prev;
    s->clients -= c->greeted;
    if (!--s->count) {
        s->idle_since_ms = platform_mono_ms();
        platform_event_set(s->wake);
    }
    platform_cond_broadcast(&s->gone);
    platform_mutex_unlock(&s->lock);
    free(c);
}

/* Not on the hub's thread, unless another reference is left. */
static void conn_put(struct server_conn *c)
{
    bool last;

    platform_mutex_lock(&c->server->lock);
    last = --c->refs == 0;
    platform_mutex_unlock(&c->server->lock);
    if (last)
        conn_free(c);
}

static void conn_bye(struct work_item *item)
{
    conn_put((struct server_conn *)(void *)((char *)item - offsetof(struct server_conn, bye)));
}

/* Any thread, any lock of the engine held. */
static void conn_cut(struct server_conn *c, const char *why)
{
    bool first;

    platform_mutex_lock(&c->server->lock);
    first = !c->cut;
    c->cut = true;
    platform_mutex_unlock(&c->server->lock);
    if (!first)
        return;
    platform_log(PLATFORM_LOG_WARNING, "service: process %u is cut off: %s", (unsigned)c->pid, why);
    platform_link_close(c->link);
}

static void conn_send(struct server_conn *c, const void *frame, uint32_t size)
{
    int err = platform_link_send(c->link, frame, size);

    if (err == ENOBUFS)
        conn_cut(c, "it does not read its messages");
    else if (err && err != EPIPE)
        conn_cut(c, "there is no memory for its messages");
}

/* ---- calls ---------------------------------------------------------------------------------------------------------
 */

static int32_t service_call(struct server_conn *c, struct channel_call *call)
{
    size_t len = 0;

    /* A provider runs as the user of the service: other members of its group make calls, and no more. */
    if (!c->trusted && (call->op == CHANNEL_PROVIDER_ADD || call->op == CHANNEL_PROVIDER_REMOVE ||
                        call->op == CHANNEL_SERVICE_LOG || call->op == CHANNEL_SERVICE_STOP)) {
        platform_log(PLATFORM_LOG_WARNING, "service: process %u of another user may not do that", (unsigned)c->pid);
        return (int32_t)LINEERR_OPERATIONFAILED;
    }
    switch (call->op) {
    case CHANNEL_SERVICE_LOG:
        call->out = journal_copy(&len);
        call->out_len = (uint32_t)len;
        return call->out ? 0 : (int32_t)LINEERR_NOMEM;
    case CHANNEL_SERVICE_STOP:
        platform_log(PLATFORM_LOG_INFO, "service: process %u ends it", (unsigned)c->pid);
        platform_mutex_lock(&c->server->lock);
        c->server->stop = true;
        platform_mutex_unlock(&c->server->lock);
        platform_event_set(c->server->wake);
        return 0;
    default:
        return channel_call(c->channel, call);
    }
}

static void job_run(struct work_item *item)
{
    struct job *job = (struct job *)(void *)item;
    struct server_conn *c = job->conn;
    unsigned char small[1024], *frame = small;
    int32_t rc = service_call(c, &job->call);
    uint32_t size = wire_put_result(small, sizeof(small), job->tag, rc, &job->call);

    if (size > sizeof(small)) {
        frame = malloc(size);
        if (frame)
            wire_put_result(frame, size, job->tag, rc, &job->call);
    }
    if (!size || !frame) {
        struct channel_call none = {.op = job->call.op};

        frame = small;
        size = wire_put_result(small, sizeof(small), job->tag, (int32_t)LINEERR_NOMEM, &none);
    }
    /* The client may send the next one as soon as it has this. */
    platform_mutex_lock(&c->server->lock);
    c->calls--;
    platform_mutex_unlock(&c->server->lock);
    conn_send(c, frame, size);
    if (frame != small)
        free(frame);
    channel_free(job->call.out);
    free(job);
    conn_put(c);
}

/* Counts one request. ms until the next one may come; 0: at once. Lock held. */
static uint64_t rate_count(struct server_conn *c)
{
    const int64_t rate = c->server->config->max_rate;
    const uint64_t now = platform_mono_ms();

    if (!rate)
        return 0;
    /* Up to a second's worth in one go; what was not used longer ago than that is lost. */
    if (now - c->rate_ms >= 1000)
        c->tokens = 1000 * rate;
    else
        c->tokens += (int64_t)(now - c->rate_ms) * rate;
    if (c->tokens > 1000 * rate)
        c->tokens = 1000 * rate;
    c->rate_ms = now;
    c->tokens -= 1000;
    return c->tokens >= 0 ? 0 : (uint64_t)(-c->tokens / rate) + 1;
}

static bool on_call(struct server_conn *c, const struct wire_frame *frame)
{
    struct channel_call call;
    struct job *job;
    uint64_t wait_ms = 0;
    bool allowed;

    if (!wire_get_call(frame, &call))
        return false;
    job = malloc(sizeof(*job) + call.in0_len + call.in1_len + 8);
    if (!job)
        return false;
    memset(&job->item, 0, sizeof(job->item));
    job->item.run = job_run;
    job->conn = c;
    job->call = call;
    job->tag = frame->tag;
    if (call.in0) {
        /* in1 begins where an even address is, for UTF-16. */
        memcpy(job->data, call.in0, call.in0_len);
        job->call.in0 = job->data;
    }
    if (call.in1) {
        unsigned char *at = job->data + ((call.in0_len + 7) & ~7u);

        memcpy(at, call.in1, call.in1_len);
        job->call.in1 = at;
    }
    platform_mutex_lock(&c->server->lock);
    allowed = !c->cut && c->calls < WIRE_CALLS_MAX;
    if (allowed) {
        c->calls++;
        c->refs++;
        wait_ms = rate_count(c);
        if (wait_ms)
            c->resume_ms = platform_mono_ms() + wait_ms;
    }
    platform_mutex_unlock(&c->server->lock);
    if (!allowed) {
        free(job);
        return false;
    }
    if (wait_ms) {
        platform_link_pause(c->link, true);
        platform_event_set(c->server->wake);
    }
    work_add(c->server->work, &job->item);
    return true;
}

/* ---- events --------------------------------------------------------------------------------------------------------
 */

static void on_event(const struct channel_event *event, void *arg)
{
    unsigned char small[512], *frame = small;
    struct channel_event bare = *event;
    uint32_t size = wire_put_event(small, sizeof(small), event);

    if (size > sizeof(small))
        frame = malloc(size);
    if (size && frame) {
        if (frame != small)
            (void)wire_put_event(frame, size, event);
        conn_send(arg, frame, size);
    } else {
        /* Without what there is no room for it still has to come. */
        bare.data = NULL;
        if (event->message == LINE_REPLY)
            bare.p2 = LINEERR_NOMEM;
        conn_send(arg, small, wire_put_event(small, sizeof(small), &bare));
    }
    if (frame != small)
        free(frame);
}

/* ---- the link, on the hub's thread
 * ----------------------------------------------------------------------------------- */

static bool on_hello(struct server_conn *c, const struct wire_frame *frame)
{
    struct wire_welcome welcome = {WIRE_VERSION, WIRE_STATUS_OK, platform_process_id()};
    unsigned char answer[WIRE_HEADER + 16];
    struct channel *channel = NULL;
    struct platform_peer peer;
    struct server *s = c->server;
    struct wire_hello hello;
    bool late;

    if (!wire_get_hello(frame, &hello))
        return false;
    platform_link_peer(c->link, &peer);
    /* What the system says of it counts more than what it says itself. */
    c->pid = peer.known && peer.pid ? peer.pid : hello.pid;
    c->trusted = peer.trusted;
    if (hello.version != WIRE_VERSION)
        welcome.status = WIRE_STATUS_VERSION;
    platform_mutex_lock(&s->lock);
    late = c->cut;
    if (!late && !welcome.status && s->clients >= s->config->max_clients)
        welcome.status = WIRE_STATUS_FULL;
    c->greeted = !late && !welcome.status;
    s->clients += c->greeted;
    platform_mutex_unlock(&s->lock);
    if (late)
        return true;
    if (!welcome.status && channel_open(&channel, on_event, c))
        welcome.status = WIRE_STATUS_FULL;
    conn_send(c, answer, wire_put_welcome(answer, sizeof(answer), &welcome));
    if (welcome.status != WIRE_STATUS_OK) {
        platform_log(PLATFORM_LOG_WARNING, "service: process %u is sent away: %s", (unsigned)c->pid,
                     welcome.status == WIRE_STATUS_FULL ? "too many clients" : "it speaks another version");
        platform_mutex_lock(&s->lock);
        c->cut = true;
        s->clients -= c->greeted;
        c->greeted = false;
        platform_mutex_unlock(&s->lock);
        platform_link_close(c->link);
        return true;
    }
    channel_identify(channel, c->pid);
    channel_limits(channel, c->server->config->max_handles);
    c->channel = channel;
    return true;
}

static bool on_frame(const struct wire_frame *frame, void *arg)
{
    struct server_conn *c = arg;

    return c->channel ? on_call(c, frame) : on_hello(c, frame);
}

static void on_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct server_conn *c = arg;

    (void)l;
    if (wire_feed(&c->reader, data, size, on_frame, c))
        conn_cut(c, "what it says makes no sense");
}

static void on_closed(struct platform_link *l, int err, void *arg)
{
    struct server_conn *c = arg;

    (void)l;
    (void)err;
    c->bye.run = conn_bye;
    work_add(c->server->work, &c->bye);
}

void server_accept(struct platform_link *link, void *arg)
{
    struct server *s = arg;
    struct server_conn *c;
    bool room, sooner;

    platform_mutex_lock(&s->lock);
    room = s->count < s->config->max_clients + SERVER_SILENT_MAX;
    platform_mutex_unlock(&s->lock);
    c = room ? calloc(1, sizeof(*c)) : NULL;
    if (!c) {
        platform_link_close(link);
        return;
    }
    c->server = s;
    c->link = link;
    c->refs = 1; /* until on_closed */
    c->rate_ms = platform_mono_ms();
    c->tokens = 1000 * (int64_t)s->config->max_rate;
    platform_link_ref(link);
    platform_link_limit(link, (size_t)s->config->max_queue_kib << 10);
    platform_mutex_lock(&s->lock);
    c->next = s->conns;
    if (c->next)
        c->next->prev = c;
    s->conns = c;
    s->count++;
    s->used = true;
    c->greet_ms = c->rate_ms + s->greet_ms;
    sooner = c->greet_ms < s->resume_ms;
    if (sooner)
        s->resume_ms = c->greet_ms;
    platform_mutex_unlock(&s->lock);
    if (sooner)
        platform_event_set(s->wake);
    platform_link_start(link, on_data, on_closed, c);
}

/* ---- the server
 * ------------------------------------------------------------------------------------------------------ */

int server_init(struct server *s, const struct service_config *config, struct platform_event *wake)
{
    int err;

    memset(s, 0, sizeof(*s));
    s->config = config;
    s->wake = wake;
    s->idle_since_ms = platform_mono_ms();
    s->greet_ms = SERVER_GREET_MS;
    s->resume_ms = UINT64_MAX;
    err = platform_mutex_init(&s->lock);
    if (err)
        return err;
    err = platform_cond_init(&s->gone);
    if (err)
        goto lock;
    err = work_alloc(&s->work);
    if (err)
        goto cond;
    err = platform_hub_alloc(&s->hub);
    if (!err)
        return 0;
    work_free(s->work);
cond:
    platform_cond_destroy(&s->gone);
lock:
    platform_mutex_destroy(&s->lock);
    return err;
}

uint64_t server_resume(struct server *s)
{
    uint64_t next = UINT64_MAX, now = platform_mono_ms();
    struct server_conn *c;
    unsigned silent = 0;

    platform_mutex_lock(&s->lock);
    for (c = s->conns; c; c = c->next) {
        if (c->cut)
            continue;
        if (!c->greeted) {
            if (c->greet_ms <= now) {
                c->cut = true;
                platform_link_close(c->link);
                silent++;
            } else if (c->greet_ms < next) {
                next = c->greet_ms;
            }
        }
        if (!c->resume_ms)
            continue;
        if (c->resume_ms <= now) {
            c->resume_ms = 0;
            platform_link_pause(c->link, false);
        } else if (c->resume_ms < next) {
            next = c->resume_ms;
        }
    }
    s->resume_ms = next;
    platform_mutex_unlock(&s->lock);
    if (silent)
        platform_log(PLATFORM_LOG_WARNING, "service: %u connections that say nothing are closed", silent);
    return next;
}

void server_clear(struct server *s)
{
    platform_hub_free(s->hub);
    platform_mutex_lock(&s->lock);
    while (s->count)
        platform_cond_wait(&s->gone, &s->lock);
    platform_mutex_unlock(&s->lock);
    work_free(s->work);
    platform_cond_destroy(&s->gone);
    platform_mutex_destroy(&s->lock);
}
