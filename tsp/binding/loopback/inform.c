/* What the ends of a call send each other beside the call: user-user information and call data.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/loopback/exchange.h"

#include <string.h>

void exchange_news_free(struct exchange *x, struct exchange_leg *leg)
{
    while (leg->news) {
        struct exchange_news *n = leg->news;

        leg->news = n->next;
        x->newsc--;
        exchange_release(x, n);
    }
}

/* One piece for a leg, behind those that wait. NULL: no memory. */
static struct exchange_news *news_add(struct exchange *x, struct exchange_leg *leg, const struct session_bytes *bytes,
                                      bool is_data)
{
    struct exchange_news **link = &leg->news, *n;

    if (!exchange_ring_reserve(x, 2 * x->legs + x->newsc + 1 + EXCHANGE_RING_SPARE)) {
        return NULL;
    }
    n = exchange_zalloc(x, sizeof(*n) + bytes->len);
    if (!n) {
        return NULL;
    }
    n->is_data = is_data;
    n->len = bytes->len;
    if (bytes->len) {
        memcpy(n->data, bytes->data, bytes->len);
    }
    while (*link) {
        link = &(*link)->next;
    }
    *link = n;
    x->newsc++;
    return n;
}

static void news_announce(struct exchange *x, const struct exchange_leg *leg)
{
    struct exchange_event ev = {.type = EV_NEWS, .leg = leg->id};

    exchange_push(x, &ev);
}

/* Keeps what the call has for whoever comes to be an end of it later. Without memory it is only told now. */
static void data_set(struct exchange *x, struct exchange_leg *leg, const struct session_bytes *bytes)
{
    if (leg->peer) {
        exchange_release(x, leg->peer->data);
        leg->peer->data = NULL;
    }
    exchange_release(x, leg->data);
    leg->data = bytes->len ? exchange_zalloc(x, sizeof(*leg->data) + bytes->len) : NULL;
    if (leg->data) {
        leg->data->len = bytes->len;
        memcpy(leg->data->data, bytes->data, bytes->len);
    }
}

void exchange_data_leave(struct exchange *x, struct exchange_leg *leg)
{
    if (leg->data && leg->peer) {
        exchange_release(x, leg->peer->data);
        leg->peer->data = leg->data;
        leg->data = NULL;
    }
}

static bool data_tell(struct exchange *x, const struct exchange_news *data, struct exchange_leg *to, bool announce)
{
    struct session_bytes bytes = {data->data, data->len};

    if (to->appear) {
        bool ok = true;

        for (struct exchange_leg *a = to->appear; a; a = a->appear_next) {
            ok = data_tell(x, data, a, a->session != 0) && ok;
        }
        return ok;
    }

    if (!news_add(x, to, &bytes, true)) {
        return false;
    }
    if (announce) {
        news_announce(x, to);
    }
    return true;
}

void exchange_data_merge(struct exchange *x, struct exchange_leg *from, struct exchange_leg *other)
{
    if (from->data) {
        exchange_release(x, other->data);
        other->data = NULL;
        (void)data_tell(x, from->data, other, other->session != 0);
    } else if (other->data) {
        (void)data_tell(x, other->data, from, true);
    }
}

void exchange_data_offer(struct exchange *x, struct exchange_leg *leg, struct exchange_leg *called)
{
    for (const struct exchange_news *n = called->news; n; n = n->next) {
        if (n->is_data) {
            return;
        }
    }
    if (leg->data) {
        (void)data_tell(x, leg->data, called, false);
    }
}

void exchange_news_copy(struct exchange *x, const struct exchange_leg *leg, struct exchange_leg *called)
{
    for (const struct exchange_news *n = leg->news; n; n = n->next) {
        struct session_bytes bytes = {n->data, n->len};

        (void)news_add(x, called, &bytes, n->is_data);
    }
}

enum session_err exchange_news_keep(struct exchange *x, struct exchange_leg *leg, const struct session_attach *a)
{
    if (!a) {
        return SESSION_E_OK;
    }
    if (a->uui.len && !news_add(x, leg, &a->uui, false)) {
        return SESSION_E_NOMEM;
    }
    if (a->set_data) {
        if (!news_add(x, leg, &a->call_data, true)) {
            return SESSION_E_NOMEM;
        }
        data_set(x, leg, &a->call_data);
    }
    return SESSION_E_OK;
}

/* To one end of a call. Of the stations of a shared address those that take part are told, and all of them the data. */
static enum session_err inform_end(struct exchange *x, struct exchange_leg *to, const struct session_attach *a, bool data)
{
    if (to->phase == LEG_PARKED) {
        return SESSION_E_OK; /* nobody is there who could hear it */
    }
    if (to->appear) {
        enum session_err err = SESSION_E_OK;

        for (struct exchange_leg *one = to->appear; one && !err; one = one->appear_next) {
            struct session_attach part = *a;

            if (!one->active && to->phase != LEG_OFFERED) {
                part.uui.len = 0;
            }
            err = inform_end(x, one, &part, data);
        }
        return err;
    }
    if (a->uui.len) {
        if (!news_add(x, to, &a->uui, false)) {
            return SESSION_E_NOMEM;
        }
        news_announce(x, to);
    }
    if (a->set_data && data) {
        if (!news_add(x, to, &a->call_data, true)) {
            return SESSION_E_NOMEM;
        }
        news_announce(x, to);
    }
    return SESSION_E_OK;
}

enum session_err exchange_inform(struct exchange *x, struct exchange_leg *leg, const struct session_attach *a)
{
    struct exchange_leg *to, *from = leg;
    enum session_err err = SESSION_E_OK;

    if (!a) {
        return SESSION_E_OK;
    }
    leg = exchange_call_of(leg);
    to = leg->peer ? leg->peer : leg->host;
    if (leg->phase == LEG_BRIDGE) {
        /* what a conference is told goes to all who take part */
        for (struct exchange_leg *m = leg->next; m && !err; m = m->next) {
            err = exchange_inform(x, m, a);
        }
        return err;
    }
    if (!to && (leg->phase == LEG_DIALTONE || leg->phase == LEG_DIALING)) {
        return exchange_news_keep(x, leg, a); /* goes along when the number is complete */
    }
    /* a special number keeps nothing; one that answers sends user-user information back */
    if (to || (leg->phase == LEG_CONNECTED && a->uui.len)) {
        err = inform_end(x, to ? to : from, a, to != NULL);
    }
    if (from != leg && a->set_data) {
        struct session_attach data = *a;

        data.uui.len = 0;
        for (struct exchange_leg *one = leg->appear; one && !err; one = one->appear_next) {
            err = one != from ? inform_end(x, one, &data, true) : SESSION_E_OK;
        }
    }
    if (!err && a->set_data) {
        data_set(x, leg, &a->call_data);
    }
    return err;
}

/* The first piece of a leg goes up: it is freed when the next indication is taken. */
static void news_give(struct exchange *x, struct exchange_leg *leg)
{
    struct exchange_news *n = leg->news;

    leg->news = n->next;
    n->next = x->given;
    x->given = n;
    if (n->is_data) {
        x->attach.set_data = true;
        x->attach.call_data.data = n->data;
        x->attach.call_data.len = n->len;
    } else {
        x->attach.uui.data = n->data;
        x->attach.uui.len = n->len;
    }
}

void exchange_given_free(struct exchange *x)
{
    while (x->given) {
        struct exchange_news *n = x->given;

        x->given = n->next;
        x->newsc--;
        exchange_release(x, n);
    }
}

bool exchange_news_next(struct exchange *x, struct exchange_leg *leg, struct session_ind *ind)
{
    if (!leg->news) {
        return false;
    }
    memset(&x->attach, 0, sizeof(x->attach));
    news_give(x, leg);
    ind->attach = &x->attach;
    return true;
}

void exchange_news_offer(struct exchange *x, struct exchange_leg *leg, struct session_ind *ind)
{
    if (!exchange_news_next(x, leg, ind)) {
        return;
    }
    if (leg->news && leg->news->is_data && !x->attach.set_data) {
        news_give(x, leg);
    }
    for (const struct exchange_news *n = leg->news; n; n = n->next) {
        news_announce(x, leg);
    }
}
