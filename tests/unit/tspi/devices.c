/* Lines and phones that come and go while the provider runs. SPDX-License-Identifier: MIT */
#include "include/sessiontsp.h"
#include "tests/unit/tspi/host.h"
#include "tsp/tspi/state.h"

#include <stdio.h>

#define PROVIDER ((HPROVIDER)(uintptr_t)77)
#define PERR(name) ((LONG)PHONEERR_##name)

static const char two[] = "[line 0]\nnumber=100\nphone=0\n[line 1]\nnumber=101\nphone=0\n";
static const char three[] =
    "[line 0]\nnumber=100\nphone=0\n[line 1]\nnumber=101\nphone=0\n[line 2]\nnumber=102\nname=Third\nphone=0\n";

enum { NEW = 10 }; /* the first device that comes, above HOST_DEVICE_BASE */

static DWORD next_line, next_phone;
static DWORD_PTR temp_line, temp_phone; /* the last ones announced */
static bool later;                      /* ids are given by the test */
static char said[2000];                 /* by phones */

static void on_line(const struct host_event *e)
{
    if (e->reply || e->msg != LINE_CREATE)
        return;
    temp_line = e->p2;
    if (!later)
        ck_assert_int_eq(TSPI_providerCreateLineDevice(e->p2, HOST_DEVICE_BASE + next_line++), 0);
}

static void CALLBACK on_phone(HTAPIPHONE phone, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    size_t len = strlen(said);

    (void)p3;
    if (msg == PHONE_CREATE) {
        (void)snprintf(said + len, sizeof said - len, "create for %u\n", (unsigned)p1);
        temp_phone = p2;
        if (!later)
            ck_assert_int_eq(TSPI_providerCreatePhoneDevice(p2, next_phone++), 0);
    } else if (msg == PHONE_REMOVE) {
        (void)snprintf(said + len, sizeof said - len, "remove %u\n", (unsigned)p1);
    } else if (msg == PHONE_CLOSE) {
        (void)snprintf(said + len, sizeof said - len, "close %u\n", (unsigned)(uintptr_t)phone);
    }
}

static void begin(const char *ini)
{
    DWORD lines, phones;

    later = false;
    next_line = NEW;
    next_phone = 50;
    said[0] = 0;
    host_start(ini);
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &lines, &phones, PROVIDER, host_line_event, on_phone), 0);
    host_hook(on_line);
}

static LONG reload(const char *ini, struct sessiontsp_provider *out)
{
    struct sessiontsp_provider block = {.dwCommand = SESSIONTSP_PROVIDER_RELOAD, .dwRunning = 9};
    LONG result;

    host_ini = ini;
    result = TSPI_providerGenericDialogData(42, TUISPIDLL_OBJECT_PROVIDERID, &block, sizeof block);
    if (out)
        *out = block;
    return result;
}

static LONG ask(int n)
{
    DWORD version;

    return TSPI_lineNegotiateTSPIVersion(HOST_DEVICE_BASE + (DWORD)n, 0x10003, 0x20002, &version);
}

static const char *name_of(int n)
{
    static char text[200];
    struct {
        LINEDEVCAPS caps;
        char more[1000];
    } b = {.caps = {.dwTotalSize = sizeof b}};

    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE + (DWORD)n, 0x20002, 0, &b.caps), 0);
    (void)platform_utf16_to_utf8((const uint16_t *)(const void *)((const char *)&b + b.caps.dwLineNameOffset),
                                 SIZE_MAX, text, sizeof text);
    return text;
}

START_TEST(line_comes)
{
    struct sessiontsp_provider out;
    HDRVCALL a, b;

    begin(two);
    (void)host_open(0, 0x20002, false);
    ck_assert_int_eq(ask(2), ERR(NODRIVER));
    ck_assert_int_eq(reload(three, &out), 0);
    ck_assert_uint_eq(out.dwRunning, 1);
    ck_assert_uint_eq(out.dwAdded, 1);
    ck_assert_uint_eq(out.dwRemoved + out.dwChanged + out.dwFailed + out.dwMessages, 0);
    ck_assert_str_eq(host_trace(), "create for 77\n");
    ck_assert_int_eq(ask(NEW), 0);
    ck_assert_int_eq(ask(NEW - 1), ERR(NODEVICE)); /* between ours, and nobody's */
    ck_assert_int_eq(ask(NEW + 1), ERR(NODRIVER));
    ck_assert_str_eq(name_of(NEW), "Third");
    (void)host_open(NEW, 0x20002, false);
    a = host_make(0, 1, u"102");
    b = host_new(1000);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\nnew 1000\n1000 OFFERING 1\n1 RINGBACK 0\n");
    ck_assert_int_eq(TSPI_lineAnswer(host_request(), b, NULL, 0), 2);
    ck_assert_uint_eq(host_state(a), LINECALLSTATE_CONNECTED);
    ck_assert_int_eq(TSPI_lineCloseCall(a), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(b), 0);
    /* the same once more changes nothing */
    host_forget();
    ck_assert_int_eq(reload(three, &out), 0);
    ck_assert_uint_eq(out.dwAdded + out.dwRemoved + out.dwChanged + out.dwFailed, 0);
    ck_assert_str_eq(host_trace(), "");
    host_stop();
}
END_TEST

START_TEST(line_goes_with_its_calls)
{
    struct sessiontsp_provider out;
    HDRVCALL a, b, c = NULL;

    begin(three);
    (void)host_open(0, 0x20002, false);
    (void)host_open(2, 0x20002, false);
    a = host_make(0, 1, u"102");
    b = host_new(1000);
    ck_assert_int_eq(TSPI_lineAnswer(host_request(), b, NULL, 0), 2);
    c = host_make(2, 3, u"600");
    host_forget();
    ck_assert_int_eq(reload(two, &out), 0);
    ck_assert_uint_eq(out.dwRemoved, 1);
    ck_assert_uint_eq(out.dwAdded + out.dwChanged + out.dwFailed, 0);
    ck_assert_str_eq(host_trace(), "1000 IDLE 0\n3 IDLE 0\n1 DISCONNECTED 1\nremove 9\n");
    /* nothing of it is left */
    ck_assert_int_eq(ask(2), ERR(NODEVICE));
    ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + 2, HOST_LINE(2), &host.linev[3], 0x20002, host_line_event),
                     ERR(NODEVICE));
    ck_assert_int_eq(TSPI_lineClose(host.linev[2]), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[2], 0, 0), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(TSPI_lineDrop(99, b, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineDrop(99, c, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineCloseCall(a), 0);
    /* it comes back with the same permanent id, under another device id */
    ck_assert_int_eq(reload(three, &out), 0);
    ck_assert_uint_eq(out.dwAdded, 1);
    ck_assert_int_eq(ask(2), ERR(NODEVICE));
    ck_assert_str_eq(name_of(NEW), "Third");
    ck_assert_int_eq(TSPI_lineSetStatusMessages(host.linev[2], 0, 0), ERR(INVALLINEHANDLE));
    host_stop();
}
END_TEST

/* A request that waits is answered, and what it makes is never heard of. */
START_TEST(line_goes_with_its_requests)
{
    begin(three);
    (void)host_open(0, 0x20002, false);
    later = true;
    ck_assert_int_eq(reload("[line 5]\nnumber=105\nphone=0\n", NULL), 0);
    ck_assert_str_eq(host_trace(), "remove 7\nremove 8\nremove 9\ncreate for 77\n");
    /* it goes before it has an id: nobody is told */
    ck_assert_int_eq(reload(two, NULL), 0);
    ck_assert_str_eq(host_trace(), "create for 77\ncreate for 77\n");
    ck_assert_int_eq(TSPI_providerCreateLineDevice(temp_line, 1000), 0);
    ck_assert_int_eq(TSPI_providerCreateLineDevice(temp_line, 1001), ERR(BADDEVICEID)); /* it has one */
    ck_assert_int_eq(TSPI_providerCreateLineDevice(temp_line - 1, 1000), ERR(BADDEVICEID));
    ck_assert_int_eq(TSPI_providerCreateLineDevice((DWORD_PTR)-1, 1002), ERR(BADDEVICEID));
    ck_assert_int_eq(TSPI_providerCreateLineDevice(0, 1002), ERR(BADDEVICEID));
    host_stop();
}
END_TEST

/* The id stays: who has it open is told to open it again, nobody else anything. */
START_TEST(line_changes)
{
    static const char changed[] = "[line 0]\nnumber=100\nname=First\nphone=0\n[line 1]\nnumber=101\nname=Second\nphone=0\n";
    struct sessiontsp_provider out;
    HDRVCALL a;

    begin(two);
    (void)host_open(0, 0x20002, false);
    a = host_make(0, 1, u"600");
    host_forget();
    ck_assert_int_eq(reload(changed, &out), 0);
    ck_assert_uint_eq(out.dwChanged, 2);
    ck_assert_uint_eq(out.dwAdded + out.dwRemoved + out.dwFailed, 0);
    ck_assert_str_eq(host_trace(), "1 IDLE 0\nclose line 0\n");
    ck_assert_int_eq(TSPI_lineDrop(99, a, NULL, 0), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(TSPI_lineClose(host.linev[0]), ERR(INVALLINEHANDLE));
    ck_assert_str_eq(name_of(0), "First");
    ck_assert_str_eq(name_of(1), "Second");
    (void)host_open(0, 0x20002, false);
    (void)host_open(1, 0x20002, false);
    a = host_make(0, 2, u"101");
    ck_assert_uint_eq(host_state(a), LINECALLSTATE_RINGBACK);
    host_stop();
}
END_TEST

/* Numbers wander from line to line: what goes makes room for what comes. */
START_TEST(numbers_change_hands)
{
    struct sessiontsp_provider out;

    begin("[line 0]\nnumber=100\nid=5\nphone=0\n[line 1]\nnumber=101\nid=6\nphone=0\n");
    ck_assert_int_eq(reload("[line 0]\nnumber=101\nid=5\nphone=0\n[line 1]\naddresses=100,102\nid=6\nphone=0\n", &out), 0);
    ck_assert_uint_eq(out.dwChanged, 2);
    ck_assert_uint_eq(out.dwFailed, 0);
    ck_assert_str_eq(name_of(0), "101");
    ck_assert_str_eq(name_of(1), "100");
    /* a special number is there until the end */
    ck_assert_int_eq(reload("[line 0]\nnumber=101\nid=5\nphone=0\n[line 1]\nnumber=600\nid=6\nphone=0\n", &out), 0);
    ck_assert_uint_eq(out.dwFailed, 1);
    ck_assert_str_eq(host_trace(), "remove 8\n");
    ck_assert_int_eq(ask(1), ERR(NODEVICE));
    host_stop();
}
END_TEST

START_TEST(phones_come_and_go)
{
    struct sessiontsp_provider out;
    HDRVPHONE phone = NULL;
    HDRVCALL a;
    DWORD n;

    begin("[line 0]\nnumber=100\n[line 1]\nnumber=101\n");
    (void)host_open(1, 0x20002, false);
    ck_assert_int_eq(TSPI_phoneOpen(HOST_PHONE_BASE + 1, (HTAPIPHONE)(uintptr_t)1, &phone, 0x20002, on_phone), 0);
    a = host_make(1, 1, u"600");
    (void)a;
    host_forget();
    /* the line loses its phone, another line comes with one */
    ck_assert_int_eq(reload("[line 0]\nnumber=100\n[line 1]\nnumber=101\nphone=0\n[line 2]\nnumber=102\n", &out), 0);
    ck_assert_uint_eq(out.dwAdded, 1);
    ck_assert_uint_eq(out.dwChanged, 1);
    ck_assert_str_eq(host_trace(), "1 IDLE 0\nclose line 1\ncreate for 77\n");
    ck_assert_str_eq(said, "remove 4\ncreate for 77\n");
    ck_assert_int_eq(TSPI_phoneClose(phone), PERR(INVALPHONEHANDLE));
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE + 1, 0x10003, 0x20002, &n), PERR(NODEVICE));
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(HOST_PHONE_BASE, 0x10003, 0x20002, &n), 0);
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(50, 0x10003, 0x20002, &n), 0);
    ck_assert_int_eq(TSPI_phoneNegotiateTSPIVersion(51, 0x10003, 0x20002, &n), PERR(NODRIVER));
    /* one that changes keeps its id as well */
    said[0] = 0;
    ck_assert_int_eq(TSPI_phoneOpen(50, (HTAPIPHONE)(uintptr_t)5, &phone, 0x20002, on_phone), 0);
    ck_assert_int_eq(reload("[line 0]\nnumber=100\n[line 1]\nnumber=101\nphone=0\n[line 2]\nnumber=102\nname=X\n", &out), 0);
    ck_assert_str_eq(said, "close 5\n");
    ck_assert_int_eq(TSPI_phoneOpen(50, (HTAPIPHONE)(uintptr_t)6, &phone, 0x20002, on_phone), 0);
    ck_assert_int_eq(TSPI_phoneClose(phone), 0);
    ck_assert_int_eq(TSPI_providerCreatePhoneDevice(temp_phone, 60), PERR(BADDEVICEID));
    host_stop();
}
END_TEST

START_TEST(mistakes_change_nothing)
{
    struct sessiontsp_provider out;
    struct sessiontsp_provider block = {.dwCommand = 2};

    begin(two);
    ck_assert_int_eq(reload("[line 0]\nnumber=100\nphone=0\n[line 1]\nnumber=?\n", &out), ERR(OPERATIONFAILED));
    ck_assert_uint_eq(out.dwMessages, 1);
    ck_assert_uint_eq(out.dwRemoved, 0);
    ck_assert_int_eq(reload("missing", &out), ERR(OPERATIONFAILED));
    ck_assert_uint_eq(out.dwMessages, 1);
    ck_assert_str_eq(host_trace(), "");
    ck_assert_int_eq(ask(1), 0);
    ck_assert_int_eq(TSPI_providerGenericDialogData(42, TUISPIDLL_OBJECT_PROVIDERID, &block, sizeof block),
                     ERR(INVALPARAM));
    block.dwCommand = SESSIONTSP_PROVIDER_RELOAD;
    ck_assert_int_eq(TSPI_providerGenericDialogData(42, TUISPIDLL_OBJECT_PROVIDERID, &block, sizeof block - 1),
                     ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_providerGenericDialogData(42, TUISPIDLL_OBJECT_DIALOGINSTANCE, &block, sizeof block),
                     ERR(INVALPARAM));
    ck_assert_int_eq(TSPI_providerGenericDialogData(42, TUISPIDLL_OBJECT_PROVIDERID, NULL, sizeof block),
                     ERR(INVALPARAM));
    host_stop();
    ck_assert_int_eq(reload(two, &out), 0);
    ck_assert_uint_eq(out.dwRunning, 0);
    /* a host that cannot be told */
    host_start(two);
    ck_assert_int_eq(TSPI_providerEnumDevices(42, &out.dwAdded, &out.dwFailed, PROVIDER, NULL, NULL), 0);
    ck_assert_int_eq(reload(three, &out), ERR(OPERATIONUNAVAIL));
    host_stop();
}
END_TEST

static HDRVCALL nested_call;

static void on_nested(const struct host_event *e)
{
    if (!e->reply && e->msg == LINE_CALLSTATE && e->p1 == LINECALLSTATE_RINGBACK) {
        struct sessiontsp_provider out;

        ck_assert_int_eq(reload(two, &out), 0);
        ck_assert_uint_eq(out.dwRemoved, 1);
        ck_assert_int_eq(TSPI_lineDrop(99, nested_call, NULL, 0), ERR(INVALCALLHANDLE));
    }
    on_line(e);
}

/* From inside a callback about a call of the very line that goes. */
START_TEST(inside_a_callback)
{
    begin(three);
    (void)host_open(2, 0x20002, false);
    host_hook(on_nested);
    ck_assert_int_eq(
        TSPI_lineMakeCall(host_request(), host.linev[2], HOST_CALL(1), &nested_call, u"602", 0, NULL), 1);
    ck_assert_str_eq(host_trace(), "reply 1 ok\n1 DIALING 0\n1 PROCEEDING 0\n1 RINGBACK 0\n1 IDLE 0\nremove 9\n");
    host_stop();
}
END_TEST

static void on_created(const struct host_event *e)
{
    on_line(e);
    if (!e->reply && e->msg == LINE_CREATE)
        ck_assert_int_eq(reload(two, NULL), 0);
}

/* And inside the very announcement of a line. */
START_TEST(inside_an_announcement)
{
    begin(two);
    host_hook(on_created);
    ck_assert_int_eq(reload(three, NULL), 0);
    ck_assert_str_eq(host_trace(), "create for 77\nremove 17\n");
    host_stop();
}
END_TEST

/* Many changes, and always as many places as there are lines. */
START_TEST(places_are_used_again)
{
    char ini[4000];
    uint32_t rnd = 4711;

    begin("[lines]\ncount=4\nfirst=100\n");
    later = true;
    for (int round = 0; round < 300; round++) {
        size_t len = 0;
        int count = 0;

        for (int i = 0; i < 20; i++) {
            rnd = rnd * 1664525u + 1013904223u;
            if (rnd >> 24 & 1) {
                len += (size_t)snprintf(ini + len, sizeof ini - len, "[line %d]\nnumber=2%d\nname=N%d\nphone=%d\n", i, i,
                                        (int)(rnd >> 25 & 1), (int)(rnd >> 26 & 1));
                count++;
            }
        }
        if (!count)
            (void)snprintf(ini, sizeof ini, "[lines]\ncount=0\n");
        ck_assert_int_eq(reload(ini, NULL), 0);
        if (round % 3)
            (void)TSPI_providerCreateLineDevice(temp_line, 1000 + (DWORD)round);
        if (round % 2)
            (void)TSPI_providerCreatePhoneDevice(temp_phone, 1000 + (DWORD)round);
        ck_assert_ptr_null(sessiontsp_check());
        if (round % 5 == 0)
            (void)TSPI_lineOpen(1000 + (DWORD)round - 4, HOST_LINE(0), &host.linev[0], 0x20002, host_line_event);
    }
    ck_assert_uint_le(tspi.linec, 44);
    ck_assert_uint_le(tspi.phonec, 44);
    host_stop();
}
END_TEST

/* Whatever there is no memory for: nothing is broken, nothing lost, and it works when there is. */
START_TEST(without_memory)
{
    struct sessiontsp_provider out, again;

    for (size_t left = 0;; left++) {
        LONG result;

        begin("[line 0]\nnumber=100\n[line 1]\nnumber=101\n");
        (void)host_open(0, 0x20002, false);
        (void)host_make(0, 1, u"101");
        host_memory.fail_at = host_memory.total + left;
        result = reload("[line 1]\nnumber=101\nname=X\n[line 2]\nnumber=102\n[line 3]\nnumber=103\n", &out);
        host_memory.fail_at = SIZE_MAX;
        ck_assert(!result || result == ERR(NOMEM) || result == ERR(OPERATIONFAILED));
        ck_assert_ptr_null(sessiontsp_check());
        ck_assert_int_eq(reload(three, &again), 0);
        ck_assert_uint_eq(again.dwFailed, 0);
        host_stop();
        if (!result && !out.dwFailed)
            break;
        ck_assert_uint_lt(left, 300);
    }
}
END_TEST

/* Calls are made and lines opened on one thread while another has the configuration read. */
static atomic_bool finished;

static void caller(void *arg)
{
    uint32_t n = 0;

    (void)arg;
    while (!atomic_load(&finished) || n < 200) {
        HDRVLINE line = NULL;
        HDRVCALL call = NULL;

        n++;
        if (TSPI_lineOpen(HOST_DEVICE_BASE + 1, HOST_LINE(1), &line, 0x20002, host_line_event))
            continue;
        (void)TSPI_lineSetDefaultMediaDetection(line, LINEMEDIAMODE_INTERACTIVEVOICE);
        for (int i = 0; i < 20; i++) {
            DRV_REQUESTID request = host_request();

            if (TSPI_lineMakeCall(request, line, HOST_CALL(1), &call, u"100", 0, NULL) != (LONG)request) {
                platform_mutex_lock(&host.lock);
                host.replies++; /* there is none to come */
                platform_mutex_unlock(&host.lock);
                break;
            }
            (void)TSPI_lineCloseCall(call);
        }
        (void)TSPI_lineClose(line);
    }
}

START_TEST(while_calls_go_on)
{
    static const char *const iniv[] = {
        "[line 0]\nnumber=100\n[line 1]\nnumber=101\n",
        "[line 0]\nnumber=100\n[line 1]\nnumber=101\nname=Other\n[lines]\ncount=9\nfirst=200\n",
        "[line 0]\nnumber=100\nname=Zero\n[line 1]\nnumber=101\nname=Other\nphone=0\n[lines]\ncount=40\nfirst=200\n",
        "[line 0]\nnumber=100\n[line 1]\nnumber=101\nphone=0\n[lines]\ncount=2\nfirst=230\n",
    };
    struct platform_thread *thread;

    atomic_store(&finished, false);
    begin(iniv[0]);
    host.keep = false;
    later = true;
    (void)host_open(0, 0x20002, true);
    ck_assert_int_eq(platform_thread_start(&thread, "caller", caller, NULL), 0);
    for (int i = 1; i <= 120; i++)
        ck_assert_int_eq(reload(iniv[i % 4], NULL), 0);
    atomic_store(&finished, true);
    platform_thread_join(thread);
    host_stop();
}
END_TEST

Suite *suite_devices(void)
{
    Suite *s = suite_create("devices");
    TCase *tc = tcase_create("devices");

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, line_comes);
    tcase_add_test(tc, line_goes_with_its_calls);
    tcase_add_test(tc, line_goes_with_its_requests);
    tcase_add_test(tc, line_changes);
    tcase_add_test(tc, numbers_change_hands);
    tcase_add_test(tc, phones_come_and_go);
    tcase_add_test(tc, mistakes_change_nothing);
    tcase_add_test(tc, inside_a_callback);
    tcase_add_test(tc, inside_an_announcement);
    tcase_add_test(tc, places_are_used_again);
    tcase_add_test(tc, without_memory);
    tcase_add_test(tc, while_calls_go_on);
    suite_add_tcase(s, tc);
    return s;
}
