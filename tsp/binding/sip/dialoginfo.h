/* Somebody's calls, as documents of the dialog event package (RFC 4235) tell of them. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_DIALOGINFO_H
#define TSP_BINDING_SIP_DIALOGINFO_H

#include "tsp/session/session.h"

#include <pjlib.h>

/* What is beyond these is passed over. */
enum {
    SIP_DIALOGS_MAX = 32,         /* of one who is watched */
    SIP_DIALOG_TEXT_MAX = 255,    /* bytes of an identifier or address */
    SIP_DIALOGS_BODY_MAX = 16384, /* bytes of a document */
    SIP_DIALOGS_TAGS_MAX = 1000,  /* of a document: elements go no deeper than that */
};

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
    char id[SIP_DIALOG_TEXT_MAX + 1];
    char call_id[SIP_DIALOG_TEXT_MAX + 1], local_tag[SIP_DIALOG_TEXT_MAX + 1], remote_tag[SIP_DIALOG_TEXT_MAX + 1];
    char remote[SIP_DIALOG_TEXT_MAX + 1]; /* URI of the other end: its target, else its identity */
};

struct sip_dialogs {
    bool seen;  /* there was a document */
    bool known; /* a full one: all dialogs are here */
    uint32_t version;
    struct sip_dialog *first;
    uint32_t count;
};

enum sip_dialogs_news {
    SIP_DIALOGS_OLD, /* overtaken by a later document: nothing has changed */
    SIP_DIALOGS_NEW,
    SIP_DIALOGS_GAP, /* new, but something before it is missing: all of it is to be asked for */
    SIP_DIALOGS_BAD  /* it is no such document: nothing has changed */
};

/* Takes a document over. `pool` is for the while of the call. Thread: one at a time. */
enum sip_dialogs_news sip_dialogs_read(struct sip_dialogs *d, const struct session_mem *mem, pj_pool_t *pool,
                                       const char *text, size_t len);
void sip_dialogs_clear(struct sip_dialogs *d, const struct session_mem *mem);
/* Somebody is at the telephone, not only called. */
bool sip_dialogs_engaged(const struct sip_dialogs *d);

#endif
