/* Telephone sets of phone devices: they follow the calls of their lines, and their keys act on them.
 * SPDX-License-Identifier: MIT */
#include "tsp/tspi/phone.h"

#include <stdlib.h>

static void *mem_alloc(size_t size)
{
    return tspi.mem.alloc ? tspi.mem.alloc(size, tspi.mem.arg) : calloc(1, size);
}

static void mem_free(void *p)
{
    if (tspi.mem.free)
        tspi.mem.free(p, tspi.mem.arg);
    else
        free(p);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

uint32_t tspi_phones_count(const struct config *conf)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < conf->linec; i++)
        count += conf->linev[i].phone;
    return count;
}

enum session_err tspi_phones_start(uint32_t max)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < tspi.linec; i++)
        count += tspi.conf->linev[i].phone;
    if (count > max)
        count = max;
    tspi.phonec = 0;
    if (!count)
        return SESSION_E_OK;
    tspi.phonev = mem_alloc(count * sizeof *tspi.phonev);
    if (!tspi.phonev)
        return SESSION_E_NOMEM;
    tspi.phone_cap = count;
    for (uint32_t i = 0; i < tspi.linec && tspi.phonec < count; i++) {
        if (!tspi.conf->linev[i].phone)
            continue;
        tspi.phonev[tspi.phonec].line = i;
        tspi.phonev[tspi.phonec].generation = tspi.epoch;
        tspi.linev[i].phone = ++tspi.phonec;
    }
    return SESSION_E_OK;
}

void tspi_phones_free(void)
{
    for (uint32_t i = 0; i < tspi.phonec; i++)
        mem_free(tspi.phonev[i].set);
    mem_free(tspi.phonev);
    tspi.phonev = NULL;
    tspi.phonec = tspi.phone_cap = 0;
    tspi.phone_dirty = NULL;
    for (int i = 0; i < TSPI_SET_REQUESTS; i++)
        tspi.set_requestv[i].request = 0;
}

void tspi_phones_close(void)
{
    for (uint32_t i = 0; i < tspi.phonec; i++) {
        struct queue_match m = {TSPI_PHONE_QUEUE | i, 0};

        if (!tspi.phonev[i].open)
            continue;
        tspi.phonev[i].open = false;
        queue_purge(&tspi.queue, &m);
    }
}

void tspi_phone_go(struct tspi_phone *phone)
{
    struct tspi_phone **link = &tspi.phone_dirty;

    while (*link && *link != phone)
        link = &(*link)->next_dirty;
    if (*link)
        *link = phone->next_dirty;
    phone->dirty = false;
    mem_free(phone->set);
    phone->set = NULL;
    phone->dev.to_close = phone->open;
    phone->open = false;
    phone->dev.going = true;
    tspi.linev[phone->line].phone = 0;
}

enum session_err tspi_phone_activate(struct tspi_phone *phone)
{
    const struct session_party *party = session_address_party(tspi.core, phone->line, 0);
    uint32_t max = tspi.conf->linev[phone->line].max_sessions;

    if (phone->set)
        return SESSION_E_OK;
    phone->set = mem_alloc(sizeof *phone->set);
    if (!phone->set)
        return SESSION_E_NOMEM;
    set_init(phone->set, phone->line, max && max < SESSION_PHONE_APPEARANCES_MAX ? max : SESSION_PHONE_APPEARANCES_MAX,
             session_party_number(party));
    set_sync(phone->set, tspi.core);
    set_message(phone->set, (session_line_status(tspi.core, phone->line) & SESSION_STATUS_MSGWAIT) != 0);
    tspi_phone_touch(phone);
    return SESSION_E_OK;
}

/* ---- calls to sets ----------------------------------------------------------------------------------------------- */

void tspi_phone_touch(struct tspi_phone *phone)
{
    if (phone->dirty)
        return;
    phone->dirty = true;
    phone->next_dirty = tspi.phone_dirty;
    tspi.phone_dirty = phone;
}

static struct tspi_phone *active_of(uint32_t line)
{
    uint32_t i = tspi.linev[line].phone;

    return i && tspi.phonev[i - 1].set ? &tspi.phonev[i - 1] : NULL;
}

void tspi_phone_state(uint32_t line, uint32_t session)
{
    struct tspi_phone *phone = active_of(line);

    if (!phone)
        return;
    set_session(phone->set, tspi.core, session);
    tspi_phone_touch(phone);
}

void tspi_phone_message(uint32_t line, bool on)
{
    struct tspi_phone *phone = active_of(line);

    if (!phone)
        return;
    set_message(phone->set, on);
    tspi_phone_touch(phone);
}

void tspi_phone_check(uint32_t line)
{
    struct tspi_phone *phone = active_of(line);

    if (!phone)
        return;
    set_refresh(phone->set, tspi.core);
    tspi_phone_touch(phone);
}

const char *tspi_phones_check(void)
{
    const char *text = NULL;

    for (uint32_t i = 0; i < tspi.phonec && !text; i++)
        if (tspi.phonev[i].set)
            text = set_check(tspi.phonev[i].set);
    return text;
}

/* ---- what sets say ----------------------------------------------------------------------------------------------- */

static bool wanted(const struct tspi_phone *phone, struct session_phone_event *e)
{
    if (!phone->open)
        return false;
    if (e->type == SESSION_PHONE_BUTTON)
        return e->b & phone->button_modes && e->c & phone->button_states;
    e->a &= phone->states;
    return e->a != 0;
}

bool tspi_phone_flush(void)
{
    while (tspi.phone_dirty) {
        struct tspi_phone *phone = tspi.phone_dirty;
        struct session_phone *set = &phone->set->phone;
        struct session_phone_event e;

        while (set->eventc) {
            struct queue_event *q;

            if (!queue_reserve(&tspi.queue))
                return false;
            (void)session_phone_next(set, &e);
            if (!wanted(phone, &e))
                continue;
            q = queue_append(&tspi.queue);
            q->type = e.type == SESSION_PHONE_BUTTON ? QUEUE_BUTTON : QUEUE_PHONE;
            q->line = TSPI_PHONE_QUEUE | (uint32_t)(phone - tspi.phonev);
            q->session = 0;
            q->call = NULL;
            q->p1 = e.a;
            q->p2 = e.b;
            q->p3 = e.c;
        }
        phone->dirty = false;
        tspi.phone_dirty = phone->next_dirty;
    }
    return true;
}

/* ---- what sets want ---------------------------------------------------------------------------------------------- */

static struct tspi_set_request *request_new(void)
{
    for (int i = 0; i < TSPI_SET_REQUESTS; i++) {
        struct tspi_set_request *r = &tspi.set_requestv[i];

        if (r->request)
            continue;
        tspi.set_request = (tspi.set_request + 1) & 0x3FFFFFFF;
        r->request = TSPI_REQUEST_SET | tspi.set_request;
        for (int k = 0; k < TSPI_SET_CALLS; k++)
            r->idv[k] = 0;
        return r;
    }
    return NULL;
}

static enum session_phone_err error_of(enum session_err err)
{
    switch (err) {
    case SESSION_E_OK:
        return SESSION_PHONE_E_OK;
    case SESSION_E_BADSTATE:
    case SESSION_E_BADSESSION:
    case SESSION_E_INUSE:
    case SESSION_E_CALLUNAVAIL:
        return SESSION_PHONE_E_BADSTATE;
    case SESSION_E_UNAVAIL:
    case SESSION_E_BADLINE:
        return SESSION_PHONE_E_UNAVAIL;
    case SESSION_E_NOMEM:
    case SESSION_E_RESOURCE:
        return SESSION_PHONE_E_RESOURCE;
    default:
        return SESSION_PHONE_E_FAILED;
    }
}

enum session_phone_err tspi_phone_leave_message(struct tspi_phone *phone, bool on)
{
    struct session_in in = {.type = SESSION_IN_OP};

    in.u.op.op = SESSION_OP_SETLINESTATUS;
    in.u.op.request = TSPI_REQUEST_OWN;
    in.u.op.line = phone->line;
    in.u.op.value = SESSION_STATUS_MSGWAIT;
    in.u.op.on = on;
    return error_of(tspi_step(&in, NULL));
}

enum session_phone_err tspi_phone_run(struct tspi_phone *phone)
{
    enum session_phone_err err = SESSION_PHONE_E_OK;
    const struct session_req *req;

    tspi_phone_touch(phone);
    while (!err && (req = set_want(phone->set)) != NULL) {
        struct session_in in = {.type = SESSION_IN_OP};
        struct tspi_set_request *r = request_new();

        if (!r) {
            err = SESSION_PHONE_E_RESOURCE;
            break;
        }
        in.u.op = *req;
        in.u.op.request = r->request;
        err = error_of(tspi_step(&in, r->idv));
        if (err)
            r->request = 0;
    }
    set_give_up(phone->set);
    return err;
}

void tspi_phone_reply(const struct session_act *act)
{
    for (int i = 0; i < TSPI_SET_REQUESTS; i++) {
        struct tspi_set_request *r = &tspi.set_requestv[i];

        if (r->request != act->request)
            continue;
        r->request = 0;
        /* Calls that nobody above knows of: as those that come in. Those that are too many stay with the set. */
        for (int k = 0; k < TSPI_SET_CALLS && !act->err && r->idv[k]; k++) {
            struct queue_event *e;

            if (!queue_reserve(&tspi.queue) || !tspi.linev[act->line].open)
                return;
            e = queue_append(&tspi.queue);
            e->type = QUEUE_NEW;
            e->line = act->line;
            e->session = r->idv[k];
            e->p1 = e->p2 = e->p3 = 0;
            e->call = NULL;
        }
        return;
    }
}
