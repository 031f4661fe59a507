/* What goes between the session core and its exchange, for diagrams. SPDX-License-Identifier: MIT */
#include "tsp/tspi/state.h"
#include "tsp/tspi/trace.h"

#include "tapi_shim/platform/trace.h"

static const char *const cmd_names[] = {
    [SESSION_CMD_LINE] = "line",
    [SESSION_CMD_PLACE] = "place",
    [SESSION_CMD_DIAL] = "dial",
    [SESSION_CMD_ACCEPT] = "accept",
    [SESSION_CMD_ANSWER] = "answer",
    [SESSION_CMD_DROP] = "drop",
    [SESSION_CMD_HOLD] = "hold",
    [SESSION_CMD_UNHOLD] = "unhold",
    [SESSION_CMD_SWAP] = "swap",
    [SESSION_CMD_CONSULT] = "consult",
    [SESSION_CMD_TRANSFER] = "transfer",
    [SESSION_CMD_DEFLECT] = "deflect",
    [SESSION_CMD_SETUPCONF] = "set up",
    [SESSION_CMD_CONFERENCE] = "conference",
    [SESSION_CMD_ADD] = "add",
    [SESSION_CMD_COLLAPSE] = "collapse",
    [SESSION_CMD_REJECT] = "reject",
    [SESSION_CMD_INFORM] = "inform",
    [SESSION_CMD_PLAY] = "play",
    [SESSION_CMD_LINE_REMOVE] = "remove line",
    [SESSION_CMD_PARK] = "park",
    [SESSION_CMD_UNPARK] = "unpark",
    [SESSION_CMD_PICKUP] = "pick up",
    [SESSION_CMD_STREAM] = "stream",
    [SESSION_CMD_SECURE] = "secure",
    [SESSION_CMD_FORWARD] = "forward",
    [SESSION_CMD_COMPLETE] = "complete",
    [SESSION_CMD_FREE] = "free",
    [SESSION_CMD_UNCOMPLETE] = "uncomplete",
    [SESSION_CMD_LINESTATUS] = "status",
};

static const char *const ind_names[] = {
    [SESSION_IND_INCOMING] = "incoming", [SESSION_IND_DONE] = "done",     [SESSION_IND_PROGRESS] = "progress",
    [SESSION_IND_PARTY] = "party",       [SESSION_IND_RING] = "ring",     [SESSION_IND_SOUND] = "sound",
    [SESSION_IND_PLAYED] = "played",     [SESSION_IND_INFORM] = "inform",
    [SESSION_IND_WATCH] = "watch",       [SESSION_IND_COMPLETION] = "cancelled",
    [SESSION_IND_MESSAGE] = "message",   [SESSION_IND_LINE] = "line",
    [SESSION_IND_USE] = "use",
};

static const char *name_of(const char *const *namev, size_t namec, unsigned type)
{
    return type < namec && namev[type] ? namev[type] : "?";
}

static const char *state_name(uint32_t state)
{
    switch (state) {
#define CASE(name, value)                                                                                              \
    case (value):                                                                                                      \
        return " " #name;
        SESSION_STATE_MAP(CASE)
#undef CASE
    default:
        return "";
    }
}

static void watch(const struct session_cmd *cmd, const struct session_ind *ind, void *arg)
{
    (void)arg;
    if (cmd && cmd->type == SESSION_CMD_STREAM) {
        static const char *const states[] = {"running", "paused", "stopped"};

        platform_trace(PLATFORM_TRACE_PROVIDER, PLATFORM_TRACE_EXCHANGE, "stream %s, rate %lu %%, volume %lu %% (leg %lu)",
                       states[cmd->stream.state], (unsigned long)cmd->stream.rate, (unsigned long)cmd->stream.volume,
                       (unsigned long)cmd->leg);
    } else if (cmd) {
        bool dials = cmd->dial != NULL;

        platform_trace(PLATFORM_TRACE_PROVIDER, PLATFORM_TRACE_EXCHANGE, "%s%s%s (leg %lu)",
                       name_of(cmd_names, sizeof(cmd_names) / sizeof(cmd_names[0]), cmd->type),
                       dials && cmd->dial->number[0] ? " " : "", dials ? cmd->dial->number : "",
                       (unsigned long)cmd->leg);
    } else {
        platform_trace(PLATFORM_TRACE_EXCHANGE, PLATFORM_TRACE_PROVIDER, "%s%s (leg %lu)",
                       name_of(ind_names, sizeof(ind_names) / sizeof(ind_names[0]), ind->type),
                       ind->type == SESSION_IND_PROGRESS ? state_name(ind->state) : "", (unsigned long)ind->leg);
    }
}

void trace_begin(struct pump *pump)
{
    if (platform_trace_on())
        pump_watch(pump, watch, NULL);
}
