/* The whole host with each single allocation failing once: nothing crashes, hangs or stays behind.
 * SPDX-License-Identifier: MIT */
#include "tests/unit/client/host.h"

#include "tapi_shim/engine/dialling.h"

#include <stdatomic.h>
#include <stdlib.h>

/* The linker puts these in place of the C library's (--wrap); what is reserved is its choice of names. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

static atomic_bool counting;
static atomic_long asked, fails;

static bool refused(void)
{
    return atomic_load(&counting) && atomic_fetch_add(&asked, 1) == atomic_load(&fails);
}

void *__wrap_malloc(size_t size)
{
    return refused() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return refused() ? NULL : __real_realloc(p, size);
}

/* ---- a call, by two applications that go on whatever they are answered ---- */

static struct desk caller, callee;
static HCALL made;
static int ended;

static void begin(struct desk *d, DWORD device, DWORD privileges)
{
    LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = LINEINITIALIZEEXOPTION_USEEVENT};
    DWORD devices, version = 0x00020002;
    LINEEXTENSIONID extension;
    static union {
        LINEDEVCAPS caps;
        char room[4096];
    } u;

    memset(d, 0, sizeof(*d));
    if (lineInitializeExA(&d->app, NULL, NULL, "short of memory", &devices, &version, &params))
        return;
    (void)lineNegotiateAPIVersion(d->app, device, 0x00010003, 0x00020002, &version, &extension);
    u.caps.dwTotalSize = sizeof(u);
    (void)lineGetDevCapsA(d->app, device, 0x00020002, 0, &u.caps);
    u.caps.dwTotalSize = sizeof(u);
    (void)lineGetDevCapsW(d->app, device, 0x00020002, 0, &u.caps);
    (void)lineOpenA(d->app, device, &d->line, 0x00020002, 0, 0, privileges, LINEMEDIAMODE_INTERACTIVEVOICE, NULL);
}

static void react(const LINEMESSAGE *m)
{
    static union {
        LINECALLINFO info;
        char room[4096];
    } u;

    if (m->dwMessageID != LINE_CALLSTATE)
        return;
    switch (m->dwParam1) {
    case LINECALLSTATE_OFFERING:
        (void)lineAnswer(m->hDevice, NULL, 0);
        break;
    case LINECALLSTATE_CONNECTED:
        if (m->hDevice == made)
            (void)lineDrop(m->hDevice, NULL, 0);
        break;
    case LINECALLSTATE_DISCONNECTED:
        (void)lineDrop(m->hDevice, NULL, 0);
        break;
    case LINECALLSTATE_IDLE:
        u.info.dwTotalSize = sizeof(u);
        (void)lineGetCallInfoA(m->hDevice, &u.info);
        (void)lineDeallocateCall(m->hDevice);
        ended++;
        break;
    default:
        break;
    }
}

/* Takes what there is until the call has ended on both sides, or nothing comes any more. */
static void converse(void)
{
    int quiet = 0;

    while (ended < 2 && quiet < 8) {
        LINEMESSAGE m;
        bool heard = false;

        if (callee.app && lineGetMessage(callee.app, &m, 0) == 0) {
            react(&m);
            heard = true;
        }
        /* A message that could not be kept is lost: the wait is for those that may still be on their way. */
        if (caller.app && lineGetMessage(caller.app, &m, heard ? 0 : 2) == 0) {
            react(&m);
            heard = true;
        }
        quiet = heard ? 0 : quiet + 1;
    }
}

/* Allocation number `failing` fails, -1: none. Nothing of Check is called meanwhile: its memory is counted as well. */
static void whole_life(long failing)
{
    LONG rc = 0;

    made = 0;
    ended = 0;
    atomic_store(&asked, 0);
    atomic_store(&fails, failing);
    atomic_store(&counting, true);
    begin(&caller, 0, LINECALLPRIVILEGE_NONE);
    begin(&callee, 1, LINECALLPRIVILEGE_OWNER);
    if (caller.line)
        (void)lineMakeCallA(caller.line, &made, "101", 0, NULL);
    converse();
    if (callee.app)
        rc |= lineShutdown(callee.app);
    if (caller.app)
        rc |= lineShutdown(caller.app);
    atomic_store(&counting, false);
    ck_assert_int_eq(rc, 0);
    host_clean();
}

START_TEST(each_allocation)
{
    long n = 0;

    whole_life(-1);
    ck_assert_int_eq(ended, 2);
    support_stderr_begin();
    do
        whole_life(n++);
    while (atomic_load(&asked) >= n);
    free(support_stderr_end());
    ck_assert_int_gt(n, 50);
    /* And then all is as it was. */
    whole_life(-1);
    ck_assert_int_eq(ended, 2);
}
END_TEST

/* The same for what needs no application. */
static void dial_life(long failing)
{
    static union {
        LINETRANSLATECAPS caps;
        LINETRANSLATEOUTPUT out;
        LINECOUNTRYLIST list;
        char room[8192];
    } u;
    char country[8], city[8];

    atomic_store(&asked, 0);
    atomic_store(&fails, failing);
    atomic_store(&counting, true);
    u.caps.dwTotalSize = sizeof(u);
    (void)lineGetTranslateCapsA(0, 0x00020002, &u.caps);
    (void)lineSetCurrentLocation(0, 1);
    (void)lineSetTollListA(0, 0, "+1 (425) 703-8080", LINETOLLLISTOPTION_ADD);
    (void)lineTranslateAddressA(0, 0, 0x00020002, "tel:+1-425-703-8080;isub=1", 0, 0, &u.out);
    (void)lineTranslateAddressW(0, 0, 0x00020002, (const WCHAR *)u"+1 (425) 703-8080", 0, 0, &u.out);
    (void)lineGetCountryA(1, 0x00020002, &u.list);
    (void)tapiGetLocationInfoA(country, city);
    atomic_store(&counting, false);
    host_clean();
}

static int one_location(struct dialling *d, void *arg)
{
    struct location l;
    uint32_t id;

    (void)arg;
    memset(&l, 0, sizeof(l));
    ck_assert_ptr_null(location_set(&l, "Name", "Seattle"));
    ck_assert_ptr_null(location_set(&l, "Country", "US"));
    ck_assert_ptr_null(location_set(&l, "Area", "425"));
    return location_add(d, &l, &id);
}

START_TEST(each_allocation_of_dialling)
{
    struct dialling d;
    long n = 0;

    memset(&d, 0, sizeof(d));
    support_conf_begin();
    support_env_set("TAPI_SHIM_STATE", support_conf_place());
    ck_assert_int_eq(dialling_change(&d, one_location, NULL), 0);
    dialling_clear(&d);
    dial_life(-1);
    support_stderr_begin();
    do
        dial_life(n++);
    while (atomic_load(&asked) >= n);
    free(support_stderr_end());
    ck_assert_int_gt(n, 30);
    /* Whatever was refused on the way, all is there. */
    ck_assert_int_eq(dialling_load(&d), 0);
    ck_assert_uint_eq(location_current(&d)->id, 1);
    ck_assert_str_eq(location_current(&d)->name, "Seattle");
    ck_assert_str_eq(location_current(&d)->toll, "703");
    dialling_clear(&d);
    support_env_set("TAPI_SHIM_STATE", NULL);
    support_conf_end();
}
END_TEST

TCase *host_oom_tests(void)
{
    TCase *t = tcase_create("memory");

    tcase_add_test(t, each_allocation);
    tcase_add_test(t, each_allocation_of_dialling);
    return t;
}
