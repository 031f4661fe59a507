/* Answers of the engine laid out for the application. SPDX-License-Identifier: MIT */
#include "tapi_shim/client/convert.h"

#include <string.h>

LONG client_room(enum layout_type type, const void *dst, uint32_t version)
{
    uint32_t total;

    if (!dst)
        return client_err(LINEERR_INVALPOINTER);
    memcpy(&total, dst, sizeof(total));
    return total < layout_fixed(type, version) ? client_err(LINEERR_STRUCTURETOOSMALL) : 0;
}

LONG client_output(struct channel_call *call, enum layout_type type, void *dst, uint32_t version, bool ansi)
{
    LONG rc = call->out ? layout_convert(type, dst, version, ansi, call->out, call->out_len, CLIENT_VERSION_HIGH)
                        : client_err(LINEERR_OPERATIONFAILED);

    channel_free(call->out);
    call->out = NULL;
    return rc;
}

LONG client_structure(struct channel_call *call, enum layout_type type, void *dst, uint32_t version, bool ansi,
                      LONG (*unknown)(void))
{
    LONG rc;

    if (!dst)
        return client_err(LINEERR_INVALPOINTER);
    if (!version)
        return unknown();
    rc = client_room(type, dst, version);
    if (!rc)
        rc = client_call(call);
    if (rc)
        return rc;
    return client_output(call, type, dst, version, ansi);
}
