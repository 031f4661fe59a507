/* The functions of TAPI 3.0 on media service providers, which this provider has none of. SPDX-License-Identifier: MIT
 *
 * LINEDEVCAPFLAGS_MSP is never shown and no version above 2.2 is negotiated, so that a host has no reason to call them.
 * One that does learns first what is wrong with its arguments.
 */
#include "tsp/tspi/state.h"

/** @return INVALPOINTER, NODRIVER, OPERATIONUNAVAIL: the line has no MSP. Thread: any. Source: TSPI_lineMSPIdentify. */
LONG TSPIAPI TSPI_lineMSPIdentify(DWORD dwDeviceID, GUID *pCLSID)
{
    uint32_t line;
    LONG err;

    if (!pCLSID)
        return (LONG)LINEERR_INVALPOINTER;
    err = tspi_enter_device(dwDeviceID, &line);
    if (err)
        return err;
    tspi_exit();
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/**
 * No instance is ever made.
 * @return INVALPOINTER, INVALLINEHANDLE, OPERATIONUNAVAIL. Thread: any. Source: TSPI_lineCreateMSPInstance.
 */
LONG TSPIAPI TSPI_lineCreateMSPInstance(HDRVLINE hdLine, DWORD dwAddressID, HTAPIMSPLINE htMSPLine,
                                        LPHDRVMSPLINE lphdMSPLine)
{
    uint32_t line;
    LONG err;

    (void)dwAddressID;
    (void)htMSPLine;
    if (!lphdMSPLine)
        return (LONG)LINEERR_INVALPOINTER;
    err = tspi_enter_line(hdLine, &line);
    if (err)
        return err;
    tspi_exit();
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/**
 * There is no instance that could be closed.
 * @return INVALPOINTER (NULL), OPERATIONUNAVAIL. Thread: any. Source: TSPI_lineCloseMSPInstance.
 */
LONG TSPIAPI TSPI_lineCloseMSPInstance(HDRVMSPLINE hdMSPLine)
{
    return hdMSPLine ? (LONG)LINEERR_OPERATIONUNAVAIL : (LONG)LINEERR_INVALPOINTER;
}

/**
 * There is no MSP that data could come from.
 * @return INVALPOINTER, INVALLINEHANDLE, OPERATIONUNAVAIL. Thread: any. Source: TSPI_lineReceiveMSPData.
 */
LONG TSPIAPI TSPI_lineReceiveMSPData(HDRVLINE hdLine, HDRVCALL hdCall, HDRVMSPLINE hdMSPLine, LPVOID pBuffer,
                                     DWORD dwSize)
{
    uint32_t line;
    LONG err;

    (void)hdCall;
    (void)hdMSPLine;
    if (!pBuffer && dwSize)
        return (LONG)LINEERR_INVALPOINTER;
    err = tspi_enter_line(hdLine, &line);
    if (err)
        return err;
    tspi_exit();
    return (LONG)LINEERR_OPERATIONUNAVAIL;
}

/**
 * Tells the location that numbers are dialled from, in TAPI 1.x. Nothing of this provider depends on it: numbers are
 * dialled as they are given.
 * @return 0, OPERATIONFAILED (the provider is not running). Thread: any. Source: TSPI_lineSetCurrentLocation.
 */
LONG TSPIAPI TSPI_lineSetCurrentLocation(DWORD dwLocation)
{
    (void)dwLocation;
    if (!tspi_enter())
        return (LONG)LINEERR_OPERATIONFAILED;
    tspi_exit();
    return 0;
}
