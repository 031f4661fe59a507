/* Lines that are accounts come and go with the configuration, through TSPI. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/sip/fixture.h"
#include "tests/unit/tspi/host.h"

#include <stdio.h>

#define PROVIDER ((HPROVIDER)(uintptr_t)77)

enum { NEW = 10 }; /* the first device that comes, above HOST_DEVICE_BASE */

static struct peer p;
static char ini[2000];
static DWORD next_line;

static void on_line(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CREATE)
        ck_assert_int_eq(TSPI_providerCreateLineDevice(e->p2, HOST_DEVICE_BASE + next_line++), 0);
}

static const char *with(const char *more)
{
    (void)snprintf(ini, sizeof ini, "[line 1]\nnumber=100\nphone=0\n[sip]\nbind=127.0.0.1\nport=0\n%s", more);
    return ini;
}

static const char *account(int n, const char *user, const char *more)
{
    static char text[4][300];

    (void)snprintf(text[n], sizeof text[n], "[account %d]\nuser=%s\ndomain=127.0.0.1:%u\nmwi=0\n%s", n, user,
                   (unsigned)p.number, more);
    return text[n];
}

static void begin(const char *conf)
{
    DWORD lines, phones;

    next_line = NEW;
    host_start(conf);
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, PROVIDER, host_line_event, NULL), 0);
    host_hook(on_line);
    host_forget();
}

static struct sessiontsp_provider reload(const char *conf)
{
    struct sessiontsp_provider block = {.dwCommand = SESSIONTSP_PROVIDER_RELOAD};

    host_ini = conf;
    ck_assert_int_eq(TSPI_providerGenericDialogData(42, TUISPIDLL_OBJECT_PROVIDERID, &block, sizeof block), 0);
    ck_assert_uint_eq(block.dwFailed + block.dwMessages, 0);
    return block;
}

static bool is_ringback(const struct host_event *e)
{
    return e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_RINGBACK && e->call == HOST_CALL(2);
}

static bool is_in_service(const struct host_event *e)
{
    return e->msg == LINE_LINEDEVSTATE && e->p1 == LINEDEVSTATE_INSERVICE;
}

static bool in_service(int n)
{
    LINEDEVSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetLineDevStatus(host.linev[n], &s), 0);
    return s.dwDevStatusFlags & LINEDEVSTATUSFLAGS_INSERVICE;
}

static LONG ask(int n)
{
    DWORD version;

    return TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE + (DWORD)n, 0x10003, 0x20002, &version);
}

/* The first of all: telephony becomes real while the exchange has a call. */
START_TEST(first_account)
{
    struct sessiontsp_provider out;
    LINEADDRESSCAPS *caps = calloc(1, 4000);
    HDRVCALL inside, a;

    peer_open(&p);
    begin(with(""));
    (void)host_open(0, 0x20002, false);
    inside = host_make(0, 1, u"603");
    out = reload(with(account(1, "ann", "register=0\n")));
    ck_assert_uint_eq(out.dwAdded, 1);
    ck_assert_uint_eq(out.dwRemoved + out.dwChanged, 0);
    ck_assert_int_eq(ask(NEW), 0);
    (void)host_open(NEW, 0x20002, true);
    if (!in_service(NEW)) /* it may have been before it was open */
        host_wait(is_in_service);
    caps->dwTotalSize = 4000;
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE + NEW, 0, 0x20002, 0, caps), 0);
    ck_assert(!(caps->dwCallFeatures & LINECALLFEATURE_SENDUSERUSER));
    ck_assert(caps->dwAddrCapFlags & LINEADDRCAPFLAGS_SECURE);
    a = host_make(NEW, 2, u"200");
    peer_expect(&p, "INVITE");
    ck_assert(peer_has(&p, "INVITE sip:200@127.0.0.1:"));
    host_forget();
    peer_answer(&p, 180, NULL);
    host_wait(is_ringback);
    host_forget();
    /* the same again is nothing */
    out = reload(with(account(1, "ann", "register=0\n")));
    ck_assert_uint_eq(out.dwAdded + out.dwRemoved + out.dwChanged, 0);
    ck_assert_str_eq(host_trace(), "");
    out = reload(with(""));
    ck_assert_uint_eq(out.dwRemoved, 1);
    ck_assert_str_eq(host_trace(), "2 IDLE 0\nremove 17\n");
    peer_expect(&p, "CANCEL");
    peer_answer(&p, 200, NULL);
    ck_assert_int_eq(TSPI_lineCloseCall(a), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(ask(NEW), ERR(NODEVICE));
    /* the exchange has not noticed */
    ck_assert_uint_ne(host_state(inside), LINECALLSTATE_IDLE);
    ck_assert_int_eq(TSPI_lineDrop(host_request(), inside, NULL, 0), (LONG)host.next_request - 1);
    ck_assert_int_eq(TSPI_lineCloseCall(inside), 0);
    free(caps);
    host_stop();
    peer_close(&p);
}
END_TEST

static void take_register(bool leaves)
{
    char extra[300];

    do {
        peer_expect(&p, "REGISTER");
    } while (leaves != peer_has(&p, "\r\nExpires: 0\r\n"));
    (void)snprintf(extra, sizeof extra, "Contact: %s;expires=600\r\n", peer_header(&p, "Contact"));
    peer_answer(&p, 200, leaves ? NULL : extra);
}

/* One that is changed keeps its id, is closed, and registers again; its neighbour is left alone. */
START_TEST(changed_account)
{
    struct sessiontsp_provider out;
    char conf[1000];

    peer_open(&p);
    (void)snprintf(conf, sizeof conf, "%s%s", account(1, "ann", ""), account(2, "bob", "register=0\n"));
    begin(with(conf));
    (void)host_open(1, 0x20002, true);
    (void)host_open(2, 0x20002, false);
    take_register(false);
    host_wait(is_in_service);
    host_forget();
    (void)snprintf(conf, sizeof conf, "%s%s", account(1, "ann", "expires=60\n"), account(2, "bob", "register=0\n"));
    out = reload(with(conf));
    ck_assert_uint_eq(out.dwChanged, 1);
    ck_assert_uint_eq(out.dwAdded + out.dwRemoved, 0);
    ck_assert_str_eq(host_trace(), "close line 1\n");
    take_register(true);
    (void)host_open(1, 0x20002, true);
    take_register(false);
    ck_assert_str_eq(peer_header(&p, "Expires"), "60");
    host_wait(is_in_service);
    ck_assert_int_eq(ask(1), 0);
    ck_assert_int_eq(ask(2), 0);
    /* a place that an account had may be the exchange's, and the other way round */
    (void)snprintf(conf, sizeof conf, "[line 2]\nnumber=101\nphone=0\n%s", account(2, "bob", "register=0\n"));
    out = reload(with(conf));
    ck_assert_uint_eq(out.dwAdded, 1);
    ck_assert_uint_eq(out.dwRemoved, 1);
    take_register(true);
    out = reload(with(""));
    ck_assert_uint_eq(out.dwRemoved, 2);
    out = reload(with(account(3, "eve", "register=0\n")));
    ck_assert_uint_eq(out.dwAdded, 1);
    host_stop();
    peer_close(&p);
}
END_TEST

Suite *dynamic_suite(void)
{
    Suite *s = suite_create("sip lines that come and go");
    TCase *t = tcase_create("dynamic");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, first_account);
    tcase_add_test(t, changed_account);
    suite_add_tcase(s, t);
    return s;
}
