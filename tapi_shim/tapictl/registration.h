/* How lines that are accounts of SIP servers are registered. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_TAPICTL_REGISTRATION_H
#define TAPI_SHIM_TAPICTL_REGISTRATION_H

#include "include/sessiontsp.h"
#include "tapi_shim/tapictl/tool.h"

enum { REGISTRATION_TEXT_MAX = 700 };

/* Opens a line of SessionTSP for its registration; false: it is none, or cannot be opened. */
bool registration_open(const struct tool_app *app, DWORD line, HLINE *handle);
bool registration_get(HLINE handle, struct sessiontsp_registration *r);
/* How a line is registered; false: it is no account. */
bool registration_of(const struct tool_app *app, DWORD line, struct sessiontsp_registration *r);
/* That in words. */
const char *registration_text(const struct sessiontsp_registration *r, char text[REGISTRATION_TEXT_MAX]);
/* Waits until all accounts (or with `any` one of them) are in service, for so long at most. */
void registration_wait(const struct tool_app *app, bool any, uint32_t seconds);

#endif
