/* A telephone set: its display, ringer, hook switches, buttons and lamps. SPDX-License-Identifier: MIT */
#ifndef TSP_SESSION_PHONE_H
#define TSP_SESSION_PHONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a set is and what may be done to it, without I/O, clock, thread or memory of its own: it lies in memory of the
 * caller. A function changes it or refuses; what changed waits as events until session_phone_next takes them, in order.
 * It knows nothing of calls: what a key does is for whoever has the set (tsp/binding/loopback/set.h).
 *
 * Numbers that also exist in TAPI have TAPI's values; tsp/tspi asserts it.
 * Thread: one at a time may use a set.
 */

#ifdef __cplusplus
extern "C" {
#endif

/* name, text */
#define SESSION_PHONE_ERR_MAP(X)                                                                                       \
    X(OK, "success")                                                                                                   \
    X(BADBUTTON, "no such button or lamp")                                                                             \
    X(BADMODE, "no such mode of buttons")                                                                              \
    X(BADLAMP, "no such lamp mode, or not of this lamp")                                                               \
    X(BADRING, "no such ring mode")                                                                                    \
    X(BADHOOKDEV, "no such hook switch device")                                                                        \
    X(BADHOOKMODE, "no such hook switch mode")                                                                         \
    X(BADAREA, "no such data area")                                                                                    \
    X(BADPARAM, "bad parameter")                                                                                       \
    X(BADSTATE, "not possible in the state the set is in")                                                             \
    X(UNAVAIL, "operation not available")                                                                              \
    X(FAILED, "operation failed")                                                                                      \
    X(RESOURCE, "no room for it")

enum session_phone_err {
#define SESSION_PHONE_ERR_ENUM(name, text) SESSION_PHONE_E_##name,
    SESSION_PHONE_ERR_MAP(SESSION_PHONE_ERR_ENUM)
#undef SESSION_PHONE_ERR_ENUM
        SESSION_PHONE_E_COUNT
};

/* English text of an error; never NULL. Thread: any. */
const char *session_phone_err_text(enum session_phone_err err);

enum {
    SESSION_PHONE_ROWS = 2,
    SESSION_PHONE_COLUMNS = 24,
    SESSION_PHONE_CELLS = SESSION_PHONE_ROWS * SESSION_PHONE_COLUMNS,
    SESSION_PHONE_RINGS = 4, /* ring modes, from 1; 0 is silence */
    SESSION_PHONE_DEVS = 3,  /* handset, speaker, headset: in the order of their bits */
    SESSION_PHONE_LEVEL_MAX = 0xFFFF,
    SESSION_PHONE_AREAS = 2,
    SESSION_PHONE_AREA_MAX = 64, /* bytes of a data area */
    SESSION_PHONE_TEXT_MAX = 15, /* UTF-16 units of a button's text, without terminator */
    SESSION_PHONE_APPEARANCES_MAX = 4,
    SESSION_PHONE_EVENTS_MAX = 32,
};

/* Buttons, and the lamps beside them: the keypad, feature keys, then one for each appearance of a call. */
enum session_phone_button_id {
    SESSION_PHONE_KEY_STAR = 10, /* 0 to 9 are the digits */
    SESSION_PHONE_KEY_POUND = 11,
    SESSION_PHONE_KEY_HOLD = 12,
    SESSION_PHONE_KEY_TRANSFER,
    SESSION_PHONE_KEY_CONFERENCE,
    SESSION_PHONE_KEY_DROP,
    SESSION_PHONE_KEY_REDIAL,
    SESSION_PHONE_KEY_DND,
    SESSION_PHONE_KEY_MESSAGE,
    SESSION_PHONE_KEY_SPEAKER,
    SESSION_PHONE_KEY_CALL, /* the first appearance */
    SESSION_PHONE_BUTTONS_MAX = SESSION_PHONE_KEY_CALL + SESSION_PHONE_APPEARANCES_MAX
};

/* PHONEBUTTONMODE_, PHONEBUTTONFUNCTION_, PHONEBUTTONSTATE_, PHONELAMPMODE_, PHONEHOOKSWITCHDEV_,
 * PHONEHOOKSWITCHMODE_, PHONESTATE_: those that a set has */
enum {
    SESSION_BUTTONMODE_CALL = 0x2,
    SESSION_BUTTONMODE_FEATURE = 0x4,
    SESSION_BUTTONMODE_KEYPAD = 0x8,
    SESSION_BUTTONMODE_LOCAL = 0x10,

    SESSION_BUTTONFUNCTION_CONFERENCE = 0x1,
    SESSION_BUTTONFUNCTION_TRANSFER = 0x2,
    SESSION_BUTTONFUNCTION_DROP = 0x3,
    SESSION_BUTTONFUNCTION_HOLD = 0x4,
    SESSION_BUTTONFUNCTION_SPEAKERON = 0x15,
    SESSION_BUTTONFUNCTION_DONOTDISTURB = 0x1A,
    SESSION_BUTTONFUNCTION_CALLAPP = 0x1E,
    SESSION_BUTTONFUNCTION_LASTNUM = 0x23,
    SESSION_BUTTONFUNCTION_MSGINDICATOR = 0x26,
    SESSION_BUTTONFUNCTION_NONE = 0x2E,

    SESSION_BUTTONSTATE_UP = 0x1,
    SESSION_BUTTONSTATE_DOWN = 0x2,

    SESSION_LAMP_DUMMY = 0x1, /* there is none beside the button */
    SESSION_LAMP_OFF = 0x2,
    SESSION_LAMP_STEADY = 0x4,
    SESSION_LAMP_WINK = 0x8,
    SESSION_LAMP_FLASH = 0x10,
    SESSION_LAMP_FLUTTER = 0x20,
    SESSION_LAMP_BROKENFLUTTER = 0x40,

    SESSION_HOOKDEV_HANDSET = 0x1,
    SESSION_HOOKDEV_SPEAKER = 0x2,
    SESSION_HOOKDEV_HEADSET = 0x4,
    SESSION_HOOKDEV_ALL = 0x7,

    SESSION_HOOK_ONHOOK = 0x1,
    SESSION_HOOK_MIC = 0x2,
    SESSION_HOOK_SPEAKER = 0x4,
    SESSION_HOOK_MICSPEAKER = 0x8,

    SESSION_PHONESTATE_OTHER = 0x00000001,
    SESSION_PHONESTATE_DISPLAY = 0x00000020,
    SESSION_PHONESTATE_LAMP = 0x00000040,
    SESSION_PHONESTATE_RINGMODE = 0x00000080,
    SESSION_PHONESTATE_RINGVOLUME = 0x00000100,
    SESSION_PHONESTATE_HANDSETHOOKSWITCH = 0x00000200, /* those of the other devices: 3 bits further each */
    SESSION_PHONESTATE_HANDSETVOLUME = 0x00000400,
    SESSION_PHONESTATE_HANDSETGAIN = 0x00000800,
    SESSION_PHONESTATE_CAPSCHANGE = 0x00400000,
    SESSION_PHONESTATE_ALL = 0x0043FFE1, /* that a set ever tells of */
};

struct session_phone_button {
    uint32_t mode, function;
    uint32_t state; /* SESSION_BUTTONSTATE_ */
    uint32_t lamp;
    uint16_t text[SESSION_PHONE_TEXT_MAX + 1];
};

struct session_phone_area {
    uint32_t size; /* bytes that were set */
    unsigned char data[SESSION_PHONE_AREA_MAX];
};

enum session_phone_event_type {
    SESSION_PHONE_STATE, /* `a`: SESSION_PHONESTATE_ bits; `b`: as PHONE_STATE has it, 0 if several bits are set */
    SESSION_PHONE_BUTTON /* `a`: id, `b`: mode, `c`: SESSION_BUTTONSTATE_ */
};

struct session_phone_event {
    enum session_phone_event_type type;
    uint32_t a, b, c;
};

/* Members are for reading; they change by the functions below. */
struct session_phone {
    uint32_t hook[SESSION_PHONE_DEVS], volume[SESSION_PHONE_DEVS], gain[SESSION_PHONE_DEVS];
    uint32_t ring_mode, ring_volume;
    uint32_t buttonc, appearancec;
    struct session_phone_button buttonv[SESSION_PHONE_BUTTONS_MAX];
    uint16_t display[SESSION_PHONE_CELLS]; /* UTF-16 units, blanks where there is nothing */
    struct session_phone_area areav[SESSION_PHONE_AREAS];
    uint32_t event_first, eventc;
    struct session_phone_event eventv[SESSION_PHONE_EVENTS_MAX];
};

/* A set that rests, with 1 to SESSION_PHONE_APPEARANCES_MAX appearances. */
void session_phone_init(struct session_phone *p, uint32_t appearancec);

/* The next event; false: there is none. If nobody takes them, changes of state merge into one event of all bits. */
bool session_phone_next(struct session_phone *p, struct session_phone_event *e);

/* Whether a button can be pressed without any event being lost: RESOURCE if not. */
enum session_phone_err session_phone_room(const struct session_phone *p);
/* BADBUTTON; BADSTATE: it is in that position. */
enum session_phone_err session_phone_press(struct session_phone *p, uint32_t id, bool down);

/* `mode`: one of SESSION_LAMP_ but DUMMY. BADBUTTON, BADLAMP (also: there is no lamp). */
enum session_phone_err session_phone_set_lamp(struct session_phone *p, uint32_t id, uint32_t mode);
/* Mode 0 (silence) to SESSION_PHONE_RINGS; a volume beyond the limit is the limit. BADRING. */
enum session_phone_err session_phone_set_ring(struct session_phone *p, uint32_t mode, uint32_t volume);
/* `devs`: one or more SESSION_HOOKDEV_ bits; `mode`: one of SESSION_HOOK_. BADHOOKDEV, BADHOOKMODE. */
enum session_phone_err session_phone_set_hook(struct session_phone *p, uint32_t devs, uint32_t mode);
/* `dev`: one of SESSION_HOOKDEV_. A level beyond the limit is the limit. BADHOOKDEV. */
enum session_phone_err session_phone_set_volume(struct session_phone *p, uint32_t dev, uint32_t level);
enum session_phone_err session_phone_set_gain(struct session_phone *p, uint32_t dev, uint32_t level);
/* Number of a device from its bit, -1: it is not one. */
int session_phone_dev(uint32_t dev);
/* Whether any device is off hook. */
bool session_phone_off_hook(const struct session_phone *p);

/* Writes `count` units from the place on, up to a terminator; what has no room on the display is cut. BADPARAM: no such
 * place. */
enum session_phone_err session_phone_set_display(struct session_phone *p, uint32_t row, uint32_t column,
                                                 const uint16_t *text, size_t count);
/* A whole row: `text` (UTF-8), cut or filled up with blanks. */
void session_phone_print(struct session_phone *p, uint32_t row, const char *text);

/* Text (UTF-16, cut) and function of a button. The keypad cannot be changed, and what an appearance is neither:
 * UNAVAIL. A feature key can get any function that a set has (BADPARAM). BADBUTTON, BADMODE (not that of the button).
 * `text` NULL leaves it. */
enum session_phone_err session_phone_set_button(struct session_phone *p, uint32_t id, uint32_t mode, uint32_t function,
                                                const uint16_t *text, size_t count);

/* BADAREA; BADPARAM: more than SESSION_PHONE_AREA_MAX bytes. */
enum session_phone_err session_phone_set_data(struct session_phone *p, uint32_t area, const void *data, uint32_t size);

/* NULL, or a text saying what is wrong with it. For tests. */
const char *session_phone_check(const struct session_phone *p);

#ifdef __cplusplus
}
#endif

#endif
