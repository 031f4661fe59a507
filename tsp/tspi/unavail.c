/* Functions that this provider does not offer: exported all the same, so that a caller gets the documented answer.
 * SPDX-License-Identifier: MIT
 *
 * Each returns OPERATIONUNAVAIL and looks at nothing; the matching feature bits are never shown. Functions of TAPI 3.0
 * are among them for good: the highest version that is negotiated here is 2.2. Thread: any.
 */
#include "include/tapi_port.h"

#define UNAVAIL1(name, error, t1)                                                                                      \
    LONG TSPIAPI name(t1 a1)                                                                                           \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL2(name, error, t1, t2)                                                                                  \
    LONG TSPIAPI name(t1 a1, t2 a2)                                                                                    \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL4(name, error, t1, t2, t3, t4)                                                                          \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4)                                                                      \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
        (void)a4;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL5(name, error, t1, t2, t3, t4, t5)                                                                      \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5)                                                               \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
        (void)a4;                                                                                                      \
        (void)a5;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL6(name, error, t1, t2, t3, t4, t5, t6)                                                                  \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6)                                                        \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
        (void)a4;                                                                                                      \
        (void)a5;                                                                                                      \
        (void)a6;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL7(name, error, t1, t2, t3, t4, t5, t6, t7)                                                              \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6, t7 a7)                                                 \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
        (void)a4;                                                                                                      \
        (void)a5;                                                                                                      \
        (void)a6;                                                                                                      \
        (void)a7;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL8(name, error, t1, t2, t3, t4, t5, t6, t7, t8)                                                          \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6, t7 a7, t8 a8)                                          \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
        (void)a4;                                                                                                      \
        (void)a5;                                                                                                      \
        (void)a6;                                                                                                      \
        (void)a7;                                                                                                      \
        (void)a8;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL12(name, error, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12)                                      \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6, t7 a7, t8 a8, t9 a9, t10 a10, t11 a11, t12 a12)        \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
        (void)a4;                                                                                                      \
        (void)a5;                                                                                                      \
        (void)a6;                                                                                                      \
        (void)a7;                                                                                                      \
        (void)a8;                                                                                                      \
        (void)a9;                                                                                                      \
        (void)a10;                                                                                                     \
        (void)a11;                                                                                                     \
        (void)a12;                                                                                                     \
        return (LONG)(error);                                                                                          \
    }

/* clang-format off */
UNAVAIL8(TSPI_lineSetTerminal, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, HDRVCALL, DWORD, DWORD, DWORD, DWORD)
UNAVAIL1(TSPI_lineSetCurrentLocation, LINEERR_OPERATIONUNAVAIL, DWORD)
UNAVAIL4(TSPI_lineGetCallIDs, LINEERR_OPERATIONUNAVAIL, HDRVCALL, LPDWORD, LPDWORD, LPDWORD)
UNAVAIL2(TSPI_lineGetCallHubTracking, LINEERR_OPERATIONUNAVAIL, HDRVLINE, LPLINECALLHUBTRACKINGINFO)
UNAVAIL2(TSPI_lineSetCallHubTracking, LINEERR_OPERATIONUNAVAIL, HDRVLINE, LPLINECALLHUBTRACKINGINFO)
UNAVAIL5(TSPI_linePark, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVCALL, DWORD, LPCWSTR, LPVARSTRING)
UNAVAIL6(TSPI_lineUnpark, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, HTAPICALL, LPHDRVCALL, LPCWSTR)
UNAVAIL7(TSPI_linePickup, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, HTAPICALL, LPHDRVCALL, LPCWSTR, LPCWSTR)
UNAVAIL12(TSPI_lineSetMediaControl, LINEERR_OPERATIONUNAVAIL, HDRVLINE, DWORD, HDRVCALL, DWORD, LPLINEMEDIACONTROLDIGIT const, DWORD, LPLINEMEDIACONTROLMEDIA const, DWORD, LPLINEMEDIACONTROLTONE const, DWORD, LPLINEMEDIACONTROLCALLSTATE const, DWORD)
UNAVAIL6(TSPI_lineDevSpecific, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, HDRVCALL, LPVOID, DWORD)
UNAVAIL5(TSPI_lineDevSpecificFeature, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, LPVOID, DWORD)
UNAVAIL2(TSPI_lineMSPIdentify, LINEERR_OPERATIONUNAVAIL, DWORD, GUID *)
UNAVAIL4(TSPI_lineCreateMSPInstance, LINEERR_OPERATIONUNAVAIL, HDRVLINE, DWORD, HTAPIMSPLINE, LPHDRVMSPLINE)
UNAVAIL1(TSPI_lineCloseMSPInstance, LINEERR_OPERATIONUNAVAIL, HDRVMSPLINE)
UNAVAIL5(TSPI_lineReceiveMSPData, LINEERR_OPERATIONUNAVAIL, HDRVLINE, HDRVCALL, HDRVMSPLINE, LPVOID, DWORD)
/* clang-format on */
