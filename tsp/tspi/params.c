/* What a host passes in: texts, and the parameters of a new call. SPDX-License-Identifier: MIT */
#include "tsp/tspi/data.h"
#include "tsp/tspi/fill.h"
#include "tsp/tspi/state.h"

#include <string.h>

bool tspi_text_from(struct tspi_text *out, const WCHAR *text, size_t max)
{
    size_t n = 0;

    out->text[0] = 0;
    out->len = 0;
    if (!text)
        return true;
    while (n < max && n < sizeof out->text - 1 && text[n] && text[n] < 0x80) {
        out->text[n] = (char)text[n]; /* mostly it is ASCII */
        n++;
    }
    if (n < max && text[n]) {
        while (n < max && n < sizeof out->text && text[n])
            n++;
        out->len = platform_utf16_to_utf8((const uint16_t *)text, n, out->text, sizeof out->text) - 1;
        return out->len < sizeof out->text;
    }
    out->text[n] = 0;
    out->len = n;
    return true;
}

/* A size and offset in LINECALLPARAMS, and whether 2.0 brought it. */
static const struct part {
    uint16_t size_at, offset_at;
    bool v2;
} partv[] = {
#define PART(member, v2)                                                                                               \
    {                                                                                                                  \
        offsetof(LINECALLPARAMS, member##Size), offsetof(LINECALLPARAMS, member##Offset), v2                           \
    }
    PART(dwOrigAddress, false),      PART(dwDisplayableAddress, false),
    PART(dwCalledParty, false),      PART(dwComment, false),
    PART(dwUserUserInfo, false),     PART(dwHighLevelComp, false),
    PART(dwLowLevelComp, false),     PART(dwDevSpecific, false),
    PART(dwTargetAddress, true),     PART(dwSendingFlowspec, true),
    PART(dwReceivingFlowspec, true), PART(dwDeviceClass, true),
    PART(dwDeviceConfig, true),      PART(dwCallData, true),
    PART(dwCallingPartyID, true),
#undef PART
};

enum {
    PARAMS_SIZE_1 = FILL_UPTO(LINECALLPARAMS, dwDevSpecificOffset),
    PARAMS_SIZE_2 = FILL_UPTO(LINECALLPARAMS, dwCallingPartyIDOffset),
    RATE_MAX = 64000,
    BEARER_MODES = 0x000000FF,    /* LINEBEARERMODE_ that exist */
    BEARER_OWN = (int)0xFFFF0000, /* left to providers, and we have none */
    MEDIA_MODES = 0x0000FFFE,     /* LINEMEDIAMODE_ that exist */
    FLAGS_OK = LINECALLPARAMFLAGS_IDLE | LINECALLPARAMFLAGS_BLOCKID | LINECALLPARAMFLAGS_ORIGOFFHOOK |
               LINECALLPARAMFLAGS_SECURE,
};

/* Whether all sizes and offsets stay inside; a copy with zeros behind the fixed part that is there. */
static bool copy_params(LINECALLPARAMS *copy, const LINECALLPARAMS *params, DWORD version)
{
    const unsigned char *bytes = (const unsigned char *)params;
    uint32_t total, fixed;

    memcpy(&total, bytes + offsetof(LINECALLPARAMS, dwTotalSize), sizeof total);
    if (total < PARAMS_SIZE_1)
        return false;
    /* What lies behind the shorter fixed part is a part of variable size to a party below 2.0. */
    fixed = version >= 0x00020000 && total >= PARAMS_SIZE_2 ? PARAMS_SIZE_2 : PARAMS_SIZE_1;
    memset(copy, 0, sizeof *copy);
    memcpy(copy, params, fixed);
    for (size_t i = 0; i < sizeof partv / sizeof *partv; i++) {
        uint32_t size, offset;

        if (partv[i].v2 && fixed == PARAMS_SIZE_1)
            continue;
        memcpy(&size, bytes + partv[i].size_at, sizeof size);
        memcpy(&offset, bytes + partv[i].offset_at, sizeof offset);
        if (size && (offset < PARAMS_SIZE_1 || offset > total || size > total - offset))
            return false;
    }
    return true;
}

/* The address that is meant by an originating address. */
static LONG orig_address(const LINECALLPARAMS *params, const LINECALLPARAMS *copy, uint32_t line, uint32_t *address)
{
    uint16_t units[SESSION_NUMBER_MAX + 1];
    uint32_t size = copy->dwOrigAddressSize;
    struct tspi_text text;
    struct session_dial dial;

    if (size > sizeof units)
        return (LONG)LINEERR_INVALADDRESS;
    memcpy(units, (const unsigned char *)params + copy->dwOrigAddressOffset, size);
    if (!tspi_text_from(&text, (const WCHAR *)units, size / sizeof *units) ||
        session_dial_parse(text.text, text.len, &dial) || !dial.number[0])
        return (LONG)LINEERR_INVALADDRESS;
    for (uint32_t i = 0; i < session_address_count(tspi.core, line); i++) {
        if (!strcmp(session_party_number(session_address_party(tspi.core, line, i)), dial.number)) {
            *address = i;
            return 0;
        }
    }
    return (LONG)LINEERR_INVALADDRESS;
}

static struct session_bytes part(const unsigned char *bytes, uint32_t offset, uint32_t size)
{
    struct session_bytes b = {size ? bytes + offset : NULL, size};

    return b;
}

/* What the call brings along: it stays in the host's structure until the core has taken it. */
static LONG attachments(const unsigned char *bytes, const LINECALLPARAMS *p, struct session_attach *a)
{
    LONG result;

    a->uui = part(bytes, p->dwUserUserInfoOffset, p->dwUserUserInfoSize);
    a->call_data = part(bytes, p->dwCallDataOffset, p->dwCallDataSize);
    a->sending = part(bytes, p->dwSendingFlowspecOffset, p->dwSendingFlowspecSize);
    a->receiving = part(bytes, p->dwReceivingFlowspecOffset, p->dwReceivingFlowspecSize);
    if (p->dwUserUserInfoSize > SESSION_UUI_MAX)
        return (LONG)LINEERR_USERUSERINFOTOOBIG;
    if (p->dwCallDataSize > SESSION_CALL_DATA_MAX)
        return (LONG)LINEERR_INVALCALLPARAMS;
    result = tspi_flowspec_check(a->sending.data, a->sending.len);
    if (!result)
        result = tspi_flowspec_check(a->receiving.data, a->receiving.len);
    if (result)
        return result == (LONG)LINEERR_INVALPARAM ? (LONG)LINEERR_INVALCALLPARAMS : result;
    tspi_dial_params(&p->DialParams, &a->dial_params);
    return 0;
}

static bool one_bit(uint32_t v)
{
    return v && !(v & (v - 1));
}

bool tspi_params_target(const LINECALLPARAMS *params, uint32_t line, struct tspi_text *out)
{
    uint16_t units[sizeof out->text / 2];
    LINECALLPARAMS p;

    out->len = 0;
    out->text[0] = 0;
    if (!params || !copy_params(&p, params, tspi.linev[line].version) || !p.dwTargetAddressSize ||
        !(p.dwCallParamFlags & LINECALLPARAMFLAGS_ONESTEPTRANSFER))
        return true;
    if (p.dwTargetAddressSize > sizeof units)
        return false;
    memcpy(units, (const unsigned char *)params + p.dwTargetAddressOffset, p.dwTargetAddressSize);
    return tspi_text_from(out, (const WCHAR *)units, p.dwTargetAddressSize / sizeof *units);
}

/* What a call has without parameters. */
static void defaults(uint32_t line, struct session_req *req)
{
    uint32_t media = tspi.conf->linev[line].media_modes;

    req->media_modes = media & LINEMEDIAMODE_INTERACTIVEVOICE ? LINEMEDIAMODE_INTERACTIVEVOICE : media;
    req->bearer_mode = LINEBEARERMODE_VOICE;
    req->max_rate = RATE_MAX;
}

/* `p`: what counts of `params`, whose parts of variable size are looked at. */
static LONG check(const LINECALLPARAMS *params, const LINECALLPARAMS *p, uint32_t line, struct session_req *req)
{
    uint32_t media = tspi.conf->linev[line].media_modes;
    LONG result;

    if (p->dwBearerMode && p->dwBearerMode != LINEBEARERMODE_VOICE) {
        if (!one_bit(p->dwBearerMode) || !(p->dwBearerMode & (DWORD)(BEARER_MODES | BEARER_OWN)))
            return (LONG)LINEERR_INVALBEARERMODE;
        return (LONG)LINEERR_BEARERMODEUNAVAIL;
    }
    if (p->dwMaxRate && p->dwMinRate > p->dwMaxRate)
        return (LONG)LINEERR_INVALRATE;
    if (p->dwMinRate > RATE_MAX)
        return (LONG)LINEERR_RATEUNAVAIL;
    req->min_rate = p->dwMinRate;
    if (p->dwMaxRate && p->dwMaxRate < RATE_MAX)
        req->max_rate = p->dwMaxRate;
    if (p->dwMediaMode) {
        /* one type, or several with UNKNOWN, of which one must be ours */
        uint32_t known = p->dwMediaMode & ~(uint32_t)LINEMEDIAMODE_UNKNOWN;

        if (p->dwMediaMode & ~(DWORD)MEDIA_MODES || (!one_bit(p->dwMediaMode) && known == p->dwMediaMode) ||
            !(known & media))
            return (LONG)LINEERR_INVALMEDIAMODE;
        req->media_modes = known & media;
    }
    if (p->dwCallParamFlags &
        ~(DWORD)(FLAGS_OK | (req->op == SESSION_OP_SETUPTRANSFER ? LINECALLPARAMFLAGS_ONESTEPTRANSFER : 0)))
        return (LONG)LINEERR_INVALCALLPARAMS;
    req->flags = p->dwCallParamFlags;
    req->only_idle = (p->dwCallParamFlags & LINECALLPARAMFLAGS_IDLE) != 0;
    req->block_id = (p->dwCallParamFlags & LINECALLPARAMFLAGS_BLOCKID) != 0;
    result = attachments((const unsigned char *)params, p, &req->attach);
    if (result)
        return result;
    if (p->dwPredictiveAutoTransferStates)
        return (LONG)LINEERR_INVALCALLPARAMS;
    if (p->dwAddressMode == LINEADDRESSMODE_ADDRESSID) {
        if (p->dwAddressID >= session_address_count(tspi.core, line))
            return (LONG)LINEERR_INVALADDRESSID;
        req->address = p->dwAddressID;
        return 0;
    }
    if (p->dwAddressMode == LINEADDRESSMODE_DIALABLEADDR)
        return orig_address(params, p, line, &req->address);
    return (LONG)LINEERR_INVALADDRESSMODE;
}

LONG tspi_params_check(const LINECALLPARAMS *params, uint32_t line, struct session_req *req)
{
    LINECALLPARAMS p;

    defaults(line, req);
    if (!params)
        return 0;
    if (!copy_params(&p, params, tspi.linev[line].version))
        return (LONG)LINEERR_INVALCALLPARAMS;
    return check(params, &p, line, req);
}

LONG tspi_params_test(const LINECALLPARAMS *params, uint32_t line, struct session_req *req, bool *any)
{
    LINECALLPARAMS all, p;

    defaults(line, req);
    *any = true;
    if (!params)
        return 0;
    if (!copy_params(&all, params, tspi.linev[line].version))
        return (LONG)LINEERR_INVALCALLPARAMS;
    memset(&p, 0, sizeof p);
    p.dwBearerMode = all.dwBearerMode;
    p.dwMinRate = all.dwMinRate;
    p.dwMaxRate = all.dwMaxRate;
    p.dwMediaMode = all.dwMediaMode;
    p.dwCallParamFlags = all.dwCallParamFlags;
    p.dwAddressMode = all.dwAddressMode;
    p.dwOrigAddressSize = all.dwOrigAddressSize;
    p.dwOrigAddressOffset = all.dwOrigAddressOffset;
    *any = p.dwAddressMode == LINEADDRESSMODE_ADDRESSID;
    return check(params, &p, line, req);
}
