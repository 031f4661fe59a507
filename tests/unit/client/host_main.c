/* The host as applications see it: client, engine and provider in one program. SPDX-License-Identifier: MIT */
#include "tests/unit/client/host.h"

HLINEAPP desk_start(DWORD version, DWORD *devices)
{
    LINEINITIALIZEEXPARAMS params = {.dwTotalSize = sizeof(params), .dwOptions = LINEINITIALIZEEXOPTION_USEEVENT};
    DWORD count = 0;
    HLINEAPP app = 0;

    ck_assert_int_eq(lineInitializeExA(&app, NULL, NULL, "desk", &count, &version, &params), 0);
    if (devices)
        *devices = count;
    return app;
}

void desk_open(struct desk *d, DWORD device, DWORD version, DWORD privileges)
{
    LINEEXTENSIONID extension;

    d->app = desk_start(version, NULL);
    d->device = device;
    ck_assert_int_eq(lineNegotiateAPIVersion(d->app, device, 0x00010003, version, &d->version, &extension), 0);
    ck_assert_uint_eq(d->version, version);
    ck_assert_int_eq(
        lineOpenA(d->app, device, &d->line, d->version, 0, device, privileges, LINEMEDIAMODE_INTERACTIVEVOICE, NULL),
        0);
}

void desk_close(struct desk *d)
{
    ck_assert_int_eq(lineShutdown(d->app), 0);
}

void host_clean(void)
{
    ck_assert_ptr_null(client.conn);
    ck_assert_uint_eq(client.lines.count + client.handles.count + client.requests.count + client.apps.count, 0);
}

LINEMESSAGE desk_await(const struct desk *d, DWORD want, DWORD device, DWORD_PTR bits)
{
    LINEMESSAGE m;

    do
        ck_assert_int_eq(lineGetMessage(d->app, &m, INFINITE), 0);
    while (m.dwMessageID != want || (device && m.hDevice != device) || (bits && !(m.dwParam1 & bits)));
    return m;
}

LONG desk_reply(const struct desk *d, LONG request)
{
    LINEMESSAGE m;

    ck_assert_int_gt(request, 0);
    do
        m = desk_await(d, LINE_REPLY, 0, 0);
    while (m.dwParam1 != (DWORD_PTR)request);
    return (LONG)m.dwParam2;
}

HCALL desk_call(const struct desk *d, const char *number)
{
    HCALL call = 0;

    ck_assert_int_eq(desk_reply(d, lineMakeCallA(d->line, &call, number, 0, NULL)), 0);
    ck_assert_uint_ne(call, 0);
    return call;
}

HCALL desk_offered(const struct desk *d)
{
    return desk_await(d, LINE_CALLSTATE, 0, LINECALLSTATE_OFFERING).hDevice;
}

void desk_end(const struct desk *d, HCALL call)
{
    if (host_state(call) != LINECALLSTATE_IDLE) {
        ck_assert_int_gt(lineDrop(call, NULL, 0), 0);
        (void)desk_await(d, LINE_CALLSTATE, call, LINECALLSTATE_IDLE);
    }
    ck_assert_int_eq(lineDeallocateCall(call), 0);
}

void host_info_get(HCALL call, union host_info *u)
{
    memset(u, 0, sizeof(*u));
    u->info.dwTotalSize = sizeof(*u);
    ck_assert_int_eq(lineGetCallInfoA(call, &u->info), 0);
    ck_assert_uint_eq(u->info.dwNeededSize, u->info.dwUsedSize);
}

DWORD host_state(HCALL call)
{
    union {
        LINECALLSTATUS status;
        char room[512];
    } u;

    memset(&u, 0, sizeof(u));
    u.status.dwTotalSize = sizeof(u);
    ck_assert_int_eq(lineGetCallStatus(call, &u.status), 0);
    return u.status.dwCallState;
}

int main(void)
{
    Suite *suite = suite_create("host");
    SRunner *runner;
    int failed;

    /* The engine of the test, no service. */
    (void)platform_env_set("TAPI_SHIM_MODE", "in-process");
    suite_add_tcase(suite, host_line_tests());
    suite_add_tcase(suite, host_call_tests());
    suite_add_tcase(suite, host_oom_tests());
    suite_add_tcase(suite, host_translate_tests());
    suite_add_tcase(suite, host_phone_tests());
    suite_add_tcase(suite, host_agent_tests());
    suite_add_tcase(suite, host_proxy_tests());
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed != 0;
}
