/* The order of a call's states, for every checker. SPDX-License-Identifier: MIT */
#ifndef TESTS_SIM_ORDER_H
#define TESTS_SIM_ORDER_H

#include "tsp/session/session.h"

#include <stdbool.h>
#include <stdint.h>

/* Transitions as documented ("Call States", and the usual ones of the far side); 0 is a session just made. `parent`: of a conference. */
static inline uint32_t order_after(uint32_t state, bool incoming, bool parent, bool wild)
{
    const uint32_t held = SESSION_ONHOLD | SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF;
    const uint32_t end = SESSION_DISCONNECTED | SESSION_IDLE;
    /* a far side that does not keep to the usual way can still only go on */
    const uint32_t tones = wild ? SESSION_RINGBACK | SESSION_BUSY | SESSION_SPECIALINFO | SESSION_CONNECTED : 0;

    switch (state) {
    case 0:
        if (parent) {
            return SESSION_ONHOLDPENDCONF | SESSION_CONNECTED;
        }
        return incoming ? SESSION_OFFERING
                        : SESSION_DIALTONE | SESSION_DIALING | (wild ? SESSION_PROCEEDING | tones : 0) | end;
    case SESSION_OFFERING:
        return SESSION_ACCEPTED | SESSION_CONNECTED | end;
    case SESSION_ACCEPTED:
        return SESSION_CONNECTED | end;
    case SESSION_DIALTONE:
        return SESSION_DIALING | (wild ? SESSION_PROCEEDING | tones : 0) | end;
    case SESSION_DIALING:
        return SESSION_PROCEEDING | tones | end;
    case SESSION_PROCEEDING:
        return SESSION_CONFERENCED | SESSION_RINGBACK | SESSION_BUSY | SESSION_CONNECTED | tones | end;
    case SESSION_RINGBACK:
        return SESSION_CONFERENCED | SESSION_BUSY | SESSION_CONNECTED | (tones & SESSION_SPECIALINFO) | end;
    case SESSION_SPECIALINFO:
        return SESSION_BUSY | SESSION_CONNECTED | (wild ? SESSION_CONFERENCED : 0) | end;
    case SESSION_BUSY:
        return (wild ? SESSION_CONFERENCED : 0) | end;
    case SESSION_CONNECTED:
        return held | SESSION_CONFERENCED | SESSION_CONNECTED | end;
    case SESSION_ONHOLD:
    case SESSION_ONHOLDPENDTRANSFER:
        return SESSION_CONNECTED | SESSION_CONFERENCED | end;
    case SESSION_ONHOLDPENDCONF:
        return SESSION_CONNECTED | end;
    case SESSION_CONFERENCED:
        return SESSION_CONNECTED | SESSION_ONHOLD | end;
    case SESSION_DISCONNECTED:
        return SESSION_IDLE;
    default:
        return 0;
    }
}

#endif
