/* What the files of the client half share: applications, their lines, requests and messages.
 * SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CLIENT_CLIENT_H
#define TAPI_SHIM_CLIENT_CLIENT_H

#include "include/tapi_port.h"
#include "tapi_shim/channel/channel.h"
#include "tapi_shim/channel/layout.h"
#include "tapi_shim/client/map.h"
#include "tapi_shim/platform/platform.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * One lock, client.lock, guards everything here. It is never held while the engine or the application is called; the
 * engine calls client_event with locks of its own, so the order is: engine, then client.
 */

enum {
    CLIENT_VERSION_LOW = 0x00010003,
    CLIENT_VERSION_HIGH = 0x00020002,
    CLIENT_VERSION_PLAIN = 0x00010004, /* the highest of an application that calls lineInitialize */
    /*
     * A queue grows by doubling. An application that takes no messages loses those that only say "look again"
     * (LINE_LINEDEVSTATE, LINE_ADDRESSSTATE, LINE_CALLINFO) beyond the first limit, and any beyond the second; the log
     * says so once.
     */
    CLIENT_QUEUE_SOFT = 1 << 16,
    CLIENT_QUEUE_HARD = 1 << 20
};

/* The connection to the engine, while anybody needs it: in this process, or the service's. One that was lost stays
 * that of its applications until they have shut down; the next one to come gets another. */
struct client_conn {
    struct channel *channel; /* NULL: in the service */
    struct remote *remote;
    uint32_t refs;
    bool lost;
};

/* Where the engine works. */
enum client_mode {
    CLIENT_MODE_DEFAULT, /* what the configuration says, if nothing: */
    CLIENT_MODE_AUTO,    /* in the service if its program is installed, else in this process */
    CLIENT_MODE_SERVICE,
    CLIENT_MODE_IN_PROCESS
};

enum client_delivery { CLIENT_WINDOW, CLIENT_EVENT, CLIENT_PORT };

struct client_message {
    uint64_t cookie; /* of the line, 0: of none */
    uint32_t message, device, reply_call;
    uint64_t p1, p2, p3;
    void *data; /* owned; NULL: none */
    uint32_t data_len;
};

/* What lineInitialize or phoneInitialize made. */
struct client_app {
    uint32_t handle; /* HLINEAPP or HPHONEAPP */
    uint32_t refs;
    bool phone;
    bool closing; /* no message leaves any more */
    uint32_t version;
    struct client_conn *conn;
    struct client_line *lines; /* or phones */

    /* messages, in order */
    struct client_message *queue;
    uint32_t head, count, cap;
    bool overrun; /* the log knows */

    /* how they leave */
    enum client_delivery delivery;
    LINECALLBACK callback;
    struct platform_cond arrived; /* for lineGetMessage */
    uint32_t waiting;             /* threads in it */
    struct platform_event *event;
    bool event_set;
    struct platform_runner *runner;
    bool posted;         /* a run is due */
    uint32_t runs;       /* runs under way: a callback that pumps messages may start another */
    uint64_t run_thread; /* where */
    bool free_in_run;    /* the run under way frees the runner */
    intptr_t port;
    uintptr_t key;
};

/* What lineOpen or phoneOpen made. Its cookie is the `instance` that the engine knows: so every event tells its line.
 */
struct client_line {
    uint64_t cookie;
    bool phone;
    uint32_t
        handle; /* HLINE or HPHONE; 0 while lineOpen is under way: messages wait until the application has the handle */
    bool unlisted; /* the service has gone: the handle is not valid any more, LINE_CLOSE is on its way */
    uint32_t device;
    uint32_t version;
    DWORD_PTR instance;
    struct client_app *app;
    struct client_line *next, **link; /* of the application */
};

/* How what a reply brings is written. */
enum client_form {
    CLIENT_FORM_NONE,
    CLIENT_FORM_BYTES,  /* as many as there is room for */
    CLIENT_FORM_TEXT,   /* VARSTRING */
    CLIENT_FORM_DIGITS, /* characters, one of them 0 if fewer came */
    CLIENT_FORM_OTHER   /* by `h` */
};
typedef LONG(client_result_h)(void *to, uint32_t room, uint32_t version, bool ansi, const void *data, uint32_t len);

/* Where to write what a successful reply brings: when the application takes it, and never after the line was closed. */
struct client_result {
    LPHCALL call;    /* the new call, NULL: there is none */
    DWORD *value;    /* the second new call, or a number; NULL: there is none */
    void *to;        /* NULL: nothing more */
    enum client_form form;
    bool ansi;
    uint32_t room, version; /* bytes, or characters */
    client_result_h *h;
    uint32_t app; /* HLINEAPP that it belongs to where there is no line, else 0 */
};

/* An asynchronous function under way. */
struct client_request {
    uint32_t id;
    bool inside;               /* the function has not returned yet: its reply waits */
    struct client_app *waiter; /* whose next message is that reply */
    uint64_t cookie;           /* of the line that gets the call */
    uint32_t call;             /* digits are gathered: of this call; its end is LINE_GATHERDIGITS */
    struct client_result result;
};

/* A callback under way, on the stack of its thread. */
struct client_run_mark {
    uint64_t thread;
    struct client_run_mark *next;
};

struct client {
    struct platform_mutex lock;
    struct platform_cond opened;
    bool opening;
    struct client_conn *conn;
    uint32_t starting; /* applications whose handle is not known yet */
    struct channel_event *early;
    uint32_t earlyc;
    struct client_map apps, phones, lines, handles, requests; /* by handle, handle, cookie, HLINE or HPHONE, id */
    uint64_t last_cookie;
    uint32_t last_request;
    struct client_run_mark *runs;
    struct client_proxy *proxies; /* requests that applications of this process have to answer */
    uint32_t old_lines; /* open with a version below 2.0 */
};

extern struct client client;

static inline LONG client_err(unsigned long err)
{
    return (LONG)err;
}

/* ---- conn.c: the connection ---- */

/* The connection of this process if it has one, referenced, else NULL. Lock not held. */
struct client_conn *client_conn_get(void);
/* The same, made if need be, in the way that `mode` says. 0 or a LINEERR_. */
LONG client_conn_open(struct client_conn **connp, enum client_mode mode);
void client_conn_put(struct client_conn *conn);
/* channel_call on it. */
LONG client_conn_call(struct client_conn *conn, struct channel_call *call);
/* One call on the connection of this process; LINEERR_UNINITIALIZED if there is none. */
LONG client_call(struct channel_call *call);
/* Whether this process has a connection. */
bool client_connected(void);

/* ---- service.c: the engine in another process ---- */

/* What the environment (TAPI_SHIM_MODE) and the configuration ([service] mode) choose, where the program does not. */
enum client_mode client_mode_default(void);
/* Connects to the service, which is started if need be. 0; ENOENT: there is no such program; EACCES, EPROTONOSUPPORT,
 * EBUSY, ETIMEDOUT, ENOMEM, ...: the log says what it is. */
int client_service_open(struct client_conn *conn);

/* ---- app.c: applications ---- */

struct client_app_config {
    bool phone;
    enum client_mode mode;
    enum client_delivery delivery;
    LINECALLBACK callback;
    uint32_t version;
    intptr_t port;
    uintptr_t key;
    const uint16_t *name; /* friendly name, NULL: that of the program */
};
/* `*eventp`: the event to wait on (CLIENT_EVENT). 0 or a LINEERR_. */
LONG client_app_open(const struct client_app_config *config, uint32_t *handlep, uint32_t *devicesp, HANDLE *eventp);
LONG client_app_close(struct client_map *map, uint32_t handle);
/* Lock held. */
struct client_app *client_app_find(uint32_t handle);
void client_app_put(struct client_app *app);
/* Version of the application, 0: there is none with that handle. Lock not held. */
uint32_t client_app_version(uint32_t handle);
/* 0, or what an application gets to hear whose handle is not good. */
LONG client_app_check(HLINEAPP handle);

/* ---- message.c: queues and delivery ---- */

channel_event_h client_event; /* arg: the connection */
/* The service has gone: its applications hear it. Lock not held. */
void client_lost(void *conn);
/* Lock held. Forgets all messages. */
void client_queue_clear(struct client_app *app);
/* Lock held. Tells whoever waits that the queue may have something now. */
void client_deliver(struct client_app *app);
platform_runner_h client_run;
/* The next message; 0, LINEERR_OPERATIONFAILED (time is up), LINEERR_INVALAPPHANDLE (closed, or `phone` is wrong). */
LONG client_message_get(struct client_map *map, uint32_t handle, uint32_t timeout_ms, LINEMESSAGE *out);
/* Lock held. Whether the LINE_REPLY of the request is there and was not taken yet. */
bool client_reply_waits(uint32_t request);
/* Lock held. The call was given back: messages about it that wait are not delivered any more. */
void client_call_forget(uint32_t call);
/* Lock held. Events that came before their application was known. */
void client_early_take(struct client_app *app);
void client_early_end(void);

/* ---- request.c: asynchronous functions ---- */

/*
 * Makes an asynchronous call (arg[1] gets the request id). `line` not 0: a call comes of it, whose handle goes to
 * `*out`. The id or an error.
 */
LONG client_request_make(struct channel_call *call, HLINE line, LPHCALL out);
/* The same; the engine tells which line it is. */
LONG client_request_result(struct channel_call *call, const struct client_result *result);
/* Begins to gather digits (arg[1] gets the number). 0 or an error. */
LONG client_gather(struct channel_call *call, const struct client_result *result);
/* Lock not held. The call was given back: nothing is written any more. */
void client_gather_forget(HCALL call);
/* Lock held. The digits, on their way to the application. */
void client_gather_done(struct client_message *message);
/* Lock held. Its requests write nothing any more. */
void client_request_forget(uint64_t cookie, const struct client_app *app);
/* Lock held. Whether the reply with this id has to wait; if so, `app` is told when it need no more. */
bool client_request_inside(uint32_t id, struct client_app *app);
/* Lock held. The reply is on its way to the application. */
void client_request_done(uint32_t id, struct client_message *message);

/* ---- line.c ---- */

/* Something that messages may name already, though its handle is not known yet. `*cookie` is its instance for the
 * engine. 0 or a LINEERR_. Lock not held. */
LONG client_line_prepare(uint32_t app, bool phone, uint32_t version, DWORD_PTR instance, uint64_t *cookie);
/* The end of opening it: `rc` of the engine, and what it gave. 0 or a LINEERR_; `*undo`: the engine's handle is to be
 * closed. Lock not held. */
LONG client_line_opened(uint64_t cookie, LONG rc, uint32_t handle, uint32_t device, DWORD *out, bool *undo);
/* Lock held. NULL: there is none. */
struct client_line *client_line_find(HLINE handle);
struct client_line *client_line_by_cookie(uint64_t cookie);
/* Lock held. Takes the line from its application and frees it. */
void client_line_remove(struct client_line *line);
/* Version of the open line; 0: INVALLINEHANDLE. Lock not held. */
uint32_t client_line_version(HLINE handle);

/* ---- call.c ---- */

/* Version that structures of the call are in. 0 or a LINEERR_. Lock not held. */
LONG client_call_version(HCALL hCall, uint32_t *version);
/* The line of the call. 0 or a LINEERR_. Lock not held. */
LONG client_call_line(HCALL hCall, HLINE *line);

/* ---- proxy.c: requests that this process answers ---- */

/* All with the lock held. The block of LINE_PROXYREQUEST, freed with free(); NULL: no memory. */
void *client_proxy_block(const struct channel_event *event);
/* The application takes the message: where the LINEPROXYREQUEST is that it gets. */
void *client_proxy_take(void *block);
/* The application ends: what it did not answer is freed. */
void client_proxy_forget(uint32_t app);

/* ---- phone.c ---- */

/* Errors of lines in the words of phones. */
LONG client_phone_err(LONG err);
/* Version of the open phone; 0: INVALPHONEHANDLE. Lock not held. */
uint32_t client_phone_version(HPHONE handle);
/* One call about phones; PHONEERR_UNINITIALIZED if no application of phones is there. */
LONG client_phone_call(struct channel_call *call);
/* An asynchronous one: the id or an error. */
LONG client_phone_request(struct channel_call *call);
/* 0, or what is wrong with the number of a device. */
LONG client_phone_device(DWORD device);

/* ---- ui.c: dialogs of providers ---- */

/* Loads the library that CHANNEL_UI_LIBRARY has named. 0 (`*modulep` NULL: there is none) or a LINEERR_. */
LONG client_ui_load(const struct channel_call *named, struct platform_module **modulep);
/* What such a library says to its provider goes this way (TUISPIDLLCALLBACK). tapi32.dll exports it. Thread: any. */
LONG CALLBACK TUISPIDLLCallback(DWORD_PTR dwObjectID, DWORD dwObjectType, LPVOID lpParams, DWORD dwSize);

/* ---- text.c: what comes in ---- */

struct client_text {
    uint16_t *text; /* NULL: none was given */
    uint32_t bytes; /* with the terminator */
};
/* Copies of texts of A and W functions. `max`: units (bytes for A) to read at most, SIZE_MAX: up to the terminator.
 * 0 or LINEERR_NOMEM. */
LONG client_text_a(struct client_text *t, const char *text, size_t max);
LONG client_text_w(struct client_text *t, const WCHAR *text, size_t max);
void client_text_free(struct client_text *t);

bool client_version_known(uint32_t version);

#endif
