/* The telephony service: what the way into another process costs, and many programs at once.
 * SPDX-License-Identifier: MIT */
#include "tests/bench/bench.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tapi_shim/platform/link.h"
#include "tapi_shim/platform/platform.h"
#include "tests/support/support.h"

/*
 * The programs are this one again, as "--child ROLE PLACE ...". Callers are told over a link of the platform when to
 * begin, so that all begin together, and tell over it what they did. A child whose parent has gone ends.
 */

enum {
    CHILDREN_MAX = 64,
    FRAME = 96,        /* bytes of a typical request */
    CALL_NS = 20000000 /* of calling, each percent of scale */
};

struct result {
    uint64_t calls, ns;
};

static const char *program;

static void spawn(const char *role, const char *place, uint32_t line, uint64_t ns)
{
    char line_text[16], ns_text[24];
    const char *const argv[] = {program, "--child", role, place, line_text, ns_text, NULL};
    int err;

    (void)snprintf(line_text, sizeof(line_text), "%u", (unsigned)line);
    (void)snprintf(ns_text, sizeof(ns_text), "%llu", (unsigned long long)ns);
    err = platform_spawn(argv, NULL);
    if (err)
        bench_fail("the program cannot be started again", err);
}

static void spawn_echo(const char *place)
{
    spawn("echo", place, 0, 0);
}

/* ---- callers, the child's side ----------------------------------------------------------------------------------- */

struct child {
    struct platform_link *link;
    struct platform_event *go;
};

static void child_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct child *c = arg;

    (void)l;
    (void)data;
    (void)size;
    platform_event_set(c->go);
}

static void child_closed(struct platform_link *l, int err, void *arg)
{
    (void)l;
    (void)err;
    (void)arg;
    exit(EXIT_FAILURE);
}

static void child_gate(void *arg)
{
    struct child *c = arg;

    if (platform_link_send(c->link, "r", 1))
        bench_fail("the parent has gone", 0);
    (void)platform_event_wait(c->go, UINT32_MAX);
}

static int caller(const char *place, uint32_t line, uint64_t ns)
{
    struct platform_hub *hub;
    struct result result;
    struct child c;

    if (platform_hub_alloc(&hub) || platform_event_alloc(&c.go) || platform_connect(hub, place, &c.link))
        bench_fail("the parent cannot be reached", 0);
    platform_link_start(c.link, child_data, child_closed, &c);
    result.calls = bench_channel_calls(line, child_gate, &c, ns, &result.ns);
    if (platform_link_send(c.link, &result, sizeof(result)))
        bench_fail("the parent has gone", 0);
    /* The parent closes when it has the result. */
    for (;;)
        platform_sleep_ms(1000);
}

int bench_child(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    if (!strcmp(argv[0], "echo")) {
        bench_echo_serve(argv[1], FRAME);
        return EXIT_SUCCESS;
    }
    return caller(argv[1], (uint32_t)strtoul(argv[2], NULL, 10), strtoull(argv[3], NULL, 10));
}

/* ---- callers, the parent's side ---------------------------------------------------------------------------------- */

struct crowd;

struct seat {
    struct crowd *crowd;
    struct platform_link *link;
    unsigned char bytes[1 + sizeof(struct result)]; /* "r", then the result */
    size_t got;
};

struct crowd {
    struct platform_mutex lock;
    struct platform_event *changed;
    struct seat seatv[CHILDREN_MAX];
    unsigned seats, ready, done, lost;
};

static void seat_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct seat *s = arg;

    (void)l;
    platform_mutex_lock(&s->crowd->lock);
    if (size > sizeof(s->bytes) - s->got)
        size = sizeof(s->bytes) - s->got;
    memcpy(s->bytes + s->got, data, size);
    s->crowd->ready += !s->got;
    s->got += size;
    s->crowd->done += s->got == sizeof(s->bytes);
    platform_mutex_unlock(&s->crowd->lock);
    platform_event_set(s->crowd->changed);
}

static void seat_closed(struct platform_link *l, int err, void *arg)
{
    struct seat *s = arg;

    (void)l;
    (void)err;
    platform_mutex_lock(&s->crowd->lock);
    s->crowd->lost += s->got != sizeof(s->bytes);
    platform_mutex_unlock(&s->crowd->lock);
    platform_event_set(s->crowd->changed);
}

static void seat_taken(struct platform_link *l, void *arg)
{
    struct crowd *c = arg;
    struct seat *s = NULL;

    platform_mutex_lock(&c->lock);
    if (c->seats < CHILDREN_MAX)
        s = &c->seatv[c->seats++];
    platform_mutex_unlock(&c->lock);
    if (!s) {
        platform_link_close(l);
        return;
    }
    s->crowd = c;
    s->link = platform_link_ref(l);
    platform_link_start(l, seat_data, seat_closed, s);
}

/* Waits until `*count` is `want`. */
static void crowd_wait(struct crowd *c, const unsigned *count, unsigned want)
{
    for (;;) {
        bool there, lost;

        platform_event_reset(c->changed);
        platform_mutex_lock(&c->lock);
        there = *count == want;
        lost = c->lost > 0;
        platform_mutex_unlock(&c->lock);
        if (lost)
            bench_fail("a program that calls has failed", 0);
        if (there)
            return;
        (void)platform_event_wait(c->changed, UINT32_MAX);
    }
}

static void crowd_run(const char *place, unsigned count, uint64_t ns, const char *name, double bare_ns)
{
    static struct crowd c;
    struct platform_listener *listener;
    struct platform_hub *hub;
    double rate = 0;

    memset(&c, 0, sizeof(c));
    if (platform_mutex_init(&c.lock) || platform_event_alloc(&c.changed) || platform_hub_alloc(&hub) ||
        platform_listen(hub, place, NULL, seat_taken, &c, &listener))
        bench_fail("no place to meet the programs", 0);
    for (unsigned i = 0; i < count; i++)
        spawn("caller", place, 2 * i, ns);
    crowd_wait(&c, &c.ready, count);
    for (unsigned i = 0; i < count; i++)
        (void)platform_link_send(c.seatv[i].link, "g", 1);
    crowd_wait(&c, &c.done, count);
    for (unsigned i = 0; i < count; i++) {
        struct result result;

        memcpy(&result, c.seatv[i].bytes + 1, sizeof(result));
        rate += (double)result.calls / ((double)result.ns / 1e9);
        platform_link_unref(c.seatv[i].link);
    }
    platform_listener_close(listener);
    platform_hub_free(hub);
    platform_event_free(c.changed);
    platform_mutex_destroy(&c.lock);
    bench_add(name, rate, "calls/s", 1e9 / rate / (BENCH_MESSAGES * bare_ns), "20 bare round trips per call");
}

/* ---- the section ------------------------------------------------------------------------------------------------- */

static void nobody(struct platform_link *l, void *arg)
{
    (void)arg;
    platform_link_close(l);
}

/* The folder of such places is made by whoever listens in it first. */
static void make_folder(const char *place)
{
    struct platform_listener *listener;
    struct platform_hub *hub;

    if (platform_hub_alloc(&hub) || platform_listen(hub, place, NULL, nobody, NULL, &listener))
        bench_fail("no place to meet the programs", 0);
    platform_listener_close(listener);
    platform_hub_free(hub);
}

/* Nobody uses it any more: it ends by itself. */
static void service_gone(void)
{
    char place[PLATFORM_PATH_MAX];
    struct platform_link *link;
    struct platform_hub *hub;

    platform_service_place(place, sizeof(place));
    if (platform_hub_alloc(&hub))
        bench_fail("no hub", 0);
    while (platform_connect(hub, place, &link) == 0) {
        platform_link_close(link);
        platform_sleep_ms(100);
    }
    platform_hub_free(hub);
}

void bench_service(unsigned scale, const char *self)
{
    char path[PLATFORM_PATH_MAX], place[PLATFORM_PATH_MAX - 8], beside[PLATFORM_PATH_MAX];
    double bare;

    platform_module_self(path, sizeof(path));
    program = path[0] ? path : self;
    bench_conf_lines(2 * CHILDREN_MAX);
    support_conf_put_number("service", "linger_s", 0);
    (void)platform_env_set("TAPI_SHIM_MODE", "service");
    platform_service_place(place, sizeof(place));
    (void)snprintf(beside, sizeof(beside), "%s.meet", place);
    make_folder(beside);
    (void)snprintf(beside, sizeof(beside), "%s.echo", place);
    bare = bench_echo_ns(beside, FRAME, 200 * scale, spawn_echo);
    bench_add("bare round trip of 96 bytes, two processes", bare / 1e3, "us", 0, NULL);
    bench_channel(scale, bare);
    (void)snprintf(beside, sizeof(beside), "%s.meet", place);
    crowd_run(beside, 1, (uint64_t)CALL_NS * scale, "service: full calls, 1 process", bare);
    crowd_run(beside, 8, (uint64_t)CALL_NS * scale, "service: full calls, 8 processes", bare);
    crowd_run(beside, 64, (uint64_t)CALL_NS * scale, "service: full calls, 64 processes", bare);
    service_gone();
    (void)platform_env_set("TAPI_SHIM_MODE", "in-process");
    bench_conf_end();
}
