/* Documents of event packages, as anybody may send them: read within bounds, and forgotten without a rest.
 * SPDX-License-Identifier: MIT */
#include "tests/fuzz/fuzz.h"
#include "tsp/binding/sip/dialoginfo.h"
#include "tsp/binding/sip/roster.h"

#include <string.h>

const char fuzz_name[] = "events";

enum { DOCUMENT_MAX = 4096 };

static pj_caching_pool caching;
static size_t blocks, left;

static void *alloc(size_t size, void *arg)
{
    void *p = left ? calloc(1, size) : NULL;

    (void)arg;
    left -= p != NULL;
    blocks += p != NULL;
    return p;
}

static void release(void *p, void *arg)
{
    (void)arg;
    blocks -= p != NULL;
    free(p);
}

static const struct session_mem mem = {alloc, release, NULL};

void fuzz_begin(void)
{
    pj_log_set_level(0);
    MUST(pj_init() == PJ_SUCCESS && pjlib_util_init() == PJ_SUCCESS);
    pj_caching_pool_init(&caching, NULL, 0);
}

void fuzz_end(void)
{
    MUST(!blocks);
    pj_caching_pool_destroy(&caching);
    pj_shutdown();
}

/* Mostly of the pieces that such documents have. */
static size_t document(struct fuzz_input *in, char *out)
{
    static const char *const piecev[] = {
        "<dialog-info version=\"",
        "\" state=\"full\">",
        "\" state=\"partial\">",
        "</dialog-info>",
        "<dialog id=\"",
        "\">",
        "\" direction=\"recipient\">",
        "\" direction=\"initiator\" call-id=\"",
        "\" local-tag=\"",
        "\" remote-tag=\"",
        "<state>early</state>",
        "<state>confirmed</state>",
        "<state> terminated\n</state>",
        "<state code='1'>",
        "</state>",
        "</dialog>",
        "<remote>",
        "<identity>sip:a@b</identity>",
        "<target uri=\"sip:c@d\"/>",
        "</remote>",
        "<conference-info>",
        "<x:conference-info state='partial' version='",
        "</conference-info>",
        "<users>",
        "</users>",
        "<user entity=\"sip:",
        "\" state=\"deleted\">",
        "<endpoint>",
        "<status>disconnected</status>",
        "</endpoint>",
        "</user>",
        "<?xml version=\"1.0\"?>",
        "<!-- -->",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "<![CDATA[",
        "]]>",
        "&amp;",
        "&#x41;",
        "&#65;",
        "&b;",
        "&",
        "\"",
        "'",
        "<",
        ">",
        "/",
        "=",
        " ",
        "a",
        "1",
        "2",
        "9",
        "\r\n",
        "</x:conference-info>",
        "<dialog id=\"a\" call-id=\"b\" local-tag=\"c\"><state>early</state></dialog>",
        "<dialog id=\"a\"><state>terminated</state></dialog>",
        "<user entity=\"sip:a@b\"><endpoint><status>connected</status></endpoint></user>",
        "<user entity=\"sip:a@b\" state=\"deleted\"/>"};
    static const char *const beginv[] = {"", "<dialog-info version=\"#\" state=\"full\">",
                                         "<dialog-info version=\"#\" state=\"partial\">",
                                         "<conference-info version=\"#\" state=\"partial\"><users>"};
    static const char *const endv[] = {"", "</dialog-info>", "</dialog-info>", "</users></conference-info>"};
    uint8_t kind = fuzz_u8(in) % 4, version = fuzz_u8(in) % 10, parts = fuzz_u8(in) % 64;
    size_t n = 0;

    for (const char *at = beginv[kind]; *at; at++) {
        out[n++] = *at == '#' ? (char)('0' + version) : *at;
    }

    while (parts--) {
        uint8_t c = fuzz_u8(in);
        const char *piece = piecev[c % (sizeof(piecev) / sizeof(piecev[0]))];
        size_t len = c < 240 ? strlen(piece) : 1;

        if (n + len + strlen(endv[kind]) > DOCUMENT_MAX) {
            break;
        }
        if (c < 240) {
            memcpy(out + n, piece, len);
        } else {
            out[n] = (char)fuzz_u8(in);
        }
        n += len;
    }
    memcpy(out + n, endv[kind], strlen(endv[kind]));
    return n + strlen(endv[kind]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input in = {data, data + size};
    struct sip_dialogs d;
    struct sip_roster r;

    memset(&d, 0, sizeof(d));
    memset(&r, 0, sizeof(r));
    left = fuzz_u8(&in) % 16 ? 1000 : 2;
    for (int i = fuzz_u8(&in) % 8; i >= 0; i--) {
        pj_pool_t *pool = pj_pool_create(&caching.factory, "fuzz", 1000, 1000, NULL);
        char *text = malloc(DOCUMENT_MAX);
        size_t len, users = 0, dialogs = 0;
        char *own;

        MUST(pool && text);
        len = document(&in, text);
        own = malloc(len ? len : 1); /* what is behind it is nobody's */
        MUST(own != NULL);
        memcpy(own, text, len);
        (void)sip_dialogs_read(&d, &mem, pool, own, len);
        (void)sip_roster_read(&r, &mem, pool, own, len);
        (void)sip_dialogs_engaged(&d);
        (void)sip_roster_has(&r, "sip:a@b");
        MUST(!memcmp(own, text, len));
        for (const struct sip_dialog *g = d.first; g; g = g->next) {
            MUST(g->id[0] && strlen(g->remote) <= SIP_XML_TEXT_MAX && g->state != SIP_DIALOG_TERMINATED);
            dialogs++;
        }
        for (const struct sip_user *u = r.first; u; u = u->next) {
            MUST(u->entity[0] && strlen(u->entity) <= SIP_XML_TEXT_MAX);
            users++;
        }
        MUST(dialogs == d.count && dialogs <= SIP_DIALOGS_MAX && users == r.count && users <= SIP_USERS_MAX);
        free(own);
        free(text);
        pj_pool_release(pool);
    }
    sip_dialogs_clear(&d, &mem);
    sip_roster_clear(&r, &mem);
    MUST(!blocks);
    return 0;
}
