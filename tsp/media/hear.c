/* Hears digits and machines by spandsp, and tones of any frequency by their spectrum. SPDX-License-Identifier: MIT */
#include "tsp/media/hear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <spandsp/telephony.h>

#include <spandsp/logging.h>
#include <spandsp/queue.h>
#include <spandsp/complex.h>
#include <spandsp/dds.h>
#include <spandsp/power_meter.h>
#include <spandsp/async.h>
#include <spandsp/tone_detect.h>
#include <spandsp/tone_generate.h>
#include <spandsp/super_tone_rx.h>
#include <spandsp/dtmf.h>
#include <spandsp/fsk.h>
#include <spandsp/modem_connect_tones.h>

/*
 * spandsp finds tones whose frequencies it is told beforehand. What applications may listen for is anything, so that
 * tones are looked for as peaks: of 100 ms, every 50 ms. Two windows that agree are a tone; one that does not ends it.
 */
enum {
    WINDOW = 800,
    HOP = 400,
    BITS = 10,
    SIZE = 1 << BITS,
    LOBE = 3,
    LOW_BIN = 13,
    HIGH_BIN = 488,
    QUIET_WINDOWS = 4
};
#define QUIET (50.0f * 50.0f) /* mean square of what is silence: -50 dBm0 */
#define PURE 0.85f            /* of the energy is in the tones */
#define FAINTER 0.06f         /* of a tone against the loudest: -12 dB */

struct hear {
    hear_h *h;
    void *arg;
    dtmf_rx_state_t *dtmf;
    modem_connect_tones_rx_state_t *cng, *ced;
    bool digit_on;
    bool said; /* there is a sound */
    struct hear_event sound;
    enum hear_kind machine;
    bool machine_on;
    uint16_t lastv[HEAR_TONES]; /* of the window before */
    unsigned quiet, loud;       /* windows since it was not; and of what is neither quiet nor tones */
    size_t samplec;
    int16_t samplev[WINDOW];
};

static float windowv[WINDOW], cosv[SIZE / 2], sinv[SIZE / 2];
static bool tables_made;

static void make_tables(void)
{
    const double pi = 3.14159265358979323846;

    for (int i = 0; i < WINDOW; i++) {
        windowv[i] = (float)(0.5 - 0.5 * cos(2 * pi * (i + 0.5) / WINDOW));
    }
    for (int i = 0; i < SIZE / 2; i++) {
        cosv[i] = (float)cos(2 * pi * i / SIZE);
        sinv[i] = (float)-sin(2 * pi * i / SIZE);
    }
    tables_made = true;
}

/* ---- the spectrum ------------------------------------------------------------------------------------------------ */

static void transform(float *re, float *im)
{
    for (unsigned i = 1, k = 0; i < SIZE; i++) {
        unsigned bit = SIZE >> 1;

        for (; k & bit; bit >>= 1) {
            k ^= bit;
        }
        k ^= bit;
        if (i < k) {
            float t = re[i];

            re[i] = re[k];
            re[k] = t;
        }
    }
    for (unsigned len = 2; len <= SIZE; len *= 2) {
        unsigned step = SIZE / len;

        for (unsigned i = 0; i < SIZE; i += len) {
            for (unsigned k = 0; k < len / 2; k++) {
                unsigned a = i + k, b = a + len / 2;
                float c = cosv[k * step], s = sinv[k * step], x = re[b] * c - im[b] * s, y = re[b] * s + im[b] * c;

                re[b] = re[a] - x;
                im[b] = im[a] - y;
                re[a] += x;
                im[a] += y;
            }
        }
    }
}

/* Where between the bins a peak is. */
static uint16_t frequency(const float *power, int bin)
{
    float l = logf(power[bin - 1] + 1.0f), m = logf(power[bin] + 1.0f), r = logf(power[bin + 1] + 1.0f),
          d = l - 2 * m + r, off = d < -1e-6f ? 0.5f * (l - r) / d : 0.0f;

    return (uint16_t)(((float)bin + off) * HEAR_RATE / SIZE + 0.5f);
}

/* Whether the window is one to three tones. */
static bool find_tones(const int16_t *samplev, uint16_t freqv[HEAR_TONES])
{
    float re[SIZE] = {0}, im[SIZE] = {0}, restv[SIZE / 2], total = 0, found = 0, loudest = 0;
    int n;

    for (int i = 0; i < WINDOW; i++) {
        re[i] = samplev[i] * windowv[i];
    }
    transform(re, im);
    for (int i = 0; i < SIZE / 2; i++) {
        re[i] = restv[i] = re[i] * re[i] + im[i] * im[i];
        total += re[i];
    }
    for (n = 0; n < HEAR_TONES && found < total * PURE; n++) {
        int peak = LOW_BIN;
        float sum = 0;

        for (int i = LOW_BIN; i < HIGH_BIN; i++) {
            peak = restv[i] > restv[peak] ? i : peak;
        }
        for (int i = peak - LOBE; i <= peak + LOBE; i++) {
            sum += restv[i];
            restv[i] = 0;
        }
        loudest = n ? loudest : sum;
        if (sum < loudest * FAINTER) {
            break;
        }
        freqv[n] = frequency(re, peak);
        found += sum;
    }
    for (int i = n; i < HEAR_TONES; i++) {
        freqv[i] = 0;
    }
    for (int i = 1; i < n; i++) {
        for (int k = i; k > 0 && freqv[k] < freqv[k - 1]; k--) {
            uint16_t f = freqv[k];

            freqv[k] = freqv[k - 1];
            freqv[k - 1] = f;
        }
    }
    return n > 0 && found >= total * PURE;
}

static bool near(uint16_t a, uint16_t b)
{
    return a == b || (a && b && abs((int)a - (int)b) <= HEAR_TOLERANCE);
}

static bool same_tones(const uint16_t *a, const uint16_t *b)
{
    return a[0] && near(a[0], b[0]) && near(a[1], b[1]) && near(a[2], b[2]);
}

/* A pair that a digit is made of: the digit was or will be told. */
static bool is_digit(const uint16_t *freqv)
{
    static const uint16_t lowv[] = {697, 770, 852, 941}, highv[] = {1209, 1336, 1477, 1633};
    bool low = false, high = false;

    for (int i = 0; i < 4; i++) {
        low = low || near(freqv[0], lowv[i]);
        high = high || near(freqv[1], highv[i]);
    }
    return low && high && !freqv[2];
}

/* ---- sounds ------------------------------------------------------------------------------------------------------ */

static void tell(struct hear *hear, const struct hear_event *ev)
{
    if (hear->said) {
        hear->said = false;
        hear->sound.on = false;
        hear->h(&hear->sound, hear->arg);
    }
    if (ev) {
        hear->sound = *ev;
        hear->sound.on = true;
        hear->said = true;
        hear->h(&hear->sound, hear->arg);
    }
}

static bool is_now(const struct hear *hear, enum hear_kind kind)
{
    return hear->said && hear->sound.kind == kind;
}

static void look(struct hear *hear)
{
    struct hear_event ev = {.kind = HEAR_NOISE};
    uint16_t lastv[HEAR_TONES];
    float energy = 0;

    for (int i = 0; i < WINDOW; i++) {
        energy += (float)hear->samplev[i] * hear->samplev[i];
    }
    memcpy(lastv, hear->lastv, sizeof(lastv));
    memset(hear->lastv, 0, sizeof(hear->lastv));
    if (energy < QUIET * WINDOW) {
        hear->loud = 0;
        if (is_now(hear, HEAR_TONE) || (is_now(hear, HEAR_NOISE) && ++hear->quiet >= QUIET_WINDOWS)) {
            tell(hear, NULL);
        }
        return;
    }
    hear->quiet = 0;
    if (!find_tones(hear->samplev, hear->lastv)) {
        memset(hear->lastv, 0, sizeof(hear->lastv));
        /* one such window may be the edge of a digit or tone */
        if (++hear->loud >= 2 && !hear->digit_on && !is_now(hear, HEAR_NOISE)) {
            tell(hear, &ev);
        } else if (is_now(hear, HEAR_TONE)) {
            tell(hear, NULL);
        }
        return;
    }
    hear->loud = 0;
    if (hear->digit_on || is_digit(hear->lastv) ||
        (is_now(hear, HEAR_TONE) && same_tones(hear->lastv, hear->sound.freqv))) {
        return;
    }
    if (same_tones(hear->lastv, lastv)) {
        ev.kind = HEAR_TONE;
        memcpy(ev.freqv, hear->lastv, sizeof(ev.freqv));
        tell(hear, &ev);
    } else if (is_now(hear, HEAR_TONE)) {
        tell(hear, NULL); /* another one, perhaps: the next window knows */
    }
}

static void on_digit(void *arg, int code, int level, int delay)
{
    struct hear *hear = arg;
    struct hear_event ev = {.kind = HEAR_DIGIT, .digit = (char)code};

    (void)level;
    (void)delay;
    hear->digit_on = code != 0;
    if (code || is_now(hear, HEAR_DIGIT)) {
        tell(hear, code ? &ev : NULL);
    }
}

/* ---- machines ---------------------------------------------------------------------------------------------------- */

static void machine(struct hear *hear, enum hear_kind kind, bool on)
{
    struct hear_event ev = {.kind = kind, .on = on};

    if (on == hear->machine_on && (!on || kind == hear->machine)) {
        return;
    }
    if (on && hear->machine_on) {
        machine(hear, hear->machine, false);
    }
    ev.kind = on ? kind : hear->machine;
    hear->machine_on = on;
    hear->machine = kind;
    hear->h(&ev, hear->arg);
}

static void on_machine(void *arg, int tone, int level, int delay)
{
    (void)level;
    (void)delay;
    switch (tone) {
    case MODEM_CONNECT_TONES_FAX_CNG:
    case MODEM_CONNECT_TONES_FAX_PREAMBLE:
    case MODEM_CONNECT_TONES_ANS:
        machine(arg, HEAR_FAX, true);
        break;
    case MODEM_CONNECT_TONES_ANS_PR:
    case MODEM_CONNECT_TONES_ANSAM:
    case MODEM_CONNECT_TONES_ANSAM_PR:
        machine(arg, HEAR_MODEM, true);
        break;
    default:
        machine(arg, HEAR_FAX, false);
        break;
    }
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

bool hear_available(void)
{
    return true;
}

struct hear *hear_alloc(hear_h *h, void *arg)
{
    struct hear *hear = calloc(1, sizeof(*hear));

    if (!hear) {
        return NULL;
    }
    if (!tables_made) {
        make_tables();
    }
    hear->h = h;
    hear->arg = arg;
    hear->dtmf = dtmf_rx_init(NULL, NULL, NULL);
    hear->cng = modem_connect_tones_rx_init(NULL, MODEM_CONNECT_TONES_FAX_CNG, on_machine, hear);
    hear->ced = modem_connect_tones_rx_init(NULL, MODEM_CONNECT_TONES_FAX_CED_OR_PREAMBLE, on_machine, hear);
    if (!hear->dtmf || !hear->cng || !hear->ced) {
        hear_free(hear);
        return NULL;
    }
    dtmf_rx_set_realtime_callback(hear->dtmf, on_digit, hear);
    return hear;
}

void hear_free(struct hear *hear)
{
    if (!hear) {
        return;
    }
    if (hear->dtmf) {
        (void)dtmf_rx_free(hear->dtmf);
    }
    if (hear->cng) {
        (void)modem_connect_tones_rx_free(hear->cng);
    }
    if (hear->ced) {
        (void)modem_connect_tones_rx_free(hear->ced);
    }
    free(hear);
}

void hear_samples(struct hear *hear, const int16_t *samplev, size_t samplec)
{
    while (samplec) {
        size_t n = WINDOW - hear->samplec;

        n = n < samplec ? n : samplec;
        (void)dtmf_rx(hear->dtmf, samplev, (int)n);
        (void)modem_connect_tones_rx(hear->cng, samplev, (int)n);
        (void)modem_connect_tones_rx(hear->ced, samplev, (int)n);
        memcpy(hear->samplev + hear->samplec, samplev, n * sizeof(*samplev));
        hear->samplec += n;
        samplev += n;
        samplec -= n;
        if (hear->samplec == WINDOW) {
            look(hear);
            memmove(hear->samplev, hear->samplev + HOP, (WINDOW - HOP) * sizeof(*samplev));
            hear->samplec = WINDOW - HOP;
        }
    }
}
