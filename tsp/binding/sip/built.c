/* Whether this program has the SIP binding in it: all that the dialogs need of it. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/probe.h"

bool sip_available(void)
{
    return TAPI_SIP != 0;
}

const char *sip_outcome_words(enum sip_outcome outcome)
{
    switch (outcome) {
#define SIP_OUTCOME(name, status, words)                                                                               \
    case SIP_OUTCOME_##name:                                                                                           \
        return words;
#include "tsp/binding/sip/outcome.def"
#undef SIP_OUTCOME
    }
    return "failed";
}
