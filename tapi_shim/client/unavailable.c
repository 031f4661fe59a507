/* The functions of unavailable.def: parameters are checked, then the documented refusal. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/client/client.h"

#include <string.h>

/* Parameters are named for the reader of the list; most of them nobody looks at. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#undef lineConfigDialog
#undef lineConfigDialogEdit
#undef phoneConfigDialog
#undef phoneGetButtonInfo
#undef phoneGetDevCaps
#undef phoneGetIcon
#undef phoneGetID
#undef phoneGetStatus
#undef phoneSetButtonInfo

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

static bool phones_started(void)
{
    bool there;

    platform_mutex_lock(&client.lock);
    there = client.phones.count > 0;
    platform_mutex_unlock(&client.lock);
    return there;
}

/* No phone is there, so that no number of one is good, and no handle. */

static LONG phone_device(void)
{
    return client_err(phones_started() ? PHONEERR_BADDEVICEID : PHONEERR_UNINITIALIZED);
}

static LONG phone_app(HPHONEAPP app)
{
    bool there;

    platform_mutex_lock(&client.lock);
    there = client_map_find(&client.phones, app) != NULL;
    platform_mutex_unlock(&client.lock);
    if (there)
        return client_err(PHONEERR_BADDEVICEID);
    return client_err(phones_started() ? PHONEERR_INVALAPPHANDLE : PHONEERR_UNINITIALIZED);
}

static LONG phone_known(HPHONE phone)
{
    return client_err(phones_started() ? PHONEERR_INVALPHONEHANDLE : PHONEERR_UNINITIALIZED);
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
