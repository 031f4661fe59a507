/* TSPI functions on call hubs: which calls are ends of one call. SPDX-License-Identifier: MIT */
#include "tsp/tspi/state.h"

#include <string.h>

/*
 * A call hub is what has one call id: both ends of a call, all appearances of a shared address, and what is left of it
 * after a transfer. The calls of a conference keep their ids and are related to that of the conference. The ids are
 * kept whether or not anybody tracks, and each change of one is a LINE_CALLINFO, so a tracking mode is only remembered.
 *
 * The pages want version 3.0, which is never negotiated here; the functions look at no version, because a caller that
 * finds them exported gets right answers from any line. The flags of LINEDEVCAPS are for 3.0 alone and stay cleared.
 */

enum { TRACKING = LINECALLHUBTRACKING_PROVIDERLEVEL | LINECALLHUBTRACKING_ALLCALLS };

/* The fixed part of a caller's structure. */
static LONG tracking_size(const void *info, uint32_t *total)
{
    if (!info)
        return (LONG)LINEERR_INVALPOINTER;
    memcpy(total, info, sizeof *total); /* dwTotalSize; it may lie at any address */
    return *total < sizeof(LINECALLHUBTRACKINGINFO) ? (LONG)LINEERR_STRUCTURETOOSMALL : 0;
}

/**
 * What can be tracked, and what is.
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALLINEHANDLE.
 * Thread: any. Source: TSPI_lineGetCallHubTracking, LINECALLHUBTRACKINGINFO.
 */
LONG TSPIAPI TSPI_lineGetCallHubTracking(HDRVLINE hdLine, LPLINECALLHUBTRACKINGINFO lpTrackingInfo)
{
    LINECALLHUBTRACKINGINFO out = {0};
    uint32_t total, line;
    LONG result = tracking_size(lpTrackingInfo, &total);

    if (!result)
        result = tspi_enter_line(hdLine, &line);
    if (result)
        return result;
    out.dwTotalSize = total;
    out.dwNeededSize = out.dwUsedSize = sizeof out;
    out.dwAvailableTracking = TRACKING;
    out.dwCurrentTracking = tspi.linev[line].hub_tracking;
    tspi_exit();
    memcpy(lpTrackingInfo, &out, sizeof out);
    return 0;
}

/**
 * Asks for dwCurrentTracking: none, one kind or both of those that are available, until the line is closed.
 * @return 0, INVALPOINTER, STRUCTURETOOSMALL, INVALLINEHANDLE, OPERATIONUNAVAIL (no such kind).
 * Thread: any. Source: TSPI_lineSetCallHubTracking, LINECALLHUBTRACKINGINFO.
 */
LONG TSPIAPI TSPI_lineSetCallHubTracking(HDRVLINE hdLine, LPLINECALLHUBTRACKINGINFO lpTrackingInfo)
{
    LINECALLHUBTRACKINGINFO in;
    uint32_t total, line;
    LONG result = tracking_size(lpTrackingInfo, &total);

    if (!result)
        result = tspi_enter_line(hdLine, &line);
    if (result)
        return result;
    memcpy(&in, lpTrackingInfo, sizeof in);
    if (in.dwCurrentTracking & ~(DWORD)TRACKING)
        result = (LONG)LINEERR_OPERATIONUNAVAIL;
    else
        tspi.linev[line].hub_tracking = in.dwCurrentTracking;
    tspi_exit();
    return result;
}

/**
 * Address, call id and related call id, in any state: those of LINECALLINFO.
 * @return 0, INVALPOINTER (any of the three), INVALCALLHANDLE. Thread: any. Source: TSPI_lineGetCallIDs.
 */
LONG TSPIAPI TSPI_lineGetCallIDs(HDRVCALL hdCall, LPDWORD lpdwAddressID, LPDWORD lpdwCallID, LPDWORD lpdwRelatedCallID)
{
    const struct session_info *info;
    uint32_t session;
    LONG result;

    if (!lpdwAddressID || !lpdwCallID || !lpdwRelatedCallID)
        return (LONG)LINEERR_INVALPOINTER;
    result = tspi_enter_call(hdCall, &session);
    if (result)
        return result;
    info = session_get(tspi.core, session);
    if (info) {
        *lpdwAddressID = info->address;
        *lpdwCallID = info->call_id;
        *lpdwRelatedCallID = info->related_call_id;
    }
    tspi_exit();
    return info ? 0 : (LONG)LINEERR_INVALCALLHANDLE;
}
