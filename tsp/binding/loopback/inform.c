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

enum session_err exchange_news_keep(struct exchange *x, struct exchange_leg *leg, const struct session_attach *a)
{
    if (!a) {
        return SESSION_E_OK;
    }
    if (a->uui.len && !news_add(x, leg, &a->uui, false)) {
        return SESSION_E_NOMEM;
    }
    if (a->set_data && !news_add(x, leg, &a->call_data, true)) {
        return SESSION_E_NOMEM;
    }
    return SESSION_E_OK;
}

enum session_err exchange_inform(struct exchange *x, struct exchange_leg *leg, const struct session_attach *a)
{
    struct exchange_leg *to = leg->peer ? leg->peer : leg->host;

    if (!a) {
        return SESSION_E_OK;
    }
    if (!to) {
        if (leg->phase == LEG_DIALTONE || leg->phase == LEG_DIALING) {
            return exchange_news_keep(x, leg, a); /* goes along when the number is complete */
        }
        /* a special number keeps nothing; one that answers sends user-user information back */
        if (leg->phase != LEG_CONNECTED || !a->uui.len) {
            return SESSION_E_OK;
        }
        to = leg;
    }
    if (a->uui.len) {
        if (!news_add(x, to, &a->uui, false)) {
            return SESSION_E_NOMEM;
        }
        news_announce(x, to);
    }
    if (a->set_data && to != leg) {
        if (!news_add(x, to, &a->call_data, true)) {
            return SESSION_E_NOMEM;
        }
        news_announce(x, to);
    }
    return SESSION_E_OK;
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
