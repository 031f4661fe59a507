/* What the tests of agents share: an application that is the proxy, and one that asks it. SPDX-License-Identifier: MIT
 */
#ifndef TESTS_UNIT_CLIENT_HOST_AGENT_H
#define TESTS_UNIT_CLIENT_HOST_AGENT_H

#include "tests/unit/client/host.h"

enum { DEVICE = 1, ALL = 20, V2 = 0x00020000, V2_2 = 0x00020002, V1_4 = 0x00010004 };

extern struct desk agent_proxy, agent_asker;

void agent_setup(void);
void agent_teardown(void);
/* Opens the line with LINEOPENOPTION_PROXY for these requests; the result of lineOpen. */
LONG agent_open_proxy(struct desk *d, DWORD version, const DWORD *types, DWORD count);
void agent_open_all(void);
void agent_open_asker(DWORD version);
/* The next request that comes to the proxy. */
LINEPROXYREQUEST *agent_request(const struct desk *d);

#endif
