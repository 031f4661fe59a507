/* Calls over bad ways, through TSPI: what an application hears of them, in the order it hears it, is what it hears on a
 * good one. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/faults.h"
#include "tests/unit/tspi/host.h"
#include "tsp/tspi/state.h"

#include <stdio.h>
#include <string.h>

enum { SEEDS = 4, STEP_MS = 250, CALL_OUT = 1, CALL_IN = 1000 };

static struct fixture f; /* only so that its clock can be moved */
static struct relay r;
static char heard[8192];

/* All that has arrived has been heard. */
static void listen_now(void)
{
    const char *text;

    settle(&f);
    relay_settle(&r);
    settle(&f);
    ck_assert(tspi_enter());
    pump_poll(tspi.pump, platform_mono_ms());
    tspi_leave();
    text = host_trace();
    ck_assert_uint_lt(strlen(heard) + strlen(text), sizeof(heard));
    strcat(heard, text);
}

static bool has_heard(unsigned call, const char *what)
{
    char line[64];

    (void)snprintf(line, sizeof(line), "%u %s", call, what);
    return strstr(heard, line) != NULL;
}

/* Once more than `had` times. */
static void until(const char *line, int had)
{
    for (;;) {
        int count = 0;

        listen_now();
        for (const char *at = heard; (at = strstr(at, line)); at++) {
            count++;
        }
        if (count > had) {
            return;
        }
        clock_skip(&f, STEP_MS);
    }
}

static void asked(LONG request)
{
    char line[32];

    ck_assert_int_gt(request, 0);
    (void)snprintf(line, sizeof(line), "reply %ld ok\n", (long)request);
    until(line, 0);
}

/* Of all that was heard, what is of one call; without the ringing, whose message nobody repeats, and what is known of
 * the other end, which comes with any of them. */
static void of_call(unsigned call, char *out, size_t size)
{
    char mark[16];
    size_t n = 0;

    (void)snprintf(mark, sizeof(mark), "%u ", call);
    out[0] = '\0';
    for (const char *at = heard; *at; at += strcspn(at, "\n") + 1) {
        if (!strncmp(at, mark, strlen(mark)) && strncmp(at + strlen(mark), "RINGBACK", 8) != 0 &&
            strncmp(at + strlen(mark), "info ", 5) != 0) {
            n += (size_t)snprintf(out + n, size - n, "%.*s\n", (int)strcspn(at, "\n"), at);
        }
    }
}

static void one(uint32_t seed, char out[2][1024])
{
    char ini[600];
    HDRVCALL a, b;

    memset(&r, 0, sizeof(r));
    memset(&f, 0, sizeof(f));
    heard[0] = '\0';
    relay_open(&r);
    r.seed = seed;
    (void)snprintf(ini, sizeof(ini),
                   "[line 1]\nnumber=9\n[sip]\nbind=127.0.0.1\nport=0\nring_ms=600000\n"
                   "[account 1]\nuser=u0\ndomain=127.0.0.1:%u\nmwi=0\nregister=0\n"
                   "[account 2]\nuser=u1\naddresses=100,101\ndomain=127.0.0.1:%u\nmwi=0\nregister=0\n",
                   (unsigned)r.number, (unsigned)r.number);
    host_start(ini);
    f.b = tspi.sip;
    r.to = sip_port(f.b, SIP_UDP);
    relay_start(&r);
    host_open(1, 0x00020002, false);
    host_open(2, 0x00020002, false);
    a = host_make(1, CALL_OUT, u"100");
    until("new 1000\n", 0);
    b = host_new(CALL_IN);
    asked(TSPI_lineAnswer(host_request(), b, NULL, 0));
    until("\n1 CONNECTED", 0);
    asked(TSPI_lineHold(host_request(), a));
    until("1000 CONNECTED 4\n", 0);
    asked(TSPI_lineUnhold(host_request(), a));
    until("1000 CONNECTED 1\n", 1);
    asked(TSPI_lineDrop(host_request(), b, NULL, 0));
    until("\n1 DISCONNECTED", 0);
    ck_assert(!has_heard(CALL_IN, "DISCONNECTED"));
    ck_assert_int_eq(TSPI_lineCloseCall(a), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(b), 0);
    listen_now();
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    of_call(CALL_OUT, out[0], 1024);
    of_call(CALL_IN, out[1], 1024);
    host_stop();
    relay_stop(&r);
}

START_TEST(as_on_a_good_way)
{
    static char good[2][1024], bad[2][1024];

    if (!good[0][0]) {
        one(0, good);
        ck_assert_ptr_nonnull(strstr(good[0], "1 ONHOLD"));
    }
    one((uint32_t)_i, bad);
    ck_assert_str_eq(bad[0], good[0]);
    ck_assert_str_eq(bad[1], good[1]);
}
END_TEST

Suite *faults_tapi_suite(void)
{
    Suite *s = suite_create("sip faults, TSPI");
    TCase *t = tcase_create("faults");

    tcase_set_timeout(t, 0);
    tcase_add_loop_test(t, as_on_a_good_way, 1, SEEDS + 1);
    suite_add_tcase(s, t);
    return s;
}
