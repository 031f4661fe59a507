/*
 * tapi_fixed_size.h - size of a structure's fixed part, by the version that was negotiated.
 *
 * SPDX-License-Identifier: MIT
 *
 * The headers describe the newest layout. A party that negotiated an older version has allocated less
 * and reads the bytes behind its own fixed part as variable part, so its size decides what may be
 * written, what dwTotalSize is too small, and how elements of a list follow each other.
 * Each macro takes a version such as 0x00020002 and is an integer constant expression for a constant one.
 * Structures not listed are the same in all versions: take sizeof.
 */
#ifndef TAPI_FIXED_SIZE_H
#define TAPI_FIXED_SIZE_H

#include <stddef.h>

#include "tapi_port.h"

/* Variable-size structures: what dwTotalSize must at least be. */
#define TAPI_FIXED_LINEADDRESSCAPS(version)                                                                            \
    ((DWORD)((version) >= 0x00020000   ? sizeof(LINEADDRESSCAPS)                                                       \
             : (version) >= 0x00010004 ? offsetof(LINEADDRESSCAPS, dwPredictiveAutoTransferStates)                     \
                                       : offsetof(LINEADDRESSCAPS, dwAddressFeatures)))
#define TAPI_FIXED_LINECALLINFO(version)                                                                               \
    ((DWORD)((version) >= 0x00030000   ? sizeof(LINECALLINFO)                                                          \
             : (version) >= 0x00020000 ? offsetof(LINECALLINFO, dwCallerIDAddressType)                                 \
                                       : offsetof(LINECALLINFO, dwCallTreatment)))
#define TAPI_FIXED_LINECALLPARAMS(version)                                                                             \
    ((DWORD)((version) >= 0x00030000   ? sizeof(LINECALLPARAMS)                                                        \
             : (version) >= 0x00020000 ? offsetof(LINECALLPARAMS, dwAddressType)                                       \
                                       : offsetof(LINECALLPARAMS, dwPredictiveAutoTransferStates)))
#define TAPI_FIXED_LINECALLSTATUS(version)                                                                             \
    ((DWORD)((version) >= 0x00020000 ? sizeof(LINECALLSTATUS) : offsetof(LINECALLSTATUS, dwCallFeatures2)))
#define TAPI_FIXED_LINEDEVCAPS(version)                                                                                \
    ((DWORD)((version) >= 0x00030000   ? sizeof(LINEDEVCAPS)                                                           \
             : (version) >= 0x00020002 ? offsetof(LINEDEVCAPS, dwAddressTypes)                                         \
             : (version) >= 0x00020000 ? offsetof(LINEDEVCAPS, PermanentLineGuid)                                      \
             : (version) >= 0x00010004 ? offsetof(LINEDEVCAPS, dwSettableDevStatus)                                    \
                                       : offsetof(LINEDEVCAPS, dwLineFeatures)))
#define TAPI_FIXED_LINEDEVSTATUS(version)                                                                              \
    ((DWORD)((version) >= 0x00020000 ? sizeof(LINEDEVSTATUS) : offsetof(LINEDEVSTATUS, dwAvailableMediaModes)))
#define TAPI_FIXED_PHONEBUTTONINFO(version)                                                                            \
    ((DWORD)((version) >= 0x00010004 ? sizeof(PHONEBUTTONINFO) : offsetof(PHONEBUTTONINFO, dwButtonState)))
#define TAPI_FIXED_PHONECAPS(version)                                                                                  \
    ((DWORD)((version) >= 0x00020002   ? sizeof(PHONECAPS)                                                             \
             : (version) >= 0x00020000 ? offsetof(PHONECAPS, PermanentPhoneGuid)                                       \
                                       : offsetof(PHONECAPS, dwDeviceClassesSize)))
#define TAPI_FIXED_PHONESTATUS(version)                                                                                \
    ((DWORD)((version) >= 0x00020000 ? sizeof(PHONESTATUS) : offsetof(PHONESTATUS, dwPhoneFeatures)))

/* Elements of lists: the distance from one to the next. */
#define TAPI_FIXED_LINECARDENTRY(version)                                                                              \
    ((DWORD)((version) >= 0x00010004 ? sizeof(LINECARDENTRY) : offsetof(LINECARDENTRY, dwCardNumberDigits)))
#define TAPI_FIXED_LINEFORWARD(version)                                                                                \
    ((DWORD)((version) >= 0x00030001 ? sizeof(LINEFORWARD) : offsetof(LINEFORWARD, dwCallerAddressType)))
#define TAPI_FIXED_LINELOCATIONENTRY(version)                                                                          \
    ((DWORD)((version) >= 0x00010004 ? sizeof(LINELOCATIONENTRY) : offsetof(LINELOCATIONENTRY, dwLocalAccessCodeSize)))

#endif
