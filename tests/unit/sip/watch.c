/* Watched addresses, documents about them, and pickup. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/net.h"
#include "tsp/binding/sip/dialoginfo.h"
#include "tsp/binding/sip/roster.h"

#include <pjlib-util.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INFO "application/dialog-info+xml"

/* ---- documents --------------------------------------------------------------------------------------------------- */

static pj_caching_pool caching;
static struct sip_dialogs d;
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

static void open_documents(void)
{
    pj_log_set_level(0); /* of what is no document it says so */
    ck_assert_int_eq(pj_init(), PJ_SUCCESS);
    ck_assert_int_eq(pjlib_util_init(), PJ_SUCCESS);
    pj_caching_pool_init(&caching, NULL, 0);
    memset(&d, 0, sizeof(d));
    left = 1000;
}

static void close_documents(void)
{
    sip_dialogs_clear(&d, &mem);
    ck_assert_uint_eq(blocks, 0);
    pj_caching_pool_destroy(&caching);
    pj_shutdown();
}

static enum sip_news read_text(const char *text, size_t len)
{
    pj_pool_t *pool = pj_pool_create(&caching.factory, "test", 1000, 1000, NULL);
    char *copy = malloc(len ? len : 1); /* what is behind it is nobody's */
    enum sip_news news;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, len);
    news = sip_dialogs_read(&d, &mem, pool, copy, len);
    ck_assert(!memcmp(copy, text, len));
    free(copy);
    pj_pool_release(pool);
    return news;
}

static enum sip_news read_part(uint32_t version, const char *state, const char *dialogs)
{
    char text[4000];

    (void)snprintf(text, sizeof(text), "<dialog-info version=\"%u\" state=\"%s\">%s</dialog-info>", (unsigned)version,
                   state, dialogs);
    return read_text(text, strlen(text));
}

#define DIALOG(id, state) "<dialog id=\"" id "\"><state>" state "</state></dialog>"

static const char whole[] =
    "<?xml version='1.0' encoding=\"UTF-8\"?>\r\n<!-- all of it -->\n"
    "<i:dialog-info xmlns:i=\"urn:ietf:params:xml:ns:dialog-info\" i:version='3'\n state='full' entity=\"sip:a@b\">\n"
    "  <i:dialog id=\"a&amp;1\" call-id=\"c&#64;x&#x3d;\" local-tag=\"lt\" remote-tag=\"rt\" direction=\"recipient\">\n"
    "    <i:state code=\"180\">\n early </i:state>\n    <i:duration>7</i:duration>\n"
    "    <i:local><i:identity>sip:a@b</i:identity></i:local>\n"
    "    <i:remote><i:identity display=\"C\"> sip:c@d </i:identity><i:target "
    "uri=\"sip:c@192.0.2.1;x=&quot;1\"/></i:remote>\n"
    "  </i:dialog>\n"
    "  <i:dialog id=\"2\" direction=\"initiator\"><i:state>trying</i:state>\n"
    "    <i:remote><i:identity> sip:c@d </i:identity></i:remote></i:dialog>\n"
    "  <other xmlns=\"urn:x\"/>\n</i:dialog-info>\n";

START_TEST(all_of_it)
{
    const struct sip_dialog *g;

    open_documents();
    ck_assert_int_eq(read_text(whole, sizeof(whole) - 1), SIP_NEWS_NEW);
    ck_assert(d.v.known && d.v.version == 3 && d.count == 2);
    g = d.first;
    ck_assert_str_eq(g->id, "a&1");
    ck_assert_int_eq(g->state, SIP_DIALOG_EARLY);
    ck_assert(g->recipient && !g->initiator);
    ck_assert_str_eq(g->call_id, "c@x=");
    ck_assert_str_eq(g->local_tag, "lt");
    ck_assert_str_eq(g->remote_tag, "rt");
    ck_assert_str_eq(g->remote, "sip:c@192.0.2.1;x=\"1");
    g = g->next;
    ck_assert_int_eq(g->state, SIP_DIALOG_TRYING);
    ck_assert(g->initiator);
    ck_assert_str_eq(g->remote, "sip:c@d");
    ck_assert_str_eq(g->call_id, "");
    ck_assert(sip_dialogs_engaged(&d));
    close_documents();
}
END_TEST

/* Of a document that ends too early nothing is taken. */
START_TEST(cut_anywhere)
{
    open_documents();
    for (size_t i = 0; i < sizeof(whole) - 3; i++) {
        ck_assert_msg(read_text(whole, i) == SIP_NEWS_BAD, "%u", (unsigned)i);
        ck_assert(!d.v.seen && !d.first);
    }
    close_documents();
}
END_TEST

/* One byte is another: whatever comes of it, it is something. */
START_TEST(changed_anywhere)
{
    static const char otherv[] = {'\0', '<', '>', '"', '&', '/', '!', '?', ' ', '\xFF'};
    char text[sizeof(whole)];

    open_documents();
    for (size_t i = 0; i < sizeof(whole) - 1; i++) {
        for (size_t k = 0; k < sizeof(otherv); k++) {
            memcpy(text, whole, sizeof(whole));
            text[i] = otherv[k];
            (void)read_text(text, sizeof(whole) - 1);
            ck_assert_uint_le(d.count, 3);
            sip_dialogs_clear(&d, &mem);
        }
    }
    close_documents();
}
END_TEST

START_TEST(in_order)
{
    open_documents();
    /* the first is to be a full one */
    ck_assert_int_eq(read_part(0, "partial", DIALOG("a", "confirmed")), SIP_NEWS_GAP);
    ck_assert(!d.v.known && d.count == 1);
    ck_assert_int_eq(read_part(1, "partial", DIALOG("b", "early")), SIP_NEWS_NEW);
    ck_assert_uint_eq(d.count, 2);
    ck_assert_int_eq(read_part(2, "full", DIALOG("c", "early") DIALOG("d", "terminated")), SIP_NEWS_NEW);
    ck_assert(d.v.known && d.count == 1 && !sip_dialogs_engaged(&d));
    /* overtaken, and repeated */
    ck_assert_int_eq(read_part(2, "full", ""), SIP_NEWS_OLD);
    ck_assert_int_eq(read_part(1, "partial", DIALOG("c", "terminated")), SIP_NEWS_OLD);
    ck_assert_uint_eq(d.count, 1);
    ck_assert_int_eq(read_part(3, "partial", DIALOG("c", "confirmed") DIALOG("x", "terminated")), SIP_NEWS_NEW);
    ck_assert(d.count == 1 && sip_dialogs_engaged(&d));
    /* one is missing */
    ck_assert_int_eq(read_part(5, "partial", DIALOG("e", "early")), SIP_NEWS_GAP);
    ck_assert_uint_eq(d.count, 2);
    ck_assert_int_eq(read_part(9, "full", DIALOG("e", "early")), SIP_NEWS_NEW);
    ck_assert_uint_eq(d.count, 1);
    ck_assert_int_eq(read_part(UINT32_MAX, "partial", DIALOG("e", "terminated")), SIP_NEWS_GAP);
    ck_assert_uint_eq(d.count, 0);
    ck_assert_int_eq(read_part(UINT32_MAX, "partial", DIALOG("e", "early")), SIP_NEWS_OLD);
    close_documents();
}
END_TEST

START_TEST(odd_dialogs)
{
    char longer[600], dialogs[2000];

    open_documents();
    ck_assert_int_eq(
        read_part(0, "full",
                  "<dialog><state>early</state></dialog><dialog id=\"\"><state>early</state></dialog>"
                  "<dialog id=\"a\"/><dialog id=\"b\"><state/></dialog>"
                  "<dialog id=\"c\"><state>else</state></dialog><dialog id=\"d&x;\"><state>early</state></dialog>"
                  "<dialog id=\"e&#0;\"><state>early</state></dialog><dialog id=\"f&\"><state>early</state></dialog>"),
        SIP_NEWS_NEW);
    ck_assert_uint_eq(d.count, 0);
    memset(longer, 'x', sizeof(longer));
    longer[SIP_XML_TEXT_MAX] = '\0';
    (void)snprintf(dialogs, sizeof(dialogs), "<dialog id=\"%s\" call-id=\"%sy\"><state>early</state></dialog>", longer,
                   longer);
    ck_assert_int_eq(read_part(1, "full", dialogs), SIP_NEWS_NEW);
    ck_assert_uint_eq(d.count, 1);
    ck_assert_str_eq(d.first->id, longer);
    ck_assert_str_eq(d.first->call_id, ""); /* it has no room */
    close_documents();
}
END_TEST

START_TEST(bounds)
{
    static char text[3 * SIP_XML_BODY_MAX];
    size_t n = 0;

    open_documents();
    /* more dialogs than are kept */
    n = (size_t)snprintf(text, sizeof(text), "<dialog-info version=\"0\" state=\"full\">");
    for (int i = 0; i < SIP_DIALOGS_MAX + 5; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "<dialog id=\"%d\"><state>early</state></dialog>", i);
    }
    (void)snprintf(text + n, sizeof(text) - n, "</dialog-info>");
    ck_assert_int_eq(read_text(text, strlen(text)), SIP_NEWS_NEW);
    ck_assert_uint_eq(d.count, SIP_DIALOGS_MAX);
    /* too deep, too long */
    for (n = 0; n < (size_t)SIP_XML_TAGS_MAX + 1; n++) {
        memcpy(text + 3 * n, "<a>", 4);
    }
    ck_assert_int_eq(read_text(text, 3 * n), SIP_NEWS_BAD);
    ck_assert_int_eq(read_text(text, 3 * (n - 2)), SIP_NEWS_BAD); /* and never ends */
    memset(text, ' ', sizeof(text));
    memcpy(text + SIP_XML_BODY_MAX, "<dialog-info version=\"9\" state=\"full\"/>", 39);
    ck_assert_int_eq(read_text(text, SIP_XML_BODY_MAX + 39), SIP_NEWS_BAD);
    ck_assert_uint_eq(d.v.version, 0);
    /* no memory: it is as if they were beyond it */
    left = 1;
    ck_assert_int_eq(read_part(1, "full", DIALOG("a", "early") DIALOG("b", "early")), SIP_NEWS_NEW);
    ck_assert_uint_eq(d.count, 1);
    close_documents();
}
END_TEST

/* ---- who is in a conference -------------------------------------------------------------------------------------- */

static struct sip_roster roster;

static enum sip_news read_roster(const char *text, size_t len)
{
    pj_pool_t *pool = pj_pool_create(&caching.factory, "test", 1000, 1000, NULL);
    enum sip_news news = sip_roster_read(&roster, &mem, pool, text, len);

    pj_pool_release(pool);
    return news;
}

static enum sip_news read_users(const char *attributes, const char *users)
{
    char text[3000];

    (void)snprintf(text, sizeof(text), "<c:conference-info %s><c:users>%s</c:users></c:conference-info>", attributes,
                   users);
    return read_roster(text, strlen(text));
}

static void close_roster(void)
{
    sip_roster_clear(&roster, &mem);
    close_documents();
}

#define USER(entity, more) "<c:user entity=\"" entity "\"" more "</c:user>"
#define AT(status) "<c:endpoint entity=\"x\"><c:status>" status "</c:status></c:endpoint>"

START_TEST(who_is_there)
{
    open_documents();
    ck_assert_int_eq(read_users("state=\"full\" version=\"1\"",
                                USER("sip:ann@a.example", ">" AT("connected")) USER("sip:bob@b.example;x=1", "> ")
                                    USER("sip:eve@c.example", ">" AT("disconnected")) USER("", "> ")),
                     SIP_NEWS_NEW);
    ck_assert_uint_eq(roster.count, 3);
    ck_assert(sip_roster_has(&roster, "sips:ann@A.example;transport=tls"));
    ck_assert(sip_roster_has(&roster, "sip:bob@b.example") && !sip_roster_has(&roster, "sip:bob@b.example.org"));
    ck_assert(!sip_roster_has(&roster, "sip:eve@c.example") && !sip_roster_has(&roster, ""));
    ck_assert_int_eq(read_users("state=\"partial\" version=\"2\"",
                                USER("sip:ann@a.example", ">" AT("on-hold") AT("disconnected"))
                                    USER("sip:bob@b.example;x=1", " state=\"deleted\">")
                                        USER("sip:eve@c.example", "><c:roles/>")),
                     SIP_NEWS_NEW);
    ck_assert_uint_eq(roster.count, 2);
    ck_assert(sip_roster_has(&roster, "sip:ann@a.example") && !sip_roster_has(&roster, "sip:bob@b.example"));
    ck_assert(!sip_roster_has(&roster, "sip:eve@c.example")); /* nothing was said of his telephones */
    ck_assert_int_eq(read_users("state=\"partial\" version=\"2\"", ""), SIP_NEWS_OLD);
    ck_assert_int_eq(read_users("state=\"partial\" version=\"4\"", USER("sip:ann@a.example", ">" AT("disconnecting"))),
                     SIP_NEWS_GAP);
    ck_assert(!sip_roster_has(&roster, "sip:ann@a.example"));
    /* without a version it is the next one, without a state all of it */
    ck_assert_int_eq(read_users("", USER("sip:zoe@a.example", "> ")), SIP_NEWS_NEW);
    ck_assert(roster.count == 1 && roster.v.version == 5 && sip_roster_has(&roster, "sip:zoe@a.example"));
    ck_assert_int_eq(read_users("state=\"deleted\"", ""), SIP_NEWS_BAD);
    ck_assert_int_eq(read_roster("<conference-info/>", 18), SIP_NEWS_NEW);
    ck_assert_uint_eq(roster.count, 0);
    close_roster();
}
END_TEST

START_TEST(roster_bounds)
{
    static char text[16000];
    size_t n;

    open_documents();
    n = (size_t)snprintf(text, sizeof(text), "<conference-info><users>");
    for (int i = 0; i < SIP_USERS_MAX + 5; i++) {
        n += (size_t)snprintf(text + n, sizeof(text) - n, "<user entity=\"sip:%d@x\"/>", i);
    }
    (void)snprintf(text + n, sizeof(text) - n, "</users></conference-info>");
    for (n = 0; n < strlen(text); n += 7) {
        ck_assert_int_eq(read_roster(text, n), SIP_NEWS_BAD);
    }
    ck_assert_int_eq(read_roster(text, strlen(text)), SIP_NEWS_NEW);
    ck_assert_uint_eq(roster.count, SIP_USERS_MAX);
    left = 0;
    ck_assert_int_eq(read_roster(text, strlen(text)), SIP_NEWS_NEW);
    ck_assert_uint_eq(roster.count, 0);
    close_roster();
}
END_TEST

/* ---- addresses --------------------------------------------------------------------------------------------------- */

static struct fixture f;
static struct peer p;
static struct subscribed sub;
static char domain[64], watched[100], other[100];
static const char *const watchv[] = {watched, other};
static uint32_t version;

static void open_watching(uint32_t count)
{
    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    (void)snprintf(watched, sizeof(watched), "sip:102@%s", domain);
    (void)snprintf(other, sizeof(other), "sip:103@%s", domain);
    f.accountv[0].domain = domain;
    f.accountv[0].watchc = count;
    f.accountv[0].watchv = watchv;
    fixture_open(&f);
    version = 0;
}

static void close_watching(void)
{
    fixture_close(&f);
    peer_close(&p);
}

static void inform(bool full, const char *dialogs)
{
    char text[3000];

    (void)snprintf(text, sizeof(text), "<dialog-info version=\"%u\" state=\"%s\">%s</dialog-info>", (unsigned)version++,
                   full ? "full" : "partial", dialogs);
    notify(&p, &sub, 200, "active;expires=3600", INFO, text);
    settle(&f);
    take(&f);
}

START_TEST(in_use_or_not)
{
    struct subscribed first;

    open_watching(2);
    take_subscribe(&p, &sub, "dialog");
    ck_assert(peer_has(&p, watched));
    first = sub;
    take_subscribe(&p, &sub, "dialog");
    ck_assert(peer_has(&p, other));
    inform(true, "");
    ck_assert_str_eq(f.use, "");
    inform(false, DIALOG("1", "early"));
    ck_assert_str_eq(f.use, " 0.2=1");
    inform(false, DIALOG("2", "confirmed")); /* it is one address */
    ck_assert_str_eq(f.use, " 0.2=1");
    sub = first;
    version = 0;
    inform(true, DIALOG("1", "trying"));
    ck_assert_str_eq(f.use, " 0.2=1 0.1=1");
    inform(false, DIALOG("1", "terminated"));
    ck_assert_str_eq(f.use, " 0.2=1 0.1=1 0.1=0");
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_watching();
}
END_TEST

START_TEST(lost_and_found)
{
    open_watching(1);
    take_subscribe(&p, &sub, "dialog");
    inform(true, DIALOG("1", "confirmed"));
    notify(&p, &sub, 200, "terminated;reason=deactivated", NULL, NULL);
    settle(&f);
    take(&f);
    ck_assert_str_eq(f.use, " 0.1=1 0.1=0"); /* nothing is known */
    clock_skip(&f, 1000);
    next_subscribe(&p, &sub, "dialog");
    peer_answer(&p, 403, NULL);
    peer_mark(&p);
    clock_skip(&f, 500000);
    while (peer_more(&p)) {
        ck_assert_msg(strncmp(p.data, "SUBSCRIBE", 9) != 0, "too early");
    }
    clock_skip(&f, 100000);
    take_subscribe(&p, &sub, "dialog");
    version = 0;
    inform(true, DIALOG("1", "confirmed"));
    ck_assert_str_eq(f.use, " 0.1=1 0.1=0 0.1=1");
    close_watching();
}
END_TEST

/* Nothing is asked for a line that is none any more, or said of it; another takes its place. */
START_TEST(goes_with_its_line)
{
    struct session_cmd gone = {.type = SESSION_CMD_LINE_REMOVE};
    char uri[100], user[] = "u0", at[64];
    const char *uriv[] = {uri};
    struct sip_account_conf next = {.user = user, .domain = at, .watchc = 1, .watchv = uriv};

    open_watching(1);
    take_subscribe(&p, &sub, "dialog");
    inform(true, DIALOG("1", "confirmed"));
    ck_assert_str_eq(f.use, " 0.1=1");
    f.b->ops->command(f.b, 0, &gone);
    peer_expect(&p, "SUBSCRIBE");
    ck_assert_str_eq(peer_header(&p, "Call-ID"), sub.call_id);
    ck_assert_str_eq(peer_header(&p, "Expires"), "0");
    peer_answer(&p, 200, "Expires: 0\r\n");
    notify(&p, &sub, 200, "terminated;reason=timeout", INFO, "<dialog-info version=\"9\" state=\"full\"/>");
    /* the next one is made of what lies nowhere else any more */
    memcpy(uri, watched, sizeof(uri));
    memcpy(at, domain, sizeof(at));
    ck_assert_int_eq(sip_account_add(f.b, &next), SESSION_E_OK);
    memset(uri, 'x', sizeof(uri));
    memset(at, 'x', sizeof(at));
    uriv[0] = NULL;
    take_subscribe(&p, &sub, "dialog");
    ck_assert(peer_has(&p, watched));
    version = 0;
    inform(true, DIALOG("1", "confirmed"));
    ck_assert_str_eq(f.use, " 0.1=1 0.1=1");
    close_watching();
}
END_TEST

START_TEST(asks_for_what_is_missing)
{
    open_watching(1);
    take_subscribe(&p, &sub, "dialog");
    inform(true, "");
    version = 5;
    inform(false, DIALOG("1", "early"));
    ck_assert_str_eq(f.use, " 0.1=1");
    peer_expect(&p, "SUBSCRIBE");
    ck_assert_str_eq(peer_header(&p, "Call-ID"), sub.call_id);
    ck_assert_str_eq(peer_header(&p, "Expires"), "3600");
    peer_answer(&p, 200, "Expires: 3600\r\n");
    inform(true, "");
    ck_assert_str_eq(f.use, " 0.1=1 0.1=0");
    close_watching();
}
END_TEST

START_TEST(when_registered)
{
    peer_open(&p);
    account_of(&f, p.number);
    (void)snprintf(watched, sizeof(watched), "sip:102@127.0.0.1:%u", (unsigned)p.number);
    f.accountv[0].watchc = 1;
    f.accountv[0].watchv = watchv;
    fixture_open(&f);
    next_register(&p);
    peer_mark(&p);
    settle(&f);
    while (peer_more(&p)) {
        ck_assert_msg(strncmp(p.data, "SUBSCRIBE", 9) != 0, "too early");
    }
    {
        char extra[300];

        (void)snprintf(extra, sizeof(extra), "Contact: %s;expires=600\r\n", "<sip:u0@127.0.0.1>");
        /* the mark was the last that has arrived: the request is still that of the registration */
        peer_answer(&p, 200, extra);
    }
    take_subscribe(&p, &sub, "dialog");
    /* and not again with each refresh */
    clock_skip(&f, 540000);
    take_register(&p);
    settle(&f);
    peer_mark(&p);
    while (peer_more(&p)) {
        ck_assert_msg(strncmp(p.data, "SUBSCRIBE", 9) != 0, "twice");
    }
    fixture_close(&f);
    peer_close(&p);
}
END_TEST

/* ---- pickup ------------------------------------------------------------------------------------------------------ */

static uint32_t pickup(const char *number)
{
    struct session_dial dial;
    struct session_cmd cmd = {.type = SESSION_CMD_PICKUP, .dial = &dial, .session = 900, .group = ""};

    memset(&dial, 0, sizeof(dial));
    (void)snprintf(dial.number, sizeof(dial.number), "%s", number);
    return give(&f, &cmd);
}

/* One that rings there, called by a telephone at our peer. */
static const char *rings(const char *more)
{
    static char text[600];

    (void)snprintf(
        text, sizeof(text),
        "<dialog id=\"1\" call-id=\"abc@x\" local-tag=\"theirs\" remote-tag=\"callers\" direction=\"recipient\" %s>"
        "<state>early</state><remote><identity>sip:200@gone.invalid</identity>"
        "<target uri=\"sip:200@127.0.0.1:%u?X-Evil=1\"/></remote></dialog>",
        more, (unsigned)p.number);
    return text;
}

START_TEST(takes_what_rings)
{
    static const char *const namev[] = {"102", watched, ""};

    open_watching(2);
    take_subscribe(&p, &sub, "dialog");
    inform(true, rings(""));
    for (size_t i = 0; i < sizeof(namev) / sizeof(namev[0]); i++) {
        uint32_t token = pickup(i == 1 ? watched : namev[i]);
        char line[100];

        peer_expect(&p, "INVITE");
        (void)snprintf(line, sizeof(line), "INVITE sip:200@127.0.0.1:%u SIP/2.0\r\n", (unsigned)p.number);
        ck_assert_msg(!strncmp(p.data, line, strlen(line)), "%.100s", p.data);
        ck_assert_str_eq(peer_header(&p, "Replaces"), "abc@x;to-tag=callers;from-tag=theirs;early-only");
        ck_assert_ptr_nonnull(strstr(peer_header(&p, "Require"), "replaces"));
        ck_assert(!peer_has(&p, "X-Evil"));
        if (i == 2) {
            peer_answer(&p, 481, NULL); /* somebody was faster */
            ck_assert_int_eq(result(&f, token), SESSION_E_FAILED);
        } else {
            peer_answer(&p, 200, peer_sdp);
            ck_assert_int_eq(result(&f, token), SESSION_E_OK);
            drop(&f, (uint32_t)i);
        }
    }
    ck_assert_uint_eq(f.b->ops->legs(f.b), 0);
    close_watching();
}
END_TEST

START_TEST(cannot_take)
{
    static const char *const dialogv[] = {
        "",
        DIALOG("1", "early"),
        "<dialog id=\"1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\" "
        "direction=\"recipient\"><state>confirmed</state>"
        "<remote><target uri=\"sip:a@b\"/></remote></dialog>",
        "<dialog id=\"1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\" direction=\"initiator\"><state>early</state>"
        "<remote><target uri=\"sip:a@b\"/></remote></dialog>",
        "<dialog id=\"1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\" "
        "direction=\"recipient\"><state>early</state></dialog>",
        "<dialog id=\"1\" call-id=\"c;d\" local-tag=\"l\" remote-tag=\"r\"><state>early</state>"
        "<remote><target uri=\"sip:a@b\"/></remote></dialog>",
        "<dialog id=\"1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\"><state>early</state>"
        "<remote><target uri=\"http://a\"/></remote></dialog>",
        "<dialog id=\"1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\"><state>early</state>"
        "<remote><target uri=\"sip:\"/></remote></dialog>"};

    open_watching(1);
    take_subscribe(&p, &sub, "dialog");
    for (size_t i = 0; i < sizeof(dialogv) / sizeof(dialogv[0]); i++) {
        inform(true, dialogv[i]);
        ck_assert_int_eq(result(&f, pickup("102")), SESSION_E_BADADDRESS);
        ck_assert_int_eq(result(&f, pickup("")), SESSION_E_FAILED);
    }
    inform(true, rings(""));
    ck_assert_int_eq(result(&f, pickup("10")), SESSION_E_BADADDRESS); /* that is another */
    close_watching();
}
END_TEST

/* What was not told how to take is taken by the code. */
START_TEST(by_the_code)
{
    uint32_t token;

    peer_open(&p);
    fixture_init(&f, 1);
    (void)snprintf(domain, sizeof(domain), "127.0.0.1:%u", (unsigned)p.number);
    (void)snprintf(watched, sizeof(watched), "sip:102@%s", domain);
    f.accountv[0].domain = domain;
    f.accountv[0].watchc = 1;
    f.accountv[0].watchv = watchv;
    f.accountv[0].codev[SIP_CODE_PICKUP] = "*8";
    fixture_open(&f);
    version = 0;
    take_subscribe(&p, &sub, "dialog");
    inform(true, DIALOG("1", "early"));
    token = pickup("102");
    peer_expect(&p, "INVITE");
    ck_assert(!strncmp(p.data, "INVITE sip:*8102@", 17));
    peer_answer(&p, 200, peer_sdp);
    ck_assert_int_eq(result(&f, token), SESSION_E_OK);
    close_watching();
}
END_TEST

/* The other way round: somebody takes our call, which rings elsewhere. */
START_TEST(our_call_is_taken)
{
    char id[300], from[300];
    uint32_t a;

    open_watching(0);
    a = place(&f, 0, "102");
    peer_expect(&p, "INVITE");
    (void)snprintf(id, sizeof(id), "%s", peer_header(&p, "Call-ID"));
    (void)snprintf(from, sizeof(from), "%s", strstr(peer_header(&p, "From"), ";tag=") + 5);
    peer_answer(&p, 180, NULL);
    wait_state(&f, a, SESSION_RINGBACK);
    for (unsigned i = 0; i < 2; i++) {
        peer_send(&p, p.from,
                  "INVITE sip:u0@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKp%u\r\n"
                  "Max-Forwards: 70\r\nFrom: <sip:300@127.0.0.1>;tag=t%u\r\nTo: <sip:u0@127.0.0.1>\r\n"
                  "Call-ID: taken%u\r\nCSeq: 1 INVITE\r\nContact: <sip:peer@127.0.0.1:%u>\r\n"
                  "Replaces: %s;to-tag=%s;from-tag=%s;early-only\r\nContent-Length: %u\r\n%s",
                  (unsigned)p.number, i, i, i, (unsigned)p.number, id, i ? from : "other", p.local_tag,
                  (unsigned)strlen(strstr(peer_sdp, "\r\n\r\n") + 4), peer_sdp);
        peer_expect(&p, i ? "200" : "481");
    }
    wait_state(&f, a, SESSION_CONNECTED);
    ck_assert_str_eq(f.legv[a].connected, "300");
    peer_expect(&p, "CANCEL");
    ck_assert_str_eq(peer_header(&p, "Call-ID"), id);
    drop(&f, a);
    close_watching();
}
END_TEST

START_TEST(what_an_account_can)
{
    struct sip_account_conf c = {.user = "u"};

    ck_assert(!(sip_account_ops(&c, NULL) & SESSION_OP_BIT(SESSION_OP_PICKUP)));
    c.watchc = 1;
    ck_assert(sip_account_ops(&c, NULL) & SESSION_OP_BIT(SESSION_OP_PICKUP));
}
END_TEST

Suite *watch_suite(void)
{
    Suite *s = suite_create("sip watching");
    TCase *t = tcase_create("watching");

    tcase_set_timeout(t, 0);
    tcase_add_test(t, all_of_it);
    tcase_add_test(t, cut_anywhere);
    tcase_add_test(t, changed_anywhere);
    tcase_add_test(t, in_order);
    tcase_add_test(t, odd_dialogs);
    tcase_add_test(t, bounds);
    tcase_add_test(t, who_is_there);
    tcase_add_test(t, roster_bounds);
    tcase_add_test(t, in_use_or_not);
    tcase_add_test(t, lost_and_found);
    tcase_add_test(t, goes_with_its_line);
    tcase_add_test(t, asks_for_what_is_missing);
    tcase_add_test(t, when_registered);
    tcase_add_test(t, takes_what_rings);
    tcase_add_test(t, cannot_take);
    tcase_add_test(t, by_the_code);
    tcase_add_test(t, our_call_is_taken);
    tcase_add_test(t, what_an_account_can);
    suite_add_tcase(s, t);
    return s;
}
