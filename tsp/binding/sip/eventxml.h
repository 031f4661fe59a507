/* Documents of event packages, in XML. SPDX-License-Identifier: MIT */
#ifndef TSP_BINDING_SIP_EVENTXML_H
#define TSP_BINDING_SIP_EVENTXML_H

#include <pjlib-util.h>
#include <pjlib.h>
#include <stdbool.h>
#include <stdint.h>

/* What is beyond these is not read. */
enum {
    SIP_XML_TEXT_MAX = 255,   /* bytes of an identifier or address */
    SIP_XML_BODY_MAX = 16384, /* bytes of a document */
    SIP_XML_TAGS_MAX = 1000,  /* of a document: elements go no deeper than that */
};

/* What has come so far. */
struct sip_versions {
    bool seen;  /* there was a document */
    bool known; /* a full one: nothing is missing */
    uint32_t version;
};

enum sip_news {
    SIP_NEWS_OLD, /* overtaken by a later document: nothing has changed */
    SIP_NEWS_NEW,
    SIP_NEWS_GAP, /* new, but something before it is missing: all of it is to be asked for */
    SIP_NEWS_BAD  /* it is no such document: nothing has changed */
};

/* A document named `name`: its root, and whether it is a full one. `lax`: without a version it is the next one, without
 * a state a full one. `pool` is for as long as the root is looked at. */
enum sip_news sip_xml_open(struct sip_versions *v, pj_pool_t *pool, const char *text, size_t len, const char *name,
                           bool lax, const pj_xml_node **rootp, bool *full);
/* The next of that name, whatever its prefix, behind `after` (NULL: the first). NULL: there is none. */
const pj_xml_node *sip_xml_child(const pj_xml_node *parent, const pj_xml_node *after, const char *name);
/* Printable ASCII of SIP_XML_TEXT_MAX bytes at most, else "". */
void sip_xml_attribute(char *to, const pj_xml_node *node, const char *name);
void sip_xml_content(char *to, const pj_xml_node *node);

#endif
