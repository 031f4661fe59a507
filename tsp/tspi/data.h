/* What is kept of a call, between TAPI's structures and the core. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_DATA_H
#define TSP_TSPI_DATA_H

#include "tsp/tspi/fill.h"
#include "tsp/tspi/state.h"

enum {
    TSPI_RATE_MAX = 64000,     /* bits/s */
    TSPI_MEDIA_MODES = 0xFFFE, /* LINEMEDIAMODE_ that exist */
    TSPI_TREATMENTC = 4,
};

struct tspi_treatment {
    DWORD id; /* LINECALLTREATMENT_ */
    const char *name;
};
extern const struct tspi_treatment tspi_treatmentv[TSPI_TREATMENTC];

/* An asynchronous operation on a call: checks and locks, 0 or LINEERR_. */
LONG tspi_data_enter(DRV_REQUESTID request, HDRVCALL hd, enum session_op op, struct session_in *in);
/* Gives it to the core and leaves: the request id, or LINEERR_. */
LONG tspi_data_leave(const struct session_in *in);

/* TAPI's parameters, each at the nearest value in its range; all 0: the defaults. */
void tspi_dial_params(const LINEDIALPARAMS *params, struct session_dial_params *out);
/* 0, INVALPARAM, RATEUNAVAIL. */
LONG tspi_flowspec_check(const void *data, DWORD size);

void tspi_fill_tones(LINEDEVCAPS *caps);
void tspi_fill_treatments(struct fill *f, LINEADDRESSCAPS *caps);
/* `m` may be NULL. */
void tspi_fill_media(struct fill *f, LINECALLINFO *c, const struct session_media *m, DWORD version);

#endif
