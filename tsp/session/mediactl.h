/* Media control: what a session's stream does by itself when it hears something or its state changes. And terminals.
 * SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_MEDIACTL_H
#define TSP_SESSION_MEDIACTL_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The media stream of a session is what this end plays into the call: digits and tones. It runs at a rate (how fast
 * its digits and cadences follow each other) and a volume, and it can be paused: then it is silent, and goes on where it
 * was. A reset stops it and throws away what was to be played; whatever is played next makes it run again.
 */

/* LINEMEDIACONTROL_ */
enum {
    SESSION_CONTROL_NONE = 0x001,
    SESSION_CONTROL_START = 0x002, /* a stream that is paused or stopped runs */
    SESSION_CONTROL_RESET = 0x004,
    SESSION_CONTROL_PAUSE = 0x008,  /* one that runs is paused */
    SESSION_CONTROL_RESUME = 0x010, /* one that is paused runs */
    SESSION_CONTROL_RATEUP = 0x020,
    SESSION_CONTROL_RATEDOWN = 0x040,
    SESSION_CONTROL_RATENORMAL = 0x080,
    SESSION_CONTROL_VOLUMEUP = 0x100,
    SESSION_CONTROL_VOLUMEDOWN = 0x200,
    SESSION_CONTROL_VOLUMENORMAL = 0x400,
    SESSION_CONTROL_ALL = 0x7FF,
};

enum {
    SESSION_CONTROL_MAX = 16, /* entries of each list */

    /* percent */
    SESSION_RATE_STEP = 25,
    SESSION_RATE_NORMAL = 100,
    SESSION_RATE_MIN = 25,
    SESSION_RATE_MAX = 400,
    SESSION_VOLUME_STEP = 10,
    SESSION_VOLUME_NORMAL = 100,
    SESSION_VOLUME_MAX = 200, /* 0: nothing is heard */
};

enum session_stream_state { SESSION_STREAM_RUNNING, SESSION_STREAM_PAUSED, SESSION_STREAM_STOPPED };

struct session_stream {
    enum session_stream_state state;
    uint32_t rate, volume; /* percent */
};

/* Carries out one SESSION_CONTROL_ action, or several in the order of their bits. What is to be played is not in it:
 * a reset has to throw that away. Thread: any. */
void session_stream_apply(struct session_stream *stream, uint32_t actions);

/* One entry of each kind of list: what triggers `action`, which is one SESSION_CONTROL_. */
struct session_control_digit {
    char digit;
    uint32_t modes; /* SESSION_DIGIT_: PULSE, DTMF when it begins, DTMFEND when it ends */
    uint32_t action;
};
struct session_control_media {
    uint32_t media_modes; /* heard */
    uint32_t duration_ms; /* so long at least */
    uint32_t action;
};
struct session_control_tone {
    uint16_t freqv[3]; /* Hz; none: silence */
    uint32_t duration_ms;
    uint32_t action;
};
struct session_control_state {
    uint32_t states; /* reached */
    uint32_t action;
};

/* SETMEDIACONTROL: replaces what was in effect for the session; without one, for the line or address: for all sessions
 * of it, those that are there and those to come. Entries that have the same trigger all act, in the order of digits,
 * media, tones, states. Copied. */
struct session_control {
    uint32_t digitc, mediac, tonec, statec; /* at most SESSION_CONTROL_MAX each */
    const struct session_control_digit *digitv;
    const struct session_control_media *mediav;
    const struct session_control_tone *tonev;
    const struct session_control_state *statev;
};

/* LINECALLSELECT_ */
enum { SESSION_SELECT_LINE = 0x1, SESSION_SELECT_ADDRESS = 0x2, SESSION_SELECT_CALL = 0x4 };

/* ---- terminals --------------------------------------------------------------------------------------------------- */

/* LINETERMMODE_ */
enum {
    SESSION_TERM_BUTTONS = 0x01,
    SESSION_TERM_LAMPS = 0x02,
    SESSION_TERM_DISPLAY = 0x04,
    SESSION_TERM_RINGER = 0x08,
    SESSION_TERM_HOOKSWITCH = 0x10,
    SESSION_TERM_MEDIATOLINE = 0x20,
    SESSION_TERM_MEDIAFROMLINE = 0x40,
};

/* Where what a line exchanges with people can go. At first all of it goes to the telephone set. */
enum session_terminal { SESSION_TERMINAL_SET, SESSION_TERMINAL_HEADSET, SESSION_TERMINAL_SPEAKER, SESSION_TERMINALS };

/* SESSION_TERM_ of all that a terminal is good for; 0: there is no such terminal. Thread: any. */
uint32_t session_terminal_modes(uint32_t terminal);

/* SETTERMINAL: routes `modes` to the terminal, or takes them away from it: for a session; or for the line, or an
 * address of it, with all their sessions, those that are there and those to come. */
struct session_route {
    uint32_t terminal;
    uint32_t modes; /* SESSION_TERM_, at least one, and only what the terminal is good for: else BADPARAM */
    bool on;
};

struct session_core;
/* What is routed to each terminal for new sessions of an address, or of the line itself (UINT32_MAX); NULL: no such
 * thing. Valid until the next step. */
const uint8_t *session_terminals(const struct session_core *core, uint32_t line, uint32_t address);

#ifdef __cplusplus
}
#endif

#endif
