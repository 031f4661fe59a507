/* TSPI_lineSetMediaControl: what acts by itself on what a call plays. SPDX-License-Identifier: MIT */
#include "tsp/tspi/extra.h"

#include <string.h>

#define SAME(name)                                                                                                     \
    _Static_assert((DWORD)SESSION_CONTROL_##name == (DWORD)LINEMEDIACONTROL_##name, #name " differs from TAPI")
SAME(NONE);
SAME(START);
SAME(RESET);
SAME(PAUSE);
SAME(RESUME);
SAME(RATEUP);
SAME(RATEDOWN);
SAME(RATENORMAL);
SAME(VOLUMEUP);
SAME(VOLUMEDOWN);
SAME(VOLUMENORMAL);
#undef SAME
_Static_assert((DWORD)SESSION_SELECT_LINE == (DWORD)LINECALLSELECT_LINE &&
                   (DWORD)SESSION_SELECT_ADDRESS == (DWORD)LINECALLSELECT_ADDRESS &&
                   (DWORD)SESSION_SELECT_CALL == (DWORD)LINECALLSELECT_CALL,
               "LINECALLSELECT_ differs from TAPI");

LONG tspi_select_enter(HDRVLINE line, DWORD address, HDRVCALL call, DWORD select, struct session_req *req)
{
    req->value = select;
    req->address = address;
    switch (select) {
    case LINECALLSELECT_LINE:
    case LINECALLSELECT_ADDRESS:
        return tspi_enter_line(line, &req->line);
    case LINECALLSELECT_CALL:
        return tspi_enter_call(call, &req->session);
    default:
        return (LONG)LINEERR_INVALCALLSELECT;
    }
}

/* The lists as the core has them. */
struct lists {
    struct session_control_digit digitv[SESSION_CONTROL_MAX];
    struct session_control_media mediav[SESSION_CONTROL_MAX];
    struct session_control_tone tonev[SESSION_CONTROL_MAX];
    struct session_control_state statev[SESSION_CONTROL_MAX];
};

static bool action_ok(DWORD action)
{
    return action && !(action & (action - 1)) && action <= SESSION_CONTROL_ALL;
}

static bool digit_from(struct session_control_digit *to, const LINEMEDIACONTROLDIGIT *from)
{
    const DWORD all = LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF | LINEDIGITMODE_DTMFEND;
    struct session_sound sound;
    LINEMEDIACONTROLDIGIT d;
    char c;

    memcpy(&d, from, sizeof d); /* it may lie at any address */
    c = (char)(d.dwDigit & 0xFF);
    if (c >= 'a' && c <= 'd')
        c = (char)(c - 32);
    *to = (struct session_control_digit){c, d.dwDigitModes, d.dwMediaControl};
    return d.dwDigitModes && !(d.dwDigitModes & ~all) && action_ok(d.dwMediaControl) &&
           session_digit_sound(c, d.dwDigitModes & ~(DWORD)LINEDIGITMODE_PULSE ? LINEDIGITMODE_DTMF : LINEDIGITMODE_PULSE,
                               &sound);
}

static bool media_from(struct session_control_media *to, const LINEMEDIACONTROLMEDIA *from)
{
    LINEMEDIACONTROLMEDIA m;

    memcpy(&m, from, sizeof m);
    *to = (struct session_control_media){m.dwMediaModes, m.dwDuration, m.dwMediaControl};
    return m.dwMediaModes && !(m.dwMediaModes & ~(DWORD)TSPI_MEDIA_MODES) && action_ok(m.dwMediaControl);
}

static bool tone_from(struct session_control_tone *to, const LINEMEDIACONTROLTONE *from)
{
    LINEMEDIACONTROLTONE t;

    memcpy(&t, from, sizeof t);
    *to = (struct session_control_tone){{(uint16_t)t.dwFrequency1, (uint16_t)t.dwFrequency2, (uint16_t)t.dwFrequency3},
                                        t.dwDuration,
                                        t.dwMediaControl};
    return t.dwFrequency1 <= SESSION_FREQUENCY_MAX && t.dwFrequency2 <= SESSION_FREQUENCY_MAX &&
           t.dwFrequency3 <= SESSION_FREQUENCY_MAX && action_ok(t.dwMediaControl);
}

static bool state_from(struct session_control_state *to, const LINEMEDIACONTROLCALLSTATE *from)
{
    LINEMEDIACONTROLCALLSTATE s;

    memcpy(&s, from, sizeof s);
    *to = (struct session_control_state){s.dwCallStates, s.dwMediaControl};
    return s.dwCallStates && !(s.dwCallStates & ~(DWORD)SESSION_STATES_ALL) && action_ok(s.dwMediaControl);
}

/**
 * Replaces what acts by itself on the media stream of a call, or of all calls of a line or address, those that are there
 * and those to come: the stream is what this end plays into the call (digits, tones), see include/sessiontsp.h. A list
 * that is NULL triggers nothing. Of kinds of media those are heard that TSPI_lineMonitorMedia hears.
 * @param dwSelect  LINECALLSELECT_LINE, _ADDRESS or _CALL
 * @return 0, INVALCALLSELECT, INVALLINEHANDLE, INVALADDRESSID, INVALCALLHANDLE, INVALDIGITLIST, INVALMEDIALIST,
 *         INVALTONELIST, INVALCALLSTATELIST (more entries than LINEDEVCAPS says, one that can trigger nothing, or not one
 *         LINEMEDIACONTROL_), NOMEM.
 * Thread: any. Source: TSPI_lineSetMediaControl.
 */
LONG TSPIAPI TSPI_lineSetMediaControl(HDRVLINE hdLine, DWORD dwAddressID, HDRVCALL hdCall, DWORD dwSelect,
                                      LPLINEMEDIACONTROLDIGIT const lpDigitList, DWORD dwDigitNumEntries,
                                      LPLINEMEDIACONTROLMEDIA const lpMediaList, DWORD dwMediaNumEntries,
                                      LPLINEMEDIACONTROLTONE const lpToneList, DWORD dwToneNumEntries,
                                      LPLINEMEDIACONTROLCALLSTATE const lpCallStateList, DWORD dwCallStateNumEntries)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_SETMEDIACONTROL}};
    struct lists l;
    struct session_control c = {
        .digitv = l.digitv, .mediav = l.mediav, .tonev = l.tonev, .statev = l.statev};
    enum session_err err;
    LONG result;

    c.digitc = lpDigitList ? dwDigitNumEntries : 0;
    c.mediac = lpMediaList ? dwMediaNumEntries : 0;
    c.tonec = lpToneList ? dwToneNumEntries : 0;
    c.statec = lpCallStateList ? dwCallStateNumEntries : 0;
    if (c.digitc > SESSION_CONTROL_MAX)
        return (LONG)LINEERR_INVALDIGITLIST;
    if (c.mediac > SESSION_CONTROL_MAX)
        return (LONG)LINEERR_INVALMEDIALIST;
    if (c.tonec > SESSION_CONTROL_MAX)
        return (LONG)LINEERR_INVALTONELIST;
    if (c.statec > SESSION_CONTROL_MAX)
        return (LONG)LINEERR_INVALCALLSTATELIST;
    for (DWORD i = 0; i < c.digitc; i++)
        if (!digit_from(&l.digitv[i], &lpDigitList[i]))
            return (LONG)LINEERR_INVALDIGITLIST;
    for (DWORD i = 0; i < c.mediac; i++)
        if (!media_from(&l.mediav[i], &lpMediaList[i]))
            return (LONG)LINEERR_INVALMEDIALIST;
    for (DWORD i = 0; i < c.tonec; i++)
        if (!tone_from(&l.tonev[i], &lpToneList[i]))
            return (LONG)LINEERR_INVALTONELIST;
    for (DWORD i = 0; i < c.statec; i++)
        if (!state_from(&l.statev[i], &lpCallStateList[i]))
            return (LONG)LINEERR_INVALCALLSTATELIST;
    result = tspi_select_enter(hdLine, dwAddressID, hdCall, dwSelect, &in.u.op);
    if (result)
        return result;
    in.u.op.control = &c;
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_error(err);
}
