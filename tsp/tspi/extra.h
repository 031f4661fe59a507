/* Media control, terminals and the line's extension: what their files share. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_EXTRA_H
#define TSP_TSPI_EXTRA_H

#include "include/sessiontsp.h"
#include "tsp/tspi/data.h"

/* Locks, with the line (and address) or the call that LINECALLSELECT_ chooses in `req`. 0 or LINEERR_ (and not locked).
 */
LONG tspi_select_enter(HDRVLINE line, DWORD address, HDRVCALL call, DWORD select, struct session_req *req);

/* terminal.c: with the lock held */
void tspi_fill_terminals(struct fill *f, LINEDEVCAPS *caps);
/* The member dwTerminalModes of a structure: what is routed to each terminal. */
void tspi_fill_routes(struct fill *f, size_t size_at, size_t offset_at, const uint8_t *termv);
#define FILL_ROUTES(f, type, termv)                                                                                    \
    tspi_fill_routes((f), offsetof(type, dwTerminalModesSize), offsetof(type, dwTerminalModesOffset), (termv))

/* devspecific.c: with the lock held */
/* Whether an application may ask with this extension version: none, or the only one there is. */
bool tspi_line_ext_ok(DWORD ext_version);
/* LINEFEATURE_ of the core's that the line has: its key needs a set, its extension has to be selected. */
uint32_t tspi_line_features(uint32_t line, bool ever);
/* LINEDEVSTATUS's dwDevSpecific: its size, 0 without the extension. */
DWORD tspi_registration(uint32_t line, struct sessiontsp_registration *out);
/* LINECALLINFO's dwDevSpecific. `m` may be NULL. */
void tspi_fill_stream(struct fill *f, uint32_t line, const struct session_media *m);
/* Queues what was done to a call's stream. */
void tspi_stream_told(const struct session_act *act);

#endif
