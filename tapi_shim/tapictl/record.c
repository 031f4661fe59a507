/* What is known of a call when it is over. SPDX-License-Identifier: MIT */
#include "tapi_shim/tapictl/names.h"
#include "tapi_shim/tapictl/tool.h"

#include <stdio.h>
#include <stdlib.h>

static LONG fetch_info(void *block, const void *arg)
{
    return lineGetCallInfoA(*(const HCALL *)arg, block);
}

static void party(const char *label, const void *info, DWORD size, DWORD offset, DWORD name_size, DWORD name_offset)
{
    const char *number = tool_text(info, size, offset), *name = tool_text(info, name_size, name_offset);

    if (number[0] || name[0])
        printf("  %-13s %s%s%s%s\n", label, number, name[0] ? " (" : "", name, name[0] ? ")" : "");
}

static void at(const char *label, uint64_t wall_ms)
{
    char time[TOOL_TIME_MAX];

    if (wall_ms)
        printf("  %-13s %s\n", label, tool_time(wall_ms, time));
}

void record_print(HCALL call, const struct call_record *r)
{
    LINECALLINFO *info = tool_fetch("lineGetCallInfo", sizeof(*info), fetch_info, &call);
    char text[NAMES_TEXT_MAX];

    if (!info)
        return;
    printf("call record:\n");
    party("caller", info, info->dwCallerIDSize, info->dwCallerIDOffset, info->dwCallerIDNameSize,
          info->dwCallerIDNameOffset);
    party("called", info, info->dwCalledIDSize, info->dwCalledIDOffset, info->dwCalledIDNameSize,
          info->dwCalledIDNameOffset);
    party("connected", info, info->dwConnectedIDSize, info->dwConnectedIDOffset, info->dwConnectedIDNameSize,
          info->dwConnectedIDNameOffset);
    printf("  %-13s %s\n", "origin", names_bits(NAMES_ORIGIN, info->dwOrigin, text));
    printf("  %-13s %s\n", "reason", names_bits(NAMES_REASON, info->dwReason, text));
    printf("  %-13s %lu\n", "call id", (unsigned long)info->dwCallID);
    if (r->disconnect_mode)
        printf("  %-13s %s\n", "disconnected", names_bits(NAMES_DISCONNECTMODE, r->disconnect_mode, text));
    if (r->busy_mode)
        printf("  %-13s %s\n", "busy", names_bits(NAMES_BUSYMODE, r->busy_mode, text));
    at("made at", r->made_at);
    at("connected at", r->connected_at);
    at("ended at", r->ended_at);
    if (r->connected_at && r->ended_at >= r->connected_at)
        printf("  %-13s %llu.%03llu s\n", "duration", (unsigned long long)(r->ended_at - r->connected_at) / 1000,
               (unsigned long long)(r->ended_at - r->connected_at) % 1000);
    free(info);
}
