/* The functions of unavailable.def: parameters are checked, then the documented refusal. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/client/client.h"

#include <string.h>

/* Parameters are named for the reader of the list; most of them nobody looks at. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* ---- checks: 0, or what is wrong ---- */

static LONG started(void)
{
    return client_connected() ? 0 : client_err(LINEERR_UNINITIALIZED);
}

static LONG line_known(HLINE line)
{
    LONG rc = started();

    return rc ? rc : client_line_version(line) ? 0 : client_err(LINEERR_INVALLINEHANDLE);
}

/* ---- the functions ---- */

static LONG refuse(const char *name, bool pointers, LONG rc)
{
    bool phone = name[0] == 'p';

    if (!pointers)
        return client_err(phone ? PHONEERR_INVALPOINTER : LINEERR_INVALPOINTER);
    if (rc)
        return rc;
    return client_err(phone ? PHONEERR_OPERATIONUNAVAIL : LINEERR_OPERATIONUNAVAIL);
}

#define UNAVAILABLE(name, parameters, pointers, check)                                                                 \
    LONG WINAPI name parameters                                                                                        \
    {                                                                                                                  \
        bool there = pointers;                                                                                         \
                                                                                                                       \
        return refuse(#name, there, there ? (check) : 0);                                                              \
    }
#include "tapi_shim/client/unavailable.def"
