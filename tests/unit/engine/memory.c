/* The engine when memory runs out: at each single allocation in turn, nothing crashes, hangs or stays.
 * SPDX-License-Identifier: MIT
 */
#include "tapi_shim/engine/priv.h"
#include "tests/support/support.h"
#include "tests/unit/engine/client.h"
#include "tests/unit/engine/fake.h"

#include <check.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* The linker lets these stand before the real ones (--wrap). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t size);

static atomic_long countdown = -1; /* below 0: nothing fails */

static bool fails(void)
{
    return atomic_load(&countdown) >= 0 && atomic_fetch_sub(&countdown, 1) == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

static uint32_t open_quietly(struct client *k, uint32_t device, uint32_t privileges)
{
    uint32_t handle = 0;

    (void)line_open(k, device, V2_2, privileges, VOICE, &handle);
    return handle;
}

/* What goes beyond the first functions of calls. */
static void more(uint32_t call, uint32_t la)
{
    static const uint16_t number[] = {'7', 0};
    uint32_t ops[] = {CHANNEL_TRANSFER_SETUP, CHANNEL_CONF_SETUP, CHANNEL_CALL_PARK, CHANNEL_CALL_SECURE};
    struct channel_call gather = {.op = CHANNEL_CALL_DIGITS_GATHER, .arg = {call, 9, LINEDIGITMODE_DTMF, 3}};
    unsigned i;

    for (i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
        unsigned before = fake.callc;

        fake_state(0, LINECALLSTATE_CONNECTED, 0, VOICE);
        if (op(&a, ops[i], call, 5, ops[i] == CHANNEL_CONF_SETUP ? la : LINEPARKMODE_NONDIRECTED, 0) != 5)
            continue;
        /* Some fail later; what fails is closed by that. */
        fake_complete(fake.last_request, i % 2 ? 0 : (int32_t)LINEERR_CALLUNAVAIL);
        for (; !(i % 2) && before < fake.callc; before++)
            fake.callv[before].closed = true;
    }
    if (op_data(&a, CHANNEL_CALL_PICKUP, la, 6, 0, number, sizeof(number), NULL, 0) == 6)
        fake_complete(fake.last_request, 0);
    if (op_data(&a, CHANNEL_LINE_DEVSPECIFIC, la, 7, 0, "abc", 3, NULL, 0) == 7)
        fake_complete(fake.last_request, 0);
    (void)op(&a, CHANNEL_LINE_DEVSTATUS_SET, la, 8, 1, 1);
    (void)channel_call(a.c, &gather);
    (void)op(&a, CHANNEL_CALL_DIGITS_MONITOR, call, 1, 0, 0);
    (void)op(&a, CHANNEL_RINGS_SET, la, 0, 1, 0);
    (void)op(&a, CHANNEL_CONF_CALLS, call, 9, 0, 0);
}

/* A bit of everything; whatever fails is passed over. */
static void scenario(void)
{
    static const uint16_t class_name[] = {'c', 0};
    LINECALLPARAMS p = params();
    const struct channel_event *e;
    uint32_t la, lb, call = 0;
    int n;

    a.eventc = a.taken = b.eventc = b.taken = 0;
    if (channel_open(&a.c, client_event, &a) || channel_open(&b.c, client_event, &b))
        return;
    (void)client_open(&a, V2_2);
    (void)client_open(&b, V1_4);
    la = open_quietly(&a, 0, OWNER);
    lb = open_quietly(&b, 0, MONITOR);
    p.dwAddressMode = LINEADDRESSMODE_DIALABLEADDR;
    fake.events_early = true;
    if (op_data(&a, CHANNEL_CALL_MAKE, la, 1, 0, NULL, 0, &p, params_size()) == 1)
        fake_complete(fake.last_request, 0);
    while ((e = next_event(&a)))
        if (e->reply_call)
            call = e->reply_call;
    if (call)
        more(call, la);
    if (call) {
        (void)op(&a, CHANNEL_CALL_INFO, call, 0, 0, 0);
        (void)op(&a, CHANNEL_CALL_STATUS, call, 0, 0, 0);
        (void)op(&a, CHANNEL_CALL_DROP, call, 2, 0, 0);
    }
    if (la) {
        n = fake_ring(0, VOICE);
        if (n >= 0)
            fake_state(n, LINECALLSTATE_CONNECTED, 1, VOICE);
        (void)op(&a, CHANNEL_LINE_STATUS, la, 0, 0, 0);
        (void)op(&a, CHANNEL_ADDRESS_STATUS, la, 0, 0, 0);
        (void)op(&a, CHANNEL_STATUS_SET, la, LINEDEVSTATE_RINGING, 0, 0);
    }
    if (lb)
        (void)op(&b, CHANNEL_NEW_CALLS, lb, 0, LINECALLSELECT_LINE, 0);
    (void)op(&a, CHANNEL_DEV_NEGOTIATE, a.app, 1, V1_3, V2_2);
    (void)op(&a, CHANNEL_DEV_CAPS, a.app, 1, V2_2, 0);
    (void)op(&a, CHANNEL_ADDRESS_CAPS, a.app, 1, 0, V2_2);
    (void)op_data(&a, CHANNEL_DEV_CONFIG_GET, 0, 0, 0, class_name, sizeof(class_name), NULL, 0);
    (void)op(&a, CHANNEL_PROVIDER_LIST, 0, 0, 0, 0);
    (void)op(&a, CHANNEL_UI_LIBRARY, 1, TUISPIDLL_OBJECT_PROVIDERID, 0, 0);
    if (fake.create && engine.state == ENGINE_UP)
        fake.create(NULL, NULL, LINE_CREATE, (DWORD_PTR)fake.provider, 5, 0);
}

START_TEST(each_allocation_fails)
{
    long n, left;

    for (n = 0;; n++) {
        fake_reset();
        /* Lines of one and of several addresses. */
        fake.addresses[0] = (uint32_t)(n % 2 + 1);
        if (_i)
            fake.version = V1_3;
        atomic_store(&countdown, n);
        scenario();
        left = atomic_exchange(&countdown, -1);
        client_close(&a);
        client_close(&b);
        ck_assert_int_eq(engine.state, ENGINE_DOWN);
        ck_assert_uint_eq(engine.leaked, 0);
        ck_assert_msg(fake_live() == 0, "allocation %ld: %u calls are left", n, fake_live());
        ck_assert_uint_eq(fake.double_closes, 0);
        ck_assert_uint_eq(fake.opens, fake.closes);
        if (left >= 0)
            break;
    }
    ck_assert_int_gt(n, 30);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("engine without memory");
    TCase *t = tcase_create("memory");
    SRunner *runner;
    int failed;

    tcase_add_checked_fixture(t, fixture_setup, fixture_teardown);
    tcase_add_loop_test(t, each_allocation_fails, 0, 2);
    tcase_set_timeout(t, 0);
    suite_add_tcase(s, t);
    runner = srunner_create(s);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
