/* Requests to make a call, from programs that leave it to another one: who takes them, and those that wait.
 * SPDX-License-Identifier: MIT */
#include "tapi_shim/engine/priv.h"

#include <stdlib.h>
#include <string.h>

/* The recipient with the highest priority; of those without one who registered first. NULL: there is none. */
static struct engine_app *recipient_best(void)
{
    struct engine_app *app, *best = NULL;
    uint32_t i = 0, rank, best_rank = 0;

    while ((app = pool_next(&engine.apps_pool, &i))) {
        if (!(app->request_modes & LINEREQUESTMODE_MAKECALL))
            continue;
        rank = priority_rank(PRIORITY_REQUESTS, app->module);
        if (!best || rank < best_rank || (rank == best_rank && app->request_turn < best->request_turn)) {
            best = app;
            best_rank = rank;
        }
    }
    return best;
}

/* Requests without a recipient are not kept for ever. */
static void expire(void)
{
    struct engine_assist *a = &engine.assist;
    uint64_t now = platform_mono_ms();

    while (a->count && now - a->time_ms[a->first] >= ASSIST_WAIT_MS) {
        a->first = (a->first + 1) % ASSIST_MAX;
        a->count--;
    }
}

/* Something about recipients or requests has changed: those that wait belong to one recipient, who was told of them
 * once, when the first of them came, or when they became its own. */
static void settle(void)
{
    struct engine_assist *a = &engine.assist;
    struct engine_app *app = a->told ? pool_find(&engine.apps_pool, a->told) : NULL;

    if (app && !(app->request_modes & LINEREQUESTMODE_MAKECALL))
        app = NULL;
    if (!app)
        expire();
    if (!a->count) {
        a->told = 0;
        return;
    }
    if (app)
        return;
    app = recipient_best();
    a->told = app ? app->item.handle : 0;
    if (app)
        event_send_request(app, LINEREQUESTMODE_MAKECALL);
}

void recipient_leave(struct engine_app *app)
{
    struct engine_assist *a = &engine.assist;
    uint64_t now = platform_mono_ms();
    uint32_t i;

    if (!(app->request_modes & LINEREQUESTMODE_MAKECALL))
        return;
    app->request_modes &= ~(uint32_t)LINEREQUESTMODE_MAKECALL;
    /* From now on they wait, if there is no other. */
    for (i = 0; i < a->count; i++)
        a->time_ms[(a->first + i) % ASSIST_MAX] = now;
    settle();
}

int32_t recipient_op_set(struct channel *c, struct channel_call *cc)
{
    const uint32_t known = LINEREQUESTMODE_MAKECALL | LINEREQUESTMODE_MEDIACALL;
    struct engine_app *app = app_find(c, cc->arg[0]);
    uint32_t modes = cc->arg[2];

    if (!app)
        return (int32_t)LINEERR_INVALAPPHANDLE;
    if (!modes || modes & ~known)
        return (int32_t)LINEERR_INVALREQUESTMODE;
    if (!cc->arg[3]) {
        if (modes & LINEREQUESTMODE_MAKECALL)
            recipient_leave(app);
        app->request_modes &= ~modes;
        return 0;
    }
    if (!(app->request_modes & LINEREQUESTMODE_MAKECALL))
        app->request_turn = ++engine.assist.last_turn;
    if (modes & LINEREQUESTMODE_MAKECALL)
        engine.assist.awaited = false;
    app->request_modes |= modes;
    app->request_instance = cc->arg[1];
    settle();
    return 0;
}

int32_t recipient_op_get(struct channel *c, struct channel_call *cc)
{
    struct engine_app *app = app_find(c, cc->arg[0]);
    struct engine_assist *a = &engine.assist;
    uint32_t mode = cc->arg[1];

    if (!app)
        return (int32_t)LINEERR_INVALAPPHANDLE;
    if (mode != LINEREQUESTMODE_MAKECALL && mode != LINEREQUESTMODE_MEDIACALL)
        return (int32_t)LINEERR_INVALREQUESTMODE;
    if (!(app->request_modes & mode))
        return (int32_t)LINEERR_NOTREGISTERED;
    /* Of the other kind there never are any. */
    if (mode != LINEREQUESTMODE_MAKECALL || !a->count || a->told != app->item.handle)
        return (int32_t)LINEERR_NOREQUEST;
    cc->out = malloc(sizeof(a->callv[0]));
    if (!cc->out)
        return (int32_t)LINEERR_NOMEM;
    memcpy(cc->out, &a->callv[a->first], sizeof(a->callv[0]));
    cc->out_len = sizeof(a->callv[0]);
    a->first = (a->first + 1) % ASSIST_MAX;
    a->count--;
    settle();
    return 0;
}

void engine_default_dialer(int (*start)(void))
{
    engine_lock();
    engine.assist.start = start;
    engine_unlock();
}

/* Nobody is registered: one is started, unless one is on its way. 0 or TAPIERR_NOREQUESTRECIPIENT; unlocks meanwhile.
 */
static int32_t dialer_start(void)
{
    struct engine_assist *a = &engine.assist;
    int (*start)(void);
    int rc;

    while (a->starting)
        engine_wait();
    expire();
    if (recipient_best())
        return 0;
    start = a->start;
    if (!start)
        return TAPIERR_NOREQUESTRECIPIENT;
    if (a->awaited && platform_mono_ms() - a->awaited_ms < ASSIST_WAIT_MS)
        return 0;
    a->starting = true;
    engine_unlock();
    rc = start();
    engine_lock();
    a->starting = false;
    a->awaited = !rc && !recipient_best();
    a->awaited_ms = platform_mono_ms();
    engine_change();
    return rc ? TAPIERR_NOREQUESTRECIPIENT : 0;
}

static bool ended(const uint16_t *text, uint32_t units)
{
    while (units && *text) {
        text++;
        units--;
    }
    return units > 0;
}

int32_t recipient_op_make_call(struct channel *c, struct channel_call *cc)
{
    struct engine_assist *a = &engine.assist;
    struct channel_make_call made;
    uint32_t at;
    int32_t rc;

    (void)c;
    if (!cc->in0 || cc->in0_len != sizeof(made))
        return (int32_t)LINEERR_INVALPARAM;
    memcpy(&made, cc->in0, sizeof(made));
    if (!ended(made.address, CHANNEL_ADDRESS_UNITS) || !ended(made.app_name, CHANNEL_NAME_UNITS) ||
        !ended(made.called_party, CHANNEL_NAME_UNITS) || !ended(made.comment, CHANNEL_COMMENT_UNITS))
        return (int32_t)LINEERR_INVALPARAM;
    if (!made.address[0])
        return TAPIERR_INVALDESTADDRESS;
    if (!recipient_best()) {
        rc = dialer_start();
        if (rc)
            return rc;
    }
    if (a->count >= ASSIST_MAX)
        return TAPIERR_REQUESTQUEUEFULL;
    at = (a->first + a->count++) % ASSIST_MAX;
    a->callv[at] = made;
    a->time_ms[at] = platform_mono_ms();
    settle();
    return 0;
}
