/* The dialog of the provider's lines, as its functions see it. SPDX-License-Identifier: MIT */
#ifndef TSP_UI_DIALOG_H
#define TSP_UI_DIALOG_H

#include "include/tapi_port.h"

/* Its controls, for who drives it by messages: list of lines, number and name of a new one, what to do, what came of it. */
enum { DIALOG_LIST = 101, DIALOG_NUMBER, DIALOG_NAME, DIALOG_ADD, DIALOG_REMOVE, DIALOG_SAID };
#define DIALOG_TITLE "SessionTSP lines"

/* Shows the lines of the configuration, lets lines be entered and struck out, and has the provider, which `object` and
 * `type` name for `callback` (may be NULL), read it again after each. Returns when it is closed. 0, OPERATIONFAILED (it
 * cannot be shown), OPERATIONUNAVAIL (there are no dialogs here). Thread: any. */
LONG dialog_show(TUISPIDLLCALLBACK callback, DWORD object, DWORD type, HWND owner);

#endif
