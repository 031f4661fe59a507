/* What is heard in samples. SPDX-License-Identifier: MIT */
#include "tsp/media/hear.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

struct ear {
    struct hear *hear;
    char log[1024];
    size_t at;        /* samples so far */
    double phasev[4]; /* of what is sounding */
    uint32_t seed;
};

static void heard(const struct hear_event *ev, void *arg)
{
    static const char *const namev[] = {"digit", "tone", "noise", "fax", "modem"};
    struct ear *ear = arg;
    size_t len = strlen(ear->log);
    char *to = ear->log + len;

    if (ev->kind == HEAR_DIGIT) {
        (void)snprintf(to, sizeof(ear->log) - len, "%s%c ", ev->on ? "" : "-", ev->digit);
    } else if (ev->kind == HEAR_TONE) {
        (void)snprintf(to, sizeof(ear->log) - len, "%stone%u,%u,%u ", ev->on ? "" : "-", (ev->freqv[0] + 5u) / 10,
                       (ev->freqv[1] + 5u) / 10, (ev->freqv[2] + 5u) / 10);
    } else {
        (void)snprintf(to, sizeof(ear->log) - len, "%s%s ", ev->on ? "" : "-", namev[ev->kind]);
    }
}

static void open_ear(struct ear *ear)
{
    memset(ear, 0, sizeof(*ear));
    ear->seed = 1;
    ear->hear = hear_alloc(heard, ear);
    ck_assert_ptr_nonnull(ear->hear);
}

static void says(struct ear *ear, const char *log)
{
    ck_assert_str_eq(ear->log, log);
    ear->log[0] = '\0';
}

/* Up to three tones, and noise, for some time. Levels are peaks. */
static void play(struct ear *ear, unsigned ms, const double freqv[3], double level, double noise)
{
    for (unsigned i = 0; i < ms * 8; i++) {
        double x = 0;
        int16_t sample;

        for (int k = 0; k < 3; k++) {
            if (freqv && freqv[k] > 0) {
                x += level * sin(ear->phasev[k]);
                ear->phasev[k] += 2 * pi * freqv[k] / HEAR_RATE;
            }
        }
        ear->seed = ear->seed * 1103515245 + 12345;
        x += noise * ((double)(ear->seed >> 16 & 0x7FFF) / 16384 - 1);
        sample = (int16_t)x;
        hear_samples(ear->hear, &sample, 1);
        ear->at++;
    }
}

#define PLAY(ear, ms, ...) play(ear, ms, (const double[3]){__VA_ARGS__}, 5000, 0)

static void silence(struct ear *ear, unsigned ms)
{
    play(ear, ms, NULL, 0, 0);
}

START_TEST(every_digit)
{
    static const double lowv[] = {697, 770, 852, 941}, highv[] = {1209, 1336, 1477, 1633};
    static const char digits[] = "123A456B789C*0#D";
    struct ear ear;

    open_ear(&ear);
    for (int i = 0; i < 16; i++) {
        char text[16];

        (void)snprintf(text, sizeof(text), "%c -%c ", digits[i], digits[i]);
        PLAY(&ear, 80, lowv[i / 4], highv[i % 4]);
        silence(&ear, 80);
        says(&ear, text);
    }
    /* one that lasts is one */
    PLAY(&ear, 3000, 697, 1209);
    says(&ear, "1 ");
    silence(&ear, 500);
    says(&ear, "-1 ");
    hear_free(ear.hear);
}
END_TEST

START_TEST(digits_in_noise)
{
    struct ear ear;

    open_ear(&ear);
    play(&ear, 100, (const double[3]){852, 1336}, 3000, 300);
    silence(&ear, 100);
    ck_assert_ptr_nonnull(strstr(ear.log, "8 -8 "));
    hear_free(ear.hear);
}
END_TEST

START_TEST(tones)
{
    struct ear ear;

    open_ear(&ear);
    PLAY(&ear, 500, 350, 440);
    says(&ear, "tone35,44,0 ");
    silence(&ear, 300);
    says(&ear, "-tone35,44,0 ");
    PLAY(&ear, 500, 440, 480);
    silence(&ear, 300);
    says(&ear, "tone44,48,0 -tone44,48,0 ");
    PLAY(&ear, 500, 425);
    PLAY(&ear, 500, 950);
    says(&ear, "tone43,0,0 -tone43,0,0 tone95,0,0 ");
    PLAY(&ear, 500, 950, 1400, 1800);
    silence(&ear, 300);
    says(&ear, "-tone95,0,0 tone95,140,180 -tone95,140,180 ");
    hear_free(ear.hear);
}
END_TEST

/* Special information: three tones one after the other, of 330 ms. */
START_TEST(special_information)
{
    struct ear ear;

    open_ear(&ear);
    PLAY(&ear, 330, 950);
    PLAY(&ear, 330, 1400);
    PLAY(&ear, 330, 1800);
    silence(&ear, 1000);
    says(&ear, "tone95,0,0 -tone95,0,0 tone140,0,0 -tone140,0,0 tone180,0,0 -tone180,0,0 ");
    hear_free(ear.hear);
}
END_TEST

START_TEST(noise_is_no_silence)
{
    struct ear ear;

    open_ear(&ear);
    silence(&ear, 500);
    says(&ear, "");
    play(&ear, 1000, NULL, 0, 5000);
    silence(&ear, 100);
    play(&ear, 1000, NULL, 0, 5000);
    says(&ear, "noise ");
    silence(&ear, 600);
    says(&ear, "-noise ");
    play(&ear, 1000, NULL, 0, 20); /* of a line */
    says(&ear, "");
    hear_free(ear.hear);
}
END_TEST

START_TEST(fax_calls)
{
    struct ear ear;

    open_ear(&ear);
    PLAY(&ear, 500, 1100);
    silence(&ear, 3000);
    says(&ear, "tone110,0,0 fax -fax -tone110,0,0 ");
    PLAY(&ear, 300, 1100);
    silence(&ear, 500);
    says(&ear, "tone110,0,0 -tone110,0,0 ");
    hear_free(ear.hear);
}
END_TEST

START_TEST(fax_answers)
{
    struct ear ear;

    open_ear(&ear);
    PLAY(&ear, 3000, 2100);
    silence(&ear, 300);
    says(&ear, "tone210,0,0 fax -fax -tone210,0,0 ");
    hear_free(ear.hear);
}
END_TEST

START_TEST(modem_answers)
{
    struct ear ear;

    open_ear(&ear);
    for (int i = 0; i < 7; i++) {
        PLAY(&ear, 450, 2100);
        ear.phasev[0] += pi;
    }
    ck_assert_ptr_nonnull(strstr(ear.log, "modem "));
    ck_assert_ptr_null(strstr(ear.log, "fax"));
    hear_free(ear.hear);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("hear");
    TCase *t = tcase_create("hear");
    SRunner *r = srunner_create(s);
    int failed;

    tcase_set_timeout(t, 0);
    tcase_add_test(t, every_digit);
    tcase_add_test(t, digits_in_noise);
    tcase_add_test(t, tones);
    tcase_add_test(t, special_information);
    tcase_add_test(t, noise_is_no_silence);
    tcase_add_test(t, fax_calls);
    tcase_add_test(t, fax_answers);
    tcase_add_test(t, modem_answers);
    suite_add_tcase(s, t);
    srunner_set_fork_status(r, CK_NOFORK);
    srunner_run_all(r, CK_ENV);
    failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
