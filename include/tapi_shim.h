/*
 * tapi_shim.h - what the host adds to TAPI for POSIX programs: waiting, names of errors, strings,
 * choice of the configuration file.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TAPI_SHIM_H
#define TAPI_SHIM_H

#include <stddef.h>

#include "tapi_port.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#pragma GCC visibility push(default)
#endif

/**
 * The file descriptor to wait on for an application's messages.
 *
 * An application that passes LINEINITIALIZEEXOPTION_USEEVENT (or PHONEINITIALIZEEXOPTION_USEEVENT) finds
 * an event in Handles.hEvent after initialisation. Here that event is backed by a descriptor for poll,
 * select or epoll: readable while at least one message waits. Wait for POLLIN, then call lineGetMessage
 * or phoneGetMessage with time-out 0 until it fails with ...ERR_OPERATIONFAILED. The descriptor is the
 * host's: do not read, write or close it; lineShutdown or phoneShutdown does.
 *
 * @param hEvent  LINEINITIALIZEEXPARAMS.Handles.hEvent or PHONEINITIALIZEEXPARAMS.Handles.hEvent
 * @return the descriptor, 0 or above; -1 if hEvent is not an event of this host
 *
 * Thread: any.
 */
int tapi_shim_event_fd(HANDLE hEvent);

/**
 * The name of an error code, for messages and logs.
 *
 * @param err  what a line, phone or tapi function returned, or dwParam2 of LINE_REPLY or PHONE_REPLY
 * @return the constant's name, for example "LINEERR_INVALCALLHANDLE"; "success" for 0; "unknown" for
 *         anything else, so never NULL. Static storage: not to be freed.
 *
 * Thread: any.
 */
const char *tapi_shim_strerror(LONG err);

/* As the length of a source string: it ends at its terminator. */
#define TAPI_SHIM_NTS ((size_t)-1)

/**
 * Converts UTF-8 to UTF-16, the WCHAR of all W functions and of TSPI.
 *
 * Stops at the terminator or after src_bytes, whichever comes first. Each ill-formed sequence becomes
 * one U+FFFD. Writes no more than fits, never half of a surrogate pair, and a terminator always.
 *
 * @param dst        where to write; NULL only measures
 * @param dst_units  room at dst in 16-bit units, terminator included; 0 only measures
 * @param src        the text; NULL counts as empty
 * @param src_bytes  bytes to read at most, or TAPI_SHIM_NTS
 * @return units that the whole result takes, terminator included (1 or above); the result was cut if
 *         this exceeds dst_units. At most one unit for each source byte, and the terminator.
 *
 * Thread: any.
 */
size_t tapi_shim_utf8_to_utf16(WCHAR *dst, size_t dst_units, const char *src, size_t src_bytes);

/**
 * Converts UTF-16 to UTF-8.
 *
 * Stops at the terminator or after src_units, whichever comes first. Each unpaired surrogate becomes
 * U+FFFD. Writes no more than fits, never a part of a character, and a terminator always.
 *
 * @param dst        where to write; NULL only measures
 * @param dst_bytes  room at dst in bytes, terminator included; 0 only measures
 * @param src        the text; NULL counts as empty
 * @param src_units  16-bit units to read at most, or TAPI_SHIM_NTS
 * @return bytes that the whole result takes, terminator included (1 or above); the result was cut if
 *         this exceeds dst_bytes. At most three bytes for each unit, and the terminator.
 *
 * Thread: any.
 */
size_t tapi_shim_utf16_to_utf8(char *dst, size_t dst_bytes, const WCHAR *src, size_t src_units);

/**
 * Further bits for LINEINITIALIZEEXPARAMS.dwOptions: where the lines and calls are.
 *
 * Without either it is what the environment variable TAPI_SHIM_MODE or the key mode in the section [service] of the
 * configuration says ("service", "in-process" or "auto"), else "auto": in the telephony service, which all programs of
 * the user share and the first of them starts, if its program tapishimsrv is installed; in this process if not. Both
 * bits together count as none. They count for the first initialisation of the process: later ones join it.
 */
#define TAPI_SHIM_INITIALIZE_SERVICE 0x10000000u
#define TAPI_SHIM_INITIALIZE_IN_PROCESS 0x20000000u

/**
 * Chooses the configuration file instead of the usual search ($XDG_CONFIG_HOME, then /etc).
 *
 * Counts for the next first initialisation of the process (lineInitialize, lineInitializeEx and their
 * phone counterparts), which opens the file: one that is missing or broken is reported there, as
 * LINEERR_INIFILECORRUPT or PHONEERR_INIFILECORRUPT with a message that names file, line and key.
 *
 * @param path  UTF-8, up to PATH_MAX bytes, copied; NULL returns to the usual search
 * @return 0; EINVAL if path is empty; ENAMETOOLONG; ENOMEM; EBUSY while the process is initialised
 *
 * Thread: any.
 */
int tapi_shim_set_config(const char *path);

/**
 * Says something to a provider, as the dialogs of one do: TSPI_providerGenericDialogData about the provider as a whole.
 * Dialogs are a matter of Windows, what they say to a provider is not: see sessiontsp.h for what SessionTSP understands.
 *
 * @param dwPermanentProviderID  as lineGetProviderList shows it; started or not
 * @param lpParams               dwSize bytes that the two have agreed on; the answer is written there as well
 * @return 0; LINEERR_INVALPARAM (no such provider, or it does not understand), INVALPOINTER, OPERATIONUNAVAIL, NOMEM,
 *         OPERATIONFAILED, or what else the provider says
 *
 * Thread: any.
 */
LONG tapi_shim_provider_data(DWORD dwPermanentProviderID, LPVOID lpParams, DWORD dwSize);

#if defined(__GNUC__)
#pragma GCC visibility pop
#endif

#ifdef __cplusplus
}
#endif

#endif
