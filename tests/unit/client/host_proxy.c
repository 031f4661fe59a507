/* Proxies that come and go, and what they may say. SPDX-License-Identifier: MIT */
#include "tests/unit/client/host_agent.h"

static union {
    DWORD total;
    LINEAGENTCAPS caps;
    LINEAGENTSTATUS status;
    LINEAGENTGROUPLIST groups;
    LINEQUEUELIST queues;
    char room[1024];
} to;
static char block[8];

static void room_clear(void)
{
    memset(&to, 0, sizeof(to));
    to.total = sizeof(to);
}

START_TEST(bad_arguments)
{
    struct {
        LINEAGENTGROUPLIST list;
        LINEAGENTGROUPENTRY entry[2];
    } login;
    GUID id = {1, 2, 3, {4}};
    DWORD handle;

    agent_open_asker(V2_2);
    agent_open_all();
    room_clear();
    ck_assert_int_eq(lineGetAgentCapsA(agent_asker.app, 99, 0, V2_2, &to.caps), ERR(BADDEVICEID));
    ck_assert_int_eq(lineGetAgentCapsA(agent_asker.app + 1000, DEVICE, 0, V2_2, &to.caps), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineGetAgentCapsA(agent_asker.app, DEVICE, 5, V2_2, &to.caps), ERR(INVALADDRESSID));
    ck_assert_int_eq(lineGetAgentCapsA(agent_asker.app, DEVICE, 0, V2_2, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineSetAgentState(agent_asker.line, 5, 1, 1), ERR(INVALADDRESSID));
    ck_assert_int_eq(lineSetAgentState(agent_asker.line + 1000, 0, 1, 1), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineGetAgentStatusA(agent_asker.line + 1000, 0, &to.status), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineGetAgentStatusA(agent_asker.line, 0, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineAgentSpecific(agent_asker.line, 0, 0, NULL, 4), ERR(INVALPOINTER));
    ck_assert_int_eq(lineAgentSpecific(agent_asker.line, 0, 0, block, 0x1000000), ERR(RESOURCEUNAVAIL));
    ck_assert_int_eq(lineCreateAgentA(agent_asker.line, NULL, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineCreateAgentW(agent_asker.line, NULL, NULL, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineCreateAgentSessionA(agent_asker.line, 1, NULL, 0, NULL, &handle), ERR(INVALPOINTER));
    ck_assert_int_eq(lineCreateAgentSessionW(agent_asker.line, 1, NULL, 0, &id, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineCreateAgentSessionA(agent_asker.line, 1, NULL, 7, &id, &handle), ERR(INVALADDRESSID));
    ck_assert_int_eq(lineGetQueueListA(agent_asker.line, NULL, &to.queues), ERR(INVALPOINTER));
    memset(&login, 0, sizeof(login));
    login.list.dwTotalSize = sizeof(login);
    login.list.dwNumEntries = 3;
    login.list.dwListSize = sizeof(login.entry);
    login.list.dwListOffset = sizeof(login.list);
    ck_assert_int_eq(lineSetAgentGroup(agent_asker.line, 0, &login.list), ERR(INVALPARAM));
    login.list.dwListOffset = 4;
    ck_assert_int_eq(lineSetAgentGroup(agent_asker.line, 0, &login.list), ERR(INVALPARAM));
    login.list.dwTotalSize = 8;
    ck_assert_int_eq(lineSetAgentGroup(agent_asker.line, 0, &login.list), ERR(INVALPARAM));
    ck_assert_int_gt(lineSetAgentGroup(agent_asker.line, 0, NULL), 0);
    (void)lineShutdown(agent_asker.app);
    (void)lineShutdown(agent_proxy.app);
    ck_assert_int_eq(lineSetAgentState(agent_asker.line, 0, 1, 1), ERR(UNINITIALIZED));
    ck_assert_int_eq(lineProxyResponse(1, (LPLINEPROXYREQUEST)(void *)block, 0), ERR(UNINITIALIZED));
    ck_assert_int_eq(lineGetAgentCapsA(agent_asker.app, DEVICE, 0, V2_2, &to.caps), ERR(UNINITIALIZED));
}
END_TEST

START_TEST(opening)
{
    static const DWORD few[] = {LINEPROXYREQUEST_SETAGENTSTATE, LINEPROXYREQUEST_GETAGENTCAPS},
                       new[] = {LINEPROXYREQUEST_CREATEAGENT}, bad[] = {0}, high[] = {ALL + 1};
    struct {
        LINEPROXYREQUESTLIST list;
        DWORD types[ALL];
    } u;
    struct desk other = {.app = desk_start(V2_2, NULL)};

    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V1_4, few, 2), ERR(INVALPRIVSELECT));
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2, new, 1), ERR(INVALPARAM));
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, bad, 1), ERR(INVALPARAM));
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, high, 1), ERR(INVALPARAM));
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, few, 0), ERR(INVALPARAM));
    ck_assert_int_eq(lineOpenA(agent_proxy.app, DEVICE, &agent_proxy.line, V2_2, 0, 0,
                               LINECALLPRIVILEGE_NONE | LINEOPENOPTION_PROXY, 0, NULL),
                     ERR(INVALPOINTER));
    ck_assert_int_eq(lineOpenA(agent_proxy.app, DEVICE, &agent_proxy.line, V2_2, 0, 0, LINEOPENOPTION_PROXY, 0, NULL),
                     ERR(INVALPRIVSELECT));
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, few, 2), 0);
    /* Each request has one taker. */
    ck_assert_int_eq(agent_open_proxy(&other, V2_2, few + 1, 1), ERR(NOTREGISTERED));
    ck_assert_int_eq(agent_open_proxy(&other, V2_2, new, 1), 0);
    memset(&u, 0, sizeof(u));
    u.list.dwTotalSize = sizeof(u.list);
    ck_assert_int_eq(lineGetProxyStatus(other.app, DEVICE, V2_2, &u.list), 0);
    ck_assert_uint_eq(u.list.dwNumEntries, 0);
    ck_assert_uint_eq(u.list.dwNeededSize, sizeof(u.list) + 3 * sizeof(DWORD));
    u.list.dwTotalSize = sizeof(u);
    ck_assert_int_eq(lineGetProxyStatus(other.app, DEVICE, V2_2, &u.list), 0);
    ck_assert_uint_eq(u.list.dwNumEntries, 3);
    ck_assert_uint_eq(u.list.dwListSize, 3 * sizeof(DWORD));
    ck_assert_uint_eq(u.types[0], LINEPROXYREQUEST_SETAGENTSTATE);
    ck_assert_uint_eq(u.types[1], LINEPROXYREQUEST_GETAGENTCAPS);
    ck_assert_uint_eq(u.types[2], LINEPROXYREQUEST_CREATEAGENT);
    ck_assert_int_eq(lineGetProxyStatus(other.app, DEVICE + 1, V2_2, &u.list), 0);
    ck_assert_uint_eq(u.list.dwNumEntries, 0);
    ck_assert_int_eq(lineGetProxyStatus(other.app, 99, V2_2, &u.list), ERR(BADDEVICEID));
    ck_assert_int_eq(lineGetProxyStatus(other.app, DEVICE, 0x00010000, &u.list), ERR(INCOMPATIBLEAPIVERSION));
    ck_assert_int_eq(lineGetProxyStatus(other.app + 1000, DEVICE, V2_2, &u.list), ERR(INVALAPPHANDLE));
    ck_assert_int_eq(lineGetProxyStatus(other.app, DEVICE, V2_2, NULL), ERR(INVALPOINTER));
    ck_assert_int_eq(lineClose(agent_proxy.line), 0);
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, few, 2), 0);
    ck_assert_int_eq(lineShutdown(other.app), 0);
}
END_TEST

START_TEST(comes_and_goes)
{
    struct desk old;
    LINEMESSAGE m;
    DWORD type;

    agent_open_asker(V2_2);
    desk_open(&old, DEVICE, V2, LINECALLPRIVILEGE_NONE);
    agent_open_all();
    for (type = 1; type <= ALL; type++) {
        m = desk_await(&agent_asker, LINE_PROXYSTATUS, agent_asker.line, LINEPROXYSTATUS_OPEN);
        ck_assert_uint_eq(m.dwParam2, type);
    }
    m = desk_await(&agent_asker, LINE_PROXYSTATUS, agent_asker.line, LINEPROXYSTATUS_ALLOPENFORACD);
    ck_assert_uint_eq(m.dwParam2, 0);
    ck_assert_int_eq(lineClose(agent_proxy.line), 0);
    for (type = 1; type <= ALL; type++) {
        m = desk_await(&agent_asker, LINE_PROXYSTATUS, agent_asker.line, LINEPROXYSTATUS_CLOSE);
        ck_assert_uint_eq(m.dwParam2, type);
    }
    /* Neither an older application nor the proxy itself hears of it. */
    while (!lineGetMessage(old.app, &m, 0))
        ck_assert_uint_ne(m.dwMessageID, LINE_PROXYSTATUS);
    while (!lineGetMessage(agent_proxy.app, &m, 0))
        ck_assert_uint_ne(m.dwMessageID, LINE_PROXYSTATUS);
    ck_assert_int_eq(lineShutdown(old.app), 0);
}
END_TEST

/* A proxy that goes with requests unanswered. */
START_TEST(proxy_goes)
{
    LINEPROXYREQUEST *taken;
    LONG id[3];
    int i;

    agent_open_asker(V2_2);
    agent_open_all();
    room_clear();
    id[0] = lineSetAgentState(agent_asker.line, 0, 1, 0);
    id[1] = lineGetGroupListA(agent_asker.line, &to.groups);
    id[2] = lineGetAgentCapsA(agent_asker.app, DEVICE, 0, V2_2, &to.caps);
    taken = agent_request(&agent_proxy);
    if (_i == 0)
        ck_assert_int_eq(lineClose(agent_proxy.line), 0);
    else
        ck_assert_int_eq(lineShutdown(agent_proxy.app), 0); /* what it took is void now */
    for (i = 0; i < 3; i++)
        ck_assert_int_eq(desk_reply(&agent_asker, id[i]), ERR(OPERATIONFAILED));
    if (_i == 0) {
        /* It still has the block. */
        ck_assert_uint_eq(taken->dwRequestType, LINEPROXYREQUEST_SETAGENTSTATE);
        ck_assert_int_eq(lineProxyResponse(agent_proxy.line, taken, (DWORD)LINEERR_OPERATIONFAILED),
                         ERR(INVALLINEHANDLE));
        ck_assert_int_eq(lineProxyResponse(agent_proxy.line, taken, (DWORD)LINEERR_OPERATIONFAILED),
                         ERR(INVALLINEHANDLE));
        ck_assert_ptr_null(client.proxies);
    }
    ck_assert_int_eq(lineSetAgentState(agent_asker.line, 0, 1, 0), ERR(OPERATIONUNAVAIL));
}
END_TEST

/* Whoever asked has gone: the answer goes nowhere. */
START_TEST(asker_goes)
{
    LINEPROXYREQUEST *r;

    agent_open_asker(V2_2);
    agent_open_all();
    room_clear();
    ck_assert_int_gt(lineGetGroupListA(agent_asker.line, &to.groups), 0);
    ck_assert_int_gt(lineGetAgentCapsA(agent_asker.app, DEVICE, 0, V2_2, &to.caps), 0);
    if (_i == 0)
        ck_assert_int_eq(lineClose(agent_asker.line), 0);
    else
        ck_assert_int_eq(lineShutdown(agent_asker.app), 0);
    r = agent_request(&agent_proxy);
    r->GetGroupList.GroupList.dwNeededSize = r->GetGroupList.GroupList.dwUsedSize = sizeof(LINEAGENTGROUPLIST);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    r = agent_request(&agent_proxy);
    r->GetAgentCaps.AgentCaps.dwStates = LINEAGENTSTATE_READY;
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    ck_assert_uint_eq(to.groups.dwUsedSize, 0);
}
END_TEST

START_TEST(answers)
{
    DWORD nothing[4] = {0};
    LINEPROXYREQUEST *r;
    struct desk other = {.app = desk_start(V2_2, NULL)};
    LONG id;

    agent_open_asker(V2_2);
    agent_open_all();
    id = lineSetAgentState(agent_asker.line, 0, 1, 0);
    r = agent_request(&agent_proxy);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, NULL, 0), ERR(INVALPOINTER));
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, (LPLINEPROXYREQUEST)(void *)nothing, 0), ERR(INVALPARAM));
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 1), ERR(INVALPARAM));
    ck_assert_int_eq(lineProxyResponse(agent_asker.line, r, 0), ERR(INVALPARAM));
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line + 1000, r, 0), ERR(INVALLINEHANDLE));
    /* What it says about its size does not count. */
    r->dwSize = 0xFFFFFFFF;
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), ERR(INVALPARAM));
    ck_assert_int_eq(desk_reply(&agent_asker, id), 0);
    /* In any order. */
    id = lineSetAgentState(agent_asker.line, 0, 1, 0);
    ck_assert_int_gt(lineSetAgentState(agent_asker.line, 0, 2, 0), id);
    r = agent_request(&agent_proxy);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, agent_request(&agent_proxy), 0), 0);
    ck_assert_int_eq(desk_reply(&agent_asker, id + 1), 0);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    ck_assert_int_eq(desk_reply(&agent_asker, id), 0);
    ck_assert_int_eq(lineShutdown(other.app), 0);
}
END_TEST

/* One that asks itself, and one that never looks. */
START_TEST(itself)
{
    LONG id;
    int i;

    agent_open_all();
    agent_asker = agent_proxy;
    id = lineSetAgentState(agent_proxy.line, 0, 1, 0);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, agent_request(&agent_proxy), 0), 0);
    ck_assert_int_eq(desk_reply(&agent_proxy, id), 0);
    for (i = 0; (id = lineSetAgentState(agent_proxy.line, 0, 1, 0)) > 0; i++)
        ck_assert_int_lt(i, 100000);
    ck_assert_int_eq(id, ERR(RESOURCEUNAVAIL));
    ck_assert_int_ge(i, 1000);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, agent_request(&agent_proxy), 0), 0);
    ck_assert_int_gt(lineSetAgentState(agent_proxy.line, 0, 1, 0), 0);
    ck_assert_int_eq(lineClose(agent_proxy.line), 0);
}
END_TEST

START_TEST(messages)
{
    struct desk old, older;
    LINEMESSAGE m;

    agent_open_asker(V2_2);
    desk_open(&old, DEVICE, V2, LINECALLPRIVILEGE_NONE);
    desk_open(&older, DEVICE, V1_4, LINECALLPRIVILEGE_NONE);
    ck_assert_int_eq(lineProxyMessage(agent_asker.line, 0, LINE_AGENTSTATUS, 0, 1, 1), ERR(NOTREGISTERED));
    agent_open_all();
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_CALLSTATE, 0, 1, 1), ERR(INVALPARAM));
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line + 1000, 0, LINE_AGENTSTATUS, 0, 1, 1), ERR(INVALLINEHANDLE));
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 77, LINE_AGENTSTATUS, 0, 1, 1), ERR(INVALCALLHANDLE));
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_QUEUESTATUS, 8, LINEQUEUESTATUS_UPDATEINFO, 0), 0);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_AGENTSTATUSEX, 1, 2, 3), 0);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_AGENTSESSIONSTATUS, 1, 2, 3), 0);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_GROUPSTATUS, 0, LINEGROUPSTATUS_NEWGROUP, 0), 0);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_AGENTSPECIFIC, 0, 5, 6), 0);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, 0, LINE_AGENTSTATUS, 0, LINEAGENTSTATUS_STATE, 4), 0);
    m = desk_await(&agent_asker, LINE_QUEUESTATUS, agent_asker.line, 8);
    ck_assert_uint_eq(m.dwParam2, LINEQUEUESTATUS_UPDATEINFO);
    ck_assert_uint_eq(m.dwCallbackInstance, DEVICE);
    m = desk_await(&agent_asker, LINE_AGENTSTATUSEX, agent_asker.line, 0);
    ck_assert(m.dwParam1 == 1 && m.dwParam2 == 2 && m.dwParam3 == 3);
    (void)desk_await(&agent_asker, LINE_AGENTSESSIONSTATUS, agent_asker.line, 0);
    (void)desk_await(&agent_asker, LINE_GROUPSTATUS, agent_asker.line, 0);
    (void)desk_await(&agent_asker, LINE_AGENTSPECIFIC, agent_asker.line, 0);
    m = desk_await(&agent_asker, LINE_AGENTSTATUS, agent_asker.line, 0);
    ck_assert_uint_eq(m.dwParam3, 4);
    /* As much as each of them knows. */
    do {
        ck_assert_int_eq(lineGetMessage(old.app, &m, 0), 0);
    } while (m.dwMessageID == LINE_LINEDEVSTATE);
    ck_assert_uint_eq(m.dwMessageID, LINE_AGENTSPECIFIC);
    ck_assert_int_eq(lineGetMessage(old.app, &m, 0), 0);
    ck_assert_uint_eq(m.dwMessageID, LINE_AGENTSTATUS);
    ck_assert_int_ne(lineGetMessage(older.app, &m, 0), 0);
    ck_assert_int_ne(lineGetMessage(agent_proxy.app, &m, 0), 0);
    ck_assert_int_eq(lineShutdown(old.app), 0);
    ck_assert_int_eq(lineShutdown(older.app), 0);
}
END_TEST

/* About a call: each hears it by its own handle. */
START_TEST(message_about_a_call)
{
    static const DWORD types[] = {LINEPROXYREQUEST_SETAGENTSTATE};
    struct {
        LINECALLPARAMS params;
        DWORD type;
    } p;
    LINEMESSAGE m;
    HCALL call, own;

    desk_open(&agent_asker, DEVICE, V2_2, LINECALLPRIVILEGE_OWNER);
    memset(&p, 0, sizeof(p));
    p.params.dwTotalSize = sizeof(p);
    p.params.dwDevSpecificSize = sizeof(DWORD);
    p.params.dwDevSpecificOffset = sizeof(p.params);
    p.type = types[0];
    ck_assert_int_eq(lineOpenA(agent_proxy.app, DEVICE, &agent_proxy.line, V2_2, 0, 99,
                               LINECALLPRIVILEGE_MONITOR | LINEOPENOPTION_PROXY, 0, &p.params),
                     0);
    call = desk_call(&agent_asker, "102");
    own = desk_await(&agent_proxy, LINE_CALLSTATE, 0, 0).hDevice;
    ck_assert_uint_ne(own, call);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, own, LINE_AGENTSPECIFIC, 0, 5, 6), 0);
    m = desk_await(&agent_asker, LINE_AGENTSPECIFIC, 0, 0);
    ck_assert_uint_eq(m.hDevice, call);
    ck_assert_int_eq(lineProxyMessage(agent_proxy.line, call + 1000, LINE_AGENTSPECIFIC, 0, 5, 6),
                     ERR(INVALCALLHANDLE));
    desk_end(&agent_asker, call);
}
END_TEST

TCase *host_proxy_tests(void)
{
    TCase *t = tcase_create("proxies");

    tcase_set_timeout(t, 0);
    tcase_add_checked_fixture(t, agent_setup, agent_teardown);
    tcase_add_test(t, bad_arguments);
    tcase_add_test(t, opening);
    tcase_add_test(t, comes_and_goes);
    tcase_add_loop_test(t, proxy_goes, 0, 2);
    tcase_add_loop_test(t, asker_goes, 0, 2);
    tcase_add_test(t, answers);
    tcase_add_test(t, itself);
    tcase_add_test(t, messages);
    tcase_add_test(t, message_about_a_call);
    return t;
}
