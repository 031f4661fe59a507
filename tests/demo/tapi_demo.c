/* Calls between two lines, each message shown: one application makes them, the other answers.
 * SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tapi_shim/client/error_name.h"
#include "tapi_shim/platform/platform.h"
#include "tapi_shim/tapictl/names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nothing here takes long; this only keeps a broken provider from holding up whoever runs the demonstration. */
enum { PATIENCE_MS = 60000, CALLS_MAX = 100000 };

struct side {
    const char *name;
    HLINEAPP app;
    HLINE line;
    DWORD device, version;
    DWORD connected, dropped, released; /* of calls between the lines; guarded by `lock` */
};

static struct side caller = {.name = "caller"}, callee = {.name = "callee"};
static struct platform_mutex lock = PLATFORM_MUTEX_INIT;
static struct platform_cond changed = PLATFORM_COND_INIT;
static bool quiet;

static void show(const struct side *side, const LINEMESSAGE *m)
{
    char text[NAMES_TEXT_MAX];

    if (quiet)
        return;
    (void)names_describe(m, text);
    platform_mutex_lock(&lock);
    printf("%s  %s\n", side->name, text);
    platform_mutex_unlock(&lock);
}

static bool failed(const struct side *side, const char *what, LONG rc)
{
    if (rc >= 0)
        return false;
    platform_mutex_lock(&lock);
    printf("%s  %s: %s\n", side->name, what, error_name(rc));
    platform_mutex_unlock(&lock);
    return true;
}

static void count(DWORD *counter)
{
    platform_mutex_lock(&lock);
    ++*counter;
    platform_cond_broadcast(&changed);
    platform_mutex_unlock(&lock);
}

static bool open_side(struct side *side, DWORD device, DWORD privileges)
{
    LINEINITIALIZEEXPARAMS params;
    LINEEXTENSIONID extension;
    DWORD lines = 0, version = TAPI_CURRENT_VERSION;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEEVENT;
    side->device = device;
    if (failed(side, "lineInitializeEx",
               lineInitializeExA(&side->app, NULL, NULL, side->name, &lines, &version, &params)))
        return false;
    if (lines <= device) {
        printf("%s  there are %lu lines only\n", side->name, (unsigned long)lines);
        return false;
    }
    return !failed(side, "lineNegotiateAPIVersion",
                   lineNegotiateAPIVersion(side->app, device, 0x00010003, TAPI_CURRENT_VERSION, &side->version,
                                           &extension)) &&
           !failed(side, "lineOpen",
                   lineOpenA(side->app, device, &side->line, side->version, 0, 0, privileges,
                             LINEMEDIAMODE_INTERACTIVEVOICE, NULL));
}

/* The number of the side's line. */
static bool number_of(const struct side *side, char *number, size_t size)
{
    union {
        LINEADDRESSCAPS caps;
        char room[4096];
    } u;

    memset(&u, 0, sizeof(u));
    u.caps.dwTotalSize = sizeof(u);
    if (failed(side, "lineGetAddressCaps", lineGetAddressCapsA(side->app, side->device, 0, side->version, 0, &u.caps)))
        return false;
    (void)snprintf(number, size, "%s", u.caps.dwAddressSize ? u.room + u.caps.dwAddressOffset : "");
    return number[0] != 0;
}

/* ---- who answers ---- */

static void answer_message(const LINEMESSAGE *m)
{
    if (m->dwMessageID != LINE_CALLSTATE)
        return;
    switch (m->dwParam1) {
    case LINECALLSTATE_OFFERING:
        (void)failed(&callee, "lineAnswer", lineAnswer(m->hDevice, NULL, 0));
        break;
    case LINECALLSTATE_CONNECTED:
        count(&callee.connected);
        break;
    case LINECALLSTATE_DISCONNECTED:
        (void)failed(&callee, "lineDrop", lineDrop(m->hDevice, NULL, 0));
        break;
    case LINECALLSTATE_IDLE:
        count(&callee.dropped);
        if (!failed(&callee, "lineDeallocateCall", lineDeallocateCall(m->hDevice)))
            count(&callee.released);
        break;
    default:
        break;
    }
}

/* Until the application is shut down. */
static void answer_calls(void *arg)
{
    LINEMESSAGE m;

    (void)arg;
    while (lineGetMessage(callee.app, &m, INFINITE) == 0) {
        show(&callee, &m);
        answer_message(&m);
    }
}

/* ---- who calls ---- */

/* Takes messages until the call is in one of the states, or the reply to `request` is there. Its state, or its reply;
 * 0: neither. */
static DWORD_PTR await(HCALL call, DWORD states, LONG request, LONG *result)
{
    LINEMESSAGE m;

    while (lineGetMessage(caller.app, &m, PATIENCE_MS) == 0) {
        show(&caller, &m);
        if (request > 0 && m.dwMessageID == LINE_REPLY && m.dwParam1 == (DWORD_PTR)request) {
            *result = (LONG)m.dwParam2;
            return 1;
        }
        if (m.dwMessageID == LINE_CALLSTATE && m.hDevice == call && (m.dwParam1 & states))
            return m.dwParam1;
    }
    printf("%s  no message for %d s\n", caller.name, PATIENCE_MS / 1000);
    return 0;
}

/* One call: made, brought to `wanted`, dropped, released. `released`: gets its handle, which is void then. */
static bool call_number(const char *number, DWORD wanted, bool counted, HCALL *released)
{
    DWORD ends = wanted | LINECALLSTATE_DISCONNECTED | LINECALLSTATE_BUSY | LINECALLSTATE_IDLE;
    HCALL call = 0;
    LONG result = -1, rc;
    DWORD_PTR state;
    bool good;

    if (!quiet) {
        platform_mutex_lock(&lock);
        printf("%s  calls %s\n", caller.name, number);
        platform_mutex_unlock(&lock);
    }
    rc = lineMakeCallA(caller.line, &call, number, 0, NULL);
    if (failed(&caller, "lineMakeCall", rc) || !await(0, 0, rc, &result) || failed(&caller, "reply", result))
        return false;
    state = await(call, ends, 0, NULL);
    good = state == wanted;
    if (good && counted)
        count(&caller.connected);
    if (state != LINECALLSTATE_IDLE) {
        rc = lineDrop(call, NULL, 0);
        if (failed(&caller, "lineDrop", rc) || await(call, LINECALLSTATE_IDLE, 0, NULL) != LINECALLSTATE_IDLE)
            return false;
    }
    if (counted)
        count(&caller.dropped);
    if (failed(&caller, "lineDeallocateCall", lineDeallocateCall(call)))
        return false;
    if (counted)
        count(&caller.released);
    *released = call;
    return good;
}

/* Waits until the other side has released as many. */
static bool both_released(DWORD calls)
{
    uint64_t deadline = platform_mono_ms() + PATIENCE_MS;
    bool done;

    platform_mutex_lock(&lock);
    while (callee.released < calls && platform_cond_wait_until(&changed, &lock, deadline))
        ;
    done = callee.released >= calls;
    platform_mutex_unlock(&lock);
    return done;
}

/* ---- what is left ---- */

static DWORD left_on(const struct side *side)
{
    union {
        LINEDEVSTATUS status;
        char room[4096];
    } line;
    union {
        LINEADDRESSSTATUS status;
        char room[4096];
    } address;
    union {
        LINECALLLIST list;
        char room[4096];
    } calls;
    DWORD left = 0;

    memset(&line, 0, sizeof(line));
    memset(&address, 0, sizeof(address));
    memset(&calls, 0, sizeof(calls));
    line.status.dwTotalSize = sizeof(line);
    address.status.dwTotalSize = sizeof(address);
    calls.list.dwTotalSize = sizeof(calls);
    if (failed(side, "lineGetLineDevStatus", lineGetLineDevStatusA(side->line, &line.status)) ||
        failed(side, "lineGetAddressStatus", lineGetAddressStatusA(side->line, 0, &address.status)) ||
        failed(side, "lineGetNewCalls", lineGetNewCalls(side->line, 0, LINECALLSELECT_LINE, &calls.list)))
        return 1;
    left += line.status.dwNumActiveCalls + line.status.dwNumOnHoldCalls + line.status.dwNumOnHoldPendCalls;
    left += address.status.dwNumActiveCalls + address.status.dwNumOnHoldCalls + address.status.dwNumOnHoldPendCalls;
    left += calls.list.dwCallsNumEntries;
    return left;
}

/* A handle that was given back must be one no more. */
static DWORD still_valid(HCALL call)
{
    union {
        LINECALLSTATUS status;
        char room[1024];
    } u;

    memset(&u, 0, sizeof(u));
    u.status.dwTotalSize = sizeof(u);
    return lineGetCallStatus(call, &u.status) != (LONG)LINEERR_INVALCALLHANDLE;
}

static DWORD smaller(DWORD a, DWORD b)
{
    return a < b ? a : b;
}

static bool arguments(int argc, char **argv, DWORD *calls)
{
    int i;

    for (i = 1; i < argc; i++) {
        char *end;

        if (strcmp(argv[i], "--quiet") == 0) {
            quiet = true;
        } else if (strcmp(argv[i], "--calls") == 0 && i + 1 < argc) {
            unsigned long n = strtoul(argv[++i], &end, 10);

            if (*end || n < 1 || n > CALLS_MAX)
                return false;
            *calls = (DWORD)n;
        } else {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    struct platform_thread *answering = NULL;
    DWORD calls = 3, i, leaked = 0, connected, dropped, released;
    char number[64] = "";
    bool good, special = true;
    HCALL call = 0;

    /* What is left over at the end can be counted in this process alone. */
    (void)platform_env_set("TAPI_SHIM_MODE", "in-process");
    if (!arguments(argc, argv, &calls)) {
        fprintf(stderr, "usage: tapi_demo [--calls N] [--quiet]   (N from 1 to %d, 3 if not given)\n", CALLS_MAX);
        return 2;
    }
    good = open_side(&caller, 0, LINECALLPRIVILEGE_NONE) && open_side(&callee, 1, LINECALLPRIVILEGE_OWNER) &&
           number_of(&callee, number, sizeof(number));
    if (good)
        good = platform_thread_start(&answering, "answers", answer_calls, NULL) == 0;
    for (i = 0; good && i < calls; i++) {
        good = call_number(number, LINECALLSTATE_CONNECTED, true, &call) && both_released(i + 1);
        leaked += good && still_valid(call);
    }
    if (good) {
        special = call_number("600", LINECALLSTATE_CONNECTED, false, &call);
        leaked += special && still_valid(call);
        special = call_number("601", LINECALLSTATE_BUSY, false, &call) && special;
        leaked += special && still_valid(call);
        leaked += left_on(&caller) + left_on(&callee);
    }
    if (caller.app)
        (void)lineShutdown(caller.app);
    if (callee.app)
        (void)lineShutdown(callee.app);
    platform_thread_join(answering);

    connected = smaller(caller.connected, callee.connected);
    dropped = smaller(caller.dropped, callee.dropped);
    released = smaller(caller.released, callee.released);
    printf("calls=%lu connected=%lu dropped=%lu released=%lu leaked=%lu\n", (unsigned long)calls,
           (unsigned long)connected, (unsigned long)dropped, (unsigned long)released, (unsigned long)leaked);
    return good && special && connected == calls && dropped == calls && released == calls && !leaked ? 0 : 1;
}
