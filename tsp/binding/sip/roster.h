/* Who is in a conference, as documents of the conference event package (RFC 4575) tell. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_ROSTER_H
#define TSP_BINDING_SIP_ROSTER_H

#include "tsp/binding/sip/eventxml.h"
#include "tsp/session/session.h"

enum { SIP_USERS_MAX = 64 }; /* what is beyond these is passed over */

struct sip_user {
    struct sip_user *next;
    bool in;
    char entity[SIP_XML_TEXT_MAX + 1]; /* URI */
};

struct sip_roster {
    struct sip_versions v;
    struct sip_user *first;
    uint32_t count;
};

/* Takes a document over. `pool` is for the while of the call. */
enum sip_news sip_roster_read(struct sip_roster *r, const struct session_mem *mem, pj_pool_t *pool, const char *text,
                              size_t len);
void sip_roster_clear(struct sip_roster *r, const struct session_mem *mem);
/* Whether the user of a URI takes part. */
bool sip_roster_has(const struct sip_roster *r, const char *uri);

#endif
