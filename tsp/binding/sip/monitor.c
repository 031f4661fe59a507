/* Watched addresses: whether they are in use, and how a call that rings there is taken. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/watch.h"

#include <stdio.h>
#include <string.h>

enum { AGAIN_MS = 1000, RETRY_MS = 600000 };

/* One of an account's, behind its own addresses. */
struct sip_monitor {
    struct sip_watch watch; /* first */
    struct sip_account *account;
    const char *uri;
    uint32_t address;
    bool in_use; /* as was said last */
    bool heard;  /* something, since it was asked for */
    pj_timer_entry again;
};

static void say(struct sip_monitor *m)
{
    bool in_use = m->watch.dialogs.count > 0;
    struct sip_event *ev = m->in_use != in_use ? sip_event_new(m->account->x, SESSION_IND_USE, NULL) : NULL;

    if (ev) {
        m->in_use = in_use;
        ev->line = m->account->conf->line;
        ev->address = m->address;
        ev->mode = in_use;
        sip_say(m->account->x, ev);
    }
}

static struct sip_monitor *monitor_of(struct sip_watch *w)
{
    return (struct sip_monitor *)(void *)w;
}

static void on_took(struct sip_watch *w)
{
    (void)w;
}

static void on_news(struct sip_watch *w)
{
    monitor_of(w)->heard = true;
    say(monitor_of(w));
}

static void end(struct sip_monitor *m)
{
    sip_unschedule(m->account->x->ua, &m->again);
    sip_watch_end(&m->watch);
}

/* Nothing is known of it now. */
static void on_over(struct sip_watch *w, bool soon)
{
    struct sip_monitor *m = monitor_of(w);

    end(m);
    say(m);
    if (!m->account->x->ua->leaving) {
        sip_schedule(m->account->x->ua, &m->again, soon && m->heard ? AGAIN_MS : RETRY_MS);
    }
}

static void begin(struct sip_monitor *m)
{
    char text[SIP_URI_MAX];
    pj_str_t target;

    (void)snprintf(text, sizeof(text), "%s%s", m->uri,
                   strstr(m->uri, ";transport=") || sip_begins(m->uri, "sips:")
                       ? ""
                       : sip_transport_param(m->account->conf->transport));
    target = pj_str(text);
    m->heard = false;
    if (!sip_watch_begin(&m->watch, m->account, &target)) {
        end(m);
        sip_schedule(m->account->x->ua, &m->again, RETRY_MS);
    }
}

static void on_again(pj_timer_heap_t *heap, pj_timer_entry *entry)
{
    (void)heap;
    entry->id = 0;
    begin(entry->user_data);
}

bool sip_monitors_make(struct sip_account *acc)
{
    const struct sip_account_conf *c = acc->conf;

    acc->monitors = c->watchc ? pj_pool_calloc(acc->pool, c->watchc, sizeof(*acc->monitors)) : NULL;
    for (uint32_t i = 0; acc->monitors && i < c->watchc; i++) {
        struct sip_monitor *m = &acc->monitors[i];

        m->account = acc;
        m->uri = c->watchv[i];
        m->address = c->addressc + i;
        m->watch.took_h = on_took;
        m->watch.news_h = on_news;
        m->watch.over_h = on_over;
        pj_timer_entry_init(&m->again, 0, m, on_again);
    }
    return !c->watchc || acc->monitors;
}

void sip_monitors_begin(struct sip_account *acc)
{
    for (uint32_t i = 0; acc->monitors && i < acc->conf->watchc; i++) {
        struct sip_monitor *m = &acc->monitors[i];

        if (!m->watch.sub && !m->again.id) {
            begin(m);
        }
    }
}

void sip_monitors_end(struct sip_account *acc)
{
    for (uint32_t i = 0; acc->monitors && i < acc->conf->watchc; i++) {
        end(&acc->monitors[i]);
    }
}

/* ---- pickup ------------------------------------------------------------------------------------------------------ */

/* `number` is the URI, or the user in it. */
static bool is_called(const char *uri, const char *number)
{
    const char *colon = strchr(uri, ':'), *user = colon ? colon + 1 : uri;
    size_t len = strcspn(user, "@;");

    return !*number || !strcmp(uri, number) || (strlen(number) == len && !memcmp(user, number, len));
}

/* Nothing that would mean something else in a header. */
static bool is_word(const char *text)
{
    return *text && !text[strcspn(text, " ;,\"<>")];
}

static bool can_be_taken(const struct sip_dialog *g)
{
    return g->state == SIP_DIALOG_EARLY && !g->initiator && is_word(g->call_id) && is_word(g->local_tag) &&
           is_word(g->remote_tag) && (sip_begins(g->remote, "sip:") || sip_begins(g->remote, "sips:"));
}

static void header(pj_pool_t *pool, pjsip_hdr *list, const char *name, const char *text)
{
    pj_str_t n = sip_str(pool, name), value = sip_str(pool, text);

    pj_list_push_back(list, pjsip_generic_string_hdr_create(pool, &n, &value));
}

/* RFC 3891: whom the caller has reached there is replaced, at the caller's; the tags are seen from him. */
static bool take(const struct sip_dialog *g, pj_pool_t *pool, pj_str_t *target, pjsip_hdr *list)
{
    char text[3 * SIP_XML_TEXT_MAX + 64];
    pj_str_t probe;

    *target = sip_str(pool, g->remote);
    target->slen = (pj_ssize_t)strcspn(g->remote, "?<>\" ");
    target->ptr[target->slen] = '\0';
    /* the parser wants its own copy, and to end it */
    probe = sip_str(pool, target->ptr);
    if (!pjsip_parse_uri(pool, probe.ptr, (pj_size_t)probe.slen, 0)) {
        target->slen = 0;
        return false;
    }
    (void)snprintf(text, sizeof(text), "%s;to-tag=%s;from-tag=%s;early-only", g->call_id, g->remote_tag, g->local_tag);
    header(pool, list, "Replaces", text);
    header(pool, list, "Require", "replaces");
    return true;
}

bool sip_monitor_pickup(struct sip_account *acc, const char *number, pj_pool_t *pool, pj_str_t *target, pjsip_hdr *list)
{
    pj_list_init(list);
    for (uint32_t i = 0; acc->monitors && i < acc->conf->watchc; i++) {
        const struct sip_monitor *m = &acc->monitors[i];

        for (const struct sip_dialog *g = is_called(m->uri, number) ? m->watch.dialogs.first : NULL; g; g = g->next) {
            if (can_be_taken(g) && take(g, pool, target, list)) {
                return true;
            }
        }
    }
    return false;
}
