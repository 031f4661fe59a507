/* The one interface between the host's client half and its engine half. SPDX-License-Identifier: MIT */
#ifndef TAPI_SHIM_CHANNEL_CHANNEL_H
#define TAPI_SHIM_CHANNEL_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The client half (this application's API: message delivery, A/W and version conversion) asks the engine half (what a
 * telephony service does: providers, devices, calls, ownership) by calls, and hears from it by events. Both consist of
 * fixed-size integers and flat byte blocks only, no pointers inside, so that a socket can carry them as well as a
 * function call. Structures travel as the UTF-16 form in the newest layout (TAPI 2.2), complete: the client lays them
 * out for its caller (layout.h). Texts are UTF-16 with terminator. Handles (HLINEAPP, HLINE, HCALL) are the
 * engine's: index and generation, checked against the connection that names them.
 */

#ifdef __cplusplus
extern "C" {
#endif

/*
 * X(op, "arguments -> results"): arg[] as listed; in0, in1: input blocks; ret[] as listed; out: output block.
 * `app` HLINEAPP, `line` HLINE, `call` HCALL, `dev` device id, `ver` negotiated API version, `ext` extension version.
 * `req`: an asynchronous call; the client chose the request id (1..0x7FFFFFFF, unique among its pending ones), the
 * result is that id or an error, and a LINE_REPLY event follows exactly once for an accepted one. `instance low, high`:
 * that of the line whose closing ends the wait for it.
 */
#define CHANNEL_OP_MAP(X)                                                                                              \
	X(APP_OPEN, "ver; in0 friendly name, in1 module name -> app, device count, engine's version")                  \
	X(APP_CLOSE, "app")                                                                                            \
	X(DEV_NEGOTIATE, "app, dev, low, high -> version; out LINEEXTENSIONID")                                        \
	X(DEV_EXT_NEGOTIATE, "app, dev, ver, low, high -> ext")                                                        \
	X(DEV_CAPS, "app, dev, ver, ext -> out LINEDEVCAPS")                                                           \
	X(ADDRESS_CAPS, "app, dev, address, ver, ext -> out LINEADDRESSCAPS")                                          \
	X(DEV_CONFIG_GET, "dev; in0 device class -> out VARSTRING data")                                               \
	X(DEV_CONFIG_SET, "dev; in0 data, in1 device class")                                                           \
	X(LINE_OPEN, "app, dev, ver, ext, privileges, media modes, instance low, instance high; in0 LINECALLPARAMS or "  \
		     "none -> line, device id")                                                                        \
	X(LINE_CLOSE, "line")                                                                                          \
	X(LINE_STATUS, "line -> out LINEDEVSTATUS")                                                                    \
	X(ADDRESS_STATUS, "line, address -> out LINEADDRESSSTATUS")                                                    \
	X(ADDRESS_ID, "line, address mode; in0 address -> address id")                                                 \
	X(STATUS_SET, "line, line states, address states")                                                             \
	X(STATUS_GET, "line -> line states, address states")                                                           \
	X(NEW_CALLS, "line, address, select -> out LINECALLLIST")                                                      \
	X(CALL_MAKE, "line, req, country code; in0 address or none, in1 LINECALLPARAMS or none; reply: new call")      \
	X(CALL_DIAL, "call, req, country code; in0 address")                                                           \
	X(CALL_ACCEPT, "call, req; in0 user-user info or none")                                                        \
	X(CALL_ANSWER, "call, req; in0 user-user info or none")                                                        \
	X(CALL_DROP, "call, req; in0 user-user info or none")                                                          \
	X(CALL_FREE, "call")                                                                                           \
	X(CALL_INFO, "call -> out LINECALLINFO")                                                                       \
	X(CALL_STATUS, "call -> out LINECALLSTATUS")                                                                   \
	X(CALL_PRIVILEGE, "call, privilege")                                                                           \
	X(CALL_APPSPECIFIC, "call, value")                                                                             \
	X(PROVIDER_LIST, "-> out LINEPROVIDERLIST")                                                                    \
	X(UI_LIBRARY, "object id, TUISPIDLL_OBJECT_; or in0 file name of a provider -> provider id; out path of its UI "  \
		      "library (empty: none)")                                                                          \
	X(UI_DATA, "object id, TUISPIDLL_OBJECT_; in0 data for its provider -> out the data, as that left it")         \
	X(PROVIDER_ADD, "in0 file name -> permanent provider id")                                                      \
	X(PROVIDER_REMOVE, "provider id")                                                                              \
	X(CALL_HANDOFF, "call, media mode (of use without in0); in0 name of the application or none")                  \
	X(PRIORITY_SET, "media modes, request mode, priority; in0 file name of the application")                       \
	X(PRIORITY_GET, "media mode, request mode; in0 file name of the application -> priority")                      \
	X(RECIPIENT_SET, "app, registration instance, request modes, enable")                                          \
	X(REQUEST_GET, "app, request mode -> out struct channel_make_call")                                            \
	X(REQUEST_MAKE_CALL, "in0 struct channel_make_call; result 0 or a TAPIERR_ (or LINEERR_INVALPARAM: not one)")  \
	X(COUNTRIES, "country id or 0 (all) -> out LINECOUNTRYLIST")                                                  \
	X(TRANSLATE, "app or 0, dev, ver, card, options; in0 address -> out LINETRANSLATEOUTPUT")                      \
	X(TRANSLATE_CAPS, "app or 0 -> out LINETRANSLATECAPS")                                                         \
	X(LOCATION_HERE, "-> calling code of the current location, 0: not known; out its area code, UTF-16")           \
	X(LOCATION_SELECT, "app or 0, location id")                                                                    \
	X(LOCATION_TOLL, "app or 0, dev, LINETOLLLISTOPTION_; in0 address")                                            \
	X(LOCATION_RELOAD, "locations and cards were changed where they are kept")                                     \
	X(CALL_HOLD, "call, req")                                                                                     \
	X(CALL_UNHOLD, "call, req")                                                                                   \
	X(CALL_SWAP_HOLD, "active call, req, held call")                                                              \
	X(CALL_REDIRECT, "call, req, country code; in0 address")                                                      \
	X(CALL_BLIND_TRANSFER, "call, req, country code; in0 address")                                                \
	X(CALL_SECURE, "call, req")                                                                                   \
	X(CALL_SEND_UUI, "call, req; in0 bytes")                                                                      \
	X(CALL_RELEASE_UUI, "call, req")                                                                              \
	X(CALL_DATA_SET, "call, req; in0 bytes or none")                                                              \
	X(CALL_PARAMS_SET, "call, req, bearer mode, min rate, max rate; in0 LINEDIALPARAMS or none")                  \
	X(CALL_TREATMENT_SET, "call, req, treatment")                                                                 \
	X(CALL_QOS_SET, "call, req; in0 sending, in1 receiving flowspec, or none")                                    \
	X(CALL_PARK,                                                                                                  \
	  "call, req, park mode; in0 address or none -> instance low, high; reply: data UTF-16 "                      \
	  "text, undirected")                                                                                         \
	X(CALL_COMPLETE, "call, req, completion mode, message -> instance low, high; reply: p3 completion id")        \
	X(CONF_ADD, "conference call, req, consultation call")                                                        \
	X(CONF_REMOVE, "call, req")                                                                                   \
	X(TRANSFER_COMPLETE,                                                                                          \
	  "call, req, consultation call, mode -> instance low, high; reply: conference call if "                      \
	  "of that mode")                                                                                             \
	X(TRANSFER_SETUP, "call, req; in1 LINECALLPARAMS or none -> instance low, high; reply: consultation call")    \
	X(CONF_SETUP,                                                                                                 \
	  "call or 0, req, line (without a call), parties; in1 LINECALLPARAMS or none -> "                            \
	  "instance low, high; reply: conference call, p3 consultation call")                                         \
	X(CONF_PREPARE,                                                                                               \
	  "conference call, req; in1 LINECALLPARAMS or none -> instance low, high; reply: "                           \
	  "consultation call")                                                                                        \
	X(CALL_UNPARK, "line, req, address; in0 address -> instance low, high; reply: new call")                      \
	X(CALL_PICKUP, "line, req, address; in0 address, in1 group, or none -> instance low, high; reply: new call")  \
	X(LINE_FORWARD,                                                                                               \
	  "line, req, all addresses, address, rings; in0 LINEFORWARDLIST, in1 LINECALLPARAMS, or "                    \
	  "none -> instance low, high; reply: consultation call or 0")                                                \
	X(LINE_UNCOMPLETE, "line, req, completion id")                                                                \
	X(LINE_DEVSTATUS_SET, "line, req, status to change, on")                                                      \
	X(LINE_TERMINAL_SET, "line, req, address, call, select, modes, terminal, enable")                             \
	X(LINE_DEVSPECIFIC,                                                                                           \
	  "line, req, address, call or 0; in0 bytes or none -> instance low, high; reply: data "                      \
	  "bytes")                                                                                                    \
	X(LINE_DEVSPECIFIC_FEATURE,                                                                                   \
	  "line, req, feature; in0 bytes or none -> instance low, high; reply: data bytes")                           \
	X(CONF_CALLS, "call, room -> count; out LINECALLLIST if there is room for it")                                                                     \
	X(RINGS_SET, "line, address, rings")                                                                          \
	X(RINGS_GET, "line, address -> rings")                                                                        \
	X(CALL_MEDIA_MODE_SET, "call, media modes")                                                                   \
	X(CALL_DIGITS_GENERATE, "call, mode, duration; in0 digits or none (cancels)")                                 \
	X(CALL_TONE_GENERATE, "call, mode, duration, count; in0 LINEGENERATETONE[] or none")                          \
	X(CALL_DIGITS_MONITOR, "call, modes")                                                                         \
	X(CALL_MEDIA_MONITOR, "call, modes")                                                                          \
	X(CALL_TONES_MONITOR, "call, count; in0 LINEMONITORTONE[] or none")                                           \
	X(CALL_DIGITS_GATHER,                                                                                         \
	  "call, number, modes, digits (0: cancels), first timeout, next timeout; in0 "                               \
	  "termination digits or none -> instance low, high; LINE_GATHERDIGITS: p2 that number, "                     \
	  "data UTF-16 digits")                                                                                       \
	X(LINE_MEDIA_CONTROL,                                                                                         \
	  "line, address, call, select, counts of digits, media, tones, states; in0 all lists in "                    \
	  "that order")                                                                                               \
	X(LINE_ID, "line, address, call, select; in0 device class -> out VARSTRING")                                  \
	X(DEV_ICON, "dev; in0 device class or none -> handle low, high")                                              \
	X(PROXY_ASK,                                                                                                   \
	  "line (or 0), req, LINEPROXYREQUEST_; without a line: app, dev, ver; address or UINT32_MAX: none; in0 "      \
	  "LINEPROXYREQUEST, its head empty -> instance low, high; reply: data that LINEPROXYREQUEST as answered")     \
	X(PROXY_ANSWER, "line, request as in p1 of LINE_PROXYREQUEST, result; in0 LINEPROXYREQUEST, filled in")         \
	X(PROXY_MESSAGE, "line, call or 0, message, p1, p2, p3")                                                       \
	X(PROXY_STATUS, "app, dev, ver -> out LINEPROXYREQUESTLIST")                                                   \
	X(SERVICE_STATUS, "-> out struct channel_status")                                                              \
	X(SERVICE_LOG, "-> out the service's latest log, UTF-8 lines (a service only)")                                \
	X(SERVICE_STOP, "the service ends, whoever uses it (a service only)")                                          \
	X(PHONE_APP_OPEN, "ver; in0 friendly name, in1 module name -> phone app, phone count, engine's version")       \
	X(PHONE_NEGOTIATE, "phone app, dev, low, high -> version; out PHONEEXTENSIONID")                               \
	X(PHONE_EXT_NEGOTIATE, "phone app, dev, ver, low, high -> ext")                                                \
	X(PHONE_CAPS, "phone app, dev, ver, ext -> out PHONECAPS")                                                     \
	X(PHONE_ICON, "dev; in0 device class or none -> icon handle, 0: none")                                         \
	X(PHONE_OPEN, "phone app, dev, ver, ext, privilege, 0, instance low, instance high -> phone, device id")       \
	X(PHONE_CLOSE, "phone")                                                                                        \
	X(PHONE_STATUS, "phone -> out PHONESTATUS")                                                                    \
	X(PHONE_STATUS_SET, "phone, phone states, button modes, button states")                                        \
	X(PHONE_STATUS_GET, "phone -> phone states, button modes, button states")                                      \
	X(PHONE_GET, "phone, enum channel_phone_item, button or device -> value, ring volume")                         \
	X(PHONE_SET, "phone, req, enum channel_phone_item, button, device or ring mode, value")                        \
	X(PHONE_DISPLAY_GET, "phone -> out VARSTRING")                                                                 \
	X(PHONE_DISPLAY_SET, "phone, req, row, column; in0 bytes in the phone's format")                               \
	X(PHONE_DATA_GET, "phone, data id, size -> out data")                                                          \
	X(PHONE_DATA_SET, "phone, req, data id; in0 data")                                                             \
	X(PHONE_BUTTON_GET, "phone, button -> out PHONEBUTTONINFO")                                                    \
	X(PHONE_BUTTON_SET, "phone, req, button; in0 PHONEBUTTONINFO")                                                 \
	X(PHONE_ID, "phone; in0 device class -> out VARSTRING")                                                        \
	X(PHONE_DEVSPECIFIC, "phone, req; in0 data")

enum channel_op {
#define CHANNEL_OP_ENUM(name, text) CHANNEL_##name,
	CHANNEL_OP_MAP(CHANNEL_OP_ENUM)
#undef CHANNEL_OP_ENUM
	CHANNEL_OP_COUNT
};

enum { CHANNEL_ARGS = 8, CHANNEL_RETS = 4 };

/* What PHONE_GET and PHONE_SET are about. Their errors, as those of all PHONE_ operations, are PHONEERR_. */
enum channel_phone_item {
	CHANNEL_PHONE_LAMP,
	CHANNEL_PHONE_RING,
	CHANNEL_PHONE_HOOK,
	CHANNEL_PHONE_VOLUME,
	CHANNEL_PHONE_GAIN,
	CHANNEL_PHONE_ITEMS
};

struct channel_call {
	uint32_t op; /* enum channel_op */
	uint32_t arg[CHANNEL_ARGS];
	const void *in0, *in1; /* borrowed for the call; NULL: none */
	uint32_t in0_len, in1_len; /* bytes */
	uint32_t ret[CHANNEL_RETS];
	void *out;        /* made by the engine, freed by the client with channel_free(); NULL: none */
	uint32_t out_len; /* bytes */
};

/* What tapiRequestMakeCall asks for: texts with terminator, what is not given is empty. */
enum { CHANNEL_ADDRESS_UNITS = 80, CHANNEL_NAME_UNITS = 40, CHANNEL_COMMENT_UNITS = 80 };
struct channel_make_call {
	uint16_t address[CHANNEL_ADDRESS_UNITS], app_name[CHANNEL_NAME_UNITS], called_party[CHANNEL_NAME_UNITS];
	uint16_t comment[CHANNEL_COMMENT_UNITS];
};

/*
 * What SERVICE_STATUS answers: this header, then the tables, then the texts. A table is `count` rows of `row` bytes
 * each from `offset` on (bytes from the start of the block, as all offsets); a reader of a newer version's block goes
 * by `row`, which only grows. Texts are UTF-16 with terminator, `size` in bytes; 0: there is none.
 */
enum { CHANNEL_STATUS_VERSION = 2 };
struct channel_table {
	uint32_t count, offset, row;
};
struct channel_text {
	uint32_t size, offset;
};
struct channel_status {
	uint32_t version, size; /* of the block, bytes */
	struct channel_table providers, lines, apps, calls, handles;
	/* live objects: applications, open lines, handles of calls, calls, asynchronous requests, events that wait, requests
	 * for a recipient */
	uint32_t total_apps, total_lines, total_handles, total_calls, total_requests, total_events, total_assisted;
	struct channel_table phones;
	uint32_t total_phones; /* open phones */
};
struct channel_status_provider {
	uint32_t id;     /* permanent provider id */
	uint32_t linec;  /* line devices */
	struct channel_text file;
};
struct channel_status_line {
	uint32_t device, provider; /* device id; permanent provider id, 0: it is gone */
	uint32_t openc, callc;     /* times open; calls */
};
struct channel_status_app {
	uint32_t app, process; /* HLINEAPP, process id */
	uint32_t version, linec;
	struct channel_text name, module;
	uint32_t phonec; /* phones open */
};
struct channel_status_call {
	uint32_t call, device; /* the engine's number of the call; device id */
	uint32_t state, media, owners, monitors;
};
struct channel_status_handle {
	uint32_t call, hcall, app; /* as in the table of calls; HCALL; HLINEAPP */
	uint32_t privilege;        /* LINECALLPRIVILEGE_ */
};

struct channel_status_phone {
	uint32_t device, provider; /* phone device id; permanent provider id, 0: it is gone */
	uint32_t monitors;         /* times open to monitor */
	uint32_t owner;            /* HPHONEAPP of its owner, 0: none */
};

/* Something for one application. */
struct channel_event {
	uint32_t app;     /* HLINEAPP or HPHONEAPP */
	uint32_t message; /* LINE_ or PHONE_ */
	uint32_t device;  /* HLINE, HCALL or HPHONE, 0 where TAPI says so */
	uint32_t reply_call; /* LINE_REPLY(0) of what makes a call: the new HCALL; else 0 */
	uint64_t instance;   /* of the lineOpen or phoneOpen it belongs to; LINE_REQUEST: of the registration */
	uint64_t p1, p2, p3;
	const void *data; /* borrowed while `h` runs; NULL: none */
	uint32_t data_len; /* bytes */
};

/* Takes one event. Called in order, on any thread, with locks of the engine held: it must only queue and signal,
 * never call the engine or the application. */
typedef void(channel_event_h)(const struct channel_event *event, void *arg);

/* The engine end. */
struct channel;

/* Connects to the engine of this process, starting it (providers are loaded at the first APP_OPEN). 0 or errno. */
int channel_open(struct channel **cp, channel_event_h *h, void *arg);
/* Whose connection it is, for SERVICE_STATUS; this process's own unless said otherwise. Thread: any. */
void channel_identify(struct channel *c, uint32_t pid);
/* Applications, lines and handles of calls that the connection may have together, 0: no limit (as at the start).
 * Functions that want more answer LINEERR_RESOURCEUNAVAIL, calls that come in give it no handle. What it has stays.
 * Thread: any. */
void channel_limits(struct channel *c, uint32_t max_handles);
/* Ends every application still open; after return `h` is not called any more. Takes NULL. */
void channel_close(struct channel *c);
/* One call. Returns 0, the request id of an asynchronous call, or a LINEERR_. Thread: any, several at once; never
 * from within `h`. */
int32_t channel_call(struct channel *c, struct channel_call *call);
void channel_free(void *out);

#ifdef __cplusplus
}
#endif

#endif
