/* Reads documents of the dialog event package (RFC 4235). SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/dialoginfo.h"

#include <pjlib-util.h>
#include <string.h>

/* ---- texts ------------------------------------------------------------------------------------------------------- */

/* The name without its prefix. */
static bool is_named(const pj_str_t *name, const char *local)
{
    const char *colon = name->slen > 0 ? memchr(name->ptr, ':', (size_t)name->slen) : NULL;
    pj_str_t own = *name;

    if (colon) {
        own.slen -= colon + 1 - own.ptr;
        own.ptr += colon + 1 - name->ptr;
    }
    return !pj_strcmp2(&own, local);
}

static const pj_xml_attr *attribute(const pj_xml_node *node, const char *name)
{
    const pj_xml_attr *head = &node->attr_head, *a = head->next;

    while (a != head && !is_named(&a->name, name)) {
        a = a->next;
    }
    return a != head ? a : NULL;
}

static const pj_xml_node *head_of(const pj_xml_node *parent)
{
    return (const pj_xml_node *)(const void *)&parent->node_head;
}

/* The next of that name behind `after` (NULL: the first). NULL: there is none. */
static const pj_xml_node *child(const pj_xml_node *parent, const pj_xml_node *after, const char *name)
{
    const pj_xml_node *n = after ? after->next : parent->node_head.next;

    while (n != head_of(parent) && !is_named(&n->name, name)) {
        n = n->next;
    }
    return n != head_of(parent) ? n : NULL;
}

/* The character that a reference stands for (behind '&', up to ';'); 0: one that is not taken. */
static char referred(const char *name, size_t len)
{
    static const struct {
        const char *name;
        char c;
    } v[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    bool hex = len > 1 && name[1] == 'x';
    uint32_t value = 0;

    for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
        if (strlen(v[i].name) == len && !memcmp(name, v[i].name, len)) {
            return v[i].c;
        }
    }
    if (len < 2 || name[0] != '#') {
        return 0;
    }
    for (size_t i = hex ? 2 : 1; i < len && value < 0x7F; i++) {
        int digit = pj_isxdigit(name[i]) ? (int)pj_hex_digit_to_val((unsigned char)name[i]) : 99;

        if (digit >= (hex ? 16 : 10)) {
            return 0;
        }
        value = value * (hex ? 16 : 10) + (uint32_t)digit;
    }
    return value >= ' ' && value < 0x7F ? (char)value : '\0';
}

/* An identifier or a URI: printable ASCII. "" if it is none, or has no room. */
static void take_text(char *to, const pj_str_t *from)
{
    size_t n = 0, len = from && from->slen > 0 ? (size_t)from->slen : 0;

    to[0] = '\0';
    for (size_t i = 0; i < len; i++) {
        char c = from->ptr[i];

        if (c == '&') {
            const char *end = memchr(from->ptr + i, ';', len - i);

            c = end ? referred(from->ptr + i + 1, (size_t)(end - (from->ptr + i + 1))) : '\0';
            i = end ? (size_t)(end - from->ptr) : len;
        }
        if (c < ' ' || c > '~' || n == SIP_DIALOG_TEXT_MAX) {
            to[0] = '\0';
            return;
        }
        to[n++] = c;
    }
    to[n] = '\0';
}

static void take_attribute(char *to, const pj_xml_node *node, const char *name)
{
    const pj_xml_attr *a = attribute(node, name);

    take_text(to, a ? &a->value : NULL);
}

static pj_str_t trimmed(const pj_xml_node *node)
{
    pj_str_t s = node->content;

    if (s.slen > 0) {
        (void)pj_strtrim(&s);
    }
    return s;
}

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

static bool state_of(const pj_xml_node *dialog, enum sip_dialog_state *state)
{
    static const char *const namev[] = {"trying", "proceeding", "early", "confirmed", "terminated"};
    const pj_xml_node *node = child(dialog, NULL, "state");
    pj_str_t text = node ? trimmed(node) : (pj_str_t){NULL, 0};

    for (int i = 0; i <= SIP_DIALOG_TERMINATED; i++) {
        if (!pj_strcmp2(&text, namev[i])) {
            *state = (enum sip_dialog_state)i;
            return true;
        }
    }
    return false;
}

static void take_dialog(struct sip_dialogs *d, const struct session_mem *mem, const pj_xml_node *node)
{
    const pj_xml_node *remote = child(node, NULL, "remote");
    const pj_xml_node *target = remote ? child(remote, NULL, "target") : NULL;
    const pj_xml_node *identity = remote ? child(remote, NULL, "identity") : NULL;
    char id[SIP_DIALOG_TEXT_MAX + 1], direction[SIP_DIALOG_TEXT_MAX + 1];
    enum sip_dialog_state state;
    struct sip_dialog **link, *g;

    take_attribute(id, node, "id");
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
    take_attribute(direction, node, "direction");
    g->initiator = !strcmp(direction, "initiator");
    g->recipient = !strcmp(direction, "recipient");
    take_attribute(g->call_id, node, "call-id");
    take_attribute(g->local_tag, node, "local-tag");
    take_attribute(g->remote_tag, node, "remote-tag");
    g->remote[0] = '\0';
    if (target) {
        take_attribute(g->remote, target, "uri");
    }
    if (!g->remote[0] && identity) {
        pj_str_t text = trimmed(identity);

        take_text(g->remote, &text);
    }
}

/* Of what the parser, which goes into what is inside by itself, is not to be given. */
static bool too_much(const char *text, size_t len)
{
    size_t tags = 0;

    for (size_t i = 0; i < len; i++) {
        tags += text[i] == '<';
        if (!text[i]) {
            return true;
        }
    }
    return !len || len > SIP_DIALOGS_BODY_MAX || tags > SIP_DIALOGS_TAGS_MAX;
}

static bool number_of(const pj_xml_attr *a, uint32_t *out)
{
    uint64_t value = 0;

    for (pj_ssize_t i = 0; a && i < a->value.slen; i++) {
        if (!pj_isdigit(a->value.ptr[i]) || value > UINT32_MAX / 10) {
            return false;
        }
        value = value * 10 + (uint64_t)(a->value.ptr[i] - '0');
    }
    *out = (uint32_t)value;
    return a && a->value.slen > 0 && value <= UINT32_MAX;
}

enum sip_dialogs_news sip_dialogs_read(struct sip_dialogs *d, const struct session_mem *mem, pj_pool_t *pool,
                                       const char *text, size_t len)
{
    pj_xml_node *root = NULL;
    const pj_xml_node *node = NULL;
    const pj_xml_attr *scope;
    pj_str_t copy = {NULL, 0};
    uint32_t version;
    bool full, gap;

    if (too_much(text, len)) {
        return SIP_DIALOGS_BAD;
    }
    /* the parser needs an end, and changes what it reads */
    copy.ptr = pj_pool_alloc(pool, len + 1);
    if (copy.ptr) {
        memcpy(copy.ptr, text, len);
        copy.ptr[len] = '\0';
        root = pj_xml_parse(pool, copy.ptr, len);
    }
    scope = root && is_named(&root->name, "dialog-info") ? attribute(root, "state") : NULL;
    if (!scope || !number_of(attribute(root, "version"), &version)) {
        return SIP_DIALOGS_BAD;
    }
    full = !pj_strcmp2(&scope->value, "full");
    if (!full && pj_strcmp2(&scope->value, "partial") != 0) {
        return SIP_DIALOGS_BAD;
    }
    /* RFC 4235, 4.3 */
    if (d->seen && version <= d->version) {
        return SIP_DIALOGS_OLD;
    }
    gap = !full && (!d->seen || version - d->version > 1);
    if (full) {
        sip_dialogs_clear(d, mem);
    }
    d->seen = true;
    d->known = d->known || full;
    d->version = version;
    while ((node = child(root, node, "dialog"))) {
        take_dialog(d, mem, node);
    }
    return gap ? SIP_DIALOGS_GAP : SIP_DIALOGS_NEW;
}

void sip_dialogs_clear(struct sip_dialogs *d, const struct session_mem *mem)
{
    while (d->first) {
        drop(d, mem, &d->first);
    }
    d->seen = d->known = false;
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
