/* The SIP binding: lines as accounts of SIP servers, trunks and phones. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_SIP_H
#define TSP_BINDING_SIP_SIP_H

#include "tsp/binding/binding.h"

/*
 * A line is an account. PJSIP does the protocol work, all of it on the binding's one thread, which sleeps while nothing
 * happens; a second one mixes the sound while a call has any. Commands reach the first by a queue, indications come
 * back by another: no member of the binding waits for the network but `free`, which says goodbye to the servers for
 * SIP_GOODBYE_MS at most.
 * PJSIP's state is the process', so there can be one such binding at a time.
 */

enum { SIP_GOODBYE_MS = 2000, SIP_PROXIES_MAX = 4, SIP_RING_MS = 6000 };

enum sip_transport { SIP_UDP, SIP_TCP, SIP_TLS };
enum { SIP_TRANSPORTS = 3 };
/* Events (RFC 4733) where the other end has them, else as sound or by INFO; always by INFO; always as sound. */
enum sip_digits { SIP_DIGITS_AUTO, SIP_DIGITS_AUTO_INFO, SIP_DIGITS_INFO, SIP_DIGITS_SOUND };
/* What sound is sent as. G.722 has 16,000 samples a second, though its clock has 8,000 (RFC 3551, 4.5.2). */
enum sip_codec { SIP_PCMU, SIP_PCMA, SIP_G722 };
enum { SIP_CODECS = SIP_G722 + 1 };
enum sip_srtp { SIP_SRTP_OFF, SIP_SRTP_OPTIONAL, SIP_SRTP_MANDATORY };

/* How the way to the server is kept open: what is sent, and how often. */
enum sip_alive { SIP_ALIVE_AUTO, SIP_ALIVE_OFF, SIP_ALIVE_CRLF, SIP_ALIVE_OPTIONS };

/* Why a line is out of service. */
enum sip_fault {
    SIP_FAULT_NONE,        /* it is in service, or has not been tried yet */
    SIP_FAULT_PASSWORD,    /* the server does not take user and password, or wants one that is not there */
    SIP_FAULT_HOST,        /* there is no such host */
    SIP_FAULT_CERTIFICATE, /* the server's certificate is not to be trusted; or the own CA file cannot be used */
    SIP_FAULT_PORT,        /* an own port is in use */
    SIP_FAULT_SILENT,      /* the server never answers */
    SIP_FAULT_UNREACHABLE, /* no way there: refused, no route, no TLS at the other end */
    SIP_FAULT_REFUSED,     /* the server answers something else */
    SIP_FAULT_SETTING      /* the account makes no sense */
};

/* What the PBX is told by dialling a code; what belongs to it follows: a number, an address, a place. */
enum sip_code {
    SIP_CODE_FORWARD,
    SIP_CODE_UNFORWARD,
    SIP_CODE_FORWARD_BUSY,
    SIP_CODE_UNFORWARD_BUSY,
    SIP_CODE_FORWARD_NOANSWER,
    SIP_CODE_UNFORWARD_NOANSWER,
    SIP_CODE_DND,
    SIP_CODE_UNDND,
    SIP_CODE_PICKUP,
    SIP_CODE_PARK,
    SIP_CODE_UNPARK
};
enum { SIP_CODES = SIP_CODE_UNPARK + 1, SIP_CODE_MAX = 20 };

/* One account. Texts are UTF-8. */
struct sip_account_conf {
    uint32_t line;       /* its index for core and pump */
    const char *user;    /* of its address of record, and the caller of its calls */
    const char *domain;  /* host, or host:port: registrar, and where numbers are called */
    uint32_t registrarc; /* host or host:port each; the next one when one fails. 0: domain */
    const char *const *registrarv;
    const char *auth_user; /* NULL: user */
    const char *password;  /* NULL: there is none. Never logged */
    const char *proxy;     /* outbound proxy, host or host:port; NULL: none */
    const char *name;      /* shown to who is called; NULL: none */
    enum sip_transport transport;
    enum sip_srtp srtp;
    bool do_register;       /* else it is a trunk: in service without */
    bool mwi;               /* asks for message waiting */
    bool completion;        /* calls to who is busy or does not answer can be completed, by watching him (RFC 4235) */
    const char *conference; /* URI that makes conferences when it is called (RFC 4579); NULL: they are mixed here */
    uint32_t watchc;        /* whose calls are watched, by URI: addresses of the line behind its own */
    const char *const *watchv;
    bool overlap;           /* what is dialled is sent as it comes, and 484 waits for more; else when it is complete */
    enum sip_alive alive;   /* AUTO: empty lines, where a NAT is seen */
    uint32_t alive_s;       /* from one to the next, seconds; 0: 15 */
    enum sip_digits digits; /* how they are sent; all ways of them are understood */
    uint32_t expires;       /* of the registration, seconds; 0: 300 */
    uint32_t retry_ms;      /* first wait after a registration that failed; it doubles up to 64 times; 0: 5000 */
    uint32_t max_sessions;  /* more calls than these are turned away; 0: no limit */
    uint32_t reject_code;   /* of a call that is dropped while it is offered, 400 to 699; 0: 603 */
    const char *codev[SIP_CODES]; /* digits, * and #, SIP_CODE_MAX at most; NULL: the PBX has none */
    uint32_t addressc;            /* numbers it is called at; 0: `user` alone */
    const char *const *addressv;
};

struct sip_conf {
    struct session_mem
        mem;             /* its functions are called on the binding's threads, too; NULL functions: the C library's */
    const char *bind;    /* IPv4 or IPv6 address; NULL: all of IPv4 */
    const char *publish; /* address that others reach us at; NULL: found out */
    const char *stun;    /* server, host or host:port, that says which address that is; NULL: none */
    uint32_t port, tls_port;          /* UDP and TCP, TLS; 0: any */
    uint32_t media_first, media_last; /* ports of media, 0: any */
    uint32_t codecc; /* those that are offered, in this order, and taken, in that of who offers; each once. 0: all */
    enum sip_codec codecv[SIP_CODECS];
    const char *ca_file;              /* PEM; NULL: those that the system trusts (platform_trusted) */
    const char *cert_file, *key_file; /* own; NULL: none */
    bool verify;                      /* certificates of servers */
    const char *nameserverv[4]; /* addresses, perhaps with ":port"; asked for SRV, A and AAAA; none: only the system's
                                   resolver, and no SRV */
    uint32_t max_calls;         /* 0: no limit */
    uint32_t t1_ms;             /* of RFC 3261; 0: 500 */
    uint32_t ring_ms;           /* from ring to ring of an incoming call; 0: SIP_RING_MS */
    uint32_t goodbye_ms;        /* how long free waits for answers to its goodbyes; 0: SIP_GOODBYE_MS */
    uint32_t min_se;            /* session timers: seconds, at least 90; 0: 1800 */
    uint32_t accountc;
    const struct sip_account_conf *accountv;
    /* Called when the binding has something to say, on a thread of its own with no lock held: pump_poll is due. */
    void (*wake)(void *arg);
    void *wake_arg;
    struct sip_probe *probe; /* sip_probe's own; else NULL */
};

/* Whether this program was built with it; else sip_alloc answers UNAVAIL. Thread: any. */
bool sip_available(void);

/* What of all its operations a line of the binding can carry out. */
uint64_t sip_session_ops(void);

/* The same of one account: with what its codes do. SESSION_FORWARD_ of what it can send on in `*forwards`, or NULL. */
uint64_t sip_account_ops(const struct sip_account_conf *conf, uint32_t *forwards);

/* Starts. What is wrong with a port, a certificate or an account is logged, and its lines are out of service.
 * OK, NOMEM, RESOURCE (no thread), INUSE (there is one already), FAILED (PJSIP does not start). */
enum session_err sip_alloc(struct binding **bp, const struct sip_conf *conf);

/* A further account, of a line that is nobody's; it registers. The line's add and LINE_REMOVE, which unregisters it
 * again, are the binding's. All of `conf` is copied. OK, NOMEM, BADPARAM (the line is an account). Thread: as for the
 * binding. */
enum session_err sip_account_add(struct binding *b, const struct sip_account_conf *conf);

/* Port that a transport listens at; 0: it does not. Thread: any, while the binding is there. For tests. */
uint16_t sip_port(const struct binding *b, enum sip_transport transport);

/* Why a line is out of service, in words; "" if it is not. Thread: as for the binding. */
void sip_line_text(struct binding *b, uint32_t line, char *text, size_t size);

/* Until when it is registered, as platform_wall_ms; 0: it is not. Thread: as for the binding. */
uint64_t sip_line_until(struct binding *b, uint32_t line);

/* The same as a number. Thread: as for the binding. */
enum sip_fault sip_line_fault(struct binding *b, uint32_t line);

/* Disconnect mode that a final answer to an INVITE stands for, with the cause of Q.850 that came along (0: none).
 * Thread: any. */
enum session_disconnect sip_cause_mode(uint32_t code, uint32_t q850);

#endif
