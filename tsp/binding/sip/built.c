/* Whether this program has the SIP binding in it: all that the dialogs need of it. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/sip.h"

bool sip_available(void)
{
    return TAPI_SIP != 0;
}
