/* What is heard in a stream of samples: digits, tones, machines. SPDX-License-Identifier: MIT */
#ifndef TSP_MEDIA_HEAR_H
#define TSP_MEDIA_HEAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Samples are 16 bits, 8,000 a second. There is at most one sound at a time: a digit, one to three tones, or anything
 * else that is no silence. Its end is told before the begin of the next. What a machine says it is comes beside that.
 * Thread: a stream belongs to one thread at a time.
 */

enum { HEAR_RATE = 8000, HEAR_TONES = 3, HEAR_TOLERANCE = 12 /* Hz: tones are told apart that are twice as far */ };

enum hear_kind {
    HEAR_DIGIT, /* DTMF, begins after 40 ms at most */
    HEAR_TONE,  /* steady for 100 ms at least */
    HEAR_NOISE, /* speech, music; ends when it was silent for 200 ms */
    HEAR_FAX,  /* calling tone (CNG), or that of who is called (CED without phase reversals), or the preamble of T.30 */
    HEAR_MODEM /* answering tone with phase reversals or modulation (V.25, V.8) */
};

struct hear_event {
    enum hear_kind kind;
    bool on;                    /* it begins; else it has ended */
    char digit;                 /* DIGIT: 0-9 A-D * # */
    uint16_t freqv[HEAR_TONES]; /* TONE: Hz, ascending, those that are not there are 0 */
};

/* Called inside hear_samples. */
typedef void hear_h(const struct hear_event *ev, void *arg);

struct hear;

/* Whether this program was built with what it needs; else hear_alloc gives NULL. Thread: any. */
bool hear_available(void);
/* NULL: no memory. The first call makes tables: no other may run at the same time. */
struct hear *hear_alloc(hear_h *h, void *arg);
void hear_free(struct hear *hear); /* takes NULL; what sounds does not end */
void hear_samples(struct hear *hear, const int16_t *samplev, size_t samplec);

#endif
