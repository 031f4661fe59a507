/* Somebody's calls, as documents of the dialog event package (RFC 4235) tell of them. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_DIALOGINFO_H
#define TSP_BINDING_SIP_DIALOGINFO_H

#include "tsp/binding/sip/eventxml.h"
#include "tsp/session/session.h"

enum { SIP_DIALOGS_MAX = 32 }; /* of one who is watched; what is beyond these is passed over */

enum sip_dialog_state {
    SIP_DIALOG_TRYING,
    SIP_DIALOG_PROCEEDING,
    SIP_DIALOG_EARLY,
    SIP_DIALOG_CONFIRMED,
    SIP_DIALOG_TERMINATED
};

/* One that has not ended. Texts that were not told, or are too long, are "". */
struct sip_dialog {
    struct sip_dialog *next;
    enum sip_dialog_state state;
    bool initiator, recipient;
    char id[SIP_XML_TEXT_MAX + 1];
    char call_id[SIP_XML_TEXT_MAX + 1], local_tag[SIP_XML_TEXT_MAX + 1], remote_tag[SIP_XML_TEXT_MAX + 1];
    char remote[SIP_XML_TEXT_MAX + 1]; /* URI of the other end: its target, else its identity */
};

struct sip_dialogs {
    struct sip_versions v;
    struct sip_dialog *first;
    uint32_t count;
};

/* Takes a document over. `pool` is for the while of the call. Thread: one at a time. */
enum sip_news sip_dialogs_read(struct sip_dialogs *d, const struct session_mem *mem, pj_pool_t *pool, const char *text,
                               size_t len);
void sip_dialogs_clear(struct sip_dialogs *d, const struct session_mem *mem);
/* Somebody is at the telephone, not only called. */
bool sip_dialogs_engaged(const struct sip_dialogs *d);

#endif
