/* Accounts that come and go while calls go on: what the front of the SIP binding does for it.
 * SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/front.h"

#include <string.h>

/*
 * A line is the front's: it is an account from sip_account_add to LINE_REMOVE. Its account is the back's: there from
 * the command that brings it until the back has taken leave of the server, when the line may be another's already.
 */

/* ---- a copy in one piece ----------------------------------------------------------------------------------------- */

struct copy {
    char *at; /* NULL: it is only measured */
    size_t len;
};

static const char *text(struct copy *c, const char *from)
{
    size_t size = from ? strlen(from) + 1 : 0;
    char *to = NULL;

    if (c->at && size) {
        to = c->at + c->len;
        memcpy(to, from, size);
    }
    c->len += size;
    return to;
}

static const char *const *texts(struct copy *c, const char *const *from, uint32_t count)
{
    const char **to = NULL;

    c->len = (c->len + sizeof(*to) - 1) / sizeof(*to) * sizeof(*to);
    if (c->at) {
        to = (const char **)(void *)(c->at + c->len);
    }
    c->len += count * sizeof(*to);
    for (uint32_t i = 0; i < count; i++) {
        const char *one = text(c, from[i]);

        if (to) {
            to[i] = one;
        }
    }
    return to;
}

/* Into `to`, which lies at the beginning of the copy; NULL: it is only measured. */
static void copy_conf(struct copy *c, const struct sip_account_conf *from, struct sip_account_conf *to)
{
    struct sip_account_conf v = *from;

    c->len = sizeof(v);
    v.registrarv = texts(c, from->registrarv, from->registrarc);
    v.addressv = texts(c, from->addressv, from->addressc);
    v.watchv = texts(c, from->watchv, from->watchc);
    v.user = text(c, from->user);
    v.domain = text(c, from->domain);
    v.auth_user = text(c, from->auth_user);
    v.password = text(c, from->password);
    v.proxy = text(c, from->proxy);
    v.name = text(c, from->name);
    v.conference = text(c, from->conference);
    for (int i = 0; i < SIP_CODES; i++) {
        v.codev[i] = text(c, from->codev[i]);
    }
    if (to) {
        *to = v;
    }
}

void sip_account_free(struct sip *x, struct sip_account_conf *conf)
{
    if (conf && conf->password) {
        platform_wipe((char *)(uintptr_t)conf->password, strlen(conf->password));
    }
    sip_release(x, conf);
}

/* ---- lines; lock held -------------------------------------------------------------------------------------------- */

static bool line_room(struct sip *x, uint32_t line)
{
    uint32_t cap = x->line_cap ? x->line_cap : 8;
    struct sip_front_line *linev;

    if (line >= x->line_cap) {
        while (cap <= line) {
            cap *= 2;
        }
        linev = sip_zalloc(x, cap * sizeof(*linev));
        if (!linev) {
            return false;
        }
        if (x->linec) {
            memcpy(linev, x->linev, x->linec * sizeof(*linev));
        }
        sip_release(x, x->linev);
        x->linev = linev;
        x->line_cap = cap;
    }
    if (x->linec <= line) {
        x->linec = line + 1;
    }
    return true;
}

/* What was still to be said of it: the core would take it for the next line in its place. */
static void forget_events(struct sip *x, uint32_t line)
{
    struct sip_event *last = NULL;

    for (struct sip_event **at = &x->event_first, *ev = *at; ev; ev = *at) {
        if (sip_is_of_line(ev) && ev->line == line) {
            *at = ev->next;
            sip_event_free(x, ev);
        } else {
            last = ev;
            at = &ev->next;
        }
    }
    x->event_last = last;
}

void sip_line_remove(struct sip *x, uint32_t line)
{
    const struct session_cmd drop = {.type = SESSION_CMD_DROP};
    struct sip_front_line *l = line < x->linec ? &x->linev[line] : NULL;

    if (!l || !l->is_account) {
        return;
    }
    for (uint32_t i = 0; i < x->legc; i++) {
        /* the core knows none any more, but one may be on its way there */
        if (x->legv[i]->holds && x->legv[i]->front && x->legv[i]->line == line) {
            sip_leg_end(x, x->legv[i], &drop, 0);
        }
    }
    for (struct sip_command *c = x->command_first; c; c = c->next) {
        if (c->account && c->account->line == line) {
            c->cmd.on = false; /* it does not even begin */
        }
    }
    forget_events(x, line);
    if (l->account) {
        l->account->next = x->gone;
        x->gone = l->account;
    }
    x->line_said -= l->queued;
    memset(l, 0, sizeof(*l));
}

bool sip_line_has(struct sip *x, uint32_t line, uint32_t serial, struct sip_gone *account)
{
    struct sip_front_line *l;
    bool is_ours;

    platform_mutex_lock(&x->lock);
    l = &x->linev[line];
    is_ours = l->is_account && l->serial == serial;
    if (is_ours) {
        l->account = account;
        l->coming = false;
    }
    platform_mutex_unlock(&x->lock);
    return is_ours;
}

struct sip_gone *sip_line_account(struct sip *x, uint32_t line)
{
    struct sip_gone *account;

    platform_mutex_lock(&x->lock);
    account = line < x->linec ? x->linev[line].account : NULL;
    platform_mutex_unlock(&x->lock);
    return account;
}

struct sip_gone *sip_gone_take(struct sip *x)
{
    struct sip_gone *all;

    platform_mutex_lock(&x->lock);
    all = x->gone;
    x->gone = NULL;
    platform_mutex_unlock(&x->lock);
    return all;
}

/* ---- from above -------------------------------------------------------------------------------------------------- */

enum session_err sip_line_add(struct binding *b, uint32_t line, const struct session_line_conf *conf)
{
    struct sip *x = (struct sip *)b;
    bool there;

    (void)conf; /* sip_account_add was told more */
    platform_mutex_lock(&x->lock);
    there = line < x->linec && x->linev[line].is_account;
    platform_mutex_unlock(&x->lock);
    return there ? SESSION_E_OK : SESSION_E_BADPARAM;
}

enum session_err sip_account_add(struct binding *b, const struct sip_account_conf *conf)
{
    struct sip *x = (struct sip *)b;
    struct sip_command *c = sip_zalloc(x, sizeof(*c));
    enum session_err err = SESSION_E_NOMEM;
    struct copy copy = {NULL, 0};
    struct sip_front_line *l;
    bool poke = false;

    copy_conf(&copy, conf, NULL);
    if (c) {
        c->account = sip_zalloc(x, copy.len);
    }
    if (!c || !c->account) {
        goto out;
    }
    copy.at = (char *)c->account;
    copy_conf(&copy, conf, c->account);
    c->cmd.type = SESSION_CMD_LINE;
    c->cmd.line = conf->line;
    c->cmd.on = true;
    platform_mutex_lock(&x->lock);
    if (!line_room(x, conf->line)) {
        err = SESSION_E_NOMEM;
    } else if (x->linev[conf->line].is_account) {
        err = SESSION_E_BADPARAM;
    } else {
        err = SESSION_E_OK;
        l = &x->linev[conf->line];
        l->is_account = l->coming = true;
        x->line_serial += x->line_serial == UINT32_MAX ? 2 : 1;
        l->serial = c->step = x->line_serial;
        l->service = SESSION_STATUS_CONNECTED | SESSION_STATUS_INSERVICE;
        l->wanted = SESSION_STATUS_CONNECTED;
        l->queued = true; /* it is not in service until the back says so */
        x->line_said++;
        sip_push_command(x, c);
        c = NULL;
        poke = !x->poked;
        x->poked = true;
    }
    platform_mutex_unlock(&x->lock);
    if (poke) {
        sip_back_poke(x);
    }
out:
    if (c) {
        sip_account_free(x, c->account);
        sip_release(x, c);
    }
    return err;
}
