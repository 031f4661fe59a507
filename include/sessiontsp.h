/* What the provider SessionTSP adds to TAPI: the extension of its phones. SPDX-License-Identifier: MIT */
#ifndef SESSIONTSP_H
#define SESSIONTSP_H

#include "tapi_port.h"

/*
 * A phone of the embedded exchange is a set that nobody can touch, so there is a way to do what a person would do: press
 * keys, lift, replace. An application negotiates SESSIONTSP_PHONE_EXT_VERSION with phoneNegotiateExtVersion (the
 * extension id of phoneNegotiateAPIVersion is the one below), opens the phone with it, and gives phoneDevSpecific one
 * struct sessiontsp_phone. The reply says what came of it: 0, PHONEERR_OPERATIONUNAVAIL (the exchange does not have that
 * operation, or the line is not open), PHONEERR_INVALPHONESTATE (not now), PHONEERR_INVALBUTTONLAMPID,
 * PHONEERR_INVALHOOKSWITCHDEV, PHONEERR_INVALHOOKSWITCHMODE, PHONEERR_INVALPARAM. A key that cannot act has gone down all
 * the same: PHONE_BUTTON is sent.
 */
#define SESSIONTSP_PHONE_EXT_ID0     0x50545353
#define SESSIONTSP_PHONE_EXT_ID1     0x4E4F4850
#define SESSIONTSP_PHONE_EXT_ID2     0x5E554107
#define SESSIONTSP_PHONE_EXT_ID3     0x9A315354
#define SESSIONTSP_PHONE_EXT_VERSION 0x00010000

/* dwCommand */
#define SESSIONTSP_PHONE_BUTTON  1 /* dwItem: button; dwValue: PHONEBUTTONSTATE_DOWN, _UP, or both: one after the other */
#define SESSIONTSP_PHONE_HOOK    2 /* dwItem: PHONEHOOKSWITCHDEV_; dwValue: PHONEHOOKSWITCHMODE_ */
#define SESSIONTSP_PHONE_MESSAGE 3 /* the lamp "Message"; dwValue: 1 on, 0 off */

struct sessiontsp_phone {
    DWORD dwCommand;
    DWORD dwItem;
    DWORD dwValue;
};

#endif
