/* A telephone set: its display, ringer, hook switches, buttons and lamps. SPDX-License-Identifier: MIT */
#include "tsp/session/phone.h"

#include <string.h>

const char *session_phone_err_text(enum session_phone_err err)
{
    static const char *const textv[SESSION_PHONE_E_COUNT] = {
#define ROW(name, text) [SESSION_PHONE_E_##name] = (text),
        SESSION_PHONE_ERR_MAP(ROW)
#undef ROW
    };

    return (unsigned)err < SESSION_PHONE_E_COUNT ? textv[err] : "unknown error";
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static struct session_phone_event *event_at(struct session_phone *p, uint32_t i)
{
    return &p->eventv[(p->event_first + i) % SESSION_PHONE_EVENTS_MAX];
}

/* Buttons have their room reserved (session_phone_room): only changes of state have to merge. */
static void changed(struct session_phone *p, uint32_t bits, uint32_t value)
{
    struct session_phone_event *e;

    if (p->eventc == SESSION_PHONE_EVENTS_MAX) {
        for (uint32_t i = p->eventc; i-- > 0;) {
            e = event_at(p, i);
            if (e->type == SESSION_PHONE_STATE) {
                e->a |= bits;
                e->b = 0;
                return;
            }
        }
        return;
    }
    *event_at(p, p->eventc++) = (struct session_phone_event){SESSION_PHONE_STATE, bits, value, 0};
}

bool session_phone_next(struct session_phone *p, struct session_phone_event *e)
{
    if (!p->eventc)
        return false;
    *e = *event_at(p, 0);
    p->event_first = (p->event_first + 1) % SESSION_PHONE_EVENTS_MAX;
    p->eventc--;
    return true;
}

/* ---- a set that rests -------------------------------------------------------------------------------------------- */

static const struct feature {
    uint32_t mode, function, lamp;
    const char *text;
} featurev[SESSION_PHONE_KEY_CALL - SESSION_PHONE_KEY_HOLD] = {
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_HOLD, SESSION_LAMP_OFF, "Hold"},
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_TRANSFER, SESSION_LAMP_OFF, "Transfer"},
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_CONFERENCE, SESSION_LAMP_OFF, "Conference"},
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_DROP, SESSION_LAMP_DUMMY, "Drop"},
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_LASTNUM, SESSION_LAMP_DUMMY, "Redial"},
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_DONOTDISTURB, SESSION_LAMP_OFF, "Do not disturb"},
    {SESSION_BUTTONMODE_FEATURE, SESSION_BUTTONFUNCTION_MSGINDICATOR, SESSION_LAMP_OFF, "Message"},
    {SESSION_BUTTONMODE_LOCAL, SESSION_BUTTONFUNCTION_SPEAKERON, SESSION_LAMP_OFF, "Speaker"},
};

static void button_init(struct session_phone_button *b, uint32_t mode, uint32_t function, uint32_t lamp,
                        const char *text)
{
    size_t i;

    memset(b, 0, sizeof *b);
    b->mode = mode;
    b->function = function;
    b->state = SESSION_BUTTONSTATE_UP;
    b->lamp = lamp;
    for (i = 0; text[i] && i < SESSION_PHONE_TEXT_MAX; i++)
        b->text[i] = (unsigned char)text[i];
}

static void blank(struct session_phone *p, uint32_t at, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        p->display[at + i] = ' ';
}

void session_phone_init(struct session_phone *p, uint32_t appearancec)
{
    static const char keyv[12][2] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"};
    uint32_t id;

    memset(p, 0, sizeof *p);
    if (appearancec < 1)
        appearancec = 1;
    if (appearancec > SESSION_PHONE_APPEARANCES_MAX)
        appearancec = SESSION_PHONE_APPEARANCES_MAX;
    p->appearancec = appearancec;
    p->buttonc = SESSION_PHONE_KEY_CALL + appearancec;
    p->ring_volume = SESSION_PHONE_LEVEL_MAX / 2;
    for (int i = 0; i < SESSION_PHONE_DEVS; i++) {
        p->hook[i] = SESSION_HOOK_ONHOOK;
        p->volume[i] = p->gain[i] = SESSION_PHONE_LEVEL_MAX / 2;
    }
    for (id = 0; id < SESSION_PHONE_KEY_HOLD; id++)
        button_init(&p->buttonv[id], SESSION_BUTTONMODE_KEYPAD, SESSION_BUTTONFUNCTION_NONE, SESSION_LAMP_DUMMY,
                    keyv[id]);
    for (; id < SESSION_PHONE_KEY_CALL; id++) {
        const struct feature *f = &featurev[id - SESSION_PHONE_KEY_HOLD];

        button_init(&p->buttonv[id], f->mode, f->function, f->lamp, f->text);
    }
    for (; id < p->buttonc; id++) {
        char text[] = "Call 1";

        text[5] = (char)('1' + (id - SESSION_PHONE_KEY_CALL));
        button_init(&p->buttonv[id], SESSION_BUTTONMODE_CALL, SESSION_BUTTONFUNCTION_CALLAPP, SESSION_LAMP_OFF, text);
    }
    blank(p, 0, SESSION_PHONE_CELLS);
}

/* ---- buttons and lamps ------------------------------------------------------------------------------------------- */

enum session_phone_err session_phone_room(const struct session_phone *p)
{
    /* one for the button, and one that what follows from it can merge into */
    return p->eventc + 2 > SESSION_PHONE_EVENTS_MAX ? SESSION_PHONE_E_RESOURCE : SESSION_PHONE_E_OK;
}

enum session_phone_err session_phone_press(struct session_phone *p, uint32_t id, bool down)
{
    uint32_t state = down ? SESSION_BUTTONSTATE_DOWN : SESSION_BUTTONSTATE_UP;
    struct session_phone_button *b;

    if (id >= p->buttonc)
        return SESSION_PHONE_E_BADBUTTON;
    b = &p->buttonv[id];
    if (b->state == state)
        return SESSION_PHONE_E_BADSTATE;
    if (session_phone_room(p))
        return SESSION_PHONE_E_RESOURCE;
    b->state = state;
    *event_at(p, p->eventc++) = (struct session_phone_event){SESSION_PHONE_BUTTON, id, b->mode, state};
    return SESSION_PHONE_E_OK;
}

enum session_phone_err session_phone_set_lamp(struct session_phone *p, uint32_t id, uint32_t mode)
{
    const uint32_t modes = SESSION_LAMP_OFF | SESSION_LAMP_STEADY | SESSION_LAMP_WINK | SESSION_LAMP_FLASH |
                           SESSION_LAMP_FLUTTER | SESSION_LAMP_BROKENFLUTTER;

    if (id >= p->buttonc)
        return SESSION_PHONE_E_BADBUTTON;
    if (!(mode & modes) || mode & (mode - 1) || p->buttonv[id].lamp == SESSION_LAMP_DUMMY)
        return SESSION_PHONE_E_BADLAMP;
    if (p->buttonv[id].lamp != mode) {
        p->buttonv[id].lamp = mode;
        changed(p, SESSION_PHONESTATE_LAMP, id);
    }
    return SESSION_PHONE_E_OK;
}

static bool function_known(uint32_t function)
{
    if (function == SESSION_BUTTONFUNCTION_NONE)
        return true;
    for (size_t i = 0; i < sizeof featurev / sizeof *featurev; i++)
        if (featurev[i].mode == SESSION_BUTTONMODE_FEATURE && featurev[i].function == function)
            return true;
    return false;
}

enum session_phone_err session_phone_set_button(struct session_phone *p, uint32_t id, uint32_t mode, uint32_t function,
                                                const uint16_t *text, size_t count)
{
    struct session_phone_button *b;
    struct session_phone_button old;

    if (id >= p->buttonc)
        return SESSION_PHONE_E_BADBUTTON;
    b = &p->buttonv[id];
    if (b->mode == SESSION_BUTTONMODE_KEYPAD)
        return SESSION_PHONE_E_UNAVAIL;
    if (mode != b->mode)
        return SESSION_PHONE_E_BADMODE;
    if (function != b->function) {
        if (b->mode != SESSION_BUTTONMODE_FEATURE)
            return SESSION_PHONE_E_UNAVAIL;
        if (!function_known(function))
            return SESSION_PHONE_E_BADPARAM;
    }
    old = *b;
    b->function = function;
    if (text) {
        memset(b->text, 0, sizeof b->text);
        for (size_t i = 0; i < count && i < SESSION_PHONE_TEXT_MAX && text[i]; i++)
            b->text[i] = text[i];
    }
    if (b->function != old.function || memcmp(b->text, old.text, sizeof old.text) != 0)
        changed(p, SESSION_PHONESTATE_CAPSCHANGE, 0);
    return SESSION_PHONE_E_OK;
}

/* ---- ringer, hook switches, levels ------------------------------------------------------------------------------- */

enum session_phone_err session_phone_set_ring(struct session_phone *p, uint32_t mode, uint32_t volume)
{
    if (mode > SESSION_PHONE_RINGS)
        return SESSION_PHONE_E_BADRING;
    if (volume > SESSION_PHONE_LEVEL_MAX)
        volume = SESSION_PHONE_LEVEL_MAX;
    if (mode != p->ring_mode) {
        p->ring_mode = mode;
        changed(p, SESSION_PHONESTATE_RINGMODE, mode);
    }
    if (volume != p->ring_volume) {
        p->ring_volume = volume;
        changed(p, SESSION_PHONESTATE_RINGVOLUME, volume);
    }
    return SESSION_PHONE_E_OK;
}

int session_phone_dev(uint32_t dev)
{
    return dev == SESSION_HOOKDEV_HANDSET   ? 0
           : dev == SESSION_HOOKDEV_SPEAKER ? 1
           : dev == SESSION_HOOKDEV_HEADSET ? 2
                                            : -1;
}

bool session_phone_off_hook(const struct session_phone *p)
{
    for (int i = 0; i < SESSION_PHONE_DEVS; i++)
        if (p->hook[i] != SESSION_HOOK_ONHOOK)
            return true;
    return false;
}

enum session_phone_err session_phone_set_hook(struct session_phone *p, uint32_t devs, uint32_t mode)
{
    const uint32_t modes = SESSION_HOOK_ONHOOK | SESSION_HOOK_MIC | SESSION_HOOK_SPEAKER | SESSION_HOOK_MICSPEAKER;
    uint32_t lamp;

    if (!devs || devs & ~(uint32_t)SESSION_HOOKDEV_ALL)
        return SESSION_PHONE_E_BADHOOKDEV;
    if (!(mode & modes) || mode & (mode - 1))
        return SESSION_PHONE_E_BADHOOKMODE;
    for (int i = 0; i < SESSION_PHONE_DEVS; i++) {
        if (!(devs >> i & 1) || p->hook[i] == mode)
            continue;
        p->hook[i] = mode;
        changed(p, (uint32_t)SESSION_PHONESTATE_HANDSETHOOKSWITCH << (3 * i), mode);
    }
    lamp = p->hook[1] == SESSION_HOOK_ONHOOK ? SESSION_LAMP_OFF : SESSION_LAMP_STEADY;
    (void)session_phone_set_lamp(p, SESSION_PHONE_KEY_SPEAKER, lamp);
    return SESSION_PHONE_E_OK;
}

static enum session_phone_err set_level(struct session_phone *p, uint32_t *levelv, uint32_t dev, uint32_t level,
                                        uint32_t bit)
{
    int i = session_phone_dev(dev);

    if (i < 0)
        return SESSION_PHONE_E_BADHOOKDEV;
    if (level > SESSION_PHONE_LEVEL_MAX)
        level = SESSION_PHONE_LEVEL_MAX;
    if (levelv[i] != level) {
        levelv[i] = level;
        changed(p, bit << (3 * i), level);
    }
    return SESSION_PHONE_E_OK;
}

enum session_phone_err session_phone_set_volume(struct session_phone *p, uint32_t dev, uint32_t level)
{
    return set_level(p, p->volume, dev, level, SESSION_PHONESTATE_HANDSETVOLUME);
}

enum session_phone_err session_phone_set_gain(struct session_phone *p, uint32_t dev, uint32_t level)
{
    return set_level(p, p->gain, dev, level, SESSION_PHONESTATE_HANDSETGAIN);
}

/* ---- display and data -------------------------------------------------------------------------------------------- */

enum session_phone_err session_phone_set_display(struct session_phone *p, uint32_t row, uint32_t column,
                                                 const uint16_t *text, size_t count)
{
    uint32_t at;
    bool differs = false;

    if (row >= SESSION_PHONE_ROWS || column >= SESSION_PHONE_COLUMNS)
        return SESSION_PHONE_E_BADPARAM;
    at = row * SESSION_PHONE_COLUMNS + column;
    for (size_t i = 0; i < count && text[i] && at < SESSION_PHONE_CELLS; i++, at++) {
        uint16_t unit = text[i] < ' ' ? ' ' : text[i];

        differs |= p->display[at] != unit;
        p->display[at] = unit;
    }
    if (differs)
        changed(p, SESSION_PHONESTATE_DISPLAY, 0);
    return SESSION_PHONE_E_OK;
}

/* The next character as one unit; what has none in the first plane, or is not UTF-8, is a question mark. */
static uint16_t next_unit(const unsigned char **text)
{
    const unsigned char *s = *text;
    uint32_t c = *s++, more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
    bool good = c < 0x80 || (more > 0 && c < 0xF0);

    if (more)
        c &= 0x3Fu >> more;
    for (; more && (*s & 0xC0) == 0x80; more--)
        c = c << 6 | (*s++ & 0x3F);
    *text = s;
    if (!good || more || (c >= 0xD800 && c < 0xE000))
        return '?';
    return (uint16_t)c;
}

void session_phone_print(struct session_phone *p, uint32_t row, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    uint16_t unitv[SESSION_PHONE_COLUMNS];

    for (int i = 0; i < SESSION_PHONE_COLUMNS; i++)
        unitv[i] = *s ? next_unit(&s) : ' ';
    (void)session_phone_set_display(p, row, 0, unitv, SESSION_PHONE_COLUMNS);
}

enum session_phone_err session_phone_set_data(struct session_phone *p, uint32_t area, const void *data, uint32_t size)
{
    struct session_phone_area *a;

    if (area >= SESSION_PHONE_AREAS)
        return SESSION_PHONE_E_BADAREA;
    if (size > SESSION_PHONE_AREA_MAX)
        return SESSION_PHONE_E_BADPARAM;
    a = &p->areav[area];
    memset(a->data, 0, sizeof a->data);
    if (size)
        memcpy(a->data, data, size);
    a->size = size;
    return SESSION_PHONE_E_OK;
}

const char *session_phone_check(const struct session_phone *p)
{
    if (p->appearancec < 1 || p->appearancec > SESSION_PHONE_APPEARANCES_MAX ||
        p->buttonc != SESSION_PHONE_KEY_CALL + p->appearancec)
        return "a set has another number of buttons than it should";
    if (p->ring_mode > SESSION_PHONE_RINGS || p->ring_volume > SESSION_PHONE_LEVEL_MAX)
        return "a set rings in no mode";
    for (int i = 0; i < SESSION_PHONE_DEVS; i++) {
        if (!p->hook[i] || p->hook[i] & (p->hook[i] - 1) || p->hook[i] > SESSION_HOOK_MICSPEAKER)
            return "a hook switch is in no mode";
        if (p->volume[i] > SESSION_PHONE_LEVEL_MAX || p->gain[i] > SESSION_PHONE_LEVEL_MAX)
            return "a level is beyond its limit";
    }
    for (uint32_t i = 0; i < p->buttonc; i++) {
        const struct session_phone_button *b = &p->buttonv[i];

        if (!b->lamp || b->lamp & (b->lamp - 1) || b->text[SESSION_PHONE_TEXT_MAX])
            return "a lamp is in no mode, or a text has no end";
        if (b->state != SESSION_BUTTONSTATE_UP && b->state != SESSION_BUTTONSTATE_DOWN)
            return "a button is neither up nor down";
    }
    for (int i = 0; i < SESSION_PHONE_CELLS; i++)
        if (p->display[i] < ' ')
            return "a cell of the display is no character";
    return p->eventc > SESSION_PHONE_EVENTS_MAX ? "more events than there is room for" : NULL;
}
