/* Functions that this provider does not offer: exported all the same, so that a caller gets the documented answer.
 * SPDX-License-Identifier: MIT
 *
 * Each returns OPERATIONUNAVAIL and looks at nothing; the matching feature bits are never shown. Functions of TAPI 3.0
 * are among them for good: the highest version that is negotiated here is 2.2. Thread: any.
 */
#include "include/tapi_port.h"

#define UNAVAIL2(name, error, t1, t2)                                                                                  \
    LONG TSPIAPI name(t1 a1, t2 a2)                                                                                    \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        return (LONG)(error);                                                                                          \
    }
#define UNAVAIL3(name, error, t1, t2, t3)                                                                              \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3)                                                                             \
    {                                                                                                                  \
        (void)a1;                                                                                                      \
        (void)a2;                                                                                                      \
        (void)a3;                                                                                                      \
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
#define UNAVAIL9(name, error, t1, t2, t3, t4, t5, t6, t7, t8, t9)                                                      \
    LONG TSPIAPI name(t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6, t7 a7, t8 a8, t9 a9)                                   \
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
        return (LONG)(error);                                                                                          \
    }

/* clang-format off */
UNAVAIL4(TSPI_lineSetLineDevStatus, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, DWORD)
UNAVAIL9(TSPI_lineForward, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, DWORD, LPLINEFORWARDLIST const, DWORD, HTAPICALL, LPHDRVCALL, LPLINECALLPARAMS const)
UNAVAIL5(TSPI_lineCompleteCall, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVCALL, LPDWORD, DWORD, DWORD)
UNAVAIL3(TSPI_lineUncompleteCall, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD)
/* clang-format on */
