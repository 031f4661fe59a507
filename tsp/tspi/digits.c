/* TSPI functions on digits, tones and kinds of media of a call. SPDX-License-Identifier: MIT */
#include "tsp/tspi/data.h"

#include <string.h>

enum {
    TIMEOUT_MAX_MS = 3600000,
    TONE_MODES =
        LINETONEMODE_CUSTOM | LINETONEMODE_RINGBACK | LINETONEMODE_BUSY | LINETONEMODE_BEEP | LINETONEMODE_BILLING,
};

/* A synchronous operation on a call. */
static LONG step(HDRVCALL hd, struct session_in *in)
{
    enum session_err err;
    LONG result = tspi_enter_call(hd, &in->u.op.session);

    if (result)
        return result;
    err = tspi_step(in, NULL);
    tspi_leave();
    return tspi_error(err);
}

/* ---- to the other end -------------------------------------------------------------------------------------------- */

static uint32_t in_range(uint32_t ms)
{
    return ms < SESSION_DIGIT_MIN_MS ? SESSION_DIGIT_MIN_MS : ms > SESSION_DIGIT_MAX_MS ? SESSION_DIGIT_MAX_MS : ms;
}

/* Digits of a host's text, those without a sound left out. False: too many. */
static bool digits_from(LPCWSTR text, char digits[SESSION_DIGITS_MAX], uint32_t *count)
{
    *count = 0;
    for (; *text; text++) {
        WCHAR c = *text >= 'a' && *text <= 'd' ? (WCHAR)(*text - 32) : *text;

        if (c >= 0x80 || !strchr("0123456789ABCD*#,!", (char)c))
            continue;
        if (*count == SESSION_DIGITS_MAX)
            return false;
        digits[(*count)++] = (char)c;
    }
    return true;
}

/**
 * Sends digits to whoever hears the call; LINE_GENERATE tells the end. NULL: ends what is being sent. A duration of 0
 * means the call's dial parameters; one out of range becomes the nearest that is in it. A comma is a pause, '!' the time
 * of a hookflash, which means nothing to the exchange; what is neither a digit of the mode is passed over, as the
 * documents want, and is no error.
 * @return 0, INVALCALLHANDLE, INVALDIGITMODE, INVALPARAM (more than SESSION_DIGITS_MAX digits), NOMEM.
 * Thread: any. Source: TSPI_lineGenerateDigits.
 */
LONG TSPIAPI TSPI_lineGenerateDigits(HDRVCALL hdCall, DWORD dwEndToEndID, DWORD dwDigitMode, LPCWSTR lpszDigits,
                                     DWORD dwDuration)
{
    struct session_listen l = {.play.kind = SESSION_PLAY_NONE};
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_GENERATEDIGITS, .listen = &l}};
    const struct session_media *m;
    char digits[SESSION_DIGITS_MAX];
    enum session_err err;
    LONG result;

    if (lpszDigits) {
        if (dwDigitMode != LINEDIGITMODE_PULSE && dwDigitMode != LINEDIGITMODE_DTMF)
            return (LONG)LINEERR_INVALDIGITMODE;
        if (!digits_from(lpszDigits, digits, &l.play.digitc))
            return (LONG)LINEERR_INVALPARAM;
        l.play.kind = SESSION_PLAY_DIGITS;
        l.play.mode = dwDigitMode;
        l.play.digits = digits;
        l.play.id = dwEndToEndID;
    }
    result = tspi_enter_call(hdCall, &in.u.op.session);
    if (result)
        return result;
    m = session_media(tspi.core, in.u.op.session);
    l.play.pause_ms = SESSION_PAUSE_MS;
    l.play.digit_ms = dwDuration ? in_range(dwDuration) : SESSION_DIGIT_MS;
    l.play.gap_ms = dwDuration ? in_range(dwDuration) : SESSION_SPEED_MS;
    if (m && m->dial_params.speed_ms) {
        l.play.pause_ms = m->dial_params.pause_ms;
        if (!dwDuration) {
            l.play.digit_ms = m->dial_params.digit_ms;
            l.play.gap_ms = m->dial_params.speed_ms;
        }
    }
    err = tspi_step(&in, NULL);
    tspi_leave();
    return tspi_error(err);
}

/* The standard tones, as sent in North America. `ms`: of those that end by themselves. */
static const struct {
    uint32_t mode, tonec;
    struct session_tone tonev[2];
    uint32_t ms;
} standardv[] = {
    {LINETONEMODE_RINGBACK, 2, {{440, 2000, 4000}, {480, 2000, 4000}}, 0},
    {LINETONEMODE_BUSY, 2, {{480, 500, 500}, {620, 500, 500}}, 0},
    {LINETONEMODE_BEEP, 1, {{1400, 0, 0}}, 0},
    {LINETONEMODE_BILLING, 2, {{941, 0, 0}, {1477, 0, 0}}, 700},
};

static LONG tone_of(struct session_play *p, DWORD mode, DWORD duration, DWORD count, const LINEGENERATETONE *tones)
{
    p->kind = SESSION_PLAY_TONES;
    p->total_ms = duration;
    if (mode != LINETONEMODE_CUSTOM) {
        for (size_t i = 0; i < sizeof standardv / sizeof *standardv; i++) {
            if (standardv[i].mode != mode)
                continue;
            p->tonec = standardv[i].tonec;
            memcpy(p->tonev, standardv[i].tonev, sizeof standardv[i].tonev);
            if (!duration)
                p->total_ms = standardv[i].ms;
            return 0;
        }
        return (LONG)LINEERR_INVALTONEMODE;
    }
    if (!count || count > SESSION_TONES_MAX)
        return (LONG)LINEERR_INVALTONE;
    if (!tones)
        return (LONG)LINEERR_INVALPOINTER;
    p->tonec = count;
    for (DWORD i = 0; i < count; i++) {
        LINEGENERATETONE t;

        memcpy(&t, &tones[i], sizeof t);
        /* its volume is not carried: a sound is there or not */
        if (t.dwFrequency == 0 || t.dwFrequency > SESSION_FREQUENCY_MAX || (t.dwCadenceOff && !t.dwCadenceOn))
            return (LONG)LINEERR_INVALTONE;
        p->tonev[i].freq = (uint16_t)t.dwFrequency;
        p->tonev[i].on_ms = t.dwCadenceOn;
        p->tonev[i].off_ms = t.dwCadenceOff;
    }
    return 0;
}

/**
 * Sends a tone; LINE_GENERATE tells the end. Mode 0: ends what is being sent. Duration 0: until it is ended, but BILLING
 * ends by itself.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE, INVALTONEMODE, INVALTONE (count, frequency or cadence), INVALPOINTER,
 *         NOMEM.
 * Thread: any. Source: TSPI_lineGenerateTone.
 */
LONG TSPIAPI TSPI_lineGenerateTone(HDRVCALL hdCall, DWORD dwEndToEndID, DWORD dwToneMode, DWORD dwDuration,
                                   DWORD dwNumTones, LPLINEGENERATETONE const lpTones)
{
    struct session_listen l = {.play.kind = SESSION_PLAY_NONE};
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_GENERATETONE, .listen = &l}};

    if (dwToneMode) {
        LONG result = tone_of(&l.play, dwToneMode, dwDuration, dwNumTones, lpTones);

        if (result)
            return result;
        l.play.id = dwEndToEndID;
    }
    return step(hdCall, &in);
}

/* ---- from the other end ------------------------------------------------------------------------------------------ */

static bool timeout_ok(DWORD ms)
{
    return ms <= TIMEOUT_MAX_MS;
}

/**
 * Collects digits into `lpsDigits` until LINE_GATHERDIGITS; NULL: ends collecting. A timeout of 0 is none.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE, INVALDIGITMODE, INVALDIGITS (a termination digit that no mode has),
 *         INVALPARAM (no room), INVALTIMEOUT, NOMEM.
 * Thread: any. Source: TSPI_lineGatherDigits.
 */
LONG TSPIAPI TSPI_lineGatherDigits(HDRVCALL hdCall, DWORD dwEndToEndID, DWORD dwDigitModes, LPWSTR lpsDigits,
                                   DWORD dwNumDigits, LPCWSTR lpszTerminationDigits, DWORD dwFirstDigitTimeout,
                                   DWORD dwInterDigitTimeout)
{
    struct session_listen l = {.gather = {.digits = (uint16_t *)lpsDigits}};
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_GATHERDIGITS, .listen = &l}};
    struct session_gather *g = &l.gather;

    if (lpsDigits) {
        if (!dwDigitModes || dwDigitModes & ~(DWORD)(LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF))
            return (LONG)LINEERR_INVALDIGITMODE;
        if (!dwNumDigits)
            return (LONG)LINEERR_INVALPARAM;
        if (!timeout_ok(dwFirstDigitTimeout) || !timeout_ok(dwInterDigitTimeout))
            return (LONG)LINEERR_INVALTIMEOUT;
        for (LPCWSTR c = lpszTerminationDigits; c && *c; c++) {
            struct session_sound sound;
            char digit = (char)(*c >= 'a' && *c <= 'd' ? *c - 32 : *c);
            size_t len = strlen(g->term);

            if (*c >= 0x80 ||
                !session_digit_sound(
                    digit, dwDigitModes & LINEDIGITMODE_DTMF ? LINEDIGITMODE_DTMF : LINEDIGITMODE_PULSE, &sound))
                return (LONG)LINEERR_INVALDIGITS;
            if (!strchr(g->term, digit) && len < sizeof g->term - 1)
                g->term[len] = digit;
        }
        g->modes = dwDigitModes;
        g->digitc = dwNumDigits;
        g->first_ms = dwFirstDigitTimeout;
        g->inter_ms = dwInterDigitTimeout;
        g->id = dwEndToEndID;
    }
    return step(hdCall, &in);
}

/**
 * Which digits are to be reported as they are heard (LINE_MONITORDIGITS); 0: none.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE, INVALDIGITMODE, NOMEM.
 * Thread: any. Source: TSPI_lineMonitorDigits.
 */
LONG TSPIAPI TSPI_lineMonitorDigits(HDRVCALL hdCall, DWORD dwDigitModes)
{
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_MONITORDIGITS, .value = dwDigitModes}};

    if (dwDigitModes & ~(DWORD)(LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF | LINEDIGITMODE_DTMFEND))
        return (LONG)LINEERR_INVALDIGITMODE;
    return step(hdCall, &in);
}

/**
 * Which tones are to be reported (LINE_MONITORTONE): replaces the list `dwToneListID`; no entries take it away. An
 * entry without a frequency is silence.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE, INVALTONE, INVALTONELIST (more than SESSION_TONE_LIST_MAX),
 * RESOURCEUNAVAIL (too many over all lists), NOMEM. Thread: any. Source: TSPI_lineMonitorTones.
 */
LONG TSPIAPI TSPI_lineMonitorTones(HDRVCALL hdCall, DWORD dwToneListID, LPLINEMONITORTONE const lpToneList,
                                   DWORD dwNumEntries)
{
    struct session_watch watchv[SESSION_TONE_LIST_MAX];
    struct session_listen l = {.list = dwToneListID, .watchv = watchv};
    struct session_in in = {.type = SESSION_IN_OP, .u.op = {.op = SESSION_OP_MONITORTONES, .listen = &l}};

    if (lpToneList) {
        if (dwNumEntries > SESSION_TONE_LIST_MAX)
            return (LONG)LINEERR_INVALTONELIST;
        for (DWORD i = 0; i < dwNumEntries; i++) {
            LINEMONITORTONE t;

            memcpy(&t, &lpToneList[i], sizeof t);
            if (t.dwFrequency1 > SESSION_FREQUENCY_MAX || t.dwFrequency2 > SESSION_FREQUENCY_MAX ||
                t.dwFrequency3 > SESSION_FREQUENCY_MAX)
                return (LONG)LINEERR_INVALTONE;
            watchv[i] =
                (struct session_watch){t.dwAppSpecific,
                                       t.dwDuration,
                                       {(uint16_t)t.dwFrequency1, (uint16_t)t.dwFrequency2, (uint16_t)t.dwFrequency3}};
        }
        l.watchc = dwNumEntries;
    }
    return step(hdCall, &in);
}

/**
 * Which kinds of media are to be reported (LINE_MONITORMEDIA) when their tones are heard: the calling tone of a fax,
 * the answering tone of a modem. Other kinds are accepted, and never detected. Until it is called, a call listens for
 * those of TSPI_lineSetDefaultMediaDetection.
 * @return 0, INVALCALLHANDLE, INVALCALLSTATE, INVALMEDIAMODE (no such kind), NOMEM.
 * Thread: any. Source: TSPI_lineMonitorMedia.
 */
LONG TSPIAPI TSPI_lineMonitorMedia(HDRVCALL hdCall, DWORD dwMediaModes)
{
    struct session_in in = {.type = SESSION_IN_OP,
                            .u.op = {.op = SESSION_OP_MONITORMEDIA, .media_modes = dwMediaModes}};

    if (dwMediaModes & ~(DWORD)TSPI_MEDIA_MODES)
        return (LONG)LINEERR_INVALMEDIAMODE;
    return step(hdCall, &in);
}

void tspi_fill_tones(LINEDEVCAPS *caps)
{
    caps->dwGenerateToneModes = TONE_MODES;
    caps->dwGenerateToneMaxNumFreq = SESSION_TONES_MAX;
    caps->dwGenerateDigitModes = LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF;
    caps->dwMonitorToneMaxNumFreq = SESSION_TONES_MAX;
    caps->dwMonitorToneMaxNumEntries = SESSION_TONE_LIST_MAX;
    caps->dwMonitorDigitModes = LINEDIGITMODE_PULSE | LINEDIGITMODE_DTMF | LINEDIGITMODE_DTMFEND;
    caps->dwGatherDigitsMinTimeout = 1;
    caps->dwGatherDigitsMaxTimeout = TIMEOUT_MAX_MS;
}
