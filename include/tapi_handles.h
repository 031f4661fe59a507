/*
 * tapi_handles.h - handles and callbacks of applications.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TAPI_HANDLES_H
#define TAPI_HANDLES_H

#include "tapi_types.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Handles and callbacks ---- */

#ifndef DECLARE_OPAQUE32
#define DECLARE_OPAQUE32(name) typedef DWORD name
#endif

/* Opaque numbers of 32 bits on every platform; 0 is no handle. */
DECLARE_OPAQUE32(HCALL);
typedef HCALL *LPHCALL;
DECLARE_OPAQUE32(HCALLHUB);
typedef HCALLHUB *LPHCALLHUB;
DECLARE_OPAQUE32(HLINE);
typedef HLINE *LPHLINE;
DECLARE_OPAQUE32(HPHONE);
typedef HPHONE *LPHPHONE;
DECLARE_OPAQUE32(HLINEAPP);
typedef HLINEAPP *LPHLINEAPP;
DECLARE_OPAQUE32(HPHONEAPP);
typedef HPHONEAPP *LPHPHONEAPP;
DECLARE_OPAQUE32(HAGENTSESSION);
typedef HAGENTSESSION *LPHAGENTSESSION;
DECLARE_OPAQUE32(HAGENT);
typedef HAGENT *LPHAGENT;
DECLARE_OPAQUE32(HPRIVATECHANNEL);
typedef HPRIVATECHANNEL *LPHPRIVATECHANNEL;

typedef HICON *LPHICON;

/* hDevice is an HLINE, HCALL or HPHONE, as the message says. */
typedef void(CALLBACK *LINECALLBACK)(DWORD hDevice, DWORD dwMessage, DWORD_PTR dwInstance, DWORD_PTR dwParam1,
                                     DWORD_PTR dwParam2, DWORD_PTR dwParam3);
typedef void(CALLBACK *PHONECALLBACK)(DWORD hDevice, DWORD dwMessage, DWORD_PTR dwInstance, DWORD_PTR dwParam1,
                                      DWORD_PTR dwParam2, DWORD_PTR dwParam3);

#ifdef __cplusplus
}
#endif

#endif
