/* The service: what clients may do, what they may not, and what happens when they go. SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/channel/remote.h"
#include "tapi_shim/channel/wire.h"
#include "tapi_shim/client/builtin.h"
#include "tapi_shim/service/service.h"
#include "tests/support/support.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ERR(name) ((int32_t)LINEERR_##name)

enum { VERSION = 0x00020002, EVENTS_MAX = 4096 };

/* ---- the service under test
 * -------------------------------------------------------------------------------------------- */

static struct service_config config;
static struct server server;
static struct platform_event *wake;
static struct platform_listener *listener;
static struct platform_thread *keeper;
static struct platform_mutex keeper_lock = PLATFORM_MUTEX_INIT;
static bool keeper_quit;
static char folder[512], place[600];

/* What the service's main thread does. */
static void keep(void *arg)
{
    (void)arg;
    for (;;) {
        uint64_t next = server_resume(&server), now = platform_mono_ms();
        bool quit;

        platform_mutex_lock(&keeper_lock);
        quit = keeper_quit;
        platform_mutex_unlock(&keeper_lock);
        if (quit)
            return;
        (void)platform_event_wait(wake, next == UINT64_MAX ? UINT32_MAX : next > now ? (uint32_t)(next - now) : 0);
        platform_event_reset(wake);
    }
}

static void start(void)
{
    support_folder_make("service", folder, sizeof(folder));
    snprintf(place, sizeof(place), "%s/in/s", folder);
    client_builtin();
    keeper_quit = false;
    ck_assert_int_eq(platform_event_alloc(&wake), 0);
    ck_assert_int_eq(server_init(&server, &config, wake), 0);
    keeper = support_thread(keep, NULL);
    ck_assert_int_eq(platform_listen(server.hub, place, NULL, server_accept, &server, &listener), 0);
}

/* The server as it is when nobody is there: nothing may be left of anybody. */
static void stop(void)
{
    char path[700];

    platform_listener_close(listener);
    platform_mutex_lock(&keeper_lock);
    keeper_quit = true;
    platform_mutex_unlock(&keeper_lock);
    platform_event_set(wake);
    platform_thread_join(keeper);
    server_clear(&server);
    platform_event_free(wake);
    snprintf(path, sizeof(path), "%s.lock", place);
    (void)remove(path);
    snprintf(path, sizeof(path), "%s/in", folder);
    (void)remove(path);
    support_folder_remove(folder);
}

static void usual(void)
{
    char nowhere[32] = "/nonexistent";

    support_env_set("XDG_CONFIG_HOME", nowhere);
    service_config_read(&config);
    config.max_rate = 0;
}

/* ---- a client
 * ---------------------------------------------------------------------------------------------------------- */

struct peer {
    struct remote *remote;
    struct platform_mutex lock;
    struct platform_cond changed;
    struct channel_event events[EVENTS_MAX];
    unsigned count, read;
    bool lost;
    uint32_t app, line;
};

static void on_event(const struct channel_event *event, void *arg)
{
    struct peer *p = arg;

    platform_mutex_lock(&p->lock);
    ck_assert(!p->lost);
    ck_assert_uint_lt(p->count, EVENTS_MAX);
    p->events[p->count++] = *event;
    platform_cond_broadcast(&p->changed);
    platform_mutex_unlock(&p->lock);
}

static void on_lost(void *arg)
{
    struct peer *p = arg;

    platform_mutex_lock(&p->lock);
    ck_assert(!p->lost);
    p->lost = true;
    platform_cond_broadcast(&p->changed);
    platform_mutex_unlock(&p->lock);
}

static struct peer *peer_make(void)
{
    struct peer *p = calloc(1, sizeof(*p));

    platform_mutex_init(&p->lock);
    platform_cond_init(&p->changed);
    return p;
}

static int peer_connect(struct peer *p)
{
    return remote_open(&p->remote, place, on_event, on_lost, p, NULL);
}

static void peer_free(struct peer *p)
{
    remote_close(p->remote);
    platform_cond_destroy(&p->changed);
    platform_mutex_destroy(&p->lock);
    free(p);
}

static int32_t ask(struct peer *p, struct channel_call *call)
{
    return remote_call(p->remote, call);
}

static int32_t app_open(struct peer *p)
{
    static const uint16_t name[] = {'p', 0};
    struct channel_call call = {.op = CHANNEL_APP_OPEN,
                                .arg = {VERSION},
                                .in0 = name,
                                .in0_len = sizeof(name),
                                .in1 = name,
                                .in1_len = sizeof(name)};
    int32_t rc = ask(p, &call);

    p->app = call.ret[0];
    if (!rc)
        ck_assert_uint_eq(call.ret[1], 4);
    return rc;
}

static int32_t line_open(struct peer *p, uint32_t device, uint32_t privileges)
{
    struct channel_call call = {.op = CHANNEL_LINE_OPEN,
                                .arg = {p->app, device, VERSION, 0, privileges,
                                        privileges & LINECALLPRIVILEGE_OWNER ? LINEMEDIAMODE_INTERACTIVEVOICE : 0, 7,
                                        0}};
    int32_t rc = ask(p, &call);

    p->line = call.ret[0];
    return rc;
}

/* A program with one open line. */
static struct peer *program(uint32_t device, uint32_t privileges)
{
    struct peer *p = peer_make();

    ck_assert_int_eq(peer_connect(p), 0);
    ck_assert_int_eq(app_open(p), 0);
    ck_assert_int_eq(line_open(p, device, privileges), 0);
    return p;
}

/* The next event of that kind, with these bits in its first parameter (0: any). */
static struct channel_event await(struct peer *p, uint32_t message, uint64_t bits)
{
    struct channel_event e;

    platform_mutex_lock(&p->lock);
    do {
        while (p->read == p->count)
            platform_cond_wait(&p->changed, &p->lock);
        e = p->events[p->read++];
    } while (e.message != message || (bits && !(e.p1 & bits)));
    platform_mutex_unlock(&p->lock);
    return e;
}

static void await_loss(struct peer *p)
{
    platform_mutex_lock(&p->lock);
    while (!p->lost)
        platform_cond_wait(&p->changed, &p->lock);
    platform_mutex_unlock(&p->lock);
}

static uint32_t make_call(struct peer *p, const char *number)
{
    uint16_t text[32];
    struct channel_call call = {.op = CHANNEL_CALL_MAKE, .arg = {p->line, 99, 0}, .in0 = text};
    struct channel_event e;

    call.in0_len = (uint32_t)(2 * platform_utf8_to_utf16(number, SIZE_MAX, text, 32));
    ck_assert_int_eq(ask(p, &call), 99);
    e = await(p, LINE_REPLY, 0);
    ck_assert_uint_eq(e.p1, 99);
    ck_assert_uint_eq(e.p2, 0);
    ck_assert_uint_eq(e.instance, 7);
    ck_assert_uint_ne(e.reply_call, 0);
    return e.reply_call;
}

static int32_t on_call(struct peer *p, uint32_t op, uint32_t call_handle, uint32_t arg)
{
    struct channel_call call = {.op = op, .arg = {call_handle, arg}};
    int32_t rc = ask(p, &call);

    free(call.out);
    return rc;
}

/* The totals of the engine, by a client of its own: applications, lines, handles of calls, calls. */
static void totals(uint32_t v[4])
{
    struct peer *p = peer_make();
    struct channel_call call = {.op = CHANNEL_SERVICE_STATUS};
    struct channel_status status;

    ck_assert_int_eq(peer_connect(p), 0);
    ck_assert_int_eq(ask(p, &call), 0);
    ck_assert_uint_ge(call.out_len, sizeof(status));
    memcpy(&status, call.out, sizeof(status));
    v[0] = status.total_apps;
    v[1] = status.total_lines;
    v[2] = status.total_handles;
    v[3] = status.total_calls;
    free(call.out);
    peer_free(p);
}

static void await_totals(uint32_t apps, uint32_t lines, uint32_t hcalls, uint32_t calls)
{
    uint32_t v[4];

    do
        totals(v);
    while (v[0] != apps || v[1] != lines || v[2] != hcalls || v[3] != calls);
}

/* ---- several programs
 * -------------------------------------------------------------------------------------------------- */

START_TEST(a_call_between_two)
{
    struct peer *caller, *callee, *watcher;
    uint32_t made, offered, watched;

    usual();
    start();
    caller = program(0, LINECALLPRIVILEGE_NONE);
    callee = program(1, LINECALLPRIVILEGE_OWNER);
    watcher = program(1, LINECALLPRIVILEGE_MONITOR);
    made = make_call(caller, "101");
    offered = (uint32_t)await(callee, LINE_APPNEWCALL, 0).p2;
    watched = (uint32_t)await(watcher, LINE_APPNEWCALL, 0).p2;
    (void)await(callee, LINE_CALLSTATE, LINECALLSTATE_OFFERING);
    ck_assert_int_eq(on_call(callee, CHANNEL_CALL_ANSWER, offered, 5), 5);
    (void)await(caller, LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
    (void)await(watcher, LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
    await_totals(3, 3, 3, 2);
    /* Nobody uses what is another's. */
    ck_assert_int_eq(on_call(watcher, CHANNEL_CALL_DROP, watched, 6), ERR(NOTOWNER));
    ck_assert_int_eq(on_call(watcher, CHANNEL_CALL_DROP, offered, 6), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(on_call(watcher, CHANNEL_CALL_INFO, made, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(on_call(watcher, CHANNEL_LINE_CLOSE, caller->line, 0), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(on_call(watcher, CHANNEL_APP_CLOSE, caller->app, 0), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(on_call(caller, CHANNEL_CALL_DROP, made, 7), 7);
    (void)await(callee, LINE_CALLSTATE, LINECALLSTATE_DISCONNECTED);
    ck_assert_int_eq(on_call(callee, CHANNEL_CALL_DROP, offered, 8), 8);
    (void)await(watcher, LINE_CALLSTATE, LINECALLSTATE_IDLE);
    peer_free(caller);
    peer_free(callee);
    peer_free(watcher);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

/* Who goes without a word has its calls dropped; those of others go on. */
START_TEST(owner_goes)
{
    struct peer *caller, *callee, *watcher;

    usual();
    start();
    caller = program(0, LINECALLPRIVILEGE_NONE);
    callee = program(1, LINECALLPRIVILEGE_OWNER);
    watcher = program(1, LINECALLPRIVILEGE_MONITOR);
    (void)make_call(caller, "101");
    ck_assert_int_eq(on_call(callee, CHANNEL_CALL_ANSWER, (uint32_t)await(callee, LINE_APPNEWCALL, 0).p2, 5), 5);
    (void)await(caller, LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
    peer_free(caller);
    (void)await(callee, LINE_CALLSTATE, LINECALLSTATE_DISCONNECTED);
    (void)await(watcher, LINE_CALLSTATE, LINECALLSTATE_DISCONNECTED);
    peer_free(callee);
    (void)await(watcher, LINE_CALLSTATE, LINECALLSTATE_IDLE);
    peer_free(watcher);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

/* A second owner keeps the call when the first one goes. */
START_TEST(second_owner_stays)
{
    struct peer *caller, *callee, *watcher;
    uint32_t watched;

    usual();
    start();
    caller = program(0, LINECALLPRIVILEGE_NONE);
    callee = program(1, LINECALLPRIVILEGE_OWNER);
    watcher = program(1, LINECALLPRIVILEGE_MONITOR);
    (void)make_call(caller, "101");
    ck_assert_int_eq(on_call(callee, CHANNEL_CALL_ANSWER, (uint32_t)await(callee, LINE_APPNEWCALL, 0).p2, 5), 5);
    watched = (uint32_t)await(watcher, LINE_APPNEWCALL, 0).p2;
    (void)await(watcher, LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(on_call(watcher, CHANNEL_CALL_PRIVILEGE, watched, LINECALLPRIVILEGE_OWNER), 0);
    (void)await(callee, LINE_CALLINFO, LINECALLINFOSTATE_NUMOWNERINCR);
    peer_free(callee);
    (void)await(watcher, LINE_CALLINFO, LINECALLINFOSTATE_NUMOWNERDECR);
    ck_assert_int_eq(on_call(watcher, CHANNEL_CALL_STATUS, watched, 0), 0);
    await_totals(2, 2, 2, 2);
    peer_free(watcher);
    (void)await(caller, LINE_CALLSTATE, LINECALLSTATE_DISCONNECTED);
    peer_free(caller);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

START_TEST(service_goes)
{
    struct peer *caller;
    struct channel_call info = {.op = CHANNEL_DEV_CAPS, .arg = {0, 0, VERSION}};

    usual();
    start();
    caller = program(0, LINECALLPRIVILEGE_NONE);
    (void)make_call(caller, "600");
    stop();
    await_loss(caller);
    ck_assert(remote_is_lost(caller->remote));
    ck_assert_int_eq(ask(caller, &info), ERR(REINIT));
    ck_assert_int_eq(on_call(caller, CHANNEL_LINE_STATUS, caller->line, 0), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(on_call(caller, CHANNEL_CALL_DROP, 1, 1), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(on_call(caller, CHANNEL_LINE_CLOSE, caller->line, 0), 0);
    ck_assert_int_eq(on_call(caller, CHANNEL_APP_CLOSE, caller->app, 0), 0);
    remote_close(caller->remote);
    caller->remote = NULL;
    /* Another one takes it again. */
    start();
    caller->lost = false;
    caller->read = caller->count = 0;
    ck_assert_int_eq(peer_connect(caller), 0);
    ck_assert_int_eq(app_open(caller), 0);
    ck_assert_int_eq(line_open(caller, 0, LINECALLPRIVILEGE_NONE), 0);
    (void)make_call(caller, "600");
    peer_free(caller);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

START_TEST(stop_and_log)
{
    struct peer *p = peer_make();
    struct channel_call call = {.op = CHANNEL_SERVICE_LOG};
    bool told;

    usual();
    start();
    platform_log_to(journal_line);
    support_stderr_begin();
    platform_log(PLATFORM_LOG_ERROR, "line of the %s", "log");
    free(support_stderr_end());
    platform_log_to(NULL);
    ck_assert_int_eq(peer_connect(p), 0);
    ck_assert_int_eq(ask(p, &call), 0);
    ck_assert_uint_gt(call.out_len, 20);
    ck_assert_mem_eq((char *)call.out + call.out_len - 16, "line of the log\n", 16);
    free(call.out);
    ck_assert_int_eq(on_call(p, CHANNEL_SERVICE_STOP, 0, 0), 0);
    platform_mutex_lock(&server.lock);
    told = server.stop;
    platform_mutex_unlock(&server.lock);
    ck_assert(told);
    peer_free(p);
    stop();
}
END_TEST

/* The ring of lines begins with a whole one, however much came before. */
START_TEST(journal_wraps)
{
    char line[200], *copy;
    size_t len = 0;
    int i;

    for (i = 0; i < 5000; i++) {
        snprintf(line, sizeof(line), "number %d of many lines that are longer than they need to be, so that it wraps\n",
                 i);
        journal_line(line, strlen(line));
    }
    copy = journal_copy(&len);
    ck_assert_uint_gt(len, 200000);
    ck_assert_uint_le(len, 1 << 18);
    ck_assert(copy[0] == '2' && copy[4] == '-' && strncmp(copy + 24, "number ", 7) == 0); /* 2026-... */
    ck_assert_mem_eq(copy + len - 2, "s\n", 2);
    free(copy);
}
END_TEST

/* ---- limits
 * ------------------------------------------------------------------------------------------------------------ */

START_TEST(too_many_handles)
{
    struct peer *p = peer_make(), *q;

    usual();
    config.max_handles = 16;
    start();
    ck_assert_int_eq(peer_connect(p), 0);
    ck_assert_int_eq(app_open(p), 0);
    for (int i = 0; i < 15; i++)
        ck_assert_int_eq(line_open(p, (uint32_t)i % 4, LINECALLPRIVILEGE_NONE), 0);
    ck_assert_int_eq(line_open(p, 0, LINECALLPRIVILEGE_NONE), ERR(RESOURCEUNAVAIL));
    ck_assert_int_eq(app_open(p), ERR(RESOURCEUNAVAIL));
    /* Others have their own. */
    q = program(0, LINECALLPRIVILEGE_NONE);
    (void)make_call(q, "600");
    peer_free(q);
    peer_free(p);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

START_TEST(too_many_clients)
{
    struct peer *p[3];
    uint32_t left;

    usual();
    config.max_clients = 2;
    start();
    for (int i = 0; i < 3; i++)
        p[i] = peer_make();
    ck_assert_int_eq(peer_connect(p[0]), 0);
    ck_assert_int_eq(peer_connect(p[1]), 0);
    ck_assert_int_eq(peer_connect(p[2]), EBUSY);
    ck_assert_int_eq(app_open(p[0]), 0);
    peer_free(p[1]);
    do {
        platform_mutex_lock(&server.lock);
        left = server.count;
        platform_mutex_unlock(&server.lock);
    } while (left > 1);
    ck_assert_int_eq(peer_connect(p[2]), 0);
    peer_free(p[0]);
    peer_free(p[2]);
    stop();
}
END_TEST

/* A greedy one waits, and loses nothing. */
START_TEST(too_fast)
{
    struct peer *p;
    uint64_t began, i;

    usual();
    config.max_rate = 1000;
    start();
    p = program(0, LINECALLPRIVILEGE_NONE);
    began = platform_mono_ms();
    for (i = 0; i < 1500; i++)
        ck_assert_int_eq(on_call(p, CHANNEL_LINE_STATUS, p->line, 0), 0);
    /* A second's worth at once, the others at the rate: no clock here is faster than that. */
    ck_assert_uint_ge(platform_mono_ms() - began, 400);
    peer_free(p);
    stop();
}
END_TEST

/* ---- bad manners
 * --------------------------------------------------------------------------------------------------------- */

/* A client that says whatever the test wants. */
struct raw {
    struct platform_hub *hub;
    struct platform_link *link;
    struct platform_mutex lock;
    struct platform_cond changed;
    unsigned char data[4096];
    size_t len;
    bool closed;
};

static void raw_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct raw *r = arg;

    (void)l;
    platform_mutex_lock(&r->lock);
    if (r->len + size <= sizeof(r->data)) {
        memcpy(r->data + r->len, data, size);
        r->len += size;
    }
    platform_cond_broadcast(&r->changed);
    platform_mutex_unlock(&r->lock);
}

static void raw_closed(struct platform_link *l, int err, void *arg)
{
    struct raw *r = arg;

    (void)l;
    (void)err;
    platform_mutex_lock(&r->lock);
    r->closed = true;
    platform_cond_broadcast(&r->changed);
    platform_mutex_unlock(&r->lock);
}

static void raw_open(struct raw *r)
{
    memset(r, 0, sizeof(*r));
    platform_mutex_init(&r->lock);
    platform_cond_init(&r->changed);
    ck_assert_int_eq(platform_hub_alloc(&r->hub), 0);
    ck_assert_int_eq(platform_connect(r->hub, place, &r->link), 0);
    platform_link_ref(r->link);
    platform_link_start(r->link, raw_data, raw_closed, r);
}

static void raw_wait(struct raw *r, size_t len)
{
    platform_mutex_lock(&r->lock);
    while (r->len < len && !r->closed)
        platform_cond_wait(&r->changed, &r->lock);
    platform_mutex_unlock(&r->lock);
}

static void raw_end(struct raw *r)
{
    platform_hub_free(r->hub);
    platform_link_unref(r->link);
    platform_cond_destroy(&r->changed);
    platform_mutex_destroy(&r->lock);
}

static void raw_hello(struct raw *r, uint32_t version)
{
    const struct wire_hello hello = {version, 1};
    unsigned char frame[64];

    ck_assert_int_eq(platform_link_send(r->link, frame, wire_put_hello(frame, sizeof(frame), &hello)), 0);
}

START_TEST(other_version)
{
    struct wire_welcome welcome;
    struct wire_frame frame;
    struct raw r;

    usual();
    start();
    raw_open(&r);
    support_stderr_begin();
    raw_hello(&r, WIRE_VERSION + 1);
    raw_wait(&r, SIZE_MAX);
    free(support_stderr_end());
    ck_assert(r.closed);
    ck_assert_uint_eq(r.len, 28);
    frame = (struct wire_frame){WIRE_WELCOME, 0, r.data + WIRE_HEADER, 16};
    ck_assert(wire_get_welcome(&frame, &welcome));
    ck_assert_uint_eq(welcome.status, WIRE_STATUS_VERSION);
    ck_assert_uint_eq(welcome.version, WIRE_VERSION);
    raw_end(&r);
    stop();
}
END_TEST

/* The time that connections have to say something, from the next one on. */
static void greet_within(uint64_t ms)
{
    platform_mutex_lock(&server.lock);
    server.greet_ms = ms;
    platform_mutex_unlock(&server.lock);
}

/* Those that say nothing take nobody's place, and are not taken without end. */
START_TEST(silent_ones)
{
    static struct raw silent[SERVER_SILENT_MAX], more;
    struct peer *p = peer_make(), *q = peer_make();
    uint32_t count;
    int i;

    usual();
    config.max_clients = 1;
    start();
    greet_within(3600000);
    support_stderr_begin();
    for (i = 0; i < SERVER_SILENT_MAX - 1; i++)
        raw_open(&silent[i]);
    ck_assert_int_eq(peer_connect(p), 0);
    ck_assert_int_eq(app_open(p), 0);
    ck_assert_int_eq(peer_connect(q), EBUSY);
    /* The one that was sent away may still be there for a moment. */
    do {
        platform_mutex_lock(&server.lock);
        count = server.count;
        platform_mutex_unlock(&server.lock);
    } while (count > SERVER_SILENT_MAX);
    raw_open(&silent[i]);
    raw_open(&more);
    raw_wait(&more, SIZE_MAX);
    ck_assert(more.closed);
    raw_end(&more);
    ck_assert_int_eq(on_call(p, CHANNEL_SERVICE_STATUS, 0, 0), 0);
    for (i = 0; i < SERVER_SILENT_MAX; i++) {
        ck_assert(!silent[i].closed);
        raw_end(&silent[i]);
    }
    free(support_stderr_end());
    peer_free(p);
    peer_free(q);
    stop();
}
END_TEST

/* They are closed after a while; those that said who they are are not. */
START_TEST(silent_for_too_long)
{
    static const unsigned char part[] = {24, 0, 0, 0, 1};
    struct peer *p = peer_make();
    struct raw silent[3];
    int i;

    usual();
    start();
    support_stderr_begin();
    /* This one may be too slow for it. */
    greet_within(20);
    while (peer_connect(p))
        ;
    for (i = 0; i < 3; i++)
        raw_open(&silent[i]);
    (void)platform_link_send(silent[1].link, part, sizeof(part));
    for (i = 0; i < 3; i++) {
        raw_wait(&silent[i], SIZE_MAX);
        ck_assert(silent[i].closed);
        ck_assert_uint_eq(silent[i].len, 0);
        raw_end(&silent[i]);
    }
    free(support_stderr_end());
    ck_assert_int_eq(on_call(p, CHANNEL_SERVICE_STATUS, 0, 0), 0);
    ck_assert(!p->lost);
    peer_free(p);
    stop();
}
END_TEST

/* Each of these ends the connection, and nobody else's. */
START_TEST(nonsense)
{
    static const unsigned char cases[][24] = {
        {0},                                                       /* a frame of no size */
        {24, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 'X', 'A', 'P', 'I'}, /* no hello of ours */
        {24, 0, 0, 0, 3, 0, 0, 0},                                 /* a call before the hello */
        {0xFF, 0xFF, 0xFF, 0x7F, 1},
        "GET / HTTP/1.1\r\nHost: x",
    };
    struct peer *witness;
    size_t i;

    usual();
    start();
    witness = program(0, LINECALLPRIVILEGE_NONE);
    support_stderr_begin();
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct raw r;

        raw_open(&r);
        (void)platform_link_send(r.link, cases[i], sizeof(cases[i]));
        raw_wait(&r, SIZE_MAX);
        ck_assert(r.closed);
        ck_assert_uint_eq(r.len, 0);
        raw_end(&r);
    }
    /* And after a proper hello. */
    for (i = 0; i < 3; i++) {
        static const unsigned char later[][12] = {{24, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0},
                                                  {12, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0},
                                                  {12, 0, 0, 0, 77, 0, 0, 0, 0, 0, 0, 0}};
        unsigned char rest[12] = {0};
        struct raw r;

        raw_open(&r);
        raw_hello(&r, WIRE_VERSION);
        raw_wait(&r, 28);
        ck_assert(!r.closed);
        (void)platform_link_send(r.link, later[i], sizeof(later[i]));
        (void)platform_link_send(r.link, rest, sizeof(rest));
        raw_wait(&r, SIZE_MAX);
        ck_assert(r.closed);
        raw_end(&r);
    }
    free(support_stderr_end());
    ck_assert_int_eq(on_call(witness, CHANNEL_LINE_STATUS, witness->line, 0), 0);
    peer_free(witness);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

/* Operations that do not exist, and every one that does with arguments of no sense. */
START_TEST(senseless_calls)
{
    static const uint16_t odd[] = {0xD800, 1, 2};
    struct peer *p;
    uint32_t op, i;

    usual();
    start();
    p = program(0, LINECALLPRIVILEGE_NONE);
    for (op = 0; op < CHANNEL_OP_COUNT + 3; op++) {
        if (op == CHANNEL_SERVICE_STOP || op == CHANNEL_PROVIDER_ADD || op == CHANNEL_PROVIDER_REMOVE)
            continue;
        for (i = 0; i < 4; i++) {
            struct channel_call call = {.op = op};
            int32_t rc;
            int a;

            for (a = 0; a < CHANNEL_ARGS; a++)
                call.arg[a] = i == 0 ? 0 : i == 1 ? 0xFFFFFFFF : i == 2 ? p->app : p->line;
            call.in0 = i & 1 ? odd : NULL;
            call.in0_len = i == 1 ? 5 : i == 3 ? 0 : sizeof(odd);
            call.in1 = i & 2 ? odd : NULL;
            call.in1_len = 1;
            rc = ask(p, &call);
            if (op >= CHANNEL_OP_COUNT)
                ck_assert_int_eq(rc, ERR(OPERATIONUNAVAIL));
            free(call.out);
        }
    }
    peer_free(p);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

/* One that never reads is cut off when its messages are too many; the engine and the others do not wait for it. */
START_TEST(does_not_read)
{
    const struct wire_hello hello = {WIRE_VERSION, 1};
    unsigned char frame[512];
    struct channel_call call = {.op = CHANNEL_SERVICE_LOG};
    struct peer *witness;
    struct raw r;
    int err = 0;
    char line[200];

    usual();
    config.max_queue_kib = 1024;
    start();
    memset(line, 'x', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    for (int i = 0; i < 2000; i++)
        journal_line(line, sizeof(line));
    witness = program(0, LINECALLPRIVILEGE_NONE);
    raw_open(&r);
    ck_assert_int_eq(platform_link_send(r.link, frame, wire_put_hello(frame, sizeof(frame), &hello)), 0);
    raw_wait(&r, 28);
    platform_link_pause(r.link, true);
    support_stderr_begin();
    while (err != EPIPE) {
        uint32_t tag;

        err = 0;
        for (tag = 0; tag < 8 && !err; tag++)
            err = platform_link_send(r.link, frame, wire_put_call(frame, sizeof(frame), tag, &call));
        ck_assert_int_eq(on_call(witness, CHANNEL_LINE_STATUS, witness->line, 0), 0);
    }
    free(support_stderr_end());
    raw_end(&r);
    (void)make_call(witness, "600");
    peer_free(witness);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

/* ---- many
 * ---------------------------------------------------------------------------------------------------------------- */

enum { CROWD = 1000, CALLERS = 4, CALLS = 50 };

START_TEST(crowd)
{
    static struct peer *peers[CROWD];
    int i;

    ck_assert_uint_ge(platform_connections(8 * CROWD + 100), 8 * CROWD + 100);
    usual();
    start();
    for (i = 0; i < CROWD; i++)
        peers[i] = program((uint32_t)i % 4, LINECALLPRIVILEGE_MONITOR);
    await_totals(CROWD, CROWD, 0, 0);
    {
        struct peer *caller = program(0, LINECALLPRIVILEGE_NONE);

        (void)make_call(caller, "600");
        for (i = 0; i < CROWD; i += 4)
            (void)await(peers[i], LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
        peer_free(caller);
        for (i = 0; i < CROWD; i += 4)
            (void)await(peers[i], LINE_CALLSTATE, LINECALLSTATE_IDLE);
    }
    for (i = 0; i < CROWD; i++)
        peer_free(peers[i]);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

static void call_and_go(void *arg)
{
    uint32_t device = (uint32_t)(uintptr_t)arg;
    int i;

    for (i = 0; i < CALLS; i++) {
        struct peer *p = program(device, LINECALLPRIVILEGE_NONE);
        uint32_t call = make_call(p, "600");

        (void)await(p, LINE_CALLSTATE, LINECALLSTATE_CONNECTED);
        if (i % 3 == 0) {
            ck_assert_int_eq(on_call(p, CHANNEL_CALL_DROP, call, 3), 3);
            (void)await(p, LINE_CALLSTATE, LINECALLSTATE_IDLE);
        }
        if (i % 2 == 0)
            ck_assert_int_eq(on_call(p, CHANNEL_APP_CLOSE, p->app, 0), 0);
        peer_free(p);
    }
}

/* Clients come, call and go, in every way, on several threads. */
START_TEST(coming_and_going)
{
    struct platform_thread *threads[CALLERS];
    uintptr_t i;

    usual();
    start();
    for (i = 0; i < CALLERS; i++)
        threads[i] = support_thread(call_and_go, (void *)i);
    for (i = 0; i < CALLERS; i++)
        platform_thread_join(threads[i]);
    await_totals(0, 0, 0, 0);
    stop();
}
END_TEST

/* ---- configuration
 * --------------------------------------------------------------------------------------------------------- */

START_TEST(configuration)
{
    char *said;

    support_conf_begin();
    support_conf_put("service", "linger_s", "7");
    support_conf_put("service", "max_clients", "0");
    support_conf_put("service", "Max_Handles", "16");
    support_conf_put("service", "max_rate", "many");
    support_conf_put("service", "group", "telephony");
    support_conf_put("service", "mode", "service");
    support_conf_put("service", "colour", "red");
    support_conf_put("provider", "max_sessions", "1");
    support_stderr_begin();
    service_config_read(&config);
    said = support_stderr_end();
    ck_assert_uint_eq(config.linger_s, 7);
    ck_assert_uint_eq(config.max_clients, 4096);
    ck_assert_uint_eq(config.max_handles, 16);
    ck_assert_uint_eq(config.max_rate, 100000);
    ck_assert_str_eq(config.group, "telephony");
    ck_assert_ptr_nonnull(strstr(said, "max_clients: \"0\" is not a number from 1 to 100000"));
    ck_assert_ptr_nonnull(strstr(said, "max_rate: \"many\""));
    ck_assert_ptr_nonnull(strstr(said, "colour: there is no such key"));
    ck_assert_ptr_null(strstr(said, "mode"));
    ck_assert_ptr_null(strstr(said, "max_sessions"));
    free(said);
    support_conf_end();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("service");
    TCase *t = tcase_create("service");
    SRunner *runner;
    int failed;

    tcase_add_test(t, a_call_between_two);
    tcase_add_test(t, owner_goes);
    tcase_add_test(t, second_owner_stays);
    tcase_add_test(t, service_goes);
    tcase_add_test(t, stop_and_log);
    tcase_add_test(t, journal_wraps);
    tcase_add_test(t, too_many_handles);
    tcase_add_test(t, too_many_clients);
    tcase_add_test(t, too_fast);
    tcase_add_test(t, other_version);
    tcase_add_test(t, silent_ones);
    tcase_add_test(t, silent_for_too_long);
    tcase_add_test(t, nonsense);
    tcase_add_test(t, senseless_calls);
    tcase_add_test(t, does_not_read);
    tcase_add_test(t, crowd);
    tcase_add_test(t, coming_and_going);
    tcase_add_test(t, configuration);
    suite_add_tcase(suite, t);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
