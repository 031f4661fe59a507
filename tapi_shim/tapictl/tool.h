/* What the commands of tapictl share. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_TAPICTL_TOOL_H
#define TAPI_SHIM_TAPICTL_TOOL_H

#include "include/tapi_port.h"
#include "tapi_shim/platform/platform.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum tool_exit { TOOL_OK = 0, TOOL_FAILED = 1, TOOL_USAGE = 2, TOOL_BUSY = 3, TOOL_NO_ANSWER = 4, TOOL_REFUSED = 5 };

/* An application that takes its messages with lineGetMessage. */
struct tool_app {
    HLINEAPP app;
    DWORD lines;
    HANDLE event; /* set while messages wait */
};

/* One line on stderr, with the name of the tool before it. */
void tool_error(const char *fmt, ...) PLATFORM_PRINTF(1, 2);
/* The same for a function of TAPI that failed; returns TOOL_FAILED. */
int tool_failed(const char *what, LONG rc);

/* The name of the application, "tapictl" unless the command line says another. */
extern const char *tool_name;
/* Starts telephony; says why not. */
bool tool_open(struct tool_app *app);
void tool_close(struct tool_app *app);
/* Version negotiated for the line; 0 after saying why not. */
DWORD tool_version(const struct tool_app *app, DWORD line);

/* A structure from `fetch`, in a block that grows until all fits; freed by the caller. NULL after saying why not. */
typedef LONG(tool_fetch_h)(void *block, const void *arg);
void *tool_fetch(const char *what, size_t size, tool_fetch_h *h, const void *arg);
/* The text at a pair (size, offset) of such a structure, "" if there is none. Always terminated: the block ends with
 * zeros. */
const char *tool_text(const void *block, DWORD size, DWORD offset);
const WCHAR *tool_wide(const void *block, DWORD size, DWORD offset);

/* Time of day for the log of a call, "HH:MM:SS.mmm". */
enum { TOOL_TIME_MAX = 32 };
const char *tool_time(uint64_t wall_ms, char text[TOOL_TIME_MAX]);

/* From here on SIGINT only sets what tool_interrupted tells. */
void tool_catch_interrupt(void);
bool tool_interrupted(void);
/* The next message: 0, LINEERR_OPERATIONFAILED when `deadline_ms` (platform_mono_ms, UINT64_MAX: none) has passed or
 * the tool was interrupted, or another error. */
LONG tool_message(const struct tool_app *app, LINEMESSAGE *m, uint64_t deadline_ms);

/* A decimal number up to `max`. */
bool tool_number(const char *text, uint32_t max, uint32_t *value);

/* Says something to a provider, as its dialogs do: data_posix.c, data_win32.c. 0 or a LINEERR_;
 * LINEERR_OPERATIONUNAVAIL also where this TAPI has no way to. */
LONG tool_provider_data(DWORD id, void *data, DWORD size);
/* The provider that lines are entered for: that of the list which is SessionTSP, else the first. 0 after saying that
 * there is none. */
DWORD tool_provider(void);
struct sessiontsp_provider;
/* Enters a line (`name` may be NULL), or strikes it out; `number` NULL: has the configuration read again. 0 or a
 * LINEERR_. */
LONG tool_provider_line(DWORD id, bool add, const char *number, const char *name, bool phone,
                        struct sessiontsp_provider *result);
/* What is wrong, in a sentence, or the name of the error. */
const char *tool_provider_error(LONG rc);

/* What a call was: times by the wall clock in ms, modes; 0: not. */
struct call_record {
    uint64_t made_at, connected_at, ended_at;
    DWORD_PTR disconnect_mode, busy_mode;
};
void record_print(HCALL call, const struct call_record *r);

/* ---- the commands: arguments behind the command's name ---- */

int account_command(int argc, char **argv);
int lines_command(int argc, char **argv);
int call_command(int argc, char **argv);
int listen_command(int argc, char **argv);
int monitor_command(int argc, char **argv);
int phone_command(int argc, char **argv);
int provider_command(int argc, char **argv);
int service_command(int argc, char **argv);
int translate_command(int argc, char **argv);
int location_command(int argc, char **argv);
int card_command(int argc, char **argv);
int shell_command(int argc, char **argv);
int trace_command(int argc, char **argv);
int hold_command(int argc, char **argv);
int transfer_command(int argc, char **argv);
int conference_command(int argc, char **argv);
int park_command(int argc, char **argv);
int pickup_command(int argc, char **argv);
int forward_command(int argc, char **argv);
int digits_command(int argc, char **argv);

extern const char account_help[];
extern const char lines_help[], call_help[], listen_help[], monitor_help[], provider_help[], service_help[],
    shell_help[], trace_help[], translate_help[], location_help[], card_help[], phone_help[];
extern const char hold_help[], transfer_help[], conference_help[], park_help[], pickup_help[], forward_help[],
    digits_help[];

#endif
