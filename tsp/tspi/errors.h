/* How errors of the session core are said in TSPI. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_ERRORS_H
#define TSP_TSPI_ERRORS_H

#include "include/tapi_port.h"
#include "tsp/session/session.h"

/* One row for each error of the core: what a line function returns for it. */
#define TSPI_ERROR_MAP(X)                                                                                              \
    X(OK, 0)                                                                                                           \
    X(BADSESSION, LINEERR_INVALCALLHANDLE)                                                                             \
    X(BADSTATE, LINEERR_INVALCALLSTATE)                                                                                \
    X(UNAVAIL, LINEERR_OPERATIONUNAVAIL)                                                                               \
    X(FAILED, LINEERR_OPERATIONFAILED)                                                                                 \
    X(NOMEM, LINEERR_NOMEM)                                                                                            \
    X(CALLUNAVAIL, LINEERR_CALLUNAVAIL)                                                                                \
    X(RESOURCE, LINEERR_RESOURCEUNAVAIL)                                                                               \
    X(BADLINE, LINEERR_INVALLINEHANDLE)                                                                                \
    X(BADADDRESSID, LINEERR_INVALADDRESSID)                                                                            \
    X(BADADDRESS, LINEERR_INVALADDRESS)                                                                                \
    X(BADGROUP, LINEERR_INVALGROUPID)                                                                                  \
    X(DIALBILLING, LINEERR_DIALBILLING)                                                                                \
    X(DIALQUIET, LINEERR_DIALQUIET)                                                                                    \
    X(DIALDIALTONE, LINEERR_DIALDIALTONE)                                                                              \
    X(DIALPROMPT, LINEERR_DIALPROMPT)                                                                                  \
    X(INUSE, LINEERR_INUSE)                                                                                            \
    X(BADPARAM, LINEERR_INVALPARAM)                                                                                    \
    X(UUITOOBIG, LINEERR_USERUSERINFOTOOBIG) \
    X(CONFFULL, LINEERR_CONFERENCEFULL)                                                                                \
    X(BADCOMPLMODE, LINEERR_INVALCALLCOMPLMODE)                                                                        \
    X(BADMESSAGE, LINEERR_INVALMESSAGEID)                                                                              \
    X(BADCOMPLETION, LINEERR_INVALCOMPLETIONID)                                                                        \
    X(COMPLOVERRUN, LINEERR_COMPLETIONOVERRUN)                                                                         \
    X(BADLINESTATUS, LINEERR_INVALLINESTATE)

/* The LINEERR_ of an error, 0 for OK; OPERATIONFAILED for a number that is none. Thread: any. */
LONG tspi_error(enum session_err err);

#endif
