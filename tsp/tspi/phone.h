/* Phone devices of the provider: what its files share. SPDX-License-Identifier: MIT */
#ifndef TSP_TSPI_PHONE_H
#define TSP_TSPI_PHONE_H

#include "include/sessiontsp.h"
#include "tsp/binding/loopback/set.h"
#include "tsp/tspi/state.h"

/* Events and completions of phones are queued under this and the phone's number, in place of a line. */
#define TSPI_PHONE_QUEUE 0x80000000u

/* Requests of sets, which nobody waits for but us: from here on, but for TSPI_REQUEST_OWN. */
#define TSPI_REQUEST_SET 0x80000000u

struct tspi_phone {
    uint32_t line;
    struct set *set; /* NULL: nobody has opened it yet */
    HTAPIPHONE ht;
    PHONEEVENT event;
    uint32_t version, ext;                        /* while open; ext: 0 none selected */
    uint32_t states, button_modes, button_states; /* wanted */
    uint16_t generation;
    bool open;
    bool closing; /* TSPI_phoneClose waits for what is being delivered: not to be opened yet */
    bool dirty;   /* in the list of sets with something to say */
    struct tspi_phone *next_dirty;
    struct tspi_device dev;
};

/* As tspi_line_at. */
static inline const struct tspi_phone *tspi_phone_at(uint32_t index)
{
    return &atomic_load_explicit(&tspi.phonev, memory_order_acquire)[index];
}

/* ---- phoneset.c: sets and calls. All with the lock held --------------------------------------------------------- */

/* The phones of the lines that there are, at most `max`. OK, NOMEM. */
enum session_err tspi_phones_start(uint32_t max);
void tspi_phones_free(void);
/* Phones of a configuration. */
uint32_t tspi_phones_count(const struct config *conf);
/* Closes those that are open, so that nothing more is said. */
void tspi_phones_close(void);
/* Makes its set, which from now on follows the calls of the line. OK, NOMEM. */
enum session_err tspi_phone_activate(struct tspi_phone *phone);
/* The phone goes: its set is no more, the host is told PHONE_CLOSE if it was open. */
void tspi_phone_go(struct tspi_phone *phone);
/* A call of the line has another state. */
void tspi_phone_state(uint32_t line, uint32_t session);
/* A message waits on the phone's line, or no longer: the status of the line says so as well. */
enum session_phone_err tspi_phone_leave_message(struct tspi_phone *phone, bool on);
/* Whether a message waits on the line: the lamp shows it. */
void tspi_phone_message(uint32_t line, bool on);
/* Calls of the line may have gone. */
void tspi_phone_check(uint32_t line);
/* An operation that a set asked for has ended: calls it made are announced. */
void tspi_phone_reply(const struct session_act *act);
/* Queues what sets have to say. False: there is no memory for all of it now. */
bool tspi_phone_flush(void);
/* Has the core do what the set wants. */
enum session_phone_err tspi_phone_run(struct tspi_phone *phone);
/* The set of the phone has changed. */
void tspi_phone_touch(struct tspi_phone *phone);
/* What is wrong with the sets, NULL: nothing. */
const char *tspi_phones_check(void);

/* ---- phone.c ----------------------------------------------------------------------------------------------------- */

LONG tspi_phone_error(enum session_phone_err err);
/* Locks; 0 or a PHONEERR_ (and not locked). */
LONG tspi_enter_phone(HDRVPHONE hd, struct tspi_phone **phonep);
LONG tspi_enter_phone_device(DWORD device, struct tspi_phone **phonep);
/* The device id of the line's phone; false: it has none. Lock held. */
bool tspi_phone_of_line(uint32_t line, DWORD *device);

#endif
