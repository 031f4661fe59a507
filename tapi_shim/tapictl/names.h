/* Messages and constants of TAPI in words. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_TAPICTL_NAMES_H
#define TAPI_SHIM_TAPICTL_NAMES_H

#include "include/tapi_port.h"

#include <stddef.h>

enum names_kind {
    NAMES_CALLSTATE,
    NAMES_DISCONNECTMODE,
    NAMES_BUSYMODE,
    NAMES_DIALTONEMODE,
    NAMES_OFFERINGMODE,
    NAMES_CONNECTEDMODE,
    NAMES_SPECIALINFO,
    NAMES_ORIGIN,
    NAMES_REASON,
    NAMES_LINESTATE,
    NAMES_ADDRESSSTATE,
    NAMES_CALLINFOSTATE,
    NAMES_MEDIAMODE,
    NAMES_PRIVILEGE,
    NAMES_COUNT
};

enum { NAMES_TEXT_MAX = 512 };

/* The names of the bits of `value`, joined by "|"; bits without a name in hexadecimal, "0" for none. Returns `text`. */
const char *names_bits(enum names_kind kind, DWORD_PTR value, char text[NAMES_TEXT_MAX]);
/* "LINE_CALLSTATE"; NULL: not known. */
const char *names_message(DWORD message);
/* What a LINE_CALLSTATE says: the state, its mode, the new privilege. Returns `text`. */
const char *names_callstate(const LINEMESSAGE *message, char text[NAMES_TEXT_MAX]);
/* The whole message: its name, the device, and its parameters in words. Returns `text`. */
const char *names_describe(const LINEMESSAGE *message, char text[NAMES_TEXT_MAX]);

#endif
