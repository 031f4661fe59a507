/* Who is watched: dialog state (RFC 4235), and what is made of it. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_WATCH_H
#define TSP_BINDING_SIP_WATCH_H

#include "tsp/binding/sip/dialoginfo.h"
#include "tsp/binding/sip/roster.h"
#include "tsp/binding/sip/ua.h"

/* A subscription to somebody's dialogs. Its owner's; none of the calls to the owner comes from inside of
 * sip_watch_begin or after sip_watch_end, which may be called from each of them. */
struct sip_watch {
    struct sip_account *account;
    char *target;     /* URI; ours */
    pjsip_evsub *sub; /* NULL: it does not run */
    bool conference;  /* it is about a conference (RFC 4575): `roster`, not `dialogs` */
    struct sip_dialogs dialogs;
    struct sip_roster roster;
    pjsip_dialog *dlg; /* of it, with that contact */
    pj_str_t contact;
    struct sip_watch *prev, *next; /* those that run */
    bool accepted, fresh, gap, beginning;
    void (*took_h)(struct sip_watch *w); /* it was accepted */
    void (*news_h)(struct sip_watch *w); /* `dialogs` may have changed */
    void (*over_h)(struct sip_watch *w,
                   bool soon); /* it was refused, or has ended; `soon`: it may be asked for again at once */
};

/* ---- watch.c ---- */
pj_status_t sip_watch_start(struct sip_ua *ua); /* after the module of ours is there */
/* Asks for it. False: that cannot be sent, or is refused at once. `target` NULL: the one it has. */
bool sip_watch_begin(struct sip_watch *w, struct sip_account *acc, const pj_str_t *target);
void sip_watch_end(struct sip_watch *w); /* asks for no more, and forgets it */
/* A dialog of an account with its routes and password, locked; unlocked without a use it is gone. NULL: none can be
 * made. */
pjsip_dialog *sip_account_dialog(struct sip_account *acc, const pj_str_t *target);

/* ---- complete.c ---- */
void sip_complete(struct sip_ua *ua, struct sip_command *c);   /* COMPLETE */
void sip_uncomplete(struct sip_ua *ua, struct sip_command *c); /* UNCOMPLETE */
/* A call placed in vain stays as one that hears the busy tone, so that it can be completed. False: it does not. */
bool sip_stays_busy(struct sip_call *call, struct sip_side *side, enum session_disconnect mode);
void sip_callback_answer(struct sip_ua *ua, struct sip_call *call, struct sip_command *c);
bool sip_callback_rings(struct sip_call *call);   /* false: it has rung long enough, and is gone */
void sip_callback_refused(struct sip_call *call); /* the core has no room for it */
void sip_completions_end(struct sip_ua *ua, const struct sip_account *acc); /* those of the account; NULL: all */

/* ---- focus.c: the bridge of a command is at a conference server ---- */
void sip_focus_begin(struct sip_ua *ua, struct sip_account *acc, struct sip_command *c); /* SETUPCONF, CONFERENCE */
void sip_focus_add(struct sip_call *bridge, struct sip_command *c);                      /* ADD */
void sip_focus_drop(struct sip_call *call); /* a member or a bridge is dropped: tells the server */
void sip_focus_collapse(struct sip_ua *ua, struct sip_call *bridge, uint32_t keep, bool hold);
void sip_focus_up(struct sip_call *bridge, const pjsip_rx_data *rdata); /* its server has answered */
void sip_focus_confirmed(struct sip_call *bridge);
void sip_focus_down(struct sip_call *bridge, struct sip_side *side); /* its dialog has ended */
void sip_focus_referred(struct sip_call *bridge, bool ok);           /* what came of REFER */
struct sip_command *sip_focus_end(struct sip_call *bridge); /* what is to be answered when it is gone; NULL: nothing */

/* ---- monitor.c ---- */
bool sip_monitors_make(struct sip_account *acc);  /* false: no memory */
void sip_monitors_begin(struct sip_account *acc); /* the account is in service */
void sip_monitors_end(struct sip_account *acc);
/* Target of an INVITE, and its headers into `list`, that takes the call which rings at a watched address; `number` "":
 * at any. False: none does, or it was not told how. */
bool sip_monitor_pickup(struct sip_account *acc, const char *number, pj_pool_t *pool, pj_str_t *target,
                        pjsip_hdr *list);

#endif
