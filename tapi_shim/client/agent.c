/* Agents and queues: what a proxy is asked, and what it says. All of it is asynchronous. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/client/client.h"
#include "tapi_shim/client/convert.h"

#include <stdlib.h>
#include <string.h>

/*
 * Each function makes the LINEPROXYREQUEST that the proxy gets, but for its head, which the engine fills in; texts in
 * it are UTF-16. The same block comes back as answered with LINE_REPLY. All of them return the number of the request,
 * or OPERATIONUNAVAIL (no proxy takes such requests on the line), RESOURCEUNAVAIL (it has too many already, or too much
 * is asked), INVALLINEHANDLE, INVALADDRESSID, INVALPOINTER, UNINITIALIZED, NOMEM; those that fill a structure also
 * STRUCTURETOOSMALL. The reply brings what the proxy says, OPERATIONFAILED if it ends before it says anything. Thread:
 * any.
 */

enum {
    HEAD = offsetof(LINEPROXYREQUEST, SetAgentGroup),
    STRUCTURE_MAX = 0x40000, /* bytes of a structure that a proxy may fill */
    SPECIFIC_MAX = 0xFFF00   /* bytes that lineAgentSpecific takes */
};

#define NO_ADDRESS UINT32_MAX
/* Length of a request whose kind has a fixed length. */
#define LENGTH(request, kind) ((uint32_t)(HEAD + sizeof((request).kind)))

static LONG no_line(void)
{
    return client_err(client_connected() ? LINEERR_INVALLINEHANDLE : LINEERR_UNINITIALIZED);
}

static LONG ask(HLINE line, uint32_t type, DWORD address, const void *request, uint32_t len,
                const struct client_result *result)
{
    struct channel_call call = {.op = CHANNEL_PROXY_ASK, .arg = {line, 0, type, 0, 0, 0, address}};

    if (!client_line_version(line))
        return no_line();
    call.in0 = request;
    call.in0_len = len;
    return result ? client_request_result(&call, result) : client_request_make(&call, 0, NULL);
}

/* ---- structures that a proxy fills ---- */

/* Where the structure is in the answer, and which one: both travel in `room`. */
static uint32_t place_of(enum layout_type type, uint32_t at)
{
    return at << 8 | (uint32_t)type;
}

static uint32_t word_at(const void *p, size_t at)
{
    uint32_t word;

    memcpy(&word, (const unsigned char *)p + at, sizeof(word));
    return word;
}

static LONG structure_write(void *to, uint32_t room, uint32_t version, bool ansi, const void *data, uint32_t len)
{
    enum layout_type type = (enum layout_type)(room & 0xFF);
    const unsigned char *from = data;
    uint32_t at = room >> 8, needed;
    LONG rc;

    if (!data || len < at + 3 * sizeof(DWORD))
        return client_err(LINEERR_OPERATIONFAILED);
    from += at;
    len -= at;
    rc = layout_convert(type, to, version, ansi, from, len, version);
    /* What the proxy had no room for is wanted as well. */
    needed = word_at(from, sizeof(DWORD));
    if (!rc && needed > len && needed > word_at(to, sizeof(DWORD)))
        memcpy((unsigned char *)to + sizeof(DWORD), &needed, sizeof(needed));
    return rc;
}

/* `head`: what stands before the structure. `call`: everything but the block. */
static LONG fetch_call(struct channel_call *call, const void *head, uint32_t head_len, enum layout_type type, void *to,
                       uint32_t version, bool ansi, uint32_t app)
{
    const struct client_result result = {.to = to,
                                         .form = CLIENT_FORM_OTHER,
                                         .ansi = ansi,
                                         .room = place_of(type, HEAD + head_len),
                                         .version = version,
                                         .h = structure_write,
                                         .app = app};
    uint32_t total, least = layout_fixed(type, CLIENT_VERSION_HIGH);
    unsigned char *block;
    LONG rc = client_room(type, to, version);

    if (rc)
        return rc;
    total = word_at(to, 0);
    /* Texts of the A functions are longer on their way. */
    if (ansi)
        total = total < STRUCTURE_MAX ? 2 * total : STRUCTURE_MAX;
    if (total > STRUCTURE_MAX)
        total = STRUCTURE_MAX;
    if (total < least)
        total = least;
    block = calloc(1, HEAD + head_len + total);
    if (!block)
        return client_err(LINEERR_NOMEM);
    if (head_len)
        memcpy(block + HEAD, head, head_len);
    memcpy(block + HEAD + head_len, &total, sizeof(total));
    call->in0 = block;
    call->in0_len = HEAD + head_len + total;
    rc = client_request_result(call, &result);
    free(block);
    return rc;
}

static LONG fetch(HLINE line, uint32_t type, DWORD address, const void *head, uint32_t head_len,
                  enum layout_type structure, void *to, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PROXY_ASK, .arg = {line, 0, type, 0, 0, 0, address}};
    uint32_t version = client_line_version(line);

    if (!to)
        return client_err(LINEERR_INVALPOINTER);
    return version ? fetch_call(&call, head, head_len, structure, to, version, ansi, 0) : no_line();
}

/* Of an address. */
static LONG fetch_address(HLINE line, uint32_t type, DWORD address, enum layout_type structure, void *to, bool ansi)
{
    return fetch(line, type, address, &address, sizeof(address), structure, to, ansi);
}

/* ---- agents of an address ---- */

static LONG agent_caps(HLINEAPP app, DWORD device, DWORD address, DWORD version, LINEAGENTCAPS *caps, bool ansi)
{
    struct channel_call call = {.op = CHANNEL_PROXY_ASK,
                                .arg = {0, 0, LINEPROXYREQUEST_GETAGENTCAPS, app, device, version, address}};
    LONG rc;

    if (!caps)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_app_check(app);
    if (rc)
        return rc;
    /* The highest that the application knows, which may be higher than ours. */
    if (version < 0x00020000)
        return client_err(LINEERR_INCOMPATIBLEAPIVERSION);
    if (version > CLIENT_VERSION_HIGH)
        version = CLIENT_VERSION_HIGH;
    call.arg[5] = version;
    return fetch_call(&call, &address, sizeof(address), LAYOUT_LINEAGENTCAPS, caps, version, ansi, app);
}

/**
 * What a proxy can do for agents on an address. The line need not be open.
 * @param dwAppAPIVersion  the highest that the application knows, 0x00020000 at least
 * @return as all, or INCOMPATIBLEAPIVERSION, BADDEVICEID, NODEVICE, NODRIVER, INVALAPPHANDLE.
 * Source: lineGetAgentCaps.
 */
LONG WINAPI lineGetAgentCapsA(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAddressID, DWORD dwAppAPIVersion,
                              LPLINEAGENTCAPS lpAgentCaps)
{
    return agent_caps(hLineApp, dwDeviceID, dwAddressID, dwAppAPIVersion, lpAgentCaps, true);
}

LONG WINAPI lineGetAgentCapsW(HLINEAPP hLineApp, DWORD dwDeviceID, DWORD dwAddressID, DWORD dwAppAPIVersion,
                              LPLINEAGENTCAPS lpAgentCaps)
{
    return agent_caps(hLineApp, dwDeviceID, dwAddressID, dwAppAPIVersion, lpAgentCaps, false);
}

/** What the agent of an address does now. Source: lineGetAgentStatus. */
LONG WINAPI lineGetAgentStatusA(HLINE hLine, DWORD dwAddressID, LPLINEAGENTSTATUS lpAgentStatus)
{
    return fetch_address(hLine, LINEPROXYREQUEST_GETAGENTSTATUS, dwAddressID, LAYOUT_LINEAGENTSTATUS, lpAgentStatus,
                         true);
}

LONG WINAPI lineGetAgentStatusW(HLINE hLine, DWORD dwAddressID, LPLINEAGENTSTATUS lpAgentStatus)
{
    return fetch_address(hLine, LINEPROXYREQUEST_GETAGENTSTATUS, dwAddressID, LAYOUT_LINEAGENTSTATUS, lpAgentStatus,
                         false);
}

/** What an agent may be doing. Source: lineGetAgentActivityList. */
LONG WINAPI lineGetAgentActivityListA(HLINE hLine, DWORD dwAddressID, LPLINEAGENTACTIVITYLIST lpAgentActivityList)
{
    return fetch_address(hLine, LINEPROXYREQUEST_GETAGENTACTIVITYLIST, dwAddressID, LAYOUT_LINEAGENTACTIVITYLIST,
                         lpAgentActivityList, true);
}

LONG WINAPI lineGetAgentActivityListW(HLINE hLine, DWORD dwAddressID, LPLINEAGENTACTIVITYLIST lpAgentActivityList)
{
    return fetch_address(hLine, LINEPROXYREQUEST_GETAGENTACTIVITYLIST, dwAddressID, LAYOUT_LINEAGENTACTIVITYLIST,
                         lpAgentActivityList, false);
}

/** Groups that the agent may log into. Source: lineGetAgentGroupList. */
LONG WINAPI lineGetAgentGroupListA(HLINE hLine, DWORD dwAddressID, LPLINEAGENTGROUPLIST lpAgentGroupList)
{
    return fetch_address(hLine, LINEPROXYREQUEST_GETAGENTGROUPLIST, dwAddressID, LAYOUT_LINEAGENTGROUPLIST,
                         lpAgentGroupList, true);
}

LONG WINAPI lineGetAgentGroupListW(HLINE hLine, DWORD dwAddressID, LPLINEAGENTGROUPLIST lpAgentGroupList)
{
    return fetch_address(hLine, LINEPROXYREQUEST_GETAGENTGROUPLIST, dwAddressID, LAYOUT_LINEAGENTGROUPLIST,
                         lpAgentGroupList, false);
}

/** What the agent is doing. @param dwActivityID  of lineGetAgentActivityList. Source: lineSetAgentActivity. */
LONG WINAPI lineSetAgentActivity(HLINE hLine, DWORD dwAddressID, DWORD dwActivityID)
{
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.SetAgentActivity.dwAddressID = dwAddressID;
    request.SetAgentActivity.dwActivityID = dwActivityID;
    return ask(hLine, LINEPROXYREQUEST_SETAGENTACTIVITY, dwAddressID, &request, LENGTH(request, SetAgentActivity),
               NULL);
}

/**
 * The state of an agent.
 * @param dwAgentState      LINEAGENTSTATE_, 0: as it is
 * @param dwNextAgentState  the one after the call under way, 0: what the proxy chooses
 * Source: lineSetAgentState.
 */
LONG WINAPI lineSetAgentState(HLINE hLine, DWORD dwAddressID, DWORD dwAgentState, DWORD dwNextAgentState)
{
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.SetAgentState.dwAddressID = dwAddressID;
    request.SetAgentState.dwAgentState = dwAgentState;
    request.SetAgentState.dwNextAgentState = dwNextAgentState;
    return ask(hLine, LINEPROXYREQUEST_SETAGENTSTATE, dwAddressID, &request, LENGTH(request, SetAgentState), NULL);
}

/**
 * Groups that the agent is logged into from now on.
 * @param lpAgentGroupList  their ids count, not their names; NULL or empty: none
 * @return as all, or INVALPARAM (the list does not lie within its size).
 * Source: lineSetAgentGroup.
 */
LONG WINAPI lineSetAgentGroup(HLINE hLine, DWORD dwAddressID, LPLINEAGENTGROUPLIST lpAgentGroupList)
{
    const uint32_t at = offsetof(LINEPROXYREQUEST, SetAgentGroup.GroupList), entry = sizeof(LINEAGENTGROUPENTRY);
    uint32_t n = 0, len, i;
    LINEAGENTGROUPLIST list;
    unsigned char *block;
    LONG rc;

    memset(&list, 0, sizeof(list));
    if (lpAgentGroupList) {
        memcpy(&list.dwTotalSize, lpAgentGroupList, sizeof(list.dwTotalSize));
        if (list.dwTotalSize < sizeof(list))
            return client_err(LINEERR_INVALPARAM);
        memcpy(&list, lpAgentGroupList, sizeof(list));
        n = list.dwNumEntries;
        if (n && (list.dwListOffset < sizeof(list) || list.dwListOffset > list.dwTotalSize ||
                  list.dwListSize > list.dwTotalSize - list.dwListOffset || n > list.dwListSize / entry))
            return client_err(LINEERR_INVALPARAM);
    }
    if (n > STRUCTURE_MAX / entry)
        return client_err(LINEERR_RESOURCEUNAVAIL);
    len = at + (uint32_t)sizeof(list) + n * entry;
    block = calloc(1, len);
    if (!block)
        return client_err(LINEERR_NOMEM);
    memcpy(block + offsetof(LINEPROXYREQUEST, SetAgentGroup.dwAddressID), &dwAddressID, sizeof(dwAddressID));
    for (i = 0; i < n; i++)
        memcpy(block + at + sizeof(list) + (size_t)i * entry,
               (const unsigned char *)lpAgentGroupList + list.dwListOffset + (size_t)i * entry,
               offsetof(LINEAGENTGROUPENTRY, dwNameSize));
    list.dwTotalSize = list.dwNeededSize = list.dwUsedSize = len - at;
    list.dwListSize = n * entry;
    list.dwListOffset = n ? sizeof(list) : 0;
    memcpy(block + at, &list, sizeof(list));
    rc = ask(hLine, LINEPROXYREQUEST_SETAGENTGROUP, dwAddressID, block, len, NULL);
    free(block);
    return rc;
}

static LONG specific_write(void *to, uint32_t room, uint32_t version, bool ansi, const void *data, uint32_t len)
{
    const uint32_t at = offsetof(LINEPROXYREQUEST, AgentSpecific.Params);

    (void)version;
    (void)ansi;
    if (!data || len < at)
        return client_err(LINEERR_OPERATIONFAILED);
    memcpy(to, (const unsigned char *)data + at, len - at < room ? len - at : room);
    return 0;
}

/**
 * What only this proxy has.
 * @param dwAgentExtensionIDIndex  place in the list of LINEAGENTCAPS
 * @param lpParams                 goes to the proxy, and takes what it makes of it when LINE_REPLY(0) is taken
 * Source: lineAgentSpecific.
 */
LONG WINAPI lineAgentSpecific(HLINE hLine, DWORD dwAddressID, DWORD dwAgentExtensionIDIndex, LPVOID lpParams,
                              DWORD dwSize)
{
    const struct client_result result = {
        .to = dwSize ? lpParams : NULL, .form = CLIENT_FORM_OTHER, .room = dwSize, .h = specific_write};
    const uint32_t at = offsetof(LINEPROXYREQUEST, AgentSpecific.Params);
    LINEPROXYREQUEST request;
    unsigned char *block;
    LONG rc;

    if (!lpParams && dwSize)
        return client_err(LINEERR_INVALPOINTER);
    if (dwSize > SPECIFIC_MAX)
        return client_err(LINEERR_RESOURCEUNAVAIL);
    memset(&request, 0, sizeof(request));
    request.AgentSpecific.dwAddressID = dwAddressID;
    request.AgentSpecific.dwAgentExtensionIDIndex = dwAgentExtensionIDIndex;
    request.AgentSpecific.dwSize = dwSize;
    block = malloc(at + dwSize);
    if (!block)
        return client_err(LINEERR_NOMEM);
    memcpy(block, &request, at);
    if (dwSize)
        memcpy(block + at, lpParams, dwSize);
    rc = ask(hLine, LINEPROXYREQUEST_AGENTSPECIFIC, dwAddressID, block, at + dwSize, &result);
    free(block);
    return rc;
}

/* ---- agents, sessions, queues, groups: since 2.2 ---- */

/* The handle that a proxy gave. */
static LONG handle_write(void *to, uint32_t room, uint32_t version, bool ansi, const void *data, uint32_t len)
{
    (void)version;
    (void)ansi;
    if (!data || len < room + sizeof(DWORD))
        return client_err(LINEERR_OPERATIONFAILED);
    memcpy(to, (const unsigned char *)data + room, sizeof(DWORD));
    return 0;
}

/* The request, its texts behind it. `places`: where their sizes and offsets are. Frees the texts. */
static LONG ask_texts(HLINE line, uint32_t type, DWORD address, const LINEPROXYREQUEST *request, uint32_t len,
                      struct client_text textv[2], const uint32_t places[2], LONG text_rc,
                      const struct client_result *result)
{
    unsigned char *block = NULL;
    uint32_t at = (len + 3) & ~3u, i;
    LONG rc = text_rc;

    if (!rc && (textv[0].bytes > STRUCTURE_MAX || textv[1].bytes > STRUCTURE_MAX))
        rc = client_err(LINEERR_RESOURCEUNAVAIL);
    if (!rc) {
        block = calloc(1, at + textv[0].bytes + textv[1].bytes);
        if (!block)
            rc = client_err(LINEERR_NOMEM);
    }
    if (!rc) {
        memcpy(block, request, len);
        for (i = 0; i < 2; i++) {
            if (!textv[i].bytes)
                continue;
            memcpy(block + at, textv[i].text, textv[i].bytes);
            memcpy(block + places[i], &textv[i].bytes, sizeof(uint32_t));
            memcpy(block + places[i] + sizeof(uint32_t), &at, sizeof(at));
            at += textv[i].bytes;
        }
        rc = ask(line, type, address, block, at, result);
    }
    free(block);
    client_text_free(&textv[0]);
    client_text_free(&textv[1]);
    return rc;
}

static LONG create_agent(HLINE line, struct client_text textv[2], LONG text_rc, LPHAGENT out)
{
    static const uint32_t places[2] = {offsetof(LINEPROXYREQUEST, CreateAgent.dwAgentIDSize),
                                       offsetof(LINEPROXYREQUEST, CreateAgent.dwAgentPINSize)};
    const struct client_result result = {.to = out,
                                         .form = CLIENT_FORM_OTHER,
                                         .room = offsetof(LINEPROXYREQUEST, CreateAgent.hAgent),
                                         .h = handle_write};
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    return ask_texts(line, LINEPROXYREQUEST_CREATEAGENT, NO_ADDRESS, &request, LENGTH(request, CreateAgent), textv,
                     places, text_rc, &result);
}

/**
 * Makes an agent.
 * @param lpszAgentID, lpszAgentPIN  NULL: the proxy goes by the user's name
 * @param lphAgent                   takes its handle, which the proxy chooses, when LINE_REPLY(0) is taken
 * Source: lineCreateAgent.
 */
LONG WINAPI lineCreateAgentA(HLINE hLine, LPSTR lpszAgentID, LPSTR lpszAgentPIN, LPHAGENT lphAgent)
{
    struct client_text textv[2] = {{NULL, 0}, {NULL, 0}};
    LONG rc;

    if (!lphAgent)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&textv[0], lpszAgentID, SIZE_MAX);
    if (!rc)
        rc = client_text_a(&textv[1], lpszAgentPIN, SIZE_MAX);
    return create_agent(hLine, textv, rc, lphAgent);
}

LONG WINAPI lineCreateAgentW(HLINE hLine, LPWSTR lpszAgentID, LPWSTR lpszAgentPIN, LPHAGENT lphAgent)
{
    struct client_text textv[2] = {{NULL, 0}, {NULL, 0}};
    LONG rc;

    if (!lphAgent)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&textv[0], lpszAgentID, SIZE_MAX);
    if (!rc)
        rc = client_text_w(&textv[1], lpszAgentPIN, SIZE_MAX);
    return create_agent(hLine, textv, rc, lphAgent);
}

static LONG create_session(HLINE line, HAGENT agent, struct client_text *pin, LONG text_rc, DWORD address,
                           const GUID *group, LPHAGENTSESSION out)
{
    static const uint32_t places[2] = {offsetof(LINEPROXYREQUEST, CreateAgentSession.dwAgentPINSize), 0};
    const struct client_result result = {.to = out,
                                         .form = CLIENT_FORM_OTHER,
                                         .room = offsetof(LINEPROXYREQUEST, CreateAgentSession.hAgentSession),
                                         .h = handle_write};
    struct client_text textv[2] = {*pin, {NULL, 0}};
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.CreateAgentSession.hAgent = agent;
    memcpy(&request.CreateAgentSession.GroupID, group, sizeof(*group));
    request.CreateAgentSession.dwWorkingAddressID = address;
    return ask_texts(line, LINEPROXYREQUEST_CREATEAGENTSESSION, address, &request, LENGTH(request, CreateAgentSession),
                     textv, places, text_rc, &result);
}

/**
 * Logs an agent into a group.
 * @param lpszAgentPIN        NULL: none
 * @param dwWorkingAddressID  where its calls come
 * @param lphAgentSession     takes the handle, which the proxy chooses, when LINE_REPLY(0) is taken
 * Source: lineCreateAgentSession.
 */
LONG WINAPI lineCreateAgentSessionA(HLINE hLine, HAGENT hAgent, LPSTR lpszAgentPIN, DWORD dwWorkingAddressID,
                                    LPGUID lpGroupID, LPHAGENTSESSION lphAgentSession)
{
    struct client_text pin;
    LONG rc;

    if (!lpGroupID || !lphAgentSession)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_a(&pin, lpszAgentPIN, SIZE_MAX);
    return create_session(hLine, hAgent, &pin, rc, dwWorkingAddressID, lpGroupID, lphAgentSession);
}

LONG WINAPI lineCreateAgentSessionW(HLINE hLine, HAGENT hAgent, LPWSTR lpszAgentPIN, DWORD dwWorkingAddressID,
                                    LPGUID lpGroupID, LPHAGENTSESSION lphAgentSession)
{
    struct client_text pin;
    LONG rc;

    if (!lpGroupID || !lphAgentSession)
        return client_err(LINEERR_INVALPOINTER);
    rc = client_text_w(&pin, lpszAgentPIN, SIZE_MAX);
    return create_session(hLine, hAgent, &pin, rc, dwWorkingAddressID, lpGroupID, lphAgentSession);
}

/** The state of an agent, LINEAGENTSTATEEX_; 0: only the next one changes. Source: lineSetAgentStateEx. */
LONG WINAPI lineSetAgentStateEx(HLINE hLine, HAGENT hAgent, DWORD dwAgentState, DWORD dwNextAgentState)
{
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.SetAgentStateEx.hAgent = hAgent;
    request.SetAgentStateEx.dwAgentState = dwAgentState;
    request.SetAgentStateEx.dwNextAgentState = dwNextAgentState;
    return ask(hLine, LINEPROXYREQUEST_SETAGENTSTATEEX, NO_ADDRESS, &request, LENGTH(request, SetAgentStateEx), NULL);
}

/** For how long (s) figures of an agent are gathered. Source: lineSetAgentMeasurementPeriod. */
LONG WINAPI lineSetAgentMeasurementPeriod(HLINE hLine, HAGENT hAgent, DWORD dwMeasurementPeriod)
{
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.SetAgentMeasurementPeriod.hAgent = hAgent;
    request.SetAgentMeasurementPeriod.dwMeasurementPeriod = dwMeasurementPeriod;
    return ask(hLine, LINEPROXYREQUEST_SETAGENTMEASUREMENTPERIOD, NO_ADDRESS, &request,
               LENGTH(request, SetAgentMeasurementPeriod), NULL);
}

/** State and figures of an agent. Source: lineGetAgentInfo. */
LONG WINAPI lineGetAgentInfo(HLINE hLine, HAGENT hAgent, LPLINEAGENTINFO lpAgentInfo)
{
    return fetch(hLine, LINEPROXYREQUEST_GETAGENTINFO, NO_ADDRESS, &hAgent, sizeof(hAgent), LAYOUT_LINEAGENTINFO,
                 lpAgentInfo, false);
}

/** Sessions of an agent. Source: lineGetAgentSessionList. */
LONG WINAPI lineGetAgentSessionList(HLINE hLine, HAGENT hAgent, LPLINEAGENTSESSIONLIST lpAgentSessionList)
{
    return fetch(hLine, LINEPROXYREQUEST_GETAGENTSESSIONLIST, NO_ADDRESS, &hAgent, sizeof(hAgent),
                 LAYOUT_LINEAGENTSESSIONLIST, lpAgentSessionList, false);
}

/** State and figures of a session. Source: lineGetAgentSessionInfo. */
LONG WINAPI lineGetAgentSessionInfo(HLINE hLine, HAGENTSESSION hAgentSession, LPLINEAGENTSESSIONINFO lpAgentSessionInfo)
{
    return fetch(hLine, LINEPROXYREQUEST_GETAGENTSESSIONINFO, NO_ADDRESS, &hAgentSession, sizeof(hAgentSession),
                 LAYOUT_LINEAGENTSESSIONINFO, lpAgentSessionInfo, false);
}

/** The state of a session, LINEAGENTSESSIONSTATE_; 0: only the next one changes. Source: lineSetAgentSessionState. */
LONG WINAPI lineSetAgentSessionState(HLINE hLine, HAGENTSESSION hAgentSession, DWORD dwAgentSessionState,
                                     DWORD dwNextAgentSessionState)
{
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.SetAgentSessionState.hAgentSession = hAgentSession;
    request.SetAgentSessionState.dwAgentSessionState = dwAgentSessionState;
    request.SetAgentSessionState.dwNextAgentSessionState = dwNextAgentSessionState;
    return ask(hLine, LINEPROXYREQUEST_SETAGENTSESSIONSTATE, NO_ADDRESS, &request,
               LENGTH(request, SetAgentSessionState), NULL);
}

static LONG queue_list(HLINE line, const GUID *group, LINEQUEUELIST *list, bool ansi)
{
    if (!group)
        return client_err(LINEERR_INVALPOINTER);
    return fetch(line, LINEPROXYREQUEST_GETQUEUELIST, NO_ADDRESS, group, sizeof(*group), LAYOUT_LINEQUEUELIST, list,
                 ansi);
}

/** Queues of a group. Source: lineGetQueueList. */
LONG WINAPI lineGetQueueListA(HLINE hLine, LPGUID lpGroupID, LPLINEQUEUELIST lpQueueList)
{
    return queue_list(hLine, lpGroupID, lpQueueList, true);
}

LONG WINAPI lineGetQueueListW(HLINE hLine, LPGUID lpGroupID, LPLINEQUEUELIST lpQueueList)
{
    return queue_list(hLine, lpGroupID, lpQueueList, false);
}

/** Figures of a queue. Source: lineGetQueueInfo. */
LONG WINAPI lineGetQueueInfo(HLINE hLine, DWORD dwQueueID, LPLINEQUEUEINFO lpLineQueueInfo)
{
    return fetch(hLine, LINEPROXYREQUEST_GETQUEUEINFO, NO_ADDRESS, &dwQueueID, sizeof(dwQueueID), LAYOUT_LINEQUEUEINFO,
                 lpLineQueueInfo, false);
}

/** For how long (s) figures of a queue are gathered. Source: lineSetQueueMeasurementPeriod. */
LONG WINAPI lineSetQueueMeasurementPeriod(HLINE hLine, DWORD dwQueueID, DWORD dwMeasurementPeriod)
{
    LINEPROXYREQUEST request;

    memset(&request, 0, sizeof(request));
    request.SetQueueMeasurementPeriod.dwQueueID = dwQueueID;
    request.SetQueueMeasurementPeriod.dwMeasurementPeriod = dwMeasurementPeriod;
    return ask(hLine, LINEPROXYREQUEST_SETQUEUEMEASUREMENTPERIOD, NO_ADDRESS, &request,
               LENGTH(request, SetQueueMeasurementPeriod), NULL);
}

/** Groups that there are. Source: lineGetGroupList. */
LONG WINAPI lineGetGroupListA(HLINE hLine, LPLINEAGENTGROUPLIST lpGroupList)
{
    return fetch(hLine, LINEPROXYREQUEST_GETGROUPLIST, NO_ADDRESS, NULL, 0, LAYOUT_LINEAGENTGROUPLIST, lpGroupList,
                 true);
}

LONG WINAPI lineGetGroupListW(HLINE hLine, LPLINEAGENTGROUPLIST lpGroupList)
{
    return fetch(hLine, LINEPROXYREQUEST_GETGROUPLIST, NO_ADDRESS, NULL, 0, LAYOUT_LINEAGENTGROUPLIST, lpGroupList,
                 false);
}
