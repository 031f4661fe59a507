/* A program under load: makes, answers, hands on and drops calls, and checks every message it gets; may die at one of
 * them, or live through the death of the service. SPDX-License-Identifier: MIT */
#include "include/tapi_port.h"
#include "tests/service/die.h"
#include "tests/sim/order.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * One thread, messages by lineGetMessage. What it does is drawn from a seed, when it is done depends on the others:
 * a run cannot be repeated exactly. The rules that it checks hold for any run:
 *
 * - a message names a line that is open or a call whose handle was not given back;
 * - a call's states come in the documented order, from the first for whoever makes or is offered it;
 * - each request that was accepted has one LINE_REPLY, with a documented error or none;
 * - no function fails on a handle that is good;
 * - while the service lives nothing tells that it has gone; when it dies each line has one LINE_CLOSE, then the
 *   application one LINE_LINEDEVSTATE with REINIT, and no more; functions fail as documented, lineShutdown succeeds,
 * and lineInitializeEx makes all of it good again.
 */

static const char usage[] =
    "usage: service_load [--own N]... [--watch N]... [--calls N] [--deaths N] [--die K] [--tell K] [--seed N]\n"
    "       service_load --kill PID\n"
    "  --own N     owns the calls of line N, and makes some there; --watch N: monitors those of others\n"
    "  --calls N   ends after N calls, 100 by default; after a death of the service, after N more\n"
    "  --deaths N  the service will die N times, not more, and not less\n"
    "  --die K     dies itself at the K-th message\n"
    "  --tell K    prints \"told\" at the K-th message, counted anew after each death\n";

enum {
    LINES_MAX = 8,
    CALLS_MAX = 256,
    REQUESTS_MAX = 1024,
    OWN_CALLS = 4, /* made and not over yet, at most */
    IDLE_MS = 3    /* without a message something is done again */
};

enum kind { MAKE, DROP, ANSWER, ACCEPT };

struct line {
    DWORD number;
    bool own;
    HLINE handle; /* 0: closed */
};

struct call {
    HCALL handle; /* 0 while it is made: written with the reply */
    bool used, own, dropping;
    bool any; /* its first state may be any: another had it before */
    bool incoming;
    uint32_t state;
    LONG making; /* the request; 0: it exists */
};

struct request {
    LONG id;
    enum kind kind;
};

static struct load {
    HLINEAPP app;
    struct line linev[LINES_MAX];
    unsigned linec;
    struct call callv[CALLS_MAX];
    struct request requestv[REQUESTS_MAX];
    unsigned requestc;
    unsigned long calls, goal, deaths, die, tell; /* as the command line says */
    unsigned long done, messages, since, died, violations;
    bool losing; /* a function said that the service has gone: messages must follow */
    bool lost;
    uint64_t random;
} load;

static void violation(const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

static void violation(const char *format, ...)
{
    va_list ap;

    if (load.violations++ < 10) {
        printf("violation at message %lu: ", load.messages);
        va_start(ap, format);
        vprintf(format, ap);
        va_end(ap);
        putchar('\n');
        (void)fflush(stdout);
    }
}

static unsigned below(unsigned n)
{
    load.random ^= load.random << 13;
    load.random ^= load.random >> 7;
    load.random ^= load.random << 17;
    return (unsigned)(load.random >> 33) % n;
}

/* ---- what functions answer --------------------------------------------------------------------------------------- */

/* Whether `rc` is how a function fails when its service has gone, which the messages must tell then. */
static bool gone(LONG rc, DWORD error)
{
    if (load.died == load.deaths || rc != (LONG)error)
        return false;
    load.losing = true;
    return true;
}

/* A request on a call; true: it was accepted. */
static bool request_on(struct call *c, enum kind kind, LONG rc)
{
    static const char *const names[] = {"lineMakeCall", "lineDrop", "lineAnswer", "lineAccept"};

    if (rc > 0) {
        for (unsigned i = 0; i < load.requestc; i++)
            if (load.requestv[i].id == rc)
                violation("request %ld is given out twice", (long)rc);
        if (load.requestc == REQUESTS_MAX) {
            violation("%d requests without a reply", REQUESTS_MAX);
            load.requestc = 0;
        }
        load.requestv[load.requestc++] = (struct request){rc, kind};
        return true;
    }
    if (kind == MAKE) {
        if (rc != (LONG)LINEERR_CALLUNAVAIL && rc != (LONG)LINEERR_RESOURCEUNAVAIL &&
            !gone(rc, LINEERR_INVALLINEHANDLE))
            violation("%s answers %#lx", names[kind], (unsigned long)rc);
    } else if (rc != (LONG)LINEERR_INVALCALLSTATE && !gone(rc, LINEERR_INVALCALLHANDLE)) {
        /* The state may have changed, which the messages are about to tell. */
        violation("%s of call %#lx in state %#lx answers %#lx", names[kind], (unsigned long)c->handle,
                  (unsigned long)c->state, (unsigned long)rc);
    }
    return false;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

static struct call *find(HCALL handle)
{
    for (unsigned i = 0; i < CALLS_MAX; i++)
        if (load.callv[i].used && !load.callv[i].making && load.callv[i].handle == handle)
            return &load.callv[i];
    return NULL;
}

static struct call *add(void)
{
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        if (!load.callv[i].used) {
            load.callv[i] = (struct call){.used = true};
            return &load.callv[i];
        }
    }
    return NULL;
}

static unsigned own_calls(void)
{
    unsigned n = 0;

    for (unsigned i = 0; i < CALLS_MAX; i++)
        n += load.callv[i].used && load.callv[i].own;
    return n;
}

static void make(void)
{
    static const char *const numbers[] = {"100", "101", "102", "103", "100", "101",
                                          "102", "103", "600", "601", "602", "999"};
    struct line *l = &load.linev[below(load.linec)];
    struct call *c;
    LONG rc;

    if (!l->own || !l->handle)
        return;
    c = add();
    if (!c) {
        violation("%d calls that do not end", CALLS_MAX);
        return;
    }
    rc = lineMakeCallA(l->handle, &c->handle, numbers[below(sizeof(numbers) / sizeof(numbers[0]))], 0, NULL);
    if (request_on(c, MAKE, rc)) {
        c->making = rc;
        c->own = true;
    } else {
        c->used = false;
    }
}

static void drop(struct call *c)
{
    c->dropping = true;
    (void)request_on(c, DROP, lineDrop(c->handle, NULL, 0));
}

/* After this there is nothing more about it. */
static void give_back(struct call *c)
{
    LONG rc = lineDeallocateCall(c->handle);

    if (rc)
        violation("lineDeallocateCall of call %#lx in state %#lx answers %#lx", (unsigned long)c->handle,
                  (unsigned long)c->state, (unsigned long)rc);
    c->used = false;
    load.done += c->own;
}

static void hand_on(struct call *c)
{
    LONG rc = lineHandoffA(c->handle, NULL, LINEMEDIAMODE_INTERACTIVEVOICE);

    if (rc && rc != (LONG)LINEERR_TARGETNOTFOUND && rc != (LONG)LINEERR_TARGETSELF &&
        !gone(rc, LINEERR_INVALCALLHANDLE))
        violation("lineHandoff of call %#lx answers %#lx", (unsigned long)c->handle, (unsigned long)rc);
}

static void look(const struct call *c)
{
    union {
        LINECALLSTATUS status;
        LINECALLINFO info;
        unsigned char room[4096];
    } u;
    LONG rc;

    memset(&u, 0, sizeof(u));
    u.status.dwTotalSize = sizeof(u);
    rc = lineGetCallStatus(c->handle, &u.status);
    if (!rc && !(u.status.dwCallPrivilege &
                 (c->own ? LINECALLPRIVILEGE_OWNER : LINECALLPRIVILEGE_OWNER | LINECALLPRIVILEGE_MONITOR)))
        violation("call %#lx has privilege %#lx", (unsigned long)c->handle, (unsigned long)u.status.dwCallPrivilege);
    if (rc && !gone(rc, LINEERR_INVALCALLHANDLE))
        violation("lineGetCallStatus of call %#lx answers %#lx", (unsigned long)c->handle, (unsigned long)rc);
    memset(&u, 0, sizeof(u));
    u.info.dwTotalSize = sizeof(u);
    rc = lineGetCallInfoA(c->handle, &u.info);
    if (rc && !gone(rc, LINEERR_INVALCALLHANDLE))
        violation("lineGetCallInfo of call %#lx answers %#lx", (unsigned long)c->handle, (unsigned long)rc);
}

/* Does something to a call of its own, by the state that it is in. */
static void act(struct call *c)
{
    unsigned what = below(100);

    if (what < 5)
        look(c);
    switch (c->state) {
    case LINECALLSTATE_OFFERING:
        if (what < 60)
            (void)request_on(c, ANSWER, lineAnswer(c->handle, NULL, 0));
        else if (what < 75)
            (void)request_on(c, ACCEPT, lineAccept(c->handle, NULL, 0));
        else if (what < 90)
            drop(c);
        break;
    case LINECALLSTATE_ACCEPTED:
        if (what < 80)
            (void)request_on(c, ANSWER, lineAnswer(c->handle, NULL, 0));
        break;
    case LINECALLSTATE_CONNECTED:
        if (what < 60)
            drop(c);
        else if (what < 75)
            hand_on(c);
        break;
    case LINECALLSTATE_DISCONNECTED:
        if (what < 20)
            give_back(c);
        else if (!c->dropping)
            drop(c);
        break;
    case LINECALLSTATE_IDLE:
        give_back(c);
        break;
    case LINECALLSTATE_BUSY:
    case LINECALLSTATE_SPECIALINFO:
        drop(c);
        break;
    default:
        if (what < 10)
            drop(c);
        break;
    }
}

/* Nothing happens: some call is to end. One that its owner has left lasts as long as somebody watches it. */
static void nudge(void)
{
    unsigned first = below(CALLS_MAX);

    for (unsigned i = 0; i < CALLS_MAX; i++) {
        struct call *c = &load.callv[(first + i) % CALLS_MAX];

        if (!c->used || c->making)
            continue;
        if (c->own)
            drop(c);
        else
            give_back(c);
        return;
    }
}

/* ---- messages ---------------------------------------------------------------------------------------------------- */

static struct line *find_line(DWORD handle)
{
    for (unsigned i = 0; i < load.linec; i++)
        if (handle && load.linev[i].handle == handle)
            return &load.linev[i];
    return NULL;
}

static void on_reply(const LINEMESSAGE *m)
{
    const LONG id = (LONG)m->dwParam1, rc = (LONG)(DWORD)m->dwParam2;
    enum kind kind;
    unsigned at;

    for (at = 0; at < load.requestc && load.requestv[at].id != id; at++)
        ;
    if (at == load.requestc) {
        violation("LINE_REPLY of request %ld, which is not under way", (long)id);
        return;
    }
    kind = load.requestv[at].kind;
    load.requestv[at] = load.requestv[--load.requestc];
    if (rc && rc != (LONG)LINEERR_INVALCALLSTATE && (kind != MAKE || rc != (LONG)LINEERR_CALLUNAVAIL))
        violation("LINE_REPLY of a request of kind %d with %#lx", (int)kind, (unsigned long)rc);
    if (kind != MAKE)
        return;
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        struct call *c = &load.callv[i];

        if (!c->used || c->making != id)
            continue;
        if (rc) {
            c->used = false;
            load.done++;
        } else if (!c->handle || find(c->handle)) {
            violation("LINE_REPLY of lineMakeCall leaves handle %#lx", (unsigned long)c->handle);
            c->used = false;
        }
        c->making = 0;
    }
}

static void on_new_call(const LINEMESSAGE *m)
{
    struct line *l = find_line(m->hDevice);
    struct call *c;

    if (!l || m->dwCallbackInstance != l->number)
        violation("LINE_APPNEWCALL of line %#lx, instance %#lx", (unsigned long)m->hDevice,
                  (unsigned long)m->dwCallbackInstance);
    if (!m->dwParam2 || find((HCALL)m->dwParam2)) {
        violation("LINE_APPNEWCALL of call %#lx, which is there already", (unsigned long)m->dwParam2);
        return;
    }
    if (m->dwParam3 != LINECALLPRIVILEGE_OWNER && m->dwParam3 != LINECALLPRIVILEGE_MONITOR)
        violation("LINE_APPNEWCALL with privilege %#lx", (unsigned long)m->dwParam3);
    c = add();
    if (!c) {
        violation("%d calls that do not end", CALLS_MAX);
        return;
    }
    c->handle = (HCALL)m->dwParam2;
    c->own = m->dwParam3 == LINECALLPRIVILEGE_OWNER;
    c->any = true;
    if (c->own && l && !l->own)
        violation("LINE_APPNEWCALL of a call to own on line %lu, which is only watched", (unsigned long)l->number);
}

static void on_state(const LINEMESSAGE *m)
{
    const uint32_t state = (uint32_t)m->dwParam1;
    struct call *c = find(m->hDevice);

    if (!c) {
        violation("LINE_CALLSTATE %#lx of call %#lx, which is not there", (unsigned long)state,
                  (unsigned long)m->hDevice);
        return;
    }
    if (m->dwParam3 == LINECALLPRIVILEGE_OWNER)
        c->own = true;
    else if (m->dwParam3 && (m->dwParam3 != LINECALLPRIVILEGE_MONITOR || c->own))
        violation("LINE_CALLSTATE with privilege %#lx", (unsigned long)m->dwParam3);
    /* Who becomes owner is told the state again; who watches a call may be told of it before it has one. */
    if ((!c->state || c->state == LINECALLSTATE_UNKNOWN) && c->any)
        c->incoming = state == LINECALLSTATE_OFFERING;
    else if (!(m->dwParam3 && state == c->state) && !(order_after(c->state, c->incoming, false, false) & state))
        violation("call %#lx goes from %#lx to %#lx", (unsigned long)c->handle, (unsigned long)c->state,
                  (unsigned long)state);
    c->state = state;
    if (c->own)
        act(c);
    else if (state == LINECALLSTATE_IDLE || below(100) < 3)
        give_back(c);
    else if (below(100) < 3)
        look(c);
}

static void on_close(const LINEMESSAGE *m)
{
    struct line *l = find_line(m->hDevice);

    if (load.died == load.deaths)
        violation("LINE_CLOSE while the service lives");
    if (!l || m->dwCallbackInstance != l->number)
        violation("LINE_CLOSE of line %#lx, which is not open", (unsigned long)m->hDevice);
    else
        l->handle = 0;
}

static void on_device(const LINEMESSAGE *m)
{
    if (m->hDevice || m->dwParam1 != LINEDEVSTATE_REINIT) {
        if (!find_line(m->hDevice))
            violation("LINE_LINEDEVSTATE %#lx of line %#lx", (unsigned long)m->dwParam1, (unsigned long)m->hDevice);
        return;
    }
    if (load.died == load.deaths)
        violation("LINE_LINEDEVSTATE with REINIT while the service lives");
    for (unsigned i = 0; i < load.linec; i++)
        if (load.linev[i].handle)
            violation("REINIT before LINE_CLOSE of line %lu", (unsigned long)load.linev[i].number);
    load.lost = true;
}

static void take(const LINEMESSAGE *m)
{
    load.messages++;
    load.since++;
    if (load.messages == load.die)
        die_here();
    if (load.since == load.tell) {
        puts("told");
        (void)fflush(stdout);
    }
    switch (m->dwMessageID) {
    case LINE_REPLY:
        on_reply(m);
        break;
    case LINE_APPNEWCALL:
        on_new_call(m);
        break;
    case LINE_CALLSTATE:
        on_state(m);
        break;
    case LINE_CALLINFO:
        if (!find(m->hDevice))
            violation("LINE_CALLINFO %#lx of call %#lx, which is not there", (unsigned long)m->dwParam1,
                      (unsigned long)m->hDevice);
        break;
    case LINE_CLOSE:
        on_close(m);
        break;
    case LINE_LINEDEVSTATE:
        on_device(m);
        break;
    default:
        violation("message %lu, which nobody asked for", (unsigned long)m->dwMessageID);
        break;
    }
}

/* False: there was none. */
static bool next(DWORD wait_ms)
{
    LINEMESSAGE m;
    LONG rc = lineGetMessage(load.app, &m, wait_ms);

    if (!rc)
        take(&m);
    else if (rc != (LONG)LINEERR_OPERATIONFAILED)
        violation("lineGetMessage answers %#lx", (unsigned long)rc);
    return !rc;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static bool begin(void)
{
    LINEINITIALIZEEXPARAMS params;
    DWORD version = 0x00020002, lines = 0;
    LONG rc;

    memset(&params, 0, sizeof(params));
    params.dwTotalSize = sizeof(params);
    params.dwOptions = LINEINITIALIZEEXOPTION_USEEVENT;
    rc = lineInitializeExA(&load.app, NULL, NULL, "load", &lines, &version, &params);
    if (rc) {
        violation("lineInitializeEx answers %#lx", (unsigned long)rc);
        return false;
    }
    for (unsigned i = 0; i < load.linec; i++) {
        struct line *l = &load.linev[i];
        DWORD privileges = l->own ? LINECALLPRIVILEGE_OWNER : LINECALLPRIVILEGE_MONITOR;

        rc = lineOpenA(load.app, l->number, &l->handle, version, 0, l->number, privileges,
                       l->own ? LINEMEDIAMODE_INTERACTIVEVOICE : 0, NULL);
        if (rc) {
            violation("lineOpen of line %lu answers %#lx", (unsigned long)l->number, (unsigned long)rc);
            return false;
        }
    }
    return true;
}

static void expect(const char *what, LONG rc, DWORD error)
{
    if (rc != (LONG)error)
        violation("%s answers %#lx after the service's death, not %#lx", what, (unsigned long)rc, (unsigned long)error);
}

/* The service is dead, and all that is said about it has been read. */
static void bury(const HLINE *was)
{
    LINEDEVCAPS caps;
    LINEDEVSTATUS status;
    HCALL made = 0;
    HLINE line;

    if (next(0))
        violation("a message after REINIT");
    memset(&caps, 0, sizeof(caps));
    caps.dwTotalSize = sizeof(caps);
    memset(&status, 0, sizeof(status));
    status.dwTotalSize = sizeof(status);
    expect("lineGetDevCaps", lineGetDevCapsA(load.app, load.linev[0].number, 0x00020002, 0, &caps), LINEERR_REINIT);
    expect("lineOpen",
           lineOpenA(load.app, load.linev[0].number, &line, 0x00020002, 0, 0, LINECALLPRIVILEGE_NONE, 0, NULL),
           LINEERR_REINIT);
    expect("lineGetLineDevStatus", lineGetLineDevStatusA(was[0], &status), LINEERR_INVALLINEHANDLE);
    expect("lineMakeCall", lineMakeCallA(was[0], &made, "600", 0, NULL), LINEERR_INVALLINEHANDLE);
    expect("lineClose", lineClose(was[0]), LINEERR_INVALLINEHANDLE);
    for (unsigned i = 0; i < CALLS_MAX; i++) {
        const struct call *c = &load.callv[i];

        if (!c->used || c->making)
            continue;
        expect("lineDrop", lineDrop(c->handle, NULL, 0), LINEERR_INVALCALLHANDLE);
        expect("lineDeallocateCall", lineDeallocateCall(c->handle), 0);
    }
    expect("lineShutdown", lineShutdown(load.app), 0);
    memset(load.callv, 0, sizeof(load.callv));
    load.requestc = 0;
    load.died++;
    load.lost = load.losing = false;
    load.since = 0;
    load.goal = load.done + load.calls;
}

/* Waits for the end of all that is its own, or leaves it to the service. */
static void end(void)
{
    bool busy = below(2) != 0;

    while (busy && load.died == load.deaths) {
        busy = load.requestc > 0;
        for (unsigned i = 0; i < CALLS_MAX; i++) {
            struct call *c = &load.callv[i];

            if (!c->used || c->making)
                continue;
            if (c->own) {
                busy = true;
                if (!c->dropping)
                    drop(c);
            } else {
                give_back(c);
            }
        }
        if (busy)
            (void)next(IDLE_MS);
    }
    if (lineShutdown(load.app))
        violation("lineShutdown fails");
}

static int run(void)
{
    HLINE was[LINES_MAX];
    bool good = begin();

    load.goal = load.calls;
    while (good && (load.done < load.goal || load.died < load.deaths)) {
        for (unsigned i = 0; i < load.linec; i++)
            was[i] = load.linev[i].handle ? load.linev[i].handle : was[i];
        if (!load.losing && !load.lost && own_calls() < OWN_CALLS && below(2))
            make();
        if (!next(load.losing ? 0 : IDLE_MS)) {
            if (load.losing) {
                violation("functions fail as if the service had gone, which nothing tells");
                good = false;
            } else {
                nudge();
            }
        }
        if (load.lost) {
            bury(was);
            good = begin();
        }
    }
    if (good)
        end();
    printf("calls=%lu messages=%lu deaths=%lu violations=%lu\n", load.done, load.messages, load.died, load.violations);
    return load.violations != 0;
}

static bool arguments(int argc, char **argv)
{
    load.calls = 100;
    load.random = 1;
    for (int i = 1; i < argc; i += 2) {
        char *rest = NULL;
        unsigned long n = i + 1 < argc ? strtoul(argv[i + 1], &rest, 10) : 0;
        bool own = strcmp(argv[i], "--own") == 0;

        if (!rest || rest == argv[i + 1] || *rest)
            return false;
        if (strcmp(argv[i], "--kill") == 0)
            exit(die_other(n) ? EXIT_SUCCESS : EXIT_FAILURE);
        if (own || strcmp(argv[i], "--watch") == 0) {
            if (load.linec == LINES_MAX)
                return false;
            load.linev[load.linec++] = (struct line){.number = (DWORD)n, .own = own};
        } else if (strcmp(argv[i], "--calls") == 0) {
            load.calls = n;
        } else if (strcmp(argv[i], "--deaths") == 0) {
            load.deaths = n;
        } else if (strcmp(argv[i], "--die") == 0) {
            load.die = n;
        } else if (strcmp(argv[i], "--tell") == 0) {
            load.tell = n;
        } else if (strcmp(argv[i], "--seed") == 0) {
            load.random = (n + 1) * 0x9E3779B97F4A7C15u;
        } else {
            return false;
        }
    }
    return load.linec > 0;
}

int main(int argc, char **argv)
{
    if (!arguments(argc, argv)) {
        fputs(usage, stderr);
        return 2;
    }
    return run();
}
