/* What the tests of the whole host share: applications on the embedded exchange. SPDX-License-Identifier: MIT */
#ifndef TESTS_UNIT_CLIENT_HOST_H
#define TESTS_UNIT_CLIENT_HOST_H

#include "include/tapi_port.h"
#include "tapi_shim/client/client.h"
#include "tests/support/support.h"

#include <check.h>
#include <string.h>

#define ERR(name) ((LONG)LINEERR_##name)

/* An application with one line. */
struct desk {
    HLINEAPP app;
    HLINE line;
    DWORD device, version;
};

/* Takes its messages with lineGetMessage. */
HLINEAPP desk_start(DWORD version, DWORD *devices);
void desk_open(struct desk *d, DWORD device, DWORD version, DWORD privileges);
void desk_close(struct desk *d);
void host_clean(void);

/* Takes messages until `want` comes for the device (0: any) with one of the bits in its first parameter (0: any). */
LINEMESSAGE desk_await(const struct desk *d, DWORD want, DWORD device, DWORD_PTR bits);
/* Waits for the reply; what it says. */
LONG desk_reply(const struct desk *d, LONG request);
/* Makes a call and waits for the reply. */
HCALL desk_call(const struct desk *d, const char *number);
/* A call offered to the desk. */
HCALL desk_offered(const struct desk *d);
/* Drops, waits for IDLE, releases. */
void desk_end(const struct desk *d, HCALL call);

/* A text of a structure that was fetched. */
#define TEXT_OF(block, member) ((block)->member##Size ? (const char *)(block) + (block)->member##Offset : "")

union host_info {
    LINECALLINFO info;
    char room[4096];
};
void host_info_get(HCALL call, union host_info *u);
DWORD host_state(HCALL call);

TCase *host_line_tests(void);
TCase *host_call_tests(void);
TCase *host_oom_tests(void);
TCase *host_translate_tests(void);
TCase *host_phone_tests(void);
TCase *host_agent_tests(void);
TCase *host_proxy_tests(void);

#endif
