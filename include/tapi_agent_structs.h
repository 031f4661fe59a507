/*
 * tapi_agent_structs.h - structures of agents, queues and the proxies that serve them.
 *
 * SPDX-License-Identifier: MIT
 *
 * Packed to bytes, of variable size as described in tapi_structs.h. Times in seconds.
 */
#ifndef TAPI_AGENT_STRUCTS_H
#define TAPI_AGENT_STRUCTS_H

#include "tapi_handles.h"
#include "tapi_types.h"

#ifdef __cplusplus
extern "C" {
#endif

#pragma pack(push, 1)

/* ---- Agents and queues ---- */

/* One element of LINEAGENTACTIVITYLIST. */
typedef struct lineagentactivityentry_tag {
    DWORD dwID;
    DWORD dwNameSize, dwNameOffset;
} LINEAGENTACTIVITYENTRY, *LPLINEAGENTACTIVITYENTRY;

/* From lineGetAgentActivityList. */
typedef struct lineagentactivitylist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwListSize, dwListOffset;
} LINEAGENTACTIVITYLIST, *LPLINEAGENTACTIVITYLIST;

/* From lineGetAgentCaps. */
typedef struct lineagentcaps_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwAgentHandlerInfoSize, dwAgentHandlerInfoOffset;
    DWORD dwCapsVersion;
    DWORD dwFeatures;
    DWORD dwStates;
    DWORD dwNextStates;
    DWORD dwMaxNumGroupEntries;
    DWORD dwAgentStatusMessages;
    DWORD dwNumAgentExtensionIDs;
    DWORD dwAgentExtensionIDListSize, dwAgentExtensionIDListOffset;
    GUID ProxyGUID;
} LINEAGENTCAPS, *LPLINEAGENTCAPS;

/* One element of LINEAGENTGROUPLIST. */
struct lineagentgroupentry_groupid {
    DWORD dwGroupID1;
    DWORD dwGroupID2;
    DWORD dwGroupID3;
    DWORD dwGroupID4;
};

typedef struct lineagentgroupentry_tag {
    struct lineagentgroupentry_groupid GroupID;
    DWORD dwNameSize, dwNameOffset;
} LINEAGENTGROUPENTRY, *LPLINEAGENTGROUPENTRY;

/* From lineGetAgentGroupList and lineGetGroupList, for lineSetAgentGroup. */
typedef struct lineagentgrouplist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwListSize, dwListOffset;
} LINEAGENTGROUPLIST, *LPLINEAGENTGROUPLIST;

/* From lineGetAgentStatus. */
typedef struct lineagentstatus_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwGroupListSize, dwGroupListOffset;
    DWORD dwState;
    DWORD dwNextState;
    DWORD dwActivityID;
    DWORD dwActivitySize, dwActivityOffset;
    DWORD dwAgentFeatures;
    DWORD dwValidStates;
    DWORD dwValidNextStates;
} LINEAGENTSTATUS, *LPLINEAGENTSTATUS;

/* One element of LINEAGENTLIST (2.2). */
typedef struct lineagententry_tag {
    HAGENT hAgent;
    DWORD dwNameSize, dwNameOffset;
    DWORD dwIDSize, dwIDOffset;
    DWORD dwPINSize, dwPINOffset;
} LINEAGENTENTRY, *LPLINEAGENTENTRY;

/* Agents (2.2). */
typedef struct lineagentlist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwListSize, dwListOffset;
} LINEAGENTLIST, *LPLINEAGENTLIST;

/* From lineGetAgentInfo (2.2). */
typedef struct lineagentinfo_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwAgentState;
    DWORD dwNextAgentState;
    DWORD dwMeasurementPeriod;
    CURRENCY cyOverallCallRate;
    DWORD dwNumberOfACDCalls;
    DWORD dwNumberOfIncomingCalls;
    DWORD dwNumberOfOutgoingCalls;
    DWORD dwTotalACDTalkTime;
    DWORD dwTotalACDCallTime;
    DWORD dwTotalACDWrapUpTime;
} LINEAGENTINFO, *LPLINEAGENTINFO;

/* One element of LINEAGENTSESSIONLIST (2.2). */
typedef struct lineagentsession_tag {
    HAGENTSESSION hAgentSession;
    HAGENT hAgent;
    GUID GroupID;
    DWORD dwWorkingAddressID;
} LINEAGENTSESSIONENTRY, *LPLINEAGENTSESSIONENTRY;

/* From lineGetAgentSessionList (2.2). */
typedef struct lineagentsessionlist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwListSize, dwListOffset;
} LINEAGENTSESSIONLIST, *LPLINEAGENTSESSIONLIST;

/* From lineGetAgentSessionInfo (2.2). */
typedef struct lineagentsessioninfo_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwAgentSessionState;
    DWORD dwNextAgentSessionState;
    DATE dateSessionStartTime;
    DWORD dwSessionDuration;
    DWORD dwNumberOfCalls;
    DWORD dwTotalTalkTime;
    DWORD dwAverageTalkTime;
    DWORD dwTotalCallTime;
    DWORD dwAverageCallTime;
    DWORD dwTotalWrapUpTime;
    DWORD dwAverageWrapUpTime;
    CURRENCY cyACDCallRate;
    DWORD dwLongestTimeToAnswer;
    DWORD dwAverageTimeToAnswer;
} LINEAGENTSESSIONINFO, *LPLINEAGENTSESSIONINFO;

/* One element of LINEQUEUELIST (2.2). */
typedef struct linequeueentry_tag {
    DWORD dwQueueID;
    DWORD dwNameSize, dwNameOffset;
} LINEQUEUEENTRY, *LPLINEQUEUEENTRY;

/* From lineGetQueueList (2.2). */
typedef struct linequeuelist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwListSize, dwListOffset;
} LINEQUEUELIST, *LPLINEQUEUELIST;

/* From lineGetQueueInfo (2.2). */
typedef struct linequeueinfo_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwMeasurementPeriod;
    DWORD dwTotalCallsQueued;
    DWORD dwCurrentCallsQueued;
    DWORD dwTotalCallsAbandoned;
    DWORD dwTotalCallsFlowedIn;
    DWORD dwTotalCallsFlowedOut;
    DWORD dwLongestEverWaitTime;
    DWORD dwCurrentLongestWaitTime;
    DWORD dwAverageWaitTime;
    DWORD dwFinalDisposition;
} LINEQUEUEINFO, *LPLINEQUEUEINFO;

/* ---- Proxies ---- */

/* From lineGetProxyStatus (2.2). */
typedef struct lineproxyrequestlist_tag {
    DWORD dwTotalSize, dwNeededSize, dwUsedSize;
    DWORD dwNumEntries;
    DWORD dwListSize, dwListOffset;
} LINEPROXYREQUESTLIST, *LPLINEPROXYREQUESTLIST;

/* What an agent proxy is asked, in LINE_PROXYREQUEST, and answers by lineProxyResponse. */
struct lineproxyrequest_setagentgroup {
    DWORD dwAddressID;
    LINEAGENTGROUPLIST GroupList;
};

struct lineproxyrequest_setagentstate {
    DWORD dwAddressID;
    DWORD dwAgentState;
    DWORD dwNextAgentState;
};

struct lineproxyrequest_setagentactivity {
    DWORD dwAddressID;
    DWORD dwActivityID;
};

struct lineproxyrequest_getagentcaps {
    DWORD dwAddressID;
    LINEAGENTCAPS AgentCaps;
};

struct lineproxyrequest_getagentstatus {
    DWORD dwAddressID;
    LINEAGENTSTATUS AgentStatus;
};

struct lineproxyrequest_agentspecific {
    DWORD dwAddressID;
    DWORD dwAgentExtensionIDIndex;
    DWORD dwSize;
    BYTE Params[1];
};

struct lineproxyrequest_getagentactivitylist {
    DWORD dwAddressID;
    LINEAGENTACTIVITYLIST ActivityList;
};

struct lineproxyrequest_getagentgrouplist {
    DWORD dwAddressID;
    LINEAGENTGROUPLIST GroupList;
};

struct lineproxyrequest_createagent {
    HAGENT hAgent;
    DWORD dwAgentIDSize, dwAgentIDOffset;
    DWORD dwAgentPINSize, dwAgentPINOffset;
};

struct lineproxyrequest_setagentstateex {
    HAGENT hAgent;
    DWORD dwAgentState;
    DWORD dwNextAgentState;
};

struct lineproxyrequest_setagentmeasurementperiod {
    HAGENT hAgent;
    DWORD dwMeasurementPeriod;
};

struct lineproxyrequest_getagentinfo {
    HAGENT hAgent;
    LINEAGENTINFO AgentInfo;
};

struct lineproxyrequest_createagentsession {
    HAGENTSESSION hAgentSession;
    DWORD dwAgentPINSize, dwAgentPINOffset;
    HAGENT hAgent;
    GUID GroupID;
    DWORD dwWorkingAddressID;
};

struct lineproxyrequest_getagentsessionlist {
    HAGENT hAgent;
    LINEAGENTSESSIONLIST SessionList;
};

struct lineproxyrequest_getagentsessioninfo {
    HAGENTSESSION hAgentSession;
    LINEAGENTSESSIONINFO SessionInfo;
};

struct lineproxyrequest_setagentsessionstate {
    HAGENTSESSION hAgentSession;
    DWORD dwAgentSessionState;
    DWORD dwNextAgentSessionState;
};

struct lineproxyrequest_getqueuelist {
    GUID GroupID;
    LINEQUEUELIST QueueList;
};

struct lineproxyrequest_setqueuemeasurementperiod {
    DWORD dwQueueID;
    DWORD dwMeasurementPeriod;
};

struct lineproxyrequest_getqueueinfo {
    DWORD dwQueueID;
    LINEQUEUEINFO QueueInfo;
};

struct lineproxyrequest_getgrouplist {
    LINEAGENTGROUPLIST GroupList;
};

typedef struct lineproxyrequest_tag {
    DWORD dwSize;
    DWORD dwClientMachineNameSize, dwClientMachineNameOffset;
    DWORD dwClientUserNameSize, dwClientUserNameOffset;
    DWORD dwClientAppAPIVersion;
    DWORD dwRequestType;
    union {
        struct lineproxyrequest_setagentgroup SetAgentGroup;
        struct lineproxyrequest_setagentstate SetAgentState;
        struct lineproxyrequest_setagentactivity SetAgentActivity;
        struct lineproxyrequest_getagentcaps GetAgentCaps;
        struct lineproxyrequest_getagentstatus GetAgentStatus;
        struct lineproxyrequest_agentspecific AgentSpecific;
        struct lineproxyrequest_getagentactivitylist GetAgentActivityList;
        struct lineproxyrequest_getagentgrouplist GetAgentGroupList;
        struct lineproxyrequest_createagent CreateAgent;
        struct lineproxyrequest_setagentstateex SetAgentStateEx;
        struct lineproxyrequest_setagentmeasurementperiod SetAgentMeasurementPeriod;
        struct lineproxyrequest_getagentinfo GetAgentInfo;
        struct lineproxyrequest_createagentsession CreateAgentSession;
        struct lineproxyrequest_getagentsessionlist GetAgentSessionList;
        struct lineproxyrequest_getagentsessioninfo GetAgentSessionInfo;
        struct lineproxyrequest_setagentsessionstate SetAgentSessionState;
        struct lineproxyrequest_getqueuelist GetQueueList;
        struct lineproxyrequest_setqueuemeasurementperiod SetQueueMeasurementPeriod;
        struct lineproxyrequest_getqueueinfo GetQueueInfo;
        struct lineproxyrequest_getgrouplist GetGroupList;
    };
} LINEPROXYREQUEST, *LPLINEPROXYREQUEST;

#pragma pack(pop)

#ifdef __cplusplus
}
#endif

#endif
