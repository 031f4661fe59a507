/* What a proxy is asked about agents and queues, and how its answers come back. SPDX-License-Identifier: MIT */
#include "tests/unit/client/host_agent.h"

#include <stdlib.h>

struct desk agent_proxy, agent_asker;

static const GUID group_id = {0x11223344, 0x5566, 0x7788, {1, 2, 3, 4, 5, 6, 7, 8}};
static const WCHAR wide[] = {'A', 0xE4, 0x4E2D, 0};

/* In the form of the A functions. */
static const char *narrow(void)
{
    static char text[32];

    (void)platform_utf16_to_ansi(wide, SIZE_MAX, text, sizeof(text));
    return text;
}

LONG agent_open_proxy(struct desk *d, DWORD version, const DWORD *types, DWORD count)
{
    struct {
        LINECALLPARAMS params;
        DWORD types[ALL + 1];
    } p;

    memset(&p, 0, sizeof(p));
    p.params.dwTotalSize = sizeof(p);
    p.params.dwDevSpecificSize = count * sizeof(DWORD);
    p.params.dwDevSpecificOffset = sizeof(p.params);
    memcpy(p.types, types, count * sizeof(DWORD));
    return lineOpenW(d->app, DEVICE, &d->line, version, 0, 99, LINECALLPRIVILEGE_NONE | LINEOPENOPTION_PROXY, 0,
                     &p.params);
}

void agent_open_all(void)
{
    DWORD types[ALL], i;

    for (i = 0; i < ALL; i++)
        types[i] = i + 1;
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, types, ALL), 0);
}

void agent_open_asker(DWORD version)
{
    desk_open(&agent_asker, DEVICE, version, LINECALLPRIVILEGE_NONE);
}

void agent_setup(void)
{
    agent_proxy.app = desk_start(V2_2, NULL);
}

void agent_teardown(void)
{
    (void)lineShutdown(agent_asker.app);
    (void)lineShutdown(agent_proxy.app);
    host_clean();
    ck_assert_ptr_null(client.proxies);
}

/* The next request. */
LINEPROXYREQUEST *agent_request(const struct desk *d)
{
    LINEMESSAGE m = desk_await(d, LINE_PROXYREQUEST, 0, 0);
    LINEPROXYREQUEST *request = (LINEPROXYREQUEST *)m.dwParam1;

    ck_assert_uint_eq(m.hDevice, d->line);
    ck_assert_uint_eq(m.dwCallbackInstance, 99);
    ck_assert_ptr_nonnull(request);
    return request;
}

/* ---- every function ---------------------------------------------------------------------------------------------- */

static union {
    DWORD total;
    LINEAGENTCAPS caps;
    LINEAGENTSTATUS status;
    LINEAGENTGROUPLIST groups;
    LINEAGENTACTIVITYLIST activities;
    LINEAGENTINFO info;
    LINEAGENTSESSIONLIST sessions;
    LINEAGENTSESSIONINFO session;
    LINEQUEUELIST queues;
    LINEQUEUEINFO queue;
    char room[1024];
} to;
static DWORD handle;
static char block[8];
static struct {
    LINEAGENTGROUPLIST list;
    LINEAGENTGROUPENTRY entry[2];
} login;

static LONG ask_set_group(void)
{
    memset(&login, 0, sizeof(login));
    login.list.dwTotalSize = sizeof(login);
    login.list.dwNumEntries = 2;
    login.list.dwListSize = sizeof(login.entry);
    login.list.dwListOffset = sizeof(login.list);
    login.entry[0].GroupID.dwGroupID1 = 71;
    login.entry[1].GroupID.dwGroupID4 = 74;
    login.entry[1].dwNameSize = 4000; /* not looked at */
    login.entry[1].dwNameOffset = 4000;
    return lineSetAgentGroup(agent_asker.line, 0, &login.list);
}

static void set_group(LINEPROXYREQUEST *r)
{
    LINEAGENTGROUPENTRY entry[2];

    ck_assert_uint_eq(r->SetAgentGroup.dwAddressID, 0);
    ck_assert_uint_eq(r->SetAgentGroup.GroupList.dwNumEntries, 2);
    ck_assert_uint_eq(r->SetAgentGroup.GroupList.dwTotalSize,
                      r->dwSize - offsetof(LINEPROXYREQUEST, SetAgentGroup.GroupList));
    memcpy(entry, (char *)&r->SetAgentGroup.GroupList + r->SetAgentGroup.GroupList.dwListOffset, sizeof(entry));
    ck_assert_uint_eq(entry[0].GroupID.dwGroupID1, 71);
    ck_assert_uint_eq(entry[1].GroupID.dwGroupID4, 74);
    ck_assert_uint_eq(entry[1].dwNameSize, 0);
}

static LONG ask_set_state(void)
{
    return lineSetAgentState(agent_asker.line, 0, LINEAGENTSTATE_READY, LINEAGENTSTATE_LOGGEDOFF);
}

static void set_state(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->SetAgentState.dwAgentState, LINEAGENTSTATE_READY);
    ck_assert_uint_eq(r->SetAgentState.dwNextAgentState, LINEAGENTSTATE_LOGGEDOFF);
}

static LONG ask_set_activity(void)
{
    return lineSetAgentActivity(agent_asker.line, 0, 31);
}

static void set_activity(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->SetAgentActivity.dwActivityID, 31);
}

/* Whether all of it has room; sets what is needed and used. */
static bool fits(void *structure, DWORD fixed, DWORD need)
{
    DWORD sizes[3];

    memcpy(sizes, structure, sizeof(sizes));
    sizes[1] = need;
    sizes[2] = sizes[0] < need ? fixed : need;
    memcpy(structure, sizes, sizeof(sizes));
    return sizes[0] >= need;
}

/* Puts a text behind the fixed part: the next place, from the start of the structure. */
static DWORD put(void *structure, DWORD at, DWORD *size, DWORD *offset)
{
    *size = sizeof(wide);
    *offset = at;
    memcpy((char *)structure + at, wide, sizeof(wide));
    return at + sizeof(wide);
}

static void text_is(const void *structure, DWORD size, DWORD offset, bool ansi)
{
    const char *want = ansi ? narrow() : (const char *)wide;

    ck_assert_uint_eq(size, ansi ? strlen(want) + 1 : sizeof(wide));
    ck_assert_mem_eq((const char *)structure + offset, want, size);
}

static LONG ask_caps_a(void)
{
    return lineGetAgentCapsA(agent_asker.app, DEVICE, 0, V2_2, &to.caps);
}

static LONG ask_caps_w(void)
{
    return lineGetAgentCapsW(agent_asker.app, DEVICE, 0, 0x00030001, &to.caps);
}

static void caps(LINEPROXYREQUEST *r)
{
    LINEAGENTCAPS *c = &r->GetAgentCaps.AgentCaps;
    DWORD size, offset;

    ck_assert_uint_ge(c->dwTotalSize, sizeof(*c));
    if (fits(c, sizeof(*c), sizeof(*c) + sizeof(wide))) {
        (void)put(c, sizeof(*c), &size, &offset);
        c->dwAgentHandlerInfoSize = size;
        c->dwAgentHandlerInfoOffset = offset;
    }
    c->dwFeatures = 0xFF;
    c->dwStates = LINEAGENTSTATE_READY;
    c->ProxyGUID = group_id;
}

static void caps_is(bool ansi)
{
    text_is(&to, to.caps.dwAgentHandlerInfoSize, to.caps.dwAgentHandlerInfoOffset, ansi);
    ck_assert_uint_eq(to.caps.dwStates, LINEAGENTSTATE_READY);
    ck_assert_uint_eq(to.caps.dwFeatures, 0xFF);
    ck_assert_mem_eq(&to.caps.ProxyGUID, &group_id, sizeof(GUID));
}

static LONG ask_status_a(void)
{
    return lineGetAgentStatusA(agent_asker.line, 0, &to.status);
}

static LONG ask_status_w(void)
{
    return lineGetAgentStatusW(agent_asker.line, 0, &to.status);
}

static void status(LINEPROXYREQUEST *r)
{
    LINEAGENTSTATUS *s = &r->GetAgentStatus.AgentStatus;
    LINEAGENTGROUPENTRY entry = {.GroupID = {1, 2, 3, 4}};
    DWORD at, size, offset;

    s->dwState = LINEAGENTSTATE_BUSYACD;
    s->dwAgentFeatures = LINEAGENTFEATURE_SETAGENTSTATE;
    if (!fits(s, sizeof(*s), sizeof(*s) + sizeof(entry) + 2 * sizeof(wide)))
        return;
    at = put(s, sizeof(*s) + sizeof(entry), &size, &offset);
    entry.dwNameSize = size;
    entry.dwNameOffset = offset;
    memcpy((char *)s + sizeof(*s), &entry, sizeof(entry));
    s->dwNumEntries = 1;
    s->dwGroupListSize = sizeof(entry);
    s->dwGroupListOffset = sizeof(*s);
    (void)put(s, at, &size, &offset);
    s->dwActivitySize = size;
    s->dwActivityOffset = offset;
}

static void groups_are(DWORD count, DWORD size, DWORD offset, bool ansi)
{
    LINEAGENTGROUPENTRY entry;

    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(size, sizeof(entry));
    memcpy(&entry, to.room + offset, sizeof(entry));
    ck_assert_uint_eq(entry.GroupID.dwGroupID3, 3);
    text_is(&to, entry.dwNameSize, entry.dwNameOffset, ansi);
}

static void status_is(bool ansi)
{
    groups_are(to.status.dwNumEntries, to.status.dwGroupListSize, to.status.dwGroupListOffset, ansi);
    text_is(&to, to.status.dwActivitySize, to.status.dwActivityOffset, ansi);
    ck_assert_uint_eq(to.status.dwState, LINEAGENTSTATE_BUSYACD);
    ck_assert_uint_eq(to.status.dwAgentFeatures, LINEAGENTFEATURE_SETAGENTSTATE);
}

static LONG ask_specific(void)
{
    memcpy(block, "question", sizeof(block));
    return lineAgentSpecific(agent_asker.line, 0, 3, block, sizeof(block));
}

static void specific(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->AgentSpecific.dwAgentExtensionIDIndex, 3);
    ck_assert_uint_eq(r->AgentSpecific.dwSize, sizeof(block));
    ck_assert_mem_eq(r->AgentSpecific.Params, "question", sizeof(block));
    memcpy(r->AgentSpecific.Params, "answered", sizeof(block));
}

static void specific_is(bool ansi)
{
    (void)ansi;
    ck_assert_mem_eq(block, "answered", sizeof(block));
}

static LONG ask_activities_a(void)
{
    return lineGetAgentActivityListA(agent_asker.line, 0, &to.activities);
}

static LONG ask_activities_w(void)
{
    return lineGetAgentActivityListW(agent_asker.line, 0, &to.activities);
}

static void activities(LINEPROXYREQUEST *r)
{
    LINEAGENTACTIVITYLIST *list = &r->GetAgentActivityList.ActivityList;
    LINEAGENTACTIVITYENTRY entry = {.dwID = 31};
    DWORD size, offset;

    if (!fits(list, sizeof(*list), sizeof(*list) + sizeof(entry) + sizeof(wide)))
        return;
    (void)put(list, sizeof(*list) + sizeof(entry), &size, &offset);
    entry.dwNameSize = size;
    entry.dwNameOffset = offset;
    memcpy((char *)list + sizeof(*list), &entry, sizeof(entry));
    list->dwNumEntries = 1;
    list->dwListSize = sizeof(entry);
    list->dwListOffset = sizeof(*list);
}

static void activities_are(bool ansi)
{
    LINEAGENTACTIVITYENTRY entry;

    ck_assert_uint_eq(to.activities.dwNumEntries, 1);
    memcpy(&entry, to.room + to.activities.dwListOffset, sizeof(entry));
    ck_assert_uint_eq(entry.dwID, 31);
    text_is(&to, entry.dwNameSize, entry.dwNameOffset, ansi);
}

static void groups_put(LINEAGENTGROUPLIST *list)
{
    LINEAGENTGROUPENTRY entry = {.GroupID = {1, 2, 3, 4}};
    DWORD size, offset;

    if (!fits(list, sizeof(*list), sizeof(*list) + sizeof(entry) + sizeof(wide)))
        return;
    (void)put(list, sizeof(*list) + sizeof(entry), &size, &offset);
    entry.dwNameSize = size;
    entry.dwNameOffset = offset;
    memcpy((char *)list + sizeof(*list), &entry, sizeof(entry));
    list->dwNumEntries = 1;
    list->dwListSize = sizeof(entry);
    list->dwListOffset = sizeof(*list);
}

static LONG ask_agent_groups_a(void)
{
    return lineGetAgentGroupListA(agent_asker.line, 0, &to.groups);
}

static LONG ask_agent_groups_w(void)
{
    return lineGetAgentGroupListW(agent_asker.line, 0, &to.groups);
}

static void agent_groups(LINEPROXYREQUEST *r)
{
    groups_put(&r->GetAgentGroupList.GroupList);
}

static LONG ask_groups_a(void)
{
    return lineGetGroupListA(agent_asker.line, &to.groups);
}

static LONG ask_groups_w(void)
{
    return lineGetGroupListW(agent_asker.line, &to.groups);
}

static void all_groups(LINEPROXYREQUEST *r)
{
    groups_put(&r->GetGroupList.GroupList);
}

static void group_list_is(bool ansi)
{
    groups_are(to.groups.dwNumEntries, to.groups.dwListSize, to.groups.dwListOffset, ansi);
}

static LONG ask_create_a(void)
{
    return lineCreateAgentA(agent_asker.line, (LPSTR)narrow(), (LPSTR) "12", &handle);
}

static LONG ask_create_w(void)
{
    static WCHAR id[] = {'A', 0xE4, 0x4E2D, 0}, pin[] = {'1', '2', 0};

    return lineCreateAgentW(agent_asker.line, id, pin, &handle);
}

static void pin_is(const LINEPROXYREQUEST *r, DWORD size, DWORD offset)
{
    static const WCHAR pin[] = {'1', '2', 0};

    ck_assert_uint_eq(size, sizeof(pin));
    ck_assert_uint_le(offset + size, r->dwSize);
    ck_assert_mem_eq((const char *)r + offset, pin, sizeof(pin));
}

static void create(LINEPROXYREQUEST *r)
{
    const WCHAR *id = (const WCHAR *)(const void *)((const char *)r + r->CreateAgent.dwAgentIDOffset);

    pin_is(r, r->CreateAgent.dwAgentPINSize, r->CreateAgent.dwAgentPINOffset);
    ck_assert_uint_ge(r->CreateAgent.dwAgentIDSize, 8);
    ck_assert_uint_eq(id[0], 'A');
    ck_assert_uint_eq(id[1], 0xE4);
    ck_assert_uint_eq(id[r->CreateAgent.dwAgentIDSize / 2 - 1], 0);
    r->CreateAgent.hAgent = 4711;
}

static void handle_is(bool ansi)
{
    (void)ansi;
    ck_assert_uint_eq(handle, 4711);
}

static LONG ask_state_ex(void)
{
    return lineSetAgentStateEx(agent_asker.line, 4711, LINEAGENTSTATEEX_READY, 0);
}

static void state_ex(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->SetAgentStateEx.hAgent, 4711);
    ck_assert_uint_eq(r->SetAgentStateEx.dwAgentState, LINEAGENTSTATEEX_READY);
}

static LONG ask_period(void)
{
    return lineSetAgentMeasurementPeriod(agent_asker.line, 4711, 3600);
}

static void period(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->SetAgentMeasurementPeriod.hAgent, 4711);
    ck_assert_uint_eq(r->SetAgentMeasurementPeriod.dwMeasurementPeriod, 3600);
}

static LONG ask_info(void)
{
    return lineGetAgentInfo(agent_asker.line, 4711, &to.info);
}

static void info(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->GetAgentInfo.hAgent, 4711);
    r->GetAgentInfo.AgentInfo.dwNeededSize = r->GetAgentInfo.AgentInfo.dwUsedSize = sizeof(LINEAGENTINFO);
    r->GetAgentInfo.AgentInfo.dwNumberOfACDCalls = 9;
    r->GetAgentInfo.AgentInfo.dwTotalACDWrapUpTime = 10;
}

static void info_is(bool ansi)
{
    (void)ansi;
    ck_assert_uint_eq(to.info.dwNumberOfACDCalls, 9);
    ck_assert_uint_eq(to.info.dwTotalACDWrapUpTime, 10);
}

static LONG ask_session_a(void)
{
    GUID id = group_id;

    return lineCreateAgentSessionA(agent_asker.line, 4711, (LPSTR) "12", 0, &id, &handle);
}

static LONG ask_session_w(void)
{
    static WCHAR pin[] = {'1', '2', 0};
    GUID id = group_id;

    return lineCreateAgentSessionW(agent_asker.line, 4711, pin, 0, &id, &handle);
}

static void session(LINEPROXYREQUEST *r)
{
    pin_is(r, r->CreateAgentSession.dwAgentPINSize, r->CreateAgentSession.dwAgentPINOffset);
    ck_assert_uint_eq(r->CreateAgentSession.hAgent, 4711);
    ck_assert_mem_eq(&r->CreateAgentSession.GroupID, &group_id, sizeof(GUID));
    ck_assert_uint_eq(r->CreateAgentSession.dwWorkingAddressID, 0);
    r->CreateAgentSession.hAgentSession = 4711;
}

static LONG ask_sessions(void)
{
    return lineGetAgentSessionList(agent_asker.line, 4711, &to.sessions);
}

static void sessions(LINEPROXYREQUEST *r)
{
    LINEAGENTSESSIONLIST *list = &r->GetAgentSessionList.SessionList;
    LINEAGENTSESSIONENTRY entry[2] = {{.hAgentSession = 1}, {.hAgentSession = 2}};

    ck_assert_uint_eq(r->GetAgentSessionList.hAgent, 4711);
    if (!fits(list, sizeof(*list), sizeof(*list) + sizeof(entry)))
        return;
    list->dwNumEntries = 2;
    list->dwListSize = sizeof(entry);
    list->dwListOffset = sizeof(*list);
    memcpy(list + 1, entry, sizeof(entry));
}

static void sessions_are(bool ansi)
{
    LINEAGENTSESSIONENTRY entry[2];

    (void)ansi;
    ck_assert_uint_eq(to.sessions.dwNumEntries, 2);
    ck_assert_uint_eq(to.sessions.dwListSize, sizeof(entry));
    memcpy(entry, to.room + to.sessions.dwListOffset, sizeof(entry));
    ck_assert_uint_eq(entry[1].hAgentSession, 2);
}

static LONG ask_session_info(void)
{
    return lineGetAgentSessionInfo(agent_asker.line, 4712, &to.session);
}

static void session_info(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->GetAgentSessionInfo.hAgentSession, 4712);
    r->GetAgentSessionInfo.SessionInfo.dwNumberOfCalls = 5;
    r->GetAgentSessionInfo.SessionInfo.dwAverageTimeToAnswer = 6;
}

static void session_info_is(bool ansi)
{
    (void)ansi;
    ck_assert_uint_eq(to.session.dwNumberOfCalls, 5);
    ck_assert_uint_eq(to.session.dwAverageTimeToAnswer, 6);
}

static LONG ask_session_state(void)
{
    return lineSetAgentSessionState(agent_asker.line, 4712, LINEAGENTSESSIONSTATE_READY, LINEAGENTSESSIONSTATE_ENDED);
}

static void session_state(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->SetAgentSessionState.hAgentSession, 4712);
    ck_assert_uint_eq(r->SetAgentSessionState.dwAgentSessionState, LINEAGENTSESSIONSTATE_READY);
    ck_assert_uint_eq(r->SetAgentSessionState.dwNextAgentSessionState, LINEAGENTSESSIONSTATE_ENDED);
}

static LONG ask_queues_a(void)
{
    GUID id = group_id;

    return lineGetQueueListA(agent_asker.line, &id, &to.queues);
}

static LONG ask_queues_w(void)
{
    GUID id = group_id;

    return lineGetQueueListW(agent_asker.line, &id, &to.queues);
}

static void queues(LINEPROXYREQUEST *r)
{
    LINEQUEUELIST *list = &r->GetQueueList.QueueList;
    LINEQUEUEENTRY entry = {.dwQueueID = 8};
    DWORD size, offset;

    ck_assert_mem_eq(&r->GetQueueList.GroupID, &group_id, sizeof(GUID));
    if (!fits(list, sizeof(*list), sizeof(*list) + sizeof(entry) + sizeof(wide)))
        return;
    (void)put(list, sizeof(*list) + sizeof(entry), &size, &offset);
    entry.dwNameSize = size;
    entry.dwNameOffset = offset;
    memcpy((char *)list + sizeof(*list), &entry, sizeof(entry));
    list->dwNumEntries = 1;
    list->dwListSize = sizeof(entry);
    list->dwListOffset = sizeof(*list);
}

static void queues_are(bool ansi)
{
    LINEQUEUEENTRY entry;

    ck_assert_uint_eq(to.queues.dwNumEntries, 1);
    memcpy(&entry, to.room + to.queues.dwListOffset, sizeof(entry));
    ck_assert_uint_eq(entry.dwQueueID, 8);
    text_is(&to, entry.dwNameSize, entry.dwNameOffset, ansi);
}

static LONG ask_queue_period(void)
{
    return lineSetQueueMeasurementPeriod(agent_asker.line, 8, 60);
}

static void queue_period(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->SetQueueMeasurementPeriod.dwQueueID, 8);
    ck_assert_uint_eq(r->SetQueueMeasurementPeriod.dwMeasurementPeriod, 60);
}

static LONG ask_queue(void)
{
    return lineGetQueueInfo(agent_asker.line, 8, &to.queue);
}

static void queue(LINEPROXYREQUEST *r)
{
    ck_assert_uint_eq(r->GetQueueInfo.dwQueueID, 8);
    r->GetQueueInfo.QueueInfo.dwTotalCallsQueued = 12;
    r->GetQueueInfo.QueueInfo.dwFinalDisposition = 13;
}

static void queue_is(bool ansi)
{
    (void)ansi;
    ck_assert_uint_eq(to.queue.dwTotalCallsQueued, 12);
    ck_assert_uint_eq(to.queue.dwFinalDisposition, 13);
}

struct function {
    DWORD type;
    LONG (*ask)(void);
    void (*answer)(LINEPROXYREQUEST *request); /* looks at it and fills it in */
    void (*check)(bool ansi);                  /* NULL: nothing comes back */
    bool ansi;
};

static const struct function functions[] = {
    {LINEPROXYREQUEST_SETAGENTGROUP, ask_set_group, set_group, NULL, false},
    {LINEPROXYREQUEST_SETAGENTSTATE, ask_set_state, set_state, NULL, false},
    {LINEPROXYREQUEST_SETAGENTACTIVITY, ask_set_activity, set_activity, NULL, false},
    {LINEPROXYREQUEST_GETAGENTCAPS, ask_caps_a, caps, caps_is, true},
    {LINEPROXYREQUEST_GETAGENTCAPS, ask_caps_w, caps, caps_is, false},
    {LINEPROXYREQUEST_GETAGENTSTATUS, ask_status_a, status, status_is, true},
    {LINEPROXYREQUEST_GETAGENTSTATUS, ask_status_w, status, status_is, false},
    {LINEPROXYREQUEST_AGENTSPECIFIC, ask_specific, specific, specific_is, false},
    {LINEPROXYREQUEST_GETAGENTACTIVITYLIST, ask_activities_a, activities, activities_are, true},
    {LINEPROXYREQUEST_GETAGENTACTIVITYLIST, ask_activities_w, activities, activities_are, false},
    {LINEPROXYREQUEST_GETAGENTGROUPLIST, ask_agent_groups_a, agent_groups, group_list_is, true},
    {LINEPROXYREQUEST_GETAGENTGROUPLIST, ask_agent_groups_w, agent_groups, group_list_is, false},
    {LINEPROXYREQUEST_CREATEAGENT, ask_create_a, create, handle_is, true},
    {LINEPROXYREQUEST_CREATEAGENT, ask_create_w, create, handle_is, false},
    {LINEPROXYREQUEST_SETAGENTSTATEEX, ask_state_ex, state_ex, NULL, false},
    {LINEPROXYREQUEST_SETAGENTMEASUREMENTPERIOD, ask_period, period, NULL, false},
    {LINEPROXYREQUEST_GETAGENTINFO, ask_info, info, info_is, false},
    {LINEPROXYREQUEST_CREATEAGENTSESSION, ask_session_a, session, handle_is, true},
    {LINEPROXYREQUEST_CREATEAGENTSESSION, ask_session_w, session, handle_is, false},
    {LINEPROXYREQUEST_GETAGENTSESSIONLIST, ask_sessions, sessions, sessions_are, false},
    {LINEPROXYREQUEST_GETAGENTSESSIONINFO, ask_session_info, session_info, session_info_is, false},
    {LINEPROXYREQUEST_SETAGENTSESSIONSTATE, ask_session_state, session_state, NULL, false},
    {LINEPROXYREQUEST_GETQUEUELIST, ask_queues_a, queues, queues_are, true},
    {LINEPROXYREQUEST_GETQUEUELIST, ask_queues_w, queues, queues_are, false},
    {LINEPROXYREQUEST_SETQUEUEMEASUREMENTPERIOD, ask_queue_period, queue_period, NULL, false},
    {LINEPROXYREQUEST_GETQUEUEINFO, ask_queue, queue, queue_is, false},
    {LINEPROXYREQUEST_GETGROUPLIST, ask_groups_a, all_groups, group_list_is, true},
    {LINEPROXYREQUEST_GETGROUPLIST, ask_groups_w, all_groups, group_list_is, false},
};
enum { FUNCTIONS = sizeof(functions) / sizeof(functions[0]) };

static void room_clear(void)
{
    memset(&to, 0, sizeof(to));
    memset(block, 0, sizeof(block));
    handle = 0;
    to.total = sizeof(to);
}

START_TEST(asked_and_answered)
{
    const struct function *f = &functions[_i];
    LINEPROXYREQUEST *r;
    LONG id;

    agent_open_asker(V2_2);
    /* Nobody is there; then one that takes everything else; then one that takes just this. */
    room_clear();
    ck_assert_int_eq(f->ask(), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, &(DWORD){f->type % ALL + 1}, 1), 0);
    ck_assert_int_eq(f->ask(), ERR(OPERATIONUNAVAIL));
    ck_assert_int_eq(lineClose(agent_proxy.line), 0);
    agent_open_all();
    id = f->ask();
    ck_assert_int_gt(id, 0);
    r = agent_request(&agent_proxy);
    ck_assert_uint_eq(r->dwRequestType, f->type);
    ck_assert_uint_eq(r->dwClientAppAPIVersion, V2_2);
    ck_assert_uint_ge(r->dwSize, sizeof(DWORD) * 7);
    f->answer(r);
    /* Nothing is written before. */
    ck_assert_uint_eq(handle, 0);
    ck_assert_uint_eq(to.status.dwUsedSize, 0);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    ck_assert_int_eq(desk_reply(&agent_asker, id), 0);
    if (f->check) {
        f->check(f->ansi);
        if (to.status.dwUsedSize)
            ck_assert_uint_eq(to.status.dwUsedSize, to.status.dwNeededSize);
    }
    /* What the proxy refuses is refused. */
    room_clear();
    id = f->ask();
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, agent_request(&agent_proxy), (DWORD)LINEERR_INVALPASSWORD), 0);
    ck_assert_int_eq(desk_reply(&agent_asker, id), ERR(INVALPASSWORD));
    ck_assert_uint_eq(handle, 0);
    ck_assert_uint_eq(to.status.dwUsedSize, 0);
}
END_TEST

/* The grow loop, in both forms: what is there is whole, what is needed is said. */
START_TEST(grow)
{
    const struct function *f = &functions[_i];
    DWORD total = 0, needed;
    LONG rc;

    if (!f->check || f->check == handle_is || f->check == specific_is)
        return;
    agent_open_asker(V2_2);
    agent_open_all();
    do {
        room_clear();
        to.total = total++;
        rc = f->ask();
        ck_assert_int_ne(rc, ERR(OPERATIONUNAVAIL));
    } while (rc == ERR(STRUCTURETOOSMALL));
    total--; /* of the fixed part */
    for (needed = UINT32_MAX; total <= needed && total < sizeof(to); total++) {
        LINEPROXYREQUEST *r = agent_request(&agent_proxy);

        f->answer(r);
        ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
        ck_assert_int_eq(desk_reply(&agent_asker, rc), 0);
        ck_assert_uint_eq(to.total, total);
        ck_assert_uint_le(to.status.dwUsedSize, total);
        /* What the texts need in the other form is the most it can be. */
        ck_assert_uint_le(to.status.dwNeededSize, needed);
        needed = to.status.dwNeededSize;
        ck_assert_uint_eq((unsigned char)to.room[total], 0);
        if (total == needed) {
            f->check(f->ansi);
            break;
        }
        room_clear();
        to.total = total + 1;
        rc = f->ask();
        ck_assert_int_gt(rc, 0);
    }
    ck_assert_uint_eq(total, needed);
}
END_TEST

/* A proxy that has no room itself says so. */
START_TEST(not_room_enough)
{
    LINEPROXYREQUEST *r;
    LONG id;

    agent_open_asker(V2_2);
    agent_open_all();
    room_clear();
    id = lineGetGroupListW(agent_asker.line, &to.groups);
    r = agent_request(&agent_proxy);
    r->GetGroupList.GroupList.dwNeededSize = 100000;
    r->GetGroupList.GroupList.dwUsedSize = sizeof(LINEAGENTGROUPLIST);
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    ck_assert_int_eq(desk_reply(&agent_asker, id), 0);
    ck_assert_uint_eq(to.groups.dwNeededSize, 100000);
    ck_assert_uint_eq(to.groups.dwUsedSize, sizeof(LINEAGENTGROUPLIST));
}
END_TEST

/* What an old application does not know is not written, and features that nobody takes are none. */
START_TEST(old_application)
{
    static const DWORD types[] = {LINEPROXYREQUEST_GETAGENTCAPS, LINEPROXYREQUEST_SETAGENTSTATE};
    LINEPROXYREQUEST *r;
    LONG id;

    ck_assert_int_eq(agent_open_proxy(&agent_proxy, V2_2, types, 2), 0);
    agent_open_asker(V2);
    memset(&to, 0xA5, sizeof(to));
    to.total = offsetof(LINEAGENTCAPS, ProxyGUID);
    id = lineGetAgentCapsW(agent_asker.app, DEVICE, 0, V2, &to.caps);
    r = agent_request(&agent_proxy);
    ck_assert_uint_eq(r->dwClientAppAPIVersion, V2);
    ck_assert_uint_ge(r->GetAgentCaps.AgentCaps.dwTotalSize, sizeof(LINEAGENTCAPS));
    r->GetAgentCaps.AgentCaps.dwFeatures = 0xFFFFFFFF;
    r->GetAgentCaps.AgentCaps.ProxyGUID = group_id;
    ck_assert_int_eq(lineProxyResponse(agent_proxy.line, r, 0), 0);
    ck_assert_int_eq(desk_reply(&agent_asker, id), 0);
    ck_assert_uint_eq(to.caps.dwUsedSize, offsetof(LINEAGENTCAPS, ProxyGUID));
    ck_assert_uint_eq(to.caps.ProxyGUID.Data1, 0xA5A5A5A5);
    ck_assert_uint_eq(to.caps.dwFeatures & 0x3F, LINEAGENTFEATURE_SETAGENTSTATE);
    ck_assert_int_eq(lineGetAgentCapsW(agent_asker.app, DEVICE, 0, V1_4, &to.caps), ERR(INCOMPATIBLEAPIVERSION));
}
END_TEST

TCase *host_agent_tests(void)
{
    TCase *t = tcase_create("agents");

    tcase_set_timeout(t, 0);
    tcase_add_checked_fixture(t, agent_setup, agent_teardown);
    tcase_add_loop_test(t, asked_and_answered, 0, FUNCTIONS);
    tcase_add_loop_test(t, grow, 0, FUNCTIONS);
    tcase_add_test(t, not_room_enough);
    tcase_add_test(t, old_application);
    return t;
}
