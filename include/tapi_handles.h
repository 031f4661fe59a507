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

/* Opaque numbers of 32 bits on every platform; 0 is no handle. */
typedef DWORD HCALL, *LPHCALL;
typedef DWORD HCALLHUB, *LPHCALLHUB;
typedef DWORD HLINE, *LPHLINE;
typedef DWORD HPHONE, *LPHPHONE;
typedef DWORD HLINEAPP, *LPHLINEAPP;
typedef DWORD HPHONEAPP, *LPHPHONEAPP;
typedef DWORD HAGENTSESSION, *LPHAGENTSESSION;
typedef DWORD HAGENT, *LPHAGENT;
typedef DWORD HPRIVATECHANNEL, *LPHPRIVATECHANNEL;

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
