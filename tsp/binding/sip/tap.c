/* Listens to the sound of a call: a port between its stream and the bridge, at the rate of what hears.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/ua.h"
#include "tsp/media/hear.h"

#include <stdatomic.h>
#include <string.h>

enum { EVENTS_MAX = 32, SILENCE = 160 };

/* Its frames pass on pjmedia's clock; what is heard waits in `evv` until the binding's thread comes for it. */
struct sip_tap {
    pjmedia_port port;
    pjmedia_port *stream;
    pjmedia_resample *down, *up; /* NULL: the stream has that rate, too */
    int16_t *downv, *upv;        /* a frame of the stream, for each */
    struct sip_ua *ua;
    struct sip_side *side;
    struct hear *hear;
    struct hear_event evv[EVENTS_MAX];
    uint32_t evc;
    bool listed;
    struct sip_tap *next;
};

static void heard(const struct hear_event *ev, void *arg)
{
    struct sip_tap *tap = arg;
    struct sip_ua *ua = tap->ua;
    bool poke;

    platform_mutex_lock(&ua->tap_lock);
    if (tap->evc < EVENTS_MAX) {
        tap->evv[tap->evc++] = *ev;
    } else if (!ev->on) {
        tap->evv[EVENTS_MAX - 1] = *ev; /* nothing is heard for ever */
    }
    poke = !ua->taps;
    if (!tap->listed) {
        tap->listed = true;
        tap->next = ua->taps;
        ua->taps = tap;
    }
    platform_mutex_unlock(&ua->tap_lock);
    if (poke) {
        sip_back_poke(ua->x);
    }
}

static pj_status_t put_frame(pjmedia_port *port, pjmedia_frame *frame)
{
    struct sip_tap *tap = (struct sip_tap *)port;
    pjmedia_frame other = *frame;

    if (tap->up && frame->type == PJMEDIA_FRAME_TYPE_AUDIO) {
        pjmedia_resample_run(tap->up, frame->buf, tap->upv);
        other.buf = tap->upv;
        other.size = PJMEDIA_PIA_SPF(&tap->stream->info) * sizeof(int16_t);
    }
    return pjmedia_port_put_frame(tap->stream, &other);
}

static pj_status_t get_resampled(struct sip_tap *tap, pjmedia_frame *frame)
{
    pjmedia_frame other = *frame;
    pj_status_t status;

    other.buf = tap->downv;
    other.size = PJMEDIA_PIA_SPF(&tap->stream->info) * sizeof(int16_t);
    status = pjmedia_port_get_frame(tap->stream, &other);
    frame->type = other.type;
    frame->timestamp = other.timestamp;
    frame->bit_info = other.bit_info;
    frame->size = 0;
    if (status == PJ_SUCCESS && frame->type == PJMEDIA_FRAME_TYPE_AUDIO) {
        pjmedia_resample_run(tap->down, tap->downv, frame->buf);
        frame->size = PJMEDIA_PIA_SPF(&tap->port.info) * sizeof(int16_t);
    }
    return status;
}

static pj_status_t get_frame(pjmedia_port *port, pjmedia_frame *frame)
{
    static const int16_t silence[SILENCE];
    struct sip_tap *tap = (struct sip_tap *)port;
    pj_status_t status = tap->down ? get_resampled(tap, frame) : pjmedia_port_get_frame(tap->stream, frame);

    if (status == PJ_SUCCESS && frame->type == PJMEDIA_FRAME_TYPE_AUDIO) {
        hear_samples(tap->hear, frame->buf, frame->size / sizeof(int16_t));
    } else {
        for (size_t rest = PJMEDIA_PIA_SPF(&port->info), some; rest; rest -= some) {
            some = rest < SILENCE ? rest : SILENCE;
            hear_samples(tap->hear, silence, some);
        }
    }
    return status;
}

/* The stream has another rate: the tap's port is of frames that last as long as its. False: that cannot be. */
static bool resample(struct sip_tap *tap, pj_pool_t *pool)
{
    const pjmedia_port_info *of = &tap->stream->info;
    unsigned rate = PJMEDIA_PIA_SRATE(of), count = PJMEDIA_PIA_SPF(of);
    unsigned own = rate ? (unsigned)((uint64_t)count * HEAR_RATE / rate) : 0;

    if (!own || (uint64_t)own * rate != (uint64_t)count * HEAR_RATE) {
        return false;
    }
    tap->downv = pj_pool_alloc(pool, count * sizeof(int16_t));
    tap->upv = pj_pool_alloc(pool, count * sizeof(int16_t));
    return tap->downv && tap->upv &&
           pjmedia_resample_create(pool, PJ_TRUE, PJ_TRUE, 1, rate, HEAR_RATE, count, &tap->down) == PJ_SUCCESS &&
           pjmedia_resample_create(pool, PJ_TRUE, PJ_TRUE, 1, HEAR_RATE, rate, own, &tap->up) == PJ_SUCCESS &&
           pjmedia_port_info_init(&tap->port.info, &of->name, of->signature, HEAR_RATE, 1, 16, own) == PJ_SUCCESS;
}

pjmedia_port *sip_tap_open(struct sip_side *side, pj_pool_t *pool, pjmedia_port *stream)
{
    struct sip_tap *tap = pj_pool_zalloc(pool, sizeof(*tap));

    if (!tap || PJMEDIA_PIA_CCNT(&stream->info) != 1) {
        return stream;
    }
    tap->stream = stream;
    tap->port.info = stream->info;
    if (PJMEDIA_PIA_SRATE(&stream->info) != HEAR_RATE && !resample(tap, pool)) {
        return stream;
    }
    tap->hear = hear_alloc(heard, tap);
    if (!tap->hear) {
        return stream;
    }
    tap->port.get_frame = get_frame;
    tap->port.put_frame = put_frame;
    tap->ua = side->x->ua;
    tap->side = side;
    side->media.tap = tap;
    return &tap->port;
}

void sip_tap_close(struct sip_media *m)
{
    struct sip_tap *tap = m->tap, **at;

    if (!tap) {
        return;
    }
    m->tap = NULL;
    platform_mutex_lock(&tap->ua->tap_lock);
    for (at = &tap->ua->taps; tap->listed && *at != tap; at = &(*at)->next) {
    }
    if (tap->listed) {
        *at = tap->next;
    }
    platform_mutex_unlock(&tap->ua->tap_lock);
    hear_free(tap->hear); /* the memory of the tap is the stream's */
}

static void say(struct sip_call *call, const struct hear_event *heard_ev)
{
    struct sip_event *ev;
    struct session_sound sound;
    uint32_t media = 0;

    memset(&sound, 0, sizeof(sound));
    switch (heard_ev->kind) {
    case HEAR_DIGIT:
        /* a gateway may let through some of the sound of what it sends as an event, too */
        if (call->side->media.events_seen || !session_digit_sound(heard_ev->digit, SESSION_DIGIT_DTMF, &sound)) {
            return;
        }
        break;
    case HEAR_TONE:
        memcpy(sound.freqv, heard_ev->freqv, sizeof(sound.freqv));
        sound.tolerance = HEAR_TOLERANCE;
        break;
    case HEAR_NOISE:
        break;
    case HEAR_FAX:
        media = SESSION_MEDIA_G3FAX;
        break;
    case HEAR_MODEM:
        media = SESSION_MEDIA_DATAMODEM;
        break;
    }
    ev = sip_event_new(call->x, SESSION_IND_SOUND, call->leg);
    if (ev) {
        ev->state = heard_ev->on;
        ev->media_modes = media;
        ev->sound = sound;
        sip_say(call->x, ev);
    }
}

void sip_taps_run(struct sip_ua *ua)
{
    struct hear_event evv[EVENTS_MAX];

    for (;;) {
        struct sip_call *call = NULL;
        struct sip_tap *tap;
        uint32_t evc = 0;

        platform_mutex_lock(&ua->tap_lock);
        tap = ua->taps;
        if (tap) {
            ua->taps = tap->next;
            tap->listed = false;
            evc = tap->evc;
            memcpy(evv, tap->evv, evc * sizeof(*evv));
            tap->evc = 0;
        }
        platform_mutex_unlock(&ua->tap_lock);
        if (!tap) {
            return;
        }
        call = tap->side->call; /* both are this thread's */
        for (uint32_t i = 0; i < evc && call && call->side == tap->side && call->told; i++) {
            say(call, &evv[i]);
        }
    }
}
