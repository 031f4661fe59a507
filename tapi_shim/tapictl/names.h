/* Messages and constants of TAPI in words. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_TAPICTL_NAMES_H
#define TAPI_SHIM_TAPICTL_NAMES_H

#include "include/tapi_port.h"

#include <stdbool.h>
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
    NAMES_FORWARDMODE,
    NAMES_COMPLMODE,
    NAMES_DIGITMODE,
    NAMES_TONEMODE,
    NAMES_GATHERTERM,
    NAMES_GENERATETERM,
    NAMES_BEARERMODE,
    NAMES_CALLTREATMENT,
    NAMES_LINEDEVSTATUS,
    NAMES_CALLFEATURE,
    NAMES_CALLFEATURE2,
    NAMES_ADDRFEATURE,
    NAMES_LINEFEATURE,
    NAMES_MEDIACONTROL,
    NAMES_TERMMODE,
    NAMES_COUNT
};

enum { NAMES_TEXT_MAX = 512 };

/* The names of the bits of `value`, joined by "|"; bits without a name in hexadecimal, "0" for none. Returns `text`. */
const char *names_bits(enum names_kind kind, DWORD_PTR value, char text[NAMES_TEXT_MAX]);
/* The value of names joined by "|", in either case. False: one of them is none. */
bool names_value(enum names_kind kind, const char *text, DWORD_PTR *value);
/* The `n`th name of the kind, from 0; NULL: there are no more. */
const char *names_nth(enum names_kind kind, unsigned n);
/* "LINE_CALLSTATE"; NULL: not known. */
const char *names_message(DWORD message);
/* What a LINE_CALLSTATE says: the state, its mode, the new privilege. Returns `text`. */
const char *names_callstate(const LINEMESSAGE *message, char text[NAMES_TEXT_MAX]);
/* The whole message: its name, the device, and its parameters in words. Returns `text`. */
const char *names_describe(const LINEMESSAGE *message, char text[NAMES_TEXT_MAX]);

#endif
