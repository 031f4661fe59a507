/* The functions of unavailable.def: parameters are checked, then the documented refusal. SPDX-License-Identifier: MIT
 */
#include "tapi_shim/client/client.h"

#include <string.h>

/* Parameters are named for the reader of the list; most of them nobody looks at. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

#undef lineBlindTransfer
#undef lineConfigDialog
#undef lineConfigDialogEdit
#undef lineForward
#undef lineGatherDigits
#undef lineGenerateDigits
#undef lineGetCountry
#undef lineGetIcon
#undef lineGetTranslateCaps
#undef linePark
#undef linePickup
#undef linePrepareAddToConference
#undef lineRedirect
#undef lineSetTollList
#undef lineSetupConference
#undef lineSetupTransfer
#undef lineTranslateAddress
#undef lineTranslateDialog
#undef lineUnpark
#undef phoneConfigDialog

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

static LONG call_privilege(HCALL hCall, DWORD *privilege)
{
    struct channel_call call = {.op = CHANNEL_CALL_STATUS, .arg = {hCall}};
    LONG rc = client_call(&call);

    if (!rc && call.out_len >= offsetof(LINECALLSTATUS, dwCallPrivilege) + sizeof(*privilege))
        memcpy(privilege, (const char *)call.out + offsetof(LINECALLSTATUS, dwCallPrivilege), sizeof(*privilege));
    channel_free(call.out);
    return rc;
}

static LONG call_known(HCALL hCall)
{
    DWORD privilege;

    return call_privilege(hCall, &privilege);
}

static LONG call_owned(HCALL hCall)
{
    DWORD privilege = 0;
    LONG rc = call_privilege(hCall, &privilege);

    return rc ? rc : privilege & LINECALLPRIVILEGE_OWNER ? 0 : client_err(LINEERR_NOTOWNER);
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
