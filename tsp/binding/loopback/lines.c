/* Lines of the embedded exchange that come and go while calls go on. SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

enum { SWEEP_MIN = 64 };

static void name(const struct exchange_number *n)
{
    if (n && n->gone) {
        ((struct exchange_number *)(uintptr_t)n)->named = true; /* legs must not change numbers; we may */
    }
}

void exchange_numbers_sweep(struct exchange *x)
{
    for (uint32_t i = 0; i < x->chunkc * EXCHANGE_CHUNK; i++) {
        const struct exchange_leg *leg = exchange_leg_at(x, i);

        name(leg->to);
        name(leg->via);
        name(leg->called);
        name(leg->parker);
    }
    exchange_numbers_gone(x);
    /* looked at again when there are twice as many, so that each costs little */
    x->gone_sweep = 2 * x->gonec > SWEEP_MIN ? 2 * x->gonec : SWEEP_MIN;
}

static void sweep(struct exchange *x)
{
    if (x->gonec && (x->legs == 0 || x->gonec >= x->gone_sweep)) {
        exchange_numbers_sweep(x);
    }
}

static bool line_room(struct exchange *x, uint32_t line)
{
    uint32_t cap = x->line_cap;
    struct exchange_line *linev;

    if (line < cap) {
        return true;
    }
    while (cap <= line) {
        cap = cap ? 2 * cap : 8;
    }
    linev = exchange_zalloc(x, cap * sizeof(*linev));
    if (!linev) {
        return false;
    }
    if (x->linec) {
        memcpy(linev, x->linev, x->linec * sizeof(*linev));
    }
    exchange_release(x, x->linev);
    x->linev = linev;
    x->line_cap = cap;
    return true;
}

enum session_err exchange_line_add(struct exchange *x, uint32_t line, const struct session_line_conf *conf)
{
    enum session_err err = SESSION_E_OK;

    if (line >= SESSION_MAX || exchange_address_find(x, line, 0)) {
        return SESSION_E_BADPARAM;
    }
    if (!line_room(x, line)) {
        return SESSION_E_NOMEM;
    }
    if (line >= x->linec) {
        x->linec = line + 1;
    }
    for (uint32_t i = 0; i < conf->addressc && !err; i++) {
        struct loopback_ext ext = {line, i, conf->addressv[i].number, conf->addressv[i].name};

        uint8_t sharing = conf->sharingv ? conf->sharingv[i] : SESSION_SHARING_PRIVATE;

        if (sharing != SESSION_SHARING_MONITORED) {
            err = exchange_ext_add(x, &ext, sharing == SESSION_SHARING_PRIVATE ? 0 : sharing, conf->pickup_group);
        }
    }
    if (err) {
        exchange_exts_remove(x, line);
    }
    sweep(x);
    return err;
}

void exchange_line_remove(struct exchange *x, uint32_t line)
{
    struct exchange_leg *leg;

    if (line >= x->linec) {
        return;
    }
    exchange_completions_cancel(x, line);
    exchange_exts_remove(x, line);
    x->linev[line].attended = x->linev[line].out_of_service = false;
    while ((leg = x->linev[line].waiting)) {
        exchange_unreach(x, leg);
    }
    sweep(x);
}
