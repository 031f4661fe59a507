/* Functions that this provider does not offer: exported all the same, so that a caller gets the documented answer.
 * SPDX-License-Identifier: MIT
 *
 * Each returns OPERATIONUNAVAIL and looks at nothing; the matching feature bits are never shown. Functions of TAPI 3.0
 * are among them for good: the highest version that is negotiated here is 2.2. Thread: any.
 */
#include "include/tapi_port.h"

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

/* clang-format off */
UNAVAIL5(TSPI_linePark, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVCALL, DWORD, LPCWSTR, LPVARSTRING)
UNAVAIL6(TSPI_lineUnpark, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, HTAPICALL, LPHDRVCALL, LPCWSTR)
UNAVAIL7(TSPI_linePickup, LINEERR_OPERATIONUNAVAIL, DRV_REQUESTID, HDRVLINE, DWORD, HTAPICALL, LPHDRVCALL, LPCWSTR, LPCWSTR)
/* clang-format on */
