/* Reads documents of the dialog event package (RFC 4235). SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/dialoginfo.h"

#include <string.h>

/* ---- dialogs ----------------------------------------------------------------------------------------------------- */

static struct sip_dialog **find(struct sip_dialogs *d, const char *id)
{
    struct sip_dialog **link = &d->first;

    while (*link && strcmp((*link)->id, id) != 0) {
        link = &(*link)->next;
    }
    return link;
}

static void drop(struct sip_dialogs *d, const struct session_mem *mem, struct sip_dialog **link)
{
    struct sip_dialog *gone = *link;

    if (gone) {
        *link = gone->next;
        d->count--;
        mem->free(gone, mem->arg);
    }
}

static void clear(struct sip_dialogs *d, const struct session_mem *mem)
{
    while (d->first) {
        drop(d, mem, &d->first);
    }
}

static bool state_of(const pj_xml_node *dialog, enum sip_dialog_state *state)
{
    static const char *const namev[] = {"trying", "proceeding", "early", "confirmed", "terminated"};
    const pj_xml_node *node = sip_xml_child(dialog, NULL, "state");
    char text[SIP_XML_TEXT_MAX + 1] = "";

    if (node) {
        sip_xml_content(text, node);
    }
    for (int i = 0; i <= SIP_DIALOG_TERMINATED; i++) {
        if (!strcmp(text, namev[i])) {
            *state = (enum sip_dialog_state)i;
            return true;
        }
    }
    return false;
}

static void take_dialog(struct sip_dialogs *d, const struct session_mem *mem, const pj_xml_node *node)
{
    const pj_xml_node *remote = sip_xml_child(node, NULL, "remote");
    const pj_xml_node *target = remote ? sip_xml_child(remote, NULL, "target") : NULL;
    const pj_xml_node *identity = remote ? sip_xml_child(remote, NULL, "identity") : NULL;
    char id[SIP_XML_TEXT_MAX + 1], direction[SIP_XML_TEXT_MAX + 1];
    enum sip_dialog_state state;
    struct sip_dialog **link, *g;

    sip_xml_attribute(id, node, "id");
    if (!id[0] || !state_of(node, &state)) {
        return;
    }
    link = find(d, id);
    if (state == SIP_DIALOG_TERMINATED) {
        drop(d, mem, link);
        return;
    }
    if (!*link) {
        g = d->count < SIP_DIALOGS_MAX ? mem->alloc(sizeof(*g), mem->arg) : NULL;
        if (!g) {
            return;
        }
        memcpy(g->id, id, sizeof(id));
        *link = g;
        d->count++;
    }
    g = *link;
    g->state = state;
    sip_xml_attribute(direction, node, "direction");
    g->initiator = !strcmp(direction, "initiator");
    g->recipient = !strcmp(direction, "recipient");
    sip_xml_attribute(g->call_id, node, "call-id");
    sip_xml_attribute(g->local_tag, node, "local-tag");
    sip_xml_attribute(g->remote_tag, node, "remote-tag");
    g->remote[0] = '\0';
    if (target) {
        sip_xml_attribute(g->remote, target, "uri");
    }
    if (!g->remote[0] && identity) {
        sip_xml_content(g->remote, identity);
    }
}

enum sip_news sip_dialogs_read(struct sip_dialogs *d, const struct session_mem *mem, pj_pool_t *pool, const char *text,
                               size_t len)
{
    const pj_xml_node *root = NULL, *node = NULL;
    bool full = false;
    enum sip_news news = sip_xml_open(&d->v, pool, text, len, "dialog-info", false, &root, &full);

    if (full && root) {
        clear(d, mem);
    }
    while (root && (node = sip_xml_child(root, node, "dialog"))) {
        take_dialog(d, mem, node);
    }
    return news;
}

void sip_dialogs_clear(struct sip_dialogs *d, const struct session_mem *mem)
{
    clear(d, mem);
    memset(&d->v, 0, sizeof(d->v));
}

bool sip_dialogs_engaged(const struct sip_dialogs *d)
{
    for (const struct sip_dialog *g = d->first; g; g = g->next) {
        if (g->state == SIP_DIALOG_CONFIRMED || g->initiator) {
            return true;
        }
    }
    return false;
}
