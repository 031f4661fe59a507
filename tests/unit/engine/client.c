/* An application of the engine inside the test. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/client.h"

#include "tapi_shim/channel/layout.h"
#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"
#include "tests/unit/engine/fake.h"

#include <check.h>
#include <string.h>

struct client a, b, d;

void fixture_setup(void)
{
    support_providers_begin();
    fake_reset();
    engine_builtin_provider(fake_lookup);
}

void fixture_teardown(void)
{
    client_close(&a);
    client_close(&b);
    client_close(&d);
    ck_assert_int_eq(engine.state, ENGINE_DOWN);
    ck_assert_uint_eq(engine.leaked, 0);
    ck_assert_uint_eq(fake.double_closes, 0);
    ck_assert_uint_eq(fake.inits, fake.shutdowns + (fake.init_result ? 1 : 0));
    engine_builtin_provider(NULL);
    support_providers_end();
}

void client_event(const struct channel_event *event, void *arg)
{
    struct client *k = arg;

    platform_mutex_lock(&k->lock);
    if (k->eventc < CLIENT_EVENTS)
        k->eventv[k->eventc++] = *event;
    platform_cond_broadcast(&k->more);
    platform_mutex_unlock(&k->lock);
}

int32_t client_open(struct client *k, uint32_t version)
{
    static const uint16_t names[3][4] = {{'a', 'p', 'A', 0}, {'a', 'p', 'B', 0}, {'a', 'p', 'D', 0}};
    static const uint16_t module[] = {'e', 'x', 'e', 0};
    const uint16_t *name = names[k == &a ? 0 : k == &b ? 1 : 2];
    int32_t rc;

    if (!k->c) {
        k->eventc = k->taken = 0;
        ck_assert_int_eq(channel_open(&k->c, client_event, k), 0);
    }
    rc = op_data(k, CHANNEL_APP_OPEN, version, 0, 0, name, sizeof(names[0]), module, sizeof(module));
    k->app = k->call.ret[0];
    k->devices = k->call.ret[1];
    return rc;
}

void client_close(struct client *k)
{
    channel_close(k->c);
    k->c = NULL;
    channel_free(k->call.out);
    k->call.out = NULL;
}

int32_t op_data(struct client *k, uint32_t code, uint32_t a0, uint32_t a1, uint32_t a2, const void *in0, uint32_t len0,
                const void *in1, uint32_t len1)
{
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = code;
    k->call.arg[0] = a0;
    k->call.arg[1] = a1;
    k->call.arg[2] = a2;
    k->call.in0 = in0;
    k->call.in0_len = len0;
    k->call.in1 = in1;
    k->call.in1_len = len1;
    return channel_call(k->c, &k->call);
}

int32_t op(struct client *k, uint32_t code, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = code;
    k->call.arg[0] = a0;
    k->call.arg[1] = a1;
    k->call.arg[2] = a2;
    k->call.arg[3] = a3;
    return channel_call(k->c, &k->call);
}

static int32_t line_open_full(struct client *k, uint32_t device, uint32_t version, uint32_t privileges, uint32_t media,
                              uint32_t *line)
{
    int32_t rc;

    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = CHANNEL_LINE_OPEN;
    k->call.arg[0] = k->app;
    k->call.arg[1] = device;
    k->call.arg[2] = version;
    k->call.arg[4] = privileges;
    k->call.arg[5] = media;
    k->call.arg[6] = ++k->instance;
    rc = channel_call(k->c, &k->call);
    *line = k->call.ret[0];
    return rc;
}

int32_t line_open(struct client *k, uint32_t device, uint32_t version, uint32_t privileges, uint32_t media,
                  uint32_t *linep)
{
    return line_open_full(k, device, version, privileges, media, linep);
}

uint32_t line_of_version(struct client *k, uint32_t device, uint32_t privileges, uint32_t version)
{
    uint32_t handle = 0;

    ck_assert_int_eq(line_open_full(k, device, version, privileges, VOICE, &handle), 0);
    ck_assert_uint_ne(handle, 0);
    return handle;
}

uint32_t line(struct client *k, uint32_t device, uint32_t privileges)
{
    return line_of_version(k, device, privileges, V2_2);
}

const struct channel_event *next_event(struct client *k)
{
    const struct channel_event *e = NULL;

    platform_mutex_lock(&k->lock);
    if (k->taken < k->eventc)
        e = &k->eventv[k->taken++];
    platform_mutex_unlock(&k->lock);
    return e;
}

const struct channel_event *wait_event(struct client *k)
{
    const struct channel_event *e;

    platform_mutex_lock(&k->lock);
    while (k->taken >= k->eventc)
        platform_cond_wait(&k->more, &k->lock);
    e = &k->eventv[k->taken++];
    platform_mutex_unlock(&k->lock);
    return e;
}

void expect_at(int at, struct client *k, uint32_t message, uint32_t device, uint64_t p1, uint64_t p2, uint64_t p3)
{
    const struct channel_event *e = next_event(k);

    ck_assert_msg(e != NULL, "line %d: no event, message %u expected", at, message);
    ck_assert_msg(e->app == k->app && e->message == message && e->device == device && e->p1 == p1 && e->p2 == p2 &&
                      e->p3 == p3,
                  "line %d: message %u device %x (%llx %llx %llx), expected %u %x (%llx %llx %llx)", at, e->message,
                  e->device, (unsigned long long)e->p1, (unsigned long long)e->p2, (unsigned long long)e->p3, message,
                  device, (unsigned long long)p1, (unsigned long long)p2, (unsigned long long)p3);
}

void expect_none_at(int at, struct client *k)
{
    const struct channel_event *e = next_event(k);

    ck_assert_msg(!e, "line %d: message %u device %x (%llx %llx %llx), none expected", at, e ? e->message : 0,
                  e ? e->device : 0, (unsigned long long)(e ? e->p1 : 0), (unsigned long long)(e ? e->p2 : 0),
                  (unsigned long long)(e ? e->p3 : 0));
}

void forget(struct client *k)
{
    while (next_event(k))
        ;
}

uint32_t made_call(struct client *k, uint32_t on)
{
    const struct channel_event *e;

    ck_assert_int_eq(op(k, CHANNEL_CALL_MAKE, on, 77, 0, 0), 77);
    if (fake.make == FAKE_LATER)
        fake_complete(fake.last_request, 0);
    e = next_event(k);
    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->message, LINE_REPLY);
    ck_assert_uint_eq(e->p1, 77);
    ck_assert_uint_eq(e->p2, 0);
    ck_assert_uint_ne(e->reply_call, 0);
    return e->reply_call;
}

uint32_t expect_new_call_at(int at, struct client *k, uint32_t on, uint32_t privilege, uint32_t state, uint64_t mode)
{
    const struct channel_event *e = next_event(k);
    uint32_t call;

    ck_assert_msg(e != NULL, "line %d: no event, LINE_APPNEWCALL expected", at);
    ck_assert_msg(e->message == LINE_APPNEWCALL && e->device == on && e->p3 == privilege,
                  "line %d: message %u device %x p3 %llx", at, e->message, e->device, (unsigned long long)e->p3);
    call = (uint32_t)e->p2;
    expect_at(at, k, LINE_CALLSTATE, call, state, mode, privilege);
    return call;
}

uint32_t params_size(void)
{
    return layout_fixed(LAYOUT_LINECALLPARAMS, V2_2);
}

LINECALLPARAMS params(void)
{
    LINECALLPARAMS p;

    memset(&p, 0, sizeof(p));
    p.dwTotalSize = params_size();
    p.dwBearerMode = LINEBEARERMODE_VOICE;
    p.dwMediaMode = VOICE;
    p.dwMinRate = p.dwMaxRate = 3100;
    p.dwAddressMode = LINEADDRESSMODE_ADDRESSID;
    return p;
}
