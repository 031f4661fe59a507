/* Reads documents of the conference event package (RFC 4575). SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/roster.h"

#include <string.h>

static void drop(struct sip_roster *r, const struct session_mem *mem, struct sip_user **link)
{
    struct sip_user *gone = *link;

    *link = gone->next;
    r->count--;
    mem->free(gone, mem->arg);
}

static void clear(struct sip_roster *r, const struct session_mem *mem)
{
    while (r->first) {
        drop(r, mem, &r->first);
    }
}

/* The part of a URI that says who it is: user and host, and where the port begins. */
static const char *who(const char *uri, size_t *len)
{
    const char *colon = strchr(uri, ':');

    uri = colon ? colon + 1 : uri;
    *len = strcspn(uri, ";?");
    return uri;
}

static bool same_user(const char *a, const char *b)
{
    size_t a_len, b_len;
    pj_str_t x, y;

    x.ptr = (char *)(uintptr_t)who(a, &a_len);
    y.ptr = (char *)(uintptr_t)who(b, &b_len);
    x.slen = (pj_ssize_t)a_len;
    y.slen = (pj_ssize_t)b_len;
    return !pj_stricmp(&x, &y);
}

static bool is_gone(const pj_xml_node *node)
{
    char state[SIP_XML_TEXT_MAX + 1];

    sip_xml_attribute(state, node, "state");
    return !strcmp(state, "deleted");
}

/* Whether one of the user's telephones is connected. `told`: something is said of them. */
static bool is_in(const pj_xml_node *user, bool *told)
{
    const pj_xml_node *endpoint = NULL, *node;
    char status[SIP_XML_TEXT_MAX + 1];
    bool in = false;

    *told = false;
    while ((endpoint = sip_xml_child(user, endpoint, "endpoint"))) {
        node = sip_xml_child(endpoint, NULL, "status");
        status[0] = '\0';
        if (node) {
            sip_xml_content(status, node);
        }
        *told = true;
        in = in || (!is_gone(endpoint) && strcmp(status, "disconnected") != 0 && strcmp(status, "disconnecting") != 0);
    }
    return in;
}

static void take_user(struct sip_roster *r, const struct session_mem *mem, const pj_xml_node *node)
{
    struct sip_user **link = &r->first;
    char entity[SIP_XML_TEXT_MAX + 1];
    bool told, in = is_in(node, &told);

    sip_xml_attribute(entity, node, "entity");
    if (!entity[0]) {
        return;
    }
    while (*link && strcmp((*link)->entity, entity) != 0) {
        link = &(*link)->next;
    }
    if (is_gone(node)) {
        if (*link) {
            drop(r, mem, link);
        }
        return;
    }
    if (!*link) {
        struct sip_user *u = r->count < SIP_USERS_MAX ? mem->alloc(sizeof(*u), mem->arg) : NULL;

        if (!u) {
            return;
        }
        memcpy(u->entity, entity, sizeof(entity));
        u->in = true;
        *link = u;
        r->count++;
    }
    if (told) {
        (*link)->in = in;
    }
}

enum sip_news sip_roster_read(struct sip_roster *r, const struct session_mem *mem, pj_pool_t *pool, const char *text,
                              size_t len)
{
    const pj_xml_node *root = NULL, *users, *node = NULL;
    bool full = false;
    enum sip_news news = sip_xml_open(&r->v, pool, text, len, "conference-info", true, &root, &full);

    if (!root) {
        return news;
    }
    if (full) {
        clear(r, mem);
    }
    users = sip_xml_child(root, NULL, "users");
    while (users && (node = sip_xml_child(users, node, "user"))) {
        take_user(r, mem, node);
    }
    return news;
}

void sip_roster_clear(struct sip_roster *r, const struct session_mem *mem)
{
    clear(r, mem);
    memset(&r->v, 0, sizeof(r->v));
}

bool sip_roster_has(const struct sip_roster *r, const char *uri)
{
    for (const struct sip_user *u = r->first; u; u = u->next) {
        if (u->in && same_user(u->entity, uri)) {
            return true;
        }
    }
    return false;
}
