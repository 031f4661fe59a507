/* Requests that one application answers for others. SPDX-License-Identifier: MIT */
#include "tests/unit/engine/suites.h"

#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <string.h>

enum { HEAD = 28, STATE = LINEPROXYREQUEST_SETAGENTSTATE, CAPS = LINEPROXYREQUEST_GETAGENTCAPS };

static void setup(void)
{
    fixture_setup();
    ck_assert_int_eq(client_open(&a, V2_2), 0);
    ck_assert_int_eq(client_open(&b, V2_2), 0);
    ck_assert_int_eq(client_open(&d, V2_2), 0);
}

static int32_t proxy_open(struct client *k, uint32_t device, uint32_t version, const uint32_t *types, uint32_t size,
                          uint32_t *handle)
{
    struct {
        LINECALLPARAMS params;
        uint32_t types[32];
    } p;
    int32_t rc;

    memset(&p, 0, sizeof(p));
    p.params.dwTotalSize = sizeof(p);
    p.params.dwDevSpecificSize = size;
    p.params.dwDevSpecificOffset = sizeof(p.params);
    memcpy(p.types, types, size < 2 * sizeof(*types) ? size : 2 * sizeof(*types));
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = CHANNEL_LINE_OPEN;
    k->call.arg[0] = k->app;
    k->call.arg[1] = device;
    k->call.arg[2] = version;
    k->call.arg[4] = NONE | LINEOPENOPTION_PROXY;
    k->call.arg[6] = ++k->instance;
    k->call.in0 = &p;
    k->call.in0_len = sizeof(p);
    rc = channel_call(k->c, &k->call);
    k->call.in0 = NULL;
    *handle = k->call.ret[0];
    return rc;
}

static uint32_t proxy_line(struct client *k, uint32_t device)
{
    static const uint32_t types[] = {STATE, CAPS};
    uint32_t handle;

    ck_assert_int_eq(proxy_open(k, device, V2_2, types, sizeof(types), &handle), 0);
    return handle;
}

static const unsigned char block[64] = "head, which the engine fills inand what is asked";

static int32_t ask(struct client *k, uint32_t on, uint32_t id, uint32_t type, uint32_t len)
{
    channel_free(k->call.out);
    memset(&k->call, 0, sizeof(k->call));
    k->call.op = CHANNEL_PROXY_ASK;
    k->call.arg[0] = on;
    k->call.arg[1] = id;
    k->call.arg[2] = type;
    k->call.arg[3] = k->app;
    k->call.arg[5] = V2_0;
    k->call.in0 = block;
    k->call.in0_len = len;
    return channel_call(k->c, &k->call);
}

/* The next event is a request; its number. */
static uint32_t expect_request(struct client *k, uint32_t on)
{
    const struct channel_event *e = next_event(k);

    ck_assert_ptr_nonnull(e);
    ck_assert_uint_eq(e->message, LINE_PROXYREQUEST);
    ck_assert_uint_eq(e->device, on);
    ck_assert_uint_eq(e->data_len, sizeof(block));
    return (uint32_t)e->p1;
}

static int32_t answer(struct client *k, uint32_t on, uint32_t request, int32_t result)
{
    return op_data(k, CHANNEL_PROXY_ANSWER, on, request, (uint32_t)result, block, sizeof(block), NULL, 0);
}

START_TEST(routed)
{
    uint32_t proxy = proxy_line(&a, 0), asking = line(&b, 0, NONE), other = line(&d, 1, NONE), request;

    forget(&a);
    forget(&b);
    ck_assert_int_eq(ask(&b, asking, 5, STATE, sizeof(block)), 5);
    ck_assert_uint_eq(b.call.ret[0], b.instance);
    request = expect_request(&a, proxy);
    ck_assert_int_eq(answer(&a, proxy, request, 0), 0);
    expect(&b, LINE_REPLY, 0, 5, 0, 0);
    ck_assert_int_eq(answer(&a, proxy, request, 0), (int32_t)LINEERR_INVALPARAM);
    /* Of the application as a whole. */
    ck_assert_int_eq(ask(&d, 0, 6, CAPS, sizeof(block)), 6);
    ck_assert_uint_eq(d.call.ret[0], 0);
    ck_assert_int_eq(answer(&a, proxy, expect_request(&a, proxy), (int32_t)LINEERR_INVALPASSWORD), 0);
    expect(&d, LINE_REPLY, 0, 6, LINEERR_INVALPASSWORD, 0);
    /* Nobody takes it on that line, or of that kind. */
    ck_assert_int_eq(ask(&d, other, 7, STATE, sizeof(block)), (int32_t)LINEERR_OPERATIONUNAVAIL);
    ck_assert_int_eq(ask(&b, asking, 7, LINEPROXYREQUEST_CREATEAGENT, sizeof(block)),
                     (int32_t)LINEERR_OPERATIONUNAVAIL);
    expect_none(&a);
    expect_none(&b);
    expect_none(&d);
}
END_TEST

START_TEST(refused)
{
    uint32_t proxy = proxy_line(&a, 0), asking = line(&b, 0, NONE), request;

    forget(&a);
    ck_assert_int_eq(ask(&b, asking, 5, 0, sizeof(block)), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&b, asking, 5, 32, sizeof(block)), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&b, asking, 5, 0xFFFFFFFF, sizeof(block)), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&b, asking, 5, STATE, HEAD - 1), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&b, asking, 0, STATE, sizeof(block)), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&b, asking, 0x80000000, STATE, sizeof(block)), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(ask(&d, asking, 5, STATE, sizeof(block)), (int32_t)LINEERR_INVALLINEHANDLE);
    b.app++;
    ck_assert_int_eq(ask(&b, 0, 5, CAPS, sizeof(block)), (int32_t)LINEERR_INVALAPPHANDLE);
    b.app--;
    expect_none(&a);
    ck_assert_int_eq(ask(&b, asking, 5, STATE, sizeof(block)), 5);
    request = expect_request(&a, proxy);
    /* Nobody answers for another one. */
    ck_assert_int_eq(answer(&b, proxy, request, 0), (int32_t)LINEERR_INVALLINEHANDLE);
    ck_assert_int_eq(answer(&b, asking, request, 0), (int32_t)LINEERR_NOTREGISTERED);
    ck_assert_int_eq(answer(&a, proxy, request, 1), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(answer(&a, proxy, request + 1, 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op(&a, CHANNEL_PROXY_ANSWER, proxy, request, 0, 0), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(op(&a, CHANNEL_PROXY_ANSWER, proxy, request, (uint32_t)LINEERR_NOMEM, 0), 0);
    forget(&b);
}
END_TEST

/* However it ends: each request that was accepted is answered once. */
START_TEST(proxy_ends)
{
    uint32_t proxy = proxy_line(&a, 0), asking = line(&b, 0, NONE);

    forget(&b);
    ck_assert_int_eq(ask(&b, asking, 5, STATE, sizeof(block)), 5);
    ck_assert_int_eq(ask(&b, 0, 6, CAPS, sizeof(block)), 6);
    if (_i == 0)
        ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, proxy, 0, 0, 0), 0);
    else if (_i == 1)
        ck_assert_int_eq(op(&a, CHANNEL_APP_CLOSE, a.app, 0, 0, 0), 0);
    else if (_i == 2)
        client_close(&a);
    else
        fake_line_event(0, LINE_CLOSE, 0, 0, 0);
    expect(&b, LINE_REPLY, 0, 5, LINEERR_OPERATIONFAILED, 0);
    expect(&b, LINE_REPLY, 0, 6, LINEERR_OPERATIONFAILED, 0);
    if (_i == 3) {
        expect(&b, LINE_CLOSE, asking, 0, 0, 0);
    } else {
        expect(&b, LINE_PROXYSTATUS, asking, LINEPROXYSTATUS_CLOSE, STATE, 0);
        expect(&b, LINE_PROXYSTATUS, asking, LINEPROXYSTATUS_CLOSE, CAPS, 0);
        ck_assert_int_eq(ask(&b, asking, 7, STATE, sizeof(block)), (int32_t)LINEERR_OPERATIONUNAVAIL);
    }
    expect_none(&b);
}
END_TEST

START_TEST(asker_ends)
{
    uint32_t proxy = proxy_line(&a, 0), asking = line(&b, 0, NONE), first, second;

    forget(&a);
    forget(&b);
    ck_assert_int_eq(ask(&b, asking, 5, STATE, sizeof(block)), 5);
    ck_assert_int_eq(ask(&b, 0, 6, CAPS, sizeof(block)), 6);
    first = expect_request(&a, proxy);
    second = expect_request(&a, proxy);
    if (_i == 0)
        ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, asking, 0, 0, 0), 0);
    else
        ck_assert_int_eq(op(&b, CHANNEL_APP_CLOSE, b.app, 0, 0, 0), 0);
    forget(&b);
    ck_assert_int_eq(answer(&a, proxy, first, 0), 0);
    expect_none(&b);
    ck_assert_int_eq(answer(&a, proxy, second, 0), 0);
    if (_i == 0)
        expect(&b, LINE_REPLY, 0, 6, 0, 0);
    expect_none(&b);
}
END_TEST

START_TEST(registered)
{
    static const uint32_t types[] = {LINEPROXYREQUEST_CREATEAGENT, LINEPROXYREQUEST_GETGROUPLIST};
    uint32_t proxy = proxy_line(&a, 0), second, asking = line(&b, 0, NONE);

    forget(&b);
    ck_assert_int_eq(proxy_open(&d, 0, V2_2, types, 3, &second), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(proxy_open(&d, 0, V2_2, types, 0, &second), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(proxy_open(&d, 0, V2_2, types, 0xFFFFFFFC, &second), (int32_t)LINEERR_INVALPARAM);
    ck_assert_int_eq(proxy_open(&d, 0, V2_0, types, sizeof(types), &second), (int32_t)LINEERR_INVALPARAM);
    expect_none(&b);
    ck_assert_int_eq(proxy_open(&d, 0, V2_2, types, sizeof(types), &second), 0);
    expect(&b, LINE_PROXYSTATUS, asking, LINEPROXYSTATUS_OPEN, types[0], 0);
    expect(&b, LINE_PROXYSTATUS, asking, LINEPROXYSTATUS_OPEN, types[1], 0);
    expect_none(&b);
    ck_assert_int_eq(op(&b, CHANNEL_PROXY_STATUS, b.app, 0, V2_2, 0), 0);
    ck_assert_uint_eq(b.call.out_len, sizeof(LINEPROXYREQUESTLIST) + 4 * sizeof(uint32_t));
    ck_assert_int_eq(op(&b, CHANNEL_PROXY_STATUS, b.app, 99, V2_2, 0), (int32_t)LINEERR_BADDEVICEID);
    ck_assert_int_eq(op(&b, CHANNEL_LINE_CLOSE, asking, 0, 0, 0), 0);
    ck_assert_int_eq(op(&a, CHANNEL_LINE_CLOSE, proxy, 0, 0, 0), 0);
    ck_assert_int_eq(proxy_open(&b, 0, V2_2, types, sizeof(types), &second), (int32_t)LINEERR_NOTREGISTERED);
    /* The open that failed has left nothing. */
    ck_assert_uint_eq(fake.opens, 1);
}
END_TEST

Suite *suite_proxies(void)
{
    Suite *s = suite_create("proxies");
    TCase *t = tcase_create("proxies");

    tcase_add_checked_fixture(t, setup, fixture_teardown);
    tcase_add_test(t, routed);
    tcase_add_test(t, refused);
    tcase_add_loop_test(t, proxy_ends, 0, 4);
    tcase_add_loop_test(t, asker_ends, 0, 2);
    tcase_add_test(t, registered);
    suite_add_tcase(s, t);
    return s;
}
