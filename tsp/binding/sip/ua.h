/* The back of the SIP binding: all that PJSIP is used for. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_UA_H
#define TSP_BINDING_SIP_UA_H

#include "tsp/binding/sip/front.h"

#include <pjlib-util.h>
#include <pjlib.h>
#include <pjmedia-codec.h>
#include <pjmedia.h>
#include <pjsip.h>
#include <pjsip_simple.h>
#include <pjsip_ua.h>

/*
 * Thread: the binding's own, for everything here, but sip_back_poke (any), and pjmedia's clock, which only calls what
 * it was given.
 */

enum {
    SIP_CONF_SLOTS = 2100,
    SIP_REGISTER_WINDOW = 64,
    SIP_URI_MAX = 1024,
    SIP_DEAD_MAX = 64,
    SIP_CERTIFICATES_MAX = 16
};

/* A server that is asked last. */
struct sip_dead {
    pj_sockaddr addr;
    pjsip_transport_type_e type;
    uint64_t until; /* as sip_now; 0: nobody */
};

/* More of what was wrong with the certificate of a host than PJ_SSL_CERT_ says: bits that those leave free. */
enum { SIP_CERT_EXPIRED = 1 << 20, SIP_CERT_EARLY = 1 << 21, SIP_CERT_ITSELF = 1 << 22 };

/* What was wrong with it, both kinds of bits. */
struct sip_certificate {
    char host[256];
    pj_uint32_t verify;
};

/* What is wrong with an own transport. */
struct sip_trouble {
    enum sip_fault fault;
    char text[250];
};

struct sip_account {
    struct sip_gone gone; /* its place in the front's list */
    pj_pool_t *pool;      /* its own, or the endpoint's if it is there from the start */
    bool leaving;         /* it is no account any more, but has calls, or takes its leave of the server */
    bool farewell;        /* it has said so */
    bool again;           /* registers once more when this is answered */
    bool after_another;   /* registers when one of that name has taken its leave */
    struct sip_account *next_leaving;
    struct sip *x;
    const struct sip_account_conf *conf; /* a copy of ours */
    uint32_t index;
    pj_str_t id;      /* From: "name" <sip:user@domain> */
    pj_str_t contact; /* "" until there is a transport */
    pj_str_t domain;  /* host only */
    pjsip_route_hdr routes;
    pjsip_cred_info cred;
    unsigned credc;
    pjsip_regc *regc;
    bool registered;
    bool useless;          /* its settings make no sense */
    bool waiting, sent;    /* for its turn to register; and it is under way */
    unsigned fails, tried; /* in vain; of the servers of its name, one after the other */
    uint32_t server;       /* of its registrars: the one it is with */
    pjsip_tx_data *tdata;  /* the request under way: where it went */
    bool behind_nat;       /* the server sees it at another address: `contact` says which */
    pj_timer_entry alive;
    unsigned moves;
    pj_sockaddr server_addr;
    int server_addr_len;
    pj_sockaddr knownv[PJSIP_MAX_RESOLVED_ADDRESSES]; /* where its server may be, as its name says */
    unsigned knownc;
    bool looking, strange; /* for those; and somebody else was heard */
    uint64_t looked;       /* as sip_now */
    struct sip_account *next_waiting;
    pj_timer_entry retry;
    pjsip_evsub *mwi;
    pjsip_dialog *mwi_dlg; /* of that, with this contact */
    pj_str_t mwi_contact;
    pj_str_t told; /* the contact that those who tell us of something know */
    pj_timer_entry mwi_retry;
    bool messages, mwi_heard;
    uint32_t calls;
    uint32_t sides;
    uint32_t settings;             /* forwarding and do-not-disturb that this program has put on: star.c's bits */
    struct sip_account *next_same; /* of a table's list */
    struct sip_monitor *monitors;  /* as many as it watches */
};

/* One number an account is called at. */
struct sip_number {
    struct sip_number *next;
    struct sip_account *account;
    uint32_t address;
    const char *text;
};

struct sip_media {
    struct sip_side *side;
    pj_pool_t *pool;
    pjmedia_transport *tp; /* SRTP's, if it is used, which owns the other */
    pjmedia_transport *udp;
    pjmedia_stream *stream;
    pjmedia_port *port;
    int slot;                 /* of the bridge; < 0: none */
    struct sip_tap *tap;      /* NULL: nobody listens */
    bool started, has_events; /* the other end takes telephone events */
    bool events_seen;         /* and sends them */
    pjmedia_dir dir;
    pj_sockaddr remote;
    unsigned tx_pt, rx_pt;
    pj_pool_t *tone_pool;
    pjmedia_port *tone;
    int tone_slot;
};

/* One dialog of a call: what it is now, or is about to be after a transfer. Lives until its INVITE session has ended.
 */
struct sip_side {
    struct sip *x;
    struct sip_call *call; /* NULL: ends by itself */
    struct sip_account *account;
    pjsip_inv_session *inv;
    struct sip_media media;
    bool up; /* answered */
    bool remote_held;
    bool incoming, alerted;
    struct sip_star *star; /* it is no call of the core's, but dials a code */
    uint8_t *uui;          /* of its last message; NULL: none */
    uint32_t uuic;
    bool sending, dead; /* it ended while the INVITE was being sent */
    unsigned redirects;
    pjsip_tx_data *placed; /* the INVITE until it is answered: where it went */
    struct sip_side *prev, *next;
};

enum sip_phase {
    CALL_DIALTONE,
    CALL_DIALING, /* number not complete */
    CALL_CALLING, /* INVITE sent */
    CALL_OFFERED, /* INVITE received */
    CALL_UP,
    CALL_BRIDGE,   /* a conference */
    CALL_BUSY,     /* whom it called is, and nobody else; it waits for what becomes of it */
    CALL_CALLBACK, /* a completion that is offered: `number` is to be called when it is answered */
};

/* A WAV file as a port of the bridge. */
struct sip_file {
    pj_pool_t *pool;
    pjmedia_port *port;
    int slot; /* 0: there is none */
};

/* What the back knows of a leg. */
struct sip_call {
    struct sip *x;
    struct sip_leg *leg;
    struct sip_account *account;
    uint32_t address;
    enum sip_phase phase;
    struct sip_side *side; /* NULL: not called yet */
    struct sip_side *next; /* its replacement, being called */
    bool told;             /* up, as far as the core knows: a further CONNECTED only changes the mode */
    bool block_id, ringing, alerting, is_uri;
    unsigned tries;      /* servers that have failed */
    unsigned rings;      /* of a CALLBACK */
    uint32_t completion; /* it was one: of which completion. 0: it was not */
    char number[SESSION_NUMBER_MAX + 1];
    char name[SESSION_NAME_MAX + 1];
    size_t numberc;
    bool held, hold_wanted; /* by this end */
    uint8_t *uui;           /* of its INVITE; NULL: none */
    uint32_t uuic;
    struct sip_command *fetch; /* PICKUP or UNPARK, until it is answered */
    bool uui_heard;            /* before it was answered */
    uint32_t mode;             /* as was said last */
    struct sip_command *job;   /* waits for an answer of the other end */
    bool job_is_invite;        /* to a re-INVITE */
    bool moved;                /* the other end is to be told our new address */
    pj_timer_entry again;      /* re-INVITE after glare */
    struct sip_call *bridge;   /* conference it is in */
    struct sip_call *members;  /* CALL_BRIDGE */
    struct sip_call *prev_member, *next_member;
    struct sip_focus *focus; /* CALL_BRIDGE: it is at a conference server */
    bool joining, remote,
        seen;                /* a conference there: is being added; is there, without a dialog of ours; was told of */
    char *member;            /* who it is there, a URI; NULL: not asked yet */
    pjsip_evsub *refer;      /* as who transfers */
    pjsip_evsub *refer_rest; /* the last one, which was in vain, and is told of still */
    struct sip_command *refer_job;
    pj_timer_entry refer_late;
    int refer_code;
    pjsip_evsub *notify; /* as who is transferred */
    pj_timer_entry ring;
    /* what is played */
    uint32_t play_serial;
    struct sip_command *play;
    uint32_t play_at;
    pj_timer_entry play_timer;
    bool paused;
    uint32_t volume; /* percent */
    struct sip_file played, record;
    struct sip_call *prev, *next_call;
};

struct sip_ua {
    struct sip *x;
    const struct sip_conf *conf;
    pj_caching_pool cp;
    pj_pool_t *pool;
    pjsip_endpoint *endpt;
    pjsip_module module;
    pjmedia_endpt *med;
    pjmedia_conf *bridge;
    pjmedia_port *null_port;
    pjmedia_master_port *clock;
    uint32_t sounding; /* media that the clock runs for */
    bool ticking;
    pj_timer_entry silence; /* stops the clock */
    uint32_t media_next;
    struct platform_mutex tap_lock; /* of taps: those that have heard something */
    bool tap_lock_there;
    struct sip_tap *taps;
    pj_sock_t wake_in, wake_out;
    pj_ioqueue_key_t *wake_key;
    pj_ioqueue_op_key_t wake_op;
    char wake_buf[16];
    bool leaving;
    struct sip_account **accountv;
    uint32_t accountc, account_cap, account_index;
    struct sip_account *leaving_accounts;
    uint32_t after_another;      /* accounts that wait for one of these */
    struct sip_number **numberv; /* hash table */
    uint32_t number_mask, numberc;
    struct sip_account *waiting_first, *waiting_last;
    uint32_t registering; /* under way */
    struct sip_call *calls;
    struct sip_side *sides;
    struct sip_star *stars;
    struct sip_completion *completions;
    struct sip_watch *watches; /* that run */
    uint32_t callc;
    pj_sockaddr bound;     /* address without port */
    pj_sockaddr home;      /* the interface that leads out had this address when that was looked at last */
    uint64_t looked;       /* as sip_now */
    struct sip_stun *stun; /* NULL: none is asked */
    pjsip_transport *udp;
    pjsip_tpfactory *tcp, *tls;
    pjsip_host_port publishedv[SIP_TRANSPORTS]; /* host "": there is no such transport */
    pjsip_resolver_t *names;
    bool by_system; /* no name server of our own is asked */
    struct sip_names *lookups;
    struct sip_dead deadv[SIP_DEAD_MAX];
    struct sip_certificate certificatev[SIP_CERTIFICATES_MAX];
    uint32_t certificate_next;
    struct sip_trouble troublev[SIP_TRANSPORTS];
    bool wantedv[SIP_TRANSPORTS];
    struct sip_conf kept; /* for those that come later */
    pj_timer_entry again;
    uint32_t t1_ms, goodbye_ms, ring_ms, max_calls, min_se, media_first, media_last;
};

/* ---- ua.c ---- */
unsigned sip_mod(void); /* our module's place in everybody's mod_data */
struct sip_ua *sip_the(void);
pj_str_t sip_str(pj_pool_t *pool, const char *text);
void sip_schedule(struct sip_ua *ua, pj_timer_entry *entry, uint32_t ms);
void sip_unschedule(struct sip_ua *ua, pj_timer_entry *entry);
const char *sip_error_text(pj_status_t status, char *buf, size_t size);

void sip_transport_want(struct sip_ua *ua, enum sip_transport transport); /* starts it if it is not there */

/* ---- net.c ---- */
void sip_net_start(struct sip_ua *ua);     /* before the transports */
void sip_net_stop(struct sip_ua *ua);      /* after all that asks for names */
bool sip_is_address(const pj_str_t *host); /* of IPv4 or IPv6: no name that is to be looked up */
uint64_t sip_now(void);                    /* milliseconds of the clock that PJSIP's timers have */
/* The server that a request went to is asked last for a while, `ms` at least. True: it has others that are alive. */
bool sip_net_failed(struct sip_ua *ua, const pjsip_tx_data *tdata, uint32_t ms);
/* Looks up where that is, for no message; `token` is handed to `cb`, which is called in any case but at the stop. */
void sip_net_look(struct sip_ua *ua, pj_pool_t *pool, const pjsip_host_info *target, void *token,
                  pjsip_resolver_callback *cb);
/* A transport of ours does not start: logs it, and remembers it for its accounts. */
void sip_net_trouble(struct sip_ua *ua, enum sip_transport transport, enum sip_fault fault, const char *text);
void sip_net_cannot(struct sip_ua *ua, enum sip_transport transport, uint32_t port, pj_status_t status);
/* Why a registration with `where` failed, in words for people, in one line. */
enum sip_fault sip_net_why(const struct sip_account *acc, const char *where, const struct pjsip_regc_cbparam *p,
                           char *text, size_t size);

/* ---- roam.c ---- */
void sip_roam_start(struct sip_ua *ua); /* before the transports */
/* Whether this machine has another address by now: then everybody is told. Looks once a second at most. */
void sip_roam_look(struct sip_ua *ua);
/* The account is registered with its contact, or needs not be: those who tell it of something hear where it is. */
void sip_roam_subscriptions(struct sip_account *acc);
/* One of them, if it is established: asks for it again if it has another contact. */
void sip_roam_subscription(const struct sip_account *acc, pjsip_evsub *sub, pjsip_dialog *dlg, pj_str_t *contact);
/* Others see this machine there. */
void sip_roam_to(struct sip_ua *ua, const pj_sockaddr *addr);

/* ---- stun.c ---- */
enum sip_stun_answer { SIP_STUN_NOTHING, SIP_STUN_ADDRESS, SIP_STUN_REFUSED };
/* What a datagram says to a request of 20 bytes; ADDRESS: fills in `out`, port 0. */
enum sip_stun_answer sip_stun_read(const pj_uint8_t *data, size_t size, const pj_uint8_t *request, pj_sockaddr *out);
void sip_stun_start(struct sip_ua *ua); /* after the transports */
bool sip_stun_again(struct sip_ua *ua); /* asks now. False: there is no server that answers */
void sip_stun_stop(struct sip_ua *ua);

/* ---- names.c ---- */
/* Looks a name up by the system; `cb` is called by sip_names_done, with an address of each kind, or PJ_ERESOLVE.
 * NOMEM, NAMETOOLONG: it is not. */
pj_status_t sip_names_ask(struct sip_ua *ua, const pjsip_host_info *target, void *token, pjsip_resolver_callback *cb);
void sip_names_done(struct sip_ua *ua); /* tells those who have asked */
void sip_names_stop(struct sip_ua *ua); /* waits for the name that is being looked up; nobody is told any more */

/* ---- sane.c ---- */
/* Messages that break a rule of RFC 3261 are answered so, or passed over, before anybody looks at them. */
pj_status_t sip_sane_begin(struct sip_ua *ua);
void sip_sane_dialog(
    pjsip_dialog *dlg); /* of an INVITE, when it has been made: no request in it is left without an answer */
/* It is over, or is being ended: an INVITE of ours that got a provisional answer and no other is waited for no longer
 * than one without any. */
void sip_sane_ended(struct sip_ua *ua, pjsip_inv_session *inv);

/* ---- known.c ---- */
enum sip_known { SIP_STRANGER, SIP_KNOWN, SIP_KNOWN_LATER /* its name is looked up just now */ };
/* Whether that is the account's own registrar, proxy, or other end of the trunk. */
enum sip_known sip_account_knows(struct sip_account *acc, const pj_sockaddr *from);
void sip_known_registered(struct sip_account *acc); /* by the request under way */

/* ---- certs.c ---- */
/* Fills in what is in the files of TLS. False: something is wrong with them, `text` says what. */
bool sip_certs_load(struct sip_ua *ua, pjsip_tls_setting *tls, char *text, size_t size);
/* SIP_CERT_ of a certificate that somebody has shown. */
pj_uint32_t sip_certs_fault(const pj_ssl_cert_info *info);

/* ---- alive.c ---- */
void sip_alive_start(struct sip_account *acc); /* it is registered */
void sip_alive_timer(pj_timer_heap_t *heap, pj_timer_entry *entry);

/* ---- numbers.c ---- */
/* The table has room for `count` numbers: twice as many places. False: there is none at all. */
bool sip_numbers_room(struct sip_ua *ua, uint32_t count);
bool sip_numbers_add(struct sip_ua *ua, struct sip_account *acc); /* false: no memory, and not all are there */
void sip_numbers_remove(struct sip_ua *ua, const struct sip_account *acc);
/* Account and address that a call to `user` at `host` is for; NULL: nobody's. */
struct sip_account *sip_account_called(struct sip_ua *ua, const pj_str_t *user, const pj_str_t *host,
                                       uint32_t *address);

/* ---- account.c ---- */
/* A transport has come up: its accounts begin. */
void sip_accounts_begin(struct sip_ua *ua, enum sip_transport transport);
/* Registers it as soon as it is its turn. */
void sip_account_again(struct sip_account *acc);
/* A connection is gone: those whose servers had it come back over a new one. */
void sip_accounts_cut(struct sip_ua *ua, const pjsip_transport *tp);
bool sip_accounts_start(struct sip_ua *ua);
void sip_accounts_leave(struct sip_ua *ua); /* takes its leave of the servers */
/* LINE: an account that comes. Gives the command up. */
void sip_account_come(struct sip_ua *ua, struct sip_command *c);
void sip_accounts_gone(struct sip_ua *ua); /* those whose lines were removed leave; those that have left are freed */
bool sip_accounts_left(const struct sip_ua *ua);
void sip_accounts_free(struct sip_ua *ua);
struct sip_account *sip_account_of_line(struct sip_ua *ua, uint32_t line);
struct sip_account *sip_account_of_index(struct sip_ua *ua, uint32_t index); /* NULL: it has gone */
/* Its contact is at the address that the transport has now: registers again. */
void sip_account_moved(struct sip_account *acc);
void sip_mwi_notified(struct sip_account *acc, const pjsip_rx_data *rdata);
/* The account's transports and target parameters. */
const char *sip_transport_param(enum sip_transport transport);

/* ---- probe.c ---- */
void sip_probe_begin(struct sip_ua *ua, struct sip_probe *p); /* at the end of the start; the account is there */

/* ---- ident.c ---- */
bool sip_begins(const char *text, const char *with); /* in capitals or not */
/* URI to call for what was dialled; slen 0: it is none. */
pj_str_t sip_uri_of_dial(pj_pool_t *pool, const struct sip_account *acc, const char *number, bool uri);
/* The party that a header names. `number` of an address elsewhere is its whole URI. NULL: none, or no memory. */
struct session_party *sip_party_of_uri(struct sip *x, const struct sip_account *acc, const pjsip_uri *uri);
/* Who calls, or is connected: P-Asserted-Identity if there is one, else From (or To). */
struct session_party *sip_party_of_msg(struct sip *x, const struct sip_account *acc, pjsip_rx_data *rdata);
/* Who sent the call here, and why: Diversion, else History-Info. Fills parties and reason of `ev`. */
void sip_diversion(struct sip *x, const struct sip_account *acc, pjsip_rx_data *rdata, struct sip_event *ev);
uint32_t sip_reason_cause(const pjsip_msg *msg); /* Q.850 cause of a Reason header; 0: none */
bool sip_is_distinctive(const pjsip_msg *msg);

/* ---- call.c ---- */
void sip_call_command(struct sip_ua *ua, struct sip_command *c);
void sip_inv_callbacks(pjsip_inv_callback *cb);
struct sip_call *sip_call_new(struct sip_ua *ua, struct sip_leg *leg, struct sip_account *acc);
/* Ends it for the core (mode 0: the core knows) and lets go of its dialogs with `code`. */
void sip_call_end(struct sip_call *call, enum session_disconnect mode, int code);
void sip_progress(struct sip_call *call, uint32_t state, uint32_t mode, struct session_party *connected);
void sip_calls_free(struct sip_ua *ua);
void sip_side_close(struct sip_side *side, int code);
void sip_side_free(struct sip_side *side); /* its INVITE session has ended, or there is none */
/* Takes the call of a side with 200; `c` may be NULL. False: it is not ours any more. */
bool sip_take_call(struct sip_side *side, const struct sip_command *c);
void sip_call_ring(pj_timer_heap_t *heap, pj_timer_entry *entry);
struct sip_call *sip_call_of(struct sip *x, uint32_t leg);
void sip_call_mode(struct sip_call *call);         /* says CONNECTED again if its mode has changed */
uint32_t sip_mode_of(const struct sip_call *call); /* LINECONNECTEDMODE_ */
void sip_call_up(struct sip_call *call, struct session_party *connected);
struct sip_side *sip_side_new(struct sip_ua *ua, struct sip_call *call, struct sip_account *acc);

/* ---- place.c ---- */
/* A further answer to an INVITE that others have got as well. */
pjsip_dialog *sip_forked(pjsip_dialog *first, pjsip_rx_data *rdata);
/* Dials: a new side of the call, by INVITE to `target`. `hdrs` may be NULL. NULL: it has not been sent. */
struct sip_side *sip_invite(struct sip_call *call, const pj_str_t *target, const pjsip_hdr *hdrs);
void sip_place(struct sip_ua *ua, struct sip_call *call, const struct sip_command *c);
void sip_place_new(struct sip_ua *ua, struct sip_command *c);  /* PLACE */
void sip_place_more(struct sip_ua *ua, struct sip_command *c); /* DIAL */
void sip_place_again(struct sip_call *call);                   /* calls its number as it is now */
void sip_place_complete(struct sip_call *call);                /* whoever is called has all of the number */
/* The INVITE has failed, but the call goes on without this side. False: it does not. */
bool sip_place_failed(struct sip_call *call, struct sip_side *side, const pjsip_event *e);
void sip_side_placed(struct sip_side *side); /* it has got through */

/* ---- offer.c ---- */
pj_bool_t sip_call_incoming(struct sip_ua *ua, pjsip_rx_data *rdata);

/* ---- uui.c: user-user information (RFC 7433) ---- */
/* The message has this piece, in place of what it had; NULL: none. */
void sip_uui_put(pjsip_tx_data *tdata, const uint8_t *uui, uint32_t uuic);
/* Takes over what a command brings. */
void sip_uui_move(uint8_t **uui, uint32_t *uuic, struct sip_command *c);
/* The last message of a side gets what it has left to say, if it is one that may have it. Gives `tdata`. */
pjsip_tx_data *sip_uui_last(struct sip_side *side, pjsip_tx_data *tdata);
/* Piece number `n` of a message. False: there is none, or no memory. */
bool sip_uui_of_msg(struct sip *x, const pjsip_msg *msg, uint32_t n, struct sip_event *ev);
bool sip_uui_heard(struct sip_call *call, const pjsip_msg *msg); /* tells all of them; false: there is none */

/* ---- star.c ---- */
void sip_forward(struct sip_ua *ua, struct sip_command *c);
void sip_star_answered(struct sip_star *star);
void sip_star_ended(struct sip_star *star); /* its side is gone */
void sip_stars_end(struct sip_ua *ua);
void sip_park(struct sip_ua *ua, struct sip_command *c);
void sip_fetch(struct sip_ua *ua, struct sip_command *c);                 /* PICKUP, UNPARK */
bool sip_fetched(struct sip_call *call, struct session_party *connected); /* false: it was not fetched, but called */
/* The command that is to be answered with `*err` when its leg is gone; NULL: it was not being fetched. */
struct sip_command *sip_fetch_ended(struct sip_call *call, enum session_err *err);

/* ---- control.c ---- */
void sip_control(struct sip_ua *ua, struct sip_command *c);
/* The re-INVITE of a call has been answered. */
void sip_control_answered(struct sip_call *call, int code);
void sip_control_ended(struct sip_call *call); /* no job can be done any more */
/* A new dialog of a call that is held. */
void sip_hold_again(struct sip_call *call);
void sip_control_again(pj_timer_heap_t *heap, pj_timer_entry *entry);
void sip_bridge_leave(struct sip_call *call);
void sip_bridge_join(struct sip_call *bridge, struct sip_call *call);
void sip_consult_done(struct sip_ua *ua, struct sip_command *c); /* makes the call of a command that has succeeded */
void sip_call_moved(struct sip_call *call);                      /* our address is another one: tells the other end */

/* ---- transfer.c ---- */
void sip_transfer(struct sip_ua *ua, struct sip_command *c); /* TRANSFER, DEFLECT */
void sip_refer_received(struct sip_side *side, pjsip_rx_data *rdata);
void sip_refer_progress(struct sip_call *call, int code); /* of `next` */
void sip_side_replace(struct sip_call *call, struct sip_side *side);
void sip_transfer_ended(struct sip_call *call);
void sip_transfer_late(pj_timer_heap_t *heap, pj_timer_entry *entry); /* nothing final has been told so far */
bool sip_refer_send(struct sip_call *call, const pj_str_t *target);
/* Where a call that is up is, with the dialog to be replaced there. */
bool sip_replaces_of(const struct sip_call *call, char *out, size_t size);
int sip_fragment_code(const pjsip_msg_body *body); /* status of a message/sipfrag body; 0: there is none */

/* ---- media.c ---- */
bool sip_media_start(struct sip_ua *ua);
void sip_media_stop(struct sip_ua *ua);
/* What this end offers, or answers to `offer`; NULL: it cannot. */
pjmedia_sdp_session *sip_media_sdp(struct sip_side *side, pj_pool_t *pool, const pjmedia_sdp_session *offer, bool hold);
void sip_media_update(struct sip_side *side);  /* what was agreed takes effect */
void sip_media_quality(struct sip_call *call); /* how it was, into its leg */
void sip_media_close(struct sip_side *side);
void sip_media_links(struct sip_call *call); /* who hears whom, after hold and conference */
void sip_media_link(struct sip_call *a, struct sip_call *b, bool on);

/* ---- tap.c ---- */
/* What the bridge is to have in place of the stream's own port: the same if nobody listens. */
pjmedia_port *sip_tap_open(struct sip_side *side, pj_pool_t *pool, pjmedia_port *stream);
void sip_tap_close(struct sip_media *m); /* the bridge has it no more */
void sip_taps_run(struct sip_ua *ua);    /* tells what was heard */

/* ---- file.c ---- */
void sip_files_link(struct sip_call *call); /* with the stream that the call has now */
bool sip_file_play(struct sip_call *call, const char *path);
uint32_t sip_file_rest_ms(const struct sip_call *call); /* 0: it is at its end */
void sip_file_play_end(struct sip_call *call);
void sip_record(struct sip_call *call, struct sip_command *c);
void sip_record_end(struct sip_call *call);
void sip_stream_apply(struct sip_call *call); /* pause and volume, to what is played now */
void sip_stream(struct sip_ua *ua, struct sip_command *c);

/* ---- play.c ---- */
void sip_play(struct sip_call *call, struct sip_command *c);
void sip_play_end(struct sip_call *call); /* without a word */
void sip_play_timer(pj_timer_heap_t *heap, pj_timer_entry *entry);
void sip_digit_heard(struct sip_call *call, char digit);
void sip_info_received(struct sip_side *side, pjsip_rx_data *rdata);
char sip_info_digit(const pjsip_msg_body *body); /* the digit of an INFO; '\0': it has none */

#endif
