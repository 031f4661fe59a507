/* A SIP binding without a core, and a scripted other end. SPDX-License-Identifier: MIT */
#include "tests/unit/sip/fixture.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void on_wake(void *arg)
{
    platform_event_set(((struct fixture *)arg)->event);
}

void fixture_init(struct fixture *f, uint32_t count)
{
    memset(f, 0, sizeof(*f));
    ck_assert_int_eq(platform_event_alloc(&f->event), 0);
    f->conf.bind = "127.0.0.1";
    f->conf.wake = on_wake;
    f->conf.wake_arg = f;
    f->conf.accountc = count;
    f->conf.accountv = f->accountv;
    f->conf.ring_ms = 3600000;
    f->conf.goodbye_ms = 1; /* who is asked to answer goodbyes is not there mostly */
    for (uint32_t i = 0; i < count; i++) {
        (void)snprintf(f->textv[i], sizeof(f->textv[i]), "u%u", (unsigned)i);
        f->accountv[i] = (struct sip_account_conf){.line = i, .user = f->textv[i], .domain = "127.0.0.1"};
    }
}

void fixture_open(struct fixture *f)
{
    ck_assert_int_eq(sip_alloc(&f->b, &f->conf), SESSION_E_OK);
    ck_assert_uint_ne(sip_port(f->b, SIP_UDP), 0);
    for (uint32_t i = 0; i < f->conf.accountc; i++) {
        fixture_attend(f, i, true);
    }
}

void fixture_close(struct fixture *f)
{
    take(f);
    ck_assert_ptr_null(f->b->ops->check(f->b));
    f->b->ops->free(f->b);
    platform_event_free(f->event);
}

void fixture_attend(struct fixture *f, uint32_t line, bool on)
{
    struct session_cmd cmd = {.type = SESSION_CMD_LINE, .line = line, .on = on};

    f->b->ops->command(f->b, 0, &cmd);
}

uint32_t leg_index(struct fixture *f, uint32_t id)
{
    uint32_t i;

    ck_assert_uint_ne(id, 0);
    for (i = 0; i < f->legc && f->legv[i].id != id; i++) {
    }
    if (i == f->legc) {
        ck_assert_uint_lt(i, FIXTURE_LEGS);
        memset(&f->legv[i], 0, sizeof(f->legv[i]));
        f->legv[f->legc++].id = id;
    }
    return i;
}

static void add(struct leg *leg, const char *format, ...)
{
    size_t len = strlen(leg->log);
    va_list ap;

    if (len) {
        leg->log[len++] = ' ';
    }
    va_start(ap, format);
    (void)vsnprintf(leg->log + len, sizeof(leg->log) - len, format, ap);
    va_end(ap);
}

static void copy(char *to, const struct session_party *p)
{
    if (p) {
        (void)snprintf(to, 300, "%s", session_party_number(p));
    }
}

static const char *mode_text(uint32_t state, uint32_t mode)
{
    static const struct {
        uint32_t mode;
        const char *text;
    } v[] = {{SESSION_DISC_NORMAL, ":NORMAL"},
             {SESSION_DISC_REJECT, ":REJECT"},
             {SESSION_DISC_BUSY, ":BUSY"},
             {SESSION_DISC_CANCELLED, ":CANCELLED"},
             {SESSION_DISC_UNAVAIL, ":UNAVAIL"},
             {SESSION_DISC_BADADDRESS, ":BADADDRESS"},
             {SESSION_DISC_CONGESTION, ":CONGESTION"},
             {SESSION_DISC_INCOMPATIBLE, ":INCOMPATIBLE"},
             {SESSION_DISC_UNREACHABLE, ":UNREACHABLE"},
             {SESSION_DISC_PICKUP, ":PICKUP"},
             {SESSION_DISC_NOANSWER, ":NOANSWER"},
             {SESSION_DISC_TEMPFAILURE, ":TEMPFAILURE"}};

    if (state == SESSION_CONNECTED) {
        return mode == SESSION_CONNECTED_ACTIVEHELD ? ":HELD" : "";
    }
    for (size_t i = 0; state == SESSION_DISCONNECTED && i < sizeof(v) / sizeof(v[0]); i++) {
        if (v[i].mode == mode) {
            return v[i].text;
        }
    }
    return state == SESSION_DISCONNECTED ? ":?" : "";
}

static void about(struct fixture *f, const struct session_ind *ind)
{
    struct leg *leg = &f->legv[leg_index(f, ind->leg)];

    if (ind->quality) {
        leg->has_quality = true;
        leg->quality = *ind->quality;
    }
    copy(leg->caller, ind->caller);
    copy(leg->called, ind->called);
    copy(leg->connected, ind->connected);
    copy(leg->redirecting, ind->redirecting);
    if (ind->caller) {
        (void)snprintf(leg->name, sizeof(leg->name), "%s", session_party_name(ind->caller));
    }
    if (ind->type == SESSION_IND_INCOMING) {
        leg->session = 1000 + leg_index(f, ind->leg);
        leg->line = ind->line;
        leg->reason = ind->reason;
        leg->completion = ind->completion;
        if (ind->attach) {
            (void)snprintf(leg->uui, sizeof(leg->uui), "%.*s", (int)ind->attach->uui.len,
                           (const char *)ind->attach->uui.data);
        }
        add(leg, "incoming");
        f->b->ops->taken(f->b, ind->leg, leg->session);
        return;
    }
    ck_assert(!leg->gone);
    ck_assert_uint_eq(ind->seq, leg->seq + 1);
    ck_assert_uint_eq(ind->session, leg->session);
    leg->seq = ind->seq;
    switch (ind->type) {
    case SESSION_IND_PROGRESS:
        leg->state = ind->state;
        leg->mode = ind->mode;
        leg->gone = ind->state == SESSION_DISCONNECTED;
        add(leg, "%s%s", session_state_name(ind->state), mode_text(ind->state, ind->mode));
        break;
    case SESSION_IND_RING:
        add(leg, ind->mode == 1 ? "ring" : "ring%u", (unsigned)ind->mode);
        break;
    case SESSION_IND_PARTY:
        add(leg, "party");
        break;
    case SESSION_IND_SOUND:
        if (ind->state && ind->sound.digit) {
            add(leg, "hears:%c", ind->sound.digit);
        } else if (ind->state && ind->media_modes) {
            leg->media |= ind->media_modes;
        } else if (ind->state) {
            memcpy(leg->freqv, ind->sound.freqv, sizeof(leg->freqv));
        }
        break;
    case SESSION_IND_INFORM:
        add(leg, "uui:%.*s", (int)ind->attach->uui.len, (const char *)ind->attach->uui.data);
        break;
    case SESSION_IND_PLAYED:
        add(leg, ind->err ? "unplayed" : "played");
        break;
    default:
        ck_abort();
    }
}

void take(struct fixture *f)
{
    struct session_ind ind;

    platform_event_reset(f->event);
    while (f->b->ops->next(f->b, 0, &ind)) {
        if (ind.type == SESSION_IND_LINE) {
            f->service[ind.line] = ind.state;
            f->service_said[ind.line]++;
        } else if (ind.type == SESSION_IND_COMPLETION) {
            f->cancelled = ind.completion;
            f->cancelledc++;
        } else if (ind.type == SESSION_IND_USE) {
            (void)snprintf(f->use + strlen(f->use), sizeof(f->use) - strlen(f->use), " %u.%u=%u", (unsigned)ind.line,
                           (unsigned)ind.address, (unsigned)ind.mode);
        } else if (ind.type == SESSION_IND_DONE) {
            ck_assert_uint_lt(f->donec, FIXTURE_DONES);
            f->donev[f->donec].token = ind.token;
            f->donev[f->donec].leg2 = ind.leg2;
            f->donev[f->donec].bridge = ind.bridge;
            f->donev[f->donec].mode = ind.mode;
            f->donev[f->donec].completion = ind.completion;
            f->donev[f->donec].line = ind.line;
            f->donev[f->donec++].err = ind.err;
            if (ind.quality) {
                f->legv[leg_index(f, ind.leg)].has_quality = true;
                f->legv[leg_index(f, ind.leg)].quality = *ind.quality;
            }
            if (ind.leg2) {
                f->legv[leg_index(f, ind.leg2)].session = ind.session2;
            }
            if (!ind.err && ind.leg && !f->legv[leg_index(f, ind.leg)].session) {
                f->legv[leg_index(f, ind.leg)].session = ind.session;
            }
        } else {
            about(f, &ind);
        }
        ck_assert_ptr_null(f->b->ops->check(f->b));
    }
}

uint32_t give(struct fixture *f, struct session_cmd *cmd)
{
    cmd->token = ++f->token;
    f->b->ops->command(f->b, 0, cmd);
    return cmd->token;
}

static uint32_t done_at(const struct fixture *f, uint32_t token)
{
    uint32_t i;

    for (i = 0; i < f->donec && f->donev[i].token != token; i++) {
    }
    return i;
}

bool is_done(const struct fixture *f, uint32_t token)
{
    return done_at(f, token) < f->donec;
}

enum session_err result(struct fixture *f, uint32_t token)
{
    UNTIL(f, is_done(f, token));
    return f->donev[done_at(f, token)].err;
}

uint32_t place(struct fixture *f, uint32_t line, const char *number)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = SESSION_CMD_PLACE, .line = line, .dial = &d, .session = 500 + f->token};
    uint32_t token, had = f->legc;

    ck_assert_int_eq(session_dial_parse_uri(number, strlen(number), &d), SESSION_E_OK);
    token = give(f, &cmd);
    ck_assert_int_eq(result(f, token), SESSION_E_OK);
    for (uint32_t i = had; i < f->legc; i++) {
        if (f->legv[i].session == cmd.session) {
            return i;
        }
    }
    ck_abort();
    return 0;
}

uint32_t order(struct fixture *f, enum session_cmd_type type, uint32_t leg, uint32_t leg2)
{
    struct session_cmd cmd = {.type = type, .leg = f->legv[leg].id, .session = f->legv[leg].session};

    if (leg2 != UINT32_MAX) {
        cmd.leg2 = f->legv[leg2].id;
    }
    cmd.line = f->legv[leg].line;
    cmd.session2 = 700 + f->token;
    cmd.session3 = 800 + f->token;
    return give(f, &cmd);
}

uint32_t dial(struct fixture *f, enum session_cmd_type type, uint32_t leg, const char *number)
{
    struct session_dial d;
    struct session_cmd cmd = {.type = type, .leg = f->legv[leg].id, .session = f->legv[leg].session, .dial = &d};

    cmd.line = f->legv[leg].line;
    cmd.session2 = 700 + f->token;
    cmd.session3 = 800 + f->token;
    ck_assert_int_eq(session_dial_parse_uri(number, strlen(number), &d), SESSION_E_OK);
    return give(f, &cmd);
}

void drop(struct fixture *f, uint32_t leg)
{
    ck_assert_int_eq(result(f, order(f, SESSION_CMD_DROP, leg, UINT32_MAX)), SESSION_E_OK);
}

static uint32_t find_incoming(const struct fixture *f)
{
    uint32_t i;

    for (i = 0; i < f->legc && strncmp(f->legv[i].log, "incoming", 8) != 0; i++) {
    }
    return i;
}

uint32_t incoming(struct fixture *f)
{
    uint32_t i;

    UNTIL(f, find_incoming(f) < f->legc);
    i = find_incoming(f);
    memmove(f->legv[i].log, f->legv[i].log + 8 + (f->legv[i].log[8] == ' '),
            strlen(f->legv[i].log + 8 + (f->legv[i].log[8] == ' ')) + 1);
    return i;
}

const char *uri_of(struct fixture *f, uint32_t line)
{
    static char text[100];

    (void)snprintf(text, sizeof(text), "sip:u%u@127.0.0.1:%u", (unsigned)line, (unsigned)sip_port(f->b, SIP_UDP));
    return text;
}

void wait_state(struct fixture *f, uint32_t leg, uint32_t state)
{
    UNTIL(f, f->legv[leg].state == state);
}

void says(struct fixture *f, uint32_t leg, const char *log)
{
    take(f);
    ck_assert_str_eq(f->legv[leg].log, log);
    f->legv[leg].log[0] = '\0';
}

/* ---- the other end ----------------------------------------------------------------------------------------------- */

const char peer_sdp[] = "Content-Type: application/sdp\r\n"
                        "\r\n"
                        "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
                        "m=audio 4000 RTP/AVP 8 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
                        "a=fmtp:101 0-15\r\na=sendrecv\r\n";

void peer_open(struct peer *p)
{
    memset(p, 0, sizeof(*p));
    p->port = port_open(&p->number);
    ck_assert(p->port != -1);
    (void)snprintf(p->local_tag, sizeof(p->local_tag), "peer%u", (unsigned)p->number);
}

void peer_close(struct peer *p)
{
    port_close(p->port);
}

/* One message of a connection; empty lines between them are passed over. */
static size_t next_message(struct peer *p)
{
    for (;;) {
        size_t skip = strspn(p->ahead, "\r\n"), len;
        const char *end, *length;

        memmove(p->ahead, p->ahead + skip, p->aheadc - skip + 1);
        p->aheadc -= skip;
        end = strstr(p->ahead, "\r\n\r\n");
        length = strstr(p->ahead, "\r\nContent-Length:");
        len = end ? (size_t)(end + 4 - p->ahead) + (length && length < end ? strtoul(length + 17, NULL, 10) : 0) : 0;
        if (end && p->aheadc >= len) {
            memcpy(p->data, p->ahead, len);
            memmove(p->ahead, p->ahead + len, p->aheadc - len + 1);
            p->aheadc -= len;
            return len;
        }
        len = p->read_h(p, p->ahead + p->aheadc, sizeof(p->ahead) - 1 - p->aheadc);
        if (!len) {
            p->ended = true;
            return 0;
        }
        p->aheadc += len;
        p->ahead[p->aheadc] = '\0';
    }
}

static void send_out(struct peer *p, uint16_t to, const char *data, size_t len)
{
    if (p->write_h) {
        p->write_h(p, data, len);
    } else {
        port_send(p->port, to, data, len);
    }
}

static bool receive(struct peer *p, const char *what)
{
    char answer[32];
    bool found;

    (void)snprintf(answer, sizeof(answer), "SIP/2.0 %s", what);
    p->len = p->read_h ? next_message(p) : port_receive(p->port, p->data, sizeof(p->data) - 1, &p->from);
    p->data[p->len] = '\0';
    ck_assert_msg(!p->ended, "the connection has ended before %s", what);
    found = what[0] >= '0' && what[0] <= '9' ? !strncmp(p->data, answer, strlen(answer))
                                             : !strncmp(p->data, what, strlen(what)) && p->data[strlen(what)] == ' ';
    if (found && strncmp(p->data, "SIP/2.0", 7) != 0 && strcmp(what, "ACK") != 0) {
        memcpy(p->request, p->data, p->len + 1);
    }
    return found;
}

void peer_expect(struct peer *p, const char *what)
{
    while (!receive(p, what)) {
    }
}

void peer_expect_next(struct peer *p, const char *what)
{
    ck_assert_msg(receive(p, what), "it is not %s: %.200s", what, p->data);
}

static const char *header_of(const char *data, const char *name)
{
    static char text[16][4096];
    static int at;
    char key[64];
    const char *found, *end;

    at = (at + 1) % 16;
    text[at][0] = '\0';
    (void)snprintf(key, sizeof(key), "\r\n%s: ", name);
    found = strstr(data, key);
    if (found) {
        found += strlen(key);
        end = strstr(found, "\r\n");
        (void)snprintf(text[at], sizeof(text[at]), "%.*s", (int)(end - found), found);
    }
    return text[at];
}

const char *peer_header(const struct peer *p, const char *name)
{
    return header_of(p->data, name);
}

bool peer_has(const struct peer *p, const char *text)
{
    return strstr(p->data, text) != NULL;
}

void peer_send(struct peer *p, uint16_t to, const char *format, ...)
{
    static char text[65536];
    va_list ap;

    va_start(ap, format);
    (void)vsnprintf(text, sizeof(text), format, ap);
    va_end(ap);
    send_out(p, to, text, strlen(text));
}

void peer_answer(struct peer *p, int code, const char *extra)
{
    char out[8192], contact[64] = "";
    const char *to = header_of(p->request, "To"), *body = extra ? strstr(extra, "\r\n\r\n") : NULL;
    size_t n;

    if (!extra || strncmp(extra, "Contact: ", 9) != 0) {
        (void)snprintf(contact, sizeof(contact), "Contact: <sip:peer@127.0.0.1:%u>\r\n", (unsigned)p->number);
    }
    n = (size_t)snprintf(out, sizeof(out),
                         "SIP/2.0 %d Answer\r\nVia: %s\r\nFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: %s\r\n"
                         "%sContent-Length: %u\r\n",
                         code, header_of(p->request, "Via"), header_of(p->request, "From"), to,
                         strstr(to, ";tag=") ? "" : ";tag=", strstr(to, ";tag=") ? "" : p->local_tag,
                         header_of(p->request, "Call-ID"), header_of(p->request, "CSeq"), contact,
                         body ? (unsigned)strlen(body + 4) : 0u);
    (void)snprintf(out + n, sizeof(out) - n, "%s%s", extra ? extra : "", body ? "" : "\r\n");
    send_out(p, p->from, out, strlen(out));
}
