/* What the end of a call means. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/sip.h"

enum session_disconnect sip_cause_mode(uint32_t code, uint32_t q850)
{
    switch (q850) {
#define SIP_CODE(code, mode, text)
#define SIP_CODE_CLASS(class, mode, text)
#define SIP_Q850(cause, mode, text)                                                                                    \
    case (cause):                                                                                                      \
        return SESSION_DISC_##mode;
#include "tsp/binding/sip/cause.def"
#undef SIP_CODE
#undef SIP_CODE_CLASS
#undef SIP_Q850
    default:
        break;
    }
    switch (code) {
#define SIP_CODE(code, mode, text)                                                                                     \
    case (code):                                                                                                       \
        return SESSION_DISC_##mode;
#define SIP_CODE_CLASS(class, mode, text)
#define SIP_Q850(cause, mode, text)
#include "tsp/binding/sip/cause.def"
#undef SIP_CODE
#undef SIP_CODE_CLASS
#undef SIP_Q850
    default:
        break;
    }
    switch (code / 100) {
#define SIP_CODE(code, mode, text)
#define SIP_CODE_CLASS(class, mode, text)                                                                              \
    case (class):                                                                                                      \
        return SESSION_DISC_##mode;
#define SIP_Q850(cause, mode, text)
#include "tsp/binding/sip/cause.def"
#undef SIP_CODE
#undef SIP_CODE_CLASS
#undef SIP_Q850
    default:
        break;
    }
    return SESSION_DISC_UNKNOWN;
}
