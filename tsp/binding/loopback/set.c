/* The telephone set of an extension of the embedded exchange. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/set.h"

#include <string.h>

enum {
    RINGING = SESSION_OFFERING | SESSION_ACCEPTED,
    HELD = SESSION_ONHOLD | SESSION_ONHOLDPENDTRANSFER | SESSION_ONHOLDPENDCONF,
    TALKING = SESSION_CONNECTED,
    DIALABLE = SESSION_DIALTONE | SESSION_DIALING,
    TRANSFER_MODE_TRANSFER = 1 /* LINETRANSFERMODE_TRANSFER */
};

static uint32_t lamp_of(uint32_t state)
{
    if (state & RINGING)
        return SESSION_LAMP_WINK;
    return state & HELD ? SESSION_LAMP_FLUTTER : SESSION_LAMP_STEADY;
}

static struct set_call *at_hand(struct set *s)
{
    return s->at_hand ? &s->callv[s->at_hand - 1] : NULL;
}

/* The call with the state that has waited longest; NULL: none. */
static struct set_call *first_in(struct set *s, uint32_t states)
{
    struct set_call *best = NULL;

    for (uint32_t i = 0; i < s->phone.appearancec; i++) {
        struct set_call *c = &s->callv[i];

        if (c->session && c->state & states && (!best || (int32_t)(c->order - best->order) < 0))
            best = c;
    }
    return best;
}

/* Whether a kind of event of the line goes to or from the set (SESSION_TERM_). */
static bool routed(const struct set *s, const struct session_core *core, uint32_t mode)
{
    const uint8_t *termv = session_terminals(core, s->line, UINT32_MAX);

    return !termv || termv[SESSION_TERMINAL_SET] & mode;
}

static bool rings(const struct set *s, const struct session_core *core)
{
    for (uint32_t i = 0; i < s->phone.appearancec; i++) {
        const struct session_info *info =
            s->callv[i].session && s->callv[i].state & RINGING ? session_get(core, s->callv[i].session) : NULL;

        if (info && info->termv[SESSION_TERMINAL_SET] & SESSION_TERM_RINGER)
            return !s->dnd;
    }
    return false;
}

/* ---- what can be seen and heard ---------------------------------------------------------------------------------- */

static void copy_text(char *to, size_t size, const char *from)
{
    size_t len = strlen(from);

    if (len > size - 1)
        len = size - 1;
    memcpy(to, from, len);
    to[len] = 0;
}

static const char *state_text(uint32_t state)
{
    switch (state) {
    case SESSION_OFFERING:
    case SESSION_ACCEPTED:
        return "Call from";
    case SESSION_DIALTONE:
        return "Dial";
    case SESSION_DIALING:
    case SESSION_PROCEEDING:
        return "Calling";
    case SESSION_RINGBACK:
        return "Ringing at";
    case SESSION_BUSY:
        return "Busy";
    case SESSION_CONNECTED:
        return "Connected to";
    case SESSION_CONFERENCED:
        return "In a conference with";
    case SESSION_ONHOLD:
        return "On hold";
    case SESSION_ONHOLDPENDTRANSFER:
        return "Transfer of";
    case SESSION_ONHOLDPENDCONF:
        return "Conference with";
    case SESSION_DISCONNECTED:
        return "Ended";
    default:
        return "Call with";
    }
}

static void show(struct set *s, const struct session_core *core)
{
    const struct set_call *c = first_in(s, RINGING);
    const struct session_info *info;
    const struct session_party *party;
    char line[SESSION_NUMBER_MAX + SESSION_NAME_MAX + 2];
    const char *number;

    if (!routed(s, core, SESSION_TERM_DISPLAY))
        return;
    if (at_hand(s))
        c = at_hand(s);
    info = c ? session_get(core, c->session) : NULL;
    if (!info) {
        session_phone_print(&s->phone, 0, s->label);
        session_phone_print(&s->phone, 1, s->dnd ? "Do not disturb" : "");
        return;
    }
    party = info->connected ? info->connected : info->origin == SESSION_ORIGIN_OUTBOUND ? info->called : info->caller;
    number = session_party_number(party);
    copy_text(line, sizeof line, number);
    if (session_party_name(party)[0]) {
        size_t len = strlen(line);

        if (len)
            line[len++] = ' ';
        copy_text(line + len, sizeof line - len, session_party_name(party));
    }
    session_phone_print(&s->phone, 0, state_text(info->state));
    session_phone_print(&s->phone, 1, line);
}

static void call_lamp(struct set *s, uint32_t i)
{
    const struct set_call *c = &s->callv[i];

    if (!s->dark)
        (void)session_phone_set_lamp(&s->phone, SESSION_PHONE_KEY_CALL + i,
                                     c->session ? lamp_of(c->state) : SESSION_LAMP_OFF);
}

static void feature_lamp(struct set *s, uint32_t function, bool on)
{
    if (s->dark)
        return;
    for (uint32_t id = SESSION_PHONE_KEY_HOLD; id < SESSION_PHONE_KEY_CALL; id++)
        if (s->phone.buttonv[id].function == function)
            (void)session_phone_set_lamp(&s->phone, id, on ? SESSION_LAMP_STEADY : SESSION_LAMP_OFF);
}

/* After a change of calls: whatever follows from them. */
static void follow(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s);
    bool ring = rings(s, core), dark = !routed(s, core, SESSION_TERM_LAMPS);
    bool busy = first_in(s, SESSION_STATES_ALL & ~(uint32_t)(RINGING | HELD)) != NULL;

    if (ring != (s->phone.ring_mode != 0))
        (void)session_phone_set_ring(&s->phone, ring ? 1 : 0, s->phone.ring_volume);
    if (dark != s->dark) {
        s->dark = dark;
        for (uint32_t i = 0; i < s->phone.appearancec; i++)
            call_lamp(s, i);
        feature_lamp(s, SESSION_BUTTONFUNCTION_DONOTDISTURB, s->dnd);
        feature_lamp(s, SESSION_BUTTONFUNCTION_MSGINDICATOR, s->message);
    }
    if (busy && !session_phone_off_hook(&s->phone)) {
        (void)session_phone_set_hook(&s->phone, SESSION_HOOKDEV_SPEAKER, SESSION_HOOK_MICSPEAKER);
        s->speaker_by_call = true;
    } else if (!busy && s->speaker_by_call) {
        (void)session_phone_set_hook(&s->phone, SESSION_HOOKDEV_SPEAKER, SESSION_HOOK_ONHOOK);
        s->speaker_by_call = false;
    }
    feature_lamp(s, SESSION_BUTTONFUNCTION_HOLD, c && c->state & HELD);
    feature_lamp(s, SESSION_BUTTONFUNCTION_TRANSFER, first_in(s, SESSION_ONHOLDPENDTRANSFER) != NULL);
    feature_lamp(s, SESSION_BUTTONFUNCTION_CONFERENCE,
                 first_in(s, SESSION_ONHOLDPENDCONF | SESSION_CONFERENCED) != NULL);
    show(s, core);
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

void set_init(struct set *s, uint32_t line, uint32_t appearancec, const char *label)
{
    memset(s, 0, sizeof *s);
    session_phone_init(&s->phone, appearancec);
    s->line = line;
    copy_text(s->label, sizeof s->label, label);
    session_phone_print(&s->phone, 0, s->label);
    s->phone.eventc = 0; /* nobody could have seen it before */
}

static void take_away(struct set *s, uint32_t i)
{
    s->callv[i] = (struct set_call){0, 0, 0};
    call_lamp(s, i);
    if (s->at_hand == i + 1) {
        const struct set_call *other;

        s->at_hand = 0;
        other = first_in(s, SESSION_STATES_ALL & ~(uint32_t)(RINGING | HELD));
        if (other)
            s->at_hand = (uint32_t)(other - s->callv) + 1;
    }
}

static struct set_call *place(struct set *s, const struct session_info *info)
{
    uint32_t i;

    for (i = 0; i < s->phone.appearancec; i++)
        if (s->callv[i].session == info->id)
            return &s->callv[i];
    i = 0;
    if (s->chosen && info->origin == SESSION_ORIGIN_OUTBOUND && !s->callv[s->chosen - 1].session)
        i = s->chosen - 1;
    while (i < s->phone.appearancec && s->callv[i].session)
        i++;
    if (i == s->phone.appearancec)
        return NULL; /* more calls than the set has room for: it does not show this one */
    s->callv[i].session = info->id;
    s->callv[i].order = ++s->order;
    return &s->callv[i];
}

static void note_call(struct set *s, const struct session_info *info)
{
    bool inactive = info->state == SESSION_CONNECTED &&
                    info->mode & (SESSION_CONNECTED_INACTIVE | SESSION_CONNECTED_INACTIVEHELD);
    struct set_call *c;
    uint32_t i;

    if (info->state == SESSION_IDLE) {
        for (i = 0; i < s->phone.appearancec; i++)
            if (s->callv[i].session == info->id)
                take_away(s, i);
        return;
    }
    c = place(s, info);
    if (!c)
        return;
    i = (uint32_t)(c - s->callv);
    if (s->chosen == i + 1)
        s->chosen = 0;
    c->state = inactive ? SESSION_INACTIVE : info->state;
    if (!(c->state & (RINGING | HELD | SESSION_INACTIVE)))
        s->at_hand = i + 1;
    else if (inactive && s->at_hand == i + 1)
        s->at_hand = 0; /* another station has it now */
    if (info->origin == SESSION_ORIGIN_OUTBOUND && !(info->state & DIALABLE) && session_party_number(info->called)[0])
        copy_text(s->last, sizeof s->last, session_party_number(info->called));
    call_lamp(s, i);
}

void set_session(struct set *s, const struct session_core *core, uint32_t session)
{
    const struct session_info *info = session_get(core, session);

    if (info && info->reported)
        note_call(s, info);
    set_refresh(s, core);
}

void set_sync(struct set *s, const struct session_core *core)
{
    for (uint32_t id = session_first(core, s->line); id; id = session_after(core, id)) {
        const struct session_info *info = session_get(core, id);

        if (info && info->reported)
            note_call(s, info);
    }
    follow(s, core);
}

void set_refresh(struct set *s, const struct session_core *core)
{
    for (uint32_t i = 0; i < s->phone.appearancec; i++)
        if (s->callv[i].session && !session_get(core, s->callv[i].session))
            take_away(s, i);
    follow(s, core);
}

/* ---- what the core is asked for ---------------------------------------------------------------------------------- */

static enum session_phone_err want(struct set *s, enum session_op op, uint32_t session, const char *dest)
{
    struct set_want *w;

    if (s->wantc == SET_WANTS_MAX)
        return SESSION_PHONE_E_RESOURCE;
    w = &s->wantv[s->wantc++];
    memset(w, 0, sizeof *w);
    w->req.op = op;
    w->req.session = session;
    w->req.line = s->line;
    if (dest) {
        copy_text(w->dest, sizeof w->dest, dest);
        w->req.dest = w->dest;
        w->req.dest_len = strlen(w->dest);
    }
    return SESSION_PHONE_E_OK;
}

/* No message waits any more. */
static enum session_phone_err want_heard(struct set *s)
{
    enum session_phone_err err = want(s, SESSION_OP_SETLINESTATUS, 0, NULL);

    if (!err)
        s->wantv[s->wantc - 1].req.value = SESSION_STATUS_MSGWAIT;
    return err;
}

/* The same, if the core offers it for the call now. */
static enum session_phone_err want_of(struct set *s, const struct session_core *core, enum session_op op,
                                      uint32_t session)
{
    const struct session_contract *row = session_contract(op);

    if (!(session_call_features_ever(core) & row->call_feature))
        return SESSION_PHONE_E_UNAVAIL;
    if (!(session_call_features(core, session) & row->call_feature))
        return SESSION_PHONE_E_BADSTATE;
    return want(s, op, session, NULL);
}

const struct session_req *set_want(struct set *s)
{
    if (s->want_at == s->wantc) {
        set_give_up(s);
        return NULL;
    }
    return &s->wantv[s->want_at++].req;
}

void set_give_up(struct set *s)
{
    s->wantc = s->want_at = 0;
}

static enum session_phone_err make(struct set *s, const struct session_core *core, const char *number)
{
    if (!session_line_is_open(core, s->line))
        return SESSION_PHONE_E_UNAVAIL;
    if (!(session_line_features(core, s->line, false) & session_contract(SESSION_OP_MAKE)->line_feature))
        return SESSION_PHONE_E_BADSTATE;
    return want(s, SESSION_OP_MAKE, 0, number);
}

/* The call at hand makes room for another: on hold, or dropped if it was not connected yet. */
static enum session_phone_err put_aside(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s);

    if (!c || c->state & HELD)
        return SESSION_PHONE_E_OK;
    return want_of(s, core, c->state & (TALKING | SESSION_CONFERENCED) ? SESSION_OP_HOLD : SESSION_OP_DROP, c->session);
}

/* ---- hook -------------------------------------------------------------------------------------------------------- */

static enum session_phone_err lifted(struct set *s, const struct session_core *core)
{
    const struct set_call *c = first_in(s, RINGING);

    if (at_hand(s) && !(at_hand(s)->state & HELD))
        return SESSION_PHONE_E_OK;
    if (c)
        return want_of(s, core, SESSION_OP_ANSWER, c->session);
    return at_hand(s) ? SESSION_PHONE_E_OK : make(s, core, "");
}

static enum session_phone_err replaced(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s);

    s->chosen = 0;
    s->speaker_by_call = false;
    return c && !(c->state & HELD) ? want_of(s, core, SESSION_OP_DROP, c->session) : SESSION_PHONE_E_OK;
}

enum session_phone_err set_hook(struct set *s, const struct session_core *core, uint32_t devs, uint32_t mode)
{
    bool was = session_phone_off_hook(&s->phone), is;
    enum session_phone_err err = session_phone_set_hook(&s->phone, devs, mode);

    if (err)
        return err;
    set_give_up(s);
    is = session_phone_off_hook(&s->phone);
    if (devs & SESSION_HOOKDEV_SPEAKER)
        s->speaker_by_call = false; /* a person has decided */
    if (!routed(s, core, SESSION_TERM_HOOKSWITCH))
        return err;
    if (is && !was)
        err = lifted(s, core);
    else if (was && !is)
        err = replaced(s, core);
    /* a set that is lifted where there is nothing to do is off hook all the same */
    return err;
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static enum session_phone_err key_digit(struct set *s, uint32_t id)
{
    const struct set_call *c = at_hand(s);
    char piece[] = "0;"; /* more may follow */

    if (!c || !(c->state & DIALABLE))
        return SESSION_PHONE_E_OK;
    piece[0] = id < SESSION_PHONE_KEY_STAR ? (char)('0' + id) : id == SESSION_PHONE_KEY_STAR ? '*' : '#';
    return want(s, SESSION_OP_DIAL, c->session, piece);
}

static enum session_phone_err key_call(struct set *s, const struct session_core *core, uint32_t i)
{
    const struct set_call *c = &s->callv[i];
    enum session_phone_err err;

    if (c == at_hand(s) && !(c->state & HELD))
        return SESSION_PHONE_E_OK;
    if (c != at_hand(s)) {
        err = put_aside(s, core);
        if (err)
            return err;
    }
    if (!c->session) {
        s->chosen = i + 1;
        return make(s, core, "");
    }
    if (c->state & (RINGING | SESSION_INACTIVE))
        return want_of(s, core, SESSION_OP_ANSWER, c->session);
    if (c->state & HELD)
        return want_of(s, core, SESSION_OP_UNHOLD, c->session);
    s->at_hand = i + 1;
    return SESSION_PHONE_E_OK;
}

static enum session_phone_err key_hold(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s);

    if (!c)
        return SESSION_PHONE_E_BADSTATE;
    return want_of(s, core, c->state & HELD ? SESSION_OP_UNHOLD : SESSION_OP_HOLD, c->session);
}

/* The first press begins with `begin`, the second ends with `end` what waits in `pending`. */
static enum session_phone_err key_join(struct set *s, const struct session_core *core, uint32_t pending,
                                       enum session_op begin, enum session_op end)
{
    const struct set_call *c = at_hand(s), *waits = first_in(s, pending);
    enum session_phone_err err;

    if (waits && c && c != waits) {
        err = want_of(s, core, end, waits->session);
        if (!err) {
            s->wantv[s->wantc - 1].req.session2 = c->session;
            s->wantv[s->wantc - 1].req.value = end == SESSION_OP_COMPLETETRANSFER ? TRANSFER_MODE_TRANSFER : 0;
        }
        return err;
    }
    if (!c || waits)
        return SESSION_PHONE_E_BADSTATE;
    return want_of(s, core, begin, c->session);
}

static enum session_phone_err key_conference(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s);
    enum session_op begin = SESSION_OP_SETUPCONF;

    if (c && session_call_features(core, c->session) & session_contract(SESSION_OP_PREPAREADDCONF)->call_feature)
        begin = SESSION_OP_PREPAREADDCONF;
    return key_join(s, core, SESSION_ONHOLDPENDCONF, begin, SESSION_OP_ADDTOCONF);
}

static enum session_phone_err key_drop(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s) ? at_hand(s) : first_in(s, RINGING);

    return c ? want_of(s, core, SESSION_OP_DROP, c->session) : SESSION_PHONE_E_BADSTATE;
}

static enum session_phone_err key_redial(struct set *s, const struct session_core *core)
{
    const struct set_call *c = at_hand(s);

    if (!s->last[0])
        return SESSION_PHONE_E_BADSTATE;
    if (c && c->state == SESSION_DIALTONE)
        return want(s, SESSION_OP_DIAL, c->session, s->last);
    if (c && !(c->state & HELD))
        return SESSION_PHONE_E_BADSTATE;
    return make(s, core, s->last);
}

static enum session_phone_err key_speaker(struct set *s, const struct session_core *core)
{
    bool on = s->phone.hook[1] != SESSION_HOOK_ONHOOK;

    return set_hook(s, core, SESSION_HOOKDEV_SPEAKER, on ? SESSION_HOOK_ONHOOK : SESSION_HOOK_MICSPEAKER);
}

void set_message(struct set *s, bool on)
{
    s->message = on;
    feature_lamp(s, SESSION_BUTTONFUNCTION_MSGINDICATOR, on);
}

enum session_phone_err set_press(struct set *s, const struct session_core *core, uint32_t id, bool down)
{
    enum session_phone_err err = session_phone_press(&s->phone, id, down);

    if (err || !down)
        return err;
    set_give_up(s);
    if (!routed(s, core, SESSION_TERM_BUTTONS))
        return SESSION_PHONE_E_OK;
    switch (s->phone.buttonv[id].function) {
    case SESSION_BUTTONFUNCTION_CALLAPP:
        err = key_call(s, core, id - SESSION_PHONE_KEY_CALL);
        break;
    case SESSION_BUTTONFUNCTION_HOLD:
        err = key_hold(s, core);
        break;
    case SESSION_BUTTONFUNCTION_TRANSFER:
        err = key_join(s, core, SESSION_ONHOLDPENDTRANSFER, SESSION_OP_SETUPTRANSFER, SESSION_OP_COMPLETETRANSFER);
        break;
    case SESSION_BUTTONFUNCTION_CONFERENCE:
        err = key_conference(s, core);
        break;
    case SESSION_BUTTONFUNCTION_DROP:
        err = key_drop(s, core);
        break;
    case SESSION_BUTTONFUNCTION_LASTNUM:
        err = key_redial(s, core);
        break;
    case SESSION_BUTTONFUNCTION_DONOTDISTURB:
        s->dnd = !s->dnd;
        feature_lamp(s, SESSION_BUTTONFUNCTION_DONOTDISTURB, s->dnd);
        follow(s, core);
        break;
    case SESSION_BUTTONFUNCTION_MSGINDICATOR:
        set_message(s, false);
        if (session_line_status(core, s->line) & SESSION_STATUS_MSGWAIT)
            err = want_heard(s);
        break;
    case SESSION_BUTTONFUNCTION_SPEAKERON:
        err = key_speaker(s, core);
        break;
    default:
        if (id < SESSION_PHONE_KEY_HOLD)
            err = key_digit(s, id);
        break;
    }
    if (err) {
        set_give_up(s);
        s->chosen = 0;
    }
    return err;
}

const char *set_check(const struct set *s)
{
    for (uint32_t i = 0; i < s->phone.appearancec; i++) {
        if (!s->callv[i].session != !s->callv[i].state)
            return "an appearance has a call without a state";
        if (!s->callv[i].session && s->at_hand == i + 1)
            return "the call at hand is none";
        for (uint32_t k = 0; k < i; k++)
            if (s->callv[i].session && s->callv[i].session == s->callv[k].session)
                return "a call has two appearances";
    }
    return s->at_hand > s->phone.appearancec ? "the call at hand has no appearance" : session_phone_check(&s->phone);
}
