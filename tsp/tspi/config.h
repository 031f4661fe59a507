/* The configuration of the provider, read, checked and completed. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_CONFIG_H
#define TSP_TSPI_CONFIG_H

#include "tapi_shim/platform/platform.h"
#include "tsp/binding/loopback/loopback.h"
#include "tsp/session/session.h"

/*
 * The schema is the table in config.def. Sections that are not in it belong to others and are passed over in silence.
 * - No [line N] and no [lines] count at all: four lines, 100 to 103. No [number N] at all: the specials 600 to 603, but
 *   for those whose number a line has.
 * - Places where calls are parked are numbers as well, but those that a line or special number has: left out without a
 *   word if nothing was said of places.
 * - A bad value is one message with place and key. In [line N] and [number N] it leaves out that line or number, in the
 *   other sections the default stands. An unknown key is a message alone.
 * - A number that two lines share in one way belongs to both, one that is monitored to somebody else.
 * - Any other number that two have belongs to the first: [line N] in order of N, then [lines], then [number N].
 * - Lines are in order of N, then the generated ones, then those of [account N] (account.h), in order of its N. With an
 *   account nothing is made by default.
 * - The permanent id of a line is its key `id`, else a hash of its first number, so that it depends on nothing else of
 * the configuration. Two lines with the same hash: that with the smaller number (as text) has it, the other takes the
 *   next free one.
 */

enum {
    CONFIG_LINES_MAX = 100000,
    CONFIG_ADDRESSES_MAX = 1000, /* of one line */
    CONFIG_MESSAGES_MAX = 100,   /* kept; the others are only counted */
    CONFIG_MESSAGE_MAX = 500,    /* bytes */
};

struct config_line {
    uint32_t n; /* of [line N]; of generated ones the number */
    const char *name;
    uint32_t addressc;
    const char **numberv;
    const uint8_t *sharingv; /* SESSION_SHARING_ of each */
    uint32_t max_sessions, address_max_sessions; /* 0: no limit */
    uint32_t media_modes;
    const char *pickup_group;
    bool phone; /* it has a telephone set */
    uint32_t permanent_id;
    bool account;        /* of a SIP server: */
    const struct sip_account_conf *sip; /* what it is, but for its line; else NULL */
    uint64_t digest;                    /* of all that the configuration says of it */
    const char *id_text; /* what its id is made from; NULL: its first number */
};

struct config_block;
struct sip_account_conf;

struct config {
    struct config *next; /* for who keeps several */
    struct session_mem mem;
    struct config_block *blocks; /* all texts and arrays lie here */
    uint32_t max_sessions, no_answer_ms, ring_ms;
    uint32_t park_reminder_ms, park_timeout_ms;
    uint32_t placec;
    struct loopback_place *placev;
    uint32_t place_max; /* units of the longest number of a place */
    bool reentrant; /* the host may call on several threads at once */
    uint32_t linec;
    struct config_line *linev;
    uint32_t specialc;
    struct loopback_special *specialv;
    uint32_t first_account; /* as it was read, lines from here on are accounts */
    struct config_accounts *accounts; /* NULL: none of their sections is there */
    struct config_account *account_last;
    uint32_t messagec; /* all of them, perhaps above CONFIG_MESSAGES_MAX */
    const char *messagev[CONFIG_MESSAGES_MAX];
};

/* Where entries come from: platform_conf_read, or a test's own. */
typedef int(config_source_h)(const char *path, platform_conf_h *h, platform_conf_error_h *errorh, void *arg);

/* Reads the configuration from `source` (NULL: platform_conf_read, the usual place) with memory from `mem`. Bad values
 * are messages. OK; FAILED: a place that was asked for cannot be read, which is one message in `*confp`; NOMEM: no
 * `*confp`. Thread: any. */
enum session_err config_read(struct config **confp, config_source_h *source, const struct session_mem *mem);
void config_free(struct config *conf); /* takes NULL */
/* Whether nothing of two lines differs that anybody could notice. */
bool config_line_same(const struct config_line *a, const struct config_line *b);

#endif
