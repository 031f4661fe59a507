/* The contract table, and the names of errors and states. SPDX-License-Identifier: MIT */
#include "tsp/session/session.h"

static const struct session_contract contractv[SESSION_OP_COUNT] = {
#define SESSION_OP(n, tspi_, init, term, mode_, st, st2, use, res, async_, h, cf, af, lf, impl)                        \
    [SESSION_OP_##n] = {.name = #n,                                                                                    \
                        .tspi = (tspi_),                                                                               \
                        .initiating = (init),                                                                          \
                        .terminating = (term),                                                                         \
                        .mode = (mode_),                                                                               \
                        .states = (st),                                                                                \
                        .states2 = (st2),                                                                              \
                        .useful = (use),                                                                               \
                        .result = (res),                                                                               \
                        .async = (async_),                                                                             \
                        .handles = (h),                                                                                \
                        .call_feature = (cf),                                                                          \
                        .address_feature = (af),                                                                       \
                        .line_feature = (lf),                                                                          \
                        .implemented = (impl)},
#include "tsp/session/contract.def"
#undef SESSION_OP
};

const struct session_contract *session_contract(enum session_op op)
{
    return &contractv[op];
}

const char *session_err_text(enum session_err err)
{
    switch (err) {
#define SESSION_ERR_TEXT(name, text)                                                                                   \
    case SESSION_E_##name:                                                                                             \
        return text;
        SESSION_ERR_MAP(SESSION_ERR_TEXT)
#undef SESSION_ERR_TEXT
    case SESSION_E_COUNT:
        break;
    }
    return "unknown error";
}

const char *session_state_name(uint32_t state)
{
    switch (state) {
#define SESSION_STATE_NAME(name, value)                                                                                \
    case value:                                                                                                        \
        return #name;
        SESSION_STATE_MAP(SESSION_STATE_NAME)
#undef SESSION_STATE_NAME
    default:
        return "?";
    }
}
