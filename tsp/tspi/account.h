/* The sections of the configuration that make lines real telephony. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_ACCOUNT_H
#define TSP_TSPI_ACCOUNT_H

#include "tsp/binding/sip/sip.h"
#include "tsp/tspi/config.h"
#include "tsp/tspi/configvalue.h"

/* One [account N], as it is read; its texts belong to the configuration. */
struct config_account {
    struct config_account *next;
    uint32_t n;
    const char *where; /* its first key */
    bool bad;
    bool generic; /* codes that are not given are the usual ones */
    struct sip_account_conf sip; /* all but `line` and the numbers */
    uint32_t addressc, watchc;
    const char **addressv, **watchv;
    uint32_t max_sessions, media_modes, id;
    uint64_t digest; /* of its entries */
};

struct config_accounts {
    struct config_account *first; /* in order of N */
    uint32_t count;
    struct sip_conf sip; /* [sip] */
    uint64_t digest;     /* of its entries */
    uint32_t nameserverc;
};

/* Whether a section is one of these. */
bool account_section(const char *section);
/* Takes an entry of one of them. False: no memory. */
bool account_entry(struct config *conf, const struct platform_conf_entry *e);
/* Makes lines of those that are complete, behind the others, which there is room for. False: no memory. */
bool account_lines(struct config *conf);

/* config.c's, for account.c. */
void *config_keep(struct config *conf, size_t size); /* zeroed; NULL: no memory */
const char *config_keep_text(struct config *conf, const char *text, size_t len);
void config_message(struct config *conf, const char *fmt, ...) PLATFORM_PRINTF(2, 3);

#endif
