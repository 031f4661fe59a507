/* Reads documents of event packages. SPDX-License-Identifier: MIT */
#include "tsp/binding/sip/eventxml.h"

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

const pj_xml_node *sip_xml_child(const pj_xml_node *parent, const pj_xml_node *after, const char *name)
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
        if (c < ' ' || c > '~' || n == SIP_XML_TEXT_MAX) {
            to[0] = '\0';
            return;
        }
        to[n++] = c;
    }
    to[n] = '\0';
}

void sip_xml_attribute(char *to, const pj_xml_node *node, const char *name)
{
    const pj_xml_attr *a = attribute(node, name);

    take_text(to, a ? &a->value : NULL);
}

void sip_xml_content(char *to, const pj_xml_node *node)
{
    pj_str_t s = node->content;

    if (s.slen > 0) {
        (void)pj_strtrim(&s);
    }
    take_text(to, &s);
}

/* ---- documents --------------------------------------------------------------------------------------------------- */

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
    return !len || len > SIP_XML_BODY_MAX || tags > SIP_XML_TAGS_MAX;
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

enum sip_news sip_xml_open(struct sip_versions *v, pj_pool_t *pool, const char *text, size_t len, const char *name,
                           bool lax, const pj_xml_node **rootp, bool *full)
{
    const pj_xml_attr *scope, *number;
    pj_xml_node *root = NULL;
    uint32_t version = v->seen ? v->version + 1 : 0;
    char *copy;
    bool gap;

    if (too_much(text, len)) {
        return SIP_NEWS_BAD;
    }
    /* the parser needs an end, and changes what it reads */
    copy = pj_pool_alloc(pool, len + 1);
    if (copy) {
        memcpy(copy, text, len);
        copy[len] = '\0';
        root = pj_xml_parse(pool, copy, len);
    }
    if (!root || !is_named(&root->name, name)) {
        return SIP_NEWS_BAD;
    }
    scope = attribute(root, "state");
    number = attribute(root, "version");
    if ((!lax && (!scope || !number)) || (number && !number_of(number, &version))) {
        return SIP_NEWS_BAD;
    }
    *full = !scope || !pj_strcmp2(&scope->value, "full");
    if (!*full && pj_strcmp2(&scope->value, "partial") != 0) {
        return SIP_NEWS_BAD;
    }
    /* RFC 4235, 4.3 */
    if (v->seen && version <= v->version) {
        return SIP_NEWS_OLD;
    }
    gap = !*full && (!v->seen || version - v->version > 1);
    v->seen = true;
    v->known = v->known || *full;
    v->version = version;
    *rootp = root;
    return gap ? SIP_NEWS_GAP : SIP_NEWS_NEW;
}
