/* Sessions as a contract: what a service framework promises of sessions, tried at the provider's entry points. A test
 * per promise, by its name. SPDX-License-Identifier: MIT */
#include "tests/contract/fake_core.h"
#include "tests/sim/order.h"
#include "tests/unit/tspi/host.h"

#include <stdio.h>

enum { V2_2 = 0x00020002 };

static void start(const char *ini)
{
    host_start(ini);
    for (int i = 0; i < 4; i++)
        host_open(i, V2_2, false);
}

/* Call `call` of line `from` is up with the newest call of the line of `to`, which is returned. */
static HDRVCALL connect(int from, uintptr_t call, const WCHAR *to, HDRVCALL *peer)
{
    HDRVCALL hd = host_make(from, call, to);

    *peer = host_new(host.next_call - 1);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), *peer, NULL, 0), 0);
    ck_assert_uint_eq(host_state(hd), LINECALLSTATE_CONNECTED);
    host_forget();
    return hd;
}

/* ---- session mode ------------------------------------------------------------------------------------------------ */

/* Every operation on a session, and every question about one, by its TSPI function. */
/* clang-format off */
#define ON_A_SESSION(X)                                                                                                \
    X(lineAccept(9, c, NULL, 0))                                                                                       \
    X(lineAddToConference(9, c, c))                                                                                    \
    X(lineAnswer(9, c, NULL, 0))                                                                                       \
    X(lineBlindTransfer(9, c, u"102", 0))                                                                              \
    X(lineCloseCall(c))                                                                                                \
    X(lineCompleteTransfer(9, c, c, HOST_CALL(5), &other, LINETRANSFERMODE_TRANSFER))                                  \
    X(lineDial(9, c, u"1", 0))                                                                                         \
    X(lineDrop(9, c, NULL, 0))                                                                                         \
    X(lineGatherDigits(c, 1, LINEDIGITMODE_DTMF, NULL, 1, NULL, 0, 0))                                                       \
    X(lineGenerateDigits(c, 1, LINEDIGITMODE_DTMF, u"1", 0))                                                           \
    X(lineGetCallAddressID(c, &number))                                                                                \
    X(lineGetCallInfo(c, &info))                                                                                       \
    X(lineGetCallStatus(c, &status))                                                                                   \
    X(lineHold(9, c))                                                                                                  \
    X(lineMonitorDigits(c, LINEDIGITMODE_DTMF))                                                                        \
    X(lineMonitorMedia(c, LINEMEDIAMODE_INTERACTIVEVOICE))                                                             \
    X(linePrepareAddToConference(9, c, HOST_CALL(5), &other, NULL))                                                    \
    X(lineRedirect(9, c, u"102", 0))                                                                                   \
    X(lineReleaseUserUserInfo(9, c))                                                                                   \
    X(lineRemoveFromConference(9, c))                                                                                  \
    X(lineSecureCall(9, c))                                                                                            \
    X(lineSendUserUserInfo(9, c, "x", 1))                                                                              \
    X(lineSetAppSpecific(c, 1))                                                                                        \
    X(lineSetCallData(9, c, (void *)(uintptr_t)"x", 1))                                                                \
    X(lineSetCallParams(9, c, LINEBEARERMODE_VOICE, 0, 64000, NULL))                                                   \
    X(lineSetCallTreatment(9, c, LINECALLTREATMENT_SILENCE))                                                           \
    X(lineSetMediaMode(c, LINEMEDIAMODE_INTERACTIVEVOICE))                                                             \
    X(lineSetupTransfer(9, c, HOST_CALL(5), &other, NULL))                                                             \
    X(lineSwapHold(9, c, c))                                                                                           \
    X(linePark(9, c, LINEPARKMODE_DIRECTED, u"700", NULL))                                                             \
    X(lineUnhold(9, c))
/* clang-format on */

START_TEST(session_required)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    LINECALLSTATUS status = {.dwTotalSize = sizeof status};
    HDRVCALL peer, other = NULL, stale, casev[3];
    DWORD number;

    start(NULL);
    stale = connect(0, 1, u"101", &peer);
    ck_assert_int_eq(TSPI_lineCloseCall(stale), 0);
    host_forget();
    casev[0] = NULL;
    casev[1] = stale;
    casev[2] = (HDRVCALL)((uintptr_t)peer + 64); /* made up */
    for (size_t i = 0; i < sizeof casev / sizeof *casev; i++) {
        HDRVCALL c = casev[i];
#define TRY(call) ck_assert_msg(TSPI_##call == ERR(INVALCALLHANDLE), "%s", #call);
        ON_A_SESSION(TRY)
#undef TRY
    }
    ck_assert_str_eq(host_trace(), ""); /* and nobody hears of it */
    host_stop();
}
END_TEST

/* A conference is set up of a session, or of none: both ways there is one. */
START_TEST(session_allowed)
{
    HDRVCALL call, peer, parent = NULL, consult = NULL;

    ck_assert_int_eq(session_contract(SESSION_OP_SETUPCONF)->mode, SESSION_ALLOWED);
    start(NULL);
    call = connect(0, 1, u"101", &peer);
    ck_assert_int_gt(TSPI_lineSetupConference(host_request(), call, host.linev[0], HOST_CALL(2), &parent, HOST_CALL(3),
                                              &consult, 3, NULL),
                     0);
    ck_assert_uint_eq(host_state(call), LINECALLSTATE_CONFERENCED);
    ck_assert_uint_eq(host_state(parent), LINECALLSTATE_ONHOLDPENDCONF);
    ck_assert_int_eq(TSPI_lineSetupConference(9, (HDRVCALL)((uintptr_t)call + 64), host.linev[0], HOST_CALL(2), &parent,
                                              HOST_CALL(3), &consult, 3, NULL),
                     ERR(INVALCALLHANDLE));
    ck_assert_int_gt(TSPI_lineSetupConference(host_request(), NULL, host.linev[2], HOST_CALL(4), &parent, HOST_CALL(5),
                                              &consult, 3, NULL),
                     0);
    ck_assert_uint_eq(host_state(parent), LINECALLSTATE_ONHOLDPENDCONF);
    ck_assert_uint_eq(host_state(consult), LINECALLSTATE_DIALTONE);
    host_stop();
}
END_TEST

/* What needs no session takes none: one that is named is not touched, and does not matter, even if it does not exist.
 */
START_TEST(session_not_allowed)
{
    struct fake_core f;
    unsigned rows = 0;

    fake_start(&f, NULL);
    for (int op = 0; op < SESSION_OP_COUNT; op++) {
        const struct session_contract *row = session_contract((enum session_op)op);
        uint32_t id;

        if (row->mode != SESSION_NOT_ALLOWED || !row->implemented)
            continue;
        rows++;
        id = fake_in_state(&f, SESSION_CONNECTED);
        (void)fake_op(&f, (enum session_op)op, id);
        ck_assert_msg(fake_state(&f, id) == SESSION_CONNECTED, "%s touched a session", row->name);
        ck_assert_msg(f.madev[0] != id && f.madev[1] != id, "%s made a session that was there", row->name);
        fake_release_all(&f);
    }
    ck_assert_uint_gt(rows, 0);
    fake_end(&f);
}
END_TEST

/* ---- beginning and end ------------------------------------------------------------------------------------------- */

/* An operation that initiates makes sessions: as many as its row says, new ones, which last until they are released. */
START_TEST(initiating_operations)
{
    const struct session_contract *row = session_contract((enum session_op)_i);
    HDRVCALL call, peer, madev[2] = {NULL, NULL};
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    LINECALLPARAMS *none = NULL;

    if (!row->initiating || !row->implemented)
        return;
    start(NULL);
    switch (_i) {
    case SESSION_OP_MAKE:
        madev[0] = connect(0, 2, u"101", &peer);
        break;
    case SESSION_OP_SETUPTRANSFER:
        call = connect(0, 1, u"101", &peer);
        ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &madev[0], none), 0);
        break;
    case SESSION_OP_SETUPCONF:
        call = connect(0, 1, u"101", &peer);
        ck_assert_int_gt(TSPI_lineSetupConference(host_request(), call, host.linev[0], HOST_CALL(2), &madev[0],
                                                  HOST_CALL(3), &madev[1], 3, none),
                         0);
        break;
    case SESSION_OP_PREPAREADDCONF: {
        HDRVCALL parent = NULL, consult = NULL;

        call = connect(0, 1, u"101", &peer);
        ck_assert_int_gt(TSPI_lineSetupConference(host_request(), call, host.linev[0], HOST_CALL(4), &parent,
                                                  HOST_CALL(3), &consult, 3, none),
                         0);
        ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"600", 0), 0);
        ck_assert_int_gt(TSPI_lineAddToConference(host_request(), parent, consult), 0);
        ck_assert_int_gt(TSPI_linePrepareAddToConference(host_request(), parent, HOST_CALL(2), &madev[0], none), 0);
        break;
    }
    case SESSION_OP_COMPLETETRANSFER: {
        HDRVCALL consult = NULL;

        call = connect(0, 1, u"101", &peer);
        ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(3), &consult, none), 0);
        ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"600", 0), 0);
        ck_assert_int_gt(TSPI_lineCompleteTransfer(host_request(), call, consult, HOST_CALL(2), &madev[0],
                                                   LINETRANSFERMODE_CONFERENCE),
                         0);
        break;
    }
    case SESSION_OP_UNPARK:
        call = connect(0, 1, u"101", &peer);
        ck_assert_int_gt(TSPI_linePark(host_request(), call, LINEPARKMODE_DIRECTED, u"700", NULL), 0);
        ck_assert_int_gt(TSPI_lineUnpark(host_request(), host.linev[2], 0, HOST_CALL(2), &madev[0], u"700"), 0);
        break;
    case SESSION_OP_PICKUP:
        (void)host_make(0, 1, u"101");
        ck_assert_int_gt(TSPI_linePickup(host_request(), host.linev[2], 0, HOST_CALL(2), &madev[0], NULL, NULL), 0);
        break;
    default:
        ck_abort_msg("%s initiates, and is not tried", row->name);
    }
    ck_assert(!madev[1] || madev[0] != madev[1]);
    for (uint32_t i = 0; i < row->handles && madev[i]; i++) {
        DWORD state = host_state(madev[i]);

        ck_assert_uint_ne(state, 0);
        ck_assert_uint_ne(state, LINECALLSTATE_IDLE);
        ck_assert_int_gt(TSPI_lineDrop(host_request(), madev[i], NULL, 0), 0);
        ck_assert_int_eq(TSPI_lineGetCallInfo(madev[i], &info), 0); /* dropped is not released */
        ck_assert_uint_ne(info.dwCallID, 0);
        ck_assert_int_eq(TSPI_lineCloseCall(madev[i]), 0);
        ck_assert_int_eq(TSPI_lineGetCallInfo(madev[i], &info), ERR(INVALCALLHANDLE));
    }
    ck_assert_msg(madev[0] != NULL, "%s made nothing", row->name);
    host_stop();
}
END_TEST

/* What an ended session still answers: questions and its release. Everything else is refused. */
static void check_ended(HDRVCALL c, const char *by)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    LINECALLSTATUS status = {.dwTotalSize = sizeof status};
    HDRVCALL other = NULL;

    ck_assert_msg(host_state(c) == LINECALLSTATE_IDLE, "%s left the session in %x", by, (unsigned)host_state(c));
    ck_assert_int_eq(TSPI_lineGetCallInfo(c, &info), 0);
    ck_assert_uint_ne(info.dwCallID, 0);
    ck_assert_int_eq(TSPI_lineGetCallStatus(c, &status), 0);
    /* what can be set of a call in any state stays */
    ck_assert_uint_eq(status.dwCallFeatures &
                          ~(DWORD)(LINECALLFEATURE_RELEASEUSERUSERINFO | LINECALLFEATURE_SETCALLDATA |
                                   LINECALLFEATURE_SETQOS | LINECALLFEATURE_SETTREATMENT),
                      0);
#define REFUSED(call) ck_assert_msg(TSPI_##call == ERR(INVALCALLSTATE), "%s after %s", #call, by);
    REFUSED(lineAccept(9, c, NULL, 0))
    REFUSED(lineAnswer(9, c, NULL, 0))
    REFUSED(lineBlindTransfer(9, c, u"102", 0))
    REFUSED(lineDial(9, c, u"1", 0))
    REFUSED(lineHold(9, c))
    REFUSED(lineUnhold(9, c))
    REFUSED(lineRedirect(9, c, u"102", 0))
    REFUSED(linePark(9, c, LINEPARKMODE_DIRECTED, u"700", NULL))
    REFUSED(lineRemoveFromConference(9, c))
    REFUSED(lineSecureCall(9, c))
    REFUSED(lineSendUserUserInfo(9, c, "x", 1))
    REFUSED(lineSetupTransfer(9, c, HOST_CALL(7), &other, NULL))
#undef REFUSED
    ck_assert_int_eq(TSPI_lineCloseCall(c), 0);
    ck_assert_int_eq(TSPI_lineGetCallInfo(c, &info), ERR(INVALCALLHANDLE));
}

/* The user's request, the other party, or anything else ends a session: its identifier stays valid until the release.
 */
START_TEST(terminating_operations)
{
    HDRVCALL call, peer, consult = NULL, none = NULL;

    start(NULL);
    call = connect(0, 1, u"101", &peer);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), call, NULL, 0), 0);
    check_ended(call, "drop");
    ck_assert_uint_eq(host_state(peer), LINECALLSTATE_DISCONNECTED); /* by the other party */
    ck_assert_int_gt(TSPI_lineDrop(host_request(), peer, NULL, 0), 0);
    check_ended(peer, "the other party and drop");

    call = connect(0, 1, u"101", &peer);
    ck_assert_int_gt(TSPI_lineBlindTransfer(host_request(), peer, u"102", 0), 0);
    check_ended(peer, "blind transfer");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);

    call = connect(0, 1, u"101", &peer);
    ck_assert_int_gt(TSPI_linePark(host_request(), peer, LINEPARKMODE_DIRECTED, u"700", NULL), 0);
    check_ended(peer, "park");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);

    call = host_make(0, 1, u"101");
    peer = host_new(host.next_call - 1);
    ck_assert_int_gt(TSPI_lineRedirect(host_request(), peer, u"600", 0), 0);
    check_ended(peer, "redirect");
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);

    call = connect(0, 1, u"101", &peer);
    ck_assert_int_gt(TSPI_lineSetupTransfer(host_request(), call, HOST_CALL(2), &consult, NULL), 0);
    ck_assert_int_gt(TSPI_lineDial(host_request(), consult, u"103", 0), 0);
    ck_assert_int_gt(TSPI_lineCompleteTransfer(host_request(), call, consult, NULL, &none, LINETRANSFERMODE_TRANSFER),
                     0);
    check_ended(call, "complete transfer");
    check_ended(consult, "complete transfer");

    /* no owner is left */
    call = connect(0, 1, u"600", &peer);
    ck_assert_int_eq(TSPI_lineDropNoOwner(call), 0);
    check_ended(call, "no owner");
    host_stop();
}
END_TEST

/* ---- order ------------------------------------------------------------------------------------------------------- */

enum { THREADS = 4, ROUNDS = 60, PER_THREAD = 4 * ROUNDS, CALLS = THREADS * PER_THREAD, BASE = 1, OFFERED = 5000 };

static struct {
    _Atomic(HDRVCALL) newv[THREADS]; /* offered to the second line of a thread's pair */
    atomic_uint next_new, failures;
} stress;

static void CALLBACK stress_event(HTAPILINE line, HTAPICALL call, DWORD msg, DWORD_PTR p1, DWORD_PTR p2, DWORD_PTR p3)
{
    host_line_event(line, call, msg, p1, p2, p3);
    if (msg == (DWORD)LINE_NEWCALL) {
        uintptr_t id = OFFERED + atomic_fetch_add(&stress.next_new, 1);

        *(HTAPICALL *)p2 = HOST_CALL(id);
        platform_mutex_lock(&host.lock);
        for (size_t i = host.eventc; i-- > 0;)
            if (host.eventv[i].msg == (DWORD)LINE_NEWCALL && host.eventv[i].p1 == p1) {
                host.eventv[i].call = HOST_CALL(id);
                break;
            }
        platform_mutex_unlock(&host.lock);
        atomic_store(&stress.newv[((uintptr_t)line - 0x100) / 2], (HDRVCALL)p1);
    }
}

static void ask(LONG result, DRV_REQUESTID id)
{
    if (result != (LONG)id)
        atomic_fetch_add(&stress.failures, 1);
}

static void stress_thread(void *arg)
{
    unsigned n = (unsigned)(uintptr_t)arg;
    char text[16];
    WCHAR number[16];

    (void)snprintf(text, sizeof text, "%u", 1000 + 2 * n + 1);
    (void)platform_utf8_to_utf16(text, SIZE_MAX, (uint16_t *)number, 16);
    for (unsigned i = 0; i < ROUNDS; i++) {
        uintptr_t call = BASE + n * PER_THREAD + 4 * i;
        HDRVCALL out = NULL, in, consult = NULL;
        DRV_REQUESTID id = host_request();

        ask(TSPI_lineMakeCall(id, host.linev[2 * n], HOST_CALL(call), &out, number, 0, NULL), id);
        while (!(in = atomic_exchange(&stress.newv[n], NULL)))
            platform_thread_yield(); /* another thread delivers */
        id = host_request();
        ask(TSPI_lineAnswer(id, in, NULL, 0), id);
        if (i % 3 == 0) {
            id = host_request();
            ask(TSPI_lineHold(id, in), id);
            id = host_request();
            ask(TSPI_lineUnhold(id, in), id);
        } else if (i % 3 == 1) {
            id = host_request();
            ask(TSPI_lineSetupTransfer(id, out, HOST_CALL(call + 1), &consult, NULL), id);
            id = host_request();
            ask(TSPI_lineDial(id, consult, u"600", 0), id);
            id = host_request();
            if (i % 2) {
                HDRVCALL none = NULL;
                ask(TSPI_lineCompleteTransfer(id, out, consult, NULL, &none, LINETRANSFERMODE_TRANSFER), id);
            } else {
                ask(TSPI_lineDrop(id, consult, NULL, 0), id);
            }
        }
        id = host_request();
        ask(TSPI_lineDrop(id, i % 2 ? in : out, NULL, 0), id);
        if (TSPI_lineCloseCall(out) || TSPI_lineCloseCall(in) || (consult && TSPI_lineCloseCall(consult)))
            atomic_fetch_add(&stress.failures, 1);
    }
}

/* Many threads, many sessions: each request is replied to once, each session's states follow the documented order from
 * its beginning, and none comes twice. */
START_TEST(in_order_exactly_once)
{
    struct platform_thread *threadv[THREADS];
    static uint32_t statev[OFFERED + CALLS];
    static uint8_t announcedv[OFFERED + CALLS];
    uint8_t *repliedv;
    size_t states = 0;

    host_start("[lines]\ncount=8\nfirst=1000\nmax_sessions=0\n");
    memset(&stress, 0, sizeof stress);
    memset(statev, 0, sizeof statev);
    memset(announcedv, 0, sizeof announcedv);
    for (int i = 0; i < 2 * THREADS; i++) {
        ck_assert_int_eq(TSPI_lineOpen(HOST_DEVICE_BASE + (DWORD)i, HOST_LINE(i), &host.linev[i], V2_2, stress_event),
                         0);
        ck_assert_int_eq(TSPI_lineSetDefaultMediaDetection(host.linev[i], LINEMEDIAMODE_INTERACTIVEVOICE), 0);
    }
    for (uintptr_t i = 0; i < THREADS; i++)
        ck_assert_int_eq(platform_thread_start(&threadv[i], "test", stress_thread, (void *)i), 0);
    for (int i = 0; i < THREADS; i++)
        platform_thread_join(threadv[i]);
    ck_assert_uint_eq(atomic_load(&stress.failures), 0);
    ck_assert_int_eq(TSPI_providerShutdown(V2_2, 42), 0); /* whatever is owed has been delivered */

    repliedv = calloc(host.next_request, 1);
    ck_assert_ptr_nonnull(repliedv);
    for (size_t i = 0; i < host.eventc; i++) {
        const struct host_event *e = &host.eventv[i];
        uintptr_t call = (uintptr_t)e->call;

        if (e->reply) {
            ck_assert_uint_lt(e->p1, host.next_request);
            ck_assert_msg(!repliedv[e->p1]++, "request %u is replied to twice", (unsigned)e->p1);
            continue;
        }
        ck_assert_uint_lt(call, OFFERED + CALLS);
        if (e->msg == (DWORD)LINE_NEWCALL)
            ck_assert_msg(!announcedv[call]++, "call %u is announced twice", (unsigned)call);
        if (e->msg != LINE_CALLSTATE)
            continue;
        ck_assert(call < OFFERED || announcedv[call]);
        ck_assert_msg(order_after(statev[call], call >= OFFERED, false, false) & (uint32_t)e->p1,
                      "call %u goes from %s to %s", (unsigned)call,
                      statev[call] ? session_state_name(statev[call]) : "nothing", session_state_name((uint32_t)e->p1));
        statev[call] = (uint32_t)e->p1;
        states++;
    }
    for (uint32_t i = 1; i < host.next_request; i++)
        ck_assert_msg(repliedv[i] == 1, "request %u is not replied to", (unsigned)i);
    ck_assert_uint_gt(states, 6 * THREADS * ROUNDS);
    free(repliedv);
    ck_assert_int_eq(host_init(8), 0); /* for host_stop */
    host_stop();
}
END_TEST

/* ---- concurrency ------------------------------------------------------------------------------------------------- */

static atomic_int meeting;

static void wait_for_both(const struct host_event *e)
{
    if (e->reply || e->msg != LINE_CALLSTATE || e->p1 != LINECALLSTATE_PROCEEDING || e->call != HOST_CALL(1))
        return;
    atomic_store(&meeting, 1);
    while (atomic_load(&meeting) < 2)
        platform_thread_yield();
}

static void second_session(void *arg)
{
    DRV_REQUESTID id = host_request();
    HDRVCALL *hd = arg;

    while (atomic_load(&meeting) < 1)
        platform_thread_yield();
    ask(TSPI_lineMakeCall(id, host.linev[1], HOST_CALL(2), hd, u"600", 0, NULL), id);
    if (TSPI_lineSetAppSpecific(*hd, 7))
        atomic_fetch_add(&stress.failures, 1);
    atomic_store(&meeting, 2);
}

/* By default any thread may come at any time: a session is made while a callback of another keeps a thread inside the
 * provider. Were it not so, this would never end. */
START_TEST(concurrency_multiple)
{
    struct platform_thread *thread;
    HDRVCALL hd = NULL;

    start(NULL);
    atomic_store(&meeting, 0);
    memset(&stress, 0, sizeof stress);
    host_hook(wait_for_both);
    ck_assert_int_eq(platform_thread_start(&thread, "test", second_session, &hd), 0);
    (void)host_make(0, 1, u"600");
    platform_thread_join(thread);
    host_hook(NULL);
    ck_assert_uint_eq(atomic_load(&stress.failures), 0);
    host_stop();
}
END_TEST

/* On request the provider asks for one call at a time (host_init looks at it); that the host then keeps to it is tested
 * with the host. */
START_TEST(concurrency_single)
{
    HDRVCALL peer;

    start("[provider]\nreentrant=0\n[lines]\ncount=4\n");
    (void)connect(0, 1, u"101", &peer);
    host_stop();
}
END_TEST

/* ---- limits ------------------------------------------------------------------------------------------------------ */

struct limit {
    const char *ini;
    DWORD beyond;        /* what one more is answered with */
    DWORD line, address; /* dwMaxNumActiveCalls of both */
};

/* At each level as many sessions as it allows, the next one is refused, and there is room again when one has ended or
 * been released. */
START_TEST(max_concurrent_sessions)
{
    static const struct limit limitv[] = {
        {"[provider]\nmax_sessions=3\n[line 1]\nnumber=100\nmax_sessions=0\n", LINEERR_RESOURCEUNAVAIL, 3, 3},
        {"[line 1]\nnumber=100\nmax_sessions=3\n", LINEERR_CALLUNAVAIL, 3, 3},
        {"[line 1]\naddresses=100,101\nmax_sessions=0\naddress_max_sessions=3\n", LINEERR_CALLUNAVAIL, 6, 3},
    };
    const struct limit *l = &limitv[_i];
    HDRVCALL callv[3], one = NULL;
    DRV_REQUESTID id;
    struct {
        LINEADDRESSCAPS a;
        BYTE rest[4096];
    } caps = {.a.dwTotalSize = sizeof caps};
    struct {
        LINEDEVCAPS d;
        BYTE rest[4096];
    } dev = {.d.dwTotalSize = sizeof dev};

    host_start(l->ini);
    host_open(0, V2_2, false);
    for (int round = 0; round < 3; round++) {
        for (uintptr_t i = 0; i < 3; i++)
            callv[i] = host_make(0, 1 + i, u"600");
        ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[0], HOST_CALL(9), &one, u"600", 0, NULL), (LONG)l->beyond);
        /* an ended session gives its place on line and address free, and its place in the provider when it is released
         */
        ck_assert_int_gt(TSPI_lineDrop(host_request(), callv[0], NULL, 0), 0);
        if (l->beyond == LINEERR_RESOURCEUNAVAIL) {
            ck_assert_int_eq(TSPI_lineMakeCall(9, host.linev[0], HOST_CALL(9), &one, u"600", 0, NULL), (LONG)l->beyond);
            ck_assert_int_eq(TSPI_lineCloseCall(callv[0]), 0);
        }
        id = host_request();
        ck_assert_int_eq(TSPI_lineMakeCall(id, host.linev[0], HOST_CALL(9), &one, u"600", 0, NULL), (LONG)id);
        ck_assert_int_eq(TSPI_lineCloseCall(one), 0);
        for (int i = l->beyond == LINEERR_RESOURCEUNAVAIL; i < 3; i++)
            ck_assert_int_eq(TSPI_lineCloseCall(callv[i]), 0);
        host_forget();
    }
    /* a caller from outside that finds no room is busy */
    ck_assert_int_eq(TSPI_lineGetAddressCaps(HOST_DEVICE_BASE, 0, V2_2, 0, &caps.a), 0);
    ck_assert_uint_eq(caps.a.dwMaxNumActiveCalls, l->address);
    ck_assert_int_eq(TSPI_lineGetDevCaps(HOST_DEVICE_BASE, V2_2, 0, &dev.d), 0);
    ck_assert_uint_eq(dev.d.dwMaxNumActiveCalls, l->line);
    host_stop();
}
END_TEST

/* ---- reliable ---------------------------------------------------------------------------------------------------- */

/* What the far side says comes twice, late or in the wrong order, or not at all: what is not newer than all before
 * changes nothing, and the last word is the newest. */
START_TEST(reliable_session)
{
    static const struct {
        uint32_t state, mode;
    } saidv[] = {{SESSION_RINGBACK, 0},
                 {SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE},
                 {SESSION_CONNECTED, SESSION_CONNECTED_ACTIVEHELD},
                 {SESSION_CONNECTED, SESSION_CONNECTED_ACTIVE},
                 {SESSION_DISCONNECTED, SESSION_DISC_NORMAL}};
    enum { N = sizeof saidv / sizeof *saidv, WORDS = N * N * N * N * N };
    struct fake_core f;

    for (int word = 0; word < WORDS; word++) { /* five indications, each any of the five */
        uint32_t id, last = 0, newest = 0;

        if (word % 500 == 0)
            fake_start(&f, NULL);
        ck_assert_int_eq(fake_make(&f, 0, "200", &id), SESSION_E_OK);
        for (int i = 0, w = word; i < 5; i++, w /= N) {
            struct session_in in = {.type = SESSION_IN_IND};

            in.u.ind.type = SESSION_IND_PROGRESS;
            in.u.ind.session = id;
            in.u.ind.leg = f.next_leg;
            in.u.ind.seq = (uint32_t)(w % N) + 1; /* as numbered by who sent them in order */
            in.u.ind.state = saidv[w % N].state;
            in.u.ind.mode = saidv[w % N].mode;
            ck_assert_int_eq(fake_step(&f, &in, NULL), SESSION_E_OK);
            if (in.u.ind.seq <= newest)
                ck_assert_msg(!f.actc, "word %d: number %u after %u did something", word, (unsigned)in.u.ind.seq,
                              (unsigned)newest);
            else
                newest = in.u.ind.seq;
            for (unsigned k = 0; k < f.actc; k++) {
                if (f.actv[k].type != SESSION_ACT_STATE)
                    continue;
                ck_assert_msg(order_after(last, false, false, true) & f.actv[k].state, "word %d: %s to %s", word,
                              session_state_name(last), session_state_name(f.actv[k].state));
                last = f.actv[k].state;
            }
        }
        ck_assert_uint_eq(session_get(f.core, id)->state, saidv[newest - 1].state);
        ck_assert_uint_eq(session_get(f.core, id)->mode, saidv[newest - 1].mode);
        ck_assert_int_eq(fake_op(&f, SESSION_OP_RELEASE, id), SESSION_E_OK);
        if (word % 500 == 499 || word == WORDS - 1)
            fake_end(&f);
    }
}
END_TEST

/* ---- instances --------------------------------------------------------------------------------------------------- */

static DWORD connected_mode(HDRVCALL call)
{
    LINECALLSTATUS s = {.dwTotalSize = sizeof s};

    ck_assert_int_eq(TSPI_lineGetCallStatus(call, &s), 0);
    return s.dwCallState == LINECALLSTATE_CONNECTED ? s.dwCallStateMode : 0;
}

/* One call of an address that two lines have: an instance for each, alone, or for both, as the address is shared. */
START_TEST(shared_instances)
{
    static const struct {
        const char *sharing;
        DWORD other; /* the other line's instance when the first has answered: its mode; 0: it has ended */
        LONG join;   /* what it is answered with that joins; 0: it takes part */
    } howv[] = {{"shared", LINECONNECTEDMODE_INACTIVE, 0},
                {"exclusive", LINECONNECTEDMODE_INACTIVE, LINEERR_INUSE},
                {"new", 0, LINEERR_INVALCALLSTATE}};
    char ini[300];
    LINECALLINFO one = {.dwTotalSize = sizeof one}, two = {.dwTotalSize = sizeof two};
    HDRVCALL a, b, c;
    DRV_REQUESTID id;

    (void)snprintf(ini, sizeof ini,
                   "[line 0]\nnumber=100\n[line 1]\nnumber=200\nsharing=%s\n[line 2]\nnumber=200\nsharing=%s\n"
                   "[line 3]\nnumber=103\n",
                   howv[_i].sharing, howv[_i].sharing);
    start(ini);
    a = host_make(0, 1, u"200");
    b = host_new(1000);
    c = host_new(1001);
    ck_assert_uint_eq(host_state(b), LINECALLSTATE_OFFERING); /* at both */
    ck_assert_uint_eq(host_state(c), LINECALLSTATE_OFFERING);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), b, NULL, 0), 0);
    ck_assert_uint_eq(connected_mode(b), LINECONNECTEDMODE_ACTIVE);
    ck_assert_uint_eq(connected_mode(c), howv[_i].other);
    ck_assert_int_eq(TSPI_lineGetCallInfo(b, &one), 0);
    ck_assert_int_eq(TSPI_lineGetCallInfo(c, &two), 0);
    ck_assert_uint_eq(one.dwCallID, two.dwCallID); /* of one call */
    if (howv[_i].join) {
        ck_assert_int_eq(TSPI_lineAnswer(9, c, NULL, 0), howv[_i].join);
        ck_assert_int_gt(TSPI_lineDrop(host_request(), b, NULL, 0), 0);
        ck_assert_uint_eq(host_state(a), LINECALLSTATE_DISCONNECTED);
    } else {
        id = host_request();
        ck_assert_int_eq(TSPI_lineAnswer(id, c, NULL, 0), (LONG)id);
        ck_assert_uint_eq(connected_mode(c), LINECONNECTEDMODE_ACTIVE);
        /* who leaves takes its own instance out, not the call */
        ck_assert_int_gt(TSPI_lineDrop(host_request(), b, NULL, 0), 0);
        ck_assert_uint_eq(connected_mode(b), LINECONNECTEDMODE_INACTIVE);
        ck_assert_uint_eq(connected_mode(a), LINECONNECTEDMODE_ACTIVE);
        ck_assert_int_gt(TSPI_lineDrop(host_request(), c, NULL, 0), 0);
        ck_assert_uint_eq(host_state(a), LINECALLSTATE_DISCONNECTED);
        ck_assert_uint_eq(connected_mode(b), 0);
    }
    host_stop();
}
END_TEST

/* ---- queued ------------------------------------------------------------------------------------------------------ */

/* What cannot be connected now is kept, and comes when it can: a call that was camped on, and one that was parked. */
START_TEST(queued_session)
{
    LINECALLINFO info = {.dwTotalSize = sizeof info};
    HDRVCALL talk[2], call, back, peer, parked = NULL;
    DRV_REQUESTID request;
    DWORD id = 0;

    start(NULL);
    for (uintptr_t i = 0; i < 2; i++)
        talk[i] = host_make(1, 10 + i, u"600"); /* 101 has no more room */
    call = host_make(0, 1, u"101");
    ck_assert_uint_eq(host_state(call), LINECALLSTATE_BUSY);
    ck_assert_int_gt(TSPI_lineCompleteCall(host_request(), call, &id, LINECALLCOMPLMODE_CAMPON, 0), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(call), 0);
    ck_assert_uint_eq(host.next_call, 1000); /* nothing comes of it yet */
    ck_assert_int_eq(TSPI_lineCloseCall(talk[0]), 0);
    ck_assert_int_eq(TSPI_lineCloseCall(talk[1]), 0);
    ck_assert_uint_eq(host.next_call, 1001);
    back = host_new(1000);
    ck_assert_int_eq(TSPI_lineGetCallInfo(back, &info), 0);
    ck_assert_uint_eq(info.dwReason, LINECALLREASON_CALLCOMPLETION);
    ck_assert_uint_eq(info.dwCompletionID, id);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), back, NULL, 0), 0);
    peer = host_new(1001);
    ck_assert_int_gt(TSPI_lineAnswer(host_request(), peer, NULL, 0), 0);
    ck_assert_uint_eq(host_state(back), LINECALLSTATE_CONNECTED);

    request = host_request();
    ck_assert_int_eq(TSPI_linePark(request, peer, LINEPARKMODE_DIRECTED, u"701", NULL), (LONG)request);
    ck_assert_uint_eq(host_state(peer), LINECALLSTATE_IDLE);
    ck_assert_uint_eq(host_state(back), LINECALLSTATE_CONNECTED); /* waits there */
    request = host_request();
    ck_assert_int_eq(TSPI_lineUnpark(request, host.linev[2], 0, HOST_CALL(5), &parked, u"701"), (LONG)request);
    ck_assert_uint_eq(host_state(parked), LINECALLSTATE_CONNECTED);
    ck_assert_int_gt(TSPI_lineDrop(host_request(), parked, NULL, 0), 0);
    ck_assert_uint_eq(host_state(back), LINECALLSTATE_DISCONNECTED);
    host_stop();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("sessions");
    TCase *tc = tcase_create("sessions");
    SRunner *runner;
    int failed;

    tcase_set_timeout(tc, 0);
    tcase_add_test(tc, session_required);
    tcase_add_test(tc, session_allowed);
    tcase_add_test(tc, session_not_allowed);
    tcase_add_loop_test(tc, initiating_operations, 0, SESSION_OP_COUNT);
    tcase_add_test(tc, terminating_operations);
    tcase_add_test(tc, in_order_exactly_once);
    tcase_add_test(tc, concurrency_multiple);
    tcase_add_test(tc, concurrency_single);
    tcase_add_loop_test(tc, max_concurrent_sessions, 0, 3);
    tcase_add_test(tc, reliable_session);
    tcase_add_loop_test(tc, shared_instances, 0, 3);
    tcase_add_test(tc, queued_session);
    suite_add_tcase(suite, tc);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
