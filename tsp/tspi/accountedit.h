/* Accounts of SIP servers entered in the configuration, struck out of it, and tried. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_ACCOUNTEDIT_H
#define TSP_TSPI_ACCOUNTEDIT_H

#include "include/sessiontsp.h"

#include <stdbool.h>

/* Whether a dwCommand of TSPI_providerGenericDialogData is one of these. */
bool account_command(DWORD command);
/* Carries it out, as include/sessiontsp.h says. The keys are wiped. 0, INVALPARAM (not such a block), OPERATIONUNAVAIL
 * (a configuration that is nowhere), NOMEM. Waits while an account is tried. Thread: any, with no lock held. */
LONG account_block(struct sessiontsp_provider_account *a);

#endif
