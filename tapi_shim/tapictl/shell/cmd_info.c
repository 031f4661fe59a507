/* Commands of the shell that show and check what is known of lines and calls. SPDX-License-Identifier: MIT */
#include "include/tapi_fixed_size.h"
#include "tapi_shim/tapictl/shell/shell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- structures -------------------------------------------------------------------------------------------------- */

static LONG fetch_info(void *block, const void *arg)
{
    return lineGetCallInfoA(*(const HCALL *)arg, block);
}

static LONG fetch_status(void *block, const void *arg)
{
    return lineGetCallStatus(*(const HCALL *)arg, block);
}

static LONG fetch_line(void *block, const void *arg)
{
    return lineGetLineDevStatusA(*(const HLINE *)arg, block);
}

static LONG fetch_address(void *block, const void *arg)
{
    return lineGetAddressStatusA(*(const HLINE *)arg, 0, block);
}

struct caps_query {
    HLINEAPP app;
    DWORD device, version;
};

static LONG fetch_caps(void *block, const void *arg)
{
    const struct caps_query *q = arg;

    return lineGetDevCapsA(q->app, q->device, q->version, 0, block);
}

static LONG fetch_address_caps(void *block, const void *arg)
{
    const struct caps_query *q = arg;

    return lineGetAddressCapsA(q->app, q->device, 0, q->version, 0, block);
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

static bool removed(struct shell *sh, DWORD device)
{
    LINEEXTENSIONID extension;
    DWORD version;

    return lineNegotiateAPIVersion(sh->app.app, device, 0x00010003, TAPI_CURRENT_VERSION, &version, &extension) ==
           (LONG)LINEERR_NODEVICE;
}

enum shell_result shell_cmd_lines(struct shell *sh, int argc, char **argv)
{
    struct caps_query q = {sh->app.app, 0, 0};

    (void)argc;
    (void)argv;
    for (q.device = 0; q.device < sh->app.lines; q.device++) {
        LINEADDRESSCAPS *address;
        LINEDEVCAPS *caps;

        q.version = removed(sh, q.device) ? 0 : tool_version(&sh->app, q.device);
        caps = q.version ? tool_fetch("lineGetDevCaps", sizeof(*caps), fetch_caps, &q) : NULL;
        address = caps ? tool_fetch("lineGetAddressCaps", sizeof(*address), fetch_address_caps, &q) : NULL;
        if (address)
            shell_show(sh, "%3lu  %-10s %-20s %s", (unsigned long)q.device,
                       tool_text(address, address->dwAddressSize, address->dwAddressOffset),
                       tool_text(caps, caps->dwLineNameSize, caps->dwLineNameOffset),
                       shell_line_by_device(sh, NULL, q.device) ? "open" : "");
        free(address);
        free(caps);
    }
    return SHELL_OK;
}

/* Where an address is forwarded to. */
static void show_forwarding(struct shell *sh, const LINEADDRESSSTATUS *address)
{
    const size_t size = TAPI_FIXED_LINEFORWARD(TAPI_CURRENT_VERSION);
    char text[NAMES_TEXT_MAX];
    LINEFORWARD f;
    DWORD i;

    shell_show(sh, "rings before no answer %lu", (unsigned long)address->dwNumRingsNoAnswer);
    for (i = 0; i < address->dwForwardNumEntries; i++) {
        memcpy(&f, (const char *)address + address->dwForwardOffset + i * size, size);
        shell_show(sh, "forwarded %s to %s%s%s", names_bits(NAMES_FORWARDMODE, f.dwForwardMode, text),
                   f.dwDestAddressSize ? tool_text(address, f.dwDestAddressSize, f.dwDestAddressOffset) : "nobody",
                   f.dwCallerAddressSize ? " from " : "",
                   tool_text(address, f.dwCallerAddressSize, f.dwCallerAddressOffset));
    }
}

enum shell_result shell_cmd_forwarding(struct shell *sh, int argc, char **argv)
{
    struct shell_line *l = shell_line_find(sh, argv[1]);
    LINEADDRESSSTATUS *address =
        l ? tool_fetch("lineGetAddressStatus", sizeof(*address), fetch_address, &l->line) : NULL;
    bool good = address;

    (void)argc;
    if (address)
        show_forwarding(sh, address);
    free(address);
    return good ? SHELL_OK : SHELL_FAILED;
}

enum shell_result shell_cmd_line(struct shell *sh, int argc, char **argv)
{
    struct shell_line *l = shell_line_find(sh, argv[1]);
    LINEDEVSTATUS *status = l ? tool_fetch("lineGetLineDevStatus", sizeof(*status), fetch_line, &l->line) : NULL;
    LINEADDRESSSTATUS *address =
        status ? tool_fetch("lineGetAddressStatus", sizeof(*address), fetch_address, &l->line) : NULL;
    char text[NAMES_TEXT_MAX];
    bool good = address;

    (void)argc;
    if (address) {
        shell_show(sh, "active %lu, on hold %lu, pending hold %lu, completions %lu, opened %lu times",
                   (unsigned long)status->dwNumActiveCalls, (unsigned long)status->dwNumOnHoldCalls,
                   (unsigned long)status->dwNumOnHoldPendCalls, (unsigned long)status->dwNumCallCompletions,
                   (unsigned long)status->dwNumOpens);
        shell_show(sh, "device %s", names_bits(NAMES_LINEDEVSTATUS, status->dwDevStatusFlags, text));
        shell_show(sh, "can %s", names_bits(NAMES_LINEFEATURE, status->dwLineFeatures, text));
        shell_show(sh, "address can %s", names_bits(NAMES_ADDRFEATURE, address->dwAddressFeatures, text));
        show_forwarding(sh, address);
    }
    free(address);
    free(status);
    return good ? SHELL_OK : SHELL_FAILED;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

enum shell_result shell_cmd_calls(struct shell *sh, int argc, char **argv)
{
    const struct shell_call *c;
    char text[NAMES_TEXT_MAX];

    (void)argc;
    (void)argv;
    for (c = sh->calls; c; c = c->next)
        shell_show(sh, "%-12s line %lu  %s", c->object.name, (unsigned long)c->line,
                   names_bits(NAMES_CALLSTATE, c->state, text));
    if (!sh->calls)
        shell_show(sh, "(no calls)");
    return SHELL_OK;
}

enum party { CALLER, CALLED, CONNECTED, REDIRECTION, REDIRECTING, PARTIES };
static const char *const party_names[PARTIES] = {"caller", "called", "connected", "redirection", "redirecting"};

static const char *party_text(const LINECALLINFO *info, enum party which, bool name)
{
    /* Five DWORDs each, one behind the other: flags, size and offset of the number, size and offset of the name. */
    DWORD v[5];

    memcpy(v, (const char *)info + offsetof(LINECALLINFO, dwCallerIDFlags) + which * sizeof(v), sizeof(v));
    return name ? tool_text(info, v[3], v[4]) : tool_text(info, v[1], v[2]);
}

static void show_text(struct shell *sh, const char *label, const LINECALLINFO *info, DWORD size, DWORD offset)
{
    if (size)
        shell_show(sh, "%-13s \"%.*s\"", label, (int)size, tool_text(info, size, offset));
}

enum shell_result shell_cmd_info(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    LINECALLINFO *info = c ? tool_fetch("lineGetCallInfo", sizeof(*info), fetch_info, &c->call) : NULL;
    char text[NAMES_TEXT_MAX];
    int i;

    (void)argc;
    if (!info)
        return SHELL_FAILED;
    for (i = 0; i < PARTIES; i++) {
        const char *number = party_text(info, (enum party)i, false), *name = party_text(info, (enum party)i, true);

        if (number[0] || name[0])
            shell_show(sh, "%-13s %s%s%s%s", party_names[i], number, name[0] ? " (" : "", name, name[0] ? ")" : "");
    }
    shell_show(sh, "%-13s %s", "origin", names_bits(NAMES_ORIGIN, info->dwOrigin, text));
    shell_show(sh, "%-13s %s", "reason", names_bits(NAMES_REASON, info->dwReason, text));
    /* Numbers that depend on what was before have no place in a trace. */
    if (!sh->trace) {
        shell_show(sh, "%-13s %lu", "call id", (unsigned long)info->dwCallID);
        shell_show(sh, "%-13s %lu", "related id", (unsigned long)info->dwRelatedCallID);
    }
    shell_show(sh, "%-13s %s", "media", names_bits(NAMES_MEDIAMODE, info->dwMediaMode, text));
    shell_show(sh, "%-13s %s, rate %lu", "bearer", names_bits(NAMES_BEARERMODE, info->dwBearerMode, text),
               (unsigned long)info->dwRate);
    shell_show(sh, "%-13s %lu owners, %lu monitors", "handles", (unsigned long)info->dwNumOwners,
               (unsigned long)info->dwNumMonitors);
    shell_show(sh, "%-13s 0x%08lX", "parameters", (unsigned long)info->dwCallParamFlags);
    if (info->dwAppSpecific)
        shell_show(sh, "%-13s %lu", "app specific", (unsigned long)info->dwAppSpecific);
    if (info->dwCompletionID)
        shell_show(sh, "%-13s %lu", "completion", (unsigned long)info->dwCompletionID);
    if (info->dwCallTreatment)
        shell_show(sh, "%-13s %lu", "treatment", (unsigned long)info->dwCallTreatment);
    show_text(sh, "display", info, info->dwDisplaySize, info->dwDisplayOffset);
    show_text(sh, "user-user", info, info->dwUserUserInfoSize, info->dwUserUserInfoOffset);
    show_text(sh, "data", info, info->dwCallDataSize, info->dwCallDataOffset);
    show_text(sh, "called party", info, info->dwCalledPartySize, info->dwCalledPartyOffset);
    show_text(sh, "comment", info, info->dwCommentSize, info->dwCommentOffset);
    free(info);
    return SHELL_OK;
}

enum shell_result shell_cmd_status(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    LINECALLSTATUS *status = c ? tool_fetch("lineGetCallStatus", sizeof(*status), fetch_status, &c->call) : NULL;
    char text[NAMES_TEXT_MAX];
    LINEMESSAGE m;

    (void)argc;
    if (!status)
        return SHELL_FAILED;
    memset(&m, 0, sizeof(m));
    m.dwParam1 = status->dwCallState;
    m.dwParam2 = status->dwCallState == LINECALLSTATE_CONFERENCED ? 0 : status->dwCallStateMode;
    m.dwParam3 = status->dwCallPrivilege;
    shell_show(sh, "%s", names_callstate(&m, text));
    shell_show(sh, "can %s", names_bits(NAMES_CALLFEATURE, status->dwCallFeatures, text));
    shell_show(sh, "can also %s", names_bits(NAMES_CALLFEATURE2, status->dwCallFeatures2, text));
    free(status);
    return SHELL_OK;
}

/* ---- check ------------------------------------------------------------------------------------------------------- */

static bool same_text(const char *text, DWORD size, const char *want)
{
    /* With or without its terminator. */
    return size >= strlen(want) && memcmp(text, want, strlen(want)) == 0 &&
           (size == strlen(want) || (size == strlen(want) + 1 && !text[strlen(want)]));
}

static enum shell_result differs(struct shell *sh, char **argv, const char *is)
{
    return shell_fail(sh, "%s: %s is %s, not %s", argv[1], argv[2], is[0] ? is : "empty", argv[3]);
}

static enum shell_result check_bits(struct shell *sh, char **argv, enum names_kind kind, DWORD_PTR is)
{
    char text[NAMES_TEXT_MAX];
    DWORD_PTR want;

    if (!names_value(kind, argv[3], &want))
        return SHELL_USAGE;
    return is == want ? SHELL_OK : differs(sh, argv, names_bits(kind, is, text));
}

/* Whether another call is the same call, by its id, or one that this is related to. Numbers have no place in a trace. */
static enum shell_result check_id(struct shell *sh, char **argv, DWORD id)
{
    struct shell_call *other = shell_call_find(sh, argv[3]);
    LINECALLINFO *info = other ? tool_fetch("lineGetCallInfo", sizeof(*info), fetch_info, &other->call) : NULL;
    enum shell_result result = SHELL_FAILED;

    if (!info)
        return SHELL_FAILED;
    if (id && id == info->dwCallID)
        result = SHELL_OK;
    else
        (void)shell_fail(sh, "%s: %s is not that of %s", argv[1], argv[2], argv[3]);
    free(info);
    return result;
}

static enum shell_result check_info(struct shell *sh, struct shell_call *c, char **argv, bool *known)
{
    LINECALLINFO *info = tool_fetch("lineGetCallInfo", sizeof(*info), fetch_info, &c->call);
    enum shell_result result = SHELL_OK;
    const char *field = argv[2], *text;
    uint32_t n;
    int i;

    if (!info)
        return SHELL_FAILED;
    *known = true;
    for (i = 0; i < PARTIES; i++) {
        size_t len = strlen(party_names[i]);

        if (strncmp(field, party_names[i], len) != 0 || (field[len] && strcmp(field + len, "-name") != 0))
            continue;
        text = party_text(info, (enum party)i, field[len]);
        result = strcmp(text, argv[3]) == 0 ? SHELL_OK : differs(sh, argv, text);
        free(info);
        return result;
    }
    if (strcmp(field, "call") == 0) {
        result = check_id(sh, argv, info->dwCallID);
    } else if (strcmp(field, "related") == 0) {
        result = check_id(sh, argv, info->dwRelatedCallID);
    } else if (strcmp(field, "origin") == 0) {
        result = check_bits(sh, argv, NAMES_ORIGIN, info->dwOrigin);
    } else if (strcmp(field, "reason") == 0) {
        result = check_bits(sh, argv, NAMES_REASON, info->dwReason);
    } else if (strcmp(field, "media") == 0) {
        result = check_bits(sh, argv, NAMES_MEDIAMODE, info->dwMediaMode);
    } else if (strcmp(field, "bearer") == 0) {
        result = check_bits(sh, argv, NAMES_BEARERMODE, info->dwBearerMode);
    } else if (strcmp(field, "treatment") == 0) {
        DWORD_PTR want = 0;

        if (!names_value(NAMES_CALLTREATMENT, argv[3], &want))
            result = SHELL_USAGE;
        else if (want != info->dwCallTreatment)
            result = differs(sh, argv, "another one");
    } else if (strcmp(field, "appspecific") == 0 && tool_number(argv[3], UINT32_MAX - 1, &n)) {
        result = info->dwAppSpecific == n ? SHELL_OK : differs(sh, argv, "another number");
    } else if (strcmp(field, "secure") == 0) {
        result = !(info->dwCallParamFlags & LINECALLPARAMFLAGS_SECURE) == (strcmp(argv[3], "no") == 0)
                     ? SHELL_OK
                     : differs(sh, argv, "the other");
    } else if (strcmp(field, "uui") == 0) {
        text = tool_text(info, info->dwUserUserInfoSize, info->dwUserUserInfoOffset);
        result = same_text(text, info->dwUserUserInfoSize, argv[3]) ? SHELL_OK : differs(sh, argv, "something else");
    } else if (strcmp(field, "data") == 0) {
        text = tool_text(info, info->dwCallDataSize, info->dwCallDataOffset);
        result = same_text(text, info->dwCallDataSize, argv[3]) ? SHELL_OK : differs(sh, argv, "something else");
    } else {
        *known = false;
    }
    free(info);
    return result;
}

static enum shell_result check_status(struct shell *sh, struct shell_call *c, char **argv, bool *known)
{
    LINECALLSTATUS *status = tool_fetch("lineGetCallStatus", sizeof(*status), fetch_status, &c->call);
    enum shell_result result = SHELL_USAGE;
    DWORD_PTR want;
    bool can;

    if (!status)
        return SHELL_FAILED;
    *known = true;
    if (strcmp(argv[2], "state") == 0) {
        result = check_bits(sh, argv, NAMES_CALLSTATE, status->dwCallState);
    } else if (strcmp(argv[2], "can") == 0 || strcmp(argv[2], "cannot") == 0) {
        can = argv[2][3] == 0;
        if (names_value(NAMES_CALLFEATURE, argv[3], &want))
            result = (status->dwCallFeatures & want) == (can ? want : 0) ? SHELL_OK : SHELL_FAILED;
        else if (names_value(NAMES_CALLFEATURE2, argv[3], &want))
            result = (status->dwCallFeatures2 & want) == (can ? want : 0) ? SHELL_OK : SHELL_FAILED;
        if (result == SHELL_FAILED)
            (void)shell_fail(sh, "%s %s %s", argv[1], can ? "cannot" : "can", argv[3]);
    } else {
        *known = false;
    }
    free(status);
    return result;
}

enum shell_result shell_cmd_check(struct shell *sh, int argc, char **argv)
{
    struct shell_call *c = shell_call_find(sh, argv[1]);
    enum shell_result result;
    bool known = false;

    (void)argc;
    if (!c)
        return SHELL_FAILED;
    result = shell_check_special(sh, c, argv, &known);
    if (known || result != SHELL_OK)
        return result;
    result = check_info(sh, c, argv, &known);
    if (!known && result == SHELL_OK)
        result = check_status(sh, c, argv, &known);
    return known || result == SHELL_FAILED ? result : SHELL_USAGE;
}
