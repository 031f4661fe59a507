/* A hostile client: whatever it sends, the service and its engine stand, and nothing is left of it.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/channel/wire.h"
#include "tapi_shim/client/builtin.h"
#include "tapi_shim/engine/priv.h"
#include "tapi_shim/platform/link.h"
#include "tapi_shim/service/service.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char fuzz_name[] = "hostile client";

enum { HANDLES = 16, BLOCK_MAX = 256, FRAME_MAX_BYTES = 1024 };

static struct service_config config;
static struct server server;
static struct platform_event *wake;
static struct platform_listener *listener;
static struct platform_hub *hub;
static char folder[512], place[600];

/* ---- the client -------------------------------------------------------------------------------------------------- */

struct client {
    struct platform_mutex lock;
    struct platform_cond changed;
    struct platform_link *link;
    struct wire_reader reader;
    bool closed, welcome;
    bool noisy;                /* what it said may not be read as it was meant: no answer can be waited for */
    uint32_t results;          /* that came */
    uint32_t handlev[HANDLES]; /* the latest numbers that the service gave */
    uint32_t handlec;
};

static void keep(struct client *c, uint32_t number)
{
    if (number)
        c->handlev[c->handlec++ % HANDLES] = number;
}

static bool on_frame(const struct wire_frame *frame, void *arg)
{
    struct client *c = arg;
    struct channel_event event;
    struct wire_result result;
    struct wire_welcome welcome;

    /* What the service says is always in order. */
    if (frame->kind == WIRE_RESULT) {
        MUST(wire_get_result(frame, &result));
        c->results++;
        keep(c, result.ret[0]);
    } else if (frame->kind == WIRE_EVENT) {
        MUST(wire_get_event(frame, &event));
        keep(c, event.device);
        keep(c, (uint32_t)event.p2);
        keep(c, event.reply_call);
    } else {
        MUST(frame->kind == WIRE_WELCOME && wire_get_welcome(frame, &welcome));
        c->welcome = true;
    }
    return true;
}

static void on_data(struct platform_link *l, const void *data, size_t size, void *arg)
{
    struct client *c = arg;

    (void)l;
    platform_mutex_lock(&c->lock);
    MUST(wire_feed(&c->reader, data, size, on_frame, c) == 0);
    platform_cond_broadcast(&c->changed);
    platform_mutex_unlock(&c->lock);
}

static void on_closed(struct platform_link *l, int err, void *arg)
{
    struct client *c = arg;

    (void)l;
    (void)err;
    platform_mutex_lock(&c->lock);
    c->closed = true;
    platform_cond_broadcast(&c->changed);
    platform_mutex_unlock(&c->lock);
}

/* ---- what it says ------------------------------------------------------------------------------------------------ */

static uint32_t argument(struct client *c, struct fuzz_input *in)
{
    static const uint32_t specials[] = {0xFFFFFFFF,
                                        0x80000000,
                                        0x7FFFFFFF,
                                        0x00020002,
                                        0x00010003,
                                        LINECALLPRIVILEGE_OWNER,
                                        LINECALLPRIVILEGE_MONITOR,
                                        LINECALLPRIVILEGE_OWNER | LINECALLPRIVILEGE_MONITOR,
                                        LINEMEDIAMODE_INTERACTIVEVOICE,
                                        LINEMEDIAMODE_UNKNOWN,
                                        0x10000,
                                        LINEMAPPER};
    uint8_t how = fuzz_u8(in), which = fuzz_u8(in);
    uint32_t v;

    if (how < 160) {
        platform_mutex_lock(&c->lock);
        v = c->handlev[which % HANDLES];
        platform_mutex_unlock(&c->lock);
        return v;
    }
    return how < 200   ? which % 8
           : how < 240 ? specials[which % (sizeof(specials) / sizeof(specials[0]))]
                       : (uint32_t)which << (how % 25);
}

/* A block of input; its size, UINT32_MAX: none. */
static uint32_t block(struct fuzz_input *in, unsigned char *to)
{
    static const uint16_t number[] = {'6', '0', '0', 0}, other[] = {'1', '0', '1', 0};
    uint8_t how = fuzz_u8(in);
    LINECALLPARAMS params;
    size_t n;

    switch (how % 8) {
    case 0:
    case 1:
        return UINT32_MAX;
    case 2:
    case 3:
        memcpy(to, how & 8 ? number : other, sizeof(number));
        return sizeof(number);
    case 4:
        memset(&params, 0, sizeof(params));
        params.dwTotalSize = how & 8 ? sizeof(params) : fuzz_u8(in);
        params.dwBearerMode = LINEBEARERMODE_VOICE;
        params.dwMediaMode = LINEMEDIAMODE_INTERACTIVEVOICE;
        n = fuzz_u8(in);
        memset((unsigned char *)&params + n % sizeof(params), (int)fuzz_u8(in), how & 16 ? 1 : 0);
        memcpy(to, &params, sizeof(params));
        return sizeof(params);
    case 5:
        return 0;
    default:
        return (uint32_t)fuzz_bytes(in, to, how % 64);
    }
}

static void say(struct client *c, const void *data, size_t size)
{
    (void)platform_link_send(c->link, data, size);
}

static void say_call(struct client *c, struct fuzz_input *in, uint32_t tag)
{
    static _Alignas(8) unsigned char in0[BLOCK_MAX], in1[BLOCK_MAX], frame[FRAME_MAX_BYTES];
    struct channel_call call = {.op = fuzz_u8(in) % (CHANNEL_OP_COUNT + 1)};
    uint8_t flip = fuzz_u8(in);
    uint32_t size, results;
    int i;

    /* These change what the test itself stands on. */
    if (call.op == CHANNEL_PROVIDER_ADD || call.op == CHANNEL_PROVIDER_REMOVE)
        return;
    for (i = 0; i < CHANNEL_ARGS && i < 1 + flip % 8; i++)
        call.arg[i] = argument(c, in);
    call.in0_len = block(in, in0);
    call.in0 = call.in0_len == UINT32_MAX ? NULL : in0;
    call.in1_len = block(in, in1);
    call.in1 = call.in1_len == UINT32_MAX ? NULL : in1;
    if (!call.in0)
        call.in0_len = 0;
    if (!call.in1)
        call.in1_len = 0;
    platform_mutex_lock(&c->lock);
    results = c->results;
    platform_mutex_unlock(&c->lock);
    size = wire_put_call(frame, sizeof(frame), tag, &call);
    MUST(size && size <= sizeof(frame));
    if (flip >= 250) {
        c->noisy = true;
        frame[fuzz_u8(in) % size] ^= (unsigned char)(1 + fuzz_u8(in));
    }
    say(c, frame, size);
    /* Mostly one after the other, so that handles are known. */
    if (flip < 200 && !c->noisy) {
        platform_mutex_lock(&c->lock);
        while (!c->closed && c->results == results)
            platform_cond_wait(&c->changed, &c->lock);
        platform_mutex_unlock(&c->lock);
    }
}

static void say_app_and_line(struct client *c, struct fuzz_input *in)
{
    static const uint16_t name[] = {'f', 0};
    struct channel_call call = {.op = CHANNEL_APP_OPEN,
                                .arg = {0x00020002},
                                .in0 = name,
                                .in0_len = sizeof(name),
                                .in1 = name,
                                .in1_len = sizeof(name)};
    unsigned char frame[256];
    uint32_t size = wire_put_call(frame, sizeof(frame), 1, &call);

    say(c, frame, size);
    platform_mutex_lock(&c->lock);
    while (!c->closed && !c->results)
        platform_cond_wait(&c->changed, &c->lock);
    call = (struct channel_call){
        .op = CHANNEL_LINE_OPEN,
        .arg = {c->handlev[0], fuzz_u8(in) % 4, 0x00020002, 0, fuzz_u8(in) % 8, LINEMEDIAMODE_INTERACTIVEVOICE}};
    platform_mutex_unlock(&c->lock);
    say(c, frame, wire_put_call(frame, sizeof(frame), 2, &call));
    platform_mutex_lock(&c->lock);
    while (!c->closed && c->results < 2)
        platform_cond_wait(&c->changed, &c->lock);
    platform_mutex_unlock(&c->lock);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, data + size};
    static struct client c;
    uint8_t how = fuzz_u8(&in);
    uint32_t tag = 3;

    memset(&c, 0, sizeof(c));
    MUST(!platform_mutex_init(&c.lock) && !platform_cond_init(&c.changed));
    MUST(!platform_connect(hub, place, &c.link));
    platform_link_ref(c.link);
    platform_link_start(c.link, on_data, on_closed, &c);
    c.noisy = how >= 250;
    if (how < 250) {
        const struct wire_hello hello = {how < 245 ? WIRE_VERSION : how, fuzz_u8(&in)};
        unsigned char frame[64];

        say(&c, frame, wire_put_hello(frame, sizeof(frame), &hello));
        if (how < 230)
            say_app_and_line(&c, &in);
        else
            c.noisy = true;
    }
    while (in.at < in.end) {
        unsigned char noise[32];
        uint8_t what = fuzz_u8(&in);

        if (what < 240)
            say_call(&c, &in, tag++);
        else {
            c.noisy = true;
            say(&c, noise, fuzz_bytes(&in, noise, what % 32));
        }
    }
    platform_link_close(c.link);
    platform_mutex_lock(&c.lock);
    while (!c.closed)
        platform_cond_wait(&c.changed, &c.lock);
    platform_mutex_unlock(&c.lock);
    platform_link_unref(c.link);
    wire_reader_clear(&c.reader);
    platform_cond_destroy(&c.changed);
    platform_mutex_destroy(&c.lock);
    return 0;
}

/* ---- around all -------------------------------------------------------------------------------------------------- */

void fuzz_begin(void)
{
    support_providers_begin();
    support_folder_make("fuzz", folder, sizeof(folder));
    snprintf(place, sizeof(place), "%s/in/s", folder);
    support_env_set("XDG_CONFIG_HOME", folder);
    service_config_read(&config);
    config.max_rate = 0;
    config.max_handles = 64;
    client_builtin();
    MUST(!platform_event_alloc(&wake) && !server_init(&server, &config, wake));
    MUST(!platform_listen(server.hub, place, NULL, server_accept, &server, &listener));
    MUST(!platform_hub_alloc(&hub));
}

void fuzz_end(void)
{
    char path[700];

    platform_mutex_lock(&server.lock);
    while (server.count)
        platform_cond_wait(&server.gone, &server.lock);
    platform_mutex_unlock(&server.lock);
    MUST(engine.state == ENGINE_DOWN && !engine.leaked);
    platform_hub_free(hub);
    platform_listener_close(listener);
    server_clear(&server);
    platform_event_free(wake);
    snprintf(path, sizeof(path), "%s.lock", place);
    (void)remove(path);
    snprintf(path, sizeof(path), "%s/in", folder);
    (void)remove(path);
    support_folder_remove(folder);
    support_providers_end();
}
